//! `update`: what happens to the app when something happened. It does no I/O;
//! what has to be done outside is returned as effects.
//!
//! `acting` is what each action does. The other files do what belongs to one thing, whether a
//! key, an answer or news leads to it: the filter, columns, panes, the way into a group, keys
//! that wait for rows.

mod acting;
mod asking;
mod cell;
mod choosing;
mod commanding;
mod counting;
pub mod exporting;
mod filtering;
mod grouping;
mod growing;
mod mouse;
mod pane;
mod places;
pub mod quote;
mod sourcing;
mod threshold;
mod timing;
mod waiting;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Size;

use crate::load::Snapshot;
use crate::tui::app::{App, Effect, Hosts, Pane};
use crate::tui::asks::Ask;
use crate::tui::keys::action::Action;
use crate::tui::sparking;
use crate::tui::state::prompt::{Edit, Prompt, is_of_words};
use crate::tui::state::tabs::Body;
use crate::tui::threads::inbox::Message;
use acting::act;
use asking::{answered, ask_if_due, summed};
use cell::found;
use mouse::pointed;
use pane::read_late_mate;

/// Takes a message and says what is to be done about it.
pub fn update(app: &mut App, message: Message) -> Vec<Effect> {
    let mut effects = take(app, message);
    while let Some(event) = waiting::next(app) {
        effects.extend(match event {
            Event::Key(key) => in_turn(app, &key),
            Event::Paste(text) => pasted(app, &text),
            _ => Vec::new(),
        });
    }
    effects
}

fn take(app: &mut App, message: Message) -> Vec<Effect> {
    match message {
        Message::Input(event) => input(app, event),
        Message::Load(snapshot) => loaded(app, *snapshot),
        Message::Rows(generation, rows) => answered(app, generation, rows),
        Message::Together(generation, answer) => summed(app, generation, answer),
        Message::Spark(line) => {
            app.spark.take(line);
            app.changed = true;
            sparking::ask(app).into_iter().collect()
        }
        Message::Found(answer) => {
            found(app, &answer);
            Vec::new()
        }
        Message::Named(address, found, at) => {
            app.names.learn(address, found, at);
            app.changed |= app.hosts != Hosts::Addresses || app.asks_names();
            app.ask_again |= app.sees_names();
            ask_if_due(app)
        }
        Message::Sought(addresses) => {
            app.names.seek(addresses);
            app.changed = true;
            Vec::new()
        }
        Message::Saving(told) => {
            exporting::told(app, told);
            Vec::new()
        }
        Message::Records(read) => {
            if let Pane::Detail(detail) = &mut app.pane
                && detail.row == read.row
            {
                detail.records = Some(read.records);
                detail.nearest = read.nearest;
                app.changed = true;
            }
            Vec::new()
        }
        Message::Halted => vec![Effect::Halt],
        Message::Resumed => {
            app.changed = true;
            vec![Effect::Resume]
        }
        Message::Line(place, text) => {
            sourcing::take_text(app, place, text);
            Vec::new()
        }
        Message::Terminate(code) => vec![Effect::Quit(code)],
    }
}

fn loaded(app: &mut App, snapshot: Snapshot) -> Vec<Effect> {
    let same = app.following.take(snapshot.growth);
    app.table = snapshot.table.scaled(app.table.is_scaled());
    app.intake = snapshot.intake;
    app.complete = snapshot.complete;
    app.elapsed = snapshot.elapsed;
    sourcing::refresh(app);
    app.changed = true;
    app.ask_again |= !same;
    let mut effects = ask_if_due(app);
    effects.extend(read_late_mate(app));
    effects
}

fn input(app: &mut App, event: Event) -> Vec<Effect> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            let is_typed = app.asks.is_typed();
            keys_of(key, is_typed)
                .flat_map(|key| pressed(app, &key))
                .collect()
        }
        Event::Paste(_) if !app.ahead.is_empty() => {
            app.ahead.push(event);
            Vec::new()
        }
        Event::Paste(text) => pasted(app, &text),
        Event::Mouse(event) => match pointed(app, event) {
            Some(action) => act(app, action),
            None => Vec::new(),
        },
        Event::Resize(width, height) => {
            app.resize(Size { width, height });
            app.changed = true;
            // as many steps as there are columns
            let mut effects = match app.tab().info.body {
                Body::Timeline => app.ask(),
                _ => Vec::new(),
            };
            effects.extend(sparking::ask(app));
            // smaller and larger again at once, it is of the size it was, and empty in part
            effects.push(Effect::Redraw);
            effects
        }
        _ => Vec::new(),
    }
}

/// A terminal sends Alt and a key as Esc and the key, so over a slow line Esc and
/// a key look like Alt. No key is bound to Alt: it always was Esc, then the key, but for
/// those that lines know which are being typed.
fn keys_of(key: KeyEvent, is_typed: bool) -> impl Iterator<Item = KeyEvent> {
    let plain = matches!(
        key.code,
        KeyCode::Char(_) | KeyCode::Enter | KeyCode::Tab | KeyCode::Backspace
    );
    let plain = plain && !(is_typed && is_of_words(&key));
    let esc = plain && key.modifiers.contains(KeyModifiers::ALT);
    let rest = KeyEvent {
        modifiers: key.modifiers - KeyModifiers::ALT,
        ..key
    };
    let esc = esc.then(|| KeyEvent::from(KeyCode::Esc));
    let key = if esc.is_some() { rest } else { key };
    esc.into_iter().chain([key])
}

fn pasted(app: &mut App, text: &str) -> Vec<Effect> {
    app.changed |= app.asks.is_typed();
    typed(app, |prompt| prompt.insert(text))
}

/// An edit of what is being typed, if anything is.
fn typed(app: &mut App, edit: impl FnOnce(&mut Prompt) -> Edit) -> Vec<Effect> {
    match app.asks.now {
        Ask::Filter(_) => filtering::typed(app, edit),
        Ask::Command(_) => commanding::typed(app, edit),
        Ask::Overwrite(_) | Ask::Nothing => Vec::new(),
    }
}

fn pressed(app: &mut App, key: &KeyEvent) -> Vec<Effect> {
    app.changed = true;
    app.notice = None;
    let action = app.bindings.action(key);
    match waiting::hold(app, key, action) {
        true => Vec::new(),
        false => in_turn(app, key),
    }
}

/// What a key does that does not wait, or not any more.
fn in_turn(app: &mut App, key: &KeyEvent) -> Vec<Effect> {
    let action = app.bindings.action(key);
    match app.asks.now {
        // also while something is typed, where it is a key that types nothing
        _ if action == Some(Action::Suspend) && key.modifiers.contains(KeyModifiers::CONTROL) => {
            act(app, Action::Suspend)
        }
        Ask::Command(_) if commanding::is_left(app, key) => {
            app.close_line();
            Vec::new()
        }
        Ask::Filter(_) | Ask::Command(_) => typed(app, |prompt| prompt.key(key)),
        Ask::Overwrite(_) => exporting::answered(app, key),
        Ask::Nothing => action.map_or_else(Vec::new, |action| act(app, action)),
    }
}
