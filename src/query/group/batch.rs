//! A chunk of the rows that are grouped: the keys that its rows have, and what
//! they add.

use super::index::Code;
use super::key::GroupKey;
use super::sender::Sender;
use crate::query::bits::Bits;
use crate::query::columns::chunk::Chunk;

/// The rows at an end of a grouping.
pub struct At {
    /// Those that are in another group at this end than at those before: all that are shown
    /// at the first one.
    pub rows: Bits,
    /// Who sent there, of each row.
    pub senders: Vec<Sender>,
    /// The number of the group of each row.
    pub codes: Vec<u64>,
}

impl At {
    /// At both ends of the first flows. What is the same at both counts as the
    /// source's.
    fn both(chunk: &Chunk, [own, other]: [Vec<u64>; 2]) -> [(Vec<Sender>, Vec<u64>); 2] {
        let rows = own.iter().zip(&other).zip(chunk.sources());
        let senders = rows.map(|((own, other), &first)| Sender::first_if(own != other || first));
        [
            (senders.collect(), own),
            (vec![Sender::Mate; chunk.rows], other),
        ]
    }

    fn all(chunk: &Chunk, key: &GroupKey, shown: &Bits) -> Vec<At> {
        let ends = match key.both_ends(chunk) {
            Some(ends) => At::both(chunk, ends).into(),
            None => key.ends(chunk),
        };
        let mut all: Vec<At> = Vec::with_capacity(ends.len());
        for (senders, codes) in ends {
            let differs = |before: &At| {
                let codes = before.codes.iter().zip(&codes);
                let differs: Vec<u64> = codes.map(|(a, b)| a ^ b).collect();
                Bits::of_values(&differs, |it| it != 0).and(&before.rows)
            };
            let rows = all.last().map_or_else(|| shown.clone(), differs);
            all.push(At {
                rows,
                senders,
                codes,
            });
        }
        all
    }
}

/// The keys of a chunk.
pub struct Batch<'a> {
    /// The rows in question.
    pub shown: &'a Bits,
    /// For each grouping, its ends.
    keys: Vec<Vec<At>>,
    /// The grouping whose ends are those that sent: the first that is by ends.
    by_ends: usize,
}

impl<'a> Batch<'a> {
    /// Reads a chunk.
    pub fn read(chunk: &Chunk, keys: &[GroupKey], shown: &'a Bits) -> Self {
        let by_ends = keys.iter().position(|key| key.by.grouping.directed);
        let keys = keys.iter().map(|key| At::all(chunk, key, shown));
        Batch {
            keys: keys.collect(),
            by_ends: by_ends.unwrap_or(0),
            shown,
        }
    }

    /// Whether both ends of a row are in one group of the grouping by ends.
    pub fn is_within(&self, place: usize) -> bool {
        matches!(&self.keys[self.by_ends][..], [_, other] if !other.rows.has(place))
    }

    /// Both ends of the grouping, where there is one that has two.
    pub fn two_ends(&self) -> Option<&[At; 2]> {
        let [ends] = &self.keys[..] else {
            return None;
        };
        ends[..].try_into().ok()
    }
}

/// The side whose flow counts as sent; the source's, where the end is unknown.
#[inline]
pub fn sent(sender: Sender, is_first_source: bool) -> usize {
    match sender {
        Sender::Unknown => usize::from(!is_first_source),
        sender => usize::from(sender == Sender::Mate),
    }
}

/// The same in the sum of all rows: the source's, where a row counts for both of its ends.
#[inline]
pub fn sent_of_all(is_either: bool, sent: usize, is_first_source: bool) -> usize {
    match is_either {
        true => usize::from(!is_first_source),
        false => sent,
    }
}

/// A group that a row is in.
pub struct Member<K> {
    /// The row.
    pub place: usize,
    /// The group.
    pub key: K,
    /// Who sent at the end that the group is about.
    pub sender: Sender,
    /// Of each row that is shown exactly one group says so.
    pub is_first: bool,
}

/// A key that can be made of the numbers of a row.
pub trait Grouped: Code {
    /// Every group of each row.
    fn each(batch: &Batch, take: impl FnMut(Member<Self>));
    /// The number of each grouping.
    fn parts(self) -> [u64; 2];
    /// The key of these numbers.
    fn of(parts: [u64; 2]) -> Self;
}

impl Grouped for u64 {
    #[inline]
    fn each(batch: &Batch, mut take: impl FnMut(Member<Self>)) {
        for (end, at) in batch.keys[0].iter().enumerate() {
            at.rows.for_each(|place| {
                take(Member {
                    place,
                    key: at.codes[place],
                    sender: at.senders[place],
                    is_first: end == 0,
                });
            });
        }
    }

    fn parts(self) -> [u64; 2] {
        [self, 0]
    }

    fn of(parts: [u64; 2]) -> Self {
        parts[0]
    }
}

impl Grouped for (u64, u64) {
    #[inline]
    fn each(batch: &Batch, mut take: impl FnMut(Member<Self>)) {
        for (end, one) in batch.keys[0].iter().enumerate() {
            for (other_end, other) in batch.keys[1].iter().enumerate() {
                let rows = one.rows.clone().and(&other.rows);
                let senders = &[one, other][batch.by_ends].senders;
                rows.for_each(|place| {
                    take(Member {
                        place,
                        key: (one.codes[place], other.codes[place]),
                        sender: senders[place],
                        is_first: end + other_end == 0,
                    });
                });
            }
        }
    }

    fn parts(self) -> [u64; 2] {
        [self.0, self.1]
    }

    fn of(parts: [u64; 2]) -> Self {
        (parts[0], parts[1])
    }
}
