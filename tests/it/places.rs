//! Where registries are said to be: `registry`, which makes and tends a folder, and `init`, which names one.

use crate::assert_answer;
use crate::context::TestContext;
use crate::shelf::Shelf;
use snapbox::str;

#[test]
fn a_registry_is_tended_in_its_folder_and_not_by_its_url() {
    let context = TestContext::new();
    assert_answer!(
        context.anvil(&["registry", "init", "https://prompts.example.com", "--id", "test"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1090]: `https://prompts.example.com` is read over the web, and a registry is made and tended in its folder
  = help: name the folder that a web server offers there, or will offer

"#]]
    );
    assert_answer!(
        context.anvil(&["registry", "verify", "http://127.0.0.1:9/registry"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A1090]: `http://[HOST]/registry` is read over the web, and a registry is made and tended in its folder
  = help: name the folder that a web server offers there, or will offer

"#]]
    );
    assert_eq!(context.anvil(&["registry", "rebuild", "HTTP://127.0.0.1:9/registry"]).code, 1);
    assert_answer!(
        context.anvil(&["registry", "init", "s3://bucket/registry", "--id", "test"]),
        str![[r#"
exit: 1
--- stdout
--- stderr
error[A0610]: `s3://bucket/registry` cannot be a registry's place: s3 is not supported yet; a bucket that is served over https can be read

"#]]
    );
    assert_eq!(context.files(""), []);
    let url = format!("file://{}", context.path("registry").display());
    for arguments in [&["init", &url, "--id", "test"][..], &["verify", &url], &["rebuild", &url]] {
        context.anvil(&[&["registry"], arguments].concat()).success();
    }
    assert!(context.path("registry/anvil-registry.json").exists());
}

#[test]
fn a_new_registry_is_named_so_that_the_manifest_can_be_committed() {
    let context = TestContext::new();
    let init = |folder: &str, at: &str| {
        let answer = context.anvil_in(&context.path(at), &["registry", "init", folder, "--id", "test"]).success();
        answer.stderr.split('`').nth(1).unwrap().to_owned() + answer.stderr.split('`').nth(2).unwrap()
    };
    let beside = " under [registries] in the anvil.toml of a project beside it, then ";
    assert_eq!(init("one", "."), format!("default = \"../one\"{beside}"));
    context.write("anvil.toml", "");
    std::fs::create_dir_all(context.project().join("deep/er")).unwrap();
    let here = " under [registries] in anvil.toml, then ";
    assert_eq!(init("../two", "project"), format!("default = \"../two\"{here}"));
    assert_eq!(init("../../../three", "project/deep/er"), format!("default = \"../three\"{here}"));
    assert_eq!(init("inside", "project"), format!("default = \"inside\"{here}"));
    // Far from the project the whole path says more.
    let far = context.path("tmp/a/b");
    std::fs::create_dir_all(&far).unwrap();
    context.write("../tmp/a/b/anvil.toml", "");
    let whole = context.path("four").display().to_string();
    assert_eq!(init("../../../four", "tmp/a/b"), format!("default = \"{whole}\"{here}"));
}

#[test]
fn the_registry_of_a_new_project_is_looked_at() {
    let context = TestContext::new();
    let root = context.root().to_owned();
    Shelf::new(&context, "named", "prompts.example.com/acme").publish("core/tone 1.0.0", &[]);
    Shelf::new(&context, "local", "test");
    assert_answer!(
        context.anvil_in(&root, &["init", "one", "--app", "--registry", "nowhere"]),
        str![[r#"
exit: 0
--- stdout
made a git repository
wrote .gitignore, .gitattributes and anvil.toml
began an application in `one`
--- stderr
warning: there is no registry at `nowhere`: it has no `anvil-registry.json`
help: check the place, `[ROOT]/nowhere`: under [registries] in anvil.toml a path is seen from its folder, on the command line from here
help: whoever publishes makes one there with: `anvil registry init nowhere --id NAME`
next: `anvil -C one add project/set`

"#]]
    );
    assert_answer!(
        context.anvil_in(&root, &["init", "two", "--app", "--registry", "named"]),
        str![[r#"
exit: 0
--- stdout
made a git repository
wrote .gitignore, .gitattributes and anvil.toml
began an application in `two`
--- stderr
next: `anvil -C two add project/set`

"#]]
    );
    let manifest = context.read("../two/anvil.toml");
    assert!(manifest.contains("default = { url = \"../named\", id = \"prompts.example.com/acme\" }\n"), "{manifest}");
    context.anvil_in(&context.path("two"), &["add", "core/tone"]).success();
    context.anvil_in(&root, &["init", "three", "--app", "--registry", "local"]).success();
    let manifest = context.read("../three/anvil.toml");
    assert!(manifest.contains("default = \"../local\"\n"), "{manifest}");
    // A host is not asked.
    context.anvil_in(&root, &["init", "four", "--app", "--registry", "http://127.0.0.1:9/acme"]).success();
}
