//! What the keys of the filter line do to the app, and filters that come by other ways.

use crate::query::facts::Facts;
use crate::query::language::complete::{Completion, complete};
use crate::query::language::seen::seen;
use crate::query::language::words::Values;
use crate::query::language::written::Filter;
use crate::tui::app::{App, Effect};
use crate::tui::asks::Ask;
use crate::tui::state::kept::Note;
use crate::tui::state::prompt::{Edit, Prompt};
use crate::tui::state::typing::{Outcome, Typing};

/// Rows that are looked through for values to offer.
const LOOKED_AT: usize = 20_000;
/// Filters that `u` can go back to.
const UNDO: usize = 100;

/// Opens the filter line.
pub fn open(app: &mut App) {
    let typing = Typing::new(&app.filter, &app.kept.history);
    app.open_line(Ask::Filter(Box::new(typing)));
}

/// An edit of the filter line, and what it means for what is shown.
pub fn typed(app: &mut App, edit: impl FnOnce(&mut Prompt) -> Edit) -> Vec<Effect> {
    let Ask::Filter(typing) = &mut app.asks.now else {
        return Vec::new();
    };
    let outcome = match typing.edit(edit) {
        Outcome::Wanted(step) => {
            let before = typing.editor.prompt.before().to_owned();
            let offers = offers(app, &before);
            match &mut app.asks.now {
                Ask::Filter(typing) => typing.take(offers, step),
                _ => Outcome::Nothing,
            }
        }
        outcome => outcome,
    };
    follow(app, outcome)
}

fn follow(app: &mut App, outcome: Outcome) -> Vec<Effect> {
    match outcome {
        Outcome::Nothing | Outcome::Wanted(_) => Vec::new(),
        Outcome::Closed => {
            let mut effects = close(app);
            // names are asked for from now on
            if app.asks_names() {
                effects.extend(app.question());
            }
            effects
        }
        Outcome::Accepted(filter) => {
            app.filter = filter;
            let mut effects = close(app);
            effects.extend(app.question());
            effects
        }
        Outcome::Applied(filter) => {
            app.filter = filter;
            app.ask()
        }
        Outcome::Restored(filter) => {
            app.filter = filter;
            app.close_line();
            app.ask()
        }
    }
}

/// The filter in force is what the user wants.
fn close(app: &mut App) -> Vec<Effect> {
    if let Ask::Filter(typing) = app.close_line() {
        remember(app, typing.before);
    }
    keep(app, Note::Used(app.filter.text.clone()))
}

/// Puts another filter in force, to be undone.
pub fn set(app: &mut App, filter: Filter) -> Vec<Effect> {
    let before = std::mem::replace(&mut app.filter, filter);
    remember(app, before);
    app.ask()
}

/// Puts a filter in force that keys have made, and keeps it like a typed one.
pub fn apply(app: &mut App, filter: Filter) -> Vec<Effect> {
    let note = Note::Used(filter.text.clone());
    let mut effects = set(app, filter);
    effects.extend(keep(app, note));
    effects
}

/// The filter used before the one in force, or after it; behind the newest
/// there is none.
pub fn past(app: &mut App, step: isize) -> Vec<Effect> {
    let history = &app.kept.history;
    let here = history.iter().position(|text| *text == app.filter.text);
    let here = here.unwrap_or(history.len());
    let mut places = match step {
        ..0 => (0..here).rev().collect::<Vec<_>>(),
        _ => (here + 1..history.len()).collect(),
    }
    .into_iter();
    // a filter of another version may be none any more
    let found = places.find_map(|place| Filter::of(&history[place]).ok());
    match found {
        Some(filter) => set(app, filter),
        None if step > 0 && here < history.len() => set(app, Filter::default()),
        None if step > 0 => app.tell("there is no later filter"),
        None => app.tell("there is no earlier filter"),
    }
}

/// Takes the filter that was in force where one comes back to. What `led` away is undone with
/// it; another one that was made meanwhile can be had again.
pub fn go_back(app: &mut App, filter: Filter, led: &str) {
    let left = std::mem::replace(&mut app.filter, filter);
    if left.text != led {
        remember(app, left);
    } else if app.undo.last().is_some_and(|it| it.text == app.filter.text) {
        app.undo.pop();
    }
}

fn remember(app: &mut App, before: Filter) {
    if before.text != app.filter.text {
        app.undo.push(before);
        let surplus = app.undo.len().saturating_sub(UNDO);
        app.undo.drain(..surplus);
    }
}

/// Goes back to the filter before this one.
pub fn undo(app: &mut App) -> Vec<Effect> {
    match app.undo.pop() {
        Some(filter) => {
            app.filter = filter;
            app.ask()
        }
        None => app.tell("there is no earlier filter"),
    }
}

/// Keeps something for the next run, if it is news.
pub fn keep(app: &mut App, note: Note) -> Vec<Effect> {
    match app.kept.take(&note) {
        true => vec![Effect::Keep(note)],
        false => Vec::new(),
    }
}

/// What may stand in place of the word before the cursor: values of the rows
/// that are shown come before those of others.
fn offers(app: &App, before: &str) -> Completion {
    let context = &app.named_context();
    let facts = |row| Facts {
        row: app.table.row(row),
        context,
    };
    complete(before, |kind| {
        if kind == Values::None {
            return Vec::new();
        }
        let shown = app.tab().list.rows.ids.iter().copied().take(LOOKED_AT);
        let mut values = seen(kind, shown.map(facts));
        let all = app.table.rows().map(|row| row.id).take(LOOKED_AT);
        values.extend(seen(kind, all.map(facts)));
        values
    })
}
