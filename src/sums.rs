//! Rows put together, as a report prints them: a task becomes a question to the table, and
//! the answer a sheet.

use crate::model::units::{commas, duration};
use crate::query::facts::Context;
use crate::query::group::groups;
use crate::query::run::Query;
use crate::query::stack::{filters, greatest};
use crate::query::task::{Task, TimeTask};
use crate::query::time::bins::Bins;
use crate::query::time::timeline::{Amount, TimeQuery, layers};
use crate::report::groups::top;
use crate::report::sheet::Sheet;
use crate::report::steps::Steps;
use crate::stderr;
use crate::table::store::Table;

/// Groups of rows, or rows spread over time.
pub fn sheet(task: &Task, rows: Query, table: &Table, context: &Context) -> Sheet {
    let zone = &context.zone;
    match task {
        Task::Groups(grouping) => {
            let noun = rows.preset.noun();
            top(&groups(table, &grouping.query(rows), context), noun, zone)
        }
        Task::Time(spread) => {
            let span = spread.extent(&rows, table, context).span;
            let query = spread.query(rows, span.as_ref(), zone);
            if let (Some(span), Some(step)) = (span, spread.step)
                && step != query.bins.step
            {
                let wanted = Bins::over(&span, step, zone);
                tell_longer(&wanted, &query.bins);
            }
            over_time(query, spread, table, context).sheet(zone)
        }
    }
}

/// Every amount in steps of time, by groups if by any.
fn over_time(query: TimeQuery, spread: &TimeTask, table: &Table, context: &Context) -> Steps {
    let TimeTask { by, limit, .. } = spread;
    let groups = (!by.is_empty()).then(|| greatest(table, &query, by, *limit, context));
    let filters = groups.as_ref().map(|groups| filters(groups, context));
    let filters = filters.unwrap_or_default();
    let lines = Amount::ALL.map(|amount| {
        let query = TimeQuery {
            amount,
            ..query.clone()
        };
        layers(table, &query, &filters, context)
    });
    Steps {
        preset: query.rows.preset,
        bins: query.bins,
        lines,
        groups,
        bars: query.amount,
    }
}

fn tell_longer(wanted: &Bins, longer: &Bins) {
    stderr::tell(&format!(
        "{} steps of {} are too many: they last {}",
        commas(wanted.count as u128),
        duration(wanted.step),
        duration(longer.step)
    ));
}
