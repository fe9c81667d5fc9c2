//! A record as the exporter sent it: every key and value of it, in order, read
//! again from its line for the detail pane. The table keeps none of this.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::bom::without_bom;
use super::decoder::Decoder;
use super::foreign;
use crate::model::attr::Attr;
use crate::model::flow::Flow;
use crate::model::raw::{Fields, Marks, RawRecord, Wanted};
use crate::model::text::clean;

/// Characters of a value that are shown.
const VALUE_LIMIT: usize = 400;

/// Members of an object in their order, the values as they are spelled.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        json.deserialize_map(MembersVisitor)
    }
}

impl<'a> Members<'a> {
    fn last(&self, key: &str) -> Option<&'a RawValue> {
        let mut found = self.0.iter().rev().filter(|member| member.0 == key);
        found.next().map(|member| member.1)
    }
}

/// The wanted record of a line; `None` when the line no longer holds it, though
/// it may hold another in its place.
pub fn record(line: &[u8], wanted: &Wanted) -> Option<RawRecord> {
    if !holds(line, wanted) {
        return None;
    }
    let line = without_bom(line);
    if foreign::may_be(line)
        && let Some(record) = foreign_fields(line)
    {
        let header = Fields::new();
        return Some(RawRecord { header, record });
    }
    let packets: Members = serde_json::from_slice(line).ok()?;
    let (_, packet) = packets.0.get(wanted.ordinal as usize)?;
    let members = serde_json::from_str::<Members>(packet.get()).ok();
    let (flows, header) = match &members {
        Some(members) => (members.last("flows")?, members.last("header")),
        None => (*packet, None),
    };
    let records: Vec<&RawValue> = serde_json::from_str(flows.get()).ok()?;
    Some(RawRecord {
        header: header.and_then(fields).unwrap_or_default(),
        record: fields(records.get(wanted.index as usize)?)?,
    })
}

/// Whether the line, decoded anew, has the wanted record at its place.
fn holds(line: &[u8], wanted: &Wanted) -> bool {
    let Ok(line) = Decoder::default().decode(line) else {
        return false;
    };
    let packet = line.packets.get(wanted.ordinal as usize);
    packet.is_some_and(|packet| {
        let mut flows = packet.flows.iter();
        packet.received == wanted.received
            && flows.any(|flow| flow.index == wanted.index && marks(flow) == wanted.marks)
    })
}

fn marks(flow: &Flow) -> Marks {
    Marks {
        hosts: [Some(flow.src), Some(flow.dst)],
        ports: [flow.src_port, flow.dst_port],
        uptime: flow.start.uptime,
        counts: [Attr::Octets, Attr::Packets].map(|attr| flow.attrs.get(attr)),
    }
}

fn fields(object: &RawValue) -> Option<Fields> {
    let members: Members = serde_json::from_str(object.get()).ok()?;
    let spelled = members.0.iter();
    Some(cleaned(
        spelled.map(|(key, value)| (key.as_str(), value.get())),
    ))
}

fn cleaned<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Fields {
    fields
        .map(|(key, value)| (clean(key, 60), clean(value, VALUE_LIMIT)))
        .collect()
}

/// What another program wrote: the record is all there is.
fn foreign_fields(line: &[u8]) -> Option<Fields> {
    if line.trim_ascii_start().starts_with(b"{") {
        return fields(serde_json::from_slice(line).ok()?);
    }
    let cells = foreign::cells(str::from_utf8(line).ok()?)?;
    let spelled = cells.iter();
    Some(cleaned(
        spelled.map(|(name, cell)| (name.as_str(), cell.as_str())),
    ))
}
