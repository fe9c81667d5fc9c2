//! Gzip (RFC 1952) as the collector writes it: one member after another, most
//! of them one line long. Our own walk over the members, because the usual
//! decoders neither say where a member begins nor go on after a damaged one.

use std::io;

use zlib_rs::Status;

use super::member::{Header, find_member, header_length};
use super::overrun::{Overrun, Overruns};
use super::pieces::Pieces;
use super::restart::{Point, STRIDE};
use super::step::{Gap, Step};
use super::whole::Whole;
use super::window::Window;

/// A header with a longer name or comment is taken for damage.
const HEADER_LIMIT: usize = 64 << 10;

/// A walk over the members of a stream.
pub struct Members {
    window: Window,
    /// A member was entered that is inflated piece by piece.
    within: bool,
    pieces: Pieces,
    whole: Whole,
    overruns: Overruns,
    /// A step that was found out together with the data given out last.
    waiting: Option<Step>,
}

impl Members {
    /// A walk that begins with the window.
    pub fn new(window: Window) -> Self {
        Members::noting(window, STRIDE)
    }

    /// The same; the points that it notes are `stride` inflated bytes apart.
    pub fn noting(window: Window, stride: u64) -> Self {
        Members {
            window,
            within: false,
            pieces: Pieces::new(stride),
            whole: Whole::default(),
            overruns: Overruns::default(),
            waiting: None,
        }
    }

    /// Goes on from a point, where the window begins at the point's mark; `false` when
    /// the file has changed.
    ///
    /// # Errors
    /// What reading the stream answers.
    pub fn restart(&mut self, point: &Point) -> io::Result<bool> {
        self.window.set_mark();
        while self.window.offset() < point.offset {
            self.window.fill(1)?;
            let (ahead, rest) = (self.window.ahead(), point.offset - self.window.offset());
            if ahead.is_empty() {
                return Ok(false);
            }
            self.window.consume(ahead.len().min(rest as usize));
        }
        self.window.fill(1)?;
        self.within = self.pieces.go_on(point, &self.window);
        Ok(self.within)
    }

    /// The points to go on from that were found since this was asked last.
    pub fn take_points(&mut self) -> Vec<Point> {
        self.pieces.take_points()
    }

    /// Bytes of the file consumed so far.
    pub fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// Whether nothing comes without reading from outside.
    pub fn is_drained(&self) -> bool {
        self.window.ahead().is_empty() && !(self.within && self.pieces.is_full())
    }

    /// What those before the member at this offset had run over, when it began.
    pub fn overrun(&self, member: u64) -> Overrun {
        self.overruns.at(member)
    }

    /// Goes on behind members that had run over this.
    pub fn go_on(&mut self, overrun: Overrun) {
        self.overruns = Overruns::new(overrun);
    }

    /// Goes to the first member that begins before `until`, if there is one. At
    /// the beginning of a file that is there, whatever it holds.
    ///
    /// # Errors
    /// What reading the stream answers.
    pub fn seek(&mut self, until: u64) -> io::Result<Option<u64>> {
        if self.window.offset() > 0 {
            find_member(&mut self.window, until)?;
        }
        let here = self.window.offset();
        Ok((here < until && !self.window.ahead().is_empty() || here == 0).then_some(here))
    }

    /// Appends the next piece of inflated data to `out`.
    ///
    /// # Errors
    /// What reading the stream answers; damage is no error.
    pub fn step(&mut self, out: &mut Vec<u8>) -> io::Result<Step> {
        if let Some(step) = self.waiting.take() {
            return Ok(step);
        }
        loop {
            if !self.within
                && let Some(step) = self.enter(out)?
            {
                return Ok(step);
            }
            if let Some(step) = self.inflate(out)? {
                return Ok(step);
            }
        }
    }

    /// Reads a member's header, and all of it if it is small; zero padding
    /// before it is skipped.
    fn enter(&mut self, out: &mut Vec<u8>) -> io::Result<Option<Step>> {
        if !self.window.pass_zeros()? {
            return Ok(Some(Step::End));
        }
        self.window.set_mark();
        let offset = self.window.offset();
        self.overruns.enter(offset);
        match self.header()? {
            Header::Long(length) => {
                if let Some(end) = self.whole.inflate(self.window.ahead(), length, out) {
                    self.window.consume(end);
                    return Ok(Some(Step::Data {
                        member: offset,
                        skip: 0,
                    }));
                }
                self.window.consume(length);
                self.within = true;
                self.pieces.begin(offset);
                Ok(None)
            }
            Header::Cut => self.cut(offset, false).map(Some),
            Header::Not => {
                let gap = self.search(offset, offset, "no gzip member")?;
                Ok(Some(Step::Damage(gap)))
            }
        }
    }

    fn header(&mut self) -> io::Result<Header> {
        let mut wanted = 32;
        loop {
            self.window.fill(wanted)?;
            match header_length(self.window.ahead()) {
                Header::Cut if !self.window.ended() && wanted < HEADER_LIMIT => wanted *= 4,
                Header::Cut if wanted >= HEADER_LIMIT => return Ok(Header::Not),
                answer => return Ok(answer),
            }
        }
    }

    /// The stream ends within a member; one that was left unfinished may have
    /// run on into others.
    fn cut(&mut self, member: u64, given: bool) -> io::Result<Step> {
        self.within = false;
        let end = self.window.offset();
        self.window.back_to_mark();
        let gap = self.search(end, member, "a gzip member that ends too early")?;
        Ok(match self.window.ahead() {
            [] => Step::Cut((!given).then_some(gap)),
            _ => Step::Damage(gap),
        })
    }

    fn inflate(&mut self, out: &mut Vec<u8>) -> io::Result<Option<Step>> {
        let was_full = self.pieces.is_full();
        if !was_full {
            self.window.fill(1)?;
        }
        let (reached, before) = (self.pieces.reached(), out.len());
        let at_end = !was_full && self.window.ahead().is_empty();
        let piece = self.pieces.next_piece(&mut self.window, out);
        let data = (out.len() > before).then_some(Step::Data {
            member: reached.member,
            skip: reached.inflated,
        });
        match piece.status {
            Ok(Status::StreamEnd) => self.leave(data),
            Ok(_) if data.is_some() => Ok(data),
            Ok(_) if at_end => self.cut(reached.member, reached.inflated > 0).map(Some),
            Ok(_) if piece.taken > 0 || was_full => Ok(None),
            _ => {
                let damage = self.damaged(reached.member, "damaged gzip data")?;
                Ok(Some(self.after(data, damage)))
            }
        }
    }

    /// Data goes first, what was found out with it waits for the next step.
    fn after(&mut self, data: Option<Step>, step: Step) -> Step {
        match data {
            Some(data) => {
                self.waiting = Some(step);
                data
            }
            None => step,
        }
    }

    /// The member is not what it was: a damaged one may have run on into those
    /// behind it, so the search for the next one begins within it.
    fn damaged(&mut self, member: u64, reason: &'static str) -> io::Result<Step> {
        let failed_at = self.window.offset();
        self.within = false;
        self.window.back_to_mark();
        self.search(failed_at, member, reason).map(Step::Damage)
    }

    /// Checks the trailer of a member that inflated to its end.
    fn leave(&mut self, data: Option<Step>) -> io::Result<Option<Step>> {
        self.window.fill(8)?;
        self.within = false;
        let Some(trailer) = self.window.ahead().first_chunk() else {
            // all of the content is there: the file was cut within the last 8 bytes
            self.window.consume(self.window.ahead().len());
            return Ok(data);
        };
        let sound = self.pieces.is_sound(trailer);
        self.window.consume(8);
        if sound {
            return Ok(data);
        }
        let damage = self.damaged(self.pieces.reached().member, "wrong checksum")?;
        Ok(Some(self.after(data, damage)))
    }

    /// Passes over bytes until a member begins whose content proves valid.
    /// All of the damaged member counts as lost: where it fails, or only its checksum
    /// does, may be far behind what is wrong with it.
    fn search(&mut self, failed_at: u64, member: u64, reason: &'static str) -> io::Result<Gap> {
        let from = self.overruns.search_from(member, failed_at);
        let passed = from.saturating_sub(self.window.offset()).max(1);
        self.window.consume(passed as usize);
        find_member(&mut self.window, u64::MAX)?;
        Ok(Gap {
            offset: member,
            bytes: self.window.offset() - member,
            reason,
        })
    }
}
