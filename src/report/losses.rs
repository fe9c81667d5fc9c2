//! What could not be used, and what numbers mean, in words for standard error.

use crate::model::intake::Intake;
use crate::query::doubt::certain;
use crate::query::facts::Context;
use crate::query::language::expr::{Expr, Test};
use crate::query::run::{Query, elsewhere, run};
use crate::table::duplicates::Duplicates;
use crate::table::store::Table;

/// A line for each kind of loss; `listed` says that the rejected lines are printed.
pub fn losses(table: &Table, intake: &Intake, listed: bool) -> Vec<String> {
    let mut words = intake.losses();
    let unlisted = intake.rejects_not_kept();
    if listed && unlisted > 0 {
        words.push(format!("rejected lines that are not listed: {unlisted}"));
    }
    if !intake.events.is_empty() {
        let kinds = intake.events.iter();
        let kinds: Vec<String> = kinds
            .map(|(kind, count)| format!("{kind} {count}"))
            .collect();
        words.push(format!("events that are no flows: {}", kinds.join(", ")));
    }
    let left_out = table.totals().left_out;
    if left_out > 0 {
        words.push(format!(
            "flows left out by the analyzer's rules: {left_out}"
        ));
    }
    if table.is_empty() && left_out == 0 {
        words.push("no flows in the input".to_owned());
    }
    words
}

/// Why a filter leaves nothing to print of the rows of a query: it lets through none, or
/// rows of another kind, with too few packets, or that were seen before.
fn nothing(table: &Table, query: &Query, context: &Context) -> Option<String> {
    let unsorted = Query {
        sort: None,
        ..query.clone()
    };
    let own = run(table, &unsorted, context);
    if own.shown > 0 || query.filter == Expr::Test(Test::Any) {
        return None;
    }
    let (nouns, least) = (query.preset.noun(), query.threshold);
    // nobody was asked for the names of other rows
    let certain = Query {
        filter: certain(&query.filter),
        ..unsorted
    };
    let passing = format!("{nouns} that pass the filter");
    Some(if own.duplicates > 0 {
        format!("all {passing} are duplicates (--duplicates counts them)")
    } else if own.below_threshold > 0 {
        let few = own.below_threshold;
        format!("all {passing} have fewer than {least} packets (-p 0 prints them): {few}")
    } else if let Some(other) = elsewhere(table, &certain, context) {
        let (found, small) = match other.shown {
            0 => (other.below_threshold, " -p 0"),
            shown => (shown, ""),
        };
        let others = other.preset.noun();
        let word = others.split(' ').next().unwrap_or_default();
        format!(
            "no {nouns} pass the filter, but {others} do (--show {word}{small} prints them): {found}"
        )
    } else {
        format!("no {nouns} pass the filter")
    })
}

/// What a report does not print of the rows of a query: why it prints none, or how many, these
/// few, have too few packets.
pub fn unprinted(
    table: &Table,
    query: &Query,
    context: &Context,
    is_empty: bool,
    few: u64,
) -> Option<String> {
    if is_empty && let Some(words) = nothing(table, query, context) {
        return Some(words);
    }
    let (nouns, least) = (query.preset.noun(), query.threshold);
    (few > 0).then(|| {
        format!("{nouns} with fewer than {least} packets, left out (-p 0 prints them): {few}")
    })
}

/// What the numbers of a report mean where that is not what they say at first sight:
/// they are multiplied, or leave out what was seen twice; `asks_where` says that by whom or
/// in which file is asked for, which for these is told of one report alone.
pub fn notes(table: &Table, folds: bool, asks_where: bool) -> Vec<String> {
    let mut words = Vec::new();
    if table.is_scaled() {
        words.push(match table.is_sampled() {
            true => "bytes and packets are multiplied by the sampling (--scale)".to_owned(),
            false => "no exporter tells of sampling: nothing is multiplied (--scale)".to_owned(),
        });
    }
    let repeats = table.duplicates();
    if folds && repeats != Duplicates::default() {
        let (once, each) = match asks_where {
            true => ("for one exporter and file alone", "for each"),
            false => ("once", "each time"),
        };
        words.push(format!(
            "flows that are seen twice and counted {once}: {} (--duplicates counts them {each})",
            repeats.flows
        ));
    }
    words
}
