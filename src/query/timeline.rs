//! Traffic over time. A flow's octets are spread evenly over its duration, in
//! whole octets, so that the sum over all steps is the table's; a connection
//! counts in the step in which it began.

use std::ops::Range;

use super::bins::{Bins, Finder};
use super::bits::Bits;
use super::chunk::Chunk;
use super::facts::Context;
use super::filter::{Predicate, prepare};
use super::run::{Query, shown};
use super::tally::Counter;
use crate::model::attr::{Attr, UNKNOWN};
use crate::table::column::unzigzag;
use crate::table::scan::Source;
use crate::table::share::in_shares;
use crate::table::store::{Side, Table};

/// What is added up over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Amount {
    /// Octets.
    #[default]
    Bytes,
    /// Packets.
    Packets,
    /// Rows: connections, or unmatched flows.
    Connections,
}

impl Amount {
    /// All of them.
    pub const ALL: [Amount; 3] = [Amount::Bytes, Amount::Packets, Amount::Connections];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Amount::Bytes => "bytes",
            Amount::Packets => "packets",
            Amount::Connections => "connections",
        }
    }
}

/// What is spread over which steps.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeQuery {
    /// The rows.
    pub rows: Query,
    /// What of them.
    pub amount: Amount,
    /// The steps.
    pub bins: Bins,
}

/// The answer: an amount for each step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The steps.
    pub bins: Bins,
    /// What sources sent in each, or all of it where there are no ways.
    pub sent: Vec<u128>,
    /// What destinations sent in each.
    pub received: Vec<u128>,
}

impl Timeline {
    /// Both ways together, for each step.
    pub fn sums(&self) -> impl Iterator<Item = u128> {
        self.sent
            .iter()
            .zip(&self.received)
            .map(|(sent, received)| sent + received)
    }
}

/// The first start and the last end of the rows that a query shows.
pub fn span(table: &Table, query: &Query, context: &Context) -> Option<Range<i64>> {
    let predicate = prepare(&query.filter, table, context);
    let shares = in_shares(table.chunks(), |numbers| {
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for number in numbers {
            let chunk = Chunk::new(table, context, number);
            let rows = shown(&chunk, query, &predicate).shown;
            for times in Times::both(&chunk) {
                rows.for_each(|place| {
                    if let Some((begin, end)) = times.of(place) {
                        (first, last) = (first.min(begin), last.max(end));
                    }
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

/// Spreads the rows of a query over time.
pub fn timeline(table: &Table, query: &TimeQuery, context: &Context) -> Timeline {
    let predicate = prepare(&query.rows.filter, table, context);
    let totals = table.totals();
    let is_small = totals.bytes.max(totals.packets) < u128::from(u64::MAX);
    let plan = Plan {
        table,
        context,
        query,
        predicate,
        finder: query.bins.finder(),
    };
    match is_small {
        true => plan.spread::<u64>(),
        false => plan.spread::<u128>(),
    }
}

/// When the flows of one side began, and how long they lasted.
struct Times {
    starts: Vec<u64>,
    elapsed: Vec<u64>,
}

impl Times {
    fn both(chunk: &Chunk) -> [Times; 2] {
        [Side::First, Side::Mate].map(|side| Times {
            starts: chunk.read(Source::Start(side)),
            elapsed: chunk.read(Source::Elapsed(side)),
        })
    }

    #[inline]
    fn of(&self, place: usize) -> Option<(i64, i64)> {
        let (start, elapsed) = (self.starts[place], self.elapsed[place]);
        if start == UNKNOWN {
            return None;
        }
        let begin = unzigzag(start);
        let lasted = if elapsed == UNKNOWN {
            0
        } else {
            unzigzag(elapsed).max(0)
        };
        Some((begin, begin.saturating_add(lasted)))
    }
}

struct Plan<'a> {
    table: &'a Table,
    context: &'a Context,
    query: &'a TimeQuery,
    predicate: Predicate,
    finder: Finder,
}

/// Amounts of both ways in each step.
type Both<N> = [Vec<N>; 2];

impl Plan<'_> {
    fn spread<N: Counter>(&self) -> Timeline {
        let bins = self.query.bins;
        let empty = || {
            [
                vec![N::default(); bins.count],
                vec![N::default(); bins.count],
            ]
        };
        let shares = in_shares(self.table.chunks(), |numbers| {
            let mut both: Both<N> = empty();
            for number in numbers {
                let chunk = Chunk::new(self.table, self.context, number);
                let rows = shown(&chunk, &self.query.rows, &self.predicate).shown;
                if !rows.is_empty() {
                    self.add(&chunk, &rows, &mut both);
                }
            }
            both
        });
        let mut sums = [vec![0u128; bins.count], vec![0u128; bins.count]];
        for share in shares {
            for (own, more) in sums.iter_mut().zip(share) {
                own.iter_mut()
                    .zip(more)
                    .for_each(|(own, more)| *own += more.into());
            }
        }
        let [sent, received] = sums;
        Timeline {
            bins,
            sent,
            received,
        }
    }

    fn add<N: Counter>(&self, chunk: &Chunk, rows: &Bits, both: &mut Both<N>) {
        let sources = chunk.sources();
        let attr = match self.query.amount {
            Amount::Bytes => Attr::Octets,
            Amount::Packets => Attr::Packets,
            Amount::Connections => return self.begun(chunk, rows, both),
        };
        for (side, times) in [Side::First, Side::Mate]
            .into_iter()
            .zip(Times::both(chunk))
        {
            let amounts = match attr {
                Attr::Octets => chunk.octets()[side as usize].clone(),
                _ => chunk.read(Source::Attr(side, attr)),
            };
            rows.for_each(|place| {
                let amount = amounts[place];
                if let (false, Some(times)) = (amount == UNKNOWN || amount == 0, times.of(place)) {
                    let way = usize::from(sources[place] != (side == Side::First));
                    self.lay(times, amount, &mut both[way]);
                }
            });
        }
    }

    fn begun<N: Counter>(&self, chunk: &Chunk, rows: &Bits, both: &mut Both<N>) {
        let times = Times::both(chunk);
        rows.for_each(|place| {
            if let Some((begin, _)) = times[usize::from(!chunk.sources()[place])].of(place) {
                self.lay((begin, begin), 1, &mut both[0]);
            }
        });
    }

    /// Spreads an amount over the steps of a stretch of time.
    #[inline]
    fn lay<N: Counter>(&self, (begin, end): (i64, i64), amount: u64, steps: &mut [N]) {
        let bins = self.query.bins;
        let first = self.finder.of(begin);
        let next = first.saturating_add(1).saturating_mul(bins.step);
        // mostly one division tells
        if end.saturating_sub(bins.begin) < next {
            if let Some(step) = usize::try_from(first)
                .ok()
                .and_then(|first| steps.get_mut(first))
            {
                *step += amount.into();
            }
            return;
        }
        let last = self.finder.of(end);
        let lasted = (i128::from(end) - i128::from(begin)).unsigned_abs();
        // what was sent up to a moment, in whole octets
        let until = |moment: i64| {
            let passed = (i128::from(moment) - i128::from(begin)).max(0) as u128;
            match passed >= lasted {
                true => amount,
                false => multiplied(amount, passed, lasted),
            }
        };
        let from = first.max(0);
        let mut before = until(bins.start(from as usize));
        for bin in from..=last.min(bins.count as i64 - 1) {
            let after = if bin == last {
                amount
            } else {
                until(bins.start(bin as usize + 1))
            };
            if let Some(step) = steps.get_mut(bin as usize) {
                *step += (after - before).into();
            }
            before = after;
        }
    }
}

/// `amount * passed / lasted`, where `passed` is less than `lasted`.
fn multiplied(amount: u64, passed: u128, lasted: u128) -> u64 {
    match (u64::try_from(passed), u64::try_from(lasted)) {
        (Ok(passed), Ok(lasted)) if amount.checked_mul(passed).is_some() => {
            amount * passed / lasted
        }
        // both factors are below 2^64
        _ => (u128::from(amount) * passed / lasted) as u64,
    }
}
