//! Large and hostile graphs: solved or refused in bounded time, on an ordinary stack.

use super::*;
use crate::error::Diagnose;

/// A registry that makes its versions up as it is asked.
struct Made<F>(F);

impl<F: Fn(usize) -> Option<Versions>> Index for Made<F> {
    fn versions(&self, _: &RegistryId, set: &SetName) -> Result<Versions, Unavailable> {
        let number = set.set()[1..].parse().unwrap();
        (self.0)(number).ok_or(Unavailable::NotFound)
    }
}

fn candidate(number: &str, needs: impl IntoIterator<Item = (usize, &'static str)>) -> Candidate {
    let need = |(set, required): (usize, &str)| LineDependency {
        name: name(&format!("s{set}")),
        requirement: requirement(required),
        registry: None,
        registry_url: None,
    };
    Candidate {
        version: version(number),
        dependencies: needs.into_iter().map(need).collect(),
        yanked: None,
        published_at: None,
        anvil: None,
    }
}

fn versions(candidates: Vec<Candidate>) -> Versions {
    Versions { candidates, ..Versions::default() }
}

/// Tests run on a stack of 2 MiB; a face may have less.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 << 10).spawn(test).unwrap().join().unwrap();
}

const DEEP: usize = 100_000;

#[test]
fn a_chain_of_a_hundred_thousand_is_solved() {
    on_a_small_stack(|| {
        let index = Made(|at| Some(versions(vec![candidate("1.0.0", (at < DEEP).then_some((at + 1, "^1")))])));
        let resolution = resolve(&project(&["s0 *"]), &index, Budget::default()).unwrap();
        assert_eq!(resolution.sets.len(), DEEP + 1);
    });
}

#[test]
fn a_chain_of_a_hundred_thousand_with_no_end_is_refused() {
    on_a_small_stack(|| {
        let index = Made(|at| (at < DEEP).then(|| versions(vec![candidate("1.0.0", [(at + 1, "^1")])])));
        let error = resolve(&project(&["s0 *"]), &index, Budget::default()).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("`x/s100000` does not exist in test"), "{text}");
        assert!(text.len() < 2_000, "{} characters", text.len());
    });
}

#[test]
fn the_derivation_of_a_hundred_thousand_steps_is_told_with_its_middle_left_out() {
    on_a_small_stack(|| {
        let index = Made(|at| (at < DEEP).then(|| versions(vec![candidate("1.0.0", [(at + 1, "^1")])])));
        let mut problem = project(&["s0 *"]);
        problem.telling.detail = Detail::Derivation;
        let told = resolve(&problem, &index, Budget::default()).unwrap_err().at_length().unwrap();
        assert!(told.len() < 100_000, "{} characters", told.len());
        assert!(told.contains("lines left out)"), "{told}");
        assert!(told.ends_with("the requirements cannot be satisfied. (100000)"), "{}", &told[told.len() - 300..]);
    });
}

/// Every set needs a hundred that nobody has heard of.
#[test]
fn a_registry_without_end_is_not_read_to_the_end() {
    let index = Made(|at| {
        let needs: Vec<_> = (1..=100).map(|step| (at * 100 + step, "^1")).collect();
        Some(versions(vec![candidate("1.0.0", needs)]))
    });
    for budget in [Budget { sets: 5_000, ..Budget::default() }, Budget { facts: 50_000, ..Budget::default() }] {
        let error = resolve(&project(&["s0 *"]), &index, budget).unwrap_err();
        assert!(matches!(error, ResolveError::TooMuch { sets, .. } if sets < 6_000), "{error}");
        assert_eq!(error.code(), crate::error::Code::A0509);
    }
}

#[test]
fn a_circle_of_a_hundred_thousand_is_told_briefly() {
    on_a_small_stack(|| {
        let index = Made(|at| Some(versions(vec![candidate("1.0.0", [((at + 1) % DEEP, "^1")])])));
        let text = resolve(&project(&["s0 *"]), &index, Budget::default()).unwrap_err().to_string();
        assert!(text.starts_with("`x/s0` needs itself"), "{text}");
        assert!(text.len() < 2_000, "{} characters", text.len());
    });
}

/// Pigeons: `n + 1` sets that must all differ in the version that they take of one of `n` holes.
#[test]
fn a_search_without_end_is_stopped() {
    const N: usize = 12;
    let numbers: Vec<String> = (1..=N).map(|number| format!("{number}.0.0")).collect();
    let exactly: Vec<&'static str> = (1..=N).map(|number| &*format!("={number}.0.0").leak()).collect();
    // Sets 0..=N are the pigeons; set 100 + hole holds whom it belongs to, by version.
    let index = Made(move |at| {
        if at >= 100 {
            let owners = (0..=N).map(|owner| candidate(&format!("{}.0.0", owner + 1), []));
            return Some(versions(owners.collect()));
        }
        let owner: &'static str = if at < N { exactly[at] } else { &*format!("={}.0.0", N + 1).leak() };
        Some(versions(
            numbers.iter().enumerate().map(|(hole, number)| candidate(number, [(100 + hole, owner)])).collect(),
        ))
    });
    let roots: Vec<String> = (0..=N).map(|pigeon| format!("s{pigeon} *")).collect();
    let roots: Vec<&str> = roots.iter().map(String::as_str).collect();
    let error = resolve(&project(&roots), &index, Budget { decisions: 2_000, ..Budget::default() }).unwrap_err();
    assert!(matches!(error, ResolveError::GaveUp { .. }), "{error}");
}

#[test]
fn an_ordinary_project_takes_few_decisions() {
    let index = Made(|at| {
        let needs = |version: usize| (1..4).map(move |step| (at * 3 + step, version)).filter(|(to, _)| *to < 300);
        let made = (0..20).map(|number| candidate(&format!("1.{number}.0"), needs(number).map(|(to, _)| (to, "^1"))));
        Some(versions(made.collect()))
    });
    let resolution = resolve(&project(&["s0 *"]), &index, Budget::default()).unwrap();
    assert_eq!(resolution.sets.len(), 300);
    assert_eq!(resolution.decisions, 302);
}
