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
use crate::load::{Full, Snapshot};
use crate::model::units;
use crate::names::{Names, Services, system_lookup};
use crate::query::facts::Orient;
use crate::query::run::Query;
use crate::query::shown::below_threshold;
use crate::query::task::Task;
use crate::report::losses::{losses, notes, unprinted};
use crate::report::plan::ReportPlan;
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
    let resolve = |names: &mut Names, addresses: &[IpAddr]| {
        late.extend(names.resolve_all(addresses, limit, system_lookup));
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let written = write(&plan, options, (names, resolve), &mut out);
    let empty = written.and_then(|empty| out.flush().map(|()| empty));
    let empty = empty.map_err(Failure::Output)?;
    // what the report lists itself is told of in other words then
    let lists_rejects = show == Show::Rejects && options.limit >= intake.rejects.len();
    let mut words = losses(table, intake, lists_rejects);
    let asks_where =
        settings.filter.expr.asks_where() || options.task.as_ref().is_some_and(Task::asks_where);
    words.extend(notes(table, plan.context.stance.folds, asks_where));
    words.extend(empty);
    words.extend(idle(settings, options, show).map(str::to_owned));
    if !late.is_empty() {
        let hosts = late.len();
        words.push(format!("names of {hosts} hosts did not come in time"));
    }
    words.iter().for_each(|words| stderr::tell(words));
    Ok(ExitCode::SUCCESS)
}

/// Writes what was asked for; answers what is not printed of it.
fn write(
    plan: &ReportPlan,
    options: &ReportSettings,
    (names, mut resolve): (&mut Names, impl FnMut(&mut Names, &[IpAddr])),
    out: &mut dyn Write,
) -> io::Result<Option<String>> {
    let (table, show, format) = (plan.table, plan.scope.show, options.format);
    if let Some(sheet) = sources::sheet(show, plan.intake, table.is_scaled()) {
        (format.sheet)(&sheet.limited(options.limit), out)?;
        return Ok(None);
    }
    if let Some(task) = &options.task {
        let by_name = task.asks_names();
        let (query, context) = plan.rows_of(show.preset(), by_name, names, &mut resolve);
        let sheet = sums::sheet(task, query.clone(), table, &context);
        (format.sheet)(&sheet, out)?;
        let few = below_threshold(table, &query, &context);
        return Ok(unprinted(
            table,
            &query,
            &context,
            sheet.rows.is_empty(),
            few,
        ));
    }
    let report = plan.report(names, resolve);
    (format.write)(&report, out)?;
    let is_empty = show.has_rows() && (format.rows)(&report).is_empty();
    let query = Query {
        preset: show.preset(),
        ..plan.query.clone()
    };
    let few = match show {
        // the analyzer tells itself how many it skips
        _ if format.is_analyzer => 0,
        Show::Connections => report.connections.below_threshold,
        Show::Unmatched => report.unmatched.below_threshold,
        _ => 0,
    };
    Ok(unprinted(table, &query, &report.context, is_empty, few))
}

/// What is said of options that change nothing in what is shown.
fn idle(
    settings: &Settings,
    options: &ReportSettings,
    show: Show,
) -> impl Iterator<Item = &'static str> {
    let adds = options.format.is_analyzer && options.task.is_none() && show == Show::Connections;
    let chooses = !settings.filter.text.is_empty() || settings.sort.is_some();
    // what the analyzer's rules leave out is in no sum
    let chooses = chooses || settings.leaves_out_hosts() && show != Show::Summary;
    let told = [
        (
            options.verbose && !adds,
            "-v adds nothing here: it is for connections in the analyzer's formats",
        ),
        (
            chooses && !show.has_rows(),
            "--filter, --match-host and --sort go with --show connections or --show unmatched: \
            this tells of all that was read",
        ),
    ];
    told.into_iter()
        .filter_map(|(is_idle, words)| is_idle.then_some(words))
}

fn plan<'a>(
    settings: &Settings,
    options: &ReportSettings,
    snapshot: &'a Snapshot,
) -> ReportPlan<'a> {
    let format = options.format;
    let mut context = settings.context(Arc::new(Services::system()));
    // lists have every row, and say which repeat others
    context.stance.folds &= options.task.is_some();
    let asked = settings.filter.expr.asks_duplicates();
    context.stance = context.stance.unfolded_if(asked);
    let mut least = settings.threshold;
    if format.is_analyzer {
        context.stance.orient = Orient::Bytes;
        least = 0;
    }
    ReportPlan {
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
        prints: format.prints,
        rows: format.rows,
    }
}

/// Input of which nothing could be read, or not all for want of memory, is an error and no
/// short list.
fn check_read(snapshot: &Snapshot, show: Show) -> Result<(), Failure> {
    match snapshot.growth.stopped {
        Some(Full::Memory(limit)) => return Err(Failure::Memory(units::bytes(limit.into()))),
        Some(Full::Numbers) => return Err(Failure::Numbers),
        None => {}
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
        Some((file, site, reason)) => Err(Failure::AllRejected {
            file: intake.files[file as usize].name.clone(),
            site,
            reason: reason.clone(),
        }),
        None => Ok(()),
    }
}
