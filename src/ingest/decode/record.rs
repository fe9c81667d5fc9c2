//! One record of a packet: its JSON object read into numbers by meaning.

use std::net::IpAddr;

use super::dialect::{Meaning, Room};
use super::literal;
use super::scalar::Scalar;
use super::slot::{SLOTS, Slot};
use crate::model::attr::{Attr, Attrs};
use crate::model::instant::{Unit, is_set, milliseconds, ntp};
use crate::model::protocol;

/// The slots of which another one, or both together, stand in for what is not there.
const STAND_INS: u64 = 1 << Slot::OtherOctets as usize
    | 1 << Slot::OtherPackets as usize
    | 1 << Slot::PostOctets as usize
    | 1 << Slot::PostPackets as usize
    | 1 << Slot::SrcMask6 as usize
    | 1 << Slot::DstMask6 as usize
    | 1 << Slot::SrcDot1qVlan as usize
    | 1 << Slot::DstDot1qVlan as usize
    | 1 << Slot::Unnamed as usize
    | 1 << Slot::IcmpType as usize
    | 1 << Slot::Icmp6TypeCode as usize
    | 1 << Slot::Icmp6Type as usize;

// a bit for each
const _: () = assert!(SLOTS <= u64::BITS as usize);

/// The numbers of one record.
#[derive(Clone, Debug)]
pub struct Record {
    /// A bit for each slot that has a number; what others hold is of no meaning.
    known: u64,
    numbers: [u64; SLOTS],
    addresses: [Option<IpAddr>; 4],
    /// Its addresses are text.
    pub textual: bool,
    /// It has a field that only options data has.
    pub options: bool,
    /// It is a JSON object.
    pub object: bool,
    /// Values that did not fit their field.
    pub unreadable: u32,
    /// The version whose spelling it has.
    pub version: Option<u16>,
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

    /// One of how many packets is looked at, if it says so; 1 is all of them, and 0 says
    /// nothing (it stands where a template has the field and nothing is known). IPFIX tells
    /// it as packets taken and passed over, or taken of a population (RFC 5477).
    pub fn sampling(&self) -> Option<u32> {
        let taken = self.number(Slot::Taken).filter(|&taken| taken > 0);
        let passed = taken.zip(self.number(Slot::Passed));
        let all = taken.zip(self.number(Slot::Population));
        let interval = self
            .number(Slot::OneOf)
            .filter(|&interval| interval > 0)
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

    /// Whether it has both addresses of IPv4, whatever they are.
    pub fn has_ipv4(&self) -> bool {
        self.addresses[..2].iter().all(Option::is_some)
    }

    /// Whether its IP version is none, as in what the collector reads past the end of a set.
    pub fn has_no_version(&self) -> bool {
        self.number(Slot::IpVersion)
            .is_some_and(|version| version != 4 && version != 6)
    }

    /// The stored scalars.
    #[inline]
    pub fn attrs(&self) -> Attrs {
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
        for (attr, others) in [
            (Attr::Octets, &[Slot::OtherOctets, Slot::PostOctets][..]),
            (Attr::Packets, &[Slot::OtherPackets, Slot::PostPackets]),
            (Attr::SrcVlan, &[Slot::SrcDot1qVlan]),
            (Attr::DstVlan, &[Slot::DstDot1qVlan]),
        ] {
            let other = others.iter().find_map(|&other| self.number(other));
            if let (None, Some(other)) = (attrs.get(attr), other) {
                attrs.set(attr, other);
            }
        }
        for (attr, six) in [
            (Attr::SrcMask, Slot::SrcMask6),
            (Attr::DstMask, Slot::DstMask6),
        ] {
            let (four, six) = (attrs.get(attr), self.number(six));
            let is_six = || self.addresses().is_some_and(|ends| ends.0.is_ipv6());
            if let Some(six) = six.filter(|_| four.is_none() || is_six()) {
                attrs.set(attr, six);
            }
        }
        if let Some(type_code) = self.icmp_type_code(attrs.get(Attr::IcmpTypeCode)) {
            attrs.set(Attr::IcmpTypeCode, type_code);
        }
    }

    /// That of its protocol, where a template has both: these are the type and code of ICMP,
    /// or of whichever it is.
    fn icmp_type_code(&self, told: Option<u64>) -> Option<u64> {
        let of = |kind, code| {
            let kind = self.number(kind)?;
            Some(kind << 8 | self.number(code).unwrap_or(0))
        };
        let four = told.or_else(|| of(Slot::IcmpType, Slot::IcmpCode));
        let six = self.number(Slot::Icmp6TypeCode);
        let six = six.or_else(|| of(Slot::Icmp6Type, Slot::Icmp6Code));
        match self.is_of(protocol::ICMPV6) {
            true => six.or(four).or_else(|| self.unnamed_type_code()),
            false => four.or(six),
        }
    }

    /// softflowd's v9 tells type and code of ICMPv6 in a field that the collector cannot
    /// name: no type below 1 is in use.
    fn unnamed_type_code(&self) -> Option<u64> {
        let type_codes = 1 << 8..1 << 16;
        let number = self.number(Slot::Unnamed);
        number.filter(|number| type_codes.contains(number))
    }

    fn is_of(&self, protocol: i32) -> bool {
        self.number(Slot::Protocol) == Some(protocol as u64)
    }

    /// A port; where a template has those of TCP and of UDP, that of the record's protocol.
    #[inline]
    pub fn port(&self, any: Slot, udp: Slot, tcp: Slot) -> Option<u16> {
        let own = || match self.is_of(protocol::UDP) {
            true => self.number(udp).or_else(|| self.number(tcp)),
            false => self.number(tcp).or_else(|| self.number(udp)),
        };
        self.number(any).or_else(own).map(|port| port as u16)
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
    pub fn take_digits(&mut self, room: Option<Room>, text: &[u8]) -> Option<usize> {
        let Room { slot, max } = room?;
        let (number, digits) = literal::number(text).filter(|number| number.0 <= max)?;
        self.numbers[slot] = number;
        self.known |= 1 << slot;
        Some(digits)
    }

    /// Takes a value by its meaning; one that does not fit counts as unreadable.
    pub fn take(&mut self, meaning: Meaning, scalar: Scalar) {
        let fits = match meaning {
            Meaning::Number(Room { slot, max }) => self.keep(slot, scalar.at_most(max)),
            Meaning::Moment(slot, unit) => match moment(scalar, unit) {
                Some(moment) if !is_set(moment) => true,
                moment => self.keep(slot as usize, moment),
            },
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

/// A moment as Unix milliseconds.
fn moment(scalar: Scalar, unit: Unit) -> Option<u64> {
    match scalar {
        Scalar::Unsigned(number) => milliseconds(number, unit),
        Scalar::Pair(seconds, fraction) => ntp(seconds, fraction),
        _ => None,
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
