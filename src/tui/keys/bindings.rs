//! What keys do: those of the catalogue, but for actions that were given others.

use crossterm::event::KeyEvent;

use super::action::{Action, Chord, KEYS};
use super::chord::{parse, pressed, written};
use crate::model::toml::quoted;
use crate::model::typo::nearest;

/// What the help says in place of a key.
const UNBOUND: &str = "(unbound)";

/// The keys of every row of [`KEYS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bindings(Vec<Vec<Chord>>);

impl Default for Bindings {
    fn default() -> Self {
        Bindings(KEYS.iter().map(|row| row.chords.to_vec()).collect())
    }
}

impl Bindings {
    /// Gives actions, by name, other keys than they have.
    ///
    /// # Errors
    /// The place among `wishes` of the first that cannot be, and why in words.
    pub fn rebound(wishes: &[(&str, Vec<&str>)]) -> Result<Self, (usize, String)> {
        let mut bindings = Bindings::default();
        let mut wished = vec![None; KEYS.len()];
        for (place, (name, keys)) in wishes.iter().enumerate() {
            let wrong = |words| (place, words);
            let row = KEYS.iter().position(|row| row.name == *name);
            let row = row.ok_or_else(|| wrong(unknown(name)))?;
            let chords: Result<Vec<Chord>, String> = keys.iter().map(|key| parse(key)).collect();
            let chords = chords.map_err(wrong)?;
            if chords.is_empty() && KEYS[row].action == Action::Quit {
                return Err(wrong("something has to quit: name a key".to_owned()));
            }
            (bindings.0[row], wished[row]) = (chords, Some(place));
        }
        for (row, place) in wished.iter().enumerate() {
            if let (Some(place), Some((chord, other))) = (place, bindings.clash(row)) {
                let (key, other) = (written(chord), KEYS[other].name);
                let words = format!("{key} is the key of \"{other}\" too: give that another one");
                return Err((*place, words));
            }
        }
        Ok(bindings)
    }

    /// A key of a row that another row has too, and that row.
    fn clash(&self, row: usize) -> Option<(Chord, usize)> {
        self.0[row].iter().find_map(|chord| {
            let others = (0..self.0.len()).filter(|&other| other != row);
            let other = others
                .into_iter()
                .find(|&other| self.0[other].contains(chord));
            other.map(|other| (*chord, other))
        })
    }

    /// What a key does, if anything.
    pub fn action(&self, key: &KeyEvent) -> Option<Action> {
        let chord = pressed(key);
        let row = self.0.iter().position(|chords| chords.contains(&chord));
        row.map(|row| KEYS[row].action)
    }

    /// The first key of an action, if it has one.
    pub fn bound(&self, action: Action) -> Option<String> {
        self.first(KEYS.iter().position(|row| row.action == action)?)
    }

    /// The first key of an action; its name in the catalogue where it has none.
    pub fn key(&self, action: Action) -> String {
        let row = KEYS.iter().find(|row| row.action == action);
        let name = || row.map_or(String::new(), |row| format!("({})", row.name));
        self.bound(action).unwrap_or_else(name)
    }

    /// Every key of a row of the catalogue, as it is written.
    pub fn keys(&self, row: usize) -> Vec<String> {
        let mut keys: Vec<String> = self.0[row].iter().map(|&chord| written(chord)).collect();
        keys.dedup();
        keys
    }

    fn first(&self, row: usize) -> Option<String> {
        self.0[row].first().map(|&chord| written(chord))
    }

    /// How the help writes the keys of a row and of those it speaks for, and that an action
    /// has none.
    pub fn label(&self, row: usize) -> String {
        let rows = rows_of(row);
        if self.is_usual(rows.clone()) {
            return KEYS[row].label.to_owned();
        }
        let mut keys: Vec<Vec<String>> = rows.map(|row| self.keys(row)).collect();
        if keys.iter().all(Vec::is_empty) {
            return UNBOUND.to_owned();
        }
        let without = keys.iter_mut().filter(|keys| keys.is_empty());
        without.for_each(|keys| keys.push(UNBOUND.to_owned()));
        let most = keys.iter().map(Vec::len).max().unwrap_or(0);
        let nth = |place: usize| keys.iter().filter_map(move |keys| keys.get(place).cloned());
        let label: Vec<String> = (0..most).flat_map(nth).collect();
        label.join(" ")
    }

    fn is_usual(&self, mut rows: std::ops::Range<usize>) -> bool {
        rows.all(|row| self.0[row] == KEYS[row].chords)
    }
}

/// The keys as a part of a configuration file, with comments.
pub fn page(bindings: &Bindings) -> String {
    let mut page = "\n# Keys of actions: one, or a list; [] for none.\n[keys]\n".to_owned();
    for (row, key) in KEYS.iter().enumerate() {
        if !key.help.is_empty() {
            page.push_str(&format!("\n# {}\n", key.help));
        }
        let keys = bindings.keys(row).into_iter();
        let keys: Vec<String> = keys.map(|key| quoted(&key)).collect();
        page.push_str(&format!("{} = [{}]\n", key.name, keys.join(", ")));
    }
    page
}

/// A row, and those after it that it speaks for.
fn rows_of(row: usize) -> std::ops::Range<usize> {
    let next = KEYS[row + 1..].iter().position(|row| !row.label.is_empty());
    row..next.map_or(KEYS.len(), |next| row + 1 + next)
}

fn unknown(name: &str) -> String {
    let near = nearest(name, KEYS.iter().map(|row| row.name));
    format!("no action is called \"{name}\"{near}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crossterm::event::{KeyCode, KeyModifiers};

    fn press(bindings: &Bindings, c: char) -> Option<Action> {
        bindings.action(&KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE))
    }

    #[test]
    fn an_action_has_the_keys_it_was_given_and_no_others() {
        let wishes = [
            ("down", vec!["e", "Ctrl-n"]),
            ("sort", vec!["S"]),
            ("reverse", vec![]),
        ];
        let bindings = Bindings::rebound(&wishes).unwrap();
        assert_eq!(press(&bindings, 'e'), Some(Action::Rows(1)));
        assert_eq!(press(&bindings, 'j'), None);
        assert_eq!(press(&bindings, 'S'), Some(Action::Sort));
        assert_eq!(press(&bindings, 'k'), Some(Action::Rows(-1)));
        assert_eq!(bindings.label(0), "e k Ctrl-n Up Ctrl-p");
        assert_eq!(bindings.key(Action::Reverse), "(reverse)");
    }

    #[test]
    fn an_action_without_a_key_says_so_in_the_help() {
        let row = |name| KEYS.iter().position(|row| row.name == name).unwrap();
        let wishes = [
            ("sort", vec![]),
            ("up", vec![]),
            ("find-next", vec![]),
            ("find-previous", vec![]),
            ("top", vec![]),
        ];
        let bindings = Bindings::rebound(&wishes).unwrap();
        for (name, label) in [
            ("sort", "(unbound)"),
            ("down", "j (unbound) Down Ctrl-n"),
            ("find-next", "(unbound)"),
            ("connections", "1 2 (unbound) 4 5"),
            ("reverse", "S"),
        ] {
            assert_eq!(bindings.label(row(name)), label);
        }
    }

    #[test]
    fn what_cannot_be_is_told() {
        let wrong = |wishes: &[(&str, Vec<&str>)]| Bindings::rebound(wishes).unwrap_err();
        let (place, words) = wrong(&[("up", vec!["i"]), ("dowm", vec!["e"])]);
        assert_eq!(
            (place, words.contains("did you mean \"down\"")),
            (1, true),
            "{words}"
        );
        let (place, words) = wrong(&[("up", vec!["i"]), ("sort", vec!["S"])]);
        assert_eq!((place, words.contains("\"reverse\"")), (1, true), "{words}");
        assert!(Bindings::rebound(&[("quit", vec![])]).is_err());
        assert!(Bindings::rebound(&[("up", vec!["i"]), ("down", vec!["i"])]).is_err());
    }
}
