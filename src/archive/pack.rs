//! Making a bundle: the same files give the same bytes.
//!
//! Every header is written out here, field by field, so that nothing in it hangs on a library's
//! version. A path goes into the plain ustar fields where it fits and is ASCII, and into a pax
//! header (POSIX.1-2001, `pax`, "pax Extended Header") where not; GNU tar, Python's `tarfile` and
//! the rest of the world read both.

use super::bundle::{Identity, PackError, Tally, check_manifest};
use super::tree::check_paths;
use super::{FileSet, Limits};
use crate::manifest::FILE_NAME;
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use std::io::{self, Write};
use tar::{EntryType, Header};

/// The time of every file: 2 January 1980, UTC. There is no true one, since the same files are to
/// give the same bytes; zero draws warnings from tools that think it implausible, and FAT and zip
/// have nothing before 1980 in any time zone.
const TIME: u64 = 315_619_200;

/// Packed once and fetched often: the best that deflate does.
const LEVEL: Compression = Compression::best();

/// What RFC 1952 calls an unknown operating system.
const NO_SYSTEM: u8 = 255;

/// Returns the tar.gz of `files` under `<set>-<version>/`. `files` holds the generated `manifest.json` already.
///
/// # Errors
/// When the files exceed a limit or `anvil.toml` names another version, so that nothing is
/// published that nobody could take in.
pub fn pack(identity: &Identity, files: &FileSet) -> Result<Vec<u8>, PackError> {
    pack_within(identity, files, &Limits::FORMAT).map_err(|why| PackError {
        name: identity.name.clone(),
        version: identity.version.clone(),
        why,
    })
}

fn pack_within(identity: &Identity, files: &FileSet, limits: &Limits) -> Result<Vec<u8>, String> {
    check_manifest(identity, files.get(FILE_NAME))?;
    let mut tally = Tally::new(limits, None);
    check_paths(files).map_err(|fault| fault.to_string())?;
    files.iter().try_for_each(|(_, bytes)| tally.add(bytes.len() as u64))?;
    let archive = write_archive(&identity.folder(), files).map_err(|error| error.to_string())?;
    tally.check_packed(archive.len() as u64)?;
    Ok(archive)
}

fn write_archive(folder: &str, files: &FileSet) -> io::Result<Vec<u8>> {
    let gzip: GzEncoder<Vec<u8>> =
        GzBuilder::new().mtime(0).operating_system(NO_SYSTEM).write(Vec::with_capacity(64 << 10), LEVEL);
    let mut tar = tar::Builder::new(gzip);
    for (path, bytes) in files.iter() {
        append(&mut tar, &format!("{folder}/{path}"), bytes)?;
    }
    tar.into_inner()?.finish()
}

pub(super) fn append<W: Write>(tar: &mut tar::Builder<W>, path: &str, bytes: &[u8]) -> io::Result<()> {
    if let Some((prefix, name)) = split(path) {
        return tar.append(&header(EntryType::Regular, prefix, name, bytes.len()), bytes);
    }
    let record = pax_record("path", path);
    tar.append(&header(EntryType::XHeader, "", PAX_NAME, record.len()), record.as_slice())?;
    // Whoever does not know pax finds the content under a name that says what it is.
    tar.append(&header(EntryType::Regular, "", PAX_NAME, bytes.len()), bytes)
}

/// The name in the ustar fields where the true one is in a pax header.
const PAX_NAME: &str = "pax-path";

fn header(kind: EntryType, prefix: &str, name: &str, size: usize) -> Header {
    let mut header = Header::new_ustar();
    if let Some(ustar) = header.as_ustar_mut() {
        ustar.name[..name.len()].copy_from_slice(name.as_bytes());
        ustar.prefix[..prefix.len()].copy_from_slice(prefix.as_bytes());
        ustar.set_device_major(0);
        ustar.set_device_minor(0);
    }
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(TIME);
    header.set_size(size as u64);
    header.set_cksum();
    header
}

/// Returns `path` as the prefix and the name of a ustar header, if it fits in 155 and 100 bytes.
fn split(path: &str) -> Option<(&str, &str)> {
    if !path.is_ascii() {
        return None;
    }
    if path.len() <= 100 {
        return Some(("", path));
    }
    let slash = path.len() - 101 + path[path.len() - 101..].find('/')?;
    (slash <= 155).then(|| (&path[..slash], &path[slash + 1..]))
}

/// Returns the record `<length> <key>=<value>\n`, whose length counts itself.
fn pax_record(key: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len() + 1;
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    format!("{length}{rest}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::unpack;
    use super::*;
    use crate::digest::Sha256;
    use proptest::prelude::*;

    fn identity() -> Identity {
        Identity { name: "support/onboarding".parse().unwrap(), version: "2.1.0".parse().unwrap() }
    }

    const MANIFEST: &str = "[set]\nname = \"support/onboarding\"\nversion = \"2.1.0\"\n";

    fn set(others: &[(&str, &str)]) -> FileSet {
        [(FILE_NAME, MANIFEST)].iter().chain(others).copied().collect()
    }

    fn long(bytes: usize) -> String {
        format!("{}/{}", "d".repeat(bytes / 2), "f".repeat(bytes - bytes / 2 - 1))
    }

    /// The bytes of a version are fixed for one version of Anvil: a change of the library below
    /// that moves them must be seen before it is released.
    #[test]
    fn a_fixed_set_gives_fixed_bytes() {
        let files = set(&[
            ("prompts/welcome.prompt.md", &"{% system %}Be kind.{% endsystem %}\n".repeat(20)),
            ("größe.md", "x"),
            (&long(255), "y"),
            (&long(180), ""),
        ]);
        let bundle = pack(&identity(), &files).unwrap();
        assert_eq!(&bundle[..10], &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
        assert_eq!(Sha256::of(&bundle).to_string(), "a9d1c5404bd1f65fe0b924cab8aa85ab0043bc63f4cd8a188f2c57d12c0f66ff");
        assert_eq!(unpack(&identity(), &bundle).unwrap(), files);
    }

    #[test]
    fn other_tools_read_what_is_packed() {
        let files = set(&[("größe.md", "x"), (&long(255), "y"), (&long(180), "zz"), ("a/b c", "")]);
        let bundle = pack(&identity(), &files).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("b.tar.gz");
        crate::fs::write(&archive, &bundle, crate::fs::Durability::Derived).unwrap();
        let expected: Vec<String> = files.paths().map(|path| format!("onboarding-2.1.0/{path}")).collect();
        let python =
            "import sys, tarfile; t = tarfile.open(sys.argv[1]); t.extractall('.'); print('\\n'.join(t.getnames()))";
        for (tool, arguments) in [
            ("tar", vec!["--quoting-style=literal", "-xvzf", "b.tar.gz"]),
            ("python3", vec!["-X", "utf8", "-c", python, "b.tar.gz"]),
        ] {
            let run = std::process::Command::new(tool).args(arguments).current_dir(folder.path()).output();
            let Ok(run) = run else {
                continue; // The tool is not here.
            };
            assert_eq!(String::from_utf8_lossy(&run.stderr), "", "{tool} complains");
            let named = String::from_utf8(run.stdout).unwrap();
            assert_eq!(named.lines().collect::<Vec<_>>(), expected, "{tool} reads other names");
            for (path, bytes) in files.iter() {
                let file = folder.path().join("onboarding-2.1.0").join(path);
                assert_eq!(crate::fs::read(&file).unwrap(), bytes, "{tool} reads other bytes of {path}");
            }
            crate::fs::remove_folder(&folder.path().join("onboarding-2.1.0")).unwrap();
        }
    }

    #[test]
    fn what_nobody_could_take_in_is_not_packed() {
        let why = |files: &FileSet| pack(&identity(), files).unwrap_err().why;
        assert_eq!(why(&FileSet::new()), "it has no `anvil.toml`");
        assert_eq!(why(&set(&[("a:b", "")])), "`a:b` holds a colon");
        assert!(why(&set(&[("a", ""), ("A", "")])).contains("only in case"));
        assert_eq!(
            why(&set(&[(FILE_NAME, &MANIFEST.replace("2.1.0", "2.1.1"))])),
            "its `anvil.toml` has the version `2.1.1`, not `2.1.0`"
        );
        assert_eq!(
            why(&set(&[("zeros", &"\0".repeat(1 << 20))])),
            "its files are more than 100 times as large as its archive"
        );
        let few = Limits { files: 1, ..Limits::FORMAT };
        assert_eq!(pack_within(&identity(), &set(&[("a", "")]), &few).unwrap_err(), "it holds more than 1 files");
        let small = Limits { packed: 100, ..Limits::FORMAT };
        assert_eq!(pack_within(&identity(), &set(&[]), &small).unwrap_err(), "its archive is larger than 100 bytes");
        let little = Limits { unpacked: 55, ..Limits::FORMAT };
        assert!(
            pack_within(&identity(), &set(&[("a", "12345678")]), &little).unwrap_err().contains("55 bytes together")
        );
    }

    proptest! {
        #[test]
        fn what_is_packed_is_taken_in_again(
            others in prop::collection::btree_map("[a-z]{1,9}(/[a-zé日]{1,60}){0,6}", prop::collection::vec(any::<u8>(), 0..2000), 0..12)
        ) {
            let mut files = set(&[]);
            for (path, bytes) in others {
                files.insert(path, bytes);
            }
            if let Ok(bundle) = pack(&identity(), &files) {
                prop_assert_eq!(&bundle, &pack(&identity(), &files).unwrap());
                prop_assert_eq!(unpack(&identity(), &bundle).unwrap(), files);
            }
        }

        #[test]
        fn whatever_the_length_a_pax_record_counts_itself(value in "[a-z]{0,300}") {
            let record = pax_record("path", &value);
            let (length, _) = std::str::from_utf8(&record).unwrap().split_once(' ').unwrap();
            prop_assert_eq!(length.parse::<usize>().unwrap(), record.len());
        }
    }
}
