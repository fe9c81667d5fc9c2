//! When flows began and ended, read a chunk at a time, and the time that all rows
//! of a query span.

use std::ops::Range;

use super::chunk::Chunk;
use super::facts::Context;
use super::filter::prepare;
use super::run::Query;
use super::shown::shown;
use crate::model::attr::UNKNOWN;
use crate::table::column::{positive, unzigzag};
use crate::table::scan::Source;
use crate::table::share::in_shares;
use crate::table::store::{Side, Table};

/// The first start and the last end of the rows that a query shows.
pub fn span(table: &Table, query: &Query, context: &Context) -> Option<Range<i64>> {
    let predicate = prepare(&query.filter, table, context);
    let shares = in_shares(table.chunks(), |numbers| {
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for number in numbers {
            let chunk = Chunk::new(table, context, number);
            let rows = shown(&chunk, query, &predicate);
            for times in Times::both(&chunk) {
                rows.for_each(|place| {
                    let (begin, end) = times.of(place);
                    (first, last) = (first.min(begin), last.max(end));
                });
            }
        }
        (first, last)
    });
    let begin = shares.iter().map(|share| share.0).min()?;
    let end = shares.iter().map(|share| share.1).max()?;
    // the end of a flow belongs to it
    (begin <= end).then(|| begin..end.saturating_add(1))
}

/// When the flows of one side began, and how long they lasted.
pub struct Times {
    starts: Vec<u64>,
    elapsed: Vec<u64>,
}

impl Times {
    /// Those of both sides.
    pub fn both(chunk: &Chunk) -> [Times; 2] {
        [Side::First, Side::Mate].map(|side| Times {
            starts: chunk.read(Source::Start(side)),
            elapsed: chunk.read(Source::Elapsed(side)),
        })
    }

    /// When the flow of a row began and ended, as [`stretch`].
    #[inline]
    pub fn of(&self, place: usize) -> (i64, i64) {
        stretch(self.starts[place], self.elapsed[place])
    }

    /// The same of all rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (i64, i64)> {
        let rows = self.starts.iter().zip(&self.elapsed);
        rows.map(|(&start, &elapsed)| stretch(start, elapsed))
    }
}

/// When a flow began and ended, by what its columns have. Where there is none, it ends
/// before it begins: that is neither the first to begin nor the last to end.
#[inline]
pub fn stretch(start: u64, elapsed: u64) -> (i64, i64) {
    let begin = unzigzag(start);
    let end = begin.saturating_add(positive(elapsed));
    match start {
        UNKNOWN => (i64::MAX, i64::MIN),
        _ => (begin, end),
    }
}
