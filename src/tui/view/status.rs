//! The lines around the table: title with the views, status, and footer.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::bar;
use crate::model::units;
use crate::tui::action::KEYS;
use crate::tui::app::{App, Pane};
use crate::tui::theme;
use crate::tui::widget::fit::{cut, cut_front, width};

/// The program, its views, and what is being read.
pub fn draw_title(app: &App, frame: &mut Frame, area: Rect) {
    let mut spans = vec![Span::styled("flowpeek", theme::accent()), Span::raw(" ")];
    for (place, tab) in app.tabs.iter().enumerate() {
        let title = format!(" {} {} ", place + 1, tab.info.title);
        let style = if place == app.current {
            theme::selected()
        } else {
            theme::quiet()
        };
        spans.push(Span::styled(title, style));
    }
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    let room = usize::from(area.width).saturating_sub(used + 1);
    let (text, style) = source(app);
    let text = cut_front(&text, room);
    let fill = room - width(&text) + 1;
    spans.push(Span::raw(" ".repeat(fill)));
    spans.push(Span::styled(text, style));
    frame.render_widget(Line::from(spans), area);
}

/// Progress while loading, then the name of the input.
fn source(app: &App) -> (String, Style) {
    let intake = &app.intake;
    if !app.complete {
        let (read, size) = intake.progress();
        let amount = match size {
            Some(size) if size > 0 => format!(
                "{}% of {}",
                u128::from(read.min(size)) * 100 / u128::from(size),
                units::bytes(u128::from(size))
            ),
            _ => units::bytes(u128::from(read)),
        };
        let milliseconds = app.elapsed.as_millis().max(1);
        let rate = u128::from(app.table.totals().flows) * 1000 / milliseconds;
        let text = format!("loading {amount}, {} flows/s", units::count(rate));
        return (text, theme::progress());
    }
    if let Some(pulse) = app.following.pulse() {
        return (pulse, theme::progress());
    }
    let text = match intake.files.as_slice() {
        [file] => file.name.clone(),
        files => format!("{} files", files.len()),
    };
    (text, theme::quiet())
}

/// How wordy the status line is: everything in full, the threshold without what
/// it hides, all in few words, the count without what is counted, without the
/// losses, without the order.
const LEVELS: std::ops::Range<usize> = 0..6;
/// Columns of the filter for which other parts lose words, or give way.
const FILTER_WISH: usize = 30;
const FILTER_LEAST: usize = 9;
/// Columns between two parts.
const GAP: usize = 2;

/// How many rows are shown, and of everything that makes them fewer. What is in
/// force is told on the narrowest screen, the filter if need be by its beginning.
pub fn draw_status(app: &App, frame: &mut Frame, area: Rect) {
    let filter = match app.filter.text.as_str() {
        "" => String::new(),
        text => format!("filter {text}"),
    };
    let room = |parts: &[(String, Style)]| {
        let used: usize = parts.iter().map(|part| width(&part.0) + GAP).sum();
        // without a filter the last gap may hang over
        let right = usize::from(area.width) + if filter.is_empty() { GAP } else { 0 };
        right.checked_sub(used)
    };
    let fits = |level: &usize| {
        let least = if *level < 2 {
            FILTER_WISH
        } else {
            FILTER_LEAST
        };
        room(&parts(app, *level)).is_some_and(|room| room >= width(&filter).min(least))
    };
    let level = LEVELS.clone().find(fits).unwrap_or(LEVELS.end - 1);
    let mut parts = parts(app, level);
    if !filter.is_empty() {
        let room = room(&parts).unwrap_or(0);
        parts.push((cut(&filter, room), theme::accent()));
    }
    let gap = || Span::raw(" ".repeat(GAP));
    let spans = parts
        .into_iter()
        .flat_map(|(text, style)| [Span::styled(text, style), gap()]);
    frame.render_widget(Line::from(spans.collect::<Vec<_>>()), area);
}

/// Everything but the filter.
fn parts(app: &App, level: usize) -> Vec<(String, Style)> {
    let tab = app.tab();
    let rows = &tab.list.rows;
    let brief = level > 1;
    let count = format!(
        "{} of {}",
        units::commas(rows.shown),
        units::commas(rows.total)
    );
    let count = if level > 2 {
        count
    } else {
        format!("{count} {}", tab.info.noun)
    };
    let mut parts = vec![(count, theme::header())];
    let least = app.threshold;
    let threshold = match level {
        _ if least == 0 => None,
        0 => {
            let hidden = units::commas(rows.below_threshold);
            Some(format!("packets >= {least} ({hidden} hidden)"))
        }
        1 => Some(format!("packets >= {least}")),
        _ => Some(format!("pkts >= {least}")),
    };
    parts.extend(threshold.map(|text| (text, Style::new())));
    if let Some(sort) = tab.sort.filter(|_| level < 5) {
        let by = if brief { "" } else { "by " };
        let mark = if sort.descending { "v" } else { "^" };
        parts.push((format!("{by}{}{mark}", sort.field.header), Style::new()));
    }
    let waiting = bar::pending(app);
    if !waiting.is_empty() && level < 5 {
        parts.push((waiting, theme::progress()));
    }
    let losses = losses(app).filter(|_| level < 4);
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

/// The filter line when it is open, else a notice, else the keys one needs first.
pub fn draw_footer(app: &App, frame: &mut Frame, area: Rect) {
    if let Some(typing) = &app.typing {
        bar::draw_filter(app, typing, frame, area);
        return;
    }
    if let Some(prompt) = &app.command {
        bar::draw_command(prompt, frame, area);
        return;
    }
    let line = match (&app.notice, &app.pane) {
        (Some(notice), _) => Line::styled(notice.clone(), theme::progress()),
        (None, Pane::Table) => keys(area.width),
        (None, _) => Line::styled("Esc back  j k scroll  q quit", theme::quiet()),
    };
    frame.render_widget(line, area);
}

/// The last two, help and quit, are always there; of the others what fits.
fn keys(columns: u16) -> Line<'static> {
    let shown = KEYS.iter().filter(|key| !key.footer.is_empty());
    let mut hints: Vec<(&str, &str)> = shown
        .map(|key| {
            let label = key.label.strip_suffix(" F1").unwrap_or(key.label);
            let label = label.split(" Ctrl").next().unwrap_or(label);
            let label = label.strip_suffix(" Shift-Tab").unwrap_or(label);
            (label, key.footer)
        })
        .collect();
    let long = |hints: &[(&str, &str)]| {
        let columns = hints
            .iter()
            .map(|(label, words)| width(label) + width(words) + 1 + GAP);
        columns.sum::<usize>().saturating_sub(GAP)
    };
    while hints.len() > 2 && long(&hints) > usize::from(columns) {
        hints.remove(hints.len() - 3);
    }
    let spans = hints.into_iter().flat_map(|(label, words)| {
        [
            Span::styled(label, theme::accent()),
            Span::raw(format!(" {words}  ")),
        ]
    });
    Line::from(spans.collect::<Vec<_>>())
}
