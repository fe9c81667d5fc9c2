//! `Value`: what a field of a row holds, before it is turned into a cell, a
//! sort key or a `Datum`, which is what CSV and JSON print.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::net::IpAddr;

/// The value of one field of one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// The records do not tell.
    Unknown,
    /// A whole number: counters, ports, versions, milliseconds.
    Number(i128),
    /// Unix seconds, as the collector wrote them.
    Seconds(f64),
    /// An address.
    Address(IpAddr),
    /// Words.
    Text(Cow<'a, str>),
}

/// A value as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Datum {
    /// Words, which a format may have to quote.
    Text(String),
    /// The digits of a number.
    Number(String),
}

impl<'a> Value<'a> {
    /// A number, if there is one.
    pub fn number(number: Option<impl Into<i128>>) -> Self {
        number.map_or(Value::Unknown, |number| Value::Number(number.into()))
    }

    /// The same, with text of its own.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Unknown => Value::Unknown,
            Value::Number(number) => Value::Number(number),
            Value::Seconds(seconds) => Value::Seconds(seconds),
            Value::Address(address) => Value::Address(address),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
        }
    }

    /// Text that lives as long as the program.
    pub fn word(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }

    /// The order of a sorted column: unknown first, addresses by number with
    /// IPv4 first, text without regard to case.
    pub fn order(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => a.cmp(b),
            (Value::Seconds(a), Value::Seconds(b)) => a.total_cmp(b),
            (Value::Address(a), Value::Address(b)) => a.cmp(b),
            (Value::Text(a), Value::Text(b)) => caseless(a).cmp(caseless(b)),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    /// The beginning of a value as a number: where those of two values differ, they
    /// are in the same [order](Value::order).
    pub fn prefix(&self) -> (u8, u64) {
        let prefix = match self {
            Value::Address(IpAddr::V4(address)) => address.to_bits().into(),
            // behind all of IPv4
            Value::Address(IpAddr::V6(address)) => 1 << 63 | (address.to_bits() >> 65) as u64,
            Value::Text(text) => {
                let mut first = [0; 8];
                let bytes = first.iter_mut().zip(caseless(text));
                bytes.for_each(|(first, byte)| *first = byte);
                u64::from_be_bytes(first)
            }
            Value::Unknown | Value::Number(_) | Value::Seconds(_) => 0,
        };
        (self.rank(), prefix)
    }

    fn rank(&self) -> u8 {
        match self {
            Value::Unknown => 0,
            Value::Number(_) => 1,
            Value::Seconds(_) => 2,
            Value::Address(_) => 3,
            Value::Text(_) => 4,
        }
    }
}

fn caseless(text: &str) -> impl Iterator<Item = u8> + '_ {
    text.bytes().map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sorted_column_is_in_an_order_that_people_expect() {
        let address = |text: &str| text.parse().map_or(Value::Unknown, Value::Address);
        let sorted = [
            Value::Unknown,
            Value::Number(-3),
            Value::Number(80),
            Value::Number(443),
            Value::Seconds(9.5),
            Value::Seconds(10.25),
            address("9.0.0.1"),
            address("10.0.0.1"),
            address("::1"),
            Value::word("alpha"),
            Value::word("Beta"),
            Value::word("gamma"),
            Value::word("gammas of 80"),
            Value::word("gammas of 81"),
        ];
        for (at, value) in sorted.iter().enumerate() {
            for (other, beside) in sorted.iter().enumerate() {
                assert_eq!(value.order(beside), at.cmp(&other), "{value:?} {beside:?}");
                let begin = value.prefix().cmp(&beside.prefix());
                assert!(
                    begin.is_eq() || begin == at.cmp(&other),
                    "{value:?} {beside:?}"
                );
            }
        }
        assert!(Value::word("TCP").order(&Value::word("tcp")).is_eq());
    }
}
