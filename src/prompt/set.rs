//! The prompts of one set, by name.

use super::MAX_FINDINGS;
use super::file::{Prompt, Reading};
use crate::archive::FileSet;
use crate::error::{Code, Diagnostic, Hint, Severity};
use crate::manifest::Manifest;
use crate::name::{NameError, PromptName, SetName};
use crate::version::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The prompts of one set. Loading never fails: what is wrong with the files are findings, and a
/// prompt that has errors is known by name and cannot be rendered.
#[derive(Clone, Debug, Default)]
pub struct Set {
    name: Option<SetName>,
    version: Option<Version>,
    /// The keys of `[dependencies]`.
    dependencies: BTreeSet<SetName>,
    prompts: BTreeMap<PromptName, Loaded>,
    /// Former names, with the prompts that they mean.
    aliases: BTreeMap<PromptName, PromptName>,
    findings: Vec<Diagnostic>,
    /// What findings say before the path of a file; empty for one's own set.
    whose: String,
}

/// A prompt of a set, or why there is none.
#[derive(Clone, Debug)]
pub(super) enum Loaded {
    Whole(Arc<Prompt>),
    Faulty { path: String, findings: Vec<Diagnostic> },
}

impl Loaded {
    fn path(&self) -> &str {
        match self {
            Loaded::Whole(prompt) => prompt.path(),
            Loaded::Faulty { path, .. } => path,
        }
    }
}

impl Set {
    /// Returns the prompts among `files` by the patterns of `manifest`. A manifest without `[set]`
    /// has no prompts of its own.
    pub fn load(manifest: &Manifest, files: &FileSet) -> Set {
        Set::load_as(manifest, files, String::new())
    }

    /// Returns the prompts of a set that somebody else wrote, as [`Set::load`] does. Findings say
    /// whose file they are about: `support/onboarding 0.3.0: prompts/reply.prompt.md`.
    pub fn load_dependency(manifest: &Manifest, files: &FileSet) -> Set {
        let whose = manifest.set.as_ref().map(|section| format!("{} {}: ", section.name, section.version));
        Set::load_as(manifest, files, whose.unwrap_or_default())
    }

    fn load_as(manifest: &Manifest, files: &FileSet, whose: String) -> Set {
        let mut set = Set { dependencies: manifest.dependencies.keys().cloned().collect(), whose, ..Set::default() };
        let Some(section) = &manifest.set else { return set };
        set.name = Some(section.name.clone());
        set.version = Some(section.version.clone());
        for (path, bytes) in files.iter() {
            match section.selection.prompt_name(path) {
                None => {}
                Some(Ok(name)) => set.add(name, path, bytes, Some(files)),
                Some(Err(error)) => {
                    let message = format!("`{path}` gives no name for a prompt: {}", error.why());
                    let what = misnamed_folder(path, &error)
                        .map_or("the file".to_owned(), |folder| format!("the folder `{folder}`"));
                    let finding = Diagnostic::error(error_code(&error), message)
                        .at_path(set.place(path))
                        .hint(Hint::new(format!("rename {what}, or leave it out with `exclude` in anvil.toml")));
                    set.findings.push(finding);
                }
            }
        }
        set.settle_aliases();
        set
    }

    /// Returns a set of one prompt, from a file outside any set. It is named by the file, or
    /// `prompt` where that is no name.
    pub fn from_file(path: &str, bytes: &[u8]) -> (Set, PromptName) {
        let file = path.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = file.strip_suffix(".md").unwrap_or(file);
        let stem = stem.strip_suffix(".prompt").unwrap_or(stem).trim_start_matches('_').to_lowercase();
        let fallback = || "prompt".parse().expect("a plain word is a name");
        let name: PromptName = stem.parse().unwrap_or_else(|_| fallback());
        let mut set = Set::default();
        set.add(name.clone(), path, bytes, None);
        set.settle_aliases();
        (set, name)
    }

    /// Returns what findings call the file at `path`.
    fn place(&self, path: &str) -> String {
        format!("{}{path}", self.whose)
    }

    fn add(&mut self, name: PromptName, path: &str, bytes: &[u8], files: Option<&FileSet>) {
        if let Some(other) = self.prompts.get(&name) {
            let message = format!("`{path}` and `{}` are both the prompt `{name}`", other.path());
            let finding = Diagnostic::error(Code::A0206, message)
                .at_path(self.place(path))
                .hint(Hint::new("rename one of the two files"));
            self.findings.push(finding);
            return;
        }
        if let Some(key) = self.hiding(&name) {
            let message = format!("the prompt `{name}` is hidden by the dependency `{key}`");
            let finding = Diagnostic::error(Code::A0206, message)
                .at_path(self.place(path))
                .hint(Hint::new(format!("`render \"{name}\"` means a prompt of `{key}`: rename the file")));
            self.findings.push(finding);
        }
        let Reading { prompt, findings } = Prompt::read(name.clone(), path, &self.place(path), bytes, files);
        self.findings.extend(findings.iter().cloned());
        let loaded = match prompt {
            Some(prompt) => Loaded::Whole(Arc::new(prompt)),
            None => Loaded::Faulty { path: path.to_owned(), findings: limited(findings) },
        };
        self.prompts.insert(name, loaded);
    }

    /// Returns the dependency that `name` would be looked up in, if there is one.
    pub(super) fn hiding(&self, name: &PromptName) -> Option<&SetName> {
        let (set, _) = split_reference(name.as_str())?;
        self.dependencies.get(&set)
    }

    fn settle_aliases(&mut self) {
        for prompt in self.prompts.values() {
            let Loaded::Whole(prompt) = prompt else { continue };
            let front_matter = prompt.front_matter();
            for (alias, span) in front_matter.aliases.iter().zip(&front_matter.alias_places) {
                let other = match self.prompts.get_key_value(alias) {
                    Some((name, _)) => Some(name),
                    None => self.aliases.get(alias),
                };
                match other {
                    Some(other) => {
                        let message = format!("the alias `{alias}` is taken by the prompt `{other}`");
                        let finding = Diagnostic::error(Code::A0206, message);
                        self.findings.push(finding.at(
                            self.place(prompt.path()),
                            prompt.text().clone(),
                            span.clone(),
                            "taken",
                        ));
                    }
                    None => {
                        self.aliases.insert(alias.clone(), prompt.name().clone());
                    }
                }
            }
        }
    }

    /// Returns the set with `prompt` in the place of the one that has its name.
    pub(super) fn with(&self, prompt: Arc<Prompt>) -> Set {
        let mut set = self.clone();
        set.prompts.insert(prompt.name().clone(), Loaded::Whole(prompt));
        set
    }

    /// Returns the set's name; nothing for a lone file or an application.
    pub fn name(&self) -> Option<&SetName> {
        self.name.as_ref()
    }

    /// Returns the set's version, where it has a name.
    pub fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// Returns the sets that it depends on.
    pub fn dependencies(&self) -> &BTreeSet<SetName> {
        &self.dependencies
    }

    /// Returns the prompts that were understood, sorted by name, private ones included.
    pub fn prompts(&self) -> impl DoubleEndedIterator<Item = &Arc<Prompt>> {
        self.prompts.values().filter_map(|loaded| match loaded {
            Loaded::Whole(prompt) => Some(prompt),
            Loaded::Faulty { .. } => None,
        })
    }

    /// Returns the names of the prompts that have errors, sorted.
    pub fn faulty_names(&self) -> impl Iterator<Item = &PromptName> {
        self.prompts.iter().filter(|(_, loaded)| matches!(loaded, Loaded::Faulty { .. })).map(|(name, _)| name)
    }

    /// Returns the names of all prompts, also of those with errors, sorted.
    pub fn names(&self) -> impl Iterator<Item = &PromptName> {
        self.prompts.keys()
    }

    /// Returns the names and aliases that others may ask for, aliases after names.
    pub fn public_names(&self) -> impl Iterator<Item = &PromptName> {
        let public = |name: &&PromptName| !name.is_private();
        self.prompts.keys().filter(public).chain(self.aliases.keys().filter(public))
    }

    /// Returns the prompt that `name` means, by its name or a former one.
    pub(super) fn find(&self, name: &str) -> Option<&Loaded> {
        let name: PromptName = name.parse().ok()?;
        self.prompts.get(&name).or_else(|| self.prompts.get(self.aliases.get(&name)?))
    }

    /// Returns whether `name` means a prompt, by its name or a former one, also one with errors.
    pub fn has(&self, name: &PromptName) -> bool {
        self.find(name.as_str()).is_some()
    }

    /// Returns the prompt that `name` means, by its name or a former one, if it has no errors.
    pub fn prompt(&self, name: &PromptName) -> Option<&Arc<Prompt>> {
        match self.find(name.as_str())? {
            Loaded::Whole(prompt) => Some(prompt),
            Loaded::Faulty { .. } => None,
        }
    }

    /// Returns what loading found, by file and place; `super::lint` says more.
    pub fn findings(&self) -> Vec<Diagnostic> {
        limited(self.findings.clone())
    }

    /// Returns what loading found, as it came.
    pub(super) fn raw_findings(&self) -> &[Diagnostic] {
        &self.findings
    }
}

fn error_code(error: &NameError) -> Code {
    use crate::error::Diagnose as _;
    error.code()
}

/// Returns the folder in `path` that keeps it from giving a name, unless it is the file itself.
fn misnamed_folder<'a>(path: &'a str, error: &NameError) -> Option<&'a str> {
    let (folders, _) = path.rsplit_once('/')?;
    // Not every folder is a part of the name.
    let is_named = |folder: &str| error.text().split('/').any(|segment| segment == folder);
    folders.split('/').find(|folder| is_named(folder) && folder.parse::<PromptName>().is_err())
}

/// Returns the set that the first two segments of a reference name, and the rest where there is one.
pub(super) fn split_reference(reference: &str) -> Option<(SetName, Option<&str>)> {
    let (project, rest) = reference.split_once('/')?;
    let (set, prompt) = match rest.split_once('/') {
        Some((set, prompt)) => (set, Some(prompt)),
        None => (rest, None),
    };
    Some((format!("{project}/{set}").parse().ok()?, prompt))
}

/// Returns the findings by file and place, at most [`MAX_FINDINGS`] a file, errors before warnings
/// where there are more, and then one finding that counts the rest.
pub(super) fn limited(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    fn file(finding: &Diagnostic) -> &str {
        finding.location.as_ref().map_or("", |location| &location.file)
    }
    fn start(finding: &Diagnostic) -> usize {
        finding.location.as_ref().map_or(0, |location| location.span.start)
    }
    findings.sort_by(|a, b| (file(a), start(a)).cmp(&(file(b), start(b))));
    findings.dedup();
    let mut listed: Vec<Diagnostic> = Vec::with_capacity(findings.len());
    for group in findings.chunk_by(|a, b| file(a) == file(b)) {
        if group.len() <= MAX_FINDINGS {
            listed.extend_from_slice(group);
            continue;
        }
        let errors = group.iter().filter(|finding| finding.is_error()).count();
        let (mut errors_left, mut warnings_left) = (MAX_FINDINGS, MAX_FINDINGS.saturating_sub(errors));
        let mut hidden: Vec<&Diagnostic> = Vec::new();
        for finding in group {
            let left = if finding.is_error() { &mut errors_left } else { &mut warnings_left };
            match left.checked_sub(1) {
                Some(fewer) => {
                    *left = fewer;
                    listed.push(finding.clone());
                }
                None => hidden.push(finding),
            }
        }
        for (severity, word) in [(Severity::Error, "error"), (Severity::Warning, "warning")] {
            let mut these = hidden.iter().filter(|finding| finding.severity == severity);
            let count = these.clone().count();
            let Some(first) = these.next() else { continue };
            let message = format!("`{}` has {count} more {word}{}", file(first), if count == 1 { "" } else { "s" });
            listed.push(Diagnostic { severity, count, ..Diagnostic::error(first.code, message) });
        }
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::prompt::lint::tally;
    use crate::prompt::tests::{one, set, told};

    #[test]
    fn what_is_hidden_is_counted_as_what_it_is() {
        let unused: String = (0..25).map(|n| format!("  k{n}: string\n")).collect();
        let findings = one(&format!("---\nparameters:\n{unused}---\n{{{{ nope }}}} {{{{ nope2 }}}}"));
        assert_eq!(tally(&findings), (2, 25));
        let last = &findings[MAX_FINDINGS];
        assert_eq!(
            (last.code, last.message.split(' ').skip(1).collect::<Vec<_>>().join(" ")),
            (Code::A0212, "has 7 more warnings".into())
        );
        let flood: String = (0..100).map(|n| format!("{{{{ x | nofilter{n} }}}}\n")).collect();
        let findings = one(&format!("---\nparameters: {{ x: string }}\n---\n{flood}"));
        assert_eq!(tally(&findings), (20, 0));
        assert!(told(&findings)[19].ends_with("after 20 errors in a template no more are looked for"));
        assert!(!told(&findings)[18].contains("no more"));
    }

    #[test]
    fn an_alias_that_is_taken_is_told_at_its_place() {
        let set = set(&[
            ("prompts/a.prompt.md", "---\naliases: [old, old, a]\n---\n"),
            ("prompts/b.prompt.md", "---\naliases:\n  - a\n---\n"),
        ]);
        assert_eq!(
            told(&set.findings()),
            [
                "A0206 2:16 the alias `old` is taken by the prompt `a` [taken]",
                "A0206 2:21 the alias `a` is taken by the prompt `a` [taken]",
                "A0206 3:5 the alias `a` is taken by the prompt `a` [taken]",
            ]
        );
    }
}
