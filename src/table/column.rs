//! Columns cut into chunks behind `Arc`: a snapshot copies pointers, and a
//! writer copies a chunk only when it must change one that a snapshot still
//! holds. The rows written last wait in full width, so that writing one is cheap.

use std::sync::Arc;

use super::cells::Cells;
use super::narrow::Narrow;
use crate::model::attr::UNKNOWN;

/// Rows of a chunk.
pub const CHUNK: usize = 1 << 14;
/// The rows written last are kept as they are, this many.
const BLOCK: usize = 1 << 10;

/// A column of numbers below [`UNKNOWN`], or unknown.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// The chunks before this one were let go.
    gone: usize,
    /// Full chunks, shared with snapshots.
    sealed: Vec<Arc<Cells>>,
    /// The chunk that grows; a snapshot gets a copy of it.
    open: Cells,
    /// Its last rows in full width, from row `base` on: empty, or a block long.
    block: Vec<u64>,
    base: u32,
}

impl Column {
    /// The value of a row, [`UNKNOWN`] where none was written.
    pub fn raw(&self, row: u32) -> u64 {
        if let Some(&value) = self.block.get(row.wrapping_sub(self.base) as usize) {
            return value;
        }
        let (chunk, place) = (row as usize / CHUNK, row as usize % CHUNK);
        self.cells(chunk).map_or(UNKNOWN, |cells| cells.get(place))
    }

    /// The value of a row, if there is one.
    pub fn get(&self, row: u32) -> Option<u64> {
        Some(self.raw(row)).filter(|&value| value != UNKNOWN)
    }

    /// Reads so many rows of one chunk, with `unknown` where there is no value.
    #[inline(always)]
    pub fn read(&self, first: u32, rows: usize, unknown: u64, out: &mut Vec<u64>) {
        let (chunk, place) = (first as usize / CHUNK, first as usize % CHUNK);
        out.clear();
        match self.cells(chunk) {
            Some(cells) => cells.read(place, rows, unknown, out),
            None => out.resize(rows, unknown),
        }
        // what of the block is asked for, and what of the question it answers
        let begin = self.base.saturating_sub(first) as usize;
        let known = first.saturating_sub(self.base) as usize;
        if let (Some(out), Some(block)) = (out.get_mut(begin..), self.block.get(known..)) {
            for (out, &value) in out.iter_mut().zip(block) {
                *out = if value == UNKNOWN { unknown } else { value };
            }
        }
    }

    /// So many rows of one chunk, if they are kept in no more than 32 bits.
    pub fn narrow(&self, first: u32, rows: usize) -> Option<Narrow<'_>> {
        let (begin, end) = (self.base as usize, self.base as usize + self.block.len());
        if end > first as usize && begin < first as usize + rows {
            let mut values = Vec::with_capacity(rows);
            self.read(first, rows, UNKNOWN, &mut values);
            return Narrow::of(&values);
        }
        let (chunk, place) = (first as usize / CHUNK, first as usize % CHUNK);
        match self.cells(chunk) {
            Some(cells) => cells.narrow(place, rows),
            None => Narrow::of(&vec![UNKNOWN; rows]),
        }
    }

    /// Whether no row of the chunk that a row is in has a value, as far as its width tells.
    pub fn is_absent(&self, row: u32) -> bool {
        let chunk = row as usize / CHUNK;
        let is_known = |&value: &u64| value != UNKNOWN;
        self.cells(chunk).is_none_or(Cells::is_absent)
            && (self.base as usize / CHUNK != chunk || !self.block.iter().any(is_known))
    }

    fn cells(&self, chunk: usize) -> Option<&Cells> {
        let kept = chunk.checked_sub(self.gone)?;
        match self.sealed.get(kept) {
            Some(cells) => Some(cells),
            None if kept == self.sealed.len() => Some(&self.open),
            None => None,
        }
    }

    /// Writes a row, new or old; rows passed over have no value.
    #[inline]
    pub fn set(&mut self, row: u32, value: u64) {
        if let Some(cell) = self.block.get_mut(row.wrapping_sub(self.base) as usize) {
            *cell = value;
        } else if value != UNKNOWN || !self.block.is_empty() {
            // else nothing was ever written
            self.set_elsewhere(row, value);
        }
    }

    /// Writes a row outside of the block: an old one into its cells, a new one
    /// into the next block.
    fn set_elsewhere(&mut self, row: u32, value: u64) {
        let (chunk, place) = (row as usize / CHUNK, row as usize % CHUNK);
        if row < self.base {
            let Some(kept) = chunk.checked_sub(self.gone) else {
                return;
            };
            match self.sealed.get_mut(kept) {
                Some(cells) => Arc::make_mut(cells).write(place, value),
                None => self.open.write(place, value),
            }
        } else if value != UNKNOWN {
            self.flush();
            self.base = row - row % BLOCK as u32;
            while self.gone + self.sealed.len() < self.base as usize / CHUNK {
                let full = std::mem::take(&mut self.open);
                self.sealed.push(Arc::new(full));
            }
            self.block.resize(BLOCK, UNKNOWN);
            self.set(row, value);
        }
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        let sealed: usize = self.sealed.iter().map(|cells| cells.bytes()).sum();
        sealed + self.open.bytes() + self.block.capacity() * size_of::<u64>()
    }

    /// Lets go of the oldest chunk that is there; the rows after it keep their numbers.
    pub fn shed(&mut self) {
        if self.sealed.is_empty() {
            // nothing was written since
            self.open = Cells::default();
            self.block = Vec::new();
            self.base = (self.gone as u32 + 1) * CHUNK as u32;
        } else {
            self.sealed.remove(0);
        }
        self.gone += 1;
    }

    /// Moves the block into the cells of its chunk.
    fn flush(&mut self) {
        self.open.extend(self.base as usize % CHUNK, &self.block);
        self.block.clear();
    }
}

/// The sign of a number in 64 bits.
const SIGN: u64 = 1 << 63;

/// A signed number as an unsigned one below [`UNKNOWN`] in the same order.
pub fn order_of(number: i64) -> u64 {
    (number as u64 ^ SIGN).min(UNKNOWN - 1)
}

/// The reverse of [`order_of`].
pub fn number_of(order: u64) -> i64 {
    (order ^ SIGN) as i64
}

/// Signed numbers as unsigned ones that are small when they are near zero.
pub fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

/// What [`unzigzag`] gives, but 0 for negative numbers and [`UNKNOWN`]: without a
/// branch, as nobody can foretell which flows took no time.
#[inline]
pub fn positive(number: u64) -> i64 {
    ((number >> 1) & (number & 1).wrapping_sub(1)) as i64
}

/// The reverse of [`zigzag`].
pub fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Nor do rows whose value is taken away again make it wider.
    #[test]
    fn a_column_takes_no_more_memory_than_its_numbers_need() {
        let chunks = 4;
        for (spread, width) in [(200, 1), (60_000, 2), (4_000_000_000, 4), (1 << 40, 8)] {
            for least in [0, 1 << 50] {
                let mut column = Column::default();
                for row in 0..=chunks * CHUNK {
                    column.set(row as u32, least + row as u64 % 2 * spread);
                }
                (0..chunks).for_each(|chunk| column.set((chunk * CHUNK) as u32, UNKNOWN));
                let needed = chunks * CHUNK * width;
                let bytes = column.bytes() - BLOCK * size_of::<u64>();
                assert!((needed..2 * needed).contains(&bytes), "{spread}: {bytes}");
                assert_eq!(column.narrow(0, CHUNK).is_some(), width <= 4, "{spread}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_column_reads_back_what_was_written(
            values in prop::collection::vec(prop_oneof![
                Just(UNKNOWN), 0u64..4, 250u64..260, 65_530u64..65_540,
                (u64::from(u32::MAX) - 3)..(u64::from(u32::MAX) + 3), Just(u64::MAX - 1)], 1..200),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u64>()), 0..50),
            apart in prop_oneof![Just(1usize), Just(90), Just(1000)],
            span in prop_oneof![Just(256usize), Just(BLOCK), Just(4 * BLOCK), Just(CHUNK)],
        ) {
            let mut column = Column::default();
            let mut plain = vec![UNKNOWN; values.len() * apart];
            for (at, &value) in values.iter().enumerate() {
                column.set((at * apart) as u32, value);
                plain[at * apart] = value;
            }
            let before = plain.clone();
            let snapshot = column.clone();
            for (row, value) in changes {
                let row = row.index(plain.len());
                column.set(row as u32, value);
                plain[row] = value;
            }
            for row in 0..plain.len() {
                prop_assert_eq!(column.raw(row as u32), plain[row]);
                prop_assert_eq!(snapshot.raw(row as u32), before[row]);
            }
            let known = before.iter().filter(|&&value| value != UNKNOWN);
            let spread = known.clone().max().zip(known.min()).map_or(0, |(most, least)| most - least);
            let is_narrow = snapshot.narrow(0, before.len().min(CHUNK)).is_some();
            prop_assert!(is_narrow || spread >= u64::from(u32::MAX));
            let mut read = Vec::new();
            for (at, rows) in plain.chunks(span).enumerate() {
                let first = (at * span) as u32;
                column.read(first, rows.len(), UNKNOWN, &mut read);
                prop_assert_eq!(&read[..], rows);
                column.read(first, rows.len(), 0, &mut read);
                let counts = rows.iter().map(|&value| if value == UNKNOWN { 0 } else { value });
                prop_assert!(read.iter().copied().eq(counts));
                if let Some(narrow) = column.narrow(first, rows.len()) {
                    let value = |&cell: &u32| match cell {
                        u32::MAX => UNKNOWN,
                        cell => narrow.base + u64::from(cell),
                    };
                    prop_assert!(narrow.cells.iter().map(value).eq(rows.iter().copied()));
                }
                let absent = column.is_absent(first);
                prop_assert!(!absent || rows.iter().all(|&value| value == UNKNOWN));
            }
        }

        #[test]
        fn numbers_are_reversible_from_their_order(one in any::<i64>(), other in any::<i64>()) {
            let [one, other] = [one, other].map(|number| number.min(i64::MAX - 1));
            prop_assert_eq!(number_of(order_of(one)), one);
            prop_assert_eq!(order_of(one).cmp(&order_of(other)), one.cmp(&other));
            prop_assert_eq!(order_of(i64::MAX), UNKNOWN - 1);
        }

        #[test]
        fn zigzag_is_reversible(number in any::<i64>()) {
            prop_assert_eq!(unzigzag(zigzag(number)), number);
            prop_assert_eq!(positive(zigzag(number)), number.max(0));
        }
    }
}
