//! A chunk of the rows that are grouped, with all that is read of it, in buffers
//! that are filled again for each chunk; and the keys that its rows have.

use super::ends::Ends;
use super::expr::Direction;
use super::key::{Key, Room, Spot};
use super::scan::{Bits, Chunk};
use super::tally::{Code, Part};
use crate::model::attr::{Attr, UNKNOWN};
use crate::table::column::unzigzag;
use crate::table::scan::Source;
use crate::table::store::{Side, Table};

/// Both flows' values.
type Both = [Vec<u64>; 2];

/// A chunk with all that is read of it.
#[derive(Default)]
pub struct Batch {
    /// The rows in question.
    pub shown: Bits,
    /// Their ends.
    pub ends: Ends,
    /// For each grouping, the directions and the numbers of the rows there.
    codes: Vec<Vec<(Direction, Room)>>,
    octets: Both,
    packets: Both,
    starts: Both,
    elapsed: Both,
    evidence: Vec<u64>,
}

impl Batch {
    /// Reads a chunk.
    pub fn fill(&mut self, table: &Table, number: usize, chunk: &Chunk, keys: &[Key], shown: Bits) {
        let read = |source: fn(Side) -> Source, both: &mut Both| {
            table.read(source(Side::First), number, &mut both[0]);
            table.read(source(Side::Mate), number, &mut both[1]);
        };
        read(|side| Source::Attr(side, Attr::Octets), &mut self.octets);
        read(|side| Source::Attr(side, Attr::Packets), &mut self.packets);
        read(Source::Start, &mut self.starts);
        read(Source::Elapsed, &mut self.elapsed);
        table.read(Source::Evidence, number, &mut self.evidence);
        let mut directions = keys.iter().flat_map(Key::directions);
        let clients = directions.any(|direction| matches!(direction, Direction::Client | Direction::Server));
        if let Some(key) = keys.first() {
            self.ends.fill(chunk, key.context, clients, &self.octets, &self.evidence);
        }
        self.codes.resize_with(keys.len(), Vec::new);
        for (key, codes) in keys.iter().zip(&mut self.codes) {
            let directions = key.directions();
            codes.resize_with(directions.len(), || (Direction::Src, Room::default()));
            for ((of, room), &direction) in codes.iter_mut().zip(directions) {
                *of = direction;
                let spot = Spot {
                    number,
                    chunk,
                    ends: &self.ends,
                    direction,
                };
                key.codes(&spot, room);
            }
        }
        self.shown = shown;
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
                let elapsed = if elapsed == UNKNOWN { 0 } else { unzigzag(elapsed).max(0) };
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

    /// The flow that the end of a direction sent; the source's, where that end is unknown.
    #[inline]
    pub fn sent(&self, direction: Direction, place: usize) -> Side {
        let sender = self.ends.sender(direction, place);
        sender.unwrap_or(self.ends.source[place])
    }
}

/// A key that can be made of the numbers of a row.
pub trait Grouped: Code {
    /// Every key of a row, once, with the direction of the end it is about.
    fn each(batch: &Batch, place: usize, take: impl FnMut(Self, Direction));
    /// The number of each grouping.
    fn parts(self) -> [u64; 2];
    /// The key of these numbers.
    fn of(parts: [u64; 2]) -> Self;
}

impl Grouped for u64 {
    #[inline]
    fn each(batch: &Batch, place: usize, mut take: impl FnMut(Self, Direction)) {
        let mut before = None;
        for (direction, codes) in &batch.codes[0] {
            let code = codes.out[place];
            if before != Some(code) {
                take(code, *direction);
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
    fn each(batch: &Batch, place: usize, mut take: impl FnMut(Self, Direction)) {
        let mut outer = None;
        for (direction, one) in &batch.codes[0] {
            let mut inner = None;
            for (_, other) in &batch.codes[1] {
                let (one, other) = (one.out[place], other.out[place]);
                if outer != Some(one) && inner != Some(other) {
                    take((one, other), *direction);
                }
                inner = Some(other);
            }
            outer = Some(one.out[place]);
        }
    }

    fn parts(self) -> [u64; 2] {
        [self.0, self.1]
    }

    fn of(parts: [u64; 2]) -> Self {
        (parts[0], parts[1])
    }
}
