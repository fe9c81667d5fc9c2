//! What the rows of a chunk add to their groups, made of columns as they are kept
//! when it is asked for: a list of it all would be wider than the columns are.

use std::borrow::Cow;

use super::tally::Addend;
use crate::model::attr::{Attr, UNKNOWN};
use crate::query::columns::chunk::Chunk;
use crate::query::columns::counters::{Count, Counter, Counters, for_counters};
use crate::query::time::times::{Times, interval, near};
use crate::table::column::{order_of, zigzag};
use crate::table::scan::ROWS;
use crate::table::store::Side;

/// The columns that make up what is added. Those in 32 bits are as long as a whole
/// chunk's: then nobody has to look whether a place is within them.
pub struct Columns<'c, 'a> {
    rows: usize,
    octets: Cow<'c, Counters<'a>>,
    packets: Cow<'c, Counters<'a>>,
    times: [Times<'a>; 2],
    evidence: Cow<'c, [u32]>,
}

impl<'c, 'a> Columns<'c, 'a> {
    /// Reads them.
    pub fn read(chunk: &'c Chunk<'a>) -> Self {
        let mut columns = Columns {
            rows: chunk.rows,
            octets: chunk.counted(Attr::Octets),
            packets: chunk.counted(Attr::Packets),
            times: Times::both(chunk),
            evidence: chunk.evidence().into(),
        };
        if chunk.rows < ROWS {
            columns.lengthen();
        }
        columns
    }

    fn lengthen(&mut self) {
        for counters in [&mut self.octets, &mut self.packets] {
            if let Counters::Narrow(sides) = counters.to_mut() {
                sides.iter_mut().for_each(lengthen);
            }
        }
        for times in &mut self.times {
            if let Times::Near { cells, .. } = times {
                cells.iter_mut().for_each(lengthen);
            }
        }
        lengthen(&mut self.evidence);
    }

    /// What each row adds.
    pub fn addends<N: Counter>(&self) -> Addends<'_, N> {
        match self.near() {
            Some(near) => Addends::Near(near),
            None => Addends::Far(self.far()),
        }
    }

    fn near(&self) -> Option<Near<'_>> {
        let (Counters::Narrow(octets), Counters::Narrow(packets)) = (&*self.octets, &*self.packets)
        else {
            return None;
        };
        Some(Near {
            octets: wholes(octets)?,
            packets: wholes(packets)?,
            times: [Began::of(&self.times[0])?, Began::of(&self.times[1])?],
            evidence: (*self.evidence).try_into().ok()?,
        })
    }

    fn far<N: Counter>(&self) -> Vec<Addend<N>> {
        let octets = for_counters!(&*self.octets, sides => listed(sides));
        let packets = for_counters!(&*self.packets, sides => listed(sides));
        let times = self.times.each_ref().map(Times::view);
        let rows = octets.into_iter().zip(packets).zip(&*self.evidence);
        let rows = rows.take(self.rows);
        let addend = |(place, ((octets, [own, other]), &evidence)): (usize, ((_, [u64; 2]), _))| {
            let times = times.map(|side| side.of(place));
            addend(octets, both(own, other), times, evidence != u32::MAX)
        };
        rows.enumerate().map(addend).collect()
    }
}

/// Columns that are as long as a whole chunk's.
fn wholes<'c>([one, other]: &'c [Cow<'_, [u32]>; 2]) -> Option<[&'c [u32; ROWS]; 2]> {
    Some([(**one).try_into().ok()?, (**other).try_into().ok()?])
}

fn lengthen(column: &mut Cow<'_, [u32]>) {
    column.to_mut().resize(ROWS, u32::MAX);
}

fn listed<C: Count>(sides: [&[C]; 2]) -> Vec<[u64; 2]> {
    let rows = sides[0].iter().zip(sides[1]);
    rows.map(|(first, mate)| [first.count(), mate.count()])
        .collect()
}

/// What each row adds.
pub enum Addends<'a, N> {
    /// Of columns in 32 bits.
    Near(Near<'a>),
    /// Of others.
    Far(Vec<Addend<N>>),
}

/// Columns in 32 bits, of first flows and of mates.
pub struct Near<'a> {
    octets: [&'a [u32; ROWS]; 2],
    packets: [&'a [u32; ROWS]; 2],
    times: [Began<'a>; 2],
    evidence: &'a [u32; ROWS],
}

/// Starts, counted from a base, and how long flows lasted.
struct Began<'a> {
    base: i64,
    cells: [&'a [u32; ROWS]; 2],
}

impl<'c> Began<'c> {
    fn of(times: &'c Times<'_>) -> Option<Self> {
        match times {
            Times::Near { base, cells } => Some(Began {
                base: *base,
                cells: wholes(cells)?,
            }),
            Times::Far(_) => None,
        }
    }
}

impl<N: Counter> Addends<'_, N> {
    /// What a row adds: in registers, which it has to be inlined for.
    #[inline(always)]
    pub fn of(&self, place: usize) -> Addend<N> {
        match self {
            Addends::Near(near) => near.of(place),
            Addends::Far(addends) => addends[place],
        }
    }
}

impl Near<'_> {
    #[inline(always)]
    fn of<N: Counter>(&self, place: usize) -> Addend<N> {
        let place = place % ROWS;
        let octets = self.octets.map(|side| side[place].count());
        let [own, other] = self.packets.map(|side| side[place].count());
        let time = |began: &Began| near(began.base, began.cells[0][place], began.cells[1][place]);
        let times = self.times.each_ref().map(time);
        addend(
            octets,
            both(own, other),
            times,
            self.evidence[place] != u32::MAX,
        )
    }
}

/// What some rows of a chunk add, a few of many.
pub fn addends_of<N: Counter>(
    chunk: &Chunk,
    places: impl Iterator<Item = usize>,
) -> Vec<Addend<N>> {
    if chunk.folds() {
        let columns = Columns::read(chunk);
        let addends = columns.addends();
        return places.map(|place| addends.of(place)).collect();
    }
    let addend = |place| {
        let row = chunk.facts(place).row;
        let counter =
            |attr| [Side::First, Side::Mate].map(|side| row.attr(side, attr).unwrap_or(0));
        let times = [Side::First, Side::Mate].map(|side| {
            let start = row.start(side).map_or(UNKNOWN, |it| order_of(it.absolute));
            interval(start, row.elapsed(side).map_or(UNKNOWN, zigzag))
        });
        let [own, other] = counter(Attr::Packets);
        addend(
            counter(Attr::Octets),
            both(own, other),
            times,
            row.is_connection(),
        )
    };
    places.map(addend).collect()
}

#[inline]
fn both<N: Counter>(own: u64, other: u64) -> N {
    let mut sum = N::from(own);
    sum += other.into();
    sum
}

#[inline]
fn addend<N>(
    octets: [u64; 2],
    packets: N,
    [first, mate]: [(i64, i64); 2],
    is_connection: bool,
) -> Addend<N> {
    Addend {
        octets,
        packets,
        first: first.0.min(mate.0),
        last: first.1.max(mate.1),
        is_connection,
    }
}
