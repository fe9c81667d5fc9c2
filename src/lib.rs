//! flowpeek: a terminal browser for network flow exports.
//!
//! The map of the layers. Each imports only from those below it, and a test
//! (`tests/layers`) holds the code to that.
//!
//! ```text
//! main.rs        arguments -> run() -> exit code
//! lib.rs         this map; run() chooses the browser or the report
//! setup/         arguments, variables, a profile, a configuration file: what they come to
//! manual/        help, man pages, completions: made from the catalogues
//! build.rs       the build script, which names the commit
//! cli/           arguments -> settings; filters are parsed before anything is loaded
//! failure.rs     why it ends without its work done, and with which exit code
//! print.rs       the report -> standard output, and what is missing in it
//! export.rs      what a view of the browser shows -> the bytes of a file
//! sums.rs        rows put together -> a sheet
//! report/        FORMATS: rows -> bytes
//! tui/           the terminal browser: one inbox, update, draw
//! load/          the loader: ingest -> table; the only place that sees both
//! query/         FIELDS, the filter language, sorting: table + query -> rows
//! table/         columns, pairing, the builder; knows nothing of spelling
//! ingest/        bytes -> lines -> packets of flows, or rejects
//! names/         host names and service names
//! config.rs      the configuration file -> what it sets, and on which line
//! stderr.rs      what is said on standard error
//! limits.rs      what the system allows the program
//! own_files.rs   small files of the user's own, kept from run to run
//! small_files.rs small files, read up to a limit
//! model/         flows, attributes, values, units: what everybody speaks
//! ```
//!
//! What must never be: a byte of the input on the terminal that was not
//! cleaned (`model/text.rs`, where it enters); a lock (threads hand messages on;
//! what they share is written once, or a number or flag that says stop); a flow that is
//! neither in the table nor counted as lost.

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
mod own_files;
mod print;
pub mod query;
pub mod report;
mod setup;
mod small_files;
mod stderr;
pub mod sums;
pub mod table;
pub mod tui;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use cli::{NameSettings, ReportSettings, Settings};
use failure::Failure;
use load::{Inputs, LoadPlan, load_by};
use names::{Names, Services};
use setup::misplaced::{late_command, misplaced};
use setup::{Halt, Setup};
use tui::keys::bindings::Bindings;

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    stderr::exit_on_panic();
    limits::adapt();
    let done = match setup::begin() {
        Ok(setup) => start(setup),
        Err(Halt::Failure(failure)) => Err(failure),
        Err(Halt::Usage(error)) => misplaced(&error).map_or_else(|| usage(&error), Err),
    };
    done.unwrap_or_else(|failure| failure.end())
}

fn start(setup: Setup) -> Result<ExitCode, Failure> {
    setup.slips.iter().for_each(|words| stderr::tell(words));
    if let Some(page) = setup.page() {
        return tell(page.as_bytes());
    }
    if let Some(page) = setup.cli.page() {
        return tell(&manual::text(page).map_err(Failure::Output)?);
    }
    match setup.cli.settings() {
        Ok((settings, report)) => execute(settings, report, setup.usual, setup.bindings),
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
    usual: ReportSettings,
    bindings: Bindings,
) -> Result<ExitCode, Failure> {
    let mut names = settings.names.begin();
    check_names(&settings, report.as_ref(), &names)?;
    if settings.files.is_empty() {
        if io::stdin().is_terminal() {
            return Err(Failure::NoInput);
        }
        settings.files.push(PathBuf::from("-"));
    }
    if report.is_none()
        && let Some(command) = late_command(&settings.files)
    {
        return Err(Failure::LateCommand(command));
    }
    let browses = report.is_none() && io::stdout().is_terminal();
    if browses && std::env::var_os("TERM").is_some_and(|kind| kind == "dumb") {
        return Err(Failure::Dumb);
    }
    let is_standard = |file: &PathBuf| file.as_os_str() == "-";
    if browses && settings.files.iter().any(is_standard) && io::stdin().is_terminal() {
        // the keys would be its data
        return Err(Failure::Keyboard);
    }
    let inputs = match browses {
        true => Inputs::glance(&settings.files, settings.growing.follow)?,
        false => Inputs::look_at(&settings.files)?,
    };
    for refused in &inputs.refused {
        stderr::tell(&refused.to_string());
    }
    let (code, names) = if browses {
        browse(&settings, bindings, inputs, names)?
    } else {
        if settings.growing.follow {
            stderr::tell(
                "no terminal to browse in: what is there is printed once, and --follow means nothing",
            );
        }
        let snapshot = load_by(inputs, loading(&settings), |_| true);
        let report = report.unwrap_or(usual);
        let code = print::print(&settings, &report, &snapshot, &mut names)?;
        (code, names)
    };
    keep(&settings.names, &names);
    Ok(code)
}

/// What depends on names of hosts needs somebody who can know them.
fn check_names(
    settings: &Settings,
    report: Option<&ReportSettings>,
    names: &Names,
) -> Result<(), Failure> {
    let task = report.and_then(|report| report.task.as_ref());
    let asks = settings.filter.expr.asks_names()
        || settings.sort.is_some_and(|sort| sort.field.is_host())
        || task.is_some_and(|task| task.asks_names());
    match asks && !names.can_know() {
        true => Err(Failure::NoNames),
        false => Ok(()),
    }
}

fn loading(settings: &Settings) -> LoadPlan {
    LoadPlan {
        follow: settings.growing.follow,
        keep: settings.growing.keep,
        memory: settings.growing.memory,
        headroom: load::headroom(),
        gauge: load::resident,
        scale: settings.scale,
        ..LoadPlan::once(settings.pairing, settings.threads)
    }
}

/// Keeps names for the next run, if that is wanted.
fn keep(settings: &NameSettings, names: &Names) {
    if let Err(error) = settings.keep(names) {
        stderr::tell(&format!("names cannot be kept: {error}"));
    }
}

fn browse(
    settings: &Settings,
    bindings: Bindings,
    inputs: Inputs,
    names: Names,
) -> Result<(ExitCode, Names), Failure> {
    let launch = tui::Launch {
        query: settings.query(),
        filter: settings.filter.text.clone(),
        plan: loading(settings),
        context: settings.context(Arc::new(Services::system())),
        bindings,
        export: export::EXPORT,
        base: export::base(settings),
        look: setup::look::look(&settings.look),
        names,
    };
    tui::run(launch, inputs).map_err(Failure::Browser)
}
