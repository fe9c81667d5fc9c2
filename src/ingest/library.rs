//! Where the records of each file can be read again, while files are added.

use std::sync::OnceLock;

use super::again::{Origin, read_line};
use super::fields;
use super::sniff::Form;
use crate::model::flow::Place;
use crate::model::raw::{RawRecord, Wanted};
use crate::model::text::clean_bytes;

/// Characters of a line that are shown.
const TEXT_LIMIT: usize = 20_000;

/// Where each file can be read again. It grows, but what is in it never changes.
#[derive(Default)]
pub struct Library(OnceLock<Box<Book>>);

/// A file, its form if that is known already, and the files after it.
struct Book {
    origin: Origin,
    form: Option<Form>,
    next: Library,
}

impl Library {
    /// Appends a file; answers the place after it.
    pub fn put(&self, origin: Origin, form: Option<Form>) -> &Library {
        let mut end = self;
        while let Some(book) = end.0.get() {
            end = &book.next;
        }
        let next = Library::default();
        &end.0
            .get_or_init(|| Box::new(Book { origin, form, next }))
            .next
    }

    fn get(&self, number: u32) -> Option<&Book> {
        let mut book = self.0.get();
        for _ in 0..number {
            book = book?.next.0.get();
        }
        book.map(Box::as_ref)
    }

    /// Reads a line again, made printable and cut where it gets too long to look at.
    ///
    /// # Errors
    /// In words, when the file is gone or has changed.
    pub fn text(&self, place: Place) -> Result<String, String> {
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

    fn line(&self, place: Place) -> Result<Option<Vec<u8>>, String> {
        let Some(book) = self.get(place.file) else {
            return Err("no such file".to_owned());
        };
        read_line(&book.origin, book.form, place)
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
