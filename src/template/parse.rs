//! Makes the syntax tree out of segments.
//!
//! A mistake in one tag does not hide those in the next: the parser notes it and goes on, with
//! nothing in the tag's place.

use super::expression::{Condition, Expression, Tokens};
use super::problem::MAX_PROBLEMS;
use super::scan::{Kind, Segment, trimmed};
use super::tree::{For, Guard, Node, Offset, Render, Subject, What};
use super::{Problem, Role};
use crate::error::{Code, suggest};

/// How deep blocks may be nested in each other: parsing and rendering recurse that far.
const MAX_NESTING: usize = 100;

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
const BLOCKS: &[&str] =
    &["assistant", "capture", "case", "for", "if", "ifchanged", "system", "tablerow", "unless", "user"];

/// Makes the tree of `source`, cut into `segments`.
pub(super) fn parse(source: &str, segments: &[Segment], problems: &mut Vec<Problem>) -> Vec<Node> {
    let mut parser = Parser { source, segments, at: 0, depth: 0, is_cut: false, problems };
    let (nodes, _) = parser.nodes(None, &[]);
    nodes
}

struct Parser<'s> {
    source: &'s str,
    segments: &'s [Segment],
    at: usize,
    depth: usize,
    /// Whether the rest was not read, as it is nested too deep.
    is_cut: bool,
    problems: &'s mut Vec<Problem>,
}

/// What is between an opening tag and its end, or the next `else`, `elsif` or `when`.
type Body = (Vec<Node>, Option<Segment>);

impl Parser<'_> {
    /// Returns the nodes up to the tag that ends `block`, or up to one of `also`, and that tag.
    /// There is none when the source ends first, which is a problem unless there is no block.
    fn nodes(&mut self, block: Option<&Segment>, also: &[&str]) -> Body {
        if self.depth == MAX_NESTING {
            let span = block.map_or(0..0, |block| block.span.clone());
            let message = format!("blocks are nested deeper than {MAX_NESTING} levels");
            self.problems.push(Problem::error(Code::A0306, span, message));
            self.at = self.segments.len();
            self.is_cut = true;
            return (Vec::new(), None);
        }
        self.depth += 1;
        let body = self.nodes_below(block, also);
        self.depth -= 1;
        body
    }

    fn nodes_below(&mut self, block: Option<&Segment>, also: &[&str]) -> Body {
        let mut nodes = Vec::new();
        let opened = block.and_then(|block| block.tag_name(self.source));
        while let Some(segment) = self.segments.get(self.at).filter(|_| self.problems.len() < MAX_PROBLEMS) {
            // A block of a `liquid` tag ends in it.
            if segment.kind == Kind::LiquidClose {
                break;
            }
            self.at += 1;
            let name = segment.tag_name(self.source);
            if let Some(name) =
                name.filter(|name| also.contains(name) || opened.is_some() && name.strip_prefix("end") == opened)
            {
                if name.starts_with("end") {
                    self.note_arguments(segment);
                }
                return (nodes, Some(segment.clone()));
            }
            match self.node(segment, opened) {
                Ok(Some(what)) => nodes.push(Node { span: segment.span.clone(), what }),
                Ok(None) => {}
                Err(problem) => self.problems.push(problem),
            }
        }
        // Past the limits the rest was not read, so that its absence means nothing.
        let is_read = !self.is_cut && self.problems.len() < MAX_PROBLEMS;
        if let Some((block, name)) = block.zip(opened).filter(|_| is_read) {
            self.problems.push(
                Problem::error(Code::A0304, block.span.clone(), format!("`{name}` is never closed"))
                    .label("opened here")
                    .hint(format!("close it with `{{% end{name} %}}`")),
            );
        }
        (nodes, None)
    }

    /// Returns the node that begins with `segment`, or nothing for what leaves none.
    fn node(&mut self, segment: &Segment, opened: Option<&str>) -> Result<Option<What>, Problem> {
        let source = self.source;
        match segment.kind {
            Kind::Dead | Kind::LiquidClose => Ok(None),
            Kind::Text | Kind::Raw => {
                let text = &source[segment.inner.clone()];
                Ok((!text.is_empty()).then(|| What::Text(text.to_owned())))
            }
            Kind::Output => {
                let mut tokens = Tokens::of(source, segment.inner.clone())?;
                let chain = tokens.chain()?;
                if !tokens.is_done() {
                    return Err(tokens.expected("`|` or `}}`"));
                }
                Ok(Some(What::Output(chain)))
            }
            Kind::LiquidOpen => {
                let (nodes, _) = self.nodes(None, &[]);
                self.at += 1;
                Ok(Some(What::Group(nodes)))
            }
            Kind::Tag => self.tag(segment, opened),
        }
    }

    fn tag(&mut self, tag: &Segment, opened: Option<&str>) -> Result<Option<What>, Problem> {
        let name = tag.tag_name(self.source).unwrap_or_default();
        match name {
            "#" => return self.inline_comment(tag),
            "raw" | "endraw" | "comment" | "endcomment" | "doc" | "enddoc" if !self.in_liquid(tag) => {
                return Ok(None);
            }
            _ if !BLOCKS.contains(&name) && !TAGS.contains(&name) => return Err(self.unknown_tag(tag, name, opened)),
            _ => {}
        }
        // A block is read to its end also where its opening tag is wrong, or everything behind it
        // would be wrong too.
        let tokens = Tokens::of(self.source, tag.arguments(self.source));
        if BLOCKS.contains(&name) {
            self.block(tag, name, tokens).map(Some)
        } else {
            simple_tag(tag, name, tokens?).map(Some)
        }
    }

    /// Returns whether `tag` is a line of a `liquid` tag.
    fn in_liquid(&self, tag: &Segment) -> bool {
        tag.span == tag.inner
    }

    fn inline_comment(&self, tag: &Segment) -> Result<Option<What>, Problem> {
        let comment = &self.source[tag.inner.clone()];
        if comment.lines().all(|line| line.trim_start().starts_with('#') || line.trim().is_empty()) {
            return Ok(None);
        }
        Err(Problem::syntax(tag.inner.clone(), "each line of an inline comment begins with `#`"))
    }

    fn unknown_tag(&self, tag: &Segment, name: &str, opened: Option<&str>) -> Problem {
        let place = tag.inner.start..tag.inner.start + name.len();
        let error = |code, message: String| Problem::error(code, place.clone(), message);
        match name {
            "" => Problem::syntax(tag.span.clone(), "a tag begins with its name").label("no name"),
            "include" => error(Code::A0303, "`include` is refused: a partial sees only what it is given".into())
                .hint("use `render`"),
            "tool" | "developer" | "endtool" | "enddeveloper" => {
                error(Code::A0305, format!("`{name}` is reserved: a later edition may give it a meaning"))
            }
            "else" | "elsif" | "when" => error(Code::A0304, format!("`{name}` belongs to no open block")),
            _ => match name.strip_prefix("end").filter(|block| BLOCKS.contains(block)) {
                Some(block) => {
                    let problem = error(Code::A0304, format!("`{name}` closes nothing: no `{block}` is open here"));
                    match opened {
                        Some(opened) => problem.hint(format!("the block that is open is `{opened}`")),
                        None => problem,
                    }
                }
                None => {
                    let problem = Problem {
                        code: Code::A0303,
                        ..Problem::syntax(place.clone(), format!("there is no tag `{name}`"))
                    }
                    .label("unknown tag");
                    match suggest(name, TAGS.iter().copied()) {
                        Some(known) => problem.hint(format!("did you mean `{known}`?")),
                        None => problem,
                    }
                }
            },
        }
    }

    fn block(&mut self, tag: &Segment, name: &str, tokens: Result<Tokens, Problem>) -> Result<What, Problem> {
        match name {
            "if" => self.branches(tag, tokens, Guard::If),
            "unless" => self.branches(tag, tokens, Guard::Unless),
            "case" => self.case(tag, tokens),
            "for" | "tablerow" => self.for_block(tag, name, tokens),
            "capture" => {
                let (body, _) = self.nodes(Some(tag), &[]);
                let mut tokens = tokens?;
                // Shopify takes a quoted name too.
                let name = match tokens.text("a name") {
                    Ok((name, _)) => name,
                    Err(_) => tokens.name("the name of a variable")?.0,
                };
                tokens.done()?;
                Ok(What::Capture { name, body })
            }
            "ifchanged" => {
                self.note_arguments(tag);
                let (body, _) = self.nodes(Some(tag), &[]);
                Ok(What::IfChanged(body))
            }
            _ => {
                let role = Role::parse(name).unwrap_or(Role::User);
                if !tag.arguments(self.source).is_empty() {
                    let place = trimmed(self.source, tag.arguments(self.source));
                    let message =
                        format!("arguments of `{name}` are reserved: a later edition may give them a meaning");
                    self.problems.push(Problem::error(Code::A0305, place, message).label("takes nothing"));
                }
                let (body, _) = self.nodes(Some(tag), &[]);
                Ok(What::Role { role, body })
            }
        }
    }

    fn branches(
        &mut self,
        tag: &Segment,
        tokens: Result<Tokens, Problem>,
        guard: impl Fn(Condition) -> Guard,
    ) -> Result<What, Problem> {
        let mut branches = Vec::new();
        let mut next = self.guard(tokens, guard);
        loop {
            let is_last = matches!(next, Some(Guard::Else));
            let (body, end) = self.nodes(Some(tag), if is_last { &[] } else { &["elsif", "else"] });
            branches.extend(next.map(|guard| (guard, body)));
            let Some(end) = end else { break };
            next = match end.tag_name(self.source) {
                Some("elsif") => self.guard(Tokens::of(self.source, end.arguments(self.source)), Guard::If),
                Some("else") => {
                    self.note_arguments(&end);
                    Some(Guard::Else)
                }
                _ => break,
            };
        }
        Ok(What::If(branches))
    }

    /// Returns the guard that `tokens` say; notes the problem where they say none.
    fn guard(&mut self, tokens: Result<Tokens, Problem>, guard: impl Fn(Condition) -> Guard) -> Option<Guard> {
        let read = |mut tokens: Tokens| {
            let condition = tokens.condition()?;
            tokens.done()?;
            Ok(condition)
        };
        match tokens.and_then(read) {
            Ok(condition) => Some(guard(condition)),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    fn case(&mut self, tag: &Segment, tokens: Result<Tokens, Problem>) -> Result<What, Problem> {
        let mut arms = Vec::new();
        let (before, mut end) = self.nodes(Some(tag), &["when", "else"]);
        let stray = before.iter().find(|node| !matches!(&node.what, What::Text(text) if text.trim().is_empty()));
        if let Some(stray) = stray {
            let message = "nothing may stand between `case` and its first `when`";
            self.problems.push(Problem::error(Code::A0302, stray.span.clone(), message));
        }
        while let Some(at) = end {
            let values = match at.tag_name(self.source) {
                Some("when") => match self.when(&at) {
                    Ok(values) => Some(values),
                    Err(problem) => {
                        self.problems.push(problem);
                        Some(Vec::new())
                    }
                },
                Some("else") => {
                    self.note_arguments(&at);
                    None
                }
                _ => break,
            };
            let (body, next) = self.nodes(Some(tag), &["when", "else"]);
            arms.push((values, body));
            end = next;
        }
        let mut tokens = tokens?;
        let subject = tokens.expression()?;
        tokens.done()?;
        Ok(What::Case { subject, arms })
    }

    fn when(&self, tag: &Segment) -> Result<Vec<Expression>, Problem> {
        let mut tokens = Tokens::of(self.source, tag.arguments(self.source))?;
        let mut values = vec![tokens.expression()?];
        while tokens.take_sign(",") || tokens.take_word("or") {
            values.push(tokens.expression()?);
        }
        tokens.done()?;
        Ok(values)
    }

    fn for_block(&mut self, tag: &Segment, name: &str, tokens: Result<Tokens, Problem>) -> Result<What, Problem> {
        let (body, end) = self.nodes(Some(tag), if name == "for" { &["else"] } else { &[] });
        let mut otherwise = Vec::new();
        if let Some(end) = end.filter(|end| end.tag_name(self.source) == Some("else")) {
            self.note_arguments(&end);
            otherwise = self.nodes(Some(tag), &[]).0;
        }
        let mut head = self.for_head(tokens?, name)?;
        head.body = body;
        head.otherwise = otherwise;
        Ok(if name == "for" { What::For(Box::new(head)) } else { What::TableRow(Box::new(head)) })
    }

    /// Returns a loop without its body.
    fn for_head(&self, mut tokens: Tokens, tag: &str) -> Result<For, Problem> {
        let (variable, _) = tokens.name("the name of a variable")?;
        if !tokens.take_word("in") {
            return Err(tokens.expected("`in`"));
        }
        let place = tokens.place();
        let over = tokens.expression()?;
        let written = self.source[place.start..tokens.place().start].trim();
        let name = format!("{variable}-{}", written.trim_end_matches(',').trim_end());
        let mut head = For {
            variable,
            over,
            name,
            reversed: false,
            limit: None,
            offset: None,
            columns: None,
            body: Vec::new(),
            otherwise: Vec::new(),
        };
        while !tokens.is_done() {
            if tokens.take_sign(",") {
                continue;
            }
            if tag == "for" && tokens.take_word("reversed") {
                head.reversed = true;
                continue;
            }
            let place = tokens.place();
            match tokens.take_key().as_deref() {
                Some("limit") => head.limit = Some(tokens.expression()?),
                Some("offset") if tokens.take_word("continue") => head.offset = Some(Offset::Continue),
                Some("offset") => head.offset = Some(Offset::At(tokens.expression()?)),
                Some("cols") if tag == "tablerow" => head.columns = Some(tokens.expression()?),
                Some(key) => {
                    return Err(Problem::syntax(place, format!("`{tag}` has no argument `{key}`")));
                }
                None => return Err(tokens.expected("an argument of the loop")),
            }
        }
        Ok(head)
    }

    /// Notes that `tag` has arguments, which it may not.
    fn note_arguments(&mut self, tag: &Segment) {
        let place = trimmed(self.source, tag.arguments(self.source));
        if !place.is_empty() {
            let name = tag.tag_name(self.source).unwrap_or_default();
            self.problems.push(Problem::syntax(place, format!("`{name}` takes no arguments")).label("not expected"));
        }
    }
}

/// Returns what a tag that is no block says.
fn simple_tag(tag: &Segment, name: &str, mut tokens: Tokens) -> Result<What, Problem> {
    let what = match name {
        "echo" => What::Output(tokens.chain()?),
        "assign" => {
            let (name, _) = tokens.name("the name of a variable")?;
            tokens.sign("=")?;
            What::Assign { name, value: tokens.chain()? }
        }
        "break" => What::Break,
        "continue" => What::Continue,
        "increment" => What::Increment(tokens.name("the name of a counter")?.0),
        "decrement" => What::Decrement(tokens.name("the name of a counter")?.0),
        "cycle" => cycle(&mut tokens)?,
        "render" => What::Render(Box::new(render(&mut tokens)?)),
        "history" => history(&mut tokens)?,
        // `raw`, `comment`, `doc` and `liquid` as a line of `liquid`.
        _ => {
            return Err(Problem::error(
                Code::A0302,
                tag.span.clone(),
                format!("`{name}` cannot stand inside `liquid`"),
            ));
        }
    };
    tokens.done()?;
    Ok(what)
}

fn cycle(tokens: &mut Tokens) -> Result<What, Problem> {
    let mut values = vec![tokens.expression()?];
    let mut group = None;
    if tokens.take_sign(":") {
        group = values.pop();
        values.push(tokens.expression()?);
    }
    while tokens.take_sign(",") {
        values.push(tokens.expression()?);
    }
    let key = format!("{values:?}");
    Ok(What::Cycle { group, values, key })
}

fn render(tokens: &mut Tokens) -> Result<Render, Problem> {
    let (name, place) = tokens.text("the name of a prompt in quotes")?;
    let mut render = Render { name, place, arguments: Vec::new(), subject: None };
    let each = tokens.take_word("for");
    if each || tokens.take_word("with") {
        let value = tokens.expression()?;
        let alias = match tokens.take_word("as") {
            true => tokens.name("a name")?.0,
            false => render.name.rsplit('/').next().unwrap_or_default().to_owned(),
        };
        render.subject = Some(Subject { value, alias, each });
    }
    while !tokens.is_done() {
        if tokens.take_sign(",") {
            continue;
        }
        match tokens.take_key() {
            Some(key) => render.arguments.push((key, tokens.expression()?)),
            None => return Err(tokens.expected("an argument such as `name: value`")),
        }
    }
    Ok(render)
}

fn history(tokens: &mut Tokens) -> Result<What, Problem> {
    let (parameter, place) = tokens.name("the name of a parameter")?;
    let mut last = None;
    tokens.take_sign(",");
    if !tokens.is_done() {
        let key_place = tokens.place();
        match tokens.take_key().as_deref() {
            Some("last") => last = Some(tokens.expression()?),
            Some(key) => return Err(Problem::syntax(key_place, format!("`history` has no argument `{key}`"))),
            None => return Err(tokens.expected("`last:`")),
        }
    }
    Ok(What::History { parameter, place, last })
}

#[cfg(test)]
mod tests {
    use super::super::scan::scan;
    use super::*;

    fn problems(source: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let segments = scan(source, &mut problems);
        parse(source, &segments, &mut problems);
        problems
    }

    fn codes(source: &str) -> Vec<(Code, &str)> {
        problems(source).into_iter().map(|problem| (problem.code, &source[problem.span])).collect()
    }

    #[test]
    fn every_mistake_is_found_at_its_place() {
        assert_eq!(
            codes("{{ a b }}{% iff x %}{% if %}{% endif %}{% endfor %}{{ 'a' | shout }}{% user %}"),
            [
                (Code::A0302, "b"),
                (Code::A0303, "iff"),
                (Code::A0302, ""),
                (Code::A0304, "endfor"),
                (Code::A0303, "shout"),
                (Code::A0304, "{% user %}"),
            ]
        );
    }

    #[test]
    fn what_is_refused_or_reserved_says_so() {
        assert_eq!(codes("{% include 'a' %}"), [(Code::A0303, "include")]);
        assert_eq!(codes("{% tool %}a{% endtool %}"), [(Code::A0305, "tool"), (Code::A0305, "endtool")]);
        assert_eq!(codes("{% user name: 'x' %}a{% enduser %}"), [(Code::A0305, "name: 'x'")]);
        assert_eq!(codes("{% render name %}"), [(Code::A0302, "name")]);
    }

    #[test]
    fn a_block_of_a_liquid_tag_ends_in_it() {
        assert_eq!(codes("{% liquid\n if x\n echo x\n endif %}"), []);
        assert_eq!(codes("{% liquid\n if x %}{% endif %}"), [(Code::A0304, "if x"), (Code::A0304, "endif")]);
    }

    #[test]
    fn nesting_is_bounded_and_so_is_the_number_of_problems() {
        for end in ["", "{% endif %}"] {
            let deep = "{% if x %}".repeat(50_000) + &end.repeat(50_000);
            let found: Vec<Code> = problems(&deep).iter().map(|problem| problem.code).collect();
            assert_eq!(found, [Code::A0306], "what was not read is no further problem");
        }
        assert!(problems(&"{{ ! }}".repeat(1_000)).len() <= MAX_PROBLEMS);
        let deep = "{% if x %}".repeat(99) + &"{% endif %}".repeat(99);
        assert_eq!(problems(&deep), []);
    }
}
