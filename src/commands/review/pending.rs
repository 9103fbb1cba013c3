//! A lock that is proposed, as it lies in the project: a first line says for which lock, and the rest is the lock as
//! it would be, to the byte.

use super::error::ReviewError;
use crate::commands::context::{Context, Network};
use crate::commands::lock::LockCommandError;
use crate::commands::project::Project;
use crate::commands::pull::PullError;
use crate::commands::registries::Registries;
use crate::commands::sources;
use crate::digest::Sha256;
use crate::error::{Code, Diagnostic, Error, Hint, Kind, Result};
use crate::fs;
use crate::git::GitUrl;

use crate::lockfile::{self, LockError, LockedSet, Lockfile, PENDING_FILE_NAME, Source, Stale};
use crate::manifest::DependencySource;
use crate::name::{EnvironmentName, RegistryId};
use crate::registry::Freshness;
use std::ops::Range;
use std::sync::Arc;

/// What the first line begins with; the checksum follows, and a newline.
const FOR: &str = "# Proposed by anvil, for review, in the place of the anvil.lock sha256:";

/// A lock that is proposed.
#[derive(Clone, Debug)]
pub struct Pending {
    /// The file's text.
    text: Arc<str>,
    /// The bytes of the lock that it would be.
    bytes: Vec<u8>,
    /// Their checksum, which is what is approved.
    pub digest: Sha256,
    /// The lock.
    pub lock: Lockfile,
    /// The checksum of the lock that it was made from.
    base: Sha256,
}

/// Returns the file that proposes `new` in the place of `old`.
pub fn proposing(old: &Lockfile, new: &Lockfile) -> String {
    format!("{FOR}{}\n{}", Sha256::of(old.write()), new.write())
}

/// Returns the bytes of the lock that `bytes` propose, which are all where there is no first line that says so.
pub fn proposed(bytes: &[u8]) -> &[u8] {
    split(bytes).map_or(bytes, |(_, lock)| lock)
}

/// Returns the checksum of the first line, and what follows that.
fn split(bytes: &[u8]) -> Option<(Sha256, &[u8])> {
    let after = bytes.strip_prefix(FOR.as_bytes())?;
    let end = after.iter().position(|byte| *byte == b'\n')?;
    let digest = std::str::from_utf8(&after[..end]).ok()?.trim_end().parse().ok()?;
    Some((digest, &after[end + 1..]))
}

impl Pending {
    /// Returns the proposed lock of `project`, if there is one; `environment` is whose rules hold.
    ///
    /// # Errors
    /// When it is no proposal.
    pub fn read(project: &Project, environment: &EnvironmentName) -> Result<Option<Pending>> {
        let Some(whole) = fs::read_if_exists(&project.pending_path())? else { return Ok(None) };
        let text: Arc<str> = String::from_utf8_lossy(&whole).into();
        let unfit = |why: &str, span: Range<usize>| unfit(environment, &text, why, span);
        // With its first line, so that places are those in the file.
        let read = Lockfile::read(PENDING_FILE_NAME, &text).and_then(|reading| reading.whole(PENDING_FILE_NAME));
        let lock = match read {
            Ok(lock) => lock,
            Err(LockError::Invalid(fault) | LockError::Twice(fault)) => {
                let span = fault.location.map_or(0..0, |location| location.span);
                return Err(unfit(&fault.message, span));
            }
            Err(error @ LockError::Conflict { .. }) => return Err(unfit(&error.to_string(), 0..0)),
            Err(error @ LockError::Newer { .. }) => return Err(error.into()),
        };
        let Some((base, bytes)) = split(&whole) else {
            let first = text.lines().next().map_or(0, str::len);
            return Err(unfit("its first line does not say which anvil.lock it was made from", 0..first));
        };
        let (digest, bytes) = (Sha256::of(bytes), bytes.to_vec());
        Ok(Some(Pending { text, bytes, digest, lock, base }))
    }

    /// Returns the bytes of the lock that it would be.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns whether it was made from another lock than `lock`. That it is the lock already is no change.
    pub fn is_outrun_by(&self, lock: &Lockfile) -> bool {
        self.base != Sha256::of(lock.write()) && self.lock != *lock
    }

    /// Checks that what it takes from git is what the project's manifests ask for: a commit of their branch or tag.
    ///
    /// # Errors
    /// When one is not, or the repository cannot be asked.
    pub fn check_commits(
        &self,
        context: &Context,
        project: &Project,
        lock: &Lockfile,
        environment: &EnvironmentName,
    ) -> Result<()> {
        for set in &self.lock.sets {
            let Source::Git { url, commit, .. } = &set.source else { continue };
            if lock.set(&set.name).is_some_and(|before| before.source == set.source) {
                continue;
            }
            let url: GitUrl = url.parse()?;
            for asked in project.asks(&set.name) {
                let DependencySource::Git { reference, .. } = asked else { continue };
                if !sources::leads_to(context, &url, reference, commit)? {
                    let place = lockfile::place_of(&self.text, &set.name).unwrap_or_default();
                    let why = format!(
                        "it has {} {} at {:.7}, where anvil.toml asks for {}",
                        set.name,
                        set.version,
                        commit,
                        sources::told(reference)
                    );
                    return Err(unfit(environment, &self.text, &why, place));
                }
            }
        }
        Ok(())
    }

    /// Returns `error`, which came of looking at what is proposed in the place of `lock`, as what it is where the
    /// proposal does not say of a set what its registry says, or what its commit holds.
    pub fn blamed(
        &self,
        context: &Context,
        project: &Project,
        lock: &Lockfile,
        environment: &EnvironmentName,
        error: Error,
    ) -> Error {
        if error.kind() != Kind::No {
            return error;
        }
        let is_new = |set: &&LockedSet| lock.set(&set.name).is_none_or(|before| before != *set);
        for set in self.lock.sets.iter().filter(is_new) {
            let why = match &set.source {
                Source::Registry(id) => misquoted(context, project, set, id),
                Source::Git { .. } => misread(set, &error),
                Source::Path(_) => None,
            };
            if let Some(why) = why {
                let place = lockfile::place_of(&self.text, &set.name).unwrap_or_default();
                let why = format!("of {} {} it says {why}", set.name, set.version);
                return unfit(environment, &self.text, &why, place);
            }
        }
        error
    }
}

/// Returns the error that what is proposed is nothing that a review can take.
fn unfit(environment: &EnvironmentName, text: &Arc<str>, why: &str, span: Range<usize>) -> Error {
    let message = format!("what `{PENDING_FILE_NAME}` proposes is nothing that a review can take: {why}");
    let finding = Diagnostic::error(Code::A1185, message).at(PENDING_FILE_NAME, Arc::clone(text), span, "");
    let anew = Hint::run("make the proposal anew", format!("anvil pull --env {environment}"));
    let away = Hint::run("or do away with it", format!("anvil review reject --env {environment}"));
    ReviewError::Unfit(Box::new(finding.hint(anew).hint(away))).into()
}

/// Returns how `set` differs from what the registry `id` says of it, if it is known to.
fn misquoted(context: &Context, project: &Project, set: &LockedSet, id: &RegistryId) -> Option<String> {
    let registries = Registries::new(context, &project.folder, &project.manifest, Freshness::Revalidate);
    let registry = registries.with_id(id).ok()?;
    let index = registry.index(&set.name).ok()??;
    let Some(line) = index.line(&set.version) else {
        // What is kept of an index may be older than the proposal.
        let is_known = context.network != Network::Offline && !index.contradicting.contains(&set.version);
        return is_known.then(|| format!("that it is a version, and the registry `{id}` has none of that number"));
    };
    let other = |what: &str| Some(format!("{what} than the registry `{id}` does"));
    if Some(line.sha256) != set.sha256 {
        return other("another checksum");
    }
    if Some(line.digest) != set.digest {
        return other("another digest");
    }
    let needs = line.dependencies.iter().map(|needed| (&needed.name, &needed.requirement));
    sources::misstated(set, needs).and_then(|_| other("other needs"))
}

/// Returns how `set`, which comes of a commit, is not what that holds, if `error` says so.
fn misread(set: &LockedSet, error: &Error) -> Option<String> {
    let is_misstated = |stale: &Stale| match stale {
        Stale::Unsaid { name, .. } | Stale::Invented { name, .. } => *name == set.name,
        _ => false,
    };
    if let Some(PullError::Digest { name, .. }) = error.downcast_ref()
        && *name == set.name
    {
        return Some("another digest than its commit has".into());
    }
    match error.downcast_ref() {
        Some(LockCommandError::Stale(stale)) if stale.iter().any(is_misstated) => {
            Some("other needs than its commit does".into())
        }
        _ => None,
    }
}
