//! Whether rendering takes a value where it is used: it is tried on values that stand for all of them.

use super::domain::{Domain, Nil, kind};
use super::flow::{Count, Flow, Issue, Need, Value};
use super::samples::{Class, Made, Sample, classes, names};
use super::shape::Shape;
use super::world::{PlaceId, World};
use crate::template::Dialect;
use crate::template::filters::{Call, too_long};
use crate::template::render::{contains, how_many, how_many_newest, messages_in, ordered, range_end, to_items};
use crate::template::syntax::{Expression, FilterCall, Literal, Relation, Step, Variable};
use crate::template::value::{Access, Value as Computed};
use std::ops::Range;
use std::rc::Rc;

/// The most bytes that a filter may make of what it is tried on.
const MAX_BYTES: usize = 1 << 16;
/// The most uses of which it is kept what came of them, at about a kilobyte each.
const MAX_TRIED: usize = 8_000;
/// The most values of one side that another side is tried with.
const MAX_POOL: usize = 12;
/// The most values that are known one by one and of which a filter's result is computed.
const MAX_COMPUTED: usize = 16;

/// What is tried: with a value for each operand, why rendering fails, in words.
type Attempt<'t> = dyn Fn(&[Computed<'_>]) -> Result<(), String> + 't;

/// Why rendering fails, and with which values.
#[derive(Clone, Debug)]
pub(super) struct Misfit {
    /// The operand of which some values fail.
    operand: usize,
    /// These values; none where all fail.
    with: Vec<String>,
    reason: String,
}

/// A use in the source: what it is, and which of several at one place.
type Use = (&'static str, usize);

/// A use at its place, and what the operands may be there.
pub(super) type Tried = (Range<usize>, Use, Vec<(Domain, Option<*const Shape>)>);

impl Value {
    /// Returns whether nothing is known of its type. That some values fail is no news then.
    pub(super) fn is_open(&self) -> bool {
        self.shape.as_ref().map_or(&self.domain, |shape| &shape.domain).is_open()
    }

    /// Returns whether it can be nothing but a list whose place is known.
    pub(super) fn is_list(&self) -> bool {
        let lists = |domain: &Domain| domain.listed.is_empty() && domain.kinds & !(kind::LIST | kind::EMPTY_LIST) == 0;
        self.place.is_some() && self.domain.nil == Nil::Never && self.shape.as_ref().is_some_and(|it| lists(&it.domain))
    }

    /// Returns how the first or last of its items may be nil.
    pub(super) fn nil_at_end(&self) -> Nil {
        match self.domain.kinds & (kind::HOLLOW | kind::EMPTY_RANGE) {
            0 => Nil::Never,
            _ if self.is_open() => Nil::Unknown,
            _ => Nil::Missing,
        }
    }
}

impl Flow<'_> {
    /// Notes where a use fails with every value of some class, and returns whether it does.
    fn try_on(
        &mut self,
        (span, what): (&Range<usize>, Use),
        operands: &[&Value],
        world: &World,
        attempt: &Attempt<'_>,
    ) -> bool {
        let seen = operands.iter().map(|it| (it.domain.without_nil(), it.shape.as_ref().map(Rc::as_ptr)));
        let key: Tried = (span.clone(), what, seen.collect());
        let known = self.tried.get(&key).cloned();
        let misfit = known.unwrap_or_else(|| {
            let before = self.samples.work;
            let of = |it: &&Value| classes(&it.domain, it.shape.as_ref(), &mut self.samples);
            let all: Vec<Vec<Class>> = operands.iter().map(of).collect();
            let tries = all.iter().flatten().map(|class| class.samples.len()).sum::<usize>();
            self.work += self.samples.work - before + tries;
            let misfit = misfit(&all, operands, attempt);
            if self.tried.len() < MAX_TRIED {
                // The shapes are kept, so that no other can come to stand at their addresses.
                self.kept.extend(operands.iter().filter_map(|it| it.shape.clone()));
                self.tried.insert(key, misfit.clone());
            }
            misfit
        });
        let Some(Misfit { operand, with, reason }) = misfit else { return false };
        let part = operands[operand].place.map_or_else(String::new, |place| self.places.label(place).to_owned());
        self.note(Issue::Fails { part, with, reason }, span, world);
        true
    }

    /// Notes where a value is used as what it is not.
    pub(super) fn fit(&mut self, value: &Value, need: &Need, span: &Range<usize>, world: &World) {
        let tried = |value: &Computed<'_>| -> Result<(), String> {
            let dialect = Dialect::Prompt;
            match need {
                Need::Printed => value.why_not_printed().map_or(Ok(()), |why| Err(why.to_owned())),
                Need::Looped => to_items(value, dialect).map(drop).map_err(|error| error.message),
                Need::Counted(Count::End) => range_end(value, dialect).map(drop).map_err(|error| error.message),
                Need::Counted(Count::Items(name)) => {
                    how_many(value, name, dialect).map(drop).map_err(|error| error.message)
                }
                Need::Counted(Count::Newest) => how_many_newest(value).map(drop).map_err(|error| error.message),
                // What stands around these is tried.
                Need::Counted(Count::Index) | Need::Filtered(_) | Need::Argument(_) | Need::Passed { .. } => Ok(()),
            }
        };
        self.try_on((span, (need.what(), 0)), &[value], world, &|values| tried(&values[0]));
    }

    /// Notes where a filter cannot make anything of what it is given.
    pub(super) fn fit_filter(&mut self, call: &FilterCall, operands: &[&Value], world: &World) {
        self.try_on((&call.span, ("filter", 0)), operands, world, &|values| match applied(call, values) {
            // That is more than is tried here, and no fault of the template.
            Err(why) if is_beyond(&why) => Ok(()),
            applied => applied.map(drop),
        });
    }

    /// Notes where a step of a path, in whose brackets stand `indexes`, leads to nothing that could be there.
    pub(super) fn fit_path(&mut self, variable: &Variable, indexes: &[Value], place: PlaceId, world: &World) {
        let mut indexes = indexes.iter();
        // Of a name that stands for a part of another value the path goes on from there.
        let wholes = std::iter::successors(self.places.whole(place), |id| self.places.whole(*id));
        let mut wholes: Vec<PlaceId> = wholes.take(variable.path.len()).collect();
        wholes.reverse();
        for (at, (whole, step)) in wholes.into_iter().zip(&variable.path).enumerate() {
            let whole = self.value_at(whole, world);
            let index = match step {
                Step::Property(_) => None,
                Step::Index(_) => match indexes.next() {
                    Some(index) => Some(index),
                    None => return,
                },
            };
            self.check_step((variable, step), &whole, index, world);
            match step {
                Step::Property(name) => {
                    let property = |value: &Computed<'_>| value.property(name, Access::Dot, Dialect::Prompt).map(drop);
                    self.try_on((&variable.span, ("property", at)), &[&whole], world, &|values| property(&values[0]));
                }
                Step::Index(_) => {
                    let Some(index) = index else { return };
                    self.try_on((&variable.span, ("index", at)), &[&whole, index], world, &|values| {
                        values[0].index(&values[1], Dialect::Prompt).map(drop)
                    });
                }
            }
        }
    }

    /// Notes where two values cannot be compared in this way, and returns whether some cannot.
    pub(super) fn fit_comparison(
        &mut self,
        (left, right): (&Expression, &Expression),
        relation: Relation,
        values: [&Value; 2],
        world: &World,
    ) -> bool {
        // Nothing is before or after these, and nothing holds them: that is false and no error.
        let is_question =
            |side: &Expression| matches!(side, Expression::Literal(Literal::Nil | Literal::Empty | Literal::Blank));
        if matches!(relation, Relation::Equal | Relation::NotEqual) || is_question(left) || is_question(right) {
            return false;
        }
        let span = super::flow::span_of(left).or_else(|| super::flow::span_of(right)).unwrap_or(self.tag.clone());
        self.try_on((&span, ("comparison", relation as usize)), &values, world, &|values| {
            let compared = match relation {
                Relation::Contains => contains(&values[0], &values[1], Dialect::Prompt),
                _ => ordered(&values[0], &values[1], Dialect::Prompt, std::cmp::Ordering::is_eq),
            };
            compared.map(drop).map_err(|error| error.message)
        })
    }

    /// Notes where `history` is given what are no messages.
    pub(super) fn fit_history(&mut self, value: &Value, span: &Range<usize>, world: &World) {
        self.try_on((span, ("history", 0)), &[value], world, &|values| {
            messages_in(&values[0].to_json()).map(drop).map_err(str::to_owned)
        });
    }
}

fn applied<'a>(call: &FilterCall, values: &[Computed<'a>]) -> Result<Computed<'a>, String> {
    let (input, arguments) = values.split_first().ok_or_else(String::new)?;
    call.filter.apply(&Call {
        name: call.filter.name,
        input,
        arguments,
        keyword: &[],
        dialect: Dialect::Prompt,
        most_bytes: MAX_BYTES,
    })
}

/// Returns whether a filter only made more than it may where it is tried, which is less than where it renders.
fn is_beyond(why: &str) -> bool {
    why == too_long(MAX_BYTES)
}

/// Returns what a filter makes of values that are all known one by one; nothing where they are not, or
/// where it makes more than such a value, or one too long to keep.
pub(super) fn computed(call: &FilterCall, operands: &[&Value]) -> Option<Domain> {
    let known = |value: &&Value| match value.domain.values() {
        Some(values) if !values.is_empty() && values.len() <= MAX_COMPUTED => Some(()),
        _ => None,
    };
    operands.iter().map(known).collect::<Option<Vec<()>>>()?;
    let all: Vec<Vec<Class>> = operands.iter().map(|it| classes(&it.domain, None, &mut Made::default())).collect();
    let samples: Vec<Vec<&Sample>> =
        all.iter().map(|it| it.iter().flat_map(|class| class.samples.iter()).collect()).collect();
    if samples.iter().map(Vec::len).product::<usize>() > MAX_COMPUTED {
        return None;
    }
    let mut made = Domain::default();
    let mut is_known = true;
    each_choice(&samples, &mut |values| {
        match applied(call, values) {
            Ok(value) => made = made.union(&domain_of_result(&value)),
            // That it fails is told elsewhere, and rendering goes no further.
            Err(why) => is_known &= !is_beyond(&why),
        }
        is_known
    });
    (is_known && !made.is_nothing()).then_some(made)
}

fn domain_of_result(value: &Computed<'_>) -> Domain {
    match value {
        Computed::Nil => Domain::only_nil(Nil::Missing),
        Computed::Array(_) | Computed::List(_) if value.is_empty() => Domain::of_kinds(kind::EMPTY_LIST),
        Computed::Array(_) | Computed::List(_) => Domain::of_kinds(kind::LIST),
        _ => match super::domain::Known::of_json(&value.to_json()) {
            Some(known) => Domain::of([known]),
            None => Domain::anything(),
        },
    }
}

/// Returns with which values an attempt fails, if it does.
fn misfit(all: &[Vec<Class>], operands: &[&Value], attempt: &Attempt<'_>) -> Option<Misfit> {
    let pools: Vec<Vec<&Sample>> =
        all.iter().map(|it| it.iter().flat_map(|class| class.samples.iter()).take(MAX_POOL).collect()).collect();
    for (operand, classes) in all.iter().enumerate() {
        let mut failing = Vec::new();
        for class in classes {
            let mut choices = pools.clone();
            choices[operand] = class.samples.iter().collect();
            if let Some(reason) = failure(&choices, attempt) {
                failing.push((class.name.clone(), reason));
            }
        }
        let Some((_, reason)) = failing.first() else { continue };
        let reason = all.iter().flatten().fold(reason.clone(), |said, class| class.in_general(said));
        if failing.len() == classes.len() {
            return Some(Misfit { operand, with: Vec::new(), reason });
        }
        if !operands[operand].is_open() {
            let with = names(failing.into_iter().map(|(name, _)| name).collect());
            return Some(Misfit { operand, with, reason });
        }
    }
    None
}

/// Returns why all choices fail; nothing if one does not.
fn failure(choices: &[Vec<&Sample>], attempt: &Attempt<'_>) -> Option<String> {
    let mut reason = None;
    each_choice(choices, &mut |values| match attempt(values) {
        Ok(()) => {
            reason = None;
            false
        }
        Err(why) => {
            reason.get_or_insert(why);
            true
        }
    });
    reason
}

/// Goes over every choice of one sample for each operand, until `visit` returns false.
fn each_choice<'s>(choices: &[Vec<&'s Sample>], visit: &mut dyn FnMut(&[Computed<'s>]) -> bool) {
    if choices.iter().any(Vec::is_empty) {
        return;
    }
    let mut at = vec![0; choices.len()];
    loop {
        let values: Vec<Computed<'s>> = choices.iter().zip(&at).map(|(samples, at)| samples[*at].value()).collect();
        if !visit(&values) {
            return;
        }
        let Some(next) = (0..at.len()).rev().find(|operand| at[*operand] + 1 < choices[*operand].len()) else { return };
        at[next] += 1;
        at[next + 1..].fill(0);
    }
}
