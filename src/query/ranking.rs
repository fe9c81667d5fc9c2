//! Which groups are listed, and in which order.

use super::batch::Grouped;
use super::measure::{Order, View};
use super::plan::Plan;
use super::tally::{Counter, Tally};
use crate::model::value::Value;

impl Plan<'_> {
    /// The places of the groups to list, in order.
    pub fn best<K: Grouped, N: Counter>(
        &self,
        all: &[(K, Tally<N>)],
        peers: &[u64],
        total: &Tally<u128>,
    ) -> Vec<u32> {
        let Order {
            measure,
            descending,
        } = self.query.order;
        let limit = self.query.limit.min(all.len());
        let Some(measure) = measure else {
            return self.by_value(all, descending, limit);
        };
        let value = |place: usize| {
            let value = (measure.value)(&View {
                tally: &all[place].1.widened(),
                total,
                share_of: self.query.order.share_of(self.is_either()),
                running: None,
                peers: peers.get(place).copied(),
            });
            // what has no value goes last
            match value {
                Some(value) if descending => (false, -value),
                Some(value) => (false, value),
                None => (true, 0),
            }
        };
        if limit == 0 {
            return Vec::new();
        }
        let mut keyed: Vec<((bool, i128), [u64; 2], u32)> = Vec::with_capacity(2 * limit);
        let mut worst = None;
        for (place, (key, _)) in all.iter().enumerate() {
            let own = (value(place), key.parts(), place as u32);
            if worst.is_some_and(|worst| own >= worst) {
                continue;
            }
            keyed.push(own);
            if keyed.len() == 2 * limit {
                worst = Some(*keyed.select_nth_unstable(limit - 1).1);
                keyed.truncate(limit);
            }
        }
        keyed.sort_unstable();
        keyed.truncate(limit);
        keyed.into_iter().map(|keyed| keyed.2).collect()
    }

    fn by_value<K: Grouped, N: Counter>(
        &self,
        all: &[(K, Tally<N>)],
        descending: bool,
        limit: usize,
    ) -> Vec<u32> {
        let values = |key: K| -> Vec<Value> {
            self.keys
                .iter()
                .zip(key.parts())
                .map(|(key, code)| key.value(code))
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
