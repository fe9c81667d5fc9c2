//! Rows counted into groups on all cores. Where groups are few each core counts
//! its rows, and the groups are put together; where they may be as many as rows,
//! each core goes through all rows and counts those whose groups are its own.

use std::ops::Range;

use super::batch::{Grouped, parts};
use super::groupings::Family;
use super::list::List;
use super::plan::Plan;
use super::tally::{Counter, Tallies, Tally};
use crate::table::share::in_shares;

/// Groups are shared out in so many parts: as many cores can work on them.
const PARTS: usize = 16;

impl Plan<'_> {
    /// All groups, and the sums of all rows.
    pub fn counted<K: Grouped, N: Counter>(&self) -> (List<K, N>, Tally<N>) {
        let shares = if self.has_many_groups() {
            self.by_groups()
        } else {
            self.by_rows()
        };
        let (mut list, mut total) = (List(Vec::new()), Tally::default());
        for (groups, sums) in shares {
            list.0.push(groups);
            total.merge(&sums);
        }
        (list, total)
    }

    /// Whether there may be nearly as many groups as rows, and rows enough to care.
    pub fn has_many_groups(&self) -> bool {
        let mut pairs = self.keys.iter().map(|key| key.by.grouping.family);
        self.table.chunks() >= 4 && (self.keys.len() > 1 || pairs.any(|it| it == Family::Pair))
    }

    /// As many keys are places in a dense list.
    pub fn dense(&self) -> usize {
        match self.keys {
            [key] => key.dense().unwrap_or(0),
            _ => 0,
        }
    }

    fn by_groups<K: Grouped, N: Counter>(&self) -> Vec<Share<K, N>> {
        in_shares(PARTS, |own| {
            let is_own = |key: K| own.contains(&(key.mixed() as usize % PARTS));
            let all = 0..self.table.chunks();
            let (tallies, total) = self.count::<K, N>(all, is_own, own.start == 0);
            self.share(tallies, total)
        })
    }

    fn by_rows<K: Grouped, N: Counter>(&self) -> Vec<Share<K, N>> {
        let shares = in_shares(self.table.chunks(), |numbers| {
            self.count::<K, N>(numbers, |_| true, true)
        });
        let whole = shares.into_iter().reduce(|mut whole, share| {
            whole.0.merge(&share.0);
            whole.1.merge(&share.1);
            whole
        });
        let whole = whole.map(|(tallies, total)| self.share(tallies, total));
        whole.into_iter().collect()
    }

    fn share<K: Grouped, N: Counter>(
        &self,
        tallies: Tallies<K, N>,
        mut total: Tally<N>,
    ) -> Share<K, N> {
        let groups = tallies.into_groups();
        if !self.is_either() {
            // every row is in one group
            groups.iter().for_each(|group| total.merge(&group.1));
        }
        (groups, total)
    }

    /// Counts the rows of some chunks, as far as their groups are wanted; and all
    /// of them, where groups do not say how many there are.
    fn count<K: Grouped, N: Counter>(
        &self,
        numbers: Range<usize>,
        is_own: impl Fn(K) -> bool,
        in_total: bool,
    ) -> (Tallies<K, N>, Tally<N>) {
        let in_total = in_total && self.is_either();
        let (mut tallies, mut total) = (Tallies::new(self.dense()), Tally::default());
        self.batches(numbers, |chunk, batch| {
            let parts = parts(chunk);
            batch.shown.for_each(|place| {
                K::each(batch, place, |key, sender| {
                    if is_own(key) {
                        tallies.add(key, &parts, place, batch.sent(sender, place));
                    }
                });
            });
            tallies.settle(&parts);
            if in_total {
                let sent = |place: usize| usize::from(batch.sources[place]);
                let mut add = |place: usize| total.add(&parts[place], sent(place));
                batch.shown.for_each(&mut add);
            }
        });
        (tallies, total)
    }
}

/// Groups of a share, and the sums of its rows.
type Share<K, N> = (Vec<(K, Tally<N>)>, Tally<N>);
