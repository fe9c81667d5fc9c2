//! `groups`: the rows that a query shows, put together by one or two groupings.
//! A grouping of either end counts a row for both of its ends, but once where
//! they are the same; a share is always of all rows, so such shares add up to
//! more than the whole, while the cumulative share counts every row once.
//!
//! `groupings` is the catalogue of what rows are grouped `by`, and a `key` is the number of
//! a group: `common` is what hosts have in common, `time_key` when a flow began, and `labels`
//! tell which keys read the same. A `plan` is a question made ready, `batch`es of keys are
//! what it reads; `count` adds up what rows have (`parts`) into `tally`s, in `list`s found by
//! an `index`, and the `heaviest` of very many groups are found without all others. The
//! `answer` comes in two steps. A `measure` is a column, `ranking` says which groups are listed, `details` what
//! else is said of these, and `drill` is the filter that leads to a group's rows.

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
pub mod list;
pub mod measure;
pub mod parts;
pub mod plan;
pub mod ranking;
pub mod tally;
pub mod time_key;

use std::sync::atomic::AtomicBool;

use crate::model::value::Value;
use crate::query::facts::Context;
use crate::query::language::expr::Expr;
use crate::table::store::Table;
use by::By;
use drill::drill;
use key::Key;
use measure::{Measure, Order, View};
pub use plan::GroupQuery;
use plan::Plan;
use tally::Tally;

/// Calls a method of a plan with the types that its question needs: keys of one number
/// or of two, sums of 64 bits or of 128.
macro_rules! typed {
    ($plan:ident.$method:ident($($argument:expr),*)) => {
        match ($plan.keys.len(), $plan.is_small()) {
            (..=1, true) => $plan.$method::<u64, u64>($($argument),*),
            (..=1, false) => $plan.$method::<u64, u128>($($argument),*),
            (_, true) => $plan.$method::<(u64, u64), u64>($($argument),*),
            (_, false) => $plan.$method::<(u64, u64), u128>($($argument),*),
        }
    };
}

/// A group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The values that its rows share, one for each grouping.
    pub values: Vec<Value<'static>>,
    /// The numbers of the values, which tell groups apart.
    pub codes: [u64; 2],
    /// Its sums.
    pub tally: Tally<u128>,
    /// What it and the groups before it have together, each row counted once.
    pub running: Option<u128>,
    /// Different hosts at its other end; at both, unless it is about an end.
    pub peers: Option<u64>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// What rows were grouped by.
    pub by: Vec<By>,
    /// Their order.
    pub order: Order,
    /// The groups that are listed.
    pub list: Vec<Group>,
    /// How many there are; of the first of very many groups nobody knows yet.
    pub count: Option<usize>,
    /// The sums of all rows.
    pub total: Tally<u128>,
    /// Whether that is all: the [`first`] groups are told before.
    pub whole: bool,
}

impl Groups {
    /// What a share is of.
    pub fn share_of(&self) -> &'static Measure {
        self.order.share_of(self.by.iter().any(By::is_either))
    }

    /// All rows, as one group.
    pub fn of_all(&self) -> Group {
        Group {
            codes: [0; 2],
            values: Vec::new(),
            tally: self.total,
            running: self.share_of().sum.map(|sum| sum(&self.total)),
            peers: None,
        }
    }

    /// Whether there are more than are listed.
    pub fn has_more(&self) -> bool {
        self.count.is_none_or(|count| count > self.list.len())
    }

    /// A measure of one of its groups.
    pub fn measure(&self, group: &Group, measure: &Measure) -> Option<i128> {
        (measure.value)(&View {
            tally: &group.tally,
            total: &self.total,
            share_of: self.share_of(),
            running: group.running,
            peers: group.peers,
        })
    }
}

/// The filter that a group's rows alone pass, of the rows that were grouped.
pub fn filter_of(group: &Group, by: &[By], table: &Table, context: &Context) -> Expr {
    let terms = by
        .iter()
        .zip(group.codes)
        .map(|(&by, code)| drill(&Key::new(by, table, context), code));
    Expr::of(terms.collect(), Expr::And)
}

/// Groups the rows of a query.
pub fn groups(table: &Table, query: &GroupQuery, context: &Context) -> Groups {
    let keys = keys(table, query, context);
    let plan = Plan::new(table, context, query, &keys);
    typed!(plan.whole())
}

/// The same as soon as groups are known: without their peers, without what of their
/// cumulative shares takes another pass over the rows, and where there are very many,
/// without how many.
pub fn first(table: &Table, query: &GroupQuery, context: &Context) -> Groups {
    let keys = keys(table, query, context);
    let plan = Plan::new(table, context, query, &keys);
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
    let mut plan = Plan::new(table, context, query, &keys);
    plan.until(over);
    typed!(plan.in_steps(first, take));
}

fn keys<'a>(table: &'a Table, query: &GroupQuery, context: &'a Context) -> Vec<Key<'a>> {
    let by = query.by.iter();
    by.map(|&by| Key::new(by, table, context)).collect()
}
