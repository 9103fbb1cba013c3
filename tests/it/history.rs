//! Looking back on versions and prompts: `log`.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::{MANIFEST, release, released};
use snapbox::str;

/// Three versions and something unreleased.
fn history() -> TestContext {
    let context = released();
    context.write("prompts/refund.prompt.md", "---\nparameters: { name: string }\n---\nDear {{ name }}\n");
    context.commit("Add a refund reply");
    context.anvil(&["version", "minor"]).success();
    context.git(&["mv", "prompts/welcome.prompt.md", "prompts/hello.prompt.md"]);
    context.write("prompts/refund.prompt.md", "Dear you\n");
    context.commit("Say hello");
    context.anvil(&["version", "major"]).success();
    context.write("notes.txt", "no part of the set\n");
    context.commit("Take notes");
    context.write("README.txt", "a part of it\n");
    context.commit("Tell more");
    context.write("prompts/hello.prompt.md", "Hello there\n");
    context.commit("Say hello there");
    context
}

#[test]
fn log_lists_versions_with_what_changed() {
    let context = history();
    assert_answer!(
        context.anvil(&["log"]),
        str![[r#"
exit: 0
--- stdout
unreleased: 2 commits since 2.0.0
  [ID]  2026-01-02  Say hello there
  [ID]  2026-01-02  Tell more
  ~ hello

2.0.0  2026-01-02  v2.0.0 [ID]
  > welcome => hello
  ~ refund
    refund: parameter `name` removed (major)
    welcome: prompt removed (major)

1.1.0  2026-01-02  v1.1.0 [ID]
  + refund
  ~ welcome

1.0.0  2026-01-02  v1.0.0 [ID]
  + welcome
--- stderr

"#]]
    );
    assert_answer!(
        context.anvil(&["log", "-n", "1"]),
        str![[r#"
exit: 0
--- stdout
unreleased: 2 commits since 2.0.0
  [ID]  2026-01-02  Say hello there
  and 1 more commit
  ~ hello

2.0.0  2026-01-02  v2.0.0 [ID]
  > welcome => hello
  ~ refund
    refund: parameter `name` removed (major)
    welcome: prompt removed (major)
--- stderr
note: 2 more versions not listed, as `-n` asks

"#]]
    );
    let json = context.anvil(&["log", "--format", "json"]).success().json();
    assert_eq!(json["unreleased"]["since"], "2.0.0");
    assert_eq!(json["versions"][0]["changes"]["renamed"][0]["from"], "welcome");
    assert_eq!(json["versions"][0]["date"], "2026-01-02T03:04:05Z");
    assert_eq!(json["versions"][0]["changes"]["interface"]["changes"][1]["bump"], "major");
}

#[test]
fn log_follows_a_prompt_through_its_renames() {
    let context = history();
    assert_answer!(
        context.anvil(&["log", "hello"]),
        str![[r#"
exit: 0
--- stdout
unreleased  [ID]  2026-01-02  changed                               Say hello there
2.0.0       [ID]  2026-01-02  moved from prompts/welcome.prompt.md  Say hello
1.1.0       [ID]  2026-01-02  changed                               Warm up the welcome
1.0.0       [ID]  2026-01-02  added                                 First prompts
--- stderr

"#]]
    );
    // By a name that it no longer has: to the commit that took it away.
    assert_answer!(
        context.anvil(&["log", "welcome"]),
        str![[r#"
exit: 0
--- stdout
2.0.0  [ID]  2026-01-02  renamed to hello  Say hello
1.1.0  [ID]  2026-01-02  changed           Warm up the welcome
1.0.0  [ID]  2026-01-02  added             First prompts
--- stderr
help: to see what became of it: `anvil log hello`

"#]]
    );
    assert_answer!(
        context.anvil(&["log", "refunds"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1061]: neither HEAD nor any version of support/onboarding has a prompt `refunds`
  = help: did you mean: `anvil log refund`

"#]]
    );
    context.write("prompts/draft.prompt.md", "Draft\n");
    assert_answer!(
        context.anvil(&["log", "draft"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1061]: neither HEAD nor any version of support/onboarding has a prompt `draft`
  = help: it is not committed yet: `git add . && git commit`

"#]]
    );
    let json = context.anvil(&["log", "hello", "-n", "2", "--format", "json"]).success().json();
    assert_eq!(json["commits"][1]["change"], "renamed");
    assert_eq!(json["commits"][1]["renamed_from"], "prompts/welcome.prompt.md");
    assert_eq!((&json["total"], json["commits"].as_array().unwrap().len()), (&4.into(), 2));
}

#[test]
fn log_says_nothing_of_a_prompt_that_does_not_parse() {
    let context = released();
    context.anvil(&["version", "patch"]).success();
    context.write("prompts/welcome.prompt.md", "Welcome {{\n");
    context.write("anvil.toml", MANIFEST.replace("1.0.0", "1.1.0"));
    release(&context, "1.1.0");
    context.write("prompts/welcome.prompt.md", "Welcome!\n");
    context.commit("Mend it");
    assert_answer!(
        context.anvil(&["log"]),
        str![[r#"
exit: 0
--- stdout
unreleased: 1 commit since 1.1.0
  [ID]  2026-01-02  Mend it
  ~ welcome
    not known of 1 prompt, which did not parse: welcome

1.1.0  2026-01-02  v1.1.0 [ID]
  ~ welcome
    not known of 1 prompt, which did not parse: welcome

1.0.1  2026-01-02  v1.0.1 [ID]
  ~ welcome

1.0.0  2026-01-02  v1.0.0 [ID]
  + welcome
--- stderr

"#]]
    );
    let json = context.anvil(&["log", "--format", "json"]).success().json();
    assert_eq!(
        json["versions"][0]["changes"]["interface"],
        serde_json::json!({ "bump": null, "changes": [], "tried": false })
    );
    assert_eq!(json["versions"][0]["changes"]["unreadable"], serde_json::json!(["welcome"]));
}

#[test]
fn log_knows_a_prompt_by_its_former_name() {
    let context = released();
    context.anvil(&["version", "patch"]).success();
    context.git(&["mv", "prompts/welcome.prompt.md", "prompts/hello.prompt.md"]);
    context.write("prompts/hello.prompt.md", "---\naliases: [welcome]\n---\nHello, and be welcome\n");
    context.commit("Say hello");
    assert_answer!(
        context.anvil(&["log"]),
        str![[r#"
exit: 0
--- stdout
unreleased: 1 commit since 1.0.1
  [ID]  2026-01-02  Say hello
  > welcome => hello
    welcome: prompt renamed to `hello`, with the old name as an alias (minor)

1.0.1  2026-01-02  v1.0.1 [ID]
  ~ welcome

1.0.0  2026-01-02  v1.0.0 [ID]
  + welcome
--- stderr

"#]]
    );
    let json = context.anvil(&["log", "--format", "json"]).success().json();
    let changes = &json["unreleased"]["changes"];
    assert_eq!(changes["renamed"], serde_json::json!([{ "from": "welcome", "to": "hello" }]));
    assert_eq!((&changes["added"], &changes["removed"]), (&serde_json::json!([]), &serde_json::json!([])));
}

#[test]
fn log_of_a_set_without_versions_lists_its_commits() {
    let context = TestContext::new();
    context.git_init();
    context.write("anvil.toml", MANIFEST);
    assert_eq!(context.anvil(&["log"]).code, 1, "there is no commit");
    context.commit("Begin");
    let answer = context.anvil(&["log"]).success();
    assert!(answer.stdout.starts_with("unreleased: 1 commit\n"), "{}", answer.stdout);
    assert_eq!(answer.stderr, "note: support/onboarding has no version yet\n");
}

#[test]
fn a_version_that_cannot_be_read_is_listed_all_the_same() {
    let context = history();
    context.git(&["switch", "--quiet", "--orphan", "odd"]);
    context.git(&["rm", "-rfq", "--ignore-unmatch", "."]);
    context.write("anvil.toml", "[set]\nname = 1\n");
    release(&context, "0.1.0");
    context.git(&["switch", "--quiet", "main"]);
    let answer = context.anvil(&["log"]).success();
    assert!(answer.stdout.contains("0.1.0  2026-01-02  v0.1.0 "), "{}", answer.stdout);
    assert_eq!(answer.stdout.matches("cannot be compared: [set] has no `version`").count(), 2, "{}", answer.stdout);
}

#[test]
fn a_strangers_words_cannot_move_the_cursor() {
    let context = history();
    context.write("prompts/hello.prompt.md", "Hello here\n");
    context.commit("red \u{1b}[31malert\u{1b}[0m \u{202e}drow");
    let answer = context.anvil(&["log"]).success();
    assert!(answer.stdout.contains("red alert drow\n"), "{:?}", answer.stdout);
    assert!(!context.anvil(&["log", "hello"]).stdout.contains('\u{1b}'));
}

/// What is too different is not called a rename, and not kept back either.
#[test]
fn log_tells_which_prompt_went_where_one_came() {
    let context = history();
    context.git(&["mv", "prompts/hello.prompt.md", "prompts/greet.prompt.md"]);
    context.write("prompts/greet.prompt.md", "Wish the customer a good day, whatever the weather may be.\n");
    context.commit("Greet");
    assert_answer!(
        context.anvil(&["log", "greet"]),
        str![[r#"
exit: 0
--- stdout
unreleased  [ID]  2026-01-02  added  Greet
--- stderr
note: the commit that added it removed `hello`, which is too different to be taken for the same prompt
help: if it is, see what was before: `anvil log hello`

"#]]
    );
    let json = context.anvil(&["log", "greet", "--format", "json"]).success().json();
    assert_eq!(json["removed_beside"], serde_json::json!(["hello"]));
    assert!(json["renamed_to"].is_null());
    let command = ["log", "hello", "-n", "1"];
    assert!(context.anvil(&command).success().stdout.contains("removed  Greet"));
    // An alias says it, however different the two are.
    context.write("prompts/greet.prompt.md", "---\naliases: [hello]\n---\nWish the customer a good day.\n");
    context.commit("Say that it was hello");
    let told = context.anvil(&command).success();
    assert!(told.stdout.contains("renamed to greet  Greet"), "{}", told.shown());
    assert_eq!(context.anvil(&["log", "hello", "--format", "json"]).json()["renamed_to"], "greet");
}

#[test]
fn tags_of_something_else_are_no_versions_of_the_set() {
    let mut context = TestContext::new();
    context.filter(r"\b[0-9a-f]{7}\b", "[ID]");
    context.git_init();
    context.write("README.md", "Prompts\n");
    context.commit("Before there was a set");
    context.git(&["tag", "v3.0.0"]);
    context.git(&["tag", "v0.1.2"]);
    context.write("anvil.toml", "[set]\nname = \"support/onboarding\"\nversion = \"0.1.0\"\n");
    context.write("prompts/welcome.prompt.md", "Welcome\n");
    context.commit("A set");
    let log = context.anvil(&["log"]).success();
    assert!(log.stderr.contains("support/onboarding has no version yet"), "{}", log.shown());
    context.anvil(&["version", "0.1.0"]).success();
    context.write("prompts/welcome.prompt.md", "Be welcome\n");
    context.commit("Warmer");
    context.anvil(&["version", "patch"]).success();
    let log = context.anvil(&["log", "--format", "json"]).success().json();
    let versions: Vec<_> = log["versions"].as_array().unwrap().iter().map(|entry| entry["version"].clone()).collect();
    assert_eq!(versions, ["0.1.1", "0.1.0"]);
    // The name is taken all the same.
    context.write("prompts/welcome.prompt.md", "Welcome, welcome\n");
    context.commit("Warmer still");
    let head = context.git(&["rev-parse", "HEAD"]);
    assert_answer!(
        context.anvil(&["version", "patch"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1054]: the tag `v0.1.2` of 0.1.2 is taken: it names [ID], where no anvil.toml says 0.1.2
  = help: make the next one that is free: `anvil version 0.1.3`
  = help: or delete the tag, if nobody relies on it: `git tag --delete v0.1.2`

"#]]
    );
    assert_eq!((context.git(&["rev-parse", "HEAD"]), context.git(&["status", "--porcelain"])), (head, String::new()));
    context.anvil(&["version", "0.1.3"]).success();
}

/// Versions from before a set's folder was moved are its versions still.
#[test]
fn a_set_that_moved_is_read_where_it_lay() {
    let mut context = TestContext::new();
    context.filter(r"\b[0-9a-f]{7}\b", "[ID]");
    context.git_init();
    let folder = |name: &str| context.project().join(name);
    context.write("sets/other/anvil.toml", "[set]\nname = \"support/other\"\nversion = \"1.0.0\"\n");
    context.write("sets/tone/anvil.toml", "[set]\nname = \"support/tone\"\nversion = \"0.1.0\"\n");
    context.write("sets/tone/prompts/warm.prompt.md", "Warm\n");
    context.write("sets/tone/prompts/cold.prompt.md", "Cold\n");
    context.commit("Two sets");
    context.anvil_in(&folder("sets/tone"), &["version", "1.0.0"]).success();
    context.git(&["mv", "sets", "lists"]);
    context.write("lists/tone/prompts/warm.prompt.md", "Warmer\n");
    context.git(&["rm", "--quiet", "--force", "lists/tone/prompts/cold.prompt.md"]);
    context.commit("Move");
    let anvil = |arguments: &[&str]| context.anvil_in(&folder("lists/tone"), arguments);
    assert_answer!(
        anvil(&["diff", "1.0.0", "--stat"]),
        str![[r#"
exit: 0
--- stdout
# interface: 1 change, major in all
#   cold: prompt removed (major)

 lists/tone/prompts/cold.prompt.md (gone) |    1 -
 lists/tone/prompts/warm.prompt.md        |    2 +-
 2 files changed, 1 line added, 2 removed
--- stderr

"#]]
    );
    context.anvil_in(&folder("lists/tone"), &["version", "2.0.0"]).success();
    assert_answer!(
        anvil(&["log"]),
        str![[r#"
exit: 0
--- stdout
2.0.0  2026-01-02  support/tone@2.0.0 [ID]
  - cold
  ~ warm
    cold: prompt removed (major)

1.0.0  2026-01-02  support/tone@1.0.0 [ID]
  + cold
  + warm
--- stderr

"#]]
    );
    assert_eq!(anvil(&["render", "support/tone@1.0.0/cold"]).success().stdout, "Cold");
    let cold = anvil(&["log", "cold"]).success();
    assert!(cold.stdout.contains("Two sets"), "{}", cold.shown());
    assert_answer!(
        anvil(&["rollback", "1.0.0"]),
        str![[r#"
exit: 0
--- stdout
  changed anvil.toml
  back    prompts/cold.prompt.md
  changed prompts/warm.prompt.md
  interface: cold: prompt added (minor)
brought the content of support/tone 1.0.0 back as 2.1.0, committed and tagged as support/tone@2.1.0 ([ID])
--- stderr
next: `anvil push --registry DIR`
help: with a `default` registry under [registries] in anvil.toml, `anvil push` alone will do

"#]]
    );
    assert_eq!(context.read("lists/tone/prompts/cold.prompt.md"), "Cold\n");
    assert_eq!(context.git(&["status", "--porcelain"]), "");
    assert!(!context.project().join("sets").exists());
}

#[test]
fn a_clone_that_lacks_history_or_tags_is_told_how_to_get_them() {
    let context = history();
    let clone = |name: &str, option: &str| {
        let origin = format!("file://{}", context.project().display());
        context.git(&["clone", "--quiet", option, &origin, &format!("../{name}")]);
        context.path(name)
    };
    let (shallow, bald) = (clone("shallow", "--depth=1"), clone("bald", "--no-tags"));
    let shallow = |arguments: &[&str]| context.anvil_in(&shallow, arguments);
    let bald = |arguments: &[&str]| context.anvil_in(&bald, arguments);
    let unshallow = "help: this clone is shallow; fetch the rest of its history: `git fetch --unshallow --tags`\n";
    let tags = "help: no tag is here; a clone may lack them: `git fetch --tags`\n";
    for (answer, told) in [
        (shallow(&["log"]), unshallow),
        (shallow(&["rollback", "1.0.0"]), unshallow),
        (shallow(&["diff", "1.0.0"]), unshallow),
        (bald(&["log"]), tags),
        (bald(&["rollback", "1.0.0"]), tags),
    ] {
        assert!(answer.stderr.ends_with(told), "{}", answer.shown());
    }
    // Where nothing lacks, nothing is said.
    assert_eq!(context.anvil(&["log"]).success().stderr, "");
}
