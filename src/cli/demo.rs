//! `anvil demo`.

use super::args::Color;
use super::output::{FAINT, STRONG};
use super::{Outcome, Session};
use crate::commands::demo::{ACTS, DemoError, Program, Stage, Step};
use crate::error::Result;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Set up a playground and run the main job in it
///
/// Makes a folder with a registry, two prompt sets with history and an application, runs the whole
/// job there, printing each command and what it answered, and leaves the folder for playing.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil demo
  anvil demo playground")]
pub struct Args {
    /// The folder; it must be empty or not there [default: a new temporary one]
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    let stage = Stage::set(args.folder.map(|folder| session.context().path(folder)).as_deref())?;
    let player = Player::new(session, &stage)?;
    let mut directory = stage.folder.clone();
    session.line(&format!("{STRONG}$ cd {}{STRONG:#}", directory.display()))?;
    for (number, act) in ACTS.iter().enumerate() {
        session.line(&format!("\n{FAINT}# {}. {}{FAINT:#}", number + 1, act.title))?;
        for step in act.steps {
            session.line(&format!("{STRONG}$ {step}{STRONG:#}"))?;
            match *step {
                Step::Enter(folder) => directory = crate::fs::canonical(&directory.join(folder))?,
                Step::Copy(draft, to) => stage.copy(draft, &directory, to)?,
                Step::Replace(old, new, path) => stage.replace(old, new, &directory, path)?,
                Step::Show(path) => session.print(&crate::fs::read_to_string(&directory.join(path))?)?,
                Step::Run(program, arguments, code) => player.run(step, program, arguments, &directory, code)?,
            }
        }
    }
    session.line(&format!(
        "\n{FAINT}# That was the main job. The folder is yours to play with; remove it when you are done.\n\
         # `anvil` was {}{FAINT:#}\n{}",
        player.anvil.display(),
        stage.folder.display()
    ))?;
    Ok(Outcome::Done)
}

/// Runs the plan's commands where the reader can see what they say.
struct Player<'a> {
    session: &'a Session,
    stage: &'a Stage,
    anvil: PathBuf,
    environment: Vec<(OsString, OsString)>,
}

impl<'a> Player<'a> {
    fn new(session: &'a Session, stage: &'a Stage) -> Result<Self> {
        let start = |source| DemoError::Start { command: "anvil".into(), source };
        let mut environment = stage.environment(std::env::vars_os());
        let color = match session.color() {
            Color::Auto => None,
            Color::Always => Some("always"),
            Color::Never => Some("never"),
        };
        environment.extend(color.map(|color| ("ANVIL_COLOR".into(), color.into())));
        Ok(Player { session, stage, anvil: std::env::current_exe().map_err(start)?, environment })
    }

    fn run(&self, step: &Step, program: Program, arguments: &[&str], directory: &Path, code: i32) -> Result<()> {
        self.session.flush()?;
        let mut command = match program {
            Program::Anvil => Command::new(&self.anvil),
            Program::Git => Command::new("git"),
        };
        command.args(arguments).current_dir(directory);
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        // Both streams go where this one's answer goes, in the order in which things are said there.
        command.stdin(Stdio::null()).stdout(std::io::stdout()).stderr(std::io::stdout());
        let status = command.status().map_err(|source| DemoError::Start { command: step.to_string(), source })?;
        if status.code() == Some(code) {
            return Ok(());
        }
        Err(DemoError::Unexpected {
            command: step.to_string(),
            ended: status.to_string(),
            folder: self.stage.folder.clone(),
        }
        .into())
    }
}
