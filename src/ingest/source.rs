//! Where input comes from: files, directories, standard input. Opening looks
//! at the content and never at the name; a stream that cannot be read twice is
//! copied to a temporary file on the way, so that its records can be looked up later.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::lines::Lines;
use super::sniff;
use super::window::Window;
use crate::model::flow::Place;
use crate::model::text::clean;

/// Input that cannot be used at all: a sentence for standard error.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The system refuses.
    #[error("{0}: {1}")]
    Io(String, String),
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
            Source::Path(path) => clean(&path.to_string_lossy(), 200),
            Source::Standard => "standard input".to_owned(),
        }
    }
}

/// Where a stream can be read again.
#[derive(Debug)]
pub enum Origin {
    /// A file of the user's.
    Path(PathBuf),
    /// Standard input, if it is a file, or the copy of what came from it.
    Kept(File),
    /// Nowhere.
    Lost,
}

/// A stream that has proved to be an export.
pub struct Opened {
    /// A name to print.
    pub name: String,
    /// Its lines.
    pub lines: Lines,
    /// Size in bytes, if known.
    pub size: Option<u64>,
    /// Where it can be read again.
    pub origin: Origin,
    /// Whether it is gzip.
    pub gzip: bool,
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
                Err(error) => refused.push(io_error(path, &error)),
            }
        }
    }
    (sources, refused)
}

fn regular_files(directory: &Path) -> io::Result<Vec<PathBuf>> {
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

fn io_error(path: &Path, error: &io::Error) -> SourceError {
    SourceError::Io(printable(path), reason(error))
}

/// "No such file or directory", without the number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

/// Opens a source and looks at what it is. Blocks until standard input has
/// something to say, but waits for no more than what tells gzip from text.
///
/// # Errors
/// When it cannot be read, is empty, or is no export.
pub fn open(source: &Source) -> Result<Opened, SourceError> {
    let name = source.name();
    let failed = |error: io::Error| SourceError::Io(name.clone(), reason(&error));
    let (mut window, origin, size) = match source {
        Source::Path(path) => file_input(path).map_err(failed)?,
        Source::Standard => standard_input().map_err(failed)?,
    };
    sniff::fill(&mut window).map_err(failed)?;
    if window.ahead().is_empty() {
        return Err(SourceError::Empty(name));
    }
    let gzip = match sniff::is_gzip(window.ahead()) {
        Ok(gzip) => gzip,
        Err(what) => return Err(SourceError::Foreign(name, what)),
    };
    let lines = if gzip {
        Lines::gzip(window)
    } else {
        Lines::plain(window)
    };
    Ok(Opened {
        name,
        lines,
        size,
        origin,
        gzip,
    })
}

type Input = (Window, Origin, Option<u64>);

fn file_input(path: &Path) -> io::Result<Input> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        // a pipe with a name, such as the shell's <(command)
        return Ok(piped(file));
    }
    let window = Window::new(Box::new(file), 0);
    Ok((window, Origin::Path(path.to_owned()), Some(about.len())))
}

fn standard_input() -> io::Result<Input> {
    let mut file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let about = file.metadata()?;
    if !about.is_file() {
        return Ok(piped(file));
    }
    let again = Origin::Kept(file.try_clone()?);
    let offset = file.stream_position()?;
    let window = Window::new(Box::new(file), offset);
    Ok((window, again, Some(about.len())))
}

/// Input that comes only once: it is copied on its way.
fn piped(file: File) -> Input {
    let (origin, copy) = match tempfile::tempfile().and_then(|kept| Ok((kept.try_clone()?, kept))) {
        Ok((kept, copy)) => (Origin::Kept(kept), Some(copy)),
        Err(_) => (Origin::Lost, None),
    };
    (Window::new(Box::new(Tee { file, copy }), 0), origin, None)
}

/// Copies what is read. A full disk ends the copy, not the reading.
struct Tee {
    file: File,
    copy: Option<File>,
}

impl Read for Tee {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(out)?;
        if let Some(copy) = &mut self.copy
            && copy.write_all(&out[..read]).is_err()
        {
            self.copy = None;
        }
        Ok(read)
    }
}

/// Reads the line that begins at `place` again, without its newline; `None`
/// when the file ends before.
///
/// # Errors
/// When the file cannot be read.
pub fn read_line(origin: &Origin, gzip: bool, place: Place) -> io::Result<Option<Vec<u8>>> {
    let file = match origin {
        Origin::Path(path) => File::open(path)?,
        Origin::Kept(file) => file.try_clone()?,
        Origin::Lost => return Err(io::Error::other("piped input was not kept")),
    };
    let (offset, skip) = if gzip {
        (place.member, place.skip)
    } else {
        (place.skip, 0)
    };
    let window = Window::new(
        Box::new(At {
            file: Arc::new(file),
            offset,
        }),
        offset,
    );
    let mut lines = if gzip {
        Lines::gzip(window)
    } else {
        Lines::plain(window)
    };
    lines.skip(skip)?;
    let line = lines.next_line()?;
    Ok(line.map(|(_, _, line)| line.to_vec()))
}

/// Reads from a place of its own, whoever else reads or writes the file.
pub struct At {
    /// The file.
    pub file: Arc<File>,
    /// Where the next byte is read.
    pub offset: u64,
}

impl Read for At {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(out, self.offset)?;
        self.offset += read as u64;
        Ok(read)
    }
}
