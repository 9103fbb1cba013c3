//! Front matter: where it stands in a file, and what its keys say (the prompt language, sections 1
//! and 2). Every fault is found at once, each with its place in the file.

use super::declaration::Parameter;
use super::schema_reader::{object, problem, read_parameters, texts, wrong};
use super::testing::PromptTest;
use super::testing::read::{read_tests, unknown_inner};
use super::tokens::Tokenizer;
use super::yaml::{self, Entry, Node};
use crate::error::{Code, Hint, Severity, suggest};
use crate::name::PromptName;
use crate::template::Problem;
use serde_json::{Map, Value};
use std::ops::Range;

/// What the front matter of a prompt says.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    /// One line about the prompt.
    pub description: Option<String>,
    /// The declared parameters; nothing where the key is absent, and free variables take its place.
    pub parameters: Option<Vec<Parameter>>,
    /// Hints about models, as they are written.
    pub model: Option<Map<String, Value>>,
    /// The tools, as they are written.
    pub tools: Option<Vec<Value>>,
    /// What a model should answer.
    pub output: Option<OutputSchema>,
    /// The tests.
    pub tests: Vec<PromptTest>,
    /// Former names of the prompt.
    pub aliases: Vec<PromptName>,
    /// Where each of these stands in the file.
    pub(super) alias_places: Vec<Range<usize>>,
    /// Why it should no longer be used.
    pub deprecated: Option<String>,
    /// Keys that begin with `x-`.
    pub extensions: Map<String, Value>,
}

impl FrontMatter {
    /// Returns how tokens are counted: as `model.tokenizer` says, if Anvil has that one.
    pub fn tokenizer(&self) -> Tokenizer {
        self.named_tokenizer().and_then(Tokenizer::parse).unwrap_or_default()
    }

    /// Returns what `model.tokenizer` names, where Anvil has none such.
    #[cfg(feature = "manage")]
    pub fn unknown_tokenizer(&self) -> Option<&str> {
        self.named_tokenizer().filter(|name| Tokenizer::parse(name).is_none())
    }

    fn named_tokenizer(&self) -> Option<&str> {
        self.model.as_ref()?.get("tokenizer")?.as_str()
    }

    /// Returns what is wrong within the tests; it keeps nobody from rendering the prompt.
    pub(super) fn test_faults(&self) -> impl Iterator<Item = &Problem> {
        self.tests.iter().flat_map(|test| &test.faults)
    }
}

/// The `output` of a prompt.
#[derive(Clone, Debug)]
pub enum OutputSchema {
    /// The JSON Schema itself.
    Inline(Value),
    /// A file of the set that holds it.
    File {
        /// Its path, relative to the set's folder.
        path: String,
        /// Where the path stands in the prompt's file.
        span: Range<usize>,
    },
}

/// The keys of front matter.
pub const KEYS: [&str; 8] = ["description", "parameters", "model", "tools", "output", "tests", "aliases", "deprecated"];

/// Keys that a later edition may use.
const RESERVED_KEYS: [&str; 4] = ["examples", "variants", "messages", "edition"];

/// The most bytes of a text that says `description` or the like; it is for a line in a list.
const FENCE: &str = "---";

/// Where the parts of a prompt's file stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The YAML between the fences, if there are fences.
    pub front_matter: Option<Range<usize>>,
    /// Where the body begins.
    pub body: usize,
}

/// Returns where the parts of `text` stand, which has LF line ends and no byte order mark.
///
/// # Errors
/// When a fence is opened and never closed, or is followed by blanks.
pub fn split(text: &str) -> Result<Parts, Box<Problem>> {
    let first = text.split('\n').next().unwrap_or_default();
    let fault = |span: Range<usize>, message: &str, hint: &str| {
        Box::new(Problem {
            severity: Severity::Error,
            code: Code::A0202,
            message: message.to_owned(),
            span,
            label: "the fence".to_owned(),
            hints: vec![Hint::new(hint)],
        })
    };
    if first != FENCE {
        if first.strip_prefix(FENCE).is_some_and(|rest| !rest.is_empty() && rest.trim_matches([' ', '\t']).is_empty()) {
            let message = "the file begins with `---` and blanks, which neither opens front matter nor is text";
            return Err(fault(0..first.len(), message, "remove the blanks after `---`"));
        }
        return Ok(Parts { front_matter: None, body: 0 });
    }
    let start = (FENCE.len() + 1).min(text.len());
    let mut at = start;
    let mut nearly = None;
    for line in text[start..].split('\n') {
        if line == FENCE {
            return Ok(Parts { front_matter: Some(start..at), body: (at + FENCE.len() + 1).min(text.len()) });
        }
        if line.trim() == FENCE && nearly.is_none() {
            nearly = Some(yaml::line_of(text, at));
        }
        at += line.len() + 1;
    }
    let hint = match nearly {
        Some(line) => format!("line {line} has blanks beside its `---`; remove them"),
        None => {
            "close it with a line `---`; a body that begins with a rule follows an empty front matter, `---`, `---`"
                .to_owned()
        }
    };
    Err(fault(0..FENCE.len(), "the front matter is never closed", &hint))
}

/// Returns what the front matter at `within` in `file` says. Faults are put into `problems`; what is
/// at fault is left out.
pub fn read(file: &str, within: Range<usize>, problems: &mut Vec<Problem>) -> FrontMatter {
    let mut front_matter = FrontMatter::default();
    let Some(node) = yaml::read(file, within, problems) else { return front_matter };
    if node.is_null() {
        return front_matter;
    }
    let Some(entries) = node.as_mapping() else {
        problems.push(wrong(
            Code::A0204,
            &node,
            format!("front matter is a mapping of keys, and this is {}", node.kind()),
        ));
        return front_matter;
    };
    for entry in entries {
        read_key(entry, &mut front_matter, problems);
    }
    front_matter
}

fn read_key(entry: &Entry, front_matter: &mut FrontMatter, problems: &mut Vec<Problem>) {
    let node = &entry.value;
    match entry.key.as_str() {
        "description" => front_matter.description = text(entry, problems),
        "deprecated" => front_matter.deprecated = text(entry, problems),
        "parameters" => front_matter.parameters = Some(read_parameters(node, problems)),
        "model" => front_matter.model = read_model(node, problems),
        "tools" => front_matter.tools = read_tools(node, problems),
        "output" => front_matter.output = read_output(node, problems),
        "tests" => front_matter.tests = read_tests(node, problems),
        "aliases" => {
            for (name, span) in texts(entry, problems) {
                match name.parse() {
                    Ok(name) => {
                        front_matter.aliases.push(name);
                        front_matter.alias_places.push(span);
                    }
                    Err(error) => problems.push(problem(Code::A0204, span, error.to_string(), "not a name")),
                }
            }
        }
        key if key.starts_with("x-") => {
            front_matter.extensions.insert(entry.key.clone(), node.to_json());
        }
        key => problems.push(unknown_key(key, entry)),
    }
}

fn unknown_key(key: &str, entry: &Entry) -> Problem {
    let span = entry.key_span.clone();
    if RESERVED_KEYS.contains(&key) {
        let mut problem = problem(Code::A0203, span, format!("the key `{key}` is reserved"), "reserved");
        problem.hints.push(Hint::new(match key {
            "edition" => "the edition stands in `anvil.toml`, under `[set]`".to_owned(),
            "messages" => {
                "messages are written in the body, with `{% system %}`, `{% user %}` and `{% assistant %}`".to_owned()
            }
            _ => format!("call it `x-{key}`"),
        }));
        return problem;
    }
    let mut problem = problem(Code::A0203, span, format!("front matter has no key `{key}`"), "unknown key");
    let meant = match key {
        "title" | "summary" => Some("description"),
        "params" | "inputs" | "input" | "variables" | "arguments" => Some("parameters"),
        "schema" => Some("output"),
        _ => suggest(key, KEYS),
    };
    let is_of_model = ["prefer", "tokenizer"].contains(&key) || MODEL_HINTS.iter().any(|(hint, _)| *hint == key);
    problem.hints.push(Hint::new(match meant {
        _ if is_of_model => format!("hints for models stand together: `model: {{ {key}: {} }}`", entry.value.to_json()),
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("keys of one's own begin with `x-`: `x-{key}`"),
    }));
    problem
}

fn text(entry: &Entry, problems: &mut Vec<Problem>) -> Option<String> {
    let text = entry.value.as_str();
    if text.is_none() {
        let message = format!("`{}` must be text, and this is {}", entry.key, entry.value.kind());
        problems.push(wrong(Code::A0204, &entry.value, message));
    }
    text.map(str::to_owned)
}

fn read_model(node: &Node, problems: &mut Vec<Problem>) -> Option<Map<String, Value>> {
    let Some(model) = object(node, "`model`", problems) else {
        let hint =
            node.as_str().map(|name| Hint::new(format!("write `model: {{ prefer: [{}] }}`", with_provider(name))));
        problems.last_mut().into_iter().for_each(|problem| problem.hints.extend(hint.clone()));
        return None;
    };
    if let Some(prefer) = node.get("prefer") {
        let is_model = |item: &Node| {
            item.as_str().is_some_and(|text| {
                text.split_once('/').is_some_and(|(provider, name)| !provider.is_empty() && !name.is_empty())
            })
        };
        match prefer.as_list() {
            Some(items) => {
                for item in items.iter().filter(|item| !is_model(item)) {
                    let message = "`model.prefer` lists models as `provider/name`, e.g. `anthropic/claude-sonnet-4-5`";
                    problems.push(wrong(Code::A0204, item, message));
                }
            }
            None => problems.push(wrong(Code::A0204, prefer, "`model.prefer` must be a list of `provider/name`")),
        }
    }
    if let Some(tokenizer) = node.get("tokenizer") {
        match tokenizer.as_str() {
            None => problems.push(wrong(Code::A0204, tokenizer, "`model.tokenizer` must be text")),
            Some(name) if Tokenizer::parse(name).is_none() => {
                let message = format!("Anvil has no tokenizer `{name}`; `max_tokens` is counted with `o200k_base`");
                let mut problem = wrong(Code::A0204, tokenizer, message);
                problem.severity = Severity::Warning;
                problem.hints.push(Hint::new("it has o200k_base and cl100k_base"));
                problems.push(problem);
            }
            Some(_) => {}
        }
    }
    problems.extend(node.as_mapping().unwrap_or_default().iter().filter_map(ill_typed_hint));
    Some(model)
}

/// Returns the name of a model with that of its provider, as far as one can tell it.
fn with_provider(name: &str) -> String {
    let providers =
        [("gpt-", "openai"), ("o1", "openai"), ("o3", "openai"), ("claude", "anthropic"), ("gemini", "google")];
    let known = providers.iter().find(|(beginning, _)| name.starts_with(beginning));
    match known {
        _ if name.contains('/') => name.to_owned(),
        Some((_, provider)) => format!("{provider}/{name}"),
        None => format!("provider/{name}"),
    }
}

/// What a hint about models must be, that all of their vendors know by one name.
const MODEL_HINTS: [(&str, &str); 11] = [
    ("temperature", "a number"),
    ("top_p", "a number"),
    ("frequency_penalty", "a number"),
    ("presence_penalty", "a number"),
    ("top_k", "a whole number"),
    ("seed", "a whole number"),
    ("max_tokens", "a whole number"),
    ("max_completion_tokens", "a whole number"),
    ("max_output_tokens", "a whole number"),
    ("stop", "a text or a list of texts"),
    ("stop_sequences", "a text or a list of texts"),
];

/// Returns a warning for a hint that no vendor would take: it is passed on as it is all the same.
fn ill_typed_hint(entry: &Entry) -> Option<Problem> {
    let (key, wanted) = MODEL_HINTS.iter().find(|(key, _)| *key == entry.key)?;
    let value = entry.value.to_json();
    let is_taken = match *wanted {
        "a number" => value.is_number(),
        "a whole number" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => value.is_string() || value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
    };
    let is_text = value.as_str().is_some_and(|text| text.parse::<f64>().is_ok());
    (!is_taken).then(|| {
        let message = format!("`model.{key}` is {wanted} to all models, and this is {}", entry.value.kind());
        let mut problem = Problem { severity: Severity::Warning, ..wrong(Code::A0204, &entry.value, message) };
        problem.hints.extend(is_text.then(|| Hint::new("write it without the quotes")));
        problem
    })
}

fn read_tools(node: &Node, problems: &mut Vec<Problem>) -> Option<Vec<Value>> {
    let Some(items) = node.as_list() else {
        problems.push(wrong(Code::A0204, node, format!("`tools` must be a list, and this is {}", node.kind())));
        return None;
    };
    let mut names: Vec<&str> = Vec::new();
    for item in items {
        let Some(entries) = item.as_mapping() else {
            problems.push(wrong(Code::A0204, item, "a tool is a mapping with `name`, `description` and `parameters`"));
            continue;
        };
        match item.get("name").map(|name| (name, name.as_str())) {
            None => problems.push(wrong(Code::A0204, item, "a tool needs a `name`")),
            Some((name, None | Some(""))) => problems.push(wrong(Code::A0204, name, "the name of a tool must be text")),
            Some((node, Some(name))) if names.contains(&name) => {
                problems.push(wrong(Code::A0204, node, format!("two tools are called `{name}`")));
            }
            Some((node, Some(name))) => {
                names.push(name);
                problems.extend(refused_name(node, name));
            }
        }
        for entry in entries {
            match entry.key.as_str() {
                "name" => {}
                "description" if entry.value.as_str().is_some() => {}
                "description" => {
                    problems.push(wrong(Code::A0204, &entry.value, "the description of a tool must be text"))
                }
                "parameters" if entry.value.as_mapping().is_some() => {}
                "parameters" => {
                    problems.push(wrong(Code::A0204, &entry.value, "the `parameters` of a tool must be a JSON Schema"));
                }
                key if key.starts_with("x-") => {}
                key => {
                    let known = ["name", "description", "parameters"];
                    problems.push(unknown_inner(entry, "a tool", suggest(key, known)));
                }
            }
        }
    }
    Some(items.iter().map(Node::to_json).collect())
}

/// Returns a warning for the name of a tool that OpenAI and Anthropic refuse: they take `[a-zA-Z0-9_-]{1,64}`.
fn refused_name(node: &Node, name: &str) -> Option<Problem> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.len() <= 64 && name.chars().all(is_part) {
        return None;
    }
    let message = format!("models refuse a tool called `{name}`: letters, digits, `_` and `-`, at most 64 of them");
    let mut problem = Problem { severity: Severity::Warning, ..wrong(Code::A0204, node, message) };
    let mended = name.replace(|c| !is_part(c), "_");
    problem.hints.extend((mended.len() <= 64).then(|| Hint::new(format!("call it `{mended}`"))));
    Some(problem)
}

fn read_output(node: &Node, problems: &mut Vec<Problem>) -> Option<OutputSchema> {
    let Some(entries) = node.as_mapping() else {
        problems.push(wrong(Code::A0204, node, "`output` must be a mapping with `schema`"));
        return None;
    };
    for entry in entries.iter().filter(|entry| entry.key != "schema" && !entry.key.starts_with("x-")) {
        problems.push(unknown_inner(entry, "`output`", suggest(&entry.key, ["schema"])));
    }
    let Some(schema) = node.get("schema") else {
        problems.push(wrong(Code::A0204, node, "`output` needs a `schema`"));
        return None;
    };
    match schema.as_str() {
        Some(path) if is_inside(path) => Some(OutputSchema::File { path: path.to_owned(), span: schema.span.clone() }),
        Some(path) => {
            let mut problem = wrong(Code::A0204, schema, format!("`{path}` is not a path inside the set"));
            problem.hints.push(Hint::new("write it relative to the set's folder, e.g. `schemas/reply.json`"));
            problems.push(problem);
            None
        }
        None => {
            let json = schema.to_json();
            if json.is_object() || json.is_boolean() {
                return Some(OutputSchema::Inline(json));
            }
            problems.push(wrong(Code::A0204, schema, "`output.schema` must be a JSON Schema or the path of a file"));
            None
        }
    }
}

/// Returns whether `path` is relative, with `/`, and stays where it starts.
fn is_inside(path: &str) -> bool {
    let plain = |segment: &str| !segment.is_empty() && segment != "." && segment != "..";
    !path.contains(['\\', ':']) && path.split('/').all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> (FrontMatter, Vec<String>) {
        let parts = split(text).unwrap();
        let mut problems = Vec::new();
        let front_matter = read(text, parts.front_matter.unwrap(), &mut problems);
        (front_matter, problems.iter().map(|p| format!("{}: {}", &text[p.span.clone()], p.message)).collect())
    }

    #[test]
    fn fences_open_and_close_by_exact_lines() {
        let parts = |text: &str| {
            split(text)
                .map(|parts| (parts.front_matter.map(|span| text[span].to_owned()), text[parts.body..].to_owned()))
        };
        assert_eq!(parts("hi").unwrap(), (None, "hi".into()));
        assert_eq!(parts("").unwrap(), (None, String::new()));
        assert_eq!(parts("---\na: b\n---\nhi\n---\n").unwrap(), (Some("a: b\n".into()), "hi\n---\n".into()));
        assert_eq!(parts("---\n---\n---\nx").unwrap(), (Some(String::new()), "---\nx".into()));
        assert_eq!(parts("---\na: b\n---").unwrap(), (Some("a: b\n".into()), String::new()));
        assert_eq!(parts("----\nx").unwrap().0, None);
        assert_eq!(parts("\n---\n").unwrap().0, None);
        for bad in
            ["---", "---\n", "---\na: b\n", "--- \na: b\n---\n", "---\t\n", "---\na: b\n--- \n", "---\na\n ---\n"]
        {
            assert!(split(bad).is_err(), "{bad:?} was taken");
        }
        let hint = split("---\na: b\n--- \n").unwrap_err().hints[0].to_string();
        assert_eq!(hint, "line 3 has blanks beside its `---`; remove them");
    }

    #[test]
    fn every_fault_is_found_at_once() {
        let (_, faults) = read_all(
            "---\ntitle: x\nparameter: {}\nmodel: [a]\ntools: [{ description: d }]\nparameters:\n  a: { type: strng }\n  \
             b-c: string\n  d: { type: integer, minLength: 3 }\n  in: string\n  e: { enum: [x], default: y }\n---\n",
        );
        assert_eq!(
            faults,
            [
                "title: front matter has no key `title`",
                "parameter: front matter has no key `parameter`",
                "[a]: `model` must be a mapping, and this is a list",
                "{ description: d }: a tool needs a `name`",
                "strng: `strng` is not a type",
                "b-c: `b-c` is not a name for a parameter: letters, digits and `_`, not beginning with a digit",
                "minLength: `minLength` says nothing about an integer",
                "in: a parameter cannot be called `in`, which means something in templates",
                "y: the default is not a value that the schema takes: expected one of x; got \"y\"",
            ]
        );
    }

    #[test]
    fn known_keys_are_kept_in_order() {
        let (front_matter, faults) = read_all(
            "---\ndescription: d\nmodel: { z: 1, prefer: [a/b], tokenizer: cl100k_base }\noutput: { schema: schemas/a.json }\n\
             aliases: [old]\nx-team: { b: 1, a: 2 }\nparameters:\n  n: integer\n  o: { type: object, properties: { a: string }, required: [a] }\n\
             tests:\n  - { name: t, parameters: { n: 1 }, assert: [{ type: contains, value: x }] }\n---\n",
        );
        assert_eq!(faults, [""; 0]);
        assert_eq!(front_matter.tokenizer(), Tokenizer::Cl100k);
        assert_eq!(
            Value::Object(front_matter.model.unwrap()).to_string(),
            r#"{"z":1,"prefer":["a/b"],"tokenizer":"cl100k_base"}"#
        );
        assert!(matches!(front_matter.output, Some(OutputSchema::File { path, .. }) if path == "schemas/a.json"));
        assert_eq!(front_matter.aliases[0].as_str(), "old");
        let parameters = front_matter.parameters.unwrap();
        assert!(parameters[1].schema.property("a").unwrap().required);
        assert_eq!(front_matter.tests.len(), 1);
    }

    #[test]
    fn what_is_written_out_of_habit_says_how_it_is_written_here() {
        let hints = |text: &str| -> Vec<String> {
            let text = format!("---\n{text}\n---\n");
            let mut problems = Vec::new();
            read(&text, split(&text).unwrap().front_matter.unwrap(), &mut problems);
            assert_eq!(problems.len(), 1, "{text}: {problems:?}");
            problems.remove(0).hints.iter().map(ToString::to_string).collect()
        };
        for (text, hint) in [
            (
                "parameters: { age: { type: integer, required: false } }",
                "a parameter must be given unless it says `optional: true` or has a `default`",
            ),
            (
                "parameters: { o: { type: object, properties: { p: { type: string, required: true } } } }",
                "the object lists those of its properties that must be given: `required: [name]`",
            ),
            ("parameters: { s: { type: [string, \"null\"] } }", "write `type: string, nullable: true`"),
            ("parameters: { s: string? }", "write `{ type: string, optional: true }`"),
            (
                "parameters: { o: { type: object, properties: { p: int? } } }",
                "a property that `required` does not list is optional: write `integer`",
            ),
            ("parameters: [name]", "write `parameters: { name: string }`"),
            ("parameters: [{ name: age, type: integer }]", "write `parameters: { age: { type: integer } }`"),
            ("temperature: 0.7", "hints for models stand together: `model: { temperature: 0.7 }`"),
            ("model: gpt-4o", "write `model: { prefer: [openai/gpt-4o] }`"),
            ("model: some/thing", "write `model: { prefer: [some/thing] }`"),
        ] {
            assert_eq!(hints(text), [hint], "{text}");
        }
    }

    #[test]
    fn what_no_model_takes_is_warned_of() {
        let (front_matter, faults) = read_all(
            "---\nmodel: { temperature: hot, max_tokens: \"800\", top_p: 1, stop: [a], seed: 1.5, own: [x] }\n\
             tools: [{ name: look up }, { name: look-up_2 }]\n---\n",
        );
        assert_eq!(
            faults,
            [
                "hot: `model.temperature` is a number to all models, and this is text",
                "\"800\": `model.max_tokens` is a whole number to all models, and this is text",
                "1.5: `model.seed` is a whole number to all models, and this is a number",
                "look up: models refuse a tool called `look up`: letters, digits, `_` and `-`, at most 64 of them",
            ]
        );
        assert!(front_matter.model.is_some() && front_matter.tools.is_some());
    }

    #[test]
    fn what_is_reserved_or_misplaced_says_what_to_do() {
        let (_, faults) = read_all(
            "---\nedition: 1\noutput: { schema: ../a.json }\ntests: [{ name: a, asserts: [] }, { name: a }]\nparameters:\n  \
             o: { type: object, properties: { p: { type: string, optional: true } }, required: [q] }\n  \
             a: { type: string, aliases: [o] }\n---\n",
        );
        assert_eq!(
            faults,
            [
                "edition: the key `edition` is reserved",
                "../a.json: `../a.json` is not a path inside the set",
                "asserts: a test has no key `asserts`",
                "a: two tests are called `a`",
                "optional: `optional` is for parameters alone",
                "q: `q` is required and not among the properties",
                "o: `o` names two parameters",
            ]
        );
    }
}
