//! KEYS, the catalogue of what keys do: one row has the keys, the action, where
//! it applies, and its line in the help. The footer is made from it too.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

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
    Top,
    /// To the last row.
    Bottom,
    /// Move the column cursor.
    Columns(isize),
    /// Open the filter line.
    Filter,
    /// Open the command line.
    Command,
    /// Back to the filter before this one.
    Undo,
    /// Open the detail pane.
    Open,
    /// Back, then clear the filter.
    Back,
    /// Sort by the column under the cursor.
    Sort,
    /// Reverse the order.
    Reverse,
    /// Raise or lower the packet threshold.
    Threshold(isize),
    /// The next or previous view.
    NextView(isize),
    /// The view of this number.
    View(usize),
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
    /// Stop until the shell goes on with it.
    Suspend,
    /// End.
    Quit,
}

/// A key as it is pressed.
type Chord = (KeyModifiers, KeyCode);

/// One row of the catalogue.
pub struct Key {
    /// The keys.
    pub chords: &'static [Chord],
    /// What they do.
    pub action: Action,
    /// How the help writes them; empty when the row before speaks for this one.
    pub label: &'static str,
    /// What the help says.
    pub help: &'static str,
    /// What the footer says, for the keys one needs first.
    pub footer: &'static str,
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
    ($($chords:expr => $action:expr, $label:literal, $help:literal, $footer:literal;)*) => {
        &[$(Key {
            chords: &$chords,
            action: $action,
            label: $label,
            help: $help,
            footer: $footer,
        }),*]
    };
}

/// The catalogue.
pub const KEYS: &[Key] = keys! {
    [plain('j'), named(KeyCode::Down), ctrl('n')] => Action::Rows(1), "j k Up Down", "move by a row", "";
    [plain('k'), named(KeyCode::Up), ctrl('p')] => Action::Rows(-1), "", "", "";
    [ctrl('d')] => Action::HalfPages(1), "Ctrl-d Ctrl-u", "move by half a page", "";
    [ctrl('u')] => Action::HalfPages(-1), "", "", "";
    [named(KeyCode::PageDown), ctrl('f'), plain(' ')] => Action::Pages(1), "PgDn PgUp", "move by a page", "";
    [named(KeyCode::PageUp), ctrl('b')] => Action::Pages(-1), "", "", "";
    [plain('g'), named(KeyCode::Home)] => Action::Top, "g Home", "to the first row", "";
    [plain('G'), named(KeyCode::End)] => Action::Bottom, "G End", "to the last row", "";
    [plain('h'), named(KeyCode::Left)] => Action::Columns(-1), "h l Left Right", "move the column cursor", "";
    [plain('l'), named(KeyCode::Right)] => Action::Columns(1), "", "", "";
    [plain('/')] => Action::Filter, "/", "filter: Enter keeps it, Esc restores what was before", "filter";
    [named(KeyCode::Enter)] => Action::Open, "Enter", "every field of both flows", "detail";
    [named(KeyCode::Esc)] => Action::Back, "Esc", "back, then clear the filter", "";
    [plain('u')] => Action::Undo, "u", "back to the filter before this one", "";
    [plain(':')] => Action::Command, ":", "command line: filter save NAME, filter NAME, q", "";
    [plain('s')] => Action::Sort, "s", "sort by the column under the cursor", "sort";
    [plain('S')] => Action::Reverse, "S", "reverse the order", "";
    [plain('+')] => Action::Threshold(1), "+ -", "hide rows with fewer packets: 1 2 5 10 20 50 ..., 0 is off", "packets";
    [plain('-')] => Action::Threshold(-1), "", "", "";
    [named(KeyCode::Tab)] => Action::NextView(1), "Tab Shift-Tab", "next or previous view", "view";
    [(KeyModifiers::SHIFT, KeyCode::BackTab), named(KeyCode::BackTab)] => Action::NextView(-1), "", "", "";
    [plain('1')] => Action::View(0), "1 2", "Connections, Unmatched flows", "";
    [plain('2')] => Action::View(1), "", "", "";
    [plain('d')] => Action::Names, "d", "host names or addresses", "names";
    [plain('p')] => Action::Services, "p", "services or ports", "";
    [plain('o')] => Action::Orient, "o", "source is who sent more, or the client", "";
    [plain('f')] => Action::Follow, "f", "follow growing files", "";
    [ctrl('l')] => Action::Redraw, "Ctrl-l", "draw the screen anew", "";
    [ctrl('z')] => Action::Suspend, "Ctrl-z", "suspend", "";
    [plain('?'), named(KeyCode::F(1))] => Action::Help, "? F1", "these keys", "help";
    [plain('q'), ctrl('c')] => Action::Quit, "q Ctrl-c", "quit", "quit";
};

/// What a key does, if anything.
pub fn action(key: &KeyEvent) -> Option<Action> {
    // a capital letter comes with Shift, which the letter says already
    let modifiers = match key.code {
        KeyCode::Char(_) => key.modifiers - KeyModifiers::SHIFT,
        _ => key.modifiers,
    };
    let row = KEYS
        .iter()
        .find(|row| row.chords.contains(&(modifiers, key.code)));
    row.map(|row| row.action)
}

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
