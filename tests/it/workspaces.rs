//! Workspaces: several sets in one repository with one lock, seen from the root, from a member and by others.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::Shelf;
use snapbox::str;
use std::fs;

const ROOT: &str = "[registries]\ndefault = \"../registry\"\n\n[workspace]\nmembers = [\"sets/*\"]\n\n\
                    [workspace.set]\nlicense = \"MIT\"\n\n[workspace.dependencies]\n\"core/tone\" = \"^1\"\n";
const VOICE: &str = "[set]\nname = \"team/voice\"\nversion = \"1.2.0\"\nlicense.workspace = true\n\n\
                     [dependencies]\n\"core/tone\" = { workspace = true }\n";
const MAIL: &str = "[set]\nname = \"team/mail\"\nversion = \"0.3.0\"\n\n[dependencies]\n\"team/voice\" = \"^1.2\"\n";
const CALM: &str = "---\ndescription: Calm.\n---\n{% render \"core/tone/house-style\" %}\nStay calm.\n";
const HELLO: &str = "---\ndescription: Hello.\nparameters: { name: string }\n---\n\
                     {% render \"team/voice/calm\" %}\nHello {{ name }}!\n";

/// Returns a repository whose root is a workspace with `team/voice` and `team/mail`, which needs it.
fn team() -> (TestContext, Shelf) {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.1.0", &[]);
    for (path, text) in [
        ("anvil.toml", ROOT),
        (".gitignore", ".anvil/\n"),
        ("sets/voice/anvil.toml", VOICE),
        ("sets/voice/prompts/calm.prompt.md", CALM),
        ("sets/mail/anvil.toml", MAIL),
        ("sets/mail/prompts/hello.prompt.md", HELLO),
    ] {
        context.write(path, text);
    }
    (context, shelf)
}

fn committed() -> (TestContext, Shelf) {
    let (context, shelf) = team();
    context.anvil(&["pull"]).success();
    context.git(&["add", "--all"]);
    context.git(&["commit", "--quiet", "--message", "begin"]);
    (context, shelf)
}

#[test]
fn one_lock_at_the_root_answers_all_members_from_wherever_it_is_asked_for() {
    let (context, _shelf) = team();
    let mail = context.path("project/sets/mail");
    assert_answer!(
        context.anvil_in(&mail, &["pull"]),
        str![[r#"
exit: 0
--- stdout
added core/tone 1.1.0
added team/voice 1.2.0
unpacked 1 of 2 sets, fetched 223 bytes
--- stderr

"#]]
    );
    let lock = context.read("anvil.lock");
    for part in [
        "member = \"sets/mail\"\nname = \"team/voice\"\nrequirement = \"^1.2\"\n",
        "member = \"sets/voice\"\nname = \"core/tone\"\nrequirement = \"^1\"\n",
        "name = \"team/voice\"\nversion = \"1.2.0\"\nsource = \"path:sets/voice\"\ndependencies = [\n  \"core/tone ^1\",\n]\n",
    ] {
        assert!(lock.contains(part), "{part} is not in\n{lock}");
    }
    assert!(!context.path("project/sets/mail/anvil.lock").exists());
    assert!(!context.path("project/sets/mail/.anvil").exists());
    for folder in [context.project(), mail, context.path("project/sets/voice/prompts")] {
        for command in [&["lock", "--check"][..], &["pull", "--locked"], &["verify"], &["lock"], &["update"]] {
            context.anvil_in(&folder, command).success();
        }
    }
    assert_eq!(context.read("anvil.lock"), lock);
}

#[test]
fn a_member_renders_the_other_as_it_lies_there() {
    let (context, _shelf) = committed();
    let mail = context.path("project/sets/mail");
    let rendered = "This is core/tone 1.1.0.\nStay calm.\nHello Ada!";
    let name = ["-p", "name=Ada"];
    for (folder, reference) in [
        (&mail, &["render", "hello"][..]),
        (&mail, &["render", "team/mail/hello"]),
        (&context.project(), &["render", "team/mail/hello"]),
        (&context.project(), &["render", "hello", "--set", "team/mail"]),
        (&context.path("project/sets/voice"), &["--set", "team/mail", "render", "hello"]),
    ] {
        let answer = context.anvil_in(folder, &[reference, &name].concat()).success();
        assert_eq!(answer.stdout, rendered, "{reference:?}");
    }
    context.write("sets/voice/prompts/calm.prompt.md", CALM.replace("calm.", "very calm."));
    let answer = context.anvil_in(&mail, &["render", "hello", "-p", "name=Ada"]).success();
    assert!(answer.stdout.contains("very calm."), "{}", answer.stdout);
    context.anvil(&["verify"]).success();
}

#[test]
fn a_member_that_went_missing_is_told_with_what_to_do() {
    let (context, _shelf) = committed();
    fs::remove_dir_all(context.path("project/sets/voice")).unwrap();
    assert_answer!(
        context.anvil_in(&context.path("project/sets/mail"), &["show", "team/voice"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1040]: there is no `anvil.toml` in `[ROOT]/project/sets/voice`
  = help: put the set back there; or, if it went for good, write the lock anew: `anvil lock`

"#]]
    );
}

#[test]
fn without_a_word_the_root_is_about_all_members() {
    let (context, _shelf) = committed();
    assert_answer!(
        context.anvil(&["lint"]),
        str![[r#"
exit: 0
--- stdout
2 prompts checked: no errors
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["lint", "--set", "team/mail"]),
        str![[r#"
exit: 0
--- stdout
1 prompt checked: no errors
--- stderr
next: `anvil render hello -p name=… --set team/mail`

"#]]
    );
    assert_answer!(
        context.anvil(&["tokens", "--format", "text"]),
        str![[r#"
exit: 0
--- stdout
prompt           text           tokens  by role  counted by
team/mail/hello  template       19               o200k_base
team/voice/calm  template       16               o200k_base
                 no parameters  15
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["show", "calm"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0211]: this project has no prompt `calm`
  = help: did you mean `team/voice/calm`?

"#]]
    );
    assert_answer!(
        context.anvil(&["version", "minor"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1031]: `[ROOT]/project/anvil.toml` is the root of a workspace, and this needs one of its members
  = help: say which with `--set`, or run it in its folder: team/mail, team/voice

"#]]
    );
    assert_answer!(
        context.anvil(&["version", "minor", "--set", "team/vioce"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1064]: no member of the workspace in `[ROOT]/project` is team/vioce
  = help: did you mean `--set team/voice`?

"#]]
    );
    context.write("sets/mail/prompts/hello.prompt.md", HELLO.replace("name }}", "nmae }}"));
    let answer = context.anvil(&["lint"]);
    assert_eq!(answer.code, 1);
    assert!(answer.stdout.contains("--> sets/mail/prompts/hello.prompt.md"), "{}", answer.stdout);
}

#[test]
fn a_member_is_versioned_and_published_as_if_it_stood_alone() {
    let (context, _shelf) = committed();
    let voice = context.path("project/sets/voice");
    context.git(&["tag", "team/mail@0.3.0"]);
    assert_answer!(
        context.anvil(&["push", "--set", "team/mail"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1065]: team/mail needs team/voice ^1.2, which test does not have yet
  = help: it is a member of this workspace, too: publish it first: `anvil push --set team/voice`

"#]]
    );
    assert_answer!(
        context.anvil(&["version", "1.3.0", "--set", "team/voice"]),
        str![[r#"
exit: 0
--- stdout
raised team/voice 1.2.0 -> 1.3.0, committed and tagged as team/voice@1.3.0 ([ID])
--- stderr
next: `anvil push --set team/voice`

"#]]
    );
    assert_answer!(
        context.anvil_in(&voice, &["push"]),
        str![[r#"
exit: 0
--- stdout
published team/voice 1.3.0 to default at ../registry (1 prompt, 531 bytes)
--- stderr
next: in a project that uses it, `anvil add team/voice`

"#]]
    );
    // The lock says the new version, too, and is in the same commit.
    context.anvil(&["lock", "--check"]).success();
    assert_eq!(context.git(&["status", "--porcelain"]), "");
    context.anvil(&["push", "--set", "team/mail"]).success();
    let app = context.path("app");
    fs::create_dir(&app).unwrap();
    fs::write(
        app.join("anvil.toml"),
        "[registries]\ndefault = \"../registry\"\n[dependencies]\n\"team/mail\" = \"0.3\"\n",
    )
    .unwrap();
    context.anvil_in(&app, &["pull"]).success();
    let lock = fs::read_to_string(app.join("anvil.lock")).unwrap();
    assert!(lock.contains("name = \"team/voice\"\nversion = \"1.3.0\"\nsource = \"registry:test\""), "{lock}");
    // What was published says itself what it inherited.
    let unpacked = fs::read_dir(app.join(".anvil/sets/team/voice"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.is_dir())
        .unwrap();
    let manifest = fs::read_to_string(unpacked.join("anvil.toml")).unwrap();
    assert_eq!(
        manifest,
        VOICE
            .replace("1.2.0", "1.3.0")
            .replace(".workspace = true", " = \"MIT\"")
            .replace("{ workspace = true }", "\"^1\"")
    );
    let rendered = context.anvil_in(&app, &["render", "team/mail/hello", "-p", "name=Ada"]).success();
    assert!(rendered.stdout.contains("Stay calm.\nHello Ada!"), "{}", rendered.stdout);
}

#[test]
fn a_set_of_a_registry_that_needs_a_member_gets_the_member_in_development() {
    let (context, shelf) = team();
    shelf.publish("far/letters 1.0.0", &["team/voice ^1"]);
    shelf.publish("team/voice 1.9.0", &[]);
    context.write("sets/mail/anvil.toml", MAIL.to_owned() + "\"far/letters\" = \"1\"\n");
    context.anvil(&["lock"]).success();
    let lock = context.read("anvil.lock");
    assert!(lock.contains("name = \"team/voice\"\nversion = \"1.2.0\"\nsource = \"path:sets/voice\""), "{lock}");
    shelf.publish("far/letters 1.1.0", &["team/voice ^2"]);
    context.anvil(&["update"]).success();
    assert!(context.read("anvil.lock").contains("name = \"far/letters\"\nversion = \"1.0.0\""));
}

#[test]
fn a_requirement_that_the_member_does_not_meet_is_explained() {
    let (context, _shelf) = team();
    context.write("sets/voice/anvil.toml", VOICE.replace("1.2.0", "2.0.0"));
    let before = context.files(".");
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: no version of `team/voice` that can be used satisfies `^1.2`
    sets/mail/anvil.toml:6 needs team/voice ^1.2 from path:sets/voice
      team/voice: has 2.0.0
  = help: team/voice 2.0.0 would do: `anvil add team/voice@^2 --set team/mail`

"#]]
    );
    assert_eq!(context.files("."), before);
}

#[test]
fn dependencies_are_added_to_the_member_that_is_meant_and_taken_out_of_it() {
    let (context, shelf) = committed();
    shelf.publish("core/lists 1.0.0", &[]);
    let mail = context.path("project/sets/mail");
    assert_answer!(
        context.anvil(&["add", "core/lists"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1031]: `[ROOT]/project/anvil.toml` is the root of a workspace, and this needs one of its members
  = help: say which with `--set`, or run it in its folder: team/mail, team/voice

"#]]
    );
    assert_answer!(
        context.anvil_in(&mail, &["add", "core/lists"]),
        str![[r#"
exit: 0
--- stdout
anvil.toml now asks for core/lists ^1.0.0
added core/lists 1.0.0
unpacked 1 of 3 sets, fetched 222 bytes
--- stderr
help: see what a prompt takes: `anvil show core/lists/house-style`

"#]]
    );
    assert!(
        context
            .read("sets/mail/anvil.toml")
            .ends_with("[dependencies]\n\"core/lists\" = \"^1.0.0\"\n\"team/voice\" = \"^1.2\"\n")
    );
    assert!(context.read("anvil.lock").contains("member = \"sets/mail\"\nname = \"core/lists\""));
    // Both need it: what one gives up stays for the other.
    context.anvil(&["add", "core/lists", "--set", "team/voice"]).success();
    context.anvil(&["remove", "core/lists", "--set", "team/mail"]).success();
    assert!(context.read("anvil.lock").contains("name = \"core/lists\"\nversion = \"1.0.0\""));
    context.anvil(&["remove", "core/lists", "--set", "team/voice"]).success();
    assert!(!context.read("anvil.lock").contains("core/lists"));
    context.anvil(&["lock", "--check"]).success();
}

#[test]
fn the_lock_is_stale_when_any_member_asks_for_something_else() {
    let (context, _shelf) = committed();
    context.write("sets/mail/anvil.toml", MAIL.replace("^1.2", "^1.1"));
    assert_answer!(
        context.anvil_in(&context.path("project/sets/voice"), &["lock", "--check"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1037]: anvil.lock does not answer anvil.toml: `sets/mail/anvil.toml` asks for team/voice ^1.1, the lock answers ^1.2
  = help: write it anew and commit it: `anvil lock`

"#]]
    );
    context.write("sets/mail/anvil.toml", MAIL);
    context.write("sets/voice/anvil.toml", VOICE.replace("1.2.0", "1.2.1"));
    assert_answer!(
        context.anvil(&["pull", "--locked"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1037]: anvil.lock does not answer anvil.toml: team/voice in `sets/voice` is 1.2.1 now, the lock holds 1.2.0
  = help: write it anew and commit it: `anvil lock`

"#]]
    );
    // A member that is gone is no longer answered.
    context.write("sets/voice/anvil.toml", VOICE);
    fs::remove_dir_all(context.path("project/sets/mail")).unwrap();
    assert_answer!(
        context.anvil(&["lock", "--check"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1037]: anvil.lock does not answer anvil.toml: the lock answers team/voice, which `sets/mail/anvil.toml` no longer asks for; the lock holds team/voice, which nothing needs
  = help: write it anew and commit it: `anvil lock`

"#]]
    );
}

#[test]
fn a_member_that_is_pulled_from_git_is_what_it_inherits_and_its_siblings_are_those_of_the_registry() {
    let (context, shelf) = committed();
    shelf.publish("team/voice 1.2.5", &[]);
    // Where a path leads that stands in a commit, nobody knows: the registry is named by its id.
    context.write("anvil.toml", ROOT.replace("\"../registry\"", "{ url = \"../registry\", id = \"test\" }"));
    context.git(&["commit", "--quiet", "--all", "--message", "say which registry"]);
    let app = context.path("app");
    fs::create_dir(&app).unwrap();
    let url = format!("file://{}", context.project().display());
    let manifest = format!(
        "[registries]\ndefault = \"../registry\"\n[dependencies]\n\"team/mail\" = {{ git = \"{url}\", subdirectory = \"sets/mail\" }}\n"
    );
    fs::write(app.join("anvil.toml"), manifest).unwrap();
    context.anvil_in(&app, &["pull"]).success();
    let lock = fs::read_to_string(app.join("anvil.lock")).unwrap();
    assert!(lock.contains("name = \"team/voice\"\nversion = \"1.2.5\"\nsource = \"registry:test\""), "{lock}");
}

#[test]
fn a_workspace_that_is_not_sound_is_told_and_nothing_changes() {
    let (context, _shelf) = committed();
    let cases: &[(&str, &str, &str)] = &[
        ("sets/copy/anvil.toml", VOICE, "two members of one name"),
        ("sets/inner/anvil.toml", "[workspace]\nmembers = [\"x\"]\n", "a workspace in a workspace"),
        (
            "sets/own/anvil.toml",
            "[set]\nname = \"team/own\"\nversion = \"1.0.0\"\n[registries]\ndefault = \"../r\"\n",
            "registries in a member",
        ),
        (
            "sets/none/anvil.toml",
            "[set]\nname = \"team/none\"\nversion = \"1.0.0\"\nkeywords.workspace = true\n",
            "nothing to inherit",
        ),
        ("sets/bad/anvil.toml", "[set\n", "no TOML"),
    ];
    let mut told = String::new();
    for (path, text, what) in cases {
        context.write(path, text);
        let before = context.files(".");
        let answer = context.anvil(&["lock"]);
        assert_eq!(answer.code, 1, "{what}: {}", answer.shown());
        told.push_str(&format!("# {what}\n{}", context.scrub(&answer.stderr)));
        assert_eq!(context.files("."), before, "{what}");
        fs::remove_dir_all(context.project().join(path).parent().unwrap()).unwrap();
    }
    context.write("anvil.toml", ROOT.replace("\"sets/*\"", "\"sets/*\", \"sets/mial\""));
    told.push_str(&format!("# a member that is not there\n{}", context.scrub(&context.anvil(&["lock"]).stderr)));
    // The same folder twice is one member, and one that is kept out is none.
    context.write("anvil.toml", ROOT.replace("\"sets/*\"", "\"sets/*\", \"sets/mail\""));
    context.anvil(&["lock", "--check"]).success();
    context.write("sets/old/anvil.toml", VOICE);
    context.write("anvil.toml", ROOT.replace("[\"sets/*\"]", "[\"sets/*\"]\nexclude = [\"sets/old\"]"));
    context.anvil(&["lock", "--check"]).success();
    snapbox::assert_data_eq!(
        told,
        str![[r##"
# two members of one name
error[A0118]: `sets/copy` and `sets/voice` are both team/voice, and the members of a workspace must have names of their own
  = help: rename one of them, or keep it out: `exclude = ["sets/voice"]` in the root's [workspace]
# a workspace in a workspace
error[A0116]: `[workspace]` counts in the root of the workspace alone, and this is a member
  --> [ROOT]/project/sets/inner/anvil.toml:1:2
   |
 1 | [workspace]
   |  ^^^^^^^^^ not here
   = help: a workspace has no other in it: keep it out with `exclude` in the root's [workspace]
# registries in a member
error[A0116]: `[registries]` counts in the root of the workspace alone, and this is a member
  --> [ROOT]/project/sets/own/anvil.toml:4:2
   |
 4 | [registries]
   |  ^^^^^^^^^^ not here
   = help: move it to the `anvil.toml` that has [workspace], where it holds for all members
# nothing to inherit
error[A0117]: `set.keywords` should come from a workspace, and none gives it
  --> [ROOT]/project/sets/none/anvil.toml:4:1
   |
 4 | keywords.workspace = true
   | ^^^^^^^^ not inherited
   = help: write it here, or `workspace.set.keywords` in the root's `anvil.toml`, whose `members` must list this folder
# no TOML
error[A0101]: `[ROOT]/project/sets/bad/anvil.toml` is not valid TOML: unclosed table, expected `]`
  --> [ROOT]/project/sets/bad/anvil.toml:1:5
   |
 1 | [set
   |     ^ here
# a member that is not there
error[A0119]: `members` in `[ROOT]/project/anvil.toml` names `sets/mial`, and there is no `anvil.toml` there
  = help: correct `members`, or make a set there with `anvil init`

"##]]
    );
}

#[test]
fn a_new_member_leaves_to_the_root_what_is_said_there() {
    let (context, _shelf) = committed();
    assert_answer!(
        context.anvil(&["init", "sets/news", "--name", "team/news", "--license", "MIT"]),
        str![[r#"
exit: 0
--- stdout
wrote anvil.toml
began the prompt set team/news in `sets/news`
--- stderr
next: `anvil -C sets/news new welcome`

"#]]
    );
    assert_eq!(context.files("sets/news").len(), 1);
    context.anvil(&["lock", "--check"]).success();
    context.anvil(&["new", "daily", "--set", "team/news"]).success();
    context.anvil(&["lint"]).success();
    assert_eq!(context.anvil(&["init", "sets/more", "--name", "team/more", "--registry", "../registry"]).code, 1);
    assert!(!context.path("project/sets/more").exists());
}

#[test]
fn a_dependency_is_inherited_where_it_is_asked_for_and_a_faulty_root_is_told() {
    let (context, shelf) = committed();
    shelf.publish("core/tone 1.2.0", &[]);
    shelf.publish("core/tone 2.0.0", &[]);
    context.write("anvil.toml", ROOT.replace("^1", "^2"));
    assert_eq!(context.anvil(&["lock", "--check"]).code, 1);
    context.anvil(&["lock"]).success();
    assert!(context.read("anvil.lock").contains("name = \"core/tone\"\nversion = \"2.0.0\""));
    context.write("anvil.toml", ROOT.replace("\"MIT\"", "[1]"));
    assert_answer!(
        context.anvil_in(&context.path("project/sets/mail"), &["lock"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0103]: `workspace.set.license` must be a string, not an array
  --> [ROOT]/project/anvil.toml:8:11
   |
 8 | license = [1]
   |           ^^^ an array

"#]]
    );
}

#[test]
fn every_broken_member_is_told_by_lint_at_the_root() {
    let (context, _shelf) = committed();
    context.write("sets/bad/anvil.toml", "[set\n");
    context
        .write("sets/poor/anvil.toml", "[set]\nname = \"team/poor\"\nversion = \"1.0.0\"\nkeywords.workspace = true\n");
    let answer = context.anvil(&["lint"]);
    assert_eq!(answer.code, 1, "{}", answer.shown());
    for part in ["sets/bad/anvil.toml:1", "sets/poor/anvil.toml:4", "A0101", "A0117"] {
        assert!(answer.stdout.contains(part), "{part} is not in {}", answer.stdout);
    }
}

#[test]
fn a_version_that_another_member_does_not_take_is_told_with_what_to_do() {
    let (context, _shelf) = committed();
    assert_answer!(
        context.anvil(&["version", "2.0.0", "--set", "team/voice"]),
        str![[r#"
exit: 0
--- stdout
raised team/voice 1.2.0 -> 2.0.0, committed and tagged as team/voice@2.0.0 ([ID])
--- stderr
warning[A1066]: team/mail needs team/voice ^1.2, which 2.0.0 does not satisfy
  = help: let it take the new version: `anvil add team/voice@^2.0.0 --set team/mail`
next: `anvil push --set team/voice`

"#]]
    );
    assert_answer!(
        context.anvil(&["lock"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0506]: no version of `team/voice` that can be used satisfies `^1.2`
    sets/mail/anvil.toml:6 needs team/voice ^1.2 from path:sets/voice
      team/voice: has 2.0.0
  = help: team/voice 2.0.0 would do: `anvil add team/voice@^2 --set team/mail`

"#]]
    );
    context.git(&["tag", "team/mail@0.3.0"]);
    assert_answer!(
        context.anvil(&["push", "--set", "team/mail"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1065]: team/mail needs team/voice ^1.2, which test does not have: the member is past that
  = help: let it take the version that the member has: `anvil add team/voice@REQUIREMENT --set team/mail`

"#]]
    );
    context.anvil(&["add", "team/voice@^2", "--set", "team/mail"]).success();
    context.anvil(&["lock", "--check"]).success();
}

#[test]
fn overrides_stand_at_the_root_from_wherever_they_are_added() {
    let (context, shelf) = committed();
    shelf.publish("core/tone 1.3.0", &[]);
    context.anvil_in(&context.path("project/sets/mail"), &["add", "--override", "core/tone@=1.1.0"]).success();
    assert!(context.read("anvil.toml").contains("[override]\n\"core/tone\" = \"=1.1.0\"\n"));
    context.anvil(&["update"]).success();
    assert!(context.read("anvil.lock").contains("name = \"core/tone\"\nversion = \"1.1.0\""));
    context.anvil(&["remove", "--override", "core/tone", "--set", "team/voice"]).success();
    context.anvil(&["update"]).success();
    assert!(context.read("anvil.lock").contains("name = \"core/tone\"\nversion = \"1.3.0\""));
    // What a member asks holds a set back at the root, too.
    context.write("anvil.toml", ROOT.replace("^1", "~1.3"));
    shelf.publish("core/tone 1.4.0", &[]);
    assert_answer!(
        context.anvil(&["outdated", "--no-compat"]),
        str![[r#"
exit: 0
--- stdout
set        locked  compatible  newest
core/tone  1.3.0   1.3.0       1.4.0   anvil.toml asks for ~1.3 (inherited by sets/voice)
--- stderr

"#]]
    );
}

#[test]
fn the_one_lock_is_compared_from_everywhere() {
    let (context, _shelf) = committed();
    for place in ["", "sets/mail", "sets/mail/prompts"] {
        let folder = context.project().join(place);
        let answer = context.anvil_in(&folder, &["lock", "--diff", "--exit-code"]);
        assert_eq!(answer.code, 0, "{place}: {}", answer.shown());
    }
}

#[test]
fn a_workspace_is_begun_with_what_git_has_to_know() {
    let context = TestContext::new();
    let _shelf = Shelf::new(&context, "registry", "test");
    assert_answer!(
        context.anvil(&["init", "--workspace", "--registry", "../registry"]),
        str![[r#"
exit: 0
--- stdout
made a git repository
wrote .gitignore, .gitattributes and anvil.toml
began a workspace
--- stderr
next: `anvil init sets/welcome --name project/welcome`

"#]]
    );
    assert!(context.read(".gitignore").contains(".anvil/"));
    context.anvil(&["init", "sets/welcome", "--name", "team/welcome"]).success();
    context.anvil(&["lint"]).success();
    assert_answer!(
        context.anvil(&["tree"]),
        str![[r#"
exit: 0
--- stdout
team/welcome 0.1.0 (sets/welcome)
--- stderr

"#]]
    );
}

#[test]
fn a_vendored_workspace_is_pulled_from_a_member_too() {
    let (context, shelf) = committed();
    context.anvil(&["vendor"]).success();
    fs::remove_dir_all(&shelf.root).unwrap();
    fs::remove_dir_all(context.path("cache")).unwrap();
    for place in ["", "sets/mail"] {
        let folder = context.project().join(place);
        for command in [&["pull", "--locked"][..], &["lock"], &["verify"]] {
            context.anvil_in(&folder, command).success();
        }
    }
    assert!(!context.path("project/.anvil/sets").exists());
}
