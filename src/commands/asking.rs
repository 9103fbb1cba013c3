//! How manifests are made to ask otherwise for a set, as hints tell it: by a command that does it where it is typed, or
//! in words where none does. In a workspace several may ask for the set, or inherit what the root says of it.

use super::project::Project;
use crate::address::Address;
use crate::error::Hint;
use crate::manifest::edit as manifest_edit;
use crate::manifest::{DependencySource, FILE_NAME, Member};
use crate::name::SetName;

/// What should be asked for.
pub(super) struct Wish<'a> {
    /// The set.
    pub name: &'a SetName,
    /// What `anvil add` is given after its name.
    pub arguments: String,
    /// The same as people are told of it.
    pub words: String,
}

/// Returns the command that has the project's manifest ask otherwise for `name`, up to the requirement: where that is
/// from another registry than the default one, it goes on to be.
pub(super) fn add(project: &Project, name: &SetName) -> String {
    let registry = match project.asks(name).first() {
        Some(DependencySource::Registry { registry, .. }) => registry.clone(),
        _ => None,
    };
    format!("anvil add {}", Address { registry, ..Address::of_set(name.clone()) })
}

/// Returns the hint that has the manifests ask for what is wished; each for which `is_against` holds has to.
pub(super) fn hint(
    project: &Project,
    message: &str,
    Wish { name, arguments, words }: Wish<'_>,
    is_against: impl Fn(&DependencySource) -> bool,
) -> Hint {
    let add = add(project, name) + &arguments;
    if project.manifest.overrides.contains_key(name) {
        return Hint::run(message, format!("{add} --override"));
    }
    let asks = |member: &Member| member.manifest.dependencies.get(name).map(|dependency| dependency.source.clone());
    let asking = || project.workspace.members.iter().filter_map(|member| Some((member, asks(member)?)));
    let against: Vec<&Member> = asking().filter(|(_, source)| is_against(source)).map(|(member, _)| member).collect();
    let at = |member: &Member| match member.set() {
        _ if member.path == project.member => Some(Hint::run(message, add.clone())),
        Some((set, _)) => Some(Hint::run(message, format!("{add} --set {set}"))),
        None => None,
    };
    let hint = match against.as_slice() {
        // One that asks for less than the others decides.
        [] => match asking().find(|(member, _)| member.path == project.member).or_else(|| asking().next()) {
            Some((member, _)) => at(member),
            None => Some(Hint::run(message, add.clone())),
        },
        [only] => at(only),
        _ => None,
    };
    hint.unwrap_or_else(|| {
        let inherits =
            |member: &&&Member| project.text_of(&member.path).is_ok_and(|text| manifest_edit::inherits(&text, name));
        let (sharing, own): (Vec<&Member>, Vec<&Member>) = against.iter().partition::<Vec<&Member>, _>(inherits);
        let shared = (!sharing.is_empty()).then(|| format!("[workspace.dependencies] in the root's {FILE_NAME}"));
        let own = own.iter().map(|member| project.manifest_path_of(&member.path));
        let own = own.map(|path| format!("`{}`", path.strip_prefix(&project.root).unwrap_or(&path).display()));
        let places: Vec<String> = shared.into_iter().chain(own).collect();
        Hint::new(format!("{message}: have {} ask for {name} {words}", places.join(" and ")))
    })
}
