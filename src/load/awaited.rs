//! Files that are to be followed and were not there when it began.

use std::io;
use std::path::PathBuf;

use crate::ingest::inputs::{Input, Ready};
use crate::ingest::source::{InputError, InputName};
use crate::ingest::tail::Tail;

/// Files that are not there yet.
pub struct Awaited(Vec<Absent>);

/// A file that is not there yet, or may not be followed.
struct Absent {
    /// Its number in the table.
    number: u32,
    path: PathBuf,
    /// Why what has its name cannot be followed, if there is anything.
    refused: Option<String>,
}

/// What has become of a file that was awaited.
pub enum Arrival {
    /// It is there.
    File(Tail),
    /// It turned out to be a directory.
    Directory(u32, PathBuf),
    /// It cannot be followed as it is, for this reason; it is told once.
    Refused(u32, String),
}

impl Awaited {
    /// Those of the inputs that were not there.
    pub fn of(inputs: &[Input]) -> Awaited {
        let numbered = (0..).zip(inputs);
        let awaited = numbered.filter_map(|(number, input)| match (&input.ready, &input.source) {
            (Ready::Missing(_), InputName::Path(path)) => Some(Absent {
                number,
                path: path.clone(),
                refused: None,
            }),
            _ => None,
        });
        Awaited(awaited.collect())
    }

    /// Whether all were there.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What there is news of.
    pub fn look(&mut self) -> Vec<Arrival> {
        let mut arrivals = Vec::new();
        self.0.retain_mut(|absent| {
            let arrival = absent.look();
            let stays = matches!(arrival, None | Some(Arrival::Refused(..)));
            arrivals.extend(arrival);
            stays
        });
        arrivals
    }
}

impl Arrival {
    /// The number of the file in the table.
    pub fn number(&self) -> u32 {
        match self {
            Arrival::File(tail) => tail.number,
            Arrival::Directory(number, _) | Arrival::Refused(number, _) => *number,
        }
    }
}

impl Absent {
    fn look(&mut self) -> Option<Arrival> {
        if self.path.is_dir() {
            return Some(Arrival::Directory(self.number, self.path.clone()));
        }
        let error = match Tail::open(&self.path, self.number) {
            Ok(tail) => return Some(Arrival::File(tail)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => error,
        };
        let name = InputName::Path(self.path.clone()).name();
        let reason = InputError::new(name, error).to_string();
        let is_known = self.refused.as_ref() == Some(&reason);
        self.refused = Some(reason.clone());
        (!is_known).then_some(Arrival::Refused(self.number, reason))
    }
}
