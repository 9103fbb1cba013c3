//! Reading and writing real repositories, with the real `git` as the judge.

use super::testing::Scratch;
use super::*;
use crate::error::{Code, Diagnose};
use crate::fs;
use crate::progress::Silent;

fn paths(tree: &Tree<'_>, folder: &str) -> Vec<String> {
    tree.files(folder).unwrap().map(|file| file.unwrap().path).collect()
}

fn edit(path: &str, text: &str) -> Edit {
    Edit { path: path.into(), bytes: Some(text.as_bytes().to_vec()) }
}

fn request(message: &str, edits: Vec<Edit>) -> CommitRequest {
    CommitRequest { message: message.into(), edits, expected_parent: None }
}

fn commit_in(repository: &Repository, request: &CommitRequest) -> Result<CommitId> {
    repository.commit(&repository.lock(&Silent)?, request)
}

fn tag_in(repository: &Repository, name: &str, commit: CommitId, message: &str) -> Result<Tagged> {
    repository.tag(&repository.lock(&Silent)?, name, commit, message)
}

fn code<T>(result: Result<T>) -> Code {
    match result {
        Ok(_) => panic!("it should have failed"),
        Err(error) => error.code(),
    }
}

#[test]
fn a_folder_outside_any_repository_is_told_to_git_init() {
    let folder = tempfile::tempdir().unwrap();
    let error = Repository::discover(folder.path()).unwrap_err();
    assert!(matches!(error, GitError::NoRepository { .. }), "{error}");
    assert_eq!(error.hints()[0].command.as_deref(), Some("git init"));
}

#[test]
fn kinds_that_cannot_be_read_are_named() {
    let sha256 = Scratch { folder: tempfile::tempdir().unwrap() };
    if sha256.try_git(&["init", "-q", "--object-format=sha256"]).status.success() {
        let error = Repository::discover(sha256.root()).unwrap_err();
        assert!(error.to_string().contains("uses SHA-256 object ids, which Anvil cannot read"), "{error}");
        assert!(!error.hints().is_empty());
    }
    let reftable = Scratch { folder: tempfile::tempdir().unwrap() };
    if reftable.try_git(&["init", "-q", "--ref-format=reftable"]).status.success() {
        let error = Repository::discover(reftable.root()).unwrap_err();
        assert!(error.to_string().contains("keeps its refs as reftable"), "{error}");
    }
    let partial = Scratch::new();
    partial.git(&["config", "core.repositoryformatversion", "1"]);
    partial.git(&["config", "extensions.partialClone", "origin"]);
    let error = Repository::discover(partial.root()).unwrap_err();
    assert!(error.to_string().contains("is a partial clone"), "{error}");

    let bare = Scratch::with(&["--bare"]);
    let repository = bare.open();
    assert!(matches!(repository.workdir(), Err(GitError::Bare { .. })));
    assert_eq!(code(repository.changes("")), Code::A0802);
    assert_eq!(code(commit_in(&repository, &request("x", vec![]))), Code::A0802);
}

#[test]
fn a_folder_knows_its_place_in_the_repository() {
    let scratch = Scratch::new();
    scratch.commit("one", &[("sets/tone/anvil.toml", "")]);
    let repository = Repository::discover(&scratch.path("sets/tone")).unwrap();
    assert_eq!(repository.relative(&scratch.path("sets/tone")).unwrap(), "sets/tone");
    assert_eq!(repository.relative(scratch.root()).unwrap(), "");
    assert_eq!(code(repository.relative(std::path::Path::new("/"))), Code::A0801);
}

#[test]
fn head_is_a_branch_or_detached_or_not_yet() {
    let scratch = Scratch::new();
    let repository = scratch.open();
    assert!(repository.is_empty().unwrap());
    assert!(matches!(repository.head(), Err(GitError::NoCommits { .. })));
    assert!(matches!(repository.resolve("HEAD"), Err(GitError::NoCommits { .. })));
    assert!(repository.tags().unwrap().is_empty());

    let commit = scratch.commit("one", &[("a", "a")]);
    scratch.git(&["switch", "-q", "-c", "feature/x"]);
    assert_eq!(repository.head().unwrap(), Head { commit, branch: Some("feature/x".into()) });
    scratch.git(&["checkout", "-q", "--detach"]);
    assert_eq!(repository.head().unwrap().branch, None);
    // Only what commits is stopped.
    assert_eq!(paths(&repository.tree(commit).unwrap(), ""), ["a"]);
    assert!(matches!(commit_in(&repository, &request("x", vec![edit("a", "b")])), Err(GitError::Detached { .. })));
}

#[test]
fn revisions_are_gits_own() {
    let scratch = Scratch::new();
    let one = scratch.commit("one", &[("a", "1")]);
    let two = scratch.commit("two", &[("a", "2")]);
    scratch.git(&["tag", "-a", "v1.0.0", "-m", "one", &one.to_string()]);
    let repository = scratch.open();
    for (text, wanted) in [("v1.0.0", one), ("HEAD", two), ("main~1", one), (&one.to_string()[..10], one)] {
        assert_eq!(repository.resolve(text).unwrap(), wanted, "{text}");
    }
    for bad in ["-h", "--all", "", "nope", "HEAD:a", "HEAD~7", "a\0b"] {
        assert_eq!(code(repository.resolve(bad)), Code::A0803, "{bad:?} was taken");
    }
}

#[test]
fn tags_know_their_commits() {
    let scratch = Scratch::new();
    let one = scratch.commit("one", &[("a", "1")]);
    scratch.git(&["tag", "-a", "v1.0.0", "-m", "one"]);
    scratch.git(&["tag", "light"]);
    scratch.git(&["tag", "blob", "HEAD:a"]);
    let two = scratch.commit("two", &[("a", "2")]);
    scratch.git(&["tag", "-a", "sets/tone@2.0.0", "-m", "two"]);
    let repository = scratch.open();
    for packed in [false, true] {
        if packed {
            scratch.git(&["pack-refs", "--all"]);
        }
        let tags = repository.tags().unwrap();
        let told: Vec<_> = tags.iter().map(|tag| (tag.name.as_str(), tag.commit, tag.annotated)).collect();
        assert_eq!(told, [("light", one, false), ("sets/tone@2.0.0", two, true), ("v1.0.0", one, true)]);
        assert!(tags[2].made_at.is_some() && tags[0].made_at.is_none());
    }
    assert_eq!(repository.tag_named("v1.0.0").unwrap().unwrap().commit, one);
    assert_eq!(repository.tag_named("v9").unwrap(), None);
    assert_eq!(repository.tag_named("not a name").unwrap(), None);
}

#[test]
fn a_tree_tells_its_files_in_order_and_flags_what_no_bundle_holds() {
    let scratch = Scratch::new();
    scratch.commit("one", &[("set/b/x.md", "x"), ("set/b.md", "b"), ("set/a.md", "a"), ("other/o", "o"), ("run", "r")]);
    scratch.git(&["update-index", "--chmod=+x", "run"]);
    let link = scratch.git(&["rev-parse", "HEAD:run"]);
    scratch.git(&["update-index", "--add", "--cacheinfo", &format!("120000,{},set/link", link.trim())]);
    let head = scratch.id("HEAD").to_string();
    scratch.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{head},set/module")]);
    scratch.git(&["commit", "-q", "-m", "two"]);
    let repository = scratch.open();
    let tree = repository.tree(scratch.id("HEAD")).unwrap();
    let files: Vec<_> =
        tree.files("set").unwrap().map(|file| file.unwrap()).map(|file| (file.path, file.kind)).collect();
    assert_eq!(
        files,
        [
            ("a.md".to_owned(), FileKind::File),
            ("b.md".to_owned(), FileKind::File),
            ("b/x.md".to_owned(), FileKind::File),
            ("link".to_owned(), FileKind::Link),
            ("module".to_owned(), FileKind::Submodule),
        ]
    );
    assert_eq!(tree.file("run").unwrap().unwrap().kind, FileKind::Executable);
    assert_eq!(tree.read("set/b/x.md").unwrap().unwrap(), b"x");
    assert_eq!(tree.read("set/link").unwrap(), None);
    assert_eq!(tree.read("set").unwrap(), None);
    assert!(paths(&tree, "nowhere").is_empty());
    assert!(paths(&tree, "run").is_empty());
    assert_eq!(tree.file("set/a.md").unwrap().unwrap().id, blob_id(b"a"));
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_text_is_flagged() {
    let scratch = Scratch::new();
    scratch.commit("one", &[("a", "a")]);
    let id = blob_id(b"a").to_string();
    // Written as a tree object by hand, since not every file system takes such a name.
    let repository = scratch.open();
    let mut builder = repository.git.treebuilder(None).unwrap();
    let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"\xff.md");
    builder.insert(name, git2::Oid::from_str(&id).unwrap(), 0o100644).unwrap();
    let tree = repository.git.find_tree(builder.write().unwrap()).unwrap();
    let author = repository.git.signature().unwrap();
    let commit = repository.git.commit(None, &author, &author, "x", &tree, &[]).unwrap();
    let tree = repository.tree(CommitId(commit)).unwrap();
    let file = tree.files("").unwrap().next().unwrap().unwrap();
    assert_eq!((file.path.as_str(), file.kind), ("\u{fffd}.md", FileKind::NotUtf8));
}

/// 300 folders within each other, and a tree that doubles at each of 30 levels: a few kilobytes.
#[test]
fn trees_made_to_hurt_are_refused() {
    let scratch = Scratch::new();
    scratch.commit("one", &[("a", "a")]);
    let repository = scratch.open();
    let grow = |names: &[&str], levels: usize| {
        let mut id = repository.git.blob(b"x").unwrap();
        let mut mode = 0o100644;
        for _ in 0..levels {
            let mut builder = repository.git.treebuilder(None).unwrap();
            names.iter().for_each(|name| _ = builder.insert(*name, id, mode).unwrap());
            id = builder.write().unwrap();
            mode = 0o040000;
        }
        let tree = repository.git.find_tree(id).unwrap();
        let author = repository.git.signature().unwrap();
        CommitId(repository.git.commit(None, &author, &author, "x", &tree, &[]).unwrap())
    };
    let (deep, wide) = (grow(&["d"], 300), grow(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], 9));
    for commit in [deep, wide] {
        let failed = repository.tree(commit).unwrap().files("").unwrap().find_map(std::result::Result::err);
        assert!(matches!(failed, Some(GitError::TooMany { .. })));
    }
}

#[test]
fn large_files_are_known_by_their_pointers() {
    assert!(is_lfs_pointer(b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"));
    assert!(!is_lfs_pointer(b"version 2 of a prompt"));
}

#[test]
fn the_work_tree_tells_what_differs_below_a_folder() {
    let scratch = Scratch::new();
    scratch.commit(
        "one",
        &[("set/changed", "1"), ("set/gone", "1"), ("set/kept", "1"), ("set/staged", "1"), (".gitignore", "*.log\n")],
    );
    scratch.write("set/changed", "2");
    scratch.write("set/staged", "2");
    scratch.write("set/new/file", "1");
    scratch.write("set/added", "1");
    scratch.write("set/noise.log", "1");
    scratch.write("settled", "beside the folder, with its name as a beginning");
    scratch.git(&["add", "set/staged", "set/added"]);
    fs::remove_file(&scratch.path("set/gone")).unwrap();
    let repository = scratch.open();
    let told: Vec<_> = repository
        .changes("set")
        .unwrap()
        .into_iter()
        .map(|change| (change.path, change.state, change.staged))
        .collect();
    let of = |path: &str, state, staged| (path.to_owned(), state, staged);
    assert_eq!(
        told,
        [
            of("added", WorkState::Added, true),
            of("changed", WorkState::Modified, false),
            of("gone", WorkState::Deleted, false),
            of("new/file", WorkState::Untracked, false),
            of("staged", WorkState::Modified, true),
        ]
    );
    assert_eq!(repository.changes("").unwrap().len(), 6);
    assert!(repository.changes("no*").unwrap().is_empty());
    let files: Vec<String> = repository.work_files("set").unwrap().into_iter().map(|file| file.path).collect();
    assert_eq!(files, ["added", "changed", "kept", "new/file", "staged"]);
}

#[cfg(unix)]
#[test]
fn what_the_users_git_tells_of_the_work_tree_is_the_same() {
    let scratch = Scratch::new();
    let files = [("set/kept", "1"), ("set/changed", "1"), ("set/gone", "1"), ("set/un added", "1"), ("beside", "1")];
    scratch.commit("one", &files);
    scratch.write(".gitignore", "ignored\n");
    for (path, text) in
        [("set/changed", "2"), ("set/ignored", "x"), ("set/new/\u{e9}", "x"), ("set/staged", "x"), ("beside", "2")]
    {
        scratch.write(path, text);
    }
    scratch.git(&["add", "set/staged"]);
    scratch.git(&["rm", "--quiet", "--cached", "set/un added"]);
    fs::remove_file(&scratch.path("set/gone")).unwrap();
    scratch.git(&["init", "--quiet", "set/inner"]);
    scratch.write("set/inner/file", "x");
    let told = |folder: &str| {
        let repository = scratch.open();
        (repository.changes(folder).unwrap(), repository.work_files(folder).unwrap())
    };
    let before = [told(""), told("set")];
    scratch.git(&["update-index", "--split-index"]);
    assert_eq!([told(""), told("set")], before);
}

#[test]
fn links_and_inner_repositories_of_the_work_tree_are_flagged() {
    let scratch = Scratch::new();
    scratch.commit("one", &[("a", "1")]);
    std::os::unix::fs::symlink("a", scratch.path("link")).unwrap();
    scratch.git(&["init", "-q", "inner"]);
    scratch.write("inner/file", "1");
    let kinds: Vec<_> = scratch.open().work_files("").unwrap().into_iter().map(|file| (file.path, file.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("a".to_owned(), FileKind::File),
            ("inner/".to_owned(), FileKind::Submodule),
            ("link".to_owned(), FileKind::Link)
        ]
    );
}

#[test]
fn an_empty_repository_has_files_to_build_from_and_takes_a_first_commit() {
    let scratch = Scratch::new();
    scratch.write("anvil.toml", "x");
    let repository = scratch.open();
    assert_eq!(repository.work_files("").unwrap()[0].path, "anvil.toml");
    assert_eq!(repository.changes("").unwrap()[0].state, WorkState::Untracked);
    let commit = commit_in(&repository, &request("first", vec![edit("anvil.toml", "x")])).unwrap();
    assert_eq!(repository.head().unwrap(), Head { commit, branch: Some("main".into()) });
    assert_eq!(scratch.git(&["status", "--porcelain"]), "");
    assert_eq!(scratch.git(&["reflog", "--format=%gs"]), "commit (initial): first\n");
    scratch.assert_sound();
}

#[test]
fn a_commit_holds_the_edits_and_nothing_that_is_staged() {
    let scratch = Scratch::new();
    let parent = scratch.commit("one", &[("anvil.toml", "1"), ("d/gone.md", "g"), ("d/e/last.md", "l"), ("s", "1")]);
    scratch.git(&["config", "core.fileMode", "false"]);
    scratch.git(&["update-index", "--chmod=+x", "anvil.toml"]);
    scratch.commit("run", &[]);
    scratch.write("s", "staged");
    scratch.git(&["add", "s"]);
    scratch.write("untracked", "u");
    scratch.write("anvil.toml", "2");
    scratch.write("new/deep/file.md", "n");
    fs::remove_folder(&scratch.path("d")).unwrap();

    let repository = scratch.open();
    let before = scratch.id("HEAD");
    let gone = |path: &str| Edit { path: path.into(), bytes: None };
    let mut wanted = request(
        "Release 2.0.0\n\nWith a body.",
        vec![
            edit("anvil.toml", "2"),
            edit("new/deep/file.md", "n"),
            gone("d/gone.md"),
            gone("d/e/last.md"),
            gone("no"),
        ],
    );
    wanted.expected_parent = Some(parent);
    assert!(matches!(commit_in(&repository, &wanted), Err(GitError::HeadMoved { .. })));
    assert_eq!(scratch.id("HEAD"), before, "a refused commit moved the branch");
    wanted.expected_parent = Some(before);
    let commit = commit_in(&repository, &wanted).unwrap();

    assert_eq!(scratch.id("main"), commit);
    assert_eq!(scratch.id("HEAD~1"), before);
    assert_eq!(
        scratch.git(&["log", "-1", "--format=%an <%ae>|%cn|%B"]),
        "Test <test@example.com>|Test|Release 2.0.0\n\nWith a body.\n\n"
    );
    assert_eq!(
        scratch.git(&["ls-tree", "-r", "-t", "--name-only", "HEAD"]),
        "anvil.toml\nnew\nnew/deep\nnew/deep/file.md\ns\n"
    );
    assert!(scratch.git(&["ls-tree", "HEAD", "anvil.toml"]).starts_with("100755"));
    assert_eq!(scratch.git(&["show", "HEAD:s"]), "1");
    // What was staged still is, and nothing else differs; not even for plumbing that reads no file.
    assert_eq!(scratch.git(&["status", "--porcelain"]), "M  s\n?? untracked\n");
    assert_eq!(scratch.git(&["diff-files", "--name-only"]), "");
    assert_eq!(scratch.git(&["reflog", "-1", "--format=%gs"]), "commit: Release 2.0.0\n");
    assert_eq!(scratch.git(&["reflog", "-1", "--format=%gs", "main"]), "commit: Release 2.0.0\n");
    assert_eq!(
        commit_in(&repository, &wanted_again(commit)).unwrap(),
        commit,
        "nothing changed, so nothing is committed"
    );
    scratch.assert_sound();
}

#[test]
fn the_index_learns_what_was_committed_not_what_lies_in_the_work_tree() {
    let scratch = Scratch::new();
    scratch.commit("one", &[("a", "1")]);
    scratch.write("a", "still being written");
    let repository = scratch.open();
    commit_in(&repository, &request("two", vec![edit("a", "2"), edit("not-on-disk", "3")])).unwrap();
    assert_eq!(scratch.git(&["diff", "--cached", "--name-only"]), "");
    assert_eq!(scratch.git(&["status", "--porcelain"]), " M a\n D not-on-disk\n");
}

fn wanted_again(parent: CommitId) -> CommitRequest {
    CommitRequest { expected_parent: Some(parent), ..request("again", vec![edit("anvil.toml", "2")]) }
}

#[test]
fn nothing_is_committed_when_something_is_in_the_way() {
    let scratch = Scratch::new();
    scratch.commit("one", &[("a", "1")]);
    scratch.git(&["switch", "-q", "-c", "other"]);
    scratch.commit("two", &[("a", "2")]);
    scratch.git(&["switch", "-q", "main"]);
    let three = scratch.commit("three", &[("a", "3")]);
    assert!(!scratch.try_git(&["merge", "other"]).status.success());
    let repository = scratch.open();
    let failed = commit_in(&repository, &request("x", vec![edit("a", "4")])).unwrap_err();
    assert!(failed.to_string().ends_with("is in the middle of a merge"), "{failed}");
    assert_eq!(repository.changes("").unwrap()[0].state, WorkState::Conflicted);
    scratch.git(&["merge", "--abort"]);

    fs::write(&scratch.path(".git/index.lock"), b"", fs::Durability::Derived).unwrap();
    assert!(matches!(commit_in(&repository, &request("x", vec![edit("a", "4")])), Err(GitError::Locked { .. })));
    fs::remove_file(&scratch.path(".git/index.lock")).unwrap();

    for bad in ["", "/a", "a/../b", ".git/config", "a//b", "a\0b", "x/.GIT/y"] {
        assert_eq!(code(commit_in(&repository, &request("x", vec![edit(bad, "4")]))), Code::A0804, "{bad:?} was taken");
    }
    assert_eq!(scratch.id("HEAD"), three);
}

#[test]
fn who_commits_must_be_known() {
    if std::env::vars_os().any(|(name, _)| name.to_string_lossy().starts_with("GIT_AUTHOR")) {
        return; // The environment says who, so this cannot be tried.
    }
    let scratch = Scratch::new();
    scratch.git(&["config", "user.name", ""]);
    let error = commit_in(&scratch.open(), &request("x", vec![edit("a", "1")])).unwrap_err();
    assert_eq!(error.code(), Code::A0805);
    let commands: Vec<_> = error.hints().into_iter().filter_map(|hint| hint.command).collect();
    assert_eq!(
        commands,
        ["git config --global user.name \"Your Name\"", "git config --global user.email you@example.com"]
    );
}

#[test]
fn a_tag_is_made_once() {
    let scratch = Scratch::new();
    let one = scratch.commit("one", &[("a", "1")]);
    let two = scratch.commit("two", &[("a", "2")]);
    let repository = scratch.open();
    assert_eq!(tag_in(&repository, "core/tone@1.0.0", one, "core/tone 1.0.0").unwrap(), Tagged::Created);
    assert_eq!(tag_in(&repository, "core/tone@1.0.0", one, "again").unwrap(), Tagged::Existed);
    let error = tag_in(&repository, "core/tone@1.0.0", two, "other").unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("the tag `core/tone@1.0.0` exists already and names {}, not {}", one.short(), two.short())
    );
    assert_eq!(scratch.git(&["cat-file", "-t", "core/tone@1.0.0"]), "tag\n");
    assert_eq!(scratch.git(&["tag", "-l", "--format=%(contents)"]), "core/tone 1.0.0\n\n");
    for bad in ["-d", "a b", "a..b", ""] {
        assert_eq!(code(tag_in(&repository, bad, one, "x")), Code::A0803, "{bad:?} was taken");
    }
    scratch.assert_sound();
}

#[test]
fn sparse_and_split_indexes_stop_only_what_writes_the_index() {
    let scratch = Scratch::new();
    let commit = scratch.commit("one", &[("set/a", "1"), ("far/b", "1"), ("far/c/d", "1")]);
    scratch.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "set"]);
    let repository = scratch.open();
    assert_eq!(paths(&repository.tree(commit).unwrap(), ""), ["far/b", "far/c/d", "set/a"]);
    assert_eq!(repository.log(commit, &["far"]).unwrap().count(), 1);
    assert_eq!(repository.changes("").unwrap(), []);
    let left_out = |file: &WorkFile| (file.path.clone(), file.left_out.is_some());
    let files = repository.work_files("").unwrap();
    let expected = [("far/b", true), ("far/c/d", true), ("set/a", false)];
    assert_eq!(files.iter().map(left_out).collect::<Vec<_>>(), expected.map(|(path, out)| (path.to_owned(), out)));
    let error = commit_in(&repository, &request("x", vec![edit("set/a", "2")])).unwrap_err();
    assert_eq!(error.hints()[0].command.as_deref(), Some("git sparse-checkout reapply --no-sparse-index"));
    assert_eq!(scratch.id("HEAD"), commit);

    let scratch = Scratch::new();
    let commit = scratch.commit("one", &[("a", "1")]);
    scratch.git(&["update-index", "--split-index"]);
    let repository = scratch.open();
    assert_eq!(paths(&repository.tree(commit).unwrap(), ""), ["a"]);
    assert_eq!(repository.work_files("").unwrap().len(), 1);
    let error = commit_in(&repository, &request("x", vec![edit("a", "2")])).unwrap_err();
    assert!(error.to_string().contains("has a split index"), "{error}");
}

#[test]
fn a_linked_work_tree_is_a_repository_like_any_other() {
    let scratch = Scratch::new();
    scratch.commit("one", &[("a", "1")]);
    let folder = tempfile::tempdir().unwrap();
    let side = folder.path();
    scratch.git(&["worktree", "add", "-q", "-b", "side", side.join("x").to_str().unwrap()]);
    let repository = Repository::discover(&side.join("x")).unwrap();
    fs::write(&side.join("x/a"), b"2", fs::Durability::Derived).unwrap();
    let commit = commit_in(&repository, &request("two", vec![edit("a", "2")])).unwrap();
    assert_eq!((scratch.id("side"), scratch.id("main") == commit), (commit, false));
    assert!(repository.changes("").unwrap().is_empty());
}

#[test]
fn the_log_is_gits_own() {
    let scratch = Scratch::new();
    scratch.commit("one", &[("set/a", "1"), ("b", "1")]);
    scratch.commit("two", &[("b", "2")]);
    scratch.git(&["switch", "-q", "-c", "side"]);
    scratch.commit("three on the side", &[("set/a", "3")]);
    scratch.git(&["switch", "-q", "main"]);
    scratch.commit("four", &[("set/c", "4")]);
    scratch.git(&["merge", "-q", "--no-edit", "side"]);
    scratch.commit("five", &[("b", "5")]);
    fs::remove_file(&scratch.path("set/c")).unwrap();
    scratch.commit("six", &[]);
    let repository = scratch.open();
    let head = repository.head().unwrap().commit;
    for paths in [vec!["set"], vec!["set/a"], vec!["b"], vec!["set/c", "b"], vec!["nowhere"], vec!["set/a", "set"]] {
        let ours: Vec<String> = repository.log(head, &paths).unwrap().map(|commit| commit.unwrap().subject).collect();
        let git = scratch.git(&[&["log", "--format=%s", "--"], &paths[..]].concat());
        let mut sorted = (ours.clone(), git.lines().map(str::to_owned).collect::<Vec<_>>());
        sorted.0.sort();
        sorted.1.sort(); // Commits of one second have no order of their own.
        assert_eq!(sorted.0, sorted.1, "{paths:?}");
    }
    let all: Vec<CommitInfo> = repository.log(head, &[]).unwrap().map(std::result::Result::unwrap).collect();
    assert_eq!((all.len(), all[0].subject.as_str(), all[0].author.as_str()), (7, "six", "Test"));
    assert_eq!(all[0].email, "test@example.com");
}

#[test]
fn a_file_is_followed_through_renames() {
    let scratch = Scratch::new();
    let text = |last: &str| format!("one\ntwo\nthree\nfour\nfive\n{last}\n");
    scratch.commit("come", &[("old.md", &text("1")), ("other.md", "x\n")]);
    scratch.commit("change", &[("old.md", &text("2"))]);
    fs::remove_file(&scratch.path("old.md")).unwrap();
    scratch.commit("move and change", &[("deep/new.md", &text("3"))]);
    scratch.commit("elsewhere", &[("other.md", "y\n")]);
    scratch.commit("change again", &[("deep/new.md", &text("4"))]);
    let repository = scratch.open();
    let head = repository.head().unwrap().commit;
    let told: Vec<_> = repository
        .follow(head, "deep/new.md")
        .unwrap()
        .map(|commit| commit.unwrap())
        .map(|commit| (commit.commit.subject, commit.path, commit.change))
        .collect();
    let of = |subject: &str, path: &str, change| (subject.to_owned(), path.to_owned(), change);
    assert_eq!(
        told,
        [
            of("change again", "deep/new.md", FollowedChange::Modified),
            of("move and change", "deep/new.md", FollowedChange::Renamed { from: "old.md".into() }),
            of("change", "old.md", FollowedChange::Modified),
            of("come", "old.md", FollowedChange::Added),
        ]
    );
    // A path that is gone has a history all the same.
    let gone: Vec<_> = repository.follow(head, "old.md").unwrap().map(|commit| commit.unwrap().change).collect();
    assert_eq!(gone, [FollowedChange::Deleted, FollowedChange::Modified, FollowedChange::Added]);
}

#[test]
fn what_a_lock_file_held_before_is_found_newest_first() {
    let scratch = Scratch::new();
    scratch.commit("one", &[("app/anvil.lock", "1")]);
    scratch.commit("two", &[("app/anvil.lock", "2")]);
    scratch.commit("noise", &[("x", "x")]);
    fs::remove_file(&scratch.path("app/anvil.lock")).unwrap();
    scratch.commit("removed", &[]);
    scratch.commit("three", &[("app/anvil.lock", "3")]);
    let repository = scratch.open();
    let head = repository.head().unwrap().commit;
    let held: Vec<_> = repository
        .history_of(head, "app/anvil.lock", Parents::All)
        .unwrap()
        .map(|version| version.unwrap())
        .map(|(commit, bytes)| (commit.subject, String::from_utf8(bytes).unwrap()))
        .collect();
    let of = |subject: &str, text: &str| (subject.to_owned(), text.to_owned());
    assert_eq!(held, [of("three", "3"), of("two", "2"), of("one", "1")]);
}

#[test]
fn a_shallow_clone_ends_where_its_history_does() {
    let origin = Scratch::new();
    let one = origin.commit("one", &[("a", "1")]);
    origin.commit("two", &[("a", "2")]);
    origin.commit("three", &[("a", "3")]);
    let folder = tempfile::tempdir().unwrap();
    let clone = folder.path().join("clone");
    origin.git(&["clone", "-q", "--depth=2", origin.url().as_str(), clone.to_str().unwrap()]);
    let repository = Repository::discover(&clone).unwrap();
    let head = repository.head().unwrap().commit;
    let told: Vec<String> = repository.log(head, &["a"]).unwrap().map(|commit| commit.unwrap().subject).collect();
    assert_eq!(told, ["three", "two"]);
    let error = repository.resolve(&one.to_string()).unwrap_err();
    assert_eq!(error.hints()[0].command.as_deref(), Some("git fetch --unshallow --tags"));
}

#[test]
fn the_remote_is_asked_for_a_tag() {
    let origin = Scratch::new();
    origin.commit("one", &[("a", "1")]);
    origin.git(&["tag", "-a", "v1.0.0", "-m", "x"]);
    let folder = tempfile::tempdir().unwrap();
    let clone = folder.path().join("clone");
    origin.git(&["clone", "-q", origin.url().as_str(), clone.to_str().unwrap()]);
    let repository = Repository::discover(&clone).unwrap();
    assert_eq!(repository.remote_has_tag("v1.0.0").unwrap(), Some(true));
    assert_eq!(repository.remote_has_tag("v1.0").unwrap(), Some(false));
    assert_eq!(origin.open().remote_has_tag("v1.0.0").unwrap(), None, "there is no remote");
    fs::remove_folder(origin.root()).unwrap();
    assert_eq!(repository.remote_has_tag("v1.0.0").unwrap(), None, "the remote is gone");
    assert_eq!(code(repository.remote_has_tag("-x")), Code::A0803);
}
