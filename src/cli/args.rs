//! The command line as data: global options, the commands and their groups.
//!
//! Each command's own arguments stand in the file of that name beside this one. Whatever has a
//! type below the faces (names, versions, addresses) is parsed here, once; a command never sees
//! the text.

use super::{
    add, cache, channel, compat, completions, config, demo, deprecate, diff, doctor, explain, export, import, init,
    lint, lock, log, login, logout, man, new, outdated, pull, push, registry, remove, render, review, rollback, sbom,
    schema, show, test, tokens, tree, update, vendor, verify, version, why, yank,
};
pub use crate::commands::registries::RegistryReference;
use crate::config as user_config;
use crate::error::Diagnose as _;
use crate::name::{EnvironmentName, NameError, SetName};
use crate::version::{Version, parse_version};
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::str::FromStr;

/// A Git-backed package manager for LLM prompts.
#[derive(Debug, Parser)]
#[command(
    name = "anvil",
    bin_name = "anvil",
    version,
    about = "A Git-backed package manager for LLM prompts",
    long_about = None,
    arg_required_else_help = true,
    subcommand_required = true,
    max_term_width = 100,
    after_help = "\
Environment:
  ANVIL_CACHE_DIR   The folder of what is downloaded (`anvil cache dir` tells where it is)
  ANVIL_CONFIG_DIR  The folder of your configuration (`anvil config path`)

`anvil help COMMAND` tells more about a command, `anvil explain CODE` about an error, and the manual
page, `anvil man | man -l -`, about exit codes and all variables."
)]
pub struct Cli {
    /// What applies to every command.
    #[command(flatten)]
    pub global: Global,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The options that every command takes.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Run as if started in DIR
    #[arg(short = 'C', long, global = true, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub directory: Option<PathBuf>,

    /// Work on the member PROJECT/SET of the workspace
    #[arg(id = "member", long = "set", global = true, value_name = "PROJECT/SET", value_parser = name::<SetName>)]
    pub set: Option<SetName>,

    /// Print answers and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say more about what is done
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// When to use colours: auto, always or never
    #[arg(long, global = true, value_enum, value_name = "WHEN", hide_possible_values = true)]
    pub color: Option<Color>,

    /// Use no network
    #[arg(long, global = true)]
    pub offline: bool,

    /// Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)
    #[arg(long, global = true, value_name = "NAME", value_parser = name::<EnvironmentName>)]
    pub env: Option<EnvironmentName>,

    /// Answer yes to every question
    #[arg(short = 'y', long, global = true, env = "ANVIL_YES", hide_env_values = true, value_parser = yes)]
    pub yes: bool,
}

/// Reads `ANVIL_YES`; on the command line `--yes` has no value.
fn yes(text: &str) -> Result<bool, String> {
    // An empty variable counts as one that is not set, as everywhere.
    if text.is_empty() { Ok(false) } else { user_config::truth(text).map_err(|why| format!("in ANVIL_YES {why}")) }
}

/// When colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<user_config::Color> for Color {
    fn from(color: user_config::Color) -> Self {
        match color {
            user_config::Color::Auto => Color::Auto,
            user_config::Color::Always => Color::Always,
            user_config::Color::Never => Color::Never,
        }
    }
}

impl From<Color> for user_config::Color {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => user_config::Color::Auto,
            Color::Always => user_config::Color::Always,
            Color::Never => user_config::Color::Never,
        }
    }
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs; the shape is stable
    Json,
}

/// `--format`, for every command that reads.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct FormatOption {
    /// How the answer is written: text or json
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// A published version as the command line names it: `VERSION`, or `PROJECT/SET@VERSION`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedVersion {
    /// The set; that of the project where none is named.
    pub set: Option<SetName>,
    /// The version.
    pub version: Version,
}

impl FromStr for PublishedVersion {
    type Err = Box<dyn std::error::Error + Send + Sync>;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('@') {
            Some((set, version)) => Ok(PublishedVersion { set: Some(set.parse()?), version: parse_version(version)? }),
            None => Ok(PublishedVersion { set: None, version: parse_version(text)? }),
        }
    }
}

/// Reads a name, with the hint of what may have been meant in the message.
///
/// # Errors
/// In words, when it is none.
pub fn name<N: FromStr<Err = NameError>>(text: &str) -> Result<N, String> {
    text.parse::<N>().map_err(|error| {
        let hints = error.hints().into_iter().map(|hint| format!("; {hint}"));
        format!("{error}{}", hints.collect::<String>())
    })
}

/// Returns `text`, which others are shown, if it is one line as it is.
///
/// # Errors
/// In words, when it is not.
pub fn line(text: &str) -> Result<String, String> {
    match text.contains(['\n', '\t']) || text.contains(super::output::is_unsafe) {
        true => Err("it must be one line without control characters".to_owned()),
        false => Ok(text.to_owned()),
    }
}

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $(@ $attribute:meta,)? $variant:ident($module:ident);)*) => {
        /// Everything that `anvil` does.
        #[derive(Debug, Subcommand)]
        // Deferred: the arguments of a command are built only when it is the one that runs, which
        // keeps the start short.
        #[command(defer = true)]
        pub enum Command {
            $($(#[doc = $doc])+ $(#[$attribute])? $variant($module::Args),)*
        }

        impl Command {
            /// Does it.
            pub fn run(self, session: &super::Session) -> crate::error::Result<super::Outcome> {
                match self { $(Command::$variant(args) => $module::run(args, session),)* }
            }
        }
    };
}

commands! {
    /// Make a prompt set, or an application that uses some
    Init(init);
    /// Make a prompt
    New(new);
    /// Set up a playground and run the main job in it
    Demo(demo);
    /// Check the manifest, front matter and templates
    Lint(lint);
    /// Render a prompt with parameters
    Render(render);
    /// Run the tests of prompts, on what they render to
    Test(test);
    /// Show the facts of a prompt or a set
    Show(show);
    /// Compare two versions of the set
    Diff(diff);
    /// List the versions, or follow one prompt
    Log(log);
    /// Count the tokens of prompts
    Tokens(tokens);
    /// Raise the version, commit and tag it
    Version(version);
    /// Bring the content of an earlier version back
    Rollback(rollback);
    /// Say what changed for users, and the version that it needs
    Compat(compat);
    /// Add a dependency
    Add(add);
    /// Remove a dependency
    Remove(remove);
    /// Move locked sets to newer versions
    Update(update);
    /// Choose versions and write anvil.lock
    Lock(lock);
    /// Make the project match its manifest and lock
    Pull(pull);
    /// Show what depends on what
    Tree(tree);
    /// Say why a set is there
    Why(why);
    /// List sets that have newer versions
    Outdated(outdated);
    /// Check that nothing has moved, for CI
    Verify(verify);
    /// Copy the locked sets into the project, to be committed
    Vendor(vendor);
    /// Look at proposed updates, and approve or reject them
    Review(review);
    /// Publish a version to a registry
    @ command(visible_alias = "publish"), Push(push);
    /// Take a published version out of resolution
    Yank(yank);
    /// Advise against a published version
    Deprecate(deprecate);
    /// Name versions, as in `stable`
    Channel(channel);
    /// Write the set and all it needs into one archive
    Export(export);
    /// Take in what `export` wrote
    Import(import);
    /// Write a bill of materials from the lock
    Sbom(sbom);
    /// Make and tend a static registry
    Registry(registry);
    /// Keep credentials for a registry
    Login(login);
    /// Forget the credentials for a registry
    Logout(logout);
    /// Look for what keeps Anvil from working
    Doctor(doctor);
    /// Tend the cache
    Cache(cache);
    /// Read and change the user's configuration
    Config(config);
    /// Explain an error code
    Explain(explain);
    /// Print a JSON Schema, for editors
    Schema(schema);
    /// Print a completion script for a shell
    Completions(completions);
    /// Print or write the manual pages
    Man(man);
}

/// The groups of commands, in the order of `anvil --help`.
pub const GROUPS: &[(&str, &[&str])] = &[
    ("Start", &["init", "new", "demo"]),
    ("Author", &["lint", "render", "test", "show", "diff", "log", "tokens"]),
    ("Version", &["version", "rollback", "compat"]),
    ("Depend", &["add", "remove", "update", "lock", "pull", "tree", "why", "outdated", "verify", "vendor", "review"]),
    ("Share", &["push", "yank", "deprecate", "channel", "export", "import", "sbom"]),
    ("Registry", &["registry", "login", "logout"]),
    ("Tools", &["doctor", "cache", "config", "explain", "schema", "completions", "man"]),
];

/// Returns the command line's description, with the commands listed by their groups.
///
/// clap lists all subcommands under one heading; the help template takes the place of its list.
pub fn command() -> clap::Command {
    let command = Cli::command();
    let styles = command.get_styles();
    let (header, literal) = (*styles.get_header(), *styles.get_literal());
    let mut template = String::from("{about}\n\n{usage-heading} {usage}\n");
    for (heading, names) in GROUPS {
        let _ = writeln!(template, "\n{header}{heading}:{header:#}");
        for found in names.iter().filter_map(|name| command.find_subcommand(name)) {
            let about = found.get_about().map(|about| about.to_string()).unwrap_or_default();
            let _ = write!(template, "  {literal}{:<13}{literal:#}{about}", found.get_name());
            match found.get_visible_aliases().next() {
                Some(alias) => {
                    let _ = writeln!(template, " (also: {alias})");
                }
                None => template.push('\n'),
            }
        }
    }
    template.push_str("\n{options}{after-help}");
    command.help_template(template)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn every_command_stands_in_exactly_one_group() {
        let mut grouped = BTreeSet::new();
        for name in GROUPS.iter().flat_map(|(_, names)| *names) {
            assert!(grouped.insert(name.to_string()), "{name} stands in two groups");
        }
        let known: BTreeSet<String> =
            Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
        assert_eq!(grouped, known);
    }

    /// The list of all commands has its lines from the variants, the help of one from its arguments.
    #[test]
    fn a_command_is_summed_up_in_the_same_words_everywhere() {
        let (listed, mut built) = (Cli::command(), Cli::command());
        built.build();
        for command in listed.get_subcommands() {
            let own = built.find_subcommand(command.get_name()).and_then(clap::Command::get_about);
            assert_eq!(command.get_about().map(ToString::to_string), own.map(ToString::to_string));
        }
    }

    #[test]
    fn a_registry_is_a_name_or_a_place() {
        let read = |text: &str| text.parse::<RegistryReference>();
        assert!(matches!(read("partner"), Ok(RegistryReference::Name(_))));
        for place in [".", "./mirror", "../mirror", "/srv/registry", "https://prompts.example.com", "a/b"] {
            assert_eq!(read(place), Ok(RegistryReference::Location(place.to_owned())));
        }
        assert!(read("Partner").is_err());
    }
}
