//! The objects of a JSON document as they come: elements of arrays, or one after
//! another, over as many lines as each takes. What stands between them is passed
//! over, and what is neither is handed on to be rejected.

use std::io;

use super::entry::{Ending, Entry};
use super::lines::{LINE_LIMIT, Lines};
use crate::ingest::bom::BOM;
use crate::model::flow::Place;

/// What nfdump prints in place of objects.
const NONE: &[u8] = b"No matching flows";

/// How far a document is read.
#[derive(Default)]
pub struct Objects {
    line: Vec<u8>,
    place: Place,
    ending: Option<Ending>,
    /// Where in the line it goes on.
    at: usize,
    /// Where the object begins that is being read, and how deep it is nested.
    open: Option<(Place, usize)>,
    object: Vec<u8>,
    /// What is no object was handed on already, and more of it comes.
    is_lost: bool,
}

/// What a step came to.
enum Step {
    /// To nothing yet.
    On,
    /// To an object, or what is to be rejected: how it ended.
    Entry(Place, Ending),
}

impl Objects {
    /// Takes a line to go on with.
    pub fn begin(&mut self, place: Place, ending: Ending, line: &[u8]) {
        self.line.clear();
        self.line.extend_from_slice(line);
        (self.place, self.ending) = (place, Some(ending));
        let has_mark = place.line == 1 && line.starts_with(BOM);
        self.at = if has_mark { BOM.len() } else { 0 };
    }

    /// The next object.
    ///
    /// # Errors
    /// What reading the file answers.
    pub fn next_entry(&mut self, lines: &mut Lines) -> io::Result<Option<Entry<'_>>> {
        loop {
            if self.ending.is_none() {
                match lines.next_line()? {
                    Some((place, ending, line)) => self.begin(place, ending, line),
                    None => {
                        let Some((place, _)) = self.open.take() else {
                            return Ok(None);
                        };
                        return Ok(Some(self.entry(place, Ending::Cut)));
                    }
                }
            }
            if let Step::Entry(place, ending) = self.step() {
                return Ok(Some(self.entry(place, ending)));
            }
        }
    }

    fn entry(&self, place: Place, ending: Ending) -> Entry<'_> {
        Entry {
            place,
            ending,
            text: &self.object,
            next: self.next(),
        }
    }

    /// Where reading goes on: in the line, if only with its newline.
    fn next(&self) -> Place {
        let place = self.place;
        Place {
            line: place.line.saturating_sub(1),
            skip: place.skip + self.at as u64,
            ..place
        }
    }

    fn step(&mut self) -> Step {
        let begin = self.at == 0;
        match (self.ending, self.open) {
            (Some(ending @ (Ending::TooLong | Ending::Damaged)), open) => {
                self.open = None;
                self.finish();
                self.is_lost = true;
                Step::Entry(open.map_or(self.place, |open| open.0), ending)
            }
            // no other object begins within one, at the beginning of a line
            (_, Some((place, 1..))) if begin && self.line.starts_with(b"{") => {
                self.open = None;
                Step::Entry(place, Ending::Whole)
            }
            (_, Some((place, depth))) => self.go_on(place, depth),
            (_, None) => self.look(),
        }
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
        let place = Place {
            skip: self.place.skip + self.at as u64,
            ..self.place
        };
        self.object.clear();
        if rest[skipped] == b'{' {
            self.is_lost = false;
            self.open = Some((place, 0));
            return Step::On;
        }
        let text = rest[skipped..].trim_ascii_end();
        let is_told = self.is_lost || text == NONE;
        self.object.extend_from_slice(text);
        // who reads on behind it would not know that it was told already
        let ending = match self.ending {
            Some(Ending::Whole) | None => Ending::Astray,
            Some(ending) => ending,
        };
        self.finish();
        if is_told {
            return Step::On;
        }
        self.is_lost = true;
        Step::Entry(place, ending)
    }

    /// Reads on in an object, to its end or that of the line.
    fn go_on(&mut self, place: Place, depth: usize) -> Step {
        let rest = &self.line[self.at..];
        let (depth, length) = scan(rest, depth);
        self.object.extend_from_slice(&rest[..length]);
        self.at += length;
        if self.object.len() > LINE_LIMIT {
            self.open = None;
            self.is_lost = true;
            self.finish();
            self.object.clear();
            return Step::Entry(place, Ending::TooLong);
        }
        if depth == 0 {
            self.open = None;
            return Step::Entry(place, Ending::Whole);
        }
        self.object.push(b'\n');
        self.open = Some((place, depth));
        self.finish();
        Step::On
    }

    /// Is done with the line.
    fn finish(&mut self) {
        self.at = self.line.len();
        self.ending = None;
    }
}

/// The depth after so many bytes: those up to the end of the object or of the
/// line. No text goes on in the next line.
fn scan(bytes: &[u8], mut depth: usize) -> (usize, usize) {
    let (mut in_text, mut escaped) = (false, false);
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return (0, at + 1);
                }
            }
            _ => {}
        }
    }
    (depth.max(1), bytes.len())
}
