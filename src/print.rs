//! What `flowpeek report` does once everything is read: it chooses the rows, waits for
//! the names of hosts, writes to standard output, and tells on standard error what is
//! missing in it.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::net::IpAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cli::{ReportSettings, Settings};
use crate::failure::Failure;
use crate::load::Snapshot;
use crate::model::units;
use crate::names::{Names, Services, system_lookup};
use crate::query::facts::Orient;
use crate::report::losses::{losses, notes};
use crate::report::plan::Plan;
use crate::report::sources;
use crate::report::view::{Scope, Show};
use crate::stderr;
use crate::sums;

/// How long the report waits for all names.
const LOOKUP_LIMIT: Duration = Duration::from_secs(10);

/// Prints a report of what was read.
///
/// # Errors
/// When nothing could be read, memory was too small for all of it, or it cannot be
/// written.
pub fn print(
    settings: &Settings,
    options: &ReportSettings,
    snapshot: &Snapshot,
    names: &mut Names,
) -> Result<ExitCode, Failure> {
    let plan = plan(settings, options, snapshot);
    let (table, intake, show) = (plan.table, plan.intake, plan.scope.show);
    check_read(snapshot, show)?;
    let limit = Instant::now() + LOOKUP_LIMIT;
    let mut late = BTreeSet::new();
    let mut resolve = |names: &mut Names, addresses: &[IpAddr]| {
        late.extend(names.resolve_all(addresses, limit, system_lookup));
    };
    let (format, mut out) = (options.format, BufWriter::new(io::stdout().lock()));
    // what the report lists itself, or leaves out, is told of in other words then
    let (mut lists_rejects, folds) = (false, plan.context.stance.folds);
    let written = if let Some(sheet) = sources::sheet(show, intake, table.is_scaled()) {
        (format.sheet)(&sheet, &mut out)
    } else if let Some(task) = &options.task {
        let by_name = task.asks_names();
        let (rows, context) = plan.rows_of(show.preset(), by_name, names, &mut resolve);
        let sheet = sums::sheet(task, rows, table, &context);
        (format.sheet)(&sheet, &mut out)
    } else {
        let report = plan.report(names, &mut resolve);
        lists_rejects = show == Show::Rejects && options.limit >= intake.rejects.len();
        (format.write)(&report, &mut out)
    };
    written
        .and_then(|()| out.flush())
        .map_err(Failure::Output)?;
    let notes = notes(table, folds);
    for words in losses(table, intake, lists_rejects)
        .into_iter()
        .chain(notes)
    {
        stderr::tell(&words);
    }
    if !late.is_empty() {
        let hosts = late.len();
        stderr::tell(&format!("names of {hosts} hosts did not come in time"));
    }
    Ok(ExitCode::SUCCESS)
}

fn plan<'a>(settings: &Settings, options: &ReportSettings, snapshot: &'a Snapshot) -> Plan<'a> {
    let format = options.format;
    let mut context = settings.context(Arc::new(Services::system()));
    // lists have every row, and say which repeat others
    context.stance.folds &= options.task.is_some();
    let asked = settings.filter.expr.asks_duplicates();
    context.stance = context.stance.unless(asked);
    let mut least = settings.threshold;
    if format.is_analyzer {
        context.stance.orient = Orient::Bytes;
        least = 0;
    }
    Plan {
        table: &snapshot.table,
        intake: &snapshot.intake,
        query: settings.query(),
        least,
        context,
        scope: Scope {
            show: options.show.unwrap_or(Show::Connections),
            only: options.show.is_some(),
            verbose: options.verbose,
            limit: options.limit,
        },
        rows: format.rows,
    }
}

/// Input of which nothing could be read, or not all for want of memory, is an error and no
/// short list.
fn check_read(snapshot: &Snapshot, show: Show) -> Result<(), Failure> {
    if let Some(limit) = snapshot.growth.stopped {
        return Err(Failure::Memory(units::bytes(limit.into())));
    }
    let intake = &snapshot.intake;
    if intake.packets > 0 || [Show::Rejects, Show::Files, Show::Exporters].contains(&show) {
        return Ok(());
    }
    let reject = intake.rejects.first();
    let reject = reject.map(|it| (it.file, it.site(), &it.reason));
    let damage = intake.damage.first();
    let damage = damage.map(|it| (it.file, format!("at byte {}", it.offset), &it.reason));
    match reject.or(damage) {
        Some((file, site, reason)) => Err(Failure::AllRejected(
            intake.files[file as usize].name.clone(),
            site,
            reason.clone(),
        )),
        None => Ok(()),
    }
}
