//! The rows of a chunk that a query shows.

use super::bits::Bits;
use super::columns::chunk::Chunk;
use super::facts::Context;
use super::filter::predicate::{Predicate, prepare};
use super::question::{Preset, Query};
use crate::table::share::in_shares;
use crate::table::store::Table;

/// What of a chunk a query is about.
pub struct Shown {
    /// Those of the preset that pass the filter.
    pub passing: Bits,
    /// Those that have enough packets too.
    pub shown: Bits,
    /// How many rows repeat others: of those shown, or of those that pass and are left out.
    pub duplicates: u64,
}

/// The rows of a chunk that a query shows.
pub fn shown(chunk: &Chunk, query: &Query, predicate: &Predicate) -> Bits {
    Shown::by(chunk, query, predicate).shown
}

/// How many rows of a table pass the filter of a query but have too few packets.
pub fn below_threshold(table: &Table, query: &Query, context: &Context) -> u64 {
    if query.threshold == 0 {
        return 0;
    }
    let predicate = prepare(&query.filter, table, context);
    let shares = in_shares(table.chunks(), |numbers| {
        let chunks = numbers.map(|number| Chunk::new(table, context, number));
        let below = chunks.map(|chunk| Shown::by(&chunk, query, &predicate).below_threshold());
        below.sum::<u64>()
    });
    shares.iter().sum()
}

impl Shown {
    /// What a query with this filter is about.
    pub fn by(chunk: &Chunk, query: &Query, predicate: &Predicate) -> Self {
        let passing = chunk.passing(predicate, &chunk.preset(query.preset));
        let above = chunk.enough(query.threshold);
        Shown::of(chunk, passing, above.as_ref())
    }

    /// How many rows pass the filter but have too few packets.
    pub fn below_threshold(&self) -> u64 {
        self.passing.count() - self.shown.count()
    }

    /// Of the rows that pass a filter and those that have enough packets.
    pub fn of(chunk: &Chunk, mut passing: Bits, enough: Option<&Bits>) -> Self {
        let mut shown = match enough {
            None => passing.clone(),
            Some(enough) => passing.clone().and(enough),
        };
        let mut duplicates = 0;
        if let Some(repeats) = chunk.duplicates() {
            let counted = if chunk.folds() { &passing } else { &shown };
            duplicates = repeats.clone().and(counted).count();
            if chunk.folds() {
                (passing, shown) = (passing.without(&repeats), shown.without(&repeats));
            }
        }
        Shown {
            passing,
            shown,
            duplicates,
        }
    }
}

impl Chunk<'_> {
    /// The rows a view is about.
    pub fn preset(&self, preset: Preset) -> Bits {
        let connections = self.connections();
        match preset {
            Preset::Connections => connections,
            Preset::Unmatched => Bits::all(self.rows).without(&connections),
        }
    }

    /// The rows with at least so many packets, unless that is all of them.
    pub fn enough(&self, threshold: u64) -> Option<Bits> {
        (threshold > 0).then(|| self.above(threshold))
    }
}
