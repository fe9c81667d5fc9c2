//! What is kept from one run to the next: the filters that were used, those that
//! were given names, and the columns of views. Nothing here is ever needed: without a
//! place to keep things the browser works all the same.

use super::editor::remember;

/// Filters with names.
const SAVED: usize = 500;
/// Views with columns.
const VIEWS: usize = 50;

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Filters used, the newest last, none twice.
    pub history: Vec<String>,
    /// Names and their filters.
    pub saved: Vec<(String, String)>,
    /// Views and their columns.
    pub columns: Vec<(String, String)>,
}

/// Something to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A filter was used.
    Used(String),
    /// A name was given to a filter.
    Saved(String, String),
    /// A name is to be forgotten.
    Dropped(String),
    /// A view of this title has these columns.
    Columns(String, String),
}

impl Kept {
    /// Takes a note; says whether anything changed.
    pub fn take(&mut self, note: &Note) -> bool {
        match note {
            Note::Used(text) => return remember(&mut self.history, text),
            Note::Saved(name, text) => {
                self.saved.retain(|row| row.0 != *name);
                self.saved.push((name.clone(), text.clone()));
                let surplus = self.saved.len().saturating_sub(SAVED);
                self.saved.drain(..surplus);
            }
            Note::Columns(view, text) => {
                self.columns.retain(|row| row.0 != *view);
                self.columns.push((view.clone(), text.clone()));
                let surplus = self.columns.len().saturating_sub(VIEWS);
                self.columns.drain(..surplus);
            }
            Note::Dropped(name) => self.saved.retain(|row| row.0 != *name),
        }
        true
    }

    /// The names that filters have.
    pub fn names(&self) -> Vec<&str> {
        self.saved.iter().map(|row| row.0.as_str()).collect()
    }

    /// The filter of a name.
    pub fn named(&self, name: &str) -> Option<&str> {
        let row = self.saved.iter().find(|row| row.0 == name)?;
        Some(&row.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::state::editor::PAST;

    #[test]
    fn the_history_has_an_end() {
        let mut kept = Kept::default();
        for port in 0..PAST + 10 {
            kept.take(&Note::Used(format!("port {port}")));
        }
        assert_eq!(kept.history.len(), PAST);
        assert_eq!(kept.history.first().map(String::as_str), Some("port 10"));
    }
}
