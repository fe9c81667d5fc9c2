//! Where one came from: the way from a group or a stretch of time to its rows, or from rows
//! to their groups, and back to the same place, whatever views one has looked at meanwhile.

use super::filtering;
use crate::query::language::written::Filter;
use crate::tui::app::{App, Effect};
use crate::tui::state::tabs::Body;
use crate::tui::state::together::CameFrom;

/// Steps back that are remembered.
const BACK: usize = 50;

/// Remembers where one is, to come back to it.
pub fn leave(app: &mut App) {
    let place = CameFrom {
        view: app.current,
        filter: app.filter.clone(),
        list: app.tab().list.clone(),
        preset: app.together.preset,
        top: app.together.top.clone(),
        time: (app.tab().info.body == Body::Timeline).then(|| app.together.time.clone()),
    };
    let back = &mut app.together.back;
    back.push(place);
    let surplus = back.len().saturating_sub(BACK);
    back.drain(..surplus);
}

/// Back to where one came from, if one came from somewhere.
pub fn back(app: &mut App) -> Option<Vec<Effect>> {
    let place = app.together.back.pop()?;
    app.current = place.view;
    app.together.preset = place.preset;
    app.together.top = place.top;
    if let Some(time) = place.time {
        app.together.time = time;
    }
    filtering::go_back(app, place.filter);
    // what was read since stands in the list of sources
    if app.tab().info.body != Body::Sources {
        app.tab_mut().list = place.list;
    }
    // the screen may have another size since
    app.resize(app.size);
    Some(app.ask())
}

/// The user has gone to another view by its key: where that is the place one came from,
/// one is back.
pub fn arrive(app: &mut App) {
    let back = &mut app.together.back;
    let is_here =
        |place: &CameFrom| place.view == app.current && place.filter.text == app.filter.text;
    if back.last().is_some_and(is_here) {
        back.pop();
    }
}

/// To the rows that these are made of, under another filter.
pub fn to_rows(app: &mut App, filter: Filter) -> Vec<Effect> {
    leave(app);
    app.together.time.brush = None;
    app.current = Body::Rows(app.together.preset).place();
    app.tab_mut().list.first();
    filtering::set(app, filter)
}
