//! The inputs of a run: looked at before anything else happens, opened again
//! when their turn comes, and at hand when a record is to be read again.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::again::Origin;
use super::inflate::sniff::Form;
use super::library::Library;
use super::open::{Opened, Unsniffed, begin};
use super::source::{InputError, InputName, Reason, expand};

/// How long who can show that it waits does not show it.
const GRACE: Duration = Duration::from_millis(200);

/// An input that has been looked at.
pub struct Input {
    /// What was named.
    pub source: InputName,
    /// Its size, if known.
    pub size: Option<u64>,
    /// How it is opened when its turn comes.
    pub ready: Ready,
}

/// How an input is opened when its turn comes.
pub enum Ready {
    /// By its name.
    Named,
    /// From there, whatever its name is by then: it is followed.
    Kept(Origin),
    /// It is a stream, which can be opened only once.
    Opened(Opened),
    /// It is a stream that has had nothing to say so far.
    Unsniffed(Unsniffed),
    /// Not at all; it is followed when it appears.
    Missing(InputError),
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
    pub refused: Vec<InputError>,
}

impl Inputs {
    /// Looks at every input; directories stand for the files within. Blocks
    /// until standard input, if it is named, has something to say.
    ///
    /// # Errors
    /// When there is nothing that can be read: the first reason.
    pub fn look_at(named: &[PathBuf]) -> Result<Self, InputError> {
        Self::look(named, false)
    }

    /// The same; files that are going to be followed may be empty yet, or not there, and
    /// are kept open, so that they can be read again under whatever name.
    ///
    /// # Errors
    /// When there is nothing that can be read: the first reason.
    pub fn look(named: &[PathBuf], follow: bool) -> Result<Self, InputError> {
        Self::look_by(named, follow, None)
    }

    /// The same, without waiting for what a pipe may say one day: it is opened
    /// when its turn comes.
    ///
    /// # Errors
    /// When there is nothing that can be read: the first reason.
    pub fn glance(named: &[PathBuf], follow: bool) -> Result<Self, InputError> {
        Self::look_by(named, follow, Some(GRACE))
    }

    /// Lets as many files be open as the system allows.
    pub fn allow_many() {
        let limit = getrlimit(Resource::Nofile);
        let current = limit.maximum;
        // if not, fewer files can be followed
        let _ = setrlimit(Resource::Nofile, Rlimit { current, ..limit });
    }

    /// The names of those that are not there yet.
    pub fn missing(&self) -> impl Iterator<Item = String> {
        let is_missing = |input: &&Input| matches!(input.ready, Ready::Missing(_));
        let missing = self.inputs.iter().filter(is_missing);
        missing.map(|input| input.source.name())
    }

    fn look_by(
        named: &[PathBuf],
        follow: bool,
        patience: Option<Duration>,
    ) -> Result<Self, InputError> {
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
        let is_awaited = follow && refused.iter().any(has_no_files);
        refused.retain(|error| !(follow && has_no_files(error)));
        if inputs.is_empty() && !is_awaited && !refused.is_empty() {
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

/// Whether files may still appear.
fn has_no_files(error: &InputError) -> bool {
    matches!(error.reason, Reason::NoFiles)
}

/// Looks at an input; answers where it can be read again, too, and its form if it
/// is known.
fn look_into(
    source: InputName,
    follow: bool,
    patience: Option<Duration>,
) -> Result<(Input, Origin, Option<Form>), InputError> {
    let input = |size, ready| {
        let source = source.clone();
        Input {
            source,
            size,
            ready,
        }
    };
    let mut unsniffed = match begin(&source) {
        Err(error) if follow && matches!(error.reason, Reason::Missing) => {
            let missing = input(Some(0), Ready::Missing(error));
            return Ok((missing, Origin::Lost, None));
        }
        begun => begun?,
    };
    if patience.is_some_and(|patience| !unsniffed.is_known_within(patience)) {
        let origin = unsniffed.take_origin();
        return Ok((input(None, Ready::Unsniffed(unsniffed)), origin, None));
    }
    if !unsniffed.has_path() {
        let mut opened = unsniffed.open()?;
        let origin = std::mem::replace(&mut opened.origin, Origin::Lost);
        let (size, form) = (opened.size, Some(opened.form));
        return Ok((input(size, Ready::Opened(opened)), origin, form));
    }
    // what inflates it is large, and is made when it is read
    let form = match unsniffed.form() {
        Err(error) if follow && matches!(error.reason, Reason::Empty) => None,
        form => Some(form?),
    };
    let size = unsniffed.size();
    if !follow {
        return Ok((input(size, Ready::Named), unsniffed.take_origin(), form));
    }
    let origin = unsniffed.keep();
    Ok((input(size, Ready::Kept(origin.clone())), origin, form))
}
