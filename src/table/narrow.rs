//! `Narrow`, numbers of a column as they are kept: nothing is copied, mostly, and
//! twice as many of them are near the processor.

use std::borrow::Cow;

use crate::model::attr::UNKNOWN;

/// Numbers of a chunk in 32 bits, as they are kept, mostly.
pub struct Narrow<'a> {
    /// What they are counted from.
    pub base: u64,
    /// The numbers, [`u32::MAX`] where there is none.
    pub cells: Cow<'a, [u32]>,
}

impl Narrow<'_> {
    /// The numbers themselves, [`UNKNOWN`] where there is none.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        self.cells.iter().map(|&cell| match cell {
            u32::MAX => UNKNOWN,
            cell => self.base + u64::from(cell),
        })
    }

    /// Values, if they are near enough to each other.
    pub fn of(values: &[u64]) -> Option<Self> {
        let known = values.iter().copied().filter(|&value| value != UNKNOWN);
        let (least, greatest) = known.fold((UNKNOWN, 0), |(least, greatest), value| {
            (least.min(value), greatest.max(value))
        });
        let is_small = greatest < u32::MAX.into();
        let base = if is_small { 0 } else { least };
        let cell = |&value: &u64| match value {
            UNKNOWN => u32::MAX,
            value => (value - base) as u32,
        };
        (is_small || greatest - least < u32::MAX.into()).then(|| Narrow {
            base,
            cells: values.iter().map(cell).collect(),
        })
    }
}
