//! The two steps of an answer: what is found out of all groups, and what then takes
//! another pass over the rows of those that are listed.

use foldhash::HashMap;

use super::answer::{Group, Groups};
use super::batch::Grouped;
use super::measure::Origin;
use super::plan::GroupPlan;
use super::quantity::Quantity;
use super::tally::{Item, Tally};
use crate::query::columns::counters::Counter;

/// What is found out of all groups.
pub struct FoundGroups<K, N> {
    /// Those to list, in order.
    pub best: Vec<Item<K, Tally<N>>>,
    /// Keys that another one stands for.
    pub same: HashMap<K, K>,
    /// How many there are, if that is known.
    pub count: Option<usize>,
    /// The sums of all rows.
    pub total: Tally<u128>,
}

impl GroupPlan<'_> {
    /// All that was asked for.
    pub fn whole<K: Grouped, N: Counter>(&self) -> Groups {
        self.told(&self.found_all::<K, N>(), true)
    }

    /// The first step alone, of all groups that are to be listed.
    pub fn first<K: Grouped, N: Counter>(&self) -> Groups {
        let found = self.found_first::<K, N>(self.query.limit);
        // what they are sorted by is not left out
        self.told(&found, self.is_by_peers())
    }

    /// The first step if it is wanted, with so many groups where there are very many, and
    /// then all that was asked for.
    pub fn in_steps<K: Grouped, N: Counter>(
        &self,
        first: Option<usize>,
        take: &mut dyn FnMut(Groups),
    ) {
        let mut tell = |groups| {
            if !self.is_over() {
                take(groups);
            }
        };
        let Some(first) = first.filter(|_| !self.is_by_peers()) else {
            return tell(self.whole::<K, N>());
        };
        let found = self.found_first::<K, N>(first);
        tell(self.told(&found, false));
        tell(match found.count {
            Some(_) => self.told(&found, true),
            None => self.whole::<K, N>(),
        });
    }

    /// The groups to list; of very many only the first, if these are found sooner.
    fn found_first<K: Grouped, N: Counter>(&self, first: usize) -> FoundGroups<K, N> {
        let few = self
            .weight()
            .and_then(|weight| self.heaviest(weight, first));
        few.unwrap_or_else(|| self.found_all())
    }

    fn found_all<K: Grouped, N: Counter>(&self) -> FoundGroups<K, N> {
        match self.weight() {
            Some(weight) => self.by_weight(weight),
            None => self.by_all(),
        }
    }

    /// Groups whose rows are first looked at for what they are sorted by.
    fn by_weight<K: Grouped, N: Counter>(&self, weight: Quantity) -> FoundGroups<K, N> {
        let (all, total) = self.weighed::<K, N>(weight);
        let (all, same) = self.with_one_label(all);
        let best = self.ranked(&all);
        let best: Vec<K> = best.iter().map(|&place| all.at(place).0).collect();
        let ranks = self.ranks(best.iter().copied(), &same);
        let tallies = self.tallied::<K, N>(&ranks, best.len());
        FoundGroups {
            best: best.into_iter().zip(tallies).collect(),
            same,
            count: Some(all.count()),
            total: total.widened(),
        }
    }

    /// Groups with all their sums.
    fn by_all<K: Grouped, N: Counter>(&self) -> FoundGroups<K, N> {
        let (all, total) = self.counted::<K, N>();
        let (all, same) = self.with_one_label(all);
        let total = total.widened();
        let peers = if self.is_by_peers() {
            let ranks = self.ranks(all.iter().map(|group| group.0), &same);
            self.second::<K, N>(&ranks, all.count()).0
        } else {
            Vec::new()
        };
        let best = self.best(&all, &peers, &total);
        FoundGroups {
            best: best.iter().map(|&place| *all.at(place)).collect(),
            same,
            count: Some(all.count()),
            total,
        }
    }

    fn is_by_peers(&self) -> bool {
        let measure = self.query.order.measure;
        measure.is_some_and(|measure| matches!(measure.origin, Origin::Peers))
    }

    /// Tells of the groups that are listed; with `details` also what takes another pass
    /// over all rows.
    fn told<K: Grouped, N: Counter>(&self, found: &FoundGroups<K, N>, details: bool) -> Groups {
        let FoundGroups { best, same, .. } = found;
        let is_either = self.is_either();
        let details = details.then(|| {
            let ranks = self.ranks(best.iter().map(|group| group.0), same);
            self.second::<K, N>(&ranks, best.len())
        });
        let share_of = self.query.order.share_of(is_either);
        let mut sum = 0;
        let list = best.iter().enumerate().map(|(rank, group)| {
            let of = |tally: &Tally<N>| share_of.sum(&tally.widened());
            let added = match (&details, is_either) {
                (Some((_, added)), true) => added.get(rank).map(of),
                (None, true) => None,
                (_, false) => Some(of(&group.1)),
            };
            sum += added.unwrap_or(0);
            Group {
                running: added.map(|_| sum),
                peers: details.as_ref().and_then(|it| it.0.get(rank).copied()),
                ..self.group(group)
            }
        });
        Groups {
            by: self.query.by.clone(),
            order: self.query.order,
            list: list.collect(),
            count: found.count,
            total: found.total,
            below_threshold: self.below_threshold(),
            whole: details.is_some(),
        }
    }

    /// A group, of which only its sums are known.
    fn group<K: Grouped, N: Counter>(&self, (key, tally): &Item<K, Tally<N>>) -> Group {
        let values = self.keys.iter().zip(key.parts());
        Group {
            values: values
                .map(|(key, code)| key.value(code).into_owned())
                .collect(),
            tally: tally.widened(),
            running: None,
            peers: None,
        }
    }
}
