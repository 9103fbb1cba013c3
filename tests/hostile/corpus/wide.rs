//! What is not deep but long: paths, conditions, chains, arguments, branches.

use super::{Corpus, Hostile, add};
use serde_json::json;

const MANY: usize = 100_000;

pub fn all(corpus: &mut Corpus) {
    paths(corpus);
    for (what, part) in [("and", " and a == 1"), ("or", " or a == 2"), ("both", " and a == 1 or a == 2")] {
        add(corpus, format!("a condition of 100,000 parts with {what}"), move || {
            Hostile::fused(format!("{{% if a == 1{} %}}x{{% endif %}}", part.repeat(MANY))).value("a", 1)
        });
        add(corpus, format!("a condition of 20,000 parts with {what} in a loop"), move || {
            let condition = format!("a == 3{}", part.repeat(20_000));
            Hostile::body(format!("{{% for i in (1..2000) %}}{{% for j in (1..1000) %}}{{% if {condition} %}}{{% endif %}}{{% endfor %}}{{% endfor %}}"))
                .value("a", 1)
        });
    }
    for (what, filter) in [("upcase", " | upcase"), ("append", " | append: ''"), ("default", " | default: 'x'")] {
        add(corpus, format!("a chain of 100,000 filters, {what}"), move || {
            Hostile::fused(format!("{{% assign b = a{} %}}", filter.repeat(MANY))).value("a", "x")
        });
    }
    add(corpus, "a chain of 100,000 filters that nobody knows", || {
        Hostile::body(format!("{{{{ a{} }}}}", " | nothing".repeat(MANY))).value("a", "x")
    });
    branches(corpus);
    arguments(corpus);
    statements(corpus);
    add(corpus, "100,000 words where a filter should be", || {
        Hostile::body(format!("{{{{ a {} }}}}", "a ".repeat(MANY))).value("a", "x")
    });
    add(corpus, "100,000 operators", || {
        Hostile::body(format!("{{% if a {} %}}{{% endif %}}", "== ".repeat(MANY))).value("a", 1)
    });
    add(corpus, "a tag with a name of a megabyte", || Hostile::body(format!("{{% {} %}}", "x".repeat(1 << 20))));
    add(corpus, "a filter with a name of a megabyte", || {
        Hostile::body(format!("{{{{ 1 | {} }}}}", "x".repeat(1 << 20)))
    });
    add(corpus, "a variable with a name of a megabyte", || Hostile::body(format!("{{{{ {} }}}}", "x".repeat(1 << 20))));
    add(corpus, "a partial with a name of a megabyte", || {
        Hostile::body(format!("{{% render \"{}\" %}}", "x".repeat(1 << 20)))
    });
    add(corpus, "100,000 variables that nobody gives", || {
        Hostile::file((0..MANY).map(|at| format!("{{{{ v{at} }}}}")).collect::<String>())
    });
    add(corpus, "100,000 partials that are not there", || {
        Hostile::body((0..MANY).map(|at| format!("{{% render \"p{at}\" %}}")).collect::<String>())
    });
    add(corpus, "20,000 names that are almost a parameter", || {
        let names: String = (0..20_000).map(|at| format!("{{{{ customer_nam{at} }}}}")).collect();
        Hostile::body(names).value("customer_name", "x")
    });
    add(corpus, "a body of 5 MiB", || Hostile::fused("text ".repeat(1 << 20)));
    add(corpus, "a body of 5 MiB of outputs", || Hostile::fused("{{ a }}".repeat(750_000)).value("a", "x"));
    add(corpus, "a body of 12 MiB", || Hostile::fused("{% if a %}x{% endif %}".repeat(570_000)).value("a", "x"));
}

fn paths(corpus: &mut Corpus) {
    for (what, segment) in [
        ("names", ".a"),
        ("quoted names", "['a']"),
        ("indexes", "[0]"),
        ("negative indexes", "[-1]"),
        ("first", ".first"),
        ("size", ".size"),
        ("a variable", "[k]"),
    ] {
        add(corpus, format!("a path of 100,000 steps, {what}"), move || {
            Hostile::fused(format!("{{% if o.x == 1 %}}{{{{ o{} }}}}{{% endif %}}", segment.repeat(MANY)))
                .value("o", json!({ "a": 1, "x": 1 }))
                .value("k", "a")
        });
    }
    add(corpus, "a path of 1,000 steps in a loop", || {
        let body = format!(
            "{{% for i in (1..2000) %}}{{% for j in (1..1000) %}}{{% if o{} %}}{{% endif %}}{{% endfor %}}{{% endfor %}}",
            ".a".repeat(1000)
        );
        Hostile::body(body).value("o", json!({ "a": { "a": {} } }))
    });
}

fn branches(corpus: &mut Corpus) {
    add(corpus, "100,000 branches", || {
        Hostile::fused(format!("{{% if a == 2 %}}{}{{% endif %}}", "{% elsif a == 3 %}x".repeat(MANY))).value("a", 1)
    });
    add(corpus, "100,000 branches, never closed", || {
        Hostile::body(format!("{{% if a == 2 %}}{}", "{% elsif a == 3 %}x".repeat(MANY))).value("a", 1)
    });
    add(corpus, "100,000 times else", || {
        Hostile::body(format!("{{% if a == 2 %}}{}{{% endif %}}", "{% else %}x".repeat(MANY))).value("a", 1)
    });
    add(corpus, "100,000 cases", || {
        Hostile::fused(format!("{{% case a %}}{}{{% endcase %}}", "{% when 2 %}x".repeat(MANY))).value("a", 1)
    });
    add(corpus, "one case of 100,000 values", || {
        Hostile::fused(format!("{{% case a %}}{{% when 2{} %}}x{{% endcase %}}", ", 3".repeat(MANY))).value("a", 1)
    });
    add(corpus, "1,000 branches in a loop", || {
        let branches = format!("{{% if a == 2 %}}{}{{% endif %}}", "{% elsif a == 3 %}x".repeat(1000));
        Hostile::body(format!(
            "{{% for i in (1..2000) %}}{{% for j in (1..1000) %}}{branches}{{% endfor %}}{{% endfor %}}"
        ))
        .value("a", 1)
    });
}

fn arguments(corpus: &mut Corpus) {
    add(corpus, "a filter of 100,000 arguments", || {
        Hostile::body(format!("{{{{ a | replace: 'x'{} }}}}", ", 'y'".repeat(MANY))).value("a", "x")
    });
    add(corpus, "a filter of 100,000 named arguments", || {
        let arguments: String = (0..MANY).map(|at| format!(", k{at}: 1")).collect();
        Hostile::body(format!("{{{{ a | default: 'x'{arguments} }}}}")).value("a", "x")
    });
    add(corpus, "a partial of 100,000 arguments", || {
        let arguments: String = (0..MANY).map(|at| format!(", k{at}: 1")).collect();
        Hostile::body(format!("{{% render \"p\"{arguments} %}}")).partial("p", "---\nparameters: {}\n---\n")
    });
    add(corpus, "a partial that is given one argument 100,000 times", || {
        Hostile::fused(format!("{{% render \"p\"{} %}}", ", k: a".repeat(MANY)))
            .value("a", "x")
            .partial("p", "---\nparameters:\n  k: string\n---\n{{ k }}")
    });
    add(corpus, "a cycle of 100,000", || Hostile::fused(format!("{{% cycle 'a'{} %}}", ", 'b'".repeat(MANY))));
    add(corpus, "a cycle of 10,000 in a loop", || {
        Hostile::body(format!(
            "{{% for i in (1..2000) %}}{{% for j in (1..1000) %}}{{% cycle 'a'{} %}}{{% endfor %}}{{% endfor %}}",
            ", 'b'".repeat(10_000)
        ))
    });
    add(corpus, "a loop with 100,000 limits", || {
        Hostile::fused(format!("{{% for i in (1..3){} %}}{{% endfor %}}", " limit: 1".repeat(MANY)))
    });
    add(corpus, "a loop that is reversed 100,000 times", || {
        Hostile::fused(format!("{{% for i in (1..3){} %}}{{% endfor %}}", " reversed".repeat(MANY)))
    });
}

fn statements(corpus: &mut Corpus) {
    for (what, line) in [
        ("assignments", "assign b = 1\n"),
        ("echoes", "echo a\n"),
        ("comments", "# nothing\n"),
        ("blocks", "if a\nendif\n"),
        ("counters", "increment n\n"),
    ] {
        add(corpus, format!("a list of 100,000 {what}"), move || {
            Hostile::fused(format!("{{% liquid\n{}%}}", line.repeat(MANY))).value("a", "x")
        });
    }
    add(corpus, "a list of 100,000 words that are no statements", || {
        Hostile::body(format!("{{% liquid\n{}%}}", "nothing at all\n".repeat(MANY)))
    });
    add(corpus, "100,000 assignments to names of their own", || {
        Hostile::fused((0..MANY).map(|at| format!("{{% assign v{at} = {at} %}}")).collect::<String>())
    });
    add(corpus, "100,000 lines that vanish", || Hostile::fused("  {% assign a = 1 %}  \n".repeat(MANY)));
    add(corpus, "100,000 lines that almost vanish", || {
        Hostile::fused(format!("{}{{{{ a }}}}\n", "{% assign b = 1 %} \t ".repeat(MANY))).value("a", "x")
    });
    add(corpus, "100,000 dashes", || Hostile::fused("  \n{%- assign a = 1 -%}\n  ".repeat(MANY)));
    add(corpus, "one line of a megabyte of blanks, with a tag at both ends", || {
        Hostile::fused(format!("{{% if a %}}{}{{% endif %}}", " ".repeat(1 << 20)).repeat(2)).value("a", "x")
    });
}
