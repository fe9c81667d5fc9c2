//! Keys about rows wait for those that earlier keys have asked for: on the rows that are on
//! the screen until then they would do something else. What is pressed after such a key waits
//! behind it, for keys do what they do in the order in which they are pressed. Nobody has to
//! wait to leave, and what is being typed is not about rows.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use crate::tui::app::{App, Pane};
use crate::tui::asks::Ask;
use crate::tui::keys::action::Action;
use crate::tui::state::tabs::Body;

/// Has a key wait, or has it end the waiting; answers whether that is all it does now.
pub fn hold(app: &mut App, key: &KeyEvent, action: Option<Action>) -> bool {
    if !matches!(app.asks.now, Ask::Nothing) {
        return false;
    }
    let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
    // behind a key that opens a line the next ones are text
    let types = app.ahead.keys().any(|key| opens_line(app, &key));
    match action {
        Some(Action::Suspend) if is_control => false,
        Some(Action::Back) if !types || key.code == KeyCode::Esc => app.ahead.give_up(),
        Some(Action::Quit) if !types => false,
        Some(Action::Quit) if is_control => app.ahead.give_up(),
        _ if !app.ahead.is_empty() || is_early(app, action) => {
            app.ahead.push(Event::Key(*key));
            true
        }
        _ => false,
    }
}

/// The next of what waits, if what it is about is there.
pub fn next(app: &mut App) -> Option<Event> {
    let event = app.ahead.first()?;
    let is_due = match app.asks.now {
        Ask::Nothing => match event {
            Event::Key(key) => !is_early(app, app.bindings.action(key)),
            _ => true,
        },
        Ask::Filter(_) | Ask::Command(_) => true,
        // who has typed ahead did not mean to answer that
        Ask::Overwrite(_) => false,
    };
    is_due.then(|| app.ahead.pop()).flatten()
}

fn opens_line(app: &App, key: &KeyEvent) -> bool {
    let action = app.bindings.action(key);
    matches!(action, Some(Action::Filter | Action::Command))
}

/// Whether a key is about rows that are still to come.
fn is_early(app: &App, action: Option<Action>) -> bool {
    let about_rows = match (action, &app.pane) {
        (Some(Action::Beside(_)), _) => true,
        (Some(action), Pane::Table) => is_about_rows(action, app.tab().info.body),
        _ => false,
    };
    about_rows && (app.ahead.is_early() || is_at_end_of_some(app))
}

/// Whether one went to the end while only the first rows are known.
fn is_at_end_of_some(app: &App) -> bool {
    let tab = app.tab();
    matches!(tab.info.body, Body::Rows(_)) && tab.list.waits_at_end()
}

/// Whether what an action does depends on which rows there are.
fn is_about_rows(action: Action, body: Body) -> bool {
    action.movement().is_some()
        || matches!(
            action,
            Action::Open | Action::Pick(_) | Action::Like | Action::Find(_) | Action::Copy(_)
        )
        || body == Body::Timeline
            && matches!(action, Action::Columns(_) | Action::Brush | Action::Zoom(_))
}
