//! Options for files that grow.

use clap::Args;

use super::values::keep;
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
}
