//! The inputs of a run: looked at before anything else happens, opened again
//! when their turn comes, and at hand when a record is to be read again.

use std::path::PathBuf;
use std::sync::Arc;

use super::fields;
use super::source::{self, Opened, Origin, Source, SourceError};
use crate::model::flow::Place;
use crate::model::raw::{RawRecord, Wanted};
use crate::model::text::clean_bytes;

/// Characters of a line that are shown.
const TEXT_LIMIT: usize = 20_000;

/// An input that has been looked at.
pub struct Input {
    /// What was named.
    pub source: Source,
    /// Its size, if known.
    pub size: Option<u64>,
    /// A stream that can be opened only once.
    pub opened: Option<Opened>,
}

/// Where each file can be read again.
pub struct Library(Vec<(Origin, bool)>);

/// All inputs, looked at before anything else happens.
pub struct Inputs {
    /// Those that can be read, in order.
    pub inputs: Vec<Input>,
    /// Where their records can be looked up.
    pub library: Arc<Library>,
    /// What was named but cannot be used.
    pub refused: Vec<SourceError>,
}

impl Inputs {
    /// Looks at every input; directories stand for the files within. Blocks
    /// until standard input, if it is named, has something to say.
    ///
    /// # Errors
    /// When there is nothing that can be read: the first reason.
    pub fn look_at(named: &[PathBuf]) -> Result<Self, SourceError> {
        let (mut inputs, mut stored) = (Vec::new(), Vec::new());
        let (sources, mut refused) = source::expand(named);
        for source in sources {
            match source::open(&source) {
                Ok(mut opened) => {
                    let origin = std::mem::replace(&mut opened.origin, Origin::Lost);
                    let once = !matches!(origin, Origin::Path(_));
                    stored.push((origin, opened.gzip));
                    inputs.push(Input {
                        size: opened.size,
                        opened: once.then_some(opened),
                        source,
                    });
                }
                Err(error) => refused.push(error),
            }
        }
        if inputs.is_empty() && !refused.is_empty() {
            return Err(refused.swap_remove(0));
        }
        Ok(Inputs {
            inputs,
            library: Arc::new(Library(stored)),
            refused,
        })
    }
}

impl Library {
    /// Reads a line again, made printable and cut where it gets too long to look at.
    ///
    /// # Errors
    /// In words, when the file is gone or has changed.
    pub fn text(&self, place: Place) -> Result<String, String> {
        match self.line(place)? {
            Some(line) if line.is_empty() => Ok("(the line is empty, or too long)".to_owned()),
            Some(line) => Ok(clean_bytes(&line, TEXT_LIMIT)),
            None => Err("the file has changed since it was read".to_owned()),
        }
    }

    fn line(&self, place: Place) -> Result<Option<Vec<u8>>, String> {
        let Some((origin, gzip)) = self.0.get(place.file as usize) else {
            return Err("no such file".to_owned());
        };
        source::read_line(origin, *gzip, place)
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
