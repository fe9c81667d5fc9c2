//! How exporters write moments, and what they are as Unix milliseconds.

use super::scalar::Scalar;

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

/// A moment as Unix milliseconds; what lies beyond a calendar is unreadable.
pub fn milliseconds(scalar: Scalar, unit: Unit) -> Option<u64> {
    let moment = match (unit, scalar) {
        (Unit::Seconds, Scalar::Unsigned(seconds)) => seconds.checked_mul(1000)?,
        (Unit::Milliseconds, Scalar::Unsigned(moment)) => moment,
        (_, Scalar::Pair(seconds, fraction)) => ntp(seconds, fraction),
        (Unit::Microseconds, Scalar::Unsigned(moment)) if moment < 1 << 52 => moment / 1000,
        (Unit::Nanoseconds, Scalar::Unsigned(moment)) if moment < 9 << 60 => moment / 1_000_000,
        (_, Scalar::Unsigned(moment)) => ntp(moment >> 32, moment & 0xffff_ffff),
        _ => return None,
    };
    (moment < 1 << 50).then_some(moment)
}

/// NTP time; some exporters write Unix seconds in its place.
fn ntp(seconds: u64, fraction: u64) -> u64 {
    let unix = seconds.checked_sub(NTP_EPOCH).unwrap_or(seconds);
    unix.saturating_mul(1000)
        .saturating_add((fraction & 0xffff_ffff).wrapping_mul(1000) >> 32)
}
