//! A line of the collector's file by the general parser. All forms the package ever wrote are
//! read: `{time: {client, header, flows}}`, without `header`, and `{time: [flow, ...], ...}` for
//! a whole file.

use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

use super::dialect::Dialect;
use super::header::{ClientSeed, HeaderSeed};
use super::json::RecordSeed;
use super::packet::{RawPacket, Records};
use super::scalar::ScalarSeed;
use super::seed::seed;

/// The nesting of a packet's members: line, packet.
const PACKET_DEPTH: u8 = 2;

/// The packets of a line, in order.
///
/// # Errors
/// Where it is no such line.
pub fn packets(line: &[u8], dialect: &Dialect) -> serde_json::Result<Vec<RawPacket>> {
    let mut parser = serde_json::Deserializer::from_slice(line);
    let packets = LineSeed(dialect).deserialize(&mut parser)?;
    parser.end().map(|()| packets)
}

struct LineSeed<'a>(&'a Dialect);
seed!(LineSeed<'_>, Vec<RawPacket>);

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
seed!(PacketSeed<'_>, RawPacket);

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
                "client" => packet.client = entries.next_value_seed(ClientSeed)?,
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
seed!(FlowsSeed<'_>, Records);

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
