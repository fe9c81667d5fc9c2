//! A chunk of the rows that are grouped: the keys that its rows have, and what
//! they add.

use super::bits::Bits;
use super::chunk::Chunk;
use super::index::Code;
use super::key::{Key, Sender, UNKNOWN_END};
use super::tally::Part;
use crate::model::attr::{Attr, UNKNOWN};
use crate::table::column::{unzigzag, zigzag};
use crate::table::scan::Source;
use crate::table::store::Side;

/// The rows at an end of a grouping.
struct At {
    senders: Vec<Sender>,
    codes: Vec<u64>,
}

impl At {
    /// At both ends of the first flows. What is the same at both counts as the
    /// source's.
    fn both(chunk: &Chunk, [own, other]: [Vec<u64>; 2]) -> Vec<At> {
        let rows = own.iter().zip(&other).zip(chunk.sources());
        let senders = rows.map(|((own, other), &first)| Sender::from(own == other && !first));
        let senders = [senders.collect(), vec![1; chunk.rows]];
        let ends = senders.into_iter().zip([own, other]);
        ends.map(|(senders, codes)| At { senders, codes }).collect()
    }
}

/// The keys of a chunk.
pub struct Batch {
    /// The rows in question.
    pub shown: Bits,
    /// The sides shown as the sources'.
    pub sources: Vec<Sender>,
    /// For each grouping, its ends.
    keys: Vec<Vec<At>>,
}

impl Batch {
    /// Reads a chunk.
    pub fn read(chunk: &Chunk, keys: &[Key], shown: Bits) -> Self {
        let at = |key: &Key| {
            if let Some(ends) = key.both_ends(chunk) {
                return At::both(chunk, ends);
            }
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
            shown,
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

/// Octets and packets of a flow, when it began and when it ended.
type OneFlow = ((u64, u64), i64, i64);

#[inline]
fn joined(
    (own, begin, end): OneFlow,
    (other, answered, ended): OneFlow,
    is_connection: bool,
) -> Part {
    Part {
        octets: [own.0, other.0],
        packets: [own.1, other.1],
        first: begin.min(answered),
        last: end.max(ended),
        is_connection,
    }
}

/// What the rows of a chunk add.
pub fn parts(chunk: &Chunk) -> Vec<Part> {
    let read =
        |source: fn(Side) -> Source| [Side::First, Side::Mate].map(|side| chunk.read(source(side)));
    let counted = |attr| [Side::First, Side::Mate].map(|side| chunk.counted(side, attr));
    let (octets, packets) = (counted(Attr::Octets), counted(Attr::Packets));
    let (starts, elapsed) = (read(Source::Start), read(Source::Elapsed));
    let side = |side: usize| {
        let counters = octets[side].iter().zip(&*packets[side]);
        counters.zip(starts[side].iter().zip(&elapsed[side]))
    };
    let rows = side(0).zip(side(1)).zip(chunk.evidence());
    let part = |((first, mate), &evidence)| joined(flow(first), flow(mate), evidence != UNKNOWN);
    rows.map(part).collect()
}

/// What some rows of a chunk add, a few of many.
pub fn parts_of(chunk: &Chunk, places: impl Iterator<Item = usize>) -> Vec<Part> {
    if chunk.folds() {
        let parts = parts(chunk);
        return places.map(|place| parts[place]).collect();
    }
    let part = |place| {
        let row = chunk.facts(place).row;
        let [first, mate] = [Side::First, Side::Mate].map(|side| {
            let counter = |attr| row.attr(side, attr).unwrap_or(UNKNOWN);
            let start = row.start(side).map_or(UNKNOWN, |it| zigzag(it.absolute));
            let elapsed = row.elapsed(side).map_or(UNKNOWN, zigzag);
            let (octets, packets) = (counter(Attr::Octets), counter(Attr::Packets));
            flow(((&octets, &packets), (&start, &elapsed)))
        });
        joined(first, mate, row.is_connection())
    };
    places.map(part).collect()
}

/// Octets and packets of a flow, when it began and when it ended.
#[inline]
fn flow(((octets, packets), (start, elapsed)): ((&u64, &u64), (&u64, &u64))) -> OneFlow {
    let known = |value: u64| if value == UNKNOWN { 0 } else { value };
    let begin = unzigzag(*start);
    let end = begin.saturating_add(unzigzag(known(*elapsed)).max(0));
    let (begin, end) = match *start {
        UNKNOWN => (i64::MAX, i64::MIN),
        _ => (begin, end),
    };
    ((known(*octets), known(*packets)), begin, end)
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
