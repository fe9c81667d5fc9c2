//! Flows of one key that wait for their peer. A few are looked through one by
//! one; many are kept in order of their starts, so that neither a busy pair of
//! hosts nor a hostile file makes each answer look at every question.

use super::many::Many;
use super::peer::{Peer, fitting, nearest};
use super::skew::difference;
use super::store::RowId;
use crate::model::flow::Start;

/// More than this are kept in order.
const FEW: usize = 16;

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

impl Waiting {
    /// Lets a flow wait for a peer within the tolerance, which is the same in all questions.
    pub fn push(&mut self, row: RowId, start: Start, tolerance: i64) {
        match self {
            Waiting::Nobody => *self = Waiting::One(row, start),
            Waiting::One(first, began) => {
                *self = Waiting::Few(vec![(*first, *began), (row, start)]);
            }
            Waiting::Few(few) if few.len() < FEW => few.push((row, start)),
            Waiting::Few(few) => {
                let mut many = Box::new(Many::new(tolerance));
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
            Waiting::Many(many) => many.take_nearest(start),
        }
    }

    /// Forgets those in rows before this one.
    pub fn forget(&mut self, first: RowId) {
        match self {
            Waiting::One(row, _) if *row < first => *self = Waiting::Nobody,
            Waiting::Nobody | Waiting::One(..) => {}
            Waiting::Few(few) => few.retain(|&(row, _)| row >= first),
            Waiting::Many(many) => many.forget(first),
        }
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        match self {
            Waiting::Nobody => true,
            Waiting::One(..) => false,
            Waiting::Few(few) => few.is_empty(),
            Waiting::Many(many) => many.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    /// Starts of which many are alike, in eras that lie just as far apart as peers may, or farther.
    fn start() -> impl Strategy<Value = Start> {
        let uptime = prop_oneof![
            1 => Just(None),
            4 => (0u32..40).prop_map(Some),
            2 => (0u32..40).prop_map(|back| Some(0u32.wrapping_sub(back))),
            1 => (0u32..4).prop_map(|half| Some(half << 30)),
        ];
        let era = prop_oneof![
            (-4i64..4).prop_map(|era| era * 1005),
            (-40i64..40).prop_map(|era| era * 100_000),
        ];
        let approximate = prop::bool::weighted(0.2);
        (uptime, 0i64..40, approximate, era).prop_map(|(uptime, near, approximate, era)| Start {
            absolute: era + near,
            uptime,
            approximate,
        })
    }

    fn tolerance() -> impl Strategy<Value = i64> {
        let weeks = prop::sample::select(vec![1 << 31, 3_000_000_000, 1 << 33, i64::MAX]);
        prop_oneof![6 => 0i64..20, 1 => Just(4000), 1 => weeks]
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
            1 => (0u32..200).prop_map(Step::Keep),
        ]
    }

    const STRANGERS: u32 = 30_000;

    /// The clock reading and the moment at which the flow with some number began.
    type Began = fn(u32) -> (u32, i64);

    #[test]
    fn strangers_are_not_looked_at_one_by_one() {
        let began: [(&str, Began); 3] = [
            ("boots all over time", |flow| (5000, i64::from(flow) << 14)),
            ("and other uptimes", |flow| {
                (5000 + flow % 900, i64::from(flow) << 14)
            }),
            ("two boots that are near", |flow| {
                (5000, if flow < STRANGERS { 0 } else { 4000 })
            }),
        ];
        for (what, began) in began {
            let begin = Instant::now();
            let start = |flow| {
                let (uptime, absolute) = began(flow);
                Start {
                    absolute,
                    uptime: Some(uptime),
                    approximate: false,
                }
            };
            let mut waiting = Waiting::default();
            for flow in 0..STRANGERS {
                waiting.push(flow, start(flow), 1000);
                let other = start(flow + STRANGERS);
                assert_eq!(waiting.take_nearest(other, 1000), None, "{what}");
            }
            assert!(begin.elapsed() < Duration::from_secs(4), "{what}");
        }
    }

    proptest! {
        #[test]
        fn however_many_wait_they_are_searched_and_forgotten_as_one_list(
            steps in prop::collection::vec((start(), step()), 1..400), tolerance in tolerance(),
        ) {
            let mut list: Vec<(RowId, Start)> = Vec::new();
            let mut waiting = Waiting::default();
            for (row, (start, step)) in (0..).zip(steps) {
                match step {
                    Step::Wait => {
                        list.push((row, start));
                        waiting.push(row, start, tolerance);
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
