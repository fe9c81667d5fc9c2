//! The heaviest of very many groups, found without listing all of them. Rows are added
//! up in buckets by the hashes of their keys: a bucket that weighs less than the last
//! group to list has none of those, so that only the rows of few buckets are grouped.

use super::addends::Columns;
use super::batch::{Grouped, Member, sent, sent_of_all};
use super::index::Index;
use super::list::List;
use super::plan::GroupPlan;
use super::quantity::Quantity;
use super::steps::FoundGroups;
use super::tally::{Item, Sum, Tally};
use crate::query::bits::Bits;
use crate::query::columns::counters::Counter;
use crate::table::share::in_shares;

/// Buckets of a core, a power of two: they have to stay near it.
const BUCKETS: usize = 1 << 18;
/// We try `FOR_EACH` × limit buckets, the heaviest, but never more than 1 in `OF`.
const FOR_EACH: usize = 4;
const OF: usize = 4;

impl GroupPlan<'_> {
    /// The first groups of those to list, with all their sums, if they weigh so much more
    /// than others that this is quick. There are more groups than these, as more buckets
    /// than they can fill were tried, and none of them was empty.
    pub fn heaviest<K: Grouped, N: Counter>(
        &self,
        weight: Quantity,
        first: usize,
    ) -> Option<FoundGroups<K, N>> {
        let limit = self.query.limit.min(first);
        // groups of one label may lie in several buckets
        if !self.query.order.descending || limit == 0 || self.has_labels() {
            return None;
        }
        let (buckets, total) = self.bucketed::<K, N>(weight);
        let classes = counted(buckets.iter().copied());
        // groups are too much alike if those to try are not twice as heavy as most
        let heavy = doubled(beginning(&classes, buckets.len() / 2));
        let mut least = beginning(&classes, limit * FOR_EACH);
        // where the first guess takes in too little, the second takes in enough
        for _ in 0..2 {
            let tried: usize = classes[least..].iter().sum();
            if least < heavy || tried * OF > buckets.len() {
                return None;
            }
            let tried = Bits::of_values(&buckets, |sum| class(sum) >= least);
            let groups = self.grouped_within::<K, N>(&tried, buckets.len());
            let weights = groups
                .iter()
                .map(|group| weight.sum(&group.1.widened()) as u64);
            let last = beginning(&counted(weights), limit);
            if last >= least {
                return Some(self.best_of(groups, limit, total.widened()));
            }
            least = last;
        }
        None
    }

    fn best_of<K: Grouped, N: Counter>(
        &self,
        groups: Vec<Item<K, Tally<N>>>,
        limit: usize,
        total: Tally<u128>,
    ) -> FoundGroups<K, N> {
        let groups = List::new(vec![groups]);
        let best = self.best(&groups, &[], &total).into_iter().take(limit);
        FoundGroups {
            best: best.map(|place| *groups.at(place)).collect(),
            same: Default::default(),
            count: None,
            total,
        }
    }

    /// What the groups of each bucket weigh together, and the sums of all rows.
    fn bucketed<K: Grouped, N: Counter>(&self, weight: Quantity) -> (Vec<u64>, Tally<N>) {
        let count = BUCKETS.min((self.table.len() as usize).next_power_of_two());
        let is_either = self.is_either();
        let shares = in_shares(self.table.chunks(), |numbers| {
            let (mut buckets, mut total) = (vec![0u64; count], Tally::default());
            let mut weights = Vec::new();
            self.batches(numbers, |chunk, batch| {
                let (columns, sources) = (Columns::read(chunk), chunk.sources());
                let addends = columns.addends();
                let mut sum = Tally::default();
                weights.clear();
                K::each(batch, |it: Member<K>| {
                    let addend = addends.of(it.place);
                    let sent = sent(it.sender, sources[it.place]);
                    let weight = weight.of(&addend, sent);
                    weights.push((it.key.mixed() as usize & (count - 1), weight));
                    if it.is_first {
                        let sent = sent_of_all(is_either, sent, sources[it.place]);
                        sum.add(&addend, sent);
                    }
                });
                // after all else, so that the processor waits for many buckets at once
                for &(bucket, weight) in &weights {
                    // a row may count for several groups of a bucket
                    buckets[bucket] = buckets[bucket].saturating_add(weight);
                }
                total.merge(&sum);
            });
            (buckets, total)
        });
        let both = |(mut buckets, mut total): (Vec<u64>, Tally<N>), other: (Vec<u64>, _)| {
            let sums = buckets.iter_mut().zip(other.0);
            sums.for_each(|(sum, more)| *sum = sum.saturating_add(more));
            total.merge(&other.1);
            (buckets, total)
        };
        shares.into_iter().reduce(both).unwrap_or_default()
    }

    /// The groups of some buckets.
    fn grouped_within<K: Grouped, N: Counter>(
        &self,
        tried: &Bits,
        buckets: usize,
    ) -> Vec<Item<K, Tally<N>>> {
        let shares = in_shares(self.table.chunks(), |numbers| {
            let mut groups = Index::<K, Tally<N>>::default();
            let mut found = Vec::new();
            self.batches(numbers, |chunk, batch| {
                found.clear();
                K::each(batch, |it: Member<K>| {
                    if tried.has(it.key.mixed() as usize & (buckets - 1)) {
                        found.push(it);
                    }
                });
                groups.reserve(found.len());
                let (columns, sources) = (Columns::read(chunk), chunk.sources());
                let addends = columns.addends();
                for it in &found {
                    let group = groups.place(it.key);
                    let sent = sent(it.sender, sources[it.place]);
                    groups.at(group).add(&addends.of(it.place), sent);
                }
            });
            groups.into_items()
        });
        let mut all = Index::default();
        shares.iter().for_each(|share| all.absorb(share));
        all.into_items()
    }
}

/// Classes of a doubling.
const DOUBLED: usize = 8;
/// Classes of weights: one for each below eight, then eight for each of 61 doublings.
const CLASSES: usize = 62 * DOUBLED;

/// The class of a weight; that of a greater one is no lesser.
#[inline]
fn class(weight: u64) -> usize {
    match weight.checked_ilog2() {
        Some(doublings @ 3..) => {
            let eighth = weight >> (doublings - 3) & 7;
            (doublings as usize - 2) * 8 + eighth as usize
        }
        _ => weight as usize,
    }
}

/// The class of weights twice as great.
fn doubled(least: usize) -> usize {
    match least {
        ..DOUBLED => class(2 * least as u64),
        _ => least + DOUBLED,
    }
}

/// How many weights there are of each class.
fn counted(weights: impl IntoIterator<Item = u64>) -> [usize; CLASSES] {
    let mut classes = [0; CLASSES];
    let weights = weights.into_iter();
    weights.for_each(|weight| classes[class(weight)] += 1);
    classes
}

/// The class of the last of so many weights, the greatest first; the least of all
/// where there are fewer.
fn beginning(classes: &[usize; CLASSES], count: usize) -> usize {
    let mut greater = 0;
    let reaches = |class: &usize| {
        greater += classes[*class];
        greater >= count
    };
    (0..CLASSES).rev().find(reaches).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn classes_are_in_the_order_of_weights(one: u64, other: u64, shift in 0..64u32) {
            let (one, other) = (one >> shift, other >> shift);
            prop_assert!(class(one) < CLASSES);
            prop_assert!(class(one) <= class(other) || one > other);
            prop_assert!(doubled(class(one)) == class(one.saturating_mul(2)) || one > u64::MAX / 2);
            // near enough to tell heavy ones from others
            prop_assert!(class(one) < class(one.saturating_add(one / 7 + 1)) || one > u64::MAX / 8 * 7);
        }

        #[test]
        fn a_class_begins_with_so_many_weights(weights in prop::collection::vec(0..500u64, 1..80), count in 1..90usize) {
            let found = beginning(&counted(weights.iter().copied()), count);
            let at_least = |least: usize| weights.iter().filter(|&&weight| class(weight) >= least).count();
            prop_assert!(at_least(found) >= count.min(weights.len()));
            prop_assert!(at_least(found + 1) < count);
        }
    }
}
