//! A record as its exporter sent it: keys and values as text, for the detail
//! pane, and what is known of it, so that no other is taken for it.

use std::net::IpAddr;

use super::flow::LineAt;

/// Keys and values of an object, cleaned for a terminal.
pub type Fields = Vec<(String, String)>;

/// A record that is to be read again: where it stands, and what it said when
/// it was loaded. The file may have been replaced since.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Where its line stands.
    pub place: LineAt,
    /// Which packet of the line holds it.
    pub ordinal: u32,
    /// Its place in the packet.
    pub index: u32,
    /// When the packet was received.
    pub received: f64,
    /// What the record said.
    pub marks: Marks,
}

/// What tells a record from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// Source and destination address.
    pub hosts: [Option<IpAddr>; 2],
    /// Source and destination port.
    pub ports: [Option<u16>; 2],
    /// When it began, by the exporter's own clock.
    pub uptime: Option<u32>,
    /// Its octets and packets.
    pub counts: [Option<u64>; 2],
}

/// The header of a packet and one of its records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRecord {
    /// Members of the packet's header.
    pub header: Fields,
    /// Members of the record.
    pub record: Fields,
}
