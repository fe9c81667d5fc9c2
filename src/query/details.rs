//! What is said of the groups that are listed, in another pass over the rows:
//! their peers, and what they have together with each row counted once.

use std::ops::Range;

use foldhash::{HashMap, HashSet, HashSetExt};

use super::batch::Grouped;
use super::chunk::EndKind;
use super::key::{Sender, UNKNOWN_END};
use super::plan::Plan;
use super::tally::{Code, Tally};
use crate::table::share::in_shares;

impl Plan<'_> {
    /// Goes through the rows again: the peers of groups by their ranks, and what
    /// each group adds to those of a lower rank.
    pub fn second<K: Grouped>(&self, ranks: &HashMap<K, u32>, count: usize) -> Details {
        let shares = in_shares(self.table.chunks(), |numbers| {
            let (mut pairs, mut added) =
                (HashSet::<u64>::new(), vec![Tally::<u128>::default(); count]);
            self.batches(numbers, |chunk, batch| {
                let hosts = [false, true].map(|end| chunk.shown_end(EndKind::Host, end));
                for place in batch.shown.places() {
                    let mut best: Option<u32> = None;
                    K::each(batch, place, |key, sender| {
                        let Some(&rank) = ranks.get(&key) else {
                            return;
                        };
                        best = Some(best.map_or(rank, |best| best.min(rank)));
                        for end in self.peers(sender, batch.sources[place]) {
                            pairs.insert(u64::from(rank) << 32 | hosts[end][place]);
                        }
                    });
                    if let Some(best) = best {
                        added[best as usize]
                            .add(&batch.part(place), usize::from(batch.sources[place]));
                    }
                }
            });
            (pairs, added)
        });
        let (mut peers, mut added) = (vec![0; count], vec![Tally::<u128>::default(); count]);
        let mut seen = HashSet::new();
        for (pairs, more) in shares {
            added
                .iter_mut()
                .zip(&more)
                .for_each(|(own, more)| own.merge(more));
            seen.extend(pairs);
        }
        for pair in seen {
            peers[(pair >> 32) as usize] += 1;
        }
        (peers, added)
    }

    /// The ends of a row that are peers for a group about the end that sent.
    fn peers(&self, sender: Sender, source: Sender) -> Range<usize> {
        let is_directed = self
            .keys
            .first()
            .is_some_and(|key| key.by.grouping.directed);
        match sender {
            _ if !is_directed || sender == UNKNOWN_END => 0..2,
            sender if sender == source => 1..2,
            _ => 0..1,
        }
    }
}

/// Peers of groups, and what each adds to those before it.
pub type Details = (Vec<u64>, Vec<Tally<u128>>);

/// The place of each key, and of those that were put together with it.
pub fn ranks<K: Code>(keys: impl Iterator<Item = K>, same: &HashMap<K, K>) -> HashMap<K, u32> {
    let mut ranks: HashMap<K, u32> = keys.zip(0..).collect();
    for (own, one) in same {
        if let Some(&rank) = ranks.get(one) {
            ranks.insert(*own, rank);
        }
    }
    ranks
}
