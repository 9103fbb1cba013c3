//! What people write who know another template language, and how Liquid says it.
//!
//! Jinja and Handlebars have the same braces, so that a prompt in them is nearly one of these. Parsing
//! knows nothing of this page: where it has found a mistake, the tokens around that are looked up here.

use super::scan::{Kind, Segment, scan};
use crate::error::Code;
use crate::template::Problem;
use std::ops::Range;

/// What stands at a mistake, and what to say.
struct Habit {
    /// Where it is one.
    within: Within,
    /// The tokens around the place `^` of the mistake. `NAME` is any name, `TEXT` any string, `…` any
    /// tokens, `ESCAPED` a string that ends in a backslash; `>` stands before the token that is told instead of the one behind `^`.
    pattern: &'static str,
    /// What is found, in words that go behind "this is".
    found: &'static str,
    /// How Liquid says it.
    hint: &'static str,
}

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    Anything,
    /// `{{ … }}`, `echo` and the value of `assign`.
    Value,
    /// Right behind `{{`.
    Opening,
    /// `if`, `unless` and `elsif`.
    Condition,
    /// `for` and `tablerow`.
    Loop,
    /// `else`.
    Else,
}

const fn habit(within: Within, pattern: &'static str, found: &'static str, hint: &'static str) -> Habit {
    Habit { within, pattern, found, hint }
}

const ARGUMENTS: &str = "a filter's arguments follow a colon: `{{ x | default: \"y\" }}`, `{{ l | join: \", \" }}`";
const CHOOSE: &str = "choose with a tag: `{% if b %}…{% else %}…{% endif %}`";
const OR_ELSE: &str = "for what may be absent: `{{ x | default: \"y\" }}`";
const CALCULATE: &str = "filters calculate: `{{ x | plus: 1 }}`, `minus`, `times`, `divided_by`, `modulo`";
const BLOCKS: &str = "a block is a tag in Liquid: `{% if x %}…{% endif %}`, `{% for item in items %}…{% endfor %}`";
const SLICE: &str = "take a part with `{{ x | slice: 1, 2 }}`: where it begins, counted from 0, and how many";
const PAIRS: &str = "a loop has one variable: `{% for pair in o %}{{ pair[0] }}: {{ pair[1] }}{% endfor %}`";
const CONTAINS: &str = "what holds it comes first: `{% if l contains x %}`";
const NOT: &str = "ask with `{% unless x %}`, or compare: `x == false`, `x != y`";
const CALL: &str =
    "values go through filters, as `{{ x | upcase }}`, and what no filter makes is for the caller to pass";
const LOOPS: &str =
    "in a loop `forloop.index0` counts from 0, and `forloop.first` and `forloop.last` tell its first and its last item";

/// The first that fits is told.
const HABITS: &[Habit] = {
    use Within::*;
    &[
        habit(
            Anything,
            ">ESCAPED ^",
            "a quote behind a backslash, which ends the string",
            "strings have no escapes: use the other quotes, `\"it's\"`, `'a \"b\"'`",
        ),
        habit(Opening, "^ {", "a third brace", "nothing is escaped in a prompt: `{{ x }}` prints it as it is"),
        habit(Opening, "^ # else", "a Handlebars block", "write `{% else %}`"),
        habit(Opening, "^ #", "a Handlebars block", BLOCKS),
        habit(Opening, "^ /", "the end of a Handlebars block", BLOCKS),
        habit(Opening, "^ ^", "a Handlebars block", "write `{% unless x %}…{% endunless %}`, or `{% else %}`"),
        habit(Opening, "^ >", "a Handlebars partial", "write `{% render \"name\", a: x %}`"),
        habit(Opening, "^ !", "a Handlebars comment", "write `{% # … %}`"),
        habit(Opening, "^ &", "a Handlebars value that is not escaped", "nothing is escaped in a prompt: `{{ x }}`"),
        habit(Value, "^ @", "a Handlebars variable", LOOPS),
        habit(
            Value,
            "^ ..",
            "a path to what is outside",
            "the names from outside a loop are known inside it, as they are",
        ),
        habit(Anything, "| NAME ^ (", "a `(` behind the name of a filter", ARGUMENTS),
        habit(Anything, "| ^ NAME (", "a `(` behind the name of a filter", ARGUMENTS),
        habit(Loop, "^ ,", "a second variable of a loop", PAIRS),
        habit(Loop, "^ ( NAME ,", "a second variable of a loop", PAIRS),
        habit(Loop, "^ of", "`of`", "a loop goes over what is behind `in`: `{% for item in items %}`"),
        habit(Loop, ">range ^ (", "a call of `range`", "a range names its first and its last number: `(0..2)`"),
        habit(Loop, "^ ..", "a range without parentheses", "a range stands in parentheses: `(1..3)`"),
        habit(
            Condition,
            "^ is",
            "a test with `is`",
            "`{% if x %}` asks whether it is there, `{% if x == nil %}` whether it is not",
        ),
        habit(Condition, "^ not in", "a test with `not in`", "what holds it comes first: `{% unless l contains x %}`"),
        habit(Condition, "^ in", "a test with `in`", CONTAINS),
        habit(Condition, ">not ^", "`not`", NOT),
        habit(Value, "NAME ^ ! NAME", "a conversion", "a value prints as it is; as JSON it is `{{ x | json }}`"),
        habit(Anything, "^ !", "`!`", NOT),
        habit(Condition, "^ & &", "`&&`", "write `and`"),
        habit(Condition, "^ | |", "`||`", "write `or`"),
        habit(Condition, "== ^ =", "`===`", "`==` compares, and never takes a string for a number"),
        habit(Condition, "^ =", "`=` in a condition", "`==` compares"),
        habit(Condition, ">len ^ (", "a call of `len`", "ask for its size: `{% if x.size > 3 %}`"),
        habit(
            Condition,
            ">startswith ^ (",
            "a call of `startswith`",
            "`contains` looks for a part: `{% if x contains \"a\" %}`",
        ),
        habit(Condition, ">NAME ^ (", "the call of a function", CALL),
        habit(
            Condition,
            ">( … ^",
            "a parenthesis in a condition",
            "conditions have none, and are read from the right: nest `if` tags, or `assign` a part before",
        ),
        habit(Condition, "^ then", "`then`", "a tag ends itself: `{% if x %}`"),
        habit(Condition, "^ :", "a `:`", "a tag ends itself: `{% if x %}`"),
        habit(Else, "^ if", "`else if`", "in Liquid it is called `elsif`"),
        habit(Value, ">f ^ TEXT", "an f-string", "text stands outside of the braces: `Hello {{ name }}`"),
        habit(Value, "^ if", "a choice in a value", CHOOSE),
        habit(Value, "^ ? ?", "`??`", OR_ELSE),
        habit(Value, "^ ?", "a choice in a value", CHOOSE),
        habit(Value, "^ or", "`or` in a value", OR_ELSE),
        habit(Value, "| ^ |", "`||` in a value", OR_ELSE),
        habit(Value, "^ ~", "`~`", "`{{ a }}{{ b }}` prints both, `{{ a | append: b }}` joins them"),
        habit(Value, "^ +", "`+`", "filters calculate, and join: `{{ x | plus: 1 }}`, `{{ a | append: b }}`"),
        habit(Value, "NAME ^ :", "a format", "filters format: `{{ x | round: 2 }}`, `{{ x | date: \"%Y\" }}`"),
        habit(Anything, "^ *", "`*`", CALCULATE),
        habit(Anything, "^ /", "`/`", CALCULATE),
        habit(Anything, "^ %", "`%`", CALCULATE),
        habit(Anything, "^ -", "`-`", CALCULATE),
        habit(Anything, "^ +", "`+`", CALCULATE),
        habit(Anything, "[ NAME ^ :", "a part of a list", SLICE),
        habit(Anything, "[ NUMBER ^ :", "a part of a list", SLICE),
        habit(
            Value,
            ">[ ^ NUMBER",
            "a list",
            "Liquid writes no lists: `\"a,b\" | split: \",\"` makes one, or a parameter has it as its `default`",
        ),
        habit(
            Value,
            ">[ TEXT ^ ,",
            "a list",
            "Liquid writes no lists: `\"a,b\" | split: \",\"` makes one, or a parameter has it as its `default`",
        ),
        habit(Value, "^ {", "an object", "Liquid writes no objects: declare a parameter that has it as its `default`"),
        habit(Anything, "^ $", "a `$` before a name", "a name stands by itself: `{{ x }}`"),
        habit(Anything, ">NAME ^ (", "the call of a function", CALL),
        habit(Anything, "^ |", "a filter in a tag", "give it a name before: `{% assign sorted = l | sort %}`"),
    ]
};

/// What other languages call a filter, and what to do in Liquid.
const FILTERS: &[(&[&str], &str)] = &[
    (&["upper", "uppercase", "toUpperCase"], "in Liquid it is called `upcase`"),
    (&["lower", "lowercase", "toLowerCase"], "in Liquid it is called `downcase`"),
    (&["title", "ucfirst"], "the nearest is `capitalize`, for the first letter alone"),
    (&["trim"], "in Liquid it is called `strip`"),
    (&["length", "count", "len"], "in Liquid it is called `size`"),
    (&["tojson", "to_json", "json_encode", "pprint", "inspect"], "in Liquid it is called `json`"),
    (&["unique"], "in Liquid it is called `uniq`"),
    (&["urlencode"], "in Liquid it is called `url_encode`"),
    (&["d"], "in Liquid it is called `default`"),
    (&["e", "forceescape"], "in Liquid it is called `escape`; of itself a prompt escapes nothing"),
    (&["safe", "raw", "mark_safe", "noescape"], "nothing is escaped in a prompt: leave it out"),
    (&["string", "str"], "a value prints as it is: leave it out"),
    (&["int", "float", "number"], "declare the parameter as a number; `plus: 0` makes one of a string"),
    (&["list", "array"], "`split: \",\"` makes a list of a string"),
    (&["selectattr", "select", "filter"], "in Liquid it is called `where`: `{{ l | where: \"a\", \"x\" }}`"),
    (&["rejectattr"], "in Liquid it is called `reject`: `{{ l | reject: \"a\", \"x\" }}`"),
    (&["min", "max"], "sort, and take `first` or `last`: `{{ l | sort | last }}`"),
    (&["striptags"], "in Liquid it is called `strip_html`"),
    (&["nl2br"], "in Liquid it is called `newline_to_br`"),
    (&["wordcount"], "`{{ x | split: \" \" | size }}` counts words"),
    (&["strftime", "datetimeformat", "date_format"], "in Liquid it is called `date`"),
    (&["format"], "put it together with `append`, or write it outside of the braces"),
    (&["items", "keys", "values", "dictsort"], PAIRS),
];

/// What other languages call a tag, and what to do in Liquid.
const TAGS: &[(&[&str], &str)] = &[
    (&["elif", "elseif"], "in Liquid it is called `elsif`"),
    (&["set", "let", "var", "do"], "in Liquid it is called `assign`: `{% assign x = 1 %}`"),
    (&["endset"], "what stands between tags is kept with `{% capture x %}…{% endcapture %}`"),
    (&["switch"], "in Liquid it is called `case`"),
    (&["endswitch"], "in Liquid it is called `endcase`"),
    (&["foreach", "each"], "in Liquid it is called `for`"),
    (&["endforeach", "endeach"], "in Liquid it is called `endfor`"),
    (&["while", "endwhile"], "a loop goes over a list or a range: `{% for i in (1..3) %}…{% endfor %}`"),
    (&["end", "fi", "done"], "each block ends by its own name, as with `{% endif %}`"),
    (
        &["macro", "endmacro", "call", "endcall"],
        "what is written once is a prompt of its own: `{% render \"name\", a: x %}`",
    ),
    (
        &["block", "endblock", "extends", "super"],
        "prompts inherit nothing: what they share is a prompt of its own, `{% render \"name\" %}`",
    ),
    (&["import", "from"], "a partial needs no import: `{% render \"name\", a: x %}`"),
    (&["with", "endwith"], "`assign` gives a value a name: `{% assign x = 1 %}`"),
    (&["filter", "endfilter"], "keep it with `capture`, and put that through the filter"),
    (&["autoescape", "endautoescape"], "nothing is escaped in a prompt: leave it out"),
    (&["verbatim"], "in Liquid it is called `raw`"),
    (&["endverbatim"], "in Liquid it is called `endraw`"),
    (&["print"], "write `{{ x }}`, or `{% echo x %}`"),
];

/// Words that are names to Liquid and values to others.
const NAMES: &[(&[&str], &str)] = &[
    (&["None", "NULL", "Null", "none", "undefined"], "in Liquid it is called `nil`"),
    (&["True", "TRUE"], "in Liquid it is written `true`"),
    (&["False", "FALSE"], "in Liquid it is written `false`"),
    (&["loop"], "in Liquid it is called `forloop`: `forloop.index`, `forloop.first`, `forloop.last`"),
    (&["this"], "the item of a loop has the name that the loop gives it: `{% for item in items %}{{ item }}`"),
    (&["else"], "write `{% else %}`"),
];

/// Properties that Liquid has by other names.
const PROPERTIES: &[(&[&str], &str)] =
    &[(&["length", "count", "len"], "in Liquid it is called `size`"), (&["items", "keys", "values"], PAIRS)];

fn look_up(table: &[(&[&str], &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(words, _)| words.contains(&word)).map(|(_, hint)| *hint)
}

/// Returns what to write for a filter of another language.
pub(super) fn of_filter(name: &str) -> Option<&'static str> {
    look_up(FILTERS, name)
}

/// Returns what to write for a tag of another language.
pub(super) fn of_tag(name: &str) -> Option<&'static str> {
    look_up(TAGS, name)
}

/// Returns what to write for a name that stands for a value, or for the state of a loop, elsewhere.
pub(crate) fn of_name(name: &str) -> Option<&'static str> {
    look_up(NAMES, name)
}

/// Returns what to write for a property that other languages have.
pub(crate) fn of_property(name: &str) -> Option<&'static str> {
    look_up(PROPERTIES, name)
}

/// Returns where strings of `source` hold what other languages read as a line break or a tab.
pub(crate) fn escapes(source: &str) -> Vec<Range<usize>> {
    let segments = scan(source, &mut Vec::new());
    let is_code =
        |segment: &&Segment| segment.kind == Kind::Output || segment.tag_name(source).is_some_and(|name| name != "#");
    let strings = segments.iter().filter(is_code).flat_map(|segment| tokens(source, segment.inner.clone()));
    let is_escaped = |string: &Range<usize>| {
        let text = &source[string.clone()];
        is(source, string, "TEXT") && ["\\n", "\\t", "\\r"].iter().any(|escape| text.contains(escape))
    };
    strings.filter(is_escaped).collect()
}

/// Returns `problem`, which was found in `segment` of `source`, in the words of the habit that led to it.
pub(super) fn explained(source: &str, segment: &Segment, problem: Problem) -> Problem {
    let (is_before, is_behind) = (segment.inner.start <= problem.span.start, problem.span.start <= segment.inner.end);
    let tag = segment.tag_name(source);
    if problem.code != Code::A0302 || !is_before || !is_behind {
        return problem;
    }
    let start = if tag.is_some() { segment.arguments().start } else { segment.inner.start };
    if problem.span.start < start {
        return problem;
    }
    let around = Around {
        before: tokens(source, start..problem.span.start),
        behind: tokens(source, problem.span.start..segment.inner.end),
        tag,
        is_opening: tag.is_none() && problem.span.start == segment.span.start + 2,
    };
    // Behind so many the last ones are not known.
    if around.before.len() == MOST_TOKENS {
        return problem;
    }
    let Some((habit, place)) = HABITS.iter().find_map(|habit| Some((habit, around.fits(source, habit)?))) else {
        return problem;
    };
    Problem { message: format!("this is {}, which Liquid does not have", habit.found), span: place, ..problem }
        .label("not expected")
        .hint(habit.hint)
}

/// The most tokens that are looked through on either side of a mistake.
const MOST_TOKENS: usize = 1000;

/// What stands around a mistake.
struct Around<'s> {
    before: Vec<Range<usize>>,
    behind: Vec<Range<usize>>,
    tag: Option<&'s str>,
    is_opening: bool,
}

impl Around<'_> {
    /// Returns the place that is told, if this is what `habit` says.
    fn fits(&self, source: &str, habit: &Habit) -> Option<Range<usize>> {
        let is_there = match (habit.within, self.tag) {
            (Within::Anything, _) | (Within::Value, None | Some("echo" | "assign")) => true,
            (Within::Opening, _) => self.is_opening,
            (Within::Condition, Some("if" | "unless" | "elsif")) | (Within::Else, Some("else")) => true,
            (Within::Loop, Some("for" | "tablerow")) => true,
            _ => false,
        };
        if !is_there {
            return None;
        }
        // A `^` of its own is a Handlebars block that turns another round.
        let (before, behind) = habit.pattern.split_once('^')?;
        let mut told = None;
        let mut left = self.before.as_slice();
        for word in before.split_whitespace().rev() {
            if word == "…" {
                continue;
            }
            let (is_told, word) = word.strip_prefix('>').map_or((false, word), |word| (true, word));
            let is_far = before.trim_end().ends_with('…');
            let at = match is_far {
                true => left.iter().rposition(|token| is(source, token, word))?,
                false => left.len().checked_sub(1).filter(|last| is(source, &left[*last], word))?,
            };
            told = if is_told { Some(left[at].clone()) } else { told };
            left = &left[..at];
        }
        let mut words = behind.split_whitespace().zip(&self.behind);
        let is_whole = behind.split_whitespace().count() <= self.behind.len();
        let fits = is_whole && words.all(|(word, token)| is(source, token, word));
        let first = self.behind.first().cloned();
        fits.then(|| told.or(first)).flatten()
    }
}

/// Returns whether a token is what a word of a pattern says.
fn is(source: &str, token: &Range<usize>, word: &str) -> bool {
    let text = &source[token.clone()];
    let first = text.bytes().next().unwrap_or_default();
    match word {
        "NAME" => first.is_ascii_alphabetic() || first == b'_',
        "NUMBER" => first.is_ascii_digit(),
        "TEXT" => matches!(first, b'"' | b'\''),
        "ESCAPED" => matches!(first, b'"' | b'\'') && text[..text.len() - 1].ends_with('\\'),
        word => text == word,
    }
}

/// Returns the tokens that stand at `span`: names, numbers, strings and signs, `..` and `==` among them.
fn tokens(source: &str, span: Range<usize>) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut at = span.start;
    while tokens.len() < MOST_TOKENS {
        let text = &source[at..span.end];
        let text = text.trim_start();
        let Some(first) = text.chars().next() else { break };
        let start = span.end - text.len();
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = match first {
            '"' | '\'' => text[1..].find(first).map_or(text.len(), |end| end + 2),
            c if is_part(c) => text.find(|c| !is_part(c)).unwrap_or(text.len()),
            _ if text.starts_with("..") || text.starts_with("==") => 2,
            c => c.len_utf8(),
        };
        tokens.push(start..start + length);
        at = start + length;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use crate::template::Template;

    /// A template, what is told of it first, and how its hint begins.
    const TOLD: &[(&str, &str, &str)] = &[
        ("{{ x | default('y') }}", "(", "a filter's arguments follow a colon"),
        ("{{ x | replace('a', 'b') }}", "replace", "a filter's arguments follow a colon"),
        ("{% assign x = y | default('z') %}", "(", "a filter's arguments follow a colon"),
        ("{% for i in l | sort %}{% endfor %}", "|", "give it a name before"),
        ("{% if x | size > 3 %}{% endif %}", "|", "give it a name before"),
        ("{% render 'p', a: x | upcase %}", "|", "give it a name before"),
        ("{{ 'a' if b else 'c' }}", "if", "choose with a tag"),
        ("{{ a ? 'b' : 'c' }}", "?", "choose with a tag"),
        ("{{ a ~ b }}", "~", "`{{ a }}{{ b }}` prints both"),
        ("{{ a + 1 }}", "+", "filters calculate, and join"),
        ("{{ a - 1 }}", "-", "filters calculate"),
        ("{% if a / 2 > 1 %}{% endif %}", "/", "filters calculate"),
        ("{{ a or 'b' }}", "or", "for what may be absent"),
        ("{{ a || 'b' }}", "|", "for what may be absent"),
        ("{{ a ?? 'b' }}", "?", "for what may be absent"),
        ("{{ f(x) }}", "f", "values go through filters"),
        ("{{ x.upper() }}", "upper", "values go through filters"),
        ("{{ x[1:3] }}", ":", "take a part"),
        ("{{ [1, 2] }}", "[", "Liquid writes no lists"),
        ("{% assign l = ['a', 'b'] %}", "[", "Liquid writes no lists"),
        ("{{ {'a': 1} }}", "{", "Liquid writes no objects"),
        ("{{ f'{x}' }}", "f", "text stands outside"),
        ("{{ x!r }}", "!", "a value prints as it is"),
        ("{{ x:.2f }}", ":", "filters format"),
        ("{{ $x }}", "$", "a name stands by itself"),
        ("{{ !x }}", "!", "ask with"),
        ("{% if x is defined %}{% endif %}", "is", "`{% if x %}` asks"),
        ("{% if a and x is not none %}{% endif %}", "is", "`{% if x %}` asks"),
        ("{% if x in l %}{% endif %}", "in", "what holds it comes first"),
        ("{% if x not in l %}{% endif %}", "not", "what holds it comes first: `{% unless"),
        ("{% if not x %}{% endif %}", "not", "ask with"),
        ("{% if a and not x %}{% endif %}", "not", "ask with"),
        ("{% unless !x %}{% endunless %}", "!", "ask with"),
        ("{% if (a or b) and c %}{% endif %}", "(", "conditions have none"),
        ("{% if a %}{% elsif c and (a == 1) %}{% endif %}", "(", "conditions have none"),
        ("{% if a && b %}{% endif %}", "&", "write `and`"),
        ("{% if a || b %}{% endif %}", "|", "write `or`"),
        ("{% if a = 1 %}{% endif %}", "=", "`==` compares"),
        ("{% if a === 1 %}{% endif %}", "=", "`==` compares, and"),
        ("{% if len(x) > 3 %}{% endif %}", "len", "ask for its size"),
        ("{% if x.startswith('a') %}{% endif %}", "startswith", "`contains` looks"),
        ("{% if x then %}{% endif %}", "then", "a tag ends itself"),
        ("{% if x: %}{% endif %}", ":", "a tag ends itself"),
        ("{% if a %}{% else if b %}{% endif %}", "if", "in Liquid it is called `elsif`"),
        ("{% if a %}{% elif b %}{% endif %}", "elif", "in Liquid it is called `elsif`"),
        ("{% for k, v in o %}{% endfor %}", ",", "a loop has one variable"),
        ("{% for (k, v) in o %}{% endfor %}", "(", "a loop has one variable"),
        ("{% for i of l %}{% endfor %}", "of", "a loop goes over"),
        ("{% for i in range(3) %}{% endfor %}", "range", "a range names"),
        ("{% for i in 1..3 %}{% endfor %}", "..", "a range stands"),
        ("{% for p in o.items() %}{% endfor %}", "items", "values go through"),
        ("{{#if x}}{% if a %}{% endif %}", "#", "a block is a tag"),
        ("{{/each}}", "/", "a block is a tag"),
        ("{{^x}}", "^", "write `{% unless"),
        ("{{> row}}", ">", "write `{% render"),
        ("{{! no }}", "!", "write `{% #"),
        ("{{{x}}}", "{", "nothing is escaped"),
        ("{{@index}}", "@", "in a loop"),
        ("{{ ../x }}", "..", "the names from outside"),
        ("{% set x = 1 %}", "set", "in Liquid it is called `assign`"),
        ("{% macro f(x) %}", "macro", "what is written once"),
        ("{% extends 'b' %}", "extends", "prompts inherit nothing"),
        ("{% block b %}", "block", "prompts inherit nothing"),
        ("{% end %}", "end", "each block ends"),
        ("{{ x | e }}", "e", "in Liquid it is called `escape`"),
        ("{{ x | safe }}", "safe", "nothing is escaped"),
        ("{{ x | tojson }}", "tojson", "in Liquid it is called `json`"),
        ("{{ x | selectattr('a') }}", "selectattr", "in Liquid it is called `where`"),
        ("{{ l | join: \"a\\\"b\" }}", "\"a\\\"", "strings have no escapes"),
        ("{{ 'it\\'s' }}", "'it\\'", "strings have no escapes"),
        ("{% if x == \"say \\\"\" %}{% endif %}", "\"say \\\"", "strings have no escapes"),
        ("{{ a, b }}", ",", "if this is not meant"),
        ("{{ a b }}", "b", "if this is not meant"),
    ];

    #[test]
    fn a_habit_is_told_at_its_place_with_the_way_of_liquid() {
        for (source, told, hint) in TOLD {
            let problems = Template::parse(source).unwrap_err();
            let first = &problems[0];
            assert_eq!(&source[first.span.clone()], *told, "{source}: {}", first.message);
            assert!(first.hints[0].message.starts_with(hint), "{source}: {}", first.hints[0].message);
        }
    }

    #[test]
    fn what_is_liquid_has_no_habit_in_it() {
        for source in [
            "{% for i in l %}x{% endfor -%}",
            "{% if not == 1 and is contains in %}{% endif %}",
            "{{ f | default: of }}{{ loop.index }}{{ None }}",
            "{% if x <> 1 %}{% endif %}{{ x.y? }}",
        ] {
            assert!(Template::parse(source).is_ok(), "{source}");
        }
    }
}
