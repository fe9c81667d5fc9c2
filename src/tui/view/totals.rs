//! The line below the table: sums over the rows that are shown, and where in
//! them one is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::units;
use crate::tui::app::App;
use crate::tui::theme;
use crate::tui::widget::fit::width;

/// Draws the line; before the first answer there is nothing to sum up.
pub fn draw(app: &App, frame: &mut Frame, area: Rect) {
    if app.answered == 0 {
        return;
    }
    let room = usize::from(area.width);
    let fits = |level: &u8| {
        let (sums, place) = (sums(app, *level), position(app, *level));
        width(&sums) + 2 + width(&place) <= room
    };
    let level = (0..5).find(fits).unwrap_or(5);
    let (sums, place) = (sums(app, level), position(app, level));
    let fill = room.saturating_sub(width(&sums) + width(&place));
    let line = Line::from(vec![
        Span::styled(sums, theme::header()),
        Span::raw(" ".repeat(fill)),
        Span::styled(place, theme::quiet()),
    ]);
    frame.render_widget(line, area);
}

/// What the rows sum up to: rows, octets each way, packets.
fn sums(app: &App, level: u8) -> String {
    let tab = app.tab();
    let rows = &tab.list.rows;
    let totals = rows.totals;
    let (noun, packets) = match level {
        0 | 1 => (tab.info.body.noun(), "packets"),
        _ => ("rows", "pkts"),
    };
    format!(
        "{}  {} >  {} <  {} {packets}",
        units::many(rows.shown, noun),
        units::bytes(totals.src_bytes),
        units::bytes(totals.dst_bytes),
        units::count(totals.packets),
    )
}

/// The line and the column one is on; of the lines also in percent.
fn position(app: &App, level: u8) -> String {
    let tab = app.tab();
    let count = tab.list.rows.shown;
    let row = if tab.list.rows.ids.is_empty() {
        0
    } else {
        tab.list.line() as u64 + 1
    };
    let percent = (row * 100).checked_div(count).unwrap_or(0);
    let (row, count) = (units::commas(row), units::commas(count));
    let (column, all) = (tab.columns.cursor() + 1, tab.columns.list().len());
    match level {
        0 => format!("column {column} of {all}  row {row} of {count}  {percent}%"),
        1 | 2 => format!("col {column}/{all}  row {row}/{count}  {percent}%"),
        3 => format!("row {row}/{count}  {percent}%"),
        4 => format!("row {row}  {percent}%"),
        _ => format!("{percent}%"),
    }
}
