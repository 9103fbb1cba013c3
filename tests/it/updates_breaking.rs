//! `anvil update --breaking`: requirements that are raised, each in its style, and those that are left.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{Shelf, set_in, state};
use snapbox::str;

const MANIFEST: &str = "# Ours.
[registries]
default = \"../registry\"

[dependencies]
# The voice of the house.
\"core/tone\" = \"^1.2\"   # caret
\"core/bare\" = '1'
\"core/exact\" = \"=1.0.0\"
\"core/range\" = \">=1, <3\"
\"core/tilde\" = { version = \"~1.4\" }
\"core/new\" = \"^1\"
\"team/shared\" = { path = \"../shared\" }
";

fn project() -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    for set in ["tone 1.2.0", "bare 1.0.0", "exact 1.0.0", "range 1.0.0", "tilde 1.4.0", "new 1.0.0"] {
        shelf.publish(&format!("core/{set}"), &[]);
    }
    set_in(&context, "../shared", "team/shared 0.1.0", &[]);
    context.write("anvil.toml", MANIFEST);
    context.anvil(&["pull"]).success();
    for set in ["tone 2.3.0", "bare 3.1.0", "exact 2.0.0", "range 3.0.0", "tilde 2.0.1", "new 1.5.0"] {
        shelf.publish(&format!("core/{set}"), &[]);
    }
    (context, shelf)
}

#[test]
fn requirements_are_raised_in_their_style_and_comments_stay() {
    let (context, _shelf) = project();
    let before = state(&context);
    assert_answer!(context.anvil(&["update", "--breaking", "--dry-run"]), str![]);
    assert_eq!(state(&context), before);
    assert_answer!(context.anvil(&["update", "--breaking", "core/tone"]), str![]);
    assert_eq!(context.read("anvil.toml"), MANIFEST.replace("^1.2", "^2.3"));
    assert_answer!(context.anvil(&["update", "--breaking", "--format", "json"]), str![]);
    let raised =
        MANIFEST.replace("^1.2", "^2.3").replace("'1'", "'3'").replace("=1.0.0", "=2.0.0").replace("~1.4", "~2.0");
    assert_eq!(context.read("anvil.toml"), raised);
    context.anvil(&["verify"]).success();
    let lock = context.read("anvil.lock");
    assert!(lock.contains("name = \"core/new\"\nversion = \"1.0.0\""), "what is not raised stays: {lock}");
    assert_answer!(context.anvil(&["update", "--breaking"]), str![]);
    assert_answer!(context.anvil(&["update", "--breaking", "team/shared", "core/new"]), str![]);
    assert_answer!(context.anvil(&["update", "--breaking", "core/tune"]), str![]);
    assert_eq!(context.anvil(&["update", "--breaking", "core/tone", "--precise", "2.3.0"]).code, 2);
}

#[test]
fn what_does_not_go_together_is_raised_as_far_as_it_does_and_the_rest_is_told() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    for set in ["a/one 1.0.0", "b/two 1.0.0", "c/three 1.0.0"] {
        shelf.publish(set, &["style/voice ^1"]);
    }
    shelf.publish("style/voice 1.0.0", &[]);
    let manifest = "[registries]\ndefault = \"../registry\"\n\n[dependencies]\n\"a/one\" = \"^1\"\n\"b/two\" = \"^1\"\n\"c/three\" = \"^1\"\n";
    context.write("anvil.toml", manifest);
    context.anvil(&["pull"]).success();
    shelf.publish("style/voice 2.0.0", &[]);
    shelf.publish("a/one 2.0.0", &["style/voice ^2"]);
    shelf.publish("b/two 2.0.0", &["style/voice ^1"]);
    shelf.publish("b/two 3.0.0", &["style/voice ^3"]);
    shelf.publish("c/three 2.0.0", &["style/voice ^1"]);
    assert_answer!(context.anvil(&["update", "--breaking"]), str![]);
    context.anvil(&["lock", "--check"]).success();
    context.anvil(&["verify"]).success();
}
