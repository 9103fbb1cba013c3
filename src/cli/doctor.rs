//! `anvil doctor`.

use super::args::FormatOption;
use super::output::{self, clean_line};
use super::{Outcome, Session, reference, words};
use crate::commands::doctor::{self, Level, Report, Request};
use crate::config::credentials::sent;
use crate::error::Result;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Look for what keeps Anvil from working
///
/// Checks git, the cache, your configuration and environment, and in a project the lock, what is
/// unpacked, its reviews, its registries, and the git repositories of its sets. Each finding says what mends it. Nothing
/// is changed. Exits with 1 where
/// something must be mended.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil doctor
  anvil doctor --offline --format json")]
pub struct Args {
    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let environment = |name: &str| std::env::var_os(name);
    let set = std::env::vars_os().filter(|(_, value)| !value.is_empty());
    let mut variables: Vec<String> = set.filter_map(|(name, _)| name.into_string().ok()).collect();
    variables.sort();
    let known = reference::ENVIRONMENT.iter().map(|(names, _)| *names).collect();
    let report = doctor::run(&session.context(), &Request { environment: &environment, variables, known });
    // Of a registry it is told why it cannot be used, perhaps in words of its server's.
    let mut value = json(&report);
    sent::masked_json(&mut value);
    session.answer(args.format.format, &value, || sent::masked(&text(&report, session)).into_owned())?;
    Ok(if report.is_well() { Outcome::Done } else { Outcome::No })
}

fn json(report: &Report) -> Value {
    let checks = report.checks.iter().map(|check| {
        let hints: Vec<String> = check.hints.iter().map(ToString::to_string).collect();
        json!({ "area": check.area, "level": check.level, "message": check.message, "hints": hints })
    });
    json!({
        "ok": report.is_well(),
        "errors": report.count(Level::Error),
        "warnings": report.count(Level::Warning),
        "checks": checks.collect::<Vec<_>>(),
    })
}

fn text(report: &Report, session: &Session) -> String {
    let mut text = String::new();
    for check in &report.checks {
        let area = serde_json::to_value(check.area).ok();
        let area = area.as_ref().and_then(Value::as_str).unwrap_or_default();
        let style = match check.level {
            Level::Good => output::GOOD,
            Level::Skipped => output::FAINT,
            Level::Warning => output::WARNING,
            Level::Error => output::ERROR,
        };
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{style}{:<8}{style:#} {area}: {}", check.level.as_str(), clean_line(&check.message));
        for hint in &check.hints {
            let _ = writeln!(text, "         {}", session.reporter().help_line(hint));
        }
    }
    let (errors, warnings) = (report.count(Level::Error), report.count(Level::Warning));
    let _ = match (errors, warnings) {
        (0, 0) => writeln!(text, "nothing is wrong"),
        (0, _) => writeln!(text, "nothing must be mended ({})", words::count(warnings, "warning")),
        _ => writeln!(text, "{} and {}", words::count(errors, "error"), words::count(warnings, "warning")),
    };
    text
}
