//! Lines decoded and waiting to be taken in file order: what the reading
//! threads hand to the one that pairs.

use std::io;

use super::decoder::{Decoder, Line};
use super::inflate::restart::Point;
use super::inflate::step::Gap;
use super::text::entries::Entries;
use super::text::entry::{Ending, Entry};
use super::text::lines::Lines;
use crate::model::flow::LineAt;

/// Lines of a batch; enough to be worth handing over, few enough to be soon there.
const LINES: usize = 64;
/// Bytes of the file for a batch, however many blank or long lines they hold.
const BYTES: u64 = 64 << 10;
/// Bytes of its lines, which in the file may be few. A line longer than that, which no export
/// packet makes, is decoded by who takes it: not many such are to be held decoded at once.
pub const TEXT: usize = 1 << 20;
/// Bytes for which a line that is not decoded counts as much as a flow.
const FLOW: usize = 64;

/// A decoded line, or why it is rejected.
pub type Decoded = (LineAt, Result<Line, String>);

/// Consecutive lines of a file. Who takes them leaves the batch behind, which goes
/// back to the thread that made it: memory is given back where it comes from, else
/// threads wait for each other there.
#[derive(Default)]
pub struct Batch {
    /// The lines that are not blank, numbered from where the reading began.
    pub lines: Vec<Decoded>,
    /// How many of them stay as they are however the file grows, and where the
    /// next line begins. (The number of a line is that of the one before it here.)
    pub sure: Option<(usize, LineAt)>,
    /// A long line behind them that is still to be decoded.
    pub long: Option<Long>,
    /// Damaged stretches met on the way.
    pub gaps: Vec<Gap>,
    /// Points of large gzip members met on the way.
    pub points: Vec<Point>,
    /// Bytes of the file consumed so far.
    pub offset: u64,
    /// Reading ended with this error.
    pub failure: Option<String>,
}

/// An entry as it was read.
pub struct Long {
    place: LineAt,
    ending: Ending,
    text: Vec<u8>,
    next: LineAt,
}

impl Long {
    /// One whose text was moved here.
    pub fn new(entry: &Entry, text: Vec<u8>) -> Self {
        Long {
            place: entry.place,
            ending: entry.ending,
            text,
            next: entry.next,
        }
    }
}

/// Why reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The batch is full.
    Full,
    /// A line begins here that is not wanted any more.
    At(LineAt),
    /// The file has ended.
    End,
}

/// Reads a batch of the lines that begin in members (or, in plain text, at
/// bytes) before `until`.
pub fn read(lines: &mut Entries, decoder: &mut Decoder, until: u64) -> (Batch, Stop) {
    let (mut batch, stop) = read_ahead(lines, decoder, until);
    batch.finish(decoder);
    (batch, stop)
}

/// The same for others, who [finish](Batch::finish) the batch when they take it.
pub fn read_ahead(lines: &mut Entries, decoder: &mut Decoder, until: u64) -> (Batch, Stop) {
    let mut batch = Batch::default();
    let end = lines.offset() + BYTES;
    let mut text = 0;
    let stop = loop {
        if batch.lines.len() == LINES || lines.offset() > end || text > TEXT {
            break Stop::Full;
        }
        match lines.next_entry() {
            Ok(Some(entry)) if entry.place.member >= until => break Stop::At(entry.place),
            Ok(Some(entry)) => {
                text += entry.text.len();
                batch.take(&entry, decoder);
            }
            Ok(None) => break Stop::End,
            Err(error) => {
                batch.failure = Some(reason(&error));
                break Stop::End;
            }
        }
    };
    batch.gaps = lines.take_gaps();
    batch.points = lines.take_points();
    if let Stop::At(place) = stop {
        // what was met within the line that is not wanted is met again with it
        batch
            .gaps
            .retain(|gap| gap.offset + gap.bytes <= place.member);
    }
    batch.offset = lines.offset();
    (batch, stop)
}

/// Reads all lines on this thread. When `take` answers false, reading stops.
pub fn read_all(lines: Lines, take: &mut impl FnMut(&mut Batch) -> bool) -> bool {
    let mut lines = Entries::new(lines);
    let mut decoder = Decoder::default();
    let mut stop = Stop::Full;
    while stop == Stop::Full {
        let (mut batch, stopped) = read(&mut lines, &mut decoder, u64::MAX);
        stop = stopped;
        if !take(&mut batch) {
            return false;
        }
    }
    true
}

/// What an error of the system means for the rest of a file.
pub fn reason(error: &io::Error) -> String {
    format!("reading stopped: {error}")
}

impl Batch {
    /// What it takes to hold it: its lines, their flows, and what is wrong with the file.
    pub fn weight(&self) -> usize {
        let packets = self.lines.iter().filter_map(|line| line.1.as_ref().ok());
        let packets = packets.flat_map(|line| &line.packets);
        let flows: usize = packets.map(|packet| packet.flows.len()).sum();
        let long = self.long.iter().map(|long| long.text.len());
        let long = long.sum::<usize>() / FLOW;
        self.lines.len() + flows + long + self.gaps.len()
    }

    /// Numbers the lines as those of a file with `before` lines in front of them.
    pub fn renumber(&mut self, before: u64) {
        let lines = self.lines.iter_mut().map(|line| &mut line.0);
        let next = self.sure.iter_mut().map(|sure| &mut sure.1);
        lines.chain(next).for_each(|place| place.line += before);
    }

    /// Decodes an entry unless it is blank, or long: that is the last one.
    pub fn take(&mut self, entry: &Entry, decoder: &mut Decoder) {
        match entry.text.len() > TEXT {
            true => self.long = Some(Long::new(entry, entry.text.to_vec())),
            false => self.decode(entry, decoder),
        }
    }

    /// Decodes the long line at the end; false where there is none.
    pub fn finish(&mut self, decoder: &mut Decoder) -> bool {
        let Some(long) = self.long.take() else {
            return false;
        };
        let entry = Entry {
            place: long.place,
            ending: long.ending,
            text: &long.text,
            next: long.next,
        };
        self.decode(&entry, decoder);
        true
    }

    fn decode(&mut self, entry: &Entry, decoder: &mut Decoder) {
        let (ending, text) = (entry.ending, entry.text);
        if ending != Ending::TooLong && text.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let decoded = match ending {
            Ending::TooLong => Err("the line is longer than 64 MiB".to_owned()),
            Ending::Damaged => Err("the line is cut off by damaged data".to_owned()),
            Ending::Cut => Err("the file ends in the middle of this line".to_owned()),
            Ending::Whole | Ending::Last | Ending::Astray => decoder.decode(text),
        };
        // no beginning of an object is an object, so one that is there is there whole
        let sure = ending == Ending::Whole || decoded.is_ok();
        self.lines.push((entry.place, decoded));
        if sure {
            self.sure = Some((self.lines.len(), entry.next));
        }
    }
}
