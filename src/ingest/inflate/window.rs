//! A sliding window over a stream of bytes with their offsets in the file. What
//! has been consumed since the last mark is kept (within a limit), so that a
//! damaged gzip member can be searched again for the next one.

use std::io::{self, Read};

/// A small member that lies over the end of a step is inflated in pieces, which is slower.
const STEP: usize = 256 << 10;
/// A step at the beginning, where it often is asked for no more than what a stream is.
const FIRST: usize = 32 << 10;
/// Consumed bytes that are kept behind the mark at the most.
const KEPT: usize = 1 << 20;

/// Buffered bytes of a stream.
pub struct Window {
    reader: Box<dyn Read + Send>,
    bytes: Vec<u8>,
    position: usize,
    mark: usize,
    base: u64,
    ended: bool,
}

impl Read for Window {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.set_mark();
        self.fill(1)?;
        let count = out.len().min(self.ahead().len());
        out[..count].copy_from_slice(&self.ahead()[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl Window {
    /// A window at the beginning of a stream that is at `offset` in its file.
    pub fn new(reader: Box<dyn Read + Send>, offset: u64) -> Self {
        Window {
            reader,
            bytes: Vec::new(),
            position: 0,
            mark: 0,
            base: offset,
            ended: false,
        }
    }

    /// Offset in the file of the next byte.
    pub fn offset(&self) -> u64 {
        self.base + self.position as u64
    }

    /// What is buffered of the bytes to come.
    pub fn ahead(&self) -> &[u8] {
        &self.bytes[self.position..]
    }

    /// Buffers at least `wanted` bytes ahead, fewer only at the end of the stream.
    ///
    /// # Errors
    /// What the stream answers.
    pub fn fill(&mut self, wanted: usize) -> io::Result<()> {
        while self.ahead().len() < wanted && !self.ended {
            self.forget();
            let filled = self.bytes.len();
            let step = if self.base < FIRST as u64 {
                FIRST
            } else {
                STEP
            };
            self.bytes.resize(filled + step.max(wanted), 0);
            let read = self.reader.read(&mut self.bytes[filled..]);
            self.bytes
                .truncate(filled + read.as_ref().copied().unwrap_or(0));
            match read {
                Ok(0) => self.ended = true,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Passes over zeros, with which a last block may be filled up; false at the end of
    /// the stream.
    ///
    /// # Errors
    /// What the stream answers.
    pub fn pass_zeros(&mut self) -> io::Result<bool> {
        loop {
            self.fill(1)?;
            let ahead = self.ahead().iter();
            let zeros = ahead.take_while(|&&byte| byte == 0).count();
            self.consume(zeros);
            if !self.ahead().is_empty() || zeros == 0 {
                return Ok(!self.ahead().is_empty());
            }
        }
    }

    /// Drops what lies behind the mark, or behind the position when that is too much to keep.
    fn forget(&mut self) {
        if self.position - self.mark > KEPT {
            self.mark = self.position;
        }
        if self.mark > 0 {
            self.bytes.drain(..self.mark);
            self.base += self.mark as u64;
            self.position -= self.mark;
            self.mark = 0;
        }
    }

    /// Moves on by `count` buffered bytes.
    pub fn consume(&mut self, count: usize) {
        self.position = (self.position + count).min(self.bytes.len());
    }

    /// Remembers this place to come back to.
    pub fn set_mark(&mut self) {
        self.mark = self.position;
    }

    /// Offset in the file of the mark.
    pub fn mark(&self) -> u64 {
        self.base + self.mark as u64
    }

    /// Goes back to the mark; it may have moved up when too much was consumed since.
    pub fn back_to_mark(&mut self) {
        self.position = self.mark;
    }

    /// Whether nothing comes after the buffered bytes.
    pub fn ended(&self) -> bool {
        self.ended
    }
}
