use super::*;
use crate::error::Diagnose as _;
use crate::manifest::tests::SAMPLE;
use crate::version::parse_requirement;
use proptest::prelude::*;

fn requirement(text: &str) -> DependencySource {
    DependencySource::Registry { requirement: parse_requirement(text).unwrap(), registry: None }
}

fn from(text: &str, registry: &str) -> DependencySource {
    DependencySource::Registry {
        requirement: parse_requirement(text).unwrap(),
        registry: Some(registry.parse().unwrap()),
    }
}

fn git() -> DependencySource {
    DependencySource::Git {
        url: "https://example.com/lab.git".into(),
        reference: GitReference::Tag("v1.0.0".into()),
        subdirectory: Some("ideas".into()),
    }
}

fn set(text: &str, name: &str, source: &DependencySource) -> String {
    set_dependency(text, &name.parse().unwrap(), source).unwrap()
}

fn remove(text: &str, name: &str) -> String {
    remove_dependency(text, &name.parse().unwrap()).unwrap().unwrap()
}

#[test]
fn an_override_goes_into_its_table_and_leaves_the_dependency_alone() {
    let text = "[dependencies]\n\"core/tone\" = \"^1\" # ours\n\n[override]\n\"a/b\" = \"^1\"\n";
    let source = DependencySource::Registry { requirement: "^2".parse().unwrap(), registry: None };
    let name = "core/tone".parse().unwrap();
    let once = set_in(text, Table::Override, &name, &source).unwrap();
    assert_eq!(once, format!("{text}\"core/tone\" = \"^2\"\n"));
    let source = DependencySource::Path { path: "../tone".into() };
    let twice = set_in(&once, Table::Override, &name, &source).unwrap();
    assert_eq!(twice, format!("{text}\"core/tone\" = {{ path = \"../tone\" }}\n"));
}

#[test]
fn a_version_changes_in_its_place() {
    let text = set_version(SAMPLE, &Version::new(3, 0, 0)).unwrap();
    assert_eq!(text, SAMPLE.replace("\"2.1.0\"", "\"3.0.0\""));
    assert_eq!(
        set_version("set = { version = '1.0.0' } # x\r\n", &Version::new(1, 0, 1)).unwrap(),
        "set = { version = '1.0.1' } # x\r\n"
    );
    let error = set_version("[dependencies]\n", &Version::new(1, 0, 0)).unwrap_err();
    assert_eq!(error.code(), Code::A0112);
}

#[test]
fn a_requirement_changes_in_its_place_and_its_style() {
    let text = "[dependencies]\n# why\n\"a/a\" = '1.2' # one\n\"b/b\" = { version = \"~1.4\", registry = \"r\" }\n\n\
                [dependencies.\"c/c\"]\nversion = \"^1\" # three\n\n[registries]\nr = \"../r\"\n";
    let raise = |text: &str, name: &str, to: &str| {
        set_requirement(text, &name.parse().unwrap(), &parse_requirement(to).unwrap()).unwrap()
    };
    let raised = raise(&raise(&raise(text, "a/a", "^2.0"), "b/b", "~2.0"), "c/c", "^2");
    let expected = text.replace("'1.2'", "'2.0'").replace("~1.4", "~2.0").replace("\"^1\"", "\"^2\"");
    assert_eq!(raised, expected);
    assert_eq!(raise(text, "a/a", "=2.0.0"), text.replace("'1.2'", "'=2.0.0'"));
    assert!(set_requirement(text, &"d/d".parse().unwrap(), &parse_requirement("^2").unwrap()).is_err());
}

#[test]
fn a_new_dependency_takes_its_place_in_a_sorted_table() {
    let text = "[dependencies]\n# voices\n\"b/b\" = \"^1\"   # keep\n\n# the last\n\"d/d\" = \"^1\"\n\n[override]\n";
    assert_eq!(set(text, "c/c", &requirement("^2")), text.replace("# keep\n", "# keep\n\"c/c\" = \"^2\"\n"));
    assert_eq!(
        set(text, "a/a", &requirement("^2")),
        text.replace("[dependencies]\n", "[dependencies]\n\"a/a\" = \"^2\"\n")
    );
    assert_eq!(
        set(text, "e/e", &requirement("^2")),
        text.replace("\"d/d\" = \"^1\"\n", "\"d/d\" = \"^1\"\n\"e/e\" = \"^2\"\n")
    );
}

#[test]
fn a_new_dependency_ends_an_unsorted_table() {
    let text = "[dependencies]\n  \"z/z\" = \"^1\"\n  \"b/b\" = \"^1\"\n";
    assert_eq!(set(text, "c/c", &requirement("^2")), format!("{text}  \"c/c\" = \"^2\"\n"));
}

#[test]
fn a_missing_table_is_made_and_line_ends_are_kept() {
    assert_eq!(set("", "a/a", &requirement("^1")), "[dependencies]\n\"a/a\" = \"^1\"\n");
    assert_eq!(
        set("[registries]\r\ndefault = \"x\"", "a/a", &requirement("^1")),
        "[registries]\r\ndefault = \"x\"\r\n\r\n[dependencies]\r\n\"a/a\" = \"^1\"\r\n"
    );
    assert_eq!(set("[dependencies] # none", "a/a", &requirement("^1")), "[dependencies] # none\n\"a/a\" = \"^1\"\n");
    let crlf = "[dependencies]\r\n\"b/b\" = \"^1\"\r\n";
    assert_eq!(set(crlf, "c/c", &requirement("^1")), format!("{crlf}\"c/c\" = \"^1\"\r\n"));
}

#[test]
fn an_entry_is_replaced_where_it_stands() {
    let text = "[dependencies]\n\"b/b\" = \"^1\"   # why\n\"a/a\" = '1'\n";
    assert_eq!(set(text, "b/b", &requirement("^1.4.2")), text.replace("\"^1\"", "\"^1.4.2\""));
    assert_eq!(
        set(text, "b/b", &git()),
        text.replace("\"^1\"", "{ git = \"https://example.com/lab.git\", tag = \"v1.0.0\", subdirectory = \"ideas\" }")
    );
}

#[test]
fn a_requirement_in_a_table_changes_there() {
    let text = "[registries]\np = \"x\"\n[dependencies]\n\"a/a\" = {version=\"^1\",registry=\"p\"} # x\n";
    assert_eq!(set(text, "a/a", &from("^2", "p")), text.replace("^1", "^2"));
    assert_eq!(set(text, "a/a", &requirement("^2")), text.replace("{version=\"^1\",registry=\"p\"}", "\"^2\""));
    let own = "[registries]\np = \"x\"\n[dependencies.\"a/a\"]\nversion = \"^1\"\nregistry = \"p\"\n";
    assert_eq!(set(own, "a/a", &from("^2", "p")), own.replace("^1", "^2"));
    assert_eq!(set(own, "a/a", &requirement("^2")), "[registries]\np = \"x\"\n\n[dependencies]\n\"a/a\" = \"^2\"\n");
    let dotted = "[dependencies]\n\"a/a\".version = \"^1\"\n\"b/b\" = \"^1\"\n";
    assert_eq!(set(dotted, "a/a", &requirement("^2")), dotted.replace("^1\"\n\"b", "^2\"\n\"b"));
    assert_eq!(
        set(dotted, "a/a", &DependencySource::Path { path: "../a".into() }),
        "[dependencies]\n\"a/a\" = { path = \"../a\" }\n\"b/b\" = \"^1\"\n"
    );
}

#[test]
fn tables_of_other_shapes_take_entries_too() {
    assert_eq!(
        set("dependencies = { \"b/b\" = \"1\" }\n", "c/c", &requirement("^1")),
        "dependencies = { \"b/b\" = \"1\", \"c/c\" = \"^1\" }\n"
    );
    assert_eq!(
        set("dependencies = { \"b/b\" = \"1\" }\n", "a/a", &requirement("^1")),
        "dependencies = { \"a/a\" = \"^1\", \"b/b\" = \"1\" }\n"
    );
    assert_eq!(set("dependencies = {}\n", "a/a", &requirement("^1")), "dependencies = { \"a/a\" = \"^1\" }\n");
    assert_eq!(
        set("dependencies.\"b/b\" = \"1\"\n\n[override]\n", "c/c", &requirement("^1")),
        "dependencies.\"b/b\" = \"1\"\ndependencies.\"c/c\" = \"^1\"\n\n[override]\n"
    );
    assert_eq!(
        set("# top\ndependencies.\"b/b\" = \"1\"\n", "a/a", &requirement("^1")),
        "# top\ndependencies.\"a/a\" = \"^1\"\ndependencies.\"b/b\" = \"1\"\n"
    );
    assert_eq!(
        set("[dependencies.\"b/b\"]\nversion = \"1\"\n", "c/c", &requirement("^1")),
        "[dependencies.\"b/b\"]\nversion = \"1\"\n\n[dependencies]\n\"c/c\" = \"^1\"\n"
    );
}

#[test]
fn a_removed_dependency_takes_nothing_with_it() {
    let text = "[dependencies]\n# voices\n\"b/b\" = \"^1\"   # keep\n# the last\n\"d/d\" = \"^1\"\n\n[override]\n";
    assert_eq!(remove(text, "d/d"), text.replace("\"d/d\" = \"^1\"\n", ""));
    assert_eq!(remove(text, "b/b"), text.replace("\"b/b\" = \"^1\"   # keep\n", ""));
    assert_eq!(remove_dependency(text, &"x/x".parse().unwrap()), Ok(None));
    assert_eq!(remove_dependency("", &"x/x".parse().unwrap()), Ok(None));
    let own = "[a]\n[dependencies.\"b/b\"]\nversion = \"1\"\nregistry = \"x\"\n\n# c\n[dependencies.\"c/c\"]\nversion = \"1\"\n";
    assert_eq!(remove(own, "b/b"), "[a]\n\n# c\n[dependencies.\"c/c\"]\nversion = \"1\"\n");
    let dotted = "[dependencies]\n\"a/a\".version = \"1\"\n\"b/b\" = \"1\"\n\"a/a\".registry = \"x\"\n";
    assert_eq!(remove(dotted, "a/a"), "[dependencies]\n\"b/b\" = \"1\"\n");
    let inline = "dependencies = { \"a/a\" = \"1\", \"b/b\" = \"2\", \"c/c\" = \"3\" }\n";
    assert_eq!(remove(inline, "a/a"), "dependencies = { \"b/b\" = \"2\", \"c/c\" = \"3\" }\n");
    assert_eq!(remove(inline, "b/b"), "dependencies = { \"a/a\" = \"1\", \"c/c\" = \"3\" }\n");
    assert_eq!(remove(inline, "c/c"), "dependencies = { \"a/a\" = \"1\", \"b/b\" = \"2\" }\n");
}

#[test]
fn a_registry_is_set_with_the_id_that_is_vouched_for() {
    let name = "partner".parse().unwrap();
    let id = "prompts.partner.example".parse().unwrap();
    assert_eq!(set_registry("", &name, "../r", None).unwrap(), "[registries]\npartner = \"../r\"\n");
    assert_eq!(
        set_registry("[registries]\npartner = \"../r\" # x\n", &name, "../s", Some(&id)).unwrap(),
        "[registries]\npartner = { url = \"../s\", id = \"prompts.partner.example\" } # x\n"
    );
    let error = set_registry("", &name, "https://user:pw@example.com", None).unwrap_err();
    assert_eq!(error.code(), Code::A0108);
}

#[test]
fn what_no_manifest_may_say_is_not_written() {
    let evil =
        DependencySource::Git { url: "ext::sh -c x".into(), reference: GitReference::Default, subdirectory: None };
    assert_eq!(set_dependency("", &"a/b".parse().unwrap(), &evil).unwrap_err().code(), Code::A0111);
    // Which registries there are, the root of a workspace may say.
    let member = set_dependency("", &"a/b".parse().unwrap(), &from("1", "partner"));
    assert!(member.is_ok(), "{member:?}");
}

/// One entry of `[dependencies]` in one of the ways that people write them, at most one of a name.
fn entry(name: usize, shape: u8) -> String {
    let name = format!("set/n{name}");
    match shape {
        0 => format!("\"{name}\" = \"^1\""),
        1 => format!("  '{name}' = '1.2' # a comment"),
        2 => format!("\"{name}\"={{version=\"~1\"}}"),
        3 => format!("\"{name}\" = {{ path = \"../{name}\" }}"),
        4 => format!("\"{name}\".version = \"1\""),
        5 => format!("\n# about {name}\n\"{name}\" = {{ git = \"https://x.example/y\", tag = \"v1\" }}"),
        _ => format!("\"{name}\" = {{ version = \">=1, <3\", registry = \"partner\" }}\t# é"),
    }
}

prop_compose! {
    fn manifest()(
        entries in prop::collection::btree_map(0_usize..9, 0_u8..7, 0..6),
        shuffled in any::<bool>(),
        before in prop::sample::select(vec!["", "[set]\nname = \"a/b\"\nversion = \"1.0.0\" # v\n\n", "# top\n"]),
        after in prop::sample::select(vec!["", "\n[override]\n\"x/y\" = \"1\"\n", "\n# end", "\n[dependencies.\"set/z\"]\nversion = \"1\"\n"]),
        crlf in any::<bool>(),
    ) -> String {
        let mut lines: Vec<String> = entries.into_iter().map(|(name, shape)| entry(name, shape)).collect();
        if shuffled {
            lines.reverse();
        }
        let text = format!("{before}[registries]\npartner = \"../p\"\n[dependencies] # ours\n{}\n{after}", lines.join("\n"));
        if crlf { text.replace('\n', "\r\n") } else { text }
    }
}

fn parsed(text: &str) -> Manifest {
    let mut manifest = Manifest::parse(FILE_NAME, text, Strictness::Own).unwrap();
    // Lines move; what they say does not.
    let entries = manifest.dependencies.values_mut().chain(manifest.overrides.values_mut());
    entries.for_each(|dependency| dependency.line = 0);
    manifest.registries.values_mut().for_each(|registry| registry.line = 0);
    manifest
}

/// Returns the lines of `text` that do not name `name`.
fn others<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    text.split_inclusive('\n').filter(|line| !line.contains(name) || line.trim_start().starts_with('#')).collect()
}

proptest! {
    #[test]
    fn a_change_changes_what_it_is_about_and_not_a_byte_of_another_line(
        text in manifest(),
        number in 0_usize..9,
        source in prop::sample::select(vec![requirement("^1.4.2"), from("=2", "partner"), git()]),
    ) {
        let name: SetName = format!("set/n{number}").parse().unwrap();
        let changed = set_dependency(&text, &name, &source).unwrap();
        let mut wanted = parsed(&text);
        wanted.dependencies.insert(name.clone(), crate::manifest::Dependency { source, line: 0, inherited: None });
        prop_assert_eq!(parsed(&changed), wanted.clone());
        // A last line without an end gets one when something follows it.
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let whole = if text.ends_with('\n') { text.clone() } else { format!("{text}{end}") };
        let padded = if changed.ends_with('\n') { changed.clone() } else { format!("{changed}{end}") };
        prop_assert_eq!(others(&padded, name.as_str()), others(&whole, name.as_str()));

        let removed = remove_dependency(&changed, &name).unwrap().unwrap();
        wanted.dependencies.remove(&name);
        prop_assert_eq!(parsed(&removed), wanted);
        prop_assert_eq!(others(&removed, name.as_str()), others(&changed, name.as_str()));
    }
}
