//! Declarations that are long, and templates that ask for all of what is declared, in every way that linting follows.

use super::{Corpus, FUSE, Hostile, add};
use serde_json::{Map, Value, json};

/// How many parameters or properties are declared.
const MANY: usize = 2_000;

/// How each of them is used; `@` is its name, `#` its number.
const USES: [(&str, &str); 9] = [
    ("printed", "{{ o.@ }}"),
    ("asked for", "{% if o.@ %}{{ o.@ }}{% endif %}"),
    ("compared", "{% if o.@ == 'x' %}{{ o.@ | upcase }}{% endif %}"),
    ("given a default", "{% assign v# = o.@ | default: 'x' %}{{ v# }}"),
    ("read by a quoted name", "{{ o['@'] }}"),
    ("named by a filter", "{{ l | where: '@', 'x' | size }}"),
    ("mapped", "{% assign m# = l | map: '@' | compact %}{{ m# | join }}"),
    ("looped over", "{% for i in l %}{% if i.@ %}{{ i.@ }}{% endif %}{% endfor %}"),
    ("passed on", "{% render 'q', o: o, s: o.@ %}"),
];

/// What names are set to under conditions, and then used.
const CHOICES: [(&str, &str, &str); 4] = [
    ("names", "{% if b# %}{% assign k = 'p#' %}{% endif %}", "{{ o[k] }}"),
    (
        "names of their own",
        "{% if b# %}{% assign k# = 'p#' %}{% else %}{% assign k# = 'p1' %}{% endif %}",
        "{{ o[k#] }}",
    ),
    ("numbers", "{% if n# == 1 %}{% assign k# = 1 %}{% elsif n# > 9 %}{% assign k# = 2 %}{% endif %}", "{{ k# }}"),
    ("sizes", "{% if l.size > # %}{{ l[#].p1 }}{% endif %}", "{{ l[#].p2 }}"),
];

pub fn all(corpus: &mut Corpus) {
    for presence in ["optional", "required"] {
        for (what, body) in USES {
            add(corpus, format!("2,000 {presence} properties, each {what}"), move || {
                let uses: String =
                    (0..MANY).map(|at| body.replace('@', &format!("p{at}")).replace('#', &at.to_string())).collect();
                written(&properties(presence == "required"), &format!("{uses}{FUSE}"))
            });
        }
    }
    for many in [60, 600] {
        for (what, set, used) in CHOICES {
            add(corpus, format!("{many} {what} that hang on conditions"), move || {
                let each = |text: &str| (0..many).map(|at| text.replace('#', &at.to_string())).collect::<String>();
                let more = each("  b#: boolean\n  n#: { type: integer, minimum: 0, maximum: 15 }\n");
                let mut hostile = written(&properties(false), &format!("{}{}{FUSE}", each(set), each(used)));
                hostile.file = hostile.file.map(|file| file.replace("  fuse:", &format!("{more}  fuse:")));
                (0..many)
                    .fold(hostile, |hostile, at| hostile.value(&format!("b{at}"), true).value(&format!("n{at}"), 1))
            });
        }
    }
}

/// Returns the declarations of the properties of `o` and of the items of `l`.
fn properties(are_required: bool) -> String {
    let names: Vec<String> = (0..MANY).map(|at| format!("p{at}")).collect();
    let declared: String = names.iter().map(|name| format!("{name}: string, ")).collect();
    let required = if are_required { names.join(", ") } else { String::new() };
    format!("{{ type: object, properties: {{ {declared} }}, required: [{required}] }}")
}

fn written(object: &str, body: &str) -> Hostile {
    let values: Map<String, Value> = (0..MANY).map(|at| (format!("p{at}"), json!("x"))).collect();
    let front_matter =
        format!("---\nparameters:\n  o: {object}\n  l: {{ type: array, items: {object} }}\n  fuse: string\n---\n");
    Hostile::file(format!("{front_matter}{body}"))
        .partial("q", format!("---\nparameters:\n  o: {object}\n  s: string\n---\n{{{{ s }}}}"))
        .value("o", values.clone())
        .value("l", vec![Value::Object(values)])
        .value("fuse", "x")
}
