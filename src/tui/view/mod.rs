//! What is on the screen. One file a view, and each only reads the app.

pub mod accounts;
pub mod badge;
pub mod bar;
pub mod cells;
pub mod chips;
pub mod chooser;
pub mod columns;
pub mod detail;
pub mod help;
pub mod source;
pub mod sources;
pub mod status;
pub mod table;
pub mod timeline;
pub mod top;
pub mod totals;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::Text;

use super::app::{App, Pane, SMALLEST};
use super::tabs::Body;
pub use super::widget::grid::GAP;
use columns::{Placed, place};

/// Draws the screen.
pub fn draw(app: &App, frame: &mut Frame) {
    let area = frame.area();
    if area.width < SMALLEST.width || area.height < SMALLEST.height {
        too_small(frame, area);
        return;
    }
    let [title, status, body, sums, footer] = parts(area, app);
    status::draw_title(app, frame, title);
    chips::draw(app, frame, status);
    match &app.pane {
        Pane::Table => match app.tab().info.body {
            Body::Rows(_) => {
                table::draw(app, frame, body);
                totals::draw(app, frame, sums);
            }
            Body::Top => top::draw(app, frame, body),
            Body::Timeline => timeline::draw(app, frame, body),
            Body::Sources => sources::draw(app, frame, body),
        },
        Pane::Source(source) => source::draw(app, source, frame, body),
        Pane::Detail(detail) => detail::draw(app, detail, frame, body),
        Pane::Help(scroll) => help::draw(*scroll, frame, body),
        Pane::Columns(line) => chooser::draw(app, *line, frame, body),
    }
    status::draw_footer(app, frame, footer);
}

/// Title, status, body, the sums below a table, and footer.
fn parts(area: Rect, app: &App) -> [Rect; 5] {
    let has_sums = matches!(
        (&app.pane, app.tab().info.body),
        (Pane::Table, Body::Rows(_))
    );
    let sums = u16::from(has_sums);
    Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(sums),
        Constraint::Length(app.footer()),
    ])
    .areas(area)
}

/// Where the table is, or what covers it.
pub fn body(app: &App) -> Rect {
    let [_, _, body, _, _] = parts(Rect::from((Position::ORIGIN, app.size)), app);
    body
}

/// The columns on the screen.
pub fn columns_of(app: &App) -> Vec<Placed> {
    place(&app.tab().columns, app.size.width)
}

/// How far the pane over the table can be scrolled on the screen as it is.
pub fn last_scroll(app: &App) -> u16 {
    let body = body(app);
    match &app.pane {
        Pane::Table | Pane::Columns(_) => 0,
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
