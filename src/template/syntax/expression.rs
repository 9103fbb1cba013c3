//! Reads what stands inside outputs and tags: values, filters and conditions.

use super::habits;
use super::lexer::{Lexer, Sign, Token};
use super::tree::{
    Chain, Condition, Expression, FilterCall, Join, Literal, Name, RangeOf, Relation, Root, Step, Test, Variable,
};
use crate::error::{Code, suggest};
use crate::template::limits::MAX_PARTS;
use crate::template::{Dialect, Filter, Problem, filters};
use liquid::model::KString;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The names of a template, each with its number.
#[derive(Debug)]
pub(super) struct Names<'s> {
    names: Vec<Arc<str>>,
    /// The same names as they stand in the source.
    written: Vec<&'s str>,
    /// Their numbers, once there are too many to look through.
    slots: HashMap<&'s str, usize>,
    /// The tags, outputs, values and filters that were read.
    parts: usize,
}

/// Among so few names, looking through all takes less time than hashing one.
const FEW: usize = 16;

impl Default for Names<'_> {
    fn default() -> Self {
        Names { names: Vec::with_capacity(FEW), written: Vec::with_capacity(FEW), slots: HashMap::new(), parts: 0 }
    }
}

impl<'s> Names<'s> {
    /// Returns the number of `name`.
    pub(super) fn slot(&mut self, name: &'s str) -> usize {
        let next = self.names.len();
        if next < FEW {
            if let Some(slot) = self.written.iter().position(|known| *known == name) {
                return slot;
            }
        } else {
            if self.slots.is_empty() {
                self.slots = self.written.iter().enumerate().map(|(slot, name)| (*name, slot)).collect();
            }
            if let Some(slot) = self.slots.get(name) {
                return *slot;
            }
            self.slots.insert(name, next);
        }
        self.names.push(name.into());
        self.written.push(name);
        next
    }

    /// Counts one more tag, output or value, which stands at `place`.
    pub(super) fn count_part(&mut self, place: Range<usize>) -> Result<(), Problem> {
        self.parts += 1;
        if self.parts <= MAX_PARTS { Ok(()) } else { Err(too_many_parts(place)) }
    }

    /// Returns whether there were too many of them.
    pub(super) fn is_full(&self) -> bool {
        self.parts > MAX_PARTS
    }

    /// Returns all names by their numbers.
    pub(super) fn into_list(self) -> Vec<Arc<str>> {
        self.names
    }
}

/// Reads one output, or the arguments of one tag.
pub(super) struct Reader<'p, 's> {
    lexer: Lexer<'s>,
    names: &'p mut Names<'s>,
    dialect: Dialect,
    /// How deep expressions may yet be nested.
    room: usize,
    /// How deep they may be nested at all.
    deepest: usize,
}

impl<'p, 's> Reader<'p, 's> {
    /// Returns a reader of what stands at `span` of `source`; values may be nested `deepest` levels deep.
    pub(super) fn new(
        source: &'s str,
        span: Range<usize>,
        names: &'p mut Names<'s>,
        dialect: Dialect,
        deepest: usize,
    ) -> Result<Reader<'p, 's>, Problem> {
        Ok(Reader { lexer: Lexer::new(source, span)?, names, dialect, room: deepest, deepest })
    }

    /// Returns where the next token is, or the empty place behind the last one.
    pub(super) fn place(&self) -> Range<usize> {
        self.lexer.place()
    }

    /// Returns where the last token that was taken ended.
    pub(super) fn end_of_last(&self) -> usize {
        self.lexer.end_of_last()
    }

    /// Takes the next token if it is `sign`.
    pub(super) fn take_sign(&mut self, sign: Sign) -> Result<bool, Problem> {
        let found = self.lexer.token() == Token::Sign(sign);
        if found {
            self.lexer.advance()?;
        }
        Ok(found)
    }

    /// Takes the next token if it is the name `word`.
    pub(super) fn take_word(&mut self, word: &str) -> Result<bool, Problem> {
        let found = self.lexer.token() == Token::Name(word);
        if found {
            self.lexer.advance()?;
        }
        Ok(found)
    }

    /// Takes a name; `what` says what it would be.
    pub(super) fn name(&mut self, what: &str) -> Result<Name, Problem> {
        match self.lexer.token() {
            Token::Name(name) => {
                let found = self.named(name, self.place());
                self.lexer.advance()?;
                Ok(found)
            }
            _ => Err(self.expected(what)),
        }
    }

    /// Takes the name of what `capture` sets: Shopify takes a quoted one too, and even a number.
    pub(super) fn capture_name(&mut self) -> Result<Name, Problem> {
        let place = self.place();
        let text = match self.lexer.token() {
            Token::Text(text) => text,
            Token::Int(_) if self.dialect == Dialect::Lax => self.lexer.text_in_hand(),
            _ => return self.name("the name of a variable"),
        };
        let name = self.named(text, place);
        self.lexer.advance()?;
        Ok(name)
    }

    fn named(&mut self, text: &'s str, span: Range<usize>) -> Name {
        let slot = self.names.slot(text);
        Name { text: self.names.names[slot].clone(), span, slot }
    }

    /// Takes a string literal; `what` says what it would be.
    pub(super) fn text(&mut self, what: &str) -> Result<(&'s str, Range<usize>), Problem> {
        match self.lexer.token() {
            Token::Text(text) => {
                let place = self.place();
                self.lexer.advance()?;
                Ok((text, place))
            }
            _ => Err(self.expected(what)),
        }
    }

    /// Takes `name:` if it stands here.
    pub(super) fn take_key(&mut self) -> Result<Option<Name>, Problem> {
        let Token::Name(name) = self.lexer.token() else { return Ok(None) };
        if self.lexer.second() != Token::Sign(Sign::Colon) {
            return Ok(None);
        }
        let found = self.named(name, self.place());
        self.lexer.advance()?;
        self.lexer.advance()?;
        Ok(Some(found))
    }

    /// Takes `name:` of a filter's argument if it stands here. It is no variable's name.
    fn take_keyword(&mut self) -> Result<Option<&'s str>, Problem> {
        let Token::Name(name) = self.lexer.token() else { return Ok(None) };
        if self.lexer.second() != Token::Sign(Sign::Colon) {
            return Ok(None);
        }
        self.lexer.advance()?;
        self.lexer.advance()?;
        Ok(Some(name))
    }

    /// Takes `sign`, which must stand here.
    pub(super) fn sign(&mut self, sign: Sign) -> Result<(), Problem> {
        if self.take_sign(sign)? { Ok(()) } else { Err(self.expected(&format!("`{}`", sign.as_str()))) }
    }

    /// Returns whether nothing is left.
    pub(super) fn is_done(&self) -> bool {
        self.lexer.token() == Token::End
    }

    /// Checks that nothing is left; `what` is what else could have stood there.
    pub(super) fn done(&self, what: &str) -> Result<(), Problem> {
        if self.is_done() { Ok(()) } else { Err(self.expected(what)) }
    }

    /// Returns the problem that something else was expected here.
    pub(super) fn expected(&self, what: &str) -> Problem {
        let found = match self.lexer.token() {
            Token::End => "nothing".to_owned(),
            Token::Name(name) => format!("`{name}`"),
            Token::Text(_) => "a string".to_owned(),
            Token::Int(_) | Token::Float(_) => "a number".to_owned(),
            Token::Sign(sign) => format!("`{}`", sign.as_str()),
        };
        Problem::syntax(self.place(), format!("{what} is expected here, found {found}")).label("not expected")
    }

    /// Takes a value: a literal, a variable or a range.
    pub(super) fn expression(&mut self) -> Result<Expression, Problem> {
        if self.room == 0 {
            let message = format!("an expression is nested deeper than {} levels", self.deepest);
            return Err(Problem::error(Code::A0306, self.place(), message));
        }
        self.names.count_part(self.place())?;
        self.room -= 1;
        let expression = self.expression_below();
        self.room += 1;
        expression
    }

    fn expression_below(&mut self) -> Result<Expression, Problem> {
        let literal = match self.lexer.token() {
            Token::Text(text) => Literal::Text(KString::from_ref(text)),
            Token::Int(integer) => Literal::Int(integer),
            Token::Float(float) => Literal::Float(float),
            Token::Name(name) => match self.word(name) {
                Some(literal) => literal,
                None => return self.variable(),
            },
            Token::Sign(Sign::OpenParenthesis) => return self.range(),
            Token::Sign(Sign::OpenBracket) => return self.variable(),
            Token::Sign(_) | Token::End => return Err(self.expected("a value")),
        };
        self.lexer.advance()?;
        Ok(Expression::Literal(literal))
    }

    /// Returns what a word means that stands for a value, and nothing where a path begins with it.
    fn word(&self, name: &str) -> Option<Literal> {
        let literal = match name {
            "nil" | "null" => Literal::Nil,
            "true" => Literal::Bool(true),
            "false" => Literal::Bool(false),
            "empty" => Literal::Empty,
            "blank" => Literal::Blank,
            _ => return None,
        };
        (!matches!(self.lexer.second(), Token::Sign(Sign::Dot | Sign::OpenBracket))).then_some(literal)
    }

    fn range(&mut self) -> Result<Expression, Problem> {
        let start = self.place().start;
        self.lexer.advance()?;
        let first = self.expression()?;
        self.sign(Sign::Dots)?;
        let last = self.expression()?;
        self.sign(Sign::CloseParenthesis)?;
        Ok(Expression::Range(Box::new(RangeOf { first, last, span: start..self.end_of_last() })))
    }

    fn variable(&mut self) -> Result<Expression, Problem> {
        let start = self.place().start;
        let root =
            if self.take_sign(Sign::OpenBracket)? { self.bracketed_root()? } else { Root::Name(self.name("a name")?) };
        let mut path = Vec::new();
        loop {
            if !path.is_empty() {
                self.names.count_part(self.place())?;
            }
            if self.take_sign(Sign::Dot)? {
                match self.lexer.token() {
                    Token::Name(property) => push(&mut path, Step::Property(KString::from_ref(property))),
                    _ => return Err(self.expected("the name of a property")),
                }
                self.lexer.advance()?;
            } else if self.take_sign(Sign::OpenBracket)? {
                push(&mut path, Step::Index(self.expression()?));
                self.sign(Sign::CloseBracket)?;
            } else {
                break;
            }
        }
        Ok(Expression::Variable(Variable { root, path, span: start..self.end_of_last() }))
    }

    /// Takes what is left of `["a name"]` at the beginning of a path.
    fn bracketed_root(&mut self) -> Result<Root, Problem> {
        let place = self.place();
        let root = match self.lexer.token() {
            Token::Text(text) => {
                self.lexer.advance()?;
                Root::Name(self.named(text, place.clone()))
            }
            _ => Root::Computed(Box::new(self.expression()?)),
        };
        if let (Root::Computed(_), Dialect::Prompt) = (&root, self.dialect) {
            let place = place.start..self.end_of_last();
            let message = "a prompt names its variables: what this one reads could not be known before it is rendered";
            return Err(Problem::error(Code::A0302, place, message).label("computed name"));
        }
        self.sign(Sign::CloseBracket)?;
        Ok(root)
    }

    /// Takes a value with its filters.
    pub(super) fn chain(&mut self) -> Result<Chain, Problem> {
        let head = self.expression()?;
        let mut filters = Vec::new();
        while self.take_sign(Sign::Pipe)? {
            push(&mut filters, self.filter()?);
        }
        Ok(Chain { head, filters })
    }

    fn filter(&mut self) -> Result<FilterCall, Problem> {
        let Token::Name(name) = self.lexer.token() else { return Err(self.expected("the name of a filter")) };
        let span = self.place();
        self.names.count_part(span.clone())?;
        self.lexer.advance()?;
        let (mut positional, mut keyword) = (Vec::new(), Vec::new());
        if self.take_sign(Sign::Colon)? {
            loop {
                match self.take_keyword()? {
                    Some(key) => keyword.push((KString::from_ref(key), self.expression()?)),
                    None => push(&mut positional, self.expression()?),
                }
                if !self.take_sign(Sign::Comma)? {
                    break;
                }
            }
        }
        let filter = checked_filter(name, &span, positional.len(), &keyword)?;
        Ok(FilterCall { filter, span, positional, keyword })
    }

    /// Takes a condition.
    pub(super) fn condition(&mut self) -> Result<Condition, Problem> {
        let first = self.test()?;
        let mut rest = Vec::new();
        loop {
            let join = match self.lexer.token() {
                Token::Name("and") => Join::And,
                Token::Name("or") => Join::Or,
                _ => return Ok(Condition { first, rest }),
            };
            self.lexer.advance()?;
            rest.push((join, self.test()?));
        }
    }

    fn test(&mut self) -> Result<Test, Problem> {
        let left = self.expression()?;
        let relation = match self.lexer.token() {
            Token::Sign(Sign::Equal) => Relation::Equal,
            Token::Sign(Sign::NotEqual | Sign::LessGreater) => Relation::NotEqual,
            Token::Sign(Sign::Less) => Relation::Less,
            Token::Sign(Sign::LessOrEqual) => Relation::LessOrEqual,
            Token::Sign(Sign::Greater) => Relation::Greater,
            Token::Sign(Sign::GreaterOrEqual) => Relation::GreaterOrEqual,
            Token::Name("contains") => Relation::Contains,
            _ => return Ok(Test { left, right: None }),
        };
        self.lexer.advance()?;
        Ok(Test { left, right: Some((relation, self.expression()?)) })
    }
}

/// Returns the problem that a template is made of too much; it goes beyond the limit at `place`.
pub(super) fn too_many_parts(place: Range<usize>) -> Problem {
    let message = format!("the template is made of more than {MAX_PARTS} tags, outputs, values and filters");
    Problem::error(Code::A0306, place, message)
}

/// Adds to a list that mostly ends with its first item: room for four would be wasted.
pub(super) fn push<T>(list: &mut Vec<T>, item: T) {
    if list.is_empty() {
        list.reserve_exact(1);
    }
    list.push(item);
}

/// Returns the filter `name`, if there is one that can take so many arguments.
fn checked_filter(
    name: &str,
    span: &Range<usize>,
    positional: usize,
    keyword: &[(KString, Expression)],
) -> Result<&'static filters::Filter, Problem> {
    let Some(filter) = filters::find(name) else {
        let problem =
            Problem::error(Code::A0303, span.clone(), format!("there is no filter `{name}`")).label("unknown filter");
        if let Some(hint) = habits::of_filter(name) {
            return Err(problem.hint(hint));
        }
        return Err(match suggest(name, Filter::all().iter().map(|filter| filter.name)) {
            Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
            None => problem,
        });
    };
    let wrong = |message: String| Err(Problem::error(Code::A0302, span.clone(), message));
    if let Some((key, _)) = keyword.iter().find(|(key, _)| !filter.keys.contains(&&**key)) {
        return wrong(format!("the filter `{name}` has no argument `{key}`"));
    }
    let (least, most) = (filter.least, filter.most);
    if !(least..=most).contains(&positional) {
        let expected = if least == most { format!("{least}") } else { format!("{least} to {most}") };
        let s = if least == 1 && most == 1 { "" } else { "s" };
        return wrong(format!("the filter `{name}` takes {expected} argument{s}, not {positional}"));
    }
    Ok(filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(
        source: &str,
        read: impl for<'p, 's> FnOnce(&mut Reader<'p, 's>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut names = Names::default();
        let mut reader = Reader::new(source, 0..source.len(), &mut names, Dialect::Prompt, 256)?;
        let found = read(&mut reader)?;
        reader.done("`|`")?;
        Ok(found)
    }

    fn chain(source: &str) -> Result<Chain, Problem> {
        read(source, |reader| reader.chain())
    }

    #[test]
    fn names_that_begin_with_a_literals_letters_are_variables() {
        for name in ["empty_state", "true_label", "nilly", "blank-page"] {
            let chain = chain(name).unwrap();
            assert_eq!(chain.head.as_variable().unwrap().name().unwrap().as_str(), name);
        }
        assert!(matches!(chain("true").unwrap().head, Expression::Literal(Literal::Bool(true))));
    }

    #[test]
    fn a_variable_knows_all_of_its_place() {
        for (source, steps) in [("a.b[0]['c'] | upcase", 3), ("['a b'].c", 1)] {
            let Expression::Variable(variable) = chain(source).unwrap().head else { panic!() };
            assert_eq!((variable.path.len(), variable.span), (steps, 0..source.find(" |").unwrap_or(source.len())));
        }
    }

    #[test]
    fn what_the_syntax_does_not_allow_is_an_error_at_its_place() {
        let place = |source| chain(source).unwrap_err().span;
        assert_eq!(place("a b"), 2..3);
        assert_eq!(place("a | "), 4..4);
        assert_eq!(place("a & b"), 2..3);
        assert_eq!(place("99999999999999999999"), 0..20);
        assert_eq!(place("'a"), 0..2);
        assert_eq!(place("[name]"), 1..5);
        assert!(chain(&format!("{}a{}", "a[".repeat(50_000), "]".repeat(50_000))).is_err());
        assert!(chain(&format!("{}a{}", "a[".repeat(255), "]".repeat(255))).is_ok());
        assert!(chain("(1..3)").is_ok());
    }

    #[test]
    fn an_unknown_filter_is_an_error_with_a_suggestion() {
        let problem = chain("a | upcas").unwrap_err();
        assert_eq!((problem.code, problem.span), (Code::A0303, 4..9));
        assert_eq!(problem.hints[0].message, "did you mean `upcase`?");
        assert_eq!(chain("a | upper").unwrap_err().hints[0].message, "in Liquid it is called `upcase`");
        assert!(chain("a | upcase: 1").is_err());
        assert!(chain("a | default: 1, allow_true: 2").is_err());
    }

    #[test]
    fn a_name_has_one_number_wherever_it_stands() {
        let condition = read("a == b and b.a == a", |reader| reader.condition()).unwrap();
        let slot = |expression: &Expression| expression.as_variable().unwrap().name().unwrap().slot;
        let (first, second) = (&condition.first, &condition.rest[0].1);
        assert_eq!(slot(&first.left), slot(&second.right.as_ref().unwrap().1));
        assert_eq!(slot(&first.right.as_ref().unwrap().1), slot(&second.left));
        assert_ne!(slot(&first.left), slot(&second.left));
    }
}
