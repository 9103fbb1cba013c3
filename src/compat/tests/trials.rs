//! What trying finds that no declaration shows: everyday breaks that hang on a literal or on a partial's bounds.

use super::pairs::{Held, between};
use crate::archive::FileSet;
use crate::compat::{Comparison, Outcome};
use crate::prompt::Dependencies;

const MANIFEST: &str = "[set]\nname = \"support/replies\"\nversion = \"1.0.0\"\n";

/// Compares two versions of `p`, and of `_q`, which takes `a`: each as its parameters and its body.
fn compared(old: [(&str, &str); 2], new: [(&str, &str); 2], compat: &str) -> Comparison {
    let held = |[p, q]: [(&str, &str); 2], compat: &str| {
        let prompt = |(parameters, body): (&str, &str)| format!("---\nparameters: {{ {parameters} }}\n---\n{body}\n");
        let mut files = FileSet::new();
        files.insert("anvil.toml", format!("{MANIFEST}{compat}"));
        files.insert("prompts/p.prompt.md", prompt(p));
        files.insert("prompts/_q.prompt.md", prompt(q));
        Held::of(files, Dependencies::new())
    };
    between(&held(old, compat), &held(new, compat), 256)
}

fn rules(comparison: &Comparison) -> Vec<&str> {
    comparison.changes.iter().map(|change| change.rule.id).collect()
}

#[test]
fn a_literal_that_a_template_compares_with_is_tried() {
    let q = ("a: string", "{{ a }}");
    let chat = "{% user %}Hello.{% enduser %}";
    let rendered = "{% render \"_q\", a: tier %}";
    for (parameters, condition) in [
        ("tier: string", "tier != \"gold\""),
        ("tier: string", "\"gold\" != tier"),
        ("tier: integer", "tier != 4711"),
        ("tier: { type: object, properties: { name: string }, required: [name] }", "tier.name != \"gold\""),
        ("tier: { type: array, items: string, minItems: 1 }", "tier[0] != \"gold\""),
        ("tier: string", "tier.size != 77"),
        ("tier: { type: array, items: string }", "tier.size != 77"),
    ] {
        let old = (parameters, &*format!("{{% system %}}Be kind.{{% endsystem %}}{chat}"));
        let body = format!("{{% system %}}{{% if {condition} %}}Be kind.{{% endif %}}{{% endsystem %}}{chat}");
        let found = rules(&compared([old, q], [(parameters, &body), q], "")).join(" ");
        assert!(found.contains("sample_failed"), "{parameters}, {condition}: {found}");
    }
    // What it is called in a case, by another name, and in a partial.
    let old = ("tier: string", "{{ tier }}");
    let case = format!("{{% assign t = tier | downcase %}}{{% case t %}}{{% when \"gold\" %}}{FAIL}{{% endcase %}}x");
    let found = rules(&compared([old, q], [("tier: string", &case), q], "")).join(" ");
    assert!(found.contains("sample_failed"), "{found}");
    let inner = ("a: string", &*format!("{{% if a == \"gold\" %}}{FAIL}{{% endif %}}x"));
    let old = ("tier: string", rendered);
    let found = rules(&compared([old, q], [old, inner], "")).join(" ");
    assert!(found.contains("sample_failed"), "{found}");
}

/// Fails whenever it is rendered, and parses.
const FAIL: &str = "{{ 1 | divided_by: 0 }}";

#[test]
fn the_bounds_of_the_partials_that_are_reached_are_tried() {
    for (given, bounds) in [
        ("type: array, items: string", "type: array, items: string, maxItems: 5"),
        ("type: array, items: string", "type: array, items: string, maxItems: 60"),
        ("type: array, items: string", "type: array, items: { type: string, maxLength: 9 }"),
        ("type: string", "type: string, maxLength: 20000"),
        ("type: string", "type: string, max_tokens: 3000"),
        ("type: string", "type: string, pattern: \"^[^,]*$\""),
        ("type: string", "type: string, pattern: \"^[^\\\\t]*$\""),
        ("type: number", "type: number, minimum: -123456"),
        ("type: object", "type: object, properties: { n: { type: integer, maximum: 17 } }"),
    ] {
        let p = (&*format!("a: {{ {given} }}"), "{% render \"_q\", a: a %}");
        let q = |bounds: &str| format!("a: {{ {bounds} }}");
        let body = "{{ a | json }}";
        let comparison = compared([p, (&q(given), body)], [p, (&q(bounds), body)], "");
        assert!(rules(&comparison).contains(&"sample_failed"), "{bounds}: {:#?}", comparison.changes);
    }
    // Tokens that are counted otherwise.
    let counted =
        |tokenizer: &str| format!("a: {{ type: string, max_tokens: 3000 }} }}\nmodel: {{ tokenizer: {tokenizer}");
    let p = ("a: string", "{% render \"_q\", a: a %}");
    for (old, new) in [("o200k_base", "cl100k_base"), ("cl100k_base", "o200k_base")] {
        let comparison = compared([p, (&counted(old), "{{ a }}")], [p, (&counted(new), "{{ a }}")], "");
        assert!(rules(&comparison).contains(&"sample_failed"), "{new}: {:#?}", comparison.changes);
    }
    // As those of a parameter of the prompt itself, of which the declaration tells.
    for (old, new) in [("o200k_base", "cl100k_base"), ("cl100k_base", "o200k_base")] {
        let [old, new] = [old, new].map(|name| counted(name).replace("3000", "5"));
        let comparison = compared([(&old, "{{ a }}"), ("a: string", "")], [(&new, "{{ a }}"), ("a: string", "")], "");
        assert_eq!(rules(&comparison), ["tokenizer_changed"]);
        assert!(comparison.changes[0].witness.is_some(), "{old}");
    }
    // A property that is passed on, and an item.
    for (body, given) in [
        ("{% render \"_q\", a: o.a %}", "o: { type: object, properties: { a: string }, required: [a] }"),
        ("{% for one in o %}{% render \"_q\", a: one %}{% endfor %}", "o: { type: array, items: string }"),
        ("{% render \"_q\" for o as a %}", "o: { type: array, items: string }"),
    ] {
        let q = ("a: { type: string, maxLength: 3000 }", "{{ a }}");
        let comparison = compared([(given, body), ("a: string", "{{ a }}")], [(given, body), q], "");
        assert!(rules(&comparison).contains(&"sample_failed"), "{body}: {:#?}", comparison.changes);
    }
}

#[test]
fn what_is_not_declared_is_tried_as_anything() {
    let q = ("a: string", "{{ a }}");
    for (parameters, old, new) in [
        ("a: { type: array }", "{{ a | json }}", "{{ a | sort | json }}"),
        (
            "a: { type: object }",
            "{% if a.name %}{{ a.name | json }}{% endif %}",
            "{% if a.name %}{{ a.name }}{% endif %}",
        ),
    ] {
        let comparison = compared([(parameters, old), q], [(parameters, new), q], "");
        assert!(rules(&comparison).contains(&"sample_failed"), "{new}: {:#?}", comparison.changes);
    }
}

/// What is acknowledged hides nothing else, where there is what both declarations take.
#[test]
fn beside_what_is_acknowledged_all_else_is_tried() {
    let q = ("a: string", "{{ a }}");
    let accept = "[compat]\naccept = [\"pattern_changed@p.a\"]\n";
    let before = ("a: { type: string, pattern: \"^a\" }, c: { type: string, optional: true }", "{{ a }}");
    let tried = |pattern: &str, body: &str| {
        let after = format!("a: {{ type: string, pattern: \"{pattern}\" }}, c: {{ type: string, optional: true }}");
        let comparison = compared([before, q], [(&after, body), q], accept);
        let found = rules(&comparison).join(" ");
        (found, comparison.trials[0].outcome.clone())
    };
    let (found, outcome) = tried("z$", "{{ a }}");
    assert!(matches!(outcome, Outcome::Tried { passed: 1.., .. }), "{outcome:?}");
    assert_eq!(found, "pattern_changed");
    let (found, _) = tried("z$", "{{ a }}{{ c }}");
    assert!(found.contains("sample_failed"), "{found}");
    // Nothing is taken by both: that is what was acknowledged.
    let (found, outcome) = tried("^b", "{{ a }}");
    assert!(matches!(outcome, Outcome::Tried { passed: 0, .. }), "{outcome:?}");
    assert_eq!(found, "pattern_changed");
}

/// A value may fail a pattern and a bound at once: each change shows what is its own.
#[test]
fn each_change_has_the_witness_of_what_it_changed() {
    let q = ("a: string", "{{ a }}");
    for (own, accept, old, new, about) in [
        ("pattern_changed", "pattern_changed@p.a", "pattern: \"^a\"", "pattern: \"^b\", maxLength: 9", "pattern"),
        ("format_changed", "format_changed@p.a", "format: date", "format: email, maxLength: 9", "an e-mail address"),
    ] {
        let of = |bounds: &str| format!("a: {{ type: string, {bounds} }}");
        let accept = format!("[compat]\naccept = [\"{accept}\"]\n");
        let comparison = compared([(&of(old), "{{ a }}"), q], [(&of(new), "{{ a }}"), q], &accept);
        let error = |rule: &str| {
            let change = comparison.changes.iter().find(|change| change.rule.id == rule);
            change.and_then(|change| change.witness.as_ref()).map_or("", |witness| &witness.error)
        };
        assert!(error(own).contains(about), "{:#?}", comparison.changes);
        assert!(error("constraint_tightened").contains("at most 9 characters"), "{:#?}", comparison.changes);
        assert_eq!(rules(&comparison).len(), 2, "{:?}", rules(&comparison));
    }
}

#[test]
fn what_is_compared_in_other_ways_is_tried() {
    let q = ("a: string", "{{ a }}");
    let two = "tier: string, region: string";
    for (parameters, condition) in [
        ("l: { type: array, items: string }", "l contains \"beta\""),
        ("o: object", "o.kind == \"zork\""),
        ("o: object", "o.kind.name == \"zork\""),
        (two, "tier == \"pro\" and region == \"eu\""),
        (two, "tier == \"pro\" and region != \"eu\""),
        (two, "region == \"eu\" and tier == \"pro\" or tier == \"max\" and region == \"eu\""),
        ("o: object, n: integer", "o.kind == \"zork\" and n > 4711"),
        ("l: { type: array, items: string }, tier: string", "l contains \"beta\" and tier == \"pro\""),
    ] {
        let fails = format!("{{% if {condition} %}}{FAIL}{{% endif %}}x");
        let found = rules(&compared([(parameters, "x"), q], [(parameters, &fails), q], "")).join(" ");
        assert!(found.contains("sample_failed"), "{parameters}, {condition}: {found}");
    }
    for (parameters, fails) in [
        ("a: string", "{% assign k = \"zork\" %}{% if a == k %}FAIL{% endif %}"),
        (two, "{% if tier == \"pro\" %}{% if region == \"eu\" %}FAIL{% endif %}{% endif %}"),
        (two, "{% case tier %}{% when \"pro\" %}{% if region == \"eu\" %}FAIL{% endif %}{% endcase %}"),
    ] {
        let fails = fails.replace("FAIL", FAIL);
        let found = rules(&compared([(parameters, "x"), q], [(parameters, &fails), q], "")).join(" ");
        assert!(found.contains("sample_failed"), "{fails}: {found}");
    }
    // What a renamed parameter is compared with is given by its old name, and a partial may be told a literal.
    let renamed = "plan: { type: string, aliases: [tier] }, region: string";
    let fails = format!("{{% if plan == \"pro\" and region == \"eu\" %}}{FAIL}{{% endif %}}x");
    let found = rules(&compared([(two, "x"), q], [(renamed, &fails), q], "")).join(" ");
    assert!(found.contains("sample_failed"), "{found}");
    let p = ("b: string", "{% render \"_q\", a: \"zork\", b: b %}");
    let fails = format!("{{% if a == b %}}{FAIL}{{% endif %}}x");
    let q = |body| ("a: string, b: string", body);
    let found = rules(&compared([p, q("{{ a }}{{ b }}")], [p, q(&fails)], "")).join(" ");
    assert!(found.contains("sample_failed"), "{found}");
}

#[test]
fn what_a_pattern_bars_is_tried() {
    for bars in ["^[^@]*$", "^[^§]*$", "^(a|[^~µ]+)*$"] {
        let p = ("e: string", "{% render \"_q\", a: e %}");
        let q = format!("a: {{ type: string, pattern: \"{bars}\" }}");
        let found = rules(&compared([p, ("a: string", "{{ a }}")], [p, (&q, "{{ a }}")], "")).join(" ");
        assert!(found.contains("sample_failed"), "{bars}: {found}");
    }
}

/// A null that stood for a default is one that callers may give.
#[test]
fn a_null_is_tried_wherever_it_was_taken() {
    let q = ("a: string", "{{ a }}");
    let text = |nullable: &str| format!("{{ type: string, default: q{nullable} }}");
    let listed = "b: { enum: [p, q] }";
    for (parameters, body) in [
        ("e: TEXT", "{{ e }}"),
        ("e: TEXT, n: { type: string, nullable: true }, o: { type: string, optional: true }", "{{ e }}"),
        ("o: { type: object, properties: { p: TEXT } }", "{{ o.p }}"),
        (
            "xs: { type: array, items: { type: object, properties: { p: TEXT } } }",
            "{{ xs | map: \"p\" | join: \",\" }}",
        ),
        (&*format!("e: TEXT, {listed}"), "{% if b == \"q\" %}{{ e }}{% endif %}"),
        (&*format!("e: TEXT, {listed}"), "{% unless b == \"p\" %}{{ e }}{% endunless %}"),
        ("e: TEXT, b: string", "{% if b == \"q\" %}{{ e }}{% endif %}"),
        ("e: TEXT, b: string, c: string", "{% if b == \"q\" and c == \"r\" %}{{ e }}{% endif %}"),
    ] {
        let with = |nullable: &str| parameters.replace("TEXT", &text(nullable));
        let found = rules(&compared([(&with(""), body), q], [(&with(", nullable: true"), body), q], "")).join(" ");
        assert!(found.contains("sample_failed"), "{parameters}, {body}: {found}");
    }
}
