//! The summary: what was read, what came of it, what was lost. The same items
//! in every format.

use super::view::Report;
use crate::model::attr::UNKNOWN;
use crate::model::time::rfc3339;
use crate::table::column::{number_of, unzigzag};
use crate::table::scan::Stored;
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
    let (intake, table) = (report.intake, report.table);
    let (totals, duplicates) = (table.totals(), table.duplicates());
    let unmatched = u64::from(table.len()) - totals.connections;
    let span = span(table);
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
        ("below_threshold", count(report.few())),
        ("bytes", Item::Count(totals.bytes)),
        ("packets", Item::Count(totals.packets)),
        ("first", Item::Text(span.map(|span| rfc3339(span.0)))),
        ("last", Item::Text(span.map(|span| rfc3339(span.1)))),
        ("exporters", count(table.exporters().len() as u64)),
        ("skipped_options", count(intake.skipped.options)),
        ("skipped_without_address", count(intake.skipped.no_address)),
        ("skipped_phantoms", count(intake.skipped.phantom)),
        ("skipped_malformed", count(intake.skipped.malformed)),
        ("skipped_events", count(intake.skipped.events)),
        ("unreadable_values", count(intake.unreadable_values)),
        ("unread_files", count(intake.refused.len() as u64)),
        ("left_out_flows", count(totals.left_out)),
        ("duplicate_flows", count(duplicates.flows)),
        ("duplicate_connections", count(duplicates.connections)),
        ("duplicate_unmatched", count(duplicates.unmatched)),
        ("duplicate_bytes", Item::Count(duplicates.bytes)),
        ("duplicate_packets", Item::Count(duplicates.packets)),
        (
            "scaled",
            Item::Flag(table.is_scaled() && table.is_sampled()),
        ),
    ]
}

/// The first start and the last end of some flows.
type Span = Option<(i64, i64)>;

/// That of all flows whose times are known; where there are none, of all by when they
/// were received.
fn span(table: &Table) -> Span {
    let chunks = in_parallel(table.chunks(), |chunk| spans_of(table, chunk));
    let all = |which: usize| {
        chunks
            .iter()
            .filter_map(|spans| spans[which])
            .reduce(joined)
    };
    all(0).or_else(|| all(1))
}

/// Of a chunk's flows with known times, and of those with others.
fn spans_of(table: &Table, chunk: usize) -> [Span; 2] {
    let read = |source| table.values(source, chunk);
    let mut spans = [None; 2];
    for side in [Side::First, Side::Mate] {
        let (starts, elapsed) = (read(Stored::Start(side)), read(Stored::Elapsed(side)));
        let approximate = read(Stored::Approximate(side));
        for (at, &start) in starts.iter().enumerate() {
            if start == UNKNOWN {
                continue;
            }
            let start = number_of(start);
            let elapsed = match elapsed[at] {
                UNKNOWN => 0,
                elapsed => unzigzag(elapsed).max(0),
            };
            let flow = (start, start.saturating_add(elapsed));
            let span = &mut spans[usize::from(approximate[at] != UNKNOWN)];
            *span = Some(span.map_or(flow, |span| joined(span, flow)));
        }
    }
    spans
}

fn joined(one: (i64, i64), other: (i64, i64)) -> (i64, i64) {
    (one.0.min(other.0), one.1.max(other.1))
}
