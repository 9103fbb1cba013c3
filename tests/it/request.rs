//! `render` with request bodies, a test's parameters, and `--watch`.

use crate::assert_answer;
use crate::context::TestContext;
use serde_json::json;
use snapbox::str;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

const REPLY: &str = r#"---
parameters:
  ticket: string
  tone: { enum: [warm, formal], default: warm, aliases: [style] }
  history: { type: messages, optional: true }
model: { prefer: [anthropic/claude-sonnet-4-5, openai/gpt-5, google/gemini-2.5-pro], temperature: 0.3, max_tokens: 500, colour: red }
tools: [{ name: look_up, parameters: { type: object } }]
output: { schema: schemas/reply.json }
tests:
  - name: formal
    parameters: { ticket: "Down!", tone: formal }
---
{% system %}Be {{ tone }}.{% endsystem %}
{% history history %}
{% user %}{{ ticket }}{% enduser %}
"#;

fn set(context: &TestContext) {
    context.write("anvil.toml", "[set]\nname = \"my/set\"\nversion = \"0.1.0\"\n");
    context.write("prompts/reply.prompt.md", REPLY);
    context.write("schemas/reply.json", "{\"type\":\"object\"}");
}

#[test]
fn a_body_goes_to_curl_as_it_is() {
    let context = TestContext::new();
    set(&context);
    assert_answer!(
        context.anvil(&["render", "reply", "-p", "ticket=Down!", "--format", "anthropic"]),
        str![[r#"
exit: 0
--- stdout
{
  "model": "claude-sonnet-4-5",
  "max_tokens": 500,
  "system": "Be warm.",
  "messages": [
    {
      "role": "user",
      "content": "Down!"
    }
  ],
  "tools": [
    {
      "name": "look_up",
      "input_schema": {
        "type": "object"
      }
    }
  ],
  "output_config": {
    "format": {
      "type": "json_schema",
      "schema": {
        "type": "object"
      }
    }
  },
  "temperature": 0.3
}
--- stderr
warning: the hint `colour` is left out: Anthropic has no key for it

"#]]
    );
    let openai = context
        .anvil(&["render", "reply", "-p", "ticket=x", "--format", "openai", "--model", "gpt-4o", "-q"])
        .success();
    assert_eq!(openai.stderr, "");
    assert_eq!(
        openai.json(),
        json!({
            "model": "gpt-4o",
            "messages": [{ "role": "system", "content": "Be warm." }, { "role": "user", "content": "x" }],
            "tools": [{ "type": "function", "function": { "name": "look_up", "parameters": { "type": "object" } } }],
            "response_format": { "type": "json_schema", "json_schema": { "name": "output", "schema": { "type": "object" } } },
            "temperature": 0.3,
            "max_completion_tokens": 500,
        })
    );
    let gemini = context.anvil(&["render", "reply", "-p", "ticket=x", "--format", "gemini"]).success().json();
    assert_eq!(gemini["contents"], json!([{ "role": "user", "parts": [{ "text": "x" }] }]));
    assert_eq!(gemini["systemInstruction"], json!({ "parts": [{ "text": "Be warm." }] }));
    assert_eq!(gemini["generationConfig"]["responseJsonSchema"], json!({ "type": "object" }));
}

#[test]
fn what_a_provider_cannot_take_is_an_error_that_says_where() {
    let context = TestContext::new();
    set(&context);
    context.write("history.json", r#"[{ "role": "tool", "tool_call_id": "c1", "content": "x" }]"#);
    assert_answer!(
        context.anvil(&["render", "reply", "-p", "ticket=x", "-p", "history=@history.json", "--format", "gemini"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0824]: `messages[1]` cannot be said to Gemini: no call right before it has the id `c1`
  = help: put the assistant's message that makes the call before it, or leave the result out
  = help: `--format json` gives all of it, as the prompt gave it

"#]]
    );
    context.write("prompts/plain.prompt.md", "---\nparameters: {}\n---\nHello.\n");
    assert_answer!(
        context.anvil(&["render", "plain", "--format", "openai"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0825]: the prompt prefers no model of OpenAI
  = help: name one: `--model NAME`
  = help: or let the prompt say so: `model: { prefer: [openai/NAME] }`

"#]]
    );
    let answer = context.anvil(&["render", "plain", "--model", "gpt-5"]);
    assert_eq!(answer.code, 2);
    assert!(answer.stderr.contains("`--model` is for a request body"), "{}", answer.shown());
    let text = context.anvil(&["render", "plain", "--format", "openai", "--model", "openai/gpt-5"]).success().json();
    assert_eq!(text, json!({ "model": "gpt-5", "messages": [{ "role": "user", "content": "Hello." }] }));
}

#[test]
fn a_test_s_parameters_come_after_all_others() {
    let context = TestContext::new();
    set(&context);
    let text = |arguments: &[&str]| {
        context.anvil(&[&["render", "reply", "--test", "formal"], arguments].concat()).success().stdout
    };
    assert_eq!(text(&[]), "system:\n  Be formal.\n\nuser:\n  Down!\n");
    assert_eq!(text(&["-p", "ticket=Up"]), "system:\n  Be formal.\n\nuser:\n  Up\n");
    // By its former name it is the same parameter.
    assert_eq!(text(&["-p", "style=warm"]), "system:\n  Be warm.\n\nuser:\n  Down!\n");
    context.write("values.json", "{\"tone\":\"warm\",\"ticket\":\"Up\"}");
    assert_eq!(text(&["--params", "values.json", "-p", "ticket=Off"]), "system:\n  Be warm.\n\nuser:\n  Off\n");
    assert_answer!(
        context.anvil(&["render", "reply", "--test", "formul"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0822]: the prompt `reply` has no test `formul`
  = help: did you mean `formal`?

"#]]
    );
}

/// Returns the lines that `child` prints, as they come.
fn lines(stream: impl std::io::Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

#[cfg(unix)]
#[test]
fn watching_renders_again_tells_of_errors_and_ends_on_an_interrupt() {
    let context = TestContext::new();
    context.write("anvil.toml", "[set]\nname = \"my/set\"\nversion = \"0.1.0\"\n");
    context.write("prompts/_end.prompt.md", "---\nparameters: {}\n---\nYours.\n");
    context.write("prompts/hello.prompt.md", "---\nparameters: {}\n---\nHello. {% render \"_end\" %}\n");
    let mut command = context.anvil_command(&["render", "hello", "--watch"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (out, err) = (lines(child.stdout.take().unwrap()), lines(child.stderr.take().unwrap()));
    let wait = Duration::from_secs(60);
    assert_eq!(out.recv_timeout(wait).unwrap(), "Hello. Yours.");
    assert!(err.recv_timeout(wait).unwrap().contains("watching 3 files"));
    // In one step, as editors save: on a busy machine a file may be empty for long between two.
    let save = |path: &str, text: &str| {
        context.write("saved.tmp", text);
        std::fs::rename(context.project().join("saved.tmp"), context.project().join(path)).unwrap();
    };
    // A partial counts, and a file that comes.
    save("prompts/_end.prompt.md", "---\nparameters: {}\n---\nBye now.\n");
    assert_eq!(out.recv_timeout(wait).unwrap(), "Hello. Bye now.");
    assert!(err.recv_timeout(wait).unwrap().contains("watching 3 files"));
    // The answers themselves may go into the project.
    context.write("answer.txt", "Hello.");
    save("prompts/hello.prompt.md", "---\nparameters: {}\n---\n{% rendr %}\n");
    assert!(err.recv_timeout(wait).unwrap().starts_with("error[A0303]"));
    while !err.recv_timeout(wait).unwrap().contains("watching 3 files") {}
    save("prompts/hello.prompt.md", "---\nparameters: {}\n---\nHello again.\n");
    assert_eq!(out.recv_timeout(wait).unwrap(), "Hello again.");
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(out.recv_timeout(wait).is_err(), "something was rendered once too often");
}

#[cfg(unix)]
#[test]
fn watching_ends_when_nobody_reads_any_more() {
    let context = TestContext::new();
    context.write("anvil.toml", "[set]\nname = \"my/set\"\nversion = \"0.1.0\"\n");
    context.write("prompts/hello.prompt.md", "---\nparameters: {}\n---\nHello.\n");
    let mut command = context.anvil_command(&["render", "hello", "--watch", "-q"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut first = [0; 7];
    stdout.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"Hello.\n");
    drop(stdout);
    context.write("prompts/hello.prompt.md", "---\nparameters: {}\n---\nHello you.\n");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
