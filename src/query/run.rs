//! `run`: from a table and a query to the rows to show. A pure function, so it
//! can run on any thread, on any snapshot.

use super::expr::Expr;
use super::facts::{Context, Facts, Orient};
use super::filter::prepare;
use super::sort::{Sort, sort};
use crate::model::attr::Attr;
use crate::table::store::{RowId, Table};

/// Which rows a view is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Rows with both sides.
    Connections,
    /// Rows with one side.
    Unmatched,
}

/// What to show, and in which order.
#[derive(Clone, PartialEq)]
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
    /// The rows to show, in order.
    pub ids: Vec<RowId>,
    /// Rows of the preset.
    pub total: u64,
    /// Rows that pass the filter but have too few packets.
    pub below_threshold: u64,
}

/// Answers a query.
pub fn run(table: &Table, query: &Query, context: &Context) -> Rows {
    let predicate = prepare(&query.filter, table, context);
    let mut rows = Rows::default();
    for row in table.rows() {
        if row.is_connection() != (query.preset == Preset::Connections) {
            continue;
        }
        rows.total += 1;
        if !predicate.passes(&Facts { row, context }) {
            continue;
        }
        if row.sum(Attr::Packets) < u128::from(query.threshold) {
            rows.below_threshold += 1;
        } else {
            rows.ids.push(row.id);
        }
    }
    if let Some(order) = query.sort {
        sort(&mut rows.ids, table, context, order);
    }
    rows
}
