//! Sums over the rows of an answer: what was sent each way, as the columns show it.

use super::bits::Bits;
use super::chunk::Chunk;
use super::facts::Orient;
use crate::model::attr::{Attr, UNKNOWN};
use crate::table::scan::Source;
use crate::table::store::Side;

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
    pub fn of(chunk: &Chunk, rows: &Bits, orient: Orient) -> Self {
        if rows.is_empty() {
            return Totals::default();
        }
        let known = |value: u64| if value == UNKNOWN { 0 } else { value };
        let octets = |side| chunk.read(Source::Attr(side, Attr::Octets));
        let (first, mate) = (octets(Side::First), octets(Side::Mate));
        let packets = chunk.packets();
        let mut totals = Totals::default();
        for place in rows.places() {
            let (first, mate) = (known(first[place]), known(mate[place]));
            let (src, dst) = match orient {
                // who sent more is the source
                Orient::Bytes => (first.max(mate), first.min(mate)),
                Orient::Client if chunk.sources()[place] => (first, mate),
                Orient::Client => (mate, first),
            };
            totals.src_bytes += u128::from(src);
            totals.dst_bytes += u128::from(dst);
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
