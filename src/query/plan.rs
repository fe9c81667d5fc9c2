//! What is needed to go through the rows that are grouped: the question made
//! ready for one table.

use std::ops::Range;

use super::batch::Batch;
use super::by::By;
use super::chunk::Chunk;
use super::facts::Context;
use super::filter::Predicate;
use super::key::Key;
use super::measure::Order;
use super::run::{Query, shown};
use crate::table::store::Table;

/// How to group which rows.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupQuery {
    /// The rows.
    pub rows: Query,
    /// By one or two groupings.
    pub by: Vec<By>,
    /// The order.
    pub order: Order,
    /// At most so many groups are listed.
    pub limit: usize,
    /// Say of those too how many peers they have, and for groupings of either end
    /// their cumulative share: both take another pass over the rows.
    pub details: bool,
}

/// Everything that does not change from row to row.
pub struct Plan<'a> {
    /// The table.
    pub table: &'a Table,
    /// The point of view.
    pub context: &'a Context,
    /// The question.
    pub query: &'a GroupQuery,
    /// Its filter, made ready.
    pub predicate: Predicate,
    /// Its groupings, made ready.
    pub keys: &'a [Key<'a>],
}

impl Plan<'_> {
    /// Whether a row may be in several groups.
    pub fn is_either(&self) -> bool {
        self.keys.iter().any(|key| key.by.is_either())
    }

    /// Reads chunks one after the other, those that have rows to show.
    pub fn batches(&self, numbers: Range<usize>, mut take: impl FnMut(&Chunk, &Batch)) {
        for number in numbers {
            let chunk = Chunk::new(self.table, self.context, number);
            let shown = shown(&chunk, &self.query.rows, &self.predicate).shown;
            if !shown.is_empty() {
                take(&chunk, &Batch::read(&chunk, self.keys, shown));
            }
        }
    }
}
