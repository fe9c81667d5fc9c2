//! What stands around the records of a packet: its header, and who sent it.

use std::fmt;
use std::net::IpAddr;

use serde::de::{MapAccess, SeqAccess, Visitor};

use super::kept::{Clock, Kept};
use super::scalar::{Scalar, ScalarSeed};
use super::seed::seed;
use super::slot::Slot;
use crate::model::flow::Export;
use crate::model::text::clean;
use crate::model::time::milliseconds;

/// Characters of an exporter's name that is no address.
const NAME_LIMIT: usize = 64;
/// The nesting of the members of header and client: line, packet, themselves.
const DEPTH: u8 = 3;

/// The members of an export packet's header that tell something about its flows.
#[derive(Clone, Copy, Default)]
pub struct Header {
    /// Export version.
    pub version: Option<u16>,
    /// How many records it announces: 16 bits in every version that has it.
    pub count: Option<u64>,
    uptime: Option<u32>,
    seconds: Option<i64>,
    nanoseconds: i64,
    sequence: Option<u32>,
    domain: Option<u32>,
    /// v5: type and id of the engine.
    engine: [Option<u8>; 2],
    sampling: Option<u16>,
    /// Members that do not fit, or are no numbers.
    pub unreadable: u32,
}

impl Header {
    /// Takes a member of the header.
    pub fn take(&mut self, key: &str, scalar: Scalar) {
        let Header { unreadable, .. } = self;
        let mut up_to = |max: u64| {
            let number = scalar.at_most(max);
            *unreadable += u32::from(number.is_none());
            number
        };
        match key {
            "version" => self.version = up_to(u16::MAX.into()).map(|v| v as u16),
            "count" => self.count = up_to(u16::MAX.into()),
            "uptime" => self.uptime = up_to(u32::MAX.into()).map(|up| up as u32),
            "sequence" | "sequence_number" => {
                self.sequence = up_to(u32::MAX.into()).map(|number| number as u32);
            }
            // the collector's own spelling of it, and the right one
            "source_id" | "obervation_domain_id" | "observation_domain_id" => {
                self.domain = up_to(u32::MAX.into()).map(|domain| domain as u32);
            }
            "engine_type" => self.engine[0] = up_to(u8::MAX.into()).map(|kind| kind as u8),
            "engine_id" => self.engine[1] = up_to(u8::MAX.into()).map(|id| id as u8),
            "sampling_interval" => {
                self.sampling = up_to(u16::MAX.into()).map(|sampling| sampling as u16);
            }
            // the collector calls IPFIX's export time an uptime
            "timestamp" | "export_uptime" => {
                self.seconds = up_to(u32::MAX.into()).map(|time| time as i64);
            }
            "timestamp_nano" => {
                self.nanoseconds = up_to(999_999_999).unwrap_or(0) as i64;
            }
            _ => {}
        }
    }

    /// What it says of the export of this many records.
    pub fn export(&self, records: u64) -> Export {
        let [kind, id] = self.engine;
        let engine = kind
            .zip(id)
            .map(|(kind, id)| u32::from(kind) << 8 | u32::from(id));
        let header_boot = self.seconds.zip(self.uptime).map(|(seconds, uptime)| {
            seconds * 1000 + self.nanoseconds / 1_000_000 - i64::from(uptime)
        });
        Export {
            domain: self.domain.or(engine),
            port: None,
            sequence: self.sequence,
            records: self.count.unwrap_or(records),
            v5_sampling: self.sampling,
            announced_interval: None,
            header_boot,
        }
    }

    /// The exporter's clock; without a header the packet's last moment is taken
    /// for the time it was received.
    pub fn clock(&self, received: f64, records: &[Kept]) -> Clock {
        let received = milliseconds(received);
        if let Some(seconds) = self.seconds {
            return Clock {
                now: seconds * 1000 + self.nanoseconds / 1_000_000,
                uptime: self.uptime,
                received,
                approximate: false,
            };
        }
        let newest = |slot| {
            // what the collector reads past the end of a set may be any number
            let records = records.iter().map(|kept| &kept.record);
            let records = records.filter(|record| !record.has_no_version());
            let uptimes = records.filter_map(|record| record.number(slot));
            latest(uptimes.map(|uptime| uptime as u32))
        };
        Clock {
            now: received,
            uptime: newest(Slot::EndUptime).or_else(|| newest(Slot::StartUptime)),
            received,
            approximate: true,
        }
    }
}

/// The latest of some uptimes. The greatest, except across a wrap: if one lies within an hour
/// below 2^32 and another within an hour above 0, the small one is later. (0 itself is often
/// what is not told.)
fn latest(uptimes: impl Iterator<Item = u32> + Clone) -> Option<u32> {
    const NEAR: u32 = 60 * 60 * 1000;
    let greatest = uptimes.clone().max()?;
    let beyond = uptimes.filter(|uptime| (1..NEAR).contains(uptime)).max();
    let wraps = greatest > u32::MAX - NEAR;
    Some(beyond.filter(|_| wraps).unwrap_or(greatest))
}

/// Reads a [`Header`].
pub struct HeaderSeed;

seed!(HeaderSeed, Header);

impl<'de> Visitor<'de> for HeaderSeed {
    type Value = Header;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a packet header")
    }

    fn visit_unit<E>(self) -> Result<Header, E> {
        Ok(Header::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Header, A::Error> {
        let mut header = Header::default();
        while let Some(key) = entries.next_key::<String>()? {
            header.take(&key, entries.next_value_seed(ScalarSeed(DEPTH))?);
        }
        Ok(header)
    }
}

/// Who sent a packet.
#[derive(Default)]
pub struct Client {
    /// The exporter's name, if it has one.
    pub name: Option<String>,
    /// The port it was sent from.
    pub port: Option<u16>,
}

/// Reads a [`Client`]: `[address, port]`, with two more elements when the collector listened
/// on IPv6.
pub struct ClientSeed;

seed!(ClientSeed, Client);

impl<'de> Visitor<'de> for ClientSeed {
    type Value = Client;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("the exporter's address and port")
    }

    fn visit_unit<E>(self) -> Result<Client, E> {
        Ok(Client::default())
    }

    fn visit_str<E>(self, text: &str) -> Result<Client, E> {
        Ok(Client {
            name: exporter_name(text),
            port: None,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Client, A::Error> {
        let name = items.next_element::<String>()?;
        let port = items.next_element_seed(ScalarSeed(DEPTH))?;
        while items.next_element_seed(ScalarSeed(DEPTH))?.is_some() {}
        Ok(Client {
            name: name.and_then(|name| exporter_name(&name)),
            port: port.and_then(Scalar::port),
        })
    }
}

/// The name of an exporter, unless it has none: an address as it is usually written, or
/// whatever it is instead, made printable.
pub fn exporter_name(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| match text.parse::<IpAddr>() {
        Ok(address) => address.to_string(),
        Err(_) => clean(text, NAME_LIMIT),
    })
}
