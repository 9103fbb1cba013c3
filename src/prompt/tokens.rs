//! Counting tokens as models do, for `max_tokens`.
//!
//! The tables cost a third of a second and some 70 MB, so each is loaded when it is first needed,
//! and a text that has no more bytes than the limit is not counted at all: no token is shorter
//! than a byte.

use bpe_openai as bpe;

/// A way to cut text into tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tokenizer {
    /// OpenAI's `o200k_base`, which stands in wherever a prompt does not say or names one unknown here.
    #[default]
    O200k,
    /// OpenAI's `cl100k_base`.
    Cl100k,
}

impl Tokenizer {
    /// The tokenizers by name.
    pub const NAMES: [(&'static str, Tokenizer); 2] =
        [("o200k_base", Tokenizer::O200k), ("cl100k_base", Tokenizer::Cl100k)];

    /// Returns the tokenizer called `name`, if Anvil has it.
    pub fn parse(name: &str) -> Option<Tokenizer> {
        Tokenizer::NAMES.iter().find(|(known, _)| *known == name).map(|(_, tokenizer)| *tokenizer)
    }

    /// Returns the name.
    pub fn name(self) -> &'static str {
        match self {
            Tokenizer::O200k => "o200k_base",
            Tokenizer::Cl100k => "cl100k_base",
        }
    }

    /// Returns how many tokens `text` is.
    pub fn count(self, text: &str) -> usize {
        self.table().count(text)
    }

    /// Returns whether `text` is more than `limit` tokens.
    pub fn exceeds(self, text: &str, limit: u64) -> bool {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        text.len() > limit && self.count(text) > limit
    }

    fn table(self) -> &'static bpe::Tokenizer {
        match self {
            Tokenizer::O200k => bpe::o200k_base(),
            Tokenizer::Cl100k => bpe::cl100k_base(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_counted_only_when_it_has_more_bytes_than_the_limit() {
        assert!(!Tokenizer::O200k.exceeds("abc", 3));
        assert!(!Tokenizer::O200k.exceeds("hello world", 2));
        assert!(Tokenizer::O200k.exceeds("hello world", 1));
    }
}
