//! `Settings`: what the arguments ask for.

use std::path::PathBuf;

use super::growing::Growing;
use super::values::Filter;
use crate::model::time::Zone;
use crate::query::facts::Orient;
use crate::query::sort::Sort;
use crate::table::build::Pairing;

/// What both the browser and the report need to know.
pub struct Settings {
    /// Input, `-` for standard input.
    pub files: Vec<PathBuf>,
    /// How flows become connections.
    pub pairing: Pairing,
    /// What to show of them.
    pub filter: Filter,
    /// Connections with fewer packets are hidden.
    pub threshold: u64,
    /// The order.
    pub sort: Option<Sort>,
    /// What the source columns show.
    pub orient: Orient,
    /// Times in UTC.
    pub utc: bool,
    /// Ask for host names.
    pub dns: bool,
    /// Threads that read.
    pub threads: usize,
    /// Growing files.
    pub growing: Growing,
    /// Counters are multiplied by the sampling.
    pub scale: bool,
}

impl Settings {
    /// The zone of times.
    pub fn zone(&self) -> Zone {
        match self.utc {
            true => Zone::utc(),
            false => Zone::local(),
        }
    }
}
