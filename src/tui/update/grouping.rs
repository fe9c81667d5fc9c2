//! The keys of the view of groups, and the ways into it.

use super::cell::{hand_over, pick};
use super::places::{back, leave, to_rows};
use crate::model::typo::NameError;
use crate::query::field::Field;
use crate::query::group::by::By;
use crate::query::group::filter_of;
use crate::query::group::groupings::Family;
use crate::query::group::measure::{MEASURES, Order};
use crate::query::language::expr::Expr;
use crate::query::means::written;
use crate::tui::app::{App, Effect};
use crate::tui::keys::action::Action;
use crate::tui::state::tabs::Body;
use crate::tui::view;

/// Keys that mean something here; what is the same in every view is given back.
///
/// # Errors
/// The action, if it is the same in every view.
pub fn pressed(app: &mut App, action: Action) -> Result<Vec<Effect>, Action> {
    let top = &mut app.together.top;
    if let Some(movement) = action.movement() {
        top.list.go(movement);
        return Ok(Vec::new());
    }
    match action {
        Action::Columns(step) => {
            top.column = top.column.saturating_add_signed(step).min(MEASURES.len());
        }
        Action::Sort => {
            let measure = top.column.checked_sub(1).map(|place| &MEASURES[place]);
            let descending = measure.is_some();
            top.order = Order {
                measure,
                descending,
            };
            return Ok(app.ask());
        }
        Action::Reverse => {
            top.order.descending = !top.order.descending;
            return Ok(app.ask());
        }
        Action::Group => {
            let by = top.next();
            top.regroup(by);
            return Ok(app.ask());
        }
        Action::Resize(step) => return Ok(lengthen(app, step)),
        Action::Open => return Ok(drill(app)),
        Action::Copy(whole_row) => return Ok(copy(app, whole_row)),
        Action::Pick(is) => {
            return Ok(match term(app) {
                Ok(term) => pick(app, term.negated(!is)),
                Err(words) => app.tell(words),
            });
        }
        Action::Back => return back(app).ok_or(action),
        _ => return Err(action),
    }
    Ok(Vec::new())
}

/// Longer or shorter prefixes.
fn lengthen(app: &mut App, step: isize) -> Vec<Effect> {
    let top = &mut app.together.top;
    if !top.has_nets() {
        let keys = [Action::Resize(-1), Action::Resize(1)].map(|it| app.bindings.key(it));
        let keys = keys.join(" ");
        return app.tell(format!(
            "{keys} change the length of networks; :top net groups by them"
        ));
    }
    let lengths = |by: By| match step {
        _ if by.grouping.family != Family::Net => by.lengths,
        ..0 => by.lengths.shorter(),
        _ => by.lengths.longer(),
    };
    let with = |&by: &By| By {
        lengths: lengths(by),
        ..by
    };
    let by = top.by.iter().map(with).collect();
    top.regroup(by);
    app.ask()
}

/// Copies what is said of the selected group: in the column under the cursor, or all.
fn copy(app: &mut App, whole_row: bool) -> Vec<Effect> {
    let [values, measures] = view::top::plain(app);
    let cells = match (whole_row, app.together.top.column) {
        (true, _) => [values, measures].concat(),
        (false, 0) => values,
        (false, column) => measures.get(column - 1).cloned().into_iter().collect(),
    };
    match cells.is_empty() {
        true => app.tell("there is no group"),
        false => hand_over(app, &cells, whole_row),
    }
}

/// To the rows of the selected group.
fn drill(app: &mut App) -> Vec<Effect> {
    match term(app) {
        Ok(term) => {
            let filter = app.filter.with(term);
            to_rows(app, filter)
        }
        Err(words) => app.tell(words),
    }
}

/// What the rows of the selected group pass.
fn term(app: &App) -> Result<Expr, &'static str> {
    let top = &app.together.top;
    let group = top.current().zip(top.groups.as_ref());
    let (group, groups) = group.ok_or("there is no group")?;
    let term = written(filter_of(group, &groups.by, &app.context));
    term.ok_or("no filter can say which rows these are")
}

/// Groups the rows on the screen by a field.
pub fn group_by(app: &mut App, field: &Field) -> Vec<Effect> {
    group_by_all(app, field.name)
}

/// Groups the rows on the screen by a field or two.
pub fn group_by_all(app: &mut App, fields: &str) -> Vec<Effect> {
    match By::parse_some(fields) {
        Ok(by) => show(app, by),
        Err(NameError::Unknown { words, near, .. }) if near.is_empty() => {
            app.tell(format!("{words}; Tab behind :top offers those there are"))
        }
        Err(error) => app.tell(error.to_string()),
    }
}

fn show(app: &mut App, by: Vec<By>) -> Vec<Effect> {
    leave(app);
    if let Body::Rows(preset) = app.tab().info.body {
        app.together.preset = preset;
    }
    app.current = Body::Top.place();
    if app.table.repeats() && app.stance().folds && by.iter().any(By::asks_where) {
        let key = app.bindings.key(Action::Duplicates);
        let words = format!("what several exporters saw counts for one; {key} counts it for each");
        app.notice = Some(words);
    }
    app.together.top.regroup(by);
    app.ask()
}
