//! Strict pairing: which earlier flow a flow answers. The rule is the whole
//! contract (same exporter and protocol, addresses and ports reversed, starts
//! within the tolerance, nearest start first, then earliest in the file); it
//! looks at keys and starts alone, so its answers depend on the file and nothing else.

use std::hash::{Hash, Hasher};

use foldhash::fast::RandomState;
use indexmap::IndexMap;

use super::peer::Peer;
use super::skew::difference;
use super::store::RowId;
use super::waiting::Waiting;
use crate::model::attr::UNKNOWN;
use crate::model::flow::{Ports, Start};

/// What a flow and its peer have in common, seen from the flow. All of it stands in
/// whole words: the processor waits where narrower ones are read together just after
/// they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowKey {
    /// Number of the exporter, and protocol.
    who: u64,
    /// Source and destination, as [`end`].
    pub ends: [u64; 2],
}

/// A host and its port; what has none, or one that is [`UNKNOWN`], is as one.
pub fn end(host: u64, port: u64) -> u64 {
    host << 32 | port & 0xffff_ffff
}

impl Hash for FlowKey {
    /// Both directions hash alike: the questions about a flow and about its mate,
    /// which mostly is the next, then look at the same place in memory.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [src, dst] = self.ends;
        state.write_u64(self.who);
        state.write_u64(src.min(dst));
        state.write_u64(src.max(dst));
    }
}

impl FlowKey {
    /// The key of a flow of an exporter between two hosts, by their numbers; ports
    /// count where the protocol has them.
    pub fn new(exporter: u32, protocol: i32, hosts: [u32; 2], ports: Option<Ports>) -> Self {
        let (src, dst) = ports.unwrap_or_default();
        let port = |port: Option<u16>| port.map_or(UNKNOWN, u64::from);
        let [one, other] = hosts.map(u64::from);
        FlowKey {
            who: u64::from(exporter) << 32 | u64::from(protocol as u32),
            ends: [end(one, port(src)), end(other, port(dst))],
        }
    }

    /// The key of a flow in the other direction.
    pub fn reversed(self) -> FlowKey {
        let [src, dst] = self.ends;
        FlowKey {
            ends: [dst, src],
            ..self
        }
    }
}

/// The strict pairer.
pub struct Pairer {
    tolerance: i64,
    /// A list with an index to it: room that is not used yet is small in that.
    waiting: IndexMap<FlowKey, Waiting, RandomState>,
    /// The flow just before, if it waits: mostly it is the peer of the next one.
    last: Option<(FlowKey, Start, RowId)>,
}

impl Pairer {
    /// A pairer for starts at most `tolerance` milliseconds apart.
    pub fn new(tolerance: i64) -> Self {
        Pairer {
            tolerance,
            waiting: IndexMap::default(),
            last: None,
        }
    }

    /// How many milliseconds the starts of peers are apart at most.
    pub fn tolerance(&self) -> i64 {
        self.tolerance
    }

    /// Finds the peer of a flow; without one, it waits as `row` itself.
    pub fn place(&mut self, key: FlowKey, start: Start, row: RowId) -> Option<Peer> {
        let reversed = key.reversed();
        if let Some(peer) = self.take_last(&reversed, start) {
            return Some(peer);
        }
        if let Some((key, start, row)) = self.last.take() {
            let waiting = self.waiting.entry(key).or_default();
            waiting.push(row, start, self.tolerance);
        }
        if let Some(waiting) = self.waiting.get_mut(&reversed)
            && let Some(peer) = waiting.take_nearest(start, self.tolerance)
        {
            if waiting.is_empty() {
                self.waiting.swap_remove(&reversed);
            }
            return Some(peer);
        }
        self.last = Some((key, start, row));
        None
    }

    /// Bytes of memory of the flows that wait, each with its hash and its place in the index.
    pub fn bytes(&self) -> usize {
        self.waiting.capacity() * size_of::<(FlowKey, Waiting, u64, usize)>()
    }

    /// Forgets the flows that wait in rows before this one.
    pub fn forget(&mut self, first: RowId) {
        self.last = self.last.filter(|last| last.2 >= first);
        self.waiting.retain(|_, waiting| {
            waiting.forget(first);
            !waiting.is_empty()
        });
    }

    /// The flow just before, if it is the peer and none but it can be.
    fn take_last(&mut self, key: &FlowKey, start: Start) -> Option<Peer> {
        let (_, began, row) = self.last.filter(|last| last.0 == *key)?;
        let skew = difference(start, began, self.tolerance)?;
        if self.waiting.contains_key(key) {
            return None;
        }
        self.last = None;
        Some(Peer {
            row,
            skew,
            ambiguous: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_whose_row_is_gone_is_nobodys_peer() {
        let key = |port| FlowKey::new(0, 17, [1, 2], Some((Some(port), Some(53))));
        let start = Start {
            absolute: 0,
            uptime: None,
            approximate: false,
        };
        for first in 0..=3 {
            let mut pairer = Pairer::new(0);
            for row in 0..3 {
                assert_eq!(pairer.place(key(row as u16), start, row), None);
            }
            pairer.forget(first);
            for row in 0..3 {
                let peer = pairer.place(key(row as u16).reversed(), start, 9);
                let kept = (row >= first).then_some(row);
                assert_eq!(
                    peer.map(|peer| peer.row),
                    kept,
                    "{row} of those from {first}"
                );
            }
        }
    }
}
