//! `anvil config`.

use super::args::{Format, FormatOption};
use super::output::Table;
use super::{Outcome, Session};
use crate::config::credentials::{Credential, Origin, Stored};
use crate::config::{ConfigFile, Key, Listed, Source, UserConfig, config_file};
use crate::error::{Result, shell_word};
use serde_json::{Value, json};
use std::ffi::OsString;

/// Read and change the user's configuration
///
/// Without a command it lists what is set and where it comes from. Secrets are never shown.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  anvil config
  anvil config path"
)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// What is done with the configuration.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// List what is set and where it comes from
    List(ListArgs),
    /// Print one value
    Get(GetArgs),
    /// Set a value
    Set(SetArgs),
    /// Take a value out
    Unset(UnsetArgs),
    /// Print where the configuration file is
    #[command(after_help = "Examples:\n  anvil config path")]
    Path(PathArgs),
}

/// The arguments of `anvil config list`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil config list --format json")]
pub struct ListArgs {
    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// The arguments of `anvil config get`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil config get cache-dir")]
pub struct GetArgs {
    /// The key
    #[arg(value_name = "KEY")]
    pub key: String,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// The arguments of `anvil config path`.
#[derive(Debug, clap::Args)]
pub struct PathArgs {
    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

/// The arguments of `anvil config set`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil config set color never")]
pub struct SetArgs {
    /// The key
    #[arg(value_name = "KEY")]
    pub key: String,

    /// The value
    #[arg(value_name = "VALUE")]
    pub value: String,
}

/// The arguments of `anvil config unset`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil config unset color")]
pub struct UnsetArgs {
    /// The key
    #[arg(value_name = "KEY")]
    pub key: String,
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    match args.command {
        None => list(args.format.format, session)?,
        Some(Command::List(args)) => list(args.format.format, session)?,
        Some(Command::Get(args)) => get(&args, session)?,
        Some(Command::Set(args)) => set(&args, session)?,
        Some(Command::Unset(args)) => unset(&args.key, session)?,
        Some(Command::Path(args)) => path(args.format.format, session)?,
    }
    Ok(Outcome::Done)
}

fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Checks the config itself: the session went on without one that has faults, so that it can be mended.
fn check() -> Result<UserConfig> {
    Ok(UserConfig::load(&environment)?)
}

/// What is shown in the place of a secret.
const SET: &str = "(set)";

/// Returns the names of what `config` holds of credentials. Their values are shown to nobody.
fn credentials(config: &UserConfig) -> Vec<String> {
    let named = |(origin, stored): (&Origin, &Stored)| {
        let keys: &[&str] = match stored {
            Stored::Credential(Credential::Token(_)) => &["token"],
            Stored::Credential(Credential::Password { .. }) => &["user", "password"],
            Stored::Helper(_) => &["helper"],
        };
        keys.iter().map(|key| format!("credentials.\"{origin}\".{key}")).collect::<Vec<_>>()
    };
    config.credentials().iter().flat_map(named).collect()
}

fn credential_json(name: &str, config: &UserConfig) -> Value {
    let (source, description) = (config.path().display().to_string(), "kept by `anvil login`; never shown");
    json!({ "key": name, "value": SET, "source": source, "description": description })
}

fn list(format: Format, session: &Session) -> Result<()> {
    let config = check()?;
    let listed = session.settings().list();
    let secrets = credentials(&config);
    let mut value: Vec<Value> = listed.iter().map(as_json).collect();
    value.extend(secrets.iter().map(|name| credential_json(name, &config)));
    session.answer(format, &value, || {
        let mut table = Table::new(&["setting", "value", "from", "takes"]);
        for setting in &listed {
            let value = setting.value.as_deref().unwrap_or_default();
            table.row([setting.key.name, value, &setting.source.to_string(), setting.key.form]);
        }
        for name in &secrets {
            table.row([name.as_str(), SET, &config.path().display().to_string(), "`anvil login`"]);
        }
        table.to_string()
    })
}

fn as_json(setting: &Listed<'_>) -> Value {
    let (key, source) = (setting.key, setting.source.to_string());
    json!({ "key": key.name, "value": setting.value, "source": source, "description": key.description })
}

fn get(args: &GetArgs, session: &Session) -> Result<()> {
    if args.key.starts_with("credentials.") {
        let config = check()?;
        if credentials(&config).contains(&args.key) {
            return match args.format.format {
                Format::Json => session.json(&credential_json(&args.key, &config)),
                Format::Text => session.document(&format!("{SET}\n")),
            };
        }
    }
    let key = Key::find(&args.key)?;
    check()?;
    let listed = session.settings().list();
    let setting = listed.iter().find(|setting| setting.key.name == key.name);
    match setting.and_then(|setting| Some((setting, setting.value.as_ref()?))) {
        Some((setting, _)) if args.format.format == Format::Json => session.json(&as_json(setting)),
        Some((_, value)) => session.document(&format!("{value}\n")),
        // The only setting that may have none says why.
        None => session.settings().cache_folder().map(drop).map_err(Into::into),
    }
}

fn path(format: Format, session: &Session) -> Result<()> {
    let file = config_file(&environment)?.display().to_string();
    match format {
        Format::Json => session.json(&json!({ "file": file })),
        Format::Text => session.document(&format!("{file}\n")),
    }
}

fn set(args: &SetArgs, session: &Session) -> Result<()> {
    let key = Key::find(&args.key)?;
    let mut file = ConfigFile::open(&config_file(&environment)?)?;
    file.set(key, &args.value)?;
    let (name, path) = (key.name, file.path().display().to_string());
    session.changed(&match file.save()? {
        true => format!("set {name} to {} in {path}", shell_word(&args.value)),
        false => format!("{name} is {} already in {path}", shell_word(&args.value)),
    })?;
    let listed = session.settings().list();
    let counts = listed.iter().find(|setting| setting.key.name == name).map(|setting| setting.source);
    if let Some(Source::Environment(variable)) = counts {
        session.warn(&format!("`{variable}` is set in the environment and counts before the config"));
    }
    Ok(())
}

fn unset(name: &str, session: &Session) -> Result<()> {
    let mut file = ConfigFile::open(&config_file(&environment)?)?;
    // A key that nobody knows can be taken out, too: that is how a config is mended.
    if !file.unset(name) {
        let key = Key::find(name)?;
        return session.changed(&format!("{} is not set in {}", key.name, file.path().display()));
    }
    file.save()?;
    session.changed(&format!("unset {name} in {}", file.path().display()))
}
