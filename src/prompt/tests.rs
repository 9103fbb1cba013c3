//! Sets as their authors write them, and what is found, rendered and told of them.

use super::facts::{manifest_json, select_files};
use super::*;
use crate::archive::FileSet;
use crate::error::Diagnostic;
use crate::manifest::{Manifest, Strictness};
use serde_json::{Value, json};
use std::sync::Arc;

fn manifest(name: &str, rest: &str) -> Manifest {
    let text = format!("[set]\nname = \"{name}\"\nversion = \"1.0.0\"\n{rest}");
    Manifest::parse("anvil.toml", &text, Strictness::Own).unwrap()
}

fn set_of(manifest: &Manifest, files: &[(&str, &str)]) -> Arc<Set> {
    let files: FileSet = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    Arc::new(Set::load(manifest, &files))
}

pub(super) fn set(files: &[(&str, &str)]) -> Arc<Set> {
    set_of(&manifest("t/s", ""), files)
}

pub(super) fn one(text: &str) -> Vec<Diagnostic> {
    lint(&Scope::alone(set(&[("prompts/p.prompt.md", text)])), Reach::Everything)
}

/// Findings as `code line:column words [label] hint`.
pub(super) fn told(findings: &[Diagnostic]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| {
            let place = finding.location.as_ref().map(|location| {
                let (line, column) = location.line_and_column();
                (format!("{line}:{column} "), format!(" [{}]", location.label))
            });
            let (place, label) = place.unwrap_or_default();
            let hints: String = finding.hints.iter().map(|hint| format!(" = {hint}")).collect();
            format!("{} {place}{}{label}{hints}", finding.code, finding.message)
        })
        .collect()
}

#[test]
fn a_name_that_is_not_declared_is_told_as_the_design_shows_it() {
    let findings =
        one("---\nparameters:\n  customer_name: string\n---\n\nTo you.\nDear {{ custmer_name }},\n{{ customer_name }}");
    assert_eq!(
        told(&findings),
        ["A0301 7:9 the template uses `custmer_name`, which is not a parameter [not declared] = did you mean \
          `customer_name`, declared on line 3?"]
    );
    let location = findings[0].location.as_ref().unwrap();
    assert_eq!(&location.text[location.span.clone()], "custmer_name");
    assert_eq!(location.file, "prompts/p.prompt.md");
}

#[test]
fn what_nobody_has_declared_is_told_so_and_no_type_is_made_up_for_it() {
    assert_eq!(
        told(&one("{{ name }}{% if count > 3 %}x{% endif %}")),
        [
            "A0209 1:4 the file declares no parameters and takes `name`, `count` [taken as a parameter] = declare them in \
             front matter, under `parameters` = or have that done: `anvil lint --fix`",
            "A0359 1:17 rendering fails here, whatever `count` is: a string cannot be compared with a number [fails] = \
             `count` is a string until it is declared: say its type, under `parameters` = or have \
             that done: `anvil lint --fix`",
        ]
    );
    // What `--fix` cannot tell is not put off to it.
    assert_eq!(
        told(&one("{{ name }}{% for k in data %}{{ k[0] }}{% endfor %}")),
        [
            "A0209 1:4 the file declares no parameters and takes `name`, `data` [taken as a parameter] = declare them in front \
          matter, under `parameters` = `data` is not declared: it may be a list or an object"
        ]
    );
}

#[test]
fn what_is_wrong_within_the_tests_is_told_with_the_rest() {
    let tests = "tests: [{ name: a, assert: [{ type: contans }] }]";
    for (text, codes) in [
        (format!("---\nparamters: {{}}\n{tests}\n---\n{{% if %}}"), &["A0203", "A0820", "A0304", "A0302"][..]),
        (format!("---\n{tests}\n---\nHi"), &["A0820"]),
    ] {
        let found: Vec<String> = one(&text).iter().map(|finding| finding.code.to_string()).collect();
        assert_eq!(found, codes, "{text}");
    }
}

#[test]
fn names_of_other_languages_are_told_in_those_of_liquid() {
    let hint = |parameters: &str, body: &str| {
        let findings = one(&format!("---\nparameters: {parameters}\n---\n{body}"));
        findings[0].hints[0].message.clone()
    };
    assert_eq!(hint("{ x: string }", "{% if x == None %}a{% endif %}"), "in Liquid it is called `nil`");
    assert!(hint("{ l: array }", "{% for i in l %}{{ loop.index }}{% endfor %}").contains("`forloop.index`"));
    assert_eq!(hint("{ l: array }", "{{ l.length }}"), "in Liquid it is called `size`");
    assert_eq!(
        one("{% if x == True %}a{% endif %}")[0].hints[0].message,
        "`True` is a name here: in Liquid it is written `true`"
    );
}

#[test]
fn properties_are_declared_too() {
    let parameters = "---\nparameters:\n  c: { type: object, properties: { tier: string, tags: { type: array } }, required: [tier, tags] }\n  \
                      o: object\n  s: string\n---\n";
    for (body, expected) in [
        ("{{ c.tier }}{{ o.x | default: 1 }}{{ s }}{{ c.tags.size }}{{ c.tags[0] | default: 1 }}{{ s.size }}", &[][..]),
        (
            "{{ c.teir }}{{ o | json }}{{ s }}",
            &[
                "A0301 7:4 the template uses `teir` of `c`, which is not a declared property [not declared] = did you mean `tier`?",
            ],
        ),
        (
            "{{ c.tier.x }}{{ o | json }}{{ s }}",
            &["A0301 7:4 the template uses `x` of `c`, which is a string there [not declared]"],
        ),
        (
            "{{ c.tier }}{{ o | json }}{{ s.name }}",
            &["A0301 7:30 the template uses `name` of `s`, which is a string there [not declared]"],
        ),
    ] {
        assert_eq!(told(&one(&format!("{parameters}{body}"))), expected, "{body}");
    }
}

#[test]
fn a_declared_property_comes_before_liquid_s_own_also_where_it_is_absent() {
    let parameters = "---\nparameters:\n  o: { type: object, properties: { size: string, first: string, last: string, id: string } }\n  \
                      l: { type: array, items: { type: object, properties: { size: string, id: string } } }\n  \
                      d: { type: object, properties: { o: { type: object, properties: { size: string } } } }\n  \
                      open: { type: object }\n---\n";
    let given = json!({ "o": { "id": "7" }, "l": [{ "id": "1" }, { "size": "L", "id": "2" }, { "size": null }], "d": { "o": {} }, "open": {} });
    for (body, expected) in [
        (
            "{{ o.size | default: 'none' }} {{ o['size'] | default: 'none' }} {{ o.first | default: 'none' }} {{ o.last | default: 'none' }}",
            "none none none none",
        ),
        ("{% assign p = o %}{{ p.size | default: 'none' }} {{ p.id }}", "none 7"),
        ("{% for i in l %}{{ i.size | default: 'none' }} {% endfor %}", "none L none "),
        ("{{ l[0].size | default: 'none' }} {{ l.first.size | default: 'none' }} {{ l.size }}", "none none 3"),
        ("{% assign m = l | reverse %}{{ m[2].size | default: 'none' }} {{ l | where: 'size' | size }}", "none 1"),
        (
            "{{ l | map: 'size' | compact | join }} {% for e in d %}{{ e[1].size | default: 'none' }}{% endfor %}",
            "L none",
        ),
        ("{{ d.o.size | default: 'none' }} {{ d.size }} {{ open.size }}", "none 1 0"),
        (
            "{{ o | json }}{{ o | size }}{% for e in o %}{{ e[0] }}{% endfor %}{% if o contains 'size' %}!{% endif %}",
            "{\"id\":\"7\"}1id",
        ),
        ("{% render '_p', o: open %}", "none"),
    ] {
        let partial = "---\nparameters:\n  o: { type: object, properties: { size: string } }\n---\n{{ o.size | default: 'none' }}";
        let set = set(&[("prompts/p.prompt.md", &format!("{parameters}{body}")), ("prompts/_p.prompt.md", partial)]);
        let ready = Scope::alone(set).own(&"p".parse().unwrap()).unwrap();
        let rendered = ready.render(given.as_object().unwrap().clone()).unwrap();
        assert_eq!(rendered.text(), Some(expected), "{body}");
    }
}

#[test]
fn lint_tells_what_is_odd_and_stops_nothing_for_it() {
    let findings = one(
        "---\nparameters:\n  a: string\n  b: { type: string, optional: true }\n  old: { retired: true }\n---\n{{ b }}\r\n",
    );
    assert_eq!(
        told(&findings),
        [
            "A0212 3:3 the parameter `a` is never used [not used] = if callers still pass it, say `retired: true`",
            "A0354 7:4 `b` is optional and printed where it may be absent [may be absent] = write \
             `{{ b | default: \"…\" }}`, or ask first: `{% if b %}`",
            "A0208 7:8 the file has CRLF line ends, which are read as LF [] = to have it written so: `anvil lint --fix`",
        ]
    );
    assert_eq!(
        told(&one("---\nparameters:\n  b: { type: string, optional: true }\n---\n{% if b %}{{ b }}{% endif %}")),
        [""; 0]
    );
    assert_eq!(
        told(&one("\u{feff}Dear {{ name }}, {% for x in list %}{{ x }}{% endfor %}")),
        [
            "A0208 1:1 the file begins with a byte order mark, which is read as nothing [] = to have it written so: `anvil lint --fix`",
            "A0209 1:9 the file declares no parameters and takes `name`, `list` [taken as a parameter] = declare \
             them in front matter, under `parameters` = or have that done: `anvil lint --fix`",
        ]
    );
}

#[test]
fn all_files_are_judged_and_a_flood_is_cut() {
    let bad = format!("---\n{}---\n{{{{ a | nope }}}}", (0..30).map(|n| format!("k{n}: 1\n")).collect::<String>());
    let files =
        [("prompts/a.prompt.md", bad.as_str()), ("prompts/b.prompt.md", "{{ x"), ("prompts/c.prompt.md", "fine")];
    let set = set(&files);
    let findings = lint(&Scope::alone(set.clone()), Reach::Everything);
    assert_eq!(findings.len(), MAX_FINDINGS + 1 + 1);
    assert_eq!(findings[MAX_FINDINGS].message, "`prompts/a.prompt.md` has 11 more errors");
    assert_eq!(super::lint::tally(&findings), (32, 0));
    assert!(findings[MAX_FINDINGS + 1].location.as_ref().unwrap().file.ends_with("b.prompt.md"));
    assert!(Scope::alone(set.clone()).get(&"c".parse().unwrap()).is_ok(), "a neighbour's fault is not its own");
    assert_eq!(
        Scope::alone(set).get(&"b".parse().unwrap()).unwrap_err().to_string().split(':').next(),
        Some("the prompt `b` has errors")
    );
}

#[test]
fn a_file_that_is_no_text_says_where() {
    let files: FileSet = [("prompts/p.prompt.md", b"ab\xffc".to_vec())].into_iter().collect();
    let set = Set::load(&manifest("t/s", ""), &files);
    assert_eq!(
        told(&set.findings()),
        ["A0207 1:3 the file is not UTF-8: byte 2 is 0xff [not UTF-8] = save the file as UTF-8"]
    );
}

#[test]
fn names_are_one_prompt_s_alone() {
    let manifest = manifest("t/s", "prompts = [\"p/**/*.md\", \"q/*.md\"]\n[dependencies]\n\"core/tone\" = \"1\"\n");
    let set = set_of(
        &manifest,
        &[
            ("p/a.md", "x"),
            ("q/a.md", "y"),
            ("p/core/tone/x.md", "z"),
            ("p/b.md", "---\naliases: [a]\n---\n"),
            ("p/Ä.md", ""),
        ],
    );
    let told = told(&set.findings());
    for words in [
        "`q/a.md` and `p/a.md` are both the prompt `a`",
        "`core/tone/x` is hidden by the dependency",
        "the alias `a` is taken",
        "`p/Ä.md` gives no name",
    ] {
        assert_eq!(told.iter().filter(|told| told.contains(words)).count(), 1, "{words}: {told:?}");
    }
    assert_eq!(told.len(), 4);
}

#[test]
fn partials_are_looked_up_checked_and_bounded() {
    let chain: Vec<(String, String)> = (1..=17)
        .map(|n| {
            (
                format!("prompts/d{n:02}.prompt.md"),
                if n < 17 { format!("{{% render \"d{:02}\" %}}", n + 1) } else { "x".into() },
            )
        })
        .collect();
    let mut files: Vec<(&str, &str)> = chain.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.extend([
        ("prompts/c1.prompt.md", "{% if false %}{% render \"c2\" %}{% endif %}"),
        ("prompts/c2.prompt.md", "{% render \"c1\" %}"),
        ("prompts/_foot.prompt.md", "---\nparameters:\n  who: string\n---\n{{ who }}"),
        ("prompts/arguments.prompt.md", "{% render \"_foot\", whoo: 1 %}"),
        ("prompts/lost.prompt.md", "{% render \"_foto\" %}"),
        ("prompts/mixed.prompt.md", "Hi {% render \"_sys\" %}"),
        ("prompts/forged.prompt.md", "{% user %}{% render \"_sys\" %}{% enduser %}"),
        ("prompts/between.prompt.md", "{% user %}u{% enduser %}{% render \"_foot\", who: 1 %}"),
        ("prompts/_sys.prompt.md", "{% system %}s{% endsystem %}"),
    ]);
    let scope = Scope::alone(set(&files));
    let found = told(&lint(&scope, Reach::Everything));
    for words in [
        "A0351 1:25 the prompts render each other in a circle: c1 → c2 → c1",
        "A0351 1:11 the prompts render each other in a circle: c2 → c1 → c2",
        "A0351 1:11 prompts render each other deeper than 16",
        "A0353 1:11 `_foot` takes no parameter `whoo` [unknown argument] = did you mean `who`?",
        "A0353 1:11 `_foot` needs the parameter `who`",
        "A0350 1:11 there is no prompt `_foto` [not found] = did you mean `_foot`?",
        "A0305 1:1 ",
        "A0305 1:21 `_sys` holds messages",
        "A0305 1:35 `_foot` is text, which cannot stand between messages",
    ] {
        assert_eq!(found.iter().filter(|told| told.starts_with(words)).count(), 1, "{words}: {found:#?}");
    }
    let get = |name: &str| scope.get(&name.parse().unwrap()).map(|ready| ready.is_chat());
    assert!(get("d01").is_err() && get("d02").is_ok());
    assert!(get("c1").is_err() && get("mixed").is_err());
}

#[test]
fn a_circle_through_several_sets_names_them() {
    let set = |name: &str, other: &str| {
        let text = format!("{{% render \"{other}/hello\" %}}");
        set_of(
            &manifest(name, &format!("[dependencies]\n\"{other}\" = \"1\"\n")),
            &[("prompts/hello.prompt.md", text.as_str())],
        )
    };
    let sets = [("t/a", "t/b"), ("t/b", "t/a")].map(|(name, other)| (name.parse().unwrap(), set(name, other)));
    let scope = Scope::new(sets[0].1.clone(), Arc::new(sets.into_iter().collect()));
    let found = told(&lint(&scope, Reach::Everything));
    let words = "A0351 1:11 the prompts render each other in a circle: t/a/hello → t/b/hello → t/a/hello";
    assert!(found.iter().any(|told| told.starts_with(words)), "{found:#?}");
}

#[test]
fn prompts_that_double_are_walked_once() {
    let files: Vec<(String, String)> = (1..=16)
        .map(|n| {
            (
                format!("prompts/d{n:02}.prompt.md"),
                if n < 16 {
                    format!("{{% render \"d{0:02}\" %}}{{% render \"d{0:02}\" %}}", n + 1)
                } else {
                    "x".into()
                },
            )
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let scope = Scope::alone(set(&files));
    assert_eq!(told(&lint(&scope, Reach::Everything)), [""; 0]);
    assert!(scope.get(&"d01".parse().unwrap()).is_ok());
}

#[test]
fn what_was_not_pulled_is_not_judged_where_nobody_asks_for_it() {
    let manifest = manifest("t/s", "[dependencies]\n\"core/tone\" = \"1\"\n");
    let scope = Scope::alone(set_of(
        &manifest,
        &[("prompts/p.prompt.md", "{% render \"core/tone/style\" %}{% render \"other\" %}")],
    ));
    assert_eq!(lint(&scope, Reach::Everything).len(), 2);
    let own = lint(&scope, Reach::OwnPrompts);
    assert_eq!(told(&own), ["A0350 1:41 there is no prompt `other` [not found]"]);
}

#[test]
fn a_set_calls_its_own_prompts_by_their_names_alone() {
    let own = [("prompts/p.prompt.md", "{% render \"t/s/q\" %}{% render \"t/s/x\" %}"), ("prompts/q.prompt.md", "q")];
    let scope = Scope::alone(set_of(&manifest("t/s", ""), &own));
    assert_eq!(
        told(&lint(&scope, Reach::Everything)),
        [
            "A0350 1:11 there is no prompt `t/s/q`: `t/s` is this set itself [not found] = within the set it is called `q`",
            "A0350 1:31 there is no prompt `t/s/x`: `t/s` is this set itself [not found]",
        ]
    );
}

#[test]
fn a_failed_rendering_points_into_the_file_also_of_a_partial() {
    let scope = Scope::alone(set(&[
        ("prompts/p.prompt.md", "---\nparameters:\n  a: { type: integer }\n---\n\n{% render \"_q\", b: a %}"),
        ("prompts/_q.prompt.md", "---\nparameters:\n  b: integer\n---\n{{ 1 | divided_by: b }}"),
    ]));
    let ready = scope.get(&"p".parse().unwrap()).unwrap();
    let error = ready.render(json!({ "a": 0 }).as_object().unwrap().clone()).unwrap_err();
    let PromptError::Render { findings, .. } = &error else { panic!("{error}") };
    let location = findings[0].location.as_ref().unwrap();
    assert_eq!((location.file.as_str(), location.line_and_column().0), ("prompts/_q.prompt.md", 5));
}

#[test]
fn a_prompt_with_everything_gives_everything() {
    let scope = Scope::alone(set(&[
        (
            "prompts/p.prompt.md",
            "---\nmodel: { prefer: [a/b], temperature: 0.3 }\ntools: [{ name: t }]\noutput: { schema: s.json }\n---\n{% user %}x{% enduser %}",
        ),
        ("s.json", "{\"type\": \"object\"}"),
        ("prompts/bad.prompt.md", "---\noutput: { schema: t.json }\n---\n"),
    ]));
    let rendered = scope.get(&"p".parse().unwrap()).unwrap().render(Default::default()).unwrap();
    assert_eq!(
        rendered.to_json().to_string(),
        r#"{"messages":[{"role":"user","content":"x"}],"model":{"prefer":["a/b"],"temperature":0.3},"tools":[{"name":"t"}],"output":{"schema":{"type":"object"}}}"#
    );
    assert_eq!(told(&scope.set().findings()), ["A0204 2:19 the set has no file `t.json` []"]);
}

#[test]
fn a_lone_file_is_a_set_of_one() {
    for (path, name) in [("a/My-Prompt.prompt.md", "my-prompt"), ("x.md", "x"), ("./_p.md", "p"), ("Ä ö.md", "prompt")]
    {
        let (set, found) = Set::from_file(path, b"Hi {{ n }}");
        assert_eq!(found.as_str(), name);
        let ready = Scope::alone(Arc::new(set)).get(&found).unwrap();
        let rendered = ready.render(json!({ "n": "Bo" }).as_object().unwrap().clone()).unwrap();
        assert_eq!(rendered.text(), Some("Hi Bo"));
    }
}

#[test]
fn the_interface_is_what_callers_see_and_nothing_else() {
    let checksum = |files: &[(&str, &str)]| Interface::of(&set(files)).checksum();
    let base = "---\nparameters:\n  n: string\n  h: { type: messages, optional: true }\n---\n{% history h %}{% user %}{{ n }}{% enduser %}";
    let plain = checksum(&[("prompts/p.prompt.md", base)]);
    let same = [
        base.replace("n: string", "n: { type: string, description: d, examples: [x], x-a: 1 }")
            .replace("{{ n }}", "{{ n }}!"),
        base.replace("parameters:", "description: d\naliases: [q]\nparameters:"),
    ];
    for text in &same {
        assert_eq!(checksum(&[("prompts/p.prompt.md", text), ("prompts/_private.prompt.md", "x")]), plain, "{text}");
    }
    for text in [
        base.replace("n: string", "n: { type: string, maxLength: 3 }"),
        base.replace("{% user %}", "{% system %}s{% endsystem %}{% user %}"),
        base.replace("parameters:", "tools: [{ name: t }]\nparameters:"),
    ] {
        assert_ne!(checksum(&[("prompts/p.prompt.md", &text)]), plain, "{text}");
    }
    let refactored = [
        (
            "prompts/p.prompt.md",
            "---\nparameters:\n  n: string\n  h: { type: messages, optional: true }\n---\n{% render \"_h\", h: h %}{% user %}{{ n }}{% enduser %}",
        ),
        ("prompts/_h.prompt.md", "---\nparameters:\n  h: { type: messages, optional: true }\n---\n{% history h %}"),
    ];
    assert_eq!(checksum(&refactored), plain, "moving a tag into a partial changes nothing for callers");
    assert_eq!(
        canonical::to_canonical_json(&Interface::of(&set(&[("prompts/p.prompt.md", base)])).to_json()),
        r#"{"p":{"history":["h"],"kind":"chat","parameters":{"h":{"optional":true,"type":"messages"},"n":{"type":"string"}},"roles":["user"]}}"#
    );
}

#[test]
fn a_bundle_describes_itself() {
    let manifest = manifest("t/s", "");
    let texts = [
        ("anvil.toml", "x"),
        (
            "prompts/p.prompt.md",
            "---\ndescription: d\nparameters:\n  n: string\noutput: { schema: schemas/a.json }\n---\n{{ n }}{% render \"_q\" %}",
        ),
        ("prompts/_q.prompt.md", "q"),
        ("schemas/a.json", "{}"),
        ("notes.txt", "no part of the set"),
    ];
    let read = |path: &str| -> Result<Vec<u8>, ()> {
        texts.iter().find(|(at, _)| *at == path).map(|(_, text)| text.as_bytes().to_vec()).ok_or(())
    };
    let selection = &manifest.set.as_ref().unwrap().selection;
    let selected = select_files(selection, texts.iter().map(|(path, _)| *path), read).unwrap();
    assert_eq!(
        selected.iter().map(String::as_str).collect::<Vec<_>>(),
        ["anvil.toml", "prompts/_q.prompt.md", "prompts/p.prompt.md", "schemas/a.json"]
    );
    let mut files: FileSet = selected.iter().map(|path| (path.clone(), read(path).unwrap())).collect();
    let json = manifest_json(&Set::load(&manifest, &files), &files);
    files.insert("manifest.json", json.clone());
    assert_eq!(manifest_json(&Set::load(&manifest, &files), &files), json, "it does not depend on itself");
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["prompts"][1]["partials"], json!(["_q"]));
    assert_eq!(json["prompts"][1]["parameters"], json!({ "n": { "type": "string" } }));
    assert_eq!(json["files"].as_object().unwrap().len(), 4);
}

proptest::proptest! {
    /// Whatever a file holds, reading it ends, and every place lies within it between characters.
    #[test]
    fn no_file_is_read_with_a_panic(body in "(---\\n)?[-\\[\\]{}:,#&*!|>'\"%@` a-cé\\n\\t0-9~<.]{0,80}(\\n---\\n)?[{}% a-c|é.\\n]{0,30}") {
        let (set, _) = Set::from_file("p.md", body.as_bytes());
        for finding in lint(&Scope::alone(Arc::new(set)), Reach::Everything) {
            if let Some(location) = finding.location {
                proptest::prop_assert!(location.text.get(location.span.clone()).is_some(), "{:?}", location);
            }
        }
    }

    /// Schemas of any shape are read, and values checked against them, without a panic.
    #[test]
    fn no_declaration_is_read_with_a_panic(
        keys in proptest::collection::vec(("(type|enum|const|default|minimum|maxLength|pattern|format|items|properties|required|nullable|optional|aliases|trust|max_tokens|x-a|b)", "(string|integer|object|array|\\[a, 1\\]|\\{a: string\\}|3|-1.5|true|~|'\\[')"), 0..6),
    ) {
        let inner: Vec<String> = keys.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        let text = format!("---\nparameters:\n  p: {{ {} }}\n---\n{{{{ p | json }}}}", inner.join(", "));
        let (set, name) = Set::from_file("p.md", text.as_bytes());
        if let Ok(ready) = Scope::alone(Arc::new(set)).get(&name) {
            for value in [json!(null), json!(3.0), json!("a"), json!(["a", 1]), json!({ "a": "b" })] {
                let _ = ready.render([("p".to_owned(), value)].into_iter().collect());
            }
        }
    }
}

#[test]
fn strangers_words_are_followed_through_partials_and_forgotten_where_they_are_replaced() {
    let declared = "---\nparameters: { t: { type: string, trust: untrusted } }\n---\n";
    let flows = |body: &str| -> Vec<String> {
        let main = format!("{declared}{body}");
        let files = [
            ("prompts/_system.prompt.md", "---\nparameters: { x: string }\n---\n{% system %}{{ x }}{% endsystem %}"),
            (
                "prompts/_text.prompt.md",
                "---\nparameters: { x: string }\n---\n{% capture y %}{{ x | upcase }}{% endcapture %}{{ y }}",
            ),
            ("prompts/_deep.prompt.md", "---\nparameters: { x: string }\n---\n{% render \"_system\", x: x %}"),
            (
                "prompts/_asks.prompt.md",
                "---\nparameters: { x: string }\n---\n{% if x == \"a\" %}A{% endif %}{{ x.size }}",
            ),
            ("prompts/main.prompt.md", main.as_str()),
        ];
        let findings = lint(&Scope::alone(set(&files)), Reach::Everything);
        let flows = findings.into_iter().filter(|finding| finding.code == crate::error::Code::A0360);
        flows.map(|finding| finding.message.split(": ").nth(1).unwrap_or_default().to_owned()).collect()
    };
    for (body, way) in [
        ("{% render \"_system\", x: t %}", "`t` → `render \"_system\"` (line 4) → system block there"),
        (
            "{% render \"_deep\", x: t %}",
            "`t` → `render \"_deep\"` (line 4) → `render \"_system\"` → system block there",
        ),
        (
            "{% system %}{% render \"_text\", x: t %}{% endsystem %}",
            "`t` → `render \"_text\"` (line 4) → system block (line 4)",
        ),
        (
            "{% capture c %}{% if t %}{{ t }}{% endif %}{% endcapture %}{% system %}{{ c | append: \"!\" }}{% endsystem %}",
            "`t` → `capture c` (line 4) → system block (line 4)",
        ),
        (
            "{% assign a = \"x\" | append: t %}{% if t == \"y\" %}{% assign a = \"\" %}{% endif %}{% system %}{{ a }}{% endsystem %}",
            "`t` → `assign a` (line 4) → system block (line 4)",
        ),
    ] {
        assert_eq!(flows(body), [way], "{body}");
    }
    for body in [
        "{% system %}Be kind.{% render \"_asks\", x: t %}{% endsystem %}",
        "{% assign a = t %}{% assign a = \"safe\" %}{% system %}{{ a }}{% endsystem %}{% user %}{{ t }}{% enduser %}",
        "{% assign a = t %}{% if t %}{% assign a = \"1\" %}{% else %}{% assign a = \"2\" %}{% endif %}{% system %}{{ a }}{% endsystem %}",
        "{% system %}{{ t | size }}{% if t contains \"x\" %}x{% endif %}{% endsystem %}",
        "{% user %}{% render \"_text\", x: t %}{% enduser %}",
    ] {
        assert_eq!(flows(body), [""; 0], "{body}");
    }
}

#[test]
fn without_declarations_what_is_read_a_part_of_may_be_of_any_type() {
    let (set, name) = Set::from_file("p.md", b"{{ labels[code] }}");
    let ready = Scope::alone(Arc::new(set)).own(&name).unwrap();
    let values = json!({ "labels": { "a": "Apple" }, "code": "a" });
    assert_eq!(ready.render(values.as_object().unwrap().clone()).unwrap().text(), Some("Apple"));
}
