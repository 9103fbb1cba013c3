//! What the language takes, and was surely meant otherwise.

use super::super::file::Prompt;
use crate::error::{Code, Diagnostic, Hint};
use crate::template::syntax::habits;
use crate::template::syntax::{Arm, Chain, Expression, Literal, Node, NodeKind, Render};
use std::ops::Range;

/// Warns of what looks like front matter and is text, since the file does not begin with it.
pub(in super::super) fn late_front_matter(prompt: &Prompt) -> Option<Diagnostic> {
    let text = prompt.text();
    let body = text.trim_start();
    let is_late = prompt.body() == 0 && body.len() < text.len();
    let is_fenced = body.strip_prefix("---\n").is_some_and(|rest| rest.contains("\n---\n"));
    (is_late && is_fenced).then(|| {
        let start = text.len() - body.len();
        let message = "what stands between these fences is text and no front matter: the file does not begin with it";
        prompt
            .finding_in_file(Diagnostic::warning(Code::A0202, message), start..start + 3)
            .hint(Hint::new("remove what stands before it, be it an empty line"))
    })
}

/// Warns of comments in the manner of Jinja: in Liquid they are text, and a model would read them.
pub(super) fn foreign_comments(prompt: &Prompt) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let source = prompt.template().source();
    each_text(prompt.template().nodes(), &mut |span| {
        let text = &source[span.clone()];
        let Some(start) = text.find("{#").filter(|_| !is_raw(source, span)) else { return };
        let Some(end) = text[start..].find("#}") else { return };
        let finding = Diagnostic::warning(Code::A0302, "in Liquid this is no comment: it is printed")
            .hint(Hint::new("write `{% comment %}…{% endcomment %}`, or `{% # … %}` in one line"));
        let place = span.start + start..span.start + start + end + 2;
        findings.push(prompt.finding_in_body(finding, place, "printed"));
    });
    findings
}

/// Returns whether a text stands inside `raw`, where whatever it looks like is meant.
fn is_raw(source: &str, span: &Range<usize>) -> bool {
    let tag = source[..span.start].rfind("{%").map(|at| &source[at..span.start]);
    tag.is_some_and(|tag| tag.trim_start_matches(['{', '%', '-', ' ']).starts_with("raw"))
}

/// Warns of `\n` and the like in strings, which have no escapes: a model would read the backslash.
pub(super) fn escapes(prompt: &Prompt) -> Vec<Diagnostic> {
    let told = |span: Range<usize>| {
        let finding = Diagnostic::warning(Code::A0302, "strings have no escapes: the backslash and the letter stay")
            .hint(Hint::new("put the line break or the tab itself between the quotes"));
        prompt.finding_in_body(finding, span, "as it is")
    };
    habits::escapes(prompt.template().source()).into_iter().map(told).collect()
}

/// Warns of arguments that are given twice, of which the last counts, and of values that stand twice in a
/// `when`, which then gives its text twice.
pub(super) fn said_twice(prompt: &Prompt) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    each_node(prompt.template().nodes(), &mut |node| {
        let found = match &node.kind {
            NodeKind::Render(render) => twice_in_render(render),
            NodeKind::Output(chain) => twice_in_filters(chain),
            NodeKind::Assign { value, .. } => twice_in_filters(value),
            NodeKind::Case { arms, .. } => arms.iter().filter_map(twice_in_when).collect(),
            _ => Vec::new(),
        };
        findings.extend(found.into_iter().map(|(message, span)| {
            let finding = Diagnostic::warning(Code::A0364, message).hint(Hint::new("remove what is not meant"));
            prompt.finding_in_body(finding, span, "said twice")
        }));
    });
    findings
}

/// A message and its place.
type Twice = (String, Range<usize>);

fn twice_in_render(render: &Render) -> Vec<Twice> {
    let mut found = Vec::new();
    for (at, (name, _)) in render.arguments.iter().enumerate() {
        let is_again = render.arguments[..at].iter().any(|(earlier, _)| earlier.text == name.text);
        if is_again {
            found.push((
                format!("`{}` is given `{}` twice, and takes the last", render.name, name.text),
                name.span.clone(),
            ));
        }
        // What `with` or `for` gives comes last, wherever it stands.
        if render.subject.as_ref().is_some_and(|subject| subject.alias == name.text) {
            let with = if render.subject.as_ref().is_some_and(|it| it.each) { "for" } else { "with" };
            let message = format!("`{}` is given `{}` twice, and takes that of `{with}`", render.name, name.text);
            found.push((message, name.span.clone()));
        }
    }
    found
}

fn twice_in_filters(chain: &Chain) -> Vec<Twice> {
    let mut found = Vec::new();
    for call in &chain.filters {
        for (at, (key, _)) in call.keyword.iter().enumerate() {
            if call.keyword[..at].iter().any(|(earlier, _)| earlier == key) {
                found.push((format!("`{}` is given `{key}` twice", call.name()), call.span.clone()));
            }
        }
    }
    found
}

fn twice_in_when(arm: &Arm) -> Option<Twice> {
    let mut seen: Vec<&Literal> = Vec::new();
    for value in arm.values.iter().flatten() {
        let Expression::Literal(literal) = value else { continue };
        if seen.contains(&literal) {
            return Some((
                "a value stands here twice, and what follows is rendered twice for it".into(),
                arm.span.clone(),
            ));
        }
        seen.push(literal);
    }
    None
}

fn each_text(nodes: &[Node], visit: &mut dyn FnMut(&Range<usize>)) {
    each_node(nodes, &mut |node| {
        if let NodeKind::Text(span) = &node.kind {
            visit(span);
        }
    });
}

fn each_node(nodes: &[Node], visit: &mut dyn FnMut(&Node)) {
    for node in nodes {
        visit(node);
        node.bodies(&mut |body| each_node(body, visit));
    }
}
