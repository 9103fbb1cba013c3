//! What begins and never ends, once and very often: a search for the end that begins anew at each
//! beginning takes for ever.

use super::{Corpus, Hostile, add};

const BEGINNINGS: [&str; 35] = [
    "{{",
    "{{ a",
    "{{ 'a",
    "{{ \"a",
    "{{ a |",
    "{{ a | upcase:",
    "{{ a | replace: 'b',",
    "{{ a[",
    "{{ a['b",
    "{{ a.",
    "{{ (1..",
    "{{-",
    "{%",
    "{% if",
    "{% if a",
    "{% if a ==",
    "{% if a == 'b",
    "{% for",
    "{% for i in",
    "{% for i in (1..",
    "{% assign a =",
    "{% render \"a",
    "{% liquid\nassign a = 1\n",
    "{% #",
    "{%-",
    "{% raw %}",
    "{% comment %}",
    "{% doc %}",
    "{% capture a %}",
    "{% system %}",
    "{% case a %}{% when 1",
    "{% tablerow i in (1..2) %}",
    "{% raw %}{% endraw",
    "{% comment %}{% raw %}",
    "{% comment %}{% endcomment",
];

pub fn all(corpus: &mut Corpus) {
    for beginning in BEGINNINGS {
        add(corpus, format!("never ended: `{}`", beginning.escape_debug()), move || {
            Hostile::body("text ".repeat(200_000) + beginning)
        });
        add(corpus, format!("never ended, for a megabyte: `{}`", beginning.escape_debug()), move || {
            Hostile::body(format!("{beginning} ").repeat((1 << 20) / (beginning.len() + 1)))
        });
    }
    for (what, text) in [
        ("brace and percent", "{ % "),
        ("outputs within tags", "{% {{ "),
        ("tags within outputs", "{{ {% "),
        ("quotes and braces", "{{ '}}' "),
        ("empty outputs", "{{}}"),
        ("empty tags", "{%%}"),
        ("outputs of nothing", "{{ | }}"),
        ("unknown tags", "{% nothing %}"),
        ("unknown filters", "{{ 1 | nothing }}"),
        ("reserved tags", "{% tool %}"),
        ("refused tags", "{% include 'a' %}"),
        ("role tags with arguments", "{% system a %}"),
        ("null bytes in outputs", "{{ \0 }}"),
        ("controls in outputs", "{{ a\u{1b}[2J }}"),
        ("letters that are none", "{{ \u{200d}\u{202e} }}"),
        ("wide letters", "{{ 𝒶𝒷𝒸 }}"),
        ("commas", "{{ ,,,, }}"),
        ("dots", "{{ .... }}"),
        ("pipes", "{{ a |||| b }}"),
        ("colons", "{{ a :::: b }}"),
        ("equal signs", "{% if a ==== b %}{% endif %}"),
        ("elsif out of place", "{% elsif a %}"),
        ("when out of place", "{% when a %}"),
        ("else out of place", "{% else %}"),
        ("break in a role block", "{% for i in (1..2) %}{% user %}{% break %}{% enduser %}{% endfor %}"),
        ("crossed blocks", "{% if a %}{% for i in a %}{% endif %}{% endfor %}"),
    ] {
        add(corpus, format!("a megabyte of {what}"), move || {
            let text = text.repeat((1 << 20) / text.len());
            // Of text alone nothing is wrong.
            if text.contains("{%") || text.contains("{{") { Hostile::body(text) } else { Hostile::fused(text) }
        });
    }
}
