//! Every error code has a page that begins with it, and every page has a code.

use anvil::error::Code;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors");
    let pages: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    let codes: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
    assert_eq!(pages, codes);
}

#[test]
fn every_page_begins_with_its_code_and_says_something() {
    for code in Code::ALL {
        let page = code.page();
        let title = page.lines().next().unwrap_or_default().strip_prefix(&format!("# {code}: "));
        let title = title.unwrap_or_else(|| panic!("the page of {code} does not begin with `# {code}: `"));
        assert!(!title.trim().is_empty() && !title.ends_with('.'), "the title of {code}: {title:?}");
        assert!(page.ends_with('\n') && !page.ends_with("\n\n"), "the page of {code} ends in one newline");
        assert!(page.lines().count() >= 5, "the page of {code} says too little");
        assert!(page.lines().all(|line| line.chars().count() <= 110), "the page of {code} has a long line");
    }
}

#[test]
fn codes_are_in_order_so_that_a_new_one_finds_its_place() {
    assert!(Code::ALL.windows(2).all(|pair| pair[0].as_str() < pair[1].as_str()), "{:?}", Code::ALL);
}
