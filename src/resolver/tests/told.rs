//! What is told beyond the conflict: overrides that would help, and the whole derivation.

use super::stories::{failure, hints};
use super::*;
use crate::error::Diagnose;

#[test]
fn a_newer_dependant_is_proposed_before_the_set_in_conflict_is_forced() {
    // No requirement of the project's own can be blamed: whatever version of `a` there is needs an old `b`.
    let shelf = Shelf::with(
        "a 1.0.0: b ^1
         b 1.0.0: c ^1
         b 2.0.0: c ^2
         d 1.0.0: c ^2
         c 1.0.0
         c 2.0.0",
    );
    let error = failure(&project(&["a ^1", "d ^1"]), &shelf);
    let forced = "have x/b 2.0.0 used wherever it is needed, which x/a does not ask for: `anvil add --override x/b@^2`";
    assert_eq!(hints(&error), [forced]);
    let mut problem = project(&["a ^1", "d ^1"]);
    problem.overrides = vec![Request::registry(name("b"), requirement("^2"), registry("test"))];
    assert_eq!(answer(&problem, &shelf), "a 1.0.0, b 2.0.0, c 2.0.0, d 1.0.0");
    // What the project does not call by a name cannot be named in a command.
    problem.overrides.clear();
    problem.telling.registries.clear();
    assert_eq!(hints(&failure(&problem, &shelf)), [""; 0]);
}

#[test]
fn the_derivation_is_told_step_by_step() {
    let shelf = Shelf::with("a 1.0.0: c ^1\n b 1.0.0: c ^2\n b 1.1.0: c ^2\n c 1.0.0\n c 2.0.0");
    let mut problem = project(&["a ^1", "b ^1"]);
    assert_eq!(failure(&problem, &shelf).at_length(), None);
    problem.telling.detail = Detail::Derivation;
    let error = failure(&problem, &shelf);
    assert_eq!(
        error.at_length().unwrap(),
        "the derivation:
Because x/b 1.1.0 and 1.0.0 need x/c ^2 and x/a 1.0.0 needs x/c ^1, x/a 1.0.0 and x/b in any version exclude each other. (1)
And because anvil.toml:10 needs x/a ^1, x/b in any version cannot be used. (2)
And because anvil.toml:11 needs x/b ^1, the requirements cannot be satisfied. (3)"
    );
    let data = error.data();
    assert_eq!(data[1].0, "derivation");
    assert_eq!(data[1].1["steps"][0]["number"], 1);
    assert_eq!(data[1].1["steps"][0]["because"][0]["requirements"][0]["needs"], "x/c");
}
