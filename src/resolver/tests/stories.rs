//! What a user relies on.

use super::*;
use crate::error::{Code, Diagnose, Kind};
use crate::index::{YankReason, Yanked};

fn yanked(candidate: &mut Candidate) {
    candidate.yanked = Some(Yanked { reason: YankReason::Security, message: "leaks names".into() });
}

pub(super) fn failure(problem: &Problem, shelf: &Shelf) -> ResolveError {
    solve(problem, shelf).unwrap_err()
}

pub(super) fn hints(error: &ResolveError) -> Vec<String> {
    error.hints().iter().map(ToString::to_string).collect()
}

#[test]
fn the_newest_versions_that_fit_are_taken() {
    let shelf = Shelf::with("a 1.0.0: b ^1\n a 1.2.0: b ^1\n a 2.0.0\n b 1.0.0\n b 1.9.0\n b 2.0.0");
    assert_eq!(answer(&project(&["a ^1"]), &shelf), "a 1.2.0, b 1.9.0");
    let mut lowest = project(&["a ^1"]);
    lowest.strategy = Strategy::Lowest;
    assert_eq!(answer(&lowest, &shelf), "a 1.0.0, b 1.0.0");
    lowest.strategy = Strategy::LowestDirect;
    assert_eq!(answer(&lowest, &shelf), "a 1.0.0, b 1.9.0");
}

#[test]
fn an_empty_project_needs_nothing() {
    assert_eq!(answer(&project(&[]), &Shelf::default()), "");
}

#[test]
fn two_that_exclude_each_other_are_refused() {
    let shelf = Shelf::with("a 1.0.0: c ^1\n b 1.0.0: c ^2\n c 1.0.0\n c 2.0.0");
    let error = failure(&project(&["a ^1", "b ^1"]), &shelf);
    assert_eq!((error.code(), error.kind()), (Code::A0501, Kind::No));
    assert_eq!(
        error.to_string(),
        "no versions satisfy the requirements
  x/a 1.0.0 needs x/c ^1, and
  x/b 1.0.0 needs x/c ^2
    x/a: anvil.toml:10 -> x/a ^1
    x/b: anvil.toml:11 -> x/b ^1"
    );
}

#[test]
fn the_newest_is_given_up_where_it_does_not_fit() {
    let shelf = Shelf::with("a 1.0.0: c ^1\n a 1.1.0: c ^2\n b 1.0.0: c ^1\n c 1.0.0\n c 2.0.0");
    assert_eq!(answer(&project(&["a ^1", "b ^1"]), &shelf), "a 1.0.0, b 1.0.0, c 1.0.0");
}

#[test]
fn a_requirement_that_would_help_is_proposed() {
    let shelf = Shelf::with(
        "support/onboarding 2.1.0: core/tone ^2
         legal/disclaimers 3.1.4: core/tone ^1
         legal/disclaimers 4.0.0: core/tone ^2
         core/tone 1.0.0
         core/tone 2.0.0",
    );
    let error = failure(&project(&["support/onboarding ^2", "legal/disclaimers ^3"]), &shelf);
    assert_eq!(
        error.to_string(),
        "no versions satisfy the requirements
  support/onboarding 2.1.0 needs core/tone ^2, and
  legal/disclaimers 3.1.4 needs core/tone ^1
    support/onboarding: anvil.toml:10 -> support/onboarding ^2
    legal/disclaimers: anvil.toml:11 -> legal/disclaimers ^3"
    );
    assert_eq!(
        hints(&error),
        [
            "legal/disclaimers 4.0.0 needs core/tone ^2: `anvil add legal/disclaimers@^4`",
            "have core/tone 2.0.0 used wherever it is needed, which legal/disclaimers does not ask for: \
             `anvil add --override core/tone@^2`"
        ]
    );
}

#[test]
fn the_way_to_a_deep_conflict_is_told() {
    let shelf = Shelf::with("a 1.0.0: m ^1\n m 1.0.0: c ^1\n m 1.1.0: c ^1\n c 1.0.0\n c 2.0.0");
    assert_eq!(
        answer(&project(&["a *", "c ^2"]), &shelf),
        "no versions satisfy the requirements
  anvil.toml:11 needs x/c ^2, and
  x/m 1.1.0 and 1.0.0 need x/c ^1
    x/m: anvil.toml:10 -> x/a * (1.0.0) -> x/m ^1"
    );
}

#[test]
fn what_is_locked_stays_and_what_is_new_gives_way() {
    let shelf = Shelf::with(
        "a 1.0.0: c ^1\n a 1.1.0: c *\n c 1.0.0\n c 1.5.0\n c 2.0.0\n b 1.0.0: c ^1\n b 1.1.0: c ^2\n b 2.0.0: c ^2",
    );
    let mut problem = project(&["a ^1", "b ^1"]);
    lock(&mut problem, &["a 1.0.0", "c 1.0.0"]);
    assert_eq!(answer(&problem, &shelf), "a 1.0.0, b 1.0.0, c 1.0.0");
    // Preferred is not required.
    problem.roots[1] = root("b ^2", 11);
    assert_eq!(answer(&problem, &shelf), "a 1.1.0, b 2.0.0, c 2.0.0");
    problem.roots.pop();
    problem.update = Update::Only([name("c")].into());
    assert_eq!(answer(&problem, &shelf), "a 1.0.0, c 1.5.0");
    problem.update = Update::All;
    assert_eq!(answer(&problem, &shelf), "a 1.1.0, c 2.0.0");
}

#[test]
fn adding_a_set_moves_no_other_whatever_their_names() {
    let shelf = Shelf::with("a 1.0.0: c ^1\n a 1.1.0: c ^2\n b 1.0.0: c *\n b 1.1.0\n c 1.0.0\n c 2.0.0");
    let mut problem = project(&["a ^1", "b ^1"]);
    lock(&mut problem, &["b 1.0.0", "c 1.0.0"]);
    assert_eq!(answer(&problem, &shelf), "a 1.0.0, b 1.0.0, c 1.0.0");
}

#[test]
fn of_two_locks_the_first_is_preferred_where_it_fits() {
    let shelf = Shelf::with("a 1.0.0\n a 1.1.0\n a 1.2.0\n a 2.0.0");
    let mut problem = project(&["a ^1"]);
    lock(&mut problem, &["a 2.0.0", "a 1.1.0", "a 1.0.0"]);
    assert_eq!(answer(&problem, &shelf), "a 1.1.0");
}

#[test]
fn a_yanked_version_is_kept_but_not_taken() {
    let mut shelf = Shelf::with("a 1.0.0\n a 1.2.0");
    shelf.put("test", "a 1.1.0", yanked);
    shelf.put("test", "a 1.3.0", yanked);
    let mut problem = project(&["a ^1"]);
    assert_eq!(answer(&problem, &shelf), "a 1.2.0");
    lock(&mut problem, &["a 1.3.0"]);
    assert_eq!(answer(&problem, &shelf), "a 1.3.0");
    assert!(solve(&problem, &shelf).unwrap().sets[0].yanked.is_some());
    // An update moves away from it, where it can.
    problem.update = Update::All;
    assert_eq!(answer(&problem, &shelf), "a 1.2.0");
    problem.roots[0] = root("a >1.2", 10);
    assert_eq!(answer(&problem, &shelf), "a 1.3.0");
    problem.locked.clear();
    let error = failure(&problem, &shelf);
    assert_eq!(error.code(), Code::A0506);
    assert_eq!(
        error.to_string(),
        "no version of `x/a` that can be used satisfies `>1.2`
  anvil.toml:10 needs x/a >1.2
    x/a: 1.3.0 was yanked: leaks names"
    );
    assert_eq!(hints(&error), ["x/a 1.2.0 would do: `anvil add x/a@^1`"]);
}

#[test]
fn a_pre_release_needs_someone_who_names_it() {
    let shelf =
        Shelf::with("a 1.0.0\n a 1.1.0-rc.1\n a 1.1.0-rc.2\n b 1.0.0: a ^1.1.0-rc.1\n b 0.9.0: a ^1\n p 1.0.0-rc.1");
    assert_eq!(answer(&project(&["a *"]), &shelf), "a 1.0.0");
    assert_eq!(answer(&project(&["a ^1.1.0-rc.1"]), &shelf), "a 1.1.0-rc.2");
    // Both must take it: `^1` alone would not.
    assert_eq!(answer(&project(&["a ^1", "b *"]), &shelf), "a 1.0.0, b 0.9.0");
    let error = failure(&project(&["p ^1"]), &shelf);
    assert!(error.to_string().ends_with("x/p: has 1.0.0-rc.1"), "{error}");
    assert_eq!(
        hints(&error),
        ["x/p 1.0.0-rc.1 is a pre-release, taken only where a requirement names one, as `^1.0.0-rc.1`"]
    );
}

#[test]
fn reasons_are_kept_apart() {
    let mut shelf = Shelf::with("old 1.0.0\n near/name 1.0.0");
    shelf.put("test", "young 1.0.0", |candidate| candidate.published_at = Some(5_000));
    shelf.put("test", "coming 1.0.0", |candidate| candidate.published_at = Some(1_793_577_599));
    shelf.put("test", "ageless 1.0.0", |candidate| candidate.published_at = None);
    shelf.put("test", "later 1.0.0", |candidate| candidate.anvil = Some(requirement(">=9")));
    shelf.put("test", "now 1.0.0", |candidate| candidate.anvil = Some(requirement(">=0.4")));
    shelf.put("test", "twice 1.0.0", |_| {});
    shelf.put("test", "twice 1.0.0: old ^1", |_| {});
    shelf.put("test", "format 1.0.0", |_| {});
    shelf.sets.get_mut(&(registry("test"), name("format"))).unwrap().newer = 2;
    shelf.sets.insert((registry("test"), name("new")), Versions { newer: 1, ..Versions::default() });
    shelf.offline.push(name("far"));
    let tell = |roots: &[&str]| {
        let mut problem = project(roots);
        problem.age = older_than(2_000);
        let error = failure(&problem, &shelf);
        (error.code(), error.kind(), error.to_string())
    };
    let (code, _, text) = tell(&["near/name *", "near/nam ^1"]);
    assert_eq!((code, text.lines().next()), (Code::A0505, Some("`near/nam` does not exist in test")));
    let (code, _, text) = tell(&["old ^9"]);
    assert_eq!((code, text.lines().last()), (Code::A0506, Some("    x/old: has 1.0.0")));
    let (_, _, text) = tell(&["young *"]);
    assert!(text.ends_with("x/young: 1.0.0 is too new for `minimum-release-age`: published on 1970-01-01"), "{text}");
    let (_, _, text) = tell(&["coming *"]);
    assert!(
        text.ends_with(
            "1.0.0 is too new for `minimum-release-age`: published on 2026-11-01, and here it is 1970-01-01"
        ),
        "{text}"
    );
    let (_, _, text) = tell(&["ageless *"]);
    assert!(text.ends_with("the registry does not say when 1.0.0 was published"), "{text}");
    let (_, _, text) = tell(&["later *"]);
    assert!(text.ends_with("x/later: 1.0.0 needs Anvil >=9"), "{text}");
    let (_, _, text) = tell(&["twice *"]);
    assert!(text.ends_with("x/twice: 1.0.0 is published twice, in lines that contradict each other"), "{text}");
    let (_, _, text) = tell(&["format ^2"]);
    assert!(text.contains("2 versions can only be read by a newer Anvil"), "{text}");
    assert!(text.contains("x/format: has 1.0.0"), "{text}");
    let (_, _, text) = tell(&["new *"]);
    assert!(text.ends_with("10 needs x/new *\n    x/new: 1 version can only be read by a newer Anvil"), "{text}");
    let (code, kind, _) = tell(&["far *"]);
    assert_eq!((code, kind), (Code::A0507, Kind::Unreachable));

    let mut problem = project(&["near/name *", "near/nam ^1"]);
    assert_eq!(hints(&failure(&problem, &shelf)), ["did you mean `near/name`?"]);
    // A name that the project already uses is enough to tell a slip.
    problem = project(&["young *", "now *"]);
    problem.age = older_than(2_000);
    lock(&mut problem, &["young 1.0.0"]);
    assert_eq!(answer(&problem, &shelf), "now 1.0.0, young 1.0.0");
    problem.locked.clear();
    for (pattern, is_exempt) in [("x/you*", true), ("x/young", true), ("x/*", true), ("y/*", false), ("*", false)] {
        let exempt = vec![Pattern::parse(pattern).unwrap()];
        problem.age = problem.age.map(|age| AgeRule { exempt, ..age });
        assert_eq!(solve(&problem, &shelf).is_ok(), is_exempt, "{pattern}");
    }
}

#[test]
fn a_set_that_is_out_of_reach_is_gone_round() {
    let mut shelf = Shelf::with("a 1.0.0\n a 1.1.0: far ^1\n a 1.2.0: nowhere ^1");
    shelf.offline.push(name("far"));
    assert_eq!(answer(&project(&["a ^1"]), &shelf), "a 1.0.0");
}

#[test]
fn an_index_that_fails_ends_it_with_its_own_error() {
    let mut shelf = Shelf::with("a 1.0.0: broken ^1");
    shelf.failing.push(name("broken"));
    let error = failure(&project(&["a ^1"]), &shelf);
    assert_eq!(
        (error.code(), error.to_string()),
        (Code::A0003, "`1` is not a valid version: did you mean 1.0.0?".into())
    );
}

#[test]
fn a_dependency_binds_to_the_registry_that_its_dependant_named() {
    let mut shelf = Shelf::with("a 1.0.0: b ^1 @other; c ^1");
    shelf.put("other", "b 1.0.0: c ^1 @test", |_| {});
    shelf.put("other", "b 1.1.0: c ^1", |_| {});
    shelf.put("other", "c 1.9.0", |_| {});
    shelf.put("test", "b 1.5.0", |_| {});
    shelf.put("test", "c 1.0.0", |_| {});
    // b 1.1.0 would bring c from `other`, which a takes from `test`.
    let resolution = solve(&project(&["a *"]), &shelf).unwrap();
    let told: Vec<String> =
        resolution.sets.iter().map(|set| format!("{} {} {}", set.name, set.version, set.source)).collect();
    assert_eq!(told, ["x/a 1.0.0 registry:test", "x/b 1.0.0 registry:other", "x/c 1.0.0 registry:test"]);
}

#[test]
fn one_name_from_two_sources_is_refused() {
    let mut shelf = Shelf::with("a 1.0.0: c ^1\n c 1.0.0");
    shelf.put("other", "c 1.0.0", |_| {});
    let mut problem = project(&["a *", "c ^1 @other"]);
    let error = failure(&problem, &shelf);
    assert_eq!(error.code(), Code::A0502);
    assert_eq!(
        error.to_string(),
        "`x/c` is asked for from more than one source
  anvil.toml:11 needs x/c ^1 from other, and
  x/a 1.0.0 needs x/c ^1 from test
    x/a: anvil.toml:10 -> x/a *"
    );
    assert_eq!(
        hints(&error),
        [
            "say in `[override]` which source the set is taken from",
            "have x/c 1.0.0 from test used wherever it is needed: `anvil add --override x/c@^1`"
        ]
    );
    // And so it is.
    problem.overrides.push(Request::registry(name("c"), requirement("=1.0.0"), registry("other")));
    assert_eq!(solve(&problem, &shelf).unwrap().sets[1].source.to_string(), "registry:other");
}

#[test]
fn an_override_stands_in_for_every_requirement() {
    let shelf = Shelf::with("a 1.0.0: c ^1\n c 1.0.0\n c 2.0.0\n d 1.0.0");
    let mut problem = project(&["a *", "c ^1"]);
    let here = Source::Path("../c".into());
    problem.overrides.push(Request::fixed(name("c"), here.clone()));
    problem.fixed.push(FixedSet {
        name: name("c"),
        version: version("3.0.0-dev"),
        source: here.clone(),
        needs: vec![Request::registry(name("d"), requirement("^1"), registry("test"))],
    });
    assert_eq!(answer(&problem, &shelf), "a 1.0.0, c 3.0.0-dev, d 1.0.0");
    let resolution = solve(&problem, &shelf).unwrap();
    assert_eq!(resolution.set(&name("c")).unwrap().source, here);
    assert_eq!(resolution.set(&name("a")).unwrap().dependencies[0].requirement.0, requirement("^1"));

    problem.overrides = vec![Request::registry(name("c"), requirement("^7"), registry("test"))];
    assert_eq!(
        answer(&problem, &shelf),
        "no version of `x/c` that can be used satisfies `^7`
  anvil.toml:11 needs x/c ^7 (by `[override]`)
    x/c: has 2.0.0 and 1.0.0"
    );
}

#[test]
fn a_member_is_taken_from_its_folder_and_held_to_the_requirement() {
    let shelf = Shelf::default();
    let member = Source::Path("sets/b".into());
    let mut problem = project(&[]);
    let request = Request { name: name("b"), requirement: requirement("^1"), source: member.clone() };
    problem.roots.push(Root {
        request,
        member: "sets/a".into(),
        line: 4,
        inherited: None,
        role: RootRole::Requirement,
    });
    problem.fixed.push(FixedSet { name: name("b"), version: version("1.4.0"), source: member, needs: Vec::new() });
    assert_eq!(answer(&problem, &shelf), "b 1.4.0");
    problem.fixed[0].version = version("2.0.0");
    assert_eq!(
        answer(&problem, &shelf),
        "no version of `x/b` that can be used satisfies `^1`
  sets/a/anvil.toml:4 needs x/b ^1 from path:sets/b
    x/b: has 2.0.0"
    );
}

#[test]
fn a_circle_is_told_step_by_step() {
    let shelf = Shelf::with("a 1.0.0: b ^1\n b 1.0.0: c ^1\n c 1.0.0: d *; b *\n d 1.0.0\n s 1.0.0: s ^1");
    let error = failure(&project(&["a ^1"]), &shelf);
    assert_eq!(error.code(), Code::A0503);
    assert_eq!(
        error.to_string(),
        "`x/b` needs itself
  anvil.toml:10 needs x/a ^1
  x/a 1.0.0 needs x/b ^1
  x/b 1.0.0 needs x/c ^1
  x/c 1.0.0 needs x/b *"
    );
    assert_eq!(
        answer(&project(&["s *"]), &shelf),
        "`x/s` needs itself\n  anvil.toml:10 needs x/s *\n  x/s 1.0.0 needs x/s ^1"
    );
}

#[test]
fn a_version_that_needs_another_of_its_own_set_is_never_chosen() {
    let mut shelf = Shelf::with("s 3.0.0: t =1.0.0\n s 2.0.0: s ^1\n s 1.0.0\n o 1.0.0: s *");
    assert_eq!(answer(&project(&["s *", "o ^1"]), &shelf), "o 1.0.0, s 1.0.0");
    let mut problem = project(&["s ^2"]);
    problem.telling.detail = Detail::Derivation;
    let error = failure(&problem, &shelf);
    assert_eq!(error.code(), Code::A0501);
    assert_eq!(
        error.to_string(),
        "no versions satisfy the requirements
  x/s 2.0.0 needs x/s ^1
    x/s: anvil.toml:10 -> x/s ^2
    x/s: can be there in one version only, and 2.0.0 needs another"
    );
    assert_eq!(hints(&error), ["x/s 1.0.0 would do: `anvil add x/s@^1`"]);
    let told = error.at_length().unwrap();
    let ground = "x/s 2.0.0 needs x/s ^1, which can be there in one version only, and 2.0.0 needs another,";
    assert!(told.contains(ground), "{told}");
    assert_eq!(error.data()[0].1["conflicts"][0]["reasons"][0]["kind"], "needs-another-of-itself");
    // The same version of another source is another one, too.
    shelf.put("test", "u 1.0.0: u ^1 @other", |_| {});
    shelf.put("other", "u 1.0.0", |_| {});
    let error = failure(&project(&["u *"]), &shelf);
    assert!(error.to_string().ends_with("x/u: can be there in one version only, and 1.0.0 needs another"), "{error}");
    // An override stands in for what a set needs of itself, too, and closes a circle.
    problem.overrides.push(Request::registry(name("s"), requirement("=2.0.0"), registry("test")));
    assert_eq!(failure(&problem, &shelf).code(), Code::A0503);
}

#[test]
fn what_ends_in_a_circle_is_not_proposed() {
    // To force `b` 2.0.0 would be one.
    let shelf = Shelf::with("a 1.0.0: b ^1\n b 1.0.0: c ^1\n b 2.0.0: a *\n c 1.0.0\n c 2.0.0");
    let error = failure(&project(&["a *", "c ^2"]), &shelf);
    assert_eq!(hints(&error), ["x/c 1.0.0 would do: `anvil add x/c@^1`"]);
    let shelf = Shelf::with("s 1.0.0\n s 1.1.0: s ^1");
    assert_eq!(hints(&failure(&project(&["s ^2"]), &shelf)), [""; 0]);
}

#[test]
fn a_command_names_the_registry_unless_it_is_the_default_one() {
    let mut shelf = Shelf::default();
    for line in ["a 1.0.0: b ^1", "b 1.0.0", "b 2.0.0"] {
        shelf.put("other", line, |_| {});
    }
    let mut problem = project(&["a ^1 @other", "b ^2 @other"]);
    // What the project does not call by a name cannot be named in a command.
    assert_eq!(hints(&failure(&problem, &shelf)), [""; 0]);
    problem.telling.registries.insert(registry("other"), "r2".parse().unwrap());
    assert_eq!(hints(&failure(&problem, &shelf)), ["x/b 1.0.0 would do: `anvil add @r2/x/b@^1`"]);
}

#[test]
fn a_circle_through_the_project_itself_is_found() {
    let shelf = Shelf::with("a 1.0.0: me ^1\n me 1.0.0");
    let mut problem = project(&["a *"]);
    problem.own.push(name("me"));
    assert_eq!(
        answer(&problem, &shelf),
        "`x/me`, which this project holds, needs itself\n  anvil.toml:10 needs x/a *\n  x/a 1.0.0 needs x/me ^1"
    );
}

#[test]
fn the_index_hears_early_and_is_asked_once() {
    let shelf = Shelf::with("a 1.0.0: c ^1\n b 1.0.0: c ^1; d ^1\n c 1.0.0: e *\n d 1.0.0\n e 1.0.0");
    let mut problem = project(&["a *", "b *"]);
    solve(&problem, &shelf).unwrap();
    let names = |list: &[&str]| list.iter().map(|text| name(text)).collect::<Vec<_>>();
    // While a level is read, what its sets will probably need is on its way.
    assert_eq!(*shelf.prefetched.borrow(), [names(&["a", "b"]), names(&["c"]), names(&["d"]), names(&["e"])]);
    assert_eq!(*shelf.asked.borrow(), names(&["a", "b", "c", "d", "e"]));

    shelf.prefetched.borrow_mut().clear();
    lock(&mut problem, &["e 1.0.0", "d 1.0.0", "c 1.0.0"]);
    solve(&problem, &shelf).unwrap();
    assert_eq!(*shelf.prefetched.borrow(), [names(&["e", "d", "c"]), names(&["a", "b"])]);
}

#[test]
fn every_way_that_was_tried_is_told() {
    let shelf = Shelf::with(
        "a 1.0.0: x >=1, <3\n b 1.0.0: x >=2, <4\n c 1.0.0: x <2\n c 1.1.0: x >=3\n x 1.0.0\n x 2.0.0\n x 3.0.0",
    );
    assert_eq!(answer(&project(&["a *", "b *"]), &shelf), "a 1.0.0, b 1.0.0, x 2.0.0");
    let error = answer(&project(&["a *", "b *", "c *"]), &shelf);
    for line in ["x/a 1.0.0 needs x/x >=1, <3", "x/b 1.0.0 needs x/x >=2, <4", "x/c 1.1.0 needs", "x/c 1.0.0 needs"] {
        assert!(error.contains(line), "{line} is missing from\n{error}");
    }
}

#[test]
fn three_that_agree_in_pairs_alone_are_told_together() {
    // Only pre-releases make this possible: the versions of a range without them have no gaps.
    let shelf = Shelf::with("x 1.1.0\n x 1.2.0-rc.1\n x 1.2.0");
    let three = ["x >=1.2.0-rc.1, <=1.2.0", "x >=1.1.0, <=1.2.0-rc.1", "x >=1.1, <=1.2.0"];
    for pair in [[0, 1], [0, 2], [1, 2]] {
        assert!(solve(&project(&pair.map(|at| three[at])), &shelf).is_ok());
    }
    assert_eq!(
        answer(&project(&three), &shelf),
        "no versions satisfy the requirements
  anvil.toml:10 needs x/x >=1.2.0-rc.1, <=1.2.0, and
  anvil.toml:11 needs x/x >=1.1.0, <=1.2.0-rc.1, and
  anvil.toml:12 needs x/x >=1.1, <=1.2.0"
    );
}

#[test]
fn the_explanation_is_data_too() {
    let shelf = Shelf::with("a 1.0.0: c ^1\n b 1.0.0: c ^2\n c 1.0.0\n c 2.0.0");
    let ResolveError::Unsatisfiable(explanation) = failure(&project(&["a ^1", "b ^1"]), &shelf) else { panic!() };
    let json = serde_json::to_value(&*explanation).unwrap();
    let step = &json["conflicts"][0]["demands"][0]["path"][1];
    assert_eq!(step["by"]["name"], "x/a");
    assert_eq!(step["requirement"], "^1");
    assert_eq!(step["source"], "registry:test");
    assert_eq!(json["conflicts"][0]["demands"][0]["path"][0]["by"]["line"], 10);
}

#[test]
fn a_budget_ends_it() {
    let shelf = Shelf::with("a 1.0.0: b *\n b 1.0.0: c *\n c 1.0.0");
    let error = resolve(&project(&["a *"]), &shelf, Budget { stop: &|| true, ..Budget::default() }).unwrap_err();
    assert_eq!(error.code(), Code::A0504);
    let error = resolve(&project(&["a *"]), &shelf, Budget { decisions: 2, ..Budget::default() }).unwrap_err();
    assert!(matches!(error, ResolveError::GaveUp { decisions: 2 }));
}

#[test]
fn an_answer_that_leaves_something_unsatisfied_is_told_as_a_fault_and_never_locked() {
    let shelf = Shelf::with("a 1.0.0: b ^1\n b 1.0.0\n b 2.0.0");
    let problem = project(&["a ^1"]);
    let mut pool = pool::Pool::new(&problem, &shelf, Budget::default());
    let targets = [pool.target_of_root(&problem.roots[0])];
    let asked = pool.ask_all(&targets).unwrap();
    let place = (0..10).find(|place| pubgrub::VersionSet::contains(&asked[0].range, place)).unwrap();
    let a = (asked[0].set, place);
    for wrong in [vec![], vec![a]] {
        let error = resolve::check(&mut pool, &asked, &wrong).unwrap_err();
        assert_eq!((error.code(), error.kind()), (Code::A1004, Kind::Environment), "{error}");
        let unmet = if wrong.is_empty() { "x/a" } else { "x/b" };
        assert!(error.to_string().ends_with(&format!("required of {unmet}")), "{error}");
    }
}
