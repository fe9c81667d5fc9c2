//! Groups whose values read the same though their numbers differ, as services
//! of several ports do, are one.

use foldhash::{HashMap, HashMapExt};

use super::batch::Grouped;
use super::groupings::Family;
use super::plan::Plan;
use super::tally::{Counter, Tally};
use crate::model::value::Value;

/// Groups by their keys.
pub type List<K, N> = Vec<(K, Tally<N>)>;

impl Plan<'_> {
    /// Puts together what has several numbers for one label, as services have.
    pub fn with_one_label<K: Grouped, N: Counter>(
        &self,
        all: Vec<(K, Tally<N>)>,
    ) -> (List<K, N>, HashMap<K, K>) {
        let mut same = HashMap::new();
        if !self
            .keys
            .iter()
            .any(|key| key.by.grouping.family == Family::Service)
        {
            return (all, same);
        }
        let mut numbers: Vec<HashMap<String, u64>> = vec![HashMap::new(); self.keys.len()];
        let mut merged: HashMap<K, Tally<N>> = HashMap::new();
        let mut order = Vec::new();
        for (own, tally) in all {
            let mut parts = own.parts();
            for (key, (part, numbers)) in self.keys.iter().zip(parts.iter_mut().zip(&mut numbers)) {
                if key.by.grouping.family == Family::Service
                    && let Value::Text(label) = key.value(*part)
                {
                    *part = *numbers.entry(label.to_lowercase()).or_insert(*part);
                }
            }
            let one = K::of(parts);
            same.insert(own, one);
            merged
                .entry(one)
                .or_insert_with(|| {
                    order.push(one);
                    Tally::default()
                })
                .merge(&tally);
        }
        let all = order
            .into_iter()
            .filter_map(|key| Some((key, *merged.get(&key)?)));
        (all.collect(), same)
    }
}
