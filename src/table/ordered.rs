//! Waiting flows in the order of a clock or of time, and the nearest of those that fit.

use std::collections::BTreeMap;

use super::peer::{PeerCandidate, fitting};
use super::store::RowId;
use crate::model::flow::Start;

/// After so many flows that are near and do not fit there may be any number of them.
const PATIENCE: usize = if cfg!(test) { 5 } else { 64 };

/// Waiting flows by a clock reading or a moment, and by row.
pub type Ordered = BTreeMap<(i64, RowId), Start>;

/// The first two fitting flows at the least distance from `centre`, or `None` if too many
/// had to be looked at.
pub fn search(
    ordered: &Ordered,
    centre: i64,
    start: Start,
    tolerance: i64,
) -> Option<Vec<PeerCandidate>> {
    let within = |from: i64, to: i64| {
        let range = (from <= to).then(|| ordered.range((from, 0)..=(to, RowId::MAX)));
        range.into_iter().flatten()
    };
    let low = centre.saturating_sub(tolerance);
    let high = centre.saturating_add(tolerance);
    let next = |from| within(from, high).next().map(|entry| entry.0.0);
    let previous = |to| within(low, to).next_back().map(|entry| entry.0.0);
    let mut above = next(centre);
    let mut below = previous(centre.saturating_sub(1));
    let mut seen = 0;
    while seen < PATIENCE {
        let distance = |key: i64| key.abs_diff(centre);
        let sides = [above, below].into_iter().flatten();
        let Some(least) = sides.clone().map(distance).min() else {
            return Some(Vec::new());
        };
        let mut found = Vec::new();
        for key in sides.filter(|&key| distance(key) == least) {
            let waiting = within(key, key).take(PATIENCE).inspect(|_| seen += 1);
            let waiting = waiting.map(|(&(_, row), &other)| (row, other));
            found.extend(fitting(waiting, start, tolerance).take(2));
        }
        if !found.is_empty() && seen < PATIENCE {
            return Some(found);
        }
        if above.is_some_and(|key| distance(key) == least) {
            above = above.and_then(|key| next(key.saturating_add(1)));
        }
        if below.is_some_and(|key| distance(key) == least) {
            below = below.and_then(|key| previous(key.saturating_sub(1)));
        }
    }
    None
}
