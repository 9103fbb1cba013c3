//! Locks with conflict markers: refused by whatever only reads, and solved by `anvil lock`.

use crate::assert_answer;
use crate::context::TestContext;
use crate::locks::{all_refuse, project};
use crate::shelf::Shelf;
use snapbox::str;

#[test]
fn conflict_markers_are_refused_and_solved_by_lock() {
    let (context, shelf) = project();
    shelf.publish("legal/disclaimers 3.0.0", &["style/voice ^1.0"]);
    shelf.publish("legal/disclaimers 3.1.0", &["style/voice ^1.0"]);
    context.anvil(&["lock"]).success();
    context.git_init();
    context.commit("base");
    let manifest = context.read("anvil.toml");
    context.git(&["switch", "--quiet", "--create", "other"]);
    context.anvil(&["add", "legal/disclaimers@=3.0.0"]).success();
    context.write("anvil.toml", format!("{manifest}\"legal/disclaimers\" = \"^3\"\n"));
    context.anvil(&["lock"]).success();
    context.commit("add disclaimers");
    context.git(&["switch", "--quiet", "main"]);
    context.write("anvil.toml", format!("{manifest}\"style/voice\" = \"^1\"\n"));
    context.anvil(&["lock"]).success();
    context.commit("add voice");
    let merge = context.run(
        {
            let mut merge = context.command("git");
            merge.args(["merge", "--quiet", "other"]);
            merge
        },
        "",
    );
    assert_ne!(merge.code, 0, "{}", merge.shown());
    // The person mends the manifest; the lock is Anvil's to mend.
    context.write("anvil.toml", format!("{manifest}\"legal/disclaimers\" = \"^3\"\n\"style/voice\" = \"^1\"\n"));
    assert!(context.read("anvil.lock").contains("<<<<<<<"), "{}", context.read("anvil.lock"));
    all_refuse(&context, "anvil.lock` has conflict markers");
    shelf.publish("style/voice 1.5.0", &[]);
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 0
--- stdout
solved the conflict in anvil.lock: the sides differ in no version
wrote anvil.lock (3 sets)
--- stderr

"#]]
    );
    let lock = context.read("anvil.lock");
    assert!(!lock.contains("<<<<<<<") && lock.contains("version = \"3.0.0\"") && lock.contains("\"1.0.0\""), "{lock}");
    context.anvil(&["pull", "--locked"]).success();
}

#[test]
fn a_solved_conflict_says_which_version_was_taken() {
    let (context, shelf) = project();
    shelf.publish("core/tone 1.5.0", &["style/voice ^1.0"]);
    context.anvil(&["lock"]).success();
    let lock = context.read("anvil.lock");
    assert!(lock.contains("version = \"1.5.0\"\n"), "{lock}");
    let sides = "<<<<<<< HEAD\nversion = \"1.5.0\"\n=======\nversion = \"1.4.2\"\n>>>>>>> other\n";
    let conflict = lock.replace("version = \"1.5.0\"\n", sides);
    context.write("anvil.lock", &conflict);
    let dry = context.anvil(&["lock", "--dry-run"]).success().stdout;
    assert_eq!(
        dry,
        "would solve the conflict in anvil.lock: core/tone 1.5.0, not 1.4.2\nwould write anvil.lock (2 sets)\n"
    );
    assert_eq!(context.read("anvil.lock"), conflict);
    let solved = context.anvil(&["pull"]).success().stdout;
    assert!(solved.starts_with("solved the conflict in anvil.lock: core/tone 1.5.0, not 1.4.2\n"), "{solved}");
    assert_eq!(context.read("anvil.lock"), lock);
}

#[test]
fn what_cannot_be_read_of_a_conflict_is_told() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.0.0", &[]);
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"core/tone\" = \"^1\"\n");
    context.anvil(&["lock"]).success();
    shelf.publish("core/tone 1.1.0", &[]);
    let lock = context.read("anvil.lock");
    let (head, set) = lock.split_once("[[set]]").unwrap();
    context.write("anvil.lock", format!("{head}<<<<<<< HEAD\n[[set]{set}=======\n[[set]{set}>>>>>>> other\n"));
    let answer = context.anvil(&["lock"]).success();
    assert!(
        answer.stdout.contains("2 parts of it could not be read, and what stood there was chosen anew"),
        "{}",
        answer.stdout
    );
    context.write("anvil.lock", format!("{head}<<<<<<< HEAD\n[[set]{set}=======\n[[set]{set}>>>>>>> other\n"));
    assert_eq!(context.anvil(&["lock", "--dry-run", "--format", "json"]).success().json()["unread"], 2);
    assert_eq!(context.anvil(&["pull", "--format", "json"]).success().json()["unread"], 2);
    assert_eq!(context.anvil(&["lock", "--format", "json"]).success().json()["unread"], 0);
}

#[test]
fn longer_markers_as_git_writes_them_where_an_attribute_says_so_are_solved_alike() {
    let (context, shelf) = project();
    context.anvil(&["lock"]).success();
    context.git_init();
    context.write(".gitattributes", "anvil.lock conflict-marker-size=20\n");
    context.write(".gitignore", ".anvil/\n");
    context.commit("base");
    for (branch, version) in [("left", "1.5.0"), ("right", "1.6.0")] {
        shelf.publish(&format!("core/tone {version}"), &["style/voice ^1.0"]);
        context.git(&["switch", "--quiet", "--create", branch, "main"]);
        context.anvil(&["update", "core/tone", "--precise", version]).success();
        context.commit(branch);
    }
    for style in ["merge", "diff3", "zdiff3"] {
        let mut merge = context.command("git");
        merge.args(["-c", &format!("merge.conflictStyle={style}"), "merge", "--quiet", "left"]);
        let merge = context.run(merge, "");
        assert_ne!(merge.code, 0, "{}", merge.shown());
        let lock = context.read("anvil.lock");
        assert!(lock.contains("\n<<<<<<<<<<<<<<<<<<<< "), "{lock}");
        all_refuse(&context, "anvil.lock` has conflict markers");
        let solved = context.anvil(&["lock"]).success().stdout;
        assert!(solved.starts_with("solved the conflict in anvil.lock: core/tone 1.6.0, not 1.5.0\n"), "{solved}");
        context.anvil(&["lock", "--check"]).success();
        context.git(&["merge", "--abort"]);
    }
}

#[test]
fn a_hunk_that_begins_within_a_set_does_not_make_one_of_two() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("p/a 1.0.0", &[]);
    shelf.publish("p/a 1.1.0", &["p/b ^1"]);
    shelf.publish("p/b 1.0.0", &[]);
    let manifest = |asked: &str| {
        context.write("anvil.toml", format!("[registries]\ndefault = \"../registry\"\n\n[dependencies]\n{asked}"));
    };
    manifest("\"p/a\" = \"=1.0.0\"\n");
    context.write(".gitignore", ".anvil/\n");
    context.anvil(&["lock"]).success();
    context.git_init();
    context.commit("base");
    context.git(&["switch", "--quiet", "--create", "other"]);
    manifest("\"p/a\" = \"^1.1\"\n");
    context.anvil(&["lock"]).success();
    context.commit("a newer p/a needs p/b");
    context.git(&["switch", "--quiet", "main"]);
    manifest("\"p/a\" = \"=1.0.0\"\n\"p/b\" = \"^1\"\n");
    context.anvil(&["lock"]).success();
    context.commit("p/b");
    let mut merge = context.command("git");
    merge.args(["merge", "--quiet", "other"]);
    assert_ne!(context.run(merge, "").code, 0);
    manifest("\"p/a\" = \"^1.1\"\n\"p/b\" = \"^1\"\n");
    shelf.publish("p/b 1.1.0", &[]);
    let lock = context.read("anvil.lock");
    assert!(lock.contains("source = \"registry:test\"\n<<<<<<< HEAD\nsha256"), "the hunk begins elsewhere: {lock}");
    let solved = context.anvil(&["lock"]).success().stdout;
    assert!(solved.contains("1 part of it could not be read"), "{solved}");
    context.anvil(&["lock", "--check"]).success();
    let lock = context.read("anvil.lock");
    assert!(lock.contains("name = \"p/b\"\nversion = \"1.0.0\""), "{lock}");
    context.anvil(&["pull", "--locked"]).success();
}

#[test]
fn a_checksum_on_one_side_of_a_conflict_alone_is_not_believed_and_one_on_both_is() {
    let (context, _shelf) = project();
    context.anvil(&["lock"]).success();
    let whole = context.read("anvil.lock");
    let line = whole.lines().find(|line| line.starts_with("sha256")).unwrap();
    let other = format!("sha256 = \"{}\"", "0".repeat(64));
    // A lock as git leaves it where both sides hold this line otherwise, and one side cannot be right.
    let torn = format!("<<<<<<< HEAD\n{other}\n=======\n{line}\n>>>>>>> other");
    context.write("anvil.lock", whole.replacen(line, &torn, 1));
    let solved = context.anvil(&["lock"]).success().stdout;
    assert!(solved.contains("1 part of it could not be read"), "{solved}");
    assert_eq!(context.read("anvil.lock"), whole);
    // What is changed behind both sides is the registry's.
    let elsewhere = "version = 1\n<<<<<<< HEAD\n=======\n>>>>>>> other\n";
    context.write("anvil.lock", whole.replacen(line, &other, 1).replacen("version = 1\n", elsewhere, 1));
    let refused = context.anvil(&["lock"]);
    assert!(refused.code == 1 && refused.stderr.contains("error[A1048]"), "{}", refused.shown());
}

#[test]
fn what_git_merged_without_a_word_into_a_lock_that_says_something_twice_is_solved_by_lock() {
    let (context, shelf) = project();
    shelf.publish("core/tone 1.5.0", &["style/voice ^1.0"]);
    context.anvil(&["lock"]).success();
    let whole = context.read("anvil.lock");
    let at = whole.find("[[set]]\nname = \"core/tone\"").unwrap();
    let end = at + whole[at..].find("\n\n").unwrap() + 2;
    let set = &whole[at..end];
    let asked = whole[..whole.find("[[set]]").unwrap()].find("[[requirement]]").unwrap();
    let older = set.replace("1.5.0", "1.4.2");
    for (again, told) in [
        (format!("{}{set}{}", &whole[..end], &whole[end..]), "the sides differ in no version"),
        (format!("{}{older}{}", &whole[..end], &whole[end..]), "core/tone 1.5.0, not 1.4.2"),
        (format!("{}{}{}", &whole[..asked], &whole[asked..at], &whole[asked..]), "the sides differ in no version"),
    ] {
        context.write("anvil.lock", &again);
        for args in [&["lock", "--check"][..], &["pull", "--locked"], &["verify"]] {
            let refused = context.anvil(args);
            assert!(refused.code == 1 && refused.stderr.contains("error[A0401]"), "{}", refused.shown());
            assert!(refused.stderr.contains("`anvil lock`") && !refused.stderr.contains("rm "), "{}", refused.shown());
        }
        let solved = context.anvil(&["lock"]).success().stdout;
        assert!(solved.contains(told), "{solved}");
        assert_eq!(context.read("anvil.lock"), whole);
    }
}
