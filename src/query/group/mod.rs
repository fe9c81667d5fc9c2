//! `groups`: the rows that a query shows, put together by one or two groupings.
//! A grouping of either end counts a row for both of its ends, but once where
//! they are the same; a share is always of all rows, so such shares add up to
//! more than the whole, while the cumulative share counts every row once.
//!
//! `groupings` is the catalogue of what rows are grouped `by` (networks of some `lengths`),
//! and a `key` is the number of a group, with the `sender` at its end: `common` is what
//! hosts have in common, `time_key` when a flow began, and `labels` tell which keys read
//! the same. A `plan` is a question made ready, `batch`es of keys are what it reads;
//! `count` adds up what rows have (`addends`) into `tally`s, in `list`s found by an
//! `index`, and the `heaviest` of very many groups are found without all others. The
//! `answer` comes in two `steps`. A `measure` is a column, a `quantity` what adds up;
//! `ranking` says which groups are listed, `details` what else is said of these, and
//! `drill` is the filter that leads to a group's rows.

pub mod addends;
pub mod answer;
pub mod batch;
pub mod by;
pub mod common;
pub mod count;
pub mod details;
pub mod drill;
pub mod groupings;
pub mod heaviest;
pub mod index;
pub mod key;
pub mod labels;
pub mod lengths;
pub mod list;
pub mod measure;
pub mod plan;
pub mod quantity;
pub mod ranking;
pub mod sender;
pub mod steps;
pub mod tally;
pub mod time_key;

use std::sync::atomic::AtomicBool;

use crate::query::facts::Context;
use crate::query::language::expr::Expr;
use crate::table::store::Table;
pub use answer::{Group, Groups};
use by::By;
use drill::drill;
use key::GroupKey;
use plan::GroupPlan;
pub use plan::GroupQuery;

/// Calls a method of a plan with the types that its question needs: keys of one number
/// or of two, sums of 64 bits or of 128.
macro_rules! typed {
    ($plan:ident.$method:ident($($argument:expr),*)) => {
        match ($plan.keys.len(), $plan.table.has_small_sums()) {
            (..=1, true) => $plan.$method::<u64, u64>($($argument),*),
            (..=1, false) => $plan.$method::<u64, u128>($($argument),*),
            (_, true) => $plan.$method::<(u64, u64), u64>($($argument),*),
            (_, false) => $plan.$method::<(u64, u64), u128>($($argument),*),
        }
    };
}

/// The filter that a group's rows alone pass, of the rows that were grouped.
pub fn filter_of(group: &Group, by: &[By], context: &Context) -> Expr {
    let values = by.iter().zip(&group.values);
    let terms = values.map(|(by, value)| drill(by, value, context));
    Expr::of(terms.collect(), Expr::And)
}

/// Groups the rows of a query.
pub fn groups(table: &Table, query: &GroupQuery, context: &Context) -> Groups {
    let keys = keys(table, query, context);
    let plan = GroupPlan::new(table, context, query, &keys);
    typed!(plan.whole())
}

/// The same as soon as groups are known: without their peers, unless they are sorted by
/// these, without what of their cumulative shares takes another pass over the rows, and
/// where there are very many, without how many.
pub fn first(table: &Table, query: &GroupQuery, context: &Context) -> Groups {
    let keys = keys(table, query, context);
    let plan = GroupPlan::new(table, context, query, &keys);
    typed!(plan.first())
}

/// Both, one after the other, if anything is wanted `first`: of very many groups so many.
/// Once `over` is set, nothing more is worked out and told.
pub fn in_steps(
    table: &Table,
    query: &GroupQuery,
    context: &Context,
    (first, over): (Option<usize>, &AtomicBool),
    take: &mut dyn FnMut(Groups),
) {
    let keys = keys(table, query, context);
    let mut plan = GroupPlan::new(table, context, query, &keys);
    plan.until(over);
    typed!(plan.in_steps(first, take));
}

fn keys<'a>(table: &'a Table, query: &GroupQuery, context: &'a Context) -> Vec<GroupKey<'a>> {
    let by = query.by.iter();
    by.map(|&by| GroupKey::new(by, table, context)).collect()
}
