//! Archives that strangers made, and what is none: `import` refuses them and changes nothing.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::share::{application, bytes, files_of};
use crate::shelf::Shelf;
use snapbox::str;
use std::fs;
use std::path::Path;
use tar::{EntryType, Header};

/// Writes a tar of `files`, as a stranger might.
fn write_tar(path: &Path, files: &[(&str, EntryType, &[u8])]) {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, kind, content) in files {
        let mut header = Header::new_ustar();
        header.as_ustar_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(content.len() as u64);
        header.set_cksum();
        tar.append(&header, *content).unwrap();
    }
    fs::write(path, tar.into_inner().unwrap()).unwrap();
}

fn regular_files(files: &[(String, Vec<u8>)]) -> Vec<(&str, EntryType, &[u8])> {
    files.iter().map(|(path, bytes)| (path.as_str(), EntryType::Regular, bytes.as_slice())).collect()
}

/// Imports a tar of `files` and returns what was answered; nothing may have changed.
#[track_caller]
fn refused(context: &TestContext, files: &[(&str, EntryType, &[u8])]) -> Answer {
    write_tar(&context.path("hostile.tar"), files);
    let before = (context.files("../cache"), context.files("../mirror"));
    let into_registry = context.anvil(&["import", "../hostile.tar", "--registry", "../mirror"]);
    let answer = context.anvil(&["import", "../hostile.tar"]);
    assert_eq!((answer.code, into_registry.code), (1, 1), "{}\n{}", answer.shown(), into_registry.shown());
    assert!((context.files("../cache"), context.files("../mirror")) == before, "something was changed");
    answer
}

#[test]
fn hostile_archives_are_refused_and_change_nothing() {
    let (context, _shelf) = application();
    let _mirror = Shelf::new(&context, "mirror", "test");
    context.anvil(&["export", "--output", "../carried.tar"]).success();
    let good = files_of(&bytes(&context, "../carried.tar"));
    let regular = regular_files(&good);
    fs::remove_dir_all(context.path("cache")).unwrap();

    assert_answer!(
        refused(&context, &[("../evil", EntryType::Regular, b"x")]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1111]: `[ROOT]/hostile.tar` is not a whole archive of `anvil export`: `../evil` has a segment `.` or `..`
  = help: nothing of it was taken in; write it anew where it comes from: `anvil export`

"#]]
    );
    for (path, kind) in [
        ("/etc/evil", EntryType::Regular),
        ("index/../../evil", EntryType::Regular),
        ("index/core", EntryType::Symlink),
        ("index/core/tone.jsonl", EntryType::Link),
        ("pipe", EntryType::Fifo),
    ] {
        let mut files = vec![(path, kind, &b""[..])];
        files.extend(&regular);
        assert!(refused(&context, &files).stderr.contains("A1111"), "{path}");
    }
    // Twice the same file, and one that differs in case alone.
    let twice: Vec<_> = regular.iter().chain(&regular).copied().collect();
    assert!(refused(&context, &twice).stderr.contains("occurs twice"));
    let huge = vec![b' '; 70_000];
    assert!(refused(&context, &[("anvil-registry.json", EntryType::Regular, &huge)]).stderr.contains("larger than"));
    assert!(refused(&context, &[]).stderr.contains("it has no `anvil-registry.json`"));

    let without =
        |left_out: &str| -> Vec<_> { regular.iter().filter(|file| !file.0.contains(left_out)).copied().collect() };
    assert!(refused(&context, &without("bundles/style")).stderr.contains("the bundle of style/voice 1.0.0 is missing"));

    // Nothing says of which version a bundle is; with no bundle either, there is nothing to take in.
    let said = |files: &[(&str, EntryType, &[u8])]| refused(&context, files).stderr;
    assert!(said(&without("index/style")).contains("no index names the bundle `bundles/style/voice/voice-1.0.0-"));
    assert!(said(&without("index/")).contains("no index names the bundle `bundles/core/tone/"));
    let bare: Vec<_> = without("index/").into_iter().filter(|file| !file.0.starts_with("bundles/")).collect();
    assert!(said(&bare).contains("it holds no versions"));

    // A bundle whose bytes are not those of its line, of the same size.
    let mut spoiled = good.clone();
    for (path, bytes) in &mut spoiled {
        if path.starts_with("bundles/style") {
            bytes[20] ^= 1;
        }
    }
    assert!(said(&regular_files(&spoiled)).contains("does not have the checksum of its index line"));

    // A line that lies about the content of its bundle.
    let mut lying = good.clone();
    let digest = good.iter().find(|file| file.0 == "index/core/tone.jsonl").unwrap().1.clone();
    let digest = serde_json::from_slice::<serde_json::Value>(&digest).unwrap()["digest"].as_str().unwrap().to_owned();
    let mut lie = Vec::new();
    for (path, bytes) in &mut lying {
        if path == "index/style/voice.jsonl" {
            let mut line: serde_json::Value = serde_json::from_slice(bytes).unwrap();
            line["digest"] = digest.clone().into();
            lie = line.to_string().into_bytes();
            bytes.clone_from(&lie);
        }
    }
    assert!(said(&regular_files(&lying)).contains("digest"));

    // Two lines of one version and one bundle, of which the second alone lies: both would be written.
    for (path, bytes) in &mut lying {
        if path == "index/style/voice.jsonl" {
            let sound = &good.iter().find(|file| file.0 == *path).unwrap().1;
            *bytes = [sound, lie.as_slice()].concat();
        }
    }
    assert!(said(&regular_files(&lying)).contains("its index says two things of style/voice 1.0.0"));

    // As it was, it is still taken.
    write_tar(&context.path("hostile.tar"), &regular);
    context.anvil(&["import", "../hostile.tar"]).success();
}

#[test]
fn what_is_no_archive_at_all_is_told_apart() {
    let (context, _shelf) = application();
    context.write("../page.html", "<!doctype html><html></html>");
    context.write("../packed.tar.gz", [0x1f, 0x8b, 8, 0]);
    for name in ["../page.html", "../packed.tar.gz", "../project"] {
        let answer = context.anvil(&["import", name]);
        assert_eq!(answer.code, 1, "{}", answer.shown());
    }
    assert_answer!(
        context.anvil(&["import", "../packed.tar.gz"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1111]: `[ROOT]/packed.tar.gz` is not a whole archive of `anvil export`: it is compressed with gzip: decompress it with `gunzip` first
  = help: nothing of it was taken in; write it anew where it comes from: `anvil export`

"#]]
    );
    assert_answer!(
        context.anvil(&["import", "missing.tar"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0901]: cannot open `[ROOT]/project/missing.tar`: No such file or directory (os error 2)

"#]]
    );
    context.anvil(&["export", "--output", "../carried.tar"]).success();
    assert_answer!(
        context.anvil(&["import", "../carried.tar", "--registry", "../nowhere"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0609]: there is no registry at `[ROOT]/nowhere`: it has no `anvil-registry.json`
  = help: check the place, `[ROOT]/nowhere`: under [registries] in anvil.toml a path is seen from its folder, on the command line from here
  = help: whoever publishes makes one there with: `anvil registry init [ROOT]/nowhere --id NAME`

"#]]
    );
    // Cut on its way.
    let whole = bytes(&context, "../carried.tar");
    for length in (0..whole.len()).step_by(1733) {
        fs::write(context.path("cut.tar"), &whole[..length]).unwrap();
        assert_eq!(context.anvil(&["import", "../cut.tar"]).code, 1, "{length} of {} bytes were taken", whole.len());
    }
}
