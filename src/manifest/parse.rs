//! Reading a manifest: every fault at once, each with its place.

use super::checks::{self, Refusal};
use super::compat::read_compat;
use super::dependency::read_dependencies;
use super::environment::read_environments;
use super::patterns::{Pattern, PromptPatterns, Selection};
use super::reader::{Entry, Reader, Section, Text};
use super::workspace::{Membership, ROOT_ALONE, WorkspaceSection};
use super::{
    Compat, Manifest, MinimumReleaseAge, RegistryEntry, Resolution, SetSection, TagTemplate, Trust, TrustRule,
};
use crate::error::{Code, Diagnose, Diagnostic, Hint, suggest, told};
use crate::name::{NameError, RegistryId, RegistryName};
use crate::version::{Version, VersionError, parse_requirement, parse_version, running_anvil};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use toml_edit::{Document, Item};

/// The newest edition of the prompt language that this Anvil speaks.
pub const EDITION: u32 = 1;

// What each table may hold. The JSON Schema is compared with these by a test.
pub(super) const TOP: &[&str] =
    &["set", "registries", "dependencies", "override", "resolution", "environments", "compat", "trust", "workspace"];
pub(super) const SET: &[&str] = &[
    "name",
    "version",
    "edition",
    "anvil",
    "description",
    "license",
    "authors",
    "repository",
    "keywords",
    "prompts",
    "include",
    "exclude",
    "tag",
];
pub(super) const REGISTRY: &[&str] = &["url", "id"];
pub(super) const RESOLUTION: &[&str] = &["minimum-release-age", "minimum-release-age-exempt"];
pub(super) const TRUST: &[&str] = &["allowed-signers", "policy"];
pub(super) const TRUST_RULE: &[&str] = &["minimum"];

/// How a manifest is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// One's own project: an unknown key is an error with a suggestion.
    Own,
    /// A dependency: unknown keys are ignored, since a newer Anvil may know them. So are the
    /// tables that count at the root alone (`[override]`, `[resolution]`, `[environments]`,
    /// `[compat]`, `[trust]`, `[workspace]`), which are left empty.
    Dependency,
    /// Like a dependency, and seen apart from the workspace that it may be in: what it inherits is left out. For
    /// who looks for names, versions and files, which nobody inherits.
    Apart,
}

/// A manifest with faults; there is at least one.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", .faults.first().map_or("the manifest is not valid", |fault| fault.message.as_str()))]
pub struct ManifestError {
    faults: Vec<Diagnostic>,
}

impl ManifestError {
    /// Returns the error with one fault, found by a change rather than by reading.
    pub(super) fn one(fault: Diagnostic) -> Self {
        ManifestError { faults: vec![fault] }
    }

    /// Returns the error without its places: they are in a text that nobody has.
    pub(super) fn without_places(mut self) -> Self {
        for fault in &mut self.faults {
            fault.location = None;
        }
        self
    }
}

impl Diagnose for ManifestError {
    fn code(&self) -> Code {
        self.faults.first().map_or(Code::A0101, |fault| fault.code)
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        &self.faults
    }
}

impl Manifest {
    /// Returns the manifest that `text` holds. `file` is how messages name it.
    ///
    /// # Errors
    /// With every fault of the text, each with its place; at most 20, and a last one that counts
    /// the rest. A text that is no TOML has that one fault.
    pub fn parse(file: &str, text: &str, strictness: Strictness) -> Result<Manifest, ManifestError> {
        let document = parse_toml(file, text)?;
        let mut reader = Reader::new(file, text, strictness);
        let manifest = read(&mut reader, &Section::root(document.as_table()), strictness);
        let faults = reader.into_faults();
        if faults.is_empty() { Ok(manifest) } else { Err(ManifestError { faults }) }
    }

    /// Returns the manifest of a member of a workspace; `text` is the member's own, which may inherit from the
    /// root. What counts at the root alone is the root's, with paths as seen from the member.
    ///
    /// # Errors
    /// As [`Manifest::parse`], and when it has what counts at the root alone; a dependency's is ignored.
    pub fn parse_member(
        file: &str,
        text: &str,
        place: Membership<'_>,
        strictness: Strictness,
    ) -> Result<Manifest, ManifestError> {
        let filled = place.section.fill(text, place.folder);
        let document = parse_toml(file, &filled)?;
        let mut reader = Reader::new(file, &filled, strictness);
        let mut manifest = read_member(&mut reader, &Section::root(document.as_table()), place.root, strictness);
        let faults = reader.into_faults();
        if !faults.is_empty() {
            return Err(ManifestError { faults });
        }
        if let Cow::Owned(_) = filled {
            place.section.locate(&mut manifest.dependencies, &parse_toml(file, text)?);
        }
        place.take_over(&mut manifest);
        Ok(manifest)
    }

    /// Returns the manifest of a dependency that `text` holds, which this Anvil must be able to use.
    /// `file` is how messages name it.
    ///
    /// # Errors
    /// As [`Manifest::parse`], and when the set asks for another Anvil.
    pub fn parse_dependency(file: &str, text: &str) -> Result<Manifest, ManifestError> {
        let manifest = Manifest::parse(file, text, Strictness::Dependency)?;
        manifest.check_usable_by(&running_anvil(), file, text)?;
        Ok(manifest)
    }

    /// Checks that `anvil`, the version that runs, is one that the set asks for. `text` is what the
    /// manifest was read from, and `file` how messages name it.
    ///
    /// # Errors
    /// With the one fault and its place. Nothing is asked where there is no `[set]`.
    pub fn check_usable_by(&self, anvil: &Version, file: &str, text: &str) -> Result<(), ManifestError> {
        let Some(set) = self.set.as_ref().filter(|set| !set.usable_by(anvil)) else { return Ok(()) };
        let document = parse_toml(file, text)?;
        let item = document.get("set").and_then(|section| section.get("anvil"));
        let requirement = item.and_then(Item::as_str).unwrap_or_default();
        let message = format!("{} needs Anvil {requirement}, this is {anvil}", set.name);
        let span = item.and_then(Item::span).unwrap_or_default();
        let fault = Diagnostic::error(Code::A0113, message).at(file, text.into(), span, "another Anvil");
        Err(ManifestError::one(fault.hint(Hint::new("upgrade anvil"))))
    }
}

impl Compat {
    /// Returns what `text`, a manifest, says in `[compat]`, whatever else it says; nothing where it is no TOML.
    pub fn of(text: &str) -> Compat {
        let Ok(document) = Document::parse(text) else { return Compat::default() };
        // What is wrong with it is told where the manifest is read.
        read_compat(&mut Reader::new("", text, Strictness::Own), &Section::root(document.as_table()))
    }
}

/// A glob as a manifest writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenGlob {
    /// The key that has it, as in `set.prompts`.
    pub key: &'static str,
    /// The glob.
    pub pattern: Pattern,
    /// Where it stands in the text.
    pub span: Range<usize>,
}

/// Returns the globs that choose files of the set, as far as `text`, a manifest, writes them.
pub fn written_globs(text: &str) -> Vec<WrittenGlob> {
    globs_in(text, &["set.prompts", "set.include"])
}

/// Returns the globs that lead to the members of a workspace, as far as `text`, the manifest of its root, writes them.
pub fn written_members(text: &str) -> Vec<WrittenGlob> {
    globs_in(text, &["workspace.members"])
}

fn globs_in(text: &str, keys: &[&'static str]) -> Vec<WrittenGlob> {
    let Ok(document) = Document::parse(text) else { return Vec::new() };
    let mut globs = Vec::new();
    for key in keys {
        let value = key.split_once('.').and_then(|(table, key)| document.get(table)?.as_table_like()?.get(key));
        for value in value.and_then(Item::as_array).into_iter().flatten() {
            let pattern = value.as_str().and_then(|text| Pattern::parse(text).ok());
            globs.extend(pattern.zip(value.span()).map(|(pattern, span)| WrittenGlob { key, pattern, span }));
        }
    }
    globs
}

/// Returns the document that `text` holds, with the place of each part.
pub(super) fn parse_toml<'a>(file: &str, text: &'a str) -> Result<Document<&'a str>, ManifestError> {
    Document::parse(text).map_err(|error| {
        if let Some(fault) = conflict(file, text) {
            return ManifestError::one(fault);
        }
        let span = error.span().unwrap_or(text.len()..text.len());
        let message = format!("`{file}` is not valid TOML: {}", error.message());
        ManifestError::one(Diagnostic::error(Code::A0101, message).at(file, text.into(), span, "here"))
    })
}

/// Returns the fault that git left conflict markers in `text`, shown at the first of them.
fn conflict(file: &str, text: &str) -> Option<Diagnostic> {
    // Seven, or as many more as git's attribute `conflict-marker-size` says.
    let is_mark = |line: &str| line.starts_with("<<<<<<<") && line.trim_start_matches('<').starts_with(' ');
    let mut starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let start = starts.find(|start| is_mark(&text[*start..]))?;
    let fault = Diagnostic::error(Code::A0101, format!("`{file}` has conflict markers"));
    let place = start..start + text[start..].lines().next().unwrap_or_default().len();
    let fault = fault.at(file, text.into(), place, "a merge left both sides here");
    Some(
        fault.hint(Hint::new(
            "keep what you want of both sides, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`",
        )),
    )
}

fn read(reader: &mut Reader, root: &Section<'_>, strictness: Strictness) -> Manifest {
    reader.known(root, TOP);
    let set = reader.section(root, "set", SET).and_then(|section| read_set(reader, &section));
    let registries = read_registries(reader, root);
    // By key alone: a registry whose entry is faulty has a fault already.
    let names: Vec<&str> = root
        .get("registries")
        .and_then(|entry| entry.as_section())
        .map(|registries| registries.entries().map(|entry| entry.name).collect())
        .unwrap_or_default();
    let own_name = set.as_ref().map(|set| &set.name);
    let dependencies = read_dependencies(reader, root, "dependencies", own_name, &names);
    let manifest = Manifest { set, registries, dependencies, ..Manifest::default() };
    if strictness != Strictness::Own {
        return manifest;
    }
    Manifest {
        overrides: read_dependencies(reader, root, "override", None, &names),
        resolution: read_resolution(reader, root),
        environments: read_environments(reader, root),
        compat: read_compat(reader, root),
        trust: read_trust(reader, root),
        workspace: WorkspaceSection::read(reader, root, &names),
        ..manifest
    }
}

/// Reads the manifest of a member: what counts at the workspace's root alone is a fault.
fn read_member(reader: &mut Reader, member: &Section<'_>, root: &Manifest, strictness: Strictness) -> Manifest {
    reader.known(member, TOP);
    let is_misplaced = |entry: &Entry<'_>| strictness == Strictness::Own && ROOT_ALONE.contains(&entry.name);
    for entry in member.entries().filter(is_misplaced) {
        let message = format!("`[{}]` counts in the root of the workspace alone, and this is a member", entry.name);
        let hints = match entry.name {
            "workspace" => {
                vec![Hint::new("a workspace has no other in it: keep it out with `exclude` in the root's [workspace]")]
            }
            _ => vec![Hint::new("move it to the `anvil.toml` that has [workspace], where it holds for all members")],
        };
        reader.fault_with(Code::A0116, &entry.key, "not here", message, hints);
    }
    let set = reader.section(member, "set", SET).and_then(|section| read_set(reader, &section));
    let names: Vec<&str> = root.registries.keys().map(RegistryName::as_str).collect();
    let own_name = set.as_ref().map(|set| &set.name);
    let dependencies = read_dependencies(reader, member, "dependencies", own_name, &names);
    let compat = if strictness == Strictness::Own { read_compat(reader, member) } else { Compat::default() };
    Manifest { set, dependencies, compat, ..Manifest::default() }
}

fn read_set(reader: &mut Reader, section: &Section<'_>) -> Option<SetSection> {
    for key in ["name", "version"] {
        if section.get(key).is_none() {
            let example = if key == "name" { "name = \"project/set\"" } else { "version = \"0.1.0\"" };
            let hints = vec![Hint::new(format!("add `{example}` to [set]"))];
            reader.fault_with(Code::A0104, &section.span, "incomplete", format!("[set] has no `{key}`"), hints);
        }
    }
    let name = reader.text(section, "name").and_then(|text| name_of(reader, &text));
    let version = reader.text(section, "version").and_then(|text| version_fault(reader, &text, parse_version));
    let edition = read_edition(reader, section);
    let anvil = reader.text(section, "anvil").and_then(|text| version_fault(reader, &text, parse_requirement));
    let repository = reader.text(section, "repository");
    if let Some(text) = &repository
        && checks::has_credential(text.text)
    {
        refuse(reader, text, "the repository", Refusal::Credential);
    }
    let tag = match reader.text(section, "tag") {
        None => TagTemplate::Default,
        Some(text) => {
            if let Err(refusal) = checks::tag_template(text.text) {
                refuse(reader, &text, "the tag template", refusal);
            }
            TagTemplate::Text(text.text.to_owned())
        }
    };
    let repository = repository.map(|text| text.text.to_owned());
    let prompts = match section.get("prompts") {
        None => PromptPatterns::default(),
        Some(_) => PromptPatterns(read_patterns(reader, section, "prompts")),
    };
    let selection = Selection {
        prompts,
        include: read_patterns(reader, section, "include"),
        exclude: read_patterns(reader, section, "exclude"),
    };
    let description = reader.owned(section, "description");
    let license = reader.owned(section, "license");
    let authors = reader.all_owned(section, "authors");
    let keywords = reader.all_owned(section, "keywords");
    Some(SetSection {
        name: name?,
        version: version?,
        edition,
        anvil,
        description,
        license,
        authors,
        repository,
        keywords,
        selection,
        tag,
    })
}

pub(super) fn read_edition(reader: &mut Reader, section: &Section<'_>) -> u32 {
    let Some(entry) = section.get("edition") else {
        return EDITION;
    };
    let Some(edition) = entry.item().as_integer() else {
        reader.wrong_type(&entry, "an integer");
        return EDITION;
    };
    if edition > i64::from(EDITION) {
        let message = format!("edition {edition} is newer than this Anvil, which knows up to {EDITION}");
        let hints = vec![Hint::new("upgrade anvil")];
        reader.fault_with(Code::A0106, &entry.value, "unknown edition", message, hints);
    } else if edition < 1 {
        reader.fault(
            Code::A0106,
            &entry.value,
            "no edition",
            format!("there is no edition {edition}; editions begin at 1"),
        );
    }
    EDITION
}

pub(super) fn read_patterns(reader: &mut Reader, section: &Section<'_>, key: &str) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for text in reader.texts(section, key).unwrap_or_default() {
        match Pattern::parse(text.text) {
            Ok(pattern) => patterns.push(pattern),
            Err(why) => refuse(reader, &text, "the glob", why.into()),
        }
    }
    patterns
}

fn read_registries(reader: &mut Reader, root: &Section<'_>) -> BTreeMap<RegistryName, RegistryEntry> {
    let mut registries = BTreeMap::new();
    let Some(section) = reader.map(root, "registries") else {
        return registries;
    };
    let mut ids: BTreeMap<RegistryId, RegistryName> = BTreeMap::new();
    for entry in section.entries() {
        let name = name_of::<RegistryName>(reader, &Text { text: entry.name, span: entry.key.clone() });
        let (location, id) = if entry.as_str().is_some() {
            (reader.text(&section, entry.name), None)
        } else if let Some(table) = entry.as_section() {
            reader.known(&table, REGISTRY);
            if table.get("url").is_none() {
                let message = format!("`{}` has no `url`", entry.path);
                reader.fault(Code::A0104, &entry.value, "incomplete", message);
            }
            (reader.text(&table, "url"), reader.text(&table, "id"))
        } else {
            reader.wrong_type(&entry, "a location, or a table with `url` and `id`");
            continue;
        };
        if let Some(location) = &location
            && let Err(refusal) = checks::registry_location(location.text)
        {
            refuse(reader, location, "the registry's location", refusal);
        }
        let id_span = id.as_ref().map(|id| id.span.clone());
        let id = id.and_then(|id| name_of::<RegistryId>(reader, &id));
        let Some(name) = name else { continue };
        if let (Some(id), Some(span)) = (&id, id_span)
            && let Some(other) = ids.insert(id.clone(), name.clone())
        {
            let message = format!("the registries `{other}` and `{name}` both have the id `{id}`");
            let hints = vec![Hint::new("keep one of them: a lock names registries by id alone")];
            reader.fault_with(Code::A0107, &span, "taken", message, hints);
        }
        let location = location.map(|text| text.text.to_owned()).unwrap_or_default();
        registries
            .insert(name, RegistryEntry { location, seen_from: String::new(), id, line: reader.line(entry.key.start) });
    }
    registries
}

fn read_resolution(reader: &mut Reader, root: &Section<'_>) -> Resolution {
    let Some(section) = reader.section(root, "resolution", RESOLUTION) else { return Resolution::default() };
    let minimum_release_age = (|| {
        let entry = section.get("minimum-release-age")?;
        let written = match entry.item().as_datetime() {
            Some(date) => date.to_string(),
            None => reader.text(&section, "minimum-release-age")?.text.to_owned(),
        };
        let age = MinimumReleaseAge::parse(&written);
        if age.is_none() {
            let message = format!("`{written}` is no age; write `3d` (or m, h, w), or a date such as `2026-11-01`");
            reader.fault(Code::A0105, &entry.value, "no age", message);
        }
        age
    })();
    let exempt = read_patterns(reader, &section, "minimum-release-age-exempt");
    Resolution { minimum_release_age, exempt }
}

fn read_trust(reader: &mut Reader, root: &Section<'_>) -> Trust {
    let mut trust = Trust::default();
    let Some(section) = reader.section(root, "trust", TRUST) else {
        return trust;
    };
    if let Some(text) = reader.text(&section, "allowed-signers") {
        if let Err(refusal) = checks::relative_path(text.text) {
            refuse(reader, &text, "the path of the allowed signers", refusal);
        }
        trust.allowed_signers = Some(text.text.to_owned());
    }
    let Some(policy) = reader.map(&section, "policy") else {
        return trust;
    };
    for entry in policy.entries() {
        let key = Text { text: entry.name, span: entry.key.clone() };
        let pattern = Pattern::parse(entry.name).map_err(|why| refuse(reader, &key, "the glob", why.into()));
        if let (Ok(pattern), Some(rule)) = (pattern, read_trust_rule(reader, &policy, &entry)) {
            trust.policy.push((pattern, rule));
        }
    }
    trust
}

fn read_trust_rule(reader: &mut Reader, policy: &Section<'_>, entry: &Entry<'_>) -> Option<TrustRule> {
    const WORDS: [&str; 3] = ["require", "warn", "off"];
    if let Some(table) = entry.as_section() {
        reader.known(&table, TRUST_RULE);
        let minimum = table.get("minimum");
        let count = minimum.as_ref().and_then(|minimum| minimum.item().as_integer());
        return match count.and_then(|count| u32::try_from(count).ok()).filter(|count| *count > 0) {
            Some(count) => Some(TrustRule::Minimum(count)),
            None => {
                let span = minimum.map_or(entry.value.clone(), |minimum| minimum.value);
                let message = format!("`{}` needs `minimum`, a number of signers from 1", entry.path);
                reader.fault(Code::A0105, &span, "no number", message);
                None
            }
        };
    }
    if entry.as_str().is_none() {
        reader.wrong_type(entry, "`require`, `warn`, `off` or a table with `minimum`");
        return None;
    }
    let text = reader.text(policy, entry.name)?;
    match text.text {
        "require" => Some(TrustRule::Require),
        "warn" => Some(TrustRule::Warn),
        "off" => Some(TrustRule::Off),
        other => {
            let hints = suggest(other, WORDS).map(|near| Hint::new(format!("did you mean `{near}`?")));
            let message = format!("{other:?} is no policy; write `require`, `warn`, `off` or {{ minimum = 2 }}");
            reader.fault_with(Code::A0105, &text.span, "no policy", message, hints.into_iter().collect());
            None
        }
    }
}

/// Returns the name that `text` writes, or notes why it is none.
pub(super) fn name_of<N: std::str::FromStr<Err = NameError>>(reader: &mut Reader, text: &Text<'_>) -> Option<N> {
    match text.text.parse() {
        Ok(name) => Some(name),
        Err(error) => {
            let hints = error.hints();
            reader.fault_with(error.code(), &text.span, "not a name", error.to_string(), hints);
            None
        }
    }
}

/// Returns what `parse` makes of `text`, or notes why it refuses.
pub(super) fn version_fault<V>(
    reader: &mut Reader,
    text: &Text<'_>,
    parse: impl FnOnce(&str) -> Result<V, VersionError>,
) -> Option<V> {
    match parse(text.text) {
        Ok(value) => Some(value),
        Err(error) => {
            let word = text.text.starts_with(|c: char| c.is_ascii_lowercase());
            let hints = if word {
                vec![Hint::new("a channel cannot stand here; write a version or a requirement such as `^1.2`")]
            } else {
                Vec::new()
            };
            reader.fault_with(error.code(), &text.span, "not understood", error.to_string(), hints);
            None
        }
    }
}

/// Notes that `text`, which is `what`, is refused. A credential is never repeated in the message.
pub(super) fn refuse(reader: &mut Reader, text: &Text<'_>, what: &str, refusal: Refusal) {
    match refusal {
        Refusal::Malformed(why) => {
            let message = format!("{what} {:?} is refused: {why}", told(&checks::without_query(text.text)));
            reader.secret_query(&text.span);
            reader.fault(Code::A0105, &text.span, "refused", message);
        }
        Refusal::Credential => {
            let message = format!("{what} carries a user name or password; a manifest names no credential");
            let hints = vec![Hint::new("remove it: git's own credential helper can have that of a git repository")];
            reader.secret(&text.span);
            reader.fault_with(Code::A0108, &text.span, "a credential", message, hints);
        }
    }
}
