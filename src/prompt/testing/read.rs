//! Reading tests from front matter.
//!
//! What is no test at all is a fault of the front matter, as it always was. What is wrong within one
//! stays with it: the prompt still renders, and a set that a newer Anvil published may say more.

use super::super::pattern::Pattern;
use super::super::schema_reader::{problem, wrong};
use super::super::values::{listed, shown, whole_numbers};
use super::super::yaml::{self, Entry, Node, mapping_to_json};
use super::snapshot::file_name;
use super::{Assertion, Check, PromptTest, ROLES, Sense};
use crate::error::{Code, Hint, Severity, suggest};
use crate::template::Problem;
use serde_json::{Map, Value};

/// The types of assertions that have a `not-` form.
const TYPES: [&str; 9] = [
    "equals",
    "contains",
    "icontains",
    "contains-all",
    "contains-any",
    "regex",
    "starts-with",
    "is-json",
    "contains-json",
];

/// Returns every type of an assertion.
#[cfg(test)]
pub(in super::super) fn all_types() -> impl Iterator<Item = String> {
    let negated = TYPES.iter().map(|kind| format!("not-{kind}"));
    TYPES.iter().chain(&PLAIN_TYPES).map(ToString::to_string).chain(negated)
}

/// The types that have none.
const PLAIN_TYPES: [&str; 2] = ["roles", "max-tokens"];

/// The keys of an assertion.
const KEYS: [&str; 3] = ["type", "value", "role"];

/// The longest name of a test, as the file of its snapshot is called.
const MAX_FILE_NAME: usize = 200;

/// Returns the tests that `node`, the value of the key `tests`, writes. What is no test is left out and told
/// in `problems`, with what else is wrong within it.
pub(in super::super) fn read_tests(node: &Node, problems: &mut Vec<Problem>) -> Vec<PromptTest> {
    let Some(items) = node.as_list() else {
        problems.push(wrong(Code::A0204, node, format!("`tests` must be a list, and this is {}", node.kind())));
        return Vec::new();
    };
    let mut tests: Vec<PromptTest> = Vec::new();
    for item in items {
        let Some(entries) = item.as_mapping() else {
            problems.push(wrong(Code::A0204, item, "a test is a mapping with `name` and `parameters`"));
            continue;
        };
        let name = read_name(item, &tests, problems);
        let mut test = PromptTest {
            name: name.unwrap_or_default().to_owned(),
            span: item.get("name").map_or_else(|| item.span.clone(), |name| name.span.clone()),
            parameters: Map::new(),
            places: Vec::new(),
            asserts: Vec::new(),
            faults: Vec::new(),
            expect: Vec::new(),
        };
        for entry in entries {
            read_key(entry, &mut test, problems);
        }
        match name {
            Some(_) => {
                test.faults.extend(fault_of_file_name(&test, &tests));
                tests.push(test);
            }
            None => problems.append(&mut test.faults),
        }
    }
    tests
}

/// Returns the name of the test `item`, if it has one that none of `others` has.
fn read_name<'n>(item: &'n Node, others: &[PromptTest], problems: &mut Vec<Problem>) -> Option<&'n str> {
    let Some(node) = item.get("name") else {
        problems.push(wrong(Code::A0204, item, "a test needs a `name`"));
        return None;
    };
    let Some(name) = node.as_str().filter(|name| !name.is_empty()) else {
        problems.push(wrong(Code::A0204, node, "the name of a test must be text"));
        return None;
    };
    if others.iter().any(|other| other.name == name) {
        problems.push(wrong(Code::A0204, node, format!("two tests are called `{name}`")));
        return None;
    }
    Some(name)
}

/// Returns why the snapshot of `test` cannot have a file of its own beside those of `others`.
fn fault_of_file_name(test: &PromptTest, others: &[PromptTest]) -> Option<Problem> {
    let file = file_name(&test.name);
    let message = if file.len() > MAX_FILE_NAME {
        "the name of the test is too long for that of its snapshot's file".to_owned()
    } else {
        let other = others.iter().find(|other| file_name(&other.name).to_lowercase() == file.to_lowercase())?;
        format!("`{}` and `{}` differ in case alone, and their snapshots would be one file", other.name, test.name)
    };
    Some(problem(Code::A0820, test.span.clone(), message, ""))
}

fn read_key(entry: &Entry, test: &mut PromptTest, problems: &mut Vec<Problem>) {
    match entry.key.as_str() {
        "name" => {}
        "parameters" => match entry.value.as_mapping() {
            Some(entries) => {
                test.parameters = mapping_to_json(entries);
                test.places = entries.iter().map(|entry| (entry.key.clone(), entry.value.span.clone())).collect();
            }
            None => {
                let message = "the `parameters` of a test must be a mapping";
                problems.push(wrong(Code::A0204, &entry.value, message));
            }
        },
        "assert" => {
            let items = typed_items(entry, problems);
            test.asserts = items.into_iter().filter_map(|item| read_assertion(item, &mut test.faults)).collect();
        }
        "expect" => test.expect = typed_items(entry, problems).into_iter().map(Node::to_json).collect(),
        key if key.starts_with("x-") => {}
        key => {
            let known = ["name", "parameters", "assert", "expect"];
            problems.push(unknown_inner(entry, "a test", suggest(key, known)));
        }
    }
}

/// Returns the entries of `assert` or `expect` that say their type.
fn typed_items<'n>(entry: &'n Entry, problems: &mut Vec<Problem>) -> Vec<&'n Node> {
    let Some(items) = entry.value.as_list() else {
        problems.push(wrong(Code::A0204, &entry.value, format!("`{}` must be a list", entry.key)));
        return Vec::new();
    };
    let (typed, untyped): (Vec<&Node>, Vec<&Node>) =
        items.iter().partition(|item| item.get("type").and_then(Node::as_str).is_some());
    for item in untyped {
        problems.push(wrong(Code::A0204, item, format!("an entry of `{}` is a mapping with a `type`", entry.key)));
    }
    typed
}

fn read_assertion(item: &Node, problems: &mut Vec<Problem>) -> Option<Assertion> {
    let before = problems.len();
    for entry in item.as_mapping()? {
        if !KEYS.contains(&entry.key.as_str()) && !entry.key.starts_with("x-") {
            let mut problem = unknown_inner(entry, "an assertion", suggest(&entry.key, KEYS));
            problem.code = Code::A0820;
            problems.push(problem);
        }
    }
    let role = item.get("role").and_then(|role| read_role(role, problems));
    let written = item.get("type")?;
    let name = written.as_str()?;
    let (kind, sense) = match name.strip_prefix("not-") {
        Some(kind) if TYPES.contains(&kind) => (kind, Sense::IsNot),
        _ => (name, Sense::Is),
    };
    if !TYPES.contains(&kind) && !PLAIN_TYPES.contains(&kind) {
        problems.push(unknown_type(written, name));
        return None;
    }
    if kind == "roles" && item.get("role").is_some() {
        problems.push(wrong(Code::A0820, item, "`roles` is about all messages and takes no `role`"));
    }
    let check = match read_check(kind, item.get("value")) {
        Ok(check) => check,
        Err(why) => {
            let place = item.get("value").unwrap_or(item);
            problems.push(wrong(Code::A0820, place, format!("`{name}` {why}")));
            return None;
        }
    };
    let written = item.as_mapping().map(mapping_to_json).unwrap_or_default();
    (problems.len() == before).then(|| Assertion { check, sense, role, written, span: item.span.clone() })
}

fn read_role(node: &Node, problems: &mut Vec<Problem>) -> Option<String> {
    match node.as_str() {
        Some(role) if ROLES.contains(&role) => Some(role.to_owned()),
        other => {
            let mut problem = wrong(Code::A0820, node, format!("`role` is one of {}", ROLES.join(", ")));
            let meant = other.and_then(|role| suggest(role, ROLES));
            problem.hints.extend(meant.map(|meant| Hint::new(format!("did you mean `{meant}`?"))));
            problems.push(problem);
            None
        }
    }
}

fn unknown_type(node: &Node, name: &str) -> Problem {
    let mut problem = wrong(Code::A0820, node, format!("there is no assertion `{name}`"));
    let base = name.strip_prefix("not-").unwrap_or(name);
    let known = TYPES.iter().chain(&PLAIN_TYPES).copied();
    problem.hints.push(match (suggest(base, known.clone()), PLAIN_TYPES.contains(&base)) {
        (_, true) => Hint::new(format!("`{base}` has no `not-` form")),
        (Some(meant), _) => Hint::new(format!("did you mean `{}{meant}`?", &name[..name.len() - base.len()])),
        (None, _) => Hint::new(format!(
            "there are {}; what is asked of a model's answer stands in `expect`",
            known.collect::<Vec<_>>().join(", ")
        )),
    });
    problem
}

/// Returns what an assertion of the type `kind` looks for.
///
/// # Errors
/// In words that follow its name, when `value` is none for it.
fn read_check(kind: &str, value: Option<&Node>) -> Result<Check, String> {
    let json = value.map(|value| whole_numbers(value.to_json()));
    match kind {
        "equals" => json.map(Check::Equals).ok_or_else(|| "needs a `value`".to_owned()),
        "contains" => text(json).map(Check::Contains),
        "icontains" => text(json).map(|text| Check::ContainsAnyCase(text.to_lowercase())),
        "starts-with" => text(json).map(Check::StartsWith),
        "contains-all" => texts(json).map(Check::ContainsAll),
        "contains-any" => texts(json).map(Check::ContainsAny),
        "regex" => {
            let pattern = Pattern::parse(&text(json)?);
            pattern.map(Check::Regex).map_err(|why| format!("needs a pattern in RE2's syntax: {why}"))
        }
        "is-json" => schema(json).map(Check::IsJson),
        "contains-json" => schema(json).map(Check::ContainsJson),
        "roles" => roles(json).map(Check::Roles),
        _ => match json.as_ref().and_then(Value::as_u64) {
            Some(most) => Ok(Check::MaxTokens(most)),
            None => Err("needs a whole number of tokens as its `value`".to_owned()),
        },
    }
}

/// Returns the text that a scalar is; an empty one would be found in every text.
fn text(value: Option<Value>) -> Result<String, String> {
    match value {
        Some(Value::String(text)) if text.is_empty() => Err("needs a `value` that is not empty".to_owned()),
        Some(Value::String(text)) => Ok(text),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(other) => Err(format!("needs a text as its `value`, and this is {}", shown(&other))),
        None => Err("needs a text as its `value`".to_owned()),
    }
}

fn texts(value: Option<Value>) -> Result<Vec<String>, String> {
    let items = match value {
        Some(Value::Array(items)) => items,
        Some(Value::String(list)) => comma_separated(&list).into_iter().map(Value::String).collect(),
        _ => return Err("needs a list of texts as its `value`".to_owned()),
    };
    if items.is_empty() {
        return Err("needs at least one text in its `value`".to_owned());
    }
    items.into_iter().map(|item| text(Some(item))).collect()
}

/// Returns the entries of a list in one text, as promptfoo reads one: between commas, without the
/// blanks around them; within double quotes a comma is itself, and two quotes are one.
fn comma_separated(list: &str) -> Vec<String> {
    let (mut entries, mut entry, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = list.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => entry.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => entries.push(std::mem::take(&mut entry)),
            c => entry.push(c),
        }
    }
    entries.push(entry);
    entries.into_iter().map(|entry| entry.trim().to_owned()).filter(|entry| !entry.is_empty()).collect()
}

/// Returns the JSON Schema of an assertion: a mapping, a boolean, or a text that writes one in YAML or JSON.
fn schema(value: Option<Value>) -> Result<Option<Value>, String> {
    let value = match value {
        Some(Value::String(text)) if text.starts_with("file://") => {
            return Err("takes its schema where it stands and not from a file".to_owned());
        }
        Some(Value::String(text)) => yaml::read(&text, 0..text.len(), &mut Vec::new()).map(|node| node.to_json()),
        other => other,
    };
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(schema @ (Value::Object(_) | Value::Bool(_))) => match fault_of_schema(&schema) {
            Some(why) => Err(format!("needs a JSON Schema as its `value`: {why}")),
            None => Ok(Some(schema)),
        },
        Some(_) => Err("needs a JSON Schema as its `value`".to_owned()),
    }
}

#[cfg(feature = "manage")]
fn fault_of_schema(schema: &Value) -> Option<String> {
    super::evaluate::validator(schema).err()
}

/// An application that renders prompts does not run their tests, and has nothing to validate with.
#[cfg(not(feature = "manage"))]
fn fault_of_schema(_schema: &Value) -> Option<String> {
    None
}

fn roles(value: Option<Value>) -> Result<Vec<String>, String> {
    let not = || format!("needs a list of roles as its `value`, of {}", listed(ROLES.iter().map(ToString::to_string)));
    let Some(Value::Array(items)) = value else { return Err(not()) };
    let role = |item: &Value| item.as_str().filter(|role| ROLES.contains(role)).map(str::to_owned).ok_or_else(not);
    items.iter().map(role).collect()
}

pub(in super::super) fn unknown_inner(entry: &Entry, what: &str, meant: Option<&str>) -> Problem {
    let message = format!("{what} has no key `{}`", entry.key);
    Problem {
        severity: Severity::Error,
        code: Code::A0203,
        message,
        span: entry.key_span.clone(),
        label: "unknown key".to_owned(),
        hints: meant.map(|meant| Hint::new(format!("did you mean `{meant}`?"))).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(yaml: &str) -> (Vec<PromptTest>, Vec<String>) {
        let node = yaml::read(yaml, 0..yaml.len(), &mut Vec::new()).unwrap();
        let mut problems = Vec::new();
        let tests = read_tests(&node, &mut problems);
        assert_eq!(problems, []);
        let told = |problem: &Problem| {
            let hints: String = problem.hints.iter().map(|hint| format!(" ({hint})")).collect();
            format!("{}: {}{hints}", yaml[problem.span.clone()].trim_end(), problem.message)
        };
        let faults = tests.iter().flat_map(|test| &test.faults).map(told).collect();
        (tests, faults)
    }

    #[test]
    fn a_test_is_read_with_its_places() {
        let yaml = "- name: pro\n  parameters: { ticket: Down!, n: 1 }\n  assert: [{ type: not-contains, value: x, role: system }]\n  expect: [{ type: llm-rubric, value: kind }]\n";
        let (tests, faults) = read(yaml);
        assert_eq!(faults, [""; 0]);
        let test = &tests[0];
        assert_eq!((test.name.as_str(), test.parameters["n"].as_u64()), ("pro", Some(1)));
        assert_eq!((&yaml[test.place_of("ticket")], &yaml[test.place_of("other")]), ("Down!", "pro"));
        let assertion = &test.asserts[0];
        assert_eq!(
            (assertion.kind(), assertion.sense, assertion.role.as_deref()),
            ("not-contains", Sense::IsNot, Some("system"))
        );
        assert_eq!(test.expect, [serde_json::json!({ "type": "llm-rubric", "value": "kind" })]);
    }

    #[test]
    fn an_assertion_that_says_nothing_is_told_at_its_place() {
        for (assertion, fault) in [
            ("{ type: contians, value: x }", "contians: there is no assertion `contians` (did you mean `contains`?)"),
            (
                "{ type: not-equal, value: x }",
                "not-equal: there is no assertion `not-equal` (did you mean `not-equals`?)",
            ),
            (
                "{ type: not-roles, value: [] }",
                "not-roles: there is no assertion `not-roles` (`roles` has no `not-` form)",
            ),
            ("{ type: contains }", "{ type: contains }: `contains` needs a text as its `value`"),
            ("{ type: contains, value: '' }", "'': `contains` needs a `value` that is not empty"),
            (
                "{ type: contains, value: [a] }",
                "[a]: `contains` needs a text as its `value`, and this is an array of 1",
            ),
            ("{ type: contains-any, value: [] }", "[]: `contains-any` needs at least one text in its `value`"),
            (
                "{ type: regex, value: '(?=a)' }",
                "'(?=a)': `regex` needs a pattern in RE2's syntax: look-around, including look-ahead and look-behind, is not supported",
            ),
            ("{ type: max-tokens, value: many }", "many: `max-tokens` needs a whole number of tokens as its `value`"),
            (
                "{ type: roles, value: [sytem] }",
                "[sytem]: `roles` needs a list of roles as its `value`, of system, user, assistant, tool",
            ),
            (
                "{ type: is-json, value: file://a.json }",
                "file://a.json: `is-json` takes its schema where it stands and not from a file",
            ),
            (
                "{ type: contains, value: x, role: sytem }",
                "sytem: `role` is one of system, user, assistant, tool (did you mean `system`?)",
            ),
            (
                "{ type: contains, value: x, vaule: y }",
                "vaule: an assertion has no key `vaule` (did you mean `value`?)",
            ),
        ] {
            let (tests, faults) = read(&format!("- name: t\n  assert: [{assertion}]\n"));
            assert_eq!(faults, [fault]);
            assert!(tests[0].asserts.is_empty());
        }
        let (_, faults) = read("- name: t\n  assert: [{ type: llm-rubric, value: kind }]\n");
        assert!(faults[0].contains("what is asked of a model's answer stands in `expect`"), "{faults:?}");
    }

    #[cfg(feature = "manage")]
    #[test]
    fn a_schema_must_be_one() {
        let (_, faults) = read("- name: t\n  assert: [{ type: is-json, value: { type: strng } }]\n");
        assert!(
            faults[0].starts_with("{ type: strng }: `is-json` needs a JSON Schema as its `value`: /type: "),
            "{faults:?}"
        );
    }

    #[test]
    fn names_that_would_share_a_snapshot_are_told() {
        let (_, faults) = read("- name: Pro\n- name: pro\n");
        assert_eq!(faults, ["pro: `Pro` and `pro` differ in case alone, and their snapshots would be one file"]);
        let (_, faults) = read(&format!("- name: {}\n", "é/".repeat(60)));
        assert!(faults[0].ends_with("is too long for that of its snapshot's file"), "{faults:?}");
    }
}
