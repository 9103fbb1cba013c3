//! What is said about the command line is true of it: every command that a page, a hint or an
//! example names is one that there is, with options that it has.

use anvil::cli::args;
use clap::Command;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Returns every command with its whole name, built.
fn commands() -> BTreeMap<String, Command> {
    fn add(command: &Command, name: &str, commands: &mut BTreeMap<String, Command>) {
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            let name = format!("{name} {}", sub.get_name());
            add(sub, &name, commands);
            commands.insert(name, sub.clone());
        }
    }
    let mut built = args::command();
    built.build();
    let mut commands = BTreeMap::new();
    add(&built, "anvil", &mut commands);
    commands.insert("anvil".to_owned(), built);
    commands
}

/// Returns why `line` is no call of anvil, as far as it is one that stands for others: `PROMPT`,
/// `project/set` and `…` are words like any other.
fn fault(line: &str, commands: &BTreeMap<String, Command>) -> Option<String> {
    let words = words(line);
    let mut name = "anvil".to_owned();
    let mut rest = words.iter().skip(1).map(String::as_str).peekable();
    let mut global = Vec::new();
    while let Some(word) = rest.peek().copied() {
        let longer = format!("{name} {}", if word == "publish" { "push" } else { word });
        if commands.contains_key(&longer) {
            name = longer;
            rest.next();
        } else if name == "anvil" && word.starts_with('-') {
            global.extend(rest.next());
            if word == "-C" {
                rest.next();
            }
        } else {
            break;
        }
    }
    let command = &commands[&name];
    let Some(first) = rest.peek() else { return flags(command, &global) };
    if command.has_subcommands() && name != "anvil config" && !first.starts_with('-') {
        let is_stand_in = name == "anvil" && ["help", "COMMAND", "SUBCOMMAND", "…"].contains(first);
        return (!is_stand_in).then(|| format!("`{name}` has no command `{first}`"));
    }
    let words: Vec<&str> = rest.take_while(|word| *word != "--").collect();
    flags(command, &global).or_else(|| flags(command, &words))
}

fn flags(command: &Command, words: &[&str]) -> Option<String> {
    for word in words.iter().filter(|word| word.len() > 1 && word.starts_with('-') && !word.starts_with("-p")) {
        let flag = word.split('=').next().unwrap_or_default().trim_end_matches(['…', '`', '\'', ')']);
        let known = command.get_arguments().any(|argument| match flag.strip_prefix("--") {
            Some(long) => argument.get_long() == Some(long),
            None => argument.get_short() == flag.chars().nth(1),
        });
        if !known && !["--version", "-V"].contains(&flag) {
            return Some(format!("`{}` takes no `{flag}`", command.get_display_name().unwrap_or_default()));
        }
    }
    None
}

/// Returns the words of a line of a shell, without what follows in a pipe.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\'' | '"', None) => quote = Some(c),
            ('|' | '>' | '&' | ';', None) => break,
            (' ', None) => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            (c, _) => word.push(c),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md" || extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_command_that_is_named_is_one_with_those_options() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> =
        ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].iter().map(|name| root.join(name)).collect();
    for folder in ["docs", "src"] {
        files(&root.join(folder), &mut paths);
    }
    let commands = commands();
    // In backticks, as the command of a hint, or typed after a prompt sign.
    let called = regex::Regex::new(r#"[`"](anvil [^`"]+)[`"]|(?m:^(?:    |\s*)?\$ (anvil .+)$)"#).unwrap();
    let placeholder = regex::Regex::new(r"\{[^{}]*\}").unwrap();
    let (mut faults, mut seen) = (BTreeSet::new(), 0);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        for found in called.captures_iter(&text) {
            let line = found.get(1).or(found.get(2)).unwrap().as_str().replace('\n', " ").replace("{at}", "");
            // A key of a manifest, a sentence, a title, and a command that is known only when it runs.
            if ["anvil =", "anvil itself", "anvil verify:", "anvil {command}", "anvil review {decision}"]
                .iter()
                .any(|other| line.starts_with(other))
            {
                continue;
            }
            let line = placeholder.replace_all(&line, "X");
            seen += 1;
            if let Some(fault) = fault(&line, &commands) {
                faults.insert(format!("{}: {line}: {fault}", path.strip_prefix(root).unwrap().display()));
            }
        }
    }
    assert!(seen > 200, "only {seen} were found");
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_help_ends_with_examples_that_the_command_line_takes() {
    for (name, command) in commands() {
        if name == "anvil" {
            continue;
        }
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let examples: Vec<&str> =
            help.strip_prefix("Examples:\n").map(|lines| lines.lines().map(str::trim).collect()).unwrap_or_default();
        assert!((1..=5).contains(&examples.len()), "{name}: {help:?}");
        for example in examples {
            assert!(example.len() <= 78, "it is wrapped on a terminal: {example}");
            for call in example.split(" && ").filter(|call| call.starts_with("anvil")) {
                let parsed = args::command().try_get_matches_from(words(call));
                assert!(parsed.is_ok(), "{example}: {}", parsed.unwrap_err());
            }
        }
    }
}

#[test]
fn a_command_that_there_is_not_is_found_out() {
    let commands = commands();
    for good in ["anvil", "anvil push --dry-run", "anvil -C app add project/set", "anvil config", "anvil help COMMAND"]
    {
        assert_eq!(fault(good, &commands), None, "{good}");
    }
    for bad in ["anvil psuh", "anvil push --dry", "anvil registry copy", "anvil --nope", "anvil log -x"] {
        assert!(fault(bad, &commands).is_some(), "{bad}");
    }
}
