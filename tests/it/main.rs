//! Tests that drive the real binary. One binary with many modules links once.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a skipped test says so in one line")]

mod context;
mod lock_diff;
mod locks;
mod merges;
mod server;
mod shelf;
mod sources;

mod advice;
mod at_hand;
mod author;
mod baseline;
mod channels;
mod checkouts;
mod cli;
mod codes;
mod compat;
mod corpus;
mod demo;
mod depend;
mod diff;
mod fabric;
mod faults;
mod fits;
mod fixtures;
mod floors;
mod foreign;
mod forged;
mod generated;
mod given;
mod history;
#[cfg(unix)]
mod irregular;
mod json;
mod limits;
mod lint;
mod lint_fix;
mod lint_hints;
mod lint_known;
mod lint_ways;
mod needs;
mod newer;
mod overrides;
mod own;
mod owner;
mod page;
mod passed;
mod patch;
mod places;
mod previous;
mod promise;
mod promptfoo;
mod proxy;
mod publish;
mod registries;
mod render;
mod rendered;
mod request;
mod rollback;
mod settings;
mod share;
mod testing;
mod tokens;
mod tour;
mod trace;
mod trouble;
mod turns;
mod updates;
mod verify;
mod version;
mod ways;
mod words;
