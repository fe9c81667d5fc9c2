//! How input is loaded.

use crate::table::build::Pairing;
use crate::table::keep::Keep;

use super::weight::Gauge;

/// How input is loaded.
#[derive(Clone, Copy)]
pub struct LoadPlan {
    /// How flows become connections.
    pub pairing: Pairing,
    /// Threads that read.
    pub threads: usize,
    /// What is appended is read too.
    pub follow: bool,
    /// What is kept of the table; everything, if nothing is said.
    pub keep: Option<Keep>,
    /// Counters are multiplied by the sampling.
    pub scale: bool,
    /// Bytes of memory that it may take.
    pub memory: Option<u64>,
    /// What tells how many it takes, besides the table.
    pub gauge: Gauge,
    /// Bytes that have to be left of what the system allows.
    pub headroom: Option<usize>,
}

impl LoadPlan {
    /// To load what is there, and all of it.
    pub fn once(pairing: Pairing, threads: usize) -> LoadPlan {
        LoadPlan {
            pairing,
            threads,
            follow: false,
            keep: None,
            memory: None,
            gauge: || None,
            headroom: None,
            scale: false,
        }
    }
}
