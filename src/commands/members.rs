//! Whether what the root of a workspace says of members leads to any.
//!
//! A glob that leads nowhere is no error: a workspace is begun before its first member. It may as well be a slip,
//! after which sets are neither locked nor checked, and nothing else would tell.

use super::context::Context;
use super::project::{Project, ProjectError};
use crate::error::{Code, Diagnose as _, Diagnostic, Hint, Result};
use crate::fs;
use crate::manifest::{self, Manifest, ROOT, Workspace, WorkspaceSection, WrittenGlob};
use crate::store::workspace;
use std::collections::BTreeSet;
use std::path::Path;

/// Returns what is to be told of `members` in the workspace that the command runs in, for commands that succeed.
///
/// # Errors
/// When there is no project, or its root's manifest cannot be read.
pub fn told(context: &Context) -> Result<Vec<Diagnostic>> {
    let root = workspace::root_of(&Project::folder_of(context)?)?;
    let path = root.join(manifest::FILE_NAME);
    let (file, text) = (context.shown(&path), fs::read_to_string(&path)?);
    // Most projects are no workspaces, and say so without being read.
    let Some(section) = WorkspaceSection::of(&file, &text)? else { return Ok(Vec::new()) };
    let members = workspace::members(&root, &section)?;
    Ok(idle_globs(&file, &text, &members).chain(none(&file, &text, &section)).collect())
}

/// Returns the same of `project`, its root's manifest called by its name.
///
/// # Errors
/// When that cannot be read.
pub(super) fn of(project: &Project) -> Result<Vec<Diagnostic>> {
    let Some(section) = &project.workspace.root.workspace else { return Ok(Vec::new()) };
    let text = fs::read_to_string(&project.root.join(manifest::FILE_NAME))?;
    let members = project.workspace.members.iter().map(|member| member.path.clone()).filter(|path| path != ROOT);
    let idle = idle_globs(manifest::FILE_NAME, &text, &members.collect());
    Ok(idle.chain(none(manifest::FILE_NAME, &text, section)).collect())
}

/// Returns every finding about `members` in the root's manifest that `text` holds.
pub(super) fn findings(folder: &Path, root: &Manifest, text: &str) -> Vec<Diagnostic> {
    let Some(section) = &root.workspace else { return Vec::new() };
    if is_empty(root, section) {
        let error = ProjectError::NoMembers(folder.join(manifest::FILE_NAME));
        let found = Diagnostic::error(error.code(), error.to_string());
        return vec![error.hints().into_iter().fold(found, Diagnostic::hint)];
    }
    // A name that leads nowhere is an error of its own, told with the workspace.
    let Ok(members) = workspace::members(folder, section) else { return Vec::new() };
    idle_globs(manifest::FILE_NAME, text, &members).chain(none(manifest::FILE_NAME, text, section)).collect()
}

/// Checks that the root of a workspace is about something: a set, what it depends on, or members.
///
/// # Errors
/// When it is about nothing, whatever folders there will be.
pub(super) fn check(project: &Project) -> Result<(), ProjectError> {
    let Workspace { root, .. } = &*project.workspace;
    match &root.workspace {
        Some(section) if is_empty(root, section) => {
            Err(ProjectError::NoMembers(project.root.join(manifest::FILE_NAME)))
        }
        _ => Ok(()),
    }
}

fn is_empty(root: &Manifest, section: &WorkspaceSection) -> bool {
    section.members.is_empty() && root.set.is_none() && root.dependencies.is_empty()
}

fn idle_globs(file: &str, text: &str, members: &BTreeSet<String>) -> impl Iterator<Item = Diagnostic> + use<> {
    let idle = |glob: &WrittenGlob| !members.iter().any(|path| glob.pattern.matches(path));
    let warn = |WrittenGlob { key, pattern, span }: WrittenGlob| {
        Diagnostic::warning(Code::A1063, format!("`{}` in `{key}` leads to no member", pattern.as_str()))
            .at(file, text.into(), span, "matches nothing")
            .hint(Hint::new("mend it or take it out; a member has an `anvil.toml`, and `exclude` does not name it"))
    };
    let found: Vec<Diagnostic> = manifest::written_members(text).into_iter().filter(idle).map(warn).collect();
    found.into_iter()
}

fn none(file: &str, text: &str, section: &WorkspaceSection) -> Option<Diagnostic> {
    let at = text.find("[workspace]").unwrap_or_default();
    section.members.is_empty().then(|| {
        Diagnostic::warning(Code::A1063, "`workspace.members` names no folder, so the workspace has no members")
            .at(file, text.into(), at..at + text[at..].lines().next().map_or(0, str::len), "no members")
            .hint(Hint::new("name their folders, as in `members = [\"sets/*\"]`, or take [workspace] out"))
    })
}
