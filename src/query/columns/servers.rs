//! Who was the client and which port served, as `Facts` says of one row, from
//! columns read for many.

use std::cell::OnceCell;

use crate::model::attr::UNKNOWN;
use crate::model::protocol::WITH_PORTS;
use crate::query::facts::client_port_first;
use crate::table::scan::Stored;
use crate::table::store::Table;

/// What tells the servers of a chunk's rows.
pub struct Servers<'a> {
    pub(super) table: &'a Table,
    /// Of the chunk.
    pub(super) number: usize,
    /// For each protocol in [`WITH_PORTS`] a bit for each port that has a name.
    pub(super) known: [&'a [u64]; WITH_PORTS.len()],
    /// Places of the protocols in [`WITH_PORTS`].
    pub(super) transports: Vec<u8>,
    /// Skews, zigzag, read when the first is asked for.
    pub(super) skews: OnceCell<Vec<u64>>,
    /// What of the rows is paired, and how, likewise.
    pub(super) evidence: OnceCell<Vec<u64>>,
    /// Source and destination ports of the first flows.
    pub(super) ports: [Vec<u64>; 2],
    /// Destination ports of the mates, where they may be others than the first
    /// flows' source ports.
    pub(super) answers: Option<Vec<u64>>,
}

/// A protocol without ports, or none.
const NONE: u8 = u8::MAX;

/// The place in [`WITH_PORTS`] of each protocol number, zigzag.
const TRANSPORTS: [u8; 1 << 9] = {
    let mut transports = [NONE; 1 << 9];
    let mut place = 0;
    while place < WITH_PORTS.len() {
        transports[2 * WITH_PORTS[place] as usize] = place as u8;
        place += 1;
    }
    transports
};

/// The places of protocols, zigzag, in [`WITH_PORTS`].
pub fn transports(protocols: &[u64]) -> Vec<u8> {
    let place = |&number: &u64| TRANSPORTS.get(number as usize).copied().unwrap_or(NONE);
    protocols.iter().map(place).collect()
}

impl Servers<'_> {
    fn read(&self, source: Stored) -> Vec<u64> {
        self.table.values(source, self.number)
    }

    fn transport(&self, place: usize) -> Option<usize> {
        let transport = self.transports[place];
        (transport != NONE).then_some(transport.into())
    }

    fn first_ports(&self, place: usize) -> [u64; 2] {
        [self.ports[0][place], self.ports[1][place]]
    }

    /// Whether the client of a row is its first side.
    pub fn client(&self, place: usize) -> Option<bool> {
        let skews = self.skews.get_or_init(|| self.read(Stored::Skew));
        match skews[place] {
            0 => {
                let [src, dst] = self.first_ports(place);
                let transport = self.transport(place)?;
                let both = src != UNKNOWN && dst != UNKNOWN;
                both.then(|| self.client_by_port(transport, [src, dst]))?
            }
            // a connection without a skew is one record, whose first flow is the client's
            UNKNOWN => {
                let evidence = (self.evidence).get_or_init(|| self.read(Stored::Evidence));
                (evidence[place] != UNKNOWN).then_some(true)
            }
            // positive numbers are the even ones
            skew => Some(skew & 1 == 0),
        }
    }

    fn client_by_port(&self, transport: usize, ports: [u64; 2]) -> Option<bool> {
        client_port_first(ports.map(|port| port as u16), self.known[transport])
    }

    /// The transport of a row and both ports one of which serves, when there are two.
    pub fn candidates(&self, place: usize) -> Option<(usize, [u16; 2])> {
        let transport = self.transport(place)?;
        let [src, dst] = self.first_ports(place);
        let both = self.answers.is_none() && src != UNKNOWN && dst != UNKNOWN;
        both.then_some((transport, [src as u16, dst as u16]))
    }

    /// The place of a row's protocol in [`WITH_PORTS`], and its server port as
    /// [`Facts::server_port`](crate::query::facts::Facts::server_port).
    pub fn server(&self, place: usize) -> Option<(usize, u16)> {
        let transport = self.transport(place)?;
        let [src, dst] = self.first_ports(place);
        let port = match self.client(place) {
            Some(true) => dst,
            Some(false) => self.answers.as_ref().map_or(src, |answers| answers[place]),
            None if src == UNKNOWN || dst == UNKNOWN => src.min(dst),
            None => match self.client_by_port(transport, [src, dst]) {
                Some(false) => src,
                _ => dst,
            },
        };
        (port != UNKNOWN).then_some((transport, port as u16))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::protocol::has_ports;
    use crate::table::column::zigzag;

    #[test]
    fn transports_are_the_protocols_with_ports() {
        for protocol in (-3..600).chain([i64::from(i32::MAX), i64::from(i32::MIN)]) {
            let place = transports(&[zigzag(protocol), UNKNOWN])[0];
            let transport = WITH_PORTS.get(usize::from(place));
            assert_eq!(
                transport.is_some(),
                has_ports(protocol as i32),
                "{protocol}"
            );
            assert!(transport.is_none_or(|&it| i64::from(it) == protocol));
        }
        assert_eq!(transports(&[UNKNOWN]), [NONE]);
    }
}
