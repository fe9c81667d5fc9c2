//! What keys make of the cell under both cursors: a filter, a search, a copy.

use super::filtering;
use crate::model::text::clean;
use crate::query::cell::{equals, of_either_end};
use crate::query::facts::Facts;
use crate::query::field::Field;
use crate::query::language::expr::Expr;
use crate::query::seek::{SearchReply, SearchRequest};
use crate::tui::app::{App, Effect};
use crate::tui::keys::action::Action;
use crate::tui::state::seek::Seek;
use crate::tui::view::cells::{cell, whole};

/// What is copied is no longer: terminals refuse more.
const COPIED: usize = 8000;
/// Of a text that a notice tells.
const TOLD: usize = 40;

/// Keys about the cell.
pub fn on_cell(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Find(step) => return again(app, step > 0),
        Action::Copy(whole_row) => return copy(app, whole_row),
        _ => {}
    }
    let Some(row) = app.tab().list.current() else {
        return app.tell("there is no row");
    };
    let field = app.tab().columns.field();
    let context = app.named_context();
    let facts = Facts {
        row: app.table.row(row),
        context: &context,
    };
    let text = cell(app, &facts, field, u16::MAX);
    let Some(expr) = equals(&facts, field) else {
        return app.tell("this cell has nothing to go by");
    };
    match action {
        Action::Pick(is) => pick(app, expr.negated(!is)),
        _ => {
            app.seek = Some(Seek::new(of_either_end(expr), clean(&text, TOLD)));
            again(app, true)
        }
    }
}

/// Adds a term to the filter.
pub fn pick(app: &mut App, term: Expr) -> Vec<Effect> {
    let filter = app.filter.with(term);
    if filter.text == app.filter.text {
        return app.tell("the filter says so already");
    }
    filtering::apply(app, filter)
}

/// The next row like the cell.
fn again(app: &mut App, forward: bool) -> Vec<Effect> {
    app.searches += 1;
    let (number, line) = (app.searches, app.tab().list.line());
    let rows = app.tab().list.rows.clone();
    let context = app.named_context();
    let Some(seek) = &mut app.seek else {
        let [like, next] = [Action::Like, Action::Find(1)].map(|it| app.bindings.key(it));
        let words = format!("{like} looks for rows like the cell, {next} for the next of them");
        return app.tell(words);
    };
    let (from, nth) = seek.ask(number, line, forward);
    vec![Effect::Seek(Box::new(SearchRequest {
        number,
        expr: seek.expr.clone(),
        rows,
        from,
        forward,
        nth,
        table: app.table.clone(),
        context,
    }))]
}

/// Another key was pressed: who moves on does not want to be moved.
pub fn stop_looking(app: &mut App, action: Action) {
    let stays = matches!(action, Action::Find(_));
    if let Some(seek) = app.seek.as_mut().filter(|_| !stays) {
        seek.give_up();
    }
}

/// Takes the answer, if it is still wanted.
pub fn found(app: &mut App, found: &SearchReply) {
    let Some(seek) = &mut app.seek else {
        return;
    };
    let Some(forward) = seek.take(found.number) else {
        return;
    };
    let text = seek.text.clone();
    if let Some(row) = found.row {
        app.tab_mut().list.select_row(row);
    }
    if found.ended {
        let (place, back, other) = match forward {
            true => ("below", Action::Find(-1), "above"),
            false => ("above", Action::Find(1), "below"),
        };
        let key = app.bindings.key(back);
        app.notice = Some(format!("no more \"{text}\" {place}; {key} looks {other}"));
    }
    app.changed = true;
}

/// Copies the cell, or the row with tabs between its cells.
fn copy(app: &mut App, whole_row: bool) -> Vec<Effect> {
    let Some(row) = app.tab().list.current() else {
        return app.tell("there is no row");
    };
    let facts = app.facts(row);
    let text = |field: &'static Field| clean(&whole(app, &facts, field), COPIED);
    let columns = &app.tab().columns;
    let cells: Vec<String> = match whole_row {
        true => columns
            .list()
            .iter()
            .map(|column| text(column.field))
            .collect(),
        false => vec![text(columns.field())],
    };
    hand_over(app, &cells, whole_row)
}

/// Gives cells to the clipboard, with tabs between those of a row.
pub fn hand_over(app: &mut App, cells: &[String], whole_row: bool) -> Vec<Effect> {
    let copied = cells.join("\t");
    let words = match whole_row {
        true => "the row".to_owned(),
        false => format!("\"{}\"", clean(&copied, TOLD)),
    };
    if copied.is_empty() {
        return app.tell("this cell is empty");
    }
    app.notice = Some(format!("copied {words}, if the terminal allows it"));
    vec![Effect::Copy(copied.chars().take(COPIED).collect())]
}
