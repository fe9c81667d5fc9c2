//! What is on the screen. One file a view, and each only reads the app.

pub mod bar;
pub mod cells;
pub mod columns;
pub mod detail;
pub mod help;
pub mod status;
pub mod table;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Text;

use super::app::{App, Pane, SMALLEST};

/// Draws the screen.
pub fn draw(app: &App, frame: &mut Frame) {
    let area = frame.area();
    if area.width < SMALLEST.width || area.height < SMALLEST.height {
        too_small(frame, area);
        return;
    }
    let [title, status, body, footer] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(app.footer()),
    ])
    .areas(area);
    status::draw_title(app, frame, title);
    status::draw_status(app, frame, status);
    match &app.pane {
        Pane::Table => table::draw(app, frame, body),
        Pane::Detail(detail) => detail::draw(app, detail, frame, body),
        Pane::Help(scroll) => help::draw(*scroll, frame, body),
    }
    status::draw_footer(app, frame, footer);
}

fn too_small(frame: &mut Frame, area: Rect) {
    let words = format!(
        "Terminal too small:\n{}x{}, at least {}x{}\n(q quits)",
        area.width, area.height, SMALLEST.width, SMALLEST.height
    );
    frame.render_widget(Text::raw(words), area);
}
