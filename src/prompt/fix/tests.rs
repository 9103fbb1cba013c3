use super::super::scope::Ready;
use super::super::set::Set;
use super::*;

fn fix(text: &str) -> Fixed {
    let (set, _) = Set::from_file("p.md", text.as_bytes());
    let files = [("p.md".to_owned(), text.as_bytes().to_vec())].into();
    let nothing = Fixed { text: None, done: Vec::new(), left: Vec::new() };
    fixed(Scope::alone(Arc::new(set)), &files).remove("p.md").unwrap_or(nothing)
}

/// Returns the text that a file is fixed to.
fn text(before: &str) -> Option<String> {
    fix(before).text
}

#[test]
fn what_is_read_is_declared_once_and_the_rest_stays() {
    for (before, after) in [
        ("Hi {{ name }}\n", "---\nparameters:\n  name: string\n---\nHi {{ name }}\n"),
        (
            "---\n# why\ndescription: x   # kept\n---\n{% for i in items %}{{ i.name }}{% endfor %}",
            "---\n# why\ndescription: x   # kept\nparameters:\n  items: array\n---\n{% for i in items %}{{ i.name }}{% endfor %}",
        ),
        ("---\nparameters: {}\n---\n{{ a }}", "---\nparameters: {a: string}\n---\n{{ a }}"),
        ("---\nparameters: { }\n---\n{{ a }}", "---\nparameters: { a: string }\n---\n{{ a }}"),
        (
            "---\nparameters: {ab: string,}\n---\n{{ ab }}{{ z }}",
            "---\nparameters: {ab: string, z: string}\n---\n{{ ab }}{{ z }}",
        ),
        (
            "---\nparameters: { ab: string }\n---\n{{ ab }}{{ z }}",
            "---\nparameters: { ab: string, z: string }\n---\n{{ ab }}{{ z }}",
        ),
        (
            "---\nparameters:\n    ab: string # c\n\ntests: []\n---\n{{ ab }}{{ z }}",
            "---\nparameters:\n    ab: string # c\n    z: string\n\ntests: []\n---\n{{ ab }}{{ z }}",
        ),
        ("---\nparameters:\nx-a: 1\n---\n{{ z }}", "---\nparameters:\n  z: string\nx-a: 1\n---\n{{ z }}"),
        ("---\n{description: x}\n---\n{{ z }}", "---\n{description: x, parameters: { z: string }}\n---\n{{ z }}"),
        ("\u{feff}---\r\nparameters: {}\r\n---\r\nHi\r\n", "---\nparameters: {}\n---\nHi\n"),
        ("{% if %}\r\n", "{% if %}\n"),
    ] {
        assert_eq!(text(before).as_deref(), Some(after), "{before} {:?}", fix(before).left);
        assert_eq!(text(after), None, "{after}");
    }
}

#[test]
fn a_type_is_inferred_from_the_use() {
    for (declared, body) in [
        ("c: object", "{{ c.name }}{% if c.age > 3 %}{{ c.a.b | json }}{% endif %}{{ c.size }}"),
        ("c: object", "{{ c['0'] }}{% for p in c %}{{ p[0] }}{% endfor %}"),
        ("c: array", "{{ c[0].name }}{{ c.size }}"),
        ("c: array", "{% for i in c %}{% for j in i.x %}{{ j }}{% endfor %}{% endfor %}"),
        ("c: array", "{{ c | join: ', ' }}"),
        ("c: array", "{{ c.first }}{{ c | map: 'a' | join }}"),
        ("c: string", "{{ c }}{{ c.size }}"),
        ("c: array", "{% if c contains 'a' %}{{ c | join }}{% endif %}"),
        ("c: string", "{{ c | upcase }}{{ c | size }}{{ c | json }}"),
        ("c: string", "{% case c %}{% when 'a', 'b' %}x{% endcase %}"),
        ("c: number", "{% case c %}{% when 1 %}x{% endcase %}"),
        ("c: number", "{% if c > 3 and c < 4.5 %}{{ c }}{% endif %}"),
        ("c: number", "{{ c | plus: 1 }}"),
        ("c: number", "{% assign d = c %}{% if d > 3 %}x{% endif %}"),
        ("c: boolean", "{% if c == true %}x{% else %}y{% endif %}"),
        ("c: integer", "{% for i in (1..c) %}x{% endfor %}{% if c > 3 %}y{% endif %}"),
        ("c: integer", "{% for i in (1..9) limit: c %}x{% endfor %}"),
        ("c: { type: string, optional: true }", "{% if c %}{{ c }}{% else %}y{% endif %}"),
        ("c: messages", "{% history c %}\n"),
        ("c: string", "{% if c == 3 %}{{ c }}{% elsif c == 'a' %}x{% endif %}"),
    ] {
        let after = format!("---\nparameters:\n  {declared}\n---\n{body}");
        assert_eq!(text(body).as_deref(), Some(&*after), "{body}");
    }
}

#[test]
fn what_cannot_be_told_is_left_with_a_word() {
    let list = "a list or an object";
    for (body, kinds) in [
        ("{{ c.size }}{{ d }}", "a string, a list or an object"),
        ("{{ c.first.b }}", list),
        ("{{ c[d] }}", list),
        ("{% for p in c %}{{ p[0] }}: {{ p[1] }}{% endfor %}", list),
        ("{% for p in c %}{{ p | json }}{% endfor %}", list),
    ] {
        let mut left = vec![format!("`c` is not declared: it may be {kinds}")];
        if ["{{ d }}", "[d]"].iter().any(|other| body.contains(other)) {
            left.push("nothing is declared until `c` is".to_owned());
        }
        let fixed = fix(body);
        assert_eq!((fixed.text, fixed.left), (None, left), "{body}");
    }
    let left = fix("---\nparameters: {}\n---\n{{ a-b }}").left;
    assert_eq!(left, ["`a-b` cannot be declared: the name of a parameter has letters, digits and `_`"]);
    let left = fix("{% if d == None %}x{% endif %}").left;
    assert_eq!(left, ["`None` is not declared: in Liquid it is called `nil`", "nothing is declared until `None` is"]);
    // The others of a file that declares some are errors until they are declared.
    let fixed = fix("---\nparameters: {}\n---\n{{ c.size }}{{ d }}");
    assert_eq!((fixed.text.unwrap().lines().nth(1), fixed.left.len()), (Some("parameters: {d: string}"), 1));
    // The tests of the prompt know.
    let tests = "tests: [{ name: a, parameters: { c: [1] } }]";
    let fixed = fix(&format!("---\n{tests}\n---\n{{{{ c.size }}}}"));
    assert!(fixed.text.unwrap().contains("\n  c: array\n"));
}

#[test]
fn callers_are_told_where_a_string_will_not_do_any_more() {
    let done = fix("{{ a }}{{ b | plus: 1 }}{% for i in c %}{{ i }}{% endfor %}").done;
    assert_eq!(done, ["declared `a: string`, `b: number` (until now a string), `c: array`"]);
    // A test that passes a string keeps it one.
    let kept = fix("---\ntests: [{ name: a, parameters: { b: '2' } }]\n---\n{{ b | plus: 1 }}");
    assert_eq!(kept.done, ["declared `b: string`"]);
}

#[test]
fn what_need_not_be_there_need_not_be_given() {
    for (body, declared) in [
        ("{% if c %}v{% endif %}", "c: boolean"),
        ("{% unless c %}v{% endunless %}", "c: boolean"),
        ("{{ c | default: 'none' }}", "c: { type: string, optional: true }"),
        ("{% if c %}v{% endif %}{{ c | default: 'none' }}", "c: { type: string, optional: true }"),
        ("{% if c %}{{ c }}{% endif %}", "c: { type: string, optional: true }"),
        ("{{ c | default: 'none' }}{{ c }}", "c: string"),
    ] {
        let after = format!("---\nparameters:\n  {declared}\n---\n{body}");
        assert_eq!(fix(body).text.as_deref(), Some(&*after), "{body}");
    }
}

#[test]
fn slips_and_what_cannot_be_read_are_left_alone() {
    for text in ["---\nparameters: [\n---\r\n{{ a }}", "---\ndescription: x\r\n", "Hi\n"] {
        assert_eq!(fix(text), Fixed { text: None, done: Vec::new(), left: Vec::new() }, "{text}");
    }
    let slip = fix("---\nparameters: { customer: string }\n---\n{{ custmer }}{{ customer }}");
    assert_eq!(slip.left, ["`custmer` is not declared: it looks like `customer`, which is"]);
    let letters = fix("---\nparameters: { a: string }\n---\n{{ a }}{{ b }}");
    assert_eq!((letters.done, letters.left.len()), (vec!["declared `b: string`".to_owned()], 0));
    let fixed = fix("---\nparameters: # none\n  {\n  # yet }\n  }\n---\n{{ a }}");
    assert_eq!((fixed.text, fixed.left.len()), (None, 1), "a brace in a comment is none of the mapping's");
}

#[test]
fn partials_are_declared_before_what_renders_them() {
    let files = [
        ("prompts/a.prompt.md", "{% render 'z', rows: rows, n: n %}{{ n }}"),
        ("prompts/z.prompt.md", "{% for row in rows %}{{ row }}{% endfor %}{% if n > 1 %}x{% endif %}"),
    ];
    let scope = Scope::alone(super::super::tests::set(&files));
    let fixed = fixed(scope, &files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into());
    let text = fixed["prompts/a.prompt.md"].text.as_ref().unwrap();
    assert!(text.contains("rows: array\n  n: number\n"), "{text}");
}

/// Returns what becomes of the files of a set, by their paths.
fn fix_all(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let scope = Scope::alone(super::super::tests::set(files));
    let bytes = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let mut fixed = fixed(scope, &bytes);
    let text = |(path, text): &(&str, &str)| {
        let now = fixed.remove(*path).and_then(|it| it.text);
        ((*path).to_owned(), now.unwrap_or_else(|| (*text).to_owned()))
    };
    files.iter().map(text).collect()
}

#[test]
fn what_others_of_the_set_pass_as_a_string_stays_one() {
    let asked = ("prompts/_q.prompt.md", "{% if x %}Note: {% endif %}");
    let open = ("prompts/a.prompt.md", "---\nparameters: { n: object }\n---\n{% render '_q', x: n.title %}");
    let named = ("prompts/b.prompt.md", "{% if name %}Dear {% endif %}{% render '_q', x: name %}{{ name }}");
    let fixed = fix_all(&[asked, open, named]);
    assert!(fixed[asked.0].contains("\n  x: { type: string, optional: true }\n"), "{}", fixed[asked.0]);
    assert!(fixed[named.0].contains("\n  name: string\n"), "{}", fixed[named.0]);
    // Where a string is an error, something else is meant.
    let flag = ("prompts/a.prompt.md", "---\nparameters: { vip: boolean }\n---\n{% render '_q', x: vip %}");
    assert!(fix_all(&[asked, flag])[asked.0].contains("\n  x: boolean\n"));
    let counted = ("prompts/_q.prompt.md", "{% if x %}Note{% endif %}{% if y > 1 %}{{ y }}{% endif %}");
    let open = ("prompts/a.prompt.md", "---\nparameters: { n: object }\n---\n{% render '_q', x: n.x, y: n.y %}");
    assert!(fix_all(&[counted, open])[counted.0].contains("\n  x: { type: string, optional: true }\n  y: number\n"));
}

/// How a template may read a name, `N`.
const PIECES: &[&str] = &[
    "{{ N }}",
    "{{ N.name }}",
    "{{ N.x.y | default: 'z' }}",
    "{{ N.size }}",
    "{{ N.first }}",
    "{{ N[0] }}",
    "{{ N | json }}",
    "{{ N | join: ',' }}",
    "{{ N | upcase }}",
    "{{ N | plus: 1 }}",
    "{{ N | default: 'z' }}",
    "{% if N > 3 %}x{% endif %}",
    "{% if N == 3 %}x{% else %}y{% endif %}",
    "{% if N == 'a' %}x{% endif %}",
    "{% if N == true %}x{% endif %}",
    "{% if N %}x{% else %}y{% endif %}",
    "{% if N %}{{ N }}{% endif %}",
    "{% unless N %}x{% endunless %}",
    "{% case N %}{% when 1 %}x{% when 2 %}y{% endcase %}",
    "{% case N %}{% when 'a' %}x{% else %}y{% endcase %}",
    "{% if N contains 'a' %}x{% endif %}",
    "{% for i in N %}{{ i }}{% endfor %}",
    "{% for i in N %}{{ i.name }}{% if i.age > 3 %}y{% endif %}{% endfor %}",
    "{% for i in N %}{{ i[0] }}{% endfor %}",
    "{% for i in (1..N) %}x{% endfor %}",
    "{% for i in (1..9) limit: N %}x{% endfor %}",
    "{% assign c = N %}{% if c > 1 %}x{% endif %}",
    "{% assign c = N | times: 2 %}{{ c }}",
];

/// What callers may pass.
fn passed() -> Vec<Value> {
    let texts = ["a", "2", "7", "2.5", "true", "", "A b"].map(Value::from);
    let others = json!([
        3, 2.5, true, false, [], ["a", "b"], [1], [{ "name": "x", "age": 5 }], [["p", "q"]], {}, { "name": "x" },
        { "name": 3, "size": "l", "first": "F" }, { "name": true, "x": { "y": [1] } },
    ]);
    texts.into_iter().chain(others.as_array().unwrap().iter().cloned()).collect()
}

fn scope_of(text: &str) -> (Scope, Arc<Prompt>) {
    let (set, name) = Set::from_file("p.md", text.as_bytes());
    let prompt = set.prompt(&name).unwrap_or_else(|| panic!("{text}: {:?}", set.findings())).clone();
    (Scope::alone(Arc::new(set)), prompt)
}

fn found(text: &str) -> (usize, usize) {
    let (scope, prompt) = scope_of(text);
    tally(&lint_one(&scope, &prompt))
}

/// Returns what a prompt makes of values for `a` and `b`, as far as it takes these.
fn rendered(prompt: Option<&Ready>, values: [&Value; 2]) -> Option<Value> {
    let named = ["a", "b"].into_iter().zip(values);
    let taken = named.filter(|(name, _)| prompt.is_some_and(|it| it.prompt().parameter(name).is_some()));
    let values = taken.map(|(name, value)| (name.to_owned(), value.clone())).collect();
    prompt?.render(values).ok().map(|rendered| rendered.to_json())
}

/// Returns `value` as a caller passes it to a parameter that was a string and is declared so now: what is
/// written in the same way. Nothing for what the template made nothing of, or something else.
fn passed_now(prompt: &Prompt, name: &str, body: &str, value: &Value) -> Option<Value> {
    let Some(parameter) = prompt.parameter(name) else { return Some(value.clone()) };
    // A number equals others than a string does, and is other JSON.
    let differs = ["if N == 3", "if N == true", "case N %}{% when 1", "{{ N | json"];
    let differs = differs.iter().any(|it| body.contains(&it.replace('N', name)));
    match (parameter.schema.kind, value) {
        (Type::Integer | Type::Number | Type::Boolean, Value::String(text)) if !differs => {
            crate::prompt::coerce(&parameter.schema, text).ok()
        }
        // A string is no such number; and what loops takes a list, though it would take other things.
        (Type::Integer | Type::Number | Type::Boolean, Value::String(_)) => None,
        (Type::Array, other) if !other.is_array() => None,
        _ => Some(value.clone()),
    }
}

/// Returns of how many values a template makes the same as before, once it declares something.
///
/// # Errors
/// With the first values of which it makes something else.
fn kept(body: &str, after: &str) -> Result<usize, String> {
    let ready = |text: &str| {
        let (scope, prompt) = scope_of(text);
        scope.ready(&prompt).ok()
    };
    let (then, now) = (ready(body), ready(after));
    let (_, prompt) = scope_of(after);
    let values = passed();
    let others = if prompt.parameter("b").is_some() { &values[..] } else { &values[..1] };
    let mut kept = 0;
    for (a, b) in values.iter().flat_map(|a| others.iter().map(move |b| (a, b))) {
        let Some(before) = rendered(then.as_ref(), [a, b]) else { continue };
        let given = |name, value| passed_now(&prompt, name, body, value);
        let (Some(a), Some(b)) = (given("a", a), given("b", b)) else { continue };
        let made = rendered(now.as_ref(), [&a, &b]);
        if made.as_ref() != Some(&before) {
            return Err(format!("{made:?} and not {before} with {a} and {b}:\n{after}"));
        }
        kept += 1;
    }
    Ok(kept)
}

/// Fixes a template and checks all that a fix promises.
fn check_promises(body: &str) {
    let Some(after) = fix(body).text else { return };
    assert_eq!(fix(&after).text, None, "a second time changes something:\n{after}");
    let keeps = kept(body, &after).unwrap();
    let (_, prompt) = scope_of(&after);
    let least = found(&after);
    for parameter in prompt.parameters().iter().filter(|_| least > (0, 0)) {
        let own = format!("  {}: ", parameter.name);
        let line = after.lines().find(|line| line.starts_with(&own)).unwrap();
        for kind in ["string", parameter.schema.kind.name().unwrap()] {
            for declared in [kind.to_owned(), format!("{{ type: {kind}, optional: true }}")] {
                let other = after.replace(line, &format!("{own}{declared}"));
                let is_better = found(&other) < least && kept(body, &other).is_ok_and(|kept| kept >= keeps.max(1));
                assert!(!is_better, "{declared} would have been better for {}:\n{after}", parameter.name);
            }
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 100, rng_seed: proptest::test_runner::RngSeed::Fixed(7), failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_fixed_is_done_and_renders_as_before(
        pieces in proptest::collection::vec((0..PIECES.len(), proptest::bool::ANY), 1..5)
    ) {
        let name = |is_first: bool| if is_first { "a" } else { "b" };
        let body: String = pieces.iter().map(|(at, first)| PIECES[*at].replace('N', name(*first))).collect();
        check_promises(&body);
    }
}

#[test]
fn each_use_alone_and_each_two_keep_the_promises() {
    for one in PIECES {
        check_promises(&one.replace('N', "a"));
        for other in PIECES {
            check_promises(&format!("{one}{other}").replace('N', "a"));
        }
    }
}

/// Returns what each prompt of `files` makes of `values`.
fn made(files: &[(&str, &str)], prompt: &str, values: &Value) -> Option<Value> {
    let scope = Scope::alone(super::super::tests::set(files));
    let found = scope.set().prompt(&prompt.parse().unwrap())?.clone();
    let values = values.as_object().unwrap().clone();
    scope.ready(&found).ok()?.render(values).ok().map(|rendered| rendered.to_json())
}

/// Fixes a set whose partial is given parts of an open object by one prompt, and by another what that also prints:
/// what either rendered, it goes on to render, but for what is looped over, which takes lists.
fn check_partial(body: &str) {
    let partial = ("prompts/_q.prompt.md", body);
    let (_, prompt) = scope_of(body);
    let reads = |name: &str| prompt.parameter(name).is_some();
    let passed_on = |from: &str| -> String {
        ["a", "b"].iter().filter(|name| reads(name)).map(|name| format!(", {name}: {from}{name}")).collect()
    };
    let open = format!("---\nparameters: {{ n: object }}\n---\n{{% render '_q'{} %}}", passed_on("n."));
    let plain = format!("{{{{ a }}}}{{{{ b }}}}{{% render '_q'{} %}}", passed_on(""));
    let files = [partial, ("prompts/open.prompt.md", &*open), ("prompts/plain.prompt.md", &*plain)];
    let fixed = fix_all(&files);
    let then: Vec<(&str, &str)> = files.iter().map(|(path, _)| (*path, &*fixed[*path])).collect();
    let (_, now) = scope_of(then[0].1);
    let is_list = |name: &str| now.parameter(name).is_some_and(|it| it.schema.kind == Type::Array);
    for value in passed() {
        if (is_list("a") || is_list("b")) && !value.is_array() {
            continue;
        }
        let both = json!({ "a": value, "b": value });
        for (prompt, values) in [("open", json!({ "n": both })), ("plain", both.clone())] {
            let before = made(&files, prompt, &values);
            let after = before.is_none() || made(&then, prompt, &values) == before;
            assert!(after, "{prompt} made {before:?} of {value}, and now something else:\n{fixed:#?}");
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 30, rng_seed: proptest::test_runner::RngSeed::Fixed(7), failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_a_partial_is_given_goes_on_to_render(
        pieces in proptest::collection::vec((0..PIECES.len(), proptest::bool::ANY), 1..4)
    ) {
        let name = |is_first: bool| if is_first { "a" } else { "b" };
        let body: String = pieces.iter().map(|(at, first)| PIECES[*at].replace('N', name(*first))).collect();
        check_partial(&body);
    }
}

#[test]
fn each_use_alone_in_a_partial_goes_on_to_render() {
    PIECES.iter().for_each(|piece| check_partial(&piece.replace('N', "a")));
}
