//! The numbers of one chunk of a column, in cells no wider than what is in them.

use std::borrow::Cow;

use super::narrow::Narrow;
use crate::model::attr::UNKNOWN;

/// The numbers of one chunk, counted from a base: starts of flows and numbers of
/// packets are great, but near each other.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    base: u64,
    width: Width,
}

/// Cells of one width; the greatest number of each stands for [`UNKNOWN`].
#[derive(Clone, Debug)]
enum Width {
    /// Nothing but unknown values, that many.
    Absent(usize),
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
    /// These are counted from 0.
    U64(Vec<u64>),
}

impl Default for Cells {
    fn default() -> Self {
        let width = Width::Absent(0);
        Cells { base: 0, width }
    }
}

/// One arm for each width, with the width's type and cells at hand.
macro_rules! for_width {
    ($cells:expr, $vec:ident: $type:ident => $then:expr, $len:ident => $absent:expr) => {
        match $cells {
            Width::Absent($len) => $absent,
            Width::U8($vec) => {
                type $type = u8;
                $then
            }
            Width::U16($vec) => {
                type $type = u16;
                $then
            }
            Width::U32($vec) => {
                type $type = u32;
                $then
            }
            Width::U64($vec) => {
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
        for_width!(&self.width, cells: T => match cells.get(place) {
            Some(&cell) if cell != T::MAX => self.base + cell as u64,
            _ => UNKNOWN,
        }, _len => UNKNOWN)
    }

    fn len(&self) -> usize {
        for_width!(&self.width, cells: T => { let _: &[T] = cells; cells.len() }, len => *len)
    }

    /// Whether there are no values.
    pub fn is_absent(&self) -> bool {
        matches!(self.width, Width::Absent(_))
    }

    /// Appends so many values from a place on; those never written are unknown, for
    /// which `unknown` is put.
    #[inline(always)]
    pub fn read(&self, place: usize, rows: usize, unknown: u64, out: &mut Vec<u64>) {
        let base = self.base;
        for_width!(&self.width, cells: T => {
            let written = written(cells, place, rows);
            let value = |&cell: &T| if cell == T::MAX { unknown } else { base.wrapping_add(cell as u64) };
            out.extend(written.iter().map(value));
        }, _len => {});
        out.resize(rows, unknown);
    }

    /// So many values from a place on, if they are kept in no more than 32 bits.
    pub fn narrow(&self, place: usize, rows: usize) -> Option<Narrow<'_>> {
        let mut cells = match &self.width {
            Width::Absent(_) => Vec::new(),
            Width::U8(cells) => widened(written(cells, place, rows), u8::MAX),
            Width::U16(cells) => widened(written(cells, place, rows), u16::MAX),
            Width::U32(cells) => match written(cells, place, rows) {
                cells if cells.len() == rows => return Some(self.of_base(Cow::Borrowed(cells))),
                cells => cells.to_vec(),
            },
            Width::U64(_) => return None,
        };
        cells.resize(rows, u32::MAX);
        Some(self.of_base(Cow::Owned(cells)))
    }

    fn of_base<'a>(&self, cells: Cow<'a, [u32]>) -> Narrow<'a> {
        let base = self.base;
        Narrow { base, cells }
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        for_width!(&self.width, cells: T => cells.capacity() * size_of::<T>(), _len => 0)
    }

    /// Whether the value has a place in these cells.
    fn fits(&self, value: u64) -> bool {
        value == UNKNOWN
            || for_width!(&self.width, cells: T => {
                let _: &[T] = cells;
                value >= self.base && value - self.base < T::MAX as u64
            }, _len => false)
    }

    /// Writes a value that fits; what it leaves out before is unknown.
    fn put(&mut self, place: usize, value: u64) {
        for_width!(&mut self.width, cells: T => {
            let cell = if value == UNKNOWN { T::MAX } else { value.wrapping_sub(self.base) as T };
            if place >= cells.len() {
                cells.resize(place + 1, T::MAX);
            }
            cells[place] = cell;
        }, len => *len = (*len).max(place + 1));
    }

    /// Writes any value, in other cells if it needs them.
    pub fn write(&mut self, place: usize, value: u64) {
        if !self.fits(value) {
            *self = self.with_room_for(value, value);
        }
        self.put(place, value);
    }

    /// Appends values at a place; what is left out before is unknown.
    pub fn extend(&mut self, place: usize, values: &[u64]) {
        if self.append(place, values) {
            return;
        }
        let known = values.iter().filter(|&&value| value != UNKNOWN);
        let between = known.fold(None, |between, &value| {
            let (least, greatest) = between.unwrap_or((value, value));
            Some((value.min(least), value.max(greatest)))
        });
        if let Some((least, greatest)) = between {
            *self = self.with_room_for(least, greatest);
        }
        self.append(place, values);
    }

    /// Does so if all values fit, in one pass over them. Which are unknown nobody
    /// can foretell, so nothing branches on it.
    fn append(&mut self, place: usize, values: &[u64]) -> bool {
        let base = self.base;
        for_width!(&mut self.width, cells: T => {
            cells.resize(place, T::MAX);
            let mut bits = 0;
            cells.extend(values.iter().map(|&value| {
                let known = u64::from(value == UNKNOWN).wrapping_sub(1);
                let cell = value.wrapping_sub(base);
                // one more as well, as the greatest cell stands for what is unknown
                bits |= (cell | cell.wrapping_add(1)) & known;
                (cell | !known) as T
            }));
            let fit = bits <= T::MAX as u64;
            if !fit {
                cells.truncate(place);
            }
            fit
        }, _len => false)
    }

    /// The same values in cells that have room for all between these, too. A base is
    /// chosen only where it makes cells narrower, and leaves as much room below as above:
    /// each time that this is not enough at least half of what was left is used up.
    fn with_room_for(&self, least: u64, greatest: u64) -> Cells {
        let known = (0..self.len()).map(|place| self.get(place));
        let known = known.filter(|&value| value != UNKNOWN);
        let (least, greatest) = known.fold((least, greatest), |(least, greatest), value| {
            (least.min(value), greatest.max(value))
        });
        let (limit, width) = Width::up_to(greatest - least);
        let base = match Width::up_to(greatest).0 == limit {
            true => 0,
            false => least.saturating_sub((limit - 1 - (greatest - least)) / 2),
        };
        // no cell stands for more than a number can be: what is below the base is seen to be
        let base = base.min(UNKNOWN - limit);
        let mut cells = Cells { base, width };
        for place in 0..self.len() {
            cells.put(place, self.get(place));
        }
        cells
    }
}

/// Cells from a place on, as far as they were written.
fn written<T>(cells: &[T], place: usize, rows: usize) -> &[T] {
    let end = cells.len().min(place + rows);
    cells.get(place..end).unwrap_or_default()
}

fn widened<T: Copy + Eq + Into<u32>>(cells: &[T], unknown: T) -> Vec<u32> {
    let widened = |&cell: &T| {
        if cell == unknown {
            u32::MAX
        } else {
            cell.into()
        }
    };
    cells.iter().map(widened).collect()
}

impl Width {
    /// The narrowest cells for a number, and what is too great for them.
    fn up_to(number: u64) -> (u64, Width) {
        match number {
            0..0xff => (0xff, Width::U8(Vec::new())),
            0xff..0xffff => (0xffff, Width::U16(Vec::new())),
            0xffff..0xffff_ffff => (0xffff_ffff, Width::U32(Vec::new())),
            _ => (UNKNOWN, Width::U64(Vec::new())),
        }
    }
}
