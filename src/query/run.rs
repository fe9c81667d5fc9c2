//! `run`: from a table and a query to the rows to show. A pure function, so it
//! can run on any thread, on any snapshot.

use super::facts::Context;
use super::language::expr::{Expr, Test};
use super::memory::{ChunkAnswer, Memory};
pub use super::question::{FEW, Preset, Query};
use super::sorting::{Sorting, ids};
use super::totals::Totals;
use crate::table::store::{RowId, Table};
use crate::table::verdict::Reasons;

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
    /// Rows of the other preset that pass the filter, where none of this one do: told after
    /// the answer.
    pub elsewhere: Option<Elsewhere>,
}

impl Rows {
    /// Whether none passes the filter, be it shown or not.
    fn is_of_none(&self) -> bool {
        self.shown + self.below_threshold + self.duplicates == 0
    }
}

/// Rows of another preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// Which.
    pub preset: Preset,
    /// How many there are to show.
    pub shown: u64,
    /// How many have too few packets.
    pub below_threshold: u64,
}

/// Rows of the first answer, which comes before all are in order.
const WINDOW: usize = 1000;
/// Fewer rows are in order so soon that no first answer is needed.
const SMALL: u64 = 50_000;

/// Answers a query.
///
/// ```
/// use std::sync::Arc;
///
/// use flowpeek::load::{Inputs, load};
/// use flowpeek::model::time::Zone;
/// use flowpeek::names::Services;
/// use flowpeek::query::facts::{Context, Orient};
/// use flowpeek::query::language::parse::parse;
/// use flowpeek::query::run::{Preset, Query, run};
/// use flowpeek::query::order::sort::Sort;
/// use flowpeek::table::build::Pairing;
///
/// let inputs = Inputs::look_at(&["assets/sample.gz".into()])?;
/// let snapshot = load(inputs, Pairing::Strict { tolerance: 1000 }, 2, |_| true);
/// let query = Query {
///     preset: Preset::Connections,
///     filter: parse("host 10.0.0.1 and bytes > 10k")?,
///     threshold: 10,
///     sort: Some(Sort::parse("bytes:desc")?),
/// };
/// let context = Context::new(Arc::new(Services::system()), Zone::utc(), Orient::Bytes);
/// let rows = run(&snapshot.table, &query, &context);
/// assert_eq!(rows.total, 1418);
/// assert_eq!(rows.ids.len(), 29);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run(table: &Table, query: &Query, context: &Context) -> Rows {
    let mut memory = Memory::default();
    memory.find(table, query, context);
    let parts = memory.parts();
    let ids = match query.sort {
        None => ids(table, &parts),
        Some(sort) => {
            let (memory, parts) = (&memory, &parts[..]);
            let sorting = Sorting {
                table,
                context,
                sort,
                memory,
                parts,
            };
            sorting.all(|| true).unwrap_or_default()
        }
    };
    Rows {
        ids,
        ..summed(&parts)
    }
}

/// Answers a query, a large and sorted one twice: with the first rows at once,
/// and with all of them. When `take` answers false, the second is not worked out;
/// it is asked again now and then, with nothing, while that is done. What `memory`
/// has of the query before is not looked for again.
pub fn answer(
    table: &Table,
    query: &Query,
    context: &Context,
    memory: &mut Memory,
    mut take: impl FnMut(Option<Rows>) -> bool,
) {
    memory.find(table, query, context);
    let parts = memory.parts();
    let rows = summed(&parts);
    if rows.is_of_none() {
        if take(Some(rows.clone()))
            && let Some(elsewhere) = elsewhere(table, query, context)
        {
            let elsewhere = Some(elsewhere);
            take(Some(Rows { elsewhere, ..rows }));
        }
        return;
    }
    let with = |ids| {
        let rows = rows.clone();
        Some(Rows { ids, ..rows })
    };
    let Some(sort) = query.sort else {
        take(with(ids(table, &parts)));
        return;
    };
    let sorting = Sorting {
        table,
        context,
        sort,
        memory,
        parts: &parts,
    };
    let all = if rows.shown <= SMALL {
        sorting.all(|| true)
    } else if take(with(sorting.first(WINDOW))) {
        sorting.all(|| take(None))
    } else {
        None
    };
    if let Some(ids) = all {
        take(with(ids));
    }
}

/// What passes the filter of a query elsewhere.
pub fn elsewhere(table: &Table, query: &Query, context: &Context) -> Option<Elsewhere> {
    if query.filter == Expr::Test(Test::Any) {
        return None;
    }
    let query = Query {
        preset: query.preset.other(),
        sort: None,
        ..query.clone()
    };
    let mut memory = Memory::default();
    memory.find(table, &query, context);
    let found = summed(&memory.parts());
    (found.shown + found.below_threshold > 0).then_some(Elsewhere {
        preset: query.preset,
        shown: found.shown,
        below_threshold: found.below_threshold,
    })
}

/// The answer but for the rows.
fn summed(parts: &[&ChunkAnswer]) -> Rows {
    let mut rows = Rows::default();
    for part in parts {
        rows.shown += part.shown.count();
        rows.total += part.total;
        rows.below_threshold += part.below_threshold;
        rows.duplicates += part.duplicates;
        rows.totals.add(part.totals);
        rows.reasons.add(part.reasons);
    }
    rows
}
