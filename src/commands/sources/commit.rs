//! Which commit is taken of a git source: the locked one, that of the branch or tag that is asked for, or one that
//! somebody names (`--precise`, `--previous`).
//!
//! A commit that is named must be behind the branch or tag that the manifest asks for, so that manifest and lock
//! never say two different things of where a set comes from. Whether it is takes that branch's whole history, which is
//! fetched for this question alone. What the lock held before for the same requirement was there then, and
//! is not asked about: a branch may have been rewritten since, and going back must be possible then of all times.

use super::{lost_commit, mover, network, read_commit};
use crate::archive::FileSet;
use crate::commands::asking::{self, Wish};
use crate::commands::context::Context;
use crate::commands::dependency;
use crate::commands::lock::Update;
use crate::commands::project::Project;
use crate::error::{Code, Diagnose, Error, Hint, Result, shell_word};
use crate::git::{CommitId, GitError, GitUrl, Mirror};
use crate::lockfile::{Lockfile, Source};
use crate::manifest::{DependencySource, GitReference};
use crate::name::SetName;
use crate::version::Version;

/// A commit of a git source, as somebody names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// By its id, or by the beginning of it.
    Id(String),
    /// By the version whose tag names it.
    Version(Version),
    /// The one that the lock held before, for the same requirement.
    Held(CommitId),
}

/// What is asked of a git source.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The set that it should hold.
    pub name: &'a SetName,
    /// The set whose manifest asks for it; nothing for the project's own.
    pub dependant: Option<&'a SetName>,
    /// The repository.
    pub url: &'a GitUrl,
    /// What to take of it.
    pub reference: &'a GitReference,
    /// The set's folder within it.
    pub folder: Option<&'a str>,
    /// Whether an override decides of the set.
    pub is_overridden: bool,
}

/// Why a commit that somebody names cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The manifest names the commit itself.
    #[error("{} takes {name} from git at `rev = \"{rev}\"`, which fixes its commit", asker(.dependant))]
    Fixed {
        /// The set.
        name: SetName,
        /// Whose manifest; nothing for the project's own.
        dependant: Option<SetName>,
        /// What it names.
        rev: String,
        /// How the wanted commit is written there.
        hint: Hint,
    },
    /// The set lies in the same repository as one that needs it by its path, and has the same commit.
    #[error("{name} has the commit of {}, whose repository it lies in", .mover.as_ref().map_or_else(|| "the set that needs it".to_owned(), ToString::to_string))]
    Along {
        /// The set.
        name: SetName,
        /// The set whose commit it has, where the lock tells.
        mover: Option<SetName>,
        /// What to update that with.
        with: String,
    },
    /// The repository has no such commit.
    #[error("{url} has no commit {}{id}", if .id.len() < 40 { "that begins with " } else { "" })]
    NotThere {
        /// The repository.
        url: String,
        /// The id, or its beginning.
        id: String,
    },
    /// The commit is in the repository, and not where the manifest looks.
    #[error("{name} should come from {asked} of {url}, as {} says, and {} is not in the history of that", asker(.dependant), .commit.short())]
    Elsewhere {
        /// The set.
        name: SetName,
        /// Whose manifest asks; nothing for the project's own.
        dependant: Option<SetName>,
        /// The repository.
        url: String,
        /// What is asked for of it.
        asked: String,
        /// The commit.
        commit: CommitId,
        /// How the manifest is made to name the commit.
        hint: Hint,
    },
    /// Several commits begin like that.
    #[error("several commits of {url} begin with {id}")]
    Ambiguous {
        /// The repository.
        url: String,
        /// The beginning.
        id: String,
    },
    /// No tag has the name that the version's would have.
    #[error("{url} has no tag `{tag}`, which would be that of {name} {version}")]
    NoTag {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
        /// The repository.
        url: String,
        /// The tag.
        tag: String,
    },
    /// The version's tag holds another one.
    #[error("the tag `{tag}` of {url} holds {name} {found}, not {version}")]
    OtherVersion {
        /// The set.
        name: SetName,
        /// The version that was asked for.
        version: Version,
        /// The one that is there.
        found: Version,
        /// The repository.
        url: String,
        /// The tag.
        tag: String,
    },
}

impl CommitError {
    /// Returns the error that `name` cannot be moved to `wanted` by itself.
    pub(super) fn along(previous: &Lockfile, name: &SetName, wanted: &Wanted) -> Self {
        let mover = Some(mover(previous, name)).filter(|mover| *mover != name).cloned();
        let with = match wanted {
            Wanted::Id(id) => format!("--precise {id}"),
            // A version of this set says nothing of the other's.
            Wanted::Version(_) => "--precise COMMIT".to_owned(),
            Wanted::Held(_) => "--previous".to_owned(),
        };
        CommitError::Along { name: name.clone(), mover, with }
    }
}

fn asker(dependant: &Option<SetName>) -> String {
    dependant.as_ref().map_or("anvil.toml".to_owned(), |name| format!("the anvil.toml of {name}"))
}

impl Diagnose for CommitError {
    fn code(&self) -> Code {
        match self {
            CommitError::Fixed { .. } | CommitError::Elsewhere { .. } => Code::A1135,
            CommitError::Along { .. } => Code::A1039,
            CommitError::Ambiguous { .. } => Code::A0803,
            CommitError::NotThere { .. } | CommitError::NoTag { .. } | CommitError::OtherVersion { .. } => Code::A0809,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            CommitError::Fixed { hint, .. } | CommitError::Elsewhere { hint, .. } => vec![hint.clone()],
            CommitError::Along { mover: Some(mover), with, .. } => {
                vec![Hint::run("move that one", format!("anvil update {mover} {with}"))]
            }
            CommitError::Along { mover: None, .. } => {
                vec![Hint::new("move that one: `anvil tree` shows who needs what")]
            }
            CommitError::Ambiguous { .. } => vec![Hint::new("write more digits of the commit's id")],
            CommitError::NotThere { .. } => {
                vec![Hint::new("see whether it was pushed, and whether a branch or a tag still leads to it")]
            }
            CommitError::NoTag { name, url, .. } => vec![
                Hint::run("see what tags there are", format!("git ls-remote --tags {}", shell_word(url))),
                Hint::run("or name the commit", format!("anvil update {name} --precise COMMIT")),
            ],
            CommitError::OtherVersion { name, .. } => {
                vec![Hint::run("name the commit that holds it", format!("anvil update {name} --precise COMMIT"))]
            }
        }
    }
}

/// Returns the commit that `wanted` names of what is `asked`, seeing to it that its files are here.
///
/// # Errors
/// When the manifest names a commit itself, or there is no such commit where it looks.
fn precise(
    context: &Context,
    project: &Project,
    mirror: &Mirror,
    asked: Asked<'_>,
    wanted: &Wanted,
) -> Result<CommitId> {
    let (network, progress) = (network(context), context.progress());
    let fetch = |reference: &GitReference| mirror.fetch(reference, network, progress);
    let url = || asked.url.without_user();
    if let GitReference::Rev(rev) = asked.reference {
        let (name, dependant) = (asked.name.clone(), asked.dependant.cloned());
        let commit = match wanted {
            Wanted::Id(id) => id.clone(),
            Wanted::Held(commit) => commit.to_string(),
            Wanted::Version(_) => "COMMIT".to_owned(),
        };
        let hint = asked.hint(project, "name the other commit there", &commit);
        return Err(CommitError::Fixed { name, dependant, rev: rev.clone(), hint }.into());
    }
    let id = match wanted {
        Wanted::Held(commit) => {
            let fetched = fetch(&GitReference::Rev(commit.to_string()));
            return fetched.map_err(|error| lost(asked.name, asked.url, *commit, error));
        }
        Wanted::Id(id) => id.clone(),
        Wanted::Version(version) => tagged(context, asked, version, fetch)?.to_string(),
    };
    let known = mirror.history(asked.reference, network, progress)?;
    let mut found = known.commits.iter().filter(|commit| commit.to_string().starts_with(&id));
    match (found.next(), found.next()) {
        (Some(commit), None) => Ok(*commit),
        (Some(_), Some(_)) => Err(CommitError::Ambiguous { url: url(), id }.into()),
        (None, _) => match fetch(&GitReference::Rev(id.clone())) {
            // What is not all here may have it.
            Ok(_) if known.is_cut => Err(mirror.offline(asked.reference).into()),
            Ok(commit) => {
                let (name, dependant, told) = (asked.name.clone(), asked.dependant.cloned(), told(asked.reference));
                let message = "to take it all the same, have anvil.toml name it";
                let hint = asked.hint(project, message, &commit.to_string());
                Err(CommitError::Elsewhere { name, dependant, url: url(), asked: told, commit, hint }.into())
            }
            Err(GitError::NoReference { .. }) => Err(CommitError::NotThere { url: url(), id }.into()),
            Err(error) => Err(error.into()),
        },
    }
}

/// Returns the commit that is tagged as `version` of the set, as the set's newest manifest calls its tags.
fn tagged(
    context: &Context,
    asked: Asked<'_>,
    version: &Version,
    fetch: impl Fn(&GitReference) -> std::result::Result<CommitId, GitError>,
) -> Result<CommitId> {
    let newest = read_commit(context, asked.name, (asked.url, asked.folder), asked.reference)?;
    let tag = newest.section().tag.tag(asked.name, version, asked.folder.is_none());
    let (name, version, url) = (asked.name.clone(), version.clone(), asked.url.without_user());
    let commit = match fetch(&GitReference::Tag(tag.clone())) {
        Ok(commit) => commit,
        Err(GitError::NoReference { .. }) => return Err(CommitError::NoTag { name, version, url, tag }.into()),
        Err(error) => return Err(error.into()),
    };
    let there = read_commit(context, asked.name, (asked.url, asked.folder), &GitReference::Rev(commit.to_string()))?;
    let found = there.section().version.clone();
    if found != version {
        return Err(CommitError::OtherVersion { name, version, found, url, tag }.into());
    }
    Ok(commit)
}

/// Returns whether `commit` is what `reference` names of the repository at `url`, or behind that.
///
/// # Errors
/// When the repository cannot be asked.
pub fn leads_to(context: &Context, url: &GitUrl, reference: &GitReference, commit: &str) -> Result<bool> {
    let (network, progress) = (network(context), context.progress());
    let mirror = Mirror::open(&context.cache()?.git(), url, progress)?;
    if mirror.fetch(reference, network, progress)?.to_string() == commit {
        return Ok(true);
    }
    let known = mirror.history(reference, network, progress)?;
    match known.commits.iter().any(|known| known.to_string() == commit) {
        false if known.is_cut => Err(mirror.offline(reference).into()),
        is_known => Ok(is_known),
    }
}

/// Returns the commit to take of what is `asked`: the one that `update` names, or else the locked one while nothing
/// asks for another.
///
/// # Errors
/// When it is not there, or not where the manifest looks.
pub(super) fn choose(
    context: &Context,
    project: &Project,
    previous: &Lockfile,
    update: &Update,
    asked: Asked<'_>,
) -> Result<CommitId> {
    let Asked { name, url, reference, folder, .. } = asked;
    let mirror = Mirror::open(&context.cache()?.git(), url, context.progress())?;
    let moves = match update {
        Update::Commit { name: moved, at } if moved == name && asked.decides(project) => {
            return precise(context, project, &mirror, asked, at);
        }
        Update::Nothing | Update::Precise { .. } | Update::Commit { .. } => false,
        Update::All | Update::Follow(_) => true,
        Update::Only(names) | Update::Towards { names, .. } | Update::Anew(names) => names.contains(name),
    };
    let asked_as_before = || {
        let asked = project.workspace.dependencies().map(|(_, name, dependency)| (name, &dependency.source));
        let overrides = project.manifest.overrides.iter().map(|(name, dependency)| (name, &dependency.source));
        let before = previous.requirements.iter().chain(&previous.overrides);
        let asked = asked.chain(overrides).filter(|(asked, _)| *asked == name).map(|(_, source)| source);
        let before = before.filter(|kept| kept.name == *name).map(|kept| &kept.source);
        asked.eq(before)
    };
    if !moves
        && let Some(Source::Git { url: locked, subdirectory, commit }) = previous.set(name).map(|set| &set.source)
        && Source::git(url.as_str(), folder, commit.as_str())
            == Source::git(locked, subdirectory.as_deref(), commit.as_str())
        && let Some(commit) = CommitId::parse(commit)
        && asked_as_before()
    {
        // What the project has of it says what it needs.
        if !mirror.has(commit) && kept(project, previous, name, url, folder, commit).is_some() {
            return Ok(commit);
        }
        let reference = GitReference::Rev(commit.to_string());
        let fetched = mirror.fetch(&reference, network(context), context.progress());
        return fetched.map_err(|error| lost(name, url, commit, error));
    }
    Ok(mirror.fetch(reference, network(context), context.progress())?)
}

/// Returns the files of `name` as the project has them, unpacked or vendored, where they are those of `commit`, which is
/// locked.
pub(super) fn kept(
    project: &Project,
    previous: &Lockfile,
    name: &SetName,
    url: &GitUrl,
    folder: Option<&str>,
    commit: CommitId,
) -> Option<FileSet> {
    let set = previous.set(name)?;
    let Source::Git { url: locked, subdirectory, commit: at } = &set.source else { return None };
    let is_it = CommitId::parse(at) == Some(commit)
        && Source::git(url.as_str(), folder, at.as_str()) == Source::git(locked, subdirectory.as_deref(), at.as_str());
    is_it.then(|| dependency::unpacked_files(project, set).ok()).flatten()
}

impl Asked<'_> {
    /// Returns whether this is what decides where the set comes from: an override does, before all others.
    pub fn decides(&self, project: &Project) -> bool {
        project.manifest.overrides.get(self.name).is_none_or(|overriding| {
            let DependencySource::Git { url, reference, subdirectory } = &overriding.source else { return false };
            (url.as_str(), reference, subdirectory.as_deref()) == (self.url.as_str(), self.reference, self.folder)
        })
    }

    /// Returns how the project's manifests are made to name `commit`.
    fn hint(&self, project: &Project, message: &str, commit: &str) -> Hint {
        let mut wish = stay(self.name, self.url.as_str(), self.folder, commit);
        // What another set's manifest asks for is nobody's to change here.
        if self.dependant.is_some() && !self.is_overridden {
            wish.arguments += " --override";
            return Hint::run(message, format!("anvil add {}{}", wish.name, wish.arguments));
        }
        asking::hint(project, message, wish, |_| true)
    }
}

/// Returns the wish that `name` is taken from `commit` of the repository at `url`.
pub(in crate::commands) fn stay<'a>(name: &'a SetName, url: &str, folder: Option<&str>, commit: &str) -> Wish<'a> {
    let folder = folder.map(|folder| format!(" --subdirectory {}", shell_word(folder))).unwrap_or_default();
    let arguments = format!(" --git {} --rev {commit}{folder}", shell_word(url));
    Wish { name, arguments, words: format!("with `rev = \"{commit}\"`") }
}

/// Returns what `reference` asks for, in words.
pub fn told(reference: &GitReference) -> String {
    match reference {
        GitReference::Default => "the default branch".to_owned(),
        GitReference::Branch(name) => format!("the branch `{name}`"),
        GitReference::Tag(name) => format!("the tag `{name}`"),
        GitReference::Rev(rev) => format!("`{rev}`"),
    }
}

/// Returns `error`, which came of fetching the locked `commit` of `name`, told as what it is to the project.
fn lost(name: &SetName, url: &GitUrl, commit: CommitId, error: GitError) -> Error {
    match error {
        GitError::NoReference { .. } => lost_commit(name, url, &commit.to_string()),
        error => error.into(),
    }
}
