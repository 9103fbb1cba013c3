//! What is text by the language, and was surely meant otherwise.

use super::super::file::Prompt;
use crate::error::{Code, Diagnostic, Hint};
use crate::template::syntax::{Node, NodeKind};
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

fn each_text(nodes: &[Node], visit: &mut dyn FnMut(&Range<usize>)) {
    for node in nodes {
        if let NodeKind::Text(span) = &node.kind {
            visit(span);
        }
        node.bodies(&mut |body| each_text(body, visit));
    }
}
