//! Where text goes while a template is rendered.

use super::super::filters::bytes;
use super::super::value::Value;
use super::super::{Dialect, RenderError};
use super::trace::{Origin, Place};
use super::{Rendered, Run, somewhere};
use std::ops::Range;

/// Whether what is printed is text or stands between messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Messages,
    Text,
}

/// Gathers text.
pub(super) struct Sink {
    pub(super) level: Level,
    text: String,
    /// Everything from here on is text of the template itself, and not of a value or a partial.
    own_from: usize,
    /// Where each part of the text comes from, if that is asked.
    origins: Option<Vec<Origin>>,
}

impl Sink {
    pub(super) fn new(level: Level, is_traced: bool) -> Sink {
        Sink { level, text: String::new(), own_from: 0, origins: is_traced.then(Vec::new) }
    }

    pub(super) fn is_traced(&self) -> bool {
        self.origins.is_some()
    }

    /// Adds text of the template, which stands at `span` of its source.
    pub(super) fn own(&mut self, text: &str, span: &Range<usize>, run: &mut Run<'_>) -> Rendered<()> {
        if self.level == Level::Messages {
            return Ok(());
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.check(start, run)?;
        self.note(start, || Origin::new(Place::Literal, span));
        Ok(())
    }

    /// Adds a value, printed by the tag or output at `span`.
    pub(super) fn value(
        &mut self,
        value: &Value<'_>,
        span: &Range<usize>,
        place: Option<Place>,
        run: &mut Run<'_>,
    ) -> Rendered<()> {
        let start = self.text.len();
        match value.as_str() {
            Some(text) => self.text.push_str(text),
            None => value.write(&mut self.text, run.dialect).map_err(somewhere)?,
        }
        if self.level == Level::Messages {
            self.text.truncate(start);
            return Ok(());
        }
        self.check(start, run)?;
        if self.text.len() > start {
            self.own_from = self.text.len();
        }
        self.note(start, || Origin::new(place.unwrap_or(Place::Literal), span));
        Ok(())
    }

    /// Adds what Liquid itself writes around the cells of a table.
    pub(super) fn markup(&mut self, text: &str, span: &Range<usize>, run: &mut Run<'_>) -> Rendered<()> {
        self.own(text, span, run)?;
        self.own_from = self.text.len();
        Ok(())
    }

    /// Adds text that was rendered apart: a partial's, for one.
    pub(super) fn foreign(&mut self, text: &str, origins: Vec<Origin>, run: &mut Run<'_>) -> Rendered<()> {
        if self.level == Level::Messages || text.is_empty() {
            return Ok(());
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.check(start, run)?;
        self.own_from = self.text.len();
        if let Some(own) = &mut self.origins {
            own.extend(origins.into_iter().map(|origin| origin.moved(start)));
        }
        Ok(())
    }

    /// Holds what was added from `start` on to the limits, together with all other texts that are
    /// being written: those around a `capture`, or around a partial.
    fn check(&self, start: usize, run: &mut Run<'_>) -> Rendered<()> {
        let added = self.text.len() - start;
        run.written += added;
        if run.written > run.limits.output {
            return Err(too_long(run));
        }
        // Copying is fast: many bytes make a step.
        let steps = added / 64;
        if steps > 0 { run.step(steps) } else { Ok(()) }
    }

    fn note(&mut self, start: usize, origin: impl FnOnce() -> Origin) {
        if let Some(origins) = &mut self.origins
            && self.text.len() > start
        {
            origins.push(Origin { range: start..self.text.len(), ..origin() });
        }
    }

    /// Returns the text as it is, and where it comes from.
    pub(super) fn into_parts(self, run: &mut Run<'_>) -> (String, Vec<Origin>) {
        run.written -= self.text.len();
        (self.text, self.origins.unwrap_or_default())
    }

    /// Returns the text, in a prompt without a last newline of the template's own and the blanks
    /// behind it, and where it comes from.
    pub(super) fn finish(mut self, run: &mut Run<'_>) -> (String, Vec<Origin>) {
        if run.dialect == Dialect::Prompt {
            let whole = self.text.len();
            let own = &self.text[self.own_from..];
            if let Some(kept) = own.trim_end_matches([' ', '\t']).strip_suffix('\n') {
                self.text.truncate(self.own_from + kept.len());
            }
            let end = self.text.len();
            run.written -= whole - end;
            for origin in self.origins.iter_mut().flatten().rev().take_while(|origin| origin.range.end > end) {
                origin.range.end = end.max(origin.range.start.min(end));
                origin.range.start = origin.range.start.min(end);
            }
            if let Some(origins) = &mut self.origins {
                origins.retain(|origin| !origin.range.is_empty());
            }
        }
        self.into_parts(run)
    }
}

#[cold]
pub(super) fn too_long(run: &Run<'_>) -> Box<RenderError> {
    somewhere(format!("the output is longer than {}", bytes(run.limits.output)))
}
