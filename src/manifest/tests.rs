//! A manifest as its author meets it.

use super::*;
use crate::error::{Diagnose as _, Diagnostic};

/// The sample of the design, with every table.
pub(super) const SAMPLE: &str = r#"[set]                                  # absent in an application that only consumes
name = "support/onboarding"
version = "2.1.0"
edition = 1                            # of the prompt language; `init` writes it, absent means 1
anvil = ">=0.3"                        # optional: the oldest Anvil that can use it
description = "First replies to new customers."
license = "MIT"
authors = ["Example Team <team@example.com>"]
repository = "https://example.com/acme/prompts"
keywords = ["support"]
prompts = ["prompts/**/*.prompt.md"]   # the default; a repository that keeps its prompts elsewhere says where
include = []                           # further files
exclude = []
tag = "v{version}"                     # the default at a repository's root; `{name}@{version}` elsewhere

[registries]
default = "https://prompts.example.com/acme"      # a URL, s3://bucket/prefix, file:///dir, or a path relative to this file
partner = { url = "../mirror", id = "prompts.partner.example" }

[dependencies]
"core/tone" = "^1.2"
"legal/disclaimers" = { version = "~3.1", registry = "partner" }
"lab/ideas" = { git = "https://example.com/lab.git", tag = "v0.3.0", subdirectory = "ideas" }   # or branch, rev
"team/shared" = { path = "../shared" }

[override]                             # for the root only; any form of dependency
"core/tone" = { path = "../tone" }

[resolution]
minimum-release-age = "3d"             # when resolving; what is locked is exempt
minimum-release-age-exempt = ["acme/*", "core/tone"]

[environments.production]
mode = "locked"                        # live | review | locked

[compat]                               # see the compat rules
accept = ["pattern_changed@reply.ticket"]
raise = { text_changed = "minor" }

[trust]
allowed-signers = "allowed_signers"    # OpenSSH's format
[trust.policy]
"legal/*" = "require"                  # require | warn | off | { minimum = 2 }

[workspace]
members = ["sets/*"]                   # one anvil.lock for all members; members name each other by requirement
"#;

fn own(text: &str) -> Result<Manifest, Vec<Diagnostic>> {
    Manifest::parse("anvil.toml", text, Strictness::Own).map_err(|error| error.diagnostics().to_vec())
}

/// Returns each fault as `line:column code message | label | hints`.
fn faults(text: &str) -> Vec<String> {
    let faults = own(text).expect_err("the manifest was taken");
    faults
        .iter()
        .map(|fault| {
            let place = fault.location.as_ref().map_or("-".into(), |place| {
                let (line, column) = place.line_and_column();
                format!("{line}:{column}")
            });
            let label = fault.location.as_ref().map_or("", |place| place.label.as_str());
            let hints: Vec<String> = fault.hints.iter().map(ToString::to_string).collect();
            format!("{place} {} {} | {label} | {}", fault.code, fault.message, hints.join("; "))
        })
        .collect()
}

fn only_fault(text: &str) -> String {
    let faults = faults(text);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults[0].clone()
}

#[test]
fn the_sample_of_the_design_says_what_it_says() {
    let manifest = own(SAMPLE).unwrap();
    let set = manifest.set.unwrap();
    assert_eq!(set.name.as_str(), "support/onboarding");
    assert_eq!(set.version, Version::new(2, 1, 0));
    assert_eq!(set.selection, Selection::default());
    assert_eq!(set.tag, TagTemplate::Text("v{version}".into()));
    let partner = &manifest.registries[&"partner".parse().unwrap()];
    assert_eq!((partner.location.as_str(), partner.line), ("../mirror", 18));
    assert_eq!(partner.id.as_ref().unwrap().as_str(), "prompts.partner.example");
    let dependency = |name: &str| &manifest.dependencies[&name.parse().unwrap()];
    assert_eq!(dependency("core/tone").source.to_string(), "^1.2");
    assert_eq!(dependency("core/tone").line, 21);
    assert_eq!(dependency("legal/disclaimers").source.to_string(), "~3.1 from partner");
    assert_eq!(dependency("lab/ideas").source.to_string(), "git https://example.com/lab.git tag v0.3.0 in ideas");
    assert_eq!(dependency("team/shared").source, DependencySource::Path { path: "../shared".into() });
    assert_eq!(manifest.overrides.len(), 1);
    assert_eq!(manifest.resolution.minimum_release_age, Some(MinimumReleaseAge::Seconds(259_200)));
    let exempts = |name: &str| manifest.resolution.exempts(&name.parse().unwrap());
    assert!(exempts("acme/one") && exempts("core/tone") && !exempts("core/tones") && !exempts("lab/ideas"));
    assert_eq!(manifest.environments[&"production".parse().unwrap()].mode, Mode::Locked);
    let [accepted] = &manifest.compat.accept[..] else { panic!("{:?}", manifest.compat) };
    assert_eq!(accepted.change, "pattern_changed@reply.ticket");
    let [raised] = &manifest.compat.raise[..] else { panic!("{:?}", manifest.compat) };
    assert_eq!((raised.rule.as_str(), raised.bump), ("text_changed", Bump::Minor));
    assert_eq!(manifest.trust.policy, [(Pattern::parse("legal/*").unwrap(), TrustRule::Require)]);
    assert!(manifest.workspace.unwrap().has("sets/a"));
}

#[test]
fn an_empty_manifest_is_an_application_with_no_dependencies() {
    assert_eq!(own(""), Ok(Manifest::default()));
}

#[test]
fn every_fault_is_told_at_once_in_the_order_of_the_text() {
    let faults = faults(
        "[set]\n\
         nmae = \"a/b\"\n\
         version = 1\n\
         keywords = [\"a\", 2]\n\
         [dependencies]\n\
         \"Core/Tone\" = \"^1\"\n\
         \"core/tone\" = \"stable\"\n",
    );
    assert_eq!(
        faults,
        [
            "1:1 A0104 [set] has no `name` | incomplete | add `name = \"project/set\"` to [set]",
            "2:1 A0102 `set` has no key `nmae` | unknown key | did you mean `name`?",
            "3:11 A0103 `set.version` must be a string, not an integer | an integer | ",
            "4:18 A0103 `set.keywords` must be an array of strings, but holds an integer | an integer | ",
            "6:1 A0001 `Core/Tone` is not a valid set name: `Core` does not begin with a lower-case letter | not a name | \
             did you mean `core/tone`?",
            "7:15 A0003 `stable` is not a valid requirement: unexpected character 's' while parsing major version number \
             | not understood | a channel cannot stand here; write a version or a requirement such as `^1.2`",
        ]
    );
}

#[test]
fn a_text_that_is_no_toml_is_told_with_its_position() {
    let fault = only_fault("[set]\nname = \"a/b\nversion = \"1.0.0\"\n");
    assert!(fault.starts_with("2:"), "{fault}");
    assert!(fault.contains("A0101 `anvil.toml` is not valid TOML: "), "{fault}");
    assert!(only_fault("[set]\n[set]\n").starts_with("2:2 A0101"));
}

#[test]
fn unknown_keys_are_an_error_at_home_and_ignored_in_a_dependency() {
    for text in ["[dependancies]\n", "[registries]\na = { url = \"x\", token = \"y\" }\n", "[trust]\nkeys = []\n"] {
        assert!(only_fault(text).contains("A0102"), "{text}");
        assert!(Manifest::parse("anvil.toml", text, Strictness::Dependency).is_ok(), "{text}");
    }
    assert!(only_fault("[dependancies]\n").contains("did you mean `dependencies`?"));
}

#[test]
fn what_counts_at_the_root_alone_is_not_read_in_a_dependency() {
    let text = "[resolution]\nminimum-release-age = \"a new form\"\n[override]\n\"a/b\" = \"^1\"\n";
    assert_eq!(Manifest::parse("anvil.toml", text, Strictness::Dependency).unwrap(), Manifest::default());
}

#[test]
fn a_newer_edition_asks_for_a_newer_anvil() {
    let set = |edition: &str| format!("[set]\nname = \"a/b\"\nversion = \"1.0.0\"\nedition = {edition}\n");
    assert!(only_fault(&set("2")).ends_with("| upgrade anvil"));
    assert!(Manifest::parse("anvil.toml", &set("2"), Strictness::Dependency).is_err());
    assert!(only_fault(&set("0")).contains("there is no edition 0"));
    assert!(own(&set("1")).is_ok());
}

#[test]
fn a_set_names_the_oldest_anvil_that_can_use_it() {
    let text = "[set]\nname = \"a/b\"\nversion = \"1.0.0\"\nanvil = \">=0.3\"\n";
    let set = own(text).unwrap().set.unwrap();
    assert!(!set.usable_by(&Version::new(0, 2, 9)));
    assert!(set.usable_by(&Version::new(0, 3, 0)));
    assert!(set.usable_by(&Version::parse("0.4.0-rc.1").unwrap()));
}

#[test]
fn registries_are_told_apart_by_their_ids_and_hold_no_credential() {
    let fault =
        only_fault("[registries]\na = { url = \"x\", id = \"r.example\" }\nb = { url = \"y\", id = \"r.example\" }\n");
    assert!(fault.contains("3:23 A0107 the registries `a` and `b` both have the id `r.example`"), "{fault}");
    let fault = only_fault("[registries]\ndefault = \"https://user:hunter2@example.com\"\n");
    assert!(fault.contains("A0108") && !fault.contains("hunter2"), "{fault}");
    // Nor may the line be shown that holds it, whatever else is wrong with the URL or the file.
    for text in [
        "[registries]\ndefault = \"ftp://user:hunter2@example.com\"\n",
        "[set]\nname = 1\nversion = \"1.0.0\"\nrepository = \"https://hunter2@example.com/x\"\n",
        "[dependencies]\n\"a/b\" = { path = \"https://u:hunter2@example.com/x\" }\n",
        "[dependencies]\n\"a/b\" = { git = \"user:hunter2@example.com:x\" }\n",
    ] {
        let faults = own(text).unwrap_err();
        assert!(faults.iter().any(|fault| fault.code.as_str() == "A0108"), "{faults:?}");
        assert!(!format!("{faults:?}").contains("hunter2"), "{faults:?}");
    }
    // A token in the query is none that a manifest is read with, and is shown as little.
    for text in [
        "[registries]\ndefault = \"https://h.example/?token=hunter2\"\n",
        "[registries]\ndefault = { url = 'https://h.example/#hunter2', id = 1 }\n",
        "[dependencies]\n\"a/b\" = { git = \"https://h.example/x?t=hunter2\" }\n",
        "[dependencies]\n\"a/b\" = { git = \"git@h.example:x?t=hunter2\" }\n",
    ] {
        let faults = own(text).unwrap_err();
        assert!(!format!("{faults:?}").contains("hunter2"), "{faults:?}");
        assert!(format!("{faults:?}").contains("h.example"), "{faults:?}");
    }
    assert!(only_fault("[registries]\na = { id = \"x\" }\n").contains("A0104"));
    assert!(only_fault("[registries]\na = 1\n").contains("A0103"));
}

#[test]
fn a_dependency_comes_from_a_registry_that_there_is() {
    let fault = only_fault(
        "[registries]\npartner = \"x\"\n[dependencies]\n\"a/b\" = { version = \"1\", registry = \"partnr\" }\n",
    );
    assert!(fault.contains("A0110") && fault.ends_with("did you mean `partner`?"), "{fault}");
    // The default registry may stand in the user's config alone; naming it says nothing.
    let manifest = own("[dependencies]\n\"a/b\" = { version = \"1\", registry = \"default\" }\n").unwrap();
    assert_eq!(manifest.dependencies[&"a/b".parse().unwrap()].source.to_string(), "^1");
}

#[test]
fn a_dependency_has_one_source() {
    for (text, code) in [
        ("{ git = \"https://x.example/y\", path = \"z\" }", "A0109"),
        ("{ git = \"https://x.example/y\", version = \"1\" }", "A0109"),
        ("{ git = \"https://x.example/y\", registry = \"default\" }", "A0109"),
        ("{ git = \"https://x.example/y\", branch = \"a\", tag = \"b\" }", "A0109"),
        ("{ path = \"x\", tag = \"b\" }", "A0109"),
        ("{ version = \"1\", subdirectory = \"b\" }", "A0109"),
        ("{ }", "A0104"),
        ("{ registry = \"default\" }", "A0104"),
        ("{ path = \"/srv/x\" }", "A0105"),
        ("{ git = \"https://x.example/y\", tag = \"-f\" }", "A0111"),
        ("{ git = \"https://x.example/y\", subdirectory = \"../z\" }", "A0105"),
        ("{ git = \"ext::sh -c x\" }", "A0111"),
        ("{ git = \"https://user:pw@x.example/y\" }", "A0108"),
        ("3", "A0103"),
        ("[\"^1\"]", "A0103"),
    ] {
        let fault = only_fault(&format!("[dependencies]\n\"a/b\" = {text}\n"));
        assert!(fault.contains(code), "{text}: {fault}");
    }
    let fault = only_fault("[set]\nname = \"a/b\"\nversion = \"1.0.0\"\n[dependencies]\n\"a/b\" = \"1\"\n");
    assert!(fault.contains("`a/b` depends on itself"), "{fault}");
}

#[test]
fn the_other_tables_are_checked_too() {
    for text in [
        "[resolution]\nminimum-release-age = \"soon\"\n",
        "[resolution]\nminimum-release-age = 3\n",
        "[resolution]\nminimum-release-age = 2026-11-01T10:00:00Z\n",
        "[environments.production]\nmode = \"lokced\"\n",
        "[environments.production]\n",
        "[environments.production]\nmode = \"locked\"\napprovals = 2\n",
        "[environments.staging]\nmode = \"review\"\napprovals = 0\n",
        "[environments.staging]\nmode = \"review\"\napprovals = \"2\"\n",
        "[environments.staging]\nmode = \"review\"\nchannel = \"stable\"\n",
        "[environments.preview]\nmode = \"live\"\nchannel = \"^1\"\n",
        "[environments]\nproduction = \"locked\"\n",
        "[environments.\"My Env\"]\nmode = \"live\"\n",
        "[compat]\naccept = [\"everything\"]\n",
        "[compat]\nraise = [\"text_changed\"]\n",
        "[compat]\nraise = { text_changed = \"patch\" }\n",
        "[compat.raise]\ntext_changed = 1\n",
        "[trust]\nallowed-signers = \"/etc/signers\"\n",
        "[trust.policy]\n\"a/*\" = \"requires\"\n",
        "[trust.policy]\n\"a/*\" = { minimum = 0 }\n",
        "[trust.policy]\n\"a/[\" = \"off\"\n",
        "[workspace]\nmembers = [\"../x\"]\n",
        "[workspace]\nmembers = \"x\"\n",
        "set = 1\n",
    ] {
        only_fault(text);
    }
    let manifest = own("[resolution]\nminimum-release-age = 2026-11-01\n[trust.policy]\n\"*/*\" = { minimum = 2 }\n");
    let manifest = manifest.unwrap();
    assert_eq!(manifest.resolution.minimum_release_age, MinimumReleaseAge::parse("2026-11-01"));
    assert_eq!(manifest.trust.policy[0].1, TrustRule::Minimum(2));
}

#[test]
fn the_tables_may_be_written_in_any_of_tomls_ways() {
    let text = "set = { name = \"a/b\", version = \"1.0.0\" }\n\
                registries.default = \"../r\"\n\
                dependencies.\"c/d\".version = \"^1\"\n\
                dependencies.\"c/d\".registry = \"default\"\n\
                [override.\"c/d\"]\n\
                path = \"x\"\n";
    let manifest = own(text).unwrap();
    assert_eq!(manifest.set.unwrap().name.as_str(), "a/b");
    assert_eq!(manifest.dependencies.len() + manifest.overrides.len() + manifest.registries.len(), 3);
}

#[test]
fn twenty_faults_are_shown_and_the_rest_is_counted() {
    let text: String = (0..30).map(|n| format!("key{n:02} = 1\n")).collect();
    let faults = faults(&text);
    assert_eq!(faults.len(), 21);
    assert_eq!(faults[20], "- A0100 `anvil.toml` has 10 more faults that are not shown |  | ");
}

#[test]
fn a_tag_leads_back_to_its_version() {
    let name = "core/tone".parse().unwrap();
    let version = Version::new(1, 2, 3);
    for (template, at_root, tag) in [
        (TagTemplate::Default, true, "v1.2.3"),
        (TagTemplate::Default, false, "core/tone@1.2.3"),
        (TagTemplate::Text("release-{version}-final".into()), true, "release-1.2.3-final"),
    ] {
        assert_eq!(template.tag(&name, &version, at_root), tag);
        assert_eq!(template.version(&name, tag, at_root), Some(version.clone()));
        assert_eq!(template.version(&name, "nightly", at_root), None);
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in "([\\[\\]{}=\"',.#\n a-z0-9/^:@-]|set|version|dependencies|git){0,60}") {
        let _ = Manifest::parse("anvil.toml", &text, Strictness::Own);
    }
}
