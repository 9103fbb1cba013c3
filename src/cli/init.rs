//! `anvil init`.

use super::args::name;
use super::words::{self, few};
use super::{CliError, Outcome, Session, output};
use crate::commands::init::{self, Exactness, Git, InitError, MergeDriver, NewSet, Plan, Request, What};
use crate::error::{Diagnose as _, Hint, Result, shell_word};
use crate::name::SetName;
use std::path::{Path, PathBuf};

/// Make a prompt set, or an application that uses some
///
/// Writes anvil.toml, a folder for prompts, .gitignore and .gitattributes into DIR, and makes a git
/// repository there unless it lies in one. What is there already is kept. Asks for what it needs to
/// know when it runs on a terminal.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil init --name support/onboarding
  anvil init --name team/patterns --prompts 'patterns/*/system.md'
  anvil init --app --registry https://prompts.example.com/acme
  anvil init --merge-driver")]
pub struct Args {
    /// The folder [default: the current one]
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub folder: Option<PathBuf>,

    /// The set's name
    #[arg(long, value_name = "PROJECT/SET", conflicts_with = "app", value_parser = name::<SetName>)]
    pub name: Option<SetName>,

    /// One line about the set
    #[arg(long, value_name = "TEXT", conflicts_with = "app")]
    pub description: Option<String>,

    /// The set's licence, an SPDX expression
    #[arg(long, value_name = "SPDX", conflicts_with = "app")]
    pub license: Option<String>,

    /// Where the prompts are, for prompts that are there already; may be given more than once
    #[arg(long, value_name = "GLOB", conflicts_with = "app")]
    pub prompts: Vec<String>,

    /// Make an application, which uses sets and publishes none
    #[arg(long)]
    pub app: bool,

    /// Make the root of a workspace: several sets with one anvil.lock
    #[arg(long, conflicts_with_all = ["app", "name", "description", "license", "prompts"])]
    pub workspace: bool,

    /// The default registry: a folder or a URL
    #[arg(long, value_name = "DIR|URL")]
    pub registry: Option<String>,

    /// Make no git repository
    #[arg(long)]
    pub no_git: bool,

    /// Have git merge anvil.lock by what it says, with `anvil lock --merge-driver`
    ///
    /// Says so in the configuration of this clone: each clone needs it once. Alone, in a git repository, it does
    /// nothing else, but that it adds what .gitattributes lacks where the folder has a project. With a folder or an
    /// option that says what to begin, or where there is no repository, it does so as well. `git config
    /// --remove-section merge.anvil` undoes it.
    #[arg(long, conflicts_with = "no_git")]
    pub merge_driver: bool,

    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl Args {
    /// Returns whether something says what to begin, or where.
    fn says_what(&self) -> bool {
        let texts = [self.description.is_some(), self.license.is_some(), self.registry.is_some()];
        self.folder.is_some()
            || self.name.is_some()
            || self.app
            || self.workspace
            || !self.prompts.is_empty()
            || texts.contains(&true)
    }
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let context = session.context();
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from("."));
    let git = if args.no_git { Git::Never } else { Git::WhereMissing };
    let prompts = init::globs(&args.prompts)?;
    if args.merge_driver && init::has_manifest(&context, &folder) {
        if args.name.is_some() || args.app || args.registry.is_some() || !prompts.is_empty() {
            init::check_place(&context, &folder, &prompts)?;
        }
        let driver = MergeDriver::plan(&context, &folder)?;
        return install(session, &driver, args.dry_run);
    }
    if args.merge_driver
        && !args.says_what()
        && let Some(driver) = MergeDriver::of_clone(&context)?
    {
        session.note("no project is begun: `--merge-driver` alone is about this clone");
        return install(session, &driver, args.dry_run);
    }
    // Before anything is asked: nobody should answer questions in vain.
    init::check_place(&context, &folder, &prompts)?;
    let is_guessed = args.name.is_none() && !session.asks();
    let what = if args.app {
        What::App
    } else if args.workspace {
        What::Workspace
    } else {
        let asks = args.name.is_none();
        let name = match args.name {
            Some(name) => name,
            None => ask_name(session, &context.path(&folder))?,
        };
        let description = match args.description {
            Some(description) => description,
            None if asks && session.asks() => session.ask("one line about it", Some(""), "--description TEXT")?,
            None => String::new(),
        };
        What::Set(NewSet { name, description, license: args.license, prompts })
    };
    let plan = init::plan(&context, &Request { folder: folder.clone(), what, registry: args.registry, git })?;
    if !args.dry_run {
        plan.carry_out()?;
    }
    if let Some(name) = plan.set.as_ref().filter(|_| is_guessed) {
        session.note(&format!(
            "nobody said a name, so the set is called {name}: change it in anvil.toml, or say `--name`"
        ));
    }
    if args.merge_driver {
        // The repository may be no older than the plan; before that it is only said what would be.
        match args.dry_run && plan.makes_repository {
            true => session.changed("would have git merge anvil.lock by `anvil lock --merge-driver`")?,
            false => drop(install(session, &MergeDriver::plan(&context, &folder)?, args.dry_run)?),
        }
    }
    tell(session, &plan, &folder, args.dry_run)?;
    Ok(Outcome::Done)
}

/// Has git merge locks with Anvil, and says so.
fn install(session: &Session, driver: &MergeDriver, dry_run: bool) -> Result<Outcome> {
    if let Some(file) = driver.attributes_file() {
        session.changed(&format!("{} {file}", if dry_run { "would write" } else { "wrote" }))?;
    }
    if dry_run {
        session.changed("would have git merge anvil.lock by `anvil lock --merge-driver` in this clone")?;
        return Ok(Outcome::Done);
    }
    let how = if driver.carry_out()? { "git merges" } else { "git already merges" };
    session.changed(&format!("{how} anvil.lock by `anvil lock --merge-driver` in this clone"))?;
    for folder in &driver.untold {
        let command = format!("anvil -C {} init --merge-driver", shell_word(folder));
        session.help(&Hint::run(format!(".gitattributes does not say so of the lock in `{folder}`; add it"), command));
    }
    session.help(&Hint::run("undo it", "git config --remove-section merge.anvil"));
    Ok(Outcome::Done)
}

/// Returns the set's name: asked for on a terminal, else the one that the folder says by itself.
fn ask_name(session: &Session, folder: &Path) -> Result<SetName> {
    let folder = crate::fs::canonical(folder).unwrap_or_else(|_| folder.to_owned());
    let suggested = init::suggested_name(&folder);
    if !session.asks()
        && let Some((name, Exactness::AsWritten)) = &suggested
    {
        return Ok(name.clone());
    }
    let suggestion = suggested.map(|(name, _)| name.to_string());
    loop {
        let asked = session.ask("the set's name, as in support/onboarding", suggestion.as_deref(), "--name");
        let answer = asked.map_err(|error| match error.downcast_ref() {
            Some(CliError::NoTerminal { .. }) => InitError::NoName { suggestion: suggestion.clone() }.into(),
            _ => error,
        })?;
        match answer.trim().parse::<SetName>() {
            Ok(name) => return Ok(name),
            Err(error) => {
                session.warn(&error.to_string());
                error.hints().iter().for_each(|hint| session.help(hint));
            }
        }
    }
}

fn tell(session: &Session, plan: &Plan, folder: &Path, dry_run: bool) -> Result<()> {
    let would = if dry_run { "would write" } else { "wrote" };
    if plan.makes_repository {
        session.changed(if dry_run { "would make a git repository" } else { "made a git repository" })?;
    }
    let files: Vec<&str> = plan.files().collect();
    session.changed(&format!("{would} {}", words::list(&files)))?;
    for (path, why) in &plan.unnamed {
        session.warn(&format!("`{path}` gives no name for a prompt: {why}"));
    }
    for glob in &plan.unmatched {
        session.warn(&format!("`{glob}` matches no file"));
    }
    if !plan.adopted.is_empty() {
        let names: Vec<&str> = plan.adopted.iter().map(|(name, _)| name.as_str()).collect();
        let count = words::count(names.len(), "prompt");
        session.changed(&output::clean_line(&format!("found {count}: {}", few(&names))))?;
    }
    let what = match &plan.set {
        Some(name) => format!("the prompt set {name}"),
        None if plan.is_workspace => "a workspace".to_owned(),
        None => "an application".to_owned(),
    };
    let place = if folder == Path::new(".") { String::new() } else { format!(" in `{}`", folder.display()) };
    session.changed(&format!("{} {what}{place}", if dry_run { "would begin" } else { "began" }))?;
    if let Some(fault) = &plan.registry_fault {
        session.warn(&fault.to_string());
        fault.hints().iter().for_each(|hint| session.help(hint));
    }
    if !plan.has_registry && plan.set.is_none() {
        session.help(&Hint::new("say in anvil.toml where your registry is, under [registries]"));
    }
    // What comes next runs in the folder.
    let at = if folder == Path::new(".") {
        String::new()
    } else {
        format!("-C {} ", shell_word(&folder.display().to_string()))
    };
    session.next(&match (&plan.set, plan.adopted.is_empty()) {
        (None, _) if plan.is_workspace => {
            let folder = folder.join("sets/welcome");
            let folder = folder.strip_prefix(".").unwrap_or(&folder).display().to_string();
            format!("anvil init {} --name project/welcome", shell_word(&folder))
        }
        (None, _) => format!("anvil {at}add project/set"),
        (Some(_), true) => format!("anvil {at}new welcome"),
        (Some(_), false) => format!("anvil {at}lint"),
    });
    Ok(())
}
