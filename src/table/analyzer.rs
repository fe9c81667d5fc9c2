//! The analyzer's pairing, flaws included, so that its output can be compared
//! line for line. Packets are taken by their time key as text, a later packet
//! with the same key replacing the earlier; within a packet flows go by their
//! start. A flow waits under its start and source address, a later one with
//! both alike takes its place, and a peer is whoever waits under the start and
//! the flow's destination address, whatever its ports, protocol or exporter.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use crate::model::flow::{Flow, Packet, Shape, Start};

/// In what the two versions of the analyzer differ before they pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// 0.12 passes over IPFIX packets with a warning.
    pub skip_ipfix: bool,
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
}

/// A flow with the number of its packet.
type Numbered = (Flow, u32);

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

/// The flows waiting under one start, in the order they came.
type Waiting = Vec<(Peer, Numbered)>;

/// An address as the analyzer compares it: a number never equals a text.
type Peer = (IpAddr, bool);

/// Collects packets until all are there.
#[derive(Debug, Default)]
pub struct Replay {
    rules: Rules,
    packets: BTreeMap<String, (Packet, u32)>,
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
    pub fn add(&mut self, mut packet: Packet, number: u32) {
        for flow in packet.flows.iter_mut().filter(|flow| flow.empty_ipv4) {
            (flow.src, flow.dst) = (NOWHERE, NOWHERE);
        }
        let key = packet.key.clone();
        let is_skipped = self.rules.skip_ipfix && packet.version == Some(10);
        // the analyzer reads nothing that others wrote
        if is_skipped || packet.shape != Shape::Export {
            self.left_out += packet.flows.len() as u64;
        } else if let Some((replaced, number)) = self.packets.insert(key, (packet, number)) {
            let (lost, out): (Vec<Flow>, Vec<Flow>) = replaced
                .flows
                .into_iter()
                .partition(|flow| self.rules.wants(flow));
            self.left_out += out.len() as u64;
            self.lost
                .extend(lost.into_iter().map(|flow| (flow, number)));
        }
    }

    /// Pairs what was collected.
    pub fn run(&mut self) -> Outcome {
        let mut outcome = Outcome {
            lost: std::mem::take(&mut self.lost),
            left_out: self.left_out,
            ..Outcome::default()
        };
        let mut pending: BTreeMap<i64, Waiting> = BTreeMap::new();
        for (packet, number) in std::mem::take(&mut self.packets).into_values() {
            let mut flows = packet.flows;
            flows.sort_by_key(|flow| start_of(flow.start));
            for flow in flows {
                if self.rules.wants(&flow) {
                    place(&mut pending, (flow, number), &mut outcome);
                } else {
                    outcome.left_out += 1;
                }
            }
        }
        let left = pending.into_values().flatten();
        outcome.left = left.map(|(_, flow)| flow).collect();
        outcome
    }
}

/// What the analyzer calls FIRST_SWITCHED; it stops at flows without one, we go on.
pub fn start_of(start: Start) -> i64 {
    start.uptime.map_or(start.absolute, i64::from)
}

fn place(pending: &mut BTreeMap<i64, Waiting>, new: Numbered, outcome: &mut Outcome) {
    let start = start_of(new.0.start);
    let local = (new.0.src, new.0.textual);
    let remote = (new.0.dst, new.0.textual);
    let waiting = pending.entry(start).or_default();
    if let Some(at) = waiting.iter().position(|(peer, _)| *peer == remote) {
        let (_, earlier) = waiting.remove(at);
        if waiting.is_empty() {
            pending.remove(&start);
        }
        outcome.pairs.push([earlier, new]);
    } else if let Some((_, old)) = waiting.iter_mut().find(|(peer, _)| *peer == local) {
        outcome.lost.push(std::mem::replace(old, new));
    } else {
        waiting.push((local, new));
    }
}
