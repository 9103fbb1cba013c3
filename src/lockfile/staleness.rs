//! Whether a lock still answers a manifest, decided from the two alone.
//!
//! A lock repeats the requirements that it was made for, and each set's edges with theirs. So it is
//! enough to compare the former with the manifest, and to check that the locked versions satisfy
//! both. That also finds what git merges line by line without a conflict and what is unsound all
//! the same: one branch raises a set, the other adds one that needs the old version of it.

use super::source::without_credential;
use super::{LockedSet, Lockfile, Source};
use crate::manifest::{self, Dependency, DependencySource, GitReference, Manifest, Workspace};
use crate::name::{RegistryId, SetName};
use crate::version::{Requirement, Version};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Who needs a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dependant {
    /// A member of the workspace, by its path.
    Member(String),
    /// A set of the lock.
    Set(SetName),
}

impl fmt::Display for Dependant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Dependant::Member(path) if path == manifest::ROOT => f.write_str("the manifest"),
            Dependant::Member(path) => write!(f, "`{path}/{}`", manifest::FILE_NAME),
            Dependant::Set(name) => name.fmt(f),
        }
    }
}

/// Why a lock does not answer the manifest.
#[derive(Clone, Debug, PartialEq)]
pub enum Stale {
    /// A manifest asks for something that the lock does not know of.
    Added {
        /// Whose manifest.
        by: Dependant,
        /// What is asked for.
        name: SetName,
    },
    /// The lock knows of something that a manifest no longer asks for.
    Removed {
        /// Whose manifest.
        by: Dependant,
        /// What was asked for.
        name: SetName,
    },
    /// A manifest asks differently.
    Changed {
        /// Whose manifest.
        by: Dependant,
        /// What is asked for.
        name: SetName,
        /// How the manifest asks.
        asked: Box<DependencySource>,
        /// What the lock answers.
        answered: Box<DependencySource>,
    },
    /// An override was added, removed or changed.
    Override {
        /// What is overridden.
        name: SetName,
        /// The manifest's override.
        asked: Option<Box<DependencySource>>,
        /// The override that the lock was made with.
        answered: Option<Box<DependencySource>>,
    },
    /// A requirement or an edge names a set that the lock does not hold.
    Missing {
        /// Who needs it.
        by: Dependant,
        /// What is needed.
        name: SetName,
    },
    /// A locked version does not satisfy a requirement or an edge.
    Unsatisfied {
        /// Who needs it.
        by: Dependant,
        /// What is needed.
        name: SetName,
        /// The requirement's text.
        requirement: String,
        /// The locked version.
        version: Version,
    },
    /// A locked set does not come from where the manifest takes it.
    Elsewhere {
        /// The member whose manifest it is.
        by: Dependant,
        /// The set.
        name: SetName,
        /// From where the manifest takes it.
        asked: Box<DependencySource>,
        /// Where the locked one comes from.
        locked: Box<Source>,
    },
    /// A locked set comes from another registry than that which whoever needs it names.
    OtherRegistry {
        /// Who needs it.
        by: Dependant,
        /// The set.
        name: SetName,
        /// The registry from which they take it.
        asked: RegistryId,
        /// The one that the lock has it from.
        locked: RegistryId,
    },
    /// A folder that the lock takes a set from holds another one now.
    Folder {
        /// The set.
        name: SetName,
        /// The folder, as the lock names it.
        path: String,
        /// What is different, as the rest of a sentence about the set.
        why: String,
    },
    /// A locked version needs something that the lock does not say of it.
    Unsaid {
        /// The set.
        name: SetName,
        /// Its version.
        version: Version,
        /// The set that it needs, and which versions.
        need: String,
    },
    /// The lock says of a locked version that it needs something, and it does not.
    Invented {
        /// The set.
        name: SetName,
        /// Its version.
        version: Version,
        /// The set that it is said to need, and which versions.
        need: String,
    },
    /// The lock holds a set that nothing needs.
    Unneeded(SetName),
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stale::Added { by, name } => write!(f, "{by} asks for {name}, which the lock does not answer"),
            Stale::Removed { by, name } => write!(f, "the lock answers {name}, which {by} no longer asks for"),
            Stale::Changed { by, name, asked, answered } => {
                write!(f, "{by} asks for {name} {asked}, the lock answers {answered}")
            }
            Stale::Override { name, asked: Some(asked), answered: None } => {
                write!(f, "the manifest overrides {name} with {asked}, the lock does not")
            }
            Stale::Override { name, asked: None, answered: Some(answered) } => {
                write!(f, "the lock overrides {name} with {answered}, the manifest does not")
            }
            Stale::Override { name, asked: Some(asked), answered: Some(answered) } => {
                write!(f, "the manifest overrides {name} with {asked}, the lock with {answered}")
            }
            Stale::Override { name, asked: None, answered: None } => write!(f, "the override of {name} differs"),
            Stale::Missing { by, name } => write!(f, "{by} needs {name}, which the lock does not hold"),
            Stale::Unsatisfied { by, name, requirement, version } => {
                write!(f, "{by} needs {name} {requirement}, the lock holds {version}")
            }
            Stale::Elsewhere { by, name, asked, locked } => {
                write!(f, "{by} takes {name} {asked}, the lock holds it from {locked}")
            }
            Stale::OtherRegistry { by, name, asked, locked } => {
                write!(f, "{by} takes {name} from the registry {asked}, the lock holds it from {locked}")
            }
            Stale::Folder { name, path, why } => write!(f, "{name} in `{path}` {why}"),
            Stale::Unsaid { name, version, need } => {
                write!(f, "{name} {version} needs {need}, and the lock does not say so")
            }
            Stale::Invented { name, version, need } => {
                write!(f, "the lock says that {name} {version} needs {need}, and it does not")
            }
            Stale::Unneeded(name) => write!(f, "the lock holds {name}, which nothing needs"),
        }
    }
}

impl Lockfile {
    /// Returns every reason why the lock does not answer `workspace`; none means that it is current.
    pub fn staleness(&self, workspace: &Workspace) -> Vec<Stale> {
        let mut reasons = Vec::new();
        self.compare_requirements(workspace, &mut reasons);
        self.compare_overrides(&workspace.root, &mut reasons);
        self.check_roots(workspace, &mut reasons);
        self.check_edges(&workspace.root, &mut reasons);
        self.check_needed(workspace, &mut reasons);
        reasons
    }

    /// Does the lock answer what the manifests ask?
    fn compare_requirements(&self, workspace: &Workspace, reasons: &mut Vec<Stale>) {
        let by = |member: &str| Dependant::Member(member.to_owned());
        let locked = self.answered();
        for (member, name, Dependency { source, .. }) in workspace.dependencies() {
            match locked.get(&(member, name)) {
                None => reasons.push(Stale::Added { by: by(member), name: name.clone() }),
                Some(answered) if same(source, answered) => {}
                Some(answered) => reasons.push(Stale::Changed {
                    by: by(member),
                    name: name.clone(),
                    asked: Box::new(source.clone()),
                    answered: Box::new((*answered).clone()),
                }),
            }
        }
        let asked: BTreeSet<(&str, &SetName)> =
            workspace.dependencies().map(|(member, name, _)| (member, name)).collect();
        let gone = self.requirements.iter().filter(|entry| !asked.contains(&(entry.member.as_str(), &entry.name)));
        reasons.extend(gone.map(|entry| Stale::Removed { by: by(&entry.member), name: entry.name.clone() }));
    }

    /// Returns what the lock says that it answers.
    fn answered(&self) -> BTreeMap<(&str, &SetName), &DependencySource> {
        self.requirements.iter().map(|entry| ((entry.member.as_str(), &entry.name), &entry.source)).collect()
    }

    fn compare_overrides(&self, manifest: &Manifest, reasons: &mut Vec<Stale>) {
        let locked: BTreeMap<&SetName, &DependencySource> =
            self.overrides.iter().map(|entry| (&entry.name, &entry.source)).collect();
        let names: BTreeSet<&SetName> = manifest.overrides.keys().chain(locked.keys().copied()).collect();
        for name in names {
            let asked = manifest.overrides.get(name).map(|dependency| &dependency.source);
            let answered = locked.get(name).copied();
            let equal = match (asked, answered) {
                (Some(asked), Some(answered)) => same(asked, answered),
                _ => false,
            };
            if !equal {
                let boxed = |source: &DependencySource| Box::new(source.clone());
                reasons.push(Stale::Override {
                    name: name.clone(),
                    asked: asked.map(boxed),
                    answered: answered.map(boxed),
                });
            }
        }
    }

    /// Is what the manifests ask for there, in a version that will do and from the right place?
    fn check_roots(&self, workspace: &Workspace, reasons: &mut Vec<Stale>) {
        let known = self.answered();
        let root = &workspace.root;
        for (member, name, dependency) in workspace.dependencies() {
            // What the lock does not know of is told already.
            if !known.contains_key(&(member, name)) {
                continue;
            }
            let by = Dependant::Member(member.to_owned());
            let Some(set) = self.set(name) else {
                reasons.push(Stale::Missing { by, name: name.clone() });
                continue;
            };
            if !root.overrides.contains_key(name) {
                check_source(workspace, by, set, &dependency.source, reasons);
            }
        }
        for (name, dependency) in &root.overrides {
            // An override of a set that nobody needs stands for nothing.
            if let Some(set) = self.set(name) {
                check_source(workspace, Dependant::Member(manifest::ROOT.to_owned()), set, &dependency.source, reasons);
            }
        }
    }

    fn check_edges(&self, manifest: &Manifest, reasons: &mut Vec<Stale>) {
        for dependant in &self.sets {
            for edge in &dependant.dependencies {
                let Some(set) = self.set(&edge.name) else {
                    let by = Dependant::Set(dependant.name.clone());
                    reasons.push(Stale::Missing { by, name: edge.name.clone() });
                    continue;
                };
                let overridden = manifest.overrides.contains_key(&edge.name);
                if !overridden && !satisfies(set, &edge.requirement.0) {
                    reasons.push(unsatisfied(Dependant::Set(dependant.name.clone()), set, &edge.requirement.0));
                }
            }
        }
    }

    /// Is every set that the lock holds reached from what the manifests ask for?
    fn check_needed(&self, workspace: &Workspace, reasons: &mut Vec<Stale>) {
        let mut reached: BTreeSet<&SetName> = BTreeSet::new();
        let mut frontier: Vec<&SetName> = workspace.dependencies().map(|(_, name, _)| name).collect();
        while let Some(name) = frontier.pop() {
            if let Some(set) = self.set(name)
                && reached.insert(&set.name)
            {
                frontier.extend(set.dependencies.iter().map(|edge| &edge.name));
            }
        }
        let unneeded = self.sets.iter().filter(|set| !reached.contains(&set.name));
        reasons.extend(unneeded.map(|set| Stale::Unneeded(set.name.clone())));
    }
}

/// Returns whether the two ask for the same. A lock holds no credential, so none is compared.
fn same(asked: &DependencySource, answered: &DependencySource) -> bool {
    match (asked, answered) {
        (
            DependencySource::Git { url, reference, subdirectory },
            DependencySource::Git { url: locked_url, reference: locked_reference, subdirectory: locked_subdirectory },
        ) => {
            (without_credential(url), reference, subdirectory)
                == (without_credential(locked_url), locked_reference, locked_subdirectory)
        }
        _ => asked == answered,
    }
}

/// Returns whether the locked `set` will do for `requirement`. A set from git or a folder has but
/// one version, so `*` takes it even where it is a pre-release.
pub(super) fn satisfies(set: &LockedSet, requirement: &Requirement) -> bool {
    let only_version = !matches!(set.source, Source::Registry(_)) && *requirement == Requirement::STAR;
    only_version || requirement.matches(&set.version)
}

/// Checks the locked `set` against the dependency or override of the manifest that it comes from.
fn check_source(
    workspace: &Workspace,
    by: Dependant,
    set: &LockedSet,
    asked: &DependencySource,
    reasons: &mut Vec<Stale>,
) {
    let manifest = &workspace.root;
    let folder = match &by {
        Dependant::Member(path) => path.as_str(),
        Dependant::Set(_) => manifest::ROOT,
    };
    let right_place = match (asked, &set.source) {
        (DependencySource::Registry { .. }, locked) if workspace.stand_in(&set.name).is_some() => {
            let member = workspace.stand_in(&set.name);
            matches!((member, locked), (Some(member), Source::Path(path)) if tidy(path) == tidy(&member.path))
        }
        (DependencySource::Registry { registry, .. }, Source::Registry(id)) => {
            let name = registry.clone().unwrap_or_else(crate::name::RegistryName::default_name);
            let vouched = manifest.registries.get(&name).and_then(|entry| entry.id.as_ref());
            // Without an id in the manifest it takes the registry itself to know.
            vouched.is_none_or(|vouched| vouched == id)
        }
        (
            DependencySource::Git { url, reference, subdirectory },
            Source::Git { url: locked_url, subdirectory: locked_subdirectory, commit },
        ) => {
            let same_commit = match reference {
                GitReference::Rev(rev) if is_whole_commit(rev) => rev.eq_ignore_ascii_case(commit),
                _ => true,
            };
            without_credential(url) == *locked_url && subdirectory == locked_subdirectory && same_commit
        }
        (DependencySource::Path { path }, Source::Path(locked)) => tidy(&format!("{folder}/{path}")) == tidy(locked),
        _ => false,
    };
    if !right_place {
        reasons.push(Stale::Elsewhere {
            by,
            name: set.name.clone(),
            asked: Box::new(asked.clone()),
            locked: Box::new(set.source.clone()),
        });
    } else if let DependencySource::Registry { requirement, .. } = asked
        && !satisfies(set, requirement)
    {
        reasons.push(unsatisfied(by, set, requirement));
    }
}

fn unsatisfied(by: Dependant, set: &LockedSet, requirement: &Requirement) -> Stale {
    Stale::Unsatisfied {
        by,
        name: set.name.clone(),
        requirement: requirement.to_string(),
        version: set.version.clone(),
    }
}

fn is_whole_commit(rev: &str) -> bool {
    rev.len() == 40 && rev.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns the segments of `path` without `.`, and without what a following `..` takes back.
fn tidy(path: &str) -> Vec<&str> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." if segments.last().is_some_and(|last| *last != "..") => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lockfile::LockedRequirement;
    use crate::manifest::Strictness;

    fn lock(text: &str) -> Lockfile {
        let text = format!("version = 1\n{}", text.replace("CHECKSUMS", CHECKSUMS));
        Lockfile::read("anvil.lock", &text).unwrap().whole("anvil.lock").unwrap()
    }

    const CHECKSUMS: &str = "sha256 = \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"\n\
                             digest = \"h1:erdMlRk0eRtRdWwORf3hp8jY0qj3HfwiLfBP+fr7PP4=\"";

    fn stale(lock: &Lockfile, manifest: &str) -> Vec<String> {
        let manifest = Manifest::parse("anvil.toml", manifest, Strictness::Own).unwrap();
        lock.staleness(&Workspace::alone(manifest)).iter().map(ToString::to_string).collect()
    }

    const MANIFEST: &str = "[dependencies]\n\"a/a\" = \"^1.2\"\n\"b/b\" = { path = \"../b\" }\n";

    /// a/a (from a registry) needs c/c; b/b is a folder that needs c/c too.
    fn current() -> Lockfile {
        lock(
            "[[requirement]]\nmember = \".\"\nname = \"a/a\"\nrequirement = \"^1.2\"\n\
             [[requirement]]\nmember = \".\"\nname = \"b/b\"\npath = \"../b\"\n\
             [[set]]\nname = \"a/a\"\nversion = \"1.2.3\"\nsource = \"registry:test\"\nCHECKSUMS\ndependencies = [\"c/c ^1\"]\n\
             [[set]]\nname = \"b/b\"\nversion = \"0.1.0\"\nsource = \"path:../b\"\ndependencies = [\"c/c ^1.1\"]\n\
             [[set]]\nname = \"c/c\"\nversion = \"1.5.0\"\nsource = \"registry:test\"\nCHECKSUMS\n",
        )
    }

    #[test]
    fn a_lock_that_answers_is_not_stale() {
        assert_eq!(stale(&current(), MANIFEST), [""; 0]);
        assert_eq!(stale(&Lockfile::default(), ""), [""; 0]);
    }

    #[test]
    fn a_manifest_that_asks_for_more_for_less_or_differently_is_not_answered() {
        assert_eq!(
            stale(&current(), &format!("{MANIFEST}\"d/d\" = \"1\"\n")),
            ["the manifest asks for d/d, which the lock does not answer"]
        );
        assert_eq!(
            stale(&current(), "[dependencies]\n\"a/a\" = \"^1.2\"\n"),
            ["the lock answers b/b, which the manifest no longer asks for", "the lock holds b/b, which nothing needs"]
        );
        assert_eq!(
            stale(&current(), &MANIFEST.replace("^1.2", "^1.1")),
            ["the manifest asks for a/a ^1.1, the lock answers ^1.2"]
        );
        // The same in other words is the same.
        assert_eq!(stale(&current(), &MANIFEST.replace("^1.2", "1.2")), [""; 0]);
    }

    #[test]
    fn two_branches_that_each_add_a_set_merge_soundly() {
        let mut merged = current();
        let other = lock(
            "[[requirement]]\nmember = \".\"\nname = \"d/d\"\nrequirement = \"^2\"\n\
             [[set]]\nname = \"d/d\"\nversion = \"2.0.0\"\nsource = \"registry:test\"\nCHECKSUMS\ndependencies = [\"c/c ^1.4\"]\n",
        );
        merged.requirements.extend(other.requirements);
        merged.sets.extend(other.sets);
        merged.sort();
        assert_eq!(stale(&merged, &format!("{MANIFEST}\"d/d\" = \"^2\"\n")), [""; 0]);
    }

    #[test]
    fn an_unsound_merge_is_found_by_its_edges() {
        // One branch raised c/c to 2.0.0 and its user a/a with it; the other still needs ^1.1.
        let mut merged = current();
        merged.sets[2].version = Version::new(2, 0, 0);
        merged.sets[0].dependencies[0].requirement.0 = Requirement::parse("^2").unwrap();
        assert_eq!(stale(&merged, MANIFEST), ["b/b needs c/c ^1.1, the lock holds 2.0.0"]);
        // One branch dropped the last user of c/c and so c/c; the other added a user.
        merged.sets.remove(2);
        merged.sets[1].dependencies.clear();
        assert_eq!(stale(&merged, MANIFEST), ["a/a needs c/c, which the lock does not hold"]);
    }

    #[test]
    fn a_locked_version_must_satisfy_the_root_even_where_the_requirement_is_recorded() {
        let mut merged = current();
        merged.sets[0].version = Version::new(1, 1, 0);
        assert_eq!(stale(&merged, MANIFEST), ["the manifest needs a/a ^1.2, the lock holds 1.1.0"]);
        merged.sets.remove(0);
        assert_eq!(stale(&merged, MANIFEST)[0], "the manifest needs a/a, which the lock does not hold");
    }

    #[test]
    fn a_set_must_come_from_where_the_manifest_takes_it() {
        let mut merged = current();
        merged.sets[1].source = Source::Path("./../x/../b".into());
        assert_eq!(stale(&merged, MANIFEST), [""; 0]);
        merged.sets[1].source = Source::Path("../c".into());
        assert_eq!(stale(&merged, MANIFEST), ["the manifest takes b/b path ../b, the lock holds it from path:../c"]);
        let vouched = |id: &str| format!("registries.default = {{ url = \"x\", id = \"{id}\" }}\n{MANIFEST}");
        assert_eq!(stale(&current(), &vouched("test")), [""; 0]);
        assert_eq!(
            stale(&current(), &vouched("other"))[0],
            "the manifest takes a/a ^1.2, the lock holds it from registry:test"
        );
    }

    #[test]
    fn a_commit_that_the_manifest_names_is_the_one_that_is_locked() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let manifest = format!("[dependencies]\n\"a/a\" = {{ git = \"https://x.example/y\", rev = \"{commit}\" }}\n");
        let text = |locked: &str| {
            format!(
                "[[requirement]]\nmember = \".\"\nname = \"a/a\"\ngit = \"https://x.example/y\"\nrev = \"{commit}\"\n\
                 [[set]]\nname = \"a/a\"\nversion = \"1.0.0-rc.1\"\nsource = \"git+https://x.example/y#{locked}\"\n"
            )
        };
        assert_eq!(stale(&lock(&text(commit)), &manifest), [""; 0]);
        assert_eq!(stale(&lock(&text(&commit.replace('0', "f"))), &manifest).len(), 1);
    }

    #[test]
    fn an_override_satisfies_every_edge_and_is_compared_itself() {
        let manifest = format!("{MANIFEST}[override]\n\"c/c\" = {{ path = \"../c\" }}\n");
        assert_eq!(stale(&current(), &manifest)[0], "the manifest overrides c/c with path ../c, the lock does not");
        let mut overridden = current();
        overridden.overrides = vec![LockedRequirement {
            member: ".".into(),
            name: "c/c".parse().unwrap(),
            source: DependencySource::Path { path: "../c".into() },
        }];
        overridden.sets[2].source = Source::Path("../c".into());
        overridden.sets[2].version = Version::new(9, 0, 0);
        assert_eq!(stale(&overridden, &manifest), [""; 0]);
        assert_eq!(stale(&overridden, MANIFEST)[0], "the lock overrides c/c with path ../c, the manifest does not");
        let version = manifest.replace("{ path = \"../c\" }", "\"^3\"");
        assert!(
            stale(&overridden, &version)
                .contains(&"the manifest overrides c/c with ^3, the lock with path ../c".into())
        );
    }
}
