//! `anvil lint --fix`.

use crate::assert_answer;
use crate::context::TestContext;
use snapbox::str;

#[test]
fn fix_declares_what_is_read_and_writes_line_ends() {
    let context = TestContext::new();
    context.write("anvil.toml", "[set]\nname = \"a/b\"\nversion = \"0.1.0\"\n");
    context.write(
        "prompts/hello.prompt.md",
        "Hello {{ name }}\r\n{% for item in items %}{{ item.title }}{% endfor %}\r\n",
    );
    context.write("prompts/more.prompt.md", "---\n# kept\nparameters: { a: string }\n---\n{{ a }}{{ length }}\n");
    context
        .write("prompts/slip.prompt.md", "---\nparameters: { customer: string }\n---\n{{ customer }}{{ custmer }}\n");
    context.write("prompts/broken.prompt.md", "---\nparameters: [\n---\r\nHi\n");
    let before = context.read("prompts/hello.prompt.md");
    assert_answer!(
        context.anvil(&["lint", "--fix", "--dry-run", "prompts/hello.prompt.md"]),
        str![[r#"
exit: 0
--- stdout
diff --git a/prompts/hello.prompt.md b/prompts/hello.prompt.md
index 469ded7..f982508 100644
--- a/prompts/hello.prompt.md
+++ b/prompts/hello.prompt.md
@@ -1,2 +1,7 @@
-Hello {{ name }}
-{% for item in items %}{{ item.title }}{% endfor %}
+---
+parameters:
+  name: string
+  items: array
+---
+Hello {{ name }}
+{% for item in items %}{{ item.title }}{% endfor %}
would fix 2 findings in 1 file
warning[A0209]: the file declares no parameters and takes `name`, `items`
  --> prompts/hello.prompt.md:1:10
   |
 1 | Hello {{ name }}
   |          ^^^^ taken as a parameter
   = help: declare them in front matter, under `parameters`
   = help: or have that done: `anvil lint --fix`

warning[A0208]: the file has CRLF line ends, which are read as LF
  --> prompts/hello.prompt.md:1:17
   |
 1 | Hello {{ name }}
   |                 ^
   = help: to have it written so: `anvil lint --fix`

1 prompt checked: no errors, 2 warnings
--- stderr

"#]]
    );
    assert_eq!(context.read("prompts/hello.prompt.md"), before);
    assert_answer!(
        context.anvil(&["lint", "--fix"]),
        str![[r#"
exit: 1
--- stdout
prompts/hello.prompt.md: wrote LF for CRLF
prompts/hello.prompt.md: declared `name: string`, `items: array`
prompts/more.prompt.md: declared `length: string`
prompts/slip.prompt.md: left: `custmer` is not declared: it looks like `customer`, which is
fixed 3 findings in 2 files
error[A0201]: the front matter is not valid YAML: while parsing a node, did not find expected node content
  --> prompts/broken.prompt.md:3:1
   |
 3 | ---
   | ^ here

warning[A0208]: the file has CRLF line ends, which are read as LF
  --> prompts/broken.prompt.md:3:4
   |
 3 | ---
   |    ^
   = help: to have it written so: `anvil lint --fix`

error[A0301]: the template uses `custmer`, which is not a parameter
  --> prompts/slip.prompt.md:4:18
   |
 4 | {{ customer }}{{ custmer }}
   |                  ^^^^^^^ not declared
   = help: did you mean `customer`, declared on line 2?

4 prompts checked: 2 errors, 1 warning
--- stderr
help: read about an error by its code: `anvil explain A0201`

"#]]
    );
    assert_eq!(
        context.read("prompts/hello.prompt.md"),
        "---\nparameters:\n  name: string\n  items: array\n---\nHello {{ name }}\n{% for item in items %}{{ item.title }}{% endfor %}\n"
    );
    assert_eq!(
        context.read("prompts/more.prompt.md"),
        "---\n# kept\nparameters: { a: string, length: string }\n---\n{{ a }}{{ length }}\n"
    );
    assert_eq!(context.read("prompts/broken.prompt.md"), "---\nparameters: [\n---\r\nHi\n");
    let again = context.anvil(&["lint", "--fix"]);
    assert!(again.stdout.contains("nothing that could be fixed\n"), "{}", again.shown());
    let json = context.anvil(&["lint", "--fix", "--format", "json"]);
    assert!(
        json.stdout.contains("\"outcome\": \"unchanged\",\n  \"dry_run\": false,\n  \"fixed\": [],\n  \"left\": [\n"),
        "{}",
        json.shown()
    );
}

#[test]
#[cfg(unix)]
fn a_file_that_is_named_twice_is_fixed_once() {
    let context = TestContext::new();
    context.write("anvil.toml", "[set]\nname = \"a/b\"\nversion = \"0.1.0\"\n");
    context.write("prompts/a.prompt.md", "{{ x }}\n");
    let alone = context.write("alone.md", "{{ y }}\r\n");
    let link = alone.with_file_name("link.md");
    std::os::unix::fs::symlink(&alone, &link).unwrap();
    let names = ["prompts/a.prompt.md", "./prompts/../prompts/a.prompt.md", "alone.md", "link.md", "alone.md"];
    let answer = context.anvil(&[&["lint", "--fix"][..], &names].concat());
    assert!(answer.stdout.contains("fixed 3 findings in 2 files\n"), "{}", answer.shown());
    assert!(answer.stdout.contains("2 prompts checked: no errors\n"), "{}", answer.shown());
    assert!(link.is_symlink());
}

#[test]
fn what_cannot_be_fixed_is_told() {
    let context = TestContext::new();
    context.write("many.md", "{{ c.size }} {{ d }}\n");
    context.write("flow.md", "---\nparameters: {\n  language: string, # last\n}\n---\n{{ language }}{{ name }}\n");
    assert_answer!(
        context.anvil(&["lint", "--fix", "./many.md", "./flow.md"]),
        str![[r#"
exit: 1
--- stdout
many.md: left: `c` is not declared: it may be a string, a list or an object
many.md: left: nothing is declared until `c` is
flow.md: left: front matter written so is not extended: declare `name: string` by hand
nothing that could be fixed
warning[A0209]: the file declares no parameters and takes `c`, `d`
  --> many.md:1:4
   |
 1 | {{ c.size }} {{ d }}
   |    ^^^^^^ taken as a parameter
   = help: declare them in front matter, under `parameters`
   = help: `c` is not declared: it may be a string, a list or an object

error[A0301]: the template uses `name`, which is not a parameter
  --> flow.md:6:18
   |
 6 | {{ language }}{{ name }}
   |                  ^^^^ not declared

2 prompts checked: 1 error, 1 warning
--- stderr
help: read about an error by its code: `anvil explain A0301`

"#]]
    );
    let json = context.anvil(&["lint", "--fix", "./many.md", "--format", "json"]);
    assert!(
        json.stdout.contains("\"fixed\": [],\n  \"left\": [\n    {\n      \"file\": \"many.md\""),
        "{}",
        json.shown()
    );
    // A second front matter above one that comes late would only hide the mistake.
    let late = "\n---\nparameters: { a: string }\n---\nx {{ a }}\n";
    context.write("late.md", late);
    context.anvil(&["lint", "--fix", "./late.md"]).success();
    assert_eq!(context.read("late.md"), late);
}

#[test]
fn the_patch_of_a_dry_run_can_be_applied() {
    let context = TestContext::new();
    context.write("p.md", "\u{feff}Hello {{ name }}\r\nBye\r\n");
    let patch = context.anvil(&["lint", "--fix", "--dry-run", "p.md"]).stdout;
    let mut git = context.command("git");
    git.args(["-c", "core.autocrlf=false", "apply"]).current_dir(context.project());
    context.run(git, &patch).success();
    assert_eq!(context.read("p.md"), "---\nparameters:\n  name: string\n---\nHello {{ name }}\nBye\n");
}
