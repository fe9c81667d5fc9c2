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
use crate::tui::state::kept::Note;
use crate::tui::state::prompt::Edit;

/// A key on the command line.
pub fn commanded(app: &mut App, key: &KeyEvent) -> Vec<Effect> {
    let Ask::Command(prompt) = &mut app.asks.now else {
        return Vec::new();
    };
    // an empty line has nothing more to take back
    if prompt.text().is_empty() && key.code == KeyCode::Backspace {
        app.close_line();
        return Vec::new();
    }
    match prompt.key(key) {
        Edit::Cancelled => {
            app.close_line();
        }
        Edit::Done => {
            let read = command::read(prompt.text());
            app.close_line();
            return match read {
                Ok(Some(command)) => obey(app, command),
                Ok(None) => Vec::new(),
                Err(words) => app.tell(words),
            };
        }
        _ => {}
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
            Vec::new()
        }
        Command::Top(fields) => group_by_all(app, &fields),
        Command::List => {
            let names: Vec<&str> = app.kept.saved.iter().map(|row| row.0.as_str()).collect();
            let words = match names.is_empty() {
                true => "no filter has a name yet: :filter save NAME gives it one".to_owned(),
                false => format!("filters: {}", names.join(" ")),
            };
            app.tell(words)
        }
        Command::Save(_) if app.filter.text.is_empty() => {
            let filter = app.bindings.key(Action::Filter);
            app.tell(format!("there is no filter to save: {filter} makes one"))
        }
        Command::Save(name) => {
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

fn unknown(app: &mut App, name: &str) -> Vec<Effect> {
    let known = app.kept.saved.iter().map(|row| row.0.as_str());
    let words = format!("no filter is called {name}{}", nearest(name, known));
    app.tell(words)
}
