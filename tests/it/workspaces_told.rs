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
