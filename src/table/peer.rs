//! The peer of a flow among those that wait: the nearest, of several the first in the file.

use super::skew::difference;
use super::store::RowId;
use crate::model::flow::Start;

/// A waiting flow that fits.
#[derive(Clone, Copy)]
pub struct PeerCandidate {
    /// The row it waits in.
    pub row: RowId,
    /// Its start.
    pub start: Start,
    skew: i64,
}

impl PeerCandidate {
    /// The nearer the better, then the earlier in the file.
    fn rank(&self) -> (i64, RowId) {
        (self.skew.abs(), self.row)
    }
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

/// Those of the waiting flows that fit.
pub fn fitting(
    waiting: impl Iterator<Item = (RowId, Start)>,
    start: Start,
    tolerance: i64,
) -> impl Iterator<Item = PeerCandidate> {
    waiting.filter_map(move |(row, other)| {
        Some(PeerCandidate {
            row,
            start: other,
            skew: difference(start, other, tolerance)?,
        })
    })
}

/// The best of those that fit, and what is to be said of it.
pub fn nearest(fitting: impl Iterator<Item = PeerCandidate>) -> Option<(PeerCandidate, Peer)> {
    let mut best: Option<PeerCandidate> = None;
    let mut ambiguous = false;
    for found in fitting {
        let distance = |found: PeerCandidate| found.skew.abs();
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
    let PeerCandidate { row, skew, .. } = best?;
    let peer = Peer {
        row,
        skew,
        ambiguous,
    };
    best.map(|best| (best, peer))
}
