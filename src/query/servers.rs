//! Who was the client and which port served, as `Facts` says of one row, from
//! columns read for many.

use super::facts::Context;
use crate::model::attr::UNKNOWN;
use crate::model::protocol;
use crate::table::column::unzigzag;

/// What tells the servers of a chunk's rows.
pub struct Servers<'a> {
    pub(super) context: &'a Context,
    /// Protocol numbers and skews, zigzag.
    pub(super) protocols: Vec<u64>,
    pub(super) skews: Vec<u64>,
    /// What of the rows is paired, and how.
    pub(super) evidence: Vec<u64>,
    /// Source and destination ports of the first flows.
    pub(super) ports: [Vec<u64>; 2],
    /// Destination ports of the mates, where they may be others than the first
    /// flows' source ports.
    pub(super) answers: Option<Vec<u64>>,
}

impl Servers<'_> {
    fn protocol(&self, place: usize) -> Option<i32> {
        let number = self.protocols[place];
        (number != UNKNOWN).then(|| unzigzag(number) as i32)
    }

    fn first_ports(&self, place: usize) -> [u64; 2] {
        [self.ports[0][place], self.ports[1][place]]
    }

    /// Whether the client of a row is its first side.
    pub fn client(&self, place: usize) -> Option<bool> {
        match self.skews[place] {
            // a connection without a skew is one record, whose first flow is the client's
            UNKNOWN => (self.evidence[place] != UNKNOWN).then_some(true),
            0 => self.client_by_port(self.protocol(place)?, self.first_ports(place)),
            skew => Some(unzigzag(skew) > 0),
        }
    }

    fn client_by_port(&self, protocol: i32, [src, dst]: [u64; 2]) -> Option<bool> {
        if !protocol::has_ports(protocol) || src == UNKNOWN || dst == UNKNOWN {
            return None;
        }
        let ports = (src as u16, dst as u16);
        self.context.client_port_first(protocol, ports.0, ports.1)
    }

    /// The protocol of a row and both ports one of which serves, when there are two.
    pub fn candidates(&self, place: usize) -> Option<(i32, [u16; 2])> {
        let protocol = self.protocol(place).filter(|&it| protocol::has_ports(it))?;
        let [src, dst] = self.first_ports(place);
        let both = self.answers.is_none() && src != UNKNOWN && dst != UNKNOWN;
        both.then_some((protocol, [src as u16, dst as u16]))
    }

    /// Protocol and server port of a row, as [`Facts::server_port`](super::facts::Facts::server_port).
    pub fn server(&self, place: usize) -> Option<(i32, u16)> {
        let protocol = self.protocol(place).filter(|&it| protocol::has_ports(it))?;
        let [src, dst] = self.first_ports(place);
        let port = match self.client(place) {
            Some(true) => dst,
            Some(false) => self.answers.as_ref().map_or(src, |answers| answers[place]),
            None if src == UNKNOWN || dst == UNKNOWN => src.min(dst),
            None => match self.client_by_port(protocol, [src, dst]) {
                Some(false) => src,
                _ => dst,
            },
        };
        (port != UNKNOWN).then_some((protocol, port as u16))
    }
}
