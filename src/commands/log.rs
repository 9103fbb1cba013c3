//! The history of a set: its versions with what changed in each, or the commits of one prompt.

use super::contents::{Contents, below, inside};
use super::context::Context;
use super::project::Project;
use super::rfc3339;
use super::set_repository::{SetRepository, TaggedVersion};
use crate::compat::{self, Policy};
use crate::diff::BlobId;
use crate::error::{Code, Diagnose, Hint, Result, suggest};
use crate::git::{CommitId, CommitInfo, FollowedChange, GitError, Lack};
use crate::manifest::{SetSection, Strictness};
use crate::name::{PromptName, SetName};
use crate::prompt::Interface;
use crate::version::Version;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The versions of a set.
#[derive(Clone, Debug, Serialize)]
pub struct Versions {
    /// The set.
    pub name: SetName,
    /// What was committed since the last version, where there is something.
    pub unreleased: Option<Unreleased>,
    /// The versions, the newest first.
    pub versions: Vec<Entry>,
    /// How many versions there are in all.
    pub total: usize,
    /// What the clone may lack, so that there may be more.
    #[serde(skip)]
    pub lack: Option<Lack>,
}

/// What is committed and in no version.
#[derive(Clone, Debug, Serialize)]
pub struct Unreleased {
    /// The last version before; nothing when there is none.
    pub since: Option<Version>,
    /// The commits that changed something of the set, the newest first.
    pub commits: Vec<Commit>,
    /// How many commits there are in all.
    pub total: usize,
    /// What they changed together.
    pub changes: Changes,
}

/// One version.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// The version.
    pub version: Version,
    /// Its tag.
    pub tag: String,
    /// The commit that the tag names.
    pub commit: CommitId,
    /// When the tag was made; of a tag that does not say, when the commit was. RFC 3339, in UTC.
    pub date: String,
    /// The version before, which it is compared with.
    pub since: Option<Version>,
    /// What changed; of the first version all that it has.
    pub changes: Changes,
}

/// What changed between two versions.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Changes {
    /// Prompts that are new.
    pub added: Vec<PromptName>,
    /// Prompts whose files differ.
    pub changed: Vec<PromptName>,
    /// Prompts that are gone.
    pub removed: Vec<PromptName>,
    /// Prompts that go by another name: those whose former name is an alias now, and those whose
    /// files moved unchanged.
    pub renamed: Vec<Renamed>,
    /// What changed for those who use the set, by prompt.
    #[serde(serialize_with = "with_bump")]
    pub interface: Vec<compat::Change>,
    /// Prompts that do not parse before or after, of whose interface nothing is known.
    pub unreadable: Vec<PromptName>,
    /// Why nothing can be said, where one of the two cannot be read.
    pub unknown: Option<String>,
}

fn with_bump<S: Serializer>(changes: &[compat::Change], serializer: S) -> Result<S::Ok, S::Error> {
    compat::Summary::of(changes).serialize(serializer)
}

/// A prompt with another name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Renamed {
    /// The name before.
    pub from: PromptName,
    /// The name now.
    pub to: PromptName,
}

/// One commit.
#[derive(Clone, Debug, Serialize)]
pub struct Commit {
    /// Its id.
    pub id: CommitId,
    /// When it was written. RFC 3339, in UTC.
    pub date: String,
    /// Who wrote it.
    pub author: String,
    /// The first line of its message.
    pub subject: String,
}

impl From<CommitInfo> for Commit {
    fn from(info: CommitInfo) -> Self {
        Commit { id: info.id, date: rfc3339(info.time), author: info.author, subject: info.subject }
    }
}

/// The history of one prompt.
#[derive(Clone, Debug, Serialize)]
pub struct PromptHistory {
    /// The prompt, by the name that was asked for.
    pub prompt: PromptName,
    /// The commits that changed its file, the newest first.
    pub commits: Vec<PromptCommit>,
    /// How many there are in all.
    pub total: usize,
    /// The prompts that the commit removed in which this one came: too different to be taken for it.
    pub removed_beside: Vec<PromptName>,
    /// The prompt that it became, where the last of the commits removed it.
    pub renamed_to: Option<PromptName>,
}

/// A commit that changed a prompt's file.
#[derive(Clone, Debug, Serialize)]
pub struct PromptCommit {
    /// The commit.
    #[serde(flatten)]
    pub commit: Commit,
    /// The first version that contains it; nothing while it is unreleased.
    pub version: Option<Version>,
    /// The file's path then, relative to the repository's root.
    pub path: String,
    /// What the commit did to it.
    #[serde(serialize_with = "in_a_word")]
    pub change: FollowedChange,
    /// Where the file was before, if the commit moved it.
    pub renamed_from: Option<String>,
}

fn in_a_word<S: Serializer>(change: &FollowedChange, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match change {
        FollowedChange::Added => "added",
        FollowedChange::Modified => "changed",
        FollowedChange::Renamed { .. } => "renamed",
        FollowedChange::Deleted => "removed",
    })
}

/// A prompt that has no history.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// No commit of the branch and no version has it.
    #[error("neither HEAD nor any version of {set} has a prompt `{prompt}`")]
    NoPrompt {
        /// The set.
        set: SetName,
        /// What was asked for.
        prompt: PromptName,
        /// The prompt that may have been meant.
        suggestion: Option<PromptName>,
        /// Whether it is in the work tree.
        is_uncommitted: bool,
    },
}

impl Diagnose for LogError {
    fn code(&self) -> Code {
        Code::A1061
    }

    fn hints(&self) -> Vec<Hint> {
        let LogError::NoPrompt { suggestion, is_uncommitted, .. } = self;
        match suggestion {
            _ if *is_uncommitted => vec![Hint::run("it is not committed yet", "git add . && git commit")],
            Some(meant) => vec![Hint::run("did you mean", format!("anvil log {meant}"))],
            None => Vec::new(),
        }
    }
}

/// Returns the versions of the project's set, at most `limit`, and what is unreleased.
///
/// # Errors
/// When there is no set, or its repository cannot be read. A version that cannot be read is listed
/// with the reason.
pub fn versions(context: &Context, limit: Option<usize>) -> Result<Versions> {
    let project = Project::of(context)?;
    let set = project.set()?;
    let home = SetRepository::of(&project)?;
    let head = home.repository.head()?.commit;
    let tagged = home.versions(set)?;
    let total = tagged.len();
    let limit = limit.unwrap_or(usize::MAX);
    let mut snapshots = Snapshots { home: &home, set, read: HashMap::new() };

    let unreleased = unreleased(&mut snapshots, head, &tagged, limit)?;
    let mut versions = Vec::new();
    for (at, version) in tagged.iter().enumerate().take(limit) {
        let before = tagged.get(at + 1);
        let date = match version.tag.made_at {
            Some(time) => time,
            None => commit_time(&home, version.tag.commit)?,
        };
        versions.push(Entry {
            version: version.version.clone(),
            tag: version.tag.name.clone(),
            commit: version.tag.commit,
            date: rfc3339(date),
            since: before.map(|before| before.version.clone()),
            changes: snapshots.changes(before.map(|before| before.tag.commit), version.tag.commit),
        });
    }
    Ok(Versions { name: set.name.clone(), unreleased, versions, total, lack: home.repository.lack()? })
}

fn commit_time(home: &SetRepository, commit: CommitId) -> Result<i64> {
    Ok(home.repository.log(commit, &[])?.next().transpose()?.map_or(0, |info| info.time))
}

fn unreleased(
    snapshots: &mut Snapshots<'_>,
    head: CommitId,
    tagged: &[TaggedVersion],
    limit: usize,
) -> Result<Option<Unreleased>> {
    let home = snapshots.home;
    let hidden: Vec<CommitId> = tagged.iter().map(|version| version.tag.commit).collect();
    let paths = set_paths(home, snapshots.set, head)?;
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let commits = home.repository.log_since(&hidden, head, &paths)?.collect::<Result<Vec<_>, _>>()?;
    if commits.is_empty() {
        return Ok(None);
    }
    let since = home.newest_behind(head, tagged)?;
    Ok(Some(Unreleased {
        since: since.map(|since| since.version.clone()),
        total: commits.len(),
        commits: commits.into_iter().take(limit).map(Commit::from).collect(),
        changes: snapshots.changes(since.map(|since| since.tag.commit), head),
    }))
}

/// Returns where the files of the set lie, relative to the repository's root; none for everywhere.
fn set_paths(home: &SetRepository, set: &SetSection, head: CommitId) -> Result<Vec<String>> {
    let globs = set.selection.prompts.0.iter().chain(&set.selection.include);
    let mut paths: Vec<String> = Vec::new();
    for glob in globs {
        match glob.literal_prefix().trim_end_matches('/') {
            "" if home.folder.is_empty() => return Ok(Vec::new()),
            "" => return Ok(vec![home.folder.clone()]),
            prefix => paths.push(home.path(prefix)),
        }
    }
    // The manifest, and what is told about the set beside it.
    for file in home.repository.tree(head)?.files(&home.folder)? {
        let path = file?.path;
        if !path.contains('/') && set.selection.selects(&path) {
            paths.push(home.path(&path));
        }
    }
    Ok(paths)
}

/// The set at some commits, each read once.
struct Snapshots<'a> {
    home: &'a SetRepository,
    set: &'a SetSection,
    read: HashMap<CommitId, Result<Snapshot, String>>,
}

/// What is compared of a set.
#[derive(Clone, Default)]
struct Snapshot {
    prompts: BTreeMap<PromptName, BlobId>,
    interface: Interface,
    /// The prompts that have errors, which are no part of the interface.
    faulty: BTreeSet<PromptName>,
    /// What its author says of changes.
    policy: Policy,
}

impl Snapshots<'_> {
    /// Returns what changed from `old` (nothing for the first version) to `new`.
    fn changes(&mut self, old: Option<CommitId>, new: CommitId) -> Changes {
        let old = old.map_or_else(|| Ok(Snapshot::default()), |old| self.at(old));
        match (old, self.at(new)) {
            (Ok(old), Ok(new)) => changes(&old, &new),
            (Err(why), _) | (_, Err(why)) => Changes { unknown: Some(why), ..Changes::default() },
        }
    }

    fn at(&mut self, commit: CommitId) -> Result<Snapshot, String> {
        if let Some(read) = self.read.get(&commit) {
            return read.clone();
        }
        let read = self.home.contents(&self.set.name, commit, Strictness::Dependency);
        let read = match read {
            Ok(contents) if contents.section().name != self.set.name => {
                Err(format!("it was called {} then", contents.section().name))
            }
            Ok(contents) => Ok(Snapshot::of(&contents)),
            Err(error) => Err(error.to_string()),
        };
        self.read.insert(commit, read.clone());
        read
    }
}

impl Snapshot {
    fn of(contents: &Contents) -> Snapshot {
        let selection = &contents.section().selection;
        let named =
            |(path, bytes): (&str, &[u8])| Some((selection.prompt_name(path)?.ok()?, crate::git::blob_id(bytes)));
        Snapshot {
            prompts: contents.files.iter().filter_map(named).collect(),
            interface: Interface::of(&contents.prompts),
            faulty: contents.prompts.faulty_names().cloned().collect(),
            // What cannot be followed is for `lint` to tell.
            policy: contents.policy().unwrap_or_default(),
        }
    }
}

fn changes(old: &Snapshot, new: &Snapshot) -> Changes {
    let mut changes = Changes { renamed: renames(old, new), ..Changes::default() };
    let is_renamed = |name: &PromptName| changes.renamed.iter().any(|moved| moved.from == *name || moved.to == *name);
    for (name, id) in &old.prompts {
        match new.prompts.get(name) {
            None if is_renamed(name) => {}
            None => changes.removed.push(name.clone()),
            Some(now) if now != id => changes.changed.push(name.clone()),
            Some(_) => {}
        }
    }
    let came = new.prompts.keys().filter(|name| !old.prompts.contains_key(*name) && !is_renamed(name));
    changes.added = came.cloned().collect();
    // Of a first version everything is new, which the list of prompts says already.
    if !old.prompts.is_empty() {
        let mut unknown: BTreeSet<PromptName> = old.faulty.union(&new.faulty).cloned().collect();
        for Renamed { from, to } in &changes.renamed {
            if unknown.contains(from) || unknown.contains(to) {
                unknown.extend([from.clone(), to.clone()]);
            }
        }
        let known = |side: &Snapshot| side.interface.clone().without(&unknown);
        changes.interface = compat::changes(&known(old), &known(new), &new.policy);
        // What was and is as it is has changed in nothing, understood or not.
        let differs = |name: &&PromptName| old.prompts.get(*name) != new.prompts.get(*name);
        let now = |name: &&PromptName| !changes.renamed.iter().any(|moved| moved.from == **name);
        changes.unreadable = unknown.iter().filter(differs).filter(now).cloned().collect();
    }
    changes
}

/// Returns the prompts that went and came under another name: by an alias that says so, else by a
/// file that is the same.
fn renames(old: &Snapshot, new: &Snapshot) -> Vec<Renamed> {
    /// Whether the first prompt, which came, is the second, which went with this content.
    type Test<'a> = &'a dyn Fn(&PromptName, &PromptName, BlobId) -> bool;
    let mut gone: Vec<(&PromptName, BlobId)> = Vec::new();
    gone.extend(old.prompts.iter().filter(|(name, _)| !new.prompts.contains_key(*name)).map(|(name, id)| (name, *id)));
    let came: Vec<&PromptName> = new.prompts.keys().filter(|name| !old.prompts.contains_key(*name)).collect();
    let says_so = |name: &PromptName, was: &PromptName, _| {
        new.interface.prompts.get(name).is_some_and(|prompt| prompt.aliases.contains(was))
    };
    let is_same = |name: &PromptName, _: &PromptName, id: BlobId| new.prompts.get(name) == Some(&id);
    let tests: [Test<'_>; 2] = [&says_so, &is_same];
    let mut renamed: Vec<Renamed> = Vec::new();
    for test in tests {
        for name in &came {
            let is_found = renamed.iter().any(|moved| moved.to == **name);
            if let Some(at) = gone.iter().position(|(was, id)| !is_found && test(name, was, *id)) {
                renamed.push(Renamed { from: gone.remove(at).0.clone(), to: (*name).clone() });
            }
        }
    }
    renamed.sort_by(|a, b| a.to.cmp(&b.to));
    renamed
}

/// Returns the commits that changed the file of `prompt`, at most `limit`, followed through renames.
///
/// # Errors
/// When there is no set or no such prompt, or the repository cannot be read.
pub fn prompt(context: &Context, prompt: &PromptName, limit: Option<usize>) -> Result<PromptHistory> {
    let project = Project::of(context)?;
    let set = project.set()?;
    let home = SetRepository::of(&project)?;
    let head = home.repository.head()?.commit;
    let tagged = home.versions(set)?;
    let (from, path) = find(&project, &home, head, &tagged, prompt)?;
    let releases = releases(&home, &tagged)?;
    let mut commits = Vec::new();
    for followed in home.repository.follow(from, &path)? {
        let followed = followed?;
        commits.push(PromptCommit {
            version: releases.get(&followed.commit.id).cloned(),
            commit: Commit::from(followed.commit),
            path: followed.path,
            renamed_from: match &followed.change {
                FollowedChange::Renamed { from } => Some(from.clone()),
                _ => None,
            },
            change: followed.change,
        });
    }
    let removed_beside = match commits.last() {
        Some(PromptCommit { change: FollowedChange::Added, commit, .. }) => removed_in(&home, set, commit.id)?,
        _ => Vec::new(),
    };
    let renamed_to = match commits.first() {
        Some(last) if last.change == FollowedChange::Deleted => renamed_to(&home, set, from, prompt, last)?,
        _ => None,
    };
    let total = commits.len();
    commits.truncate(limit.unwrap_or(usize::MAX));
    Ok(PromptHistory { prompt: prompt.clone(), commits, total, removed_beside, renamed_to })
}

/// Returns what became of `prompt`, which `removed` removed: the prompt that has its name for an alias
/// at `head`, else the one whose file git takes for the same.
fn renamed_to(
    home: &SetRepository,
    set: &SetSection,
    head: CommitId,
    prompt: &PromptName,
    removed: &PromptCommit,
) -> Result<Option<PromptName>> {
    // A set that cannot be read says nothing of aliases.
    if let Ok(contents) = home.contents(&set.name, head, Strictness::Dependency) {
        let prompts = Interface::of(&contents.prompts).prompts;
        if let Some((name, _)) = prompts.into_iter().find(|(_, facts)| facts.aliases.contains(prompt)) {
            return Ok(Some(name));
        }
    }
    let Some(path) = home.repository.renamed_to(removed.commit.id, &removed.path)? else { return Ok(None) };
    let folder = home.folder_at(removed.commit.id, &set.name)?;
    Ok(inside(&folder, &path).and_then(|path| set.selection.prompt_name(path)?.ok()))
}

/// Returns the prompts that `commit` removed.
fn removed_in(home: &SetRepository, set: &SetSection, commit: CommitId) -> Result<Vec<PromptName>> {
    // The first commit of all removed nothing, and of a shallow clone's nobody knows.
    let before = match home.repository.resolve(&format!("{commit}~1")) {
        Ok(before) => before,
        Err(GitError::NoRevision { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let names = |commit: CommitId| -> Result<BTreeSet<PromptName>> {
        let mut names = BTreeSet::new();
        for file in home.repository.tree(commit)?.files(&home.folder_at(commit, &set.name)?)? {
            names.extend(set.selection.prompt_name(&file?.path).and_then(Result::ok));
        }
        Ok(names)
    };
    let (before, after) = (names(before)?, names(commit)?);
    Ok(before.difference(&after).cloned().collect())
}

/// Returns where to begin, and the file: in HEAD, else in the newest version that has the prompt.
fn find(
    project: &Project,
    home: &SetRepository,
    head: CommitId,
    tagged: &[TaggedVersion],
    prompt: &PromptName,
) -> Result<(CommitId, String)> {
    let set = project.set()?;
    let mut known = Vec::new();
    for commit in std::iter::once(head).chain(tagged.iter().map(|version| version.tag.commit)) {
        let folder = home.folder_at(commit, &set.name)?;
        for file in home.repository.tree(commit)?.files(&folder)? {
            let file = file?;
            if let Some(Ok(name)) = set.selection.prompt_name(&file.path) {
                if name == *prompt {
                    // From HEAD on, so that the commit that removed it is told, too.
                    let path = below(&folder, &file.path);
                    let from = if home.repository.is_behind(commit, head)? { head } else { commit };
                    return Ok((from, path));
                }
                known.push(name);
            }
        }
    }
    let suggestion = suggest(prompt.as_str(), known.iter().map(PromptName::as_str));
    let named = |path: &String| matches!(set.selection.prompt_name(path), Some(Ok(name)) if name == *prompt);
    Err(LogError::NoPrompt {
        set: set.name.clone(),
        prompt: prompt.clone(),
        suggestion: suggestion.and_then(|name| name.parse().ok()),
        is_uncommitted: super::folder::paths_in(&project.folder)?.iter().any(named),
    }
    .into())
}

/// Returns for each commit that is in some version the lowest such version.
fn releases(home: &SetRepository, tagged: &[TaggedVersion]) -> Result<HashMap<CommitId, Version>> {
    let mut releases = HashMap::new();
    let mut before = Vec::new();
    for version in tagged.iter().rev() {
        for commit in home.repository.reachable(&before, version.tag.commit)? {
            releases.entry(commit).or_insert_with(|| version.version.clone());
        }
        before.push(version.tag.commit);
    }
    Ok(releases)
}
