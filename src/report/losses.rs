//! What could not be used, in words for standard error.

use crate::load::Snapshot;

/// A line for each kind of loss; `listed` says that the rejected lines are printed.
pub fn losses(snapshot: &Snapshot, listed: bool) -> Vec<String> {
    let mut words = snapshot.intake.losses();
    let unlisted = snapshot.intake.rejects_not_kept();
    if listed && unlisted > 0 {
        words.push(format!("rejected lines that are not listed: {unlisted}"));
    }
    let left_out = snapshot.table.totals().left_out;
    if left_out > 0 {
        words.push(format!(
            "flows left out by the analyzer's rules: {left_out}"
        ));
    }
    if snapshot.table.is_empty() && left_out == 0 {
        words.push("no flows in the input".to_owned());
    }
    words
}
