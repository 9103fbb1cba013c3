//! The rows of `anvil outdated`, each compared with the versions that it may move to.

use super::Outdated;
use crate::commands::between::bundles::{self, Delivered, Order};
use crate::commands::between::{self, Between, Held};
use crate::commands::context::Context;
use crate::commands::parallel::in_parallel;
use crate::commands::project::Project;
use crate::commands::published::Stock;
use crate::error::Result;
use crate::index::Line;
use crate::lockfile::{LockedSet, Lockfile, Source};
use crate::name::RegistryId;

/// What a row is compared with: the locked version, and one that it may move to.
struct Pair<'r> {
    row: usize,
    /// Whether it is about the newest version; else it is about the compatible one.
    newest: bool,
    old: &'r LockedSet,
    new: New<'r>,
}

enum New<'r> {
    Locked(&'r LockedSet),
    Line(&'r RegistryId, Box<Line>),
}

/// Compares the locked version of each of `rows` with those that it may move to.
pub(super) fn compare_all(
    context: &Context,
    project: &Project,
    stock: &Stock<'_>,
    [locked, updated]: [&Lockfile; 2],
    rows: &mut [Outdated],
) -> Result<()> {
    let Some(registries) = stock.registries() else { return Ok(()) };
    let mut pairs = Vec::new();
    for (row, outdated) in rows.iter().enumerate() {
        let Some(old) = locked.set(&outdated.name) else { continue };
        let moved = updated.set(&old.name).filter(|new| (&new.version, &new.source) != (&old.version, &old.source));
        let moved = moved.filter(|new| outdated.compatible.as_ref() == Some(&new.version));
        pairs.extend(moved.map(|new| Pair { row, newest: false, old, new: New::Locked(new) }));
        let is_further = outdated.newest > old.version && outdated.compatible.as_ref() != Some(&outdated.newest);
        if let (Source::Registry(id), true) = (&old.source, is_further)
            && let Some(line) = super::index(registries, old)?.and_then(|index| index.line(&outdated.newest).cloned())
        {
            pairs.push(Pair { row, newest: true, old, new: New::Line(id, Box::new(line)) });
        }
    }
    let orders: Vec<Order> = pairs.iter().flat_map(Pair::orders).collect();
    let bundles = bundles::read_all(context, registries, &orders);
    let found = in_parallel(&pairs, |pair| Ok(pair.compare(context, project, stock, &bundles)))?;
    for (Pair { row, newest, .. }, between) in pairs.iter().zip(found) {
        let outdated = &mut rows[*row];
        match newest {
            true => outdated.to_newest = Some(between),
            false => outdated.to_compatible = Some(between),
        }
    }
    for row in rows.iter_mut().filter(|row| row.compatible.as_ref() == Some(&row.newest)) {
        row.to_newest.clone_from(&row.to_compatible);
    }
    Ok(())
}

impl Pair<'_> {
    fn orders(&self) -> Vec<Order> {
        let new = match &self.new {
            New::Locked(set) => Order::of_locked(set),
            New::Line(id, line) => Some(Order::of_line(id, line)),
        };
        Order::of_locked(self.old).into_iter().chain(new).collect()
    }

    fn compare(&self, context: &Context, project: &Project, stock: &Stock<'_>, bundles: &Delivered) -> Between {
        let compared = || -> Result<Between, String> {
            let old = between::files_of(context, self.old, bundles)?;
            let (new_files, line);
            let new = match &self.new {
                New::Locked(set) => {
                    new_files = between::files_of(context, set, bundles)?;
                    Held::of_locked(set, &new_files)
                }
                New::Line(id, announced) => {
                    line = announced;
                    new_files =
                        bundles.get(&line.sha256).cloned().unwrap_or_else(|| Err("it was not asked for".into()))?;
                    Held::of_line(line, id, &new_files)
                }
            };
            Ok(between::compare(context, project, stock, [Held::of_locked(self.old, &old), new]))
        };
        compared().unwrap_or_else(Between::not_checked)
    }
}
