//! One line of the collector's file made into packets. All forms the package
//! ever wrote are read: `{time: {client, header, flows}}`, without `header`, and
//! `{time: [flow, ...], ...}` for a whole file. A line is taken as a whole or not at all.

use std::fmt;

use foldhash::HashMap;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::dialect::{Dialect, Slot};
use super::header::{ClientSeed, Header, HeaderSeed};
use super::json::RecordSeed;
use super::record::Record;
use super::scalar::ScalarSeed;
use crate::model::flow::Packet;
use crate::model::intake::Skipped;
use crate::model::text::clean;

/// The nesting of a packet's members: line, packet.
const PACKET_DEPTH: u8 = 2;

/// What a line held.
#[derive(Debug, Default)]
pub struct Line {
    /// Its packets, in order.
    pub packets: Vec<Packet>,
    /// Records that are no flows.
    pub skipped: Skipped,
    /// Values that did not fit their field.
    pub unreadable: u64,
}

/// Decodes lines; it remembers when each exporter was started (IPFIX options
/// data says so once, and flows refer to it ever after).
#[derive(Default)]
pub struct Decoder {
    dialect: Dialect,
    boots: HashMap<Option<String>, i64>,
}

impl Decoder {
    /// Decodes a line.
    ///
    /// # Errors
    /// The reason for which the line is rejected, free of control characters.
    pub fn decode(&mut self, line: &[u8]) -> Result<Line, String> {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let mut parser = serde_json::Deserializer::from_slice(line);
        let raw = LineSeed(&self.dialect)
            .deserialize(&mut parser)
            .and_then(|raw| parser.end().map(|()| raw))
            .map_err(|error| reason(&error))?;
        let mut decoded = Line::default();
        for packet in raw {
            self.finish(packet, &mut decoded)?;
        }
        if decoded.packets.is_empty() {
            return Err("an object without a time key".to_owned());
        }
        Ok(decoded)
    }

    /// Gives the records of a packet their times and sorts out what is no flow.
    fn finish(&mut self, raw: RawPacket, line: &mut Line) -> Result<(), String> {
        let received = raw.time.trim().parse::<f64>().ok();
        let Some(received) = received.filter(|time| time.abs() < 1e12) else {
            return Err(format!(
                "the time key \"{}\" is no time",
                clean(&raw.time, 40)
            ));
        };
        let mut packet = Packet {
            key: raw.time,
            received,
            exporter: raw.exporter,
            version: raw.header.version,
            flows: Vec::with_capacity(raw.records.kept.len()),
        };
        if let Some(boot) = raw.records.boot {
            self.boots.insert(packet.exporter.clone(), boot);
        }
        let boot = self.boots.get(&packet.exporter).copied();
        let clock = raw.header.clock(received, boot, &raw.records.kept);
        let surplus = (raw.header.count).is_some_and(|count| raw.records.count > count);
        for (index, record) in &raw.records.kept {
            let Some(mut flow) = record.flow(&clock, *index) else {
                continue;
            };
            flow.phantom = surplus && record.has_no_version();
            line.skipped.phantom += u64::from(flow.phantom);
            packet.flows.push(flow);
        }
        packet.version = packet.version.or(raw.records.version);
        line.skipped.add(raw.records.skipped);
        line.unreadable += raw.records.unreadable;
        line.packets.push(packet);
        Ok(())
    }
}

/// The parser's words; its line is always the first, so only the byte is of use.
fn reason(error: &serde_json::Error) -> String {
    clean(&error.to_string(), 200).replace(" at line 1 column ", " at byte ")
}

#[derive(Default)]
struct RawPacket {
    time: String,
    exporter: Option<String>,
    header: Header,
    records: Records,
}

/// The records of a packet. Only those that can be flows are kept: a hostile
/// line has room for millions of empty ones.
#[derive(Default)]
struct Records {
    kept: Vec<(u32, Record)>,
    count: u64,
    skipped: Skipped,
    unreadable: u64,
    version: Option<u16>,
    boot: Option<i64>,
}

impl Records {
    fn add(&mut self, record: Record) {
        let index = self.count as u32;
        self.count += 1;
        self.unreadable += u64::from(record.unreadable);
        self.version = self.version.or(record.version);
        let boot = record.number(Slot::Boot).map(|boot| boot as i64);
        self.boot = self.boot.or(boot);
        if record.addresses().is_some() {
            self.kept.push((index, record));
        } else if !record.object {
            self.skipped.malformed += 1;
        } else if record.options {
            self.skipped.options += 1;
        } else {
            self.skipped.no_address += 1;
        }
    }
}

/// A seed that only takes objects, or what else its `visit_*` functions name.
macro_rules! seed {
    ($seed:ident, $value:ty) => {
        impl<'de> DeserializeSeed<'de> for $seed<'_> {
            type Value = $value;

            fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<$value, D::Error> {
                json.deserialize_any(self)
            }
        }
    };
}

struct LineSeed<'a>(&'a Dialect);
seed!(LineSeed, Vec<RawPacket>);

impl<'de> Visitor<'de> for LineSeed<'_> {
    type Value = Vec<RawPacket>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object with a time key")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut packets = Vec::new();
        while let Some(time) = entries.next_key::<String>()? {
            let mut packet = entries.next_value_seed(PacketSeed(self.0))?;
            packet.time = time;
            packets.push(packet);
        }
        Ok(packets)
    }
}

struct PacketSeed<'a>(&'a Dialect);
seed!(PacketSeed, RawPacket);

impl<'de> Visitor<'de> for PacketSeed<'_> {
    type Value = RawPacket;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an export packet or a list of flows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<RawPacket, A::Error> {
        Ok(RawPacket {
            records: records(self.0, PACKET_DEPTH, items)?,
            ..RawPacket::default()
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<RawPacket, A::Error> {
        let mut packet = RawPacket::default();
        let mut has_flows = false;
        while let Some(key) = entries.next_key::<String>()? {
            match key.as_str() {
                "client" => packet.exporter = entries.next_value_seed(ClientSeed)?,
                "header" => packet.header = entries.next_value_seed(HeaderSeed)?,
                "flows" => {
                    has_flows = true;
                    packet.records = entries.next_value_seed(FlowsSeed(self.0))?;
                }
                _ => {
                    entries.next_value_seed(ScalarSeed(PACKET_DEPTH))?;
                }
            }
        }
        if has_flows {
            Ok(packet)
        } else {
            Err(A::Error::custom("an export packet without \"flows\""))
        }
    }
}

struct FlowsSeed<'a>(&'a Dialect);
seed!(FlowsSeed, Records);

impl<'de> Visitor<'de> for FlowsSeed<'_> {
    type Value = Records;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list of flows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Records, A::Error> {
        records(self.0, PACKET_DEPTH + 1, items)
    }
}

fn records<'de, A: SeqAccess<'de>>(
    dialect: &Dialect,
    depth: u8,
    mut items: A,
) -> Result<Records, A::Error> {
    let mut records = Records::default();
    while let Some(record) = items.next_element_seed(RecordSeed { dialect, depth })? {
        records.add(record);
    }
    Ok(records)
}
