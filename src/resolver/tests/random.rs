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

/// Returns a project over sets `a`, `b`, …, each of which needs only later ones, and now and then itself: no other
/// circles.
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
                if dice.roll(4) == 0 {
                    line.push_str(&format!("{set} {};", dice.one_of(&REQUIREMENTS)));
                }
                let (yank, young) = (dice.roll(8) == 0, dice.roll(8) == 0);
                shelf.put(id, &line, |candidate| {
                    if yank {
                        let reason = crate::index::YankReason::Other;
                        candidate.yanked = Some(crate::index::Yanked { reason, message: String::new() });
                    }
                    if young {
                        candidate.published_at = Some(5_000);
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
    problem.strategy = match dice.roll(6) {
        0 => Strategy::Lowest,
        1 => Strategy::LowestDirect,
        _ => Strategy::Highest,
    };
    if dice.roll(4) == 0 {
        problem.age = older_than(2_000);
    }
    if dice.roll(6) == 0 {
        problem.update = Update::Only([name(&sets[dice.roll(sets.len())])].into());
    }
    override_some(dice, &sets, &mut problem);
    (shelf, problem)
}

/// Overrides a set now and then, with a requirement or with a folder, and has the project need a folder itself.
fn override_some(dice: &mut Dice, sets: &[String], problem: &mut Problem) {
    if dice.roll(4) == 0 {
        let set = name(&sets[dice.roll(sets.len())]);
        problem.overrides.push(Request::registry(set, requirement(dice.one_of(&REQUIREMENTS)), registry("test")));
    }
    if dice.roll(4) > 0 {
        return;
    }
    let at = dice.roll(sets.len());
    let set = name(&sets[at]);
    let later = sets[at + 1..].iter().filter(|_| dice.roll(3) == 0).collect::<Vec<_>>();
    let itself = (dice.roll(8) == 0).then_some(&sets[at]);
    let needs = later
        .into_iter()
        .chain(itself)
        .map(|later| Request::registry(name(later), requirement(dice.one_of(&REQUIREMENTS)), registry("test")));
    let (needs, source) = (needs.collect(), Source::Path(format!("../{set}")));
    let version = version(dice.one_of(&VERSIONS));
    problem.fixed.push(FixedSet { name: set.clone(), version, source: source.clone(), needs });
    match dice.roll(2) {
        0 if problem.overrides.iter().all(|other| other.name != set) => {
            problem.overrides.push(Request::fixed(set, source));
        }
        _ => {
            problem.roots.retain(|root| root.request.name != set);
            let request = Request::fixed(set, source);
            problem.roots.push(Root {
                request,
                member: ".".into(),
                line: 11,
                inherited: None,
                role: RootRole::Requirement,
            });
        }
    }
}

/// A version that may be chosen, with what it needs.
struct Fitting {
    version: Version,
    needs: Vec<Request>,
}

/// Returns what is really asked for by `request`.
fn target(problem: &Problem, request: &Request) -> Request {
    problem.overrides.iter().find(|other| other.name == request.name).unwrap_or(request).clone()
}

/// Returns the versions that `request` takes and that may be chosen.
fn options(shelf: &Shelf, problem: &Problem, request: &Request) -> Vec<Fitting> {
    let Source::Registry(id) = &request.source else {
        let fixed = problem.fixed.iter().filter(|set| (&set.name, &set.source) == (&request.name, &request.source));
        let takes =
            |set: &&FixedSet| request.requirement == Requirement::STAR || request.requirement.matches(&set.version);
        let option = |set: &FixedSet| Fitting { version: set.version.clone(), needs: set.needs.clone() };
        return fixed.filter(takes).map(option).collect();
    };
    let Some(versions) = shelf.sets.get(&(id.clone(), request.name.clone())) else { return Vec::new() };
    let usable = |candidate: &&Candidate| {
        let (name, version, source) = (request.name.clone(), candidate.version.clone(), request.source.clone());
        let is_old = problem.age.as_ref().is_none_or(|age| candidate.published_at.unwrap() <= age.published_before);
        request.requirement.matches(&candidate.version)
            && (candidate.yanked.is_none() && is_old || problem.locked.contains(&Locked { name, version, source }))
    };
    let option = |candidate: &Candidate| {
        let need = |need: &LineDependency| {
            let from = need.registry.clone().unwrap_or_else(|| id.clone());
            Request::registry(need.name.clone(), need.requirement.clone(), from)
        };
        Fitting { version: candidate.version.clone(), needs: candidate.dependencies.iter().map(need).collect() }
    };
    versions.candidates.iter().filter(usable).map(option).collect()
}

/// Returns whether some choice satisfies everything, by trying them all.
fn brute_force(shelf: &Shelf, problem: &Problem) -> bool {
    type Choice = BTreeMap<SetName, (Source, Version)>;
    fn go(shelf: &Shelf, problem: &Problem, chosen: &mut Choice, mut open: Vec<Request>) -> bool {
        let Some(asked) = open.pop() else { return true };
        let asked = target(problem, &asked);
        let options = options(shelf, problem, &asked);
        if let Some((source, version)) = chosen.get(&asked.name) {
            let fits = *source == asked.source && options.iter().any(|option| option.version == *version);
            return fits && go(shelf, problem, chosen, open);
        }
        for option in options {
            chosen.insert(asked.name.clone(), (asked.source.clone(), option.version));
            if go(shelf, problem, chosen, open.iter().cloned().chain(option.needs).collect()) {
                return true;
            }
            chosen.remove(&asked.name);
        }
        false
    }
    let open = problem.roots.iter().map(|root| root.request.clone());
    go(shelf, problem, &mut Choice::new(), open.collect())
}

/// Checks that the resolution satisfies everything and holds nothing that nobody needs.
fn check(shelf: &Shelf, problem: &Problem, resolution: &Resolution) {
    let mut needed: BTreeSet<SetName> = BTreeSet::new();
    let mut open: Vec<Request> = problem.roots.iter().map(|root| root.request.clone()).collect();
    while let Some(asked) = open.pop() {
        let asked = target(problem, &asked);
        let set = &asked.name;
        let chosen = resolution.set(set).unwrap_or_else(|| panic!("{set} is missing"));
        assert_eq!(chosen.source, asked.source, "{set}");
        let mut options = options(shelf, problem, &asked).into_iter();
        let option = options.find(|option| option.version == chosen.version);
        let option = option.unwrap_or_else(|| panic!("{set} {} is not {}", chosen.version, asked.requirement));
        if needed.insert(set.clone()) {
            open.extend(option.needs);
        }
    }
    assert_eq!(needed.len(), resolution.sets.len(), "something is there that nobody needs");
}

/// Checks that what was chosen, once it is locked, is chosen again.
fn check_stability(shelf: &Shelf, problem: &Problem, resolution: &Resolution) {
    let locked =
        |set: &Chosen| Locked { name: set.name.clone(), version: set.version.clone(), source: set.source.clone() };
    let locked = resolution.sets.iter().map(locked).collect();
    let again = Problem { locked, update: Update::None, ..problem.clone() };
    assert_eq!(solve(&again, shelf).unwrap().sets, resolution.sets);
}

/// Returns how many cases to try: 2,000, or what `ANVIL_RESOLVER_CASES` says.
fn cases() -> u64 {
    std::env::var("ANVIL_RESOLVER_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

#[test]
fn brute_force_agrees_and_the_order_of_the_input_changes_nothing() {
    let (mut satisfiable, mut refused, mut circles) = (0, 0, 0);
    for case in 1..=cases() {
        let mut dice = Dice(case.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let (mut shelf, mut problem) = graph(&mut dice);
        let first = solve(&problem, &shelf);
        match &first {
            Ok(resolution) => {
                satisfiable += 1;
                check(&shelf, &problem, resolution);
                check_stability(&shelf, &problem, resolution);
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
            // A set that needs itself in a version that it may have itself: an answer, but for that.
            Err(ResolveError::Circle(circle)) => {
                circles += 1;
                assert!(brute_force(&shelf, &problem), "case {case} has no answer, but: {circle}");
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
        dice.shuffle(&mut problem.overrides);
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
    assert!(circles > cases() / 50, "{circles} have a circle");
}
