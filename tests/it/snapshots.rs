//! Snapshots of an index that are broken or lie about themselves, met by `anvil lock`: the index files are asked in
//! their place, and nothing of them is used.

use crate::context::{Answer, TestContext};
use crate::server::{Fault, Server};
use crate::shelf::{Shelf, asking};
use anvil::index::{Snapshot, SnapshotOffer};
use anvil::name::SetName;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write as _;
use std::time::{Duration, Instant};

const SNAPSHOT: &str = "/index-snapshot.jsonl.gz";

/// How many sets there are, each needing the next: more than are asked for one by one.
const SETS: usize = 10;

fn gz(text: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(text).unwrap();
    packer.finish().unwrap()
}

struct World {
    context: TestContext,
    shelf: Shelf,
    server: Server,
    /// The lock that the index files make.
    lock: String,
}

impl World {
    fn new() -> Self {
        let context = TestContext::new();
        let shelf = Shelf::new(&context, "registry", "test");
        for at in (0..SETS).rev() {
            let needs = format!("a/s{} ^1", at + 1);
            let needs: &[&str] = if at + 1 < SETS { &[&needs] } else { &[] };
            shelf.publish(&format!("a/s{at} 1.0.0"), needs);
        }
        context.write("anvil.toml", asking(&[("a/s0", "^1"), ("a/s3", "^1"), ("a/s6", "^1"), ("a/s9", "^1")]));
        context.anvil(&["lock"]).success();
        let lock = context.read("anvil.lock");
        context.anvil(&["registry", "rebuild", "../registry", "--snapshot"]).success();
        // What it promises does not keep a bomb out.
        let file = shelf.root.join("anvil-registry.json");
        let offered = SnapshotOffer::put(&fs::read(&file).unwrap(), Some(SnapshotOffer { limit: 2 << 20 })).unwrap();
        fs::write(&file, offered).unwrap();
        let server = Server::serve(&shelf.root);
        context.write(
            "anvil.toml",
            context.read("anvil.toml").replace("\"../registry\"", &format!("\"{}\"", server.url(""))),
        );
        World { context, shelf, server, lock }
    }

    /// Locks with an empty cache, and says which requests it took.
    fn lock(&self) -> (Answer, usize) {
        for folder in ["cache", "project/.anvil"] {
            let _ = fs::remove_dir_all(self.context.path(folder));
        }
        let _ = fs::remove_file(self.context.path("project/anvil.lock"));
        self.server.forget();
        let answer = self.context.anvil(&["-v", "lock"]);
        (answer, self.server.count("/index/"))
    }

    /// Returns the snapshot that there is, unpacked.
    fn text(&self) -> Vec<u8> {
        let files: Vec<(SetName, Vec<u8>)> = (0..SETS)
            .map(|at| {
                let bytes = fs::read(self.shelf.root.join(format!("index/a/s{at}.jsonl"))).unwrap();
                (format!("a/s{at}").parse().unwrap(), bytes)
            })
            .collect();
        let files = files.iter().map(|(name, bytes)| (name, bytes.as_slice()));
        Snapshot::of(&"test".parse().unwrap(), files).text().to_vec()
    }
}

#[test]
fn a_broken_snapshot_is_passed_over_and_nothing_of_it_is_used() {
    let world = World::new();
    let (good, asked) = world.lock();
    good.success();
    assert_eq!(world.server.count(SNAPSHOT), 1);
    assert!(asked < SETS, "the snapshot saved nothing: {asked} requests");
    assert_eq!(world.context.read("anvil.lock"), world.lock);

    let text = world.text();
    let packed = gz(&text);
    let with = |old: &str, new: &str| {
        let text = String::from_utf8(text.clone()).unwrap();
        assert!(text.contains(old), "{old} is not in {text}");
        text.replace(old, new).into_bytes()
    };
    // As long as before, so that every place in the file holds: only the checksums know.
    let forged = with("\"version\":\"1.0.0\"", "\"version\":\"1.9.0\"");
    let mut cut = text.clone();
    cut.truncate(text.len() - 40);
    let swapped = with("{\"name\":\"a/s4\"", "{\"name\":\"a/s5\"");
    let huge = String::from_utf8(text.clone()).unwrap().replacen("\"size\":", "\"size\":9999999999", 1).into_bytes();
    let broken: [(&str, Vec<u8>); 14] = [
        ("empty", Vec::new()),
        ("no gzip", b"garbage".to_vec()),
        ("half of it", packed[..packed.len() / 2].to_vec()),
        ("without its last byte", packed[..packed.len() - 1].to_vec()),
        ("a bit is another", {
            let mut bytes = packed.clone();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x10;
            bytes
        }),
        ("empty when unpacked", gz(b"")),
        ("cut within", gz(&cut)),
        ("wrong checksums", gz(&forged)),
        ("of another registry", gz(&with("\"registry\":\"test\"", "\"registry\":\"evil\""))),
        ("of a newer form", gz(&with("{\"v\":1,\"registry\"", "{\"v\":2,\"registry\""))),
        ("a set under another's name", gz(&swapped)),
        ("a size beyond all bounds", gz(&huge)),
        ("a bomb", gz(&vec![b' '; 200 << 20])),
        ("larger than it promises", vec![0; 3 << 20]),
    ];
    for (what, bytes) in broken {
        world.server.mend();
        world.server.fault(SNAPSHOT, Fault::Body(bytes));
        let begun = Instant::now();
        let (answer, asked) = world.lock();
        let answer = answer.success();
        assert_eq!(world.context.read("anvil.lock"), world.lock, "{what}");
        assert!(asked >= 4, "{what}: {asked} index files were asked for\n{}", answer.shown());
        assert!(world.server.count(SNAPSHOT) <= 1, "{what}");
        assert!(begun.elapsed() < Duration::from_secs(30), "{what} took {:?}", begun.elapsed());
        assert!(!answer.stderr.contains("panicked") && !answer.stdout.contains("1.9.0"), "{what}: {}", answer.shown());
        // What is kept in the cache is sound, too.
        fs::remove_file(world.context.path("project/anvil.lock")).unwrap();
        world.context.anvil(&["lock"]).success();
        assert_eq!(world.context.read("anvil.lock"), world.lock, "{what}, from the cache");
    }
    for (what, fault) in [
        ("a cut answer", Fault::CutAfter(packed.len() / 2)),
        ("no answer", Fault::HangUp),
        ("an error", Fault::Status(500)),
        ("not there", Fault::Status(404)),
        ("refused", Fault::Status(403)),
        ("a web page", Fault::Html),
    ] {
        world.server.mend();
        world.server.fault(SNAPSHOT, fault);
        world.lock().0.success();
        assert_eq!(world.context.read("anvil.lock"), world.lock, "{what}");
        assert_eq!(world.server.count(SNAPSHOT), 1, "{what}: it is not worth a second try");
    }
}

#[test]
fn a_snapshot_that_lacks_sets_or_is_behind_hides_none_that_are_asked_for() {
    let world = World::new();
    let some = |keep: &dyn Fn(usize) -> bool| {
        let files: Vec<(SetName, Vec<u8>)> = (0..SETS)
            .filter(|at| keep(*at))
            .map(|at| {
                let bytes = fs::read(world.shelf.root.join(format!("index/a/s{at}.jsonl"))).unwrap();
                (format!("a/s{at}").parse().unwrap(), bytes)
            })
            .collect();
        let files = files.iter().map(|(name, bytes)| (name, bytes.as_slice()));
        gz(Snapshot::of(&"test".parse().unwrap(), files).text())
    };
    let keeps: [&dyn Fn(usize) -> bool; 2] = [&|_| false, &|at| at % 2 == 0];
    for keep in keeps {
        world.server.mend();
        world.server.fault(SNAPSHOT, Fault::Body(some(keep)));
        world.lock().0.success();
        assert_eq!(world.context.read("anvil.lock"), world.lock);
    }
    // Behind by a version that another set needs: told, and `update` does not go by it.
    let before = some(&|_| true);
    world.server.mend();
    world.server.fault(SNAPSHOT, Fault::Body(before));
    world.shelf.publish("a/s9 1.1.0", &[]);
    world.lock().0.success();
    let locked = world.context.read("anvil.lock");
    assert!(locked == world.lock || locked.contains("1.1.0"), "{locked}");
    world.context.anvil(&["update"]).success();
    assert!(world.context.read("anvil.lock").contains("version = \"1.1.0\""));
}
