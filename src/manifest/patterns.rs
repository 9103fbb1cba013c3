//! Which files belong to a set, and which of them are prompts under which name
//! (the prompt language, section 1).

use crate::name::{NameError, PromptName};
use globset::{Glob, GlobBuilder, GlobMatcher};
use std::fmt;
use std::sync::OnceLock;

/// The longest a glob may be, in bytes: as long as the longest path of a bundle.
const MAX_LENGTH: usize = 255;

/// How deep `{a,{b,c}}` may nest. The glob becomes a regular expression, whose compiler has a limit too.
const MAX_NESTING: usize = 8;

/// The lock beside a manifest belongs to the project, never to the set.
const LOCK: &str = "anvil.lock";

/// The prompts of a manifest that does not say where they are.
pub const DEFAULT_PROMPTS: &str = "prompts/**/*.prompt.md";

/// One glob of the manifest, e.g. `prompts/**/*.prompt.md`.
pub struct Pattern {
    glob: Glob,
    /// Compiled when it is first asked, once: most commands read a manifest and match nothing.
    matcher: OnceLock<GlobMatcher>,
}

impl Pattern {
    /// Returns the glob that `text` writes: `*` and `?` within a segment, `**` across segments, `[…]`, `{a,b}`.
    ///
    /// # Errors
    /// In words, when it is no glob, is absolute, or leaves the folder.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("it is empty".into());
        }
        if text.len() > MAX_LENGTH {
            return Err(format!("it is longer than {MAX_LENGTH} bytes"));
        }
        if text.contains('\\') || text.chars().any(char::is_control) {
            return Err("it holds a backslash or a control character; paths are written with `/`".into());
        }
        if text.starts_with('/') || text.as_bytes().get(1) == Some(&b':') {
            return Err("it is absolute; globs are relative to the manifest".into());
        }
        if text.ends_with('/') {
            return Err(format!("it ends in `/`; all files of a folder are `{text}**`"));
        }
        if text.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
            return Err("a segment is empty, `.` or `..`".into());
        }
        let depth = text.bytes().fold((0_usize, 0_usize), |(depth, deepest), byte| match byte {
            b'{' => (depth + 1, deepest.max(depth + 1)),
            b'}' => (depth.saturating_sub(1), deepest),
            _ => (depth, deepest),
        });
        if depth.1 > MAX_NESTING {
            return Err(format!("its braces nest deeper than {MAX_NESTING}"));
        }
        let glob = GlobBuilder::new(text).literal_separator(true).backslash_escape(false).build();
        let glob = glob.map_err(|error| error.kind().to_string())?;
        Ok(Pattern { glob, matcher: OnceLock::new() })
    }

    /// Returns whether the glob matches `path` (relative to the set's folder, with `/`).
    pub fn matches(&self, path: &str) -> bool {
        if self.is_literal() {
            return self.as_str() == path;
        }
        self.matcher.get_or_init(|| self.glob.compile_matcher()).is_match(path)
    }

    /// Returns the glob as it is written.
    pub fn as_str(&self) -> &str {
        self.glob.glob()
    }

    /// Returns the folders that every match lies in, with a `/` at the end; empty for none.
    pub fn literal_prefix(&self) -> &str {
        let text = self.as_str();
        let literal = &text[..text.find(['*', '?', '[', ']', '{', '}']).unwrap_or(text.len())];
        &literal[..literal.rfind('/').map_or(0, |slash| slash + 1)]
    }

    /// Returns whether the glob may match something below the folder `path`. Of braces with a `/` in them
    /// that is taken for granted.
    pub fn may_match_below(&self, path: &str) -> bool {
        let prefix = self.literal_prefix();
        if prefix.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')) {
            return true;
        }
        let Some(inside) = path.strip_prefix(prefix) else { return false };
        let rest = &self.as_str()[prefix.len()..];
        if rest.split('/').any(|segment| segment.matches('{').count() != segment.matches('}').count()) {
            return true;
        }
        let mut globs = rest.split('/');
        for segment in inside.split('/') {
            match globs.next() {
                Some("**") => return true,
                Some(glob) if Pattern::parse(glob).is_ok_and(|glob| glob.matches(segment)) => {}
                _ => return false,
            }
        }
        globs.next().is_some()
    }

    fn last_segment(&self) -> &str {
        self.as_str().rsplit('/').next().unwrap_or_default()
    }

    /// Returns whether the glob names one path alone.
    pub fn is_literal(&self) -> bool {
        is_literal(self.as_str())
    }

    /// Returns where a prompt called `name` could be; whether the glob gives these paths that name is not asked.
    fn paths_for(&self, name: &PromptName) -> Vec<String> {
        let text = self.as_str();
        if self.is_literal() {
            return vec![text.to_owned()];
        }
        let last = self.last_segment();
        let prefix = self.literal_prefix();
        if is_literal(last) {
            return vec![format!("{prefix}{name}/{last}")];
        }
        // `*.prompt.md` says how files end; what has braces does not, and takes the usual ends perhaps.
        let end = last.rsplit('*').next().filter(|end| is_literal(end) && end.ends_with(".md"));
        let ends = end.into_iter().chain([".prompt.md", ".md"]);
        ends.map(|end| format!("{prefix}{name}{end}")).collect()
    }

    /// Returns the name of the prompt in the file at `path`, which the glob matches.
    fn name_of(&self, path: &str) -> Result<PromptName, NameError> {
        let last = self.last_segment();
        if self.is_literal() {
            return stem(&last.to_lowercase()).parse();
        }
        let below = path.get(self.literal_prefix().len()..).unwrap_or_default();
        if is_literal(last) {
            return below.rsplit_once('/').map_or("", |(folders, _)| folders).parse();
        }
        stem(below).parse()
    }
}

fn is_literal(text: &str) -> bool {
    !text.contains(['*', '?', '[', ']', '{', '}'])
}

fn stem(path: &str) -> &str {
    path.strip_suffix(".prompt.md").or_else(|| path.strip_suffix(".md")).unwrap_or(path)
}

impl Clone for Pattern {
    fn clone(&self) -> Self {
        Pattern { glob: self.glob.clone(), matcher: self.matcher.clone() }
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// The globs that say which files are prompts.
#[derive(Clone, Debug, PartialEq)]
pub struct PromptPatterns(pub Vec<Pattern>);

impl Default for PromptPatterns {
    /// Returns the one glob of a manifest that does not say: [`DEFAULT_PROMPTS`].
    fn default() -> Self {
        PromptPatterns(vec![Pattern::parse(DEFAULT_PROMPTS).expect("the default is a glob")])
    }
}

impl PromptPatterns {
    /// Returns the name of the prompt in the file at `path`, or nothing if no glob takes it for a
    /// prompt. The first glob that matches decides. What is excluded is not asked; see
    /// [`Selection::prompt_name`].
    pub fn name_of(&self, path: &str) -> Option<Result<PromptName, NameError>> {
        let file = path.rsplit_once('/').map_or(path, |(_, file)| file);
        let readme = file.eq_ignore_ascii_case("README.md");
        let takes = |pattern: &&Pattern| {
            // A `README.md` describes prompts more often than it is one: it must be named.
            let named = || pattern.as_str().rsplit('/').next() == Some(file);
            (!readme || named()) && pattern.matches(path)
        };
        self.0.iter().find(takes).map(|pattern| pattern.name_of(path))
    }
}

/// Which files belong to a set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Which files are prompts.
    pub prompts: PromptPatterns,
    /// Further files.
    pub include: Vec<Pattern>,
    /// What is left out all the same.
    pub exclude: Vec<Pattern>,
}

impl Selection {
    /// Returns whether the file at `path` belongs to the set by the manifest alone: the manifest
    /// itself, prompts, further files, and `README*`, `LICENSE*`, `CHANGELOG*` beside the manifest,
    /// less what is excluded. Files that an `output.schema` names come on top; see `prompt`.
    pub fn selects(&self, path: &str) -> bool {
        if path == super::FILE_NAME {
            return true;
        }
        if self.excludes(path) {
            return false;
        }
        let beside = !path.contains('/');
        let about = ["README", "LICENSE", "CHANGELOG"].iter().any(|word| path.starts_with(word));
        (beside && about)
            || self.include.iter().any(|pattern| pattern.matches(path))
            || self.prompts.name_of(path).is_some()
    }

    /// Returns whether files below `path` may belong to the set, were it a folder.
    pub fn may_select_below(&self, path: &str) -> bool {
        // An exclusion of all that lies below is one of whatever it is called.
        let excluded = self.excludes(path) || self.excludes(&format!("{path}/_"));
        !excluded && self.prompts.0.iter().chain(&self.include).any(|pattern| pattern.may_match_below(path))
    }

    /// Returns the name of the prompt in the file at `path`, or nothing if it is no prompt of the
    /// set: no glob takes it, or it is excluded.
    pub fn prompt_name(&self, path: &str) -> Option<Result<PromptName, NameError>> {
        if self.excludes(path) { None } else { self.prompts.name_of(path) }
    }

    /// Returns where the file of a new prompt called `name` belongs: the first path, in the order of
    /// the globs, that is the prompt of this name. Nothing if no glob has a place for it.
    pub fn path_for(&self, name: &PromptName) -> Option<String> {
        let candidates = self.prompts.0.iter().flat_map(|pattern| pattern.paths_for(name));
        let is_it = |path: &String| matches!(self.prompt_name(path), Some(Ok(found)) if found == *name);
        candidates.into_iter().find(is_it)
    }

    /// Returns whether the file at `path` never belongs to the set, whoever names it: it is
    /// excluded, or it is git's or Anvil's own.
    pub fn excludes(&self, path: &str) -> bool {
        path == LOCK
            || path.split('/').any(|segment| matches!(segment, ".anvil" | ".git" | "anvil-vendor"))
            || self.exclude.iter().any(|pattern| pattern.matches(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompts(globs: &[&str]) -> PromptPatterns {
        PromptPatterns(globs.iter().map(|glob| Pattern::parse(glob).unwrap()).collect())
    }

    fn name(globs: &[&str], path: &str) -> Option<String> {
        prompts(globs).name_of(path).map(|name| name.map_or_else(|error| format!("! {error}"), |name| name.to_string()))
    }

    #[test]
    fn a_new_prompt_goes_where_the_globs_have_a_place_for_it() {
        let place = |globs: &[&str], name: &str| {
            let selection = Selection { prompts: prompts(globs), ..Selection::default() };
            selection.path_for(&name.parse().unwrap())
        };
        for (globs, name, path) in [
            (&[DEFAULT_PROMPTS][..], "emails/welcome", Some("prompts/emails/welcome.prompt.md")),
            (&["patterns/*/system.md"], "summarize", Some("patterns/summarize/system.md")),
            (&["patterns/*/system.md"], "a/b", None),
            (&["patterns/*/system.md", "more/**/*.md"], "a/b", Some("more/a/b.md")),
            (&["*.md"], "welcome", Some("welcome.md")),
            (&["p/*.{prompt.md,txt}"], "welcome", Some("p/welcome.prompt.md")),
            (&["p/mail-*.md"], "mail-a", Some("p/mail-a.md")),
            (&["p/mail-*.md"], "a", None),
            (&["p/*"], "a", Some("p/a.prompt.md")),
            (&["One.md"], "one", Some("One.md")),
            (&["One.md"], "two", None),
        ] {
            assert_eq!(place(globs, name).as_deref(), path, "{globs:?} {name}");
        }
    }

    #[test]
    fn a_prompt_is_named_by_its_path_below_the_literal_prefix() {
        let default = [DEFAULT_PROMPTS];
        assert_eq!(name(&default, "prompts/welcome.prompt.md").as_deref(), Some("welcome"));
        assert_eq!(name(&default, "prompts/emails/welcome.prompt.md").as_deref(), Some("emails/welcome"));
        assert_eq!(name(&default, "prompts/notes.md"), None);
        assert_eq!(name(&default, "other/welcome.prompt.md"), None);
        assert_eq!(name(&["*.md"], "welcome.md").as_deref(), Some("welcome"));
        assert_eq!(name(&["*.md"], "a/welcome.md"), None);
        assert_eq!(name(&["**/*.md"], "a/b/welcome.md").as_deref(), Some("a/b/welcome"));
        assert_eq!(name(&["a/b/*.md"], "a/b/welcome.md").as_deref(), Some("welcome"));
        assert_eq!(name(&["a/b*/*.md"], "a/bc/welcome.md").as_deref(), Some("bc/welcome"));
    }

    #[test]
    fn a_literal_last_segment_is_dropped() {
        let fabric = ["patterns/*/system.md"];
        assert_eq!(name(&fabric, "patterns/summarize/system.md").as_deref(), Some("summarize"));
        assert_eq!(name(&fabric, "patterns/summarize/user.md"), None);
        assert!(name(&["**/system.md"], "system.md").unwrap().starts_with("! "));
    }

    #[test]
    fn a_glob_without_wildcards_names_its_file_by_the_last_segment_in_lower_case() {
        assert_eq!(name(&["docs/Welcome.md"], "docs/Welcome.md").as_deref(), Some("welcome"));
        assert_eq!(name(&["docs/Welcome.prompt.md"], "docs/Welcome.prompt.md").as_deref(), Some("welcome"));
        assert_eq!(name(&["docs/Welcome.md"], "docs/welcome.md"), None);
    }

    #[test]
    fn the_first_glob_that_matches_names_the_prompt() {
        let globs = ["prompts/emails/*.md", "prompts/**/*.md"];
        assert_eq!(name(&globs, "prompts/emails/welcome.md").as_deref(), Some("welcome"));
        assert_eq!(name(&globs, "prompts/other/welcome.md").as_deref(), Some("other/welcome"));
    }

    #[test]
    fn a_readme_is_a_prompt_only_where_it_is_named() {
        assert_eq!(name(&["prompts/**/*.md"], "prompts/README.md"), None);
        assert_eq!(name(&["prompts/**/*.md", "prompts/README.md"], "prompts/README.md").as_deref(), Some("readme"));
        assert_eq!(name(&["*/README.md"], "refund/README.md").as_deref(), Some("refund"));
    }

    #[test]
    fn a_file_that_cannot_be_named_is_an_error_and_not_skipped() {
        assert!(name(&[DEFAULT_PROMPTS], "prompts/My Prompt.prompt.md").unwrap().contains("not a valid prompt name"));
    }

    #[test]
    fn globs_stay_inside_and_wildcards_within_their_segment() {
        for bad in ["", "/a", "../a", "a/../b", "./a", "a//b", "a/", "a\\b", "a[", "{a", "C:/x", "a\nb"] {
            assert!(Pattern::parse(bad).is_err(), "{bad:?} was taken");
        }
        assert!(Pattern::parse(&"{a,".repeat(9)).is_err());
        assert!(Pattern::parse(&"a".repeat(256)).is_err());
        assert!(!Pattern::parse("a/*").unwrap().matches("a/b/c"));
        assert!(Pattern::parse("a/**").unwrap().matches("a/b/c"));
        assert!(Pattern::parse("a/{b,c}/[d-f].md").unwrap().matches("a/c/e.md"));
    }

    #[test]
    fn exclude_wins_and_what_is_gits_or_anvils_own_never_travels() {
        let all = |globs: &[&str]| globs.iter().map(|glob| Pattern::parse(glob).unwrap()).collect::<Vec<_>>();
        let selection = Selection {
            prompts: prompts(&["prompts/**/*.md"]),
            include: all(&["**"]),
            exclude: all(&["prompts/draft*.md", "README.md", "anvil.toml"]),
        };
        for path in ["anvil.toml", "LICENSE-MIT", "CHANGELOG.md", "prompts/a.md", "data/x.json", ".gitignore"] {
            assert!(selection.selects(path), "{path} was left out");
        }
        for path in [
            "prompts/draft1.md",
            "README.md",
            "anvil.lock",
            ".git/config",
            ".anvil/sets/x",
            "examples/.anvil/x",
            "anvil-vendor/sets/x",
            "app/anvil-vendor/README.md",
        ] {
            assert!(!selection.selects(path), "{path} was selected");
        }
        assert!(selection.prompt_name("prompts/draft1.md").is_none());
        assert!(selection.prompt_name("prompts/a.md").is_some());
        assert!(!Selection::default().selects("docs/README.md"));
    }

    #[test]
    fn what_a_folder_could_hold_is_known_from_the_globs_alone() {
        let below = |glob: &str, path: &str| {
            let selection = Selection { prompts: prompts(&[glob]), ..Selection::default() };
            selection.may_select_below(path)
        };
        for path in ["prompts", "prompts/shared", "prompts/a/b"] {
            assert!(below(DEFAULT_PROMPTS, path), "{path}");
        }
        assert!(!below(DEFAULT_PROMPTS, "docs") && !below(DEFAULT_PROMPTS, "prompt") && !below("*.md", "docs"));
        assert!(below("patterns/*/system.md", "patterns/one") && !below("patterns/*/system.md", "patterns/one/two"));
        assert!(below("a/b*/*.md", "a/bc") && !below("a/b*/*.md", "a/c"));
        assert!(below("{a,b}/*.md", "b") && !below("{a,b}/*.md", "c") && below("{a/b,c}/*.md", "a"));
        let exclude = ["prompts/a", "prompts/b/**"].map(|glob| Pattern::parse(glob).unwrap()).to_vec();
        let selection = Selection { exclude, ..Selection::default() };
        assert!(selection.may_select_below("prompts/c"));
        assert!(!selection.may_select_below("prompts/a") && !selection.may_select_below("prompts/b"));
    }

    proptest::proptest! {
        /// Compilation panics where the regular expression is refused, so every glob that is taken must compile.
        #[test]
        fn every_glob_that_is_taken_compiles(text in "[ab*?/{},\\[\\]!é.-]{0,255}", path in "[ab/.]{0,20}") {
            if let Ok(pattern) = Pattern::parse(&text) {
                pattern.matches(&path);
                let _ = PromptPatterns(vec![pattern]).name_of(&path);
            }
        }
    }
}
