//! The whole derivation, for whoever asks for it: PubGrub's proof that there is no answer, step by step.
//!
//! Each step draws a conclusion from two grounds. A ground is what somebody wrote, or the conclusion of an earlier
//! step, which is told again with its number. The proof is a graph that may be a hundred thousand steps deep and
//! shares branches; it is walked with a list and each step is told once. Of a long one the middle is left out.

use super::derivation::{Fact, Node, Tree};
use super::explain::Explainer;
use super::explanation::Step;
use super::pool::{Pool, SetId};
use super::ranges::VersionRange;
use pubgrub::{DerivationTree, External, Term, VersionSet};
use serde::Serialize;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// How many steps are kept of a proof, half of them from its beginning and half from its end.
const MAX_STEPS: usize = 400;
/// How many runs of versions are told of one set in one sentence.
const MAX_RUNS: usize = 4;
/// How many sets are told of in one conclusion, and how many requirements in one ground.
const MAX_TERMS: usize = 6;

/// Versions of one set that a conclusion speaks of.
type Part<'p> = (SetId, &'p VersionRange);

/// The proof that no choice of versions satisfies every requirement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Derivation {
    /// The steps, each after those that it rests on; the last one says that there is no answer.
    pub steps: Vec<Deduction>,
    /// How many steps in the middle of a long proof were left out.
    pub left_out: usize,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deduction {
    /// Its number, from 1.
    pub number: usize,
    /// The two things that it rests on.
    pub because: [Ground; 2],
    /// What follows from them, in words.
    pub therefore: String,
}

/// What a step rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ground {
    /// It, in words.
    pub text: String,
    /// The number of the step that it is the conclusion of; nothing for what somebody wrote.
    pub step: Option<usize>,
    /// The requirements that were written, where it is some.
    pub requirements: Vec<Step>,
}

impl fmt::Display for Derivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the derivation:")?;
        let mut before = 0;
        for step in &self.steps {
            if step.number > before + 1 {
                write!(f, "\n({} lines left out)", self.left_out)?;
            }
            write!(f, "\n{}", step.in_words(before))?;
            before = step.number;
        }
        Ok(())
    }
}

impl Deduction {
    /// Returns `Because … and …, …. (3)`. What was said just `before` is not said again.
    fn in_words(&self, before: usize) -> String {
        let Deduction { number, because: [first, second], therefore } = self;
        let is_said = |ground: &Ground| ground.step.is_some_and(|step| step == before);
        match (is_said(first), is_said(second)) {
            (true, false) => format!("And because {second}, {therefore}. ({number})"),
            (false, true) => format!("And because {first}, {therefore}. ({number})"),
            _ => format!("Because {first} and {second}, {therefore}. ({number})"),
        }
    }
}

impl fmt::Display for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Some(step) => write!(f, "{} ({step})", self.text),
            None => f.write_str(&self.text),
        }
    }
}

impl Explainer<'_, '_> {
    /// Returns the proof that `tree` holds.
    pub(super) fn derivation(&self, tree: &Tree) -> Derivation {
        let order = in_order(tree);
        let numbers: HashMap<*const Node, usize> =
            order.iter().zip(1..).map(|(node, at)| (node_of(node), at)).collect();
        let left_out = order.len().saturating_sub(MAX_STEPS);
        let is_left_out = |at: usize| (MAX_STEPS / 2..MAX_STEPS / 2 + left_out).contains(&at);
        let mut steps = Vec::with_capacity(order.len().min(MAX_STEPS));
        for (at, node) in order.iter().enumerate().filter(|(at, _)| !is_left_out(*at)) {
            let DerivationTree::Derived(derived) = node else { continue };
            let ground = |cause: &Node| self.ground(cause, &numbers);
            let because = [ground(&derived.cause1), ground(&derived.cause2)];
            steps.push(Deduction { number: at + 1, because, therefore: self.conclusion(node) });
        }
        // A proof of one fact has no step: the requirement itself cannot be met.
        if let (true, Some(root)) = (steps.is_empty(), tree.root()) {
            let text = "nothing else may be taken in its place".to_owned();
            let nothing_else = Ground { text, step: None, requirements: Vec::new() };
            let because = [self.ground(root, &numbers), nothing_else];
            steps.push(Deduction { number: 1, because, therefore: "the requirements cannot be satisfied".to_owned() });
        }
        Derivation { steps, left_out }
    }

    fn ground(&self, node: &Node, numbers: &HashMap<*const Node, usize>) -> Ground {
        let plain = |text: String| Ground { text, step: None, requirements: Vec::new() };
        match node {
            DerivationTree::Derived(_) => Ground {
                text: self.conclusion(node),
                step: numbers.get(&node_of(node)).copied(),
                requirements: Vec::new(),
            },
            DerivationTree::External(External::FromDependencyOf(by, versions, set, range)) => {
                self.requirements(&Fact { by: *by, versions: versions.clone(), set: *set, range: range.clone() })
            }
            DerivationTree::External(External::NoVersions(set, range) | External::Custom(set, range, _)) => {
                plain(format!("there is no {}", subject(self.pool, *set, range, " or ")))
            }
            DerivationTree::External(External::NotRoot(..)) => plain("this project is to be resolved".to_owned()),
        }
    }

    /// Returns what was written that makes up `fact`.
    fn requirements(&self, fact: &Fact) -> Ground {
        let is_of = |claim: &&super::explain::Claim| {
            (claim.by, claim.set) == (fact.by, fact.set)
                && claim.range == fact.range
                && (claim.by == SetId::PROJECT || claim.places.iter().any(|place| fact.versions.contains(place)))
        };
        let claims: Vec<_> = self.claims.iter().filter(is_of).collect();
        // A thousand versions may have written the same need in a thousand ways.
        let told = claims.iter().take(MAX_TERMS);
        let steps: Vec<Step> = told.filter_map(|claim| self.step(claim, Some(&fact.versions))).collect();
        let mut words: Vec<String> = steps.iter().map(|step| step.in_words(false)).collect();
        match claims.len().saturating_sub(MAX_TERMS) {
            0 => {}
            1 => words.push("1 other version does alike".to_owned()),
            more => words.push(format!("{more} other versions do alike")),
        }
        let mut text = listed(words, " and ");
        if fact.range.is_empty() {
            let reasons = claims.first().map(|claim| super::reasons::of(self.pool, &[claim])).unwrap_or_default();
            match reasons.first() {
                Some(reason) => {
                    let reason = reason.to_string();
                    let is_of_it = reason.starts_with(|c: char| c.is_ascii_digit()) || reason.starts_with("the ");
                    text.push_str(&format!(", {}which {reason},", if is_of_it { "of " } else { "" }));
                }
                None => text.push_str(", of which there is none,"),
            }
        }
        Ground { text, step: None, requirements: steps }
    }

    /// Returns what a step comes to: its terms cannot all be true.
    fn conclusion(&self, node: &Node) -> String {
        let DerivationTree::Derived(derived) = node else { return String::new() };
        let mut has_project = false;
        let (mut taken, mut left): (Vec<Part<'_>>, Vec<Part<'_>>) = Default::default();
        for (set, term) in &derived.terms {
            match term {
                Term::Positive(_) if *set == SetId::PROJECT => has_project = true,
                Term::Positive(range) => taken.push((*set, range)),
                Term::Negative(range) => left.push((*set, range)),
            }
        }
        // The order of a hash map is none.
        for terms in [&mut taken, &mut left] {
            terms.sort_by_key(|(set, _)| self.pool.name(*set));
        }
        let all = |terms: &[Part<'_>], joint: &str| {
            let words = |(set, range): &Part<'_>| subject(self.pool, *set, range, joint);
            let mut words: Vec<String> = terms.iter().take(MAX_TERMS).map(words).collect();
            match terms.len().saturating_sub(MAX_TERMS) {
                0 => {}
                more => words.push(format!("{more} more sets")),
            }
            listed(words, joint)
        };
        match (taken.as_slice(), left.as_slice()) {
            ([], []) => "the requirements cannot be satisfied".to_owned(),
            ([], left) if has_project => format!("this project needs {}", all(left, " or ")),
            ([], left) => format!("{} is needed", all(left, " or ")),
            ([one], []) => format!("{} cannot be used", subject(self.pool, one.0, one.1, " and ")),
            (taken, []) => format!("{} exclude each other", all(taken, " and ")),
            ([one], left) => {
                format!("{} cannot do without {}", subject(self.pool, one.0, one.1, " and "), all(left, " or "))
            }
            (taken, left) => format!("{} together cannot do without {}", all(taken, " and "), all(left, " or ")),
        }
    }
}

fn node_of(node: &Node) -> *const Node {
    std::ptr::from_ref(node)
}

/// Returns the steps, each after those that it rests on.
fn in_order(tree: &Tree) -> Vec<&Node> {
    let mut done: HashMap<*const Node, bool> = HashMap::new();
    let (mut order, mut stack): (Vec<&Node>, Vec<&Node>) = (Vec::new(), tree.root().into_iter().collect());
    while let Some(node) = stack.pop() {
        let DerivationTree::Derived(derived) = node else { continue };
        match done.get(&node_of(node)) {
            Some(true) => {}
            Some(false) => {
                done.insert(node_of(node), true);
                order.push(node);
            }
            None => {
                done.insert(node_of(node), false);
                stack.push(node);
                let causes = [&derived.cause2, &derived.cause1].map(Arc::as_ref);
                stack.extend(causes.into_iter().filter(|cause| !done.contains_key(&node_of(cause))));
            }
        }
    }
    order
}

/// Returns the versions of `set` in `range`: `core/tone 1.0.0 to 1.4.2 and 2.0.0`.
fn subject(pool: &Pool<'_>, set: SetId, range: &VersionRange, joint: &str) -> String {
    let Some(name) = pool.name(set) else { return "this project".to_owned() };
    let tables = pool.tables(set);
    let (mut runs, mut missing): (Vec<(String, String)>, usize) = (Vec::new(), 0);
    for table in &tables {
        let mut is_open = false;
        for (place, version) in table.usable() {
            if !range.contains(&place) {
                (is_open, missing) = (false, missing + 1);
                continue;
            }
            match runs.last_mut().filter(|_| is_open) {
                Some((_, last)) => *last = version.to_string(),
                None => runs.push((version.to_string(), version.to_string())),
            }
            is_open = true;
        }
    }
    let is_one = runs.len() == 1 && runs.iter().all(|(first, last)| first == last);
    match (runs.is_empty(), missing) {
        (true, _) => return format!("{name} in any version"),
        (false, 0) if !is_one => return format!("{name} in any version"),
        _ => {}
    }
    let more = runs.len().saturating_sub(MAX_RUNS);
    let word = |(first, last): (String, String)| if first == last { first } else { format!("{first} to {last}") };
    let mut words: Vec<String> = runs.into_iter().take(MAX_RUNS).map(word).collect();
    if more > 0 {
        words.push(format!("{more} more"));
    }
    format!("{name} {}", listed(words, joint))
}

/// Returns `a, b and c`, where `joint` is ` and `.
fn listed(mut words: Vec<String>, joint: &str) -> String {
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { last } else { format!("{}{joint}{last}", words.join(", ")) }
}
