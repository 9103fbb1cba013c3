//! What two versions say elsewhere of a parameter's values: the other version's declaration, those of the
//! partials that it is passed to, and the literals that templates compare it with.

use crate::prompt::{Prompt, Schema, Scope};
use crate::template::syntax::{
    Chain, Condition, Expression, Guard, Literal, Node, NodeKind, Render, Root, Step, Test, Variable,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands for an item in a path.
const ITEM: &str = "[]";
/// The most templates that are looked through.
const MOST_TEMPLATES: usize = 256;
/// The most clues of one kind that are kept of one value.
const MOST: usize = 24;

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

    fn compare(&mut self, path: &[String], literal: &Literal) {
        let value = match literal {
            Literal::Bool(bool) => json!(bool),
            Literal::Int(int) => json!(int),
            Literal::Float(float) => json!(float),
            Literal::Text(text) => json!(text),
            Literal::Nil | Literal::Empty | Literal::Blank => return,
        };
        if let (Some((last, above)), Some(size)) = (path.split_last(), value.as_u64())
            && last == "size"
        {
            let sizes = &mut self.at(above).sizes;
            if sizes.len() < MOST {
                sizes.push(size);
            }
        }
        let literals = &mut self.at(path).literals;
        if literals.len() < MOST && !literals.contains(&value) {
            literals.push(value);
        }
    }
}

/// Returns what `prompt`, which `scope` finds partials for, says of its parameters, by their names: they are the
/// properties of the whole.
pub(super) fn of_prompt(prompt: &Arc<Prompt>, scope: &Scope) -> Clues {
    let names = prompt.parameters().iter().map(|parameter| &parameter.name);
    let names = names.map(|name| (name.clone(), vec![name.clone()])).collect();
    let mut search = Search { clues: Clues::default(), left: MOST_TEMPLATES };
    search.template(prompt, scope, names);
    search.clues
}

/// What each name means of what the prompt is given.
type Names = BTreeMap<String, Vec<String>>;

struct Search {
    clues: Clues,
    /// How many more templates are looked through.
    left: usize,
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
                    let path = path_of_chain(value, names);
                    rename(names, name.as_str(), path);
                }
                NodeKind::Capture { name, body } => {
                    self.nodes(body, scope, names);
                    names.remove(name.as_str());
                }
                NodeKind::If(branches) => {
                    for branch in branches {
                        if let Guard::If(condition) | Guard::Unless(condition) = &branch.guard {
                            self.condition(condition, names);
                        }
                        self.nodes(&branch.body, scope, names);
                    }
                }
                NodeKind::Case { subject, arms } => {
                    for arm in arms {
                        for value in arm.values.iter().flatten() {
                            self.compare(subject, value, names);
                        }
                        self.nodes(&arm.body, scope, names);
                    }
                }
                NodeKind::For(head) | NodeKind::TableRow(head) => {
                    let mut inside = names.clone();
                    rename(&mut inside, head.variable.as_str(), item_of(&head.over, names));
                    self.nodes(&head.body, scope, &mut inside);
                    self.nodes(&head.otherwise, scope, names);
                }
                NodeKind::Render(render) => self.render(render, scope, names),
                NodeKind::IfChanged(body) | NodeKind::Role { body, .. } => self.nodes(body, scope, names),
                _ => {}
            }
        }
    }

    fn condition(&mut self, condition: &Condition, names: &Names) {
        let tests = std::iter::once(&condition.first).chain(condition.rest.iter().map(|(_, test)| test));
        for Test { left, right } in tests {
            if let Some((_, right)) = right {
                self.compare(left, right, names);
            }
        }
    }

    fn compare(&mut self, left: &Expression, right: &Expression, names: &Names) {
        for (value, other) in [(left, right), (right, left)] {
            if let (Some(path), Expression::Literal(literal)) = (path_of(value, names), other) {
                self.clues.compare(&path, literal);
            }
        }
    }

    fn render(&mut self, render: &Render, scope: &Scope, names: &Names) {
        let Some((partial, scope)) = scope.partial(&render.name) else { return };
        let mut given: Vec<(&str, Vec<String>)> = Vec::new();
        for (name, value) in &render.arguments {
            given.extend(path_of(value, names).map(|path| (name.as_str(), path)));
        }
        if let Some(subject) = &render.subject {
            let path = if subject.each { item_of(&subject.value, names) } else { path_of(&subject.value, names) };
            given.extend(path.map(|path| (&*subject.alias, path)));
        }
        let mut inside = Names::new();
        for (argument, path) in given {
            let is_it = |name: &String| name == argument;
            let meant = partial.parameters().iter().find(|one| is_it(&one.name) || one.aliases.iter().any(is_it));
            if let Some(parameter) = meant.filter(|parameter| !parameter.retired) {
                self.clues.at(&path).declare(&parameter.schema);
                inside.insert(parameter.name.clone(), path);
            }
        }
        if !inside.is_empty() {
            self.template(&partial, &scope, inside);
        }
    }
}

fn rename(names: &mut Names, name: &str, path: Option<Vec<String>>) {
    match path {
        Some(path) => names.insert(name.to_owned(), path),
        None => names.remove(name),
    };
}

/// Returns what of the parameters `expression` is; nothing where it is none of them or not known which.
fn path_of(expression: &Expression, names: &Names) -> Option<Vec<String>> {
    let Variable { root: Root::Name(name), path, .. } = expression.as_variable()? else { return None };
    let mut found = names.get(name.as_str())?.clone();
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

/// Returns what of the parameters `chain` is made of: what `tier | downcase` is compared with may well be a tier.
fn path_of_chain(chain: &Chain, names: &Names) -> Option<Vec<String>> {
    let mut path = path_of(&chain.head, names)?;
    if chain.filters.iter().any(|call| call.name() == "size") {
        path.push("size".to_owned());
    }
    Some(path)
}
