//! `anvil lock --merge-driver`: what git runs where two branches changed the lock.
//!
//! Git runs it in the middle of a merge, a rebase or a cherry-pick, when anvil.toml may hold conflict markers or
//! not be merged yet. So the three locks alone decide. Only where what both sides changed does not go together
//! are versions chosen anew, for what both ask, and only from what is on this machine: the manifest is then
//! asked where its registries are, and for nothing else. Whatever cannot be solved is left as git would leave it.

use crate::commands::context::{Context, Network};
use crate::commands::lock::{self, Update};
use crate::commands::project::Project;
use crate::commands::registries::Registries;
use crate::error::{Code, Diagnose, Hint, Result};
use crate::fs::{self, Durability};
use crate::git::{self, Repository};
use crate::lockfile::{self, Clash, LockError, LockedRequirement, Lockfile, Reading};
use crate::manifest::{self, Dependency, Manifest, Strictness};
use crate::name::SetName;
use crate::registry::Freshness;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The files that git hands to a merge driver.
#[derive(Clone, Debug)]
pub struct Request {
    /// The lock that both sides come from; empty where there was none.
    pub base: PathBuf,
    /// Our side, and where the merged lock is written.
    pub ours: PathBuf,
    /// Their side.
    pub theirs: PathBuf,
    /// Where the lock lies in the work tree, if git says so.
    pub place: Option<PathBuf>,
}

/// A lock that was merged.
#[derive(Clone, Debug)]
pub struct Merged {
    /// It.
    pub lock: Lockfile,
    /// Why versions had to be chosen anew, where they had to.
    pub anew: Option<Clash>,
}

/// Two locks that no driver can merge.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// What the two sides changed does not go together.
    #[error("anvil.lock cannot be merged: {0}")]
    Clash(Clash),
    /// One of the three cannot be read as a lock.
    #[error("anvil.lock cannot be merged: of {side} {why}")]
    Unreadable {
        /// Which of the three, as in `our side`.
        side: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

impl Diagnose for MergeError {
    fn code(&self) -> Code {
        Code::A1160
    }

    fn hints(&self) -> Vec<Hint> {
        let solve = Hint::run("solve anvil.toml by hand if it conflicts too, then the lock", "anvil lock");
        let add = Hint::new("then `git add` both and go on with what you were at");
        vec![solve, add]
    }
}

/// Merges the locks that `request` names and writes what comes of it over our side: the merged lock, or, where it
/// fails, both sides with conflict markers.
///
/// # Errors
/// When the locks cannot be merged, or a file cannot be read or written.
pub fn run(context: &Context, request: &Request) -> Result<Merged> {
    let read = |path: &Path| fs::read(&context.path(path));
    let texts = [read(&request.base)?, read(&request.ours)?, read(&request.theirs)?];
    let target = context.path(&request.ours);
    match merge(context, request, &texts) {
        Ok(merged) => {
            fs::write(&target, merged.lock.write().as_bytes(), Durability::Derived)?;
            Ok(merged)
        }
        Err(error) => {
            fs::write(&target, &with_markers(&texts), Durability::Derived)?;
            Err(error.into())
        }
    }
}

fn merge(context: &Context, request: &Request, texts: &[Vec<u8>; 3]) -> Result<Merged, MergeError> {
    let [base, ours, theirs] = texts;
    let base = match base.iter().all(u8::is_ascii_whitespace) {
        true => Lockfile::default(), // Both sides made theirs, from nothing.
        // What one side took out would come back unsaid: taken for none, it would look like what the other added.
        false => read("the base", base)?,
    };
    let (ours, theirs) = (read("our side", ours)?, read("their side", theirs)?);
    let unmerged = match Lockfile::merge(&base, &ours, &theirs) {
        Ok(lock) => return Ok(Merged { lock, anew: None }),
        Err(unmerged) => unmerged,
    };
    let asked = unmerged.asked.as_deref().filter(|_| matches!(unmerged.clash, Clash::Unsound(_)));
    let sides = Reading::Conflict { ours: ours.clone(), theirs: theirs.clone(), unread: 0 };
    let solved = asked.and_then(|asked| solve(context, request, asked, sides));
    match solved.filter(|lock| lockfile::undone(&base, [&ours, &theirs], lock).is_none()) {
        Some(lock) => Ok(Merged { lock, anew: Some(unmerged.clash) }),
        None => Err(MergeError::Clash(unmerged.clash)),
    }
}

fn read(side: &'static str, bytes: &[u8]) -> Result<Lockfile, MergeError> {
    let text = String::from_utf8_lossy(bytes);
    let read = Lockfile::read(lockfile::FILE_NAME, &text).and_then(|reading| reading.whole(lockfile::FILE_NAME));
    read.map_err(|error: LockError| MergeError::Unreadable { side, why: error.to_string() })
}

/// Returns a lock for what both sides ask, chosen from what is on this machine with both sides' versions preferred;
/// nothing where that cannot be done.
fn solve(context: &Context, request: &Request, asked: &Lockfile, sides: Reading) -> Option<Lockfile> {
    let place = request.place.as_deref().unwrap_or(Path::new(lockfile::FILE_NAME));
    let folder = context.path(place).parent()?.to_owned();
    // What a member of a workspace asks for is bound to its own manifest.
    if asked.requirements.iter().any(|entry| entry.member != ".") {
        return None;
    }
    let dependencies = |entries: &[LockedRequirement]| -> BTreeMap<SetName, Dependency> {
        let one = |entry: &LockedRequirement| {
            (entry.name.clone(), Dependency { source: entry.source.clone(), line: 0, inherited: None })
        };
        entries.iter().map(one).collect()
    };
    let mut manifest = manifest_beside(&folder)?;
    manifest.dependencies = dependencies(&asked.requirements);
    manifest.overrides = dependencies(&asked.overrides);
    let project = Project::alone(folder, String::new(), manifest);
    let offline = Context { network: Network::Offline, ..context.clone() };
    let registries = Registries::new(&offline, &project.folder, &project.manifest, Freshness::Cached);
    let answer = lock::answer_to(&offline, &project, &Update::Nothing, &registries, Some(&sides)).ok()?;
    // Both sides are whole here: where a registry contradicts one, somebody has to see it.
    (answer.unread == 0 && answer.lock.staleness(&project.workspace).is_empty()).then_some(answer.lock)
}

/// Returns the manifest in `folder` of the work tree, or, while that one conflicts, of HEAD.
fn manifest_beside(folder: &Path) -> Option<Manifest> {
    let parse = |text: &str| Manifest::parse(manifest::FILE_NAME, text, Strictness::Own).ok();
    let here = fs::read_to_string(&folder.join(manifest::FILE_NAME)).ok();
    here.and_then(|text| parse(&text)).or_else(|| {
        let repository = Repository::discover(folder).ok()?;
        let inside = repository.relative(folder).ok()?;
        let path =
            if inside.is_empty() { manifest::FILE_NAME.into() } else { format!("{inside}/{}", manifest::FILE_NAME) };
        let bytes = repository.tree(repository.head().ok()?.commit).ok()?.read(&path).ok()??;
        parse(&String::from_utf8(bytes).ok()?)
    })
}

/// Returns both sides with conflict markers, as git leaves them; where it would see no conflict in the lines, the
/// whole of both, for the lines alone would be believed.
fn with_markers([base, ours, theirs]: &[Vec<u8>; 3]) -> Vec<u8> {
    match git::conflicts(base, ours, theirs) {
        Some(text) => text,
        None => [b"<<<<<<< ours\n", ours.as_slice(), b"=======\n", theirs, b">>>>>>> theirs\n"].concat(),
    }
}
