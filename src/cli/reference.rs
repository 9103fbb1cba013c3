//! What is written about the command line from its description: manual pages and `docs/cli.md`.

use super::args;
use clap::Command;
use std::fmt::Write as _;

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// Returns the command line with every command's arguments built, and none hidden behind `help`.
fn built() -> Command {
    let mut command = args::command().disable_help_subcommand(true);
    command.build();
    command
}

/// Returns the manual pages, one a command, named as `man` wants them: `anvil-registry-init.1`.
pub fn man_pages() -> Vec<Page> {
    let mut pages = Vec::new();
    each(&built(), &mut |command| {
        let mut text = Vec::new();
        let man = clap_mangen::Man::new(command.clone()).manual("Anvil");
        // Writing to memory does not fail.
        if man.render(&mut text).is_ok() {
            let name = man.get_filename();
            pages.push(Page { name, text: String::from_utf8_lossy(&text).into_owned() });
        }
    });
    pages
}

/// Returns `docs/cli.md`: what `--help` prints, of every command.
pub fn markdown() -> String {
    let mut text = String::from(
        "# The command line\n\n\
         What `anvil help` prints, of every command. A test writes this page.\n\n\
         ## Exit codes\n\n\
         | code | meaning |\n|---|---|\n\
         | 0 | done, or the answer is yes |\n\
         | 1 | the answer is no, or something in your files, requirements or the registry must be mended |\n\
         | 2 | the command line is wrong; nothing was read |\n\
         | 3 | the environment or Anvil itself: a full disk, no `git`, a bug |\n\
         | 4 | authentication is needed or was refused |\n\
         | 5 | the registry could not be reached |\n\
         | 130 | interrupted |\n\n\
         ## Environment\n\n\
         | variable | meaning |\n|---|---|\n\
         | `ANVIL_OFFLINE` | as `--offline` |\n\
         | `ANVIL_YES` | as `--yes` |\n\
         | `ANVIL_COLOR` | as `--color` |\n\
         | `ANVIL_CACHE_DIR` | where the cache is |\n\
         | `ANVIL_CONFIG_DIR` | where the user's configuration is |\n\
         | `ANVIL_NOW` | the time, in seconds since 1970, for tests and reproducible runs |\n\
         | `NO_COLOR`, `CLICOLOR_FORCE` | no colours; colours also where there is no terminal |\n",
    );
    each(&built(), &mut |command| {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name()).replace('-', " ");
        let depth = if name.contains(' ') { "##" } else { "#" };
        let help = command.clone().term_width(100).render_long_help().to_string();
        let help: String = help.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
        let _ = write!(text, "\n{depth}# `{name}`\n\n```text\n{}\n```\n", help.trim_end());
    });
    text
}

fn each(command: &Command, visit: &mut impl FnMut(&Command)) {
    visit(command);
    for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        each(command, visit);
    }
}
