//! A side in memory, and random trees for the tests.

use super::{BlobId, Side, SideFile};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Files in memory; it remembers which were read.
#[derive(Default)]
pub(super) struct Memory {
    files: Vec<SideFile>,
    contents: BTreeMap<String, Vec<u8>>,
    pub(super) read: RefCell<Vec<String>>,
}

impl Memory {
    pub(super) fn of(contents: &BTreeMap<String, Vec<u8>>) -> Self {
        let files = contents.iter().map(|(path, bytes)| SideFile { path: path.clone(), id: id_of(bytes) }).collect();
        Memory { files, contents: contents.clone(), read: RefCell::default() }
    }

    pub(super) fn texts(contents: &[(&str, &str)]) -> Self {
        Memory::of(&contents.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect())
    }
}

impl Side for Memory {
    type Error = Infallible;

    fn files(&self) -> &[SideFile] {
        &self.files
    }

    fn read(&self, file: &SideFile) -> Result<Cow<'_, [u8]>, Infallible> {
        self.read.borrow_mut().push(file.path.clone());
        Ok(Cow::Borrowed(&self.contents[&file.path]))
    }
}

pub(super) fn id_of(bytes: &[u8]) -> BlobId {
    let oid = git2::Oid::hash_object(git2::ObjectType::Blob, bytes).unwrap();
    BlobId::from_bytes(oid.as_bytes().try_into().unwrap())
}

/// A small generator (xorshift64*, Vigna 2016), so that a failing seed can be run again.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn line(&mut self) -> String {
        let words =
            ["{{ ticket }}", "be", "kind", "grüße", "-", "+", "@@ -1 +1 @@", "\\ No newline", "", "--- a/x", "\t"];
        let count = self.below(4);
        (0..count).map(|_| self.pick(&words)).collect::<Vec<_>>().join(" ")
    }

    fn text(&mut self) -> Vec<u8> {
        let end = if self.below(4) == 0 { "\r\n" } else { "\n" };
        let count = self.below(60);
        let mut text: String = (0..count).map(|_| self.line() + end).collect();
        if self.below(3) == 0 {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        text.into_bytes()
    }

    fn edited(&mut self, text: &[u8]) -> Vec<u8> {
        let mut lines: Vec<Vec<u8>> = text.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
        for _ in 0..1 + self.below(3) {
            let at = self.below(lines.len() + 1);
            match self.below(4) {
                0 if at < lines.len() => _ = lines.remove(at),
                1 if at < lines.len() => lines[at] = (self.line() + "\n").into_bytes(),
                // The end of the file is where newlines are won and lost.
                2 => lines.last_mut().map_or((), |last| match last.last() {
                    Some(b'\n') => _ = last.pop(),
                    _ => last.push(b'\n'),
                }),
                _ => {
                    if at == lines.len() && lines.last().is_some_and(|last| last.last() != Some(&b'\n')) {
                        lines[at - 1].push(b'\n');
                    }
                    lines.insert(at, (self.line() + "\n").into_bytes());
                }
            }
        }
        lines.concat()
    }

    /// Returns two trees: files that stay, change, go, come, and move with or without changes.
    pub(super) fn trees(&mut self) -> (BTreeMap<String, Vec<u8>>, BTreeMap<String, Vec<u8>>) {
        let names =
            ["a.md", "with space.md", "quote\"d.md", "back\\slash.md", "grüße.md", "tab\there.md", "x/y z/ü.md"];
        let (mut old, mut new) = (BTreeMap::new(), BTreeMap::new());
        for count in 0..1 + self.below(7) {
            let path = format!("{}/{count}-{}", self.pick(&["prompts", "p q", "d"]), self.pick(&names));
            let text = self.text();
            match self.below(6) {
                0 => _ = old.insert(path, text),
                1 => _ = new.insert(path, text),
                2 => {
                    new.insert(format!("moved/{path}"), text.clone());
                    old.insert(path, text);
                }
                3 => {
                    new.insert(format!("moved/{path}"), self.edited(&text));
                    old.insert(path, text);
                }
                4 => {
                    new.insert(path.clone(), self.edited(&text));
                    old.insert(path, text);
                }
                _ => {
                    new.insert(path.clone(), text.clone());
                    old.insert(path, text);
                }
            }
        }
        (old, new)
    }
}
