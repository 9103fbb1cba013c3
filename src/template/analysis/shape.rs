//! What is known of a value before a template runs, all its parts included: what a declaration says.

use super::domain::{Domain, Known, Nil, kind};
use std::rc::Rc;

/// What a value and its parts may be.
#[derive(Debug)]
pub struct Shape {
    /// The value itself, where what it is a part of is there.
    pub domain: Domain,
    /// The properties that are declared; nothing where any may be there.
    pub properties: Option<Vec<(String, Rc<Shape>)>>,
    /// The items of a list, as far as they are known.
    pub items: Option<Rc<Shape>>,
    /// The fewest items of a list.
    pub least: u64,
}

impl Shape {
    /// Returns a value without parts that are known.
    pub fn plain(domain: Domain) -> Rc<Shape> {
        Rc::new(Shape { domain, properties: None, items: None, least: 0 })
    }

    /// Returns a value that nothing is known of, but perhaps that it is there.
    pub fn unknown(nil: Nil) -> Rc<Shape> {
        Shape::plain(Domain::anything().or_nil(nil))
    }

    /// Returns the same value, which may also be nil.
    pub(super) fn or_nil(self: &Rc<Shape>, nil: Nil) -> Rc<Shape> {
        if nil <= self.domain.nil {
            return self.clone();
        }
        Rc::new(Shape {
            domain: self.domain.clone().or_nil(nil),
            properties: self.properties.clone(),
            items: self.items.clone(),
            least: self.least,
        })
    }

    /// Returns `forloop` or `tablerowloop`.
    pub(super) fn of_loop() -> Rc<Shape> {
        let truth = || Shape::plain(Domain::of([Known::Bool(false), Known::Bool(true)]));
        let mut properties: Vec<(String, Rc<Shape>)> =
            ["first", "last", "col_first", "col_last"].map(|name| (name.to_owned(), truth())).into();
        let number = || Shape::plain(Domain::of_kinds(kind::NUMBER));
        let numbers = ["length", "index", "index0", "rindex", "rindex0", "col", "col0", "row"];
        properties.extend(numbers.map(|name| (name.to_owned(), number())));
        properties.push(("name".to_owned(), Shape::plain(Domain::of_kinds(kind::TEXTS))));
        Rc::new(Shape { domain: Domain::of_kinds(kind::OTHER), properties: Some(properties), items: None, least: 0 })
    }
}
