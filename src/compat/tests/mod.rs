//! The rules, by what is declared, by a pair of versions each, and by mutations of a known class.

mod files;
mod interface;
mod mutations;
mod pairs;
mod taken;
mod trials;
