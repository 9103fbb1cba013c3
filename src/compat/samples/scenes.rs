//! Values of several parameters that belong together: what one condition, with those around it, asks for at once.

use super::clues::ITEM;
use crate::template::Values;
use crate::template::syntax::Relation;
use serde_json::{Value, json};

/// The most values that one scene sets.
const MOST_SET: usize = 8;
/// The most scenes that are made of one condition.
const MOST_OF_ONE: usize = 16;

/// Values by their paths; the first segment is the name of a parameter.
pub(super) type Scene = Vec<(Vec<String>, Value)>;

/// What a condition asks of the value at a path: one of some, where none is whatever else there is.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    path: Vec<String>,
    values: Vec<Option<Value>>,
}

impl Choice {
    /// Returns what comparing the value at `path` with `literal` asks for.
    pub(super) fn of(path: Vec<String>, relation: Relation, literal: Value) -> Choice {
        let values = match (relation, literal.as_i64()) {
            (Relation::Equal | Relation::Contains, _) => vec![Some(literal)],
            (Relation::NotEqual, _) => vec![None, Some(literal)],
            (_, Some(number)) => {
                let near = [number, number.saturating_add(1), number.saturating_sub(1)];
                near.into_iter().map(|number| Some(json!(number))).collect()
            }
            (_, None) => vec![Some(literal), None],
        };
        Choice { path, values }
    }
}

/// Returns the scenes in which one of each of `choices` holds.
pub(super) fn scenes<'a>(choices: impl Iterator<Item = &'a Choice>) -> Vec<Scene> {
    let mut together: Vec<Choice> = Vec::new();
    for choice in choices {
        match together.iter().position(|known| known.path == choice.path) {
            Some(at) => together[at].values.extend(choice.values.iter().cloned()),
            None if together.len() < MOST_SET => together.push(choice.clone()),
            None => {}
        }
    }
    let mut scenes = vec![Scene::new()];
    for Choice { path, values } in together {
        let with = |scene: &Scene, value: &Option<Value>| {
            let set = value.iter().map(|value| (path.clone(), value.clone()));
            scene.iter().cloned().chain(set).collect::<Scene>()
        };
        let each = scenes.iter().flat_map(|scene| values.iter().map(move |value| (scene, value)));
        scenes = each.take(MOST_OF_ONE).map(|(scene, value)| with(scene, value)).collect();
    }
    scenes.retain(|scene| !scene.is_empty());
    scenes
}

/// Sets the values of `scene` in `set`, as far as there is a place for them.
pub(super) fn play(scene: &Scene, set: &mut Values) {
    for (path, value) in scene {
        if let Some((name, rest)) = path.split_first() {
            place(set.entry(name.as_str()).or_insert(Value::Null), rest, value);
        }
    }
}

fn place(at: &mut Value, path: &[String], value: &Value) {
    let Some((segment, rest)) = path.split_first() else {
        *at = value.clone();
        return;
    };
    match at {
        Value::Array(items) if segment == ITEM => {
            if items.is_empty() {
                items.push(Value::Null);
            }
            items.iter_mut().take(1).for_each(|item| place(item, rest, value));
        }
        // What a text contains is a text.
        Value::String(_) if segment == ITEM => *at = value.clone(),
        Value::Object(properties) if segment != ITEM => {
            let otherwise = if rest.is_empty() { Value::Null } else { json!({}) };
            place(properties.entry(segment.as_str()).or_insert(otherwise), rest, value);
        }
        _ => {}
    }
}
