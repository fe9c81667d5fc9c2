//! Which groups are listed, and in which order.

use super::batch::Grouped;
use super::list::List;
use super::measure::{Measured, Order};
use super::plan::GroupPlan;
use super::tally::{Sum, Tally};
use crate::model::value::Value;
use crate::query::columns::counters::Counter;
use crate::query::order::ranks::sortable;
use crate::table::share::in_shares;

/// What a group is sorted by: its value, its numbers, and its place.
type Ranked = ((bool, i128), [u64; 2], u32);

/// The first of many, as far as they were seen, and some more.
struct Top {
    limit: usize,
    list: Vec<Ranked>,
    worst: Option<Ranked>,
}

impl Top {
    fn new(limit: usize) -> Self {
        Top {
            limit,
            list: Vec::new(),
            worst: None,
        }
    }

    #[inline]
    fn add(&mut self, ranked: Ranked) {
        if self.limit == 0 || self.worst.is_some_and(|worst| ranked >= worst) {
            return;
        }
        self.list.push(ranked);
        if self.list.len() == 2 * self.limit {
            self.worst = Some(*self.list.select_nth_unstable(self.limit - 1).1);
            self.list.truncate(self.limit);
        }
    }
}

impl GroupPlan<'_> {
    /// The places of the groups to list, in order.
    pub fn best<K: Grouped, N: Counter>(
        &self,
        all: &List<K, Tally<N>>,
        peers: &[u64],
        total: &Tally<u128>,
    ) -> Vec<u32> {
        let Order {
            measure,
            descending,
        } = self.query.order;
        let limit = self.query.limit.min(all.count());
        let Some(measure) = measure else {
            return self.by_value(all, descending, limit);
        };
        let share_of = self.query.order.share_of(self.is_either());
        let value = |place: u32, tally: &Tally<N>| {
            let value = measure.value(&Measured {
                tally: &tally.widened(),
                total,
                share_of,
                running: None,
                peers: peers.get(place as usize).copied(),
            });
            // what has no value goes last
            match value {
                Some(value) if descending => (false, -value),
                Some(value) => (false, value),
                None => (true, 0),
            }
        };
        best(all, limit, value)
    }

    /// The places of the groups to list, in order, where only that is known of
    /// them by which they are sorted.
    pub fn ranked<K: Grouped>(&self, all: &List<K, u64>) -> Vec<u32> {
        let descending = self.query.order.descending;
        let limit = self.query.limit.min(all.count());
        best(all, limit, |_, &weight| {
            let weight = i128::from(weight);
            (false, if descending { -weight } else { weight })
        })
    }

    fn by_value<K: Grouped, N: Counter>(
        &self,
        all: &List<K, Tally<N>>,
        descending: bool,
        limit: usize,
    ) -> Vec<u32> {
        let values = |key: K| -> Vec<Value> {
            self.keys
                .iter()
                .zip(key.parts())
                .map(|(key, code)| sortable(key.value(code)))
                .collect()
        };
        let mut valued: Vec<(Vec<Value>, u32)> = all
            .iter()
            .enumerate()
            .map(|(place, group)| (values(group.0), place as u32))
            .collect();
        valued.sort_by(|a, b| {
            let orders = a.0.iter().zip(&b.0).map(|(a, b)| a.order(b));
            let order = orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then);
            if descending { order.reverse() } else { order }
        });
        valued.truncate(limit);
        valued.into_iter().map(|valued| valued.1).collect()
    }
}

/// The places of the groups with the least values, in order.
fn best<K: Grouped, S: Sum>(
    all: &List<K, S>,
    limit: usize,
    value: impl Fn(u32, &S) -> (bool, i128) + Sync,
) -> Vec<u32> {
    let shares = in_shares(all.parts(), |parts| {
        let mut top = Top::new(limit);
        for (place, (key, sum)) in parts.flat_map(|part| all.part(part)) {
            top.add((value(place, sum), key.parts(), place));
        }
        top.list
    });
    let mut list = shares.concat();
    list.sort_unstable();
    list.truncate(limit);
    list.into_iter().map(|ranked| ranked.2).collect()
}
