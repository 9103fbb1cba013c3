use super::*;
use crate::fs::Durability;
use crate::index::{LineDependency, edit, test_line};
use crate::progress::Silent;
use crate::registry::publish::{Order, Publisher, init};
use std::sync::Arc;
use std::time::SystemTime;

fn name(text: &str) -> SetName {
    text.parse().unwrap()
}

/// A version of a set that needs `core/tone` and has one public and one private prompt.
fn version(set: &str, version: &str) -> (Line, Vec<u8>) {
    let manifest =
        format!("[set]\nname = \"{set}\"\nversion = \"{version}\"\n\n[dependencies]\n\"core/tone\" = \"^1.2\"\n");
    let prompt = b"---\ndescription: x\n---\nHello\n";
    let files: FileSet = [
        ("anvil.toml", manifest.as_bytes()),
        ("prompts/welcome.prompt.md", prompt),
        ("prompts/_part.prompt.md", prompt),
    ]
    .into_iter()
    .collect();
    let bundle = archive::pack(&Identity { name: name(set), version: version.parse().unwrap() }, &files).unwrap();
    let line = Line {
        sha256: Sha256::of(&bundle),
        size: bundle.len() as u64,
        digest: files.digest(),
        prompts: vec!["welcome".parse().unwrap()],
        dependencies: Arc::new([LineDependency {
            name: name("core/tone"),
            requirement: "^1.2".parse().unwrap(),
            registry: None,
            registry_url: None,
        }]),
        ..test_line(set, version)
    };
    (line, bundle)
}

/// A sound registry with two sets, three versions and a channel.
fn registry() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    init(root.path(), &"test".parse().unwrap()).unwrap();
    let publisher = Publisher::open(root.path(), &Silent).unwrap();
    for (set, number) in [("a/a", "1.0.0"), ("a/a", "1.1.0"), ("b/b", "0.1.0")] {
        let (line, bundle) = version(set, number);
        publisher.publish(&line, &bundle, Order::Ascending, SystemTime::now()).unwrap();
    }
    publisher.set_channel(&name("a/a"), &"stable".parse().unwrap(), &Version::new(1, 1, 0)).unwrap();
    root
}

fn check(root: &tempfile::TempDir) -> Report {
    verify(root.path(), &Silent).unwrap()
}

fn write(root: &tempfile::TempDir, path: &str, bytes: &[u8]) {
    fs::write(&root.path().join(path), bytes, Durability::Derived).unwrap();
}

#[test]
fn a_sound_registry_has_no_faults() {
    let report = check(&registry());
    assert_eq!(report.faults, []);
    assert_eq!(report.warnings, []);
    assert_eq!((report.sets, report.versions, report.orphans, report.leftovers), (2, 3, 0, 0));
}

#[test]
fn each_kind_of_damage_is_found_where_it_is() {
    let bundle = {
        let (line, _) = version("a/a", "1.0.0");
        Paths::bundle(&line.name, &line.version, &line.sha256)
    };
    type Damage<'a> = &'a dyn Fn(&tempfile::TempDir);
    /// Publishes a line as it is, past all checks, with a bundle that has the line's checksum.
    fn forge(root: &tempfile::TempDir, line: &Line, bundle: &[u8]) {
        let path = root.path().join(Paths::index(&line.name));
        let text = fs::read_if_exists(&path).unwrap().unwrap_or_default();
        fs::write(&path, &edit::append(&text, &edit::to_text(line)), Durability::Derived).unwrap();
        write(root, &Paths::bundle(&line.name, &line.version, &line.sha256), bundle);
    }
    let other = |change: &dyn Fn(&mut Line)| {
        let (mut line, bundle) = version("b/b", "0.2.0");
        change(&mut line);
        (line, bundle)
    };
    let forged = |change: &'static dyn Fn(&mut Line)| {
        move |root: &tempfile::TempDir| {
            let (line, bundle) = other(change);
            forge(root, &line, &bundle);
        }
    };
    let cases: [(Damage<'_>, &str); 15] = [
        (&|root| fs::remove_file(&root.path().join(&bundle)).unwrap(), "it is missing"),
        (&|root| write(root, &bundle, b"x"), "its sha256 is"),
        (&|root| write(root, "index/a/a.jsonl", b"{\"v\":1}\n"), "line 1: missing field"),
        (&|root| write(root, "index/a/A.jsonl", b""), "its name or kind is wrong"),
        (&|root| write(root, "index/note", b""), "no folder of a project"),
        (&|root| write(root, "channels/a/a.json", b"{\"stable\":\"9.0.0\"}"), "`stable` names 9.0.0"),
        (&|root| write(root, "channels/a/a.json", b"[]"), "invalid type"),
        (&|root| write(root, "channels/a/none.json", b"{}"), "of no set"),
        (&|root| write(root, "index/b/6.jsonl", b""), "its name or kind is wrong"),
        (&|root| write(root, "index/b/-b.jsonl", b""), "its name or kind is wrong"),
        (&forged(&|line| line.size += 1), "and its index line says"),
        (&forged(&|line| line.digest = crate::digest::ContentDigest::of_files([])), "has the digest"),
        (&forged(&|line| line.dependencies = Arc::default()), "needs core/tone ^1.2, and its index line says nothing"),
        (&forged(&|line| line.prompts.clear()), "only in it: welcome; only listed: none"),
        (&forged(&|line| line.interface = Some("sha256:00".into())), "its index line says sha256:00"),
    ];
    for (damage, expected) in cases {
        let root = registry();
        damage(&root);
        let faults = check(&root).faults;
        assert_eq!(faults.len(), 1, "{expected}: {faults:?}");
        assert!(faults[0].what.contains(expected), "{expected}: {faults:?}");
    }
}

#[test]
fn names_that_look_alike_and_lines_that_contradict_are_faults() {
    let root = registry();
    write(&root, "index/b/b-.jsonl", b"");
    let (line, _) = version("a/a", "1.0.0");
    let text = fs::read(&root.path().join("index/a/a.jsonl")).unwrap();
    write(&root, "index/a/a.jsonl", &edit::append(&text, &edit::to_text(&Line { sha256: Sha256::of(b"x"), ..line })));
    let report = check(&root);
    let whats: Vec<&str> = report.faults.iter().map(|fault| fault.what.as_str()).collect();
    assert!(whats[0].contains("two lines of 1.0.0 say different checksums"), "{whats:?}");
    assert!(whats[1].contains("`b/b-` looks like `b/b`"), "{whats:?}");
    assert_eq!(report.orphans, 1, "the bundle of a version that nobody can use");
}

#[test]
fn lines_of_one_checksum_that_contradict_each_other_are_faults() {
    type Forge = fn(&mut Line);
    let cases: [(Forge, &str); 3] = [
        (|line| line.size += 1, "two lines of 1.0.0 say different sizes"),
        (|line| line.dependencies = [].into(), "two lines of 1.0.0 say different dependencies"),
        (|line| line.digest = crate::digest::ContentDigest::of_files([]), "two lines of 1.0.0 say different digests"),
    ];
    for (forge, expected) in cases {
        let root = registry();
        let path = root.path().join("index/a/a.jsonl");
        let text = fs::read(&path).unwrap();
        let mut line = IndexFile::parse(&"a/a".parse().unwrap(), &text).unwrap().lines.remove(0);
        forge(&mut line);
        write(&root, "index/a/a.jsonl", &edit::append(&text, &edit::to_text(&line)));
        let faults = check(&root).faults;
        assert!(faults[0].what.contains(expected), "{expected}: {faults:?}");
    }
}

#[test]
fn a_stale_catalog_is_a_warning_that_rebuilding_mends() {
    let root = registry();
    let whole = fs::read(&root.path().join(Paths::CATALOG)).unwrap();
    for stale in [&b""[..], b"{}\n", &whole[..whole.len() / 2]] {
        write(&root, Paths::CATALOG, stale);
        let report = check(&root);
        assert!(report.is_sound());
        assert_eq!(report.warnings[0].mend, "run `anvil registry rebuild`");
        Publisher::open(root.path(), &Silent).unwrap().rebuild().unwrap();
        assert_eq!(check(&root).warnings, []);
        assert_eq!(fs::read(&root.path().join(Paths::CATALOG)).unwrap(), whole);
    }
}

#[test]
fn what_is_left_over_is_counted_and_no_fault() {
    let root = registry();
    write(&root, "bundles/a/a/a-2.0.0-0123456789abcdef.tar.gz", b"of a publisher that was killed");
    write(&root, "bundles/a/a/.anvil-tmp-x", b"");
    write(&root, "index/a/.anvil-tmp-y", b"");
    write(&root, ".anvil-tmp-z", b"");
    let report = check(&root);
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!((report.orphans, report.leftovers), (1, 3));
}
