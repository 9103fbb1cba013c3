//! `index/<project>/<set>.jsonl`: the versions of one set.

use super::{Breaking, BrokenPromise, LINE_FORMAT, Line};
use crate::error::{Code, Diagnose};
use crate::name::SetName;
use crate::version::{self, Version};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};

/// The usable lines of one set's index file, and what was skipped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IndexFile {
    /// The lines, in the order of publication. Two lines of one version that say the same of what was published are one.
    pub lines: Vec<Line>,
    /// How many lines were skipped because a newer Anvil is needed to understand them.
    pub newer: usize,
    /// Versions that are invalid, ascending: lines of them contradict each other ([`Line::contradicts`]).
    pub contradicting: Vec<Version>,
}

/// A line that is broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the index of {name} is not valid: {why}")]
pub struct IndexFault {
    /// The set whose index it is.
    pub name: SetName,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl Diagnose for IndexFault {
    fn code(&self) -> Code {
        Code::A0602
    }
}

impl IndexFile {
    /// Returns the lines that `text`, the index file of `name`, holds.
    ///
    /// # Errors
    /// On the first line that is no JSON object, lacks a required field, or is of another set.
    pub fn parse(name: &SetName, text: &[u8]) -> Result<Self, IndexFault> {
        // No sound line is shorter, so that a text of nothing but newlines asks for no memory.
        const SHORTEST: usize = 150;
        let most = lines(text).filter(|line| line.len() >= SHORTEST).count();
        let mut file = IndexFile { lines: Vec::with_capacity(most), ..Self::default() };
        for (at, bytes) in lines(text).enumerate() {
            let fault = |why: String| IndexFault { name: name.clone(), line: at + 1, why };
            let Some(line) = parse_line(bytes).map_err(fault)? else {
                file.newer += 1;
                continue;
            };
            if line.name != *name {
                return Err(fault(format!("it is of {}", line.name)));
            }
            file.lines.push(line);
        }
        // Nearly always each version is above those before it, and then none is told twice.
        if !file.lines.is_sorted_by(|one, next| one.version < next.version) {
            file.settle_repeated();
        }
        Ok(file)
    }

    /// Makes one line, or none, of several lines of one version.
    fn settle_repeated(&mut self) {
        let mut places: HashMap<Version, usize> = HashMap::new();
        let mut contradicting: BTreeSet<Version> = BTreeSet::new();
        for line in std::mem::take(&mut self.lines) {
            match places.get(&line.version) {
                None => {
                    places.insert(line.version.clone(), self.lines.len());
                    self.lines.push(line);
                }
                Some(&first) => {
                    let first = &mut self.lines[first];
                    if first.contradicts(&line).is_some() {
                        contradicting.insert(line.version);
                    } else if first.yanked.is_none() {
                        first.yanked = line.yanked;
                    }
                }
            }
        }
        self.lines.retain(|line| !contradicting.contains(&line.version));
        self.contradicting = contradicting.into_iter().collect();
    }

    /// Returns the line of `version`, if there is a usable one.
    pub fn line(&self, version: &Version) -> Option<&Line> {
        self.lines.iter().find(|line| line.version == *version)
    }

    /// Returns the versions that change more than their numbers say and that whoever moves to `to` meets,
    /// ascending: those above `from` up to it, or it alone where nothing was there before.
    ///
    /// Those that are yanked count: what came after them may hold what they changed, and has no mark of its own
    /// where it was compared with them before they were yanked. A warning too many costs a look. A pre-release counts
    /// for whoever moves to it alone: no release is compared with one.
    pub fn broken_promises(&self, from: Option<&Version>, to: &Version) -> Vec<BrokenPromise> {
        promises(self.lines.iter().map(|line| (&line.version, line.breaking.as_ref())), from, to)
    }

    /// Returns what the index file `text` says of `version`: its line, or lines. Others are not looked
    /// into, sound or not: this is for a word of warning about each of some hundred sets.
    pub fn lines_of(text: &[u8], version: &Version) -> Vec<Line> {
        let written = format!("\"{version}\"");
        lines(text)
            .filter(|line| std::str::from_utf8(line).is_ok_and(|line| line.contains(&written)))
            .filter_map(|line| parse_line(line).ok()?)
            .filter(|line| line.version == *version)
            .collect()
    }

    /// Returns what `text`, an index file, says of each version, byte for byte and with every field that
    /// only a newer Anvil knows: its line, or lines, each with its newline. For whoever hands versions on.
    pub fn texts(text: &[u8]) -> HashMap<Version, Vec<u8>> {
        let mut texts: HashMap<Version, Vec<u8>> = HashMap::new();
        for bytes in lines(text) {
            if let Ok(Some(Line { version, .. })) = parse_line(bytes) {
                let text = texts.entry(version).or_default();
                text.extend_from_slice(bytes);
                text.push(b'\n');
            }
        }
        texts
    }

    /// Returns the newest line that one would choose without a requirement: of those not yanked
    /// the highest release, or the highest pre-release where nothing else is.
    pub fn newest(&self) -> Option<&Line> {
        self.lines
            .iter()
            .filter(|line| line.yanked.is_none())
            .max_by_key(|line| (line.version.pre.is_empty(), &line.version))
    }
}

/// Returns those of `versions` that change more than their numbers say and that whoever moves to `to` meets; see
/// [`IndexFile::broken_promises`].
pub(super) fn promises<'a>(
    versions: impl Iterator<Item = (&'a Version, Option<&'a Breaking>)>,
    from: Option<&Version>,
    to: &Version,
) -> Vec<BrokenPromise> {
    let is_met = |version: &Version| match from {
        Some(from) => from < version && version <= to && (version.pre.is_empty() || version == to),
        None => version == to,
    };
    let broken = |(version, breaking): (&Version, Option<&Breaking>)| {
        Some(BrokenPromise { version: version.clone(), breaking: breaking?.clone() })
    };
    let mut met: Vec<BrokenPromise> = versions.filter(|(version, _)| is_met(version)).filter_map(broken).collect();
    met.sort_by(|a, b| a.version.cmp(&b.version));
    met
}

/// Returns the lines of a JSON Lines file without the nothing after the last newline.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    // `split` gives one empty piece for an empty text; a file without lines has none.
    let count = if text.is_empty() { 0 } else { usize::MAX };
    text.split(|byte| *byte == b'\n').take(count)
}

/// What every line of any format has.
#[derive(Deserialize)]
struct Format {
    v: u64,
}

/// Returns the line that `bytes` hold, or nothing when only a newer Anvil understands it.
///
/// Most lines are of today's format, so that one is tried first; a failure counts only when the
/// line is not a newer one, whose other fields this Anvil has no business reading.
pub(super) fn parse_line(bytes: &[u8]) -> Result<Option<Line>, String> {
    // Looked at once as a whole; `from_slice` would look at each of its strings again.
    let text =
        std::str::from_utf8(bytes).map_err(|error| format!("it is not UTF-8 from byte {}", error.valid_up_to() + 1))?;
    let parsed = serde_json::from_str::<Line>(text);
    if let Ok(line) = &parsed
        && (1..=LINE_FORMAT).contains(&line.v)
    {
        if let Some(why) = version::fault(&line.version) {
            return Err(format!("`{}` is not a valid version: {why}", line.version));
        }
        return parsed.map(Some).map_err(|error| error.to_string());
    }
    if text.trim().is_empty() {
        return Err("it is empty".into());
    }
    let Format { v } = serde_json::from_str(text).map_err(in_words)?;
    match (v, parsed) {
        (0, _) => Err("there is no format 0".into()),
        (v, _) if v > u64::from(LINE_FORMAT) => Ok(None),
        (_, Err(error)) => Err(in_words(error)),
        (_, Ok(line)) => Ok(Some(line)),
    }
}

/// Returns what a JSON error says without its line, which is always 1 within a line.
fn in_words(error: serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line 1 column ") {
        Some((what, column)) => format!("{what} at column {column}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Deprecated, LineDependency, YankReason, Yanked, test_line};
    use super::*;
    use crate::digest::Sha256;
    use crate::version::Bump;

    fn name() -> SetName {
        "support/onboarding".parse().unwrap()
    }

    fn text_of(lines: &[Line]) -> String {
        lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect()
    }

    #[test]
    fn the_line_of_the_design_is_understood() {
        let hex = Sha256::of(b"x");
        let digest = crate::digest::ContentDigest::of_files([]);
        let text = format!(
            r#"{{"v":1,"name":"support/onboarding","version":"2.1.0","sha256":"{hex}","digest":"{digest}","size":2181,"edition":1,"published_at":"2026-11-22T10:00:00Z","dependencies":[{{"name":"core/tone","requirement":"^1.2"}}],"prompts":["welcome"],"interface":"sha256:00","source":{{"repository":"r","commit":"c"}},"yanked":null,"leaf":7}}"#
        );
        let file = IndexFile::parse(&name(), text.as_bytes()).unwrap();
        assert_eq!(file.lines.len(), 1);
        assert_eq!(file.lines[0].dependencies[0].requirement.to_string(), "^1.2");
        // The required fields alone will do.
        let text = format!(
            r#"{{"v":1,"name":"support/onboarding","version":"2.1.0","sha256":"{hex}","digest":"{digest}","size":1,"dependencies":[]}}"#
        );
        assert_eq!(IndexFile::parse(&name(), text.as_bytes()).unwrap().lines[0].edition, 1);
    }

    #[test]
    fn an_empty_file_has_no_versions() {
        assert_eq!(IndexFile::parse(&name(), b"").unwrap(), IndexFile::default());
        assert!(IndexFile::parse(&name(), b"\n").unwrap().lines.is_empty());
    }

    #[test]
    fn a_newer_line_is_skipped_and_counted_whatever_it_holds() {
        let text = format!(
            "{}{}\n{}\n",
            text_of(&[test_line("support/onboarding", "1.0.0")]),
            r#"{"v":2,"version":{"major":2},"name":[]}"#,
            r#"{"v":99999999999999}"#
        );
        let file = IndexFile::parse(&name(), text.as_bytes()).unwrap();
        assert_eq!((file.lines.len(), file.newer), (1, 2));
        let mut same_shape = test_line("support/onboarding", "1.0.0");
        same_shape.v = 2;
        assert_eq!(IndexFile::parse(&name(), text_of(&[same_shape]).as_bytes()).unwrap().newer, 1);
    }

    #[test]
    fn two_lines_of_a_version_are_one_or_none() {
        let first = test_line("support/onboarding", "1.0.0");
        let mut again = first.clone();
        again.yanked = Some(Yanked { reason: YankReason::Security, message: String::new() });
        let other = Line { sha256: Sha256::of(b"other"), ..first.clone() };
        let two = test_line("support/onboarding", "2.0.0");

        let text = text_of(&[first.clone(), again.clone(), two.clone()]);
        let file = IndexFile::parse(&name(), text.as_bytes()).unwrap();
        assert_eq!(file.lines, [again.clone(), two.clone()]);
        assert_eq!(IndexFile::texts(text.as_bytes())[&first.version], text_of(&[first.clone(), again]).as_bytes());
        let text = text_of(&[first.clone(), other, two.clone(), first.clone()]);
        let file = IndexFile::parse(&name(), text.as_bytes()).unwrap();
        assert_eq!(file.lines, std::slice::from_ref(&two));
        assert_eq!(file.contradicting, [Version::new(1, 0, 0)]);
        let need = LineDependency {
            name: "core/tone".parse().unwrap(),
            requirement: "^1".parse().unwrap(),
            registry: None,
            registry_url: None,
        };
        for (other, what) in [
            (Line { size: first.size + 1, ..first.clone() }, "sizes"),
            (Line { digest: crate::digest::ContentDigest::of_files([]), ..first.clone() }, "digests"),
            (Line { dependencies: [need].into(), ..first.clone() }, "dependencies"),
            (Line { edition: 2, ..first.clone() }, "editions"),
            (Line { anvil: Some(">=9".parse().unwrap()), ..first.clone() }, "requirements of anvil"),
            (Line { prompts: vec!["other".parse().unwrap()], ..first.clone() }, "prompts"),
        ] {
            let first = Line { prompts: vec!["one".parse().unwrap()], ..first.clone() };
            let other = if what == "prompts" { other } else { Line { prompts: first.prompts.clone(), ..other } };
            assert_eq!(first.contradicts(&other), Some(what));
            let file = IndexFile::parse(&name(), text_of(&[first, other]).as_bytes()).unwrap();
            assert_eq!((file.lines.len(), file.contradicting), (0, vec![Version::new(1, 0, 0)]), "{what}");
        }
    }

    #[test]
    fn a_text_that_holds_no_line_asks_for_no_memory() {
        for bytes in [&b"\n"[..], b"{\"v\":2}\n"] {
            let file = IndexFile::parse(&name(), &bytes.repeat(100_000));
            assert_eq!(file.map_or(0, |file| file.lines.capacity()), 0);
        }
    }

    #[test]
    fn the_text_of_a_version_is_that_of_the_file() {
        let line = text_of(&[test_line("support/onboarding", "1.0.0")]);
        let strange = line.trim_end().replacen('{', "{ \"leaf\" :12345678901234567890123, \"later\":1.0,", 1);
        let texts = IndexFile::texts(strange.as_bytes());
        assert_eq!(texts[&Version::new(1, 0, 0)], format!("{strange}\n").as_bytes());
        assert_eq!(texts.get(&Version::new(2, 0, 0)), None);
    }

    #[test]
    fn a_broken_line_is_named() {
        let good = text_of(&[test_line("support/onboarding", "1.0.0")]);
        let fault = |second: &str| {
            let fault = IndexFile::parse(&name(), format!("{good}{second}\n").as_bytes()).unwrap_err();
            assert_eq!(fault.line, 2);
            fault.why
        };
        assert_eq!(fault(text_of(&[test_line("other/set", "1.0.0")]).trim_end()), "it is of other/set");
        assert!(fault("{\"v\":1}").contains("missing field `name`"));
        assert!(fault("<html>").contains("at column 1"));
        assert!(fault("").contains("empty"));
        let mut text = good.clone().into_bytes();
        text.extend(b"{\"v\":\xff}\n");
        assert_eq!(IndexFile::parse(&name(), &text).unwrap_err().why, "it is not UTF-8 from byte 6");
        assert!(fault(&good.trim_end().replace("1.0.0", "1.0.0+b")).contains("build metadata"));
        assert!(fault(&good.trim_end().replace("\"v\":1", "\"v\":0")).contains("no format 0"));
        assert!(fault(&good.trim_end()[..40]).contains("EOF"));
    }

    #[test]
    fn a_yank_of_an_unknown_kind_is_still_a_yank() {
        let text = text_of(&[test_line("support/onboarding", "1.0.0")]);
        let text = text.replace("\"yanked\":null", r#""yanked":{"reason":"licence","message":"m","by":"x"}"#);
        let file = IndexFile::parse(&name(), text.as_bytes()).unwrap();
        assert_eq!(file.lines[0].yanked.as_ref().unwrap().reason, YankReason::Other);
        assert_eq!(file.newest(), None);
        assert_eq!(IndexFile::lines_of(text.as_bytes(), &Version::new(1, 0, 0)), file.lines);
    }

    #[test]
    fn whoever_moves_meets_every_broken_promise_on_the_way() {
        let broken = |version: &str| Line {
            breaking: Some(Breaking { since: Version::new(1, 0, 0), bump: Bump::Major, changes: Vec::new() }),
            ..test_line("support/onboarding", version)
        };
        let yanked = Yanked { reason: YankReason::Other, message: String::new() };
        let file = IndexFile {
            lines: vec![
                test_line("support/onboarding", "1.0.0"),
                Line { yanked: Some(yanked), ..broken("1.2.0") },
                broken("1.1.0"),
                test_line("support/onboarding", "1.3.0"),
                broken("1.3.1-rc.1"),
                test_line("support/onboarding", "1.3.1"),
            ],
            ..IndexFile::default()
        };
        let met = |from: Option<&str>, to: &str| -> Vec<String> {
            let from: Option<Version> = from.map(|from| from.parse().unwrap());
            let met = file.broken_promises(from.as_ref(), &to.parse().unwrap());
            met.into_iter().map(|broken| broken.version.to_string()).collect()
        };
        assert_eq!(met(Some("1.0.0"), "1.3.0"), ["1.1.0", "1.2.0"]);
        assert_eq!(met(Some("1.1.0"), "1.2.0"), ["1.2.0"]);
        assert_eq!(met(Some("1.2.0"), "1.3.0"), [""; 0]);
        assert_eq!(met(Some("1.3.0"), "1.3.1-rc.1"), ["1.3.1-rc.1"]);
        assert_eq!(met(Some("1.3.0"), "1.3.1"), [""; 0], "a pre-release is passed over");
        assert_eq!(met(Some("1.3.0"), "1.1.0"), [""; 0], "whoever goes back has met it");
        assert_eq!(met(None, "1.1.0"), ["1.1.0"]);
        assert_eq!(met(None, "1.3.0"), [""; 0]);
    }

    #[test]
    fn what_only_warns_breaks_no_line_in_whatever_words_it_comes() {
        let text = text_of(&[test_line("support/onboarding", "1.0.1")]);
        let with = |breaking: &str| {
            let text = text.replacen('{', &format!("{{\"breaking\":{breaking},"), 1);
            IndexFile::parse(&name(), text.as_bytes()).unwrap().lines[0].breaking.clone()
        };
        let told = with(r#"{"since":"1.0.0","bump":"major","changes":["prompt_removed@a","prompt_removed@b"],"by":1}"#);
        let words = "changes more than its number says: prompt_removed@a and 1 more (major since 1.0.0)";
        assert_eq!(told.unwrap().to_string(), words);
        for other in ["null", "true", r#"{"since":"1.0.0","bump":"epochal"}"#, "[]"] {
            assert_eq!(with(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_said_of_a_version_is_found_among_other_lines() {
        let mut lines = ["1.0.0", "1.0.1", "1.0.1-a"].map(|version| test_line("support/onboarding", version));
        lines[1].yanked = Some(Yanked { reason: YankReason::Security, message: "1.0.0".into() });
        lines[2].deprecated = Some(Deprecated { message: "1.0.0".into(), replacement: None });
        let text = format!("<broken>\n{}", text_of(&lines));
        for line in &lines {
            assert_eq!(IndexFile::lines_of(text.as_bytes(), &line.version), std::slice::from_ref(line));
        }
        assert_eq!(IndexFile::lines_of(text.as_bytes(), &Version::new(3, 0, 0)), []);
    }

    #[test]
    fn the_newest_is_a_release_where_there_is_one() {
        let lines: Vec<Line> =
            ["1.0.0", "2.0.0-rc.1", "1.1.0"].map(|version| test_line("support/onboarding", version)).into();
        let file = IndexFile { lines, ..IndexFile::default() };
        assert_eq!(file.newest().unwrap().version, Version::new(1, 1, 0));
    }
}
