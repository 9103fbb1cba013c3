//! Names and texts that mean harm, where CI and reviewers read them: escape sequences, commands to a workflow, XML and
//! Markdown that would become something else than text.

use crate::context::TestContext;
use crate::shelf::{Shelf, asking};
use serde_json::Value;
use std::fs;

/// What a name may hold on a disk and in git that is something else for a terminal, a workflow, XML or Markdown.
#[cfg(unix)]
const EVIL: &str =
    "\u{1b}[2J\u{1b}]0;owned\u{7}\n::error file=a::owned\r\n##[error]x]]><b a=\"1\">&'`|\u{202e}%0A@all.md";

/// Returns what stands outside of the tags of `xml`, checking that these are balanced and nothing else is open.
#[track_caller]
fn well_formed(xml: &str) -> Vec<String> {
    let (mut open, mut values) = (Vec::new(), Vec::new());
    let body =
        xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").expect("it begins with its declaration");
    let mut rest = body;
    while let Some(start) = rest.find('<') {
        values.push(rest[..start].to_owned());
        let end = start + rest[start..].find('>').expect("a tag ends");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        let name = |tag: &str| tag.split([' ', '/']).next().unwrap().to_owned();
        match tag.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop().as_deref(), Some(closed), "{xml}"),
            None => {
                assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
                values.extend(tag.split('"').skip(1).step_by(2).map(str::to_owned));
                if !tag.ends_with('/') {
                    open.push(name(tag));
                }
            }
        }
    }
    assert!(open.is_empty(), "{open:?} stay open in {xml}");
    let number = regex::Regex::new("&#x?[0-9a-f]+;").unwrap();
    for value in &values {
        let rest =
            ["&amp;", "&lt;", "&gt;", "&quot;"].iter().fold(value.clone(), |text, entity| text.replace(entity, ""));
        let rest = number.replace_all(&rest, "").into_owned();
        assert!(!rest.contains(['&', '<', '"']), "{value}");
    }
    assert!(!xml.chars().any(|c| c.is_control() && c != '\n'), "{xml:?}");
    values
}

#[track_caller]
fn no_escapes(text: &str) {
    let found =
        text.chars().find(|c| (c.is_control() && !matches!(c, '\n' | '\t')) || ('\u{202a}'..='\u{202e}').contains(c));
    assert_eq!(found, None, "{text:?}");
}

#[test]
#[cfg(unix)]
fn the_name_of_a_file_is_text_in_every_format_of_verify() {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.0.0", &[]);
    context.write("anvil.toml", asking(&[("core/tone", "^1")]));
    context.anvil(&["pull"]).success();
    let sets = context.project().join(".anvil/sets/core/tone");
    let mut folders = fs::read_dir(&sets).unwrap().map(|entry| entry.unwrap().path());
    let folder = folders.find(|path| path.is_dir()).unwrap();
    fs::write(folder.join("prompts").join(EVIL), "x").unwrap();

    let told = context.anvil(&["verify"]);
    assert_eq!(told.code, 1);
    no_escapes(&told.stdout);
    assert_eq!(told.stdout.lines().count(), 2, "{}", told.stdout);
    assert!(told.stdout.contains("was added"), "{}", told.stdout);

    let github = context.anvil(&["verify", "--format", "github"]);
    no_escapes(&github.stdout);
    assert_eq!((github.code, github.stdout.lines().count()), (1, 1), "{}", github.stdout);
    assert!(github.stdout.starts_with("::error file=anvil.lock,line="), "{}", github.stdout);
    assert!(
        github.stdout.contains("%0A::error file=a::owned%0D%0A") && github.stdout.contains("%250A@all.md"),
        "{}",
        github.stdout
    );

    let junit = context.anvil(&["verify", "--format", "junit"]);
    let values = well_formed(&junit.stdout);
    assert_eq!((junit.code, junit.stdout.matches("<failure ").count()), (1, 1), "{}", junit.stdout);
    assert!(values.iter().any(|value| value.contains("]]&gt;&lt;b a=&quot;1&quot;&gt;&amp;'`|")), "{values:?}");

    let json = context.anvil(&["verify", "--format", "json"]);
    no_escapes(&json.stdout);
    let json = json.json();
    let found = format!("prompts/{EVIL}");
    assert_eq!(json["sets"][0]["files"][0]["path"], Value::from(found));
}

#[test]
fn what_a_lock_says_is_text_where_verify_tells_of_it() {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.0.0", &[]);
    context.write("anvil.toml", asking(&[("core/tone", "^1")]));
    context.anvil(&["pull"]).success();
    let lock = context.read("anvil.lock");
    let evil = "\\u001b[2Jx\\n::error::owned\\r<b>&`|\\u202e";
    for broken in [
        lock.replace("version = \"1.0.0\"", &format!("version = \"{evil}\"")),
        lock.replace("name = \"core/tone\"", &format!("name = \"{evil}\"")),
        lock.replace("source = \"registry:test\"", &format!("source = \"{evil}\"")),
        lock.replacen("version = 1\n", &format!("version = 1\n\"{evil}\" = 1\n"), 1),
        lock.replace("requirement = \"^1\"", &format!("path = \"{evil}\"")),
    ] {
        context.write("anvil.lock", &broken);
        for format in ["text", "github", "junit", "json"] {
            let answer = context.anvil(&["verify", "--format", format]);
            assert_eq!(answer.code, 1, "{broken}");
            no_escapes(&answer.stdout);
            no_escapes(&answer.stderr);
            let commands = answer.stdout.lines().chain(answer.stderr.lines()).filter(|line| line.starts_with("::"));
            assert!(commands.clone().all(|line| line.starts_with("::error file=")), "{}", answer.shown());
            match format {
                "github" => assert_eq!(commands.count(), answer.stdout.lines().count(), "{}", answer.shown()),
                _ => assert_eq!(commands.count(), 0, "{}", answer.shown()),
            }
            if format == "junit" {
                well_formed(&answer.stdout);
            }
        }
    }
}

/// Returns a prompt whose parameter takes `values`.
fn prompt(values: &[&str]) -> String {
    let values: Vec<String> = values.iter().map(|value| serde_json::to_string(value).unwrap()).collect();
    format!(
        "---\ndescription: A prompt.\nparameters:\n  mood: {{ type: string, enum: [{}] }}\n---\nBe {{{{ mood }}}}.\n",
        values.join(", ")
    )
}

const MARKS: [&str; 8] = [
    "x | y",
    "`code`",
    "<img src=x onerror=alert(1)>",
    "[click](https://evil.example)",
    "![p](https://evil.example/p.png)",
    "@everyone #1",
    "</summary></details>",
    "\u{1b}[31mred\n\n# Approved\n::error::owned\r",
];

#[test]
fn what_sets_say_is_text_in_a_comment_on_a_pull_request() {
    let context = TestContext::in_git();
    let shelf = Shelf::new(&context, "registry", "test");
    let old = prompt(&[&["calm"][..], &MARKS].concat());
    shelf.publish_files("core/tone 1.0.0", &[], &[("prompts/a.prompt.md", &old)]);
    context.write("anvil.toml", asking(&[("core/tone", ">=1")]));
    context.write(".gitignore", ".anvil/\n");
    context.anvil(&["pull"]).success();
    context.commit("base");
    // The branch that is compared with has a name that is none of a branch for Markdown.
    let branch = "a|b`c`<i>@x";
    context.git(&["branch", branch]);
    for name in ["one", "two"] {
        let folder = format!("sets/{name} <u>|`");
        context.write(&format!("{folder}/anvil.toml"), format!("[set]\nname = \"my/{name}\"\nversion = \"1.0.0\"\n"));
        context.write(&format!("{folder}/prompts/p.prompt.md"), "Hi.\n");
    }
    shelf.publish_files("core/tone 2.0.0", &[], &[("prompts/a.prompt.md", &prompt(&["calm"]))]);
    let manifest = context.read("anvil.toml");
    context.write("anvil.toml", format!("{manifest}\"my/one\" = {{ path = \"sets/one <u>|`\" }}\n"));
    context.anvil(&["update"]).success();

    let comment = context.anvil(&["lock", "--diff", branch, "--format", "markdown"]).success().stdout;
    no_escapes(&comment);
    assert!(comment.contains("2.0.0") && comment.contains("onerror"), "{comment}");
    for raw in ["<img", "<i>", "<u>", "](http", "@everyone", "@x", "\n# ", "\n::", "evil.example)\n", "`code`", "x | y"]
    {
        assert!(!comment.contains(raw), "{raw:?} is in\n{comment}");
    }
    // The tags are those that Anvil writes, each closed.
    for tag in ["details", "summary"] {
        let (opened, closed) =
            (comment.matches(&format!("<{tag}>")).count(), comment.matches(&format!("</{tag}>")).count());
        assert_eq!(opened, closed, "{comment}");
    }
    assert_eq!(comment.matches('<').count(), 4 * comment.matches("<details>").count(), "{comment}");
    // No row of the table has another number of cells than its head.
    for row in comment.lines().filter(|line| line.starts_with("| ")) {
        assert_eq!(row.matches('|').count(), 6, "{row}");
    }

    let commands = context.anvil(&["lock", "--diff", branch, "--format", "github"]).success().stdout;
    no_escapes(&commands);
    let known = ["::notice file=", "::warning file="];
    assert!(commands.lines().all(|line| known.iter().any(|known| line.starts_with(known))), "{commands}");
    for line in commands.lines() {
        let (properties, _) = line[2..].split_once("::").unwrap();
        assert_eq!(properties.matches(',').count(), 2, "{line}");
    }
}
