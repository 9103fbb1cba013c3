//! Parameter sets for a prompt: those at the edges of what it takes, and as many others as are asked
//! for. The same prompts and numbers give the same sets.

mod random;
mod texts;
mod values;

pub use random::Random;

use crate::prompt::{Parameter, Prompt};
use crate::template::Values;
use serde_json::Value;
use values::Reads;

/// Returns parameter sets that `old` may take, the smallest first: with nothing that may be left out,
/// with everything, with each that may be left out absent, with each value at the edge of what `old`
/// or `new` takes, and then `count` at random. Not all of them need be taken.
pub fn parameter_sets(old: &Prompt, new: Option<&Prompt>, random: &mut Random, count: usize) -> Vec<Values> {
    let given: Vec<Given<'_>> = old.parameters().iter().map(|parameter| Given::of(parameter, old, new)).collect();
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
    for one in given.iter().filter(|given| !given.parameter.is_required()) {
        let mut set = whole.clone();
        set.shift_remove(&one.parameter.name);
        sets.push(set);
    }
    for one in &given {
        for value in one.edges.iter().skip(1) {
            let mut set = whole.clone();
            set.insert(one.parameter.name.clone(), value.clone());
            sets.push(set);
        }
    }
    sets.dedup();
    sets.extend((0..count).map(|_| any(&given, random)));
    sets
}

/// A parameter with what can be given for it.
struct Given<'a> {
    parameter: &'a Parameter,
    edges: Vec<Value>,
    reads: Reads<'a>,
}

impl<'a> Given<'a> {
    fn of(parameter: &'a Parameter, old: &'a Prompt, new: Option<&Prompt>) -> Self {
        let is_it = |other: &&Parameter| other.name == parameter.name || other.aliases.contains(&parameter.name);
        let other = new.and_then(|new| new.parameters().iter().find(is_it)).filter(|other| !other.retired);
        let variables = old.template().variables().iter().filter(|variable| variable.name == parameter.name);
        let reads = Reads(variables.map(|variable| (variable.path.as_slice(), variable.usage)).collect());
        let edges = if parameter.retired {
            vec![Value::from("text")]
        } else {
            values::edges(&parameter.schema, other.map(|other| &other.schema), &reads, 0)
        };
        Given { parameter, edges, reads }
    }
}

fn any(given: &[Given<'_>], random: &mut Random) -> Values {
    let mut set = Values::new();
    for one in given {
        if !one.parameter.is_required() && random.one_in(2) {
            continue;
        }
        let value = match one.parameter.retired {
            true => one.edges.first().cloned(),
            // An edge now and then, beside others' values.
            false if random.one_in(4) => random.pick(&one.edges).cloned(),
            false => values::random(&one.parameter.schema, &one.reads, random, 0),
        };
        set.extend(value.map(|value| (one.parameter.name.clone(), value)));
    }
    set
}
