//! What a builder lets go of when not everything is to be kept, and what it takes
//! of memory.

use super::build::{Builder, Rule};
use super::column::CHUNK;
use super::keep::Keep;
use crate::model::flow::Packet;

/// Bytes that it takes to find the reason of one flow, as measured.
const REASON: usize = 160;

/// Bytes that a flow takes in its row, as measured.
const ROW: usize = 48;

/// Rows have numbers below this, and so have packets: some more are left for counting on.
const MOST: usize = u32::MAX as usize - CHUNK;

impl Builder {
    /// Whether there are numbers for a packet and its flows.
    pub fn has_room(&self, packet: &Packet) -> bool {
        let rows = self.table.len as usize + packet.flows.len();
        rows + self.waiting() < MOST && self.table.packets.len() < MOST
    }

    /// Lets go of the oldest rows, as far as they need not be kept.
    pub fn keep(&mut self, keep: Keep, newest: f64) {
        let before = self.table.first;
        while self.table.shed(keep, newest) {}
        if self.table.first == before {
            return;
        }
        if let Rule::Strict(pairer) = &mut self.rule {
            pairer.forget(self.table.first);
        }
        self.hosts.tidy(&self.table);
    }

    /// Bytes of memory that it will take besides to find the reasons of unmatched flows, and
    /// for the rows of those that are in none yet.
    pub fn reserve(&self) -> usize {
        let connections = self.table.totals.connections;
        let unmatched = u64::from(self.table.len()).saturating_sub(connections);
        unmatched as usize * REASON + self.waiting() * ROW
    }

    /// The flows that are in no rows yet.
    fn waiting(&self) -> usize {
        match &self.rule {
            Rule::Strict(_) => 0,
            Rule::Analyzer(replay) => replay.flows(),
        }
    }

    /// Bytes of memory, without what answers take.
    pub fn bytes(&mut self) -> usize {
        let waiting = match &self.rule {
            Rule::Strict(pairer) => pairer.bytes(),
            Rule::Analyzer(replay) => replay.bytes(),
        };
        self.table.bytes() + self.hosts.bytes() + waiting
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::flow::LineAt;
    use crate::table::analyzer::Rules;
    use crate::table::build::Pairing;

    #[test]
    fn there_is_no_room_where_numbers_end() {
        let mut builder = Builder::new(Pairing::Strict { tolerance: 1000 });
        assert!(builder.has_room(&Packet::default()));
        builder.table.len = u32::MAX - 1;
        assert!(!builder.has_room(&Packet::default()));
    }

    #[test]
    fn packets_that_wait_for_the_end_weigh_something() {
        let mut builder = Builder::new(Pairing::Analyzer(Rules::default()));
        let before = builder.bytes();
        for number in 0..1000 {
            let packet = Packet {
                key: format!("1700000{number:03}.5"),
                ..Packet::default()
            };
            builder.add(&packet, LineAt::default(), 0);
        }
        assert!(builder.bytes() - before > 1000 * size_of::<Packet>());
    }
}
