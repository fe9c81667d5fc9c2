//! Rows counted into groups. Each core counts its rows until it has listed many;
//! then each core puts together some of the lists of all, and so on in turns.

use std::ops::Range;

use super::batch::{Grouped, parts};
use super::index::Index;
use super::list::List;
use super::plan::Plan;
use super::tally::{Counter, Item, LISTS, Tallies, Tally};
use crate::table::share::{each_in_parallel, in_parallel, shares};

/// What a core lists at least before lists are put together.
const MANY: usize = 1 << 16;
/// Groups of a dense list that are put together in one go.
const BLOCK: usize = 1 << 12;

/// The rows of a core.
struct Share<K, N> {
    /// The chunks that it has not counted yet.
    left: Range<usize>,
    tallies: Tallies<K, N>,
    /// Sums of all its rows, where that is not what the groups have together.
    total: Tally<N>,
}

impl Plan<'_> {
    /// All groups, and the sums of all rows.
    pub fn counted<K: Grouped, N: Counter>(&self) -> (List<K, N>, Tally<N>) {
        let share = |left| Share {
            left,
            tallies: Tallies::<K, N>::new(self.dense()),
            total: Tally::default(),
        };
        let mut shares: Vec<_> = shares(self.table.chunks()).map(share).collect();
        let mut indexes: Vec<_> = (0..LISTS).map(|_| Index::default()).collect();
        while shares.iter().any(|share| !share.left.is_empty()) {
            // where there are many groups, going through them has to be worth it
            let known: usize = indexes.iter().map(|index| index.items().len()).sum();
            let enough = MANY.max(known / shares.len());
            each_in_parallel(&mut shares, |_, share| self.count(share, enough));
            if shares.iter().any(|share| share.tallies.listed() > 0) {
                each_in_parallel(&mut indexes, |place, index: &mut Index<K, Tally<N>>| {
                    let lists = shares.iter().map(|share| &share.tallies.lists[place]);
                    lists.for_each(|list| index.absorb(list));
                });
            }
            let lists = shares.iter_mut().flat_map(|share| &mut share.tallies.lists);
            lists.for_each(Vec::clear);
        }
        let mut groups = dense(&shares);
        groups.extend(indexes.into_iter().map(Index::into_items));
        let total = if self.is_either() {
            sum(shares.iter().map(|share| &share.total))
        } else {
            // every row is in one group
            let sums = in_parallel(groups.len(), |place| {
                sum(groups[place].iter().map(|it| &it.1))
            });
            sum(&sums)
        };
        (List::new(groups), total)
    }

    /// As many keys are places in a dense list.
    pub fn dense(&self) -> usize {
        match self.keys {
            [key] => key.dense(),
            _ => 0,
        }
    }

    /// Counts rows of a share until it has listed enough.
    fn count<K: Grouped, N: Counter>(&self, share: &mut Share<K, N>, enough: usize) {
        let is_either = self.is_either();
        while share.tallies.listed() < enough
            && let Some(number) = share.left.next()
        {
            self.batches(number..number + 1, |chunk, batch| {
                let parts = parts(chunk);
                batch.shown.for_each(|place| {
                    let part = &parts[place];
                    K::each(batch, place, |key, sender| {
                        share.tallies.add(key, part, batch.sent(sender, place));
                    });
                    if is_either {
                        share.total.add(part, usize::from(batch.sources[place]));
                    }
                });
            });
        }
    }
}

fn sum<'a, N: Counter + 'a>(tallies: impl IntoIterator<Item = &'a Tally<N>>) -> Tally<N> {
    let mut sum = Tally::default();
    tallies.into_iter().for_each(|tally| sum.merge(tally));
    sum
}

/// The groups of all shares whose keys are places.
fn dense<K: Grouped, N: Counter>(shares: &[Share<K, N>]) -> Vec<Vec<Item<K, N>>> {
    let length = shares.first().map_or(0, |share| share.tallies.dense.len());
    in_parallel(length.div_ceil(BLOCK), |block| {
        let places = block * BLOCK..length.min((block + 1) * BLOCK);
        let group = |place| {
            let own = shares.iter().map(|share| &share.tallies.dense[place]);
            (K::at(place), sum(own))
        };
        places.map(group).filter(|group| group.1.rows > 0).collect()
    })
}
