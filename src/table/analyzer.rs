//! The analyzer's pairing, flaws included, so that its output can be compared
//! line for line. Packets are taken by their time key as text, a later packet
//! with the same key replacing the earlier; within a packet flows go by their
//! start. A flow waits under its start and source address, a later one with
//! both alike takes its place, and a peer is whoever waits under the start and
//! the flow's destination address, whatever its ports, protocol or exporter.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use foldhash::HashMap;

use crate::model::flow::{Flow, Packet, Shape, Start};

/// In what the two versions of the analyzer differ before they pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Those of 0.12: IPFIX packets are passed over with a warning, and peers are looked up
    /// by the addresses of IPv4 wherever there are some. That of January 2020 goes by the
    /// IP version that the flow names, and prints those of IPv4 all the same.
    pub is_0_12: bool,
    /// Flows without this address are passed over (`--match-host`).
    pub match_host: Option<IpAddr>,
}

impl Rules {
    /// Whether a flow is not passed over. The option is text, so it never equals
    /// an address that is written as a number.
    fn wants(&self, flow: &Flow) -> bool {
        self.match_host
            .is_none_or(|host| flow.textual && (flow.src == host || flow.dst == host))
    }

    /// A flow with the addresses that are printed while it waits: the first analyzer goes by
    /// the IP version there, too.
    fn left(&self, mut flow: Flow) -> Flow {
        if self.is_0_12 {
            print_empty(&mut flow);
        }
        flow
    }

    /// Where a flow waits for its peer, and where that one would.
    fn peers(&self, flow: &Flow) -> [Peer; 2] {
        let ends = match flow.empty_ipv4 && self.is_0_12 {
            true => [NOWHERE; 2],
            false => [flow.src, flow.dst],
        };
        ends.map(|end| (end, flow.textual))
    }
}

/// Bytes that it takes to hold a time key, or the name of an exporter.
const TEXT: usize = 32;

/// A flow with the number of its packet.
type Numbered = (Flow, u32);

/// Gives a flow the addresses that are printed of it.
fn print_empty(flow: &mut Flow) {
    if flow.empty_ipv4 {
        (flow.src, flow.dst) = (NOWHERE, NOWHERE);
    }
}

/// What it takes where there are empty addresses of IPv4 beside those of IPv6.
const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// What became of the flows, in the order of the analyzer's output.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Earlier and later flow of each connection.
    pub pairs: Vec<[Numbered; 2]>,
    /// Flows still waiting at the end.
    pub left: Vec<Numbered>,
    /// Flows that another one, or another packet, replaced.
    pub lost: Vec<Numbered>,
    /// How many flows the rules leave out.
    pub left_out: u64,
}

/// An address as the analyzer compares it: a number never equals a text.
type Peer = (IpAddr, bool);

/// The flows that wait, by start and source, each with its number among those that came; one
/// that takes the place of another takes its number too. They stand elsewhere, so that room
/// that is not used is small.
#[derive(Default)]
struct Waiting {
    flows: HashMap<(i64, Peer), (usize, Box<Numbered>)>,
    came: usize,
}

/// Collects packets until all are there.
#[derive(Debug, Default)]
pub struct Replay {
    rules: Rules,
    packets: BTreeMap<String, (Packet, u32)>,
    /// How many flows these have.
    flows: usize,
    lost: Vec<Numbered>,
    left_out: u64,
}

impl Replay {
    /// A replay by the rules of one version.
    pub fn new(rules: Rules) -> Self {
        Replay {
            rules,
            ..Replay::default()
        }
    }

    /// Takes a packet and the number it has in the table.
    pub fn add(&mut self, packet: Packet, number: u32) {
        let key = packet.key.clone();
        let is_skipped = self.rules.is_0_12 && packet.version == Some(10);
        // the analyzer reads nothing that others wrote
        if is_skipped || packet.shape != Shape::Export {
            self.left_out += packet.flows.len() as u64;
            return;
        }
        self.flows += packet.flows.len();
        if let Some((replaced, number)) = self.packets.insert(key, (packet, number)) {
            self.flows -= replaced.flows.len();
            let (lost, out): (Vec<Flow>, Vec<Flow>) = replaced
                .flows
                .into_iter()
                .map(|flow| self.rules.left(flow))
                .partition(|flow| self.rules.wants(flow));
            self.left_out += out.len() as u64;
            self.lost
                .extend(lost.into_iter().map(|flow| (flow, number)));
        }
    }

    /// How many flows are held.
    pub fn flows(&self) -> usize {
        self.flows + self.lost.len()
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        // both have their names besides
        let packet = size_of::<(String, Packet, u32)>() + 2 * TEXT;
        let lost = self.lost.capacity() * size_of::<Numbered>();
        self.packets.len() * packet + self.flows * size_of::<Flow>() + lost
    }

    /// Pairs what was collected.
    pub fn run(&mut self) -> Outcome {
        let mut outcome = Outcome {
            lost: std::mem::take(&mut self.lost),
            left_out: self.left_out,
            ..Outcome::default()
        };
        let mut waiting = Waiting::default();
        self.flows = 0;
        for (packet, number) in std::mem::take(&mut self.packets).into_values() {
            let mut flows = packet.flows;
            flows.sort_by_key(|flow| start_of(flow.start));
            for flow in flows {
                let peers = self.rules.peers(&flow);
                let flow = self.rules.left(flow);
                if self.rules.wants(&flow) {
                    waiting.place((flow, number), peers, &mut outcome);
                } else {
                    outcome.left_out += 1;
                }
            }
        }
        outcome.left = waiting.left();
        for flow in outcome.pairs.as_flattened_mut() {
            print_empty(&mut flow.0);
        }
        outcome
    }
}

/// What the analyzer calls FIRST_SWITCHED; it stops at flows without one, we go on.
pub fn start_of(start: Start) -> i64 {
    start.uptime.map_or(start.absolute, i64::from)
}

impl Waiting {
    fn place(&mut self, new: Numbered, [local, remote]: [Peer; 2], outcome: &mut Outcome) {
        let start = start_of(new.0.start);
        if let Some((_, earlier)) = self.flows.remove(&(start, remote)) {
            outcome.pairs.push([*earlier, new]);
        } else if let Some((_, old)) = self.flows.get_mut(&(start, local)) {
            outcome.lost.push(std::mem::replace(&mut **old, new));
        } else {
            self.flows
                .insert((start, local), (self.came, Box::new(new)));
            self.came += 1;
        }
    }

    /// Those that still wait, by their starts, and of each start in the order they came.
    fn left(self) -> Vec<Numbered> {
        let flows = self.flows.into_iter();
        let mut left: Vec<_> = flows
            .map(|((start, _), (came, flow))| (start, came, flow))
            .collect();
        left.sort_unstable_by_key(|&(start, came, _)| (start, came));
        left.into_iter().map(|(_, _, flow)| *flow).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::attr::Attrs;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    fn flow(start: i64, [src, dst]: [u32; 2]) -> Flow {
        Flow {
            src: IpAddr::V4(src.into()),
            dst: IpAddr::V4(dst.into()),
            src_port: None,
            dst_port: None,
            protocol: None,
            start: Start {
                absolute: start,
                uptime: None,
                approximate: false,
            },
            elapsed: None,
            attrs: Attrs::default(),
            index: 0,
            textual: true,
            empty_ipv4: false,
            phantom: false,
        }
    }

    fn placed(flows: impl IntoIterator<Item = Numbered>) -> Outcome {
        let (mut waiting, mut outcome) = (Waiting::default(), Outcome::default());
        for flow in flows {
            let peers = Rules::default().peers(&flow.0);
            waiting.place(flow, peers, &mut outcome);
        }
        outcome.left = waiting.left();
        outcome
    }

    /// The rule as it is told: dictionaries of dictionaries that keep the order of their keys.
    fn told(flows: impl IntoIterator<Item = Numbered>) -> Outcome {
        let mut pending: BTreeMap<i64, Vec<(IpAddr, Numbered)>> = BTreeMap::new();
        let mut outcome = Outcome::default();
        for new in flows {
            let waiting = pending.entry(new.0.start.absolute).or_default();
            let of = |host: IpAddr| move |(peer, _): &(IpAddr, Numbered)| *peer == host;
            if let Some(at) = waiting.iter().position(of(new.0.dst)) {
                outcome.pairs.push([waiting.remove(at).1, new]);
            } else if let Some(at) = waiting.iter().position(of(new.0.src)) {
                outcome
                    .lost
                    .push(std::mem::replace(&mut waiting[at].1, new));
            } else {
                waiting.push((new.0.src, new));
            }
        }
        let left = pending.into_values().flatten();
        outcome.left = left.map(|(_, flow)| flow).collect();
        outcome
    }

    proptest! {
        #[test]
        fn flows_wait_in_the_order_they_came_and_replaced_ones_leave_their_place(
            flows in prop::collection::vec((0i64..4, [0u32..6, 0u32..6]), 0..60),
        ) {
            let flows = (0..).zip(flows).map(|(number, (start, hosts))| (flow(start, hosts), number));
            let (outcome, expected) = (placed(flows.clone()), told(flows));
            prop_assert_eq!(outcome.pairs, expected.pairs);
            prop_assert_eq!(outcome.left, expected.left);
            prop_assert_eq!(outcome.lost, expected.lost);
        }
    }

    #[test]
    fn flows_of_one_start_are_not_looked_at_one_by_one() {
        let begin = Instant::now();
        let flows = (0..60_000).map(|host| (flow(0, [host, u32::MAX]), host));
        assert_eq!(placed(flows).left.len(), 60_000);
        assert!(begin.elapsed() < Duration::from_secs(4));
    }
}
