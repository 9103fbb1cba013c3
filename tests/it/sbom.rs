//! Bills of materials: what is in them, that they are the same each time, and that the standards' own
//! validators take them.

use crate::context::{NOW, TestContext};
use crate::shelf::{Shelf, set_in};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// A set that depends on sets of each kind of source, with licences of each kind.
fn project() -> TestContext {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "prompts.example.com/acme");
    shelf.publish("style/voice 1.0.0", &[]);
    shelf.publish_saying("core/tone 1.4.2-rc.1", "license = \"MIT OR Apache-2.0\"\ndescription = \"A tone.\"\n");
    shelf.publish_saying(
        "legal/terms 2.0.0",
        "license = \"Ours, ask first\"\nauthors = [\"Ada <ada@example.com>\", \"Acme\"]\n",
    );
    let local = Shelf::new(&context, "local", "local");
    local.publish("a-b/c 1.0.0", &[]);
    local.publish("a/b-c 1.0.0", &[]);
    context.write(
        "anvil.toml",
        "[set]\nname = \"team/app\"\nversion = \"0.1.0\"\nlicense = \"CC0-1.0\"\n\n[registries]\ndefault = { url = \"../registry\", id = \
         \"prompts.example.com/acme\" }\nlocal = \"../local\"\n\n[dependencies]\n\"style/voice\" = \"^1\"\n\"core/tone\" = \"=1.4.2-rc.1\"\n\
         \"legal/terms\" = \"^2\"\n\"a-b/c\" = { version = \"^1\", registry = \"local\" }\n\"a/b-c\" = { version = \"^1\", registry = \
         \"local\" }\n\"team/near\" = { path = \"near\" }\n",
    );
    context.write(".gitignore", ".anvil/\n*.json\n");
    set_in(&context, "near", "team/near 0.1.0", &[]);
    set_in(&context, "../lab/my ideas", "lab/ideas 0.3.0", &["style/voice ^1"]);
    let lab = context.path("lab");
    context.git_in(&lab, &["init", "--quiet", "--initial-branch=main"]);
    context.git_in(&lab, &["add", "--all"]);
    context.git_in(&lab, &["commit", "--quiet", "--message", "Begin"]);
    context.git_init();
    let url = format!("file://{}", lab.display());
    context.anvil(&["add", "lab/ideas", "--git", &url, "--subdirectory", "my ideas"]).success();
    context
}

fn sbom(context: &TestContext, arguments: &[&str]) -> Value {
    context.anvil(&[&["sbom"], arguments].concat()).success().json()
}

fn find<'v>(list: &'v Value, key: &str, value: &str) -> &'v Value {
    list.as_array().unwrap().iter().find(|it| it[key] == value).unwrap_or_else(|| panic!("no {value} in {list:#}"))
}

#[test]
fn cyclonedx_tells_of_every_locked_set() {
    let context = project();
    let bill = sbom(&context, &[]);
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&json!("CycloneDX"), &json!("1.6")));
    let root = &bill["metadata"]["component"];
    assert_eq!((&root["group"], &root["name"], &root["version"]), (&json!("team"), &json!("app"), &json!("0.1.0")));
    assert_eq!(root["licenses"], json!([{ "expression": "CC0-1.0" }]));
    assert_eq!(bill["components"].as_array().unwrap().len(), 7);
    let tone = find(&bill["components"], "bom-ref", "core/tone@1.4.2-rc.1");
    let sha256 = tone["hashes"][0]["content"].as_str().unwrap();
    assert!(context.read("anvil.lock").contains(sha256));
    assert_eq!(tone["licenses"], json!([{ "expression": "MIT OR Apache-2.0" }]));
    assert_eq!(tone["description"], "A tone.");
    let purl = tone["purl"].as_str().unwrap();
    assert!(purl.starts_with(&format!("pkg:generic/core/tone@1.4.2-rc.1?checksum=sha256:{sha256}&download_url=https://prompts.example.com/acme/bundles/core/")), "{purl}");
    let terms = find(&bill["components"], "bom-ref", "legal/terms@2.0.0");
    assert_eq!(terms["licenses"], json!([{ "license": { "name": "Ours, ask first" } }]));
    assert_eq!(terms["authors"], json!([{ "name": "Ada", "email": "ada@example.com" }, { "name": "Acme" }]));
    let edges = find(&bill["dependencies"], "ref", "lab/ideas@0.3.0");
    assert_eq!(edges["dependsOn"], json!(["style/voice@1.0.0"]));
    let asked = find(&bill["dependencies"], "ref", "project");
    assert_eq!(asked["dependsOn"].as_array().unwrap().len(), 7);
}

#[test]
fn the_same_lock_gives_the_same_bytes_wherever_and_whenever() {
    let context = project();
    context.commit("Begin");
    context.anvil(&["vendor"]).success();
    for format in ["cyclonedx", "spdx"] {
        let first = context.anvil(&["sbom", "--format", format]).success().stdout;
        // Elsewhere, later, with no cache.
        let mut later = context.anvil_command(&["sbom", "--format", format, "--offline"]);
        later.env("ANVIL_NOW", (NOW + 1_000_000).to_string()).env("ANVIL_CACHE_DIR", context.path("empty"));
        assert_eq!(context.run(later, "").success().stdout, first, "the time is the commit's");
        let mut told = context.anvil_command(&["sbom", "--format", format]);
        told.env("SOURCE_DATE_EPOCH", "0");
        let told = context.run(told, "").success().stdout;
        assert!(told.contains("1970-01-01T00:00:00Z"));
        assert_eq!(told.replace("1970-01-01T00:00:00Z", "2026-01-02T03:04:05Z"), first);
    }
    let mut wrong = context.anvil_command(&["sbom"]);
    wrong.env("SOURCE_DATE_EPOCH", "now");
    assert_eq!(context.run(wrong, "").code, 2);
}

#[test]
fn an_application_is_called_the_same_in_each_clone() {
    let context = TestContext::new();
    let name = |context: &TestContext, folder: &Path| {
        let bill = context.anvil_in(folder, &["sbom"]).success().json();
        bill["metadata"]["component"]["name"].as_str().unwrap().to_owned()
    };
    context.write("anvil.toml", "[dependencies]\n");
    context.write("apps/web/anvil.toml", "[dependencies]\n");
    assert_eq!(name(&context, &context.project()), "project");
    context.git_init();
    assert_eq!(name(&context, &context.project()), "project", "there is no remote");
    context.git(&["remote", "add", "origin", "https://git.example.com/acme/helpdesk.git"]);
    assert_eq!(name(&context, &context.project()), "helpdesk");
    assert_eq!(name(&context, &context.project().join("apps/web")), "web", "a folder of the repository");
    let spdx = context.anvil(&["sbom", "--format", "spdx"]).success().json();
    assert!(spdx["packages"].as_array().unwrap().iter().any(|it| it["name"] == "helpdesk"), "{spdx:#}");
    let named = context.anvil(&["sbom", "--name", "desk"]).success().json();
    assert_eq!(named["metadata"]["component"]["name"], "desk");
}

#[test]
fn another_lock_has_another_name() {
    let context = project();
    let before = sbom(&context, &[])["serialNumber"].clone();
    context.anvil(&["remove", "legal/terms"]).success();
    assert_ne!(sbom(&context, &[])["serialNumber"], before);
}

/// Returns what each component of a bill depends on, in both forms, which say the same.
fn edges(context: &TestContext, arguments: &[&str]) -> Vec<String> {
    let bill = sbom(context, arguments);
    let mut edges = Vec::new();
    for from in bill["dependencies"].as_array().unwrap() {
        for to in from["dependsOn"].as_array().unwrap() {
            edges.push(format!("{} {}", from["ref"].as_str().unwrap(), to.as_str().unwrap()));
        }
    }
    edges.sort();
    let spdx = sbom(context, &[&["--format", "spdx"], arguments].concat());
    let called = |id: &Value| {
        let package = find(&spdx["packages"], "SPDXID", id.as_str().unwrap());
        let version = package["versionInfo"].as_str().unwrap_or_default();
        match id == "SPDXRef-project" {
            true => "project".to_owned(),
            false => format!("{}@{version}", package["name"].as_str().unwrap()),
        }
    };
    let related = spdx["relationships"].as_array().unwrap().iter();
    let related = related.filter(|it| it["relationshipType"] == "DEPENDS_ON");
    let mut same: Vec<String> =
        related.map(|it| format!("{} {}", called(&it["spdxElementId"]), called(&it["relatedSpdxElement"]))).collect();
    same.sort();
    assert_eq!(edges, same);
    assert_eq!(bill["components"].as_array().unwrap().len() + 1, spdx["packages"].as_array().unwrap().len());
    edges
}

#[test]
fn a_member_of_a_workspace_is_told_with_what_it_needs_and_the_root_with_its_members() {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.0.0", &[]);
    shelf.publish_saying("legal/disclaimers 1.0.0", "license = \"Ours, ask first\"\n");
    context.write("anvil.toml", "[registries]\ndefault = \"../registry\"\n\n[workspace]\nmembers = [\"sets/*\"]\n");
    set_in(&context, "sets/a", "x/a 0.1.0", &["core/tone ^1"]);
    set_in(&context, "sets/b", "x/b 0.1.0", &["x/a ^0.1"]);
    set_in(&context, "sets/c", "x/c 0.1.0", &["core/tone ^1", "legal/disclaimers ^1"]);
    context.anvil(&["pull"]).success();
    assert_eq!(edges(&context, &["--set", "x/a"]), ["project core/tone@1.0.0"]);
    let alone = context.anvil(&["sbom", "--set", "x/a"]).success().stdout;
    assert!(!alone.contains("legal/disclaimers") && !alone.contains("Ours"), "{alone}");
    assert_eq!(edges(&context, &["--set", "x/b"]), ["project x/a@0.1.0", "x/a@0.1.0 core/tone@1.0.0"]);
    let inside = context.anvil_in(&context.project().join("sets/b"), &["sbom"]).success().stdout;
    assert_eq!(inside, context.anvil(&["sbom", "--set", "x/b"]).success().stdout);
    assert_eq!(
        edges(&context, &[]),
        [
            "project x/a@0.1.0",
            "project x/b@0.1.0",
            "project x/c@0.1.0",
            "x/a@0.1.0 core/tone@1.0.0",
            "x/b@0.1.0 x/a@0.1.0",
            "x/c@0.1.0 core/tone@1.0.0",
            "x/c@0.1.0 legal/disclaimers@1.0.0",
        ]
    );
}

#[test]
fn a_file_is_written_once_and_what_is_not_known_is_said() {
    let context = project();
    fs::remove_dir_all(context.path("cache")).unwrap();
    fs::remove_dir_all(context.project().join(".anvil")).unwrap();
    let wrote = context.anvil(&["sbom", "--format", "spdx", "--output", "out.json", "--offline"]).success();
    assert_eq!(wrote.stdout, "wrote out.json (7 sets)\n");
    assert!(wrote.stderr.contains("note: 6 sets are not on this machine"), "{}", wrote.shown());
    let again = context.anvil(&["sbom", "--format", "spdx", "--output", "out.json", "--offline"]).success();
    assert_eq!(again.stdout, "out.json is up to date (7 sets)\n");
    let bill: Value = serde_json::from_str(&context.read("out.json")).unwrap();
    let tone = find(&bill["packages"], "name", "core/tone");
    assert_eq!(tone["licenseDeclared"], "NOASSERTION");
    assert_eq!(find(&bill["relationships"], "relationshipType", "DESCRIBES")["relatedSpdxElement"], "SPDXRef-project");
}

/// Returns the Python that has the validators, if there is one: what `.ci/run` made, or the one on PATH.
fn python(context: &TestContext, script: &Path) -> Option<PathBuf> {
    let named = std::env::var_os("ANVIL_TEST_PYTHON").map(PathBuf::from);
    let candidates = named.into_iter().chain([PathBuf::from("python3")]);
    let has_them = |python: &PathBuf| {
        let mut command = context.command(python.to_str().unwrap());
        command.arg(script).arg("--check").output().is_ok_and(|output| output.status.success())
    };
    candidates.into_iter().find(has_them)
}

#[test]
fn the_validators_of_both_standards_take_them() {
    let context = project();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sbom/validate.py");
    let Some(python) = python(&context, &script) else {
        eprintln!(
            "skipped: no Python has cyclonedx-python-lib[json-validation] and spdx-tools (ANVIL_TEST_PYTHON names one)"
        );
        return;
    };
    for state in ["as it is", "with nothing unpacked", "that locks nothing"] {
        match state {
            "with nothing unpacked" => {
                fs::remove_dir_all(context.project().join(".anvil")).unwrap();
                fs::remove_dir_all(context.path("cache")).unwrap();
            }
            "that locks nothing" => {
                context.write("anvil.toml", "");
                fs::remove_file(context.project().join("anvil.lock")).unwrap();
            }
            _ => {}
        }
        context.anvil(&["sbom", "--output", "a.json", "--offline"]).success();
        context.anvil(&["sbom", "--format", "spdx", "--output", "b.spdx.json", "--offline"]).success();
        let mut command = context.command(python.to_str().unwrap());
        command.arg(&script).args(["a.json", "b.spdx.json"]);
        let found = context.run(command, "");
        assert_eq!(found.code, 0, "a project {state}: {}", found.shown());
    }
}
