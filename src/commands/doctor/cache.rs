//! The machine's cache: whether it can be written and linked from, what is in it, and whether there is room.

use super::{Area, Level, Report};
use crate::commands::context::Context;
use crate::commands::project::Project;
use crate::error::{Error, Hint};
use crate::fs::{self, StagedFolder};
use crate::store::Cache;
use crate::store::layout::PROJECT_FOLDER;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How many bundles are looked into.
const SAMPLE: usize = 200;

/// Where less room than this is left, in KiB, a pull may fail: 100 MiB.
const LITTLE: u64 = 100 << 10;

pub(super) fn look(context: &Context, project: Option<&Project>, report: &mut Report) {
    let cache = match context.cache() {
        Ok(cache) => cache,
        Err(error) => return report.error(Area::Cache, &error.into()),
    };
    let place = cache.path().display();
    let was_there = fs::exists(cache.path());
    let probe = match probe(cache) {
        Ok(probe) => probe,
        Err(error) => {
            report.error(Area::Cache, &error);
            if let Some(check) = report.checks.last_mut() {
                check.hints.push(Hint::run("see what says where it is", "anvil config list"));
            }
            return;
        }
    };
    match cache.usage() {
        Err(error) => report.error(Area::Cache, &error.into()),
        Ok(usage) => {
            let all = usage.bundles + usage.files + usage.index + usage.git;
            report.good(
                Area::Cache,
                format!("{place} can be written: {} files, {} KiB", all.files, all.bytes.div_ceil(1024)),
            );
        }
    }
    if let Some(project) = project {
        links(&probe, project, report);
    }
    let broken = cache.broken_bundles(SAMPLE).unwrap_or_default();
    if let [first, rest @ ..] = broken.as_slice() {
        let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
        let hint = Hint::run("remove what rotted; it is fetched again", "anvil cache verify");
        report.warn(Area::Cache, format!("`{}` is not as it was stored{more}", first.display()), hint);
    }
    match free(cache.path()) {
        Some(room) if room < LITTLE => {
            let check = report.add(Area::Cache, Level::Warning, format!("only {} MiB are left at {place}", room >> 10));
            check.hints = vec![
                Hint::run("make room: all of it can be fetched again", "anvil cache clean"),
                Hint::run("or keep the cache elsewhere", "anvil config set cache-dir FOLDER"),
            ];
        }
        Some(_) | None => {}
    }
    drop(probe);
    if !was_there {
        fs::remove_folder_if_empty(cache.path());
    }
}

/// Returns a folder with one file in the cache, which goes when it is dropped.
fn probe(cache: &Cache) -> Result<StagedFolder, Error> {
    fs::create_folder(cache.path())?;
    let folder = StagedFolder::at(&cache.path().join("probe"))?;
    folder.write("file", b"probe")?;
    Ok(folder)
}

/// Looks whether the project's files can be the cache's own, which costs no room and less time. Tried only where
/// something is unpacked already.
fn links(probe: &StagedFolder, project: &Project, report: &mut Report) {
    let home = project.root.join(PROJECT_FOLDER);
    let Ok(here) = (if fs::is_dir(&home) { StagedFolder::at(&home.join("probe")) } else { return }) else {
        let hint = Hint::new(format!("allow writing to `{}`", home.display()));
        return report.warn(Area::Cache, format!("`{}` cannot be written", home.display()), hint);
    };
    if !fs::link(&probe.path().join("file"), &here.path().join("file")) {
        let hint = Hint::run("keep the cache on the project's file system", "anvil config set cache-dir FOLDER");
        report.warn(
            Area::Cache,
            "the project is on another file system than the cache: files are copied, not linked",
            hint,
        );
    }
}

/// Returns the room that is left at `path`, in KiB, as `df` tells it; nothing where there is none, or where it
/// waits for a disk that does not answer.
fn free(path: &Path) -> Option<u64> {
    let mut command = Command::new("df");
    command.args(["-P", "-k", "--"]).arg(path).env("LC_ALL", "C");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let began = Instant::now();
    while child.try_wait().ok()?.is_none() {
        if began.elapsed() > Duration::from_secs(2) {
            let _ = child.kill(); // What waits for a disk may not even end then; it is left alone.
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let said = child.wait_with_output().ok()?.stdout;
    // POSIX: one line of headings, then file system, size, used, available, …
    String::from_utf8_lossy(&said).lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}
