//! What the whole of `diff` promises.

use super::testing::{Memory, Random, id_of};
use super::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

fn compared(old: &[(&str, &str)], new: &[(&str, &str)]) -> Comparison {
    let Ok(comparison) = compare(&Memory::texts(old), &Memory::texts(new), Detail::Lines);
    comparison
}

#[test]
fn equal_files_are_not_read() {
    let (old, new) = (
        Memory::texts(&[("same", "a\n"), ("other", "b\n")]),
        Memory::texts(&[("same", "a\n"), ("other", "c\n"), ("moved", "")]),
    );
    let Ok(comparison) = compare(&old, &new, Detail::Counts);
    assert_eq!(comparison.files.len(), 2);
    assert_eq!(*old.read.borrow(), ["other"]);
    assert_eq!(*new.read.borrow(), ["moved", "other"]);
}

#[test]
fn a_change_looks_as_in_git() {
    let comparison = compared(&[("p.md", "a\nb\nc\nd\ne\n")], &[("p.md", "a\nb\nX\nd\ne")]);
    assert_eq!(
        comparison.unified().lines().collect::<Vec<_>>(),
        [
            r#"diff --git a/p.md b/p.md"#,
            r#"index 9405325..5459a72 100644"#,
            r#"--- a/p.md"#,
            r#"+++ b/p.md"#,
            r#"@@ -1,5 +1,5 @@"#,
            r#" a"#,
            r#" b"#,
            r#"-c"#,
            r#"+X"#,
            r#" d"#,
            r#"-e"#,
            r#"+e"#,
            r#"\ No newline at end of file"#,
        ]
    );
    let stat = comparison.stat();
    assert_eq!((stat.added, stat.removed, stat.files.len()), (2, 2, 1));
}

#[test]
fn empty_files_come_and_go_without_lines() {
    let comparison = compared(&[("old", ""), ("x", "1\n")], &[("new dir/new", "2\n2\n"), ("x", "1\n")]);
    assert_eq!(
        comparison.unified().lines().collect::<Vec<_>>(),
        [
            r#"diff --git a/new dir/new b/new dir/new"#,
            r#"new file mode 100644"#,
            r#"index 0000000..51993f0"#,
            r#"--- /dev/null"#,
            r#"+++ b/new dir/new	"#,
            r#"@@ -0,0 +1,2 @@"#,
            r#"+2"#,
            r#"+2"#,
            r#"diff --git a/old b/old"#,
            r#"deleted file mode 100644"#,
            r#"index e69de29..0000000"#,
        ]
    );
}

#[test]
fn a_rename_is_found_with_and_without_changes() {
    let text = "one\ntwo\nthree\nfour\nfive\n";
    let comparison = compared(
        &[("a/same.md", text), ("a/changed.md", &format!("{text}six\n")), ("a/gone.md", "other\n")],
        &[("b/same.md", text), ("b/changed.md", &format!("{text}seven\n")), ("b/came.md", "new\n")],
    );
    let told: Vec<_> =
        comparison.files.iter().map(|f| (f.change, f.path.as_str(), f.old_path.as_deref(), f.similarity)).collect();
    assert_eq!(
        told,
        [
            (Change::Deleted, "a/gone.md", None, None),
            (Change::Added, "b/came.md", None, None),
            (Change::Renamed, "b/changed.md", Some("a/changed.md"), Some(80)),
            (Change::Renamed, "b/same.md", Some("a/same.md"), Some(100)),
        ]
    );
}

#[test]
fn too_many_files_at_once_are_matched_only_when_identical_and_that_is_said() {
    let tree = |folder: &str, text: &str| -> BTreeMap<String, Vec<u8>> {
        let shared = [(format!("{folder}/same"), b"same\n".to_vec())];
        (0..501)
            .map(|at| (format!("{folder}/{at}"), format!("{at}\n{at}\n{text}\n").into_bytes()))
            .chain(shared)
            .collect()
    };
    let Ok(comparison) = compare(&Memory::of(&tree("a", "x")), &Memory::of(&tree("b", "y")), Detail::Counts);
    assert!(comparison.renames_limited);
    assert_eq!(comparison.files.iter().filter(|file| file.change == Change::Renamed).count(), 1);
}

#[test]
fn what_is_no_text_is_named_to_people_and_whole_for_git() {
    let tree = |bytes: &[u8]| Memory::of(&BTreeMap::from([("x".to_owned(), bytes.to_vec())]));
    for bytes in [&b"a\0b"[..], b"\xff\xfe"] {
        let Ok(comparison) = compare(&tree(b"text"), &tree(bytes), Detail::Lines);
        assert!(comparison.files[0].unified_header().ends_with("\nBinary files a/x and b/x differ"));
        assert!(comparison.unified().contains("\nGIT binary patch\nliteral "));
    }
}

#[test]
fn paths_are_quoted_as_git_does() {
    let comparison = compared(&[], &[("tab\t\"ü\\.md", "x\n")]);
    assert!(comparison.unified().contains("+++ \"b/tab\\t\\\"\\303\\274\\\\.md\"\n"), "{}", comparison.unified());
}

#[test]
fn the_data_for_other_programs_names_every_fact() {
    let Ok(comparison) = compare(&Memory::texts(&[("p", "a b\n")]), &Memory::texts(&[("p", "a c\n")]), Detail::Words);
    assert_eq!(
        serde_json::to_string(&comparison.files[0].hunks).unwrap(),
        r#"[{"old_start":1,"old_lines":1,"new_start":1,"new_lines":1,"lines":[{"kind":"removed","segments":[{"text":"a ","emphasised":false},{"text":"b","emphasised":true}]},{"kind":"added","segments":[{"text":"a ","emphasised":false},{"text":"c","emphasised":true}]}]}]"#
    );
}

/// The heart of it: whatever two trees are compared, the text turns one into the other, with
/// git's own tool and with `patch`.
#[test]
fn git_apply_and_patch_turn_the_old_tree_into_the_new() {
    let has_patch = Command::new("patch").arg("--version").output().is_ok();
    if !has_patch {
        eprintln_skipped("`patch` is not installed: only `git apply` was tried");
    }
    let folder = tempfile::tempdir().unwrap();
    for seed in 0..200 {
        let (old, new) = Random::new(seed).trees();
        let detail = if seed % 2 == 0 { Detail::Lines } else { Detail::Words };
        let Ok(comparison) = compare(&Memory::of(&old), &Memory::of(&new), detail);
        let text = comparison.unified();
        if text.is_empty() {
            assert_eq!(old, new);
            continue;
        }
        let diff = folder.path().join(format!("{seed}.diff"));
        crate::fs::write(&diff, text.as_bytes(), crate::fs::Durability::Derived).unwrap();
        let mut tools = vec![vec!["git", "apply", "-v", "--whitespace=nowarn"]];
        if has_patch {
            tools.push(vec!["patch", "-p1", "--no-backup-if-mismatch", "-i"]);
        }
        for tool in tools {
            let tree = folder.path().join(format!("{seed}-{}", tool[0]));
            write_tree(&tree, &old);
            let done = Command::new(tool[0])
                .args(&tool[1..])
                .arg(&diff)
                .current_dir(&tree)
                .env("GIT_CEILING_DIRECTORIES", folder.path())
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&done.stderr).into_owned() + &String::from_utf8_lossy(&done.stdout);
            assert!(done.status.success(), "seed {seed}: {} refused: {said}\n{text}", tool[0]);
            // Both would find a hunk that stands at a wrong line.
            assert!(!said.contains("offset") && !said.contains("fuzz"), "seed {seed}: {said}\n{text}");
            assert_eq!(read_tree(&tree), new, "seed {seed}: {} made another tree\n{text}", tool[0]);
        }
    }
}

/// A logo beside the prompts, or one stray byte in a README, must not keep the rest from applying.
#[test]
fn what_is_no_text_applies_with_git_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random::new(11);
    for size in [0, 1, 3, 26, 27, 52, 53, 5_000] {
        let mut noise = |length: usize| (0..length).map(|_| random.below(256) as u8).chain([0]).collect::<Vec<u8>>();
        let (before, after) = (noise(size), noise(size + 1));
        let text = |text: &str| text.as_bytes().to_vec();
        let old = BTreeMap::from([
            ("changed.png".to_owned(), before.clone()),
            ("gone.png".to_owned(), before),
            ("latin.md".to_owned(), b"caf\xe9\n".to_vec()),
            ("p.md".to_owned(), text("a\n")),
        ]);
        let new = BTreeMap::from([
            ("changed.png".to_owned(), after.clone()),
            ("latin.md".to_owned(), b"th\xe9\n".to_vec()),
            ("new.png".to_owned(), after),
            ("p.md".to_owned(), text("b\n")),
        ]);
        let Ok(comparison) = compare(&Memory::of(&old), &Memory::of(&new), Detail::Lines);
        let tree = folder.path().join(size.to_string());
        write_tree(&tree, &old);
        let diff = folder.path().join(format!("{size}.diff"));
        crate::fs::write(&diff, comparison.unified().as_bytes(), crate::fs::Durability::Derived).unwrap();
        let mut apply = Command::new("git");
        apply.args(["apply", "-v"]).arg(&diff).current_dir(&tree).env("GIT_CEILING_DIRECTORIES", folder.path());
        let done = apply.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(read_tree(&tree), new);
    }
}

#[expect(clippy::print_stderr, reason = "a skipped tool must be seen in the test's output")]
fn eprintln_skipped(why: &str) {
    eprintln!("skipped: {why}");
}

fn write_tree(root: &Path, tree: &BTreeMap<String, Vec<u8>>) {
    crate::fs::create_folder(root).unwrap();
    for (path, bytes) in tree {
        let path = root.join(path);
        crate::fs::create_folder(path.parent().unwrap()).unwrap();
        crate::fs::write(&path, bytes, crate::fs::Durability::Derived).unwrap();
    }
}

fn read_tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in crate::fs::list(&folder).unwrap() {
            if entry.kind == crate::fs::EntryKind::Folder {
                folders.push(entry.path);
            } else {
                let path = entry.path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(path, crate::fs::read(&entry.path).unwrap());
            }
        }
    }
    found
}

/// Two texts that share every line and almost no order are the worst case of every search.
#[test]
fn hard_texts_end_soon_and_the_same_way() {
    let mut random = Random::new(7);
    let mut text = |lines: usize| -> String { (0..lines).map(|_| format!("{}\n", random.below(3))).collect() };
    let (old, new) = (text(20_000), text(20_000));
    let began = Instant::now();
    let first = compared(&[("p", &old)], &[("p", &new)]);
    assert!(began.elapsed().as_secs() < 20, "took {:?}", began.elapsed());
    assert_eq!(first, compared(&[("p", &old)], &[("p", &new)]));
}

#[test]
fn ids_are_gits_own() {
    assert_eq!(id_of(b"").to_string(), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    assert_eq!(id_of(b"").short(), "e69de29");
}
