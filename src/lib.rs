//! flowpeek: a terminal browser for network flow exports.
//!
//! The map of the layers. Each imports only from those below it, and a test
//! (`tests/layers`) holds the code to that.
//!
//! ```text
//! main.rs    arguments -> run() -> exit code
//! lib.rs     this map; run() chooses the browser or the report
//! cli.rs     arguments -> settings; filters are parsed before anything is loaded
//! report/    FORMATS: rows -> bytes
//! tui/       the terminal browser: one inbox, update, draw
//! load.rs    the loader: ingest -> table; the only place that sees both
//! query/     FIELDS, the filter language, sorting: table + query -> rows
//! table/     columns, pairing, the builder; knows nothing of spelling
//! ingest/    bytes -> lines -> packets of flows, or rejects
//! names/     host names and service names
//! model/     flows, attributes, values, units: what everybody speaks
//! ```
//!
//! What must never be: a byte of the input on the terminal that was not
//! cleaned (`model/text.rs`, where it enters); a lock (threads hand messages
//! on); a flow that is neither in the table nor counted as lost.

pub mod cli;
pub mod ingest;
pub mod load;
pub mod model;
pub mod names;
pub mod query;
pub mod report;
pub mod table;
pub mod tui;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;

use cli::{Cli, ReportSettings, Settings};
use ingest::source::SourceError;
use load::{Inputs, Snapshot, load};
use model::time::Zone;
use names::{Answers, Services, resolve_all, system_lookup};
use query::facts::Context;
use query::run::{Preset, Query, run as ask};
use report::view::{Report, Show};
use table::store::Table;

/// Lookups at the same time, and how long the report waits for all of them.
const LOOKUPS: usize = 16;
const LOOKUP_LIMIT: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Input(#[from] SourceError),
    #[error("nothing to read: name a file, a directory, or - for standard input (see --help)")]
    NoInput,
    #[error("the filter asks for names of hosts, and -n forbids that")]
    NoNames,
    #[error("{0}: no line of it could be read (first: line {1}: {2})")]
    AllRejected(String, u64, String),
    #[error("cannot write: {0}")]
    Output(#[source] io::Error),
    #[error("terminal: {0}")]
    Terminal(#[source] io::Error),
}

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.help() {
        Some(page) => tell(&page),
        None => {
            let (settings, report) = cli.settings();
            execute(settings, report)
        }
    };
    match done {
        Ok(code) => code,
        // who reads has seen enough
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            // standard error may be gone too; there is nobody left to tell
            let _ = writeln!(io::stderr(), "flowpeek: {failure}");
            let is_usage = matches!(failure, Failure::NoInput | Failure::NoNames);
            ExitCode::from(if is_usage { 2 } else { 1 })
        }
    }
}

fn tell(page: &str) -> Result<ExitCode, Failure> {
    let written = io::stdout().lock().write_all(page.as_bytes());
    written.map_err(Failure::Output)?;
    Ok(ExitCode::SUCCESS)
}

fn execute(mut settings: Settings, report: Option<ReportSettings>) -> Result<ExitCode, Failure> {
    if settings.filter.asks_names() && !settings.dns {
        return Err(Failure::NoNames);
    }
    if settings.files.is_empty() {
        if io::stdin().is_terminal() {
            return Err(Failure::NoInput);
        }
        settings.files.push(PathBuf::from("-"));
    }
    let inputs = Inputs::look_at(&settings.files)?;
    for refused in &inputs.refused {
        let _ = writeln!(io::stderr(), "flowpeek: {refused}");
    }
    let services = Arc::new(Services::system());
    let context = Context::new(services, zone(&settings), settings.orient);
    match report {
        None if io::stdout().is_terminal() => browse(settings, inputs, context),
        report => print(&settings, &report.unwrap_or_default(), inputs, context),
    }
}

fn zone(settings: &Settings) -> Zone {
    if settings.utc {
        Zone::utc()
    } else {
        Zone::local()
    }
}

fn query(settings: &Settings, preset: Preset, threshold: u64) -> Query {
    Query {
        preset,
        filter: settings.filter.clone(),
        threshold,
        sort: settings.sort,
        orient: settings.orient,
    }
}

fn browse(settings: Settings, inputs: Inputs, context: Context) -> Result<ExitCode, Failure> {
    let start = tui::Start {
        query: query(&settings, Preset::Connections, settings.threshold),
        pairing: settings.pairing,
        threads: settings.threads,
        zone: zone(&settings),
        services: context.services,
        dns: settings.dns,
    };
    tui::run(start, inputs).map_err(Failure::Terminal)
}

fn print(
    settings: &Settings,
    options: &ReportSettings,
    inputs: Inputs,
    mut context: Context,
) -> Result<ExitCode, Failure> {
    let snapshot = load(inputs, settings.pairing, settings.threads, |_| true);
    if options.show != Show::Rejects {
        check_read(&snapshot)?;
    }
    if settings.filter.asks_names() {
        context.names = all_names(&snapshot.table);
    }
    let context = &context;
    let ask = |preset, threshold| {
        ask(
            &snapshot.table,
            &query(settings, preset, threshold),
            context,
        )
    };
    // the analyzer counts its leftovers before it hides the small ones
    let leftovers = options.format.starts_with("analyzer");
    let least = if leftovers { 0 } else { settings.threshold };
    let mut report = Report {
        snapshot: &snapshot,
        connections: ask(Preset::Connections, settings.threshold),
        unmatched: ask(Preset::Unmatched, least),
        context,
        names: std::collections::HashMap::new(),
        zone: zone(settings),
        show: options.show,
        verbose: options.verbose,
        threshold: settings.threshold,
        limit: options.limit,
    };
    if settings.dns && matches!(options.show, Show::Connections | Show::Unmatched) {
        let addresses = report.addresses();
        report.names = resolve_all(&addresses, LOOKUPS, LOOKUP_LIMIT, system_lookup);
    }
    let format = report::FORMATS
        .iter()
        .find(|row| row.name == options.format);
    if let Some(format) = format {
        let mut out = BufWriter::new(io::stdout().lock());
        (format.write)(&report, &mut out)
            .and_then(|()| out.flush())
            .map_err(Failure::Output)?;
    }
    tell_losses(&snapshot);
    Ok(ExitCode::SUCCESS)
}

/// The names of all hosts, as many as answer in time.
fn all_names(table: &Table) -> Arc<Answers> {
    let addresses: Vec<IpAddr> = table.addresses().copied().collect();
    let names = resolve_all(&addresses, LOOKUPS, LOOKUP_LIMIT, system_lookup);
    if names.len() < addresses.len() {
        let (known, all) = (names.len(), addresses.len());
        let words = format!("names are known of {known} of {all} hosts");
        let _ = writeln!(io::stderr(), "flowpeek: {words}");
    }
    let answer = |(address, name): (IpAddr, String)| (address, Some(name.into_boxed_str()));
    Arc::new(names.into_iter().map(answer).collect())
}

/// Input of which nothing could be used is an error, not an empty list.
fn check_read(snapshot: &Snapshot) -> Result<(), Failure> {
    let intake = &snapshot.intake;
    match intake.rejects.first() {
        Some(reject) if intake.packets == 0 => Err(Failure::AllRejected(
            intake.files[reject.file as usize].name.clone(),
            reject.line,
            reject.reason.clone(),
        )),
        _ => Ok(()),
    }
}

/// Sums up on standard error what could not be used.
fn tell_losses(snapshot: &Snapshot) {
    let intake = &snapshot.intake;
    let mut words = Vec::new();
    if let Some(first) = intake.rejects.first() {
        let file = &intake.files[first.file as usize].name;
        let (line, reason) = (first.line, &first.reason);
        let lines = intake.rejected_lines;
        words.push(format!(
            "rejected lines: {lines} (first: {file} line {line}: {reason})"
        ));
    }
    if let Some(first) = intake.damage.first() {
        let (bytes, file) = (
            intake.damaged_bytes,
            &intake.files[first.file as usize].name,
        );
        let (offset, reason) = (first.offset, &first.reason);
        words.push(format!(
            "damaged bytes: {bytes} (first: {file} at byte {offset}: {reason})"
        ));
    }
    if intake.unreadable_values > 0 {
        let values = intake.unreadable_values;
        words.push(format!(
            "values that do not fit their field, taken as unknown: {values}"
        ));
    }
    if snapshot.table.is_empty() {
        words.push("no flows in the input".to_owned());
    }
    for words in words {
        let _ = writeln!(io::stderr(), "flowpeek: {words}");
    }
}
