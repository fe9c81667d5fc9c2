//! Finding rows among those shown, without hiding any.

use std::sync::Arc;

use super::facts::{Context, Facts};
use super::filter::predicate::{Predicate, prepare};
use super::language::expr::Expr;
use super::run::Rows;
use crate::table::store::{RowId, Table};

/// What is looked for, and where.
pub struct SearchRequest {
    /// The greater, the newer; only the newest is answered.
    pub number: u64,
    /// What a row has to be.
    pub expr: Expr,
    /// The rows, in the order in which they are shown.
    pub rows: Arc<Rows>,
    /// The line that is left.
    pub from: usize,
    /// Towards the end.
    pub forward: bool,
    /// Which of those that are found.
    pub nth: usize,
    /// The table.
    pub table: Table,
    /// The point of view.
    pub context: Context,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchReply {
    /// The search's number.
    pub number: u64,
    /// The wanted row, or the last one there was.
    pub row: Option<RowId>,
    /// There were fewer than wanted.
    pub ended: bool,
}

/// Looks for rows.
pub fn seek(search: &SearchRequest) -> SearchReply {
    let predicate = prepare(&search.expr, &search.table, &search.context);
    let ids = &search.rows.ids;
    let passes = |id: &RowId| {
        let row = search.table.row(*id);
        let context = &search.context;
        holds(&predicate, &Facts { row, context })
    };
    let from = search.from.min(ids.len());
    let found: Vec<RowId> = if search.forward {
        let rest = ids.iter().skip(from + 1).copied();
        rest.filter(passes).take(search.nth).collect()
    } else {
        let rest = ids[..from].iter().rev().copied();
        rest.filter(passes).take(search.nth).collect()
    };
    SearchReply {
        number: search.number,
        row: found.last().copied(),
        ended: found.len() < search.nth,
    }
}

fn holds(predicate: &Predicate, facts: &Facts) -> bool {
    match predicate {
        Predicate::All(terms) => terms.iter().all(|term| holds(term, facts)),
        Predicate::Any(terms) => terms.iter().any(|term| holds(term, facts)),
        Predicate::Not(inner) => !holds(inner, facts),
        Predicate::Test(test) => test.passes(facts),
    }
}
