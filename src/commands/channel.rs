//! Names versions on a registry, as in `stable`: `anvil channel`.

use super::context::Context;
use super::registries::RegistryReference;
use super::target::{Access, Action, PublishedSet, RegistryFacts};
use crate::error::Result;
use crate::index::Yanked;
use crate::name::{ChannelName, SetName};
use crate::registry::publish::Changed;
use crate::version::Version;
use serde::Serialize;

/// Which version a channel is to name, and where.
#[derive(Clone, Debug)]
pub struct SetRequest {
    /// The channel.
    pub channel: ChannelName,
    /// The set; the project's own where none is named.
    pub set: Option<SetName>,
    /// The version.
    pub version: Version,
    /// The registry; the manifest's default where none is named.
    pub registry: Option<RegistryReference>,
    /// Whether it is done or only worked out.
    pub action: Action,
}

/// What changed, or would.
#[derive(Clone, Debug, Serialize)]
pub struct SetReport {
    /// The set.
    pub name: SetName,
    /// The registry.
    pub registry: RegistryFacts,
    /// The channel.
    pub channel: ChannelName,
    /// The version that it named before.
    pub from: Option<Version>,
    /// The version that it names now, or would.
    pub to: Version,
    /// Why nobody should newly choose that version, if so.
    pub yanked: Option<Yanked>,
    /// Whether it is done or only worked out.
    #[serde(rename = "dry_run")]
    pub action: Action,
    /// Whether it named another one before, or none.
    pub outcome: Changed,
}

/// Makes a channel name a version, or works out what that would do.
///
/// # Errors
/// When there is no such version, or the registry cannot be written.
pub fn set(context: &Context, request: &SetRequest) -> Result<SetReport> {
    let set = PublishedSet::find(context, request.set.as_ref(), request.registry.as_ref(), Access::Write)?;
    let (channel, to) = (&request.channel, &request.version);
    let line = set.line(to)?;
    let from = set.target.registry.channels(&set.name)?.0.remove(channel);
    let outcome = match request.action {
        Action::Do => set.target.publisher(context)?.set_channel(&set.name, channel, to)?,
        Action::Plan => Changed::of(from.as_ref() != Some(to)),
    };
    Ok(SetReport {
        registry: set.target.facts(),
        channel: channel.clone(),
        from,
        to: to.clone(),
        yanked: line.yanked.clone(),
        action: request.action,
        outcome,
        name: set.name,
    })
}

/// Which channel is to go, and from where.
#[derive(Clone, Debug)]
pub struct RemoveRequest {
    /// The channel.
    pub channel: ChannelName,
    /// The set; the project's own where none is named.
    pub set: Option<SetName>,
    /// The registry; the manifest's default where none is named.
    pub registry: Option<RegistryReference>,
    /// Whether it is done or only worked out.
    pub action: Action,
}

/// What went, or would.
#[derive(Clone, Debug, Serialize)]
pub struct RemoveReport {
    /// The set.
    pub name: SetName,
    /// The registry.
    pub registry: RegistryFacts,
    /// The channel.
    pub channel: ChannelName,
    /// The version that it named; none where there was no such channel.
    pub from: Option<Version>,
    /// Whether it is done or only worked out.
    #[serde(rename = "dry_run")]
    pub action: Action,
    /// Whether there was such a channel.
    pub outcome: Changed,
    /// The channels that the set has beside it.
    pub others: Vec<ChannelName>,
}

/// Takes a channel away, or works out what that would do. No version changes.
///
/// # Errors
/// When there is no such set, or the registry cannot be written.
pub fn remove(context: &Context, request: &RemoveRequest) -> Result<RemoveReport> {
    let set = PublishedSet::find(context, request.set.as_ref(), request.registry.as_ref(), Access::Write)?;
    let channel = &request.channel;
    let mut channels = set.target.registry.channels(&set.name)?.0;
    let from = channels.remove(channel);
    let outcome = match request.action {
        Action::Do => set.target.publisher(context)?.remove_channel(&set.name, channel)?,
        Action::Plan => Changed::of(from.is_some()),
    };
    let (registry, others) = (set.target.facts(), channels.into_keys().collect());
    let (channel, action) = (channel.clone(), request.action);
    Ok(RemoveReport { name: set.name, registry, channel, from, action, outcome, others })
}

/// The channels of a set.
#[derive(Clone, Debug, Serialize)]
pub struct ListReport {
    /// The set.
    pub name: SetName,
    /// The registry.
    pub registry: RegistryFacts,
    /// Its channels by name.
    pub channels: Vec<Named>,
}

/// A channel and what it names.
#[derive(Clone, Debug, Serialize)]
pub struct Named {
    /// The channel.
    pub channel: ChannelName,
    /// The version that it names.
    pub version: Version,
    /// Why nobody should newly choose that version, if so.
    pub yanked: Option<Yanked>,
}

/// Returns the channels of `set`, or of the project's own, on the registry that `registry` names.
///
/// # Errors
/// When there is no such set, or the registry cannot be read.
pub fn list(context: &Context, set: Option<&SetName>, registry: Option<&RegistryReference>) -> Result<ListReport> {
    let set = PublishedSet::find(context, set, registry, Access::Read)?;
    let named = |(channel, version): (ChannelName, Version)| {
        let yanked = set.index.line(&version).and_then(|line| line.yanked.clone());
        Named { channel, version, yanked }
    };
    let channels = set.target.registry.channels(&set.name)?.0.into_iter().map(named).collect();
    Ok(ListReport { registry: set.target.facts(), channels, name: set.name })
}
