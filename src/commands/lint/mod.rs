//! Checks a manifest, front matter and templates, and tells every fault at once.

mod fix;

pub use fix::{Fix, Mending};

use super::contents::Contents;
use super::context::Context;
use super::dependency;
use super::members;
use super::project::Project;
use super::pull;
use crate::archive::{self, FileSet, Limits};
use crate::compat::Policy;
use crate::error::{Code, Diagnose, Diagnostic, Error, Hint, Kind, Result, Severity, shell_word};
use crate::fs;
use crate::git::CommitId;
use crate::lockfile::{LockedSet, Reading};
use crate::manifest::{self, Above, Strictness, WrittenGlob};
use crate::name::SetName;
use crate::prompt::{self, Dependencies, Prompt, Reach, Scope};
use crate::store::project::StoreError;
use crate::store::workspace;
use crate::version::running_anvil;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is to be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// The project that the command runs in: its manifest and all prompts.
    Project,
    /// These files, as they were named: prompts, in a set or in none, and manifests.
    Files(Vec<PathBuf>),
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many prompts were checked.
    pub prompts: usize,
    /// A public prompt of the project that was checked as a whole, which can be rendered.
    pub prompt: Option<Arc<Prompt>>,
    /// How many manifests were.
    pub manifests: usize,
    /// Every finding, by file and place.
    pub findings: Vec<Diagnostic>,
    /// What was fixed before the findings were looked for, or would be, and what was left.
    pub fixes: Vec<Fix>,
}

/// Something that cannot be checked.
#[derive(Debug, thiserror::Error)]
pub enum LintError {
    /// The errors of a version that would be made or published.
    #[error("{} has errors", .what)]
    Faulty {
        /// What has them, e.g. "support/onboarding 1.2.0".
        what: String,
        /// The errors alone.
        findings: Vec<Diagnostic>,
        /// The commit whose files have them; none for the work tree.
        commit: Option<CommitId>,
    },
    /// A folder was named where a file should be.
    #[error("`{}` is a folder", .named.display())]
    Folder {
        /// As it was named.
        named: PathBuf,
        /// Whether it is in a project, or is one.
        is_in_project: bool,
    },
}

impl Diagnose for LintError {
    fn code(&self) -> Code {
        match self {
            LintError::Faulty { .. } => Code::A1051,
            LintError::Folder { .. } => Code::A1052,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            LintError::Faulty { commit, .. } => {
                let mend = if commit.is_some() { "mend them and commit that" } else { "mend them" };
                vec![Hint::run(format!("{mend}; to see them again, with the warnings"), "anvil lint")]
            }
            LintError::Folder { named, is_in_project: true } => {
                vec![Hint::run(
                    "to check the set in it",
                    format!("anvil -C {} lint", shell_word(&named.display().to_string())),
                )]
            }
            LintError::Folder { .. } => vec![Hint::new("name the files in it that are to be checked")],
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            LintError::Faulty { findings, .. } => findings,
            LintError::Folder { .. } => &[],
        }
    }
}

/// Checks what is asked for.
///
/// # Errors
/// When there is no project, or a file cannot be read. Faults in what is checked are findings.
pub fn run(context: &Context, request: &Request, mending: Mending) -> Result<Report> {
    let request = &distinct(context, request);
    let fixes = match mending {
        Mending::None => Vec::new(),
        Mending::Write | Mending::Plan => fix::fix_all(context, request, mending)?,
    };
    Ok(Report { fixes, ..check(context, request)? })
}

/// Returns what is asked for with each file once, by the first of its names: links and detours lead to
/// the same one.
fn distinct(context: &Context, request: &Request) -> Request {
    let Request::Files(files) = request else { return request.clone() };
    let mut seen = BTreeSet::new();
    let mut is_new = |named: &&PathBuf| {
        let path = context.path(named);
        seen.insert(fs::canonical(&path).unwrap_or(path))
    };
    Request::Files(files.iter().filter(&mut is_new).cloned().collect())
}

fn check(context: &Context, request: &Request) -> Result<Report> {
    match request {
        Request::Project => {
            let mut whole = Report::default();
            for folder in folders(context)? {
                let mut report = check_project(context, &folder)?;
                for location in report.findings.iter_mut().filter_map(|finding| finding.location.as_mut()) {
                    location.file = context.shown(&folder.join(&location.file));
                }
                whole.prompts += report.prompts;
                whole.manifests += report.manifests;
                whole.findings.extend(report.findings);
                whole.prompt = report.prompt;
            }
            // Which of several sets a prompt is of would have to be said.
            whole.prompt = whole.prompt.filter(|_| whole.manifests == 1);
            Ok(whole)
        }
        Request::Files(files) => check_files(context, files),
    }
}

/// Returns the folders whose manifests and prompts are checked where no file is named.
fn folders(context: &Context) -> Result<Vec<PathBuf>> {
    let folder = Project::folder_of(context)?;
    let folders = match Project::set_folders(context) {
        Ok(folders) => folders,
        // Each is checked for itself, and told of with all that is wrong.
        Err(_) => workspace::member_folders(&folder).unwrap_or_default(),
    };
    // The root has a manifest, too.
    Ok(std::iter::once(folder.clone()).chain(folders.into_iter().filter(|other| *other != folder)).collect())
}

/// Returns every finding about `contents`, the set of `project` as some commit or the work tree has it:
/// about its prompts, and about what no bundle can hold. The partials of dependencies are looked up in
/// what the project has unpacked, or else in the cache; those that are not there are warned of.
///
/// # Errors
/// When the lock or an unpacked set cannot be read.
pub fn findings(context: &Context, project: &Project, contents: &Contents) -> Result<Vec<Diagnostic>> {
    let (dependencies, missing) = dependencies(context, project, &contents.prompts)?;
    Ok(findings_of(contents, &Scope::new(contents.prompts.clone(), Arc::new(dependencies)), &missing))
}

/// Returns every finding about `contents`, with what is at hand of the others in `scope`, and what is missing.
fn findings_of(contents: &Contents, scope: &Scope, missing: &BTreeSet<SetName>) -> Vec<Diagnostic> {
    let reach = if missing.is_empty() { Reach::Everything } else { Reach::OwnPrompts };
    let mut findings = findings_among(contents, scope, reach);
    findings.extend(missing.iter().filter_map(|name| unchecked(&contents.prompts, name)));
    findings
}

/// Returns every finding about `contents`, as [`findings`] does, whose prompts render of others what is in `scope`.
pub(super) fn findings_among(contents: &Contents, scope: &Scope, reach: Reach) -> Vec<Diagnostic> {
    let mut findings = prompt::lint(scope, reach);
    findings.extend(idle_globs(&contents.files));
    findings.extend(too_many(&contents.files));
    findings.extend(archive::path_faults(&contents.files).iter().map(|fault| {
        Diagnostic::error(Code::A0702, format!("{fault}, so it cannot be published"))
            .hint(Hint::new("rename the file, or leave it out with `exclude` in anvil.toml"))
    }));
    findings
}

/// Returns a warning for each glob of the manifest that matches no file of the set: a slip in one is found
/// by nobody else.
fn idle_globs(files: &FileSet) -> Vec<Diagnostic> {
    let text = files.get(manifest::FILE_NAME).map(String::from_utf8_lossy).unwrap_or_default();
    let idle = |glob: &WrittenGlob| !files.paths().any(|path| glob.pattern.matches(path));
    let warn = |WrittenGlob { key, pattern, span }: WrittenGlob| {
        Diagnostic::warning(Code::A1063, format!("`{}` in `{key}` matches no file of the set", pattern.as_str()))
            .at(manifest::FILE_NAME, text.as_ref().into(), span, "matches nothing")
            .hint(Hint::new("mend it or take it out; what git ignores and what `exclude` names is no file of the set"))
    };
    manifest::written_globs(&text).into_iter().filter(idle).map(warn).collect()
}

/// Returns a finding if there are more files than a bundle may hold. Files that are too large together are
/// not even read, and how small they can be packed is found out where a version is made.
fn too_many(files: &FileSet) -> Option<Diagnostic> {
    let most = Limits::FORMAT.files;
    let message = format!("the set has {} files, and a bundle holds at most {most}", files.len());
    let hint = Hint::new("leave files out with `exclude` in anvil.toml, or split the set");
    (files.len() > most).then(|| Diagnostic::error(Code::A0702, message).hint(hint))
}

/// Returns an error if there is an error among `findings`, which are about `contents`, `what` a version
/// is to be made of.
///
/// # Errors
/// [`LintError::Faulty`] with the errors, without the warnings.
pub fn refuse_errors(what: impl Into<String>, contents: &Contents, mut findings: Vec<Diagnostic>) -> Result<()> {
    findings.retain(Diagnostic::is_error);
    match findings.is_empty() {
        true => Ok(()),
        false => Err(LintError::Faulty { what: what.into(), findings, commit: contents.commit }.into()),
    }
}

fn check_project(context: &Context, folder: &Path) -> Result<Report> {
    let folder = &fs::canonical(folder)?;
    let text = fs::read_to_string(&folder.join(manifest::FILE_NAME))?;
    let mut report = Report { manifests: 1, ..Report::default() };
    let above = workspace::above(folder)?;
    let read = |strictness| Above::parse_below(above.as_ref(), manifest::FILE_NAME, &text, strictness);
    let strict = read(Strictness::Own);
    report.findings.extend(strict.as_ref().err().map(|error| error.diagnostics().to_vec()).unwrap_or_default());
    // With a key that nobody knows the rest may still be understood, and its prompts be checked.
    let Ok(manifest) = strict.or_else(|_| read(Strictness::Dependency)) else { return Ok(report) };
    let usable = manifest.check_usable_by(&running_anvil(), manifest::FILE_NAME, &text);
    report.findings.extend(usable.err().map(|error| error.diagnostics().to_vec()).unwrap_or_default());
    let policy = Policy::read(&above.as_ref().map_or((&*text).into(), |above| above.fill(&text)));
    report.findings.extend(policy.err().map(|error| error.diagnostics().to_vec()).unwrap_or_default());
    report.findings.extend(members::findings(folder, &manifest, &text));
    if manifest.set.is_none() {
        return Ok(report);
    }
    let loaded = Loaded::of(context, folder)?;
    report.prompts = loaded.contents.prompts.names().count();
    let ready = loaded.contents.prompts.names().find_map(|name| loaded.scope.get(name).ok());
    report.prompt = ready.map(|ready| ready.prompt().clone());
    report.findings.extend(loaded.findings());
    Ok(report)
}

/// The set of a project as the work tree has it, with what its prompts may render of others.
struct Loaded {
    folder: PathBuf,
    contents: Contents,
    scope: Scope,
    /// Dependencies that are not at hand.
    missing: BTreeSet<SetName>,
}

impl Loaded {
    /// Returns the set of the project in `folder`.
    ///
    /// # Errors
    /// When its faults do not let its prompts be read: files of it can still be looked at each for itself.
    fn of(context: &Context, folder: &Path) -> Result<Loaded> {
        let contents = Contents::of_folder(folder, Strictness::Dependency)?;
        let manifest_text = fs::read_to_string(&folder.join(manifest::FILE_NAME))?;
        let project = Project::of_faulty(folder, manifest_text, contents.manifest.clone())?;
        let (dependencies, missing) = dependencies(context, &project, &contents.prompts)?;
        let scope = Scope::new(contents.prompts.clone(), Arc::new(dependencies));
        Ok(Loaded { folder: folder.to_owned(), contents, scope, missing })
    }

    fn findings(&self) -> Vec<Diagnostic> {
        findings_of(&self.contents, &self.scope, &self.missing)
    }

    /// Returns whether the file at `path` is a prompt of the set, or has a place where one would be.
    fn holds(&self, path: &str) -> bool {
        self.contents.files.get(path).is_some() && self.contents.section().selection.prompt_name(path).is_some()
    }
}

/// Returns the folder of the project that the file at `path` lies in, and the file's path within.
fn project_of(path: &Path) -> Option<(PathBuf, String)> {
    let folder = Project::find(path.parent()?).ok()?;
    let inside = path.strip_prefix(&folder).ok()?.to_str()?.replace('\\', "/");
    Some((folder, inside))
}

/// Returns the sets that `prompts` depends on, directly or not, as far as they are at hand, and
/// those that are not.
pub(super) fn dependencies(
    context: &Context,
    project: &Project,
    prompts: &prompt::Set,
) -> Result<(Dependencies, BTreeSet<SetName>)> {
    let (mut found, mut missing) = (Dependencies::new(), BTreeSet::new());
    let mut pending: Vec<SetName> = prompts.dependencies().iter().cloned().collect();
    if pending.is_empty() {
        return Ok((found, missing));
    }
    // A lock with conflict markers promises nothing; that is for `lock` to mend.
    let lock = match project.read_lock()? {
        Some(Reading::Whole(lock)) => lock,
        Some(Reading::Conflict { .. }) | None => return Ok((found, pending.into_iter().collect())),
    };
    while let Some(name) = pending.pop() {
        if found.contains_key(&name) || missing.contains(&name) {
            continue;
        }
        match lock.set(&name).map(|locked| read_locked(context, project, locked)).transpose()?.flatten() {
            Some(set) => {
                pending.extend(set.dependencies().iter().cloned());
                found.insert(name, set);
            }
            None => _ = missing.insert(name),
        }
    }
    Ok((found, missing))
}

/// Returns a locked set from where it is unpacked or lies, else from the cache, or nothing if it is not
/// there as locked.
pub(super) fn read_locked(
    context: &Context,
    project: &Project,
    locked: &LockedSet,
) -> Result<Option<Arc<prompt::Set>>> {
    let error = match dependency::locked(project, locked) {
        Ok((_, set)) => return Ok(Some(set)),
        Err(error) => error,
    };
    match error.downcast_ref() {
        Some(StoreError::Missing { .. } | StoreError::Damaged { .. }) => {}
        _ => return Err(error),
    }
    let files = pull::at_hand(context, locked);
    files.map(|files| Ok(dependency::load(&locked.name, &locked.version, &files)?.1)).transpose()
}

/// Returns a warning that what is rendered of the dependency `name` was not checked, if any is.
fn unchecked(prompts: &prompt::Set, name: &SetName) -> Option<Diagnostic> {
    let users = match users(prompts, name) {
        0 => return None,
        1 => "1 prompt renders".to_owned(),
        count => format!("{count} prompts render"),
    };
    let message = format!("{name} is neither unpacked nor in the cache, so what {users} of it is not checked");
    Some(Diagnostic::warning(Code::A1053, message).hint(Hint::run("unpack it", "anvil pull")))
}

/// Returns how many of `prompts` render something of the set `name`.
pub(super) fn users(prompts: &prompt::Set, name: &SetName) -> usize {
    let prefix = format!("{name}/");
    let renders =
        |prompt: &prompt::Prompt| prompt.template().partials().iter().any(|partial| partial.name.starts_with(&prefix));
    prompts.prompts().filter(|prompt| renders(prompt)).count()
}

fn check_files(context: &Context, files: &[PathBuf]) -> Result<Report> {
    let mut report = Report::default();
    let mut projects: BTreeMap<PathBuf, Option<Checked>> = BTreeMap::new();
    for named in files {
        match check_file(context, named, &mut projects, &mut report) {
            // What is not there keeps nobody from being told of the others.
            Err(error) if error.kind() == Kind::No => report.findings.push(told(&error)),
            checked => checked?,
        }
    }
    // The errors of a partial are told with each file that renders it.
    let mut known = BTreeSet::new();
    report.findings.retain(|finding| {
        let place = finding.location.as_ref().map(|location| (location.file.clone(), location.span.start));
        known.insert((place, finding.code.as_str(), finding.message.clone()))
    });
    Ok(report)
}

/// Returns a warning that a set cannot be read, of which files are checked each for itself.
fn unread(error: &Error) -> Diagnostic {
    let hint = Hint::run("its prompts are checked without what they render; see all of it", "anvil lint");
    Diagnostic::warning(error.code(), format!("the prompt set cannot be read: {error}")).hint(hint)
}

/// Returns `error` as a finding, for an answer that holds others.
fn told(error: &Error) -> Diagnostic {
    error.hints().into_iter().fold(Diagnostic::error(error.code(), error.to_string()), Diagnostic::hint)
}

/// Checks the file that was named so, and adds what is found to `report`.
fn check_file(
    context: &Context,
    named: &Path,
    projects: &mut BTreeMap<PathBuf, Option<Checked>>,
    report: &mut Report,
) -> Result<()> {
    let path = context.path(named);
    if fs::is_dir(&path) {
        let is_in_project = Project::find(&path).is_ok();
        return Err(LintError::Folder { named: named.to_owned(), is_in_project }.into());
    }
    let shown = context.shown(&path);
    if path.extension().is_some_and(|extension| extension == "toml") {
        let text = fs::read_to_string(&path)?;
        report.manifests += 1;
        let above = workspace::above(path.parent().unwrap_or(&context.directory))?;
        let above = above.filter(|_| path.file_name().is_some_and(|name| name == manifest::FILE_NAME));
        let read = Above::parse_below(above.as_ref(), &shown, &text, Strictness::Own);
        let parsed = read.and_then(|manifest| manifest.check_usable_by(&running_anvil(), &shown, &text));
        report.findings.extend(parsed.err().map(|error| error.diagnostics().to_vec()).unwrap_or_default());
        return Ok(());
    }
    let bytes = fs::read(&path)?;
    report.prompts += 1;
    let path = fs::canonical(&path)?;
    let within = project_of(&path).and_then(|(folder, inside)| {
        let checked = projects.entry(folder.clone()).or_insert_with(|| match Checked::of(context, &folder) {
            Ok(checked) => Some(checked),
            Err(error) => {
                report.findings.push(unread(&error));
                None
            }
        });
        checked
            .as_ref()
            .filter(|checked| checked.set.holds(&inside))
            .map(|checked| checked.about(context, &inside, &shown))
    });
    report.findings.extend(within.unwrap_or_else(|| check_alone(&shown, &bytes)));
    Ok(())
}

/// Returns the findings about a file that is in no set, or in none that can be read: nobody can say what its
/// partials would be.
fn check_alone(shown: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    let (set, _) = prompt::Set::from_file(shown, bytes);
    let mut findings = prompt::lint(&Scope::alone(Arc::new(set)), Reach::OwnPrompts);
    for finding in findings.iter_mut().filter(|finding| finding.code == Code::A0350) {
        finding.severity = Severity::Warning;
        finding.hints = vec![Hint::new("the file is checked for itself, and not what it renders")];
    }
    findings
}

/// A set of which some files are asked about.
struct Checked {
    set: Loaded,
    findings: Vec<Diagnostic>,
}

impl Checked {
    fn of(context: &Context, folder: &Path) -> Result<Checked> {
        let set = Loaded::of(context, folder)?;
        Ok(Checked { findings: set.findings(), set })
    }

    /// Returns the findings about the file at `path`, which the user called `shown`, and after them the errors of
    /// prompts that it renders, for it has none such to render.
    fn about(&self, context: &Context, path: &str, shown: &str) -> Vec<Diagnostic> {
        let quoted = format!("`{path}`");
        let about = self.findings.iter().filter(|finding| match &finding.location {
            Some(location) => location.file == path,
            None => finding.message.starts_with(&quoted),
        });
        let mut about: Vec<Diagnostic> = about.cloned().collect();
        for location in about.iter_mut().filter_map(|finding| finding.location.as_mut()) {
            location.file = shown.to_owned();
        }
        let prompt = self.set.contents.prompts.prompts().find(|prompt| prompt.path() == path);
        let mut below = prompt.map(|prompt| self.set.scope.errors_of_partials(prompt)).unwrap_or_default();
        for location in below.iter_mut().filter_map(|finding| finding.location.as_mut()) {
            // Of another set's file the set is told, and where in there.
            if !location.file.contains(": ") {
                location.file = context.shown(&self.set.folder.join(&location.file));
            }
        }
        about.extend(below);
        about
    }
}
