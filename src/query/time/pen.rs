//! `Pen`, which lays amounts on steps of time.

use super::bins::{Bins, Finder};
use crate::query::bits::Bits;
use crate::query::columns::counters::Counter;

/// Amounts of both ways in each step.
pub type Both<N> = [Vec<N>; 2];

/// A step of time.
#[derive(Clone, Copy)]
struct Step {
    /// Its place among all.
    at: usize,
    begin: i64,
    length: u64,
}

impl Step {
    /// Whether both moments lie in it.
    #[inline]
    fn has(&self, (begin, end): (i64, i64)) -> bool {
        let has = |moment: i64| (moment.wrapping_sub(self.begin) as u64) < self.length;
        has(begin) & has(end)
    }
}

/// Nowhere: no moment lies in it.
const NOWHERE: Step = Step {
    at: usize::MAX,
    begin: 0,
    length: 0,
};

/// One flow: when it began and ended, what is to be laid, and which way it went.
pub type Stroke = ((i64, i64), u64, usize);

/// Lays amounts on steps of time.
pub struct Pen<'a, N> {
    bins: Bins,
    finder: Finder,
    steps: &'a mut Both<N>,
}

impl<'a, N: Counter> Pen<'a, N> {
    /// One that adds to these steps.
    pub fn new(bins: Bins, steps: &'a mut Both<N>) -> Self {
        let finder = bins.finder();
        Pen {
            bins,
            finder,
            steps,
        }
    }

    /// Lays the flows of some rows, those that end before they begin left out. They come
    /// in the order of the file, so most are in the same step as the one before: what is
    /// laid there is kept at hand until another follows.
    pub fn lay(&mut self, rows: &Bits, stroke: impl Fn(usize) -> Stroke) {
        let (mut here, mut both_ways, mut sent) = (NOWHERE, N::default(), N::default());
        rows.for_each(|place| {
            let (time, amount, way) = stroke(place);
            if !here.has(time) {
                let Some(step) = self.step(time) else {
                    return self.lay_over(time, amount, way);
                };
                self.put(here.at, both_ways, sent);
                (here, both_ways, sent) = (step, N::default(), N::default());
            }
            both_ways += amount.into();
            sent += if way == 0 { amount } else { 0 }.into();
        });
        self.put(here.at, both_ways, sent);
    }

    fn put(&mut self, at: usize, both_ways: N, sent: N) {
        let [own, other] = &mut *self.steps;
        if let (Some(own), Some(other)) = (own.get_mut(at), other.get_mut(at)) {
            *own += sent;
            *other += both_ways - sent;
        }
    }

    /// The step that a stretch of time lies in, if it is one.
    fn step(&self, (begin, end): (i64, i64)) -> Option<Step> {
        let at = self.finder.of(begin);
        if begin > end || at != self.finder.of(end) {
            return None;
        }
        let Some(at) = usize::try_from(at).ok().filter(|&at| at < self.bins.count) else {
            return Some(NOWHERE);
        };
        let begin = self.bins.start(at);
        let length = self.bins.start(at + 1).abs_diff(begin);
        Some(Step { at, begin, length })
    }

    /// Lays a flow that takes more than a step.
    #[inline(never)]
    fn lay_over(&mut self, (begin, end): (i64, i64), amount: u64, way: usize) {
        if begin > end || amount == 0 {
            return;
        }
        let (bins, steps) = (self.bins, &mut self.steps[way]);
        let (first, last) = (self.finder.of(begin), self.finder.of(end));
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
