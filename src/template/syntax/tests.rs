//! Mistakes in whole sources, each found at its place.

use super::*;
use crate::error::Code;
use crate::template::problem::MAX_PROBLEMS;

fn problems(source: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    parse(source, Dialect::Prompt, 256, &mut problems);
    problems.sort_by_key(|problem| problem.span.start);
    problems
}

fn codes(source: &str) -> Vec<(Code, &str)> {
    problems(source).into_iter().map(|problem| (problem.code, &source[problem.span])).collect()
}

#[test]
fn every_mistake_is_found_at_its_place() {
    assert_eq!(
        codes("{{ a b }}{% iff x %}{% if %}{% endif %}{% endfor %}{{ 'a' | shout }}{% user %}"),
        [
            (Code::A0302, "b"),
            (Code::A0303, "iff"),
            (Code::A0302, ""),
            (Code::A0304, "endfor"),
            (Code::A0303, "shout"),
            (Code::A0304, "{% user %}"),
        ]
    );
    assert_eq!(codes("{% else %}{% for x in y %}{% when 1 %}{% endfor %}").len(), 2);
    assert_eq!(codes("{% if a %}{% else %}{% else %}{% endif %}"), [(Code::A0304, "else")]);
    assert_eq!(codes("{% case a %} b {% when 1 %}{% endcase %}"), [(Code::A0302, " b ")]);
}

#[test]
fn what_is_refused_or_reserved_says_so() {
    assert_eq!(codes("{% include 'a' %}"), [(Code::A0303, "include")]);
    assert_eq!(codes("{% tool %}a{% endtool %}"), [(Code::A0305, "tool"), (Code::A0305, "endtool")]);
    assert_eq!(codes("{% user name: 'x' %}a{% enduser %}"), [(Code::A0305, "name: 'x'")]);
    assert_eq!(codes("{% render name %}"), [(Code::A0302, "name")]);
    assert_eq!(codes("{{ [name] }}"), [(Code::A0302, "name")]);
}

#[test]
fn a_block_of_a_liquid_tag_ends_in_it() {
    assert_eq!(codes("{% liquid\n if x\n echo x\n endif %}"), []);
    assert_eq!(codes("{% liquid\n if x %}{% endif %}"), [(Code::A0304, "if x"), (Code::A0304, "endif")]);
    assert_eq!(codes("{% if x %}{% liquid endif %}{% endif %}"), [(Code::A0304, "endif")]);
    assert_eq!(codes("{% liquid\n raw\n endraw %}").len(), 2);
    // Once, `end` closed it, and what it held was gone.
    assert_eq!(codes("{% liquid\n echo x\n end %}"), [(Code::A0303, "end")]);
}

#[test]
fn nesting_is_bounded_and_so_is_the_number_of_problems() {
    for end in ["", "{% endif %}"] {
        let deep = "{% if x %}".repeat(50_000) + &end.repeat(50_000);
        let found: Vec<Code> = problems(&deep).iter().map(|problem| problem.code).collect();
        assert_eq!(found, [Code::A0306], "what was not read is no further problem");
    }
    assert!(problems(&"{{ ! }}".repeat(1_000)).len() <= MAX_PROBLEMS);
    let deep = "{% if x %}".repeat(256) + &"{% endif %}".repeat(256);
    assert_eq!(problems(&deep), []);
}

#[test]
fn a_template_is_made_of_a_bounded_number_of_parts() {
    for source in ["{{ a }}".repeat(100_000), "{% user %}a{% enduser %}".repeat(100_000)] {
        assert_eq!(problems(&source).iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::A0306]);
    }
    let long = format!("{{{{ a{} }}}}", " | append: a".repeat(100_000));
    assert_eq!(problems(&long).len(), 1);
    assert_eq!(problems(&"{{ a }}".repeat(15_000)), []);
}

#[test]
fn lax_is_shopifys_liquid() {
    let lax = |source: &str| {
        let mut problems = Vec::new();
        let parsed = parse(source, Dialect::Lax, 256, &mut problems);
        (parsed.nodes.len(), problems.len())
    };
    assert_eq!(lax("{{ }}{% include 'a' %}{% if a %}{% else b %}{% else %}{% endif %}{% echo %}"), (2, 0));
    assert_eq!(lax("{% system %}a{% endsystem %}").1, 2);
}
