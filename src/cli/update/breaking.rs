//! `anvil update --breaking`.

use crate::cli::args::Format;
use crate::cli::{Outcome, Session, output, pull, words};
use crate::commands::target::Action;
use crate::commands::update::breaking::{self, Left, Place, Raised, Report, WhyLeft};
use crate::error::{Hint, Result};
use crate::name::SetName;
use crate::registry::publish::Changed;
use serde_json::{Value, json};

/// Raises the requirements on `sets`, or all.
pub(super) fn run(sets: &[SetName], run: Action, format: Format, session: &Session) -> Result<Outcome> {
    let report = breaking::run(&session.context(), sets, run)?;
    if let Some(pulled) = &report.pulled {
        words::warn_of_lock(session, pulled.answer());
    }
    session.done(format, &json(&report, run), || text(&report, run))?;
    for Left { name, why } in &report.left {
        match why {
            WhyLeft::Complex { place: place @ (Place::Shared | Place::Member(_)), .. } => {
                session.help(&Hint::new(format!("to move {name}, change what {} asks for", file(place))));
            }
            WhyLeft::Complex { newest, place: Place::Own, add, .. } => {
                session.help(&Hint::run(format!("to move {name}"), format!("{add}@^{newest}")));
            }
            _ => {}
        }
    }
    if let [first, ..] = report.held_by_members.as_slice() {
        let together = "other members of the workspace ask for it, too; to raise what all of them ask for, run";
        session.help(&Hint::new(format!("{together} `anvil update --breaking {first}` at its root, without `--set`")));
    }
    if let (Some(Raised { name, version, .. }), Action::Do) = (report.raised.first(), run)
        && let Some(from) = report.pulled.as_ref().and_then(|pulled| pulled.answer().previous.set(name))
    {
        session.help(&Hint::run("see what changed", format!("anvil diff {name}@{} {name}@{version}", from.version)));
    }
    Ok(Outcome::Done)
}

/// Returns the manifest that a requirement stands in, as people are told of it.
fn file(place: &Place) -> String {
    match place {
        Place::Shared => "[workspace.dependencies] in the root's anvil.toml".to_owned(),
        Place::Own => "anvil.toml".to_owned(),
        Place::Member(path) => format!("{}/anvil.toml", output::clean_line(path)),
    }
}

/// Returns why a requirement was left, in words that follow the set's name.
fn left(why: &WhyLeft) -> String {
    match why {
        WhyLeft::Complex { requirement, newest, .. } => {
            format!("keeps `{requirement}`, which says more than a version to begin with; {newest} is the newest")
        }
        WhyLeft::NoRequirement(source) => format!("has no requirement to raise: it comes from {source}"),
        WhyLeft::Overridden => "keeps its requirement, for `[override]` decides".to_owned(),
        WhyLeft::Conflict(why) => format!("keeps its requirement: {why}"),
    }
}

fn json(report: &Report, run: Action) -> Value {
    let raised = report.raised.iter().map(|raised| {
        json!({
            "name": raised.name,
            "from": raised.from.to_string(),
            "to": raised.to.to_string(),
            "version": raised.version,
            "inherited": raised.place == Place::Shared,
            "member": match &raised.place {
                Place::Member(path) => Some(path),
                Place::Shared | Place::Own => None,
            },
        })
    });
    let left = report.left.iter().map(|entry| json!({ "name": entry.name, "why": left(&entry.why) }));
    json!({
        "dry_run": run == Action::Plan,
        "outcome": Changed::of(!report.raised.is_empty()),
        "raised": raised.collect::<Vec<_>>(),
        "left": left.collect::<Vec<_>>(),
        "along": super::along_json(&report.along),
        "behind": super::behind_json(&report.behind),
        "pull": report.pulled.as_ref().map(pull::json),
    })
}

fn text(report: &Report, run: Action) -> String {
    let asks = if run == Action::Plan { "would ask" } else { "now asks" };
    let raised = report.raised.iter();
    let line = |one: &Raised| {
        let Raised { name, from, to, place, .. } = one;
        let file = file(place);
        format!("{file} {asks} for {name} {to}, not {from}\n")
    };
    let mut text: String = raised.map(line).collect();
    let lefts = report.left.iter().map(|entry| format!("{} {}\n", entry.name, output::clean_line(&left(&entry.why))));
    let notes: String =
        lefts.chain([super::along_text(&report.along), super::behind_text(&report.behind, run)]).collect();
    match &report.pulled {
        Some(pulled) => text.push_str(&pull::text(pulled, &notes)),
        None => text.push_str(&format!("{notes}no requirement to raise\n")),
    }
    text
}
