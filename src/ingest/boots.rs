//! When each exporter was started. IPFIX options data says so once, and the
//! uptimes of all later flows refer to it, so packets are dated in file order.

use foldhash::HashMap;

use crate::model::flow::{EXPORTERS, Packet};

/// The start of each exporter, as far as it has been told.
#[derive(Default)]
pub struct Boots(HashMap<Option<String>, i64>);

impl Boots {
    /// Learns from a packet, then dates its flows.
    pub fn date(&mut self, packet: &mut Packet) {
        if let Some(boot) = packet.boot
            && (self.0.len() < EXPORTERS || self.0.contains_key(&packet.exporter))
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
            if let Some(uptime) = start.uptime {
                start.absolute = boot.saturating_add(i64::from(uptime));
                start.approximate = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_exporters_the_first_are_known() {
        let mut boots = Boots::default();
        let mut tell = |exporter: usize, boot| {
            let mut packet = Packet {
                exporter: Some(exporter.to_string()),
                boot: Some(boot),
                ..Packet::default()
            };
            boots.date(&mut packet);
        };
        (0..EXPORTERS + 10).for_each(|exporter| tell(exporter, 1));
        tell(7, 2);
        assert_eq!(boots.0.len(), EXPORTERS);
        assert_eq!(boots.0.get(&Some("7".to_owned())), Some(&2));
    }
}
