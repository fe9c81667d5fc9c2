//! Strict pairing: which earlier flow a flow answers. The rule is the whole
//! contract (same exporter and protocol, addresses and ports reversed, starts
//! within the tolerance, nearest start first, then earliest in the file); it
//! looks at keys and starts alone, so its answers depend on the file and nothing else.

use foldhash::HashMap;

use super::store::RowId;
use crate::model::flow::Start;

/// How far two absolute starts may lie apart beyond the tolerance, when the
/// exporter's own clock says they are near: header clocks have whole seconds.
const HEADER_SLACK: i64 = 2000;

/// Flows of one key that wait for their peer at the same time; of more, the
/// earliest give up. It bounds the work that a hostile file can cause.
const WAITING: usize = 1024;

/// What a flow and its peer have in common, seen from the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Number of the exporter.
    pub exporter: u32,
    /// Protocol.
    pub protocol: i32,
    /// Numbers of source and destination address.
    pub hosts: [u32; 2],
    /// Source and destination port, where the protocol has ports.
    pub ports: Option<(Option<u16>, Option<u16>)>,
}

impl Key {
    /// The key of a flow in the other direction.
    pub fn reversed(self) -> Key {
        Key {
            hosts: [self.hosts[1], self.hosts[0]],
            ports: self.ports.map(|(src, dst)| (dst, src)),
            ..self
        }
    }
}

/// Where a flow goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// A row of its own.
    New,
    /// It completes a row.
    Mate {
        /// The row.
        row: RowId,
        /// Its start minus that of the row's flow, in milliseconds.
        skew: i64,
        /// Another waiting flow was as near.
        ambiguous: bool,
    },
}

/// The strict pairer.
pub struct Pairer {
    tolerance: i64,
    waiting: HashMap<Key, Vec<(RowId, Start)>>,
}

impl Pairer {
    /// A pairer for starts at most `tolerance` milliseconds apart.
    pub fn new(tolerance: i64) -> Self {
        Pairer {
            tolerance,
            waiting: HashMap::default(),
        }
    }

    /// Finds the peer of a flow; without one, it waits as `row` itself.
    pub fn place(&mut self, key: Key, start: Start, row: RowId) -> Placement {
        let reversed = key.reversed();
        if let Some(waiting) = self.waiting.get_mut(&reversed)
            && let Some((place, skew, ambiguous)) = nearest(waiting, start, self.tolerance)
        {
            let (row, _) = waiting.remove(place);
            if waiting.is_empty() {
                self.waiting.remove(&reversed);
            }
            return Placement::Mate {
                row,
                skew,
                ambiguous,
            };
        }
        let waiting = self.waiting.entry(key).or_default();
        if waiting.len() == WAITING {
            waiting.remove(0);
        }
        waiting.push((row, start));
        Placement::New
    }
}

/// Place and skew of the nearest waiting flow, and whether another is as near.
fn nearest(waiting: &[(RowId, Start)], start: Start, tolerance: i64) -> Option<(usize, i64, bool)> {
    let mut best: Option<(usize, i64, bool)> = None;
    for (place, &(_, other)) in waiting.iter().enumerate() {
        let Some(skew) = difference(start, other, tolerance) else {
            continue;
        };
        match &mut best {
            Some((_, least, ambiguous)) if skew.abs() == least.abs() => *ambiguous = true,
            Some((_, least, _)) if skew.abs() > least.abs() => {}
            _ => best = Some((place, skew, false)),
        }
    }
    best
}

/// Milliseconds from `other` to `start`, if that is within the tolerance: on the
/// exporter's own clock where both have it, else in absolute time.
pub fn difference(start: Start, other: Start, tolerance: i64) -> Option<i64> {
    let absolute = start.absolute.saturating_sub(other.absolute);
    let skew = clock_difference(start, other);
    let vague = start.approximate || other.approximate;
    let both_clocks = start.uptime.is_some() && other.uptime.is_some();
    let strangers =
        both_clocks && !vague && absolute.saturating_abs() > tolerance.saturating_add(HEADER_SLACK);
    (skew.saturating_abs() <= tolerance && !strangers).then_some(skew)
}

/// Milliseconds from `other` to `start`; uptimes wrap, so their difference is read as signed.
pub fn clock_difference(start: Start, other: Start) -> i64 {
    match (start.uptime, other.uptime) {
        (Some(start), Some(other)) => i64::from(start.wrapping_sub(other) as i32),
        _ => start.absolute.saturating_sub(other.absolute),
    }
}
