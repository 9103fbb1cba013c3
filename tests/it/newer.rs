//! Dependencies that need a newer Anvil than this one, of which no index line warns.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, manifest};
use anvil::archive::FileSet;
use snapbox::str;

const NEWER: &str = "anvil = \">=99\"\n";
const EDITION: &str = "edition = 2\n";

fn application(lines: &str) -> TestContext {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish_saying("core/tone 1.0.0", lines);
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n[dependencies]\n\"core/tone\" = \"^1\"\n");
    context
}

#[test]
fn what_needs_a_newer_anvil_is_not_unpacked() {
    let context = application(NEWER);
    assert_answer!(
        context.anvil(&["pull"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0113]: core/tone needs Anvil >=99, this is 0.1.0
  --> core/tone 1.0.0: anvil.toml:4:9
   |
 4 | anvil = ">=99"
   |         ^^^^^^ another Anvil
   = help: upgrade anvil

"#]]
    );
    assert!(!context.project().join(".anvil/sets").exists());
    assert!(!context.project().join("anvil.lock").exists());
    assert_answer!(
        application(EDITION).anvil(&["pull"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0106]: edition 2 is newer than this Anvil, which knows up to 1
  --> core/tone 1.0.0: anvil.toml:4:11
   |
 4 | edition = 2
   |           ^ unknown edition
   = help: upgrade anvil

"#]]
    );
    assert_eq!(context.anvil(&["render", "core/tone/house-style"]).code, 1);
}

#[test]
fn what_was_unpacked_by_a_newer_anvil_is_not_used() {
    for lines in [NEWER, EDITION] {
        let context = application("");
        context.anvil(&["pull"]).success();
        // As a newer one would have left it: files, digest and lock agree.
        let files = context.files(".anvil/sets").into_iter().filter(|(path, _)| !path.ends_with(".sha256"));
        let mut set: FileSet =
            files.map(|(path, bytes)| (path.splitn(4, '/').last().unwrap().to_owned(), bytes)).collect();
        set.insert("anvil.toml", manifest("core/tone", "1.0.0", &[]) + lines);
        for (path, bytes) in set.iter() {
            context.write(&format!(".anvil/sets/core/tone/1.0.0-{}/{path}", set.digest().short()), bytes);
        }
        let lock = context.read("anvil.lock");
        let before = lock.lines().find(|line| line.starts_with("digest")).unwrap();
        context.write("anvil.lock", lock.replace(before, &format!("digest = \"{}\"", set.digest())));
        let verify = context.anvil(&["verify"]);
        assert!(verify.code == 1 && verify.stderr.contains("= help: upgrade anvil"), "{}", verify.shown());
        let render = context.anvil(&["render", "core/tone/house-style"]);
        assert!(render.code == 1 && render.stderr.contains("= help: upgrade anvil"), "{}", render.shown());
    }
}

#[test]
fn nor_is_what_lies_in_a_folder_or_a_repository() {
    for (lines, code) in [(NEWER, "A0113"), (EDITION, "A0106")] {
        let context = TestContext::new();
        context.write("anvil.toml", "");
        context.write("../tone/anvil.toml", manifest("core/tone", "1.0.0", &[]));
        context.write("../tone/prompts/a.prompt.md", "A\n");
        let tone = context.path("tone");
        context.git_in(&tone, &["init", "--quiet", "--initial-branch=main"]);
        context.anvil(&["add", "core/tone", "--path", "../tone"]).success();
        context.write("../tone/anvil.toml", manifest("core/tone", "1.0.0", &[]) + lines);
        context.git_in(&tone, &["add", "--all"]);
        context.git_in(&tone, &["commit", "--quiet", "--message", "newer"]);
        let url = format!("file://{}", tone.display());
        for command in [
            &["verify"][..],
            &["render", "core/tone/a"],
            &["update"],
            &["add", "core/tone", "--path", "../tone"],
            &["add", "core/tone", "--git", &url],
        ] {
            let answer = context.anvil(command);
            assert!(answer.code == 1 && answer.stderr.contains(code), "{command:?}: {}", answer.shown());
            assert!(answer.stderr.contains("= help: upgrade anvil"), "{command:?}: {}", answer.shown());
        }
    }
}
