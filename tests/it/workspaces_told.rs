//! What commands say in a workspace: of registries, of who asks for a set, of members that there are and that are not.

use crate::context::TestContext;
use crate::shelf::Shelf;
use std::fs;

const ROOT: &str = "[registries]\ndefault = \"../registry\"\n\n[workspace]\nmembers = [\"sets/*\"]\n";

fn member(name: &str, needs: &[&str]) -> String {
    let needs: String = needs.iter().map(|need| format!("\"{need}\" = \"^1\"\n")).collect();
    format!("[set]\nname = \"team/{name}\"\nversion = \"1.0.0\"\n\n[dependencies]\n{needs}")
}

/// Returns a workspace whose members need what is said of them.
fn workspace(members: &[(&str, &[&str])]) -> (TestContext, Shelf) {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.1.0", &[]);
    shelf.publish("core/style 1.0.0", &["core/tone ^1"]);
    context.write("anvil.toml", ROOT);
    context.write(".gitignore", ".anvil/\n");
    for (name, needs) in members {
        context.write(&format!("sets/{name}/anvil.toml"), member(name, needs));
        context.write(&format!("sets/{name}/prompts/{name}.prompt.md"), "---\ndescription: A prompt.\n---\nHi.\n");
    }
    (context, shelf)
}

#[test]
fn a_registrys_place_is_told_as_the_root_writes_it_from_every_folder() {
    let (context, shelf) = workspace(&[("mail", &["core/tone"])]);
    context.anvil(&["pull"]).success();
    let mail = context.path("project/sets/mail");
    let told = context.anvil_in(&mail, &["channel", "list", "core/tone", "--format", "json"]).success().json();
    assert_eq!(told["registry"]["location"], "../registry", "{told}");
    let verbose = context.anvil_in(&mail, &["-v", "update"]).success();
    assert!(verbose.stderr.contains("`test`, at ../registry"), "{}", verbose.shown());
    // What can be typed is true where it is typed.
    fs::write(shelf.root.join("index/core/tone.jsonl"), "garbage\n").unwrap();
    let answer = context.anvil_in(&mail, &["update"]);
    assert_eq!(answer.code, 1, "{}", answer.shown());
    assert!(answer.stderr.contains("at `../registry`"), "{}", answer.shown());
    let whole = shelf.root.canonicalize().unwrap();
    let command = format!("`anvil registry verify {}`", whole.display());
    assert!(answer.stderr.contains(&command), "{command} is not in\n{}", answer.shown());
    let at_root = context.anvil(&["update"]);
    assert!(at_root.stderr.contains("at `../registry`"), "{}", at_root.shown());
    assert!(!at_root.stderr.contains("../../"), "{}", at_root.shown());
}

#[test]
fn every_member_and_every_set_that_asks_is_told_with_a_way() {
    let (context, _shelf) = workspace(&[("a", &["core/tone"]), ("b", &["core/style"]), ("c", &["team/b"])]);
    context.anvil(&["lock"]).success();
    let told = context.anvil(&["why", "core/tone"]).success();
    assert_eq!(
        told.stdout,
        "core/tone 1.1.0, 1 prompt\n  sets/a/anvil.toml needs core/tone ^1\n  or\n  sets/b/anvil.toml needs core/style ^1\n  \
         core/style 1.0.0 needs core/tone ^1\n  or\n  sets/c/anvil.toml needs team/b ^1\n  team/b 1.0.0 needs core/style ^1\n  \
         core/style 1.0.0 needs core/tone ^1\n"
    );
    let json = context.anvil(&["why", "core/tone", "--format", "json"]).success().json();
    let members: Vec<&str> =
        json["paths"].as_array().unwrap().iter().map(|path| path[0]["member"].as_str().unwrap()).collect();
    assert_eq!((members, json["more"].as_bool()), (vec!["sets/a", "sets/b", "sets/c"], Some(false)));
}

#[test]
fn a_glob_that_leads_to_no_member_is_warned_of() {
    let (context, _shelf) = workspace(&[("mail", &["core/tone"])]);
    context.write("anvil.toml", ROOT.replace("\"sets/*\"", "\"sets/*\", \"tools/*\""));
    let warning = "`tools/*` in `workspace.members` leads to no member";
    context.anvil(&["pull"]).success();
    for command in [&["lock"][..], &["lock", "--check"], &["verify"], &["doctor"], &["lint"]] {
        let answer = context.anvil(command).success();
        assert!(answer.shown().contains(warning), "{command:?}: {}", answer.shown());
    }
    let json = context.anvil(&["verify", "--format", "json"]).success().json();
    assert_eq!((&json["ok"], &json["problems"][0]["severity"]), (&true.into(), &"warning".into()), "{json}");
    let github = context.anvil(&["verify", "--format", "github"]).success();
    assert!(github.stdout.starts_with("::warning file=anvil.toml,line=5,"), "{}", github.stdout);
    // From a member the root's manifest is told with its place.
    let mail = context.path("project/sets/mail");
    let told = context.anvil_in(&mail, &["lock"]).success();
    assert!(
        told.stderr.contains("[ROOT]/project/anvil.toml") || told.shown().contains("[ROOT]/project/anvil.toml:5"),
        "{}",
        told.shown()
    );
    // One that leads somewhere is fine, and an excluded member is none.
    context.write("anvil.toml", ROOT);
    assert!(!context.anvil(&["lock"]).success().shown().contains("leads to no member"));
    context.write("anvil.toml", format!("{ROOT}exclude = [\"sets/mail\"]\n"));
    assert!(context.anvil(&["lint"]).shown().contains("`sets/*` in `workspace.members` leads to no member"));
}

#[test]
fn a_workspace_without_members_is_warned_of_and_refused_where_it_is_nothing_else() {
    let (context, _shelf) = workspace(&[]);
    for members in ["members = []\n", ""] {
        let bare = format!("[registries]\ndefault = \"../registry\"\n\n[workspace]\n{members}");
        context.write("anvil.toml", &bare);
        for command in
            [&["lock"][..], &["lock", "--check"], &["verify"], &["pull"], &["update"], &["lint"], &["doctor"]]
        {
            let answer = context.anvil(command);
            assert_eq!(answer.code, 1, "{command:?}: {}", answer.shown());
            let shown = answer.shown();
            assert!(shown.contains("is the root of a workspace that names no members"), "{command:?}: {shown}");
        }
        assert!(!context.path("project/anvil.lock").exists());
        // A set can be that has no members yet, or an application.
        context.write("anvil.toml", format!("{bare}\n[dependencies]\n\"core/tone\" = \"^1\"\n"));
        let answer = context.anvil(&["lock"]).success();
        assert!(answer.stderr.contains("`workspace.members` names no folder"), "{}", answer.shown());
        fs::remove_file(context.path("project/anvil.lock")).unwrap();
    }
}

#[test]
fn the_first_member_of_a_root_that_was_written_by_hand_has_git_overlook_what_is_unpacked() {
    let context = TestContext::in_git();
    context.write("anvil.toml", ROOT);
    context.write(".gitignore", "target/\n");
    let answer = context.anvil(&["init", "sets/a", "--name", "team/a"]).success();
    assert_eq!(
        answer.stdout.lines().next(),
        Some("wrote .gitignore, .gitattributes and anvil.toml"),
        "{}",
        answer.shown()
    );
    let ignored = context.read(".gitignore");
    assert!(ignored.starts_with("target/\n\n") && ignored.contains("\n.anvil/\n"), "{ignored}");
    assert!(context.read(".gitattributes").contains("anvil.lock "));
    for name in [".gitignore", ".gitattributes"] {
        assert!(!context.path("project/sets/a").join(name).exists(), "{name}");
    }
    // The second finds all of it there.
    let answer = context.anvil(&["init", "sets/b", "--name", "team/b"]).success();
    assert_eq!(answer.stdout.lines().next(), Some("wrote anvil.toml"), "{}", answer.shown());
    // A set that is no member has its own, for what it unpacks lies in its folder.
    context.anvil(&["init", "apart", "--name", "team/apart"]).success();
    assert!(context.read("apart/.gitignore").contains(".anvil/"));
}

#[test]
fn what_needs_one_set_names_the_members_at_the_root() {
    let (context, _shelf) = workspace(&[("mail", &["core/tone"]), ("voice", &[])]);
    context.anvil(&["pull"]).success();
    context.commit("begin");
    for command in [
        &["compat"][..],
        &["compat", "HEAD"],
        &["diff"],
        &["diff", "HEAD"],
        &["log"],
        &["show"],
        &["show", "nothing"],
        &["render", "nothing"],
        &["version", "patch"],
        &["push"],
        &["rollback", "1.0.0"],
        &["channel", "list"],
        &["channel", "set", "stable", "1.0.0"],
        &["yank", "1.0.0", "--reason", "other"],
        &["deprecate", "1.0.0", "--message", "old"],
        &["new", "hi"],
        &["add", "core/style"],
    ] {
        let answer = context.anvil(command);
        assert_ne!(answer.code, 0, "{command:?}: {}", answer.shown());
        for part in ["is the root of a workspace", "`--set`", "team/mail, team/voice"] {
            assert!(answer.stderr.contains(part), "{command:?}: {part} is not in\n{}", answer.shown());
        }
    }
    for command in ["render", "show"] {
        let answer = context.anvil(&[command, "mail"]);
        assert!(answer.stderr.contains("did you mean `team/mail/mail`?"), "{}", answer.shown());
    }
    context.anvil(&["compat", "--set", "team/mail"]).success();
    context.anvil(&["diff", "HEAD", "--set", "team/mail"]).success();
}

/// Returns a workspace whose members `a` and `b` inherit what is asked of `core/tone` from line 8 of the root.
fn inheriting(requirement: &str) -> (TestContext, Shelf) {
    let (context, shelf) = workspace(&[("a", &[]), ("b", &[]), ("c", &["core/tone"])]);
    let inherited = "\n[workspace.set]\nauthors = [\n  \"Ada <ada@example.com>\",\n]\n";
    let text = format!("{ROOT}\n[workspace.dependencies]\n\"core/tone\" = \"{requirement}\"\n{inherited}");
    context.write("anvil.toml", text);
    for name in ["a", "b"] {
        // What is filled in above takes other lines than what stands there.
        let text = member(name, &[]).replace("\n\n", "\nauthors.workspace = true\n\n");
        context.write(&format!("sets/{name}/anvil.toml"), format!("{text}\"core/tone\" = {{ workspace = true }}\n"));
    }
    (context, shelf)
}

#[test]
fn a_requirement_that_members_inherit_is_told_where_it_is_written() {
    let (context, _shelf) = inheriting("^3");
    let answer = context.anvil(&["lock"]);
    assert_eq!(answer.code, 1, "{}", answer.shown());
    for part in [
        "anvil.toml:8 (inherited by sets/a) needs core/tone ^3",
        "core/tone 1.1.0 would do: have line 8 of the workspace's anvil.toml, in [workspace.dependencies], ask for ^1",
    ] {
        assert!(answer.stderr.contains(part), "{part} is not in\n{}", answer.shown());
    }
    // Two members inherit it, so that one that asked for something else would help nobody.
    assert!(
        !answer.stderr.contains("sets/a/anvil.toml:") && !answer.stderr.contains("--override"),
        "{}",
        answer.shown()
    );
    let json = context.anvil(&["lock", "--format", "json"]);
    let error: serde_json::Value = serde_json::from_str(json.stderr.lines().last().unwrap()).unwrap();
    let demands = error["error"]["explanation"]["conflicts"][0]["demands"].as_array().unwrap().clone();
    let by = demands.iter().map(|demand| &demand["path"][0]["by"]).find(|by| by["member"] == "sets/a").unwrap();
    assert_eq!((&by["line"], &by["inherited"]), (&7.into(), &8.into()), "{error:#}");
}

#[test]
fn what_holds_a_set_is_told_by_member_and_each_once() {
    let (context, shelf) = inheriting("^1.1");
    context.write("sets/d/anvil.toml", member("d", &["team/c"]));
    context.anvil(&["lock"]).success();
    shelf.publish("core/tone 2.0.0", &[]);
    let held = "anvil.toml asks for ^1.1 (inherited by sets/a and sets/b), sets/c/anvil.toml asks for ^1\n";
    for command in [&["outdated", "--no-compat"][..], &["update"]] {
        let told = context.anvil(command).success();
        assert!(told.stdout.contains(held), "{}", told.shown());
    }
    let json = context.anvil(&["outdated", "--no-compat", "--format", "json"]).success().json();
    assert_eq!(
        json["outdated"][0]["held_by"],
        serde_json::json!([
            { "by": "manifest", "requirement": "^1.1", "member": ".", "inherited_by": ["sets/a", "sets/b"] },
            { "by": "manifest", "requirement": "^1", "member": "sets/c", "inherited_by": [] },
        ])
    );
}

#[test]
fn a_member_that_others_need_asks_once_for_what_it_needs() {
    let (context, _shelf) = workspace(&[("a", &[]), ("b", &["team/a", "core/tone"]), ("c", &["team/b"])]);
    context.write("lab/anvil.toml", "[set]\nname = \"lab/ideas\"\nversion = \"0.2.0\"\n");
    let text = member("a", &[]) + "\"lab/ideas\" = { path = \"../../lab\" }\n";
    context.write("sets/a/anvil.toml", text);
    context.anvil(&["lock"]).success();
    let told = context.anvil(&["tree", "--duplicates"]).success();
    assert!(!told.stdout.contains("lab/ideas"), "one line of one manifest: {}", told.shown());
    let told = context.anvil(&["tree", "--invert", "core/tone"]).success();
    assert_eq!(
        told.stdout,
        "core/tone 1.1.0 1 prompt\n└── sets/b/anvil.toml (needs core/tone ^1)\n    └── sets/c/anvil.toml (needs team/b ^1)\n"
    );
    let json = context.anvil(&["tree", "--invert", "core/tone", "--format", "json"]).success().json();
    assert_eq!((&json["dependants"][0]["by"], &json["dependants"][0]["member"]), (&().into(), &"sets/b".into()));
    // Where a member needs the set itself, too, the way through the other member is not a second one of either.
    context.write("sets/c/anvil.toml", member("c", &["team/b", "core/tone"]));
    context.anvil(&["lock"]).success();
    let told = context.anvil(&["why", "core/tone"]).success();
    assert_eq!(
        told.stdout,
        "core/tone 1.1.0, 1 prompt\n  sets/b/anvil.toml needs core/tone ^1\n  or\n  sets/c/anvil.toml needs core/tone ^1\n"
    );
    let refused = context.anvil(&["tree", "--duplicates", "lab/ideas"]);
    assert_eq!(refused.code, 2, "{}", refused.shown());
    assert!(!refused.stderr.contains("--duplicates [PROJECT/SET]"), "{}", refused.shown());
    assert!(refused.stderr.contains("anvil tree [OPTIONS] --duplicates"), "{}", refused.shown());
}
