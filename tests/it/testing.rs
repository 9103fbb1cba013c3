//! `test`: assertions, snapshots, and what CI reads.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::Shelf;
use serde_json::json;
use snapbox::str;

const REPLY: &str = r#"---
description: Draft a reply.
parameters:
  ticket: string
  tier: { enum: [free, pro], default: free }
model: { prefer: [anthropic/claude-sonnet-4-5, openai/gpt-5] }
tests:
  - name: pro customers get the promise
    parameters: { ticket: "Down!", tier: pro }
    assert:
      - { type: contains, value: within one hour, role: system }
      - { type: roles, value: [system, user] }
      - { type: max-tokens, value: 900 }
    expect:
      - { type: llm-rubric, value: apologises once }
  - name: free/plain
    parameters: { ticket: "Down!" }
---
{% system %}
You write replies.
{% if tier == "pro" %}
Promise an answer within one hour.
{% endif %}
{% endsystem %}
{% user %}{{ ticket }}{% enduser %}
"#;

pub(crate) fn set(context: &TestContext) {
    context.write("anvil.toml", "[set]\nname = \"my/set\"\nversion = \"0.1.0\"\n");
    context.write("prompts/reply.prompt.md", REPLY);
    context.write(
        "prompts/_end.prompt.md",
        "---\ntests:\n  - { name: ends, assert: [{ type: equals, value: Yours. }] }\n---\nYours.\n",
    );
    context.write("prompts/plain.prompt.md", "---\nparameters: {}\n---\nHello.\n");
}

fn snapshots(context: &TestContext) -> Vec<(String, String)> {
    let files = context.files("snapshots").into_iter();
    files.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

#[test]
fn a_test_without_assertions_needs_a_snapshot_which_only_update_writes() {
    let context = TestContext::new();
    set(&context);
    assert_answer!(
        context.anvil(&["test"]),
        str![[r#"
exit: 1
--- stdout
failed reply: free/plain
  snapshot (prompts/reply.prompt.md:16): there is no `snapshots/reply/free%2Fplain.txt`, and the test asserts nothing else
3 prompts, 3 tests: 2 passed, 1 failed; 1 prompt has no tests
--- stderr
help: if what the prompts give now is right, keep it: `anvil test --update`

"#]]
    );
    assert_eq!(snapshots(&context), []);
    assert_answer!(
        context.anvil(&["test", "--update"]),
        str![[r#"
exit: 0
--- stdout
wrote 1 snapshot
3 prompts, 3 tests: all passed; 1 prompt has no tests
--- stderr

"#]]
    );
    let text = "system:\n  You write replies.\n\nuser:\n  Down!\n";
    assert_eq!(snapshots(&context), [("reply/free%2Fplain.txt".to_owned(), text.to_owned())]);
    assert_answer!(
        context.anvil(&["test", "--update", "-v"]),
        str![[r#"
exit: 0
--- stdout
passed _end: ends
passed reply: pro customers get the promise
passed reply: free/plain
3 prompts, 3 tests: all passed; 1 prompt has no tests
--- stderr

"#]]
    );
    // From any folder of the project, and down a pipe.
    let folder = context.project().join("prompts");
    let answer = context.anvil_in(&folder, &["test"]).success();
    assert_eq!(answer.stdout, "3 prompts, 3 tests: all passed; 1 prompt has no tests\n");
}

#[test]
fn what_no_longer_holds_is_told_with_its_line_and_its_difference() {
    let context = TestContext::new();
    set(&context);
    context.anvil(&["test", "--update"]).success();
    context.write(
        "prompts/reply.prompt.md",
        REPLY.replace("You write", "You draft").replace("answer within", "answer in"),
    );
    assert_answer!(
        context.anvil(&["test", "reply"]),
        str![[r#"
exit: 1
--- stdout
failed reply: pro customers get the promise
  contains (prompts/reply.prompt.md:11): expected the text of `system` to contain "within one hour"
failed reply: free/plain
  snapshot (prompts/reply.prompt.md:16): `snapshots/reply/free%2Fplain.txt` is something else than what the prompt gives now
    @@ -1,5 +1,5 @@
     system:
    -  You write replies.
    +  You draft replies.
     
     user:
       Down!
1 prompt, 2 tests: 0 passed, 2 failed
--- stderr
help: if what the prompts give now is right, keep it: `anvil test --update`

"#]]
    );
    let json = context.anvil(&["test", "--format", "json"]);
    assert_eq!(json.code, 1);
    let json = json.json();
    assert_eq!(
        (&json["ok"], &json["passed"], &json["failed"], &json["untested"]),
        (&json!(false), &json!(1), &json!(2), &json!(1))
    );
    let tests = &json["prompts"][2]["tests"];
    assert_eq!(tests[0]["failures"][0]["subject"], "contains");
    assert_eq!(tests[0]["failures"][0]["line"], 11);
    assert_eq!(tests[1]["snapshot"], json!({ "file": "snapshots/reply/free%2Fplain.txt", "state": "different" }));
    assert_eq!(tests[1]["failures"][0]["hunks"][0]["lines"][1]["kind"], "removed");
    let xml = context.anvil(&["test", "--format", "junit"]);
    assert_eq!(xml.code, 1);
    assert!(xml.stdout.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"anvil\" tests=\"3\" failures=\"2\" errors=\"0\">\n"), "{}", xml.stdout);
    assert!(
        xml.stdout.contains("<testcase name=\"ends\" classname=\"_end\" file=\"prompts/_end.prompt.md\" line=\"3\"/>"),
        "{}",
        xml.stdout
    );
    assert!(xml.stdout.contains("<failure type=\"contains\" message=\"expected the text of `system` to contain &quot;within one hour&quot;\">"), "{}", xml.stdout);
    // What is right is kept, and then passes.
    context.write("prompts/reply.prompt.md", REPLY.replace("You write", "You draft"));
    context.anvil(&["test", "--update"]).success();
    context.anvil(&["test"]).success();
}

#[test]
fn every_test_gets_a_snapshot_where_that_is_asked_for_and_what_is_left_over_goes() {
    let context = TestContext::new();
    set(&context);
    context.anvil(&["test", "--update=all"]).success();
    let names = |context: &TestContext| snapshots(context).into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    assert_eq!(names(&context), ["_end/ends.txt", "reply/free%2Fplain.txt", "reply/pro customers get the promise.txt"]);
    // A snapshot that is there counts, whatever the test asserts.
    context.write("prompts/reply.prompt.md", REPLY.replace("You write", "You draft"));
    assert!(
        context.anvil(&["test", "--filter", "pro"]).stdout.contains("is something else than what the prompt gives now")
    );
    context.write("prompts/reply.prompt.md", REPLY.replace("free/plain", "plain").replace("You write", "You draft"));
    std::fs::remove_file(context.project().join("prompts/_end.prompt.md")).unwrap();
    let kept = ["notes.md", "README.txt"].map(|name| context.write(&format!("snapshots/{name}"), "mine"));
    assert_answer!(
        context.anvil(&["test", "--update"]),
        str![[r#"
exit: 0
--- stdout
removed snapshots/_end/ends.txt
removed snapshots/reply/free%2Fplain.txt
wrote 2 snapshots, removed 2 snapshots of no test
2 prompts, 2 tests: all passed; 1 prompt has no tests
--- stderr

"#]]
    );
    // What lies beside the folders of prompts is no snapshot.
    kept.iter().for_each(|kept| std::fs::remove_file(kept).unwrap());
    assert_eq!(names(&context), ["reply/plain.txt", "reply/pro customers get the promise.txt"]);
    // Of a prompt that does not parse, or one of whose tests says something unknown, it is not known which
    // tests it has.
    let slip = REPLY.replace("free/plain", "other").replace("type: contains", "type: contians");
    for unread in ["---\ntests: [\n---\n", &slip] {
        context.write("prompts/reply.prompt.md", unread);
        assert_eq!(context.anvil(&["test", "--update"]).code, 1);
        assert!(context.project().join("snapshots/reply/plain.txt").exists(), "{unread}");
    }
    std::fs::remove_file(context.project().join("snapshots/reply/other.txt")).unwrap();
    // With a filter nothing is left over, for most tests are not looked at.
    context.write("prompts/reply.prompt.md", REPLY.replace("free/plain", "other"));
    context.anvil(&["test", "--update", "--filter", "pro"]).success();
    assert_eq!(names(&context).len(), 2);
}

/// A project that somebody else wrote must have nothing of the machine read, written or removed.
#[cfg(unix)]
#[test]
fn no_snapshot_is_read_written_or_removed_through_a_link() {
    use std::os::unix::fs::symlink;
    let context = TestContext::new();
    set(&context);
    context.write("../elsewhere/reply/old.txt", "mine");
    context.write("../elsewhere/reply/free%2Fplain.txt", "system:\n  You write replies.\n\nuser:\n  Down!\n");
    let links = [("snapshots", "../elsewhere"), ("snapshots/reply", "../../elsewhere/reply")];
    for (link, target) in links {
        symlink(target, context.project().join(link)).unwrap();
        for arguments in [&["test"][..], &["test", "--update"], &["test", "reply", "--update"]] {
            let answer = context.anvil(arguments);
            assert_eq!(answer.code, 1, "{}", answer.shown());
            let says = format!("A0826 (prompts/reply.prompt.md:16): `{link}` is a link or the like");
            assert!(answer.stdout.contains(&says), "{}", answer.shown());
            assert_eq!(context.files("../elsewhere").len(), 2);
        }
        std::fs::remove_file(context.project().join(link)).unwrap();
        std::fs::create_dir(context.project().join(link)).unwrap();
    }
    symlink("../../../elsewhere/reply/old.txt", context.project().join("snapshots/reply/free%2Fplain.txt")).unwrap();
    for arguments in [&["test"][..], &["test", "--update"]] {
        let answer = context.anvil(arguments);
        assert!(answer.stdout.contains("`snapshots/reply/free%2Fplain.txt` is a link"), "{}", answer.shown());
    }
    assert_eq!(context.read("../elsewhere/reply/old.txt"), "mine");
}

#[test]
fn a_chat_that_becomes_a_text_is_another_one_whatever_the_text() {
    let context = TestContext::new();
    context.write("anvil.toml", "[set]\nname = \"my/set\"\nversion = \"0.1.0\"\n");
    let front_matter = "---\nparameters: {}\ntests: [{ name: t }]\n---\n";
    context.write("prompts/p.prompt.md", format!("{front_matter}{{% user %}}Hi{{% enduser %}}\n"));
    context.anvil(&["test", "--update"]).success();
    assert_eq!(context.read("snapshots/p/t.txt"), "user:\n  Hi\n");
    context.write("prompts/p.prompt.md", format!("{front_matter}user:\n  Hi\n"));
    assert_eq!(context.anvil(&["test"]).code, 1);
    context.anvil(&["test", "--update"]).success();
    assert_eq!(context.read("snapshots/p/t.txt"), "text:\n  user:\n    Hi\n");
}

/// Git may check text files out with the line ends of the system.
#[test]
fn line_ends_that_a_checkout_made_are_no_difference() {
    let context = TestContext::new();
    set(&context);
    context.anvil(&["test", "--update"]).success();
    let path = "snapshots/reply/free%2Fplain.txt";
    context.write(path, context.read(path).replace('\n', "\r\n"));
    context.anvil(&["test"]).success();
    let lines = "---\nparameters: { a: string }\ntests: [{ name: t, parameters: { a: \"x\\r\\ny\" } }]\n---\n{{ a }}\n";
    context.write("prompts/lines.prompt.md", lines);
    context.anvil(&["test", "--update", "lines"]).success();
    assert_eq!(context.read("snapshots/lines/t.txt"), "x\r\ny\n");
    context.write("snapshots/lines/t.txt", "x\ny\n");
    assert_eq!(context.anvil(&["test", "lines"]).code, 1);
}

#[test]
fn a_slip_in_a_test_is_an_error_of_lint_at_its_place_and_the_prompt_still_renders() {
    let context = TestContext::new();
    set(&context);
    context.write(
        "prompts/reply.prompt.md",
        REPLY.replace("type: contains", "type: contians").replace("tier: pro }", "tier: gold }"),
    );
    assert_answer!(
        context.anvil(&["lint", "prompts/reply.prompt.md"]),
        str![[r#"
exit: 1
--- stdout
error[A0821]: the test `pro customers get the promise` gives tier: expected one of free, pro; got "gold"
  --> prompts/reply.prompt.md:9:42
   |
 9 |     parameters: { ticket: "Down!", tier: gold }
   |                                          ^^^^

error[A0820]: there is no assertion `contians`
   --> prompts/reply.prompt.md:11:17
    |
 11 |       - { type: contians, value: within one hour, role: system }
    |                 ^^^^^^^^
    = help: did you mean `contains`?

1 prompt checked: 2 errors, no warnings
--- stderr
help: read about an error by its code: `anvil explain A0821`

"#]]
    );
    context.anvil(&["render", "reply", "-p", "ticket=x"]).success();
    // Parameters alone that do not fit are the failure of that test.
    context.write("prompts/reply.prompt.md", REPLY.replace("tier: pro }", "tier: gold }"));
    let answer = context.anvil(&["test", "--filter", "promise"]);
    assert!(
        answer.stdout.contains("rendering (prompts/reply.prompt.md:8): tier: expected one of free, pro; got \"gold\""),
        "{}",
        answer.shown()
    );
    let roles = "---\ntests: [{ name: t, assert: [{ type: contains, value: x, role: user }] }]\n---\nx\n";
    context.write("prompts/plain.prompt.md", roles);
    let answer = context.anvil(&["lint", "prompts/plain.prompt.md"]);
    assert!(
        answer.stdout.contains("error[A0820]: `contains` asks for roles, and the prompt gives text"),
        "{}",
        answer.shown()
    );
}

#[test]
fn an_assertion_that_cannot_be_read_fails_its_own_test_and_the_others_run() {
    let context = TestContext::new();
    set(&context);
    context.anvil(&["test", "--update"]).success();
    let slips = REPLY
        .replace("type: contains", "type: contians")
        .replace("value: [system, user] }", "value: [system] }")
        .replace("value: 900", "vaule: 900");
    context.write("prompts/reply.prompt.md", &slips);
    assert_answer!(
        context.anvil(&["test", "-v"]),
        str![[r#"
exit: 1
--- stdout
passed _end: ends
failed reply: pro customers get the promise
  A0820 (prompts/reply.prompt.md:11): there is no assertion `contians`; did you mean `contains`?
  A0820 (prompts/reply.prompt.md:13): an assertion has no key `vaule`; did you mean `value`?
  A0820 (prompts/reply.prompt.md:13): `max-tokens` needs a whole number of tokens as its `value`
  roles (prompts/reply.prompt.md:12): expected the roles system; got system, user
passed reply: free/plain
3 prompts, 3 tests: 2 passed, 1 failed; 1 prompt has no tests
--- stderr

"#]]
    );
    context.anvil(&["test", "--filter", "plain"]).success();
    let json = context.anvil(&["test", "--format", "json"]).json();
    assert_eq!((&json["passed"], &json["failed"], &json["faulty"]), (&json!(2), &json!(1), &json!(0)));
    assert_eq!(json["prompts"][2]["tests"][0]["failures"][0]["subject"], "A0820");
    let xml = context.anvil(&["test", "--format", "junit"]).stdout;
    assert!(xml.contains("<testsuites name=\"anvil\" tests=\"3\" failures=\"0\" errors=\"1\">"), "{xml}");
    assert!(xml.contains("<error type=\"A0820\" message=\"there is no assertion `contians`"), "{xml}");
    // Nothing is known of the snapshot of a test of which nothing could be read.
    context.write(
        "prompts/reply.prompt.md",
        REPLY.replace("- name: free/plain\n", "- name: odd\n    assert: [{ type: contians, value: x }]\n"),
    );
    assert_eq!(context.anvil(&["test", "--update"]).code, 1);
    assert!(!context.project().join("snapshots/reply/odd.txt").exists());
}

#[test]
fn what_keeps_a_prompt_from_rendering_does_not_hide_what_else_is_wrong_in_its_tests() {
    let context = TestContext::new();
    set(&context);
    let slip = REPLY.replace("type: contains", "type: contians");
    for (file, says) in [
        (slip.replace("free/plain", "pro customers get the promise"), "two tests are called"),
        (slip.replace("    expect:", "    expcet:"), "a test has no key `expcet`"),
        (slip.replace("{% endif %}", ""), "A0304"),
    ] {
        context.write("prompts/reply.prompt.md", file);
        for command in ["test", "lint"] {
            let answer = context.anvil(&[command, "prompts/reply.prompt.md"]);
            assert_eq!(answer.code, 1);
            assert!(answer.stdout.contains(says), "{}", answer.shown());
            assert!(answer.stdout.contains("there is no assertion `contians`"), "{}", answer.shown());
        }
        let answer = context.anvil(&["test", "reply"]);
        assert!(answer.stdout.ends_with("1 prompt, no test ran; 1 prompt has errors\n"), "{}", answer.shown());
        let xml = context.anvil(&["test", "reply", "--format", "junit"]).stdout;
        assert!(xml.contains("prompts/reply.prompt.md:11:17: A0820: there is no assertion `contians`"), "{xml}");
    }
}

#[test]
fn what_is_wrong_with_a_partial_is_told_once() {
    let context = TestContext::new();
    set(&context);
    context.write("prompts/_broken.prompt.md", "{{ 1 | nope }}\n");
    for name in ["one", "two"] {
        context.write(&format!("prompts/{name}.prompt.md"), "{% render \"_broken\" %}\n");
    }
    let answer = context.anvil(&["test"]);
    assert_eq!(answer.code, 1);
    assert_eq!(answer.stdout.matches("there is no filter `nope`").count(), 1, "{}", answer.shown());
    assert_eq!(answer.stdout.matches("`_broken` has errors").count(), 2, "{}", answer.shown());
    // To a program each prompt tells all that is wrong with it, the partial in its headline, too.
    let xml = context.anvil(&["test", "--format", "junit"]).stdout;
    assert_eq!(xml.matches("there is no filter `nope`").count(), 4, "{xml}");
}

#[test]
fn a_partial_for_loops_is_no_fault_and_its_own_tests_fail() {
    let context = TestContext::new();
    set(&context);
    context.anvil(&["test", "--update"]).success();
    let step = "{{ forloop.index }}. {{ step }}\n";
    let declared = "parameters: { step: string }\n";
    context.write("prompts/_step.prompt.md", format!("---\n{declared}---\n{step}"));
    let listed = "---\nparameters: { steps: { type: array, items: string } }\n---\n";
    context.write("prompts/listed.prompt.md", format!("{listed}{{% render \"_step\" for steps as step %}}\n"));
    let answer = context.anvil(&["test"]).success();
    assert!(answer.stdout.ends_with("5 prompts, 3 tests: all passed; 3 prompts have no tests\n"), "{}", answer.shown());
    let xml = context.anvil(&["test", "--format", "junit"]).success().stdout;
    assert!(xml.contains("errors=\"0\">"), "{xml}");
    context.anvil(&["test", "--format", "promptfoo"]).success();
    let answer = context.anvil(&["render", "prompts/_step.prompt.md", "-p", "step=x"]);
    assert!(answer.code == 1 && answer.stderr.contains("error[A0358]"), "{}", answer.shown());
    let tests = "tests: [{ name: alone, parameters: { step: x }, assert: [{ type: contains, value: x }] }]\n";
    context.write("prompts/_step.prompt.md", format!("---\n{declared}{tests}---\n{step}"));
    assert_answer!(
        context.anvil(&["test"]),
        str![[r#"
exit: 1
--- stdout
failed _step: alone
  rendering (prompts/_step.prompt.md:3): cannot render `_step`: `_step` reads `forloop` outside of any loop (prompts/_step.prompt.md:5:4)
5 prompts, 4 tests: 3 passed, 1 failed; 2 prompts have no tests
--- stderr

"#]]
    );
}

#[test]
fn what_would_deceive_is_a_number_in_junit_s_xml() {
    let context = TestContext::new();
    context.write("anvil.toml", "[set]\nname = \"my/set\"\nversion = \"0.1.0\"\n");
    let test = "{ name: \"a\\u202eb\", assert: [{ type: contains, value: \"\\u2066x\" }] }";
    context.write("prompts/p.prompt.md", format!("---\nparameters: {{}}\ntests: [{test}]\n---\nHi\n"));
    let xml = context.anvil(&["test", "--format", "junit"]).stdout;
    assert!(xml.contains("<testcase name=\"a&#x202e;b\"") && xml.contains("&#x2066;x"), "{xml}");
    assert!(!xml.contains(['\u{202e}', '\u{2066}']), "{xml}");
}

#[test]
fn no_tests_are_no_error_and_what_names_none_is() {
    let context = TestContext::new();
    context.write("anvil.toml", "[set]\nname = \"my/set\"\nversion = \"0.1.0\"\n");
    context.write("prompts/plain.prompt.md", "---\nparameters: {}\n---\nHello.\n");
    assert_answer!(
        context.anvil(&["test"]),
        str![[r#"
exit: 0
--- stdout
1 prompt, no tests
--- stderr
help: a test stands in front matter: `tests: [{ name: …, parameters: { … }, assert: [{ type: contains, value: … }] }]`

"#]]
    );
    set(&context);
    for (arguments, code, says) in [
        (&["test", "repyl"][..], 1, "did you mean `reply`?"),
        (&["test", "--filter", "zebra"], 1, "error[A0822]: no test has a name that contains `zebra`"),
        (&["test", "--format", "xml"], 2, "invalid value 'xml'"),
    ] {
        let answer = context.anvil(arguments);
        assert_eq!(answer.code, code, "{}", answer.shown());
        assert!(answer.stderr.contains(says), "{}", answer.shown());
    }
    // `--update` takes no value without `=`: what follows is a prompt.
    assert!(
        context.anvil(&["test", "--update", "reply"]).success().stdout.ends_with("1 prompt, 2 tests: all passed\n")
    );
    context.write("app/anvil.toml", "[dependencies]\n");
    let app = |arguments: &[&str]| context.anvil_in(&context.project().join("app"), arguments);
    assert_answer!(
        app(&["test"]),
        str![[r#"
exit: 0
--- stdout
this project has no prompts of its own: nothing to test
--- stderr

"#]]
    );
    assert_eq!(app(&["test", "--format", "json"]).success().json()["prompts"], serde_json::json!([]));
    assert!(app(&["test", "--format", "junit"]).success().stdout.contains("<testsuites name=\"anvil\" tests=\"0\""));
    assert_eq!(app(&["test", "reply"]).code, 1, "a prompt that is named and not there stays an error");
    assert!(app(&["tokens"]).stderr.contains("A1031"), "what counts them says that there are none");
    // So it is in a workspace of applications.
    context.write("apps/anvil.toml", "[workspace]\nmembers = [\"one\"]\n");
    context.write("apps/one/anvil.toml", "[dependencies]\n");
    let answer = context.anvil_in(&context.project().join("apps"), &["test"]).success();
    assert_eq!(answer.stdout, "this project has no prompts of its own: nothing to test\n");
}

#[test]
fn a_test_that_nothing_is_held_against_fails() {
    let context = TestContext::new();
    context.write(
        "../lone.md",
        "---\ntests:\n  - { name: a }\n  - { name: b, assert: [{ type: contains, value: Hi }] }\n---\nHi\n",
    );
    assert_answer!(
        context.anvil(&["test", "../lone.md", "--update=all", "-v"]),
        str![[r#"
exit: 1
--- stdout
failed lone: a
  snapshot ([ROOT]/lone.md:3): nothing is checked: the test asserts nothing, and no snapshot is kept of the prompt, for its file is no prompt of a set; give the test an `assert`, or put the file where the set has its prompts
passed lone: b
1 prompt, 2 tests: 1 passed, 1 failed
--- stderr
note: no snapshot of lone was written: its file is no prompt of a set

"#]]
    );
    assert!(!context.project().join("snapshots").exists());
    let json = context.anvil(&["test", "../lone.md", "--format", "json"]);
    assert_eq!(json.code, 1);
    let json = json.json();
    assert_eq!((&json["ok"], &json["passed"], &json["failed"]), (&json!(false), &json!(1), &json!(1)));
    let test = &json["prompts"][0]["tests"][0];
    assert_eq!((&test["snapshot"], &test["failures"][0]["subject"]), (&json!(null), &json!("snapshot")));
    let xml = context.anvil(&["test", "../lone.md", "--format", "junit"]).stdout;
    assert!(xml.contains("tests=\"2\" failures=\"1\" errors=\"0\""), "{xml}");
    // A prompt of this set has its snapshots, whatever it is called by.
    set(&context);
    for own in ["my/set/reply", "prompts/reply.prompt.md", "reply"] {
        let answer = context.anvil(&["test", own]);
        assert!(answer.stdout.contains("there is no `snapshots/reply/free%2Fplain.txt`"), "{}", answer.shown());
    }
    context.anvil(&["test", "my/set/reply", "--update"]).success();
}

#[test]
fn snapshots_are_no_part_of_a_version_unless_included() {
    let context = TestContext::new();
    context.git_init();
    set(&context);
    context.anvil(&["test", "--update"]).success();
    Shelf::new(&context, "registry", "test");
    context.commit("Begin");
    let files = |context: &TestContext| {
        let plan = ["push", "--registry", "../registry", "--dry-run", "--allow-dirty", "-v"];
        let answer = context.anvil(&plan).success();
        answer.stdout + &answer.stderr
    };
    let plan = files(&context);
    assert!(plan.contains("prompts/reply.prompt.md") && !plan.contains("snapshots/"), "{plan}");
    context.write("anvil.toml", "[set]\nname = \"my/set\"\nversion = \"0.1.0\"\ninclude = [\"snapshots/**\"]\n");
    context.commit("Include them");
    let plan = files(&context);
    assert!(plan.contains("snapshots/reply/free%2Fplain.txt"), "{plan}");
}

#[test]
fn a_faulty_prompt_is_told_with_the_hints_of_its_first_finding() {
    let context = TestContext::new();
    set(&context);
    let tests = "{ name: a, assert: [{ type: contains-all, value: [] }] }";
    let text = format!("---\nparameters: {{}}\nmodel: {{ prefer: x }}\ntests: [{tests}]\n---\n{{{{ 1 | upcas }}}}\n");
    context.write("prompts/plain.prompt.md", text);
    let json = context.anvil(&["test", "plain", "--format", "json"]).json();
    let error = &json["prompts"][0]["error"];
    let findings = error["findings"].as_array().unwrap();
    assert!(findings.len() > 1 && findings.iter().skip(1).any(|it| it["hints"] != json!([])), "{error}");
    assert_eq!((&error["message"], &error["hints"]), (&findings[0]["message"], &findings[0]["hints"]));
}

#[test]
fn a_partial_of_a_dependency_is_tested_as_it_is_locked() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    let style = "---\nparameters: {}\ntests: [{ name: own, assert: [{ type: contains, value: kind }] }, { name: same }]\n---\nBe kind.\n";
    shelf.publish_files("core/tone 1.0.0", &[], &[("prompts/style.prompt.md", style)]);
    context.write(
        "anvil.toml",
        "[set]\nname = \"my/set\"\nversion = \"0.1.0\"\n\n[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"core/tone\" = \"^1\"\n",
    );
    context.write(
        "prompts/reply.prompt.md",
        "---\nparameters: {}\ntests: [{ name: styled, assert: [{ type: contains, value: Be kind }] }]\n---\n{% render \"core/tone/style\" %}\n",
    );
    let answer = context.anvil(&["test"]);
    assert_eq!(answer.code, 1);
    assert!(answer.stdout.contains("pull it: `anvil pull`"), "{}", answer.shown());
    context.anvil(&["pull"]).success();
    context.anvil(&["test"]).success();
    // The tests of the locked prompt itself run here, too.
    let answer = context.anvil(&["test", "core/tone/style", "-v"]);
    assert_eq!(answer.code, 1);
    assert!(
        answer.stdout.starts_with("passed core/tone/style: own\nfailed core/tone/style: same\n"),
        "{}",
        answer.shown()
    );
    assert!(
        answer.stdout.contains("it is worked on elsewhere; run the test where the set is written"),
        "{}",
        answer.shown()
    );
    context.anvil(&["test", "core/tone/style", "--filter", "own"]).success();
}
