//! Keeps credentials for a registry's origin in the user's config, and forgets them: `anvil login`
//! and `anvil logout`.
//!
//! A credential is tried before it is kept: the registry's own file is read with it.

use super::context::{Context, Network};
use super::registries::RegistryReference;
use super::target::{Located, Told, project_here};
use crate::config::credentials::{
    Credential, CredentialError, CredentialSource, Credentials, Origin, Secret, SecretFault, Stored,
};
use crate::config::{self, ConfigFile};
use crate::error::{Code, Diagnose, Hint, Kind, Result};
use crate::registry::publish::Changed;
use crate::registry::{Freshness, Location, Options, Place, Registry};
use serde::{Serialize, Serializer};
use std::path::PathBuf;
use std::sync::Arc;

/// Why credentials are not kept.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The registry is a folder.
    #[error("the registry `{0}` is a folder, and takes no credentials")]
    Folder(Location),
    /// A secret was given where everybody can see it.
    #[error("a secret stands on the command line, behind `{flag}`, where others can see it")]
    OnCommandLine {
        /// The flag.
        flag: &'static str,
    },
    /// What was given is none that can be sent.
    #[error("there is no {what} to keep: {why}")]
    Unsendable {
        /// "token" or "password".
        what: &'static str,
        /// What is wrong with it.
        why: SecretFault,
    },
    /// A helper's command names no program.
    #[error("`{0}` names no program: it is run by its name alone or by its whole path")]
    NoProgram(String),
    /// The helper has no credentials for the origin.
    #[error("the credential helper `{program}` has none for {origin}")]
    HelperKnowsNothing {
        /// Its first word.
        program: String,
        /// The origin.
        origin: Origin,
    },
}

impl Diagnose for LoginError {
    fn code(&self) -> Code {
        match self {
            LoginError::Folder(_) => Code::A1170,
            LoginError::OnCommandLine { .. } => Code::A1171,
            LoginError::Unsendable { .. } | LoginError::NoProgram(_) => Code::A1172,
            LoginError::HelperKnowsNothing { .. } => Code::A1172,
        }
    }

    fn kind(&self) -> Kind {
        match self {
            LoginError::Folder(_) | LoginError::Unsendable { .. } => Kind::No,
            LoginError::OnCommandLine { .. } | LoginError::NoProgram(_) => Kind::Usage,
            LoginError::HelperKnowsNothing { .. } => Kind::Authentication,
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            LoginError::Folder(_) => vec![Hint::new("who may read it is for its file system to say")],
            LoginError::OnCommandLine { flag } => {
                vec![Hint::new(format!(
                    "nothing was stored; write `{flag} -` and give it on stdin, or leave it out to be asked"
                ))]
            }
            LoginError::Unsendable { .. } => vec![Hint::new("nothing was stored")],
            LoginError::NoProgram(_) => vec![Hint::new("as in `--helper \"git credential-store\"`")],
            LoginError::HelperKnowsNothing { .. } => {
                vec![Hint::new("nothing was stored; let the helper know them first, then run this again")]
            }
        }
    }
}

/// The registry that credentials are for.
pub struct Registered {
    /// What people call it.
    pub called: String,
    /// Where it is.
    pub location: Location,
    /// What the credentials belong to.
    pub origin: Origin,
}

/// What was kept, or forgotten.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What it belongs to.
    #[serde(serialize_with = "as_text")]
    pub origin: Origin,
    /// "token", "password" or "helper"; nothing where it is forgotten.
    pub kind: Option<&'static str>,
    /// The user's config.
    pub file: PathBuf,
    /// Whether the config is another one now.
    pub outcome: Changed,
    /// Whether the registry was read with it.
    pub checked: bool,
    /// Whether the registry can be read without it, too; unknown where nobody was asked.
    pub needed: Option<bool>,
    /// A variable of the environment that counts before the config.
    pub variable: Option<String>,
}

fn as_text<S: Serializer>(origin: &Origin, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_str(origin)
}

/// Returns the token that `text` is.
///
/// # Errors
/// When it is none that can be sent.
pub fn token(text: &str) -> Result<Stored, LoginError> {
    let token = Secret::token(text).map_err(|why| LoginError::Unsendable { what: "token", why })?;
    Ok(Stored::Credential(Credential::Token(token)))
}

/// Returns the user name and password that the texts are.
///
/// # Errors
/// When they are none that can be sent.
pub fn password(user: &str, text: &str) -> Result<Stored, LoginError> {
    let credential =
        Credential::password(user, text).map_err(|why| LoginError::Unsendable { what: "password", why })?;
    Ok(Stored::Credential(credential))
}

/// Returns the helper that `command` names.
///
/// # Errors
/// When it names no program.
pub fn helper(command: &str) -> Result<Stored, LoginError> {
    let words = config::split(command);
    if config::is_program(&words) { Ok(Stored::Helper(words)) } else { Err(LoginError::NoProgram(command.to_owned())) }
}

/// Returns the registry that `reference` names, or the project's default one, if it is one that
/// credentials can be sent to.
///
/// # Errors
/// When it is a folder, or plain http would show them on the way.
pub fn registry(context: &Context, reference: Option<&RegistryReference>) -> Result<Registered> {
    let registered = any_registry(context, reference)?;
    if registered.origin.is_safe() {
        return Ok(registered);
    }
    let source_of = CredentialSource::Given;
    Err(CredentialError::PlainHttp { origin: registered.origin, source_of }.into())
}

fn any_registry(context: &Context, reference: Option<&RegistryReference>) -> Result<Registered> {
    let project = match reference {
        Some(RegistryReference::Location(_)) => None,
        _ => project_here(context)?,
    };
    let Located { called, location, .. } = Located::find(context, project.as_ref(), reference, Told::Url)?;
    let origin = match location.place() {
        Place::Web(url) => Origin::of(url),
        Place::Folder(_) => None,
    };
    match origin {
        Some(origin) => Ok(Registered { called, location, origin }),
        None => Err(LoginError::Folder(location).into()),
    }
}

/// Keeps `stored` for the origin of `registered` in `file`, once the registry was read with it;
/// offline it is kept unchecked.
///
/// # Errors
/// When the registry refuses it or cannot be read, a helper fails or knows nothing, or the config
/// cannot be written. Nothing is kept then.
pub fn login(context: &Context, registered: &Registered, stored: Stored, mut file: ConfigFile) -> Result<Report> {
    let origin = &registered.origin;
    let kind = match &stored {
        Stored::Credential(credential) => credential.kind(),
        Stored::Helper(_) => "helper",
    };
    let checked = context.network == Network::Online;
    let mut needed = None;
    if checked {
        let credentials = match &stored {
            Stored::Credential(credential) => Credentials::given(origin, credential.clone()),
            // Its folder is where the helper runs.
            Stored::Helper(_) => {
                Credentials::stored(origin, stored.clone(), file.path()).telling_as(&context.credentials)
            }
        };
        let found = credentials.find(origin).map_err(crate::registry::RegistryError::Credentials)?;
        if let (Stored::Helper(words), None) = (&stored, found) {
            let program = words.first().cloned().unwrap_or_default();
            return Err(LoginError::HelperKnowsNothing { program, origin: origin.clone() }.into());
        }
        read(context, &registered.location, credentials)?;
        needed = Some(read(context, &registered.location, Credentials::none()).is_err());
    }
    file.set_credential(origin, &stored)?;
    let outcome = Changed::of(file.save()?);
    let variable = context.credentials.variable(origin);
    let (origin, path) = (origin.clone(), file.path().to_owned());
    Ok(Report { origin, kind: Some(kind), file: path, outcome, checked, needed, variable })
}

/// Reads the registry at `location` with `credentials` and nothing else, and past every cache.
fn read(context: &Context, location: &Location, credentials: Credentials) -> Result<()> {
    let options = context.registry_options(Freshness::Revalidate);
    Registry::at(location, &Options { cache: None, credentials: Arc::new(credentials), ..options })?;
    Ok(())
}

/// Forgets what `file` keeps for the origin of the registry that `reference` names, or of the
/// project's default one.
///
/// # Errors
/// When it is a folder, or the config cannot be written.
pub fn logout(context: &Context, reference: Option<&RegistryReference>, mut file: ConfigFile) -> Result<Report> {
    let Registered { origin, .. } = any_registry(context, reference)?;
    let outcome = Changed::of(file.remove_credential(&origin));
    if outcome == Changed::Yes {
        file.save()?;
    }
    let variable = context.credentials.variable(&origin);
    Ok(Report { origin, kind: None, file: file.path().to_owned(), outcome, checked: false, needed: None, variable })
}
