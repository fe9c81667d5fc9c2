//! `update`: what happens to the app when something happened. It does no I/O;
//! what has to be done outside is returned as effects.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Size;

use super::action::Action;
use super::app::{App, Effect, Hosts, Pane};
use super::asking::{answered, ask_if, summed};
use super::cell::{found, leave, on_cell};
use super::choosing::arrange;
use super::counting::{toggle_duplicates, toggle_scale};
use super::exporting;
use super::filtering::{self, commanded, typed};
use super::grouping::{self, group_by, group_by_all};
use super::growing;
use super::hosts;
use super::inbox::Message;
use super::mouse::pointed;
use super::pane::{in_pane, open, read_late_mate};
use super::places;
use super::prompt::Prompt;
use super::sourcing;
use super::sparking;
use super::tabs::{Body, TABS, of_number};
use super::threshold::{next_threshold, toggle_noise};
use super::timing;
use super::typing::Filter;
use crate::load::Snapshot;
use crate::query::facts::Orient;
use crate::query::sort::Sort;

/// Takes a message and says what is to be done about it.
pub fn update(app: &mut App, message: Message) -> Vec<Effect> {
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
            ask_if(app.ask_again && app.answered == app.asked, app)
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
        Message::Stopped => vec![Effect::Stop],
        Message::Resumed => {
            app.changed = true;
            vec![Effect::Resume]
        }
        Message::Line(place, text) => {
            sourcing::take_text(app, place, text);
            Vec::new()
        }
        Message::Stop(code) => vec![Effect::Quit(code)],
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
        Event::Paste(text) => {
            if let Some(prompt) = &mut app.command {
                prompt.insert(&text);
            }
            app.changed |= app.command.is_some() || app.typing.is_some();
            typed(app, |prompt| prompt.insert(&text))
        }
        Event::Mouse(event) => match pointed(app, event) {
            Some(action) => act(app, action),
            None => Vec::new(),
        },
        Event::Resize(width, height) => {
            app.resize(Size { width, height });
            app.changed = true;
            // as many steps as there are columns
            let mut effects = ask_if(app.tab().info.body == Body::Timeline, app);
            effects.extend(sparking::ask(app));
            // smaller and larger again at once, it is of the size it was, and empty in part
            effects.push(Effect::Redraw);
            effects
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
    if let Some(effects) = exporting::answered(app, key) {
        return effects;
    }
    if app.typing.is_some() {
        return typed(app, |prompt| prompt.key(key));
    }
    if app.command.is_some() {
        return commanded(app, key, group_by_all);
    }
    match app.bindings.action(key) {
        Some(action) => act(app, action),
        None => Vec::new(),
    }
}

fn act(app: &mut App, action: Action) -> Vec<Effect> {
    app.changed = true;
    app.notice = None;
    leave(app, action);
    match action {
        Action::Quit => return vec![Effect::Quit(0)],
        Action::Back if app.writing.is_some() => return vec![Effect::StopSaving],
        Action::Redraw => return vec![Effect::Redraw],
        Action::Mouse => {
            app.mouse = !app.mouse;
            let words = if app.mouse { "on" } else { "off" };
            app.notice = Some(format!("the mouse is {words}"));
            return vec![Effect::Mouse(app.mouse)];
        }
        Action::Suspend => {
            if !super::screen::can_suspend() {
                app.notice = Some("there is no shell to suspend to".to_owned());
                return Vec::new();
            }
            return vec![Effect::Suspend];
        }
        _ => {}
    }
    match (in_pane(app, action), app.tab().info.body) {
        (Some(action), body) => {
            in_view(body)(app, action).unwrap_or_else(|action| in_table(app, action))
        }
        (None, _) => Vec::new(),
    }
}

/// The keys that a view has for itself.
fn in_view(body: Body) -> fn(&mut App, Action) -> Result<Vec<Effect>, Action> {
    match body {
        Body::Rows(_) => |_, action| Err(action),
        Body::Top => grouping::pressed,
        Body::Timeline => timing::pressed,
        Body::Sources => sourcing::pressed,
    }
}

fn in_table(app: &mut App, action: Action) -> Vec<Effect> {
    let list = &mut app.tab_mut().list;
    match action {
        Action::Rows(rows) => list.step(rows),
        Action::HalfPages(halves) => list.page(halves),
        Action::Pages(pages) => list.page(2 * pages),
        Action::Space => list.page(2),
        Action::Top => list.first(),
        Action::Bottom => list.last(),
        Action::Columns(step) => app.tab_mut().columns.step(step),
        Action::Choose | Action::Resize(_) | Action::Carry(_) => arrange(app, action),
        Action::Pick(_) | Action::Like | Action::Find(_) | Action::Copy(_) => {
            return on_cell(app, action);
        }
        Action::Past(step) => return filtering::past(app, step),
        Action::Filter => filtering::open(app),
        Action::Command => app.command = Some(Prompt::default()),
        Action::Undo => return filtering::undo(app),
        Action::Open => return open(app).into_iter().collect(),
        Action::Help => app.pane = Pane::Help(0),
        Action::Names => hosts::cycle(app),
        Action::Services => hosts::toggle_ports(app),
        Action::Follow => return growing::follow(app),
        other => return asking(app, other),
    }
    Vec::new()
}

/// Keys that change what is asked of the table.
fn asking(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Back => return back(app),
        Action::Group => return group_by(app, app.tab().columns.field()),
        Action::Sort => {
            let tab = app.tab_mut();
            let order = Some(Sort::by(tab.columns.field()));
            tab.sort = if tab.sort == order { None } else { order };
        }
        Action::Reverse => {
            let tab = app.tab_mut();
            let field = tab.sort.map_or(tab.columns.field(), |sort| sort.field);
            let reversed = tab.sort.is_some_and(|sort| sort.descending);
            tab.sort = Some(Sort {
                field,
                descending: !reversed,
            });
        }
        Action::Noise => toggle_noise(app),
        Action::Duplicates => toggle_duplicates(app),
        Action::Scale => toggle_scale(app),
        Action::Threshold(step) => app.threshold = next_threshold(app.threshold, step > 0),
        Action::NextView(step) => {
            places::forget(app);
            let views = TABS.len() as isize;
            app.current = (app.current as isize + step).rem_euclid(views) as usize;
        }
        Action::View(number) => {
            let Some(view) = of_number(number) else {
                return Vec::new();
            };
            places::forget(app);
            app.current = view;
        }
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
    ask_if(true, app)
}

/// Back to where one came from, else without the filter.
fn back(app: &mut App) -> Vec<Effect> {
    app.seek = None;
    match places::back(app) {
        Some(effects) => effects,
        None if app.filter.text.is_empty() => Vec::new(),
        None => filtering::set(app, Filter::none()),
    }
}
