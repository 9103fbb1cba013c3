//! All that is wrong or odd about the prompts of a set.

use super::check::{Survey, check_alone};
use super::declaration::{Parameter, Type};
use super::file::Prompt;
use super::scope::{Found, Scope};
use super::set::{limited, split_reference};
use super::testing::{Assertion, Check};
use crate::error::{Code, Diagnostic, Hint, Severity};
use crate::name::SetName;
use crate::template::{FreeVariable, PartialUse, Use};
use std::sync::Arc;

/// Whether partials of other sets can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The scope holds every dependency: what cannot be found does not exist.
    Everything,
    /// Dependencies may be missing, e.g. because nothing was pulled yet; what is rendered of them is not judged.
    OwnPrompts,
}

/// Returns every finding about the prompts of `scope`'s set, by file and place, at most
/// [`super::MAX_FINDINGS`] a file and then their number. None is an error exactly when the set can be published.
pub fn lint(scope: &Scope, reach: Reach) -> Vec<Diagnostic> {
    let mut findings = scope.set().raw_findings().to_vec();
    let mut survey = Survey::default();
    for prompt in scope.set().prompts() {
        findings.extend(lint_prompt(scope, prompt, reach, &mut survey));
    }
    limited(findings)
}

/// Why a prompt of some set cannot be rendered as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit {
    /// What is wrong, at its place.
    pub finding: Diagnostic,
    /// The set that it renders something of which is not there, or takes other parameters; nothing
    /// where the prompt is at fault by itself.
    pub with: Option<SetName>,
}

/// Returns what keeps prompts of `scope`'s set from being rendered, whatever they are given, at most
/// [`super::MAX_FINDINGS`]: their own errors, and what they render of others in a way that these do not
/// have. What else [`lint`] holds an author to is not asked of a set that is published.
pub fn misfits(scope: &Scope) -> Vec<Misfit> {
    let mut survey = Survey::default();
    let own = scope.set().raw_findings().iter().cloned().map(|finding| Misfit { finding, with: None });
    let mut misfits: Vec<Misfit> = own.collect();
    for prompt in scope.set().prompts() {
        let found = Found { prompt: prompt.clone(), scope: scope.clone() };
        let findings = check_alone(&found, &mut survey).into_iter();
        misfits.extend(findings.map(|finding| Misfit { with: other_set(&found, &finding), finding }));
    }
    misfits.retain(|misfit| misfit.finding.is_error());
    misfits.truncate(super::MAX_FINDINGS);
    misfits
}

/// Returns the other set that `finding` is about, if it is about a partial of one.
fn other_set(found: &Found, finding: &Diagnostic) -> Option<SetName> {
    let (set, _) = split_reference(&partial_at(found, finding)?.name)?;
    found.scope.set().dependencies().contains(&set).then_some(set)
}

/// Returns the `render` tag that `finding` stands at.
fn partial_at<'a>(found: &'a Found, finding: &Diagnostic) -> Option<&'a PartialUse> {
    let start = finding.location.as_ref()?.span.start.checked_sub(found.prompt.body())?;
    found.prompt.template().partials().iter().find(|partial| partial.span.start == start)
}

fn lint_prompt(scope: &Scope, prompt: &Arc<Prompt>, reach: Reach, survey: &mut Survey) -> Vec<Diagnostic> {
    let found = Found { prompt: prompt.clone(), scope: scope.clone() };
    let mut findings = check_alone(&found, survey);
    if reach == Reach::OwnPrompts {
        findings.retain(|finding| !is_out_of_reach(&found, finding));
    }
    if prompt.declares_parameters() {
        findings.extend(unused(prompt));
        findings.extend(prompt.template().variables().iter().filter_map(|variable| perhaps_absent(prompt, variable)));
    } else {
        findings.extend(undeclared(prompt));
    }
    findings.extend(in_tests(prompt));
    // With a partial out of reach it is not known what the prompt gives.
    if reach == Reach::Everything && survey.visit(&found, 1).is_ok_and(|shape| !shape.is_chat) {
        findings.extend(roles_of_text(prompt));
    }
    findings
}

/// Returns what is wrong within the tests of `prompt`, so that they cannot run.
pub fn faults_of_tests(prompt: &Prompt) -> Vec<Diagnostic> {
    let problems = prompt.front_matter().test_problems.iter();
    problems.map(|problem| prompt.finding_in_front_matter(problem.clone())).collect()
}

/// Returns what is wrong within the tests of `prompt`, and what they give that it does not take.
fn in_tests(prompt: &Prompt) -> Vec<Diagnostic> {
    let mut findings = faults_of_tests(prompt);
    for test in &prompt.front_matter().tests {
        let Err(error) = prompt.bind(test.parameters.clone()) else { continue };
        for fault in error.faults() {
            let name = fault.path.split(['.', '[']).next().unwrap_or_default();
            let finding = Diagnostic::error(Code::A0821, format!("the test `{}` gives {fault}", test.name));
            let finding = Diagnostic { hints: fault.hint.clone().into_iter().collect(), ..finding };
            findings.push(prompt.finding_in_file(finding, test.place_of(name)));
        }
    }
    findings
}

/// Returns the assertions about roles of a prompt that gives text.
fn roles_of_text(prompt: &Prompt) -> Vec<Diagnostic> {
    let assertions = prompt.front_matter().tests.iter().flat_map(|test| &test.asserts);
    let about_roles = assertions.filter(|one| one.role.is_some() || matches!(one.check, Check::Roles(_)));
    let finding = |assertion: &Assertion| {
        let message = format!("`{}` asks for roles, and the prompt gives text", assertion.kind());
        prompt.finding_in_file(Diagnostic::error(Code::A0820, message), assertion.span.clone())
    };
    about_roles.map(finding).collect()
}

/// Returns whether `finding` says that a partial cannot be had, whose set is simply not at hand.
fn is_out_of_reach(found: &Found, finding: &Diagnostic) -> bool {
    finding.code == Code::A0350
        && partial_at(found, finding)
            .is_some_and(|partial| found.scope.lookup(&partial.name).is_err_and(|error| error.is_out_of_reach))
}

/// Warns of parameters that the template never reads.
fn unused(prompt: &Prompt) -> Vec<Diagnostic> {
    let template = prompt.template();
    let is_read = |parameter: &&Parameter| {
        template.variables().iter().any(|variable| variable.name == parameter.name)
            || template.histories().iter().any(|history| history.parameter == parameter.name)
    };
    let unread = prompt.parameters().iter().filter(|parameter| !parameter.retired && !is_read(parameter));
    let warning = |parameter: &Parameter| {
        Diagnostic::warning(Code::A0212, format!("the parameter `{}` is never used", parameter.name))
            .at(prompt.path(), prompt.text().clone(), parameter.span.clone(), "not used")
            .hint(Hint::new("if callers still pass it, say `retired: true`"))
    };
    unread.map(warning).collect()
}

/// Warns that a file declares no parameters and takes some.
fn undeclared(prompt: &Prompt) -> Option<Diagnostic> {
    let first = prompt.parameters().first()?;
    let names: Vec<String> = prompt.parameters().iter().map(|parameter| format!("`{}`", parameter.name)).collect();
    let declared: Vec<String> = prompt
        .parameters()
        .iter()
        .filter(|parameter| parameter.schema.kind != Type::Any)
        .map(|parameter| format!("{}: {}", parameter.name, parameter.schema.kind))
        .collect();
    let message = format!("the file declares no parameters and takes {}", names.join(", "));
    let finding = Diagnostic::warning(Code::A0209, message).at(
        prompt.path(),
        prompt.text().clone(),
        first.span.clone(),
        "taken as a parameter",
    );
    Some(match declared.as_slice() {
        [] => finding.hint(Hint::new("declare them in front matter, under `parameters`")),
        declared => finding.hint(Hint::new(format!("declare them: `parameters: {{ {} }}`", declared.join(", ")))),
    })
}

/// Returns an error if `variable` is printed or looped over though it may be absent, and no
/// condition stands around it that could have asked. Which conditions do ask is not judged here.
fn perhaps_absent(prompt: &Prompt, variable: &FreeVariable) -> Option<Diagnostic> {
    let what = match variable.usage {
        Use::Printed => "printed",
        Use::Looped => "looped over",
        Use::Tested => return None,
    };
    let parameter = prompt.parameter(&variable.name)?;
    let absent = absent_part(parameter, &variable.path)?;
    let body = &prompt.text()[prompt.body()..];
    if is_under_condition(body.get(..variable.span.start)?) {
        return None;
    }
    let message = format!("`{absent}` is optional and {what} where it may be absent");
    let finding = Diagnostic::error(Code::A0354, message).hint(Hint::new(match variable.usage {
        Use::Printed => format!("write `{{{{ {absent} | default: \"…\" }}}}`, or ask first: `{{% if {absent} %}}`"),
        _ => format!("ask first: `{{% if {absent} %}}`"),
    }));
    Some(prompt.finding_in_body(finding, variable.span.clone(), "may be absent"))
}

/// Returns the first part of `name.path…` that may be absent.
fn absent_part(parameter: &Parameter, path: &[String]) -> Option<String> {
    let mut written = parameter.name.clone();
    if (parameter.optional && parameter.schema.default.is_none()) || parameter.schema.nullable {
        return Some(written);
    }
    let mut schema = &parameter.schema;
    for segment in path {
        let property = schema.property(segment)?;
        written = format!("{written}.{segment}");
        if (!property.required && property.schema.default.is_none()) || property.schema.nullable {
            return Some(written);
        }
        schema = &property.schema;
    }
    None
}

/// Returns whether the end of `before` stands inside a tag that may not run: `if`, `unless`, `case`
/// or `for`. Tags are counted in the text alone; one in a comment or in `raw` counts too, which at
/// worst keeps a finding back.
fn is_under_condition(before: &str) -> bool {
    let mut depth = 0_usize;
    for tag in before.split("{%").skip(1) {
        let tag = tag.trim_start_matches('-').trim_start();
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        match &tag[..end] {
            "if" | "unless" | "case" | "for" | "tablerow" => depth += 1,
            "endif" | "endunless" | "endcase" | "endfor" | "endtablerow" => depth = depth.saturating_sub(1),
            // In `liquid` tags stand in lines without braces.
            "liquid" => return true,
            _ => {}
        }
    }
    depth > 0
}

/// Returns how many of `findings` are errors and how many are warnings.
pub fn tally(findings: &[Diagnostic]) -> (usize, usize) {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    (errors, findings.len() - errors)
}
