//! Makes a prompt: a file to begin with, where the manifest keeps its prompts.

use super::context::Context;
use super::folder::paths_in;
use super::project::Project;
use crate::archive::{self, PathFault};
use crate::error::{Code, Diagnose, Hint, Result};
use crate::fs::{self, Durability};
use crate::name::{PromptName, SetName};
use crate::prompt::PromptKind;
use crate::store::project as unpacked;
use std::fmt::Write as _;
use std::path::Path;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The prompt's name.
    pub name: PromptName,
    /// What it gives.
    pub kind: PromptKind,
    /// One line about it.
    pub description: Option<String>,
}

/// A prompt that can be made.
#[derive(Clone, Debug)]
pub struct Plan {
    project: Project,
    /// The prompt's name.
    pub name: PromptName,
    /// Its file, relative to the set's folder.
    pub path: String,
    /// What the file will hold.
    pub text: String,
    /// The name of the parameter that the prompt begins with.
    pub parameter: &'static str,
}

/// Why there cannot be such a prompt.
#[derive(Debug, thiserror::Error)]
pub enum NewError {
    /// The prompt is there.
    #[error("the prompt `{name}` exists already: `{path}`")]
    Exists {
        /// The prompt.
        name: PromptName,
        /// Its file.
        path: String,
    },
    /// No glob of the manifest has a place for the name.
    #[error("no glob of `prompts` in anvil.toml has a place for `{name}`: {globs}")]
    NoPlace {
        /// The prompt.
        name: PromptName,
        /// The globs.
        globs: String,
    },
    /// No bundle could hold its file.
    #[error("`{name}` cannot be a prompt's name: its file {fault}, so it could not be published")]
    Unpublishable {
        /// The prompt.
        name: PromptName,
        /// What is wrong with its path.
        fault: PathFault,
    },
    /// The name means a prompt of a dependency.
    #[error("`{name}` would be hidden by the dependency {set}")]
    Hidden {
        /// The prompt.
        name: PromptName,
        /// The dependency.
        set: SetName,
    },
}

impl Diagnose for NewError {
    fn code(&self) -> Code {
        match self {
            NewError::Exists { .. } => Code::A1057,
            NewError::NoPlace { .. } | NewError::Hidden { .. } | NewError::Unpublishable { .. } => Code::A1058,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            NewError::Exists { .. } => vec![Hint::new("choose another name, or edit that file")],
            NewError::Unpublishable { .. } => vec![Hint::new("choose another name")],
            NewError::NoPlace { .. } => vec![Hint::new("choose a name that fits, or add a glob")],
            NewError::Hidden { .. } => vec![Hint::new("choose another name: its first two segments are the set's")],
        }
    }
}

/// Returns the prompt that would be made. Nothing is written.
///
/// # Errors
/// When the prompt exists, or the manifest has no place for it.
pub fn plan(context: &Context, request: &Request) -> Result<Plan> {
    let project = Project::of(context)?;
    let set = project.set()?;
    let name = request.name.clone();
    let (own, hiding) = (name.as_str(), project.manifest.dependencies.keys());
    if let Some(set) = hiding.into_iter().find(|set| own == set.as_str() || own.starts_with(&format!("{set}/"))) {
        return Err(NewError::Hidden { name, set: set.clone() }.into());
    }
    let named = |path: &&String| matches!(set.selection.prompt_name(path), Some(Ok(found)) if found == name);
    let paths = paths_in(&project.folder)?;
    if let Some(path) = paths.iter().find(named) {
        return Err(NewError::Exists { name, path: path.clone() }.into());
    }
    let Some(path) = set.selection.path_for(&name) else {
        let globs = set.selection.prompts.0.iter().map(|glob| format!("`{}`", glob.as_str()));
        return Err(NewError::NoPlace { globs: globs.collect::<Vec<_>>().join(", "), name }.into());
    };
    // What git ignores is not in the list, and is there all the same.
    if fs::exists(&project.folder.join(&path)) {
        return Err(NewError::Exists { name, path }.into());
    }
    archive::check_path(&path).map_err(|fault| NewError::Unpublishable { name: name.clone(), fault })?;
    let (text, parameter) = sample(request);
    Ok(Plan { project, name, path, text, parameter })
}

impl Plan {
    /// Returns what one renders to see the prompt: its name, or for a private one its file, as seen
    /// from `directory` where it lies below.
    pub fn reference(&self, directory: &Path) -> String {
        if !self.name.is_private() {
            return self.name.to_string();
        }
        let path = self.project.folder.join(&self.path);
        path.strip_prefix(directory).unwrap_or(&path).display().to_string()
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When it cannot be written, or is there by now.
    pub fn carry_out(&self) -> Result<()> {
        let path = self.project.folder.join(&self.path);
        if !fs::create_new(&path, self.text.as_bytes(), Durability::Synced)? {
            return Err(NewError::Exists { name: self.name.clone(), path: self.path.clone() }.into());
        }
        path.parent().into_iter().for_each(unpacked::sweep_beside);
        Ok(())
    }
}

/// Returns a prompt that lints without a word, and the parameter that it must be given.
fn sample(request: &Request) -> (String, &'static str) {
    let description = request.description.as_deref().unwrap_or("Say in one line what this prompt is for.");
    // What is a JSON string is a YAML one.
    let description = serde_json::Value::from(description);
    let mut text = format!("---\ndescription: {description}\nparameters:\n");
    let parameter = match request.kind {
        PromptKind::Chat => {
            let _ = write!(
                text,
                "  question: {{ type: string, trust: untrusted, description: What the user asks. }}\n  \
                   tone: {{ enum: [warm, neutral, formal], default: neutral }}\n\
                 ---\n\
                 {{% system %}}\n\
                 You are a helpful assistant. Answer in a {{{{ tone }}}} tone.\n\
                 {{% endsystem %}}\n\
                 {{% user %}}\n\
                 {{{{ question }}}}\n\
                 {{% enduser %}}\n"
            );
            "question"
        }
        PromptKind::Text => {
            let _ = write!(
                text,
                "  text: {{ type: string, trust: untrusted, description: What to summarize. }}\n  \
                   sentences: {{ type: integer, minimum: 1, default: 3 }}\n\
                 ---\n\
                 Summarize the following text in {{{{ sentences }}}} sentence{{% if sentences != 1 %}}s{{% endif %}}.\n\
                 \n\
                 {{{{ text }}}}\n"
            );
            "text"
        }
    };
    (text, parameter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::{Reach, Scope, Set, lint};
    use std::sync::Arc;

    #[test]
    fn what_one_begins_with_has_no_faults() {
        for kind in [PromptKind::Chat, PromptKind::Text] {
            let description = Some("It's \"quoted\": #1 \u{e9}".to_owned());
            let request = Request { name: "a".parse().unwrap(), kind, description: description.clone() };
            let (text, parameter) = sample(&request);
            let (set, name) = Set::from_file("a.prompt.md", text.as_bytes());
            let scope = Scope::alone(Arc::new(set));
            assert_eq!(lint(&scope, Reach::Everything), [], "{text}");
            let ready = scope.get(&name).unwrap();
            assert_eq!(ready.prompt().front_matter().description, description);
            let values = serde_json::json!({ parameter: "x" });
            ready.render(values.as_object().unwrap().clone()).unwrap();
        }
    }
}
