//! Two versions of one prompt's file, and what must be told of them.

use super::pairs::{Held, between};
use crate::compat::*;
use crate::prompt::Dependencies;

/// Returns what comparing two texts of the prompt `p` gives; a second text is of the partial `_q`.
fn compared(old: &[&str], new: &[&str]) -> Comparison {
    let held = |texts: &[&str]| {
        let paths = ["prompts/p.prompt.md", "prompts/_q.prompt.md"];
        Held::of(paths.into_iter().zip(texts.iter().copied()).collect(), Dependencies::new())
    };
    between(&held(old), &held(new), 16)
}

fn keys(found: &Comparison) -> Vec<String> {
    found.changes.iter().map(Change::key).collect()
}

/// What stands where no way leads is not in the prompt, and not in what it gives.
#[test]
fn roles_and_history_occur_where_some_way_leads_to_them() {
    const HEAD: &str =
        "---\nparameters:\n  tone: { enum: [calm, glad] }\n  more: { type: messages, optional: true }\n---\n";
    const REST: &str = "{% user %}Hello.{% enduser %}\n";
    let system = "{% system %}Be kind.{% endsystem %}";
    let within = |before: &str, inner: &str, after: &str| format!("{HEAD}{before}{inner}{after}{REST}");
    for (before, after) in [
        ("{% if 1 == 2 %}", "{% endif %}"),
        ("{% if false %}", "{% endif %}"),
        ("{% unless tone %}", "{% endunless %}"),
        ("{% if tone == \"loud\" %}", "{% endif %}"),
        ("{% case tone %}{% when \"calm\", \"glad\" %}{% else %}", "{% endcase %}"),
        ("{% for n in (2..1) %}", "{% endfor %}"),
    ] {
        for (inner, expected) in [(system, "role_removed@p.system"), ("{% history more %}", "history_removed@p.more")] {
            let (live, dead) = (within("", inner, ""), within(before, inner, after));
            let found = compared(&[&live], &[&dead]);
            assert!(keys(&found).contains(&expected.to_owned()), "{before}: {:?}", keys(&found));
            let found = compared(&[&dead], &[&live]);
            assert!(found.changes.iter().all(|change| change.bump() < crate::version::Bump::Major), "{before}");
        }
    }
    for way in ["{% if tone == \"calm\" %}", "{% if tone != \"calm\" %}"] {
        let found = compared(&[&within("", system, "")], &[&within(way, system, "{% endif %}")]);
        assert_eq!(keys(&found), ["text_changed@p"], "{way}");
    }
}

#[test]
fn a_partial_that_no_way_renders_gives_no_role() {
    let partial = "{% system %}Be kind.{% endsystem %}";
    let (live, dead) = (
        "{% render \"_q\" %}{% user %}Hi.{% enduser %}",
        "{% if false %}{% render \"_q\" %}{% endif %}{% user %}Hi.{% enduser %}",
    );
    assert!(keys(&compared(&[live, partial], &[dead, partial])).contains(&"role_removed@p.system".to_owned()));
}

#[test]
fn a_manifest_that_is_written_otherwise_says_nothing_else() {
    const MANIFEST: &str = "[set]\nname = \"support/replies\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\n";
    let held = |manifest: &str| Held::of([("anvil.toml", manifest)].into_iter().collect(), Dependencies::new());
    for (manifest, words) in [
        (format!("# Replies.\n{MANIFEST}"), "anvil.toml is written otherwise, with the same meaning"),
        (MANIFEST.replace("1.0.0", "1.0.1") + "# All.\n", "anvil.toml is written otherwise, with the same meaning"),
        (MANIFEST.replace("MIT", "0BSD"), "anvil.toml says something else of the set"),
    ] {
        let found = between(&held(MANIFEST), &held(&manifest), 8);
        assert_eq!((keys(&found), &*found.changes[0].words), (vec!["manifest_changed".to_owned()], words));
    }
}
