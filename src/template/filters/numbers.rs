//! Filters of numbers. Whole numbers are of 64 bits and never wrap; decimal fractions add, subtract
//! and multiply exactly, as Ruby's `BigDecimal` does for Liquid: 0.1 plus 0.2 is 0.3.

use super::{Call, Filtered, integer};
use crate::template::Dialect;
use crate::template::value::Value;

#[derive(Clone, Copy)]
enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    /// Returns `value` as Liquid reads a number: a string by what it begins with, anything else that
    /// is no number as 0.
    fn of(value: &Value<'_>) -> Number {
        match (value, value.as_str()) {
            (Value::Int(integer), _) => Number::Int(*integer),
            (Value::Float(float), _) => Number::Float(*float),
            (_, Some(text)) => Number::in_text(text.trim()),
            _ => Number::Int(0),
        }
    }

    fn in_text(text: &str) -> Number {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        if unsigned.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part)) {
            return Number::Float(text.parse().unwrap_or(0.0));
        }
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let length = unsigned.bytes().take_while(u8::is_ascii_digit).count() + text.len() - unsigned.len();
        Number::Int(text[..length].parse().unwrap_or(0))
    }

    fn float(self) -> f64 {
        match self {
            Number::Int(integer) => integer as f64,
            Number::Float(float) => float,
        }
    }

    /// Returns the number as a whole number over a power of ten: its shortest decimal digits.
    fn decimal(self) -> Option<(i128, u32)> {
        match self {
            Number::Int(integer) => Some((integer.into(), 0)),
            Number::Float(float) => {
                let text = format!("{float}");
                let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
                Some((format!("{whole}{part}").parse().ok()?, u32::try_from(part.len()).ok()?))
            }
        }
    }

    fn value<'a>(self) -> Filtered<'a> {
        match self {
            Number::Int(integer) => Ok(Value::Int(integer)),
            Number::Float(float) if float.is_finite() => Ok(Value::Float(float)),
            Number::Float(_) => Err(too_large()),
        }
    }
}

fn too_large() -> String {
    "the number is too large".into()
}

/// Returns the input and the argument as numbers.
fn numbers(call: &Call<'_, '_>) -> Result<(Number, Number), String> {
    let is_number =
        !matches!(call.input, Value::Array(_) | Value::List(_) | Value::Object(_) | Value::Loop(_) | Value::Range(..));
    if !is_number && call.dialect == Dialect::Prompt {
        return Err(format!("`{}` takes a number, not {}", call.name, call.input.kind()));
    }
    Ok((Number::of(call.input), call.first().map_or(Number::Int(0), Number::of)))
}

pub(super) fn plus<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let (number, operand) = numbers(call)?;
    combine(Sign::Plus, number, operand)?.value()
}

pub(super) fn minus<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let (number, operand) = numbers(call)?;
    combine(Sign::Minus, number, operand)?.value()
}

pub(super) fn times<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let (number, operand) = numbers(call)?;
    combine(Sign::Times, number, operand)?.value()
}

pub(super) fn divided_by<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let (number, operand) = numbers(call)?;
    divide(number, operand)?.value()
}

pub(super) fn modulo<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let (number, operand) = numbers(call)?;
    rest(number, operand)?.value()
}

pub(super) fn at_least<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let (number, operand) = numbers(call)?;
    (if number.float() < operand.float() { operand } else { number }).value()
}

pub(super) fn at_most<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let (number, operand) = numbers(call)?;
    (if number.float() > operand.float() { operand } else { number }).value()
}

pub(super) fn abs<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    match numbers(call)?.0 {
        Number::Int(integer) => integer.checked_abs().map(Value::Int).ok_or_else(too_large),
        Number::Float(float) => Ok(Value::Float(float.abs())),
    }
}

pub(super) fn ceil<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    whole(numbers(call)?.0, f64::ceil)
}

pub(super) fn floor<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    whole(numbers(call)?.0, f64::floor)
}

pub(super) fn round<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let (number, operand) = numbers(call)?;
    let places = match (call.dialect, operand, call.first()) {
        (Dialect::Prompt, _, argument) => argument.map_or(Ok(0), integer)?,
        (Dialect::Lax, Number::Int(places), _) => places,
        (Dialect::Lax, Number::Float(places), _) => places as i64,
    };
    match (number, places) {
        (Number::Float(float), places @ 1..) => {
            let places = usize::try_from(places.min(15)).unwrap_or(15);
            Ok(Value::Float(round_to(float, places)))
        }
        (number, places @ ..=-1) => {
            let step = 10_f64.powi(i32::try_from(-places.max(-30)).unwrap_or(30));
            whole_step(number, step)
        }
        (number, _) => whole(number, f64::round),
    }
}

/// Returns the sum of `values`.
pub(super) fn sum<'a>(values: impl Iterator<Item = Result<Value<'a>, String>>) -> Filtered<'a> {
    let mut total = Number::Int(0);
    for value in values {
        total = combine(Sign::Plus, total, Number::of(&value?))?;
    }
    total.value()
}

/// Rounds half away from zero, going by the decimal digits: 1.005 to two places is 1.01.
fn round_to(float: f64, places: usize) -> f64 {
    let exact =
        Number::Float(float).decimal().filter(|(_, scale)| *scale as usize > places).and_then(|(digits, scale)| {
            let step = 10_i128.checked_pow(scale - u32::try_from(places).ok()?)?;
            let half = if digits < 0 { -(step / 2) } else { step / 2 };
            float_of((digits.checked_add(half)?) / step, u32::try_from(places).ok()?)
        });
    exact.unwrap_or(float)
}

/// Rounds to a multiple of `step`, also a whole number.
fn whole_step<'a>(number: Number, step: f64) -> Filtered<'a> {
    whole(Number::Float(number.float()), |float| (float / step).round() * step)
}

fn whole<'a>(number: Number, round: impl Fn(f64) -> f64) -> Filtered<'a> {
    match number {
        Number::Int(integer) => Ok(Value::Int(integer)),
        // Below 2^63 in size every whole float is an i64.
        Number::Float(float) if float.abs() < 9.2e18 => Ok(Value::Int(round(float) as i64)),
        Number::Float(_) => Err(too_large()),
    }
}

/// What is done with two numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
    Times,
}

fn combine(sign: Sign, a: Number, b: Number) -> Result<Number, String> {
    if let (Number::Int(a), Number::Int(b)) = (a, b) {
        let result = match sign {
            Sign::Plus => a.checked_add(b),
            Sign::Minus => a.checked_sub(b),
            Sign::Times => a.checked_mul(b),
        };
        return result.map(Number::Int).ok_or_else(too_large);
    }
    let rough = match sign {
        Sign::Plus => a.float() + b.float(),
        Sign::Minus => a.float() - b.float(),
        Sign::Times => a.float() * b.float(),
    };
    Ok(Number::Float(exactly(sign, a, b).unwrap_or(rough)))
}

/// Returns the result by decimal digits, or nothing where there are too many of them.
fn exactly(sign: Sign, a: Number, b: Number) -> Option<f64> {
    let ((a, a_scale), (b, b_scale)) = (a.decimal()?, b.decimal()?);
    if sign == Sign::Times {
        return float_of(a.checked_mul(b)?, a_scale + b_scale);
    }
    let scale = a_scale.max(b_scale);
    let raised = |digits: i128, from: u32| digits.checked_mul(10_i128.checked_pow(scale - from)?);
    let (a, b) = (raised(a, a_scale)?, raised(b, b_scale)?);
    float_of(if sign == Sign::Plus { a.checked_add(b)? } else { a.checked_sub(b)? }, scale)
}

fn float_of(digits: i128, scale: u32) -> Option<f64> {
    format!("{digits}e-{scale}").parse().ok()
}

fn divide(a: Number, b: Number) -> Result<Number, String> {
    match (a, b) {
        (_, b) if b.float() == 0.0 => Err("division by 0".into()),
        (Number::Int(a), Number::Int(b)) => {
            let quotient = a.checked_div(b).ok_or_else(too_large)?;
            // Ruby divides downwards, not towards zero.
            Ok(Number::Int(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }))
        }
        (a, b) => Ok(Number::Float(a.float() / b.float())),
    }
}

fn rest(a: Number, b: Number) -> Result<Number, String> {
    match (a, b) {
        (_, b) if b.float() == 0.0 => Err("division by 0".into()),
        (Number::Int(a), Number::Int(b)) => {
            let rest = a.checked_rem(b).unwrap_or(0);
            Ok(Number::Int(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }))
        }
        (a, b) => {
            let rest = a.float() % b.float();
            Ok(Number::Float(if rest != 0.0 && (rest < 0.0) != (b.float() < 0.0) { rest + b.float() } else { rest }))
        }
    }
}
