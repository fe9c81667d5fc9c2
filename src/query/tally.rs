//! Sums of groups while they are made: plain counters, in a dense list where the
//! keys are small, else behind a hash.

use std::hash::Hash;
use std::ops::AddAssign;

use foldhash::{HashMap, HashMapExt};

/// A counter: 64 bits where the table's totals say that no sum is greater, else 128.
pub trait Counter: Copy + Default + AddAssign + From<u64> + Into<u128> + Send {}

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
    /// The places of the others.
    places: HashMap<K, u32>,
    hashed: Vec<(K, Tally<N>)>,
}

/// A key of groups.
pub trait Code: Copy + Eq + Hash + Send + Sync {
    /// Its place in a dense list.
    fn place(self) -> usize;
    /// The key of a place.
    fn at(place: usize) -> Self;
}

impl Code for u64 {
    fn place(self) -> usize {
        usize::try_from(self).unwrap_or(usize::MAX)
    }

    fn at(place: usize) -> Self {
        place as u64
    }
}

impl Code for (u64, u64) {
    fn place(self) -> usize {
        usize::MAX
    }

    fn at(place: usize) -> Self {
        (place as u64, 0)
    }
}

impl<K: Code, N: Counter> Tallies<K, N> {
    /// No groups yet; keys up to `dense` are expected.
    pub fn new(dense: usize) -> Self {
        Tallies {
            dense: vec![Tally::default(); dense],
            places: HashMap::new(),
            hashed: Vec::new(),
        }
    }

    /// The slots of keys. This is a loop of its own so that the machine can wait
    /// for the memory of several of them at once.
    pub fn find(&mut self, keys: &[K], slots: &mut Vec<u32>) {
        slots.clear();
        slots.extend(keys.iter().map(|&key| self.slot(key)));
    }

    #[inline]
    fn slot(&mut self, key: K) -> u32 {
        let (place, dense) = (key.place(), self.dense.len());
        if place < dense {
            return place as u32;
        }
        if let Some(&place) = self.places.get(&key) {
            return place;
        }
        let next = (dense + self.hashed.len()) as u32;
        self.places.insert(key, next);
        self.hashed.push((key, Tally::default()));
        next
    }

    /// The sums of a slot.
    #[inline]
    pub fn at(&mut self, slot: u32) -> &mut Tally<N> {
        let (slot, dense) = (slot as usize, self.dense.len());
        match slot < dense {
            true => &mut self.dense[slot],
            false => &mut self.hashed[slot - dense].1,
        }
    }

    /// Adds the groups of another share.
    pub fn merge(&mut self, other: &Self) {
        for (own, other) in self.dense.iter_mut().zip(&other.dense) {
            own.merge(other);
        }
        let keys: Vec<K> = other.hashed.iter().map(|group| group.0).collect();
        let mut slots = Vec::new();
        self.find(&keys, &mut slots);
        for (&slot, (_, tally)) in slots.iter().zip(&other.hashed) {
            self.at(slot).merge(tally);
        }
    }

    /// All groups that have rows.
    pub fn into_groups(self) -> Vec<(K, Tally<N>)> {
        if self.dense.is_empty() {
            return self.hashed;
        }
        let dense = self.dense.into_iter().enumerate();
        let dense = dense.map(|(place, tally)| (K::at(place), tally));
        let all = dense.chain(self.hashed);
        all.filter(|(_, tally)| tally.rows > 0).collect()
    }
}
