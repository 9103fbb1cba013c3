//! The rules of an environment, checked.

use crate::commands::context::Context;
use crate::commands::deploy::{self, MissingChannel};
use crate::commands::environment::{self, Rules};
use crate::commands::project::Project;
use crate::commands::review::{self, Record, Standing};
use crate::digest::Sha256;
use crate::error::{Code, Diagnostic, Hint, Result};
use crate::fs;
use crate::lockfile::{self, FILE_NAME, Lockfile, Stale};
use crate::manifest::{self, Mode};
use crate::name::SetName;
use crate::reviews;
use std::ops::Range;

/// Returns what breaks the rules of `environment`.
///
/// # Errors
/// When the lock cannot be read.
pub(super) fn check(
    context: &Context,
    project: &Project,
    environment: &Rules,
    lock: &Lockfile,
) -> Result<Vec<Diagnostic>> {
    match environment.mode {
        Mode::Live { channel: None } => Ok(Vec::new()),
        Mode::Live { channel: Some(ref channel) } => {
            let missing = deploy::missing_channel(context, project, lock, channel);
            Ok(missing.iter().map(|missing| strange_channel(project, environment, missing)).collect())
        }
        Mode::Locked => unfixed(project, environment, lock),
        Mode::Review { approvals } => {
            let mut found = unapproved(project, environment, approvals)?;
            found.extend(unfixed(project, environment, lock)?);
            Ok(found)
        }
    }
}

/// Returns the warning that no set has the channel of `environment`.
fn strange_channel(project: &Project, environment: &Rules, missing: &MissingChannel) -> Diagnostic {
    let text = fs::read_to_string(&project.root.join(manifest::FILE_NAME)).unwrap_or_default();
    let section = text.lines().enumerate().skip(environment.line).take_while(|(_, line)| !line.starts_with('['));
    let mut said = section.filter(|(_, line)| line.trim_start().starts_with("channel"));
    let span = line(&text, said.next().map_or(environment.line, |(index, _)| index + 1));
    let found = Diagnostic::warning(Code::A1201, missing.to_string());
    found.at(manifest::FILE_NAME, text.into(), span, "no set has it").hint(missing.hint())
}

/// Returns for each way in which the lock does not answer the manifest a finding.
pub(super) fn stale(context: &Context, project: &Project, rules: Option<&Rules>, stale: &[Stale]) -> Vec<Diagnostic> {
    let text = fs::read_to_string(&project.lock_path()).unwrap_or_default();
    let one = |stale: &Stale| {
        let message = format!("anvil.lock does not answer anvil.toml: {stale}");
        let found = Diagnostic::error(Code::A1037, message).at(FILE_NAME, text.as_str().into(), first(&text), "");
        let hint = Hint::run("write it anew and commit it", "anvil lock");
        found.hint(match rules.map(|rules| &rules.mode) {
            Some(Mode::Locked) => environment::hint_to_change(context, rules, Hint::run("write it anew", "anvil lock")),
            _ => environment::hint_to_change(context, rules, hint),
        })
    };
    stale.iter().map(one).collect()
}

/// Returns a finding for each set whose content the lock does not fix: an error where nothing else may be used, and a
/// warning where people look at it, who may know.
fn unfixed(project: &Project, environment: &Rules, lock: &Lockfile) -> Result<Vec<Diagnostic>> {
    let text = fs::read_to_string_if_exists(&project.lock_path())?.unwrap_or_default();
    let one = |(name, path): (&SetName, &str)| {
        let Rules { name: environment, mode, .. } = environment;
        let found = if *mode == Mode::Locked {
            let why = format!("{name} is used from the folder `{path}`, whose content no lock fixes");
            Diagnostic::error(Code::A1181, format!("the environment `{environment}` is locked, and {why}"))
        } else {
            let why = format!("{name} is used from the folder `{path}`: what that holds may change afterwards");
            Diagnostic::warning(Code::A1181, format!("an approval for `{environment}` is of anvil.lock, and {why}"))
        };
        let found = found.at(FILE_NAME, text.as_str().into(), place(&text, name), "a folder");
        found.hint(Hint::new(format!("publish {name}, and depend on a version of it")))
    };
    Ok(environment::unfixed(project, lock).map(one).collect())
}

/// Returns what keeps the lock from being approved.
fn unapproved(project: &Project, environment: &Rules, approvals: u32) -> Result<Vec<Diagnostic>> {
    let Some(bytes) = fs::read_if_exists(&project.lock_path())? else { return Ok(Vec::new()) };
    let record = match Record::read(project) {
        Ok(record) => record,
        // It is told with all else that is wrong.
        Err(error) if matches!(error.code(), Code::A1182 | Code::A1188) => {
            return Ok(match error.diagnostics() {
                [] => {
                    let hints = error.hints();
                    vec![hints.into_iter().fold(Diagnostic::error(error.code(), error.to_string()), Diagnostic::hint)]
                }
                found => found.to_vec(),
            });
        }
        Err(error) => return Err(error),
    };
    let standing = record.standing(&environment.name, &Sha256::of(&bytes));
    if standing.suffices(approvals) {
        return Ok(Vec::new());
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let span = first(&text);
    let found = Diagnostic::error(Code::A1189, message(environment, &standing, approvals, &record));
    let found = found.at(FILE_NAME, text.into(), span, "");
    let approve = format!("anvil review approve --env {}", environment.name);
    let found = match fs::exists(&project.pending_path()) {
        false => found.hint(Hint::run("look at it, and approve it as it is", approve)),
        true => found
            .hint(Hint::run("look at what waits to take its place", review::command(&environment.name)))
            .hint(Hint::run("or approve anvil.lock as it is", format!("{approve} --current"))),
    };
    let ignored = standing.ignored.iter().map(|ignored| {
        let message = format!("the approval by {} does not count: {}", ignored.by, ignored.why);
        let text = fs::read_to_string(&project.reviews_path()).unwrap_or_default();
        let span = line(&text, ignored.line);
        Diagnostic::warning(Code::A1190, message).at(reviews::FILE_NAME, text.into(), span, "")
    });
    Ok([found].into_iter().chain(ignored).collect())
}

fn message(environment: &Rules, standing: &Standing, approvals: u32, record: &Record) -> String {
    let name = &environment.name;
    if let Some(voice) = standing.rejected.first() {
        let why = voice.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        return format!("anvil.lock was rejected for `{name}` by {}{why}", voice.by);
    }
    let signed = if record.asks_for_signatures() { "signed " } else { "" };
    let count = standing.approved.len();
    let names: Vec<&str> = standing.approved.iter().map(|voice| voice.by.as_str()).collect();
    if count == 0 && approvals == 1 {
        return format!("anvil.lock has no {signed}approval, which `{name}` asks for");
    }
    let by = if names.is_empty() { String::new() } else { format!(", by {}", names.join(", ")) };
    format!("anvil.lock has {count} of the {approvals} {signed}approvals that `{name}` asks for{by}")
}

/// Returns the line of `text`, a lock, that names the set, from 1.
pub(super) fn line_of(text: &str, name: &SetName) -> usize {
    text[..place(text, name).start].lines().count() + 1
}

fn place(text: &str, name: &SetName) -> Range<usize> {
    lockfile::place_of(text, name).unwrap_or_else(|| first(text))
}

fn first(text: &str) -> Range<usize> {
    line(text, 1)
}

fn line(text: &str, number: usize) -> Range<usize> {
    let start = text.split_inclusive('\n').take(number.saturating_sub(1)).map(str::len).sum::<usize>();
    let length = text[start..].lines().next().map_or(0, str::len);
    start..start + length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_found_among_the_locked_ones_and_not_among_the_requirements() {
        let text = "version = 1\n\n[[requirement]]\nname = \"a/b\"\n\n[[set]]\nname = \"a/b\"\n";
        assert_eq!(line_of(text, &"a/b".parse().unwrap()), 7);
        assert_eq!(line_of(text, &"c/d".parse().unwrap()), 1);
        assert_eq!(line("ab\ncd\n", 2), 3..5);
    }
}
