//! Waiting flows with an uptime, by spans of absolute time and by uptime in each, in
//! blocks. A query asks for flows that began within an interval at least one span long.
//! Within one span it therefore covers everything, or everything on one side of a moment, so
//! a block's earliest and latest start decide whether it can hold a match.

use std::ops::RangeInclusive;

use super::store::RowId;
use crate::model::flow::Start;

/// Flows of a block; in tests a few make several.
const ROOM: usize = if cfg!(test) { 4 } else { 128 };

/// The number of a span, an uptime and a row.
type Key = (i64, i64, RowId);

/// A waiting flow.
#[derive(Clone, Copy)]
struct Entry {
    absolute: i64,
    uptime: u32,
    row: RowId,
}

/// Flows that follow one another, at least one.
struct Block {
    earliest: i64,
    latest: i64,
    entries: Vec<Entry>,
}

/// The blocks.
pub struct Blocks {
    /// A span is 2^bits ms long.
    bits: u32,
    blocks: Vec<Block>,
}

impl Entry {
    fn new(row: RowId, absolute: i64, uptime: u32) -> Self {
        Entry {
            absolute,
            uptime,
            row,
        }
    }

    fn key(&self, bits: u32) -> Key {
        (self.absolute >> bits, i64::from(self.uptime), self.row)
    }

    fn waiting(&self) -> (RowId, Start) {
        let start = Start {
            absolute: self.absolute,
            uptime: Some(self.uptime),
            approximate: false,
        };
        (self.row, start)
    }
}

impl Block {
    fn new(entries: Vec<Entry>) -> Self {
        let times = || entries.iter().map(|entry| entry.absolute);
        Block {
            earliest: times().min().unwrap_or(i64::MAX),
            latest: times().max().unwrap_or(i64::MIN),
            entries,
        }
    }

    fn begin(&self, bits: u32) -> Option<Key> {
        self.entries.first().map(|entry| entry.key(bits))
    }

    fn end(&self, bits: u32) -> Option<Key> {
        self.entries.last().map(|entry| entry.key(bits))
    }

    fn within(&self, bits: u32, from: Key, to: Key) -> &[Entry] {
        let entries = &self.entries;
        let begin = entries.partition_point(|entry| entry.key(bits) < from);
        let rest = &entries[begin..];
        &rest[..rest.partition_point(|entry| entry.key(bits) <= to)]
    }
}

impl Blocks {
    /// None yet, for questions about the time up to so many milliseconds before and after.
    pub fn new(far: i64) -> Self {
        // the next power of two is longer than that, and shorter than both together
        let bits = u64::BITS - far.max(0).unsigned_abs().leading_zeros();
        Blocks {
            bits,
            blocks: Vec::new(),
        }
    }

    /// Adds a flow.
    pub fn insert(&mut self, row: RowId, absolute: i64, uptime: u32) {
        let entry = Entry::new(row, absolute, uptime);
        let (bits, key) = (self.bits, entry.key(self.bits));
        let at = self.place(key);
        match self.blocks.get_mut(at) {
            None => self.blocks.push(Block::new(vec![entry])),
            Some(block) if block.entries.len() < ROOM => {
                let place = block.entries.partition_point(|it| it.key(bits) < key);
                block.entries.insert(place, entry);
                block.earliest = block.earliest.min(absolute);
                block.latest = block.latest.max(absolute);
            }
            Some(block) => {
                let rest = Block::new(block.entries.split_off(ROOM / 2));
                *block = Block::new(std::mem::take(&mut block.entries));
                self.blocks.insert(at + 1, rest);
                self.insert(row, absolute, uptime);
            }
        }
    }

    /// Takes a flow out, if it is there.
    pub fn remove(&mut self, row: RowId, absolute: i64, uptime: u32) {
        let entry = Entry::new(row, absolute, uptime);
        let (bits, key) = (self.bits, entry.key(self.bits));
        let at = self.place(key);
        if let Some(block) = self.blocks.get_mut(at)
            && let Ok(place) = block.entries.binary_search_by_key(&key, |it| it.key(bits))
        {
            block.entries.remove(place);
            *block = Block::new(std::mem::take(&mut block.entries));
            if block.entries.is_empty() {
                self.blocks.remove(at);
            }
        }
    }

    /// Of the flows that began within some time and have an uptime at most `tolerance` away
    /// from `clock`, the first two of those nearest to it, on either side and in each span.
    pub fn nearest(
        &self,
        clock: i64,
        tolerance: i64,
        times: &RangeInclusive<i64>,
    ) -> Vec<(RowId, Start)> {
        let (low, high) = (
            clock.saturating_sub(tolerance),
            clock.saturating_add(tolerance),
        );
        let spans = (times.start() >> self.bits)..=(times.end() >> self.bits);
        let found = spans.flat_map(|span| {
            let within = move |from, to| {
                let (from, to) = ((span, from, 0), (span, to, RowId::MAX));
                self.within(from, to, times)
            };
            let uptime = |entry: &Entry| i64::from(entry.uptime);
            let above = within(clock, high).next().map(uptime);
            let below = within(low, clock - 1).next_back().map(uptime);
            let sides = [above, below].into_iter().flatten();
            sides.flat_map(move |side| within(side, side).take(2))
        });
        found.map(Entry::waiting).collect()
    }

    /// The flows from one key to another that began within some time.
    fn within<'a>(
        &'a self,
        from: Key,
        to: Key,
        times: &'a RangeInclusive<i64>,
    ) -> impl DoubleEndedIterator<Item = &'a Entry> {
        let bits = self.bits;
        let begin = self.blocks.partition_point(|it| it.end(bits) < Some(from));
        let end = self.blocks.partition_point(|it| it.begin(bits) <= Some(to));
        let blocks = self.blocks.get(begin..end).unwrap_or_default().iter();
        let meet = |it: &&Block| it.earliest <= *times.end() && *times.start() <= it.latest;
        let entries = blocks
            .filter(meet)
            .flat_map(move |block| block.within(bits, from, to));
        entries.filter(|entry| times.contains(&entry.absolute))
    }

    /// The place of the block in which a flow with this key is, or would be.
    fn place(&self, key: Key) -> usize {
        let bits = self.bits;
        let next = self
            .blocks
            .partition_point(|it| it.begin(bits) <= Some(key));
        next.saturating_sub(1)
    }
}
