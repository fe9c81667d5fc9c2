//! Entries of a stream, each decodable on its own: its lines, as a rule; in a
//! document of JSON its objects, wherever its lines break; in columns each line
//! of values with the lines before it that say what the columns are. The
//! beginning of the stream tells which, and none is held in memory as a whole.

use std::io;

use super::entry::{Ending, Entry};
use super::lines::{LINE_LIMIT, Lines};
use super::objects::Objects;
use crate::ingest::bom::without_bom;
use crate::ingest::foreign::Header;
use crate::ingest::inflate::overrun::Overrun;
use crate::ingest::inflate::restart::Point;
use crate::ingest::inflate::step::Gap;
use crate::model::flow::LineAt;

/// How a stream is divided.
pub enum Frame {
    /// The beginning has not been read.
    Unknown,
    /// The beginning is damaged, and the line behind that does not tell.
    Torn,
    /// Into lines.
    Lines,
    /// Into objects.
    Objects(Box<Objects>),
    /// Into lines of values, under these lines that name the columns.
    Columns(Header),
}

/// The entries of one file.
pub struct Entries {
    lines: Lines,
    frame: Frame,
    /// An entry that is put together.
    text: Vec<u8>,
}

impl Entries {
    /// The entries of a stream from its beginning.
    pub fn new(lines: Lines) -> Self {
        Entries::within(lines, Frame::Unknown)
    }

    /// The entries of a stream that was begun, and is divided so.
    pub fn within(lines: Lines, frame: Frame) -> Self {
        Entries {
            lines,
            frame,
            text: Vec::new(),
        }
    }

    /// How a stream is divided behind a place, from its lines at the beginning.
    ///
    /// # Errors
    /// What reading it answers.
    pub fn frame_at(mut lines: Lines, until: LineAt) -> io::Result<Frame> {
        let is_before = |place: LineAt| (place.member, place.skip) < (until.member, until.skip);
        let mut frame = Frame::Unknown;
        loop {
            if frame.is_open() {
                frame = next_frame(&mut lines, &frame)?;
            }
            match (&mut frame, lines.next_line()?) {
                (Frame::Unknown | Frame::Torn, Some(_)) => {}
                (Frame::Columns(header), Some((place, _, line))) if is_before(place) => {
                    header.take(without_bom(line));
                }
                _ => break,
            }
        }
        Ok(frame)
    }

    /// Whether threads can share it, since each line stands for itself.
    pub fn are_lines(lines: Lines) -> bool {
        let begin = LineAt::default();
        Self::frame_at(lines, begin).is_ok_and(|frame| matches!(frame, Frame::Lines))
    }

    /// Bytes of the file consumed so far.
    pub fn offset(&self) -> u64 {
        self.lines.offset()
    }

    /// Lines read so far.
    pub fn line(&self) -> u64 {
        self.lines.line()
    }

    /// Whether the next entry has to be read from outside, which may take its time.
    pub fn is_drained(&self) -> bool {
        self.lines.is_drained()
    }

    /// The damaged stretches met since this was asked last.
    pub fn take_gaps(&mut self) -> Vec<Gap> {
        self.lines.take_gaps()
    }

    /// The points of large gzip members found since this was asked last.
    pub fn take_points(&mut self) -> Vec<Point> {
        self.lines.take_points()
    }

    /// Goes to the first gzip member that begins before `until`, if there is one.
    ///
    /// # Errors
    /// What reading the file answers.
    pub fn seek_member(&mut self, until: u64) -> io::Result<Option<u64>> {
        self.lines.seek_member(until)
    }

    /// What damaged members had run over when the gzip member at this offset began.
    pub fn overrun(&self, member: u64) -> Overrun {
        self.lines.overrun(member)
    }

    /// Goes on from a gzip member that began within this.
    pub fn go_on(&mut self, overrun: Overrun) {
        self.lines.go_on(overrun);
    }

    /// Passes over `count` bytes of the inflated stream.
    ///
    /// # Errors
    /// What reading the file answers.
    pub fn skip(&mut self, count: u64) -> io::Result<()> {
        self.lines.skip(count).map(drop)
    }

    /// The next entry.
    ///
    /// # Errors
    /// What reading the file answers; nothing more comes after that.
    pub fn next_entry(&mut self) -> io::Result<Option<Entry<'_>>> {
        if self.frame.is_open() {
            self.frame = next_frame(&mut self.lines, &self.frame)?;
        }
        match &mut self.frame {
            Frame::Objects(objects) => objects.next_entry(&mut self.lines),
            frame => {
                let line = self.lines.next_line()?;
                let entry = line.map(|(place, ending, line)| Entry::of_line(place, ending, line));
                Ok(entry.map(|entry| match frame {
                    Frame::Columns(header) => with_header(header, entry, &mut self.text),
                    _ => entry,
                }))
            }
        }
    }
}

/// A line of values with those before it that name the columns; those are blank
/// themselves. The beginning of such a line looks like all of it.
fn with_header<'a>(header: &mut Header, entry: Entry<'a>, text: &'a mut Vec<u8>) -> Entry<'a> {
    let line = entry.text;
    if without_bom(line).starts_with(b"#") {
        return without_header(header, entry);
    }
    let is_values = !line.trim_ascii().is_empty() && !line.starts_with(b"{");
    if !is_values || entry.ending == Ending::TooLong || line.len() >= LINE_LIMIT {
        return entry;
    }
    let ending = match entry.ending {
        Ending::Last => Ending::Cut,
        ending => ending,
    };
    header.put_before(line, text);
    Entry {
        ending,
        text,
        ..entry
    }
}

/// A line about columns: there is nothing more in it, unless it is too long to be taken.
fn without_header<'a>(header: &mut Header, entry: Entry<'a>) -> Entry<'a> {
    match header.take(without_bom(entry.text)) {
        true => entry.blank(),
        false => entry,
    }
}

impl Frame {
    /// Whether the next line has to tell.
    fn is_open(&self) -> bool {
        matches!(self, Frame::Unknown | Frame::Torn)
    }
}

/// How a stream is divided from the next line on.
fn next_frame(lines: &mut Lines, before: &Frame) -> io::Result<Frame> {
    lines.peek()?;
    let is_torn = lines.take_torn();
    let (line, is_whole) = lines.peek()?;
    Ok(match before {
        Frame::Torn => frame_behind(line, is_whole, true),
        _ if is_torn => frame_behind(line, is_whole, false),
        _ => frame_of(line, is_whole),
    })
}

/// What a line behind damage says, which may be the end of one, and may stand within an
/// object of a document.
fn frame_behind(line: &[u8], is_whole: bool, is_begin: bool) -> Frame {
    let text = line.trim_ascii();
    // lines that stand for themselves neither begin nor end so
    let goes_on = !is_whole || matches!(text, [.., b',' | b'[' | b'{' | b']']);
    let ends = is_begin && matches!(text, [b'}' | b']', ..]);
    match frame_of(line, is_whole) {
        Frame::Lines if goes_on || ends => Frame::Objects(Box::new(Objects::behind_damage())),
        Frame::Lines if !is_begin && !text.starts_with(b"{") => Frame::Torn,
        Frame::Unknown => Frame::Torn,
        frame => frame,
    }
}

/// What the first line that is not blank says, or the beginning of it.
fn frame_of(line: &[u8], is_whole: bool) -> Frame {
    match without_bom(line).trim_ascii() {
        [] => Frame::Unknown,
        b"{" if is_whole => Frame::Objects(Box::default()),
        // an array of objects, and not just any line that begins so
        [b'[', rest @ ..] if matches!(rest.trim_ascii_start(), [] | [b'{' | b']', ..]) => {
            Frame::Objects(Box::default())
        }
        [b'#', ..] => Frame::Columns(Header::default()),
        _ => Frame::Lines,
    }
}
