//! Where things are kept: small files in the user's state directory, read at the start,
//! written whole and put in place at once.

use std::io;
use std::path::{Path, PathBuf};

use super::state::kept::{Kept, Note};
use super::state::prompt::LIMIT;
use crate::model::text::is_clean;
use crate::own_files;

/// No line that was typed here is longer, with a name before it.
const LINE: usize = LIMIT + 200;
/// More of a file is not read: as many lines as are kept are not longer.
const SIZE: u64 = 32 << 20;

/// A note of a name and what belongs to it.
type Named = fn(String, String) -> Note;

/// Where things are kept.
pub struct Shelf(Option<PathBuf>);

impl Shelf {
    /// The user's: `$XDG_STATE_HOME/flowpeek`, else `~/.local/state/flowpeek`.
    pub fn of_user() -> Self {
        Shelf(own_files::folder("XDG_STATE_HOME", ".local/state"))
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
        let notes: [(&str, Named); 2] = [("filters", Note::Saved), ("columns", Note::Columns)];
        for (file, note) in notes {
            for line in self.lines(file) {
                if let Some((name, text)) = line.split_once(' ') {
                    kept.take(&note(name.to_owned(), text.to_owned()));
                }
            }
        }
        kept
    }

    /// The lines of a file that a person could have typed.
    fn lines(&self, name: &str) -> Vec<String> {
        let path = self.0.as_ref().map(|folder| folder.join(name));
        let text = path.map_or_else(String::new, |path| own_files::read(&path, SIZE));
        let typed = |line: &&str| (1..=LINE).contains(&line.len()) && is_clean(line);
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
        match note {
            Note::Used(_) => own_files::replace(&folder.join("history"), &kept.history),
            Note::Columns(..) => put(folder, "columns", kept.columns),
            Note::Saved(..) | Note::Dropped(_) => put(folder, "filters", kept.saved),
        }
    }
}

/// Writes names and what belongs to them, a line each.
fn put(folder: &Path, file: &str, rows: Vec<(String, String)>) -> io::Result<()> {
    let lines = rows.into_iter();
    let lines = lines.map(|(name, text)| format!("{name} {text}"));
    own_files::replace(&folder.join(file), &lines.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_two_runs_write_is_there_for_the_third() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let place = folder.path().join("deep/flowpeek");
        let (one, two) = (Shelf::at(&place), Shelf::at(&place));
        for (shelf, note) in [
            (&one, Note::Used("port 1".to_owned())),
            (&two, Note::Used("port 2".to_owned())),
            (&one, Note::Used("port 1".to_owned())),
            (&one, Note::Used(String::new())),
            (&one, Note::Saved("long".to_owned(), "x".repeat(LIMIT))),
            (
                &one,
                Note::Saved("größe".to_owned(), "bytes > 1".to_owned()),
            ),
            (
                &two,
                Note::Saved("b".to_owned(), "port 3 or port 4".to_owned()),
            ),
            (
                &one,
                Note::Saved("größe".to_owned(), "bytes > 2".to_owned()),
            ),
            (&two, Note::Saved("c".to_owned(), "any".to_owned())),
            (&two, Note::Dropped("c".to_owned())),
        ] {
            shelf.write(&note)?;
        }
        let kept = Shelf::at(&place).read();
        assert_eq!(kept.history, ["port 2", "port 1"]);
        assert_eq!(kept.named("größe"), Some("bytes > 2"));
        assert_eq!(kept.named("long").map(str::len), Some(LIMIT));
        assert_eq!(kept.named("b"), Some("port 3 or port 4"));
        assert_eq!(kept.named("c"), None);
        let mode =
            |path: &Path| Ok::<u32, io::Error>(fs::metadata(path)?.permissions().mode() & 0o777);
        assert_eq!(mode(&place)?, 0o700);
        assert_eq!(mode(&place.join("history"))?, 0o600);
        assert_eq!(mode(&place.join("filters"))?, 0o600);
        assert_eq!(
            fs::read_dir(&place)?.count(),
            2,
            "nothing else is left lying about"
        );
        Ok(())
    }

    #[test]
    fn what_nobody_typed_is_not_taken() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let long = "x".repeat(LINE + 1);
        let history = format!("port 1\n\n\u{1b}[2Jport 2\n{long}\nport 3\r\n\u{202e}\nport 4");
        fs::write(folder.path().join("history"), history)?;
        fs::create_dir(folder.path().join("filters"))?;
        let shelf = Shelf::at(folder.path());
        assert_eq!(shelf.read().history, ["port 1", "port 3", "port 4"]);
        assert!(
            shelf
                .write(&Note::Saved("a".to_owned(), "any".to_owned()))
                .is_err()
        );
        assert_eq!(Shelf(None).read(), Kept::default());
        Shelf(None).write(&Note::Used("any".to_owned()))
    }
}
