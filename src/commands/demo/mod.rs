//! The playground of `anvil demo`: a folder with drafts, and the plan of what is done with them.
//!
//! The plan is data: the commands that a person would type, in order. Whoever shows it runs each of
//! them in a process of its own, so that nothing happens that a reader could not repeat by hand.
//! Neither the user's configuration nor the repository that the folder may lie in has a part in it.

mod plan;

pub use plan::{ACTS, Act, Program, Step};

use crate::error::{Code, Diagnose, Hint, Kind, Result};
use crate::fs::{self, Durability};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

/// The folder of the playground that has what a person would have written.
const DRAFTS: &[(&str, &str)] = &[
    ("house-style.prompt.md", include_str!("../../../fixtures/demo/house-style.prompt.md")),
    ("house-style.2.prompt.md", include_str!("../../../fixtures/demo/house-style.2.prompt.md")),
    ("reply.prompt.md", include_str!("../../../fixtures/demo/reply.prompt.md")),
    ("reply.2.prompt.md", include_str!("../../../fixtures/demo/reply.2.prompt.md")),
    ("ticket.json", include_str!("../../../fixtures/demo/ticket.json")),
];

/// Who commits and tags in the playground: it must work for people who have told git nothing yet.
const AUTHOR: (&str, &str) = ("Anvil Demo", "demo@anvil.example");

/// Why the demo ends early.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The folder holds something.
    #[error("`{}` is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// A command could not be started.
    #[error("cannot run `{command}`: {source}")]
    Start {
        /// The command, as shown.
        command: String,
        /// The system's reason.
        source: io::Error,
    },
    /// A command came out otherwise than planned.
    #[error("`{command}` ended with {ended}, which is not what the demo expects; what it did so far is in `{}`", folder.display())]
    Unexpected {
        /// The command, as shown.
        command: String,
        /// How it ended.
        ended: String,
        /// The playground.
        folder: PathBuf,
    },
}

impl Diagnose for DemoError {
    fn code(&self) -> Code {
        match self {
            DemoError::NotEmpty(_) => Code::A1150,
            DemoError::Start { .. } => Code::A1151,
            DemoError::Unexpected { .. } => Code::A1152,
        }
    }

    fn kind(&self) -> Kind {
        match self {
            DemoError::NotEmpty(_) => Kind::No,
            DemoError::Start { .. } | DemoError::Unexpected { .. } => Kind::Environment,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            DemoError::NotEmpty(_) => vec![Hint::run("for a new folder under the temporary ones", "anvil demo")],
            DemoError::Start { .. } => vec![Hint::new("the demo needs git on the PATH, and nothing else")],
            DemoError::Unexpected { .. } => Vec::new(),
        }
    }
}

/// A folder that is ready for the plan.
#[derive(Debug)]
pub struct Stage {
    /// The folder, as a whole path.
    pub folder: PathBuf,
}

impl Stage {
    /// Returns the folder with the drafts in it: `folder`, which must be empty or not there, or a new
    /// temporary one that is kept.
    ///
    /// # Errors
    /// When the folder holds something or cannot be written to.
    pub fn set(folder: Option<&Path>) -> Result<Stage> {
        let folder = match folder {
            None => fs::create_temporary_folder("anvil-demo-")?,
            Some(folder) => {
                if (fs::exists(folder) && !fs::is_dir(folder)) || !fs::list(folder)?.is_empty() {
                    return Err(DemoError::NotEmpty(folder.to_owned()).into());
                }
                fs::create_folder(folder)?;
                folder.to_owned()
            }
        };
        let folder = fs::canonical(&folder)?;
        for (name, text) in DRAFTS {
            fs::write(&folder.join("drafts").join(name), text.as_bytes(), Durability::Derived)?;
        }
        Ok(Stage { folder })
    }

    /// Returns the environment of the plan's commands, given that of this process: nothing that would
    /// lead them out of the folder or make them depend on whose machine this is.
    pub fn environment(&self, own: impl IntoIterator<Item = (OsString, OsString)>) -> Vec<(OsString, OsString)> {
        let ours = |name: &OsStr| {
            let name = name.to_string_lossy();
            // How it looks and which time it is are the caller's.
            let kept = ["ANVIL_COLOR", "ANVIL_NOW", "GIT_EXEC_PATH"].contains(&&*name);
            kept || !(name.starts_with("ANVIL_") || name.starts_with("GIT_"))
        };
        let mut environment: Vec<_> = own.into_iter().filter(|(name, _)| ours(name)).collect();
        let mut set = |name: &str, value: &OsStr| environment.push((name.into(), value.into()));
        set("ANVIL_CACHE_DIR", self.folder.join(".cache").as_os_str());
        set("ANVIL_CONFIG_DIR", self.folder.join(".config").as_os_str());
        // No repository is looked for above the folder: a search from it would go on past a ceiling
        // that is the folder itself.
        set("GIT_CEILING_DIRECTORIES", self.folder.parent().unwrap_or(&self.folder).as_os_str());
        set("GIT_CONFIG_NOSYSTEM", OsStr::new("1"));
        // Signing, hooks and filters of the user's are for the user's own work.
        set("GIT_CONFIG_GLOBAL", OsStr::new(if cfg!(windows) { "NUL" } else { "/dev/null" }));
        for role in ["AUTHOR", "COMMITTER"] {
            set(&format!("GIT_{role}_NAME"), OsStr::new(AUTHOR.0));
            set(&format!("GIT_{role}_EMAIL"), OsStr::new(AUTHOR.1));
        }
        environment
    }

    /// Copies a draft to `to` below `directory`.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn copy(&self, draft: &str, directory: &Path, to: &str) -> Result<()> {
        let bytes = fs::read(&self.folder.join("drafts").join(draft))?;
        fs::write(&directory.join(to), &bytes, Durability::Derived)?;
        Ok(())
    }

    /// Puts `new` for `old` in every file below `directory` that `path` names, in which a segment `*`
    /// stands for any.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn replace(&self, old: &str, new: &str, directory: &Path, path: &str) -> Result<()> {
        let mut found = vec![directory.to_owned()];
        for segment in path.split('/') {
            let mut next = Vec::new();
            for place in &found {
                match segment {
                    "*" => next.extend(fs::list(place)?.into_iter().map(|entry| entry.path)),
                    _ => next.push(place.join(segment)),
                }
            }
            found = next;
        }
        found.retain(|path| fs::is_file(path));
        for file in found {
            let text = fs::read_to_string(&file)?.replace(old, new);
            fs::write(&file, text.as_bytes(), Durability::Derived)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_holds_something_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("mine");
        fs::write(&file, b"x", Durability::Derived).unwrap();
        for taken in [root.path(), &file] {
            assert_eq!(Stage::set(Some(taken)).unwrap_err().code(), Code::A1150);
        }
        assert_eq!(fs::list(root.path()).unwrap().len(), 1);
    }

    #[test]
    fn a_temporary_stage_stays_until_its_user_removes_it() {
        let folder = Stage::set(None).unwrap().folder;
        assert!(fs::is_file(&folder.join("drafts/reply.prompt.md")));
        fs::remove_folder(&folder).unwrap();
    }

    #[test]
    fn nobodys_repository_or_configuration_reaches_the_commands() {
        let stage = Stage { folder: "/home/ada/play".into() };
        let own = ["GIT_DIR", "GIT_INDEX_FILE", "GIT_AUTHOR_DATE", "ANVIL_OFFLINE", "ANVIL_NOW", "PATH"];
        let environment = stage.environment(own.map(|name| (name.into(), "mine".into())));
        let kept: Vec<_> = environment.iter().filter(|(_, value)| value == "mine").map(|(name, _)| name).collect();
        assert_eq!(kept, ["ANVIL_NOW", "PATH"]);
        assert!(environment.contains(&("GIT_CEILING_DIRECTORIES".into(), "/home/ada".into())));
    }
}
