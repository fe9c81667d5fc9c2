//! KEYS, the catalogue of what keys do: one row has the keys, the action, where
//! it applies, and its line in the help.

use crossterm::event::{KeyCode, KeyModifiers};

use super::command;
use super::movement::Move;
use super::view::{self, View};

/// What a key makes the app do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Move by rows.
    Rows(isize),
    /// Move by halves of a page.
    HalfPages(isize),
    /// Move by pages.
    Pages(isize),
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// Move the column cursor.
    Columns(isize),
    /// Choose the columns.
    Choose,
    /// Make the column wider or narrower.
    Resize(isize),
    /// Move the column itself.
    Carry(isize),
    /// The space bar: a page, or a choice.
    Space,
    /// Filter by the cell, or by its opposite.
    Pick(bool),
    /// The filter used before, or after.
    Past(isize),
    /// Look for rows like the cell.
    Like,
    /// The next of them, or the one before.
    Find(isize),
    /// Copy the cell, or the whole row.
    Copy(bool),
    /// Mouse on or off.
    Mouse,
    /// Group by the column, or by something else.
    Group,
    /// Put the brush down on the timeline, or lift it.
    Brush,
    /// A closer look at the timeline (true), or a wider one.
    Zoom(bool),
    /// Open the filter line.
    Filter,
    /// Open the command line.
    Command,
    /// Back to the filter before this one.
    Undo,
    /// Open the detail pane.
    Open,
    /// In the details of a row: those of the next one, or of the one before.
    Beside(isize),
    /// Back, then clear the filter.
    Back,
    /// Sort by the column under the cursor.
    Sort,
    /// Reverse the order.
    Reverse,
    /// Raise or lower the packet threshold.
    Threshold(isize),
    /// Show or hide what is under the packet threshold.
    Noise,
    /// Show or leave out what repeats other rows.
    Duplicates,
    /// Multiply sampled counters, or not.
    Scale,
    /// The next or previous view.
    NextView(isize),
    /// One of the views.
    View(View),
    /// Host names or addresses.
    Names,
    /// Services or ports.
    Services,
    /// By bytes or from client to server.
    Orient,
    /// Follow growing files.
    Follow,
    /// Show the keys.
    Help,
    /// Draw the screen anew.
    Redraw,
    /// Halt until the shell goes on with it.
    Suspend,
    /// End.
    Quit,
}

impl Action {
    /// How far it goes, where it is one of those that only move.
    pub fn movement(self) -> Option<Move> {
        Some(match self {
            Action::Rows(rows) => Move::Lines(rows),
            Action::HalfPages(halves) => Move::HalfPages(halves),
            Action::Pages(pages) => Move::HalfPages(2 * pages),
            Action::Space => Move::HalfPages(2),
            Action::First => Move::First,
            Action::Last => Move::Last,
            _ => return None,
        })
    }

    /// The views in which it means something; the mouse moves by any number of rows.
    pub fn scope(self) -> Scope {
        let row = KEYS.iter().find(|row| row.action == self);
        row.map_or(ALL, |row| row.scope)
    }
}

/// Views in which a key means something.
pub type Scope = &'static [View];

/// Tables of flows.
const ROWS: Scope = &[View::Connections, View::Unmatched];
/// Whatever has cells that a filter may go by.
const CELLS: Scope = &[View::Connections, View::Unmatched, View::Top, View::Sources];
/// All tables with columns of their own.
const TABLES: Scope = &[View::Connections, View::Unmatched, View::Top];
/// The timeline alone.
pub const TIMELINE: Scope = &[View::Timeline];
/// Whatever is made of flows that a filter lets through.
const FLOWS: Scope = &[
    View::Connections,
    View::Unmatched,
    View::Top,
    View::Timeline,
];
const ALL: Scope = View::ALL;

/// A key as it is pressed.
pub type Chord = (KeyModifiers, KeyCode);

/// One row of the catalogue.
pub struct Key {
    /// The keys.
    pub chords: &'static [Chord],
    /// What they do.
    pub action: Action,
    /// The views in which they mean something.
    pub scope: Scope,
    /// What a configuration calls it.
    pub name: &'static str,
    /// How the help writes them; empty when the row before speaks for this one.
    pub label: &'static str,
    /// What the help says.
    pub help: &'static str,
}

const fn plain(c: char) -> Chord {
    (KeyModifiers::NONE, KeyCode::Char(c))
}

const fn ctrl(c: char) -> Chord {
    (KeyModifiers::CONTROL, KeyCode::Char(c))
}

const fn named(code: KeyCode) -> Chord {
    (KeyModifiers::NONE, code)
}

macro_rules! keys {
    ($($chords:expr => $action:expr, $scope:expr, $name:literal, $label:literal, $help:expr;)*) => {
        &[$(Key {
            chords: &$chords,
            action: $action,
            scope: $scope,
            name: $name,
            label: $label,
            help: $help,
        }),*]
    };
}

/// The catalogue.
pub const KEYS: &[Key] = keys! {
    [plain('j'), named(KeyCode::Down), ctrl('n')] => Action::Rows(1), ALL, "down", "j k Up Down", "move by a row";
    [plain('k'), named(KeyCode::Up), ctrl('p')] => Action::Rows(-1), ALL, "up", "", "";
    [ctrl('d')] => Action::HalfPages(1), ALL, "half-page-down", "Ctrl-d Ctrl-u", "move by half a page";
    [ctrl('u')] => Action::HalfPages(-1), ALL, "half-page-up", "", "";
    [named(KeyCode::PageDown), ctrl('f')] => Action::Pages(1), ALL, "page-down", "PgDn PgUp", "move by a page";
    [named(KeyCode::PageUp), ctrl('b')] => Action::Pages(-1), ALL, "page-up", "", "";
    [plain(' ')] => Action::Space, ALL, "space", "Space", "move by a page; in the list of columns, show or hide one";
    [plain('g'), named(KeyCode::Home)] => Action::First, ALL, "first", "g Home", "to the first row";
    [plain('G'), named(KeyCode::End)] => Action::Last, ALL, "last", "G End", "to the last row";
    [plain('h'), named(KeyCode::Left)] => Action::Columns(-1), FLOWS, "column-left", "h l Left Right", "move the column cursor";
    [plain('l'), named(KeyCode::Right)] => Action::Columns(1), FLOWS, "column-right", "", "";
    [plain('/')] => Action::Filter, FLOWS, "filter", "/", "filter: Enter keeps it, Esc restores what was before";
    [named(KeyCode::Enter)] => Action::Open, ALL, "open", "Enter", "every field of both flows; in Top and Timeline their rows";
    [plain('J')] => Action::Beside(1), ALL, "next-row", "J K", "in the details of a row: those of the next or previous one";
    [plain('K')] => Action::Beside(-1), ALL, "previous-row", "", "";
    [named(KeyCode::Esc)] => Action::Back, ALL, "back", "Esc", "back, then clear the filter";
    [plain('u')] => Action::Undo, FLOWS, "undo", "u", "back to the filter before this one";
    [plain('[')] => Action::Past(-1), FLOWS, "filter-before", "[ ]", "filters of the past, back and forth";
    [plain(']')] => Action::Past(1), FLOWS, "filter-after", "", "";
    [plain('=')] => Action::Pick(true), CELLS, "equals", "= !", "filter by what the cell or group says, or by its opposite";
    [plain('!')] => Action::Pick(false), CELLS, "differs", "", "";
    [plain('#')] => Action::Like, ROWS, "like", "#", "find rows like the cell, without hiding others";
    [plain('n')] => Action::Find(1), ROWS, "find-next", "n N", "the next one or the one before";
    [plain('N')] => Action::Find(-1), ROWS, "find-previous", "", "";
    [plain(':')] => Action::Command, ALL, "command", ":", command::HELP;
    [plain('s')] => Action::Sort, FLOWS, "sort", "s", "sort by the column under the cursor; pressed again, in the order of the input; in the timeline another amount";
    [plain('S')] => Action::Reverse, TABLES, "reverse", "S", "reverse the order";
    [plain('+')] => Action::Threshold(1), FLOWS, "threshold-up", "+ -", "hide rows with fewer packets: 1 2 5 10 20 50 ..., 0 is off";
    [plain('-')] => Action::Threshold(-1), FLOWS, "threshold-down", "", "";
    [plain('a')] => Action::Noise, FLOWS, "noise", "a", "show or hide all rows with few packets (the noise)";
    [plain('D')] => Action::Duplicates, FLOWS, "duplicates", "D", "show duplicates (flows seen twice) and count them, or leave them out";
    [plain('x')] => Action::Scale, ALL, "scale", "x", "bytes and packets times the sampling, or as exported";
    [named(KeyCode::Tab)] => Action::NextView(1), ALL, "next-view", "Tab Shift-Tab", "next or previous view";
    [named(KeyCode::BackTab)] => Action::NextView(-1), ALL, "previous-view", "", "";
    [plain('1')] => Action::View(View::Connections), ALL, "connections", "1 2 3 4 5", view::HELP;
    [plain('2')] => Action::View(View::Unmatched), ALL, "unmatched", "", "";
    [plain('3')] => Action::View(View::Top), ALL, "top", "", "";
    [plain('4')] => Action::View(View::Timeline), ALL, "timeline", "", "";
    [plain('5')] => Action::View(View::Sources), ALL, "sources", "", "";
    [plain('F')] => Action::Group, FLOWS, "group", "F", "group by the column under the cursor; in Top by something else; in the timeline in layers, as Top groups";
    [plain('t')] => Action::Brush, TIMELINE, "brush", "t", "in the timeline: brush with Left and Right, Enter shows those rows";
    [plain('z')] => Action::Zoom(true), TIMELINE, "zoom-in", "z Z", "in the timeline: a closer look, or a wider one";
    [plain('Z')] => Action::Zoom(false), TIMELINE, "zoom-out", "", "";
    [plain('d')] => Action::Names, FLOWS, "names", "d", "host names, both, or addresses";
    [plain('p')] => Action::Services, FLOWS, "services", "p", "services or ports";
    [plain('o')] => Action::Orient, FLOWS, "orient", "o", "source is who sent more, or the client";
    [plain('f')] => Action::Follow, ALL, "follow", "f", "follow growing files";
    [plain('C')] => Action::Choose, ROWS, "columns", "C", "choose the columns";
    [plain('<')] => Action::Resize(-1), TABLES, "narrower", "< >", "make the column narrower or wider; in Top networks larger or smaller";
    [plain('>')] => Action::Resize(1), TABLES, "wider", "", "";
    [plain('H')] => Action::Carry(-1), ROWS, "carry-left", "H L", "move the column to the left or right";
    [plain('L')] => Action::Carry(1), ROWS, "carry-right", "", "";
    [plain('y')] => Action::Copy(false), TABLES, "copy", "y Y", "copy the cell or the row (OSC 52)";
    [plain('Y')] => Action::Copy(true), TABLES, "copy-row", "", "";
    [plain('m')] => Action::Mouse, ALL, "mouse", "m", "mouse on or off: wheel, rows, headers";
    [ctrl('l')] => Action::Redraw, ALL, "redraw", "Ctrl-l", "draw the screen anew";
    [ctrl('z')] => Action::Suspend, ALL, "suspend", "Ctrl-z", "suspend";
    [plain('?'), named(KeyCode::F(1))] => Action::Help, ALL, "help", "? F1", "these keys";
    [plain('q'), ctrl('c')] => Action::Quit, ALL, "quit", "q Ctrl-c", "quit";
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things_and_every_one_is_explained() {
        let chords: Vec<&Chord> = KEYS.iter().flat_map(|row| row.chords).collect();
        for (place, chord) in chords.iter().enumerate() {
            assert!(!chords[..place].contains(chord), "{chord:?} stands twice");
        }
        assert!(KEYS.first().is_some_and(|row| !row.label.is_empty()));
        assert!(
            KEYS.iter()
                .all(|row| row.label.is_empty() == row.help.is_empty())
        );
    }
}
