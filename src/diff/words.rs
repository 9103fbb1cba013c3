//! Words: what exactly changed within a group of replaced lines, for highlights.
//!
//! A group is compared as a whole, its lines joined, so that a word that moved to the next line
//! by re-wrapping is not shown as changed.

use super::lines::{Segment, numbered};
use similar::{Algorithm, DiffOp};
use std::collections::HashMap;

/// Above so many words in a group no highlights are worked out: nobody reads them.
const MAX_WORDS: usize = 20_000;

/// Below this share of unchanged text, in per cent of the longer side, highlights would mark
/// nearly everything and show nothing.
const MIN_COMMON: usize = 30;

/// The lines of one side in pieces, or nothing where highlights would not help.
type Pieces = Option<Vec<Vec<Segment>>>;

/// Returns the pieces of the lines `old` and of the lines `new` that took their place.
pub(super) fn emphasise(old: &[&str], new: &[&str]) -> (Pieces, Pieces) {
    let (old_words, new_words) = (words(old), words(new));
    if old_words.len() + new_words.len() > MAX_WORDS {
        return (None, None);
    }
    let mut numbers = HashMap::new();
    let (a, b) = (numbered(&old_words, &mut numbers), numbered(&new_words, &mut numbers));
    let ops = similar::capture_diff_slices(Algorithm::Myers, &a, &b);

    let mut old_changed = vec![true; old_words.len()];
    let mut new_changed = vec![true; new_words.len()];
    let mut common = 0;
    for op in &ops {
        if let DiffOp::Equal { old_index, new_index, len } = *op {
            old_changed[old_index..old_index + len].fill(false);
            new_changed[new_index..new_index + len].fill(false);
            common += visible(&old_words[old_index..old_index + len]);
        }
    }
    let longer = visible(&old_words).max(visible(&new_words));
    if common * 100 < longer * MIN_COMMON {
        return (None, None);
    }
    (Some(pieces(&old_words, &old_changed)), Some(pieces(&new_words, &new_changed)))
}

/// Returns how many bytes of `words` are more than white space.
fn visible(words: &[&str]) -> usize {
    words.iter().filter(|word| !word.starts_with(char::is_whitespace)).map(|word| word.len()).sum()
}

/// Returns the lines cut into words, runs of blanks, and single other characters. A newline is a
/// word of its own, so that pieces can be put back into lines.
fn words<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let mut words = Vec::new();
    for line in lines {
        let mut rest = *line;
        while let Some(first) = rest.chars().next() {
            let class = Class::of(first);
            let length = match class {
                Class::Other | Class::Newline => first.len_utf8(),
                _ => rest.find(|c| Class::of(c) != class).unwrap_or(rest.len()),
            };
            let (word, after) = rest.split_at(length);
            words.push(word);
            rest = after;
        }
    }
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Blank,
    Newline,
    Other,
}

impl Class {
    fn of(c: char) -> Class {
        match c {
            '\n' => Class::Newline,
            _ if c.is_alphanumeric() || c == '_' => Class::Word,
            _ if c.is_whitespace() => Class::Blank,
            _ => Class::Other,
        }
    }
}

/// Returns the lines that `words` make up, neighbours with the same emphasis joined.
fn pieces(words: &[&str], changed: &[bool]) -> Vec<Vec<Segment>> {
    let mut lines: Vec<Vec<Segment>> = vec![Vec::new()];
    for (word, &emphasised) in words.iter().zip(changed) {
        if *word == "\n" {
            lines.push(Vec::new());
            continue;
        }
        let Some(line) = lines.last_mut() else { break };
        match line.last_mut() {
            Some(last) if last.emphasised == emphasised => last.text.push_str(word),
            _ => line.push(Segment { text: (*word).to_owned(), emphasised }),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(lines: &[Vec<Segment>]) -> Vec<String> {
        let piece = |s: &Segment| if s.emphasised { format!("[{}]", s.text) } else { s.text.clone() };
        lines.iter().map(|line| line.iter().map(piece).collect()).collect()
    }

    #[test]
    fn only_the_words_that_changed_are_marked() {
        let (old, new) = emphasise(&["Answer within two hours.\n"], &["Answer within one hour, please.\n"]);
        assert_eq!(marked(&old.unwrap())[0], "Answer within [two] [hours].");
        assert_eq!(marked(&new.unwrap())[0], "Answer within [one] [hour, please].");
    }

    #[test]
    fn words_that_moved_to_the_next_line_are_not_marked() {
        let (_, new) = emphasise(&["a kind and short reply\n"], &["a kind and\n", "short reply\n"]);
        assert_eq!(marked(&new.unwrap())[..2], ["a kind and", "short reply"]);
    }

    #[test]
    fn lines_with_nothing_in_common_are_not_marked_at_all() {
        assert_eq!(emphasise(&["alpha beta\n"], &["gamma delta\n"]), (None, None));
    }
}
