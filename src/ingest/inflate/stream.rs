//! `Stream`: the content of a file in whichever form it is written, piece by
//! piece; who cuts it into lines need not know the form.

use std::io;

use super::gzip::Members;
use super::overrun::Overrun;
use super::restart::Point;
use super::sniff::Form;
use super::step::Step;
use super::window::Window;
use super::zstd::Frames;

/// Bytes of plain text that are given out at once.
const PLAIN_STEP: usize = 64 << 10;

/// What inflates a file. The walk over gzip members is large, so it is boxed.
pub enum Stream {
    /// Nothing has to be inflated.
    Plain(Window),
    /// Gzip members.
    Gzip(Box<Members>),
    /// Zstandard frames.
    Zstd(Box<Frames>),
}

impl Stream {
    /// A stream of this form.
    pub fn new(window: Window, form: Form) -> Self {
        match form {
            Form::Plain => Stream::Plain(window),
            Form::Gzip => Stream::Gzip(Box::new(Members::new(window))),
            Form::Zstd => Stream::Zstd(Box::new(Frames::new(window))),
        }
    }

    /// A gzip stream from a point on; nothing when the file has changed. The window
    /// begins at the point's mark.
    ///
    /// # Errors
    /// What reading the file answers.
    pub fn gzip_from(window: Window, point: &Point) -> io::Result<Option<Self>> {
        let mut members = Members::new(window);
        let goes_on = members.restart(point)?;
        Ok(goes_on.then(|| Stream::Gzip(Box::new(members))))
    }

    /// Bytes of the file consumed so far.
    pub fn offset(&self) -> u64 {
        match self {
            Stream::Plain(window) => window.offset(),
            Stream::Gzip(members) => members.offset(),
            Stream::Zstd(frames) => frames.offset(),
        }
    }

    /// Whether the next step has to read from outside, which may take its time.
    pub fn is_drained(&self) -> bool {
        match self {
            Stream::Plain(window) => window.ahead().is_empty(),
            Stream::Gzip(members) => members.is_drained(),
            Stream::Zstd(frames) => frames.is_drained(),
        }
    }

    /// Appends the next piece of the content to `out`.
    ///
    /// # Errors
    /// What reading the file answers; damaged data is no error.
    pub fn step(&mut self, out: &mut Vec<u8>) -> io::Result<Step> {
        match self {
            Stream::Plain(window) => plain_step(window, out),
            Stream::Gzip(members) => members.step(out),
            Stream::Zstd(frames) => frames.step(out),
        }
    }

    /// Goes to the first gzip member that begins before `until`, if there is one.
    ///
    /// # Errors
    /// What reading the file answers.
    pub fn seek_member(&mut self, until: u64) -> io::Result<Option<u64>> {
        match self {
            Stream::Plain(_) | Stream::Zstd(_) => Ok(None),
            Stream::Gzip(members) => members.seek(until),
        }
    }

    /// What damaged members had run over when the gzip member at this offset began.
    pub fn overrun(&self, member: u64) -> Overrun {
        match self {
            Stream::Plain(_) | Stream::Zstd(_) => Overrun::default(),
            Stream::Gzip(members) => members.overrun(member),
        }
    }

    /// Goes on from a gzip member that began within this.
    pub fn go_on(&mut self, overrun: Overrun) {
        if let Stream::Gzip(members) = self {
            members.go_on(overrun);
        }
    }

    /// The points of large gzip members found since this was asked last.
    pub fn take_points(&mut self) -> Vec<Point> {
        match self {
            Stream::Plain(_) | Stream::Zstd(_) => Vec::new(),
            Stream::Gzip(members) => members.take_points(),
        }
    }
}

fn plain_step(window: &mut Window, out: &mut Vec<u8>) -> io::Result<Step> {
    let skip = window.offset();
    window.set_mark();
    window.fill(1)?;
    let ahead = window.ahead();
    let taken = ahead.len().min(PLAIN_STEP);
    if taken == 0 {
        return Ok(Step::End);
    }
    out.extend_from_slice(&ahead[..taken]);
    window.consume(taken);
    Ok(Step::Data { member: 0, skip })
}
