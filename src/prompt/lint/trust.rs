//! Warnings of untrusted values in system messages, with the way that they take.

use crate::error::{Code, Diagnostic, Hint};
use crate::prompt::check::{Key, is_called, key};
use crate::prompt::declaration::Schema;
use crate::prompt::file::Prompt;
use crate::prompt::scope::Found;
use crate::prompt::yaml::line_of;
use crate::template::analysis::trust::{Flow, Flows, Part, Passed, Step, Trust, follow};
use std::collections::BTreeMap;

/// What is known of the parameters of partials, each looked into once.
pub(super) type Known = BTreeMap<(Key, String), Passed>;

/// Returns a warning for each way that an untrusted parameter of `found` takes to a system message, or any that
/// it passes to a partial which declares it untrusted and prints it there.
pub(super) fn flows(found: &Found, known: &mut Known) -> Vec<Diagnostic> {
    let mut flows = Vec::new();
    let is_untrusted = found.prompt.parameters().iter().any(|parameter| holds_untrusted(&parameter.schema));
    if is_untrusted {
        let mut trust = Within { found, whom: Whom::Untrusted, known };
        flows = follow(found.prompt.template(), &mut trust).to_system;
    }
    if !found.prompt.template().partials().is_empty() {
        let mut trust = Within { found, whom: Whom::Trusted, known };
        let declared = follow(found.prompt.template(), &mut trust).to_system;
        flows.extend(declared.into_iter().filter(|flow| flow.trace.declared.is_some()));
    }
    flows.iter().map(|flow| told(&found.prompt, flow)).collect()
}

fn told(prompt: &Prompt, flow: &Flow) -> Diagnostic {
    let line = |start: usize| line_of(prompt.text(), prompt.body() + start);
    let mut source = flow.trace.name.clone();
    for part in &flow.trace.path {
        match part {
            Some(name) => source = format!("{source}.{name}"),
            None => source.push_str("[…]"),
        }
    }
    let mut way = vec![format!("`{source}`")];
    for step in &flow.trace.steps {
        match step {
            Step::Set { tag, name, span } => way.push(format!("`{tag} {name}` (line {})", line(span.start))),
            Step::Looped { name, span } => way.push(format!("`for {name}` (line {})", line(span.start))),
            Step::Rendered { partial, span, below } => {
                way.push(format!("`render \"{partial}\"` (line {})", line(span.start)));
                way.extend(below.iter().map(|partial| format!("`render \"{partial}\"`")));
            }
        }
    }
    way.push(match &flow.block {
        Some(block) => format!("system block (line {})", line(block.start)),
        None => "system block there".to_owned(),
    });
    let what = match &flow.trace.declared {
        Some((parameter, partial)) => format!("`{}`, untrusted as `{parameter}` of `{partial}`,", flow.trace.name),
        None => format!("the untrusted `{}`", flow.trace.name),
    };
    let message = format!("{what} flows into a system message: {}", way.join(" → "));
    let finding = Diagnostic::warning(Code::A0360, message)
        .hint(Hint::new("put it into a user message, where it gives no orders"));
    prompt.finding_in_body(finding, flow.span.clone(), "untrusted")
}

/// A prompt, and which of its parameters are followed.
struct Within<'a> {
    found: &'a Found,
    whom: Whom,
    known: &'a mut Known,
}

/// Which parameters are followed.
enum Whom {
    /// Those that are declared untrusted.
    Untrusted,
    /// Those that are not.
    Trusted,
    /// This one, whatever it declares.
    Only(String),
}

impl Trust for Within<'_> {
    fn is_untrusted(&self, name: &str, path: &[Part]) -> bool {
        let Some(parameter) = self.found.prompt.parameter(name) else { return false };
        let is_size = path.last().is_some_and(|part| part.as_deref() == Some("size"));
        match &self.whom {
            Whom::Only(only) => only == name && !is_size,
            Whom::Untrusted => is_untrusted(&parameter.schema, path),
            Whom::Trusted => !is_size && !is_untrusted(&parameter.schema, path),
        }
    }

    fn passed(&mut self, partial: &str, argument: &str) -> Passed {
        let passed = self.looked_into(partial, argument);
        // What is untrusted of itself needs nobody to say so.
        let declared = passed.declared.filter(|_| !matches!(self.whom, Whom::Untrusted));
        Passed { declared, ..passed }
    }
}

impl Within<'_> {
    /// Returns what a partial makes of an argument.
    fn looked_into(&mut self, partial: &str, argument: &str) -> Passed {
        let Ok(next) = self.found.scope.lookup(partial) else { return Passed::default() };
        let Some(parameter) = next.prompt.parameters().iter().find(|it| is_called(it, argument)) else {
            return Passed::default();
        };
        let asked = (key(&next), parameter.name.clone());
        if let Some(known) = self.known.get(&asked) {
            return known.clone();
        }
        // In a circle, which is an error of its own, nothing more is found by going round again.
        self.known.insert(asked.clone(), Passed::default());
        let mut trust = Within { found: &next, whom: Whom::Only(parameter.name.clone()), known: self.known };
        let Flows { to_system, is_printed, declared } = follow(next.prompt.template(), &mut trust);
        let itself = || (parameter.name.clone(), partial.to_owned());
        let declared = if is_all_untrusted(&parameter.schema) { Some(itself()) } else { declared };
        let below = |flow: &Flow| {
            let rendered = flow.trace.steps.iter().filter_map(|step| match step {
                Step::Rendered { partial, below, .. } => Some(std::iter::once(partial).chain(below)),
                _ => None,
            });
            rendered.flatten().cloned().collect()
        };
        let passed = Passed { is_printed, to_system: to_system.first().map(below), declared };
        self.known.insert(asked, passed.clone());
        passed
    }
}

/// Returns whether the value at `path`, or something in it, is declared untrusted.
fn is_untrusted(schema: &Schema, path: &[Part]) -> bool {
    let Some((part, rest)) = path.split_first() else { return holds_untrusted(schema) };
    let property = part.as_ref().and_then(|name| schema.property(name));
    match (property, part.as_deref()) {
        (None, Some("size")) => false,
        _ if schema.untrusted => true,
        (Some(property), _) => is_untrusted(&property.schema, rest),
        (None, Some("first" | "last") | None) => {
            schema.items.as_ref().is_some_and(|items| is_untrusted(items, rest))
                || schema.properties.iter().flatten().any(|property| holds_untrusted(&property.schema))
        }
        (None, Some(_)) => false,
    }
}

fn holds_untrusted(schema: &Schema) -> bool {
    schema.untrusted
        || schema.items.as_ref().is_some_and(|items| holds_untrusted(items))
        || schema.properties.iter().flatten().any(|property| holds_untrusted(&property.schema))
}

/// Returns whether nothing that could be printed of it is not a stranger's.
fn is_all_untrusted(schema: &Schema) -> bool {
    schema.untrusted || schema.items.as_ref().is_some_and(|items| is_all_untrusted(items))
}
