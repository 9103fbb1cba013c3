//! Cuts a source into text, outputs and tags, each with its place in the source.
//!
//! As in Shopify's tokenizer an output ends at the first `}}` and a tag at the first `%}`, strings
//! or not. What `raw`, `comment` and `doc` hold is text here, whatever it looks like. The lines of a
//! `liquid` tag come out as tags of their own between [`Kind::LiquidOpen`] and [`Kind::LiquidClose`].

use super::expression::too_many_parts;
use crate::error::Code;
use crate::template::Problem;
use crate::template::limits::MAX_PARTS;
use std::ops::Range;

/// What a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text of the template.
    Text,
    /// Text inside `raw`.
    Raw,
    /// Text inside `comment` or `doc`.
    Dead,
    /// `{{ … }}`.
    Output,
    /// `{% … %}`; its inside begins with its name.
    Tag,
    /// The start of a `{% liquid … %}`.
    LiquidOpen,
    /// The end of a `{% liquid … %}`.
    LiquidClose,
}

/// A piece of the source.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) kind: Kind,
    /// All of it.
    pub(super) span: Range<usize>,
    /// What is between the delimiters, without blanks. Of text: what remains of it once the rules
    /// of white space have been applied.
    pub(super) inner: Range<usize>,
    /// Whether it begins with a dash, which trims the text before it.
    pub(super) trims_before: bool,
    /// Whether it ends with a dash, which trims the text after it.
    pub(super) trims_after: bool,
    /// How long the name of a tag is.
    name: u32,
}

impl Segment {
    fn text(kind: Kind, span: Range<usize>) -> Segment {
        Segment { kind, inner: span.clone(), span, trims_before: false, trims_after: false, name: 0 }
    }

    /// Returns the tag that says what stands at `inner`.
    fn named(self, source: &str) -> Segment {
        let length = if self.kind == Kind::Tag { name_length(&source[self.inner.clone()]) } else { 0 };
        Segment { name: u32::try_from(length).unwrap_or(0), ..self }
    }

    /// Returns the name of a tag and nothing of any other segment. The name of a comment is `#`.
    pub(super) fn tag_name<'s>(&self, source: &'s str) -> Option<&'s str> {
        (self.kind == Kind::Tag).then(|| &source[self.inner.start..self.arguments().start])
    }

    /// Returns where the arguments of a tag are.
    pub(super) fn arguments(&self) -> Range<usize> {
        self.inner.start + self.name as usize..self.inner.end
    }

    /// Returns whether it has a dash on either side.
    pub(super) fn is_dashed(&self) -> bool {
        self.trims_before || self.trims_after
    }
}

/// Returns the length of the tag name that `inner` begins with.
fn name_length(inner: &str) -> usize {
    if inner.starts_with('#') {
        return 1;
    }
    inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// Returns `span` without the blanks around it.
pub(super) fn trimmed(source: &str, span: Range<usize>) -> Range<usize> {
    let text = source[span.clone()].trim_start();
    let start = span.end - text.len();
    start..start + text.trim_end().len()
}

/// Cuts `source` into segments that follow each other without gaps (but for the inside of `liquid`).
pub(super) fn scan(source: &str, problems: &mut Vec<Problem>) -> Vec<Segment> {
    // A tag or output in a hundred bytes is a common density.
    let mut segments = Vec::with_capacity(source.len() / 50 + 4);
    let mut at = 0;
    let mut tags = 0;
    while at < source.len() {
        let Some(start) = next_opening(source, at) else { break };
        if start > at {
            segments.push(Segment::text(Kind::Text, at..start));
        }
        let Some(segment) = delimited(source, start) else {
            let opening = &source[start..start + 2];
            problems
                .push(Problem::syntax(start..start + 2, format!("`{opening}` is never closed")).label("opened here"));
            return segments;
        };
        at = segment.span.end;
        tags += 1;
        if tags > MAX_PARTS {
            problems.push(too_many_parts(segment.span));
            // What is cut off is not read at all: half a template would only give further problems.
            return Vec::new();
        }
        match segment.tag_name(source) {
            Some(name @ ("raw" | "comment" | "doc")) => {
                let opening = segment.span.clone();
                let Some(closing) = closing_of(source, at, name) else {
                    let message = format!("`{name}` is never closed");
                    problems.push(
                        Problem::error(Code::A0304, opening, message)
                            .label("opened here")
                            .hint(format!("close it with `{{% end{name} %}}`")),
                    );
                    return segments;
                };
                if name == "doc" {
                    check_doc(source, &segment, at..closing.span.start, problems);
                }
                let kind = if name == "raw" { Kind::Raw } else { Kind::Dead };
                let content = Segment::text(kind, at..closing.span.start);
                at = closing.span.end;
                segments.extend([segment, content, closing]);
            }
            Some("liquid") => liquid_lines(source, &segment, &mut segments),
            _ => segments.push(segment),
        }
    }
    if at < source.len() {
        segments.push(Segment::text(Kind::Text, at..source.len()));
    }
    segments
}

/// Checks that a `doc` says nothing in its tag and holds no other, as Shopify's parser does.
fn check_doc(source: &str, tag: &Segment, content: Range<usize>, problems: &mut Vec<Problem>) {
    let arguments = trimmed(source, tag.arguments());
    if !arguments.is_empty() {
        problems.push(Problem::syntax(arguments, "`doc` takes no arguments").label("not expected"));
    }
    let opens_doc = |start: &usize| {
        let inside = source[*start + 2..content.end].trim_start_matches('-').trim_start();
        &inside[..name_length(inside)] == "doc"
    };
    let mut starts = source[content.clone()].match_indices("{%").map(|(offset, _)| content.start + offset);
    if let Some(start) = starts.find(opens_doc) {
        let problem = Problem::error(Code::A0304, start..start + 2, "a `doc` cannot hold another");
        problems.push(problem.label("opened here").hint("close the first one with `{% enddoc %}`"));
    }
}

/// Returns where the next `{{` or `{%` is.
fn next_opening(source: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += source[at..].find('{')?;
        match source.as_bytes().get(at + 1) {
            Some(b'{' | b'%') => return Some(at),
            Some(_) => at += 1,
            None => return None,
        }
    }
}

/// Returns where the next `close`, `}}` or `%}`, is.
fn next_closing(source: &str, from: usize, close: [u8; 2]) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut at = from;
    // Tags are short: a search that is made for long texts would take longer to begin.
    loop {
        at += bytes[at..].iter().position(|byte| *byte == b'}')?;
        if close[0] == b'}' && bytes.get(at + 1) == Some(&b'}') {
            return Some(at);
        }
        if close[0] == b'%' && at > from && bytes[at - 1] == b'%' {
            return Some(at - 1);
        }
        at += 1;
    }
}

/// Returns the output or tag that opens at `start`, or nothing when it is never closed.
fn delimited(source: &str, start: usize) -> Option<Segment> {
    let (kind, close) = if source[start..].starts_with("{{") { (Kind::Output, *b"}}") } else { (Kind::Tag, *b"%}") };
    let end = next_closing(source, start + 2, close)?;
    let inner = &source[start + 2..end];
    let trims_before = inner.starts_with('-');
    // The dash of `{%-%}` is one dash.
    let trims_after = inner.ends_with('-') && inner.len() > usize::from(trims_before);
    let inner = start + 2 + usize::from(trims_before)..end - usize::from(trims_after);
    let inner = trimmed(source, inner);
    Some(Segment { kind, span: start..end + 2, inner, trims_before, trims_after, name: 0 }.named(source))
}

/// Returns the tag that closes a `raw`, `comment` or `doc` whose content begins at `from`.
fn closing_of(source: &str, from: usize, name: &str) -> Option<Segment> {
    if name == "comment" { closing_of_comment(source, from) } else { closing_of_verbatim(source, from, name) }
}

/// `raw` and `doc` end at the first `{% end… %}`, whatever precedes it: `{% y {% endraw %}` does.
/// The tag is recognised before its end is looked for, which keeps this linear.
fn closing_of_verbatim(source: &str, from: usize, name: &str) -> Option<Segment> {
    let is_closing = |start: &usize| {
        let inside = source[*start + 2..].trim_start_matches('-').trim_start();
        let behind = inside.strip_prefix("end").and_then(|rest| rest.strip_prefix(name));
        behind.map(str::trim_start).is_some_and(|rest| rest.starts_with("%}") || rest.starts_with("-%}"))
    };
    let starts = source[from..].match_indices("{%").map(|(offset, _)| from + offset);
    starts.into_iter().find(is_closing).and_then(|start| delimited(source, start))
}

/// Comments nest, and a `raw` inside one hides what it holds.
fn closing_of_comment(source: &str, from: usize) -> Option<Segment> {
    let mut at = from;
    let mut open = 1_usize;
    let mut in_raw = false;
    while open > 0 {
        let tag = delimited(source, at + source[at..].find("{%")?)?;
        at = tag.span.end;
        match tag.tag_name(source) {
            Some("raw") => in_raw = true,
            Some("endraw") => in_raw = false,
            Some("comment") if !in_raw => open += 1,
            Some("endcomment") if !in_raw => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(tag);
        }
    }
    None
}

/// Adds the lines of a `liquid` tag as tags of their own.
fn liquid_lines(source: &str, tag: &Segment, segments: &mut Vec<Segment>) {
    let edge = |kind, at: usize| Segment { kind, inner: at..at, ..tag.clone() };
    segments.push(Segment { trims_after: false, ..edge(Kind::LiquidOpen, tag.span.start) });
    let mut start = tag.arguments().start;
    let mut comments = 0_usize;
    for line in source[tag.arguments()].split_inclusive('\n') {
        let inner = trimmed(source, start..start + line.len());
        start += line.len();
        let Some(line) = liquid_line(source, inner) else { continue };
        match line.tag_name(source) {
            Some("comment") => comments += 1,
            Some("endcomment") if comments > 0 => comments -= 1,
            _ if comments > 0 => {}
            _ => segments.push(line),
        }
    }
    segments.push(Segment { trims_before: false, ..edge(Kind::LiquidClose, tag.span.end) });
}

/// Returns the tag that a line of a `liquid` tag says. `liquid` itself may stand before it, and means nothing there.
fn liquid_line(source: &str, mut inner: Range<usize>) -> Option<Segment> {
    while !inner.is_empty() {
        let line = Segment::text(Kind::Tag, inner).named(source);
        if line.tag_name(source) != Some("liquid") {
            return Some(line);
        }
        inner = trimmed(source, line.arguments());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<(Kind, &str)> {
        let mut problems = Vec::new();
        let segments = scan(source, &mut problems);
        assert_eq!(problems, []);
        segments.into_iter().map(|segment| (segment.kind, &source[segment.inner])).collect()
    }

    #[test]
    fn a_source_is_text_outputs_and_tags() {
        assert_eq!(
            kinds("a{{- x -}} {%if y%}é"),
            [(Kind::Text, "a"), (Kind::Output, "x"), (Kind::Text, " "), (Kind::Tag, "if y"), (Kind::Text, "é")]
        );
    }

    #[test]
    fn what_raw_and_comments_hold_is_no_liquid() {
        assert_eq!(
            kinds("{% raw %}${{ x }} {% y {% endraw %}"),
            [(Kind::Tag, "raw"), (Kind::Raw, "${{ x }} {% y "), (Kind::Tag, "endraw")]
        );
        let nested = "{% comment %}{% comment %}{% endcomment %}{% raw %}{% endcomment %}{% endraw %}{% endcomment %}";
        assert_eq!(kinds(nested).len(), 3);
    }

    #[test]
    fn each_line_of_a_liquid_tag_is_a_tag() {
        let found = kinds("{%- liquid\n assign x = 1\n\n comment\n no\n endcomment\n echo x -%}");
        let tags: Vec<_> = found.iter().filter(|(kind, _)| *kind == Kind::Tag).map(|(_, inner)| *inner).collect();
        assert_eq!(tags, ["assign x = 1", "echo x"]);
    }

    #[test]
    fn a_liquid_tag_in_a_line_of_one_means_nothing() {
        let found = kinds("{% liquid liquid liquid echo x\n liquid\n liquid echo y %}");
        let tags: Vec<_> = found.iter().filter(|(kind, _)| *kind == Kind::Tag).map(|(_, inner)| *inner).collect();
        assert_eq!(tags, ["echo x", "echo y"]);
    }

    #[test]
    fn what_is_never_closed_is_found_and_raw_is_suggested() {
        for source in ["a {{ x", "a {% if x", "{% raw %} x", "{% comment %}{% comment %}{% endcomment %}"] {
            let mut problems = Vec::new();
            scan(source, &mut problems);
            assert_eq!(problems.len(), 1, "{source}");
        }
        let mut problems = Vec::new();
        scan("func() {{ return", &mut problems);
        assert!(problems[0].hints[0].message.contains("{% raw %}"));
        assert_eq!(problems[0].span, 7..9);
    }
}
