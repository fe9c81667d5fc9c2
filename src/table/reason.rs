//! Why a flow has no peer: asked once all input is there, since the answer
//! depends on every other flow.

use std::net::IpAddr;

use foldhash::HashMap;

use super::nearest::later;
use super::pair::FlowKey;
use super::rows::Row;
use super::scan::Stored;
use super::share::in_parallel;
use super::sieve::Sieve;
use super::skew::difference;
use super::store::{RowId, Side, Table};
use super::verdict::Reason;
use crate::model::attr::{Attr, UNKNOWN};
use crate::model::flow::Start;
use crate::model::protocol::{self, RST, SYN, TCP};

/// Unmatched rows that are looked at in one go.
const SHARE: usize = 4096;

/// Starts of the flows that go the other way, by their own key.
type Others = HashMap<FlowKey, Starts>;

/// Starts in order of absolute time, and of the exporter's own clock where some of the
/// absolute times are stand-ins: many flows may have one of these in common.
#[derive(Default)]
struct Starts {
    by_time: Vec<(i64, Start)>,
    by_clock: Vec<(i64, Start)>,
}

impl Starts {
    fn sort(&mut self) {
        self.by_time.sort_by_key(|start| start.0);
        if self.by_time.iter().any(|start| start.1.approximate) {
            let starts = self.by_time.iter().map(|start| start.1);
            let told = starts.filter_map(|start| Some((start.uptime?.into(), start)));
            self.by_clock = told.collect();
            self.by_clock.sort_by_key(|start| start.0);
        }
    }

    /// Those that are nearest by either.
    fn near(&self, start: Start) -> impl Iterator<Item = Start> {
        let by_time = around(&self.by_time, start.absolute);
        let uptime = start.uptime.map(i64::from);
        let by_clock = uptime.map_or(&[][..], |uptime| around(&self.by_clock, uptime));
        by_time.iter().chain(by_clock).map(|start| start.1)
    }
}

/// Some on either side of a moment.
fn around(starts: &[(i64, Start)], moment: i64) -> &[(i64, Start)] {
    let at = starts.partition_point(|start| start.0 < moment);
    &starts[at.saturating_sub(4)..starts.len().min(at + 4)]
}

/// Writes the reason of every unmatched row that has none yet, or of all.
pub fn explain(target: &mut Table, tolerance: i64, all: bool) {
    let table = &*target;
    let unmatched = unmatched(table, all);
    let others = other_directions(table, &unmatched);
    let shares: Vec<&[RowId]> = unmatched.chunks(SHARE).collect();
    let reasons = in_parallel(shares.len(), |share| {
        let reason = |&id: &RowId| (id, reason_of(table.row(id), &others, tolerance));
        shares[share].iter().map(reason).collect::<Vec<_>>()
    });
    for (id, (reason, distance)) in reasons.into_iter().flatten() {
        let distance = distance.unwrap_or(UNKNOWN);
        // snapshots share what stays the same
        for (column, value) in [
            (&mut target.reason, reason as u64),
            (&mut target.distance, distance),
        ] {
            if column.raw(id) != value {
                column.set(id, value);
            }
        }
    }
}

fn unmatched(table: &Table, all: bool) -> Vec<RowId> {
    let found = in_parallel(table.chunks(), |chunk| {
        let evidence = table.values(Stored::Evidence, chunk);
        let reasons = table.values(Stored::Reason, chunk);
        let is_asked = |at: &usize| evidence[*at] == UNKNOWN && (all || reasons[*at] == UNKNOWN);
        let first = table.chunk_rows(chunk).0;
        let places = (0..evidence.len()).filter(is_asked);
        places.map(|at| first + at as u32).collect::<Vec<RowId>>()
    });
    found.concat()
}

fn other_directions(table: &Table, unmatched: &[RowId]) -> Others {
    let asked = unmatched.iter();
    let asked = asked.filter_map(|&id| key_of(table.row(id), Side::First));
    let sieve = Sieve::of(asked.map(FlowKey::reversed), unmatched.len());
    let found = in_parallel(table.chunks(), |chunk| {
        let candidates = sieve.candidates(table, chunk);
        let flows = candidates.into_iter().flat_map(|id| {
            let row = table.row(id);
            [Side::First, Side::Mate].map(|side| {
                let key = key_of(row, side).filter(|key| sieve.passes(key))?;
                row.start(side).map(|start| (key, start))
            })
        });
        flows.flatten().collect::<Vec<_>>()
    });
    let mut others = Others::default();
    for (key, start) in found.into_iter().flatten() {
        let starts = &mut others.entry(key).or_default().by_time;
        starts.push((start.absolute, start));
    }
    others.values_mut().for_each(Starts::sort);
    others
}

fn key_of(row: Row, side: Side) -> Option<FlowKey> {
    let [src, dst] = row.ends(side);
    let ports = row.has_ports().then_some((src.port, dst.port));
    let hosts = [src.host, dst.host];
    Some(FlowKey::new(
        row.exporter_number(),
        row.protocol()?,
        hosts,
        ports,
    ))
}

fn reason_of(row: Row, others: &Others, tolerance: i64) -> (Reason, Option<u64>) {
    let [_, dst] = row.ends(Side::First);
    if row.address(dst).is_some_and(is_group) {
        return (Reason::Multicast, None);
    }
    if let Some((distance, within)) = nearest_other(row, others, tolerance) {
        return if within {
            (Reason::Collision, None)
        } else {
            (Reason::NearMiss, Some(distance))
        };
    }
    let attr = |attr| row.attr(Side::First, attr);
    let flags = attr(Attr::TcpFlags).unwrap_or(0);
    if row.protocol() == Some(TCP) && flags & SYN != 0 && flags & !(SYN | RST) == 0 {
        return (Reason::Scan, None);
    }
    let echo = |protocol| {
        attr(Attr::IcmpTypeCode)
            .or_else(|| dst.port.map(u64::from))
            .is_some_and(|kind| protocol::is_echo_request(protocol, kind))
    };
    if row.protocol().is_some_and(echo) {
        return (Reason::Ping, None);
    }
    (Reason::OneWay, None)
}

/// Whether nobody answers as this address: a group, or everyone on a network.
fn is_group(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_multicast() || v4.is_broadcast(),
        IpAddr::V6(v6) => v6.is_multicast(),
    }
}

/// Milliseconds to the nearest flow in the other direction, and whether the
/// tolerance would have let both pair. Looked for among the nearest.
fn nearest_other(row: Row, others: &Others, tolerance: i64) -> Option<(u64, bool)> {
    let start = row.start(Side::First)?;
    let key = key_of(row, Side::First)?;
    let near = others.get(&key.reversed())?.near(start);
    // a flow from an address to itself is its own reverse
    near.filter(|&other| other != start || key != key.reversed())
        .map(|other| {
            let within = difference(start, other, tolerance).is_some();
            (!within, later(start, other).unsigned_abs(), within)
        })
        .min()
        .map(|(_, distance, within)| (distance, within))
}
