//! What each exporter sent and what its sequence numbers say is missing, put
//! together in file order, a packet at a time.

use foldhash::HashMap;

use super::sequence::{Loss, Sequence};
use crate::model::flow::{Counted, Export, OTHER_EXPORTERS, Packet};
use crate::model::intake::{DomainIntake, ExporterIntake, Sampling, cover};
use crate::model::time::milliseconds;

/// Exporters that have an account of their own, and processes of all of them that do;
/// any name can be written into an export, and each account takes memory.
const EXPORTER_ACCOUNTS: usize = 10_000;
const PROCESS_ACCOUNTS: usize = 20_000;

/// Exporter, version and domain, by number.
type Key = (usize, Option<u16>, Option<u32>);

/// The account of exporters while it grows.
#[derive(Default)]
pub struct Tally {
    exporters: HashMap<Option<String>, usize>,
    others: Option<usize>,
    /// The place of each domain among its exporter's.
    domains: HashMap<Key, usize>,
    /// Processes by the port they send from: those at one address may have the same domain.
    processes: HashMap<(Key, Option<u16>), Process>,
}

/// What is told by one process of an exporter about one of its domains.
#[derive(Default)]
struct Process {
    sampling: Option<Sampling>,
    numbers: Numbers,
    /// What they say is missing, as it is counted for the domain.
    loss: Loss,
}

/// Sequence numbers by both ways of counting. IPFIX numbers a message by the records sent
/// before it (RFC 7011); softflowd counts those of the message too. What misses less is right.
#[derive(Default)]
struct Numbers {
    before: Sequence,
    after: Sequence,
}

impl Tally {
    /// Takes a packet with its flows and octets; answers by how much its
    /// counters have to be multiplied to be those of all packets, if that was told.
    pub fn add(
        &mut self,
        packet: &Packet,
        flows: u64,
        bytes: u128,
        all: &mut Vec<ExporterIntake>,
    ) -> Option<u32> {
        let number = self.exporter(&packet.exporter, all);
        let exporter = &mut all[number];
        exporter.packets += 1;
        exporter.flows += flows;
        exporter.bytes += bytes;
        cover(&mut exporter.seen, packet.received);
        let own = self.account(number, packet);
        let (key, port) = own.unwrap_or(((number, None, None), None));
        let place = *self.domains.entry(key).or_insert_with(|| {
            exporter.domains.push(DomainIntake {
                version: key.1,
                domain: key.2,
                ..DomainIntake::default()
            });
            exporter.domains.len() - 1
        });
        let process = self.processes.entry((key, port)).or_default();
        let domain = &mut exporter.domains[place];
        domain.packets += 1;
        domain.flows += flows;
        // what many tell together is true of none of them
        let before = process.sampling.filter(|_| own.is_some());
        let news = news(&packet.export);
        let told = news.unwrap_or(before);
        let interval = told.map(|told| told.interval);
        let factor = u128::from(interval.unwrap_or(1));
        exporter.scaled += bytes.saturating_mul(factor);
        if own.is_some() {
            process.sampling = told;
            domain.sampling = news.unwrap_or(domain.sampling);
            process.number(packet, domain);
        }
        interval
    }

    /// The domain and the port that a packet is counted for; `None` where that is what many
    /// others are counted for, too. Those of very many ports are one.
    fn account(&self, exporter: usize, packet: &Packet) -> Option<(Key, Option<u16>)> {
        let key = (exporter, packet.version, packet.export.domain);
        let port = packet.export.port;
        let has_room = self.processes.len() < PROCESS_ACCOUNTS;
        let is_own = has_room || self.domains.contains_key(&key);
        let has_port = has_room || self.processes.contains_key(&(key, port));
        let own = (key, port.filter(|_| has_port));
        (is_own && self.others != Some(exporter)).then_some(own)
    }

    fn exporter(&mut self, name: &Option<String>, all: &mut Vec<ExporterIntake>) -> usize {
        if let Some(&number) = self.exporters.get(name) {
            return number;
        }
        let number = all.len();
        let is_own = number < EXPORTER_ACCOUNTS;
        if let (false, Some(others)) = (is_own, self.others) {
            return others;
        }
        let name = match is_own {
            true => name.clone(),
            false => Some(OTHER_EXPORTERS.to_owned()),
        };
        all.push(ExporterIntake {
            name: name.clone(),
            ..ExporterIntake::default()
        });
        match is_own {
            true => drop(self.exporters.insert(name, number)),
            false => self.others = Some(number),
        }
        number
    }
}

impl Process {
    /// Counts for its domain what the number of a packet says is missing.
    fn number(&mut self, packet: &Packet, domain: &mut DomainIntake) {
        if packet.export.sequence.is_none() {
            return;
        }
        domain.numbered = true;
        let loss = self.numbers.take(packet);
        let before = std::mem::replace(&mut self.loss, loss);
        domain.lost = domain.lost - before.lost + loss.lost;
        domain.gaps = domain.gaps - before.gaps + loss.gaps;
        domain.restarts = domain.restarts - before.restarts + loss.restarts;
    }
}

impl Numbers {
    fn take(&mut self, packet: &Packet) -> Loss {
        let export = &packet.export;
        let number = export.sequence.unwrap_or(0);
        let counted = Counted::by(packet.version);
        let units = match counted {
            Counted::Packets => 1,
            Counted::Flows | Counted::Records => export.records,
        };
        let received = milliseconds(packet.received);
        self.before
            .take(number, units, export.header_boot, received);
        if counted != Counted::Records {
            return self.before.loss();
        }
        let begin = number.wrapping_sub(units as u32);
        self.after.take(begin, units, export.header_boot, received);
        let (before, after) = (self.before.loss(), self.after.loss());
        if after.lost < before.lost {
            after
        } else {
            before
        }
    }
}

/// The sampling that an export tells of, or that there is none; `None` where it says nothing.
fn news(export: &Export) -> Option<Option<Sampling>> {
    let announced = export.announced_interval;
    let announced = announced.map(|interval| sampling(interval, 0));
    announced.or_else(|| export.v5_sampling.map(sampling_of))
}

/// v5: two bits of mode, fourteen of interval; an interval of 0 or 1 is none.
fn sampling_of(header: u16) -> Option<Sampling> {
    let (mode, interval) = ((header >> 14) as u8, header & 0x3fff);
    sampling(interval.into(), mode)
}

fn sampling(interval: u32, mode: u8) -> Option<Sampling> {
    (interval > 1).then_some(Sampling { interval, mode })
}
