//! An earlier version of the project's own set, read from its git tag: no registry need have it.
//!
//! What it depends on is chosen anew, as a project would get it that requires this version alone, with
//! what the lock of that commit held preferred: the unpacked sets of today are others.

use super::contents::Contents;
use super::context::Context;
use super::project::Project;
use super::published::{self, Stock};
use super::reference::Origin;
use super::set_repository::{NoVersion, SetRepository, TaggedVersion};
use crate::address::{Address, Which};
use crate::error::{Code, Diagnose, Hint, Result};
use crate::git::{CommitId, GitError};
use crate::lockfile::{self, Lockfile, Source};
use crate::manifest::{DependencySource, Strictness};
use crate::name::{RegistryName, SetName};
use crate::prompt::Scope;
use crate::resolver::{Locked, Problem, Request, Root, RootRole, Strategy, Telling, Update};
use crate::version::Version;
use std::sync::Arc;

/// A version of the project's own set.
#[derive(Debug)]
pub struct OwnVersion {
    home: SetRepository,
    tagged: TaggedVersion,
    /// What it holds.
    pub contents: Contents,
}

/// Why a version cannot be rendered from history.
#[derive(Debug, thiserror::Error)]
pub enum OwnVersionError {
    /// It needs a set that is in no registry.
    #[error("{set} {version} needs {name} from {from}, which may hold something else by now")]
    Unpublished {
        /// The set.
        set: SetName,
        /// The version.
        version: Version,
        /// What it needs.
        name: SetName,
        /// Where from.
        from: DependencySource,
        /// The version's tag.
        tag: String,
    },
    /// Its tag names a commit that holds something else.
    #[error("the tag `{tag}` names {}, where `anvil.toml` says {found_name} {found}", .commit.short())]
    Another {
        /// The tag.
        tag: String,
        /// The commit that it names.
        commit: CommitId,
        /// The set of that commit.
        found_name: SetName,
        /// Its version there.
        found: Version,
    },
}

impl Diagnose for OwnVersionError {
    fn code(&self) -> Code {
        match self {
            OwnVersionError::Unpublished { .. } => Code::A1074,
            OwnVersionError::Another { .. } => Code::A1094,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            OwnVersionError::Unpublished { tag, .. } => {
                vec![Hint::run("look at it in a work tree of its own", format!("git worktree add ../then {tag}"))]
            }
            OwnVersionError::Another { tag, .. } => {
                vec![Hint::run("if nobody relies on the tag yet, delete it", format!("git tag --delete {tag}"))]
            }
        }
    }
}

/// Returns the version of the project's own set that `address` asks for, by its git tag; nothing
/// where it asks for another set, names a registry, or asks for what a registry alone can know.
///
/// # Errors
/// When no tag is that of the version and the project names no registry that could have it, the tag
/// names something else, or the version cannot be read.
pub fn find(project: &Project, address: &Address) -> Result<Option<OwnVersion>> {
    let own = project.manifest.set.as_ref().filter(|section| section.name == address.set);
    let Some(section) = own.filter(|_| address.registry.is_none()) else {
        return Ok(None);
    };
    let home = match SetRepository::of(project) {
        Ok(home) => home,
        Err(error) if matches!(error.downcast_ref(), Some(GitError::NoRepository { .. })) => return Ok(None),
        Err(error) => return Err(error),
    };
    let tagged = match &address.which {
        Which::Unspecified | Which::Channel(_) => return Ok(None),
        Which::Exact(version) => home.tagged(section, version),
        Which::Requirement { requirement, .. } => {
            let mut versions = home.versions(section)?.into_iter();
            match versions.find(|tagged| requirement.matches(&tagged.version)) {
                Some(tagged) => Ok(tagged),
                None => return Ok(None),
            }
        }
    };
    let tagged = match tagged {
        Ok(tagged) => tagged,
        Err(error) if error.downcast_ref::<NoVersion>().is_some() && !project.manifest.registries.is_empty() => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let contents = home.contents(&section.name, tagged.tag.commit, Strictness::Dependency)?;
    let found = contents.section();
    if (&found.name, &found.version) != (&section.name, &tagged.version) {
        let (found_name, found) = (found.name.clone(), found.version.clone());
        let (tag, commit) = (tagged.tag.name, tagged.tag.commit);
        return Err(OwnVersionError::Another { tag, commit, found_name, found }.into());
    }
    Ok(Some(OwnVersion { home, tagged, contents }))
}

impl OwnVersion {
    /// Returns where it is from.
    pub fn origin(&self) -> Origin {
        Origin::Tag(self.tagged.tag.name.clone())
    }

    /// Returns its prompts with all that they may render.
    ///
    /// # Errors
    /// When its dependencies cannot be resolved or fetched.
    pub fn scope(&self, context: &Context, project: &Project) -> Result<Scope> {
        let commit = self.tagged.tag.commit;
        let folder = self.home.folder_at(commit, &self.contents.section().name)?;
        // Preferred is what the lock beside it held, as far as that can be read.
        let lock = self.home.lock_at(commit, &folder)?.unwrap_or_default();
        resolved(context, project, &self.contents, (&self.tagged.tag.name, lock))
    }
}

/// Returns the prompts of `contents` with all that they may render, in the versions that a project would
/// get which requires this one alone; what `lock` holds is preferred. `revision` is what it is called in git.
///
/// # Errors
/// When its dependencies cannot be resolved or fetched.
pub(super) fn resolved(
    context: &Context,
    project: &Project,
    contents: &Contents,
    (revision, lock): (&str, Lockfile),
) -> Result<Scope> {
    let set = Arc::clone(&contents.prompts);
    if contents.manifest.dependencies.is_empty() {
        return Ok(Scope::alone(set));
    }
    let stock = Stock::open(context, Some(project), None)?;
    let mut roots = Vec::new();
    for (name, dependency) in &contents.manifest.dependencies {
        let DependencySource::Registry { requirement, registry } = &dependency.source else {
            let (set, version) = (contents.section().name.clone(), contents.section().version.clone());
            let (name, from, tag) = (name.clone(), dependency.source.clone(), revision.to_owned());
            return Err(OwnVersionError::Unpublished { set, version, name, from, tag }.into());
        };
        // Without a name the registry would be the one that today's manifest or lock has the set from.
        let registry = registry.clone().unwrap_or_else(RegistryName::default_name);
        let address = Address { registry: Some(registry), ..Address::of_set(name.clone()) };
        let source = Source::Registry(stock.registry(&address)?.id().clone());
        let request = Request { name: name.clone(), requirement: requirement.clone(), source };
        roots.push(Root {
            request,
            member: ".".into(),
            line: dependency.line,
            inherited: None,
            role: RootRole::Question,
        });
    }
    let locked = |set: lockfile::LockedSet| Locked { name: set.name, version: set.version, source: set.source };
    let problem = Problem {
        roots,
        own: vec![contents.section().name.clone()],
        stand_ins: Vec::new(),
        overrides: Vec::new(),
        fixed: Vec::new(),
        locked: lock.sets.into_iter().map(locked).collect(),
        update: Update::None,
        strategy: Strategy::Highest,
        age: None,
        telling: Telling::default(),
        anvil: crate::version::running_anvil(),
    };
    published::scope_of(context, &stock, set, &problem)
}
