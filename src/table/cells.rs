//! The numbers of one chunk of a column, in cells no wider than what is in them.

use crate::model::attr::UNKNOWN;

/// The numbers of one chunk; the greatest of each width stands for [`UNKNOWN`].
#[derive(Clone, Debug)]
pub(super) enum Cells {
    /// Nothing but unknown values, that many.
    Absent(usize),
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
    U64(Vec<u64>),
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
    pub fn get(&self, place: usize) -> u64 {
        for_width!(self, cells: T => match cells.get(place) {
            Some(&cell) if cell != T::MAX => cell as u64,
            _ => UNKNOWN,
        }, _len => UNKNOWN)
    }

    fn len(&self) -> usize {
        for_width!(self, cells: T => { let _: &[T] = cells; cells.len() }, len => *len)
    }

    /// Appends so many values from a place on; those never written are unknown, for
    /// which `unknown` is put.
    #[inline(always)]
    pub fn read(&self, place: usize, rows: usize, unknown: u64, out: &mut Vec<u64>) {
        for_width!(self, cells: T => {
            let written = cells.get(place..cells.len().min(place + rows)).unwrap_or_default();
            out.extend(written.iter().map(|&cell| if cell == T::MAX { unknown } else { cell as u64 }));
        }, _len => {});
        out.resize(rows, unknown);
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        for_width!(self, cells: T => cells.capacity() * size_of::<T>(), _len => 0)
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
    pub fn write(&mut self, place: usize, value: u64) {
        self.make_room(value);
        self.put(place, value);
    }

    /// Appends values at a place; what is left out before is unknown.
    pub fn extend(&mut self, place: usize, values: &[u64]) {
        // one more than each, so that what is unknown is 0: no branch, as this is done for every value
        let more = |value: &u64| value.wrapping_add(1);
        let Some(greatest) = values.iter().map(more).fold(0, u64::max).checked_sub(1) else {
            return;
        };
        self.make_room(greatest);
        for_width!(self, cells: T => {
            cells.resize(place, T::MAX);
            // the low bits of UNKNOWN are all ones in any width
            cells.extend(values.iter().map(|&value| value as T));
        }, _len => {});
    }

    fn make_room(&mut self, value: u64) {
        if !self.fits(value) {
            *self = self.widened(value);
        }
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
