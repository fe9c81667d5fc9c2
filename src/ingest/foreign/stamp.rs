//! Moments as other programs write them: Unix seconds with a fraction, Unix
//! nanoseconds, ISO 8601 with an offset or in the zone of this machine.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::leaves::Leaf;
use crate::model::instant::{self, Unit};
use crate::model::time::{Zone, milliseconds};

/// Milliseconds beyond this are on no calendar.
const LAST: i64 = 1 << 50;
/// More seconds than this are milliseconds, as Zeek can be told to write.
const MILLISECONDS: f64 = 1e11;

/// A moment as Unix milliseconds; text without an offset is meant in `zone`.
pub fn moment(value: &Leaf, unit: Unit, zone: &Zone) -> Option<i64> {
    let moment = match value {
        Leaf::Text(text) if text.contains([':', 'T']) => iso(text, zone)?,
        // a float has no room for others
        value if unit != Unit::Seconds => instant::milliseconds(value.whole()?, unit)? as i64,
        value => match number(value)? {
            seconds if seconds < MILLISECONDS => milliseconds(seconds),
            moment => moment.floor() as i64,
        },
    };
    (-LAST..LAST).contains(&moment).then_some(moment)
}

/// A length of time in seconds as milliseconds.
pub fn length(value: &Leaf) -> Option<i64> {
    let length = milliseconds(number(value)?);
    (0..LAST).contains(&length).then_some(length)
}

fn number(value: &Leaf) -> Option<f64> {
    match value {
        Leaf::Whole(number) => Some(*number as f64),
        Leaf::Negative(number) => Some(*number as f64),
        Leaf::Fraction(number) => Some(*number),
        Leaf::Text(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        Leaf::Other => None,
    }
}

fn iso(text: &str, zone: &Zone) -> Option<i64> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_millisecond());
    }
    zone.moment(text.parse::<DateTime>().ok()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn read(value: Leaf, unit: Unit) -> Option<i64> {
        moment(&value, unit, &Zone::utc())
    }

    #[test]
    fn every_spelling_of_a_moment() {
        let text = |text: &'static str| Leaf::Text(text.into());
        let seconds = |value| read(value, Unit::Seconds);
        assert_eq!(
            seconds(Leaf::Fraction(1_700_000_000.123)),
            Some(1_700_000_000_123)
        );
        assert_eq!(
            seconds(Leaf::Fraction(1_258_531_221.486_539)),
            Some(1_258_531_221_486)
        );
        assert_eq!(seconds(text("1258531221.486539")), Some(1_258_531_221_486));
        assert_eq!(
            seconds(Leaf::Whole(1_700_000_000_123)),
            Some(1_700_000_000_123)
        );
        let nanoseconds = Leaf::Whole(1_700_000_000_250_000_000);
        assert_eq!(
            read(nanoseconds, Unit::Nanoseconds),
            Some(1_700_000_000_250)
        );
        let nanoseconds = Leaf::Whole(1_767_324_720_787_460_121);
        assert_eq!(
            read(nanoseconds, Unit::Nanoseconds),
            Some(1_767_324_720_787)
        );
        for iso in [
            "2023-11-14T23:13:20.123456+0100",
            "2023-11-14T22:13:20.123456Z",
            "2023-11-14T22:13:20.123",
            "2023-11-14T17:43:20.123-04:30",
        ] {
            assert_eq!(seconds(text(iso)), Some(1_700_000_000_123), "{iso}");
        }
        for wrong in [
            "",
            "-",
            "yesterday",
            "nan",
            "inf",
            "1e300",
            "2023-13-01T00:00:00",
        ] {
            assert_eq!(seconds(text(wrong)), None, "{wrong}");
        }
        assert_eq!(length(&text("0.163820")), Some(163));
        assert_eq!(length(&text("-1")), None);
    }
}
