//! How a prompt declares its parameters: the types, and their one normal form as JSON
//! (the prompt language, section 3). Reading them is [`super::schema_reader`]'s.

use super::format::Format;
use super::pattern::Pattern;
use crate::template::Declared;
use serde_json::{Map, Number, Value};
use std::fmt;
use std::ops::Range;

/// One parameter of a prompt.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where the name stands in the file; where it is first read, if the file declares no parameters.
    pub span: Range<usize>,
    /// What its value must be.
    pub schema: Schema,
    /// Whether it may be absent.
    pub optional: bool,
    /// Whether it is accepted and ignored.
    pub retired: bool,
    /// Former names, which go on working.
    pub aliases: Vec<String>,
}

impl Parameter {
    /// Returns whether it must be given.
    pub fn is_required(&self) -> bool {
        !self.optional && !self.retired && self.schema.default.is_none()
    }
}

/// What a value must be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// The type.
    pub kind: Type,
    /// The values that are allowed, where they are listed.
    pub enumeration: Option<Vec<Value>>,
    /// The one value that is allowed, where there is one.
    pub constant: Option<Value>,
    /// What stands in for an absent value.
    pub default: Option<Value>,
    /// Whether null may be given.
    pub nullable: bool,
    /// Bounds of a number.
    pub bounds: Bounds,
    /// Fewest and most characters of a text.
    pub length: Extent,
    /// What a text must match somewhere.
    pub pattern: Option<Pattern>,
    /// The form that a text must have.
    pub format: Option<Format>,
    /// What every item of an array must be.
    pub items: Option<Box<Schema>>,
    /// Fewest and most items of an array.
    pub count: Extent,
    /// The declared properties of an object, in the order of the file; without them it is open.
    pub properties: Option<Vec<Property>>,
    /// Whether its content may be a stranger's.
    pub untrusted: bool,
    /// The most tokens.
    pub max_tokens: Option<u64>,
    /// One line about it.
    pub description: Option<String>,
    /// Values that show what is meant.
    pub examples: Option<Vec<Value>>,
    /// Keys that begin with `x-`.
    pub extensions: Map<String, Value>,
}

/// One declared property of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// What its value must be.
    pub schema: Schema,
    /// Whether it must be given.
    pub required: bool,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Type {
    /// Anything: `enum` or `const` alone decides, or the file declares no parameters.
    Any,
    /// Text.
    #[default]
    String,
    /// A number without fractional part, however it is written.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A list.
    Array,
    /// Named properties.
    Object,
    /// Messages of a conversation, for `history`.
    Messages,
}

impl Type {
    /// Every type that can be written, by its name.
    pub const NAMES: [(&'static str, Type); 7] = [
        ("string", Type::String),
        ("integer", Type::Integer),
        ("number", Type::Number),
        ("boolean", Type::Boolean),
        ("array", Type::Array),
        ("object", Type::Object),
        ("messages", Type::Messages),
    ];

    /// Returns the name as front matter writes it; nothing for [`Type::Any`], which is not written.
    pub fn name(self) -> Option<&'static str> {
        Type::NAMES.iter().find(|(_, kind)| *kind == self).map(|(name, _)| *name)
    }

    /// Returns the type with its article, for messages.
    pub fn described(self) -> &'static str {
        match self {
            Type::Any => "any value",
            Type::String => "a string",
            Type::Integer => "an integer",
            Type::Number => "a number",
            Type::Boolean => "a boolean",
            Type::Array => "an array",
            Type::Object => "an object",
            Type::Messages => "an array of messages",
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name().unwrap_or("any"))
    }
}

/// Bounds of a number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// The least.
    pub minimum: Option<Number>,
    /// The greatest.
    pub maximum: Option<Number>,
    /// What it must be above.
    pub exclusive_minimum: Option<Number>,
    /// What it must be below.
    pub exclusive_maximum: Option<Number>,
}

/// Fewest and most of something that is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// The fewest.
    pub least: Option<u64>,
    /// The most.
    pub most: Option<u64>,
}

impl Schema {
    /// Returns the property called `name`, if it is declared.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.as_ref()?.iter().find(|property| property.name == name)
    }

    /// Returns what a template must know of the names that are declared; mostly nothing.
    pub(super) fn declared(&self) -> Option<Declared> {
        match (&self.properties, &self.items) {
            (Some(properties), _) => {
                Declared::object(properties.iter().map(|it| (it.name.as_str(), it.schema.declared())))
            }
            (None, Some(items)) => Declared::array(items.declared()),
            (None, None) => None,
        }
    }

    /// Returns the schema as front matter writes it, in one normal form: the type written out, what
    /// is false or absent left out, names sorted. `annotations` says whether descriptions, examples
    /// and `x-*` are part of it.
    pub fn to_json(&self, annotations: Annotations) -> Map<String, Value> {
        let mut json = Map::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                json.insert(key.to_owned(), value);
            }
        };
        put("type", self.kind.name().map(Value::from));
        put("enum", self.enumeration.clone().map(Value::Array));
        put("const", self.constant.clone());
        put("default", self.default.clone());
        put("nullable", self.nullable.then_some(Value::Bool(true)));
        put("minimum", self.bounds.minimum.clone().map(Value::Number));
        put("maximum", self.bounds.maximum.clone().map(Value::Number));
        put("exclusiveMinimum", self.bounds.exclusive_minimum.clone().map(Value::Number));
        put("exclusiveMaximum", self.bounds.exclusive_maximum.clone().map(Value::Number));
        put("minLength", self.length.least.map(Value::from));
        put("maxLength", self.length.most.map(Value::from));
        put("pattern", self.pattern.as_ref().map(|pattern| Value::from(pattern.as_str())));
        put("format", self.format.map(|format| Value::from(format.name())));
        put("items", self.items.as_ref().map(|items| Value::Object(items.to_json(annotations))));
        put("minItems", self.count.least.map(Value::from));
        put("maxItems", self.count.most.map(Value::from));
        put(
            "properties",
            self.properties.as_ref().map(|properties| {
                let entry =
                    |property: &Property| (property.name.clone(), Value::Object(property.schema.to_json(annotations)));
                Value::Object(properties.iter().map(entry).collect())
            }),
        );
        let mut required: Vec<&str> = self
            .properties
            .iter()
            .flatten()
            .filter(|property| property.required)
            .map(|property| property.name.as_str())
            .collect();
        required.sort_unstable();
        put("required", (!required.is_empty()).then(|| Value::from(required)));
        put("trust", self.untrusted.then(|| Value::from("untrusted")));
        put("max_tokens", self.max_tokens.map(Value::from));
        if annotations == Annotations::Keep {
            put("description", self.description.clone().map(Value::from));
            put("examples", self.examples.clone().map(Value::Array));
            for (key, value) in &self.extensions {
                put(key, Some(value.clone()));
            }
        }
        json
    }
}

impl Parameter {
    /// Returns the declaration in the normal form of [`Schema::to_json`].
    pub fn to_json(&self, annotations: Annotations) -> Map<String, Value> {
        let mut json = self.schema.to_json(annotations);
        if self.optional {
            json.insert("optional".to_owned(), Value::Bool(true));
        }
        if self.retired {
            json.insert("retired".to_owned(), Value::Bool(true));
        }
        if !self.aliases.is_empty() {
            let mut aliases = self.aliases.clone();
            aliases.sort_unstable();
            json.insert("aliases".to_owned(), Value::from(aliases));
        }
        json
    }
}

/// Whether descriptions, examples and `x-*` are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Annotations {
    /// They are kept.
    Keep,
    /// They are left out: they change nothing for whoever passes values.
    Drop,
}
