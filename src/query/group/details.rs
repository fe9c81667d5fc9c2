//! What is said of the groups that are listed, in another pass over the rows:
//! their peers, and what they have together with each row counted once.

use foldhash::{HashMap, HashMapExt};

use super::addends::{Columns, addends_of};
use super::batch::{Grouped, Member, sent};
use super::count::Share;
use super::plan::GroupPlan;
use super::sender::Sender;
use super::tally::{Item, Sum, Tally};
use crate::model::end::End;
use crate::query::columns::chunk::EndKind;
use crate::query::columns::counters::Counter;
use crate::table::share::in_shares;

/// The rank of each group.
pub struct Ranks<K> {
    /// Those of groups whose key is a place in this list, [`UNRANKED`] for the others.
    dense: Vec<u32>,
    hashed: HashMap<K, u32>,
    /// A bit for the hash of each of these: mostly enough to say that a key has none.
    marks: Vec<u64>,
}

const UNRANKED: u32 = u32::MAX;

impl<K: Grouped> Ranks<K> {
    fn put(&mut self, key: K, rank: u32) {
        match self.dense.get_mut(key.place()) {
            Some(place) => *place = rank,
            None => {
                let (word, bit) = self.mark(key);
                self.marks[word] |= bit;
                self.hashed.insert(key, rank);
            }
        }
    }

    #[inline]
    fn of(&self, key: K) -> Option<u32> {
        match self.dense.get(key.place()) {
            Some(&rank) => Some(rank).filter(|&rank| rank != UNRANKED),
            None => {
                let (word, bit) = self.mark(key);
                let may_be = self.marks[word] & bit != 0;
                may_be.then(|| self.hashed.get(&key).copied())?
            }
        }
    }

    /// The word and the bit of a key.
    #[inline]
    fn mark(&self, key: K) -> (usize, u64) {
        let hash = key.mixed() as usize;
        (hash / 64 % self.marks.len(), 1 << (hash % 64))
    }
}

impl GroupPlan<'_> {
    /// The place of each key, and of those that were put together with it.
    pub fn ranks<K: Grouped>(
        &self,
        keys: impl Iterator<Item = K>,
        same: &HashMap<K, K>,
    ) -> Ranks<K> {
        let mut ranks = Ranks {
            dense: vec![UNRANKED; self.dense()],
            hashed: HashMap::new(),
            // 64 bits for a key
            marks: vec![0; (keys.size_hint().0 + same.len()).next_power_of_two()],
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

    /// Goes through the rows again: the sums of groups by their ranks.
    pub fn tallied<K: Grouped, N: Counter>(&self, ranks: &Ranks<K>, count: usize) -> Vec<Tally<N>> {
        let shares = in_shares(self.table.chunks(), |numbers| {
            let mut tallies = vec![Tally::<N>::default(); count];
            let mut found = Vec::new();
            self.batches(numbers, |chunk, batch| {
                found.clear();
                K::each(batch, |it: Member<K>| {
                    if let Some(rank) = ranks.of(it.key) {
                        let sent = sent(it.sender, chunk.sources()[it.place]);
                        found.push((it.place, rank as usize, sent));
                    }
                });
                let addends = addends_of(chunk, found.iter().map(|found| found.0));
                for (addend, &(_, rank, sent)) in addends.iter().zip(&found) {
                    tallies[rank].add(addend, sent);
                }
            });
            tallies
        });
        merged(shares, count)
    }

    /// Goes through the rows again: the peers of groups by their ranks, and what
    /// each group adds to those of a lower rank, where that is not all of it.
    pub fn second<K: Grouped, N: Counter>(&self, ranks: &Ranks<K>, count: usize) -> Details<N> {
        let by_ends = self.keys.iter().filter(|key| key.by.grouping.directed);
        let by_ends = by_ends.count();
        let (shares, peers) = self.shared(
            0,
            vec![Tally::<N>::default(); count],
            |chunk, batch, share: &mut Share<u64, (), Vec<Tally<N>>>| {
                let hosts = End::BOTH.map(|end| chunk.shown_end(EndKind::Host, end));
                let sources = chunk.sources();
                let mut best = vec![UNRANKED; chunk.rows];
                K::each(batch, |it: Member<K>| {
                    let Member { place, sender, .. } = it;
                    if let Some(rank) = ranks.of(it.key) {
                        best[place] = best[place].min(rank);
                        let is_within = by_ends == 1 && batch.is_within(place);
                        for &end in self.peers(sender, sources[place], is_within) {
                            let peer = u64::from(rank) << 32 | hosts[end as usize][place];
                            share.tallies.add(peer, |()| ());
                        }
                    }
                });
                if self.is_either() {
                    let columns = Columns::read(chunk);
                    let addends = columns.addends();
                    for (place, (&best, source)) in best.iter().zip(sources).enumerate() {
                        if let Some(added) = share.sums.get_mut(best as usize) {
                            added.add(&addends.of(place), usize::from(!source));
                        }
                    }
                }
            },
        );
        let added = shares.into_iter().map(|share| share.sums);
        (of_ranks(&peers, count), merged(added, count))
    }

    /// The ends of a row that are peers for a group about the end that sent: each of the
    /// other, where both are within it.
    fn peers(&self, sender: Sender, is_first_source: bool, is_within: bool) -> &'static [End] {
        let is_directed = self.keys.iter().any(|key| key.by.grouping.directed);
        match sender {
            _ if is_within || !is_directed || sender == Sender::Unknown => &End::BOTH,
            sender if sender == Sender::first_if(is_first_source) => &[End::Destination],
            _ => &[End::Source],
        }
    }
}

/// The sums of all shares.
fn merged<N: Counter>(
    shares: impl IntoIterator<Item = Vec<Tally<N>>>,
    count: usize,
) -> Vec<Tally<N>> {
    let mut merged = vec![Tally::default(); count];
    for share in shares {
        let both = merged.iter_mut().zip(share);
        both.for_each(|(own, more)| own.merge(&more));
    }
    merged
}

/// Peers of groups, and what each adds to those before it.
pub type Details<N> = (Vec<u64>, Vec<Tally<N>>);

/// How many peers there are of each rank.
fn of_ranks(lists: &[Vec<Item<u64, ()>>], count: usize) -> Vec<u64> {
    let shares = in_shares(lists.len(), |own| {
        let mut peers = vec![0u64; count];
        for (peer, ()) in lists[own].iter().flatten() {
            peers[(peer >> 32) as usize] += 1;
        }
        peers
    });
    let sum = |mut all: Vec<u64>, share: Vec<u64>| {
        all.iter_mut()
            .zip(share)
            .for_each(|(all, more)| *all += more);
        all
    };
    shares.into_iter().reduce(sum).unwrap_or_default()
}
