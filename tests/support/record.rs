//! An export's lines as the collector wrote them, every number with all its digits.
//!
//! IPv6 addresses are integers of up to 39 digits, which a JSON number type would round: values stay text until used.
#![allow(
    dead_code,
    missing_docs,
    reason = "a part of several tests, of which some need less"
)]

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

const ADDRESS_KEYS: [(&str, &str, bool); 4] = [
    ("IPV4_SRC_ADDR", "IPV4_DST_ADDR", false),
    ("sourceIPv4Address", "destinationIPv4Address", false),
    ("IPV6_SRC_ADDR", "IPV6_DST_ADDR", true),
    ("sourceIPv6Address", "destinationIPv6Address", true),
];

/// A JSON object: its members in the order of the text, their values unread.
#[derive(Default)]
pub struct Record(Vec<(String, Box<RawValue>)>);

impl Record {
    pub fn parse(json: &str) -> Self {
        serde_json::from_str(json).expect("the text is a JSON object")
    }

    /// The last of equal keys counts, as in Python.
    pub fn raw(&self, key: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.get())
    }

    /// The first of these keys that is there.
    fn first(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.raw(key))
    }

    pub fn integer(&self, keys: &[&str]) -> Option<i64> {
        self.first(keys)?.parse().ok()
    }

    pub fn unsigned(&self, keys: &[&str]) -> Option<u64> {
        self.first(keys)?.parse().ok()
    }

    /// Source and destination; IPv4 where a record has both kinds.
    pub fn addresses(&self) -> Option<(IpAddr, IpAddr)> {
        ADDRESS_KEYS.iter().find_map(|&(src, dst, is_v6)| {
            Some((
                address(self.raw(src)?, is_v6)?,
                address(self.raw(dst)?, is_v6)?,
            ))
        })
    }
}

fn address(value: &str, is_v6: bool) -> Option<IpAddr> {
    if value.starts_with('"') {
        return serde_json::from_str::<String>(value).ok()?.parse().ok();
    }
    if is_v6 {
        return value
            .parse()
            .ok()
            .map(|bits| Ipv6Addr::from_bits(bits).into());
    }
    value
        .parse()
        .ok()
        .map(|bits| Ipv4Addr::from_bits(bits).into())
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Record;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Record(members))
    }
}

/// One export packet.
pub struct Packet {
    /// The time key, as it is spelled.
    pub received: String,
    pub exporter: Option<String>,
    pub header: Record,
    pub records: Vec<Record>,
}

/// All packets of an export's text, in order.
pub fn packets(text: &str) -> Vec<Packet> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .flat_map(|line| Record::parse(line).0)
        .map(|(time, packet)| Packet::parse(time, packet.get()))
        .collect()
}

impl Packet {
    /// The oldest exports have the bare list of flows here.
    fn parse(received: String, json: &str) -> Self {
        let is_list = json.starts_with('[');
        let packet = if is_list {
            Record::default()
        } else {
            Record::parse(json)
        };
        let flows = if is_list {
            json
        } else {
            packet.raw("flows").expect("a packet has flows")
        };
        Self {
            received,
            exporter: packet.raw("client").map(exporter),
            header: packet.raw("header").map(Record::parse).unwrap_or_default(),
            records: serde_json::from_str(flows).expect("flows is a list of objects"),
        }
    }

    pub fn received_ms(&self) -> i64 {
        let seconds: f64 = self.received.parse().expect("the time key is a number");
        (seconds * 1000.0).floor() as i64
    }

    /// Without a header the spelling tells.
    pub fn version(&self, record: &Record) -> i64 {
        let spelled = match record {
            _ if record
                .raw("sourceIPv4Address")
                .or(record.raw("sourceIPv6Address"))
                .is_some() =>
            {
                10
            }
            _ if record.raw("IN_PACKETS").is_none() => 9,
            _ if record.raw("SRC_AS").is_none() => 1,
            _ => 5,
        };
        self.header.integer(&["version"]).unwrap_or(spelled)
    }
}

fn exporter(client: &str) -> String {
    let client: Vec<Box<RawValue>> = serde_json::from_str(client).expect("client is a list");
    serde_json::from_str(client[0].get()).expect("an exporter is text")
}
