//! `anvil tree`.

use super::args::FormatOption;
use super::output::{FAINT, WARNING, clean_line};
use super::{Outcome, Session, words};
use crate::commands::tree::{self, Report};
use crate::error::Result;
use crate::index::{Deprecated, Yanked};
use crate::lockfile::Source;
use crate::name::SetName;
use crate::resolver::graph::{Branch, By, Graph};
use serde_json::{Value, json};

/// Show what depends on what
///
/// Reads the lock, and no network. A set that was shown before is shown without its dependencies and
/// marked (*); a version that is known to be yanked or deprecated is
/// marked so.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil tree")]
pub struct Args {
    /// The set to begin with [default: this project]
    #[arg(value_name = "PROJECT/SET")]
    pub root: Option<SetName>,

    /// Show N levels at most
    #[arg(long, value_name = "N")]
    pub depth: Option<usize>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let report = tree::run(&session.context(), args.root.as_ref())?;
    words::warn_of_stale(session, &report.stale);
    let graph = Graph::of(&report.lock);
    // The first level counts as the first, and depth 0 is the project's own line.
    let depth = args.depth.unwrap_or(usize::MAX);
    let mut branches = match &args.root {
        Some(root) => graph.tree_of(root, depth.saturating_sub(1)),
        None => graph.tree(depth.saturating_sub(1)),
    };
    if depth == 0 {
        branches.clear();
    }
    session.answer(args.format.format, &json(&report, args.root.as_ref(), &branches), || {
        let mut text = format!("{}\n", root(&report, args.root.as_ref()));
        draw(&mut text, &report, &branches);
        text
    })?;
    Ok(Outcome::Done)
}

/// Returns the first line: the set that the tree begins with, or the project.
fn root(report: &Report, root: Option<&SetName>) -> String {
    match (root.and_then(|root| report.lock.set(root)), &report.set) {
        (Some(set), _) => format!("{} {}{}", set.name, set.version, mark(report, &set.name)),
        (None, Some(set)) => format!("{} {}", set.name, set.version),
        (None, None) => clean_line(&report.folder),
    }
}

fn json(report: &Report, root: Option<&SetName>, branches: &[Branch<'_>]) -> Value {
    let root = match (root.and_then(|root| report.lock.set(root)), &report.set) {
        (Some(set), _) => {
            let (yanked, deprecated) = advice(report, &set.name);
            json!({ "name": set.name, "version": set.version, "yanked": yanked, "deprecated": deprecated })
        }
        (None, Some(set)) => {
            json!({ "name": set.name, "version": set.version, "yanked": null, "deprecated": null })
        }
        (None, None) => Value::Null,
    };
    // Flat, with depths: a graph may be deeper than programs like to read.
    let branch = |branch: &Branch<'_>| {
        let (yanked, deprecated) = advice(report, branch.name);
        json!({
            "depth": branch.depth + 1,
            "name": branch.name,
            "version": branch.set.map(|set| &set.version),
            "source": branch.set.map(|set| set.source.to_string()),
            "requirement": branch.by.requirement().map(ToString::to_string),
            "repeated": branch.repeated,
            "yanked": yanked,
            "deprecated": deprecated,
        })
    };
    json!({ "root": root, "branches": branches.iter().map(branch).collect::<Vec<_>>() })
}

/// How many levels are drawn side by side: of a graph that is deeper, which may be a hundred thousand levels deep, the
/// lines would grow with the square of it.
const MOST_LEVELS: usize = 100;

/// Draws `branches` as `git log --graph` and `cargo tree` would.
fn draw(text: &mut String, report: &Report, branches: &[Branch<'_>]) {
    // Whether more siblings follow, for each level above the current line.
    let mut open: Vec<bool> = Vec::new();
    for branch in branches {
        open.truncate(branch.depth);
        let hidden = open.len().saturating_sub(MOST_LEVELS);
        if hidden > 0 {
            text.push_str(&format!("{FAINT}{hidden} further{FAINT:#} "));
        }
        for more in open.iter().skip(hidden) {
            text.push_str(if *more { "│   " } else { "    " });
        }
        open.push(!branch.last);
        text.push_str(if branch.last { "└── " } else { "├── " });
        text.push_str(&words_of(report, branch));
        text.push('\n');
    }
}

fn words_of(report: &Report, branch: &Branch<'_>) -> String {
    let Some(set) = branch.set else {
        return format!("{} is not in anvil.lock", branch.name);
    };
    let from = match (&branch.by, &set.source) {
        (_, Source::Git { .. } | Source::Path(_)) => words::source(&set.source),
        (By::Project(requirement), Source::Registry(_)) => requirement.source.to_string(),
        (By::Set(_, requirement), Source::Registry(_)) => requirement.0.to_string(),
    };
    let repeated = if branch.repeated { " (*)" } else { "" };
    let mark = mark(report, branch.name);
    format!("{} {}{mark} {FAINT}({}){FAINT:#}{repeated}", branch.name, set.version, clean_line(&from))
}

/// Returns why the locked version of `name` is yanked, and why it is deprecated, where they are.
fn advice<'r>(report: &'r Report, name: &SetName) -> (Option<&'r Yanked>, Option<&'r Deprecated>) {
    let advice = report.advice.get(name);
    (advice.and_then(|advice| advice.yanked.as_ref()), advice.and_then(|advice| advice.deprecated.as_ref()))
}

/// Returns the mark of a set whose locked version is yanked or deprecated.
fn mark(report: &Report, name: &SetName) -> String {
    match advice(report, name) {
        (Some(yanked), _) => format!(" {WARNING}yanked ({}){WARNING:#}", yanked.reason),
        (None, Some(_)) => format!(" {WARNING}deprecated{WARNING:#}"),
        (None, None) => String::new(),
    }
}
