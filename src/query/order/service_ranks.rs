//! The order of the services in a table.

use std::borrow::Cow;

use foldhash::{HashMap, HashSet, HashSetExt};

use super::radix::LAST;
use super::ranks::ranks;
use crate::model::protocol::WITH_PORTS;
use crate::model::value::Value;
use crate::query::columns::chunk::Chunk;
use crate::query::columns::service_key::{PORTS, codes, has_name, label, portless};
use crate::query::facts::Context;
use crate::table::share::in_shares;
use crate::table::store::Table;

/// The place of each service among all of a table, in order.
pub struct ServiceRanks {
    /// By code, for those of ports.
    ports: Vec<u32>,
    others: HashMap<u64, u64>,
}

impl ServiceRanks {
    /// Ranks every port there can be, whether the table has it or not, which takes less
    /// time than to look what it has, and all else that its rows have for a service.
    pub fn of(table: &Table, context: &Context) -> Self {
        let named: Vec<u64> = (0..PORTS as u64)
            .filter(|&code| has_name(code, context))
            .collect();
        let others: Vec<u64> = others(table, context).into_iter().collect();
        let numbers = (0..=u16::MAX).map(|port| Cow::Owned(port.to_string()));
        let labels = named
            .iter()
            .chain(&others)
            .map(|&code| label(code, context));
        let values: Vec<_> = numbers
            .chain(labels)
            .map(|it| Some(Value::Text(it)))
            .collect();
        let mut ranks = ranks(&values).into_iter();
        let numbers: Vec<u32> = ranks
            .by_ref()
            .take(1 << 16)
            .map(|rank| rank as u32)
            .collect();
        let mut ports = numbers.repeat(WITH_PORTS.len());
        for (code, rank) in named.into_iter().zip(&mut ranks) {
            ports[code as usize] = rank as u32;
        }
        let others = others.into_iter().zip(ranks).collect();
        ServiceRanks { ports, others }
    }

    /// The ranks of a chunk's rows.
    pub fn keys(&self, chunk: &Chunk) -> Vec<u64> {
        let mut codes = codes(chunk);
        for code in &mut codes {
            *code = match self.ports.get(*code as usize) {
                Some(&rank) => rank.into(),
                None => self.others.get(code).copied().unwrap_or(LAST),
            };
        }
        codes
    }
}

/// The services of the rows that are none of a port.
fn others(table: &Table, context: &Context) -> HashSet<u64> {
    let shares = in_shares(table.chunks(), |numbers| {
        let mut others = HashSet::new();
        for number in numbers {
            others.extend(portless(&Chunk::new(table, context, number)));
        }
        others
    });
    shares.into_iter().flatten().collect()
}
