//! Prompts that render each other for ever, or too often.

use super::{Corpus, FUSE, Hostile, add};

const NOTHING: &str = "---\nparameters: {}\n---\n";

fn file(body: &str) -> String {
    format!("{NOTHING}{body}")
}

pub fn all(corpus: &mut Corpus) {
    add(corpus, "a prompt that renders itself", || Hostile::body("{% render \"main\" %}"));
    add(corpus, "a prompt that renders itself twice", || Hostile::body("{% render \"main\" %}".repeat(2)));
    add(corpus, "a prompt that renders itself 10,000 times", || Hostile::body("{% render \"main\" %}".repeat(10_000)));
    add(corpus, "a prompt that renders itself where nobody comes", || {
        Hostile::body("{% if false %}{% render \"main\" %}{% endif %}")
    });
    add(corpus, "a prompt that renders itself in a loop", || {
        Hostile::body("{% for i in (1..100) %}{% render \"main\" %}{% endfor %}")
    });
    add(corpus, "a prompt that renders itself in a block", || {
        Hostile::body("{% capture a %}{% render \"main\" %}{% endcapture %}")
    });
    add(corpus, "a prompt that renders itself in a message", || {
        Hostile::body("{% system %}{% render \"main\" %}{% endsystem %}")
    });
    add(corpus, "a prompt that renders itself with more each time", || {
        Hostile::file(
            "---\nparameters:\n  s: { type: string, default: aa }\n---\n{% assign t = s | append: s %}{% render \"main\", s: t %}",
        )
    });
    add(corpus, "a prompt that renders itself for each of a list", || {
        Hostile::body("{% assign r = \"a,b,c\" | split: \",\" %}{% render \"main\" for r %}")
    });
    for length in [2, 3, 5, 10, 16, 17, 100, 1000] {
        add(corpus, format!("{length} prompts in a circle"), move || circle(length, 1));
    }
    for (length, times) in [(2, 10), (5, 5), (10, 4), (16, 2), (16, 20), (50, 10)] {
        add(corpus, format!("{length} prompts in a circle, each {times} times"), move || circle(length, times));
    }
    for depth in [17, 18, 20, 32, 100, 1000, 5000] {
        add(corpus, format!("partials {depth} deep"), move || tree(depth, 1, "x"));
    }
    for depth in [17, 32, 64] {
        add(corpus, format!("partials {depth} deep, two of each"), move || tree(depth, 2, "x"));
    }
    checks(corpus);
    let work = "{% assign a = 1 %}".repeat(32);
    for times in [2, 3, 4, 8, 16, 64] {
        let work = work.clone();
        add(corpus, format!("partials 16 deep, {times} of each, with work at the end"), move || tree(16, times, &work));
    }
    for (depth, times) in [(12, 5), (8, 10), (6, 20), (4, 200), (3, 2000), (2, 40_000)] {
        let work = work.clone();
        add(corpus, format!("partials {depth} deep, {times} of each, with work at the end"), move || {
            tree(depth, times, &work)
        });
    }
    for times in [2, 8, 64] {
        add(corpus, format!("partials 16 deep, {times} of each, that nobody renders"), move || {
            let tree = tree(16, times, FUSE).value("fuse", "no date");
            Hostile { body: format!("{{% if fuse == '' %}}{}{{% endif %}}{FUSE}", tree.body), ..tree }
        });
    }
    loops(corpus);
}

/// Returns `length` prompts, each of which renders the next, and the last the first.
fn circle(length: usize, times: usize) -> Hostile {
    let call = |at: usize| {
        let name = if at == length { "main".to_owned() } else { format!("p{at}") };
        format!("{{% render \"{name}\" %}}").repeat(times)
    };
    (1..length).fold(Hostile::body(call(1)), |hostile, at| hostile.partial(&format!("p{at}"), file(&call(at + 1))))
}

/// Returns prompts `depth` deep, each of which renders the next some `times`; the last has `end`.
fn tree(depth: usize, times: usize, end: &str) -> Hostile {
    let call = |at: usize| format!("{{% render \"p{at}\" %}}").repeat(times);
    let declared =
        if end == FUSE { "---\nparameters:\n  fuse: { type: string, default: no date }\n---\n" } else { NOTHING };
    (1..depth).fold(Hostile::body(call(1)), |hostile, at| {
        let text = if at + 1 == depth { format!("{declared}{end}") } else { file(&call(at + 1)) };
        hostile.partial(&format!("p{at}"), text)
    })
}

/// Partials in loops.
fn loops(corpus: &mut Corpus) {
    let part = "---\nparameters:\n  a: { type: string, optional: true }\n---\n";
    add(corpus, "a partial in a loop to 1e8", move || {
        Hostile::body("{% for i in (1..100000000) %}{% render \"p\" %}{% endfor %}").partial("p", part)
    });
    add(corpus, "a partial for each of 1e8", move || {
        Hostile::body("{% assign r = (1..100000000) %}{% render \"p\" for r as a %}").partial("p", part)
    });
    add(corpus, "a partial for each of a list in a loop", move || {
        let items: Vec<serde_json::Value> = (0..1000).map(|at| format!("{at}").into()).collect();
        Hostile::body(
            "{% for i in (1..2000) %}{% for j in (1..1000) %}{% render \"p\" for items as a %}{% endfor %}{% endfor %}",
        )
        .value("items", items)
        .partial("p", part)
    });
    add(corpus, "a partial that is given more each time", move || {
        Hostile::body("{% assign s = \"aa\" %}{% for i in (1..80) %}{% assign s = s | append: s %}{% render \"p\", a: s %}{% endfor %}")
            .partial("p", format!("{part}{{{{ a }}}}"))
    });
    add(corpus, "a megabyte handed on 16 deep in a loop", || {
        let hand_on = |to: usize| format!("---\nparameters:\n  a: string\n---\n{{% render \"p{to}\", a: a %}}");
        let end = "---\nparameters:\n  a: string\n---\n{% if a == '' %}{% endif %}";
        let start = Hostile::body(
            "{% for i in (1..2000) %}{% for j in (1..1000) %}{% render \"p1\", a: s %}{% endfor %}{% endfor %}",
        )
        .value("s", "a".repeat(1 << 20))
        .partial("p15", end);
        (1..15).fold(start, |hostile, at| hostile.partial(&format!("p{at}"), hand_on(at + 1)))
    });
    for (what, check) in [
        ("a long pattern", "{ type: string, pattern: \"(a|b|ab)*c\" }"),
        ("a format", "{ type: string, format: email }"),
        ("a length", "{ type: string, maxLength: 2000000 }"),
    ] {
        add(corpus, format!("a megabyte checked by {what} in a loop"), move || {
            Hostile::body(
                "{% for i in (1..2000) %}{% for j in (1..1000) %}{% render \"p\", a: s %}{% endfor %}{% endfor %}",
            )
            .value("s", "ab".repeat(512 << 10))
            .partial("p", format!("---\nparameters:\n  a: {check}\n---\n{{% if a == '' %}}{{% endif %}}"))
        });
    }
    add(corpus, "tokens counted in a loop", || {
        Hostile::body(
            "{% for i in (1..2000) %}{% for j in (1..1000) %}{% render \"p\", a: s %}{% endfor %}{% endfor %}",
        )
        .value("s", "ab ".repeat(4000))
        .partial("p", "---\nparameters:\n  a: { type: string, max_tokens: 10 }\n---\n{{ a }}")
    });
    add(corpus, "a long list checked in a loop", || {
        let items: Vec<serde_json::Value> = (0..20_000).map(Into::into).collect();
        Hostile::body(
            "{% for i in (1..2000) %}{% for j in (1..1000) %}{% render \"p\", a: items %}{% endfor %}{% endfor %}",
        )
        .value("items", items)
        .partial("p", "---\nparameters:\n  a: { type: array, items: { type: integer } }\n---\n{{ a[0] }}")
    });
}

/// Partials that check what they are given, in ways that take long, again and again.
fn checks(corpus: &mut Corpus) {
    let words = |count: usize| (0..count).map(|at| format!("word{at}")).collect::<Vec<_>>().join(", ");
    let texts = [
        ("letters", "a".repeat(50_000)),
        ("two letters", "ab".repeat(25_000)),
        ("dots", "a.".repeat(25_000)),
        ("slashes", "http://a/%41".repeat(4_000)),
        ("an address", format!("{}@{}", "a".repeat(60), "a.".repeat(20_000))),
        ("words", "some more words ".repeat(3_000)),
    ];
    for (what, schema) in [
        ("a pattern with many states", "pattern: \"(?:[ab]*a[ab]{200})+c|$\"".to_owned()),
        ("a pattern with many ways", format!("pattern: \"(?:{}){{20}}c|$\"", "a?b?".repeat(40))),
        ("a pattern of words", "pattern: \"(?i)(some|more|words|[^ ]+ ){3,40}!|$\"".to_owned()),
        ("the form of a URI", "format: uri".to_owned()),
        ("the form of an address", "format: email".to_owned()),
        ("the form of a time", "format: date-time".to_owned()),
        ("a length", "minLength: 100000".to_owned()),
        ("tokens", "max_tokens: 40000".to_owned()),
        ("many values", format!("enum: [{}]", words(20_000))),
    ] {
        for (of, text) in texts.clone() {
            let schema = schema.clone();
            add(corpus, format!("partials that check {what} of {of}, a million times"), move || {
                let partial =
                    format!("---\nparameters:\n  s: {{ type: string, {schema} }}\n---\n{{{{ s | slice: 0 }}}}");
                Hostile::body("{% for i in (1..1000000) %}{% render \"p\", s: t %}{% endfor %}".to_owned() + FUSE)
                    .value("t", text.clone())
                    .value("fuse", "no date")
                    .partial("p", partial)
            });
        }
        let schema = schema.clone();
        add(corpus, format!("partials that check {what} of 20,000 items, a million times"), move || {
            let items = format!("{{ type: array, items: {{ type: string, {schema} }} }}");
            let partial = format!("---\nparameters:\n  s: {items}\n---\n{{{{ s.size }}}}");
            Hostile::body("{% for i in (1..1000000) %}{% render \"p\", s: t %}{% endfor %}".to_owned() + FUSE)
                .value("t", vec!["word19999"; 20_000])
                .value("fuse", "no date")
                .partial("p", partial)
        });
    }
    defaults(corpus);
}

/// Defaults that stand in for much, or very often.
fn defaults(corpus: &mut Corpus) {
    let long = "a".repeat(1_000_000);
    let list = format!("[{}]", vec!["{}"; 20_000].join(", "));
    for (what, parameter) in [
        ("a text", format!("{{ type: string, default: {long} }}")),
        ("a list", format!("{{ type: array, items: {{ type: object }}, default: {list} }}")),
    ] {
        add(corpus, format!("partials with {what} as default, a million times"), move || {
            let partial = format!("---\nparameters:\n  s: {parameter}\n---\n{{{{ s.size }}}}");
            Hostile::body("{% for i in (1..1000000) %}{% render \"p\" %}{% endfor %}").partial("p", partial)
        });
    }
    for (what, property) in [
        ("a long text", format!("a: {{ type: string, default: {} }}", &long[..100_000])),
        ("many others", (0..2_000).map(|at| format!("a{at}: {{ type: string, default: b }}, ")).collect()),
        ("nothing, of many", (0..2_000).map(|at| format!("a{at}: string, ")).collect()),
    ] {
        let list = list.clone();
        add(corpus, format!("20,000 items that default to {what}"), move || {
            let items = format!("{{ type: object, properties: {{ {property} }} }}");
            Hostile::file(format!(
                "---\nparameters:\n  l: {{ type: array, items: {items}, default: {list} }}\n---\n{{{{ l }}}}"
            ))
        });
    }
    add(corpus, "20,000 items that must have 2,000 properties", || {
        let names: Vec<String> = (0..2_000).map(|at| format!("a{at}")).collect();
        let properties: String = names.iter().map(|name| format!("{name}: string, ")).collect();
        let items = format!("{{ type: object, properties: {{ {properties} }}, required: [{}] }}", names.join(", "));
        let items = format!("---\nparameters:\n  l: {{ type: array, items: {items} }}\n---\n{{{{ l }}}}");
        Hostile::file(items).value("l", vec![serde_json::json!({}); 20_000])
    });
    add(corpus, "20,000 items that are none of 10,000 values", || {
        let words = (0..10_000).map(|at| format!("word{at}")).collect::<Vec<_>>().join(", ");
        let file = format!("---\nparameters:\n  l: {{ type: array, items: {{ enum: [{words}] }} }}\n---\n{{{{ l }}}}");
        Hostile::file(file).value("l", vec!["wodr5000"; 20_000])
    });
    add(corpus, "2,000 arguments that a partial with 2,000 parameters does not know", || {
        let parameters: String = (0..2_000).map(|at| format!("  parameter{at}: string\n")).collect();
        let arguments: String = (0..2_000).map(|at| format!(", paramter{at}: 1")).collect();
        Hostile::body(format!("{{% render \"p\"{arguments} %}}"))
            .partial("p", format!("---\nparameters:\n{parameters}---\nx"))
    });
}
