//! The git repositories that the project's sets come from: whether each can be read now, as an update has to.

use super::{Area, Level, Report};
use crate::commands::context::{Context, Network};
use crate::commands::project::Project;
use crate::error::{Diagnose as _, Hint, shell_word};
use crate::git::{GitError, GitUrl, health};
use crate::manifest::{DependencySource, FILE_NAME, ROOT};
use crate::name::SetName;
use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How long a repository may take to say what it has.
const LIMIT: Duration = Duration::from_secs(5);

/// The longest that all of them are waited for: what `git` started may hold its pipe open after it has ended.
const DEADLINE: Duration = Duration::from_secs(8);

/// How many repositories are asked, all at once.
const MOST: usize = 16;

/// A repository that the manifest names.
struct Remote {
    url: GitUrl,
    /// A set that comes from it.
    set: SetName,
    /// The member whose manifest names it.
    member: String,
    /// The line there.
    line: usize,
}

pub(super) fn look(context: &Context, project: &Project, report: &mut Report) {
    let mut remotes = of(project);
    if remotes.is_empty() {
        return;
    }
    if context.network == Network::Offline {
        return report.skipped(Area::Git, "the network may not be used: no repository of a set was asked");
    }
    let rest = remotes.split_off(remotes.len().min(MOST));
    let began = Instant::now();
    let begin = |remote: Remote| {
        let (sender, receiver) = mpsc::sync_channel(1);
        let url = remote.url.clone();
        thread::spawn(move || {
            let _ = sender.send(health::remote(&url, LIMIT)); // Nobody may be waiting any more.
        });
        (remote, receiver)
    };
    let asked: Vec<_> = remotes.into_iter().map(begin).collect();
    for (Remote { url, set, member, line }, answer) in asked {
        let url = url.without_user();
        let manifest = match member.as_str() {
            ROOT => FILE_NAME.to_owned(),
            member => format!("{member}/{FILE_NAME}"),
        };
        let moved = || Hint::new(format!("if it has moved, write its new URL in {manifest} (line {line}), for {set}"));
        match answer.recv_timeout(DEADLINE.saturating_sub(began.elapsed())) {
            Ok(Ok(Some(()))) => report.good(Area::Git, format!("{url} can be read, for {set}")),
            // That there is no `git` is said already.
            Ok(Err(GitError::NoGit { .. })) => {}
            Ok(Err(error)) => {
                let check = report.add(Area::Git, Level::Error, format!("{set}: {error}"));
                check.hints = error.hints();
                check.hints.push(moved());
            }
            Ok(Ok(None)) | Err(_) => {
                let message = format!("{set}: the git repository {url} was not done answering after 5 s");
                let hint = Hint::run("see what it waits for", format!("git ls-remote {}", shell_word(&url)));
                report.add(Area::Git, Level::Error, message).hints.push(hint);
            }
        }
    }
    if !rest.is_empty() {
        report.skipped(Area::Git, format!("{} more repositories of sets were not asked", rest.len()));
    }
}

/// Returns the repositories that the members' dependencies and the overrides name, each once.
fn of(project: &Project) -> Vec<Remote> {
    let mut remotes = BTreeMap::new();
    let overrides = project.manifest.overrides.iter().map(|(set, dependency)| (ROOT, set, dependency));
    for (member, set, dependency) in project.workspace.dependencies().chain(overrides) {
        // What a member inherits stands in the root's manifest.
        let (member, line) = dependency.inherited.map_or((member, dependency.line), |line| (ROOT, line));
        // What is no URL is a fault of the manifest, and told as such.
        if let DependencySource::Git { url, .. } = &dependency.source
            && let Ok(url) = url.parse::<GitUrl>()
        {
            remotes.entry(url.clone()).or_insert(Remote { url, set: set.clone(), member: member.to_owned(), line });
        }
    }
    remotes.into_values().collect()
}
