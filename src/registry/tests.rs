use super::test_server::{Server, answer};
use super::*;
use crate::config::credentials::{Credential, Origin, Secret};
use crate::digest::Sha256;
use crate::error::{Diagnose, Kind};
use crate::fs::{self, Durability};
use crate::index::{Line, LineDependency, edit, test_line};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

fn options() -> Options {
    let http = HttpSettings {
        read_timeout: Duration::from_secs(2),
        backoff: Duration::from_millis(1),
        retries: 1,
        ..HttpSettings::default()
    };
    Options { http, ..Options::default() }
}

fn name(text: &str) -> SetName {
    text.parse().unwrap()
}

fn at(url: &str, options: &Options) -> Result<Registry, RegistryError> {
    Registry::at(&Location::parse(url, Path::new("/")).unwrap(), options)
}

/// A line whose bundle is `bundle`, with dependencies on any version of `on`.
fn line(set: &str, version: &str, bundle: &[u8], on: &[&str]) -> Line {
    let dependencies = on.iter().map(|on| LineDependency {
        name: name(on),
        requirement: "*".parse().unwrap(),
        registry: None,
        registry_url: None,
    });
    Line {
        sha256: Sha256::of(bundle),
        size: bundle.len() as u64,
        dependencies: dependencies.collect(),
        ..test_line(set, version)
    }
}

/// The files of a registry called `test` with three sets, each needing the next, and a bundle each.
fn files() -> HashMap<String, Vec<u8>> {
    let mut files = HashMap::new();
    let id = RegistryFile { id: "test".parse().unwrap(), api: None };
    files.insert(Paths::REGISTRY_FILE.to_owned(), id.to_json().into_bytes());
    for (set, on) in [("a/a", &["a/b"][..]), ("a/b", &["a/c"]), ("a/c", &[])] {
        let line = line(set, "1.0.0", set.as_bytes(), on);
        files.insert(Paths::bundle(&line.name, &line.version, &line.sha256), set.into());
        files.insert(Paths::index(&line.name), edit::to_text(&line));
    }
    files.insert("channels/a/a.json".into(), b"{\"stable\":\"1.0.0\"}".to_vec());
    files
}

fn serve(files: HashMap<String, Vec<u8>>, cache_control: &'static str) -> Server {
    Server::start(move |request, _| match files.get(request.path.trim_start_matches('/')) {
        Some(_) if request.header("if-none-match") == Some("\"1\"") => {
            answer("304 Not Modified", &[("cache-control", cache_control)], "")
        }
        Some(bytes) => answer("200 OK", &[("etag", "\"1\""), ("cache-control", cache_control)], bytes),
        None => answer("404 Not Found", &[], "no"),
    })
}

fn folder(files: HashMap<String, Vec<u8>>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        fs::write(&folder.path().join(path), &bytes, Durability::Derived).unwrap();
    }
    folder
}

#[test]
fn folders_and_hosts_are_read_in_the_same_way() {
    let (server, folder) = (serve(files(), ""), folder(files()));
    let places =
        [server.url.clone(), folder.path().display().to_string(), format!("file://{}", folder.path().display())];
    for place in places {
        let registry = at(&place, &options()).unwrap();
        assert_eq!(registry.id().as_str(), "test");
        let index = registry.index(&name("a/a")).unwrap().unwrap();
        assert_eq!(index.lines.len(), 1);
        assert!(registry.index(&name("a/none")).unwrap().is_none());
        assert_eq!(registry.channels(&name("a/a")).unwrap().0.len(), 1);
        assert!(registry.channels(&name("a/b")).unwrap().0.is_empty());
        assert_eq!(registry.bundle(&Wanted::from(&index.lines[0])).unwrap(), b"a/a");
        assert!(registry.require(&"test".parse().unwrap()).is_ok());
        let error = registry.require(&"other.example".parse().unwrap()).unwrap_err().to_string();
        assert!(error.contains("`test`") && error.contains("`other.example`"), "{error}");
    }
    assert_eq!(at(&folder.path().display().to_string(), &options()).unwrap().names().unwrap().len(), 3);
}

#[test]
fn what_is_no_registry_is_said() {
    let kind_and_text = |place: &str| {
        let error = at(place, &options()).err().unwrap();
        (error.kind(), error.to_string())
    };
    let empty = tempfile::tempdir().unwrap();
    let nothing = Server::start(|_, _| answer("404 Not Found", &[], ""));
    for place in [empty.path().display().to_string(), "/nowhere/at/all".into(), nothing.url.clone()] {
        let (kind, text) = kind_and_text(&place);
        assert_eq!(kind, Kind::No);
        assert!(text.starts_with("there is no registry at"), "{text}");
    }
    let newer = folder([(Paths::REGISTRY_FILE.to_owned(), b"{\"format\":2}".to_vec())].into());
    let error = at(&newer.path().display().to_string(), &options()).err().unwrap();
    assert_eq!((error.kind(), error.hints()[0].to_string()), (Kind::No, "upgrade anvil".into()));
}

#[test]
fn a_mirror_that_claims_anothers_id_is_not_believed() {
    let id = RegistryFile { id: "prompts.example.com".parse().unwrap(), api: None };
    let mirror = serve([(Paths::REGISTRY_FILE.to_owned(), id.to_json().into_bytes())].into(), "");
    let entry = |vouched: Option<&str>| Entry {
        name: "default".parse().unwrap(),
        location: Location::parse(&mirror.url, Path::new("/")).unwrap(),
        vouched: vouched.map(|id| id.parse().unwrap()),
    };
    assert!(matches!(Registry::open(&entry(None), &options()), Err(RegistryError::NotBelieved { .. })));
    assert!(Registry::open(&entry(Some("prompts.example.com")), &options()).is_ok());
    let other = Registry::open(&entry(Some("other.example.com")), &options());
    assert!(matches!(other, Err(RegistryError::Different { .. })));
}

#[test]
fn prefetching_walks_ahead_of_the_resolver() {
    let server = serve(files(), "");
    let registry = at(&server.url, &options()).unwrap();
    registry.prefetch(&[(name("a/a"), "^1".parse().unwrap()), (name("a/none"), "*".parse().unwrap())]);
    for _ in 0..500 {
        if server.count() == 5 {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(server.count(), 5, "the registry file, three sets and one that is not there");
    for (set, there) in [("a/a", true), ("a/b", true), ("a/c", true), ("a/none", false)] {
        assert_eq!(registry.index(&name(set)).unwrap().is_some(), there);
    }
    assert_eq!(server.count(), 5, "something was asked for twice");
    assert_eq!(registry.round_trips(), 3, "each of the three sets needs the next");
}

#[test]
fn what_is_expected_comes_while_the_registry_tells_what_it_is() {
    let asked = Arc::new(AtomicUsize::new(0));
    let (counted, files) = (asked.clone(), files());
    // The registry file is held back until indexes were asked for; without that it never comes.
    let server = Server::start(move |request, _| {
        let path = request.path.trim_start_matches('/');
        if path == Paths::REGISTRY_FILE {
            let is_there = (0..100).any(|_| {
                std::thread::sleep(Duration::from_millis(10));
                counted.load(Ordering::SeqCst) == EXPECTED
            });
            return if is_there { answer("200 OK", &[], &files[path]) } else { answer("400 Bad Request", &[], "") };
        }
        counted.fetch_add(1, Ordering::SeqCst);
        answer("404 Not Found", &[], "")
    });
    let entry = Entry {
        name: "default".parse().unwrap(),
        location: Location::parse(&server.url, Path::new("/")).unwrap(),
        vouched: None,
    };
    let sets = |count: usize| (0..count).map(|at| (name(&format!("x/s{at}")), Requirement::STAR)).collect::<Vec<_>>();
    let registry = Registry::open_expecting(&entry, &options(), &sets(EXPECTED + 5)).unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), EXPECTED, "more was asked for than may be before the registry is known");
    assert!(registry.index(&name("x/s0")).unwrap().is_none());
    assert_eq!(asked.load(Ordering::SeqCst), EXPECTED, "something was asked for twice");
}

#[test]
fn what_is_expected_leads_on_only_when_the_registry_is_known() {
    let early = Arc::new(Mutex::new(None));
    let (seen, asked, files) = (early.clone(), AtomicUsize::new(0), files());
    let server = Server::start(move |request, _| {
        let path = request.path.trim_start_matches('/');
        if path == Paths::REGISTRY_FILE {
            // Time enough to ask for what `a/a` needs, if that were done.
            std::thread::sleep(Duration::from_millis(300));
            *seen.lock().unwrap() = Some(asked.load(Ordering::SeqCst));
        } else {
            asked.fetch_add(1, Ordering::SeqCst);
        }
        files.get(path).map_or_else(|| answer("404 Not Found", &[], ""), |bytes| answer("200 OK", &[], bytes))
    });
    let location = Location::parse(&server.url, Path::new("/")).unwrap();
    let entry = Entry { name: "default".parse().unwrap(), location, vouched: None };
    let registry = Registry::open_expecting(&entry, &options(), &[(name("a/a"), Requirement::STAR)]).unwrap();
    assert_eq!(*early.lock().unwrap(), Some(1), "a snapshot might have what the first set leads to");
    for _ in 0..500 {
        if server.count() == 4 {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(server.count(), 4, "the registry file and three sets");
    assert!(registry.index(&name("a/c")).unwrap().is_some());
}

#[test]
fn a_credential_is_not_tried_on_many_requests_at_once() {
    let server = Server::start(|_, _| answer("401 Unauthorized", &[], ""));
    let location = Location::parse(&server.url, Path::new("/")).unwrap();
    let origin = Origin::of(&server.url.parse().unwrap()).unwrap();
    let credential = Credential::Token(Secret::token("mistaken").unwrap());
    let options = Options { credentials: Arc::new(Credentials::given(&origin, credential)), ..options() };
    let entry = Entry { name: "default".parse().unwrap(), location, vouched: None };
    let expected = [(name("a/a"), Requirement::STAR), (name("a/b"), Requirement::STAR)];
    let refused = Registry::open_expecting(&entry, &options, &expected).err().unwrap();
    assert!(matches!(refused, RegistryError::Authentication { .. }), "{refused}");
    assert_eq!(server.count(), 1);
}

#[test]
fn a_cycle_of_dependencies_ends_and_many_threads_share_one_request() {
    let mut files = files();
    files.insert("index/a/c.jsonl".into(), edit::to_text(&line("a/c", "1.0.0", b"", &["a/a", "a/c"])));
    let server = serve(files, "");
    let registry = at(&server.url, &options()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                registry.prefetch(&[(name("a/a"), "*".parse().unwrap())]);
                assert!(registry.index(&name("a/b")).unwrap().is_some());
            });
        }
    });
    // Whatever the walk ahead has not come to yet is read now; nothing is read twice.
    for set in ["a/a", "a/c"] {
        assert!(registry.index(&name(set)).unwrap().is_some());
    }
    assert_eq!(server.count(), 4);
}

#[test]
fn what_the_server_allows_is_used_without_asking_and_the_rest_is_revalidated() {
    let scratch = tempfile::tempdir().unwrap();
    let cache = Cache::open(scratch.path());
    let fresh = serve(files(), "max-age=60");
    let run = |server: &Server, cache: &Cache, freshness| {
        let before = server.count();
        let options = Options { freshness, cache: Some(cache.clone()), ..options() };
        let registry = at(&server.url, &options)?;
        registry.prefetch(&[(name("a/a"), "*".parse().unwrap())]);
        for set in ["a/a", "a/b", "a/c"] {
            assert!(registry.index(&name(set))?.is_some());
        }
        Ok::<_, RegistryError>(server.count() - before)
    };
    assert!(matches!(run(&fresh, &cache, Freshness::Offline), Err(RegistryError::Offline { .. })));
    assert_eq!(run(&fresh, &cache, Freshness::Cached).unwrap(), 4);
    assert_eq!(run(&fresh, &cache, Freshness::Cached).unwrap(), 0, "max-age was not obeyed");
    assert_eq!(run(&fresh, &cache, Freshness::Revalidate).unwrap(), 4);
    assert_eq!(run(&fresh, &cache, Freshness::Offline).unwrap(), 0);
    assert_eq!(fresh.requests().iter().filter(|request| request.header("if-none-match").is_some()).count(), 4);

    let silent = serve(files(), "");
    assert_eq!(run(&silent, &cache, Freshness::Cached).unwrap(), 4);
    assert_eq!(run(&silent, &cache, Freshness::Cached).unwrap(), 4, "an answer without an age was taken as fresh");
    assert_eq!(run(&silent, &cache, Freshness::Offline).unwrap(), 0);
}

#[test]
fn what_is_broken_is_told_each_time_and_not_kept() {
    let scratch = tempfile::tempdir().unwrap();
    let cache = Cache::open(scratch.path());
    let mut files = files();
    files.insert("index/a/a.jsonl".into(), b"{\"v\":1}\n".to_vec());
    let server = serve(files, "max-age=60");
    let registry = at(&server.url, &Options { cache: Some(cache.clone()), ..options() }).unwrap();
    for _ in 0..2 {
        let error = registry.index(&name("a/a")).unwrap_err();
        assert_eq!(error.kind(), Kind::No);
        assert!(error.to_string().starts_with("line 1 of the index of a/a is not valid"), "{error}");
    }
    let kept = IndexCache::open(&cache, &server.url);
    assert!(kept.get("index/a/a.jsonl").is_none() && kept.get(Paths::REGISTRY_FILE).is_some());
}

#[test]
fn a_bundle_that_is_not_the_promised_one_is_refused() {
    let files = files();
    let promised = Wanted::from(&line("a/a", "1.0.0", b"a/a", &[]));
    let path = promised.path();
    let mut wrong = files.clone();
    wrong.insert(path.clone(), b"a/x".to_vec());
    let mut missing = files.clone();
    missing.remove(&path);
    for (files, expected) in [(wrong, "its sha256 is"), (missing, "has no bundle of it")] {
        let (server, folder) = (serve(files.clone(), ""), folder(files));
        for place in [server.url.clone(), folder.path().display().to_string()] {
            let registry = at(&place, &options()).unwrap();
            let error = registry.bundle(&promised).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            assert_eq!(error.kind(), Kind::No);
        }
    }
    let server = serve(files, "");
    let longer = Wanted { size: Some(4), ..promised };
    let error = at(&server.url, &options()).unwrap().bundle(&longer).unwrap_err();
    assert!(error.to_string().ends_with("it has 3 bytes, not 4"), "{error}");
}

#[test]
fn many_bundles_come_each_once_and_an_error_ends_them() {
    let mut files = files();
    let wanted: Vec<Wanted> = (0..20)
        .map(|at| {
            let bytes = format!("bundle {at}").into_bytes();
            let wanted = Wanted::from(&line("a/a", &format!("1.0.{at}"), &bytes, &[]));
            files.insert(wanted.path(), bytes);
            wanted
        })
        .collect();
    let (server, folder) = (serve(files.clone(), ""), folder(files));
    for place in [server.url.clone(), folder.path().display().to_string()] {
        let registry = at(&place, &options()).unwrap();
        let mut seen = Vec::new();
        let result = registry.fetch_bundles(&wanted, 4, |wanted, bytes| {
            assert_eq!(Sha256::of(&bytes), wanted.sha256);
            seen.push(wanted.version.clone());
            Ok::<_, RegistryError>(())
        });
        result.unwrap();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 20);

        let mut with_a_wrong_one = wanted.clone();
        with_a_wrong_one[7].sha256 = Sha256::of("other");
        let error = registry.fetch_bundles(&with_a_wrong_one, 4, |_, _| Ok::<_, RegistryError>(())).unwrap_err();
        assert!(matches!(error, RegistryError::NoBundle { .. }), "{error}");
    }
}

#[test]
fn an_application_with_a_runtime_of_its_own_may_call() {
    let server = serve(files(), "");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let registry = at(&server.url, &options()).unwrap();
        assert!(registry.index(&name("a/a")).unwrap().is_some());
    });
}
