//! A grouping made ready for one table: the number that a row has for its
//! value, a chunk of rows at a time, and what such a number stands for.

use foldhash::{HashMap, HashMapExt};

use super::by::{By, Family};
use super::ends::{Ends, Sender};
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

/// Which rows' numbers are asked for.
pub struct Spot<'c> {
    /// The chunk's number.
    pub number: usize,
    /// The chunk.
    pub chunk: &'c Chunk<'c>,
    /// Its ends.
    pub ends: &'c Ends,
    /// At this end.
    pub direction: Direction,
}

impl Spot<'_> {
    #[inline]
    fn sender(&self, place: usize) -> Sender {
        self.ends.sender(self.direction, place)
    }
}

/// Room for the answer, used again and again.
#[derive(Default)]
pub struct Room {
    /// The numbers.
    pub out: Vec<u64>,
    spare: Vec<u64>,
}

impl Room {
    fn fill(&mut self, spot: &Spot, code: impl FnMut(usize) -> u64) {
        self.out.clear();
        self.out.extend((0..spot.chunk.rows).map(code));
    }
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
    pub fn codes(&self, spot: &Spot, room: &mut Room) {
        let whole = |source, room: &mut Room| self.table.read(source, spot.number, &mut room.out);
        match self.by.grouping.family {
            Family::Host => self.hosts(spot, room),
            Family::Net => {
                self.hosts(spot, room);
                room.out.iter_mut().for_each(|host| *host = self.net_of(*host));
            }
            Family::Port => self.at_end(spot, room, Source::Port, |facts, end| {
                facts.end(end).port.map_or(NONE, u64::from)
            }),
            Family::Pair => self.pairs(spot, room),
            Family::Protocol => whole(Source::Protocol, room),
            Family::Exporter => whole(Source::Exporter, room),
            Family::Reason => whole(Source::Reason, room),
            Family::Match => whole(Source::Evidence, room),
            Family::Time(minutes) => self.times(minutes, spot, room),
            Family::Number => room.fill(spot, |place| match spot.sender(place) {
                Some(side) => self.number(&spot.chunk.facts(place), side != spot.ends.source[place]),
                None => NONE,
            }),
            Family::Service => {
                let regular = self.table.is_regular(spot.number);
                room.out = service_key::codes(regular, spot.chunk, self.context);
            }
        }
    }

    /// The hosts of a chunk's rows at one end.
    pub fn hosts(&self, spot: &Spot, room: &mut Room) {
        self.at_end(spot, room, Source::Host, |facts, end| facts.end(end).host.into());
    }

    /// What stands in one of two columns, that of the first flow's source or that of
    /// its destination; `odd` says it where a mate is not its first flow's reverse.
    fn at_end(&self, spot: &Spot, room: &mut Room, of: fn(usize) -> Source, odd: impl Fn(&Facts, bool) -> u64) {
        if !self.table.is_regular(spot.number) {
            room.fill(spot, |place| match spot.sender(place) {
                Some(side) => odd(&spot.chunk.facts(place), side != spot.ends.source[place]),
                None => NONE,
            });
            return;
        }
        self.table.read(of(0), spot.number, &mut room.out);
        self.table.read(of(1), spot.number, &mut room.spare);
        let values = room.out.iter_mut().zip(&room.spare).enumerate();
        for (place, (own, mate)) in values {
            match spot.sender(place) {
                Some(Side::First) => {}
                Some(Side::Mate) => *own = *mate,
                None => *own = NONE,
            }
        }
    }

    fn net_of(&self, host: u64) -> u64 {
        self.of_host.get(host as usize).map_or(NONE, |&net| net.into())
    }

    fn pairs(&self, spot: &Spot, room: &mut Room) {
        let pair = |one: u64, other: u64| one.min(other) << 32 | one.max(other);
        if !self.table.is_regular(spot.number) {
            return room.fill(spot, |place| {
                let [one, other] = [false, true].map(|end| spot.chunk.facts(place).end(end).host);
                pair(one.into(), other.into())
            });
        }
        self.table.read(Source::Host(0), spot.number, &mut room.out);
        self.table.read(Source::Host(1), spot.number, &mut room.spare);
        let hosts = room.out.iter_mut().zip(&room.spare);
        hosts.for_each(|(src, dst)| *src = pair(*src, *dst));
    }

    fn times(&self, minutes: i64, spot: &Spot, room: &mut Room) {
        self.table.read(Source::Start(Side::First), spot.number, &mut room.out);
        self.table.read(Source::Start(Side::Mate), spot.number, &mut room.spare);
        // rows come in the order of the file, so the last answer often fits again
        let mut last = (0, 0, NONE);
        for (place, (own, mate)) in room.out.iter_mut().zip(&room.spare).enumerate() {
            let start = match spot.ends.source[place] {
                Side::First => *own,
                Side::Mate => *mate,
            };
            if start == UNKNOWN {
                *own = NONE;
                continue;
            }
            let start = unzigzag(start);
            if !(last.0..last.1).contains(&start) {
                // offsets from UTC change at quarters of an hour at most
                let stretch = (minutes * MINUTE).min(15 * MINUTE);
                let begin = start.saturating_sub(start.rem_euclid(stretch));
                let code = zigzag(self.context.zone.floor(start, minutes * MINUTE));
                last = (begin, begin.saturating_add(stretch), code);
            }
            *own = last.2;
        }
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

fn text(value: Option<impl ToString>) -> Value<'static> {
    value.map_or(Value::Unknown, |value| Value::Text(value.to_string().into()))
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
