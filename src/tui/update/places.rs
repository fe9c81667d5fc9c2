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
        led_to: app.filter.text.clone(),
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
    filtering::go_back(app, place.filter, &place.led_to);
    // what was read since stands in the list of sources
    if app.tab().info.body != Body::Sources {
        app.tab_mut().list = place.list;
    }
    // the screen may have another size since
    app.resize(app.size);
    Some(app.ask())
}

/// To another view by its key. Where that is a place that one came from, one is back; but for
/// a timeline, whose brush is to be had again.
pub fn go(app: &mut App, view: usize) {
    if app.current == view {
        return;
    }
    app.current = view;
    let is_here = |place: &CameFrom| {
        place.view == view && place.filter.text == app.filter.text && place.time.is_none()
    };
    if let Some(place) = app.together.back.iter().rposition(is_here) {
        app.together.back.truncate(place);
    }
}

/// To the rows that these are made of, under another filter.
pub fn to_rows(app: &mut App, filter: Filter) -> Vec<Effect> {
    leave(app);
    app.together.time.brush = None;
    app.current = Body::Rows(app.together.preset).place();
    app.tab_mut().list.first();
    if let Some(place) = app.together.back.last_mut() {
        place.led_to.clone_from(&filter.text);
    }
    filtering::set(app, filter)
}
