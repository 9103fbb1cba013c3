//! Templates that strangers could publish to harm who renders them: each ends in an error, in time,
//! in little memory and on a small stack, and never in an abort.
//!
//! `corpus` makes the templates. They are run in a process of their own, which tells each template
//! before it starts with it: an abort or a hang is then known by name, and the rest is run in a new
//! process. Time and memory are those of one template from its source to its error, as an
//! application has it ([`Stage::Render`]), and of `anvil lint` on it ([`Stage::Lint`]).
//!
//! `ANVIL_HOSTILE=all` runs all of them, also without optimisation, and prints a line for each;
//! `ANVIL_HOSTILE=WORD` those whose name has the word in it.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]
#![allow(clippy::print_stdout, reason = "what was measured is told, and to the parent above all")]

mod corpus;

use anvil::manifest::{Manifest, Strictness};
use anvil::prompt::{Reach, Scope, Set, lint};
use corpus::{Corpus, Hostile};
use peak_alloc::PeakAlloc;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The longest that a template may take. Without optimisation the same work was seen to take between
/// four and thirty times as long, ten at the median, so that the bound is that of a release build
/// alone (`cargo test --release --test hostile`).
const TIME: Duration = Duration::from_millis(if cfg!(debug_assertions) { 3000 } else { 300 });

/// Of how many templates one is run: without optimisation all of them would take many minutes. It divides no
/// number of those that are made alike, so that some of each kind are run.
const SHARE: usize = if cfg!(debug_assertions) { 11 } else { 1 };

/// The most memory that it may take above what was in use.
const MEMORY_LIMIT: usize = 32 << 20;

/// The stack that it has: what a thread of Rust's has by default.
const STACK: usize = 2 << 20;

/// How long a template is waited for.
const PATIENCE: Duration = TIME.saturating_mul(10);

/// All memory that the process with the templates can have, so that a fault harms nobody else, in KiB.
const WALL: usize = 2 << 20;

/// How often a template that took a little too long is measured: other programs may have been in its way.
const TRIES: usize = 3;

/// The variable by which the process with the templates knows what it is: the number to start with.
const FROM: &str = "ANVIL_HOSTILE_FROM";

/// What is done with a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// Load it, get it, render it.
    Render,
    /// Load it and lint it.
    Lint,
}

/// Both, in the order in which they come.
const STAGES: [Stage; 2] = [Stage::Render, Stage::Lint];

/// What became of a template in one stage.
#[derive(Clone, Debug, PartialEq)]
struct Outcome {
    time: Duration,
    memory: usize,
    /// The error, or what came instead of one.
    end: Result<String, String>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Ok(end) | Err(end)) = &self.end;
        write!(f, "{:.1} ms, {:.1} MiB, {end}", self.time.as_secs_f64() * 1000.0, mebibytes(self.memory))
    }
}

#[test]
fn every_hostile_template_ends_in_an_error_in_time_and_in_little_memory() {
    let corpus = corpus::corpus();
    let names: BTreeSet<&str> = corpus.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), corpus.len(), "two templates have one name");
    if let Ok(from) = std::env::var(FROM) {
        return run(&corpus, from.parse().unwrap());
    }
    assert!(corpus.len() >= 500, "only {} templates", corpus.len());
    let chosen = std::env::var("ANVIL_HOSTILE").unwrap_or_default();
    let mut slowest = (Duration::ZERO, "");
    let mut largest = (0, "");
    let mut faults = Vec::new();
    let outcomes = outcomes(&corpus, &chosen);
    for ((number, stage), outcome) in &outcomes {
        let name = corpus[*number].name.as_str();
        slowest = slowest.max((outcome.time, name));
        largest = largest.max((outcome.memory, name));
        let mut fault = |what: String| faults.push(format!("{name} ({stage:?}): {what}"));
        if outcome.time > TIME {
            fault(format!("it took {} ms", outcome.time.as_millis()));
        }
        if outcome.memory > MEMORY_LIMIT {
            fault(format!("it took {:.1} MiB", mebibytes(outcome.memory)));
        }
        if let Err(instead) = &outcome.end {
            fault(instead.clone());
        }
    }
    let count = outcomes.keys().map(|(number, _)| number).collect::<BTreeSet<_>>().len();
    println!(
        "{count} hostile templates (of {}): slowest {} ms ({}), largest {:.1} MiB ({})",
        corpus.len(),
        slowest.0.as_millis(),
        slowest.1,
        mebibytes(largest.0),
        largest.1
    );
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    let expected = (0..corpus.len()).filter(|number| is_chosen(&chosen, *number, &corpus)).count();
    assert_eq!((count, outcomes.len()), (expected, 2 * expected), "some templates were not run");
}

fn mebibytes(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

fn is_chosen(chosen: &str, number: usize, corpus: &Corpus) -> bool {
    match chosen {
        "" => number.is_multiple_of(SHARE),
        "all" => true,
        word => corpus[number].name.contains(word),
    }
}

/// Runs the templates in processes of their own and returns what became of each, by its number and stage.
fn outcomes(corpus: &Corpus, chosen: &str) -> BTreeMap<(usize, Stage), Outcome> {
    let mut outcomes = BTreeMap::new();
    let mut from = 0;
    while from < corpus.len() {
        let (mut child, lines) = start(from, chosen);
        let mut running: Option<(usize, Stage)> = None;
        let end = loop {
            match lines.recv_timeout(PATIENCE) {
                Ok(line) => match line.split('\t').collect::<Vec<_>>()[..] {
                    [_, "begin", number, told] => {
                        let stage = STAGES.into_iter().find(|stage| format!("{stage:?}") == told);
                        running = Some((number.parse().unwrap(), stage.unwrap()));
                    }
                    [_, "end", micros, memory, kind, message] => {
                        let end = if kind == "error" { Ok(message.to_owned()) } else { Err(message.to_owned()) };
                        let time = Duration::from_micros(micros.parse().unwrap());
                        let outcome = Outcome { time, memory: memory.parse().unwrap(), end };
                        let (number, stage) = running.take().expect("it was begun");
                        if !chosen.is_empty() {
                            println!("{} ({stage:?}): {outcome}", corpus[number].name);
                        }
                        outcomes.insert((number, stage), outcome);
                    }
                    _ => panic!("not understood: {line}"),
                },
                // The pipe is closed: the process is at its end.
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break "the process was aborted",
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                    child.kill().unwrap();
                    break "it did not end";
                }
            }
        };
        child.wait().unwrap();
        let Some((number, stage)) = running else { return outcomes };
        if !chosen.is_empty() {
            println!("{} ({stage:?}): {end}", corpus[number].name);
        }
        for stage in STAGES.into_iter().filter(|other| *other >= stage) {
            outcomes.insert((number, stage), Outcome { time: Duration::ZERO, memory: 0, end: Err(end.to_owned()) });
        }
        from = number + 1;
    }
    outcomes
}

/// Starts a process that runs the templates from number `from` on, and returns it with the lines that it tells.
fn start(from: usize, chosen: &str) -> (Child, Receiver<String>) {
    let itself = std::env::current_exe().unwrap();
    let mut command = if cfg!(target_os = "linux") {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("ulimit -v {WALL}; exec \"$0\" \"$@\"")).arg(itself);
        shell
    } else {
        Command::new(itself)
    };
    command.args(["--nocapture", "--test-threads=1"]).env(FROM, from.to_string()).env("ANVIL_HOSTILE", chosen);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            // The test harness says something in front of the first line.
            if let Some(at) = line.find("hostile\t") {
                let _ = sender.send(line[at..].to_owned());
            }
        }
    });
    (child, receiver)
}

/// Runs the templates from number `from` on, and tells each before and after.
fn run(corpus: &Corpus, from: usize) {
    let chosen = std::env::var("ANVIL_HOSTILE").unwrap_or_default();
    // What is made once in a process is no template's, above all the tables that tokens are counted with.
    let first = "---\nparameters:\n  s: { type: string, max_tokens: 1, pattern: a }\n---\n{{ s }}";
    measure(&Hostile::file(first).value("s", "many more tokens than one"), Stage::Render);
    for number in (from..corpus.len()).filter(|number| is_chosen(&chosen, *number, corpus)) {
        for stage in STAGES {
            println!("hostile\tbegin\t{number}\t{stage:?}");
            let hostile = (corpus[number].make)();
            let mut outcome = measure(&hostile, stage);
            for _ in 1..TRIES {
                if outcome.time > TIME && outcome.time < 2 * TIME {
                    outcome.time = outcome.time.min(measure(&hostile, stage).time);
                }
            }
            let (kind, message) = match outcome.end {
                Ok(message) => ("error", message),
                Err(message) => ("instead", message),
            };
            let message: String = message.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect();
            println!("hostile\tend\t{}\t{}\t{kind}\t{message}", outcome.time.as_micros(), outcome.memory);
        }
    }
}

/// Runs one template on a thread with a small stack.
fn measure(hostile: &Hostile, stage: Stage) -> Outcome {
    let manifest = "[set]\nname = \"hostile/set\"\nversion = \"1.0.0\"\n";
    let manifest = Manifest::parse("anvil.toml", manifest, Strictness::Own).unwrap();
    let (files, values) = (hostile.files(), hostile.values());
    let work = move || {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let start = Instant::now();
        let scope = Scope::alone(Arc::new(Set::load(&manifest, &files)));
        let end = match stage {
            Stage::Render => match scope.get(&"main".parse().unwrap()) {
                Err(error) => Ok(error.to_string()),
                Ok(ready) => match ready.render(values) {
                    Err(error) => Ok(error.to_string()),
                    Ok(_) => Err("it rendered".to_owned()),
                },
            },
            Stage::Lint => match lint(&scope, Reach::Everything).iter().find(|finding| finding.is_error()) {
                Some(finding) => Ok(finding.message.clone()),
                // What is wrong may be seen by rendering alone.
                None => Ok("no error".to_owned()),
            },
        };
        // To take it apart is part of having had it.
        drop(scope);
        Outcome { time: start.elapsed(), memory: MEMORY.peak_usage().saturating_sub(before), end }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap();
    thread.join().unwrap_or_else(|_| Outcome { time: Duration::ZERO, memory: 0, end: Err("it panicked".to_owned()) })
}
