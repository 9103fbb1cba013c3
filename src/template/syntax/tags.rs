//! The tags: which there are, and what each that is no block says.

use super::expression::Reader;
use super::habits;
use super::lexer::Sign;
use super::parse::is_line;
use super::scan::Segment;
use super::tree::{Cycle, Expression, Include, Loop, Name, NodeKind, Offset, Render, Subject};
use crate::error::{Code, suggest};
use crate::template::{Dialect, Problem};
use std::fmt::Write as _;
use std::ops::Range;

/// Every tag that opens or is something.
const TAGS: &[&str] = &[
    "assign",
    "assistant",
    "break",
    "capture",
    "case",
    "comment",
    "continue",
    "cycle",
    "decrement",
    "doc",
    "echo",
    "for",
    "history",
    "if",
    "ifchanged",
    "increment",
    "liquid",
    "raw",
    "render",
    "system",
    "tablerow",
    "unless",
    "user",
];

/// The tags that are closed by an end tag.
pub(super) const BLOCKS: &[&str] =
    &["assistant", "capture", "case", "for", "if", "ifchanged", "system", "tablerow", "unless", "user"];

/// The tags that Liquid does not have.
const OF_PROMPTS: &[&str] = &["assistant", "history", "system", "user"];

/// Returns whether there is such a tag.
pub(super) fn is_known(name: &str, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Prompt => TAGS.contains(&name),
        Dialect::Lax => name == "include" || TAGS.contains(&name) && !OF_PROMPTS.contains(&name),
    }
}

/// Returns whether a tag of that name opens a block.
pub(super) fn opens_block(name: &str, dialect: Dialect) -> bool {
    BLOCKS.contains(&name) && is_known(name, dialect)
}

/// Returns the problem that there is no tag called `name`, or none that could stand alone.
pub(super) fn unknown(tag: &Segment, name: &str, dialect: Dialect) -> Problem {
    let place = tag.inner.start..tag.inner.start + name.len();
    let error = |code, message: String| Problem::error(code, place.clone(), message);
    match name {
        "" => return Problem::syntax(tag.span.clone(), "a tag begins with its name").label("no name"),
        "include" => {
            return error(Code::A0303, "`include` is refused: a partial sees only what it is given".into())
                .hint("use `render`");
        }
        "tool" | "developer" | "endtool" | "enddeveloper" if dialect == Dialect::Prompt => {
            return error(Code::A0305, format!("`{name}` is reserved: a later edition may give it a meaning"));
        }
        _ => {}
    }
    let problem = Problem { code: Code::A0303, ..Problem::syntax(place.clone(), format!("there is no tag `{name}`")) }
        .label("unknown tag");
    if let Some(hint) = habits::of_tag(name) {
        return problem.hint(hint);
    }
    match suggest(name, TAGS.iter().copied().filter(|known| is_known(known, dialect))) {
        Some(known) => problem.hint(format!("did you mean `{known}`?")),
        None => problem,
    }
}

/// Returns what a tag that is no block says; nothing for one that says nothing.
pub(super) fn simple(tag: &Segment, name: &str, reader: &mut Reader<'_, '_>) -> Result<Option<NodeKind>, Problem> {
    let kind = match name {
        // As in Liquid, an `echo` of nothing prints nothing.
        "echo" if reader.is_done() => return Ok(None),
        "echo" => NodeKind::Output(reader.chain()?),
        "assign" => {
            let name = reader.name("the name of a variable")?;
            reader.sign(Sign::Assign)?;
            NodeKind::Assign { name, value: Box::new(reader.chain()?) }
        }
        "break" => NodeKind::Break,
        "continue" => NodeKind::Continue,
        "increment" => NodeKind::Increment(reader.name("the name of a counter")?),
        "decrement" => NodeKind::Decrement(reader.name("the name of a counter")?),
        "cycle" => NodeKind::Cycle(Box::new(cycle(tag, reader)?)),
        "render" => NodeKind::Render(Box::new(render(reader)?)),
        "include" => NodeKind::Include(Box::new(include(reader)?)),
        "history" => history(reader)?,
        // What `raw`, `comment` and `doc` hold are no lines of a `liquid` tag.
        _ => {
            debug_assert!(is_line(tag), "elsewhere these are found before the tree is made");
            let message = format!("`{name}` cannot stand inside `liquid`");
            return Err(Problem::error(Code::A0302, tag.span.clone(), message));
        }
    };
    reader.done("the end of the tag")?;
    Ok(Some(kind))
}

fn cycle(tag: &Segment, reader: &mut Reader<'_, '_>) -> Result<Cycle, Problem> {
    let mut values = vec![reader.expression()?];
    let mut group = None;
    if reader.take_sign(Sign::Colon)? {
        group = values.pop();
        values.push(reader.expression()?);
    }
    while reader.take_sign(Sign::Comma)? {
        if reader.is_done() {
            break;
        }
        values.push(reader.expression()?);
    }
    // A cycle of literals goes on wherever the same literals stand; one with variables is its own.
    let mut key = String::new();
    let is_literal = |value: &Expression| matches!(value, Expression::Literal(_));
    for value in &values {
        let _ = write!(key, "{value:?}, "); // Writing to a string cannot fail.
    }
    if !values.iter().all(is_literal) {
        key = tag.span.start.to_string();
    }
    Ok(Cycle { group, values, key: key.into() })
}

fn render(reader: &mut Reader<'_, '_>) -> Result<Render, Problem> {
    let (name, place) = reader.text("the name of a prompt in quotes")?;
    let mut render = Render { name: name.into(), place, arguments: Vec::new(), subject: None };
    let each = reader.take_word("for")?;
    if each || reader.take_word("with")? {
        let value = reader.expression()?;
        let alias = match reader.take_word("as")? {
            true => reader.name("a name")?.text,
            false => render.name.rsplit('/').next().unwrap_or_default().into(),
        };
        render.subject = Some(Subject { value, alias, each });
    }
    arguments(reader, &mut render.arguments)?;
    Ok(render)
}

/// Takes `name: value` as often as it stands here, with commas or without.
fn arguments(reader: &mut Reader<'_, '_>, arguments: &mut Vec<(Name, Expression)>) -> Result<(), Problem> {
    while !reader.is_done() {
        if reader.take_sign(Sign::Comma)? {
            continue;
        }
        match reader.take_key()? {
            Some(key) => arguments.push((key, reader.expression()?)),
            None => return Err(reader.expected("an argument such as `name: value`")),
        }
    }
    Ok(())
}

fn include(reader: &mut Reader<'_, '_>) -> Result<Include, Problem> {
    let name = reader.expression()?;
    let mut include = Include { name, arguments: Vec::new(), subject: None, alias: None };
    if reader.take_word("with")? || reader.take_word("for")? {
        include.subject = Some(reader.expression()?);
        if reader.take_word("as")? {
            include.alias = Some(reader.name("a name")?);
        }
    }
    arguments(reader, &mut include.arguments)?;
    Ok(include)
}

fn history(reader: &mut Reader<'_, '_>) -> Result<NodeKind, Problem> {
    let parameter = reader.name("the name of a parameter")?;
    let mut last = None;
    reader.take_sign(Sign::Comma)?;
    if !reader.is_done() {
        match reader.take_key()? {
            Some(key) if key.as_str() == "last" => last = Some(Box::new(reader.expression()?)),
            Some(key) => {
                return Err(Problem::syntax(key.span, format!("`history` has no argument `{}`", key.text)));
            }
            None => return Err(reader.expected("`last:`")),
        }
    }
    Ok(NodeKind::History { parameter, last })
}

/// Returns a loop without its body, and where what it loops over stands.
pub(super) fn loop_head(reader: &mut Reader<'_, '_>, tag: &str) -> Result<(Loop, Range<usize>), Problem> {
    let variable = reader.name("the name of a variable")?;
    if !reader.take_word("in")? {
        return Err(reader.expected("`in`"));
    }
    let start = reader.place().start;
    let over = reader.expression()?;
    let written = start..reader.end_of_last();
    let mut head = Loop {
        variable,
        over,
        name: Box::default(),
        reversed: false,
        limit: None,
        offset: None,
        columns: None,
        body: Vec::new(),
        otherwise: Vec::new(),
        state: 0,
    };
    while !reader.is_done() {
        if reader.take_sign(Sign::Comma)? {
            continue;
        }
        if tag == "for" && reader.take_word("reversed")? {
            head.reversed = true;
            continue;
        }
        let Some(key) = reader.take_key()? else { return Err(reader.expected("an argument of the loop")) };
        match key.as_str() {
            "limit" => head.limit = Some(reader.expression()?),
            "offset" if reader.take_word("continue")? => head.offset = Some(Offset::Continue),
            "offset" => head.offset = Some(Offset::At(reader.expression()?)),
            "cols" if tag == "tablerow" => head.columns = Some(reader.expression()?),
            other => return Err(Problem::syntax(key.span.clone(), format!("`{tag}` has no argument `{other}`"))),
        }
    }
    Ok((head, written))
}
