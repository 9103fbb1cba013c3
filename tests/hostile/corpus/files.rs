//! Files whose front matter does the harm.

use super::{Corpus, Hostile, add};

pub fn all(corpus: &mut Corpus) {
    add(corpus, "a billion laughs", || {
        let first = "---\nx-0: &x0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
        let more: String = (1..30)
            .map(|at| {
                let inner = vec![format!("*x{}", at - 1); 10].join(", ");
                format!("x-{at}: &x{at} [{inner}]\n")
            })
            .collect();
        Hostile::file(format!("{first}{more}---\nx"))
    });
    add(corpus, "merge keys", || Hostile::file("---\nx-a: &a {b: 1}\nx-c:\n  <<: *a\n---\nx"));
    for (what, opening, closing) in
        [("lists", "[", "]"), ("mappings", "{a: ", "}"), ("keys", "? ", ""), ("dashes", "- ", "")]
    {
        for depth in [100, 10_000, 200_000] {
            add(corpus, format!("front matter with {what}, {depth} deep"), move || {
                Hostile::file(format!("---\nx-a: \n  {}{}\n---\nx", opening.repeat(depth), closing.repeat(depth)))
            });
        }
        add(corpus, format!("front matter with {what}, 100,000 deep and never closed"), move || {
            Hostile::file(format!("---\nx-a: \n  {}\n---\nx", opening.repeat(100_000)))
        });
    }
    add(corpus, "front matter nested by its margins", || {
        let lines: String = (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth + 1))).collect();
        Hostile::file(format!("---\nx-a:\n{lines}---\nx"))
    });
    add(corpus, "front matter of 2 MiB", || {
        Hostile::file(format!("---\ndescription: {}\n---\nx", "a".repeat(2 << 20)))
    });
    add(corpus, "front matter of 100,000 keys", || {
        let keys: String = (0..100_000).map(|at| format!("x-{at}: 1\n")).collect();
        Hostile::file(format!("---\n{keys}---\nx"))
    });
    add(corpus, "front matter of one key 50,000 times", || {
        Hostile::file(format!("---\n{}---\nx", "x-a: 1\n".repeat(50_000)))
    });
    add(corpus, "front matter of unknown keys", || {
        let keys: String = (0..20_000).map(|at| format!("parameter{at}: 1\n")).collect();
        Hostile::file(format!("---\n{keys}---\nx"))
    });
    add(corpus, "front matter that is never closed", || Hostile::file(format!("---\n{}", "x-a: 1\n".repeat(100_000))));
    add(corpus, "front matter of quotes that are never closed", || {
        Hostile::file(format!("---\n{}---\nx", "x-a: \"b\n".repeat(50_000)))
    });
    add(corpus, "front matter of tabs", || Hostile::file(format!("---\nx-a:\n{}\n---\nx", "\t- a\n".repeat(50_000))));
    add(corpus, "front matter of anchors", || {
        Hostile::file(format!(
            "---\nx-a:\n{}---\nx",
            (0..40_000).map(|at| format!("  - &a{at} b\n")).collect::<String>()
        ))
    });
    add(corpus, "15,000 parameters that are wrong", || {
        let parameters: String = (0..15_000).map(|at| format!("  p{at}: {{ type: sting }}\n")).collect();
        Hostile::file(format!("---\nparameters:\n{parameters}---\nx"))
    });
    for (what, pattern) in [
        ("a pattern of counted counts", "(((a{1000}){1000}){1000}){1000}".to_owned()),
        ("a pattern of 100,000 groups in each other", format!("{}a{}", "(".repeat(100_000), ")".repeat(100_000))),
        ("a pattern of 100,000 groups never closed", "(".repeat(100_000)),
        ("a pattern of 100,000 choices", format!("a{}", "|[a-z]{1,100}".repeat(20_000))),
        ("a pattern of classes", "\\\\p{L}{1,1000}".repeat(1000)),
    ] {
        add(corpus, what, move || {
            let front = format!("---\nparameters:\n  s: {{ type: string, pattern: \"{pattern}\" }}\n---\n");
            // A value that fits no such pattern, where the pattern should be one.
            Hostile::file(front + "{{ s | date: '%Y' }}").value("s", "aaaaaaaa!")
        });
    }
    add(corpus, "an output schema that is too deep", || {
        let schema = "{ \"type\": \"array\", \"items\": ".repeat(10_000);
        Hostile::file(format!("---\noutput:\n  schema: {schema}{{}}{}\n---\nx", " }".repeat(10_000)))
    });
    add(corpus, "bytes that are a file's and no text's", || {
        Hostile::file("\u{feff}---\n\u{0}\u{1b}[2J: [\n---\n{{ a }}")
    });
    add(corpus, "a file of 12 MiB", || {
        Hostile::file(format!("---\nparameters: {{}}\n---\n{}", "a line of text\n".repeat(850_000)))
    });
}
