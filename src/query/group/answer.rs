//! The answer to a question about groups, which comes in two steps: what is found out of
//! all groups, and what then takes another pass over the rows of those that are listed.

use std::sync::atomic::AtomicBool;

use foldhash::HashMap;

use super::batch::Grouped;
use super::plan::{Plan, Weight};
use super::tally::{Item, Tally};
use super::{Group, Groups};
use crate::query::columns::counters::Counter;

/// What is found out of all groups.
pub struct Found<K, N> {
    /// Those to list, in order.
    pub best: Vec<Item<K, Tally<N>>>,
    /// Keys that another one stands for.
    pub same: HashMap<K, K>,
    /// How many there are, if that is known.
    pub count: Option<usize>,
    /// The sums of all rows.
    pub total: Tally<u128>,
}

impl<'a> Plan<'a> {
    /// All that was asked for.
    pub fn whole<K: Grouped, N: Counter>(&self) -> Groups {
        self.told(&self.all::<K, N>(), true)
    }

    /// The first step alone.
    pub fn first<K: Grouped, N: Counter>(&self) -> Groups {
        // what they are sorted by is not left out
        self.told(&self.some::<K, N>(), self.is_by_peers())
    }

    /// The first step, then all that was asked for, unless `over` is set by then.
    pub fn in_steps<K: Grouped, N: Counter>(
        mut self,
        over: &'a AtomicBool,
        take: &mut dyn FnMut(Groups),
    ) {
        let found = self.some::<K, N>();
        if !self.is_by_peers() {
            take(self.told(&found, false));
            self.until(over);
        }
        let whole = match found.count {
            Some(_) => self.told(&found, true),
            None => self.whole::<K, N>(),
        };
        if !self.is_over() {
            take(whole);
        }
    }

    /// The groups to list; of very many only the first, if these are found sooner.
    fn some<K: Grouped, N: Counter>(&self) -> Found<K, N> {
        let few = self.weight().and_then(|weight| self.heaviest(weight));
        few.unwrap_or_else(|| self.all())
    }

    fn all<K: Grouped, N: Counter>(&self) -> Found<K, N> {
        match self.weight() {
            Some(weight) => self.by_weight(weight),
            None => self.by_all(),
        }
    }

    /// Groups whose rows are first looked at for what they are sorted by.
    fn by_weight<K: Grouped, N: Counter>(&self, weight: Weight) -> Found<K, N> {
        let (all, total) = self.weighed::<K, N>(weight);
        let (all, same) = self.with_one_label(all);
        let best = self.ranked(&all);
        let best: Vec<K> = best.iter().map(|&place| all.at(place).0).collect();
        let ranks = self.ranks(best.iter().copied(), &same);
        let tallies = self.tallied::<K, N>(&ranks, best.len());
        Found {
            best: best.into_iter().zip(tallies).collect(),
            same,
            count: Some(all.count()),
            total: total.widened(),
        }
    }

    /// Groups with all their sums.
    fn by_all<K: Grouped, N: Counter>(&self) -> Found<K, N> {
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
        Found {
            best: best.iter().map(|&place| *all.at(place)).collect(),
            same,
            count: Some(all.count()),
            total,
        }
    }

    fn is_by_peers(&self) -> bool {
        let measure = self.query.order.measure;
        measure.is_some_and(|measure| measure.name == "peers")
    }

    /// Tells of the groups that are listed; with details, what takes another pass, too.
    fn told<K: Grouped, N: Counter>(&self, found: &Found<K, N>, details: bool) -> Groups {
        let Found { best, same, .. } = found;
        let is_either = self.is_either();
        let details = details.then(|| {
            let ranks = self.ranks(best.iter().map(|group| group.0), same);
            self.second::<K, N>(&ranks, best.len())
        });
        let mut sum = 0;
        let share_of = self.query.order.share_of(is_either).sum;
        let list = best.iter().enumerate().map(|(rank, (key, tally))| {
            let of = |tally: &Tally<N>| share_of.map_or(0, |share_of| share_of(&tally.widened()));
            let added = match (&details, is_either) {
                (Some((_, added)), true) => added.get(rank).map(of),
                (None, true) => None,
                (_, false) => Some(of(tally)),
            };
            sum += added.unwrap_or(0);
            let parts = key.parts();
            Group {
                codes: parts,
                values: self
                    .keys
                    .iter()
                    .zip(parts)
                    .map(|(key, code)| key.value(code).into_owned())
                    .collect(),
                tally: tally.widened(),
                running: added.map(|_| sum),
                peers: details
                    .as_ref()
                    .and_then(|details| details.0.get(rank).copied()),
            }
        });
        Groups {
            by: self.query.by.clone(),
            order: self.query.order,
            list: list.collect(),
            count: found.count,
            total: found.total,
            whole: details.is_some(),
        }
    }
}
