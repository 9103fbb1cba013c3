//! What is to be resolved.

use crate::index::Yanked;
use crate::lockfile::{Edge, Source};
use crate::manifest::Pattern;
use crate::name::{RegistryId, RegistryName, SetName};
use crate::version::{Requirement, Version};
use std::collections::{BTreeMap, BTreeSet};

/// A whole question for the resolver. The order of its lists does not change the answer, but for
/// [`Problem::locked`], where the first version of a name is the most wanted.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What the project requires.
    pub roots: Vec<Root>,
    /// The sets that the project itself holds. That one of them is needed is a circle through the project,
    /// wherever it would come from.
    pub own: Vec<SetName>,
    /// The sets that the project itself holds and that stand for every request to a registry of that name,
    /// with their sources, which must be among `fixed`. Requirements on them hold as on any other.
    pub stand_ins: Vec<(SetName, Source)>,
    /// What stands in for a set wherever it is asked for, by whomever, with whatever requirement.
    pub overrides: Vec<Request>,
    /// The sets of git and path sources, each with its one version. Every such source that `roots`,
    /// `overrides` or another fixed set names must be here.
    pub fixed: Vec<FixedSet>,
    /// The versions that the lock holds, most wanted first. A merge's two sides may each have one.
    pub locked: Vec<Locked>,
    /// Which locked sets may move.
    pub update: Update,
    /// Which of several versions is taken.
    pub strategy: Strategy,
    /// How old a version must be to be chosen, where that matters.
    pub age: Option<AgeRule>,
    /// The Anvil that will use the sets.
    pub anvil: Version,
    /// What is told where there is no answer.
    pub telling: Telling,
}

/// How old a version must be to be chosen. What is locked is exempt.
#[derive(Clone, Debug)]
pub struct AgeRule {
    /// Versions that were published after this moment (in seconds since 1970) are not chosen.
    pub published_before: i64,
    /// What this machine takes the time to be, in seconds since 1970: what was published later is told apart.
    pub now: i64,
    /// The sets that the rule is not for, by their names.
    pub exempt: Vec<Pattern>,
}

/// What is told where there is no answer.
#[derive(Clone, Debug, Default)]
pub struct Telling {
    /// How much of it.
    pub detail: Detail,
    /// What the project calls its registries, for commands that name one.
    pub registries: BTreeMap<RegistryId, RegistryName>,
    /// The sets that members of the workspace are, by their paths, for commands that change one's manifest.
    pub members: BTreeMap<String, SetName>,
}

/// How much is told of why there is no answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// The conflicts, with the paths to them.
    #[default]
    Conflicts,
    /// The whole derivation as well.
    Derivation,
}

/// Something that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The set.
    pub name: SetName,
    /// Which versions will do. `*` on a git or path source takes whatever version it has, also a
    /// pre-release.
    pub requirement: Requirement,
    /// Where the set comes from.
    pub source: Source,
}

/// A requirement of the project's.
#[derive(Clone, Debug, PartialEq)]
pub struct Root {
    /// What is required.
    pub request: Request,
    /// The member that requires it: `.`, or its folder in a workspace.
    pub member: String,
    /// The line of the member's manifest, from 1; 0 for what the command line asks for.
    pub line: usize,
    /// The line of the root's manifest that the member inherits it from, if it does.
    pub inherited: Option<usize>,
    /// What it is to whoever asks.
    pub role: RootRole,
}

/// What a root is to whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootRole {
    /// A requirement that stands in a manifest, or will: another one in its place may help.
    Requirement,
    /// The question itself: another one would not answer it.
    Question,
}

/// The one version that a git or path source has.
#[derive(Clone, Debug, PartialEq)]
pub struct FixedSet {
    /// The set.
    pub name: SetName,
    /// Its version.
    pub version: Version,
    /// Where it comes from; no registry.
    pub source: Source,
    /// What it needs, with the source of each.
    pub needs: Vec<Request>,
}

/// A version that the lock holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Locked {
    /// The set.
    pub name: SetName,
    /// The version.
    pub version: Version,
    /// Where it comes from.
    pub source: Source,
}

/// Which locked sets may move. What is locked is a preference and never a requirement: any set
/// moves when nothing else will do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Update {
    /// None without need.
    #[default]
    None,
    /// All of them.
    All,
    /// Those named. Whoever wants what they need to move too names it as well (`graph::Graph::needed_by`).
    Only(BTreeSet<SetName>),
}

/// Which of several versions that will do is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// The highest.
    #[default]
    Highest,
    /// The lowest, to test that lower bounds are true.
    Lowest,
    /// The lowest of what the project itself requires, and the highest of what that needs.
    LowestDirect,
}

/// How much work may be done.
#[derive(Clone, Copy)]
pub struct Budget<'a> {
    /// Answers whether to stop now: time is over, or the user interrupted. Asked before every decision.
    pub stop: &'a dyn Fn() -> bool,
    /// How many decisions may be made in all.
    pub decisions: u64,
    /// How many sets may be looked at: a registry whose sets name ever new ones has no end.
    pub sets: usize,
    /// How many versions and needs of versions may be looked at in all, which bounds the memory.
    pub facts: usize,
}

/// The most sets that are looked at unless a budget says otherwise: a chain of a hundred thousand is within it.
pub const MAX_SETS: usize = 200_000;
/// The most versions, and needs of versions, that are looked at in all unless a budget says otherwise. A project that
/// uses five thousand sets of fifty versions with ten needs each has three million at most.
pub const MAX_FACTS: usize = 4_000_000;

impl Default for Budget<'_> {
    /// Returns a budget that time does not limit.
    fn default() -> Self {
        // A project of ten thousand sets needs ten thousand decisions and some for what it takes
        // back; who needs millions is not going to end.
        Budget { stop: &|| false, decisions: 2_000_000, sets: MAX_SETS, facts: MAX_FACTS }
    }
}

/// The answer: every set that the project needs, each in one version from one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolution {
    /// The sets, sorted by name.
    pub sets: Vec<Chosen>,
    /// How many decisions it took.
    pub decisions: u64,
}

/// One chosen set.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The set.
    pub name: SetName,
    /// The version.
    pub version: Version,
    /// Where it comes from.
    pub source: Source,
    /// What it needs, as it asks for it (an override changes no edge), sorted.
    pub dependencies: Vec<Edge>,
    /// Set when it was yanked and is here only because it was locked.
    pub yanked: Option<Yanked>,
}

impl Request {
    /// Returns a request to a registry.
    pub fn registry(name: SetName, requirement: Requirement, registry: RegistryId) -> Self {
        Request { name, requirement, source: Source::Registry(registry) }
    }

    /// Returns a request for whatever version a git or path source has.
    pub fn fixed(name: SetName, source: Source) -> Self {
        Request { name, requirement: Requirement::STAR, source }
    }
}

impl Resolution {
    /// Returns the chosen set called `name`.
    pub fn set(&self, name: &SetName) -> Option<&Chosen> {
        self.sets.binary_search_by(|set| set.name.cmp(name)).ok().map(|at| &self.sets[at])
    }
}
