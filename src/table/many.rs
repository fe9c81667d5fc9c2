//! Many flows of one key that wait for their peer, in the order of their starts.

use super::eras::Eras;
use super::ordered::{Ordered, search};
use super::peer::{Peer, PeerCandidate, nearest};
use super::store::RowId;
use crate::model::flow::Start;

/// The exporter's clock comes round after this many milliseconds.
const ROUND: i64 = 1 << 32;

/// Waiting flows with an uptime by uptime and by absolute start, those without by absolute start.
pub struct Many {
    tolerance: i64,
    by_clock: Ordered,
    /// The same, once those with an uptime that is near turned out to be strangers.
    eras: Option<Eras>,
    clocked: Ordered,
    clockless: Ordered,
}

impl Many {
    /// Nobody yet, for peers at most `tolerance` milliseconds apart.
    pub fn new(tolerance: i64) -> Self {
        Many {
            tolerance,
            by_clock: Ordered::new(),
            eras: None,
            clocked: Ordered::new(),
            clockless: Ordered::new(),
        }
    }

    /// Lets a flow wait.
    pub fn push(&mut self, row: RowId, start: Start) {
        match start.uptime {
            Some(uptime) => {
                self.by_clock.insert((i64::from(uptime), row), start);
                self.clocked.insert((start.absolute, row), start);
            }
            None => {
                self.clockless.insert((start.absolute, row), start);
            }
        }
        if let Some(eras) = &mut self.eras {
            eras.insert(row, start);
        }
    }

    /// Takes out the nearest flow within the tolerance, of several the first in the file.
    pub fn take_nearest(&mut self, start: Start) -> Option<Peer> {
        let mut found = self.at_time(&self.clockless, start);
        found.extend(match start.uptime.map(i64::from) {
            Some(clock) => self.at_clock(clock, start),
            None => self.at_time(&self.clocked, start),
        });
        // with a tolerance of weeks the three windows overlap
        found.sort_unstable_by_key(|found| found.row);
        found.dedup_by_key(|found| found.row);
        let (found, peer) = nearest(found.into_iter())?;
        self.remove(found.row, found.start);
        Some(peer)
    }

    /// Forgets those in rows before this one.
    pub fn forget(&mut self, first: RowId) {
        for ordered in [&mut self.by_clock, &mut self.clocked, &mut self.clockless] {
            ordered.retain(|&(_, row), _| row >= first);
        }
        self.eras = None;
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.clocked.is_empty() && self.clockless.is_empty()
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
        if let Some(eras) = &mut self.eras {
            eras.remove(row, start);
        }
    }

    /// Without a clock all within the tolerance fit, so it always is known which are nearest.
    fn at_time(&self, ordered: &Ordered, start: Start) -> Vec<PeerCandidate> {
        search(ordered, start.absolute, start, self.tolerance).unwrap_or_default()
    }

    fn at_clock(&mut self, clock: i64, start: Start) -> Vec<PeerCandidate> {
        // the clock may have come round between both
        let rounds = [clock - ROUND, clock, clock + ROUND].into_iter();
        if self.eras.is_none() || start.approximate {
            let each = rounds.clone();
            let found = each.map(|clock| search(&self.by_clock, clock, start, self.tolerance));
            if let Some(found) = found.collect::<Option<Vec<_>>>() {
                return found.concat();
            }
        }
        let eras = self
            .eras
            .get_or_insert_with(|| Eras::new(&self.by_clock, self.tolerance));
        rounds.flat_map(|clock| eras.search(clock, start)).collect()
    }
}
