//! A line made into packets of flows, whoever wrote it. It is taken as a whole or not at all.

use super::bom::without_bom;
use super::decode::dialect::Dialect;
use super::decode::export::packets;
use super::decode::fast;
use super::decode::kept::Kept;
use super::decode::orders::Orders;
use super::decode::packet::RawPacket;
use super::foreign::{self, Foreign};
use crate::model::flow::{Export, Packet, Shape};
use crate::model::skipped::Skipped;
use crate::model::text::clean;

/// Records for which room is kept; more than any export packet has.
const SPARE: usize = 4096;

/// What a line held.
#[derive(Debug, Default, PartialEq)]
pub struct Line {
    /// Its packets, in order.
    pub packets: Vec<Packet>,
    /// Records that are no flows.
    pub skipped: Skipped,
    /// The kind of the event that it is instead.
    pub event: Option<String>,
    /// Values that did not fit their field.
    pub unreadable: u64,
}

/// Decodes lines. Each line stands for itself, so many can be decoded at once.
#[derive(Default)]
pub struct Decoder {
    dialect: Dialect,
    orders: Orders,
    /// Room for the records of a line, used again and again.
    spare: Vec<Kept>,
    /// For what other programs write.
    foreign: Option<Box<Foreign>>,
}

impl Decoder {
    /// Decodes a line: the fast way, or by the general parser what is unusual.
    ///
    /// # Errors
    /// The reason for which the line is rejected, free of control characters.
    pub fn decode(&mut self, line: &[u8]) -> Result<Line, String> {
        let Some(mut packet) = self.read(line) else {
            return match foreign::may_be(line) {
                true => self.decode_foreign(line),
                false => self.decode_generally(line),
            };
        };
        let mut decoded = Line::default();
        let done = finish_packet(&mut packet, &mut decoded);
        let room = packet.records.into_room();
        if room.len() <= SPARE {
            self.spare = room;
        }
        done.map(|()| decoded)
    }

    /// Decodes what other programs write; what nobody is known to write is
    /// rejected in the words of the general parser.
    fn decode_foreign(&mut self, line: &[u8]) -> Result<Line, String> {
        let foreign = self.foreign.get_or_insert_default();
        let Some(found) = foreign.read(line, reason)? else {
            return self.decode_generally(line);
        };
        Ok(Line {
            packets: found.packet.into_iter().collect(),
            skipped: found.skipped,
            event: found.event,
            unreadable: found.unreadable,
        })
    }

    /// Whether a line takes the fast way: for the test that most do.
    pub fn is_fast(&mut self, line: &[u8]) -> bool {
        self.read(line).is_some()
    }

    fn read(&mut self, line: &[u8]) -> Option<RawPacket> {
        fast::read(line, &self.dialect, &mut self.orders, &mut self.spare)
    }

    /// Decodes a line by the general parser alone, which [`Decoder::decode`]
    /// has to agree with.
    ///
    /// # Errors
    /// The reason for which the line is rejected, free of control characters.
    pub fn decode_generally(&self, line: &[u8]) -> Result<Line, String> {
        let packets = packets(without_bom(line), &self.dialect).map_err(|error| reason(&error))?;
        if packets.is_empty() {
            return Err("an object without a time key".to_owned());
        }
        let mut line = Line::default();
        for mut packet in packets {
            finish_packet(&mut packet, &mut line)?;
        }
        Ok(line)
    }
}

/// Gives the records of a packet their times and sorts out what is no flow.
fn finish_packet(raw: &mut RawPacket, line: &mut Line) -> Result<(), String> {
    let received = raw.time.trim().parse::<f64>().ok();
    let Some(received) = received.filter(|time| time.abs() < 1e12) else {
        let time = clean(&raw.time, 40);
        return Err(format!("the time key \"{time}\" is no time"));
    };
    let clock = raw.header.clock(received, raw.records.kept());
    let surplus = (raw.header.count).is_some_and(|count| raw.records.count > count);
    let flows = raw.records.kept().iter().map(|kept| {
        let phantom = surplus && kept.record.has_no_version();
        line.skipped.phantom += u64::from(phantom);
        kept.flow(&clock, phantom)
    });
    line.packets.push(Packet {
        key: std::mem::take(&mut raw.time),
        received,
        exporter: raw.client.name.take(),
        version: raw.header.version.or(raw.records.version),
        options_boot: raw.records.boot,
        export: Export {
            port: raw.client.port,
            announced_interval: raw.records.sampling,
            ..raw.header.export(raw.records.count)
        },
        undated: clock.uptime.is_none(),
        scale_factor: None,
        shape: Shape::Export,
        flows: flows.collect(),
    });
    line.skipped.add(raw.records.skipped);
    line.unreadable += raw.records.unreadable + u64::from(raw.header.unreadable);
    Ok(())
}

/// The parser's words; its line is always the first, so only the byte is of use.
fn reason(error: &serde_json::Error) -> String {
    clean(&error.to_string(), 200).replace(" at line 1 column ", " at byte ")
}
