//! Sets from folders: dependencies by `path`, and overrides.

use crate::assert_answer;
use crate::shelf::{set_in, state};
use crate::sources::project;
use snapbox::str;
use std::fs;

#[test]
fn a_folder_is_used_where_it_lies() {
    let (context, _shelf, _url) = project();
    set_in(&context, "../shared", "team/shared 0.1.0", &["style/voice ^1.0"]);
    fs::create_dir(context.project().join("deep")).unwrap();
    let deep = context.project().join("deep");
    assert_answer!(
        context.anvil_in(&deep, &["add", "team/shared", "--path", "../../shared"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for team/shared path ../shared
added style/voice 1.0.0
added team/shared 0.1.0
unpacked 1 of 2 sets, fetched 223 bytes
--- stderr

"#]]
    );
    snapbox::assert_data_eq!(
        context.read("anvil.toml"),
        str![[r#"
[registries]
default = "../registry"

[dependencies]
"team/shared" = { path = "../shared" }

"#]]
    );
    snapbox::assert_data_eq!(
        context.scrub(&context.read("anvil.lock")),
        str![[r##"
# Written by anvil. Commit it; do not edit it by hand.
version = 1

[[requirement]]
member = "."
name = "team/shared"
path = "../shared"

[[set]]
name = "style/voice"
version = "1.0.0"
source = "registry:test"
sha256 = "[SHA256]"
digest = "h1:[DIGEST]"

[[set]]
name = "team/shared"
version = "0.1.0"
source = "path:../shared"
dependencies = [
  "style/voice ^1.0",
]

"##]]
    );
    assert_answer!(
        context.anvil(&["tree"]),
        str![[r#"
exit: 0
--- stdout
project
└── team/shared 0.1.0 (../shared) 1 prompt
    └── style/voice 1.0.0 (^1.0) 1 prompt
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["verify", "--format", "json"]),
        str![[r#"
exit: 0
--- stdout
{
  "ok": true,
  "sets": [
    {
      "name": "style/voice",
      "version": "1.0.0",
      "state": "unpacked",
      "files": [],
      "misfits": []
    },
    {
      "name": "team/shared",
      "version": "0.1.0",
      "state": "folder",
      "files": [],
      "misfits": []
    }
  ],
  "problems": []
}
--- stderr

"#]]
    );
    let before = state(&context);
    assert_answer!(
        context.anvil(&["add", "team/other", "--path", "../shared"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1043]: `../shared` holds team/shared, not team/other
  = help: depend on it by its name, team/shared

"#]]
    );
    assert_answer!(
        context.anvil(&["add", "team/other", "--path", "../nowhere"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0901]: cannot find `[ROOT]/nowhere`: No such file or directory (os error 2)

"#]]
    );
    assert_eq!(state(&context), before);
}

#[test]
fn a_folder_that_is_gone_can_be_taken_out() {
    let (context, _shelf, _url) = project();
    set_in(&context, "../shared", "team/shared 0.1.0", &[]);
    context.anvil(&["add", "team/shared", "--path", "../shared"]).success();
    fs::remove_dir_all(context.path("shared")).unwrap();
    context.anvil(&["remove", "team/shared"]).success();
    assert!(!context.read("anvil.toml").contains("team/shared") && !context.read("anvil.lock").contains("team/shared"));
    context.anvil(&["verify"]).success();
}

/// The manifest is only tried, so there is no line of it to show.
#[test]
fn a_folder_without_a_set_is_not_added() {
    let (context, _shelf, _url) = project();
    fs::create_dir(context.path("empty")).unwrap();
    let before = context.read("anvil.toml");
    assert_answer!(
        context.anvil(&["add", "team/shared", "--path", "../empty"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1040]: team/shared should be in `../empty`, and there is no `anvil.toml` there
  = help: name the folder whose `anvil.toml` has the set

"#]]
    );
    assert_eq!(context.read("anvil.toml"), before);
}

#[test]
fn folders_that_need_each_other_are_a_circle() {
    let (context, _shelf, _url) = project();
    set_in(&context, "../one", "team/one 0.1.0", &[]);
    set_in(&context, "../two", "team/two 0.1.0", &[]);
    context.write(
        "../one/anvil.toml",
        "[set]\nname = \"team/one\"\nversion = \"0.1.0\"\n[dependencies]\n\"team/two\" = { path = \"../two\" }\n",
    );
    context.write(
        "../two/anvil.toml",
        "[set]\nname = \"team/two\"\nversion = \"0.1.0\"\n[dependencies]\n\"team/one\" = { path = \"../one\" }\n",
    );
    let before = state(&context);
    assert_answer!(
        context.anvil(&["add", "team/one", "--path", "../one"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0503]: `team/one` needs itself
    this command needs team/one from path:../one
    team/one 0.1.0 needs team/two from path:../two
    team/two 0.1.0 needs team/one from path:../one

"#]]
    );
    assert_eq!(state(&context), before);
}

#[test]
fn a_folder_that_needs_the_project_itself_is_not_added() {
    let (context, _shelf, _) = project();
    context.write("anvil.toml", "[set]\nname = \"team/pb\"\nversion = \"1.0.0\"\n");
    context.write(
        "../pa/anvil.toml",
        "[set]\nname = \"team/pa\"\nversion = \"1.0.0\"\n\n[dependencies]\n\"team/pb\" = { path = \"../project\" }\n",
    );
    let before = state(&context);
    assert_answer!(
        context.anvil(&["add", "team/pa", "--path", "../pa"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0503]: `team/pb`, which this project holds, needs itself
    this command needs team/pa from path:../pa
    team/pa 1.0.0 needs team/pb from path:../project

"#]]
    );
    assert_eq!(state(&context), before);
}

#[test]
fn an_override_stands_in_for_a_set_wherever_it_is_needed() {
    let (context, shelf, _url) = project();
    shelf.publish("core/tone 1.0.0", &["style/voice ^1.0"]);
    context.anvil(&["add", "core/tone"]).success();
    set_in(&context, "../voice", "style/voice 9.0.0", &[]);
    context
        .write("anvil.toml", context.read("anvil.toml") + "\n[override]\n\"style/voice\" = { path = \"../voice\" }\n");
    assert_answer!(
        context.anvil(&["pull"]),
        str![[r#"
exit: 0
--- stdout
updated style/voice 1.0.0 -> 9.0.0
everything is in place (2 sets)
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["tree"]),
        str![[r#"
exit: 0
--- stdout
project
└── core/tone 1.0.0 (^1.0.0) 1 prompt
    └── style/voice 9.0.0 (../voice, overridden) 1 prompt
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["remove", "core/tone"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml no longer asks for core/tone
removed core/tone 1.0.0
removed style/voice 9.0.0
everything is in place (0 sets)
--- stderr
warning: nothing needs style/voice, so its entry in `[override]` of anvil.toml changes nothing
help: take it out: `anvil remove --override style/voice`

"#]]
    );
    context.anvil(&["verify"]).success();
}
