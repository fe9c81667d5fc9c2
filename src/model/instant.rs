//! How exporters write moments, and what they are as Unix milliseconds.

/// NTP counts seconds from 1900, Unix from 1970 (RFC 5905).
const NTP_EPOCH: u64 = 2_208_988_800;

/// How a moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unix seconds.
    Seconds,
    /// Unix milliseconds.
    Milliseconds,
    /// RFC 7011, 6.1.9: NTP time, as `[seconds, fraction]` or a number; or Unix microseconds.
    Microseconds,
    /// RFC 7011, 6.1.10: likewise, or Unix nanoseconds.
    Nanoseconds,
}

/// A moment that is written as a number; what lies beyond a calendar is unreadable.
pub fn milliseconds(number: u64, unit: Unit) -> Option<u64> {
    let moment = match unit {
        Unit::Seconds => number.checked_mul(1000)?,
        Unit::Milliseconds => number,
        Unit::Microseconds if number < 1 << 52 => number / 1000,
        Unit::Nanoseconds if number < 9 << 60 => number / 1_000_000,
        _ => return ntp(number >> 32, number & 0xffff_ffff),
    };
    on_calendar(moment)
}

/// A moment that is written as NTP time; some exporters write Unix seconds in its place.
pub fn ntp(seconds: u64, fraction: u64) -> Option<u64> {
    let unix = seconds.checked_sub(NTP_EPOCH).unwrap_or(seconds);
    let moment = unix
        .saturating_mul(1000)
        .saturating_add((fraction & 0xffff_ffff).wrapping_mul(1000) >> 32);
    on_calendar(moment)
}

/// Whether an absolute time, in whatever unit, is told at all: 0 is what exporters write where
/// they know none. (An uptime of 0 is a moment like any other.)
pub fn is_set(moment: u64) -> bool {
    moment != 0
}

fn on_calendar(moment: u64) -> Option<u64> {
    (moment < 1 << 50).then_some(moment)
}
