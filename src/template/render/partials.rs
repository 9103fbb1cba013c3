//! `render`, `include`, and which templates make messages.

use super::super::limits::{Limits, steps_to_copy};
use super::super::syntax::{Include, Render, Subject};
use super::super::value::{Items, LoopState, MAX_ITEMS, Value};
use super::super::{Bound, Dialect, Partial, Partials, Template, Values};
use super::sink::{Level, Sink};
use super::{Frame, Next, RenderError, Rendered, Run, failure, somewhere};
use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// The most partials that are looked through to find whether one has roles, and that are included.
const MAX_LOOKS: usize = 10_000;

/// How many steps it takes to begin a partial.
const STEPS_PER_PARTIAL: usize = 20;

/// A partial that was found.
#[derive(Clone)]
pub(super) struct Looked {
    partial: Arc<dyn Partial>,
    is_chat: bool,
}

/// Keeps the templates that are included for as long as what they assign is in use.
#[derive(Default)]
pub(super) struct Shelf(OnceCell<Box<Shelved>>);

struct Shelved {
    name: String,
    partial: Arc<dyn Partial>,
    next: Shelf,
}

impl Shelf {
    /// Returns the partial `name`, which is looked up once.
    fn get(&self, name: &str, partials: &dyn Partials) -> Result<&dyn Partial, String> {
        let mut shelf = self;
        let mut length = 0;
        while let Some(shelved) = shelf.0.get() {
            if shelved.name == name {
                return Ok(&*shelved.partial);
            }
            length += 1;
            shelf = &shelved.next;
        }
        if length == MAX_LOOKS {
            return Err("the template includes too many others".into());
        }
        let partial = partials.find(name)?;
        let shelved = Shelved { name: name.to_owned(), partial, next: Shelf::default() };
        Ok(&*shelf.0.get_or_init(|| Box::new(shelved)).partial)
    }
}

/// A long chain of boxes is taken apart link by link, or dropping it would recurse.
impl Drop for Shelf {
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(mut shelved) = next {
            next = shelved.next.0.take();
        }
    }
}

impl Run<'_> {
    /// Returns whether `template`, or a partial that it renders in any branch, makes messages.
    pub(super) fn is_chat(&mut self, template: &Template, partials: &dyn Partials) -> Rendered<bool> {
        match self.dialect {
            Dialect::Prompt => self.is_chat_below(template, partials, 1),
            Dialect::Lax => Ok(false),
        }
    }

    fn is_chat_below(&mut self, template: &Template, partials: &dyn Partials, depth: usize) -> Rendered<bool> {
        if template.is_chat() {
            return Ok(true);
        }
        if template.partials().is_empty() {
            return Ok(false);
        }
        let deepest = self.limits.partials;
        if depth > deepest {
            return Err(too_deep(self.limits));
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
        // The partial is kept, so that no other template can come to stand at its address.
        self.chats.insert(address, (is_chat, partial.clone()));
        Ok(is_chat)
    }
}

fn too_deep(limits: &Limits) -> Box<RenderError> {
    somewhere(format!("partials are nested deeper than {} levels", limits.partials))
}

impl<'a> Frame<'a> {
    /// Returns the partial that `render` names.
    fn find(&self, render: &Render, run: &mut Run<'_>) -> Rendered<Looked> {
        // What holds the tag is kept, so that nothing else can come to stand at its address.
        let address = std::ptr::from_ref(render).addr();
        if let Some(looked) = run.found.get(&address) {
            return Ok(looked.clone());
        }
        let partial = match self.partials.find(&render.name) {
            Ok(partial) => partial,
            Err(error) => return failure(&render.place, error),
        };
        let is_chat = match run.dialect {
            Dialect::Prompt => run.makes_messages(&partial, self.level)?,
            Dialect::Lax => false,
        };
        let looked = Looked { partial, is_chat };
        run.found.insert(address, looked.clone());
        Ok(looked)
    }

    #[inline(never)]
    pub(super) fn render(&mut self, render: &'a Render, run: &mut Run<'_>, sink: &mut Sink) -> Rendered<()> {
        if self.level >= run.limits.partials {
            return Err(too_deep(run.limits));
        }
        let looked = self.find(render, run)?;
        match (sink.level, looked.is_chat) {
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
            let value = self.expression(value, run)?;
            give(&mut arguments, &name.text, &value, run)?;
        }
        let Some(subject) = &render.subject else {
            return self.partial((render, &*looked.partial), arguments, None, run, sink);
        };
        let value = self.expression(&subject.value, run)?;
        if subject.each {
            return self.each((render, subject), &looked, (value, arguments), run, sink);
        }
        give(&mut arguments, &subject.alias, &value, run)?;
        self.partial((render, &*looked.partial), arguments, None, run, sink)
    }

    /// Renders a partial once an item.
    fn each(
        &mut self,
        (render, subject): (&'a Render, &'a Subject),
        looked: &Looked,
        (value, arguments): (Value<'a>, Values),
        run: &mut Run<'_>,
        sink: &mut Sink,
    ) -> Rendered<()> {
        match value {
            Value::Nil if run.dialect == Dialect::Prompt => return Err(somewhere("nil cannot be looped over")),
            Value::Array(_) | Value::List(_) | Value::Range(..) => {}
            Value::Object(_) if run.dialect == Dialect::Lax => {}
            other => {
                let mut arguments = arguments;
                give(&mut arguments, &subject.alias, &other, run)?;
                return self.partial((render, &*looked.partial), arguments, None, run, sink);
            }
        }
        let items = Items::of(&value);
        let length = items.len();
        let shared = arguments.values().map(steps_to_copy).sum::<usize>();
        for (index, item) in items.enumerate() {
            run.step(1 + shared)?;
            let mut arguments = arguments.clone();
            give(&mut arguments, &subject.alias, &item, run)?;
            let at = LoopState { name: &render.name, index0: Cell::new(index), length, table: None, parent: None };
            self.partial((render, &*looked.partial), arguments, Some(Rc::new(at)), run, sink)?;
        }
        Ok(())
    }

    fn partial(
        &mut self,
        (render, partial): (&'a Render, &dyn Partial),
        given: Values,
        at: Option<Rc<LoopState<'a>>>,
        run: &mut Run<'_>,
        sink: &mut Sink,
    ) -> Rendered<()> {
        run.step(STEPS_PER_PARTIAL)?;
        let Bound { values, steps } = match partial.bind(given) {
            Ok(bound) => bound,
            Err(error) => return failure(&render.place, format!("`{}`: {error}", render.name)),
        };
        run.step(steps)?;
        let inside = |mut error: Box<RenderError>| {
            error.partial.get_or_insert_with(|| render.name.to_string());
            error
        };
        let mut inner = Sink::new(sink.level, sink.is_traced());
        let messages = run.origins.len();
        let shelf = Shelf::default();
        let mut frame = Frame::new(partial.template(), &values, partial.partials(), &shelf, self.sources.is_some());
        frame.level = self.level + 1;
        if let Some((at, slot)) = at.zip(partial.template().slot("forloop")) {
            frame.slots[slot].local = Some(Value::Loop(at));
        }
        frame.template(run, &mut inner).map_err(inside)?;
        for origin in run.origins.iter_mut().skip(messages).flatten() {
            *origin = origin.clone().inside(&render.name);
        }
        let (text, origins) = inner.finish(run);
        sink.foreign(&text, origins.into_iter().map(|origin| origin.inside(&render.name)).collect(), run)
    }

    /// Renders another template with the variables of this one, as Liquid's `include` does.
    #[inline(never)]
    pub(super) fn include(&mut self, include: &'a Include, run: &mut Run<'_>, sink: &mut Sink) -> Rendered<Next> {
        if self.level >= run.limits.partials {
            return Err(too_deep(run.limits));
        }
        run.step(STEPS_PER_PARTIAL)?;
        let name = self.expression(&include.name, run)?;
        let Some(name) = name.as_str() else {
            return Err(somewhere(format!("the name of an included template is a string, not {}", name.kind())));
        };
        let shelf: &'a Shelf = self.shelf;
        let template = shelf.get(name, self.partials).map_err(somewhere)?.template();
        let subject = match &include.subject {
            Some(subject) => Some(self.expression(subject, run)?),
            None => self.lookup_text(name),
        };
        let mut bound = Vec::new();
        for (key, value) in &include.arguments {
            bound.push((self.slot(key.slot), self.expression(value, run)?));
        }
        // From here on names mean what they mean in the included template.
        let renumbered: Vec<usize> = template.names.iter().map(|name| self.slot_of(name)).collect();
        let alias = match &include.alias {
            Some(alias) => self.slot(alias.slot),
            None => self.alias(name, template),
        };
        let mut outer: Vec<(usize, Option<Value<'a>>)> = Vec::new();
        for (slot, value) in bound {
            outer.push((slot, self.slots[slot].local.replace(value)));
        }
        outer.push((alias, self.slots[alias].local.take()));
        let before =
            (std::mem::replace(&mut self.source, &template.source), self.renumbered.replace(Rc::new(renumbered)));
        self.level += 1;
        let next = self.included(template, alias, subject, run, sink);
        self.level -= 1;
        (self.source, self.renumbered) = before;
        for (slot, value) in outer.into_iter().rev() {
            self.slots[slot].local = value;
        }
        next
    }

    fn included(
        &mut self,
        template: &'a Template,
        alias: usize,
        subject: Option<Value<'a>>,
        run: &mut Run<'_>,
        sink: &mut Sink,
    ) -> Rendered<Next> {
        let subjects = match subject {
            Some(list @ (Value::Array(_) | Value::List(_))) => Items::of(&list),
            Some(Value::Nil) | None => Items::One(Some(Value::Nil)),
            Some(other) => Items::One(Some(other)),
        };
        for subject in subjects {
            self.slots[alias].local = Some(subject);
            let next = self.nodes(&template.nodes, run, sink)?;
            if next != Next::On {
                return Ok(next);
            }
        }
        Ok(Next::On)
    }

    /// Returns the slot of the name that an included template is known by, without its folders.
    fn alias(&mut self, name: &str, template: &'a Template) -> usize {
        let short = name.rsplit('/').next().unwrap_or_default();
        match template.names.iter().find(|known| ***known == *short) {
            Some(known) => self.slot_of(known),
            // Nothing in the template reads it: any slot of its own will do.
            None => self.new_slot(""),
        }
    }

    /// Returns the slot of a name of an included template.
    fn slot_of(&mut self, name: &'a str) -> usize {
        if let Some(own) = self.template.names.iter().position(|known| **known == *name) {
            return own;
        }
        match self.foreign_names.iter().position(|known| *known == name) {
            Some(place) => self.template.names.len() + place,
            None => self.new_slot(name),
        }
    }

    fn new_slot(&mut self, name: &'a str) -> usize {
        self.foreign_names.push(name);
        self.slots.push(super::Slot::default());
        self.slots.len() - 1
    }
}

/// Gives a partial a value; nil is absence. It is copied, and then checked against the partial's
/// parameters, which counts for as many steps as it is long.
fn give(arguments: &mut Values, name: &str, value: &Value<'_>, run: &mut Run<'_>) -> Rendered<()> {
    if matches!(value, Value::Nil) {
        arguments.shift_remove(name);
        return Ok(());
    }
    if let (Value::Range(first, last), true) = (value, Items::of(value).len() > MAX_ITEMS) {
        return Err(somewhere(format!("the range {first}..{last} has more than {MAX_ITEMS} items")));
    }
    let json = value.to_json();
    run.step(steps_to_copy(&json))?;
    arguments.insert(name.to_owned(), json);
    Ok(())
}
