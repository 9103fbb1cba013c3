//! One version that is compared: its contents, and where what it needs comes from.

use crate::address::Address;
use crate::commands::contents::Contents;
use crate::commands::published::{Published, Stock};
use crate::error::Result;
use crate::index::LineDependency;
use crate::manifest::DependencySource;
use crate::name::{RegistryId, RegistryName, SetName};
use crate::resolver::Request;
use crate::version::Requirement;

/// One version that is compared.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What it holds.
    pub contents: Contents,
    needs: Vec<Need>,
}

/// A set that a version needs.
#[derive(Clone, Debug)]
pub(super) struct Need {
    pub(super) name: SetName,
    pub(super) source: NeedSource,
}

/// Where a set that is needed comes from.
#[derive(Clone, Debug)]
pub(super) enum NeedSource {
    /// A registry.
    Registry(Requirement, Binding),
    /// A folder or a git repository.
    Local(DependencySource),
}

/// How a registry is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Binding {
    /// As the project's manifest calls it.
    Called(RegistryName),
    /// By its id, as an index line does.
    Id(RegistryId),
}

impl Subject {
    /// Returns a version of the project's own set, which names its registries as the project does.
    pub fn own(contents: Contents) -> Subject {
        let needs = contents.manifest.dependencies.iter().map(|(name, dependency)| {
            let source = match &dependency.source {
                DependencySource::Registry { requirement, registry } => {
                    let called = registry.clone().unwrap_or_else(RegistryName::default_name);
                    NeedSource::Registry(requirement.clone(), Binding::Called(called))
                }
                local => NeedSource::Local(local.clone()),
            };
            Need { name: name.clone(), source }
        });
        Subject { needs: needs.collect(), contents }
    }

    /// Returns a version as `registry` announces it, which has `dependencies`.
    pub fn announced(contents: Contents, registry: &RegistryId, dependencies: &[LineDependency]) -> Subject {
        let needs = dependencies.iter().map(|dependency| {
            let id = dependency.registry.as_ref().unwrap_or(registry).clone();
            let source = NeedSource::Registry(dependency.requirement.clone(), Binding::Id(id));
            Need { name: dependency.name.clone(), source }
        });
        Subject { needs: needs.collect(), contents }
    }

    /// Returns a published version.
    ///
    /// # Errors
    /// When its manifest cannot be understood.
    pub fn published(published: Published) -> Result<Subject> {
        let (manifest, prompts) = published.load()?;
        let Published { line, registry, files } = published;
        let contents = Contents { manifest, files, prompts, commit: None, own_text: None };
        Ok(Subject::announced(contents, &registry, &line.dependencies))
    }

    pub(super) fn need(&self, name: &SetName) -> Option<&NeedSource> {
        self.needs.iter().find(|need| need.name == *name).map(|need| &need.source)
    }

    /// Returns what it asks the resolver for.
    ///
    /// # Errors
    /// In words, when it needs what is in no registry; or when a registry cannot be read.
    pub(super) fn requests(&self, stock: &Stock<'_>) -> Result<Vec<Request>, String> {
        let request = |need: &Need| {
            let Need { name, source } = need;
            let (requirement, binding) = match source {
                NeedSource::Registry(requirement, binding) => (requirement.clone(), binding),
                NeedSource::Local(source) => {
                    return Err(format!("{name} comes from {source}, which may have moved on"));
                }
            };
            let id = match binding {
                Binding::Id(id) => id.clone(),
                Binding::Called(called) => {
                    let address = Address { registry: Some(called.clone()), ..Address::of_set(name.clone()) };
                    stock.registry(&address).map_err(|error| error.to_string())?.id().clone()
                }
            };
            Ok(Request::registry(name.clone(), requirement, id))
        };
        self.needs.iter().map(request).collect()
    }
}
