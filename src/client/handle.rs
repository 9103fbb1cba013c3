//! One prompt in the hands of an application.

use super::ClientError;
use crate::error::Error;
use crate::name::{PromptName, SetName};
use crate::prompt::{Parameter, PromptKind, Ready, Rendered, Scope};
use crate::template::{Limits, values_of};
use crate::version::Version;
use liquid::ObjectView;
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// A prompt that can be inspected and rendered. Cheap to clone.
#[derive(Clone)]
pub struct Prompt(Arc<Ready>);

/// Says which prompt it is, and not the whole of its set.
impl fmt::Debug for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = self.version().map(ToString::to_string);
        f.debug_struct("Prompt")
            .field("set", &self.set())
            .field("version", &version)
            .field("name", self.name())
            .finish()
    }
}

impl Prompt {
    pub(super) fn new(ready: Ready) -> Self {
        Prompt(Arc::new(ready))
    }

    fn scope(&self) -> &Scope {
        self.0.scope()
    }

    /// Returns the prompt as the library has it: its file, its front matter and its set.
    pub fn ready(&self) -> &Ready {
        &self.0
    }

    /// Returns its name within its set; the present one, if it was asked for by a former one.
    pub fn name(&self) -> &PromptName {
        self.0.prompt().name()
    }

    /// Returns the set that it belongs to.
    pub fn set(&self) -> Option<&SetName> {
        self.scope().set().name()
    }

    /// Returns the version of that set: the locked one, or what the manifest says of one's own.
    pub fn version(&self) -> Option<&Version> {
        self.scope().set().version()
    }

    /// Returns the one line that it says about itself.
    pub fn description(&self) -> Option<&str> {
        self.0.prompt().front_matter().description.as_deref()
    }

    /// Returns why it should no longer be used, where it says so.
    pub fn deprecated(&self) -> Option<&str> {
        self.0.prompt().front_matter().deprecated.as_deref()
    }

    /// Returns whether it gives text or messages.
    pub fn kind(&self) -> PromptKind {
        if self.0.is_chat() { PromptKind::Chat } else { PromptKind::Text }
    }

    /// Returns its parameters, in the order of its file.
    pub fn parameters(&self) -> &[Parameter] {
        self.0.prompt().parameters()
    }

    /// Renders it with `parameters`: whatever gives a JSON object, such as a struct, a map or
    /// `serde_json::json!({…})`; `()` for none.
    ///
    /// # Errors
    /// When they are no object or not what the prompt takes, with every fault and its path, or when
    /// the template cannot be rendered with them.
    pub fn render<P: Serialize + ?Sized>(&self, parameters: &P) -> Result<Rendered, Error> {
        self.render_within(parameters, &Limits::default())
    }

    /// Renders it with the entries of an object of the `liquid` crate. That crate's own objects have no
    /// order: a template that loops over one sees its entries sorted by key.
    ///
    /// ```no_run
    /// # fn main() -> anvil::error::Result<()> {
    /// let welcome = anvil::Anvil::open(".")?.get("welcome")?;
    /// welcome.render_object(&liquid::object!({ "name": "Ada" }))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Prompt::render`].
    pub fn render_object(&self, parameters: &dyn ObjectView) -> Result<Rendered, Error> {
        Ok(self.0.render(values_of(parameters))?)
    }

    /// Renders it with `parameters`, as [`Prompt::render`] does, within `limits`: less steps, say, or
    /// a limit of time.
    ///
    /// # Errors
    /// As [`Prompt::render`], and when a limit is reached.
    pub fn render_within<P: Serialize + ?Sized>(&self, parameters: &P, limits: &Limits) -> Result<Rendered, Error> {
        let values = match serde_json::to_value(parameters) {
            Ok(Value::Object(values)) => values,
            Ok(Value::Null) => serde_json::Map::new(),
            Ok(other) => return Err(ClientError::Parameters(format!("got {}", kind(&other))).into()),
            Err(error) => return Err(ClientError::Parameters(error.to_string()).into()),
        };
        Ok(self.0.render_within(values, limits)?)
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
