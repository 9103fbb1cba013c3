//! A lock as its team meets it.

use super::*;
use crate::error::{Code, Diagnose as _};
use crate::manifest::{DependencySource, GitReference};
use crate::version::{Requirement, parse_requirement};
use proptest::prelude::*;

pub(super) const SAMPLE: &str = r#"# Written by anvil. Commit it; do not edit it by hand.
version = 1

[[requirement]]
member = "."
name = "core/tone"
requirement = "^1.2"

[[requirement]]
member = "."
name = "lab/ideas"
git = "https://example.com/lab.git"
tag = "v0.3.0"
subdirectory = "ideas"

[[requirement]]
member = "."
name = "legal/disclaimers"
requirement = "~3.1"
registry = "partner"

[[override]]
member = "."
name = "team/shared"
path = "../shared"

[[set]]
name = "core/tone"
version = "1.4.2"
source = "registry:prompts.example.com/acme"
sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
digest = "h1:erdMlRk0eRtRdWwORf3hp8jY0qj3HfwiLfBP+fr7PP4="
dependencies = [
  "style/voice ^1.0",
  "team/shared >=1, <3",
]
attested = [
  "alice",   # a newer Anvil's
]
"odd key" = { a = 1 }

[[set]]
name = "lab/ideas"
version = "0.3.0"
source = "git+https://example.com/lab.git?subdirectory=ideas#0123456789abcdef0123456789abcdef01234567"
digest = "h1:erdMlRk0eRtRdWwORf3hp8jY0qj3HfwiLfBP+fr7PP4="

[[set]]
name = "team/shared"
version = "2.0.0"
source = "path:../shared"
"#;

fn read(text: &str) -> Lockfile {
    Lockfile::read("anvil.lock", text).unwrap().whole("anvil.lock").unwrap()
}

fn fault(text: &str) -> String {
    let error = Lockfile::read("anvil.lock", text).expect_err("the lock was taken");
    let place = error.diagnostics()[0].location.as_ref().unwrap();
    let (line, column) = place.line_and_column();
    format!("{line}:{column} {} {error}", error.code())
}

#[test]
fn a_lock_is_written_as_it_was_read() {
    let lock = read(SAMPLE);
    assert_eq!(lock.requirements.len(), 3);
    assert_eq!(lock.set(&"core/tone".parse().unwrap()).unwrap().dependencies.len(), 2);
    assert_eq!(lock.write(), SAMPLE);
    assert_eq!(read(&Lockfile::default().write()), Lockfile::default());
    // Git may have given the file other line ends.
    assert_eq!(read(&SAMPLE.replace('\n', "\r\n")).write(), SAMPLE);
}

#[test]
fn a_lock_is_sorted_whatever_order_it_was_built_in() {
    let mut lock = read(SAMPLE);
    lock.sets.reverse();
    lock.requirements.reverse();
    lock.sets.iter_mut().for_each(|set| set.dependencies.reverse());
    assert_eq!(lock.write(), SAMPLE);
}

#[test]
fn a_table_that_is_not_known_survives_as_a_value() {
    let text = format!("{}\n[set.extra]\na = 1\nb.c = [\"x\", 1.5]\n", SAMPLE.trim_end());
    let lock = read(&text);
    assert_eq!(lock.sets[2].unknown, [("extra".to_owned(), "{ a = 1, b = { c = [\"x\", 1.5] } }".to_owned())]);
    assert_eq!(read(&lock.write()), lock);
}

#[test]
fn unknown_keys_live_as_long_as_the_version() {
    let previous = read(SAMPLE);
    let mut fresh = previous.clone();
    fresh.sets.iter_mut().for_each(|set| set.unknown.clear());
    let mut raised = fresh.clone();
    fresh.keep_unknown(&previous);
    assert_eq!(fresh, previous);
    raised.sets[0].version = Version::new(1, 5, 0);
    raised.keep_unknown(&previous);
    assert_eq!(raised.sets[0].unknown, []);
}

#[test]
fn a_newer_lock_asks_for_a_newer_anvil() {
    let error = Lockfile::read("anvil.lock", "version = 2\nnew = true\n").unwrap_err();
    assert_eq!(error.code(), Code::A0402);
    assert_eq!(error.to_string(), "`anvil.lock` has format 2; this Anvil reads up to 1");
    assert_eq!(error.hints()[0].message, "upgrade anvil");
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, wanted) in [
        ("", "1:1 A0401 `anvil.lock` has no `version`"),
        ("version = \"1\"\n", "1:11 A0401 the `version` of `anvil.lock` must be 1"),
        ("version = 0\n", "1:11 A0401 the `version` of `anvil.lock` must be 1"),
        ("version = 1\nsets = []\n", "2:1 A0401 a lock has no key `sets`"),
        ("version = 1\nset = 1\n", "2:7 A0401 `set` must be tables, as `[[set]]`"),
        ("version = 1\n[[set]]\nname = \"a/b\"\n", "2:1 A0401 an entry of the lock has no `version`"),
        (
            "version = 1\n[[requirement]]\nmember = \".\"\nname = \"a/b\"\n",
            "2:1 A0401 a requirement needs exactly one of `requirement`, `git` and `path`",
        ),
        ("version = 1\n[[requirement]]\nmember = \".\"\nwhy = \"a/b\"\n", "4:1 A0401 a requirement has no key `why`"),
    ] {
        assert_eq!(fault(text), wanted);
    }
    for (from, to, wanted) in [
        ("1.4.2", "1.4", "29:11 A0401 `1.4` is not a valid version"),
        ("name = \"core/tone\"\nversion", "name = \"Core\"\nversion", "28:8 A0401 `Core` is not a valid set name"),
        ("registry:p", "http:p", "30:10 A0401 `http:prompts.example.com/acme` is not a source"),
        ("\"style/voice ^1.0\"", "\"style/voice\"", "34:3 A0401 a dependency is written"),
        ("\"style/voice ^1.0\"", "\"style/voice ^^\"", "34:3 A0401 `^^` is not a valid requirement"),
        ("sha256 = \"e3", "sha256 = \"E3", "31:10 A0401 "),
        (
            "digest = \"h1:erdMlRk0eRtRdWwORf3hp8jY0qj3HfwiLfBP+fr7PP4=\"\ndep",
            "dep",
            "27:1 A0401 `core/tone` comes from a registry and needs",
        ),
        (
            "version = \"0.3.0\"\nsource",
            "version = \"0.3.0\"\nsha256 = \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"\nsource",
            "42:1 A0401 `lab/ideas` comes from git and has no bundle",
        ),
        (
            "name = \"lab/ideas\"\nversion",
            "name = \"core/tone\"\nversion",
            "42:1 A0401 the lock has `core/tone` as a [[set]] twice",
        ),
        (
            "name = \"lab/ideas\"\ngit",
            "name = \"core/tone\"\ngit",
            "9:1 A0401 the lock has `core/tone` as a [[requirement]] twice",
        ),
        ("tag = \"v0.3.0\"", "tag = \"v0.3.0\"\nrev = \"x\"", "9:1 A0401 a requirement has at most one of"),
        ("= \"1.4.2\"", "= \"1.4.2", "29:"),
    ] {
        let told = fault(&SAMPLE.replacen(from, to, 1));
        assert!(told.starts_with(wanted), "{told}\n{wanted}");
    }
}

#[test]
fn conflict_markers_give_both_sides() {
    let old = "version = \"1.4.2\"\n";
    for base in ["", "||||||| 1234567\nversion = \"1.4.1\"\n"] {
        let text =
            SAMPLE.replace(old, &format!("<<<<<<< HEAD\n{old}{base}=======\nversion = \"1.5.0\"\n>>>>>>> other\n"));
        let reading = Lockfile::read("anvil.lock", &text).unwrap();
        let Reading::Conflict { ours, theirs, unread: 0 } = &reading else { panic!("no conflict was seen") };
        assert_eq!(*ours, read(SAMPLE));
        assert_eq!(*theirs, read(&SAMPLE.replace("1.4.2", "1.5.0")));
        let error = reading.whole("anvil.lock").unwrap_err();
        assert_eq!(error.code(), Code::A0403);
        assert_eq!(error.hints()[0].command.as_deref(), Some("anvil lock"));
    }
}

#[test]
fn a_side_that_is_no_lock_is_read_as_far_as_it_can_be() {
    // Our side has lab/ideas with no name, and core/tone a second time.
    let text = SAMPLE.replace(
        "[[set]]\nname = \"lab/ideas\"\n",
        "[[set]]\n<<<<<<< HEAD\n=======\nname = \"lab/ideas\"\n>>>>>>> other\n",
    ) + "\n[[set]]\nname = \"core/tone\"\nversion = \"1.4.3\"\nsource = \"path:x\"\n";
    let Reading::Conflict { ours, theirs, .. } = Lockfile::read("anvil.lock", &text).unwrap() else { panic!() };
    let names =
        |lock: &Lockfile| lock.sets.iter().map(|set| format!("{} {}", set.name, set.version)).collect::<Vec<_>>();
    assert_eq!(names(&ours), ["core/tone 1.4.2", "team/shared 2.0.0"]);
    assert_eq!(names(&theirs), ["core/tone 1.4.2", "lab/ideas 0.3.0", "team/shared 2.0.0"]);
    assert_eq!(ours.requirements.len(), 3);
    let newer = "<<<<<<< HEAD\nversion = 1\n=======\nversion = 2\n>>>>>>> other\n";
    assert_eq!(Lockfile::read("anvil.lock", newer).unwrap_err().code(), Code::A0402);
}

#[test]
fn changes_say_what_came_went_and_moved() {
    let old = read(SAMPLE);
    let mut new = old.clone();
    new.sets[0].version = Version::new(1, 5, 0);
    new.sets.remove(1);
    new.sets.push(LockedSet { name: "z/z".parse().unwrap(), ..new.sets[1].clone() });
    let told: Vec<String> = old
        .changes(&new)
        .into_iter()
        .map(|change| {
            let version = |version: Option<Version>| version.map_or("-".into(), |version| version.to_string());
            format!("{} {} {}", change.name, version(change.from), version(change.to))
        })
        .collect();
    assert_eq!(told, ["core/tone 1.4.2 1.5.0", "lab/ideas 0.3.0 -", "z/z - 2.0.0"]);
    assert_eq!(old.changes(&old), []);
}

#[test]
fn a_lock_holds_no_credential() {
    let mut lock = read(SAMPLE);
    lock.requirements[1].source = DependencySource::Git {
        url: "https://user:hunter2@example.com/lab.git".into(),
        reference: GitReference::Tag("v0.3.0".into()),
        subdirectory: Some("ideas".into()),
    };
    assert_eq!(lock.write(), SAMPLE);
}

fn name() -> impl Strategy<Value = SetName> {
    (0..4_u8, 0..9_u8).prop_map(|(project, set)| format!("p{project}/s{set}").parse().unwrap())
}

fn dependency() -> impl Strategy<Value = DependencySource> {
    let requirement = prop::sample::select(vec!["^1.2", "*", ">=1, <3", "=1.0.0-rc.1"]);
    prop_oneof![
        (requirement, prop::option::of("[a-z]{1,5}")).prop_map(|(text, registry)| DependencySource::Registry {
            requirement: parse_requirement(text).unwrap(),
            registry: registry.filter(|name| name != "con").map(|name| name.parse().unwrap()),
        }),
        (0..4_u8, "[a-z\"'\\\\é]{1,6}", prop::option::of("[a-z]{1,4}")).prop_map(|(kind, text, subdirectory)| {
            let reference = match kind {
                0 => GitReference::Default,
                1 => GitReference::Branch(text),
                2 => GitReference::Tag(text),
                _ => GitReference::Rev(text),
            };
            DependencySource::Git { url: "https://x.example/y".into(), reference, subdirectory }
        }),
        "[a-z./\"]{1,8}".prop_map(|path| DependencySource::Path { path }),
    ]
}

prop_compose! {
    fn locked_set()(
        name in name(),
        version in prop::sample::select(vec!["1.0.0", "0.1.2-rc.1", "10.20.30"]),
        kind in 0..3_u8,
        edges in prop::collection::btree_map(name(), prop::sample::select(vec!["^1", "*", ">=1, <2"]), 0..3),
        unknown in prop::sample::select(vec![None, Some("[1, 2]"), Some("\"x\"")]),
    ) -> LockedSet {
        let source = match kind {
            0 => Source::Registry("r.example/x".parse().unwrap()),
            1 => Source::git("git@x.example:y", Some("z"), "0123456789abcdef0123456789abcdef01234567"),
            _ => Source::Path("../z".into()),
        };
        LockedSet {
            name,
            version: version.parse().unwrap(),
            source,
            sha256: (kind == 0).then(|| Sha256::of("x")),
            digest: (kind < 2).then(|| ContentDigest::of_files([("x", Sha256::of("x"))])),
            dependencies: edges.into_iter().map(|(name, text)| Edge {
                name, requirement: EdgeRequirement(Requirement::parse(text).unwrap()),
            }).collect(),
            unknown: unknown.into_iter().map(|value| ("extra".to_owned(), value.to_owned())).collect(),
        }
    }
}

prop_compose! {
    fn lockfile()(
        requirements in prop::collection::btree_map(name(), dependency(), 0..4),
        overrides in prop::collection::btree_map(name(), dependency(), 0..2),
        sets in prop::collection::vec(locked_set(), 0..6),
    ) -> Lockfile {
        let entries = |entries: std::collections::BTreeMap<SetName, DependencySource>| {
            entries.into_iter().map(|(name, source)| LockedRequirement { member: ".".into(), name, source }).collect()
        };
        let mut lock = Lockfile { requirements: entries(requirements), overrides: entries(overrides), sets };
        lock.sort();
        lock.sets.dedup_by(|b, a| a.name == b.name);
        lock
    }
}

proptest! {
    /// Whatever is near a canonical lock: the short way and TOML agree, or the short way is not taken.
    #[test]
    fn the_short_way_reads_what_toml_reads(
        sets in prop::collection::vec(locked_set(), 0..4),
        at in any::<prop::sample::Index>(),
        length in 0..3_usize,
        put in "[\n a\"\\\\=\\[\\]#\u{7f}\t,0]{0,2}",
    ) {
        let requirements = sets.iter().map(|set| LockedRequirement {
            member: ".".into(),
            name: set.name.clone(),
            source: DependencySource::Registry { requirement: Requirement::STAR, registry: None },
        });
        let mut lock = Lockfile { requirements: requirements.collect(), overrides: Vec::new(), sets };
        lock.sets.retain(|set| set.sha256.is_some() && set.unknown.is_empty());
        lock.sort();
        lock.requirements.dedup_by(|b, a| a.name == b.name);
        lock.sets.dedup_by(|b, a| a.name == b.name);
        let mut text = lock.write();
        prop_assert_eq!(canonical::read(&text), Some(lock));
        let at = at.index(text.len());
        text.replace_range(at..(at + length).min(text.len()), &put);
        if let Some(short) = canonical::read(&text) {
            prop_assert_eq!(Ok(short), parse::read_whole("anvil.lock", &text));
        }
    }

    #[test]
    fn every_lock_reads_back_and_its_bytes_are_stable(lock in lockfile()) {
        let text = lock.write();
        let again = read(&text);
        prop_assert_eq!(&again, &lock);
        prop_assert_eq!(again.write(), text);
    }

    #[test]
    fn no_text_makes_reading_panic(
        at in 0..SAMPLE.len(),
        length in 0..40_usize,
        put in "([\\[\\]{}=\"',.#\n a-z0-9]|<<<<<<< x\n|=======\n|>>>>>>> y\n|set){0,8}",
    ) {
        let end = (at + length).min(SAMPLE.len());
        let mut text = SAMPLE.to_owned();
        text.replace_range(at..end, &put);
        if let Ok(Reading::Whole(lock)) = Lockfile::read("anvil.lock", &text) {
            let written = lock.write();
            prop_assert_eq!(read(&written).write(), written);
        }
    }
}

#[test]
fn what_is_endless_is_told_by_its_beginning() {
    let endless = "x".repeat(100_000);
    for text in [
        format!("version = 1\n[[set]]\nname = \"a/b\"\nversion = \"1.0.0-{endless}\"\n"),
        format!("version = 1\n[[set]]\nname = \"a/b\"\nversion = \"{endless}\"\n"),
        format!("version = 1\n[[set]]\nname = \"a/{endless}\"\nversion = \"1.0.0\"\n"),
        format!("version = 1\n[[set]]\nname = \"a/b\"\nversion = \"1.0.0\"\nsource = \"{endless}\"\n"),
        format!("version = 1\n[[requirement]]\nmember = \".\"\nname = \"a/b\"\nrequirement = \"{endless}\"\n"),
        format!("version = 1\n{endless} = 1\n"),
        format!("version = 1\n[[requirement]]\n{endless} = 1\n"),
    ] {
        let error = Lockfile::read("anvil.lock", &text).unwrap_err();
        assert!(error.to_string().len() < 400, "{} bytes", error.to_string().len());
    }
}
