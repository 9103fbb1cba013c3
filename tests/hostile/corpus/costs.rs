//! Work that looks cheap, done a million times: every filter on texts and lists that take it longest, and
//! whatever else goes through a value. What is made in the template itself costs least to repeat.

use super::{Corpus, Hostile, add};
use anvil::template::Filter;

/// Every filter, with arguments that make it go through all of its input.
const FILTERS: [&str; 80] = [
    "abs",
    "append: 'b'",
    "append: t",
    "at_least: 3",
    "at_most: 3",
    "base64_decode",
    "base64_encode",
    "base64_url_safe_decode",
    "base64_url_safe_encode",
    "capitalize",
    "ceil",
    "compact",
    "compact: 'a'",
    "concat: l",
    "date: '%A %c %s'",
    "default: 1",
    "divided_by: 3",
    "divided_by: 3.7",
    "downcase",
    "escape",
    "escape_once",
    "find: 'a'",
    "find: 'size', 3",
    "find_index: 'size', 3",
    "first",
    "floor",
    "h",
    "has: 'size', 3",
    "join",
    "join: ''",
    "join: t",
    "json",
    "json: 10",
    "last",
    "lstrip",
    "map: 'a'",
    "map: t",
    "minus: 0.1",
    "modulo: 3",
    "newline_to_br",
    "plus: 1",
    "plus: 0.1",
    "prepend: 'b'",
    "reject: 'a'",
    "remove: 'a'",
    "remove: t",
    "remove_first: 'b'",
    "remove_last: 'ab'",
    "replace: 'a', ''",
    "replace: '', ''",
    "replace: t, ''",
    "replace_first: 'b', 'c'",
    "replace_last: 'b', 'c'",
    "reverse",
    "round",
    "round: 9",
    "rstrip",
    "size",
    "slice: -1",
    "slice: 0, 100000",
    "sort",
    "sort: 'a'",
    "sort_natural",
    "split: ''",
    "split: 'a'",
    "split: ' '",
    "split: '<'",
    "strip",
    "strip_html",
    "strip_newlines",
    "sum",
    "times: 1.1",
    "truncate: 3",
    "truncate: 100000",
    "truncatewords: 100000",
    "uniq",
    "upcase",
    "url_decode",
    "url_encode",
    "where: 'size', 1",
];

/// Texts: what is repeated, and how often.
const TEXTS: [(&str, usize); 8] = [
    ("a", 60_000),
    (" ", 60_000),
    ("<>", 30_000),
    ("\n", 60_000),
    ("é", 30_000),
    ("9", 60_000),
    ("1.5", 1),
    ("mon ", 24),
];

/// Lists, as the templates make them.
const LISTS: [(&str, &str); 5] = [
    ("numbers", "{% assign l = (1..50000) %}"),
    ("letters", "{% assign l = t | split: '' %}"),
    ("made letters", "{% assign l = t | append: 'a' | split: '' %}"),
    ("empty texts", "{% assign l = t | append: ' ' | split: 'a' %}"),
    ("lists", "{% assign l = t | slice: 0, 9 | split: '' | concat: items %}"),
];

/// What goes through a value without a filter.
const OTHERS: [(&str, &str); 18] = [
    ("the size of a text", "{% assign r = t.size %}"),
    ("the last letter of a text", "{% assign r = t.last %}"),
    ("a blank text", "{% if s == blank %}{% endif %}"),
    ("a case of blank", "{% case s %}{% when blank %}{% endcase %}"),
    ("a text compared with its like", "{% if t == u %}{% endif %}"),
    ("a text ordered beside its like", "{% if t < u %}{% endif %}"),
    ("a text that holds none", "{% if t contains s %}{% endif %}"),
    ("a list compared with a number", "{% if l == 1 %}{% endif %}"),
    ("a list compared with its like", "{% if l == m %}{% endif %}"),
    ("a case of a list", "{% case l %}{% when 1, 2, 3, m %}{% endcase %}"),
    ("a list that holds none", "{% if l contains 'b' %}{% endif %}"),
    ("a list that holds nothing blank", "{% if l contains blank %}{% endif %}"),
    ("a range that holds a number", "{% if r contains 5.5 %}{% endif %}"),
    ("loops that end at once", "{% for j in l reversed limit: 1 %}{% endfor %}"),
    ("a property with a long name", "{% assign r = items[0][t] %}"),
    ("a cycle of its own each time", "{% cycle i: '' %}"),
    ("a cycle with a long name", "{% cycle t: '' %}"),
    ("a text captured", "{% capture r %}{{ t }}{% endcapture %}"),
];

/// What makes much out of little, kept in a variable each time.
const KEPT: [(&str, &str); 8] = [
    ("letters", "t | split: ''"),
    ("made letters", "u | split: ''"),
    ("numbers", "(1..66000) | reverse"),
    ("sorted letters", "l | sort_natural"),
    ("nothings", "l | where: 'a'"),
    ("names", "l | map: 'a'"),
    ("doubled letters", "l | concat: l"),
    ("long texts", "t | append: u"),
];

pub fn all(corpus: &mut Corpus) {
    let used = |name: &str| FILTERS.iter().any(|filter| filter.split(':').next() == Some(name));
    assert!(Filter::all().iter().all(|filter| used(filter.name)), "some filter is not in the corpus");
    for filter in FILTERS {
        for (unit, times) in TEXTS {
            add(corpus, format!("a million turns of `{filter}` on {unit:?}, {times} times"), move || {
                let text = unit.repeat(times) + if unit == "mon " { "2024-01-01" } else { "" };
                looped("", &format!("{{% assign r = t | {filter} %}}")).value("t", text).value("l", vec![1])
            });
        }
        for (what, list) in LISTS {
            add(corpus, format!("a million turns of `{filter}` on {what}"), move || {
                let text = "a".repeat(if filter.ends_with(": t") { 1_000 } else { 50_000 });
                looped(list, &format!("{{% assign r = l | {filter} %}}"))
                    .value("t", text)
                    .value("items", vec![vec![1, 2]; 9_000])
            });
        }
    }
    for (what, body) in OTHERS {
        add(corpus, format!("a million turns of {what}"), move || {
            let lists = "{% assign l = t | split: '' %}{% assign m = l | reverse %}{% assign r = (1..9999999) %}";
            let items = serde_json::json!([{ "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8, "i": 9 }]);
            looped(lists, body)
                .value("t", "a".repeat(60_000))
                .value("u", "a".repeat(60_000))
                .value("s", " ".repeat(60_000))
                .value("items", items)
        });
    }
    for (what, value) in KEPT {
        for length in [9_000, 66_000, 99_000] {
            add(corpus, format!("a thousand variables of {length} {what}"), move || {
                let kept = (0..1_000).map(|at| format!("{{% assign v{at} = {value} %}}")).collect::<String>();
                let made = "{% assign u = t | upcase %}{% assign l = u | split: '' %}";
                Hostile::body(format!("{made}{kept}")).value("t", "a".repeat(length))
            });
        }
    }
}

/// Returns a prompt that does `body` a million times.
fn looped(before: &str, body: &str) -> Hostile {
    Hostile::body(format!("{before}{{% for i in (1..1000000) %}}{body}{{% endfor %}}"))
}
