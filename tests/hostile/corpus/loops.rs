//! Loops that do not end in a lifetime: long ranges, and loops in loops.

use super::{Corpus, Hostile, add};
use serde_json::{Value, json};

/// Ends of ranges, each too far away to be walked to.
const ENDS: [&str; 7] = [
    "10000000",
    "100000000",
    "2147483648",
    "9999999999",
    "9007199254740993",
    "9223372036854775807",
    "99999999999999999999",
];

/// What a loop can do at each turn.
const BODIES: [(&str, &str); 8] = [
    ("nothing", ""),
    ("text", "x"),
    ("its number", "{{ i }}"),
    ("an assignment", "{% assign a = i | plus: 1 %}"),
    ("a capture", "{% capture a %}{{ i }}{% endcapture %}"),
    ("a condition", "{% if i == 0 %}x{% endif %}"),
    ("an increment", "{% increment n %}"),
    ("a cycle", "{% cycle 'a', 'b', 'c' %}"),
];

pub fn all(corpus: &mut Corpus) {
    for end in ENDS {
        add(corpus, format!("a loop to {end}"), move || {
            Hostile::body(format!("{{% for i in (1..{end}) %}}{{% endfor %}}"))
        });
    }
    for (what, body) in BODIES {
        add(corpus, format!("a loop to 1e8 with {what}"), move || {
            Hostile::body(format!("{{% for i in (1..100000000) %}}{body}{{% endfor %}}"))
        });
    }
    for (what, body) in BODIES {
        add(corpus, format!("two million turns with {what}"), move || {
            let inner = format!("{{% for i in (1..1000) %}}{body}{{% endfor %}}");
            Hostile::body(format!("{{% for k in (1..2000) %}}{inner}{{% endfor %}}"))
        });
    }
    for (what, arguments) in [
        ("reversed", "reversed"),
        ("limited too late", "limit: 50000000"),
        ("begun late", "offset: 50000000"),
        ("all of it", "reversed limit: 90000000 offset: 1"),
    ] {
        add(corpus, format!("a loop to 1e8, {what}"), move || {
            Hostile::body(format!("{{% for i in (1..100000000) {arguments} %}}x{{% endfor %}}"))
        });
    }
    for (what, body) in [
        ("continues", "{% continue %}"),
        ("breaks another", "{% for j in (1..9) %}{% break %}{% endfor %}"),
        ("ends in vain", "{% if i == 0 %}{% break %}{% endif %}"),
    ] {
        add(corpus, format!("a loop to 1e9 that {what}"), move || {
            Hostile::body(format!("{{% for i in (1..1000000000) %}}{body}{{% endfor %}}"))
        });
    }
    add(corpus, "a loop up from the smallest integer", || {
        Hostile::body("{% for i in (-9223372036854775808..9223372036854775807) %}{% endfor %}")
    });
    add(corpus, "a loop over a range that was assigned", || {
        Hostile::body("{% assign r = (1..1000000000) %}{% for i in r %}x{% endfor %}")
    });
    for (what, end) in [
        ("a large integer", json!(i64::MAX)),
        ("a larger integer", json!(u64::MAX)),
        ("a large number", json!(1e300)),
        ("digits", json!("9999999999")),
    ] {
        add(corpus, format!("a loop to {what} of a caller's"), move || {
            Hostile::body("{% for i in (1..n) %}x{% endfor %}").value("n", end.clone())
        });
    }
    ranges_as_lists(corpus);
    nested(corpus);
    tables(corpus);
    tags_in_loops(corpus);
}

/// Ranges that a filter would have to write out.
fn ranges_as_lists(corpus: &mut Corpus) {
    for filter in [
        "join: ','",
        "reverse | join: ','",
        "sort | join: ','",
        "uniq | join: ','",
        "compact | join: ','",
        "sum | append: fuse | date: '%Y'",
        "map: 'x' | join: ','",
        "where: 'x', 1 | join: ','",
        "concat: fuse | join: ','",
    ] {
        let name = filter.split(':').next().unwrap_or(filter);
        add(corpus, format!("a range of 1e9 through {name}"), move || {
            Hostile::body(format!("{{% assign r = (1..1000000000) %}}{{{{ r | {filter} }}}}")).value("fuse", "x")
        });
    }
}

/// Loops in loops, ten million turns and more together.
fn nested(corpus: &mut Corpus) {
    let levels = |depth: usize, turns: usize, body: &str| {
        let opening: String = (0..depth).map(|level| format!("{{% for i{level} in (1..{turns}) %}}")).collect();
        opening + body + &"{% endfor %}".repeat(depth)
    };
    for (depth, turns) in [(24, 2), (40, 2), (200, 2), (15, 3), (10, 6), (8, 10), (4, 100), (3, 1000), (2, 10_000)] {
        for (what, body) in
            [("nothing", ""), ("text", "x"), ("a number", "{{ i0 }}"), ("a counter", "{% increment n %}")]
        {
            add(corpus, format!("{depth} loops of {turns} in each other with {what}"), move || {
                Hostile::body(levels(depth, turns, body))
            });
        }
    }
    for (name, depth) in [("three", 3), ("four", 4)] {
        add(corpus, format!("{name} loops over one list in each other"), move || {
            let opening: String = (0..depth).map(|level| format!("{{% for i{level} in items %}}")).collect();
            let items: Vec<Value> = (0..1000).map(Value::from).collect();
            Hostile::body(opening + "{{ i0 }}" + &"{% endfor %}".repeat(depth)).value("items", items)
        });
    }
    add(corpus, "loops over a growing list", || {
        Hostile::body(
            "{% assign list = \"a,b\" | split: \",\" %}{% for i in (1..60) %}{% for item in list %}{% endfor %}\
             {% assign list = list | concat: list %}{% endfor %}",
        )
    });
}

fn tables(corpus: &mut Corpus) {
    for columns in ["", "cols: 1", "cols: 2", "cols: 1000000000", "cols: 99999999999999999999"] {
        add(corpus, format!("a table of 1e8 cells, {columns}"), move || {
            Hostile::body(format!("{{% tablerow i in (1..100000000) {columns} %}}x{{% endtablerow %}}"))
        });
    }
    add(corpus, "tables in tables", || {
        Hostile::body(
            "{% tablerow i in (1..1000) %}{% tablerow j in (1..1000) %}{% tablerow k in (1..1000) %}x\
             {% endtablerow %}{% endtablerow %}{% endtablerow %}",
        )
    });
    add(corpus, "a table that outgrows the output", || {
        Hostile::body("{% tablerow i in (1..200000) cols: 1 %}{% endtablerow %}")
    });
}

/// Tags that keep something, at each of many turns.
fn tags_in_loops(corpus: &mut Corpus) {
    for (what, body) in [
        ("a cycle of many groups", "{% cycle i: 'a', 'b' %}"),
        ("a case of many", "{% case i %}{% when 1, 2, 3, 4, 5, 6, 7, 8, 9 %}a{% else %}b{% endcase %}"),
        ("a condition of many parts", "{% if i == 0 or i == -1 or i == -2 or i == -3 or i == -4 %}x{% endif %}"),
        ("an echo", "{% echo i %}"),
        ("a list of statements", "{% liquid\nassign a = i\nassign b = a\necho b %}"),
        ("a decrement", "{% decrement n %}"),
        ("a chain of filters", "{% assign a = i | plus: 1 | minus: 1 | times: 2 | divided_by: 2 | modulo: 7 | abs %}"),
    ] {
        add(corpus, format!("two million turns with {what}"), move || {
            Hostile::body(format!(
                "{{% for i in (1..2000) %}}{{% for j in (1..1000) %}}{body}{{% endfor %}}{{% endfor %}}"
            ))
        });
    }
}
