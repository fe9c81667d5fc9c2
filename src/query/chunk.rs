//! A chunk of a table seen from a point of view: what `Facts` says of one row,
//! said of all rows at once, in plain loops over whole columns.

use std::cell::OnceCell;

use super::bits::Bits;
use super::facts::{Context, Facts, Orient};
use crate::model::attr::{Attr, UNKNOWN};
use crate::model::protocol;
use crate::table::column::unzigzag;
use crate::table::scan::Source;
use crate::table::store::{Side, Table};

/// What both ends of a flow have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndKind {
    /// Number of the address.
    Host,
    /// Port.
    Port,
}

/// A chunk of a table.
pub struct Chunk<'a> {
    table: &'a Table,
    context: &'a Context,
    number: usize,
    /// Its first row.
    pub first: u32,
    /// How many rows it has.
    pub rows: usize,
    sources: OnceCell<Vec<Side>>,
    clients: OnceCell<Vec<Option<Side>>>,
}

impl<'a> Chunk<'a> {
    /// A chunk by its number.
    pub fn new(table: &'a Table, context: &'a Context, number: usize) -> Self {
        let (first, rows) = table.chunk_rows(number);
        Chunk {
            table,
            context,
            number,
            first,
            rows,
            sources: OnceCell::new(),
            clients: OnceCell::new(),
        }
    }

    /// Reads a column.
    pub fn read(&self, source: Source) -> Vec<u64> {
        let mut values = Vec::with_capacity(self.rows);
        self.table.read(source, self.number, &mut values);
        values
    }

    /// A row by its place.
    pub fn facts(&self, place: usize) -> Facts<'a> {
        Facts {
            row: self.table.row(self.first + place as u32),
            context: self.context,
        }
    }

    /// The rows with both sides.
    pub fn connections(&self) -> Bits {
        let evidence = self.read(Source::Evidence);
        Bits::of(self.rows, |place| evidence[place] != UNKNOWN)
    }

    /// A counter of both sides together, the unknown taken for 0.
    pub fn sums(&self, attr: Attr) -> Vec<u64> {
        let mut sums = self.read(Source::Attr(Side::First, attr));
        for (sum, mate) in sums
            .iter_mut()
            .zip(self.read(Source::Attr(Side::Mate, attr)))
        {
            *sum = known(*sum).saturating_add(known(mate));
        }
        sums
    }

    /// The rows with at least so many packets.
    pub fn above(&self, threshold: u64) -> Bits {
        let packets = self.sums(Attr::Packets);
        Bits::of(self.rows, |place| packets[place] >= threshold)
    }

    /// The side that is shown as the source's, of each row.
    pub fn sources(&self) -> &[Side] {
        self.sources.get_or_init(|| {
            let bigger = self.bigger();
            match self.context.orient {
                Orient::Bytes => bigger,
                Orient::Client => {
                    let both = self.clients().iter().zip(bigger);
                    both.map(|(client, bigger)| client.unwrap_or(bigger))
                        .collect()
                }
            }
        })
    }

    /// As [`Row::bigger`](crate::table::rows::Row::bigger).
    fn bigger(&self) -> Vec<Side> {
        let evidence = self.read(Source::Evidence);
        let [first, mate] =
            [Side::First, Side::Mate].map(|side| self.read(Source::Attr(side, Attr::Octets)));
        let bigger = |place: usize| {
            let single = evidence[place] == UNKNOWN;
            if single || known(first[place]) > known(mate[place]) {
                Side::First
            } else {
                Side::Mate
            }
        };
        (0..self.rows).map(bigger).collect()
    }

    /// As [`Facts::client`], of each row.
    pub fn clients(&self) -> &[Option<Side>] {
        self.clients.get_or_init(|| {
            let skews = self.read(Source::Skew);
            let protocols = self.protocols();
            let ports = self.first_ports();
            let client = |place: usize| match skews[place] {
                UNKNOWN => None,
                0 => self.client_by_port(protocols[place]?, [0, 1].map(|end| ports[end][place])),
                skew if unzigzag(skew) > 0 => Some(Side::First),
                _ => Some(Side::Mate),
            };
            (0..self.rows).map(client).collect()
        })
    }

    fn client_by_port(&self, protocol: i32, [src, dst]: [u64; 2]) -> Option<Side> {
        if !protocol::has_ports(protocol) || src == UNKNOWN || dst == UNKNOWN {
            return None;
        }
        let first = self
            .context
            .client_port_first(protocol, src as u16, dst as u16)?;
        Some(if first { Side::First } else { Side::Mate })
    }

    fn protocols(&self) -> Vec<Option<i32>> {
        let protocols = self.read(Source::Protocol).into_iter();
        protocols
            .map(|number| (number != UNKNOWN).then(|| unzigzag(number) as i32))
            .collect()
    }

    fn first_ports(&self) -> [Vec<u64>; 2] {
        [0, 1].map(|end| self.read(Source::Port(end)))
    }

    /// Protocol and server port of each row, as [`Facts::server_port`].
    pub fn servers(&self) -> Vec<Option<(i32, u16)>> {
        let clients = self.clients();
        let protocols = self.protocols();
        let ports = self.first_ports();
        let answers = self.end(EndKind::Port, Side::Mate, 1);
        let server = |place: usize| {
            let protocol = protocols[place].filter(|&number| protocol::has_ports(number))?;
            let [src, dst] = [0, 1].map(|end| ports[end][place]);
            let port = match clients[place] {
                Some(Side::First) => dst,
                Some(Side::Mate) => answers[place],
                None if src == UNKNOWN || dst == UNKNOWN => src.min(dst),
                None => match self.client_by_port(protocol, [src, dst]) {
                    Some(Side::Mate) => src,
                    _ => dst,
                },
            };
            (port != UNKNOWN).then_some((protocol, port as u16))
        };
        (0..self.rows).map(server).collect()
    }

    /// Source (0) or destination (1) of one side's flow.
    fn end(&self, kind: EndKind, side: Side, which: usize) -> Vec<u64> {
        let read = |host: Source, port: Source| match kind {
            EndKind::Host => self.read(host),
            EndKind::Port => self.read(port),
        };
        if side == Side::First {
            return read(Source::Host(which), Source::Port(which));
        }
        let mut values = read(Source::Host(1 - which), Source::Port(1 - which));
        if !self.table.is_regular(self.number) {
            let is_odd = self.read(Source::OddHost(0));
            let odd = read(Source::OddHost(which), Source::OddPort(which));
            for place in (0..self.rows).filter(|&place| is_odd[place] != UNKNOWN) {
                values[place] = odd[place];
            }
        }
        values
    }

    /// Source or destination of the flow shown as the source's.
    pub fn shown_end(&self, kind: EndKind, destination: bool) -> Vec<u64> {
        let which = usize::from(destination);
        self.of_source(false, |side| self.end(kind, side, which))
    }

    /// Whether either end is the same whichever flow is shown.
    pub fn is_regular(&self) -> bool {
        self.table.is_regular(self.number)
    }

    /// The values of the side that is shown as the source's, or of the other one.
    pub fn of_source(&self, other: bool, values: impl Fn(Side) -> Vec<u64>) -> Vec<u64> {
        let wanted = if other { Side::Mate } else { Side::First };
        let (mut first, mate) = (values(Side::First), values(Side::Mate));
        for ((value, mate), source) in first.iter_mut().zip(mate).zip(self.sources()) {
            if *source != wanted {
                *value = mate;
            }
        }
        first
    }
}

fn known(value: u64) -> u64 {
    if value == UNKNOWN { 0 } else { value }
}
