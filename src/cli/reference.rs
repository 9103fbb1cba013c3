//! What is written about the command line from its description: manual pages and `docs/cli.md`.

use super::args;
use clap::Command;
use std::fmt::Write as _;
use std::io::Write as _;

/// The exit codes, as [`Kind::exit_code`](crate::error::Kind::exit_code) gives them, each with its meaning.
pub const EXIT_CODES: &[(&str, &str)] = &[
    ("0", "done, or the answer is yes"),
    ("1", "the answer is no, or something in your files, requirements or the registry must be mended"),
    ("2", "the command line is wrong; nothing was read"),
    ("3", "the environment or Anvil itself: a full disk, no `git`, a bug"),
    ("4", "authentication is needed or was refused"),
    ("5", "the registry could not be reached"),
    ("130", "interrupted"),
];

/// How an answer that is no and an error are told apart.
const TWO_ONES: &str = "`diff`, `outdated` and `compat` exit with 0 whatever they find, and with 1 under `--exit-code` where they \
     find something (`compat`: a major change, or a prompt that could not be checked). An error may exit with 1, too: it leaves stdout empty and says `error[CODE]` on stderr, \
     while what was found is told on stdout. The same holds for `lint` and `verify`.";

/// The variables of the environment that count, each with its meaning.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("ANVIL_CACHE_DIR", "the folder of what is downloaded; else `$XDG_CACHE_HOME/anvil`, else `~/.cache/anvil`"),
    (
        "ANVIL_CONFIG_DIR",
        "the folder of the user's `config.toml`; else `$XDG_CONFIG_HOME/anvil`, else `~/.config/anvil`",
    ),
    ("ANVIL_COLOR", "as `--color`"),
    ("ANVIL_ENV", "as `--env`, for applications, too"),
    ("ANVIL_OFFLINE", "as `--offline`"),
    ("ANVIL_YES", "as `--yes`"),
    ("ANVIL_HTTP_RETRIES", "how often a request that failed is made again"),
    ("ANVIL_HTTP_TIMEOUT", "for how many seconds a server may bring less than 1 KiB"),
    (
        "ANVIL_TOKEN_HOST",
        "the token for the registries of the host that stands for `HOST`, as in `ANVIL_TOKEN_PROMPTS_EXAMPLE_COM`",
    ),
    ("ANVIL_SIGNING_KEY", "the private key that reviews are signed with"),
    ("ANVIL_NOW", "the time, in seconds since 1970, for tests and reproducible runs"),
    ("NO_COLOR, CLICOLOR_FORCE", "no colours; colours also where there is no terminal. `--color` counts before both"),
    ("COLUMNS", "how wide lines may be where stderr is no terminal"),
    ("HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY", "the proxy to reach registries by, and the hosts that need none"),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "on Linux, the certificates to trust in the place of the system's"),
    ("XDG_CACHE_HOME, XDG_CONFIG_HOME", "as above; on Windows `LOCALAPPDATA` and `APPDATA`"),
    (
        "GIT_SSH_COMMAND, GIT_CEILING_DIRECTORIES",
        "as in git, and so are git's others: Anvil runs it to fetch and clone",
    ),
];

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
        // Writing to memory does not fail.
        if man_page(command, &mut text).is_ok() {
            let name = clap_mangen::Man::new(command.clone()).get_filename();
            pages.push(Page { name, text: String::from_utf8_lossy(&text).into_owned() });
        }
    });
    pages
}

/// Writes one manual page, its sections in the order and by the names of man-pages(7).
fn man_page(command: &Command, text: &mut Vec<u8>) -> std::io::Result<()> {
    let man = clap_mangen::Man::new(command.clone()).manual("Anvil");
    man.render_title(text)?;
    man.render_name_section(text)?;
    man.render_synopsis_section(text)?;
    man.render_description_section(text)?;
    man.render_options_section(text)?;
    if command.has_subcommands() {
        man.render_subcommands_section(text)?;
    }
    if let Some(examples) = examples(command) {
        write!(text, ".SH EXAMPLES\n.nf\n{}.fi\n", roff(&examples))?;
    }
    if command.get_name() != "anvil" {
        return text.write_all(b".SH \"SEE ALSO\"\n\\fBanvil\\fR(1), for the exit status and the environment\n");
    }
    text.write_all(b".SH \"EXIT STATUS\"\n")?;
    for (code, meaning) in EXIT_CODES {
        write!(text, ".TP\n\\fB{code}\\fR\n{}\n", roff(meaning))?;
    }
    write!(text, ".PP\n{}\n.SH ENVIRONMENT\n", roff(TWO_ONES))?;
    for (variables, meaning) in ENVIRONMENT {
        write!(text, ".TP\n\\fB{variables}\\fR\n{}\n", roff(meaning))?;
    }
    let more = "`anvil help COMMAND` tells more about a command, `anvil explain CODE` about an error.";
    write!(text, ".SH \"SEE ALSO\"\n\\fBgit\\fR(1)\n.PP\n{}\n", roff(more))
}

/// Returns the examples that end a command's help, a line each.
fn examples(command: &Command) -> Option<String> {
    let help = command.get_after_help()?.to_string();
    let (_, examples) = help.split_once("Examples:\n")?;
    Some(examples.lines().flat_map(|line| [line.trim_start(), "\n"]).collect())
}

/// Returns `text` as roff shows it: a hyphen that can be copied, and no line taken for a request.
fn roff(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
    let line = |line: &str| if line.starts_with('.') { format!("\\&{line}") } else { line.to_owned() };
    let lines: Vec<String> = text.lines().map(line).collect();
    lines.join("\n") + if text.ends_with('\n') { "\n" } else { "" }
}

/// Returns `docs/cli.md`: what `--help` prints, of every command.
pub fn markdown() -> String {
    let mut text = String::from(
        "# The command line\n\nWhat `anvil help` prints, of every command. A test writes this page.\n\n\
         ## Exit codes\n\n| code | meaning |\n|---|---|\n",
    );
    for (code, meaning) in EXIT_CODES {
        let _ = writeln!(text, "| {code} | {meaning} |");
    }
    let _ = write!(text, "\n{TWO_ONES}\n\n## Environment\n\n| variable | meaning |\n|---|---|\n");
    for (variables, meaning) in ENVIRONMENT {
        let variables: Vec<String> = variables.split(", ").map(|name| format!("`{name}`")).collect();
        let _ = writeln!(text, "| {} | {meaning} |", variables.join(", "));
    }
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
