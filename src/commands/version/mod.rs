//! Makes a version: writes it into the manifest, commits that, and tags the commit.
//!
//! The three steps cannot be one, so a run may be killed between them. What is to be done is
//! therefore decided from what HEAD and the tags say, never from the work tree:
//!
//! | HEAD's manifest | its tag | work tree | the same command again |
//! |---|---|---|---|
//! | 1.0.0 | there | 1.0.0 | writes, commits, tags 1.1.0 |
//! | 1.0.0 | there | 1.1.0, nothing else | commits, tags 1.1.0 |
//! | 1.1.0 | not there | 1.1.0 | tags 1.1.0 |
//! | 1.1.0 | on HEAD | 1.1.0 | nothing |
//!
//! One run at a time decides and does it: a second one waits, and meets what the first one made.
//!
//! In the third row a bump must not be applied twice. That it was applied is seen from the version
//! that the manifest held before: the bump of that one gives the one that has no tag.

mod choice;

use super::compat::{InterfaceChanges, NoBaseline, Releases};
use super::contents::Contents;
use super::context::{Context, Network};
use super::lint;
use super::project::Project;
use super::set_repository::{SetRepository, TaggedVersion, Uncommitted};
use crate::address::Address;
use crate::archive::{self, Identity, PackError};
use crate::error::{Code, Diagnose, Diagnostic, Hint, Result};
use crate::fs::{self, Durability};
use crate::git::{CommitId, CommitRequest, Edit, GitError, Head, RepositoryLock, Tag, WorkState};
use crate::lockfile::{self, Lockfile, Source};
use crate::manifest::{self, DependencySource, Strictness, edit};
use crate::name::SetName;
use crate::store::project as unpacked;
use crate::version::{Target, Version, caret};
use choice::{Choice, Chosen};
use serde::Serialize;
use std::path::PathBuf;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The version.
    pub target: Target,
    /// The message of the commit and the tag; by default the set's name and version.
    pub message: Option<String>,
}

/// How much there is to do for a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Step {
    /// HEAD is that version already, or one with that content.
    #[serde(rename = "unchanged")]
    Nothing,
    /// All is committed already: the tag alone is missing.
    #[serde(rename = "tagged")]
    Tag,
    /// The files are written and committed, and the commit tagged.
    #[serde(rename = "committed-and-tagged")]
    CommitAndTag,
}

/// What is to be done for a version, all checks passed.
#[derive(Debug)]
pub struct Plan {
    project: Project,
    home: SetRepository,
    head: Head,
    manifest: String,
    message: String,
    /// The set.
    pub set: SetName,
    /// The version that HEAD's manifest says.
    pub from: Version,
    /// The version to be.
    pub version: Version,
    /// Its tag.
    pub tag: String,
    /// How much there is to do.
    pub step: Step,
    /// What users will meet; nothing where there is no version before to compare with.
    pub interface: Option<InterfaceChanges>,
    /// How many warnings `lint` has about it.
    pub warnings: usize,
    /// What was not checked.
    pub unchecked: Vec<Diagnostic>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The set.
    pub name: SetName,
    /// The version that the manifest said before.
    pub from: Version,
    /// The version now.
    pub version: Version,
    /// Its tag.
    pub tag: String,
    /// The commit that the tag names.
    pub commit: CommitId,
    /// What was done.
    pub outcome: Step,
    /// What users will meet; nothing where there is no version before to compare with.
    pub interface: Option<InterfaceChanges>,
    /// How many warnings `lint` has about it.
    pub warnings: usize,
    /// What was not checked.
    #[serde(skip)]
    pub unchecked: Vec<Diagnostic>,
    /// Whether git is asked to sign here, which is not done.
    #[serde(skip)]
    pub is_unsigned: bool,
}

/// Which version the set has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Current {
    /// The set.
    pub name: SetName,
    /// The version that the manifest says.
    pub version: Version,
    /// The tag of that version, where there is a repository.
    pub tag: Option<String>,
    /// The commit that the tag names, if it is there.
    pub commit: Option<CommitId>,
}

/// Why there cannot be such a version.
#[derive(Debug, thiserror::Error)]
pub enum VersionCommandError {
    /// The version was made before, and things have moved on.
    #[error("{version} exists already: the tag `{tag}` names {}", .commit.short())]
    Exists {
        /// The version.
        version: Version,
        /// Its tag.
        tag: String,
        /// The commit that the tag names.
        commit: CommitId,
        /// The next version that there can be.
        free: Version,
    },
    /// The name of its tag is that of another tag.
    #[error("the tag `{tag}` of {version} is taken: it names {}, where no anvil.toml says {version}", .commit.short())]
    TagTaken {
        /// The version.
        version: Version,
        /// Its tag.
        tag: String,
        /// The commit that the tag names.
        commit: CommitId,
        /// The next version whose tag is free.
        free: Version,
    },
    /// A later version is in HEAD's history.
    #[error("{version} is not above {last}, the last version on this branch")]
    NotAbove {
        /// What was asked for.
        version: Version,
        /// The highest version behind HEAD.
        last: Version,
    },
    /// The work tree's manifest says a version of its own.
    #[error("anvil.toml says {found}, which is not committed, and {wanted} was asked for")]
    Otherwise {
        /// The version in the work tree.
        found: Version,
        /// The version to be.
        wanted: Version,
    },
    /// Its files cannot be packed.
    #[error(transparent)]
    Pack(PackError),
    /// The registry has other content as the version that was chosen, and no tag is here.
    #[error("the registry has {name} {version} with other content, and this clone has no tag of it")]
    Published {
        /// The set.
        name: SetName,
        /// The version.
        version: Version,
    },
    /// The tag is missing here and not on the remote.
    #[error("the remote has the tag `{tag}` of {version}, which is not in this clone")]
    OnRemote {
        /// The version.
        version: Version,
        /// Its tag.
        tag: String,
    },
}

impl Diagnose for VersionCommandError {
    fn code(&self) -> Code {
        match self {
            VersionCommandError::Exists { .. }
            | VersionCommandError::TagTaken { .. }
            | VersionCommandError::Published { .. }
            | VersionCommandError::OnRemote { .. } => Code::A1054,
            VersionCommandError::NotAbove { .. } => Code::A1055,
            VersionCommandError::Otherwise { .. } => Code::A1056,
            VersionCommandError::Pack(_) => Code::A0702,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            VersionCommandError::Exists { free, .. } => {
                vec![Hint::run("a version never changes; make the next one", format!("anvil version {free}"))]
            }
            VersionCommandError::TagTaken { tag, free, .. } => vec![
                Hint::run("make the next one that is free", format!("anvil version {free}")),
                Hint::run("or delete the tag, if nobody relies on it", format!("git tag --delete {tag}")),
            ],
            VersionCommandError::NotAbove { .. } => vec![
                Hint::run("make the next one", "anvil version patch"),
                Hint::run("to bring the content of an earlier version back", "anvil rollback VERSION"),
            ],
            VersionCommandError::Otherwise { found, .. } => vec![
                Hint::run("to make the version that it says", format!("anvil version {found}")),
                Hint::run("to take it back", "git restore anvil.toml"),
            ],
            VersionCommandError::OnRemote { .. } => vec![Hint::run("fetch it", "git fetch --tags")],
            VersionCommandError::Published { .. } => vec![
                Hint::run("fetch the tags, and ask again", "git fetch --tags"),
                Hint::run("or name a version that is free", "anvil version VERSION"),
            ],
            VersionCommandError::Pack(_) => vec![Hint::new(
                "no version was made; leave files out with `exclude` in anvil.toml, or split the set, and commit that",
            )],
        }
    }
}

/// Returns which version the project's set has; there need be no repository.
///
/// # Errors
/// When there is no project, or it publishes nothing.
pub fn current(context: &Context) -> Result<Current> {
    let project = Project::of(context)?;
    let set = project.set()?;
    let mut current = Current { name: set.name.clone(), version: set.version.clone(), tag: None, commit: None };
    if let Ok(home) = SetRepository::of(&project) {
        let tag = home.tag_name(set, &set.version);
        current.commit = home.repository.tag_named(&tag)?.map(|tag| tag.commit);
        current.tag = Some(tag);
    }
    Ok(current)
}

/// Makes the version, or completes the run that began to, once no other run is at it.
///
/// # Errors
/// As [`plan`]; or when the commit or the tag cannot be made. Where there is no commit the manifest is
/// as it was; where there is one, the same command completes it.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let lock = SetRepository::lock(context)?;
    plan(context, request)?.carry_out(&lock)
}

/// Returns what is to be done for a version, once everything is known to allow it. Nothing is written.
///
/// # Errors
/// When files of the set are not committed or have errors, nothing can be committed, or there
/// cannot be such a version.
pub fn plan(context: &Context, request: &Request) -> Result<Plan> {
    let project = Project::of(context)?;
    project.set()?;
    let home = SetRepository::of(&project)?;
    let head = home.repository.head()?;
    home.repository.check_can_commit()?;
    let committed = home.committed(&head, Strictness::Own)?;
    let set = committed.section().clone();
    let releases = Releases::of(context, Some(&project), None, (&home, &set))?;
    let choice = Choice { releases: &releases, home: &home, head: &head, committed: &committed };
    let Chosen { version, since } = choice.of(&request.target)?;
    let is_the_same = since.as_ref().is_some_and(|(_, comparison)| comparison.bump().is_none());
    let versions = releases.versions().to_vec();
    let tag = home.tag_name(&set, &version);
    home.repository.check_tag(&tag)?;
    let step = match versions.iter().find(|tagged| tagged.version == version) {
        Some(_) if is_the_same => Step::Nothing,
        Some(tagged) if set.version == version && choice.is_content_of(tagged) => Step::Nothing,
        Some(TaggedVersion { tag: Tag { name, commit, .. }, .. }) => {
            let free = home.next_free(&set, choice.last()?.map_or(&version, |last| last.max(&version)))?;
            return Err(VersionCommandError::Exists { version, tag: name.clone(), commit: *commit, free }.into());
        }
        None if set.version == version => Step::Tag,
        None => Step::CommitAndTag,
    };
    if let (Step::Tag | Step::CommitAndTag, Some(taken)) = (step, home.repository.tag_named(&tag)?) {
        let free = home.next_free(&set, &version)?;
        return Err(VersionCommandError::TagTaken { version, tag, commit: taken.commit, free }.into());
    }
    let published = releases.published(&version).filter(|_| step != Step::Nothing && request.target == Target::Auto);
    if published.is_some_and(|line| line.digest != committed.files.digest()) {
        return Err(VersionCommandError::Published { name: set.name, version }.into());
    }
    let message = request.message.clone().unwrap_or_else(|| format!("{} {version}", set.name));
    let text = committed.manifest_text();
    let manifest = edit::set_version(&text, &version)?;
    let (set, from) = (set.name, set.version);
    let (interface, warnings, unchecked) = (None, 0, Vec::new());
    let mut plan =
        Plan { project, home, head, manifest, message, set, from, version, tag, step, interface, warnings, unchecked };
    plan.check_committed(&committed)?;
    if plan.step == Step::Nothing {
        return Ok(plan);
    }
    plan.check_above(&versions)?;
    let findings = lint::findings(context, &plan.project, &committed)?;
    plan.unchecked = findings.iter().filter(|finding| finding.code == Code::A1053).cloned().collect();
    plan.warnings = findings.iter().filter(|finding| !finding.is_error()).count() - plan.unchecked.len();
    plan.unchecked.extend(plan.unmet());
    lint::refuse_errors(format!("{} {}", plan.set, plan.version), &committed, findings)?;
    plan.check_packed(&committed)?;
    if plan.step == Step::Tag && context.network == Network::Online {
        // A clone without its tags looks like a version that was never tagged.
        if plan.home.repository.remote_has_tag(&plan.tag)? == Some(true) {
            return Err(VersionCommandError::OnRemote { version: plan.version, tag: plan.tag }.into());
        }
    }
    plan.interface = match since {
        Some((baseline, comparison)) => Some(InterfaceChanges::of(baseline, &plan.version, comparison)),
        None => plan.interface_changes(context, &committed)?,
    };
    Ok(plan)
}

impl Plan {
    /// Returns a warning for each other member of the workspace whose requirement the new version does not satisfy: until
    /// it is changed, the lock of the workspace can answer no member.
    fn unmet(&self) -> Vec<Diagnostic> {
        let workspace = &self.project.workspace;
        let needs = workspace.dependencies().filter(|(_, name, _)| workspace.is_declared() && **name == self.set);
        let unmet = needs.filter_map(|(member, name, dependency)| {
            let DependencySource::Registry { requirement, registry } = &dependency.source else { return None };
            let address = Address { registry: registry.clone(), ..Address::of_set(name.clone()) };
            let needed = !requirement.matches(&self.version);
            let set = workspace.sets().find(|(_, other)| other.path == member).map(|(set, _)| set);
            let (who, flag) = match set {
                Some(set) => (set.to_string(), format!(" --set {set}")),
                None => (format!("`{member}/{}`", manifest::FILE_NAME), String::new()),
            };
            let message = format!("{who} needs {name} {requirement}, which {} does not satisfy", self.version);
            let caret = caret(&self.version);
            let hint = Hint::run("let it take the new version", format!("anvil add {address}@{caret}{flag}"));
            needed.then(|| Diagnostic::warning(Code::A1066, message).hint(hint))
        });
        unmet.collect()
    }

    /// Refuses a version below one that is behind HEAD; those on other branches do not count, so that
    /// an old line can have its patches.
    fn check_above(&self, versions: &[TaggedVersion]) -> Result<()> {
        for tagged in versions.iter().filter(|tagged| tagged.version > self.version) {
            if self.home.repository.is_behind(tagged.tag.commit, self.head.commit)? {
                let (version, last) = (self.version.clone(), tagged.version.clone());
                return Err(VersionCommandError::NotAbove { version, last }.into());
            }
        }
        Ok(())
    }

    /// Refuses what nobody could publish, while there is no tag yet that would stand for it for ever.
    fn check_packed(&self, committed: &Contents) -> Result<()> {
        let mut files = committed.files.clone();
        let text = files.get(manifest::FILE_NAME).map(String::from_utf8_lossy).unwrap_or_default();
        files.insert(manifest::FILE_NAME, edit::set_version(&text, &self.version)?);
        let identity = Identity { name: self.set.clone(), version: self.version.clone() };
        Ok(archive::pack(&identity, &files).map(drop).map_err(VersionCommandError::Pack)?)
    }

    /// Returns what changed since the release that it is compared with. Of one that cannot be read nothing is
    /// known.
    fn interface_changes(&self, context: &Context, committed: &Contents) -> Result<Option<InterfaceChanges>> {
        let releases = Releases::of(context, Some(&self.project), None, (&self.home, committed.section()))?;
        let baseline = match releases.behind(self.head.commit, Some(&self.version)) {
            Ok(Some(baseline)) => baseline,
            // A number that the author names needs no other.
            Err(error) if error.downcast_ref::<NoBaseline>().is_some() => return Ok(None),
            Ok(None) => return Ok(None),
            Err(error) => return Err(error),
        };
        if self.home.contents(&self.set, baseline.since.tag.commit, Strictness::Dependency).is_err() {
            return Ok(None);
        }
        let comparison = releases.compare(&baseline, committed)?;
        Ok(Some(InterfaceChanges::of(baseline, &self.version, comparison)))
    }

    /// Refuses files of the set that are not committed. The manifest may hold the new version already,
    /// and no other change: then an earlier run came so far.
    fn check_committed(&self, committed: &Contents) -> Result<()> {
        let mut changes = self.home.uncommitted(committed)?;
        if self.project.manifest_text.replace("\r\n", "\n") == self.manifest.replace("\r\n", "\n") {
            changes.retain(|change| change.path != manifest::FILE_NAME || change.state == WorkState::Conflicted);
        }
        match changes.as_slice() {
            [] => Ok(()),
            [only] if only.path == manifest::FILE_NAME => {
                let found = self.project.set()?.version.clone();
                let text = committed.manifest_text();
                if self.step != Step::Nothing
                    && found != self.version
                    && edit::set_version(&text, &found)? == self.project.manifest_text
                {
                    return Err(VersionCommandError::Otherwise { found, wanted: self.version.clone() }.into());
                }
                Err(Uncommitted(changes).into())
            }
            _ => Err(Uncommitted(changes).into()),
        }
    }

    fn carry_out(self, lock: &RepositoryLock) -> Result<Report> {
        let mut commit = self.head.commit;
        let mut left = None;
        if self.step == Step::CommitAndTag {
            (commit, left) = self.commit(lock)?;
        }
        if self.step != Step::CommitAndTag {
            // The run that made the commit may have been killed before git's index learnt of it.
            self.home.repository.catch_up_index(lock, commit, &self.home.path(manifest::FILE_NAME))?;
            if let Some(path) = self.lock_in_repository()? {
                self.home.repository.catch_up_index(lock, commit, &path)?;
            }
        }
        let commit = self.home.tagged_as(lock, self.step, commit, &self.tag, &self.message)?;
        match left {
            Some(error) => Err(error.into()),
            None => Ok(Report {
                name: self.set,
                from: self.from,
                version: self.version,
                tag: self.tag,
                commit,
                outcome: self.step,
                interface: self.interface,
                warnings: self.warnings,
                unchecked: self.unchecked,
                is_unsigned: self.step != Step::Nothing && self.home.repository.should_sign(),
            }),
        }
    }

    /// Writes and commits the manifest, and in a workspace the lock that says the version too; returns the commit,
    /// with what went wrong after it was made.
    fn commit(&self, lock: &RepositoryLock) -> Result<(CommitId, Option<GitError>)> {
        let path = self.project.manifest_path();
        // The work tree's own text, whose line ends may be others than those git keeps.
        let before = &self.project.manifest_text;
        let locked = self.lock_in_work_tree()?;
        fs::write_through(&path, edit::set_version(before, &self.version)?.as_bytes(), Durability::Synced)?;
        if let Some((path, _, after)) = &locked {
            fs::write_through(path, after.as_bytes(), Durability::Synced)?;
        }
        unpacked::sweep_beside(&self.project.folder);
        let manifest =
            Edit { path: self.home.path(manifest::FILE_NAME), bytes: Some(self.manifest.clone().into_bytes()) };
        let edits = [manifest].into_iter().chain(self.lock_edit()?).collect();
        let request = CommitRequest { message: self.message.clone(), edits, expected_parent: Some(self.head.commit) };
        match self.home.repository.commit(lock, &request) {
            Ok(commit) => Ok((commit, None)),
            Err(error @ GitError::IndexBehind { commit, .. }) => Ok((commit, Some(error))),
            Err(error) => {
                if !self.is_in_head()? {
                    fs::write_through(&path, before.as_bytes(), Durability::Synced)?;
                    if let Some((path, before, _)) = &locked {
                        fs::write_through(path, before.as_bytes(), Durability::Synced)?;
                    }
                }
                Err(error.into())
            }
        }
    }

    /// Returns where the lock of the workspace is in the repository, if the set is a member of one that lies in it.
    fn lock_in_repository(&self) -> Result<Option<String>> {
        if !self.project.workspace.is_declared() {
            return Ok(None);
        }
        let root = self.home.repository.relative(&self.project.root)?;
        Ok(Some(super::contents::below(&root, lockfile::FILE_NAME)))
    }

    /// Returns what becomes of the lock that HEAD has.
    fn lock_edit(&self) -> Result<Option<Edit>> {
        let Some(path) = self.lock_in_repository()? else { return Ok(None) };
        let committed = self.home.repository.tree(self.head.commit)?.read(&path)?;
        let text = committed.and_then(|bytes| self.lock_with_version(&String::from_utf8(bytes).ok()?));
        Ok(text.map(|text| Edit { path, bytes: Some(text.into_bytes()) }))
    }

    /// Returns where the lock of the workspace is, what it says, and what it will say, if it says the version.
    fn lock_in_work_tree(&self) -> Result<Option<(PathBuf, String, String)>> {
        let path = self.project.lock_path();
        let Some(before) = fs::read_to_string_if_exists(&path)? else { return Ok(None) };
        let after = if self.project.workspace.is_declared() { self.lock_with_version(&before) } else { None };
        Ok(after.map(|after| (path, before, after)))
    }

    /// Returns the lock `text` with the new version of the set, if it has the set as a member of the workspace.
    fn lock_with_version(&self, text: &str) -> Option<String> {
        let Ok(lockfile::Reading::Whole(mut lock)) = Lockfile::read(lockfile::FILE_NAME, text) else { return None };
        let here = Source::Path(self.project.member.clone());
        let set = lock.sets.iter_mut().find(|set| set.name == self.set && set.source == here)?;
        set.version.clone_from(&self.version);
        Some(lock.write())
    }

    /// Returns whether HEAD has the new manifest by now: somebody may have made the same version at the
    /// same time.
    fn is_in_head(&self) -> Result<bool> {
        let head = self.home.repository.head()?;
        let committed = self.home.repository.tree(head.commit)?.read(&self.home.path(manifest::FILE_NAME))?;
        Ok(committed.as_deref() == Some(self.manifest.as_bytes()))
    }
}
