//! What `anvil.reviews` says of a lock: who stands for it, who against it, and what does not count.

use super::ReviewError;
use crate::commands::project::Project;
use crate::commands::target::Action;
use crate::digest::Sha256;
use crate::error::Result;
use crate::fs;
use crate::name::EnvironmentName;
use crate::reviews::{self, Decision, NAMESPACE, Recorded, Review};
use crate::signing::{self, AllowedSigners, Key, Signed};
use serde::Serialize;
use std::collections::BTreeSet;

/// The record of a project.
pub struct Record {
    /// The file's text.
    text: String,
    lines: Vec<Recorded>,
    /// Whose signatures count, where the manifest asks for some.
    signers: Option<AllowedSigners>,
}

/// What is recorded of one content in one environment. What a person decided last counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Who stands for it.
    pub approved: Vec<Voice>,
    /// Who stands against it.
    pub rejected: Vec<Voice>,
    /// Decisions that do not count, by the number of their lines.
    pub ignored: Vec<Ignored>,
}

/// One person's decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Voice {
    /// Who: the principal of the key where signatures are asked for, else as they say.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
    /// Why, where they said it.
    pub reason: Option<String>,
    /// Whether a valid signature by an allowed key says so.
    pub signed: bool,
    /// The line that says so, from 1.
    pub line: usize,
}

/// A decision that does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ignored {
    /// Its line, from 1.
    pub line: usize,
    /// Who says so.
    pub by: String,
    /// Why it does not count.
    pub why: String,
}

impl Standing {
    /// Returns whether so many people approved it, and nobody stands against it.
    pub fn suffices(&self, approvals: u32) -> bool {
        self.rejected.is_empty() && self.missing(approvals) == 0
    }

    /// Returns how many approvals are missing.
    pub fn missing(&self, approvals: u32) -> usize {
        (approvals as usize).saturating_sub(self.approved.len())
    }
}

impl Record {
    /// Returns the record of `project`, an empty one where there is none.
    ///
    /// # Errors
    /// When a line is none, or the allowed signers cannot be read.
    pub fn read(project: &Project) -> Result<Record> {
        let text = fs::read_to_string_if_exists(&project.reviews_path())?.unwrap_or_default();
        let lines = reviews::parse(&text)?;
        let signers = match &project.manifest.trust.allowed_signers {
            Some(file) => Some(AllowedSigners::read(&fs::join(&project.folder, file.as_ref()), file)?),
            None => None,
        };
        Ok(Record { text, lines, signers })
    }

    /// Returns whether only signed approvals count.
    pub fn asks_for_signatures(&self) -> bool {
        self.signers.is_some()
    }

    /// Returns what is recorded of the content `digest` in `environment`.
    pub fn standing(&self, environment: &EnvironmentName, digest: &Sha256) -> Standing {
        let mut standing = Standing::default();
        let is_of =
            |recorded: &&Recorded| recorded.review.environment == *environment && recorded.review.digest == *digest;
        let mut lines: Vec<&Recorded> = self.lines.iter().filter(is_of).collect();
        // A merge may bring lines into another order than that in which people decided, and one that stands there again
        // decides nothing anew.
        lines.sort_by(|a, b| a.review.at.cmp(&b.review.at));
        let mut met = BTreeSet::new();
        lines.retain(|recorded| met.insert((&recorded.payload, &recorded.signature)));
        let mut people: Vec<(BTreeSet<String>, Decision, Voice)> = Vec::new();
        for recorded in lines {
            let Review { by, at, reason, decision, .. } = &recorded.review;
            let signer = match self.signer(recorded) {
                Ok(signer) => signer,
                Err(why) => {
                    standing.ignored.push(Ignored { line: recorded.line, by: by.clone(), why });
                    continue;
                }
            };
            let mut names = match &signer {
                Some(signed) => names_of(signed),
                None => BTreeSet::from([folded(by)]),
            };
            // A key that two lines of the file name, or two keys of one person, are one person.
            let (same, others): (Vec<_>, Vec<_>) =
                people.into_iter().partition(|(known, ..)| !known.is_disjoint(&names));
            people = others;
            names.extend(same.into_iter().flat_map(|(known, ..)| known));
            let (who, signed) = (signer.as_ref().map_or(by.as_str(), |signed| signed.principals), signer.is_some());
            let (by, at, reason) = (who.to_owned(), at.clone(), reason.clone());
            people.push((names, *decision, Voice { by, at, reason, signed, line: recorded.line }));
        }
        people.sort_by_key(|(_, _, voice)| folded(&voice.by));
        standing.ignored.sort_by_key(|ignored| ignored.line);
        for (_, decision, voice) in people {
            match decision {
                Decision::Approve => standing.approved.push(voice),
                Decision::Reject => standing.rejected.push(voice),
            }
        }
        standing
    }

    /// Returns who approved what was proposed in `environment` before the first of `but`, of which `now` is said, and has
    /// not approved that: the last content of the record that is none of `but` and that neither got enough approvals nor
    /// was rejected.
    pub fn superseded(
        &self,
        environment: &EnvironmentName,
        but: [Option<Sha256>; 2],
        now: &Standing,
        approvals: u32,
    ) -> Vec<Voice> {
        let others = self.lines.iter().rev().map(|line| &line.review);
        let mut others = others.filter(|it| it.environment == *environment && !but.contains(&Some(it.digest)));
        let Some(last) = others.next() else { return Vec::new() };
        let before = self.standing(environment, &last.digest);
        if before.suffices(approvals) || !before.rejected.is_empty() {
            return Vec::new();
        }
        let again = |voice: &Voice| now.approved.iter().any(|it| folded(&it.by) == folded(&voice.by));
        before.approved.into_iter().filter(|voice| !again(voice)).collect()
    }

    /// Returns who signed the line, where signatures are asked for.
    ///
    /// # Errors
    /// Why the line does not count: nobody signed it who may, or it is not what was signed.
    fn signer(&self, recorded: &Recorded) -> Result<Option<Signed<'_>>, String> {
        let payload = recorded.payload.as_bytes();
        match (&self.signers, &recorded.signature) {
            (None, None) => Ok(None),
            (None, Some(signature)) => match signing::is_of(NAMESPACE, payload, signature) {
                Some(false) => Err("its signature is not one of what it says now".into()),
                Some(true) | None => Ok(None),
            },
            (Some(_), None) => Err("it is not signed".into()),
            (Some(_), Some(signature)) if signing::is_of_other_kind(signature) => {
                Err("it is signed with a key of a kind that does not count: Ed25519 and ECDSA (P-256, P-384) do".into())
            }
            (Some(signers), Some(signature)) => {
                signers.signer(NAMESPACE, payload, signature, &recorded.review.at).map(Some)
            }
        }
    }

    /// Returns who `key` would sign as.
    ///
    /// # Errors
    /// When signatures are asked for, and one by `key` would not count, or there is no key.
    pub fn principal(&self, key: Option<&Key>, at: &str) -> Result<Option<&str>> {
        let Some(signers) = &self.signers else { return Ok(None) };
        let key = key.ok_or(ReviewError::NoKey)?;
        key.check_kind()?;
        match signers.principal(key.public(), NAMESPACE, at) {
            Some(principal) => Ok(Some(principal)),
            None => {
                if let Some(why) = signers.objection(key.public(), NAMESPACE, at) {
                    return Err(ReviewError::KeyNotNow(why).into());
                }
                let mut public = key.public().clone();
                public.set_comment("");
                let public = public.to_openssh().unwrap_or_default();
                Err(ReviewError::StrangeKey(public.trim().to_owned()).into())
            }
        }
    }

    /// Adds `review` to the record of `project`, or with [`Action::Plan`] does not; `who` decides so, and signs with the
    /// key if there is one. Returns what is, or would be, said of the content then.
    ///
    /// # Errors
    /// When it cannot be signed or written.
    pub fn decide(
        &mut self,
        project: &Project,
        review: &Review,
        (who, key): (&str, Option<&Key>),
        run: Action,
    ) -> Result<Standing> {
        if run == Action::Do {
            self.add(project, review, key)?;
            return Ok(self.standing(&review.environment, &review.digest));
        }
        let mut standing = self.standing(&review.environment, &review.digest);
        let Standing { approved, rejected, .. } = &mut standing;
        [&mut *approved, &mut *rejected].into_iter().for_each(|all| all.retain(|it| folded(&it.by) != folded(who)));
        let (at, reason) = (review.at.clone(), review.reason.clone());
        let line = self.text.lines().count() + 1;
        let voice = Voice { by: who.to_owned(), at, reason, signed: self.signers.is_some(), line };
        match review.decision {
            Decision::Approve => approved.push(voice),
            Decision::Reject => rejected.push(voice),
        }
        Ok(standing)
    }

    fn add(&mut self, project: &Project, review: &Review, key: Option<&Key>) -> Result<()> {
        let payload = review.payload();
        let signature = key.map(|key| key.sign(NAMESPACE, payload.as_bytes())).transpose()?;
        let text = reviews::appended(&self.text, &review.line(signature.as_deref()));
        fs::write_through(&project.reviews_path(), text.as_bytes(), fs::Durability::Synced)?;
        self.lines = reviews::parse(&text)?;
        self.text = text;
        Ok(())
    }
}

/// Returns all that a signer is known by: the key, and who the line says it belongs to.
fn names_of(signed: &Signed<'_>) -> BTreeSet<String> {
    signed.principals.split(',').map(folded).chain([signed.key.clone()]).collect()
}

/// Returns what tells the reviewer `name` from others: the address where one stands in angle brackets, else all of it,
/// without case, blanks and what nobody sees.
pub fn folded(name: &str) -> String {
    let address = name.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address);
    let told = address.filter(|address| !address.trim().is_empty()).unwrap_or(name);
    let is_seen = |c: &char| {
        !c.is_control()
            && !matches!(
                c,
                '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                    | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}'
            )
    };
    let seen: String = told.chars().filter(|c| c.is_whitespace() || is_seen(c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
