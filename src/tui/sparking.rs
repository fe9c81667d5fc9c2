//! When the traffic above a table is asked for: once the rows are there, and
//! only if other rows than last time are meant.

use std::ops::RangeInclusive;

use super::app::{App, Effect};
use super::state::spark::{Asked, SparkRequest, steps};
use super::state::tabs::Body;
use crate::query::run::Query;
use crate::table::store::{RowId, Side};

/// What there is to ask, if anything: one thing at a time.
pub fn ask(app: &mut App) -> Option<Effect> {
    if let Body::Timeline | Body::Sources = app.tab().info.body {
        return None;
    }
    let is_late = app.answered != app.asked || app.spark.pending;
    // also where it is not shown: what rows span decides how their times are
    if is_late {
        return None;
    }
    let sees_names = app.filter.expr.sees_names();
    let wanted = Asked {
        query: Query {
            sort: None,
            ..app.query()
        },
        stance: app.stance(),
        totals: app.table.totals(),
        names: if sees_names { app.answered } else { 0 },
        steps: steps(app.size.width),
    };
    if app
        .spark
        .asked
        .as_ref()
        .is_some_and(|asked| serves(app, asked, &wanted))
    {
        return None;
    }
    let sparks = SparkRequest {
        rows: wanted.query.clone(),
        steps: wanted.steps,
        table: app.table.clone(),
        context: app.named_context(),
    };
    app.spark.asked = Some(wanted);
    app.spark.pending = true;
    Some(Effect::Spark(Box::new(sparks)))
}

/// Whether what was asked is as good. While the input is read a few more flows
/// do not matter.
fn serves(app: &App, asked: &Asked, wanted: &Asked) -> bool {
    let (before, now) = (asked.totals.flows, wanted.totals.flows);
    let is_near = !app.complete && now >= before && now - before < before / 4;
    let totals = if is_near { asked.totals } else { wanted.totals };
    *asked
        == Asked {
            totals,
            ..wanted.clone()
        }
}

/// Shows or hides it.
pub fn toggle(app: &mut App) -> Option<Effect> {
    app.spark.hidden = !app.spark.hidden;
    app.resize(app.size);
    ask(app)
}

/// The time that the rows or groups on the screen span.
pub fn in_sight(app: &App) -> Option<RangeInclusive<i64>> {
    let top = &app.together.top;
    let spans: Vec<(i64, i64)> = match app.tab().info.body {
        Body::Top => {
            let groups = top
                .list
                .visible()
                .0
                .iter()
                .filter_map(|&line| top.group(line));
            groups
                .map(|group| (group.tally.first, group.tally.last))
                .collect()
        }
        _ => {
            let rows = app.tab().list.visible().0.iter();
            rows.flat_map(|&row| sides(app, row)).collect()
        }
    };
    let begin = spans.iter().map(|span| span.0).min()?;
    let end = spans.iter().map(|span| span.1).max()?;
    (begin <= end).then_some(begin..=end)
}

/// When the flows of a row began and ended.
fn sides(app: &App, row: RowId) -> impl Iterator<Item = (i64, i64)> {
    let row = app.table.row(row);
    [Side::First, Side::Mate]
        .into_iter()
        .filter_map(move |side| {
            let begin = row.start(side)?.absolute;
            let lasted = row.elapsed(side).unwrap_or(0).max(0);
            Some((begin, begin.saturating_add(lasted)))
        })
}
