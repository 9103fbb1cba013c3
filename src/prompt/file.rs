//! One prompt: its file read, its front matter understood, its template parsed.

use super::declaration::{Parameter, Schema, Type};
use super::front_matter::{self, FrontMatter, OutputSchema};
use super::parameters::{self, ValuesError};
use super::tokens::Tokenizer;
use crate::archive::FileSet;
use crate::error::{Code, Diagnostic, Hint, Location, Severity};
use crate::name::PromptName;
use crate::template::{Bound, Declared, Problem, Template, Use, Values};
use serde_json::Value;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// A prompt that was understood.
#[derive(Debug)]
pub struct Prompt {
    name: PromptName,
    path: String,
    /// What findings call its file.
    place: String,
    text: Arc<str>,
    front_matter: FrontMatter,
    parameters: Vec<Parameter>,
    /// Where each parameter stands among them.
    places: HashMap<String, usize>,
    tokenizer: Tokenizer,
    output: Option<Value>,
    body: usize,
    template: Template,
}

/// What reading a file gave: the prompt unless it has errors, and every finding.
#[derive(Debug)]
pub struct Reading {
    /// The prompt; nothing where a finding is an error.
    pub prompt: Option<Prompt>,
    /// What was found, errors and warnings, unsorted.
    pub findings: Vec<Diagnostic>,
}

impl Prompt {
    /// Reads the prompt `name` from the file at `path`. `files` is the set's, for an `output.schema`
    /// that names one of them; nothing for a file outside any set. Findings call the file `place`.
    pub(super) fn read(name: PromptName, path: &str, place: &str, bytes: &[u8], files: Option<&FileSet>) -> Reading {
        let (text, mut findings) = match to_text(place, bytes) {
            Ok(read) => read,
            Err(finding) => return Reading { prompt: None, findings: vec![*finding] },
        };
        let mut problems = Vec::new();
        let (front_matter, body) = match front_matter::split(&text) {
            Ok(parts) => {
                let front_matter = parts.front_matter.map(|span| front_matter::read(&text, span, &mut problems));
                (front_matter.unwrap_or_default(), parts.body)
            }
            Err(problem) => {
                // Where the body begins is not known, so there is no template to judge.
                findings.push(diagnostic(place, &text, *problem));
                return Reading { prompt: None, findings };
            }
        };
        let output = read_output(&front_matter, files, &mut problems);
        let template = match Template::parse(&text[body..]) {
            Ok(template) => Some(template),
            Err(found) => {
                problems.extend(found.into_iter().map(|problem| shifted(problem, body)));
                None
            }
        };
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            // There will be no prompt to ask for them, and whoever mends the one wants to know of the others.
            problems.extend(front_matter.test_faults().cloned());
        }
        findings.extend(problems.into_iter().map(|problem| diagnostic(place, &text, problem)));
        let template = template.filter(|_| !findings.iter().any(Diagnostic::is_error));
        let prompt = template.map(|template| {
            let parameters = front_matter.parameters.clone().unwrap_or_else(|| free_variables(&template, body));
            let names = parameters.iter().enumerate();
            let schemas = parameters.iter().map(|it| (it.name.as_str(), it.schema.declared()));
            Prompt {
                places: names.map(|(place, parameter)| (parameter.name.clone(), place)).collect(),
                template: template.declaring(Declared::object(schemas)),
                parameters,
                tokenizer: front_matter.tokenizer(),
                name,
                path: path.to_owned(),
                place: place.to_owned(),
                text,
                front_matter,
                output,
                body,
            }
        });
        Reading { prompt, findings }
    }

    /// Returns the prompt's name within its set.
    pub fn name(&self) -> &PromptName {
        &self.name
    }

    /// Returns the path of its file, relative to the set's folder.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the text of its file, with LF line ends and no byte order mark. All places count in it.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Returns what its front matter says.
    pub fn front_matter(&self) -> &FrontMatter {
        &self.front_matter
    }

    /// Returns its parameters, in the order of the file: the declared ones, or its free variables.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// Returns the parameter called `name`, by that name alone.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.places.get(name).map(|place| &self.parameters[*place])
    }

    /// Returns whether the file declares its parameters.
    pub fn declares_parameters(&self) -> bool {
        self.front_matter.parameters.is_some()
    }

    /// Returns the JSON Schema of what a model should answer. Outside a set, where a path to a file
    /// leads nowhere, it is the path.
    pub fn output_schema(&self) -> Option<&Value> {
        self.output.as_ref()
    }

    /// Returns its template. Places in it count from [`Prompt::body`].
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// Returns where in the file its body begins.
    pub fn body(&self) -> usize {
        self.body
    }

    /// Returns the values that its template renders with.
    ///
    /// # Errors
    /// With every fault of the given values.
    pub fn bind(&self, given: Values) -> Result<Bound, ValuesError> {
        parameters::bind(&self.parameters, self.tokenizer, given)
    }

    /// Returns the file, line and column (both from 1) of what stands at `at` of the template.
    pub(super) fn place_of(&self, at: usize) -> (String, usize, usize) {
        let at = self.body + at;
        let location =
            Location { file: self.place.clone(), text: self.text.clone(), span: at..at, label: String::new() };
        let (line, column) = location.line_and_column();
        (location.file, line, column)
    }

    /// Returns a problem of the template as a finding.
    pub(super) fn finding(&self, problem: Problem) -> Diagnostic {
        diagnostic(&self.place, &self.text, shifted(problem, self.body))
    }

    /// Returns a problem of the front matter as a finding.
    pub(super) fn finding_in_front_matter(&self, problem: Problem) -> Diagnostic {
        diagnostic(&self.place, &self.text, problem)
    }

    /// Returns `finding` with its place, the bytes at `span` of the file.
    pub(super) fn finding_in_file(&self, finding: Diagnostic, span: Range<usize>) -> Diagnostic {
        finding.at(self.place.clone(), self.text.clone(), span, "")
    }

    /// Returns a finding about the bytes at `span` of the template.
    pub(super) fn finding_in_body(&self, finding: Diagnostic, span: Range<usize>, label: &str) -> Diagnostic {
        finding.at(self.place.clone(), self.text.clone(), self.body + span.start..self.body + span.end, label)
    }
}

/// Returns the text of a file as the language reads it, with a warning for what was mended.
fn to_text(path: &str, bytes: &[u8]) -> Result<(Arc<str>, Vec<Diagnostic>), Box<Diagnostic>> {
    let raw = match std::str::from_utf8(bytes) {
        Ok(raw) => raw,
        Err(error) => {
            let at = error.valid_up_to();
            let byte = bytes.get(at).copied().unwrap_or_default();
            let shown: Arc<str> = String::from_utf8_lossy(bytes).into();
            let finding = Diagnostic::error(Code::A0207, format!("the file is not UTF-8: byte {at} is 0x{byte:02x}"))
                .at(path, shown, at..at + '\u{fffd}'.len_utf8(), "not UTF-8")
                .hint(Hint::new("save the file as UTF-8"));
            return Err(Box::new(finding));
        }
    };
    let unmarked = raw.strip_prefix('\u{feff}').unwrap_or(raw);
    let text: Arc<str> =
        if unmarked.contains("\r\n") { unmarked.replace("\r\n", "\n").into() } else { unmarked.into() };
    let mut findings = Vec::new();
    let mut warn = |message: &str, span: Range<usize>| {
        let finding = Diagnostic::warning(Code::A0208, message).at(path, text.clone(), span, "");
        findings.push(finding.hint(Hint::run("to have it written so", "anvil lint --fix")));
    };
    if unmarked.len() != raw.len() {
        warn("the file begins with a byte order mark, which is read as nothing", 0..0);
    }
    if text.len() != unmarked.len() {
        let first = unmarked.find("\r\n").unwrap_or_default();
        warn("the file has CRLF line ends, which are read as LF", first..first);
    }
    Ok((text, findings))
}

/// Returns the JSON Schema that `output` holds or names.
fn read_output(front_matter: &FrontMatter, files: Option<&FileSet>, problems: &mut Vec<Problem>) -> Option<Value> {
    let (path, span) = match front_matter.output.as_ref()? {
        OutputSchema::Inline(schema) => return Some(schema.clone()),
        OutputSchema::File { path, span } => (path, span),
    };
    let Some(files) = files else { return Some(Value::from(path.as_str())) };
    let message = match files.get(path).map(serde_json::from_slice::<Value>) {
        Some(Ok(schema)) if schema.is_object() || schema.is_boolean() => return Some(schema),
        Some(Ok(_)) => format!("`{path}` holds no JSON Schema, which is an object or a boolean"),
        Some(Err(error)) => format!("`{path}` is not JSON: {error}"),
        None => format!("the set has no file `{path}`"),
    };
    problems.push(Problem {
        severity: Severity::Error,
        code: Code::A0204,
        message,
        span: span.clone(),
        label: String::new(),
        hints: Vec::new(),
    });
    None
}

/// Returns the parameters of a file that declares none: required strings, or of any type where a
/// template loops over them or reads a property.
fn free_variables(template: &Template, body: usize) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for variable in template.variables() {
        let at = *places.entry(&variable.name).or_insert_with(|| {
            parameters.push(Parameter {
                name: variable.name.clone(),
                span: body + variable.span.start..body + variable.span.end,
                schema: Schema::default(),
                optional: false,
                retired: false,
                aliases: Vec::new(),
            });
            parameters.len() - 1
        });
        if variable.usage == Use::Looped || variable.is_part {
            parameters[at].schema.kind = Type::Any;
        }
    }
    // `history` takes messages and nothing else; as a string such a parameter could never be used.
    for history in template.histories() {
        if let Some(at) = places.get(history.parameter.as_str()) {
            parameters[*at].schema.kind = Type::Messages;
        }
    }
    parameters
}

fn shifted(problem: Problem, by: usize) -> Problem {
    Problem { span: problem.span.start + by..problem.span.end + by, ..problem }
}

fn diagnostic(path: &str, text: &Arc<str>, problem: Problem) -> Diagnostic {
    let finding = Diagnostic::error(problem.code, problem.message);
    let finding = Diagnostic { severity: problem.severity, hints: problem.hints, ..finding };
    finding.at(path, text.clone(), problem.span, problem.label)
}
