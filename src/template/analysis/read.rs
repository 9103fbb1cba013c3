//! What expressions, filters and conditions come to in a world.
//!
//! A condition parts a world in two, each of which knows what it asked. Where that cannot be said of
//! a value by itself (`a contains "x"`, `a == b`), the answer is kept as a fact: the same question
//! has the same answer further on.

use super::domain::{Domain, Known, Nil, Question, Split, kind};
use super::fit::computed;
use super::flow::{Count, Flow, Issue, Need, Value, span_of};
use super::shape::Shape;
use super::world::{Fact, PlaceId, Segment, World};
use crate::template::Dialect;
use crate::template::syntax::{
    Chain, Condition, Expression, FilterCall, Join, Literal, Relation, Root, Step, Test, Variable,
};
use crate::template::value::Value as Computed;
use std::ops::Range;
use std::rc::Rc;

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operand<'e> {
    Literal(&'e Literal),
    At(PlaceId),
    /// A range, or what lies deeper than is looked.
    Other,
}

/// A world in which a question is answered with yes, and one with no.
pub(super) type Answers = (Option<World>, Option<World>);

impl Flow<'_> {
    /// Notes where a value may be nil that must not be, or is used as what it is not.
    pub(super) fn check(&mut self, value: &Value, need: &Need, span: &Range<usize>, world: &World) {
        self.check_nil(value, need, span, world);
        self.fit(value, need, span, world);
    }

    /// Notes where a value may be nil that must not be.
    pub(super) fn check_nil(&mut self, value: &Value, need: &Need, span: &Range<usize>, world: &World) {
        if value.domain.nil < Nil::Missing {
            return;
        }
        let level = value.domain.nil;
        let read = value.place.map_or_else(String::new, |place| self.places.label(place).to_owned());
        let part = value.place.map_or_else(String::new, |place| {
            // What may be nil first makes all its parts so.
            let wholes: Vec<PlaceId> = std::iter::successors(Some(place), |id| self.places.whole(*id)).collect();
            let nil = |id: &&PlaceId| world.domain(&self.places, **id).nil == level;
            self.places.label(wholes.iter().rev().find(nil).copied().unwrap_or(place)).to_owned()
        });
        let by = value.by.filter(|_| value.place.is_none());
        let can_print = value.shape.as_ref().map_or(&value.domain, |shape| &shape.domain).can_print();
        let issue = Issue::MayBeNil { need: need.clone(), part, read, can_print, by, nil: level };
        match value.domain.has_no_value() {
            true => self.note_else(issue, span, world),
            false => self.note(issue, span, world),
        }
    }

    /// Notes where an expression may be nil that must not be.
    pub(super) fn need(&mut self, expression: &Expression, world: &World, need: &Need) {
        let value = self.value(expression, world);
        self.check(&value, need, &span_of(expression).unwrap_or(self.tag.clone()), world);
    }

    /// Returns what an expression comes to.
    pub(super) fn value(&mut self, expression: &Expression, world: &World) -> Value {
        let operand = self.operand(expression, world);
        self.value_of(operand, expression, world)
    }

    /// Returns what an expression comes to that means `operand`.
    fn value_of(&mut self, operand: Operand<'_>, expression: &Expression, world: &World) -> Value {
        match operand {
            Operand::At(place) => self.value_at(place, world),
            Operand::Literal(literal) => Value::made(domain_of(literal)),
            Operand::Other if matches!(expression, Expression::Range(_)) => {
                Value::made(self.range_of(expression, world))
            }
            Operand::Other => Value::made(Domain::anything().or_nil(Nil::Unknown)),
        }
    }

    /// Returns the value at a place.
    pub(super) fn value_at(&self, place: PlaceId, world: &World) -> Value {
        Value {
            domain: world.domain(&self.places, place),
            place: Some(place),
            shape: Some(self.places.shape(place).clone()),
            by: None,
            item_of: None,
        }
    }

    /// Returns what an expression means, and notes what is wrong in it.
    pub(super) fn operand<'e>(&mut self, expression: &'e Expression, world: &World) -> Operand<'e> {
        match expression {
            Expression::Literal(literal) => Operand::Literal(literal),
            Expression::Range(range) => {
                self.need(&range.first, world, &Need::Counted(Count::End));
                self.need(&range.last, world, &Need::Counted(Count::End));
                Operand::Other
            }
            Expression::Variable(variable) => {
                let indexes = self.indexes(variable, world);
                if let Root::Name(name) = &variable.root
                    && world.meaning(name.slot).is_none()
                    && self.given(name.as_str()).is_none()
                {
                    self.note_else(Issue::NotSet { name: name.text.to_string() }, &variable.span, world);
                }
                let Some(place) = self.place_of(variable, world) else { return Operand::Other };
                self.fit_path(variable, &indexes, place, world);
                Operand::At(place)
            }
        }
    }

    /// Returns what stands in the brackets of a path. Each is read once, as it may hold others in turn.
    fn indexes(&mut self, variable: &Variable, world: &World) -> Vec<Value> {
        /// Of what lies deeper than any prompt reads nothing is said.
        const MOST_NESTED: usize = 32;
        let mut indexes = Vec::new();
        if self.nested == MOST_NESTED {
            return indexes;
        }
        self.nested += 1;
        for step in &variable.path {
            let Step::Index(index) = step else { continue };
            let value = self.value(index, world);
            if !matches!(index, Expression::Literal(_)) {
                self.check(&value, &Need::Counted(Count::Index), &span_of(index).unwrap_or(self.tag.clone()), world);
            }
            indexes.push(value);
        }
        self.nested -= 1;
        indexes
    }

    /// Returns the place that a variable means; of what is not set nothing is known, nor of what lies
    /// deeper than any prompt reads.
    pub(super) fn place_of(&mut self, variable: &Variable, world: &World) -> Option<PlaceId> {
        /// What is known of a part depends on the whole, so that each further step costs more.
        const MOST_STEPS: usize = 32;
        let Root::Name(name) = &variable.root else { return None };
        if variable.path.len() > MOST_STEPS {
            return None;
        }
        let mut place = match (world.meaning(name.slot), self.given(name.as_str()).cloned()) {
            (Some(place), _) => place,
            (None, Some(shape)) => self.places.root(Segment::Parameter((&*name.text).into()), &shape, name.as_str()),
            (None, None) => {
                let unknown = self.places.unknown.clone();
                self.places.root(Segment::Parameter((&*name.text).into()), &unknown, name.as_str())
            }
        };
        for step in &variable.path {
            let segment = match step {
                Step::Property(name) | Step::Index(Expression::Literal(Literal::Text(name))) => {
                    Segment::Property(name.as_str().into())
                }
                Step::Index(Expression::Literal(Literal::Int(index))) => Segment::Index(*index),
                Step::Index(index) => match self.known_index(index, world) {
                    Some(Known::Text(name)) => Segment::Property(name),
                    Some(Known::Int(index)) => Segment::Index(index),
                    _ => Segment::Computed(variable.span.start),
                },
            };
            place = self.places.part(place, segment);
        }
        Some(place)
    }

    /// Returns what is known of a range: whether it is empty, where both ends are known well enough.
    fn range_of(&mut self, expression: &Expression, world: &World) -> Domain {
        if let Expression::Range(range) = expression
            && let (Some(first), Some(last)) = (self.integers(&range.first, world), self.integers(&range.last, world))
        {
            if first.1 <= last.0 {
                return Domain::of_kinds(kind::RANGE);
            }
            if first.0 > last.1 {
                return Domain::of_kinds(kind::EMPTY_RANGE);
            }
        }
        Domain::of_kinds(kind::RANGE | kind::EMPTY_RANGE)
    }

    /// Returns the least and the greatest integer that an expression may be, if it can be nothing else.
    fn integers(&mut self, expression: &Expression, world: &World) -> Option<(i64, i64)> {
        match expression {
            Expression::Literal(Literal::Int(number)) => Some((*number, *number)),
            Expression::Variable(variable) => {
                let place = self.place_of(variable, world)?;
                world.integers(&self.places, place)
            }
            _ => None,
        }
    }

    /// Returns what a value with filters comes to.
    pub(super) fn chain(&mut self, chain: &Chain, world: &World) -> Value {
        let mut value = self.value(&chain.head, world);
        let head = span_of(&chain.head);
        for (at, call) in chain.filters.iter().enumerate() {
            if call.is_default() {
                value = self.default(call, value, world);
                continue;
            }
            let span = head.clone().filter(|_| at == 0 || value.place.is_some()).unwrap_or_else(|| call.span.clone());
            self.check(&value, &Need::Filtered(call.name()), &span, world);
            let mut operands = vec![value];
            for argument in &call.positional {
                let value = self.value(argument, world);
                let span = span_of(argument).unwrap_or(call.span.clone());
                self.check(&value, &Need::Argument(call.name()), &span, world);
                operands.push(value);
            }
            for (_, argument) in &call.keyword {
                self.value(argument, world);
            }
            let all: Vec<&Value> = operands.iter().collect();
            self.fit_filter(call, &all, world);
            self.check_named(call, &all, world);
            self.check_items(call, all[0], world);
            value = match computed(call, &all) {
                Some(domain) => Value::made(domain),
                None => self.filtered(call, operands.swap_remove(0), world),
            };
            value.by = Some(call.name());
        }
        value
    }

    fn default(&mut self, call: &FilterCall, value: Value, world: &World) -> Value {
        let mut present = value.domain.present();
        for (_, argument) in &call.keyword {
            self.value(argument, world);
            if value.domain.holds(&Known::Bool(false)) {
                present.listed.insert(Known::Bool(false));
            }
        }
        let other = call.positional.first().map(|argument| self.value(argument, world));
        if present == value.domain {
            return value;
        }
        let other = other.map_or_else(|| Domain::of([Known::Text("".into())]), |other| other.domain);
        Value::made(present.union(&other))
    }

    /// Returns what is known of the result of a filter.
    fn filtered(&mut self, call: &FilterCall, value: Value, world: &World) -> Value {
        let made = |kinds: u16| Value::made(Domain::of_kinds(kinds));
        match call.name() {
            end @ ("first" | "last") => self.end(end, value, world),
            "find" => {
                let item = items_of(&value);
                Value { domain: item.domain.clone().or_nil(Nil::Missing), shape: Some(item), ..made(0) }
            }
            "find_index" => Value::made(Domain::of_kinds(kind::NUMBER).or_nil(Nil::Missing)),
            "has" => Value::made(Domain::of([Known::Bool(false), Known::Bool(true)])),
            "where" | "reject" | "compact" => self.list(call, &value, kind::LIST | kind::EMPTY_LIST),
            "map" | "sort" | "sort_natural" | "reverse" | "uniq" => self.list(call, &value, as_empty_as(&value)),
            "concat" | "split" => made(kind::LIST | kind::EMPTY_LIST),
            "size" if value.is_list() => self.end("size", value, world),
            "abs" | "at_least" | "at_most" | "ceil" | "divided_by" | "floor" | "minus" | "modulo" | "plus"
            | "round" | "size" | "times" | "sum" => made(kind::NUMBER),
            "slice" => {
                let is_list = value.domain.kinds & kind::LISTS != 0;
                let is_text = value.domain.kinds & !kind::LISTS != 0 || !value.domain.listed.is_empty();
                let lists = if is_list { kind::LIST | kind::EMPTY_LIST } else { 0 };
                made(lists | if is_text { kind::TEXTS } else { 0 })
            }
            _ => made(kind::TEXTS),
        }
    }

    /// Returns what the filters `first` and `last` make of a value: as these look past a key of that name,
    /// of an object its first pair.
    fn end(&mut self, name: &str, value: Value, world: &World) -> Value {
        let kinds = value.domain.kinds;
        let is_list = kinds & (kind::OBJECT | kind::EMPTY_OBJECT) == 0 && kinds & kind::LISTS != 0;
        if let Some(place) = value.place.filter(|_| is_list) {
            let place = self.places.part(place, Segment::Property(name.into()));
            return self.value_at(place, world);
        }
        if kinds & !kind::TEXTS == 0 {
            return Value::made(Domain::of_kinds(kind::TEXTS));
        }
        let item = items_of(&value);
        let nil = if is_list { value.nil_at_end() } else { Nil::Unknown };
        Value { domain: item.domain.clone().or_nil(nil), shape: Some(item), ..Value::made(Domain::default()) }
    }

    /// Returns the worlds in which a condition holds, and those in which it does not. Read from the
    /// right, `a and …` is false as soon as `a` is, and `a or …` true.
    pub(super) fn condition(&mut self, condition: &Condition, worlds: Vec<World>) -> (Vec<World>, Vec<World>) {
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        self.arrived(&worlds);
        if !self.has_room(&worlds) {
            return (worlds.clone(), worlds);
        }
        for world in worlds {
            self.answer(world, &condition.first, &mut yes, &mut no);
        }
        let (mut held, mut failed) = (Vec::new(), Vec::new());
        for (join, test) in &condition.rest {
            let undecided = match join {
                Join::And => {
                    failed.append(&mut no);
                    std::mem::take(&mut yes)
                }
                Join::Or => {
                    held.append(&mut yes);
                    std::mem::take(&mut no)
                }
            };
            let undecided = if self.has_room(&undecided) { undecided } else { Vec::new() };
            for world in undecided {
                self.answer(world, test, &mut yes, &mut no);
            }
        }
        held.append(&mut yes);
        failed.append(&mut no);
        (self.merge(held), self.merge(failed))
    }

    fn answer(&mut self, world: World, test: &Test, yes: &mut Vec<World>, no: &mut Vec<World>) {
        let left = self.operand(&test.left, &world);
        let (holds, fails) = match &test.right {
            None => self.ask(world, left, &Question::Truthy),
            Some((relation, other)) => {
                let right = self.operand(other, &world);
                let values = [self.value_of(left, &test.left, &world), self.value_of(right, other, &world)];
                let sides = (&test.left, other);
                self.is_faulty |= self.fit_comparison(sides, *relation, [&values[0], &values[1]], &world);
                self.compare(world, left, *relation, right)
            }
        };
        yes.extend(holds);
        no.extend(fails);
    }

    /// Asks a question of one value.
    fn ask(&mut self, world: World, operand: Operand<'_>, question: &Question<'_>) -> Answers {
        let place = match operand {
            Operand::At(place) => place,
            Operand::Other => return decided(world, matches!(question, Question::Truthy)),
            Operand::Literal(literal) => {
                let is = domain_of(literal).split(question);
                return decided(world, !is.yes.is_nothing());
            }
        };
        self.ask_at(world, place, question)
    }

    fn ask_at(&mut self, world: World, place: PlaceId, question: &Question<'_>) -> Answers {
        let domain = world.domain(&self.places, place);
        self.work += domain.weight() + world.weight();
        let mut split = domain.split(question);
        if let Question::Equals(value) = question
            && world.facts.iter().any(|(fact, truth)| fact.of == place && !fact.allows(value, *truth))
        {
            // What was answered before rules this value out.
            split = Split { yes: Domain::default(), no: domain, is_exact: true };
        }
        let known = match question {
            Question::Contains(other) => Some((Relation::Contains, (*other).clone())),
            Question::Ordered(relation, other) => Some((*relation, (*other).clone())),
            _ => None,
        };
        let size = match question {
            Question::Sized(relation, number) => Some((*relation, *number)),
            _ => None,
        };
        let fact = Fact { of: place, and: None, asked: format!("{question:?}").into(), known, size };
        let known = if split.is_exact { None } else { world.facts.get(&fact).copied() };
        let side = |domain: Domain, truth: bool| {
            let mut world = world.clone();
            if known == Some(!truth) || !world.refine(&self.places, place, domain) {
                return None;
            }
            if !split.is_exact {
                world.facts.insert(fact.clone(), truth);
            }
            Some(world)
        };
        (side(split.yes, true), side(split.no, false))
    }

    /// Compares two values.
    pub(super) fn compare(
        &mut self,
        world: World,
        left: Operand<'_>,
        relation: Relation,
        right: Operand<'_>,
    ) -> Answers {
        if relation == Relation::NotEqual {
            let (yes, no) = self.compare(world, left, Relation::Equal, right);
            return (no, yes);
        }
        match (left, right) {
            (Operand::At(place), Operand::Literal(literal)) => self.compare_with(world, place, relation, literal),
            (Operand::Literal(literal), Operand::At(place)) => match mirrored(relation) {
                Some(relation) => self.compare_with(world, place, relation, literal),
                None => self.compare_unknown(world, place, None, format!("{literal:?} contains")),
            },
            (Operand::Literal(left), Operand::Literal(right)) => decided(world, compute(left, relation, right)),
            (Operand::At(left), Operand::At(right)) => self.compare_both(world, left, relation, right),
            (Operand::At(place), Operand::Other) | (Operand::Other, Operand::At(place)) => {
                self.compare_unknown(world, place, None, format!("{relation:?} a range"))
            }
            (Operand::Other, _) | (_, Operand::Other) => (Some(world.clone()), Some(world)),
        }
    }

    fn compare_with(&mut self, world: World, place: PlaceId, relation: Relation, literal: &Literal) -> Answers {
        if let (true, Literal::Int(number)) = (self.places.is_size(place) && relation != Relation::Contains, literal)
            && let Some(whole) = self.places.whole(place)
        {
            return self.ask_at(world, whole, &Question::Sized(relation, *number));
        }
        let known = Known::of_literal(literal);
        match (relation, literal, &known) {
            (Relation::Equal, Literal::Nil, _) => self.ask_at(world, place, &Question::IsNil),
            (Relation::Equal, Literal::Blank, _) => self.ask_at(world, place, &Question::IsBlank),
            (Relation::Equal, Literal::Empty, _) => self.ask_at(world, place, &Question::IsEmpty),
            (Relation::Equal, _, Some(known)) => self.ask_at(world, place, &Question::Equals(known)),
            (Relation::Contains, _, Some(known)) => self.ask_at(world, place, &Question::Contains(known)),
            (_, _, Some(known)) => self.ask_at(world, place, &Question::Ordered(relation, known)),
            // Nothing is before or after nil, and nothing holds it.
            _ => decided(world, false),
        }
    }

    /// Asks something of a value that nothing can be learned from but the answer.
    fn compare_unknown(&mut self, world: World, place: PlaceId, and: Option<PlaceId>, asked: String) -> Answers {
        self.work += world.weight();
        let fact = Fact { of: place, and, asked: asked.into(), known: None, size: None };
        match world.facts.get(&fact) {
            Some(true) => (Some(world), None),
            Some(false) => (None, Some(world)),
            None => {
                let mut yes = world.clone();
                let mut no = world;
                yes.facts.insert(fact.clone(), true);
                no.facts.insert(fact, false);
                (Some(yes), Some(no))
            }
        }
    }

    fn compare_both(&mut self, world: World, left: PlaceId, relation: Relation, right: PlaceId) -> Answers {
        let (ours, theirs) = (world.domain(&self.places, left), world.domain(&self.places, right));
        if relation == Relation::Equal {
            let single = |domain: &Domain| match domain.values() {
                Some(values) if values.len() == 1 && domain.nil == Nil::Never => values.first().cloned(),
                _ => None,
            };
            if left == right {
                return decided(world, true);
            }
            if let Some(value) = single(&theirs) {
                return self.ask_at(world, left, &Question::Equals(&value));
            }
            if let Some(value) = single(&ours) {
                return self.ask_at(world, right, &Question::Equals(&value));
            }
        }
        let (of, and) = if relation == Relation::Equal && left > right { (right, left) } else { (left, right) };
        let (yes, no) = self.compare_unknown(world, of, Some(and), format!("{relation:?}"));
        // What holds of the two says something of each.
        let yes = yes.and_then(|mut world| {
            let (ours, theirs) = match relation {
                Relation::Equal => {
                    let both = ours.intersection(&theirs);
                    (both.clone(), both)
                }
                Relation::Contains => (ours.split(&Question::Truthy).yes, theirs.split(&Question::Truthy).yes),
                _ => (ours.without_nil(), theirs.without_nil()),
            };
            (world.refine(&self.places, left, ours) && world.refine(&self.places, right, theirs)).then_some(world)
        });
        (yes, no)
    }
}

fn decided(world: World, truth: bool) -> Answers {
    if truth { (Some(world), None) } else { (None, Some(world)) }
}

fn domain_of(literal: &Literal) -> Domain {
    match literal {
        Literal::Nil => Domain::default().or_nil(Nil::Declared),
        // As values these two hold nothing.
        Literal::Empty | Literal::Blank => Domain::of([Known::Text("".into())]),
        _ => Domain::of(Known::of_literal(literal)),
    }
}

/// Returns what the items of a value may be.
fn items_of(value: &Value) -> Rc<Shape> {
    match &value.shape {
        Some(shape) if value.domain.kinds & (kind::OBJECT | kind::EMPTY_OBJECT) == 0 => shape.items.clone(),
        _ => None,
    }
    .unwrap_or_else(|| Shape::unknown(Nil::Unknown))
}

/// Returns the kinds of the list of all items of a value, of which what is no list is one. Lists in lists
/// are flattened, so that these may come to nothing.
fn as_empty_as(value: &Value) -> u16 {
    let empty = kind::EMPTY_LIST | kind::EMPTY_RANGE;
    let holds_lists = value.domain.kinds & kind::LIST != 0 && items_of(value).domain.kinds & kind::EMPTY_LIST != 0;
    if value.domain.kinds & empty == 0 && !holds_lists { kind::LIST } else { kind::LIST | kind::EMPTY_LIST }
}

/// Returns the relation with its sides changed, if there is one.
fn mirrored(relation: Relation) -> Option<Relation> {
    Some(match relation {
        Relation::Less => Relation::Greater,
        Relation::LessOrEqual => Relation::GreaterOrEqual,
        Relation::Greater => Relation::Less,
        Relation::GreaterOrEqual => Relation::LessOrEqual,
        Relation::Contains => return None,
        same => same,
    })
}

/// Compares two literals as rendering does.
fn compute(left: &Literal, relation: Relation, right: &Literal) -> bool {
    let (a, b) = (Computed::from(left), Computed::from(right));
    match relation {
        Relation::Equal => a.equals(&b),
        Relation::NotEqual => !a.equals(&b),
        Relation::Contains => match (a.as_str(), b.print(Dialect::Lax)) {
            (Some(text), Ok(part)) => b.is_true() && text.contains(&*part),
            _ => false,
        },
        _ => match (Known::of_literal(left), Known::of_literal(right)) {
            (Some(a), Some(b)) => !Domain::of([a]).split(&Question::Ordered(relation, &b)).yes.is_nothing(),
            _ => false,
        },
    }
}
