//! Groups and timelines for the report: what was asked for on the command line
//! becomes a question to the table, and the answer a sheet to print.

use std::ops::Range;

use crate::cli::Together;
use crate::model::time::Zone;
use crate::model::units::{commas, duration};
use crate::query::facts::Context;
use crate::query::group::by::By;
use crate::query::group::{GroupQuery, groups};
use crate::query::run::Query;
use crate::query::stack::{filters, greatest};
use crate::query::time::bins::Bins;
use crate::query::time::timeline::{Amount, TimeQuery, layers};
use crate::query::time::times::span;
use crate::report::sheet::Sheet;
use crate::report::steps::Steps;
use crate::report::together::top;
use crate::stderr;
use crate::table::store::Table;

/// Steps of a timeline.
const STEPS_LIMIT: usize = 100_000;
/// Steps of all groups of a timeline: all are held in memory, at about 1 KB each.
const LINES_LIMIT: usize = 250_000;

/// Groups of rows, or rows spread over time.
pub fn sheet(together: &Together, rows: Query, table: &Table, context: &Context) -> Sheet {
    let noun = rows.preset.noun();
    match together {
        Together::Top { by, order, limit } => {
            let query = GroupQuery {
                rows,
                by: by.clone(),
                order: *order,
                limit: *limit,
            };
            top(&groups(table, &query, context), noun, &context.zone)
        }
        Together::Timeline {
            step,
            amount,
            by,
            limit,
        } => {
            let layers = if by.is_empty() { 1 } else { limit + 1 };
            let all = span(table, &rows, context);
            let none = Bins {
                begin: 0,
                step: *step,
                count: 0,
            };
            let most = STEPS_LIMIT.min(LINES_LIMIT / layers);
            let bins = all.map_or(none, |all| bins(&all, *step, most, &context.zone));
            let query = TimeQuery {
                rows,
                amount: *amount,
                bins,
            };
            over_time(query, by, *limit, table, context).sheet(&context.zone)
        }
    }
}

/// Every amount in steps of time, by groups if by any.
pub fn over_time(
    query: TimeQuery,
    by: &[By],
    limit: usize,
    table: &Table,
    context: &Context,
) -> Steps {
    let groups = (!by.is_empty()).then(|| greatest(table, &query, by, limit, context));
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

/// Steps as long as was asked for, or longer ones where those would be too many.
fn bins(span: &Range<i64>, step: i64, most: usize, zone: &Zone) -> Bins {
    let bins = Bins::over(span, step, zone);
    if bins.count <= most {
        return bins;
    }
    let longer = Bins::within(span, most, zone);
    stderr::tell(&format!(
        "{} steps of {} are too many: they last {}",
        commas(bins.count as u128),
        duration(step),
        duration(longer.step)
    ));
    longer
}
