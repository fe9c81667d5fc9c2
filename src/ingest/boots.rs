//! When each exporter was started. IPFIX options data says so once, and the
//! uptimes of all later flows refer to it, so packets are dated in file order.

use foldhash::HashMap;

use crate::model::flow::Packet;

/// The start of each exporter, as far as it has been told.
#[derive(Default)]
pub struct Boots(HashMap<Option<String>, i64>);

impl Boots {
    /// Learns from a packet, then dates its flows.
    pub fn date(&mut self, packet: &mut Packet) {
        if let Some(boot) = packet.boot {
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
