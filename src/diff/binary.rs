//! Git's form of a change that is no text: both contents, deflated and in base 85.
//!
//! Format: `git diff --binary`, as `git apply` reads it (git's `apply.c`, `parse_binary`, and
//! `base85.c` for the alphabet). A line begins with its number of bytes, `A` to `Z` for 1 to 26
//! and `a` to `z` for 27 to 52. GNU `patch` has no such form and leaves the file alone.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write as _;

/// The most bytes of a line.
const LINE: usize = 52;

const DIGITS: &[u8; 85] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/// Returns the patch from `old` to `new` and back, with its last newline.
pub(super) fn patch(old: &[u8], new: &[u8]) -> String {
    format!("GIT binary patch\n{}\n{}\n", literal(new), literal(old))
}

/// Returns `content` as a literal, with its last newline.
fn literal(content: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let deflated = encoder.write_all(content).and_then(|()| encoder.finish()).expect("a vector takes every write");
    let mut text = format!("literal {}\n", content.len());
    for line in deflated.chunks(LINE) {
        let length = line.len() as u8;
        text.push(char::from(if length <= 26 { b'A' + length - 1 } else { b'a' + length - 27 }));
        for group in line.chunks(4) {
            let mut bytes = [0; 4];
            bytes[..group.len()].copy_from_slice(group);
            let mut number = u32::from_be_bytes(bytes);
            let mut digits = [0; 5];
            for digit in digits.iter_mut().rev() {
                *digit = DIGITS[(number % 85) as usize];
                number /= 85;
            }
            text.extend(digits.map(char::from));
        }
        text.push('\n');
    }
    text
}
