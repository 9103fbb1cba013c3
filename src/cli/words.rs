//! Words that several commands say.

use super::Session;
use super::output::{self, clean_line};
use crate::commands::between::Between;
use crate::commands::compat::NotChecked;
use crate::commands::lock::{Advised, Answer, Contradicted, Dispute};
use crate::commands::outdated::Holder;
use crate::commands::push;
use crate::commands::reference::{Found, Origin};
use crate::commands::target::Action;
use crate::compat;
use crate::error::{Hint, in_line};
use crate::index::{BrokenPromise, Deprecated};
use crate::lockfile::{Change, LockedSet, Lockfile, Source, Stale};
use crate::manifest::ROOT;
use crate::name::SetName;
use crate::version::{Bump, Version};
use serde_json::{Value, json};

/// Said of a project that has no dependencies: there may be no lock that anything could be said of.
pub const NOTHING_REQUIRED: &str = "anvil.toml asks for no sets, and nothing is locked\n";

/// Returns a number and its noun: `1 set`, `3 sets`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Returns the words as a person lists them: `a, b and c`.
pub fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Returns the first few words, and how many more there are: `a, b, c and 72 more`.
pub fn few(words: &[&str]) -> String {
    /// The most that are named.
    const MOST: usize = 5;
    match words.len().saturating_sub(MOST) {
        0 | 1 => list(words),
        more => format!("{} and {more} more", words[..MOST].join(", ")),
    }
}

/// Returns a size for people, in decimal units: `812 bytes`, `2.1 kB`, `3.4 MB`.
pub fn bytes(number: u64) -> String {
    match number {
        0..1000 => format!("{number} bytes"),
        1000..1_000_000 => format!("{:.1} kB", number as f64 / 1e3),
        _ => format!("{:.1} MB", number as f64 / 1e6),
    }
}

/// Returns what moved in a lock, a line each, after the conflict that was solved in it.
pub fn changes(answer: &Answer, run: Action) -> String {
    let changes = answer.changes.iter().map(|change| change_line(answer, change, run));
    solved(answer, run).into_iter().chain(changes).collect()
}

/// Returns which side's versions were taken where git had left a conflict.
fn solved(answer: &Answer, run: Action) -> Option<String> {
    answer.theirs.as_ref()?;
    let one = |dispute: &Dispute<'_>| {
        let same = dispute.ours.version == dispute.theirs.version;
        let what = |set: &LockedSet| match same {
            true => format!("{} from {}", set.version, source(&set.source)),
            false => set.version.to_string(),
        };
        let (name, ours, theirs) = (dispute.name, what(dispute.ours), what(dispute.theirs));
        match dispute.taken.map(what) {
            None => format!("{name} is needed no longer"),
            Some(taken) if taken == ours => format!("{name} {taken}, not {theirs}"),
            Some(taken) if taken == theirs => format!("{name} {taken}, not {ours}"),
            Some(taken) => format!("{name} {taken}, neither {ours} nor {theirs}"),
        }
    };
    let disputes: Vec<String> = answer.disputes().iter().map(one).collect();
    let mut how = match (disputes.is_empty(), answer.unread) {
        (true, 0) => "the sides differ in no version".to_owned(),
        (true, _) => "the sides differ in no version that could be read".to_owned(),
        (false, _) => disputes.join("; "),
    };
    if answer.unread > 0 {
        let parts = count(answer.unread, "part");
        how.push_str(&format!("; {parts} of it could not be read, and what stood there was chosen anew"));
    }
    let verb = if run == Action::Plan { "would solve" } else { "solved" };
    Some(format!("{verb} the conflict in anvil.lock: {how}\n"))
}

fn change_line(answer: &Answer, change: &Change, run: Action) -> String {
    let name = &change.name;
    let did = |done: &'static str, would: &'static str| if run == Action::Plan { would } else { done };
    match (&change.from, &change.to) {
        (None, Some(to)) => format!("{} {name} {to}\n", did("added", "would add")),
        (Some(from), None) => format!("{} {name} {from}\n", did("removed", "would remove")),
        (Some(from), Some(to)) if from < to => {
            format!("{} {name} {from} -> {to}\n", did("updated", "would update"))
        }
        (Some(from), Some(to)) if from > to => {
            format!("{} {name} {from} -> {to}\n", did("downgraded", "would downgrade"))
        }
        (Some(_), Some(version)) => {
            let sources =
                (answer.previous.set(name).map(|set| &set.source), answer.lock.set(name).map(|set| &set.source));
            match sources {
                _ if let Some((from, to)) = &change.commits => {
                    format!("{} {name} {version}: {} -> {}\n", did("updated", "would update"), short(from), short(to))
                }
                (Some(from), Some(to)) if from != to => {
                    let (to, from) = (source(to), source(from));
                    match run {
                        Action::Do => format!("{name} {version} comes from {to} now, not from {from}\n"),
                        Action::Plan => format!("{name} {version} would come from {to}, not from {from}\n"),
                    }
                }
                _ => format!("{} the content of {name} {version}\n", did("changed", "would change")),
            }
        }
        (None, None) => String::new(),
    }
}

/// Returns the beginning of a commit's id, as git shows it.
pub fn short(commit: &str) -> &str {
    commit.get(..7).unwrap_or(commit)
}

/// Returns where a locked set comes from, for people: `../shared`, `https://host/repo at 0123456`.
pub fn source(source: &Source) -> String {
    match source {
        Source::Registry(id) => id.to_string(),
        Source::Git { url, subdirectory: None, commit } => format!("{url} at {}", short(commit)),
        Source::Git { url, subdirectory: Some(folder), commit } => format!("{folder} of {url} at {}", short(commit)),
        Source::Path(path) => path.clone(),
    }
}

/// Returns what moved in a lock, as JSON: each with the versions met that change more than their numbers say.
pub fn changes_json(answer: &Answer) -> Value {
    let one = |change: &Change| {
        let broken = answer.broken.get(&change.name).map_or(&[][..], Vec::as_slice);
        json!({
            "name": change.name, "from": change.from, "to": change.to,
            "commits": commits_json(change.commits.as_ref()), "breaking": broken,
        })
    };
    answer.changes.iter().map(one).collect()
}

/// Returns the commits that a set from git moves between, as JSON; `null` where it moves between none.
pub fn commits_json(commits: Option<&(String, String)>) -> Value {
    commits.map_or(Value::Null, |(from, to)| json!({ "from": from, "to": to }))
}

/// Returns what a conflict in a lock was about and how it was solved, as JSON; `null` where there was none.
pub fn solved_json(answer: &Answer) -> Value {
    if answer.theirs.is_none() {
        return Value::Null;
    }
    let one = |dispute: &Dispute<'_>| {
        let taken = dispute.taken.map(|set| &set.version);
        json!({ "name": dispute.name, "version": taken, "ours": dispute.ours.version, "theirs": dispute.theirs.version })
    };
    answer.disputes().iter().map(one).collect()
}

/// Returns the class of what lies between two versions, in a word or two.
pub fn class(between: &Between) -> String {
    match between {
        Between::NotChecked { .. } => "not checked".to_owned(),
        Between::Checked { bump, unchecked, .. } => {
            let class = bump.map_or_else(|| "no change".to_owned(), |bump| bump.to_string());
            // What could not be found out could weigh more, but for what weighs most.
            if unchecked.is_empty() || *bump == Some(Bump::Major) { class } else { format!("{class} at least") }
        }
    }
}

/// Returns what lies between two versions, as JSON.
pub fn between_json(between: &Between) -> Value {
    let (bump, changes, unchecked) = match between {
        Between::Checked { bump, changes, unchecked } => (*bump, changes.as_slice(), unchecked.as_slice()),
        Between::NotChecked { .. } => (None, &[][..], &[][..]),
    };
    json!({
        "checked": between.why_not_checked().is_none(),
        "class": bump,
        "why_not_checked": between.why_not_checked(),
        "unchecked_prompts": unchecked,
        "changes": changes,
    })
}

/// Warns of what `lint` has to say that stops nothing.
pub fn warn_of_lint(session: &Session, warnings: usize) {
    if warnings > 0 {
        session.warn(&format!("the set has {}", count(warnings, "warning")));
        session.help(&Hint::run("see them", "anvil lint"));
    }
}

/// Warns of changes that break nobody and may surprise all the same.
pub fn warn_of_changes(session: &Session, changes: &[compat::Change]) {
    for change in changes {
        if let Some(why) = change.warning() {
            let place = change.prompt.as_ref().map(|prompt| format!("{prompt}: ")).unwrap_or_default();
            session.warn(&output::clean_line(&format!("{place}{}: {why}", change.words)));
        }
    }
}

/// Says which releases were passed over, so that what changed since `since` counts.
pub fn note_passed_over(session: &Session, since: Option<&Version>, passed_over: &[Version]) {
    let versions: Vec<String> = passed_over.iter().rev().map(Version::to_string).collect();
    let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
    let what = match versions.as_slice() {
        [] => return,
        [_] => "promises less than it changes",
        _ => "promise less than they change",
    };
    let since = since.map(|since| format!(": what counts is what changed since {since}")).unwrap_or_default();
    session.note(&format!("{} {what}{since}", list(&versions)));
}

/// Warns of acknowledged changes that there are not.
pub fn warn_of_idle_accepts(session: &Session, keys: &[String]) {
    for key in keys {
        session.warn(&format!("`{key}` in `[compat] accept` of anvil.toml is about no change; take it out"));
    }
}

/// Says of which prompts it is not known whether they render as before.
pub fn warn_of_not_checked(session: &Session, prompts: &[NotChecked]) {
    /// The most that are named.
    const MOST: usize = 5;
    for NotChecked { prompt, why } in prompts.iter().take(MOST) {
        session.warn(&format!("not checked: {prompt}: {}", output::clean_line(why)));
    }
    if let more @ 1.. = prompts.len().saturating_sub(MOST) {
        session.warn(&format!("{} not checked either", count(more, "more prompt")));
    }
}

/// Says that the user's own settings for signing were not followed.
pub fn note_unsigned(session: &Session) {
    session.note("git is set to sign commits or tags here; what anvil commits and tags is not signed");
}

/// Says that a new version is pushed next, and to where if anvil.toml does not say that.
pub fn next_push(session: &Session) {
    if push::has_default_registry(&session.context()) {
        return session.next("anvil push");
    }
    session.next("anvil push --registry DIR");
    session.help(&Hint::new("with a `default` registry under [registries] in anvil.toml, `anvil push` alone will do"));
}

/// Warns of what is odd about a lock: sets against which their publishers say something, and overrides
/// of nothing.
pub fn warn_of_lock(session: &Session, answer: &Answer) {
    warn_of_lock_but(session, answer, None);
}

/// Warns as [`warn_of_lock`] does; of `moved`, should it be yanked, in other words: it was not locked
/// until now, and is taken because an earlier lock held it.
pub fn warn_of_lock_but(session: &Session, answer: &Answer, moved: Option<&SetName>) {
    for name in answer.unused_overrides() {
        session.warn(&format!("nothing needs {name}, so its entry in `[override]` of anvil.toml changes nothing"));
        session.help(&Hint::run("take it out", format!("anvil remove --override {name}")));
    }
    for Advised { name, version, advice } in &answer.advised {
        if let Some(yanked) = &advice.yanked {
            let why = match moved == Some(name) {
                true => "it is taken because anvil.lock held it before",
                false => "it stays because it was locked",
            };
            session.warn(&format!("{name} {version} is {yanked}; {why}"));
        }
        if let Some(deprecated) = &advice.deprecated {
            session.warn(&format!("{name} {version} {}", self::deprecated(deprecated)));
        }
    }
    warn_of_contradicted(session, &answer.contradicted);
    for (name, met) in &answer.broken {
        let to = answer.lock.set(name).map(|set| &set.version);
        for broken in met {
            session.warn(&format!("{name} {}", broken_promise(to, broken)));
        }
    }
}

/// Returns the versions that an index says two different things of, as JSON.
pub fn contradicted_json(contradicted: &[Contradicted]) -> Value {
    let one = |Contradicted { name, version, registry }: &Contradicted| json!({ "name": name, "version": version, "registry": registry });
    contradicted.iter().map(one).collect()
}

/// Warns of versions that an index says two different things of.
pub fn warn_of_contradicted(session: &Session, contradicted: &[Contradicted]) {
    for Contradicted { name, version, registry } in contradicted {
        session.warn(&format!(
            "the index of the registry `{registry}` has {name} {version} more than once, in lines that contradict each \
             other: it is not used"
        ));
    }
}

/// Returns what a move to the version `to` of a set meets, as in `1.0.1 changes more than its number says: …`.
pub fn broken_promise(to: Option<&Version>, broken: &BrokenPromise) -> String {
    let BrokenPromise { version, breaking } = broken;
    match to {
        Some(to) if to != version => format!("{to} takes in {version}, which {breaking}"),
        _ => format!("{version} {breaking}"),
    }
}

/// Returns what somebody asks of the set `name`, with whether an override stands in for what is asked.
pub fn asked(lock: &Lockfile, name: &SetName, what: &str) -> String {
    let overridden = if lock.overrides_set(name) { ", overridden" } else { "" };
    format!("{}{overridden}", output::clean_line(what))
}

/// Returns what keeps a set from its newest version, in words.
pub fn holders(held: &[Holder]) -> String {
    held.iter().map(holder).collect::<Vec<_>>().join(", ")
}

/// Returns one thing that keeps a set from a version, in words.
pub fn holder(holder: &Holder) -> String {
    match holder {
        Holder::Manifest { member, requirement, inherited_by } => {
            let members: Vec<String> = inherited_by.iter().map(|member| clean_line(member)).collect();
            let inherited = match few(&members.iter().map(String::as_str).collect::<Vec<_>>()) {
                none if none.is_empty() => none,
                members => format!(" (inherited by {members})"),
            };
            format!("{} asks for {requirement}{inherited}", manifest_of(member))
        }
        Holder::Override(requirement) => format!("`[override]` of anvil.toml says {requirement}"),
        Holder::Set { name, version, requirement } => format!("{name} {version} needs {requirement}"),
        Holder::TooYoung(version) => format!("{version} is too new for `minimum-release-age`"),
        Holder::Anvil(requirement) => format!("it needs anvil {requirement}"),
        Holder::Needs { name, requirement, locked } => format!("it needs {name} {requirement}, and {locked} is locked"),
        Holder::ItsOwnNeeds => "what it needs itself does not fit".to_owned(),
    }
}

/// Returns what people call the manifest of a member of a workspace, seen from the root.
pub fn manifest_of(member: &str) -> String {
    if member == ROOT { "anvil.toml".to_owned() } else { format!("{}/anvil.toml", clean_line(member)) }
}

/// Returns what keeps a set from its newest version, as JSON.
pub fn holders_json(held: &[Holder]) -> Value {
    held.iter().map(holder_json).collect()
}

/// Returns one thing that keeps a set from a version, as JSON.
pub fn holder_json(holder: &Holder) -> Value {
    match holder {
        Holder::Manifest { member, requirement, inherited_by } => json!({
            "by": "manifest",
            "requirement": requirement.to_string(),
            "member": member,
            "inherited_by": inherited_by,
        }),
        Holder::Override(requirement) => json!({ "by": "override", "requirement": requirement.to_string() }),
        Holder::Set { name, version, requirement } => {
            json!({ "by": "set", "name": name, "version": version, "requirement": requirement.to_string() })
        }
        Holder::TooYoung(version) => json!({ "by": "minimum-release-age", "version": version }),
        Holder::Anvil(requirement) => json!({ "by": "anvil", "requirement": requirement.to_string() }),
        Holder::Needs { name, requirement, locked } => {
            json!({ "by": "its-own-needs", "name": name, "requirement": requirement.to_string(), "locked": locked })
        }
        Holder::ItsOwnNeeds => json!({ "by": "its-own-needs" }),
    }
}

/// Returns what a publisher said of a deprecated version, for a line of its own.
pub fn deprecated(deprecated: &Deprecated) -> String {
    let message =
        if deprecated.message.is_empty() { String::new() } else { format!(": {}", in_line(&deprecated.message)) };
    match deprecated.replacement.as_deref().map(in_line) {
        Some(replacement) => format!("is deprecated{message}; use {replacement} instead"),
        None => format!("is deprecated{message}"),
    }
}

/// Warns that the lock does not answer the manifest, where an answer is given from it all the same.
pub fn warn_of_stale(session: &Session, stale: &[Stale]) {
    if let Some(first) = stale.first() {
        session.warn(&format!("anvil.lock does not answer anvil.toml: {first}; `anvil lock` writes it anew"));
    }
}

/// Warns of a prompt that should no longer be used: it says so itself, or its registry does.
pub fn warn_of_prompt(session: &Session, found: &Found) {
    let prompt = found.ready.prompt();
    if let Some(message) = &prompt.front_matter().deprecated {
        session.warn(&format!("the prompt `{}` is deprecated: {message}", prompt.name()));
    }
    warn_of_version(session, &found.origin);
}

/// Warns of a version that its registry advises against.
pub fn warn_of_version(session: &Session, origin: &Origin) {
    let Origin::Registry { line, .. } = origin else { return };
    let version = format!("{} {}", line.name, line.version);
    if let Some(yanked) = &line.yanked {
        session.warn(&format!("{version} is {yanked}"));
    }
    if let Some(deprecated) = &line.deprecated {
        session.warn(&format!("{version} {}", self::deprecated(deprecated)));
    }
}
