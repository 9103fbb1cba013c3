//! What `anvil.reviews` says of a lock: who stands for it, who against it, and what does not count.

use super::ReviewError;
use crate::commands::project::Project;
use crate::commands::target::Action;
use crate::digest::Sha256;
use crate::error::Result;
use crate::fs;
use crate::name::EnvironmentName;
use crate::reviews::{self, Decision, NAMESPACE, Recorded, Review};
use crate::signing::{self, AllowedSigners, Key};
use serde::Serialize;
use std::collections::BTreeMap;

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
    /// Approvals that do not count, by the number of their lines.
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
}

/// An approval that does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ignored {
    /// Its line, from 1.
    pub line: usize,
    /// Who says so.
    pub by: String,
    /// Why it does not count.
    pub why: &'static str,
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
        let mut last: BTreeMap<String, (Decision, Voice)> = BTreeMap::new();
        for recorded in &self.lines {
            let Review { by, at, reason, decision, .. } = &recorded.review;
            if recorded.review.environment != *environment || recorded.review.digest != *digest {
                continue;
            }
            let signer = self.signer(recorded);
            if let (Decision::Approve, Some(_), None) = (decision, &self.signers, signer) {
                let why = match recorded.signature {
                    None => "it is not signed",
                    Some(ref signature) if signing::is_of_other_kind(signature) => {
                        "it is signed with a key of a kind that does not count: Ed25519 and ECDSA (P-256, P-384) do"
                    }
                    Some(_) => "its signature is not a valid one by an allowed key",
                };
                standing.ignored.push(Ignored { line: recorded.line, by: by.clone(), why });
                continue;
            }
            let who = signer.unwrap_or(by).to_owned();
            let (at, reason, signed) = (at.clone(), reason.clone(), signer.is_some());
            last.insert(folded(&who), (*decision, Voice { by: who, at, reason, signed }));
        }
        for (decision, voice) in last.into_values() {
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

    /// Returns who signed the line, where signatures are asked for and it has a valid one.
    fn signer(&self, recorded: &Recorded) -> Option<&str> {
        let signature = recorded.signature.as_deref()?;
        let signers = self.signers.as_ref()?;
        signers.signer(NAMESPACE, recorded.payload.as_bytes(), signature, &recorded.review.at)
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
        let voice = Voice { by: who.to_owned(), at, reason, signed: self.signers.is_some() };
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

/// Returns a name as it is told from others: case and blanks make no other person.
pub fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
