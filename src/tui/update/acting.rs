//! What each action does in the view where it comes: a pane has it first, then what
//! only this kind of view knows, then what all tables know.

use super::cell::{on_cell, stop_looking};
use super::choosing::arrange;
use super::commanding;
use super::counting::{toggle_duplicates, toggle_scale};
use super::filtering;
use super::grouping::{self, group_by};
use super::growing;
use super::pane::{beside, in_pane, open};
use super::places;
use super::sourcing;
use super::threshold::{next_threshold, toggle_noise};
use super::timing;
use crate::query::facts::Orient;
use crate::query::language::written::Filter;
use crate::query::order::sort::Sort;
use crate::query::run::Preset;
use crate::tui::app::{App, Effect, Pane};
use crate::tui::hosts;
use crate::tui::keys::action::{Action, TIMELINE};
use crate::tui::screen::can_suspend;
use crate::tui::state::tabs::{Body, TABS, place};

/// Does what a key or the mouse stands for, and says what is to be done about it.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    app.changed = true;
    app.notice = None;
    stop_looking(app, action);
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
            if !can_suspend() {
                return app.tell("there is no shell to suspend to");
            }
            return vec![Effect::Suspend];
        }
        _ => {}
    }
    let Some(action) = in_pane(app, action) else {
        return Vec::new();
    };
    let body = app.tab().info.body;
    match action.scope().contains(&body.view()) {
        true => in_view(body)(app, action).unwrap_or_else(|action| in_table(app, action)),
        false => app.tell(elsewhere(app, body, action)),
    }
}

/// Where a key means something that means nothing in this view.
fn elsewhere(app: &App, body: Body, action: Action) -> String {
    let key = |action| app.bindings.key(action);
    if action.scope() == TIMELINE {
        let view = key(Body::Timeline.action());
        return format!("that key is for the timeline; {view} shows it");
    }
    let way = match body {
        Body::Top => format!("{} shows those of this group", key(Action::Open)),
        Body::Timeline => format!("{} shows those of this time", key(Action::Open)),
        Body::Rows(_) | Body::Sources => {
            let view = Body::Rows(Preset::Connections).action();
            format!("{} shows the connections", key(view))
        }
    };
    format!("that key is for tables of flows; {way}")
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
    if let Some(movement) = action.movement() {
        app.tab_mut().list.go(movement);
        return Vec::new();
    }
    match action {
        Action::Columns(step) => app.tab_mut().columns.step(step),
        Action::Choose | Action::Resize(_) | Action::Carry(_) => arrange(app, action),
        Action::Pick(_) | Action::Like | Action::Find(_) | Action::Copy(_) => {
            return on_cell(app, action);
        }
        Action::Past(step) => return filtering::past(app, step),
        Action::Filter => filtering::open(app),
        Action::Command => commanding::open(app),
        Action::Undo => return filtering::undo(app),
        Action::Open => {
            return match open(app) {
                Some(effect) => vec![effect],
                None => app.tell("there is no row"),
            };
        }
        Action::Beside(step) => return beside(app, step, open),
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
            let views = TABS.len() as isize;
            let next = (app.current as isize + step).rem_euclid(views) as usize;
            places::go(app, next);
        }
        Action::View(view) => places::go(app, place(view)),
        Action::Orient => {
            app.context.stance.orient = match app.context.stance.orient {
                Orient::Bytes => Orient::Client,
                Orient::Client => Orient::Bytes,
            };
            app.notice = Some(match app.context.stance.orient {
                Orient::Bytes => "the source is who sent more bytes".to_owned(),
                Orient::Client => "the source is the client, where it is known".to_owned(),
            });
        }
        _ => return Vec::new(),
    }
    app.ask()
}

/// Back to where one came from, else without the filter.
fn back(app: &mut App) -> Vec<Effect> {
    app.seek = None;
    match places::back(app) {
        Some(effects) => effects,
        None if app.filter.text.is_empty() => Vec::new(),
        None => filtering::set(app, Filter::default()),
    }
}
