//! `Entry`: what stands for itself in a stream, and where.

use crate::model::flow::LineAt;

/// How an entry came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By a newline, or as a whole object of a document.
    Whole,
    /// By the end of a whole stream.
    Last,
    /// The stream ends in its middle.
    Cut,
    /// Damaged data comes in its middle.
    Damaged,
    /// It is longer than may be held in memory; its bytes are not given.
    TooLong,
    /// By a newline, and what is no object of a document may go on in the next line.
    Astray,
}

/// An entry.
pub struct Entry<'a> {
    /// Where it begins; `file` is left at 0.
    pub place: LineAt,
    /// How it ended.
    pub ending: Ending,
    /// What it says.
    pub text: &'a [u8],
    /// Where what comes after it begins. Its line is the one before that.
    pub next: LineAt,
}

impl<'a> Entry<'a> {
    /// A line as an entry.
    pub fn of_line(place: LineAt, ending: Ending, line: &'a [u8]) -> Self {
        let newline = u64::from(ending == Ending::Whole);
        Entry {
            place,
            ending,
            text: line,
            next: LineAt {
                // what comes after it without a newline is of the same line
                line: (place.line + newline).saturating_sub(1),
                skip: place.skip + line.len() as u64 + newline,
                ..place
            },
        }
    }

    /// The same with nothing in it.
    pub fn blank(self) -> Self {
        Entry { text: b"", ..self }
    }
}
