//! What a template shows of the types of the names that it reads.

use super::super::check::is_called;
use super::super::declaration::{Annotations, Type};
use super::super::file::Prompt;
use super::super::scope::Scope;
use crate::template::syntax::{
    Branch, Chain, Condition, Expression, Guard, Literal, Loop, Node, NodeKind, Offset, Relation, Render, Root, Step,
    Test, Variable,
};
use crate::template::{FreeVariable, Use};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What a use shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    /// It is compared with a string.
    Text,
    /// It is compared with a number, or counted with.
    Number,
    /// It is a number of items.
    Whole,
    /// It is compared with `true` or `false`.
    Bool,
    /// It goes through a filter of lists.
    List,
    /// An item is read by its number.
    Indexed,
    /// It is looped over.
    Looped,
    /// So are the entries of an object.
    Pairs,
    /// It is printed, or counted with: it is no list and no object.
    Scalar,
    /// A property is read, which is none of Liquid's own.
    Named,
    /// Its `size` is read.
    Sized,
    /// Its `first` or `last` is read, or what stands at an index that is computed.
    Ends,
    /// It is asked whether it is there, and no more.
    Asked,
    /// It goes through `default`.
    Defaulted,
}

/// What a name may be declared as.
#[derive(Debug)]
pub(super) enum Guess {
    /// One of these, the likeliest first.
    One(Vec<Value>),
    /// It cannot be told which of these, in words.
    Unknown(&'static str),
}

/// What is shown of each name.
#[derive(Debug, Default)]
pub(super) struct Uses {
    signs: BTreeMap<String, BTreeSet<Sign>>,
    histories: BTreeSet<String>,
    /// How the partials declare it that it is passed to.
    taken: BTreeMap<String, Vec<Value>>,
    /// What is read otherwise than to be passed on.
    read: BTreeSet<String>,
    /// What is read otherwise than to ask whether it is there, or to let `default` stand in for it.
    needed: BTreeSet<String>,
}

impl Uses {
    pub(super) fn of(scope: &Scope, prompt: &Prompt) -> Uses {
        let template = prompt.template();
        let mut shown = Shown::default();
        shown.nodes(template.nodes());
        let mut uses = Uses::default();
        for FreeVariable { name, path, usage, span, argument, .. } in template.variables() {
            let signs = uses.signs.entry(name.clone()).or_default();
            // What an item of a loop shows is noted where the loop is.
            let own = shown.signs.get(&span.start);
            signs.extend(own.into_iter().flatten());
            if !own.is_some_and(|own| own.contains(&Sign::Asked) || own.contains(&Sign::Defaulted)) {
                uses.needed.insert(name.clone());
            }
            if *usage == Use::Looped && path.is_empty() {
                signs.insert(Sign::Looped);
            }
            match argument {
                Some((at, argument)) if path.is_empty() => {
                    let partial = template.partials().get(*at).map(|it| it.name.as_str()).unwrap_or_default();
                    uses.taken.entry(name.clone()).or_default().extend(taken(scope, partial, argument));
                }
                _ => _ = uses.read.insert(name.clone()),
            }
        }
        uses.histories = template.histories().iter().map(|history| history.parameter.clone()).collect();
        uses
    }

    /// Returns what `name` may be declared as.
    pub(super) fn guess(&self, name: &str) -> Guess {
        let plain = |kind: &str| json!({ "type": kind });
        // Callers may always give what they need not.
        let either = |kind: &str| [plain(kind), json!({ "type": kind, "optional": true })];
        if self.histories.contains(name) {
            return Guess::One(vec![plain("messages")]);
        }
        let none = BTreeSet::new();
        let signs = self.signs.get(name).unwrap_or(&none);
        let has = |sign: Sign| signs.contains(&sign);
        if has(Sign::Named) {
            return Guess::One(either("object").into());
        }
        // Of these the language takes values of any type.
        if [Sign::Looped, Sign::Indexed, Sign::Ends, Sign::Sized].into_iter().any(has) {
            let is_list = has(Sign::Indexed) || !has(Sign::Pairs) && (has(Sign::Looped) || has(Sign::List));
            return match (has(Sign::Scalar), is_list) {
                (true, _) => Guess::One(either("string").into()),
                (_, true) => Guess::One(either("array").into()),
                _ if has(Sign::Looped) || has(Sign::Ends) => Guess::Unknown("a list or an object"),
                _ => Guess::Unknown("a string, a list or an object"),
            };
        }
        let shown: Vec<&str> = [
            (has(Sign::Whole), "integer"),
            (has(Sign::Number) && !has(Sign::Whole), "number"),
            (has(Sign::Bool), "boolean"),
            (has(Sign::Text), "string"),
            (has(Sign::List), "array"),
        ]
        .into_iter()
        .filter_map(|(is_shown, kind)| is_shown.then_some(kind))
        .collect();
        if !self.needed.contains(name) && shown.is_empty() {
            return Guess::One(match has(Sign::Defaulted) {
                true => vec![json!({ "type": "string", "optional": true }), plain("string")],
                false => either("boolean").into_iter().chain(either("string")).collect(),
            });
        }
        // Where the uses do not agree, a string is what the language takes.
        let first = if let [kind] = shown[..] { kind } else { "string" };
        let others = shown.iter().copied().chain(["string"]).filter(|other| *other != first);
        let own = [first].into_iter().chain(others).flat_map(either);
        let taken = self.taken.get(name).into_iter().flatten().cloned();
        // What is but passed on is what those take that it is passed to; else its own uses come first.
        let candidates = match self.read.contains(name) {
            false => taken.chain(own).collect(),
            true => own.chain(taken).collect(),
        };
        Guess::One(candidates)
    }
}

/// Returns what a partial takes as an argument, where it is no plain string.
fn taken(scope: &Scope, partial: &str, argument: &str) -> Option<Value> {
    let next = scope.lookup(partial).ok()?;
    let parameter = next.prompt.parameters().iter().find(|parameter| is_called(parameter, argument))?;
    if matches!(parameter.schema.kind, Type::String | Type::Any) || parameter.retired {
        return None;
    }
    let mut json = parameter.schema.to_json(Annotations::Drop);
    json.remove("default");
    Some(Value::Object(json))
}

/// What the uses show, by where the variables stand.
#[derive(Default)]
struct Shown {
    signs: BTreeMap<usize, BTreeSet<Sign>>,
    /// The variables of the loops around, and where what they go over stands.
    loops: Vec<(String, Option<usize>)>,
    /// The names that stand for others, and where what they stand for is read.
    aliases: BTreeMap<String, usize>,
}

impl Shown {
    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    fn node(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Output(chain) => {
                if chain.filters.is_empty() {
                    self.note(&chain.head, Sign::Scalar);
                }
                self.chain(chain);
            }
            NodeKind::Assign { name, value } => {
                self.chain(value);
                let same = value.head.as_variable().filter(|it| it.path.is_empty() && value.filters.is_empty());
                match same.and_then(|variable| self.noted_at(variable)) {
                    Some(at) => self.aliases.insert(name.text.to_string(), at),
                    None => self.aliases.remove(&*name.text),
                };
            }
            NodeKind::Capture { name, .. } => _ = self.aliases.remove(&*name.text),
            NodeKind::If(branches) => {
                for Branch { guard, .. } in branches {
                    if let Guard::If(condition) | Guard::Unless(condition) = guard {
                        self.condition(condition);
                    }
                }
            }
            NodeKind::Case { subject, arms } => {
                self.expression(subject);
                for value in arms.iter().flat_map(|arm| arm.values.iter().flatten()) {
                    self.compared(subject, value);
                }
            }
            NodeKind::For(head) | NodeKind::TableRow(head) => return self.in_loop(head),
            NodeKind::Cycle(cycle) => {
                for value in cycle.group.iter().chain(&cycle.values) {
                    self.note(value, Sign::Scalar);
                    self.expression(value);
                }
            }
            NodeKind::Render(render) => self.render(render),
            NodeKind::History { last, .. } => last.iter().for_each(|last| self.counted(last)),
            _ => {}
        }
        node.bodies(&mut |body| self.nodes(body));
    }

    fn in_loop(&mut self, head: &Loop) {
        self.expression(&head.over);
        let offset = match &head.offset {
            Some(Offset::At(offset)) => Some(offset),
            _ => None,
        };
        head.limit.iter().chain(offset).chain(&head.columns).for_each(|count| self.counted(count));
        let over = head.over.as_variable().filter(|over| over.path.is_empty()).map(|over| over.span.start);
        self.loops.push((head.variable.text.to_string(), over));
        self.nodes(&head.body);
        self.loops.pop();
        self.nodes(&head.otherwise);
    }

    fn render(&mut self, render: &Render) {
        let subject = render.subject.iter().map(|subject| &subject.value);
        render.arguments.iter().map(|(_, value)| value).chain(subject).for_each(|value| self.expression(value));
    }

    fn condition(&mut self, condition: &Condition) {
        for Test { left, right } in std::iter::once(&condition.first).chain(condition.rest.iter().map(|(_, it)| it)) {
            match right {
                None => {
                    self.note(left, Sign::Asked);
                    self.expression(left);
                }
                // Lists and strings hold something alike.
                Some((Relation::Contains, right)) => {
                    self.expression(left);
                    self.expression(right);
                }
                Some((_, right)) => {
                    self.compared(left, right);
                    self.compared(right, left);
                }
            }
        }
    }

    fn compared(&mut self, of: &Expression, other: &Expression) {
        self.expression(of);
        match other {
            Expression::Literal(Literal::Bool(_)) => self.note(of, Sign::Bool),
            Expression::Literal(Literal::Int(_) | Literal::Float(_)) => self.note(of, Sign::Number),
            Expression::Literal(Literal::Text(_)) => self.note(of, Sign::Text),
            _ => {}
        }
    }

    fn counted(&mut self, count: &Expression) {
        self.note(count, Sign::Whole);
        self.note(count, Sign::Scalar);
        self.expression(count);
    }

    fn chain(&mut self, chain: &Chain) {
        self.expression(&chain.head);
        if chain.begins_with_default() {
            self.note(&chain.head, Sign::Defaulted);
        }
        if let Some(call) = chain.filters.iter().find(|call| !call.is_default()) {
            let sign = sign_of_input(call.name());
            if let Some(sign) = sign {
                self.note(&chain.head, sign);
            }
            if sign == Some(Sign::Number) {
                self.note(&chain.head, Sign::Scalar);
            }
            if matches!(call.name(), "json" | "size" | "first" | "last" | "join") {
                self.note_pair(&chain.head);
            }
        }
        for call in &chain.filters {
            for argument in call.positional.iter().chain(call.keyword.iter().map(|(_, value)| value)) {
                self.expression(argument);
                if let Some(sign) = sign_of_argument(call.name()) {
                    self.note(argument, sign);
                }
            }
        }
    }

    /// Looks into the parts of a value.
    fn expression(&mut self, expression: &Expression) {
        match expression {
            Expression::Literal(_) => {}
            Expression::Range(range) => {
                self.counted(&range.first);
                self.counted(&range.last);
            }
            Expression::Variable(variable) => self.variable(variable),
        }
    }

    fn variable(&mut self, variable: &Variable) {
        for step in &variable.path {
            if let Step::Index(index) = step {
                self.expression(index);
            }
        }
        let Some(step) = variable.path.first() else { return };
        let sign = match step {
            Step::Property(name) | Step::Index(Expression::Literal(Literal::Text(name))) => match &**name {
                "size" => Sign::Sized,
                "first" | "last" => Sign::Ends,
                _ => Sign::Named,
            },
            Step::Index(Expression::Literal(Literal::Int(_))) => Sign::Indexed,
            Step::Index(_) => Sign::Ends,
        };
        match self.over(variable) {
            None => self.note_at(self.noted_at(variable), sign),
            Some(_) if sign == Sign::Named => {}
            // The entries of an object are lists of two.
            Some(over) => self.note_at(over, Sign::Pairs),
        }
    }

    /// Returns what the loop goes over whose item `variable` is, or a part of: where it stands, if it
    /// is a name by itself.
    fn over(&self, variable: &Variable) -> Option<Option<usize>> {
        let Root::Name(name) = &variable.root else { return None };
        self.loops.iter().rev().find(|(bound, _)| **bound == *name.text).map(|(_, over)| *over)
    }

    fn note_at(&mut self, at: Option<usize>, sign: Sign) {
        if let Some(at) = at {
            self.signs.entry(at).or_default().insert(sign);
        }
    }

    /// Notes what is shown of a variable by itself.
    fn note(&mut self, expression: &Expression, sign: Sign) {
        let Some(variable) = expression.as_variable().filter(|variable| variable.path.is_empty()) else { return };
        self.note_at(self.noted_at(variable), sign);
    }

    /// Returns where what is shown of a variable is noted; nowhere for the item of a loop.
    fn noted_at(&self, variable: &Variable) -> Option<usize> {
        let is_item = self.over(variable).is_some();
        let alias = variable.name().and_then(|name| self.aliases.get(&*name.text));
        (!is_item).then(|| alias.copied().unwrap_or(variable.span.start))
    }

    /// Notes that the item of a loop may be an entry of an object.
    fn note_pair(&mut self, expression: &Expression) {
        let over = expression.as_variable().filter(|variable| variable.path.is_empty()).and_then(|it| self.over(it));
        self.note_at(over.flatten(), Sign::Pairs);
    }
}

/// Returns what a filter shows of its input.
fn sign_of_input(filter: &str) -> Option<Sign> {
    Some(match filter {
        "abs" | "at_least" | "at_most" | "ceil" | "divided_by" | "floor" | "minus" | "modulo" | "plus" | "round"
        | "times" => Sign::Number,
        "compact" | "concat" | "find" | "find_index" | "has" | "join" | "map" | "reject" | "reverse" | "sort"
        | "sort_natural" | "sum" | "uniq" | "where" => Sign::List,
        // These take strings and lists, or anything.
        "first" | "json" | "last" | "size" | "slice" => return None,
        _ => Sign::Scalar,
    })
}

/// Returns what a filter shows of its arguments.
fn sign_of_argument(filter: &str) -> Option<Sign> {
    Some(match filter {
        "at_least" | "at_most" | "divided_by" | "minus" | "modulo" | "plus" | "times" => Sign::Number,
        "concat" => Sign::List,
        "json" | "round" | "slice" => Sign::Whole,
        _ => return None,
    })
}
