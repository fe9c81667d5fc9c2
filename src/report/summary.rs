//! The summary: what was read, what came of it, what was lost. The same items
//! in every format.

use super::view::Report;
use crate::model::attr::UNKNOWN;
use crate::model::time::rfc3339;
use crate::table::column::{number_of, unzigzag};
use crate::table::scan::Source;
use crate::table::share::in_parallel;
use crate::table::store::{Side, Table};

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
    let table = &report.snapshot.table;
    let spans = in_parallel(table.chunks(), |chunk| span_of(table, chunk));
    let first = spans.iter().filter_map(|span| span.0).min();
    (first, spans.iter().filter_map(|span| span.1).max())
}

fn span_of(table: &Table, chunk: usize) -> (Option<i64>, Option<i64>) {
    let read = |source| table.values(source, chunk);
    let mut span = (None, None);
    for side in [Side::First, Side::Mate] {
        let (starts, elapsed) = (read(Source::Start(side)), read(Source::Elapsed(side)));
        let approximate = read(Source::Approximate(side));
        for (at, &start) in starts.iter().enumerate() {
            if start == UNKNOWN || approximate[at] != UNKNOWN {
                continue;
            }
            let start = number_of(start);
            let elapsed = match elapsed[at] {
                UNKNOWN => 0,
                elapsed => unzigzag(elapsed).max(0),
            };
            span.0 = Some(span.0.map_or(start, |first: i64| first.min(start)));
            span.1 = span.1.max(Some(start.saturating_add(elapsed)));
        }
    }
    span
}
