//! The status line: how many rows are shown, and as chips in brackets what is in
//! force and makes them fewer or puts them in order.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{badge, sources, timeline, top};
use crate::model::units;
use crate::query::facts::Orient;
use crate::tui::app::App;
use crate::tui::hosts;
use crate::tui::state::tabs::Body;
use crate::tui::theme;
use crate::tui::widget::fit::{cut, width};

/// How wordy the status line is: everything in full, the threshold without what
/// it hides, without what is looked for, all in few words, the count without what
/// is counted, without the losses, without the order.
const LEVELS: std::ops::Range<usize> = 0..7;
/// From here on in few words.
const BRIEF: usize = 3;
/// Columns of the filter for which other parts lose words, or give way.
const FILTER_WISH: usize = 30;
const FILTER_LEAST: usize = 9;
/// Columns between two parts.
const SPACE: usize = 1;

/// How many rows are shown, and of everything that makes them fewer. What is in
/// force is told on the narrowest screen, the filter if need be by its beginning.
pub fn draw(app: &App, frame: &mut Frame, area: Rect) {
    if app.tab().info.body == Body::Sources {
        frame.render_widget(sources::status(app, area.width), area);
        return;
    }
    let filter = app.filter.text.as_str();
    let room = |parts: &[(String, Style)]| {
        let used: usize = parts.iter().map(|part| width(&part.0) + SPACE).sum();
        // without a filter the last gap may hang over
        let right = usize::from(area.width) + if filter.is_empty() { SPACE } else { 0 };
        right.checked_sub(used)
    };
    let fits = |level: &usize| {
        let least = if is_brief(*level) {
            FILTER_LEAST
        } else {
            FILTER_WISH
        };
        let wanted = match filter {
            "" => 0,
            text => width(&filter_chip(text, *level, usize::MAX)).min(least),
        };
        room(&parts(app, *level)).is_some_and(|room| room >= wanted)
    };
    let level = LEVELS.clone().find(fits).unwrap_or(LEVELS.end - 1);
    let mut parts = parts(app, level);
    if !filter.is_empty() {
        let room = room(&parts).unwrap_or(0);
        parts.push((filter_chip(filter, level, room), theme::accent()));
    }
    let gap = || Span::raw(" ".repeat(SPACE));
    let spans = parts
        .into_iter()
        .flat_map(|(text, style)| [Span::styled(text, style), gap()]);
    frame.render_widget(Line::from(spans.collect::<Vec<_>>()), area);
}

fn is_brief(level: usize) -> bool {
    level >= BRIEF
}

fn chip(text: &str) -> String {
    format!("[{text}]")
}

/// The filter, as much of it as there is room for; with its key in place of the
/// word where there is little.
fn filter_chip(text: &str, level: usize, room: usize) -> String {
    let word = if is_brief(level) { "/" } else { "filter" };
    chip(&cut(&format!("{word} {text}"), room.saturating_sub(2)))
}

/// Everything but the filter.
fn parts(app: &App, level: usize) -> Vec<(String, Style)> {
    let tab = app.tab();
    let rows = &tab.list.rows;
    let brief = is_brief(level);
    let count = format!(
        "{} of {}",
        units::commas(rows.shown),
        units::commas(rows.total)
    );
    let count = match tab.info.body {
        Body::Top => top::count(app, level > BRIEF),
        Body::Timeline => timeline::count(app, level > BRIEF),
        _ if level > BRIEF => count,
        _ => format!("{count} {}", tab.info.noun),
    };
    let mut parts = vec![(count, theme::header())];
    let least = app.threshold;
    let threshold = match level {
        _ if least == 0 => None,
        0 if matches!(tab.info.body, Body::Rows(_)) => {
            let hidden = units::commas(rows.below_threshold);
            Some(format!("packets >= {least}, {hidden} hidden"))
        }
        _ if !brief => Some(format!("packets >= {least}")),
        _ => Some(format!("pkts >= {least}")),
    };
    let mut chips: Vec<String> = threshold.into_iter().collect();
    chips.extend(badge::duplicates(app, brief).filter(|_| level < 6));
    if let Some(sort) = tab.sort.filter(|_| level < 6) {
        let by = if brief { "" } else { "by " };
        let mark = if sort.descending { "v" } else { "^" };
        chips.push(format!("{by}{}{mark}", sort.field.header));
    }
    if app.context.orient == Orient::Client && level < 6 {
        chips.push(
            if brief {
                "src=client"
            } else {
                "source is client"
            }
            .to_owned(),
        );
    }
    let seek = app.seek.as_ref().filter(|_| level < 2);
    chips.extend(seek.map(|seek| format!("find {}", seek.text)));
    parts.extend(chips.iter().map(|text| (chip(text), Style::new())));
    let waiting = hosts::pending(app);
    if !waiting.is_empty() && level < 6 {
        parts.push((waiting, theme::progress()));
    }
    let badge = badge::sampled(app, brief).filter(|_| level < 6);
    parts.extend(badge.map(|text| (text, theme::warning())));
    let losses = losses(app).filter(|_| level < 5);
    parts.extend(losses.map(|(text, short, count)| {
        let text = if brief { short } else { text };
        (format!("{text} {}", units::commas(count)), theme::warning())
    }));
    parts
}

/// What of the input could not be used, in two lengths.
fn losses(app: &App) -> impl Iterator<Item = (&'static str, &'static str, u64)> {
    let intake = &app.intake;
    let totals = app.table.totals();
    let counts = [
        ("rejected lines", "rejects", intake.rejected_lines),
        ("damaged bytes", "damaged", intake.damaged_bytes),
        ("unreadable values", "unreadable", intake.unreadable_values),
        ("left out", "left out", totals.left_out),
        ("dropped flows", "dropped", totals.dropped),
    ];
    counts.into_iter().filter(|loss| loss.2 > 0)
}
