//! What `lint` knows of values from what a template has asked, and from their declarations: where that is
//! enough, it says nothing.

use anvil::prompt::{Reach, Scope, Set, lint};
use std::sync::Arc;

/// Returns what is said of a body with these declarations.
fn told(parameters: &str, body: &str) -> Vec<String> {
    let (set, _) = Set::from_file("p.md", format!("---\nparameters: {parameters}\n---\n{body}\n").as_bytes());
    let findings = lint(&Scope::alone(Arc::new(set)), Reach::Everything);
    findings.iter().map(|finding| format!("{} {}", finding.code, finding.message)).collect()
}

const TEXTS: &str = "{ a: { type: array, items: string } }";
const NOTE: &str = "{ n: { type: string, optional: true } }";

/// Declarations, and bodies that always render.
const SOUND: &[(&str, &str)] = &[
    ("{ n: { type: integer, minimum: 1 } }", "{% for i in (1..n) %}{% assign v = i %}{% endfor %}{{ v }}"),
    ("{ n: { type: integer, exclusiveMinimum: 0 } }", "{% for i in (1..n) %}{% assign v = i %}{% endfor %}{{ v }}"),
    ("{ n: integer }", "{% if n > 1 %}{% for i in (2..n) %}{% assign v = i %}{% endfor %}{{ v }}{% endif %}"),
    (
        "{ a: { type: array, items: string, minItems: 1 } }",
        "{% for i in (1..a.size) %}{% assign v = i %}{% endfor %}{{ v }}",
    ),
    (NOTE, "{% assign has = n | default: false %}{% if has %}{{ n }}{% endif %}"),
    (NOTE, "{% assign m = n | default: \"\" %}{% if m != \"\" %}{{ n }}{% endif %}"),
    (NOTE, "{% assign m = n | default: \"none\" %}{% unless m == \"none\" %}{{ n }}{% endunless %}{{ m }}"),
    (NOTE, "{% assign m = n | default: \"\" %}{% if m.size > 3 %}{{ n }}{% endif %}"),
    (
        "{ l: { type: array, items: string }, n: { type: string, optional: true } }",
        "{% for i in l %}{% assign n = n | default: \"\" %}{% if n != \"\" %}{{ i }}{% endif %}{% endfor %}",
    ),
    (
        "{ l: { type: array, items: string }, n: { type: string, optional: true } }",
        "{% assign x = n | default: \"\" %}{% assign y = n | default: \"\" %}{% for i in l %}\
         {% assign x = y | default: \"\" %}{% assign y = x | default: \"\" %}\
         {% if x == \"\" %}{{ y }}{% endif %}{% if y == \"\" %}{{ x }}{% endif %}{% endfor %}",
    ),
    (TEXTS, "{% if a.size > 1 %}{{ a[1] }}{{ a[0] }}{{ a[-2] }}{% endif %}"),
    (TEXTS, "{% if a.size >= 2 %}{{ a[1] }}{% endif %}"),
    (TEXTS, "{% if a.size == 2 %}{{ a[1] }}{% endif %}"),
    (TEXTS, "{% if a.size < 2 %}x{% else %}{{ a[1] }}{% endif %}"),
    (TEXTS, "{% assign k = a | size %}{% if k > 0 %}{{ a[0] }}{% endif %}"),
    (TEXTS, "{% assign k = a | size %}{% if k > 1 %}{{ a[1] }}{% endif %}"),
    (
        "{ a: { type: array, items: string, minItems: 3 } }",
        "{% for i in a offset: 2 %}{% assign v = i %}{% endfor %}{{ v }}",
    ),
    (
        "{ n: { type: integer, minimum: 1, maximum: 2 } }",
        "{% if n == 1 %}{% assign v = 1 %}{% elsif n == 2 %}{% assign v = 2 %}{% endif %}{{ v }}",
    ),
    (
        "{ l: { type: array, items: { type: object, properties: { q: string }, required: [q] }, minItems: 1 } }",
        "{% assign x = l[0] %}{{ x.q }}",
    ),
];

/// Declarations, bodies that some values do not render, and a part of what is said of them.
const UNSOUND: &[(&str, &str, &str)] = &[
    ("{ n: { type: integer, minimum: 0 } }", "{% for i in (1..n) %}{% assign v = i %}{% endfor %}{{ v }}", "A0357 `v`"),
    ("{ n: { type: number, minimum: 1 } }", "{% for i in (1..n) %}{% assign v = i %}{% endfor %}{{ v }}", "A0357 `v`"),
    (
        "{ n: integer }",
        "{% if n < 9 %}{% for i in (2..n) %}{% assign v = i %}{% endfor %}{{ v }}{% endif %}",
        "A0357 `v`",
    ),
    (NOTE, "{% assign has = n | default: true %}{% if has %}{{ n }}{% endif %}", "A0354 `n`"),
    (NOTE, "{% assign m = n | default: \"\" %}{% if m == \"\" %}{{ n }}{% endif %}", "A0354 `n`"),
    (NOTE, "{% assign m = n | default: \"a\" %}{% if m != \"b\" %}{{ n }}{% endif %}", "A0354 `n`"),
    (TEXTS, "{% if a.size > 0 %}{{ a[1] }}{% endif %}", "A0362 `a[1]`"),
    (TEXTS, "{% if a.size != 2 %}{{ a[1] }}{% endif %}", "A0362 `a[1]`"),
    (TEXTS, "{% if a.size <= 2 %}{{ a[1] }}{% endif %}", "A0362 `a[1]`"),
    (TEXTS, "{% assign k = a | size %}{% if k > 0 %}{{ a[1] }}{% endif %}", "A0362 `a[1]`"),
    (
        "{ a: { type: array, items: string, minItems: 2 } }",
        "{% for i in a offset: 2 %}{% assign v = i %}{% endfor %}{{ v }}",
        "A0357 `v`",
    ),
    (
        "{ n: { type: integer, minimum: 1, maximum: 3 } }",
        "{% if n == 1 %}{% assign v = 1 %}{% elsif n == 2 %}{% assign v = 2 %}{% endif %}{{ v }}",
        "A0357 `v`",
    ),
];

#[test]
fn null_that_is_listed_is_an_item_and_else_is_never_taken() {
    let never = ["A0205 null is never taken here: it counts as not given"];
    assert_eq!(told("{ x: { enum: [null, a] } }", "{{ x }}"), never);
    let property = "{ o: { type: object, properties: { x: { enum: [a, null] } }, required: [x] } }";
    assert_eq!(told(property, "{{ o.x }}"), never);
    assert_eq!(told("{ x: { enum: [null, a], nullable: true } }", "{{ x | default: 1 }}"), [""; 0]);
    assert_eq!(told("{ x: { enum: [null, a], optional: true } }", "{{ x | default: 1 }}"), [""; 0]);
    let items = "{ xs: { type: array, items: { enum: [null, a] } } }";
    let absent = ["A0354 `x` is printed where it may be absent"];
    assert_eq!(told(items, "{% for x in xs %}{{ x }}{% endfor %}"), absent);
    assert_eq!(told(items, "{% for x in xs %}{% if x %}{{ x }}{% endif %}{% endfor %}"), [""; 0]);
}

#[test]
fn what_always_renders_is_left_in_peace() {
    let wrong: Vec<String> = SOUND
        .iter()
        .map(|(parameters, body)| (body, told(parameters, body)))
        .filter(|(_, told)| !told.is_empty())
        .map(|(body, told)| format!("{body}: {told:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_asked_for_too_little_is_told() {
    for (parameters, body, expected) in UNSOUND {
        let told = told(parameters, body);
        assert!(matches!(told.as_slice(), [one] if one.starts_with(expected)), "{body}: {told:?}");
    }
}
