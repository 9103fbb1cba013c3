//! What `lint` finds by following a template on its ways: what may be absent, what is never used, and
//! where a stranger's words go.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use snapbox::str;

/// Checks one prompt with this front matter and body, beside a few partials.
fn linted(context: &TestContext, parameters: &str, body: &str) -> Answer {
    context.write("anvil.toml", "[set]\nname = \"a/b\"\nversion = \"0.1.0\"\n");
    context.write("prompts/_note.prompt.md", "---\nparameters: { text: string }\n---\n{{ text }}\n");
    context.write("prompts/_unused.prompt.md", "---\nparameters: { old: { retired: true } }\n---\nNothing\n");
    context.write(
        "prompts/_tone.prompt.md",
        "---\nparameters: { tone: { enum: [warm, formal] }, rules: { type: string, optional: true } }\n---\n\
         {% if tone == \"warm\" %}Be warm.{% else %}Be formal.{% endif %}{{ rules | default: \"\" }}\n",
    );
    context
        .write("prompts/_step.prompt.md", "---\nparameters: { step: string }\n---\n{{ forloop.index }}. {{ step }}\n");
    context.write("prompts/p.prompt.md", format!("---\nparameters:\n{parameters}---\n{body}"));
    context.anvil(&["lint", "prompts/p.prompt.md"])
}

#[test]
fn what_may_be_absent_is_told_with_the_way_there() {
    let context = TestContext::new();
    let parameters = "  note: { type: string, optional: true }\n  tags: { type: array, items: string, optional: true }\n  \
                      customer: { type: object, properties: { name: string, tier: string }, required: [tier], optional: true }\n";
    let body = "{{ note }}\n{% if customer %}{{ customer.tier }}\n{{ customer.name | upcase }}{% else %}\n{{ customer.tier }}\n{% endif %}\n\
                {% for tag in tags %}{{ tag }}{% endfor %}\n{% if note %}{% assign line = note %}{% endif %}\n{{ line }}\n\
                {% unless note == nil or customer == nil %}{{ note }} {{ customer.tier }}{% endunless %}\n\
                {% render \"_note\", text: note %}{{ note | default: \"none\" }}\n";
    assert_answer!(
        linted(&context, parameters, body),
        str![[r#"
exit: 1
--- stdout
error[A0354]: `note` is optional and printed where it may be absent
  --> prompts/p.prompt.md:7:4
   |
 7 | {{ note }}
   |    ^^^^ may be absent
   = help: write `{{ note | default: "…" }}`, or ask first: `{% if note %}`

error[A0354]: `customer.name` is optional and put through `upcase` where it may be absent
  --> prompts/p.prompt.md:9:4
   |
 9 | {{ customer.name | upcase }}{% else %}
   |    ^^^^^^^^^^^^^ may be absent
   = help: ask first: `{% if customer.name %}`

error[A0354]: `customer.tier` is printed where `customer` may be absent, on the path through `else` at line 9
   --> prompts/p.prompt.md:10:4
    |
 10 | {{ customer.tier }}
    |    ^^^^^^^^^^^^^ may be absent
    = help: write `{{ customer.tier | default: "…" }}`, or ask first: `{% if customer.tier %}`

error[A0354]: `tags` is optional and looped over where it may be absent
   --> prompts/p.prompt.md:12:15
    |
 12 | {% for tag in tags %}{{ tag }}{% endfor %}
    |               ^^^^ may be absent
    = help: ask first: `{% if tags %}`

error[A0357]: `line` is read where it may not have been set, where `if note` does not hold
   --> prompts/p.prompt.md:14:4
    |
 14 | {{ line }}
    |    ^^^^ not set on every way
    = help: set it before: `{% assign line = … %}`

error[A0355]: `note` is optional and passed to `_note` as `text`, which it needs, where it may be absent, where `if note` does not hold
   --> prompts/p.prompt.md:16:26
    |
 16 | {% render "_note", text: note %}{{ note | default: "none" }}
    |                          ^^^^ may be absent
    = help: ask first: `{% if note %}`

1 prompt checked: 6 errors, no warnings
--- stderr
help: read about an error by its code: `anvil explain A0354`

"#]]
    );
}

#[test]
fn correct_prompts_are_left_in_peace() {
    let context = TestContext::new();
    let parameters = "  note: { type: string, optional: true }\n  tags: { type: array, items: string, minItems: 1 }\n  \
                      tone: { enum: [warm, formal] }\n  vip: { type: boolean, default: false }\n";
    let body = "{% if note %}{% assign line = note %}{% endif %}{% if note %}{{ line }}{% endif %}\n\
                {% assign safe = note | default: \"none\" %}{{ safe | upcase }}{{ tags.first }}{{ tags[0] }}\n\
                {% for tag in tags %}{% if forloop.first %}{% assign seen = tag %}{% endif %}{{ seen }}{% endfor %}{{ seen }}\n\
                {% for tag in tags limit: 2 %}{% assign few = tag %}{% endfor %}{{ few }}\n\
                {% case tone %}{% when \"warm\" %}{% assign word = 1 %}{% when \"formal\" %}{% assign word = 2 %}{% endcase %}{{ word }}\n\
                {% if note.size > 3 and note contains \"x\" %}{{ note }}{% endif %}{% if vip %}!{% endif %}\n\
                {% render \"_tone\", tone: tone, rules: note %}{% render \"_step\" for tags as step %}\n";
    assert_answer!(
        linted(&context, parameters, body),
        str![[r#"
exit: 0
--- stdout
1 prompt checked: no errors
--- stderr

"#]]
    );
}

#[test]
fn names_partials_and_loops_that_do_not_fit_are_errors() {
    let context = TestContext::new();
    let parameters = "  customer: { type: string, optional: true }\n  many: { type: array, items: string }\n  \
                      tone: { enum: [warm, harsh] }\n";
    let body = "{% if customer %}{% assign greeting = \"Welcome back\" %}{% endif %}\n{{ greeting }}\n\
                {% for one in many %}{% assign last = one %}{% endfor %}\n{{ last }}\n\
                {% render \"_tone\", tone: \"rude\" %}\n{% render \"_tone\", tone: tone %}\n{% render \"_note\", text: many %}\n\
                {% render \"_step\", step: \"one\" %}\n{{ many.first }}{{ unknown }}\n";
    assert_answer!(
        linted(&context, parameters, body),
        str![[r#"
exit: 1
--- stdout
error[A0357]: `greeting` is read where it may not have been set, where `if customer` does not hold
  --> prompts/p.prompt.md:8:4
   |
 8 | {{ greeting }}
   |    ^^^^^^^^ not set on every way
   = help: set it before: `{% assign greeting = … %}`

error[A0357]: `last` is read where it may not have been set, where `for one in many` has no items
   --> prompts/p.prompt.md:10:4
    |
 10 | {{ last }}
    |    ^^^^ not set on every way
    = help: set it before: `{% assign last = … %}`

error[A0356]: `_tone` does not take "rude" as `tone`
   --> prompts/p.prompt.md:11:20
    |
 11 | {% render "_tone", tone: "rude" %}
    |                    ^^^^ not taken
    = help: see what `_tone` declares for `tone`

error[A0356]: `_tone` does not take "harsh" as `tone`
   --> prompts/p.prompt.md:12:26
    |
 12 | {% render "_tone", tone: tone %}
    |                          ^^^^ not taken
    = help: see what `_tone` declares for `tone`

error[A0356]: `text` of `_note` expects a string, and `many` is an array
   --> prompts/p.prompt.md:13:26
    |
 13 | {% render "_note", text: many %}
    |                          ^^^^ not taken
    = help: see what `_note` declares for `text`

error[A0358]: `_step` reads `forloop`, and is not rendered with `for` here
   --> prompts/p.prompt.md:14:11
    |
 14 | {% render "_step", step: "one" %}
    |           ^^^^^^^ no loop
    = help: `{% render "_step" for items as item %}` renders it once an item

warning[A0362]: `many[0]` is printed where the list may not have it, where `for one in many` has no items
   --> prompts/p.prompt.md:15:4
    |
 15 | {{ many.first }}{{ unknown }}
    |    ^^^^^^^^^^ may be absent
    = help: write `{{ many[0] | default: "…" }}`, or ask first: `{% if many[0] %}`

error[A0301]: the template uses `unknown`, which is not a parameter
   --> prompts/p.prompt.md:15:20
    |
 15 | {{ many.first }}{{ unknown }}
    |                    ^^^^^^^ not declared

1 prompt checked: 7 errors, 1 warning
--- stderr
help: read about an error by its code: `anvil explain A0357`

"#]]
    );
}

#[test]
fn a_property_that_a_filter_asks_for_is_told_where_it_is_named() {
    let context = TestContext::new();
    let parameters = "  people: { type: array, items: { type: object, properties: { tier: string } } }\n  \
                      texts: { type: object, properties: { de: string, en: string } }\n  lang: string\n";
    let body = "{% assign pros = people | where: \"teir\", \"pro\" %}{{ pros.size }}\n{{ texts[lang] }}\n";
    assert_answer!(
        linted(&context, parameters, body),
        str![[r#"
exit: 1
--- stdout
error[A0301]: `where` asks the items of `people` for `teir`, which is not a declared property
  --> prompts/p.prompt.md:7:34
   |
 7 | {% assign pros = people | where: "teir", "pro" %}{{ pros.size }}
   |                                  ^^^^^^ not declared
   = help: did you mean `tier`?

warning[A0362]: `texts[…]` is printed where the object may not have it
  --> prompts/p.prompt.md:8:4
   |
 8 | {{ texts[lang] }}
   |    ^^^^^^^^^^^ may be absent
   = help: say what stands in for it: `| default: "…"`

1 prompt checked: 1 error, 1 warning
--- stderr
help: read about an error by its code: `anvil explain A0301`

"#]]
    );
}

#[test]
fn what_comes_to_nothing_is_warned_of() {
    let context = TestContext::new();
    let parameters =
        "  gone: string\n  passed: string\n  tone: { enum: [warm, formal] }\n  mode: { const: fast }\n  text: string\n";
    let body = "{% render \"_unused\", old: passed %}\n{% if tone == \"harsh\" %}Harsh{% elsif tone == \"warm\" %}W{% elsif tone == \"formal\" %}F{% else %}?{% endif %}\n\
                {% case tone %}{% when \"warm\", \"rude\" %}W{% when \"cold\" %}C{% else %}F{% endcase %}\n\
                {% if mode != \"fast\" %}slow{% endif %}{% if text %}{{ text }}{% else %}no text{% endif %}\n";
    assert_answer!(
        linted(&context, parameters, body),
        str![[r#"
exit: 0
--- stdout
warning[A0212]: the parameter `gone` is never used
  --> prompts/p.prompt.md:3:3
   |
 3 |   gone: string
   |   ^^^^ not used
   = help: if callers still pass it, say `retired: true`

warning[A0212]: the parameter `passed` is only passed to `_unused`, and never used there
  --> prompts/p.prompt.md:4:3
   |
 4 |   passed: string
   |   ^^^^^^ not used
   = help: if callers still pass it, say `retired: true`

warning[A0361]: this branch is never taken: `tone` can only be "formal" or "warm"
   --> prompts/p.prompt.md:10:1
    |
 10 | {% if tone == "harsh" %}Harsh{% elsif tone == "warm" %}W{% elsif tone == "formal" %}F{% els...
    | ^^^^^^^^^^^^^^^^^^^^^^^^ never taken
    = help: mend the condition, or remove the branch

warning[A0361]: this branch is never taken: the branches above take every case; `tone` can only be "formal" or "warm"
   --> prompts/p.prompt.md:10:86
    |
 10 | ... %}W{% elsif tone == "formal" %}F{% else %}?{% endif %}
    |                                     ^^^^^^^^^^ never taken
    = help: mend the condition, or remove the branch

warning[A0361]: "rude" never fits here: `tone` can only be "formal" or "warm"
   --> prompts/p.prompt.md:11:16
    |
 11 | {% case tone %}{% when "warm", "rude" %}W{% when "cold" %}C{% else %}F{% endcase %}
    |                ^^^^^^^^^^^^^^^^^^^^^^^^^ never taken
    = help: mend the condition, or remove the branch

warning[A0361]: this branch is never taken: `tone` can only be "formal" or "warm"
   --> prompts/p.prompt.md:11:42
    |
 11 | {% case tone %}{% when "warm", "rude" %}W{% when "cold" %}C{% else %}F{% endcase %}
    |                                          ^^^^^^^^^^^^^^^^^ never taken
    = help: mend the condition, or remove the branch

warning[A0361]: this branch is never taken: `mode` can only be "fast"
   --> prompts/p.prompt.md:12:1
    |
 12 | {% if mode != "fast" %}slow{% endif %}{% if text %}{{ text }}{% else %}no text{% endif %}
    | ^^^^^^^^^^^^^^^^^^^^^^^ never taken
    = help: mend the condition, or remove the branch

warning[A0361]: this branch is never taken: the branches above take every case; `text` is always there, and nothing but nil and false counts as false
   --> prompts/p.prompt.md:12:62
    |
 12 | {% if mode != "fast" %}slow{% endif %}{% if text %}{{ text }}{% else %}no text{% endif %}
    |                                                              ^^^^^^^^^^ never taken
    = help: to ask whether it is empty, write `text != blank`

1 prompt checked: no errors, 8 warnings
--- stderr

"#]]
    );
}

#[test]
fn an_untrusted_value_in_a_system_block_is_told_with_its_way() {
    let context = TestContext::new();
    let parameters = "  ticket: { type: string, trust: untrusted }\n  tone: { enum: [warm, formal] }\n  \
                      mails: { type: array, items: { type: object, properties: { text: { type: string, trust: untrusted }, id: integer }, required: [text, id] } }\n  \
                      past: { type: messages, trust: untrusted }\n";
    let body = "{% assign summary = ticket | truncate: 200 %}\n\
                {% system %}\n{% render \"_tone\", tone: tone, rules: summary %}\n{% for mail in mails %}{{ mail.id }}{{ mail.text }}{% endfor %}\n\
                {% if ticket contains \"refund\" %}Be careful. {{ ticket.size }}{% endif %}\n{% endsystem %}\n\
                {% history past %}\n{% user %}{{ ticket }}{% enduser %}\n\
                {% assign summary = \"fine\" %}{% system %}{{ summary }}{% endsystem %}\n";
    assert_answer!(
        linted(&context, parameters, body),
        str![[r#"
exit: 0
--- stdout
warning[A0360]: the untrusted `ticket` flows into a system message: `ticket` → `assign summary` (line 8) → `render "_tone"` (line 10) → system block (line 9)
   --> prompts/p.prompt.md:10:11
    |
 10 | {% render "_tone", tone: tone, rules: summary %}
    |           ^^^^^^^ untrusted
    = help: put it into a user message, where it gives no orders

warning[A0360]: the untrusted `mails` flows into a system message: `mails[…].text` → `for mail` (line 11) → system block (line 9)
   --> prompts/p.prompt.md:11:37
    |
 11 | {% for mail in mails %}{{ mail.id }}{{ mail.text }}{% endfor %}
    |                                     ^^^^^^^^^^^^^^^ untrusted
    = help: put it into a user message, where it gives no orders

1 prompt checked: no errors, 2 warnings
--- stderr

"#]]
    );
}

#[test]
fn what_a_partial_declares_untrusted_is_so_where_it_is_passed() {
    let context = TestContext::new();
    let mail = "---\nparameters:\n  text: { type: string, trust: untrusted }\n  \
                head: { type: object, properties: { id: string }, trust: untrusted }\n---\n{{ text }}{{ head.id.size }}\n";
    context.write("prompts/_mail.prompt.md", mail);
    let below =
        "---\nparameters: { body: string, head: object }\n---\n{% render \"_mail\", text: body, head: head %}\n";
    context.write("prompts/_below.prompt.md", below);
    let parameters = "  a: string\n  u: { type: string, trust: untrusted }\n  \
                      h: { type: object, properties: { id: string }, required: [id] }\n";
    let body = "{% user %}{% render \"_mail\", text: a, head: h %}{% enduser %}\n\
                {% system %}{% render \"_mail\", text: \"fine\", head: h %}\n\
                {% render \"_mail\", text: a, head: h %}\n\
                {% assign b = h.id %}{% render \"_below\", body: b, head: h %}\n\
                {% render \"_mail\", text: u, head: h %}{% endsystem %}\n";
    assert_answer!(
        linted(&context, parameters, body),
        str![[r#"
exit: 0
--- stdout
warning[A0360]: `a`, untrusted as `text` of `_mail`, flows into a system message: `a` → `render "_mail"` (line 9) → system block (line 8)
  --> prompts/p.prompt.md:9:26
   |
 9 | {% render "_mail", text: a, head: h %}
   |                          ^ untrusted
   = help: put it into a user message, where it gives no orders

warning[A0360]: `h`, untrusted as `text` of `_mail`, flows into a system message: `h.id` → `assign b` (line 10) → `render "_below"` (line 10) → system block (line 8)
   --> prompts/p.prompt.md:10:48
    |
 10 | {% assign b = h.id %}{% render "_below", body: b, head: h %}
    |                                                ^ untrusted
    = help: put it into a user message, where it gives no orders

warning[A0360]: the untrusted `u` flows into a system message: `u` → `render "_mail"` (line 11) → system block (line 8)
   --> prompts/p.prompt.md:11:11
    |
 11 | {% render "_mail", text: u, head: h %}{% endsystem %}
    |           ^^^^^^^ untrusted
    = help: put it into a user message, where it gives no orders

1 prompt checked: no errors, 3 warnings
--- stderr

"#]]
    );
}
