//! The objects of a JSON document as they come: elements of arrays, or one after
//! another, over as many lines as each takes. What stands between them is passed
//! over, and what is neither is handed on to be rejected.

use std::io;
use std::mem::{replace, take};

use super::entry::{Ending, Entry};
use super::lines::{LINE_LIMIT, Lines};
use super::nesting::{Nesting, torn};
use crate::ingest::bom::BOM;
use crate::model::flow::LineAt;

/// What nfdump prints in place of objects.
const NONE: &[u8] = b"No matching flows";

/// How far a document is read.
#[derive(Default)]
pub struct Objects {
    /// A line, or a piece of one, and how it ended if it has.
    line: Vec<u8>,
    place: LineAt,
    ending: Option<Ending>,
    /// There is more in that.
    has_line: bool,
    /// It is the beginning of its line.
    is_begin: bool,
    /// It comes behind damage, and may begin within an object.
    is_torn: bool,
    /// What comes of its line is not read.
    is_passed: bool,
    /// Where in the line it goes on.
    at: usize,
    /// Where the object begins that is being read, and how far it is nested.
    open: Option<(LineAt, Nesting)>,
    object: Vec<u8>,
    /// What the line began with, up to the object.
    margin: Vec<u8>,
    /// Whether the members of the object stand no further in than itself; unknown until
    /// the first one has come.
    is_flat: Option<bool>,
    /// What is no object was handed on already, and more of it comes.
    is_lost: bool,
}

/// What a step came to.
enum Step {
    /// To nothing yet.
    On,
    /// To an object, or what is to be rejected: how it ended.
    Entry(LineAt, Ending),
}

impl Objects {
    /// Those of a document from somewhere behind damage on.
    pub fn behind_damage() -> Self {
        Objects {
            ending: Some(Ending::Damaged),
            ..Objects::default()
        }
    }

    /// Takes a line, or a piece of one, to go on with.
    fn begin(&mut self, place: LineAt, ending: Option<Ending>, line: &[u8]) {
        // the one before had an ending, or there was none
        self.is_begin = self.ending.is_some() || self.line.is_empty();
        self.is_passed &= !self.is_begin;
        self.is_torn = self.ending == Some(Ending::Damaged);
        self.line.clear();
        self.line.extend_from_slice(line);
        (self.place, self.ending, self.has_line) = (place, ending, true);
        let has_mark = self.is_begin && place.line == 1 && line.starts_with(BOM);
        self.at = if has_mark { BOM.len() } else { 0 };
    }

    /// The next object.
    ///
    /// # Errors
    /// What reading the file answers.
    pub fn next_entry(&mut self, lines: &mut Lines) -> io::Result<Option<Entry<'_>>> {
        loop {
            if !self.has_line {
                match lines.next_piece()? {
                    Some((place, ending, line)) => self.begin(place, ending, line),
                    None => {
                        let open = self.open.take();
                        // not where an object or what is none was cut: that tells it
                        if !replace(&mut self.is_lost, true) && open.is_none() {
                            lines.tell_lost();
                        }
                        return Ok(open.map(|(place, _)| self.entry(place, Ending::Cut)));
                    }
                }
            }
            if let Step::Entry(place, ending) = self.step() {
                return Ok(Some(self.entry(place, ending)));
            }
        }
    }

    fn entry(&self, place: LineAt, ending: Ending) -> Entry<'_> {
        Entry {
            place,
            ending,
            text: &self.object,
            next: self.next(),
        }
    }

    /// Where reading goes on: in the line, if only with its newline.
    fn next(&self) -> LineAt {
        let place = self.place;
        LineAt {
            line: place.line.saturating_sub(1),
            skip: place.skip + self.at as u64,
            ..place
        }
    }

    fn step(&mut self) -> Step {
        if self.is_passed {
            self.finish();
            return Step::On;
        }
        match self.open {
            Some((place, nesting)) if nesting.depth > 0 && self.is_another(nesting) => {
                self.open = None;
                Step::Entry(place, Ending::Whole)
            }
            Some((place, nesting)) => self.go_on(place, nesting),
            None => self.look(),
        }
    }

    /// Whether an object begins here that is none within another: at the beginning of a
    /// line, or as far from it as the other one. Where all lines begin so, that is known
    /// only where a key is due.
    fn is_another(&self, within: Nesting) -> bool {
        let is_begin = self.is_begin && self.at == 0;
        let begins = self.line.starts_with(b"{") || self.line.starts_with(&self.margin);
        let needs_key = || {
            let before = self.object.trim_ascii_end();
            within.is_in_object() && !before.ends_with(b":")
        };
        is_begin && begins && (self.is_flat != Some(true) || needs_key())
    }

    /// Whether the object is flat, as far as this line of it tells.
    fn flatness(&self, line: &[u8]) -> Option<bool> {
        let is_first = self.object.is_empty();
        let members = line.get(usize::from(is_first)..).unwrap_or_default();
        let indent = members
            .iter()
            .position(|byte| !byte.is_ascii_whitespace())?;
        Some(!is_first && indent < self.margin.len())
    }

    /// Looks for the next object.
    fn look(&mut self) -> Step {
        let rest = &self.line[self.at..];
        let is_between = |byte: &u8| byte.is_ascii_whitespace() || b"[],".contains(byte);
        let Some(skipped) = rest.iter().position(|byte| !is_between(byte)) else {
            self.finish();
            return Step::On;
        };
        self.at += skipped;
        self.object.clear();
        let rest = &rest[skipped..];
        let torn = if take(&mut self.is_torn) {
            torn(rest)
        } else {
            0
        };
        if torn == 0 && rest[0] == b'{' {
            (self.is_lost, self.is_flat) = (false, None);
            self.open = Some((self.begins(), Nesting::default()));
            return Step::On;
        }
        let text = if torn > 0 { &rest[..torn] } else { rest };
        self.object.extend_from_slice(text.trim_ascii_end());
        self.pass_over(torn)
    }

    /// Passes over so much that is no object, or all of the line, and tells it once.
    fn pass_over(&mut self, count: usize) -> Step {
        // who reads on behind it would not know that it was told already
        let ending = match self.ending {
            Some(ending) if count == 0 && ending != Ending::Whole => ending,
            _ => Ending::Astray,
        };
        let place = self.here();
        self.at += count;
        if count == 0 {
            self.pass();
        }
        if self.is_lost || self.object == NONE {
            return Step::On;
        }
        self.is_lost = true;
        Step::Entry(place, ending)
    }

    fn here(&self) -> LineAt {
        LineAt {
            skip: self.place.skip + self.at as u64,
            ..self.place
        }
    }

    /// The place of the object that begins here: that of its line, if it is the first
    /// there, so that its margin is known to who reads it again.
    fn begins(&mut self) -> LineAt {
        let before = &self.line[..self.at];
        let is_first = self.is_begin && before.iter().all(u8::is_ascii_whitespace);
        self.margin.clear();
        if is_first {
            self.margin.extend_from_slice(before);
        }
        self.margin.push(b'{');
        if is_first { self.place } else { self.here() }
    }

    /// Reads on in an object, to its end or that of the line.
    fn go_on(&mut self, place: LineAt, mut nesting: Nesting) -> Step {
        let rest = &self.line[self.at..];
        let length = nesting.scan(rest);
        self.is_flat = self.is_flat.or_else(|| self.flatness(rest));
        self.object.extend_from_slice(&rest[..length]);
        self.at += length;
        if self.object.len() > LINE_LIMIT {
            self.object.clear();
            return self.lose(place, Ending::TooLong);
        }
        if nesting.depth == 0 {
            self.open = None;
            return Step::Entry(place, Ending::Whole);
        }
        if self.ending == Some(Ending::Damaged) {
            return self.lose(place, Ending::Damaged);
        }
        if self.ending.is_some() {
            self.object.push(b'\n');
            nesting.end_line();
        }
        self.open = Some((place, nesting));
        self.finish();
        Step::On
    }

    /// Gives up the object that is being read; what comes of it is told with it.
    fn lose(&mut self, place: LineAt, ending: Ending) -> Step {
        self.open = None;
        self.is_lost = true;
        self.pass();
        Step::Entry(place, ending)
    }

    /// Reads no more of the line: where its next object begins is not known.
    fn pass(&mut self) {
        self.is_passed = self.ending.is_none();
        self.finish();
    }

    /// Is done with the line, or the piece of it.
    fn finish(&mut self) {
        self.at = self.line.len();
        self.has_line = false;
    }
}
