//! Lines of the inflated stream, each with the place it can be read again from.
//! Lines are lines of the stream: they may span members, and a member may hold many.

use std::io;
use std::mem::{replace, take};

use super::entry::Ending;
use super::marks::Marks;
use crate::ingest::inflate::overrun::Overrun;
use crate::ingest::inflate::restart::Point;
use crate::ingest::inflate::sniff::Form;
use crate::ingest::inflate::step::{Gap, Step};
use crate::ingest::inflate::stream::Stream;
use crate::ingest::inflate::window::Window;
use crate::model::flow::LineAt;

/// A longer line is rejected, and never held in memory as a whole.
pub const LINE_LIMIT: usize = 64 << 20;

/// Where lines may be of any length, longer ones come in pieces of this.
const PIECE: usize = 1 << 20;

/// A line, or a piece of a long one: its place, how it ended if it has, and its bytes.
pub type Piece<'a> = (LineAt, Option<Ending>, &'a [u8]);

/// The lines of one file.
pub struct Lines {
    stream: Stream,
    buffer: Vec<u8>,
    /// Where the next line begins in `buffer`.
    begin: usize,
    /// No newline stands between `begin` and here.
    searched: usize,
    marks: Marks,
    line: u64,
    /// A piece of the line was given out, and more of it comes.
    is_within: bool,
    too_long: bool,
    ended: Option<Ending>,
    gaps: Vec<Gap>,
    /// What was lost with the end of the stream, where a line was begun.
    lost: Option<Gap>,
    ending: Ending,
    /// Damage was met where no line was begun, and nobody has asked.
    is_torn: bool,
}

impl Lines {
    /// The lines of a stream of this form.
    pub fn of(window: Window, form: Form) -> Self {
        Self::new(Stream::new(window, form))
    }

    /// The lines of a gzip stream from a point on, the first one from within; nothing
    /// when the file has changed. The window begins at the point's mark.
    ///
    /// # Errors
    /// What reading the file answers.
    pub fn gzip_from(window: Window, point: &Point) -> io::Result<Option<Self>> {
        Ok(Stream::gzip_from(window, point)?.map(Self::new))
    }

    fn new(stream: Stream) -> Self {
        Lines {
            stream,
            buffer: Vec::new(),
            begin: 0,
            searched: 0,
            marks: Marks::default(),
            line: 0,
            is_within: false,
            too_long: false,
            ended: None,
            gaps: Vec::new(),
            lost: None,
            ending: Ending::Whole,
            is_torn: false,
        }
    }

    /// Bytes of the file consumed so far.
    pub fn offset(&self) -> u64 {
        self.stream.offset()
    }

    /// Lines given out so far.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Whether the next line has to be read from outside, which may take its time.
    pub fn is_drained(&self) -> bool {
        let buffered = &self.buffer[self.searched..];
        self.stream.is_drained() && memchr::memchr(b'\n', buffered).is_none()
    }

    /// Goes to the first gzip member that begins before `until`, if there is one.
    ///
    /// # Errors
    /// What reading the file answers.
    pub fn seek_member(&mut self, until: u64) -> io::Result<Option<u64>> {
        self.stream.seek_member(until)
    }

    /// What damaged members had run over when the gzip member at this offset began.
    pub fn overrun(&self, member: u64) -> Overrun {
        self.stream.overrun(member)
    }

    /// Goes on from a gzip member that began within this.
    pub fn go_on(&mut self, overrun: Overrun) {
        self.stream.go_on(overrun);
    }

    /// The damaged stretches met since this was asked last.
    pub fn take_gaps(&mut self) -> Vec<Gap> {
        take(&mut self.gaps)
    }

    /// Tells what was lost with the end of the stream as a gap of its own, since no line that
    /// is rejected tells it.
    pub fn tell_lost(&mut self) {
        self.gaps.extend(self.lost.take());
    }

    /// The points of large gzip members found since this was asked last.
    pub fn take_points(&mut self) -> Vec<Point> {
        self.stream.take_points()
    }

    /// Passes over `count` bytes of the inflated stream; answers how many of them are missing.
    ///
    /// # Errors
    /// What reading the file answers.
    pub fn skip(&mut self, mut count: u64) -> io::Result<u64> {
        while count > 0 && self.ended.is_none() {
            self.more()?;
            let passed = count.min(self.buffer.len() as u64);
            self.begin = passed as usize;
            self.searched = self.begin;
            count -= passed;
        }
        Ok(count)
    }

    /// The next line without its newline, its place (`file` is left at 0) and how it ended.
    ///
    /// # Errors
    /// What reading the file answers; nothing more comes after that.
    pub fn next_line(&mut self) -> io::Result<Option<(LineAt, Ending, &[u8])>> {
        loop {
            if let Some(newline) = memchr::memchr(b'\n', &self.buffer[self.searched..]) {
                let end = self.searched + newline;
                return Ok(Some(self.cut_line(end, end + 1, Ending::Whole)));
            }
            self.searched = self.buffer.len();
            let ending = self.ended.unwrap_or(self.ending);
            if ending != Ending::Whole {
                if self.is_begun() {
                    let end = self.buffer.len();
                    return Ok(Some(self.cut_line(end, end, ending)));
                }
                if self.ended.is_some() {
                    return Ok(None);
                }
                self.pass_damage();
            }
            self.more()?;
        }
    }

    /// The beginning of the next line, and whether that is all of it; it is still to come.
    ///
    /// # Errors
    /// What reading the file answers; nothing more comes after that.
    pub fn peek(&mut self) -> io::Result<(&[u8], bool)> {
        while !self.has_piece() && self.ended.is_none() {
            match self.ending {
                Ending::Whole => {
                    self.searched = self.buffer.len();
                    self.more()?;
                }
                _ if self.is_begun() => break,
                _ => self.pass_damage(),
            }
        }
        let rest = &self.buffer[self.begin..];
        let rest = &rest[..rest.len().min(PIECE)];
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        Ok((&rest[..length], length < PIECE))
    }

    /// Whether damage came before the line that was looked at; it is told once.
    pub fn take_torn(&mut self) -> bool {
        take(&mut self.is_torn)
    }

    /// Whether there is anything of the next line.
    fn is_begun(&self) -> bool {
        self.begin < self.buffer.len() || self.too_long || self.is_within
    }

    /// Goes on behind damage before which no line was begun.
    fn pass_damage(&mut self) {
        self.is_torn |= self.ending == Ending::Damaged;
        self.ending = Ending::Whole;
    }

    fn has_piece(&self) -> bool {
        self.buffer.len() - self.begin >= PIECE
            || memchr::memchr(b'\n', &self.buffer[self.searched..]).is_some()
    }

    /// The next line, or a piece of a long one that goes on in the next piece. Damage where
    /// no line was begun is one with nothing in it.
    ///
    /// # Errors
    /// What reading the file answers; nothing more comes after that.
    pub fn next_piece(&mut self) -> io::Result<Option<Piece<'_>>> {
        let is_whole = self.peek()?.1;
        if self.take_torn() {
            return Ok(Some((self.place(self.begin), Some(Ending::Damaged), b"")));
        }
        if is_whole {
            let line = self.next_line()?;
            return Ok(line.map(|(place, ending, line)| (place, Some(ending), line)));
        }
        let begin = self.begin;
        let place = self.take(begin + PIECE);
        self.is_within = true;
        Ok(Some((place, None, &self.buffer[begin..begin + PIECE])))
    }

    /// Takes the bytes up to `end` as a line; the next one begins at `next`.
    fn cut_line(&mut self, end: usize, next: usize, ending: Ending) -> (LineAt, Ending, &[u8]) {
        let begin = self.begin;
        let place = self.take(next);
        self.ending = Ending::Whole;
        if take(&mut self.too_long) || end - begin > LINE_LIMIT {
            return (place, Ending::TooLong, &[]);
        }
        (place, ending, &self.buffer[begin..end])
    }

    /// Goes on at `next`; answers the place before that.
    fn take(&mut self, next: usize) -> LineAt {
        let begin = replace(&mut self.begin, next);
        self.searched = next;
        self.line += u64::from(!take(&mut self.is_within));
        self.place(begin)
    }

    fn place(&self, begin: usize) -> LineAt {
        LineAt {
            line: self.line,
            ..self.marks.place(begin)
        }
    }

    /// Reads on, after dropping the lines that were given out.
    fn more(&mut self) -> io::Result<()> {
        self.drop_used();
        if self.buffer.len() > LINE_LIMIT {
            self.too_long = true;
            self.buffer.truncate(1);
            self.searched = 1;
        }
        let filled = self.buffer.len();
        match self.stream.step(&mut self.buffer) {
            Ok(Step::Data { member, skip }) => self.marks.add(filled, member, skip),
            Ok(Step::Damage(gap)) => {
                self.gaps.push(gap);
                self.ending = Ending::Damaged;
            }
            Ok(Step::End) => self.ended = Some(Ending::Last),
            Ok(Step::Cut(lost)) => {
                self.ended = Some(Ending::Cut);
                self.lost = lost;
                // a line that is begun tells it itself
                if self.buffer.trim_ascii().is_empty() && !self.too_long {
                    self.tell_lost();
                }
            }
            Err(error) => {
                self.ended = Some(Ending::Cut);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Drops what was given out.
    fn drop_used(&mut self) {
        self.marks.begin(self.begin, self.begin < self.buffer.len());
        self.buffer.drain(..self.begin);
        self.searched -= self.begin;
        self.begin = 0;
    }
}
