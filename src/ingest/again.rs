//! Where input can be read again, and how a line of it is: from its place, which
//! is that of a gzip member or zstd frame, or of a byte in plain text.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::process::{Resource, getrlimit};

use super::inflate::restart::Points;
use super::inflate::sniff::{self, Form};
use super::inflate::window::Window;
use super::text::entries::{Entries, Frame};
use super::text::entry::Ending;
use super::text::lines::Lines;
use crate::model::flow::LineAt;
use crate::model::units;

/// Bytes of piped input that are copied, as they come: compressed, mostly.
pub const COPIED: u64 = 1 << 30;

/// Where a stream can be read again.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A file of the user's, and which one it was.
    Path(PathBuf, Identity),
    /// A file that is kept open, or standard input that is one.
    Kept(Arc<File>),
    /// The copy of what came from a pipe, as far as there was room for it.
    Copy(Arc<File>),
    /// Nowhere.
    Lost,
}

impl Origin {
    /// Keeps a file open, so that it can be read whatever its name is by then. When
    /// hardly any more may be open, it is opened by its name each time.
    pub fn keep(path: Option<&Path>, file: Arc<File>, known: Identity) -> Origin {
        match path {
            Some(path) if is_one_of_the_last(&file) => Origin::Path(path.to_owned(), known),
            _ => Origin::Kept(file),
        }
    }

    /// Opens it, if it still is the file that it was.
    ///
    /// # Errors
    /// When it cannot be read again.
    pub fn open(&self) -> io::Result<Arc<File>> {
        match self {
            Origin::Path(path, known) => {
                let file = File::open(path)?;
                same(file.metadata()?, *known)?;
                Ok(Arc::new(file))
            }
            Origin::Kept(file) | Origin::Copy(file) => Ok(file.clone()),
            Origin::Lost => Err(io::Error::other("piped input was not kept")),
        }
    }

    /// What the system tells about it.
    ///
    /// # Errors
    /// When it tells nothing, or the file is another one.
    pub fn about(&self) -> io::Result<Metadata> {
        match self {
            Origin::Path(path, known) => same(fs::metadata(path)?, *known),
            _ => self.open()?.metadata(),
        }
    }
}

fn same(about: Metadata, known: Identity) -> io::Result<Metadata> {
    match identity(&about) == known {
        true => Ok(about),
        false => Err(io::Error::other("another file has its name now")),
    }
}

/// Whether most files are open that may be; each has the lowest number that is free.
fn is_one_of_the_last(file: &File) -> bool {
    let limit = getrlimit(Resource::Nofile).current;
    limit.is_some_and(|limit| file.as_raw_fd().unsigned_abs() as u64 >= limit / 4 * 3)
}

/// What tells a file from all others that are there.
pub type Identity = (u64, u64);

/// The identity of a file.
pub fn identity(about: &Metadata) -> Identity {
    (about.dev(), about.ino())
}

/// Reads the line that begins at `place` again, without its newline; `None`
/// when the file ends before.
///
/// # Errors
/// When the file cannot be read.
pub fn read_line(
    origin: &Origin,
    form: Option<Form>,
    place: LineAt,
    points: Option<&Points>,
) -> io::Result<Option<Vec<u8>>> {
    let file = origin.open()?;
    let form = match form {
        Some(form) => form,
        None => form_of(&file)?.unwrap_or(Form::Plain),
    };
    let mut entries = entries_at(file, form, place, points)?;
    let entry = entries.next_entry()?;
    let is_whole = entry.as_ref().is_some_and(|entry| match entry.ending {
        Ending::Last => entry.text.ends_with(b"}"),
        ending => ending != Ending::Cut,
    });
    if matches!(origin, Origin::Copy(_)) && !is_whole {
        let limit = units::bytes(COPIED.into());
        let words = format!("of piped input no more than {limit} is copied, or the disk is full");
        return Err(io::Error::other(words));
    }
    Ok(entry.map(|entry| entry.text.to_vec()))
}

/// The entries of a file from a place on, their lines numbered from 1. A large gzip
/// member is inflated from the last of these points before the place.
///
/// # Errors
/// When the file cannot be read.
pub fn entries_at(
    file: Arc<File>,
    form: Form,
    place: LineAt,
    points: Option<&Points>,
) -> io::Result<Entries> {
    let frame = match (place.member, place.skip) {
        (0, 0) => Frame::Unknown,
        _ => Entries::frame_at(lines_at(file.clone(), form, 0), place)?,
    };
    let window = |offset| window_at(file.clone(), offset);
    let (lines, skip) = lines_near(window, form, place, points)?;
    let mut entries = Entries::within(lines, frame);
    entries.skip(skip)?;
    Ok(entries)
}

/// Lines from somewhere before a place on, and how many bytes of them come before it.
fn lines_near(
    window: impl Fn(u64) -> Window,
    form: Form,
    place: LineAt,
    points: Option<&Points>,
) -> io::Result<(Lines, u64)> {
    if form == Form::Plain {
        return Ok((Lines::of(window(place.skip), form), 0));
    }
    if let Some(point) = points.and_then(|points| points.before(place))
        && let Some(lines) = Lines::gzip_from(window(point.mark), point)?
    {
        return Ok((lines, place.skip - point.reached.inflated));
    }
    Ok((Lines::of(window(place.member), form), place.skip))
}

/// Where reading goes on in a file that was cut to `size` bytes: at this place if all
/// before it is still there, else behind what is.
///
/// # Errors
/// When the file cannot be read.
pub fn place_within(
    file: &Arc<File>,
    size: u64,
    place: LineAt,
    points: Option<&Points>,
) -> io::Result<LineAt> {
    let form = form_of(file)?.unwrap_or(Form::Plain);
    let mut end = LineAt::default();
    let (begin, end_begin) = match form {
        Form::Plain => (place.skip, &mut end.skip),
        Form::Gzip | Form::Zstd => (place.member, &mut end.member),
    };
    *end_begin = size;
    if begin > size {
        return Ok(end);
    }
    // more may come meanwhile
    let window = |offset| {
        let file = file.clone();
        let reader = At { file, offset }.take(size.saturating_sub(offset));
        Window::new(Box::new(reader), offset)
    };
    let (mut lines, skip) = lines_near(window, form, place, points)?;
    Ok(match lines.skip(skip)? {
        0 => place,
        missing => LineAt {
            member: place.member,
            skip: place.skip - missing,
            ..LineAt::default()
        },
    })
}

/// The lines of a file from an offset on.
pub(super) fn lines_at(file: Arc<File>, form: Form, offset: u64) -> Lines {
    Lines::of(window_at(file, offset), form)
}

/// A window over a file from an offset on.
pub(super) fn window_at(file: Arc<File>, offset: u64) -> Window {
    Window::new(Box::new(At { file, offset }), offset)
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

/// The form of a file; unknown while too little of it is there.
///
/// # Errors
/// When it cannot be read, or is no export.
pub fn form_of(file: &Arc<File>) -> io::Result<Option<Form>> {
    let mut window = window_at(file.clone(), 0);
    sniff::fill(&mut window)?;
    if sniff::is_undecided(window.ahead()) {
        return Ok(None);
    }
    sniff::form(window.ahead())
        .map(Some)
        .map_err(io::Error::other)
}
