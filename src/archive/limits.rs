//! What a bundle may hold. Whoever takes one in holds these limits while reading, not after.

use crate::name::is_windows_device;

/// The limits of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of the archive.
    pub packed: u64,
    /// The most bytes of its files together.
    pub unpacked: u64,
    /// The most unpacked bytes a packed byte may give.
    pub ratio: u64,
    /// The most files.
    pub files: usize,
    /// The most bytes of a path.
    pub path_bytes: usize,
    /// The most segments of a path.
    pub path_segments: usize,
}

impl Limits {
    /// The limits of the format.
    pub const FORMAT: Limits =
        Limits { packed: 10 << 20, unpacked: 64 << 20, ratio: 100, files: 10_000, path_bytes: 255, path_segments: 16 };
}

/// Why a path may not stand in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` {why}", shown(.path))]
pub struct PathFault {
    /// The path, as it was found.
    pub path: String,
    /// What is wrong with it, as the sentence that the path begins, e.g. "holds a colon".
    pub why: &'static str,
}

/// Returns `path` as one short line of a message may show it: what cannot be seen is escaped.
pub(super) fn shown(path: &str) -> String {
    const MOST: usize = 120;
    let mut line: String = path.chars().take(MOST).collect::<String>().escape_debug().collect();
    if path.chars().nth(MOST).is_some() {
        line.push('…');
    }
    line
}

/// Checks one path relative to the set's folder, as bundles hold it.
///
/// What passes names a file inside its folder on every system, can hold no repository's inside,
/// and reads as it is. That two paths do not meet is for the whole bundle to say.
///
/// # Errors
/// The first thing that is wrong with the path.
pub fn check_path(path: &str) -> Result<(), PathFault> {
    let fault = |why| Err(PathFault { path: path.to_owned(), why });
    if path.is_empty() {
        return fault("is an empty path");
    }
    if path.len() > Limits::FORMAT.path_bytes {
        return fault("is longer than 255 bytes");
    }
    if path.split('/').count() > Limits::FORMAT.path_segments {
        return fault("has more than 16 segments");
    }
    if path.starts_with('/') {
        return fault("is an absolute path");
    }
    for character in path.chars() {
        match character {
            '\\' => return fault("holds a backslash"),
            ':' => return fault("holds a colon"),
            _ if character.is_control() => return fault("holds a control character"),
            _ if hides_or_reorders(character) => return fault("holds a character that hides or reorders text"),
            _ => {}
        }
    }
    path.split('/').try_for_each(|segment| check_segment(segment).or_else(fault))
}

fn check_segment(segment: &str) -> Result<(), &'static str> {
    match segment {
        "" => return Err("has an empty segment"),
        "." | ".." => return Err("has a segment `.` or `..`"),
        _ => {}
    }
    if is_git_folder(segment) {
        return Err("has a segment that git takes for its own folder");
    }
    // Windows drops them, so that `a.` and `a` would be one file there.
    if segment.ends_with(['.', ' ']) {
        return Err("has a segment that ends in a dot or a space");
    }
    if is_windows_device(segment) {
        return Err("has a segment that is a device on Windows");
    }
    Ok(())
}

/// Returns whether some system opens `.git` by the name `segment`: in another case, by the short
/// name that NTFS gives it, or with joiners that HFS+ does not see. The rules are those of git's
/// `core.protectNTFS` and `core.protectHFS`.
fn is_git_folder(segment: &str) -> bool {
    let plain: String = segment.chars().filter(|character| !is_joiner(*character)).collect();
    let plain = plain.trim_end_matches(['.', ' ']).to_ascii_lowercase();
    match plain.strip_prefix("git~") {
        Some(number) => !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()),
        None => plain == ".git",
    }
}

/// Returns whether `character` joins or parts its neighbours and is itself not seen. Some scripts
/// and emoji need these two, so they are let through, but never make a difference.
pub(super) fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// Returns whether `character` is not seen, or turns the direction of what is around it, so that
/// a path would not read as it is.
fn hides_or_reorders(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_pass() {
        let deep = ["a"; 16].join("/");
        let long = "b".repeat(255);
        for good in
            ["anvil.toml", "prompts/a b.prompt.md", ".gitignore", ".gitattributes", "größe/日本.md", &deep, &long]
        {
            assert_eq!(check_path(good), Ok(()), "{good:?}");
        }
        assert_eq!(check_path("کتاب\u{200c}ها/👩\u{200d}💻.md"), Ok(()), "scripts that need joiners have them");
        for good in ["git~", "git~x", "xgit~1", "..a", "a..b", "console", "com", "a.con", "company/x"] {
            assert_eq!(check_path(good), Ok(()), "{good:?}");
        }
    }

    #[test]
    fn what_means_something_else_somewhere_is_refused() {
        let deep = ["a"; 17].join("/");
        let long = "b".repeat(256);
        #[rustfmt::skip]
        let bad = [
            "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", &deep, &long,
            ".git", ".git/config", "a/.GIT/x", ".Git.", ".git ", ".git. .", "git~1", "GIT~2/x", ".g\u{200c}it", "\u{200d}.git",
            "a\\b", "C:a", "a:stream", ".git::$INDEX_ALLOCATION", "a\nb", "a\0", "a\u{7f}", "a\u{85}",
            "con", "a/NUL.txt", "com1", "aux.prompt.md", "lpt¹", "a.", "a ", "dir./b",
            "a\u{200b}b", "a\u{202e}dm.exe", "\u{feff}a", "a\u{e0041}",
        ];
        for bad in bad {
            assert!(check_path(bad).is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn a_fault_is_one_short_line() {
        let fault = check_path(&format!("a\nb{}", "c".repeat(200))).unwrap_err();
        assert_eq!(fault.to_string(), format!("`a\\nb{}…` holds a control character", "c".repeat(117)));
    }
}
