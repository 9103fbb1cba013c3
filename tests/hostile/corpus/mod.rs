//! The hostile templates, by what they abuse.
//!
//! Each has a name, and is made when its turn comes: together they would be hundreds of megabytes.
//! What renders within the limits (256 blocks deep, 1,000,000 steps, 4 MiB of output, partials 16
//! deep) is honest and has no place here. Some are honest for all but their size; those end with
//! [`FUSE`], an error that only rendering meets, so that all of them has to be survived.

mod broken;
mod chat;
mod costs;
mod declared;
mod depth;
mod files;
mod lists;
mod loops;
mod numbers;
mod partials;
mod texts;
mod wide;

use anvil::archive::FileSet;
use anvil::template::Values;
use serde_json::Value;

/// An error that no reading of the source can know of: what `fuse` holds is no date.
const FUSE: &str = "{{ fuse | date: \"%Y\" }}";

/// All hostile templates, in an order that never changes.
pub type Corpus = Vec<Case>;

/// One template that is to be made.
pub struct Case {
    /// Its name.
    pub name: String,
    /// Makes it.
    pub make: Box<dyn Fn() -> Hostile>,
}

/// A prompt, what it renders of, and its values.
#[derive(Clone, Default)]
pub struct Hostile {
    body: String,
    /// The whole of the file, where front matter is what harms.
    file: Option<String>,
    values: Values,
    partials: Vec<(String, String)>,
}

impl Hostile {
    /// Returns a prompt with this body, whose front matter declares the values that it gets.
    pub fn body(body: impl Into<String>) -> Hostile {
        Hostile { body: body.into(), ..Hostile::default() }
    }

    /// Returns a prompt with this body and [`FUSE`] behind it.
    pub fn fused(body: impl Into<String>) -> Hostile {
        Hostile::body(body.into() + FUSE).value("fuse", "no date")
    }

    /// Returns a prompt whose file is this.
    pub fn file(file: impl Into<String>) -> Hostile {
        Hostile { file: Some(file.into()), ..Hostile::default() }
    }

    /// Adds a value.
    pub fn value(mut self, name: &str, value: impl Into<Value>) -> Hostile {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a partial, the whole of its file.
    pub fn partial(mut self, name: &str, file: impl Into<String>) -> Hostile {
        self.partials.push((name.to_owned(), file.into()));
        self
    }

    /// Returns the files of its set; the prompt is `main`.
    pub fn files(&self) -> FileSet {
        let mut files = FileSet::new();
        files.insert("prompts/main.prompt.md", self.file.clone().unwrap_or_else(|| self.declared()));
        for (name, file) in &self.partials {
            files.insert(format!("prompts/{name}.prompt.md"), file.as_str());
        }
        files
    }

    /// Returns its values.
    pub fn values(&self) -> Values {
        self.values.clone()
    }

    /// Returns the body behind front matter that declares its values.
    fn declared(&self) -> String {
        let mut file = String::from("---\nparameters:");
        if self.values.is_empty() {
            file.push_str(" {}");
        }
        for (name, value) in &self.values {
            let kind = match value {
                Value::String(_) => "string",
                Value::Number(number) if number.is_f64() => "number",
                Value::Number(_) => "integer",
                Value::Bool(_) => "boolean",
                Value::Array(items) if items.iter().any(|item| item.get("role").is_some()) => "messages",
                Value::Array(_) => "array",
                Value::Object(_) | Value::Null => "object",
            };
            file.push_str(&format!("\n  {name}: {kind}"));
        }
        file + "\n---\n" + &self.body
    }
}

/// Returns all of them.
pub fn corpus() -> Corpus {
    let mut corpus = Corpus::new();
    loops::all(&mut corpus);
    texts::all(&mut corpus);
    lists::all(&mut corpus);
    partials::all(&mut corpus);
    depth::all(&mut corpus);
    wide::all(&mut corpus);
    broken::all(&mut corpus);
    numbers::all(&mut corpus);
    chat::all(&mut corpus);
    files::all(&mut corpus);
    costs::all(&mut corpus);
    declared::all(&mut corpus);
    corpus
}

/// Adds the template that `make` makes.
fn add(corpus: &mut Corpus, name: impl Into<String>, make: impl Fn() -> Hostile + 'static) {
    corpus.push(Case { name: name.into(), make: Box::new(make) });
}
