//! Mirrors: bare copies of the repositories that git dependencies name, in the cache.
//!
//! Fetching runs the user's `git`; reading is straight from the object database. A fetch takes
//! one commit without its history where the server allows that, and everything where it does
//! not. What was fetched stays named by a ref, so that no clean-up of git's takes it away.

use super::command;
use super::error::Result;
use super::{CommitId, GitError, GitUrl, Parents, Repository};
use crate::digest::Sha256;
use crate::fs;
use crate::manifest::GitReference;
use crate::progress::Progress;
use git2::{ObjectType, Oid, RepositoryInitOptions};
use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Arc, Mutex, PoisonError};

/// Whether a mirror may be brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Whatever may have moved is fetched.
    Allowed,
    /// What is here must do.
    Offline,
}

/// A bare copy of a git repository in the cache.
pub struct Mirror {
    url: GitUrl,
    folder: PathBuf,
    repository: Repository,
}

/// What a branch or a tag leads to.
pub struct History {
    /// The commit that it names, and all behind it that is here.
    pub commits: HashSet<CommitId>,
    /// Whether there may be more that is not here.
    pub is_cut: bool,
}

impl Mirror {
    /// Returns the mirror of `url` below `cache` (`git-v1/` of Anvil's cache), made where needed; nothing is fetched.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub fn open(cache: &Path, url: &GitUrl, progress: &dyn Progress) -> Result<Mirror> {
        let folder = cache.join(format!("{}-{}", url.name(), Sha256::of(url.as_str()).short()));
        let repository = match Repository::open_bare(&folder) {
            Ok(repository) => repository,
            Err(GitError::Owner { folder }) => return Err(GitError::Owner { folder }),
            Err(_) => {
                // Not there, or left half-made by a process that was killed: it is a cache.
                let turn = turn_at(&folder);
                let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
                let _lock = fs::lock(&lock_of(&folder), &format!("the lock on {url}"), progress)?;
                match Repository::open_bare(&folder) {
                    Ok(repository) => repository,
                    Err(_) => create(&folder)?,
                }
            }
        };
        Ok(Mirror { url: url.clone(), folder, repository })
    }

    /// Returns the repository to read what was fetched from.
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Returns whether `commit` is here with its files.
    pub fn has(&self, commit: CommitId) -> bool {
        self.repository.git.find_commit(commit.0).is_ok_and(|commit| commit.tree().is_ok())
    }

    /// Returns the commit that `reference` names now, and sees to it that its files are here. A
    /// whole commit id that is here already needs no network.
    ///
    /// # Errors
    /// When the reference is not there or not well formed, `git` is missing, the repository cannot
    /// be reached or refuses, or it is not here and `network` is [`Network::Offline`].
    pub fn fetch(&self, reference: &GitReference, network: Network, progress: &dyn Progress) -> Result<CommitId> {
        let want = Want::of(reference)?;
        if let Want::Commit(commit) = &want
            && self.has(*commit)
        {
            progress.detail(format_args!("{} of {} is in the cache", want.told(), self.url));
            return Ok(*commit);
        }
        if network == Network::Offline {
            let missing = || GitError::Offline { url: self.url.to_string(), what: want.told() };
            return self.find(&want).ok_or_else(missing);
        }
        let turn = turn_at(&self.folder);
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let _lock = fs::lock(&lock_of(&self.folder), &format!("the lock on {}", self.url), progress)?;
        if let Want::Commit(commit) = &want
            && self.has(*commit)
        {
            return Ok(*commit); // Whoever was waited for fetched it.
        }
        progress.begin(&format!("fetching {}", self.url), 1);
        let fetched = self.fetch_locked(&want);
        progress.advance(u64::from(fetched.is_ok()));
        progress.end();
        fetched?;
        progress.detail(format_args!("fetched {} of {}", want.told(), self.url));
        self.find(&want)
            .filter(|commit| self.has(*commit))
            .ok_or_else(|| GitError::NoReference { url: self.url.to_string(), what: want.told() })
    }

    /// Returns what `reference` names now and all that is behind it, which is fetched with its whole history.
    ///
    /// # Errors
    /// As [`Mirror::fetch`].
    pub fn history(&self, reference: &GitReference, network: Network, progress: &dyn Progress) -> Result<History> {
        let want = Want::of(reference)?;
        if network == Network::Allowed {
            let turn = turn_at(&self.folder);
            let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            let _lock = fs::lock(&lock_of(&self.folder), &format!("the lock on {}", self.url), progress)?;
            progress.begin(&format!("fetching the history of {}", self.url), 1);
            let fetched = self.fetch_whole(&want);
            progress.advance(u64::from(fetched.is_ok()));
            progress.end();
            fetched?;
            progress.detail(format_args!("fetched {} of {} with its history", want.told(), self.url));
        }
        let missing = || match network {
            Network::Allowed => GitError::NoReference { url: self.url.to_string(), what: want.told() },
            Network::Offline => GitError::Offline { url: self.url.to_string(), what: want.told() },
        };
        let tip = self.find(&want).ok_or_else(missing)?;
        // Opened anew: where the history was cut before is remembered.
        let repository = Repository::open_bare(&self.folder)?;
        let (mut commits, mut pending, mut is_cut) = (HashSet::new(), vec![tip], false);
        while let Some(id) = pending.pop() {
            if !commits.insert(id) {
                continue;
            }
            let commit = repository.git.find_commit(id.0).map_err(|source| repository.unreadable(id.0, source))?;
            let parents = repository.parents(&commit, Parents::All)?;
            is_cut |= parents.len() < commit.parent_count();
            pending.extend(parents.iter().map(|parent| CommitId(parent.id())));
        }
        Ok(History { commits, is_cut: is_cut && network == Network::Offline })
    }

    /// Returns whether `new` comes after `old`; nothing where too little of its history is here to tell.
    pub fn comes_after(&self, new: CommitId, old: CommitId) -> Option<bool> {
        // Enough for whoever mirrors whole histories; others have a few commits each.
        const MOST: usize = 20_000;
        let (mut seen, mut pending, mut is_cut) = (HashSet::new(), vec![new.0], false);
        while let Some(id) = pending.pop() {
            if id == old.0 {
                return Some(true);
            }
            if seen.len() == MOST {
                return None;
            }
            if !seen.insert(id) {
                continue;
            }
            // As it is written: libgit2 tells no parents where the history is cut.
            match self.repository.git.find_commit(id) {
                Ok(commit) => {
                    let lines = commit.raw_header().unwrap_or_default().lines();
                    let parents = lines.filter_map(|line| line.strip_prefix("parent "));
                    pending.extend(parents.filter_map(|id| Oid::from_str(id.trim()).ok()));
                }
                Err(_) => is_cut = true,
            }
        }
        (!is_cut).then_some(false)
    }

    /// Returns the error that the history of `reference` is not here, and the network may not be used.
    pub fn offline(&self, reference: &GitReference) -> GitError {
        let what = Want::of(reference).map(|want| want.told()).unwrap_or_default();
        GitError::Offline { url: self.url.to_string(), what: format!("the history of {what}") }
    }

    fn fetch_whole(&self, want: &Want) -> Result<()> {
        sweep_locks(&self.folder)?;
        let options: &[&str] = if self.repository.git.is_shallow() { &["--unshallow"] } else { &[] };
        let all = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
        let output = match want.refspec() {
            Some(one) => self.run_fetch(options, &[&one])?,
            None => self.run_fetch(options, &all)?,
        };
        if output.status.success() { Ok(()) } else { Err(self.failure(want, &output)) }
    }

    fn fetch_locked(&self, want: &Want) -> Result<()> {
        sweep_locks(&self.folder)?;
        if let Some(refspec) = want.refspec() {
            let output = self.run_fetch(&["--depth=1"], &[&refspec])?;
            if output.status.success() {
                return Ok(());
            }
            match self.failure(want, &output) {
                // Dumb servers know no depth, and some give no commit by its id alone.
                GitError::Unreachable { .. } if may_be_for_lack_of_shallow(&output) => {}
                GitError::NoReference { .. } if matches!(want, Want::Commit(_)) => {}
                error => return Err(error),
            }
        }
        let mut all = vec!["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
        if matches!(want, Want::Head) {
            all.push("+HEAD:refs/anvil/head");
        }
        let whole: &[&str] = if self.repository.git.is_shallow() { &["--unshallow"] } else { &[] };
        let output = self.run_fetch(whole, &all)?;
        if output.status.success() { Ok(()) } else { Err(self.failure(want, &output)) }
    }

    fn run_fetch(&self, options: &[&str], refspecs: &[&str]) -> Result<Output> {
        let mut command = command::git();
        let mut git_dir = OsString::from("--git-dir=");
        git_dir.push(&self.folder);
        // A server that sends nothing for a minute is gone.
        command.args(["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60"]);
        command.arg(git_dir).args(["fetch", "--quiet", "--force", "--no-tags", "--no-recurse-submodules"]);
        command.args(["--no-write-fetch-head", "--update-head-ok"]).args(options).arg("--").arg(self.url.as_str());
        command.args(refspecs);
        command::run(command)
    }

    /// Returns the commit that `want` names among what is here.
    fn find(&self, want: &Want) -> Option<CommitId> {
        let named = |name: &str| {
            let reference = self.repository.git.find_reference(name).ok()?;
            reference.peel(ObjectType::Commit).ok().map(|commit| CommitId(commit.id()))
        };
        match want {
            Want::Head => named("refs/anvil/head"),
            Want::Branch(name) => named(&format!("refs/heads/{name}")),
            Want::Tag(name) => named(&format!("refs/tags/{name}")),
            Want::Commit(commit) => {
                // The id may be of an annotated tag.
                let object = self.repository.git.find_object(commit.0, None).ok()?;
                object.peel(ObjectType::Commit).ok().map(|commit| CommitId(commit.id()))
            }
            Want::Revision(text) => self.repository.resolve(text).ok(),
        }
    }

    fn failure(&self, want: &Want, output: &Output) -> GitError {
        let url = self.url.to_string();
        let text = String::from_utf8_lossy(&output.stderr).to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if has(&["couldn't find remote ref", "not our ref", "unadvertised object"]) {
            GitError::NoReference { url, what: want.told() }
        } else if has(&["no space left on device"]) {
            let source = std::io::ErrorKind::StorageFull.into();
            GitError::Fs(fs::FsError::Io { action: "write to", path: self.folder.clone(), source })
        } else {
            unreachable(url, output)
        }
    }
}

/// Returns why nothing came from `url`, as the `output` of git says.
pub(super) fn unreachable(url: String, output: &Output) -> GitError {
    let text = String::from_utf8_lossy(&output.stderr).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let said = command::fault(output);
    if has(&[
        "authentication failed",
        "could not read username",
        "could not read password",
        "permission denied",
        "terminal prompts disabled",
        "returned error: 403",
        "returned error: 401",
    ]) {
        GitError::Refused { url, said }
    } else if has(&["mismatched algorithms"]) {
        GitError::Unreachable { url, said: "it uses SHA-256 object ids, which Anvil cannot read".into() }
    } else {
        GitError::Unreachable { url, said }
    }
}

fn may_be_for_lack_of_shallow(output: &Output) -> bool {
    String::from_utf8_lossy(&output.stderr).contains("shallow")
}

fn lock_of(folder: &Path) -> PathBuf {
    folder.with_extension("lock")
}

/// Returns what a thread holds before it takes the lock on the mirror in `folder`: that threads of this process wait for
/// each other is nothing to tell anybody.
fn turn_at(folder: &Path) -> Arc<Mutex<()>> {
    static TURNS: Mutex<BTreeMap<PathBuf, Arc<Mutex<()>>>> = Mutex::new(BTreeMap::new());
    let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(turns.entry(folder.to_owned()).or_default())
}

/// Removes what a `git` that was killed left locked. Whoever holds the mirror's own lock is alone here.
fn sweep_locks(folder: &Path) -> Result<()> {
    let refs = folder.join("refs");
    let mut folders = Vec::new();
    let mut entries = fs::list(folder)?;
    loop {
        for entry in entries {
            match entry.kind {
                // No ref may be called so.
                fs::EntryKind::File if entry.name.ends_with(".lock") => fs::remove_file(&entry.path)?,
                fs::EntryKind::Folder if entry.path.starts_with(&refs) => folders.push(entry.path),
                _ => {}
            }
        }
        let Some(next) = folders.pop() else { return Ok(()) };
        entries = fs::list(&next)?;
    }
}

fn create(folder: &Path) -> Result<Repository> {
    fs::remove_folder(folder)?;
    let mut options = RepositoryInitOptions::new();
    // Templates bring hooks along.
    options.bare(true).mkpath(true).external_template(false);
    git2::Repository::init_opts(folder, &options).map_err(|source| GitError::Libgit2 {
        action: "make the mirror".into(),
        repository: folder.to_owned(),
        source,
    })?;
    Repository::open_bare(folder)
}

/// A reference whose name has been checked.
enum Want {
    Head,
    Branch(String),
    Tag(String),
    Commit(CommitId),
    /// The beginning of an id, or anything else that git takes.
    Revision(String),
}

impl Want {
    fn of(reference: &GitReference) -> Result<Want> {
        let checked = |what, name: &String, prefix: &str| {
            if name.starts_with('-') || !git2::Reference::is_valid_name(&format!("{prefix}{name}")) {
                return Err(GitError::BadName { what, text: name.clone() });
            }
            Ok(name.clone())
        };
        Ok(match reference {
            GitReference::Default => Want::Head,
            GitReference::Branch(name) => Want::Branch(checked("branch name", name, "refs/heads/")?),
            GitReference::Tag(name) => Want::Tag(checked("tag name", name, "refs/tags/")?),
            GitReference::Rev(text) => match CommitId::parse(text) {
                Some(commit) => Want::Commit(commit),
                None if text.starts_with('-') || text.is_empty() || text.contains('\0') => {
                    return Err(GitError::BadName { what: "revision", text: text.clone() });
                }
                None => Want::Revision(text.clone()),
            },
        })
    }

    /// Returns what to fetch for it alone, where that can be said.
    fn refspec(&self) -> Option<String> {
        match self {
            Want::Head => Some("+HEAD:refs/anvil/head".into()),
            Want::Branch(name) => Some(format!("+refs/heads/{name}:refs/heads/{name}")),
            Want::Tag(name) => Some(format!("+refs/tags/{name}:refs/tags/{name}")),
            Want::Commit(commit) => Some(format!("+{commit}:refs/anvil/commits/{commit}")),
            Want::Revision(_) => None,
        }
    }

    fn told(&self) -> String {
        match self {
            Want::Head => "default branch".into(),
            Want::Branch(name) => format!("branch `{name}`"),
            Want::Tag(name) => format!("tag `{name}`"),
            Want::Commit(commit) => format!("commit {commit}"),
            Want::Revision(text) => format!("revision `{text}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Scratch;
    use super::*;
    use crate::error::{Diagnose, Kind};
    use crate::progress::Silent;

    fn tag(name: &str) -> GitReference {
        GitReference::Tag(name.into())
    }

    fn rev(text: impl ToString) -> GitReference {
        GitReference::Rev(text.to_string())
    }

    fn read(mirror: &Mirror, commit: CommitId) -> Vec<u8> {
        mirror.repository().tree(commit).unwrap().read("set/a").unwrap().unwrap()
    }

    #[test]
    fn every_kind_of_reference_is_fetched_and_read() {
        let origin = Scratch::new();
        let one = origin.commit("one", &[("set/a", "1")]);
        origin.git(&["tag", "-a", "v1", "-m", "one"]);
        let two = origin.commit("two", &[("set/a", "2")]);
        origin.git(&["branch", "dev/x"]);
        let three = origin.commit("three", &[("set/a", "3")]);
        let cache = tempfile::tempdir().unwrap();
        for (reference, wanted) in [
            (tag("v1"), one),
            (GitReference::Branch("dev/x".into()), two),
            (GitReference::Default, three),
            (rev(two), two),
            (rev(&one.to_string()[..8]), one),
            (rev("v1"), one),
        ] {
            // Both in a mirror of its own and in one that holds more.
            for cache in [cache.path(), tempfile::tempdir().unwrap().path()] {
                let mirror = Mirror::open(cache, &origin.url(), &Silent).unwrap();
                let commit = mirror.fetch(&reference, Network::Allowed, &Silent).unwrap();
                assert_eq!(commit, wanted, "{reference:?}");
                assert!(!read(&mirror, commit).is_empty());
                assert_eq!(mirror.fetch(&reference, Network::Offline, &Silent).unwrap(), wanted);
            }
        }
    }

    #[test]
    fn a_branch_that_moved_is_followed_even_when_it_was_rewritten() {
        let origin = Scratch::new();
        origin.commit("one", &[("set/a", "1")]);
        let cache = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(cache.path(), &origin.url(), &Silent).unwrap();
        let main = GitReference::Branch("main".into());
        let first = mirror.fetch(&main, Network::Allowed, &Silent).unwrap();
        origin.write("set/a", "rewritten");
        origin.git(&["commit", "-q", "-a", "--amend", "-m", "other"]);
        let second = mirror.fetch(&main, Network::Allowed, &Silent).unwrap();
        assert_eq!((second, read(&mirror, second)), (origin.id("main"), b"rewritten".to_vec()));
        assert!(mirror.has(first), "what a lock may name is kept");
    }

    #[test]
    fn what_comes_after_what_is_told_as_far_as_the_history_is_here() {
        let origin = Scratch::new();
        let one = origin.commit("one", &[("set/a", "1")]);
        let two = origin.commit("two", &[("set/a", "2")]);
        let three = origin.commit("three", &[("set/a", "3")]);
        let cache = tempfile::tempdir().unwrap();
        let open = || Mirror::open(cache.path(), &origin.url(), &Silent).unwrap();
        for commit in [one, three] {
            open().fetch(&rev(commit), Network::Allowed, &Silent).unwrap();
        }
        assert_eq!(open().comes_after(three, one), None, "what is between them is not here");
        assert_eq!(open().comes_after(one, three), Some(false));
        open().fetch(&rev(two), Network::Allowed, &Silent).unwrap();
        assert_eq!(open().comes_after(three, one), Some(true));
        assert_eq!(open().comes_after(two, three), Some(false));
    }

    #[test]
    fn a_commit_that_is_here_needs_no_network() {
        let origin = Scratch::new();
        let one = origin.commit("one", &[("set/a", "1")]);
        let url = origin.url();
        let cache = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(cache.path(), &url, &Silent).unwrap();
        let error = mirror.fetch(&rev(one), Network::Offline, &Silent).unwrap_err();
        assert_eq!(error.kind(), Kind::Unreachable);
        mirror.fetch(&rev(one), Network::Allowed, &Silent).unwrap();
        drop(origin);
        assert_eq!(mirror.fetch(&rev(one), Network::Allowed, &Silent).unwrap(), one);
        let error = mirror.fetch(&GitReference::Default, Network::Allowed, &Silent).unwrap_err();
        assert!(matches!(error, GitError::Unreachable { .. }), "{error}");
    }

    #[test]
    fn what_is_not_there_is_named_and_what_is_no_name_is_refused() {
        let origin = Scratch::new();
        origin.commit("one", &[("set/a", "1")]);
        let cache = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(cache.path(), &origin.url(), &Silent).unwrap();
        let fetch = |reference| mirror.fetch(&reference, Network::Allowed, &Silent).unwrap_err();
        assert_eq!(fetch(tag("v9")).to_string(), format!("the git repository {} has no tag `v9`", origin.url()));
        for reference in [rev("0123456789012345678901234567890123456789"), rev("nope")] {
            assert!(matches!(fetch(reference.clone()), GitError::NoReference { .. }), "{reference:?}");
        }
        for reference in [tag("--upload-pack=x"), tag("a:b"), tag("*"), GitReference::Branch("-x".into()), rev("-x")] {
            assert!(matches!(fetch(reference.clone()), GitError::BadName { .. }), "{reference:?}");
        }
    }

    #[test]
    fn a_commit_is_fetched_alone_where_the_server_allows_it_and_never_checked_out() {
        let origin = Scratch::new();
        let one = origin.commit("one", &[("set/a", "1")]);
        origin.commit("two", &[("set/a", "2")]);
        origin.commit("three", &[("set/a", "3")]);
        let cache = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(cache.path(), &origin.url(), &Silent).unwrap();
        assert_eq!(mirror.fetch(&rev(one), Network::Allowed, &Silent).unwrap(), one);
        assert_eq!(read(&mirror, one), b"1");
        let git = &mirror.repository().git;
        let mut walk = git.revwalk().unwrap();
        walk.push_glob("refs/*").unwrap();
        assert_eq!((walk.count(), git.is_bare()), (1, true), "other commits came along");
        let two = origin.id("HEAD~1");
        mirror.fetch(&rev(two), Network::Allowed, &Silent).unwrap();
        assert!(Repository::open_bare(&mirror.folder).unwrap().git.is_shallow(), "its parents came along");
        let names: Vec<String> = fs::list(&mirror.folder).unwrap().into_iter().map(|entry| entry.name).collect();
        assert!(!names.contains(&"set".to_owned()) && !names.contains(&"index".to_owned()), "{names:?}");
    }

    #[test]
    fn two_sets_of_one_repository_share_a_mirror() {
        let origin = Scratch::new();
        let one = origin.commit("one", &[("set/a", "1")]);
        let two = origin.commit("two", &[("set/a", "2")]);
        let cache = tempfile::tempdir().unwrap();
        for commit in [two, one, two] {
            let mirror = Mirror::open(cache.path(), &origin.url(), &Silent).unwrap();
            assert_eq!(mirror.fetch(&rev(commit), Network::Allowed, &Silent).unwrap(), commit);
        }
        let folders = fs::list(cache.path()).unwrap().into_iter().filter(|entry| entry.kind == fs::EntryKind::Folder);
        assert_eq!(folders.count(), 1);
    }

    #[test]
    fn a_mirror_that_is_damaged_is_made_again() {
        let origin = Scratch::new();
        let one = origin.commit("one", &[("set/a", "1")]);
        let cache = tempfile::tempdir().unwrap();
        let folder = Mirror::open(cache.path(), &origin.url(), &Silent).unwrap().folder;
        fs::remove_file(&folder.join("HEAD")).unwrap();
        let mirror = Mirror::open(cache.path(), &origin.url(), &Silent).unwrap();
        assert_eq!(mirror.fetch(&GitReference::Default, Network::Allowed, &Silent).unwrap(), one);
    }

    #[test]
    fn what_a_killed_git_left_locked_stops_nobody() {
        let origin = Scratch::new();
        let one = origin.commit("one", &[("set/a", "1")]);
        let cache = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(cache.path(), &origin.url(), &Silent).unwrap();
        for lock in ["shallow.lock", "packed-refs.lock", "refs/heads/main.lock"] {
            fs::write(&mirror.folder.join(lock), b"", fs::Durability::Derived).unwrap();
        }
        let main = GitReference::Branch("main".into());
        assert_eq!(mirror.fetch(&main, Network::Allowed, &Silent).unwrap(), one);
    }

    #[test]
    fn hooks_of_the_machine_do_not_run() {
        let origin = Scratch::new();
        origin.commit("one", &[("set/a", "1")]);
        let cache = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(cache.path(), &origin.url(), &Silent).unwrap();
        let hook = mirror.folder.join("hooks/reference-transaction");
        fs::write(&hook, b"#!/bin/sh\nexit 1\n", fs::Durability::Derived).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let file = fs::open(&hook).unwrap();
            file.set_permissions(PermissionsExt::from_mode(0o755)).unwrap();
        }
        mirror.fetch(&GitReference::Default, Network::Allowed, &Silent).unwrap();
    }
}
