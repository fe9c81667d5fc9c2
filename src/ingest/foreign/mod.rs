//! FORMS, the catalogue of what other programs write: a record each, as a JSON
//! object or a line of columns, told by the keys it has. Each form is a file
//! that says what its keys stand for.

mod columns;
mod draft;
mod goflow;
mod leaves;
mod nfdump;
mod stamp;
mod suricata;
mod zeek;

use serde_json::Error;

use columns::Columns;
pub use columns::Header;
use draft::{Draft, Meaning};
use leaves::{Leaves, Paths};

use super::bom::without_bom;
use crate::model::flow::Packet;
use crate::model::skipped::Skipped;
use crate::model::time::Zone;

/// One row of the catalogue.
struct Form {
    /// Keys of which each tells it.
    signs: &'static [&'static str],
    /// What its keys stand for; of several for one thing the last counts.
    fields: &'static [(&'static str, Meaning)],
    /// Does what only this form needs, and says whether it is a flow.
    finish: fn(&mut Draft) -> bool,
}

macro_rules! forms {
    ($($form:ident),*) => {
        &[$(Form { signs: $form::SIGNS, fields: $form::FIELDS, finish: $form::finish }),*]
    };
}

/// The catalogue; the first form that is told by a key counts.
const FORMS: &[Form] = forms!(suricata, zeek, goflow, nfdump);

/// What a record held.
#[derive(Debug, Default)]
pub struct ForeignRecord {
    /// Its flow, or both of them.
    pub packet: Option<Packet>,
    /// Counted if it is no flow.
    pub skipped: Skipped,
    /// The kind of the event that it is instead.
    pub event: Option<String>,
    /// Values that did not fit their field.
    pub unreadable: u64,
}

/// A form with the numbers of its keys.
struct Known {
    signs: Vec<usize>,
    fields: Vec<(usize, Meaning)>,
    finish: fn(&mut Draft) -> bool,
}

/// Reads records of all forms.
pub struct Foreign {
    paths: Paths,
    forms: Vec<Known>,
    columns: Columns,
    zone: Zone,
}

impl Default for Foreign {
    fn default() -> Self {
        let mut paths = Paths::default();
        let forms = FORMS.iter().map(|form| Known {
            signs: form.signs.iter().map(|sign| paths.add(sign)).collect(),
            fields: (form.fields.iter())
                .map(|&(name, meaning)| (paths.add(name), meaning))
                .collect(),
            finish: form.finish,
        });
        Foreign {
            forms: forms.collect(),
            paths,
            columns: Columns::default(),
            zone: Zone::local(),
        }
    }
}

/// Whether a line may be such a record: an object whose first key is no time, or
/// columns.
pub fn may_be(line: &[u8]) -> bool {
    let line = without_bom(line).trim_ascii_start();
    let key = line.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    let letter = key.and_then(|key| key.strip_prefix(b"\""));
    // what names columns stands on a line of its own before the values
    (line.starts_with(b"#") && memchr::memchr(b'\n', line).is_some())
        || Header::is_too_long(line)
        || letter.is_some_and(|key| {
            key.first()
                .is_some_and(|&first| first.is_ascii_alphabetic() || first == b'_')
        })
}

impl Foreign {
    /// Reads a record; `None` if it is of no form that is known.
    ///
    /// # Errors
    /// The reason for which it is rejected.
    pub fn read(
        &mut self,
        text: &[u8],
        words: fn(&Error) -> String,
    ) -> Result<Option<ForeignRecord>, String> {
        let text = without_bom(text);
        if !text.starts_with(b"#") {
            let (leaves, done) = Leaves::of_json(text, &self.paths);
            return match (self.form(&leaves), done) {
                (None, _) => Ok(None),
                (_, Err(error)) => Err(words(&error)),
                (Some(form), Ok(())) => self.decode(form, &leaves).map(Some),
            };
        }
        let text = str::from_utf8(text).map_err(|_| "no UTF-8".to_owned())?;
        let line = self.columns.split(text)?;
        let cells = self.columns.cells(line)?;
        let path = self.columns.path.as_deref().map(|path| ("_path", path));
        let cells = path.into_iter().chain(cells);
        let leaves = Leaves::of_columns(cells, &self.columns.unset, &self.paths);
        match self.form(&leaves) {
            Some(form) => self.decode(form, &leaves).map(Some),
            None => Err("columns of no known log".to_owned()),
        }
    }

    fn form(&self, leaves: &Leaves) -> Option<&Known> {
        let has = |path: &usize| leaves.get(*path).is_some();
        (self.forms.iter()).find(|form| form.signs.iter().any(has))
    }

    fn decode(&self, form: &Known, leaves: &Leaves) -> Result<ForeignRecord, String> {
        let mut draft = Draft::default();
        for (path, meaning) in &form.fields {
            if let Some(value) = leaves.get(*path) {
                draft.take(*meaning, value, &self.zone);
            }
        }
        let mut found = ForeignRecord::default();
        if !(form.finish)(&mut draft) {
            found.event = Some(draft.kind.unwrap_or_else(|| "other".to_owned()));
            found.skipped.events = 1;
            return Ok(found);
        }
        found.unreadable = draft.unreadable;
        found.packet = draft.packet()?;
        found.skipped.no_address = u64::from(found.packet.is_none());
        Ok(found)
    }
}

/// Names and values of a line of columns, as they are spelled.
pub fn cells(text: &str) -> Option<Vec<(String, String)>> {
    let mut columns = Columns::default();
    let line = columns.split(text).ok()?;
    let cells = columns.cells(line).ok()?;
    let owned = |(name, cell): (&str, &str)| (name.to_owned(), cell.to_owned());
    Some(cells.into_iter().map(owned).collect())
}
