//! When each exporter's processes were started. IPFIX options data says so once, and the
//! uptimes of all later flows refer to it, so packets are dated in file order.

use foldhash::HashMap;

use crate::model::flow::{EXPORTER_NAMES, Packet};

/// Milliseconds until an uptime of 32 bits wraps.
const WRAP: i64 = 1 << 32;
/// At most so many processes of an exporter are asked for what another one has not told.
const FEW: usize = 64;
const DAY: i64 = 24 * 60 * 60 * 1000;
/// Flows are exported within such a time from their start.
const NEAR: u64 = DAY.unsigned_abs();

/// The start of each exporter's processes, as far as it has been told.
#[derive(Default)]
pub struct Boots {
    exporters: HashMap<Option<String>, HashMap<Process, i64>>,
    /// How many have been told of all exporters.
    told: usize,
}

/// One of an exporter's processes: the port it sends from, and its observation domain.
type Process = (Option<u16>, Option<u32>);

impl Boots {
    /// Learns from a packet, then dates its flows.
    pub fn date(&mut self, packet: &mut Packet) {
        let process = (packet.export.port, packet.export.domain);
        if let Some(boot) = packet.options_boot {
            self.learn(&packet.exporter, process, boot);
        }
        if !packet.undated {
            return;
        }
        let Some(boot) = self.of(&packet.exporter, process) else {
            return;
        };
        for start in packet.flows.iter_mut().map(|flow| &mut flow.start) {
            // what a record tells itself is no stand-in
            if let (Some(uptime), true) = (start.uptime, start.approximate) {
                // until now it was the export time
                start.absolute = dated(boot, uptime, start.absolute);
                start.approximate = false;
            }
        }
    }

    fn learn(&mut self, exporter: &Option<String>, process: Process, boot: i64) {
        let has_room = self.told < EXPORTER_NAMES;
        if !has_room && !self.exporters.contains_key(exporter) {
            return;
        }
        let processes = self.exporters.entry(exporter.clone()).or_default();
        if has_room || processes.contains_key(&process) {
            self.told += usize::from(processes.insert(process, boot).is_none());
        }
    }

    /// What the process has told, else those that send from its port, as options data may come
    /// in a domain of its own, else all at its address: if they agree.
    fn of(&self, exporter: &Option<String>, process: Process) -> Option<i64> {
        let processes = self.exporters.get(exporter)?;
        if let Some(&boot) = processes.get(&process) {
            return Some(boot);
        }
        // very many are not asked for each packet
        if processes.len() > FEW {
            return None;
        }
        let of_port = processes.iter().filter(|(other, _)| other.0 == process.0);
        agreed(of_port.map(|told| told.1)).or_else(|| agreed(processes.values()))
    }
}

/// What all say, if they say the same.
fn agreed<'a>(mut told: impl Iterator<Item = &'a i64>) -> Option<i64> {
    let boot = told.next()?;
    told.all(|other| other == boot).then_some(*boot)
}

/// When an exporter's uptime, 32 bit and wrapping, was what a flow says: after so many wraps
/// as bring it near the export time. None, where no number of them does.
fn dated(boot: i64, uptime: u32, exported: i64) -> i64 {
    let told = boot.saturating_add(i64::from(uptime));
    let wraps = exported.saturating_sub(told).saturating_add(WRAP / 2) / WRAP;
    let again = told.saturating_add(wraps.max(0) * WRAP);
    match again.abs_diff(exported) <= NEAR {
        true => again,
        false => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::decoder::Decoder;

    #[test]
    fn an_uptime_that_has_wrapped_is_dated_by_the_export() {
        let (now, boot) = (1_700_000_000_000, 1_700_000_000_000 - 60 * DAY);
        let uptime = |moment: i64| (moment - boot) as u32;
        for age in [0, 1, 3_600_000, DAY - 1, -2000] {
            assert_eq!(dated(boot, uptime(now - age), now), now - age, "{age}");
        }
        // an exporter that says when it was started as if by another clock
        for (boot, uptime) in [
            (now - 30 * DAY, 5),
            (0, 5),
            (now, 77),
            (i64::MAX, 1),
            (i64::MIN, 1),
        ] {
            let told = boot.saturating_add(uptime);
            assert_eq!(dated(boot, uptime as u32, now), told, "{boot}");
        }
    }

    /// What tells both is of one time base, whether it came before the exporter's start was told
    /// or after.
    #[test]
    fn a_start_that_is_told_itself_stays() {
        let mut boots = Boots::default();
        let mut date = |approximate| {
            let line = "{\"1700000000.5\":{\"client\":[\"192.0.2.1\",9],\"flows\":[{\
                \"sourceIPv4Address\":1,\"destinationIPv4Address\":2,\"flowStartSysUpTime\":5}]}}";
            let read = Decoder::default().decode(line.as_bytes());
            let mut packet = read.map(|line| line.packets).unwrap_or_default().remove(0);
            packet.undated = true;
            packet.options_boot = Some(1_600_000_000_000);
            packet.flows[0].start.approximate = approximate;
            let before = packet.flows[0].start.absolute;
            boots.date(&mut packet);
            (before, packet.flows[0].start.absolute)
        };
        let (before, after) = date(false);
        assert_eq!(before, after);
        assert_eq!(date(true).1, 1_600_000_000_005);
    }

    #[test]
    fn of_many_exporters_the_first_are_known() {
        let mut boots = Boots::default();
        let mut tell = |exporter: usize, boot| {
            let mut packet = Packet {
                exporter: Some(exporter.to_string()),
                options_boot: Some(boot),
                ..Packet::default()
            };
            boots.date(&mut packet);
        };
        (0..EXPORTER_NAMES + 10).for_each(|exporter| tell(exporter, 1));
        tell(7, 2);
        assert_eq!(boots.exporters.len(), EXPORTER_NAMES);
        assert_eq!(boots.of(&Some("7".to_owned()), (None, None)), Some(2));
        let beyond = Some((EXPORTER_NAMES + 1).to_string());
        assert_eq!(boots.of(&beyond, (None, None)), None);
    }

    /// Line cards of a router have domains of their own, and several probes on one host send
    /// from different ports.
    #[test]
    fn each_process_at_an_address_has_its_own_start() {
        let mut boots = Boots::default();
        let exporter = Some("192.0.2.1".to_owned());
        let probe = |port, domain| (Some(port), Some(domain));
        boots.learn(&exporter, probe(4000, 0), 100);
        // options data in another domain, and nothing that contradicts it
        assert_eq!(boots.of(&exporter, probe(4000, 7)), Some(100));
        boots.learn(&exporter, probe(4001, 0), 200);
        boots.learn(&exporter, probe(4000, 1), 300);
        for (process, boot) in [
            (probe(4000, 0), Some(100)),
            (probe(4001, 0), Some(200)),
            (probe(4000, 1), Some(300)),
            // of one port some agree
            (probe(4001, 7), Some(200)),
            (probe(4000, 7), None),
            (probe(4002, 0), None),
        ] {
            assert_eq!(boots.of(&exporter, process), boot, "{process:?}");
        }
        assert_eq!(boots.of(&None, probe(4000, 0)), None);
    }
}
