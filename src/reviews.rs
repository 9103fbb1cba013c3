//! `anvil.reviews`: who approved or rejected which lock, one JSON object a line.
//!
//! ```json
//! {"v":1,"environment":"staging","decision":"approve","digest":"sha256:9f2c…","by":"Ada <ada@example.com>","at":"2026-11-24T10:00:00Z"}
//! ```
//!
//! `digest` is of the bytes of the lock that was proposed, so that an approval is of exactly one content.
//! The file is committed and only ever added to: branches that each add a line merge by keeping both
//! (`merge=union` in `.gitattributes`). A line that is signed has a `signature`, which is OpenSSH's (SSHSIG)
//! of the namespace [`NAMESPACE`], over the line's JSON without it, written without blanks and with the
//! members in their order; its armour is without frame and line ends.

use crate::digest::Sha256;
use crate::error::{Code, Diagnose, Diagnostic, Hint};
use crate::name::EnvironmentName;
use serde_json::{Map, Value};
use std::fmt;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The file's name.
pub const FILE_NAME: &str = "anvil.reviews";

/// The namespace of signatures of lines, which no other signature has.
pub const NAMESPACE: &str = "anvil-review@v1";

/// The newest form of lines that this Anvil reads and the one it writes.
const FORMAT: u64 = 1;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The content may become the lock.
    Approve,
    /// It may not, and is not proposed again.
    Reject,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Decision::Approve => "approve",
            Decision::Reject => "reject",
        })
    }
}

/// One decision of one person about one content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The environment.
    pub environment: EnvironmentName,
    /// What was decided.
    pub decision: Decision,
    /// Of the lock's bytes.
    pub digest: Sha256,
    /// Who decided, as they say.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
    /// Why, where they said it.
    pub reason: Option<String>,
}

impl Review {
    /// Returns the line's JSON without a signature: what is signed.
    pub fn payload(&self) -> String {
        Value::Object(self.object()).to_string()
    }

    /// Returns the line, without its end.
    pub fn line(&self, signature: Option<&str>) -> String {
        let mut object = self.object();
        if let Some(signature) = signature {
            object.insert("signature".into(), signature.into());
        }
        Value::Object(object).to_string()
    }

    fn object(&self) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("v".into(), FORMAT.into());
        object.insert("environment".into(), self.environment.as_str().into());
        object.insert("decision".into(), self.decision.to_string().into());
        object.insert("digest".into(), format!("sha256:{}", self.digest).into());
        object.insert("by".into(), self.by.as_str().into());
        object.insert("at".into(), self.at.as_str().into());
        if let Some(reason) = &self.reason {
            object.insert("reason".into(), reason.as_str().into());
        }
        object
    }
}

/// A line that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// What it says.
    pub review: Review,
    /// Its number, from 1.
    pub line: usize,
    /// What its signature must be over.
    pub payload: String,
    /// Its signature, if it has one.
    pub signature: Option<String>,
}

/// A line that is none of the file's.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", .0.message)]
pub struct ReviewsError(Box<Diagnostic>);

impl ReviewsError {
    fn new(text: &str, line: usize, span: std::ops::Range<usize>, why: &str) -> Self {
        let message = format!("line {line} of {FILE_NAME} is no review: {why}");
        let fault = Diagnostic::error(Code::A1182, message).at(FILE_NAME, text.into(), span, "");
        ReviewsError(Box::new(fault.hint(Hint::run("see when it changed", format!("git log -p {FILE_NAME}")))))
    }
}

impl Diagnose for ReviewsError {
    fn code(&self) -> Code {
        Code::A1182
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        std::slice::from_ref(&self.0)
    }
}

/// Returns the lines of `text`, in their order. Empty ones are passed over.
///
/// # Errors
/// When a line is no review, the first such with its number.
pub fn parse(text: &str) -> Result<Vec<Recorded>, ReviewsError> {
    let (mut recorded, mut start) = (Vec::new(), 0);
    for (number, whole) in text.split_inclusive('\n').enumerate() {
        let (line, at) = (whole.trim_end_matches(['\n', '\r']), start);
        start += whole.len();
        if line.trim().is_empty() {
            continue;
        }
        let read = read(line, number + 1);
        recorded.push(read.map_err(|why| ReviewsError::new(text, number + 1, at..at + line.len(), &why))?);
    }
    Ok(recorded)
}

fn read(line: &str, number: usize) -> Result<Recorded, String> {
    if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark)) {
        return Err("a merge left conflict markers; keep the lines of both sides, and remove the markers".into());
    }
    let mut object = match serde_json::from_str(line) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return Err("it is no JSON object".into()),
        Err(error) => return Err(format!("it is not JSON ({error})")),
    };
    match object.get("v").and_then(Value::as_u64) {
        Some(FORMAT) => {}
        Some(newer) if newer > FORMAT => return Err(format!("it has the form {newer}: upgrade anvil")),
        _ => return Err(format!("it has no `\"v\":{FORMAT}`")),
    }
    let text = |key: &str| -> Result<&str, String> {
        let text = object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.ok_or_else(|| format!("it has no text `{key}`"))
    };
    let decision = match text("decision")? {
        "approve" => Decision::Approve,
        "reject" => Decision::Reject,
        other => return Err(format!("its decision is {other:?}, and neither `approve` nor `reject`")),
    };
    let digest = text("digest")?.strip_prefix("sha256:").and_then(|hex| hex.parse().ok());
    let review = Review {
        environment: text("environment")?.parse().map_err(|error: crate::name::NameError| error.to_string())?,
        decision,
        digest: digest.ok_or("its digest is not `sha256:` and 64 digits")?,
        by: text("by")?.to_owned(),
        at: moment(text("at")?)?.to_owned(),
        reason: object.get("reason").and_then(Value::as_str).map(str::to_owned),
    };
    let signature = match object.shift_remove("signature") {
        None => None,
        Some(Value::String(signature)) => Some(signature),
        Some(_) => return Err("its signature is no text".into()),
    };
    // Members that a newer Anvil added are signed, too.
    Ok(Recorded { review, line: number, payload: Value::Object(object).to_string(), signature })
}

/// Returns `text` if it is a time as lines have it, so that two of them are in the order of their texts.
fn moment(text: &str) -> Result<&str, String> {
    let is_shaped = text.len() == "2026-01-31T10:00:00Z".len() && text.ends_with('Z');
    match OffsetDateTime::parse(text, &Rfc3339) {
        Ok(_) if is_shaped => Ok(text),
        _ => Err(format!("its `at` is {text:?}, and no time such as `2026-01-31T10:00:00Z`")),
    }
}

/// Returns `text` with one more line at its end.
pub fn appended(text: &str, line: &str) -> String {
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{end}{line}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review() -> Review {
        Review {
            environment: "staging".parse().unwrap(),
            decision: Decision::Approve,
            digest: Sha256::of("lock"),
            by: "Ada <ada@example.com>".into(),
            at: "2026-11-24T10:00:00Z".into(),
            reason: None,
        }
    }

    #[test]
    fn a_line_is_read_as_it_was_written_and_what_is_signed_leaves_the_signature_out() {
        let text = appended("", &review().line(Some("U1NI")));
        let read = parse(&text).unwrap();
        assert_eq!(read[0].review, review());
        assert_eq!((read[0].line, read[0].signature.as_deref()), (1, Some("U1NI")));
        assert_eq!(read[0].payload, review().payload());
        let rejected = Review { decision: Decision::Reject, reason: Some("Too \"bold\"".into()), ..review() };
        assert_eq!(parse(&appended(&text, &rejected.line(None))).unwrap()[1].review, rejected);
    }

    #[test]
    fn lines_of_a_newer_anvil_keep_what_they_say_when_they_are_signed() {
        let line = review().line(None).replace("\"by\"", "\"ticket\":7,\"by\"");
        assert_eq!(parse(&line).unwrap()[0].payload, line);
    }

    #[test]
    fn a_line_that_is_none_is_told_with_its_number() {
        let good = review().line(None);
        for (bad, why) in [
            ("x", "it is not JSON"),
            ("[1]", "no JSON object"),
            ("<<<<<<< HEAD", "conflict markers"),
            (&good.replace("\"v\":1", "\"v\":2"), "upgrade anvil"),
            (&good.replace("\"v\":1,", ""), "it has no `\"v\":1`"),
            (&good.replace("approve", "aprove"), "its decision is \"aprove\""),
            (&good.replace("sha256:", "md5:"), "its digest is not"),
            (&good.replace("staging", "Staging"), "environment name"),
        ] {
            let error = parse(&format!("{good}\n\n{bad}\n{good}\n")).unwrap_err().to_string();
            assert!(error.starts_with("line 3 of anvil.reviews is no review: ") && error.contains(why), "{error}");
        }
    }

    #[test]
    fn a_file_whose_last_line_has_no_end_gets_one() {
        assert_eq!(appended("a", "b"), "a\nb\n");
    }
}
