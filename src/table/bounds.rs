//! What a builder lets go of when not everything is to be kept, and what it takes
//! of memory.

use super::build::{Builder, Rule};
use super::keep::Keep;

/// Bytes that it takes to find the reason of one flow, as measured.
const REASON: usize = 160;

impl Builder {
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

    /// Bytes of memory that it will take besides to find the reasons of unmatched flows.
    pub fn reserve(&self) -> usize {
        let connections = self.table.totals.connections;
        let unmatched = u64::from(self.table.len()).saturating_sub(connections);
        unmatched as usize * REASON
    }

    /// Bytes of memory, without what answers take.
    pub fn bytes(&mut self) -> usize {
        let waiting = match &self.rule {
            Rule::Strict(pairer) => pairer.bytes(),
            Rule::Analyzer(_) => 0,
        };
        self.table.bytes() + self.hosts.bytes() + waiting
    }
}
