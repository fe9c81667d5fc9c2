//! A quick way to pass over flows that nobody asks for: few bits for each key
//! that somebody does (a Bloom filter, all bits of a key in one word).

use super::column::unzigzag;
use super::pair::{FlowKey, end};
use super::scan::Stored;
use super::store::{RowId, Table};
use crate::model::attr::UNKNOWN;
use crate::model::end::End;
use crate::model::protocol;

/// Keys in a word of 64 bits, on average at the most: of those not asked for, one in
/// a hundred passes.
const KEYS: usize = 4;
/// Bits of a key.
const BITS: u32 = 3;
/// An odd number with bits all over.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// Keys that are asked for. It lets through all flows with one of them, and few others.
pub(super) struct Sieve(Vec<u64>);

impl Sieve {
    /// A sieve for keys, of which there are no more than so many.
    pub fn of(keys: impl Iterator<Item = FlowKey>, count: usize) -> Sieve {
        let words = (count / KEYS + 1).next_power_of_two();
        let mut sieve = Sieve(vec![0; words]);
        for key in keys {
            let hash = hash_of(&key);
            let word = sieve.word(hash);
            sieve.0[word] |= bits(hash);
        }
        sieve
    }

    /// Whether a key may be asked for.
    pub fn passes(&self, key: &FlowKey) -> bool {
        self.has(hash_of(key))
    }

    fn has(&self, hash: u64) -> bool {
        !self.0[self.word(hash)] & bits(hash) == 0
    }

    fn word(&self, hash: u64) -> usize {
        (hash >> 32) as usize & (self.0.len() - 1)
    }

    /// Rows of a chunk of which a flow may have a key that is asked for.
    pub fn candidates(&self, table: &Table, chunk: usize) -> Vec<RowId> {
        let (first, rows) = table.chunk_rows(chunk);
        if !table.is_regular(chunk) {
            return (first..).take(rows).collect();
        }
        let read = |source| table.values(source, chunk);
        let (protocols, evidence) = (read(Stored::Protocol), read(Stored::Evidence));
        let hosts = End::BOTH.map(|end| read(Stored::Host(end)));
        let ports = End::BOTH.map(|end| read(Stored::Port(end)));
        let is_candidate = |at: &usize| {
            let protocol = unzigzag(protocols[*at]);
            let has_ports = i32::try_from(protocol).is_ok_and(protocol::has_ports);
            let end = |which: usize| {
                let port = if has_ports {
                    ports[which][*at]
                } else {
                    UNKNOWN
                };
                end(hosts[which][*at], port)
            };
            let [src, dst] = [0, 1].map(end);
            self.has(hash(src, dst)) || evidence[*at] != UNKNOWN && self.has(hash(dst, src))
        };
        let places = (0..rows).filter(is_candidate);
        places.map(|at| first + at as u32).collect()
    }
}

fn hash_of(key: &FlowKey) -> u64 {
    let [src, dst] = key.ends;
    hash(src, dst)
}

fn hash(src: u64, dst: u64) -> u64 {
    let both = src.wrapping_mul(MIX) ^ dst.wrapping_mul(MIX).rotate_left(32);
    let mixed = both.wrapping_mul(MIX);
    mixed ^ mixed >> 32
}

/// The bits of a key in its word.
fn bits(hash: u64) -> u64 {
    (0..BITS).fold(0, |bits, at| bits | 1 << (hash >> (6 * at) & 63))
}
