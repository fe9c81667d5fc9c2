//! When flows began and ended, read a chunk at a time, and the time that all rows
//! of a query span.

use std::borrow::Cow;
use std::ops::Range;

use crate::model::attr::UNKNOWN;
use crate::query::columns::chunk::Chunk;
use crate::query::facts::Context;
use crate::query::filter::predicate::prepare;
use crate::query::run::Query;
use crate::query::shown::Shown;
use crate::table::column::{number_of, positive};
use crate::table::scan::Stored;
use crate::table::share::in_shares;
use crate::table::store::{Side, Table};

/// What is known of the rows that a query shows before they are spread over time.
pub struct Extent {
    /// Their first start and their last end, if there are any.
    pub span: Option<Range<i64>>,
    /// Rows that pass the filter but have too few packets.
    pub below_threshold: u64,
}

/// The first start and the last end of the rows that a query shows.
pub fn span(table: &Table, query: &Query, context: &Context) -> Option<Range<i64>> {
    extent(table, query, context).span
}

/// The same, with how many rows its threshold hides.
pub fn extent(table: &Table, query: &Query, context: &Context) -> Extent {
    let predicate = prepare(&query.filter, table, context);
    let shares = in_shares(table.chunks(), |numbers| {
        let (mut first, mut last, mut below) = (i64::MAX, i64::MIN, 0);
        for number in numbers {
            let chunk = Chunk::new(table, context, number);
            let rows = Shown::by(&chunk, query, &predicate);
            below += rows.below_threshold();
            for times in &Times::both(&chunk) {
                let times = times.view();
                rows.shown.for_each(|place| {
                    let (begin, end) = times.of(place);
                    (first, last) = (first.min(begin), last.max(end));
                });
            }
        }
        (first, last, below)
    });
    let none = (i64::MAX, i64::MIN, 0);
    let (begin, end, below_threshold) = shares.into_iter().fold(none, |all, share| {
        (all.0.min(share.0), all.1.max(share.1), all.2 + share.2)
    });
    Extent {
        // the end of a flow belongs to it
        span: (begin <= end).then(|| begin..end.saturating_add(1)),
        below_threshold,
    }
}

/// When the flows of one side began, and how long they lasted.
pub enum Times<'a> {
    /// As they are kept, in 32 bits.
    Near {
        /// What starts are counted from.
        base: i64,
        /// Starts, and how long flows lasted, zigzag.
        cells: [Cow<'a, [u32]>; 2],
    },
    /// In 64 bits.
    Far([Vec<u64>; 2]),
}

/// Starts from here on leave room for all that is counted from them.
const LATE: i64 = i64::MAX - (1 << 33);

impl<'a> Times<'a> {
    /// Those of both sides.
    pub fn both(chunk: &Chunk<'a>) -> [Times<'a>; 2] {
        [Side::First, Side::Mate].map(|side| {
            let [starts, elapsed] = [Stored::Start(side), Stored::Elapsed(side)];
            match (chunk.narrow(starts), chunk.narrow(elapsed)) {
                (Some(starts), Some(elapsed))
                    if elapsed.base == 0 && number_of(starts.base) < LATE =>
                {
                    Times::Near {
                        base: number_of(starts.base),
                        cells: [starts.cells, elapsed.cells],
                    }
                }
                _ => Times::Far([starts, elapsed].map(|source| chunk.read(source))),
            }
        })
    }

    /// To look at.
    pub fn view(&self) -> TimesRef<'_> {
        match self {
            Times::Near { base, cells } => TimesRef::Near {
                base: *base,
                starts: &cells[0],
                elapsed: &cells[1],
            },
            Times::Far([starts, elapsed]) => TimesRef::Far { starts, elapsed },
        }
    }
}

/// The same without a look at whose they are.
#[derive(Clone, Copy)]
pub enum TimesRef<'a> {
    /// In 32 bits.
    Near {
        /// What starts are counted from.
        base: i64,
        /// Starts.
        starts: &'a [u32],
        /// How long flows lasted, zigzag.
        elapsed: &'a [u32],
    },
    /// In 64 bits.
    Far {
        /// Starts.
        starts: &'a [u64],
        /// How long flows lasted, zigzag.
        elapsed: &'a [u64],
    },
}

impl TimesRef<'_> {
    /// When the flow of a row began and ended, as [`interval`].
    #[inline]
    pub fn of(&self, place: usize) -> (i64, i64) {
        match self {
            TimesRef::Near {
                base,
                starts,
                elapsed,
            } => near(*base, starts[place], elapsed[place]),
            TimesRef::Far { starts, elapsed } => interval(starts[place], elapsed[place]),
        }
    }
}

/// As [`interval`], of what is counted from a base that is not late.
#[inline]
pub fn near(base: i64, start: u32, elapsed: u32) -> (i64, i64) {
    let begin = base + i64::from(start);
    // 0 for negative numbers and u32::MAX, without a branch
    let lasted = (elapsed >> 1) & (elapsed & 1).wrapping_sub(1);
    match start {
        u32::MAX => NEVER,
        _ => (begin, begin + i64::from(lasted)),
    }
}

/// When a flow began and ended, by what its columns have. Where there is none, it ends
/// before it begins: that is neither the first to begin nor the last to end.
#[inline]
pub fn interval(start: u64, elapsed: u64) -> (i64, i64) {
    let begin = number_of(start);
    let end = begin.saturating_add(positive(elapsed));
    match start {
        UNKNOWN => NEVER,
        _ => (begin, end),
    }
}

const NEVER: (i64, i64) = (i64::MAX, i64::MIN);
