//! Comparing: what `diff` prints is a patch that applies.

use crate::context::TestContext;
use crate::shelf::{manifest, release};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The promise of the command: whatever changed, the answer turns the one tree into the other,
/// with git's own tool and with `patch`.
#[test]
fn git_apply_and_patch_turn_one_side_into_the_other() {
    let has_patch = Command::new("patch").arg("--version").output().is_ok();
    let context = TestContext::new();
    context.git_init();
    // `core.quotePath` and line ends must not matter.
    context.git(&["config", "core.autocrlf", "false"]);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for round in 0..16 {
        random.change(&mut files);
        let _ = fs::remove_dir_all(context.project().join("prompts"));
        context.write("anvil.toml", manifest("a/b", &format!("1.{round}.0"), &[]));
        files.iter().for_each(|(path, text)| drop(context.write(path, text)));
        release(&context, &format!("1.{round}.0"));
        if round == 0 {
            continue;
        }
        let (old, new) = (format!("1.{}.0", round - 1), format!("1.{round}.0"));
        let diff = context.anvil(&["diff", &old, &new]).success().stdout;
        assert!(diff.starts_with("# interface"), "{diff}");
        let patch = context.path(format!("{round}.diff"));
        fs::write(&patch, &diff).unwrap();
        let mut tools = vec![vec!["git", "apply", "--whitespace=nowarn"]];
        if has_patch {
            tools.push(vec!["patch", "-p1", "--no-backup-if-mismatch", "-i"]);
        }
        for tool in tools {
            let tree = context.path(format!("{round}-{}", tool[0]));
            extract(&context, &old, &tree);
            let mut command = context.command(tool[0]);
            command.args(&tool[1..]).arg(&patch).current_dir(&tree);
            let answer = context.run(command, "");
            assert_eq!(answer.code, 0, "round {round}: {} refused: {}\n{diff}", tool[0], answer.shown());
            assert!(!answer.shown().contains("fuzz"), "round {round}: {}\n{diff}", answer.shown());
            let expected = context.path(format!("{round}-expected-{}", tool[0]));
            extract(&context, &new, &expected);
            let read = |folder: &Path| context.files(folder.to_str().unwrap());
            assert_eq!(read(&tree), read(&expected), "round {round}: {} made another tree\n{diff}", tool[0]);
        }
    }
}

fn extract(context: &TestContext, version: &str, folder: &Path) {
    fs::create_dir(folder).unwrap();
    let archive = context.path("archive.tar");
    context.git(&["archive", "--output", archive.to_str().unwrap(), &format!("v{version}")]);
    let mut tar = context.command("tar");
    tar.arg("-xf").arg(&archive).arg("-C").arg(folder);
    context.run(tar, "").success();
}

/// A small generator (xorshift64*, Vigna 2016): a failing round is the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    fn line(&mut self) -> String {
        let words =
            ["{{ ticket }}", "be", "kind", "grüße", "--- a/x", "+++ b/y", "@@ -1 +1 @@", "\\ No", "", "# interface"];
        let count = self.below(4);
        (0..count).map(|_| words[self.below(words.len())]).collect::<Vec<_>>().join(" ")
    }

    fn text(&mut self) -> String {
        let count = self.below(30);
        let end = if self.below(5) == 0 { "\r\n" } else { "\n" };
        let mut text: String = (0..count).map(|_| self.line() + end).collect();
        if self.below(3) == 0 {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        text
    }

    fn path(&mut self) -> String {
        let folders = ["", "mail/", "mail/de/", "a-b/"];
        let folder = folders[self.below(folders.len())];
        let names = ["a", "b", "c", "d", "with blank", "größe", "quo\"te"];
        format!("prompts/{folder}{}{}.prompt.md", names[self.below(names.len())], self.below(4))
    }

    /// Adds, removes, renames and edits some files.
    fn change(&mut self, files: &mut BTreeMap<String, String>) {
        for _ in 0..1 + self.below(8) {
            let paths: Vec<String> = files.keys().cloned().collect();
            let path = self.path();
            if paths.is_empty() || self.below(4) == 0 {
                let text = self.text();
                files.insert(path, text);
                continue;
            }
            let old = &paths[self.below(paths.len())];
            match self.below(4) {
                0 => _ = files.remove(old),
                1 => {
                    // A rename, perhaps with an edit.
                    let mut text = files.remove(old).unwrap_or_default();
                    if self.below(2) == 0 {
                        text.push_str(&self.line());
                    }
                    files.insert(path, text);
                }
                _ => {
                    let mut lines: Vec<String> = files[old].split_inclusive('\n').map(str::to_owned).collect();
                    let (at, line) = (self.below(lines.len() + 1), self.line() + "\n");
                    match lines.get_mut(at) {
                        Some(there) if self.below(2) == 0 => *there = line,
                        _ => lines.insert(0, line),
                    }
                    files.insert(old.clone(), lines.concat());
                }
            }
        }
    }
}
