//! What a caller declares held against what a partial does: whether every value of the one is one of the
//! other, some are, or none.
//!
//! Only types, properties, listed values and the bounds of numbers are compared. Of a `pattern`, a `format`
//! and lengths nothing is said: few callers declare these, and the values fit all the same.

use super::declaration::{Property, Schema, Type};
use super::values::{check, expectation};
use crate::template::analysis::domain::{Domain, Known, kind};
use crate::template::analysis::flow::Unfit;
use crate::template::analysis::shape::{Numbers, Shape};

/// The most steps of one comparison; what lies behind them fits.
const MAX_STEPS: usize = 20_000;

/// Which values fit, and why the others do not.
#[derive(Debug, PartialEq)]
enum Fit {
    Every,
    Some(String),
    None(String),
}

impl Fit {
    /// Returns what holds of values that are of one of several kinds.
    fn either(fits: Vec<Fit>) -> Fit {
        let is_none = fits.iter().all(|fit| matches!(fit, Fit::None(_)));
        let reason = fits.into_iter().find_map(|fit| match fit {
            Fit::Every => None,
            Fit::Some(reason) | Fit::None(reason) => Some(reason),
        });
        match reason {
            None => Fit::Every,
            Some(reason) if is_none => Fit::None(reason),
            Some(reason) => Fit::Some(reason),
        }
    }

    /// Returns what holds of values of which not all have what was compared.
    fn at_times(self) -> Fit {
        match self {
            Fit::None(reason) => Fit::Some(reason),
            other => other,
        }
    }
}

/// Returns why the parameter `name`, of which `schema` is declared, does not take every value of `domain`
/// with these parts, nil aside.
pub(super) fn unfit(name: &str, schema: &Schema, domain: &Domain, shape: Option<&Shape>) -> Option<Unfit> {
    let mut comparison = Comparison { steps: 0 };
    match comparison.value(name, schema, domain, shape) {
        Fit::Every => None,
        Fit::Some(reason) => Some(Unfit { is_always: false, reason }),
        Fit::None(reason) => Some(Unfit { is_always: true, reason }),
    }
}

struct Comparison {
    steps: usize,
}

impl Comparison {
    fn value(&mut self, path: &str, schema: &Schema, domain: &Domain, shape: Option<&Shape>) -> Fit {
        self.steps += 1 + schema.enumeration.as_ref().map_or(0, Vec::len) * domain.listed().count();
        if self.steps > MAX_STEPS || domain.is_any_of(kind::LOOP) {
            return Fit::Every;
        }
        let mut fits = Vec::new();
        // The empty string is one of all strings.
        let is_open = |known: &Known| matches!(known, Known::Text(_)) && domain.is_any_of(kind::TEXTS);
        for known in domain.listed().filter(|known| !is_open(known)) {
            fits.push(match check(schema, &known.to_json()).is_empty() {
                true => Fit::Every,
                false => Fit::None(format!("`{path}` does not take {}", known.shown())),
            });
        }
        let of_type = |is_type: bool, is: &str| match is_type || schema.kind == Type::Any {
            true => Fit::Every,
            false => Fit::None(format!("`{path}` must be {}, not {is}", expectation(schema))),
        };
        if domain.is_any_of(kind::TEXTS) {
            fits.push(match schema.kind {
                Type::String | Type::Any => one_of_all(path, schema, "any string"),
                _ => of_type(false, "a string"),
            });
        }
        if domain.is_any_of(kind::NUMBER) {
            fits.push(match schema.kind {
                Type::Integer | Type::Number => number(path, schema, shape.map(|it| it.numbers).unwrap_or_default()),
                Type::Any => one_of_all(path, schema, "any number"),
                _ => of_type(false, "a number"),
            });
        }
        let is_list = matches!(schema.kind, Type::Array | Type::Messages);
        if domain.is_any_of(kind::EMPTY_LIST | kind::EMPTY_RANGE) {
            fits.push(of_type(is_list, "an array"));
        }
        if domain.is_any_of(kind::LIST | kind::RANGE) {
            fits.push(match (schema.kind, shape.and_then(|shape| shape.items.as_deref())) {
                (Type::Array, Some(items)) => self.items(path, schema, items),
                _ => of_type(is_list, "an array"),
            });
        }
        if domain.is_any_of(kind::OBJECT | kind::EMPTY_OBJECT) {
            fits.push(match (&schema.properties, shape.filter(|shape| shape.properties.is_some())) {
                (Some(properties), Some(shape)) => self.object(path, properties, shape),
                _ => of_type(schema.kind == Type::Object, "an object"),
            });
        }
        Fit::either(fits)
    }

    fn items(&mut self, path: &str, schema: &Schema, given: &Shape) -> Fit {
        let Some(taken) = &schema.items else { return Fit::Every };
        let path = format!("{path}[…]");
        match self.value(&path, taken, &given.domain, Some(given)) {
            Fit::Every if given.domain.may_be_nil() && !taken.nullable => {
                Fit::Some(format!("`{path}` may be null, which it must not be"))
            }
            fit => fit,
        }
    }

    /// Compares properties, which must all fit.
    fn object(&mut self, path: &str, taken: &[Property], given: &Shape) -> Fit {
        let mut at_times = Fit::Every;
        for property in taken {
            self.steps += given.properties.as_ref().map_or(0, |properties| properties.len());
            if self.steps > MAX_STEPS {
                break;
            }
            match self.property(&format!("{path}.{}", property.name), property, given.property(&property.name)) {
                Fit::Every => {}
                Fit::None(reason) => return Fit::None(reason),
                fit if at_times == Fit::Every => at_times = fit,
                Fit::Some(_) => {}
            }
        }
        at_times
    }

    fn property(&mut self, path: &str, property: &Property, given: Option<&std::rc::Rc<Shape>>) -> Fit {
        let is_needed = property.required && property.schema.default.is_none();
        let Some(given) = given else {
            return match is_needed {
                true => Fit::None(format!("`{path}` is required, and nothing of that name is declared here")),
                false => Fit::Every,
            };
        };
        match self.value(path, &property.schema, &given.domain, Some(given)) {
            fit if !given.domain.may_be_nil() => fit,
            Fit::Every if is_needed && !property.schema.nullable => {
                Fit::Some(format!("`{path}` is required, and may be absent here"))
            }
            // Where it is absent it is as good as never declared.
            fit if is_needed && !property.schema.nullable => fit,
            fit => fit.at_times(),
        }
    }
}

/// Returns whether every value of a type is taken: not where they are listed.
fn one_of_all(path: &str, schema: &Schema, all: &str) -> Fit {
    match schema.enumeration.is_some() || schema.constant.is_some() {
        true => Fit::Some(format!("`{path}` must be {}, not {all}", expectation(schema))),
        false => Fit::Every,
    }
}

fn number(path: &str, schema: &Schema, given: Numbers) -> Fit {
    let taken = numbers(schema);
    let is_above = |a: Option<f64>, b: Option<f64>| a.zip(b).is_some_and(|(a, b)| a > b);
    let (too_large, too_small) = (is_above(given.least, taken.most), is_above(taken.least, given.most));
    let bound = |words: &str, bound: Option<f64>| format!("`{path}` must be {words} {}", bound.unwrap_or_default());
    if too_large {
        return Fit::None(bound("at most", taken.most));
    }
    if too_small {
        return Fit::None(bound("at least", taken.least));
    }
    if taken.is_whole && !given.is_whole {
        return Fit::Some(format!("`{path}` must be an integer, not any number"));
    }
    if taken.most.is_some() && given.most.is_none_or(|most| is_above(Some(most), taken.most)) {
        return Fit::Some(bound("at most", taken.most));
    }
    if taken.least.is_some() && given.least.is_none_or(|least| is_above(taken.least, Some(least))) {
        return Fit::Some(bound("at least", taken.least));
    }
    one_of_all(path, schema, "any number")
}

/// Returns what is known of the numbers of a schema. A bound that is not reached itself counts as reached,
/// but for integers, of which the next is known.
pub(super) fn numbers(schema: &Schema) -> Numbers {
    let is_whole = schema.kind == Type::Integer;
    let step = if is_whole { 1.0 } else { 0.0 };
    let bounds = &schema.bounds;
    let float = |number: &Option<serde_json::Number>| number.as_ref().and_then(serde_json::Number::as_f64);
    let next = float(&bounds.exclusive_minimum).map(|bound| if is_whole { bound.floor() + step } else { bound });
    let last = float(&bounds.exclusive_maximum).map(|bound| if is_whole { bound.ceil() - step } else { bound });
    let either = |a: Option<f64>, b: Option<f64>, pick: fn(f64, f64) -> f64| match (a, b) {
        (Some(a), Some(b)) => Some(pick(a, b)),
        (a, b) => a.or(b),
    };
    Numbers {
        is_whole,
        least: either(float(&bounds.minimum), next, f64::max),
        most: either(float(&bounds.maximum), last, f64::min),
    }
}
