//! The literal text of a template: what it says whatever it is given.

/// Blocks whose content is never printed.
const SILENT: [&str; 2] = ["comment", "doc"];

/// Returns what of `body` is text: no tags, no outputs, no comments, the text of every branch. Dashes
/// trim as in Liquid, and a line that held tags and nothing else goes with its newline.
pub fn literal_text(body: &str) -> String {
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    let mut trims = false;
    // Where the line of `text` that is being written begins, and whether a tag was met in it.
    let (mut line, mut has_tag) = (0, false);
    let mut push = |text: &mut String, piece: &str, has_tag: &mut bool| {
        for part in piece.split_inclusive('\n') {
            text.push_str(part);
            if part.ends_with('\n') {
                if *has_tag && text[line..].trim().is_empty() {
                    text.truncate(line);
                }
                (line, *has_tag) = (text.len(), false);
            }
        }
        line = line.min(text.len());
    };
    while let Some(start) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let (before, tag) = rest.split_at(start);
        let is_output = tag.starts_with("{{");
        let close = if is_output { "}}" } else { "%}" };
        let Some(length) = end_of(&tag[2..], close).map(|end| end + 4) else { break };
        let inner = &tag[2..length - 2];
        let before = if trims { before.trim_start() } else { before };
        push(&mut text, before, &mut has_tag);
        if inner.starts_with('-') {
            let kept = text.trim_end().len();
            text.truncate(kept);
        }
        trims = inner.ends_with('-');
        rest = &tag[length..];
        has_tag |= !is_output;
        let name = inner.trim_matches('-').trim_start();
        let name = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
        if is_output || !(name == "raw" || SILENT.contains(&name)) {
            continue;
        }
        let (inside, after) = block(rest, name);
        if name == "raw" {
            push(&mut text, inside, &mut has_tag);
        }
        (rest, trims, has_tag) = (after, false, true);
    }
    push(&mut text, if trims { rest.trim_start() } else { rest }, &mut has_tag);
    text
}

/// Returns where `close` stands in `tag`, not within quotes.
fn end_of(tag: &str, close: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, _) if tag[at..].starts_with(close) => return Some(at),
            _ => {}
        }
    }
    // A quote that is never closed is none.
    tag.find(close)
}

/// Returns what stands before the end of the block called `name`, and what after its end tag.
fn block<'a>(rest: &'a str, name: &str) -> (&'a str, &'a str) {
    let mut from = 0;
    while let Some(start) = rest[from..].find("{%").map(|found| from + found) {
        let Some(end) = rest[start..].find("%}").map(|found| start + found + 2) else { break };
        let inner = rest[start + 2..end - 2].trim_matches('-').trim();
        if inner.strip_prefix("end") == Some(name) {
            return (&rest[..start], &rest[end..]);
        }
        from = start + 2;
    }
    (rest, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_outputs_and_comments_are_no_text() {
        for (body, text) in [
            ("Hi {{ name }}, welcome.", "Hi , welcome."),
            ("{% system %}\nBe {{ x }}.\n{% if a %}\nYes\n{% endif %}\n{% endsystem %}", "Be .\nYes\n"),
            ("a {%- if x -%} b {%- endif -%} c", "abc"),
            ("a{% comment %} {{ b }} {% if %} {% endcomment %}c", "ac"),
            ("{% raw %}{{ x }}{% endraw %}!", "{{ x }}!"),
            ("{{ \"}}\" }}x{% assign a = '%}' %}y", "xy"),
            ("it's {{ 'a' }} and {{ b", "it's  and {{ b"),
            ("a\n{% # note %}\nb", "a\nb"),
            ("a\n\nb\n", "a\n\nb\n"),
            ("", ""),
        ] {
            assert_eq!(literal_text(body), text, "{body:?}");
        }
    }
}
