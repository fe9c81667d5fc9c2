//! The order of the services in a table.

use foldhash::{HashMap, HashSet, HashSetExt};

use super::chunk::Chunk;
use super::facts::Context;
use super::order::LAST;
use super::ranks::ranks;
use super::service_key::{PORTS, codes, label};
use crate::model::value::Value;
use crate::table::share::in_shares;
use crate::table::store::Table;

/// The place of each service among all of a table, in order.
pub struct ServiceRanks {
    /// By code, for those of ports.
    ports: Vec<u32>,
    others: HashMap<u64, u64>,
}

impl ServiceRanks {
    /// Names each service of the table once.
    pub fn of(table: &Table, context: &Context) -> Self {
        let shares = in_shares(table.chunks(), |numbers| {
            let (mut ports, mut others) = (vec![false; PORTS], HashSet::new());
            for number in numbers {
                for code in codes(&Chunk::new(table, context, number)) {
                    match ports.get_mut(code as usize) {
                        Some(port) => *port = true,
                        None => drop(others.insert(code)),
                    }
                }
            }
            (ports, others)
        });
        let is_there = |code: &u64| shares.iter().any(|(ports, _)| ports[*code as usize]);
        let mut known: Vec<u64> = (0..PORTS as u64).filter(is_there).collect();
        let others: HashSet<u64> = shares.iter().flat_map(|share| &share.1).copied().collect();
        known.extend(others);
        let text = |&code: &u64| Some(Value::Text(label(code, context)));
        let values: Vec<_> = known.iter().map(text).collect();
        let mut ranked = ServiceRanks {
            ports: vec![0; PORTS],
            others: HashMap::default(),
        };
        for (code, rank) in known.into_iter().zip(ranks(&values)) {
            match ranked.ports.get_mut(code as usize) {
                Some(port) => *port = rank as u32,
                None => drop(ranked.others.insert(code, rank)),
            }
        }
        ranked
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
