//! What changed between two versions, and what a version means: `compat`, and `version auto`.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::shelf::{Shelf, release};
use serde_json::{Value, json};
use snapbox::str;

pub const MANIFEST: &str =
    "[set]\nname = \"support/replies\"\nversion = \"1.0.0\"\n\n[registries]\ndefault = \"../registry\"\n";
pub const REPLY: &str = "\
---
parameters:
  ticket: { type: string, pattern: '^[A-Z]+-[0-9]+$' }
  tone: { enum: [warm, formal], default: warm }
---
Answer {{ ticket }} in a {{ tone }} tone.
";

/// Writes the prompt with `from` replaced.
pub fn reply(context: &TestContext, from: &str, to: &str) {
    assert!(REPLY.contains(from), "{from}");
    context.write("prompts/reply.prompt.md", REPLY.replace(from, to));
}

/// A set whose `version` is tagged, beside an empty registry.
pub fn released_as(version: &str) -> TestContext {
    let context = TestContext::in_git();
    Shelf::new(&context, "registry", "test");
    context.write("anvil.toml", MANIFEST.replace("1.0.0", version));
    context.write(".gitignore", ".anvil/\n");
    context.write("prompts/reply.prompt.md", REPLY);
    release(&context, version);
    context
}

pub fn compat_json(context: &TestContext, arguments: &[&str]) -> Value {
    context.anvil(&[&["compat", "--format", "json"], arguments].concat()).success().json()
}

/// Returns the rules that answered, with their classes.
pub fn rules(answer: &Value) -> Vec<(&str, &str)> {
    let changes = answer["changes"].as_array().unwrap().iter();
    changes.map(|change| (change["rule"].as_str().unwrap(), change["bump"].as_str().unwrap())).collect()
}

#[test]
fn what_changed_is_told_with_its_class_and_what_shows_it() {
    let context = released_as("1.0.0");
    reply(&context, "  tone: { enum: [warm, formal], default: warm }", "  tone: { enum: [warm], default: warm }");
    context.write("README.md", "Replies.\n");
    assert_answer!(
        context.anvil(&["compat"]),
        str![[r#"
exit: 0
--- stdout
reply: `tone` no longer takes "formal" (major)
  {"tone":"formal","ticket":"A-0"}: tone: expected one of warm; got "formal"
`README.md` added (patch)
tried: 1 prompt with 273 sets of parameters
support/replies from 1.0.0 to the working tree: major, so the version after 1.0.0 is 2.0.0
--- stderr

"#]]
    );
    let answer = compat_json(&context, &["1.0.0", "."]);
    assert_eq!(rules(&answer), [("enum_value_removed", "major"), ("file_changed", "patch")]);
    assert_eq!(
        answer["changes"][0]["witness"],
        json!({
            "parameters": { "ticket": "A-0", "tone": "formal" },
            "error": "tone: expected one of warm; got \"formal\"",
        })
    );
    assert_eq!(
        (&answer["from"], &answer["bump"], &answer["needed"]),
        (&json!("1.0.0"), &json!("major"), &json!("2.0.0"))
    );
    assert_eq!(answer["trials"][0]["outcome"], "tried");
    // The same is tried every time, and some of it goes well.
    assert_eq!(compat_json(&context, &["1.0.0", "."]), answer);
    let passed = answer["trials"][0]["passed"].as_u64().unwrap();
    assert!(0 < passed && passed < answer["trials"][0]["sets"].as_u64().unwrap(), "{answer}");
    assert_eq!(compat_json(&context, &[])["trials"], answer["trials"]);
}

#[test]
fn with_exit_code_a_change_that_breaks_is_a_no() {
    let context = released_as("1.0.0");
    let code = |context: &TestContext| context.anvil(&["compat", "--exit-code"]).code;
    assert_eq!(code(&context), 0);
    reply(&context, "Answer", "Reply to");
    assert_eq!(code(&context), 0);
    reply(&context, "warm, formal", "warm");
    assert_eq!(code(&context), 1);
    assert_eq!(context.anvil(&["compat"]).code, 0);
    assert_eq!(context.anvil(&["compat", "1.0.0..HEAD", "."]).code, 2);
}

#[test]
fn what_no_declaration_shows_is_found_by_trying() {
    let context = released_as("1.0.0");
    // A text that asked now prints: what may be absent, or null, fails.
    let optional = REPLY.replace("{ enum: [warm, formal], default: warm }", "{ type: string, optional: true }");
    context.write("prompts/reply.prompt.md", optional.replace("{{ tone }}", "{% if tone %}{{ tone }}{% endif %}"));
    release(&context, "1.0.1");
    context.write("prompts/reply.prompt.md", &optional);
    let answer = compat_json(&context, &["v1.0.1"]);
    assert_eq!(rules(&answer), [("sample_failed", "major"), ("text_changed", "patch")]);
    assert_eq!(answer["changes"][0]["witness"]["parameters"], json!({ "ticket": "A-0" }));
    let error = answer["changes"][0]["witness"]["error"].as_str().unwrap().lines().next().unwrap();
    assert!(error.contains("nil"), "{answer}");
    // Once is enough for a reader.
    let text = context.anvil(&["compat", "v1.0.1"]).success().stdout;
    assert_eq!(text.matches(error).count(), 1, "{text}");
    assert!(text.contains("\n  {\"ticket\":\"A-0\"}\n"), "{text}");
}

#[test]
fn a_prompt_that_no_longer_parses_breaks_whoever_uses_it() {
    let context = released_as("1.0.0");
    context.write("prompts/reply.prompt.md", "{% if %}\n");
    let answer = compat_json(&context, &[]);
    assert_eq!(rules(&answer), [("sample_failed", "major"), ("text_changed", "patch")]);
    assert_eq!(answer["changes"][0]["witness"]["parameters"], json!({ "ticket": "A-0" }));
    assert!(answer["changes"][0]["message"].as_str().unwrap().contains("reply.prompt.md:1:"), "{answer}");
    // A fault of a test stops no rendering, and so is not why.
    let test = "tests: [{ name: a, parameters: { ticket: A-1 }, assert: [{ type: nope }] }]\n---\nAnswer";
    context.write("prompts/reply.prompt.md", REPLY.replace("---\nAnswer", test).replace("tone }}", "tone | shout }}"));
    let answer = compat_json(&context, &[]);
    assert!(answer["changes"][0]["message"].as_str().unwrap().contains("`shout`"), "{answer}");
}

#[test]
fn a_version_is_raised_as_far_as_the_change_needs() {
    let context = released_as("1.0.0");
    assert_answer!(
        context.anvil(&["version", "auto"]),
        str![[r#"
exit: 0
--- stdout
nothing to release: support/replies 1.0.0 is v1.0.0 ([ID]), and nothing has changed since
--- stderr

"#]]
    );
    assert_eq!(
        context.anvil(&["compat"]).success().stdout,
        "nothing to release: support/replies in the working tree is as in 1.0.0\n"
    );
    // What is no part of the set changes nothing.
    context.write("notes.txt", "mine\n");
    context.commit("Notes");
    assert!(context.anvil(&["version", "auto", "--dry-run"]).success().stdout.starts_with("nothing to release"));

    reply(&context, "Answer", "Reply to");
    context.commit("Word it otherwise");
    assert_answer!(
        context.anvil(&["version", "auto", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would raise support/replies 1.0.0 -> 1.0.1, commit and tag as v1.0.1
what changed since 1.0.0 is patch:
  reply: text changed (patch)
--- stderr

"#]]
    );
    reply(&context, "default: warm", "default: formal");
    context.commit("Be formal");
    assert_answer!(
        context.anvil(&["version", "auto"]),
        str![[r#"
exit: 0
--- stdout
raised support/replies 1.0.0 -> 1.1.0, committed and tagged as v1.1.0 ([ID])
what changed since 1.0.0 is minor:
  reply: default of `tone` changed from "warm" to "formal" (minor)
--- stderr
warning: reply: default of `tone` changed from "warm" to "formal": callers that rely on it get another text
next: `anvil push`

"#]]
    );
    reply(&context, "  tone: { enum: [warm, formal], default: warm }", "  tone: { enum: [warm], default: warm }");
    context.commit("Only warm");
    let json = context.anvil(&["version", "auto", "--format", "json"]).success().json();
    assert_eq!((&json["version"], &json["outcome"]), (&json!("2.0.0"), &json!("committed-and-tagged")));
    assert_eq!((&json["interface"]["bump"], &json["interface"]["understated"]), (&json!("major"), &Value::Null));
    assert_eq!(context.git(&["tag", "--points-at", "HEAD"]), "v2.0.0\n");
}

/// The bump is not applied twice, and a version that the manifest says already is taken where it is enough.
#[test]
fn an_interrupted_auto_is_completed() {
    let context = released_as("1.0.0");
    reply(&context, "warm, formal", "warm, formal, brief");
    context.commit("Be brief");
    context.anvil(&["version", "auto"]).success();
    context.git(&["tag", "--delete", "v1.1.0"]);
    let answer = context.anvil(&["version", "auto"]).success();
    assert!(answer.stdout.starts_with("tagged support/replies 1.1.0 as v1.1.0 ("), "{}", answer.stdout);
    assert!(context.anvil(&["version", "auto"]).success().stdout.starts_with("nothing to release"));
    // More than is needed is the author's to say, less is not.
    reply(&context, "warm, formal", "warm, formal, brief, long");
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "2.0.0"));
    context.commit("Be long");
    assert!(context.anvil(&["version", "auto"]).success().stdout.starts_with("tagged support/replies 2.0.0"));
    reply(&context, "warm, formal", "warm");
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "2.1.0"));
    context.commit("Only warm");
    let answer = context.anvil(&["version", "auto"]).success();
    assert!(answer.stdout.starts_with("raised support/replies 2.1.0 -> 3.0.0"), "{}", answer.stdout);
}

#[test]
fn before_one_everything_moves_a_place_and_before_that_all_is_a_patch() {
    for (version, major, minor) in [("0.3.1", "0.4.0", "0.3.2"), ("0.0.4", "0.0.5", "0.0.5")] {
        let context = released_as(version);
        reply(&context, "warm, formal", "warm, formal, brief");
        let answer = compat_json(&context, &[]);
        assert_eq!((&answer["bump"], &answer["needed"]), (&json!("minor"), &json!(minor)));
        reply(&context, "warm, formal", "warm");
        let answer = compat_json(&context, &[]);
        assert_eq!((&answer["bump"], &answer["needed"]), (&json!("major"), &json!(major)));
        context.commit("Only warm");
        let answer = context.anvil(&["version", "auto"]).success();
        assert!(answer.stdout.contains(&format!("{version} -> {major}, ")), "{}", answer.stdout);
        context.anvil(&["push"]).success();
    }
}

/// Sets `[compat]` beside a change of the pattern.
fn with_compat(context: &TestContext, compat: &str) {
    reply(context, "[0-9]+$", "[0-9]{1,4}$");
    context.write("anvil.toml", format!("{MANIFEST}\n[compat]\n{compat}\n"));
}

#[test]
fn what_cannot_be_decided_can_be_acknowledged_and_nothing_else() {
    let context = released_as("1.0.0");
    let classes = |context: &TestContext| {
        let answer = compat_json(context, &[]);
        let change = answer["changes"].as_array().unwrap().iter().find(|change| change["rule"] == "pattern_changed");
        (answer["bump"].clone(), change.unwrap()["ruling"].clone())
    };
    with_compat(&context, "accept = []");
    assert_eq!(classes(&context), (json!("major"), Value::Null));
    with_compat(&context, "accept = [\"pattern_changed@reply.ticket\"]");
    assert_eq!(classes(&context), (json!("minor"), json!("accepted")));
    let text = context.anvil(&["compat"]).success().stdout;
    assert!(text.contains("(minor, acknowledged)"), "{text}");
    // It has its witness all the same.
    let answer = compat_json(&context, &[]);
    assert!(answer["changes"][0]["witness"]["error"].as_str().unwrap().contains("does not match"), "{answer}");
    // It is about one parameter, and what is about none is told.
    with_compat(&context, "accept = [\"pattern_changed@reply.tone\"]");
    assert_eq!(classes(&context), (json!("major"), Value::Null));
    let answer = context.anvil(&["compat"]).success();
    assert_eq!(
        answer.stderr,
        "warning: `pattern_changed@reply.tone` in `[compat] accept` of anvil.toml is about no change; take it out\n"
    );
    assert_eq!(compat_json(&context, &[])["idle_accepts"], json!(["pattern_changed@reply.tone"]));
    // A change that is known to break is no matter of opinion.
    with_compat(&context, "accept = [\"enum_value_removed@reply.tone\"]");
    assert_answer!(
        context.anvil(&["compat"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0710]: `enum_value_removed@reply.tone` acknowledges `enum_value_removed`, which is no matter of opinion: A listed value is no longer taken
  --> anvil.toml:9:11
   |
 9 | accept = ["enum_value_removed@reply.tone"]
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ certain
   = help: what can be acknowledged is `tokenizer_changed`, `pattern_changed`, `format_changed`, `tool_parameters_changed`, `output_widened`, `output_type_changed`, `output_changed`
   = help: to publish a change that breaks users all the same: `anvil push --allow-breaking`

"#]]
    );
    let answer = context.anvil(&["lint"]);
    assert!(answer.code == 1 && answer.stdout.contains("error[A0710]: "), "{}", answer.shown());
    with_compat(&context, "accept = [\"patern_changed@reply.tone\"]");
    let answer = context.anvil(&["compat"]);
    assert!(answer.stderr.contains("did you mean `pattern_changed`?"), "{}", answer.shown());
    // What is acknowledged is pushed as what it is.
    with_compat(&context, "accept = [\"pattern_changed@reply.ticket\"]");
    context.git(&["stash", "--quiet"]);
    context.anvil(&["push"]).success();
    context.git(&["stash", "pop", "--quiet"]);
    context.commit("Shorter tickets");
    context.anvil(&["version", "auto"]).success();
    assert_eq!(context.git(&["tag", "--points-at", "HEAD"]), "v1.1.0\n");
    context.anvil(&["push"]).success();
}

#[test]
fn a_rule_can_be_raised_and_not_lowered() {
    let context = released_as("1.0.0");
    let with = |compat: &str| {
        reply(&context, "Answer", "Reply to");
        context.write("anvil.toml", format!("{MANIFEST}\n[compat]\n{compat}\n"));
    };
    with("raise = { text_changed = \"minor\" }");
    let answer = compat_json(&context, &[]);
    assert_eq!(rules(&answer)[0], ("text_changed", "minor"));
    assert_eq!((&answer["bump"], &answer["changes"][0]["ruling"]), (&json!("minor"), &json!("raised")));
    with("[compat.raise]\ntext_changed = \"major\"");
    assert_eq!(compat_json(&context, &[])["needed"], "2.0.0");
    let refused = |compat: &str| -> Answer {
        with(compat);
        let answer = context.anvil(&["compat"]);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        answer
    };
    assert!(
        refused("raise = { prompt_removed = \"minor\" }")
            .stderr
            .contains("error[A0710]: `raise` would lower `prompt_removed` from major to minor")
    );
    assert!(refused("raise = { nothing = \"minor\" }").stderr.contains("error[A0710]"));
    assert!(refused("raise = { text_changed = \"patch\" }").stderr.contains("error[A0105]"));
}

/// As with all that is wrong with a manifest; one rule cannot be acknowledged and raised.
#[test]
fn all_that_is_wrong_with_compat_is_told_with_its_place() {
    let context = released_as("1.0.0");
    with_compat(
        &context,
        "accept = [\n  \"patern_changed@reply.ticket\",\n  \"format_changed@reply.ticket\",\n  \"prompt_removed@reply\",\n]\n\
         raise = { format_changed = \"major\", prompt_removed = \"minor\" }",
    );
    assert_answer!(
        context.anvil(&["compat"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0710]: there is no rule `patern_changed`
   --> anvil.toml:10:3
    |
 10 |   "patern_changed@reply.ticket",
    |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no rule
    = help: did you mean `pattern_changed`?

error[A0710]: `format_changed@reply.ticket` acknowledges `format_changed`, of which `raise` lets nothing through
   --> anvil.toml:11:3
    |
 11 |   "format_changed@reply.ticket",
    |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ also under `raise`
    = help: take one of the two entries out

error[A0710]: `prompt_removed@reply` acknowledges `prompt_removed`, which is no matter of opinion: A public prompt is gone or private, and no alias keeps its name
   --> anvil.toml:12:3
    |
 12 |   "prompt_removed@reply",
    |   ^^^^^^^^^^^^^^^^^^^^^^ certain
    = help: what can be acknowledged is `tokenizer_changed`, `pattern_changed`, `format_changed`, `tool_parameters_changed`, `output_widened`, `output_type_changed`, `output_changed`
    = help: to publish a change that breaks users all the same: `anvil push --allow-breaking`

error[A0710]: `raise` would lower `prompt_removed` from major to minor
   --> anvil.toml:14:37
    |
 14 | raise = { format_changed = "major", prompt_removed = "minor" }
    |                                     ^^^^^^^^^^^^^^ lowered
    = help: take the entry out, or raise another rule

"#]]
    );
    let answer = context.anvil(&["lint"]);
    assert_eq!((answer.code, answer.stdout.matches("error[A0710]").count()), (1, 4), "{}", answer.shown());
}

/// An entry is needed until what `push` compares with has the change.
#[test]
fn what_is_acknowledged_is_idle_once_it_is_public() {
    let context = released_as("1.0.0");
    context.anvil(&["push"]).success();
    with_compat(&context, "accept = [\"pattern_changed@reply.ticket\"]");
    context.commit("Shorter tickets");
    context.anvil(&["version", "auto"]).success();
    context.write("README.md", "Replies.\n");
    context.commit("Say what it is");
    let idle = |context: &TestContext| compat_json(context, &[])["idle_accepts"].clone();
    assert_eq!(idle(&context), json!([]));
    let answer = context.anvil(&["version", "patch", "--dry-run"]).success();
    assert_eq!(answer.stderr, "");
    context.anvil(&["push"]).success();
    assert_eq!(idle(&context), json!(["pattern_changed@reply.ticket"]));
    // Of two versions that are named it says nothing.
    assert_eq!(compat_json(&context, &["1.1.0", "."])["idle_accepts"], json!([]));
    // The log tells what the author made of the change.
    let log = context.anvil(&["log"]).success().stdout;
    assert!(log.contains("(minor, acknowledged)") && !log.contains("major"), "{log}");
    let diff = context.anvil(&["diff", "1.0.0", "1.1.0", "--format", "json"]).success().json();
    assert_eq!(diff["interface"]["bump"], "minor");
}

#[test]
fn what_cannot_be_tried_is_not_checked_and_never_a_pass() {
    let context = released_as("1.0.0");
    // Nobody can give what this asks for, so nothing can be tried.
    let hidden = REPLY.replace("^[A-Z]+-[0-9]+$", "a^");
    context.write("prompts/reply.prompt.md", &hidden);
    release(&context, "1.1.0");
    context.write("prompts/reply.prompt.md", hidden.replace("Answer", "Reply to"));
    let answer = compat_json(&context, &["v1.1.0"]);
    assert_eq!(answer["bump"], "patch");
    assert_eq!(
        answer["trials"][0],
        json!({
            "prompt": "reply", "outcome": "not-checked",
            "why": "no parameters were found that the old version takes and renders",
        })
    );
    assert_eq!(context.anvil(&["compat", "v1.1.0", "--exit-code"]).code, 1);
    // Nor is anything known of what does not parse, where nothing shows that it worked.
    context.write("prompts/reply.prompt.md", "{% if %}\n");
    let answer = context.anvil(&["compat", "v1.1.0", "--exit-code"]);
    assert_eq!(answer.code, 1);
    assert!(
        answer.stdout.contains("not checked: reply: it does not parse in one of the two versions\n"),
        "{}",
        answer.shown()
    );
    assert_eq!(compat_json(&context, &["v1.1.0"])["trials"][0]["outcome"], "not-checked");
}

/// An author's repository with a set that renders something of core/tone, which the registry has.
fn dependant(needs: &str) -> (TestContext, Shelf) {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    let tone = |words: &str| format!("---\nparameters: {{ who: {{ type: string, optional: true }} }}\n---\n{words}\n");
    let kind = tone("Be kind{% if who %} to {{ who }}{% endif %}.");
    let chat = "{% system %}Be kind.{% endsystem %}\n";
    let files = [("prompts/style.prompt.md", kind.as_str()), ("prompts/chat.prompt.md", chat)];
    shelf.publish_files("core/tone 1.0.0", &[], &files);
    shelf.publish_files("core/tone 2.0.0", &[], &[("prompts/style.prompt.md", &tone("Be kind to {{ who }}."))]);
    context.write(".gitignore", ".anvil/\n");
    context.write("anvil.toml", format!("{MANIFEST}\n[dependencies]\n\"core/tone\" = \"{needs}\"\n"));
    context.write("prompts/reply.prompt.md", "---\nparameters: {}\n---\n{% render \"core/tone/style\" %} Answer.\n");
    release(&context, "1.0.0");
    (context, shelf)
}

#[test]
fn dependencies_come_in_the_same_version_where_both_allow_it() {
    let (context, _shelf) = dependant(">=1");
    // Only 1.0.0 of core/tone renders this; 2.0.0, which is the newest, prints what is absent.
    let body = "---\nparameters: {}\n---\n{% render \"core/tone/style\" %} Reply.\n";
    context.write("prompts/reply.prompt.md", body);
    context.write("anvil.toml", format!("{MANIFEST}\n[dependencies]\n\"core/tone\" = \"^1\"\n"));
    let answer = compat_json(&context, &[]);
    assert_eq!(rules(&answer), [("dependency_changed", "patch"), ("text_changed", "patch")]);
    assert_eq!(answer["trials"][0], json!({ "prompt": "reply", "outcome": "tried", "sets": 1, "passed": 1 }));
    // Where they exclude each other, each has its own: and now it fails.
    let (context, _shelf) = dependant("^1");
    context.write("anvil.toml", format!("{MANIFEST}\n[dependencies]\n\"core/tone\" = \"^2\"\n"));
    let answer = compat_json(&context, &[]);
    assert_eq!(rules(&answer), [("sample_failed", "major"), ("dependency_raised", "minor")]);
    // The same with what is locked, and no registry at all.
    let (context, _shelf) = dependant("^1");
    context.anvil(&["pull"]).success();
    context.write("prompts/reply.prompt.md", body);
    std::fs::remove_dir_all(context.path("registry")).unwrap();
    assert_eq!(compat_json(&context, &[])["trials"][0]["passed"], 1);
}

/// What only the new requirement lets in is what users may get.
#[test]
fn a_dependency_that_is_let_in_is_tried_in_its_newest_version() {
    let (context, _shelf) = dependant("=1.0.0");
    context.write("anvil.toml", format!("{MANIFEST}\n[dependencies]\n\"core/tone\" = \">=1.0.0, <3\"\n"));
    let answer = compat_json(&context, &[]);
    assert_eq!(rules(&answer), [("sample_failed", "major"), ("dependency_changed", "patch")]);
    let words = answer["changes"][0]["message"].as_str().unwrap();
    assert!(words.starts_with("with core/tone 2.0.0 what rendered before fails: "), "{words}");
    assert_eq!(answer["trials"][0]["passed"], 1);
    context.write("anvil.toml", format!("{MANIFEST}\n[dependencies]\n\"core/tone\" = \">=1.0.0, <2\"\n"));
    assert_eq!(rules(&compat_json(&context, &[])), [("dependency_changed", "patch")]);
}

/// The set's own files do not show that what they render holds messages.
#[test]
fn messages_of_another_set_make_a_chat() {
    let (context, _shelf) = dependant("^1");
    context.write("prompts/reply.prompt.md", "---\nparameters: {}\n---\n{% render \"core/tone/chat\" %}\n");
    assert_eq!(rules(&compat_json(&context, &[])), [("kind_changed", "major"), ("text_changed", "patch")]);
}

/// Nor which roles: one that comes from there is no less than one of the set's own.
#[test]
fn roles_of_another_set_count_where_it_is_at_hand() {
    let (context, _shelf) = dependant("^1");
    let write = |body: &str| context.write("prompts/reply.prompt.md", format!("---\nparameters: {{}}\n---\n{body}"));
    let user = "{% user %}Hello.{% enduser %}\n";
    write(&format!("{{% render \"core/tone/chat\" %}}\n{user}"));
    release(&context, "1.1.0");
    write(user);
    assert_eq!(rules(&compat_json(&context, &["v1.1.0"])), [("role_removed", "major"), ("text_changed", "patch")]);
    // What the other set has said the set may say itself, and the other way round.
    write(&format!("{{% system %}}Be kind.{{% endsystem %}}\n{user}"));
    assert_eq!(rules(&compat_json(&context, &["v1.1.0"])), [("messages_changed", "patch")]);
    release(&context, "1.1.1");
    write(&format!("{{% render \"core/tone/chat\" %}}\n{user}"));
    assert_eq!(rules(&compat_json(&context, &["v1.1.1"])), [("messages_changed", "patch")]);
    write("{% render \"core/tone/chat\" %}\n{% assistant %}Hi.{% endassistant %}\n");
    let found = compat_json(&context, &["v1.1.1"]);
    assert_eq!(rules(&found), [("role_removed", "major"), ("role_added", "patch")]);
    assert_eq!(
        (&found["changes"][0]["subject"], &found["changes"][1]["subject"]),
        (&json!("user"), &json!("assistant"))
    );
    // Where it is out of reach, the set's own files tell what they can.
    std::fs::remove_dir_all(context.path("registry")).unwrap();
    let rules_alone = compat_json(&context, &["v1.1.1"]);
    assert_eq!(rules(&rules_alone)[0], ("role_removed", "major"));
}

#[test]
fn a_dependency_out_of_reach_is_not_checked() {
    let (context, _shelf) = dependant("^1");
    std::fs::remove_dir_all(context.path("registry")).unwrap();
    // Nothing changed, so nothing need be at hand.
    assert_eq!(compat_json(&context, &[])["trials"][0]["outcome"], "unchanged");
    context.write("prompts/reply.prompt.md", "---\nparameters: {}\n---\n{% render \"core/tone/style\" %} Reply.\n");
    let answer = context.anvil(&["compat", "--exit-code"]);
    assert_eq!(answer.code, 1, "{}", answer.shown());
    assert!(
        answer.stdout.contains("not checked: reply: core/tone, which the old version renders, is not at hand"),
        "{}",
        answer.shown()
    );
    let trial = &compat_json(&context, &[])["trials"][0];
    assert_eq!(trial["outcome"], "not-checked");
    assert!(trial["why"].as_str().unwrap().contains("core/tone"), "{trial}");
    context.commit("Reply");
    let answer = context.anvil(&["version", "auto"]).success();
    assert!(answer.stderr.contains("warning: not checked: reply: core/tone"), "{}", answer.shown());
}
