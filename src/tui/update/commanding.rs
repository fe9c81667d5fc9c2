//! What the keys of the command line do to the app.

use crossterm::event::{KeyCode, KeyEvent};

use super::exporting;
use super::filtering::{keep, set};
use super::grouping::group_by_all;
use crate::model::typo::nearest;
use crate::query::language::written::Filter;
use crate::tui::app::{App, Effect};
use crate::tui::asks::Ask;
use crate::tui::keys::action::Action;
use crate::tui::keys::command::{self, Command};
use crate::tui::sparking;
use crate::tui::state::editor::{Edited, Editor, remember};
use crate::tui::state::kept::Note;
use crate::tui::state::prompt::{Edit, Prompt};

/// Opens the command line.
pub fn open(app: &mut App) {
    let editor = Editor::new("", &app.commands);
    app.open_line(Ask::Command(Box::new(editor)));
}

/// Whether a key leaves the command line: where it is empty there is nothing more to take back.
pub fn is_left(app: &App, key: &KeyEvent) -> bool {
    let Ask::Command(editor) = &app.asks.now else {
        return false;
    };
    editor.prompt.text().is_empty() && key.code == KeyCode::Backspace
}

/// An edit of the command line.
pub fn typed(app: &mut App, edit: impl FnOnce(&mut Prompt) -> Edit) -> Vec<Effect> {
    let Ask::Command(editor) = &mut app.asks.now else {
        return Vec::new();
    };
    match editor.edit(edit) {
        Edited::Wanted(step) => {
            let offers = command::complete(editor.prompt.before(), &app.kept.names());
            editor.take(offers, step);
        }
        Edited::Cancelled => {
            app.close_line();
        }
        Edited::Done => {
            let line = editor.prompt.text().trim().to_owned();
            app.close_line();
            remember(&mut app.commands, &line);
            return match command::read(&line) {
                Ok(Some(command)) => obey(app, command),
                Ok(None) => Vec::new(),
                Err(words) => app.tell(words),
            };
        }
        Edited::Same | Edited::Changed => {}
    }
    Vec::new()
}

fn obey(app: &mut App, command: Command) -> Vec<Effect> {
    match command {
        Command::Quit => vec![Effect::Quit(0)],
        Command::Sparkline => sparking::toggle(app).into_iter().collect(),
        Command::Write { name, over } => exporting::write(app, name, over),
        Command::Cmd => exporting::show_command(app),
        Command::Columns => {
            app.tab_mut().usual_columns();
            app.show_repeats();
            Vec::new()
        }
        Command::Top(fields) => group_by_all(app, &fields),
        Command::List => {
            let names = app.kept.names();
            let words = match names.is_empty() {
                true => "no filter has a name yet: :filter save NAME gives it one".to_owned(),
                false => format!("filters: {}", names.join(" ")),
            };
            app.tell(words)
        }
        Command::Save { .. } if app.filter.text.is_empty() => {
            let filter = app.bindings.key(Action::Filter);
            app.tell(format!("there is no filter to save: {filter} makes one"))
        }
        Command::Save { name, over: false } if is_of_another(app, &name) => app.tell(format!(
            "{name} is another filter: :filter save! {name} replaces it"
        )),
        Command::Save { name, .. } => {
            app.notice = Some(format!("saved: :filter {name} brings it back"));
            keep(app, Note::Saved(name, app.filter.text.clone()))
        }
        Command::Drop(name) if app.kept.named(&name).is_some() => {
            app.notice = Some(format!("forgotten: {name}"));
            keep(app, Note::Dropped(name))
        }
        Command::Use(name) => match app.kept.named(&name).map(Filter::of) {
            Some(Ok(filter)) => set(app, filter),
            Some(Err(error)) => app.tell(format!("the filter {name} is wrong: {error}")),
            None => unknown(app, &name),
        },
        Command::Drop(name) => unknown(app, &name),
    }
}

/// Whether a name is that of a filter other than the one in force.
fn is_of_another(app: &App, name: &str) -> bool {
    let known = app.kept.named(name);
    known.is_some_and(|text| text != app.filter.text)
}

fn unknown(app: &mut App, name: &str) -> Vec<Effect> {
    let known = app.kept.names().into_iter();
    let words = format!("no filter is called {name}{}", nearest(name, known));
    app.tell(words)
}
