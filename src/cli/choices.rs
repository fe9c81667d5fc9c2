//! Words of which an option takes one.

use clap::ValueEnum;

use crate::query::facts::Orient;
use crate::report::view::Show;

/// Pages of the help.
#[derive(Clone, Copy, ValueEnum)]
pub enum Topic {
    /// The filter language
    Filter,
    /// Options of the report
    Report,
}

/// What a report prints.
#[derive(Clone, Copy, ValueEnum)]
pub enum ShowArg {
    /// Flows that belong together
    Connections,
    /// Flows without a peer
    Unmatched,
    /// Sums
    Summary,
    /// Lines that could not be used
    Rejects,
    /// What was read of each file
    Files,
    /// What each exporter sent, and what was lost of it
    Exporters,
}

/// How flows become connections.
#[derive(Clone, Copy, ValueEnum)]
pub enum PairingArg {
    /// Addresses, ports, protocol and exporter must fit
    Strict,
    /// What analyzer.py does, flaws included
    Analyzer,
}

/// Which end is the source.
#[derive(Clone, Copy, ValueEnum)]
pub enum OrientArg {
    /// The end that sent more bytes
    Bytes,
    /// The end that began
    Client,
}

impl From<ShowArg> for Show {
    fn from(show: ShowArg) -> Show {
        match show {
            ShowArg::Connections => Show::Connections,
            ShowArg::Unmatched => Show::Unmatched,
            ShowArg::Summary => Show::Summary,
            ShowArg::Rejects => Show::Rejects,
            ShowArg::Files => Show::Files,
            ShowArg::Exporters => Show::Exporters,
        }
    }
}

impl From<OrientArg> for Orient {
    fn from(orient: OrientArg) -> Orient {
        match orient {
            OrientArg::Bytes => Orient::Bytes,
            OrientArg::Client => Orient::Client,
        }
    }
}
