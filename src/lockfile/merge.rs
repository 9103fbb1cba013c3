//! Merging two locks that come from one, fact by fact and not line by line.
//!
//! A lock carries what it answers and what each of its sets needs, so that the three locks alone decide: no
//! manifest, no registry. What one side changed is taken; where both changed a set, the higher version comes
//! first. Of what does not go together, versions of the two sides are put back one by one until the whole
//! satisfies every requirement and edge. Nothing is ever chosen that neither side holds, and what one side alone
//! moved is never put back: nobody decided against it, so that somebody has to.

use super::staleness::satisfies;
use super::{Dependant, LockedRequirement, LockedSet, Lockfile, Source, Stale};
use crate::manifest::DependencySource;
use crate::name::SetName;
use crate::version::Version;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

/// The most combinations of the two sides' versions that are looked at. Real merges take a handful.
const MOST_TRIES: usize = 2000;

/// Two locks that do not make one.
#[derive(Clone, Debug, PartialEq)]
pub struct Unmerged {
    /// Why.
    pub clash: Clash,
    /// What both sides together ask for, without any sets, where that much is sure: versions could be chosen anew for it.
    pub asked: Option<Box<Lockfile>>,
}

/// Why two locks do not make one.
#[derive(Clone, Debug, PartialEq)]
pub enum Clash {
    /// Both sides changed what the project asks of a set, each in its own way.
    Asked {
        /// The set.
        name: SetName,
        /// What our side asks; nothing where it asks for it no longer.
        ours: Option<Box<DependencySource>>,
        /// What their side asks.
        theirs: Option<Box<DependencySource>>,
    },
    /// Together members of the workspace ask for a set from two places, as neither side did.
    Places {
        /// The set.
        name: SetName,
        /// A member, and what it asks.
        one: Box<(String, DependencySource)>,
        /// Another one, and what that asks.
        other: Box<(String, DependencySource)>,
    },
    /// Both sides changed a set to what cannot be compared: other places, or other content of one version.
    Set(SetName),
    /// No choice among the two sides' versions satisfies all that is needed; this is what stands against the first.
    Unsound(Stale),
    /// A set that one side alone moved would have to go back.
    Undone {
        /// The set.
        name: SetName,
        /// The version that the side moved it to.
        moved: Version,
        /// The version that it would have again.
        back: Version,
        /// What stands against all that both sides moved; nothing where that is not known.
        why: Option<Box<Stale>>,
    },
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |asked: &Option<Box<DependencySource>>| match asked {
            Some(asked) => asked.to_string(),
            None => "nothing".to_owned(),
        };
        match self {
            Clash::Asked { name, ours, theirs } => {
                write!(f, "one side asks for {} of {name}, the other for {}", side(ours), side(theirs))
            }
            Clash::Places { name, one, other } => {
                let ((one, asked), (other, too)) = (&**one, &**other);
                let [one, other] = [one, other].map(|member| Dependant::Member(member.clone()));
                write!(f, "{one} asks for {name} {asked}, and {other} for {name} {too}")
            }
            Clash::Set(name) => write!(f, "each side has {name} from another place or with another content"),
            Clash::Unsound(why) => write!(f, "in what both sides changed, {why}"),
            Clash::Undone { name, moved, back, why } => {
                write!(
                    f,
                    "one side moved {name} from {back} to {moved}, which does not go with what the other changed"
                )?;
                why.as_ref().map_or(Ok(()), |why| write!(f, ": {why}"))
            }
        }
    }
}

impl Lockfile {
    /// Returns the lock that has what both `ours` and `theirs` changed in `base`.
    ///
    /// # Errors
    /// When both changed the same otherwise, no choice among their versions satisfies everything, or only one that
    /// takes back what one side alone moved.
    pub fn merge(base: &Lockfile, ours: &Lockfile, theirs: &Lockfile) -> Result<Lockfile, Box<Unmerged>> {
        let sure = |clash| Box::new(Unmerged { clash, asked: None });
        let asked = Lockfile {
            requirements: merge_asked([&base.requirements, &ours.requirements, &theirs.requirements]).map_err(sure)?,
            overrides: merge_asked([&base.overrides, &ours.overrides, &theirs.overrides]).map_err(sure)?,
            sets: Vec::new(),
        };
        if let Some(clash) = two_places(&asked, [ours, theirs]) {
            return Err(sure(clash));
        }
        let unmerged = |clash| Box::new(Unmerged { clash, asked: Some(Box::new(asked.clone())) });
        let choices = choices(&asked, base, [ours, theirs]).map_err(unmerged)?;
        let (lock, why) = sound_choice(&asked, &choices).map_err(|why| unmerged(Clash::Unsound(why)))?;
        match undone(base, [ours, theirs], &lock) {
            Some((name, moved, back)) => Err(unmerged(Clash::Undone { name, moved, back, why: why.map(Box::new) })),
            None => Ok(lock),
        }
    }
}

/// Returns a set that one of `sides` alone moved away from `base` and that `merged` has as it was, with the version that
/// it was moved to and the one that it has again. A set that nothing needs any more is none.
pub fn undone(base: &Lockfile, sides: [&Lockfile; 2], merged: &Lockfile) -> Option<(SetName, Version, Version)> {
    merged.sets.iter().find_map(|set| {
        let before =
            base.set(&set.name).filter(|before| (&before.version, &before.source) == (&set.version, &set.source))?;
        let [ours, theirs] = sides.map(|side| side.set(&set.name).map(|held| &held.version));
        let moved = match (ours?, theirs?) {
            (moved, stayed) | (stayed, moved) if *stayed == before.version && *moved != before.version => moved,
            _ => return None,
        };
        Some((set.name.clone(), moved.clone(), before.version.clone()))
    })
}

/// Returns what is asked after both sides changed it.
fn merge_asked([base, ours, theirs]: [&Vec<LockedRequirement>; 3]) -> Result<Vec<LockedRequirement>, Clash> {
    let keyed = |entries: &'_ [LockedRequirement]| -> BTreeMap<(String, SetName), DependencySource> {
        entries.iter().map(|entry| ((entry.member.clone(), entry.name.clone()), entry.source.clone())).collect()
    };
    let (base, ours, theirs) = (keyed(base), keyed(ours), keyed(theirs));
    let keys: BTreeSet<&(String, SetName)> = ours.keys().chain(theirs.keys()).collect();
    let mut merged = Vec::new();
    for key in keys {
        let (before, mine, other) = (base.get(key), ours.get(key), theirs.get(key));
        let taken = if mine == other || other == before {
            mine
        } else if mine == before {
            other
        } else {
            let boxed = |source: Option<&DependencySource>| source.cloned().map(Box::new);
            return Err(Clash::Asked { name: key.1.clone(), ours: boxed(mine), theirs: boxed(other) });
        };
        let (member, name) = key.clone();
        merged.extend(taken.map(|source| LockedRequirement { member, name, source: source.clone() }));
    }
    Ok(merged)
}

/// Returns a set that `asked` is to come from two places and none of `sides` is so. Members of a workspace may ask for one
/// of them by its folder and by requirement, which is one place; then a side does so, too.
fn two_places(asked: &Lockfile, sides: [&Lockfile; 2]) -> Option<Clash> {
    fn differing<'l>(lock: &'l Lockfile, name: &SetName) -> Option<[&'l LockedRequirement; 2]> {
        let mut entries = lock.requirements.iter().filter(|entry| entry.name == *name);
        let one = entries.next()?;
        entries.find(|other| !same_place(&one.source, &other.source)).map(|other| [one, other])
    }
    let mut entries = asked.requirements.iter().filter(|entry| !asked.overrides_set(&entry.name));
    entries.find_map(|LockedRequirement { name, .. }| {
        let found = differing(asked, name)?;
        let is_new = sides.iter().all(|side| differing(side, name).is_none());
        let [one, other] = found.map(|entry| Box::new((entry.member.clone(), entry.source.clone())));
        is_new.then(|| Clash::Places { name: name.clone(), one, other })
    })
}

/// What may be locked of each set, the better one first.
type Choices<'l> = BTreeMap<&'l SetName, Vec<&'l LockedSet>>;

fn choices<'l>(asked: &Lockfile, base: &Lockfile, sides: [&'l Lockfile; 2]) -> Result<Choices<'l>, Clash> {
    let names: BTreeSet<&SetName> = sides.iter().flat_map(|side| &side.sets).map(|set| &set.name).collect();
    let choice = |name: &'l SetName| {
        let (ours, theirs) = match sides.map(|side| side.set(name)) {
            [Some(ours), Some(theirs)] if ours != theirs => (ours, theirs),
            [ours, theirs] => return Ok(ours.or(theirs).into_iter().collect()),
        };
        // What is asked of it comes from one side; so does the set, where the other has it from another place.
        let now = asking(asked, name);
        if let [Some(mine), Some(other)] = sides.map(|side| asking(side, name))
            && !same_place(mine, other)
        {
            return Ok(vec![if now == Some(mine) { ours } else { theirs }]);
        }
        let (is_ours, is_theirs) = (asks_as(sides[0], now, name), asks_as(sides[1], now, name));
        if is_ours != is_theirs {
            return Ok(vec![if is_ours { ours } else { theirs }]);
        }
        let before = base.set(name);
        if before == Some(ours) || before == Some(theirs) {
            return Ok(if before == Some(ours) { vec![theirs, ours] } else { vec![ours, theirs] });
        }
        if same_content(ours, theirs) {
            return Ok(vec![ours]); // They differ in what a newer Anvil says of it.
        }
        let comparable = matches!((&ours.source, &theirs.source), (Source::Registry(a), Source::Registry(b)) if a == b);
        if !comparable || ours.version == theirs.version {
            return Err(Clash::Set(name.clone()));
        }
        Ok(if ours.version > theirs.version { vec![ours, theirs] } else { vec![theirs, ours] })
    };
    names.into_iter().map(|name| Ok((name, choice(name)?))).collect()
}

/// Returns what decides where `name` comes from: an override, or else what the project asks.
fn asking<'l>(lock: &'l Lockfile, name: &SetName) -> Option<&'l DependencySource> {
    let mut entries = lock.overrides.iter().chain(&lock.requirements);
    entries.find(|entry| entry.name == *name).map(|entry| &entry.source)
}

/// Returns whether `side` overrides `name` just as `now` says, or does not and neither is that an override.
fn asks_as(side: &Lockfile, now: Option<&DependencySource>, name: &SetName) -> bool {
    let overridden = side.overrides.iter().find(|entry| entry.name == *name).map(|entry| &entry.source);
    match overridden {
        Some(overridden) => Some(overridden) == now,
        None => now.is_none_or(|now| matches!(now, DependencySource::Registry { .. })) || asking(side, name) == now,
    }
}

fn same_place(a: &DependencySource, b: &DependencySource) -> bool {
    use DependencySource::Registry;
    match (a, b) {
        (Registry { registry: a, .. }, Registry { registry: b, .. }) => a == b,
        _ => a == b,
    }
}

fn same_content(a: &LockedSet, b: &LockedSet) -> bool {
    (&a.version, &a.source, &a.sha256, &a.digest, &a.dependencies)
        == (&b.version, &b.source, &b.sha256, &b.digest, &b.dependencies)
}

/// Returns the lock of the best choices that go together, and what stands against the very best. The best is that of all first choices; then come those
/// with one second choice, then two, and only second choices of sets that something stands against are looked at.
fn sound_choice(asked: &Lockfile, choices: &Choices<'_>) -> Result<(Lockfile, Option<Stale>), Stale> {
    let mut first_fault = None;
    let mut seen: BTreeSet<BTreeSet<SetName>> = BTreeSet::from([BTreeSet::new()]);
    let mut frontier = VecDeque::from([BTreeSet::new()]);
    let mut tries = 0;
    while let Some(second) = frontier.pop_front() {
        let (fault, suspects) = match chosen(asked, choices, &second) {
            Ok(lock) => return Ok((lock, first_fault)),
            Err(found) => *found,
        };
        first_fault.get_or_insert(fault);
        tries += 1;
        if tries >= MOST_TRIES {
            break;
        }
        for suspect in suspects.into_iter().filter(|name| choices.get(name).is_some_and(|sets| sets.len() > 1)) {
            let mut next = second.clone();
            if next.insert(suspect) && seen.insert(next.clone()) {
                frontier.push_back(next);
            }
        }
    }
    Err(first_fault.expect("the first choice was found at fault before the frontier could run out"))
}

/// Returns the lock of the first choices, but for the sets of which it is the `second`; or what it does not satisfy,
/// and the sets that may be at fault.
fn chosen(
    asked: &Lockfile,
    choices: &Choices<'_>,
    second: &BTreeSet<SetName>,
) -> Result<Lockfile, Box<(Stale, Vec<SetName>)>> {
    let set = |name: &SetName| choices.get(name)?.get(usize::from(second.contains(name))).copied();
    let overridden: BTreeSet<&SetName> = asked.overrides.iter().map(|entry| &entry.name).collect();
    let suspect = |by: &Dependant| match by {
        Dependant::Set(name) => Some(name.clone()),
        Dependant::Member(_) => None,
    };
    let unsatisfied = |by: Dependant, held: &LockedSet, requirement: String| {
        let (name, version) = (held.name.clone(), held.version.clone());
        let suspects = std::iter::once(name.clone()).chain(suspect(&by)).collect();
        Box::new((Stale::Unsatisfied { by, name, requirement, version }, suspects))
    };
    let missing = |by: Dependant, name: &SetName| {
        let suspects = suspect(&by).into_iter().collect();
        Box::new((Stale::Missing { by, name: name.clone() }, suspects))
    };
    let member = |entry: &LockedRequirement| Dependant::Member(entry.member.clone());
    let mut lock = asked.clone();
    let mut reached: BTreeSet<&SetName> = BTreeSet::new();
    let mut frontier: Vec<&LockedSet> = Vec::new();
    for entry in &asked.requirements {
        frontier.push(set(&entry.name).ok_or_else(|| missing(member(entry), &entry.name))?);
    }
    while let Some(here) = frontier.pop() {
        if !reached.insert(&here.name) {
            continue;
        }
        for edge in &here.dependencies {
            let needed = set(&edge.name).ok_or_else(|| missing(Dependant::Set(here.name.clone()), &edge.name))?;
            if !overridden.contains(&edge.name) && !satisfies(needed, &edge.requirement.0) {
                let by = Dependant::Set(here.name.clone());
                return Err(unsatisfied(by, needed, edge.requirement.0.to_string()));
            }
            frontier.push(needed);
        }
        lock.sets.push(here.clone());
    }
    let standing = asked.requirements.iter().filter(|entry| !overridden.contains(&entry.name)).chain(&asked.overrides);
    for entry in standing {
        let Some(held) = set(&entry.name).filter(|held| reached.contains(&held.name)) else { continue };
        if !answers(held, &entry.source) {
            return Err(unsatisfied(member(entry), held, entry.source.to_string()));
        }
    }
    lock.sort();
    Ok(lock)
}

/// Returns whether `held` can be what `asked` says. Which registry is called how, no lock says.
fn answers(held: &LockedSet, asked: &DependencySource) -> bool {
    match (asked, &held.source) {
        // A member of a workspace asks for another one by requirement, too.
        (DependencySource::Registry { requirement, .. }, Source::Registry(_) | Source::Path(_)) => {
            satisfies(held, requirement)
        }
        (DependencySource::Git { .. }, Source::Git { .. }) | (DependencySource::Path { .. }, Source::Path(_)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a lock that asks for `roots` (`a ^1, b`) and holds the sets of the lines, as in `a 1.0.0: b ^1, c`.
    fn lock(roots: &str, lines: &[&str]) -> Lockfile {
        let split = |text: &str| -> Vec<(String, String)> {
            let each = text.split(',').map(str::trim).filter(|one| !one.is_empty());
            each.map(|one| one.split_once(' ').unwrap_or((one, "*")))
                .map(|(name, requirement)| (format!("x/{name}"), requirement.to_owned()))
                .collect()
        };
        let mut text = "version = 1\n".to_owned();
        for (name, requirement) in split(roots) {
            let requirement = match requirement.strip_prefix("path:") {
                Some(path) => format!("path = \"{path}\""),
                None => format!("requirement = \"{requirement}\""),
            };
            text += &format!("[[requirement]]\nmember = \".\"\nname = \"{name}\"\n{requirement}\n");
        }
        for line in lines {
            let (set, needs) = line.rsplit_once(':').unwrap();
            let (name, version) = set.split_once(' ').unwrap();
            let (version, source) = version.split_once('@').unwrap_or((version, "registry:test"));
            text += &format!("[[set]]\nname = \"x/{name}\"\nversion = \"{version}\"\nsource = \"{source}\"\n");
            if source.starts_with("registry") {
                let sum = crate::digest::Sha256::of(format!("{name} {version}").as_bytes());
                text += &format!("sha256 = \"{sum}\"\ndigest = \"h1:erdMlRk0eRtRdWwORf3hp8jY0qj3HfwiLfBP+fr7PP4=\"\n");
            }
            let needs: Vec<String> = split(needs).iter().map(|(name, needed)| format!("\"{name} {needed}\"")).collect();
            text += &format!("dependencies = [{}]\n", needs.join(", "));
        }
        Lockfile::read("anvil.lock", &text).unwrap().whole("anvil.lock").unwrap()
    }

    fn merged(base: &Lockfile, ours: &Lockfile, theirs: &Lockfile) -> Result<String, String> {
        let shown = |lock: &Lockfile| {
            let set = |set: &LockedSet| format!("{} {}", set.name.set(), set.version);
            lock.sets.iter().map(set).collect::<Vec<_>>().join(", ")
        };
        let result = Lockfile::merge(base, ours, theirs).map_err(|unmerged| unmerged.clash.to_string());
        let mirrored = Lockfile::merge(base, theirs, ours);
        assert_eq!(result.as_ref().ok(), mirrored.as_ref().ok(), "the sides' order must not matter");
        result.as_ref().map(shown).map_err(Clone::clone)
    }

    #[test]
    fn what_one_side_changed_is_taken_and_what_nothing_needs_goes() {
        let base = lock("a ^1", &["a 1.0.0: c ^1", "c 1.0.0:"]);
        let added = lock("a ^1, b ^1", &["a 1.0.0: c ^1", "b 1.0.0: d ^1", "c 1.0.0:", "d 1.0.0:"]);
        let raised = lock("a ^1", &["a 1.2.0: c ^1", "c 1.1.0:"]);
        assert_eq!(merged(&base, &added, &raised), Ok("a 1.2.0, b 1.0.0, c 1.1.0, d 1.0.0".into()));
        let dropped = lock("a ^1", &["a 1.3.0:"]);
        assert_eq!(merged(&base, &dropped, &base), Ok("a 1.3.0".into()));
        // One side needs no more what the other raised, or needs anew: it is there where anything needs it.
        assert_eq!(merged(&base, &dropped, &lock("a ^1", &["a 1.0.0: c ^1", "c 1.1.0:"])), Ok("a 1.3.0".into()));
        let uses = lock("a ^1, b ^1", &["a 1.0.0: c ^1", "b 1.0.0: c ^1", "c 1.0.0:"]);
        assert_eq!(merged(&base, &dropped, &uses), Ok("a 1.3.0, b 1.0.0, c 1.0.0".into()));
        // Also where it went down.
        let any = lock("a *", &["a 1.0.0:"]);
        assert_eq!(merged(&any, &lock("a *", &["a 0.9.0:"]), &any), Ok("a 0.9.0".into()));
    }

    #[test]
    fn where_both_changed_a_set_the_higher_that_satisfies_is_taken() {
        let base = lock("a ^1", &["a 1.0.0:"]);
        let (one, two) = (lock("a ^1", &["a 1.1.0:"]), lock("a ^1", &["a 1.2.0:"]));
        assert_eq!(merged(&base, &one, &two), Ok("a 1.2.0".into()));
        // b, which one side adds, takes a below 1.2 alone.
        let one = lock("a ^1, b ^1", &["a 1.1.0:", "b 1.0.0: a <1.2"]);
        assert_eq!(merged(&base, &one, &two), Ok("a 1.1.0, b 1.0.0".into()));
    }

    #[test]
    fn what_one_side_alone_moved_is_never_put_back() {
        let base = lock("a ^1, b ^1", &["a 1.0.0: c ^1", "b 1.0.0: c ^1", "c 1.0.0:"]);
        // One side raised c with both of its users; the other added d, which needs the old c.
        let raised = lock("a ^1, b ^1", &["a 1.1.0: c ^2", "b 1.1.0: c ^2", "c 2.0.0:"]);
        let added = lock("a ^1, b ^1, d ^1", &["a 1.0.0: c ^1", "b 1.0.0: c ^1", "c 1.0.0:", "d 1.0.0: c ^1"]);
        let told = merged(&base, &raised, &added).unwrap_err();
        let why = "one side moved x/a from 1.0.0 to 1.1.0, which does not go with what the other changed";
        assert_eq!(told, format!("{why}: x/d needs x/c ^1, the lock holds 2.0.0"));
        // Also where each moved one of two that need another version of a third.
        let base = lock("a ^1, b ^1", &["a 1.0.0: c ^1", "b 1.0.0: c ^1", "c 1.0.0:"]);
        let one = lock("a ^1, b ^1", &["a 1.1.0: c =1.2.0", "b 1.0.0: c ^1", "c 1.2.0:"]);
        let other = lock("a ^1, b ^1", &["a 1.0.0: c ^1", "b 1.1.0: c =1.1.0", "c 1.1.0:"]);
        assert!(merged(&base, &one, &other).unwrap_err().contains("to 1.1.0, which does not go with"));
        // Where the new version is asked for, nothing of the two sides will do.
        let asked = lock("a ^1.1, b ^1", &["a 1.1.0: c ^2", "b 1.1.0: c ^2", "c 2.0.0:"]);
        let told = merged(&base, &asked, &added).unwrap_err();
        assert_eq!(told, "in what both sides changed, x/d needs x/c ^1, the lock holds 2.0.0");
    }

    #[test]
    fn what_both_ask_for_otherwise_and_what_cannot_be_compared_is_no_merge() {
        let base = lock("a ^1", &["a 1.0.0:"]);
        let (one, two) = (lock("a ^1.1", &["a 1.1.0:"]), lock("a ^1.2", &["a 1.2.0:"]));
        let clash = Lockfile::merge(&base, &one, &two).unwrap_err();
        assert_eq!(clash.clash.to_string(), "one side asks for ^1.1 of x/a, the other for ^1.2");
        assert!(clash.asked.is_none());
        let gone = Lockfile::merge(&base, &lock("", &[]), &one).unwrap_err();
        assert_eq!(gone.clash.to_string(), "one side asks for nothing of x/a, the other for ^1.1");
        let mut other = lock("a ^1", &["a 1.1.0:"]);
        other.sets[0].sha256 = Some(crate::digest::Sha256::of(b"other"));
        let clash = Lockfile::merge(&base, &other, &lock("a ^1", &["a 1.1.0:"])).unwrap_err();
        assert_eq!(clash.clash, Clash::Set("x/a".parse().unwrap()));
    }

    #[test]
    fn a_set_comes_from_the_side_that_says_from_where() {
        let base = lock("a ^1, b ^1", &["a 1.0.0:", "b 1.0.0: a ^1"]);
        let moved = lock("a path:../a, b ^1", &["a 1.0.0@path:../a:", "b 1.0.0: a ^1"]);
        let raised = lock("a ^1, b ^1", &["a 1.5.0:", "b 1.2.0: a ^1"]);
        let lock = Lockfile::merge(&base, &moved, &raised).unwrap();
        assert_eq!(lock, Lockfile::merge(&base, &raised, &moved).unwrap());
        assert_eq!(lock.sets[0].source, Source::Path("../a".into()));
        assert_eq!(lock.sets[1].version.to_string(), "1.2.0");
    }
}
