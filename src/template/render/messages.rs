//! Messages: role blocks, and `history`.

use super::super::Role;
use super::super::syntax::{Expression, Name, Node};
use super::super::value::Value;
use super::sink::{Level, Sink};
use super::{Frame, Rendered, Run, failure, sink, somewhere};
use serde_json::{Map, Value as Json};
use std::ops::Range;

/// What a message counts for besides its text: it takes several hundred bytes of memory.
const BYTES_PER_MESSAGE: usize = 256;

impl<'a> Frame<'a> {
    #[inline(never)]
    pub(super) fn message(
        &mut self,
        role: Role,
        body: &'a [Node],
        span: &Range<usize>,
        run: &mut Run<'_>,
    ) -> Rendered<()> {
        let mut inner = Sink::new(Level::Text, self.sources.is_some());
        self.nodes(body, run, &mut inner)?;
        let (content, origins) = inner.finish(run);
        if content.trim().is_empty() {
            return failure(span, format!("the `{}` message comes out empty", role.as_str()));
        }
        run.message_bytes += content.len() + BYTES_PER_MESSAGE;
        if run.message_bytes > run.limits.output {
            return Err(sink::too_long(run));
        }
        let mut message = Map::new();
        message.insert("role".into(), role.as_str().into());
        message.insert("content".into(), content.into());
        run.messages.push(message);
        if self.sources.is_some() {
            run.origins.push(origins);
        }
        Ok(())
    }

    /// Inserts messages as they were given, untouched by anything that the template does.
    #[inline(never)]
    pub(super) fn history(
        &mut self,
        parameter: &'a Name,
        last: Option<&'a Expression>,
        run: &mut Run<'_>,
    ) -> Rendered<()> {
        let last = match last.map(|last| self.expression(last, run)).transpose()? {
            None => None,
            Some(last) => Some(how_many_newest(&last)?),
        };
        let (name, place) = (&parameter.text, &parameter.span);
        let messages = match self.given.get(&**name) {
            None => return failure(place, format!("`{name}` is no parameter")),
            Some(Json::Null) => return Ok(()),
            Some(given) => match messages_in(given) {
                Ok(messages) => messages,
                Err(why) => return failure(place, format!("`{name}`: {why}")),
            },
        };
        run.step(messages.len())?;
        let newest = &messages[messages.len() - last.unwrap_or(messages.len()).min(messages.len())..];
        // What a tool answered means nothing without the question. All of a history that is taken
        // whole is passed on.
        let is_orphan = |message: &&Json| last.is_some() && message["role"] == "tool";
        let whole = newest.iter().skip_while(is_orphan).filter_map(Json::as_object);
        for message in whole {
            run.message_bytes += size(message);
            if run.message_bytes > run.limits.output {
                return Err(sink::too_long(run));
            }
            run.messages.push(message.clone());
            if self.sources.is_some() {
                run.origins.push(Vec::new());
            }
        }
        Ok(())
    }
}

/// Returns how many messages `last` says.
pub(in crate::template) fn how_many_newest(last: &Value<'_>) -> Rendered<usize> {
    match last {
        Value::Int(count @ 1..) => Ok(usize::try_from(*count).unwrap_or(usize::MAX)),
        // A number without fractional part is an integer, however it is written.
        Value::Float(count) if *count >= 1.0 && count.fract() == 0.0 => Ok(*count as usize),
        _ => Err(somewhere("`last` must be an integer of at least 1")),
    }
}

/// Returns the messages that a parameter holds.
///
/// # Errors
/// In words, where it is anything else.
pub(in crate::template) fn messages_in(given: &Json) -> Result<&[Json], &'static str> {
    let Json::Array(messages) = given else { return Err("this is no list of messages") };
    let is_message = |message: &Json| matches!(message["role"].as_str(), Some("user" | "assistant" | "tool"));
    match messages.iter().all(is_message) {
        true => Ok(messages),
        false => Err("the role of a message is user, assistant or tool"),
    }
}

/// Returns about how many bytes a message takes.
fn size(message: &Map<String, Json>) -> usize {
    fn of(value: &Json) -> usize {
        match value {
            Json::String(text) => text.len(),
            Json::Array(items) => items.iter().map(of).sum::<usize>() + 8 * items.len(),
            Json::Object(entries) => entries.iter().map(|(key, value)| key.len() + of(value) + 16).sum(),
            _ => 8,
        }
    }
    message.iter().map(|(key, value)| key.len() + of(value) + 16).sum::<usize>() + BYTES_PER_MESSAGE
}
