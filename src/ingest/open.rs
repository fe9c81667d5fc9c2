//! Opening a source looks at its content and never at its name; a stream that cannot
//! be read twice is copied to a temporary file on the way, so that its records can be
//! looked up later.

use std::fs::File;
use std::io::{self, Seek};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::again::{Origin, identity, window_at};
use super::inflate::sniff::{self, Form};
use super::inflate::window::Window;
use super::pipe::{self, Patient};
use super::source::{InputError, InputName, Reason};
use super::spool::spool;
use super::text::lines::Lines;

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

/// Opens a source and looks at what it is. Blocks until a pipe has something
/// to say, but waits for no more than what tells gzip from text.
///
/// # Errors
/// When it cannot be read, is empty, or is no export.
pub fn open(source: &InputName) -> Result<Opened, InputError> {
    begin(source)?.open()
}

/// Opens a file that was looked at, whatever its name is now.
///
/// # Errors
/// When it cannot be read, is empty, or is no export.
pub fn reopen(name: String, origin: &Origin) -> Result<Opened, InputError> {
    let input = origin.open().and_then(|file| {
        let size = file.metadata()?.len();
        Ok(Input::of_file(file, 0, origin.clone(), size))
    });
    match input {
        Ok(input) => Unsniffed { name, input }.open(),
        Err(error) => Err(InputError::new(name, error)),
    }
}

/// Opens a source without a look into it.
///
/// # Errors
/// When it cannot be opened.
pub fn begin(source: &InputName) -> Result<Unsniffed, InputError> {
    let name = source.name();
    let input = match source {
        InputName::Path(path) => file_input(path),
        InputName::Standard => standard_input(),
    };
    match input {
        Ok(input) => Ok(Unsniffed { name, input }),
        Err(error) => Err(InputError::new(name, error)),
    }
}

/// A stream that was opened, but not looked into yet.
pub struct Unsniffed {
    name: String,
    input: Input,
}

impl Unsniffed {
    /// Whether it can be looked into without waiting longer than `patience`.
    pub fn is_known_within(&mut self, patience: Duration) -> bool {
        let Input { pipe, window, .. } = &mut self.input;
        let Some(pipe) = pipe else {
            return true;
        };
        let due = Instant::now() + patience;
        while !window.ended() && sniff::is_undecided(window.ahead()) {
            if !pipe::wait(pipe, Some(due)) {
                return false;
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

    /// Where it can be read again: kept open, unless hardly any more files may be.
    pub fn keep(self) -> Origin {
        match (self.input.origin, self.input.file) {
            (Origin::Path(path, known), Some(file)) => Origin::keep(Some(&path), file, known),
            (origin, _) => origin,
        }
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
    pub fn form(&mut self) -> Result<Form, InputError> {
        let window = &mut self.input.window;
        let refused = |reason| InputError::new(self.name.clone(), reason);
        sniff::fill(window).map_err(|error| refused(error.into()))?;
        if window.ahead().is_empty() {
            return Err(refused(Reason::Empty));
        }
        sniff::form(window.ahead()).map_err(|what| refused(Reason::Foreign(what)))
    }

    /// Looks at what it is, as [`open`] does.
    ///
    /// # Errors
    /// When it cannot be read, is empty, or is no export.
    pub fn open(mut self) -> Result<Opened, InputError> {
        let form = self.form()?;
        let Unsniffed { name, input } = self;
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
    fn of_file(file: Arc<File>, offset: u64, origin: Origin, size: u64) -> Input {
        Input {
            window: window_at(file.clone(), offset),
            origin,
            file: Some(file),
            size: Some(size),
            pipe: None,
        }
    }
}

fn file_input(path: &Path) -> io::Result<Input> {
    let file = pipe::open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        // a pipe with a name, such as the shell's <(command)
        return Ok(piped(file));
    }
    let origin = Origin::Path(path.to_owned(), identity(&about));
    Ok(Input::of_file(Arc::new(file), 0, origin, about.len()))
}

fn standard_input() -> io::Result<Input> {
    let mut file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let about = file.metadata()?;
    if !about.is_file() {
        return Ok(piped(file));
    }
    let origin = Origin::Kept(Arc::new(file.try_clone()?));
    let offset = file.stream_position()?;
    Ok(Input::of_file(Arc::new(file), offset, origin, about.len()))
}

/// Input that comes only once: it is copied on its way.
fn piped(file: File) -> Input {
    let pipe = file.try_clone().ok();
    let (reader, origin) = spool(Patient::new(file));
    Input {
        window: Window::new(Box::new(reader), 0),
        origin,
        file: None,
        size: None,
        pipe,
    }
}
