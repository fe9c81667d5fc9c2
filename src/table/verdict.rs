//! What is said of a row: how sure its pairing is, or why it has none.

/// How sure a pairing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Both flows begin at the same moment.
    Exact,
    /// They begin within the tolerance of each other.
    Skew,
    /// Another flow was as near.
    Ambiguous,
    /// One record told of both (RFC 5103); the first flow is that of the client.
    Biflow,
}

impl Evidence {
    /// All kinds; a kind's place is its number in the column.
    pub const ALL: [Evidence; 4] = [
        Evidence::Exact,
        Evidence::Skew,
        Evidence::Ambiguous,
        Evidence::Biflow,
    ];

    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Evidence::Exact => "exact",
            Evidence::Skew => "skew",
            Evidence::Ambiguous => "ambiguous",
            Evidence::Biflow => "biflow",
        }
    }
}

/// Why a flow is unmatched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Sent to a group or to everyone; nobody answers as that address.
    Multicast,
    /// A flow in the other direction exists, beyond the tolerance.
    NearMiss,
    /// TCP with SYN and nothing but SYN and RST.
    Scan,
    /// An ICMP echo request without an answer.
    Ping,
    /// The exporter reports no flow in the other direction.
    OneWay,
    /// Its peer was nearer to another flow.
    Collision,
    /// The analyzer pairing put a later flow in its place.
    Overwritten,
}

impl Reason {
    /// All reasons; a reason's place is its number in the column.
    pub const ALL: [Reason; 7] = [
        Reason::Multicast,
        Reason::NearMiss,
        Reason::Scan,
        Reason::Ping,
        Reason::OneWay,
        Reason::Collision,
        Reason::Overwritten,
    ];

    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Multicast => "multicast",
            Reason::NearMiss => "near miss",
            Reason::Scan => "scan",
            Reason::Ping => "ping",
            Reason::OneWay => "one-way",
            Reason::Collision => "collision",
            Reason::Overwritten => "overwritten",
        }
    }
}

/// How many flows are unmatched for which reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reasons([u64; Reason::ALL.len()]);

impl Reasons {
    /// Counts one more with the reason of this number, if it has one yet.
    pub fn count(&mut self, number: u64) {
        if let Some(count) = self.0.get_mut(number as usize) {
            *count += 1;
        }
    }

    /// Adds others.
    pub fn add(&mut self, others: Reasons) {
        for (sum, count) in self.0.iter_mut().zip(others.0) {
            *sum += count;
        }
    }

    /// Every reason with its count.
    pub fn iter(&self) -> impl Iterator<Item = (Reason, u64)> {
        Reason::ALL.into_iter().zip(self.0)
    }
}
