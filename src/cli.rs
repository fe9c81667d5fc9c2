//! The command line: arguments in, settings out. Filters are parsed here, so
//! that a typo is an error before anything is loaded.

mod choices;
mod growing;
mod names;
pub mod options;
mod origin;
mod pages;
mod settings;
mod tops;
mod values;

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::query::sort::Sort;
use crate::report::FORMATS;
use crate::report::view::Show;
use crate::table::analyzer::Rules;
use crate::table::build::Pairing;
use crate::table::share::all_cores;
pub use choices::Topic;
use choices::{OrientArg, PairingArg, ShowArg};
use growing::Growing;
pub use names::{NameArgs, NameSettings};
use origin::OriginArgs;
pub use pages::{Manual, Page};
pub use settings::{ReportSettings, Settings};
pub use tops::Together;
use tops::{SortArg, TopArgs};
pub use values::{Filter, LookArgs, Theme};
use values::{filter, filter_file, tolerance, with_host};

/// The version, and in a release build the commit, if `build.rs` could tell.
const VERSION: &str = match option_env!("FLOWPEEK_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

/// Browse network flow exports in the terminal
///
/// Reads what the collector of the Python package netflow writes (NetFlow v1, v5, v9 and
/// IPFIX as JSON lines, compressed or not), pairs the flows into connections, and shows
/// them as tables that can be sorted, filtered and looked into while they still load.
/// When standard output is no terminal, it prints what flowpeek report prints.
#[derive(Parser)]
#[command(
    name = "flowpeek",
    version = VERSION,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    growing: Growing,
    #[command(flatten)]
    look: LookArgs,
    #[command(flatten)]
    origin: OriginArgs,
}

/// The arguments, before anything is set elsewhere.
pub fn command() -> clap::Command {
    options::with_flags(Cli::command())
}

/// A command among the files, unless there is a file of that name.
pub fn late_command(files: &[PathBuf]) -> Option<String> {
    let names = files.iter().filter_map(|file| file.to_str());
    let is_command = |name: &str| command().find_subcommand(name).is_some();
    let mut late = names.filter(|name| is_command(name) && !Path::new(name).exists());
    late.next().map(str::to_owned)
}

#[derive(Subcommand)]
enum Command {
    /// Print connections, unmatched flows or sums instead of browsing them
    ///
    /// Prints the connections as the analyzer of the Python package netflow does, or as
    /// CSV or JSON; or flows without a peer, groups, steps of time, sums, and lines that
    /// could not be used.
    Report(Box<ReportArgs>),
    /// Print the settings in force as a configuration file
    Config,
    #[command(flatten)]
    Page(Page),
}

#[derive(Args)]
struct ReportArgs {
    #[command(flatten)]
    common: Common,
    /// How to print
    #[arg(long, default_value = FORMATS[0].name, value_parser = FORMATS.iter().map(|f| f.name).collect::<Vec<_>>())]
    format: String,
    /// What to print [default: connections; the json format has them with the unmatched flows]
    #[arg(long, value_enum)]
    show: Option<ShowArg>,
    #[command(flatten)]
    together: TopArgs,
    /// Print at most so many rows, or groups; of a timeline all steps are printed
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Print the flows left over too (always on in the analyzer format)
    #[arg(short, long)]
    verbose: bool,
}

#[derive(Args)]
struct Common {
    /// Exports to read: files, directories, or - for standard input; of the collector, nfdump (JSON), goflow2, Zeek (conn.log) or Suricata (eve.json)
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// An export to read, as the analyzer has it
    #[arg(short, long = "file", value_name = "FILE")]
    file: Vec<PathBuf>,
    /// Hide connections with fewer packets than this, in both directions together
    #[arg(short, long, value_name = "N", default_value_t = 10)]
    packets: u64,
    #[command(flatten)]
    names: NameArgs,
    /// Only flows from or to this address
    #[arg(long, value_name = "ADDR")]
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
    sort: Option<SortArg>,
    /// How flows become connections
    #[arg(long, value_enum, default_value = "strict")]
    pairing: PairingArg,
    /// How far apart two flows of a connection may start
    #[arg(long, value_name = "DURATION", value_parser = tolerance, default_value = "1s")]
    tolerance: i64,
    /// Which end the source columns show
    #[arg(long, value_enum, default_value = "bytes")]
    orient: OrientArg,
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
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

impl Cli {
    /// The page to print, if one was asked for.
    pub fn page(&self) -> Option<&Page> {
        match &self.command {
            Some(Command::Page(page)) => Some(page),
            _ => None,
        }
    }

    /// Whether the settings are to be printed.
    pub fn asks_config(&self) -> bool {
        matches!(self.command, Some(Command::Config))
    }

    /// The settings, and those of the report if one was asked for.
    ///
    /// # Errors
    /// When options do not go together.
    pub fn settings(self) -> Result<(Settings, Option<ReportSettings>), clap::Error> {
        let wrong = |message| Cli::command().error(ErrorKind::ValueValidation, message);
        let (growing, look) = (self.growing, self.look);
        let (mut common, args) = match self.command {
            None | Some(Command::Page(_) | Command::Config) => (self.common, None),
            Some(Command::Report(args)) => {
                let ReportArgs {
                    common,
                    format,
                    show,
                    together,
                    limit,
                    verbose,
                } = *args;
                (common, Some((format, show, together, limit, verbose)))
            }
        };
        growing.check(common.pairing).map_err(wrong)?;
        let sort = common.sort.take();
        let Some((format, show, together, limit, verbose)) = args else {
            let sort = tops::rows(sort).map_err(wrong)?;
            let settings = settings(common, sort, growing, false);
            return Ok((Settings { look, ..settings }, None));
        };
        let show = show.map(Show::from);
        let (together, sort) = together.read(sort, show, limit).map_err(wrong)?;
        let format = FORMATS.iter().find(|row| row.name == format);
        let report = ReportSettings {
            show,
            limit: limit.unwrap_or(usize::MAX),
            verbose,
            format: format.unwrap_or(&FORMATS[0]),
            together,
        };
        let skip_ipfix = report.format.name == "analyzer-0.12";
        Ok((settings(common, sort, growing, skip_ipfix), Some(report)))
    }
}

fn settings(common: Common, sort: Option<Sort>, growing: Growing, skip_ipfix: bool) -> Settings {
    let mut files = common.file;
    files.extend(common.files);
    let host = common.match_host;
    let filter = match (common.filter, common.filter_file) {
        (Some(one), Some(other)) => Filter {
            text: format!("({})", one.text),
            ..one
        }
        .and(other),
        (one, other) => one.or(other).unwrap_or_default(),
    };
    let (pairing, filter) = match common.pairing {
        // the analyzer passes over other hosts' flows before it pairs
        PairingArg::Analyzer => {
            let rules = Rules {
                skip_ipfix,
                match_host: host,
            };
            (Pairing::Analyzer(rules), filter)
        }
        PairingArg::Strict => {
            let tolerance = common.tolerance;
            (Pairing::Strict { tolerance }, with_host(filter, host))
        }
    };
    Settings {
        files,
        pairing,
        filter,
        threshold: common.packets,
        sort,
        orient: common.orient.into(),
        utc: common.utc,
        names: common.names.settings(),
        threads: common.threads.map_or_else(all_cores, usize::from),
        growing,
        scale: common.scale,
        duplicates: common.duplicates,
        look: LookArgs::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::is_clean;
    use crate::query::parse::parse;

    #[test]
    fn what_is_shown_of_a_filter_is_what_it_means() {
        for host in ["10.0.0.1", "2001:db8::1"] {
            for filter in [
                &[][..],
                &["--filter", "port 443 or proto\nudp"],
                &["--filter", "not '\u{202e}\u{5d0}\u{301}\u{1b}[2J'"],
            ] {
                let args = [&["flowpeek", "--match-host", host], filter].concat();
                let Ok((settings, _)) = Cli::parse_from(args.clone()).settings() else {
                    panic!("{args:?}")
                };
                let Filter { text, expr } = settings.filter;
                assert!(text.starts_with(&format!("host {host}")), "{text}");
                assert!(is_clean(&text), "{text}");
                assert_eq!(parse(&text), Ok(expr), "{text}");
            }
        }
    }
}
