//! Renders a tree.
//!
//! Text goes to a [`Sink`]. A role block has a sink of its own, and what it holds in the end becomes
//! one message: nothing that is printed is ever read again. The sink of message level keeps nothing.
//!
//! Rendering ends: work is counted and bounded, so are the depth, every text and the output.

use super::expression::{Chain, Expression};
use super::filters::{self, MAX_TEXT};
use super::tree::{For, Guard, Node, Offset, Render, What};
use super::value::{Loop, Value};
use super::{Output, Partial, Partials, RenderError, Role, Template, Values};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// How deep partials may render each other, the root being 1.
const MAX_PARTIALS: usize = 16;

/// How deep blocks may be nested across all partials. It keeps the recursion within the 2 MiB that
/// threads have by default.
const MAX_DEPTH: usize = 200;

/// The work that one rendering may do: a node is 1, a text counts by its length. Millions of nodes
/// render within seconds, and no prompt comes near.
const MAX_WORK: usize = 10_000_000;

/// The most partials that are looked through to find whether one has roles.
const MAX_LOOKS: usize = 10_000;

pub(super) type Rendered<T> = Result<T, RenderError>;

/// Renders `template` with `values`.
pub(super) fn render(template: &Template, values: &Values, partials: &dyn Partials) -> Rendered<Output> {
    let mut run = Run::default();
    let is_chat = run.is_chat(template, partials)?;
    let mut sink = Sink::new(if is_chat { Level::Messages } else { Level::Text });
    let mut frame = Frame::new(template, values, partials, 1)?;
    frame.template(&mut run, &mut sink)?;
    Ok(if is_chat { Output::Messages(run.messages) } else { Output::Text(sink.finish()) })
}

/// Returns the error that something failed at `span`.
pub(super) fn failure<T>(span: &Range<usize>, message: impl Into<String>) -> Rendered<T> {
    Err(RenderError { message: message.into(), span: Some(span.clone()), partial: None })
}

/// Returns an error in words as one at a place that whoever calls knows.
pub(super) fn somewhere(message: impl Into<String>) -> RenderError {
    RenderError { message: message.into(), span: None, partial: None }
}

/// Whether what is printed is text or stands between messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Messages,
    Text,
}

/// Where text goes.
struct Sink {
    level: Level,
    text: String,
    /// Everything from here on is text of the template itself, and not of a value or a partial.
    own_from: usize,
}

impl Sink {
    fn new(level: Level) -> Sink {
        Sink { level, text: String::new(), own_from: 0 }
    }

    /// Adds text of the template.
    fn own(&mut self, text: &str) -> Rendered<()> {
        if self.level == Level::Text {
            if self.text.len() + text.len() > MAX_TEXT {
                return Err(somewhere(format!("the output is longer than {} MiB", MAX_TEXT / 1024 / 1024)));
            }
            self.text.push_str(text);
        }
        Ok(())
    }

    /// Adds text of a value or a partial.
    fn foreign(&mut self, text: &str) -> Rendered<()> {
        self.own(text)?;
        if !text.is_empty() {
            self.own_from = self.text.len();
        }
        Ok(())
    }

    /// Returns the text, without a last newline of the template's own and the blanks behind it.
    fn finish(mut self) -> String {
        let own = &self.text[self.own_from..];
        if let Some(kept) = own.trim_end_matches([' ', '\t']).strip_suffix('\n') {
            self.text.truncate(self.own_from + kept.len());
        }
        self.text
    }
}

/// How rendering goes on after a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    On,
    Break,
    Continue,
}

/// What a rendering has done so far, over all its partials.
#[derive(Default)]
pub(super) struct Run {
    messages: Vec<Map<String, Json>>,
    /// The bytes of the messages that were rendered.
    message_bytes: usize,
    work: usize,
    depth: usize,
    looks: usize,
    /// Which partials make messages, by the address of their template. They are kept, so that no
    /// other template can come to stand there.
    chats: HashMap<usize, (bool, Arc<dyn Partial>)>,
}

impl Run {
    /// Counts work.
    pub(super) fn work(&mut self, amount: usize) -> Rendered<()> {
        self.work = self.work.saturating_add(amount);
        if self.work > MAX_WORK { Err(somewhere("the template does too much work")) } else { Ok(()) }
    }

    /// Returns whether `template`, or a partial that it renders in any branch, makes messages.
    fn is_chat(&mut self, template: &Template, partials: &dyn Partials) -> Rendered<bool> {
        self.is_chat_below(template, partials, 1)
    }

    fn is_chat_below(&mut self, template: &Template, partials: &dyn Partials, depth: usize) -> Rendered<bool> {
        if template.is_chat() {
            return Ok(true);
        }
        if depth > MAX_PARTIALS {
            return Err(somewhere(format!("partials are nested deeper than {MAX_PARTIALS} levels")));
        }
        let names: BTreeSet<&str> = template.partials().iter().map(|partial| partial.name.as_str()).collect();
        for name in names {
            self.looks += 1;
            if self.looks > MAX_LOOKS {
                return Err(somewhere("the template renders too many partials"));
            }
            // One that is not there fails where it is rendered, if it is.
            let Ok(partial) = partials.find(name) else { continue };
            if self.makes_messages(&partial, depth)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns whether `partial`, rendered at `depth`, makes messages.
    fn makes_messages(&mut self, partial: &Arc<dyn Partial>, depth: usize) -> Rendered<bool> {
        let address = std::ptr::from_ref(partial.template()).addr();
        if let Some((known, _)) = self.chats.get(&address) {
            return Ok(*known);
        }
        let is_chat = self.is_chat_below(partial.template(), partial.partials(), depth + 1)?;
        self.chats.insert(address, (is_chat, partial.clone()));
        Ok(is_chat)
    }
}

/// One template being rendered: what its names mean.
pub(super) struct Frame<'a> {
    template: &'a Template,
    given: &'a Values,
    partials: &'a dyn Partials,
    parameters: HashMap<&'a str, Value>,
    assigned: HashMap<String, Value>,
    /// The variables of the loops around, the innermost last.
    scopes: Vec<(String, Value)>,
    counters: HashMap<String, i64>,
    cycles: HashMap<String, usize>,
    /// What an `ifchanged` gave last; all of a template share it, as in Liquid.
    changed: Option<String>,
    /// Where the loops of each name ended, for `offset: continue`.
    ends: HashMap<String, usize>,
    /// How deep the template stands among the partials.
    level: usize,
}

impl<'a> Frame<'a> {
    fn new(template: &'a Template, given: &'a Values, partials: &'a dyn Partials, level: usize) -> Rendered<Frame<'a>> {
        let read = |(name, json): (&'a String, &Json)| {
            let value = Value::from_json(json).map_err(|error| somewhere(format!("`{name}`: {error}")))?;
            Ok((name.as_str(), value))
        };
        Ok(Frame {
            template,
            given,
            partials,
            parameters: given.iter().map(read).collect::<Rendered<_>>()?,
            assigned: HashMap::new(),
            scopes: Vec::new(),
            counters: HashMap::new(),
            cycles: HashMap::new(),
            changed: None,
            ends: HashMap::new(),
            level,
        })
    }

    /// Returns what a name means here.
    pub(super) fn lookup(&self, name: &str) -> Option<Value> {
        let in_scope = self.scopes.iter().rev().find(|(it, _)| it == name).map(|(_, value)| value);
        in_scope
            .or_else(|| self.assigned.get(name))
            .or_else(|| self.parameters.get(name))
            .cloned()
            .or_else(|| self.counters.get(name).map(|counter| Value::Int(*counter)))
    }

    /// Renders the whole template. A `break` outside any loop ends it.
    fn template(&mut self, run: &mut Run, sink: &mut Sink) -> Rendered<()> {
        if let Some(problem) = self.template.printed.first().filter(|_| sink.level == Level::Messages) {
            return failure(&problem.span, problem.message.clone());
        }
        let template = self.template;
        self.nodes(&template.nodes, run, sink)?;
        Ok(())
    }

    fn nodes(&mut self, nodes: &[Node], run: &mut Run, sink: &mut Sink) -> Rendered<Next> {
        run.depth += 1;
        if run.depth > MAX_DEPTH {
            return Err(somewhere(format!("blocks are nested deeper than {MAX_DEPTH} levels over all partials")));
        }
        for node in nodes {
            run.work(1)?;
            let next = self.node(node, run, sink).map_err(|error| RenderError {
                span: error.span.or_else(|| Some(node.span.clone()).filter(|_| error.partial.is_none())),
                ..error
            })?;
            if next != Next::On {
                run.depth -= 1;
                return Ok(next);
            }
        }
        run.depth -= 1;
        Ok(Next::On)
    }

    /// Renders one node. What needs room on the stack is in functions of its own: nodes recurse.
    fn node(&mut self, node: &Node, run: &mut Run, sink: &mut Sink) -> Rendered<Next> {
        match &node.what {
            What::Text(text) => sink.own(text)?,
            What::Output(chain) => self.output(chain, run, sink)?,
            What::Assign { name, value } => {
                let value = self.chain(value, run)?;
                self.assigned.insert(name.clone(), value);
            }
            What::Capture { name, body } => return self.capture(name, body, run),
            What::If(branches) => return self.branches(branches, run, sink),
            What::Case { subject, arms } => return self.case(subject, arms, run, sink),
            What::For(head) => return self.for_loop(head, run, sink),
            What::TableRow(head) => return self.table_row(head, run, sink),
            What::Cycle { group, values, key } => self.cycle(group.as_ref(), values, key, sink)?,
            What::Increment(name) => {
                let counter = self.counters.entry(name.clone()).or_default();
                sink.foreign(&counter.to_string())?;
                *counter = counter.saturating_add(1);
            }
            What::Decrement(name) => {
                let counter = self.counters.entry(name.clone()).or_default();
                *counter = counter.saturating_sub(1);
                sink.foreign(&counter.to_string())?;
            }
            What::IfChanged(body) => return self.if_changed(body, run, sink),
            What::Break => return Ok(Next::Break),
            What::Continue => return Ok(Next::Continue),
            What::Render(render) => self.render(render, run, sink)?,
            What::Role { role, body } => self.message(*role, body, &node.span, run)?,
            What::History { parameter, place, last } => self.history(parameter, place, last.as_ref(), run)?,
            What::Group(nodes) => return self.nodes(nodes, run, sink),
        }
        Ok(Next::On)
    }

    fn output(&mut self, chain: &Chain, run: &mut Run, sink: &mut Sink) -> Rendered<()> {
        let text = self.chain(chain, run)?.print().map_err(|error| match &chain.head {
            Expression::Variable(variable) if chain.filters.is_empty() => RenderError {
                message: format!("`{}`: {error}", variable.name),
                span: Some(variable.span.clone()),
                partial: None,
            },
            _ => somewhere(error),
        })?;
        run.work(text.len() / 16)?;
        sink.foreign(&text)
    }

    fn capture(&mut self, name: &str, body: &[Node], run: &mut Run) -> Rendered<Next> {
        let mut inner = Sink::new(Level::Text);
        let next = self.nodes(body, run, &mut inner)?;
        self.assigned.insert(name.to_owned(), inner.finish().into());
        Ok(next)
    }

    fn branches(&mut self, branches: &[(Guard, Vec<Node>)], run: &mut Run, sink: &mut Sink) -> Rendered<Next> {
        for (guard, body) in branches {
            let holds = match guard {
                Guard::If(condition) => self.condition(condition, run)?,
                Guard::Unless(condition) => !self.condition(condition, run)?,
                Guard::Else => true,
            };
            if holds {
                return self.nodes(body, run, sink);
            }
        }
        Ok(Next::On)
    }

    /// As in Liquid, every `when` that fits is rendered, and every `else` where none before it did.
    fn case(
        &mut self,
        subject: &Expression,
        arms: &[(Option<Vec<Expression>>, Vec<Node>)],
        run: &mut Run,
        sink: &mut Sink,
    ) -> Rendered<Next> {
        let subject = self.expression(subject)?;
        let mut found = false;
        for (values, body) in arms {
            let mut times = usize::from(values.is_none() && !found);
            for value in values.iter().flatten() {
                times += usize::from(self.expression(value)?.equals(&subject));
            }
            found |= values.is_some() && times > 0;
            for _ in 0..times {
                let next = self.nodes(body, run, sink)?;
                if next != Next::On {
                    return Ok(next);
                }
            }
        }
        Ok(Next::On)
    }

    fn for_loop(&mut self, head: &For, run: &mut Run, sink: &mut Sink) -> Rendered<Next> {
        let items = self.items(head, run)?;
        if items.is_empty() {
            return self.nodes(&head.otherwise, run, sink);
        }
        let parent = self.scopes.iter().rev().find_map(|(name, value)| match value {
            Value::Loop(parent) if name == "forloop" => Some(parent.clone()),
            _ => None,
        });
        for (index0, item) in items.iter().enumerate() {
            let (name, length, parent) = (head.name.clone(), items.len(), parent.clone());
            let state = Loop { name, index0, length, columns: None, parent };
            match self.iteration(head, ("forloop", state, item), run, sink)? {
                Next::Break => break,
                Next::On | Next::Continue => {}
            }
        }
        Ok(Next::On)
    }

    /// Renders the body of a loop once.
    fn iteration(
        &mut self,
        head: &For,
        (state_name, state, item): (&str, Loop, &Value),
        run: &mut Run,
        sink: &mut Sink,
    ) -> Rendered<Next> {
        run.work(1)?;
        self.scopes.push((state_name.to_owned(), Value::Loop(Arc::new(state))));
        self.scopes.push((head.variable.clone(), item.clone()));
        let next = self.nodes(&head.body, run, sink);
        self.scopes.truncate(self.scopes.len() - 2);
        next
    }

    fn table_row(&mut self, head: &For, run: &mut Run, sink: &mut Sink) -> Rendered<Next> {
        let items = self.items(head, run)?;
        let columns = match &head.columns {
            Some(columns) => self.count(columns, "cols")?.max(1),
            None => items.len().max(1),
        };
        sink.foreign("<tr class=\"row1\">\n")?;
        for (index0, item) in items.iter().enumerate() {
            sink.foreign(&format!("<td class=\"col{}\">", index0 % columns + 1))?;
            let state =
                Loop { name: head.name.clone(), index0, length: items.len(), columns: Some(columns), parent: None };
            let next = self.iteration(head, ("tablerowloop", state, item), run, sink)?;
            sink.foreign("</td>")?;
            if next == Next::Break {
                break;
            }
            if (index0 + 1) % columns == 0 && index0 + 1 < items.len() {
                sink.foreign(&format!("</tr>\n<tr class=\"row{}\">", index0 / columns + 2))?;
            }
        }
        sink.foreign("</tr>\n")?;
        Ok(Next::On)
    }

    /// Returns the items that a loop goes over.
    fn items(&mut self, head: &For, run: &mut Run) -> Rendered<Vec<Value>> {
        let over = self.expression(&head.over)?;
        let all = match &over {
            Value::Object(object) => {
                let pair =
                    |(key, value): &(Arc<str>, Value)| Value::from(vec![Value::Text(key.clone()), value.clone()]);
                Arc::new(object.entries().iter().map(pair).collect())
            }
            // As in Liquid, a string is looped over as one item, if there is any of it.
            Value::Text(_) | Value::Empty | Value::Blank if over.is_empty() => Arc::default(),
            Value::Text(_) => Arc::new(vec![over]),
            _ => over
                .items()
                .map_err(somewhere)?
                .ok_or_else(|| somewhere(format!("{} cannot be looped over", over.kind())))?,
        };
        let offset = match &head.offset {
            None => 0,
            Some(Offset::At(offset)) => self.count(offset, "offset")?,
            Some(Offset::Continue) => self.ends.get(&head.name).copied().unwrap_or(0),
        };
        let limit = head.limit.as_ref().map(|limit| self.count(limit, "limit")).transpose()?;
        let mut items: Vec<Value> = all.iter().skip(offset).take(limit.unwrap_or(usize::MAX)).cloned().collect();
        run.work(all.len() / 16)?;
        self.ends.insert(head.name.clone(), offset.saturating_add(items.len()));
        if head.reversed {
            items.reverse();
        }
        Ok(items)
    }

    /// Returns an argument of a loop, which is a number of items.
    fn count(&self, expression: &Expression, name: &str) -> Rendered<usize> {
        let wrong = |error| somewhere(format!("`{name}`: {error}"));
        let count = filters::integer(&self.expression(expression)?).map_err(wrong)?;
        usize::try_from(count).map_err(|_| wrong("it must not be negative".to_owned()))
    }

    fn cycle(&mut self, group: Option<&Expression>, values: &[Expression], key: &str, sink: &mut Sink) -> Rendered<()> {
        let key = match group {
            Some(group) => format!("group {}", self.expression(group)?.print().map_err(somewhere)?),
            None => key.to_owned(),
        };
        let place = self.cycles.entry(key).or_default();
        let value = values.get(*place % values.len().max(1));
        *place += 1;
        let Some(value) = value else { return Ok(()) };
        let text = self.expression(value)?.print().map_err(somewhere)?;
        sink.foreign(&text)
    }

    fn if_changed(&mut self, body: &[Node], run: &mut Run, sink: &mut Sink) -> Rendered<Next> {
        let mut inner = Sink::new(Level::Text);
        let next = self.nodes(body, run, &mut inner)?;
        if self.changed.as_ref() != Some(&inner.text) {
            sink.foreign(&inner.text)?;
            self.changed = Some(inner.text);
        }
        Ok(next)
    }

    fn message(&mut self, role: Role, body: &[Node], span: &Range<usize>, run: &mut Run) -> Rendered<()> {
        let mut inner = Sink::new(Level::Text);
        self.nodes(body, run, &mut inner)?;
        let content = inner.finish();
        if content.trim().is_empty() {
            return failure(span, format!("the `{}` message comes out empty", role.as_str()));
        }
        run.message_bytes += content.len();
        if run.message_bytes > MAX_TEXT {
            return failure(span, format!("the messages are longer than {} MiB", MAX_TEXT / 1024 / 1024));
        }
        let mut message = Map::new();
        message.insert("role".into(), role.as_str().into());
        message.insert("content".into(), content.into());
        run.messages.push(message);
        Ok(())
    }

    /// Inserts messages as they were given, untouched by anything that the template does.
    fn history(
        &mut self,
        parameter: &str,
        place: &Range<usize>,
        last: Option<&Expression>,
        run: &mut Run,
    ) -> Rendered<()> {
        let last = match last.map(|last| self.expression(last)).transpose()? {
            None => None,
            Some(Value::Int(count @ 1..)) => usize::try_from(count).ok(),
            Some(_) => return Err(somewhere("`last` must be an integer of at least 1")),
        };
        let messages = match self.given.get(parameter) {
            None => return failure(place, format!("`{parameter}` is no parameter")),
            Some(Json::Null) => return Ok(()),
            Some(Json::Array(messages)) => messages,
            Some(_) => return failure(place, format!("`{parameter}` is no list of messages")),
        };
        for message in messages {
            if !matches!(message["role"].as_str(), Some("user" | "assistant" | "tool")) {
                return failure(place, format!("`{parameter}`: the role of a message is user, assistant or tool"));
            }
        }
        run.work(messages.len())?;
        let newest = &messages[messages.len() - last.unwrap_or(messages.len()).min(messages.len())..];
        // What a tool answered means nothing without the question. All of a history that is taken
        // whole is passed on.
        let is_orphan = |message: &&Json| last.is_some() && message["role"] == "tool";
        let whole = newest.iter().skip_while(is_orphan).filter_map(Json::as_object).cloned();
        run.messages.extend(whole);
        Ok(())
    }

    fn render(&mut self, render: &Render, run: &mut Run, sink: &mut Sink) -> Rendered<()> {
        if self.level == MAX_PARTIALS {
            return failure(&render.place, format!("partials are nested deeper than {MAX_PARTIALS} levels"));
        }
        let partial = match self.partials.find(&render.name) {
            Ok(partial) => partial,
            Err(error) => return failure(&render.place, error),
        };
        run.work(100)?;
        match (sink.level, run.makes_messages(&partial, self.level)?) {
            (Level::Messages, false) => {
                return failure(
                    &render.place,
                    format!("`{}` makes no messages and stands outside of any", render.name),
                );
            }
            (Level::Text, true) => {
                return failure(&render.place, format!("`{}` makes messages, which cannot begin here", render.name));
            }
            _ => {}
        }
        let mut arguments = Values::new();
        for (name, value) in &render.arguments {
            let value = self.expression(value)?;
            give(&mut arguments, name, &value);
        }
        let Some(subject) = &render.subject else { return self.partial(render, &*partial, arguments, run, sink) };
        let value = self.expression(&subject.value)?;
        match value.items().map_err(somewhere)? {
            _ if subject.each && matches!(value, Value::Nil) => Err(somewhere("nil cannot be looped over")),
            Some(items) if subject.each => {
                for item in items.iter() {
                    let mut arguments = arguments.clone();
                    give(&mut arguments, &subject.alias, item);
                    self.partial(render, &*partial, arguments, run, sink)?;
                }
                Ok(())
            }
            _ => {
                give(&mut arguments, &subject.alias, &value);
                self.partial(render, &*partial, arguments, run, sink)
            }
        }
    }

    fn partial(
        &mut self,
        render: &Render,
        partial: &dyn Partial,
        given: Values,
        run: &mut Run,
        sink: &mut Sink,
    ) -> Rendered<()> {
        run.work(100)?;
        let values = match partial.bind(given) {
            Ok(values) => values,
            Err(error) => return failure(&render.place, format!("`{}`: {error}", render.name)),
        };
        let inside = |error: RenderError| RenderError { partial: error.partial.or(Some(render.name.clone())), ..error };
        let mut inner = Sink::new(sink.level);
        let mut frame = Frame::new(partial.template(), &values, partial.partials(), self.level + 1).map_err(inside)?;
        frame.template(run, &mut inner).map_err(inside)?;
        sink.foreign(&inner.finish())
    }
}

/// Gives a partial a value; nil is absence.
fn give(arguments: &mut Values, name: &str, value: &Value) {
    arguments.shift_remove(name);
    if !matches!(value, Value::Nil) {
        arguments.insert(name.to_owned(), value.to_json());
    }
}
