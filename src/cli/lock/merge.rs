//! `anvil lock --merge-driver`.

use crate::cli::args::Format;
use crate::cli::errors::CliError;
use crate::cli::{Outcome, Session, words};
use crate::commands::lock::merge::{self, Request};
use crate::error::Result;
use crate::registry::publish::Changed;
use serde_json::json;
use std::path::PathBuf;

/// Merges the lock that git names by `files`.
pub(super) fn run(files: Vec<PathBuf>, format: Format, session: &Session) -> Result<Outcome> {
    let mut files = files.into_iter();
    let (Some(base), Some(ours), Some(theirs)) = (files.next(), files.next(), files.next()) else {
        return Err(CliError::Contradiction("`--merge-driver` takes three files: BASE, OURS and THEIRS").into());
    };
    let merged = merge::run(&session.context(), &Request { base, ours, theirs, place: files.next() })?;
    let anew = merged.anew.as_ref().map(ToString::to_string);
    let value = json!({ "outcome": Changed::Yes, "anew": anew, "total": merged.lock.sets.len() });
    session.done(format, &value, || {
        let sets = words::count(merged.lock.sets.len(), "set");
        match anew {
            None => format!("merged anvil.lock ({sets})\n"),
            Some(why) => format!("merged anvil.lock ({sets}), with versions chosen anew: {why}\n"),
        }
    })?;
    Ok(Outcome::Done)
}
