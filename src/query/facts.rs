//! What follows from a row and a point of view: which flow is shown as the
//! source's, who was the client, what service it was. The rules are those of
//! the contract; everything above asks here and decides nothing itself.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use super::bits::has_bit;
use crate::model::attr::Attr;
use crate::model::end::End;
use crate::model::protocol;
use crate::model::time::Zone;
use crate::names::Answers;
use crate::names::services::Services;
use crate::table::rows::{Endpoint, Row};
use crate::table::store::Side;
use crate::table::verdict::Evidence;

/// Which end the source columns show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orient {
    /// The one that sent more bytes.
    #[default]
    Bytes,
    /// The client, where it is known.
    Client,
}

/// Which side of a row is the source's, and which of its flows count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stance {
    /// What the source columns show.
    pub orient: Orient,
    /// What is seen twice counts once: duplicates are left out.
    pub folds: bool,
}

impl Stance {
    /// The same, but duplicates count if a filter asks for them.
    pub fn unfolded_if(self, asks_duplicates: bool) -> Self {
        Stance {
            folds: self.folds && !asks_duplicates,
            ..self
        }
    }
}

/// A point of view.
#[derive(Clone)]
pub struct Context {
    /// Names of ports.
    pub services: Arc<Services>,
    /// Names of addresses, as far as they are known.
    pub names: Arc<Answers>,
    /// The zone in which times are read and shown.
    pub zone: Zone,
    /// Which side is the source's, and which flows count.
    pub stance: Stance,
}

impl Context {
    /// A point of view without names of addresses, that leaves nothing out.
    pub fn new(services: Arc<Services>, zone: Zone, orient: Orient) -> Self {
        Context {
            services,
            names: Arc::default(),
            zone,
            stance: Stance {
                orient,
                folds: false,
            },
        }
    }

    /// Whether the first of two ports is the client's.
    pub fn client_port_first(&self, protocol: i32, first: u16, second: u16) -> Option<bool> {
        let known = self.services.known(protocol);
        client_port_first([first, second], known)
    }

    /// The name of an address, if it is known to have one.
    pub fn host(&self, address: IpAddr) -> Option<&str> {
        self.names.get(&address)?.as_deref()
    }
}

/// The same with the known ports of the protocol, a bit for each. Without branches,
/// as nobody can foretell ports and this is asked for every row.
#[inline]
pub fn client_port_first([first, second]: [u16; 2], known: &[u64]) -> Option<bool> {
    let [is_first, is_second] = [first, second].map(|port| has_bit(known, port.into()));
    let by_name = is_second & !is_first;
    let is_first = if is_first == is_second {
        first > second
    } else {
        by_name
    };
    (first != second).then_some(is_first)
}

/// A row seen from a point of view.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The row.
    pub row: Row<'a>,
    /// The point of view.
    pub context: &'a Context,
}

impl<'a> Facts<'a> {
    /// The side shown as the source's.
    pub fn source(&self) -> Side {
        match self.context.stance.orient {
            Orient::Bytes => self.row.bigger(),
            Orient::Client => self.client().unwrap_or_else(|| self.row.bigger()),
        }
    }

    /// The side whose flow an end sent; the destination of an unmatched flow sent none.
    pub fn side(&self, end: End) -> Option<Side> {
        let source = self.source();
        match end {
            End::Source => Some(source),
            End::Destination => self.row.is_connection().then(|| source.other()),
        }
    }

    /// What is at an end of the flow shown as the source's.
    pub fn endpoint(&self, end: End) -> Endpoint {
        self.row.ends(self.source())[end as usize]
    }

    /// The address at an end of the flow shown as the source's.
    pub fn address(&self, end: End) -> Option<IpAddr> {
        self.row.address(self.endpoint(end))
    }

    /// The name of the host at an end.
    pub fn host(&self, end: End) -> Option<&'a str> {
        self.context.host(self.address(end)?)
    }

    /// The initiator of a connection: as its record says, else the earlier start, else the side
    /// whose port is not a known service, else the higher port.
    pub fn client(&self) -> Option<Side> {
        if self.row.evidence() == Some(Evidence::Biflow) {
            return Some(Side::First);
        }
        match self.row.skew()? {
            1.. => return Some(Side::First),
            ..0 => return Some(Side::Mate),
            0 => {}
        }
        if !self.row.has_ports() {
            return None;
        }
        let [src, dst] = self.row.ends(Side::First).map(|end| end.port);
        self.client_port_first(src?, dst?)
            .map(|first| if first { Side::First } else { Side::Mate })
    }

    fn client_port_first(&self, first: u16, second: u16) -> Option<bool> {
        let protocol = self.row.protocol()?;
        self.context.client_port_first(protocol, first, second)
    }

    fn port_name(&self, port: u16) -> Option<&'a str> {
        self.context.services.name(self.row.protocol()?, port)
    }

    /// The port of the server, as far as one can tell.
    pub fn server_port(&self) -> Option<u16> {
        if !self.row.has_ports() {
            return None;
        }
        if let Some(client) = self.client() {
            return self.row.ends(client)[End::Destination as usize].port;
        }
        let [src, dst] = self.row.ends(Side::First).map(|end| end.port);
        match (src, dst) {
            (Some(src), Some(dst)) => match self.client_port_first(src, dst) {
                Some(false) => Some(src),
                _ => Some(dst),
            },
            (src, dst) => src.or(dst),
        }
    }

    /// The service in words: the server port's name or number, for ICMP type
    /// and code, for what has no ports the protocol.
    pub fn service(&self) -> Cow<'a, str> {
        if let Some(port) = self.server_port() {
            return match self.port_name(port) {
                Some(name) => Cow::Borrowed(name),
                None => Cow::Owned(port.to_string()),
            };
        }
        let Some(number) = self.row.protocol() else {
            return Cow::Borrowed("?");
        };
        if let Some(type_code) = self.icmp_type_code() {
            return Cow::Owned(protocol::icmp_name(number, type_code));
        }
        self.protocol_name()
    }

    /// ICMP type * 256 + code, from its field or from the port that v5 puts it in.
    pub fn icmp_type_code(&self) -> Option<u64> {
        if !self.row.protocol().is_some_and(protocol::is_icmp) {
            return None;
        }
        let side = self.client().unwrap_or(Side::First);
        let port = self.row.ends(side)[End::Destination as usize]
            .port
            .map(u64::from);
        self.row.attr(side, Attr::IcmpTypeCode).or(port)
    }

    /// The protocol's name or number.
    pub fn protocol_name(&self) -> Cow<'a, str> {
        match self.row.protocol() {
            Some(number) => match protocol::name(number) {
                Some(name) => Cow::Borrowed(name),
                None => Cow::Owned(number.to_string()),
            },
            None => Cow::Borrowed("?"),
        }
    }

    /// Milliseconds the source's flow lasted; never negative.
    pub fn duration(&self) -> Option<i64> {
        self.row
            .elapsed(self.source())
            .map(|elapsed| elapsed.max(0))
    }

    /// Unix milliseconds at which the source's flow ended.
    pub fn end_time(&self) -> Option<i64> {
        let start = self.row.start(self.source())?;
        Some(start.absolute.saturating_add(self.duration()?))
    }

    /// When the row became known: the line time of its later flow, Unix seconds.
    pub fn received(&self) -> Option<f64> {
        let later = if self.row.is_connection() {
            Side::Mate
        } else {
            Side::First
        };
        self.row.record(later).map(|(packet, _)| packet.received)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_has_the_port_that_is_no_service_or_the_higher_one() {
        let services = Services::from_texts(Some("https 443/tcp\nhigh 50000/tcp\n"), "");
        let context = Context::new(Arc::new(services), Zone::utc(), Orient::Bytes);
        for (protocol, ports, first) in [
            (6, [40_000, 443], Some(true)),
            (6, [1, 443], Some(true)),
            (6, [443, 1], Some(false)),
            (6, [50_000, 1], Some(false)),
            (6, [1, 50_000], Some(true)),
            (6, [50_000, 443], Some(true)),
            (6, [443, 50_000], Some(false)),
            (6, [443, 443], None),
            (6, [7, 7], None),
            (17, [1, 443], Some(false)),
        ] {
            let answer = context.client_port_first(protocol, ports[0], ports[1]);
            assert_eq!(answer, first, "{protocol} {ports:?}");
        }
    }
}
