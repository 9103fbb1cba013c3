//! Removes dependencies: takes them out of the manifest, and out of the lock whatever only they needed.
//!
//! Where the lock answered the manifest before, what is left of it answers what is left of the
//! manifest, so that nothing is resolved, nothing else moves, and no network is needed.

use super::context::Context;
use super::edit::{self, Texts};
use super::environment;
use super::lock::{self, Answer, Update};
use super::project::Project;
use super::pull::Pulled;
use super::target::Action;
use crate::error::{Code, Diagnose, Hint, Result, suggest};
use crate::lockfile::Reading;
use crate::manifest::edit::{self as manifest_edit, Table};
use crate::name::SetName;
use std::path::PathBuf;

/// What is to be removed.
#[derive(Clone, Debug)]
pub struct Request {
    /// The sets.
    pub sets: Vec<SetName>,
    /// The table of the manifest that they are taken out of.
    pub table: Table,
    /// Whether it is done or only planned.
    pub run: Action,
}

/// What was removed, or would be.
#[derive(Clone, Debug)]
pub struct Report {
    /// The sets that the manifest no longer names.
    pub removed: Vec<SetName>,
    /// Those of them that stay in the lock, with one that needs them.
    pub still_needed: Vec<(SetName, SetName)>,
    /// The lock, and what was pulled.
    pub pulled: Pulled,
}

/// Why something cannot be removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// The manifest does not name it.
    #[error("{name} is not in [{}] of `{}`", .table.as_str(), .manifest.display())]
    NotThere {
        /// The table.
        table: Table,
        /// The set.
        name: SetName,
        /// The manifest.
        manifest: PathBuf,
        /// A dependency that may be meant.
        similar: Option<SetName>,
        /// Whether the lock has it, because something else needs it.
        locked: bool,
    },
}

impl Diagnose for RemoveError {
    fn code(&self) -> Code {
        match self {
            RemoveError::NotThere { .. } => Code::A1134,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let RemoveError::NotThere { table, name, similar, locked, .. } = self;
        match similar {
            _ if *locked && *table == Table::Dependencies => {
                vec![Hint::run("another set needs it; see which with", format!("anvil why {name}"))]
            }
            Some(similar) => {
                let flag = if *table == Table::Override { " --override" } else { "" };
                vec![Hint::run("did you mean", format!("anvil remove {similar}{flag}"))]
            }
            None => Vec::new(),
        }
    }
}

/// Removes what `request` names.
///
/// # Errors
/// When the manifest does not name one of the sets, or something cannot be written. Manifest and
/// lock are then as they were.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    environment::check_may_change(context, "remove", request.run)?;
    let _reserved = Project::reserve(context, request.run)?;
    let project = Project::of_table(context, request.table)?;
    let reading = project.read_lock()?;
    let mut removed = request.sets.clone();
    removed.sort();
    removed.dedup();
    let mut text = project.manifest_text.clone();
    for name in &removed {
        text = match request.table.of(&project.manifest).contains_key(name) {
            true => manifest_edit::remove_in(&text, request.table, name)?,
            false => None,
        }
        .ok_or_else(|| not_there(&project, request.table, reading.as_ref(), name))?;
    }
    let [before, after] =
        [project.manifest_text.clone(), text].map(|text| Texts::from([(project.member.clone(), text)]));
    let edited = project.with_manifests(&after)?;
    // What is removed is not looked at: a folder that is gone keeps nobody from taking it out.
    let left = match &reading {
        // What an override stood in for is to be chosen as it would be without.
        Some(Reading::Whole(before)) if request.table == Table::Dependencies => {
            let mut left = Answer::unchanged(before.clone());
            lock::fit(&edited, &mut left);
            Some(left)
        }
        _ => None,
    };
    let answers = |left: &Answer| lock::staleness(&edited, &left.lock).is_ok_and(|stale| stale.is_empty());
    let answer = match left.filter(answers) {
        Some(left) => left,
        None => lock::answer(context, &edited, &Update::Nothing)?,
    };
    let needs = |name: &SetName| {
        let mut sets = answer.lock.sets.iter();
        sets.find(|set| set.dependencies.iter().any(|edge| edge.name == *name)).map(|set| set.name.clone())
    };
    // An override is no need; that its set stays is what one expects.
    let needed = removed.iter().filter(|_| request.table == Table::Dependencies);
    let still_needed = needed.filter_map(|name| Some((name.clone(), needs(name)?))).collect();
    let pulled = edit::install(context, &project, [&before, &after], answer, request.run)?;
    Ok(Report { removed, still_needed, pulled })
}

fn not_there(project: &Project, table: Table, reading: Option<&Reading>, name: &SetName) -> RemoveError {
    let names = table.of(&project.manifest).keys();
    let near = suggest(name.as_str(), names.clone().map(SetName::as_str)).map(str::to_owned);
    let similar = names.clone().find(|other| near.as_deref() == Some(other.as_str())).cloned();
    let locked = matches!(reading, Some(Reading::Whole(lock)) if lock.set(name).is_some());
    RemoveError::NotThere { table, name: name.clone(), manifest: project.manifest_path(), similar, locked }
}
