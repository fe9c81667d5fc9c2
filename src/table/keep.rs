//! How much of a table is kept when its input never ends. Rows go by whole
//! chunks of the columns, the oldest first; those that stay keep their numbers.

use super::column::{CHUNK, Column};
use super::store::{RowId, Side, SideColumns, Table};
use crate::model::attr::Attr;

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Keep {
    /// At least so many rows.
    Rows(u32),
    /// What was received within so many seconds before the newest packet.
    Seconds(f64),
}

impl Table {
    /// Lets go of the oldest chunk of rows if none of it is to be kept.
    pub(super) fn shed(&mut self, keep: Keep, newest: f64) -> bool {
        let full = self.len() as usize > CHUNK;
        let old = full
            && match keep {
                Keep::Rows(rows) => self.len() - CHUNK as u32 >= rows,
                Keep::Seconds(seconds) => self.oldest().all(|time| time < newest - seconds),
            };
        if old {
            self.shed_chunk();
        }
        old
    }

    fn oldest_rows(&self) -> std::ops::Range<RowId> {
        self.first..self.first + CHUNK as u32
    }

    /// When the flows of the oldest chunk were received, the latest rows first.
    fn oldest(&self) -> impl Iterator<Item = f64> {
        let rows = self.oldest_rows().rev().map(|id| self.row(id));
        let times = rows.flat_map(|row| {
            let sides = [Side::First, Side::Mate];
            sides.map(|side| row.record(side).map(|(packet, _)| packet.received))
        });
        times.flatten()
    }

    fn shed_chunk(&mut self) {
        for id in self.oldest_rows() {
            let row = self.row(id);
            let sides = [Side::First, Side::Mate].map(|side| row.start(side).is_some());
            let flows = sides.into_iter().map(u64::from).sum::<u64>();
            let (bytes, packets) = (row.sum(Attr::Octets), row.sum(Attr::Packets));
            let scaled = self.estimated(id);
            let connections = u64::from(row.is_connection());
            let totals = &mut self.totals;
            totals.flows -= flows;
            totals.dropped += flows;
            totals.connections -= connections;
            totals.bytes -= bytes;
            totals.packets -= packets;
            totals.scaled[0] -= scaled[0];
            totals.scaled[1] -= scaled[1];
        }
        self.first += CHUNK as u32;
        self.each_column(Column::shed);
        let first = self.sides[Side::First as usize].packet.get(self.first);
        if let Some(packet) = first {
            // rows are in the order of their first flows' packets
            self.packets.shed(packet as u32);
        }
    }

    /// Does something to every column. The compiler asks what is to be done with a new one.
    fn each_column(&mut self, mut work: impl FnMut(&mut Column)) {
        let Table {
            exporter,
            protocol,
            hosts,
            ports,
            odd_hosts,
            odd_ports,
            evidence,
            skew,
            reason,
            distance,
            sides,
            edition: _,
            first: _,
            len: _,
            addresses: _,
            packets: _,
            exporters: _,
            files: _,
            totals: _,
            is_scaled: _,
        } = self;
        let alone = [exporter, protocol, evidence, skew, reason, distance];
        let ends = [hosts, ports, odd_hosts, odd_ports];
        let sides = sides.iter_mut().flat_map(columns);
        let all = alone.into_iter().chain(ends.into_iter().flatten());
        all.chain(sides).for_each(&mut work);
    }

    /// Bytes of memory that it takes, without what answers take.
    pub(super) fn bytes(&mut self) -> usize {
        let mut bytes = self.addresses.bytes() + self.packets.bytes();
        self.each_column(|column| bytes += column.bytes());
        bytes
    }
}

fn columns(side: &mut SideColumns) -> impl Iterator<Item = &mut Column> {
    let SideColumns {
        start,
        uptime,
        elapsed,
        packet,
        index,
        approximate,
        repeats,
        attrs,
    } = side;
    let alone = [start, uptime, elapsed, packet, index, approximate, repeats];
    alone.into_iter().chain(attrs)
}
