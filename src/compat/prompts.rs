//! Comparing prompts: their names, kinds and roles.

use super::output::compare_output;
use super::parameters::compare_parameters;
use super::tools::compare_tools;
use super::{Change, rules};
use crate::name::PromptName;
use crate::prompt::interface::{Interface, PromptInterface, role_name};
use std::collections::BTreeSet;

/// Returns what changed, in no particular order.
pub(super) fn compare(old: &Interface, new: &Interface) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut met: BTreeSet<&PromptName> = BTreeSet::new();
    for (name, before) in &old.prompts {
        let renamed = || new.prompts.iter().find(|(_, prompt)| prompt.aliases.contains(name));
        match new.prompts.get_key_value(name).or_else(renamed) {
            None => changes.push(Change::new(&rules::PROMPT_REMOVED, name, None, "prompt removed")),
            Some((now, after)) => {
                met.insert(now);
                if now != name {
                    let words = format!("prompt renamed to `{now}`, with the old name as an alias");
                    changes.push(Change::new(&rules::PROMPT_RENAMED, name, None, words));
                }
                Comparison { prompt: name, now, new, changes: &mut changes }.compare(before, after);
            }
        }
    }
    for name in new.prompts.keys().filter(|name| !met.contains(name)) {
        changes.push(Change::new(&rules::PROMPT_ADDED, name, None, "prompt added"));
    }
    changes
}

struct Comparison<'a> {
    prompt: &'a PromptName,
    now: &'a PromptName,
    new: &'a Interface,
    changes: &'a mut Vec<Change>,
}

impl Comparison<'_> {
    fn compare(&mut self, old: &PromptInterface, new: &PromptInterface) {
        self.compare_names(old, new);
        self.compare_roles(old, new);
        if old.prefer != new.prefer {
            self.add(&rules::MODEL_PREFER_CHANGED, None, "preferred models changed");
        }
        self.changes.extend(compare_tools(self.prompt, &old.tools, &new.tools));
        self.changes.extend(compare_output(self.prompt, old.output.as_ref(), new.output.as_ref()));
        self.changes.extend(compare_parameters(self.prompt, old, new));
    }

    fn add(&mut self, rule: &'static super::Rule, subject: Option<&str>, words: impl Into<String>) {
        self.changes.push(Change::new(rule, self.prompt, subject, words));
    }

    fn compare_roles(&mut self, old: &PromptInterface, new: &PromptInterface) {
        if old.kind != new.kind {
            // That says it all of the roles, too: a text has none.
            return self.add(&rules::KIND_CHANGED, None, format!("{} became {}", old.kind, new.kind));
        }
        for role in old.roles.difference(&new.roles) {
            let role = role_name(*role);
            self.add(&rules::ROLE_REMOVED, Some(role), format!("role `{role}` no longer occurs"));
        }
        for role in new.roles.difference(&old.roles) {
            let role = role_name(*role);
            self.add(&rules::ROLE_ADDED, Some(role), format!("role `{role}` added"));
        }
    }

    fn compare_names(&mut self, old: &PromptInterface, new: &PromptInterface) {
        for alias in old.aliases.difference(&new.aliases) {
            if alias == self.now {
                continue; // The two have changed places.
            }
            let answers =
                |(name, prompt): &(&PromptName, &PromptInterface)| *name == alias || prompt.aliases.contains(alias);
            // Whoever calls it by this name gets something else without a word, which is no better than nothing.
            let words = match self.new.prompts.iter().find(answers) {
                Some((name, _)) if name == alias => format!("alias `{alias}` is a prompt of its own"),
                Some((name, _)) => format!("alias `{alias}` is one of `{name}`"),
                None => format!("alias `{alias}` removed"),
            };
            self.add(&rules::ALIAS_REMOVED, Some(alias.as_str()), words);
        }
        // The old name as an alias is told by the renaming.
        let (prompt, is_renamed) = (self.prompt, self.now != self.prompt);
        for alias in new.aliases.difference(&old.aliases).filter(|alias| !(is_renamed && *alias == prompt)) {
            self.add(&rules::ALIAS_ADDED, Some(alias.as_str()), format!("alias `{alias}` added"));
        }
        match (&old.deprecated, &new.deprecated) {
            (None, Some(message)) => {
                self.add(&rules::PROMPT_DEPRECATED, None, format!("deprecated: {}", first_line(message)));
            }
            (Some(_), None) => self.add(&rules::DEPRECATION_WITHDRAWN, None, "no longer deprecated"),
            _ => {}
        }
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
