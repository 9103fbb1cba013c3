//! Parameter sets for a prompt: those at the edges of what it takes, and as many others as are asked
//! for. The same prompts and numbers give the same sets.

mod clues;
mod random;
mod scenes;
mod texts;
mod values;

pub use random::Random;

use crate::prompt::values::check;
use crate::prompt::{Parameter, Prompt, Scope, Type};
use crate::template::Values;
use clues::Clues;
use scenes::Scene;
use serde_json::Value;
use std::sync::Arc;
use values::Reads;

/// The most sets that differ from an ordinary one in one value, or in one that is absent.
const MOST_AT_EDGES: usize = 2048;
/// The most sets in which something is absent beside what a condition or a list names.
const MOST_BESIDE: usize = 512;
/// The most listed values of one parameter beside which something is absent.
const MOST_LISTED_BESIDE: usize = 16;

/// A version of a prompt, and where its partials are found.
#[derive(Clone, Copy)]
pub struct Version<'a> {
    /// The prompt.
    pub prompt: &'a Arc<Prompt>,
    /// What it may render.
    pub scope: &'a Scope,
}

/// Returns parameter sets that `old` may take, the smallest first: with nothing that may be left out,
/// with everything, with each that may be left out absent, with null for all of those, with each value at the
/// edge of what `old`, `new` or a partial of theirs takes, with all that a condition asks for at once, with that or a
/// listed value while another one is absent or null, and then `count` at random. Not all of them need be taken.
pub fn parameter_sets(old: Version<'_>, new: Option<Version<'_>>, random: &mut Random, count: usize) -> Vec<Values> {
    let [(clues, mut scenes), (of_new, scenes_of_new)] = [Some(old), new]
        .map(|version| version.map(|version| clues::of_prompt(version.prompt, version.scope)).unwrap_or_default());
    let clues = [clues, of_new];
    let (old, new) = (old.prompt, new.map(|new| &**new.prompt));
    let parameters = old.parameters().iter();
    let given: Vec<Given<'_>> = parameters.map(|parameter| Given::of(parameter, (old, new), &clues)).collect();
    let choose = |wanted: &dyn Fn(&Parameter) -> bool| -> Values {
        let chosen = given.iter().filter(|given| wanted(given.parameter));
        chosen.filter_map(|given| Some((given.parameter.name.clone(), given.edges.first()?.clone()))).collect()
    };
    let whole = choose(&|_| true);
    let mut sets = vec![choose(&Parameter::is_required)];
    if given.is_empty() {
        return sets;
    }
    sets.push(whole.clone());
    let may_be_left_out = || given.iter().map(|given| given.parameter).filter(|parameter| !parameter.is_required());
    for parameter in may_be_left_out().take(MOST_AT_EDGES) {
        let mut set = whole.clone();
        set.shift_remove(&parameter.name);
        sets.push(set);
    }
    // A null is absence, too, where it is not a value.
    let mut nulls = whole.clone();
    let absent = may_be_left_out().filter(|parameter| !parameter.retired && !parameter.schema.nullable);
    nulls.extend(absent.map(|parameter| (parameter.name.clone(), Value::Null)));
    if nulls != whole {
        sets.push(nulls);
    }
    // A few of each before many of one: whoever takes thousands of parameters waits no longer for it.
    let most = given.iter().map(|one| one.edges.len()).max().unwrap_or_default();
    let turns = (1..most).flat_map(|turn| given.iter().map(move |one| (one, one.edges.get(turn))));
    for (one, value) in turns.filter_map(|(one, value)| Some((one, value?))).take(MOST_AT_EDGES) {
        let mut set = whole.clone();
        set.insert(one.parameter.name.clone(), value.clone());
        sets.push(set);
    }
    let by_old_name = |mut scene: Scene| {
        for (path, _) in &mut scene {
            let is_it = |one: &&Given<'_>| one.new.is_some_and(|new| Some(&new.name) == path.first());
            path[0] = given.iter().find(is_it)?.parameter.name.clone();
        }
        Some(scene)
    };
    scenes.extend(scenes_of_new.into_iter().filter_map(by_old_name));
    sets.extend(scenes.iter().map(|scene| played(scene, &whole)));
    sets.extend(beside(&given, scenes, &whole));
    sets.dedup();
    sets.extend((0..count).map(|_| any(&given, random)));
    sets
}

fn played(scene: &Scene, whole: &Values) -> Values {
    let mut set = whole.clone();
    scenes::play(scene, &mut set);
    set
}

/// Returns sets in which a parameter is absent or null while `scenes` are played, or another one has a listed value.
fn beside(given: &[Given<'_>], mut scenes: Vec<Scene>, whole: &Values) -> Vec<Values> {
    for Given { parameter, edges, .. } in given.iter().filter(|one| !one.parameter.retired) {
        let schema = &parameter.schema;
        if schema.enumeration.is_some() || schema.kind == Type::Boolean {
            let listed = edges.iter().skip(1).take(MOST_LISTED_BESIDE);
            scenes.extend(listed.map(|value| vec![(vec![parameter.name.clone()], value.clone())]));
        }
    }
    let nothing = || given.iter().map(|one| one.parameter).filter(|one| !one.is_required() && !one.retired);
    let pairs = scenes.iter().flat_map(|scene| nothing().map(move |parameter| (scene, &parameter.name)));
    let apart = pairs.filter(|(scene, name)| scene.iter().all(|(path, _)| path.first() != Some(*name)));
    let sets = apart.take(MOST_BESIDE / 2).flat_map(|(scene, name)| {
        let mut absent = played(scene, whole);
        absent.shift_remove(name);
        let mut null = absent.clone();
        null.insert(name.clone(), Value::Null);
        [absent, null]
    });
    sets.collect()
}

/// A parameter with what can be given for it.
struct Given<'a> {
    parameter: &'a Parameter,
    /// Those that the new version's declaration takes, too, come first.
    edges: Vec<Value>,
    /// How many those are.
    shared: usize,
    new: Option<&'a Parameter>,
    reads: Reads<'a>,
}

impl<'a> Given<'a> {
    fn of(parameter: &'a Parameter, (old, new): (&'a Prompt, Option<&'a Prompt>), clues: &[Clues; 2]) -> Self {
        let is_it = |other: &&Parameter| other.name == parameter.name || other.aliases.contains(&parameter.name);
        let new = new.and_then(|new| new.parameters().iter().find(is_it)).filter(|other| !other.retired);
        let variables = old.template().variables().iter().filter(|variable| variable.name == parameter.name);
        let reads = Reads(variables.map(|variable| (variable.path.as_slice(), variable.usage)).collect());
        if parameter.retired {
            return Given { parameter, edges: vec![Value::from("text")], shared: 1, new, reads };
        }
        let mut found = new.map(|new| clues[1].of(&new.name)).unwrap_or_default();
        found.add(clues[0].of(&parameter.name));
        new.into_iter().for_each(|new| found.declare(&new.schema));
        let mut edges = values::edges(&parameter.schema, &found, &reads, 0);
        if !parameter.is_required() && !parameter.schema.nullable {
            edges.push(Value::Null);
        }
        let takes = |value: &Value| new.is_none_or(|new| check(&new.schema, value).is_empty());
        let (mut edges, others): (Vec<Value>, Vec<Value>) = edges.into_iter().partition(takes);
        let shared = edges.len();
        edges.extend(others);
        Given { parameter, edges, shared, new, reads }
    }

    fn any(&self, random: &mut Random) -> Option<Value> {
        // An edge now and then, beside others' values.
        if random.one_in(4) {
            return random.pick(&self.edges).cloned();
        }
        let value = values::random(&self.parameter.schema, &self.reads, random, 0)?;
        // What the new version refuses by its declaration hides all else that it fails on.
        let is_refused = self.new.is_some_and(|new| !check(&new.schema, &value).is_empty());
        match is_refused && random.one_in(2) {
            true => random.pick(&self.edges[..self.shared]).cloned().or(Some(value)),
            false => Some(value),
        }
    }
}

fn any(given: &[Given<'_>], random: &mut Random) -> Values {
    let mut set = Values::new();
    for one in given {
        if !one.parameter.is_required() && random.one_in(2) {
            continue;
        }
        let value = if one.parameter.retired { one.edges.first().cloned() } else { one.any(random) };
        set.extend(value.map(|value| (one.parameter.name.clone(), value)));
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::Set;
    use std::time::{Duration, Instant};

    fn prompt(text: &str) -> std::sync::Arc<Prompt> {
        let (set, name) = Set::from_file("p.prompt.md", text.as_bytes());
        set.prompt(&name).unwrap_or_else(|| panic!("{:?}", set.findings())).clone()
    }

    fn sets_of(prompt: &Arc<Prompt>, count: usize) -> Vec<Values> {
        let scope = Scope::alone(Arc::new(Set::from_file("p.prompt.md", b"").0));
        parameter_sets(Version { prompt, scope: &scope }, None, &mut Random::seeded(&["x"]), count)
    }

    fn sets(text: &str, count: usize) -> Vec<String> {
        let sets = sets_of(&prompt(text), count);
        sets.into_iter().map(|set| Value::Object(set).to_string()).collect()
    }

    #[test]
    fn sets_are_at_every_edge() {
        let text = "---\nparameters:\n  tone: { enum: [warm, formal, 3] }\n  note: { type: string, optional: true, \
                    minLength: 2, maxLength: 5 }\n  many: { type: array, items: integer, maxItems: 3, nullable: true }\n---\n";
        let sets = sets(text, 0);
        for wanted in [
            r#"{"tone":"warm","many":[1,1]}"#,
            r#"{"tone":"formal","note":"lorem","many":[1,1]}"#,
            r#"{"tone":3,"note":"lorem","many":[1,1]}"#,
            r#"{"tone":"warm","note":"lo","many":[1,1]}"#,
            r#"{"tone":"warm","note":"lorem","many":[]}"#,
            r#"{"tone":"warm","note":"lorem","many":[1,1,1]}"#,
            r#"{"tone":"warm","note":"lorem","many":null}"#,
            r#"{"tone":"warm","note":null,"many":[1,1]}"#,
        ] {
            assert!(sets.iter().any(|set| set == wanted), "{wanted} is not among {sets:#?}");
        }
        assert_eq!(self::sets("---\nparameters: {}\n---\n", 256), ["{}"]);
    }

    #[test]
    fn the_same_numbers_give_the_same_sets_and_all_are_taken() {
        let text = "---\nparameters:\n  who: { type: object, properties: { name: string, age: { type: integer, minimum: 0, \
                    maximum: 150 } }, required: [name] }\n  due: { type: string, format: date }\n  id: { type: string, \
                    pattern: '^[A-Z]{2}-[0-9]+$', maxLength: 7 }\n  chat: { type: messages, optional: true }\n---\n";
        assert_eq!(sets(text, 64), sets(text, 64));
        let prompt = prompt(text);
        let sets = sets_of(&prompt, 64);
        let taken = sets.iter().filter(|set| prompt.bind((*set).clone()).is_ok()).count();
        assert!(taken * 10 > sets.len() * 9, "{taken} of {} are taken", sets.len());
    }

    /// What a template reads says what is in a value that nothing is declared of.
    #[test]
    fn what_is_read_of_an_open_value_is_there() {
        let sets = sets("{{ who.name }}{% for item in list %}{{ item.title }}{% endfor %}{{ plain }}", 0);
        let whole = r#"{"who":{"name":"text"},"list":[{"title":"text"},{"title":"text"}],"plain":"lorem ip"}"#;
        assert_eq!(sets[0], whole);
    }

    #[test]
    fn thousands_of_parameters_and_properties_take_no_minute() {
        let begun = Instant::now();
        let names: Vec<String> = (0..500).map(|at| format!("p{at}: {{ type: string, optional: true }}")).collect();
        let listed = names.join(", ").replace(", optional: true", "");
        let many = format!("---\nparameters: {{ {} }}\n---\n", names.join(", "));
        let deep = format!("---\nparameters: {{ o: {{ type: object, properties: {{ {listed} }} }} }}\n---\n");
        let values: Vec<String> = (0..5000).map(|at| at.to_string()).collect();
        let long = format!("---\nparameters: {{ o: {{ enum: [{}] }} }}\n---\n", values.join(", "));
        for text in [many, deep, long] {
            assert!(sets(&text, 2).len() < 6000);
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    }
}
