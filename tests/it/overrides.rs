//! `[override]`: what stands in for a set, wherever it is asked for.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::Shelf;
use snapbox::str;

#[test]
fn an_override_says_where_from_too_and_one_that_nothing_needs_is_told() {
    let context = TestContext::new();
    let one = Shelf::new(&context, "one", "one");
    let two = Shelf::new(&context, "two", "two");
    two.publish("core/tone 1.0.0", &[]);
    let manifest = |overrides: &str| {
        let text = "[registries]\ndefault = \"../one\"\ntwo = \"../two\"\n\n[dependencies]\n\
                    \"core/tone\" = { version = \"^1\", registry = \"two\" }\n\n[override]\n";
        context.write("anvil.toml", format!("{text}{overrides}"));
    };
    manifest("\"core/tone\" = \"=1.0.0\"\n");
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0505]: `core/tone` does not exist in one
    anvil.toml:6 needs core/tone =1.0.0 (by `[override]`)
      core/tone: does not exist in one
  = help: `[override]` says where a set is taken from, too: without `registry` it is the default one

"#]]
    );
    manifest("\"core/tone\" = { version = \"=1.0.0\", registry = \"two\" }\n");
    context.anvil(&["lock"]).success();
    one.publish("core/tune 1.0.0", &[]);
    manifest("\"core/tune\" = \"=1.0.0\"\n");
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 0
--- stdout
wrote anvil.lock (1 set)
--- stderr
warning: nothing needs core/tune, so its entry in `[override]` of anvil.toml changes nothing

"#]]
    );
    let told = "warning: nothing needs core/tune, so its entry in `[override]` of anvil.toml changes nothing\n";
    for command in [&["pull"][..], &["pull", "--locked"], &["lock"], &["update"]] {
        assert_eq!(context.anvil(command).success().stderr, told, "{command:?}");
    }
}
