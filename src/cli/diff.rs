//! `anvil diff`.

use super::args::{Color, Format, FormatOption};
use super::difference::{hunk_lines, visible};
use super::output::{self, BAD, GOOD, STRONG};
use super::words;
use super::{Outcome, Session};
use crate::commands::diff::rendered::{self, Missing, Outcome as Rendering, TestChange, Words};
use crate::commands::diff::{self, Report, Request, SideName, Unreadable, Which};
use crate::commands::registries::RegistryReference;
use crate::diff::{Change, Detail, FileChange};
use crate::error::Result;
use crate::name::PromptName;
use anstyle::Style;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Compare two versions of the set
///
/// A and B are each a version, a git revision, `project/set@version` from a registry, or `.` for the
/// working tree. Without B the working tree is compared, without A too the newest version with the
/// working tree. `A..B` is read as git does. Compared is what the bundles hold, or would hold.
///
/// The answer begins with what changed in what the prompts declare, in lines that begin with `#`, and goes
/// on as a patch that `git apply` and `patch -p1` take. Whether what rendered before still does is tried by
/// `anvil compat A B` alone.
///
/// With `--rendered` the tests of both sides are rendered instead, each side with the dependencies
/// that its lock names, and what a model would be sent is compared: the words and tokens that differ.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil diff
  anvil diff 1.2.0 main --stat
  anvil diff 1.2.0 -- welcome
  anvil diff 1.2.0 --rendered
  anvil diff core/tone@1.4.2 core/tone@2.0.0")]
pub struct Args {
    /// The old side [default: the newest version]
    #[arg(value_name = "A", value_parser = parse_boxed_sides)]
    pub old: Option<Box<Sides>>,

    /// The new side [default: the working tree; of another set, its locked version]
    #[arg(value_name = "B")]
    pub new: Option<SideName>,

    /// Compare these alone: prompts by name, files and folders
    #[arg(value_name = "PROMPT|PATH", last = true)]
    pub only: Vec<String>,

    /// Show how much changed in each file instead of the text
    #[arg(long)]
    pub stat: bool,

    /// Compare what the tests of both sides render to
    #[arg(long, conflicts_with = "stat")]
    pub rendered: bool,

    /// Show N lines around each change
    #[arg(short = 'U', long = "unified", value_name = "N", default_value_t = crate::diff::CONTEXT)]
    pub context: usize,

    /// Exit with 1 when there are differences
    ///
    /// An error may exit with 1, too: it leaves stdout empty and says `error[CODE]` on stderr.
    #[arg(long)]
    pub exit_code: bool,

    /// The registry of `project/set@version`: its name in anvil.toml, a folder or a URL
    #[arg(long, value_name = "NAME|DIR|URL")]
    pub registry: Option<RegistryReference>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// What stands in the place of A: one side, or both as `A..B`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sides {
    /// The old side.
    Old(SideName),
    /// Both.
    Both(SideName, SideName),
}

/// Boxed, or all commands would be as large as this one.
pub(super) fn parse_boxed_sides(text: &str) -> Result<Box<Sides>, Box<dyn std::error::Error + Send + Sync>> {
    parse_sides(text).map(Box::new)
}

fn parse_sides(text: &str) -> Result<Sides, Box<dyn std::error::Error + Send + Sync>> {
    let head = |text: &str| if text.is_empty() { "HEAD" } else { text }.parse::<SideName>();
    match text.split_once("..") {
        Some((_, new)) if new.starts_with('.') => {
            Err("`A...B` would compare with a common ancestor; write `$(git merge-base A B)`".into())
        }
        Some((old, new)) => Ok(Sides::Both(head(old)?, head(new)?)),
        None => Ok(Sides::Old(text.parse()?)),
    }
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let format = args.format.format;
    // Styles that go nowhere need no words to be found for them.
    let styled = format == Format::Text && (session.is_read_by_a_person() || session.color() == Color::Always);
    let detail = match (args.stat, styled || format == Format::Json) {
        (true, _) => Detail::Counts,
        (false, true) => Detail::Words,
        (false, false) => Detail::Lines,
    };
    let (old, new) = match args.old.map(|sides| *sides) {
        Some(Sides::Both(old, new)) => {
            if args.new.is_some() {
                return Err(super::CliError::Contradiction("`A..B` names both sides, and B names one more").into());
            }
            (Some(old), Some(new))
        }
        Some(Sides::Old(old)) => (Some(old), args.new),
        None => (None, None),
    };
    let request = Request { old, new, only: args.only, registry: args.registry, detail, context_lines: args.context };
    if args.rendered {
        return rendered(&request, (format, args.exit_code), session);
    }
    let report = diff::run(&session.context(), &request)?;

    remark(session, &report);
    match format {
        Format::Json => session.json(&report)?,
        Format::Text if report.is_empty() => {
            session.note(&format!("no differences between {} and {}", report.old, report.new));
        }
        Format::Text if args.stat => session.print(&(interface(&report) + &stat(&report, session.width())))?,
        Format::Text if styled => session.print(&(interface(&report) + &patch(&report)))?,
        Format::Text => {
            for file in report.comparison.files.iter().filter(|file| file.binary) {
                session.note(&format!(
                    "`{}` is no text: `git apply` takes its change, `patch` leaves it alone",
                    file.path
                ));
            }
            // Byte for byte: what follows is applied by programs.
            session.document(&plain(&report))?;
        }
    }
    Ok(if args.exit_code && !report.is_empty() { Outcome::No } else { Outcome::Done })
}

/// Compares what the tests of both sides render to.
fn rendered(request: &Request, (format, exit_code): (Format, bool), session: &Session) -> Result<Outcome> {
    let report = rendered::run(&session.context(), request)?;
    for Missing { side, name, why } in &report.missing {
        let side = match side {
            Which::Old => &report.old,
            Which::New => &report.new,
        };
        session.warn(&format!("{name}, which {side} needs, is not at hand: {why}"));
    }
    match format {
        Format::Json => session.json(&report)?,
        Format::Text if report.has_no_tests() => {
            session.note("no prompt has a test on either side, so nothing was rendered");
        }
        Format::Text if report.tests.is_empty() => {
            session.note(&format!("{} in {} and {}", same(report.unchanged, "test"), report.old, report.new));
        }
        Format::Text => {
            let tests: Vec<String> = report.tests.iter().map(test_change).collect();
            session.print(&tests.join("\n"))?;
            if report.unchanged > 0 {
                session.note(&same(report.unchanged, "more test"));
            }
        }
    }
    Ok(if exit_code && report.differs() { Outcome::No } else { Outcome::Done })
}

fn same(number: usize, noun: &str) -> String {
    let verb = if number == 1 { "renders" } else { "render" };
    format!("{} {verb} to the same", words::count(number, noun))
}

/// Returns what a test renders to now, beside what it did.
pub(super) fn test_change(change: &TestChange) -> String {
    let name = |prompt: &PromptName, test: &str| format!("{prompt}: {}", output::clean_line(test));
    let mut text = format!("{STRONG}{}{STRONG:#}", name(&change.prompt, &change.test));
    if let Some(old) = &change.renamed_from {
        let _ = write!(text, " (was {})", name(&old.prompt, &old.test));
    }
    match change.change {
        Some(Change::Added) => text.push_str(" (new)"),
        Some(Change::Deleted) => text.push_str(" (gone)"),
        _ => {}
    }
    text.push('\n');
    let tokens = |outcome: &Option<Rendering>| outcome.as_ref().and_then(|outcome| outcome.tokens);
    let counted = match (tokens(&change.old), tokens(&change.new)) {
        (Some(old), Some(new)) => Some(format!("{old} -> {new} tokens ({:+})", new as i64 - old as i64)),
        (None, Some(count)) | (Some(count), None) => Some(words::count(count, "token")),
        (None, None) => None,
    };
    let side = if tokens(&change.old).is_some() { "old" } else { "new" };
    match (counted, change.words) {
        _ if change.change == Some(Change::Renamed) && change.difference.hunks.is_empty() => {
            text.push_str("  renders to the same\n");
        }
        (Some(counted), Some(Words { added, removed })) => {
            let _ = writeln!(text, "  {counted}, {} removed, {added} added", words::count(removed, "word"));
        }
        // With nothing on the other side there is nothing to compare it with.
        (Some(counted), None) => _ = writeln!(text, "  {counted} on the {side} side"),
        (None, _) => {}
    }
    let failed = [("the old side", &change.old), ("the new side", &change.new)];
    for (side, outcome) in failed {
        if let Some(error) = outcome.as_ref().and_then(|outcome| outcome.error.as_ref()) {
            let _ = writeln!(
                text,
                "  {BAD}not rendered on {side}{BAD:#}: {}",
                output::clean(error).replace('\n', "\n    ")
            );
        }
    }
    change.difference.hunks.iter().for_each(|hunk| text.push_str(&hunk_lines(hunk)));
    text
}

/// Says on stderr what of the sides was not as it should be.
fn remark(session: &Session, report: &Report) {
    /// The most files of one side that are named.
    const MOST: usize = 5;
    let side = |which: Which| match which {
        Which::Old => &report.old,
        Which::New => &report.new,
    };
    for which in &report.without_manifest {
        session.note(&format!("{} has no anvil.toml with [set]: it is read with today's `prompts`", side(*which)));
    }
    for which in [Which::Old, Which::New] {
        let faults: Vec<&Unreadable> = report.unreadable.iter().filter(|fault| fault.side == which).collect();
        let side = side(which);
        for Unreadable { path, why, .. } in faults.iter().take(MOST) {
            session.warn(&format!("`{path}` in {side} does not parse and is compared as text: {why}"));
        }
        if let more @ 1.. = faults.len().saturating_sub(MOST) {
            session.warn(&format!("{} in {side} do not parse either", words::count(more, "more file")));
        }
    }
    for left_out in &report.left_out {
        let (side, path, what) = (side(left_out.side), &left_out.path, left_out.what);
        session.warn(&format!("`{path}` in {side} is {what}, which no bundle holds: it is not compared"));
    }
    if report.comparison.renames_limited {
        session.note("too many files came and went: only renames without any change were looked for");
    }
}

/// Returns what changed in the interface, in lines that neither `git apply` nor `patch` takes for
/// more than a remark: both skip what stands before the first header, and no header begins with `#`.
fn interface(report: &Report) -> String {
    let changes = &report.interface.changes;
    let mut text = match (changes.len(), report.interface.bump) {
        // What is declared is compared and nothing rendered, so it is not said that nothing breaks.
        (0, _) | (_, None) => "# interface: declared as before; `anvil compat` tries what renders\n".to_owned(),
        (number, Some(bump)) => {
            let number = words::count(number, "change");
            format!("{STRONG}# interface: {number}, {} in all{STRONG:#}\n", bump)
        }
    };
    for change in changes {
        let style = if change.bump() == crate::version::Bump::Major { BAD } else { Style::new() };
        let _ = writeln!(text, "{style}#   {}{style:#}", output::clean_line(&change.to_string()));
    }
    let prompts: BTreeSet<&str> = report.unreadable.iter().map(|fault| fault.path.as_str()).collect();
    let prompts: Vec<&str> = prompts.into_iter().filter(|path| !path.ends_with(crate::manifest::FILE_NAME)).collect();
    if let unknown @ 1.. = prompts.len() {
        let _ = writeln!(text, "#   not known of {}, which did not parse", words::count(unknown, "prompt"));
    }
    text.push('\n');
    text
}

/// Returns the interface and the patch without any style.
fn plain(report: &Report) -> String {
    anstream::adapter::strip_str(&interface(report)).to_string() + &report.comparison.unified()
}

/// Returns the patch for people: coloured, changed words inverted, and nothing in it that would
/// deceive on a terminal.
fn patch(report: &Report) -> String {
    let mut text = String::new();
    for file in &report.comparison.files {
        for line in file.unified_header().lines() {
            let _ = writeln!(text, "{STRONG}{}{STRONG:#}", visible(line));
        }
        file.hunks.iter().for_each(|hunk| text.push_str(&hunk_lines(hunk)));
    }
    text
}

/// Returns how much changed in each file, with a bar as in git.
fn stat(report: &Report, width: usize) -> String {
    /// The most that a bar is long.
    const MOST: usize = 40;
    let stat = report.comparison.stat();
    let shown = |file: &FileChange| match (&file.old_path, file.change) {
        (Some(old), _) => format!("{old} => {}", file.path),
        (None, Change::Added) => format!("{} (new)", file.path),
        (None, Change::Deleted) => format!("{} (gone)", file.path),
        (None, _) => file.path.clone(),
    };
    let names: Vec<String> = report.comparison.files.iter().map(|file| visible(&shown(file))).collect();
    let widest = names.iter().map(|name| dialoguer::console::measure_text_width(name)).max().unwrap_or_default();
    let most = stat.files.iter().map(|file| file.added + file.removed).max().unwrap_or_default();
    let room = width.saturating_sub(widest + 12).clamp(10, MOST);
    // A change is never shown as none.
    let scale = |lines: usize| if most <= room { lines } else { (lines * room / most).max(usize::from(lines > 0)) };
    let mut text = String::new();
    for (file, name) in stat.files.iter().zip(&names) {
        let blanks = widest - dialoguer::console::measure_text_width(name);
        let _ = write!(text, " {name}{:blanks$} | ", "");
        if file.binary {
            text.push_str("no text\n");
            continue;
        }
        let (plus, minus) = ("+".repeat(scale(file.added)), "-".repeat(scale(file.removed)));
        let lines = file.added + file.removed;
        let _ = write!(text, "{lines:>4}");
        if lines > 0 {
            let _ = write!(text, " {GOOD}{plus}{GOOD:#}{BAD}{minus}{BAD:#}");
        }
        text.push('\n');
    }
    let files = words::count(stat.files.len(), "file");
    let (added, removed) = (words::count(stat.added, "line"), stat.removed);
    let _ = writeln!(text, " {files} changed, {added} added, {removed} removed");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_dots_name_both_sides() {
        let side = |text: &str| text.parse::<SideName>().unwrap();
        assert_eq!(parse_sides("1.0.0..main").unwrap(), Sides::Both(side("1.0.0"), side("main")));
        assert_eq!(parse_sides("v1..").unwrap(), Sides::Both(side("v1"), side("HEAD")));
        assert_eq!(parse_sides("1.0.0").unwrap(), Sides::Old(side("1.0.0")));
        assert!(parse_sides("a...b").is_err());
    }
}
