//! Which files are followed already, by their names and by what tells them from others.

use std::fs;
use std::path::{Path, PathBuf};

use foldhash::HashSet;

use crate::ingest::again::{Identity, identity};
use crate::ingest::tail::Tail;

/// What is known of all files that were ever followed and are still there.
#[derive(Default)]
pub struct Known {
    names: HashSet<PathBuf>,
    files: HashSet<Identity>,
    /// Some are held by their names alone.
    by_name: bool,
}

impl Known {
    /// Adds a file.
    pub fn add(&mut self, tail: &Tail) {
        self.add_name(tail);
        self.files.insert(tail.id());
        self.by_name |= tail.is_held_by_name();
    }

    /// Adds the name that a file has now.
    pub fn add_name(&mut self, tail: &Tail) {
        self.names.extend(tail.path.clone());
    }

    /// Lets go of a file that is not there any more.
    pub fn remove(&mut self, tail: &Tail) {
        self.files.remove(&tail.id());
    }

    /// Whether this is one of the files, or has the number on the disk that one had.
    pub fn has(&self, tail: &Tail) -> bool {
        self.files.contains(&tail.id())
    }

    /// Whether a name may be that of another file than these: that is found out when it is opened.
    pub fn may_be_new(&self, path: &Path) -> bool {
        let is_other = || {
            let about = fs::metadata(path);
            about.is_ok_and(|about| !self.files.contains(&identity(&about)))
        };
        !self.names.contains(path) && (self.by_name || is_other())
    }
}
