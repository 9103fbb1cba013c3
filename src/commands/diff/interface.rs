//! What changed for those who use the set, worked out from as few prompts as decide it.
//!
//! Loading all prompts of both sides would cost more than all the rest of a comparison. Most changes
//! are of text alone, which no interface shows. And a prompt whose own file offers the same as before
//! offers something else only if it renders, through however many partials, a prompt that changed
//! its shape, names a schema that changed, or answers to a name that came or went. Such prompts are
//! found by their bytes before anything is parsed.

use super::side::Reading;
use super::{Unreadable, Which};
use crate::archive::FileSet;
use crate::compat::{self, Change};
use crate::error::Result;
use crate::manifest;
use crate::name::PromptName;
use crate::prompt::{Interface, Set, facts};
use crate::template::Role;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The prompts of two sides, told apart by whether what they offer may have changed.
pub(super) struct Prompts {
    /// Those that came or went, or whose file changed in more than its text, or whose schema did.
    touched: BTreeSet<PromptName>,
    /// The others: their files are the same, or differ in text alone.
    untouched: BTreeSet<PromptName>,
}

impl Prompts {
    /// Tells the prompts of two sides apart, and chooses the schemas that they name.
    pub(super) fn of(old: &mut Reading, new: &mut Reading) -> Result<Prompts> {
        let mut prompts = Prompts { touched: BTreeSet::new(), untouched: BTreeSet::new() };
        for name in old.prompts.keys().chain(new.prompts.keys()) {
            let is_same = match (old.prompts.get(name), new.prompts.get(name)) {
                (Some(a), Some(b)) if a == b => {
                    old.selected.get(a) == new.selected.get(b) || differ_in_text_alone(old, new, a)?
                }
                _ => false,
            };
            let group = if is_same { &mut prompts.untouched } else { &mut prompts.touched };
            group.insert(name.clone());
        }
        prompts.choose_schemas(old, new)?;
        Ok(prompts)
    }

    /// Chooses on each side the files that an `output.schema` names, and counts prompts whose schema
    /// differs among the touched ones.
    fn choose_schemas(&mut self, old: &mut Reading, new: &mut Reading) -> Result<()> {
        let named_old = schemas(old, &self.touched)?;
        let named_new = schemas(new, &self.touched)?;
        let mut suspects: BTreeSet<&String> = [&old.selected, &old.others, &new.selected, &new.others]
            .into_iter()
            .flat_map(BTreeMap::keys)
            .filter(|path| may_be_a_schema(old, path) && may_be_a_schema(new, path))
            .filter(|path| old.state(path) != new.state(path))
            .collect();
        let (a, b): (BTreeSet<&String>, BTreeSet<&String>) =
            (named_old.values().collect(), named_new.values().collect());
        suspects.extend(a.symmetric_difference(&b).copied());
        let named = if suspects.is_empty() { BTreeMap::new() } else { schemas(new, &self.untouched)? };
        choose(old, named_old.values().chain(named.values()));
        choose(new, named_new.values().chain(named.values()));
        for (name, schema) in named {
            if old.selected.get(&schema) != new.selected.get(&schema) && self.untouched.remove(&name) {
                self.touched.insert(name);
            }
        }
        Ok(())
    }

    /// Returns what changed in the interface, and which of the touched prompts cannot be read and
    /// are compared as text alone.
    pub(super) fn changes(&self, old: &Reading, new: &Reading) -> Result<(Vec<Change>, Vec<Unreadable>)> {
        if self.touched.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        let mut wanted = self.touched.clone();
        let mut shifting = None;
        loop {
            let sets = (load(old, &wanted)?, load(new, &wanted)?);
            let partials: BTreeSet<PromptName> = [(&sets.0, old), (&sets.1, new)]
                .into_iter()
                .flat_map(|(set, side)| partials(set).filter(|name| side.prompts.contains_key(name)))
                .collect();
            let before = wanted.len();
            wanted.extend(partials);
            if shifting.is_none() && wanted.len() == before {
                let names = self.shifting(&sets.0, &sets.1);
                wanted.extend(self.affected(new, names.clone())?);
                shifting = Some(names);
            }
            if wanted.len() == before {
                return Ok(self.compare((old, &sets.0), (new, &sets.1)));
            }
        }
    }

    /// Returns the names that unchanged prompts may feel: of prompts that came, went or changed
    /// their shape, and former names that came or went.
    fn shifting(&self, old: &Arc<Set>, new: &Arc<Set>) -> BTreeSet<PromptName> {
        let mut names = BTreeSet::new();
        for name in &self.touched {
            let (before, after) = (old.prompt(name), new.prompt(name));
            // `prompt` takes aliases too; those are of another prompt.
            let before = before.filter(|prompt| prompt.name() == name);
            let after = after.filter(|prompt| prompt.name() == name);
            let aliases = |prompt: Option<&Arc<crate::prompt::Prompt>>| -> BTreeSet<PromptName> {
                prompt.map(|prompt| prompt.front_matter().aliases.iter().cloned().collect()).unwrap_or_default()
            };
            names.extend(aliases(before).symmetric_difference(&aliases(after)).cloned());
            let (Some(before), Some(after)) = (before, after) else {
                names.insert(name.clone());
                continue;
            };
            if Shape::of(before) != Shape::of(after) {
                names.insert(name.clone());
            }
        }
        names
    }

    /// Returns the unchanged prompts that may feel a change of `names`, directly or through others.
    fn affected(&self, side: &Reading, names: BTreeSet<PromptName>) -> Result<BTreeSet<PromptName>> {
        let mut affected: BTreeSet<PromptName> = names.intersection(&self.untouched).cloned().collect();
        let mut pending: Vec<PromptName> = names.into_iter().collect();
        if pending.is_empty() {
            return Ok(affected);
        }
        let mut texts = Vec::new();
        for name in &self.untouched {
            if let Some(bytes) = side.prompts.get(name).map(|path| side.bytes(path)).transpose()?.flatten() {
                texts.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        while let Some(changed) = pending.pop() {
            let (double, single) = (format!("\"{changed}\""), format!("'{changed}'"));
            for (name, text) in &texts {
                let renders = text.contains(&double) || text.contains(&single);
                let answers = text.contains("alias") && text.contains(changed.as_str());
                if (renders || answers) && affected.insert((*name).clone()) {
                    pending.push((*name).clone());
                }
            }
        }
        Ok(affected)
    }

    fn compare(&self, old: (&Reading, &Arc<Set>), new: (&Reading, &Arc<Set>)) -> (Vec<Change>, Vec<Unreadable>) {
        let mut interfaces = (Interface::of(old.1), Interface::of(new.1));
        let mut unreadable = Vec::new();
        for (which, (side, set)) in [(Which::Old, old), (Which::New, new)] {
            let whole: BTreeSet<&PromptName> = set.prompts().map(|prompt| prompt.name()).collect();
            for name in set.names().filter(|name| !whole.contains(name)) {
                // Nothing can be said of a prompt that one side does not understand, so nothing is.
                interfaces.0.prompts.remove(name);
                interfaces.1.prompts.remove(name);
                let Some(path) = side.prompts.get(name).filter(|_| self.touched.contains(name)) else { continue };
                let findings = set.findings();
                let at = |path: &str| {
                    let here = move |finding: &&crate::error::Diagnostic| {
                        finding.is_error() && finding.location.as_ref().is_some_and(|place| place.file == path)
                    };
                    findings.iter().find(here).map(|finding| finding.message.clone())
                };
                let why = at(path).unwrap_or_else(|| "it has errors".into());
                unreadable.push(Unreadable { side: which, path: side.full(path), why });
            }
        }
        (compat::changes(&interfaces.0, &interfaces.1, &new.0.policy()), unreadable)
    }
}

fn differ_in_text_alone(old: &Reading, new: &Reading, path: &str) -> Result<bool> {
    Ok(match (old.bytes(path)?, new.bytes(path)?) {
        (Some(old), Some(new)) => facts::differ_in_text_alone(&old, &new),
        _ => false,
    })
}

/// What of a prompt shows through those that render it.
#[derive(PartialEq)]
struct Shape {
    is_chat: bool,
    roles: BTreeSet<Role>,
    partials: BTreeSet<String>,
}

impl Shape {
    fn of(prompt: &crate::prompt::Prompt) -> Shape {
        let template = prompt.template();
        Shape {
            is_chat: template.is_chat(),
            roles: template.roles().iter().copied().collect(),
            partials: template.partials().iter().map(|partial| partial.name.to_string()).collect(),
        }
    }
}

/// Returns the names that the prompts of `set` render and that could be prompts of the same set.
fn partials(set: &Arc<Set>) -> impl Iterator<Item = PromptName> {
    let prompts = set.prompts();
    prompts.flat_map(|prompt| prompt.template().partials()).filter_map(|partial| partial.name.parse().ok())
}

/// Returns whether `path` could be the file of a schema: neither a prompt, nor the manifest, nor
/// what every set has about itself.
fn may_be_a_schema(side: &Reading, path: &str) -> bool {
    let about = !path.contains('/') && ["README", "LICENSE", "CHANGELOG"].iter().any(|word| path.starts_with(word));
    let selection = side.manifest.set.as_ref().map(|set| &set.selection);
    path != manifest::FILE_NAME && !about && selection.is_none_or(|selection| selection.prompt_name(path).is_none())
}

/// Returns the schema file that each of `names` names, for those that name one.
fn schemas(side: &Reading, names: &BTreeSet<PromptName>) -> Result<BTreeMap<PromptName, String>> {
    let mut found = BTreeMap::new();
    for name in names {
        let Some(path) = side.prompts.get(name) else { continue };
        let Some(bytes) = side.bytes(path)? else { continue };
        // Few prompts have one, and reading front matter takes longer than looking for the word.
        if contains(&bytes, b"output")
            && let Some(schema) = facts::schema_path(&bytes)
        {
            found.insert(name.clone(), schema);
        }
    }
    Ok(found)
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

fn choose<'a>(side: &mut Reading, schemas: impl Iterator<Item = &'a String>) {
    for schema in schemas {
        if let Some(id) = side.others.remove(schema) {
            side.selected.insert(schema.clone(), id);
        }
    }
}

/// Returns the prompts called `names` of one side, with the schemas that they name.
fn load(side: &Reading, names: &BTreeSet<PromptName>) -> Result<Arc<Set>> {
    let mut files = FileSet::new();
    for path in names.iter().filter_map(|name| side.prompts.get(name)) {
        let Some(bytes) = side.bytes(path)? else { continue };
        if contains(&bytes, b"output")
            && let Some(schema) = facts::schema_path(&bytes).filter(|schema| side.selected.contains_key(schema))
            && let Some(bytes) = side.bytes(&schema)?
        {
            files.insert(schema, bytes.into_owned());
        }
        files.insert(path.clone(), bytes.into_owned());
    }
    Ok(Arc::new(Set::load(&side.manifest, &files)))
}
