//! Traffic over time. A flow's octets are spread evenly over its duration, in
//! whole octets, so that the sum over all steps is the table's; a connection
//! counts in the step in which it began. The rows can be divided among layers,
//! each row in one of them, so that the layers of a step add up to it too.

use super::bins::Bins;
use super::pen::{Both, Pen};
use super::times::Times;
use crate::model::attr::Attr;
use crate::model::units;
use crate::query::bits::Bits;
use crate::query::columns::chunk::Chunk;
use crate::query::columns::counters::{Count, Counter, for_counters};
use crate::query::facts::Context;
use crate::query::filter::predicate::{Predicate, prepare};
use crate::query::language::expr::Expr;
use crate::query::run::{Preset, Query};
use crate::query::shown::shown;
use crate::table::share::in_shares;
use crate::table::store::Table;

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

    /// Its place among them.
    pub fn place(self) -> usize {
        self as usize
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.called(Preset::Connections).0
    }

    /// What it is called as data, and for people: unmatched flows are no connections.
    pub fn called(self, preset: Preset) -> (&'static str, &'static str) {
        match (self, preset) {
            (Amount::Bytes, _) => ("bytes", "Bytes"),
            (Amount::Packets, _) => ("packets", "Pkts"),
            (Amount::Connections, Preset::Connections) => ("connections", "Conns"),
            (Amount::Connections, Preset::Unmatched) => ("flows", "Flows"),
        }
    }

    /// So much of it, for people.
    pub fn shown(self, number: u128) -> String {
        match self {
            Amount::Bytes => units::bytes(number),
            Amount::Packets | Amount::Connections => units::count(number),
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
    fn of(bins: Bins, [sent, received]: [Vec<u128>; 2]) -> Self {
        Timeline {
            bins,
            sent,
            received,
        }
    }

    /// Both ways together, for each step.
    pub fn sums(&self) -> impl Iterator<Item = u128> {
        self.sent
            .iter()
            .zip(&self.received)
            .map(|(sent, received)| sent + received)
    }
}

/// Spreads the rows of a query over time.
pub fn timeline(table: &Table, query: &TimeQuery, context: &Context) -> Timeline {
    let rest = layers(table, query, &[], context).pop();
    rest.unwrap_or_else(|| Timeline::of(query.bins, [Vec::new(), Vec::new()]))
}

/// The same of the rows that pass each of these filters and none before it, and
/// last of those that pass none.
pub fn layers(
    table: &Table,
    query: &TimeQuery,
    filters: &[Expr],
    context: &Context,
) -> Vec<Timeline> {
    let ready = |filter: &Expr| prepare(filter, table, context);
    let plan = Plan {
        table,
        context,
        query,
        predicate: ready(&query.rows.filter),
        parts: filters.iter().map(ready).collect(),
    };
    match table.has_small_sums() {
        true => plan.spread::<u64>(),
        false => plan.spread::<u128>(),
    }
}

struct Plan<'a> {
    table: &'a Table,
    context: &'a Context,
    query: &'a TimeQuery,
    predicate: Predicate,
    /// What divides the rows among layers.
    parts: Vec<Predicate>,
}

fn none<N: Counter>(bins: Bins) -> Both<N> {
    [(); 2].map(|()| vec![N::default(); bins.count])
}

impl Plan<'_> {
    fn spread<N: Counter>(&self) -> Vec<Timeline> {
        let bins = self.query.bins;
        let shares = in_shares(self.table.chunks(), |numbers| {
            let mut layers: Vec<Both<N>> = vec![none(bins); self.parts.len() + 1];
            for number in numbers {
                let chunk = Chunk::new(self.table, self.context, number);
                let rows = shown(&chunk, &self.query.rows, &self.predicate);
                if !rows.is_empty() {
                    self.add(&chunk, &self.divided(&chunk, rows), &mut layers);
                }
            }
            layers
        });
        let mut sums: Vec<Both<u128>> = vec![none(bins); self.parts.len() + 1];
        for share in shares {
            let both = sums.iter_mut().flatten().zip(share.into_iter().flatten());
            for (own, more) in both {
                let steps = own.iter_mut().zip(more);
                steps.for_each(|(own, more)| *own += more.into());
            }
        }
        let layers = sums.into_iter();
        layers.map(|both| Timeline::of(bins, both)).collect()
    }

    /// Rows of a chunk by their layers.
    fn divided(&self, chunk: &Chunk, rows: Bits) -> Vec<Bits> {
        let mut rest = rows;
        let mut layers = Vec::with_capacity(self.parts.len() + 1);
        for part in &self.parts {
            let own = chunk.passing(part, &rest);
            rest = rest.without(&own);
            layers.push(own);
        }
        layers.push(rest);
        layers
    }

    fn add<N: Counter>(&self, chunk: &Chunk, rows: &[Bits], layers: &mut [Both<N>]) {
        let sources = chunk.sources();
        let attr = match self.query.amount {
            Amount::Bytes => Attr::Octets,
            Amount::Packets => Attr::Packets,
            Amount::Connections => return self.begun(chunk, rows, layers),
        };
        for_counters!(&*chunk.counted(attr), sides => {
            let times = Times::both(chunk);
            for (is_first, (amounts, times)) in [true, false].into_iter().zip(sides.iter().zip(&times)) {
                let times = times.view();
                for (rows, both) in rows.iter().zip(&mut *layers) {
                    let way = |place: usize| usize::from(sources[place] != is_first);
                    Pen::new(self.query.bins, both)
                        .lay(rows, |place| (times.of(place), amounts[place].count(), way(place)));
                }
            }
        })
    }

    fn begun<N: Counter>(&self, chunk: &Chunk, rows: &[Bits], layers: &mut [Both<N>]) {
        let (times, sources) = (Times::both(chunk), chunk.sources());
        let times = times.each_ref().map(Times::view);
        for (rows, both) in rows.iter().zip(layers) {
            Pen::new(self.query.bins, both).lay(rows, |place| {
                let (begin, end) = times[usize::from(!sources[place])].of(place);
                ((begin, end.min(begin)), 1, 0)
            });
        }
    }
}
