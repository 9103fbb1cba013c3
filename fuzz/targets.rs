//! What the fuzz targets do with an input, and what must hold then. `tests/it/corpus.rs` calls the
//! same functions with every file of the corpus.
//!
//! Each may take any bytes and must return: a panic is a finding, and so is an abort, a hang
//! or the memory that the fuzzer's limits see.

use anvil::error::Diagnostic;
use anvil::prompt::{MAX_FINDINGS, Reach, Scope, Set, lint};
use anvil::template::{Bound, Output, Partial, Partials, RenderError, Template, Values, differ_in_text_alone};
use std::ops::Range;
use std::sync::{Arc, Weak};

/// The most bytes that a rendering gives.
const MAX_OUTPUT: usize = 4 * 1024 * 1024;

/// Takes the input as the source of a template: what is found, be it problems or what the
/// template uses, lies within the source.
pub fn parse(input: &[u8]) {
    let Ok(source) = std::str::from_utf8(input) else { return };
    let holds = |span: &Range<usize>| assert!(source.get(span.clone()).is_some(), "{span:?} is no part of the source");
    match Template::parse(source) {
        Ok(template) => {
            template.variables().iter().for_each(|variable| holds(&variable.span));
            template.partials().iter().for_each(|partial| holds(&partial.span));
            template.histories().iter().for_each(|history| holds(&history.span));
            assert!(differ_in_text_alone(source, source), "the source is not like itself");
        }
        Err(problems) => {
            assert!((1..=20).contains(&problems.len()), "{} problems", problems.len());
            for problem in problems {
                holds(&problem.span);
                assert!(!problem.message.is_empty() && !problem.message.contains('\n'), "{:?}", problem.message);
            }
        }
    }
}

/// Takes the input's first line as the values, a JSON object, and the rest as the source of a
/// template, which may render itself as `self`: two renderings give the same, within the limits.
pub fn render(input: &[u8]) {
    let Ok(input) = std::str::from_utf8(input) else { return };
    let Some((values, source)) = input.split_once('\n') else { return };
    let Ok(values) = serde_json::from_str::<Values>(values) else { return };
    let (Ok(template), Ok(again)) = (Template::parse(source), Template::parse(source)) else { return };
    let partials = Arc::new_cyclic(|me| Itself { template: again, me: me.clone() });
    let rendered = template.render(&values, partials.as_ref());
    assert_eq!(rendered, template.render(&values, partials.as_ref()), "two renderings differ");
    match rendered {
        Ok(Output::Text(text)) => assert!(text.len() <= MAX_OUTPUT, "{} bytes of text", text.len()),
        Ok(Output::Messages(messages)) => {
            let roles = messages.iter().map(|message| message.get("role").and_then(|role| role.as_str()));
            for role in roles {
                let known = role.is_some_and(|role| ["system", "user", "assistant", "tool"].contains(&role));
                assert!(known, "a message of {role:?}");
            }
        }
        Err(RenderError { message, span, partial }) => {
            assert!(!message.is_empty(), "an error without words");
            if let (Some(span), None) = (span, partial) {
                assert!(source.get(span.clone()).is_some(), "{span:?} is no part of the source");
            }
        }
    }
}

/// Takes the input as a prompt's file: loads it, lints it, and renders it with no parameters.
pub fn front_matter(input: &[u8]) {
    let (set, name) = Set::from_file("prompt.prompt.md", input);
    let scope = Scope::alone(Arc::new(set));
    let findings = lint(&scope, Reach::Everything);
    // One file has so many findings, and a line that counts the rest.
    assert!(findings.len() <= MAX_FINDINGS + 1, "{} findings", findings.len());
    let is_faulty = findings.iter().any(Diagnostic::is_error);
    let ready = scope.own(&name);
    assert!(is_faulty || ready.is_ok(), "lint sees no error where the prompt cannot be had: {ready:?}");
    if let Ok(ready) = ready {
        // Whatever it answers, it answers.
        let _ = ready.render(Values::new());
    }
}

/// A template that can render itself, called `self`, with whatever it is given.
struct Itself {
    template: Template,
    me: Weak<Itself>,
}

impl Partial for Itself {
    fn template(&self) -> &Template {
        &self.template
    }

    fn bind(&self, given: Values) -> Result<Bound, String> {
        Ok(given.into())
    }

    fn partials(&self) -> &dyn Partials {
        self
    }
}

impl Partials for Itself {
    fn find(&self, name: &str) -> Result<Arc<dyn Partial>, String> {
        match self.me.upgrade() {
            Some(me) if name == "self" => Ok(me),
            _ => Err(format!("there is no prompt `{name}`")),
        }
    }
}
