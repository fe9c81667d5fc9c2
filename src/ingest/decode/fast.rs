//! The fast path: the collector's own way of writing JSON, read in one pass.
//! Records of one exporter have the same keys in the same few orders, so the
//! bytes between two values are compared with those that stood there before,
//! and a key is looked up only when they differ. Whatever is unusual (escapes,
//! fractions, signs, nesting, text beyond ASCII) is left to the general parser:
//! what this path accepts, it reads as that one would, byte for byte.

use std::net::IpAddr;

use super::dialect::{Dialect, Meaning};
use super::header::{Client, exporter_name};
use super::kept::Kept;
use super::literal;
use super::orders::{BEGIN, ELSEWHERE, Learned, Orders};
use super::packet::{RawPacket, Records};
use super::record::Record;
use super::scalar::{Scalar, address_number, address_text};

/// Reads a line, or `None` when the general parser should.
///
/// `spare` is room for records, which comes back with the packet.
pub fn read(
    line: &[u8],
    dialect: &Dialect,
    orders: &mut Orders,
    spare: &mut Vec<Kept>,
) -> Option<RawPacket> {
    let mut reader = Reader {
        text: line,
        dialect,
        orders,
        spare,
    };
    let packet = reader.line()?;
    reader.space();
    reader.text.is_empty().then_some(packet)
}

struct Reader<'a> {
    /// What is still to be read.
    text: &'a [u8],
    dialect: &'a Dialect,
    orders: &'a mut Orders,
    spare: &'a mut Vec<Kept>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.first().copied()
    }

    fn pass(&mut self, bytes: usize) -> Option<()> {
        self.text = self.text.get(bytes..)?;
        Some(())
    }

    fn space(&mut self) {
        while let Some((b' ' | b'\t' | b'\n' | b'\r', rest)) = self.text.split_first() {
            self.text = rest;
        }
    }

    /// Takes a sign and the space around it.
    fn sign(&mut self, sign: u8) -> Option<()> {
        self.space();
        (self.peek()? == sign).then_some(())?;
        self.pass(1)?;
        self.space();
        Some(())
    }

    /// Takes a comma and answers true, or the closing sign and answers false.
    fn goes_on(&mut self, close: u8) -> Option<bool> {
        self.space();
        let sign = self.peek()?;
        self.pass(1)?;
        self.space();
        match sign {
            b',' => Some(true),
            _ => (sign == close).then_some(false),
        }
    }

    /// A string of plain ASCII.
    fn string(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.ascii()?).ok()
    }

    fn ascii(&mut self) -> Option<&'a [u8]> {
        let rest = self.text.strip_prefix(b"\"")?;
        let string = &rest[..memchr::memchr(b'"', rest)?];
        let plain = |&byte: &u8| matches!(byte, b' '..=b'~') && byte != b'\\';
        string.iter().all(plain).then_some(())?;
        self.text = &rest[string.len() + 1..];
        Some(string)
    }

    /// A whole number that certainly fits.
    fn number(&mut self) -> Option<u64> {
        let (number, digits) = literal::number(self.text)?;
        self.pass(digits)?;
        Some(number)
    }

    /// A whole number of any length, as long as it fits.
    fn long_number(&mut self) -> Option<u128> {
        let digits = self.text.iter().take_while(|byte| byte.is_ascii_digit());
        let (number, rest) = self.text.split_at(digits.count());
        matches!(number, [b'0'] | [b'1'..=b'9', ..]).then_some(())?;
        self.text = rest;
        std::str::from_utf8(number).ok()?.parse().ok()
    }

    fn line(&mut self) -> Option<RawPacket> {
        self.sign(b'{')?;
        let mut packet = RawPacket {
            time: self.string()?.to_owned(),
            ..RawPacket::default()
        };
        self.sign(b':')?;
        self.sign(b'{')?;
        let mut has_flows = false;
        loop {
            let key = self.string()?;
            self.sign(b':')?;
            match key {
                "client" => packet.client = self.client()?,
                "header" => self.header(&mut packet)?,
                "flows" => {
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

    fn client(&mut self) -> Option<Client> {
        self.sign(b'[')?;
        let name = exporter_name(self.string()?);
        let mut port = None;
        for place in 1.. {
            if !self.goes_on(b']')? {
                break;
            }
            let number = self.number()?;
            if place == 1 {
                port = Scalar::Unsigned(number).port();
            }
        }
        Some(Client { name, port })
    }

    fn header(&mut self, packet: &mut RawPacket) -> Option<()> {
        packet.header = Default::default();
        self.sign(b'{')?;
        loop {
            let key = self.string()?;
            self.sign(b':')?;
            let number = self.number()?;
            packet.header.take(key, Scalar::Unsigned(number));
            if !self.goes_on(b'}')? {
                return Some(());
            }
        }
    }

    fn flows(&mut self) -> Option<Records> {
        let mut records = Records::within(std::mem::take(self.spare));
        self.sign(b'[')?;
        if self.peek()? == b']' {
            self.pass(1)?;
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

    /// Reads a record. What stands between its values is known, as a rule, and
    /// most of the values are numbers: that is done here, the rest elsewhere.
    #[inline(never)]
    fn record(&mut self, record: &mut Record) -> Option<()> {
        let mut text = self.text.strip_prefix(b"{")?;
        let (mut place, mut next, mut version) = (BEGIN, self.orders.first(), None);
        record.object = true;
        loop {
            let (meaning, room);
            if let Some((known, step)) = self.orders.known(next, text) {
                (meaning, room, version) = (step.meaning, step.room, step.version);
                (place, next) = (known, step.next);
                text = text.get(step.bytes()..)?;
            } else {
                self.text = text;
                let learned = self.step(place)?;
                (meaning, version) = (learned.0, version.max(learned.1));
                (place, next) = (learned.2, ELSEWHERE);
                (room, text) = (Meaning::room(meaning), self.text);
            }
            if let Some(digits) = record.take_digits(room, text) {
                text = text.get(digits..)?;
            } else {
                self.text = text;
                self.value(meaning, record)?;
                text = self.text;
            }
            if text.first() == Some(&b'}') {
                record.version = version;
                self.text = &text[1..];
                return Some(());
            }
        }
    }

    /// Takes what stands before a value that is not known there.
    #[cold]
    fn step(&mut self, place: usize) -> Option<Learned> {
        let begin = self.text;
        self.space();
        if place != BEGIN {
            self.sign(b',')?;
        }
        let key = self.string()?;
        self.sign(b':')?;
        let between = &begin[..begin.len() - self.text.len()];
        Some(self.orders.learn(place, between, key, self.dialect))
    }

    #[inline(never)]
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
            record.take(meaning, Scalar::Unsigned(self.number()?));
        } else if self.number().is_none() {
            self.long_number()?;
        }
        Some(())
    }

    /// An address, or `None` within for a value that is none.
    fn address(&mut self, v6: bool) -> Option<Option<(IpAddr, bool)>> {
        if let Some((address, length)) = literal::address(self.text, v6) {
            self.pass(length)?;
            return Some(Some((address, true)));
        }
        if self.peek()? == b'"' {
            return Some(address_text(self.string()?));
        }
        Some(address_number(self.long_number()?, v6))
    }
}
