//! One row, whole: what flowpeek makes of it, and below that every field of
//! both records as the exporter sent them.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::cells::cell;
use crate::model::raw::RawRecord;
use crate::model::units;
use crate::query::facts::Facts;
use crate::query::field::{self, Field};
use crate::table::store::Side;
use crate::tui::app::App;
use crate::tui::detail::Detail;
use crate::tui::hosts;
use crate::tui::theme;
use crate::tui::widget::fit::{cut, pad};

/// Fields of the upper part, as many to a line as fit.
const FACTS: [&str; 8] = [
    "service",
    "protocol",
    "start",
    "end",
    "duration_ms",
    "bytes",
    "packets",
    "bps",
];
/// Columns of a fact: its name and its value.
const FACT: u16 = 30;
/// Columns of its name.
const NAME: u16 = 10;
/// Columns of a key.
const KEY: usize = 26;

/// The pane laid out: the upper part, and below it a column for each flow.
struct Plan {
    top: Vec<Line<'static>>,
    above: Rect,
    columns: Vec<(Rect, Vec<Line<'static>>)>,
    /// Both columns scroll together, no further than the longer one reaches.
    last_scroll: u16,
}

/// Draws the detail of a row.
pub fn draw(app: &App, detail: &Detail, frame: &mut Frame, area: Rect) {
    let plan = plan(app, detail, area);
    let scroll = detail.scroll.min(plan.last_scroll);
    frame.render_widget(Paragraph::new(plan.top), plan.above);
    for (part, lines) in plan.columns {
        frame.render_widget(Paragraph::new(lines).scroll((scroll, 0)), part);
    }
}

/// How far the detail can be scrolled.
pub fn last_scroll(app: &App, detail: &Detail, area: Rect) -> u16 {
    plan(app, detail, area).last_scroll
}

fn plan(app: &App, detail: &Detail, area: Rect) -> Plan {
    let facts = app.facts(detail.row);
    let mut top = headline(app, &facts);
    top.extend(summary(app, &facts, area.width));
    let height = (top.len() as u16).min(area.height * 2 / 3);
    let [above, below] =
        Layout::vertical([Constraint::Length(height), Constraint::Min(0)]).areas(area);
    let sides: &[Side] = if facts.row.is_connection() {
        &[Side::First, Side::Mate]
    } else {
        &[Side::First]
    };
    let parts = Layout::horizontal(vec![Constraint::Fill(1); sides.len()])
        .spacing(1)
        .split(below);
    let columns: Vec<(Rect, Vec<Line>)> = sides
        .iter()
        .zip(parts.iter())
        .map(|(&side, part)| (*part, record(app, detail, &facts, side, part.width)))
        .collect();
    let lines = columns.iter().map(|(_, lines)| lines.len());
    let longest = u16::try_from(lines.max().unwrap_or(0)).unwrap_or(u16::MAX);
    Plan {
        top,
        above,
        columns,
        last_scroll: longest.saturating_sub(below.height),
    }
}

/// Who with whom, and why they were paired or were not.
fn headline(app: &App, facts: &Facts) -> Vec<Line<'static>> {
    let [src, dst] = [false, true].map(|destination| end(app, facts, destination));
    let mut lines = vec![Line::styled(format!("{src} > {dst}"), theme::header())];
    let words = match (facts.row.evidence(), facts.row.skew(), facts.row.reason()) {
        (Some(evidence), Some(skew), _) => {
            format!("paired: {} (starts differ by {skew} ms)", evidence.name())
        }
        (None, _, Some(reason)) => match facts.row.distance() {
            Some(distance) => {
                let distance = units::duration(i64::try_from(distance).unwrap_or(i64::MAX));
                format!(
                    "unmatched: {}, {distance} from the nearest answer",
                    reason.name()
                )
            }
            None => format!("unmatched: {}", reason.name()),
        },
        _ => "unmatched so far".to_owned(),
    };
    lines.push(Line::raw(words));
    let exporter = facts.row.exporter().unwrap_or("unknown");
    let version = facts
        .row
        .record(Side::First)
        .and_then(|(packet, _)| packet.version);
    let version = version.map_or(String::new(), |version| format!(", version {version}"));
    lines.push(Line::raw(format!("exporter {exporter}{version}")));
    lines
}

/// An end with its address whole, its name and its port.
fn end(app: &App, facts: &Facts, destination: bool) -> String {
    let end = facts.end(destination);
    let Some(address) = facts.row.address(end) else {
        return "?".to_owned();
    };
    let host = match hosts::shown(app, address) {
        Some(name) => format!("{name} ({address})"),
        None => address.to_string(),
    };
    match end.port {
        Some(port) if address.is_ipv6() => format!("[{host}]:{port}"),
        Some(port) => format!("{host}:{port}"),
        None => host,
    }
}

fn summary(app: &App, facts: &Facts, width: u16) -> Vec<Line<'static>> {
    let per_line = usize::from(width / FACT).clamp(1, 4);
    let known: Vec<&Field> = FACTS.iter().filter_map(|name| field::find(name)).collect();
    let fact = |field: &&Field| {
        let room = FACT - NAME - 1;
        let text = cell(app, facts, field, room);
        let name = pad(field.header, usize::from(NAME), false);
        let value = pad(&cut(&text, usize::from(room)), usize::from(room) + 1, false);
        [Span::styled(name, theme::quiet()), Span::raw(value)]
    };
    known
        .chunks(per_line)
        .map(|fields| Line::from(fields.iter().flat_map(fact).collect::<Vec<_>>()))
        .collect()
}

/// One flow: where it came from, and every field of its record.
fn record(app: &App, detail: &Detail, facts: &Facts, side: Side, width: u16) -> Vec<Line<'static>> {
    let role = match (facts.row.is_connection(), side == facts.source()) {
        (true, true) => "source's flow",
        (true, false) => "destination's flow",
        (false, _) => "flow",
    };
    let mut lines = vec![Line::raw(""), Line::styled(role, theme::header())];
    if let Some((packet, index)) = facts.row.record(side) {
        let file = app.intake.files.get(packet.place.file as usize);
        let name = file.map_or("", |file| file.name.as_str());
        let place = format!("line {}, record {} of {name}", packet.place.line, index + 1);
        lines.push(Line::styled(place, theme::quiet()));
    }
    let records = detail.records.as_ref();
    match records.and_then(|records| records.get(side as usize)) {
        None => lines.push(Line::styled("reading the record ...", theme::progress())),
        Some(Err(reason)) => lines.push(Line::styled(reason.clone(), theme::warning())),
        Some(Ok(record)) => lines.extend(fields(record, width)),
    }
    lines
}

fn fields(record: &RawRecord, width: u16) -> impl Iterator<Item = Line<'static>> {
    let key_width = KEY.min(usize::from(width) / 2 + 4);
    let room = usize::from(width).saturating_sub(key_width + 1);
    let line = move |(key, value): &(String, String)| {
        let key = pad(&cut(key, key_width), key_width + 1, false);
        Line::from(vec![
            Span::styled(key, theme::quiet()),
            Span::raw(cut(value, room)),
        ])
    };
    let heading = Line::styled("packet header", theme::header());
    let header = record.header.iter().map(line).collect::<Vec<_>>();
    let record = record.record.iter().map(line).collect::<Vec<_>>();
    let rule = (!header.is_empty()).then_some(heading);
    record.into_iter().chain(rule).chain(header)
}
