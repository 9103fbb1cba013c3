//! Numbers that no machine has.

use super::{Corpus, FUSE, Hostile, add};

/// Expressions that overflow, or make a number of a text that is none. What they give is not
/// judged: they are to be survived.
const SUMS: [&str; 34] = [
    "9223372036854775807 | plus: 1",
    "-9223372036854775808 | minus: 1",
    "-9223372036854775808 | abs",
    "-9223372036854775808 | times: -1",
    "-9223372036854775808 | divided_by: -1",
    "-9223372036854775808 | modulo: -1",
    "9223372036854775807 | times: 9223372036854775807",
    "99999999999999999999 | plus: 1",
    "1 | divided_by: 0",
    "1 | modulo: 0",
    "1.0 | divided_by: 0",
    "0.0 | divided_by: 0.0",
    "1.5 | round: 1000000000",
    "1.5 | round: -1000000000",
    "1.5 | round: 99999999999999999999",
    "'1e308' | times: 10",
    "'1e999999999' | plus: 1",
    "'1e-999999999' | plus: 1",
    "'99999999999999999999999999' | plus: 1",
    "'-' | plus: 1",
    "'nan' | plus: 1",
    "'inf' | times: 0",
    "'1e300' | ceil",
    "'-1e300' | floor",
    "'1e300' | round",
    "'0x7fffffffffffffff' | plus: 1",
    "'abc' | slice: 9223372036854775807, 9223372036854775807",
    "'abc' | slice: -9223372036854775808, 1",
    "'abc' | slice: 1, -9223372036854775808",
    "'abc' | truncate: 9223372036854775807",
    "'abc' | truncate: -9223372036854775808",
    "'a b' | truncatewords: 9223372036854775807",
    "'a b' | truncatewords: -9223372036854775808",
    "'a b' | truncate: 99999999999999999999, ''",
];

pub fn all(corpus: &mut Corpus) {
    for sum in SUMS {
        add(corpus, format!("the sum `{sum}`"), move || Hostile::fused(format!("{{% assign a = {sum} %}}")));
    }
    for (what, digit) in
        [("nines", "9"), ("noughts", "0"), ("decimals", "1.0"), ("signs", "-"), ("dots", "1."), ("letters", "1e")]
    {
        add(corpus, format!("a number of a megabyte of {what}"), move || {
            Hostile::fused(format!("{{% assign a = {} | plus: 1 %}}", digit.repeat((1 << 20) / digit.len())))
        });
        add(corpus, format!("a text of a megabyte of {what} as a number"), move || {
            Hostile::fused("{% assign a = s | plus: 1 | times: 3 %}").value("s", digit.repeat((1 << 20) / digit.len()))
        });
    }
    for (what, step) in [
        ("times itself", "times: a"),
        ("plus itself", "plus: a"),
        ("minus a large number", "minus: 9223372036854775807"),
        ("divided by a fraction", "divided_by: 0.0001"),
    ] {
        add(corpus, format!("a number {what}, in a loop"), move || {
            Hostile::fused(format!(
                "{{% assign a = 3 %}}{{% for i in (1..10000) %}}{{% assign a = a | {step} %}}{{% endfor %}}"
            ))
        });
    }
    for (what, arguments) in [
        ("a limit below zero", "limit: -9223372036854775808"),
        ("an offset beyond all", "offset: 9223372036854775807 limit: 9223372036854775807"),
        ("an offset of many digits", "offset: 99999999999999999999"),
    ] {
        add(corpus, format!("a loop with {what}"), move || {
            Hostile::fused(format!("{{% for i in (1..3) {arguments} %}}x{{% endfor %}}"))
        });
    }
    for index in ["9223372036854775807", "-9223372036854775808", "99999999999999999999", "-99999999999999999999", "1.5"]
    {
        add(corpus, format!("the index {index}"), move || {
            Hostile::body(format!("{{% if items[{index}] == 1 %}}{{% endif %}}{FUSE}"))
                .value("items", vec![1, 2, 3])
                .value("fuse", "no date")
        });
    }
    for number in ["1e400", "-1e400", "123456789012345678901234567890"] {
        add(corpus, format!("the default {number}"), move || {
            Hostile::file(format!(
                "---\nparameters:\n  n: {{ type: integer, default: {number} }}\n---\n{{{{ n | plus: 1 | date: 'x' }}}}"
            ))
        });
    }
}
