use super::super::test_server::{Server, answer};
use super::super::{Freshness, HttpSettings, Location, Options, Registry, publish, verify};
use super::*;
use crate::digest::Sha256;
use crate::index::{Line, LineDependency, YankReason, Yanked, edit, test_line};
use crate::name::RegistryId;
use crate::progress::Silent;
use crate::store::Cache;
use crate::version::Version;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How many sets the registry of these tests has, each needing the next.
const SETS: usize = 20;

fn set(at: usize) -> SetName {
    format!("a/s{at}").parse().unwrap()
}

fn id() -> RegistryId {
    "test".parse().unwrap()
}

fn line(at: usize, version: &str) -> Line {
    let needed = (at + 1 < SETS).then(|| LineDependency {
        name: set(at + 1),
        requirement: "*".parse().unwrap(),
        registry: None,
        registry_url: None,
    });
    Line { dependencies: needed.into_iter().collect(), ..test_line(set(at).as_str(), version) }
}

/// The files of a registry with a snapshot.
fn files() -> HashMap<String, Vec<u8>> {
    let mut files: HashMap<String, Vec<u8>> =
        (0..SETS).map(|at| (Paths::index(&set(at)), edit::to_text(&line(at, "1.0.0")))).collect();
    let names: Vec<SetName> = (0..SETS).map(set).collect();
    let texts = names.iter().map(|name| (name, files[&Paths::index(name)].as_slice()));
    let packed = pack(&Snapshot::of(&id(), texts));
    put(&mut files, packed);
    files
}

/// Puts `packed` in the place of the snapshot.
fn put(files: &mut HashMap<String, Vec<u8>>, packed: Vec<u8>) {
    let offer = SnapshotOffer::for_size(packed.len() as u64);
    let text = SnapshotOffer::put(b"{\"format\":1,\"id\":\"test\"}", Some(offer)).unwrap();
    files.insert(Paths::REGISTRY_FILE.to_owned(), text);
    files.insert(Paths::SNAPSHOT.to_owned(), packed);
}

fn serve(files: &Arc<Mutex<HashMap<String, Vec<u8>>>>) -> Server {
    let files = files.clone();
    Server::start(move |request, _| {
        let files = files.lock().unwrap();
        let Some(bytes) = files.get(request.path.trim_start_matches('/')) else {
            return answer("404 Not Found", &[], "");
        };
        let etag = format!("\"{}\"", Sha256::of(bytes).short());
        let headers = [("cache-control", "max-age=60"), ("etag", etag.as_str())];
        match request.header("if-none-match") == Some(&etag) {
            true => answer("304 Not Modified", &headers, ""),
            false => answer("200 OK", &headers, bytes),
        }
    })
}

struct World {
    files: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    server: Server,
    cache: Cache,
    _scratch: tempfile::TempDir,
}

fn world(files: HashMap<String, Vec<u8>>) -> World {
    let scratch = tempfile::tempdir().unwrap();
    let files = Arc::new(Mutex::new(files));
    World { server: serve(&files), files, cache: Cache::open(scratch.path()), _scratch: scratch }
}

impl World {
    /// Returns the versions of each set as one process reads them that was told of them before, and what it asked for.
    fn read(&self, freshness: Freshness) -> (Vec<Option<String>>, Vec<String>) {
        let before = self.server.count();
        let http = HttpSettings { read_timeout: Duration::from_secs(5), retries: 0, ..HttpSettings::default() };
        let options = Options { freshness, cache: Some(self.cache.clone()), http, ..Options::default() };
        let registry = Registry::at(&Location::parse(&self.server.url, Path::new("/")).unwrap(), &options).unwrap();
        let any = |at: usize| (set(at), "*".parse().unwrap());
        registry.prefetch(&(0..SETS).step_by(2).map(any).collect::<Vec<_>>());
        let newest = |at: usize| {
            let outline = registry.outline(&set(at)).unwrap()?;
            outline.releases.last().map(|release| release.version.to_string())
        };
        let found = (0..SETS).map(newest).collect();
        (found, self.server.requests()[before..].iter().map(|request| request.path.clone()).collect())
    }
}

fn all(version: &str) -> Vec<Option<String>> {
    vec![Some(version.to_owned()); SETS]
}

#[test]
fn a_cold_cache_is_filled_by_a_few_requests_and_the_next_process_makes_none() {
    let world = world(files());
    let (found, asked) = world.read(Freshness::Cached);
    assert_eq!(found, all("1.0.0"));
    assert_eq!(asked.iter().filter(|path| path.ends_with(".gz")).count(), 1, "{asked:?}");
    assert_eq!(asked.len(), 2 + ONE_BY_ONE, "{asked:?}");
    assert_eq!(world.read(Freshness::Cached), (all("1.0.0"), Vec::new()));
    assert_eq!(world.read(Freshness::Offline), (all("1.0.0"), Vec::new()));
}

#[test]
fn a_snapshot_that_is_behind_is_not_believed_where_new_answers_are_wanted() {
    let world = world(files());
    let newer = |at: usize| [edit::to_text(&line(at, "1.0.0")), edit::to_text(&line(at, "1.1.0"))].concat();
    for at in 0..SETS {
        world.files.lock().unwrap().insert(Paths::index(&set(at)), newer(at));
    }
    let (_, asked) = world.read(Freshness::Cached);
    assert!(asked.len() < SETS);
    let (found, asked) = world.read(Freshness::Revalidate);
    assert_eq!(found, all("1.1.0"));
    assert_eq!(asked.len(), 1 + SETS, "{asked:?}");
    assert!(asked.iter().all(|path| !path.ends_with(".gz")));
    assert_eq!(world.read(Freshness::Cached).0, all("1.1.0"), "the snapshot stands in for nothing that is cached");
}

#[test]
fn a_set_that_the_snapshot_lacks_is_asked_for_by_itself() {
    let mut files = files();
    let only: Vec<SetName> = (0..SETS / 2).map(set).collect();
    let texts: Vec<Vec<u8>> = only.iter().map(|name| files[&Paths::index(name)].clone()).collect();
    let packed = pack(&Snapshot::of(&id(), only.iter().zip(texts.iter().map(Vec::as_slice))));
    put(&mut files, packed);
    let (found, asked) = world(files).read(Freshness::Cached);
    assert_eq!(found, all("1.0.0"));
    assert!(asked.len() > SETS / 2 && asked.len() < SETS, "{asked:?}");
}

#[test]
fn a_bad_snapshot_costs_a_request_and_nothing_else() {
    let good = files()[Paths::SNAPSHOT].clone();
    let names: Vec<SetName> = (0..SETS).map(set).collect();
    let other = pack(&Snapshot::of(&"other".parse().unwrap(), names.iter().map(|name| (name, &b"{}\n"[..]))));
    let garbage = pack(&Snapshot::of(&id(), names.iter().map(|name| (name, &b"<html>\n"[..]))));
    let text: String = std::iter::repeat_n(' ', UNPACKED_LIMIT as usize + 1).collect();
    let mut bomb = GzBuilder::new().write(Vec::new(), Compression::default());
    bomb.write_all(text.as_bytes()).unwrap();
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 4;
    let bad = [
        b"<!doctype html>".to_vec(),
        good[..good.len() / 2].to_vec(),
        Vec::new(),
        other,
        garbage,
        flipped,
        bomb.finish().unwrap(),
    ];
    for packed in bad {
        let mut files = files();
        put(&mut files, packed);
        let world = world(files);
        let (found, asked) = world.read(Freshness::Cached);
        assert_eq!(found, all("1.0.0"));
        assert_eq!(asked.iter().filter(|path| path.ends_with(".gz")).count(), 1, "{asked:?}");
        assert_eq!(world.read(Freshness::Cached), (all("1.0.0"), Vec::new()));
    }
}

#[test]
fn a_snapshot_that_is_missing_larger_than_promised_or_not_worth_it_is_done_without() {
    let offer = |limit: u64| {
        let mut files = files();
        let text = SnapshotOffer::put(b"{\"format\":1,\"id\":\"test\"}", Some(SnapshotOffer { limit })).unwrap();
        files.insert(Paths::REGISTRY_FILE.to_owned(), text);
        files
    };
    let mut missing = files();
    missing.remove(Paths::SNAPSHOT);
    for (files, asks) in [(missing, 1), (offer(10), 1), (offer(WORTH_READING + 1), 0), (offer(u64::MAX), 0)] {
        let (found, asked) = world(files).read(Freshness::Cached);
        assert_eq!(found, all("1.0.0"));
        assert_eq!(asked.iter().filter(|path| path.ends_with(".gz")).count(), asks, "{asked:?}");
    }
}

/// A registry's folder with two sets.
fn folder() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    publish::init(root.path(), &id()).unwrap();
    for at in [0, 1] {
        let path = root.path().join(Paths::index(&set(at)));
        fs::write(&path, &edit::to_text(&line(at, "1.0.0")), Durability::Derived).unwrap();
    }
    root
}

fn kept(root: &tempfile::TempDir) -> Option<Snapshot> {
    in_folder(&Folder::new(root.path())).unwrap().map(Result::unwrap)
}

#[test]
fn a_snapshot_is_kept_in_step_with_the_index() {
    let root = folder();
    let publisher = Publisher::open(root.path(), &Silent).unwrap();
    publisher.rebuild().unwrap();
    assert_eq!((publisher.tidy_snapshot().unwrap(), kept(&root)), (None, None), "nobody asked for one");
    assert_eq!(publisher.plan_snapshot().unwrap(), Changed::Yes);
    assert_eq!(publisher.make_snapshot().unwrap(), Changed::Yes);
    assert_eq!((publisher.plan_snapshot().unwrap(), publisher.make_snapshot().unwrap()), (Changed::No, Changed::No));
    assert_eq!(kept(&root).unwrap().len(), 2);

    let yanked = Yanked { reason: YankReason::Security, message: "m".into() };
    publisher.yank(&set(0), &Version::new(1, 0, 0), Some(&yanked)).unwrap();
    let file = |at: usize| fs::read(&root.path().join(Paths::index(&set(at)))).unwrap();
    assert_eq!(kept(&root).unwrap().file(&set(0)), Some(file(0).as_slice()));
    assert_eq!(kept(&root).unwrap().file(&set(1)), Some(file(1).as_slice()));

    // One that a killed publisher left behind, or that rotted, is mended by the next who says the same.
    for broken in [pack(&Snapshot::of(&id(), [])), b"rotten".to_vec()] {
        fs::write(&root.path().join(Paths::SNAPSHOT), &broken, Durability::Derived).unwrap();
        let report = verify::verify(root.path(), &Silent).unwrap();
        assert_eq!(report.warnings.iter().filter(|fault| fault.path == Paths::SNAPSHOT).count(), 1);
        publisher.yank(&set(0), &Version::new(1, 0, 0), Some(&yanked)).unwrap();
        assert_eq!(kept(&root).unwrap().file(&set(0)), Some(file(0).as_slice()));
        publisher.tidy_snapshot().unwrap();
        assert!(verify::verify(root.path(), &Silent).unwrap().warnings.is_empty());
    }

    fs::remove_file(&root.path().join(Paths::SNAPSHOT)).unwrap();
    publisher.yank(&set(0), &Version::new(1, 0, 0), None).unwrap();
    assert_eq!(kept(&root), None, "it was taken away on purpose");
    assert_eq!(publisher.tidy_snapshot().unwrap(), Some(Changed::Yes));
    assert_eq!(offered(&Folder::new(root.path())).unwrap(), None);
    assert!(Publisher::open(root.path(), &Silent).is_ok());
}
