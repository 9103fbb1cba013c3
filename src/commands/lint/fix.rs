//! `lint --fix`: which files are fixed, and what differs in them.

use super::{Loaded, Request, project_of};
use crate::commands::context::Context;
use crate::diff::{self, Detail, Side, SideFile};
use crate::error::Result;
use crate::fs::{self, Durability};
use crate::git;
use crate::prompt::fix::{self, Fixed};
use crate::prompt::{self, Scope};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;

/// A file that was fixed, or would be, or of which something was left.
#[derive(Clone, Debug)]
pub struct Fix {
    /// The file, as it is called.
    pub file: String,
    /// What was done, one entry a finding.
    pub done: Vec<String>,
    /// What was left to do, and why.
    pub left: Vec<String>,
    /// What differs, in git's unified format; empty where nothing does.
    pub patch: String,
}

impl Fix {
    /// Returns whether the file becomes another one.
    pub fn is_change(&self) -> bool {
        !self.done.is_empty()
    }
}

/// Whether what can be fixed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mending {
    /// It is only reported.
    None,
    /// It is written.
    Write,
    /// What would be written is worked out.
    Plan,
}

/// A file that is to be fixed.
struct Target {
    path: PathBuf,
    shown: String,
    bytes: Vec<u8>,
}

/// Fixes what can be in the prompts that are asked about. Files that cannot be read are left to the check.
pub(super) fn fix_all(context: &Context, request: &Request, mending: Mending) -> Result<Vec<Fix>> {
    let mut fixes = Vec::new();
    for (target, fixed) in fixed(context, request)? {
        let Target { path, shown, bytes } = target;
        let after = fixed.text.as_ref().map_or(bytes.as_slice(), String::as_bytes);
        if mending == Mending::Write && fixed.text.is_some() {
            fs::write_through(&path, after, Durability::Synced)?;
        }
        let patch = patch(&shown, &bytes, after);
        fixes.push(Fix { file: shown, done: fixed.done, left: fixed.left, patch });
    }
    Ok(fixes)
}

/// Returns the files of which there is something to say, with what becomes of them.
fn fixed(context: &Context, request: &Request) -> Result<Vec<(Target, Fixed)>> {
    let mut folders = Folders::new();
    let mut fixed = Vec::new();
    match request {
        Request::Project => {
            for folder in super::folders(context)? {
                let set = Loaded::of(context, &folder).ok();
                let target = |path: String| {
                    let whole = folder.join(&path);
                    let bytes = fs::read(&whole)?;
                    Ok((path, Target { shown: context.shown(&whole), path: whole, bytes }))
                };
                let paths = set.iter().flat_map(paths);
                let targets = paths.map(target).collect::<Result<_>>()?;
                folders.insert(folder, (set, targets));
            }
        }
        Request::Files(files) => {
            for named in files.iter().filter(|named| named.extension().is_none_or(|extension| extension != "toml")) {
                let whole = context.path(named);
                let Ok(bytes) = fs::read(&whole) else { continue };
                let shown = context.shown(&whole);
                let path = fs::canonical(&whole)?;
                let target = Target { path, shown, bytes };
                if let Some(target) = in_set(context, &mut folders, target) {
                    fixed.extend(alone(&target).map(|fixed| (target, fixed)));
                }
            }
        }
    }
    for (set, mut targets) in folders.into_values() {
        let Some(set) = set else { continue };
        let bytes = targets.iter().map(|(path, target)| (path.clone(), target.bytes.clone())).collect();
        let done = fix::fixed(set.scope, &bytes).into_iter();
        fixed.extend(done.filter_map(|(path, fixed)| Some((targets.remove(&path)?, fixed))));
    }
    Ok(fixed)
}

/// By folder, the set there unless its faults do not let it be read, and the files of it by their paths.
type Folders = BTreeMap<PathBuf, (Option<Loaded>, BTreeMap<String, Target>)>;

/// Puts a file among those of its set. Gives back one that is in none.
fn in_set(context: &Context, folders: &mut Folders, target: Target) -> Option<Target> {
    let Some((folder, path)) = project_of(&target.path) else { return Some(target) };
    let (set, targets) =
        folders.entry(folder.clone()).or_insert_with(|| (Loaded::of(context, &folder).ok(), BTreeMap::new()));
    if !set.iter().any(|set| paths(set).contains(&path)) {
        return Some(target);
    }
    targets.insert(path, target);
    None
}

/// Returns what becomes of a file that is in no set.
fn alone(target: &Target) -> Option<Fixed> {
    let (set, _) = prompt::Set::from_file(&target.shown, &target.bytes);
    let files = [(target.shown.clone(), target.bytes.clone())].into();
    fix::fixed(Scope::alone(Arc::new(set)), &files).remove(&target.shown)
}

/// Returns the paths of a set's prompts, also of those with errors.
fn paths(set: &Loaded) -> Vec<String> {
    let is_prompt = |path: &&str| matches!(set.contents.section().selection.prompt_name(path), Some(Ok(_)));
    set.contents.files.paths().filter(is_prompt).map(str::to_owned).collect()
}

/// Returns what differs between two contents of a file.
fn patch(path: &str, before: &[u8], after: &[u8]) -> String {
    let side = |content| One { file: [SideFile { path: path.to_owned(), id: git::blob_id(content) }], content };
    match diff::compare(&side(before), &side(after), Detail::Lines) {
        Ok(comparison) => comparison.unified(),
        Err(never) => match never {},
    }
}

/// One file as a side of a comparison.
struct One<'a> {
    file: [SideFile; 1],
    content: &'a [u8],
}

impl Side for One<'_> {
    type Error = Infallible;

    fn files(&self) -> &[SideFile] {
        &self.file
    }

    fn read(&self, _: &SideFile) -> std::result::Result<Cow<'_, [u8]>, Infallible> {
        Ok(Cow::Borrowed(self.content))
    }
}
