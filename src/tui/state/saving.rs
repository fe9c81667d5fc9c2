//! A view to be written to a file: what it shows, in which format, and how far that is. How
//! rows become bytes is not known here: the program hands that in.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use crate::model::intake::Intake;
use crate::model::units::commas;
use crate::query::facts::Context;
use crate::query::run::Query;
use crate::query::task::Task;
use crate::table::store::Table;

/// What a view shows.
#[derive(Clone)]
pub enum What {
    /// Rows of the table.
    Rows(Query),
    /// Groups or steps of time.
    Sum(Query, Task),
    /// Input files.
    Files,
    /// Exporters.
    Exporters,
    /// Rejected lines.
    Rejects,
}

/// A view as it is at some moment.
#[derive(Clone)]
pub struct FrozenView {
    /// What it shows.
    pub what: What,
    /// The snapshot.
    pub table: Table,
    /// The point of view.
    pub context: Context,
    /// What was read and what was lost.
    pub intake: Arc<Intake>,
}

/// A view to be written to a file.
#[derive(Clone)]
pub struct Saving {
    /// The file as it was typed.
    pub name: String,
    /// A file of that name may be written over.
    pub over: bool,
    /// What to write.
    pub view: FrozenView,
}

/// What is told of it.
#[derive(Clone)]
pub enum Told {
    /// There is such a file: may it be written over?
    Exists(Box<Saving>),
    /// This many lines are written.
    Lines(u64),
    /// It is done, with this many rows.
    Done(u64),
    /// It could not be done.
    Failed(String),
}

/// Writes a view in a format, and answers how many rows that were.
pub type WriteView = fn(&FrozenView, &str, &mut dyn Write) -> io::Result<u64>;

/// How views are written.
#[derive(Clone, Copy)]
pub struct Export {
    /// Ends of names, and the format each stands for.
    pub formats: &'static [(&'static str, &'static str)],
    /// Writes a view in a format.
    pub write: WriteView,
}

impl Export {
    /// The format of a name.
    ///
    /// # Errors
    /// In words, when it tells of none.
    pub fn format(&self, name: &str) -> Result<&'static str, String> {
        let end = Path::new(name).extension().and_then(|end| end.to_str());
        let end = end.unwrap_or_default().to_lowercase();
        let found = self.formats.iter().find(|row| row.0 == end);
        found.map(|row| row.1).ok_or_else(|| {
            let ends: Vec<String> = self
                .formats
                .iter()
                .map(|row| format!(".{}", row.0))
                .collect();
            format!(
                "the format is told by the end of the name: {}",
                ends.join(", ")
            )
        })
    }
}

/// A file being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Its name.
    pub name: String,
    /// Lines of it so far.
    pub lines: u64,
    /// Lines that it will have, as far as that is known.
    pub of: Option<u64>,
    /// The input is still being read: more rows may come than these.
    pub early: bool,
    /// Damaged stretches stand in the list on the screen; they are no lines, and not written.
    pub without_damage: bool,
}

impl Progress {
    /// How far it is, and the key that stops it.
    pub fn words(&self, stop: &str) -> String {
        let lines = match self.of {
            Some(of) => format!("{} of {}", commas(self.lines.min(of)), commas(of)),
            None => commas(self.lines),
        };
        format!("writing {}: {lines} lines ({stop} stops that)", self.name)
    }
}

/// What the command line has that the screen does not change.
#[derive(Clone, Debug, Default)]
pub struct Base {
    /// The input.
    pub files: Vec<OsString>,
    /// Options about pairing, zone and names given by files.
    pub words: Vec<OsString>,
    /// Who may be asked for names.
    pub dns: String,
}
