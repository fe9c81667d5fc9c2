//! The keys of the view of time.

use super::places::{back, to_rows};
use crate::query::language::parse::parse;
use crate::query::time::timeline::Amount;
use crate::tui::app::{App, Effect};
use crate::tui::keys::action::Action;

/// Steps that a page is.
const PAGE: isize = 10;

/// Keys that mean something here; what is the same in every view is given back.
///
/// # Errors
/// The action, if it is the same in every view.
pub fn pressed(app: &mut App, action: Action) -> Result<Vec<Effect>, Action> {
    let time = &mut app.together.time;
    if time.course.line.is_none() && is_about_bars(action) {
        return Ok(app.tell("there is no stretch of time"));
    }
    match action {
        Action::Columns(step) => time.go(step),
        Action::Space => time.go(PAGE),
        Action::HalfPages(step) | Action::Pages(step) => time.go(PAGE * step),
        Action::First => time.go(isize::MIN),
        Action::Last => time.go(isize::MAX),
        Action::Brush => time.put_brush(),
        Action::Zoom(closer) => {
            if time.zoom(closer) {
                return Ok(app.ask());
            }
            let words = if closer {
                "this is as close as it gets"
            } else {
                "all of it is shown"
            };
            return Ok(app.tell(words));
        }
        Action::Sort | Action::Rows(_) => {
            time.amount = next(time.amount, action == Action::Rows(-1));
            return Ok(app.ask());
        }
        Action::Group => {
            time.stacked = !time.stacked;
            return Ok(app.ask());
        }
        Action::Open => return Ok(pick(app)),
        Action::Back if time.brush.is_some() => time.brush = None,
        Action::Back if time.range.is_some() => {
            time.range = None;
            return Ok(app.ask());
        }
        Action::Back => return back(app).ok_or(action),
        _ => return Err(action),
    }
    Ok(Vec::new())
}

/// Whether a key has nothing to work on where there are no bars.
fn is_about_bars(action: Action) -> bool {
    matches!(
        action,
        Action::Columns(_)
            | Action::HalfPages(_)
            | Action::Pages(_)
            | Action::Space
            | Action::First
            | Action::Last
            | Action::Brush
            | Action::Zoom(_)
            | Action::Open
    )
}

/// The next amount, or the one before.
fn next(amount: Amount, back: bool) -> Amount {
    let all = Amount::ALL;
    let here = all.iter().position(|it| *it == amount).unwrap_or(0);
    let step = if back { all.len() - 1 } else { 1 };
    all[(here + step) % all.len()]
}

/// To the rows whose traffic lies in the stretch under the brush.
fn pick(app: &mut App) -> Vec<Effect> {
    let Some(picked) = app.together.time.picked() else {
        return Vec::new();
    };
    let shown = |moment| app.context.zone.print(moment, "%Y-%m-%dT%H:%M:%S%.f%:z");
    let (begin, end) = (shown(picked.start), shown(picked.end));
    // a flow of unknown length is where it began
    let text = format!("start < {end} and (end >= {begin} or start >= {begin})");
    let Ok(term) = parse(&text) else {
        return app.tell("no calendar has this time");
    };
    let filter = app.filter.with(term);
    to_rows(app, filter)
}
