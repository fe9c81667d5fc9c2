//! Waiting flows of one key of which many have nearly the same uptime, but other absolute
//! starts: the exporter was started again in between, any number of times. They are looked for
//! by both, so that strangers are not looked at, however many.

use super::blocks::Blocks;
use super::ordered::{Ordered, search};
use super::peer::{PeerCandidate, fitting};
use super::skew::farthest;
use super::store::RowId;
use crate::model::flow::Start;

/// Waiting flows with an uptime.
pub struct Eras {
    tolerance: i64,
    /// Those whose absolute start is certain.
    certain: Blocks,
    /// Those whose absolute start is approximate, by uptime: none of them is a stranger.
    vague: Ordered,
}

impl Eras {
    /// The same flows as in the order of their uptimes.
    pub fn new(by_clock: &Ordered, tolerance: i64) -> Self {
        let mut eras = Eras {
            tolerance,
            certain: Blocks::new(farthest(tolerance)),
            vague: Ordered::new(),
        };
        for (&(_, row), &start) in by_clock {
            eras.insert(row, start);
        }
        eras
    }

    /// Adds a flow, if it has an uptime.
    pub fn insert(&mut self, row: RowId, start: Start) {
        match start.uptime {
            Some(uptime) if start.approximate => {
                self.vague.insert((i64::from(uptime), row), start);
            }
            Some(uptime) => self.certain.insert(row, start.absolute, uptime),
            None => {}
        }
    }

    /// Takes a flow out.
    pub fn remove(&mut self, row: RowId, start: Start) {
        match start.uptime {
            Some(uptime) if start.approximate => {
                self.vague.remove(&(i64::from(uptime), row));
            }
            Some(uptime) => self.certain.remove(row, start.absolute, uptime),
            None => {}
        }
    }

    /// Fitting flows, the nearest and of those the first two among them, for a flow whose
    /// absolute start is certain.
    pub fn search(&self, clock: i64, start: Start) -> Vec<PeerCandidate> {
        let far = farthest(self.tolerance);
        let times = start.absolute.saturating_sub(far)..=start.absolute.saturating_add(far);
        let certain = self.certain.nearest(clock, self.tolerance, &times);
        let certain = fitting(certain.into_iter(), start, self.tolerance);
        let vague = search(&self.vague, clock, start, self.tolerance).into_iter();
        certain.chain(vague.flatten()).collect()
    }
}
