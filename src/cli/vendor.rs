//! `anvil vendor`.

use super::args::FormatOption;
use super::output::clean_line;
use super::{Outcome, Session, words};
use crate::commands::pull::Reason;
use crate::commands::target::Action;
use crate::commands::vendor::{self, Report, To};
use crate::error::{Hint, Result};
use crate::registry::publish::Changed;
use crate::store::layout::VENDOR_FOLDER;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Copy the locked sets into the project, to be committed
///
/// Puts every set that anvil.lock names into anvil-vendor/. From then on this project, and each clone
/// of it, uses what lies there with no cache and no network; `pull`, `add`, `update` and `remove` keep
/// it in step with the lock. Sets that are taken from a folder stay where they are.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil vendor && git add anvil-vendor && git commit
  anvil vendor --remove")]
pub struct Args {
    /// Remove anvil-vendor/, and unpack into .anvil/ again
    #[arg(long)]
    pub remove: bool,

    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let to = if args.remove { To::Private } else { To::Vendor };
    let report = vendor::run(&session.context(), to, Action::of_dry_run(args.dry_run))?;
    session.done(args.format.format, &json(&report), || text(&report, to))?;
    if to == To::Vendor {
        warn(&report, session);
    }
    match (to, report.action, report.outcome) {
        (To::Vendor, Action::Do, Changed::Yes) => session.next(&format!("git add {VENDOR_FOLDER}")),
        // What was edited was not taken along.
        (To::Private, Action::Do, Changed::Yes) if report.copied.len() < report.total => {
            session.next("anvil pull --locked");
        }
        _ => {}
    }
    Ok(Outcome::Done)
}

fn warn(report: &Report, session: &Session) {
    for folder in &report.folders {
        let (name, path) = (&folder.name, clean_line(&folder.path));
        match folder.outside {
            true => session.warn(&format!("{name} is used from `{path}`, which no clone of this project has")),
            false => session.note(&format!("{name} is used from `{path}`, where it lies, and not copied")),
        }
    }
    for file in &report.attributes {
        let file = clean_line(file);
        session.warn(&format!("`{file}` belongs to a set, and git may change files by it that must stay as they are"));
    }
    if let [first, rest @ ..] = report.ignored.as_slice() {
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        session.warn(&format!("git ignores `{}`{more}: clones will lack it", clean_line(first)));
        session.help(&Hint::run("add it all the same", format!("git add --force {VENDOR_FOLDER}")));
    }
}

fn json(report: &Report) -> Value {
    let sets = report.copied.iter().map(
        |(name, version, reason)| json!({ "name": name, "version": version, "healed": *reason == Reason::Healed }),
    );
    json!({
        "dry_run": report.action,
        "outcome": report.outcome,
        "folder": VENDOR_FOLDER,
        "total": report.total,
        "sets": sets.collect::<Vec<_>>(),
        "fetched": { "bundles": report.fetched.0, "size": report.fetched.1 },
        "removed": report.removed,
        "folders": report.folders,
        "ignored": report.ignored,
        "attributes": report.attributes,
    })
}

fn text(report: &Report, to: To) -> String {
    let mut text = String::new();
    let sets = words::count(report.total, "set");
    let would = if report.action == Action::Plan { "would " } else { "" };
    if report.outcome == Changed::No {
        return match (to, report.total) {
            (To::Vendor, 0) => "nothing to do: no set is locked that could be copied\n".to_owned(),
            (To::Vendor, _) => format!("nothing to do: {VENDOR_FOLDER}/ holds what is locked ({sets})\n"),
            (To::Private, _) => format!("nothing to do: there is no {VENDOR_FOLDER}/\n"),
        };
    }
    for (name, version, reason) in &report.copied {
        let verb = match (to, reason, report.action) {
            (To::Private, _, Action::Plan) => "unpack",
            (To::Private, _, Action::Do) => "unpacked",
            (To::Vendor, Reason::Healed, Action::Plan) => "put back",
            (To::Vendor, Reason::Healed, Action::Do) => "put back",
            (To::Vendor, Reason::New, Action::Plan) => "copy",
            (To::Vendor, Reason::New, Action::Do) => "copied",
        };
        let _ = writeln!(text, "{would}{verb} {name} {version}");
    }
    if to == To::Vendor && report.removed > 0 {
        let verb = if report.action == Action::Plan { "remove" } else { "removed" };
        let _ = writeln!(text, "{would}{verb} {} that nothing names any more", words::count(report.removed, "set"));
    }
    text.push_str(&match (to, report.action) {
        (_, Action::Plan) => "nothing was changed: this was a dry run\n".to_owned(),
        (To::Vendor, Action::Do) => format!("{VENDOR_FOLDER}/ holds what is locked ({sets})\n"),
        (To::Private, Action::Do) => format!("removed {VENDOR_FOLDER}/\n"),
    });
    text
}
