//! One JSON value read straight from the parser, whatever it is: numbers,
//! addresses in either spelling, and a way past everything else that never
//! recurses deeper than the limit. No value is built that is not kept.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::seed::seed;

/// Arrays and objects may be nested this deep within a line, and no deeper.
pub const NESTING_LIMIT: u8 = 64;

/// A value where a number is expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// A whole number.
    Unsigned(u64),
    /// A negative whole number.
    Negative(i64),
    /// `[seconds, fraction]`.
    Pair(u64, u64),
    /// Anything else: text, null, a fraction, a number too large.
    Other,
}

impl Scalar {
    /// The number, if it is one and no larger than `max`.
    pub fn at_most(self, max: u64) -> Option<u64> {
        match self {
            Scalar::Unsigned(number) if number <= max => Some(number),
            _ => None,
        }
    }

    /// The port, if it is one.
    pub fn port(self) -> Option<u16> {
        self.at_most(u16::MAX.into()).map(|port| port as u16)
    }
}

/// Reads a [`Scalar`]; the field is the nesting around it.
pub struct ScalarSeed(pub u8);

seed!(ScalarSeed, Scalar);

impl<'de> Visitor<'de> for ScalarSeed {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar::Unsigned(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(u64::try_from(number).map_or(Scalar::Negative(number), Scalar::Unsigned))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
        // up to 2^53; beyond it a float no longer tells whole numbers apart
        let exact = (0.0..=9_007_199_254_740_992.0).contains(&number);
        let whole = exact && number.fract() == 0.0;
        Ok(if whole {
            Scalar::Unsigned(number as u64)
        } else {
            Scalar::Other
        })
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_str<E>(self, _: &str) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar, A::Error> {
        let inner = deeper(self.0)?;
        let mut numbers = [Scalar::Other; 2];
        let mut count = 0;
        while let Some(item) = items.next_element_seed(ScalarSeed(inner))? {
            if let Some(number) = numbers.get_mut(count) {
                *number = item;
            }
            count += 1;
        }
        Ok(match (numbers, count) {
            ([Scalar::Unsigned(seconds), Scalar::Unsigned(fraction)], 2) => {
                Scalar::Pair(seconds, fraction)
            }
            _ => Scalar::Other,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Scalar, A::Error> {
        let inner = deeper(self.0)?;
        while entries.next_key::<IgnoredAny>()?.is_some() {
            entries.next_value_seed(ScalarSeed(inner))?;
        }
        Ok(Scalar::Other)
    }
}

/// The nesting within an array or object that stands at `depth`.
///
/// # Errors
/// When that is deeper than [`NESTING_LIMIT`].
pub fn deeper<E: Error>(depth: u8) -> Result<u8, E> {
    if depth >= NESTING_LIMIT {
        return Err(E::custom(format_args!(
            "nested deeper than {NESTING_LIMIT} levels"
        )));
    }
    Ok(depth + 1)
}

/// An address as the exports write it: text, or the number it is, exactly.
/// The second value says whether it was text.
pub fn address(raw: &RawValue, v6: bool) -> Option<(IpAddr, bool)> {
    let json = raw.get();
    let text = json
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match text {
        Some(text) => address_text(text),
        None => address_number(json.parse().ok()?, v6),
    }
}

/// An address from its text.
pub fn address_text(text: &str) -> Option<(IpAddr, bool)> {
    Some((text.parse().ok()?, true))
}

/// An address from the number it is.
pub fn address_number(number: u128, v6: bool) -> Option<(IpAddr, bool)> {
    let address = if v6 {
        IpAddr::V6(Ipv6Addr::from(number))
    } else {
        IpAddr::V4(Ipv4Addr::from(u32::try_from(number).ok()?))
    };
    Some((address, false))
}
