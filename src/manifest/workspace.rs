//! Workspaces: several sets in one repository, with one lock at the root.
//!
//! The root's manifest lists the folders of its members. A member may inherit fields of `[set]`
//! and dependencies from the root, as in `license.workspace = true`; [`WorkspaceSection::fill`] writes
//! them out, and so a member is published and read by others as if it stood alone. What rules the
//! resolution (`[registries]`, `[override]`, `[resolution]`, `[environments]`, `[trust]`) counts at the
//! root alone and holds for all members.

use super::dependency::read_dependencies;
use super::parse::{ManifestError, Strictness, parse_toml, read_edition, read_patterns};
use super::reader::{Reader, Section};
use super::{Dependency, DependencySource, FILE_NAME, Manifest, Pattern};
use crate::name::SetName;
use crate::version::Version;
use std::borrow::Cow;
use std::collections::BTreeMap;
use toml_edit::{Document, DocumentMut, Item, TableLike, Value};

pub(super) const WORKSPACE: &[&str] = &["members", "exclude", "set", "dependencies"];
/// The fields of `[set]` that a member may inherit: what makes a set this one is its own.
pub(super) const INHERITED: &[&str] =
    &["edition", "anvil", "description", "license", "authors", "repository", "keywords"];
/// The tables that count at the root of a workspace alone.
pub(super) const ROOT_ALONE: &[&str] = &["registries", "override", "resolution", "environments", "trust", "workspace"];

/// The member that is the root itself.
pub const ROOT: &str = ".";

/// The `[workspace]` table of a root.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkspaceSection {
    /// The folders of the members, as globs relative to the root.
    pub members: Vec<Pattern>,
    /// Folders that are no members all the same.
    pub exclude: Vec<Pattern>,
    /// What members may inherit into `[set]`, as TOML values.
    set: BTreeMap<String, String>,
    /// What members may inherit into `[dependencies]`, as TOML values.
    dependencies: BTreeMap<String, String>,
    /// The lines that these stand in, from 1.
    lines: BTreeMap<SetName, usize>,
}

/// A root's manifest with those of its members: what one lock answers. A project that is no
/// workspace has one member, the root.
#[derive(Clone, Debug, PartialEq)]
pub struct Workspace {
    /// The root's manifest.
    pub root: Manifest,
    /// The members, sorted by path; the root is the first.
    pub members: Vec<Member>,
}

/// One manifest of a workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its folder relative to the root, with `/`; [`ROOT`] for the root's own.
    pub path: String,
    /// Its manifest, with all that it inherits.
    pub manifest: Manifest,
}

impl Member {
    /// Returns what the member publishes, if it is a set.
    pub fn set(&self) -> Option<(&SetName, &Version)> {
        self.manifest.set.as_ref().map(|set| (&set.name, &set.version))
    }
}

impl Workspace {
    /// Returns the workspace that `manifest` is alone.
    pub fn alone(manifest: Manifest) -> Self {
        let member = Member { path: ROOT.to_owned(), manifest: manifest.clone() };
        Workspace { root: manifest, members: vec![member] }
    }

    /// Returns whether the root says that it has members, be there any or not.
    pub fn is_declared(&self) -> bool {
        self.root.workspace.is_some()
    }

    /// Returns every dependency of every member, with the member's path.
    pub fn dependencies(&self) -> impl Iterator<Item = (&str, &SetName, &Dependency)> {
        self.members.iter().flat_map(|member| {
            member.manifest.dependencies.iter().map(|(name, dependency)| (member.path.as_str(), name, dependency))
        })
    }

    /// Returns whether a member depends on `name` itself.
    pub fn requires(&self, name: &SetName) -> bool {
        self.members.iter().any(|member| member.manifest.dependencies.contains_key(name))
    }

    /// Returns the member that is the set `name` and stands for it in development, wherever it is asked for
    /// from a registry. A project that is no workspace has none: that its own set needs itself through
    /// others is a mistake.
    pub fn stand_in(&self, name: &SetName) -> Option<&Member> {
        let is_it = |member: &&Member| member.set().is_some_and(|(set, _)| set == name);
        if self.is_declared() { self.members.iter().find(is_it) } else { None }
    }

    /// Returns the members that are sets, with their names.
    pub fn sets(&self) -> impl Iterator<Item = (&SetName, &Member)> {
        self.members.iter().filter_map(|member| Some((member.set()?.0, member)))
    }
}

impl WorkspaceSection {
    /// Returns whether `folder`, relative to the root and with `/`, is a member if it has a manifest.
    pub fn has(&self, folder: &str) -> bool {
        self.members.iter().any(|glob| glob.matches(folder)) && !self.excludes(folder)
    }

    /// Returns whether `folder` is kept out, or lies in one that is.
    pub fn excludes(&self, folder: &str) -> bool {
        let parents = folder.match_indices('/').map(|(at, _)| &folder[..at]).chain([folder]);
        parents.into_iter().any(|path| self.exclude.iter().any(|glob| glob.matches(path)))
    }

    /// Returns what the member in `folder` gets that inherits the dependency on `name`, where there is one to inherit.
    pub fn dependency(&self, name: &SetName, folder: &str) -> Option<DependencySource> {
        self.dependencies.get(name.as_str())?;
        let text = format!("[dependencies]\n\"{name}\" = {{ workspace = true }}\n");
        let manifest = Manifest::parse(FILE_NAME, &self.fill(&text, folder), Strictness::Dependency).ok()?;
        manifest.dependencies.get(name).map(|dependency| dependency.source.clone())
    }

    /// Returns `text`, the manifest of the member in `folder`, with all that it inherits written out.
    /// What the workspace does not have stays as it is, and is told when the result is read.
    pub fn fill<'t>(&self, text: &'t str, folder: &str) -> Cow<'t, str> {
        // Nearly every manifest inherits nothing, and says so without being read.
        if !text.contains("workspace") {
            return Cow::Borrowed(text);
        }
        let Ok(mut document) = text.parse::<DocumentMut>() else { return Cow::Borrowed(text) };
        let mut filled = false;
        for (table, values) in [("set", &self.set), ("dependencies", &self.dependencies)] {
            let Some(table) = document.get_mut(table).and_then(Item::as_table_like_mut) else { continue };
            for (key, value) in values {
                let Some(item) = table.get_mut(key).filter(|item| is_inherited(item)) else { continue };
                let Ok(mut value) = value.parse::<Value>() else { continue };
                move_path(&mut value, folder);
                value.decor_mut().set_prefix(" ");
                *item = Item::Value(value);
                filled = true;
            }
        }
        if filled { Cow::Owned(document.to_string()) } else { Cow::Borrowed(text) }
    }

    /// Says of `dependencies`, read from the filled-in text of a member, where each is written: in which line of
    /// `document`, its manifest as it is, and in which line of the root's manifest what it inherits.
    pub(super) fn locate(&self, dependencies: &mut BTreeMap<SetName, Dependency>, document: &Document<&str>) {
        let Some(table) = document.get("dependencies").and_then(Item::as_table_like) else { return };
        for (name, dependency) in dependencies {
            let Some((key, item)) = table.get_key_value(name.as_str()) else { continue };
            if let Some(before) = key.span().and_then(|span| document.raw().get(..span.start)) {
                dependency.line = before.matches('\n').count() + 1;
            }
            dependency.inherited = self.lines.get(name).copied().filter(|_| is_inherited(item));
        }
    }

    /// Returns the `[workspace]` of the manifest in `text`, whatever else is wrong with that.
    ///
    /// # Errors
    /// When the text is no TOML.
    pub fn of(file: &str, text: &str) -> Result<Option<Self>, ManifestError> {
        // Most manifests have none, and say so without being read.
        if !text.contains("workspace") {
            return Ok(None);
        }
        let document = parse_toml(file, text)?;
        let mut unheard = Reader::new(file, text, Strictness::Own);
        Ok(Self::read(&mut unheard, &Section::root(document.as_table()), &[]))
    }

    /// Reads `[workspace]`; `registries` are those that the root names.
    pub(super) fn read(reader: &mut Reader, root: &Section<'_>, registries: &[&str]) -> Option<Self> {
        let section = reader.section(root, "workspace", WORKSPACE)?;
        let members = read_patterns(reader, &section, "members");
        let exclude = read_patterns(reader, &section, "exclude");
        if let Some(set) = reader.section(&section, "set", INHERITED) {
            read_edition(reader, &set);
            for key in ["anvil", "description", "license", "repository"] {
                reader.text(&set, key);
            }
            for key in ["authors", "keywords"] {
                reader.texts(&set, key);
            }
        }
        let read = read_dependencies(reader, &section, "dependencies", None, registries);
        Some(WorkspaceSection {
            members,
            exclude,
            set: values(&section, "set"),
            dependencies: values(&section, "dependencies"),
            lines: read.into_iter().map(|(name, dependency)| (name, dependency.line)).collect(),
        })
    }
}

/// Returns whether `item` says that its value is the workspace's.
pub(super) fn is_inherited(item: &Item) -> bool {
    item.as_table_like()
        .is_some_and(|table| table.len() == 1 && table.get("workspace").and_then(Item::as_bool) == Some(true))
}

/// Returns the entries of a table as texts of TOML values.
fn values(section: &Section<'_>, key: &str) -> BTreeMap<String, String> {
    let Some(table) = section.get(key).and_then(|entry| entry.item().as_table_like()) else { return BTreeMap::new() };
    let entries = table.iter().filter_map(|(key, item)| {
        let mut value = item.clone().into_value().ok()?;
        value.decor_mut().clear();
        Some((key.to_owned(), value.to_string()))
    });
    entries.collect()
}

/// Makes the `path` of a dependency, which is relative to the root, relative to the member in `folder`.
fn move_path(value: &mut Value, folder: &str) {
    let Some(table) = value.as_inline_table_mut() else { return };
    if let Some(path) = table.get("path").and_then(Value::as_str) {
        let moved = seen_from(folder, path);
        TableLike::insert(table, "path", toml_edit::value(moved));
    }
}

/// Returns `path`, which is relative to the root, as seen from `folder` below the root.
fn seen_from(folder: &str, path: &str) -> String {
    let up = if folder == ROOT { 0 } else { folder.split('/').count() };
    format!("{}{path}", "../".repeat(up))
}

/// Where a member stands.
#[derive(Clone, Copy, Debug)]
pub struct Membership<'w> {
    /// The root's manifest.
    pub root: &'w Manifest,
    /// What it says of members.
    pub section: &'w WorkspaceSection,
    /// The member's folder relative to the root, with `/`.
    pub folder: &'w str,
}

impl Membership<'_> {
    /// Gives `member` what counts at the root alone, with paths as seen from it.
    pub(super) fn take_over(self, member: &mut Manifest) {
        let Membership { root, folder, .. } = self;
        member.registries.clone_from(&root.registries);
        for entry in member.registries.values_mut() {
            // As it was written it is told; whoever opens it asks from where it is seen.
            entry.seen_from = seen_from(folder, "");
        }
        member.overrides.clone_from(&root.overrides);
        for entry in member.overrides.values_mut() {
            if let DependencySource::Path { path } = &mut entry.source {
                *path = seen_from(folder, path);
            }
        }
        member.resolution.clone_from(&root.resolution);
        member.environments.clone_from(&root.environments);
        member.trust.clone_from(&root.trust);
        if let Some(signers) = &mut member.trust.allowed_signers {
            *signers = seen_from(folder, signers);
        }
    }
}

/// The root's manifest as it is found above a member, wherever that is read from.
#[derive(Clone, Debug)]
pub struct Above {
    file: String,
    text: String,
    section: WorkspaceSection,
    member: String,
}

impl Above {
    /// Returns the root that `text` is to the folder `member`, relative to it and with `/`, if it lists that as
    /// a member. `file` is how messages name it.
    ///
    /// # Errors
    /// When the text is no TOML.
    pub fn of(file: &str, text: &str, member: &str) -> Result<Option<Above>, ManifestError> {
        let section = WorkspaceSection::of(file, text)?.filter(|section| section.has(member));
        let (file, text, member) = (file.to_owned(), text.to_owned(), member.to_owned());
        Ok(section.map(|section| Above { file, text, section, member }))
    }

    /// Returns the member's path from the root.
    pub fn member(&self) -> &str {
        &self.member
    }

    /// Returns `text`, the member's manifest, with all that it inherits written out.
    pub fn fill<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.section.fill(text, &self.member)
    }

    /// Returns the manifest that `text` holds, which is a member's where there is a root above it.
    ///
    /// # Errors
    /// Those of [`Above::parse`], or of [`Manifest::parse`].
    pub fn parse_below(
        above: Option<&Above>,
        file: &str,
        text: &str,
        strictness: Strictness,
    ) -> Result<Manifest, ManifestError> {
        match above {
            Some(above) => above.parse(file, text, strictness),
            None => Manifest::parse(file, text, strictness),
        }
    }

    /// Returns the member's manifest that `text` holds.
    ///
    /// # Errors
    /// Those of [`Manifest::parse_member`], and when the root's manifest has faults.
    pub fn parse(&self, file: &str, text: &str, strictness: Strictness) -> Result<Manifest, ManifestError> {
        let root = Manifest::parse(&self.file, &self.text, strictness)?;
        let place = Membership { root: &root, section: &self.section, folder: &self.member };
        Manifest::parse_member(file, text, place, strictness)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT_MANIFEST: &str = r#"
[registries]
default = "../registry"
far = "https://prompts.example.com"

[override]
"core/tone" = { path = "tone" }

[workspace]
members = ["sets/*", "tools"]
exclude = ["sets/old"]

[workspace.set]
license = "MIT"
authors = [
  "Ada <ada@example.com>",   # who began it
]

[workspace.dependencies]
"core/tone" = "^1.2"
"team/shared" = { path = "shared" }
"#;

    fn root() -> Manifest {
        Manifest::parse("anvil.toml", ROOT_MANIFEST, Strictness::Own).unwrap()
    }

    fn member(text: &str) -> Result<Manifest, ManifestError> {
        Above::of("../../anvil.toml", ROOT_MANIFEST, "sets/a").unwrap().unwrap().parse(
            "anvil.toml",
            text,
            Strictness::Own,
        )
    }

    fn filled(text: &str) -> String {
        root().workspace.unwrap().fill(text, "sets/a").into_owned()
    }

    #[test]
    fn folders_are_members_by_globs() {
        let section = root().workspace.unwrap();
        for (folder, expected) in [
            ("sets/a", true),
            ("tools", true),
            ("sets/old", false),
            ("sets/old/x", false),
            ("sets/a/b", false),
            (".", false),
        ] {
            assert_eq!(section.has(folder), expected, "{folder}");
        }
    }

    #[test]
    fn what_is_inherited_is_written_out_in_its_place() {
        let text = "[set] # mine\nname = \"team/a\"\nversion = \"1.0.0\"\nlicense.workspace = true # as all\n\
                    authors = { workspace = true }\n\n[dependencies]\n\"core/tone\" = { workspace = true }\n\
                    \"team/shared\".workspace = true\n";
        let text = filled(text);
        let manifest = Manifest::parse("anvil.toml", &text, Strictness::Own).unwrap();
        let set = manifest.set.unwrap();
        assert_eq!((set.license.as_deref(), set.authors.len()), (Some("MIT"), 1));
        assert!(text.starts_with("[set] # mine\nname = \"team/a\"\nversion = \"1.0.0\"\nlicense = \"MIT\""), "{text}");
        let asked: Vec<String> =
            manifest.dependencies.iter().map(|(name, dependency)| format!("{name} {}", dependency.source)).collect();
        assert_eq!(asked, ["core/tone ^1.2", "team/shared path ../../shared"]);
    }

    #[test]
    fn a_manifest_that_inherits_nothing_stays_to_the_byte() {
        for text in ["[set]\nname=\"a/b\"\n", "# workspace\n[set]\nname   = \"a/b\"\n", "workspace ="] {
            assert!(matches!(root().workspace.unwrap().fill(text, "sets/a"), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn what_the_workspace_does_not_have_is_told() {
        let text = filled("[set]\nname = \"team/a\"\nversion = \"1.0.0\"\nkeywords.workspace = true\n");
        let error = member(&text).unwrap_err();
        assert!(error.to_string().contains("`set.keywords` should come from a workspace"), "{error}");
    }

    #[test]
    fn what_counts_at_the_root_alone_is_refused_in_a_member_and_holds_for_it() {
        let member = "[set]\nname = \"team/a\"\nversion = \"1.0.0\"\n[dependencies]\n\"x/y\" = { version = \"1\", registry = \"far\" }\n";
        let manifest = self::member(member).unwrap();
        let locations: Vec<(&str, &str)> =
            manifest.registries.values().map(|entry| (entry.location.as_str(), entry.seen_from.as_str())).collect();
        assert_eq!(locations, [("../registry", "../../"), ("https://prompts.example.com", "../../")]);
        assert_eq!(manifest.overrides.values().next().unwrap().source.to_string(), "path ../../tone");
        for table in ROOT_ALONE {
            let error = self::member(&format!("{member}[{table}]\n")).unwrap_err();
            assert!(error.to_string().contains("counts in the root of the workspace alone"), "{table}: {error}");
        }
    }
}
