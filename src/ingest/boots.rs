//! When each exporter was started. IPFIX options data says so once, and the
//! uptimes of all later flows refer to it, so packets are dated in file order.

use foldhash::HashMap;

use crate::model::flow::{EXPORTER_NAMES, Packet};

/// Milliseconds until an uptime of 32 bits wraps.
const WRAP: i64 = 1 << 32;
const DAY: i64 = 24 * 60 * 60 * 1000;
/// Flows are exported within such a time from their start.
const NEAR: u64 = DAY.unsigned_abs();

/// The start of each exporter, as far as it has been told.
#[derive(Default)]
pub struct Boots(HashMap<Option<String>, i64>);

impl Boots {
    /// Learns from a packet, then dates its flows.
    pub fn date(&mut self, packet: &mut Packet) {
        if let Some(boot) = packet.options_boot
            && (self.0.len() < EXPORTER_NAMES || self.0.contains_key(&packet.exporter))
        {
            self.0.insert(packet.exporter.clone(), boot);
        }
        if !packet.undated {
            return;
        }
        let Some(&boot) = self.0.get(&packet.exporter) else {
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
        assert_eq!(boots.0.len(), EXPORTER_NAMES);
        assert_eq!(boots.0.get(&Some("7".to_owned())), Some(&2));
    }
}
