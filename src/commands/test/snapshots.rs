//! Snapshots where they lie: compared with what tests give now, written when that is asked for, removed
//! where their test is gone.
//!
//! A project may be a stranger's, so nothing is read, written or removed through a link.

use super::{Failure, FailureSubject, Report, Request, SnapshotReport, SnapshotState, Snapshots, TestReport};
use crate::commands::context::Context;
use crate::commands::subjects::{Home, Stray};
use crate::commands::texts;
use crate::error::{Code, Result};
use crate::fs::{self, Durability, EntryKind};
use crate::prompt::Rendered;
use crate::prompt::testing::snapshot;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Compares or writes the snapshot of the test in `report`, if it has or gets one. A test that asserts
/// nothing must have one.
pub(super) fn check(
    context: &Context,
    snapshots: Snapshots,
    home: &Result<Home, Stray>,
    (report, rendered): (&mut TestReport, &Rendered),
) -> Result<()> {
    let asserts_nothing = report.test.asserts.is_empty();
    let fail = |report: &mut TestReport, subject: FailureSubject, message: String| {
        report.failures.push(Failure { subject, message, line: report.line, difference: None });
    };
    let home = match home {
        Ok(home) => home,
        Err(stray) => {
            if asserts_nothing {
                let way_out = match stray {
                    Stray::Loose => "give the test an `assert`, or put the file where the set has its prompts",
                    Stray::Published => "run the test where the set is written",
                };
                let why = stray.why();
                let message = format!(
                    "nothing is checked: the test asserts nothing, and no snapshot is kept of the prompt, for {why}; {way_out}"
                );
                fail(report, FailureSubject::Snapshot, message);
            }
            return Ok(());
        }
    };
    let relative = snapshot::path(&home.name, &report.test.name);
    if let Some((place, what)) = obstacle(&home.folder, &relative, EntryKind::File) {
        let message = format!(
            "`{}` is {what}, and snapshots are files in folders of the set itself: put such in its place, or remove it",
            context.shown(&place)
        );
        fail(report, FailureSubject::Error(Code::A0826), message);
        return Ok(());
    }
    let path = home.folder.join(&relative);
    let stored = fs::read_if_exists(&path)?;
    if stored.is_none() && !asserts_nothing && snapshots != Snapshots::UpdateAll {
        return Ok(());
    }
    let text = snapshot::text(rendered);
    let is_same = stored.as_deref().is_some_and(|stored| is_same(stored, &text));
    let shown = context.shown(&path);
    let state = match (snapshots, &stored) {
        _ if is_same => SnapshotState::Same,
        (Snapshots::Update | Snapshots::UpdateAll, _) => {
            fs::write(&path, text.as_bytes(), Durability::Synced)?;
            SnapshotState::Written
        }
        (Snapshots::Compare, None) => SnapshotState::Missing,
        (Snapshots::Compare, Some(_)) => SnapshotState::Different,
    };
    let message = match state {
        SnapshotState::Same | SnapshotState::Written => None,
        SnapshotState::Missing => Some(format!("there is no `{shown}`, and the test asserts nothing else")),
        SnapshotState::Different => Some(format!("`{shown}` is something else than what the prompt gives now")),
    };
    if let Some(message) = message {
        let difference = stored.as_deref().and_then(|stored| texts::compare_one(&relative, stored, text.as_bytes()));
        report.failures.push(Failure { subject: FailureSubject::Snapshot, message, line: report.line, difference });
    }
    report.snapshot = Some(SnapshotReport { path: shown, state });
    Ok(())
}

/// Returns whether what is stored is `text`. Git may have made other line ends of the stored ones, which
/// cannot be told from a change only where the text has such itself.
fn is_same(stored: &[u8], text: &str) -> bool {
    let unix = |stored: &str| !text.contains("\r\n") && stored.replace("\r\n", "\n") == text;
    stored == text.as_bytes() || std::str::from_utf8(stored).is_ok_and(unix)
}

/// Returns what stands on the way to `relative` in `folder` and is not what it must be, a folder, or `last`
/// at the end; and what it is. A link leads elsewhere, whatever it leads to.
fn obstacle(folder: &Path, relative: &str, last: EntryKind) -> Option<(PathBuf, &'static str)> {
    let mut place = folder.to_owned();
    let mut segments = relative.split('/').peekable();
    while let Some(segment) = segments.next() {
        place.push(segment);
        let needed = if segments.peek().is_some() { EntryKind::Folder } else { last };
        let what = match fs::kind(&place)? {
            kind if kind == needed => continue,
            EntryKind::File => "a file",
            EntryKind::Folder => "a folder",
            EntryKind::Other => "a link or the like",
        };
        return Some((place, what));
    }
    None
}

/// Returns the snapshots that belong to no test of the prompts that were asked about; where snapshots are
/// updated they are removed. Of a prompt of which something could not be read it is not known which tests
/// it has, and its snapshots stay.
pub(super) fn orphans(context: &Context, request: &Request, report: &Report) -> Result<Vec<String>> {
    let mut expected: BTreeSet<PathBuf> = BTreeSet::new();
    let mut spared: BTreeSet<PathBuf> = BTreeSet::new();
    let mut folders: BTreeMap<PathBuf, Depth> = BTreeMap::new();
    for prompt in &report.prompts {
        let Ok(home) = &prompt.home else { continue };
        let own = format!("{}/{}", snapshot::FOLDER, home.name);
        match &prompt.ready {
            Some(ready) if prompt.tests.iter().all(|test| test.test.faults.is_empty()) => {
                let tests = ready.prompt().front_matter().tests.iter();
                expected.extend(tests.map(|test| home.folder.join(snapshot::path(&home.name, &test.name))));
            }
            _ => _ = spared.insert(home.folder.join(&own)),
        }
        let (searched, depth) = match request.references.is_empty() {
            true => (snapshot::FOLDER, Depth::All),
            // Deeper down are the snapshots of other prompts.
            false => (own.as_str(), Depth::One),
        };
        if obstacle(&home.folder, searched, EntryKind::Folder).is_none() {
            folders.insert(home.folder.join(searched), depth);
        }
    }
    let mut orphans = Vec::new();
    for (folder, depth) in &folders {
        for path in snapshots_in(folder, *depth)? {
            let is_spared = path.parent().is_some_and(|parent| spared.contains(parent));
            if expected.contains(&path) || is_spared {
                continue;
            }
            if request.snapshots != Snapshots::Compare {
                fs::remove_file(&path)?;
                let above = path.ancestors().skip(1).take_while(|above| above.starts_with(folder));
                above.for_each(fs::remove_folder_if_empty);
            }
            orphans.push(context.shown(&path));
        }
    }
    Ok(orphans)
}

/// How far down one looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    One,
    All,
}

/// Returns the files below `top` that are called as snapshots are. In the folder of them all lies none: each has
/// that of its prompt.
fn snapshots_in(top: &Path, depth: Depth) -> Result<Vec<PathBuf>> {
    let (mut found, mut pending) = (Vec::new(), vec![top.to_owned()]);
    while let Some(folder) = pending.pop() {
        for entry in fs::list(&folder)? {
            let is_apart = depth == Depth::All && folder == top;
            match entry.kind {
                EntryKind::Folder if depth == Depth::All => pending.push(entry.path),
                EntryKind::File if !is_apart && entry.name.ends_with(snapshot::SUFFIX) => found.push(entry.path),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}
