//! What expressions and conditions come to.

use super::RenderError;
use super::expression::{Chain, Condition, Expression, Join, Relation, Test, Variable};
use super::filters;
use super::render::{Frame, Rendered, Run, failure, somewhere};
use super::value::Value;
use std::cmp::Ordering;

impl Frame<'_> {
    /// Returns whether a condition holds.
    pub(super) fn condition(&self, condition: &Condition, run: &mut Run) -> Rendered<bool> {
        // Read from the right, `a and …` is false as soon as `a` is, and `a or …` true.
        let mut holds = self.test(&condition.first, run)?;
        for (join, test) in &condition.rest {
            match (join, holds) {
                (Join::And, false) => return Ok(false),
                (Join::Or, true) => return Ok(true),
                _ => holds = self.test(test, run)?,
            }
        }
        Ok(holds)
    }

    fn test(&self, test: &Test, run: &mut Run) -> Rendered<bool> {
        let left = self.expression(&test.left)?;
        let Some((relation, right)) = &test.right else { return Ok(left.is_true()) };
        let right = self.expression(right)?;
        run.work(1 + weight(&left).min(weight(&right)))?;
        let ordered = |holds: fn(Ordering) -> bool| match (&left, &right) {
            (Value::Nil | Value::Empty | Value::Blank, _) | (_, Value::Nil | Value::Empty | Value::Blank) => Ok(false),
            _ => left
                .compare(&right)
                .map(holds)
                .ok_or_else(|| somewhere(format!("{} cannot be compared with {}", left.kind(), right.kind()))),
        };
        match relation {
            Relation::Equal => Ok(left.equals(&right)),
            Relation::NotEqual => Ok(!left.equals(&right)),
            Relation::Less => ordered(Ordering::is_lt),
            Relation::LessOrEqual => ordered(Ordering::is_le),
            Relation::Greater => ordered(Ordering::is_gt),
            Relation::GreaterOrEqual => ordered(Ordering::is_ge),
            Relation::Contains => {
                run.work(weight(&left))?;
                contains(&left, &right)
            }
        }
    }

    /// Returns a value put through its filters.
    pub(super) fn chain(&self, chain: &Chain, run: &mut Run) -> Rendered<Value> {
        let mut value = self.expression(&chain.head)?;
        for call in &chain.filters {
            let read = |expression: &Expression| self.expression(expression);
            let positional = call.positional.iter().map(read).collect::<Rendered<Vec<_>>>()?;
            let named = |(key, value): &'_ (String, Expression)| Ok((key.clone(), self.expression(value)?));
            let keyword = call.keyword.iter().map(named).collect::<Rendered<Vec<_>>>()?;
            let keyword: Vec<_> = keyword.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
            run.work(1 + weight(&value) + positional.iter().map(weight).sum::<usize>())?;
            value = filters::apply(&call.name, &value, &positional, &keyword)
                .map_err(|error| RenderError { span: Some(call.span.clone()), ..somewhere(error) })?;
            run.work(weight(&value))?;
        }
        Ok(value)
    }

    /// Returns what an expression comes to.
    pub(super) fn expression(&self, expression: &Expression) -> Rendered<Value> {
        match expression {
            Expression::Literal(value) => Ok(value.clone()),
            Expression::Variable(variable) => self.variable(variable),
            Expression::Range(ends) => {
                let end = |expression: &Expression| {
                    let value = self.expression(expression)?;
                    let value = if let Value::Float(float) = value { Value::Int(float as i64) } else { value };
                    filters::integer(&value).map_err(|error| somewhere(format!("the end of a range: {error}")))
                };
                Ok(Value::Range(end(&ends.0)?, end(&ends.1)?))
            }
        }
    }

    fn variable(&self, variable: &Variable) -> Rendered<Value> {
        let Some(mut value) = self.lookup(&variable.name) else {
            return failure(&variable.span, format!("`{}` is not defined", variable.name));
        };
        for step in &variable.path {
            value = match value.property(&self.expression(step)?) {
                Ok(value) => value,
                Err(error) => return failure(&variable.span, error),
            };
        }
        Ok(value)
    }
}

/// Returns whether `left` holds `right`: a string its part, a list its item, an object its key.
fn contains(left: &Value, right: &Value) -> Rendered<bool> {
    match (left, right) {
        (Value::Nil, _) | (_, Value::Nil | Value::Bool(false)) => Ok(false),
        (Value::Text(text), part) => Ok(text.contains(&*part.print().map_err(somewhere)?)),
        (Value::Object(object), key) => Ok(object.get(&key.print().map_err(somewhere)?).is_some()),
        (Value::Range(first, last), Value::Int(item)) => Ok((first..=last).contains(&item)),
        (list, item) => match list.items().map_err(somewhere)? {
            Some(items) => Ok(items.iter().any(|it| it.equals(item))),
            None => Err(somewhere(format!("{} contains nothing", list.kind()))),
        },
    }
}

/// Returns how much work it is to go through a value.
fn weight(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len() / 16,
        Value::List(items) => items.len(),
        Value::Object(object) => object.entries().len(),
        Value::Range(first, last) => usize::try_from(last.saturating_sub(*first)).unwrap_or(0).min(100_000),
        _ => 0,
    }
}
