//! What the loader hands out.

use std::sync::Arc;
use std::time::Duration;

use crate::model::intake::Intake;
use crate::table::store::Table;

/// The table and the account of the input, as far as they have come.
#[derive(Clone)]
pub struct Snapshot {
    /// The table.
    pub table: Table,
    /// What was read and what was lost.
    pub intake: Arc<Intake>,
    /// Everything has been read, or everything that was there so far.
    pub complete: bool,
    /// How long it took so far.
    pub elapsed: Duration,
    /// What it takes, and of files that are followed.
    pub growth: Growth,
}

/// What is to be said of input that grows, and of what it takes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Growth {
    /// The beat of what comes in, while files are followed.
    pub pulse: Option<Pulse>,
    /// The file that is waited for: nothing has come of it yet.
    pub waits: Option<u32>,
    /// A table with the same number is the same table; 0 is never the same.
    pub version: u64,
    /// Bytes of memory that grow with what is read: the table's above all.
    pub table: u64,
    /// Bytes of memory that all of it takes.
    pub memory: u64,
    /// Why loading stopped before everything was read.
    pub stopped: Option<Full>,
}

/// What there was no room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// It would have taken more than this many bytes of memory.
    Memory(u64),
    /// There are no numbers for more rows.
    Numbers,
}

/// The beat of what comes in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pulse {
    /// Flows in a second, lately.
    pub rate: f64,
    /// How long ago the newest flow was received, by the clock of this machine.
    pub age: Option<Duration>,
}
