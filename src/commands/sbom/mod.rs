//! What a project is made of, for those who must be able to say so: a bill of materials from the lock, as
//! CycloneDX 1.6 or SPDX 2.3.
//!
//! The lock alone says what there is. In a workspace, whose members share one, a bill is about one member and what
//! that needs, or in a root that is no set about all members, each with its own needs. Licences, descriptions and
//! authors stand in the sets' manifests, which are read where they are at hand, unpacked or in the cache: no network is
//! used, and what is not known is left out. The same lock and the same time give the same bytes.

mod cyclonedx;
mod license;
mod purl;
mod spdx;

use super::context::Context;
use super::dependency;
use super::lock;
use super::project::Project;
use super::pull;
use crate::digest::{ContentDigest, Sha256, Sha256Hasher};
use crate::error::Result;
use crate::fs::{self, Durability};
use crate::git::Repository;
use crate::index::Paths;
use crate::lockfile::{LockedSet, Lockfile, Source};
use crate::manifest::{Manifest, Member, ROOT, SetSection};
use crate::name::SetName;
use crate::resolver::graph::Graph;
use crate::version::Version;
use license::License;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The form of a bill of materials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// CycloneDX 1.6, JSON.
    CycloneDx,
    /// SPDX 2.3, JSON.
    Spdx,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The form.
    pub form: Form,
    /// What to call a project that is no set.
    pub name: Option<String>,
    /// When the bill was made, in seconds since 1970; else the time of the commit that is checked out, else now.
    pub time: Option<i64>,
    /// The file to write.
    pub output: Option<PathBuf>,
}

/// A bill of materials.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its text, JSON.
    pub text: String,
    /// How many sets are in it beside the project itself.
    pub sets: usize,
    /// How many of these have no manifest at hand, so that their licences are not known.
    pub unread: usize,
    /// The file that it was written to, and whether that changed it.
    pub written: Option<(PathBuf, bool)>,
}

/// All that the forms tell.
struct Bill {
    root: Root,
    sets: Vec<Component>,
    /// RFC 3339.
    time: String,
    uuid: String,
}

/// The project itself.
struct Root {
    name: String,
    version: Option<Version>,
    about: About,
    /// The sets that it asks for.
    needs: Vec<SetName>,
}

/// A locked set.
struct Component {
    name: SetName,
    version: Version,
    source: Source,
    sha256: Option<Sha256>,
    digest: Option<ContentDigest>,
    about: About,
    needs: Vec<SetName>,
}

/// What a manifest says.
#[derive(Default)]
struct About {
    description: Option<String>,
    license: Option<License>,
    authors: Vec<String>,
}

impl About {
    fn of(section: &SetSection) -> About {
        About {
            description: section.description.clone(),
            license: section.license.as_deref().map(License::parse),
            authors: section.authors.clone(),
        }
    }
}

impl Component {
    /// Returns where the bundle can be fetched, if that is known: from the registry's home.
    fn download_url(&self) -> Option<String> {
        let (Source::Registry(id), Some(sha256)) = (&self.source, &self.sha256) else { return None };
        (!id.is_local()).then(|| format!("https://{id}/{}", Paths::bundle(&self.name, &self.version, sha256)))
    }

    /// Returns the address of the commit, in the form of both SPDX and `pip`: `git+https://host/repo@commit#folder`.
    fn vcs_url(&self) -> Option<String> {
        let Source::Git { url, subdirectory, commit } = &self.source else { return None };
        // Of what can be written so, a folder of this machine is nobody else's business.
        let is_remote = ["https://", "http://", "ssh://", "git://"].iter().any(|scheme| url.starts_with(scheme));
        let folder = subdirectory.as_ref().map(|folder| format!("#{folder}")).unwrap_or_default();
        is_remote.then(|| format!("git+{url}@{commit}{folder}"))
    }
}

impl Bill {
    fn component(&self, name: &SetName) -> Option<&Component> {
        self.sets.iter().find(|set| set.name == *name)
    }
}

/// Makes the bill of materials of the project that the command runs in, and writes it where that is asked for.
///
/// # Errors
/// When the lock does not answer the manifest, or the file cannot be written.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let project = Project::of(context)?;
    let lock = lock::check(&project)?;
    let subject = Subject::of(&project, &lock);
    let root = root(&project, subject.needs, request.name.as_deref());
    let (mut sets, mut unread) = (Vec::new(), 0);
    for set in lock.sets.iter().filter(|set| subject.sets.contains(&set.name)) {
        let about = manifest(context, &project, set).and_then(|manifest| manifest.set);
        unread += usize::from(about.is_none());
        sets.push(component(set, about.as_ref().map(About::of).unwrap_or_default()));
    }
    sets.extend(subject.members);
    sets.sort_by(|one, other| one.name.cmp(&other.name));
    let time =
        request.time.or_else(|| committed_at(&project)).unwrap_or_else(|| i64::try_from(context.now).unwrap_or(0));
    let uuid = uuid(request.form, &root, &sets, &lock);
    let bill = Bill { root, sets, time: super::rfc3339(time), uuid };
    let value = match request.form {
        Form::CycloneDx => cyclonedx::document(&bill),
        Form::Spdx => spdx::document(&bill),
    };
    // `Display` with `#` indents by two; a value of JSON can always be written.
    let text = format!("{value:#}\n");
    let written = match &request.output {
        None => None,
        Some(path) => {
            let path = context.path(path);
            let changed = fs::write_through(&path, text.as_bytes(), Durability::Synced)?;
            Some((path, changed))
        }
    };
    Ok(Report { text, sets: bill.sets.len(), unread, written })
}

/// What a bill is about: a member of a workspace, or all of them in a root that is no set.
struct Subject {
    /// What it asks for itself; in such a root its members are, whether or not others ask for them.
    needs: Vec<SetName>,
    /// The locked sets that it needs, near and far.
    sets: BTreeSet<SetName>,
    /// The members that no other needs, and which the lock does not have for that reason.
    members: Vec<Component>,
}

impl Subject {
    fn of(project: &Project, lock: &Lockfile) -> Subject {
        let workspace = &project.workspace;
        let is_all = workspace.is_declared() && project.member == ROOT && project.manifest.set.is_none();
        // A member that is no set is no component either: what it asks for, the root does.
        let is_asking = |member: &&Member| if is_all { member.set().is_none() } else { member.path == project.member };
        let asking = workspace.members.iter().filter(is_asking);
        let mut needs: BTreeSet<&SetName> = asking.flat_map(|member| member.manifest.dependencies.keys()).collect();
        needs.retain(|name| lock.set(name).is_some());
        let (mut begin, mut members) = (needs.clone(), Vec::new());
        for member in workspace.members.iter().filter(|_| is_all) {
            let Some(set) = &member.manifest.set else { continue };
            needs.insert(&set.name);
            begin.insert(&set.name);
            if lock.set(&set.name).is_none() {
                begin.extend(member.manifest.dependencies.keys());
                members.push(of_member(member, set));
            }
        }
        let mut sets = Graph::of(lock).needed_by(begin);
        // Where members need each other in a circle, a set would be a part of itself.
        if let Some(own) = project.manifest.set.as_ref().filter(|_| workspace.is_declared()) {
            sets.remove(&own.name);
        }
        Subject { needs: needs.into_iter().cloned().collect(), sets, members }
    }
}

fn of_member(member: &Member, set: &SetSection) -> Component {
    Component {
        name: set.name.clone(),
        version: set.version.clone(),
        source: Source::Path(member.path.clone()),
        sha256: None,
        digest: None,
        about: About::of(set),
        needs: member.manifest.dependencies.keys().cloned().collect(),
    }
}

fn root(project: &Project, needs: Vec<SetName>, name: Option<&str>) -> Root {
    match (&project.manifest.set, name) {
        (Some(set), None) => {
            Root { name: set.name.to_string(), version: Some(set.version.clone()), about: About::of(set), needs }
        }
        (_, name) => {
            let name = name.map(str::to_owned).or_else(|| name_of(project));
            Root { name: name.unwrap_or_else(|| "application".into()), version: None, about: About::default(), needs }
        }
    }
}

/// Returns what to call a project that is no set, the same in each clone: what its repository is called at git's remote
/// `origin`, or the only one, and in a folder of the repository that folder. Only where there is no remote it is the
/// name of the project's folder, which may be another in each copy.
fn name_of(project: &Project) -> Option<String> {
    let of_folder = || Some(project.folder.file_name()?.to_string_lossy().into_owned());
    let of_git = || {
        let repository = Repository::discover(&project.folder).ok()?;
        let url = repository.remote_url()?;
        match repository.relative(&project.folder).ok()?.rsplit('/').next() {
            None | Some("") => repository_name(&url).map(str::to_owned),
            Some(folder) => Some(folder.to_owned()),
        }
    };
    of_git().or_else(of_folder)
}

/// Returns the last part of the URL of a repository, without `.git`.
fn repository_name(url: &str) -> Option<&str> {
    let last = url.trim_end_matches(['/', '\\']).rsplit(['/', ':', '\\']).next()?;
    Some(last.strip_suffix(".git").unwrap_or(last)).filter(|name| !name.is_empty())
}

fn component(set: &LockedSet, about: About) -> Component {
    Component {
        name: set.name.clone(),
        version: set.version.clone(),
        source: set.source.clone(),
        sha256: set.sha256,
        digest: set.digest,
        about,
        needs: set.dependencies.iter().map(|edge| edge.name.clone()).collect(),
    }
}

/// Returns the manifest of a locked set, if it can be had without a request.
fn manifest(context: &Context, project: &Project, set: &LockedSet) -> Option<Manifest> {
    if let Ok((manifest, _)) = dependency::locked(project, set) {
        return Some(manifest);
    }
    let files = pull::at_hand(context, set)?;
    dependency::manifest_of(&set.name, &set.version, &files).ok()
}

/// Returns the time of the commit that is checked out.
fn committed_at(project: &Project) -> Option<i64> {
    let repository = Repository::discover(&project.root).ok()?;
    let head = repository.head().ok()?;
    Some(repository.log(head.commit, &[]).ok()?.next()?.ok()?.time)
}

/// Returns a UUID of version 8 (RFC 9562, section 5.8), made of what the bill is about: the same lock gives
/// the same one.
fn uuid(form: Form, root: &Root, sets: &[Component], lock: &Lockfile) -> String {
    let mut hasher = Sha256Hasher::new();
    let version = root.version.as_ref().map(ToString::to_string).unwrap_or_default();
    let sets: Vec<String> = sets.iter().map(|set| format!("{}@{}", set.name, set.version)).collect();
    for part in [&format!("{form:?}"), &root.name, &version, &sets.join(" "), &lock.write()] {
        hasher.update(part.as_bytes());
        hasher.update(b"\0");
    }
    let hex = hasher.finish().to_string();
    let variant = match hex.as_bytes().get(16).map(|digit| digit % 4) {
        Some(0) => '8',
        Some(1) => '9',
        Some(2) => 'a',
        _ => 'b',
    };
    format!("{}-{}-8{}-{variant}{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}

#[cfg(test)]
mod tests {
    use super::repository_name;

    #[test]
    fn a_repository_is_called_as_its_url_ends() {
        for url in ["https://git.example.com/acme/helpdesk.git", "git@git.example.com:helpdesk", "/srv/helpdesk.git/"] {
            assert_eq!(repository_name(url), Some("helpdesk"), "{url}");
        }
        assert_eq!(repository_name("https://git.example.com/.git"), None);
    }
}
