//! What could not be used, and what numbers mean, in words for standard error.

use crate::model::intake::Intake;
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

/// What the numbers of a report mean where that is not what they say at first sight:
/// they are multiplied, or leave out what was seen twice.
pub fn notes(table: &Table, folds: bool) -> Vec<String> {
    let mut words = Vec::new();
    if table.is_scaled() {
        words.push(match table.is_sampled() {
            true => "bytes and packets are multiplied by the sampling (--scale)".to_owned(),
            false => "no exporter tells of sampling: nothing is multiplied (--scale)".to_owned(),
        });
    }
    let repeats = table.duplicates();
    if folds && repeats != Duplicates::default() {
        words.push(format!(
            "flows that are seen twice and counted once: {} (--duplicates counts them each time)",
            repeats.flows
        ));
    }
    words
}
