//! What is wrong with a command line itself, as clap tells it, with the tips that clap cannot give:
//! the words of other tools, what a shell made of a glob, and words in another order.

use super::args::{self, Color, Format, PublishedVersion};
use super::report::Reporter;
use super::{CliError, Outcome, exit_code, output, session};
use crate::error::{Hint, Kind, shell_word};
use crate::name::{ChannelName, SetName};
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsString;
use std::io::Write as _;

/// What people type who come from cargo, npm, uv or git, and what does it here.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (&["check", "validate"], "`anvil lint` checks the set, `anvil test` what its prompts give"),
    (&["eval", "evaluate"], "`anvil test` checks what prompts give, `--format promptfoo` is for asking models"),
    (&["fmt", "format"], "nothing is formatted here: `anvil lint` checks the set"),
    (&["install", "i", "sync", "fetch", "restore"], "`anvil pull` fetches and unpacks what the project needs"),
    (&["get", "require"], "`anvil add PROJECT/SET` adds a dependency"),
    (&["upgrade"], "`anvil update` moves what is locked to newer versions"),
    (&["uninstall", "rm", "delete"], "`anvil remove PROJECT/SET` removes a dependency"),
    (&["ls", "list"], "`anvil tree` lists what the project uses, `anvil log` the set's versions"),
    (&["info", "view", "search"], "`anvil show PROJECT/SET` tells what a set holds and which versions there are"),
    (
        &["build", "package", "pack"],
        "nothing needs to be built: `anvil push` publishes, `anvil export` writes an archive",
    ),
    (&["release", "tag", "bump"], "`anvil version` raises the version, commits and tags it"),
    (&["commit"], "`git commit` commits; `anvil version` makes a version of what is committed"),
    (&["status"], "`anvil diff` shows what changed since the last version, `anvil outdated` what is behind"),
    (&["history"], "`anvil log` lists the versions"),
    (&["revert", "undo"], "`anvil rollback` goes back to an earlier version"),
    (&["run", "preview"], "`anvil render` shows what a prompt gives"),
    (&["audit"], "`anvil verify` checks that nothing has moved"),
];

/// The same for the commands of a command, of which one has the one and one the other.
const BELOW: &[(&[&str], &str)] = &[
    (&["rm", "delete"], "remove"),
    (&["rm", "delete", "remove"], "unset"),
    (&["rm", "delete", "remove", "clear", "prune"], "clean"),
    (&["ls"], "list"),
    (&["check"], "verify"),
];

/// Prints what clap has to say: help and the version on stdout, what is wrong on stderr. Returns the
/// exit code.
pub(super) fn explain(mut error: clap::Error) -> u8 {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let color = output::color_asked_for(arguments.iter().cloned());
    advise(&mut error, &arguments);
    if error.use_stderr() && output::format_asked_for(arguments) == Format::Json {
        return exit_code(Err(CliError::usage(&error).into()), Color::Never, &Reporter::new(None, None));
    }
    let text = error.render().ansi().to_string();
    if error.use_stderr() {
        // Nobody is left to be told that stderr cannot be written to.
        let _ = output::stderr(color).write_all(text.as_bytes());
        return Kind::Usage.exit_code();
    }
    let mut answer = output::stdout(color);
    let written = answer.write_all(text.as_bytes()).and_then(|()| answer.flush());
    exit_code(session::printed(written).map(|()| Outcome::Done), color, &Reporter::new(None, None))
}

/// Adds the tips that clap cannot know.
fn advise(error: &mut clap::Error, arguments: &[OsString]) {
    let typed = |wanted: &str| arguments.iter().any(|argument| argument == wanted);
    let tip = match (error.kind(), error.get(ContextKind::InvalidSubcommand)) {
        (ErrorKind::InvalidSubcommand, Some(ContextValue::String(word))) => {
            let root = args::command();
            if let Some(below) = command_of(error, &root) {
                let here = BELOW
                    .iter()
                    .find(|(words, here)| words.contains(&word.as_str()) && below.find_subcommand(here).is_some());
                if let Some((_, here)) = here {
                    error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![(*here).to_owned()]));
                }
                return;
            }
            ELSEWHERE.iter().find(|(words, _)| words.contains(&word.as_str())).map(|(_, tip)| (*tip).to_owned())
        }
        (ErrorKind::UnknownArgument, _) if typed("init") && typed("--prompts") => {
            Some("quote the glob, or the shell puts files in its place: `--prompts 'patterns/*/system.md'`".to_owned())
        }
        (ErrorKind::UnknownArgument | ErrorKind::ValueValidation, _) => reordered_channel(error, arguments),
        _ => None,
    };
    if let Some(tip) = tip {
        // What is merely spelt alike would lead away from it.
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(tip)]));
    }
}

/// Returns how a call of `anvil channel` is written whose words stand in another order, if that is what is
/// wrong with it: the channel comes first, and a set and its version are one word.
fn reordered_channel(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    let wrong = error.get(ContextKind::InvalidValue).or(error.get(ContextKind::InvalidArg));
    let Some(ContextValue::String(wrong)) = wrong else { return None };
    let mut root = args::command();
    root.build();
    let set = root.find_subcommand("channel")?.find_subcommand("set")?;
    let words: Vec<&str> = arguments.iter().skip(1).map(|word| word.to_str()).collect::<Option<_>>()?;
    let (words, flags) = without_flags(set, &words);
    let ["channel", action, rest @ ..] = words.as_slice() else { return None };
    if !rest.contains(&wrong.as_str()) {
        return None;
    }
    let find = |is_it: fn(&str) -> bool| rest.iter().copied().find(|word| is_it(word));
    let channel = find(|word| word.parse::<ChannelName>().is_ok())?;
    let set = find(|word| word.parse::<SetName>().is_ok());
    let version = find(|word| word.parse::<PublishedVersion>().is_ok());
    let (what, published) = match (*action, rest.len()) {
        ("remove", 2) => ("the channel comes first", set?.to_owned()),
        ("set", 2) => ("the channel comes first", version?.to_owned()),
        ("set", 3) => {
            ("the channel comes first, and a set and its version are one word", format!("{}@{}", set?, version?))
        }
        _ => return None,
    };
    let mut command =
        vec!["anvil".to_owned(), "channel".to_owned(), (*action).to_owned(), channel.to_owned(), published];
    command.extend(flags.into_iter().map(shell_word));
    Some(Hint::run(what, command.join(" ")).to_string())
}

/// Returns the words that are no flags of `command`, and the flags with their values.
fn without_flags<'w>(command: &clap::Command, words: &[&'w str]) -> (Vec<&'w str>, Vec<&'w str>) {
    let takes_value = |flag: &str| {
        command.get_arguments().any(|argument| {
            let long = argument.get_long().map(|long| format!("--{long}"));
            let short = argument.get_short().map(|short| format!("-{short}"));
            argument.get_action().takes_values() && [long, short].iter().flatten().any(|name| name == flag)
        })
    };
    let (mut others, mut flags) = (Vec::new(), Vec::new());
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        if word.starts_with('-') {
            flags.push(word);
            if takes_value(word) {
                flags.extend(words.next());
            }
        } else {
            others.push(word);
        }
    }
    (others, flags)
}

/// Returns the command that an unknown word stands below, or nothing where that is `root`. The usage
/// that clap adds to the error names it: `Usage: anvil channel [OPTIONS] <COMMAND>`.
fn command_of<'a>(error: &clap::Error, root: &'a clap::Command) -> Option<&'a clap::Command> {
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else { return None };
    let usage = usage.to_string();
    let mut words = usage.split_whitespace().skip_while(|word| *word != root.get_name()).skip(1);
    root.find_subcommand(words.next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_another_tool_is_a_command_here_and_every_command_named_is() {
        let command = args::command();
        let is_command = |word: &str| command.find_subcommand(word).is_some();
        for (words, tip) in ELSEWHERE {
            assert!(words.iter().all(|word| !is_command(word)), "{words:?}");
            for named in tip.split("`anvil ").skip(1) {
                let named = named.split(['`', ' ']).next().unwrap_or_default();
                assert!(is_command(named), "{named}");
            }
        }
    }
}
