use super::*;
use crate::archive::{FileSet, pack};
use crate::index::{YankReason, test_line};
use crate::progress::Silent;
use std::sync::Barrier;
use std::time::Duration;

fn name(text: &str) -> SetName {
    text.parse().unwrap()
}

fn registry() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    assert_eq!(init(root.path(), &"test".parse().unwrap()).unwrap(), Changed::Yes);
    root
}

fn open(root: &tempfile::TempDir) -> Publisher<'static> {
    Publisher::open(root.path(), &Silent).unwrap()
}

/// A version of a set whose one file says `text`, and its bundle.
fn version(set: &str, version: &str, text: &str) -> (Line, Vec<u8>) {
    let manifest = format!("[set]\nname = \"{set}\"\nversion = \"{version}\"\n");
    let files: FileSet = [("anvil.toml", manifest.as_bytes()), ("README.md", text.as_bytes())].into_iter().collect();
    let identity = Identity { name: name(set), version: version.parse().unwrap() };
    let bundle = pack(&identity, &files).unwrap();
    let line = Line {
        sha256: Sha256::of(&bundle),
        size: bundle.len() as u64,
        digest: files.digest(),
        ..test_line(set, version)
    };
    (line, bundle)
}

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_341_600_999)
}

fn push(publisher: &Publisher<'_>, (line, bundle): &(Line, Vec<u8>)) -> Result<Published> {
    publisher.publish(line, bundle, Order::Ascending, now())
}

fn index(root: &tempfile::TempDir, set: &str) -> IndexFile {
    let bytes = fs::read(&root.path().join(Paths::index(&name(set)))).unwrap();
    IndexFile::parse(&name(set), &bytes).unwrap()
}

#[test]
fn a_registry_is_made_once_and_only_where_nothing_is() {
    let root = registry();
    assert_eq!(init(root.path(), &"test".parse().unwrap()).unwrap(), Changed::No);
    let other = init(root.path(), &"other".parse().unwrap()).unwrap_err();
    assert!(other.to_string().contains("it is the registry `test`"), "{other}");
    let full = tempfile::tempdir().unwrap();
    fs::write(&full.path().join("notes.txt"), b"x", Durability::Derived).unwrap();
    assert!(init(full.path(), &"test".parse().unwrap()).unwrap_err().to_string().contains("`notes.txt`"));
    assert!(init(&full.path().join("new/folder"), &"test".parse().unwrap()).is_ok());
}

#[test]
fn a_published_version_is_there_for_readers() {
    let root = registry();
    let (line, bundle) = version("a/a", "1.0.0", "x");
    assert_eq!(push(&open(&root), &(line.clone(), bundle.clone())).unwrap(), Published::New);
    let registry = crate::registry::Registry::at(&Location::folder(root.path()), &Default::default()).unwrap();
    let index = registry.index(&name("a/a")).unwrap().unwrap();
    assert_eq!(index.lines[0].published_at.as_deref(), Some("2026-11-22T10:00:00Z"));
    assert_eq!(registry.bundle(&(&index.lines[0]).into()).unwrap(), bundle);
    assert_eq!(registry.catalog().unwrap().lines()[0].newest, Some(line.version));
}

#[test]
fn the_same_content_again_is_a_success_and_other_content_is_refused() {
    let root = registry();
    let publisher = open(&root);
    let first = version("a/a", "1.0.0", "x");
    push(&publisher, &first).unwrap();
    let before = fs::read(&root.path().join("index/a/a.jsonl")).unwrap();
    assert_eq!(push(&publisher, &first).unwrap(), Published::Already);
    let error = push(&publisher, &version("a/a", "1.0.0", "y")).unwrap_err();
    assert_eq!(error.to_string(), "a/a 1.0.0 is published already on `test`, with other content");
    assert_eq!(fs::read(&root.path().join("index/a/a.jsonl")).unwrap(), before);
    assert_eq!(fs::list(&root.path().join("bundles/a/a")).unwrap().len(), 1, "a refusal left an orphan");
}

#[test]
fn a_bundle_that_is_missing_or_broken_is_put_back_by_publishing_again() {
    let root = registry();
    let publisher = open(&root);
    let (line, bundle) = version("a/a", "1.0.0", "x");
    push(&publisher, &(line.clone(), bundle.clone())).unwrap();
    let path = root.path().join(Paths::bundle(&line.name, &line.version, &line.sha256));
    for damage in [None, Some(&b"broken"[..]), Some(b"")] {
        fs::remove_file(&path).unwrap();
        if let Some(bytes) = damage {
            fs::write(&path, bytes, Durability::Derived).unwrap();
        }
        assert_eq!(push(&publisher, &(line.clone(), bundle.clone())).unwrap(), Published::Already);
        assert_eq!(fs::read(&path).unwrap(), bundle);
    }
}

#[test]
fn an_older_version_is_published_on_purpose_only() {
    let root = registry();
    let publisher = open(&root);
    push(&publisher, &version("a/a", "2.0.0", "x")).unwrap();
    let (line, bundle) = version("a/a", "1.9.0", "y");
    let error = publisher.publish(&line, &bundle, Order::Ascending, now()).unwrap_err();
    assert_eq!(error.to_string(), "a/a 1.9.0 is not above 2.0.0, the newest version on `test`");
    assert_eq!(publisher.publish(&line, &bundle, Order::AllowOlder, now()).unwrap(), Published::New);
    assert_eq!(index(&root, "a/a").lines.len(), 2);
}

#[test]
fn a_version_of_a_newer_format_stays_taken() {
    let root = registry();
    let newer = b"{\"v\":2,\"version\":\"1.0.0\"}\n";
    fs::write(&root.path().join("index/a/a.jsonl"), newer, Durability::Derived).unwrap();
    let publisher = open(&root);
    assert!(matches!(push(&publisher, &version("a/a", "1.0.0", "x")), Err(PublishError::Taken { .. })));
    push(&publisher, &version("a/a", "1.1.0", "x")).unwrap();
    let text = fs::read(&root.path().join("index/a/a.jsonl")).unwrap();
    assert!(text.starts_with(newer), "a line that is not understood was changed");
}

#[test]
fn a_name_that_looks_like_another_is_refused() {
    let root = registry();
    let publisher = open(&root);
    push(&publisher, &version("core/modern", "1.0.0", "x")).unwrap();
    let error = push(&publisher, &version("core/mo-dem", "1.0.0", "x")).unwrap_err();
    assert_eq!(error.to_string(), "`core/mo-dem` looks like `core/modern`, which is on `test` already");
    push(&publisher, &version("core/modern", "1.1.0", "x")).unwrap();
    assert!(!root.path().join("bundles/core/mo-dem").exists(), "the refused bundle was left behind");
}

#[test]
fn a_plan_says_what_would_come_of_it_and_changes_nothing() {
    let root = registry();
    let publisher = open(&root);
    let plan = |(line, bundle): &(Line, Vec<u8>)| publisher.plan(line, bundle, Order::Ascending);
    let one = version("core/tone", "1.0.0", "x");
    assert_eq!(plan(&one).unwrap(), Published::New);
    assert_eq!(fs::list(root.path()).unwrap().len(), 1, "more than the registry file is there");
    push(&publisher, &one).unwrap();
    assert_eq!(plan(&one).unwrap(), Published::Already);
    assert!(matches!(plan(&version("core/tone", "1.0.0", "y")), Err(PublishError::Taken { .. })));
    assert!(matches!(plan(&version("core/tone", "0.9.0", "y")), Err(PublishError::NotAbove { .. })));
    assert!(matches!(plan(&version("core/to-ne", "1.0.0", "y")), Err(PublishError::LooksLike { .. })));
}

#[test]
fn a_plan_to_rebuild_tells_a_catalog_that_is_right_from_one_that_is_not() {
    let root = registry();
    let publisher = open(&root);
    push(&publisher, &version("core/tone", "1.0.0", "x")).unwrap();
    let rebuilt = |changed| crate::registry::Rebuilt { sets: 1, changed };
    assert_eq!(publisher.plan_rebuild().unwrap(), rebuilt(Changed::No));
    fs::write(&root.path().join(Paths::CATALOG), b"broken", Durability::Derived).unwrap();
    assert_eq!(publisher.plan_rebuild().unwrap(), rebuilt(Changed::Yes));
    assert_eq!(publisher.rebuild().unwrap(), rebuilt(Changed::Yes));
    assert_eq!(publisher.rebuild().unwrap(), rebuilt(Changed::No));
}

#[test]
fn what_contradicts_its_line_is_not_published() {
    let root = registry();
    let publisher = open(&root);
    let (line, bundle) = version("a/a", "1.0.0", "x");
    let (other, _) = version("a/a", "1.0.0", "y");
    let refused = [
        (Line { size: 1, ..line.clone() }, "size"),
        (Line { sha256: other.sha256, ..line.clone() }, "sha256"),
        (Line { digest: other.digest, ..line.clone() }, "digest"),
        (Line { version: Version::new(1, 0, 1), ..line.clone() }, ""),
    ];
    for (line, why) in refused {
        let error = push(&publisher, &(line, bundle.clone())).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
    assert!(fs::list(&root.path().join("bundles")).unwrap().is_empty());
}

#[test]
fn of_many_who_publish_one_version_at_once_one_wins() {
    let root = registry();
    // Once as the first version of a new set, and once as the next one of a set that exists.
    for (before, number) in ["1.0.0", "1.1.0"].into_iter().enumerate() {
        let barrier = Barrier::new(64);
        let versions: Vec<_> = (0..64).map(|at| version("a/a", number, &format!("text {at}"))).collect();
        let publish = |version| {
            barrier.wait();
            push(&open(&root), version)
        };
        let results: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = versions.iter().map(|version| scope.spawn(|| publish(version))).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(results.iter().filter(|result| matches!(result, Ok(Published::New))).count(), 1);
        assert_eq!(results.iter().filter(|result| matches!(result, Err(PublishError::Taken { .. }))).count(), 63);
        let lines = index(&root, "a/a").lines;
        assert_eq!(lines.len(), before + 1);
        let winner = results.iter().position(|result| result.is_ok()).unwrap();
        assert_eq!(lines[before].digest, versions[winner].0.digest);
    }
}

#[test]
fn of_many_who_publish_other_versions_all_are_kept() {
    let root = registry();
    std::thread::scope(|scope| {
        for at in 0..16 {
            let root = &root;
            scope.spawn(move || {
                let (line, bundle) = version(&format!("a/s{}", at % 4), &format!("1.0.{at}"), "x");
                open(root).publish(&line, &bundle, Order::AllowOlder, now()).unwrap();
            });
        }
    });
    let publisher = open(&root);
    let names = publisher.folder.names().unwrap();
    assert_eq!(names.len(), 4);
    assert!(names.iter().all(|name| index(&root, name.as_str()).lines.len() == 4));
    let before = fs::read(&root.path().join(Paths::CATALOG)).unwrap();
    publisher.rebuild().unwrap();
    assert_eq!(fs::read(&root.path().join(Paths::CATALOG)).unwrap(), before, "the catalog lost a set");
}

#[test]
fn what_a_killed_run_left_out_of_the_catalog_is_put_there_by_the_next() {
    let root = registry();
    let publisher = open(&root);
    let versions = [version("a/a", "1.0.0", "x"), version("b/b", "1.0.0", "x")];
    versions.iter().for_each(|version| _ = push(&publisher, version).unwrap());
    let path = root.path().join(Paths::CATALOG);
    let whole = fs::read_to_string(&path).unwrap();
    let (one, other) = whole.split_at(whole.find('\n').unwrap() + 1);
    let (line, bundle) = &versions[0];
    let old = one.replace("1.0.0", "0.9.0");
    let again: [&dyn Fn() -> Result<()>; 3] = [
        &|| push(&publisher, &versions[0]).map(|published| assert_eq!(published, Published::Already)),
        &|| publisher.take_over(line, &edit::to_text(line), bundle, now()).map(drop),
        &|| publisher.yank(&line.name, &line.version, None).map(drop),
    ];
    for again in again {
        for short in ["", other, &format!("{old}{other}")] {
            fs::write(&path, short.as_bytes(), Durability::Derived).unwrap();
            again().unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), whole, "{short}");
        }
    }
}

#[test]
fn of_names_that_look_alike_published_at_once_one_wins() {
    let root = registry();
    let names = ["a/lili", "a/l1l1", "a/l-ili", "a/i111"];
    let won: usize = std::thread::scope(|scope| {
        let running: Vec<_> = names
            .iter()
            .map(|set| scope.spawn(|| usize::from(push(&open(&root), &version(set, "1.0.0", "x")).is_ok())))
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(won, 1);
    assert_eq!(open(&root).folder.names().unwrap().len(), 1);
}

#[test]
fn yanks_deprecations_and_channels_are_written_when_they_change_something() {
    let root = registry();
    let publisher = open(&root);
    push(&publisher, &version("a/a", "1.0.0", "x")).unwrap();
    push(&publisher, &version("a/a", "1.1.0", "y")).unwrap();
    let (set, one, two) = (name("a/a"), Version::new(1, 0, 0), Version::new(1, 1, 0));

    let yanked = Yanked { reason: YankReason::Security, message: "leaks".into() };
    assert_eq!(publisher.yank(&set, &two, Some(&yanked)).unwrap(), Changed::Yes);
    assert_eq!(publisher.yank(&set, &two, Some(&yanked)).unwrap(), Changed::No);
    assert_eq!(index(&root, "a/a").lines[1].yanked, Some(yanked));
    let catalog = Catalog::parse(&fs::read(&root.path().join(Paths::CATALOG)).unwrap()).unwrap();
    assert_eq!(catalog.lines()[0].newest, Some(one.clone()));
    assert_eq!(publisher.yank(&set, &two, None).unwrap(), Changed::Yes);
    assert!(matches!(publisher.yank(&set, &Version::new(9, 0, 0), None), Err(PublishError::NoVersion { .. })));
    assert!(matches!(publisher.yank(&name("a/none"), &one, None), Err(PublishError::NoSet { .. })));
    assert!(!fs::exists(&root.path().join(".locks/a/none")));

    let deprecated = Deprecated { message: "use b/b".into(), replacement: None };
    let changed = |versions: Versions| publisher.deprecate(&set, &versions, Some(&deprecated));
    let (nine, before) = (Version::new(9, 0, 0), index(&root, "a/a"));
    assert!(matches!(changed(Versions::These([one.clone(), nine].into())), Err(PublishError::NoVersion { .. })));
    assert_eq!(index(&root, "a/a"), before, "one of several was changed");
    assert_eq!(changed(Versions::only(&one)).unwrap(), std::slice::from_ref(&one));
    assert_eq!(changed(Versions::All).unwrap(), std::slice::from_ref(&two));
    assert!(index(&root, "a/a").lines.iter().all(|line| line.deprecated.is_some()));

    let stable: ChannelName = "stable".parse().unwrap();
    assert_eq!(publisher.set_channel(&set, &stable, &one).unwrap(), Changed::Yes);
    assert_eq!(publisher.set_channel(&set, &stable, &one).unwrap(), Changed::No);
    assert!(matches!(
        publisher.set_channel(&set, &stable, &Version::new(9, 0, 0)),
        Err(PublishError::NoVersion { .. })
    ));
    assert_eq!(fs::read(&root.path().join("channels/a/a.json")).unwrap(), b"{\"stable\":\"1.0.0\"}\n");
    assert_eq!(publisher.remove_channel(&set, &stable).unwrap(), Changed::Yes);
    assert_eq!(publisher.remove_channel(&set, &stable).unwrap(), Changed::No);
}

/// Tells a channel when it is waited for a lock.
struct Waits(std::sync::mpsc::SyncSender<String>);

impl Progress for Waits {
    fn begin(&self, _what: &str, _total: u64) {}
    fn advance(&self, _steps: u64) {}
    fn end(&self) {}
    fn waiting(&self, what: &str) {
        self.0.send(what.to_owned()).unwrap();
    }
    fn detail(&self, _message: std::fmt::Arguments<'_>) {}
}

#[test]
fn whoever_waited_for_the_lock_decides_by_what_is_there_then() {
    let root = registry();
    push(&open(&root), &version("a/a", "1.0.0", "x")).unwrap();
    let held = fs::lock(&root.path().join(Paths::lock(&name("a/a"))), "", &Silent).unwrap();
    let (sender, receiver) = std::sync::mpsc::sync_channel(1);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let progress = Waits(sender);
            push(&Publisher::open(root.path(), &progress).unwrap(), &version("a/a", "1.1.0", "late"))
        });
        let waited_for = receiver.recv_timeout(Duration::from_secs(20));
        assert_eq!(waited_for.as_deref(), Ok("the lock on a/a"));
        let path = root.path().join("index/a/a.jsonl");
        let text = edit::append(&fs::read(&path).unwrap(), &edit::to_text(&version("a/a", "1.1.0", "early").0));
        fs::write(&path, &text, Durability::Derived).unwrap();
        drop(held);
        assert!(matches!(waiting.join().unwrap(), Err(PublishError::Taken { .. })));
        assert_eq!(fs::read(&path).unwrap(), text);
    });
}

#[test]
fn every_instant_has_a_time_that_can_be_written() {
    for (seconds, time) in [
        (i64::MIN, "0000-01-01T00:00:00Z"),
        (0, "1970-01-01T00:00:00Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
        (253_402_300_800, "9999-12-31T23:59:59Z"),
        (i64::MAX, "9999-12-31T23:59:59Z"),
    ] {
        assert_eq!(rfc3339(seconds), time);
    }
}
