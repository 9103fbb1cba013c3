use super::put::sets_folder;
use super::*;
use crate::fs::{Durability, LEFTOVER_AGE};
use crate::store::Cache;
use crate::store::layout::Place;
use std::time::SystemTime;

struct Project {
    folder: tempfile::TempDir,
    name: SetName,
    version: Version,
    files: FileSet,
}

impl Project {
    /// A project with one set unpacked.
    fn new() -> Self {
        let files = FileSet::from_iter([("anvil.toml", "[set]"), ("prompts/a.md", "a"), ("prompts/b/c.md", "c")]);
        let project = Project {
            folder: tempfile::tempdir().unwrap(),
            name: "core/tone".parse().unwrap(),
            version: "1.4.2".parse().unwrap(),
            files,
        };
        project.put().unwrap();
        project
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn set(&self) -> PathBuf {
        unpacked_folder(self.path(), &self.name, &self.version, &self.files.digest())
    }

    fn put(&self) -> Result<PathBuf> {
        self.put_as(&self.files.digest(), &self.files)
    }

    fn put_as(&self, digest: &ContentDigest, files: &FileSet) -> Result<PathBuf> {
        let cache = Cache::open(self.path().join("cache"));
        put(self.path(), &self.name, &self.version, digest, &Content { files, cache: Some(&cache) })
    }

    fn state(&self) -> State {
        state(self.path(), &self.name, &self.version, &self.files.digest()).unwrap()
    }

    fn read(&self) -> Result<FileSet> {
        read(self.path(), &self.name, &self.version, &self.files.digest())
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(&self.set().join(path), text.as_bytes(), Durability::Derived).unwrap();
    }

    fn names(&self, folder: &str) -> Vec<String> {
        fs::list(&self.path().join(folder)).unwrap().into_iter().map(|entry| entry.name).collect()
    }
}

/// One file for all projects, and none that is written to: a change would be one of all.
#[cfg(unix)]
#[test]
fn files_are_linked_to_those_of_the_cache_and_read_only() {
    use std::os::unix::fs::MetadataExt;
    let project = Project::new();
    let facts = |path: PathBuf| std::fs::metadata(path).unwrap();
    let cached = Cache::open(project.path().join("cache")).file(b"c").unwrap();
    let unpacked = facts(project.set().join("prompts/b/c.md"));
    assert_eq!((unpacked.ino(), unpacked.mode() & 0o222), (facts(cached.clone()).ino(), 0));

    // Somebody who edits it all the same edits the cache's, too: that is found out, and each has its own again.
    fs::remove_file(&cached).unwrap();
    std::fs::write(&cached, "x").unwrap();
    std::fs::remove_dir_all(project.set()).unwrap();
    project.put().unwrap();
    assert_eq!(project.state(), State::Unpacked);
}

/// Where nothing can be linked to, files are written.
#[test]
fn a_cache_that_cannot_be_written_is_done_without() {
    let project = Project::new();
    std::fs::remove_dir_all(project.path().join("cache")).unwrap();
    std::fs::write(project.path().join("cache"), "in the way").unwrap();
    std::fs::remove_dir_all(project.set()).unwrap();
    project.put().unwrap();
    assert_eq!(project.state(), State::Unpacked);
}

#[test]
fn what_was_put_is_there_and_reads_back() {
    let project = Project::new();
    assert_eq!(project.state(), State::Unpacked);
    assert_eq!(project.read().unwrap(), project.files);
    let folder = format!("1.4.2-{}", project.files.digest().short());
    assert_eq!(project.names(".anvil/sets/core/tone"), [folder.clone(), format!("{folder}.sha256")]);
    assert_eq!(project.names(".anvil/sets"), ["core"], "something temporary was left");
    project.put().unwrap();
    assert_eq!(project.state(), State::Unpacked);
}

#[test]
fn a_set_that_is_not_there_is_missing_and_the_error_says_what_to_run() {
    let project = Project::new();
    fs::remove_folder(&project.set()).unwrap();
    assert_eq!(project.state(), State::Missing);
    let error = project.read().unwrap_err();
    assert_eq!(error.to_string(), "core/tone 1.4.2 is locked but not unpacked");
    assert_eq!(error.hints()[0].command.as_deref(), Some("anvil pull --locked"));
}

#[test]
fn every_kind_of_damage_is_found_named_and_mended() {
    let project = Project::new();
    project.write("prompts/a.md", "A");
    project.write("prompts/new.md", "");
    fs::remove_file(&project.set().join("prompts/b/c.md")).unwrap();
    let State::Damaged { files } = project.state() else { panic!("not found") };
    let said: Vec<String> = files.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["`prompts/a.md` changed", "`prompts/b/c.md` is gone", "`prompts/new.md` was added"]);
    assert_eq!(
        project.read().unwrap_err().to_string(),
        "the unpacked files of core/tone 1.4.2 do not match the lock: `prompts/a.md` changed, and 2 more"
    );
    project.put().unwrap();
    assert_eq!(project.state(), State::Unpacked);
    assert!(!fs::exists(&project.set().join("prompts/new.md")));
}

#[test]
fn a_file_in_place_of_the_folder_is_damage() {
    let project = Project::new();
    fs::remove_folder(&project.set()).unwrap();
    fs::write(&project.set(), b"", Durability::Derived).unwrap();
    assert_eq!(project.state(), State::Damaged { files: Vec::new() });
    assert_eq!(project.read().unwrap_err().code(), Code::A0904);
    project.put().unwrap();
    assert_eq!(project.read().unwrap(), project.files);
}

#[test]
fn a_record_that_does_not_prove_itself_is_not_believed() {
    let project = Project::new();
    fs::write(&record_path(&project.set()), b"nonsense", Durability::Derived).unwrap();
    assert_eq!(project.state(), State::Unpacked, "the files alone decide");
    project.write("prompts/a.md", "A");
    assert_eq!(project.state(), State::Damaged { files: vec![] });
}

#[test]
#[cfg(unix)]
fn a_link_in_place_of_a_file_is_damage_even_with_the_same_content() {
    let project = Project::new();
    let file = project.set().join("prompts/a.md");
    let aside = project.path().join("a.md");
    fs::rename(&file, &aside).unwrap();
    std::os::unix::fs::symlink(&aside, &file).unwrap();
    let changed = DamagedFile { path: "prompts/a.md".into(), damage: Damage::Changed };
    assert_eq!(project.state(), State::Damaged { files: vec![changed] });
    assert!(project.read().is_err());
}

#[test]
fn other_content_than_the_locked_and_paths_that_are_traps_are_not_unpacked() {
    let project = Project::new();
    let digest = project.files.digest();
    let other = FileSet::from_iter([("anvil.toml", "other")]);
    let error = project.put_as(&digest, &other).unwrap_err();
    assert!(matches!(error, StoreError::OtherContent { .. }));
    let trap = FileSet::from_iter([("../../../x", "")]);
    let error = project.put_as(&trap.digest(), &trap).unwrap_err();
    assert_eq!(error.to_string(), "core/tone 1.4.2 cannot be unpacked: `../../../x` has a segment `.` or `..`");
}

#[test]
#[cfg(unix)]
fn nothing_is_written_or_removed_through_links() {
    let project = Project::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let precious = elsewhere.path().join("core/tone/1.0.0-0123456789abcdef/file");
    fs::write(&precious, b"", Durability::Derived).unwrap();
    let sets = project.path().join(".anvil/sets");
    fs::remove_folder(&sets).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), &sets).unwrap();
    assert!(matches!(project.put(), Err(StoreError::Link { .. })));
    assert!(matches!(sweep(project.path(), &[]), Err(StoreError::Link { .. })));
    fs::remove_file(&sets).unwrap();
    fs::create_folder(&sets).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("core"), sets.join("core")).unwrap();
    assert!(matches!(project.put(), Err(StoreError::Link { .. })));
    assert_eq!(sweep(project.path(), &[]).unwrap(), 0);
    assert!(fs::is_file(&precious));
}

#[test]
fn a_sweep_takes_what_no_lock_names_and_only_sets() {
    let project = Project::new();
    let old = "core/tone/1.4.1-0123456789abcdef";
    let other = "style/voice/2.0.0-rc.1-fedcba9876543210";
    for set in [old, other] {
        let folder = sets_folder(Place::Private, project.path()).join(set);
        fs::write(&folder.join("anvil.toml"), b"", Durability::Derived).unwrap();
        fs::write(&record_path(&folder), b"", Durability::Derived).unwrap();
    }
    let mine = sets_folder(Place::Private, project.path()).join("core/tone/notes/todo.md");
    fs::write(&mine, b"", Durability::Derived).unwrap();
    let keep = [project.set(), sets_folder(Place::Private, project.path()).join(old)];
    assert_eq!(sweep(project.path(), &keep).unwrap(), 1);
    assert_eq!(project.names(".anvil/sets"), ["core"]);
    assert_eq!(project.names(".anvil/sets/core/tone").len(), 5);
    assert_eq!(sweep(project.path(), &keep[..1]).unwrap(), 1);
    assert_eq!(project.state(), State::Unpacked);
    assert!(fs::is_file(&mine));
    assert_eq!(sweep(project.path(), &keep[..1]).unwrap(), 0);
}

#[test]
fn leftovers_of_killed_processes_go_and_those_of_living_ones_stay() {
    let project = Project::new();
    let sets = sets_folder(Place::Private, project.path());
    let [dead, alive] = [".anvil-tmp-dead", ".anvil-tmp-live"].map(|name| sets.join(name));
    for folder in [&dead, &alive] {
        fs::write(&folder.join("f"), b"", Durability::Derived).unwrap();
    }
    // A lock that was half written, one that is being written, and a file that is none of ours.
    let [dead_file, living_file, other_file] =
        [".anvil-tmp-dead", ".anvil-tmp-live", "notes.txt"].map(|name| project.path().join(name));
    for file in [&dead_file, &living_file, &other_file] {
        fs::write(file, b"x", Durability::Derived).unwrap();
    }
    let long_ago = SystemTime::now() - 2 * LEFTOVER_AGE;
    for old in [&dead, &dead_file, &other_file] {
        fs::open(old).unwrap().set_modified(long_ago).unwrap();
    }
    sweep(project.path(), &[project.set()]).unwrap();
    assert!(!fs::exists(&dead) && fs::exists(&alive));
    assert!(!fs::exists(&dead_file) && fs::exists(&living_file) && fs::exists(&other_file));
}

#[test]
fn several_processes_may_unpack_the_same_set_at_once() {
    for damaged in [false, true] {
        let project = Project::new();
        match damaged {
            false => fs::remove_folder(&project.set()).unwrap(),
            true => project.write("prompts/a.md", "A"),
        }
        std::thread::scope(|scope| {
            let put = || (0..10).for_each(|_| drop(project.put().unwrap()));
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(put)).collect();
            threads.into_iter().for_each(|thread| thread.join().unwrap());
        });
        assert_eq!(project.state(), State::Unpacked);
        assert_eq!(project.names(".anvil/sets"), ["core"]);
        assert_eq!(project.names(".anvil/sets/core/tone").len(), 2, "something temporary was left");
    }
}
