//! What takes the same values is no change, however it is written, and what certainly refuses nothing breaks nobody.

use super::interface::{between, prompt};
use crate::prompt::interface::PromptInterface;
use crate::prompt::tokens::Tokenizer;

#[test]
fn what_refuses_nothing_that_was_taken_is_not_tightened() {
    for (old, new, expected) in [
        // A text has at most four bytes for a character, and a token at least one byte.
        ("a: { type: string, maxLength: 3 }", "a: { type: string, maxLength: 3, max_tokens: 12 }", &[][..]),
        ("a: { type: string, maxLength: 3, max_tokens: 12 }", "a: { type: string, maxLength: 3 }", &[]),
        ("a: { type: string, maxLength: 3 }", "a: { type: string, max_tokens: 12 }", &["constraint_loosened"]),
        (
            "a: { type: string, maxLength: 3 }",
            "a: { type: string, maxLength: 3, max_tokens: 11 }",
            &["max_tokens_lowered"],
        ),
        ("a: { enum: [a, b] }", "a: { enum: [a, b], max_tokens: 50 }", &[]),
        ("a: { enum: [a, lorem ipsum] }", "a: { enum: [a, lorem ipsum], max_tokens: 4 }", &[]),
        ("a: { type: boolean }", "a: { type: boolean, max_tokens: 5 }", &[]),
        ("a: { type: string, format: date }", "a: { type: string, format: date, maxLength: 10 }", &[]),
        ("a: { type: string, format: date, maxLength: 10 }", "a: { type: string, format: date }", &[]),
        ("a: { type: string, format: date }", "a: { type: string, format: date, max_tokens: 10 }", &[]),
        ("a: { type: string, format: date }", "a: { type: string, maxLength: 10 }", &["constraint_loosened"]),
        (
            "a: { type: string, format: date }",
            "a: { type: string, format: date, maxLength: 9 }",
            &["constraint_tightened"],
        ),
        ("a: { type: string, format: email }", "a: { type: string, format: email, minLength: 1 }", &[]),
        ("a: string", "a: { type: string, pattern: '' }", &[]),
        ("a: string", "a: { type: string, pattern: '.*' }", &[]),
        ("a: { type: string, pattern: '^a' }", "a: { type: string, pattern: '(b|)' }", &["constraint_loosened"]),
        ("a: string", "a: { type: string, pattern: '^.*$' }", &["constraint_tightened"]),
        ("a: string", "a: { type: string, pattern: '\\b' }", &["constraint_tightened"]),
        ("a: { type: integer, minimum: 1, maximum: 3 }", "a: { enum: [1, 2, 3] }", &[]),
        ("a: { enum: [3, 1, 2] }", "a: { type: integer, exclusiveMinimum: 0, maximum: 3 }", &[]),
        ("a: { type: integer, minimum: 1, maximum: 3 }", "a: { enum: [1, 2, 3, 4] }", &["enum_value_added"]),
        ("a: { type: integer, minimum: 1, maximum: 3 }", "a: { enum: [1, 2] }", &["type_narrowed"]),
        ("a: { enum: [1, 2] }", "a: { type: integer, minimum: 1, maximum: 900 }", &["type_widened"]),
        ("a: { enum: [1, 5] }", "a: { type: integer, minimum: 5, maximum: 5 }", &["enum_value_removed"]),
        ("a: { type: integer, minimum: 1 }", "a: { enum: [1, 2] }", &["type_narrowed"]),
        ("a: { type: array, items: string, maxItems: 0 }", "a: { type: array, items: integer, maxItems: 0 }", &[]),
        (
            "a: { type: array, items: string, maxItems: 1 }",
            "a: { type: array, items: integer }",
            &["type_changed", "constraint_loosened"],
        ),
    ] {
        assert_eq!(between(prompt(old), prompt(new)), expected, "{old} → {new}");
    }
}

#[test]
fn what_counts_tokens_otherwise_may_take_less() {
    let counted = |parameters: &str, tokenizer| PromptInterface { tokenizer, ..prompt(parameters) };
    for (old, new, expected) in [
        ("a: { type: string, max_tokens: 5 }", "a: { type: string, max_tokens: 5 }", &["tokenizer_changed"][..]),
        (
            "a: { type: string, max_tokens: 5 }",
            "a: { type: string, max_tokens: 6 }",
            &["tokenizer_changed", "max_tokens_raised"],
        ),
        (
            "o: { type: object, properties: { a: { type: string, max_tokens: 5 } } }",
            "o: { type: object, properties: { a: { type: string, max_tokens: 5 } } }",
            &["tokenizer_changed"],
        ),
        ("a: string", "a: { type: string, max_tokens: 5 }", &["max_tokens_lowered"]),
        ("a: { type: string, max_tokens: 5 }", "a: string", &["max_tokens_raised"]),
        ("a: string", "a: string", &[]),
        ("a: { type: string, maxLength: 2, max_tokens: 8 }", "a: { type: string, maxLength: 2, max_tokens: 8 }", &[]),
        ("a: { enum: [lorem ipsum], max_tokens: 5 }", "a: { enum: [lorem ipsum], max_tokens: 5 }", &[]),
    ] {
        let found = between(counted(old, Tokenizer::O200k), counted(new, Tokenizer::Cl100k));
        assert_eq!(found, expected, "{old} → {new}");
    }
}
