//! `if`, `unless` and `case`: which worlds enter which branch, and which branches none ever enters.

use super::super::domain::{Domain, Known, Nil, kind};
use super::super::read::Operand;
use super::super::world::{PlaceId, Places, Turn, World};
use super::issue::{Finding, Hollow, Issue};
use super::{Ends, Flow};
use crate::template::syntax::{Arm, Branch, Condition, Expression, Guard, Relation, Test};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A branch, and whether some world enters it.
#[derive(Debug)]
pub(super) struct Entrance {
    pub(super) span: Range<usize>,
    pub(super) is_entered: bool,
    /// Whether what it asks depends on anything.
    pub(super) is_variable: bool,
    /// Whether branches before it leave nothing over.
    pub(super) is_left_nothing: bool,
    /// The value, where it is one of several of a `when`.
    pub(super) value: Option<Known>,
    /// Whether it asks what rendering cannot answer, which is told by itself.
    pub(super) is_faulty: bool,
    /// What the values that it asks of may be there.
    pub(super) asked: BTreeMap<PlaceId, Asked>,
}

/// What a value may be that a branch asks of, and how it asks.
#[derive(Debug, Default)]
pub(super) struct Asked {
    domain: Domain,
    /// Whether it is asked whether the value is there.
    is_truthy: bool,
    /// What it is asked to be equal to.
    equals: Vec<Domain>,
}

/// A value that a condition asks by itself whether it is there, and what it may be on all ways there.
#[derive(Debug)]
pub(super) struct Truth {
    /// Where the value stands.
    span: Range<usize>,
    part: String,
    domain: Domain,
    /// The branch that asks, and the one behind it.
    branches: [Option<usize>; 2],
}

impl Truth {
    /// Returns what is to be told of it: that it asks nothing, and which values it was meant for. A branch
    /// that is `never` taken for the same reason has told it.
    pub(super) fn finding(self, never: &BTreeSet<usize>) -> Option<Finding> {
        let is_told = self.branches.iter().flatten().any(|branch| never.contains(branch));
        let hollow = Hollow::of(&self.domain).filter(|_| !is_told)?;
        Some(Finding { issue: Issue::AlwaysTrue { part: self.part, hollow }, span: self.span, way: Vec::new() })
    }
}

/// A question of a condition, or whether a `when` fits.
#[derive(Clone, Copy)]
struct Asking<'e> {
    left: &'e Expression,
    right: Option<(Relation, &'e Expression)>,
}

impl<'e> Asking<'e> {
    fn of(test: &'e Test) -> Asking<'e> {
        Asking { left: &test.left, right: test.right.as_ref().map(|(relation, right)| (*relation, right)) }
    }

    /// Returns each side with the other.
    fn sides(self) -> impl Iterator<Item = (&'e Expression, Option<(Relation, &'e Expression)>)> {
        let left = (self.left, self.right);
        let right = self.right.map(|(relation, right)| (right, Some((relation, self.left))));
        std::iter::once(left).chain(right)
    }
}

impl Flow<'_> {
    /// Notes that a branch is come to, or one of several values of a `when`, and what the values that it
    /// asks of may be; where no world is left for it, what they may be in `all` that there were.
    fn arrive(
        &mut self,
        (span, value): (&Range<usize>, Option<(usize, &Expression)>),
        asked: &[Asking<'_>],
        left: &[World],
        all: &[World],
    ) {
        let worlds = if left.is_empty() { all } else { left };
        let sides: Vec<_> = asked.iter().flat_map(|it| it.sides()).collect();
        let mut places = Vec::new();
        for (world, (side, other)) in worlds.iter().flat_map(|world| sides.iter().map(move |it| (world, it))) {
            if let Expression::Variable(variable) = side
                && self.work <= self.most_work
                && let Some(place) = self.place_of(variable, world)
            {
                let equals = match other {
                    Some((Relation::Equal, other)) => self.domain_at(other, world),
                    _ => None,
                };
                let domain = world.domain(&self.places, place);
                self.work += domain.weight();
                places.push((place, domain, other.is_none(), equals));
            }
        }
        let key = (span.start, value.map_or(0, |(at, _)| at + 1));
        let entrance = self.entrances.entry(key).or_insert_with(|| Entrance {
            span: span.clone(),
            is_entered: false,
            is_faulty: false,
            is_variable: sides.iter().any(|(side, _)| matches!(side, Expression::Variable(_))),
            is_left_nothing: true,
            value: value.and_then(|(_, value)| match value {
                Expression::Literal(literal) => Known::of_literal(literal),
                _ => None,
            }),
            asked: BTreeMap::new(),
        });
        if !left.is_empty() && std::mem::take(&mut entrance.is_left_nothing) {
            entrance.asked.clear();
        } else if left.is_empty() && !entrance.is_left_nothing {
            return;
        }
        for (place, domain, is_truthy, equals) in places {
            let known = entrance.asked.entry(place).or_default();
            known.domain = known.domain.union(&domain);
            known.is_truthy |= is_truthy;
            known.equals.extend(equals.filter(|it| !known.equals.contains(it)));
        }
    }

    /// Notes what the values may be in `worlds` of which a condition asks nothing but whether they are there.
    fn ask_truth(&mut self, asked: &[Asking<'_>], worlds: &[World], branches: [Option<usize>; 2]) {
        let sides: Vec<_> = asked.iter().flat_map(|it| it.sides()).collect();
        let bare = sides.iter().filter(|(_, other)| other.is_none()).filter_map(|(side, _)| side.as_variable());
        for (world, variable) in worlds.iter().flat_map(|world| bare.clone().map(move |it| (world, it))) {
            let Some(place) = self.place_of(variable, world).filter(|_| self.work <= self.most_work) else { continue };
            // `note and note != blank` knows what it does.
            let others = sides.iter().filter_map(|(side, other)| other.and(side.as_variable()));
            let is_asked_more = others.into_iter().any(|other| {
                let other = self.place_of(other, world);
                other == Some(place) || other.and_then(|it| self.places.whole(it)) == Some(place)
            });
            if is_asked_more {
                continue;
            }
            let domain = world.domain(&self.places, place);
            self.work += domain.weight();
            let part = self.places.label(place).to_owned();
            let new = || Truth { span: variable.span.clone(), part, domain: Domain::default(), branches };
            let truth = self.truths.entry(variable.span.start).or_insert_with(new);
            truth.domain = truth.domain.union(&domain);
        }
    }

    /// Returns what an operand of a comparison may be; nothing for questions such as `blank`.
    fn domain_at(&mut self, expression: &Expression, world: &World) -> Option<Domain> {
        match expression {
            Expression::Literal(literal) => Known::of_literal(literal).map(|known| Domain::of([known])),
            Expression::Variable(variable) => {
                let place = self.place_of(variable, world)?;
                Some(world.domain(&self.places, place).without_nil())
            }
            Expression::Range(_) => Some(Domain::of_kinds(kind::RANGE | kind::EMPTY_RANGE)),
        }
    }

    fn enter(&mut self, (span, value): (&Range<usize>, Option<usize>), is_entered: bool) {
        if let Some(entrance) = self.entrances.get_mut(&(span.start, value.map_or(0, |at| at + 1))) {
            entrance.is_entered |= is_entered;
            entrance.is_faulty |= self.is_faulty;
        }
    }

    pub(super) fn branches(&mut self, branches: &[Branch], worlds: Vec<World>) -> Ends {
        let mut ends = Ends::default();
        let all = worlds.clone();
        let mut rest = worlds;
        let mut before: Vec<Asking<'_>> = Vec::new();
        // Behind a question that has no answer all branches are idle.
        let mut is_faulty = false;
        for (at, branch) in branches.iter().enumerate() {
            if !self.has_room(&rest) {
                break;
            }
            // An `else` is left what none of the conditions before it takes.
            let asked = match &branch.guard {
                Guard::If(condition) | Guard::Unless(condition) => {
                    let asked = asked(condition);
                    before.extend(&asked);
                    asked
                }
                Guard::Else => before.clone(),
            };
            self.arrive((&branch.span, None), &asked, &rest, &all);
            if !matches!(branch.guard, Guard::Else) {
                let next = branches.get(at + 1).map(|next| next.span.start);
                self.ask_truth(&asked, &rest, [Some(branch.span.start), next]);
            }
            self.tag = branch.span.clone();
            self.is_faulty = is_faulty;
            let (taken, others, turn) = match &branch.guard {
                Guard::If(condition) => {
                    let (yes, no) = self.condition(condition, rest);
                    (yes, no, Turn::Holds(branch.span.clone()))
                }
                Guard::Unless(condition) => {
                    let (yes, no) = self.condition(condition, rest);
                    (no, yes, Turn::Holds(branch.span.clone()))
                }
                Guard::Else => (rest, Vec::new(), Turn::Else(branch.span.clone())),
            };
            self.enter((&branch.span, None), !taken.is_empty());
            is_faulty = std::mem::take(&mut self.is_faulty);
            rest = others;
            if !taken.is_empty() {
                let after = self.inside(turn, &branch.body, taken);
                ends.add(after);
            }
        }
        if let Some(first) = branches.first() {
            rest.iter_mut().for_each(|world| world.trail.push(Turn::Fails(first.span.clone())));
        }
        ends.on.extend(rest);
        ends.on = self.merge(ends.on);
        ends
    }

    /// Every `when` that fits is taken, and every `else` where none before it did.
    pub(super) fn case(&mut self, span: &Range<usize>, subject: &Expression, arms: &[Arm], worlds: Vec<World>) -> Ends {
        let mut ends = Ends::default();
        // What the subject is stays, whatever the arms do to names: a name of its own means it.
        let own = (usize::MAX - span.start, 0);
        let (mut open, mut fitted) = (worlds, Vec::new());
        let all = open.clone();
        for world in &mut open {
            if let Operand::At(place) = self.operand(subject, world) {
                world.names.insert(own, place);
            }
        }
        for Arm { values, body, span: tag } in arms {
            if !self.has_room(&open) || !self.has_room(&fitted) {
                break;
            }
            let (turn, taken) = match values {
                None => {
                    self.arrive(
                        (tag, None),
                        &fitting(subject, arms.iter().flat_map(|arm| arm.values.iter().flatten())),
                        &open,
                        &all,
                    );
                    (Turn::Else(tag.clone()), std::mem::take(&mut open))
                }
                Some(values) => {
                    let comers: Vec<World> = open.iter().chain(&fitted).cloned().collect();
                    self.arrived(&comers);
                    self.arrive((tag, None), &fitting(subject, values), &comers, &all);
                    let mut taken = Vec::new();
                    for (at, value) in values.iter().enumerate() {
                        if values.len() > 1 {
                            self.arrive((tag, Some((at, value))), &fitting(subject, [value]), &comers, &all);
                            // What fits one value may fit another as well.
                            let mut comers = comers.iter().cloned();
                            let fits = comers.any(|world| self.fits(world, own, subject, value).0.is_some());
                            self.enter((tag, Some(at)), fits);
                        }
                        for group in [&mut open, &mut fitted] {
                            for world in std::mem::take(group) {
                                let (yes, no) = self.fits(world, own, subject, value);
                                taken.extend(yes);
                                group.extend(no);
                            }
                        }
                    }
                    (Turn::When(tag.clone()), taken)
                }
            };
            self.enter((tag, None), !taken.is_empty());
            if taken.is_empty() {
                continue;
            }
            let mut after = self.inside(turn, body, taken);
            let on = std::mem::take(&mut after.on);
            ends.add(after);
            if values.is_some() { &mut fitted } else { &mut open }.extend(on);
            fitted = self.merge(fitted);
        }
        open.iter_mut().for_each(|world| {
            if arms.iter().all(|arm| arm.values.is_some()) {
                world.trail.push(Turn::NoWhen(span.clone()));
            }
        });
        ends.on = open.into_iter().chain(fitted).collect();
        for world in ends.on.iter_mut().chain(&mut ends.breaks).chain(&mut ends.continues) {
            world.names.remove(&own);
        }
        ends.on = self.merge(ends.on);
        ends
    }

    fn fits(
        &mut self,
        world: World,
        own: (usize, usize),
        subject: &Expression,
        value: &Expression,
    ) -> (Option<World>, Option<World>) {
        let left = match (world.names.get(&own), subject) {
            (Some(place), _) => Operand::At(*place),
            (None, Expression::Literal(literal)) => Operand::Literal(literal),
            (None, _) => Operand::Other,
        };
        let right = self.operand(value, &world);
        self.compare(world, left, Relation::Equal, right)
    }
}

/// Returns what a condition asks.
fn asked(condition: &Condition) -> Vec<Asking<'_>> {
    std::iter::once(&condition.first).chain(condition.rest.iter().map(|(_, test)| test)).map(Asking::of).collect()
}

/// Returns what it is to ask whether one of `values` fits.
fn fitting<'e>(subject: &'e Expression, values: impl IntoIterator<Item = &'e Expression>) -> Vec<Asking<'e>> {
    let fits = |value| Asking { left: subject, right: Some((Relation::Equal, value)) };
    values.into_iter().map(fits).collect()
}

/// Returns in words what the values that a branch asks of can only be, empty where that says nothing, and
/// what to ask instead, where it was meant to ask whether one is empty.
pub(super) fn why_never(places: &Places, entrance: &Entrance) -> (String, Option<String>) {
    /// The most values that are listed.
    const MOST: usize = 8;
    let (mut reasons, mut instead) = (Vec::new(), None);
    for (place, Asked { domain, is_truthy, equals }) in &entrance.asked {
        let label = places.label(*place);
        let mut words: Vec<String> = domain.listed.iter().take(MOST).map(Known::shown).collect();
        let is_listed = domain.values().is_some_and(|values| values.len() <= MOST);
        if domain.is_nothing() {
            continue;
        }
        if !is_listed {
            let ours = domain.types();
            // A value that is only equal to another type is found out by its type alone.
            let theirs: BTreeSet<&str> = equals.iter().flat_map(Domain::types).collect();
            if !theirs.is_empty() && ours.is_disjoint(&theirs) {
                let list = |types: BTreeSet<&str>| types.into_iter().collect::<Vec<_>>().join(" or ");
                reasons.push(format!("`{label}` is {} and compared with {}", list(ours), list(theirs)));
            } else if *is_truthy && domain.nil == Nil::Never && !domain.holds(&Known::Bool(false)) {
                instead = instead.or_else(|| Hollow::of(domain).map(|hollow| hollow.asked(label)));
                reasons.push(format!("`{label}` is always there, and nothing but nil and false counts as false"));
            }
            continue;
        }
        if domain.nil != Nil::Never {
            words.push("nil".to_owned());
        }
        let last = words.pop().unwrap_or_default();
        reasons.push(match words.is_empty() {
            true => format!("`{label}` can only be {last}"),
            false => format!("`{label}` can only be {} or {last}", words.join(", ")),
        });
    }
    if entrance.is_left_nothing {
        reasons.insert(0, "the branches above take every case".to_owned());
    }
    (reasons.join("; "), instead)
}
