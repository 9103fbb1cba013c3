//! Texts that grow, and work on long texts that is done again and again.

use super::{Corpus, Hostile, add};

/// One step of growth of the text `s`.
const GROWTH: [(&str, &str); 14] = [
    ("append", "{% assign s = s | append: s %}"),
    ("prepend", "{% assign s = s | prepend: s %}"),
    ("replace", "{% assign s = s | replace: 'a', s %}"),
    ("replace of nothing", "{% assign s = s | replace: '', s %}"),
    ("replace_first", "{% assign s = s | replace_first: 'a', s | append: s %}"),
    ("replace_last", "{% assign s = s | append: s | replace_last: 'a', s %}"),
    ("join", "{% assign s = s | split: '' | join: s %}"),
    ("split and join", "{% assign s = s | append: ',' | append: s | split: ',' | join: s %}"),
    ("capture", "{% capture s %}{{ s }}{{ s }}{% endcapture %}"),
    ("capture in a capture", "{% capture s %}{{ s }}{% capture t %}{{ s }}{% endcapture %}{{ t }}{% endcapture %}"),
    ("json", "{% assign s = s | json %}"),
    ("base64", "{% assign s = s | base64_encode | append: s %}"),
    ("url_encode", "{% assign s = s | append: '%' | url_encode | append: s %}"),
    ("escape", "{% assign s = s | append: '&<>' | escape | append: s %}"),
];

/// What walks along a text.
const WALKS: [&str; 34] = [
    "upcase",
    "downcase",
    "capitalize",
    "strip",
    "lstrip",
    "rstrip",
    "strip_html",
    "strip_newlines",
    "newline_to_br",
    "escape",
    "escape_once",
    "url_encode",
    "url_decode",
    "base64_encode",
    "base64_decode",
    "base64_url_safe_encode",
    "base64_url_safe_decode",
    "replace: 'a', 'b'",
    "replace_first: 'z', 'b'",
    "replace_last: 'z', 'b'",
    "remove: 'z'",
    "remove_first: 'z'",
    "remove_last: 'z'",
    "split: ' '",
    "split: ''",
    "truncate: 900000",
    "truncatewords: 100000",
    "slice: 500000, 10",
    "slice: -10, 5",
    "size",
    "append: s",
    "prepend: s",
    "json",
    "plus: 1",
];

/// Texts on which a search that begins anew at each byte takes for ever, with the filter that searches.
const PATTERNS: [(&str, &str, &str); 16] = [
    ("opening brackets", "<", "strip_html"),
    ("scripts", "<script", "strip_html"),
    ("styles", "<style>", "strip_html"),
    ("comments", "<!--", "strip_html"),
    ("scripts in comments", "<!--<script>", "strip_html"),
    ("ampersands", "&", "escape_once"),
    ("entities without an end", "&amp", "escape_once"),
    ("numbers without an end", "&#1", "escape_once"),
    ("percent signs", "%", "url_decode"),
    ("half bytes", "%e", "url_decode"),
    ("line ends", "\r\n", "newline_to_br"),
    ("blanks", " ", "truncatewords: 1000"),
    ("blanks and letters", " a", "truncatewords: 400000"),
    ("combining marks", "\u{301}", "truncate: 300000"),
    ("blanks to be stripped", " \u{a0}\t", "strip"),
    ("digits", "9", "plus: 1"),
];

pub fn all(corpus: &mut Corpus) {
    for (what, step) in GROWTH {
        add_both(corpus, what, step);
    }
    for filter in WALKS {
        add(corpus, format!("a megabyte through `{filter}` in a loop"), move || {
            let body = format!(
                "{{% for i in (1..2000) %}}{{% for j in (1..1000) %}}{{% assign t = s | {filter} %}}{{% endfor %}}{{% endfor %}}"
            );
            Hostile::body(body).value("s", "a b ".repeat(256 << 10))
        });
    }
    for (what, unit, filter) in PATTERNS {
        add(corpus, format!("{what}, a megabyte of them, through `{filter}`"), move || {
            let text = unit.repeat((1 << 20) / unit.len());
            Hostile::fused(format!("{{% assign t = s | {filter} %}}")).value("s", text)
        });
    }
    comparisons(corpus);
    outputs(corpus);
    dates(corpus);
}

/// Adds a step of growth in a loop, and written out.
fn add_both(corpus: &mut Corpus, what: &'static str, step: &'static str) {
    add(corpus, format!("growth by {what} in a loop"), move || {
        Hostile::body(format!("{{% assign s = 'aa' %}}{{% for i in (1..80) %}}{step}{{% endfor %}}{{{{ s }}}}"))
    });
    add(corpus, format!("growth by {what}, written out"), move || {
        Hostile::body(format!("{{% assign s = start %}}{}{{{{ s }}}}", step.repeat(80))).value("start", "aa")
    });
}

fn comparisons(corpus: &mut Corpus) {
    let texts = |hostile: Hostile| {
        let long = "a".repeat(1 << 20);
        hostile.value("s", long.clone()).value("t", long)
    };
    for (what, condition) in [
        ("equality", "s == t"),
        ("inequality", "s != t"),
        ("order", "s < t"),
        ("containment", "s contains t"),
        ("many containments", "s contains 'b' or t contains 'b' or s contains 'c'"),
    ] {
        add(corpus, format!("{what} of megabytes in a loop"), move || {
            let body = format!(
                "{{% for i in (1..2000) %}}{{% for j in (1..1000) %}}{{% if {condition} %}}{{% endif %}}{{% endfor %}}{{% endfor %}}"
            );
            texts(Hostile::body(body))
        });
    }
    add(corpus, "a long needle that almost fits everywhere", || {
        let body = "{% for i in (1..1000) %}{% if s contains t %}x{% endif %}{% endfor %}";
        Hostile::fused(body).value("s", "a".repeat(1 << 20)).value("t", "a".repeat(1 << 19) + "b")
    });
    add(corpus, "a needle of two letters in long runs", || {
        let body = "{% for i in (1..1000) %}{% assign u = s | replace: 'aaaaaaaab', '' %}{% endfor %}";
        Hostile::fused(body).value("s", "a".repeat(1 << 20))
    });
}

/// More output than any prompt has.
fn outputs(corpus: &mut Corpus) {
    let mebibyte = || "a".repeat(1 << 20);
    add(corpus, "one value of 5 MiB", || Hostile::body("{{ s }}").value("s", "a".repeat(5 << 20)));
    add(corpus, "one value five times", move || Hostile::body("{{ s }}".repeat(5)).value("s", mebibyte()));
    add(corpus, "one value in a loop", move || {
        Hostile::body("{% for i in (1..5000) %}{{ s }}{% endfor %}").value("s", "a".repeat(1 << 10))
    });
    add(corpus, "text in a loop", || {
        Hostile::body(format!(
            "{{% for i in (1..2000) %}}{{% for j in (1..1000) %}}{}{{% endfor %}}{{% endfor %}}",
            "text ".repeat(2000)
        ))
    });
    add(corpus, "raw text in a loop", || {
        let raw = format!("{{% raw %}}{}{{% endraw %}}", "{{ ".repeat(2000));
        Hostile::body(format!("{{% for i in (1..2000) %}}{{% for j in (1..1000) %}}{raw}{{% endfor %}}{{% endfor %}}"))
    });
    add(corpus, "a capture without an end in sight", move || {
        Hostile::fused("{% capture c %}{% for i in (1..200) %}{{ s }}{% endfor %}{% endcapture %}")
            .value("s", mebibyte())
    });
    add(corpus, "captures that hold each other", move || {
        let opening: String = (0..100).map(|level| format!("{{% capture c{level} %}}{{{{ s }}}}")).collect();
        let closing: String = (0..100).rev().map(|level| format!("{{% endcapture %}}{{{{ c{level} }}}}")).collect();
        Hostile::body(opening + &closing).value("s", mebibyte())
    });
    add(corpus, "many long texts kept", move || {
        let kept: String = (0..64).map(|at| format!("{{% assign v{at} = s | append: '{at}' %}}")).collect();
        Hostile::fused(kept).value("s", "a".repeat(3 << 20))
    });
    add(corpus, "a long list of long texts", || {
        let body = "{% assign list = s | split: ',' %}{% for i in (1..20) %}{% assign list = list | concat: list %}{% endfor %}\
                    {{ list | join: s }}";
        Hostile::body(body).value("s", "aaaaaaaaaa,".repeat(1 << 12))
    });
    for (what, size) in [("2 MiB", 2 << 20), ("3 MiB", 3 << 20), ("almost 4 MiB", (4 << 20) - 1)] {
        add(corpus, format!("{what} split into letters"), move || {
            Hostile::fused("{% assign list = s | split: '' %}").value("s", "a".repeat(size))
        });
    }
    for indent in ["1000000000", "99999999999999999999"] {
        add(corpus, format!("JSON with an indent of {indent}"), move || {
            let body = format!("{{% assign t = o | json: {indent} %}}");
            Hostile::fused(body).value("o", serde_json::json!({ "a": { "b": { "c": [1, 2, 3] } } }))
        });
    }
    add(corpus, "a limit that is its own ellipsis", || {
        Hostile::body(
            "{% assign s = 'aa' %}{% for i in (1..80) %}{% assign s = s | append: s | truncate: 1, s | append: s %}{% endfor %}",
        )
    });
}

/// Formats of dates with widths and lengths that nobody reads.
fn dates(corpus: &mut Corpus) {
    for format in [
        "%999999999Y",
        "%0999999999d",
        "%_999999999m",
        "%^999999999B",
        "%2147483648H",
        "%4294967296M",
        "%9223372036854775807S",
        "%99999999999999999999Y",
        "%999999999%",
        "%999999999N",
        "%999999999c",
        "%5000000Y",
        "%999999999:z",
    ] {
        add(corpus, format!("a date in the format {format}"), move || {
            Hostile::fused(format!("{{% assign d = '2026-01-02' | date: '{format}' %}}"))
        });
    }
    add(corpus, "a date in a format of a megabyte", || {
        Hostile::body("{{ '2026-01-02' | date: f }}{{ '2026-01-02' | date: f }}{{ fuse }}")
            .value("f", "%c".repeat(512 << 10))
            .value("fuse", "x")
    });
    add(corpus, "dates in a long format in a loop", || {
        Hostile::body("{% for i in (1..2000) %}{% for j in (1..1000) %}{% assign d = '2026-01-02' | date: f %}{% endfor %}{% endfor %}")
            .value("f", "%Y-%m-%d ".repeat(1000))
    });
    for (what, date) in [
        ("a year of many digits", "999999999999-01-01"),
        ("an epoch of many digits", "99999999999999999999999999"),
        ("a megabyte of digits", "%"),
        ("an exponent", "1e999999999"),
    ] {
        add(corpus, format!("{what} for a date"), move || {
            let date = if date == "%" { "9".repeat(1 << 20) } else { date.to_owned() };
            Hostile::body("{{ d | date: '%Y' }}").value("d", date)
        });
    }
}
