//! `groups`: the rows that a query shows, put together by one or two groupings.
//! A grouping of either end counts a row for both of its ends, but once where
//! they are the same; a share is always of all rows, so such shares add up to
//! more than the whole, while the cumulative share counts every row once.
//!
//! `groupings` is the catalogue of what rows are grouped `by`, and a `key` is the number of
//! a group: `common` is what hosts have in common, `time_key` when a flow began, and `labels`
//! tell which keys read the same. A `plan` is a question made ready, `batch`es of keys are
//! what it reads; `count` adds up what rows have (`parts`) into `tally`s, in `list`s found by
//! an `index`. A `measure` is a column, `ranking` says which groups are listed, `details` what
//! else is said of these, and `drill` is the filter that leads to a group's rows.

pub mod batch;
pub mod by;
pub mod common;
pub mod count;
pub mod details;
pub mod drill;
pub mod groupings;
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

use foldhash::HashMap;

use crate::model::value::Value;
use crate::query::columns::counters::Counter;
use crate::query::facts::Context;
use crate::query::language::expr::Expr;
use crate::table::store::Table;
use batch::Grouped;
use by::By;
use drill::drill;
use key::Key;
use measure::{Measure, Order, View};
pub use plan::GroupQuery;
use plan::Plan;
use tally::{Item, Tally};

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
    /// How many there are.
    pub count: usize,
    /// The sums of all rows.
    pub total: Tally<u128>,
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
    let keys: Vec<Key> = query
        .by
        .iter()
        .map(|&by| Key::new(by, table, context))
        .collect();
    let plan = Plan::new(table, context, query, &keys);
    match (keys.len(), plan.is_small()) {
        (..=1, true) => plan.groups::<u64, u64>(),
        (..=1, false) => plan.groups::<u64, u128>(),
        (_, true) => plan.groups::<(u64, u64), u64>(),
        (_, false) => plan.groups::<(u64, u64), u128>(),
    }
}

impl Plan<'_> {
    fn groups<K: Grouped, N: Counter>(&self) -> Groups {
        if let Some(weight) = self.weight() {
            let (all, total) = self.weighed::<K>(weight);
            let (all, same) = self.with_one_label(all);
            let best = self.heaviest(&all);
            let best: Vec<K> = best.iter().map(|&place| all.at(place).0).collect();
            let ranks = self.ranks(best.iter().copied(), &same);
            let tallies = self.tallied::<K, u64>(&ranks, best.len());
            let best = best.into_iter().zip(tallies).collect();
            return self.told(best, &same, all.count(), total.widened());
        }
        let (all, total) = self.counted::<K, N>();
        let (all, same) = self.with_one_label(all);
        let total = total.widened();
        let peers = if self.is_by_peers() {
            let ranks = self.ranks(all.iter().map(|group| group.0), &same);
            self.second::<K, N>(&ranks, all.count()).0
        } else {
            Vec::new()
        };
        let best = self.best(&all, &peers, &total);
        let best = best.iter().map(|&place| *all.at(place)).collect();
        self.told(best, &same, all.count(), total)
    }

    fn is_by_peers(&self) -> bool {
        let measure = self.query.order.measure;
        measure.is_some_and(|measure| measure.name == "peers")
    }

    /// Says the rest about the groups that are listed.
    fn told<K: Grouped, N: Counter>(
        &self,
        best: Vec<Item<K, Tally<N>>>,
        same: &HashMap<K, K>,
        count: usize,
        total: Tally<u128>,
    ) -> Groups {
        let is_either = self.is_either();
        let details = (self.query.details || self.is_by_peers()).then(|| {
            let ranks = self.ranks(best.iter().map(|group| group.0), same);
            self.second::<K, N>(&ranks, best.len())
        });
        let mut sum = 0;
        let share_of = self.query.order.share_of(is_either).sum;
        let list = best.iter().enumerate().map(|(rank, (key, tally))| {
            let of = |tally: &Tally<N>| share_of.map_or(0, |share_of| share_of(&tally.widened()));
            let added = match (&details, is_either) {
                (Some((_, added)), true) => added.get(rank).map(of),
                (None, true) => None,
                (_, false) => Some(of(tally)),
            };
            sum += added.unwrap_or(0);
            let parts = key.parts();
            Group {
                codes: parts,
                values: self
                    .keys
                    .iter()
                    .zip(parts)
                    .map(|(key, code)| key.value(code).into_owned())
                    .collect(),
                tally: tally.widened(),
                running: added.map(|_| sum),
                peers: details
                    .as_ref()
                    .and_then(|details| details.0.get(rank).copied()),
            }
        });
        let list = list.collect();
        self.answer(list, count, total)
    }

    fn answer(&self, list: Vec<Group>, count: usize, total: Tally<u128>) -> Groups {
        Groups {
            by: self.query.by.clone(),
            order: self.query.order,
            list,
            count,
            total,
        }
    }
}
