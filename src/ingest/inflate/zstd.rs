//! Zstandard (RFC 8878), inflated as a stream: frame after frame, as `zstd` and
//! `cat` write them. What comes out is read as plain text is. Behind a damaged frame
//! it goes on with the next one whose content proves valid.

use std::io::{self, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::frame::{self, HEADER, find_frame};
use super::overrun::Overruns;
use super::step::{Gap, Step};
use super::window::Window;

/// Bytes that are given out at once.
const STEP: usize = 64 << 10;
/// The magic and the length of a frame that is passed over.
const SKIPPABLE_HEADER: usize = 8;
/// Longer frames for other programs are taken for damage: a wrong length would pass over
/// sound frames.
const SKIPPED: u32 = 1 << 20;

/// The content of all frames of a stream.
pub struct Frames {
    window: Window,
    decoder: FrameDecoder,
    stage: Stage,
    has_checksum: bool,
    overruns: Overruns,
    /// Where the frame begins in the file, and how much of it was given out.
    begin: u64,
    given: u64,
    /// Where the block begins that was decoded last.
    block: u64,
}

#[derive(Clone, Copy)]
enum Stage {
    /// No frame was entered.
    Between,
    /// More comes of the frame.
    Within,
    /// Nothing more comes of the frame but what was decoded already.
    Failed(Flaw),
}

/// Why a frame does not come to its end.
#[derive(Clone, Copy)]
enum Flaw {
    /// A block cannot be decoded.
    Damaged,
    /// The stream ends within it.
    Cut,
    /// The stream ends within its checksum: all of the content is there.
    Unchecked,
}

impl Frames {
    /// Reads from a stream that begins with a frame.
    pub fn new(window: Window) -> Self {
        Frames {
            begin: window.offset(),
            block: window.offset(),
            window,
            decoder: FrameDecoder::new(),
            stage: Stage::Between,
            has_checksum: false,
            overruns: Overruns::default(),
            given: 0,
        }
    }

    /// Offset in the file of what comes next.
    pub fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// Whether nothing comes without reading from outside.
    pub fn is_drained(&self) -> bool {
        let holds = match self.stage {
            Stage::Between => false,
            Stage::Within => self.decoder.can_collect() > 0,
            Stage::Failed(_) => true,
        };
        self.window.ahead().is_empty() && !holds
    }

    /// Appends what comes next; the place of a frame is that of a member.
    ///
    /// # Errors
    /// What reading the stream answers; damage is no error.
    pub fn step(&mut self, out: &mut Vec<u8>) -> io::Result<Step> {
        loop {
            let step = match self.stage {
                Stage::Between => self.enter()?,
                _ => self.give(out)?,
            };
            if let Some(step) = step {
                return Ok(step);
            }
            let step = match self.stage {
                Stage::Between => None,
                Stage::Within if self.decoder.is_finished() => self.leave()?,
                Stage::Within => {
                    self.decode()?;
                    None
                }
                Stage::Failed(flaw) => self.fail(flaw)?,
            };
            if let Some(step) = step {
                return Ok(step);
            }
        }
    }

    /// Enters the next frame, or passes over one whose content is for other programs; zero
    /// padding before it is skipped.
    fn enter(&mut self) -> io::Result<Option<Step>> {
        if !self.window.pass_zeros()? {
            return Ok(Some(Step::End));
        }
        self.window.set_mark();
        self.begin = self.window.offset();
        (self.block, self.given) = (self.begin, 0);
        self.overruns.enter(self.begin);
        self.window.fill(HEADER)?;
        let ahead = self.window.ahead();
        let mut rest = ahead;
        let entered = self.decoder.init(&mut rest);
        let header = ahead.len() - rest.len();
        let is_short = ahead.len() < HEADER && (frame::begins(ahead) || frame::may_begin(ahead));
        match entered {
            Ok(()) => {
                self.has_checksum = frame::has_checksum(ahead);
                self.window.consume(header);
                self.stage = Stage::Within;
                Ok(None)
            }
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) if length <= SKIPPED => self.pass_over(length),
            Err(FrameDecoderError::ReadFrameHeaderError(_)) if is_short => self.cut().map(Some),
            Err(error) => self.search(words(&error)).map(Step::Damage).map(Some),
        }
    }

    fn pass_over(&mut self, length: u32) -> io::Result<Option<Step>> {
        let mut left = SKIPPABLE_HEADER + length as usize;
        while left > 0 {
            self.window.fill(1)?;
            let passed = self.window.ahead().len().min(left);
            if passed == 0 {
                return self.cut().map(Some);
            }
            self.window.consume(passed);
            left -= passed;
        }
        Ok(None)
    }

    /// Gives out what was decoded.
    fn give(&mut self, out: &mut Vec<u8>) -> io::Result<Option<Step>> {
        let filled = out.len();
        out.resize(filled + STEP, 0);
        let read = self.decoder.read(&mut out[filled..]);
        let count = read.as_ref().copied().unwrap_or(0);
        out.truncate(filled + count);
        let skip = self.given;
        self.given += read? as u64;
        Ok((count > 0).then_some(Step::Data {
            member: self.begin,
            skip,
        }))
    }

    /// Decodes the next block.
    fn decode(&mut self) -> io::Result<()> {
        self.block = self.window.offset();
        let mut length = frame::block_length(&[], false);
        self.window.fill(length.all)?;
        if self.window.ahead().len() >= length.all {
            length = frame::block_length(self.window.ahead(), self.has_checksum);
            self.window.fill(length.all)?;
        }
        let ahead = self.window.ahead();
        let mut rest = ahead;
        let blocks = BlockDecodingStrategy::UptoBlocks(1);
        let decoded = self.decoder.decode_blocks(&mut rest, blocks);
        let (there, taken) = (ahead.len(), ahead.len() - rest.len());
        self.window.consume(taken);
        if let Err(error) = decoded {
            frame::release(&mut self.decoder);
            self.stage = Stage::Failed(match error {
                FrameDecoderError::FailedToReadChecksum(_) => Flaw::Unchecked,
                _ if there >= length.block => Flaw::Damaged,
                _ => Flaw::Cut,
            });
        }
        Ok(())
    }

    /// Leaves a frame whose content was all given out.
    fn leave(&mut self) -> io::Result<Option<Step>> {
        self.stage = Stage::Between;
        let told = self.decoder.get_checksum_from_data();
        if told.is_none() || told == self.decoder.get_calculated_checksum() {
            return Ok(None);
        }
        // any of its blocks may be the wrong one
        self.block = self.begin;
        let gap = self.search("wrong checksum")?;
        Ok(Some(Step::Damage(gap)))
    }

    /// Leaves a frame that does not come to its end.
    fn fail(&mut self, flaw: Flaw) -> io::Result<Option<Step>> {
        self.stage = Stage::Between;
        match flaw {
            Flaw::Damaged => self.search("damaged zstd data").map(Step::Damage).map(Some),
            Flaw::Cut => self.cut().map(Some),
            Flaw::Unchecked => {
                self.window.consume(self.window.ahead().len());
                Ok(None)
            }
        }
    }

    /// The stream ends within a frame; one that was left unfinished may have run on
    /// into others.
    fn cut(&mut self) -> io::Result<Step> {
        self.window.consume(self.window.ahead().len());
        let gap = self.search("a zstd frame that ends too early")?;
        Ok(match self.window.ahead() {
            [] => Step::Cut((self.given == 0).then_some(gap)),
            _ => Step::Damage(gap),
        })
    }

    /// Passes over bytes until a frame begins whose content proves valid. Those from the
    /// block on that failed are lost, or all of the frame if it had run on into the next.
    fn search(&mut self, reason: &'static str) -> io::Result<Gap> {
        let failed_at = self.window.offset();
        self.window.back_to_mark();
        let from = self.overruns.search_from(self.begin, failed_at);
        // never again where it began
        let from = from.max(self.begin + 1);
        let passed = from.saturating_sub(self.window.offset());
        self.window.consume(passed as usize);
        find_frame(&mut self.window, &mut self.decoder)?;
        let here = self.window.offset();
        let offset = if here < self.block {
            self.begin
        } else {
            self.block
        };
        Ok(Gap {
            offset,
            bytes: here - offset,
            reason,
        })
    }
}

/// Why no frame can be entered.
fn words(error: &FrameDecoderError) -> &'static str {
    match error {
        FrameDecoderError::DictNotProvided { .. } => "a zstd frame that needs a dictionary",
        FrameDecoderError::WindowSizeTooBig { .. } => "a zstd frame that needs too much memory",
        FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { .. }) => {
            "a skippable zstd frame of more than 1 MiB"
        }
        _ => "no zstd frame",
    }
}
