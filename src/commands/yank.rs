//! Takes a published version out of resolution, or brings it back: `anvil yank`.
//!
//! Nothing is deleted: who has the version locked goes on working, and nobody else is given it.

use super::context::Context;
use super::registries::RegistryReference;
use super::target::{Access, Action, PublishedSet, RegistryFacts};
use crate::error::Result;
use crate::index::Yanked;
use crate::name::{ChannelName, SetName};
use crate::registry::publish::Changed;
use crate::version::Version;
use serde::Serialize;

/// What is to be yanked, and where.
#[derive(Clone, Debug)]
pub struct Request {
    /// The set; the project's own where none is named.
    pub set: Option<SetName>,
    /// The version.
    pub version: Version,
    /// The registry; the manifest's default where none is named.
    pub registry: Option<RegistryReference>,
    /// Why it is yanked; nothing to take a yank back.
    pub yanked: Option<Yanked>,
    /// Whether it is done or only worked out.
    pub action: Action,
}

/// What changed, or would.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The set.
    pub name: SetName,
    /// The version.
    pub version: Version,
    /// The registry.
    pub registry: RegistryFacts,
    /// What the registry says of the version now, or would.
    pub yanked: Option<Yanked>,
    /// Whether it is done or only worked out.
    #[serde(rename = "dry_run")]
    pub action: Action,
    /// Whether it said something else before.
    pub outcome: Changed,
    /// The channels that name the version.
    pub channels: Vec<ChannelName>,
}

/// Does it, or works out what it would do.
///
/// # Errors
/// When there is no such version, or the registry cannot be written.
pub fn run(context: &Context, request: &Request) -> Result<Report> {
    let set = PublishedSet::find(context, request.set.as_ref(), request.registry.as_ref(), Access::Write)?;
    let (version, yanked) = (&request.version, request.yanked.as_ref());
    let line = match yanked {
        Some(_) => set.line(version),
        None => set.yanked_line(version),
    }?;
    let outcome = match request.action {
        Action::Do => set.target.publisher(context)?.yank(&set.name, version, yanked)?,
        Action::Plan => Changed::of(line.yanked.as_ref() != yanked),
    };
    let channels = set.target.registry.channels(&set.name)?.0;
    let channels = channels.into_iter().filter(|(_, named)| named == version).map(|(channel, _)| channel).collect();
    Ok(Report {
        registry: set.target.facts(),
        name: set.name,
        version: version.clone(),
        yanked: request.yanked.clone(),
        action: request.action,
        outcome,
        channels,
    })
}
