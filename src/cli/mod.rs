//! The command line: arguments in, settings out. Filters are parsed here, so
//! that a typo is an error before anything is loaded.

mod choices;
mod common;
mod complaint;
mod growing;
mod names;
pub mod options;
mod origin;
mod pages;
mod settings;
mod tops;
mod values;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::report::FORMATS;
use crate::report::view::Show;
pub use choices::{Topic, word};
use common::Common;
use growing::Growing;
pub use names::{NameArgs, NameSettings};
use options::REPORT;
use origin::OriginArgs;
pub use pages::{Manual, Page};
pub use settings::{ReportSettings, Settings};
use tops::TopArgs;
use values::limit;
pub use values::{LookArgs, Theme};

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
    // as with the analyzer: an alias with options of its own can be overruled
    args_override_self = true,
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
    show: Option<Show>,
    #[command(flatten)]
    together: TopArgs,
    /// Print at most so many rows, groups, files or exporters; of a timeline all steps are printed
    #[arg(long, value_name = "N", value_parser = limit, allow_negative_numbers = true)]
    limit: Option<usize>,
    /// Print the flows left over too (always on in the analyzer format)
    #[arg(short, long)]
    verbose: bool,
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
        let of_report = matches!(self.command, Some(Command::Report(_)));
        let wrong = |words: String| wrong(of_report, words);
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
            let settings = common.settings(sort, growing, false);
            return Ok((Settings { look, ..settings }, None));
        };
        let (task, sort) = together.read(sort, show, limit).map_err(wrong)?;
        let format = FORMATS.iter().find(|row| row.name == format);
        let report = ReportSettings {
            show,
            limit: limit.unwrap_or(usize::MAX),
            verbose,
            format: format.unwrap_or(&FORMATS[0]),
            task,
        };
        let is_0_12 = report.format.skips_ipfix;
        Ok((common.settings(sort, growing, is_0_12), Some(report)))
    }
}

/// A mistake in options that do not go together, of the report or of the browser.
fn wrong(of_report: bool, words: String) -> clap::Error {
    let mut all = Cli::command();
    // so that the report knows its whole name
    all.build();
    let report = all.find_subcommand(REPORT).filter(|_| of_report).cloned();
    let mut command = report.unwrap_or(all);
    command.error(ErrorKind::ValueValidation, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::is_clean;
    use crate::query::language::parse::parse;
    use crate::query::language::written::Filter;

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
