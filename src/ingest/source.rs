//! Where input comes from: files, directories, standard input. Opening looks
//! at the content and never at the name; a stream that cannot be read twice is
//! copied to a temporary file on the way, so that its records can be looked up later.

use std::fs::{self, File};
use std::io::{self, Seek};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::again::{At, Origin, identity};
use super::lines::Lines;
use super::sniff::{self, Form};
use super::spool::spool;
use super::window::Window;
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
    /// The file, if it is one that can be read at any place.
    pub file: Option<Arc<File>>,
    /// Its form.
    pub form: Form,
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

fn io_error(path: &Path, error: &io::Error) -> SourceError {
    SourceError::Io(printable(path), reason(error))
}

/// "No such file or directory", without the number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

/// Opens a source and looks at what it is. Blocks until a pipe has something
/// to say, but waits for no more than what tells gzip from text.
///
/// # Errors
/// When it cannot be read, is empty, or is no export.
pub fn open(source: &Source) -> Result<Opened, SourceError> {
    begin(source)?.open()
}

/// Opens a source without a look into it.
///
/// # Errors
/// When it cannot be opened.
pub fn begin(source: &Source) -> Result<Begun, SourceError> {
    let name = source.name();
    let input = match source {
        Source::Path(path) => file_input(path),
        Source::Standard => standard_input(),
    };
    match input {
        Ok(input) => Ok(Begun { name, input }),
        Err(error) => Err(SourceError::Io(name, reason(&error))),
    }
}

/// A stream that was not looked into yet.
pub struct Begun {
    name: String,
    input: Input,
}

impl Begun {
    /// Whether it can be looked into without waiting longer than so.
    pub fn is_known_within(&mut self, patience: Duration) -> bool {
        let Input { pipe, window, .. } = &mut self.input;
        let Some(pipe) = pipe else {
            return true;
        };
        let due = Instant::now() + patience;
        while !window.ended() && sniff::is_undecided(window.ahead()) {
            let left = due.saturating_duration_since(Instant::now());
            let mut watched = [PollFd::new(pipe, PollFlags::IN)];
            let time = Timespec::try_from(left).ok();
            match poll(&mut watched, time.as_ref()) {
                Ok(0) => return false,
                Ok(_) => {}
                Err(Errno::INTR) => continue,
                Err(_) => return true,
            }
            // what is wrong with it is told when it is opened
            if window.fill(window.ahead().len() + 1).is_err() {
                return true;
            }
        }
        true
    }

    /// Where it can be read again.
    pub fn take_origin(&mut self) -> Origin {
        std::mem::replace(&mut self.input.origin, Origin::Lost)
    }

    /// Whether it can be opened again by its name.
    pub fn has_path(&self) -> bool {
        matches!(self.input.origin, Origin::Path(..))
    }

    /// Size in bytes, if known.
    pub fn size(&self) -> Option<u64> {
        self.input.size
    }

    /// Looks at what it is.
    ///
    /// # Errors
    /// When it cannot be read, is empty, or is no export.
    pub fn form(&mut self) -> Result<Form, SourceError> {
        let window = &mut self.input.window;
        let name = || self.name.clone();
        sniff::fill(window).map_err(|error| SourceError::Io(name(), reason(&error)))?;
        if window.ahead().is_empty() {
            return Err(SourceError::Empty(name()));
        }
        sniff::form(window.ahead()).map_err(|what| SourceError::Foreign(name(), what))
    }

    /// Looks at what it is, as [`open`] does.
    ///
    /// # Errors
    /// When it cannot be read, is empty, or is no export.
    pub fn open(mut self) -> Result<Opened, SourceError> {
        let form = self.form()?;
        let Begun { name, input } = self;
        Ok(Opened {
            name,
            lines: Lines::of(input.window, form),
            size: input.size,
            origin: input.origin,
            file: input.file,
            form,
        })
    }
}

struct Input {
    window: Window,
    origin: Origin,
    file: Option<Arc<File>>,
    size: Option<u64>,
    /// A pipe, to ask whether there is something in it.
    pipe: Option<File>,
}

impl Input {
    fn of_file(file: File, offset: u64, origin: Origin, size: u64) -> Input {
        let file = Arc::new(file);
        let reader = At {
            file: file.clone(),
            offset,
        };
        Input {
            window: Window::new(Box::new(reader), offset),
            origin,
            file: Some(file),
            size: Some(size),
            pipe: None,
        }
    }
}

fn file_input(path: &Path) -> io::Result<Input> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        // a pipe with a name, such as the shell's <(command)
        return Ok(piped(file));
    }
    let origin = Origin::Path(path.to_owned(), identity(&about));
    Ok(Input::of_file(file, 0, origin, about.len()))
}

fn standard_input() -> io::Result<Input> {
    let mut file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let about = file.metadata()?;
    if !about.is_file() {
        return Ok(piped(file));
    }
    let origin = Origin::Kept(Arc::new(file.try_clone()?));
    let offset = file.stream_position()?;
    Ok(Input::of_file(file, offset, origin, about.len()))
}

/// Input that comes only once: it is copied on its way.
fn piped(file: File) -> Input {
    let pipe = file.try_clone().ok();
    let (reader, origin) = spool(file);
    Input {
        window: Window::new(Box::new(reader), 0),
        origin,
        file: None,
        size: None,
        pipe,
    }
}
