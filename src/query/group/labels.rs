//! Groups whose values read the same though their numbers differ, as services
//! of several ports do, are one.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::batch::Grouped;
use super::groupings::Family;
use super::index::Index;
use super::key::GroupKey;
use super::list::List;
use super::plan::GroupPlan;
use super::tally::Sum;
use crate::model::value::Value;

impl GroupPlan<'_> {
    /// Puts together what has several numbers for one label, as services have.
    pub fn with_one_label<K: Grouped, S: Sum>(
        &self,
        all: List<K, S>,
    ) -> (List<K, S>, HashMap<K, K>) {
        let mut same = HashMap::new();
        if !self.has_labels() {
            return (all, same);
        }
        let number = self.labelled(&all);
        let mut merged = Index::<K, S>::default();
        merged.reserve(all.count());
        for (own, tally) in all.iter() {
            let mut parts = own.parts();
            for (part, number) in parts.iter_mut().zip(&number) {
                *part = number.get(part).copied().unwrap_or(*part);
            }
            let one = K::of(parts);
            same.insert(*own, one);
            let place = merged.place(one);
            merged.at(place).merge(tally);
        }
        (List::new(vec![merged.into_items()]), same)
    }

    /// For each grouping, the least of the numbers that have the label of a number.
    fn labelled<K: Grouped, S: Sum>(&self, all: &List<K, S>) -> Vec<HashMap<u64, u64>> {
        let of_key = |(place, key): (usize, &GroupKey)| {
            if key.by.grouping.family != Family::Service {
                return HashMap::new();
            }
            let codes = all.iter().map(|group| group.0.parts()[place]);
            let codes: BTreeSet<u64> = codes.collect::<HashSet<u64>>().into_iter().collect();
            let mut first: HashMap<String, u64> = HashMap::new();
            let one = |code: u64| match key.value(code) {
                Value::Text(label) => (code, *first.entry(label.to_lowercase()).or_insert(code)),
                _ => (code, code),
            };
            codes.into_iter().map(one).collect()
        };
        self.keys.iter().enumerate().map(of_key).collect()
    }
}
