//! Flows of one key that wait for their peer. A few are looked through one by
//! one; many are kept in order of their starts, so that neither a busy pair of
//! hosts nor a hostile file makes each answer look at every question.

use std::collections::BTreeMap;

use super::store::RowId;
use crate::model::flow::Start;

/// How far two absolute starts may lie apart beyond the tolerance, when the
/// exporter's own clock says they are near: header clocks have whole seconds.
const HEADER_SLACK: i64 = 2000;
/// More than this are kept in order.
const FEW: usize = 16;
/// The exporter's clock comes round after this many milliseconds.
const ROUND: i64 = 1 << 32;

/// A waiting flow that fits.
#[derive(Clone, Copy)]
struct Found {
    row: RowId,
    start: Start,
    skew: i64,
}

impl Found {
    /// The nearer the better, then the earlier in the file.
    fn rank(&self) -> (i64, RowId) {
        (self.skew.abs(), self.row)
    }
}

/// Waiting flows by a clock reading or a moment, and by row.
type Ordered = BTreeMap<(i64, RowId), Start>;

/// The flows of one key.
#[derive(Default)]
pub enum Waiting {
    /// Nobody.
    #[default]
    Nobody,
    /// Nearly always there is just one.
    One(RowId, Start),
    /// In the order of the file.
    Few(Vec<(RowId, Start)>),
    /// In the order of their starts.
    Many(Box<Many>),
}

/// Waiting flows with an uptime by uptime and by absolute start, those without by absolute start.
#[derive(Default)]
pub struct Many {
    by_clock: Ordered,
    clocked: Ordered,
    clockless: Ordered,
}

/// The peer of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The row it waits in.
    pub row: RowId,
    /// The flow's start minus the peer's, in milliseconds.
    pub skew: i64,
    /// Another waiting flow is as near.
    pub ambiguous: bool,
}

impl Waiting {
    /// Lets a flow wait.
    pub fn push(&mut self, row: RowId, start: Start) {
        match self {
            Waiting::Nobody => *self = Waiting::One(row, start),
            Waiting::One(first, began) => {
                *self = Waiting::Few(vec![(*first, *began), (row, start)]);
            }
            Waiting::Few(few) if few.len() < FEW => few.push((row, start)),
            Waiting::Few(few) => {
                let mut many = Box::<Many>::default();
                few.iter().for_each(|&(row, start)| many.push(row, start));
                many.push(row, start);
                *self = Waiting::Many(many);
            }
            Waiting::Many(many) => many.push(row, start),
        }
    }

    /// Takes out the nearest flow within the tolerance, of several the first in the file.
    pub fn take_nearest(&mut self, start: Start, tolerance: i64) -> Option<Peer> {
        match self {
            Waiting::Nobody => None,
            Waiting::One(row, other) => {
                let skew = difference(start, *other, tolerance)?;
                let peer = Peer {
                    row: *row,
                    skew,
                    ambiguous: false,
                };
                *self = Waiting::Nobody;
                Some(peer)
            }
            Waiting::Few(few) => {
                let waiting = few.iter().copied();
                let (found, peer) = nearest(fitting(waiting, start, tolerance))?;
                few.retain(|&(row, _)| row != found.row);
                Some(peer)
            }
            Waiting::Many(many) => many.take_nearest(start, tolerance),
        }
    }

    /// Forgets those in rows before this one.
    pub fn forget(&mut self, first: RowId) {
        match self {
            Waiting::One(row, _) if *row < first => *self = Waiting::Nobody,
            Waiting::Nobody | Waiting::One(..) => {}
            Waiting::Few(few) => few.retain(|&(row, _)| row >= first),
            Waiting::Many(many) => {
                for ordered in [&mut many.by_clock, &mut many.clocked, &mut many.clockless] {
                    ordered.retain(|&(_, row), _| row >= first);
                }
            }
        }
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        match self {
            Waiting::Nobody => true,
            Waiting::One(..) => false,
            Waiting::Few(few) => few.is_empty(),
            Waiting::Many(many) => many.clocked.is_empty() && many.clockless.is_empty(),
        }
    }
}

/// Those of the waiting flows that fit.
fn fitting(
    waiting: impl Iterator<Item = (RowId, Start)>,
    start: Start,
    tolerance: i64,
) -> impl Iterator<Item = Found> {
    waiting.filter_map(move |(row, other)| {
        Some(Found {
            row,
            start: other,
            skew: difference(start, other, tolerance)?,
        })
    })
}

/// The best of those that fit, and what is to be said of it.
fn nearest(fitting: impl Iterator<Item = Found>) -> Option<(Found, Peer)> {
    let mut best: Option<Found> = None;
    let mut ambiguous = false;
    for found in fitting {
        let distance = |found: Found| found.skew.abs();
        ambiguous = match best.map(distance) {
            Some(least) if least == distance(found) => true,
            Some(least) if least < distance(found) => ambiguous,
            _ => false,
        };
        best = match best {
            Some(old) if old.rank() < found.rank() => Some(old),
            _ => Some(found),
        };
    }
    let Found { row, skew, .. } = best?;
    let peer = Peer {
        row,
        skew,
        ambiguous,
    };
    best.map(|best| (best, peer))
}

impl Many {
    fn push(&mut self, row: RowId, start: Start) {
        match start.uptime {
            Some(uptime) => {
                self.by_clock.insert((i64::from(uptime), row), start);
                self.clocked.insert((start.absolute, row), start);
            }
            None => {
                self.clockless.insert((start.absolute, row), start);
            }
        }
    }

    fn take_nearest(&mut self, start: Start, tolerance: i64) -> Option<Peer> {
        let mut found = search(&self.clockless, start.absolute, start, tolerance);
        match start.uptime.map(i64::from) {
            // the clock may have come round between both
            Some(clock) => found.extend(
                [clock - ROUND, clock, clock + ROUND]
                    .iter()
                    .flat_map(|&clock| search(&self.by_clock, clock, start, tolerance)),
            ),
            None => found.extend(search(&self.clocked, start.absolute, start, tolerance)),
        }
        // with a tolerance of weeks the three windows overlap
        found.sort_unstable_by_key(|found| found.row);
        found.dedup_by_key(|found| found.row);
        let (found, peer) = nearest(found.into_iter())?;
        self.remove(found.row, found.start);
        Some(peer)
    }

    fn remove(&mut self, row: RowId, start: Start) {
        match start.uptime {
            Some(uptime) => {
                self.by_clock.remove(&(i64::from(uptime), row));
                self.clocked.remove(&(start.absolute, row));
            }
            None => {
                self.clockless.remove(&(start.absolute, row));
            }
        }
    }
}

/// The first two fitting flows at the least distance from `centre`.
fn search(ordered: &Ordered, centre: i64, start: Start, tolerance: i64) -> Vec<Found> {
    let within = |from: i64, to: i64| {
        let range = (from <= to).then(|| ordered.range((from, 0)..=(to, RowId::MAX)));
        range.into_iter().flatten()
    };
    let (low, high) = (
        centre.saturating_sub(tolerance),
        centre.saturating_add(tolerance),
    );
    let mut above = within(centre, high).next().map(|entry| entry.0.0);
    let mut below = within(low, centre.saturating_sub(1))
        .next_back()
        .map(|entry| entry.0.0);
    loop {
        let distance = |key: Option<i64>| key.map_or(i64::MAX, |key| key.abs_diff(centre) as i64);
        let least = distance(above).min(distance(below));
        if least == i64::MAX {
            return Vec::new();
        }
        let mut found = Vec::new();
        for key in [above, below].into_iter().flatten() {
            if distance(Some(key)) == least {
                let waiting = within(key, key).map(|(&(_, row), &other)| (row, other));
                found.extend(fitting(waiting, start, tolerance).take(2));
            }
        }
        if !found.is_empty() {
            return found;
        }
        if distance(above) == least {
            above = above
                .and_then(|key| within(key.saturating_add(1), high).next())
                .map(|entry| entry.0.0);
        }
        if distance(below) == least {
            below = below
                .and_then(|key| within(low, key.saturating_sub(1)).next_back())
                .map(|entry| entry.0.0);
        }
    }
}

/// Milliseconds from `other` to `start`, if that is within the tolerance: on the
/// exporter's own clock where both have it, else in absolute time.
pub fn difference(start: Start, other: Start, tolerance: i64) -> Option<i64> {
    let absolute = start.absolute.saturating_sub(other.absolute);
    let skew = clock_difference(start, other);
    let vague = start.approximate || other.approximate;
    // without both clocks the skew is the absolute difference, and this asks for no more
    let strangers = !vague && absolute.saturating_abs() > tolerance.saturating_add(HEADER_SLACK);
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
    use proptest::prelude::*;

    fn start() -> impl Strategy<Value = Start> {
        let uptime = prop_oneof![
            Just(None),
            (0u32..40).prop_map(Some),
            (0u32..40).prop_map(|back| Some(0u32.wrapping_sub(back)))
        ];
        (uptime, 0i64..40, any::<bool>(), 0i64..3).prop_map(|(uptime, near, approximate, era)| {
            Start {
                absolute: era * 100_000 + near,
                uptime,
                approximate,
            }
        })
    }

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

    /// What happens to the flows of one key.
    #[derive(Clone, Copy, Debug)]
    enum Step {
        Wait,
        Ask,
        /// All but the last so many rows are let go.
        Keep(RowId),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            8 => Just(Step::Wait),
            4 => Just(Step::Ask),
            1 => (0u32..40).prop_map(Step::Keep),
        ]
    }

    proptest! {
        #[test]
        fn however_many_wait_they_are_searched_and_forgotten_as_one_list(
            steps in prop::collection::vec((start(), step()), 1..120), tolerance in 0i64..20,
        ) {
            let mut list: Vec<(RowId, Start)> = Vec::new();
            let mut waiting = Waiting::default();
            for (row, (start, step)) in (0..).zip(steps) {
                match step {
                    Step::Wait => {
                        list.push((row, start));
                        waiting.push(row, start);
                    }
                    Step::Ask => {
                        let fitting = fitting(list.iter().copied(), start, tolerance);
                        let expected = nearest(fitting).map(|found| found.1);
                        prop_assert_eq!(waiting.take_nearest(start, tolerance), expected);
                        list.retain(|&(row, _)| expected.is_none_or(|peer| peer.row != row));
                    }
                    Step::Keep(rows) => {
                        let first = row.saturating_sub(rows);
                        list.retain(|&(row, _)| row >= first);
                        waiting.forget(first);
                    }
                }
                prop_assert_eq!(waiting.is_empty(), list.is_empty());
            }
        }
    }
}
