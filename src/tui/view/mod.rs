//! What is on the screen; everything here only reads the app. The views are `table`, `top`,
//! `timeline` (with `layers`) and `sources` (with `listing` and `accounts`). What covers them is
//! drawn by `chooser` or, with lines of `detail` (with `summary` and `pairing`), `source`,
//! `command` and `help`, by `pane`. Around them are `title`, `status` (with `wording`,
//! `filter_chip` and `badge`), `sparkline`, `reasons`, `totals`, `footer` and `prompt`. `cells` and
//! `columns` are those of tables, and `empty` says why there is nothing.

pub mod accounts;
pub mod badge;
pub mod cells;
pub mod chooser;
pub mod columns;
pub mod command;
pub mod detail;
pub mod empty;
pub mod filter_chip;
pub mod footer;
pub mod help;
pub mod layers;
pub mod listing;
pub mod pairing;
pub mod pane;
pub mod prompt;
pub mod reasons;
pub mod source;
pub mod sources;
pub mod sparkline;
pub mod status;
pub mod summary;
pub mod table;
pub mod timeline;
pub mod title;
pub mod top;
pub mod totals;
pub mod wording;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::{Line, Text};

use crate::tui::app::{App, Pane, SMALLEST};
use crate::tui::asks::Ask;
use crate::tui::keys::action::Action;
use crate::tui::state::tabs::Body;
use crate::tui::theme;
use crate::tui::widget::fit::wrap;
pub use crate::tui::widget::grid::GAP;
use columns::{Placed, shown};

/// Draws the screen.
pub fn draw(app: &App, frame: &mut Frame) {
    let area = frame.area();
    if area.width < SMALLEST.width || area.height < SMALLEST.height {
        too_small(&way_out(app), frame, area);
    } else {
        draw_parts(app, frame, area);
    }
    theme::finish(app.look, frame.buffer_mut());
}

fn draw_parts(app: &App, frame: &mut Frame, area: Rect) {
    let [title, status, body, sums, footer] = parts(area, app);
    title::draw(app, frame, title);
    status::draw(app, frame, status);
    match &app.pane {
        Pane::Table => match app.tab().info.body {
            Body::Rows(_) => {
                let [spark, lead, rows] = leads_and_table(app, body);
                sparkline::draw(app, frame, spark);
                if lead.height > 0 {
                    frame.render_widget(reasons::line(app, lead.width), lead);
                }
                table::draw(app, frame, rows);
                totals::draw(app, frame, sums);
            }
            Body::Top => {
                let [spark, _, groups] = leads_and_table(app, body);
                sparkline::draw(app, frame, spark);
                top::draw(app, frame, groups);
            }
            Body::Timeline => timeline::draw(app, frame, body),
            Body::Sources => sources::draw(app, frame, body),
        },
        Pane::Columns(line) => chooser::draw(app, *line, frame, body),
        Pane::Detail(_) | Pane::Source(_) | Pane::Command(..) | Pane::Help(_) => {
            pane::draw(app, frame, body);
        }
    }
    footer::draw(app, frame, footer);
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

/// The traffic and the line above a table, as far as there are such, and the table.
fn leads_and_table(app: &App, body: Rect) -> [Rect; 3] {
    let spark = Constraint::Length(app.spark.lines(app.size));
    let lead = Constraint::Length(app.tab().info.lead());
    Layout::vertical([spark, lead, Constraint::Min(0)]).areas(body)
}

/// Where the table is, its header first.
pub fn table_area(app: &App) -> Rect {
    let [_, _, table] = leads_and_table(app, body(app));
    table
}

/// Where the table is with what stands above it, or what covers it.
pub fn body(app: &App) -> Rect {
    let [_, _, body, _, _] = parts(Rect::from((Position::ORIGIN, app.size)), app);
    body
}

/// The columns on the screen.
pub fn columns_of(app: &App) -> Vec<Placed> {
    shown(app, app.size.width)
}

/// How far the pane over the table can be scrolled on the screen as it is.
pub fn last_scroll(app: &App) -> u16 {
    pane::last_scroll(app, body(app))
}

/// What to press where nothing else can be seen; a prompt or a question takes all other keys.
fn way_out(app: &App) -> String {
    match app.asks.now {
        Ask::Nothing => format!("{} quits", app.bindings.key(Action::Quit)),
        _ => "Ctrl-c ends the prompt".to_owned(),
    }
}

/// In the middle of the screen, in as few words as it takes.
fn too_small(way_out: &str, frame: &mut Frame, area: Rect) {
    let (width, height) = (area.width, area.height);
    let needs = format!("{}x{}", SMALLEST.width, SMALLEST.height);
    let lines = match width {
        ..18 => vec!["too small".to_owned(), needs, way_out.to_owned()],
        _ => vec![
            "Terminal too small".to_owned(),
            format!("{width}x{height}, needs {needs}"),
            way_out.to_owned(),
        ],
    };
    let lines = lines
        .iter()
        .flat_map(|line| wrap(line, usize::from(width.max(1))));
    let lines: Vec<Line> = lines.map(|line| Line::raw(line).centered()).collect();
    let used = (lines.len() as u16).min(height);
    let middle = Rect {
        y: area.y + (height - used) / 2,
        height: used,
        ..area
    };
    frame.render_widget(Text::from(lines), middle);
}
