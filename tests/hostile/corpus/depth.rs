//! What is nested deeper than a stack is.

use super::{Corpus, Hostile, add};

/// Blocks, with how they open and close.
const BLOCKS: [(&str, &str, &str); 12] = [
    ("if", "{% if a == 1 %}", "{% endif %}"),
    ("else", "{% if a == 1 %}{% else %}", "{% endif %}"),
    ("unless", "{% unless a == 1 %}", "{% endunless %}"),
    ("case", "{% case a %}{% when 1 %}", "{% endcase %}"),
    ("for", "{% for i in (1..1) %}", "{% endfor %}"),
    ("the else of for", "{% for i in (1..0) %}{% else %}", "{% endfor %}"),
    ("tablerow", "{% tablerow i in (1..1) %}", "{% endtablerow %}"),
    ("capture", "{% capture c %}", "{% endcapture %}"),
    ("system", "{% system %}", "{% endsystem %}"),
    ("if in a user block", "{% user %}{% if a == 1 %}", "{% endif %}{% enduser %}"),
    ("mixed", "{% if a == 1 %}{% for i in (1..1) %}{% capture c %}", "{% endcapture %}{% endfor %}{% endif %}"),
    ("dashed", "{%- if a == 1 -%}", "{%- endif -%}"),
];

/// What may stand in itself within one output, with what is innermost and how each is closed.
const NESTS: [(&str, &str, &str, &str); 8] = [
    ("parentheses", "(", "a", ")"),
    ("brackets", "a[", "0", "]"),
    ("brackets alone", "[", "'a'", "]"),
    ("ranges", "(1..", "2", ")"),
    ("ranges from ranges", "(", "1", "..2)"),
    ("braces", "{{ ", "a", " }}"),
    ("tags", "{% if ", "a", " %}"),
    ("quotes in quotes", "'\"", "a", "\"'"),
];

pub fn all(corpus: &mut Corpus) {
    for (what, opening, closing) in BLOCKS {
        for depth in [300, 2000, 100_000] {
            add(corpus, format!("{what}, {depth} deep"), move || {
                Hostile::body(opening.repeat(depth) + "x" + &closing.repeat(depth)).value("a", 1)
            });
        }
        add(corpus, format!("{what}, 100,000 deep and never closed"), move || {
            Hostile::body(opening.repeat(100_000)).value("a", 1)
        });
    }
    for (what, _, closing) in BLOCKS {
        add(corpus, format!("the end of {what}, 100,000 times"), move || Hostile::body(closing.repeat(100_000)));
    }
    for (what, opening, inner, closing) in NESTS {
        add(corpus, format!("{what}, 100,000 deep"), move || {
            let nest = opening.repeat(100_000) + inner + &closing.repeat(100_000);
            Hostile::body(format!("{{{{ {nest} }}}}")).value("a", "x")
        });
        add(corpus, format!("{what}, 100,000 deep in a condition"), move || {
            let nest = opening.repeat(100_000) + inner + &closing.repeat(100_000);
            Hostile::body(format!("{{% if {nest} %}}{{% endif %}}")).value("a", "x")
        });
        add(corpus, format!("{what}, 100,000 deep and never closed"), move || {
            Hostile::body(format!("{{{{ {}{inner} }}}}", opening.repeat(100_000))).value("a", "x")
        });
    }
    for depth in [20, 60, 250] {
        add(corpus, format!("indexes in indexes, {depth} deep, wherever a value may stand"), move || {
            let e = format!("l{}{}", "[l".repeat(depth), "]".repeat(depth));
            Hostile::body(format!(
                "{{% if {e} == 1 or l[{e}] %}}{{% elsif {e} contains {e} %}}{{% assign z = {e} %}}{{{{ z[z[{e}]] }}}}{{% endif %}}\
                 {{% for i in l[{e}] limit: {e} %}}{{{{ i | append: {e} | default: {e} }}}}{{% endfor %}}\
                 {{% case {e} %}}{{% when {e} %}}{{% endcase %}}{{% cycle {e}, {e} %}}{{{{ ({e}..{e}) | join: l[{e}] }}}}"
            ))
            .value("l", vec![1])
        });
    }
    add(corpus, "comments in comments, never closed", || {
        Hostile::body("{% comment %}".repeat(100_000) + &"{% endcomment %}".repeat(99_999))
    });
    add(corpus, "comments in comments", || {
        Hostile::fused("{% comment %}".repeat(100_000) + &"{% endcomment %}".repeat(100_000))
    });
    add(corpus, "raw in comments", || {
        Hostile::fused("{% comment %}{% raw %}".repeat(50_000) + &"{% endraw %}{% endcomment %}".repeat(50_000))
    });
    add(corpus, "doc in doc", || Hostile::fused("{% doc %}".repeat(100_000) + &"{% enddoc %}".repeat(100_000)));
    add(corpus, "blocks in a list of statements", || {
        Hostile::body(format!("{{% liquid\n{}{}%}}", "if a == 1\n".repeat(100_000), "endif\n".repeat(100_000)))
            .value("a", 1)
    });
    add(corpus, "loops in a list of statements, never closed", || {
        Hostile::body(format!("{{% liquid\n{}%}}", "for i in (1..1)\n".repeat(100_000)))
    });
    add(corpus, "lists of statements in each other", || {
        Hostile::body("{% liquid\n".repeat(100_000) + &"%}".repeat(100_000))
    });
}
