//! The rules: every kind of change, with its id and its class. Parameters are inputs, so what
//! accepts less breaks callers; tools and the output are what a model's answer is read by.

use crate::version::Bump;

/// One kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable id, as `[compat] accept` names it.
    pub id: &'static str,
    /// The smallest bump that owns up to it.
    pub bump: Bump,
    /// What it is about, in one sentence.
    pub about: &'static str,
}

macro_rules! rules {
    ($($name:ident $id:literal $bump:ident $about:literal;)*) => {
        $(#[doc = $about] pub static $name: Rule = Rule { id: $id, bump: Bump::$bump, about: $about };)*

        /// Every rule, in the order of this file.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    PROMPT_REMOVED "prompt_removed" Major "A public prompt is gone or private, and no alias keeps its name.";
    PROMPT_RENAMED "prompt_renamed" Minor "A prompt has another name, and the old one is an alias.";
    PROMPT_ADDED "prompt_added" Minor "There is a new public prompt.";
    ALIAS_REMOVED "alias_removed" Major "A former name of a prompt no longer works.";
    ALIAS_ADDED "alias_added" Minor "A prompt answers to one more name.";
    PROMPT_DEPRECATED "prompt_deprecated" Minor "A prompt is deprecated.";
    DEPRECATION_WITHDRAWN "deprecation_withdrawn" Patch "A prompt is no longer deprecated.";
    KIND_CHANGED "kind_changed" Major "A text prompt became a chat prompt, or the other way round.";
    ROLE_REMOVED "role_removed" Major "A role no longer occurs.";
    ROLE_ADDED "role_added" Patch "A role occurs that did not.";
    MODEL_PREFER_CHANGED "model_prefer_changed" Minor "Other models are preferred.";

    PARAMETER_REMOVED "parameter_removed" Major "A parameter is gone, and passing it is an error.";
    PARAMETER_RENAMED "parameter_renamed" Minor "A parameter has another name, and the old one is an alias.";
    PARAMETER_RETIRED "parameter_retired" Minor "A parameter is accepted and ignored.";
    PARAMETER_REVIVED "parameter_revived" Major "A retired parameter, which took anything, means something again.";
    PARAMETER_ALIAS_REMOVED "parameter_alias_removed" Major "A former name of a parameter no longer works.";
    PARAMETER_ALIAS_ADDED "parameter_alias_added" Minor "A parameter answers to one more name.";
    REQUIRED_PARAMETER_ADDED "required_parameter_added" Major "There is a new parameter that must be given.";
    OPTIONAL_PARAMETER_ADDED "optional_parameter_added" Minor "There is a new parameter that may be given.";
    PARAMETER_REQUIRED "parameter_required" Major "A parameter or property that could be left out must be given.";
    PARAMETER_OPTIONAL "parameter_optional" Minor "A parameter or property that had to be given may be left out.";
    HISTORY_REMOVED "history_removed" Major "A history slot is gone.";
    HISTORY_REQUIRED "history_required" Major "A history slot that could be left out must be given.";
    HISTORY_ADDED "history_added" Minor "There is a new history slot that may be given.";

    DEFAULT_REMOVED "default_removed" Major "A default is gone.";
    DEFAULT_ADDED "default_added" Minor "What was absent now has a default.";
    DEFAULT_CHANGED "default_changed" Minor "A default is another one: callers that rely on it get other text.";
    TYPE_NARROWED "type_narrowed" Major "A value's type takes less than it did.";
    TYPE_WIDENED "type_widened" Minor "A value's type takes all that it did, and more.";
    TYPE_CHANGED "type_changed" Major "A value's type is another one.";
    NULLABLE_REMOVED "nullable_removed" Major "Null is no longer taken.";
    NULLABLE_ADDED "nullable_added" Minor "Null is taken.";
    ENUM_VALUE_REMOVED "enum_value_removed" Major "A listed value is no longer taken.";
    ENUM_VALUE_ADDED "enum_value_added" Minor "One more listed value is taken.";
    CONSTRAINT_TIGHTENED "constraint_tightened" Major "A constraint takes less than it did.";
    CONSTRAINT_LOOSENED "constraint_loosened" Minor "A constraint takes more than it did.";
    MAX_TOKENS_LOWERED "max_tokens_lowered" Major "Fewer tokens are taken.";
    MAX_TOKENS_RAISED "max_tokens_raised" Minor "More tokens are taken.";
    PATTERN_CHANGED "pattern_changed" Major "A pattern is another one; whether it takes less cannot be decided.";
    FORMAT_CHANGED "format_changed" Major "A format is another one; whether it takes less cannot be decided.";
    PROPERTY_ADDED "property_added" Minor "There is a new property that may be given.";
    REQUIRED_PROPERTY_ADDED "required_property_added" Major "There is a new property that must be given.";
    PROPERTY_REMOVED "property_removed" Minor "A property is no longer declared: it is taken and not shown to the template.";
    TRUST_CHANGED "trust_changed" Patch "Whether a value's content may be a stranger's is said otherwise.";

    TOOL_REMOVED "tool_removed" Major "A tool is gone.";
    TOOL_ADDED "tool_added" Minor "There is a new tool.";
    TOOL_ARGUMENT_REQUIRED "tool_argument_required" Major "A tool has an argument that must be given and was not before.";
    TOOL_ARGUMENT_ADDED "tool_argument_added" Minor "A tool has a new argument that may be given.";
    TOOL_PARAMETERS_CHANGED "tool_parameters_changed" Major "What a tool takes is otherwise; whether callers break cannot be decided.";
    TOOL_DESCRIPTION_CHANGED "tool_description_changed" Patch "A tool is described otherwise.";
    OUTPUT_ADDED "output_added" Major "The answer has a schema where it had none.";
    OUTPUT_REMOVED "output_removed" Major "The answer no longer has a schema.";
    OUTPUT_CHANGED "output_changed" Major "The answer's schema is another one; whether readers break cannot be decided.";
    OUTPUT_DESCRIPTION_CHANGED "output_description_changed" Patch "The answer's schema is described otherwise.";
}
