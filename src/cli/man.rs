//! `anvil man`.

use super::{Outcome, Session, output, reference};
use crate::error::Result;
use crate::fs::{self, Durability};
use std::path::PathBuf;

/// Print or write the manual pages
///
/// Prints the page of `anvil` itself, for `man -l -`; with DIR it writes the pages of all commands
/// into that folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil man | man -l -
  anvil man ~/.local/share/man/man1")]
pub struct Args {
    /// The folder to write into
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let pages = reference::man_pages();
    let Some(folder) = args.folder else {
        for page in pages.iter().filter(|page| page.name == "anvil.1") {
            session.document(&page.text)?;
        }
        return Ok(Outcome::Done);
    };
    for page in &pages {
        fs::write(&session.context().path(&folder).join(&page.name), page.text.as_bytes(), Durability::Derived)?;
    }
    let place = output::clean_line(&folder.display().to_string());
    session.changed(&format!("wrote {} manual pages to {place}", pages.len()))?;
    Ok(Outcome::Done)
}
