//! Columns read a chunk at a time into a plain buffer: what touches every row
//! of the table goes through here and not through `Row`.

use super::column::{CHUNK, Column};
use super::store::{Side, Table};
use crate::model::attr::Attr;

/// A column that is read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// How a row was paired; unknown where it was not.
    Evidence,
    /// Why a row is unmatched, by its number; unknown where it is not, or not yet told.
    Reason,
    /// Protocol number, zigzag.
    Protocol,
    /// Source (0) or destination (1) host of the first flow.
    Host(usize),
    /// Source (0) or destination (1) port of the first flow.
    Port(usize),
    /// An attribute of a side.
    Attr(Side, Attr),
    /// Start of a side, zigzag.
    Start(Side),
    /// Milliseconds a side lasted, zigzag.
    Elapsed(Side),
}

impl Table {
    /// How many chunks the rows make.
    pub fn chunks(&self) -> usize {
        (self.len as usize).div_ceil(CHUNK)
    }

    /// The first row of a chunk, and how many rows it has.
    pub fn chunk_rows(&self, chunk: usize) -> (u32, usize) {
        let first = chunk * CHUNK;
        (first as u32, (self.len as usize - first).min(CHUNK))
    }

    /// Reads a chunk of a column.
    pub fn read(&self, source: Source, chunk: usize, out: &mut Vec<u64>) {
        let (_, rows) = self.chunk_rows(chunk);
        self.column(source).read(chunk, rows, out);
    }

    /// Whether every mate in a chunk is the reverse of its first flow.
    pub fn is_regular(&self, chunk: usize) -> bool {
        self.odd_hosts[0].is_absent(chunk)
    }

    fn column(&self, source: Source) -> &Column {
        match source {
            Source::Evidence => &self.evidence,
            Source::Reason => &self.reason,
            Source::Protocol => &self.protocol,
            Source::Host(which) => &self.hosts[which],
            Source::Port(which) => &self.ports[which],
            Source::Attr(side, attr) => &self.sides[side as usize].attrs[attr as usize],
            Source::Start(side) => &self.sides[side as usize].start,
            Source::Elapsed(side) => &self.sides[side as usize].elapsed,
        }
    }
}
