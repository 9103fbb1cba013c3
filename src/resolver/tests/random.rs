//! Random small graphs against brute force.

use super::*;
use crate::error::Diagnose;
use std::collections::BTreeSet;

/// A generator of numbers that anyone can repeat: xorshift64*, by Vigna.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides
    }

    fn one_of<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.roll(of.len())]
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.roll(at + 1));
        }
    }
}

const VERSIONS: [&str; 7] = ["1.0.0", "1.1.0", "1.2.0-rc.1", "1.2.0", "2.0.0-rc.1", "2.0.0", "3.0.0"];
const REQUIREMENTS: [&str; 12] =
    ["*", "^1", "^1.1", "~1.0", "=1.1.0", ">=1.1, <3", ">=2", "^2.0.0-rc.1", "<2", "^1.2.0-rc.1", "=3.0.0", ">1.2"];

/// Returns a project over sets `a`, `b`, …, each of which needs only later ones: no circles.
fn graph(dice: &mut Dice) -> (Shelf, Problem) {
    let sets: Vec<String> = (0..2 + dice.roll(5)).map(|at| char::from(b'a' + at as u8).to_string()).collect();
    let registries = if dice.roll(4) == 0 { 2 } else { 1 };
    let mut shelf = Shelf::default();
    for (at, set) in sets.iter().enumerate() {
        for id in ["test", "other"].iter().take(registries) {
            for number in VERSIONS {
                if dice.roll(3) == 0 {
                    continue;
                }
                let mut line = format!("{set} {number}:");
                for later in &sets[at + 1..] {
                    if dice.roll(5) < 2 {
                        let from =
                            if registries == 2 && dice.roll(6) == 0 { dice.one_of(&[" @test", " @other"]) } else { "" };
                        line.push_str(&format!("{later} {}{from};", dice.one_of(&REQUIREMENTS)));
                    }
                }
                let yank = dice.roll(8) == 0;
                shelf.put(id, &line, |candidate| {
                    if yank {
                        let reason = crate::index::YankReason::Other;
                        candidate.yanked = Some(crate::index::Yanked { reason, message: String::new() });
                    }
                });
            }
        }
    }
    let mut problem = project(&[]);
    for set in &sets {
        if dice.roll(2) == 0 {
            problem.roots.push(root(&format!("{set} {}", dice.one_of(&REQUIREMENTS)), 10));
        }
        if dice.roll(4) == 0 {
            lock(&mut problem, &[&format!("{set} {}", dice.one_of(&VERSIONS))]);
        }
    }
    if dice.roll(4) == 0 {
        problem.strategy = Strategy::Lowest;
    }
    (shelf, problem)
}

type Choice = BTreeMap<SetName, (RegistryId, Candidate)>;

fn may_be_chosen(problem: &Problem, set: &SetName, id: &RegistryId, candidate: &Candidate) -> bool {
    let source = Source::Registry(id.clone());
    candidate.yanked.is_none()
        || problem.locked.contains(&Locked { name: set.clone(), version: candidate.version.clone(), source })
}

/// Returns whether some choice satisfies everything, by trying them all.
fn brute_force(shelf: &Shelf, problem: &Problem) -> bool {
    fn go(
        shelf: &Shelf,
        problem: &Problem,
        chosen: &mut Choice,
        mut open: Vec<(SetName, Requirement, RegistryId)>,
    ) -> bool {
        let Some((set, required, id)) = open.pop() else { return true };
        if let Some((from, candidate)) = chosen.get(&set) {
            return *from == id && required.matches(&candidate.version) && go(shelf, problem, chosen, open);
        }
        let Some(versions) = shelf.sets.get(&(id.clone(), set.clone())) else { return false };
        for candidate in &versions.candidates {
            if !required.matches(&candidate.version) || !may_be_chosen(problem, &set, &id, candidate) {
                continue;
            }
            let needs = candidate.dependencies.iter().map(|need| {
                (need.name.clone(), need.requirement.clone(), need.registry.clone().unwrap_or_else(|| id.clone()))
            });
            chosen.insert(set.clone(), (id.clone(), candidate.clone()));
            if go(shelf, problem, chosen, open.iter().cloned().chain(needs).collect()) {
                return true;
            }
            chosen.remove(&set);
        }
        false
    }
    let open = problem
        .roots
        .iter()
        .map(|root| (root.request.name.clone(), root.request.requirement.clone(), registry("test")));
    go(shelf, problem, &mut Choice::new(), open.collect())
}

/// Checks that the resolution satisfies everything and holds nothing that nobody needs.
fn check(shelf: &Shelf, problem: &Problem, resolution: &Resolution) {
    let test = Source::Registry(registry("test"));
    let mut needed: BTreeSet<SetName> = BTreeSet::new();
    let mut open: Vec<(SetName, Requirement, Source)> = problem
        .roots
        .iter()
        .map(|root| (root.request.name.clone(), root.request.requirement.clone(), test.clone()))
        .collect();
    while let Some((set, required, source)) = open.pop() {
        let chosen = resolution.set(&set).unwrap_or_else(|| panic!("{set} is missing"));
        assert!(required.matches(&chosen.version), "{set} {} is not {required}", chosen.version);
        assert_eq!(chosen.source, source, "{set}");
        if !needed.insert(set.clone()) {
            continue;
        }
        let Source::Registry(id) = &chosen.source else { panic!() };
        let versions = &shelf.sets[&(id.clone(), set.clone())];
        let candidate = versions.candidates.iter().find(|candidate| candidate.version == chosen.version).unwrap();
        assert!(may_be_chosen(problem, &set, id, candidate), "{set} {} was yanked", chosen.version);
        for need in candidate.dependencies.iter() {
            let source = need.registry.clone().map_or_else(|| chosen.source.clone(), Source::Registry);
            open.push((need.name.clone(), need.requirement.clone(), source));
        }
    }
    assert_eq!(needed.len(), resolution.sets.len(), "something is there that nobody needs");
}

/// Returns how many cases to try: 2,000, or what `ANVIL_RESOLVER_CASES` says.
fn cases() -> u64 {
    std::env::var("ANVIL_RESOLVER_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

#[test]
fn brute_force_agrees_and_the_order_of_the_input_changes_nothing() {
    let (mut satisfiable, mut refused) = (0, 0);
    for case in 1..=cases() {
        let mut dice = Dice(case.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let (mut shelf, mut problem) = graph(&mut dice);
        let first = solve(&problem, &shelf);
        match &first {
            Ok(resolution) => {
                satisfiable += 1;
                check(&shelf, &problem, resolution);
            }
            Err(ResolveError::Unsatisfiable(explanation)) => {
                refused += 1;
                assert!(!brute_force(&shelf, &problem), "case {case} has an answer, but: {explanation}");
                assert!(!explanation.conflicts.is_empty(), "case {case} is not explained");
                for conflict in &explanation.conflicts {
                    assert!(conflict.demands.iter().all(|demand| !demand.path.is_empty()), "case {case}");
                    assert!(conflict.demands.len() > 1 || !conflict.reasons.is_empty(), "case {case}: {conflict}");
                }
            }
            Err(error) => panic!("case {case}: {error}"),
        }

        for versions in shelf.sets.values_mut() {
            dice.shuffle(&mut versions.candidates);
            for candidate in &mut versions.candidates {
                let mut needs = candidate.dependencies.to_vec();
                dice.shuffle(&mut needs);
                candidate.dependencies = needs.into_iter().collect();
            }
        }
        dice.shuffle(&mut problem.roots);
        // Of one name the first is preferred, so only different names may change places; here each occurs once.
        dice.shuffle(&mut problem.locked);
        let again = solve(&problem, &shelf);
        match (&first, &again) {
            (Ok(a), Ok(b)) => assert_eq!(a.sets, b.sets, "case {case}"),
            (Err(a), Err(b)) => {
                assert_eq!((a.to_string(), a.hints()), (b.to_string(), b.hints()), "case {case}");
            }
            _ => panic!("case {case} depends on the order of its input"),
        }
    }
    // The cases are worth nothing when they all end alike.
    assert!(satisfiable > cases() / 5 && refused > cases() / 5, "{satisfiable} have an answer, {refused} have none");
}
