//! What is asked for the rows on the screen.

use crate::query::facts::Context;
use crate::query::run::Query;
use crate::table::store::Table;

/// A query to answer, on a snapshot of the table.
pub struct Question {
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

impl Question {
    /// The newer of two questions; names that the older one waits for, and it too,
    /// are still to be told.
    pub fn newer(old: Question, new: Question) -> Question {
        Question {
            seeks: new.seeks || old.seeks && old.query == new.query,
            ..new
        }
    }
}
