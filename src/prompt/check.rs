//! What can be said of a prompt from its source and that of its partials: names that are not
//! declared, partials that cannot be had or stand where they must not, circles.

use super::declaration::{Parameter, Schema, Type};
use super::file::Prompt;
use super::scope::{Found, Scope};
use super::yaml::line_of;
use crate::error::{Code, Diagnostic, Hint, suggest};
use crate::name::{PromptName, SetName};
use crate::template::syntax::habits;
use crate::template::{FreeVariable, Limits, PartialUse, Role};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// What the source of a prompt and its partials shows.
#[derive(Debug)]
pub(super) struct Checked {
    /// Whether the prompt gives messages, of its own or of a partial's.
    pub(super) is_chat: bool,
    /// What is wrong. All are errors of the language.
    pub(super) findings: Vec<Diagnostic>,
    /// The first errors of prompts below that are there and could not be understood.
    pub(super) errors_of_partials: Vec<Diagnostic>,
}

/// Checks `found` and the prompts that it renders.
pub(super) fn check(found: &Found) -> Checked {
    let mut survey = Survey::default();
    let is_chat = survey.visit(found, 1).is_ok_and(|shape| shape.is_chat);
    let mut checked = Checked { is_chat, findings: Vec::new(), errors_of_partials: Vec::new() };
    collect(found, &mut survey, &mut BTreeSet::new(), &mut checked, 1);
    checked
}

/// Findings of `found` itself and of every prompt below it: a prompt whose partial is at fault
/// cannot be rendered either.
fn collect(found: &Found, survey: &mut Survey, seen: &mut BTreeSet<Key>, checked: &mut Checked, depth: usize) {
    if depth > Limits::DEEPEST_PARTIAL || !seen.insert(key(found)) {
        return;
    }
    checked.findings.extend(check_alone(found, survey));
    checked.errors_of_partials.extend(found.scope.errors_of_partials(&found.prompt));
    for partial in found.prompt.template().partials() {
        if let Ok(next) = found.scope.lookup(&partial.name) {
            collect(&next, survey, seen, checked, depth + 1);
        }
    }
}

/// Returns what is wrong with `found` itself.
pub(super) fn check_alone(found: &Found, survey: &mut Survey) -> Vec<Diagnostic> {
    let prompt = &found.prompt;
    let mut findings: Vec<Diagnostic> =
        prompt.template().variables().iter().filter_map(|variable| undeclared(prompt, variable)).take(MOST).collect();
    let is_chat = survey.visit(found, 1).is_ok_and(|shape| shape.is_chat);
    if is_chat {
        // With roles of its own, parsing the template has told these.
        findings.extend(prompt.template().printed_at_message_level().map(|problem| prompt.finding(problem)));
    }
    for partial in prompt.template().partials() {
        if findings.len() >= MOST {
            break;
        }
        findings.extend(check_partial(found, partial, is_chat, survey));
    }
    findings
}

/// Returns an error if `prompt`, rendered by itself, reads the `forloop` of a loop around it.
pub(super) fn loopless(prompt: &Prompt) -> Option<Diagnostic> {
    let span = prompt.template().forloop()?.clone();
    let message = format!("`{}` reads `forloop` outside of any loop", prompt.name());
    let hint = Hint::new("only a partial that is rendered with `for` has one");
    Some(prompt.finding_in_body(Diagnostic::error(Code::A0358, message).hint(hint), span, "not set here"))
}

/// Returns whether `argument` is a name of `parameter`, its own or a former one.
pub(super) fn is_called(parameter: &Parameter, argument: &str) -> bool {
    parameter.name == argument || parameter.aliases.iter().any(|alias| alias == argument)
}

/// The most findings of one kind in one prompt that are looked into: few of them are listed anyway.
const MOST: usize = 100;

/// Returns a finding if `variable` reads something that is not declared.
fn undeclared(prompt: &Prompt, variable: &FreeVariable) -> Option<Diagnostic> {
    let name = &variable.name;
    let at = |finding: Diagnostic, label: &str| Some(prompt.finding_in_body(finding, variable.span.clone(), label));
    let Some(parameter) = prompt.parameter(name) else {
        let mut finding =
            Diagnostic::error(Code::A0301, format!("the template uses `{name}`, which is not a parameter"));
        let renamed = prompt.parameters().iter().find(|parameter| parameter.aliases.contains(name));
        let meant = match renamed {
            Some(parameter) => Some(parameter),
            None => suggest(name, prompt.parameters().iter().map(|parameter| parameter.name.as_str()))
                .and_then(|meant| prompt.parameter(meant)),
        };
        finding = match (meant, habits::of_name(name)) {
            (_, Some(hint)) => finding.hint(Hint::new(hint)),
            (Some(meant), None) => finding.hint(did_you_mean(prompt, meant)),
            (None, None) => finding,
        };
        return at(finding, "not declared");
    };
    if parameter.retired {
        let finding = Diagnostic::error(Code::A0301, format!("the template uses `{name}`, which is retired"))
            .hint(Hint::new("a retired parameter is accepted and ignored; declare it anew to read it"));
        return at(finding, "retired");
    }
    let (schema, segment) = missing_property(&parameter.schema, &variable.path)?;
    let message = match schema.kind {
        Type::Object => format!("the template uses `{segment}` of `{name}`, which is not a declared property"),
        kind => format!("the template uses `{segment}` of `{name}`, which is {} there", kind.described()),
    };
    let properties = schema.properties.iter().flatten().map(|property| property.name.as_str());
    at(no_property(message, segment, suggest(segment, properties)), "not declared")
}

/// Returns the finding that there is no property `name`, for which `meant` may have been.
pub(super) fn no_property(message: String, name: &str, meant: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::error(Code::A0301, message);
    match (meant, habits::of_property(name)) {
        (Some(meant), _) => finding.hint(Hint::new(format!("did you mean `{meant}`?"))),
        (None, Some(hint)) => finding.hint(Hint::new(hint)),
        (None, None) => finding,
    }
}

fn did_you_mean(prompt: &Prompt, parameter: &Parameter) -> Hint {
    let name = &parameter.name;
    if prompt.declares_parameters() {
        let line = line_of(prompt.text(), parameter.span.start);
        return Hint::new(format!("did you mean `{name}`, declared on line {line}?"));
    }
    Hint::new(format!("did you mean `{name}`?"))
}

/// Returns the first segment of `path` that cannot be read, with the schema that it is read of.
fn missing_property<'a>(schema: &'a Schema, path: &'a [String]) -> Option<(&'a Schema, &'a str)> {
    let mut schema = schema;
    for segment in path {
        if let Some(property) = schema.property(segment) {
            schema = &property.schema;
            continue;
        }
        let is_index = segment.strip_prefix('-').unwrap_or(segment).bytes().all(|byte| byte.is_ascii_digit());
        schema = match (schema.kind, segment.as_str()) {
            (Type::Any, _) => return None,
            (Type::Object, _) if schema.properties.is_none() => return None,
            (Type::Object | Type::Array | Type::Messages | Type::String, "size") => return None,
            (Type::Object | Type::String, "first" | "last") => return None,
            // A message is an open object.
            (Type::Messages, "first" | "last") => return None,
            (Type::Messages, _) if is_index => return None,
            (Type::Array, "first" | "last") => schema.items.as_deref()?,
            (Type::Array, _) if is_index => schema.items.as_deref()?,
            _ => return Some((schema, segment)),
        };
    }
    None
}

fn check_partial(found: &Found, partial: &PartialUse, is_chat: bool, survey: &mut Survey) -> Vec<Diagnostic> {
    let prompt = &found.prompt;
    let name = &partial.name;
    let at = |finding: Diagnostic, label: &str| prompt.finding_in_body(finding, partial.span.clone(), label);
    let next = match found.scope.lookup(name) {
        Ok(next) => next,
        Err(error) => {
            let label = error.label();
            let finding = Diagnostic::error(Code::A0350, error.message);
            return vec![at(Diagnostic { hints: error.hint.into_iter().collect(), ..finding }, label)];
        }
    };
    let shape = match survey.below(found, &next) {
        Ok(shape) => shape,
        Err(Endless::Circle(path)) => {
            let message = format!("the prompts render each other in a circle: {}", path.join(" → "));
            return vec![at(Diagnostic::error(Code::A0351, message), "comes back here")];
        }
        Err(Endless::Deep) => {
            let message = format!("prompts render each other deeper than {}", Limits::DEEPEST_PARTIAL);
            return vec![at(Diagnostic::error(Code::A0351, message), "too deep")];
        }
    };
    let mut findings = check_arguments(&next.prompt, partial, &at);
    if next.prompt.template().forloop().is_some() && !partial.repeats {
        let message = format!("`{name}` reads `forloop`, and is not rendered with `for` here");
        let hint = Hint::new(format!("`{{% render \"{name}\" for items as item %}}` renders it once an item"));
        findings.push(at(Diagnostic::error(Code::A0358, message).hint(hint), "no loop"));
    }
    if shape.is_chat && !partial.at_message_level {
        let message =
            format!("`{name}` holds messages, which cannot stand inside a message, a `capture` or a `tablerow`");
        findings.push(at(Diagnostic::error(Code::A0305, message), "holds messages"));
    }
    if is_chat && !shape.is_chat && !partial.inside_block {
        let message = format!("`{name}` is text, which cannot stand between messages");
        let hint = Hint::new("render it inside `{% system %}`, `{% user %}` or `{% assistant %}`");
        findings.push(at(Diagnostic::error(Code::A0305, message).hint(hint), "text"));
    }
    findings
}

fn check_arguments(
    next: &Arc<Prompt>,
    partial: &PartialUse,
    at: &dyn Fn(Diagnostic, &str) -> Diagnostic,
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let name = &partial.name;
    let is_unknown = |argument: &&String| {
        next.parameter(argument).is_none() && !next.parameters().iter().any(|it| it.aliases.contains(argument))
    };
    for argument in partial.arguments.iter().filter(is_unknown).take(MOST) {
        let mut finding = Diagnostic::error(Code::A0353, format!("`{name}` takes no parameter `{argument}`"));
        let known = next.parameters().iter().map(|parameter| parameter.name.as_str());
        if let Some(meant) = suggest(argument, known) {
            finding = finding.hint(Hint::new(format!("did you mean `{meant}`?")));
        }
        findings.push(at(finding, "unknown argument"));
    }
    let given: HashSet<&str> = partial.arguments.iter().map(String::as_str).collect();
    let is_given = |parameter: &Parameter| {
        given.contains(parameter.name.as_str()) || parameter.aliases.iter().any(|alias| given.contains(alias.as_str()))
    };
    let missing = next.parameters().iter().filter(|parameter| parameter.is_required() && !is_given(parameter));
    for parameter in missing.take(MOST) {
        let message = format!("`{name}` needs the parameter `{}`", parameter.name);
        let hint = Hint::new(format!(
            "a partial sees only what it is given: `{{% render \"{name}\", {0}: … %}}`",
            parameter.name
        ));
        findings.push(at(Diagnostic::error(Code::A0353, message).hint(hint), "not given"));
    }
    findings
}

/// A prompt among all sets of a scope.
pub(super) type Key = (Option<SetName>, PromptName);

pub(super) fn key(found: &Found) -> Key {
    (found.scope.set().name().cloned(), found.prompt.name().clone())
}

/// Returns how the prompts of a circle are called: by their names, with that of the set where there are several.
fn names<'a>(keys: impl Iterator<Item = &'a Key> + Clone) -> Vec<String> {
    let sets: BTreeSet<_> = keys.clone().map(|(set, _)| set).collect();
    keys.map(|(set, name)| match set {
        Some(set) if sets.len() > 1 => format!("{set}/{name}"),
        _ => name.to_string(),
    })
    .collect()
}

/// What a prompt and its partials come to.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) is_chat: bool,
    /// Roles of its own and of its partials.
    pub(super) roles: BTreeSet<Role>,
    /// How many prompts deep it goes, itself included.
    height: usize,
}

/// Why the partials of a prompt do not end.
#[derive(Clone, Debug)]
pub(super) enum Endless {
    /// The prompts in the circle, by name, the first one again at the end.
    Circle(Vec<String>),
    /// There is no circle but too long a chain.
    Deep,
}

/// Walks prompts and their partials, each once: prompts that render each other twice over would
/// otherwise be walked exponentially often.
#[derive(Debug, Default)]
pub(super) struct Survey {
    known: BTreeMap<Key, Shape>,
    /// Where the walk is, from the top.
    trail: Vec<Key>,
}

impl Survey {
    /// Returns what `found` comes to. `depth` is its own, from 1, which bounds the recursion.
    pub(super) fn visit(&mut self, found: &Found, depth: usize) -> Result<Shape, Endless> {
        let key = key(found);
        if let Some(start) = self.trail.iter().position(|on_trail| *on_trail == key) {
            return Err(Endless::Circle(names(self.trail[start..].iter().chain([&key]))));
        }
        if let Some(shape) = self.known.get(&key) {
            let is_deep = depth + shape.height - 1 > Limits::DEEPEST_PARTIAL;
            return if is_deep { Err(Endless::Deep) } else { Ok(shape.clone()) };
        }
        if depth > Limits::DEEPEST_PARTIAL {
            return Err(Endless::Deep);
        }
        self.trail.push(key.clone());
        let shape = self.visit_partials(found, depth);
        self.trail.pop();
        let shape = shape?;
        self.known.insert(key, shape.clone());
        Ok(shape)
    }

    fn visit_partials(&mut self, found: &Found, depth: usize) -> Result<Shape, Endless> {
        let template = found.prompt.template();
        let mut shape =
            Shape { is_chat: template.is_chat(), roles: template.roles().iter().copied().collect(), height: 1 };
        for partial in template.partials() {
            // One that is not found is told where it is named; here it counts as text.
            let Ok(next) = found.scope.lookup(&partial.name) else { continue };
            let below = self.visit(&next, depth + 1)?;
            shape.is_chat |= below.is_chat;
            shape.height = shape.height.max(below.height + 1);
            shape.roles.extend(below.roles);
        }
        Ok(shape)
    }

    /// Returns what `next`, a partial of `found`, comes to from there.
    fn below(&mut self, found: &Found, next: &Found) -> Result<Shape, Endless> {
        self.trail.push(key(found));
        let shape = self.visit(next, 2);
        self.trail.pop();
        shape
    }
}

/// Returns whether `prompt` gives messages as far as `scope` shows, and the roles of its own and of
/// its partials.
pub(super) fn shape(scope: &Scope, prompt: &Arc<Prompt>) -> (bool, BTreeSet<Role>) {
    let found = Found { prompt: prompt.clone(), scope: scope.clone() };
    match Survey::default().visit(&found, 1) {
        Ok(shape) => (shape.is_chat, shape.roles),
        Err(_) => (prompt.template().is_chat(), prompt.template().roles().iter().copied().collect()),
    }
}
