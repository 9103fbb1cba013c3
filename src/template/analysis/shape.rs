//! What is known of a value before a template runs, all its parts included: what a declaration says.

use super::domain::{Domain, Known, Nil, kind};
use std::rc::Rc;

/// The properties of an object by their names. They are shared: there may be thousands of them.
pub type Properties = Rc<Vec<(Rc<str>, Rc<Shape>)>>;

/// What a value and its parts may be.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// The value itself, where what it is a part of is there.
    pub domain: Domain,
    /// The properties that are declared; nothing where any may be there.
    pub properties: Option<Properties>,
    /// The items of a list, as far as they are known.
    pub items: Option<Rc<Shape>>,
    /// The fewest items of a list.
    pub least: u64,
    /// What is known of numbers.
    pub numbers: Numbers,
    /// Whether it may be less than this says: a filter has picked it from others, or it counts something.
    pub is_picked: bool,
}

/// What is known of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Numbers {
    /// Whether they are integers.
    pub is_whole: bool,
    /// None is less.
    pub least: Option<f64>,
    /// None is greater.
    pub most: Option<f64>,
}

impl Numbers {
    /// Returns the least and the greatest that they may be, where they are integers.
    pub fn integers(&self) -> Option<(i64, i64)> {
        let bound = |bound: Option<f64>, none: i64| bound.map_or(none, |bound| bound as i64);
        self.is_whole.then(|| (bound(self.least.map(f64::ceil), i64::MIN), bound(self.most.map(f64::floor), i64::MAX)))
    }
}

impl Shape {
    /// Returns a value without parts that are known.
    pub fn plain(domain: Domain) -> Rc<Shape> {
        Rc::new(Shape { domain, ..Shape::default() })
    }

    /// Returns a number that counts something: an integer, and rarely any.
    pub(super) fn count() -> Rc<Shape> {
        let numbers = Numbers { is_whole: true, ..Numbers::default() };
        Rc::new(Shape { domain: Domain::of_kinds(kind::NUMBER), numbers, is_picked: true, ..Shape::default() })
    }

    /// Returns a value that nothing is known of, but perhaps that it is there.
    pub fn unknown(nil: Nil) -> Rc<Shape> {
        Shape::plain(Domain::anything().or_nil(nil))
    }

    /// Returns the size of a value; of a list it is a number of items.
    pub(super) fn size(is_list: bool) -> Rc<Shape> {
        let numbers = Numbers { is_whole: true, least: is_list.then_some(0.0), most: None };
        Rc::new(Shape { domain: Domain::of_kinds(kind::NUMBER), numbers, is_picked: true, ..Shape::default() })
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
            numbers: self.numbers,
            is_picked: self.is_picked,
        })
    }

    /// Returns the properties that are declared.
    pub(super) fn declared(&self) -> impl Iterator<Item = &(Rc<str>, Rc<Shape>)> {
        self.properties.iter().flat_map(|properties| properties.iter())
    }

    /// Returns the property `name`, if it is declared.
    pub fn property(&self, name: &str) -> Option<&Rc<Shape>> {
        self.declared().find(|(declared, _)| &**declared == name).map(|(_, shape)| shape)
    }

    /// Returns a pair of the key and the value of an object's entry.
    pub(super) fn pair() -> Rc<Shape> {
        let items = Some(Shape::unknown(Nil::Unknown));
        Rc::new(Shape { domain: Domain::of_kinds(kind::LIST), items, least: 2, ..Shape::default() })
    }

    /// Returns the `forloop` of a loop in one with the `forloop` `outer`.
    pub(super) fn of_for(outer: Option<Rc<Shape>>) -> Rc<Shape> {
        let outer = outer.unwrap_or_else(|| Shape::plain(Domain::only_nil(Nil::Outermost)));
        let name = Shape::plain(Domain::of_kinds(kind::TEXTS));
        Shape::of_loop(&["first", "last"], &[], vec![("name".into(), name), ("parentloop".into(), outer)])
    }

    /// Returns a `tablerowloop`.
    pub(super) fn of_table_row() -> Rc<Shape> {
        Shape::of_loop(&["first", "last", "col_first", "col_last"], &["col", "col0", "row"], Vec::new())
    }

    fn of_loop(truths: &[&str], numbers: &[&str], others: Vec<(Rc<str>, Rc<Shape>)>) -> Rc<Shape> {
        let truth = || Shape::plain(Domain::of([Known::Bool(false), Known::Bool(true)]));
        let number = || Shape::plain(Domain::of_kinds(kind::NUMBER));
        let mut properties = others;
        properties.extend(truths.iter().map(|name| ((*name).into(), truth())));
        let counts = ["length", "index", "index0", "rindex", "rindex0"];
        properties.extend(counts.iter().chain(numbers).map(|name| ((*name).into(), number())));
        let (domain, properties) = (Domain::of_kinds(kind::LOOP), Some(Rc::new(properties)));
        Rc::new(Shape { domain, properties, ..Shape::default() })
    }
}
