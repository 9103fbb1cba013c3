//! Git's unified format: what `git diff` prints, and what `git apply` and `patch -p1` take.
//!
//! Format: git's documentation of diff-format, "Generating patch text with -p".

use super::{Change, Comparison, FileChange, Hunk, LineKind};
use std::fmt;

/// The mode of every file: bundles keep no other.
const MODE: &str = "100644";

/// What git writes for the id of no content.
const NO_ID: &str = "0000000";

impl Comparison {
    /// Returns the difference in git's unified format, to be worked out with [`super::Detail::Lines`] at least.
    pub fn unified(&self) -> String {
        self.files.iter().map(FileChange::unified).collect()
    }
}

impl FileChange {
    /// Returns the header lines that stand before the first hunk, without the last newline; of a file
    /// that is no text they say no more than that it differs.
    pub fn unified_header(&self) -> String {
        self.header(Ids::Short)
    }

    fn header(&self, ids: Ids) -> String {
        let old_path = self.old_path.as_deref().unwrap_or(&self.path);
        // `patch` reads a name with blanks from the `---` and `+++` lines alone; where these are
        // missing the quotes, which git takes as well, keep it whole.
        let blanks = if self.hunks.is_empty() { Blanks::Quoted } else { Blanks::Bare };
        let (a, b) = (quoted("a/", old_path, blanks), quoted("b/", &self.path, blanks));
        let mut header = vec![format!("diff --git {a} {b}")];
        match self.change {
            Change::Added => header.push(format!("new file mode {MODE}")),
            Change::Deleted => header.push(format!("deleted file mode {MODE}")),
            Change::Renamed => header.extend([
                format!("similarity index {}%", self.similarity.unwrap_or_default()),
                format!("rename from {}", quoted("", old_path, Blanks::Bare)),
                format!("rename to {}", quoted("", &self.path, Blanks::Bare)),
            ]),
            Change::Modified => {}
        }
        if self.old_id != self.new_id {
            let id = |id: Option<super::BlobId>| match ids {
                Ids::Short => id.map_or(NO_ID.to_owned(), |id| id.short()),
                Ids::Whole => id.map_or("0".repeat(40), |id| id.to_string()),
            };
            let mode = if self.old_id.is_some() && self.new_id.is_some() { format!(" {MODE}") } else { String::new() };
            header.push(format!("index {}..{}{mode}", id(self.old_id), id(self.new_id)));
        }
        let (a, b) = (quoted("a/", old_path, Blanks::Bare), quoted("b/", &self.path, Blanks::Bare));
        let a = if self.change == Change::Added { "/dev/null".to_owned() } else { a };
        let b = if self.change == Change::Deleted { "/dev/null".to_owned() } else { b };
        if self.binary && ids == Ids::Short {
            header.push(format!("Binary files {a} and {b} differ"));
        } else if !self.hunks.is_empty() {
            // The tab tells where a name with blanks ends.
            let tab = |name: &str| if name.contains(' ') { "\t" } else { "" };
            header.push(format!("--- {a}{}", tab(&a)));
            header.push(format!("+++ {b}{}", tab(&b)));
        }
        header.join("\n")
    }

    /// Returns the file's part of the unified text, with its last newline.
    pub fn unified(&self) -> String {
        let Some(patch) = &self.binary_patch else { return self.unified_text() };
        // Git wants to know for certain what it replaces by something that cannot be looked at.
        format!("{}\n{patch}", self.header(Ids::Whole))
    }

    fn unified_text(&self) -> String {
        let mut text = self.unified_header();
        text.push('\n');
        for hunk in &self.hunks {
            text.push_str(&hunk.to_string());
        }
        text
    }
}

impl Hunk {
    /// Returns the `@@` line, without a newline.
    pub fn header(&self) -> String {
        let range = |start: usize, lines: usize| match lines {
            1 => start.to_string(),
            _ => format!("{start},{lines}"),
        };
        let old = range(self.old_start, self.old_lines);
        let new = range(self.new_start, self.new_lines);
        format!("@@ -{old} +{new} @@")
    }
}

impl LineKind {
    /// Returns the sign that stands before such a line.
    pub const fn sign(self) -> char {
        match self {
            LineKind::Context => ' ',
            LineKind::Removed => '-',
            LineKind::Added => '+',
        }
    }
}

impl fmt::Display for Hunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.header())?;
        for line in &self.lines {
            write!(f, "{}", line.kind.sign())?;
            for segment in &line.segments {
                f.write_str(&segment.text)?;
            }
            f.write_str("\n")?;
            if line.no_newline {
                f.write_str("\\ No newline at end of file\n")?;
            }
        }
        Ok(())
    }
}

/// How ids are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ids {
    Short,
    Whole,
}

/// Whether a blank alone makes a name stand in quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blanks {
    Bare,
    Quoted,
}

/// Returns the path as git writes it: in quotes, with C's escapes, if it holds a control
/// character, a quote, a backslash or anything beyond ASCII (git's `core.quotePath`).
fn quoted(prefix: &str, path: &str, blanks: Blanks) -> String {
    let special = |byte: u8| !(0x20..0x7f).contains(&byte) || matches!(byte, b'"' | b'\\');
    let quotes_needed = path.bytes().any(special) || (blanks == Blanks::Quoted && path.contains(' '));
    if !quotes_needed {
        return format!("{prefix}{path}");
    }
    let mut text = format!("\"{prefix}");
    for byte in path.bytes() {
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            0x07 => text.push_str("\\a"),
            0x08 => text.push_str("\\b"),
            b'\t' => text.push_str("\\t"),
            b'\n' => text.push_str("\\n"),
            0x0b => text.push_str("\\v"),
            0x0c => text.push_str("\\f"),
            b'\r' => text.push_str("\\r"),
            _ if special(byte) => text.push_str(&format!("\\{byte:03o}")),
            _ => text.push(char::from(byte)),
        }
    }
    text.push('"');
    text
}
