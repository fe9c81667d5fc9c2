//! `Pen`, which lays amounts on steps of time.

use std::ops::RangeInclusive;

use super::bins::{Bins, Finder};
use super::tally::Counter;

/// Lays amounts on steps of time, and knows where it did so last: as flows come in
/// the order of the file, most are short and in the same step as the one before.
pub struct Pen {
    bins: Bins,
    finder: Finder,
    /// The step of the last flow that took no more than one, when it begins, and how
    /// long it is.
    at: usize,
    begin: i64,
    length: u64,
}

impl Pen {
    /// One that has not laid anything yet.
    pub fn new(bins: Bins) -> Self {
        Pen {
            bins,
            finder: bins.finder(),
            at: 0,
            begin: 0,
            length: 0,
        }
    }

    /// Spreads an amount over the steps of a stretch of time; nothing where that ends
    /// before it begins.
    #[inline]
    pub fn lay<N: Counter>(&mut self, time: (i64, i64), amount: u64, steps: &mut [N]) {
        let is_here = |moment: i64| (moment.wrapping_sub(self.begin) as u64) < self.length;
        if !(is_here(time.0) & is_here(time.1)) {
            return self.lay_elsewhere(time, amount, steps);
        }
        if let Some(step) = steps.get_mut(self.at) {
            *step += amount.into();
        }
    }

    #[inline(never)]
    fn lay_elsewhere<N: Counter>(
        &mut self,
        (begin, end): (i64, i64),
        amount: u64,
        steps: &mut [N],
    ) {
        if begin > end || amount == 0 {
            return;
        }
        let (first, last) = (self.finder.of(begin), self.finder.of(end));
        if first != last {
            return self.lay_over((begin, end), first..=last, amount, steps);
        }
        let Some(at) = usize::try_from(first).ok().filter(|&at| at < steps.len()) else {
            return;
        };
        steps[at] += amount.into();
        self.at = at;
        self.begin = self.bins.start(at);
        self.length = self.bins.start(at + 1).abs_diff(self.begin);
    }

    /// The same for what takes more than a step.
    fn lay_over<N: Counter>(
        &self,
        (begin, end): (i64, i64),
        taken: RangeInclusive<i64>,
        amount: u64,
        steps: &mut [N],
    ) {
        let bins = self.bins;
        let (first, last) = taken.into_inner();
        let lasted = (i128::from(end) - i128::from(begin)).unsigned_abs();
        // what was sent up to a moment, in whole octets
        let until = |moment: i64| {
            let passed = (i128::from(moment) - i128::from(begin)).max(0) as u128;
            match passed >= lasted {
                true => amount,
                false => multiplied(amount, passed, lasted),
            }
        };
        let from = first.max(0);
        let mut before = until(bins.start(from as usize));
        for bin in from..=last.min(bins.count as i64 - 1) {
            let after = if bin == last {
                amount
            } else {
                until(bins.start(bin as usize + 1))
            };
            if let Some(step) = steps.get_mut(bin as usize) {
                *step += (after - before).into();
            }
            before = after;
        }
    }
}

/// `amount * passed / lasted`, where `passed` is less than `lasted`.
fn multiplied(amount: u64, passed: u128, lasted: u128) -> u64 {
    match (u64::try_from(passed), u64::try_from(lasted)) {
        (Ok(passed), Ok(lasted)) if amount.checked_mul(passed).is_some() => {
            amount * passed / lasted
        }
        // both factors are below 2^64
        _ => (u128::from(amount) * passed / lasted) as u64,
    }
}
