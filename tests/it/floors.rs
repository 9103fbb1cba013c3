//! The house has floors: a module uses those below it, never one above, nor one beside it in a
//! circle. The core and the formats touch neither the world nor its clock; only `fs` touches the disk.
//!
//! The sources are read as text, without comments, literals and unit tests: what a module names by
//! `crate::…` (or by enough `super::`) it uses.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// From the ground up. Modules of one floor may use each other, but in no circle.
const FLOORS: &[(&str, &[&str])] = &[
    ("the ground", &["address", "digest", "error", "fs", "name", "progress", "version"]),
    ("the formats", &["archive", "index", "lockfile", "manifest", "reviews", "statement"]),
    ("the core", &["compat", "diff", "prompt", "resolver", "scan", "template"]),
    ("the world", &["config", "git", "registry", "signing", "store"]),
    ("the SDK", &["client"]),
    ("the use cases", &["commands"]),
    ("the faces", &["cli", "server"]),
];

/// What the core and the formats may not name: the disk, the network, other programs, the clock.
const WORLD: &[&str] = &["std::fs", "std::net", "std::process", "std::env", "SystemTime"];

#[test]
fn no_module_uses_one_above_its_floor() {
    let mut faults = Vec::new();
    for (module, uses) in graph() {
        let Some(floor) = floor_of(&module) else {
            faults.push(format!("`{module}` stands on no floor: say in tests/it/floors.rs on which"));
            continue;
        };
        for (used, place) in uses {
            match floor_of(&used) {
                Some(above) if above > floor => {
                    faults
                        .push(format!("{place}: `{module}` ({}) uses `{used}` ({})", FLOORS[floor].0, FLOORS[above].0));
                }
                _ => {}
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_modules_use_each_other_in_a_circle() {
    let graph: BTreeMap<String, BTreeSet<String>> =
        graph().into_iter().map(|(module, uses)| (module, uses.into_keys().collect())).collect();
    // What uses nothing that is left can go; what never can stands in a circle or above one.
    let mut left: BTreeSet<&String> = graph.keys().collect();
    loop {
        let free: Vec<&String> =
            left.iter().copied().filter(|module| graph[*module].iter().all(|used| !left.contains(used))).collect();
        if free.is_empty() {
            break;
        }
        left.retain(|module| !free.contains(module));
    }
    assert!(left.is_empty(), "modules use each other in a circle: {}", circle(&graph, &left).join(" -> "));
}

/// Returns a circle among the modules that are `left`, each of which uses another of them.
fn circle<'a>(graph: &'a BTreeMap<String, BTreeSet<String>>, left: &BTreeSet<&'a String>) -> Vec<&'a str> {
    let mut path: Vec<&str> = left.iter().take(1).map(|module| module.as_str()).collect();
    while let Some(next) = path.last().and_then(|at| graph[*at].iter().find(|used| left.contains(used))) {
        let before = path.iter().position(|module| module == next);
        path.push(next);
        if let Some(start) = before {
            return path.split_off(start);
        }
    }
    path
}

#[test]
fn the_core_and_the_formats_do_not_touch_the_world() {
    let mut faults = Vec::new();
    for (module, place, code) in sources() {
        let (core, formats) = (FLOORS[2].1, FLOORS[1].1);
        let inside = |modules: &[&str]| modules.contains(&module.as_str());
        if !inside(core) && !inside(formats) {
            continue;
        }
        let forbidden = WORLD.iter().filter(|word| names(&code, word)).copied();
        let disk = (inside(core) && used_by(&code, depth(&place)).contains("fs")).then_some("crate::fs");
        faults.extend(forbidden.chain(disk).map(|word| format!("{place}: `{module}` names `{word}`")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_fs_touches_the_disk() {
    let faults: Vec<String> = sources()
        .into_iter()
        .filter(|(module, _, code)| module != "fs" && (names(code, "std::fs") || imports_fs_of_std(code)))
        .map(|(_, place, _)| format!("{place} names `std::fs`: use `crate::fs`"))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Returns the floor of a module; a name right below `crate` that is no module has none.
fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|(_, modules)| modules.contains(&module))
}

/// Returns for each module which others it uses, each with the first file where it does.
fn graph() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut graph: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (module, place, code) in sources() {
        let uses = graph.entry(module.clone()).or_default();
        for used in used_by(&code, depth(&place)).into_iter().filter(|used| *used != module) {
            uses.entry(used).or_insert_with(|| place.clone());
        }
    }
    graph
}

/// Returns every source file but the two roots: its top module, its place, and its bare code.
fn sources() -> Vec<(String, String, String)> {
    fn walk(folder: &Path, files: &mut Vec<(String, String, String)>, root: &Path) {
        let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, files, root);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let place = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                let module = place.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
                // A module's unit tests may fill a file, `tests.rs`, or a folder of files, `tests/`; what
                // several tests of a module share stands in `testing.rs` or `test_….rs`.
                let test = place
                    .split('/')
                    .any(|part| matches!(part, "tests" | "tests.rs" | "testing.rs") || part.starts_with("test_"));
                if !test && !matches!(place.as_str(), "lib.rs" | "main.rs") {
                    files.push((module, place, bare(&std::fs::read_to_string(&path).unwrap())));
                }
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files, &root);
    assert!(files.len() > 20, "the sources were not found");
    files
}

/// Returns how many `super::` lead from the file to the crate's root.
fn depth(place: &str) -> usize {
    let segments = place.split('/').count();
    if place.ends_with("/mod.rs") { segments - 1 } else { segments }
}

/// Returns the modules right below the crate's root that `code` names.
fn used_by(code: &str, depth: usize) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let roots = ["crate::".to_owned(), "super::".repeat(depth)];
    for root in &roots {
        for (at, _) in code.match_indices(root.as_str()) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '$')) {
                continue;
            }
            used.extend(first_segments(&code[at + root.len()..]));
        }
    }
    used
}

/// Returns the first segment of the path that `code` begins with, or of each in a `{…}` group.
fn first_segments(code: &str) -> Vec<String> {
    let word =
        |text: &str| -> String { text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let Some(group) = code.trim_start().strip_prefix('{') else { return vec![word(code)] };
    let (mut level, mut start, mut segments) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => level += 1,
            '}' if level > 0 => level -= 1,
            ',' | '}' if level == 0 => {
                segments.push(word(&group[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    segments.retain(|segment| !segment.is_empty());
    segments
}

/// Returns whether `code` names `path` as whole words.
fn names(code: &str, path: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(path).any(|(at, _)| {
        !code[..at].chars().next_back().is_some_and(part) && !code[at + path.len()..].chars().next().is_some_and(part)
    })
}

/// Returns whether `code` has `use std::{…, fs, …}`.
fn imports_fs_of_std(code: &str) -> bool {
    code.match_indices("std::{").any(|(at, _)| first_segments(&code[at + "std::".len()..]).iter().any(|s| s == "fs"))
}

/// Returns `source` without comments, the content of literals, and unit tests.
fn bare(source: &str) -> String {
    let code = without_literals(source);
    // By the house's habit unit tests come last in a file.
    match code.find("#[cfg(test)]\nmod tests") {
        Some(tests) => code[..tests].to_owned(),
        None => code,
    }
}

fn without_literals(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = raw_string(rest).filter(|_| !code.ends_with(|c: char| c.is_alphanumeric())) {
            length
        } else if c == '"' {
            quoted(rest)
        } else if let Some(length) = character(rest) {
            length
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        rest = &rest[skipped..];
    }
    code
}

/// Returns the length of the string that `text` begins with.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Returns the length of the raw string that `text` begins with, if it does.
fn raw_string(text: &str) -> Option<usize> {
    let after = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = after.chars().take_while(|c| *c == '#').count();
    let content = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = content.find(&end).map_or(content.len(), |at| at + end.len());
    Some(text.len() - content.len() + length)
}

/// Returns the length of the character that `text` begins with, if it does: `'a` alone is a lifetime.
fn character(text: &str) -> Option<usize> {
    let mut chars = text.strip_prefix('\'')?.char_indices();
    match chars.next()? {
        (_, '\\') => text[3..].find('\'').map(|at| at + 4),
        (_, c) => text[1 + c.len_utf8()..].starts_with('\'').then_some(c.len_utf8() + 2),
    }
}

#[test]
fn the_reader_of_sources_finds_what_is_used_and_nothing_else() {
    let code = bare(
        "//! [`crate::cli`]\nuse crate::{error::{Code, self}, name::SetName, fs};\nlet a = \"crate::git\"; /* crate::a */\n\
         let q = '\"'; let r = r#\"crate::b \" \"#; fn f<'a>(x: &'a crate::address::Address) {}\n\
         pub(crate) fn g() { super::super::version::parse(); $crate::macros!(); }\n\
         #[cfg(test)]\nmod tests { use crate::registry; }\n",
    );
    let used: Vec<String> = used_by(&code, 2).into_iter().collect();
    assert_eq!(used, ["address", "error", "fs", "name", "version"]);
    assert!(names("use std::fs;", "std::fs") && !names("std::fsx", "std::fs"));
    assert!(imports_fs_of_std("use std::{io, fs::{self, File}};") && !imports_fs_of_std("use std::{io::fs};"));
}
