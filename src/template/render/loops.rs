//! `for`, `tablerow` and `case`.

use super::super::Dialect;
use super::super::filters::integer;
use super::super::syntax::{Arm, Expression, Loop, Offset};
use super::super::value::{Items, LoopState, TablePlace, Value};
use super::sink::Sink;
use super::trace::{Place, Source};
use super::{Frame, Next, Rendered, Run, located, somewhere};
use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

impl<'a> Frame<'a> {
    /// As in Liquid, every `when` that fits is rendered, and every `else` where none before it did.
    #[inline(never)]
    pub(super) fn case(
        &mut self,
        subject: &'a Expression,
        arms: &'a [Arm],
        run: &mut Run<'_>,
        sink: &mut Sink,
    ) -> Rendered<Next> {
        let subject = self.expression(subject, run)?;
        let mut found = false;
        for Arm { values, span, body } in arms {
            let mut times = usize::from(values.is_none() && !found);
            for value in values.iter().flatten() {
                let value = self.expression(value, run).map_err(|error| located(error, span))?;
                run.step(1 + subject.weight_beside(&value))?;
                times += usize::from(subject.equals(&value));
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

    #[inline(never)]
    pub(super) fn for_loop(&mut self, head: &'a Loop, run: &mut Run<'_>, sink: &mut Sink) -> Rendered<Next> {
        let items = self.items(head, run)?;
        let length = items.len();
        if length == 0 {
            return self.nodes(&head.otherwise, run, sink);
        }
        let state = self.new_state(LoopState {
            name: &head.name,
            index0: Cell::new(0),
            length,
            table: None,
            parent: self.around.clone(),
        });
        let around = self.around.replace(state.clone());
        let outer = self.bind_loop(head, state.clone());
        let items = if head.reversed { Order::Backwards(items) } else { Order::Forwards(items) };
        let ended = self.iterate(head, items, &state, run, sink);
        self.unbind_loop(head, outer);
        self.around = around;
        self.keep_state(state);
        ended?;
        Ok(Next::On)
    }

    /// Returns a state in the place of one that is no longer in use, so that loops allocate nothing.
    fn new_state(&mut self, state: LoopState<'a>) -> Rc<LoopState<'a>> {
        match self.idle.pop() {
            Some(mut idle) => match Rc::get_mut(&mut idle) {
                Some(place) => {
                    *place = state;
                    idle
                }
                None => Rc::new(state),
            },
            None => Rc::new(state),
        }
    }

    /// Keeps the state of a loop that has ended, unless the template has put it into a variable.
    fn keep_state(&mut self, mut state: Rc<LoopState<'a>>) {
        if let Some(ended) = Rc::get_mut(&mut state) {
            ended.parent = None;
            self.idle.push(state);
        }
    }

    fn iterate(
        &mut self,
        head: &'a Loop,
        items: Order<'a>,
        state: &LoopState<'a>,
        run: &mut Run<'_>,
        sink: &mut Sink,
    ) -> Rendered<()> {
        let variable = self.slot(head.variable.slot);
        for (index, item) in items.enumerate() {
            run.step(1)?;
            state.index0.set(index);
            self.slots[variable].local = Some(item);
            self.note_item(head, variable, index, state.length);
            if self.nodes(&head.body, run, sink)? == Next::Break {
                break;
            }
        }
        Ok(())
    }

    /// Gives the variable of a loop and `forloop` their meaning; returns what they meant before.
    fn bind_loop(&mut self, head: &'a Loop, state: Rc<LoopState<'a>>) -> [Option<Value<'a>>; 2] {
        let (variable, at) = (self.slot(head.variable.slot), self.slot(head.state));
        let outer_state = self.slots[at].local.replace(Value::Loop(state));
        let outer = self.slots[variable].local.take();
        [outer, outer_state]
    }

    fn unbind_loop(&mut self, head: &'a Loop, [outer, outer_state]: [Option<Value<'a>>; 2]) {
        let (variable, at) = (self.slot(head.variable.slot), self.slot(head.state));
        self.slots[variable].local = outer;
        self.slots[at].local = outer_state;
    }

    /// Notes what the item of a loop comes from, if that is asked.
    fn note_item(&mut self, head: &'a Loop, variable: usize, index: usize, length: usize) {
        if self.sources.is_none() {
            return;
        }
        let index = if head.reversed { length - 1 - index } else { index };
        // The loop has noted where it ended; it began so many items before.
        let first = self.ends.get(&*head.name).map_or(0, |end| end.saturating_sub(length));
        let source = match (&self.sources, head.over.as_variable()) {
            (Some(sources), Some(over)) => sources.of_item(self, over, first + index),
            _ => Source { place: Place::Literal, is_whole: true },
        };
        if let Some(sources) = &mut self.sources {
            sources.set(variable, Some(source));
        }
    }

    #[inline(never)]
    pub(super) fn table_row(
        &mut self,
        head: &'a Loop,
        span: &Range<usize>,
        run: &mut Run<'_>,
        sink: &mut Sink,
    ) -> Rendered<Next> {
        // Liquid makes no table of nil.
        if run.dialect == Dialect::Lax && !self.expression(&head.over, run)?.is_true() {
            return Ok(Next::On);
        }
        let items = self.items(head, run)?;
        let length = items.len();
        let columns = match &head.columns {
            Some(columns) => self.columns(columns, run)?,
            None => i64::try_from(length).unwrap_or(i64::MAX),
        };
        let table = TablePlace { columns, column: Cell::new(1), row: Cell::new(1) };
        let state =
            Rc::new(LoopState { name: &head.name, index0: Cell::new(0), length, table: Some(table), parent: None });
        let outer = self.bind_loop(head, state.clone());
        let ended = self.table(head, items, &state, (span, sink), run);
        self.unbind_loop(head, outer);
        ended?;
        Ok(Next::On)
    }

    fn table(
        &mut self,
        head: &'a Loop,
        items: Items<'a>,
        state: &LoopState<'a>,
        (span, sink): (&Range<usize>, &mut Sink),
        run: &mut Run<'_>,
    ) -> Rendered<()> {
        let Some(table) = &state.table else { return Ok(()) };
        let variable = self.slot(head.variable.slot);
        sink.markup("<tr class=\"row1\">\n", span, run)?;
        for (index, item) in items.enumerate() {
            run.step(1)?;
            state.index0.set(index);
            self.slots[variable].local = Some(item);
            self.note_item(head, variable, index, state.length);
            sink.markup(&format!("<td class=\"col{}\">", table.column.get()), span, run)?;
            let next = self.nodes(&head.body, run, sink)?;
            sink.markup("</td>", span, run)?;
            if next == Next::Break {
                break;
            }
            if table.column.get() != table.columns {
                table.column.set(table.column.get().saturating_add(1));
                continue;
            }
            table.column.set(1);
            table.row.set(table.row.get() + 1);
            if index + 1 < state.length {
                sink.markup(&format!("</tr>\n<tr class=\"row{}\">", table.row.get()), span, run)?;
            }
        }
        sink.markup("</tr>\n", span, run)
    }

    /// Returns the items that a loop goes over.
    fn items(&mut self, head: &'a Loop, run: &mut Run<'_>) -> Rendered<Items<'a>> {
        let over = self.expression(&head.over, run)?;
        let all = to_items(&over, run.dialect)?;
        let offset = match &head.offset {
            None => 0,
            Some(Offset::At(offset)) => self.number_of_items(offset, "offset", run)?.unwrap_or(0),
            Some(Offset::Continue) => self.ends.get(&*head.name).copied().unwrap_or(0),
        };
        let limit = match &head.limit {
            Some(limit) => self.number_of_items(limit, "limit", run)?,
            None => None,
        };
        let is_text = over.as_str().is_some();
        let items = match is_text && run.dialect == Dialect::Lax {
            // Shopify hands out a string whole, wherever a loop begins.
            true => all,
            false => all.window(offset, limit.unwrap_or(usize::MAX)),
        };
        run.step(over.weight() / 16)?;
        self.ends.insert(&head.name, offset.saturating_add(items.len()));
        Ok(items)
    }

    fn number_of_items(
        &mut self,
        expression: &'a Expression,
        name: &str,
        run: &mut Run<'_>,
    ) -> Rendered<Option<usize>> {
        how_many(&self.expression(expression, run)?, name, run.dialect)
    }

    /// Returns the columns of a table. Liquid reads them as Ruby's `to_i` would.
    fn columns(&mut self, expression: &'a Expression, run: &mut Run<'_>) -> Rendered<i64> {
        if run.dialect == Dialect::Prompt {
            let columns = self.number_of_items(expression, "cols", run)?.unwrap_or(1);
            return Ok(i64::try_from(columns.max(1)).unwrap_or(i64::MAX));
        }
        Ok(match self.expression(expression, run)? {
            Value::Float(float) => float as i64,
            Value::Nil => 0,
            other => integer(&other)
                .or_else(|error| if other.as_str().is_some() { Ok(0) } else { Err(error) })
                .map_err(somewhere)?,
        })
    }
}

/// Returns what a loop goes over.
pub(in crate::template) fn to_items<'a>(over: &Value<'a>, dialect: Dialect) -> Rendered<Items<'a>> {
    let holds_none = matches!(over, Value::Nil | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Loop(_));
    match holds_none && dialect == Dialect::Prompt {
        true => Err(somewhere(format!("{} cannot be looped over", over.kind()))),
        false => Ok(Items::of(over)),
    }
}

/// Returns the argument `name` of a loop, which is a number of items; in Liquid nil is none.
pub(in crate::template) fn how_many(value: &Value<'_>, name: &str, dialect: Dialect) -> Rendered<Option<usize>> {
    let wrong = |error| somewhere(format!("`{name}`: {error}"));
    if let (Dialect::Lax, Value::Nil) = (dialect, value) {
        return Ok(None);
    }
    match usize::try_from(integer(value).map_err(wrong)?) {
        Ok(count) => Ok(Some(count)),
        Err(_) if dialect == Dialect::Lax => Ok(Some(0)),
        Err(_) => Err(wrong("it must not be negative".to_owned())),
    }
}

/// Items from the first or from the last.
enum Order<'a> {
    Forwards(Items<'a>),
    Backwards(Items<'a>),
}

impl<'a> Iterator for Order<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        match self {
            Order::Forwards(items) => items.next(),
            Order::Backwards(items) => items.next_back(),
        }
    }
}
