//! The fast path: the collector's own way of writing JSON, read in one pass.
//! Records of one exporter have the same keys in the same few orders, so the
//! bytes between two values are compared with those that stood there before,
//! and a key is looked up only when they differ. Whatever is unusual (escapes,
//! fractions, signs, nesting, text beyond ASCII) is left to the general parser:
//! what this path accepts, it reads as that one would, byte for byte.

use super::dialect::{Dialect, Meaning, version_of};
use super::header::exporter_name;
use super::packet::{RawPacket, Records};
use super::record::Record;
use super::scalar::{Scalar, address_ascii, address_number};

/// Places in records that are remembered; with more orders of keys than that,
/// keys are looked up instead.
const REMEMBERED: usize = 4096;

/// What stood between two values, and what the value after it means.
struct Step {
    between: Box<[u8]>,
    meaning: Option<Meaning>,
    version: Option<u16>,
    /// The place after that value.
    next: usize,
}

/// The orders of keys that were met, as a tree: each place in a record knows
/// what may come next.
pub struct Orders(Vec<Vec<Step>>);

impl Default for Orders {
    fn default() -> Self {
        Orders(vec![Vec::new()])
    }
}

/// Reads a line, or `None` when the general parser should.
pub fn read(line: &[u8], dialect: &Dialect, orders: &mut Orders) -> Option<RawPacket> {
    let mut reader = Reader {
        bytes: line,
        at: 0,
        dialect,
        orders,
        record: Record::default(),
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
    /// Records are large: one is read after another into the same place.
    record: Record,
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

    /// A whole number that is not too long to be exact.
    fn number(&mut self) -> Option<u128> {
        let begin = self.at;
        let mut small = 0u64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            small = small.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        let digits = &self.bytes[begin..self.at];
        let ends = !matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        let spelled = matches!(digits, [b'0'] | [b'1'..=b'9', ..]);
        (ends && spelled).then_some(())?;
        if digits.len() < 20 {
            return Some(u128::from(small));
        }
        std::str::from_utf8(digits).ok()?.parse().ok()
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
                    packet.records = self.flows(packet.header.count)?;
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
            let number = u64::try_from(self.number()?).ok()?;
            packet.header.take(key, Scalar::Unsigned(number));
            if !self.goes_on(b'}')? {
                return Some(());
            }
        }
    }

    fn flows(&mut self, announced: Option<u64>) -> Option<Records> {
        let mut records = Records::with_room(announced);
        self.sign(b'[')?;
        if self.peek()? == b']' {
            self.at += 1;
            return Some(records);
        }
        loop {
            self.record()?;
            records.add(&self.record);
            if !self.goes_on(b']')? {
                return Some(records);
            }
        }
    }

    /// Reads a record into the one that is kept for that.
    fn record(&mut self) -> Option<()> {
        (self.peek()? == b'{').then(|| self.at += 1)?;
        self.record = Record::default();
        self.record.object = true;
        let mut place = Some(0);
        loop {
            let (meaning, version, next) = self.step(place)?;
            self.record.version = self.record.version.max(version);
            place = next;
            self.value(meaning)?;
            match self.peek()? {
                b'}' => {
                    self.at += 1;
                    return Some(());
                }
                b',' => {}
                _ => {
                    self.space();
                    (self.peek()? == b',').then_some(())?;
                }
            }
        }
    }

    /// Takes what stands before a value: from memory, or by looking it up.
    fn step(
        &mut self,
        place: Option<usize>,
    ) -> Option<(Option<Meaning>, Option<u16>, Option<usize>)> {
        let rest = &self.bytes[self.at..];
        if let Some(steps) = place.map(|place| &self.orders.0[place])
            && let Some(step) = steps.iter().find(|step| rest.starts_with(&step.between))
        {
            self.at += step.between.len();
            return Some((step.meaning, step.version, Some(step.next)));
        }
        let begin = self.at;
        if self.peek()? == b',' {
            self.at += 1;
        } else if place != Some(0) {
            return None;
        }
        self.space();
        let key = self.text()?;
        self.sign(b':')?;
        let between = &self.bytes[begin..self.at];
        let (meaning, version) = (self.dialect.meaning(key), version_of(key));
        let next = place.and_then(|place| self.remember(place, between, meaning, version));
        Some((meaning, version, next))
    }

    fn remember(
        &mut self,
        place: usize,
        between: &[u8],
        meaning: Option<Meaning>,
        version: Option<u16>,
    ) -> Option<usize> {
        let next = self.orders.0.len();
        if next >= REMEMBERED {
            return None;
        }
        self.orders.0.push(Vec::new());
        self.orders.0[place].push(Step {
            between: between.into(),
            meaning,
            version,
            next,
        });
        Some(next)
    }

    fn value(&mut self, meaning: Option<Meaning>) -> Option<()> {
        if self.peek()? == b'"' {
            let text = self.ascii()?;
            match meaning {
                Some(Meaning::Address(which)) => {
                    self.record.take_address(which, address_ascii(text))
                }
                Some(meaning) => self.record.take(meaning, Scalar::Other),
                None => {}
            }
            return Some(());
        }
        let number = self.number()?;
        match meaning {
            Some(Meaning::Address(which)) => {
                self.record
                    .take_address(which, address_number(number, which >= 2));
            }
            Some(meaning) => {
                let number = u64::try_from(number).ok()?;
                self.record.take(meaning, Scalar::Unsigned(number));
            }
            None => {}
        }
        Some(())
    }
}
