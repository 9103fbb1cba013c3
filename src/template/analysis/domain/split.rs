//! How a question parts the values of a domain.

use super::{Domain, Known, kind};
use crate::template::syntax::Relation;
use std::cmp::Ordering;

/// What a condition asks of one value.
#[derive(Debug)]
pub(in crate::template::analysis) enum Question<'a> {
    Truthy,
    IsNil,
    IsBlank,
    IsEmpty,
    Equals(&'a Known),
    Contains(&'a Known),
    Ordered(Relation, &'a Known),
    /// How its size stands to a number.
    Sized(Relation, i64),
}

/// Where the values go that a question is asked of: to one side, or nobody knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Yes,
    No,
    Either,
}

impl Side {
    pub(super) fn of(truth: bool) -> Side {
        if truth { Side::Yes } else { Side::No }
    }
}

/// The values for which a question is answered so, and otherwise.
pub(in crate::template::analysis) struct Split {
    pub(in crate::template::analysis) yes: Domain,
    pub(in crate::template::analysis) no: Domain,
    /// Whether no value is on both sides.
    pub(in crate::template::analysis) is_exact: bool,
}

impl Domain {
    /// Returns which values answer `question` with yes, and which with no. What is an error to ask
    /// counts as no.
    pub(in crate::template::analysis) fn split(&self, question: &Question<'_>) -> Split {
        let nil = matches!(question, Question::IsNil | Question::IsBlank);
        let mut split = match question {
            Question::Equals(value) => self.split_at(value),
            Question::Truthy => self.parted(|value| Side::of(*value != Known::Bool(false)), |_| Side::Yes),
            Question::IsNil => self.parted(|_| Side::No, |_| Side::No),
            Question::IsBlank => self.parted(
                |value| {
                    Side::of(*value == Known::Bool(false) || value.as_text().is_some_and(|it| it.trim().is_empty()))
                },
                |kind| Side::of(kind & (kind::HOLLOW | kind::BLANK) != 0),
            ),
            Question::IsEmpty => {
                self.parted(|value| Side::of(value.as_text() == Some("")), |kind| Side::of(kind & kind::HOLLOW != 0))
            }
            Question::Contains(part) => self.split_by_part(part),
            Question::Ordered(relation, other) => self.parted(
                |value| Side::of(value.compare(other).is_some_and(|order| holds(*relation, order))),
                |kind| match kind {
                    kind::NUMBER if other.as_number().is_some() => Side::Either,
                    kind::TEXT | kind::BLANK if other.as_text().is_some() => Side::Either,
                    _ => Side::No,
                },
            ),
            Question::Sized(relation, number) => self.split_by_size(*relation, *number),
        };
        let side = if nil { &mut split.yes } else { &mut split.no };
        side.nil = self.nil;
        split
    }

    fn split_at(&self, value: &Known) -> Split {
        let mut no = self.without_nil();
        let mut yes = Domain::default();
        if self.holds(value) {
            yes.listed.insert(value.clone());
            if !no.listed.remove(value) {
                no.excluded.insert(value.clone());
            }
        }
        Split { yes, no, is_exact: true }
    }

    fn split_by_part(&self, part: &Known) -> Split {
        if *part == Known::Bool(false) {
            return self.parted(|_| Side::No, |_| Side::No);
        }
        let text = part.as_text().map_or_else(|| part.shown(), str::to_owned);
        self.parted(
            |value| Side::of(value.as_text().is_some_and(|whole| whole.contains(&text))),
            |kind| match kind {
                kind::TEXT | kind::BLANK if text.is_empty() => Side::Yes,
                kind::BLANK => {
                    if text.trim().is_empty() {
                        Side::Either
                    } else {
                        Side::No
                    }
                }
                kind::TEXT | kind::LIST | kind::OBJECT | kind::RANGE => Side::Either,
                _ => Side::No,
            },
        )
    }

    fn split_by_size(&self, relation: Relation, number: i64) -> Split {
        let holds_at = |size: i64| holds(relation, size.cmp(&number));
        // What is not empty has at least one of whatever is counted, and any number beyond.
        let (least, most) = (holds_at(1), holds_at(i64::MAX));
        let varies = least != most || number > 1 && matches!(relation, Relation::Equal | Relation::NotEqual);
        self.parted(
            |value| match value {
                Known::Text(text) => Side::of(holds_at(i64::try_from(text.chars().count()).unwrap_or(i64::MAX))),
                _ => Side::No,
            },
            |kind| match kind {
                kind::EMPTY_LIST | kind::EMPTY_OBJECT | kind::EMPTY_RANGE => Side::of(holds_at(0)),
                kind::NUMBER | kind::LOOP => Side::No,
                _ if varies => Side::Either,
                _ => Side::of(least),
            },
        )
    }

    /// Returns the domain parted by what `of_value` says of single values and `of_kind` of all others
    /// of a kind. Nil is left out.
    pub(super) fn parted(&self, of_value: impl Fn(&Known) -> Side, of_kind: impl Fn(u16) -> Side) -> Split {
        let (mut yes, mut no) = (Domain::default(), Domain::default());
        let mut is_exact = true;
        for value in &self.listed {
            let side = of_value(value);
            is_exact &= side != Side::Either;
            if side != Side::No {
                yes.listed.insert(value.clone());
            }
            if side != Side::Yes {
                no.listed.insert(value.clone());
            }
        }
        for kind in (0..u16::BITS).map(|bit| 1 << bit).filter(|kind| self.kinds & kind != 0) {
            let side = of_kind(kind);
            is_exact &= side != Side::Either;
            for (domain, other) in [(&mut yes, Side::No), (&mut no, Side::Yes)] {
                if side != other {
                    domain.kinds |= kind;
                    domain.excluded.extend(self.excluded.iter().filter(|value| value.kind() == kind).cloned());
                }
            }
        }
        Split { yes, no, is_exact }
    }
}

/// Returns whether two values in this order stand in `relation`.
fn holds(relation: Relation, order: Ordering) -> bool {
    match relation {
        Relation::Equal => order.is_eq(),
        Relation::NotEqual => order.is_ne(),
        Relation::Less => order.is_lt(),
        Relation::LessOrEqual => order.is_le(),
        Relation::Greater => order.is_gt(),
        Relation::GreaterOrEqual => order.is_ge(),
        Relation::Contains => false,
    }
}
