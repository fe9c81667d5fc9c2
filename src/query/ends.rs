//! Which flow of a row each end sent, a chunk at a time: the ends of `facts`,
//! read off the columns.

use super::expr::Direction;
use super::facts::{Context, Orient};
use super::scan::Chunk;
use crate::model::attr::{Attr, UNKNOWN};
use crate::model::protocol::has_ports;
use crate::table::column::unzigzag;
use crate::table::scan::Source;
use crate::table::store::Side;

/// The flow that an end sent; `None` where it is not known which end that is.
pub type Sender = Option<Side>;

/// The ends of a chunk's rows.
#[derive(Default)]
pub struct Ends {
    /// The side shown as the source's.
    pub source: Vec<Side>,
    /// The side of the client, if that was asked for.
    client: Vec<Sender>,
}

impl Ends {
    /// Reads the ends of a chunk.
    pub fn read(chunk: &Chunk, context: &Context) -> Self {
        let octets = [Side::First, Side::Mate].map(|side| chunk.read(Source::Attr(side, Attr::Octets)));
        let mut ends = Ends::default();
        ends.fill(chunk, context, false, &octets, &chunk.read(Source::Evidence));
        ends
    }

    /// Works out the ends of a chunk of which this was read already.
    pub fn fill(&mut self, chunk: &Chunk, context: &Context, clients: bool, octets: &[Vec<u64>; 2], evidence: &[u64]) {
        let known = |value: u64| if value == UNKNOWN { 0 } else { value };
        let sides = octets[0].iter().zip(&octets[1]).zip(evidence);
        // the side that sent more; when equal, the one later in the file
        let source = sides.map(|((&first, &mate), &evidence)| {
            let is_first = evidence == UNKNOWN || known(first) > known(mate);
            if is_first { Side::First } else { Side::Mate }
        });
        self.source.clear();
        self.source.extend(source);
        let by_client = context.orient == Orient::Client;
        if by_client || clients {
            self.client = self::clients(chunk, context);
        }
        if by_client {
            let known = self.source.iter_mut().zip(&self.client);
            known.for_each(|(source, client)| *source = client.unwrap_or(*source));
        }
    }

    /// Who of a row sent as the end of a direction; for either end, the source.
    #[inline]
    pub fn sender(&self, direction: Direction, place: usize) -> Sender {
        match direction {
            Direction::Either | Direction::Src => Some(self.source[place]),
            Direction::Dst => Some(self.source[place].other()),
            Direction::Client => self.client[place],
            Direction::Server => self.client[place].map(Side::other),
        }
    }
}

/// The inferred initiators.
pub fn clients(chunk: &Chunk, context: &Context) -> Vec<Sender> {
    let (skews, protocols) = (chunk.read(Source::Skew), chunk.read(Source::Protocol));
    let ports = [0, 1].map(|which| chunk.read(Source::Port(which)));
    let by_ports = |place: usize| {
        let protocol = protocol(protocols[place]).filter(|&it| has_ports(it))?;
        let [src, dst] = [0, 1].map(|which| ports[which][place]);
        let is_known = |port: u64| context.services.name(protocol, port as u16).is_some();
        if src == UNKNOWN || dst == UNKNOWN {
            return None;
        }
        match (is_known(src), is_known(dst)) {
            (false, true) => Some(Side::First),
            (true, false) => Some(Side::Mate),
            _ if src == dst => None,
            _ if src > dst => Some(Side::First),
            _ => Some(Side::Mate),
        }
    };
    let client = |(place, &skew): (usize, &u64)| match skew {
        UNKNOWN => None,
        skew => match unzigzag(skew) {
            1.. => Some(Side::First),
            ..0 => Some(Side::Mate),
            0 => by_ports(place),
        },
    };
    skews.iter().enumerate().map(client).collect()
}

/// A protocol as it stands in its column.
pub fn protocol(stored: u64) -> Option<i32> {
    (stored != UNKNOWN).then(|| unzigzag(stored) as i32)
}
