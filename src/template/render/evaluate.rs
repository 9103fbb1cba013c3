//! What expressions and conditions come to.

use super::super::filters::{Call, MAX_ARGUMENTS, integer};
use super::super::syntax::{
    Chain, Condition, Expression, FilterCall, Join, RangeOf, Relation, Root, Step, Test, Variable,
};
use super::super::value::{Access, Items, Value};
use super::super::{Dialect, RenderError};
use super::{Frame, Rendered, Run, failure, somewhere};
use std::cmp::Ordering;

/// How many bytes of a name, a path or a string are too few to be counted.
const SHORT: usize = 32;

impl<'a> Frame<'a> {
    /// Returns whether a condition holds.
    pub(super) fn condition(&mut self, condition: &'a Condition, run: &mut Run<'_>) -> Rendered<bool> {
        // Read from the right, `a and …` is false as soon as `a` is, and `a or …` true.
        let mut holds = self.test(&condition.first, run)?;
        for (join, test) in &condition.rest {
            run.step(1)?;
            match (join, holds) {
                (Join::And, false) => return Ok(false),
                (Join::Or, true) => return Ok(true),
                _ => holds = self.test(test, run)?,
            }
        }
        Ok(holds)
    }

    fn test(&mut self, test: &'a Test, run: &mut Run<'_>) -> Rendered<bool> {
        let left = self.expression(&test.left, run)?;
        let Some((relation, right)) = &test.right else { return Ok(left.is_true()) };
        let right = self.expression(right, run)?;
        run.step(left.weight_beside(&right))?;
        match relation {
            Relation::Equal => Ok(left.equals(&right)),
            Relation::NotEqual => Ok(!left.equals(&right)),
            Relation::Less => ordered(&left, &right, run.dialect, Ordering::is_lt),
            Relation::LessOrEqual => ordered(&left, &right, run.dialect, Ordering::is_le),
            Relation::Greater => ordered(&left, &right, run.dialect, Ordering::is_gt),
            Relation::GreaterOrEqual => ordered(&left, &right, run.dialect, Ordering::is_ge),
            Relation::Contains => {
                if !matches!(left, Value::Range(..)) {
                    run.step(left.whole_weight())?;
                }
                contains(&left, &right, run.dialect)
            }
        }
    }

    /// Returns a value put through its filters.
    pub(super) fn chain(&mut self, chain: &'a Chain, run: &mut Run<'_>) -> Rendered<Value<'a>> {
        let mut value = self.expression(&chain.head, run)?;
        for call in &chain.filters {
            value = self.filter(value, call, run)?;
        }
        Ok(value)
    }

    #[inline(never)]
    fn filter(&mut self, input: Value<'a>, call: &'a FilterCall, run: &mut Run<'_>) -> Rendered<Value<'a>> {
        let mut arguments = [const { Value::Nil }; MAX_ARGUMENTS];
        for (argument, expression) in arguments.iter_mut().zip(&call.positional) {
            *argument = self.expression(expression, run)?;
        }
        let arguments = &arguments[..call.positional.len()];
        let mut keyword = Vec::new();
        for (key, expression) in &call.keyword {
            keyword.push((&**key, self.expression(expression, run)?));
        }
        run.step(call.filter.weight(&input, arguments))?;
        let made = call.filter.apply(&Call {
            name: call.filter.name,
            input: &input,
            arguments,
            keyword: &keyword,
            dialect: run.dialect,
            most_bytes: run.limits.output,
        });
        let made =
            made.map_err(|message| Box::new(RenderError { message, span: Some(call.span.clone()), partial: None }))?;
        run.step(made.weight_when_made())?;
        Ok(made)
    }

    /// Returns what an expression comes to.
    pub(super) fn expression(&mut self, expression: &'a Expression, run: &mut Run<'_>) -> Rendered<Value<'a>> {
        match expression {
            Expression::Literal(literal) => Ok(literal.into()),
            Expression::Variable(variable) => self.variable(variable, run),
            Expression::Range(range) => self.range(range, run),
        }
    }

    #[inline(never)]
    fn range(&mut self, range: &'a RangeOf, run: &mut Run<'_>) -> Rendered<Value<'a>> {
        let mut ends = [0; 2];
        for (end, expression) in ends.iter_mut().zip([&range.first, &range.last]) {
            *end = range_end(&self.expression(expression, run)?, run.dialect)?;
        }
        Ok(Value::Range(ends[0], ends[1]))
    }

    fn variable(&mut self, variable: &'a Variable, run: &mut Run<'_>) -> Rendered<Value<'a>> {
        let found = match &variable.root {
            Root::Name(name) => match self.lookup(name) {
                None if run.dialect == Dialect::Prompt => {
                    return failure(&variable.span, format!("`{}` is not defined", name.text));
                }
                found => found,
            },
            Root::Computed(name) => {
                let name = self.expression(name, run)?;
                name.as_str().and_then(|name| self.lookup_text(name))
            }
        };
        let mut value = found.unwrap_or(Value::Nil);
        // What is written at length is a long path, or has long names.
        if variable.span.len() > SHORT {
            run.step(variable.span.len() / SHORT)?;
        }
        for step in &variable.path {
            // The size of a string is counted.
            if value.as_str().is_some_and(|text| text.len() > SHORT) {
                run.step(value.weight())?;
            }
            let next = match step {
                Step::Property(name) => value.property(name, Access::Dot, run.dialect),
                Step::Index(index) => {
                    let index = self.expression(index, run)?;
                    if index.as_str().is_some_and(|name| name.len() > SHORT) {
                        run.step(index.weight())?;
                    }
                    value.index(&index, run.dialect)
                }
            };
            value = match next {
                Ok(value) => value,
                Err(error) => return failure(&variable.span, error),
            };
        }
        Ok(value)
    }
}

/// Returns the end of a range.
pub(in crate::template) fn range_end(value: &Value<'_>, dialect: Dialect) -> Rendered<i64> {
    match (value, dialect) {
        (Value::Float(float), _) => Ok(*float as i64),
        // Liquid reads what is no number as 0.
        (Value::Nil, Dialect::Lax) => Ok(0),
        (_, Dialect::Lax) if value.as_str().is_some() => Ok(integer(value).unwrap_or(0)),
        _ => integer(value).map_err(|error| somewhere(format!("the end of a range: {error}"))),
    }
}

/// Returns whether two values stand in an order. Where one of them has none it is false; in a prompt
/// that is an error, but for nil.
pub(in crate::template) fn ordered(
    left: &Value<'_>,
    right: &Value<'_>,
    dialect: Dialect,
    holds: fn(Ordering) -> bool,
) -> Rendered<bool> {
    if let Some(order) = left.compare(right) {
        return Ok(holds(order));
    }
    let has_order = |value: &Value<'_>| matches!(value, Value::Int(_) | Value::Float(_)) || value.as_str().is_some();
    let is_no_value = |value: &Value<'_>| matches!(value, Value::Nil | Value::Empty | Value::Blank);
    let is_error = match dialect {
        Dialect::Prompt => !is_no_value(left) && !is_no_value(right),
        Dialect::Lax => has_order(left) && has_order(right),
    };
    match is_error {
        true => Err(somewhere(format!("{} cannot be compared with {}", left.kind(), right.kind()))),
        false => Ok(false),
    }
}

/// Returns whether `left` holds `right`: a string its part, a list its item, an object its key.
pub(in crate::template) fn contains(left: &Value<'_>, right: &Value<'_>, dialect: Dialect) -> Rendered<bool> {
    if !left.is_true() || !right.is_true() {
        return Ok(false);
    }
    match (left, right) {
        (Value::Str(_) | Value::Text(_), part) => {
            let text = left.as_str().unwrap_or_default();
            Ok(text.contains(&*part.print(dialect).map_err(somewhere)?))
        }
        (Value::Object(entries), key) => match key.as_str() {
            Some(key) => Ok(entries.contains_key(key)),
            None if dialect == Dialect::Lax => Ok(false),
            None => Ok(entries.contains_key(&*key.print(dialect).map_err(somewhere)?)),
        },
        (Value::Range(first, last), Value::Int(item)) => Ok((first..=last).contains(&item)),
        (Value::Range(first, last), Value::Float(item)) => Ok(*first as f64 <= *item && *item <= *last as f64),
        (Value::Range(..), _) => Ok(false),
        (Value::Array(_) | Value::List(_), item) => Ok(Items::of(left).any(|it| it.equals(item))),
        _ if dialect == Dialect::Lax => Ok(false),
        _ => Err(somewhere(format!("{} contains nothing", left.kind()))),
    }
}
