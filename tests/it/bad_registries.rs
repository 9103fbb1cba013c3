//! Registries and repositories that are broken, contradict themselves or change under their users: each is told, and
//! nothing is changed.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::shelf::{Shelf, asking, manifest, state};
use anvil::archive::{FileSet, Identity, pack};
use anvil::digest::Sha256;
use snapbox::str;
use std::fs;
use std::path::PathBuf;

fn application() -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish("style/voice 1.1.0", &[]);
    shelf.publish("core/tone 1.4.2", &["style/voice ^1.0"]);
    context.write("anvil.toml", asking(&[("core/tone", "^1.4")]));
    (context, shelf)
}

fn index_of(shelf: &Shelf, name: &str) -> PathBuf {
    shelf.root.join("index").join(format!("{name}.jsonl"))
}

/// Runs every command that reads the index with `text` as that of `style/voice`; returns what `lock` answered.
fn refused_with(context: &TestContext, shelf: &Shelf, text: &[u8]) -> Answer {
    fs::write(index_of(shelf, "style/voice"), text).unwrap();
    let before = state(context);
    for command in [&["pull"][..], &["update"], &["add", "style/voice"], &["pull", "--dry-run"]] {
        let answer = context.anvil(command);
        assert!(answer.code == 1 && answer.stderr.contains("error[A0602]"), "{}", answer.shown());
        assert_eq!(state(context), before, "{command:?}");
    }
    let answer = context.anvil(&["lock"]);
    assert_eq!(state(context), before);
    answer
}

#[test]
fn a_line_that_is_none_is_told_with_its_number() {
    let (context, shelf) = application();
    let text = fs::read(index_of(&shelf, "style/voice")).unwrap();
    let with = |line: &[u8]| [&text[..], line].concat();
    assert_answer!(
        refused_with(&context, &shelf, &with(b"\x00\xff garbage\n")),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0602]: line 3 of the index of style/voice is not valid: it is not UTF-8 from byte 2, at `../registry`
  = help: see all that is wrong there: `anvil registry verify ../registry`

"#]]
    );
    assert_answer!(
        refused_with(&context, &shelf, &with(b"<html>moved</html>\n")),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0602]: line 3 of the index of style/voice is not valid: expected value at column 1, at `../registry`
  = help: see all that is wrong there: `anvil registry verify ../registry`

"#]]
    );
    assert_answer!(
        refused_with(&context, &shelf, &with(b"\n\n")),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0602]: line 3 of the index of style/voice is not valid: it is empty, at `../registry`
  = help: see all that is wrong there: `anvil registry verify ../registry`

"#]]
    );
    // A line of another set, as where two files were swapped.
    let other = fs::read(index_of(&shelf, "core/tone")).unwrap();
    assert_answer!(
        refused_with(&context, &shelf, &with(&other)),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0602]: line 3 of the index of style/voice is not valid: it is of core/tone, at `../registry`
  = help: see all that is wrong there: `anvil registry verify ../registry`

"#]]
    );
    // The last line was cut off in the middle, without its newline.
    assert_answer!(
        refused_with(&context, &shelf, &text[..text.len() - 40]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0602]: line 2 of the index of style/voice is not valid: EOF while parsing a string at column 261, at `../registry`
  = help: see all that is wrong there: `anvil registry verify ../registry`

"#]]
    );
    // Without its newline alone it is whole.
    fs::write(index_of(&shelf, "style/voice"), &text[..text.len() - 1]).unwrap();
    context.anvil(&["pull"]).success();
    assert!(context.read("anvil.lock").contains("version = \"1.1.0\""));
}

#[test]
fn a_line_that_stands_there_twice_is_one_and_two_that_differ_are_none() {
    let (context, shelf) = application();
    let text = fs::read_to_string(index_of(&shelf, "style/voice")).unwrap();
    let newest = text.lines().last().unwrap().to_owned() + "\n";
    fs::write(index_of(&shelf, "style/voice"), format!("{text}{newest}{newest}")).unwrap();
    context.anvil(&["pull"]).success();
    assert!(context.read("anvil.lock").contains("version = \"1.1.0\""));
    fs::remove_file(context.path("project/anvil.lock")).unwrap();
    // They differ in what was published: neither can be trusted, and the version before is whole.
    for (key, value, what) in [
        ("dependencies", "[{\"name\":\"evil/set\",\"requirement\":\"^1\"}]", "dependencies"),
        ("size", "1", "sizes"),
        ("digest", "\"h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"", "digests"),
        ("sha256", &format!("\"{}\"", "0".repeat(64)), "checksums"),
    ] {
        let mut other: serde_json::Value = serde_json::from_str(&newest).unwrap();
        other[key] = serde_json::from_str(value).unwrap();
        // Whichever comes first.
        for text in [format!("{text}{other}\n"), text.replace(&newest, &format!("{other}\n{newest}"))] {
            fs::write(index_of(&shelf, "style/voice"), text).unwrap();
            _ = fs::remove_file(context.path("project/anvil.lock"));
            context.anvil(&["pull"]).success();
            let lock = context.read("anvil.lock");
            assert!(!lock.contains("version = \"1.1.0\""), "{what}: {lock}");
            let verified = context.anvil(&["registry", "verify", "../registry"]);
            assert_eq!(verified.code, 1, "{}", verified.shown());
            assert!(
                verified.stdout.contains(&format!("two lines of 1.1.0 say different {what}")),
                "{}",
                verified.shown()
            );
        }
    }
    context.write("anvil.toml", asking(&[("core/tone", "^1.4"), ("style/voice", "^1.1")]));
    let before = state(&context);
    assert_answer!(
        context.anvil(&["pull"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: no version of `style/voice` that can be used satisfies `^1.1`
    anvil.toml:6 needs style/voice ^1.1
      style/voice: 1.1.0 is published twice, in lines that contradict each other
      style/voice: has 1.0.0
  = help: style/voice 1.0.0 would do: `anvil add style/voice@^1`

"#]]
    );
    assert_eq!(state(&context), before);
}

/// Puts a bundle with `files` in place of that of `style/voice 1.1.0`, which the index then tells right but for what is
/// in it.
fn replace(shelf: &Shelf, identity: &str, files: &FileSet) {
    let (name, version) = identity.split_once(' ').unwrap();
    let bundle = pack(&Identity { name: name.parse().unwrap(), version: version.parse().unwrap() }, files).unwrap();
    let old = shelf.bundle("style/voice 1.1.0");
    fs::remove_file(&old).unwrap();
    let sha256 = Sha256::of(&bundle);
    fs::write(old.with_file_name(format!("voice-1.1.0-{}.tar.gz", sha256.short())), &bundle).unwrap();
    let path = index_of(shelf, "style/voice");
    let text = fs::read_to_string(&path).unwrap();
    let (first, last) = text.trim_end().split_once('\n').unwrap();
    let mut line: serde_json::Value = serde_json::from_str(last).unwrap();
    line["sha256"] = sha256.to_string().into();
    line["size"] = bundle.len().into();
    line["digest"] = files.digest().to_string().into();
    fs::write(&path, format!("{first}\n{line}\n")).unwrap();
}

#[test]
fn an_index_that_contradicts_its_bundle_is_not_believed() {
    let files = |name: &str, version: &str, needs: &[(&str, &str)]| {
        let mut files = FileSet::default();
        files.insert("anvil.toml", manifest(name, version, needs).into_bytes());
        files.insert("prompts/house-style.prompt.md", b"Be kind.\n".to_vec());
        files
    };
    let refused = |identity: &str, files: &FileSet| {
        let (context, shelf) = application();
        replace(&shelf, identity, files);
        let before = state(&context);
        let answer = context.anvil(&["pull"]);
        // What was unpacked of other sets meanwhile is as it should be, and used by no lock.
        let mut after = state(&context);
        after.retain(|(path, _)| !path.starts_with(".anvil/sets/core/tone"));
        assert_eq!(after, before, "{}", answer.shown());
        let cached = context.files("../cache/bundles-v1");
        assert_eq!(cached.len(), 1, "{:?}", cached.iter().map(|(path, _)| path).collect::<Vec<_>>());
        answer
    };
    let good = files("style/voice", "1.1.0", &[]);
    let (context, shelf) = application();
    replace(&shelf, "style/voice 1.1.0", &good);
    context.anvil(&["pull"]).success();
    // What was locked by the index alone is not called the lock's fault.
    let (context, shelf) = application();
    replace(&shelf, "style/voice 1.1.0", &files("style/voice", "1.1.0", &[("evil/set", "^1")]));
    context.anvil(&["lock"]).success();
    let before = context.read("anvil.lock");
    let answer = context.anvil(&["pull", "--locked"]);
    assert!(answer.code == 1 && answer.stderr.contains("error[A0620]"), "{}", answer.shown());
    assert_eq!(context.read("anvil.lock"), before);
    // A need that the index hides.
    assert_answer!(
        refused("style/voice 1.1.0", &files("style/voice", "1.1.0", &[("evil/set", "^1")])),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0620]: the index of the registry `test` contradicts the bundle of style/voice 1.1.0: the bundle needs evil/set ^1, and the index does not say so
  = help: nothing of it was unpacked or locked; tell whoever tends the registry

"#]]
    );
    // A bundle that is of another set, or of another version.
    assert_answer!(
        refused("style/tone 1.1.0", &files("style/tone", "1.1.0", &[])),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0701]: the bundle of style/voice 1.1.0 is not valid: `tone-1.1.0/anvil.toml` is not under `voice-1.1.0/`
  = help: nothing of it was used; tell whoever published it, and lock another version until it is mended

"#]]
    );
    assert_answer!(
        refused("style/voice 1.2.0", &files("style/voice", "1.2.0", &[])),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0701]: the bundle of style/voice 1.1.0 is not valid: `voice-1.2.0/anvil.toml` is not under `voice-1.1.0/`
  = help: nothing of it was used; tell whoever published it, and lock another version until it is mended

"#]]
    );
    // A need that the index alone has.
    let (context, shelf) = application();
    shelf.publish("evil/set 1.0.0", &[]);
    let path = index_of(&shelf, "style/voice");
    let text = fs::read_to_string(&path).unwrap();
    let invented = "\"dependencies\":[{\"name\":\"evil/set\",\"requirement\":\"^1\"}]";
    fs::write(&path, text.replace("\"dependencies\":[]", invented)).unwrap();
    let before = context.read("anvil.toml");
    assert_answer!(
        context.anvil(&["pull"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0620]: the index of the registry `test` contradicts the bundle of style/voice 1.1.0: the index says that it needs evil/set ^1, and the bundle does not
  = help: nothing of it was unpacked or locked; tell whoever tends the registry

"#]]
    );
    assert!(context.read("anvil.toml") == before && !context.path("project/anvil.lock").exists());
}

#[test]
fn a_registry_that_states_another_id_from_now_on_is_not_taken_for_the_old_one() {
    let (context, shelf) = application();
    context.anvil(&["pull"]).success();
    let file = shelf.root.join("anvil-registry.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"test\"", "\"other\"")).unwrap();
    let before = state(&context);
    for command in [&["lock"][..], &["pull"], &["update"], &["add", "style/voice"]] {
        let answer = context.anvil(command);
        assert!(answer.code == 1 && answer.stderr.contains("error[A1035]"), "{}", answer.shown());
        assert_eq!(state(&context), before, "{command:?}");
    }
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1035]: no registry in `[ROOT]/project/anvil.toml` is `test`: `default` is `other`
  = help: add the registry that is `test` to anvil.toml, under [registries]
  = help: to take a set from another registry instead, `anvil remove` it and `anvil add` it again

"#]]
    );
    fs::write(&file, text).unwrap();
    context.anvil(&["pull", "--locked"]).success();
}

/// A project that takes a set from a git repository, by its branch.
fn with_git() -> (TestContext, PathBuf) {
    let context = TestContext::new();
    let lab = context.path("lab");
    fs::create_dir_all(lab.join("prompts")).unwrap();
    fs::write(lab.join("anvil.toml"), manifest("lab/ideas", "0.1.0", &[])).unwrap();
    fs::write(lab.join("prompts/idea.prompt.md"), "An idea.\n").unwrap();
    context.git_in(&lab, &["init", "--quiet", "--initial-branch=main"]);
    commit(&context, &lab, "One");
    let text = format!("[dependencies]\n\"lab/ideas\" = {{ git = \"file://{}\", branch = \"main\" }}\n", lab.display());
    context.write("anvil.toml", text);
    (context, lab)
}

fn commit(context: &TestContext, lab: &std::path::Path, message: &str) {
    context.git_in(lab, &["add", "--all"]);
    context.git_in(lab, &["commit", "--quiet", "--allow-empty", "--message", message]);
}

#[test]
fn a_repository_that_vanished_harms_nobody_who_has_its_commit() {
    let (context, lab) = with_git();
    context.anvil(&["pull"]).success();
    fs::rename(&lab, context.path("gone")).unwrap();
    context.anvil(&["lock"]).success();
    fs::remove_dir_all(context.path("project/.anvil")).unwrap();
    context.anvil(&["pull", "--locked"]).success();
    context.anvil(&["pull", "--locked", "--offline"]).success();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["update"]),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0810]: cannot fetch the git repository file://[ROOT]/lab: '[ROOT]/lab' does not appear to be a git repository
  = help: see whether git itself can reach it: `git ls-remote file://[ROOT]/lab`

"#]]
    );
    assert_eq!(state(&context), before);
    // Who has not, is told what cannot be reached.
    fs::remove_dir_all(context.path("project/.anvil")).unwrap();
    fs::remove_dir_all(context.path("cache")).unwrap();
    let before = state(&context);
    assert_answer!(
        context.anvil(&["pull", "--locked"]),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0810]: cannot fetch the git repository file://[ROOT]/lab: '[ROOT]/lab' does not appear to be a git repository
  = help: see whether git itself can reach it: `git ls-remote file://[ROOT]/lab`

"#]]
    );
    assert_answer!(
        context.anvil(&["pull", "--locked", "--offline"]),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0810]: commit [COMMIT] of the git repository file://[ROOT]/lab is not in the cache, and this runs offline
  = help: run it once without `--offline`

"#]]
    );
    assert_eq!(state(&context), before);
}

#[test]
fn a_commit_that_was_pushed_over_is_fetched_by_its_id_where_it_still_is() {
    let (context, lab) = with_git();
    context.anvil(&["pull"]).success();
    let locked = context.read("anvil.lock");
    let asking = context.read("anvil.toml");
    let commit = &locked.split_once("lab#").unwrap().1[..40];
    let asking_for_it = asking.replace("branch = \"main\"", &format!("rev = \"{commit}\""));
    context.write("anvil.toml", &asking_for_it);
    context.anvil(&["lock"]).success();
    let locked_for_it = context.read("anvil.lock");
    context.write("anvil.toml", &asking);
    context.write("anvil.lock", &locked);
    // The branch goes on from elsewhere; the old commit is in the repository still, and no ref leads to it.
    context.git_in(&lab, &["commit", "--quiet", "--amend", "--message", "Another one"]);
    context.git_in(&lab, &["config", "uploadpack.allowAnySHA1InWant", "true"]);
    for folder in ["project/.anvil", "cache"] {
        fs::remove_dir_all(context.path(folder)).unwrap();
    }
    context.anvil(&["pull", "--locked"]).success();
    assert_eq!(context.read("anvil.lock"), locked);
    // Once it is swept away, whoever has it in the cache goes on, and all others are told.
    context.git_in(&lab, &["reflog", "expire", "--expire=now", "--all"]);
    context.git_in(&lab, &["gc", "--quiet", "--prune=now"]);
    fs::remove_dir_all(context.path("project/.anvil")).unwrap();
    context.anvil(&["pull"]).success();
    for folder in ["project/.anvil", "cache"] {
        fs::remove_dir_all(context.path(folder)).unwrap();
    }
    let before = state(&context);
    assert_answer!(
        context.anvil(&["pull", "--locked"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1154]: lab/ideas is locked at 6e9234b of file://[ROOT]/lab, which is not there any more
  = help: its history was rewritten; take what is there now: `anvil update lab/ideas`
  = help: or pull where it is still in the cache, and publish it from there

"#]]
    );
    assert_eq!(state(&context), before);
    // Where the manifest asks for that very commit no update helps.
    context.write("anvil.toml", &asking_for_it);
    context.write("anvil.lock", locked_for_it);
    let told = context.anvil(&["pull", "--locked"]);
    assert!(
        told.stderr.contains("have `rev` of lab/ideas in anvil.toml name a commit that is there"),
        "{}",
        told.shown()
    );
    context.write("anvil.toml", asking);
    context.write("anvil.lock", locked.replace("0.1.0", "0.1.1"));
    let answer = context.anvil(&["lock", "--format", "json"]);
    assert!(answer.code <= 1, "{}", answer.shown());
    context.anvil(&["update", "lab/ideas"]).success();
    context.anvil(&["pull", "--locked"]).success();
}

/// One line alone that says another size or digest than its bundle has: `pull` takes nothing, `registry verify` tells.
#[test]
fn a_line_that_says_another_size_or_digest_than_its_bundle_is_not_believed() {
    for (key, value, pulled, verified) in [
        ("size", serde_json::json!(1), "error[", "and its index line says 1"),
        (
            "digest",
            "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".into(),
            "error[A1046]",
            "its content has the digest",
        ),
    ] {
        let (context, shelf) = application();
        let text = fs::read_to_string(index_of(&shelf, "style/voice")).unwrap();
        let newest = text.lines().last().unwrap();
        let mut other: serde_json::Value = serde_json::from_str(newest).unwrap();
        other[key] = value;
        fs::write(index_of(&shelf, "style/voice"), text.replace(newest, &other.to_string())).unwrap();
        // What is sound and not locked may be unpacked already; nothing speaks of it.
        let own = || state(&context).into_iter().filter(|(path, _)| !path.starts_with(".anvil/")).collect::<Vec<_>>();
        let before = own();
        let answer = context.anvil(&["pull"]);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        assert!(answer.stderr.contains(pulled) && answer.stderr.contains("style/voice 1.1.0"), "{}", answer.shown());
        assert_eq!(own(), before);
        assert!(state(&context).iter().all(|(path, _)| !path.contains("style/voice")));
        let told = context.anvil(&["registry", "verify", "../registry"]);
        assert!(told.code == 1 && told.stdout.contains(verified), "{}", told.shown());
    }
}

/// What is locked stays where a line is forged that has its checksum and says that it needs something else.
#[test]
fn a_locked_version_stays_where_an_index_has_it_twice() {
    let (context, shelf) = application();
    context.anvil(&["pull"]).success();
    let locked = context.read("anvil.lock");
    let text = fs::read_to_string(index_of(&shelf, "style/voice")).unwrap();
    let newest = text.lines().last().unwrap();
    let mut other: serde_json::Value = serde_json::from_str(newest).unwrap();
    other["dependencies"] = serde_json::json!([{ "name": "evil/set", "requirement": "^1" }]);
    fs::write(index_of(&shelf, "style/voice"), text.replace(newest, &format!("{other}\n{newest}"))).unwrap();
    for command in [&["lock"][..], &["pull"], &["lock", "--check"], &["pull", "--locked"]] {
        context.anvil(command).success();
        assert_eq!(context.read("anvil.lock"), locked);
    }
}

/// A second line of a locked version with another checksum: neither is believed, and whoever asks is told.
#[test]
fn a_version_that_an_index_has_twice_is_told_of() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("x/a 1.0.0", &[]);
    context.write("anvil.toml", asking(&[("x/a", "^1")]));
    context.anvil(&["pull"]).success();
    shelf.publish("x/a 1.1.0", &[]);
    let index = shelf.root.join("index/x/a.jsonl");
    let text = fs::read_to_string(&index).unwrap();
    let first = text.lines().find(|line| line.contains("\"1.0.0\"")).unwrap();
    let mut line: serde_json::Value = serde_json::from_str(first).unwrap();
    line["sha256"] = "0".repeat(64).into();
    fs::write(&index, format!("{text}{line}\n")).unwrap();
    let told = "warning: the index of the registry `test` has x/a 1.0.0 more than once, in lines that contradict each other: \
                it is not used\n";
    for command in [&["outdated"][..], &["update", "--dry-run"], &["update", "x/a"], &["update"]] {
        let answer = context.anvil(command);
        assert!(answer.stderr.contains(told) == (command != ["update"]), "{command:?}: {}", answer.shown());
    }
    // Programs are told, too.
    let said = serde_json::json!([{ "name": "x/a", "version": "1.2.0", "registry": "test" }]);
    shelf.publish("x/a 1.2.0", &[]);
    let text = fs::read_to_string(&index).unwrap();
    let mut line: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    line["size"] = 1.into();
    fs::write(&index, format!("{text}{line}\n")).unwrap();
    let json = |command: &[&str]| context.anvil(&[command, &["--format", "json"]].concat()).success().json();
    assert_eq!(json(&["outdated"])["contradicted"], said);
    assert_eq!(json(&["update", "--dry-run"])["pull"]["contradicted"], said);
    assert_eq!(json(&["update"])["pull"]["contradicted"], said);
    context.write("anvil.toml", asking(&[("x/a", ">=1")]));
    assert_eq!(json(&["lock", "--dry-run"])["contradicted"], said);
    assert_eq!(json(&["pull", "--dry-run"])["contradicted"], said);
    assert_eq!(json(&["lock"])["contradicted"], said);
    assert_eq!(json(&["lock"])["contradicted"], serde_json::json!([]), "no index was read");
}
