//! A chunk of the rows that are grouped, with all that is read of it, and the
//! keys that its rows have.

use super::bits::Bits;
use super::chunk::Chunk;
use super::key::{Key, Sender, UNKNOWN_END};
use super::tally::{Code, Part};
use crate::model::attr::{Attr, UNKNOWN};
use crate::table::column::unzigzag;
use crate::table::scan::Source;
use crate::table::store::Side;

/// Both flows' values.
type Both = [Vec<u64>; 2];

/// The rows at an end of a grouping.
struct At {
    senders: Vec<Sender>,
    codes: Vec<u64>,
}

/// A chunk with all that is read of it.
pub struct Batch {
    /// The rows in question.
    pub shown: Bits,
    /// The sides shown as the sources'.
    pub sources: Vec<Sender>,
    /// For each grouping, its ends.
    keys: Vec<Vec<At>>,
    octets: Both,
    packets: Both,
    starts: Both,
    elapsed: Both,
    evidence: Vec<u64>,
}

impl Batch {
    /// Reads a chunk.
    pub fn read(chunk: &Chunk, keys: &[Key], shown: Bits) -> Self {
        let read = |source: fn(Side) -> Source| {
            [Side::First, Side::Mate].map(|side| chunk.read(source(side)))
        };
        let counted = |attr| [Side::First, Side::Mate].map(|side| chunk.counted(side, attr));
        let at = |key: &Key| {
            let ends = key.directions().iter().map(|&direction| {
                let senders = Key::senders(chunk, direction);
                let codes = key.codes(chunk, &senders);
                At { senders, codes }
            });
            ends.collect()
        };
        Batch {
            sources: chunk
                .sources()
                .iter()
                .map(|&first| Sender::from(!first))
                .collect(),
            keys: keys.iter().map(at).collect(),
            octets: counted(Attr::Octets),
            packets: counted(Attr::Packets),
            starts: read(Source::Start),
            elapsed: read(Source::Elapsed),
            evidence: chunk.read(Source::Evidence),
            shown,
        }
    }

    /// What a row adds.
    #[inline]
    pub fn part(&self, place: usize) -> Part {
        let known = |both: &Both| {
            let known = |value: u64| if value == UNKNOWN { 0 } else { value };
            [known(both[0][place]), known(both[1][place])]
        };
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for side in 0..2 {
            let (start, elapsed) = (self.starts[side][place], self.elapsed[side][place]);
            if start != UNKNOWN {
                let start = unzigzag(start);
                let elapsed = if elapsed == UNKNOWN {
                    0
                } else {
                    unzigzag(elapsed).max(0)
                };
                first = first.min(start);
                last = last.max(start.saturating_add(elapsed));
            }
        }
        Part {
            octets: known(&self.octets),
            packets: known(&self.packets),
            first,
            last,
            is_connection: self.evidence[place] != UNKNOWN,
        }
    }

    /// The side whose flow counts as sent; the source's, where the end is unknown.
    #[inline]
    pub fn sent(&self, sender: Sender, place: usize) -> usize {
        let known = if sender == UNKNOWN_END {
            self.sources[place]
        } else {
            sender
        };
        usize::from(known)
    }
}

/// A key that can be made of the numbers of a row.
pub trait Grouped: Code {
    /// Every key of a row, once, with who sent at the end it is about.
    fn each(batch: &Batch, place: usize, take: impl FnMut(Self, Sender));
    /// The number of each grouping.
    fn parts(self) -> [u64; 2];
    /// The key of these numbers.
    fn of(parts: [u64; 2]) -> Self;
}

impl Grouped for u64 {
    #[inline]
    fn each(batch: &Batch, place: usize, mut take: impl FnMut(Self, Sender)) {
        let mut before = None;
        for at in &batch.keys[0] {
            let code = at.codes[place];
            if before != Some(code) {
                take(code, at.senders[place]);
            }
            before = Some(code);
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
    fn each(batch: &Batch, place: usize, mut take: impl FnMut(Self, Sender)) {
        let mut outer = None;
        for at in &batch.keys[0] {
            let one = at.codes[place];
            let mut inner = None;
            for other in &batch.keys[1] {
                let other = other.codes[place];
                if outer != Some(one) && inner != Some(other) {
                    take((one, other), at.senders[place]);
                }
                inner = Some(other);
            }
            outer = Some(one);
        }
    }

    fn parts(self) -> [u64; 2] {
        [self.0, self.1]
    }

    fn of(parts: [u64; 2]) -> Self {
        (parts[0], parts[1])
    }
}
