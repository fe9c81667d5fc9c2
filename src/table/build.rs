//! `Builder`, the only thing that makes a table: flows go in, in file order,
//! and each finds its row.

use std::sync::Arc;

use foldhash::HashMap;

use super::analyzer::{Outcome, Replay, Rules};
use super::column::zigzag;
use super::duplicates;
use super::hosts::Hosts;
use super::pair::{FlowKey, Pairer};
use super::peer::Peer;
use super::reason::explain;
use super::skew::clock_difference;
use super::store::{Edition, PacketInfo, RowId, Side, Table};
use super::verdict::{Evidence, Reason};
use crate::model::attr::UNKNOWN;
use crate::model::flow::{EXPORTER_NAMES, Flow, LineAt, OTHER_EXPORTERS, Packet, Shape};

/// By which rule flows become connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairing {
    /// The strict rule, for starts at most so many milliseconds apart.
    Strict {
        /// The tolerance.
        tolerance: i64,
    },
    /// What `analyzer.py` does.
    Analyzer(Rules),
}

pub(super) enum Rule {
    Strict(Pairer),
    Analyzer(Replay),
}

/// Makes a table.
pub struct Builder {
    pub(super) table: Table,
    pub(super) rule: Rule,
    pub(super) hosts: Hosts,
    /// Numbers of the addresses of a packet's flows.
    numbers: Vec<[u32; 2]>,
    exporters: HashMap<Option<String>, u32>,
    /// Unmatched rows have reasons, which go when a late mate comes.
    explained: bool,
}

impl Builder {
    /// An empty table that pairs by this rule.
    pub fn new(pairing: Pairing) -> Self {
        Builder {
            table: Table::default(),
            rule: match pairing {
                Pairing::Strict { tolerance } => Rule::Strict(Pairer::new(tolerance)),
                Pairing::Analyzer(rules) => Rule::Analyzer(Replay::new(rules)),
            },
            hosts: Hosts::default(),
            numbers: Vec::new(),
            exporters: HashMap::default(),
            explained: false,
        }
    }

    /// Adds the flows of a packet, the one at `ordinal` in the line at `place`.
    pub fn add(&mut self, packet: &Packet, place: LineAt, ordinal: u32) {
        // the analyzer takes one without flows in place of an earlier one with its time
        if packet.flows.is_empty() && matches!(self.rule, Rule::Strict(..)) {
            return;
        }
        let exporter = self.exporter(&packet.exporter);
        let number = self.table.packets.len() as u32;
        self.table.packets.push(PacketInfo {
            place,
            ordinal,
            received: packet.received,
            exporter,
            version: packet.version,
            factor: packet.scale_factor.unwrap_or(1),
        });
        match &mut self.rule {
            Rule::Analyzer(replay) => replay.add(packet.clone(), number),
            Rule::Strict(..) if packet.shape == Shape::Biflow => {
                self.add_biflow(&packet.flows, number, exporter);
            }
            Rule::Strict(..) => self.pair_all(&packet.flows, number, exporter),
        }
    }

    /// Names the file of the next number.
    pub fn file(&mut self, name: String) {
        Arc::make_mut(&mut self.table.files).push(name);
    }

    fn exporter(&mut self, name: &Option<String>) -> u32 {
        if let Some(&number) = self.exporters.get(name) {
            return number;
        }
        let count = self.table.exporters.len();
        if count > EXPORTER_NAMES {
            return EXPORTER_NAMES as u32;
        }
        let name = match count < EXPORTER_NAMES {
            true => name.clone(),
            false => Some(OTHER_EXPORTERS.to_owned()),
        };
        Arc::make_mut(&mut self.table.exporters).push(name.clone());
        self.exporters.insert(name, count as u32);
        count as u32
    }

    fn hosts(&mut self, flow: &Flow) -> [u32; 2] {
        self.hosts.of(&mut self.table, flow.src, flow.dst)
    }

    /// All addresses are looked up before anything else: so the processor waits
    /// for the memory of many at once.
    fn pair_all(&mut self, flows: &[Flow], packet: u32, exporter: u32) {
        let flows = flows.iter().filter(|flow| !flow.phantom);
        let mut hosts = std::mem::take(&mut self.numbers);
        hosts.clear();
        hosts.extend(flows.clone().map(|flow| self.hosts(flow)));
        for (flow, &hosts) in flows.zip(&hosts) {
            self.pair(flow, packet, exporter, hosts);
        }
        self.numbers = hosts;
    }

    fn pair(&mut self, flow: &Flow, packet: u32, exporter: u32, hosts: [u32; 2]) {
        let row = self.table.len;
        let peer = match (&mut self.rule, flow.protocol) {
            (Rule::Strict(pairer), Some(protocol)) => {
                let key = FlowKey::new(exporter, protocol, hosts, flow.key_ports());
                pairer.place(key, flow.start, row)
            }
            _ => None,
        };
        let Some(peer) = peer else {
            self.push(flow, packet, exporter, hosts);
            return;
        };
        let evidence = match peer {
            Peer {
                ambiguous: true, ..
            } => Evidence::Ambiguous,
            Peer { skew: 0, .. } => Evidence::Exact,
            Peer { .. } => Evidence::Skew,
        };
        self.join(peer.row, flow, packet, evidence, Some(peer.skew));
        if flow.key_ports().is_none() {
            self.note_oddity(peer.row, flow, hosts);
        }
    }

    /// Both flows of one record are a connection, whatever else is there.
    fn add_biflow(&mut self, flows: &[Flow], packet: u32, exporter: u32) {
        if let [first, mate] = flows {
            let hosts = self.hosts(first);
            let row = self.push(first, packet, exporter, hosts);
            self.join(row, mate, packet, Evidence::Biflow, None);
        }
    }

    /// Appends a row with one flow; the columns of the other stay empty.
    fn push(&mut self, flow: &Flow, packet: u32, exporter: u32, hosts: [u32; 2]) -> RowId {
        let table = &mut self.table;
        let row = table.len;
        table.len += 1;
        table.exporter.set(row, u64::from(exporter));
        let protocol = flow.protocol.map(|number| zigzag(i64::from(number)));
        table.protocol.set(row, protocol.unwrap_or(UNKNOWN));
        for (which, port) in [flow.src_port, flow.dst_port].into_iter().enumerate() {
            table.hosts[which].set(row, u64::from(hosts[which]));
            table.ports[which].set(row, port.map_or(UNKNOWN, u64::from));
        }
        table.sides[Side::First as usize].set(row, flow, packet);
        self.table.count(flow, packet);
        row
    }

    /// Completes a row with its other flow.
    fn join(
        &mut self,
        row: RowId,
        flow: &Flow,
        packet: u32,
        evidence: Evidence,
        skew: Option<i64>,
    ) {
        let table = &mut self.table;
        table.evidence.set(row, evidence as u64);
        table.skew.set(row, skew.map_or(UNKNOWN, zigzag));
        table.sides[Side::Mate as usize].set(row, flow, packet);
        table.totals.connections += 1;
        if self.explained {
            table.reason.set(row, UNKNOWN);
            table.distance.set(row, UNKNOWN);
        }
        self.table.count(flow, packet);
    }

    /// How many rows the table has now.
    pub fn rows(&self) -> u32 {
        self.table.len()
    }

    /// The table as it is now.
    pub fn snapshot(&self) -> Table {
        Table {
            edition: Edition::default(),
            ..self.table.clone()
        }
    }

    /// Ends the input: what can only be said when all is there is said now.
    pub fn finish(&mut self) {
        if let Rule::Analyzer(replay) = &mut self.rule {
            let outcome = replay.run();
            self.lay_out(outcome);
        }
        self.explain();
    }

    /// Says why flows are unmatched, and which rows are duplicates, as things are
    /// now; it may be said again later.
    pub fn explain(&mut self) {
        match &self.rule {
            Rule::Strict(pairer) => explain(&mut self.table, pairer.tolerance(), true),
            Rule::Analyzer(_) => explain(&mut self.table, 0, false),
        }
        duplicates::find(&mut self.table);
        self.explained = true;
    }

    /// Rows in the order of the analyzer's output.
    fn lay_out(&mut self, outcome: Outcome) {
        for [earlier, later] in outcome.pairs {
            let row = self.push_numbered(&earlier);
            let (mate, packet) = &later;
            let skew = clock_difference(mate.start, earlier.0.start);
            self.join(row, mate, *packet, Evidence::Exact, Some(skew));
            let hosts = self.hosts(mate);
            self.note_oddity(row, mate, hosts);
        }
        for left in &outcome.left {
            self.push_numbered(left);
        }
        // a phantom that the analyzer never got to see is no flow
        let (phantoms, lost): (Vec<_>, Vec<_>) =
            outcome.lost.into_iter().partition(|lost| lost.0.phantom);
        self.table.totals.left_out += outcome.left_out + phantoms.len() as u64;
        for lost in &lost {
            let row = self.push_numbered(lost);
            self.table.reason.set(row, Reason::Overwritten as u64);
        }
    }

    fn push_numbered(&mut self, (flow, packet): &(Flow, u32)) -> RowId {
        let hosts = self.hosts(flow);
        let exporter = self
            .table
            .packet(*packet)
            .map_or(0, |packet| packet.exporter);
        self.push(flow, *packet, exporter, hosts)
    }

    /// Keeps the ends of a mate that is not the reverse of the first flow: what
    /// the analyzer paired, or ports where the protocol has none.
    fn note_oddity(&mut self, row: RowId, mate: &Flow, hosts: [u32; 2]) {
        let ports = [mate.src_port, mate.dst_port];
        let [first, second] = self.table.row(row).ends(Side::Mate);
        let reverse = [first.host, second.host] == hosts && [first.port, second.port] == ports;
        if reverse {
            return;
        }
        for which in [0, 1] {
            let port = ports[which].map_or(UNKNOWN, u64::from);
            self.table.odd_hosts[which].set(row, u64::from(hosts[which]));
            self.table.odd_ports[which].set(row, port);
        }
    }
}
