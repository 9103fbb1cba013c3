//! Filters that write for HTML and URLs. Each goes over its input once, whatever that holds.

use super::{Call, Filtered};

/// Writes a text that may grow, up to a limit.
struct Grown {
    out: String,
    most: usize,
}

impl Grown {
    fn new(call: &Call<'_, '_>, text: &str) -> Grown {
        Grown { out: String::with_capacity(text.len()), most: call.most_bytes }
    }

    /// Adds `more`, or says that there is no more room.
    fn push(&mut self, more: &str) -> Result<(), String> {
        if self.out.len() + more.len() > self.most {
            return Err(super::too_long(self.most));
        }
        self.out.push_str(more);
        Ok(())
    }
}

/// Returns what a character becomes in HTML, as Ruby's `CGI.escapeHTML` writes it.
fn entity(byte: u8) -> Option<&'static str> {
    Some(match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'"' => "&quot;",
        b'\'' => "&#39;",
        _ => return None,
    })
}

fn escaped<'a>(call: &Call<'_, 'a>, is_kept: impl Fn(&str) -> bool) -> Filtered<'a> {
    let text = call.text()?;
    let mut grown = Grown::new(call, &text);
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(entity) = entity(byte).filter(|_| !is_kept(&text[at..])) {
            grown.push(&text[plain..at])?;
            grown.push(entity)?;
            plain = at + 1;
        }
    }
    grown.push(&text[plain..])?;
    Ok(grown.out.into())
}

pub(super) fn escape<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    escaped(call, |_| false)
}

pub(super) fn escape_once<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    escaped(call, is_entity)
}

/// Returns whether `text` begins with an entity: `&name;` or `&#123;`.
fn is_entity(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('&') else { return false };
    let (name, is_part): (_, fn(&u8) -> bool) = match rest.strip_prefix('#') {
        Some(digits) => (digits, u8::is_ascii_digit),
        None => (rest, u8::is_ascii_alphabetic),
    };
    let length = name.bytes().take_while(is_part).count();
    length > 0 && name.as_bytes().get(length) == Some(&b';')
}

pub(super) fn newline_to_br<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let text = call.text()?;
    let mut grown = Grown::new(call, &text);
    let mut lines = text.split('\n');
    let mut line = lines.next().unwrap_or_default();
    for next in lines {
        grown.push(line.strip_suffix('\r').unwrap_or(line))?;
        grown.push("<br />\n")?;
        line = next;
    }
    grown.push(line)?;
    Ok(grown.out.into())
}

/// As Shopify's: first whole scripts, comments and style sheets, then all tags.
pub(super) fn strip_html<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let text = call.text()?;
    let blocks = [("<script", "</script>"), ("<!--", "-->"), ("<style", "</style>")];
    let without_blocks = cut_out(&text, &blocks);
    call.made(cut_out(&without_blocks, &[("<", ">")]))
}

/// Returns `text` without what stands between any pair of `kinds`, these included. An end that is
/// not found once is not looked for again, which keeps this linear.
fn cut_out(text: &str, kinds: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut ended = [false; 3];
    let (mut at, mut kept_from) = (0, 0);
    while let Some(offset) = text[at..].find('<') {
        at += offset;
        let rest = &text[at..];
        let found = kinds.iter().zip(&mut ended).find_map(|((open, close), ended)| {
            if *ended || !rest.starts_with(open) {
                return None;
            }
            let end = rest[open.len()..].find(close);
            *ended = end.is_none();
            end.map(|end| at + open.len() + end + close.len())
        });
        match found {
            Some(end) => {
                out.push_str(&text[kept_from..at]);
                (at, kept_from) = (end, end);
            }
            None => at += 1,
        }
    }
    out.push_str(&text[kept_from..]);
    out
}

/// As Ruby's `CGI.escape`: a blank is `+`.
pub(super) fn url_encode<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let text = call.text()?;
    let mut grown = Grown::new(call, &text);
    for byte in text.bytes() {
        match byte {
            b' ' => grown.push("+")?,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => {
                grown.push(char::from(byte).encode_utf8(&mut [0; 4]))?;
            }
            other => {
                let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0').to_ascii_uppercase();
                let escape: String = ['%', digit(other >> 4), digit(other & 15)].iter().collect();
                grown.push(&escape)?;
            }
        }
    }
    Ok(grown.out.into())
}

/// As Ruby's `CGI.unescape`: what is no escape stays as it is.
pub(super) fn url_decode<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let text = call.text()?;
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (b'+', ..) => {
                out.push(b' ');
                at += 1;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map(Into::into).map_err(|_| "`url_decode`: what is encoded is no text".to_owned())
}
