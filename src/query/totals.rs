//! Sums over the rows of an answer: what was sent each way, as the columns show it.

use super::bits::Bits;
use super::chunk::Chunk;
use crate::model::attr::{Attr, UNKNOWN};
use crate::table::scan::Source;

/// Sums over rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Octets the sources sent.
    pub src_bytes: u128,
    /// Octets the destinations sent.
    pub dst_bytes: u128,
    /// Packets in both directions.
    pub packets: u128,
}

impl Totals {
    /// The sums over some rows of a chunk.
    pub fn of(chunk: &Chunk, rows: &Bits) -> Self {
        let known = |value: u64| u128::from(if value == UNKNOWN { 0 } else { value });
        let octets =
            |other| chunk.of_source(other, |side| chunk.read(Source::Attr(side, Attr::Octets)));
        let (src, dst, packets) = (octets(false), octets(true), chunk.sums(Attr::Packets));
        let mut totals = Totals::default();
        for place in rows.places() {
            totals.src_bytes += known(src[place]);
            totals.dst_bytes += known(dst[place]);
            totals.packets += u128::from(packets[place]);
        }
        totals
    }

    /// Adds the sums over other rows.
    pub fn add(&mut self, other: Totals) {
        self.src_bytes += other.src_bytes;
        self.dst_bytes += other.dst_bytes;
        self.packets += other.packets;
    }
}
