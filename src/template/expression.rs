//! What stands inside outputs and tags: values, filters and conditions, with their places.

use super::Problem;
use super::filters;
use super::value::Value;
use crate::error::{Code, suggest};
use std::ops::Range;

/// How deep indexes and ranges may be nested in each other: parsing and evaluating recurse that far.
const MAX_DEPTH: usize = 30;

/// Something that has a value.
#[derive(Debug)]
pub(super) enum Expression {
    Literal(Value),
    Variable(Variable),
    Range(Box<(Expression, Expression)>),
}

/// `customer.tier`, `items[0]["name"]`.
#[derive(Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) path: Vec<Expression>,
    /// All of it.
    pub(super) span: Range<usize>,
}

/// A value put through filters.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) head: Expression,
    pub(super) filters: Vec<FilterCall>,
}

impl Chain {
    /// Returns whether the first thing that happens to the value is `default`.
    pub(super) fn begins_with_default(&self) -> bool {
        self.filters.first().is_some_and(|filter| filter.name == "default")
    }
}

/// `| name: a, key: b`.
#[derive(Debug)]
pub(super) struct FilterCall {
    pub(super) name: String,
    pub(super) span: Range<usize>,
    pub(super) positional: Vec<Expression>,
    pub(super) keyword: Vec<(String, Expression)>,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
}

/// A value that must be true, or a comparison of two.
#[derive(Debug)]
pub(super) struct Test {
    pub(super) left: Expression,
    pub(super) right: Option<(Relation, Expression)>,
}

/// How a condition goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    And,
    Or,
}

/// Tests joined by `and` and `or`. Liquid reads them from the right, with no precedence:
/// `a or b and c` is `a or (b and c)`, and `a and b or c` is `a and (b or c)`.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) first: Test,
    pub(super) rest: Vec<(Join, Test)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Int(i64),
    Float(f64),
    /// `.`, `..`, `==` and the like.
    Sign(&'static str),
}

/// Signs, the longer ones first.
const SIGNS: &[&str] = &["..", "==", "!=", "<>", "<=", ">=", "<", ">", "=", ".", ",", ":", "|", "(", ")", "[", "]"];

/// The tokens of one output or of one tag's arguments, read from the left.
pub(super) struct Tokens {
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    depth: usize,
    /// Where they end in the source.
    end: usize,
}

impl Tokens {
    /// Cuts what stands at `span` of `source` into tokens.
    pub(super) fn of(source: &str, span: Range<usize>) -> Result<Tokens, Problem> {
        let mut tokens = Vec::new();
        let mut at = span.start;
        loop {
            let rest = &source[at..span.end];
            at += rest.len() - rest.trim_start().len();
            if at == span.end {
                return Ok(Tokens { tokens, at: 0, depth: 0, end: span.end });
            }
            let (token, length) = next_token(&source[at..span.end], at)?;
            tokens.push((token, at..at + length));
            at += length;
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// Returns where the next token is, or the empty place behind the last one.
    pub(super) fn place(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(self.end..self.end, |(_, span)| span.clone())
    }

    /// Takes the next token if it is `sign`.
    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(it)) if *it == sign);
        self.at += usize::from(found);
        found
    }

    /// Takes the next token if it is the name `word`.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Name(it)) if it == word);
        self.at += usize::from(found);
        found
    }

    /// Takes a name.
    pub(super) fn name(&mut self, what: &str) -> Result<(String, Range<usize>), Problem> {
        match self.tokens.get(self.at) {
            Some((Token::Name(name), span)) => {
                self.at += 1;
                Ok((name.clone(), span.clone()))
            }
            _ => Err(self.expected(what)),
        }
    }

    /// Takes a string literal.
    pub(super) fn text(&mut self, what: &str) -> Result<(String, Range<usize>), Problem> {
        match self.tokens.get(self.at) {
            Some((Token::Text(text), span)) => {
                self.at += 1;
                Ok((text.clone(), span.clone()))
            }
            _ => Err(self.expected(what)),
        }
    }

    /// Takes `name:` if it stands here.
    pub(super) fn take_key(&mut self) -> Option<String> {
        let [(Token::Name(name), _), (Token::Sign(":"), _), ..] = self.tokens.get(self.at..)? else { return None };
        let name = name.clone();
        self.at += 2;
        Some(name)
    }

    /// Takes `sign`, which must stand here.
    pub(super) fn sign(&mut self, sign: &str) -> Result<(), Problem> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.expected(&format!("`{sign}`"))) }
    }

    /// Returns whether nothing is left.
    pub(super) fn is_done(&self) -> bool {
        self.at == self.tokens.len()
    }

    /// Checks that nothing is left.
    pub(super) fn done(&self) -> Result<(), Problem> {
        if self.is_done() { Ok(()) } else { Err(self.expected("the end of the tag")) }
    }

    /// Returns the problem that something else was expected here.
    pub(super) fn expected(&self, what: &str) -> Problem {
        let found = match self.peek() {
            None => "nothing".to_owned(),
            Some(Token::Name(name)) => format!("`{name}`"),
            Some(Token::Text(_)) => "a string".to_owned(),
            Some(Token::Int(_) | Token::Float(_)) => "a number".to_owned(),
            Some(Token::Sign(sign)) => format!("`{sign}`"),
        };
        Problem::syntax(self.place(), format!("{what} is expected here, found {found}")).label("not expected")
    }

    /// Takes a value: a literal, a variable or a range.
    pub(super) fn expression(&mut self) -> Result<Expression, Problem> {
        if self.depth == MAX_DEPTH {
            return Err(Problem::error(
                Code::A0306,
                self.place(),
                format!("an expression is nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        self.depth += 1;
        let expression = self.expression_below();
        self.depth -= 1;
        expression
    }

    fn expression_below(&mut self) -> Result<Expression, Problem> {
        let Some((token, span)) = self.tokens.get(self.at).cloned() else { return Err(self.expected("a value")) };
        let literal = match token {
            Token::Text(text) => Value::from(text),
            Token::Int(integer) => Value::Int(integer),
            Token::Float(float) => Value::Float(float),
            Token::Sign("(") => {
                self.at += 1;
                let first = self.expression()?;
                self.sign("..")?;
                let last = self.expression()?;
                self.sign(")")?;
                return Ok(Expression::Range(Box::new((first, last))));
            }
            Token::Sign(_) => return Err(self.expected("a value")),
            Token::Name(name) => {
                self.at += 1;
                let is_plain = !matches!(self.peek(), Some(Token::Sign("." | "[")));
                match name.as_str() {
                    "nil" | "null" if is_plain => return Ok(Expression::Literal(Value::Nil)),
                    "true" if is_plain => return Ok(Expression::Literal(Value::Bool(true))),
                    "false" if is_plain => return Ok(Expression::Literal(Value::Bool(false))),
                    "empty" if is_plain => return Ok(Expression::Literal(Value::Empty)),
                    "blank" if is_plain => return Ok(Expression::Literal(Value::Blank)),
                    _ => return self.variable(name, span),
                }
            }
        };
        self.at += 1;
        Ok(Expression::Literal(literal))
    }

    fn variable(&mut self, name: String, span: Range<usize>) -> Result<Expression, Problem> {
        let mut path = Vec::new();
        loop {
            if self.take_sign(".") {
                let (property, _) = self.name("the name of a property")?;
                path.push(Expression::Literal(Value::from(property)));
            } else if self.take_sign("[") {
                path.push(self.expression()?);
                self.sign("]")?;
            } else {
                break;
            }
        }
        let end = self.tokens[self.at - 1].1.end;
        Ok(Expression::Variable(Variable { name, path, span: span.start..end }))
    }

    /// Takes a value with its filters.
    pub(super) fn chain(&mut self) -> Result<Chain, Problem> {
        let head = self.expression()?;
        let mut filters = Vec::new();
        while self.take_sign("|") {
            filters.push(self.filter()?);
        }
        Ok(Chain { head, filters })
    }

    fn filter(&mut self) -> Result<FilterCall, Problem> {
        let (name, span) = self.name("the name of a filter")?;
        let mut call = FilterCall { name, span, positional: Vec::new(), keyword: Vec::new() };
        if self.take_sign(":") {
            loop {
                match self.take_key() {
                    Some(key) => call.keyword.push((key, self.expression()?)),
                    None => call.positional.push(self.expression()?),
                }
                if !self.take_sign(",") {
                    break;
                }
            }
        }
        check_filter(&call)?;
        Ok(call)
    }

    /// Takes a condition.
    pub(super) fn condition(&mut self) -> Result<Condition, Problem> {
        let first = self.test()?;
        let mut rest = Vec::new();
        loop {
            let join = match self.peek() {
                Some(Token::Name(word)) if word == "and" => Join::And,
                Some(Token::Name(word)) if word == "or" => Join::Or,
                _ => return Ok(Condition { first, rest }),
            };
            self.at += 1;
            rest.push((join, self.test()?));
        }
    }

    fn test(&mut self) -> Result<Test, Problem> {
        let left = self.expression()?;
        let relation = match self.peek() {
            Some(Token::Sign("==")) => Relation::Equal,
            Some(Token::Sign("!=" | "<>")) => Relation::NotEqual,
            Some(Token::Sign("<")) => Relation::Less,
            Some(Token::Sign("<=")) => Relation::LessOrEqual,
            Some(Token::Sign(">")) => Relation::Greater,
            Some(Token::Sign(">=")) => Relation::GreaterOrEqual,
            Some(Token::Name(word)) if word == "contains" => Relation::Contains,
            _ => return Ok(Test { left, right: None }),
        };
        self.at += 1;
        Ok(Test { left, right: Some((relation, self.expression()?)) })
    }
}

/// Checks that there is such a filter and that it can take so many arguments.
fn check_filter(call: &FilterCall) -> Result<(), Problem> {
    let Some(signature) = filters::signature(&call.name) else {
        let problem = Problem::error(Code::A0303, call.span.clone(), format!("there is no filter `{}`", call.name))
            .label("unknown filter");
        return Err(match suggest(&call.name, filters::names()) {
            Some(name) => problem.hint(format!("did you mean `{name}`?")),
            None => problem,
        });
    };
    let wrong = |message: String| Err(Problem::error(Code::A0302, call.span.clone(), message));
    if let Some((key, _)) = call.keyword.iter().find(|(key, _)| !signature.keys.contains(&key.as_str())) {
        return wrong(format!("the filter `{}` has no argument `{key}`", call.name));
    }
    if !signature.arguments.contains(&call.positional.len()) {
        let (least, most) = (signature.arguments.start(), signature.arguments.end());
        let expected = if least == most { format!("{least}") } else { format!("{least} to {most}") };
        return wrong(format!("the filter `{}` takes {expected} arguments, not {}", call.name, call.positional.len()));
    }
    Ok(())
}

/// Returns the token that `rest` begins with and its length; `rest` stands at `at` of the source.
fn next_token(rest: &str, at: usize) -> Result<(Token, usize), Problem> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let first = bytes[0];
    if first.is_ascii_alphabetic() || first == b'_' {
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'_' | b'-');
        let mut length = bytes.iter().take_while(is_part).count();
        length += usize::from(bytes.get(length) == Some(&b'?'));
        return Ok((Token::Name(rest[..length].to_owned()), length));
    }
    if let b'"' | b'\'' = first {
        let Some(length) = rest[1..].find(char::from(first)) else {
            return Err(Problem::syntax(at..at + rest.len(), "a string is never closed").label("opened here"));
        };
        return Ok((Token::Text(rest[1..=length].to_owned()), length + 2));
    }
    let sign = usize::from(first == b'-');
    let whole = sign + digits(sign);
    if whole > sign {
        let fraction = if bytes.get(whole) == Some(&b'.') { digits(whole + 1) } else { 0 };
        if fraction > 0 {
            let length = whole + 1 + fraction;
            let float: f64 = rest[..length].parse().unwrap_or(f64::INFINITY);
            let token = Some(float).filter(|float| float.is_finite()).map(Token::Float);
            return token.map(|token| (token, length)).ok_or_else(|| too_large(at..at + length));
        }
        let token = rest[..whole].parse().map(Token::Int);
        return token.map(|token| (token, whole)).map_err(|_| too_large(at..at + whole));
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => Ok((Token::Sign(sign), sign.len())),
        None => {
            let character = rest.chars().next().unwrap_or_default();
            let message = format!("`{}` means nothing here", character.escape_debug());
            Err(Problem::syntax(at..at + character.len_utf8(), message).label("not expected"))
        }
    }
}

fn too_large(span: Range<usize>) -> Problem {
    Problem::error(Code::A0306, span, "the number is too large").label("beyond 64 bits")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(source: &str) -> Result<Chain, Problem> {
        let mut tokens = Tokens::of(source, 0..source.len())?;
        let chain = tokens.chain()?;
        tokens.done()?;
        Ok(chain)
    }

    #[test]
    fn names_that_begin_with_a_literals_letters_are_variables() {
        for name in ["empty_state", "true_label", "nilly", "blank-page"] {
            assert!(matches!(chain(name).unwrap().head, Expression::Variable(it) if it.name == name));
        }
        assert!(matches!(chain("true").unwrap().head, Expression::Literal(Value::Bool(true))));
    }

    #[test]
    fn a_variable_knows_all_of_its_place() {
        let Expression::Variable(variable) = chain("a.b[0]['c'] | upcase").unwrap().head else { panic!() };
        assert_eq!((variable.path.len(), variable.span), (3, 0..11));
    }

    #[test]
    fn what_the_syntax_does_not_allow_is_an_error_at_its_place() {
        let place = |source| chain(source).unwrap_err().span;
        assert_eq!(place("a b"), 2..3);
        assert_eq!(place("a | "), 4..4);
        assert_eq!(place("a & b"), 2..3);
        assert_eq!(place("99999999999999999999"), 0..20);
        assert_eq!(place("'a"), 0..2);
        assert!(chain(&format!("{}a{}", "a[".repeat(50_000), "]".repeat(50_000))).is_err());
        assert!(chain("(1..3)").is_ok());
    }

    #[test]
    fn an_unknown_filter_is_an_error_with_a_suggestion() {
        let problem = chain("a | upcas").unwrap_err();
        assert_eq!((problem.code, problem.span), (Code::A0303, 4..9));
        assert_eq!(problem.hints[0].message, "did you mean `upcase`?");
        assert!(chain("a | upcase: 1").is_err());
        assert!(chain("a | default: 1, allow_true: 2").is_err());
    }
}
