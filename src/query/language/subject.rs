//! `Subject`, what a test looks at: a field, or the fields of the ends that a
//! direction means.

use crate::model::end::End;
use crate::query::field::{Field, ends};

/// Which end a test is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Either end.
    Either,
    /// The source.
    Src,
    /// The destination.
    Dst,
    /// The client, where it is known.
    Client,
    /// The server, where it is known.
    Server,
}

/// The values a test looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Subject {
    /// One field.
    Field(&'static Field),
    /// One field of each end.
    Ends {
        /// The source's.
        src: &'static Field,
        /// The destination's.
        dst: &'static Field,
        /// Which of them.
        direction: Direction,
    },
}

impl Direction {
    /// Those that have a word, which stands before other words.
    pub const NAMED: [Direction; 4] = [
        Direction::Src,
        Direction::Dst,
        Direction::Client,
        Direction::Server,
    ];

    /// Its word; there is none for either end.
    pub const fn word(self) -> &'static str {
        match self {
            Direction::Either => "",
            Direction::Src => "src",
            Direction::Dst => "dst",
            Direction::Client => "client",
            Direction::Server => "server",
        }
    }

    /// That of a word.
    pub fn named(word: &str) -> Option<Self> {
        let mut all = Direction::NAMED.into_iter();
        all.find(|direction| direction.word().eq_ignore_ascii_case(word))
    }

    /// That of an end.
    pub fn of(end: End) -> Self {
        match end {
            End::Source => Direction::Src,
            End::Destination => Direction::Dst,
        }
    }
}

impl Subject {
    /// That of a field: its end, if it is of one.
    pub fn of(field: &'static Field) -> Self {
        let subject = field
            .end()
            .and_then(|(end, word)| Subject::ends(word, Direction::of(end)));
        subject.unwrap_or(Subject::Field(field))
    }

    /// The ends' fields that have a word in common.
    pub fn ends(word: &str, direction: Direction) -> Option<Self> {
        let [src, dst] = ends(word)?;
        Some(Subject::Ends {
            src,
            dst,
            direction,
        })
    }

    /// The ends that are meant; either, where there are none.
    pub fn direction(&self) -> Direction {
        match self {
            Subject::Field(_) => Direction::Either,
            Subject::Ends { direction, .. } => *direction,
        }
    }

    /// The field, that of the source for both ends.
    pub fn field(&self) -> &'static Field {
        match self {
            Subject::Field(field) => field,
            Subject::Ends { src, .. } => src,
        }
    }
}
