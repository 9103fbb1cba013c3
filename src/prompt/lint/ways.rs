//! What following a template on all its ways finds, in words.

use crate::error::{Code, Diagnostic, Hint, Severity};
use crate::prompt::check::no_property;
use crate::prompt::declaration::Type;
use crate::prompt::file::Prompt;
use crate::prompt::scope::Found;
use crate::prompt::shapes::Given;
use crate::prompt::yaml::line_of;
use crate::template::analysis::domain::{Known, Nil};
use crate::template::analysis::flow::{Finding, Followed, Hollow, Issue, Need, Types, Unfit, follow};
use crate::template::analysis::world::Turn;
use std::ops::Range;

/// The most characters of a tag that a message shows.
const MAX_SHOWN: usize = 60;
/// The most turns of a way that a message tells.
const MAX_TURNS: usize = 3;

/// Returns what is wrong on some way through the template of `found`.
pub(in crate::prompt) fn findings(found: &Found) -> Vec<Diagnostic> {
    let prompt = &found.prompt;
    let Followed { findings, is_whole, .. } = follow(prompt.template(), &Given { prompt, scope: &found.scope });
    let mut told: Vec<Diagnostic> = findings.iter().filter_map(|finding| diagnostic(prompt, finding)).collect();
    if !is_whole {
        let message = "the template has too many ways to follow all of them; some may not have been checked";
        told.push(prompt.finding_in_body(Diagnostic::warning(Code::A0363, message), 0..0, ""));
    }
    told
}

fn diagnostic(prompt: &Prompt, finding: &Finding) -> Option<Diagnostic> {
    let way = way(prompt, &finding.way);
    let (finding_so_far, label) = match &finding.issue {
        Issue::MayBeNil { need, part, read, can_print, by, nil } => {
            let absent = Absent { part: part_in_words(part, *by), read, can_print: *can_print, nil: *nil };
            (may_be_nil(need, &absent, &way), if *nil == Nil::Null { "may be null" } else { "may be absent" })
        }
        Issue::Fails { part, with, reason } => (untyped(prompt, part, fails(part, with, reason, &way)), "fails"),
        Issue::HoldsNil { part, by, filter } => {
            (holds_nil(&part_in_words(part, *by), filter, &way), "an item may be nil")
        }
        Issue::Undeclared { part, property, by, meant } => {
            let message = format!("{}, which is not a declared property{way}", reading(property, part, *by));
            let told = no_property(message, property, meant.as_deref());
            // Where the name means several values, others may have it.
            let severity = if way.is_empty() { Severity::Error } else { Severity::Warning };
            (Diagnostic { severity, ..told }, "not declared")
        }
        Issue::NotSet { name } => {
            // What nothing sets anywhere before has been told.
            let is_free = prompt.template().variables().iter().any(|it| it.span == finding.span && it.name == *name);
            if is_free {
                return None;
            }
            let message = format!("`{name}` is read where it may not have been set{way}");
            let hint = Hint::new(format!("set it before: `{{% assign {name} = … %}}`"));
            (Diagnostic::error(Code::A0357, message).hint(hint), "not set on every way")
        }
        // What a file without declarations takes is always there, as nobody has said.
        Issue::NeverTaken { .. } | Issue::AlwaysTrue { .. } if !prompt.declares_parameters() => return None,
        Issue::NeverTaken { value, reason, instead } => {
            (never_taken(value.as_ref(), reason, instead.as_deref()), "never taken")
        }
        Issue::AlwaysTrue { part, hollow } => (always_true(part, *hollow), "always true"),
        Issue::Refused { partial, parameter, values, types } => {
            (refused((partial, parameter), values, types, &way), "not taken")
        }
        // Nobody has said what values these are.
        Issue::Unfit { unfit, .. } if !unfit.is_always && !prompt.declares_parameters() => return None,
        Issue::Unfit { partial, parameter, part, unfit } => {
            (misfit((partial, parameter), part, unfit, &way), "not taken")
        }
    };
    Some(prompt.finding_in_body(finding_so_far, finding.span.clone(), label))
}

/// What a message calls a value, and what a hint does if it has a name.
enum Part<'p> {
    Named(&'p str),
    GivenBy(&'static str),
    Unnamed,
}

fn part_in_words<'p>(part: &'p str, by: Option<&'static str>) -> Part<'p> {
    match (part, by) {
        ("", Some(filter)) => Part::GivenBy(filter),
        ("", None) => Part::Unnamed,
        (part, _) => Part::Named(part),
    }
}

/// Says in words what is read, of which value or of the items of which list.
fn reading(property: &str, part: &str, by: Option<&str>) -> String {
    match (by, part) {
        (None, "") => format!("the template uses `{property}` of a value"),
        (None, part) => format!("the template uses `{property}` of `{part}`"),
        (Some(filter), "") => format!("`{filter}` asks the items for `{property}`"),
        (Some(filter), part) => format!("`{filter}` asks the items of `{part}` for `{property}`"),
    }
}

fn fails(part: &str, with: &[String], reason: &str, way: &str) -> Diagnostic {
    /// The most values that a message lists.
    const MOST: usize = 4;
    let listed: Vec<&str> = with.iter().take(MOST).map(String::as_str).collect();
    let message = match (with, part) {
        ([], "") => format!("rendering fails here: {reason}{way}"),
        ([], part) => format!("rendering fails here, whatever `{part}` is: {reason}{way}"),
        (_, "") => format!("a value may be {}, and rendering fails then: {reason}{way}", listed.join(" or ")),
        (_, part) => format!("`{part}` may be {}, and rendering fails then: {reason}{way}", listed.join(" or ")),
    };
    Diagnostic::error(Code::A0359, message)
}

/// Says of a value that nobody has declared why it is taken for a string.
fn untyped(prompt: &Prompt, part: &str, finding: Diagnostic) -> Diagnostic {
    let is_taken =
        || prompt.parameters().iter().any(|parameter| parameter.name == part && parameter.schema.kind == Type::String);
    if prompt.declares_parameters() || !is_taken() {
        return finding;
    }
    finding
        .hint(Hint::new(format!("`{part}` is a string until it is declared: say its type, under `parameters`")))
        .hint(Hint::run("or have that done", "anvil lint --fix"))
}

/// What may be nil, and what is read of it.
struct Absent<'p> {
    part: Part<'p>,
    /// The whole path; what may be nil, or a part of that.
    read: &'p str,
    /// Whether what is read can be printed where it is there.
    can_print: bool,
    nil: Nil,
}

fn may_be_nil(need: &Need, absent: &Absent<'_>, way: &str) -> Diagnostic {
    let used = match need {
        Need::Printed => "printed".to_owned(),
        Need::Looped => "looped over".to_owned(),
        Need::Filtered(filter) => format!("put through `{filter}`"),
        Need::Argument(filter) => format!("an argument of `{filter}`"),
        Need::Counted(_) => "an index or a number".to_owned(),
        Need::Passed { partial, parameter } => format!("passed to `{partial}` as `{parameter}`, which it needs,"),
    };
    let nil = absent.nil;
    let part = match absent.part {
        Part::Named(part) => part,
        Part::GivenBy(filter) if matches!(nil, Nil::Missing | Nil::InItem) => {
            let message = format!("what `{filter}` gives is {used} where it may be nil{way}");
            let hint = Hint::new("say what stands in for it: `| default: \"…\"`");
            return Diagnostic::warning(Code::A0362, message).hint(hint);
        }
        Part::GivenBy(_) | Part::Unnamed => {
            let message = format!("a value is {used} where it may be nil{way}");
            return match nil {
                Nil::InItem => Diagnostic::warning(Code::A0354, message),
                _ => Diagnostic::error(Code::A0354, message),
            };
        }
    };
    if nil == Nil::Outermost {
        let message = format!("`{part}` is {used} where no `for` is around the loop, so that it is nil{way}");
        return Diagnostic::error(Code::A0354, message);
    }
    let read = if absent.read.is_empty() { part } else { absent.read };
    let itself = if read == part { "it".to_owned() } else { format!("`{part}`") };
    let hint = stand_in(need, read, absent.can_print);
    let code = if matches!(need, Need::Passed { .. }) { Code::A0355 } else { Code::A0354 };
    match nil {
        Nil::Declared if read == part => {
            Diagnostic::error(code, format!("`{part}` is optional and {used} where it may be absent{way}"))
        }
        Nil::Declared => Diagnostic::error(code, format!("`{read}` is {used} where {itself} may be absent{way}")),
        Nil::Null => Diagnostic::error(code, format!("`{read}` is {used} where {itself} may be null{way}")),
        Nil::Missing | Nil::Lacking => {
            let whole = if nil == Nil::Missing { "list" } else { "object" };
            let message = format!("`{read}` is {used} where the {whole} may not have {itself}{way}");
            Diagnostic::warning(Code::A0362, message)
        }
        // Whoever fills a list knows what its items have; the language lets such prompts be.
        _ => Diagnostic::warning(code, format!("`{read}` is {used} where {itself} may be absent{way}")),
    }
    .hint(hint)
}

/// Returns what to do where the value at the path `read` may be nil.
fn stand_in(need: &Need, read: &str, can_print: bool) -> Hint {
    let is_printed = matches!(need, Need::Printed) && can_print;
    // What is asked of an index that is computed says nothing of it where it is computed again.
    Hint::new(match (is_printed, read.contains('…')) {
        (true, false) => format!("write `{{{{ {read} | default: \"…\" }}}}`, or ask first: `{{% if {read} %}}`"),
        (false, false) => format!("ask first: `{{% if {read} %}}`"),
        (true, true) => "say what stands in for it: `| default: \"…\"`".to_owned(),
        (false, true) => "give it a name with `assign`, and ask first whether that is there".to_owned(),
    })
}

fn holds_nil(list: &Part<'_>, filter: &str, way: &str) -> Diagnostic {
    let list = match list {
        Part::Named(part) => format!("`{part}`"),
        Part::GivenBy(by) => format!("what `{by}` gives"),
        Part::Unnamed => "a list".to_owned(),
    };
    let message = format!("{list} is put through `{filter}` where an item of it may be nil{way}");
    Diagnostic::warning(Code::A0354, message).hint(Hint::new("leave out what is nil before that: `| compact`"))
}

fn never_taken(value: Option<&Known>, reason: &str, instead: Option<&str>) -> Diagnostic {
    let what = match value {
        Some(value) => format!("{} never fits here", value.shown()),
        None => "this branch is never taken".to_owned(),
    };
    let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    let hint = match instead {
        Some(instead) => format!("to ask whether it is empty, write `{instead}`"),
        None => "mend the condition, or remove the branch".to_owned(),
    };
    Diagnostic::warning(Code::A0361, format!("{what}{why}")).hint(Hint::new(hint))
}

fn always_true(part: &str, hollow: Hollow) -> Diagnostic {
    let message = format!("`{part}` is always true: it is always there, and {} counts as true", hollow.described());
    let hint = format!("ask what is meant: `{{% if {} %}}`", hollow.asked(part));
    Diagnostic::warning(Code::A0361, message).hint(Hint::new(hint))
}

fn refused((partial, parameter): (&str, &str), values: &[String], types: &Types, way: &str) -> Diagnostic {
    let Types { part, given, taken } = types;
    let message = match values.is_empty() {
        true if given != taken => {
            let passed = if part.is_empty() { "what it is given".to_owned() } else { format!("`{part}`") };
            format!("`{parameter}` of `{partial}` expects {taken}, and {passed} is {given}{way}")
        }
        true => format!("`{partial}` takes no such value as `{parameter}`{way}"),
        false => format!("`{partial}` does not take {} as `{parameter}`{way}", values.join(" or ")),
    };
    Diagnostic::error(Code::A0356, message).hint(see_declaration(partial, parameter))
}

fn misfit((partial, parameter): (&str, &str), part: &str, unfit: &Unfit, way: &str) -> Diagnostic {
    let reason = &unfit.reason;
    let finding = match unfit.is_always {
        true => {
            let message = format!("`{partial}` never takes {part} as `{parameter}`: {reason}{way}");
            Diagnostic::error(Code::A0356, message)
        }
        false => {
            let message = format!("`{partial}` does not always take {part} as `{parameter}`: {reason}{way}");
            Diagnostic::warning(Code::A0356, message)
        }
    };
    finding.hint(see_declaration(partial, parameter))
}

fn see_declaration(partial: &str, parameter: &str) -> Hint {
    Hint::new(format!("see what `{partial}` declares for `{parameter}`"))
}

/// Returns a way in words, to go behind what happens on it; empty where all ways lead there.
fn way(prompt: &Prompt, turns: &[Turn]) -> String {
    let source = prompt.template().source();
    let line = |span: &Range<usize>| line_of(prompt.text(), prompt.body() + span.start);
    let words = turns.iter().rev().take(MAX_TURNS).rev().map(|turn| match turn {
        Turn::Holds(span) => format!("where `{}` holds", tag(source, span)),
        Turn::Fails(span) => format!("where `{}` does not hold", tag(source, span)),
        Turn::Else(span) => format!("on the path through `{}` at line {}", tag(source, span), line(span)),
        Turn::When(span) => format!("on the path through `{}` at line {}", tag(source, span), line(span)),
        Turn::NoWhen(span) => format!("where no `when` of `{}` fits", tag(source, span)),
        Turn::Items(span) => format!("where `{}` has items", tag(source, span)),
        Turn::NoItems(span) => format!("where `{}` has no items", tag(source, span)),
    });
    match words.collect::<Vec<_>>() {
        words if words.is_empty() => String::new(),
        words => format!(", {}", words.join(" and ")),
    }
}

/// Returns a tag without its braces, cut to what a line can hold.
fn tag(source: &str, span: &Range<usize>) -> String {
    let written = source.get(span.clone()).unwrap_or_default().trim();
    let inner = written.strip_prefix("{%").unwrap_or(written);
    let inner = inner.strip_suffix("%}").unwrap_or(inner).trim_matches('-');
    let words: Vec<&str> = inner.split_whitespace().collect();
    let words = words.join(" ");
    match words.char_indices().nth(MAX_SHOWN) {
        Some((cut, _)) => format!("{}…", &words[..cut]),
        None => words,
    }
}
