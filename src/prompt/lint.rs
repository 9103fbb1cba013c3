//! All that is wrong or odd about the prompts of a set.

#[cfg(feature = "manage")]
mod json_schemas;
pub(super) mod slips;
mod trust;
mod usage;
pub(super) mod ways;

use super::check::{Survey, check_alone, loopless};
use super::file::Prompt;
use super::fix;
use super::scope::{Found, Scope};
use super::set::{limited, split_reference};
use super::testing::{Assertion, Check};
use crate::error::{Code, Diagnostic, Hint, Severity};
use crate::name::SetName;
use crate::template::PartialUse;
use crate::template::syntax::habits;
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
/// [`super::MAX_FINDINGS`] a file and then the number of the others. None is an error exactly when the set can be
/// published.
pub fn lint(scope: &Scope, reach: Reach) -> Vec<Diagnostic> {
    let mut findings = scope.set().raw_findings().to_vec();
    let mut known = Known::default();
    for prompt in scope.set().prompts() {
        findings.extend(lint_prompt(scope, prompt, reach, &mut known));
    }
    limited(findings)
}

/// What was found out of partials on the way.
#[derive(Default)]
struct Known {
    survey: Survey,
    usage: usage::Known,
    trust: trust::Known,
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

/// Returns every finding about `prompt`, one of `scope`'s set, apart from what reading it found. What is
/// rendered of sets that are not at hand is not judged.
pub(super) fn lint_one(scope: &Scope, prompt: &Arc<Prompt>) -> Vec<Diagnostic> {
    lint_prompt(scope, prompt, Reach::OwnPrompts, &mut Known::default())
}

fn lint_prompt(scope: &Scope, prompt: &Arc<Prompt>, reach: Reach, known: &mut Known) -> Vec<Diagnostic> {
    let found = Found { prompt: prompt.clone(), scope: scope.clone() };
    let mut findings = check_alone(&found, &mut known.survey);
    if reach == Reach::OwnPrompts {
        findings.retain(|finding| !is_out_of_reach(&found, finding));
    }
    match prompt.declares_parameters() {
        true => findings.extend(usage::unused(&found, &mut known.usage)),
        false => findings.extend(undeclared(scope, prompt)),
    }
    let on_ways = ways::findings(&found);
    // What is wrong with a path is told by what is declared.
    let place = |one: &Diagnostic| one.location.as_ref().map(|location| location.span.clone());
    let is_told = |one: &Diagnostic| {
        matches!(one.code, Code::A0359 | Code::A0301)
            && findings.iter().any(|it| it.code == Code::A0301 && place(it) == place(one))
    };
    let on_ways: Vec<Diagnostic> = on_ways.into_iter().filter(|one| !is_told(one)).collect();
    findings.extend(on_ways);
    findings.extend(trust::flows(&found, &mut known.trust));
    if !prompt.name().is_private() {
        // Whoever asks for the prompt itself would have no loop; as a partial it may do.
        findings.extend(loopless(prompt).map(|finding| Diagnostic { severity: Severity::Warning, ..finding }));
    }
    findings.extend(slips::late_front_matter(prompt));
    findings.extend(slips::foreign_comments(prompt));
    findings.extend(slips::escapes(prompt));
    findings.extend(slips::said_twice(prompt));
    findings.extend(in_tests(prompt));
    #[cfg(feature = "manage")]
    findings.extend(json_schemas::faults(prompt));
    // With a partial out of reach it is not known what the prompt gives.
    if reach == Reach::Everything && known.survey.visit(&found, 1).is_ok_and(|shape| !shape.is_chat) {
        findings.extend(roles_of_text(prompt));
    }
    findings
}

/// Returns what is wrong within the tests of `prompt`, and what they give that it does not take.
fn in_tests(prompt: &Prompt) -> Vec<Diagnostic> {
    let faults = prompt.front_matter().test_faults();
    let mut findings: Vec<Diagnostic> = faults.map(|problem| prompt.finding_in_front_matter(problem.clone())).collect();
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
            .is_some_and(|partial| found.scope.lookup(&partial.name).is_err_and(|error| error.is_out_of_reach()))
}

/// Warns that a file declares no parameters and takes some.
fn undeclared(scope: &Scope, prompt: &Prompt) -> Option<Diagnostic> {
    /// The most names of which it is said why they cannot be declared by themselves.
    const MOST: usize = 3;
    let first = prompt.parameters().first()?;
    let names: Vec<String> = prompt.parameters().iter().map(|parameter| format!("`{}`", parameter.name)).collect();
    let message = format!("the file declares no parameters and takes {}", names.join(", "));
    let finding = Diagnostic::warning(Code::A0209, message).at(
        prompt.path(),
        prompt.text().clone(),
        first.span.clone(),
        "taken as a parameter",
    );
    let mut meant = prompt.parameters().iter().filter_map(|it| Some((&it.name, habits::of_name(&it.name)?)));
    if let Some((name, hint)) = meant.next() {
        return Some(finding.hint(Hint::new(format!("`{name}` is a name here: {hint}"))));
    }
    let left = fix::left(scope, prompt);
    let finding = finding.hint(Hint::new("declare them in front matter, under `parameters`"));
    if left.is_empty() {
        return Some(finding.hint(Hint::run("or have that done", "anvil lint --fix")));
    }
    // Half a declaration would make errors of the other names.
    Some(left.into_iter().take(MOST).fold(finding, |finding, why| finding.hint(Hint::new(why))))
}

/// Returns how many of `findings` are errors and how many are warnings.
pub fn tally(findings: &[Diagnostic]) -> (usize, usize) {
    let all: usize = findings.iter().map(|finding| finding.count).sum();
    let errors = findings.iter().filter(|finding| finding.is_error()).map(|finding| finding.count).sum();
    (errors, all - errors)
}
