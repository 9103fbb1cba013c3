//! `tokens`: what prompts cost.

use crate::assert_answer;
use crate::context::TestContext;
use serde_json::json;
use snapbox::str;

fn set(context: &TestContext) {
    context.write("anvil.toml", "[set]\nname = \"my/set\"\nversion = \"0.1.0\"\n");
    context.write(
        "prompts/reply.prompt.md",
        "---\nparameters: { ticket: string }\nmodel: { prefer: [anthropic/claude-sonnet-4-5] }\ntests:\n  \
         - { name: short, parameters: { ticket: Down! } }\n  \
         - { name: long, parameters: { ticket: It has been down since noon. } }\n---\n\
         {% system %}You write replies.{% endsystem %}\n{% user %}{{ ticket }}{% enduser %}\n",
    );
    context.write(
        "prompts/_end.prompt.md",
        "---\nparameters: {}\nmodel: { prefer: [openai/gpt-4], tokenizer: cl100k_base }\n---\nYours sincerely.\n",
    );
}

#[test]
fn tokens_are_counted_by_template_test_and_role() {
    let context = TestContext::new();
    set(&context);
    assert_answer!(
        context.anvil(&["tokens"]),
        str![[r#"
exit: 0
--- stdout
prompt  text           tokens  by role           counted by
_end    template       4                         cl100k_base
        no parameters  4
reply   template       4                         o200k_base, an estimate for anthropic/claude-sonnet-4-5
        short          6       system 4, user 2
        long           11      system 4, user 7
--- stderr

"#]]
    );
    let json = context.anvil_in(&context.project().join("prompts"), &["tokens", "--format", "json"]).success().json();
    assert_eq!(
        json["prompts"][1],
        json!({
            "name": "reply",
            "file": "reply.prompt.md",
            "error": null,
            "tokenizer": "o200k_base",
            "model": "anthropic/claude-sonnet-4-5",
            "estimate": true,
            "template": 4,
            "renderings": [
                { "with": "test", "test": "short", "tokens": 6, "roles": { "system": 4, "user": 2 }, "over": false, "error": null },
                { "with": "test", "test": "long", "tokens": 11, "roles": { "system": 4, "user": 7 }, "over": false, "error": null },
            ],
            "over": false,
        })
    );
    assert_eq!(
        (&json["prompts"][0]["tokenizer"], &json["prompts"][0]["estimate"]),
        (&json!("cl100k_base"), &json!(false))
    );
}

#[test]
fn a_limit_is_held_against_what_a_prompt_gives() {
    let context = TestContext::new();
    set(&context);
    context.anvil(&["tokens", "--max", "11"]).success();
    assert_answer!(
        context.anvil(&["tokens", "reply", "--max", "10", "-p", "ticket=Hi"]),
        str![[r#"
exit: 1
--- stdout
prompt  text      tokens  by role           counted by
reply   template  4                         o200k_base, an estimate for anthropic/claude-sonnet-4-5
        as given  5       system 4, user 1
        short     6       system 4, user 2
        long      11      system 4, user 7
over reply (long): 11 tokens, and at most 10 are wanted
--- stderr

"#]]
    );
    let json = context.anvil(&["tokens", "--max", "10", "--format", "json"]);
    assert_eq!(json.code, 1);
    assert_eq!((&json.json()["ok"], &json.json()["max"]), (&json!(false), &json!(10)));
    // A prompt without tests is held to its template.
    assert_eq!(context.anvil(&["tokens", "_end", "--max", "2"]).code, 1);
}

#[test]
fn what_partials_say_is_counted_and_what_was_not_rendered_is_told() {
    let context = TestContext::new();
    set(&context);
    context.write("prompts/wrap.prompt.md", "---\nparameters: {}\n---\n{% render \"_end\" %}\n{% render \"_end\" %}\n");
    let front_matter = "---\nparameters: { name: string }\n---\n";
    context.write("prompts/greet.prompt.md", format!("{front_matter}{{{{ name }}}}\n{{% render \"_end\" %}}\n"));
    let items = "{{ forloop.index }}. {{ name }}\n";
    context.write("prompts/_item.prompt.md", format!("{front_matter}{items}"));
    assert_answer!(
        context.anvil(&["tokens", "wrap", "greet", "_item", "--max", "5"]),
        str![[r#"
exit: 1
--- stdout
prompt  text                 tokens  by role  counted by
wrap    template             9                o200k_base
        no parameters        8
greet   template             5                o200k_base
_item   template, for loops  2                o200k_base
over wrap (no parameters): 8 tokens, and at most 5 are wanted
--- stderr
warning: `greet` was not rendered: only the text of its template is held against the limit
help: give `greet` a test, or parameters with `-p`

"#]]
    );
    let json = context.anvil(&["tokens", "wrap", "--format", "json"]).success().json();
    assert_eq!(json["prompts"][0]["renderings"][0]["with"], "nothing");
}

#[test]
fn parameters_are_for_one_prompt_and_what_does_not_render_is_told() {
    let context = TestContext::new();
    set(&context);
    for arguments in [&["tokens", "-p", "ticket=x"][..], &["tokens", "reply", "_end", "-p", "ticket=x"]] {
        let answer = context.anvil(arguments);
        assert_eq!(answer.code, 2, "{}", answer.shown());
    }
    assert_answer!(
        context.anvil_with_input(&["tokens", "reply", "-p", "ticket=@-", "-p", "tone=x"], "Down!"),
        str![[r#"
exit: 1
--- stdout
prompt  text      tokens  by role           counted by
reply   template  4                         o200k_base, an estimate for anthropic/claude-sonnet-4-5
        as given  -       not rendered
        short     6       system 4, user 2
        long      11      system 4, user 7
--- stderr
error[A0210]: tone: unknown parameter
  = help: the prompt takes ticket
help: see what the prompt takes: `anvil show reply`

"#]]
    );
    let front_matter = "---\nparameters: { ticket: string }\ntests:\n  - { name: none }\n  - { name: odd, parameters: { ticket: x } }\n---\n";
    context.write("prompts/fails.prompt.md", format!("{front_matter}{{{{ ticket | date: \"%Y\" }}}}\n"));
    assert_answer!(
        context.anvil(&["tokens", "fails", "-q"]),
        str![[r#"
exit: 1
--- stdout
prompt  text      tokens  by role       counted by
fails   template  1                     o200k_base
        none      -       not rendered
        odd       -       not rendered
--- stderr
error[A0210]: ticket: required and not given; expected a string
help: mend the prompt, or the test `none` at prompts/fails.prompt.md:4
error[A0307]: "x" is no date; name year, month and day, and declare a parameter for today
  --> prompts/fails.prompt.md:7:13
   |
 7 | {{ ticket | date: "%Y" }}
   |             ^^^^
help: mend the prompt, or the test `odd` at prompts/fails.prompt.md:5

"#]]
    );
    context.write("prompts/reply.prompt.md", "{% if %}\n");
    let answer = context.anvil(&["tokens"]);
    assert_eq!(answer.code, 1);
    assert!(
        answer.stdout.contains("_end") && answer.stderr.contains("prompts/reply.prompt.md:1"),
        "{}",
        answer.shown()
    );
}

#[test]
fn a_tokenizer_that_is_not_known_makes_an_estimate() {
    let context = TestContext::new();
    context.write(
        "odd.md",
        "---\nparameters: {}\nmodel: { prefer: [openai/gpt-5], tokenizer: p50k_base }\n---\nHi there.\n",
    );
    assert_answer!(
        context.anvil(&["tokens", "./odd.md"]),
        str![[r#"
exit: 0
--- stdout
prompt  text           tokens  by role  counted by
odd     template       3                o200k_base, an estimate for p50k_base
        no parameters  3
--- stderr
warning: Anvil has no tokenizer `p50k_base`: `odd` is counted with `o200k_base`

"#]]
    );
    let json = context.anvil(&["tokens", "./odd.md", "--format", "json"]).success().json();
    assert_eq!(json["prompts"][0]["estimate"], true);
}
