//! The lines around the table: title with the views, status, and footer.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::bar;
use crate::model::units;
use crate::query::expr::{Expr, Test};
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
    let text = match intake.files.as_slice() {
        [file] => file.name.clone(),
        files => format!("{} files", files.len()),
    };
    (text, theme::quiet())
}

/// How many rows are shown, and of everything that makes them fewer.
pub fn draw_status(app: &App, frame: &mut Frame, area: Rect) {
    let tab = app.tab();
    let rows = &tab.list.rows;
    let shown = units::commas(rows.shown);
    let mut spans = vec![Span::styled(
        format!("{shown} of {} {}", units::commas(rows.total), tab.info.noun),
        theme::header(),
    )];
    let mut add = |text: String, style: Style| {
        spans.push(Span::raw("  "));
        spans.push(Span::styled(text, style));
    };
    if app.base != Expr::Test(Test::Any) {
        add("--filter".to_owned(), theme::accent());
    }
    if app.threshold > 0 {
        let hidden = units::commas(rows.below_threshold);
        let least = app.threshold;
        add(
            format!("packets >= {least} ({hidden} hidden)"),
            Style::new(),
        );
    }
    if let Some(sort) = tab.sort {
        let mark = if sort.descending { "v" } else { "^" };
        add(format!("by {}{mark}", sort.field.header), Style::new());
    }
    for (text, count) in losses(app) {
        add(format!("{text} {}", units::commas(count)), theme::warning());
    }
    let waiting = bar::pending(app);
    if !waiting.is_empty() {
        add(waiting, theme::progress());
    }
    if !app.filter.text.is_empty() {
        let used: usize = spans.iter().map(|span| width(&span.content)).sum();
        let room = usize::from(area.width).saturating_sub(used + 2);
        let text = cut(
            &format!("filter {}{}", app.filter.text, bar::pending(app)),
            room,
        );
        spans.push(Span::raw("  "));
        spans.push(Span::styled(text, theme::accent()));
    }
    frame.render_widget(Line::from(spans), area);
}

/// What of the input could not be used.
fn losses(app: &App) -> impl Iterator<Item = (&'static str, u64)> {
    let intake = &app.intake;
    let counts = [
        ("rejected lines", intake.rejected_lines),
        ("damaged bytes", intake.damaged_bytes),
        ("unreadable values", intake.unreadable_values),
    ];
    counts.into_iter().filter(|loss| loss.1 > 0)
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
        (None, Pane::Table) => keys(),
        (None, _) => Line::styled("Esc back  j k scroll  q quit", theme::quiet()),
    };
    frame.render_widget(line, area);
}

fn keys() -> Line<'static> {
    let shown = KEYS.iter().filter(|key| !key.footer.is_empty());
    let spans = shown.flat_map(|key| {
        let label = key.label.strip_suffix(" F1").unwrap_or(key.label);
        let label = label.split(" Ctrl").next().unwrap_or(label);
        let label = label.strip_suffix(" Shift-Tab").unwrap_or(label);
        [
            Span::styled(label, theme::accent()),
            Span::raw(format!(" {}  ", key.footer)),
        ]
    });
    Line::from(spans.collect::<Vec<_>>())
}
