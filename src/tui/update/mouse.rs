//! The mouse, once `m` has turned it on: the wheel moves, a click selects a row,
//! a click on a header sorts by that column.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::tui::app::{App, Pane};
use crate::tui::asks::Ask;
use crate::tui::keys::action::Action;
use crate::tui::state::list::List;
use crate::tui::state::tabs::Body;
use crate::tui::view;

/// Rows that a notch of the wheel moves.
const NOTCH: isize = 3;

/// What an event of the mouse asks for, once the cursors are where it points.
pub fn pointed(app: &mut App, event: MouseEvent) -> Option<Action> {
    if !app.mouse || !matches!(app.asks.now, Ask::Nothing) {
        return None;
    }
    let is_timeline = app.tab().info.body == Body::Timeline;
    match event.kind {
        // there its rows are what bars show
        MouseEventKind::ScrollDown | MouseEventKind::ScrollUp
            if is_timeline && matches!(app.pane, Pane::Table) =>
        {
            None
        }
        MouseEventKind::ScrollDown => Some(Action::Rows(NOTCH)),
        MouseEventKind::ScrollUp => Some(Action::Rows(-NOTCH)),
        MouseEventKind::Down(MouseButton::Left) if matches!(app.pane, Pane::Table) => {
            clicked(app, Position::new(event.column, event.row))
        }
        _ => None,
    }
}

fn clicked(app: &mut App, at: Position) -> Option<Action> {
    let body = view::table_area(app);
    if !body.contains(at) {
        return None;
    }
    match app.tab().info.body {
        Body::Rows(_) => {}
        Body::Top => return on_row(&app.together.top.list, at.y.checked_sub(body.y + 1)?),
        Body::Timeline | Body::Sources => return None,
    }
    let mut begin = body.x;
    let column = view::columns_of(app).into_iter().find(|placed| {
        let end = begin + placed.2;
        let hit = (begin..end).contains(&at.x);
        begin = end + view::GAP;
        hit
    });
    if let Some((place, _, _)) = column {
        app.tab_mut().columns.go(place);
        app.changed = true;
    }
    if at.y == body.y {
        let tab = app.tab();
        let name = tab.columns.field().name;
        let is_sorted = tab.sort.is_some_and(|sort| sort.field.name == name);
        let action = if is_sorted {
            Action::Reverse
        } else {
            Action::Sort
        };
        return column.map(|_| action);
    }
    on_row(&app.tab().list, at.y - body.y - 1)
}

/// To a row of a list, by its line on the screen.
fn on_row(list: &List, line: u16) -> Option<Action> {
    let (rows, selected) = list.visible();
    let line = usize::from(line);
    (line < rows.len()).then(|| Action::Rows(line as isize - selected as isize))
}
