//! What is kept from one run to the next: the filters that were used, and those
//! that were given names. Two small files in the user's state directory, read
//! at the start, written whole and put in place at once. Nothing here is ever
//! needed: without a place to keep things the browser works all the same.

use std::fs::{DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::model::text::is_printable;

/// Filters remembered.
const HISTORY: usize = 500;
/// Filters with names.
const SAVED: usize = 500;
/// No line that was typed here is longer.
const LINE: usize = 2000;
/// More of a file is not read: it was not written here.
const SIZE: u64 = 1 << 20;

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Filters used, the newest last, none twice.
    pub history: Vec<String>,
    /// Names and their filters.
    pub saved: Vec<(String, String)>,
}

/// Something to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A filter was used.
    Used(String),
    /// A filter was given a name.
    Saved(String, String),
    /// A name is to be forgotten.
    Dropped(String),
}

impl Kept {
    /// Takes a note; says whether anything changed.
    pub fn take(&mut self, note: &Note) -> bool {
        match note {
            Note::Used(text) if text.is_empty() || self.history.last() == Some(text) => {
                return false;
            }
            Note::Used(text) => {
                self.history.retain(|old| old != text);
                self.history.push(text.clone());
                let surplus = self.history.len().saturating_sub(HISTORY);
                self.history.drain(..surplus);
            }
            Note::Saved(name, text) => {
                self.saved.retain(|row| row.0 != *name);
                self.saved.push((name.clone(), text.clone()));
                let surplus = self.saved.len().saturating_sub(SAVED);
                self.saved.drain(..surplus);
            }
            Note::Dropped(name) => self.saved.retain(|row| row.0 != *name),
        }
        true
    }

    /// The filter of a name.
    pub fn named(&self, name: &str) -> Option<&str> {
        let row = self.saved.iter().find(|row| row.0 == name)?;
        Some(&row.1)
    }
}

/// Where things are kept.
pub struct Shelf(Option<PathBuf>);

impl Shelf {
    /// The user's: `$XDG_STATE_HOME/flowpeek`, else `~/.local/state/flowpeek`.
    pub fn of_user() -> Self {
        let absolute = |name| {
            let path = std::env::var_os(name).map(PathBuf::from);
            path.filter(|path: &PathBuf| path.is_absolute())
        };
        let home = || absolute("HOME").map(|home| home.join(".local/state"));
        let state = absolute("XDG_STATE_HOME").or_else(home);
        Shelf(state.map(|state| state.join("flowpeek")))
    }

    /// A given directory.
    pub fn at(folder: &Path) -> Self {
        Shelf(Some(folder.to_owned()))
    }

    /// What is kept there; nothing where it cannot be read.
    pub fn read(&self) -> Kept {
        let mut kept = Kept::default();
        for line in self.lines("history") {
            kept.take(&Note::Used(line));
        }
        for line in self.lines("filters") {
            if let Some((name, text)) = line.split_once(' ') {
                kept.take(&Note::Saved(name.to_owned(), text.to_owned()));
            }
        }
        kept
    }

    /// The lines of a file that a person could have typed.
    fn lines(&self, name: &str) -> Vec<String> {
        let mut bytes = Vec::new();
        let path = self.0.as_ref().map(|folder| folder.join(name));
        // a pipe or a device of that name would never end
        let plain = path.filter(|path| path.is_file());
        let read = plain.and_then(|path| {
            let file = File::open(path).ok()?;
            file.take(SIZE).read_to_end(&mut bytes).ok()
        });
        if read.is_none() {
            return Vec::new();
        }
        let text = String::from_utf8_lossy(&bytes);
        let typed =
            |line: &&str| (1..=LINE).contains(&line.len()) && line.chars().all(is_printable);
        text.lines().filter(typed).map(str::to_owned).collect()
    }

    /// Adds a note to what is there by now, which other runs may have written.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, note: &Note) -> io::Result<()> {
        let Some(folder) = &self.0 else {
            return Ok(());
        };
        let mut kept = self.read();
        if !kept.take(note) {
            return Ok(());
        }
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        match note {
            Note::Used(_) => replace(&folder.join("history"), kept.history),
            _ => {
                let lines = kept.saved.into_iter();
                let lines = lines.map(|(name, text)| format!("{name} {text}"));
                replace(&folder.join("filters"), lines.collect())
            }
        }
    }
}

/// Writes a file beside the old one, for its owner alone, and puts it in its place.
fn replace(path: &Path, lines: Vec<String>) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    let mut text = lines.join("\n");
    text.push('\n');
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
