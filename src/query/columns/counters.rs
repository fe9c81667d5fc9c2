//! Counters of both sides of a chunk's rows: in 32 bits as they are kept, where
//! that is enough for all of them, which it nearly always is.

use std::borrow::Cow;
use std::ops::{AddAssign, Sub};

/// What counters are added up in: 64 bits where the table's totals say that no sum is greater, else 128.
pub trait Counter:
    Copy + Default + AddAssign + Sub<Output = Self> + From<u64> + Into<u128> + Send + Sync
{
}

impl Counter for u64 {}
impl Counter for u128 {}

/// A counter of one flow.
pub trait Count: Copy {
    /// What it counts, nothing where it is unknown.
    fn count(self) -> u64;
    /// The same, in as many bits as it is kept in.
    fn known(self) -> impl Ord;
}

/// [`u32::MAX`] is unknown.
impl Count for u32 {
    #[inline]
    fn count(self) -> u64 {
        if self == u32::MAX { 0 } else { self.into() }
    }

    #[inline]
    fn known(self) -> impl Ord {
        if self == u32::MAX { 0 } else { self }
    }
}

/// Unknown is 0 already.
impl Count for u64 {
    #[inline]
    fn count(self) -> u64 {
        self
    }

    #[inline]
    fn known(self) -> impl Ord {
        self
    }
}

/// A counter of the first flow of each row, and of its mate.
#[derive(Clone)]
pub enum Counters<'a> {
    /// In 32 bits.
    Narrow([Cow<'a, [u32]>; 2]),
    /// In 64 bits.
    Wide([Vec<u64>; 2]),
}

/// One text for both widths: `both` are the slices of both sides.
macro_rules! for_counters {
    ($counters:expr, $both:ident => $then:expr) => {
        match $counters {
            $crate::query::columns::counters::Counters::Narrow(both) => {
                let $both = both.each_ref().map(|side| &side[..]);
                $then
            }
            $crate::query::columns::counters::Counters::Wide(both) => {
                let $both = both.each_ref().map(|side| &side[..]);
                $then
            }
        }
    };
}
pub(in crate::query) use for_counters;

impl Counters<'_> {
    /// Both sides together.
    pub fn sums(&self) -> Vec<u64> {
        for_counters!(self, both => {
            let rows = both[0].iter().zip(both[1]);
            rows.map(|(&first, &mate)| first.count().saturating_add(mate.count())).collect()
        })
    }

    /// In 64 bits, to be changed.
    pub fn into_wide(self) -> [Vec<u64>; 2] {
        match self {
            Counters::Wide(both) => both,
            Counters::Narrow(both) => both.map(|side| side.iter().map(|&it| it.count()).collect()),
        }
    }
}
