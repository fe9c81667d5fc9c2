//! `update`: what happens to the app when something happened. It does no I/O;
//! what has to be done outside is returned as effects.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Size;

use super::action::{Action, action};
use super::app::{App, Effect, Pane};
use super::filtering::{self, commanded, typed};
use super::inbox::Message;
use super::pane::{in_pane, open, read_late_mate};
use super::prompt::Prompt;
use super::tabs::TABS;
use super::typing::Filter;
use crate::load::Snapshot;
use crate::query::facts::Orient;
use crate::query::sort::Sort;

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
                let current = app.current;
                let list = &mut app.tabs[current].list;
                app.following.show(rows, list);
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
    let same = app.following.take(snapshot.growth);
    app.table = snapshot.table;
    app.intake = snapshot.intake;
    app.complete = snapshot.complete;
    app.elapsed = snapshot.elapsed;
    app.changed = true;
    // one question at a time while loading: the next follows its answer
    app.ask_again |= !same;
    let mut effects = ask_if(app.ask_again && app.answered == app.asked, app);
    effects.extend(read_late_mate(app));
    effects
}

fn input(app: &mut App, event: Event) -> Vec<Effect> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            keys_of(key).flat_map(|key| pressed(app, &key)).collect()
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

/// A terminal sends Alt and a key as Esc and the key, so over a slow line Esc and
/// a key look like Alt. No key is bound to Alt: it always was Esc, then the key.
fn keys_of(key: KeyEvent) -> impl Iterator<Item = KeyEvent> {
    let plain = matches!(
        key.code,
        KeyCode::Char(_) | KeyCode::Enter | KeyCode::Tab | KeyCode::Backspace
    );
    let esc = plain && key.modifiers.contains(KeyModifiers::ALT);
    let rest = KeyEvent {
        modifiers: key.modifiers - KeyModifiers::ALT,
        ..key
    };
    let esc = esc.then(|| KeyEvent::from(KeyCode::Esc));
    let key = if esc.is_some() { rest } else { key };
    esc.into_iter().chain([key])
}

fn pressed(app: &mut App, key: &KeyEvent) -> Vec<Effect> {
    app.changed = true;
    app.notice = None;
    if app.typing.is_some() {
        return typed(app, |prompt| prompt.key(key));
    }
    if app.command.is_some() {
        return commanded(app, key);
    }
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
    match in_pane(app, action) {
        Some(action) => in_table(app, action),
        None => Vec::new(),
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
        Action::Open => return open(app).into_iter().collect(),
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
        Action::Follow => return follow(app),
        other => return asking(app, other),
    }
    Vec::new()
}

fn follow(app: &mut App) -> Vec<Effect> {
    let wanted = app.following.toggle();
    app.notice = Some(match &wanted {
        Ok(true) => "growing files are followed".to_owned(),
        Ok(false) => "files are not followed any more".to_owned(),
        Err(words) => words.clone(),
    });
    wanted.ok().map(Effect::Follow).into_iter().collect()
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
