//! `[environments]`: how each environment takes updates.

use super::reader::{Entry, Reader, Section};
use super::{Manifest, parse};
use crate::error::{Code, Diagnose, Hint, suggest};
use crate::name::{ChannelName, EnvironmentName};
use std::collections::BTreeMap;
use std::fmt;

pub(super) const ENVIRONMENT: &[&str] = &["mode", "approvals", "channel"];

/// The most approvals that can be asked for.
const MOST_APPROVALS: i64 = 100;

/// One entry of `[environments]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// How it takes updates.
    pub mode: Mode,
    /// The line of the manifest, from 1.
    pub line: usize,
}

/// How an environment takes updates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The newest that satisfies.
    Live {
        /// The channel that sets follow which have it.
        channel: Option<ChannelName>,
    },
    /// Proposed first, taken when approved.
    Review {
        /// How many people must approve.
        approvals: u32,
    },
    /// Only what the lock says.
    Locked,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Mode::Live { .. } => "live",
            Mode::Review { .. } => "review",
            Mode::Locked => "locked",
        })
    }
}

/// The manifest has no such environment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("anvil.toml has no environment `{name}`")]
pub struct UnknownEnvironment {
    /// What was asked for.
    pub name: EnvironmentName,
    /// Those that it has.
    pub known: Vec<EnvironmentName>,
}

impl Diagnose for UnknownEnvironment {
    fn code(&self) -> Code {
        Code::A0114
    }

    fn hints(&self) -> Vec<Hint> {
        let named: Vec<String> = self.known.iter().map(|name| format!("`{name}`")).collect();
        let add = format!("add it to anvil.toml: `[environments.{}]`, and below it `mode = \"locked\"`", self.name);
        match suggest(self.name.as_str(), self.known.iter().map(EnvironmentName::as_str)) {
            _ if named.is_empty() => vec![Hint::new(add)],
            Some(near) if named.len() > 1 => {
                vec![Hint::new(format!("did you mean `{near}`? It has {}", named.join(", ")))]
            }
            Some(near) => vec![Hint::new(format!("did you mean `{near}`?"))],
            None => vec![Hint::new(format!("it has {}", named.join(", ")))],
        }
    }
}

impl Manifest {
    /// Returns the environment called `name`.
    ///
    /// # Errors
    /// When there is none, with those that there are.
    pub fn environment(&self, name: &EnvironmentName) -> Result<&Environment, UnknownEnvironment> {
        self.environments.get(name).ok_or_else(|| UnknownEnvironment {
            name: name.clone(),
            known: self.environments.keys().cloned().collect(),
        })
    }
}

pub(super) fn read_environments(reader: &mut Reader, root: &Section<'_>) -> BTreeMap<EnvironmentName, Environment> {
    let mut environments = BTreeMap::new();
    let Some(section) = reader.map(root, "environments") else {
        return environments;
    };
    for entry in section.entries() {
        let name: Option<EnvironmentName> = match entry.name.parse() {
            Ok(name) => Some(name),
            Err(error) => {
                let why = crate::name::NameError::why(&error).to_owned();
                let message = format!("`{}` is no environment's name: {why}", entry.name.escape_debug());
                reader.fault(Code::A0105, &entry.key, "not a name", message);
                None
            }
        };
        let Some(table) = entry.as_section() else {
            reader.wrong_type(&entry, "a table with `mode`");
            continue;
        };
        reader.known(&table, ENVIRONMENT);
        if let (Some(mode), Some(name)) = (read_mode(reader, &entry, &table), name) {
            environments.insert(name, Environment { mode, line: reader.line(entry.key.start) });
        }
    }
    environments
}

fn read_mode(reader: &mut Reader, entry: &Entry<'_>, table: &Section<'_>) -> Option<Mode> {
    if table.get("mode").is_none() {
        reader.fault(Code::A0104, &entry.value, "incomplete", format!("`{}` has no `mode`", entry.path));
    }
    let text = reader.text(table, "mode")?;
    let mode = match text.text {
        "live" => Mode::Live { channel: read_channel(reader, table) },
        "review" => Mode::Review { approvals: read_approvals(reader, table) },
        "locked" => Mode::Locked,
        other => {
            let hints =
                suggest(other, ["live", "review", "locked"]).map(|near| Hint::new(format!("did you mean `{near}`?")));
            let message = format!("{other:?} is no mode; modes are `live`, `review` and `locked`");
            reader.fault_with(Code::A0105, &text.span, "no mode", message, hints.into_iter().collect());
            return None;
        }
    };
    for (key, goes_with, is_right) in [
        ("approvals", "review", matches!(mode, Mode::Review { .. })),
        ("channel", "live", matches!(mode, Mode::Live { .. })),
    ] {
        if let Some(rule) = table.get(key).filter(|_| !is_right) {
            let message = format!("`{}` says `{key}`, which goes with the mode `{goes_with}` alone", entry.path);
            let hints = vec![Hint::new(format!("remove it, or write `mode = \"{goes_with}\"`"))];
            reader.fault_with(Code::A0115, &rule.key, "of another mode", message, hints);
        }
    }
    Some(mode)
}

fn read_channel(reader: &mut Reader, table: &Section<'_>) -> Option<ChannelName> {
    table.get("channel")?;
    let text = reader.text(table, "channel")?;
    parse::name_of(reader, &text)
}

fn read_approvals(reader: &mut Reader, table: &Section<'_>) -> u32 {
    let Some(entry) = table.get("approvals") else { return 1 };
    let Some(number) = entry.item().as_integer() else {
        reader.wrong_type(&entry, "a number of people");
        return 1;
    };
    match u32::try_from(number).ok().filter(|_| (1..=MOST_APPROVALS).contains(&number)) {
        Some(approvals) => approvals,
        None => {
            let message = format!("{number} is no number of approvals; write one from 1 to {MOST_APPROVALS}");
            reader.fault(Code::A0105, &entry.value, "no number", message);
            1
        }
    }
}
