//! One record of a packet: its JSON object read into numbers by meaning, then,
//! when header and exporter are known, made into a `Flow` with times on a calendar.

use std::net::IpAddr;

use super::dialect::Meaning;
use super::literal;
use super::scalar::Scalar;
use super::slot::{SLOTS, Slot};
use super::unit::milliseconds;
use crate::model::attr::{Attr, Attrs};
use crate::model::flow::{Flow, Start};

/// The slots of which another one, or both together, stand in for what is not there.
const STAND_INS: u64 = 1 << Slot::OtherOctets as usize
    | 1 << Slot::OtherPackets as usize
    | 1 << Slot::IcmpType as usize;

// a bit for each
const _: () = assert!(SLOTS <= u64::BITS as usize);

/// The numbers of one record.
#[derive(Clone, Debug)]
pub struct Record {
    /// A bit for each slot that has a number; what others hold is of no meaning.
    known: u64,
    numbers: [u64; SLOTS],
    addresses: [Option<IpAddr>; 4],
    textual: bool,
    /// It has a field that only options data has.
    pub options: bool,
    /// It is a JSON object.
    pub object: bool,
    /// Values that did not fit their field.
    pub unreadable: u32,
    /// The version whose spelling it has.
    pub version: Option<u16>,
}

/// A record that can be a flow.
pub struct Kept {
    /// Its place in the packet, from 0.
    pub index: u32,
    /// Its source and destination address.
    pub ends: (IpAddr, IpAddr),
    /// Its numbers.
    pub record: Record,
}

/// What the packet around a record tells about time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    /// The header's moment in Unix milliseconds, or when the line was received.
    pub now: i64,
    /// The exporter's uptime at that moment, in milliseconds.
    pub uptime: Option<u32>,
    /// When the line was received, Unix milliseconds.
    pub received: i64,
    /// Nothing but the receiving time is known.
    pub approximate: bool,
}

impl Default for Record {
    fn default() -> Self {
        Record {
            known: 0,
            numbers: [0; SLOTS],
            addresses: [None; 4],
            textual: false,
            options: false,
            object: false,
            unreadable: 0,
            version: None,
        }
    }
}

impl Kept {
    /// The flow that it is.
    #[inline]
    pub fn flow(&self, clock: &Clock, phantom: bool) -> Flow {
        let record = &self.record;
        let port = |slot| record.number(slot).map(|port| port as u16);
        let start = record.start(clock);
        Flow {
            src: self.ends.0,
            dst: self.ends.1,
            src_port: port(Slot::SrcPort),
            dst_port: port(Slot::DstPort),
            protocol: record.number(Slot::Protocol).map(|number| number as i32),
            start,
            elapsed: record.elapsed(start),
            attrs: record.attrs(),
            index: self.index,
            textual: record.textual,
            phantom,
        }
    }
}

impl Record {
    /// Makes it as if nothing had been read. It is large, and most of it can stay.
    #[inline]
    pub fn clear(&mut self) {
        let Record {
            known,
            numbers: _,
            addresses,
            textual,
            options,
            object,
            unreadable,
            version,
        } = self;
        (*known, *addresses) = (0, [None; 4]);
        (*textual, *options, *object) = (false, false, false);
        (*unreadable, *version) = (0, None);
    }

    /// A number of the record.
    #[inline]
    pub fn number(&self, slot: Slot) -> Option<u64> {
        let is_known = self.known >> slot as usize & 1 == 1;
        is_known.then(|| self.numbers[slot as usize])
    }

    /// One of how many packets is looked at, if it says so; 1 is all of them.
    pub fn sampling(&self) -> Option<u32> {
        let taken = self.number(Slot::Taken).filter(|&taken| taken > 0);
        let passed = taken.zip(self.number(Slot::Passed));
        let all = taken.zip(self.number(Slot::Population));
        let interval = self
            .number(Slot::OneOf)
            .or_else(|| passed.map(|(taken, passed)| (taken + passed) / taken))
            .or_else(|| all.map(|(taken, all)| all / taken));
        interval.and_then(|interval| u32::try_from(interval.max(1)).ok())
    }

    /// Source and destination: IPv4, else IPv6; real MPLS templates have both, one of them empty.
    pub fn addresses(&self) -> Option<(IpAddr, IpAddr)> {
        let pair = |at: usize| self.addresses[at].zip(self.addresses[at + 1]);
        let empty = |pair: &(IpAddr, IpAddr)| pair.0.is_unspecified() && pair.1.is_unspecified();
        match (pair(0), pair(2)) {
            (Some(four), Some(six)) if empty(&four) && !empty(&six) => Some(six),
            (four, six) => four.or(six),
        }
    }

    /// Whether its IP version is none, as in what the collector reads past the end of a set.
    pub fn has_no_version(&self) -> bool {
        self.number(Slot::IpVersion)
            .is_some_and(|version| version != 4 && version != 6)
    }

    #[inline]
    fn attrs(&self) -> Attrs {
        let mut attrs = match self.numbers.first_chunk() {
            Some(values) => Attrs::of(self.known, values),
            None => Attrs::default(),
        };
        if self.known & STAND_INS != 0 {
            self.stand_in(&mut attrs);
        }
        attrs
    }

    /// Puts less good measures where there are no others.
    fn stand_in(&self, attrs: &mut Attrs) {
        let stand_ins = [
            (Attr::Octets, self.number(Slot::OtherOctets)),
            (Attr::Packets, self.number(Slot::OtherPackets)),
            (Attr::IcmpTypeCode, self.icmp_type_code()),
        ];
        for (attr, other) in stand_ins {
            if let (None, Some(other)) = (attrs.get(attr), other) {
                attrs.set(attr, other);
            }
        }
    }

    fn icmp_type_code(&self) -> Option<u64> {
        let kind = self.number(Slot::IcmpType)?;
        Some(kind << 8 | self.number(Slot::IcmpCode).unwrap_or(0))
    }

    /// When the flow began: by the exporter's uptime and clock, else by the time
    /// it was started, else in absolute time, else as it was received.
    fn start(&self, clock: &Clock) -> Start {
        let uptime = self.number(Slot::StartUptime).map(|start| start as u32);
        let (absolute, approximate) = match (uptime, clock.uptime) {
            (Some(start), Some(now)) => (
                clock.now - i64::from(now.wrapping_sub(start)),
                clock.approximate,
            ),
            // IPFIX: until the exporter is known to have been started at some time
            (Some(_), None) => (clock.now, true),
            (None, _) => self.absolute_start(clock),
        };
        Start {
            absolute,
            uptime,
            approximate,
        }
    }

    fn absolute_start(&self, clock: &Clock) -> (i64, bool) {
        let known = |slot| self.number(slot).map(|moment| moment as i64);
        if let Some(start) = known(Slot::Start) {
            return (start, false);
        }
        if let Some(delta) = known(Slot::StartDelta) {
            return (clock.now - delta / 1000, clock.approximate);
        }
        (known(Slot::Event).unwrap_or(clock.received), true)
    }

    /// Milliseconds from start to end. Uptimes wrap at 2^32, so their
    /// difference is read as a signed number.
    fn elapsed(&self, start: Start) -> Option<i64> {
        let uptimes = start.uptime.zip(self.number(Slot::EndUptime));
        if let Some((first, last)) = uptimes {
            return Some(i64::from((last as u32).wrapping_sub(first) as i32));
        }
        if let Some(duration) = self.number(Slot::Duration) {
            return Some(duration as i64);
        }
        if let (Some(from), Some(to)) = (self.number(Slot::StartDelta), self.number(Slot::EndDelta))
        {
            return Some((from as i64 - to as i64) / 1000);
        }
        let begin = self.number(Slot::Start)?;
        let end = self.number(Slot::End).or_else(|| {
            // nfreplay, pmacctd and softflowd -A: the collector has no name for the end
            self.number(Slot::Unnamed)
                .filter(|&end| end >= begin && end - begin < 1 << 32)
        })?;
        Some((end as i64).saturating_sub(begin as i64))
    }

    /// Takes an address, with whether it was text; one that cannot be read counts as unreadable.
    pub fn take_address(&mut self, which: usize, address: Option<(IpAddr, bool)>) {
        self.unreadable += u32::from(address.is_none());
        self.addresses[which] = address.map(|read| read.0);
        self.textual |= address.is_some_and(|read| read.1);
    }

    /// Takes the number that `text` begins with, if there is room for it as it
    /// is (see [`Meaning::room`]), and answers how many digits it has.
    #[inline]
    pub fn take_digits(&mut self, room: Option<(usize, u64)>, text: &[u8]) -> Option<usize> {
        let (slot, max) = room?;
        let (number, digits) = literal::number(text).filter(|number| number.0 <= max)?;
        self.numbers[slot] = number;
        self.known |= 1 << slot;
        Some(digits)
    }

    /// Takes a value by its meaning; one that does not fit counts as unreadable.
    pub fn take(&mut self, meaning: Meaning, scalar: Scalar) {
        let fits = match meaning {
            Meaning::Number(slot, max) => self.keep(slot, scalar.at_most(max)),
            Meaning::Moment(slot, unit) => self.keep(slot as usize, milliseconds(scalar, unit)),
            Meaning::Protocol => self.keep(Slot::Protocol as usize, signed(scalar)),
            Meaning::Options => {
                self.options = true;
                true
            }
            Meaning::Sampling(slot) => {
                self.options = true;
                self.keep(slot as usize, scalar.at_most(u64::from(u32::MAX)))
            }
            Meaning::Address(_) => false,
        };
        self.unreadable += u32::from(!fits);
    }

    fn keep(&mut self, slot: usize, number: Option<u64>) -> bool {
        self.known = self.known & !(1 << slot) | u64::from(number.is_some()) << slot;
        self.numbers[slot] = number.unwrap_or(0);
        // the unnamed field may be anything at all
        number.is_some() || slot == Slot::Unnamed as usize
    }
}

/// A number of 32 bits, with its sign in all bits above.
fn signed(scalar: Scalar) -> Option<u64> {
    let number = match scalar {
        Scalar::Unsigned(number) => i32::try_from(number).ok(),
        Scalar::Negative(number) => i32::try_from(number).ok(),
        _ => None,
    };
    number.map(|number| i64::from(number) as u64)
}
