//! A stretch of a gzip file of many members, read on its own: it says where its first
//! line begins, what lines it has, and where the first line after it begins.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::ingest::again::{self, At};
use crate::ingest::batch::{Batch, Stop, read_ahead};
use crate::ingest::decoder::Decoder;
use crate::ingest::inflate::overrun::Overrun;
use crate::ingest::inflate::sniff::Form;
use crate::ingest::inflate::window::Window;
use crate::ingest::text::entries::{Entries, Frame};
use crate::ingest::text::lines::Lines;
use crate::model::flow::LineAt;

/// The first stretch is short, so that its rows are soon on the screen.
const FIRST: u64 = 16 << 10;
const LONGEST: u64 = 512 << 10;

/// A place in the inflated file: offset of a member, inflated bytes after its beginning,
/// and what damaged members before it had run over.
pub type Position = (u64, u64, Overrun);

/// A stretch of the file.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Where it begins.
    pub begin: u64,
    /// Where the next one begins.
    pub end: u64,
}

/// The stretches of a file of this size: growing, each as long as all before it.
pub fn stretches(size: u64) -> impl Iterator<Item = Stretch> {
    let mut begin = 0;
    std::iter::from_fn(move || {
        let length = begin.clamp(FIRST, LONGEST);
        let stretch = Stretch {
            begin,
            end: if begin + length >= size {
                u64::MAX
            } else {
                begin + length
            },
        };
        (begin < size).then(|| {
            begin += length;
            stretch
        })
    })
}

/// What a thread says of its stretch, in this order: where its first line
/// begins, the batches, where the first line after it begins.
pub enum Answer {
    /// Where its first line begins; nowhere when no member begins in it.
    Begins(Option<Position>),
    /// Lines of it.
    Batch(Batch),
    /// It is done.
    Ends {
        /// Where the first line after it begins; nowhere at the end of the file.
        next: Option<Position>,
        /// How many lines it has.
        lines: u64,
    },
}

impl Answer {
    /// What it takes to hold it, in lines and flows.
    pub fn weight(&self) -> usize {
        match self {
            Answer::Batch(batch) => batch.weight(),
            _ => 0,
        }
    }
}

/// The position of a line that was read.
pub fn position(lines: &Entries, place: LineAt) -> Position {
    (place.member, place.skip, lines.overrun(place.member))
}

/// The lines of a gzip file from an offset on.
pub fn entries_at(file: &Arc<File>, offset: u64) -> Entries {
    Entries::within(gzip_at(file, offset), Frame::Lines)
}

/// The same before it is known that its text has lines.
pub fn gzip_at(file: &Arc<File>, offset: u64) -> Lines {
    again::lines_at(file.clone(), Form::Gzip, offset)
}

/// Where what is still wanted of a file begins.
pub type Wanted = Arc<AtomicU64>;

/// The file while a stretch of it is wanted. What seems to be a member may lie within
/// another one, and run on over all that comes.
struct WhileWanted {
    file: At,
    end: u64,
    wanted: Wanted,
}

impl Read for WhileWanted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.end <= self.wanted.load(Ordering::Relaxed) {
            true => Err(io::Error::other("no more is wanted")),
            false => self.file.read(out),
        }
    }
}

/// A stretch that is being read: the answers, one after the other.
pub struct Reading {
    lines: Entries,
    stretch: Stretch,
    /// What it decodes with, to be taken back when it is over.
    pub decoder: Decoder,
    stage: Stage,
}

/// What is to be said next of a stretch.
enum Stage {
    Begin,
    Batch,
    End(Option<LineAt>),
    Over,
}

impl Reading {
    /// Begins to read a stretch.
    pub fn new(file: &Arc<File>, stretch: Stretch, decoder: Decoder, wanted: &Wanted) -> Self {
        let Stretch { begin, end } = stretch;
        let file = At {
            file: file.clone(),
            offset: begin,
        };
        let wanted = wanted.clone();
        let file = WhileWanted { file, end, wanted };
        let lines = Lines::of(Window::new(Box::new(file), begin), Form::Gzip);
        Reading {
            lines: Entries::within(lines, Frame::Lines),
            stretch,
            decoder,
            stage: Stage::Begin,
        }
    }
}

impl Iterator for Reading {
    type Item = Answer;

    fn next(&mut self) -> Option<Answer> {
        match self.stage {
            Stage::Begin => {
                let first = self.lines.seek_member(self.stretch.end).ok().flatten();
                self.stage = first.map_or(Stage::End(None), |_| Stage::Batch);
                let begins = first.map(|member| (member, 0, Overrun::default()));
                Some(Answer::Begins(begins))
            }
            Stage::Batch => {
                let (batch, stop) =
                    read_ahead(&mut self.lines, &mut self.decoder, self.stretch.end);
                self.stage = match stop {
                    Stop::Full => Stage::Batch,
                    Stop::At(place) => Stage::End(Some(place)),
                    Stop::End => Stage::End(None),
                };
                Some(Answer::Batch(batch))
            }
            Stage::End(place) => {
                self.stage = Stage::Over;
                // the line that is not wanted was read, too
                let lines = self.lines.line() - u64::from(place.is_some());
                let next = place.map(|place| position(&self.lines, place));
                Some(Answer::Ends { next, lines })
            }
            Stage::Over => None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use super::*;

    /// What looks like a member, and is one stored block after the other, each of which
    /// ends with such a beginning: what follows that is a block to it, too.
    fn nested(count: usize) -> Vec<u8> {
        let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
        let content = [&b"no object\n".repeat(6000)[..], &header].concat();
        let length = u16::try_from(content.len()).unwrap();
        let block = [&[0][..], &length.to_le_bytes(), &(!length).to_le_bytes()].concat();
        let blocks = [&block[..], &content].concat().repeat(count);
        [&header[..], &blocks].concat()
    }

    /// A member within another one runs on far behind its stretch: that is read no further
    /// when it is known that the stretch does not begin there.
    #[test]
    fn a_stretch_is_read_while_it_is_wanted() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&nested(200)).unwrap();
        let file = Arc::new(file);
        let (begin, end) = (1000, 200_000);
        let answers_after = |wanted_from| {
            let wanted = Wanted::default();
            let stretch = Stretch { begin, end };
            let mut reading = Reading::new(&file, stretch, Decoder::default(), &wanted);
            let first = reading.next();
            assert!(matches!(first, Some(Answer::Begins(Some(position))) if position.0 > begin));
            assert!(matches!(reading.next(), Some(Answer::Batch(_))));
            wanted.store(wanted_from, Ordering::Relaxed);
            reading.count()
        };
        let (all, few) = (answers_after(end - 1), answers_after(end));
        assert!(few * 20 < all, "{few} of {all}");
    }
}
