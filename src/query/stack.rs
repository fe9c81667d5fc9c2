//! Traffic over time by the few groups that have most of it. A row that is in
//! several of them, as one is with hosts at either end, counts for the first, so
//! that the groups and the rest of every step add up to the step.

use super::facts::Context;
use super::group::by::By;
use super::group::measure::{Measure, Order};
use super::group::quantity::Quantity;
use super::group::{GroupQuery, Groups, filter_of, first};
use super::language::expr::Expr;
use super::time::timeline::{Amount, TimeQuery, Timeline, layers};
use crate::table::store::Table;

/// What the rows in none of the groups are called.
pub const OTHER: &str = "other";

/// A timeline by groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// The groups, the greatest first.
    pub groups: Groups,
    /// What each of them has, and last what the others have.
    pub layers: Vec<Timeline>,
}

/// The timeline of the greatest groups, at most so many.
pub fn stack(table: &Table, query: &TimeQuery, by: &[By], most: usize, context: &Context) -> Stack {
    let groups = greatest(table, query, by, most, context);
    let layers = layers(table, query, &filters(&groups, context), context);
    Stack { groups, layers }
}

/// The groups with most of the amount, over all time: a closer look does not
/// change them.
pub fn greatest(
    table: &Table,
    query: &TimeQuery,
    by: &[By],
    most: usize,
    context: &Context,
) -> Groups {
    let most_of = match query.amount {
        Amount::Bytes => Quantity::Octets,
        Amount::Packets => Quantity::Packets,
        // rows of a view are all of one kind, with as many flows each
        Amount::Connections => Quantity::Flows,
    };
    let query = GroupQuery {
        rows: query.rows.clone(),
        by: by.to_vec(),
        order: Order::by(Measure::of(most_of)),
        limit: most,
    };
    first(table, &query, context)
}

/// What divides the rows among groups: see [`layers`].
pub fn filters(groups: &Groups, context: &Context) -> Vec<Expr> {
    let filter = |group| filter_of(group, &groups.by, context);
    groups.list.iter().map(filter).collect()
}
