//! Begins a prompt set, or an application that uses some: the manifest, and what git should know.
//!
//! The manifest is written last. Until it is there nothing has begun, so a run that was killed is
//! completed by the same command.

mod merge_driver;

pub use merge_driver::{DRIVER_NAME, MergeDriver, SET_UP};

use super::context::Context;
use super::folder::paths_in;
use crate::error::{Code, Diagnose, Hint, Kind, Result};
use crate::fs::{self, Durability};
use crate::git::{GitError, Repository};
use crate::lockfile;
use crate::manifest::{self, Fresh, Pattern, PromptPatterns, Role};
use crate::name::{PromptName, RegistryId, SetName};
use crate::registry::{Freshness, Location, Place, RegistryError};
use crate::reviews;
use crate::store::layout::PROJECT_FOLDER;
use crate::store::{project as unpacked, workspace};
use std::path::{Component, Path, PathBuf};

/// What is to be begun, and where.
#[derive(Clone, Debug)]
pub struct Request {
    /// The folder; made where it is not there.
    pub folder: PathBuf,
    /// What it becomes.
    pub what: What,
    /// Where the default registry is: a URL, or a folder relative to where the command runs.
    pub registry: Option<String>,
    /// Whether it gets a git repository.
    pub git: Git,
}

/// What a folder becomes.
#[derive(Clone, Debug)]
pub enum What {
    /// A prompt set.
    Set(NewSet),
    /// An application, which uses sets and publishes none.
    App,
    /// The root of a workspace, whose members are sets.
    Workspace,
}

impl What {
    /// Returns what prompts are looked for by; nothing for the default place.
    fn globs(&self) -> &[Pattern] {
        match self {
            What::Set(set) => &set.prompts,
            What::App | What::Workspace => &[],
        }
    }
}

/// A set to be.
#[derive(Clone, Debug)]
pub struct NewSet {
    /// Its name.
    pub name: SetName,
    /// One line about it; may be empty.
    pub description: String,
    /// Its licence, an SPDX expression.
    pub license: Option<String>,
    /// Where its prompts are; none for the default place.
    pub prompts: Vec<Pattern>,
}

/// Whether a git repository is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Git {
    /// Where the folder lies in none.
    WhereMissing,
    /// Never.
    Never,
}

/// What is to be written.
#[derive(Debug)]
pub struct Plan {
    folder: PathBuf,
    files: Vec<NewFile>,
    makes_prompts: bool,
    /// The set's name; nothing for an application.
    pub set: Option<SetName>,
    /// Whether it is the root of a workspace.
    pub is_workspace: bool,
    /// Whether a repository is made.
    pub makes_repository: bool,
    /// Whether the manifest names a default registry.
    pub has_registry: bool,
    /// Why the folder that is to be the default registry cannot be used as one yet.
    pub registry_fault: Option<RegistryError>,
    /// The prompts that are there already, by name, with their files.
    pub adopted: Vec<(PromptName, String)>,
    /// Files that a glob takes for prompts and that give no name, with the reason.
    pub unnamed: Vec<(String, String)>,
    /// The globs that were given and match nothing.
    pub unmatched: Vec<String>,
}

/// A file that is to be written.
#[derive(Debug)]
struct NewFile {
    /// As people are shown it: in the new folder by its name.
    shown: String,
    path: PathBuf,
    text: String,
}

/// Why nothing can be begun.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The folder has a manifest.
    #[error("`{}` has an anvil.toml already", .folder.display())]
    Exists {
        /// The folder.
        folder: PathBuf,
        /// What prompts were looked for by.
        globs: Vec<Pattern>,
    },
    /// A workspace was to be begun in another.
    #[error("this folder is a member of a workspace, and workspaces do not nest")]
    Nested,
    /// A member of a workspace was to have a registry of its own.
    #[error("this folder is a member of a workspace, and which registries there are is said at its root")]
    MemberRegistry,
    /// A glob is none.
    #[error("`{glob}` is not a valid glob for `--prompts`: {why}")]
    Glob {
        /// As given.
        glob: String,
        /// What is wrong with it.
        why: String,
    },
    /// Nobody said what the set is called, and nobody can be asked.
    #[error("the set needs a name, and the folder's is none")]
    NoName {
        /// A name that would do.
        suggestion: Option<String>,
    },
    /// A file stands where the folder should be.
    #[error("`{}` is not a folder", .path.display())]
    NotAFolder {
        /// The file.
        path: PathBuf,
        /// What prompts were looked for by, whose glob a shell may have made several files of.
        globs: Vec<Pattern>,
    },
}

impl Diagnose for InitError {
    fn code(&self) -> Code {
        match self {
            InitError::Exists { .. } => Code::A1059,
            InitError::MemberRegistry | InitError::Nested => Code::A0116,
            InitError::Glob { .. } | InitError::NotAFolder { .. } => Code::A1060,
            InitError::NoName { .. } => Code::A1062,
        }
    }

    fn kind(&self) -> Kind {
        match self {
            InitError::Glob { .. } | InitError::NoName { .. } => Kind::Usage,
            InitError::Exists { .. } | InitError::NotAFolder { .. } | InitError::MemberRegistry | InitError::Nested => {
                Kind::No
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            InitError::Nested => {
                vec![Hint::new("keep it out with `exclude` in the [workspace] of the root's `anvil.toml`")]
            }
            InitError::MemberRegistry => {
                vec![Hint::new("leave `--registry` out, and add it to [registries] in the root's `anvil.toml`")]
            }
            InitError::Exists { globs, .. } => {
                let mut hints = vec![Hint::run("nothing was changed; to see whether it is in order", "anvil lint")];
                if !globs.is_empty() {
                    hints.push(Hint::new("to take other prompts, edit `prompts` under [set] in it"));
                }
                hints
            }
            InitError::Glob { .. } => {
                vec![Hint::new("globs are relative to the manifest, as in `--prompts 'patterns/*/system.md'`")]
            }
            InitError::NoName { suggestion } => {
                let name = suggestion.as_deref().unwrap_or("project/set");
                vec![
                    Hint::run("say it", format!("anvil init --name {name}")),
                    Hint::run("or, for an application that only uses prompt sets", "anvil init --app"),
                ]
            }
            InitError::NotAFolder { globs, .. } if globs.is_empty() => Vec::new(),
            InitError::NotAFolder { .. } => vec![Hint::new(
                "quote the glob, or the shell puts files in its place: `--prompts 'patterns/*/system.md'`",
            )],
        }
    }
}

/// Returns the globs that `texts` write.
///
/// # Errors
/// When one is no glob.
pub fn globs(texts: &[String]) -> Result<Vec<Pattern>> {
    let parse = |text: &String| {
        // `./patterns` is the same place, and what a shell completes.
        let plain = text.strip_prefix("./").unwrap_or(text);
        Pattern::parse(plain).map_err(|why| InitError::Glob { glob: text.clone(), why }.into())
    };
    texts.iter().map(parse).collect()
}

/// Returns the name that a set in `folder` would likely have, and whether it stands there in exactly
/// these letters: the owner and the name of the remote, else the folder and the one above it.
pub fn suggested_name(folder: &Path) -> Option<(SetName, Exactness)> {
    let written = written_name(folder)?;
    if let Ok(name) = written.parse() {
        return Some((name, Exactness::AsWritten));
    }
    let segment = |text: &str| {
        let kept = text.to_lowercase().replace(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit(), "-");
        let words: Vec<&str> = kept.split('-').filter(|word| !word.is_empty()).collect();
        words.join("-").trim_start_matches(|c: char| !c.is_ascii_lowercase()).to_owned()
    };
    let (project, set) = written.split_once('/')?;
    let mended = format!("{}/{}", segment(project), segment(set));
    Some((mended.parse().ok()?, Exactness::Mended))
}

/// Whether a suggested name is what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exactness {
    /// It is.
    AsWritten,
    /// Letters had to be changed.
    Mended,
}

fn written_name(folder: &Path) -> Option<String> {
    let nearest = folder.ancestors().find(|folder| fs::is_dir(folder))?;
    let own = folder.file_name()?.to_str()?;
    let above = || folder.parent()?.file_name()?.to_str();
    let Ok(repository) = Repository::discover(nearest) else { return Some(format!("{}/{own}", above()?)) };
    let remote = repository.remote_url().and_then(|url| {
        let path = url.trim_end_matches('/').trim_end_matches(".git").replace([':', '\\'], "/");
        let mut segments = path.rsplit('/').map(str::to_owned);
        Some((segments.next()?, segments.next().filter(|owner| !owner.is_empty() && !owner.contains('@'))?))
    });
    let is_root = repository.relative(folder).is_ok_and(|inside| inside.is_empty());
    match remote {
        Some((name, owner)) if is_root => Some(format!("{owner}/{name}")),
        Some((_, owner)) => Some(format!("{owner}/{own}")),
        None => Some(format!("{}/{own}", above()?)),
    }
}

/// Returns whether something was begun in `folder` already.
pub fn has_manifest(context: &Context, folder: &Path) -> bool {
    fs::is_file(&context.path(folder).join(manifest::FILE_NAME))
}

/// Checks that something can be begun in `folder`; `globs` are what prompts are looked for by.
///
/// # Errors
/// When it is no folder, or has a manifest already, or a glob is a folder in it.
pub fn check_place(context: &Context, folder: &Path, globs: &[Pattern]) -> Result<(), InitError> {
    let place = context.path(folder);
    if fs::exists(&place) && !fs::is_dir(&place) {
        return Err(InitError::NotAFolder { path: folder.to_owned(), globs: globs.to_vec() });
    }
    if fs::exists(&place.join(manifest::FILE_NAME)) {
        return Err(InitError::Exists { folder: place, globs: globs.to_vec() });
    }
    match globs.iter().map(Pattern::as_str).find(|glob| fs::is_dir(&place.join(glob))) {
        Some(glob) => {
            let why = format!("it is a folder, and all files of a folder are `{glob}/**`");
            Err(InitError::Glob { glob: glob.to_owned(), why })
        }
        None => Ok(()),
    }
}

/// Returns what is to be written. Nothing is.
///
/// # Errors
/// When [`check_place`] finds something wrong, the registry's location is none, or the new manifest would not be valid.
pub fn plan(context: &Context, request: &Request) -> Result<Plan> {
    let folder = context.path(&request.folder);
    check_place(context, &request.folder, request.what.globs())?;
    let registry = request.registry.as_deref().map(|location| seen_from(location, &context.directory, &folder));
    let location = request.registry.as_deref().map(|location| Location::parse(location, &context.directory));
    let (registry_id, registry_fault) = look_at(context, location.transpose()?);
    let root = workspace::root_for(&folder)?;
    let is_member = root.is_some();
    if is_member && request.registry.is_some() {
        return Err(InitError::MemberRegistry.into());
    }
    let registry_id = registry_id.as_ref();
    let role = match (&request.what, is_member) {
        (What::Workspace, true) => return Err(InitError::Nested.into()),
        (What::Workspace, false) => Role::Root,
        (_, true) => Role::Member,
        (_, false) => Role::Alone,
    };
    let mut fresh = Fresh { registry: registry.as_deref(), registry_id, role, ..Fresh::default() };
    let mut plan = Plan {
        files: Vec::new(),
        makes_prompts: false,
        set: None,
        // A member is in the repository of its workspace, now or once that is in one.
        makes_repository: !is_member && makes_repository(&folder, request.git)?,
        is_workspace: role == Role::Root,
        has_registry: registry.is_some() || is_member,
        registry_fault,
        adopted: Vec::new(),
        unnamed: Vec::new(),
        unmatched: Vec::new(),
        folder,
    };
    if let What::Set(set) = &request.what {
        fresh.set = Some(&set.name);
        fresh.description = &set.description;
        fresh.license = set.license.as_deref();
        fresh.prompts = &set.prompts;
        plan.set = Some(set.name.clone());
        plan.makes_prompts = set.prompts.is_empty();
        plan.adopt(&set.prompts)?;
    }
    // What a flag said may be nothing that a manifest can say.
    let manifest = manifest::edit::checked(fresh.text())?;
    let (shown, path) = (manifest::FILE_NAME.to_owned(), plan.folder.join(manifest::FILE_NAME));
    let manifest = NewFile { shown, path, text: manifest };
    // What git is told of the lock and of what is unpacked, it is told at the root; who wrote that by hand may not have.
    let place = root.unwrap_or_else(|| plan.folder.clone());
    if is_member && leaves_out(&place)? {
        plan.files.push(manifest);
        return Ok(plan);
    }
    let named = |name: &str| {
        let path = place.join(name);
        let shown = if is_member { context.shown(&path) } else { name.to_owned() };
        (shown, path)
    };
    plan.add_lines(
        named(".gitignore"),
        &[
            ("# What `anvil pull` unpacks.", format!("{PROJECT_FOLDER}/")),
            ("# What a run of Anvil leaves that is killed while it writes.", format!("{}*", fs::TEMPORARY_PREFIX)),
        ],
    )?;
    plan.add_lines(
        named(".gitattributes"),
        &[
            (
                "# Anvil writes the lock: folded in reviews, one line end, merged by Anvil after `anvil init --merge-driver`.",
                format!("{} linguist-generated=true text eol=lf {}", lockfile::FILE_NAME, merge_driver::ATTRIBUTE),
            ),
            ("# One that is proposed is approved to the byte.", format!("{} text eol=lf", lockfile::PENDING_FILE_NAME)),
            (
                "# Reviews are only ever added: a merge keeps the lines of both sides.",
                format!("{} text eol=lf merge=union", reviews::FILE_NAME),
            ),
        ],
    )?;
    plan.files.push(manifest);
    Ok(plan)
}

/// Returns whether the `.gitignore` of `folder` names what is unpacked.
fn leaves_out(folder: &Path) -> Result<bool> {
    let ignored = fs::read_to_string_if_exists(&folder.join(".gitignore"))?.unwrap_or_default();
    Ok(ignored.lines().any(|line| subject(line) == PROJECT_FOLDER))
}

/// Returns what a line for git is about: `.anvil`, `/.anvil/` and other attributes of the lock serve as well.
fn subject(line: &str) -> &str {
    let word = line.split_whitespace().next().unwrap_or_default();
    word.trim_start_matches('/').trim_end_matches('/')
}

/// Looks at the registry at `location`, if that is a folder. Returns the id by which the manifest has to
/// vouch for it, where it is believed only then, or why it is none. A host is asked when it is needed.
fn look_at(context: &Context, location: Option<Location>) -> (Option<RegistryId>, Option<RegistryError>) {
    let Some(location) = location.filter(|location| matches!(location.place(), Place::Folder(_))) else {
        return (None, None);
    };
    match context.registry_at(&location, Freshness::Cached) {
        Ok(registry) => (Some(registry.id().clone()).filter(|id| !id.is_local()), None),
        Err(error) => (None, Some(error)),
    }
}

/// Returns whether `folder` is to get a repository. In a bare one nothing is begun: it has no work
/// tree, and the files would lie among git's own.
fn makes_repository(folder: &Path, git: Git) -> Result<bool> {
    let Some(nearest) = folder.ancestors().find(|folder| fs::is_dir(folder)) else {
        return Ok(git == Git::WhereMissing);
    };
    match (Repository::discover(nearest), git) {
        (Ok(repository), _) => Ok(repository.workdir().map(|_| false)?),
        (Err(_), Git::Never) => Ok(false),
        (Err(GitError::NoRepository { .. }), Git::WhereMissing) => Ok(true),
        (Err(error), Git::WhereMissing) => Err(error.into()),
    }
}

impl Plan {
    /// Returns the names of the files to be written.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.shown.as_str())
    }

    /// Finds the prompts that are there already.
    fn adopt(&mut self, globs: &[Pattern]) -> Result<()> {
        if !fs::is_dir(&self.folder) {
            self.unmatched = globs.iter().map(|glob| glob.as_str().to_owned()).collect();
            return Ok(());
        }
        let default = PromptPatterns::default();
        let patterns = if globs.is_empty() { default } else { PromptPatterns(globs.to_vec()) };
        let paths = paths_in(&self.folder)?;
        let unmatched = globs.iter().filter(|glob| !paths.iter().any(|path| glob.matches(path)));
        self.unmatched = unmatched.map(|glob| glob.as_str().to_owned()).collect();
        for path in paths {
            match patterns.name_of(&path) {
                None => {}
                Some(Ok(name)) => self.adopted.push((name, path)),
                Some(Err(error)) => self.unnamed.push((path, error.why().to_owned())),
            }
        }
        self.adopted.sort();
        Ok(())
    }

    /// Adds those of `lines` that are not there, each under its comment, to the file at `path`, which people are shown
    /// as `shown`; what else stands in the file stays.
    fn add_lines(&mut self, (shown, path): (String, PathBuf), lines: &[(&str, String)]) -> Result<()> {
        let before = fs::read_to_string_if_exists(&path)?.unwrap_or_default();
        let end = if before.contains("\r\n") { "\r\n" } else { "\n" };
        let mut text = before.clone();
        for (comment, line) in lines {
            if before.lines().any(|existing| subject(existing) == subject(line)) {
                continue;
            }
            if !text.is_empty() {
                if !text.ends_with('\n') {
                    text.push_str(end);
                }
                text.push_str(end);
            }
            text.push_str(&format!("{comment}{end}{line}{end}"));
        }
        if text != before {
            self.files.push(NewFile { shown, path, text });
        }
        Ok(())
    }

    /// Writes it.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn carry_out(&self) -> Result<()> {
        fs::create_folder(&self.folder)?;
        if self.makes_repository {
            Repository::init(&self.folder)?;
        }
        if self.makes_prompts {
            for glob in PromptPatterns::default().0 {
                fs::create_folder(&self.folder.join(glob.literal_prefix()))?;
            }
        }
        for NewFile { path, text, .. } in &self.files {
            fs::write_through(path, text.as_bytes(), Durability::Synced)?;
        }
        unpacked::sweep_beside(&self.folder);
        Ok(())
    }
}

/// Returns a registry's location as a manifest in `folder` writes it: a relative path was meant as
/// seen from `directory`.
fn seen_from(location: &str, directory: &Path, folder: &Path) -> String {
    let path = Path::new(location);
    if location.contains("://") || path.is_absolute() || directory == folder {
        return location.to_owned();
    }
    let (target, base) = (plain(&directory.join(path)), plain(folder));
    let common = target.iter().zip(&base).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), base.len() - common);
    let segments: Vec<String> = up.chain(target.into_iter().skip(common)).collect();
    if segments.is_empty() { ".".into() } else { segments.join("/") }
}

/// Returns the segments of an absolute path, with `.` and `..` worked out.
fn plain(path: &Path) -> Vec<String> {
    let mut segments = Vec::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(segments.pop()),
            Component::Normal(segment) => segments.push(segment.to_string_lossy().into_owned()),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_found_from_the_new_folder_too() {
        let seen = |location: &str, folder: &str| seen_from(location, Path::new("/base"), Path::new(folder));
        assert_eq!(seen("../registry", "/base"), "../registry");
        assert_eq!(seen("../registry", "/base/sets/tone"), "../../../registry");
        assert_eq!(seen("registry", "/base/app"), "../registry");
        assert_eq!(seen(".", "/base/app"), "..");
        assert_eq!(seen("/srv/registry", "/base/app"), "/srv/registry");
        assert_eq!(seen("https://prompts.example.com", "/base/app"), "https://prompts.example.com");
    }
}
