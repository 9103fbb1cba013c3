//! The parameters that a command line gives: what of them cannot be meant, and how it is said instead.

use crate::assert_answer;
use crate::context::TestContext;
use crate::render::{application, set};
use snapbox::str;

#[test]
fn every_fault_of_the_parameters_is_told_at_once() {
    let context = TestContext::new();
    application(&context);
    let reply = ["render", "support/onboarding/reply"];
    assert_answer!(
        context.anvil(&[&reply[..], &["-p", "customer={", "-p", "tone=warmth", "-p", "tickets=x"]].concat()),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0210]: customer: expected an object as JSON: EOF while parsing an object at line 1 column 1

error[A0210]: tone: expected one of warm, formal; got "warmth"
  = help: did you mean `warm`?

error[A0210]: tickets: unknown parameter
  = help: did you mean `ticket`?

error[A0210]: ticket: required and not given; expected a string
help: give it with `-p ticket=…`
help: see what the prompt takes: `anvil show support/onboarding/reply`

"#]]
    );
}

/// Whoever types no JSON sees how their own words would be some.
#[test]
fn a_value_that_must_be_json_is_shown_as_it_would_be_typed() {
    let context = TestContext::new();
    context.write(
        "p.prompt.md",
        "---\nparameters:\n  who: { type: object, properties: { age: integer, name: string }, required: [age, name] }\n  \
         tags: { type: array, items: string }\n  sizes: { type: array, items: integer }\n  \
         past: { type: messages }\n  any: { type: object }\n---\n\
         {{ who | json }}{{ tags | join }}{{ sizes | join }}{{ any | json }}{% for m in past %}{{ m.role }}{% endfor %}\n",
    );
    let given = ["who=Bo", "tags=a, b", "sizes=1,2", "past=Hello", "any=x"].map(|given| ["-p", given]).concat();
    assert_answer!(
        context.anvil(&[&["render", "p.prompt.md"], &given[..]].concat()),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0210]: who: expected an object as JSON; got "Bo"
  = help: write it as JSON: `-p who='{"age":1,"name":"Bo"}'`

error[A0210]: tags: expected an array as JSON; got "a, b"
  = help: write it as JSON: `-p tags='["a","b"]'`

error[A0210]: sizes: expected an array as JSON; got "1,2"
  = help: write it as JSON: `-p sizes='[…]'`

error[A0210]: past: expected an array of messages as JSON; got "Hello"
  = help: write it as JSON: `-p past='[{"role":"user","content":"Hello"}]'`

error[A0210]: any: expected an object as JSON; got "x"
  = help: write it as JSON: `-p any='{…}'`

"#]]
    );
    let shown = r#"who={"age":1,"name":"Bo"}"#;
    let right = [shown, r#"tags=["a","b"]"#, "sizes=[1]", r#"past=[{"role":"user","content":"Hello"}]"#, "any={}"];
    context.anvil(&[&["render", "p.prompt.md"], &right.map(|given| ["-p", given]).concat()[..]].concat()).success();
    // What begins with `@` may be no file at all.
    let missing = context.anvil(&["render", "p.prompt.md", "-p", "tags=@acme"]);
    assert!(missing.stderr.contains("for one that begins with `@` write `-p tags=@@acme`"), "{}", missing.shown());
}

#[test]
fn parameters_that_cannot_be_meant_are_refused() {
    let context = TestContext::new();
    set(&context);
    context.write("list.json", "[1]");
    context.write("broken.json", "{\"name\":");
    context.write("latin.txt", b"caf\xe9");
    let code = |more: &[&str]| {
        let answer = context.anvil(&[&["render", "emails/welcome"], more].concat());
        (answer.code, answer.stderr.lines().next().unwrap_or_default().to_owned())
    };
    let (usage, first) = code(&["-p", "name=@-", "--params", "-"]);
    assert_eq!((usage, first.as_str()), (2, "error[A1002]: stdin can be read for one thing only"));
    assert_eq!(code(&["-p", "name=a", "-p", "name=b"]).0, 2);
    assert_eq!(code(&["-p", "name"]).0, 2);
    for (more, expected) in [
        (["--params", "list.json"], "A1071"),
        (["--params", "broken.json"], "A1071"),
        (["--params", "missing.json"], "A090"),
        (["-p", "name=@missing.txt"], "A090"),
        (["-p", "name=@latin.txt"], "A090"),
    ] {
        let (exit, first) = code(&more);
        assert!(exit != 0 && exit != 2 && first.contains(expected), "{more:?}: {exit} {first}");
    }
}

#[test]
fn what_must_be_given_is_told_with_how_to_give_it() {
    let context = TestContext::new();
    application(&context);
    assert_answer!(
        context.anvil(&["render", "support/onboarding/reply", "-p", "tone=warm"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0210]: ticket: required and not given; expected a string

error[A0210]: customer: required and not given; expected an object
help: give them with `-p ticket=… -p customer='{…}'`
help: see what the prompt takes: `anvil show support/onboarding/reply`

"#]]
    );
    // A part of a parameter is none, and each is shown as it would be typed.
    assert_answer!(
        context.anvil(&["render", "support/onboarding/reply", "-p", "customer.name=Ada", "-p", "ticket=x"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0210]: customer.name: `-p` takes a whole parameter and no part of one
  = help: give all of it as JSON, `-p customer='{"name":"Ada","tier":"free"}'`, or all parameters in a file, `--params FILE`

error[A0210]: customer: required and not given; expected an object
help: give it with `-p customer='{…}'`
help: see what the prompt takes: `anvil show support/onboarding/reply`

"#]]
    );
    set(&context);
    let answer = context.anvil(&["render", "emails/welcome"]);
    let help = "help: give it with `-p name=…`\nhelp: see what the prompt takes: `anvil show emails/welcome`\n";
    assert!(answer.stderr.ends_with(help), "{}", answer.shown());
    // Where all is given, and wrong, there is nothing to give.
    let answer = context.anvil(&["render", "emails/welcome", "-p", "name=Ada", "-p", "x=1"]);
    assert!(answer.code == 1 && !answer.stderr.contains("give it"), "{}", answer.shown());
}
