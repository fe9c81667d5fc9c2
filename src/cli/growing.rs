//! Options for files that grow.

use clap::Args;

use super::choices::PairingArg;
use super::values::{keep, memory};
use crate::table::keep::Keep;

/// How growing files are read; of the browser alone.
#[derive(Args, Default)]
pub struct Growing {
    /// Read what is appended to the files too, and the files that take over their names
    #[arg(long)]
    pub follow: bool,
    /// Keep so many rows, or what was received within this time, and drop older ones
    #[arg(long, value_name = "N|DURATION", value_parser = keep)]
    pub keep: Option<Keep>,
    /// Stop reading when so much memory is taken, such as 2G, and browse what was read
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub memory: Option<u64>,
}

impl Growing {
    /// Tells whether the pairing can grow with the files.
    ///
    /// # Errors
    /// In words, when it cannot and is asked to.
    pub(super) fn check(&self, pairing: PairingArg) -> Result<(), String> {
        let grows = self.follow || self.keep.is_some();
        match pairing {
            PairingArg::Analyzer if grows => Err("the analyzer's pairing needs all input \
                before it begins: it goes with neither --follow nor --keep"
                .to_owned()),
            _ => Ok(()),
        }
    }
}
