//! A record of another program while it is read: values go in by their meaning,
//! and out comes a packet with the flow or, where the record tells of both
//! directions, with the two flows of it.

use std::net::IpAddr;

use super::leaves::Leaf;
use super::stamp::{length, moment};
use crate::ingest::decode::header::exporter_name;
use crate::model::attr::{ATTRS, Attr, Attrs, UNKNOWN};
use crate::model::flow::{Export, Flow, Packet, Shape, Start};
use crate::model::instant::{Unit, is_set};
use crate::model::protocol::{self, ACK, FIN, RST, SYN};
use crate::model::text::clean;
use crate::model::time::Zone;

/// Characters of an event's kind.
const KIND_LIMIT: usize = 32;

/// Which moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// When the flow began.
    Start,
    /// When it ended.
    End,
    /// When it became known.
    Received,
}

/// What a key stands for. A side is 0 for what the record's source sent, 1 for
/// what its destination answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Address of a side's host.
    Address(usize),
    /// Its port.
    Port(usize),
    /// Protocol, as a number or a name.
    Protocol,
    /// A number of a side's flow.
    Count(usize, Attr),
    /// The same by a less good measure, for want of the other.
    StandIn(usize, Attr),
    /// TCP flags of a side's flow, as nfdump's letters.
    FlagLetters(usize),
    /// The same as hexadecimal digits.
    FlagDigits(usize),
    /// The flags that Zeek's history has letters for: capitals are the source's.
    History,
    /// ICMP type (0) or code (1) of a side's flow.
    Icmp(usize, usize),
    /// A moment.
    Moment(When, Unit),
    /// Seconds from start to end.
    Elapsed,
    /// What kind of record it is.
    Kind,
    /// What records of the right kind alone have.
    Sign,
    /// Who sent the export.
    Exporter,
    /// One of how many packets is looked at.
    Sampling,
    /// Which of the exporter's processes sent it.
    Domain,
}

/// A record that is being read.
#[derive(Debug, Default)]
pub struct Draft {
    /// Addresses of source and destination.
    pub hosts: [Option<IpAddr>; 2],
    /// Ports of both.
    pub ports: [Option<u16>; 2],
    /// Protocol number.
    pub protocol: Option<i32>,
    /// Numbers of both sides' flows.
    pub attrs: [Attrs; 2],
    /// What kind of record it is.
    pub kind: Option<String>,
    /// It has what records of the right kind alone have.
    pub signed: bool,
    /// Export version.
    pub version: Option<u16>,
    /// Values that did not fit their field.
    pub unreadable: u64,
    icmp: [[Option<u8>; 2]; 2],
    moments: [Option<i64>; 3],
    elapsed: Option<i64>,
    exporter: Option<String>,
    sampling: Option<u32>,
    domain: Option<u32>,
}

impl Draft {
    /// Takes a value by its meaning; one that does not fit counts as unreadable.
    pub fn take(&mut self, meaning: Meaning, value: &Leaf, zone: &Zone) {
        let fits = match meaning {
            Meaning::Address(side) => keep(&mut self.hosts[side], address(value)),
            Meaning::Port(side) => keep(&mut self.ports[side], small(value)),
            Meaning::Protocol => self.take_protocol(value),
            Meaning::Count(side, attr) => self.count(side, attr, value.whole()),
            Meaning::StandIn(side, attr) => {
                self.attrs[side].get(attr).is_some() || self.count(side, attr, value.whole())
            }
            Meaning::FlagLetters(side) => self.count(side, Attr::TcpFlags, letters(value)),
            Meaning::FlagDigits(side) => self.count(side, Attr::TcpFlags, digits(value)),
            Meaning::History => {
                let history = value.text().unwrap_or_default();
                [true, false].into_iter().enumerate().all(|(side, upper)| {
                    self.count(side, Attr::TcpFlags, Some(seen(history, upper)))
                })
            }
            Meaning::Icmp(side, which) => keep(&mut self.icmp[side][which], small(value)),
            Meaning::Moment(when, unit) => {
                keep(&mut self.moments[when as usize], moment(value, unit, zone))
            }
            Meaning::Elapsed => keep(&mut self.elapsed, length(value)),
            Meaning::Kind => keep(
                &mut self.kind,
                value.text().map(|kind| clean(kind, KIND_LIMIT)),
            ),
            Meaning::Sign => {
                self.signed = true;
                true
            }
            Meaning::Exporter => {
                self.exporter = value.text().and_then(exporter_name);
                value.text().is_some()
            }
            Meaning::Sampling => keep(&mut self.sampling, small(value)),
            Meaning::Domain => keep(&mut self.domain, small(value)),
        };
        self.unreadable += u64::from(!fits);
    }

    fn count(&mut self, side: usize, attr: Attr, number: Option<u64>) -> bool {
        let number = number.filter(|&number| number <= ATTRS[attr as usize].max);
        self.attrs[side].set(attr, number.unwrap_or(UNKNOWN));
        number.is_some()
    }

    fn take_protocol(&mut self, value: &Leaf) -> bool {
        let number = value.whole().and_then(|number| i32::try_from(number).ok());
        let name = value.text().unwrap_or_default();
        self.protocol = number.or_else(|| protocol::number(name));
        self.protocol.is_some() || name.starts_with("unknown")
    }

    /// The moment of this kind, if it has one.
    pub fn moment(&self, when: When) -> Option<i64> {
        self.moments[when as usize].filter(|moment| is_set(moment.unsigned_abs()))
    }

    fn join_icmp(&mut self) {
        if !self.protocol.is_some_and(protocol::is_icmp) {
            return;
        }
        for (side, icmp) in self.icmp.into_iter().enumerate() {
            if let [Some(kind), code] = icmp {
                let both = u64::from(kind) << 8 | u64::from(code.unwrap_or(0));
                self.attrs[side].set(Attr::IcmpTypeCode, both);
            }
        }
    }

    /// Whether a side has sent anything, as far as that is known.
    pub fn has_sent(&self, side: usize) -> bool {
        [Attr::Octets, Attr::Packets]
            .iter()
            .any(|&attr| self.attrs[side].get(attr).is_some_and(|count| count > 0))
    }

    /// The packet with its flows, if the record has addresses.
    ///
    /// # Errors
    /// When it does not say when anything was.
    pub fn packet(mut self) -> Result<Option<Packet>, String> {
        let [Some(src), Some(dst)] = self.hosts else {
            return Ok(None);
        };
        let ended = self.moment(When::End);
        let elapsed = self.elapsed;
        let told = self.moment(When::Start);
        let told = told.or_else(|| Some(ended?.saturating_sub(elapsed?)));
        let known = self.moment(When::Received).or(ended);
        let known = known.or_else(|| Some(told?.saturating_add(elapsed.unwrap_or(0))));
        let Some(received) = known else {
            return Err("a record without a time".to_owned());
        };
        let start = Start {
            absolute: told.unwrap_or(received),
            uptime: None,
            approximate: told.is_none(),
        };
        let elapsed = elapsed.or_else(|| Some(ended?.saturating_sub(told?)));
        self.join_icmp();
        let flow = |side: usize| Flow {
            src: [src, dst][side],
            dst: [dst, src][side],
            src_port: self.ports[side],
            dst_port: self.ports[1 - side],
            protocol: self.protocol,
            start,
            elapsed,
            attrs: self.attrs[side],
            index: 0,
            textual: true,
            empty_ipv4: false,
            phantom: false,
        };
        let flows = match [0, 1].map(|side| self.has_sent(side)) {
            [_, false] => vec![flow(0)],
            [false, true] => vec![flow(1)],
            [true, true] => vec![flow(0), flow(1)],
        };
        Ok(Some(Packet {
            received: received as f64 / 1000.0,
            exporter: self.exporter,
            version: self.version,
            export: Export {
                domain: self.domain,
                records: 1,
                announced_interval: self.sampling.filter(|&interval| interval > 0),
                ..Export::default()
            },
            shape: match flows.len() {
                1 => Shape::Record,
                _ => Shape::Biflow,
            },
            flows,
            ..Packet::default()
        }))
    }
}

/// Keeps what was read; answers whether there was something.
fn keep<T>(place: &mut Option<T>, read: Option<T>) -> bool {
    *place = read;
    place.is_some()
}

fn address(value: &Leaf) -> Option<IpAddr> {
    value.text()?.parse().ok()
}

fn small<T: TryFrom<u64>>(value: &Leaf) -> Option<T> {
    T::try_from(value.whole()?).ok()
}

/// The letters of the flags that are set, in whatever order: `...AP.SF`.
fn letters(value: &Leaf) -> Option<u64> {
    let text = value.text()?;
    if text.starts_with("0x") {
        return digits(value);
    }
    protocol::flags_of(&text.replace('.', ""))
}

/// The flags of the letters in capitals, or of the others.
fn seen(history: &str, upper: bool) -> u64 {
    let letters = history.chars().filter(|c| c.is_ascii_uppercase() == upper);
    letters.fold(0, |flags, letter| {
        let flag = match letter.to_ascii_uppercase() {
            'S' => SYN,
            'H' => SYN | ACK,
            'A' => ACK,
            'F' => FIN,
            'R' => RST,
            _ => 0,
        };
        flags | flag
    })
}

fn digits(value: &Leaf) -> Option<u64> {
    let text = value.text()?;
    u64::from_str_radix(text.strip_prefix("0x").unwrap_or(text), 16).ok()
}
