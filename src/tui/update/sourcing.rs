//! Keys and news for the view of sources.

use std::sync::Arc;

use super::pane::beside;
use super::places::{back, to_rows};
use crate::model::flow::LineAt;
use crate::model::value::Value;
use crate::query::field::{Field, field};
use crate::query::language::expr::{Expr, Subject, Test};
use crate::query::means::{means, written};
use crate::tui::app::{App, Effect, Pane};
use crate::tui::keys::action::Action;
use crate::tui::state::sources::{Item, OpenItem, place_of, rows};
use crate::tui::state::tabs::Body;

/// Puts into the list what the account holds now.
pub fn refresh(app: &mut App) {
    let rows = Arc::new(rows(&app.intake));
    let views = app.tabs.iter_mut();
    for tab in views.filter(|tab| tab.info.body == Body::Sources) {
        tab.list.set_rows(rows.clone());
    }
}

/// Keys that mean something here; what is the same in every view is given back.
///
/// # Errors
/// The action, if it is the same in every view.
pub fn pressed(app: &mut App, action: Action) -> Result<Vec<Effect>, Action> {
    match action {
        Action::Open => Ok(open(app).into_iter().collect()),
        Action::Beside(step) => Ok(beside(app, step, open)),
        Action::Pick(is) => Ok(flows_of(app, is)),
        Action::Back => Ok(back(app).unwrap_or_default()),
        _ => Err(action),
    }
}

/// To the flows of an exporter or a file, or to all others.
fn flows_of(app: &mut App, is: bool) -> Vec<Effect> {
    let intake = &app.intake;
    let file = |number: usize| Some(intake.files.get(number)?.name.as_str());
    let exporter = |number: usize| intake.exporters.get(number)?.name.as_deref();
    let (field, name) = match app.tab().list.current().and_then(Item::of) {
        Some(Item::File(number)) => (field!("file"), file(number)),
        Some(Item::Exporter(number)) => (field!("exporter"), exporter(number)),
        _ => return app.tell("only exporters and files have flows"),
    };
    let value = name.map_or(Value::Unknown, Value::word);
    let term = means(Subject::of(field), &value, &app.context.services);
    let Some(term) = term.and_then(written) else {
        return app.tell("no filter can say which flows these are");
    };
    // nothing is of two sources
    let others = app.filter.without(|term| is_of(term, field, is));
    let filter = others.with(term.negated(!is));
    to_rows(app, filter)
}

/// Whether a term says which exporter or file it is, or which it is not, if that matters too.
fn is_of(term: &Expr, field: &Field, or_not: bool) -> bool {
    match term {
        Expr::Test(Test::Exporter(_)) => field.name == "exporter",
        Expr::Test(Test::Word(subject, _)) => subject.field().name == field.name,
        Expr::Not(term) => or_not && is_of(term, field, false),
        _ => false,
    }
}

fn open(app: &mut App) -> Option<Effect> {
    let item = Item::of(app.tab().list.current()?)?;
    app.pane = Pane::Source(OpenItem {
        item,
        text: None,
        scroll: 0,
    });
    place_of(&app.intake, item).map(Effect::ReadLine)
}

/// Takes the text of a line, if its pane is still open.
pub fn take_text(app: &mut App, place: LineAt, text: Result<String, String>) {
    if let Pane::Source(source) = &mut app.pane
        && place_of(&app.intake, source.item) == Some(place)
    {
        source.text = Some(text);
        app.changed = true;
    }
}
