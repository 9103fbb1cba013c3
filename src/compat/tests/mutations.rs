//! Prompts made at random and mutated in a way whose class is known: the checker must answer that class
//! and name the rule, thousands of times.
//!
//! The body of a prompt asks of every parameter only whether it is there, so that nothing fails but
//! what a mutation breaks.

use super::pairs::{Held, between};
use crate::archive::FileSet;
use crate::compat::samples::Random;
use crate::prompt::Dependencies;
use crate::version::Bump::{self, Major, Minor, Patch};
use serde_json::{Map, Value, json};

/// How many mutations are checked, unless `ANVIL_MUTATIONS` says otherwise: `.ci/run` checks ten thousand.
const CASES: usize = 1_000;
/// How many random parameter sets are tried for each; those at the edges come on top.
const TRIED: usize = 2;

/// A set of one prompt, as data.
#[derive(Clone, Debug)]
struct Draft {
    front: Map<String, Value>,
    body: String,
    manifest: String,
    file: &'static str,
    others: Vec<(&'static str, String)>,
}

impl Draft {
    fn random(random: &mut Random) -> Draft {
        let mut parameters = Map::new();
        for name in ["alpha", "beta", "gamma", "delta"] {
            if parameters.is_empty() || !random.one_in(3) {
                parameters.insert(name.into(), parameter(random));
            }
        }
        let is_chat = random.one_in(2);
        let asked: String = parameters.keys().map(|name| format!("{{% if {name} %}}{name}.{{% endif %}}\n")).collect();
        let body = match is_chat {
            true => format!("{{% system %}}\nBe kind.\n{asked}{{% endsystem %}}\n{{% user %}}Hello.{{% enduser %}}\n"),
            false => format!("Be kind.\n{asked}"),
        };
        let mut front = Map::new();
        front.insert("parameters".into(), Value::Object(parameters));
        if random.one_in(2) {
            front.insert("tools".into(), json!([tool("find")]));
        }
        if random.one_in(2) {
            let fields = json!({
                "reply": { "type": "string" },
                "mood": { "enum": ["calm", "glad"] },
                "note": { "type": ["string", "null"] },
                "score": { "anyOf": [{ "type": "number" }, { "enum": ["high", "low"] }] },
                "said": { "oneOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] },
                "more": { "type": "object", "additionalProperties": { "type": "string" } },
            });
            front.insert(
                "output".into(),
                json!({ "schema": { "type": "object", "properties": fields, "required": ["reply"] } }),
            );
        }
        let manifest = "[set]\nname = \"support/replies\"\nversion = \"1.0.0\"\n".to_owned();
        Draft { front, body, manifest, file: "prompts/reply.prompt.md", others: Vec::new() }
    }

    fn held(&self) -> Held {
        let front = Value::Object(self.front.clone());
        let text = format!("---\n{front:#}\n---\n{}", self.body);
        let mut files: FileSet = [(self.file, text), ("anvil.toml", self.manifest.clone())].into_iter().collect();
        for (path, text) in &self.others {
            files.insert(*path, text.as_str());
        }
        Held::of(files, Dependencies::new())
    }

    fn parameters(&mut self) -> &mut Map<String, Value> {
        self.front.get_mut("parameters").and_then(Value::as_object_mut).unwrap()
    }

    /// Returns a parameter that `wanted` takes, if there is one.
    fn any(&mut self, random: &mut Random, wanted: impl Fn(&Value) -> bool) -> Option<&mut Map<String, Value>> {
        let fitting = |(name, schema): (&String, &Value)| wanted(schema).then(|| name.clone());
        let names: Vec<String> = self.parameters().iter().filter_map(fitting).collect();
        let name = random.pick(&names)?.clone();
        self.parameters().get_mut(&name).and_then(Value::as_object_mut)
    }

    fn schema(&mut self) -> Option<&mut Map<String, Value>> {
        self.front.get_mut("output")?.get_mut("schema")?.as_object_mut()
    }

    /// Returns what the answer's schema says of the field called `name`.
    fn field(&mut self, name: &str) -> Option<&mut Map<String, Value>> {
        self.schema()?.get_mut("properties")?.get_mut(name)?.as_object_mut()
    }

    fn tools(&mut self) -> Option<&mut Vec<Value>> {
        self.front.get_mut("tools")?.as_array_mut()
    }
}

fn tool(name: &str) -> Value {
    let parameters = json!({ "type": "object", "properties": { "id": { "type": "string" } }, "required": ["id"] });
    json!({ "name": name, "description": format!("Does {name}."), "parameters": parameters })
}

fn parameter(random: &mut Random) -> Value {
    let mut schema = match random.below(8) {
        0 => json!({ "type": "string", "minLength": 2, "maxLength": 40 }),
        1 => json!({ "type": "string", "pattern": "^[a-z]{2,6}$" }),
        2 => json!({ "type": "integer", "minimum": 1, "maximum": 9 }),
        3 => json!({ "type": "number", "exclusiveMinimum": 0 }),
        4 => json!({ "enum": ["low", "high", 3] }),
        5 => json!({ "type": "array", "items": { "type": "string" }, "maxItems": 4 }),
        6 => json!({
            "type": "object",
            "properties": { "name": { "type": "string" }, "age": { "type": "integer" } },
            "required": ["name"],
        }),
        _ => json!({ "type": "string", "format": "date" }),
    };
    match random.below(3) {
        0 => schema["optional"] = json!(true),
        1 if schema["type"] == "integer" => schema["default"] = json!(3),
        1 if schema.get("enum").is_some() => schema["default"] = json!("low"),
        _ => {}
    }
    if random.one_in(5) {
        schema["nullable"] = json!(true);
    }
    schema
}

fn is(kind: &'static str) -> impl Fn(&Value) -> bool {
    move |schema| schema["type"] == kind
}

fn has(key: &'static str) -> impl Fn(&Value) -> bool {
    move |schema| schema.get(key).is_some()
}

fn must_be_given(schema: &Value) -> bool {
    schema.get("optional").is_none() && schema.get("default").is_none()
}

/// What is done to a draft; nothing where it has no place for it.
type Mutation = fn(&mut Draft, &mut Random) -> Option<()>;

fn put(schema: &mut Map<String, Value>, key: &str, value: Value) -> Option<()> {
    schema.insert(key.to_owned(), value);
    Some(())
}

/// Every mutation with its class and the rule that must be among those that answer.
#[rustfmt::skip]
const MUTATIONS: &[(Bump, &str, Mutation)] = &[
    (Major, "parameter_removed", |draft, random| {
        let names: Vec<String> = draft.parameters().keys().cloned().collect();
        let name = random.pick(&names)?;
        draft.parameters().shift_remove(name);
        draft.body = draft.body.replace(&format!("{{% if {name} %}}"), "{% if true %}");
        Some(())
    }),
    (Major, "parameter_removed", |draft, random| {
        let names: Vec<String> = draft.parameters().keys().cloned().collect();
        let name = random.pick(&names)?;
        let schema = draft.parameters().shift_remove(name)?;
        draft.parameters().insert("omega".into(), schema);
        draft.body = draft.body.replace(&format!("{{% if {name} %}}"), "{% if omega %}");
        Some(())
    }),
    (Major, "required_parameter_added", |draft, _| put(draft.parameters(), "omega", json!({ "type": "string" }))),
    (Major, "parameter_required", |draft, random| draft.any(random, has("optional"))?.shift_remove("optional").map(drop)),
    (Major, "default_removed", |draft, random| draft.any(random, has("default"))?.shift_remove("default").map(drop)),
    (Major, "type_narrowed", |draft, random| put(draft.any(random, is("number"))?, "type", json!("integer"))),
    (Major, "type_changed", |draft, random| {
        let schema = draft.any(random, |schema| schema["type"] == "array" && must_be_given(schema))?;
        *schema = json!({ "type": "boolean" }).as_object()?.clone();
        Some(())
    }),
    (Major, "enum_value_removed", |draft, random| {
        put(draft.any(random, |schema| schema.get("enum").is_some())?, "enum", json!(["low", 3]))
    }),
    (Major, "nullable_removed", |draft, random| {
        draft.any(random, |schema| must_be_given(schema) && has("nullable")(schema))?.shift_remove("nullable").map(drop)
    }),
    (Major, "constraint_tightened", |draft, random| put(draft.any(random, has("maxLength"))?, "maxLength", json!(30))),
    (Major, "constraint_tightened", |draft, random| put(draft.any(random, is("integer"))?, "minimum", json!(2))),
    (Major, "constraint_tightened", |draft, random| put(draft.any(random, is("array"))?, "minItems", json!(1))),
    (Major, "constraint_tightened", |draft, random| put(draft.any(random, has("exclusiveMinimum"))?, "exclusiveMinimum", json!(0.5))),
    (Major, "max_tokens_lowered", |draft, random| put(draft.any(random, has("maxLength"))?, "max_tokens", json!(50))),
    (Major, "pattern_changed", |draft, random| put(draft.any(random, has("pattern"))?, "pattern", json!("^[a-z]{2,5}$"))),
    (Major, "format_changed", |draft, random| put(draft.any(random, has("format"))?, "format", json!("date-time"))),
    (Major, "type_changed", |draft, random| put(draft.any(random, is("array"))?, "items", json!({ "type": "integer" }))),
    (Major, "required_property_added", |draft, random| {
        let schema = draft.any(random, is("object"))?;
        schema["properties"]["town"] = json!({ "type": "string" });
        put(schema, "required", json!(["name", "town"]))
    }),
    (Major, "parameter_required", |draft, random| put(draft.any(random, is("object"))?, "required", json!(["name", "age"]))),
    (Major, "prompt_removed", |draft, _| { draft.file = "prompts/answer.prompt.md"; Some(()) }),
    (Major, "prompt_removed", |draft, _| { draft.file = "prompts/_reply.prompt.md"; Some(()) }),
    (Major, "kind_changed", |draft, _| {
        draft.body = match draft.body.starts_with("{%") {
            true => "Be kind.\n".to_owned(),
            false => format!("{{% system %}}\n{}{{% endsystem %}}\n", draft.body),
        };
        Some(())
    }),
    (Major, "role_removed", |draft, _| {
        draft.body = draft.body.strip_suffix("{% user %}Hello.{% enduser %}\n")?.to_owned();
        Some(())
    }),
    (Major, "tool_removed", |draft, _| { draft.tools()?.clear(); Some(()) }),
    (Major, "tool_renamed", |draft, _| { *draft.tools()? = vec![tool("find")]; draft.tools()?[0]["name"] = json!("seek"); Some(()) }),
    (Major, "tool_argument_required", |draft, _| {
        let parameters = draft.tools()?.first_mut()?.get_mut("parameters")?.as_object_mut()?;
        parameters["properties"]["town"] = json!({});
        put(parameters, "required", json!(["id", "town"]))
    }),
    (Major, "output_removed", |draft, _| draft.front.shift_remove("output").map(drop)),
    (Major, "output_added", |draft, _| {
        if draft.front.contains_key("output") { return None; }
        put(&mut draft.front, "output", json!({ "schema": { "type": "object" } }))
    }),
    (Major, "output_field_removed", |draft, _| draft.schema()?["properties"].as_object_mut()?.shift_remove("mood").map(drop)),
    (Major, "output_field_optional", |draft, _| put(draft.schema()?, "required", json!([]))),
    (Major, "output_enum_value_added", |draft, _| {
        draft.schema()?["properties"]["mood"]["enum"] = json!(["calm", "glad", "cross"]);
        Some(())
    }),
    (Major, "output_field_removed", |draft, random| {
        let name = *random.pick(&["reply", "mood", "note", "score", "said", "more"])?;
        let nothing = random.pick(&[json!(false), json!({ "enum": [] }), json!({ "not": {} })])?.clone();
        draft.schema()?["properties"][name] = nothing;
        Some(())
    }),
    (Major, "output_type_changed", |draft, random| {
        let kind = *random.pick(&["number", "boolean", "null"])?;
        put(draft.field("more")?, "properties", json!({ "late": { "type": kind } }))
    }),
    (Major, "output_widened", |draft, random| {
        let (field, key) = *random.pick(&[("score", "anyOf"), ("said", "oneOf")])?;
        let member = json!({ "type": *random.pick(&["null", "boolean"])? });
        let members = draft.field(field)?[key].as_array_mut()?;
        members.insert(random.below(members.len() + 1), member);
        Some(())
    }),
    (Major, "output_type_changed", |draft, random| {
        let (field, key) = *random.pick(&[("score", "anyOf"), ("said", "oneOf")])?;
        draft.field(field)?[key].as_array_mut()?[0] = json!({ "type": "boolean" });
        Some(())
    }),
    (Major, "output_widened", |draft, _| put(draft.field("note")?, "type", json!(["null", "string", "boolean"]))),
    (Major, "output_widened", |draft, _| { draft.schema()?["properties"]["reply"] = json!({}); Some(()) }),
    (Major, "output_changed", |draft, _| { draft.schema()?["properties"]["reply"]["pattern"] = json!("."); Some(()) }),
    (Major, "sample_failed", |draft, _| {
        // What may be absent is printed.
        let name = draft.parameters().iter().find(|(_, schema)| schema.get("optional").is_some())?.0.clone();
        let asked = format!("{{% if {name} %}}");
        draft.body = draft.body.replace(&asked, &format!("{{{{ {name} | json | size }}}}{asked}"));
        Some(())
    }),

    (Minor, "optional_parameter_added", |draft, _| {
        put(draft.parameters(), "omega", json!({ "type": "string", "optional": true }))
    }),
    (Minor, "history_added", |draft, _| put(draft.parameters(), "omega", json!({ "type": "messages", "optional": true }))),
    (Minor, "parameter_renamed", |draft, random| {
        let names: Vec<String> = draft.parameters().keys().cloned().collect();
        let name = random.pick(&names)?;
        let mut schema = draft.parameters().shift_remove(name)?;
        schema["aliases"] = json!([name]);
        draft.parameters().insert("omega".into(), schema);
        draft.body = draft.body.replace(&format!("{{% if {name} %}}"), "{% if omega %}");
        Some(())
    }),
    (Minor, "parameter_retired", |draft, random| {
        let names: Vec<String> = draft.parameters().keys().cloned().collect();
        let name = random.pick(&names)?;
        draft.parameters().insert(name.clone(), json!({ "retired": true }));
        draft.body = draft.body.replace(&format!("{{% if {name} %}}"), "{% if true %}");
        Some(())
    }),
    (Minor, "parameter_alias_added", |draft, random| put(draft.any(random, |_| true)?, "aliases", json!(["former"]))),
    (Minor, "parameter_optional", |draft, random| put(draft.any(random, must_be_given)?, "optional", json!(true))),
    (Minor, "default_changed", |draft, random| {
        put(draft.any(random, |schema| schema.get("default") == Some(&json!(3)))?, "default", json!(4))
    }),
    (Minor, "default_added", |draft, random| {
        let schema = draft.any(random, |schema| is("integer")(schema) && has("optional")(schema))?;
        schema.shift_remove("optional");
        put(schema, "default", json!(3))
    }),
    (Minor, "type_widened", |draft, random| put(draft.any(random, is("integer"))?, "type", json!("number"))),
    (Minor, "enum_value_added", |draft, random| put(draft.any(random, has("enum"))?, "enum", json!(["low", "high", 3, "max"]))),
    (Minor, "nullable_added", |draft, random| {
        put(draft.any(random, |schema| must_be_given(schema) && !has("nullable")(schema))?, "nullable", json!(true))
    }),
    (Minor, "parameter_optional", |draft, random| {
        // Null is absence then, and nothing to the template as before.
        let schema = draft.any(random, |schema| must_be_given(schema) && has("nullable")(schema))?;
        schema.shift_remove("nullable");
        put(schema, "optional", json!(true))
    }),
    (Minor, "default_changed", |draft, random| {
        let schema = draft.any(random, |schema| is("integer")(schema) && must_be_given(schema) && has("nullable")(schema))?;
        schema.shift_remove("nullable");
        put(schema, "default", json!(3))
    }),
    (Minor, "default_changed", |draft, random| {
        let schema = draft.any(random, has("default"))?;
        match schema.shift_remove("nullable") {
            Some(_) => Some(()),
            None => put(schema, "nullable", json!(true)),
        }
    }),
    (Minor, "constraint_loosened", |draft, random| draft.any(random, has("maxLength"))?.shift_remove("maxLength").map(drop)),
    (Minor, "constraint_loosened", |draft, random| put(draft.any(random, is("integer"))?, "maximum", json!(10))),
    (Minor, "constraint_loosened", |draft, random| put(draft.any(random, has("maxItems"))?, "maxItems", json!(5))),
    (Minor, "constraint_loosened", |draft, random| draft.any(random, has("pattern"))?.shift_remove("pattern").map(drop)),
    (Minor, "property_added", |draft, random| {
        draft.any(random, is("object"))?["properties"]["town"] = json!({ "type": "string" });
        Some(())
    }),
    (Minor, "property_removed", |draft, random| {
        draft.any(random, is("object"))?["properties"].as_object_mut()?.shift_remove("age").map(drop)
    }),
    (Minor, "prompt_added", |draft, _| { draft.others.push(("prompts/bye.prompt.md", "Bye.\n".into())); Some(()) }),
    (Minor, "prompt_renamed", |draft, _| {
        draft.file = "prompts/answer.prompt.md";
        put(&mut draft.front, "aliases", json!(["reply"]))
    }),
    (Minor, "alias_added", |draft, _| put(&mut draft.front, "aliases", json!(["answer"]))),
    (Minor, "prompt_deprecated", |draft, _| put(&mut draft.front, "deprecated", json!("Use another."))),
    (Minor, "model_prefer_changed", |draft, _| put(&mut draft.front, "model", json!({ "prefer": ["example/one"] }))),
    (Minor, "tool_added", |draft, _| { draft.tools()?.push(tool("cancel")); Some(()) }),
    (Minor, "tool_argument_added", |draft, _| {
        draft.tools()?.first_mut()?["parameters"]["properties"]["town"] = json!({});
        Some(())
    }),
    (Minor, "output_field_added", |draft, _| { draft.schema()?["properties"]["late"] = json!({}); Some(()) }),
    (Minor, "output_field_added", |draft, _| {
        put(draft.field("more")?, "properties", json!({ "late": { "type": "string" } }))
    }),
    (Minor, "output_narrowed", |draft, random| {
        let (field, key) = *random.pick(&[("score", "anyOf"), ("said", "oneOf")])?;
        draft.field(field)?[key].as_array_mut()?.pop().map(drop)
    }),
    (Minor, "output_narrowed", |draft, random| {
        let kind = *random.pick(&["null", "string"])?;
        put(draft.field("note")?, "type", json!(kind))
    }),
    (Minor, "output_field_required", |draft, _| put(draft.schema()?, "required", json!(["reply", "mood"]))),
    (Minor, "output_enum_value_removed", |draft, _| { draft.schema()?["properties"]["mood"]["enum"] = json!(["calm"]); Some(()) }),
    (Minor, "output_narrowed", |draft, _| { draft.schema()?["properties"]["reply"]["maxLength"] = json!(9); Some(()) }),
    (Minor, "dependency_raised", |draft, _| { draft.manifest = draft.manifest.replace("^1.2", "^2.0"); Some(()) }),
    (Minor, "anvil_raised", |draft, _| { draft.manifest = draft.manifest.replace("version =", "anvil = \">=0.1\"\nversion ="); Some(()) }),
    (Minor, "pattern_changed", |draft, random| {
        put(draft.any(random, has("pattern"))?, "pattern", json!("^[a-z]{2,5}$"))?;
        let of = draft.parameters().iter().find(|(_, schema)| schema["pattern"] == "^[a-z]{2,5}$")?.0.clone();
        draft.manifest.push_str(&format!("\n[compat]\naccept = [\"pattern_changed@reply.{of}\"]\n"));
        Some(())
    }),
    (Minor, "text_changed", |draft, _| {
        draft.body = draft.body.replace("kind", "brief");
        draft.manifest.push_str("\n[compat]\nraise = { text_changed = \"minor\" }\n");
        Some(())
    }),

    (Patch, "text_changed", |draft, _| { draft.body = draft.body.replace("kind", "brief"); Some(()) }),
    (Patch, "messages_changed", |draft, _| {
        draft.body.starts_with("{%").then(|| draft.body.push_str("{% user %}And now?{% enduser %}\n"))
    }),
    (Patch, "role_added", |draft, _| {
        draft.body.starts_with("{%").then(|| draft.body.push_str("{% assistant %}Hi.{% endassistant %}\n"))
    }),
    (Patch, "model_hint_changed", |draft, _| put(&mut draft.front, "model", json!({ "temperature": 0.3 }))),
    (Patch, "trust_changed", |draft, random| put(draft.any(random, is("string"))?, "trust", json!("untrusted"))),
    (Patch, "tests_changed", |draft, _| put(&mut draft.front, "tests", json!([{ "name": "it works" }]))),
    (Patch, "description_changed", |draft, _| put(&mut draft.front, "description", json!("A reply."))),
    (Patch, "description_changed", |draft, random| put(draft.any(random, |_| true)?, "description", json!("Said."))),
    (Patch, "extension_changed", |draft, _| put(&mut draft.front, "x-owner", json!("support"))),
    (Patch, "extension_changed", |draft, random| put(draft.any(random, |_| true)?, "x-owner", json!("support"))),
    (Patch, "tool_description_changed", |draft, _| { draft.tools()?.first_mut()?["description"] = json!("Finds."); Some(()) }),
    (Patch, "output_description_changed", |draft, random| {
        let (field, key) = *random.pick(&[("score", "anyOf"), ("said", "oneOf"), ("mood", "enum"), ("note", "type")])?;
        draft.field(field)?[key].as_array_mut()?.reverse();
        Some(())
    }),
    (Patch, "output_description_changed", |draft, _| { draft.schema()?["properties"]["reply"]["title"] = json!("R"); Some(()) }),
    (Patch, "rewritten", |draft, random| {
        let schema = draft.any(random, has("optional"))?;
        match schema.shift_remove("nullable") {
            Some(_) => Some(()),
            None => put(schema, "nullable", json!(true)),
        }
    }),
    (Patch, "rewritten", |draft, _| {
        let parameters = draft.front.shift_remove("parameters")?;
        let rest = std::mem::take(&mut draft.front);
        draft.front.extend(rest);
        draft.front.insert("parameters".into(), parameters);
        (draft.front.len() > 1).then_some(())
    }),
    (Patch, "private_prompt_changed", |draft, _| { draft.others.push(("prompts/_tone.prompt.md", "Kind.\n".into())); Some(()) }),
    (Patch, "file_changed", |draft, _| { draft.others.push(("README.md", "Replies.\n".into())); Some(()) }),
    (Patch, "manifest_changed", |draft, _| { draft.manifest = draft.manifest.replace("version =", "license = \"MIT\"\nversion ="); Some(()) }),
    (Patch, "dependency_changed", |draft, _| { draft.manifest = draft.manifest.replace("^1.2", "^1.4"); Some(()) }),
];

#[test]
fn every_mutation_is_answered_with_its_class() {
    let cases = std::env::var("ANVIL_MUTATIONS").ok().and_then(|number| number.parse().ok()).unwrap_or(CASES);
    let mut random = Random::seeded(&["mutations"]);
    let mut done = 0;
    while done < cases.max(MUTATIONS.len()) {
        // Each in its turn, with the first draft that has a place for it.
        let (class, rule, mutate) = MUTATIONS[done % MUTATIONS.len()];
        let mut before = Draft::random(&mut random);
        before.manifest.push_str("\n[dependencies]\n\"core/tone\" = \"^1.2\"\n");
        let mut after = before.clone();
        if mutate(&mut after, &mut random).is_none() {
            continue;
        }
        // Something harmless beside it must not hide it, nor be counted for more.
        if random.one_in(3) {
            after.others.push(("LICENSE", "Free.\n".into()));
        }
        let found = between(&before.held(), &after.held(), TRIED);
        let rules: Vec<&str> = found.changes.iter().map(|change| change.rule.id).collect();
        assert_eq!(found.bump(), Some(class), "{rule}: {:#?}\n{before:#?}\n{after:#?}", found.changes);
        assert!(rules.contains(&rule), "{rule}: {rules:?}\n{before:#?}\n{after:#?}");
        done += 1;
    }
}
