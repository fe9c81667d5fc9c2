//! A grouping made ready for one table: the number that a row has for its
//! value, a chunk of rows at a time, and what such a number stands for.

use super::by::By;
use super::common::{names, networks};
use super::groupings::Family;
use super::sender::Sender;
use super::time_key;
use crate::model::end::End;
use crate::model::value::Value;
use crate::query::columns::chunk::{Chunk, EndKind};
use crate::query::columns::service_key;
use crate::query::columns::vector;
use crate::query::facts::Context;
use crate::query::field::Field;
use crate::query::language::expr::{Direction, Net};
use crate::table::column::unzigzag;
use crate::table::scan::Stored;
use crate::table::store::Table;
use crate::table::verdict::{Evidence, Reason};

/// The number of a value that is not known.
pub const NONE: u64 = u64::MAX;
/// What stands between the hosts of a pair.
pub const BETWEEN: &str = " <-> ";
/// Numbers below this are small.
const SMALL: usize = 1 << 9;

/// A grouping over one table.
pub struct GroupKey<'a> {
    /// What it is.
    pub by: By,
    /// The table.
    pub table: &'a Table,
    /// The point of view.
    pub context: &'a Context,
    /// For what hosts have in common: the number of each host's.
    of_host: Vec<u32>,
    /// The networks.
    nets: Vec<Net>,
    /// For names: the first host of each.
    named: Vec<u32>,
}

impl<'a> GroupKey<'a> {
    /// Makes a grouping ready.
    pub fn new(by: By, table: &'a Table, context: &'a Context) -> Self {
        let (mut nets, mut named) = Default::default();
        let of_host = match by.grouping.family {
            Family::Net => networks(table, by.lengths.both(), &mut nets),
            Family::Name => names(table, context, &mut named),
            _ => Vec::new(),
        };
        GroupKey {
            by,
            table,
            context,
            of_host,
            nets,
            named,
        }
    }

    /// The directions of which a row has a number: two for either end.
    fn directions(&self) -> &[Direction] {
        match &self.by.direction {
            _ if !self.by.grouping.directed => &[Direction::Src],
            Direction::Either => &[Direction::Src, Direction::Dst],
            one => std::slice::from_ref(one),
        }
    }

    /// One more than the greatest number, where numbers are dense, or mostly small.
    pub fn dense(&self) -> usize {
        match self.by.grouping.family {
            Family::Host => self.table.address_count(),
            Family::Net => self.nets.len(),
            Family::Name => self.named.len(),
            Family::Port => 1 << 16,
            Family::Exporter => self.table.exporters().len(),
            Family::Pair | Family::Service | Family::Time(_) => 0,
            Family::Protocol | Family::Reason | Family::Match | Family::Number => SMALL,
        }
    }

    /// Who sent at an end, and the numbers there, in each row of a chunk.
    pub fn ends(&self, chunk: &Chunk) -> Vec<(Vec<Sender>, Vec<u64>)> {
        let ends = self.directions().iter().map(|&direction| {
            let senders = match self.by.grouping.directed {
                true => GroupKey::senders(chunk, direction),
                false => vec![Sender::Unknown; chunk.rows],
            };
            let codes = self.codes(chunk, &senders);
            (senders, codes)
        });
        ends.collect()
    }

    fn senders(chunk: &Chunk, direction: Direction) -> Vec<Sender> {
        let of_source = |&is_first: &bool| Sender::first_if(is_first);
        let of_client = |first: &Option<bool>| first.map_or(Sender::Unknown, Sender::first_if);
        let (sources, clients) = (|| chunk.sources().iter(), || chunk.clients().iter());
        match direction {
            Direction::Either | Direction::Src => sources().map(of_source).collect(),
            Direction::Dst => sources().map(of_source).map(Sender::other).collect(),
            Direction::Client => clients().map(of_client).collect(),
            Direction::Server => clients().map(of_client).map(Sender::other).collect(),
        }
    }

    /// The numbers at the ends of the first flows, from where they and their mates
    /// came: for either end, where it is the same whichever flow is shown.
    pub fn both_ends(&self, chunk: &Chunk) -> Option<[Vec<u64>; 2]> {
        let column = match self.by.grouping.family {
            Family::Host | Family::Net | Family::Name => Stored::Host,
            Family::Port => Stored::Port,
            _ => return None,
        };
        let is_same = self.by.is_either() && chunk.is_regular();
        is_same.then(|| End::BOTH.map(|end| self.grouped(chunk.read(column(end)))))
    }

    /// The numbers of a chunk's rows at the ends that sent.
    fn codes(&self, chunk: &Chunk, senders: &[Sender]) -> Vec<u64> {
        match self.by.grouping.family {
            Family::Host | Family::Net | Family::Name => {
                self.grouped(at_ends(chunk, EndKind::Host, senders))
            }
            Family::Port => at_ends(chunk, EndKind::Port, senders),
            Family::Pair => pairs(chunk),
            Family::Protocol => chunk.read(Stored::Protocol),
            Family::Exporter => chunk.read(Stored::Exporter),
            Family::Reason => chunk.read(Stored::Reason),
            Family::Match => chunk.read(Stored::Evidence),
            Family::Time(minutes) => time_key::codes(minutes, chunk, &self.context.zone),
            Family::Number => self.numbers(chunk, senders),
            Family::Service => service_key::codes(chunk),
        }
    }

    /// Hosts as what they have in common, where that is asked for.
    fn grouped(&self, mut codes: Vec<u64>) -> Vec<u64> {
        if matches!(self.by.grouping.family, Family::Net | Family::Name) {
            for code in &mut codes {
                let group = self.of_host.get(*code as usize);
                *code = group.map_or(NONE, |&group| group.into());
            }
        }
        codes
    }

    fn numbers(&self, chunk: &Chunk, senders: &[Sender]) -> Vec<u64> {
        let Some(fields) = self.by.fields else {
            return vec![NONE; chunk.rows];
        };
        let values = |field: &Field| {
            let keys = |vector| vector::keys(chunk, vector);
            field.vector().and_then(keys).unwrap_or_else(|| {
                let value = |place| match field.value(&chunk.facts(place)) {
                    Value::Number(number) => u64::try_from(number).unwrap_or(NONE),
                    _ => NONE,
                };
                (0..chunk.rows).map(value).collect()
            })
        };
        match self.by.grouping.directed {
            true => {
                let ends = fields.map(|field| values(field).into_iter());
                picked(senders, ends, of_sources(chunk))
            }
            false => values(fields[0]),
        }
    }

    /// The first host of a name, and the name if it has one.
    fn named(&self, code: u64) -> Option<(u64, Option<&'a str>)> {
        let host = *self.named.get(code as usize)?;
        let name = self
            .table
            .address(host)
            .and_then(|it| self.context.host(it));
        Some((host.into(), name))
    }

    /// What a number stands for.
    pub fn value(&self, code: u64) -> Value<'_> {
        let address = |host: u64| self.table.address(host as u32);
        let known = |text: Option<&'a str>| text.map_or(Value::Unknown, Value::word);
        if code == NONE {
            return Value::Unknown;
        }
        match self.by.grouping.family {
            Family::Host => address(code).map_or(Value::Unknown, Value::Address),
            Family::Net => text(self.nets.get(code as usize)),
            Family::Name => match self.named(code) {
                Some((_, Some(name))) => Value::word(name),
                Some((host, None)) => text(address(host)),
                None => Value::Unknown,
            },
            Family::Pair => match (address(code >> 32), address(code & 0xffff_ffff)) {
                (Some(one), Some(other)) => text(Some(format!("{one}{BETWEEN}{other}"))),
                _ => Value::Unknown,
            },
            Family::Port | Family::Number => Value::Number(code.into()),
            Family::Protocol => Value::Number(unzigzag(code).into()),
            Family::Exporter => known(
                self.table
                    .exporters()
                    .get(code as usize)
                    .and_then(Option::as_deref),
            ),
            Family::Reason => known(Reason::ALL.get(code as usize).map(|reason| reason.name())),
            Family::Match => known(
                Evidence::ALL
                    .get(code as usize)
                    .map(|evidence| evidence.name()),
            ),
            Family::Time(_) => Value::Number(unzigzag(code).into()),
            Family::Service => Value::Text(service_key::label(code, self.context)),
        }
    }
}

/// Hosts or ports at the ends that sent.
fn at_ends(chunk: &Chunk, kind: EndKind, senders: &[Sender]) -> Vec<u64> {
    let column = |end| match kind {
        EndKind::Host => Stored::Host(end),
        EndKind::Port => Stored::Port(end),
    };
    if chunk.is_regular()
        && let [Some(own), Some(other)] = End::BOTH.map(|end| chunk.narrow(column(end)))
    {
        // the first flow comes from its source, its mate from its destination
        let first = std::iter::repeat(Sender::First);
        return picked(senders, [own.iter(), other.iter()], first);
    }
    let ends = End::BOTH.map(|end| chunk.shown_end(kind, end).into_iter());
    picked(senders, ends, of_sources(chunk))
}

/// Who sent at the sources.
fn of_sources(chunk: &Chunk) -> impl Iterator<Item = Sender> {
    (chunk.sources().iter()).map(|&is_first| Sender::first_if(is_first))
}

/// The first value where the sender is this one, the second where it is the other. Nobody can foretell which, so there is no branch.
fn picked(
    senders: &[Sender],
    [own, other]: [impl Iterator<Item = u64>; 2],
    first: impl Iterator<Item = Sender>,
) -> Vec<u64> {
    let rows = own.zip(other).zip(senders).zip(first);
    let pick = |(((own, other), &sender), first): (((u64, u64), &Sender), Sender)| {
        let differs = u64::from((sender as u8 ^ first as u8) & 1).wrapping_neg();
        let is_unknown = u64::from(sender as u8 / Sender::Unknown as u8).wrapping_neg();
        (own ^ ((own ^ other) & differs)) | is_unknown
    };
    rows.map(pick).collect()
}

fn pairs(chunk: &Chunk) -> Vec<u64> {
    let pair = |(one, other): (u64, u64)| one.min(other) << 32 | one.max(other);
    if chunk.is_regular()
        && let [Some(own), Some(others)] = End::BOTH.map(|end| chunk.narrow(Stored::Host(end)))
    {
        return own.iter().zip(others.iter()).map(pair).collect();
    }
    let [own, others] = vector::hosts(chunk);
    own.into_iter().zip(others).map(pair).collect()
}

fn text(value: Option<impl ToString>) -> Value<'static> {
    value.map_or(Value::Unknown, |value| {
        Value::Text(value.to_string().into())
    })
}
