//! Messages without number.

use super::{Corpus, Hostile, add};
use serde_json::{Value, json};

fn history(messages: usize, content: usize) -> Vec<Value> {
    (0..messages).map(|_| json!({ "role": "user", "content": "a".repeat(content) })).collect()
}

pub fn all(corpus: &mut Corpus) {
    // The first are within the steps, and no honest prompt has as many.
    for (what, turns) in [("300,000", 300), ("50 million", 50_000)] {
        for role in ["system", "user", "assistant"] {
            add(corpus, format!("{what} messages of {role}"), move || {
                let message = format!("{{% {role} %}}x{{% end{role} %}}");
                let inner = format!("{{% for j in (1..1000) %}}{message}{{% endfor %}}");
                Hostile::body(format!("{{% for i in (1..{turns}) %}}{inner}{{% endfor %}}"))
            });
        }
    }
    add(corpus, "messages of a megabyte", || {
        Hostile::body("{% for i in (1..100) %}{% user %}{{ s }}{% enduser %}{% endfor %}")
            .value("s", "a".repeat(1 << 20))
    });
    add(corpus, "a message that never ends", || {
        Hostile::body("{% user %}{% for i in (1..100000000) %}x{% endfor %}{% enduser %}")
    });
    add(corpus, "a history again and again", || {
        Hostile::body("{% for i in (1..2000) %}{% for j in (1..1000) %}{% history h %}{% endfor %}{% endfor %}")
            .value("h", history(100, 1))
    });
    add(corpus, "a history of megabytes again and again", || {
        Hostile::body("{% history h %}".repeat(100)).value("h", history(10, 100_000))
    });
    add(corpus, "a history again and again, the newest alone", || {
        Hostile::body("{% for i in (1..2000) %}{% for j in (1..1000) %}{% history h last: 1 %}{% endfor %}{% endfor %}")
            .value("h", history(2000, 1))
    });
    add(corpus, "a history of tools again and again", || {
        let tools: Vec<Value> = (0..20_000).map(|at| json!({ "role": "tool", "content": at.to_string() })).collect();
        Hostile::body(
            "{% for i in (1..2000) %}{% for j in (1..1000) %}{% history h last: 20000 %}{% endfor %}{% endfor %}",
        )
        .value("h", tools)
    });
    add(corpus, "a history with deep values again and again", || {
        let deep = (0..110).fold(json!([]), |inner, _| json!([inner]));
        let messages = vec![json!({ "role": "user", "content": "x", "extra": deep }); 1000];
        Hostile::body("{% for i in (1..10000) %}{% history h %}{% endfor %}").value("h", messages)
    });
    add(corpus, "role blocks in a partial in a loop", || {
        Hostile::body("{% for i in (1..2000) %}{% for j in (1..1000) %}{% render \"p\" %}{% endfor %}{% endfor %}")
            .partial("p", "---\nparameters: {}\n---\n{% user %}x{% enduser %}")
    });
    add(corpus, "100,000 role blocks with one that is empty", || {
        Hostile::body("{% user %}x{% enduser %}".repeat(100_000) + "{% user %} {% enduser %}")
    });
    add(corpus, "text between 100,000 messages", || Hostile::body("{% user %}x{% enduser %} text ".repeat(100_000)));
}
