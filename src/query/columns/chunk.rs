//! A chunk of a table seen from a point of view: what `Facts` says of one row,
//! said of all rows at once, in plain loops over whole columns.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::counters::{Count, Counters, for_counters};
use super::servers::{Servers, transports};
use crate::model::attr::{Attr, UNKNOWN};
use crate::model::end::End;
use crate::model::protocol::WITH_PORTS;
use crate::query::bits::Bits;
use crate::query::facts::{Context, Facts, Orient, Stance};
use crate::table::narrow::Narrow;
use crate::table::scan::Stored;
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
    sources: OnceCell<Cow<'a, [bool]>>,
    clients: OnceCell<Vec<Option<bool>>>,
    packets: OnceCell<Vec<u64>>,
    evidence: OnceCell<Cow<'a, [u32]>>,
    octets: OnceCell<Counters<'a>>,
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
            packets: OnceCell::new(),
            evidence: OnceCell::new(),
            octets: OnceCell::new(),
        }
    }

    /// A chunk of which it is known which sides are shown as the sources'.
    pub fn recalled(self, sources: Option<&'a [bool]>) -> Self {
        let sources = sources.map_or(self.sources, |sources| OnceCell::from(Cow::from(sources)));
        Chunk { sources, ..self }
    }

    /// Reads a column.
    pub fn read(&self, source: Stored) -> Vec<u64> {
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

    /// Reads a column as it is kept, if that is in no more than 32 bits.
    pub fn narrow(&self, source: Stored) -> Option<Narrow<'a>> {
        self.table.narrow(source, self.number)
    }

    /// The same if its numbers are not counted from a base.
    fn plain(&self, source: Stored) -> Option<Cow<'a, [u32]>> {
        let narrow = self.narrow(source)?;
        (narrow.base == 0).then_some(narrow.cells)
    }

    /// The rows with both sides.
    pub fn connections(&self) -> Bits {
        Bits::of_values(self.evidence(), |evidence| evidence != u32::MAX)
    }

    /// How each row was paired; [`u32::MAX`] where it was not.
    pub fn evidence(&self) -> &[u32] {
        self.evidence.get_or_init(|| {
            self.plain(Stored::Evidence).unwrap_or_else(|| {
                let values = self.read(Stored::Evidence).into_iter();
                values.map(|value| value as u32).collect()
            })
        })
    }

    /// A counter of both sides.
    fn counts(&self, attr: Attr) -> Counters<'a> {
        let narrow = |side| self.plain(Stored::Attr(side, attr));
        if let (Some(first), Some(mate)) = (narrow(Side::First), narrow(Side::Mate)) {
            return Counters::Narrow([first, mate]);
        }
        Counters::Wide([Side::First, Side::Mate].map(|side| {
            let mut values = Vec::with_capacity(self.rows);
            self.table.counts(side, attr, self.number, &mut values);
            values
        }))
    }

    /// Octets of both sides.
    fn octets(&self) -> &Counters<'a> {
        self.octets.get_or_init(|| self.counts(Attr::Octets))
    }

    /// The rows that repeat others, if there may be any.
    pub fn duplicates(&self) -> Option<Bits> {
        self.table.may_repeat(self.number).then(|| {
            let mates = self.repeated(Side::Mate).or(&self.unmatched());
            self.repeated(Side::First).and(&mates)
        })
    }

    fn unmatched(&self) -> Bits {
        Bits::all(self.rows).without(&self.connections())
    }

    /// The rows of which one side's flow repeats another.
    fn repeated(&self, side: Side) -> Bits {
        let repeats = self.read(Stored::Repeats(side));
        Bits::of_values(&repeats, |repeated| self.table.is_repeated(repeated))
    }

    /// A counter of both sides as it counts in sums: what is unknown adds nothing, nor
    /// does a flow that repeats another one while duplicates are left out.
    pub fn counted(&self, attr: Attr) -> Cow<'_, Counters<'a>> {
        let counts = match attr {
            // who sent more is the source, so that they were read already
            Attr::Octets => Cow::Borrowed(self.octets()),
            _ => Cow::Owned(self.counts(attr)),
        };
        if !self.folds() {
            return counts;
        }
        let mut both = counts.into_owned().into_wide();
        for (side, values) in [Side::First, Side::Mate].into_iter().zip(&mut both) {
            self.repeated(side).for_each(|place| values[place] = 0);
        }
        Cow::Owned(Counters::Wide(both))
    }

    /// Packets of both sides as they count in sums, of each row.
    pub fn counted_packets(&self) -> Cow<'_, [u64]> {
        if !self.folds() {
            return Cow::Borrowed(self.packets());
        }
        self.counted(Attr::Packets).sums().into()
    }

    /// Which sides are the sources', and which flows count.
    pub fn stance(&self) -> Stance {
        self.context.stance
    }

    /// Whether there are duplicates that are to be left out.
    pub fn folds(&self) -> bool {
        self.stance().folds && self.table.may_repeat(self.number)
    }

    /// A counter of both sides together, the unknown taken for 0.
    pub fn sums(&self, attr: Attr) -> Vec<u64> {
        self.counts(attr).sums()
    }

    /// Packets of both sides, of each row.
    pub fn packets(&self) -> &[u64] {
        self.packets.get_or_init(|| self.sums(Attr::Packets))
    }

    /// The rows with at least so many packets.
    pub fn above(&self, threshold: u64) -> Bits {
        Bits::of_values(self.packets(), |packets| packets >= threshold)
    }

    /// Whether the first side is shown as the source's, of each row.
    pub fn sources(&self) -> &[bool] {
        self.sources.get_or_init(|| {
            let bigger = self.bigger();
            match self.stance().orient {
                Orient::Bytes => bigger.into(),
                Orient::Client => {
                    let both = self.clients().iter().zip(bigger);
                    both.map(|(client, bigger)| client.unwrap_or(bigger))
                        .collect()
                }
            }
        })
    }

    /// As [`Row::bigger`](crate::table::rows::Row::bigger).
    fn bigger(&self) -> Vec<bool> {
        for_counters!(self.octets(), both => bigger(self.evidence(), both))
    }

    /// Whether the client is the first side, as [`Facts::client`], of each row.
    pub fn clients(&self) -> &[Option<bool>] {
        self.clients.get_or_init(|| {
            let servers = self.servers();
            (0..self.rows).map(|place| servers.client(place)).collect()
        })
    }

    /// What tells the servers of the rows.
    pub fn servers(&self) -> Servers<'a> {
        Servers {
            table: self.table,
            number: self.number,
            known: WITH_PORTS.map(|protocol| self.context.services.known(protocol)),
            transports: transports(&self.read(Stored::Protocol)),
            skews: OnceCell::new(),
            evidence: OnceCell::new(),
            ports: End::BOTH.map(|end| self.read(Stored::Port(end))),
            answers: (!self.is_regular())
                .then(|| self.end(EndKind::Port, Side::Mate, End::Destination)),
        }
    }

    /// What is at an end of one side's flow.
    fn end(&self, kind: EndKind, side: Side, end: End) -> Vec<u64> {
        let read = |host: Stored, port: Stored| match kind {
            EndKind::Host => self.read(host),
            EndKind::Port => self.read(port),
        };
        if side == Side::First {
            return read(Stored::Host(end), Stored::Port(end));
        }
        let mut values = read(Stored::Host(end.other()), Stored::Port(end.other()));
        if !self.table.is_regular(self.number) {
            let is_odd = self.read(Stored::OddHost(End::Source));
            let odd = read(Stored::OddHost(end), Stored::OddPort(end));
            for place in (0..self.rows).filter(|&place| is_odd[place] != UNKNOWN) {
                values[place] = odd[place];
            }
        }
        values
    }

    /// What is at an end of the flow shown as the source's.
    pub fn shown_end(&self, kind: EndKind, end: End) -> Vec<u64> {
        self.sent_by(End::Source, |side| self.end(kind, side, end))
    }

    /// Whether either end is the same whichever flow is shown.
    pub fn is_regular(&self) -> bool {
        self.table.is_regular(self.number)
    }

    /// The values of the sides whose flows an end sent.
    pub fn sent_by(&self, end: End, values: impl Fn(Side) -> Vec<u64>) -> Vec<u64> {
        let other = end == End::Destination;
        let (mut first, mate) = (values(Side::First), values(Side::Mate));
        for ((value, mate), source) in first.iter_mut().zip(mate).zip(self.sources()) {
            *value = if *source == other { mate } else { *value };
        }
        first
    }
}

fn bigger<C: Count>(evidence: &[u32], [first, mate]: [&[C]; 2]) -> Vec<bool> {
    let rows = evidence.iter().zip(first.iter().zip(mate));
    let bigger = |(&evidence, (first, mate)): (&u32, (&C, &C))| {
        (evidence == u32::MAX) | (first.known() > mate.known())
    };
    rows.map(bigger).collect()
}
