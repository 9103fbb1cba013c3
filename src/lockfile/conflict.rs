//! The two sides of a lock that git left with conflict markers.

/// Where in a conflict a line stands.
enum Side {
    Both,
    Ours,
    /// What both sides come from, which git writes in the style `diff3`.
    Base,
    Theirs,
}

/// Returns the text with our side and with their side of each conflict, or nothing if it has none.
///
/// A marker is some equal characters at the start of a line, alone or followed by a blank (git's
/// `merge.conflictStyle`: `merge`, `diff3` and `zdiff3`). They are seven, or as many as git's attribute
/// `conflict-marker-size` says, and all of a conflict are of one length: longer ones mark a conflict within
/// a base; they stand in the base section and go with it.
pub(super) fn split(text: &str) -> Option<(String, String)> {
    if !text.lines().any(|line| marker(line, '<').is_some()) {
        return None;
    }
    let (mut ours, mut theirs) = (String::new(), String::new());
    let (mut side, mut length) = (Side::Both, 0);
    for line in text.split_inclusive('\n') {
        let is = |mark| marker(line, mark) == Some(length);
        let begun = marker(line, '<').filter(|found| matches!(side, Side::Both) || *found == length);
        side = match side {
            _ if begun.is_some() => {
                length = begun.unwrap_or_default();
                Side::Ours
            }
            Side::Ours if is('|') => Side::Base,
            Side::Ours | Side::Base if is('=') => Side::Theirs,
            Side::Theirs if is('>') => Side::Both,
            side => {
                if matches!(side, Side::Both | Side::Ours) {
                    ours.push_str(line);
                }
                if matches!(side, Side::Both | Side::Theirs) {
                    theirs.push_str(line);
                }
                side
            }
        };
    }
    Some((ours, theirs))
}

/// Returns how long the marker of `mark` is that `line` is, if it is one. No line of TOML is.
fn marker(line: &str, mark: char) -> Option<usize> {
    /// Fewer are no marker that anybody would ask for.
    const SHORTEST: usize = 3;
    let rest = line.trim_start_matches(mark);
    let length = line.len() - rest.len();
    let is_alone = rest.trim_end_matches(['\r', '\n']).is_empty() || rest.starts_with(' ');
    (length >= SHORTEST && is_alone).then_some(length)
}

/// Returns `text` cut before each `[[…]]`, so that one that cannot be read takes no other with it.
pub(super) fn blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    for line in text.split_inclusive('\n') {
        if line.starts_with("[[") || blocks.is_empty() {
            blocks.push(String::new());
        }
        if let Some(block) = blocks.last_mut() {
            block.push_str(line);
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_is_the_file_as_that_side_has_it() {
        let text = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> branch\nd\n<<<<<<< HEAD\ne\n=======\n>>>>>>> branch\n";
        assert_eq!(split(text), Some(("a\nb\nd\ne\n".into(), "a\nc\nd\n".into())));
        assert_eq!(split("a = \"<<<<<<< x\"\n"), None);
    }

    #[test]
    fn the_base_belongs_to_neither_side() {
        let text =
            "<<<<<<< ours\r\na\r\n||||||| 1234567\r\n<<<<<<<<< nested\r\nb\r\n=======\r\nc\r\n>>>>>>> theirs\r\n";
        assert_eq!(split(text), Some(("a\r\n".into(), "c\r\n".into())));
    }

    #[test]
    fn markers_are_as_long_as_git_was_told() {
        for length in [3, 7, 12, 64] {
            let [begin, base, middle, end] = ["<", "|", "=", ">"].map(|mark| mark.repeat(length));
            let text = format!("a\n{begin} HEAD\nb\n{base} 1234567\nx\n{middle}\nc\n{end} branch\nd\n");
            assert_eq!(split(&text), Some(("a\nb\nd\n".into(), "a\nc\nd\n".into())), "{length}");
        }
        // Those of a base that had a conflict itself are longer than those around it.
        let text =
            "<<<<<<<< ours\na\n|||||||| base\n<<<<<<<<<< x\nb\n==========\nc\n>>>>>>>>>> y\n========\nd\n>>>>>>>> t\n";
        assert_eq!(split(text), Some(("a\n".into(), "d\n".into())));
    }

    #[test]
    fn a_conflict_that_never_ends_loses_no_line() {
        assert_eq!(split("<<<<<<<\na\n"), Some(("a\n".into(), String::new())));
        assert_eq!(split("<<<<<<<\na\n=======\nb\n"), Some(("a\n".into(), "b\n".into())));
    }
}
