//! What is found by following a template.

use super::super::domain::{Known, Nil};
use super::super::world::Turn;
use std::ops::Range;

/// What a value is used for that must not be nil.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// It is printed.
    Printed,
    /// It is put through a filter, this one.
    Filtered(&'static str),
    /// It is the argument of a filter, this one.
    Argument(&'static str),
    /// It is looped over.
    Looped,
    /// It is an index, or counts something.
    Counted(Count),
    /// It is passed to a partial that needs it.
    Passed {
        /// The partial, as it is named.
        partial: String,
        /// Its parameter.
        parameter: String,
    },
}

/// What a number is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Count {
    /// It says which item.
    Index,
    /// It ends a range.
    End,
    /// It says how many items a loop takes, leaves out or puts into a row, under this name.
    Items(&'static str),
    /// It says how many of the newest messages are inserted.
    Newest,
}

impl Need {
    /// Returns a word that tells this use from others of the same value.
    pub(in crate::template::analysis) fn what(&self) -> &'static str {
        match self {
            Need::Printed => "printed",
            Need::Looped => "looped",
            Need::Counted(Count::Items(name)) => name,
            Need::Counted(Count::End) => "end",
            Need::Counted(Count::Newest) => "newest",
            Need::Counted(Count::Index) | Need::Filtered(_) | Need::Argument(_) | Need::Passed { .. } => "",
        }
    }
}

/// Something that is found by following a template.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Issue {
    /// A value is used that may be nil.
    MayBeNil {
        /// What for.
        need: Need,
        /// What may be nil: the value itself, or what it is a part of; empty where that has no name.
        part: String,
        /// The filter that gives the value, where it has no name.
        by: Option<&'static str>,
        /// What is known of that.
        nil: Nil,
    },
    /// A value is used as what it is not, and rendering fails there.
    Fails {
        /// The value; empty where it has no name.
        part: String,
        /// Which values of it; none where all fail.
        with: Vec<String>,
        /// Why, in words.
        reason: String,
    },
    /// A name is read that nothing has set on this way.
    NotSet {
        /// The name.
        name: String,
    },
    /// A branch is never taken.
    NeverTaken {
        /// The one of several values of a `when` that never fits, where it is not the whole branch.
        value: Option<Known>,
        /// Why, in words.
        reason: String,
    },
    /// A partial never takes the value that is passed to it, or not all of them.
    Refused {
        /// The partial, as it is named.
        partial: String,
        /// Its parameter.
        parameter: String,
        /// The values that it refuses, where these are not all: known ones, or types.
        values: Vec<String>,
    },
}

/// An issue, its place, and a way there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub issue: Issue,
    /// The bytes of the source.
    pub span: Range<usize>,
    /// The turns that lead there, as far as they matter.
    pub way: Vec<Turn>,
}
