//! What is on the screen. One file a view, and each only reads the app.

pub mod accounts;
pub mod bar;
pub mod cells;
pub mod columns;
pub mod detail;
pub mod help;
pub mod pairing;
pub mod reasons;
pub mod source;
pub mod sources;
pub mod status;
pub mod summary;
pub mod table;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::Text;

use super::app::{App, Pane, SMALLEST};
use super::tabs::Body;

/// Draws the screen.
pub fn draw(app: &App, frame: &mut Frame) {
    let area = frame.area();
    if area.width < SMALLEST.width || area.height < SMALLEST.height {
        too_small(frame, area);
        return;
    }
    let [title, status, body, footer] = parts(area, app);
    status::draw_title(app, frame, title);
    status::draw_status(app, frame, status);
    match &app.pane {
        Pane::Table => match app.tab().info.body {
            Body::Rows(_) => {
                let lead = Constraint::Length(app.tab().info.lead());
                let [lead, rows] = Layout::vertical([lead, Constraint::Min(0)]).areas(body);
                if lead.height > 0 {
                    frame.render_widget(reasons::line(app, lead.width), lead);
                }
                table::draw(app, frame, rows);
            }
            Body::Sources => sources::draw(app, frame, body),
        },
        Pane::Source(source) => source::draw(app, source, frame, body),
        Pane::Detail(detail) => detail::draw(app, detail, frame, body),
        Pane::Help(scroll) => help::draw(*scroll, frame, body),
    }
    status::draw_footer(app, frame, footer);
}

/// Title, status, body and footer.
fn parts(area: Rect, app: &App) -> [Rect; 4] {
    Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(app.footer()),
    ])
    .areas(area)
}

/// How far the pane over the table can be scrolled on the screen as it is.
pub fn last_scroll(app: &App) -> u16 {
    let [_, _, body, _] = parts(Rect::from((Position::ORIGIN, app.size)), app);
    match &app.pane {
        Pane::Table => 0,
        Pane::Source(source) => source::last_scroll(app, source, body),
        Pane::Detail(detail) => detail::last_scroll(app, detail, body),
        Pane::Help(_) => help::last_scroll(body),
    }
}

fn too_small(frame: &mut Frame, area: Rect) {
    let words = format!(
        "Terminal too small:\n{}x{}, at least {}x{}\n(q quits)",
        area.width, area.height, SMALLEST.width, SMALLEST.height
    );
    frame.render_widget(Text::raw(words), area);
}
