//! Where input comes from, as it was named: files, directories, standard input.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::model::text::clean;

/// Input that cannot be used at all: a sentence for standard error.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The system refuses.
    #[error("{0}: {1}")]
    Io(String, String),
    /// There is no such file.
    #[error("{0}: No such file or directory")]
    Missing(String),
    /// Nothing is in it.
    #[error("{0}: the file is empty")]
    Empty(String),
    /// A directory without a regular file.
    #[error("{0}: no files in this directory")]
    NoFiles(String),
    /// Not an export.
    #[error("{0}: not a flow export ({1})")]
    Foreign(String, &'static str),
}

impl SourceError {
    /// The system's reason without its number: "No such file or directory".
    pub fn io(name: String, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound {
            return SourceError::Missing(name);
        }
        let text = error.to_string();
        let reason = text.split(" (os error").next().unwrap_or(&text);
        SourceError::Io(name, reason.to_owned())
    }

    /// What was named.
    pub fn name(&self) -> &str {
        match self {
            SourceError::Io(name, _)
            | SourceError::Missing(name)
            | SourceError::Empty(name)
            | SourceError::NoFiles(name)
            | SourceError::Foreign(name, _) => name,
        }
    }

    /// Why it cannot be used.
    pub fn reason(&self) -> String {
        let words = self.to_string();
        let reason = words.strip_prefix(self.name());
        let reason = reason.and_then(|rest| rest.strip_prefix(": "));
        reason.unwrap_or(&words).to_owned()
    }
}

/// Input as it was named.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file.
    Path(PathBuf),
    /// Standard input.
    Standard,
}

impl Source {
    /// A name to print.
    pub fn name(&self) -> String {
        match self {
            Source::Path(path) => printable(path),
            Source::Standard => "standard input".to_owned(),
        }
    }
}

/// Takes directories apart into the regular files within, by name; what cannot
/// be taken apart, or has no file, is refused.
pub fn expand(named: &[PathBuf]) -> (Vec<Source>, Vec<SourceError>) {
    let (mut sources, mut refused) = (Vec::new(), Vec::new());
    for path in named {
        if path.as_os_str() == "-" {
            sources.push(Source::Standard);
        } else if !path.is_dir() {
            sources.push(Source::Path(path.clone()));
        } else {
            match regular_files(path) {
                Ok(files) if files.is_empty() => {
                    refused.push(SourceError::NoFiles(printable(path)))
                }
                Ok(files) => sources.extend(files.into_iter().map(Source::Path)),
                Err(error) => refused.push(SourceError::io(printable(path), &error)),
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
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn printable(path: &Path) -> String {
    clean(&path.to_string_lossy(), 200)
}
