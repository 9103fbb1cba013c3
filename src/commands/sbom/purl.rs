//! Package URLs (ECMA-427): what other tools know a set by.

use super::Component;
use crate::lockfile::Source;
use std::fmt::Write as _;

/// Returns the package URL of a set: `pkg:generic/core/tone@1.4.2?checksum=sha256:…`. There is no type for
/// prompts, and `generic` is for what has none; the checksum says which bytes are meant.
pub(super) fn of(set: &Component) -> String {
    let mut text =
        format!("pkg:generic/{}/{}@{}", set.name.project(), set.name.set(), encoded(&set.version.to_string()));
    // Sorted by their names, as the canonical form wants it.
    let qualifiers = [
        ("checksum", set.sha256.map(|sha256| format!("sha256:{sha256}"))),
        ("download_url", set.download_url()),
        ("vcs_url", set.vcs_url().map(|url| url.split('#').next().unwrap_or_default().to_owned())),
    ];
    let mut separator = '?';
    for (name, value) in qualifiers {
        if let Some(value) = value {
            let _ = write!(text, "{separator}{name}={}", encoded(&value)); // Writing to a `String` cannot fail.
            separator = '&';
        }
    }
    if let Source::Git { subdirectory: Some(folder), .. } = &set.source {
        let segments: Vec<String> = folder.split('/').map(encoded).collect();
        let _ = write!(text, "#{}", segments.join("/"));
    }
    text
}

/// Percent-encodes all that is not unreserved (RFC 3986, section 2.3), but for the colon, which is never encoded,
/// and the slash, which separates nothing where a slash can stand.
fn encoded(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b'/' => {
                written.push(char::from(byte))
            }
            byte => _ = write!(written, "%{byte:02X}"),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::super::About;
    use super::*;

    #[test]
    fn a_package_url_names_the_bytes_and_where_they_are() {
        let set = |source: &str, sha256: Option<&str>| Component {
            name: "core/tone".parse().unwrap(),
            version: "1.4.2-rc.1".parse().unwrap(),
            source: source.parse().unwrap(),
            sha256: sha256.map(|hex| hex.parse().unwrap()),
            digest: None,
            about: About::default(),
            needs: Vec::new(),
        };
        let sha256 = "ab".repeat(32);
        assert_eq!(
            of(&set("registry:test", Some(&sha256))),
            format!("pkg:generic/core/tone@1.4.2-rc.1?checksum=sha256:{sha256}")
        );
        assert_eq!(
            of(&set("registry:prompts.example.com/acme", Some(&sha256))),
            format!(
                "pkg:generic/core/tone@1.4.2-rc.1?checksum=sha256:{sha256}&download_url=https://prompts.example.com\
                 /acme/bundles/core/tone/tone-1.4.2-rc.1-abababababababab.tar.gz"
            )
        );
        let commit = "01".repeat(20);
        assert_eq!(
            of(&set(&format!("git+https://user:pw@example.com/lab.git?subdirectory=my ideas/a#{commit}"), None)),
            format!(
                "pkg:generic/core/tone@1.4.2-rc.1?vcs_url=git%2Bhttps://example.com/lab.git%40{commit}#my%20ideas/a"
            )
        );
        assert_eq!(of(&set("path:../tone", None)), "pkg:generic/core/tone@1.4.2-rc.1");
    }
}
