//! Filters of numbers. Whole numbers are of 64 bits and never wrap; decimal fractions add, subtract
//! and multiply exactly, as Ruby's `BigDecimal` does for Liquid: 0.1 plus 0.2 is 0.3.

use super::filters::integer;
use super::value::Value;

/// The filters that this module knows, but for `sum`.
pub(super) const NAMES: &[&str] =
    &["abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "modulo", "plus", "round", "times"];

#[derive(Clone, Copy)]
enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    /// Returns `value` as Liquid reads a number: a string by what it begins with, anything else that
    /// is no number as 0.
    fn of(value: &Value) -> Number {
        match value {
            Value::Int(integer) => Number::Int(*integer),
            Value::Float(float) => Number::Float(*float),
            Value::Text(text) => {
                let text = text.trim();
                let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                let unsigned = text.strip_prefix('-').unwrap_or(text);
                if unsigned.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part)) {
                    return Number::Float(text.parse().unwrap_or(0.0));
                }
                let length = unsigned.bytes().take_while(u8::is_ascii_digit).count() + text.len() - unsigned.len();
                Number::Int(text[..length].parse().unwrap_or(0))
            }
            _ => Number::Int(0),
        }
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

    fn value(self) -> Result<Value, String> {
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

/// Returns the number that `input` is, put through the filter `name`.
pub(super) fn apply(name: &str, input: &Value, argument: Option<&Value>) -> Result<Value, String> {
    if let Value::List(_) | Value::Object(_) | Value::Loop(_) | Value::Range(..) = input {
        return Err(format!("`{name}` takes a number, not {}", input.kind()));
    }
    let number = Number::of(input);
    let operand = argument.map_or(Number::Int(0), Number::of);
    match name {
        "plus" | "minus" | "times" => combine(name, number, operand)?.value(),
        "divided_by" => divide(number, operand)?.value(),
        "modulo" => modulo(number, operand)?.value(),
        "at_least" => (if number.float() < operand.float() { operand } else { number }).value(),
        "at_most" => (if number.float() > operand.float() { operand } else { number }).value(),
        "abs" => match number {
            Number::Int(integer) => integer.checked_abs().map(Value::Int).ok_or_else(too_large),
            Number::Float(float) => Ok(Value::Float(float.abs())),
        },
        "ceil" => whole(number, f64::ceil),
        "floor" => whole(number, f64::floor),
        // `round`
        _ => match (number, argument.map_or(Ok(0), integer)?) {
            (Number::Float(float), places @ 1..) => {
                let places = usize::try_from(places.min(15)).unwrap_or(15);
                Ok(Value::Float(round_to(float, places)))
            }
            (number, places @ ..=-1) => {
                let step = 10_f64.powi(i32::try_from(-places.max(-30)).unwrap_or(30));
                whole(number, |float| (float / step).round() * step)
            }
            (number, _) => whole(number, f64::round),
        },
    }
}

/// Returns the sum of `values`.
pub(super) fn sum(values: impl Iterator<Item = Result<Value, String>>) -> Result<Value, String> {
    let mut total = Number::Int(0);
    for value in values {
        total = combine("plus", total, Number::of(&value?))?;
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

fn whole(number: Number, round: impl Fn(f64) -> f64) -> Result<Value, String> {
    match number {
        Number::Int(integer) => Ok(Value::Int(integer)),
        // Below 2^63 in size every whole float is an i64.
        Number::Float(float) if float.abs() < 9.2e18 => Ok(Value::Int(round(float) as i64)),
        Number::Float(_) => Err(too_large()),
    }
}

fn combine(name: &str, a: Number, b: Number) -> Result<Number, String> {
    if let (Number::Int(a), Number::Int(b)) = (a, b) {
        let result = match name {
            "plus" => a.checked_add(b),
            "minus" => a.checked_sub(b),
            _ => a.checked_mul(b),
        };
        return result.map(Number::Int).ok_or_else(too_large);
    }
    let rough = match name {
        "plus" => a.float() + b.float(),
        "minus" => a.float() - b.float(),
        _ => a.float() * b.float(),
    };
    Ok(Number::Float(exactly(name, a, b).unwrap_or(rough)))
}

/// Returns the result by decimal digits, or nothing where there are too many of them.
fn exactly(name: &str, a: Number, b: Number) -> Option<f64> {
    let ((a, a_scale), (b, b_scale)) = (a.decimal()?, b.decimal()?);
    if name == "times" {
        return float_of(a.checked_mul(b)?, a_scale + b_scale);
    }
    let scale = a_scale.max(b_scale);
    let raised = |digits: i128, from: u32| digits.checked_mul(10_i128.checked_pow(scale - from)?);
    let (a, b) = (raised(a, a_scale)?, raised(b, b_scale)?);
    float_of(if name == "plus" { a.checked_add(b)? } else { a.checked_sub(b)? }, scale)
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

fn modulo(a: Number, b: Number) -> Result<Number, String> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    fn calculated(input: Json, name: &str, argument: Json) -> Result<Json, String> {
        let argument = Value::from_json(&argument).unwrap();
        let argument = Some(&argument).filter(|argument| !matches!(argument, Value::Nil));
        apply(name, &Value::from_json(&input).unwrap(), argument).map(|value| value.to_json())
    }

    #[test]
    fn decimal_fractions_are_exact() {
        assert_eq!(calculated(json!(0.1), "plus", json!(0.2)), Ok(json!(0.3)));
        assert_eq!(calculated(json!(183.357), "times", json!(12)), Ok(json!(2200.284)));
        assert_eq!(calculated(json!("3.5"), "minus", json!("0.5")), Ok(json!(3.0)));
        assert_eq!(calculated(json!(1.005), "round", json!(2)), Ok(json!(1.01)));
        assert_eq!(calculated(json!(-2.5), "round", json!(null)), Ok(json!(-3)));
    }

    #[test]
    fn whole_numbers_divide_downwards_and_never_wrap() {
        assert_eq!(calculated(json!(-7), "divided_by", json!(2)), Ok(json!(-4)));
        assert_eq!(calculated(json!(-7), "modulo", json!(3)), Ok(json!(2)));
        assert!(calculated(json!(i64::MAX), "plus", json!(1)).is_err());
        assert!(calculated(json!(i64::MIN), "abs", json!(null)).is_err());
        assert!(calculated(json!(i64::MIN), "divided_by", json!(-1)).is_err());
        assert_eq!(calculated(json!(i64::MIN), "modulo", json!(-1)), Ok(json!(0)));
        assert!(calculated(json!(1), "divided_by", json!(0)).is_err());
        assert!(calculated(json!(1e300), "ceil", json!(null)).is_err());
    }

    #[test]
    fn tens_and_hundreds_round_too() {
        assert_eq!(calculated(json!(5.666), "round", json!(-2)), Ok(json!(0)));
        assert_eq!(calculated(json!(151.2), "round", json!(-2)), Ok(json!(200)));
        assert_eq!(calculated(json!(5.5), "round", json!(i64::MIN)), Ok(json!(0)));
    }

    #[test]
    fn a_string_counts_by_what_it_begins_with() {
        assert_eq!(calculated(json!("12 apples"), "plus", json!("-2")), Ok(json!(10)));
        assert_eq!(calculated(json!("apples"), "plus", json!(1)), Ok(json!(1)));
    }
}
