//! What `lint --fix` writes: declarations that can be inferred from a template, and LF line ends.
//!
//! A declaration says what the language takes the name for anyway, so that whoever renders the prompt
//! can go on as before: a string, or where the template loops over it or reads a property, a list or an
//! object of what it reads. Nothing is removed, all other bytes of the file stay, and what would not read
//! back as it was meant is not written.

use super::check::is_called;
use super::declaration::{Annotations, Parameter, Type};
use super::file::Prompt;
use super::front_matter;
use super::lint::{slips, ways};
use super::scope::{Found, Scope};
use super::yaml::{self, Content, Entry};
use crate::error::{Diagnostic, suggest};
use crate::template::syntax::{Branch, Chain, Condition, Expression, Guard, Literal, Node, NodeKind, Test, Variable};
use crate::template::{FreeVariable, Use};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A file as it would be, and what was done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The whole text.
    pub text: String,
    /// What was done, one entry a finding.
    pub done: Vec<String>,
}

/// Returns the file of `prompt`, whose bytes are these, with all that can be fixed; nothing where
/// there is nothing to do. `prompt` is one of `scope`'s.
pub fn fixed(scope: &Scope, prompt: &Arc<Prompt>, bytes: &[u8]) -> Option<Fixed> {
    if !can_be_rewritten(bytes) {
        return None;
    }
    let mut done = line_ends(bytes);
    let found = Found { prompt: prompt.clone(), scope: scope.clone() };
    let text = match declared(&found) {
        Some((text, what)) => {
            done.extend(what);
            text
        }
        None => prompt.text().to_string(),
    };
    (!done.is_empty()).then_some(Fixed { text, done })
}

/// Returns a file whose template has errors with its line ends mended; nothing where these are well, or
/// where the front matter is at fault, too.
pub fn fixed_lines(bytes: &[u8]) -> Option<Fixed> {
    if !can_be_rewritten(bytes) {
        return None;
    }
    let done = line_ends(bytes);
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut problems = Vec::new();
    if let Some(span) = front_matter::split(&text).ok()?.front_matter {
        front_matter::read(&text, span, &mut problems);
    }
    (problems.is_empty() && !done.is_empty()).then_some(Fixed { text, done })
}

/// Returns whether the text of a file, written anew, is read as the same text: of two carriage returns
/// before a newline the first would become a part of a line end itself.
fn can_be_rewritten(bytes: &[u8]) -> bool {
    !bytes.windows(3).any(|three| three == b"\r\r\n")
}

fn line_ends(bytes: &[u8]) -> Vec<String> {
    let mut done = Vec::new();
    if bytes.starts_with("\u{feff}".as_bytes()) {
        done.push("dropped the byte order mark".to_owned());
    }
    if bytes.windows(2).any(|pair| pair == b"\r\n") {
        done.push("wrote LF for CRLF".to_owned());
    }
    done
}

/// Returns the text of a prompt with the parameters declared that it lacks, and what was declared.
fn declared(found: &Found) -> Option<(String, Vec<String>)> {
    let prompt = &found.prompt;
    let names = undeclared(prompt);
    // Above front matter that is none by mistake, a second one would only hide the mistake.
    if names.is_empty() || slips::late_front_matter(prompt).is_some() {
        return None;
    }
    let uses = Uses::of(prompt, &names);
    let errors = |findings: Vec<Diagnostic>| findings.iter().filter(|finding| finding.is_error()).count();
    let before = errors(ways::findings(found));
    // What is asked for somewhere may be absent, if that does no harm.
    for may_lack in [true, false] {
        let declarations: Vec<(String, Declared)> =
            names.iter().map(|name| (name.clone(), uses.declaration(found, name, may_lack))).collect();
        let Some(text) = insert(prompt, &declarations) else { continue };
        let Some(then) = reread(prompt, &text) else { continue };
        let has_all = names.iter().all(|name| then.parameter(name).is_some());
        let then = Found { prompt: Arc::new(then), scope: found.scope.clone() };
        if has_all && errors(ways::findings(&then)) <= before {
            let list: Vec<String> = declarations.iter().map(|(name, it)| format!("`{name}: {}`", it.flow())).collect();
            let done = match prompt.declares_parameters() {
                true => list.into_iter().map(|it| format!("declared {it}")).collect(),
                false => vec![format!("declared {}", list.join(", "))],
            };
            return Some((text, done));
        }
    }
    None
}

fn reread(prompt: &Prompt, text: &str) -> Option<Prompt> {
    Prompt::read(prompt.name().clone(), prompt.path(), prompt.path(), text.as_bytes(), None).prompt
}

/// Returns the names that are read and not declared, each once: all of a file that declares none, else
/// those that are no slip for a declared one.
fn undeclared(prompt: &Prompt) -> Vec<String> {
    if !prompt.declares_parameters() {
        return prompt.parameters().iter().map(|parameter| parameter.name.clone()).collect();
    }
    let declared = || prompt.parameters().iter();
    let is_known = |name: &str| declared().any(|parameter| is_called(parameter, name));
    let is_slip = |name: &str| suggest(name, declared().map(|parameter| parameter.name.as_str())).is_some();
    let mut names: Vec<String> = Vec::new();
    for FreeVariable { name, .. } in prompt.template().variables() {
        let can_be = !matches!(name.as_str(), "tablerowloop") && is_name(name);
        if can_be && !names.contains(name) && !is_known(name) && !is_slip(name) {
            names.push(name.clone());
        }
    }
    names
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// What a declaration says.
#[derive(Clone, Debug, PartialEq)]
enum Declared {
    Plain(&'static str),
    List(Option<Box<Declared>>),
    Object {
        properties: Vec<(String, Declared)>,
        required: Vec<String>,
    },
    /// As a partial declares it.
    As(Value),
}

impl Declared {
    /// Returns the declaration as YAML in one line.
    fn flow(&self) -> String {
        match self {
            Declared::Plain(kind) => (*kind).to_owned(),
            Declared::List(None) => "array".to_owned(),
            Declared::List(Some(items)) => format!("{{ type: array, items: {} }}", items.flow()),
            Declared::Object { properties, .. } if properties.is_empty() => "object".to_owned(),
            Declared::Object { properties, required } => {
                let entries: Vec<String> =
                    properties.iter().map(|(name, it)| format!("{}: {}", written(name), it.flow())).collect();
                let names: Vec<String> = required.iter().map(|name| written(name)).collect();
                let required =
                    if names.is_empty() { String::new() } else { format!(", required: [{}]", names.join(", ")) };
                format!("{{ type: object, properties: {{ {} }}{required} }}", entries.join(", "))
            }
            // JSON is YAML.
            Declared::As(json) => json.to_string(),
        }
    }
}

/// Returns a name as YAML writes it.
fn written(name: &str) -> String {
    let is_plain = is_name(name) && !matches!(name, "true" | "false" | "null");
    if is_plain { name.to_owned() } else { Value::from(name).to_string() }
}

/// What a template reads of one name or of a part of it.
#[derive(Debug, Default)]
struct Part {
    is_looped: bool,
    /// Whether it is printed or put through filters.
    is_needed: bool,
    /// Whether a condition or `default` asks whether it is there.
    is_asked: bool,
    kinds: BTreeSet<&'static str>,
    parts: BTreeMap<String, Part>,
    /// In which order the parts are read.
    order: Vec<String>,
}

impl Part {
    fn part(&mut self, path: &[String]) -> &mut Part {
        let Some((first, rest)) = path.split_first() else { return self };
        if !self.parts.contains_key(first) {
            self.order.push(first.clone());
        }
        self.parts.entry(first.clone()).or_default().part(rest)
    }

    /// Returns the properties that are read by their names, and not as items or Liquid's own.
    fn named(&self) -> Vec<&String> {
        let is_own = |name: &&String| !is_index(name) && !matches!(name.as_str(), "size" | "first" | "last");
        self.order.iter().filter(is_own).collect()
    }

    /// Returns whether what is read shows what the value must be. A condition or `default` alone shows
    /// nothing: a declared type could refuse what is given today.
    fn is_known(&self) -> bool {
        match self.named().as_slice() {
            [] => self.is_looped || self.kinds.len() == 1 || (self.kinds.is_empty() && self.is_needed),
            named => named.iter().all(|name| self.parts[*name].is_known()),
        }
    }

    fn declaration(&self, may_lack: bool) -> Declared {
        let named = self.named();
        let has_items = self.order.iter().any(|name| is_index(name) || matches!(name.as_str(), "first" | "last"));
        if named.is_empty() && (self.is_looped || has_items) {
            let item = self.parts.iter().find(|(name, _)| is_index(name)).map(|(_, item)| item);
            let items = item.filter(|item| (!item.order.is_empty() || item.is_looped) && item.is_known());
            return Declared::List(items.map(|items| Box::new(items.declaration(may_lack))));
        }
        if named.is_empty() {
            let mut kinds = self.kinds.iter();
            return match (kinds.next(), kinds.next()) {
                (Some(kind), None) => Declared::Plain(kind),
                _ => Declared::Plain("string"),
            };
        }
        // An object that is looped over, or of which not all is known, stays open.
        if self.is_looped || has_items || !self.is_known() {
            return Declared::Object { properties: Vec::new(), required: Vec::new() };
        }
        let properties = named.iter().map(|name| ((*name).clone(), self.parts[*name].declaration(may_lack)));
        let required =
            named.iter().filter(|name| !(may_lack && self.parts[**name].is_asked)).map(|name| (*name).clone());
        Declared::Object { properties: properties.collect(), required: required.collect() }
    }
}

fn is_index(name: &str) -> bool {
    name.parse::<i64>().is_ok()
}

/// What a template reads of the names that are to be declared.
struct Uses {
    names: BTreeMap<String, Part>,
    histories: BTreeSet<String>,
    /// What is passed to partials alone: the partial and its argument.
    passed: BTreeMap<String, (String, String)>,
}

impl Uses {
    fn of(prompt: &Prompt, names: &[String]) -> Uses {
        let template = prompt.template();
        let mut uses = Uses { names: BTreeMap::new(), histories: BTreeSet::new(), passed: BTreeMap::new() };
        let mut kinds = Kinds::default();
        kinds.nodes(template.nodes());
        for variable in template.variables().iter().filter(|variable| names.contains(&variable.name)) {
            let part = uses.names.entry(variable.name.clone()).or_default().part(&variable.path);
            match variable.usage {
                Use::Looped => part.is_looped = true,
                Use::Printed => part.is_needed = true,
                Use::Tested => part.is_asked |= variable.argument.is_none(),
            }
            part.kinds.extend(kinds.found.get(&variable.span.start));
            match &variable.argument {
                Some((at, argument)) if variable.path.is_empty() => {
                    let partial = template.partials().get(*at).map(|it| it.name.clone()).unwrap_or_default();
                    uses.passed.entry(variable.name.clone()).or_insert((partial, argument.clone()));
                }
                _ => _ = uses.passed.remove(&variable.name),
            }
        }
        let histories = template.histories().iter().map(|history| history.parameter.clone());
        uses.histories = histories.collect();
        uses
    }

    fn declaration(&self, found: &Found, name: &str, may_lack: bool) -> Declared {
        if self.histories.contains(name) {
            return Declared::Plain("messages");
        }
        if let Some(as_taken) = self.passed.get(name).and_then(|(partial, argument)| taken(found, partial, argument)) {
            return as_taken;
        }
        match self.names.get(name) {
            // By itself the language takes it for a string, whatever it is compared with.
            Some(part) if part.order.is_empty() && !part.is_looped => Declared::Plain("string"),
            Some(part) => part.declaration(may_lack),
            None => Declared::Plain("string"),
        }
    }
}

/// Returns what a partial takes as an argument, where it is no string.
fn taken(found: &Found, partial: &str, argument: &str) -> Option<Declared> {
    let next = found.scope.lookup(partial).ok()?;
    let parameter: &Parameter = next.prompt.parameters().iter().find(|parameter| is_called(parameter, argument))?;
    if matches!(parameter.schema.kind, Type::String | Type::Any) || parameter.retired {
        return None;
    }
    let mut json = parameter.schema.to_json(Annotations::Drop);
    json.remove("default");
    Some(match json.len() {
        1 => Declared::As(json["type"].clone()),
        _ => Declared::As(Value::Object(json)),
    })
}

/// The types that comparisons and filters show, by where the variable stands.
#[derive(Default)]
struct Kinds {
    found: BTreeMap<usize, &'static str>,
}

impl Kinds {
    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match &node.kind {
                NodeKind::Output(chain) | NodeKind::Assign { value: chain, .. } => self.chain(chain),
                NodeKind::If(branches) => {
                    for Branch { guard, .. } in branches {
                        if let Guard::If(condition) | Guard::Unless(condition) = guard {
                            self.condition(condition);
                        }
                    }
                }
                NodeKind::Case { subject, arms } => {
                    let values = arms.iter().flat_map(|arm| arm.values.iter().flatten());
                    values.for_each(|value| self.same(subject, value));
                }
                _ => {}
            }
            node.bodies(&mut |body| self.nodes(body));
        }
    }

    fn condition(&mut self, condition: &Condition) {
        for Test { left, right } in std::iter::once(&condition.first).chain(condition.rest.iter().map(|(_, it)| it)) {
            if let Some((_, right)) = right {
                self.same(left, right);
                self.same(right, left);
            }
        }
    }

    fn same(&mut self, of: &Expression, other: &Expression) {
        let kind = match other {
            Expression::Literal(Literal::Bool(_)) => "boolean",
            Expression::Literal(Literal::Int(_) | Literal::Float(_)) => "number",
            Expression::Literal(Literal::Text(_)) => "string",
            _ => return,
        };
        self.note(of.as_variable(), kind);
    }

    fn chain(&mut self, chain: &Chain) {
        let first = chain.filters.iter().find(|call| !call.is_default()).map(|call| call.name());
        let kind = match first {
            Some(
                "abs" | "at_least" | "at_most" | "ceil" | "divided_by" | "floor" | "minus" | "modulo" | "plus"
                | "round" | "times",
            ) => "number",
            Some("join" | "map" | "sort" | "where" | "uniq" | "compact" | "concat" | "sum" | "json") | None => return,
            Some(_) => "string",
        };
        self.note(chain.head.as_variable(), kind);
    }

    fn note(&mut self, variable: Option<&Variable>, kind: &'static str) {
        if let Some(variable) = variable {
            self.found.entry(variable.span.start).or_insert(kind);
        }
    }
}

/// Returns the file with the declarations in its front matter, if there is a place for them.
fn insert(prompt: &Prompt, declarations: &[(String, Declared)]) -> Option<String> {
    let text = prompt.text();
    let lines = |indent: &str| -> String {
        declarations.iter().map(|(name, it)| format!("{indent}{name}: {}\n", it.flow())).collect()
    };
    let put = |at: usize, what: &str| Some(format!("{}{what}{}", text.get(..at)?, text.get(at..)?));
    let Some(span) = front_matter::split(text).ok()?.front_matter else {
        return Some(format!("---\nparameters:\n{}---\n{text}", lines("  ")));
    };
    let root = yaml::read(text, span.clone(), &mut Vec::new());
    let entries: &[Entry] = match root.as_ref().map(|root| &root.content) {
        None | Some(Content::Scalar(Value::Null)) => &[],
        Some(Content::Mapping(entries)) => entries,
        Some(_) => return None,
    };
    let indent = entries.first().map_or("", |first| indent_of(text, first.key_span.start));
    let inner = format!("{indent}  ");
    let Some(parameters) = entries.iter().find(|entry| entry.key == "parameters") else {
        return put(span.end, &format!("{indent}parameters:\n{}", lines(&inner)));
    };
    let value = &parameters.value;
    let flow: Vec<String> = declarations.iter().map(|(name, it)| format!("{name}: {}", it.flow())).collect();
    match &value.content {
        Content::Mapping(declared) if text[value.span.clone()].starts_with('{') => {
            let end = text[..value.span.end].rfind('}')?;
            let before = text[..end].trim_end();
            let is_first = declared.is_empty();
            let comma = if is_first || before.ends_with(',') { " " } else { ", " };
            let more = format!("{comma}{}", flow.join(", "));
            let text = put(before.len(), &more)?;
            Some(if is_first { spaced(text, before.len() + more.len()) } else { text })
        }
        Content::Mapping(declared) => {
            let last = declared.last()?;
            let own = indent_of(text, declared.first()?.key_span.start);
            put(line_after(text, last.value.span.end.max(last.key_span.end)), &lines(own))
        }
        Content::Scalar(Value::Null) => put(line_after(text, parameters.key_span.end), &lines(&inner)),
        _ => None,
    }
}

/// Returns the text with a blank at `at`, before the brace that closes there.
fn spaced(text: String, at: usize) -> String {
    match text[at..].starts_with('}') {
        true => format!("{} {}", &text[..at], &text[at..]),
        false => text,
    }
}

/// Returns the blanks before what stands at `at`.
fn indent_of(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = &text[start..at];
    if before.trim().is_empty() { before } else { "" }
}

/// Returns where the line after the one begins that ends a value at `at`.
fn line_after(text: &str, at: usize) -> usize {
    if text[..at].ends_with('\n') {
        return at;
    }
    text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}

#[cfg(test)]
mod tests {
    use super::super::set::Set;
    use super::*;

    fn fix(text: &str) -> Option<Fixed> {
        let (set, _) = Set::from_file("p.md", text.as_bytes());
        let scope = Scope::alone(Arc::new(set));
        let prompt = scope.set().prompts().next().cloned();
        match prompt {
            Some(prompt) => fixed(&scope, &prompt, text.as_bytes()),
            None => fixed_lines(text.as_bytes()),
        }
    }

    #[test]
    fn what_is_read_is_declared_once_and_the_rest_stays() {
        for (before, after) in [
            ("Hi {{ name }}\n", "---\nparameters:\n  name: string\n---\nHi {{ name }}\n"),
            (
                "---\n# why\ndescription: x   # kept\n---\n{% for i in items %}{{ i.name }}{% if i.note %}{{ i.note }}{% endif %}{% endfor %}",
                "---\n# why\ndescription: x   # kept\nparameters:\n  items: { type: array, items: { type: object, properties: { name: string, note: string }, required: [name] } }\n---\n\
                 {% for i in items %}{{ i.name }}{% if i.note %}{{ i.note }}{% endif %}{% endfor %}",
            ),
            (
                "---\n---\n{% if c.vip == true %}{{ c.name }}{{ c.age | plus: 1 }}{% endif %}{{ c.a.b }}",
                "---\nparameters:\n  c: { type: object, properties: { vip: boolean, name: string, age: number, a: { type: object, properties: { b: string }, required: [b] } }, \
                 required: [name, age, a] }\n---\n{% if c.vip == true %}{{ c.name }}{{ c.age | plus: 1 }}{% endif %}{{ c.a.b }}",
            ),
            // What a condition or `default` alone asks for could be anything.
            (
                "{% if c.vip %}{{ c.name }}{% endif %}",
                "---\nparameters:\n  c: object\n---\n{% if c.vip %}{{ c.name }}{% endif %}",
            ),
            ("{{ a.b | default: 'x' }}", "---\nparameters:\n  a: object\n---\n{{ a.b | default: 'x' }}"),
            ("{{ a.first.b }}", "---\nparameters:\n  a: array\n---\n{{ a.first.b }}"),
            ("{% history past %}\n", "---\nparameters:\n  past: messages\n---\n{% history past %}\n"),
            ("---\nparameters: {}\n---\n{{ a }}", "---\nparameters: { a: string }\n---\n{{ a }}"),
            (
                "---\nparameters: { ab: string }\n---\n{{ ab }}{{ z }}",
                "---\nparameters: { ab: string, z: string }\n---\n{{ ab }}{{ z }}",
            ),
            (
                "---\nparameters:\n    ab: string # c\n\ntests: []\n---\n{{ ab }}{{ z }}",
                "---\nparameters:\n    ab: string # c\n    z: string\n\ntests: []\n---\n{{ ab }}{{ z }}",
            ),
            ("---\nparameters:\nx-a: 1\n---\n{{ z }}", "---\nparameters:\n  z: string\nx-a: 1\n---\n{{ z }}"),
            ("\u{feff}---\r\nparameters: {}\r\n---\r\nHi\r\n", "---\nparameters: {}\n---\nHi\n"),
            ("{% if %}\r\n", "{% if %}\n"),
        ] {
            assert_eq!(fix(before).map(|fixed| fixed.text).as_deref(), Some(after), "{before}");
            assert_eq!(fix(after), None, "{after}");
        }
    }

    #[test]
    fn slips_and_what_cannot_be_read_are_left_alone() {
        for text in [
            "---\nparameters: { customer: string }\n---\n{{ custmer }}{{ customer }}",
            "---\nparameters: [\n---\r\n{{ a }}",
            "---\ndescription: x\r\n",
            "Hi\n",
        ] {
            assert_eq!(fix(text), None, "{text}");
        }
    }
}
