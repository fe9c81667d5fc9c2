//! What is asked for the rows on the screen.

use crate::query::facts::{Context, Stance};
use crate::query::run::Query;
use crate::table::store::Table;

/// A query to answer, on a snapshot of the table.
pub struct RowsRequest {
    /// The greater, the newer; only the newest is answered.
    pub generation: u64,
    /// The names that it waits for are to be told.
    pub seeks: bool,
    /// What is asked.
    pub query: Query,
    /// The snapshot.
    pub table: Table,
    /// The point of view.
    pub context: Context,
}

impl RowsRequest {
    /// The newer of two questions; names that the older one waits for, and it too,
    /// are still to be told.
    pub fn newer(old: RowsRequest, new: RowsRequest) -> RowsRequest {
        let same_stance = old.context.stance == new.context.stance;
        RowsRequest {
            seeks: new.seeks || old.seeks && old.query == new.query && same_stance,
            ..new
        }
    }
}

/// For which rows hosts were told to be asked about.
#[derive(Clone, PartialEq)]
pub struct Sought {
    /// The question.
    pub query: Query,
    /// Which sides are the sources', and which flows count.
    pub stance: Stance,
    /// Counters are multiplied by the sampling.
    pub is_scaled: bool,
    /// How many rows there were.
    pub rows: u32,
}

impl Sought {
    /// The same of so many rows.
    pub fn with_rows(&self, rows: u32) -> Self {
        Sought {
            rows,
            ..self.clone()
        }
    }
}
