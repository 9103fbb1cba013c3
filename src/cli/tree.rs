//! `anvil tree`.

use super::args::FormatOption;
use super::output::{FAINT, WARNING, clean_line};
use super::{Outcome, Session, words};
use crate::commands::tree::{self, Report, Shown};
use crate::error::Result;
use crate::index::{Deprecated, Yanked};
use crate::lockfile::Source;
use crate::manifest::ROOT;
use crate::name::SetName;
use crate::resolver::graph::{Branch, By, Graph};
use serde_json::{Value, json};

/// Show what depends on what
///
/// Reads the lock, and no network. A set that was shown before is shown without its dependencies and
/// marked (*); a version that is known to be yanked or deprecated is
/// marked so. Behind each set is the number of its public prompts, where that is known.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:
  anvil tree
  anvil tree --invert core/tone
  anvil tree --duplicates",
    override_usage = "anvil tree [OPTIONS] [PROJECT/SET]\n       anvil tree [OPTIONS] --duplicates"
)]
pub struct Args {
    /// The set to begin with [default: this project]
    #[arg(value_name = "PROJECT/SET")]
    pub root: Option<SetName>,

    /// Show N levels at most
    #[arg(long, value_name = "N")]
    pub depth: Option<usize>,

    /// Show who needs the set, up to this project
    #[arg(long, requires = "root")]
    pub invert: bool,

    /// Show the sets that several ask for and not all alike, and who asks for what
    ///
    /// A lock has one version of each set, so that these are the ones that hold each other.
    #[arg(long, conflicts_with_all = ["root", "depth", "invert"])]
    pub duplicates: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let report = tree::run(&session.context(), args.root.as_ref())?;
    words::warn_of_stale(session, &report.stale);
    let graph = Graph::of(&report.lock);
    if args.duplicates {
        let disputed = graph.disputed();
        session.answer(args.format.format, &disputed_json(&report, &disputed), || disputed_text(&report, &disputed))?;
        return Ok(Outcome::Done);
    }
    // The first level counts as the first, and depth 0 is the project's own line.
    let below = args.depth.unwrap_or(usize::MAX).checked_sub(1);
    let Some(begin) = &args.root else {
        let paths: Vec<&str> = report.members.iter().map(|member| member.path.as_str()).collect();
        let grown = below.map_or_else(|| vec![Vec::new(); paths.len()], |depth| graph.trees(&paths, depth));
        let trees: Vec<_> = report.members.iter().zip(grown).collect();
        let all: Vec<Branch<'_>> = trees.iter().flat_map(|(_, branches)| branches.iter().copied()).collect();
        session.answer(args.format.format, &json(&report, None, (&all, Way::Down)), || {
            let one = |(member, branches): &(&Shown, Vec<Branch<'_>>)| {
                let mut text = format!("{}\n", title(&report, member));
                draw(&mut text, &report, (branches, Way::Down));
                text
            };
            trees.iter().map(one).collect::<Vec<_>>().join("\n")
        })?;
        return Ok(Outcome::Done);
    };
    let grow = |depth| if args.invert { graph.tree_to(begin, depth) } else { graph.tree_of(begin, depth) };
    let branches = below.map(grow).unwrap_or_default();
    let way = if args.invert { Way::Up } else { Way::Down };
    session.answer(args.format.format, &json(&report, args.root.as_ref(), (&branches, way)), || {
        let mut text = format!("{}\n", root(&report, args.root.as_ref()));
        draw(&mut text, &report, (&branches, way));
        text
    })?;
    Ok(Outcome::Done)
}

/// Whether a tree shows what a set needs or who needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Down,
    Up,
}

/// Returns who asks for something, as text: a set with its version, or the project's manifest.
fn asker(by: &By<'_>) -> String {
    match by {
        By::Set(set, _) => format!("{} {}", set.name, set.version),
        By::Project(requirement) => words::manifest_of(&requirement.member),
    }
}

/// Returns what is asked, as text: the versions that will do, or the place that the set comes from.
fn asks(by: &By<'_>) -> String {
    match by {
        By::Project(requirement) => requirement.source.to_string(),
        By::Set(_, requirement) => requirement.0.to_string(),
    }
}

fn asker_json(by: &By<'_>) -> Value {
    match by {
        By::Set(set, _) => json!({ "name": set.name, "version": set.version }),
        By::Project(_) => Value::Null,
    }
}

fn member<'a>(by: &By<'a>) -> Option<&'a str> {
    match by {
        By::Project(requirement) => Some(&requirement.member),
        By::Set(..) => None,
    }
}

fn disputed_json(report: &Report, disputed: &[(&SetName, Vec<Branch<'_>>)]) -> Value {
    let one = |(name, branches): &(&SetName, Vec<Branch<'_>>)| {
        let asked =
            branches.iter().map(|branch| json!({ "by": asker_json(&branch.by), "member": member(&branch.by), "requirement": asks(&branch.by) }));
        json!({
            "name": name,
            "version": report.lock.set(name).map(|set| &set.version),
            "prompts": report.prompts.get(*name),
            "overridden": report.lock.overrides_set(name),
            "asked": asked.collect::<Vec<_>>(),
        })
    };
    json!({ "duplicates": disputed.iter().map(one).collect::<Vec<_>>() })
}

fn disputed_text(report: &Report, disputed: &[(&SetName, Vec<Branch<'_>>)]) -> String {
    if disputed.is_empty() {
        return "all who ask for a set ask for it alike\n".to_owned();
    }
    let mut text = String::new();
    for (name, branches) in disputed {
        let version = report.lock.set(name).map(|set| format!(" {}", set.version)).unwrap_or_default();
        text.push_str(&format!("{name}{version}{}{}\n", mark(report, name), prompts(report, name)));
        for branch in branches {
            let what = words::asked(&report.lock, name, &asks(&branch.by));
            text.push_str(&format!("  {} needs {what}\n", asker(&branch.by)));
        }
    }
    text
}

/// Returns how many public prompts a set has, as it stands behind the set.
fn prompts(report: &Report, name: &SetName) -> String {
    let count = report.prompts.get(name).map(|count| words::count(*count, "prompt"));
    count.map(|count| format!(" {FAINT}{count}{FAINT:#}")).unwrap_or_default()
}

/// Returns the first line of a member's tree: the set with where it lies, or its folder.
fn title(report: &Report, member: &Shown) -> String {
    match (&member.set, member.path.as_str()) {
        (Some((name, version)), ROOT) => format!("{name} {version}"),
        (None, ROOT) => clean_line(&report.folder),
        (Some((name, version)), path) => format!("{name} {version} {FAINT}({}){FAINT:#}", clean_line(path)),
        (None, path) => clean_line(path),
    }
}

/// Returns the first line: the set that the tree begins with, or the project.
fn root(report: &Report, root: Option<&SetName>) -> String {
    match (root.and_then(|root| report.lock.set(root)), &report.set) {
        (Some(set), _) => {
            format!("{} {}{}{}", set.name, set.version, mark(report, &set.name), prompts(report, &set.name))
        }
        (None, Some(set)) => format!("{} {}", set.name, set.version),
        (None, None) => clean_line(&report.folder),
    }
}

fn json(report: &Report, root: Option<&SetName>, (branches, way): (&[Branch<'_>], Way)) -> Value {
    let root = match (root.and_then(|root| report.lock.set(root)), &report.set) {
        (Some(set), _) => {
            let (yanked, deprecated) = advice(report, &set.name);
            let prompts = report.prompts.get(&set.name);
            json!({
                "name": set.name,
                "version": set.version,
                "prompts": prompts,
                "yanked": yanked,
                "deprecated": deprecated,
            })
        }
        (None, Some(set)) => {
            json!({ "name": set.name, "version": set.version, "prompts": null, "yanked": null, "deprecated": null })
        }
        (None, None) => Value::Null,
    };
    // Flat, with depths: a graph may be deeper than programs like to read.
    let branch = |branch: &Branch<'_>| {
        let (yanked, deprecated) = advice(report, branch.name);
        json!({
            "depth": branch.depth + 1,
            "member": member(&branch.by),
            "name": branch.name,
            "version": branch.set.map(|set| &set.version),
            "source": branch.set.map(|set| set.source.to_string()),
            "requirement": branch.by.requirement().map(ToString::to_string),
            "overridden": report.lock.overrides_set(branch.name),
            "repeated": branch.repeated,
            "prompts": report.prompts.get(branch.name),
            "yanked": yanked,
            "deprecated": deprecated,
        })
    };
    let dependant = |branch: &Branch<'_>| {
        json!({
            "depth": branch.depth + 1,
            "by": asker_json(&branch.by),
            "member": member(&branch.by),
            "needs": branch.name,
            "requirement": asks(&branch.by),
            "overridden": report.lock.overrides_set(branch.name),
            "repeated": branch.repeated,
        })
    };
    match way {
        Way::Down => json!({ "root": root, "branches": branches.iter().map(branch).collect::<Vec<_>>() }),
        Way::Up => json!({ "root": root, "dependants": branches.iter().map(dependant).collect::<Vec<_>>() }),
    }
}

/// How many levels are drawn side by side: of a graph that is deeper, which may be a hundred thousand levels deep, the
/// lines would grow with the square of it.
const MOST_LEVELS: usize = 100;

/// Draws `branches` as `git log --graph` and `cargo tree` would.
fn draw(text: &mut String, report: &Report, (branches, way): (&[Branch<'_>], Way)) {
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
        text.push_str(&match way {
            Way::Down => words_of(report, branch),
            Way::Up => words_up(report, branch),
        });
        text.push('\n');
    }
}

/// Returns who needs what, as in `legal/notes 3.0.0 (needs core/tone ^1)`.
fn words_up(report: &Report, branch: &Branch<'_>) -> String {
    let repeated = if branch.repeated { " (*)" } else { "" };
    let mark = match branch.by {
        By::Set(set, _) => mark(report, &set.name),
        By::Project(_) => String::new(),
    };
    let (who, what) = (asker(&branch.by), words::asked(&report.lock, branch.name, &asks(&branch.by)));
    format!("{who}{mark} {FAINT}(needs {} {what}){FAINT:#}{repeated}", branch.name)
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
    format!(
        "{} {}{mark} {FAINT}({}){FAINT:#}{}{repeated}",
        branch.name,
        set.version,
        words::asked(&report.lock, branch.name, &from),
        prompts(report, branch.name)
    )
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
