//! Sums of groups while they are made: plain counters, in a dense list where the
//! keys are small, else behind a hash.

use std::ops::AddAssign;

use super::index::{Code, Index};

/// A counter: 64 bits where the table's totals say that no sum is greater, else 128.
pub trait Counter: Copy + Default + AddAssign + From<u64> + Into<u128> + Send + Sync {}

impl Counter for u64 {}
impl Counter for u128 {}

/// What one row adds to its groups.
#[derive(Clone, Copy)]
pub struct Part {
    /// Octets of the first flow, and of its mate.
    pub octets: [u64; 2],
    /// Packets, likewise.
    pub packets: [u64; 2],
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
    #[inline]
    pub fn add(&mut self, part: &Part, sent: usize) {
        self.rows += 1;
        self.connections += u32::from(part.is_connection);
        self.sent += part.octets[sent].into();
        self.received += part.octets[1 - sent].into();
        self.packets += part.packets[0].into();
        self.packets += part.packets[1].into();
        self.first = self.first.min(part.first);
        self.last = self.last.max(part.last);
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

    /// Adds another group.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.connections += other.connections;
        self.sent += other.sent;
        self.received += other.received;
        self.packets += other.packets;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

/// The groups of a share of the table.
pub struct Tallies<K, N> {
    /// Those whose key is its place in the list.
    dense: Vec<Tally<N>>,
    /// The others.
    hashed: Index<K, Tally<N>>,
    /// Rows whose groups are yet to be found: one loop finds those of many, so
    /// that the machine can wait for the memory of several of them at once.
    waiting: Vec<(K, u32, u32)>,
    places: Vec<u32>,
}

impl<K: Code, N: Counter> Tallies<K, N> {
    /// No groups yet; keys up to `dense` are expected.
    pub fn new(dense: usize) -> Self {
        Tallies {
            dense: vec![Tally::default(); dense],
            hashed: Index::default(),
            waiting: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Adds one of some rows to a group, at the latest when [`Self::settle`] is called.
    #[inline]
    pub fn add(&mut self, key: K, parts: &[Part], place: usize, sent: usize) {
        match self.dense.get_mut(key.place()) {
            Some(tally) => tally.add(&parts[place], sent),
            None => self.waiting.push((key, place as u32, sent as u32)),
        }
    }

    /// Adds those of the rows that wait.
    pub fn settle(&mut self, parts: &[Part]) {
        let keys = self.waiting.iter().map(|waiting| waiting.0);
        found(&mut self.hashed, keys, &mut self.places);
        for (&place, &(_, row, sent)) in self.places.iter().zip(&self.waiting) {
            let part = &parts[row as usize];
            self.hashed.at(place).add(part, sent as usize);
        }
        self.waiting.clear();
    }

    /// Adds the groups of another share.
    pub fn merge(&mut self, other: &Self) {
        for (own, other) in self.dense.iter_mut().zip(&other.dense) {
            own.merge(other);
        }
        let others = other.hashed.items();
        let keys = others.iter().map(|item| item.0);
        found(&mut self.hashed, keys, &mut self.places);
        for (&place, (_, tally)) in self.places.iter().zip(others) {
            self.hashed.at(place).merge(tally);
        }
    }

    /// All groups that have rows.
    pub fn into_groups(self) -> Vec<(K, Tally<N>)> {
        if self.dense.is_empty() {
            return self.hashed.into_items();
        }
        let dense = self.dense.into_iter().enumerate();
        let dense = dense.map(|(place, tally)| (K::at(place), tally));
        let all = dense.chain(self.hashed.into_items());
        all.filter(|(_, tally)| tally.rows > 0).collect()
    }
}

fn found<K: Code, N: Counter>(
    index: &mut Index<K, Tally<N>>,
    keys: impl ExactSizeIterator<Item = K>,
    places: &mut Vec<u32>,
) {
    index.reserve(keys.len());
    places.clear();
    places.extend(keys.map(|key| index.place(key)));
}
