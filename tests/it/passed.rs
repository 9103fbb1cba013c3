//! What a caller declares of what it passes to a partial, held against what that takes: what `lint` says,
//! and what rendering does.

use anvil::archive::FileSet;
use anvil::manifest::{Manifest, Strictness};
use anvil::prompt::{Reach, Scope, Set, lint};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A prompt that takes `n` and passes it on as `k`, in some way.
struct Case {
    given: &'static str,
    body: &'static str,
    taken: &'static str,
}

impl Case {
    fn scope(&self) -> Scope {
        let mut files = FileSet::new();
        let main = format!("---\nparameters: {{ n: {} }}\n---\n{}", self.given, self.body);
        let partial = format!("---\nparameters: {{ k: {} }}\n---\n{{{{ k | json }}}}", self.taken);
        for (path, text) in [("main", main), ("_o", partial)] {
            files.insert(format!("prompts/{path}.prompt.md"), text.into_bytes());
        }
        let manifest = "[set]\nname = \"a/b\"\nversion = \"0.1.0\"\n";
        let manifest = Manifest::parse("anvil.toml", manifest, Strictness::Own).unwrap();
        Scope::alone(Arc::new(Set::load(&manifest, &files)))
    }

    /// Returns what is said, each with how loudly.
    fn told(&self) -> Vec<String> {
        let findings = lint(&self.scope(), Reach::Everything);
        let loudness = |is_error: bool| if is_error { "error" } else { "warning" };
        findings.iter().map(|it| format!("{} {} {}", loudness(it.is_error()), it.code, it.message)).collect()
    }

    fn renders(&self, value: Value) -> bool {
        let values = Map::from_iter([("n".to_owned(), value)]);
        self.scope().own(&"main".parse().unwrap()).unwrap().render(values).is_ok()
    }
}

const ONE: &str = "{% render '_o', k: n %}";
const EACH: &str = "{% render '_o' for n as k %}";
const P: &str = "{ type: object, properties: { p: string }, required: [p] }";

#[test]
fn what_a_partial_never_takes_is_an_error() {
    let cases = [
        (
            Case { given: "{ type: object, properties: { q: string } }", body: ONE, taken: P },
            json!({ "p": "x", "q": "x" }),
            "`_o` never takes `n` as `k`: `k.p` is required, and nothing of that name is declared here",
        ),
        (
            Case { given: "{ type: object, properties: { p: integer }, required: [p] }", body: ONE, taken: P },
            json!({ "p": 1 }),
            "`_o` never takes `n` as `k`: `k.p` must be a string, not a number",
        ),
        (
            Case { given: "{ type: array, items: { type: object, properties: { q: string } } }", body: EACH, taken: P },
            json!([{ "p": "x" }]),
            "`_o` never takes an item of `n` as `k`: `k.p` is required, and nothing of that name is declared here",
        ),
        (
            Case {
                given: "{ type: array, items: string, minItems: 1 }",
                body: ONE,
                taken: "{ type: array, items: integer }",
            },
            json!(["x"]),
            "`_o` never takes `n` as `k`: `k[…]` must be an integer, not a string",
        ),
        (
            Case { given: "{ type: integer, minimum: 6 }", body: ONE, taken: "{ type: number, maximum: 5 }" },
            json!(6),
            "`_o` never takes `n` as `k`: `k` must be at most 5",
        ),
    ];
    for (case, value, expected) in cases {
        assert_eq!(case.told(), [format!("error A0356 {expected}")], "{}", case.given);
        assert!(!case.renders(value), "{}", case.given);
    }
}

#[test]
fn what_a_partial_does_not_always_take_is_warned_of() {
    let cases = [
        (
            Case { given: "{ type: array, items: string }", body: ONE, taken: "{ type: array, items: integer }" },
            [json!([]), json!(["x"])],
            "`_o` does not always take `n` as `k`: `k[…]` must be an integer, not a string",
        ),
        (
            Case { given: "{ type: object, properties: { p: string } }", body: ONE, taken: P },
            [json!({ "p": "x" }), json!({})],
            "`_o` does not always take `n` as `k`: `k.p` is required, and may be absent here",
        ),
        (
            Case { given: "{ type: array, items: { type: object, properties: { p: string } } }", body: EACH, taken: P },
            [json!([]), json!([{}])],
            "`_o` does not always take an item of `n` as `k`: `k.p` is required, and may be absent here",
        ),
        (
            Case { given: "number", body: ONE, taken: "integer" },
            [json!(1), json!(1.5)],
            "`_o` does not always take `n` as `k`: `k` must be an integer, not any number",
        ),
        (
            Case { given: "string", body: ONE, taken: "{ enum: [a, b] }" },
            [json!("a"), json!("c")],
            "`_o` does not always take `n` as `k`: `k` must be one of a, b, not any string",
        ),
        (
            Case { given: "integer", body: ONE, taken: "{ type: integer, maximum: 5 }" },
            [json!(5), json!(6)],
            "`_o` does not always take `n` as `k`: `k` must be at most 5",
        ),
    ];
    for (case, [taken, refused], expected) in cases {
        assert_eq!(case.told(), [format!("warning A0356 {expected}")], "{}", case.given);
        assert!(case.renders(taken) && !case.renders(refused), "{}", case.given);
    }
}

#[test]
fn what_fits_or_was_asked_about_is_left_in_peace() {
    let cases = [
        ("{ type: object, properties: { p: string, q: string }, required: [p] }", ONE, P),
        ("{ type: object, properties: { p: { type: string, default: x } } }", ONE, P),
        ("{ type: object, properties: { p: string } }", "{% if n.p %}{% render '_o', k: n %}{% endif %}", P),
        ("object", ONE, P),
        ("{ type: array, items: integer }", ONE, "{ type: array, items: number }"),
        ("{ type: integer, exclusiveMaximum: 6 }", ONE, "{ type: integer, maximum: 5 }"),
        ("number", "{% if n > 2 %}{% render '_o', k: n %}{% endif %}", "integer"),
        ("string", "{% if n == 'a' or n == 'b' %}{% render '_o', k: n %}{% endif %}", "{ enum: [a, b] }"),
        ("string", "{% case n %}{% when 'a' %}{% render '_o', k: n %}{% endcase %}", "{ enum: [a, b] }"),
        ("string", "{% assign m = n | downcase %}{% render '_o', k: m %}", "{ enum: [a, b] }"),
        ("string", ONE, "{ type: string, pattern: x, minLength: 3, max_tokens: 9 }"),
        ("messages", ONE, "messages"),
        ("{ type: array, items: string }", "{% render '_o', k: n.size %}", "{ type: integer, maximum: 9 }"),
        ("integer", "{% for i in (1..n) %}{% render '_o', k: i %}{% endfor %}", "{ type: integer, minimum: 1 }"),
    ];
    for (given, body, taken) in cases {
        assert_eq!(Case { given, body, taken }.told(), Vec::<String>::new(), "{given} {body}");
    }
}
