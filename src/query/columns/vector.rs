//! What can be read for a whole chunk at once, and of one row: the recipe stands in
//! the field's row of the catalogue, and filters and sorts both follow it. A property
//! test holds what is read at once to what is read of rows.

use super::chunk::{Chunk, EndKind};
use crate::model::attr::{ATTRS, Attr, UNKNOWN};
use crate::model::end::End::{self, Destination, Source};
use crate::model::value::Value;
use crate::query::facts::Facts;
use crate::table::column::{number_of, order_of, unzigzag};
use crate::table::scan::Stored;
use crate::table::store::Side;

/// What is read of rows, of many at once or of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vector {
    /// A counter of both sides together.
    Sum(Attr),
    /// What the flow that an end sent has of it.
    Attr(End, Attr),
    /// So many of it a second, times a factor.
    Rate(Attr, u64),
    /// When the source's flow began.
    Start,
    /// When it ended.
    End,
    /// How long it lasted.
    Duration,
    /// Protocol number.
    Protocol,
    /// A port.
    Port(End),
    /// An address; ordered by a rank of all addresses.
    Host(End),
    /// The name of a host; ordered by a rank of all hosts.
    Name(End),
    /// The service; ordered by a rank of those there are.
    Service,
    /// The device that reported it; ordered by a rank of all of them.
    Exporter,
}

impl Vector {
    /// The number that a key stands for.
    pub fn number(self, key: u64) -> i128 {
        if self.is_signed() {
            i128::from(number_of(key))
        } else {
            i128::from(key)
        }
    }

    /// Whether its values depend on which flow is shown as the source's.
    pub fn has_source(self) -> bool {
        !matches!(
            self,
            Vector::Sum(_) | Vector::Protocol | Vector::Service | Vector::Exporter
        )
    }

    /// The greatest number that a row can have of a column, if it cannot have any.
    pub fn max(self) -> Option<u64> {
        match self {
            Vector::Attr(_, attr) => Some(ATTRS[attr as usize].max),
            Vector::Port(_) => Some(u16::MAX.into()),
            _ => None,
        }
    }

    /// The value of a row.
    pub fn value<'a>(self, facts: &Facts<'a>) -> Value<'a> {
        let row = facts.row;
        match self {
            // two 64-bit counters always fit
            Vector::Sum(attr) => Value::Number(row.sum(attr) as i128),
            Vector::Attr(end, attr) => {
                Value::number(facts.side(end).and_then(|side| row.attr(side, attr)))
            }
            Vector::Rate(attr, factor) => rate(facts, attr, factor),
            Vector::Start => Value::number(row.start(facts.source()).map(|start| start.absolute)),
            Vector::End => Value::number(facts.end_time()),
            Vector::Duration => Value::number(facts.duration()),
            Vector::Protocol => Value::number(row.protocol()),
            Vector::Port(end) => Value::number(facts.endpoint(end).port),
            Vector::Host(end) => facts.address(end).map_or(Value::Unknown, Value::Address),
            Vector::Name(end) => facts.host(end).map_or(Value::Unknown, Value::word),
            Vector::Service => Value::Text(facts.service()),
            Vector::Exporter => row.exporter().map_or(Value::Unknown, Value::word),
        }
    }

    fn is_signed(self) -> bool {
        matches!(self, Vector::Start | Vector::End | Vector::Protocol)
    }
}

fn rate<'a>(facts: &Facts<'a>, attr: Attr, factor: u64) -> Value<'a> {
    let duration = facts.duration().and_then(|ms| u128::try_from(ms).ok());
    match duration.filter(|&ms| ms > 0) {
        Some(ms) => Value::Number((facts.row.sum(attr) * u128::from(factor) * 1000 / ms) as i128),
        None => Value::Unknown,
    }
}

/// The values of a chunk's rows, as keys in the order of the values; [`UNKNOWN`]
/// where there is none. Nothing for what has ranks, or does not fit.
pub fn keys(chunk: &Chunk, vector: Vector) -> Option<Vec<u64>> {
    Some(match vector {
        Vector::Sum(attr) => exact(chunk.sums(attr))?,
        Vector::Attr(end, attr) => chunk.sent_by(end, |side| chunk.read(Stored::Attr(side, attr))),
        Vector::Rate(attr, factor) => rates(chunk, attr, factor)?,
        Vector::Start => starts(chunk),
        Vector::End => ends(chunk),
        Vector::Duration => durations(chunk),
        Vector::Protocol => mapped(chunk.read(Stored::Protocol), order_of),
        Vector::Port(end) => chunk.shown_end(EndKind::Port, end),
        Vector::Host(_) | Vector::Name(_) | Vector::Service | Vector::Exporter => return None,
    })
}

/// The numbers of both ends, for a test that either of them may pass.
pub fn either(chunk: &Chunk, source: Vector, destination: Vector) -> Option<[Vec<u64>; 2]> {
    match (source, destination) {
        // whichever flow is shown, these are the same two
        (Vector::Port(Source), Vector::Port(Destination)) if chunk.is_regular() => {
            Some(End::BOTH.map(|end| chunk.read(Stored::Port(end))))
        }
        (Vector::Attr(Source, attr), Vector::Attr(Destination, same)) if attr == same => {
            Some([Side::First, Side::Mate].map(|side| chunk.read(Stored::Attr(side, attr))))
        }
        _ => Some([keys(chunk, source)?, keys(chunk, destination)?]),
    }
}

/// Hosts of both ends, likewise.
pub fn hosts(chunk: &Chunk) -> [Vec<u64>; 2] {
    if chunk.is_regular() {
        return End::BOTH.map(|end| chunk.read(Stored::Host(end)));
    }
    End::BOTH.map(|end| chunk.shown_end(EndKind::Host, end))
}

/// Sums, unless one may be greater than it can say.
fn exact(sums: Vec<u64>) -> Option<Vec<u64>> {
    sums.iter().all(|&sum| sum < UNKNOWN - 1).then_some(sums)
}

/// Signed numbers of a column made into keys.
fn mapped(mut values: Vec<u64>, key: fn(i64) -> u64) -> Vec<u64> {
    for value in values.iter_mut().filter(|value| **value != UNKNOWN) {
        *value = key(unzigzag(*value));
    }
    values
}

fn starts(chunk: &Chunk) -> Vec<u64> {
    chunk.sent_by(Source, |side| chunk.read(Stored::Start(side)))
}

fn durations(chunk: &Chunk) -> Vec<u64> {
    let elapsed = chunk.sent_by(Source, |side| chunk.read(Stored::Elapsed(side)));
    mapped(elapsed, |elapsed| elapsed.max(0) as u64)
}

fn ends(chunk: &Chunk) -> Vec<u64> {
    let end = |(start, duration)| match (start, duration) {
        (UNKNOWN, _) | (_, UNKNOWN) => UNKNOWN,
        (start, duration) => order_of(number_of(start).saturating_add(duration as i64)),
    };
    starts(chunk)
        .into_iter()
        .zip(durations(chunk))
        .map(end)
        .collect()
}

fn rates(chunk: &Chunk, attr: Attr, factor: u64) -> Option<Vec<u64>> {
    let per_second = |(sum, duration): (u64, u64)| match duration {
        0 | UNKNOWN => Some(UNKNOWN),
        _ => Some(sum.checked_mul(factor * 1000)? / duration),
    };
    let sums = exact(chunk.sums(attr))?.into_iter();
    sums.zip(durations(chunk)).map(per_second).collect()
}
