//! `anvil review`.

use super::args::FormatOption;
use super::diff::test_change;
use super::difference::hunk_lines;
use super::output::{self, BAD, GOOD, STRONG};
use super::{Outcome, Session, words};
use crate::commands::review::{
    self, Decided, Moved, PromptChange, Proposed, Report, SetChange, Standing, Subject, Tokens, Voice,
};
use crate::commands::target::Action;
use crate::error::{Hint, Result};
use crate::registry::publish::Changed;
use crate::reviews::Decision;
use crate::version::{Bump, Version};
use anstyle::Style;
use clap::Subcommand;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Look at proposed updates, and approve or reject them
///
/// In an environment of anvil.toml whose mode is `review`, `anvil pull --env NAME` proposes updates in
/// anvil.pending.lock. This shows, prompt by prompt, what they would change: the words, what callers may give and get,
/// the tokens, and what the tests render to. The environment is that of `--env`, else the only one with reviews.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  anvil review
  anvil review approve
  anvil review reject --reason 'the tone is too bold'"
)]
pub struct Args {
    /// What to do; to look at what waits where nothing is named.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// What is done with what waits.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Approve what is proposed, or anvil.lock where nothing is
    ///
    /// Adds a line to anvil.reviews with who, when and the checksum, signed where `[signing] key` of your config names a
    /// key. When as many people have approved as anvil.toml asks for, anvil.pending.lock becomes anvil.lock.
    Approve(Approve),
    /// Reject what is proposed, for good
    ///
    /// Adds a line to anvil.reviews and removes anvil.pending.lock. The same content is not proposed again.
    Reject(Reject),
}

/// The arguments of `anvil review approve`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil review approve
  anvil review approve --env staging --by Ada")]
pub struct Approve {
    /// Who approves [default: git's user.name and user.email]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,

    /// Approve anvil.lock as it is, whatever waits
    #[arg(long)]
    pub current: bool,

    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// The arguments of `anvil review reject`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil review reject --reason 'the tone is too bold'")]
pub struct Reject {
    /// Who rejects [default: git's user.name and user.email]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,

    /// Why, for those who come later
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,

    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let context = session.context();
    let (decided, format) = match args.command {
        None => {
            let report = review::run(&context)?;
            remark(session, &report);
            session.answer(args.format.format, &json(&report), || text(&report))?;
            next(session, &report);
            return Ok(Outcome::Done);
        }
        Some(Command::Approve(Approve { by, current, dry_run, format })) => {
            let subject = if current { Subject::Current } else { Subject::Waiting };
            (review::approve(&context, subject, by.as_deref(), Action::of_dry_run(dry_run))?, format)
        }
        Some(Command::Reject(Reject { by, reason, dry_run, format })) => {
            (review::reject(&context, by.as_deref(), reason.as_deref(), Action::of_dry_run(dry_run))?, format)
        }
    };
    session.done(format.format, &decided_json(&decided), || decided_text(&decided))?;
    let is_in_force = decided.taken || decided.of_lock && decided.missing == 0;
    if decided.run == Action::Do && decided.decision == Decision::Approve && is_in_force {
        session.next(&format!("anvil pull --env {}", decided.environment));
    }
    Ok(Outcome::Done)
}

/// What a dry run says last.
const UNCHANGED: &str = "nothing was changed: this was a dry run\n";

fn decided_json(decided: &Decided) -> Value {
    json!({
        "dry_run": decided.run,
        "environment": decided.environment,
        "decision": decided.decision.to_string(),
        "digest": format!("sha256:{}", decided.digest),
        "by": decided.by,
        "outcome": Changed::of(decided.recorded || decided.taken),
        "recorded": decided.recorded,
        "signed": decided.signed,
        "of": if decided.of_lock { "lock" } else { "pending" },
        "taken": decided.taken,
        "missing": decided.missing,
        "against": decided.against,
        "superseded": decided.superseded,
    })
}

fn decided_text(decided: &Decided) -> String {
    let by = output::clean_line(&decided.by);
    let what = if decided.of_lock { "anvil.lock" } else { "anvil.pending.lock" };
    let signed = if decided.signed { ", signed" } else { "" };
    let is_plan = decided.run == Action::Plan;
    if decided.decision == Decision::Reject {
        return match is_plan {
            false => format!("rejected by {by}{signed}: {what} is gone, and is not proposed again\n"),
            true => format!("would reject {what} for {} by {by}{signed}, for good\n{UNCHANGED}", decided.environment),
        };
    }
    let verb = if is_plan { "would approve" } else { "approved" };
    let mut text = match decided.recorded {
        true => format!("{verb} {what} for {} by {by}{signed}\n", decided.environment),
        false => format!("{by} has approved {what} for {} before\n", decided.environment),
    };
    match decided.missing {
        0 if decided.taken && is_plan => text.push_str("anvil.pending.lock would be anvil.lock then\n"),
        0 if decided.taken => text.push_str("anvil.pending.lock is anvil.lock now\n"),
        0 => {}
        missing => {
            let verb = match (is_plan, missing) {
                (true, _) => "would be",
                (false, 1) => "is",
                (false, _) => "are",
            };
            let _ = writeln!(text, "{} {verb} missing", words::count(missing, "more approval"));
            let before: Vec<&str> = decided.superseded.iter().map(|voice| voice.by.as_str()).collect();
            if !before.is_empty() {
                let (verb, counts) = if before.len() == 1 { ("approval", "counts") } else { ("approvals", "count") };
                let before = output::clean_line(&words::list(&before));
                let _ = writeln!(text, "the {verb} by {before} {counts} no longer: {what} has changed since");
            }
        }
    }
    for voice in &decided.against {
        let who = output::clean_line(&voice.by);
        let _ = writeln!(text, "{what} is not taken while {who} rejects it, in line {} of anvil.reviews", voice.line);
    }
    if is_plan {
        text.push_str(UNCHANGED);
    }
    text
}

fn json(report: &Report) -> Value {
    let standing = |standing: &Standing| {
        json!({
            "approved": standing.approved,
            "rejected": standing.rejected,
            "ignored": standing.ignored,
            "missing": standing.missing(report.approvals),
        })
    };
    let with = |digest: &crate::digest::Sha256, of: &Standing| {
        let mut value = standing(of);
        value["digest"] = json!(format!("sha256:{digest}"));
        value
    };
    let pending = report.proposed.as_ref().map(|proposed| {
        let mut value = with(&proposed.digest, &proposed.standing);
        value["stale"] = proposed.stale.iter().map(ToString::to_string).collect();
        value["outrun"] = json!(proposed.outrun);
        value["lowered"] = json!(proposed.lowered);
        value["sets"] = json!(proposed.sets);
        value["unchanged_tests"] = json!(proposed.unchanged);
        value
    });
    json!({
        "environment": report.environment,
        "approvals": report.approvals,
        "pending": pending,
        "lock": report.current.as_ref().map(|(digest, standing)| with(digest, standing)),
    })
}

/// Says on stderr what of the proposal is not as it should be.
fn remark(session: &Session, report: &Report) {
    let standings = report.proposed.iter().map(|proposed| &proposed.standing);
    let standings = standings.chain(report.current.iter().map(|(_, standing)| standing));
    for it in standings.flat_map(|standing| &standing.ignored) {
        session.warn(&format!("line {} of anvil.reviews, by {}, does not count: {}", it.line, it.by, it.why));
    }
    let Some(proposed) = &report.proposed else { return };
    if let Some(stale) = proposed.stale.first() {
        session.warn(&format!("anvil.pending.lock no longer answers anvil.toml: {stale}"));
    }
    if proposed.outrun {
        let newer: Vec<&str> = proposed.lowered.iter().map(|name| name.as_str()).collect();
        let newer = if newer.is_empty() { String::new() } else { format!(", and has a newer {}", words::list(&newer)) };
        session.warn(&format!("anvil.lock has changed since this was proposed{newer}: it cannot be approved"));
    }
}

/// Says what usually comes next.
fn next(session: &Session, report: &Report) {
    let name = &report.environment;
    match (&report.proposed, &report.current) {
        (Some(proposed), _) if !proposed.stale.is_empty() || proposed.outrun => {
            session.help(&Hint::run("propose one that fits what is here now", format!("anvil pull --env {name}")));
        }
        (Some(_), _) => session.next(&format!("anvil review approve --env {name}")),
        (None, Some((_, standing))) if !standing.suffices(report.approvals) => {
            session.help(&Hint::run("approve anvil.lock as it is", format!("anvil review approve --env {name}")));
        }
        (None, _) => {}
    }
}

fn text(report: &Report) -> String {
    let Some(proposed) = &report.proposed else {
        let of_lock = report.current.as_ref().map(|(_, standing)| of_lock(standing, report.approvals));
        let of_lock = of_lock.map(|text| format!("; {text}")).unwrap_or_default();
        return format!("nothing waits for review in {}{of_lock}\n", report.environment);
    };
    let Proposed { sets, unchanged, standing, .. } = proposed;
    let mut text = String::new();
    sets.iter().for_each(|set| set_change(&mut text, set));
    if sets.is_empty() {
        text.push_str("no prompt changes\n\n");
    }
    if *unchanged > 0 {
        let verb = if *unchanged == 1 { "renders" } else { "render" };
        let _ = writeln!(text, "{} {verb} to the same", words::count(*unchanged, "test"));
    }
    let names: Vec<&str> = standing.approved.iter().map(|voice| voice.by.as_str()).collect();
    let by =
        if names.is_empty() { String::new() } else { format!(", by {}", output::clean_line(&words::list(&names))) };
    let _ = writeln!(
        text,
        "{} of {} for {}{by}",
        names.len(),
        words::count(report.approvals as usize, "approval"),
        report.environment
    );
    text
}

/// Returns how anvil.lock itself stands, as a clause.
fn of_lock(standing: &Standing, approvals: u32) -> String {
    let names = |voices: &[Voice]| {
        let names: Vec<&str> = voices.iter().map(|voice| voice.by.as_str()).collect();
        output::clean_line(&words::list(&names))
    };
    if !standing.rejected.is_empty() {
        return format!("anvil.lock was rejected by {}", names(&standing.rejected));
    }
    let by = match standing.approved.is_empty() {
        true => String::new(),
        false => format!(", by {}", names(&standing.approved)),
    };
    if standing.suffices(approvals) {
        return format!("anvil.lock is approved{by}");
    }
    let asked = words::count(approvals as usize, "approval");
    format!("anvil.lock has {} of {asked}{by}", standing.approved.len())
}

fn versions(from: Option<&Version>, to: Option<&Version>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from != to => format!("{from} -> {to}"),
        (Some(_), Some(to)) => to.to_string(),
        (None, Some(to)) => format!("{to} (new)"),
        (Some(from), None) => format!("{from} (gone)"),
        (None, None) => String::new(),
    }
}

fn set_change(text: &mut String, set: &SetChange) {
    let bump = set.bump.map(|bump| format!(", {bump}")).unwrap_or_default();
    let own = if set.own { ", this project's own" } else { "" };
    let versions = versions(set.from.as_ref(), set.to.as_ref());
    let commits = set.commits.as_ref().map(|Moved { from, to }| (words::short(from), words::short(to)));
    let commits = commits.map(|(from, to)| format!(", commit {from} -> {to}")).unwrap_or_default();
    let _ = writeln!(text, "{STRONG}{} {versions}{commits}{bump}{own}{STRONG:#}", set.name);
    if let Some(Moved { from, to }) = &set.sources {
        let _ = writeln!(text, "  {BAD}{}{BAD:#}", output::clean_line(&format!("from {to}, not from {from}")));
    }
    for change in &set.interface {
        interface_line(text, change);
    }
    for prompt in &set.prompts {
        prompt_change(text, set, prompt);
    }
    if set.files > 0 {
        let verb = if set.files == 1 { "changes" } else { "change" };
        let _ = writeln!(text, "{} {verb} that no prompt is written in", words::count(set.files, "other file"));
    }
    text.push('\n');
}

fn interface_line(text: &mut String, change: &crate::compat::Change) {
    let style = if change.bump() == Bump::Major { BAD } else { Style::new() };
    let _ = writeln!(text, "  {style}{}{style:#}", output::clean_line(&change.to_string()));
}

fn prompt_change(text: &mut String, set: &SetChange, prompt: &PromptChange) {
    use crate::diff::Change;
    let what = match prompt.change {
        Some(Change::Added) => " (new)",
        Some(Change::Deleted) => " (gone)",
        Some(Change::Renamed) => " (renamed)",
        Some(Change::Modified) => "",
        None => " (its file stays)",
    };
    let tokens = match prompt.tokens {
        Tokens { old: Some(old), new: Some(new) } if old != new => {
            let style = if new > old { BAD } else { GOOD };
            format!(": {old} -> {new} tokens ({style}{:+}{style:#})", new as i64 - old as i64)
        }
        Tokens { new: Some(count), .. } | Tokens { old: Some(count), new: None } => {
            format!(": {}", words::count(count, "token"))
        }
        Tokens { old: None, new: None } => String::new(),
    };
    let _ = writeln!(text, "{STRONG}{}/{}{STRONG:#}{what}{tokens}", set.name, prompt.name);
    for change in &prompt.interface {
        interface_line(text, change);
    }
    for hunk in prompt.text.iter().flat_map(|file| &file.hunks) {
        text.push_str(&hunk_lines(hunk));
    }
    if !prompt.tests.is_empty() {
        text.push_str("rendered tests:\n");
    }
    for test in &prompt.tests {
        text.push_str(&test_change(test));
    }
}
