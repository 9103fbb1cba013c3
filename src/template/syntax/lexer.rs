//! Cuts what stands in one output, or in one tag behind its name, into tokens, as they are asked for.

use crate::error::Code;
use crate::template::Problem;
use std::ops::Range;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'s> {
    Name(&'s str),
    /// What is between the quotes.
    Text(&'s str),
    Int(i64),
    Float(f64),
    Sign(Sign),
    End,
}

/// A sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Dot,
    Dots,
    Assign,
    Equal,
    NotEqual,
    LessGreater,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Comma,
    Colon,
    Pipe,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
}

impl Sign {
    /// Returns the sign that begins with the byte `first`, before `second`.
    fn of(first: u8, second: Option<u8>) -> Option<Sign> {
        Some(match (first, second) {
            (b'.', Some(b'.')) => Sign::Dots,
            (b'.', _) => Sign::Dot,
            (b'=', Some(b'=')) => Sign::Equal,
            (b'=', _) => Sign::Assign,
            (b'!', Some(b'=')) => Sign::NotEqual,
            (b'<', Some(b'=')) => Sign::LessOrEqual,
            (b'<', Some(b'>')) => Sign::LessGreater,
            (b'<', _) => Sign::Less,
            (b'>', Some(b'=')) => Sign::GreaterOrEqual,
            (b'>', _) => Sign::Greater,
            (b',', _) => Sign::Comma,
            (b':', _) => Sign::Colon,
            (b'|', _) => Sign::Pipe,
            (b'(', _) => Sign::OpenParenthesis,
            (b')', _) => Sign::CloseParenthesis,
            (b'[', _) => Sign::OpenBracket,
            (b']', _) => Sign::CloseBracket,
            _ => return None,
        })
    }

    /// Returns the sign as it is written.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Sign::Dot => ".",
            Sign::Dots => "..",
            Sign::Assign => "=",
            Sign::Equal => "==",
            Sign::NotEqual => "!=",
            Sign::LessGreater => "<>",
            Sign::Less => "<",
            Sign::LessOrEqual => "<=",
            Sign::Greater => ">",
            Sign::GreaterOrEqual => ">=",
            Sign::Comma => ",",
            Sign::Colon => ":",
            Sign::Pipe => "|",
            Sign::OpenParenthesis => "(",
            Sign::CloseParenthesis => ")",
            Sign::OpenBracket => "[",
            Sign::CloseBracket => "]",
        }
    }
}

/// Reads tokens from the left, with one in hand.
#[derive(Debug)]
pub(super) struct Lexer<'s> {
    source: &'s str,
    /// Where reading goes on, behind the token in hand.
    at: usize,
    end: usize,
    token: Token<'s>,
    /// Where the token in hand stands.
    span: Range<usize>,
    /// Where the token before it ended.
    before: usize,
}

impl<'s> Lexer<'s> {
    /// Returns a reader of what stands at `span` of `source`.
    pub(super) fn new(source: &'s str, span: Range<usize>) -> Result<Lexer<'s>, Problem> {
        let start = span.start;
        let mut lexer =
            Lexer { source, at: start, end: span.end, token: Token::End, span: start..start, before: start };
        lexer.advance()?;
        lexer.before = start;
        Ok(lexer)
    }

    /// Returns the token in hand.
    pub(super) fn token(&self) -> Token<'s> {
        self.token
    }

    /// Returns the text of the token in hand.
    pub(super) fn text_in_hand(&self) -> &'s str {
        &self.source[self.span.clone()]
    }

    /// Returns where the token in hand stands; behind the last one that is an empty place.
    pub(super) fn place(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Returns where the token before the one in hand ended.
    pub(super) fn end_of_last(&self) -> usize {
        self.before
    }

    /// Goes on to the next token.
    pub(super) fn advance(&mut self) -> Result<(), Problem> {
        let bytes = self.source.as_bytes();
        self.before = self.span.end;
        while self.at < self.end && bytes[self.at].is_ascii_whitespace() {
            self.at += 1;
        }
        // White space that is not ASCII is rare: a no-break space that was pasted, for one.
        if self.at < self.end && !bytes[self.at].is_ascii() {
            let rest = &self.source[self.at..self.end];
            self.at += rest.len() - rest.trim_start().len();
        }
        if self.at == self.end {
            (self.token, self.span) = (Token::End, self.end..self.end);
            return Ok(());
        }
        let (token, length) = next_token(&self.source[self.at..self.end], self.at)?;
        (self.token, self.span) = (token, self.at..self.at + length);
        self.at += length;
        Ok(())
    }

    /// Returns the token behind the one in hand.
    pub(super) fn second(&self) -> Token<'s> {
        let mut ahead = Lexer { span: self.span.clone(), ..*self };
        match ahead.advance() {
            Ok(()) => ahead.token,
            // What is wrong there is told when reading gets there.
            Err(_) => Token::End,
        }
    }
}

/// Returns the token that `rest` begins with and its length; `rest` stands at `at` of the source.
fn next_token(rest: &str, at: usize) -> Result<(Token<'_>, usize), Problem> {
    let bytes = rest.as_bytes();
    let first = bytes[0];
    if first.is_ascii_alphabetic() || first == b'_' {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(*byte, b'_' | b'-');
        let mut length = 1 + bytes[1..].iter().position(|byte| !is_part(byte)).unwrap_or(bytes.len() - 1);
        length += usize::from(bytes.get(length) == Some(&b'?'));
        return Ok((Token::Name(&rest[..length]), length));
    }
    if let b'"' | b'\'' = first {
        let Some(length) = rest[1..].find(char::from(first)) else {
            return Err(Problem::syntax(at..at + rest.len(), "a string is never closed").label("opened here"));
        };
        return Ok((Token::Text(&rest[1..=length]), length + 2));
    }
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
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
    match Sign::of(first, bytes.get(1).copied()) {
        Some(sign) => Ok((Token::Sign(sign), sign.as_str().len())),
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
