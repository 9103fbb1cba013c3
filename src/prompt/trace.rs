//! Where a rendered prompt comes from: every part of its text with the file, line and column of what wrote it.

use super::file::Prompt;
use super::scope::{Found, Rendered, Scope};
use crate::template::{Origin, Place};
use serde_json::{Map, Value, json};
use std::ops::Range;
use std::sync::Arc;

/// A rendered prompt with the origin of its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Traced {
    /// The prompt as it was rendered.
    pub rendered: Rendered,
    /// The parts of the text, in order and without gaps: of a text prompt one list, of a chat prompt one a
    /// message, which is empty where a `history` inserted it.
    pub texts: Vec<Vec<Part>>,
}

/// A part of a text, and what wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// The template itself, a parameter, or a variable that the template made.
    pub place: Place,
    /// The partials that it stands in, as they are named in `render`, the outermost first.
    pub partials: Vec<String>,
    /// The file of what wrote it; that of a dependency says whose it is.
    pub file: String,
    /// The line in that file, from 1.
    pub line: usize,
    /// The column in that line, from 1, in characters.
    pub column: usize,
}

impl Part {
    /// Returns the part as JSON: `start` and `end` (bytes), `from`, `path` of a parameter or variable,
    /// `partials` where there are some, `file`, `line` and `column`.
    pub fn to_json(&self) -> Value {
        let mut json = Map::new();
        json.insert("start".into(), json!(self.range.start));
        json.insert("end".into(), json!(self.range.end));
        let (from, path) = match &self.place {
            Place::Literal => ("template", None),
            Place::Parameter(path) => ("parameter", Some(path)),
            Place::Variable(path) => ("variable", Some(path)),
        };
        json.insert("from".into(), json!(from));
        if let Some(path) = path {
            json.insert("path".into(), json!(path));
        }
        if !self.partials.is_empty() {
            json.insert("partials".into(), json!(self.partials));
        }
        json.insert("file".into(), json!(self.file));
        json.insert("line".into(), json!(self.line));
        json.insert("column".into(), json!(self.column));
        Value::Object(json)
    }
}

/// Returns the parts that `origins` tell of, as seen from `prompt` in `scope`.
pub(super) fn parts(scope: &Scope, prompt: &Arc<Prompt>, origins: Vec<Origin>) -> Vec<Part> {
    // Mostly one part follows the other in the same file.
    let mut last: Option<(Vec<Box<str>>, Found)> = None;
    let mut parts = Vec::with_capacity(origins.len());
    for Origin { range, place, span, partials } in origins {
        let found = match last.take().filter(|(path, _)| *path == partials) {
            Some((_, found)) => Some(found),
            None => follow(scope, prompt, &partials),
        };
        let Some(found) = found else { continue };
        let (file, line, column) = found.prompt.place_of(span.start);
        let named = partials.iter().map(ToString::to_string).collect();
        parts.push(Part { range, place, partials: named, file, line, column });
        last = Some((partials, found));
    }
    parts
}

/// Returns the prompt that is reached from `prompt` by rendering one partial after the other.
fn follow(scope: &Scope, prompt: &Arc<Prompt>, partials: &[Box<str>]) -> Option<Found> {
    let mut found = Found { prompt: prompt.clone(), scope: scope.clone() };
    for name in partials {
        found = found.scope.lookup(name).ok()?;
    }
    Some(found)
}
