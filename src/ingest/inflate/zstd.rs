//! Zstandard (RFC 8878), inflated as a stream: frame after frame, as `zstd` and
//! `cat` write them. What comes out is read as plain text is.

use std::io::{self, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::step::Step;
use super::window::Window;

/// The first bytes of a frame.
pub const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Bytes that are given out at once.
const STEP: usize = 64 << 10;

/// The content of all frames of a stream.
pub struct Frames {
    window: Window,
    decoder: FrameDecoder,
    within: bool,
    /// Where the frame begins in the file, and how much of it was given out.
    begin: u64,
    given: u64,
}

impl Frames {
    /// Reads from a stream that begins with a frame.
    pub fn new(window: Window) -> Self {
        Frames {
            begin: window.offset(),
            window,
            decoder: FrameDecoder::new(),
            within: false,
            given: 0,
        }
    }

    /// Offset in the file of what comes next.
    pub fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// Whether nothing comes without reading from outside.
    pub fn is_drained(&self) -> bool {
        self.window.ahead().is_empty() && !(self.within && self.decoder.can_collect() > 0)
    }

    /// Appends what comes next; the place of a frame is that of a member.
    ///
    /// # Errors
    /// What the stream answers, or what is wrong with it.
    pub fn step(&mut self, out: &mut Vec<u8>) -> io::Result<Step> {
        let filled = out.len();
        out.resize(filled + STEP, 0);
        let read = self.read(&mut out[filled..]);
        let count = read.as_ref().copied().unwrap_or(0);
        out.truncate(filled + count);
        let skip = self.given;
        self.given += count as u64;
        Ok(match read? {
            0 => Step::End { whole: true },
            _ => Step::Data {
                member: self.begin,
                skip,
            },
        })
    }

    /// Enters the next frame; false at the end of the stream.
    fn enter(&mut self) -> io::Result<bool> {
        loop {
            self.window.fill(1)?;
            if self.window.ahead().is_empty() {
                return Ok(false);
            }
            (self.begin, self.given) = (self.window.offset(), 0);
            match self.decoder.init(&mut self.window) {
                Ok(()) => {
                    self.within = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut frame = self.window.by_ref().take(u64::from(length));
                    io::copy(&mut frame, &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
    }

    /// Leaves a frame whose content was all given out.
    fn leave(&mut self) -> io::Result<()> {
        self.within = false;
        let told = self.decoder.get_checksum_from_data();
        if told.is_some() && told != self.decoder.get_calculated_checksum() {
            return Err(io::Error::other("wrong checksum in zstd data"));
        }
        Ok(())
    }

    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.within || self.enter()? {
            let read = self.decoder.read(out)?;
            if read > 0 || out.is_empty() {
                return Ok(read);
            }
            if self.decoder.is_finished() {
                self.leave()?;
            } else {
                self.decoder
                    .decode_blocks(&mut self.window, BlockDecodingStrategy::UptoBlocks(1))
                    .map_err(io::Error::other)?;
            }
        }
        Ok(0)
    }
}
