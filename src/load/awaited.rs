//! Files that are to be followed and were not there when it began.

use std::path::PathBuf;

use crate::ingest::inputs::{Input, Ready};
use crate::ingest::source::Source;
use crate::ingest::tail::Tail;

/// Files that are not there yet, with their numbers in the table.
pub struct Awaited(Vec<(u32, PathBuf)>);

impl Awaited {
    /// Those of the inputs that were not there.
    pub fn of(inputs: &[Input]) -> Awaited {
        let numbered = (0..).zip(inputs);
        let awaited = numbered.filter_map(|(number, input)| match (&input.ready, &input.source) {
            (Ready::Missing(_), Source::Path(path)) => Some((number, path.clone())),
            _ => None,
        });
        Awaited(awaited.collect())
    }

    /// Whether all were there.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What has its name by now.
    pub fn files(&mut self) -> Vec<Tail> {
        let (mut found, mut left) = (Vec::new(), Vec::new());
        for (number, path) in self.0.drain(..) {
            match Tail::open(&path, number) {
                Ok(tail) => found.push(tail),
                Err(_) => left.push((number, path)),
            }
        }
        self.0 = left;
        found
    }

    /// Those that turned out to be directories.
    pub fn directories(&mut self) -> Vec<(u32, PathBuf)> {
        self.0.extract_if(.., |(_, path)| path.is_dir()).collect()
    }
}
