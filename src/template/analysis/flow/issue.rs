//! What is found by following a template.

use super::super::domain::{Domain, Known, Nil, kind};
use super::super::world::Turn;
use super::Unfit;
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

/// Values that count as true here and as false in Jinja or Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hollow {
    /// The array without items.
    List,
    /// 0.
    Zero,
    /// The empty string.
    Text,
    /// The object without properties.
    Object,
    /// More than one of these.
    Any,
}

impl Hollow {
    /// Returns which there are among values that are never false; nothing where some may be, or none is hollow.
    pub(in crate::template::analysis) fn of(domain: &Domain) -> Option<Hollow> {
        let is_always_true = domain.nil == Nil::Never && !domain.holds(&Known::Bool(false));
        let kinds = [
            (domain.kinds & (kind::EMPTY_LIST | kind::EMPTY_RANGE) != 0, Hollow::List),
            (domain.holds(&Known::Int(0)), Hollow::Zero),
            (domain.holds(&Known::Text("".into())), Hollow::Text),
            (domain.kinds & kind::EMPTY_OBJECT != 0, Hollow::Object),
        ];
        let mut hollow = kinds.into_iter().filter_map(|(is_there, hollow)| is_there.then_some(hollow));
        let first = hollow.next().filter(|_| is_always_true)?;
        Some(hollow.next().map_or(first, |_| Hollow::Any))
    }

    /// Returns the condition that asks whether `part` is none of these.
    pub fn asked(self, part: &str) -> String {
        match self {
            Hollow::List => format!("{part}.size > 0"),
            Hollow::Zero => format!("{part} != 0"),
            Hollow::Text | Hollow::Object | Hollow::Any => format!("{part} != blank"),
        }
    }

    /// Returns what a message calls one.
    pub fn described(self) -> &'static str {
        match self {
            Hollow::List => "an empty array",
            Hollow::Zero => "0",
            Hollow::Text => "an empty string",
            Hollow::Object => "an empty object",
            Hollow::Any => "what is empty",
        }
    }
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
        /// The value itself; empty where it has no name.
        read: String,
        /// Whether anything else that it may be can be printed.
        can_print: bool,
        /// The filter that gives the value, where it has no name.
        by: Option<&'static str>,
        /// What is known of that.
        nil: Nil,
    },
    /// A list may hold nil where a filter uses its items.
    HoldsNil {
        /// The list; empty where it has no name.
        part: String,
        /// The filter that gives the list, where it has no name.
        by: Option<&'static str>,
        /// The filter that uses it.
        filter: &'static str,
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
    /// A property is read that is not declared.
    Undeclared {
        /// The value, or the list of whose items it is read; empty where that has no name.
        part: String,
        /// The property.
        property: String,
        /// The filter that reads it, where one does.
        by: Option<&'static str>,
        /// The declared one that is meant.
        meant: Option<String>,
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
        /// The condition that asks whether a value is empty, where that was meant.
        instead: Option<String>,
    },
    /// A condition asks whether a value is there that always is, and may be empty.
    AlwaysTrue {
        /// The value.
        part: String,
        /// What of its values would be false in other languages.
        hollow: Hollow,
    },
    /// A partial never takes the value that is passed to it, or not all of them.
    Refused {
        /// The partial, as it is named.
        partial: String,
        /// Its parameter.
        parameter: String,
        /// The values that it refuses, where these are not all: known ones, or types.
        values: Vec<String>,
        /// What is given, and what is taken.
        types: Types,
    },
    /// A partial never takes the parts of what is passed to it, or not all that they may be.
    Unfit {
        /// The partial, as it is named.
        partial: String,
        /// Its parameter.
        parameter: String,
        /// What is passed, in words.
        part: String,
        /// Why, and whether that is always so.
        unfit: Unfit,
    },
}

/// The types of a value and of what takes it, in words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Types {
    /// The value; empty where it has no name.
    pub part: String,
    /// Its types.
    pub given: String,
    /// Those that are taken.
    pub taken: String,
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
