//! What is said of a row: how sure its pairing is, or why it has none.

/// A catalogue of kinds, each with its name in every output.
macro_rules! catalogue {
    ($(#[$about:meta])* $catalogue:ident: $($(#[$meaning:meta])* $kind:ident = $name:literal,)+) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $catalogue {
            $($(#[$meaning])* $kind,)+
        }

        impl $catalogue {
            /// All kinds; a kind's place is its number in the column.
            pub const ALL: [$catalogue; [$($name),+].len()] = [$($catalogue::$kind),+];

            /// Its name in every output.
            pub fn name(self) -> &'static str {
                match self {
                    $($catalogue::$kind => $name,)+
                }
            }
        }
    };
}

catalogue! {
    /// How sure a pairing is.
    Evidence:
    /// Both flows begin at the same moment.
    Exact = "exact",
    /// They begin within the tolerance of each other.
    Skew = "skew",
    /// Another flow was as near.
    Ambiguous = "ambiguous",
    /// One record told of both (RFC 5103); the first flow is that of the client.
    Biflow = "biflow",
}

catalogue! {
    /// Why a flow is unmatched.
    Reason:
    /// Sent to a group or to everyone; nobody answers as that address.
    Multicast = "multicast",
    /// A flow in the other direction exists, beyond the tolerance.
    NearMiss = "near miss",
    /// TCP with SYN and nothing but SYN and RST.
    Scan = "scan",
    /// An ICMP echo request without an answer.
    Ping = "ping",
    /// The exporter reports no flow in the other direction.
    OneWay = "one-way",
    /// Its peer was nearer to another flow.
    Collision = "collision",
    /// The analyzer pairing put a later flow in its place.
    Overwritten = "overwritten",
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
