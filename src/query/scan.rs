//! A chunk of rows, read a column at a time, and sets of its rows as bitmaps.

use super::facts::{Context, Facts, Orient};
use crate::model::attr::{Attr, UNKNOWN};
use crate::table::scan::Source;
use crate::table::store::{Side, Table};

/// A bit for each row of a chunk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// As many rows, all of them in.
    pub fn all(rows: usize) -> Self {
        Bits::of(rows, |_| true)
    }

    /// The rows whose place passes.
    pub fn of(rows: usize, passes: impl Fn(usize) -> bool) -> Self {
        let word = |first: usize| {
            let places = first..rows.min(first + 64);
            places.fold(0, |word, place| {
                word | u64::from(passes(place)) << (place - first)
            })
        };
        Bits((0..rows).step_by(64).map(word).collect())
    }

    fn combine(mut self, other: &Bits, how: fn(u64, u64) -> u64) -> Self {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word = how(*word, *other);
        }
        self
    }

    /// Those that are in both.
    pub fn and(self, other: &Bits) -> Self {
        self.combine(other, |a, b| a & b)
    }

    /// Those that are in either.
    pub fn or(self, other: &Bits) -> Self {
        self.combine(other, |a, b| a | b)
    }

    /// Those that are not in the other.
    pub fn without(self, other: &Bits) -> Self {
        self.combine(other, |a, b| a & !b)
    }

    /// How many are in.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Whether none is in.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    /// Those of them whose place passes.
    pub fn only(&self, passes: impl Fn(usize) -> bool) -> Self {
        let mut bits = self.clone();
        for place in self.places().filter(|&place| !passes(place)) {
            bits.0[place / 64] &= !(1 << (place % 64));
        }
        bits
    }

    /// The places that are in, in order.
    pub fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(place, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                (left != 0).then(|| {
                    let bit = left.trailing_zeros() as usize;
                    left &= left - 1;
                    place * 64 + bit
                })
            })
        })
    }
}

/// A chunk of a table, seen from a point of view.
pub struct Chunk<'a> {
    table: &'a Table,
    context: &'a Context,
    number: usize,
    /// Its first row.
    pub first: u32,
    /// How many rows it has.
    pub rows: usize,
}

impl<'a> Chunk<'a> {
    /// A chunk by its number.
    pub fn new(table: &'a Table, context: &'a Context, number: usize) -> Self {
        let (first, rows) = table.chunk_rows(number);
        Chunk {
            table,
            context,
            number,
            first,
            rows,
        }
    }

    /// Reads a column.
    pub fn read(&self, source: Source) -> Vec<u64> {
        let mut values = Vec::with_capacity(self.rows);
        self.table.read(source, self.number, &mut values);
        values
    }

    /// A row by its place.
    pub fn facts(&self, place: usize) -> Facts<'a> {
        Facts {
            row: self.table.row(self.first + place as u32),
            context: self.context,
        }
    }

    /// The rows with both sides.
    pub fn connections(&self) -> Bits {
        let evidence = self.read(Source::Evidence);
        Bits::of(self.rows, |place| evidence[place] != UNKNOWN)
    }

    /// A counter of both sides together, the unknown taken for 0.
    pub fn sums(&self, attr: Attr) -> Vec<u64> {
        let mut sums = self.read(Source::Attr(Side::First, attr));
        let mates = self.read(Source::Attr(Side::Mate, attr));
        let known = |value: u64| if value == UNKNOWN { 0 } else { value };
        for (sum, mate) in sums.iter_mut().zip(mates) {
            *sum = known(*sum).saturating_add(known(mate));
        }
        sums
    }

    /// The rows with at least so many packets.
    pub fn above(&self, threshold: u64) -> Bits {
        let packets = self.sums(Attr::Packets);
        Bits::of(self.rows, |place| packets[place] >= threshold)
    }

    /// A column of the side shown as the source's, or of the other one; `None`
    /// where more than columns decides which that is.
    pub fn side(&self, source: impl Fn(Side) -> Source, destination: bool) -> Option<Vec<u64>> {
        if self.context.orient != Orient::Bytes {
            return None;
        }
        let known = |value: u64| if value == UNKNOWN { 0 } else { value };
        let evidence = self.read(Source::Evidence);
        let octets =
            [Side::First, Side::Mate].map(|side| self.read(Source::Attr(side, Attr::Octets)));
        let mut values = self.read(source(Side::First));
        let mate = self.read(source(Side::Mate));
        for (place, value) in values.iter_mut().enumerate() {
            let single = evidence[place] == UNKNOWN;
            let first_is_source = single || known(octets[0][place]) > known(octets[1][place]);
            if first_is_source == destination {
                *value = mate[place];
            }
        }
        Some(values)
    }

    /// Whether every mate is the reverse of its first flow.
    pub fn is_regular(&self) -> bool {
        self.table.is_regular(self.number)
    }
}
