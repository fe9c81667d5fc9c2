//! `update`: what happens to the app when something happened. It does no I/O;
//! what has to be done outside is returned as effects.

use crossterm::event::{Event, KeyEvent, KeyEventKind};
use ratatui::layout::Size;

use super::action::{Action, action};
use super::app::{App, Effect, Pane};
use super::detail::{Detail, Request};
use super::filtering::{self, commanded, typed};
use super::inbox::Message;
use super::prompt::Prompt;
use super::tabs::TABS;
use super::typing::Filter;
use crate::load::Snapshot;
use crate::query::facts::Orient;
use crate::query::sort::Sort;
use crate::table::store::{RowId, Side};

/// The steps of the packet threshold.
const STEPS: [u64; 3] = [1, 2, 5];

/// Takes a message and says what is to be done about it.
pub fn update(app: &mut App, message: Message) -> Vec<Effect> {
    match message {
        Message::Input(event) => input(app, event),
        Message::Load(snapshot) => loaded(app, *snapshot),
        Message::Rows(generation, rows) => {
            // the first rows of a large answer come before all of it, and are of
            // use only to who is at the top
            let whole = rows.ids.len() as u64 == rows.shown;
            if whole {
                app.answered = generation;
            }
            if generation == app.asked && (whole || app.tab().list.is_at_top()) {
                app.tab_mut().list.set_rows(rows);
                app.changed = true;
            }
            ask_if(app.ask_again && app.answered == app.asked, app)
        }
        Message::Named(address, name) => {
            app.names.learn(address, name);
            app.changed |= app.show_names || app.asks_names();
            app.ask_again |= app.sees_names();
            ask_if(app.ask_again && app.answered == app.asked, app)
        }
        Message::Records(read) => {
            if let Pane::Detail(detail) = &mut app.pane
                && detail.row == read.row
            {
                detail.records = Some(read.records);
                app.changed = true;
            }
            Vec::new()
        }
        Message::Stop(code) => vec![Effect::Quit(code)],
    }
}

fn ask_if(wanted: bool, app: &mut App) -> Vec<Effect> {
    if wanted {
        vec![app.question()]
    } else {
        Vec::new()
    }
}

fn loaded(app: &mut App, snapshot: Snapshot) -> Vec<Effect> {
    app.table = snapshot.table;
    app.intake = snapshot.intake;
    app.complete = snapshot.complete;
    app.elapsed = snapshot.elapsed;
    app.changed = true;
    // one question at a time while loading: the next follows its answer
    app.ask_again = true;
    ask_if(app.answered == app.asked, app)
}

fn input(app: &mut App, event: Event) -> Vec<Effect> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            app.changed = true;
            app.notice = None;
            if app.typing.is_some() {
                return typed(app, |prompt| prompt.key(&key));
            }
            if app.command.is_some() {
                return commanded(app, &key);
            }
            pressed(app, &key)
        }
        Event::Paste(text) if app.typing.is_some() => {
            app.changed = true;
            typed(app, |prompt| prompt.insert(&text))
        }
        Event::Paste(text) => {
            if let Some(prompt) = &mut app.command {
                prompt.insert(&text);
                app.changed = true;
            }
            Vec::new()
        }
        Event::Resize(width, height) => {
            app.resize(Size { width, height });
            app.changed = true;
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn pressed(app: &mut App, key: &KeyEvent) -> Vec<Effect> {
    let Some(action) = action(key) else {
        return Vec::new();
    };
    match action {
        Action::Quit => return vec![Effect::Quit(0)],
        Action::Redraw => return vec![Effect::Redraw],
        Action::Suspend => {
            if !super::screen::can_suspend() {
                app.notice = Some("there is no shell to suspend to".to_owned());
                return Vec::new();
            }
            return vec![Effect::Suspend];
        }
        _ => {}
    }
    if matches!(app.pane, Pane::Table) {
        in_table(app, action)
    } else {
        in_pane(app, action)
    }
}

/// Keys over a pane that covers the table: scroll it, or leave it.
fn in_pane(app: &mut App, action: Action) -> Vec<Effect> {
    if action == Action::Help && matches!(app.pane, Pane::Detail(_)) {
        app.pane = Pane::Help(0);
        return Vec::new();
    }
    let page = isize::from(app.size.height as i16 - 5).max(1) as i32;
    let scroll = match &mut app.pane {
        Pane::Detail(detail) => &mut detail.scroll,
        Pane::Help(scroll) => scroll,
        Pane::Table => return Vec::new(),
    };
    let lines = match action {
        Action::Rows(lines) => lines as i32,
        Action::HalfPages(halves) => halves as i32 * page / 2,
        Action::Pages(pages) => pages as i32 * page,
        Action::Top => i32::from(i16::MIN),
        Action::Bottom => i32::from(i16::MAX),
        Action::Back | Action::Help | Action::Open => {
            app.pane = Pane::Table;
            return Vec::new();
        }
        _ => 0,
    };
    *scroll = (i32::from(*scroll) + lines).clamp(0, i32::from(i16::MAX)) as u16;
    match action {
        Action::NextView(_) | Action::View(_) => {
            app.pane = Pane::Table;
            in_table(app, action)
        }
        Action::Names | Action::Services | Action::Orient => in_table(app, action),
        _ => Vec::new(),
    }
}

fn in_table(app: &mut App, action: Action) -> Vec<Effect> {
    let columns = app.tab().info.columns.len();
    let list = &mut app.tab_mut().list;
    match action {
        Action::Rows(rows) => list.step(rows),
        Action::HalfPages(halves) => list.page(halves),
        Action::Pages(pages) => list.page(2 * pages),
        Action::Top => list.first(),
        Action::Bottom => list.last(),
        Action::Columns(step) => {
            let tab = app.tab_mut();
            tab.column = tab.column.saturating_add_signed(step).min(columns - 1);
        }
        Action::Filter => {
            filtering::open(app);
        }
        Action::Command => app.command = Some(Prompt::default()),
        Action::Undo => return filtering::undo(app),
        Action::Open => return open(app),
        Action::Help => app.pane = Pane::Help(0),
        Action::Names if !app.dns => app.notice = Some("names are off (-n)".to_owned()),
        Action::Names => {
            app.show_names = !app.show_names;
            let shown = if app.show_names {
                "host names"
            } else {
                "addresses"
            };
            app.notice = Some(format!("{shown} are shown"));
        }
        Action::Services => app.show_ports = !app.show_ports,
        other => return asking(app, other),
    }
    Vec::new()
}

/// Keys that change what is asked of the table.
fn asking(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Back if app.filter.text.is_empty() => return Vec::new(),
        Action::Back => return filtering::set(app, Filter::none()),
        Action::Sort => {
            let tab = app.tab_mut();
            let order = tab.field(tab.column).map(Sort::by);
            tab.sort = if tab.sort == order { None } else { order };
        }
        Action::Reverse => {
            let tab = app.tab_mut();
            let field = tab.sort.map(|sort| sort.field);
            let Some(field) = field.or_else(|| tab.field(tab.column)) else {
                return Vec::new();
            };
            let reversed = tab.sort.is_some_and(|sort| sort.descending);
            tab.sort = Some(Sort {
                field,
                descending: !reversed,
            });
        }
        Action::Threshold(step) => app.threshold = next_threshold(app.threshold, step > 0),
        Action::NextView(step) => {
            let views = TABS.len() as isize;
            app.current = (app.current as isize + step).rem_euclid(views) as usize;
        }
        Action::View(view) => app.current = view.min(TABS.len() - 1),
        Action::Orient => {
            app.context.orient = match app.context.orient {
                Orient::Bytes => Orient::Client,
                Orient::Client => Orient::Bytes,
            };
            app.notice = Some(match app.context.orient {
                Orient::Bytes => "the source is who sent more bytes".to_owned(),
                Orient::Client => "the source is the client, where it is known".to_owned(),
            });
        }
        _ => return Vec::new(),
    }
    vec![app.question()]
}

/// The next step of 0 1 2 5 10 20 50 ... in one direction.
fn next_threshold(threshold: u64, up: bool) -> u64 {
    let decades = (0..19).map(|exponent| 10u64.pow(exponent));
    let mut steps = decades.flat_map(|decade| STEPS.map(|step| decade.saturating_mul(step)));
    if up {
        steps.find(|&step| step > threshold).unwrap_or(threshold)
    } else {
        steps
            .take_while(|&step| step < threshold)
            .last()
            .unwrap_or(0)
    }
}

fn open(app: &mut App) -> Vec<Effect> {
    let Some(row) = app.tab().list.current() else {
        return Vec::new();
    };
    app.pane = Pane::Detail(Detail {
        row,
        records: None,
        scroll: 0,
    });
    vec![Effect::Read(request(app, row))]
}

fn request(app: &App, row: RowId) -> Request {
    let facts = app.facts(row);
    let sides = [Side::First, Side::Mate];
    let flows = sides.iter().filter_map(|&side| facts.row.record(side));
    Request {
        row,
        flows: flows
            .map(|(packet, index)| (packet.clone(), index))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_walks_through_its_steps() {
        let mut threshold = 0;
        let mut seen = Vec::new();
        for _ in 0..7 {
            threshold = next_threshold(threshold, true);
            seen.push(threshold);
        }
        assert_eq!(seen, [1, 2, 5, 10, 20, 50, 100]);
        assert_eq!(next_threshold(1, false), 0);
        assert_eq!(next_threshold(0, false), 0);
        assert_eq!(next_threshold(7, false), 5);
        assert_eq!(next_threshold(u64::MAX, true), u64::MAX);
    }
}
