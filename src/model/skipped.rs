//! `Skipped`: records that are no flows, by what they are.

/// Records that are no flows, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Options data: about the exporter, not about traffic (RFC 7011, 3.4.2.2).
    pub options: u64,
    /// Records without IP addresses, such as layer-2 traffic.
    pub no_address: u64,
    /// Records the collector read past the end of a set.
    pub phantom: u64,
    /// Elements of a flow list that are no objects.
    pub malformed: u64,
    /// Events that another program logs among its flows.
    pub events: u64,
}

impl Skipped {
    /// All kinds together.
    pub fn total(&self) -> u64 {
        self.options + self.no_address + self.phantom + self.malformed + self.events
    }

    /// Adds another account.
    pub fn add(&mut self, other: Skipped) {
        self.options += other.options;
        self.no_address += other.no_address;
        self.phantom += other.phantom;
        self.malformed += other.malformed;
        self.events += other.events;
    }
}
