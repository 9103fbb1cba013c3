//! The JSON Schemas of `output` and of tools, held against the meta-schema of JSON Schema.
//!
//! They are for models and their vendors, so that one which is none keeps nobody from rendering: it is
//! for the author to hear of, before a request is refused.

use super::super::file::Prompt;
use super::super::front_matter::{self, OutputSchema};
use super::super::json_schema::each_schema;
use super::super::yaml::{self, Content, Node};
use crate::error::{Code, Diagnostic, Hint, suggest};
use serde_json::Value;
use std::collections::BTreeSet;

/// The types of JSON Schema 2020-12.
const TYPES: [&str; 7] = ["string", "integer", "number", "boolean", "array", "object", "null"];

/// Returns what is wrong with the JSON Schemas of `prompt`, each at its place.
pub(super) fn faults(prompt: &Prompt) -> Vec<Diagnostic> {
    let Some(root) = front_matter_of(prompt) else { return Vec::new() };
    let mut findings = Vec::new();
    match (&prompt.front_matter().output, prompt.output_schema()) {
        (Some(OutputSchema::Inline(_)), _) => {
            let schema = root.get("output").and_then(|output| output.get("schema"));
            findings.extend(schema.into_iter().flat_map(|node| faults_in(prompt, node, "`output.schema`")));
        }
        (Some(OutputSchema::File { path, span }), Some(schema)) => {
            findings.extend(faults_of(schema).into_iter().map(|fault| {
                let message = format!("`{path}` is not a valid JSON Schema: {}", fault.message());
                prompt.finding_in_file(Diagnostic::error(Code::A0204, message), span.clone())
            }));
        }
        _ => {}
    }
    for tool in root.get("tools").and_then(Node::as_list).unwrap_or_default() {
        let name = tool.get("name").and_then(Node::as_str).unwrap_or_default();
        // What is no mapping is told where front matter is read.
        let schema = tool.get("parameters").filter(|schema| schema.as_mapping().is_some());
        let what = format!("`parameters` of the tool `{name}`");
        findings.extend(schema.into_iter().flat_map(|node| faults_in(prompt, node, &what)));
    }
    findings
}

fn front_matter_of(prompt: &Prompt) -> Option<Node> {
    let span = front_matter::split(prompt.text()).ok()?.front_matter?;
    yaml::read(prompt.text(), span, &mut Vec::new())
}

fn faults_in(prompt: &Prompt, schema: &Node, what: &str) -> Vec<Diagnostic> {
    let told = |fault: Fault| {
        let node = at(schema, &fault.path).unwrap_or(schema);
        let message = format!("{what} is not a valid JSON Schema: {}", fault.message());
        let finding = prompt.finding_in_file(Diagnostic::error(Code::A0204, message), node.span.clone());
        match fault.hint() {
            Some(hint) => finding.hint(hint),
            None => finding,
        }
    };
    faults_of(&schema.to_json()).into_iter().map(told).collect()
}

/// A place in a schema that the meta-schema refuses.
struct Fault {
    /// The keys and indexes that lead there.
    path: Vec<String>,
    /// What stands there.
    value: Value,
    /// Why it is refused, in the words of the validator.
    reason: String,
}

impl Fault {
    fn message(&self) -> String {
        let place = self.path.join(".");
        let value = &self.value;
        match (self.path.as_slice(), value) {
            ([], _) => self.reason.clone(),
            ([.., key], Value::String(name)) if key == "type" => format!("`{name}` at `{place}` is not a type"),
            ([.., key], Value::String(target)) if key == "$ref" => {
                format!("`{place}` leads to `{target}`, which is nowhere in it")
            }
            ([.., within, _], _) if within == "properties" => format!("`{place}` must be a schema, and is {value}"),
            ([.., key], _) if key == "required" && !value.is_array() => {
                format!("`{place}` must be a list of names, and is {value}")
            }
            _ => format!("`{place}`: {}", self.reason),
        }
    }

    fn hint(&self) -> Option<Hint> {
        match (self.path.as_slice(), &self.value) {
            ([.., key], Value::String(name)) if key == "type" => Some(Hint::new(match suggest(name, TYPES) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("the types are {}", TYPES.join(", ")),
            })),
            ([.., within, name], Value::String(kind)) if within == "properties" => {
                let kind = TYPES.into_iter().find(|it| it == kind).or_else(|| suggest(kind, TYPES)).unwrap_or("string");
                Some(Hint::new(format!(
                    "write `{name}: {{ type: {kind} }}`; the short form is for the prompt's own `parameters` alone"
                )))
            }
            ([.., key], Value::String(_)) if key == "$ref" => {
                Some(Hint::new("put what is meant under `$defs`, and refer to `#/$defs/NAME`"))
            }
            ([.., key], Value::String(name)) if key == "required" => {
                Some(Hint::new(format!("write `required: [{name}]`")))
            }
            _ => None,
        }
    }
}

/// Returns where the meta-schema refuses `schema`: that of the `$schema` which it names, or of 2020-12. Of one
/// that nobody here knows nothing is said.
fn faults_of(schema: &Value) -> Vec<Fault> {
    let Ok(meta) = jsonschema::meta::validator_for(schema) else { return Vec::new() };
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for error in meta.iter_errors(schema) {
        let pointer = error.instance_path().as_str().to_owned();
        if seen.insert(pointer.clone()) {
            let path = pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")).collect();
            let value = schema.pointer(&pointer).cloned().unwrap_or_default();
            faults.push(Fault { path, value, reason: error.to_string() });
        }
    }
    // What an `$id` makes of references is beyond what is looked into here.
    if !schema.get("$id").is_some_and(Value::is_string) {
        astray(schema, &mut faults);
    }
    faults
}

/// Adds the references of `schema` that lead to nothing in it: no bundle has another file for them, and no model
/// is sent one.
fn astray(schema: &Value, faults: &mut Vec<Fault>) {
    each_schema(schema, &mut |path, keywords| {
        let Some(Value::String(target)) = keywords.get("$ref") else { return };
        let leads = match target.strip_prefix('#') {
            // An anchor, or a pointer that is written with escapes.
            Some(pointer) if !pointer.starts_with('/') || pointer.contains('%') => true,
            Some(pointer) => schema.pointer(pointer).is_some(),
            None => target.contains("://"),
        };
        if !leads {
            let path = path.iter().cloned().chain(["$ref".to_owned()]).collect();
            faults.push(Fault { path, value: target.as_str().into(), reason: String::new() });
        }
    });
}

/// Returns the value that `path` leads to.
fn at<'n>(node: &'n Node, path: &[String]) -> Option<&'n Node> {
    path.iter().try_fold(node, |node, key| match &node.content {
        Content::Mapping(_) => node.get(key),
        Content::List(items) => items.get(key.parse::<usize>().ok()?),
        Content::Scalar(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::{Reach, Scope, Set, lint};
    use crate::archive::FileSet;
    use crate::manifest::{Manifest, Strictness};
    use std::sync::Arc;

    /// Returns what is found in front matter: what it is told of, and hints.
    fn found(front_matter: &str) -> Vec<String> {
        let manifest = "[set]\nname = \"t/s\"\nversion = \"1.0.0\"\n";
        let manifest = Manifest::parse("anvil.toml", manifest, Strictness::Own).unwrap();
        let text = format!("---\n{front_matter}\n---\nx");
        let files = [("prompts/p.prompt.md", text.as_str()), ("s.json", "{\"type\": \"object\", \"required\": \"b\"}")];
        let files: FileSet = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
        let findings = lint(&Scope::alone(Arc::new(Set::load(&manifest, &files))), Reach::Everything);
        let told = |finding: &crate::error::Diagnostic| {
            let location = finding.location.as_ref().unwrap();
            let hints: String = finding.hints.iter().map(|hint| format!(" = {hint}")).collect();
            format!("{}: {}{hints}", &location.text[location.span.clone()], finding.message)
        };
        findings.iter().map(told).collect()
    }

    #[test]
    fn what_the_meta_schema_refuses_is_told_at_its_place() {
        assert_eq!(
            found("output: { schema: { type: objekt, properties: { a: strng }, required: b } }"),
            [
                "objekt: `output.schema` is not a valid JSON Schema: `objekt` at `type` is not a type = did you mean `object`?",
                "strng: `output.schema` is not a valid JSON Schema: `properties.a` must be a schema, and is \"strng\" = \
                 write `a: { type: string }`; the short form is for the prompt's own `parameters` alone",
                "b: `output.schema` is not a valid JSON Schema: `required` must be a list of names, and is \"b\" = \
                 write `required: [b]`",
            ]
        );
        assert_eq!(
            found("tools: [{ name: f, parameters: { type: object, properties: { q: string }, required: [z] } }]"),
            [
                "string: `parameters` of the tool `f` is not a valid JSON Schema: `properties.q` must be a schema, and is \
              \"string\" = write `q: { type: string }`; the short form is for the prompt's own `parameters` alone"
            ]
        );
        assert_eq!(
            found("output: { schema: s.json }"),
            ["s.json: `s.json` is not a valid JSON Schema: `required` must be a list of names, and is \"b\""]
        );
        assert_eq!(
            found("output: { schema: { properties: { a: { minLength: -1 } } } }"),
            [
                "-1: `output.schema` is not a valid JSON Schema: `properties.a.minLength`: -1 is less than the minimum of 0"
            ]
        );
    }

    #[test]
    fn a_reference_leads_to_something_in_the_schema() {
        for target in ["t.json", "#/$defs/b", "t.json#/$defs/a"] {
            let schema =
                format!("{{ properties: {{ k: {{ $ref: \"{target}\"}} }}, $defs: {{ a: {{ type: string }} }} }}");
            assert_eq!(
                found(&format!("output: {{ schema: {schema} }}")),
                [format!(
                    "\"{target}\": `output.schema` is not a valid JSON Schema: `properties.k.$ref` leads to `{target}`, which is \
                     nowhere in it = put what is meant under `$defs`, and refer to `#/$defs/NAME`"
                )]
            );
        }
        // Properties may be called as keywords of data are, and data holds no references.
        for named in ["default", "enum"] {
            let schema = format!("{{ properties: {{ {named}: {{ $ref: \"#/$defs/b\" }} }} }}");
            assert_eq!(found(&format!("output: {{ schema: {schema} }}")).len(), 1, "{named}");
        }
        assert_eq!(found("output: { schema: { properties: { a: { default: { $ref: t.json } } } } }"), [""; 0]);
        for target in ["#", "#/$defs/a", "#anchor", "https://json-schema.org/draft/2020-12/schema"] {
            let schema =
                format!("{{ properties: {{ k: {{ $ref: \"{target}\"}} }}, $defs: {{ a: {{ type: string }} }} }}");
            assert_eq!(found(&format!("output: {{ schema: {schema} }}")), [""; 0], "{target}");
        }
    }

    #[test]
    fn what_is_a_schema_by_its_own_draft_or_by_an_unknown_one_is_left_in_peace() {
        for schema in [
            "true",
            "{ type: [string, \"null\"], x-own: 1 }",
            "{ $schema: \"http://json-schema.org/draft-07/schema#\", items: [{ type: string }] }",
            "{ $schema: \"https://example.com/own\", type: anything }",
        ] {
            assert_eq!(found(&format!("output: {{ schema: {schema} }}")), [""; 0], "{schema}");
        }
    }
}
