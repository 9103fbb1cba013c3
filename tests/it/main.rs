//! Tests that drive the real binary. One binary with many modules links once.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

mod context;
mod server;
mod shelf;

mod cli;
mod codes;
mod depend;
mod diff;
mod floors;
mod generated;
mod rollback;
mod trouble;
