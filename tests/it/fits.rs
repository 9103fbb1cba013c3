//! What rendering does with values of the wrong type, held against what `lint` says of it.

use anvil::archive::FileSet;
use anvil::error::{Code, Diagnostic};
use anvil::manifest::{Manifest, Strictness};
use anvil::prompt::{Reach, Scope, Set, lint};
use serde_json::{Value, json};
use std::sync::Arc;

const PARAMETERS: &str = "  s: string
  k: { type: string, optional: true }
  n: integer
  b: boolean
  c: { enum: [0, 1] }
  l: { type: array, items: string }
  m: { type: array, items: { type: object, properties: { id: string, n: integer }, required: [id, n] } }
  full: { type: array, items: string, minItems: 1 }
  o: { type: object, properties: { p: string }, required: [p] }
  open: object
  any: { enum: [1, [2]] }
  h: messages
  long: { type: string, minLength: 1 }
  least: { type: integer, minimum: 1 }
  formed: { type: string, pattern: x }
  loose: { type: array, items: { type: object, properties: { p: string, q: string }, required: [q] } }
  gaps: { type: array, items: { type: string, nullable: true } }
  some: { type: array, enum: [[x], [y]] }
";

fn scope(body: &str) -> Scope {
    let names: Vec<&str> = PARAMETERS.lines().filter_map(|line| line.trim().split(':').next()).collect();
    let is_used = |line: &&str| {
        let name = names.iter().find(|name| line.trim().starts_with(&format!("{name}:")));
        name.is_some_and(|name| body.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == *name))
    };
    let declared: Vec<&str> = PARAMETERS.lines().filter(is_used).collect();
    let declared = if declared.is_empty() { " {}".to_owned() } else { format!("\n{}", declared.join("\n")) };
    let main = format!("---\nparameters:{declared}\n---\n{body}");
    let text = "---\nparameters: { s: string }\n---\n{{ s }}";
    let list = "---\nparameters: { s: { type: array, items: integer } }\n---\n{{ s | join }}";
    let mut files = FileSet::new();
    for (path, text) in [("main", main.as_str()), ("_text", text), ("_list", list)] {
        files.insert(format!("prompts/{path}.prompt.md"), text.as_bytes().to_vec());
    }
    let manifest = "[set]\nname = \"a/b\"\nversion = \"0.1.0\"\n";
    let manifest = Manifest::parse("anvil.toml", manifest, Strictness::Own).unwrap();
    Scope::alone(Arc::new(Set::load(&manifest, &files)))
}

fn given(scope: &Scope) -> Value {
    let all = json!({
        "s": "x", "k": "x", "n": 3, "b": true, "c": 0, "l": ["x"], "m": [{ "id": "x", "n": 1 }], "full": ["x"],
        "o": { "p": "x" }, "open": {}, "any": [2], "h": [{ "role": "user", "content": "x" }],
        "long": "x", "least": 1, "formed": "x", "some": ["x"],
        "loose": [{ "p": "x", "q": "x" }], "gaps": ["x"],
    });
    let ready = scope.own(&"main".parse().unwrap()).unwrap();
    let taken = ready.prompt().parameters().iter().map(|it| (it.name.clone(), all[&it.name].clone()));
    Value::Object(taken.collect())
}

fn told(findings: &[Diagnostic]) -> Vec<String> {
    findings.iter().map(|it| format!("{} {}", it.code, it.message)).collect()
}

/// Bodies that no value of some type renders, and a part of what is said of each.
const FAILING: &[(&str, &str)] = &[
    ("{% if s > 3 %}x{% endif %}", "a string cannot be compared with a number"),
    ("{% if k > 3 %}x{% endif %}", "a string cannot be compared with a number"),
    ("{% if 3 < s %}x{% else %}y{% endif %}", "a number cannot be compared with a string"),
    ("{% unless l < 3 %}x{% else %}y{% endunless %}", "an array cannot be compared with a number"),
    ("{% if n contains 1 %}x{% endif %}", "a number contains nothing"),
    ("{% if b > 1 %}x{% endif %}", "a boolean cannot be compared with a number"),
    ("{% if n > s %}x{% endif %}", "a number cannot be compared with a string"),
    ("{% if b contains 's' %}x{% endif %}", "`b` may be true"),
    ("{{ l }}", "an array cannot be printed"),
    ("{{ o }}", "an object cannot be printed"),
    ("{{ m[0] | default: 'x' }}", "a value may be an object"),
    ("{% assign q = l | sort %}{{ q }}", "an array cannot be printed"),
    ("{{ s | split: ',' }}", "an array cannot be printed"),
    ("{% cycle l, s %}", "an array cannot be printed"),
    ("{% for x in n %}x{% endfor %}", "a number cannot be looped over"),
    ("{% for x in b %}x{% endfor %}", "a boolean cannot be looped over"),
    ("{% tablerow x in n %}x{% endtablerow %}", "a number cannot be looped over"),
    ("{% for x in l limit: -1 %}x{% endfor %}", "must not be negative"),
    ("{% for x in l offset: 'x' %}x{% endfor %}", "is not an integer"),
    ("{% for x in l limit: l %}x{% endfor %}", "an integer is needed, not an array"),
    ("{% for x in (1..l) %}x{% endfor %}", "an integer is needed, not an array"),
    ("{% assign q = s %}{{ q.b }}", "a string has no property `b`"),
    ("{% assign q = n %}{{ q.size }}", "a number has no property `size`"),
    ("{% for x in l %}{% assign q = x %}{{ q.b }}{% endfor %}", "has no property `b`"),
    ("{{ l[b] }}", "an array has no property"),
    ("{% for x in l %}{{ forloop.foo }}{% endfor %}", "has no property `foo`"),
    ("{% for x in l %}{{ forloop }}{% endfor %}", "an object cannot be printed"),
    ("{% for x in l %}{{ forloop.parentloop.index }}{% endfor %}", "no `for` is around the loop"),
    ("{% tablerow x in l %}{{ tablerowloop.parentloop }}{% endtablerow %}", "has no property `parentloop`"),
    ("{% for e in o %}{{ e }}{% endfor %}", "an array cannot be printed"),
    ("{{ 'now' | date: '%Y' }}", "is no date"),
    ("{% assign d = 'Today' %}{{ d | date: '%Y' }}", "is no date"),
    ("{{ l | date: '%Y' }}", "is no date"),
    ("{{ 1 | divided_by: 0 }}", "division by 0"),
    ("{{ n | modulo: 0 }}", "division by 0"),
    ("{{ n | divided_by: c }}", "division by 0"),
    ("{{ l | plus: 1 }}", "takes a number, not an array"),
    ("{{ o | upcase }}", "an object cannot be printed"),
    ("{{ s | append: l }}", "an array cannot be an argument"),
    ("{{ s | truncate: 'x' }}", "is not an integer"),
    ("{{ l | concat: s | join }}", "takes an array, not a string"),
    ("{{ m | join }}", "`m` may be an array with items"),
    ("{{ n | map: 'x' | join }}", "a number has no property `x`"),
    ("{{ 'x' | base64_decode }}", "this is no base64"),
    ("{% history s %}", "this is no list of messages"),
    ("{% history l %}", "`l` may be an array with items"),
    ("{% history h last: 0 %}", "an integer of at least 1"),
    ("{% history h last: -1 %}", "an integer of at least 1"),
    ("{% history h last: 'x' %}", "an integer of at least 1"),
    ("{% user %} {% assign x = s %}{% if b %} {% endif %}{% enduser %}", "the `user` message comes out empty"),
    ("{{ l[s] }}", "an array has no property `…`"),
    ("{% assign q = s %}{{ q[n] }}", "a string has no property `…`"),
    ("{% render '_text' for (1..3) as s %}", "`s` of `_text` expects a string, and what it is given is a number"),
    ("{% render '_text' for m as s %}", "`s` of `_text` expects a string, and what it is given is an object"),
    ("{% render '_text', s: l %}", "`s` of `_text` expects a string, and `l` is an array"),
];

#[test]
fn what_a_type_cannot_do_is_an_error_of_lint_and_of_rendering() {
    let mut wrong = Vec::new();
    for (body, expected) in FAILING {
        let scope = scope(body);
        let findings = lint(&scope, Reach::Everything);
        let values = given(&scope).as_object().unwrap().clone();
        let rendered = scope.own(&"main".parse().unwrap()).unwrap().render(values);
        let errors: Vec<&Diagnostic> = findings.iter().filter(|it| it.is_error()).collect();
        let is_told = matches!(errors.as_slice(), [one] if one.message.contains(expected));
        let is_idle = findings.iter().any(|it| it.code == Code::A0361);
        if !is_told || is_idle || rendered.is_ok() {
            wrong.push(format!("{body}: {:?}, rendered {rendered:?}", told(&findings)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Bodies that render, and of which nothing is to be said.
const SOUND: &[&str] = &[
    "{% if k > 'a' and n > 1 and n >= 1.5 %}{{ k }}{% endif %}",
    "{% unless n > nil or n > blank or k contains nil %}x{% endunless %}",
    "{% if l contains 1 or l contains 'x' or o contains 'p' or s contains 1 %}x{% endif %}",
    "{% assign r = (1..3) %}{% if r contains 2 %}x{% endif %}{{ r }}{{ r.size }}{% for i in r %}{{ i | plus: 1 }}{% endfor %}",
    "{{ (1..3) }}{{ (1..n) | join }}{% for i in (1..n) %}{{ i }}{% endfor %}{% for i in ('1'..s) %}{% endfor %}",
    "{{ s | date: '%Y' | default: 'x' | append: n }}{{ n | date: '%Y' }}",
    "{{ s | plus: 1 }}{{ s | divided_by: n }}{{ n | divided_by: 2.0 }}{{ b | upcase }}{{ s | base64_decode }}",
    "{{ l | join }}{{ l | sort | json }}{{ m | map: 'id' | join }}{{ m | where: 'id', 'x' | size }}{{ m | json }}",
    "{{ s.size }}{{ s.first }}{{ l.size }}{{ full.first }}{{ o.p.size }}{{ open.x | default: 1 }}{{ m.size }}",
    "{% for x in s %}{{ x.size }}{% endfor %}{% for e in o %}{{ e[0] }}{{ e | join }}{% endfor %}",
    "{% for x in l limit: n offset: 1 %}{{ x | upcase }}{{ forloop.index | plus: 1 }}{% endfor %}",
    "{% for x in l %}{% for y in l %}{{ forloop.parentloop.index }}{% endfor %}{% endfor %}",
    "{% tablerow x in l cols: 2 %}{{ x }}{{ tablerowloop.col }}{% endtablerow %}",
    "{% render '_text' for l as s %}{% render '_list', s: (1..3) %}{% render '_text', s: s %}{% render '_text' for s as s %}",
    "{{ full | sort | first }}{{ 'x,y' | split: ',' | last }}{% assign f = m | find: 'id', 'x' %}{% if f %}{{ f.id }}{% endif %}",
    "{% if any == 1 %}{{ any }}{% else %}{{ any | json }}{% endif %}{{ l | slice: 0, 2 | join }}{{ s | slice: 0, 2 }}",
    "{% case n %}{% when 3 or 4, 5 %}x{% when 6 %}y{% else %}z{% endcase %}",
    "{% for e in any %}{{ e[0] }}{% endfor %}",
    "{% if DEEP > 3 %}x{% endif %}{{ DEEP }}{% for x in DEEP %}{{ x }}{% endfor %}",
    "{% history h last: n %}{% history h last: 2 %}",
    "{{ l | join: '\n' }}{{ s | replace: '\\d', 'x' }}\\t{% raw %}{{ '\\t' }}{% endraw %}{% # '\\t' %}",
    // More than is kept of what filters make of a literal.
    "{{ 'LONG' | upcase | size }}{% assign t = 'LONG' | upcase %}{{ t }}{% if t == 'a' %}x{% endif %}",
    // What may be absent, false or never empty, and who asks more than that.
    "{% if k %}x{% endif %}{% if b %}x{% endif %}{% if full %}x{% endif %}{% if o %}x{% endif %}{% if open.x %}x{% endif %}",
    "{% if s and s != blank %}x{% endif %}{% if l and l.size > 0 %}x{% endif %}{% if s != '' %}{% if s %}x{% endif %}{% endif %}",
    // A name for a part, of which a part is read.
    "{% if m[0] %}{% assign q = m[0] %}{{ q.id }}{{ q['id'] }}{% endif %}",
    // Lists from which what is nil was taken.
    "{{ gaps | compact | join }}{% assign q = gaps | compact %}{% for x in q %}{{ x }}{% endfor %}{{ gaps | sort | json }}",
    "{{ loose | map: 'p' | compact | join }}{{ loose | map: 'q' | join }}{{ loose | map: 'p' | sort | json }}",
    "{{ loose | where: 'p' | map: 'p' | join }}{{ loose | where: 'p', s | map: 'q' | join }}",
    "{% assign q = loose | where: 'p', 'x' %}{% for x in q %}{{ x.p }}{% endfor %}{{ loose | compact: 'p' | map: 'p' | join }}",
    // What an object may have of which no property is declared, and what Liquid gives each.
    "{% assign q = open %}{% if q.x %}x{% endif %}{{ open | map: 'x' | json }}{{ m | map: 'size' | json }}",
    "{% assign q = 'p' %}{{ o[q] }}{% if l[0] %}{% assign q = 0 %}{{ l[q] }}{% endif %}{% if o[s] %}{{ o[s] }}{% endif %}",
    "{% if long %}x{% endif %}{% if least %}x{% endif %}{% if formed %}x{% endif %}{% if some %}x{% endif %}",
];

#[test]
fn what_renders_is_left_in_peace() {
    let mut wrong = Vec::new();
    for body in SOUND {
        // A path deeper than any that is looked into.
        let deep = format!("open{}", ".a".repeat(40));
        let body = body.replace("DEEP", &deep);
        let findings = lint(&scope(&body.replace("LONG", &"x".repeat(70_000))), Reach::Everything);
        if !findings.is_empty() {
            wrong.push(format!("{body}: {:?}", told(&findings)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Bodies of which something is to be said, and what.
const WARNED: &[(&str, &str)] = &[
    ("{% if n == '3' %}x{% endif %}", "A0361 this branch is never taken: `n` is a number and compared with a string"),
    (
        "{% case n %}{% when '3' %}x{% endcase %}",
        "A0361 this branch is never taken: `n` is a number and compared with a string",
    ),
    (
        "{% case n %}{% when 3, 3 %}x{% endcase %}",
        "A0364 a value stands here twice, and what follows is rendered twice for it",
    ),
    (
        "{% case n %}{% when 3 or 4, 3 %}x{% endcase %}",
        "A0364 a value stands here twice, and what follows is rendered twice for it",
    ),
    ("{% render '_text', s: s, s: 'x' %}", "A0364 `_text` is given `s` twice, and takes the last"),
    ("{% render '_text' with s as s, s: 'x' %}", "A0364 `_text` is given `s` twice, and takes that of `with`"),
    ("{{ l | join: '\\t' }}", "A0302 strings have no escapes: the backslash and the letter stay"),
    (
        "{% assign x = s | split: \"\\t\" %}{{ x | join: ' ' }}",
        "A0302 strings have no escapes: the backslash and the letter stay",
    ),
    ("{{ b | default: 1, allow_false: true, allow_false: false }}", "A0364 `default` is given `allow_false` twice"),
    ("{{ l | where: 'x' | first }}", "A0362 what `first` gives is printed where it may be nil"),
    ("{{ s | split: ',' | last | upcase }}", "A0362 what `last` gives is put through `upcase` where it may be nil"),
    ("{{ m | find_index: 'id', 'x' }}", "A0362 what `find_index` gives is printed where it may be nil"),
    ("{% assign f = m | find: 'id', 'x' %}{{ f.id }}", "A0362 `f.id` is printed where the list may not have `f`"),
    (
        "{% if b %}{% assign q = o %}{% else %}{% assign q = m[0] %}{% endif %}{% if q.id %}x{% endif %}",
        "A0301 the template uses `id` of `o`, which is not a declared property, where `if b` holds",
    ),
    // Items, or parts of them, that may be nil.
    ("{{ gaps | join }}", "A0354 `gaps` is put through `join` where an item of it may be nil"),
    ("{{ gaps | sort | first }}", "A0362 what `first` gives is printed where it may be nil"),
    ("{{ loose | map: 'p' | join }}", "A0354 what `map` gives is put through `join` where an item of it may be nil"),
    (
        "{% assign ps = loose | map: 'p' %}{{ ps | join }}",
        "A0354 `ps` is put through `join` where an item of it may be nil",
    ),
    (
        "{% assign ps = loose | map: 'p' %}{% for p in ps %}{{ p }}{% endfor %}",
        "A0354 `p` is printed where it may be absent",
    ),
    (
        "{% assign ps = loose | map: 'p' %}{% render '_text' for ps as s %}{{ s }}",
        "A0354 a value is passed to `_text` as `s`, which it needs, where it may be nil",
    ),
    ("{% if s %}x{% endif %}", "A0361 `s` is always true: it is always there, and an empty string counts as true"),
    ("{% if l %}x{% endif %}", "A0361 `l` is always true: it is always there, and an empty array counts as true"),
    ("{% if n %}x{% endif %}", "A0361 `n` is always true: it is always there, and 0 counts as true"),
    (
        "{% if open %}x{% endif %}",
        "A0361 `open` is always true: it is always there, and an empty object counts as true",
    ),
    ("{% if b and l %}x{% endif %}", "A0361 `l` is always true: it is always there, and an empty array counts as true"),
    (
        "{% if b %}x{% elsif l.size %}y{% endif %}",
        "A0361 `l.size` is always true: it is always there, and 0 counts as true",
    ),
    // What is never taken for that reason is told alone.
    (
        "{% unless l %}x{% endunless %}",
        "A0361 this branch is never taken: `l` is always there, and nothing but nil and false counts as false",
    ),
    (
        "{% if l %}x{% else %}y{% endif %}",
        "A0361 this branch is never taken: the branches above take every case; `l` is always there, and nothing but nil and false counts as false",
    ),
    (
        "{{ s | default: l }}",
        "A0359 a value may be an array, and rendering fails then: an array cannot be printed; use `| join` or `| json`",
    ),
];

#[test]
fn what_was_hardly_meant_is_warned_of_in_its_own_words() {
    for (body, expected) in WARNED {
        assert_eq!(told(&lint(&scope(body), Reach::Everything)), [*expected], "{body}");
    }
}

/// Bodies that read what is not declared, which is silently nothing at rendering, and what is said of each.
const UNDECLARED: &[(&str, &str)] = &[
    ("{% assign q = o %}{% if q.pp %}x{% endif %}", "the template uses `pp` of `o`, which is not a declared property"),
    (
        "{% assign q = m | sort: 'id' %}{% for x in q %}{% if x.idd %}x{% endif %}{% endfor %}",
        "the template uses `idd` of `x`, which is not a declared property",
    ),
    ("{{ m | where: 'ide', 'x' | size }}", "`where` asks the items of `m` for `ide`, which is not a declared property"),
    ("{{ m | reject: 'x' | size }}", "`reject` asks the items of `m` for `x`, which is not a declared property"),
    (
        "{% assign f = m | find: 'x', 1 %}{% if f %}x{% endif %}",
        "`find` asks the items of `m` for `x`, which is not a declared property",
    ),
    ("{{ m | has: 'x' }}", "`has` asks the items of `m` for `x`, which is not a declared property"),
    ("{{ m | sort: 'x' | json }}", "`sort` asks the items of `m` for `x`, which is not a declared property"),
    ("{{ m | sum: 'x' }}", "`sum` asks the items of `m` for `x`, which is not a declared property"),
    ("{{ m | uniq: 'x' | json }}", "`uniq` asks the items of `m` for `x`, which is not a declared property"),
    ("{{ m | compact: 'x' | json }}", "`compact` asks the items of `m` for `x`, which is not a declared property"),
    ("{{ m | sort: 'id' | map: 'x' | json }}", "`map` asks the items for `x`, which is not a declared property"),
    ("{{ o | map: 'x' | json }}", "`map` asks the items of `o` for `x`, which is not a declared property"),
    (
        "{% assign q = 'x' %}{{ m | where: q | json }}",
        "`where` asks the items of `m` for `x`, which is not a declared property",
    ),
    ("{% assign q = 'x' %}{% if o[q] %}x{% endif %}", "the template uses `x` of `o`, which is not a declared property"),
];

#[test]
fn what_is_not_declared_is_an_error_however_it_is_read() {
    for (body, expected) in UNDECLARED {
        assert_eq!(told(&lint(&scope(body), Reach::Everything)), [format!("A0301 {expected}")], "{body}");
    }
}
