//! A file that is followed: when it is looked at, and what is read of it.

use std::time::Instant;

use super::loader::Loader;
use super::snapshot::Snapshot;
use crate::ingest::decoder::Decoder;
use crate::ingest::library::Library;
use crate::ingest::tail::{News, Tail};

/// No more than one part in this many of the time is spent on reading a file again,
/// or on the reasons of unmatched flows.
pub const SHARE: u32 = 20;

/// A file that is followed.
pub struct Followed {
    /// What reads it.
    pub tail: Tail,
    /// Not to be looked at before.
    rest: Instant,
    /// When it was looked at last.
    looked: Instant,
    /// When it grew last.
    pub grown: Instant,
}

impl Followed {
    /// A file that was read up to now.
    pub fn new(tail: Tail) -> Followed {
        let now = Instant::now();
        Followed {
            tail,
            rest: now,
            looked: now,
            grown: now,
        }
    }

    /// Whether it may have changed when it was not to be looked at.
    pub fn rests(&self) -> bool {
        self.rest > self.looked
    }

    /// What has become of it; nothing while it rests.
    pub fn look(&mut self) -> News {
        let now = Instant::now();
        if now < self.rest {
            return News::None;
        }
        self.looked = now;
        self.tail.look()
    }

    /// Reads what was appended.
    pub fn read(
        &mut self,
        decoder: &mut Decoder,
        library: &Library,
        loader: &mut Loader,
        publish: &mut impl FnMut(Snapshot) -> bool,
    ) -> bool {
        self.grown = Instant::now();
        let number = self.tail.number;
        loader.account(number).size = Some(self.tail.size());
        loader.held.forget(number);
        let from = *loader.held.next(number);
        let mut packed = false;
        let points = library.points(number);
        let came = self
            .tail
            .read(from, points, decoder, &mut |is_packed, batch| {
                packed = is_packed;
                library.note(number, batch);
                loader.take(number, packed, batch, publish)
            });
        let next = *loader.held.next(number);
        if packed && next.member == from.member {
            // a member that grows is inflated from a point before its end each time
            let again = from.skip as f64 / next.skip.max(1) as f64;
            self.rest = Instant::now() + self.grown.elapsed().mul_f64(again.min(1.0)) * SHARE;
        }
        came
    }
}
