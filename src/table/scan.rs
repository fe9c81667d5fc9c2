//! Columns read a chunk at a time into a plain buffer: what touches every row
//! of the table goes through here and not through `Row`.

use super::column::Column;
use super::narrow::Narrow;
use super::store::{Side, Table};
use crate::model::attr::{Attr, UNKNOWN};
use crate::model::end::End;

/// A column that is read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// How a row was paired; unknown where it was not.
    Evidence,
    /// Start of the mate minus start of the first flow, zigzag.
    Skew,
    /// Number of the exporter.
    Exporter,
    /// Why a row is unmatched, by its number; unknown where it is not, or not yet told.
    Reason,
    /// The number of the flow that a side repeats.
    Repeats(Side),
    /// Protocol number, zigzag.
    Protocol,
    /// Host at an end of the first flow.
    Host(End),
    /// Port at an end of the first flow.
    Port(End),
    /// Host at an end of a mate that is not the first flow's reverse.
    OddHost(End),
    /// Its ports.
    OddPort(End),
    /// An attribute of a side.
    Attr(Side, Attr),
    /// Start of a side, as [`order_of`](super::column::order_of).
    Start(Side),
    /// 1 where the start of a side is approximate, else unknown.
    Approximate(Side),
    /// Milliseconds a side lasted, zigzag.
    Elapsed(Side),
}

/// Rows that are read in one go: few enough that what is read of them stays near
/// the processor, and all in one chunk of a column.
pub const ROWS: usize = 1 << 12;

impl Table {
    /// How many chunks the rows make.
    pub fn chunks(&self) -> usize {
        (self.len() as usize).div_ceil(ROWS)
    }

    /// The first row of a chunk, and how many rows it has.
    pub fn chunk_rows(&self, chunk: usize) -> (u32, usize) {
        let first = chunk * ROWS;
        let rows = (self.len() as usize - first).min(ROWS);
        (self.first + first as u32, rows)
    }

    /// Reads a chunk of a column.
    pub fn read(&self, source: Stored, chunk: usize, out: &mut Vec<u64>) {
        let (first, rows) = self.chunk_rows(chunk);
        self.column(source).read(first, rows, UNKNOWN, out);
        if let Stored::Attr(side, attr) = source {
            self.scale(side, attr, first, out);
        }
    }

    /// Reads a chunk of an attribute that is counted: 0 where it is unknown.
    pub fn counts(&self, side: Side, attr: Attr, chunk: usize, out: &mut Vec<u64>) {
        let (first, rows) = self.chunk_rows(chunk);
        self.column(Stored::Attr(side, attr))
            .read(first, rows, 0, out);
        self.scale(side, attr, first, out);
    }

    /// A chunk of a column that is kept in no more than 32 bits, and read as it is kept.
    pub fn narrow(&self, source: Stored, chunk: usize) -> Option<Narrow<'_>> {
        let (first, rows) = self.chunk_rows(chunk);
        match source {
            Stored::Attr(_, attr) if self.scales(attr) => None,
            source => self.column(source).narrow(first, rows),
        }
    }

    /// What a chunk of a column has.
    pub fn values(&self, source: Stored, chunk: usize) -> Vec<u64> {
        let mut values = Vec::new();
        self.read(source, chunk, &mut values);
        values
    }

    /// Whether every mate in a chunk is the reverse of its first flow.
    pub fn is_regular(&self, chunk: usize) -> bool {
        self.odd_hosts[0].is_absent(self.chunk_rows(chunk).0)
    }

    /// Whether there may be duplicates in a chunk.
    pub fn may_repeat(&self, chunk: usize) -> bool {
        let first = self.chunk_rows(chunk).0;
        !self.sides.iter().all(|side| side.repeats.is_absent(first))
    }

    fn column(&self, source: Stored) -> &Column {
        match source {
            Stored::Evidence => &self.evidence,
            Stored::Skew => &self.skew,
            Stored::Exporter => &self.exporter,
            Stored::Reason => &self.reason,
            Stored::Repeats(side) => &self.sides[side as usize].repeats,
            Stored::Protocol => &self.protocol,
            Stored::Host(end) => &self.hosts[end as usize],
            Stored::Port(end) => &self.ports[end as usize],
            Stored::OddHost(end) => &self.odd_hosts[end as usize],
            Stored::OddPort(end) => &self.odd_ports[end as usize],
            Stored::Attr(side, attr) => &self.sides[side as usize].attrs[attr as usize],
            Stored::Start(side) => &self.sides[side as usize].start,
            Stored::Approximate(side) => &self.sides[side as usize].approximate,
            Stored::Elapsed(side) => &self.sides[side as usize].elapsed,
        }
    }
}
