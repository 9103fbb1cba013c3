//! The project: whether its lock answers its manifest, what is unpacked, and what git makes of both.

use super::{Area, Level, Report};
use crate::commands::context::Context;
use crate::commands::environment::{self, By};
use crate::commands::init;
use crate::commands::members;
use crate::commands::project::Project;
use crate::commands::pull::{self, Reason};
use crate::commands::review::Record;
use crate::commands::{lock, registries::Registries, vendor};
use crate::error::{Code, Hint, shell_word};
use crate::fs;
use crate::git::{Repository, health};
use crate::lockfile::{self, Lockfile};
use crate::registry::Freshness;
use crate::reviews::FILE_NAME;
use crate::store::layout::{PROJECT_FOLDER, Place, VENDOR_FOLDER};

pub(super) fn look(context: &Context, project: &Project, report: &mut Report) {
    let twins = Registries::new(context, &project.folder, &project.manifest, Freshness::Cached).check_twins();
    if let Err(error) = twins {
        report.error(Area::Project, &error.into());
    }
    if let Err(error) = environment::of(context, project) {
        report.error(Area::Environment, &error);
        if let Some(check) = report.checks.last_mut() {
            check.hints.push(match context.environment.as_ref().map(|selected| selected.by) {
                Some(By::Flag) => Hint::new("or leave `--env` out"),
                Some(By::Variable) | None => Hint::run("or take the variable away", "unset ANVIL_ENV"),
            });
        }
    }
    reviews(project, report);
    for found in members::of(project).unwrap_or_default() {
        report.add(Area::Project, Level::Warning, found.message.clone()).hints.clone_from(&found.hints);
    }
    match lock::check(project) {
        Err(error) => report.error(Area::Project, &error),
        Ok(lock) => {
            report.good(Area::Project, format!("anvil.lock answers anvil.toml ({} locked)", lock.sets.len()));
            unpacked(project, &lock, report);
        }
    }
    in_git(project, report);
}

/// Looks whether what was approved can be read: nothing is proposed, taken or checked where it cannot.
fn reviews(project: &Project, report: &mut Report) {
    match Record::read(project) {
        Err(error) => {
            report.error(Area::Project, &error);
            if let Some(check) = report.checks.last_mut() {
                let mend = Hint::new("mend that line or take it out; each line stands for itself");
                check.hints.extend((error.code() == Code::A1182).then_some(mend));
            }
        }
        Ok(_) if fs::is_file(&project.reviews_path()) => {
            report.good(Area::Project, format!("{FILE_NAME} can be read"));
        }
        Ok(_) => {}
    }
}

fn unpacked(project: &Project, lock: &Lockfile, report: &mut Report) {
    let missing = match pull::missing(project, lock) {
        Ok(missing) => missing,
        Err(error) => return report.error(Area::Project, &error),
    };
    let folder = Place::of(&project.root).folder();
    let Some((first, _, reason)) = missing.first() else {
        let faults = vendor::check::faults(project, lock).unwrap_or_default();
        for found in &faults {
            let level = if found.is_error() { Level::Error } else { Level::Warning };
            report.add(Area::Project, level, found.message.clone()).hints.clone_from(&found.hints);
        }
        if !faults.is_empty() {
            return;
        }
        return report.good(Area::Project, format!("what lies in {folder}/ is what is locked"));
    };
    let what = if *reason == Reason::Healed { "is not as it is locked" } else { "is not unpacked" };
    let more = if missing.len() == 1 { String::new() } else { format!(", nor are {} more", missing.len() - 1) };
    let message = format!("{} {} {what}{more}", first.name, first.version);
    report.add(Area::Project, Level::Error, message).hints = vendor::put_back(project);
}

fn in_git(project: &Project, report: &mut Report) {
    let Ok(repository) = Repository::discover(&project.root) else { return };
    let Ok(inside) = repository.relative(&project.root) else { return };
    let from_root = |path: &str| if inside.is_empty() { path.to_owned() } else { format!("{inside}/{path}") };
    let file = |name: &str| shell_word(&project.root.join(name).display().to_string());
    match Place::of(&project.root) {
        Place::Private if !repository.leaves_out(&from_root(&format!("{PROJECT_FOLDER}/"))) => {
            let hint = Hint::run("leave it out", format!("echo '{PROJECT_FOLDER}/' >> {}", file(".gitignore")));
            report.warn(
                Area::Project,
                format!("git does not ignore {PROJECT_FOLDER}/, which every clone unpacks anew"),
                hint,
            );
        }
        Place::Vendored if repository.leaves_out(&from_root(&format!("{VENDOR_FOLDER}/README.md"))) => {
            let hint = Hint::run("add it all the same", format!("git add --force {}", file(VENDOR_FOLDER)));
            report.warn(Area::Project, format!("git ignores {VENDOR_FOLDER}/, so that clones lack it"), hint);
        }
        Place::Private | Place::Vendored => {}
    }
    if repository.leaves_out(&from_root(lockfile::FILE_NAME)) {
        let hint = Hint::run("add it all the same", format!("git add --force {}", file(lockfile::FILE_NAME)));
        report.warn(Area::Project, "git ignores anvil.lock, so that others use other versions", hint);
    }
    merge_driver(project, report);
}

/// Where `.gitattributes` names a driver that this clone does not have, git merges the lock line by line and
/// says nothing.
fn merge_driver(project: &Project, report: &mut Report) {
    match health::attribute(&project.root, "merge", lockfile::FILE_NAME).as_deref() {
        None | Some("set" | "unset" | "text" | "binary") => {}
        Some("union") => {
            let hint = Hint::new("take `merge=union` out of .gitattributes: Anvil solves conflicts in it");
            report.warn(Area::Project, "git merges anvil.lock by keeping the lines of both sides", hint);
        }
        Some(driver) => match health::setting(&project.root, &format!("merge.{driver}.driver")) {
            Some(_) => report.good(Area::Project, format!("git merges anvil.lock with the driver `{driver}`")),
            None => {
                let hint = match driver {
                    init::DRIVER_NAME => Hint::run("set it up", init::SET_UP),
                    _ => Hint::run(
                        format!(
                            "set it up, or take `merge={driver}` out of .gitattributes and have Anvil merge the lock"
                        ),
                        init::SET_UP,
                    ),
                };
                let message =
                    format!(".gitattributes asks for the merge driver `{driver}`, which this clone does not have");
                report.warn(Area::Project, message, hint);
            }
        },
    }
}
