//! Whoever does what a hint of `lint` says has nothing more to hear of it.

use anvil::error::Diagnostic;
use anvil::prompt::{Reach, Scope, Set, lint};
use std::sync::Arc;

fn linted(parameters: &str, body: &str) -> Vec<Diagnostic> {
    let (set, _) = Set::from_file("p.md", format!("---\nparameters: {parameters}\n---\n{body}\n").as_bytes());
    lint(&Scope::alone(Arc::new(set)), Reach::Everything)
}

/// Declarations, a use that `lint` has something to say of, what it says, and what is around the use.
const USES: &[(&str, &str, &str, [&str; 2])] = &[
    (
        "{ a: { type: string, optional: true } }",
        "{{ a }}",
        "`a` is optional and printed where it may be absent",
        ["", ""],
    ),
    (
        "{ o: { type: object, optional: true, properties: { a: string } } }",
        "{{ o.a }}",
        "`o.a` is printed where `o` may be absent",
        ["", ""],
    ),
    (
        "{ o: { type: object, optional: true, properties: { a: string }, required: [a] } }",
        "{{ o.a }}",
        "`o.a` is printed where `o` may be absent",
        ["", ""],
    ),
    (
        "{ o: { type: object, properties: { a: string } } }",
        "{{ o.a | upcase }}",
        "`o.a` is optional and put through `upcase` where it may be absent",
        ["", ""],
    ),
    (
        "{ o: { type: object, properties: { p: { type: object, properties: { q: string } } } } }",
        "{{ o.p.q }}",
        "`o.p.q` is printed where `o.p` may be absent",
        ["", ""],
    ),
    ("{ n: { type: string, nullable: true } }", "{{ n }}", "`n` is printed where it may be null", ["", ""]),
    (
        "{ o: { type: object, nullable: true, properties: { a: string }, required: [a] } }",
        "{{ o.a }}",
        "`o.a` is printed where `o` may be null",
        ["", ""],
    ),
    (
        "{ l: { type: array, items: string } }",
        "{{ l[0] }}",
        "`l[0]` is printed where the list may not have it",
        ["", ""],
    ),
    (
        "{ l: { type: array, items: string } }",
        "{{ l[2] }}",
        "`l[2]` is printed where the list may not have it",
        ["", ""],
    ),
    (
        "{ l: { type: array, items: { type: object, properties: { n: string } } } }",
        "{{ i.n }}",
        "`i.n` is printed where it may be absent",
        ["{% for i in l %}", "{% endfor %}"],
    ),
    ("{ m: messages }", "{{ m[0].content }}", "`m[0].content` is printed where the list may not have `m[0]`", ["", ""]),
    (
        "{ l: { type: array, items: string, optional: true } }",
        "{% for i in l %}{{ i }}{% endfor %}",
        "`l` is optional and looped over where it may be absent",
        ["", ""],
    ),
];

#[test]
fn what_a_hint_says_is_enough() {
    for (parameters, used, expected, [before, after]) in USES {
        let findings = linted(parameters, &format!("{before}{used}{after}"));
        let [finding] = findings.as_slice() else { panic!("{used} with {parameters}: {findings:?}") };
        assert_eq!(finding.message, *expected, "{parameters}");
        let hint = finding.hints[0].to_string();
        let written: Vec<&str> = hint.split('`').skip(1).step_by(2).collect();
        let (asked, instead) = written.split_last().unwrap();
        for better in instead.iter().map(ToString::to_string).chain([format!("{asked}{used}{{% endif %}}")]) {
            let findings = linted(parameters, &format!("{before}{better}{after}"));
            assert!(findings.is_empty(), "{better} with {parameters}: {findings:?}");
        }
    }
}

#[test]
fn what_holds_for_several_reasons_is_named_as_the_way() {
    let parameters = "{ n: integer, note: { type: string, optional: true } }";
    let body = "{% if n > 3 %}{% if note or n == 5 %}{{ note }}{% endif %}{% endif %}";
    let told: Vec<String> = linted(parameters, body).into_iter().map(|finding| finding.message).collect();
    let way = "where `if note or n == 5` holds";
    assert_eq!(told, [format!("`note` is optional and printed where it may be absent, {way}")]);
}
