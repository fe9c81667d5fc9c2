//! What the rows of a chunk add to their groups, made of columns as they are kept
//! when it is asked for: a list of it all would be wider than the columns are.

use std::borrow::Cow;

use super::chunk::Chunk;
use super::counters::{Count, Counters, for_counters};
use super::tally::{Counter, Part};
use super::times::{Times, View, near, stretch};
use crate::model::attr::{Attr, UNKNOWN};
use crate::table::column::{order_of, zigzag};
use crate::table::store::Side;

/// The columns that make up what is added.
pub struct Columns<'c, 'a> {
    octets: Cow<'c, Counters<'a>>,
    packets: Cow<'c, Counters<'a>>,
    times: [Times<'a>; 2],
    evidence: &'c [u32],
}

impl<'c, 'a> Columns<'c, 'a> {
    /// Reads them.
    pub fn read(chunk: &'c Chunk<'a>) -> Self {
        Columns {
            octets: chunk.counted(Attr::Octets),
            packets: chunk.counted(Attr::Packets),
            times: Times::both(chunk),
            evidence: chunk.evidence(),
        }
    }

    /// What each row adds.
    pub fn parts<N: Counter>(&self) -> Parts<'_, N> {
        let times = self.times.each_ref().map(Times::view);
        if let (Counters::Narrow(octets), Counters::Narrow(packets)) =
            (&*self.octets, &*self.packets)
            && let [
                View::Near {
                    base: first,
                    starts: firsts,
                    elapsed,
                },
                View::Near {
                    base: mate,
                    starts: mates,
                    elapsed: others,
                },
            ] = times
        {
            return Parts::Near(Near {
                octets: octets.each_ref().map(|side| &side[..]),
                packets: packets.each_ref().map(|side| &side[..]),
                bases: [first, mate],
                starts: [firsts, mates],
                elapsed: [elapsed, others],
                evidence: self.evidence,
            });
        }
        let octets = for_counters!(&*self.octets, sides => listed(sides));
        let packets = for_counters!(&*self.packets, sides => listed(sides));
        let part = |place: usize| {
            let [own, other] = packets[place];
            let times = times.map(|side| side.of(place));
            let is_connection = self.evidence[place] != u32::MAX;
            part(octets[place], both(own, other), times, is_connection)
        };
        Parts::Far((0..octets.len()).map(part).collect())
    }
}

fn listed<C: Count>(sides: [&[C]; 2]) -> Vec<[u64; 2]> {
    let rows = sides[0].iter().zip(sides[1]);
    rows.map(|(first, mate)| [first.count(), mate.count()])
        .collect()
}

/// What each row adds.
pub enum Parts<'a, N> {
    /// Of columns in 32 bits.
    Near(Near<'a>),
    /// Of others.
    Far(Vec<Part<N>>),
}

/// Columns in 32 bits, of first flows and of mates.
pub struct Near<'a> {
    octets: [&'a [u32]; 2],
    packets: [&'a [u32]; 2],
    bases: [i64; 2],
    starts: [&'a [u32]; 2],
    elapsed: [&'a [u32]; 2],
    evidence: &'a [u32],
}

impl<N: Counter> Parts<'_, N> {
    /// What a row adds: in registers, which it has to be inlined for.
    #[inline(always)]
    pub fn of(&self, place: usize) -> Part<N> {
        match self {
            Parts::Near(near) => near.of(place),
            Parts::Far(parts) => parts[place],
        }
    }
}

impl Near<'_> {
    #[inline(always)]
    fn of<N: Counter>(&self, place: usize) -> Part<N> {
        let [own, other] = self.packets.map(|side| side[place].count());
        let times = [0, 1].map(|side| {
            near(
                self.bases[side],
                self.starts[side][place],
                self.elapsed[side][place],
            )
        });
        let octets = self.octets.map(|side| side[place].count());
        part(
            octets,
            both(own, other),
            times,
            self.evidence[place] != u32::MAX,
        )
    }
}

/// What some rows of a chunk add, a few of many.
pub fn parts_of<N: Counter>(chunk: &Chunk, places: impl Iterator<Item = usize>) -> Vec<Part<N>> {
    if chunk.folds() {
        let columns = Columns::read(chunk);
        let parts = columns.parts();
        return places.map(|place| parts.of(place)).collect();
    }
    let part = |place| {
        let row = chunk.facts(place).row;
        let counter =
            |attr| [Side::First, Side::Mate].map(|side| row.attr(side, attr).unwrap_or(0));
        let times = [Side::First, Side::Mate].map(|side| {
            let start = row.start(side).map_or(UNKNOWN, |it| order_of(it.absolute));
            stretch(start, row.elapsed(side).map_or(UNKNOWN, zigzag))
        });
        let [own, other] = counter(Attr::Packets);
        part(
            counter(Attr::Octets),
            both(own, other),
            times,
            row.is_connection(),
        )
    };
    places.map(part).collect()
}

#[inline]
fn both<N: Counter>(own: u64, other: u64) -> N {
    let mut sum = N::from(own);
    sum += other.into();
    sum
}

#[inline]
fn part<N>(
    octets: [u64; 2],
    packets: N,
    [first, mate]: [(i64, i64); 2],
    is_connection: bool,
) -> Part<N> {
    Part {
        octets,
        packets,
        first: first.0.min(mate.0),
        last: first.1.max(mate.1),
        is_connection,
    }
}
