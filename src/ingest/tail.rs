//! A file that may grow, be cut short, or give its name to another one. It is
//! looked at now and then, and read on from behind the last line that is certain.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::again::{At, Identity, Origin, entries_at, form_of, identity, place_within};
use super::batch::{Batch, Stop, read};
use super::decoder::Decoder;
use super::inflate::restart::Points;
use super::inflate::sniff::Form;
use crate::model::flow::LineAt;

/// The beginning of a file that tells whether it still is what it was.
const HEAD: u64 = 256;

/// What has happened to a file since it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Nothing.
    None,
    /// There is more of it.
    Grown,
    /// It was cut short; what is left of it was read before.
    Cut(u64),
    /// It was written anew.
    Rewritten,
    /// Another file has its name.
    Replaced,
}

/// A file that is followed.
pub struct Tail {
    /// Its name; standard input has none.
    pub path: Option<PathBuf>,
    /// The file itself, whatever its name is now.
    pub origin: Origin,
    /// Its number in the table.
    pub number: u32,
    id: Identity,
    form: Option<Form>,
    size: u64,
    /// How much of it was read before it was looked at.
    read: u64,
    modified: Option<SystemTime>,
    head: Vec<u8>,
}

impl Tail {
    /// A file of which nothing has been looked at.
    ///
    /// # Errors
    /// When the system does not tell about it.
    pub fn new(path: Option<PathBuf>, file: Arc<File>, number: u32) -> io::Result<Tail> {
        let id = identity(&file.metadata()?);
        Ok(Tail {
            origin: Origin::keep(path.as_deref(), file, id),
            path,
            number,
            id,
            form: None,
            size: 0,
            read: 0,
            modified: None,
            head: Vec::new(),
        })
    }

    /// Remembers how it begins before it is read: it may be another one by the first look.
    pub fn begun(mut self) -> Tail {
        self.head = self.head().unwrap_or_default();
        self
    }

    /// So much of it was read before it was looked at.
    pub fn was_read(mut self, bytes: u64) -> Tail {
        self.read = bytes;
        self
    }

    /// Opens the file that has this name.
    ///
    /// # Errors
    /// When it cannot be opened, or is no regular file.
    pub fn open(path: &Path, number: u32) -> io::Result<Tail> {
        // who opens a pipe lets its writer begin
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        Tail::new(Some(path.to_owned()), Arc::new(File::open(path)?), number)
    }

    /// The same file, of which nothing has been looked at.
    ///
    /// # Errors
    /// When it cannot be opened again.
    pub fn anew(&self) -> io::Result<Tail> {
        Tail::new(self.path.clone(), self.origin.open()?, 0)
    }

    /// What tells it from other files.
    pub fn id(&self) -> Identity {
        self.id
    }

    /// Where it goes on when no more than `size` bytes are left of it and all before
    /// `certain` was read.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn behind_cut(
        &self,
        size: u64,
        certain: LineAt,
        points: Option<&Points>,
    ) -> io::Result<LineAt> {
        match size {
            0 => Ok(LineAt::default()),
            _ => place_within(&self.origin.open()?, size, certain, points),
        }
    }

    /// Its size when it was looked at last.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether it has no name any more.
    pub fn is_deleted(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        let about = self.origin.about();
        about.is_ok_and(|about| about.nlink() == 0)
    }

    /// Whether it is held by a name alone.
    pub fn is_held_by_name(&self) -> bool {
        matches!(self.origin, Origin::Path(..))
    }

    /// Whether the name that it is held by is gone, or that of another file.
    pub fn is_astray(&self) -> bool {
        self.is_held_by_name() && self.origin.about().is_err()
    }

    /// Goes on by another name, if the file there begins as this one did and has no less;
    /// else that has its number on the disk now, and it has none. False then.
    ///
    /// # Errors
    /// When the file there cannot be read: nothing is known then, and nothing changes.
    pub fn finds_itself(&mut self, other: &Tail) -> io::Result<bool> {
        let has_no_less = other.origin.about()?.len() >= self.size;
        let is_same = has_no_less && other.head()?.starts_with(&self.head);
        match is_same {
            true => (self.path, self.origin) = (other.path.clone(), other.origin.clone()),
            false => self.id = Identity::default(),
        }
        Ok(is_same)
    }

    /// Looks at the file. News of the name come only when there are none of the file, and
    /// none at all of one that cannot be read now: it can be compared later.
    pub fn look(&mut self) -> News {
        let Ok(about) = self.origin.about() else {
            return self.look_at_name();
        };
        let modified = about.modified().ok();
        if about.len() < self.size.max(self.read) {
            return match self.head() {
                // so few bytes may be the first ones that were written anew
                Ok(left) if left.len() as u64 == HEAD && left == self.head => {
                    News::Cut(about.len())
                }
                Ok(_) => News::Rewritten,
                Err(_) => News::None,
            };
        }
        if about.len() > self.size || modified != self.modified {
            let Ok(head) = self.head() else {
                return News::None;
            };
            if !head.starts_with(&self.head) {
                return News::Rewritten;
            }
            self.head = head;
            self.modified = modified;
            let grown = about.len() > self.size;
            self.size = about.len();
            if grown {
                return News::Grown;
            }
        }
        self.look_at_name()
    }

    fn look_at_name(&self) -> News {
        let named = self.path.as_ref().and_then(|path| fs::metadata(path).ok());
        match named {
            Some(named) if named.is_file() && identity(&named) != self.id => News::Replaced,
            _ => News::None,
        }
    }

    fn head(&self) -> io::Result<Vec<u8>> {
        let file = self.origin.open()?;
        let reader = At { file, offset: 0 };
        let mut head = Vec::new();
        reader.take(HEAD).read_to_end(&mut head)?;
        Ok(head)
    }

    /// Reads on from a place to the end, by these points. What comes last may be uncertain.
    /// `take` is told whether it is compressed; when it answers false, reading stops.
    pub fn read(
        &mut self,
        from: LineAt,
        points: Option<&Points>,
        decoder: &mut Decoder,
        take: &mut impl FnMut(bool, &mut Batch) -> bool,
    ) -> bool {
        let mut failed = |error: io::Error| {
            let failure = Some(error.to_string());
            let mut batch = Batch {
                failure,
                ..Batch::default()
            };
            take(false, &mut batch)
        };
        let known = self.form;
        let opened = self.origin.open().and_then(|file| {
            let form = known.map_or_else(|| form_of(&file), |form| Ok(Some(form)));
            Ok((file, form?))
        });
        let (file, form) = match opened {
            Ok((file, Some(form))) => (file, form),
            Ok((_, None)) => return true,
            Err(error) => return failed(error),
        };
        self.form = Some(form);
        let mut lines = match entries_at(file, form, from, points) {
            Ok(lines) => lines,
            Err(error) => return failed(error),
        };
        let mut stop = Stop::Full;
        while stop == Stop::Full {
            let (mut batch, stopped) = read(&mut lines, decoder, u64::MAX);
            stop = stopped;
            batch.renumber(from.line);
            if !take(form != Form::Plain, &mut batch) {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::io::Write;

    /// A file whose reading fails, as that of one on a network or a bad disk: it is open for
    /// writing alone.
    fn unreadable(path: &Path) -> Origin {
        let file = fs::OpenOptions::new().append(true).open(path);
        Origin::Kept(Arc::new(file.unwrap()))
    }

    #[test]
    fn a_file_that_cannot_be_read_for_a_while_was_not_written_anew() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let mut tail = Tail::open(file.path(), 0).unwrap();
        let origin = tail.origin.clone();
        file.write_all(&b"some lines ".repeat(30)).unwrap();
        assert_eq!(tail.look(), News::Grown);

        file.write_all(b" and more").unwrap();
        tail.origin = unreadable(file.path());
        assert_eq!(tail.look(), News::None);
        tail.origin = origin.clone();
        assert_eq!(tail.look(), News::Grown);

        file.as_file().set_len(300).unwrap();
        tail.origin = unreadable(file.path());
        assert_eq!(tail.look(), News::None);
        tail.origin = origin;
        assert_eq!(tail.look(), News::Cut(300));
    }

    #[test]
    fn a_file_that_cannot_be_read_for_a_while_is_neither_the_lost_one_nor_another() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"some lines").unwrap();
        let mut lost = Tail::open(file.path(), 0).unwrap();
        assert_eq!(lost.look(), News::Grown);
        let mut other = Tail::open(file.path(), 0).unwrap();
        other.origin = unreadable(file.path());
        assert!(lost.finds_itself(&other).is_err());
        assert_eq!(lost.id(), other.id());
        let other = Tail::open(file.path(), 0).unwrap();
        assert!(lost.finds_itself(&other).unwrap());
    }
}
