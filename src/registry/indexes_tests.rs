use super::*;
use crate::index::{LineDependency, edit, test_line};

#[test]
fn the_newest_matching_version_leads_on() {
    let depends = |version: &str, on: &str, registry: Option<&str>| {
        let mut line = test_line("a/a", version);
        line.dependencies = Arc::new([LineDependency {
            name: on.parse().unwrap(),
            requirement: "^1".parse().unwrap(),
            registry: registry.map(|id| id.parse().unwrap()),
            registry_url: None,
        }]);
        line
    };
    let lines = [
        depends("1.1.0", "b/newer", None),
        depends("1.0.0", "b/older", None),
        depends("2.0.0", "b/elsewhere", Some("other.example")),
    ];
    let text: Vec<u8> = lines.iter().flat_map(edit::to_text).collect();
    let name = "a/a".parse().unwrap();
    let index = Outline::of(&name, &IndexFile::parse(&name, &text).unwrap());
    let names = |requirement: &str| {
        let found = dependencies(&index, &requirement.parse().unwrap(), 1);
        found.into_iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names("^1"), ["b/newer"]);
    assert_eq!(names("=1.0.0"), ["b/older"]);
    assert!(names("^2").is_empty(), "a set of another registry was asked for here");
    assert!(names("^3").is_empty());
}
