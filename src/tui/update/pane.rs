//! The panes that cover the table: opened, of one row after the other, scrolled, left, and
//! the records of the detail asked for.

use super::choosing::{in_chooser, means_nothing};
use crate::table::store::{RowId, Side};
use crate::tui::app::{App, Effect, Pane};
use crate::tui::keys::action::Action;
use crate::tui::keys::movement::Move;
use crate::tui::state::detail::{Detail, RecordsRequest};
use crate::tui::state::sources::OpenItem;
use crate::tui::view::last_scroll;

/// Opens the detail of the selected row.
pub fn open(app: &mut App) -> Option<Effect> {
    let row = app.tab().list.current()?;
    let request = request(app, row);
    app.pane = Pane::Detail(Detail {
        row,
        asked: request.flows.len(),
        records: None,
        nearest: None,
        scroll: 0,
    });
    Some(Effect::Read(request))
}

/// Opens the pane of the row beside the one whose pane is open.
pub fn beside(app: &mut App, step: isize, open: fn(&mut App) -> Option<Effect>) -> Vec<Effect> {
    let (row, scroll) = match &app.pane {
        Pane::Detail(detail) => (Some(detail.row), detail.scroll),
        Pane::Source(source) => (None, source.scroll),
        _ => {
            let open = app.bindings.key(Action::Open);
            return app.tell(format!(
                "that key is for the details of a row, which {open} shows"
            ));
        }
    };
    let list = &mut app.tab_mut().list;
    // what comes first may be another row by now
    if let Some(row) = row.filter(|_| list.current() != row) {
        list.select_row(row);
    }
    let before = list.line();
    list.step(step);
    match (list.line() == before, step) {
        (false, _) => {
            let effect = open(app);
            keep_scroll(app, scroll);
            effect.into_iter().collect()
        }
        (true, ..0) => app.tell("there is no earlier row"),
        (true, _) => app.tell("there is no later row"),
    }
}

/// Has the pane scrolled as the one before: who compares rows looks at the same lines.
fn keep_scroll(app: &mut App, lines: u16) {
    if let Pane::Detail(Detail { scroll, .. }) | Pane::Source(OpenItem { scroll, .. }) =
        &mut app.pane
    {
        *scroll = lines;
    }
}

/// Asks again when the row in the detail has got its other flow since.
pub fn read_late_mate(app: &mut App) -> Option<Effect> {
    let Pane::Detail(Detail { row, asked, .. }) = app.pane else {
        return None;
    };
    let request = request(app, row);
    let flows = request.flows.len();
    if flows == asked {
        return None;
    }
    if let Pane::Detail(detail) = &mut app.pane {
        detail.asked = flows;
    }
    Some(Effect::Read(request))
}

fn request(app: &App, row: RowId) -> RecordsRequest {
    let facts = app.facts(row);
    let sides = [Side::First, Side::Mate].into_iter();
    RecordsRequest {
        row,
        flows: sides.filter_map(|side| facts.row.wanted(side)).collect(),
        table: (!facts.row.is_connection()).then(|| Box::new(app.table.clone())),
    }
}

/// Keys over a pane that covers the table: scroll it, or leave it. Answers the
/// action that is left for the table.
pub fn in_pane(app: &mut App, action: Action) -> Option<Action> {
    if matches!(app.pane, Pane::Table) {
        return Some(action);
    }
    if let Pane::Columns(line) = app.pane {
        in_chooser(app, line, action);
        return None;
    }
    match action {
        Action::Help if !matches!(app.pane, Pane::Help(_)) => app.pane = Pane::Help(0),
        Action::Back | Action::Help | Action::Open => app.pane = Pane::Table,
        Action::NextView(_) | Action::View(_) | Action::Command | Action::Filter => {
            app.pane = Pane::Table;
            return Some(action);
        }
        Action::Beside(_) if matches!(app.pane, Pane::Detail(_) | Pane::Source(_)) => {
            return Some(action);
        }
        // what they change is seen in a pane too
        Action::Names | Action::Services | Action::Orient => return Some(action),
        Action::Scale if matches!(app.pane, Pane::Source(_)) => return Some(action),
        _ => match action.movement() {
            Some(movement) => scroll(app, movement),
            None => app.notice = Some(means_nothing(app, Action::Back)),
        },
    }
    None
}

/// Scrolls, no further than there is something to see.
fn scroll(app: &mut App, movement: Move) {
    let page = usize::from(app.size.height.saturating_sub(5).max(1));
    let last = last_scroll(app);
    if let Pane::Detail(Detail { scroll, .. })
    | Pane::Source(OpenItem { scroll, .. })
    | Pane::Command(_, scroll)
    | Pane::Help(scroll) = &mut app.pane
    {
        // the screen may have grown since
        let from = usize::from((*scroll).min(last));
        *scroll = movement.lead(from, page, usize::from(last)) as u16;
    }
}
