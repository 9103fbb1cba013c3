//! The prompts that a command is about: some by their references, or all of this set.
//!
//! Whoever tests or counts is at work on the set: private prompts are as good as any, and one that has
//! errors is told of without keeping the others from their turn.

use super::contents::Contents;
use super::context::Context;
use super::lint;
use super::project::Project;
use super::reference::{self, Found, Origin, Reference};
use crate::error::{Diagnose as _, Diagnostic, Result};
use crate::fs;
use crate::manifest::Strictness;
use crate::name::PromptName;
use crate::prompt::{PromptError, Ready, Scope};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A prompt that a command is about.
#[derive(Debug)]
pub struct Subject {
    /// Its name; with its set's, where that is not this one.
    pub name: String,
    /// Its file as people are shown it; within its set, where that is not this one.
    pub path: String,
    /// The prompt, or why it cannot be rendered.
    pub ready: Result<Ready, PromptError>,
    /// Where it lies in the set whose author runs the command, or why it lies in none.
    pub home: Result<Home, Stray>,
}

/// Where a prompt of a set that is worked on lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The set's folder.
    pub folder: PathBuf,
    /// The prompt's name within the set.
    pub name: PromptName,
}

/// Why a prompt lies in no set that is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stray {
    /// Its file is none of a set's prompts.
    Loose,
    /// It is of a version that is done: of another set, or an earlier one of this.
    Published,
}

impl Stray {
    /// Returns why nothing can be kept of it.
    pub fn why(self) -> &'static str {
        match self {
            Stray::Loose => "its file is no prompt of a set",
            Stray::Published => "it is worked on elsewhere",
        }
    }
}

/// This project's own set, as its files lie there, with what its prompts may render of others.
#[derive(Debug)]
pub struct OwnSet {
    /// The project.
    pub project: Project,
    /// The set.
    pub scope: Scope,
}

impl OwnSet {
    /// Returns the set of the project that `directory` lies in.
    ///
    /// # Errors
    /// When there is no project or no set, or it cannot be read.
    pub fn around(context: &Context, directory: &Path) -> Result<OwnSet> {
        let project = Project::discover(directory)?;
        project.set()?;
        let contents = Contents::of_folder(&project.folder, Strictness::Own)?;
        let (dependencies, _) = lint::dependencies(context, &project, &contents.prompts)?;
        let scope = Scope::new(contents.prompts, Arc::new(dependencies));
        Ok(OwnSet { project, scope })
    }

    /// Returns the prompt called `name`, by its name or a former one.
    fn subject(&self, context: &Context, name: &PromptName) -> Subject {
        let folder = &self.project.folder;
        let prompt = self.scope.set().prompt(name);
        let name = prompt.map_or_else(|| name.clone(), |prompt| prompt.name().clone());
        let home = Home { folder: folder.clone(), name: name.clone() };
        let ready = self.scope.own(&name).map_err(|error| home.placed(context, error));
        let first = ready.as_ref().err().and_then(|error| error.diagnostics().first()?.location.as_ref());
        let path = match prompt {
            Some(prompt) => context.shown(&folder.join(prompt.path())),
            None => first.map(|location| location.file.clone()).unwrap_or_default(),
        };
        Subject { path, ready, name: name.to_string(), home: Ok(home) }
    }
}

/// Returns `error` with the files of its findings as people are shown them.
fn placed(error: PromptError, shown: &dyn Fn(&str) -> String) -> PromptError {
    let place = |mut findings: Vec<Diagnostic>| {
        for location in findings.iter_mut().filter_map(|finding| finding.location.as_mut()) {
            // Of another set's file the set is told, and where in there.
            if !location.file.contains(": ") {
                location.file = shown(&location.file);
            }
        }
        findings
    };
    match error {
        PromptError::Faulty { name, findings } => PromptError::Faulty { name, findings: place(findings) },
        PromptError::Render { name, partial, findings } => {
            PromptError::Render { name, partial, findings: place(findings) }
        }
        other => other,
    }
}

impl Home {
    /// Returns `error`, which came of rendering the prompt, with its files as people are shown them.
    pub fn placed(&self, context: &Context, error: PromptError) -> PromptError {
        placed(error, &|path| context.shown(&self.folder.join(path)))
    }
}

/// Returns the prompts that `references` name, each once, or all of this set where there are none; in the root of a
/// workspace, all of its members.
///
/// # Errors
/// When there is no such prompt, or no set to look in.
pub fn find(context: &Context, references: &[Reference]) -> Result<Vec<Subject>> {
    if references.is_empty() {
        let folders = Project::set_folders(context)?;
        let mut subjects = Vec::new();
        for folder in &folders {
            let own = OwnSet::around(context, folder)?;
            let found = own.scope.set().names().map(|name| own.subject(context, name));
            match own.scope.set().name().filter(|_| folders.len() > 1) {
                Some(set) => {
                    subjects.extend(found.map(|found| Subject { name: format!("{set}/{}", found.name), ..found }))
                }
                None => subjects.extend(found),
            }
        }
        return Ok(subjects);
    }
    let mut own: Option<OwnSet> = None;
    let mut subjects: Vec<Subject> = Vec::new();
    for reference in references {
        let subject = match reference {
            Reference::Own(name) | Reference::Either(name, _) => {
                if own.is_none() && Project::of(context).is_ok_and(|project| project.set().is_ok()) {
                    own = Some(OwnSet::around(context, &Project::folder_of(context)?)?);
                }
                match &own {
                    Some(own) if own.scope.set().has(name) => own.subject(context, name),
                    _ => elsewhere(context, reference)?,
                }
            }
            Reference::File(path) => in_file(context, reference, path)?,
            Reference::Address(_) => elsewhere(context, reference)?,
        };
        if !subjects.iter().any(|other| other.name == subject.name && other.home == subject.home) {
            subjects.push(subject);
        }
    }
    Ok(subjects)
}

/// Returns the prompt in a file, with its set's folder if it is one of a set's prompts.
fn in_file(context: &Context, reference: &Reference, path: &Path) -> Result<Subject> {
    let place = context.path(path);
    let folder = fs::canonical(&place).ok().and_then(|place| Project::find(place.parent()?).ok());
    let name = folder.as_ref().and_then(|folder| {
        let inside = fs::canonical(&place).ok()?.strip_prefix(folder).ok()?.to_str()?.replace('\\', "/");
        let selection = Project::open(folder).ok()?.manifest.set?.selection;
        selection.prompt_name(&inside)?.ok()
    });
    match (folder, name) {
        (Some(folder), Some(name)) => Ok(OwnSet::around(context, &folder)?.subject(context, &name)),
        _ => elsewhere(context, reference),
    }
}

/// Returns a prompt by its address, or the one in a file by itself.
fn elsewhere(context: &Context, reference: &Reference) -> Result<Subject> {
    let Found { ready, origin } = reference::find(context, reference, None)?;
    let prompt = ready.prompt();
    let stray = match origin {
        Origin::Own if !matches!(reference, Reference::File(_)) => {
            return Ok(OwnSet::around(context, &Project::folder_of(context)?)?.subject(context, prompt.name()));
        }
        Origin::Own | Origin::File => Stray::Loose,
        Origin::Tag(_) | Origin::Locked(_) | Origin::Registry { .. } => Stray::Published,
    };
    let set = ready.scope().set().name().filter(|_| origin != Origin::Own);
    let name = set.map_or_else(|| prompt.name().to_string(), |set| format!("{set}/{}", prompt.name()));
    Ok(Subject { name, path: prompt.path().to_owned(), ready: Ok(ready), home: Err(stray) })
}
