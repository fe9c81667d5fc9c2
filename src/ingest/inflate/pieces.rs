//! A gzip member that is inflated piece by piece.

use libdeflater::crc32;
use zlib_rs::crc32::crc32_combine;
use zlib_rs::{Inflate, InflateError, InflateFlush, Status};

use super::restart::{PROOF, Point, Reached, Scout};
use super::window::Window;

/// Text that is inflated at once: little of it at first, as most members are small.
const MOST: usize = 256 << 10;
const LEAST: usize = PROOF;

/// What stands where text is going to be.
static NOTHING: [u8; MOST] = [0; MOST];

/// The decoder of all members, one after the other: a new one is expensive.
pub struct Pieces {
    inflate: Inflate,
    reached: Reached,
    /// There was no room for more: some may come without further input.
    is_full: bool,
    scout: Scout,
}

/// What came of inflating a piece.
pub struct Piece {
    /// How it ended.
    pub status: Result<Status, InflateError>,
    /// Compressed bytes that it took.
    pub taken: usize,
}

impl Pieces {
    /// Notes points that are `stride` inflated bytes apart.
    pub fn new(stride: u64) -> Self {
        Pieces {
            inflate: Inflate::new(false, 15),
            reached: Reached::default(),
            is_full: false,
            scout: Scout::new(stride),
        }
    }

    /// Enters the member that begins at this offset.
    pub fn begin(&mut self, member: u64) {
        self.inflate.reset(false);
        self.enter(Reached {
            member,
            ..Reached::default()
        });
    }

    /// Goes on from a point, where the window stands; false when the file has changed.
    pub fn go_on(&mut self, point: &Point, window: &Window) -> bool {
        let inflate = point.inflate(window.ahead());
        let goes_on = inflate.is_some();
        if let Some(inflate) = inflate {
            self.inflate = inflate;
            self.enter(point.reached);
        }
        goes_on
    }

    fn enter(&mut self, reached: Reached) {
        self.reached = reached;
        self.is_full = false;
        self.scout.begin(reached);
    }

    /// The member, and how much of it was inflated.
    pub fn reached(&self) -> Reached {
        self.reached
    }

    /// Whether more may come without further input.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// The points found since this was asked last.
    pub fn take_points(&mut self) -> Vec<Point> {
        self.scout.take_points()
    }

    /// Appends the next piece of the member, as far as the window's bytes go.
    pub fn next_piece(&mut self, window: &mut Window, out: &mut Vec<u8>) -> Piece {
        let (before, ahead) = (out.len(), window.ahead());
        let room = (self.reached.inflated as usize).clamp(LEAST, MOST);
        // copied, as filling byte by byte is what unoptimised tests would do most of the time
        out.extend_from_slice(&NOTHING[..room]);
        let flush = self.scout.flush(self.reached.inflated);
        let (taken, given) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(ahead, &mut out[before..], flush);
        let taken = (self.inflate.total_in() - taken) as usize;
        let given = (self.inflate.total_out() - given) as usize;
        out.truncate(before + given);
        let piece = &out[before..];
        self.is_full = given == room;
        self.reached.inflated += given as u64;
        // that of libdeflate is the faster one, but does not go on from another
        self.reached.crc = crc32_combine(self.reached.crc, crc32(piece), given as u64);
        // where nothing else stopped it, the end of a block did
        let stopped = status == Ok(Status::Ok) && !self.is_full && taken < ahead.len();
        window.consume(taken);
        let ends_block = stopped && flush == InflateFlush::Block;
        self.scout.see(piece, self.reached, window, ends_block);
        Piece { status, taken }
    }

    /// Whether the member's trailer is that of what was inflated.
    pub fn is_sound(&self, trailer: &[u8; 8]) -> bool {
        let length = (self.reached.inflated as u32).to_le_bytes();
        *trailer == *[self.reached.crc.to_le_bytes(), length].as_flattened()
    }
}
