//! The inputs of a run: looked at before anything else happens, opened again
//! when their turn comes, and at hand when a record is to be read again.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::again::Origin;
use super::inflate::sniff::Form;
use super::library::Library;
use super::open::{Opened, Unsniffed, begin};
use super::source::{Source, SourceError, expand};

/// How long who can show that it waits does not show it.
const GRACE: Duration = Duration::from_millis(200);

/// An input that has been looked at.
pub struct Input {
    /// What was named.
    pub source: Source,
    /// Its size, if known.
    pub size: Option<u64>,
    /// A stream that can be opened only once.
    pub opened: Option<Opened>,
    /// A stream that has had nothing to say so far.
    pub unsniffed: Option<Unsniffed>,
}

/// All inputs, looked at before anything else happens.
pub struct Inputs {
    /// Those that can be read, in order.
    pub inputs: Vec<Input>,
    /// Where their records can be looked up.
    pub library: Arc<Library>,
    /// Directories, in which more files may appear.
    pub directories: Vec<PathBuf>,
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
        Self::look(named, false)
    }

    /// Lets as many files be open as the system allows.
    pub fn allow_many() {
        let limit = getrlimit(Resource::Nofile);
        let current = limit.maximum;
        // if not, fewer files can be followed
        let _ = setrlimit(Resource::Nofile, Rlimit { current, ..limit });
    }

    /// The same; files that are going to be followed may be empty yet, and are
    /// kept open, so that they can be read again under whatever name.
    ///
    /// # Errors
    /// When there is nothing that can be read: the first reason.
    pub fn look(named: &[PathBuf], follow: bool) -> Result<Self, SourceError> {
        Self::look_by(named, follow, None)
    }

    /// The same, without waiting for what a pipe may say one day: it is opened
    /// when its turn comes.
    ///
    /// # Errors
    /// When there is nothing that can be read: the first reason.
    pub fn glance(named: &[PathBuf], follow: bool) -> Result<Self, SourceError> {
        Self::look_by(named, follow, Some(GRACE))
    }

    fn look_by(
        named: &[PathBuf],
        follow: bool,
        patience: Option<Duration>,
    ) -> Result<Self, SourceError> {
        if follow {
            Self::allow_many();
        }
        let (mut inputs, mut files) = (Vec::new(), Vec::new());
        let (sources, mut refused) = expand(named);
        for source in sources {
            match look_into(source, follow, patience) {
                Ok((input, origin, form)) => {
                    files.push((origin, form));
                    inputs.push(input);
                }
                Err(error) => refused.push(error),
            }
        }
        if inputs.is_empty() && !refused.is_empty() {
            return Err(refused.swap_remove(0));
        }
        let library = Arc::new(Library::default());
        library.add(files);
        Ok(Inputs {
            inputs,
            library,
            directories: named.iter().filter(|path| path.is_dir()).cloned().collect(),
            refused,
        })
    }
}

/// Looks at an input; answers where it can be read again, too, and its form if it
/// is known.
fn look_into(
    source: Source,
    follow: bool,
    patience: Option<Duration>,
) -> Result<(Input, Origin, Option<Form>), SourceError> {
    let input = |size| Input {
        source: source.clone(),
        size,
        opened: None,
        unsniffed: None,
    };
    let mut unsniffed = begin(&source)?;
    if patience.is_some_and(|patience| !unsniffed.is_known_within(patience)) {
        let origin = unsniffed.take_origin();
        let unsniffed = Some(unsniffed);
        return Ok((
            Input {
                unsniffed,
                ..input(None)
            },
            origin,
            None,
        ));
    }
    // what inflates it is large, and is made when it is read
    if !follow && unsniffed.has_path() {
        let form = unsniffed.form()?;
        let size = unsniffed.size();
        return Ok((input(size), unsniffed.take_origin(), Some(form)));
    }
    match unsniffed.open() {
        Ok(mut opened) => {
            let origin = std::mem::replace(&mut opened.origin, Origin::Lost);
            let kept = opened.file.clone().filter(|_| follow);
            let (size, form) = (opened.size, Some(opened.form));
            let origin = kept.map_or(origin, Origin::Kept);
            let opened = Some(opened);
            Ok((
                Input {
                    opened,
                    ..input(size)
                },
                origin,
                form,
            ))
        }
        Err(error) => match (&error, empty_file(&source)) {
            (SourceError::Empty(_), Some(file)) if follow => {
                Ok((input(Some(0)), Origin::Kept(file), None))
            }
            _ => Err(error),
        },
    }
}

/// A file that has nothing in it yet.
fn empty_file(source: &Source) -> Option<Arc<File>> {
    match source {
        Source::Path(path) => File::open(path).ok().map(Arc::new),
        Source::Standard => None,
    }
}
