//! Where input comes from, as it was named: files, directories, standard input.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::model::text::clean;

/// Characters of a name, of those that it is written with: whatever is in it, two files of one
/// directory are to be told apart.
const NAME_LIMIT: usize = 1000;

/// Input that cannot be used at all: a sentence for standard error.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {reason}")]
pub struct InputError {
    /// What was named.
    pub name: String,
    /// Why it cannot be used.
    pub reason: Reason,
}

/// Why input cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// The system refuses, for this reason without its number.
    #[error("{0}")]
    Io(String),
    /// There is no such file.
    #[error("No such file or directory")]
    Missing,
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// A directory without a regular file.
    #[error("no files in this directory")]
    NoFiles,
    /// Not an export, but this.
    #[error("not a flow export ({0})")]
    Foreign(&'static str),
}

impl From<io::Error> for Reason {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound {
            return Reason::Missing;
        }
        let words = error.to_string();
        let number = error.raw_os_error().unwrap_or_default();
        let reason = words.strip_suffix(&format!(" (os error {number})"));
        Reason::Io(reason.unwrap_or(&words).to_owned())
    }
}

impl InputError {
    /// What was named, and why it cannot be used.
    pub fn new(name: String, reason: impl Into<Reason>) -> Self {
        let reason = reason.into();
        InputError { name, reason }
    }
}

/// Input as it was named.
#[derive(Clone, Debug)]
pub enum InputName {
    /// A file.
    Path(PathBuf),
    /// Standard input.
    Standard,
}

impl InputName {
    /// A name to print.
    pub fn name(&self) -> String {
        match self {
            InputName::Path(path) => printable(path),
            InputName::Standard => "standard input".to_owned(),
        }
    }
}

/// Takes directories apart into the regular files within, by name; what cannot
/// be taken apart, or has no file, is refused.
pub fn expand(named: &[PathBuf]) -> (Vec<InputName>, Vec<InputError>) {
    let (mut sources, mut refused) = (Vec::new(), Vec::new());
    for path in named {
        if path.as_os_str() == "-" {
            sources.push(InputName::Standard);
        } else if !path.is_dir() {
            sources.push(InputName::Path(path.clone()));
        } else {
            match regular_files(path) {
                Ok(files) if files.is_empty() => {
                    refused.push(InputError::new(printable(path), Reason::NoFiles));
                }
                Ok(files) => sources.extend(files.into_iter().map(InputName::Path)),
                Err(error) => refused.push(InputError::new(printable(path), error)),
            }
        }
    }
    (sources, refused)
}

/// The regular files in a directory, by name.
///
/// # Errors
/// When it cannot be read.
pub fn regular_files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let path = entry.path();
        let is_file = match entry.file_type() {
            Ok(kind) if !kind.is_symlink() => kind.is_file(),
            _ => path.is_file(),
        };
        if is_file {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn printable(path: &Path) -> String {
    clean(&path.to_string_lossy(), NAME_LIMIT)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_to_files_count_as_files() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("b"), "").unwrap();
        fs::create_dir(at("folder")).unwrap();
        for (to, name) in [("b", "a"), ("folder", "c"), ("nowhere", "d")] {
            symlink(at(to), at(name)).unwrap();
        }
        let found = regular_files(folder.path()).unwrap();
        assert_eq!(found, [at("a"), at("b")]);
    }
}
