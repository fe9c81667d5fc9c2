//! flowpeek: a terminal browser for network flow exports.
//!
//! The map of the layers. Each imports only from those below it, and a test
//! (`tests/layers`) holds the code to that.
//!
//! ```text
//! main.rs    arguments -> run() -> exit code
//! lib.rs     this map; run() chooses the browser or the report
//! cli.rs     arguments -> settings; filters are parsed before anything is loaded
//! sums.rs    groups and timelines for the report
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
pub mod sums;
pub mod table;
pub mod tui;

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;

use cli::{Cli, ReportSettings, Settings};
use ingest::source::SourceError;
use load::{Inputs, Plan, Snapshot, load_by};
use names::{Answers, Services, resolve_all, system_lookup};
use query::facts::{Context, Orient};
use query::run::{Preset, Query, run as ask};
use report::view::{Report, Show};

/// Lookups at the same time, and how long the report waits for all of them.
const LOOKUPS: usize = 16;
const LOOKUP_LIMIT: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Input(#[from] SourceError),
    #[error("nothing to read: name a file, a directory, or - for standard input (see --help)")]
    NoInput,
    #[error(
        "report is a command and comes before its options: flowpeek report [OPTIONS] [FILE]..."
    )]
    LateCommand,
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
    let done = arguments().and_then(|cli| match cli.help() {
        Some(page) => tell(&page),
        None => match cli.settings() {
            Ok((settings, report)) => execute(settings, report),
            Err(error) => error.exit(),
        },
    });
    match done {
        Ok(code) => code,
        // who reads has seen enough
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            // standard error may be gone too; there is nobody left to tell
            let _ = writeln!(io::stderr(), "flowpeek: {failure}");
            let is_usage = matches!(
                failure,
                Failure::NoInput | Failure::LateCommand | Failure::NoNames
            );
            ExitCode::from(if is_usage { 2 } else { 1 })
        }
    }
}

/// The arguments. When they are wrong the program ends here, with clap's words,
/// but not with those about an option of a command that it did not see.
fn arguments() -> Result<Cli, Failure> {
    let is_command = |argument: &OsString| argument == "report";
    match Cli::try_parse() {
        Ok(cli) => Ok(cli),
        Err(error) => {
            let (first, mut later) = (std::env::args_os().nth(1), std::env::args_os().skip(2));
            let is_late = !first.is_some_and(|first| is_command(&first))
                && later.any(|argument| is_command(&argument));
            if is_late && error.kind() == ErrorKind::UnknownArgument {
                return Err(Failure::LateCommand);
            }
            error.exit()
        }
    }
}

fn tell(page: &str) -> Result<ExitCode, Failure> {
    let written = io::stdout().lock().write_all(page.as_bytes());
    written.map_err(Failure::Output)?;
    Ok(ExitCode::SUCCESS)
}

fn execute(mut settings: Settings, report: Option<ReportSettings>) -> Result<ExitCode, Failure> {
    if settings.filter.expr.asks_names() && !settings.dns {
        return Err(Failure::NoNames);
    }
    if settings.files.is_empty() {
        if io::stdin().is_terminal() {
            return Err(Failure::NoInput);
        }
        settings.files.push(PathBuf::from("-"));
    }
    let command = Path::new("report");
    if report.is_none() && settings.files.iter().any(|file| file == command) && !command.exists() {
        return Err(Failure::LateCommand);
    }
    let browses = report.is_none() && io::stdout().is_terminal();
    let inputs = Inputs::look(&settings.files, settings.growing.follow && browses)?;
    for refused in &inputs.refused {
        let _ = writeln!(io::stderr(), "flowpeek: {refused}");
    }
    let services = Arc::new(Services::system());
    let context = Context::new(services, settings.zone(), settings.orient);
    match report {
        None if browses => browse(settings, inputs, context),
        report => print(settings, &report.unwrap_or_default(), inputs, context),
    }
}

fn query(settings: &Settings, preset: Preset, threshold: u64) -> Query {
    Query {
        preset,
        filter: settings.filter.expr.clone(),
        threshold,
        sort: settings.sort,
        orient: settings.orient,
    }
}

fn plan(settings: &Settings) -> Plan {
    Plan {
        follow: settings.growing.follow,
        keep: settings.growing.keep,
        memory: settings.growing.memory,
        scale: settings.scale,
        ..Plan::once(settings.pairing, settings.threads)
    }
}

fn browse(settings: Settings, inputs: Inputs, context: Context) -> Result<ExitCode, Failure> {
    let start = tui::Start {
        query: query(&settings, Preset::Connections, settings.threshold),
        filter: settings.filter.text.clone(),
        plan: plan(&settings),
        zone: settings.zone(),
        services: context.services,
        dns: settings.dns,
    };
    tui::run(start, inputs).map_err(Failure::Terminal)
}

fn print(
    mut settings: Settings,
    options: &ReportSettings,
    inputs: Inputs,
    mut context: Context,
) -> Result<ExitCode, Failure> {
    let (format, show) = (options.format, options.show.unwrap_or(Show::Connections));
    let snapshot = load_by(inputs, plan(&settings), |_| true);
    if show != Show::Rejects {
        check_read(&snapshot)?;
    }
    let mut least = settings.threshold;
    if format.is_analyzer {
        (settings.orient, context.orient) = (Orient::Bytes, Orient::Bytes);
        least = 0;
    }
    if settings.filter.expr.asks_names() {
        context.names = all_names(&snapshot.table);
    }
    if let Some(together) = &options.together {
        let rows = query(&settings, show.preset(), settings.threshold);
        let sheet = sums::sheet(together, rows, &snapshot.table, &context);
        return finish(&snapshot, false, |out| (format.sheet)(&sheet, out));
    }
    let ask = |preset, threshold| {
        ask(
            &snapshot.table,
            &query(&settings, preset, threshold),
            &context,
        )
    };
    let mut report = Report {
        snapshot: &snapshot,
        connections: ask(Preset::Connections, settings.threshold),
        unmatched: ask(Preset::Unmatched, least),
        context: &context,
        names: std::collections::HashMap::new(),
        zone: settings.zone(),
        show,
        only: options.show.is_some(),
        verbose: options.verbose,
        threshold: settings.threshold,
        limit: options.limit,
    };
    if settings.dns {
        let addresses = report.addresses(&(format.rows)(&report));
        report.names = resolve_all(&addresses, LOOKUPS, LOOKUP_LIMIT, system_lookup);
    }
    let all_rejects = show == Show::Rejects && options.limit > snapshot.intake.rejects.len();
    finish(&snapshot, all_rejects, |out| (format.write)(&report, out))
}

/// Writes the report, and tells what is missing in it.
fn finish(
    snapshot: &Snapshot,
    rejects_listed: bool,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<ExitCode, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    write(&mut out)
        .and_then(|()| out.flush())
        .map_err(Failure::Output)?;
    tell_losses(snapshot, rejects_listed);
    Ok(ExitCode::SUCCESS)
}

/// The names of all hosts, as many as answer in time.
fn all_names(table: &table::store::Table) -> Arc<Answers> {
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
fn tell_losses(snapshot: &Snapshot, rejects_listed: bool) {
    let mut words = snapshot.intake.losses();
    let unlisted = snapshot.intake.rejects_not_kept();
    if rejects_listed && unlisted > 0 {
        words.push(format!("rejected lines that are not listed: {unlisted}"));
    }
    let left_out = snapshot.table.totals().left_out;
    if left_out > 0 {
        words.push(format!(
            "flows left out by the analyzer's rules: {left_out}"
        ));
    }
    if snapshot.table.is_empty() && left_out == 0 {
        words.push("no flows in the input".to_owned());
    }
    for words in words {
        let _ = writeln!(io::stderr(), "flowpeek: {words}");
    }
}
