//! What is locked and not unpacked: `lint`, `test`, `show` and `render` agree on what can be done then.

use crate::context::TestContext;
use crate::shelf::{Shelf, manifest};
use std::fs;

const WELCOME: &str = "---
parameters: { name: string }
tests:
  - { name: ada, parameters: { name: Ada }, assert: [{ type: contains, value: Ada }] }
---
{% render \"core/tone/house-style\" %}Hi {{ name }}
";

/// Returns a set whose prompt `welcome` renders a partial of core/tone, which is locked and was pulled
/// once, and whose prompt `plain` renders nothing else; nothing is unpacked any more.
fn cleaned() -> TestContext {
    let context = TestContext::new();
    Shelf::new(&context, "registry", "test").publish("core/tone 1.0.0", &[]);
    let text = manifest("support/onboarding", "0.1.0", &[("core/tone", "^1")]);
    context.write("anvil.toml", format!("{text}\n[registries]\ndefault = \"../registry\"\n"));
    context.write("prompts/_welcome.prompt.md", WELCOME);
    context.write("prompts/plain.prompt.md", "---\nparameters: { tags: array }\n---\n{{ tags | join }}\n");
    context.write("prompts/welcome.prompt.md", WELCOME);
    context.anvil(&["pull"]).success();
    fs::remove_dir_all(context.path("project/.anvil")).unwrap();
    context
}

#[test]
fn what_is_in_the_cache_can_be_rendered_as_it_can_be_tested() {
    let context = cleaned();
    context.anvil(&["lint"]).success();
    context.anvil(&["test"]).success();
    for reference in
        ["welcome", "support/onboarding/welcome", "prompts/welcome.prompt.md", "prompts/_welcome.prompt.md"]
    {
        let answer = context.anvil(&["render", reference, "-p", "name=Bo"]).success();
        assert!(answer.stdout.ends_with("Hi Bo"), "{}", answer.shown());
        context.anvil(&["show", reference]).success();
    }
    // What an application asks for by its address has to be unpacked.
    for command in ["render", "test"] {
        let answer = context.anvil(&[command, "core/tone/house-style"]);
        assert!(answer.code == 1 && answer.shown().contains("anvil pull --locked"), "{}", answer.shown());
    }
    assert!(!context.path("project/.anvil").exists(), "reading unpacks nothing");
}

#[test]
fn without_a_cache_what_needs_nothing_else_goes_on() {
    let context = cleaned();
    fs::remove_dir_all(context.path("cache")).unwrap();
    let answer = context.anvil(&["lint"]).success();
    assert!(answer.stderr.contains("next: `anvil render plain -p tags='[…]'`"), "{}", answer.shown());
    context.anvil(&["render", "plain", "-p", "tags=[\"a\"]"]).success();
    context.anvil(&["test", "plain"]).success();
    for command in [&["render", "welcome", "-p", "name=Bo"][..], &["test", "welcome"]] {
        let answer = context.anvil(command);
        assert!(
            answer.code == 1 && answer.shown().contains("the dependency `core/tone` is not at hand"),
            "{}",
            answer.shown()
        );
        assert!(answer.shown().contains("pull it: `anvil pull`"), "{}", answer.shown());
    }
}
