//! Bodies, from prompts as people write them.

use super::super::{Scope, Set};
use super::*;
use std::sync::Arc;

const PROMPT: &str = r#"---
parameters:
  ticket: string
  history: { type: messages, optional: true }
model: { prefer: [anthropic/claude-sonnet-4-5, openai/gpt-5, google/gemini-2.5-pro], tokenizer: o200k_base, temperature: 0.3, max_tokens: 500, stop: END, top_k: 5, seed: 7, colour: red }
tools:
  - { name: look_up, description: Looks an order up., parameters: { type: object, properties: { id: { type: string } } } }
  - { name: now }
output: { schema: { type: object, properties: { reply: { type: string } } } }
---
{% system %}Be brief.{% endsystem %}
{% history history %}
{% user %}{{ ticket }}{% enduser %}
"#;

fn rendered(prompt: &str, values: Value) -> Rendered {
    let (set, name) = Set::from_file("p.md", prompt.as_bytes());
    assert_eq!(set.findings(), []);
    let Value::Object(values) = values else { panic!("not an object") };
    Scope::alone(Arc::new(set)).own(&name).unwrap().render(values).unwrap()
}

fn body(provider: Provider, history: Value) -> Result<Value, String> {
    let rendered = rendered(PROMPT, json!({ "ticket": "Down!", "history": history }));
    rendered.request(provider, None).map(|request| Value::Object(request.body)).map_err(|error| error.to_string())
}

/// A conversation in OpenAI's shape, with two calls made at once.
fn openai_history() -> Value {
    json!([
        { "role": "user", "content": [
            { "type": "text", "text": "Where is it?" },
            { "type": "image_url", "image_url": { "url": "data:image/png;base64,AAAA", "detail": "auto" } },
        ] },
        { "role": "assistant", "content": null, "refusal": null, "annotations": [], "tool_calls": [
            { "id": "c1", "type": "function", "function": { "name": "look_up", "arguments": "{\"id\":\"7\"}" } },
            { "id": "c2", "type": "function", "function": { "name": "now", "arguments": "" } },
        ] },
        { "role": "tool", "tool_call_id": "c1", "content": "{\"state\":\"sent\"}" },
        { "role": "tool", "tool_call_id": "c2", "content": "noon" },
        { "role": "assistant", "content": "On its way." },
    ])
}

#[test]
fn openai_gets_messages_as_they_are_and_everything_else_in_its_own_words() {
    let body = body(Provider::OpenAi, openai_history()).unwrap();
    let mut messages = vec![json!({ "role": "system", "content": "Be brief." })];
    messages.extend(openai_history().as_array().unwrap().clone());
    messages.push(json!({ "role": "user", "content": "Down!" }));
    assert_eq!(
        body,
        json!({
            "model": "gpt-5",
            "messages": messages,
            "tools": [
                { "type": "function", "function": { "name": "look_up", "description": "Looks an order up.", "parameters": { "type": "object", "properties": { "id": { "type": "string" } } } } },
                { "type": "function", "function": { "name": "now" } },
            ],
            "response_format": { "type": "json_schema", "json_schema": { "name": "output", "schema": { "type": "object", "properties": { "reply": { "type": "string" } } } } },
            "temperature": 0.3,
            "max_completion_tokens": 500,
            "stop": "END",
            "seed": 7,
        })
    );
}

#[test]
fn anthropic_gets_the_system_apart_and_the_results_of_tools_together() {
    let body = body(Provider::Anthropic, openai_history()).unwrap();
    assert_eq!(
        body,
        json!({
            "model": "claude-sonnet-4-5",
            "max_tokens": 500,
            "system": "Be brief.",
            "messages": [
                { "role": "user", "content": [
                    { "type": "text", "text": "Where is it?" },
                    { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "AAAA" } },
                ] },
                { "role": "assistant", "content": [
                    { "type": "tool_use", "id": "c1", "name": "look_up", "input": { "id": "7" } },
                    { "type": "tool_use", "id": "c2", "name": "now", "input": {} },
                ] },
                { "role": "user", "content": [
                    { "type": "tool_result", "tool_use_id": "c1", "content": "{\"state\":\"sent\"}" },
                    { "type": "tool_result", "tool_use_id": "c2", "content": "noon" },
                ] },
                { "role": "assistant", "content": "On its way." },
                { "role": "user", "content": "Down!" },
            ],
            "tools": [
                { "name": "look_up", "description": "Looks an order up.", "input_schema": { "type": "object", "properties": { "id": { "type": "string" } } } },
                { "name": "now", "input_schema": { "type": "object" } },
            ],
            "output_config": { "format": { "type": "json_schema", "schema": { "type": "object", "properties": { "reply": { "type": "string" } } } } },
            "temperature": 0.3,
            "stop_sequences": ["END"],
            "top_k": 5,
        })
    );
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys[..4], ["model", "max_tokens", "system", "messages"]);
}

#[test]
fn gemini_gets_contents_with_parts_and_its_configuration() {
    let body = body(Provider::Gemini, openai_history()).unwrap();
    assert_eq!(
        body,
        json!({
            "model": "models/gemini-2.5-pro",
            "systemInstruction": { "parts": [{ "text": "Be brief." }] },
            "contents": [
                { "role": "user", "parts": [{ "text": "Where is it?" }, { "inlineData": { "mimeType": "image/png", "data": "AAAA" } }] },
                { "role": "model", "parts": [
                    { "functionCall": { "id": "c1", "name": "look_up", "args": { "id": "7" } } },
                    { "functionCall": { "id": "c2", "name": "now", "args": {} } },
                ] },
                { "role": "user", "parts": [
                    { "functionResponse": { "id": "c1", "name": "look_up", "response": { "state": "sent" } } },
                    { "functionResponse": { "id": "c2", "name": "now", "response": { "result": "noon" } } },
                ] },
                { "role": "model", "parts": [{ "text": "On its way." }] },
                { "role": "user", "parts": [{ "text": "Down!" }] },
            ],
            "tools": [{ "functionDeclarations": [
                { "name": "look_up", "description": "Looks an order up.", "parametersJsonSchema": { "type": "object", "properties": { "id": { "type": "string" } } } },
                { "name": "now" },
            ] }],
            "generationConfig": {
                "temperature": 0.3, "maxOutputTokens": 500, "stopSequences": ["END"], "topK": 5, "seed": 7,
                "responseMimeType": "application/json",
                "responseJsonSchema": { "type": "object", "properties": { "reply": { "type": "string" } } },
            },
        })
    );
}

#[test]
fn anthropic_s_own_shape_passes_as_it_is_and_is_translated_for_the_others() {
    let history = json!([
        { "role": "user", "content": [{ "type": "image", "source": { "type": "url", "url": "https://example.com/a.png" } }] },
        { "role": "assistant", "content": [{ "type": "text", "text": "Let me see." }, { "type": "tool_use", "id": "t1", "name": "now", "input": { "z": 1, "a": 2 } }] },
        { "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "t1", "content": [{ "type": "text", "text": "noon" }] }] },
    ]);
    let own = body(Provider::Anthropic, history.clone()).unwrap();
    assert_eq!(own["messages"].as_array().unwrap()[..3], history.as_array().unwrap()[..]);
    let openai = body(Provider::OpenAi, history.clone()).unwrap();
    assert_eq!(
        openai["messages"].as_array().unwrap()[1..4],
        [
            json!({ "role": "user", "content": [{ "type": "image_url", "image_url": { "url": "https://example.com/a.png" } }] }),
            json!({
                "role": "assistant",
                "content": [{ "type": "text", "text": "Let me see." }],
                "tool_calls": [{ "id": "t1", "type": "function", "function": { "name": "now", "arguments": "{\"z\":1,\"a\":2}" } }],
            }),
            json!({ "role": "tool", "tool_call_id": "t1", "content": "noon" }),
        ]
    );
    let error = body(Provider::Gemini, history).unwrap_err();
    assert_eq!(
        error,
        "`messages[1]` cannot be said to Gemini: an image must be in the message itself, not behind a URL"
    );
}

#[test]
fn what_cannot_be_said_is_refused_with_its_place() {
    use Provider::{Anthropic, Gemini, OpenAi};
    for (provider, message, fault) in [
        (
            Anthropic,
            json!({ "role": "user", "content": "x", "name": "bo" }),
            "`messages[1].name` cannot be said to Anthropic: there is nothing that means the same",
        ),
        (
            Gemini,
            json!({ "role": "user", "content": [{ "type": "input_audio", "input_audio": {} }] }),
            "`messages[1].content[0]` cannot be said to Gemini: there is nothing that means the same as a part of the type `input_audio`",
        ),
        (
            Anthropic,
            json!({ "role": "assistant", "tool_calls": [{ "id": "c", "function": { "name": "f", "arguments": "{oops" } }] }),
            "`messages[1].tool_calls[0].function.arguments` cannot be said to Anthropic: they are no JSON object",
        ),
        (
            Anthropic,
            json!({ "role": "user", "content": [{ "type": "image_url", "image_url": { "url": "https://example.com/a.png", "detail": "high" } }] }),
            "`messages[1].content[0].image_url.detail` cannot be said to Anthropic: there is nothing that means the same",
        ),
        (
            OpenAi,
            json!({ "role": "assistant", "content": [{ "type": "thinking", "thinking": "hm", "signature": "s" }] }),
            "`messages[1].content[0]` cannot be said to OpenAI: there is nothing that means the same as a part of the type `thinking`",
        ),
    ] {
        let history = match message.get("tool_calls") {
            Some(_) => json!([message, { "role": "tool", "tool_call_id": "c", "content": "x" }]),
            None => json!([message]),
        };
        assert_eq!(body(provider, history).unwrap_err(), fault);
    }
    let failed = json!([
        { "role": "assistant", "content": [{ "type": "tool_use", "id": "t", "name": "now", "input": {} }] },
        { "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "t", "content": "x", "is_error": true }] },
    ]);
    let fault = "`messages[2]` cannot be said to OpenAI: there is nothing that marks the result of a tool as an error";
    assert_eq!(body(OpenAi, failed).unwrap_err(), fault);
}

/// Bodies that an API is known to refuse, by what its own error says.
#[test]
fn what_an_api_would_refuse_is_told_with_its_place_and_what_to_do() {
    use Provider::{Anthropic, Gemini, OpenAi};
    let call = json!({ "id": "c", "type": "function", "function": { "name": "now", "arguments": "{}" } });
    let says = |role: &str, content: Value| json!([{ "role": role, "content": content }]);
    let nothing = "it has no `content`";
    let no_answer = "it has neither `content` nor `tool_calls`";
    for (providers, history, place, why) in [
        (&Provider::ALL[..], json!([{ "role": "user" }]), "[1]", nothing),
        (&Provider::ALL, says("user", Value::Null), "[1]", nothing),
        (&Provider::ALL, says("user", json!([])), "[1]", nothing),
        (&[Anthropic, Gemini], says("user", json!("")), "[1]", nothing),
        (&[Anthropic], says("user", json!(" \n")), "[1].content", "its text is blank"),
        (
            &[Anthropic, Gemini],
            says("user", json!([{ "type": "text", "text": "" }])),
            "[1].content[0]",
            "its text is blank",
        ),
        (&Provider::ALL, json!([{ "role": "assistant" }]), "[1]", no_answer),
        (&Provider::ALL, json!([{ "role": "assistant", "content": null, "tool_calls": [] }]), "[1]", no_answer),
        (&Provider::ALL, says("assistant", json!([])), "[1]", no_answer),
        (&[Anthropic, Gemini], json!([{ "role": "assistant", "content": null, "refusal": "no" }]), "[1]", no_answer),
        (
            &Provider::ALL,
            json!([{ "role": "assistant", "tool_calls": [call] }, { "role": "tool", "content": "x" }]),
            "[2]",
            "it does not say with `tool_call_id` which call it answers",
        ),
        (
            &[OpenAi],
            json!([{ "role": "assistant", "tool_calls": [call] }, { "role": "tool", "tool_call_id": "c" }]),
            "[2]",
            nothing,
        ),
        (
            &Provider::ALL,
            json!([{ "role": "tool", "tool_call_id": "c9", "content": "x" }]),
            "[1]",
            "no call right before it has the id `c9`",
        ),
        (
            &Provider::ALL,
            says("user", json!([{ "type": "tool_result", "tool_use_id": "c9", "content": "x" }])),
            "[1]",
            "no call right before it has the id `c9`",
        ),
        (
            &Provider::ALL,
            json!([{ "role": "assistant", "tool_calls": [call] }]),
            "[1]",
            "the call `c` has no result right after it",
        ),
        (
            &Provider::ALL,
            says("assistant", json!([{ "type": "tool_use", "id": "c", "name": "now", "input": {} }])),
            "[1]",
            "the call `c` has no result right after it",
        ),
        (
            &Provider::ALL,
            json!([{ "role": "assistant", "tool_calls": [{ "type": "function", "function": { "name": "now" } }] }]),
            "[1].tool_calls[0]",
            "it has no `id`",
        ),
        (
            &[OpenAi, Anthropic],
            says("user", json!([{ "type": "text" }])),
            "[1].content[0]",
            "a part of the type `text` needs `text`",
        ),
        (
            &[Anthropic],
            says("assistant", json!([{ "type": "thinking", "thinking": "hm" }])),
            "[1].content[0]",
            "a part of the type `thinking` needs `signature`",
        ),
        (
            &[OpenAi, Anthropic],
            says("assistant", json!([{ "type": "image_url", "image_url": { "url": "https://example.com/a.png" } }])),
            "[1]",
            "an image has no place in a message of the role `assistant`",
        ),
        (
            &Provider::ALL,
            json!([
                { "role": "user", "content": [{ "type": "tool_use", "id": "c", "name": "now", "input": {} }] },
                { "role": "tool", "tool_call_id": "c", "content": "x" },
            ]),
            "[1]",
            "a call of a tool has no place in a message of the role `user`",
        ),
        (
            &Provider::ALL,
            json!([
                { "role": "user", "content": "x", "tool_calls": [call] },
                { "role": "tool", "tool_call_id": "c", "content": "x" },
            ]),
            "[1].tool_calls[0]",
            "a call of a tool has no place in a message of the role `user`",
        ),
        (
            &Provider::ALL,
            says("assistant", json!([{ "type": "tool_use", "id": "c", "name": "now", "input": "{}" }])),
            "[1].content[0]",
            "its `input` is no object",
        ),
        (
            &[Anthropic],
            json!([
                { "role": "assistant", "tool_calls": [call] },
                { "role": "user", "content": [
                    { "type": "text", "text": "So:" },
                    { "type": "tool_result", "tool_use_id": "c", "content": "x" },
                ] },
            ]),
            "[2].content[1]",
            "a result stands behind what is no result",
        ),
        (
            &Provider::ALL,
            says("user", json!([{ "type": "image_url", "image_url": "https://example.com/a.png" }])),
            "[1].content[0].image_url",
            "it is no object",
        ),
    ] {
        for provider in providers {
            let rendered = rendered(PROMPT, json!({ "ticket": "Down!", "history": history }));
            let error = rendered.request(*provider, None).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("`messages{place}` cannot be said to {provider}: {why}"),
                "{history}"
            );
            if why == nothing && place == "[1]" {
                let way_out = "give it a text, or leave the message out";
                assert_eq!(error.hints()[0].to_string(), way_out, "{history}");
            }
        }
        for provider in Provider::ALL.iter().filter(|provider| !providers.contains(provider)) {
            let answer = body(*provider, history.clone());
            assert!(answer.as_ref().err().is_none_or(|error| !error.contains(why)), "{provider}: {answer:?}");
        }
    }
    let begun =
        "---\nmodel: { prefer: [anthropic/a] }\n---\n{% user %}Hi{% enduser %}{% assistant %}So: {% endassistant %}";
    let error = rendered(begun, json!({})).request(Anthropic, None).unwrap_err().to_string();
    assert!(error.contains("`messages[1].content`") && error.contains("ends with white space"), "{error}");
}

#[test]
fn openai_gets_calls_in_its_own_words_whatever_others_made_of_them() {
    let result = json!({ "role": "tool", "tool_call_id": "c", "content": "" });
    let calls = |call: Value| json!([{ "role": "assistant", "content": "", "tool_calls": [call] }, result]);
    let history = calls(json!({ "id": "c", "function": { "name": "now", "arguments": { "at": 1 } } }));
    assert_eq!(
        body(Provider::OpenAi, history).unwrap()["messages"][1],
        json!({ "role": "assistant", "content": null, "tool_calls": [
            { "id": "c", "type": "function", "function": { "name": "now", "arguments": "{\"at\":1}" } },
        ] })
    );
    let custom = calls(json!({ "id": "c", "type": "custom", "custom": { "name": "sh", "input": "ls" } }));
    assert_eq!(body(Provider::OpenAi, custom.clone()).unwrap()["messages"][1], custom[0]);
    let none = json!([{ "role": "assistant", "content": "Hi", "tool_calls": [] }]);
    assert_eq!(body(Provider::OpenAi, none).unwrap()["messages"][1], json!({ "role": "assistant", "content": "Hi" }));
}

#[test]
fn a_system_message_keeps_its_place_or_is_refused() {
    let prompt = "---\nmodel: { prefer: [anthropic/a, gemini/g, openai/o], max_tokens: 1 }\n---\n{% system %}A{% endsystem %}\n{% system %}B{% endsystem %}\n{% user %}C{% enduser %}\n";
    let two = rendered(prompt, json!({}));
    let parts = json!([{ "type": "text", "text": "A" }, { "type": "text", "text": "B" }]);
    assert_eq!(two.request(Provider::Anthropic, None).unwrap().body["system"], parts);
    let parts = json!({ "parts": [{ "text": "A" }, { "text": "B" }] });
    assert_eq!(two.request(Provider::Gemini, None).unwrap().body["systemInstruction"], parts);
    let late = rendered(
        &prompt
            .replace("{% user %}C{% enduser %}\n", "")
            .replace("{% system %}A{% endsystem %}", "{% user %}C{% enduser %}"),
        json!({}),
    );
    for provider in [Provider::Anthropic, Provider::Gemini] {
        let error = late.request(provider, None).unwrap_err().to_string();
        assert_eq!(
            error,
            format!("`messages[1]` cannot be said to {provider}: a system message stands before all others")
        );
    }
    assert!(late.request(Provider::OpenAi, None).is_ok());
    let alone = rendered(&prompt.replace("{% user %}C{% enduser %}\n", ""), json!({}));
    assert!(alone.request(Provider::Anthropic, None).unwrap_err().to_string().contains("system messages alone"));
    assert!(alone.request(Provider::Gemini, None).unwrap_err().to_string().contains("system messages alone"));
    assert!(alone.request(Provider::OpenAi, None).is_ok());
}

#[test]
fn the_model_is_the_first_of_the_provider_or_the_named_one() {
    let text = rendered("---\nmodel: { prefer: [openai/gpt-5, openai/gpt-4.1] }\n---\nHello.", json!({}));
    let request = text.request(Provider::OpenAi, None).unwrap();
    assert_eq!(
        Value::Object(request.body.clone()),
        json!({ "model": "gpt-5", "messages": [{ "role": "user", "content": "Hello." }] })
    );
    assert_eq!(request.notes, [""; 0]);
    assert_eq!(text.request(Provider::OpenAi, Some("openai/o3")).unwrap().model, "o3");
    assert_eq!(text.request(Provider::OpenAi, Some("acme/llama")).unwrap().model, "acme/llama");
    let error = text.request(Provider::Gemini, None).unwrap_err();
    assert_eq!(error.to_string(), "the prompt prefers no model of Gemini");
    assert_eq!(error.hints()[1].to_string(), "or let the prompt say so: `model: { prefer: [google/NAME] }`");
    assert_eq!(text.request(Provider::Gemini, Some("models/gemini-2.5-flash")).unwrap().model, "gemini-2.5-flash");
    let named = text.request(Provider::Gemini, Some("gemini-2.5-flash")).unwrap();
    assert_eq!(named.url(), "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent");
}

#[test]
fn what_is_left_out_or_added_is_told() {
    let given = rendered(PROMPT, json!({ "ticket": "x" }));
    let notes = |provider| given.request(provider, None).unwrap().notes;
    assert_eq!(
        notes(Provider::OpenAi),
        [
            "the hint `top_k` is left out: OpenAI has no key for it",
            "the hint `colour` is left out: OpenAI has no key for it"
        ]
    );
    assert_eq!(notes(Provider::Gemini), ["the hint `colour` is left out: Gemini has no key for it"]);
    let bare = rendered(
        "---\nmodel: { prefer: [anthropic/a], stop: [a, b], stop_sequences: [c] }\n---\n{% assistant %}Hi{% endassistant %}",
        json!({}),
    );
    let request = bare.request(Provider::Anthropic, None).unwrap();
    assert_eq!((&request.body["max_tokens"], &request.body["stop_sequences"]), (&json!(4096), &json!(["a", "b"])));
    assert_eq!(
        request.notes,
        [
            "the conversation begins with `assistant`, which Anthropic may refuse",
            "the conversation ends with `assistant`, which Anthropic's newer models refuse",
            "the hint `stop_sequences` is left out: another one says `stop_sequences` already",
            "Anthropic must be told `max_tokens`, and the prompt's `model` has none: 4096 it is",
        ]
    );
}

#[test]
fn a_prompt_without_messages_or_with_a_schema_out_of_reach_has_no_body() {
    let empty = rendered("---\nparameters: { h: { type: messages, optional: true } }\n---\n{% history h %}", json!({}));
    let error = empty.request(Provider::OpenAi, Some("m")).unwrap_err().to_string();
    assert_eq!(error, "the prompt cannot be said to OpenAI: it gave no messages");
    let lone = rendered("---\noutput: { schema: a.json }\n---\nHi", json!({}));
    let error = lone.request(Provider::Anthropic, Some("m")).unwrap_err().to_string();
    assert!(error.starts_with("`output.schema` cannot be said to Anthropic: it is the file \"a.json\""), "{error}");
}

/// Returns the body for a prompt with this front matter, or why there is none.
fn body_of(front_matter: &str, provider: Provider) -> Result<Value, String> {
    let rendered = rendered(&format!("---\nparameters: {{}}\n{front_matter}\n---\nHi."), json!({}));
    rendered.request(provider, Some("m")).map(|it| Value::Object(it.body)).map_err(|error| error.to_string())
}

#[test]
fn what_a_tool_takes_is_an_object() {
    let typed = json!({ "type": "object", "properties": { "q": { "type": "string" } } });
    let untyped = "tools: [{ name: f, parameters: { properties: { q: { type: string } } } }]";
    assert_eq!(body_of(untyped, Provider::Anthropic).unwrap()["tools"][0]["input_schema"], typed);
    assert_eq!(body_of(untyped, Provider::OpenAi).unwrap()["tools"][0]["function"]["parameters"], typed);
    for (parameters, why) in [
        ("type: string", "what a tool takes is an object"),
        ("type: object, anyOf: [{ required: [a] }]", "what a tool takes has no `anyOf` at its root"),
    ] {
        let front_matter = format!("tools: [{{ name: f, parameters: {{ {parameters} }} }}]");
        for provider in [Provider::OpenAi, Provider::Anthropic] {
            let error = body_of(&front_matter, provider).unwrap_err();
            assert_eq!(error, format!("`tools[0].parameters` cannot be said to {provider}: {why}"));
        }
        assert!(body_of(&front_matter, Provider::Gemini).is_ok());
    }
}

#[test]
fn a_choice_is_of_tools_that_are_there() {
    let choice = |choice: &str, tools: &str| format!("model: {{ tool_choice: {choice} }}\n{tools}");
    let own = "{ type: function, function: { name: f } }";
    for provider in [Provider::OpenAi, Provider::Anthropic] {
        for wanted in ["auto", "required", own] {
            assert_eq!(
                body_of(&choice(wanted, ""), provider).unwrap_err(),
                format!("`model.tool_choice` cannot be said to {provider}: there are no tools to choose from")
            );
            assert!(body_of(&choice(wanted, "tools: [{ name: f }]"), provider).is_ok());
        }
        assert_eq!(
            body_of(&choice(own, "tools: [{ name: g }]"), provider).unwrap_err(),
            format!("`model.tool_choice` cannot be said to {provider}: no tool is called `f`")
        );
        assert!(body_of(&choice("none", ""), provider).is_ok());
    }
    assert!(body_of(&choice("auto", ""), Provider::Gemini).is_ok(), "a hint that is left out refuses nothing");
}

#[test]
fn names_and_ids_have_the_characters_that_the_provider_takes() {
    let takes = |name: &str, provider: Provider| {
        let (set, file) = Set::from_file("p.md", format!("---\ntools: [{{ name: \"{name}\" }}]\n---\nHi.").as_bytes());
        let rendered = Scope::alone(Arc::new(set)).own(&file).unwrap().render(Map::new()).unwrap();
        rendered.request(provider, Some("m")).is_ok()
    };
    let long = "a".repeat(65);
    for (name, taken) in [
        ("look_up-2", [true, true, true]),
        ("look.up", [false, false, true]),
        ("look up", [false, false, false]),
        ("2nd", [true, true, false]),
        (&*long, [false, true, false]),
    ] {
        assert_eq!(Provider::ALL.map(|provider| takes(name, provider)), taken, "{name}");
    }
    let history = json!([
        { "role": "assistant", "content": null, "tool_calls": [
            { "id": "functions.f:0", "type": "function", "function": { "name": "look_up", "arguments": "{}" } },
        ] },
        { "role": "tool", "tool_call_id": "functions.f:0", "content": "x" },
    ]);
    assert_eq!(
        body(Provider::Anthropic, history.clone()).unwrap_err(),
        "`messages[1]` cannot be said to Anthropic: the id `functions.f:0` has more than letters, digits, `_` and `-`"
    );
    assert!(body(Provider::OpenAi, history).is_ok());
}
