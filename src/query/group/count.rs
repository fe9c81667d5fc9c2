//! Rows counted into groups. Each core counts its rows until it has listed many;
//! then each core puts together some of the lists of all, and so on in turns.

use std::ops::Range;

use super::addends::{Addends, Columns};
use super::batch::{At, Batch, Grouped, Member, sent, sent_of_all};
use super::index::{Code, Index};
use super::list::List;
use super::plan::GroupPlan;
use super::quantity::Quantity;
use super::tally::{Item, LISTS, Sum, Tallies, Tally};
use crate::query::bits::Bits;
use crate::query::columns::chunk::Chunk;
use crate::query::columns::counters::Counter;
use crate::table::share::{each_in_parallel, in_parallel, shares};

/// Bytes that a core lists at least before lists are put together.
const MANY: usize = 1 << 22;
/// Groups of a dense list that are put together in one go.
const BLOCK: usize = 1 << 13;

/// The rows of a core.
pub struct Share<K, S, E> {
    /// The chunks that it has not counted yet.
    left: Range<usize>,
    /// What they add to groups.
    pub tallies: Tallies<K, S>,
    /// What else they add up to.
    pub sums: E,
}

/// What is left with each core, and the groups out of the lists.
type Counted<K, S, E> = (Vec<Share<K, S, E>>, Vec<Vec<Item<K, S>>>);

impl GroupPlan<'_> {
    /// All groups, and the sums of all rows.
    pub fn counted<K: Grouped, N: Counter>(&self) -> (List<K, Tally<N>>, Tally<N>) {
        let is_either = self.is_either();
        let (shares, listed) = self.shared(
            self.dense(),
            Tally::default(),
            |chunk, batch, share: &mut Share<K, Tally<N>, Tally<N>>| {
                let (columns, sources) = (Columns::read(chunk), chunk.sources());
                let addends = columns.addends();
                if let Some(ends) = batch.two_ends() {
                    return count_both(batch.shown, ends, &addends, sources, share);
                }
                let mut total = Tally::default();
                K::each(batch, |it: Member<K>| {
                    let sent = sent(it.sender, sources[it.place]);
                    let addend = addends.of(it.place);
                    share.tallies.add(it.key, |tally| tally.add(&addend, sent));
                    if is_either && it.is_first {
                        total.add(&addend, usize::from(!sources[it.place]));
                    }
                });
                share.sums.merge(&total);
            },
        );
        let mut groups = dense(&shares);
        groups.extend(listed);
        let total = if is_either {
            sum(shares.iter().map(|share| &share.sums))
        } else {
            // every row is in one group
            groups.retain(|addend| !addend.is_empty());
            let sum_of = |place: usize| sum(groups[place].iter().map(|group| &group.1));
            sum(&in_parallel(groups.len(), sum_of))
        };
        (List::new(groups), total)
    }

    /// All groups, and of each only the sum of what its rows weigh; and the sums of
    /// all rows.
    pub fn weighed<K: Grouped, N: Counter>(&self, weight: Quantity) -> (List<K, u64>, Tally<N>) {
        let is_either = self.is_either();
        let (shares, groups) = self.shared(
            self.dense(),
            Tally::default(),
            |chunk, batch, share: &mut Share<K, u64, Tally<N>>| {
                let (columns, sources) = (Columns::read(chunk), chunk.sources());
                let addends = columns.addends();
                let mut total = Tally::default();
                K::each(batch, |it: Member<K>| {
                    let addend = addends.of(it.place);
                    let sent = sent(it.sender, sources[it.place]);
                    let weight = weight.of(&addend, sent);
                    share.tallies.add(it.key, |sum| *sum += weight);
                    if it.is_first {
                        let sent = sent_of_all(is_either, sent, sources[it.place]);
                        total.add(&addend, sent);
                    }
                });
                share.sums.merge(&total);
            },
        );
        let total = sum(shares.iter().map(|share| &share.sums));
        (List::new(groups), total)
    }

    /// Counts all rows: `count` is given the chunks. Keys up to `dense` are places.
    pub fn shared<K: Code, S: Sum, E: Clone + Send + Sync>(
        &self,
        dense: usize,
        sums: E,
        count: impl Fn(&Chunk, &Batch, &mut Share<K, S, E>) + Sync,
    ) -> Counted<K, S, E> {
        let share = |left| Share {
            left,
            tallies: Tallies::new(dense),
            sums: sums.clone(),
        };
        let mut shares: Vec<Share<K, S, E>> = shares(self.table.chunks()).map(share).collect();
        let mut indexes: Vec<_> = (0..LISTS).map(|_| Index::default()).collect();
        while shares.iter().any(|share| !share.left.is_empty()) {
            // where there are many groups, going through them has to be worth it
            let known: usize = indexes.iter().map(Index::len).sum();
            let enough = (MANY / size_of::<Item<K, S>>()).max(known / shares.len());
            each_in_parallel(&mut shares, |_, share| {
                while share.tallies.listed() < enough
                    && let Some(number) = share.left.next()
                {
                    self.batches(number..number + 1, |chunk, batch| {
                        count(chunk, batch, share);
                    });
                }
                share.tallies.flush();
            });
            if shares.iter().any(|share| share.tallies.listed() > 0) {
                each_in_parallel(&mut indexes, |place, index: &mut Index<K, S>| {
                    let lists = shares.iter().map(|share| &share.tallies.lists[place]);
                    lists.for_each(|list| index.absorb(list));
                });
            }
            let lists = shares.iter_mut().flat_map(|share| &mut share.tallies.lists);
            lists.for_each(Vec::clear);
        }
        (shares, indexes.into_iter().map(Index::into_items).collect())
    }

    /// As many keys are places in a dense list.
    pub fn dense(&self) -> usize {
        match self.keys {
            [key] => key.dense(),
            _ => 0,
        }
    }
}

/// Counts rows for the groups of both ends at once: what a row adds is made up once.
fn count_both<K: Grouped, N: Counter>(
    rows: &Bits,
    [one, other]: &[At; 2],
    addends: &Addends<N>,
    sources: &[bool],
    share: &mut Share<K, Tally<N>, Tally<N>>,
) {
    let mut total = Tally::default();
    rows.for_each(|place| {
        let (addend, is_first_source) = (addends.of(place), sources[place]);
        total.add(&addend, usize::from(!is_first_source));
        let member = |at: &At| {
            let sent = sent(at.senders[place], is_first_source);
            (K::of([at.codes[place], 0]), sent)
        };
        let (key, sent) = member(one);
        share.tallies.add(key, |tally| tally.add(&addend, sent));
        if other.rows.has(place) {
            let (key, sent) = member(other);
            share.tallies.add(key, |tally| tally.add(&addend, sent));
        }
    });
    share.sums.merge(&total);
}

fn sum<'a, N: Counter + 'a>(tallies: impl IntoIterator<Item = &'a Tally<N>>) -> Tally<N> {
    let mut sum = Tally::default();
    tallies.into_iter().for_each(|tally| sum.merge(tally));
    sum
}

/// The groups of all shares whose keys are places.
fn dense<K: Grouped, N: Counter, E: Sync>(
    shares: &[Share<K, Tally<N>, E>],
) -> Vec<Vec<Item<K, Tally<N>>>> {
    let length = shares.first().map_or(0, |share| share.tallies.dense.len());
    in_parallel(length.div_ceil(BLOCK), |block| {
        let places = block * BLOCK..length.min((block + 1) * BLOCK);
        let group = |place| {
            let own = shares.iter().map(|share| &share.tallies.dense[place]);
            (K::of([place as u64, 0]), sum(own))
        };
        places.map(group).filter(|group| group.1.rows > 0).collect()
    })
}
