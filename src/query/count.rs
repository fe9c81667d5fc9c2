//! Rows counted into groups: each core counts its rows, then the groups are put
//! together.

use std::ops::Range;

use super::batch::{Grouped, parts};
use super::labels::List;
use super::plan::Plan;
use super::tally::{Counter, Tallies, Tally};
use crate::table::share::in_shares;

impl Plan<'_> {
    /// All groups, and the sums of all rows.
    pub fn counted<K: Grouped, N: Counter>(&self) -> (List<K, N>, Tally<N>) {
        let shares = in_shares(self.table.chunks(), |numbers| self.count::<K, N>(numbers));
        let whole = shares.into_iter().reduce(|mut whole, share| {
            whole.0.merge(&share.0);
            whole.1.merge(&share.1);
            whole
        });
        let Some((tallies, mut total)) = whole else {
            return (Vec::new(), Tally::default());
        };
        let groups = tallies.into_groups();
        if !self.is_either() {
            // every row is in one group
            groups.iter().for_each(|group| total.merge(&group.1));
        }
        (groups, total)
    }

    /// As many keys are places in a dense list.
    pub fn dense(&self) -> usize {
        match self.keys {
            [key] => key.dense().unwrap_or(0),
            _ => 0,
        }
    }

    /// Counts the rows of some chunks; and all of them together, where that is not
    /// what the groups have together.
    fn count<K: Grouped, N: Counter>(&self, numbers: Range<usize>) -> (Tallies<K, N>, Tally<N>) {
        let (mut tallies, mut total) = (Tallies::new(self.dense()), Tally::default());
        let is_either = self.is_either();
        self.batches(numbers, |chunk, batch| {
            let parts = parts(chunk);
            batch.shown.for_each(|place| {
                K::each(batch, place, |key, sender| {
                    tallies.add(key, &parts, place, batch.sent(sender, place));
                });
            });
            tallies.settle(&parts);
            if is_either {
                let sent = |place: usize| usize::from(batch.sources[place]);
                let add = |place: usize| total.add(&parts[place], sent(place));
                batch.shown.for_each(add);
            }
        });
        (tallies, total)
    }
}
