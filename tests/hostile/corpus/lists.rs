//! Work on long lists and deep values that is done again and again.

use super::{Corpus, Hostile, add};
use serde_json::{Map, Value, json};

/// What walks along a list of anything.
const WALKS: [&str; 13] = [
    "sort",
    "sort_natural",
    "uniq",
    "reverse",
    "compact",
    "join: ','",
    "json",
    "concat: items",
    "first | json",
    "slice: 1, 10000",
    "map: 'a'",
    "sum",
    "last | json",
];

/// What walks along a list of objects.
const SEARCHES: [&str; 12] = [
    "map: 'a'",
    "where: 'a', 'nowhere'",
    "where: 'b'",
    "reject: 'a', 'nowhere'",
    "find: 'a', 'nowhere'",
    "find_index: 'a', 'nowhere'",
    "has: 'a', 'nowhere'",
    "sort: 'a'",
    "sort_natural: 'b'",
    "uniq: 'a'",
    "sum: 'a'",
    "compact: 'a'",
];

const LENGTH: usize = 20_000;

fn numbers() -> Vec<Value> {
    // In no order, and none twice.
    (0..LENGTH).map(|at| Value::from(at * 7919 % LENGTH)).collect()
}

fn words() -> Vec<Value> {
    (0..LENGTH).map(|at| Value::from(format!("word {}", at * 7919 % LENGTH))).collect()
}

fn objects() -> Vec<Value> {
    (0..LENGTH).map(|at| json!({ "a": at * 7919 % LENGTH, "b": format!("B{at}") })).collect()
}

/// Returns `[[[…[]…]]]`. What a reader of JSON takes is 128 deep.
fn deep_list(depth: usize) -> Value {
    (0..depth).fold(json!([]), |inner, _| Value::Array(vec![inner]))
}

fn deep_object(depth: usize) -> Value {
    (0..depth).fold(json!({}), |inner, _| Value::Object(Map::from_iter([("a".to_owned(), inner)])))
}

pub fn all(corpus: &mut Corpus) {
    for filter in WALKS {
        for kind in ["numbers", "words", "objects"] {
            let items = match kind {
                "numbers" => numbers,
                "words" => words,
                _ => objects,
            };
            add(corpus, format!("20,000 {kind} through `{filter}` in a loop"), move || {
                let body = format!(
                    "{{% for i in (1..2000) %}}{{% for j in (1..1000) %}}{{% assign t = items | {filter} %}}{{% endfor %}}{{% endfor %}}"
                );
                Hostile::body(body).value("items", items())
            });
        }
    }
    for filter in SEARCHES {
        add(corpus, format!("20,000 objects through `{filter}`, the property too, in a loop"), move || {
            let body = format!(
                "{{% for i in (1..2000) %}}{{% for j in (1..1000) %}}{{% assign t = items | {filter} %}}{{% endfor %}}{{% endfor %}}"
            );
            Hostile::body(body).value("items", objects())
        });
    }
    for (what, condition) in [
        ("equality", "items == others"),
        ("containment", "items contains 'nothing'"),
        ("containment of the list in itself", "items contains items"),
    ] {
        add(corpus, format!("{what} of long lists in a loop"), move || {
            let body = format!(
                "{{% for i in (1..2000) %}}{{% for j in (1..1000) %}}{{% if {condition} %}}{{% endif %}}{{% endfor %}}{{% endfor %}}"
            );
            Hostile::body(body).value("items", objects()).value("others", objects())
        });
    }
    growth(corpus);
    deep(corpus);
}

fn growth(corpus: &mut Corpus) {
    for (what, step) in [
        ("concat", "{% assign list = list | concat: list %}"),
        ("concat and sort", "{% assign list = list | concat: list | sort %}"),
        ("concat and reverse", "{% assign list = list | concat: list | reverse %}"),
        ("concat and compact", "{% assign list = list | concat: list | compact %}"),
        ("join and split", "{% assign list = list | concat: list | join: ',' | split: ',' %}"),
        ("json and split", "{% assign list = list | concat: list | json | split: ',' %}"),
    ] {
        add(corpus, format!("a list that grows by {what}, in a loop"), move || {
            let body = format!("{{% assign list = 'a,b' | split: ',' %}}{{% for i in (1..80) %}}{step}{{% endfor %}}");
            Hostile::body(body + "{{ list | join: ',' }}")
        });
        add(corpus, format!("a list that grows by {what}, written out"), move || {
            let body = format!("{{% assign list = 'a,b' | split: ',' %}}{}", step.repeat(80));
            Hostile::body(body + "{{ list | join: ',' }}")
        });
    }
    add(corpus, "a list that grows by what is in it", || {
        Hostile::body(
            "{% assign list = items %}{% for i in (1..80) %}{% for item in list %}{% assign list = list | concat: items %}\
             {% endfor %}{% endfor %}{{ list | json }}",
        )
        .value("items", words())
    });
    add(corpus, "many lists kept", || {
        let kept: String = (0..500).map(|at| format!("{{% assign v{at} = items | reverse %}}")).collect();
        Hostile::fused(kept).value("items", numbers())
    });
    add(corpus, "a list made of a text again and again", || {
        let body = "{% for i in (1..2000) %}{% for j in (1..1000) %}{% assign list = s | split: ',' | uniq | sort | reverse %}{% endfor %}{% endfor %}";
        Hostile::body(body).value("s", "a,b,c,".repeat(1000))
    });
}

/// Values as deep as a reader of JSON takes them, and deeper ones that an application can build.
fn deep(corpus: &mut Corpus) {
    for kind in ["list", "object"] {
        let make = if kind == "list" { deep_list } else { deep_object };
        for filter in ["json", "json: 2"] {
            add(corpus, format!("a deep {kind} through `{filter}` in a loop"), move || {
                let body = format!(
                    "{{% for i in (1..2000) %}}{{% for j in (1..1000) %}}{{% assign t = v | {filter} %}}{{% endfor %}}{{% endfor %}}"
                );
                Hostile::body(body).value("v", make(120))
            });
        }
        add(corpus, format!("deep {kind}s compared in a loop"), move || {
            let body =
                "{% for i in (1..2000) %}{% for j in (1..1000) %}{% if v == w %}{% endif %}{% endfor %}{% endfor %}";
            Hostile::body(body).value("v", make(120)).value("w", make(120))
        });
        for depth in [300, 1000, 2000] {
            add(corpus, format!("a {kind} {depth} deep through `json`"), move || {
                Hostile::fused("{% assign t = v | json %}").value("v", make(depth))
            });
            add(corpus, format!("{kind}s {depth} deep compared"), move || {
                Hostile::fused("{% if v == w %}{% endif %}").value("v", make(depth)).value("w", make(depth))
            });
        }
    }
    add(corpus, "a deep list printed", || Hostile::body("{{ v }}").value("v", deep_list(120)));
    add(corpus, "a deep list joined", || {
        let body =
            "{% for i in (1..2000) %}{% for j in (1..1000) %}{% assign t = v | join: ',' %}{% endfor %}{% endfor %}";
        Hostile::body(body).value("v", Value::Array(vec![deep_list(120); 1000]))
    });
}
