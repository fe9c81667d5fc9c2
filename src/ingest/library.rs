//! Where the records of each file can be read again, while files are added.

use std::sync::OnceLock;

use super::again::{Origin, read_line};
use super::batch::Batch;
use super::fields;
use super::inflate::restart::Points;
use super::inflate::sniff::Form;
use super::shelves::Shelves;
use crate::model::flow::LineAt;
use crate::model::raw::{RawRecord, Wanted};
use crate::model::text::clean_bytes;

/// Characters of a line that are shown, of those that it is written with on a screen.
const TEXT_LIMIT: usize = 20_000;

/// Where each file can be read again. It grows, but what is in it never changes.
#[derive(Default)]
pub struct Library(Shelves<Book>);

/// A file, its form if that is known already, and from where it can be inflated.
struct Book {
    origin: Origin,
    /// Where it can be read since it is there, or held open.
    found: OnceLock<Origin>,
    form: Option<Form>,
    points: Points,
}

impl Library {
    /// Appends files: where each can be read again, and its form if that is known.
    pub fn add(&self, files: impl IntoIterator<Item = (Origin, Option<Form>)>) {
        for (origin, form) in files {
            self.0.push(Book {
                origin,
                found: OnceLock::new(),
                form,
                points: Points::default(),
            });
        }
    }

    /// A file that was not there has appeared, or is held open from now on.
    pub fn found(&self, number: u32, origin: Origin) {
        if let Some(book) = self.0.get(number) {
            // once is enough
            let _ = book.found.set(origin);
        }
    }

    /// The points of a file from which it can be inflated.
    pub fn points(&self, number: u32) -> Option<&Points> {
        self.0.get(number).map(|book| &book.points)
    }

    /// Takes the points that came with a batch of a file.
    pub fn note(&self, number: u32, batch: &mut Batch) {
        let points = std::mem::take(&mut batch.points);
        // most batches have none
        if !points.is_empty()
            && let Some(known) = self.points(number)
        {
            known.add(points);
        }
    }

    /// Reads a line again, made printable and cut where it gets too long to look at.
    ///
    /// # Errors
    /// In words, when the file is gone or has changed.
    pub fn text(&self, place: LineAt) -> Result<String, String> {
        match self.line(place)? {
            Some(line) if line.is_empty() => Ok("(the line is empty, or too long)".to_owned()),
            // without the lines that name its columns
            Some(line) if line.starts_with(b"#") => {
                let values = line.rsplit(|&byte| byte == b'\n').next();
                Ok(clean_bytes(values.unwrap_or_default(), TEXT_LIMIT))
            }
            Some(line) => Ok(clean_bytes(&line, TEXT_LIMIT)),
            None => Err("the file has changed since it was read".to_owned()),
        }
    }

    fn line(&self, place: LineAt) -> Result<Option<Vec<u8>>, String> {
        let Some(book) = self.0.get(place.file) else {
            return Err("no such file".to_owned());
        };
        let origin = book.found.get().unwrap_or(&book.origin);
        read_line(origin, book.form, place, Some(&book.points))
            .map_err(|error| format!("cannot be read again: {error}"))
    }

    /// Reads a record again, every field of it.
    ///
    /// # Errors
    /// In words, when the file is gone or has changed.
    pub fn record(&self, wanted: &Wanted) -> Result<RawRecord, String> {
        let line = self.line(wanted.place)?;
        line.and_then(|line| fields::record(&line, wanted))
            .ok_or_else(|| "the file has changed since it was read".to_owned())
    }
}
