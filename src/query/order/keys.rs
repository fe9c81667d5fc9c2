//! Sort keys: numbers whose order is the order of a field's values. Where the
//! values are no numbers, those that differ are few: they are put in order once,
//! and a row's key is the place of its value among them.

use foldhash::HashMap;

use super::radix::LAST;
use super::ranks::{ranks, sortable};
use super::service_ranks::ServiceRanks;
use crate::model::value::Value;
use crate::query::bits::Bits;
use crate::query::columns::chunk::{Chunk, EndKind};
use crate::query::columns::vector::{self, Vector};
use crate::query::facts::Context;
use crate::query::field::{Field, plain};
use crate::table::column::order_of;
use crate::table::scan::Stored;
use crate::table::store::Table;

/// The keys of a chunk's rows; only those of the rows that are asked for mean something.
pub enum Keys<'a> {
    /// Ready to be compared.
    Numbers(Vec<u64>),
    /// Places among values that are still to be put in order.
    Words(Vec<u64>, Vec<Value<'a>>),
}

/// What is put in order for the whole table before any row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ranked {
    /// Addresses.
    Host,
    /// Names of hosts.
    Name,
    /// Services.
    Service,
    /// Exporters.
    Exporter,
}

impl Ranked {
    /// What the keys of a field need.
    pub fn of(field: &Field) -> Option<Self> {
        match field.vector()? {
            Vector::Host(_) => Some(Ranked::Host),
            Vector::Name(_) => Some(Ranked::Name),
            Vector::Service => Some(Ranked::Service),
            Vector::Exporter => Some(Ranked::Exporter),
            _ => None,
        }
    }

    /// The rank of each.
    pub fn ranks(self, table: &Table, context: &Context) -> Ranks {
        let addresses = table.addresses().copied();
        let values: Vec<_> = match self {
            Ranked::Service => return Ranks::Services(ServiceRanks::of(table, context)),
            Ranked::Exporter => {
                let exporters = table.exporters().iter();
                let exporters =
                    exporters.map(|it| it.as_deref().map(|name| sortable(Value::word(name))));
                return Ranks::Exporters(ranks(&exporters.collect::<Vec<_>>()));
            }
            Ranked::Host => addresses.map(|it| Some(Value::Address(it))).collect(),
            Ranked::Name => addresses
                .map(|it| context.host(it).map(Value::word))
                .collect(),
        };
        Ranks::Hosts(ranks(&values))
    }
}

/// Ranks of what a table has.
pub enum Ranks {
    /// By the number of the host.
    Hosts(Vec<u64>),
    /// By the code of the service.
    Services(ServiceRanks),
    /// By the number of the exporter.
    Exporters(Vec<u64>),
}

impl Ranks {
    /// The ranks of the hosts or services of a chunk's rows.
    fn keys(&self, chunk: &Chunk, vector: Vector) -> Option<Vec<u64>> {
        match (self, vector) {
            (Ranks::Hosts(ranks), Vector::Host(end) | Vector::Name(end)) => {
                Some(ranked(chunk.shown_end(EndKind::Host, end), ranks))
            }
            (Ranks::Services(ranks), Vector::Service) => Some(ranks.keys(chunk)),
            (Ranks::Exporters(ranks), Vector::Exporter) => {
                Some(ranked(chunk.read(Stored::Exporter), ranks))
            }
            _ => None,
        }
    }
}

/// Numbers turned into their ranks.
fn ranked(mut numbers: Vec<u64>, ranks: &[u64]) -> Vec<u64> {
    for number in &mut numbers {
        *number = ranks.get(*number as usize).copied().unwrap_or(LAST);
    }
    numbers
}

/// The keys of a chunk's rows, of some at least.
pub fn keys<'a>(chunk: &Chunk<'a>, field: &Field, rows: &Bits, ranks: Option<&Ranks>) -> Keys<'a> {
    let of = |vector| {
        let by_rank = ranks.and_then(|ranks| ranks.keys(chunk, vector));
        by_rank.or_else(|| vector::keys(chunk, vector))
    };
    match field.vector().and_then(of) {
        Some(keys) => Keys::Numbers(keys),
        None => one_by_one(chunk, field, rows),
    }
}

fn one_by_one<'a>(chunk: &Chunk<'a>, field: &Field, rows: &Bits) -> Keys<'a> {
    let value = |place| field.value(&chunk.facts(place));
    let mut keys = vec![LAST; chunk.rows];
    let are_numbers = rows.places().all(|place| {
        let key = key_of(&value(place));
        keys[place] = key.unwrap_or(LAST);
        key.is_some()
    });
    if are_numbers {
        return Keys::Numbers(keys);
    }
    let mut words = Words::default();
    rows.for_each(|place| keys[place] = words.place(value(place)));
    Keys::Words(keys, words.values)
}

/// Different values in the order in which they were met.
#[derive(Default)]
struct Words<'a> {
    values: Vec<Value<'a>>,
    known: HashMap<String, u64>,
}

impl<'a> Words<'a> {
    fn place(&mut self, value: Value<'a>) -> u64 {
        if value == Value::Unknown {
            return LAST;
        }
        let text = plain(&value);
        if let Some(&place) = self.known.get(&*text) {
            return place;
        }
        let place = self.values.len() as u64;
        self.known.insert(text.into_owned(), place);
        self.values.push(value);
        place
    }
}

/// Keys of all parts, comparable with each other.
pub fn comparable(parts: Vec<Keys>) -> Vec<Vec<u64>> {
    let mut values = Vec::new();
    for part in &parts {
        if let Keys::Words(_, words) = part {
            values.extend(words.iter().cloned().map(Some));
        }
    }
    let ranks = ranks(&values);
    let mut begin = 0;
    let numbers = parts.into_iter().map(|part| match part {
        Keys::Numbers(keys) => keys,
        Keys::Words(places, words) => {
            let ranks = &ranks[begin..begin + words.len()];
            begin += words.len();
            ranked(places, ranks)
        }
    });
    numbers.collect()
}

/// The key of any value that is a number; `None` for words and addresses.
fn key_of(value: &Value) -> Option<u64> {
    match value {
        Value::Unknown => Some(LAST),
        Value::Number(number) => {
            let clipped =
                i64::try_from(*number).unwrap_or(if *number < 0 { i64::MIN } else { i64::MAX });
            Some(order_of(clipped))
        }
        Value::Seconds(seconds) => Some(order_of((seconds * 1e6) as i64)),
        Value::Address(_) | Value::Text(_) => None,
    }
}
