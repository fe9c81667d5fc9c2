//! `:w FILE` and `:cmd`: what the view on the screen shows, for a file, and as
//! the command line that prints the same.

use std::ffi::OsString;

use crossterm::event::{KeyCode, KeyEvent};

use crate::model::units::{commas, exact, many};
use crate::query::facts::Orient;
use crate::query::group::by::By;
use crate::query::run::{Preset, Query};
use crate::query::task::{GroupTask, Task, TimeTask};
use crate::tui::app::{App, Effect, Hosts, Pane};
use crate::tui::asks::Ask;
use crate::tui::keys::action::Action;
use crate::tui::state::saving::{FrozenView, Progress, Saving, Told, What};
use crate::tui::state::sources::Item;
use crate::tui::state::tabs::Body;
use crate::tui::state::top::WRITTEN;
use crate::tui::update::quote::quoted;

/// Begins to write the view to a file.
pub fn write(app: &mut App, name: String, over: bool) -> Vec<Effect> {
    if let Some(progress) = &app.writing {
        let (name, back) = (&progress.name, app.bindings.key(Action::Back));
        return app.tell(format!("{name} is being written; {back} stops that"));
    }
    if let Some(other) = app.asks.overwriting() {
        let words = format!("whether {} may be written over is still asked", other.name);
        return app.tell(words);
    }
    if let Err(words) = app.export.format(&name) {
        return app.tell(words);
    }
    let view = view(app);
    begin(app, Saving { name, over, view })
}

fn begin(app: &mut App, saving: Saving) -> Vec<Effect> {
    let rows = matches!(saving.view.what, What::Rows(_));
    let rejects = matches!(saving.view.what, What::Rejects);
    app.writing = Some(Progress {
        name: saving.name.clone(),
        lines: 0,
        of: rows.then(|| app.tab().list.rows.shown),
        early: !app.complete,
        without_damage: rejects && !saving.view.intake.damage.is_empty(),
    });
    vec![Effect::Save(Box::new(saving))]
}

/// A key while a question about a file is open; anything but yes is no.
pub fn answered(app: &mut App, key: &KeyEvent) -> Vec<Effect> {
    match (app.close_line(), key.code) {
        (Ask::Overwrite(mut saving), KeyCode::Char('y' | 'Y')) => {
            saving.over = true;
            begin(app, *saving)
        }
        (Ask::Overwrite(saving), _) => app.tell(format!("{} is as it was", saving.name)),
        _ => Vec::new(),
    }
}

/// Takes what is told of a file.
pub fn told(app: &mut App, told: Told) {
    app.changed = true;
    let Some(progress) = app.writing.take() else {
        return;
    };
    let Progress { name, early, .. } = &progress;
    match told {
        Told::Lines(lines) => app.writing = Some(Progress { lines, ..progress }),
        Told::Exists(saving) => app.asks.overwrite(saving),
        Told::Done(rows) => {
            let is_cut = app.tab().info.body == Body::Top && rows == WRITTEN as u64;
            let rows = match is_cut {
                true => format!("the first {} groups", commas(rows)),
                false => many(rows, "rows"),
            };
            let rows = match progress.without_damage {
                true => format!("{rows} of rejected lines, not of damage,"),
                false => rows,
            };
            app.notice = Some(match early {
                false => format!("{name}: {rows} written"),
                true => format!("{name}: {rows} written, of what was read so far"),
            });
        }
        Told::Failed(words) => app.notice = Some(format!("{name}: {words}")),
    }
}

/// What the screen shows.
fn view(app: &App) -> FrozenView {
    FrozenView {
        what: what(app),
        table: app.table.clone(),
        context: app.named_context(),
        intake: app.intake.clone(),
    }
}

fn what(app: &App) -> What {
    let body = app.tab().info.body;
    let query = app.query();
    match app.together.task(body, app.size.width) {
        Some(Task::Groups(_)) => What::Sum(query, Task::Groups(app.together.top.of_file())),
        Some(task) => What::Sum(query, task),
        None if body == Body::Sources => match app.tab().list.current().and_then(Item::of) {
            Some(Item::Exporter(_)) => What::Exporters,
            Some(Item::Reject(_) | Item::Damage(_)) => What::Rejects,
            Some(Item::File(_) | Item::Refused(_)) | None => What::Files,
        },
        None => What::Rows(query),
    }
}

/// Shows the command line that prints what the view shows, and copies it.
pub fn show_command(app: &mut App) -> Vec<Effect> {
    let text = command_line(app);
    app.pane = Pane::Command(text.clone(), 0);
    vec![Effect::Copy(text)]
}

/// The command line that prints the same rows as `:w`.
pub fn command_line(app: &App) -> String {
    let mut words: Vec<OsString> = ["flowpeek", "report", "--no-config", "--format", "csv"]
        .map(OsString::from)
        .to_vec();
    let mut say = |said: &[&str]| words.extend(said.iter().map(OsString::from));
    match what(app) {
        What::Files => say(&["--show", "files"]),
        What::Exporters => say(&["--show", "exporters"]),
        What::Rejects => say(&["--show", "rejects"]),
        What::Rows(query) => {
            rows(app, &query, &mut say);
            if let Some(sort) = query.sort {
                say(&["--sort", &ordered(sort.field.name, sort.descending)]);
            }
            // a report lists every row
            select(app, has_folds(app), &mut say);
        }
        What::Sum(query, task) => {
            rows(app, &query, &mut say);
            put_together(app, &task, &mut say);
            select(app, false, &mut say);
            if !app.context.stance.folds {
                say(&["--duplicates"]);
            }
        }
    }
    if app.table.is_scaled() {
        say(&["--scale"]);
    }
    let asks = app.asks_names() || app.hosts != Hosts::Addresses;
    say(&["--dns", if asks { &app.base.dns } else { "off" }]);
    words.extend(app.base.words.iter().cloned());
    words.push(OsString::from("--"));
    words.extend(app.base.files.iter().cloned());
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    words.join(" ")
}

fn has_folds(app: &App) -> bool {
    app.stance().folds && app.table.repeats()
}

/// The filter; without what repeats others, if that is left out.
fn select(app: &App, folds: bool, say: &mut impl FnMut(&[&str])) {
    let text = app.filter.text.as_str();
    match (text, folds) {
        ("", false) => {}
        ("", true) => say(&["--filter", "not duplicate"]),
        (_, false) => say(&["--filter", text]),
        (_, true) => say(&["--filter", &format!("({text}) and not duplicate")]),
    }
}

/// Which rows, and how they are seen.
fn rows(app: &App, query: &Query, say: &mut impl FnMut(&[&str])) {
    if query.preset == Preset::Unmatched {
        say(&["--show", "unmatched"]);
    }
    say(&["-p", &query.threshold.to_string()]);
    if app.context.stance.orient == Orient::Client {
        say(&["--orient", "client"]);
    }
}

fn put_together(app: &App, task: &Task, say: &mut impl FnMut(&[&str])) {
    let names = |by: &[By]| {
        let names: Vec<String> = by.iter().map(|by| by.name()).collect();
        names.join(",")
    };
    match task {
        Task::Groups(GroupTask { by, order, limit }) => {
            let name = order.measure.map_or("key", |it| it.name);
            let order = ordered(name, order.descending);
            say(&["--top", &names(by), "--sort", &order]);
            say(&["--limit", &limit.to_string()]);
        }
        Task::Time(TimeTask {
            amount, by, limit, ..
        }) => {
            let line = app.together.time.course.line.as_ref();
            let step = line.map_or(1000, |line| line.bins.step);
            say(&["--timeline", &exact(step), "--sort", amount.name()]);
            if !by.is_empty() {
                say(&["--top", &names(by), "--limit", &limit.to_string()]);
            }
        }
    }
}

fn ordered(name: &str, descending: bool) -> String {
    format!("{name}:{}", if descending { "desc" } else { "asc" })
}
