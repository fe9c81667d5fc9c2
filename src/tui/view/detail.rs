//! One row, whole: what flowpeek makes of it, why it was paired or was not, and
//! of each flow where it came from, what its fields mean, and every field as the
//! exporter sent it. The two flows stand side by side where there is room.

use ratatui::text::{Line, Span};

use super::columns::WIDE;
use super::source::fact;
use super::{pairing, summary};
use crate::model::end::End;
use crate::model::known::readable;
use crate::model::raw::{Fields, RawRecord};
use crate::query::facts::Facts;
use crate::table::store::Side;
use crate::tui::app::App;
use crate::tui::hosts;
use crate::tui::state::detail::Detail;
use crate::tui::theme;
use crate::tui::widget::fit::{cut, pad, width, wrap};

/// Columns of a key; a longer one has the value below it.
const KEY: usize = 24;
/// Columns between two flows.
const GAP: usize = 2;

/// Who with whom: what stays in sight.
pub fn ends(app: &App, detail: &Detail, columns: usize) -> Vec<Line<'static>> {
    let facts = app.facts(detail.row);
    let names = ["Source", "Destination"].into_iter().zip(End::BOTH);
    let lines = names.flat_map(|(name, end)| fact(name, &endpoint(app, &facts, end), columns));
    lines.map(|line| line.style(theme::header())).collect()
}

/// An end with its address whole, its port and its name.
fn endpoint(app: &App, facts: &Facts, end: End) -> String {
    let endpoint = facts.endpoint(end);
    let Some(address) = facts.row.address(endpoint) else {
        return "?".to_owned();
    };
    let mut words = match endpoint.port {
        Some(port) if address.is_ipv6() => format!("[{address}]:{port}"),
        Some(port) => format!("{address}:{port}"),
        None => address.to_string(),
    };
    if let Some(name) = hosts::shown(app, address) {
        words = format!("{words} {name}");
    }
    words
}

/// All the rest.
pub fn lines(app: &App, detail: &Detail, columns: usize) -> Vec<Line<'static>> {
    let facts = app.facts(detail.row);
    let mut lines = summary::lines(app, &facts, columns);
    lines.extend(pairing::lines(app, detail, &facts, columns));
    if !facts.row.is_connection() {
        lines.extend(flow(app, detail, &facts, Side::First, columns));
        return lines;
    }
    let source = facts.source();
    let sides = [source, source.other()];
    if columns < usize::from(WIDE) {
        let flows = sides.into_iter();
        lines.extend(flows.flat_map(|side| flow(app, detail, &facts, side, columns)));
        return lines;
    }
    let half = (columns - GAP) / 2;
    let [left, right] = sides.map(|side| flow(app, detail, &facts, side, half));
    lines.extend(beside(left, right, half));
    lines
}

/// Two lists of lines side by side, the left one in this many columns.
fn beside(
    left: Vec<Line<'static>>,
    right: Vec<Line<'static>>,
    columns: usize,
) -> impl Iterator<Item = Line<'static>> {
    let count = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    (0..count).map(move |_| {
        let mut line = left.next().unwrap_or_default();
        let used: usize = line.spans.iter().map(|span| width(&span.content)).sum();
        line.push_span(Span::raw(" ".repeat((columns + GAP).saturating_sub(used))));
        line.spans.extend(right.next().unwrap_or_default().spans);
        line
    })
}

/// One flow: where it came from, what it says, and its record as it was sent.
fn flow(
    app: &App,
    detail: &Detail,
    facts: &Facts,
    side: Side,
    columns: usize,
) -> Vec<Line<'static>> {
    let role = match (facts.row.is_connection(), side == facts.source()) {
        (true, true) => "Flow of the source",
        (true, false) => "Flow of the destination",
        (false, _) => "Flow",
    };
    let mut lines = vec![Line::raw(""), title(role)];
    let place = pairing::place(app, facts.row, side);
    lines.extend(
        place
            .iter()
            .flat_map(|(name, value)| fact(name, value, columns)),
    );
    let records = detail.records.as_ref();
    match records.and_then(|records| records.get(side as usize)) {
        None => lines.push(Line::styled("reading the record ...", theme::progress())),
        Some(Err(reason)) => lines.push(Line::styled(reason.clone(), theme::warning())),
        Some(Ok(record)) => lines.extend(of_record(record, columns)),
    }
    lines
}

fn title(words: &'static str) -> Line<'static> {
    // a span has its style of its own, so that another line may stand beside it
    Line::from(Span::styled(words, theme::header()))
}

fn of_record(record: &RawRecord, columns: usize) -> Vec<Line<'static>> {
    let words = readable(&record.record);
    let words = words
        .iter()
        .flat_map(|(label, value)| fact(label, value, columns));
    let mut lines: Vec<Line> = words.collect();
    for (heading, part) in [
        ("Record as it was sent", &record.record),
        ("Header of its packet", &record.header),
    ] {
        if !part.is_empty() {
            lines.extend([Line::raw(""), title(heading)]);
            lines.extend(raw(part, columns));
        }
    }
    lines
}

/// Keys and values as they came, whole.
fn raw(fields: &Fields, columns: usize) -> impl Iterator<Item = Line<'static>> {
    let key_width = KEY.min(columns / 2);
    fields.iter().flat_map(move |(key, value)| {
        let room = columns.saturating_sub(key_width + 1).max(1);
        let first = (width(key) <= key_width).then(|| key.clone());
        let own = first.is_none().then(|| {
            let key = cut(key, columns);
            Line::from(Span::styled(key, theme::quiet()))
        });
        let keys =
            std::iter::once(first.unwrap_or_default()).chain(std::iter::repeat(String::new()));
        let values = wrap(value, room).into_iter().zip(keys).map(|(value, key)| {
            let key = pad(&key, key_width + 1, false);
            Line::from(vec![Span::styled(key, theme::quiet()), Span::raw(value)])
        });
        own.into_iter().chain(values).collect::<Vec<_>>()
    })
}
