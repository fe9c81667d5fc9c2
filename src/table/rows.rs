//! `Row`, a view of one row: plain questions, answered from the columns.

use std::net::IpAddr;

use super::column::{Column, unzigzag};
use super::store::{PacketInfo, RowId, Side, Table};
use super::verdict::{Evidence, Reason};
use crate::model::attr::Attr;
use crate::model::end::End;
use crate::model::flow::Start;
use crate::model::protocol;
use crate::model::raw::{Marks, Wanted};

/// What is at one end of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Number of the address, the same for equal addresses.
    pub host: u32,
    /// Port, if the record has one.
    pub port: Option<u16>,
}

/// One row of a table.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// The table it stands in.
    pub table: &'a Table,
    /// Its number.
    pub id: RowId,
}

impl<'a> Row<'a> {
    /// How it was paired; `None` for an unmatched flow.
    pub fn evidence(&self) -> Option<Evidence> {
        let number = self.table.evidence.get(self.id)?;
        Evidence::ALL.get(number as usize).copied()
    }

    /// Whether both directions are there.
    pub fn is_connection(&self) -> bool {
        self.evidence().is_some()
    }

    /// Start of the mate minus start of the first flow, in milliseconds, as they were compared.
    pub fn skew(&self) -> Option<i64> {
        self.table.skew.get(self.id).map(unzigzag)
    }

    /// Why it is unmatched, as far as it is known yet.
    pub fn reason(&self) -> Option<Reason> {
        let number = self.table.reason.get(self.id)?;
        Reason::ALL.get(number as usize).copied()
    }

    /// For a near miss: milliseconds to the nearest flow in the other direction.
    pub fn distance(&self) -> Option<u64> {
        self.table.distance.get(self.id)
    }

    /// The exporter's name.
    pub fn exporter(&self) -> Option<&'a str> {
        let number = self.table.exporter.get(self.id)?;
        self.table.exporters.get(number as usize)?.as_deref()
    }

    /// The name of the file that its first flow stands in.
    pub fn file(&self) -> Option<&'a str> {
        let (packet, _) = self.record(Side::First)?;
        let name = self.table.files.get(packet.place.file as usize)?;
        Some(name)
    }

    /// The exporter's number.
    pub fn exporter_number(&self) -> u32 {
        self.table.exporter.raw(self.id) as u32
    }

    /// IANA protocol number.
    pub fn protocol(&self) -> Option<i32> {
        self.table
            .protocol
            .get(self.id)
            .map(|number| unzigzag(number) as i32)
    }

    /// Whether its flows are told apart by ports.
    pub fn has_ports(&self) -> bool {
        self.protocol().is_some_and(protocol::has_ports)
    }

    /// Source and destination of one of its flows.
    pub fn ends(&self, side: Side) -> [Endpoint; 2] {
        let table = self.table;
        let at = |hosts: &[Column; 2], ports: &[Column; 2], end: End| Endpoint {
            host: hosts[end as usize].raw(self.id) as u32,
            port: ports[end as usize].get(self.id).map(|port| port as u16),
        };
        let first = End::BOTH.map(|end| at(&table.hosts, &table.ports, end));
        match side {
            Side::First => first,
            Side::Mate if table.odd_hosts[0].get(self.id).is_some() => {
                End::BOTH.map(|end| at(&table.odd_hosts, &table.odd_ports, end))
            }
            Side::Mate => [first[1], first[0]],
        }
    }

    /// The address an end stands for.
    pub fn address(&self, end: Endpoint) -> Option<IpAddr> {
        self.table.addresses.get(end.host).copied()
    }

    /// A stored attribute of one side, as it was exported.
    pub(super) fn exported(&self, side: Side, attr: Attr) -> Option<u64> {
        self.table.sides[side as usize].attrs[attr as usize].get(self.id)
    }

    /// A counter of both sides together, the unknown taken for 0.
    pub fn sum(&self, attr: Attr) -> u128 {
        [Side::First, Side::Mate]
            .iter()
            .filter_map(|&side| self.attr(side, attr))
            .map(u128::from)
            .sum()
    }

    /// When one side began.
    pub fn start(&self, side: Side) -> Option<Start> {
        self.table.sides[side as usize].begin(self.id)
    }

    /// Milliseconds one side lasted, as its exporter says; may be negative.
    pub fn elapsed(&self, side: Side) -> Option<i64> {
        self.table.sides[side as usize]
            .elapsed
            .get(self.id)
            .map(unzigzag)
    }

    /// The packet that brought one side, and the record's place in it.
    pub fn record(&self, side: Side) -> Option<(&'a PacketInfo, u32)> {
        let columns = &self.table.sides[side as usize];
        let packet = self
            .table
            .packets
            .get(columns.packet.get(self.id)? as u32)?;
        Some((packet, columns.index.get(self.id)? as u32))
    }

    /// What it takes to read the record of one side again.
    pub fn wanted(&self, side: Side) -> Option<Wanted> {
        let (packet, index) = self.record(side)?;
        let ends = self.ends(side);
        Some(Wanted {
            place: packet.place,
            ordinal: packet.ordinal,
            index,
            received: packet.received,
            marks: Marks {
                hosts: ends.map(|end| self.address(end)),
                ports: ends.map(|end| end.port),
                uptime: self.start(side).and_then(|start| start.uptime),
                counts: [Attr::Octets, Attr::Packets].map(|attr| self.exported(side, attr)),
            },
        })
    }

    /// The side that sent more bytes; when equal, the one later in the file.
    pub fn bigger(&self) -> Side {
        let octets = |side| self.attr(side, Attr::Octets).unwrap_or(0);
        if !self.is_connection() || octets(Side::First) > octets(Side::Mate) {
            Side::First
        } else {
            Side::Mate
        }
    }
}

impl Table {
    /// A row by its number.
    pub fn row(&self, id: RowId) -> Row<'_> {
        Row { table: self, id }
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (self.first..self.len).map(|id| self.row(id))
    }
}
