//! Finding a project on the disk: the folder with the manifest, the workspace that it may be a member
//! of, and that one's other members.
//!
//! As in Cargo, a project is a member if a folder above it has a manifest whose `[workspace]` lists it.
//! What lies above the git repository is not asked, for nobody commits a workspace in halves.

use crate::error::{Code, Diagnose, Error, Hint};
use crate::fs::{self, EntryKind};
use crate::manifest::{
    self, Above, Manifest, Member, Membership, Pattern, ROOT, Strictness, Workspace, WorkspaceSection,
};
use crate::name::SetName;
use crate::store::layout::VENDOR_FOLDER;
use crate::version::running_anvil;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How deep `**` looks for members.
const DEEPEST: usize = 16;

/// A project with the workspace that it is a member of, or that it is alone.
#[derive(Clone, Debug)]
pub struct Found {
    /// The folder of the root, where the lock and the unpacked sets are.
    pub root: PathBuf,
    /// The root's manifest and those of all members.
    pub workspace: Workspace,
    /// Which member the project is, by its path.
    pub member: String,
    /// The text of the project's own manifest.
    pub text: String,
}

/// Why a workspace cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// Two members are the same set.
    #[error("`{first}` and `{second}` are both {name}, and the members of a workspace must have names of their own")]
    Twins {
        /// The name.
        name: SetName,
        /// The folder of the one.
        first: String,
        /// The folder of the other.
        second: String,
    },
    /// A folder that is named as a member is none.
    #[error("`members` in `{}` names `{folder}`, and {why}", .manifest.display())]
    NoMember {
        /// The root's manifest.
        manifest: PathBuf,
        /// The folder, as it is named.
        folder: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl Diagnose for WorkspaceError {
    fn code(&self) -> Code {
        match self {
            WorkspaceError::Twins { .. } => Code::A0118,
            WorkspaceError::NoMember { .. } => Code::A0119,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            WorkspaceError::Twins { second, .. } => vec![Hint::new(format!(
                "rename one of them, or keep it out: `exclude = [\"{second}\"]` in the root's [workspace]"
            ))],
            WorkspaceError::NoMember { .. } => {
                vec![Hint::new("correct `members`, or make a set there with `anvil init`")]
            }
        }
    }
}

impl Found {
    /// Returns the project whose manifest lies in `folder`, a canonical path.
    ///
    /// # Errors
    /// When one of the manifests cannot be read or has faults, or the workspace is not sound.
    pub fn at(folder: &Path) -> Result<Found, Error> {
        match root_above(folder)? {
            Some((root, above)) => open(&root, above.member().to_owned()),
            None => open(folder, ROOT.to_owned()),
        }
    }

    /// Returns the manifest of the project.
    pub fn manifest(&self) -> &Manifest {
        let own = self.workspace.members.iter().find(|member| member.path == self.member);
        own.map_or(&self.workspace.root, |member| &member.manifest)
    }

    /// Returns the folder of the member at `path`.
    pub fn folder_of(&self, path: &str) -> PathBuf {
        if path == ROOT { self.root.clone() } else { self.root.join(path) }
    }
}

/// Returns the folder of the root of the workspace that `folder` is a member of, or `folder` itself.
///
/// # Errors
/// When a manifest above cannot be read.
pub fn root_of(folder: &Path) -> Result<PathBuf, Error> {
    let folder = fs::canonical(folder)?;
    Ok(root_above(&folder)?.map_or(folder, |(root, _)| root))
}

/// Returns the root's manifest of the workspace that `folder` is a member of.
///
/// # Errors
/// When a manifest above cannot be read.
pub fn above(folder: &Path) -> Result<Option<Above>, Error> {
    Ok(root_above(&fs::canonical(folder)?)?.map(|(_, above)| above))
}

/// Returns the folder of the root of the workspace that a project in `folder`, which need not be there yet, would be a
/// member of.
///
/// # Errors
/// When a manifest above cannot be read.
pub fn root_for(folder: &Path) -> Result<Option<PathBuf>, Error> {
    let there = folder.ancestors().find(|folder| fs::is_dir(folder)).unwrap_or(folder);
    let rest = folder.strip_prefix(there).unwrap_or(Path::new(""));
    Ok(root_above(&fs::canonical(there)?.join(rest))?.map(|(root, _)| root))
}

/// Returns the manifest of the set in `folder` that `text` holds, for whoever depends on it: in a workspace with
/// what it inherits. `file` is how messages name it.
///
/// # Errors
/// When it or the manifest of a workspace around it has faults.
pub fn dependency_in(folder: &Path, file: &str, text: &str) -> Result<Manifest, Error> {
    Ok(Above::parse_below(above(folder)?.as_ref(), file, text, Strictness::Dependency)?)
}

/// Returns the root of the workspace that `folder`, a canonical path, is a member of, and its manifest.
fn root_above(folder: &Path) -> Result<Option<(PathBuf, Above)>, Error> {
    let mut below = folder;
    while let Some(higher) = below.parent() {
        // The root of a repository has its own `.git`, be it a folder or, in a worktree, a file.
        if fs::exists(&below.join(".git")) {
            return Ok(None);
        }
        below = higher;
        let path = higher.join(manifest::FILE_NAME);
        let Some(text) = fs::read_to_string_if_exists(&path)? else { continue };
        let Some(member) = relative(higher, folder) else { continue };
        if let Some(above) = Above::of(&path.to_string_lossy(), &text, &member)? {
            return Ok(Some((higher.to_owned(), above)));
        }
    }
    Ok(None)
}

/// Opens the workspace whose root is `folder`, from the view of `member`.
fn open(folder: &Path, member: String) -> Result<Found, Error> {
    let path = folder.join(manifest::FILE_NAME);
    let file = shown(folder, ROOT, &member);
    let text = fs::read_to_string(&path)?;
    let root = Manifest::parse(&file, &text, Strictness::Own)?;
    root.check_usable_by(&running_anvil(), &file, &text)?;
    let mut own = text;
    let mut workspace = Workspace::alone(root);
    if let Some(section) = workspace.root.workspace.clone() {
        for path in members(folder, &section)? {
            let file = shown(folder, &path, &member);
            let text = fs::read_to_string(&folder.join(&path).join(manifest::FILE_NAME))?;
            let place = Membership { root: &workspace.root, section: &section, folder: &path };
            let manifest = Manifest::parse_member(&file, &text, place, Strictness::Own)?;
            manifest.check_usable_by(&running_anvil(), &file, &text)?;
            if path == member {
                own = text;
            }
            workspace.members.push(Member { path, manifest });
        }
        check_names(&workspace)?;
    }
    Ok(Found { root: folder.to_owned(), workspace, member, text: own })
}

/// Returns how messages name the manifest of the member at `path` to who works in `member`: its own is the
/// `anvil.toml`, and the others have their folder.
fn shown(root: &Path, path: &str, member: &str) -> String {
    if path == member {
        return manifest::FILE_NAME.to_owned();
    }
    let folder = if path == ROOT { root.to_owned() } else { root.join(path) };
    folder.join(manifest::FILE_NAME).to_string_lossy().into_owned()
}

fn check_names(workspace: &Workspace) -> Result<(), WorkspaceError> {
    let mut known: BTreeMap<&SetName, &str> = BTreeMap::new();
    for (name, member) in workspace.sets() {
        if let Some(first) = known.insert(name, &member.path) {
            let (first, second) = (first.to_owned(), member.path.clone());
            return Err(WorkspaceError::Twins { name: name.clone(), first, second });
        }
    }
    Ok(())
}

/// Returns the folders of the members of the workspace whose root is `folder`, whatever their manifests say; none
/// where it is no such root.
///
/// # Errors
/// When the root's manifest is no TOML, or names as a member what is none.
pub fn member_folders(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let path = folder.join(manifest::FILE_NAME);
    let section = WorkspaceSection::of(&path.to_string_lossy(), &fs::read_to_string(&path)?)?;
    let paths = section.map(|section| members(folder, &section)).transpose()?.unwrap_or_default();
    Ok(paths.into_iter().map(|path| folder.join(path)).collect())
}

/// Returns the paths of the members below `root`, sorted, each once.
///
/// # Errors
/// When `section` names as a member what is none, or a folder cannot be listed.
pub fn members(root: &Path, section: &WorkspaceSection) -> Result<BTreeSet<String>, Error> {
    let mut found = BTreeSet::new();
    for glob in &section.members {
        if glob.is_literal() {
            let folder = glob.as_str();
            if section.excludes(folder) {
                continue;
            }
            let refused = |why| {
                let manifest = root.join(manifest::FILE_NAME);
                WorkspaceError::NoMember { manifest, folder: folder.to_owned(), why }
            };
            match member_at(root, folder)? {
                Standing::Member => found.insert(folder.to_owned()),
                Standing::NoManifest => return Err(refused("there is no `anvil.toml` there").into()),
                Standing::Elsewhere => return Err(refused("it leads out of the workspace").into()),
            };
            continue;
        }
        for folder in folders_below(root, glob)? {
            if section.has(&folder) && member_at(root, &folder)? == Standing::Member {
                found.insert(folder);
            }
        }
    }
    Ok(found)
}

#[derive(PartialEq)]
enum Standing {
    Member,
    NoManifest,
    Elsewhere,
}

fn member_at(root: &Path, folder: &str) -> Result<Standing, Error> {
    let place = root.join(folder);
    if !fs::is_file(&place.join(manifest::FILE_NAME)) {
        return Ok(Standing::NoManifest);
    }
    Ok(if fs::canonical(&place)?.starts_with(root) { Standing::Member } else { Standing::Elsewhere })
}

/// Returns the folders below `root` that may match `glob`, relative to it.
fn folders_below(root: &Path, glob: &Pattern) -> Result<Vec<String>, Error> {
    let mut folders = Vec::new();
    let prefix = glob.literal_prefix().trim_end_matches('/').to_owned();
    if !prefix.is_empty() && !fs::is_dir(&root.join(&prefix)) {
        return Ok(folders);
    }
    let mut pending = vec![prefix];
    while let Some(path) = pending.pop() {
        for entry in fs::list(&root.join(&path))? {
            let is_folder = match entry.kind {
                EntryKind::Folder => true,
                EntryKind::File => false,
                EntryKind::Other => fs::is_dir(&entry.path),
            };
            // Folders with a dot in front are tools' own, as `.git` and `.anvil` are.
            if !is_folder || entry.name.starts_with('.') || entry.name == VENDOR_FOLDER {
                continue;
            }
            let folder = if path.is_empty() { entry.name } else { format!("{path}/{}", entry.name) };
            // A link may lead back to where one came from, and is not looked into.
            if entry.kind == EntryKind::Folder && glob.may_match_below(&folder) && folder.split('/').count() < DEEPEST {
                pending.push(folder.clone());
            }
            if glob.matches(&folder) {
                folders.push(folder);
            }
        }
    }
    Ok(folders)
}

/// Returns `folder` as seen from `root` above it, with `/`; nothing where its name is no UTF-8.
fn relative(root: &Path, folder: &Path) -> Option<String> {
    let segments: Option<Vec<&str>> = folder.strip_prefix(root).ok()?.iter().map(|segment| segment.to_str()).collect();
    Some(segments?.join("/"))
}
