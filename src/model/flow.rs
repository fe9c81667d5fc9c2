//! `Flow`: one valid simplex record (a uniflow in the words of RFC 5103), and
//! `Packet`, the export datagram it came in. Free of I/O and of spelling.

use std::net::IpAddr;

use super::attr::Attrs;
use super::protocol;

/// When a flow began, as far as the exporter tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// Unix time in milliseconds.
    pub absolute: i64,
    /// The exporter's own clock: milliseconds of uptime, 32 bit and wrapping.
    pub uptime: Option<u32>,
    /// The absolute time is a stand-in (export or receiving time).
    pub approximate: bool,
}

/// A simplex flow record.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Source address.
    pub src: IpAddr,
    /// Destination address.
    pub dst: IpAddr,
    /// Source port, if the record has one that fits.
    pub src_port: Option<u16>,
    /// Destination port, if the record has one that fits.
    pub dst_port: Option<u16>,
    /// IANA protocol number; a number outside 0..=255 is kept as it was sent.
    pub protocol: Option<i32>,
    /// When it began.
    pub start: Start,
    /// Milliseconds from start to end, negative when the exporter says so.
    pub elapsed: Option<i64>,
    /// The stored scalars.
    pub attrs: Attrs,
    /// The record's place in its packet, from 0.
    pub index: u32,
    /// The addresses were spelled as text (the analyzer compares spellings).
    pub textual: bool,
    /// It has IPv4 addresses too, which are empty: the analyzer takes those.
    pub empty_ipv4: bool,
    /// A record the collector read past the end of its set: no flow at all,
    /// except for the analyzer pairing, which takes it as one.
    pub phantom: bool,
}

/// Source and destination port, as far as they are known.
pub type Ports = (Option<u16>, Option<u16>);

impl Flow {
    /// The ports that identify the flow: both for transports that have ports,
    /// `None` for the others.
    pub fn key_ports(&self) -> Option<Ports> {
        self.protocol
            .is_some_and(protocol::has_ports)
            .then_some((self.src_port, self.dst_port))
    }
}

/// Where the text of a line stands, so that it can be read again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineAt {
    /// Which of the files, in the order they were given.
    pub file: u32,
    /// Line number, from 1.
    pub line: u64,
    /// Byte offset of the gzip member the line begins in (0 in plain text).
    pub member: u64,
    /// Inflated bytes between the member's begin and the line's.
    pub skip: u64,
}

/// What sequence numbers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Flows (v5).
    Flows,
    /// Export packets (v9: RFC 3954, 5.1).
    Packets,
    /// Data records (IPFIX: RFC 7011, 3.1).
    Records,
}

impl Counted {
    /// What those of an export version do.
    pub fn by(version: Option<u16>) -> Self {
        match version {
            Some(9) => Counted::Packets,
            Some(10) => Counted::Records,
            _ => Counted::Flows,
        }
    }
}

/// What the header of an export datagram says of the export itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Export {
    /// Which of the exporter's processes sent it: v5 engine type and id, v9
    /// source id, IPFIX observation domain.
    pub domain: Option<u32>,
    /// The port it was sent from: with the domain that is whose numbers and options data
    /// belong together (RFC 7011, 2, transport session; several processes at one address may
    /// have the same domain).
    pub port: Option<u16>,
    /// The sequence number, 32 bit and wrapping; see [`Counted`].
    pub sequence: Option<u32>,
    /// Records in the packet: as announced, else as they were found.
    pub records: u64,
    /// The sampling as it stands in a v5 header (Cisco's `sampling_interval`): two bits of
    /// mode, fourteen of interval, which is one of so many packets.
    pub v5_sampling: Option<u16>,
    /// One of so many packets is looked at, as a record announces it: options data (RFC 5477,
    /// Cisco's `SAMPLING_INTERVAL`), or goflow2's `sampling_rate`.
    pub announced_interval: Option<u32>,
    /// When the exporter was started, Unix milliseconds: the header's clock less its uptime
    /// (v1, v5, and v9 by RFC 3954, 5.1).
    pub header_boot: Option<i64>,
}

/// What a packet is made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// An export datagram.
    #[default]
    Export,
    /// One record that another program wrote.
    Record,
    /// Such a record with both directions of a connection (RFC 5103): two flows,
    /// first the one of the side that began.
    Biflow,
}

/// Exporters that are told apart: any name can be written into an export.
pub const EXPORTER_NAMES: usize = 1 << 16;
/// What all others are called.
pub const OTHER_EXPORTERS: &str = "(other exporters)";

/// One export datagram: a time key of a collector's line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packet {
    /// The time key as it was spelled (the analyzer sorts by its text).
    pub key: String,
    /// The time key: when the collector received the packet, Unix seconds.
    pub received: f64,
    /// The exporter's address or, if that is none, its cleaned text.
    pub exporter: Option<String>,
    /// Export version 1, 5, 9 or 10, if the packet tells.
    pub version: Option<u16>,
    /// When its exporter was started, Unix milliseconds, as one of its records says: IPFIX's
    /// `systemInitTimeMilliseconds` (IANA 160), in options data as a rule.
    pub options_boot: Option<i64>,
    /// What its header says of the export.
    pub export: Export,
    /// Its flows' uptimes can be dated only by when the exporter was started.
    pub undated: bool,
    /// By how much its flows' octets and packets have to be multiplied to be those
    /// of all packets: the interval in force, as far as its exporter has told.
    pub scale_factor: Option<u32>,
    /// What it is made from.
    pub shape: Shape,
    /// The flows and phantoms, in the order of the packet.
    pub flows: Vec<Flow>,
}
