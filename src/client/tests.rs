//! A project, the sets that were unpacked for it, and what asking for their prompts gives.

use super::*;
use crate::digest::{ContentDigest, Sha256};
use crate::error::Code;
use crate::fs::Durability;
use crate::name::RegistryId;
use serde_json::json;

struct Project(tempfile::TempDir);

impl Project {
    fn new(manifest: &str) -> Project {
        let project = Project(tempfile::tempdir().unwrap());
        project.write("anvil.toml", manifest);
        project
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        fs::write(&self.0.path().join(path), text.as_bytes(), Durability::Derived).unwrap();
        self
    }

    fn lock(&self, sets: Vec<LockedSet>) -> &Self {
        self.write("anvil.lock", &Lockfile { sets, ..Lockfile::default() }.write())
    }

    /// Unpacks a set and returns it as it is locked.
    fn unpack(&self, set: LockedSet, manifest: &str, files: &[(&str, &str)]) -> LockedSet {
        let files = FileSet::from_iter(files.iter().copied().chain([("anvil.toml", manifest)]));
        let digest = files.digest();
        let folder = unpacked_folder(self.0.path(), &set.name, &set.version, &digest);
        for (path, bytes) in files.iter() {
            fs::write(&folder.join(path), bytes, Durability::Derived).unwrap();
        }
        LockedSet { digest: Some(digest), ..set }
    }

    fn open(&self) -> Anvil {
        Anvil::open(self.0.path()).unwrap()
    }

    fn code(&self, reference: &str) -> Code {
        self.open().get(reference).unwrap_err().code()
    }
}

fn locked(name: &str, version: &str) -> LockedSet {
    LockedSet {
        name: name.parse().unwrap(),
        version: version.parse().unwrap(),
        source: Source::Registry("test".parse::<RegistryId>().unwrap()),
        sha256: Some(Sha256::of("bundle")),
        digest: Some(ContentDigest::of_files([(name, Sha256::of(version))])),
        dependencies: Vec::new(),
        unknown: Vec::new(),
    }
}

/// An application that depends on `support/onboarding`, which renders a partial of `core/tone`.
fn application() -> Project {
    let project = Project::new(
        "[registries]\ndefault = \"../registry\"\n[dependencies]\n\"support/onboarding\" = \"^2\"\n\"lab/late\" = \"1\"\n",
    );
    let tone = project.unpack(
        locked("core/tone", "1.4.2"),
        "[set]\nname = \"core/tone\"\nversion = \"1.4.2\"\n",
        &[("prompts/style.prompt.md", "Be {{ tone }}.\n"), ("prompts/_own.prompt.md", "x")],
    );
    let onboarding = project.unpack(
        locked("support/onboarding", "2.1.0"),
        "[set]\nname = \"support/onboarding\"\nversion = \"2.1.0\"\n[dependencies]\n\"core/tone\" = \"^1\"\n",
        &[(
            "prompts/emails/welcome.prompt.md",
            "---\ndescription: Welcome.\naliases: [hello]\nparameters:\n  name: string\noutput: { schema: schemas/a.json }\n---\n\
             {% system %}{% render \"core/tone/style\", tone: \"kind\" %}{% endsystem %}\n{% user %}{{ name }}{% enduser %}\n",
        ), ("schemas/a.json", "{\"type\":\"object\"}")],
    );
    project.lock(vec![tone, onboarding]);
    project
}

#[test]
fn a_locked_prompt_is_inspected_and_rendered_with_its_dependencies() {
    let project = application();
    project.write("src/deep/x", "");
    let anvil = Anvil::open(project.0.path().join("src/deep")).unwrap();
    let prompt = anvil.get("support/onboarding/emails/welcome").unwrap();
    assert_eq!(prompt.name().as_str(), "emails/welcome");
    assert_eq!(prompt.version().unwrap().to_string(), "2.1.0");
    assert_eq!(prompt.description(), Some("Welcome."));
    assert_eq!(prompt.kind(), crate::prompt::PromptKind::Chat);
    assert_eq!(prompt.parameters()[0].name, "name");

    #[derive(serde::Serialize)]
    struct Values<'a> {
        name: &'a str,
    }
    let rendered = prompt.render(&Values { name: "Ada" }).unwrap();
    assert_eq!(
        rendered.to_json(),
        json!({
            "messages": [{ "role": "system", "content": "Be kind." }, { "role": "user", "content": "Ada" }],
            "output": { "schema": { "type": "object" } },
        })
    );
    assert_eq!(prompt.render(&json!({ "nmae": "x" })).unwrap_err().code(), Code::A0210);
    assert_eq!(prompt.render(&json!(["x"])).unwrap_err().code(), Code::A1016);
    assert_eq!(anvil.get("support/onboarding/hello").unwrap().name().as_str(), "emails/welcome");
}

#[test]
fn what_was_edited_after_it_was_unpacked_is_refused() {
    let project = application();
    let anvil = project.open();
    assert!(anvil.get("core/tone/style").is_ok());
    let locked = anvil.lock.set(&"core/tone".parse().unwrap()).unwrap();
    let folder = unpacked_folder(project.0.path(), &locked.name, &locked.version, &locked.digest.unwrap());
    let edit = |path: &str, text: &[u8]| fs::write(&folder.join(path), text, Durability::Derived).unwrap();
    edit("prompts/style.prompt.md", b"Be rude.\n");
    assert!(anvil.get("core/tone/style").is_ok(), "a set is read once");
    for reference in ["core/tone/style", "support/onboarding/hello"] {
        let error = project.open().get(reference).unwrap_err();
        assert_eq!((error.code(), error.kind()), (Code::A0904, crate::error::Kind::No));
        assert_eq!(error.hints()[0].command.as_deref(), Some("anvil pull --locked"));
    }
    edit("prompts/style.prompt.md", b"Be {{ tone }}.\n");
    assert!(project.open().get("core/tone/style").is_ok());
    edit("prompts/new.prompt.md", b"x");
    assert_eq!(project.code("core/tone/style"), Code::A0904);
}

#[test]
fn an_address_may_say_a_version_that_the_lock_must_satisfy() {
    let project = application();
    let anvil = project.open();
    for good in ["support/onboarding@2.1.0/hello", "support/onboarding@^2/hello", "@default/support/onboarding/hello"] {
        assert!(anvil.get(good).is_ok(), "{good}");
    }
    for bad in [
        "support/onboarding@2.0.0/hello",
        "support/onboarding@>2.1/hello",
        "support/onboarding@stable/hello",
        "@other/support/onboarding/hello",
    ] {
        assert_eq!(project.code(bad), Code::A1013, "{bad}");
    }
    let error = anvil.get("support/onboarding@>2.1/hello").unwrap_err();
    assert_eq!(error.hints()[1].command.as_deref(), Some("anvil add 'support/onboarding@>2.1'"));
}

#[test]
fn what_is_not_there_names_the_command_to_run() {
    let project = application();
    let command = |reference: &str| {
        let error = project.open().get(reference).unwrap_err();
        (error.code(), error.hints()[0].command.clone().unwrap_or_default())
    };
    assert_eq!(command("no/such@^1/prompt"), (Code::A1012, "anvil add no/such@^1".into()));
    assert_eq!(command("lab/late/prompt"), (Code::A1012, "anvil pull".into()));
    let missing = locked("lab/late", "1.0.0");
    project.lock(vec![missing]);
    assert_eq!(command("lab/late/prompt"), (Code::A1014, "anvil pull --locked".into()));

    let nowhere = tempfile::tempdir().unwrap();
    assert_eq!(Anvil::open(nowhere.path()).unwrap_err().code(), Code::A1011);
}

#[test]
fn prompts_that_nobody_may_ask_for_are_refused() {
    let project = application();
    assert_eq!(project.code("core/tone/_own"), Code::A0211);
    assert_eq!(project.code("core/tone/nothing"), Code::A0211);
    assert_eq!(project.code("core/tone"), Code::A1015);
    assert_eq!(project.code("nothing"), Code::A0211);
    assert_eq!(project.code("No/Such Thing"), Code::A0002);
}

#[test]
fn one_s_own_prompts_go_by_their_names() {
    let project = Project::new(
        "[set]\nname = \"my/app\"\nversion = \"0.1.0\"\nprompts = [\"patterns/*/system.md\"]\n[dependencies]\n\"core/tone\" = { path = \"lib/tone\" }\n",
    );
    project.write("patterns/greet/system.md", "{% render \"core/tone/style\", tone: t %}!");
    project.write("patterns/greet/README.md", "{% not a prompt");
    project.write("lib/tone/anvil.toml", "[set]\nname = \"core/tone\"\nversion = \"1.0.0\"\n");
    project.write("lib/tone/prompts/style.prompt.md", "Be {{ tone }}.");
    project.lock(vec![LockedSet {
        source: Source::Path("lib/tone".into()),
        sha256: None,
        digest: None,
        ..locked("core/tone", "1.0.0")
    }]);
    let anvil = project.open();
    assert_eq!(anvil.own_prompts().unwrap(), ["greet".parse().unwrap()]);
    let rendered = anvil.get("greet").unwrap().render(&json!({ "t": "kind" })).unwrap();
    assert_eq!(rendered.text(), Some("Be kind.!"));
}

#[test]
fn a_slip_in_one_s_own_name_is_not_taken_for_a_set() {
    let project = Project::new("[set]\nname = \"my/app\"\nversion = \"0.1.0\"\n");
    project.write("prompts/emails/welcome.prompt.md", "x");
    let error = project.open().get("emails/welcom").unwrap_err();
    assert_eq!(
        error.to_string(),
        "this project has no prompt `emails/welcom`, and no set `emails/welcom` is locked in it"
    );
    assert_eq!(error.hints()[0].to_string(), "did you mean `emails/welcome`?");
    let error = project.open().get("prompts/emails/welcome").unwrap_err();
    assert_eq!(error.hints()[0].to_string(), "did you mean `emails/welcome`?");
    let error = project.open().get("lab/ideas/spark").unwrap_err();
    assert_eq!((error.code(), error.hints()[0].command.as_deref()), (Code::A1012, Some("anvil add lab/ideas")));
}

#[test]
fn a_name_with_two_meanings_shows_both() {
    let project = application();
    project.write(
        "anvil.toml",
        "[set]\nname = \"my/app\"\nversion = \"0.1.0\"\n[registries]\ndefault = \"../registry\"\n[dependencies]\n\"core/tone\" = \"^1\"\n",
    );
    project.write("prompts/core/tone/style.prompt.md", "x");
    let error = project.open().get("core/tone/style").unwrap_err();
    assert_eq!(error.code(), Code::A1015);
    for meaning in ["prompts/core/tone/style.prompt.md", "core/tone@1.4.2/style"] {
        assert!(error.to_string().contains(meaning), "{error}");
    }
    assert!(project.open().get("core/tone@1.4.2/style").is_ok());
}

#[test]
fn the_author_of_a_prompt_may_have_it_by_its_file() {
    let project = Project::new("[set]\nname = \"my/app\"\nversion = \"0.1.0\"\n");
    project.write("prompts/_part.prompt.md", "part").write("notes.md", "x");
    let anvil = project.open();
    let file = |path: &str| anvil.get_file(project.0.path().join(path)).unwrap();
    assert_eq!(file("prompts/_part.prompt.md").unwrap().render(&()).unwrap().text(), Some("part"));
    assert!(file("notes.md").is_none());
    assert_eq!(project.code("_part"), Code::A0211);
}

#[test]
fn a_lock_with_conflict_markers_is_not_used() {
    let project = application();
    project.write("anvil.lock", "version = 1\n<<<<<<< a\n=======\n>>>>>>> b\n");
    assert_eq!(Anvil::open(project.0.path()).unwrap_err().code(), Code::A0403);
}

#[test]
fn the_own_set_has_an_address_and_one_version() {
    let project = Project::new("[set]\nname = \"my/app\"\nversion = \"1.0.0\"\n");
    project.write("prompts/hello.prompt.md", "Hello").write("prompts/_part.prompt.md", "x");
    assert_eq!(project.open().get("my/app/hello").unwrap().render(&json!({})).unwrap().text(), Some("Hello"));
    assert_eq!(project.code("my/app@1.0.0/hello"), Code::A1013);
    assert_eq!(project.code("my/app"), Code::A1015);
    assert!(project.open().get("my/app/_part").is_err());
}

#[test]
fn a_member_of_a_workspace_is_found_from_everywhere_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("anvil.toml", "[workspace]\nmembers = [\"sets/*\"]\n[workspace.set]\nlicense = \"MIT\"\n");
    let set = |name: &str, rest: &str| format!("[set]\nname = \"{name}\"\nversion = \"1.0.0\"\n{rest}");
    write("sets/a/anvil.toml", &set("t/a", "license.workspace = true\n"));
    write("sets/a/prompts/x.prompt.md", "A.\n");
    write("sets/b/anvil.toml", &set("t/b", "[dependencies]\n\"t/a\" = \"^1\"\n"));
    write("sets/b/prompts/y.prompt.md", "{% render \"t/a/x\" %}B.\n");
    for place in ["", "sets/a", "sets/b", "sets/b/prompts"] {
        let anvil = Anvil::open(folder.path().join(place)).unwrap();
        let rendered = anvil.get("t/b/y").unwrap().render(&serde_json::json!({})).unwrap();
        assert_eq!(rendered.text(), Some("A.B."), "{place:?}");
    }
    let anvil = Anvil::open(folder.path().join("sets/b")).unwrap();
    assert!(anvil.get("y").is_ok() && anvil.get("t/a@1.0.0/x").is_ok());
    assert_eq!(anvil.get("t/a@2/x").unwrap_err().code(), Code::A1013);
}

const LOCKED: &str = "\n[environments.production]\nmode = \"locked\"\n\n[environments.preview]\nmode = \"live\"\n";

#[test]
fn a_locked_environment_takes_nothing_that_the_lock_does_not_fix() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_folder(path.parent().unwrap()).unwrap();
        fs::write(&path, text.as_bytes(), fs::Durability::Derived).unwrap();
    };
    let own = "[set]\nname = \"my/app\"\nversion = \"0.1.0\"\n";
    write("app/anvil.toml", &format!("{own}{LOCKED}"));
    write("app/prompts/plain.prompt.md", "Plain.\n");
    let open = |environment| Anvil::open_in(folder.path().join("app"), environment);
    // What is the project's own is what is deployed.
    open(Some("production")).unwrap().get("plain").unwrap();
    assert_eq!(open(Some("nowhere")).unwrap_err().code(), Code::A0114);
    assert_eq!(open(Some("No Where")).unwrap_err().code(), Code::A0001);

    let with_tone = format!("{own}\n[dependencies]\n\"core/tone\" = {{ path = \"../tone\" }}\n{LOCKED}");
    write("app/anvil.toml", &with_tone);
    write("tone/anvil.toml", "[set]\nname = \"core/tone\"\nversion = \"1.0.0\"\n");
    write("tone/prompts/kind.prompt.md", "Be kind.\n");
    let stale = open(Some("production")).unwrap_err();
    assert_eq!(stale.code(), Code::A1181);
    assert!(stale.to_string().contains("anvil.lock does not answer anvil.toml"), "{stale}");
    open(Some("preview")).unwrap();
    open(None).unwrap();

    write(
        "app/anvil.lock",
        "version = 1\n\n[[requirement]]\nmember = \".\"\nname = \"core/tone\"\npath = \"../tone\"\n\n\
         [[set]]\nname = \"core/tone\"\nversion = \"1.0.0\"\nsource = \"path:../tone\"\n",
    );
    open(None).unwrap().get("core/tone/kind").unwrap();
    let unfixed = open(Some("production")).unwrap().get("core/tone/kind").unwrap_err();
    assert_eq!(unfixed.code(), Code::A1181);
    assert!(unfixed.to_string().contains("`../tone`, whose content no lock fixes"), "{unfixed}");
}
