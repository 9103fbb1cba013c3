//! The files of many published versions at once: from the cache, else from their registries, each bundle asked for
//! once. What cannot be had keeps nobody from having the rest.

use crate::archive::{self, FileSet, Identity};
use crate::commands::context::Context;
use crate::commands::registries::Registries;
use crate::digest::{ContentDigest, Sha256};
use crate::error::{Error, Result};
use crate::index::Line;
use crate::lockfile::{LockedSet, Source};
use crate::name::RegistryId;
use crate::registry::{RegistryError, Wanted};
use std::collections::BTreeMap;

/// How many bundles are fetched at once.
const PARALLEL_FETCHES: usize = 48;

/// A bundle that is wanted.
#[derive(Clone, Debug)]
pub(in crate::commands) struct Order {
    /// The registry that has it.
    pub(in crate::commands) registry: RegistryId,
    /// What it is.
    pub(in crate::commands) bundle: Wanted,
    /// Of its content.
    pub(in crate::commands) digest: ContentDigest,
}

impl Order {
    /// Returns the order for a locked set, if it comes from a registry.
    pub(in crate::commands) fn of_locked(set: &LockedSet) -> Option<Order> {
        let Source::Registry(registry) = &set.source else { return None };
        let (name, version) = (set.name.clone(), set.version.clone());
        let bundle = Wanted { name, version, sha256: set.sha256?, size: None };
        Some(Order { registry: registry.clone(), bundle, digest: set.digest? })
    }

    /// Returns the order for the version that `line` of `registry` announces.
    pub(in crate::commands) fn of_line(registry: &RegistryId, line: &Line) -> Order {
        Order { registry: registry.clone(), bundle: line.into(), digest: line.digest }
    }
}

/// What came of each order, by the checksum of its bundle: its files, or in words why they are not to be had.
pub(in crate::commands) type Delivered = BTreeMap<Sha256, Result<FileSet, String>>;

/// Returns the files of all that is ordered.
pub(in crate::commands) fn read_all(context: &Context, registries: &Registries<'_>, orders: &[Order]) -> Delivered {
    let mut delivered = Delivered::new();
    let mut missing: BTreeMap<&RegistryId, Vec<&Order>> = BTreeMap::new();
    for order in orders {
        let sha256 = order.bundle.sha256;
        if delivered.contains_key(&sha256) {
            continue;
        }
        match context.cache.as_ref().and_then(|cache| cache.get(&sha256)) {
            Some(bytes) => drop(delivered.insert(sha256, unpacked(order, &bytes))),
            None => {
                let wanted = missing.entry(&order.registry).or_default();
                if wanted.iter().all(|other| other.bundle.sha256 != sha256) {
                    wanted.push(order);
                }
            }
        }
    }
    context.progress.begin("fetching", missing.values().map(|orders| orders.len() as u64).sum());
    for (id, orders) in missing {
        fetch(context, registries, id, orders, &mut delivered);
    }
    context.progress.end();
    delivered
}

fn fetch(
    context: &Context,
    registries: &Registries<'_>,
    id: &RegistryId,
    mut orders: Vec<&Order>,
    delivered: &mut Delivered,
) {
    let registry = match registries.with_id(id) {
        Ok(registry) => registry,
        Err(error) => return refuse(&orders, &told(&error), delivered),
    };
    while !orders.is_empty() {
        let wanted: Vec<Wanted> = orders.iter().map(|order| order.bundle.clone()).collect();
        let fetched = registry.fetch_bundles(&wanted, PARALLEL_FETCHES, |bundle, bytes| -> Result<()> {
            let order = orders.iter().find(|order| order.bundle.sha256 == bundle.sha256);
            let files = order.map_or_else(|| Err("nobody asked for it".to_owned()), |order| unpacked(order, &bytes));
            // Only what is a bundle is kept; a cache that cannot be written keeps nobody from reading.
            if let (Ok(_), Some(cache)) = (&files, &context.cache) {
                let _ = cache.put(&bundle.sha256, &bytes);
            }
            delivered.insert(bundle.sha256, files);
            context.progress.advance(1);
            Ok(())
        });
        orders.retain(|order| !delivered.contains_key(&order.bundle.sha256));
        let Err(error) = fetched else { return refuse(&orders, "it was not delivered", delivered) };
        // A bundle that is missing or another one says nothing of the rest; a registry that is down does.
        let faulty = match error.downcast_ref() {
            Some(RegistryError::NoBundle { name, version, .. } | RegistryError::WrongBundle { name, version, .. }) => {
                orders.iter().position(|order| (&order.bundle.name, &order.bundle.version) == (name, version))
            }
            _ => None,
        };
        match faulty {
            Some(at) => refuse(&[orders.remove(at)], &told(&error), delivered),
            None => return refuse(&orders, &told(&error), delivered),
        }
    }
}

fn refuse(orders: &[&Order], why: &str, delivered: &mut Delivered) {
    for order in orders {
        delivered.insert(order.bundle.sha256, Err(why.to_owned()));
    }
}

fn told(error: &Error) -> String {
    match error.downcast_ref() {
        Some(RegistryError::Offline { .. }) => "not in the cache, and the network may not be used".to_owned(),
        _ => first_line(error),
    }
}

fn unpacked(order: &Order, bytes: &[u8]) -> Result<FileSet, String> {
    let identity = Identity { name: order.bundle.name.clone(), version: order.bundle.version.clone() };
    let files = archive::unpack(&identity, bytes).map_err(|error| error.to_string())?;
    match files.digest() == order.digest {
        true => Ok(files),
        false => Err("its content has another digest than was promised".to_owned()),
    }
}

/// Returns the first line of what an error says.
pub(in crate::commands) fn first_line(error: &Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
