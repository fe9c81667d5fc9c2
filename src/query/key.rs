//! A grouping made ready for one table: the number that a row has for its
//! value, a chunk of rows at a time, and what such a number stands for.

use foldhash::{HashMap, HashMapExt};

use super::by::{By, Family};
use super::ends::Ends;
use super::expr::{Direction, Net};
use super::facts::{Context, Facts};
use super::scan::Chunk;
use super::service_key;
use crate::model::attr::UNKNOWN;
use crate::model::value::Value;
use crate::table::column::{unzigzag, zigzag};
use crate::table::scan::Source;
use crate::table::store::{Side, Table};
use crate::table::verdict::{Evidence, Reason};

/// The number of a value that is not known.
pub const NONE: u64 = u64::MAX;
/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

/// A grouping over one table.
pub struct Key<'a> {
    /// What it is.
    pub by: By,
    /// The table.
    pub table: &'a Table,
    /// The point of view.
    pub context: &'a Context,
    /// For networks: the number of each host's, and the networks.
    of_host: Vec<u32>,
    /// The networks.
    pub nets: Vec<Net>,
}

impl<'a> Key<'a> {
    /// Makes a grouping ready.
    pub fn new(by: By, table: &'a Table, context: &'a Context) -> Self {
        let (of_host, nets) = match by.grouping.family {
            Family::Net => networks(table, by.lengths()),
            _ => Default::default(),
        };
        Key {
            by,
            table,
            context,
            of_host,
            nets,
        }
    }

    /// The directions of which a row has a number: two for either end.
    pub fn directions(&self) -> &'static [Direction] {
        match self.by.direction {
            _ if !self.by.grouping.directed => &[Direction::Src],
            Direction::Either => &[Direction::Src, Direction::Dst],
            Direction::Src => &[Direction::Src],
            Direction::Dst => &[Direction::Dst],
            Direction::Client => &[Direction::Client],
            Direction::Server => &[Direction::Server],
        }
    }

    /// One more than the greatest number, where numbers are dense.
    pub fn dense(&self) -> Option<usize> {
        match self.by.grouping.family {
            Family::Host => Some(self.table.address_count()),
            Family::Net => Some(self.nets.len()),
            Family::Port => Some(1 << 16),
            Family::Exporter => Some(self.table.exporters().len()),
            Family::Reason => Some(Reason::ALL.len()),
            Family::Match => Some(Evidence::ALL.len()),
            _ => None,
        }
    }

    /// The numbers of a chunk's rows at one end.
    pub fn codes(&self, number: usize, chunk: &Chunk, ends: &Ends, direction: Direction) -> Vec<u64> {
        let regular = self.table.is_regular(number);
        match self.by.grouping.family {
            Family::Host => hosts(self.table, number, chunk, ends, direction),
            Family::Net => {
                let hosts = hosts(self.table, number, chunk, ends, direction);
                hosts.into_iter().map(|host| self.net_of(host)).collect()
            }
            Family::Port => at_end(Source::Port, regular, chunk, ends, direction, |facts, end| {
                facts.end(end).port.map_or(NONE, u64::from)
            }),
            Family::Pair => self.pairs(regular, chunk),
            Family::Protocol => chunk.read(Source::Protocol),
            Family::Exporter => chunk.read(Source::Exporter),
            Family::Reason => chunk.read(Source::Reason),
            Family::Match => chunk.read(Source::Evidence),
            Family::Time(minutes) => self.times(minutes, chunk, ends),
            Family::Number => rows(chunk, |place| match ends.sender(direction, place) {
                Some(side) => self.number(&chunk.facts(place), side != ends.source[place]),
                None => NONE,
            }),
            Family::Service => service_key::codes(regular, chunk, self.context),
        }
    }

    fn net_of(&self, host: u64) -> u64 {
        self.of_host.get(host as usize).map_or(NONE, |&net| net.into())
    }

    fn pairs(&self, regular: bool, chunk: &Chunk) -> Vec<u64> {
        let pair = |one: u64, other: u64| one.min(other) << 32 | one.max(other);
        if !regular {
            return rows(chunk, |place| {
                let [one, other] = [false, true].map(|end| chunk.facts(place).end(end).host);
                pair(one.into(), other.into())
            });
        }
        let (src, dst) = (chunk.read(Source::Host(0)), chunk.read(Source::Host(1)));
        src.iter().zip(&dst).map(|(&src, &dst)| pair(src, dst)).collect()
    }

    fn times(&self, minutes: i64, chunk: &Chunk, ends: &Ends) -> Vec<u64> {
        let starts = [Side::First, Side::Mate].map(|side| chunk.read(Source::Start(side)));
        // rows come in the order of the file, so the last answer often fits again
        let mut last = (0, 0, NONE);
        rows(chunk, |place| {
            let start = starts[ends.source[place] as usize][place];
            if start == UNKNOWN {
                return NONE;
            }
            let start = unzigzag(start);
            if !(last.0..last.1).contains(&start) {
                // offsets from UTC change at quarters of an hour at most
                let stretch = (minutes * MINUTE).min(15 * MINUTE);
                let begin = start - start.rem_euclid(stretch);
                let code = zigzag(self.context.zone.floor(start, minutes * MINUTE));
                last = (begin, begin.saturating_add(stretch), code);
            }
            last.2
        })
    }

    fn number(&self, facts: &Facts, destination: bool) -> u64 {
        let value = self.by.fields.map(|fields| (fields[usize::from(destination)].value)(facts));
        match value {
            Some(Value::Number(number)) => u64::try_from(number).unwrap_or(NONE),
            _ => NONE,
        }
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
            Family::Pair => match (address(code >> 32), address(code & 0xffff_ffff)) {
                (Some(one), Some(other)) => text(Some(format!("{one} <-> {other}"))),
                _ => Value::Unknown,
            },
            Family::Port | Family::Number => Value::Number(code.into()),
            Family::Protocol => Value::Number(unzigzag(code).into()),
            Family::Exporter => known(self.table.exporters().get(code as usize).and_then(Option::as_deref)),
            Family::Reason => known(Reason::ALL.get(code as usize).map(|reason| reason.name())),
            Family::Match => known(Evidence::ALL.get(code as usize).map(|evidence| evidence.name())),
            Family::Time(_) => Value::Number(unzigzag(code).into()),
            Family::Service => Value::Text(service_key::label(code, self.context)),
        }
    }
}

/// The hosts of a chunk's rows at one end.
pub fn hosts(table: &Table, number: usize, chunk: &Chunk, ends: &Ends, direction: Direction) -> Vec<u64> {
    let odd = |facts: &Facts, end| facts.end(end).host.into();
    at_end(Source::Host, table.is_regular(number), chunk, ends, direction, odd)
}

/// What stands in one of two columns, that of the first flow's source or that of
/// its destination; `odd` says it where a mate is not its first flow's reverse.
fn at_end(
    of: fn(usize) -> Source,
    regular: bool,
    chunk: &Chunk,
    ends: &Ends,
    direction: Direction,
    odd: impl Fn(&Facts, bool) -> u64,
) -> Vec<u64> {
    let columns = [chunk.read(of(0)), chunk.read(of(1))];
    rows(chunk, |place| match (regular, ends.sender(direction, place)) {
        (_, None) => NONE,
        (true, Some(side)) => columns[side as usize][place],
        (false, Some(side)) => odd(&chunk.facts(place), side != ends.source[place]),
    })
}

fn text(value: Option<impl ToString>) -> Value<'static> {
    value.map_or(Value::Unknown, |value| Value::Text(value.to_string().into()))
}

fn rows(chunk: &Chunk, code: impl FnMut(usize) -> u64) -> Vec<u64> {
    (0..chunk.rows).map(code).collect()
}

/// The network of each host, and all networks in the order of their first hosts.
fn networks(table: &Table, (v4, v6): (u8, u8)) -> (Vec<u32>, Vec<Net>) {
    let mut nets = Vec::new();
    let mut numbers: HashMap<Net, u32> = HashMap::new();
    let of_host = table.addresses().map(|&address| {
        let net = Net::around(address, if address.is_ipv4() { v4 } else { v6 });
        *numbers.entry(net).or_insert_with(|| {
            nets.push(net);
            nets.len() as u32 - 1
        })
    });
    let of_host = of_host.collect();
    (of_host, nets)
}
