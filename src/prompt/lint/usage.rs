//! Which parameters are used, in the prompt itself or by what it renders.

use crate::error::{Code, Diagnostic, Hint};
use crate::prompt::check::{Key, is_called, key};
use crate::prompt::declaration::Parameter;
use crate::prompt::scope::Found;
use std::collections::BTreeMap;

/// What is known of parameters, each looked into once.
pub(super) type Known = BTreeMap<(Key, String), bool>;

/// Warns of parameters that come to nothing.
pub(super) fn unused(found: &Found, known: &mut Known) -> Vec<Diagnostic> {
    let prompt = &found.prompt;
    let mut findings = Vec::new();
    for parameter in prompt.parameters().iter().filter(|parameter| !parameter.retired) {
        if is_used(found, &parameter.name, known) {
            continue;
        }
        let mut message = format!("the parameter `{}` is never used", parameter.name);
        let takers = takers(found, parameter);
        if !takers.is_empty() {
            message = format!("the parameter `{}` is only passed to {}, and never used there", parameter.name, takers);
        }
        findings.push(
            Diagnostic::warning(Code::A0212, message)
                .at(prompt.path(), prompt.text().clone(), parameter.span.clone(), "not used")
                .hint(Hint::new("if callers still pass it, say `retired: true`")),
        );
    }
    findings
}

/// Returns the partials that a parameter is passed to.
fn takers(found: &Found, parameter: &Parameter) -> String {
    let template = found.prompt.template();
    let arguments =
        template.variables().iter().filter(|it| it.name == parameter.name).filter_map(|it| it.argument.as_ref());
    let mut names: Vec<String> =
        arguments.filter_map(|(at, _)| template.partials().get(*at)).map(|it| format!("`{}`", it.name)).collect();
    names.dedup();
    names.join(" and ")
}

fn is_used(found: &Found, name: &str, known: &mut Known) -> bool {
    let asked = (key(found), name.to_owned());
    if let Some(known) = known.get(&asked) {
        return *known;
    }
    // In a circle, which is an error of its own, nothing more is found by going round again.
    known.insert(asked.clone(), false);
    let template = found.prompt.template();
    let reads = template.variables().iter().filter(|variable| variable.name == name);
    let is_used = reads.into_iter().any(|variable| match &variable.argument {
        None => true,
        Some((partial, argument)) => {
            template.partials().get(*partial).is_none_or(|partial| uses(found, &partial.name, argument, known))
        }
    });
    known.insert(asked, is_used);
    is_used
}

/// Returns whether a partial uses an argument. One that cannot be looked into may.
fn uses(found: &Found, partial: &str, argument: &str, known: &mut Known) -> bool {
    let Ok(next) = found.scope.lookup(partial) else { return true };
    let parameter = next.prompt.parameters().iter().find(|parameter| is_called(parameter, argument));
    parameter.is_none_or(|parameter| !parameter.retired && is_used(&next, &parameter.name, known))
}
