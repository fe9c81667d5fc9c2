//! What is said of the groups that are listed, in another pass over the rows:
//! their peers, and what they have together with each row counted once.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use super::batch::{Grouped, parts};
use super::chunk::EndKind;
use super::index::{Code, Index};
use super::key::{Sender, UNKNOWN_END};
use super::plan::Plan;
use super::tally::Tally;
use crate::table::share::in_shares;

/// The rank of each group.
pub struct Ranks<K> {
    /// Those of groups whose key is a place in this list, [`UNRANKED`] for the others.
    dense: Vec<u32>,
    hashed: HashMap<K, u32>,
}

const UNRANKED: u32 = u32::MAX;
/// Peers are shared out in so many parts.
const PARTS: usize = 16;

impl<K: Grouped> Ranks<K> {
    fn put(&mut self, key: K, rank: u32) {
        match self.dense.get_mut(key.place()) {
            Some(place) => *place = rank,
            None => {
                self.hashed.insert(key, rank);
            }
        }
    }

    #[inline]
    fn of(&self, key: K) -> Option<u32> {
        match self.dense.get(key.place()) {
            Some(&rank) => Some(rank).filter(|&rank| rank != UNRANKED),
            None => self.hashed.get(&key).copied(),
        }
    }
}

impl Plan<'_> {
    /// The place of each key, and of those that were put together with it.
    pub fn ranks<K: Grouped>(
        &self,
        keys: impl Iterator<Item = K>,
        same: &HashMap<K, K>,
    ) -> Ranks<K> {
        let mut ranks = Ranks {
            dense: vec![UNRANKED; self.dense()],
            hashed: HashMap::new(),
        };
        for (key, rank) in keys.zip(0..) {
            ranks.put(key, rank);
        }
        for (own, one) in same {
            if let Some(rank) = ranks.of(*one) {
                ranks.put(*own, rank);
            }
        }
        ranks
    }

    /// Goes through the rows again: the peers of groups by their ranks, and what
    /// each group adds to those of a lower rank, where that is not all of it.
    pub fn second<K: Grouped>(&self, ranks: &Ranks<K>, count: usize) -> Details {
        let shares = in_shares(self.table.chunks(), |numbers| {
            let mut added = vec![Tally::<u128>::default(); count];
            let mut peers = Index::<u64, ()>::default();
            let mut found = Vec::new();
            self.batches(numbers, |chunk, batch| {
                let hosts = [false, true].map(|end| chunk.shown_end(EndKind::Host, end));
                let parts = self.is_either().then(|| parts(chunk));
                batch.shown.for_each(|place| {
                    let mut best = UNRANKED;
                    K::each(batch, place, |key, sender| {
                        let Some(rank) = ranks.of(key) else {
                            return;
                        };
                        best = best.min(rank);
                        for end in self.peers(sender, batch.sources[place]) {
                            found.push(u64::from(rank) << 32 | hosts[end][place]);
                        }
                    });
                    if let (Some(parts), Some(added)) = (&parts, added.get_mut(best as usize)) {
                        added.add(&parts[place], usize::from(batch.sources[place]));
                    }
                });
                peers.reserve(found.len());
                found.drain(..).for_each(|peer| {
                    peers.place(peer);
                });
            });
            (peers, added)
        });
        let mut added = vec![Tally::<u128>::default(); count];
        for (_, more) in &shares {
            added
                .iter_mut()
                .zip(more)
                .for_each(|(own, more)| own.merge(more));
        }
        let peers: Vec<&[(u64, ())]> = shares.iter().map(|share| share.0.items()).collect();
        (different(&peers, count), added)
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

/// How many different peers there are of each rank.
fn different(lists: &[&[(u64, ())]], count: usize) -> Vec<u64> {
    let shares = in_shares(PARTS, |own| {
        let (mut peers, mut seen) = (vec![0; count], Index::<u64, ()>::default());
        for list in lists {
            seen.reserve(list.len());
            let is_own = |peer: &u64| own.contains(&(peer.mixed() as usize % PARTS));
            list.iter()
                .map(|item| item.0)
                .filter(is_own)
                .for_each(|peer| {
                    seen.place(peer);
                });
        }
        for (peer, ()) in seen.items() {
            peers[(peer >> 32) as usize] += 1;
        }
        peers
    });
    let mut peers = vec![0; count];
    for share in shares {
        peers
            .iter_mut()
            .zip(share)
            .for_each(|(own, more)| *own += more);
    }
    peers
}
