//! The rules: every kind of change, with its id and its class. Parameters are inputs, so what
//! accepts less breaks callers. The output is what a model answers, so what allows more breaks those
//! who read it.
//!
//! Each rule has a pair of versions in `fixtures/compat/`, between which it and no other is found.

use crate::version::Bump;

/// One kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable id, as `[compat]` names it.
    pub id: &'static str,
    /// The smallest bump that owns up to it.
    pub bump: Bump,
    /// How sure that is.
    pub certainty: Certainty,
    /// What it is about, in one sentence.
    pub about: &'static str,
}

/// How sure the class of a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It follows from the change.
    Decided,
    /// It follows from the change, and what users get may still surprise them.
    Warned,
    /// Nobody can tell in general whether the change breaks anybody, so it counts as major unless
    /// the author acknowledges it.
    Undecided,
}

macro_rules! rules {
    ($($name:ident $id:literal $bump:ident $certainty:ident $about:literal;)*) => {
        $(#[doc = $about] pub static $name: Rule =
            Rule { id: $id, bump: Bump::$bump, certainty: Certainty::$certainty, about: $about };)*

        /// Every rule, in the order of this file.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    SET_RENAMED "set_renamed" Major Decided "The set has another name.";
    EDITION_RAISED "edition_raised" Minor Decided "The prompts are of a later edition of the language.";
    ANVIL_RAISED "anvil_raised" Minor Decided "A newer Anvil is needed to use the set.";
    DEPENDENCY_RAISED "dependency_raised" Minor Decided "A dependency must be newer than all that was allowed before.";
    DEPENDENCY_CHANGED "dependency_changed" Patch Decided "A dependency came, went, or is asked for otherwise.";
    MANIFEST_CHANGED "manifest_changed" Patch Decided "The manifest says something else that no prompt shows, as its description, licence or keywords, or is written otherwise.";
    FILE_CHANGED "file_changed" Patch Decided "A file that is no prompt came, went, or is another one.";

    PROMPT_REMOVED "prompt_removed" Major Decided "A public prompt is gone or private, and no alias keeps its name.";
    PROMPT_RENAMED "prompt_renamed" Minor Decided "A prompt has another name, and the old one is an alias.";
    PROMPT_ADDED "prompt_added" Minor Decided "There is a new public prompt.";
    ALIAS_REMOVED "alias_removed" Major Decided "A former name of a prompt no longer works, or is that of another prompt.";
    ALIAS_ADDED "alias_added" Minor Decided "A prompt answers to one more name.";
    PROMPT_DEPRECATED "prompt_deprecated" Minor Decided "A prompt is deprecated.";
    DEPRECATION_WITHDRAWN "deprecation_withdrawn" Patch Decided "A prompt is no longer deprecated.";
    PRIVATE_PROMPT_CHANGED "private_prompt_changed" Patch Decided "A private prompt came, went, or is another one.";
    KIND_CHANGED "kind_changed" Major Decided "A text prompt became a chat prompt, or the other way round.";
    ROLE_REMOVED "role_removed" Major Decided "A role no longer occurs.";
    ROLE_ADDED "role_added" Patch Decided "A role occurs that did not.";
    MESSAGES_CHANGED "messages_changed" Patch Decided "Messages were added, taken out, moved or repeated, and every role still occurs.";
    TEXT_CHANGED "text_changed" Patch Decided "The body of a prompt is another one.";
    REWRITTEN "rewritten" Patch Decided "A prompt's file is written otherwise and means the same.";
    DESCRIPTION_CHANGED "description_changed" Patch Decided "A description, an example or the message of a deprecation is another one.";
    EXTENSION_CHANGED "extension_changed" Patch Decided "A key that begins with `x-` says something else.";
    TESTS_CHANGED "tests_changed" Patch Decided "The tests of a prompt are others.";
    MODEL_PREFER_CHANGED "model_prefer_changed" Minor Warned "Other models are preferred.";
    MODEL_HINT_CHANGED "model_hint_changed" Patch Decided "A hint about models other than `prefer` is another one.";

    PARAMETER_REMOVED "parameter_removed" Major Decided "A parameter is gone, and passing it is an error.";
    PARAMETER_RENAMED "parameter_renamed" Minor Decided "A parameter has another name, and the old one is an alias.";
    PARAMETER_RETIRED "parameter_retired" Minor Decided "A parameter is accepted and ignored.";
    PARAMETER_REVIVED "parameter_revived" Major Decided "A retired parameter, which took anything, means something again.";
    PARAMETER_ALIAS_REMOVED "parameter_alias_removed" Major Decided "A former name of a parameter no longer works.";
    PARAMETER_ALIAS_ADDED "parameter_alias_added" Minor Decided "A parameter answers to one more name.";
    REQUIRED_PARAMETER_ADDED "required_parameter_added" Major Decided "There is a new parameter that must be given.";
    OPTIONAL_PARAMETER_ADDED "optional_parameter_added" Minor Decided "There is a new parameter that may be given.";
    PARAMETER_REQUIRED "parameter_required" Major Decided "A parameter or property that could be left out must be given.";
    PARAMETER_OPTIONAL "parameter_optional" Minor Decided "A parameter or property that had to be given may be left out.";
    HISTORY_REMOVED "history_removed" Major Decided "A history slot is gone, retired or no longer put into the prompt.";
    HISTORY_REQUIRED "history_required" Major Decided "A history slot that could be left out must be given.";
    HISTORY_ADDED "history_added" Minor Decided "There is a new history slot that may be given.";

    DEFAULT_REMOVED "default_removed" Major Decided "A default is gone.";
    DEFAULT_ADDED "default_added" Minor Decided "What was absent now has a default.";
    DEFAULT_CHANGED "default_changed" Minor Warned "A default is another one: callers that rely on it get other text.";
    TYPE_NARROWED "type_narrowed" Major Decided "A value's type takes less than it did.";
    TYPE_WIDENED "type_widened" Minor Decided "A value's type takes all that it did, and more.";
    TYPE_CHANGED "type_changed" Major Decided "A value's type is another one.";
    NULLABLE_REMOVED "nullable_removed" Major Decided "Null is no longer taken.";
    NULLABLE_ADDED "nullable_added" Minor Decided "Null is taken.";
    ENUM_VALUE_REMOVED "enum_value_removed" Major Decided "A listed value is no longer taken.";
    ENUM_VALUE_ADDED "enum_value_added" Minor Decided "One more listed value is taken.";
    CONSTRAINT_TIGHTENED "constraint_tightened" Major Decided "A constraint takes less than it did.";
    CONSTRAINT_LOOSENED "constraint_loosened" Minor Decided "A constraint takes more than it did.";
    MAX_TOKENS_LOWERED "max_tokens_lowered" Major Decided "Fewer tokens are taken.";
    MAX_TOKENS_RAISED "max_tokens_raised" Minor Decided "More tokens are taken.";
    TOKENIZER_CHANGED "tokenizer_changed" Major Undecided "Tokens are counted otherwise; whether that takes less cannot be decided.";
    PATTERN_CHANGED "pattern_changed" Major Undecided "A pattern is another one; whether it takes less cannot be decided.";
    FORMAT_CHANGED "format_changed" Major Undecided "A format is another one; whether it takes less cannot be decided.";
    PROPERTY_ADDED "property_added" Minor Decided "There is a new property that may be given.";
    REQUIRED_PROPERTY_ADDED "required_property_added" Major Decided "There is a new property that must be given.";
    PROPERTY_REMOVED "property_removed" Minor Decided "A property is no longer declared: it is taken and not shown to the template.";
    TRUST_CHANGED "trust_changed" Patch Decided "Whether a value's content may be a stranger's is said otherwise.";

    TOOL_REMOVED "tool_removed" Major Decided "A tool is gone.";
    TOOL_RENAMED "tool_renamed" Major Decided "A tool has another name.";
    TOOL_ADDED "tool_added" Minor Decided "There is a new tool.";
    TOOL_ARGUMENT_REQUIRED "tool_argument_required" Major Decided "A tool has an argument that must be given and was not before.";
    TOOL_ARGUMENT_ADDED "tool_argument_added" Minor Decided "A tool has a new argument that may be given.";
    TOOL_PARAMETERS_CHANGED "tool_parameters_changed" Major Undecided "What a tool takes is otherwise; whether that breaks anybody cannot be decided.";
    TOOL_DESCRIPTION_CHANGED "tool_description_changed" Patch Decided "A tool is described otherwise.";

    OUTPUT_ADDED "output_added" Major Decided "The answer has a schema where it had none.";
    OUTPUT_REMOVED "output_removed" Major Decided "The answer no longer has a schema.";
    OUTPUT_FIELD_REMOVED "output_field_removed" Major Decided "A field of the answer is gone.";
    OUTPUT_FIELD_OPTIONAL "output_field_optional" Major Decided "A field that every answer had may be missing.";
    OUTPUT_FIELD_REQUIRED "output_field_required" Minor Decided "A field that could be missing is in every answer.";
    OUTPUT_FIELD_ADDED "output_field_added" Minor Decided "The answer has a new field.";
    OUTPUT_ENUM_VALUE_ADDED "output_enum_value_added" Major Decided "The answer may hold a listed value that it could not.";
    OUTPUT_OPEN_ENUM_VALUE_ADDED "output_open_enum_value_added" Minor Decided "The answer may hold one more value of a list that said `x-open: true`.";
    OUTPUT_ENUM_VALUE_REMOVED "output_enum_value_removed" Minor Decided "The answer no longer holds a listed value.";
    OUTPUT_ENUM_OPENED "output_enum_opened" Major Decided "A list of values says `x-open: true`, and readers were not told before that it may grow.";
    OUTPUT_ENUM_CLOSED "output_enum_closed" Minor Decided "A list of values no longer says `x-open: true`: it will not grow.";
    OUTPUT_WIDENED "output_widened" Major Undecided "The answer may be something that it could not be.";
    OUTPUT_NARROWED "output_narrowed" Minor Decided "The answer is held to more than it was.";
    OUTPUT_TYPE_CHANGED "output_type_changed" Major Undecided "A part of the answer is of another type.";
    OUTPUT_CHANGED "output_changed" Major Undecided "The answer's schema is another one; whether that breaks readers cannot be decided.";
    OUTPUT_DESCRIPTION_CHANGED "output_description_changed" Patch Decided "The answer's schema is described otherwise.";

    SAMPLE_FAILED "sample_failed" Major Decided "Parameters that the old version takes and renders make the new one fail, which no declaration shows.";
}

/// Returns the rule called `id`.
pub fn named(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// Returns the rules as tables in Markdown, one for each class, for `docs/compat.md`.
pub fn table() -> String {
    let mut text = String::new();
    for (bump, title) in [(Bump::Major, "Major"), (Bump::Minor, "Minor"), (Bump::Patch, "Patch")] {
        text.push_str(&format!("\n### {title}\n\n| rule | what changed | |\n|---|---|---|\n"));
        for rule in RULES.iter().filter(|rule| rule.bump == bump) {
            let note = match rule.certainty {
                Certainty::Decided => "",
                Certainty::Warned => "with a warning",
                Certainty::Undecided => "unless acknowledged",
            };
            text.push_str(&format!("| `{}` | {} | {note} |\n", rule.id, rule.about));
        }
    }
    text.push('\n');
    text
}
