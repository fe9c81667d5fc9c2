//! Sums over the rows of an answer: what was sent each way, as the columns show it.

use super::bits::Bits;
use super::columns::chunk::Chunk;
use super::columns::counters::{Count, for_counters};
use super::facts::Orient;
use crate::model::attr::Attr;

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
        if rows.is_empty() {
            return Totals::default();
        }
        // who sent more is the source, unless the client is, and unless what counts is not
        // all that was sent
        let is_plain = chunk.stance().orient == Orient::Bytes && !chunk.folds();
        let sources = (!is_plain).then(|| chunk.sources());
        let (octets, packets) = (chunk.counted(Attr::Octets), chunk.counted_packets());
        for_counters!(&*octets, both => Totals::sum(rows, both, &packets, sources))
    }

    fn sum<C: Count>(
        rows: &Bits,
        octets: [&[C]; 2],
        packets: &[u64],
        sources: Option<&[bool]>,
    ) -> Self {
        let (mut src_bytes, mut all_bytes, mut all_packets) = Default::default();
        rows.for_each(|place| {
            let [first, mate] = octets.map(|side| side[place].count());
            let src = match sources {
                None => first.max(mate),
                Some(sources) if sources[place] => first,
                Some(_) => mate,
            };
            add(&mut src_bytes, src);
            add(&mut all_bytes, first);
            add(&mut all_bytes, mate);
            add(&mut all_packets, packets[place]);
        });
        Totals {
            src_bytes: whole(src_bytes),
            dst_bytes: whole(all_bytes) - whole(src_bytes),
            packets: whole(all_packets),
        }
    }

    /// Adds the sums over other rows.
    pub fn add(&mut self, other: Totals) {
        self.src_bytes += other.src_bytes;
        self.dst_bytes += other.dst_bytes;
        self.packets += other.packets;
    }
}

/// A sum in two halves, which do not overflow for the rows of a chunk.
type Halves = (u64, u64);

fn add((low, high): &mut Halves, value: u64) {
    *low += value & 0xffff_ffff;
    *high += value >> 32;
}

fn whole((low, high): Halves) -> u128 {
    (u128::from(high) << 32) + u128::from(low)
}
