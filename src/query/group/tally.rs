//! Sums of groups while they are made: plain counters, in a dense list where the
//! keys are small, else in lists by their hashes, which are put together later:
//! what belongs to one list stays near the processor then.

use super::index::{Code, Index, SOME};
use crate::query::columns::counters::Counter;

/// What one row adds to its groups.
#[derive(Clone, Copy)]
pub struct Addend<N> {
    /// Octets of the first flow, and of its mate.
    pub octets: [u64; 2],
    /// Packets of both.
    pub packets: N,
    /// The first start.
    pub first: i64,
    /// The last end.
    pub last: i64,
    /// Both directions are there.
    pub is_connection: bool,
}

/// The sums of one group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tally<N> {
    /// Rows.
    pub rows: u32,
    /// Those with both directions.
    pub connections: u32,
    /// Octets that the group's end sent.
    pub sent: N,
    /// Octets that it received.
    pub received: N,
    /// Packets of both ways.
    pub packets: N,
    /// The first start.
    pub first: i64,
    /// The last end.
    pub last: i64,
}

impl<N: Counter> Default for Tally<N> {
    fn default() -> Self {
        Tally {
            rows: 0,
            connections: 0,
            sent: N::default(),
            received: N::default(),
            packets: N::default(),
            first: i64::MAX,
            last: i64::MIN,
        }
    }
}

impl<N: Counter> Tally<N> {
    /// Adds a row, of which the group's end sent the first flow, 0, or its mate, 1.
    #[inline(always)]
    pub fn add(&mut self, addend: &Addend<N>, sent: usize) {
        let [first, mate] = addend.octets;
        let (sent, received) = if sent == 0 {
            (first, mate)
        } else {
            (mate, first)
        };
        self.rows += 1;
        self.connections += u32::from(addend.is_connection);
        self.sent += sent.into();
        self.received += received.into();
        self.packets += addend.packets;
        self.first = self.first.min(addend.first);
        self.last = self.last.max(addend.last);
    }

    /// The same with wider counters.
    pub fn widened(&self) -> Tally<u128> {
        Tally {
            rows: self.rows,
            connections: self.connections,
            sent: self.sent.into(),
            received: self.received.into(),
            packets: self.packets.into(),
            first: self.first,
            last: self.last,
        }
    }
}

/// What rows of a group add up to.
pub trait Sum: Clone + Default + Send + Sync {
    /// Adds what other rows of the group add up to.
    fn merge(&mut self, other: &Self);
}

/// That there is a row at all.
impl Sum for () {
    fn merge(&mut self, (): &Self) {}
}

impl Sum for u64 {
    #[inline]
    fn merge(&mut self, other: &Self) {
        *self += other;
    }
}

impl<N: Counter> Sum for Tally<N> {
    #[inline]
    fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.connections += other.connections;
        self.sent += other.sent;
        self.received += other.received;
        self.packets += other.packets;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

/// A group, or what is to be added to one.
pub type Item<K, S> = (K, S);

/// Lists of groups whose keys are no places.
pub const LISTS: usize = 64;

/// What a share of the table adds to groups.
pub struct Tallies<K, S> {
    /// Groups whose key is its place in the list.
    pub dense: Vec<S>,
    /// What is to be added to others, by the lower bits of their hashes.
    pub lists: Vec<Vec<Item<K, S>>>,
    /// Rows of a group often stand together, and mostly so those of an hour: what the
    /// last ones add up to.
    run: Option<Item<K, S>>,
}

impl<K: Code, S: Sum> Tallies<K, S> {
    /// Nothing yet; keys up to `dense` are expected.
    pub fn new(dense: usize) -> Self {
        Tallies {
            dense: vec![S::default(); dense],
            lists: vec![Vec::new(); LISTS],
            run: None,
        }
    }

    /// Adds a row to a group.
    #[inline(always)]
    pub fn add(&mut self, key: K, row: impl FnOnce(&mut S)) {
        let sum = match (self.dense.get_mut(key.place()), &mut self.run) {
            (Some(sum), _) => sum,
            (None, Some((same, sum))) if *same == key => sum,
            _ => self.begin(key),
        };
        row(sum);
    }

    /// Begins to add up the rows of another group.
    #[inline]
    fn begin(&mut self, key: K) -> &mut S {
        self.flush();
        &mut self.run.insert((key, S::default())).1
    }

    /// Lists what is not listed yet.
    #[inline]
    pub fn flush(&mut self) {
        let Some((key, sum)) = self.run.take() else {
            return;
        };
        let list = &mut self.lists[key.mixed() as usize % LISTS];
        match list.last_mut() {
            Some((same, listed)) if *same == key => listed.merge(&sum),
            _ => list.push((key, sum)),
        }
    }

    /// How much is in the lists.
    pub fn listed(&self) -> usize {
        self.lists.iter().map(Vec::len).sum()
    }
}

impl<K: Code, S: Sum> Index<K, S> {
    /// Adds what is in a list to its groups.
    pub fn absorb(&mut self, list: &[Item<K, S>]) {
        // little at a time, so that there is no more room than is needed
        for some in list.chunks(1 << 12) {
            self.reserve(some.len());
            for some in some.chunks(SOME) {
                let known = self.find(some);
                for ((key, sum), known) in some.iter().zip(known) {
                    let place = known.unwrap_or_else(|| self.place(*key));
                    self.at(place).merge(sum);
                }
            }
        }
    }
}
