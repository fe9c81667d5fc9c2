//! `Table`, the columns themselves, and what is known of the packets and
//! exporters that their rows point to.

use std::net::IpAddr;
use std::sync::Arc;

use super::chunked::Chunked;
use super::column::{Column, number_of, order_of, zigzag};
use crate::model::attr::{self, UNKNOWN};
use crate::model::flow::{Flow, LineAt, Start};

/// A row's number; it never changes.
pub type RowId = u32;

/// One of the two flows of a row: the one that came first in the file, or its mate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Side {
    /// The earlier flow in the file.
    First = 0,
    /// The later one.
    Mate = 1,
}

impl Side {
    /// The other side.
    pub fn other(self) -> Side {
        match self {
            Side::First => Side::Mate,
            Side::Mate => Side::First,
        }
    }
}

/// An export packet, as far as rows refer to it.
#[derive(Clone, Debug, PartialEq)]
pub struct PacketInfo {
    /// Where its line stands.
    pub place: LineAt,
    /// Which packet of the line it is.
    pub ordinal: u32,
    /// When it was received, Unix seconds.
    pub received: f64,
    /// Number of the exporter.
    pub exporter: u32,
    /// Export version.
    pub version: Option<u16>,
    /// By how much octets and packets are multiplied in a table that is scaled.
    pub factor: u32,
}

/// What a flow's place in the input and its times are made of.
#[derive(Clone, Debug, Default)]
pub(super) struct SideColumns {
    pub start: Column,
    pub uptime: Column,
    pub elapsed: Column,
    pub packet: Column,
    pub index: Column,
    /// 1 where the start is approximate.
    pub approximate: Column,
    /// The number of the flow that this one repeats.
    pub repeats: Column,
    pub attrs: [Column; attr::COUNT],
}

impl SideColumns {
    pub fn set(&mut self, row: RowId, flow: &Flow, packet: u32) {
        self.start.set(row, order_of(flow.start.absolute));
        let uptime = flow.start.uptime.map_or(UNKNOWN, u64::from);
        self.uptime.set(row, uptime);
        self.elapsed.set(row, flow.elapsed.map_or(UNKNOWN, zigzag));
        self.packet.set(row, u64::from(packet));
        self.index.set(row, u64::from(flow.index));
        if flow.start.approximate {
            self.approximate.set(row, 1);
        }
        // what is never written is unknown
        for (attr, value) in flow.attrs.known() {
            self.attrs[attr].set(row, value);
        }
    }

    pub fn begin(&self, row: RowId) -> Option<Start> {
        Some(Start {
            absolute: number_of(self.start.get(row)?),
            uptime: self.uptime.get(row).map(|uptime| uptime as u32),
            approximate: self.approximate.get(row).is_some(),
        })
    }
}

/// Sums over all flows that have a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Flows, two in a connection.
    pub flows: u64,
    /// Rows with both sides.
    pub connections: u64,
    /// Octets, unknown ones left out.
    pub bytes: u128,
    /// Packets, unknown ones left out.
    pub packets: u128,
    /// Octets and packets times the sampling.
    pub scaled: [u128; 2],
    /// The sampling of some flow makes a difference.
    pub is_sampled: bool,
    /// Flows that have no row, because the analyzer's rules leave them out.
    pub left_out: u64,
    /// Flows whose rows were not kept; they are in none of the other sums.
    pub dropped: u64,
}

/// Marks what cannot be told apart: the clones of one snapshot.
#[derive(Clone, Debug, Default)]
pub struct Edition(Arc<()>);

impl PartialEq for Edition {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The table. Cloning it is cheap and gives a snapshot.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub(super) edition: Edition,
    /// The rows before this one were not kept.
    pub(super) first: RowId,
    /// The row after the last one.
    pub(super) len: u32,
    pub(super) exporter: Column,
    pub(super) protocol: Column,
    /// Addresses of the first flow: source, destination.
    pub(super) hosts: [Column; 2],
    /// Ports of the first flow: source, destination.
    pub(super) ports: [Column; 2],
    /// Addresses and ports of a mate that is not the first flow's reverse: the
    /// analyzer pairs such, and ICMP may have anything for ports.
    pub(super) odd_hosts: [Column; 2],
    pub(super) odd_ports: [Column; 2],
    /// How the row was paired, and by how much its starts differ.
    pub(super) evidence: Column,
    pub(super) skew: Column,
    /// Why the row is unmatched, and the distance of a near miss in milliseconds.
    pub(super) reason: Column,
    pub(super) distance: Column,
    pub(super) sides: [SideColumns; 2],
    pub(super) addresses: Chunked<IpAddr>,
    pub(super) packets: Chunked<PacketInfo>,
    pub(super) exporters: Arc<Vec<Option<String>>>,
    pub(super) files: Arc<Vec<String>>,
    pub(super) totals: Totals,
    /// Octets and packets are read times the sampling.
    pub(super) is_scaled: bool,
}

impl Table {
    /// Which snapshot it is.
    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    /// How many rows there are.
    pub fn len(&self) -> u32 {
        self.len - self.first
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names of all exporters, by number.
    pub fn exporters(&self) -> &[Option<String>] {
        &self.exporters
    }

    /// All addresses, by number.
    pub fn addresses(&self) -> impl Iterator<Item = &IpAddr> {
        self.addresses.iter()
    }

    /// An address by its number.
    pub fn address(&self, number: u32) -> Option<IpAddr> {
        self.addresses.get(number).copied()
    }

    /// How many addresses there are.
    pub fn address_count(&self) -> usize {
        self.addresses.len()
    }

    /// An export packet by its number.
    pub fn packet(&self, number: u32) -> Option<&PacketInfo> {
        self.packets.get(number)
    }

    /// All export packets in the order they were read.
    pub fn packets(&self) -> impl Iterator<Item = &PacketInfo> {
        self.packets.iter()
    }
}
