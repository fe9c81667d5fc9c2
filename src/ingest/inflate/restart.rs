//! Points within a large gzip member from which it can be inflated again without
//! all that stands before. A point needs the 32 KiB of text before it, and lies
//! where a block of the member ends (RFC 1951). Most blocks end within a byte,
//! which the decoder does not tell. A point is accepted only if a fresh decoder
//! begun there yields the same next bytes as the running one: `PROOF` of them, and
//! no fewer than `LEAST` where it gets no further.

use libdeflater::{CompressionLvl, Compressor, Decompressor};
use zlib_rs::{Inflate, InflateFlush};

use super::window::Window;
use crate::ingest::chain::Chain;
use crate::model::flow::LineAt;

/// Inflated bytes from one point to the next: some 30 ms of work.
pub const STRIDE: u64 = 16 << 20;
/// How far back a member may refer to its own text.
const HISTORY: usize = 32 << 10;
/// Text that proves a point, and the least of it: a chance is one in 256 for each byte.
pub const PROOF: usize = 4 << 10;
const LEAST: usize = 1 << 10;
/// Ends of blocks that are tried at once; half of those of zlib's flushes end with a byte.
const TRIES: u64 = 8;
/// Compressed bytes behind a point that tell whether the file still is what it was.
const FOLLOWING: usize = 32;

/// How far a member has been inflated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Where it begins in the file.
    pub member: u64,
    /// Bytes of it that were inflated.
    pub inflated: u64,
    /// Their checksum.
    pub crc: u32,
}

/// A point to go on from.
#[derive(Debug)]
pub struct Point {
    /// What comes before.
    pub reached: Reached,
    /// Where it lies in the file.
    pub offset: u64,
    /// From where on the file is searched if the member proves damaged.
    pub mark: u64,
    follows: [u8; FOLLOWING],
    /// The text before, compressed, so that points never outgrow the file.
    history: Vec<u8>,
}

impl Point {
    /// A decoder that goes on from here, unless the file has changed.
    pub fn inflate(&self, ahead: &[u8]) -> Option<Inflate> {
        let mut history = [0; HISTORY];
        let text = Decompressor::new().deflate_decompress(&self.history, &mut history);
        (ahead.starts_with(&self.follows) && text == Ok(HISTORY)).then_some(())?;
        begin_with(&history)
    }
}

/// A decoder that goes on behind this text.
fn begin_with(history: &[u8]) -> Option<Inflate> {
    let mut inflate = Inflate::new(false, 15);
    inflate.set_dictionary(history).ok()?;
    Some(inflate)
}

fn compressed(text: &[u8]) -> Option<Vec<u8>> {
    let mut compressor = Compressor::new(CompressionLvl::new(1).ok()?);
    let mut out = vec![0; compressor.deflate_compress_bound(text.len())];
    let length = compressor.deflate_compress(text, &mut out).ok()?;
    out.truncate(length);
    out.shrink_to_fit();
    Some(out)
}

/// The points of a file, in the order in which they were found.
#[derive(Default)]
pub struct Points(Chain<Point>);

impl Points {
    /// Adds points, unless they are known.
    pub fn add(&self, points: Vec<Point>) {
        let known = |new: &Point| self.0.iter().any(|point| point.reached == new.reached);
        for point in points {
            if !known(&point) {
                self.0.push(point);
            }
        }
    }

    /// The last point of the place's member that does not lie behind it.
    pub fn before(&self, place: LineAt) -> Option<&Point> {
        let points = self.0.iter().filter(|point| {
            point.reached.member == place.member && point.reached.inflated <= place.skip
        });
        points.max_by_key(|point| point.reached.inflated)
    }
}

/// Looks for points while a member is inflated.
pub struct Scout {
    stride: u64,
    /// Inflated bytes of the member at its last point.
    last: u64,
    /// The last text, once a point is due.
    history: Vec<u8>,
    /// A point, and the text behind it that would prove it.
    likely: Option<(Point, Vec<u8>)>,
    /// Ends of blocks that were tried since the last point.
    tries: u64,
    points: Vec<Point>,
}

impl Scout {
    /// Looks for points that are `stride` inflated bytes apart.
    pub fn new(stride: u64) -> Self {
        Scout {
            stride,
            last: 0,
            history: Vec::new(),
            likely: None,
            tries: 0,
            points: Vec::new(),
        }
    }

    /// A member begins, or goes on from a point of its.
    pub fn begin(&mut self, reached: Reached) {
        self.last = reached.inflated;
        self.history.clear();
        self.likely = None;
        self.tries = 0;
    }

    /// The points found since this was asked last.
    pub fn take_points(&mut self) -> Vec<Point> {
        std::mem::take(&mut self.points)
    }

    /// Where the decoder is to stop after this many inflated bytes.
    pub fn flush(&self, inflated: u64) -> InflateFlush {
        // more tries only for more text: blocks may be a few bits long
        let text = inflated.saturating_sub(self.last + self.stride) / HISTORY as u64;
        let may_try = self.is_due(inflated) && self.tries <= TRIES + text;
        match may_try && self.likely.is_none() {
            true => InflateFlush::Block,
            false => InflateFlush::NoFlush,
        }
    }

    fn is_due(&self, inflated: u64) -> bool {
        inflated - self.last >= self.stride
    }

    /// Takes note of a piece of text, which ends with the end of a block or elsewhere.
    pub fn see(&mut self, piece: &[u8], reached: Reached, window: &Window, ends_block: bool) {
        if let Some((point, proof)) = self.likely.take()
            && piece.starts_with(&proof)
        {
            self.begin(point.reached);
            self.points.push(point);
        }
        if !self.is_due(reached.inflated) {
            return;
        }
        self.history
            .extend_from_slice(&piece[piece.len().saturating_sub(HISTORY)..]);
        let old = self.history.len().saturating_sub(HISTORY);
        self.history.drain(..old);
        self.tries += u64::from(ends_block);
        if ends_block && self.history.len() == HISTORY {
            self.likely = self.look(reached, window);
        }
    }

    /// The point where a decoder that begins at the next byte gives any text at all.
    fn look(&self, reached: Reached, window: &Window) -> Option<(Point, Vec<u8>)> {
        let ahead = window.ahead();
        let mut proof = vec![0; PROOF];
        let mut inflate = begin_with(&self.history)?;
        let status = inflate.decompress(ahead, &mut proof, InflateFlush::NoFlush);
        proof.truncate(inflate.total_out() as usize);
        // a run of one byte is the same a byte further on
        let is_run = proof.iter().all(|byte| *byte == proof[0]);
        if status.is_err() || proof.len() < LEAST || is_run {
            return None;
        }
        let point = Point {
            reached,
            offset: window.offset(),
            mark: window.mark(),
            follows: *ahead.first_chunk()?,
            history: compressed(&self.history)?,
        };
        Some((point, proof))
    }
}
