//! The fast path: the collector's own way of writing JSON, read in one pass.
//! Records of one exporter have the same keys in the same few orders, so the
//! bytes between two values are compared with those that stood there before,
//! and a key is looked up only when they differ. Whatever is unusual (escapes,
//! fractions, signs, nesting, text beyond ASCII) is left to the general parser:
//! what this path accepts, it reads as that one would, byte for byte.

use std::net::IpAddr;

use super::dialect::{Dialect, Meaning};
use super::header::exporter_name;
use super::literal;
use super::orders::{Learned, Orders, Place};
use super::packet::{RawPacket, Records};
use super::record::{Kept, Record};

use super::scalar::{Scalar, address_number, address_text};

/// Reads a line, or `None` when the general parser should.
///
/// `spare` is room for records, to be had back from the packet.
pub fn read(
    line: &[u8],
    dialect: &Dialect,
    orders: &mut Orders,
    spare: &mut Vec<Kept>,
) -> Option<RawPacket> {
    let mut reader = Reader {
        bytes: line,
        at: 0,
        dialect,
        orders,
        spare,
    };
    let packet = reader.line()?;
    reader.space();
    (reader.at == line.len()).then_some(packet)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    dialect: &'a Dialect,
    orders: &'a mut Orders,
    spare: &'a mut Vec<Kept>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Takes a sign and the space around it.
    fn sign(&mut self, sign: u8) -> Option<()> {
        self.space();
        (self.peek()? == sign).then(|| self.at += 1)?;
        self.space();
        Some(())
    }

    /// Takes a comma and answers true, or the closing sign and answers false.
    fn goes_on(&mut self, close: u8) -> Option<bool> {
        self.space();
        let sign = self.peek()?;
        self.at += 1;
        self.space();
        match sign {
            b',' => Some(true),
            _ => (sign == close).then_some(false),
        }
    }

    /// A string of plain ASCII.
    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.ascii()?).ok()
    }

    fn ascii(&mut self) -> Option<&'a [u8]> {
        (self.peek()? == b'"').then_some(())?;
        let rest = &self.bytes[self.at + 1..];
        let text = &rest[..memchr::memchr(b'"', rest)?];
        let plain = |&byte: &u8| matches!(byte, b' '..=b'~') && byte != b'\\';
        text.iter().all(plain).then_some(())?;
        self.at += text.len() + 2;
        Some(text)
    }

    /// A whole number that certainly fits.
    fn number(&mut self) -> Option<u64> {
        let (number, digits) = literal::number(&self.bytes[self.at..])?;
        self.at += digits;
        Some(number)
    }

    /// A whole number of any length, as long as it fits.
    fn long_number(&mut self) -> Option<u128> {
        let rest = &self.bytes[self.at..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let whole = !matches!(rest.get(digits), Some(b'.' | b'e' | b'E'));
        let spelled = matches!(&rest[..digits], [b'0'] | [b'1'..=b'9', ..]);
        (whole && spelled).then_some(())?;
        self.at += digits;
        std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
    }

    fn line(&mut self) -> Option<RawPacket> {
        self.sign(b'{')?;
        let mut packet = RawPacket {
            time: self.text()?.to_owned(),
            ..RawPacket::default()
        };
        self.sign(b':')?;
        self.sign(b'{')?;
        let mut has_flows = false;
        loop {
            let key = self.text()?;
            self.sign(b':')?;
            match key {
                "client" => packet.exporter = Some(self.client()?),
                "header" => self.header(&mut packet)?,
                "flows" if !has_flows => {
                    has_flows = true;
                    packet.records = self.flows()?;
                }
                _ => return None,
            }
            if !self.goes_on(b'}')? {
                break;
            }
        }
        self.sign(b'}')?;
        has_flows.then_some(packet)
    }

    fn client(&mut self) -> Option<String> {
        self.sign(b'[')?;
        let name = exporter_name(self.text()?);
        while self.goes_on(b']')? {
            self.number()?;
        }
        Some(name)
    }

    fn header(&mut self, packet: &mut RawPacket) -> Option<()> {
        packet.header = Default::default();
        self.sign(b'{')?;
        loop {
            let key = self.text()?;
            self.sign(b':')?;
            let number = self.number()?;
            packet.header.take(key, Scalar::Unsigned(number));
            if !self.goes_on(b'}')? {
                return Some(());
            }
        }
    }

    fn flows(&mut self) -> Option<Records> {
        let mut records = Records {
            kept: std::mem::take(self.spare),
            ..Records::default()
        };
        self.sign(b'[')?;
        if self.peek()? == b']' {
            self.at += 1;
            return Some(records);
        }
        loop {
            // records are large: each is read into its place
            self.record(records.begin())?;
            records.settle();
            if !self.goes_on(b']')? {
                return Some(records);
            }
        }
    }

    /// Reads a record.
    fn record(&mut self, record: &mut Record) -> Option<()> {
        (self.peek()? == b'{').then(|| self.at += 1)?;
        record.object = true;
        let mut place = Place::Begin;
        loop {
            let (meaning, version, behind) = self.step(place)?;
            record.version = record.version.max(version);
            place = behind;
            self.value(meaning, record)?;
            if self.peek()? == b'}' {
                self.at += 1;
                return Some(());
            }
        }
    }

    /// Takes what stands before a value: from memory, or by looking it up.
    fn step(&mut self, place: Place) -> Option<Learned> {
        let rest = &self.bytes[self.at..];
        if let Some((step, length, behind)) = self.orders.known(place, rest) {
            self.at += length;
            return Some((step.meaning, step.version, behind));
        }
        let begin = self.at;
        self.space();
        if place != Place::Begin {
            self.sign(b',')?;
        }
        let key = self.text()?;
        self.sign(b':')?;
        let between = &self.bytes[begin..self.at];
        Some(self.orders.learn(place, between, key, self.dialect))
    }

    fn value(&mut self, meaning: Option<Meaning>, record: &mut Record) -> Option<()> {
        if let Some(Meaning::Address(which)) = meaning {
            let address = self.address(which >= 2)?;
            record.take_address(which, address);
        } else if self.peek()? == b'"' {
            self.ascii()?;
            if let Some(meaning) = meaning {
                record.take(meaning, Scalar::Other);
            }
        } else if let Some(meaning) = meaning {
            let number = self.number()?;
            record.take_number(meaning, number);
        } else if self.number().is_none() {
            self.long_number()?;
        }
        Some(())
    }

    /// An address, or `None` within for a value that is none.
    fn address(&mut self, v6: bool) -> Option<Option<(IpAddr, bool)>> {
        if let Some((address, length)) = literal::address(&self.bytes[self.at..], v6) {
            self.at += length;
            return Some(Some((address, true)));
        }
        if self.peek()? == b'"' {
            return Some(address_text(self.text()?));
        }
        Some(address_number(self.long_number()?, v6))
    }
}
