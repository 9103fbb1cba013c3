//! `anvil pull`.

use super::args::FormatOption;
use super::resolving::ResolvingOptions;
use super::{Outcome, Session, output, words};
use crate::commands::deploy::{self, Followed, Proposal, Report, Unfollowed, Why};
use crate::commands::environment::Rules;
use crate::commands::lock::Update;
use crate::commands::pull::{Mode, Pulled, Reason};
use crate::commands::review;
use crate::commands::target::Action;
use crate::error::{Hint, Result};
use crate::lockfile::Change;
use crate::manifest;
use crate::name::SetName;
use crate::registry::publish::Changed;
use crate::version::Version;
use serde_json::{Value, json};

/// Make the project match its manifest and lock
///
/// Resolves where the lock does not answer the manifest, fetches what is missing, checks every
/// checksum and unpacks into .anvil/.
///
/// With `--env` the rules of that environment of anvil.toml hold: `locked` does what `--locked` does, `review` puts in
/// place what is locked and proposes what is new in anvil.pending.lock, and `live` takes the newest that satisfies,
/// or what a channel names.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil pull
  anvil pull --locked
  anvil pull --locked --offline
  anvil pull --env staging")]
pub struct Args {
    /// Exit with 1 where the lock would change
    #[arg(long, conflicts_with = "resolution")]
    pub locked: bool,

    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How versions are chosen.
    #[command(flatten)]
    pub resolving: ResolvingOptions,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let context = args.resolving.context(session);
    let mode = if args.locked { Mode::Locked } else { Mode::Resolve(Update::Nothing) };
    let run = Action::of_dry_run(args.dry_run);
    let report = deploy::run(&context, mode, run)?;
    if let Some(pulled) = &report.pulled {
        words::warn_of_lock(session, pulled.answer());
    }
    if let Some(error) = &report.stale {
        session.warn(&format!("nothing is put in place: {error}"));
    }
    if let Some(missing) = &report.missing_channel {
        session.warn(&missing.to_string());
        session.help(&missing.hint());
    }
    for it in &report.unfollowed {
        session.warn(&unfollowed(it, report.environment.as_ref()));
    }
    session.done(args.format.format, &answer_json(&report, run), || answer_text(&report, run))?;
    if let (Some(Proposal::Waits { .. }), Some(rules), Action::Do) = (&report.proposal, &report.environment, run) {
        session.next(&review::command(&rules.name));
    }
    if let Some(Proposal::Rejected { by, .. }) = &report.proposal {
        let lines: Vec<String> = by.iter().map(|voice| voice.line.to_string()).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let what = if lines.len() == 1 { "line" } else { "lines" };
        let lines = words::list(&lines);
        session.help(&Hint::new(format!("to have it proposed again, take {what} {lines} out of anvil.reviews")));
    }
    Ok(if report.stale.is_some() { Outcome::No } else { Outcome::Done })
}

/// Says why a set does not follow its channel.
fn unfollowed(it: &Unfollowed, rules: Option<&Rules>) -> String {
    let Unfollowed { name, channel, taken, why } = it;
    let followed = match rules.map(|rules| &rules.mode) {
        Some(manifest::Mode::Live { channel: Some(channel) }) => format!(" `{channel}`"),
        _ => String::new(),
    };
    let version = channel.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let named = format!("{name}{version}, which the channel{followed} names,");
    let taken = taken.as_ref().map(|version| format!(": {version} is taken")).unwrap_or_default();
    match why {
        Why::NotAllowed => format!("{named} does not satisfy the requirements{taken}"),
        Why::Missing => format!("{named} is not in the registry{taken}"),
        Why::Yanked => format!("{named} was yanked{taken}"),
        Why::TooYoung => {
            format!("{named} is younger than `minimum-release-age` allows{taken}")
        }
        Why::Offline => format!("the channels of {name} are not known without the network{taken}"),
    }
}

/// Returns the answer as JSON: that of any pull, and what the environment adds to it where one is named.
fn answer_json(report: &Report, run: Action) -> Value {
    let mut value = match &report.pulled {
        Some(pulled) => json(pulled),
        None => json!({
            "dry_run": run, "outcome": Changed::of(false), "lock": Changed::of(false), "changes": [],
            "solved_conflict": null, "unread": 0, "contradicted": [], "unpacked": [], "fetched": null, "removed": null,
        }),
    };
    let Some(rules) = &report.environment else { return value };
    value["environment"] = json!({ "name": rules.name, "mode": rules.mode.to_string() });
    value["followed"] = json!(report.followed);
    value["missing_channel"] = json!(report.missing_channel);
    value["unfollowed"] = json!(report.unfollowed);
    value["stale"] = json!(report.stale.as_ref().map(ToString::to_string));
    value["proposal"] = report.proposal.as_ref().map_or(Value::Null, proposal_json);
    value
}

fn proposal_json(proposal: &Proposal) -> Value {
    let mut value = json!({ "state": proposal.as_str() });
    let changes = |changes: &[Change]| {
        let one = |change: &Change| {
            let commits = words::commits_json(change.commits.as_ref());
            json!({ "name": change.name, "from": change.from, "to": change.to, "commits": commits })
        };
        changes.iter().map(one).collect::<Vec<_>>()
    };
    match proposal {
        Proposal::Nothing => {}
        Proposal::Waits { changes: moved, digest, standing, is_new } => {
            value["changes"] = json!(changes(moved));
            value["digest"] = json!(format!("sha256:{digest}"));
            value["approved"] = json!(standing.approved);
            value["new"] = json!(is_new);
        }
        Proposal::Rejected { changes: moved, by } => {
            value["changes"] = json!(changes(moved));
            value["rejected"] = json!(by);
        }
        Proposal::Unknown { why } => value["why"] = json!(why),
    }
    value
}

/// Returns the answer in words.
fn answer_text(report: &Report, run: Action) -> String {
    let mut answer = report.pulled.as_ref().map(|pulled| text(pulled, "")).unwrap_or_default();
    if let Some(manifest::Mode::Live { channel: Some(channel) }) = report.environment.as_ref().map(|rules| &rules.mode)
    {
        for Followed { name, version } in &report.followed {
            answer.push_str(&format!("{name} follows {channel}: {version}\n"));
        }
    }
    let line = |change: &Change| match (&change.from, &change.to) {
        (Some(from), Some(to)) if from != to => format!("  {} {from} -> {to}\n", change.name),
        (Some(_), Some(to)) if let Some((before, after)) = &change.commits => {
            format!("  {} {to}: {} -> {}\n", change.name, words::short(before), words::short(after))
        }
        (Some(_), Some(to)) => format!("  {} {to}, with another content or from elsewhere\n", change.name),
        (None, Some(to)) => format!("  {} {to}, which is new\n", change.name),
        (Some(from), None) => format!("  {} {from}, which goes\n", change.name),
        (None, None) => String::new(),
    };
    match &report.proposal {
        Some(Proposal::Waits { changes, standing, .. }) => {
            let number = changes.len().max(1);
            let verb = match run {
                Action::Do if number == 1 => "waits",
                Action::Do => "wait",
                Action::Plan => "would wait",
            };
            answer.push_str(&format!("{} {verb} for review\n", words::count(number, "update")));
            changes.iter().for_each(|change| answer.push_str(&line(change)));
            if !standing.approved.is_empty() {
                let names: Vec<&str> = standing.approved.iter().map(|voice| voice.by.as_str()).collect();
                answer.push_str(&format!("  approved so far by {}\n", output::clean_line(&words::list(&names))));
            }
        }
        Some(Proposal::Rejected { changes, by }) => {
            let names: Vec<&str> = by.iter().map(|voice| voice.by.as_str()).collect();
            let verb = if changes.len() == 1 { "was" } else { "were" };
            let names = output::clean_line(&words::list(&names));
            answer.push_str(&format!("{} {verb} rejected by {names}\n", words::count(changes.len().max(1), "update")));
            changes.iter().for_each(|change| answer.push_str(&line(change)));
            for (voice, reason) in by.iter().filter_map(|voice| Some((voice, voice.reason.as_ref()?))) {
                let line = output::clean_line(&format!("{}: {reason}", voice.by));
                answer.push_str(&format!("  {line}\n"));
            }
        }
        Some(Proposal::Unknown { why }) => {
            answer.push_str(&format!("updates were not looked for: {}\n", output::clean_line(why)));
        }
        Some(Proposal::Nothing) => answer.push_str("nothing waits for review\n"),
        None => {}
    }
    answer
}

/// Returns what a command that pulls did or would do, as JSON.
pub(super) fn json(pulled: &Pulled) -> Value {
    let answer = pulled.answer();
    let unpacked: Vec<Value> = match pulled {
        Pulled::Done(report) => {
            let one = |(name, version, reason): &(SetName, Version, Reason)| json!({ "name": name, "version": version, "healed": *reason == Reason::Healed });
            report.unpacked.iter().map(one).collect()
        }
        Pulled::Planned(plan) => {
            let one =
                |(name, version): &(SetName, Version)| json!({ "name": name, "version": version, "healed": null });
            plan.missing.iter().map(one).collect()
        }
    };
    let (lock_written, fetched, removed) = match pulled {
        Pulled::Done(report) => {
            let fetched = json!({ "bundles": report.fetched.0, "size": report.fetched.1 });
            (report.lock_written, fetched, json!(report.removed))
        }
        Pulled::Planned(plan) => (plan.answer.is_new(), Value::Null, Value::Null),
    };
    json!({
        "dry_run": pulled.is_planned(),
        "outcome": pulled.outcome(),
        "lock": Changed::of(lock_written),
        "changes": words::changes_json(answer),
        "solved_conflict": words::solved_json(answer),
        "unread": answer.unread,
        "contradicted": words::contradicted_json(&answer.contradicted),
        "unpacked": unpacked,
        "fetched": fetched,
        "removed": removed,
    })
}

/// Returns what a command that pulls did or would do, in words; `notes`, whole lines, follow what moved.
pub(super) fn text(pulled: &Pulled, notes: &str) -> String {
    let run = if matches!(pulled, Pulled::Planned(_)) { Action::Plan } else { Action::Do };
    let mut text = words::changes(pulled.answer(), run) + notes;
    let sets = words::count(pulled.answer().lock.sets.len(), "set");
    let report = match pulled {
        Pulled::Done(report) => report,
        Pulled::Planned(plan) => {
            let nothing = !plan.answer.is_new() && plan.missing.is_empty();
            for (name, version) in &plan.missing {
                text.push_str(&format!("would unpack {name} {version}\n"));
            }
            text.push_str(if nothing { "nothing to do\n" } else { "nothing was changed: this was a dry run\n" });
            return text;
        }
    };
    for (name, version, reason) in &report.unpacked {
        if *reason == Reason::Healed {
            text.push_str(&format!("put back {name} {version}, whose files had changed\n"));
        }
    }
    if report.unpacked.is_empty() {
        text.push_str(&format!("everything is in place ({sets})\n"));
        return text;
    }
    let (bundles, bytes) = report.fetched;
    let fetched = if bundles == 0 { String::new() } else { format!(", fetched {}", words::bytes(bytes)) };
    text.push_str(&format!("unpacked {} of {sets}{fetched}\n", report.unpacked.len()));
    text
}
