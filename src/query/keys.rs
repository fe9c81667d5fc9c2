//! Sort keys: numbers whose order is the order of a field's values. Where the
//! values are no numbers, those that differ are few: they are put in order once,
//! and a row's key is the place of its value among them.

use std::collections::hash_map::Entry;

use foldhash::{HashMap, HashMapExt};

use super::bits::Bits;
use super::chunk::{Chunk, EndKind};
use super::facts::Context;
use super::field::{Field, plain};
use super::vector::{self, Vector, order_of};
use crate::model::attr::UNKNOWN;
use crate::model::value::Value;
use crate::table::store::Table;

/// The key of a value that is not there; it goes last.
pub const LAST: u64 = UNKNOWN;

/// The keys of some rows.
pub enum Keys<'a> {
    /// Ready to be compared.
    Numbers(Vec<u64>),
    /// Places among values that are still to be put in order.
    Words(Vec<u64>, Vec<Value<'a>>),
}

/// What the keys of a field need to know of the whole table.
pub struct Ranks(Option<Vec<u64>>);

impl Ranks {
    /// For a field of hosts, the rank of every host.
    pub fn of(table: &Table, context: &Context, field: &Field) -> Self {
        let value = |address| match field.vector {
            Vector::Host(_) => Some(Value::Address(address)),
            Vector::Name(_) => context.host(address).map(Value::word),
            _ => None,
        };
        Ranks(match field.vector {
            Vector::Host(_) | Vector::Name(_) => {
                let values: Vec<_> = table.addresses().map(|&address| value(address)).collect();
                Some(ranks(&values))
            }
            _ => None,
        })
    }

    fn of_hosts(&self, mut hosts: Vec<u64>) -> Vec<u64> {
        let ranks = self.0.as_deref().unwrap_or_default();
        for host in &mut hosts {
            *host = ranks.get(*host as usize).copied().unwrap_or(LAST);
        }
        hosts
    }
}

/// The place of each value among all of them in order, the same for equal ones.
fn ranks(values: &[Option<Value>]) -> Vec<u64> {
    let known = values.iter().enumerate();
    let mut known: Vec<_> = known
        .filter_map(|(place, value)| Some((value.as_ref()?, place)))
        .collect();
    known.sort_unstable_by(|a, b| a.0.order(b.0));
    let mut ranks = vec![LAST; values.len()];
    let mut rank = 0;
    for (at, (value, place)) in known.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| known[before].0);
        if before.is_some_and(|before| before.order(value).is_ne()) {
            rank = at as u64;
        }
        ranks[*place] = rank;
    }
    ranks
}

/// The keys of some of a chunk's rows.
pub fn keys<'a>(chunk: &Chunk<'a>, field: &Field, rows: &Bits, ranks: &Ranks) -> Keys<'a> {
    let whole = match field.vector {
        Vector::Host(destination) | Vector::Name(destination) => {
            Some(ranks.of_hosts(chunk.shown_end(EndKind::Host, destination)))
        }
        vector => vector::keys(chunk, vector),
    };
    match whole {
        Some(keys) => Keys::Numbers(rows.places().map(|place| keys[place]).collect()),
        None if field.vector == Vector::Service => services(chunk, rows),
        None => one_by_one(chunk, field, rows),
    }
}

/// Services by protocol and port, so that each is named once.
fn services<'a>(chunk: &Chunk<'a>, rows: &Bits) -> Keys<'a> {
    let servers = chunk.servers();
    let mut known = HashMap::new();
    let mut words = Words::default();
    let places = rows.places().map(|place| {
        let name = || Value::Text(chunk.facts(place).service());
        match servers.server(place) {
            Some(server) => match known.entry(server) {
                Entry::Occupied(entry) => *entry.get(),
                Entry::Vacant(entry) => *entry.insert(words.place(name())),
            },
            None => words.place(name()),
        }
    });
    let places = places.collect();
    Keys::Words(places, words.values)
}

fn one_by_one<'a>(chunk: &Chunk<'a>, field: &Field, rows: &Bits) -> Keys<'a> {
    let values = || {
        rows.places()
            .map(|place| (field.value)(&chunk.facts(place)))
    };
    if let Some(keys) = values().map(|value| key_of(&value)).collect() {
        return Keys::Numbers(keys);
    }
    let mut words = Words::default();
    let places = values().map(|value| words.place(value)).collect();
    Keys::Words(places, words.values)
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
        Keys::Words(mut places, words) => {
            let ranks = &ranks[begin..begin + words.len()];
            begin += words.len();
            for place in &mut places {
                *place = ranks.get(*place as usize).copied().unwrap_or(LAST);
            }
            places
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
