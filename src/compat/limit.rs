//! The bounds of numbers that parameters take, of which one may be written in several ways.

use crate::prompt::declaration::{Schema, Type};
use crate::prompt::values::compare;
use serde_json::Number;
use std::cmp::Ordering;
use std::fmt;

/// The least or the greatest number that a schema takes, or the one that it must be beyond.
pub(super) struct Limit {
    pub(super) number: Number,
    /// Whether the number itself is left out.
    pub(super) is_open: bool,
}

impl Limit {
    pub(super) fn lower(schema: &Schema) -> Option<Limit> {
        let bounds = &schema.bounds;
        Limit::strictest(schema, &bounds.minimum, &bounds.exclusive_minimum, Ordering::Greater)
    }

    pub(super) fn upper(schema: &Schema) -> Option<Limit> {
        let bounds = &schema.bounds;
        Limit::strictest(schema, &bounds.maximum, &bounds.exclusive_maximum, Ordering::Less)
    }

    /// Returns the stricter of two bounds, which is the one that compares to the other as `stricter`.
    /// Of integers it is the last one that is taken, however the bound is written.
    fn strictest(
        schema: &Schema,
        taken: &Option<Number>,
        beyond: &Option<Number>,
        stricter: Ordering,
    ) -> Option<Limit> {
        let limit = |number: &Number, is_open: bool| {
            let limit = Limit { number: number.clone(), is_open };
            if schema.kind == Type::Integer { limit.of_integers(stricter) } else { limit }
        };
        let taken = taken.as_ref().map(|number| limit(number, false));
        let beyond = beyond.as_ref().map(|number| limit(number, true));
        match (taken, beyond) {
            (Some(taken), Some(beyond)) => {
                let order = compare(&taken.number, &beyond.number);
                Some(if order == stricter { taken } else { beyond })
            }
            (taken, beyond) => taken.or(beyond),
        }
    }

    fn of_integers(self, stricter: Ordering) -> Limit {
        /// Beyond this a float no longer holds every integer (2^53).
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let step = if stricter == Ordering::Greater { 1 } else { -1 };
        let whole = match (self.number.as_i64(), self.number.as_f64()) {
            (Some(number), _) => Some((number, true)),
            (None, Some(float)) if float.abs() < EXACT => {
                let inward = if stricter == Ordering::Greater { float.ceil() } else { float.floor() };
                Some((inward as i64, float.fract() == 0.0))
            }
            _ => None,
        };
        match whole {
            Some((number, is_exact)) => {
                let number = if self.is_open && is_exact { number.saturating_add(step) } else { number };
                Limit { number: number.into(), is_open: false }
            }
            None => self,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)?;
        if self.is_open { f.write_str(", which is left out") } else { Ok(()) }
    }
}
