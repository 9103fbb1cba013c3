//! Why git and path dependencies cannot be used.

use super::gathering::join;
use crate::commands::contents::ContentsError;
use crate::commands::project::Project;
use crate::error::{Code, Diagnose, Diagnostic, Error, Hint, shell_word};
use crate::fs;
use crate::manifest::{self, DependencySource, Member, ROOT};
use crate::name::SetName;
use crate::store::workspace::Found;
use std::sync::Arc;

/// Why a git or path dependency cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Another set is there than the one that was asked for.
    #[error("`{place}` holds {found}, not {expected}")]
    OtherSet {
        /// Where.
        place: String,
        /// The set that is there.
        found: SetName,
        /// The set that was asked for.
        expected: SetName,
    },
    /// A commit has no set where one should be.
    #[error("there is no `anvil.toml` {}in {url} at {commit:.7}", .folder.as_ref().map(|folder| format!("in `{folder}` ")).unwrap_or_default())]
    NoSetInGit {
        /// The repository.
        url: String,
        /// The commit.
        commit: String,
        /// The folder, where it is not the root.
        folder: Option<String>,
        /// The set, and the folder of that commit that has it, if one was found; empty for the root.
        found: Option<(SetName, String)>,
    },
    /// A path dependency leads to no set.
    #[error("{}", .0.message)]
    NoSetInFolder(Box<Diagnostic>),
    /// A locked commit is gone from its repository, and from the cache.
    #[error("{name} is locked at {commit:.7} of {url}, which is not there any more")]
    LostCommit {
        /// The set.
        name: SetName,
        /// The set to update for it to move: itself, or who needs it by its path in the same repository.
        mover: SetName,
        /// The repository.
        url: String,
        /// The commit.
        commit: String,
        /// Whether the manifest asks for this very commit, so that no update can leave it.
        is_asked: bool,
    },
    /// A path dependency of a git dependency leaves its repository.
    #[error("{dependant} depends on the path `{path}`, which is outside its repository")]
    Outside {
        /// Who depends on it.
        dependant: SetName,
        /// The path.
        path: String,
    },
    /// A git or path dependency names a registry that the project has not.
    #[error("{dependant} needs {name} from its registry `{registry}`, {}", match .why {
        Foreign::Unknown => "which this project does not have",
        Foreign::Relative => "a path that means nothing in a git dependency",
    })]
    ForeignRegistry {
        /// Who depends on it.
        dependant: SetName,
        /// What is needed.
        name: SetName,
        /// What the dependant calls the registry, and where it has it.
        registry: String,
        /// Why it is none of the project's.
        why: Foreign,
    },
}

/// Why what a git or path dependency calls a registry is none of the project's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// The project has no such registry.
    Unknown,
    /// It is a path that stands in a commit, which leads nowhere.
    Relative,
}

impl Diagnose for SourceError {
    fn code(&self) -> Code {
        match self {
            SourceError::OtherSet { .. } => Code::A1043,
            SourceError::NoSetInGit { .. } | SourceError::NoSetInFolder(_) => Code::A1040,
            SourceError::LostCommit { .. } => Code::A1154,
            SourceError::Outside { .. } => Code::A1044,
            SourceError::ForeignRegistry { .. } => Code::A1045,
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            SourceError::NoSetInFolder(finding) => std::slice::from_ref(finding),
            _ => &[],
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            SourceError::OtherSet { found, .. } => vec![Hint::new(format!("depend on it by its name, {found}"))],
            SourceError::NoSetInGit { found: Some((name, folder)), .. } if folder.is_empty() => {
                vec![Hint::new(format!("{name} is at its root: leave out `subdirectory`"))]
            }
            SourceError::NoSetInGit { found: Some((name, folder)), .. } => {
                let option = format!("--subdirectory {}", shell_word(folder));
                vec![Hint::new(format!(
                    "{name} is in `{folder}` there: `subdirectory = {folder:?}` in anvil.toml, `{option}` of `anvil add`"
                ))]
            }
            SourceError::NoSetInGit { .. } => {
                vec![Hint::new(
                    "say which folder of it holds the set: `subdirectory` in anvil.toml, `--subdirectory` of `anvil add`",
                )]
            }
            SourceError::NoSetInFolder(_) => Vec::new(), // They are the finding's.
            SourceError::LostCommit { name, mover, is_asked, .. } => vec![
                match is_asked {
                    true => Hint::new(format!(
                        "its history was rewritten; have `rev` of {mover} in anvil.toml name a commit that is there"
                    )),
                    false if mover == name => {
                        let message = "its history was rewritten; take what is there now";
                        Hint::run(message, format!("anvil update {mover}"))
                    }
                    false => {
                        let whose = format!("of {mover}, whose commit {name} has");
                        let message = format!("its history was rewritten; take what is there now {whose}");
                        Hint::run(message, format!("anvil update {mover}"))
                    }
                },
                Hint::new("or pull where it is still in the cache, and publish it from there"),
            ],
            SourceError::Outside { .. } => vec![Hint::new("its author has to publish what it needs")],
            SourceError::ForeignRegistry { why: Foreign::Unknown, .. } => {
                vec![Hint::new("add that registry to your own anvil.toml, under [registries]")]
            }
            SourceError::ForeignRegistry { why: Foreign::Relative, .. } => vec![Hint::new(
                "its author has to say which registry that is, with `id = …` beside the path in its [registries]",
            )],
        }
    }
}

/// Returns `error`, which came of reading `name` in the folder `path`, with the line of the project's
/// manifest that says so, if that there is no set was the error. A manifest that is only tried has no
/// lines that anybody could look up.
pub(super) fn placed(
    project: &Project,
    dependant: Option<&SetName>,
    name: &SetName,
    path: &str,
    error: Error,
) -> Error {
    let why = match error.downcast_ref() {
        Some(ContentsError::NoManifest(_)) => "there is no `anvil.toml` there",
        Some(ContentsError::NoSet(_)) => "the `anvil.toml` there has no `[set]`",
        _ => return error,
    };
    let needed = dependant.map(|dependant| format!(", which {dependant} needs,")).unwrap_or_default();
    let finding = Diagnostic::error(Code::A1040, format!("{name}{needed} should be in `{path}`, and {why}"));
    // As they lie on the disk: a manifest that is only tried is none of them.
    let says_so = |found: &Found, member: &Member| {
        let (own, root) = (&member.manifest, &found.workspace.root);
        let overrides = if member.path == ROOT { root.overrides.get(name) } else { None };
        let entry = overrides.into_iter().chain(own.dependencies.get(name)).find(|entry| {
            matches!(&entry.source, DependencySource::Path { path: there } if join(&member.path, there) == join("", path))
        });
        entry.map(|entry| entry.line)
    };
    let written = Found::at(&project.root).ok().filter(|_| dependant.is_none()).and_then(|found| {
        let (line, member) =
            found.workspace.members.iter().find_map(|member| Some((says_so(&found, member)?, member)))?;
        let text = fs::read_to_string(&found.folder_of(&member.path).join(manifest::FILE_NAME)).ok()?;
        let own = member.path == project.member;
        let file = if own { String::new() } else { format!("{}/", found.folder_of(&member.path).display()) };
        Some((format!("{file}{}", manifest::FILE_NAME), text, line))
    });
    let finding = match written {
        None if dependant.is_some() => {
            let of = dependant.map(|dependant| format!(" of {dependant}")).unwrap_or_default();
            finding.hint(Hint::new(format!("put the set there, or correct `path` in the anvil.toml{of}")))
        }
        None => finding.hint(Hint::new("name the folder whose `anvil.toml` has the set")),
        Some((file, text, line)) => {
            let text: Arc<str> = text.into();
            let before = text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
            let length = text[before..].lines().next().map_or(0, str::len);
            finding
                .at(file, text, before..before + length, "no set there")
                .hint(Hint::new("correct `path`, which is relative to the folder of anvil.toml"))
        }
    };
    SourceError::NoSetInFolder(Box::new(finding)).into()
}
