//! Archives made by hand, as a stranger with bad intent would make them.

use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use tar::Header;

const MANIFEST: &[u8] = b"[set]\nname = \"support/onboarding\"\nversion = \"2.1.0\"\n";

fn identity() -> Identity {
    Identity { name: "support/onboarding".parse().unwrap(), version: "2.1.0".parse().unwrap() }
}

/// An archive in the making. The name and size in a header need not be true.
struct Crafted {
    tar: Vec<u8>,
}

impl Crafted {
    fn empty() -> Self {
        Crafted { tar: Vec::new() }
    }

    /// Begins with a valid `anvil.toml`.
    fn new() -> Self {
        Self::empty().file("onboarding-2.1.0/anvil.toml", MANIFEST)
    }

    fn header(mut self, header: &Header) -> Self {
        self.tar.extend_from_slice(header.as_bytes());
        self
    }

    fn content(mut self, bytes: &[u8]) -> Self {
        self.tar.extend_from_slice(bytes);
        self.tar.resize(self.tar.len().next_multiple_of(BLOCK), 0);
        self
    }

    fn entry(self, kind: u8, path: impl AsRef<[u8]>, bytes: &[u8]) -> Self {
        self.header(&header(kind, path, bytes.len() as u64)).content(bytes)
    }

    fn file(self, path: impl AsRef<[u8]>, bytes: &[u8]) -> Self {
        self.entry(b'0', path, bytes)
    }

    fn folder(self, path: &str) -> Self {
        self.entry(b'5', path, b"")
    }

    /// A file within the set's folder.
    fn inside(self, path: &str) -> Self {
        self.file(format!("onboarding-2.1.0/{path}"), b"x")
    }

    fn end(mut self) -> Self {
        self.tar.extend_from_slice(&[0; 2 * BLOCK]);
        self
    }

    fn gzip(&self) -> Vec<u8> {
        gzip(&self.tar)
    }

    /// Ends the archive and returns why it is refused.
    fn refused(self) -> String {
        refused(&self.end().gzip())
    }

    fn taken(self) -> FileSet {
        unpack(&identity(), &self.end().gzip()).unwrap()
    }
}

fn header(kind: u8, path: impl AsRef<[u8]>, size: u64) -> Header {
    let mut header = Header::new_ustar();
    let path = path.as_ref();
    let ustar = header.as_ustar_mut().unwrap();
    ustar.name[..path.len()].copy_from_slice(path);
    ustar.typeflag = [kind];
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(size);
    header.set_cksum();
    header
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

fn refused(bytes: &[u8]) -> String {
    unpack(&identity(), bytes).expect_err("it was taken").why
}

fn pax(key: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    let length = (1..).find(|length: &usize| *length == rest.len() + length.to_string().len()).unwrap();
    format!("{length}{rest}").into_bytes()
}

#[test]
fn a_plain_archive_is_taken_with_or_without_folders() {
    let files = Crafted::empty()
        .folder("onboarding-2.1.0/")
        .folder("onboarding-2.1.0/prompts")
        .file("onboarding-2.1.0/prompts/a.md", b"text")
        .file("onboarding-2.1.0/anvil.toml", MANIFEST)
        .taken();
    assert_eq!(files.paths().collect::<Vec<_>>(), ["anvil.toml", "prompts/a.md"]);
    assert_eq!(files.get("prompts/a.md"), Some(&b"text"[..]));
    assert_eq!(Crafted::new().taken().len(), 1);
}

#[test]
fn padding_to_a_whole_record_is_taken_and_more_is_not() {
    for (blocks, taken) in [(0, false), (1, false), (2, true), (20, true), (21, true), (22, true), (23, false)] {
        let mut archive = Crafted::new();
        archive.tar.resize(archive.tar.len() + blocks * BLOCK, 0);
        assert_eq!(unpack(&identity(), &archive.gzip()).is_ok(), taken, "{blocks} blocks");
    }
    let mut archive = Crafted::new();
    archive.tar.resize(archive.tar.len() + 23 * BLOCK, 0);
    assert_eq!(refused(&archive.gzip()), "something follows the archive's end");
}

#[test]
fn nothing_leaves_the_sets_folder() {
    for path in [
        "anvil.toml",
        "other-2.1.0/a",
        "onboarding-2.1.0",
        "onboarding-2.1.0x/a",
        "onboarding-2.1.01/a",
        "/onboarding-2.1.0/a",
        "./onboarding-2.1.0/a",
        "../onboarding-2.1.0/a",
        "",
    ] {
        let why = Crafted::new().file(path, b"x").refused();
        assert!(why.ends_with("is not under `onboarding-2.1.0/`"), "{path:?}: {why}");
    }
    for path in ["../a", "a/../../b", "/etc/passwd", "", "a//b", "./a", "a/", "a\\..\\..\\b", "C:/a"] {
        let why = Crafted::new().inside(path).refused();
        assert!(why.starts_with(&format!("`{}` ", shown(path))), "{path:?}: {why}");
    }
    assert!(Crafted::new().folder("elsewhere").refused().contains("not under"));
    assert!(Crafted::new().folder("onboarding-2.1.0/../x").refused().contains("`..`"));
}

#[test]
fn names_that_are_traps_on_some_system_are_refused() {
    for path in [
        ".git/config",
        ".GIT/hooks/post-checkout",
        "git~1/config",
        ".git ./x",
        ".g\u{200c}it/x",
        "aux.md",
        "a\nb",
        "a:b",
    ] {
        Crafted::new().inside(path).refused();
    }
    let why = Crafted::new().file(b"onboarding-2.1.0/\xff\xfe", b"").refused();
    assert!(why.ends_with("is not UTF-8"), "{why}");
}

#[test]
fn only_files_and_folders_are_taken() {
    for (kind, what) in [
        (b'1', "a hard link"),
        (b'2', "a symbolic link"),
        (b'3', "a device"),
        (b'4', "a device"),
        (b'6', "a pipe"),
        (b'7', "of an unknown type"),
        (b'S', "a sparse file"),
        (b'K', "a link with a long name"),
        (b'V', "of an unknown type"),
        (b'D', "of an unknown type"),
        (0xff, "of an unknown type"),
    ] {
        let why = Crafted::new().entry(kind, "onboarding-2.1.0/a", b"").refused();
        assert_eq!(why, format!("`onboarding-2.1.0/a` is {what}, not a regular file or a folder"));
    }
    let why = Crafted::new().entry(b'5', "onboarding-2.1.0/a", b"hidden").refused();
    assert_eq!(why, "`onboarding-2.1.0/a` is a folder with content");
}

#[test]
fn no_path_occurs_twice_on_any_file_system() {
    for pair in [["a", "a"], ["a", "A"], ["caf\u{e9}", "cafe\u{301}"], ["a", "a/b"], ["a/b", "a"], ["a/b", "A/c"]] {
        Crafted::new().inside(pair[0]).inside(pair[1]).refused();
    }
    assert!(Crafted::new().inside("ANVIL.TOML").refused().contains("only in case"));
    assert!(
        Crafted::new().folder("onboarding-2.1.0/a").folder("onboarding-2.1.0/A/").refused().contains("only in case")
    );
    assert!(Crafted::new().folder("onboarding-2.1.0/a").inside("a").refused().contains("a file where"));
}

#[test]
fn the_name_and_the_version_are_the_expected_ones() {
    let with = |manifest: &str| Crafted::empty().file("onboarding-2.1.0/anvil.toml", manifest.as_bytes()).refused();
    assert_eq!(Crafted::empty().inside("a").refused(), "it has no `anvil.toml`");
    assert_eq!(with(""), "its `anvil.toml` has no name");
    assert_eq!(with("set = 3"), "its `anvil.toml` has no name");
    assert_eq!(with("[set]\nname = \"support/onboarding\"\nversion = 2"), "its `anvil.toml` has no version");
    assert_eq!(
        with("[set]\nname = \"support/other\"\nversion = \"2.1.0\""),
        "its `anvil.toml` has the name `support/other`, not `support/onboarding`"
    );
    assert!(with("[set]\nname = \"support/onboarding\"\nversion = \"2.1.0+x\"").contains("not `2.1.0`"));
    assert!(with("[set\nname = ").starts_with("its `anvil.toml` is not TOML"));
    assert!(with(&format!("x = {}", "[".repeat(3000))).starts_with("its `anvil.toml` is not TOML"));
    assert!(with(&format!("# {}\n", "é".repeat(600_000))).starts_with("its files are more than 100 times"));
    assert_eq!(
        Crafted::empty().file("onboarding-2.1.0/anvil.toml", b"\xff").refused(),
        "its `anvil.toml` is not UTF-8"
    );
    let strange = [MANIFEST, b"edition = 99\nnew-key = true\n[new-table]\n"].concat();
    assert_eq!(
        Crafted::empty().file("onboarding-2.1.0/anvil.toml", &strange).taken().len(),
        1,
        "newer Anvils add keys"
    );
}

#[test]
fn bombs_are_refused_before_they_are_held() {
    let zeros = vec![0; 4 << 20];
    let why = Crafted::new().file("onboarding-2.1.0/zeros", &zeros).refused();
    assert_eq!(why, "its files are more than 100 times as large as its archive");
    // The header alone is enough: the content that it claims is not even there.
    let claims = Crafted::new().header(&header(b'0', "onboarding-2.1.0/a", 65 << 20));
    assert_eq!(refused(&claims.gzip()), format!("its files are larger than {} bytes together", 64 << 20));
    let claims = Crafted::new().header(&header(b'0', "onboarding-2.1.0/a", u64::MAX / 4));
    assert_eq!(refused(&claims.gzip()), format!("its files are larger than {} bytes together", 64 << 20));
    let why = refused(&vec![0; (10 << 20) + 1]);
    assert_eq!(why, format!("its archive is larger than {} bytes", 10 << 20));
}

#[test]
fn what_lies_between_the_files_is_bounded_too() {
    let comment = pax("comment", &"a".repeat(60_000));
    let mut archive = Crafted::new();
    for _ in 0..1700 {
        archive = archive.entry(b'g', "g", &comment);
    }
    assert_eq!(archive.refused(), "it is not a whole tar.gz: it unpacks to more than it may");
    let mut archive = Crafted::new();
    for number in 0..10_001 {
        archive = archive.folder(&format!("onboarding-2.1.0/{number}"));
    }
    assert_eq!(archive.refused(), "it holds more than 10000 folders");
    let mut archive = Crafted::new();
    for number in 0..10_000 {
        archive = archive.file(format!("onboarding-2.1.0/{number}"), b"");
    }
    assert_eq!(archive.refused(), "it holds more than 10000 files");
}

#[test]
fn an_archive_that_is_cut_anywhere_is_refused() {
    let whole = Crafted::new().inside("a").end().gzip();
    for length in 0..whole.len() {
        refused(&whole[..length]);
    }
    let tar = Crafted::new().inside("a").end().tar;
    for length in (0..tar.len()).step_by(100) {
        refused(&gzip(&tar[..length]));
    }
}

#[test]
fn nothing_follows_the_end() {
    let whole = Crafted::new().end();
    let second_member = [whole.gzip(), whole.gzip()].concat();
    assert_eq!(refused(&second_member), "something follows the compressed archive's end");
    assert_eq!(refused(&[whole.gzip(), vec![0]].concat()), "something follows the compressed archive's end");
    let hidden = Crafted { tar: whole.tar.clone() }.inside("hidden").end();
    assert_eq!(refused(&hidden.gzip()), "something follows the archive's end");
    let mut one_block = Crafted::new();
    one_block.tar.extend_from_slice(&[0; BLOCK]);
    assert_eq!(refused(&one_block.inside("hidden").end().gzip()), "something follows the archive's end");
}

#[test]
fn flipped_bits_are_found() {
    let mut content = Vec::new();
    (0_u32..2000).for_each(|number| content.extend_from_slice(&number.wrapping_mul(2_654_435_761).to_le_bytes()));
    let whole = Crafted::new().file("onboarding-2.1.0/a", &content).end().gzip();
    // The first ten bytes are gzip's header, of which some mean nothing.
    for at in (10..whole.len()).step_by(41) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        refused(&bytes);
    }
    let mut header = header(b'0', "onboarding-2.1.0/a", 0);
    header.as_mut_bytes()[5] ^= 1;
    assert!(Crafted::new().header(&header).refused().contains("checksum"));
}

#[test]
fn what_is_no_archive_is_refused() {
    refused(b"");
    refused(b"<!doctype html><title>Not found</title>");
    refused(&gzip(b""));
    refused(&gzip(b"plain text"));
    refused(&gzip(&[0; 2 * BLOCK]));
    refused(&gzip(&[0xff; 4 * BLOCK]));
    let mut old = Header::new_old();
    old.set_path("onboarding-2.1.0/a").unwrap();
    old.set_size(0);
    old.set_cksum();
    assert!(Crafted::new().header(&old).refused().contains("older than ustar"));
}

#[test]
fn long_names_are_taken_from_pax_and_gnu_headers_and_checked() {
    let path = format!("onboarding-2.1.0/{}", "p/".repeat(14) + &"ü".repeat(100));
    let long = Crafted::new().entry(b'x', "pax", &pax("path", &path)).file("short", b"x").taken();
    assert!(long.get(&path["onboarding-2.1.0/".len()..]).is_some());
    let mut gnu = path.clone().into_bytes();
    gnu.push(0);
    let long = Crafted::new().entry(b'L', "././@LongLink", &gnu).file("short", b"x").taken();
    assert!(long.get(&path["onboarding-2.1.0/".len()..]).is_some());

    let escape = "onboarding-2.1.0/../../x";
    assert!(Crafted::new().entry(b'x', "p", &pax("path", escape)).inside("a").refused().contains("`..`"));
    assert!(Crafted::new().entry(b'L', "l", escape.as_bytes()).inside("a").refused().contains("`..`"));
    let hidden = b"onboarding-2.1.0/a\0.md";
    assert!(Crafted::new().entry(b'L', "l", hidden).inside("a").refused().contains("control character"));
    assert!(
        Crafted::new()
            .entry(b'x', "p", &pax("path", "onboarding-2.1.0/a\nb"))
            .inside("a")
            .refused()
            .contains("control")
    );
}

#[test]
fn extensions_that_readers_understand_differently_are_refused() {
    let inside = pax("path", "onboarding-2.1.0/b");
    let twice = [inside.clone(), inside.clone()].concat();
    assert_eq!(Crafted::new().entry(b'x', "p", &twice).inside("a").refused(), "an entry has two paths");
    let both = Crafted::new().entry(b'x', "p", &inside).entry(b'L', "l", b"onboarding-2.1.0/c").inside("a");
    assert_eq!(both.refused(), "an entry has two paths");
    let two = Crafted::new().entry(b'x', "p", &pax("mtime", "1")).entry(b'x', "p", &inside).inside("a");
    assert_eq!(two.refused(), "an entry has two pax headers");
    let global = Crafted::new().entry(b'g', "g", &inside).inside("a").refused();
    assert_eq!(global, "a pax header gives one path to all entries");
    for key in ["size", "linkpath", "GNU.sparse.name", "GNU.sparse.major", "hdrcharset", "other"] {
        let why = Crafted::new().entry(b'x', "p", &pax(key, "1")).inside("a").refused();
        assert_eq!(why, format!("a pax header holds `{key}`"));
    }
    for malformed in ["", "\n", "x", "4 a=", "99 path=a\n", "-1 a=b\n", "+8 a=bc\n", "0 a=b\n", "6 abc\n", "2 a=b\n"] {
        let records = format!("{malformed}\n20 path=x\n");
        assert_eq!(
            Crafted::new().entry(b'x', "p", records.as_bytes()).inside("a").refused(),
            "a pax header is malformed"
        );
    }
    let dangling = Crafted::new().entry(b'x', "p", &inside).refused();
    assert_eq!(dangling, "it ends with an extension that belongs to no file");
    let huge = Crafted::new().header(&header(b'L', "l", 1 << 30)).refused();
    assert_eq!(huge, "an extension is larger than 65536 bytes");
}

#[test]
fn times_owners_and_a_commit_in_pax_headers_mean_nothing() {
    let records =
        [pax("mtime", "1.5"), pax("uid", "1000"), pax("uname", "me"), pax("SCHILY.xattr.user.x", "a\nb")].concat();
    let files = Crafted::empty()
        .entry(b'g', "pax_global_header", &pax("comment", "0123456789012345678901234567890123456789"))
        .entry(b'x', "p", &records)
        .file("onboarding-2.1.0/anvil.toml", MANIFEST)
        .taken();
    assert_eq!(files.len(), 1);
}

/// Other tools make bundles too.
#[test]
fn bundles_of_other_tools_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let write = |name: &str, bytes: &[u8]| crate::fs::write(&at(name), bytes, crate::fs::Durability::Derived).unwrap();
    write("onboarding-2.1.0/anvil.toml", MANIFEST);
    write(&format!("onboarding-2.1.0/{}/größe.md", "long".repeat(30)), b"text");
    let python = |format: &str| {
        format!(
            "import tarfile\ndef plain(t):\n  t.mode = 0o644; t.uid = t.gid = 0; t.uname = t.gname = ''; return t\n\
             t = tarfile.open('b.tar.gz', 'w:gz', format=tarfile.{format})\nt.add('onboarding-2.1.0', filter=plain)\nt.close()"
        )
    };
    let tools: [(&str, Vec<String>); 5] = [
        ("python3", vec!["-c".into(), python("USTAR_FORMAT")]),
        ("python3", vec!["-c".into(), python("GNU_FORMAT")]),
        ("python3", vec!["-c".into(), python("PAX_FORMAT")]),
        ("tar", ["--format=gnu", "-czf", "b.tar.gz", "onboarding-2.1.0"].map(String::from).to_vec()),
        ("tar", ["--format=posix", "-czf", "b.tar.gz", "onboarding-2.1.0"].map(String::from).to_vec()),
    ];
    for (tool, arguments) in tools {
        let Ok(run) = std::process::Command::new(tool).args(&arguments).current_dir(folder.path()).output() else {
            continue; // The tool is not here.
        };
        assert_eq!(String::from_utf8_lossy(&run.stderr), "", "{arguments:?}");
        let files = unpack(&identity(), &crate::fs::read(&at("b.tar.gz")).unwrap()).unwrap();
        assert_eq!(files.len(), 2, "{arguments:?}");
    }
}
