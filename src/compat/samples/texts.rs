//! Texts that a schema takes: short and long ones, ones that match a pattern, and ones that look
//! like something else.

use super::clues::Clues;
use super::random::Random;
use crate::prompt::Schema;
use crate::prompt::format::Format;
use crate::prompt::pattern::Pattern;
use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind};
use serde_json::Value;

/// The longest text that is made, in characters, where no declaration names a greater length.
const LONGEST: u64 = 4096;
/// The longest text that is made because a declaration names its length.
const LONGEST_NAMED: u64 = 100_000;
/// The most texts that are made from one pattern.
const MOST_MATCHES: usize = 12;

/// Texts that have broken something somewhere.
const STRANGE: [&str; 13] = [
    "",
    " ",
    "0",
    "true",
    "two\nlines\n",
    "one, two; three",
    "tab\tand\r\nreturn",
    "\"quoted\" 'twice' \\n",
    "{{ name }}{% endsystem %}",
    "<b>&amp;</b>",
    "Zürich 東京 🙂 مرحبا",
    "nil",
    r##"!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"##,
];

/// A phrase that tokenizers cut in very different ways.
const FOREIGN: &str = "नमस्ते दुनिया ";

/// Words that are one token to one tokenizer and more to another one.
const ONE_TOKEN: [&str; 3] = [" a", " привет", " JavaScript"];

/// Returns the texts at the edges of what `schema` may take, an ordinary one first. What `clues` has declared
/// elsewhere has edges, too.
pub(super) fn edges(schema: &Schema, clues: &Clues) -> Vec<String> {
    let schemas = || std::iter::once(schema).chain(&clues.schemas);
    let mut lengths: Vec<u64> = clues.sizes.iter().flat_map(|size| around(*size)).collect();
    for extent in schemas().map(|schema| schema.length) {
        lengths.extend(extent.least.into_iter().flat_map(|length| [length.saturating_sub(1), length]));
        lengths.extend(extent.most.into_iter().flat_map(|length| [length, length.saturating_add(1)]));
    }
    lengths.retain(|length| *length <= LONGEST_NAMED);
    let mut texts = of_patterns(schemas(), &lengths);
    texts.extend(schemas().filter_map(|schema| schema.format).flat_map(of_format).map(str::to_owned));
    let least = schema.length.least.unwrap_or(0);
    let most = schema.length.most.unwrap_or(LONGEST).min(LONGEST);
    texts.insert(texts.len().min(1), of_length(8.clamp(least, most.max(least))));
    texts.extend(clues.literals.iter().filter_map(Value::as_str).map(str::to_owned));
    texts.extend([least, most].into_iter().chain(lengths).map(of_length));
    for limit in schemas().filter_map(|schema| schema.max_tokens) {
        // No text has more tokens than bytes.
        let limit = limit.min(LONGEST_NAMED / 2);
        texts.push(of_length(limit));
        let limit = usize::try_from(limit).unwrap_or(0);
        texts.push(format!("a{}", " a".repeat(limit)));
        texts.extend(ONE_TOKEN.map(|word| word.repeat(limit)));
        texts.extend((0..6).map(|power| FOREIGN.repeat(1 << power)));
    }
    texts.extend(schemas().filter_map(|schema| schema.pattern.as_ref()).flat_map(barred));
    texts.extend(STRANGE.map(str::to_owned));
    texts
}

/// Returns texts that hold a character which `pattern` names to leave it out.
fn barred(pattern: &Pattern) -> Vec<String> {
    /// A class that lacks a few characters alone is one that bars them.
    const MOST_BARRED: usize = 64;
    fn gather(hir: &Hir, barred: &mut Vec<char>) {
        match hir.kind() {
            HirKind::Class(Class::Unicode(class)) => {
                let mut others = class.clone();
                others.negate();
                let few = |range: &ClassUnicodeRange| range.len() <= MOST_BARRED;
                if others.iter().all(few) && others.iter().count() <= MOST_BARRED {
                    barred.extend(others.iter().map(|range| range.start()));
                }
            }
            HirKind::Capture(group) => gather(&group.sub, barred),
            HirKind::Repetition(repetition) => gather(&repetition.sub, barred),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => {
                parts.iter().for_each(|part| gather(part, barred));
            }
            HirKind::Empty | HirKind::Literal(_) | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => {}
        }
    }
    let mut found = Vec::new();
    if let Ok(hir) = regex_syntax::ParserBuilder::new().nest_limit(64).build().parse(pattern.syntax()) {
        gather(&hir, &mut found);
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(MOST_MATCHES).map(|c| format!("lorem{c}ipsum")).collect()
}

/// Returns texts that match the patterns of `schemas`: each of them, two together where they need no end, and, where
/// the patterns let them be as long, of each of the `lengths`.
fn of_patterns<'a>(schemas: impl Iterator<Item = &'a Schema>, lengths: &[u64]) -> Vec<String> {
    let one = |pattern: &Pattern| -> Vec<String> {
        let mut random = Random::seeded(&[pattern.as_str()]);
        let shortest = matching(pattern.syntax(), &mut Choice::Shortest);
        let others = (1..MOST_MATCHES).filter_map(|_| matching(pattern.syntax(), &mut Choice::Random(&mut random)));
        shortest.into_iter().chain(others).collect()
    };
    let patterns: Vec<&Pattern> = schemas.filter_map(|schema| schema.pattern.as_ref()).collect();
    let made: Vec<Vec<String>> = patterns.iter().map(|pattern| one(pattern)).collect();
    let firsts: Vec<&String> = made.iter().filter_map(|texts| texts.first()).collect();
    let joined = firsts.iter().flat_map(|a| firsts.iter().filter(move |b| *b != a).map(move |b| format!("{a}{b}")));
    let joined: Vec<String> = joined.take(MOST_MATCHES).collect();
    let of_each = |length: &u64| firsts.iter().flat_map(|text| stretched(text, *length)).collect::<Vec<_>>();
    let matches_some = |text: &String| patterns.iter().any(|pattern| pattern.matches(text));
    let long: Vec<String> = lengths.iter().flat_map(of_each).filter(matches_some).collect();
    made.into_iter().flatten().chain(joined).chain(long).collect()
}

/// Returns `text` with its last character so often that it has `length` characters, and with its first one;
/// nothing of a text that is empty, or as long.
fn stretched(text: &str, length: u64) -> Vec<String> {
    let missing = usize::try_from(length).unwrap_or(0).saturating_sub(text.chars().count());
    let [Some(first), Some(last)] = [text.chars().next(), text.chars().next_back()] else { return Vec::new() };
    let more = |c: char| c.to_string().repeat(missing);
    if missing == 0 { Vec::new() } else { vec![format!("{text}{}", more(last)), format!("{}{text}", more(first))] }
}

/// Returns `size` and its neighbours.
pub(super) fn around(size: u64) -> [u64; 3] {
    [size, size.saturating_add(1), size.saturating_sub(1)]
}

/// Returns a text that `schema` may take.
pub(super) fn random(schema: &Schema, random: &mut Random) -> String {
    if let Some(pattern) = &schema.pattern
        && let Some(text) = matching(pattern.syntax(), &mut Choice::Random(random))
    {
        return text;
    }
    if let Some(format) = schema.format {
        let texts: Vec<&str> = of_format(format).collect();
        return random.pick(&texts).map(|text| (*text).to_owned()).unwrap_or_default();
    }
    let least = schema.length.least.unwrap_or(0);
    let most = schema.length.most.unwrap_or(least.saturating_add(60)).min(least.saturating_add(60));
    if schema.length.least.is_none() && random.one_in(3) {
        let text = random.pick(&STRANGE).copied().unwrap_or_default();
        return text.chars().take(usize::try_from(most).unwrap_or(usize::MAX)).collect();
    }
    let span = usize::try_from(most - least.min(most)).unwrap_or(0);
    let mut text = of_length(least.min(LONGEST).saturating_add(random.below(span + 1) as u64));
    if random.one_in(4) {
        text = text.replace('e', "é");
    }
    text
}

/// Returns a text of words with `length` characters, none of them blank at either end.
fn of_length(length: u64) -> String {
    const WORDS: &str = "lorem ipsum dolor sit amet consetetur ";
    let length = usize::try_from(length).unwrap_or(0);
    let mut text: String = WORDS.chars().cycle().take(length).collect();
    if text.ends_with(' ') {
        text.pop();
        text.push('.');
    }
    text
}

fn of_format(format: Format) -> impl Iterator<Item = &'static str> {
    let texts: &[&str] = match format {
        Format::Date => &["2026-11-23", "0001-01-01", "2024-02-29", "9999-12-31"],
        Format::DateTime => &["2026-11-23T05:00:00Z", "2024-02-29t23:59:60.123+14:00", "0001-01-01T00:00:00-12:00"],
        Format::Uri => &["https://example.com/a?b=c#d", "mailto:a@example.com", "urn:isbn:0", "a:b"],
        Format::Email => &["a@example.com", "a.b+c@x", "o'neil@sub.example.com"],
    };
    texts.iter().copied()
}

/// How a pattern's ways are chosen among.
enum Choice<'a> {
    Shortest,
    Random(&'a mut Random),
}

impl Choice<'_> {
    fn below(&mut self, end: usize) -> usize {
        match self {
            Choice::Shortest => 0,
            Choice::Random(random) => random.below(end),
        }
    }
}

/// Returns a text that matches the pattern that `syntax` writes, unless that needs more than
/// following it from the left to the right: a text that is made against an anchor or a word's edge
/// may not match, which is for the caller to see.
fn matching(syntax: &str, choice: &mut Choice<'_>) -> Option<String> {
    let hir = regex_syntax::ParserBuilder::new().nest_limit(64).build().parse(syntax).ok()?;
    let mut text = Vec::new();
    write(&hir, choice, &mut text)?;
    String::from_utf8(text).ok()
}

/// Writes one way through `hir`. Its depth is bounded by the parser's limit.
fn write(hir: &Hir, choice: &mut Choice<'_>, text: &mut Vec<u8>) -> Option<()> {
    if text.len() > LONGEST as usize {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.extend_from_slice(&literal.0),
        HirKind::Class(class) => text.extend(one_of(class, choice)?.to_string().bytes()),
        HirKind::Capture(group) => write(&group.sub, choice, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, choice, text))?,
        HirKind::Alternation(ways) => write(ways.get(choice.below(ways.len()))?, choice, text)?,
        HirKind::Repetition(repetition) => {
            let spare = repetition.max.map_or(6, |max| max.saturating_sub(repetition.min).min(6));
            let times = repetition.min as usize + choice.below(spare as usize + 1);
            (0..times).try_for_each(|_| write(&repetition.sub, choice, text))?;
        }
    }
    Some(())
}

/// Returns a character of `class`, a letter or digit of ASCII where it has some.
fn one_of(class: &Class, choice: &mut Choice<'_>) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => class
            .iter()
            .filter(|range| range.start().is_ascii())
            .map(|range| (range.start().into(), range.end().min(0x7f).into()))
            .collect(),
    };
    let holds = |c: &char| ranges.iter().any(|(start, end)| (start..=end).contains(&c));
    let plain: Vec<char> = ('a'..='z').chain('0'..='9').chain('A'..='Z').filter(holds).collect();
    if !plain.is_empty() {
        return plain.get(choice.below(plain.len())).copied();
    }
    let (start, end) = *ranges.get(choice.below(ranges.len()))?;
    let width = u32::from(end).saturating_sub(u32::from(start)).min(64);
    char::from_u32(u32::from(start) + choice.below(width as usize + 1) as u32).or(Some(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::tokens::Tokenizer;

    #[test]
    fn texts_are_made_that_match_a_pattern() {
        for text in [
            "^[A-Z]{2}-[0-9]{4,}$",
            r"^\d{3}(\.\d+)?$",
            "^(?:low|high) (?i:priority)$",
            "^[^a-z]+$",
            "b+",
            r"^\p{Greek}+$",
            "^$",
            r"\bword\b",
        ] {
            let pattern = Pattern::parse(text).unwrap();
            let mut random = Random::seeded(&[text]);
            for _ in 0..20 {
                let made = matching(pattern.syntax(), &mut Choice::Random(&mut random)).unwrap();
                assert!(pattern.matches(&made), "{text}: {made:?}");
            }
            assert!(pattern.matches(&matching(pattern.syntax(), &mut Choice::Shortest).unwrap()), "{text}");
        }
    }

    #[test]
    fn each_tokenizer_counts_most_in_some_text() {
        let counts = |tokenizer: Tokenizer| ONE_TOKEN.map(|word| tokenizer.count(&word.repeat(7)));
        assert_eq!((counts(Tokenizer::O200k), counts(Tokenizer::Cl100k)), ([7, 7, 14], [7, 21, 7]));
    }

    #[test]
    fn texts_have_the_length_that_was_asked_for() {
        for length in [0, 1, 5, 6, 12, 100] {
            let text = of_length(length);
            assert_eq!(text.chars().count() as u64, length);
            assert_eq!(text.trim(), text);
        }
    }
}
