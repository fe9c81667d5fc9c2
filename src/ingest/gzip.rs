//! Gzip (RFC 1952) as the collector writes it: one member after another, most
//! of them one line long. Our own walk over the members, because the usual
//! decoders neither say where a member begins nor go on after a damaged one.

use std::io;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::member::{Header, MAGIC, PROBE, header_length, is_member};
use super::overrun::{Overrun, Overruns};
use super::step::Step;
use super::whole::Whole;
use super::window::Window;

const OUTPUT: usize = 256 << 10;
/// A header with a longer name or comment is taken for damage.
const HEADER_LIMIT: usize = 64 << 10;

struct Member {
    offset: u64,
    inflated: u64,
    crc: Crc,
}

/// A walk over the members of a stream.
pub struct Members {
    window: Window,
    member: Option<Member>,
    /// Kept from member to member: making one anew is dear.
    inflate: Decompress,
    whole: Whole,
    overruns: Overruns,
    /// A step that was found out together with the data given out last.
    waiting: Option<Step>,
}

impl Members {
    /// A walk that begins with the window.
    pub fn new(window: Window) -> Self {
        Members {
            window,
            member: None,
            inflate: Decompress::new(false),
            whole: Whole::default(),
            overruns: Overruns::default(),
            waiting: None,
        }
    }

    /// Bytes of the file consumed so far.
    pub fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// What is buffered of the compressed bytes to come.
    pub fn ahead(&self) -> &[u8] {
        self.window.ahead()
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
            self.find(until)?;
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
            if self.member.is_none()
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
        loop {
            self.window.fill(1)?;
            let ahead = self.window.ahead();
            if ahead.is_empty() {
                return Ok(Some(Step::End { whole: true }));
            }
            let zeros = ahead.iter().take_while(|&&byte| byte == 0).count();
            if zeros == 0 {
                break;
            }
            self.window.consume(zeros);
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
                self.member = Some(Member {
                    offset,
                    inflated: 0,
                    crc: Crc::new(),
                });
                self.inflate.reset(false);
                Ok(None)
            }
            Header::Cut => self.cut(offset).map(Some),
            Header::Not => self.search(offset, offset, "no gzip member").map(Some),
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
    fn cut(&mut self, member: u64) -> io::Result<Step> {
        self.member = None;
        let end = self.window.offset();
        self.window.back_to_mark();
        let damage = self.search(end, member, "a gzip member that ends too early")?;
        Ok(match self.window.ahead() {
            [] => Step::End { whole: false },
            _ => damage,
        })
    }

    fn inflate(&mut self, out: &mut Vec<u8>) -> io::Result<Option<Step>> {
        self.window.fill(1)?;
        let Some(member) = self.member.as_mut() else {
            return Ok(None);
        };
        let at_end = self.window.ahead().is_empty();
        let before = out.len();
        out.reserve(OUTPUT.min(self.window.ahead().len() * 8).max(4096));
        let input_before = self.inflate.total_in();
        let status = self
            .inflate
            .decompress_vec(self.window.ahead(), out, FlushDecompress::None);
        let consumed = (self.inflate.total_in() - input_before) as usize;
        let (offset, skip) = (member.offset, member.inflated);
        member.crc.update(&out[before..]);
        member.inflated += (out.len() - before) as u64;
        self.window.consume(consumed);
        let data = (out.len() > before).then_some(Step::Data {
            member: offset,
            skip,
        });
        match status {
            Ok(Status::StreamEnd) => self.leave(data),
            Ok(_) if data.is_some() => Ok(data),
            Ok(_) if at_end => self.cut(offset).map(Some),
            Ok(_) if consumed > 0 => Ok(None),
            _ => {
                let damage = self.damaged(offset, "damaged gzip data")?;
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
        self.member = None;
        self.window.back_to_mark();
        self.search(failed_at, member, reason)
    }

    /// Checks the trailer of a member that inflated to its end.
    fn leave(&mut self, data: Option<Step>) -> io::Result<Option<Step>> {
        self.window.fill(8)?;
        let Some(member) = self.member.take() else {
            return Ok(data);
        };
        let ahead = self.window.ahead();
        if ahead.len() < 8 {
            // all of the content is there: the file was cut within the last 8 bytes
            self.window.consume(ahead.len());
            return Ok(data);
        }
        let sound = ahead[..4] == member.crc.sum().to_le_bytes()
            && ahead[4..8] == (member.inflated as u32).to_le_bytes();
        self.window.consume(8);
        if sound {
            return Ok(data);
        }
        let damage = self.damaged(member.offset, "wrong checksum")?;
        Ok(Some(self.after(data, damage)))
    }

    /// Passes over bytes until a member begins whose content proves valid.
    /// Bytes from `failed_at` on count as lost, or all of the member if it turns
    /// out that it had run on into the next one.
    fn search(&mut self, failed_at: u64, member: u64, reason: &'static str) -> io::Result<Step> {
        let from = self.overruns.search_from(member, failed_at);
        let passed = from.saturating_sub(self.window.offset()).max(1);
        self.window.consume(passed as usize);
        self.find(u64::MAX)?;
        let here = self.window.offset();
        let offset = if here < failed_at { member } else { failed_at };
        Ok(Step::Damage {
            offset,
            bytes: here - offset,
            reason,
        })
    }

    /// Moves to the next member whose content proves valid, to the end of the
    /// stream, or somewhere behind `until`.
    fn find(&mut self, until: u64) -> io::Result<()> {
        while self.window.offset() < until {
            self.window.set_mark();
            self.window.fill(PROBE)?;
            let ahead = self.window.ahead();
            let candidates =
                memchr::memmem::find_iter(ahead, &MAGIC).find(|&at| is_member(&ahead[at..]));
            // a candidate near the end of the buffer is looked at again when more is there
            let enough = ahead.len().saturating_sub(PROBE / 2);
            match candidates {
                Some(at) if at <= enough || self.window.ended() => {
                    self.window.consume(at);
                    return Ok(());
                }
                _ if self.window.ended() => {
                    self.window.consume(ahead.len());
                    return Ok(());
                }
                _ => self.window.consume(enough.max(1)),
            }
        }
        Ok(())
    }
}
