//! What `lint` says of small prompts, held against rendering them with every value.
//!
//! Templates are made at random over a few parameters whose values can be gone through one by one.
//! `lint` must report an error exactly where some values make rendering fail, and a branch that is
//! never taken exactly where no values lead into it. `ANVIL_LINT_CASES` says how many are tried.
//!
//! One class is let pass, where `lint` may say too much and never too little: conditions on what was
//! made of other values, by `capture` or `default`, and then asked of together with these. To `lint` it
//! may be any text, or any of both values. It is counted, and must stay rare.

use anvil::archive::FileSet;
use anvil::error::{Code, Diagnostic};
use anvil::manifest::{Manifest, Strictness};
use anvil::prompt::{Reach, Ready, Scope, Set, lint};
use anvil::template::Values;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Numbers that are the same on every run (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.roll(words.len())]
    }
}

/// The parameters: how each is declared, and the values that tell all apart that a template here asks.
const PARAMETERS: [(&str, &str); 7] = [
    ("a", "a: { type: string, optional: true }"),
    ("b", "b: { type: boolean, optional: true }"),
    ("c", "c: { enum: [x, y] }"),
    ("l", "l: { type: array, items: { enum: [p, q] }, maxItems: LENGTH, optional: true }"),
    ("o", "o: { type: object, properties: { p: string, n: string }, optional: true }"),
    ("n", "n: { type: integer }"),
    ("z", "z: { type: object, properties: { size: string, n: string }, optional: true }"),
];

fn texts() -> Vec<Value> {
    ["", " ", "\u{2003}", "b", "x", "p", "xp", "q"].map(Value::from).into()
}

fn values(parameter: &str, longest: usize) -> Vec<Value> {
    let mut values = match parameter {
        "a" => texts(),
        "b" => vec![json!(true), json!(false)],
        "c" => return vec![json!("x"), json!("y")],
        "l" => {
            let mut lists = vec![json!([])];
            for length in 1..=longest {
                for bits in 0..1 << length {
                    lists.push((0..length).map(|at| if bits >> at & 1 == 0 { "p" } else { "q" }).collect());
                }
            }
            lists
        }
        "n" => return (0..4).map(Value::from).collect(),
        "z" => {
            ["x", "p"].map(|text| json!({ "size": text })).into_iter().chain([json!({}), json!({ "n": "n" })]).collect()
        }
        _ => texts().into_iter().map(|text| json!({ "p": text })).chain([json!({}), json!({ "n": "n" })]).collect(),
    };
    values.push(Value::Null);
    values
}

/// Makes templates.
struct Maker {
    dice: Dice,
    /// The parameters in use, and the names that were set somewhere before.
    names: Vec<&'static str>,
    loops: usize,
    markers: usize,
    nodes: usize,
    /// The conditions so far.
    asked: Vec<String>,
}

impl Maker {
    fn value(&mut self) -> &'static str {
        let names = self.names.clone();
        match self.dice.pick(&names) {
            // To print a list is an error.
            "l" if self.dice.roll(4) > 0 => "c",
            "o" => "o.p",
            "z" => "z.size",
            name => name,
        }
    }

    fn test(&mut self) -> String {
        let names = self.names.clone();
        if self.loops > 0 && self.dice.roll(4) == 0 {
            return self.dice.pick(&["forloop.first", "forloop.last", "i == \"p\"", "forloop.index == 1"]).to_owned();
        }
        match self.dice.pick(&names) {
            "l" => self
                .dice
                .pick(&[
                    "l",
                    "l.size > 0",
                    "l == empty",
                    "l != blank",
                    "l contains \"p\"",
                    "l.first == \"p\"",
                    "l.size == 0",
                ])
                .to_owned(),
            "o" => self.dice.pick(&["o", "o.p", "o.p == \"x\"", "o.p != nil", "o != blank", "o.p != blank"]).to_owned(),
            "c" => self
                .dice
                .pick(&["c == \"x\"", "c != \"x\"", "c == \"z\"", "c contains \"y\"", "c == \"y\"", "\"x\" == c"])
                .to_owned(),
            "b" => {
                self.dice.pick(&["b", "b == true", "b == false", "b != nil", "b == nil", "b contains \"p\""]).to_owned()
            }
            "n" => self
                .dice
                .pick(&["n", "n == 3", "n != 1", "n == \"3\"", "n == blank", "n > \"p\"", "n contains 1", "n != nil"])
                .to_owned(),
            "z" => self
                .dice
                .pick(&["z", "z.size", "z.size == nil", "z.size == \"x\"", "z.size == 1", "z != blank", "z.size > 3"])
                .to_owned(),
            name => {
                let asked = [
                    "",
                    " == nil",
                    " != nil",
                    " == blank",
                    " != blank",
                    " == \"x\"",
                    " contains \"p\"",
                    " == empty",
                    " != \"x\"",
                    " > \"p\"",
                ];
                format!("{name}{}", self.dice.pick(&asked))
            }
        }
    }

    /// Makes a condition, or takes one again: what was asked before is what correct templates ask.
    fn condition(&mut self) -> String {
        if !self.asked.is_empty() && self.dice.roll(5) < 2 {
            return self.asked[self.dice.roll(self.asked.len())].clone();
        }
        let mut condition = self.test();
        for _ in 0..self.dice.roll(3) {
            let join = self.dice.pick(&["and", "or"]);
            condition = format!("{condition} {join} {}", self.test());
        }
        if !condition.contains("forloop") && !condition.contains("i ") {
            self.asked.push(condition.clone());
        }
        condition
    }

    fn mark(&mut self) -> String {
        self.markers += 1;
        format!("[{}]", self.markers)
    }

    fn body(&mut self, depth: usize) -> String {
        let mut body = self.mark();
        for _ in 0..1 + self.dice.roll(3) {
            body += &self.node(depth);
        }
        body
    }

    fn node(&mut self, depth: usize) -> String {
        self.nodes += 1;
        if depth == 0 || self.nodes > 14 {
            let value = self.value();
            return format!("{{{{ {value} }}}}");
        }
        match self.dice.roll(16) {
            14 => {
                let filter = self.dice.pick(&[
                    "divided_by: 0",
                    "times: 2",
                    "join",
                    "first | json",
                    "append: n",
                    "size",
                    "date: l",
                ]);
                let is_known = filter.split(' ').all(|name| name.len() > 1 || self.names.contains(&name));
                format!("{{{{ {} | {} }}}}", self.value(), if is_known { filter } else { "downcase" })
            }
            15 if self.loops > 0 => format!(
                "{{{{ {} }}}}",
                self.dice.pick(&["forloop.parentloop.index", "forloop.index", "forloop.length", "forloop.row"])
            ),
            0 | 1 => format!("{{{{ {} }}}}", self.value()),
            2 => format!(
                "{{{{ {} | default: {} }}}}",
                self.value(),
                if self.dice.roll(3) == 0 { self.value() } else { "\"d\"" }
            ),
            3 => format!("{{{{ {} | upcase }}}}", self.value()),
            4 | 5 => {
                let name = self.dice.pick(&["x", "y"]);
                let value = match self.dice.roll(4) {
                    0 => "\"x\"".to_owned(),
                    1 => format!("{} | default: \"x\"", self.value()),
                    2 => "nil".to_owned(),
                    _ => self.value().to_owned(),
                };
                self.names.push(name);
                format!("{{% assign {name} = {value} %}}")
            }
            6 => {
                let name = self.dice.pick(&["x", "y"]);
                let value = self.value();
                self.names.push(name);
                format!("{{% capture {name} %}}{{{{ {value} | default: \"t\" }}}}{{% endcapture %}}")
            }
            7..=9 => {
                let tag = self.dice.pick(&["if", "if", "unless"]);
                let mut text = format!("{{% {tag} {} %}}{}", self.condition(), self.body(depth - 1));
                if self.dice.roll(3) == 0 {
                    text += &format!("{{% elsif {} %}}{}", self.condition(), self.body(depth - 1));
                }
                if self.dice.roll(2) == 0 {
                    text += &format!("{{% else %}}{}", self.body(depth - 1));
                }
                format!("{text}{{% end{tag} %}}")
            }
            10 => {
                let mut text = format!("{{% case {} %}}", self.value());
                for when in ["\"x\"", "\"y\", \"p\"", "3, 3", "nil"].into_iter().take(1 + self.dice.roll(4)) {
                    text += &format!("{{% when {when} %}}{}", self.body(depth - 1));
                }
                if self.dice.roll(2) == 0 {
                    text += &format!("{{% else %}}{}", self.body(depth - 1));
                }
                text + "{% endcase %}"
            }
            11 | 12 if self.names.contains(&"l") && self.loops == 0 => {
                self.loops += 1;
                self.names.push("i");
                let limit = self.dice.pick(&["", "", "", " limit: -1"]);
                let mut text = format!("{{% for i in l{limit} %}}{}", self.body(depth - 1));
                if self.dice.roll(3) == 0 {
                    let jump = self.dice.pick(&["break", "continue"]);
                    text += &format!(
                        "{{% if {} %}}{}{{% {jump} %}}{{% endif %}}{}",
                        self.test(),
                        self.mark(),
                        self.node(depth - 1)
                    );
                }
                self.loops -= 1;
                self.names.retain(|name| *name != "i");
                if self.dice.roll(3) == 0 {
                    text += &format!("{{% else %}}{}", self.body(depth - 1));
                }
                text + "{% endfor %}"
            }
            _ => {
                let partial = self.dice.pick(&["_needs", "_takes"]);
                format!("{{% render \"{partial}\", t: {} %}}", self.value())
            }
        }
    }
}

/// Returns a template of `seed` and the parameters that it takes.
fn made(seed: u64) -> (String, Vec<&'static str>) {
    let mut dice = Dice(seed);
    let mut used: Vec<&'static str> = PARAMETERS.map(|(name, _)| name).into();
    while used.len() > 3 {
        used.remove(dice.roll(used.len()));
    }
    if !used.contains(&"c") {
        used.push("c");
    }
    let mut maker = Maker { dice, names: used.clone(), loops: 0, markers: 0, nodes: 0, asked: Vec::new() };
    let body = maker.body(3);
    used.retain(|name| body.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == *name));
    (body, used)
}

struct Case {
    /// The most items of a list.
    longest: usize,
    file: String,
    findings: Vec<Diagnostic>,
    ready: Option<Ready>,
    used: Vec<&'static str>,
}

fn case(seed: u64) -> Case {
    let (body, used) = made(seed);
    let declared: Vec<&str> =
        PARAMETERS.iter().filter(|(name, _)| used.contains(name)).map(|(_, declared)| *declared).collect();
    // What three rounds show beyond two is rare, and dear.
    let longest = if seed.is_multiple_of(4) { 3 } else { 2 };
    let declared = if declared.is_empty() {
        "parameters: {}".to_owned()
    } else {
        format!("parameters:\n  {}", declared.join("\n  "))
    };
    let declared = declared.replace("LENGTH", &longest.to_string());
    let file = format!("---\n{declared}\n---\n{body}");
    let manifest = "[set]\nname = \"a/b\"\nversion = \"0.1.0\"\n";
    let needs = "---\nparameters: { t: string }\n---\n{{ t }}";
    let takes = "---\nparameters: { t: { type: string, optional: true } }\n---\n{{ t | default: \"n\" }}";
    let mut files = FileSet::new();
    for (path, text) in [("main", file.as_str()), ("_needs", needs), ("_takes", takes)] {
        files.insert(format!("prompts/{path}.prompt.md"), text.as_bytes().to_vec());
    }
    let manifest = Manifest::parse("anvil.toml", manifest, Strictness::Own).unwrap();
    let scope = Scope::alone(Arc::new(Set::load(&manifest, &files)));
    let findings = lint(&scope, Reach::Everything);
    let ready = scope.own(&"main".parse().unwrap()).ok();
    Case { longest, file, findings, ready, used }
}

/// Returns every choice of values, one after the other.
fn all_values(used: &[&str], longest: usize) -> Vec<Values> {
    let mut all = vec![Values::new()];
    for name in used {
        let choices = values(name, longest);
        all = all
            .iter()
            .flat_map(|chosen| choices.iter().map(move |value| (chosen.clone(), value.clone())))
            .map(|(mut chosen, value)| {
                chosen.insert((*name).to_owned(), value);
                chosen
            })
            .collect();
    }
    all
}

fn cases() -> u64 {
    std::env::var("ANVIL_LINT_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2_000)
}

#[test]
fn lint_reports_an_error_exactly_where_some_values_make_rendering_fail() {
    let (mut failing, mut sound, mut made, mut wrong) = (0, 0, 0, Vec::new());
    for seed in 0..cases() {
        let Case { longest, file, findings, ready, used } = case(seed);
        let Some(ready) = ready else { continue };
        let errors: Vec<&Diagnostic> = findings.iter().filter(|finding| finding.is_error()).collect();
        let failure = all_values(&used, longest).into_iter().find_map(|values| {
            let error = ready.render(values.clone()).err()?;
            Some((Value::Object(values), error.to_string()))
        });
        match (&failure, errors.is_empty()) {
            (Some(_), false) => failing += 1,
            (None, true) => sound += 1,
            (None, false) if file.contains("{% capture") || is_made_by_default(&file) => made += 1,
            _ => wrong.push((seed, file, failure, errors.iter().map(|it| it.message.clone()).collect::<Vec<_>>())),
        }
    }
    println!("{failing} failing, {sound} sound, {made} alarms about what was made, {} wrong", wrong.len());
    for (seed, file, failure, errors) in wrong.iter().take(5) {
        println!("--- {seed}\n{file}\n{failure:?}\n{errors:?}");
    }
    assert!(wrong.is_empty());
    assert!(failing > 0 && sound > 0 && made * 100 <= failing + sound);
}

#[test]
fn lint_reports_a_branch_exactly_where_no_values_lead_into_it() {
    let (mut dead, mut checked) = (0, 0);
    let mut wrong = Vec::new();
    for seed in 0..cases() {
        let Case { longest, file, findings, ready, used } = case(seed);
        let Some(ready) = ready else { continue };
        if findings.iter().any(Diagnostic::is_error) || file.contains("capture") || is_made_by_default(&file) {
            continue;
        }
        let mut entered = BTreeSet::new();
        for values in all_values(&used, longest) {
            let text = ready.render(values).unwrap().text().unwrap_or_default().to_owned();
            entered.extend(text.split('[').skip(1).filter_map(|it| it.split(']').next()?.parse::<usize>().ok()));
        }
        checked += 1;
        // A branch begins with its mark; what is within one that is never taken is not told again.
        let told: BTreeSet<usize> = findings
            .iter()
            .filter(|finding| finding.code == Code::A0361 && finding.message.starts_with("this branch"))
            .map(|finding| mark_at(&file, finding.location.as_ref().unwrap().span.end))
            .collect();
        let never: BTreeSet<usize> = outermost(&file, &entered);
        dead += never.len();
        if told != never {
            wrong.push((seed, file, told, never));
        }
    }
    println!("{checked} checked, {dead} branches never taken, {} wrong", wrong.len());
    for (seed, file, told, never) in wrong.iter().take(5) {
        println!("--- {seed}\n{file}\ntold {told:?}, never {never:?}");
    }
    assert!(wrong.is_empty() && dead > 0);
}

fn is_made_by_default(file: &str) -> bool {
    file.split("{% assign").skip(1).any(|tag| tag.split("%}").next().is_some_and(|tag| tag.contains("default")))
}

fn mark_at(file: &str, at: usize) -> usize {
    file[at..].trim_start_matches('[').split(']').next().unwrap().parse().unwrap()
}

/// Returns the marks of branches that nothing entered, though what is around them was.
fn outermost(file: &str, entered: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut marks = BTreeSet::new();
    // The tags that are open, and whether the branch that they are in was entered.
    let mut open: Vec<bool> = vec![true];
    let body = file.splitn(3, "---\n").nth(2).unwrap();
    let mut rest = body;
    let mut is_branch = false;
    let mut last_for = Vec::new();
    while let Some(at) = rest.find(['{', '[']) {
        rest = &rest[at..];
        if let Some(tag) = rest.strip_prefix("{% ") {
            let word = tag.split(' ').next().unwrap();
            match word {
                "if" | "unless" | "for" | "case" => {
                    let outer = *open.last().unwrap();
                    open.push(outer);
                    last_for.push((word == "for", outer));
                    is_branch = word != "for" && word != "case";
                }
                "elsif" | "else" | "when" => {
                    let (is_for, outer) = *last_for.last().unwrap();
                    *open.last_mut().unwrap() = outer;
                    is_branch = !is_for;
                }
                _ if word.starts_with("end") && word != "endcapture" => {
                    open.pop();
                    last_for.pop();
                }
                _ => {}
            }
            rest = &rest[2..];
        } else if let Some(mark) = rest.strip_prefix('[') {
            let mark: usize = mark.split(']').next().unwrap().parse().unwrap();
            let is_entered = entered.contains(&mark);
            let around = open.last_mut().unwrap();
            if !is_entered && *around && is_branch {
                marks.insert(mark);
            }
            *around &= is_entered;
            rest = &rest[1..];
        } else {
            rest = &rest[1..];
        }
    }
    marks
}

/// What a stranger publishes is looked at, too: more ways than anyone can follow are given up on, and that is said.
#[test]
fn templates_with_endless_ways_are_given_up_on() {
    let tests: String =
        (0..400).map(|at| format!("{{% if a contains \"{at}\" %}}{{% assign x{at} = 1 %}}{{% endif %}}")).collect();
    let reads: String =
        (0..400).map(|at| format!("{{% if a contains \"{at}\" %}}{{{{ x{at} }}}}{{% endif %}}")).collect();
    let loops = format!("{}{{% assign y = a %}}{}", "{% for i in (1..3) %}".repeat(150), "{% endfor %}".repeat(150));
    for body in [tests + &reads, loops] {
        let file = format!("---\nparameters: {{ a: string }}\n---\n{body}");
        let (set, _) = Set::from_file("p.md", file.as_bytes());
        let began = std::time::Instant::now();
        let findings = lint(&Scope::alone(Arc::new(set)), Reach::Everything);
        assert!(findings.iter().any(|finding| finding.code == Code::A0363));
        assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
    }
}
