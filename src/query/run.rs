//! `run`: from a table and a query to the rows to show. A pure function, so it
//! can run on any thread, on any snapshot.

use super::expr::Expr;
use super::facts::{Context, Facts, Orient};
use super::filter::{Predicate, prepare};
use super::keys::{key_of, keys};
use super::order;
use super::scan::{Bits, Chunk};
use super::sort::Sort;
use crate::model::value::Value;
use crate::table::scan::Source;
use crate::table::share::in_parallel;
use crate::table::store::{RowId, Table};
use crate::table::verdict::Reason;

/// Which rows a view is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Rows with both sides.
    Connections,
    /// Rows with one side.
    Unmatched,
}

/// What to show, and in which order.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Which rows at all.
    pub preset: Preset,
    /// Which of them.
    pub filter: Expr,
    /// Rows with fewer packets are hidden.
    pub threshold: u64,
    /// The order, that of the file without one.
    pub sort: Option<Sort>,
    /// What the source columns show.
    pub orient: Orient,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The rows to show, in order; of a first answer, the first of them.
    pub ids: Vec<RowId>,
    /// How many there are to show.
    pub shown: u64,
    /// Rows of the preset.
    pub total: u64,
    /// Rows that pass the filter but have too few packets.
    pub below_threshold: u64,
    /// Why the rows to show are unmatched, in the order of [`Reason::ALL`].
    pub reasons: [u64; Reason::ALL.len()],
}

/// Rows of the first answer, which comes before all are in order.
const WINDOW: usize = 1000;
/// Fewer rows are in order so soon that no first answer is needed.
const SMALL: usize = 50_000;

/// Answers a query.
pub fn run(table: &Table, query: &Query, context: &Context) -> Rows {
    let mut last = Rows::default();
    answer(table, query, context, |rows| {
        last = rows;
        true
    });
    last
}

/// Answers a query, a large and sorted one twice: with the first rows at once,
/// and with all of them. When `take` answers false, the second is not worked out.
pub fn answer(table: &Table, query: &Query, context: &Context, mut take: impl FnMut(Rows) -> bool) {
    let predicate = prepare(&query.filter, table, context);
    let parts = in_parallel(table.chunks(), |number| {
        chunk(&Chunk::new(table, context, number), query, &predicate)
    });
    let mut rows = Rows::default();
    let mut keys = Some(Vec::new());
    for part in parts {
        rows.ids.extend(part.ids);
        rows.total += part.total;
        rows.below_threshold += part.below_threshold;
        for (sum, count) in rows.reasons.iter_mut().zip(part.reasons) {
            *sum += count;
        }
        keys = keys.zip(part.keys).map(|(mut keys, more)| {
            keys.extend(more);
            keys
        });
    }
    rows.shown = rows.ids.len() as u64;
    let Some(sort) = query.sort else {
        take(rows);
        return;
    };
    let ids = std::mem::take(&mut rows.ids);
    let at = |places: Vec<u32>| {
        places
            .into_iter()
            .map(|place| ids[place as usize])
            .collect()
    };
    let Some(keys) = keys else {
        let ids = by_value(&ids, table, context, sort);
        take(Rows { ids, ..rows });
        return;
    };
    if ids.len() > SMALL {
        let ids = at(order::first(&keys, WINDOW));
        if !take(Rows {
            ids,
            ..rows.clone()
        }) {
            return;
        }
    }
    let ids = at(order::all(&keys));
    take(Rows { ids, ..rows });
}

/// What a chunk adds to the answer: its rows, and their keys if the order is by numbers.
struct Part {
    ids: Vec<RowId>,
    keys: Option<Vec<u64>>,
    reasons: [u64; Reason::ALL.len()],
    total: u64,
    below_threshold: u64,
}

fn chunk(chunk: &Chunk, query: &Query, predicate: &Predicate) -> Part {
    let connections = chunk.connections();
    let preset = match query.preset {
        Preset::Connections => connections,
        Preset::Unmatched => Bits::all(chunk.rows).without(&connections),
    };
    let passing = chunk.passing(predicate, &preset);
    let shown = match query.threshold {
        0 => passing.clone(),
        threshold => passing.clone().and(&chunk.above(threshold)),
    };
    let keys = query.sort.and_then(|sort| {
        let directed = |key| order::directed(key, sort.descending);
        if let Some(keys) = keys(chunk, sort.field, query.orient) {
            return Some(shown.places().map(|place| directed(keys[place])).collect());
        }
        let values = shown
            .places()
            .map(|place| (sort.field.value)(&chunk.facts(place)));
        values.map(|value| key_of(&value).map(directed)).collect()
    });
    Part {
        ids: shown
            .places()
            .map(|place| chunk.first + place as u32)
            .collect(),
        keys,
        reasons: match query.preset {
            Preset::Connections => Default::default(),
            Preset::Unmatched => reasons(chunk, &shown),
        },
        total: preset.count(),
        below_threshold: passing.count() - shown.count(),
    }
}

/// How many of these rows are unmatched for which reason, as far as it is known.
fn reasons(chunk: &Chunk, rows: &Bits) -> [u64; Reason::ALL.len()] {
    let mut counts = [0; Reason::ALL.len()];
    let reasons = chunk.read(Source::Reason);
    for place in rows.places() {
        if let Some(count) = counts.get_mut(reasons[place] as usize) {
            *count += 1;
        }
    }
    counts
}

/// Rows in the order of words or addresses; what has no value goes last.
fn by_value(ids: &[RowId], table: &Table, context: &Context, sort: Sort) -> Vec<RowId> {
    let value = |id: RowId| {
        let row = table.row(id);
        (sort.field.value)(&Facts { row, context })
    };
    let mut keyed: Vec<(Value, RowId)> = ids.iter().map(|&id| (value(id), id)).collect();
    keyed.sort_unstable_by(|a, b| {
        let unknown = |value: &Value| *value == Value::Unknown;
        let order = a.0.order(&b.0);
        let order = if sort.descending {
            order.reverse()
        } else {
            order
        };
        unknown(&a.0)
            .cmp(&unknown(&b.0))
            .then(order)
            .then(a.1.cmp(&b.1))
    });
    keyed.into_iter().map(|keyed| keyed.1).collect()
}
