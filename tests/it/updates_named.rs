//! `anvil update SET`: what moves, what stays, and why anything else moved; `outdated` and the requests it makes; and
//! trees that count prompts and lead upwards.

use crate::assert_answer;
use crate::context::TestContext;
use crate::server::{Fault, Server};
use crate::shelf::{Shelf, asking, pinning, state};
use snapbox::str;

/// A project that asks for three sets, one of which needs another, with newer versions of all since.
fn project() -> (TestContext, Shelf) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.1.0", &[]);
    shelf.publish("team/farewells 1.0.0", &["core/tone ^1.1"]);
    shelf.publish("team/greetings 1.2.0", &["style/voice ^1"]);
    shelf.publish("style/voice 1.0.0", &[]);
    context.write("anvil.toml", asking(&[("core/tone", "^1"), ("team/farewells", "^1"), ("team/greetings", "^1")]));
    context.anvil(&["pull"]).success();
    shelf.publish("core/tone 1.2.0", &[]);
    shelf.publish("core/tone 1.3.0", &[]);
    shelf.publish("style/voice 1.4.0", &[]);
    shelf.publish("team/farewells 1.1.0", &["core/tone ^1.1"]);
    (context, shelf)
}

#[test]
fn a_named_set_moves_with_what_it_needs_and_nothing_else_does() {
    let (context, _shelf) = project();
    assert_answer!(
        context.anvil(&["update", "team/greetings"]),
        str![[r#"
exit: 0
--- stdout
updated style/voice 1.0.0 -> 1.4.0
unpacked 1 of 4 sets, fetched 222 bytes
--- stderr
help: see what changed: `anvil diff style/voice@1.0.0 style/voice@1.4.0`

"#]]
    );
    let before = state(&context);
    assert_answer!(
        context.anvil(&["update", "core/tone", "--precise", "1.2.0", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would update core/tone 1.1.0 -> 1.2.0
would unpack core/tone 1.2.0
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    assert_eq!(state(&context), before);
    context.anvil(&["update", "core/tone", "--precise", "1.2.0"]).success();
    let lock = context.read("anvil.lock");
    assert!(lock.contains("name = \"team/farewells\"\nversion = \"1.0.0\""), "{lock}");
}

#[test]
fn whatever_else_moves_is_told_with_the_reason() {
    let (context, shelf) = project();
    shelf.publish("team/greetings 1.3.0", &["core/tone ^1.2", "style/voice ^1"]);
    assert_answer!(
        context.anvil(&["update", "team/greetings", "--dry-run"]),
        str![[r#"
exit: 0
--- stdout
would update core/tone 1.1.0 -> 1.3.0
would update style/voice 1.0.0 -> 1.4.0
would update team/greetings 1.2.0 -> 1.3.0
core/tone 1.1.0 -> 1.3.0: team/greetings 1.3.0 needs ^1.2
would unpack core/tone 1.3.0
would unpack style/voice 1.4.0
would unpack team/greetings 1.3.0
nothing was changed: this was a dry run
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["update", "team/greetings", "--precise", "1.3.0"]),
        str![[r#"
exit: 0
--- stdout
updated core/tone 1.1.0 -> 1.3.0
updated team/greetings 1.2.0 -> 1.3.0
core/tone 1.1.0 -> 1.3.0: team/greetings 1.3.0 needs ^1.2
unpacked 2 of 4 sets, fetched 486 bytes
--- stderr
help: see what changed: `anvil diff core/tone@1.1.0 core/tone@1.3.0`

"#]]
    );
    // A version that needs what is no longer locked gives way, and what nobody needs any more goes.
    let (context, shelf) = project();
    shelf.publish("core/tone 2.0.0", &[]);
    shelf.publish("team/farewells 1.2.0", &["core/tone ^2"]);
    shelf.publish("team/greetings 1.3.0", &["core/tone ^2"]);
    context.write("anvil.toml", context.read("anvil.toml").replace("\"core/tone\" = \"^1\"\n", ""));
    context.anvil(&["lock"]).success();
    let answer = context.anvil(&["update", "team/greetings", "--format", "json"]).success().json();
    let along = &answer["along"];
    assert_eq!(along[0]["name"], "core/tone", "{along:#}");
    assert_eq!(along[0]["why"][0]["by"], "set", "{along:#}");
    assert_eq!(along[1]["name"], "team/farewells", "{along:#}");
    assert_eq!(
        along[1]["why"][0]["words"], "team/farewells 1.0.0 needs core/tone ^1.1, and 2.0.0 is locked",
        "{along:#}"
    );
}

#[test]
fn what_is_added_and_removed_moves_nothing_that_is_behind() {
    let (context, shelf) = project();
    shelf.publish("lab/ideas 1.0.0", &["core/tone ^1", "style/voice ^1"]);
    let lock = context.read("anvil.lock");
    context.anvil(&["add", "lab/ideas"]).success();
    for set in
        ["core/tone\"\nversion = \"1.1.0", "style/voice\"\nversion = \"1.0.0", "team/farewells\"\nversion = \"1.0.0"]
    {
        assert!(context.read("anvil.lock").contains(set), "{set} moved");
    }
    context.anvil(&["remove", "lab/ideas"]).success();
    assert_eq!(context.read("anvil.lock"), lock);
    // With an override beside, too.
    context.write("anvil.toml", context.read("anvil.toml") + "\n[override]\n\"core/tone\" = \"=1.1.0\"\n");
    context.anvil(&["lock"]).success();
    let lock = context.read("anvil.lock");
    context.anvil(&["add", "lab/ideas"]).success();
    context.anvil(&["remove", "lab/ideas"]).success();
    assert_eq!(context.read("anvil.lock"), lock);
}

#[test]
fn outdated_asks_for_the_bundles_of_what_is_behind_once_and_tells_what_it_cannot_have() {
    let (context, _shelf) = project();
    let server = Server::serve(context.path("registry"));
    context.write("anvil.toml", context.read("anvil.toml").replace("../registry", &server.url("")));
    context.anvil(&["pull"]).success();
    server.forget();
    context.anvil(&["outdated", "--no-compat"]).success();
    assert_eq!(server.count("/bundles"), 0);
    server.forget();
    let told = context.anvil(&["outdated"]).success();
    assert!(told.stdout.contains("1.1.0   1.3.0 (patch)  1.3.0 (patch)"), "{}", told.shown());
    // Three sets are behind, each with one version that it may move to; what is locked is in the cache.
    assert_eq!(server.count("/bundles"), 3, "{:?}", server.requests());
    let mut asked: Vec<String> = server.requests().into_iter().map(|request| request.path).collect();
    asked.sort();
    let all = asked.len();
    asked.dedup();
    assert_eq!(asked.len(), all, "{asked:?}");
    // From the cache now.
    server.forget();
    context.anvil(&["outdated"]).success();
    assert_eq!(server.count("/bundles"), 0);
    std::fs::remove_dir_all(context.path("cache")).unwrap();
    server.fault("/bundles/core/tone/tone-1.3", Fault::Status(404));
    let told = context.anvil(&["outdated"]).success();
    assert!(told.stdout.contains("1.3.0 (not checked)") && told.stdout.contains("1.4.0 (patch)"), "{}", told.shown());
    let json = context.anvil(&["outdated", "--format", "json"]).success().json();
    assert_eq!(json["outdated"][0]["to_newest"]["checked"], false);
    assert!(json["outdated"][0]["to_newest"]["why_not_checked"].is_string());
}

#[test]
fn a_lock_is_checked_and_pulled_with_no_request_and_with_a_registry_that_is_down() {
    let (context, _shelf) = project();
    let server = Server::serve(context.path("registry"));
    context.write("anvil.toml", context.read("anvil.toml").replace("../registry", &server.url("")));
    context.anvil(&["pull"]).success();
    server.forget();
    let checks = [&["lock", "--check"][..], &["pull", "--locked"], &["verify"], &["tree"], &["why", "core/tone"]];
    for command in checks {
        context.anvil(command).success();
        assert_eq!(server.requests(), [], "{command:?}");
    }
    let stale = context.read("anvil.toml") + "\"style/voice\" = \"^1\"\n";
    let whole = context.read("anvil.toml");
    server.fault("/", Fault::HangUp);
    for command in checks {
        context.anvil(command).success();
    }
    context.write("anvil.toml", stale);
    for command in &checks[..2] {
        let answer = context.anvil(command);
        assert_eq!(answer.code, 1, "{}", answer.shown());
        assert!(answer.stderr.contains("error[A1037]"), "{}", answer.shown());
    }
    assert_eq!(server.requests(), [], "staleness was asked of the registry");
    drop(server);
    context.write("anvil.toml", whole);
    for command in checks {
        context.anvil(command).success();
    }
}

#[test]
fn a_tree_counts_prompts_leads_upwards_and_shows_who_asks_otherwise() {
    let (context, _shelf) = project();
    assert_answer!(
        context.anvil(&["tree"]),
        str![[r#"
exit: 0
--- stdout
project
├── core/tone 1.1.0 (^1) 1 prompt
├── team/farewells 1.0.0 (^1) 1 prompt
│   └── core/tone 1.1.0 (^1.1) 1 prompt
└── team/greetings 1.2.0 (^1) 1 prompt
    └── style/voice 1.0.0 (^1) 1 prompt
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree", "--invert", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
core/tone 1.1.0 1 prompt
├── anvil.toml (needs core/tone ^1)
└── team/farewells 1.0.0 (needs core/tone ^1.1)
    └── anvil.toml (needs team/farewells ^1)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree", "style/voice", "--invert", "--depth", "1"]),
        str![[r#"
exit: 0
--- stdout
style/voice 1.0.0 1 prompt
└── team/greetings 1.2.0 (needs style/voice ^1)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree", "--invert", "style/voice", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "root": {
    "name": "style/voice",
    "version": "1.0.0",
    "prompts": 1,
    "yanked": null,
    "deprecated": null
  },
  "dependants": [
    {
      "depth": 1,
      "by": {
        "name": "team/greetings",
        "version": "1.2.0"
      },
      "member": null,
      "needs": "style/voice",
      "requirement": "^1",
      "overridden": false,
      "repeated": false
    },
    {
      "depth": 2,
      "by": null,
      "member": ".",
      "needs": "team/greetings",
      "requirement": "^1",
      "overridden": false,
      "repeated": false
    }
  ]
}
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree", "--duplicates"]),
        str![[r#"
exit: 0
--- stdout
core/tone 1.1.0 1 prompt
  anvil.toml needs ^1
  team/farewells 1.0.0 needs ^1.1
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree", "--duplicates", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "duplicates": [
    {
      "name": "core/tone",
      "version": "1.1.0",
      "prompts": 1,
      "overridden": false,
      "asked": [
        {
          "by": null,
          "member": ".",
          "requirement": "^1"
        },
        {
          "by": {
            "name": "team/farewells",
            "version": "1.0.0"
          },
          "member": null,
          "requirement": "^1.1"
        }
      ]
    }
  ]
}
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["why", "style/voice"]),
        str![[r#"
exit: 0
--- stdout
style/voice 1.0.0, 1 prompt
  anvil.toml needs team/greetings ^1
  team/greetings 1.2.0 needs style/voice ^1
--- stderr

"#]]
    );
    // Where no index is at hand, what is unpacked is counted.
    std::fs::rename(context.path("registry"), context.path("away")).unwrap();
    std::fs::remove_dir_all(context.path("cache")).unwrap();
    assert!(context.anvil(&["tree"]).success().stdout.contains("core/tone 1.1.0 (^1) 1 prompt"));
    std::fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    assert!(context.anvil(&["tree"]).success().stdout.contains("core/tone 1.1.0 (^1)\n"));
}

#[test]
fn a_named_set_pushes_no_other_down_that_it_does_not_need() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    pinning(&context, &shelf);
    context.anvil(&["update", "x/a", "--precise", "1.1.0"]).success();
    let before = context.read("anvil.lock");
    for _ in 0..2 {
        let answer = context.anvil(&["update", "x/b"]).success();
        let told = "x/b stays at 1.0.0, 1.1.0 is the newest: it needs x/c =1.1.0, and 1.2.0 is locked\n";
        assert!(answer.stdout.contains(told), "{}", answer.shown());
        context.anvil(&["update", "x/a"]).success();
        context.anvil(&["update"]).success();
        assert_eq!(context.read("anvil.lock"), before);
    }
    let outdated = context.anvil(&["outdated", "--no-compat"]).success();
    assert!(!outdated.stdout.contains("x/a") && outdated.stdout.contains("x/b  1.0.0   1.0.0"), "{}", outdated.shown());
    // And the other way round.
    let moved = context.anvil(&["update", "x/b", "--precise", "1.1.0"]).success();
    let told = "x/a 1.1.0 -> 1.0.0: x/a 1.1.0 needs x/c =1.2.0, and 1.1.0 is locked\n";
    assert!(moved.stdout.contains(told), "{}", moved.shown());
    let before = context.read("anvil.lock");
    for command in [&["update", "x/a"][..], &["update"]] {
        context.anvil(command).success();
        assert_eq!(context.read("anvil.lock"), before, "{command:?}");
    }
    let outdated = context.anvil(&["outdated", "--no-compat", "--format", "json"]).success().json();
    for set in outdated["outdated"].as_array().unwrap() {
        assert_eq!(set["compatible"], set["locked"], "{set:#}");
    }
}

#[test]
fn a_version_with_which_nothing_would_need_the_set_is_refused() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("p/b 1.0.0", &[]);
    shelf.publish("p/a 1.0.0", &["p/b ~1.0"]);
    context.write("anvil.toml", asking(&[("p/a", "^1")]));
    context.anvil(&["pull"]).success();
    shelf.publish("p/b 2.0.0", &[]);
    shelf.publish("p/a 1.1.0", &[]);
    let before = state(&context);
    assert_answer!(
        context.anvil(&["update", "p/b", "--precise", "2.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1135]: where p/b is 2.0.0, nothing needs it: p/a would be 1.1.0, which does without it
  = help: to do without p/b: `anvil update p/a --precise 1.1.0`

"#]]
    );
    assert_eq!(state(&context), before);
    // And so it is.
    context.anvil(&["update", "p/a", "--precise", "1.1.0"]).success();
    context.anvil(&["lock", "--check"]).success();
    assert!(!context.read("anvil.lock").contains("p/b"));
}

#[test]
fn a_version_of_what_is_overridden_is_taken_where_the_override_takes_it() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    for set in ["p/b 1.0.0", "p/b 1.5.0", "p/b 2.0.0"] {
        shelf.publish(set, &[]);
    }
    shelf.publish("p/a 1.0.0", &["p/b ~1.0"]);
    let manifest = |overridden: &str| {
        context.write("anvil.toml", asking(&[("p/a", "^1")]) + "\n[override]\n\"p/b\" = \"" + overridden + "\"\n");
    };
    manifest(">=1");
    context.anvil(&["pull"]).success();
    assert!(context.read("anvil.lock").contains("name = \"p/b\"\nversion = \"2.0.0\""));
    context.anvil(&["update", "p/b", "--precise", "1.5.0"]).success();
    assert!(context.read("anvil.lock").contains("name = \"p/b\"\nversion = \"1.5.0\""));
    context.anvil(&["lock", "--check"]).success();
    manifest("^1.5");
    context.anvil(&["lock"]).success();
    assert_answer!(
        context.anvil(&["update", "p/b", "--precise", "2.0.0"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1135]: p/b 2.0.0 does not satisfy `[override]` of anvil.toml, which asks for `^1.5`
  = help: ask for it in anvil.toml, too: `anvil add p/b@=2.0.0 --override`

"#]]
    );
    context.anvil(&["add", "--override", "p/b@=2.0.0"]).success();
    assert!(context.read("anvil.lock").contains("name = \"p/b\"\nversion = \"2.0.0\""));
}

#[test]
fn a_command_that_asks_otherwise_names_the_registry_of_the_set() {
    let context = TestContext::new();
    Shelf::new(&context, "one", "one");
    let two = Shelf::new(&context, "two", "two");
    two.publish("p/b 1.0.0", &[]);
    two.publish("p/b 2.0.0", &[]);
    let manifest = "[registries]\ndefault = \"../one\"\nr2 = \"../two\"\n\n[dependencies]\n\
                    \"p/b\" = { version = \"^2\", registry = \"r2\" }\n";
    context.write("anvil.toml", manifest);
    context.anvil(&["pull"]).success();
    let answer = context.anvil(&["update", "p/b", "--precise", "1.0.0"]);
    assert!(answer.stderr.contains("anvil.toml, too: `anvil add @r2/p/b@=1.0.0`"), "{}", answer.shown());
    context.anvil(&["add", "@r2/p/b@=1.0.0"]).success();
    let answer = context.anvil(&["add", "@r2/p/b@stable"]);
    assert!(answer.stderr.contains("`anvil add @r2/p/b`"), "{}", answer.shown());
}
