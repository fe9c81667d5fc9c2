//! Columns cut into chunks behind `Arc`: a snapshot copies pointers, and a
//! writer copies a chunk only when it must change one that a snapshot still
//! holds. `Column` holds numbers in chunks no wider than what is in them;
//! `Chunked` holds anything else.

use std::sync::Arc;

use crate::model::attr::UNKNOWN;

/// Rows of a chunk.
pub const CHUNK: usize = 1 << 14;

/// The numbers of one chunk; the greatest of each width stands for [`UNKNOWN`].
#[derive(Clone, Debug)]
enum Cells {
    /// Nothing but unknown values, that many.
    Absent(usize),
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
    U64(Vec<u64>),
}

/// A column of numbers below [`UNKNOWN`], or unknown.
#[derive(Clone, Debug)]
pub struct Column {
    /// Full chunks, shared with snapshots.
    sealed: Vec<Arc<Cells>>,
    /// The chunk that grows; a snapshot gets a copy of it.
    open: Cells,
}

impl Default for Column {
    fn default() -> Self {
        Column {
            sealed: Vec::new(),
            open: Cells::Absent(0),
        }
    }
}

/// One arm for each width, with the width's type and cells at hand.
macro_rules! for_width {
    ($cells:expr, $vec:ident: $type:ident => $then:expr, $len:ident => $absent:expr) => {
        match $cells {
            Cells::Absent($len) => $absent,
            Cells::U8($vec) => {
                type $type = u8;
                $then
            }
            Cells::U16($vec) => {
                type $type = u16;
                $then
            }
            Cells::U32($vec) => {
                type $type = u32;
                $then
            }
            Cells::U64($vec) => {
                type $type = u64;
                $then
            }
        }
    };
}

#[expect(
    clippy::unnecessary_cast,
    reason = "one text serves four widths, and u64 is one of them"
)]
impl Cells {
    fn get(&self, place: usize) -> u64 {
        for_width!(self, cells: T => match cells.get(place) {
            Some(&cell) if cell != T::MAX => cell as u64,
            _ => UNKNOWN,
        }, _len => UNKNOWN)
    }

    fn len(&self) -> usize {
        for_width!(self, cells: T => { let _: &[T] = cells; cells.len() }, len => *len)
    }

    /// Appends the first `rows` values; those never written are unknown.
    fn read(&self, rows: usize, out: &mut Vec<u64>) {
        for_width!(self, cells: T => {
            let written = &cells[..rows.min(cells.len())];
            out.extend(written.iter().map(|&cell| if cell == T::MAX { UNKNOWN } else { cell as u64 }));
        }, _len => {});
        out.resize(rows, UNKNOWN);
    }

    /// Whether the value has a place in cells of this width.
    fn fits(&self, value: u64) -> bool {
        value == UNKNOWN
            || for_width!(self, cells: T => {
                let _: &[T] = cells;
                value < T::MAX as u64
            }, _len => false)
    }

    /// Writes a value that fits; what it leaves out before is unknown.
    fn put(&mut self, place: usize, value: u64) {
        for_width!(self, cells: T => {
            let cell = if value == UNKNOWN { T::MAX } else { value as T };
            if place >= cells.len() {
                cells.resize(place + 1, T::MAX);
            }
            cells[place] = cell;
        }, len => *len = (*len).max(place + 1));
    }

    /// Writes any value, in wider cells if it needs them.
    fn write(&mut self, place: usize, value: u64) {
        if !self.fits(value) {
            *self = self.widened(value);
        }
        self.put(place, value);
    }

    /// The same values in cells wide enough for `value` too.
    fn widened(&self, value: u64) -> Cells {
        let values = (0..self.len()).map(|place| self.get(place));
        let mut wide = match value {
            0..0xff => Cells::U8(Vec::new()),
            0xff..0xffff => Cells::U16(Vec::new()),
            0xffff..0xffff_ffff => Cells::U32(Vec::new()),
            _ => Cells::U64(Vec::new()),
        };
        for (place, value) in values.enumerate() {
            wide.put(place, value);
        }
        wide
    }
}

impl Column {
    /// The value of a row, [`UNKNOWN`] where none was written.
    pub fn raw(&self, row: u32) -> u64 {
        let (chunk, place) = (row as usize / CHUNK, row as usize % CHUNK);
        self.cells(chunk).map_or(UNKNOWN, |cells| cells.get(place))
    }

    /// The value of a row, if there is one.
    pub fn get(&self, row: u32) -> Option<u64> {
        Some(self.raw(row)).filter(|&value| value != UNKNOWN)
    }

    /// Reads the first `rows` rows of a chunk.
    pub fn read(&self, chunk: usize, rows: usize, out: &mut Vec<u64>) {
        out.clear();
        match self.cells(chunk) {
            Some(cells) => cells.read(rows, out),
            None => out.resize(rows, UNKNOWN),
        }
    }

    /// Whether no row of a chunk has a value, as far as its width tells.
    pub fn is_absent(&self, chunk: usize) -> bool {
        matches!(self.cells(chunk), None | Some(Cells::Absent(_)))
    }

    fn cells(&self, chunk: usize) -> Option<&Cells> {
        match self.sealed.get(chunk) {
            Some(cells) => Some(cells),
            None if chunk == self.sealed.len() => Some(&self.open),
            None => None,
        }
    }

    /// Writes a row, new or old; rows passed over have no value.
    pub fn set(&mut self, row: u32, value: u64) {
        let (chunk, place) = (row as usize / CHUNK, row as usize % CHUNK);
        if let Some(cells) = self.sealed.get_mut(chunk) {
            Arc::make_mut(cells).write(place, value);
            return;
        }
        if value == UNKNOWN && self.raw(row) == UNKNOWN {
            return;
        }
        while self.sealed.len() < chunk {
            let full = std::mem::replace(&mut self.open, Cells::Absent(0));
            self.sealed.push(Arc::new(full));
        }
        self.open.write(place, value);
    }
}

/// Signed numbers as unsigned ones that are small when they are near zero.
pub fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

/// The reverse of [`zigzag`].
pub fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// A growing list with cheap snapshots.
#[derive(Clone, Debug)]
pub struct Chunked<T> {
    chunks: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Chunked {
            chunks: Vec::new(),
            len: 0,
        }
    }
}

impl<T: Clone> Chunked<T> {
    /// Appends an item.
    pub fn push(&mut self, item: T) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Arc::default());
        }
        if let Some(last) = self.chunks.last_mut() {
            Arc::make_mut(last).push(item);
            self.len += 1;
        }
    }

    /// An item by its number.
    pub fn get(&self, place: u32) -> Option<&T> {
        let place = place as usize;
        self.chunks.get(place / CHUNK)?.get(place % CHUNK)
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All items in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_column_reads_back_what_was_written(
            values in prop::collection::vec(prop_oneof![
                Just(UNKNOWN), 0u64..4, 250u64..260, 65_530u64..65_540,
                (u64::from(u32::MAX) - 3)..(u64::from(u32::MAX) + 3), Just(u64::MAX - 1)], 1..200),
            changes in prop::collection::vec((0usize..200, any::<u64>()), 0..50),
        ) {
            let mut column = Column::default();
            let mut plain = values.clone();
            for (row, &value) in values.iter().enumerate() {
                column.set(row as u32, value);
            }
            let snapshot = column.clone();
            for (row, value) in changes {
                let row = row % plain.len();
                column.set(row as u32, value);
                plain[row] = value;
            }
            for row in 0..plain.len() {
                prop_assert_eq!(column.raw(row as u32), plain[row]);
                prop_assert_eq!(snapshot.raw(row as u32), values[row]);
            }
        }

        #[test]
        fn zigzag_is_reversible(number in any::<i64>()) {
            prop_assert_eq!(unzigzag(zigzag(number)), number);
        }
    }
}
