//! What two versions say elsewhere of a parameter's values: the other version's declaration, those of the
//! partials that it is passed to, and the literals that templates compare it with, alone and beside others.

use super::scenes::{Choice, Scene, scenes};
use crate::prompt::{Prompt, Schema, Scope};
use crate::template::syntax::{
    Chain, Condition, Expression, Guard, Literal, Node, NodeKind, Relation, Render, Root, Step, Test, Variable,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands for an item in a path.
pub(super) const ITEM: &str = "[]";
/// The most templates that are looked through.
const MOST_TEMPLATES: usize = 256;
/// The most clues of one kind that are kept of one value.
const MOST: usize = 24;
/// The most scenes that are kept.
const MOST_SCENES: usize = 64;
/// The most conditions of which scenes are made.
const MOST_CONDITIONS: usize = 1024;

/// What is said of one value.
#[derive(Clone, Debug, Default)]
pub(super) struct Clues {
    /// What it is declared as elsewhere.
    pub(super) schemas: Vec<Schema>,
    /// What it is compared with.
    pub(super) literals: Vec<Value>,
    /// What its size is compared with.
    pub(super) sizes: Vec<u64>,
    inside: BTreeMap<String, Clues>,
}

impl Clues {
    /// Returns what is said of the property called `name`.
    pub(super) fn of(&self, name: &str) -> Clues {
        self.inside.get(name).cloned().unwrap_or_default()
    }

    /// Returns what is said of an item.
    pub(super) fn of_items(&self) -> Clues {
        self.of(ITEM)
    }

    /// Returns the names of properties that are compared with something.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        let is_compared = |clues: &Clues| !clues.literals.is_empty() || !clues.inside.is_empty();
        self.inside.iter().filter(move |(name, clues)| *name != ITEM && is_compared(clues)).map(|(name, _)| name)
    }

    /// Adds that the value is declared as `schema` elsewhere.
    pub(super) fn declare(&mut self, schema: &Schema) {
        if self.schemas.len() >= MOST || self.schemas.contains(schema) {
            return;
        }
        self.schemas.push(schema.clone());
        if let Some(items) = &schema.items {
            self.inside.entry(ITEM.to_owned()).or_default().declare(items);
        }
        for property in schema.properties.iter().flatten() {
            self.inside.entry(property.name.clone()).or_default().declare(&property.schema);
        }
    }

    /// Adds what is said elsewhere.
    pub(super) fn add(&mut self, other: Clues) {
        self.schemas.extend(other.schemas);
        self.literals.extend(other.literals);
        self.sizes.extend(other.sizes);
        for (name, clues) in other.inside {
            self.inside.entry(name).or_default().add(clues);
        }
    }

    fn at(&mut self, path: &[String]) -> &mut Clues {
        path.iter().fold(self, |clues, segment| clues.inside.entry(segment.clone()).or_default())
    }

    fn compare(&mut self, path: &[String], value: &Value) {
        if let (Some((last, above)), Some(size)) = (path.split_last(), value.as_u64())
            && last == "size"
        {
            let sizes = &mut self.at(above).sizes;
            if sizes.len() < MOST {
                sizes.push(size);
            }
        }
        let literals = &mut self.at(path).literals;
        if literals.len() < MOST && !literals.contains(value) {
            literals.push(value.clone());
        }
    }
}

/// Returns what `prompt`, which `scope` finds partials for, says of its parameters, by their names: they are the
/// properties of the whole. Beside it are the scenes that its conditions ask for.
pub(super) fn of_prompt(prompt: &Arc<Prompt>, scope: &Scope) -> (Clues, Vec<Scene>) {
    let names = prompt.parameters().iter().map(|parameter| &parameter.name);
    let names = names.map(|name| (name.clone(), Meaning::Given(vec![name.clone()]))).collect();
    let mut search = Search {
        clues: Clues::default(),
        scenes: Vec::new(),
        around: Vec::new(),
        left: MOST_TEMPLATES,
        conditions_left: MOST_CONDITIONS,
    };
    search.template(prompt, scope, names);
    (search.clues, search.scenes)
}

/// What a name means.
#[derive(Clone)]
enum Meaning {
    /// Something that the prompt is given, by its path.
    Given(Vec<String>),
    /// What the template says itself.
    Literal(Value),
}

type Names = BTreeMap<String, Meaning>;

struct Search {
    clues: Clues,
    scenes: Vec<Scene>,
    /// What the conditions around ask for.
    around: Vec<Choice>,
    /// How many more templates are looked through.
    left: usize,
    /// Of how many more conditions scenes are made.
    conditions_left: usize,
}

impl Search {
    fn template(&mut self, prompt: &Prompt, scope: &Scope, mut names: Names) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        self.nodes(prompt.template().nodes(), scope, &mut names);
    }

    fn nodes(&mut self, nodes: &[Node], scope: &Scope, names: &mut Names) {
        for node in nodes {
            match &node.kind {
                NodeKind::Assign { name, value } => {
                    let meaning = meaning_of_chain(value, names);
                    rename(names, name.as_str(), meaning);
                }
                NodeKind::Capture { name, body } => {
                    self.nodes(body, scope, names);
                    names.remove(name.as_str());
                }
                NodeKind::If(branches) => {
                    for branch in branches {
                        let asked = match &branch.guard {
                            Guard::If(condition) => self.condition(condition, names),
                            Guard::Unless(condition) => {
                                self.condition(condition, names);
                                Vec::new()
                            }
                            Guard::Else => Vec::new(),
                        };
                        self.within(asked, &branch.body, scope, names);
                    }
                }
                NodeKind::Case { subject, arms } => {
                    for arm in arms {
                        let mut asked = Vec::new();
                        for value in arm.values.iter().flatten() {
                            self.compare((subject, Relation::Equal, value), names, &mut asked);
                        }
                        self.scene(&asked);
                        self.within(asked, &arm.body, scope, names);
                    }
                }
                NodeKind::For(head) | NodeKind::TableRow(head) => {
                    let mut inside = names.clone();
                    let item = item_of(&head.over, names).map(Meaning::Given);
                    rename(&mut inside, head.variable.as_str(), item);
                    self.nodes(&head.body, scope, &mut inside);
                    self.nodes(&head.otherwise, scope, names);
                }
                NodeKind::Render(render) => self.render(render, scope, names),
                NodeKind::IfChanged(body) | NodeKind::Role { body, .. } => self.nodes(body, scope, names),
                _ => {}
            }
        }
    }

    /// Looks through `body`, to which what is `asked` for leads.
    fn within(&mut self, asked: Vec<Choice>, body: &[Node], scope: &Scope, names: &mut Names) {
        let outside = self.around.len();
        self.around.extend(asked);
        self.nodes(body, scope, names);
        self.around.truncate(outside);
    }

    /// Takes what `condition` says; returns what it asks for.
    fn condition(&mut self, condition: &Condition, names: &Names) -> Vec<Choice> {
        let tests = std::iter::once(&condition.first).chain(condition.rest.iter().map(|(_, test)| test));
        let mut asked = Vec::new();
        for Test { left, right } in tests {
            if let Some((relation, right)) = right {
                self.compare((left, *relation, right), names, &mut asked);
            }
        }
        self.scene(&asked);
        asked
    }

    /// Adds the scenes in which what is `asked` for comes together with what is around it.
    fn scene(&mut self, asked: &[Choice]) {
        if asked.is_empty() || self.scenes.len() >= MOST_SCENES || self.conditions_left == 0 {
            return;
        }
        self.conditions_left -= 1;
        for scene in scenes(asked.iter().chain(self.around.iter().rev())) {
            if self.scenes.len() < MOST_SCENES && !self.scenes.contains(&scene) {
                self.scenes.push(scene);
            }
        }
    }

    fn compare(
        &mut self,
        (left, relation, right): (&Expression, Relation, &Expression),
        names: &Names,
        asked: &mut Vec<Choice>,
    ) {
        for (value, other) in [(left, right), (right, left)] {
            let (Some(mut path), Some(literal)) = (path_of(value, names), literal_of(other, names)) else { continue };
            self.clues.compare(&path, &literal);
            if relation == Relation::Contains {
                path.push(ITEM.to_owned());
                self.clues.compare(&path, &literal);
            }
            asked.push(Choice::of(path, relation, literal));
        }
    }

    fn render(&mut self, render: &Render, scope: &Scope, names: &Names) {
        let Some((partial, scope)) = scope.partial(&render.name) else { return };
        let mut given: Vec<(&str, Meaning)> = Vec::new();
        for (name, value) in &render.arguments {
            given.extend(meaning_of(value, names).map(|meaning| (name.as_str(), meaning)));
        }
        if let Some(subject) = &render.subject {
            let path = if subject.each { item_of(&subject.value, names) } else { path_of(&subject.value, names) };
            given.extend(path.map(|path| (&*subject.alias, Meaning::Given(path))));
        }
        let mut inside = Names::new();
        for (argument, meaning) in given {
            let is_it = |name: &String| name == argument;
            let meant = partial.parameters().iter().find(|one| is_it(&one.name) || one.aliases.iter().any(is_it));
            if let Some(parameter) = meant.filter(|parameter| !parameter.retired) {
                if let Meaning::Given(path) = &meaning {
                    self.clues.at(path).declare(&parameter.schema);
                }
                inside.insert(parameter.name.clone(), meaning);
            }
        }
        if !inside.is_empty() {
            self.template(&partial, &scope, inside);
        }
    }
}

fn rename(names: &mut Names, name: &str, meaning: Option<Meaning>) {
    match meaning {
        Some(meaning) => names.insert(name.to_owned(), meaning),
        None => names.remove(name),
    };
}

fn meaning_of(expression: &Expression, names: &Names) -> Option<Meaning> {
    path_of(expression, names).map(Meaning::Given).or_else(|| literal_of(expression, names).map(Meaning::Literal))
}

/// Returns the value that `expression` has in the template itself.
fn literal_of(expression: &Expression, names: &Names) -> Option<Value> {
    match expression {
        Expression::Literal(Literal::Bool(bool)) => Some(json!(bool)),
        Expression::Literal(Literal::Int(int)) => Some(json!(int)),
        Expression::Literal(Literal::Float(float)) => Some(json!(float)),
        Expression::Literal(Literal::Text(text)) => Some(json!(text)),
        Expression::Literal(Literal::Nil | Literal::Empty | Literal::Blank) | Expression::Range(_) => None,
        Expression::Variable(Variable { root: Root::Name(name), path, .. }) if path.is_empty() => {
            match names.get(name.as_str())? {
                Meaning::Literal(value) => Some(value.clone()),
                Meaning::Given(_) => None,
            }
        }
        Expression::Variable(_) => None,
    }
}

/// Returns what of the parameters `expression` is; nothing where it is none of them or not known which.
fn path_of(expression: &Expression, names: &Names) -> Option<Vec<String>> {
    let Variable { root: Root::Name(name), path, .. } = expression.as_variable()? else { return None };
    let Meaning::Given(mut found) = names.get(name.as_str())?.clone() else { return None };
    for step in path {
        found.push(match step {
            Step::Property(name) if matches!(&**name, "first" | "last") => ITEM.to_owned(),
            Step::Property(name) => name.to_string(),
            Step::Index(Expression::Literal(Literal::Text(name))) => name.to_string(),
            Step::Index(_) => ITEM.to_owned(),
        });
    }
    Some(found)
}

/// Returns what of the parameters an item of `expression` is.
fn item_of(expression: &Expression, names: &Names) -> Option<Vec<String>> {
    let mut path = path_of(expression, names)?;
    path.push(ITEM.to_owned());
    Some(path)
}

/// Returns what `chain` is made of: what `tier | downcase` is compared with may well be a tier.
fn meaning_of_chain(chain: &Chain, names: &Names) -> Option<Meaning> {
    let mut meaning = meaning_of(&chain.head, names)?;
    match &mut meaning {
        Meaning::Given(path) if chain.filters.iter().any(|call| call.name() == "size") => path.push("size".to_owned()),
        Meaning::Literal(_) if !chain.filters.is_empty() => return None,
        _ => {}
    }
    Some(meaning)
}
