//! `run`: from a table and a query to the rows to show. A pure function, so it
//! can run on any thread, on any snapshot.

use super::bits::Bits;
use super::chunk::Chunk;
use super::expr::Expr;
use super::facts::{Context, Orient};
use super::filter::{Predicate, prepare};
use super::keys::{Keys, Ranks, comparable, keys};
use super::order;
use super::sort::Sort;
use super::totals::Totals;
use crate::table::scan::Source;
use crate::table::share::in_parallel;
use crate::table::store::{RowId, Table};
use crate::table::verdict::Reasons;

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
    /// Rows that pass both and repeat others, whether they are left out or not.
    pub duplicates: u64,
    /// Sums over the rows to show.
    pub totals: Totals,
    /// Why the rows to show are unmatched, as far as it is known.
    pub reasons: Reasons,
}

/// Rows of the first answer, which comes before all are in order.
const WINDOW: usize = 1000;
/// Fewer rows are in order so soon that no first answer is needed.
const SMALL: usize = 50_000;

/// Answers a query.
///
/// ```
/// use std::sync::Arc;
///
/// use flowpeek::load::{Inputs, load};
/// use flowpeek::model::time::Zone;
/// use flowpeek::names::Services;
/// use flowpeek::query::facts::{Context, Orient};
/// use flowpeek::query::parse::parse;
/// use flowpeek::query::run::{Preset, Query, run};
/// use flowpeek::query::sort::Sort;
/// use flowpeek::table::build::Pairing;
///
/// let inputs = Inputs::look_at(&["assets/sample.gz".into()])?;
/// let snapshot = load(inputs, Pairing::Strict { tolerance: 1000 }, 2, |_| true);
/// let query = Query {
///     preset: Preset::Connections,
///     filter: parse("host 10.0.0.1 and bytes > 10k")?,
///     threshold: 10,
///     sort: Some(Sort::parse("bytes:desc")?),
///     orient: Orient::Bytes,
/// };
/// let context = Context::new(Arc::new(Services::system()), Zone::utc(), Orient::Bytes);
/// let rows = run(&snapshot.table, &query, &context);
/// assert_eq!(rows.total, 1418);
/// assert_eq!(rows.ids.len(), 29);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    let ranks = query.sort.map(|sort| Ranks::of(table, context, sort.field));
    let parts = in_parallel(table.chunks(), |number| {
        let chunk = Chunk::new(table, context, number);
        part(&chunk, query, &predicate, ranks.as_ref())
    });
    let mut rows = Rows {
        ids: Vec::with_capacity(parts.iter().map(|part| part.ids.len()).sum()),
        ..Rows::default()
    };
    let mut keys = Vec::new();
    for part in parts {
        rows.ids.extend(part.ids);
        rows.total += part.total;
        rows.below_threshold += part.below_threshold;
        rows.duplicates += part.duplicates;
        rows.totals.add(part.totals);
        rows.reasons.add(part.reasons);
        keys.extend(part.keys);
    }
    rows.shown = rows.ids.len() as u64;
    let Some(sort) = query.sort else {
        take(rows);
        return;
    };
    let mut keys = comparable(keys);
    for key in keys.iter_mut().flatten() {
        *key = order::directed(*key, sort.descending);
    }
    let ids = std::mem::take(&mut rows.ids);
    let at = |places: Vec<u32>| {
        let ids = places.into_iter().map(|place| ids[place as usize]);
        Rows {
            ids: ids.collect(),
            ..rows
        }
    };
    if ids.len() <= SMALL || take(at(order::first(&keys, WINDOW))) {
        take(at(order::all(&keys.concat())));
    }
}

/// What a chunk adds to the answer: its rows, and their keys if they are to be sorted.
struct Part<'a> {
    ids: Vec<RowId>,
    reasons: Reasons,
    keys: Option<Keys<'a>>,
    total: u64,
    below_threshold: u64,
    duplicates: u64,
    totals: Totals,
}

/// What of a chunk a query is about.
pub struct Shown {
    /// Rows of the preset.
    pub preset: Bits,
    /// Those that pass the filter.
    pub passing: Bits,
    /// Those that have enough packets too.
    pub shown: Bits,
    /// How many rows repeat others, of all that would be shown.
    pub duplicates: u64,
}

/// The rows of a chunk that a query shows.
pub fn shown(chunk: &Chunk, query: &Query, predicate: &Predicate) -> Shown {
    let connections = chunk.connections();
    let preset = match query.preset {
        Preset::Connections => connections,
        Preset::Unmatched => Bits::all(chunk.rows).without(&connections),
    };
    let mut passing = chunk.passing(predicate, &preset);
    let mut shown = match query.threshold {
        0 => passing.clone(),
        threshold => passing.clone().and(&chunk.above(threshold)),
    };
    let mut duplicates = 0;
    if let Some(repeats) = chunk.duplicates() {
        duplicates = repeats.clone().and(&shown).count();
        if chunk.folds() {
            (passing, shown) = (passing.without(&repeats), shown.without(&repeats));
        }
    }
    Shown {
        preset,
        passing,
        shown,
        duplicates,
    }
}

fn part<'a>(
    chunk: &Chunk<'a>,
    query: &Query,
    predicate: &Predicate,
    ranks: Option<&Ranks>,
) -> Part<'a> {
    let Shown {
        preset,
        passing,
        shown,
        duplicates,
    } = shown(chunk, query, predicate);
    let sort = query.sort.zip(ranks);
    Part {
        ids: shown.numbers(chunk.first),
        keys: sort.map(|(sort, ranks)| keys(chunk, sort.field, &shown, ranks)),
        reasons: match query.preset {
            Preset::Connections => Reasons::default(),
            Preset::Unmatched => reasons(chunk, &shown),
        },
        total: preset.count(),
        below_threshold: passing.count() - shown.count(),
        duplicates,
        totals: Totals::of(chunk, &shown, query.orient),
    }
}

/// How many of these rows are unmatched for which reason, as far as it is known.
fn reasons(chunk: &Chunk, rows: &Bits) -> Reasons {
    let mut counts = Reasons::default();
    let reasons = chunk.read(Source::Reason);
    rows.places().for_each(|place| counts.count(reasons[place]));
    counts
}
