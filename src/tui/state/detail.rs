//! The detail pane's state: which row, and its records as they were read again.

use crate::load::Library;
use crate::model::raw::{RawRecord, Wanted};
use crate::table::nearest::{Candidate, nearest};
use crate::table::store::{RowId, Table};

/// A request to read the records of a row again.
pub struct RecordsRequest {
    /// The row.
    pub row: RowId,
    /// The record of each flow of it.
    pub flows: Vec<Wanted>,
    /// For an unmatched flow: where to look for what comes nearest to its peer.
    pub table: Option<Box<Table>>,
}

impl RecordsRequest {
    /// Reads them.
    pub fn answer(&self, library: &Library) -> Records {
        let records = self.flows.iter().map(|flow| library.record(flow));
        Records {
            row: self.row,
            records: records.collect(),
            nearest: self.table.as_ref().map(|table| nearest(table, self.row)),
        }
    }
}

/// The records of a row, or why there is none.
#[derive(Clone)]
pub struct Records {
    /// The row.
    pub row: RowId,
    /// One for each flow.
    pub records: Vec<Result<RawRecord, String>>,
    /// For an unmatched flow: what comes nearest to its peer.
    pub nearest: Option<Vec<Candidate>>,
}

/// The open detail pane.
pub struct Detail {
    /// The row it is about.
    pub row: RowId,
    /// How many of its flows were asked for; while loading, a mate may come later.
    pub asked: usize,
    /// Its records, once they have been read.
    pub records: Option<Vec<Result<RawRecord, String>>>,
    /// What comes nearest to an unmatched flow's peer, once it has been found.
    pub nearest: Option<Vec<Candidate>>,
    /// Lines scrolled.
    pub scroll: u16,
}
