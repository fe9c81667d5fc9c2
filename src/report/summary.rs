//! The summary: what was read, what came of it, what was lost. The same items
//! in every format.

use super::view::Report;
use crate::model::time::rfc3339;
use crate::table::store::Side;

/// An item's value.
pub enum Item {
    /// A count.
    Count(u128),
    /// Whether something is so.
    Flag(bool),
    /// Words, or nothing.
    Text(Option<String>),
}

/// Name and value of every item, in the order of the contract.
pub fn items(report: &Report) -> Vec<(&'static str, Item)> {
    let (intake, table) = (&report.snapshot.intake, &report.snapshot.table);
    let (totals, duplicates) = (table.totals(), table.duplicates());
    let unmatched = u64::from(table.len()) - totals.connections;
    let (first, last) = span(report);
    let count = |number: u64| Item::Count(u128::from(number));
    vec![
        ("files", count(intake.files.len() as u64)),
        ("lines", count(intake.lines())),
        ("packets_exported", count(intake.packets)),
        ("flows", count(totals.flows)),
        ("connections", count(totals.connections)),
        ("unmatched", count(unmatched)),
        ("skipped_records", count(intake.skipped.total())),
        ("rejected_lines", count(intake.rejected_lines)),
        ("damaged_bytes", count(intake.damaged_bytes)),
        ("below_threshold", count(report.connections.below_threshold)),
        ("bytes", Item::Count(totals.bytes)),
        ("packets", Item::Count(totals.packets)),
        ("first", Item::Text(first.map(rfc3339))),
        ("last", Item::Text(last.map(rfc3339))),
        ("exporters", count(table.exporters().len() as u64)),
        ("skipped_options", count(intake.skipped.options)),
        ("skipped_without_address", count(intake.skipped.no_address)),
        ("skipped_phantoms", count(intake.skipped.phantom)),
        ("skipped_malformed", count(intake.skipped.malformed)),
        ("skipped_events", count(intake.skipped.events)),
        ("unreadable_values", count(intake.unreadable_values)),
        ("left_out_flows", count(totals.left_out)),
        ("duplicate_flows", count(duplicates.flows)),
        ("duplicate_connections", count(duplicates.connections)),
        ("duplicate_unmatched", count(duplicates.unmatched)),
        ("duplicate_bytes", Item::Count(duplicates.bytes)),
        ("duplicate_packets", Item::Count(duplicates.packets)),
        ("scaled", Item::Flag(table.is_scaled())),
    ]
}

/// The first start and the last end of all flows whose times are known.
fn span(report: &Report) -> (Option<i64>, Option<i64>) {
    let mut span: (Option<i64>, Option<i64>) = (None, None);
    for row in report.snapshot.table.rows() {
        for side in [Side::First, Side::Mate] {
            let Some(start) = row.start(side).filter(|start| !start.approximate) else {
                continue;
            };
            let elapsed = row.elapsed(side).unwrap_or(0).max(0);
            let end = start.absolute.saturating_add(elapsed);
            span.0 = Some(
                span.0
                    .map_or(start.absolute, |first| first.min(start.absolute)),
            );
            span.1 = span.1.max(Some(end));
        }
    }
    span
}
