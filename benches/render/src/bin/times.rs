//! Prints how long each engine takes to parse and to render the prompt, one line a figure:
//! what is measured, the engine, and nanoseconds, separated by tabs.
//!
//! Given a folder, it first writes there what the engines of other languages need: the prompt, its
//! values, and the output that all of them must give.
//!
//! The figure is the minimum of many batches. The engines take turns, batch by batch, so that what
//! else the machine does meets all of them alike.

#![allow(clippy::disallowed_methods, reason = "Anvil's own rule of where files are read is not a bench's")]

use anvil::Anvil;
use anvil::template::{Output, Partial, Partials, Template};
use render_bench::{JINJA, LIQUID, values};
use serde_json::{Map, Value};
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many batches are run of each job.
const ROUNDS: usize = 200;

/// How long one batch takes at least.
const BATCH: Duration = Duration::from_millis(2);

/// The prompt of the last row: what an application asks for most often.
const SMALL: &str = "---
parameters:
  name: string
  plan: { enum: [free, pro], default: free }
---
Welcome, {{ name }}! You are on the {{ plan }} plan.
";

/// A set without partials.
struct Nothing;

impl Partials for Nothing {
    fn find(&self, name: &str) -> Result<Arc<dyn Partial>, String> {
        Err(format!("there is no prompt `{name}`"))
    }
}

/// One thing to measure.
struct Job<'j> {
    what: &'static str,
    engine: &'static str,
    work: Box<dyn FnMut() + 'j>,
    times: u32,
    best: Duration,
}

impl<'j> Job<'j> {
    fn new(what: &'static str, engine: &'static str, work: impl FnMut() + 'j) -> Self {
        Job { what, engine, work: Box::new(work), times: 1, best: Duration::MAX }
    }

    fn batch(&mut self) -> Duration {
        let start = Instant::now();
        for _ in 0..self.times {
            (self.work)();
        }
        start.elapsed()
    }

    /// Warms up, and finds how many times fill a batch.
    fn warm_up(&mut self) {
        while self.batch() < BATCH {
            self.times *= 2;
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let values = values();

    let anvil_template = parse_with_anvil(LIQUID)?;
    let expected = render_with_anvil(&anvil_template, &values)?;

    let liquid_parser = liquid::ParserBuilder::with_stdlib().build()?;
    let liquid_template = liquid_parser.parse(LIQUID)?;
    let liquid_values = liquid::to_object(&values)?;
    same("liquid", &liquid_template.render(&liquid_values)?, &expected)?;

    let minijinja = minijinja::Environment::new();
    let minijinja_template = minijinja.template_from_str(JINJA)?;
    let minijinja_values = minijinja::Value::from(minijinja::value::Serde(&values));
    same("minijinja", &minijinja_template.render(&minijinja_values)?, &expected)?;

    if let Some(folder) = std::env::args().nth(1) {
        let folder = Path::new(&folder);
        std::fs::write(folder.join("prompt.liquid"), LIQUID)?;
        std::fs::write(folder.join("values.json"), serde_json::to_string(&values)?)?;
        std::fs::write(folder.join("expected.txt"), &expected)?;
    }

    let folder = tempfile::tempdir()?;
    let application = application(folder.path())?;
    let small = serde_json::json!({ "name": "Ada", "plan": "pro" });
    let welcomed = application.get("welcome")?.render(&small)?;
    same("the small prompt", welcomed.text().unwrap_or_default(), "Welcome, Ada! You are on the pro plan.")?;

    let mut jobs = [
        Job::new("parse", "anvil", || drop(black_box(Template::parse(black_box(LIQUID))))),
        Job::new("parse", "liquid", || drop(black_box(liquid_parser.parse(black_box(LIQUID))))),
        Job::new("parse", "minijinja", || drop(black_box(minijinja.template_from_str(black_box(JINJA))))),
        Job::new("render", "anvil", || drop(black_box(anvil_template.render(black_box(&values), &Nothing)))),
        Job::new("render", "liquid", || drop(black_box(liquid_template.render(black_box(&liquid_values))))),
        Job::new("render", "minijinja", || drop(black_box(minijinja_template.render(black_box(&minijinja_values))))),
        Job::new("get and render", "anvil", || {
            let prompt = application.get(black_box("welcome"));
            drop(black_box(prompt.map(|prompt| prompt.render(black_box(&small)))));
        }),
    ];
    jobs.iter_mut().for_each(Job::warm_up);
    for _ in 0..ROUNDS {
        for job in &mut jobs {
            job.best = job.best.min(job.batch());
        }
    }
    for job in &jobs {
        println!("{}\t{}\t{:.1}", job.what, job.engine, job.best.as_nanos() as f64 / f64::from(job.times));
    }
    Ok(())
}

fn parse_with_anvil(source: &str) -> Result<Template, Box<dyn Error>> {
    Template::parse(source).map_err(|problems| format!("anvil: {problems:?}").into())
}

fn render_with_anvil(template: &Template, values: &Map<String, Value>) -> Result<String, Box<dyn Error>> {
    match template.render(values, &Nothing) {
        Ok(Output::Text(text)) => Ok(text),
        other => Err(format!("anvil: {other:?}").into()),
    }
}

/// Figures of engines that do different things mean nothing.
fn same(engine: &str, got: &str, expected: &str) -> Result<(), Box<dyn Error>> {
    if got == expected { Ok(()) } else { Err(format!("{engine} gives\n{got}\nwhere Anvil gives\n{expected}").into()) }
}

/// Returns a project with one small prompt.
fn application(folder: &Path) -> Result<Anvil, Box<dyn Error>> {
    std::fs::write(folder.join("anvil.toml"), "[set]\nname = \"my/set\"\nversion = \"1.0.0\"\n")?;
    std::fs::create_dir(folder.join("prompts"))?;
    std::fs::write(folder.join("prompts/welcome.prompt.md"), SMALL)?;
    Anvil::open(folder).map_err(|error| error.to_string().into())
}
