//! What keys do to the columns: choose, resize and carry them about.

use crate::query::field::FIELDS;
use crate::tui::app::{App, Pane};
use crate::tui::keys::action::Action;
use crate::tui::state::columns::Columns;
use crate::tui::state::kept::{Kept, Note};
use crate::tui::view;

/// Fields that come and go of their own accord.
const UNKEPT: &str = "duplicate_of";

impl App {
    /// Takes what was kept, the columns of views above all.
    pub fn take_kept(&mut self, kept: Kept) {
        for tab in &mut self.tabs {
            let row = kept.columns.iter().find(|row| row.0 == tab.info.title());
            if let Some(columns) = row.and_then(|row| Columns::parse(&row.1)) {
                tab.columns = columns;
            }
        }
        self.show_repeats();
        self.kept = kept;
    }

    /// Duplicates have a column where they are shown.
    pub fn show_repeats(&mut self) {
        let shown = !self.context.stance.folds;
        let tabs = self.tabs.iter_mut();
        tabs.for_each(|tab| tab.show_repeats(shown));
    }

    /// The columns that are not as they were at the beginning.
    pub fn arranged(&self) -> Vec<Note> {
        let tabs = self.tabs.iter().filter(|tab| !tab.info.columns.is_empty());
        let notes = tabs.filter_map(|tab| {
            let title = tab.info.title();
            let before = self.kept.columns.iter().find(|row| row.0 == title);
            let usual = || tab.info.columns.join(" ");
            let before = before.map_or_else(usual, |row| row.1.clone());
            let now = tab.columns.text(UNKEPT);
            (now != before && !now.is_empty()).then(|| Note::Columns(title.to_owned(), now))
        });
        notes.collect()
    }
}

/// Keys that change the columns of the view.
pub fn arrange(app: &mut App, action: Action) {
    match action {
        Action::Choose => {
            let name = app.tab().columns.field().name;
            let line = FIELDS.iter().position(|field| field.name == name);
            app.pane = Pane::Columns(line.unwrap_or(0));
        }
        Action::Resize(step) => resize(app, step),
        Action::Carry(step) => app.tab_mut().columns.carry(step),
        _ => {}
    }
}

/// Makes the column under the cursor wider or narrower. A width that changes
/// nothing on the screen is not kept: it would be a surprise on another one.
fn resize(app: &mut App, step: isize) {
    let cursor = app.tab().columns.cursor();
    let width = |app: &App| {
        let placed = view::columns_of(app);
        let under = placed.iter().find(|at| at.0 == cursor);
        under.map(|at| at.2)
    };
    let Some(before) = width(app) else {
        return;
    };
    let column = app.tab().columns.list()[cursor];
    let wanted = usize::from(before).saturating_add_signed(step);
    let wanted = u16::try_from(wanted).unwrap_or(u16::MAX);
    app.tab_mut().columns.resize(Some(wanted));
    let (header, after) = (column.field.header, width(app).unwrap_or(before));
    app.notice = Some(match (after == before, step < 0) {
        (false, _) => format!("{header} is {after} columns wide"),
        (true, true) => format!("no narrower: {header} would be cut below {after} columns"),
        (true, false) => format!("no wider: {header} has {after} columns"),
    });
    if after == before {
        app.tab_mut().columns.resize(column.width);
    }
}

/// Keys over the list of fields, of which this is the line.
pub fn in_chooser(app: &mut App, line: usize, action: Action) {
    match action {
        Action::Space => {
            if !app.tab_mut().columns.toggle(&FIELDS[line]) {
                app.notice = Some("one column stays".to_owned());
            }
        }
        Action::Choose | Action::Open | Action::Back => app.pane = Pane::Table,
        _ => match action.movement() {
            Some(movement) => {
                let page = usize::from(view::body(app).height.max(2) - 1);
                app.pane = Pane::Columns(movement.lead(line, page, FIELDS.len() - 1));
            }
            None => app.notice = Some(means_nothing(app, Action::Open)),
        },
    }
}

/// That a key means nothing over the table, and which one leads back to it.
pub fn means_nothing(app: &App, back: Action) -> String {
    let back = app.bindings.key(back);
    format!("that key does nothing here; {back} leads back")
}
