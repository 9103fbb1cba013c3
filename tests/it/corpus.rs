//! What the fuzz targets were given, given again: every file of `fuzz/corpus` through the function of
//! its target, on a thread with the stack that threads have by default.

use std::panic::catch_unwind;
use std::path::Path;

#[path = "../../fuzz/targets.rs"]
mod targets;

/// Runs `target` with every file of its corpus.
fn replay(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 8, "{} has only {} files", folder.display(), files.len());
    let fails = |file: &std::path::PathBuf| {
        let input = std::fs::read(file).unwrap();
        catch_unwind(|| target(&input)).is_err()
    };
    let failed: Vec<String> = files.iter().filter(|file| fails(file)).map(|file| file.display().to_string()).collect();
    assert!(failed.is_empty(), "what is said above failed for {}", failed.join(", "));
}

#[test]
fn parsing_holds_for_the_corpus() {
    replay("parse", targets::parse);
}

#[test]
fn rendering_holds_for_the_corpus() {
    replay("render", targets::render);
}

#[test]
fn front_matter_holds_for_the_corpus() {
    replay("front_matter", targets::front_matter);
}
