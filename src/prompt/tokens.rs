//! Counting tokens as models do.
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

    /// Returns the tokenizer of `model`, written as in `model.prefer`, if it is one that Anvil has
    /// (OpenAI's tiktoken, `tiktoken/model.py`).
    pub fn of_model(model: &str) -> Option<Tokenizer> {
        /// What the names of models begin with; the longer one comes first.
        const MODELS: [(&str, Tokenizer); 14] = [
            ("gpt-4o", Tokenizer::O200k),
            ("gpt-4.1", Tokenizer::O200k),
            ("gpt-4.5", Tokenizer::O200k),
            ("gpt-5", Tokenizer::O200k),
            ("gpt-oss", Tokenizer::O200k),
            ("chatgpt-4o", Tokenizer::O200k),
            ("o1", Tokenizer::O200k),
            ("o3", Tokenizer::O200k),
            ("o4", Tokenizer::O200k),
            ("gpt-4", Tokenizer::Cl100k),
            ("gpt-3.5", Tokenizer::Cl100k),
            ("gpt-35", Tokenizer::Cl100k),
            ("text-embedding-3", Tokenizer::Cl100k),
            ("text-embedding-ada-002", Tokenizer::Cl100k),
        ];
        let name = model.strip_prefix("openai/")?;
        // A tuned model is called after the one that was tuned.
        let name = name.strip_prefix("ft:").unwrap_or(name);
        let is_one = |start: &str, tokenizer: Tokenizer| {
            let rest = name.strip_prefix(start)?.chars().next();
            // The point releases of a model cut text as the model does; before `o200k_base` there were none.
            let goes_on = rest.is_none_or(|c| matches!(c, '-' | ':') || c == '.' && tokenizer == Tokenizer::O200k);
            goes_on.then_some(tokenizer)
        };
        MODELS.iter().find_map(|(start, tokenizer)| is_one(start, *tokenizer))
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
    fn a_model_of_openai_s_has_its_tokenizer_and_all_others_are_estimated() {
        for (model, tokenizer) in [
            ("openai/gpt-4o-mini", Some(Tokenizer::O200k)),
            ("openai/gpt-5", Some(Tokenizer::O200k)),
            ("openai/o3", Some(Tokenizer::O200k)),
            ("openai/gpt-4-turbo", Some(Tokenizer::Cl100k)),
            ("openai/gpt-4", Some(Tokenizer::Cl100k)),
            ("openai/ft:gpt-3.5-turbo:acme::1", Some(Tokenizer::Cl100k)),
            ("openai/gpt-4-0613", Some(Tokenizer::Cl100k)),
            ("openai/gpt-5.1", Some(Tokenizer::O200k)),
            ("openai/gpt-4.1-mini", Some(Tokenizer::O200k)),
            ("openai/gpt-4.9", None),
            ("openai/gpt-40", None),
            ("openai/davinci", None),
            ("anthropic/claude-sonnet-4-5", None),
            ("google/gemini-2.5-pro", None),
            ("gpt-4o", None),
        ] {
            assert_eq!(Tokenizer::of_model(model), tokenizer, "{model}");
        }
    }

    #[test]
    fn a_text_is_counted_only_when_it_has_more_bytes_than_the_limit() {
        assert!(!Tokenizer::O200k.exceeds("abc", 3));
        assert!(!Tokenizer::O200k.exceeds("hello world", 2));
        assert!(Tokenizer::O200k.exceeds("hello world", 1));
    }
}
