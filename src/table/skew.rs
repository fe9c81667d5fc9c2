//! How far the starts of two flows lie apart, and whether that is near enough to be peers.

use crate::model::flow::Start;

/// How far two absolute starts may lie apart beyond the tolerance, when the
/// exporter's own clock says they are near: header clocks have whole seconds.
const HEADER_SLACK: i64 = 2000;

/// How far the absolute starts of peers may lie apart, whatever the exporter's own clock says.
pub fn farthest(tolerance: i64) -> i64 {
    tolerance.saturating_add(HEADER_SLACK)
}

/// Milliseconds from `other` to `start`, if that is within the tolerance: on the
/// exporter's own clock where both have it, else in absolute time.
pub fn difference(start: Start, other: Start, tolerance: i64) -> Option<i64> {
    let absolute = start.absolute.saturating_sub(other.absolute);
    let skew = clock_difference(start, other);
    let vague = start.approximate || other.approximate;
    // without both clocks the skew is the absolute difference, and this asks for no more
    let strangers = !vague && absolute.saturating_abs() > farthest(tolerance);
    (skew.saturating_abs() <= tolerance && !strangers).then_some(skew)
}

/// Milliseconds from `other` to `start`; uptimes wrap, so their difference is read as signed.
pub fn clock_difference(start: Start, other: Start) -> i64 {
    match (start.uptime, other.uptime) {
        (Some(start), Some(other)) => i64::from(start.wrapping_sub(other) as i32),
        _ => start.absolute.saturating_sub(other.absolute),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_tell_the_difference_and_absolute_times_tell_strangers() {
        let at = |absolute, uptime, approximate| Start {
            absolute,
            uptime,
            approximate,
        };
        let clock = |absolute, uptime| at(absolute, Some(uptime), false);
        for (start, other, difference_of) in [
            (clock(5000, 900), clock(5700, 700), Some(200)),
            (clock(5000, 100), clock(5000, u32::MAX - 99), Some(200)),
            (clock(5000, 700), clock(5000, 1700), Some(-1000)),
            (clock(5000, 700), clock(5000, 1701), None),
            // the same reading of a clock that was started again in between
            (clock(5000, 700), clock(8000, 700), Some(0)),
            (clock(5000, 700), clock(8001, 700), None),
            // an absolute start that is a guess proves nothing
            (at(5000, Some(700), true), clock(90_000, 700), Some(0)),
            (clock(5000, 700), at(90_000, Some(700), true), Some(0)),
            // without both clocks absolute times have to do
            (at(5000, None, false), clock(5900, 700), Some(-900)),
            (at(5000, None, false), clock(6001, 700), None),
            (at(5000, None, true), at(4000, None, false), Some(1000)),
        ] {
            assert_eq!(
                difference(start, other, 1000),
                difference_of,
                "{start:?} {other:?}"
            );
        }
    }
}
