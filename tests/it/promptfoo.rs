//! `test --format promptfoo`: what it reads, and what is told of the rest.

use crate::context::TestContext;
use crate::testing::set;
use serde_json::json;

#[test]
fn promptfoo_gets_each_test_with_its_own_prompt() {
    let context = TestContext::new();
    set(&context);
    let answer = context.anvil(&["test", "reply", "--filter", "promise", "--format", "promptfoo"]).success();
    assert!(answer.stderr.contains("2 assertions about roles and tokens left out"), "{}", answer.shown());
    let config = answer.json();
    assert_eq!(config["description"], "Tests of my/set");
    let providers = config["providers"].as_array().unwrap();
    let ids: Vec<&str> = providers.iter().map(|provider| provider["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["anthropic:messages:claude-sonnet-4-5", "openai:chat:gpt-5"]);
    let test = &config["tests"][0];
    assert_eq!(test["prompts"], json!([config["prompts"][0]["label"]]));
    assert_eq!(test["providers"], json!([providers[0]["label"], providers[1]["label"]]));
    assert_eq!(test["vars"], json!({ "ticket": "Down!", "tier": "pro" }));
    assert_eq!(test["assert"][1], json!({ "type": "llm-rubric", "value": "apologises once" }));
    assert_eq!(
        test["assert"][0],
        json!({ "type": "contains", "value": "within one hour", "transform": "\"You write replies.\\nPromise an answer within one hour.\"" })
    );
    // One that fails is exported all the same, and told.
    let answer = context.anvil(&["test", "--format", "promptfoo"]);
    assert_eq!(answer.code, 1);
    assert_eq!(answer.json()["tests"].as_array().unwrap().len(), 3);
    assert!(answer.stderr.contains("not all tests pass as they are"), "{}", answer.shown());
}

#[test]
fn what_promptfoo_would_not_read_as_it_is_meant_is_left_out_and_told() {
    let context = TestContext::new();
    let pattern = "tests: [{ name: t, assert: [{ type: regex, value: \"(?i)HI\" }, { type: regex, value: H.$ }] }]";
    context.write("hi.md", format!("---\nparameters: {{}}\n{pattern}\n---\nHi"));
    let answer = context.anvil(&["test", "./hi.md", "--format", "promptfoo"]).success();
    assert!(answer.stderr.contains("1 assertion left out: JavaScript"), "{}", answer.shown());
    assert_eq!(
        answer.json()["tests"][0]["assert"],
        json!([{ "type": "regex", "value": "H.$", "transform": "\"Hi\"" }])
    );
    let refused = "model: { prefer: [openai/gpt-5] }\ntools: [{ name: f, parameters: { type: string } }]\n";
    context.write("odd.md", format!("---\nparameters: {{}}\n{refused}{pattern}\n---\nHi"));
    let answer = context.anvil(&["test", "./odd.md", "--format", "promptfoo"]).success();
    let why = "left out: of `odd`, `tools[0].parameters` cannot be said to OpenAI: what a tool takes is an object";
    assert!(answer.stderr.contains(why), "{}", answer.shown());
}
