use super::super::{YankReason, edit, test_line};
use super::*;
use crate::index::Line;
use crate::version::Bump;
use proptest::prelude::*;

fn name() -> SetName {
    "a/a".parse().unwrap()
}

fn version() -> impl Strategy<Value = String> {
    let pre = prop_oneof![4 => Just(""), 1 => Just("-rc.1"), 1 => Just("-0")];
    let number = || prop_oneof![6 => 0..4u64, 1 => Just(u64::MAX), 1 => 127..130u64];
    (number(), number(), number(), pre).prop_map(|(major, minor, patch, pre)| format!("{major}.{minor}.{patch}{pre}"))
}

fn need() -> impl Strategy<Value = LineDependency> {
    let requirement = prop_oneof![
        version().prop_map(|version| format!("^{version}")),
        version().prop_map(|version| format!(">={version}, <9")),
        (0..4u64).prop_map(|major| format!("{major}.*")),
        Just("*".to_owned()),
        Just("~1.2".to_owned()),
    ];
    let registry = prop_oneof![3 => Just(None), 1 => Just(Some("other.example/x".to_owned()))];
    let url = prop_oneof![Just(None), Just(Some(String::new())), Just(Some("https://other.example".to_owned()))];
    (0..4, requirement, registry, url).prop_map(|(set, requirement, registry, registry_url)| LineDependency {
        name: format!("b/s{set}").parse().unwrap(),
        requirement: requirement.parse().unwrap(),
        registry: registry.map(|id| id.parse().unwrap()),
        registry_url,
    })
}

fn line() -> impl Strategy<Value = Line> {
    let date = prop_oneof![
        Just(None),
        Just(Some("2026-11-22T10:00:00Z".to_owned())),
        Just(Some("2026-11-22T10:00:00.5+02:00".to_owned())),
        Just(Some("0000-01-01T00:00:00Z".to_owned())),
        Just(Some("yesterday".to_owned())),
    ];
    let rare = |chance: u32| prop::bool::weighted(1.0 / f64::from(chance));
    let facts = (any::<u64>(), prop_oneof![6 => Just(1u32), 1 => any::<u32>()], 0..3u8);
    let said = (rare(4), rare(4), rare(4), rare(4));
    (version(), prop::collection::vec(need(), 0..4), date, facts, said).prop_map(
        |(version, needs, published_at, (size, edition, content), (yanked, deprecated, breaking, anvil))| {
            let mut line = test_line("a/a", &version);
            line.dependencies = needs.into();
            line.sha256 = Sha256::of([content]);
            line.published_at = published_at;
            (line.size, line.edition) = (size, edition);
            line.yanked = yanked.then(|| Yanked { reason: YankReason::Security, message: "\"é\n".into() });
            line.deprecated =
                deprecated.then(|| Deprecated { message: String::new(), replacement: Some("b/b".into()) });
            line.breaking = breaking.then(|| Breaking {
                since: Version::new(1, 0, 0),
                bump: Bump::Major,
                changes: vec!["prompt_removed@a".into()],
            });
            line.anvil = anvil.then(|| ">=0.1, <0.9".parse().unwrap());
            line
        },
    )
}

/// Lines of an index file, some of them of a newer Anvil.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let newer = Just(b"{\"v\":2,\"name\":[]}\n".to_vec());
    let one = prop_oneof![12 => line().prop_map(|line| edit::to_text(&line)), 1 => newer];
    prop::collection::vec(one, 0..12).prop_map(|lines| lines.concat())
}

/// Asks `outline` and `index` the same questions.
fn compare(outline: &Outline, index: &IndexFile) {
    assert_eq!((outline.newer, &outline.contradicting), (index.newer, &index.contradicting));
    assert_eq!(outline.releases.len(), index.lines.len());
    for (release, line) in outline.releases.iter().zip(&index.lines) {
        assert_eq!((&release.version, release.edition), (&line.version, line.edition));
        assert_eq!(release.published_at, line.published_at.as_deref().and_then(unix_seconds));
        assert_eq!(release.yanked(), line.yanked.as_ref());
        assert_eq!(release.anvil(), line.anvil.as_ref());
        assert_eq!(release.advice(), Advice::of(line));
        let facts = Facts { sha256: line.sha256, digest: line.digest, size: line.size };
        assert_eq!(outline.facts(release), facts);
        assert_eq!(outline.dependencies(release), line.dependencies);
        assert_eq!(outline.release(&line.version), Some(release));
        assert_eq!(outline.broken_promises(None, &line.version), index.broken_promises(None, &line.version));
        let first = index.lines.first().map(|line| &line.version);
        assert_eq!(outline.broken_promises(first, &line.version), index.broken_promises(first, &line.version));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is read lazily is what the whole file says, whatever it says.
    #[test]
    fn an_outline_says_what_the_file_says(text in text()) {
        let index = IndexFile::parse(&name(), &text).unwrap();
        compare(&Outline::of(&name(), &index), &index);
    }

    /// Whoever can write into the cache can write a checksum that fits, too.
    #[test]
    fn nothing_in_place_of_an_outline_does_harm(
        text in text(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = Outline::encode(&IndexFile::parse(&name(), &text).unwrap());
        let at = at.index(bytes.len());
        bytes[at] = byte;
        bytes.truncate(cut.index(bytes.len()) + 1);
        if let Some(outline) = Outline::decode(&name(), &bytes) {
            for release in &outline.releases {
                let _ = (outline.facts(release), outline.dependencies(release), release.advice());
            }
        }
    }
}

#[test]
fn an_outline_of_another_anvil_is_not_read() {
    let mut bytes = Outline::encode(&IndexFile::default());
    assert!(Outline::decode(&name(), &bytes).is_some());
    bytes[1] += 1;
    assert_eq!(Outline::decode(&name(), &bytes), None);
    for bytes in [&b""[..], b"\x02\x01", b"\x02\x01\0\0\0\0\0", &[0x02, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]] {
        assert_eq!(Outline::decode(&name(), bytes), None, "{bytes:?}");
    }
}

#[test]
fn needs_that_repeat_are_written_once() {
    let mut lines: Vec<Line> = (0..50).map(|minor| test_line("a/a", &format!("1.{minor}.0"))).collect();
    for line in &mut lines {
        line.dependencies = Arc::new([LineDependency {
            name: "support/a-rather-long-name".parse().unwrap(),
            requirement: "^1.2.3".parse().unwrap(),
            registry: None,
            registry_url: None,
        }]);
    }
    let index = IndexFile { lines, ..IndexFile::default() };
    let bytes = Outline::encode(&index);
    assert!(bytes.len() < 50 * 80, "{} bytes", bytes.len());
    let of = |at: usize| Dependencies::of(&Arc::new(Outline::of(&name(), &index)), at);
    assert_eq!(of(49)[0].name.as_str(), "support/a-rather-long-name");
    assert_eq!(of(50).len(), 0);
}
