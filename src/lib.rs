//! flowpeek: a terminal browser for network flow exports.
//!
//! The map of the layers. Each imports only from those below it, and a test
//! (`tests/layers`) holds the code to that.
//!
//! ```text
//! main.rs    arguments -> run() -> exit code
//! lib.rs     this map; run() chooses the browser or the report
//! setup.rs   arguments, variables, a profile, a configuration file: what they come to
//! manual/    help, man pages, completions: made from the catalogues
//! build.rs   the build script, which names the commit
//! cli.rs     arguments -> settings; filters are parsed before anything is loaded
//! failure.rs why it ends without its work done, and with which exit code
//! export.rs  what a view of the browser shows -> the bytes of a file
//! sums.rs    groups and timelines for the report
//! report/    FORMATS: rows -> bytes
//! tui/       the terminal browser: one inbox, update, draw
//! load.rs    the loader: ingest -> table; the only place that sees both
//! query/     FIELDS, the filter language, sorting: table + query -> rows
//! table/     columns, pairing, the builder; knows nothing of spelling
//! ingest/    bytes -> lines -> packets of flows, or rejects
//! names/     host names and service names
//! config.rs  the configuration file -> what it sets, and on which line
//! stderr.rs  what is said on standard error
//! limits.rs  what the system allows the program
//! private.rs small files of the user's own, kept from run to run
//! model/     flows, attributes, values, units: what everybody speaks
//! ```
//!
//! What must never be: a byte of the input on the terminal that was not
//! cleaned (`model/text.rs`, where it enters); a lock (threads hand messages
//! on); a flow that is neither in the table nor counted as lost.

pub mod cli;
pub mod config;
mod export;
mod failure;
pub mod ingest;
mod limits;
pub mod load;
mod manual;
pub mod model;
pub mod names;
mod private;
pub mod query;
pub mod report;
mod setup;
mod stderr;
pub mod sums;
pub mod table;
pub mod tui;

use std::collections::BTreeSet;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cli::{NameSettings, ReportSettings, Settings, Together};
use failure::{Failure, is_late_command};
use load::{Inputs, Plan as Loading, Snapshot, load_by};
use model::units;
use names::{Names, Services, system_lookup};
use query::facts::{Context, Orient};
use query::run::{Preset, Query};
use report::losses::{losses, notes};
use report::plan::Plan;
use report::view::Show;
use setup::{Begun, Halt};
use tui::bindings::Bindings;

/// How long the report waits for all names.
const LOOKUP_LIMIT: Duration = Duration::from_secs(10);

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    stderr::end_by_panics();
    limits::make_do();
    let done = match setup::begin() {
        Ok(begun) => start(begun),
        Err(Halt::Failure(failure)) => Err(failure),
        Err(Halt::Usage(error)) if is_late_command(&error) => {
            Err(Failure::LateCommand("report".to_owned()))
        }
        Err(Halt::Usage(error)) => usage(&error),
    };
    done.unwrap_or_else(|failure| failure.end())
}

fn start(begun: Begun) -> Result<ExitCode, Failure> {
    begun.slips.iter().for_each(|words| stderr::tell(words));
    if let Some(page) = begun.page() {
        return tell(page.as_bytes());
    }
    if let Some(page) = begun.cli.page() {
        return tell(&manual::text(page).map_err(Failure::Output)?);
    }
    match begun.cli.settings() {
        Ok((settings, report)) => execute(settings, report, (begun.usual, begun.bindings)),
        Err(error) => usage(&error),
    }
}

fn usage(error: &clap::Error) -> Result<ExitCode, Failure> {
    stderr::tell_usage(error).map_err(Failure::Output)
}

fn tell(page: &[u8]) -> Result<ExitCode, Failure> {
    let written = io::stdout().lock().write_all(page);
    written.map_err(Failure::Output)?;
    Ok(ExitCode::SUCCESS)
}

fn execute(
    mut settings: Settings,
    report: Option<ReportSettings>,
    (usual, bindings): (ReportSettings, Bindings),
) -> Result<ExitCode, Failure> {
    let names = settings.names.begin();
    let together = report.as_ref().and_then(|report| report.together.as_ref());
    let by_name = settings.sort.is_some_and(|sort| sort.field.is_host())
        || together.is_some_and(Together::asks_names);
    if (settings.filter.expr.asks_names() || by_name) && !names.can_know() {
        return Err(Failure::NoNames);
    }
    if settings.files.is_empty() {
        if io::stdin().is_terminal() {
            return Err(Failure::NoInput);
        }
        settings.files.push(PathBuf::from("-"));
    }
    if report.is_none()
        && let Some(command) = cli::late_command(&settings.files)
    {
        return Err(Failure::LateCommand(command));
    }
    let browses = report.is_none() && io::stdout().is_terminal();
    let inputs = match browses {
        true => Inputs::glance(&settings.files, settings.growing.follow)?,
        false => Inputs::look_at(&settings.files)?,
    };
    for refused in &inputs.refused {
        stderr::tell(&refused.to_string());
    }
    let services = Arc::new(Services::system());
    let context = Context::new(services, settings.zone(), settings.orient);
    match report {
        None if browses => browse(settings, bindings, (inputs, context), names),
        report => print(settings, &report.unwrap_or(usual), (inputs, context), names),
    }
}

fn query(settings: &Settings) -> Query {
    Query {
        preset: Preset::Connections,
        filter: settings.filter.expr.clone(),
        threshold: settings.threshold,
        sort: settings.sort,
        orient: settings.orient,
    }
}

fn loading(settings: &Settings) -> Loading {
    Loading {
        follow: settings.growing.follow,
        keep: settings.growing.keep,
        memory: settings.growing.memory,
        headroom: load::headroom(),
        gauge: load::resident,
        scale: settings.scale,
        ..Loading::once(settings.pairing, settings.threads)
    }
}

/// Keeps names for the next run, if that is wanted.
fn keep(settings: &NameSettings, names: &Names) {
    if let Err(error) = settings.keep(names) {
        stderr::tell(&format!("names cannot be kept: {error}"));
    }
}

fn browse(
    settings: Settings,
    bindings: Bindings,
    (inputs, context): (Inputs, Context),
    names: Names,
) -> Result<ExitCode, Failure> {
    let start = tui::Start {
        query: query(&settings),
        filter: settings.filter.text.clone(),
        duplicates: settings.duplicates,
        plan: loading(&settings),
        zone: settings.zone(),
        bindings,
        export: export::EXPORT,
        base: export::base(&settings),
        services: context.services,
        look: setup::look(&settings.look),
        names,
    };
    let (code, names) = tui::run(start, inputs).map_err(Failure::Terminal)?;
    keep(&settings.names, &names);
    Ok(code)
}

fn print(
    mut settings: Settings,
    options: &ReportSettings,
    (inputs, mut context): (Inputs, Context),
    mut names: Names,
) -> Result<ExitCode, Failure> {
    // lists have every row, and say which repeat others
    context.folds = options.together.is_some() && !settings.duplicates;
    let (format, show) = (options.format, options.show.unwrap_or(Show::Connections));
    let snapshot = load_by(inputs, loading(&settings), |_| true);
    if let Some(limit) = snapshot.growth.stopped {
        return Err(Failure::Memory(units::bytes(limit.into())));
    }
    check_read(&snapshot, show)?;
    let mut least = settings.threshold;
    if format.is_analyzer {
        (settings.orient, context.orient) = (Orient::Bytes, Orient::Bytes);
        least = 0;
    }
    let plan = Plan {
        snapshot: &snapshot,
        query: query(&settings),
        least,
        context,
        zone: settings.zone(),
        show,
        only: options.show.is_some(),
        verbose: options.verbose,
        limit: options.limit,
        rows: format.rows,
    };
    let limit = Instant::now() + LOOKUP_LIMIT;
    let mut late = BTreeSet::new();
    let mut resolve = |names: &mut Names, addresses: &[IpAddr]| {
        late.extend(names.resolve_all(addresses, limit, system_lookup));
    };
    let code = if let Some(sheet) = report::sources::sheet(show, &snapshot.intake) {
        finish(&snapshot, (false, false), |out| (format.sheet)(&sheet, out))
    } else if let Some(together) = &options.together {
        let by_name = together.asks_names();
        let (rows, context) = plan.rows_of(show.preset(), by_name, &mut names, &mut resolve);
        let context = context.unless(rows.filter.asks_duplicates());
        let folds = context.folds;
        let sheet = sums::sheet(together, rows, &snapshot.table, &context);
        finish(&snapshot, (false, folds), |out| (format.sheet)(&sheet, out))
    } else {
        let report = plan.report(&mut names, &mut resolve);
        let all_rejects = show == Show::Rejects && options.limit > snapshot.intake.rejects.len();
        finish(&snapshot, (all_rejects, false), |out| {
            (format.write)(&report, out)
        })
    }?;
    if !late.is_empty() {
        let hosts = late.len();
        stderr::tell(&format!("names of {hosts} hosts did not come in time"));
    }
    keep(&settings.names, &names);
    Ok(code)
}

/// Writes the report, and tells what is missing in it.
fn finish(
    snapshot: &Snapshot,
    (rejects_listed, folds): (bool, bool),
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<ExitCode, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    write(&mut out)
        .and_then(|()| out.flush())
        .map_err(Failure::Output)?;
    let notes = notes(&snapshot.table, folds);
    for words in losses(snapshot, rejects_listed).into_iter().chain(notes) {
        stderr::tell(&words);
    }
    Ok(ExitCode::SUCCESS)
}

/// Input of which nothing could be used is an error, not an empty list.
fn check_read(snapshot: &Snapshot, show: Show) -> Result<(), Failure> {
    let intake = &snapshot.intake;
    match intake.rejects.first() {
        Some(_) if [Show::Rejects, Show::Files, Show::Exporters].contains(&show) => Ok(()),
        Some(reject) if intake.packets == 0 => Err(Failure::AllRejected(
            intake.files[reject.file as usize].name.clone(),
            reject.site(),
            reject.reason.clone(),
        )),
        _ => Ok(()),
    }
}
