//! Groups and timelines for the report: what was asked for on the command line
//! becomes a question to the table, and the answer a sheet to print.

use std::io::{self, Write};
use std::ops::Range;

use crate::cli::Together;
use crate::model::time::Zone;
use crate::model::units::{commas, duration};
use crate::query::bins::Bins;
use crate::query::facts::Context;
use crate::query::group::{GroupQuery, groups};
use crate::query::run::{Preset, Query};
use crate::query::stack::{divided, greatest};
use crate::query::timeline::{Amount, TimeQuery, timeline};
use crate::query::times::span;
use crate::report::sheet::Sheet;
use crate::report::steps::Steps;
use crate::report::together::top;
use crate::table::store::Table;

/// Steps of a timeline.
const STEPS_LIMIT: usize = 100_000;

/// Groups of rows, or rows spread over time.
pub fn sheet(together: &Together, rows: Query, table: &Table, context: &Context) -> Sheet {
    let noun = match rows.preset {
        Preset::Connections => "connections",
        Preset::Unmatched => "unmatched flows",
    };
    match together {
        Together::Top { by, order, limit } => {
            let query = GroupQuery {
                rows,
                by: by.clone(),
                order: *order,
                limit: *limit,
                details: true,
            };
            top(&groups(table, &query, context), noun, &context.zone)
        }
        Together::Timeline {
            step,
            amount,
            by,
            limit,
        } => {
            let none = Bins {
                begin: 0,
                step: *step,
                count: 0,
            };
            let bins =
                span(table, &rows, context).map_or(none, |span| bins(&span, *step, &context.zone));
            let of = |amount| TimeQuery {
                rows: rows.clone(),
                amount,
                bins,
            };
            let groups =
                (!by.is_empty()).then(|| greatest(table, &of(*amount), by, *limit, context));
            let lines = Amount::ALL.map(|amount| match &groups {
                Some(groups) => divided(table, &of(amount), groups, context),
                None => vec![timeline(table, &of(amount), context)],
            });
            let steps = Steps {
                bins,
                lines,
                groups,
                bars: *amount,
            };
            steps.sheet(&context.zone)
        }
    }
}

/// Steps as long as was asked for, or longer ones where those would be too many.
fn bins(span: &Range<i64>, step: i64, zone: &Zone) -> Bins {
    let bins = Bins::over(span, step, zone);
    if bins.count <= STEPS_LIMIT {
        return bins;
    }
    let longer = Bins::within(span, STEPS_LIMIT, zone);
    let words = format!(
        "{} steps of {} are too many: they last {}",
        commas(bins.count as u128),
        duration(step),
        duration(longer.step)
    );
    let _ = writeln!(io::stderr(), "flowpeek: {words}");
    longer
}
