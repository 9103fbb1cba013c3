//! The engine beside the `liquid` crate, on templates that both should render alike.
//!
//! Templates are made by a grammar from a number, so that each can be made again; one that comes out
//! differently is cut down to the smallest that still does. `ANVIL_DIFFERENTIAL_CASES` says how many
//! are tried, `ANVIL_DIFFERENTIAL_FROM` with which number to begin.
//!
//! The grammar keeps to what both promise. It leaves out what Anvil means otherwise: new lines
//! around tags (whole lines of tags vanish in prompts), undefined variables and `nil` (errors in
//! prompts), lists and objects that are printed (errors in prompts), objects that are looped over (the
//! crate shuffles them), numbers that overflow.
//!
//! Where the crate is known to be wrong, by Shopify's Liquid:
//!
//! - `modulo` and `divided_by` of numbers below zero: it rounds towards zero, Shopify down.
//! - `split` of a text that ends with what it is split by, and by a blank where there are several in a
//!   row: it keeps the empty texts that Ruby leaves out.
//! - `case` with one value in two `when`: it renders the first, Shopify each.
//! - `truncatewords` of a text with blanks at its ends: it counts empty words.
//! - `capitalize`: it leaves the letters behind the first as they are, Shopify writes them small.
//! - `url_encode`: it writes `%20` for a blank, Shopify `+`.
//! - `cycle` with variables and without a name: it goes on from one tag to the other, in Shopify each
//!   tag has a cycle of its own.

#![allow(clippy::unwrap_used)]
#![allow(clippy::print_stdout, reason = "how many templates were compared is told")]

use anvil::template::{Output, Partial, Partials, Template, Values};
use serde_json::json;
use std::sync::Arc;

const CASES: u64 = 2000;

/// A generator of numbers that anyone can repeat: xorshift64*, by Vigna.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides
    }

    fn one_of<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.roll(of.len())]
    }
}

/// A part of a template that can be left out.
#[derive(Clone, Debug)]
struct Piece {
    opening: String,
    inside: Vec<Piece>,
    closing: &'static str,
}

impl Piece {
    fn leaf(text: impl Into<String>) -> Piece {
        Piece { opening: text.into(), inside: Vec::new(), closing: "" }
    }

    fn write(&self, to: &mut String) {
        to.push_str(&self.opening);
        self.inside.iter().for_each(|piece| piece.write(to));
        to.push_str(self.closing);
    }
}

/// Returns the source. It neither begins nor ends with a tag: no line of it can vanish.
fn source(pieces: &[Piece]) -> String {
    let mut source = String::from("[");
    pieces.iter().for_each(|piece| piece.write(&mut source));
    source + "]"
}

/// Every variable that a template reads. Those that templates assign are there from the start.
fn values() -> Values {
    let values = json!({
        "s": "Hello World",
        "t": "the quick brown fox, and the lazy dog",
        "u": "<b>Fish & Chips</b> \"today\"",
        "e": "",
        "n": 7,
        "m": -3,
        "z": 0,
        "f": 2.5,
        "yes": true,
        "no": false,
        "words": ["pear", "Apple", "fig", "apple", "fig"],
        "numbers": [3, 1, 10, 2, 1],
        "none": [],
        "people": [{ "name": "Ada", "age": 36 }, { "name": "Bo", "age": 7 }, { "name": "Cy", "age": 36 }],
        "customer": { "name": "Di", "tier": "pro" },
        "v0": "zero",
        "v1": "one",
        "w0": 5,
        "w1": -8,
        "c0": "kept",
        "c1": "too",
    });
    match values {
        serde_json::Value::Object(values) => values,
        _ => unreachable!("it is written as an object"),
    }
}

/// Makes one template.
struct Grammar {
    dice: Dice,
    /// How many loops stand around.
    loops: usize,
}

impl Grammar {
    fn template(number: u64) -> Vec<Piece> {
        let seed = (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut grammar = Grammar { dice: Dice(seed), loops: 0 };
        let pieces = 1 + grammar.dice.roll(8);
        (0..pieces).map(|_| grammar.piece(4)).collect()
    }

    fn inside(&mut self, depth: usize) -> Vec<Piece> {
        (0..1 + self.dice.roll(3)).map(|_| self.piece(depth - 1)).collect()
    }

    fn piece(&mut self, depth: usize) -> Piece {
        let kinds = if depth == 0 { 9 } else { 18 };
        match self.dice.roll(kinds) {
            0 | 1 => Piece::leaf(self.dice.one_of(&["text", " and ", "a b", "  spaced  ", ".", "{ x }", "%}", "'"])),
            2..=5 => self.output(),
            6 => self.assign(),
            7 => Piece::leaf(self.dice.one_of(&[
                "{% increment i0 %}",
                "{% increment i1 %}",
                "{% decrement d0 %}",
                "{% cycle 'a', 'b', 'c' %}",
                "{% cycle 'g': 'x', 'y' %}",
                "{% cycle 'g': n, s %}",
            ])),
            8 => Piece::leaf(self.dice.one_of(&[
                "{% comment %} nothing {{ s }} {% endcomment %}",
                "{% raw %}{{ s }} {% if %}{% endraw %}",
                "{%- comment -%} x {%- endcomment -%}",
            ])),
            9 | 10 => self.condition_block("{% if ", "{% endif %}", depth),
            11 => self.condition_block("{% unless ", "{% endunless %}", depth),
            12 => self.case(depth),
            13..=15 => self.for_loop(depth),
            _ => {
                let name = self.dice.one_of(&["c0", "c1"]);
                Piece {
                    opening: format!("{{% capture {name} %}}"),
                    inside: self.inside(depth),
                    closing: "{% endcapture %}",
                }
            }
        }
    }

    fn output(&mut self) -> Piece {
        let expression = match self.dice.roll(4) {
            0 => self.number(),
            _ => self.text(),
        };
        let (opening, closing) = match self.dice.roll(8) {
            0 => ("{{-", "}}"),
            1 => ("{{", "-}}"),
            _ => ("{{", "}}"),
        };
        Piece::leaf(format!("{opening} {expression} {closing}"))
    }

    fn assign(&mut self) -> Piece {
        let is_text = self.dice.roll(2) == 0;
        let name = if is_text { self.dice.one_of(&["v0", "v1"]) } else { self.dice.one_of(&["w0", "w1"]) };
        // In loops numbers would grow until they overflow, which each engine does in a way of its own.
        let expression =
            if is_text { self.text() } else { format!("{} | at_most: 1000 | at_least: -1000", self.number()) };
        Piece::leaf(format!("{{% assign {name} = {expression} %}}"))
    }

    /// A literal or variable that is a text.
    fn text_atom(&mut self) -> &'static str {
        if self.loops == 0 && self.dice.roll(8) == 0 {
            // Within loops a capture that prints itself twice would double at each turn.
            return self.dice.one_of(&["c0", "c1"]);
        }
        self.dice.one_of(&[
            "s",
            "t",
            "u",
            "e",
            "v0",
            "v1",
            "customer.name",
            "customer.tier",
            "people[0].name",
            "people[-1].name",
            "words[1]",
            "words.first",
            "words.last",
            "'abc'",
            "\"A b C\"",
            "' x '",
            "'a,b,,c'",
        ])
    }

    /// An expression that gives a text.
    fn text(&mut self) -> String {
        let mut text = match self.dice.roll(9) {
            2 => format!("t | {}", self.dice.one_of(&["truncatewords: 2", "truncatewords: 1, '!'"])),
            0 => format!("{} | join: {}", self.list(), self.dice.one_of(&["', '", "''", "'-'"])),
            1 => format!("{} | {}", self.list_of_words(), self.dice.one_of(&["first", "last"])),
            _ => self.text_atom().to_owned(),
        };
        for _ in 0..self.dice.roll(4) {
            text.push_str(" | ");
            text.push_str(&self.text_filter());
        }
        text
    }

    fn text_filter(&mut self) -> String {
        let literal = |dice: &mut Dice| dice.one_of(&["'a'", "'o'", "' '", "'xyz'", "'Hello'", "s", "','"]);
        let plain = [
            "upcase",
            "downcase",
            "strip",
            "lstrip",
            "rstrip",
            "escape",
            "escape_once",
            "strip_html",
            "strip_newlines",
            "newline_to_br",
        ];
        match self.dice.roll(10) {
            0..=3 => self.dice.one_of(&plain).to_owned(),
            4 => format!("append: {}", literal(&mut self.dice)),
            5 => format!("prepend: {}", literal(&mut self.dice)),
            6 => {
                let filter = self.dice.one_of(&["replace", "replace_first"]);
                // What is put in holds what is looked for at most once: no text doubles in a loop.
                let new = self.dice.one_of(&["'a'", "'o'", "' '", "'xyz'", "'Hello'", "''"]);
                format!("{filter}: {}, {new}", literal(&mut self.dice))
            }
            7 => {
                let filter = self.dice.one_of(&["remove", "remove_first"]);
                format!("{filter}: {}", literal(&mut self.dice))
            }
            8 => {
                let filter = self.dice.one_of(&[
                    "truncate: 5",
                    "truncate: 8, '-'",
                    "truncate: 50",
                    "slice: 0, 3",
                    "slice: 2",
                    "slice: -3, 2",
                    "default: 'none'",
                ]);
                filter.to_owned()
            }
            _ => {
                let by = self.dice.one_of(&["','", "'o'", "'ab'"]);
                let filter = self.dice.one_of(&["", "sort | ", "reverse | ", "uniq | ", "compact | "]);
                format!("prepend: 'y' | append: 'z' | split: {by} | {filter}join: '+'")
            }
        }
    }

    fn list_of_words(&mut self) -> String {
        let list = self.dice.one_of(&["words", "people | map: 'name'", "t | split: ' '", "s | split: 'l'"]);
        format!("{list}{}", self.list_filter())
    }

    fn list(&mut self) -> String {
        let list = self.dice.one_of(&["numbers", "words", "none", "people | map: 'age'", "t | split: ', '"]);
        format!("{list}{}", self.list_filter())
    }

    fn list_filter(&mut self) -> &'static str {
        self.dice.one_of(&["", "", "", " | sort", " | reverse", " | uniq", " | compact"])
    }

    fn number_atom(&mut self) -> &'static str {
        if self.loops > 0 && self.dice.roll(3) == 0 {
            return self.dice.one_of(&[
                "forloop.index",
                "forloop.index0",
                "forloop.rindex",
                "forloop.rindex0",
                "forloop.length",
            ]);
        }
        self.dice.one_of(&["n", "m", "z", "w0", "w1", "0", "1", "2", "-4", "10", "people[1].age", "numbers[2]"])
    }

    /// An expression that gives an integer.
    fn number(&mut self) -> String {
        let mut number = match self.dice.roll(6) {
            0 => format!("{} | size", self.list()),
            1 => format!("{} | size", self.text_atom()),
            _ => self.number_atom().to_owned(),
        };
        for _ in 0..self.dice.roll(3) {
            let argument = self.number_atom();
            let filter = match self.dice.roll(7) {
                0 => format!("plus: {argument}"),
                1 => format!("minus: {argument}"),
                2 => format!("times: {argument}"),
                3 => format!("at_least: {argument}"),
                4 => format!("at_most: {argument}"),
                5 => "abs".to_owned(),
                _ => {
                    let by = self.dice.one_of(&["divided_by: 2", "modulo: 3", "divided_by: 1", "modulo: 1"]);
                    format!("abs | {by}")
                }
            };
            number.push_str(" | ");
            number.push_str(&filter);
        }
        number
    }

    fn comparison(&mut self) -> String {
        let equal = self.dice.one_of(&["==", "!="]);
        let order = self.dice.one_of(&["==", "!=", "<", ">", "<=", ">="]);
        match self.dice.roll(7) {
            0 | 1 => format!("{} {order} {}", self.number_atom(), self.number_atom()),
            2 => format!("{} {equal} {}", self.text_atom(), self.text_atom()),
            3 => format!("{} contains {}", self.text_atom(), self.dice.one_of(&["'a'", "'o'", "'Hello'", "'zz'"])),
            4 => format!("words contains {}", self.dice.one_of(&["'fig'", "'nut'", "words[0]", "s"])),
            5 => self.dice.one_of(&["yes", "no", "s", "n", "words", "true", "false"]).to_owned(),
            _ if self.loops > 0 => self.dice.one_of(&["forloop.first", "forloop.last"]).to_owned(),
            _ => self.dice.one_of(&["yes == true", "no == false", "yes != no"]).to_owned(),
        }
    }

    fn condition(&mut self) -> String {
        let first = self.comparison();
        match self.dice.roll(4) {
            0 => format!("{first} and {}", self.comparison()),
            1 => format!("{first} or {}", self.comparison()),
            _ => first,
        }
    }

    fn condition_block(&mut self, opening: &str, closing: &'static str, depth: usize) -> Piece {
        let opening = format!("{opening}{} %}}", self.condition());
        let mut inside = self.inside(depth);
        if opening.starts_with("{% if") && self.dice.roll(4) == 0 {
            let condition = self.condition();
            inside.push(Piece {
                opening: format!("{{% elsif {condition} %}}"),
                inside: self.inside(depth),
                closing: "",
            });
        }
        if self.dice.roll(3) == 0 {
            inside.push(Piece { opening: "{% else %}".to_owned(), inside: self.inside(depth), closing: "" });
        }
        Piece { opening, inside, closing }
    }

    fn case(&mut self, depth: usize) -> Piece {
        let subject = if self.dice.roll(2) == 0 { self.text_atom() } else { self.number_atom() };
        let mut inside = Vec::new();
        // No value stands in two of them.
        const WHENS: [&str; 8] = ["7", "'abc'", "s", "0, 1", "'Ada' or 'Bo'", "customer.name", "-3", "5"];
        let first = self.dice.roll(WHENS.len());
        for at in first..=first + self.dice.roll(3) {
            let when = WHENS[at % WHENS.len()];
            inside.push(Piece { opening: format!("{{% when {when} %}}"), inside: self.inside(depth), closing: "" });
        }
        if self.dice.roll(2) == 0 {
            inside.push(Piece { opening: "{% else %}".to_owned(), inside: self.inside(depth), closing: "" });
        }
        Piece { opening: format!("{{% case {subject} %}}"), inside, closing: "{% endcase %}" }
    }

    fn for_loop(&mut self, depth: usize) -> Piece {
        let over = self.dice.one_of(&["words", "numbers", "none", "(1..3)", "(0..n)", "(2..1)", "(m..0)", "(1..4)"]);
        let arguments =
            self.dice.one_of(&["", "", "", " limit: 2", " offset: 1", " reversed", " limit: 2 offset: 1", " limit: 0"]);
        self.loops += 1;
        let mut inside = self.inside(depth);
        inside.insert(0, Piece::leaf(self.dice.one_of(&["{{ item }}", "{{ item }};", "{{ forloop.index }}", "-"])));
        if self.dice.roll(4) == 0 {
            let leave = self.dice.one_of(&["{% break %}", "{% continue %}"]);
            let opening = format!("{{% if {} %}}", self.comparison());
            let at = self.dice.roll(inside.len() + 1);
            inside.insert(at, Piece { opening, inside: vec![Piece::leaf(leave)], closing: "{% endif %}" });
        }
        self.loops -= 1;
        if self.dice.roll(4) == 0 {
            inside.push(Piece { opening: "{% else %}".to_owned(), inside: self.inside(depth), closing: "" });
        }
        Piece { opening: format!("{{% for item in {over}{arguments} %}}"), inside, closing: "{% endfor %}" }
    }
}

/// What an engine made of a template.
type Made = Result<String, String>;

struct Nothing;

impl Partials for Nothing {
    fn find(&self, name: &str) -> Result<Arc<dyn Partial>, String> {
        Err(format!("there is no prompt `{name}`"))
    }
}

/// Both engines, with the values as each wants them.
struct Engines {
    values: Values,
    crate_values: liquid::Object,
    parser: liquid::Parser,
}

impl Engines {
    fn new() -> Engines {
        let values = values();
        let crate_values = liquid::to_object(&values).unwrap();
        Engines { values, crate_values, parser: liquid::ParserBuilder::with_stdlib().build().unwrap() }
    }

    fn anvil(&self, source: &str) -> Made {
        let template = Template::parse(source).map_err(|problems| problems[0].message.clone())?;
        match template.render(&self.values, &Nothing).map_err(|error| error.message)? {
            Output::Text(text) => Ok(text),
            Output::Messages(messages) => Err(format!("{} messages", messages.len())),
        }
    }

    fn liquid(&self, source: &str) -> Made {
        let template = self.parser.parse(source).map_err(|error| error.to_string())?;
        template.render(&self.crate_values).map_err(|error| error.to_string())
    }

    /// Returns what both make of a template, if it is not the same. That both refuse it is the same.
    fn difference(&self, pieces: &[Piece]) -> Option<(Made, Made)> {
        let source = source(pieces);
        let (ours, theirs) = (self.anvil(&source), self.liquid(&source));
        let is_same = ours == theirs || (ours.is_err() && theirs.is_err());
        (!is_same).then_some((ours, theirs))
    }

    /// Returns the smallest template that still comes out differently in the same way, by leaving out
    /// one piece after another.
    fn smallest(&self, mut pieces: Vec<Piece>) -> Vec<Piece> {
        let way = |pieces: &[Piece]| self.difference(pieces).map(|(ours, theirs)| (ours.is_ok(), theirs.is_ok()));
        let found = way(&pieces);
        loop {
            let mut smaller = smaller(&pieces).into_iter();
            match smaller.find(|pieces| way(pieces) == found) {
                Some(found) => pieces = found,
                None => return pieces,
            }
        }
    }
}

/// Returns every template that has one piece less, or one that is replaced by what is in it.
fn smaller(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut all = Vec::new();
    for at in 0..pieces.len() {
        let with = |new: &[Piece]| [&pieces[..at], new, &pieces[at + 1..]].concat();
        let piece = &pieces[at];
        all.push(with(&[]));
        if !piece.closing.is_empty() {
            all.push(with(&piece.inside));
        }
        all.extend(smaller(&piece.inside).into_iter().map(|inside| with(&[Piece { inside, ..piece.clone() }])));
        if let Some((shorter, _)) = piece.opening.rsplit_once(" | ")
            && let Some(closing) = ["}}", "%}"].into_iter().find(|closing| piece.opening.ends_with(closing))
        {
            all.push(with(&[Piece { opening: format!("{shorter} {closing}"), ..piece.clone() }]));
        }
    }
    all
}

fn number_from(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |number| number.parse().expect(variable))
}

#[test]
fn templates_render_as_the_liquid_crate_renders_them() {
    /// How many differences are told.
    const TOLD: usize = 10;
    let engines = Engines::new();
    let (from, cases) = (number_from("ANVIL_DIFFERENTIAL_FROM", 0), number_from("ANVIL_DIFFERENTIAL_CASES", CASES));
    let (mut rendered, mut differences) = (0, Vec::new());
    for number in from..from + cases {
        let pieces = Grammar::template(number);
        if engines.difference(&pieces).is_some() {
            let small = engines.smallest(pieces);
            let (ours, theirs) = engines.difference(&small).expect("the smallest one differs, too");
            differences.push(format!("{number}: {}\n  anvil:  {ours:?}\n  liquid: {theirs:?}", source(&small)));
        } else if engines.anvil(&source(&pieces)).is_ok() {
            rendered += 1;
        }
    }
    println!("{cases} templates: {rendered} rendered alike, {} differently", differences.len());
    let told = &differences[..differences.len().min(TOLD)];
    assert!(differences.is_empty(), "{} templates differ, such as\n{}", differences.len(), told.join("\n"));
    // What both refuse compares nothing.
    assert!(rendered * 10 >= cases * 9, "only {rendered} of {cases} templates render at all");
}
