//! The rules of white space (PROMPTS.md, section 5) that the source alone decides: lines that hold
//! nothing but control flow vanish, dashes trim, and a role block does not begin with a newline.
//!
//! They only ever take bytes off the ends of a text segment, because a line that vanishes holds a
//! tag, and a tag ends the text before it. What depends on what is printed (the last newline of a
//! body or block) is decided while rendering.

use super::scan::{Kind, Segment};
use crate::template::Role;
use std::ops::Range;

/// The tags that a vanishing line may hold, beside their end tags.
const CONTROL: &[&str] = &[
    "if", "elsif", "else", "unless", "case", "when", "for", "break", "continue", "assign", "capture", "comment", "doc",
    "raw", "#",
];

/// How many pieces ahead the end of a `capture` is looked for, so that a line of many stays cheap.
const LONGEST_LOOK: usize = 1_000;

/// A segment's part of one line: all of it, or of a text the bytes up to the next newline and that newline.
struct Piece {
    segment: usize,
    span: Range<usize>,
}

/// The white space that a dash trims: Ruby's, which also counts the null character.
const TRIMMED: [char; 7] = [' ', '\t', '\n', '\u{b}', '\u{c}', '\r', '\0'];

/// Takes off the texts of `segments` what the rules of a prompt take off.
pub(super) fn apply(source: &str, segments: &mut [Segment]) {
    drop_control_lines(source, segments);
    drop_newline_after_role_tags(source, segments);
    trim_at_dashes(source, segments);
}

/// Takes off the texts of `segments` what dashes trim, which is all that Liquid itself takes off.
pub(super) fn apply_lax(source: &str, segments: &mut [Segment]) {
    trim_at_dashes(source, segments);
}

/// Drops the lines that hold nothing but control flow.
fn drop_control_lines(source: &str, segments: &mut [Segment]) {
    let mut line = Line::default();
    // The lines are found first: taking bytes off changes none of them.
    let mut vanishing = Vec::new();
    for (place, segment) in segments.iter().enumerate() {
        let span = segment.span.clone();
        if !matches!(segment.kind, Kind::Text | Kind::Raw | Kind::Dead) {
            line.add_tag(source, segment, place);
            continue;
        }
        let text = &source[span.clone()];
        let Some(last) = text.rfind('\n') else {
            line.add_text(text, place, span);
            continue;
        };
        if line.may_vanish() {
            let first = text.find('\n').unwrap_or(last);
            line.add_text(&text[..first], place, span.start..span.start + first + 1);
            vanishing.extend(vanishing_text(source, segments, &line.pieces).unwrap_or_default());
        }
        // The lines between the first newline and the last hold no tag.
        line = Line { pieces: line.cleared(), ..Line::default() };
        if last + 1 < text.len() {
            line.add_text(&text[last + 1..], place, span.start + last + 1..span.end);
        }
    }
    if line.may_vanish() {
        vanishing.extend(vanishing_text(source, segments, &line.pieces).unwrap_or_default());
    }
    for Piece { segment, span } in vanishing {
        take_off(&mut segments[segment], span);
    }
}

/// A line as far as it was read.
#[derive(Default)]
struct Line {
    pieces: Vec<Piece>,
    has_tag: bool,
    /// Whether a `capture` or `comment` stands in it, which may hold what a line else may not.
    holds: bool,
    /// Whether it holds what no line holds that vanishes.
    stays: bool,
}

impl Line {
    fn may_vanish(&self) -> bool {
        self.has_tag && !self.stays
    }

    fn add_tag(&mut self, source: &str, segment: &Segment, place: usize) {
        if self.stays {
            return;
        }
        self.has_tag = true;
        self.holds |= matches!(segment.tag_name(source), Some("capture" | "comment" | "doc"));
        self.stays = segment.kind == Kind::Output && !self.holds;
        self.pieces.push(Piece { segment: place, span: segment.span.clone() });
    }

    fn add_text(&mut self, text: &str, place: usize, span: Range<usize>) {
        self.stays |= !self.holds && !text.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
        if !self.stays {
            self.pieces.push(Piece { segment: place, span });
        }
    }

    /// Returns the list, emptied, for the next line.
    fn cleared(&mut self) -> Vec<Piece> {
        let mut pieces = std::mem::take(&mut self.pieces);
        pieces.clear();
        pieces
    }
}

/// Returns the texts of a line that vanishes, or nothing when it does not.
fn vanishing_text(source: &str, segments: &[Segment], line: &[Piece]) -> Option<Vec<Piece>> {
    let mut texts = Vec::new();
    let mut tags = 0;
    let mut at = 0;
    while let Some(piece) = line.get(at) {
        let segment = &segments[piece.segment];
        match segment.kind {
            Kind::Text | Kind::Raw | Kind::Dead => {
                let text = &source[piece.span.clone()];
                if !text.trim_end_matches('\n').bytes().all(|byte| matches!(byte, b' ' | b'\t')) {
                    return None;
                }
                texts.push(Piece { segment: piece.segment, span: piece.span.clone() });
            }
            Kind::Tag => {
                let name = segment.tag_name(source)?;
                if segment.is_dashed() || !CONTROL.contains(&name.strip_prefix("end").unwrap_or(name)) {
                    return None;
                }
                tags += 1;
                if let Some(closing) = closing_in_line(source, segments, &line[at..]) {
                    at += closing;
                    if segments[line[at].segment].is_dashed() {
                        return None;
                    }
                }
            }
            Kind::Output | Kind::LiquidOpen | Kind::LiquidClose => return None,
        }
        at += 1;
    }
    (tags > 0).then_some(texts)
}

/// Returns how far behind the `capture`, `comment` or `doc` that `line` begins with its end tag is,
/// when it is in this line.
fn closing_in_line(source: &str, segments: &[Segment], line: &[Piece]) -> Option<usize> {
    let name_of = |piece: &Piece| segments[piece.segment].tag_name(source);
    let name = line.first().and_then(name_of).filter(|name| matches!(*name, "capture" | "comment" | "doc"))?;
    let mut open = 0_usize;
    line.iter().take(LONGEST_LOOK).position(|piece| {
        let found = name_of(piece).unwrap_or_default();
        if found == name {
            open += 1;
        } else if found.strip_prefix("end") == Some(name) {
            open -= 1;
        }
        open == 0
    })
}

/// Takes `span`, which lies at one end of the segment's text or is all of it, off the text.
fn take_off(segment: &mut Segment, span: Range<usize>) {
    if span.end == segment.span.end {
        segment.inner.end = segment.inner.end.min(span.start).max(segment.inner.start);
    }
    if span.start == segment.span.start {
        segment.inner.start = segment.inner.start.max(span.end).min(segment.inner.end);
    }
}

fn drop_newline_after_role_tags(source: &str, segments: &mut [Segment]) {
    for place in 1..segments.len() {
        let opens_role = segments[place - 1].tag_name(source).is_some_and(|name| Role::parse(name).is_some());
        let text = &mut segments[place];
        if !opens_role || text.kind != Kind::Text {
            continue;
        }
        let behind_blanks = source[text.span.clone()].trim_start_matches([' ', '\t']);
        if behind_blanks.starts_with('\n') {
            let behind = text.span.end - behind_blanks.len() + 1;
            text.inner.start = text.inner.start.max(behind).min(text.inner.end);
        }
    }
}

fn trim_at_dashes(source: &str, segments: &mut [Segment]) {
    for place in 0..segments.len() {
        if segments[place].kind != Kind::Text {
            continue;
        }
        let after = place > 0 && segments[place - 1].trims_after;
        let before = segments.get(place + 1).is_some_and(|next| next.trims_before);
        let text = &mut segments[place].inner;
        if after {
            text.start = text.end - source[text.clone()].trim_start_matches(TRIMMED).len();
        }
        if before {
            text.end = text.start + source[text.clone()].trim_end_matches(TRIMMED).len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scan::scan;
    use super::*;

    /// Returns the texts that remain, joined by `|`.
    fn remains(source: &str) -> String {
        let mut segments = scan(source, &mut Vec::new());
        apply(source, &mut segments);
        let texts = segments.iter().filter(|segment| matches!(segment.kind, Kind::Text | Kind::Raw));
        texts.map(|text| &source[text.inner.clone()]).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn a_line_of_control_flow_vanishes_with_its_newline() {
        assert_eq!(remains("A\n  {% if x %}\t{% else %} \nB\n{% endif %}\n\nC"), "A\n||B\n|\nC");
        assert_eq!(remains("A\n {% endif %} "), "A\n|");
    }

    #[test]
    fn a_line_that_holds_anything_else_stays() {
        for source in ["A {% if x %}\n", "{% if x %}{{ x }}\n", "{% render 'a' %}\n", "{% if x %}{% render 'a' %}\n"] {
            assert!(remains(source).ends_with('\n'), "{source}");
        }
    }

    #[test]
    fn a_dashed_tag_trims_and_its_line_does_not_vanish() {
        assert_eq!(remains("A\n{%- if b %}\nB\n{%- endif %}\nC\n"), "A|\nB|\nC\n");
        assert_eq!(remains("a \n {%- assign x = 1 -%} \n b"), "a|b");
    }

    #[test]
    fn a_capture_or_comment_in_one_line_counts_as_one_tag() {
        assert_eq!(remains("{% capture x %} {{ y }}! {% endcapture %}\nB"), " |! |B");
        assert_eq!(remains("{% comment %} note {% endcomment %}\nB"), "B");
        assert_eq!(remains("{% comment %} note {% endcomment %} x\nB"), " x\nB");
    }

    #[test]
    fn lines_inside_raw_are_text_and_the_lines_of_its_tags_vanish() {
        assert_eq!(remains("a\n{% raw %}\n{% if %}\n  {% endraw %}\nb"), "a\n|{% if %}\n|b");
        assert_eq!(remains("{% raw %}x{% endraw %}\n"), "x|\n");
    }

    #[test]
    fn a_role_block_does_not_begin_with_a_newline() {
        assert_eq!(remains("{% user %} \t\n\n a{% enduser %}\n"), "\n a|\n");
        assert_eq!(remains("{% user %} a{% enduser %}"), " a");
        assert_eq!(remains("{% user %}\n{% if x %}\na\n{% endif %}\n{% enduser %}"), "|a\n|");
    }
}
