//! Duplicates: one flow that is in the input twice, because two devices reported
//! it or because two files have the same export. Asked, like reasons, once the
//! input is there, and again as it grows: an answer depends on the rows alone.
//!
//! Two flows are the same if protocol, addresses, ports, octets and packets are
//! equal, one of them is from another exporter or file, and start and end are
//! equal too. Between two devices, which have clocks of their own, start and end
//! may differ by [`CLOCKS`], but must have been told and not be stand-ins. What one
//! exporter says twice in one file is two flows. Each flow is repeated at most once
//! by each exporter in each file: two equal flows of two devices are two flows, seen
//! twice. Where a flow is in a connection, that one counts; else the first in the table.
//!
//! A row is a duplicate when all its flows are; sums leave out every flow that is,
//! whatever it was paired with. Nothing is kept or looked at while
//! there is one exporter in one file.

use std::hash::BuildHasher;

use foldhash::HashMap;
use foldhash::fast::FixedState;

use super::rows::Row;
use super::scan::Stored;
use super::share::in_parallel;
use super::store::{RowId, Side, Table};
use crate::model::attr::{Attr, UNKNOWN};
use crate::model::end::End;

/// How many milliseconds the clocks of two devices may differ.
pub const CLOCKS: i64 = 1000;
/// So many flows are compared in one go, which bounds the memory it takes.
const SHARE: u64 = 1 << 24;
/// So many flows that may be the same are looked at, and so many are taken for one:
/// no hostile file can ask for more.
const LOOK: usize = 32;
const MOST: usize = 64;
/// The attributes that are equal.
const COUNTERS: [Attr; 2] = [Attr::Octets, Attr::Packets];

/// A flow's number: its row times two, and one more for the mate.
type FlowNumber = u64;

fn flow(row: RowId, side: Side) -> FlowNumber {
    u64::from(row) << 1 | side as u64
}

fn place(flow: FlowNumber) -> (RowId, Side) {
    let side = if flow & 1 == 0 {
        Side::First
    } else {
        Side::Mate
    };
    ((flow >> 1) as RowId, side)
}

/// What duplicates are in a table, which were read but are seen twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Duplicates {
    /// Connections of which both flows are.
    pub connections: u64,
    /// Unmatched flows.
    pub unmatched: u64,
    /// All flows, in whichever rows.
    pub flows: u64,
    /// Their octets, unknown ones left out.
    pub bytes: u128,
    /// Their packets.
    pub packets: u128,
}

impl Table {
    /// Sums over all flows that repeat others.
    pub fn duplicates(&self) -> Duplicates {
        let mut sums = Duplicates::default();
        let chunks = (0..self.chunks()).filter(|&chunk| self.may_repeat(chunk));
        let rows = chunks.flat_map(|chunk| {
            let (first, rows) = self.chunk_rows(chunk);
            (first..).take(rows)
        });
        for row in rows.map(|id| self.row(id)) {
            let sides = [Side::First, Side::Mate].into_iter();
            for side in sides.filter(|&side| row.repeats(side).is_some()) {
                let count = |attr| u128::from(row.attr(side, attr).unwrap_or(0));
                sums.flows += 1;
                sums.bytes += count(Attr::Octets);
                sums.packets += count(Attr::Packets);
            }
            match (row.is_duplicate(), row.is_connection()) {
                (true, true) => sums.connections += 1,
                (true, false) => sums.unmatched += 1,
                (false, _) => {}
            }
        }
        sums
    }

    /// Whether there may be any.
    pub fn repeats(&self) -> bool {
        (0..self.chunks()).any(|chunk| self.may_repeat(chunk))
    }

    /// Whether a number of the column says that its row is a duplicate: the flow
    /// that it repeats may have been let go.
    pub fn is_repeated(&self, repeated: u64) -> bool {
        repeated != UNKNOWN && place(repeated).0 >= self.first
    }
}

impl Row<'_> {
    /// The flow that a side repeats, if it does.
    pub fn repeats(&self, side: Side) -> Option<(RowId, Side)> {
        let repeated = self.table.sides[side as usize].repeats.raw(self.id);
        self.table.is_repeated(repeated).then(|| place(repeated))
    }

    /// Whether all its flows repeat others.
    pub fn is_duplicate(&self) -> bool {
        let has = |side| self.repeats(side).is_some();
        has(Side::First) && (has(Side::Mate) || !self.is_connection())
    }

    /// The file and the line in which the flow stands that its first one repeats,
    /// if it is a duplicate.
    pub fn repeated_at(&self) -> Option<String> {
        let (id, side) = self.repeats(Side::First).filter(|_| self.is_duplicate())?;
        let place = self.table.row(id).record(side)?.0.place;
        let file = self.table.files.get(place.file as usize)?;
        let name = file.rsplit('/').next().unwrap_or(file);
        Some(format!("{name}:{}", place.line))
    }
}

/// Writes which flows repeat others.
pub(super) fn find(target: &mut Table) {
    if target.exporters.len() < 2 && target.files.len() < 2 {
        return;
    }
    let mut found = repeated(target);
    found.sort_unstable();
    let mut found = found.into_iter().peekable();
    for id in target.first..target.len {
        for side in [Side::First, Side::Mate] {
            let repeat = found.next_if(|repeat| repeat.0 == flow(id, side));
            let value = repeat.map_or(UNKNOWN, |repeat| repeat.1);
            let column = &mut target.sides[side as usize].repeats;
            // snapshots share what stays the same
            if column.raw(id) != value {
                column.set(id, value);
            }
        }
    }
}

/// Every flow that repeats another one, and that one.
fn repeated(table: &Table) -> Vec<(FlowNumber, FlowNumber)> {
    let parts = table.totals.flows / SHARE + 1;
    let mut found = Vec::new();
    for part in 0..parts {
        let hashes = |chunk| hashes(table, chunk, |hash| hash % parts == part);
        let mut hashes = in_parallel(table.chunks(), hashes).concat();
        hashes.sort_unstable();
        let runs = hashes.chunk_by(|one, other| one.0 == other.0);
        for run in runs.filter(|run| run.len() > 1) {
            let seen = run.iter().filter_map(|&(_, flow)| Seen::of(table, flow));
            let mut seen: Vec<Seen> = seen.collect();
            seen.sort_unstable_by_key(|seen| (seen.key, seen.start, seen.elapsed, seen.flow));
            for same in seen.chunk_by(|one, other| one.key == other.key) {
                of_one_key(same, &mut found);
            }
        }
    }
    found
}

/// The flows of a chunk by the hash of what is equal, as far as it is in question.
fn hashes(table: &Table, chunk: usize, is_asked: impl Fn(u64) -> bool) -> Vec<(u64, FlowNumber)> {
    let read = |source| table.values(source, chunk);
    let state = FixedState::default();
    let (first, rows) = table.chunk_rows(chunk);
    let protocols = read(Stored::Protocol);
    let ends = End::BOTH.map(|end| [read(Stored::Host(end)), read(Stored::Port(end))]);
    let odd = read(Stored::OddHost(End::Source));
    let mut found = Vec::with_capacity(rows);
    for side in [Side::First, Side::Mate] {
        let starts = read(Stored::Start(side));
        let counters = COUNTERS.map(|attr| read(Stored::Attr(side, attr)));
        for at in (0..rows).filter(|&at| starts[at] != UNKNOWN) {
            let id = first + at as u32;
            let whom = |end: usize| [&ends[end][0], &ends[end][1]].map(|column| column[at]);
            let whom = match side {
                Side::First => [whom(0), whom(1)],
                Side::Mate if odd[at] == UNKNOWN => [whom(1), whom(0)],
                Side::Mate => table
                    .row(id)
                    .ends(side)
                    .map(|end| [u64::from(end.host), end.port.map_or(UNKNOWN, u64::from)]),
            };
            let [octets, packets] = [0, 1].map(|which: usize| counters[which][at]);
            let hash = state.hash_one((protocols[at], whom, octets, packets));
            if is_asked(hash) {
                found.push((hash, flow(id, side)));
            }
        }
    }
    found
}

/// What is equal of two flows that are the same.
type Key = (Option<i32>, [(u32, Option<u16>); 2], [Option<u64>; 2]);

/// A flow as one exporter has seen it.
struct Seen {
    key: Key,
    start: i64,
    elapsed: Option<i64>,
    approximate: bool,
    flow: FlowNumber,
    exporter: u32,
    file: u32,
    is_paired: bool,
}

impl Seen {
    fn of(table: &Table, flow: FlowNumber) -> Option<Seen> {
        let (id, side) = place(flow);
        let row = table.row(id);
        let (packet, _) = row.record(side)?;
        let start = row.start(side)?;
        Some(Seen {
            key: (
                row.protocol(),
                row.ends(side).map(|end| (end.host, end.port)),
                COUNTERS.map(|attr| row.attr(side, attr)),
            ),
            start: start.absolute,
            elapsed: row.elapsed(side),
            approximate: start.approximate,
            flow,
            exporter: packet.exporter,
            file: packet.place.file,
            is_paired: row.is_connection(),
        })
    }

    /// Whether both are one flow, since all else is equal.
    fn is_same(&self, other: &Seen) -> bool {
        if self.exporter == other.exporter {
            let is_equal = (self.start, self.elapsed) == (other.start, other.elapsed);
            return is_equal && self.file != other.file;
        }
        let near = |one: i64, other: i64| one.abs_diff(other) <= CLOCKS as u64;
        let ends = [self, other].map(|seen| Some(seen.start.saturating_add(seen.elapsed?)));
        let end = match ends {
            [Some(one), Some(other)] => near(one, other),
            ends => ends == [None, None],
        };
        let is_told = !self.approximate && !other.approximate;
        is_told && end && near(self.start, other.start)
    }
}

/// Goes through the flows of one key, in order of time: each is taken together with
/// the first flow before it that is the same and that its exporter and file have not
/// repeated, nor passed over.
fn of_one_key(seen: &[Seen], found: &mut Vec<(FlowNumber, FlowNumber)>) {
    let mut groups: Vec<Vec<&Seen>> = Vec::new();
    // groups before this one are too old for all that comes
    let mut alive = 0;
    let mut passed: HashMap<(u32, u32), usize> = HashMap::default();
    for one in seen {
        let is_old = |group: &Vec<&Seen>| one.start.saturating_sub(group[0].start) > CLOCKS;
        alive += groups[alive..]
            .iter()
            .take_while(|&group| is_old(group))
            .count();
        let passed = passed.entry((one.exporter, one.file)).or_default();
        let from = alive.max(*passed);
        let mut open = groups.iter().enumerate().skip(from).take(LOOK);
        let same = open
            .find(|(_, group)| group.len() < MOST && group.iter().all(|other| one.is_same(other)));
        let at = same.map_or(groups.len(), |same| same.0);
        match groups.get_mut(at) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
        *passed = at + 1;
    }
    for group in groups.iter().filter(|group| group.len() > 1) {
        let counted = group.iter().map(|seen| (!seen.is_paired, seen.flow)).min();
        let counted = counted.map_or(UNKNOWN, |counted| counted.1);
        let others = group.iter().filter(|seen| seen.flow != counted);
        found.extend(others.map(|seen| (seen.flow, counted)));
    }
}
