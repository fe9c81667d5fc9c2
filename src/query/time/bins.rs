//! `Bins`, equal steps of time: which ones a stretch of it is cut into.

use std::ops::Range;

use crate::model::time::{DAY, Zone};

/// Steps of time that a clock shows: milliseconds, seconds, minutes, hours, days.
const STEPS: [i64; 34] = {
    const SECOND: i64 = 1000;
    const MINUTE: i64 = 60 * SECOND;
    const HOUR: i64 = 60 * MINUTE;
    [
        1,
        2,
        5,
        10,
        20,
        50,
        100,
        200,
        500,
        SECOND,
        2 * SECOND,
        5 * SECOND,
        10 * SECOND,
        15 * SECOND,
        20 * SECOND,
        30 * SECOND,
        MINUTE,
        2 * MINUTE,
        3 * MINUTE,
        5 * MINUTE,
        10 * MINUTE,
        15 * MINUTE,
        20 * MINUTE,
        30 * MINUTE,
        HOUR,
        2 * HOUR,
        3 * HOUR,
        4 * HOUR,
        6 * HOUR,
        12 * HOUR,
        DAY,
        2 * DAY,
        7 * DAY,
        28 * DAY,
    ]
};

/// Equal steps of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bins {
    /// When the first begins, Unix milliseconds.
    pub begin: i64,
    /// Milliseconds of each.
    pub step: i64,
    /// How many there are.
    pub count: usize,
}

impl Bins {
    /// Steps over a stretch of time, counted from the midnight before it.
    pub fn over(span: &Range<i64>, step: i64, zone: &Zone) -> Self {
        let step = step.max(1);
        let begin = zone.floor(span.start, step);
        let length = span.end.saturating_sub(begin).max(1);
        let count = usize::try_from((length - 1) / step + 1).unwrap_or(usize::MAX);
        Bins { begin, step, count }
    }

    /// At most so many steps over a stretch of time: the shortest that a clock shows.
    pub fn within(span: &Range<i64>, most: usize, zone: &Zone) -> Self {
        let fits = |bins: &Bins| bins.count <= most.max(1);
        let steps = STEPS.iter().map(|&step| Bins::over(span, step, zone));
        steps.into_iter().find(fits).unwrap_or_else(|| {
            let long = span.end.saturating_sub(span.start) / most.max(1) as i64;
            // one more for each of the two ends
            Bins::over(
                span,
                long.saturating_add(long / 8).saturating_add(2 * DAY),
                zone,
            )
        })
    }

    /// So many steps that fill a stretch of time, whatever clocks show; fewer where
    /// they would be shorter than a millisecond.
    pub fn filling(span: &Range<i64>, count: usize) -> Self {
        let length = span.end.saturating_sub(span.start).max(1);
        let step = (length - 1) / count.max(1) as i64 + 1;
        let count = ((length - 1) / step + 1) as usize;
        Bins {
            begin: span.start,
            step,
            count,
        }
    }

    /// When a step begins; that after the last is when all end.
    pub fn start(&self, bin: usize) -> i64 {
        let passed = i64::try_from(bin)
            .unwrap_or(i64::MAX)
            .saturating_mul(self.step);
        self.begin.saturating_add(passed)
    }

    /// The stretch of time that they are of.
    pub fn range(&self) -> Range<i64> {
        self.begin..self.start(self.count)
    }

    /// The step that a moment lies in: before the first is negative.
    pub fn of(&self, moment: i64) -> i64 {
        self.finder().of(moment)
    }

    /// What finds the steps of many moments.
    pub fn finder(&self) -> Finder {
        let step = u32::try_from(self.step).map_or(0, u64::from);
        let inverse = match step {
            0 | 1 => None,
            step => Some(u64::MAX / step + 1),
        };
        Finder {
            begin: self.begin,
            step: self.step,
            inverse,
        }
    }
}

/// Finds steps by multiplying instead of dividing: exact as long as step and
/// distance have 32 bits, which is 49 days.
#[derive(Clone, Copy)]
pub struct Finder {
    begin: i64,
    step: i64,
    /// 2^64 divided by the step, rounded up.
    inverse: Option<u64>,
}

impl Finder {
    /// The step that a moment lies in: before the first is negative.
    #[inline]
    pub fn of(&self, moment: i64) -> i64 {
        let passed = moment.saturating_sub(self.begin);
        match (self.inverse, u32::try_from(passed)) {
            (Some(inverse), Ok(passed)) => {
                ((u128::from(inverse) * u128::from(passed)) >> 64) as i64
            }
            _ => passed.div_euclid(self.step),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn multiplying_is_dividing(
            step in prop_oneof![1..5i64, 1..=i64::MAX, 1..=i64::from(u32::MAX)], begin in -5..5i64,
            times in 0..1i64 << 32, off in -1..=1i64,
        ) {
            let bins = Bins { begin, step, count: 1 };
            // near where one step ends and the next begins
            let moment = begin.saturating_add(step.saturating_mul(times % (1 + (1 << 32) / step))).saturating_add(off);
            let expected = i128::from(moment.saturating_sub(begin)).div_euclid(step.into());
            prop_assert_eq!(i128::from(bins.finder().of(moment)), expected);
        }
    }
}
