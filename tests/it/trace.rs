//! `render --trace`: every part of a rendered prompt with what wrote it; and `--limit`.

use crate::assert_answer;
use crate::context::TestContext;
use snapbox::str;

const REPLY: &str = "---
parameters:
  customer: { type: object, properties: { name: string }, required: [name] }
  orders: { type: array, items: string, optional: true }
  history: { type: messages, optional: true }
---
{% system %}
You write to {{ customer.name }}.
{% render \"_voice\", tone: \"warm\" %}
{% for order in orders %}
- {{ order | upcase }}
{% endfor %}
{% endsystem %}
{% history history %}
{% capture greeting %}Hello {{ customer.name }}{% endcapture %}
{% user %}{{ greeting }}: {{ 1 | plus: 1 }}{% enduser %}
";

fn context() -> TestContext {
    let context = TestContext::new();
    context.write("anvil.toml", "[set]\nname = \"my/set\"\nversion = \"0.1.0\"\n");
    context.write("prompts/reply.prompt.md", REPLY);
    context.write("prompts/_voice.prompt.md", "---\nparameters: { tone: string }\n---\nSound {{ tone }}.\n");
    context
}

const GIVEN: [&str; 5] = [
    "customer={\"name\":\"Ada\"}",
    "-p",
    "orders=[\"lamp\"]",
    "-p",
    "history=[{\"role\":\"user\",\"content\":\"hi\"}]",
];

#[test]
fn every_part_says_what_wrote_it_and_where() {
    let context = context();
    let arguments = [&["render", "reply", "--trace", "-p"], &GIVEN[..]].concat();
    assert_answer!(
        context.anvil(&arguments),
        str![[r#"
exit: 0
--- stdout
system:
prompts/reply.prompt.md:8:1    template       | You write to 
prompts/reply.prompt.md:8:14   customer.name  | Ada
prompts/reply.prompt.md:8:33   template       | .
prompts/_voice.prompt.md:4:1   partial _voice | Sound 
prompts/_voice.prompt.md:4:7   tone           | warm
prompts/_voice.prompt.md:4:17  partial _voice | .
prompts/reply.prompt.md:9:36   template       | 
prompts/reply.prompt.md:11:1   template       | - 
prompts/reply.prompt.md:11:3   orders[0]      | LAMP

user:
from the history, as it was given

user:
prompts/reply.prompt.md:16:11  greeting | Hello Ada
prompts/reply.prompt.md:16:25  template | : 
prompts/reply.prompt.md:16:27  template | 2
--- stderr

"#]]
    );
}

#[test]
fn as_json_the_parts_have_the_places_of_their_bytes() {
    let context = context();
    context.write(
        "prompts/short.prompt.md",
        "---\nparameters: { a: string }\n---\né{{ a }}{% render \"_voice\", tone: a %}\n",
    );
    let arguments = ["render", "short", "--trace", "--format", "json", "-p", "a=xy"];
    assert_answer!(
        context.anvil(&arguments),
        str![[r#"
exit: 0
--- stdout
{
  "text": "éxySound xy.",
  "trace": [
    [
      {
        "start": 0,
        "end": 2,
        "from": "template",
        "file": "prompts/short.prompt.md",
        "line": 4,
        "column": 1
      },
      {
        "start": 2,
        "end": 4,
        "from": "parameter",
        "path": "a",
        "file": "prompts/short.prompt.md",
        "line": 4,
        "column": 2
      },
      {
        "start": 4,
        "end": 10,
        "from": "template",
        "partials": [
          "_voice"
        ],
        "file": "prompts/_voice.prompt.md",
        "line": 4,
        "column": 1
      },
      {
        "start": 10,
        "end": 12,
        "from": "parameter",
        "path": "tone",
        "partials": [
          "_voice"
        ],
        "file": "prompts/_voice.prompt.md",
        "line": 4,
        "column": 7
      },
      {
        "start": 12,
        "end": 13,
        "from": "template",
        "partials": [
          "_voice"
        ],
        "file": "prompts/_voice.prompt.md",
        "line": 4,
        "column": 17
      }
    ]
  ]
}
--- stderr

"#]]
    );
}

#[test]
fn a_value_that_looks_like_a_part_stays_in_its_own() {
    let context = context();
    context.write("prompts/short.prompt.md", "---\nparameters: { a: string }\n---\n[{{ a }}]\n");
    let arguments = ["render", "short", "--trace", "-p", "a=x\nshort.md:1:1  template | forged\u{1b}[31m"];
    assert_answer!(
        context.anvil(&arguments),
        str![[r#"
exit: 0
--- stdout
prompts/short.prompt.md:4:1  template | [
prompts/short.prompt.md:4:2  a        | x
                                      | short.md:1:1  template | forged
prompts/short.prompt.md:4:9  template | ]
--- stderr

"#]]
    );
}

#[test]
fn an_item_of_a_list_that_a_filter_made_is_the_parameter_s_and_nobody_knows_which() {
    let context = context();
    context.write(
        "prompts/sorted.prompt.md",
        "---\nparameters: { l: { type: array, items: string } }\n---\n\
         {% assign m = l | sort %}{% for x in m %}{{ x }}{% endfor %}{{ m[0] }}{% assign n = l %}{% for x in n %}{{ x }}{% endfor %}\n",
    );
    assert_answer!(
        context.anvil(&["render", "sorted", "--trace", "-p", "l=[\"b\",\"a\"]"]),
        str![[r#"
exit: 0
--- stdout
prompts/sorted.prompt.md:4:42   l    | a
prompts/sorted.prompt.md:4:42   l    | b
prompts/sorted.prompt.md:4:61   l    | a
prompts/sorted.prompt.md:4:105  l[0] | b
prompts/sorted.prompt.md:4:105  l[1] | a
--- stderr

"#]]
    );
}

#[test]
fn limits_hold_and_what_is_none_is_told() {
    let context = context();
    context.write("prompts/loop.prompt.md", "{% for i in (1..1000) %}{{ i }}{% endfor %}\n");
    assert_answer!(
        context.anvil(&["render", "loop", "--limit", "steps=100"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0307]: the template takes more than 100 steps
  --> prompts/loop.prompt.md:1:25
   |
 1 | {% for i in (1..1000) %}{{ i }}{% endfor %}
   |                         ^^^^^^^

"#]]
    );
    assert_answer!(
        context.anvil(&["render", "loop", "--limit", "output=100"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0307]: the output is longer than 100 bytes
  --> prompts/loop.prompt.md:1:25
   |
 1 | {% for i in (1..1000) %}{{ i }}{% endfor %}
   |                         ^^^^^^^

"#]]
    );
    assert_answer!(
        context.anvil(&["render", "loop", "--limit", "depth=0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0307]: blocks are nested deeper than 0 levels over all partials
  --> prompts/loop.prompt.md:1:1
   |
 1 | {% for i in (1..1000) %}{{ i }}{% endfor %}
   | ^^^^^^^^^^^^^^^^^^^^^^^^

"#]]
    );
    assert_answer!(
        context.anvil(&["render", "loop", "--limit", "memory=1"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error: invalid value 'memory=1' for '--limit <NAME=VALUE>': the limits are `depth`, `steps`, `output`, `partials` and `time`

For more information, try '--help'.

"#]]
    );
    assert_answer!(
        context.anvil(&["render", "loop", "--trace", "--format", "openai"]),
        str![[r#"
exit: 2
--- stdout
--- stderr
error[A1002]: `--trace` is for `--format text` and `json`: a request body has no room

"#]]
    );
    context.anvil(&["render", "loop", "--limit", "time=30s", "--limit", "steps=3000"]).success();
}
