//! Options of the browser and of the report alike, and what they come to.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;

use super::choices::PairingArg;
use super::growing::Growing;
use super::names::NameArgs;
use super::settings::Settings;
use super::tops::{self, SortArg};
use super::values::{LookArgs, filter, filter_file, host, packets, threads, tolerance, with_host};
use crate::query::facts::Orient;
use crate::query::language::written::Filter;
use crate::query::order::sort::Sort;
use crate::query::run::FEW;
use crate::table::analyzer::Rules;
use crate::table::build::Pairing;
use crate::table::share::all_cores;

/// The options.
#[derive(Args)]
pub struct Common {
    /// Exports to read: files, directories, or - for standard input; of the collector, nfdump (JSON), goflow2, Zeek (conn.log) or Suricata (eve.json)
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// An export to read, as the analyzer has it
    #[arg(short, long = "file", value_name = "FILE")]
    file: Vec<PathBuf>,
    /// Hide connections with fewer packets than this, in both directions together
    #[arg(short, long, value_name = "N", default_value_t = FEW, value_parser = packets, allow_negative_numbers = true)]
    packets: u64,
    #[command(flatten)]
    names: NameArgs,
    /// Only flows from or to this address
    #[arg(long, value_name = "ADDR", value_parser = host)]
    match_host: Option<IpAddr>,
    /// Only what passes this filter, such as 'proto tcp and dst port 443 and bytes > 1M'
    /// (see flowpeek help filter)
    #[arg(long, value_name = "EXPR", value_parser = filter)]
    filter: Option<Filter>,
    /// Only what passes the filter in this file too
    #[arg(long, value_name = "FILE", value_parser = filter_file)]
    filter_file: Option<Filter>,
    /// Sort by a field
    #[arg(long, value_name = "FIELD[:asc|desc]", value_parser = tops::sort)]
    pub sort: Option<SortArg>,
    /// How flows become connections
    #[arg(long, value_enum, default_value = "strict")]
    pub pairing: PairingArg,
    /// How far apart two flows of a connection may start
    #[arg(long, value_name = "DURATION", value_parser = tolerance, default_value = "1s", allow_negative_numbers = true)]
    tolerance: i64,
    /// Which end the source columns show
    #[arg(long, value_enum, default_value = "bytes")]
    orient: Orient,
    /// Show times in UTC
    #[arg(long)]
    utc: bool,
    /// Count flows that are seen twice (by two exporters, in two files) each time, and show
    /// them; otherwise they count once
    #[arg(long)]
    duplicates: bool,
    /// Multiply bytes and packets by the sampling that the exporter tells of
    #[arg(long)]
    scale: bool,
    /// Read with this many threads, all cores by default
    #[arg(long, value_name = "N", value_parser = threads, allow_negative_numbers = true)]
    threads: Option<u16>,
}

impl Common {
    /// The settings, with rows in this order; `is_0_12` is a rule of the analyzer's.
    pub fn settings(self, sort: Option<Sort>, growing: Growing, is_0_12: bool) -> Settings {
        let mut files = self.file;
        files.extend(self.files);
        let host = self.match_host;
        let filter = match (self.filter, self.filter_file) {
            (Some(one), Some(other)) => Filter {
                text: format!("({})", one.text),
                ..one
            }
            .and(other),
            (one, other) => one.or(other).unwrap_or_default(),
        };
        let (pairing, filter) = match self.pairing {
            // the analyzer passes over other hosts' flows before it pairs
            PairingArg::Analyzer => {
                let rules = Rules {
                    is_0_12,
                    match_host: host,
                };
                (Pairing::Analyzer(rules), filter)
            }
            PairingArg::Strict => {
                let tolerance = self.tolerance;
                (Pairing::Strict { tolerance }, with_host(filter, host))
            }
        };
        Settings {
            files,
            pairing,
            filter,
            threshold: self.packets,
            sort,
            orient: self.orient,
            utc: self.utc,
            names: self.names.settings(),
            threads: self.threads.map_or_else(all_cores, usize::from),
            growing,
            scale: self.scale,
            duplicates: self.duplicates,
            look: LookArgs::default(),
        }
    }
}
