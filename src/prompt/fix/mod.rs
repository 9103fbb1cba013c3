//! What `lint --fix` writes: declarations that can be inferred from a template, and LF line ends.
//!
//! A declaration takes what callers pass today, so that whoever renders the prompt can go on as before.
//! What is read of an object or a list stays open therefore: a property that is printed may be a
//! number as well as a string. A name by itself is a string, as the language takes it, unless the
//! template counts with it or goes over it as a list; one that is only asked for (`{% if vip %}`) is a
//! boolean, and one that is only put through `default` is optional. What cannot be told is left out, with a word.
//! A prompt that others of the set render is not narrowed so: of what they pass the type is often unknown (a part
//! of an open object), and that was a string as long as it rendered.
//!
//! Whether a declaration fits is for [`super::lint()`] to say, which looks at the prompt as it would be
//! and at those that render it. Nothing is removed, all other bytes of the file stay, and what would
//! not read back as it was meant is not written.

mod insert;
#[cfg(test)]
mod tests;
mod uses;

use super::check::is_called;
use super::declaration::Type;
use super::file::Prompt;
use super::front_matter;
use super::lint::{lint_one, slips, tally};
use super::scope::Scope;
use crate::error::suggest;
use crate::name::PromptName;
use crate::template::FreeVariable;
use crate::template::syntax::habits;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uses::{Guess, Uses};

/// The most declarations that are tried for one file: each is linted with those that render it.
const MAX_TRIALS: usize = 64;

/// A file as it would be, what was done to it, and what was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The whole text, where it differs.
    pub text: Option<String>,
    /// What was done, one entry a finding.
    pub done: Vec<String>,
    /// What was left for a person to do, and why.
    pub left: Vec<String>,
}

/// Returns what becomes of `files`, which have these bytes, by their paths in the set of `scope`:
/// those of which nothing is to be said are left out. Partials come before what renders them, which
/// goes by their declarations.
pub fn fixed(mut scope: Scope, files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Fixed> {
    let mut fixed = BTreeMap::new();
    let users = users(&scope);
    for prompt in partials_first(&scope) {
        if let Some(bytes) = files.get(prompt.path()) {
            // A file that declares nothing goes by its partials when its turn comes.
            let will_follow = |other: &Prompt| !other.declares_parameters() && files.contains_key(other.path());
            let (found, declared) =
                fixed_prompt(&Mend { scope: &scope, users: &users, will_follow: &will_follow }, &prompt, bytes);
            fixed.insert(prompt.path().to_owned(), found);
            scope = declared.map_or(scope.clone(), |prompt| scope.with(prompt));
        }
    }
    for (path, bytes) in files {
        if !fixed.contains_key(path) {
            fixed.insert(path.clone(), fixed_lines(bytes));
        }
    }
    fixed.retain(|_, fixed| fixed.text.is_some() || !fixed.left.is_empty());
    fixed
}

/// Who renders the prompts of a set, by their names.
type Users = BTreeMap<PromptName, BTreeSet<PromptName>>;

fn users(scope: &Scope) -> Users {
    let mut users = Users::new();
    for prompt in scope.set().prompts() {
        for partial in prompt.template().partials().iter().filter_map(|it| scope.own_partial(&it.name)) {
            users.entry(partial.name().clone()).or_default().insert(prompt.name().clone());
        }
    }
    users
}

/// Returns the prompts of `scope`'s set, each behind those that it renders, as far as there is no circle.
fn partials_first(scope: &Scope) -> Vec<Arc<Prompt>> {
    let (mut seen, mut sorted) = (BTreeSet::new(), Vec::new());
    // With whether its partials are sorted already. Chains may be long, so this does not recurse.
    let mut pending: Vec<(Arc<Prompt>, bool)> = scope.set().prompts().rev().map(|it| (it.clone(), false)).collect();
    while let Some((prompt, is_ready)) = pending.pop() {
        if is_ready {
            sorted.push(prompt);
        } else if seen.insert(prompt.name().clone()) {
            pending.push((prompt.clone(), true));
            let partials = prompt.template().partials().iter().filter_map(|it| scope.own_partial(&it.name));
            pending.extend(partials.map(|partial| (partial, false)));
        }
    }
    sorted
}

/// What a prompt is fixed among.
struct Mend<'a> {
    scope: &'a Scope,
    users: &'a Users,
    /// Whether what a prompt declares will follow what its partials declare.
    will_follow: &'a dyn Fn(&Prompt) -> bool,
}

impl Mend<'_> {
    /// Returns the name of each parameter that others of the set pass strings for, as the prompt declares nothing.
    fn texts_of_others<'p>(&self, prompt: &'p Prompt) -> BTreeSet<&'p str> {
        let is_rendered = self.users.get(prompt.name()).into_iter().flatten().any(|user| user != prompt.name());
        let taken = prompt.parameters().iter().filter(|_| is_rendered && !prompt.declares_parameters());
        taken.filter(|it| it.schema.kind == Type::String).map(|parameter| parameter.name.as_str()).collect()
    }

    /// Returns how many errors and warnings there are about a prompt of the set, were it this one, and
    /// about those that render it.
    fn findings(&self, then: &Arc<Prompt>) -> (usize, usize) {
        let scope = self.scope.with(then.clone());
        let users = self.users.get(then.name()).into_iter().flatten().filter(|name| *name != then.name());
        let users = users.filter_map(|name| scope.set().prompt(name)).filter(|user| !(self.will_follow)(user));
        tally(&users.chain([then]).flat_map(|prompt| lint_one(&scope, prompt)).collect::<Vec<_>>())
    }
}

/// Returns what becomes of one prompt, and the prompt as it is then declared, if that is something new.
fn fixed_prompt(mend: &Mend<'_>, prompt: &Arc<Prompt>, bytes: &[u8]) -> (Fixed, Option<Arc<Prompt>>) {
    let mut fixed = fixed_line_ends(bytes);
    let Declared { done, left, then } = declared(mend, prompt);
    fixed.left.extend(left);
    let then = then.filter(|_| can_be_rewritten(bytes));
    if let Some(then) = &then {
        fixed.done.extend(done);
        fixed.text = Some(then.text().to_string());
    }
    (fixed, then)
}

/// Returns a file whose template has errors with its line ends mended, unless the front matter is at
/// fault, too.
fn fixed_lines(bytes: &[u8]) -> Fixed {
    let fixed = fixed_line_ends(bytes);
    let is_well = fixed.text.as_ref().is_some_and(|text| {
        let mut problems = Vec::new();
        let Ok(parts) = front_matter::split(text) else { return false };
        parts.front_matter.map(|span| front_matter::read(text, span, &mut problems));
        problems.is_empty()
    });
    if is_well { fixed } else { Fixed { text: None, done: Vec::new(), left: Vec::new() } }
}

/// Returns a file with LF line ends and no byte order mark.
fn fixed_line_ends(bytes: &[u8]) -> Fixed {
    let mut fixed = Fixed { text: None, done: Vec::new(), left: Vec::new() };
    let Ok(text) = std::str::from_utf8(bytes) else { return fixed };
    if !can_be_rewritten(bytes) {
        fixed.left.push("the line ends: some have two carriage returns, of which one would stay".to_owned());
        return fixed;
    }
    let unmarked = text.strip_prefix('\u{feff}').unwrap_or(text);
    if unmarked.len() < text.len() {
        fixed.done.push("dropped the byte order mark".to_owned());
    }
    if unmarked.contains("\r\n") {
        fixed.done.push("wrote LF for CRLF".to_owned());
    }
    fixed.text = (!fixed.done.is_empty()).then(|| unmarked.replace("\r\n", "\n"));
    fixed
}

/// Returns whether the text of a file, written anew, is read as the same text: of two carriage returns
/// before a newline the first would become a part of a line end itself.
fn can_be_rewritten(bytes: &[u8]) -> bool {
    !bytes.windows(3).any(|three| three == b"\r\r\n")
}

/// What was declared.
#[derive(Default)]
struct Declared {
    done: Vec<String>,
    left: Vec<String>,
    then: Option<Arc<Prompt>>,
}

/// Declares the parameters of `prompt` that are not.
fn declared(mend: &Mend<'_>, prompt: &Arc<Prompt>) -> Declared {
    let Guessed { known, mut left, blocking } = guessed(mend.scope, prompt);
    // With half of them declared, the others would be errors where they are none now.
    if known.is_empty() || !(left.is_empty() || prompt.declares_parameters()) {
        left.extend((!known.is_empty()).then(|| {
            let verb = if blocking.len() == 1 { "is" } else { "are" };
            format!("nothing is declared until {} {verb}", blocking.join(" and "))
        }));
        return Declared { left, ..Declared::default() };
    }
    let Some((chosen, then)) = choose(mend, prompt, &known) else {
        let list: Vec<String> = known.iter().map(|(name, them)| written(name, &them[0])).collect();
        left.push(format!("front matter written so is not extended: declare `{}` by hand", list.join(", ")));
        return Declared { left, ..Declared::default() };
    };
    if mend.findings(&then).0 > mend.findings(prompt).0 {
        let list: Vec<String> = chosen.iter().map(|(name, _)| format!("`{name}`")).collect();
        left.push(format!("{} would be declared, which makes errors: see what is passed to it", list.join(", ")));
        return Declared { left, ..Declared::default() };
    }
    let list: Vec<String> = chosen.iter().map(|(name, it)| said(prompt, name, it)).collect();
    let done = match prompt.declares_parameters() {
        true => list.into_iter().map(|it| format!("declared {it}")).collect(),
        false => vec![format!("declared {}", list.join(", "))],
    };
    Declared { done, left, then: Some(then) }
}

/// What the names that are not declared may be declared as.
#[derive(Default)]
struct Guessed {
    known: Vec<(String, Vec<Value>)>,
    /// What is to be said of the others.
    left: Vec<String>,
    /// Their names, as messages write them.
    blocking: Vec<String>,
}

/// Returns what is left for a person to declare of a file that declares nothing, and why; nothing where
/// all of it can be inferred.
pub(super) fn left(scope: &Scope, prompt: &Prompt) -> Vec<String> {
    guessed(scope, prompt).left
}

fn guessed(scope: &Scope, prompt: &Prompt) -> Guessed {
    let names = undeclared(prompt);
    let mut guessed = Guessed::default();
    // Above front matter that is none by mistake, a second one would only hide the mistake.
    if names.is_empty() || slips::late_front_matter(prompt).is_some() {
        return guessed;
    }
    let uses = Uses::of(scope, prompt);
    for name in names {
        let why = match uses.guess(&name) {
            _ if let Some(hint) = habits::of_name(&name) => format!("`{name}` is not declared: {hint}"),
            _ if !is_name(&name) => {
                format!("`{name}` cannot be declared: the name of a parameter has letters, digits and `_`")
            }
            _ if let Some(meant) = slip_for(prompt, &name) => {
                format!("`{name}` is not declared: it looks like `{meant}`, which is")
            }
            Guess::One(candidates) => {
                guessed.known.push((name, candidates));
                continue;
            }
            Guess::Unknown(kinds) => match by_tests(prompt, &name) {
                Some(declaration) => {
                    guessed.known.push((name, vec![declaration]));
                    continue;
                }
                None => format!("`{name}` is not declared: it may be {kinds}"),
            },
        };
        guessed.left.push(why);
        guessed.blocking.push(format!("`{name}`"));
    }
    guessed
}

/// Returns the declared parameter that `name` may be a slip for.
fn slip_for<'p>(prompt: &'p Prompt, name: &str) -> Option<&'p str> {
    let declared = prompt.parameters().iter().map(|parameter| parameter.name.as_str());
    suggest(name, declared.filter(|_| prompt.declares_parameters()))
}

/// Returns the names that are read and not declared, each once.
fn undeclared(prompt: &Prompt) -> Vec<String> {
    if !prompt.declares_parameters() {
        return prompt.parameters().iter().map(|parameter| parameter.name.clone()).collect();
    }
    let is_known = |name: &str| prompt.parameters().iter().any(|parameter| is_called(parameter, name));
    let mut names: Vec<String> = Vec::new();
    for FreeVariable { name, .. } in prompt.template().variables() {
        if name != "tablerowloop" && !names.contains(name) && !is_known(name) {
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

/// Returns the open type of what the tests of `prompt` give as `name`, if all give the same.
fn by_tests(prompt: &Prompt, name: &str) -> Option<Value> {
    let given = prompt.front_matter().tests.iter().filter_map(|test| test.parameters.get(name));
    let kinds: BTreeSet<&str> = given
        .map(|value| match value {
            Value::Array(_) => "array",
            Value::Object(_) => "object",
            Value::String(_) => "string",
            _ => "",
        })
        .collect();
    let kind = *kinds.first().filter(|kind| kinds.len() == 1 && !kind.is_empty())?;
    Some(json!({ "type": kind }))
}

/// The declarations of some names.
type Chosen = Vec<(String, Value)>;

/// Returns of the declarations of each name those that give the fewest findings, the first ones where
/// there is no difference, and the prompt with them. Nothing where the file has no place for them.
///
/// What others of the set pass as a string stays one, whatever it is used for, unless that is an error.
fn choose(mend: &Mend<'_>, prompt: &Arc<Prompt>, known: &[(String, Vec<Value>)]) -> Option<(Chosen, Arc<Prompt>)> {
    let texts = mend.texts_of_others(prompt);
    let is_narrow = |name: &str, it: &Value| texts.contains(name) && it["type"] != "string";
    let attempt = |chosen: &Chosen| {
        let then = Arc::new(reread(prompt, &insert::insert(prompt, chosen)?)?);
        if !chosen.iter().all(|(name, _)| then.parameter(name).is_some()) {
            return None;
        }
        let narrowed = chosen.iter().filter(|(name, it)| is_narrow(name, it)).count();
        let (errors, warnings) = mend.findings(&then);
        Some(((errors, narrowed, warnings), then))
    };
    let in_order = |(name, them): &(String, Vec<Value>)| {
        let mut them = them.clone();
        them.sort_by_key(|it| is_narrow(name, it));
        (name.clone(), them)
    };
    let known: Vec<(String, Vec<Value>)> = known.iter().map(in_order).collect();
    let mut chosen: Chosen = known.iter().map(|(name, them)| (name.clone(), them[0].clone())).collect();
    let (mut least, mut best) = attempt(&chosen)?;
    let others = known.iter().enumerate().flat_map(|(at, (_, them))| them.iter().skip(1).map(move |it| (at, it)));
    for (at, other) in others.take(MAX_TRIALS) {
        if least == (0, 0, 0) {
            break;
        }
        let mut tried = chosen.clone();
        tried[at].1 = other.clone();
        if let Some((fewer, then)) = attempt(&tried).filter(|(found, _)| *found < least) {
            (chosen, least, best) = (tried, fewer, then);
        }
    }
    Some((chosen, best))
}

fn reread(prompt: &Prompt, text: &str) -> Option<Prompt> {
    Prompt::read(prompt.name().clone(), prompt.path(), prompt.path(), text.as_bytes(), None).prompt
}

/// Returns a declaration as it is told. Where callers of a file that declares nothing must pass something
/// else than until now, they are to know.
fn said(prompt: &Prompt, name: &str, declaration: &Value) -> String {
    let was_text = !prompt.declares_parameters()
        && prompt.parameter(name).is_some_and(|parameter| parameter.schema.kind == Type::String)
        && declaration["type"] != "string";
    format!("`{}`{}", written(name, declaration), if was_text { " (until now a string)" } else { "" })
}

/// Returns a declaration as front matter writes it in one line.
fn written(name: &str, declaration: &Value) -> String {
    format!("{name}: {}", flow(declaration))
}

/// Returns a schema as YAML in one line.
fn flow(declaration: &Value) -> String {
    let word = |value: &Value| match value.as_str() {
        Some(kind) if Type::NAMES.iter().any(|(name, _)| *name == kind) => kind.to_owned(),
        // JSON is YAML.
        _ => value.to_string(),
    };
    match declaration {
        Value::Object(keys) if keys.keys().eq(["type"]) => word(&declaration["type"]),
        Value::Object(keys) => {
            let entries: Vec<String> = keys.iter().map(|(key, value)| format!("{key}: {}", word(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        other => other.to_string(),
    }
}
