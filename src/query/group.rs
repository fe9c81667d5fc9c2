//! `groups`: the rows that a query shows, put together by one or two groupings.
//! A grouping of either end counts a row for both of its ends, but once where
//! they are the same; a share is always of all rows, so such shares add up to
//! more than the whole, while the cumulative share counts every row once.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::batch::{Batch, Grouped};
use super::by::{By, Family};
use super::chunk::{Chunk, EndKind};
use super::drill::drill;
use super::expr::Expr;
use super::facts::Context;
use super::filter::{Predicate, prepare};
use super::key::{Key, Sender, UNKNOWN_END};
use super::measure::{Measure, Order, View};
use super::run::{Query, shown};
use super::tally::{Code, Counter, Tallies, Tally};
use crate::model::value::Value;
use crate::table::share::in_shares;
use crate::table::store::Table;

/// How to group which rows.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupQuery {
    /// The rows.
    pub rows: Query,
    /// By one or two groupings.
    pub by: Vec<By>,
    /// The order.
    pub order: Order,
    /// At most so many groups are listed.
    pub limit: usize,
    /// Say of those too how many peers they have, and for groupings of either end
    /// their cumulative share: both take another pass over the rows.
    pub details: bool,
}

/// A group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The values that its rows share, one for each grouping.
    pub values: Vec<Value<'static>>,
    /// The numbers of the values, which tell groups apart.
    pub codes: [u64; 2],
    /// Its sums.
    pub tally: Tally<u128>,
    /// What it and the groups before it have together, each row counted once.
    pub running: Option<u128>,
    /// Different hosts at its other end; at both, unless it is about an end.
    pub peers: Option<u64>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// What rows were grouped by.
    pub by: Vec<By>,
    /// Their order.
    pub order: Order,
    /// The groups that are listed.
    pub list: Vec<Group>,
    /// How many there are.
    pub count: usize,
    /// The sums of all rows.
    pub total: Tally<u128>,
}

impl Groups {
    /// All rows, as one group.
    pub fn of_all(&self) -> Group {
        Group {
            codes: [0; 2],
            values: Vec::new(),
            tally: self.total,
            running: self.order.share_of().sum.map(|sum| sum(&self.total)),
            peers: None,
        }
    }

    /// A measure of one of its groups.
    pub fn measure(&self, group: &Group, measure: &Measure) -> Option<i128> {
        (measure.value)(&View {
            tally: &group.tally,
            total: &self.total,
            share_of: self.order.share_of(),
            running: group.running,
            peers: group.peers,
        })
    }
}

/// The filter that a group's rows alone pass, of the rows that were grouped.
pub fn filter_of(group: &Group, by: &[By], table: &Table, context: &Context) -> Expr {
    let terms = by
        .iter()
        .zip(group.codes)
        .map(|(&by, code)| drill(&Key::new(by, table, context), code));
    Expr::of(terms.collect(), Expr::And)
}

/// Groups the rows of a query.
pub fn groups(table: &Table, query: &GroupQuery, context: &Context) -> Groups {
    let keys: Vec<Key> = query
        .by
        .iter()
        .map(|&by| Key::new(by, table, context))
        .collect();
    let plan = Plan {
        table,
        context,
        query,
        predicate: prepare(&query.rows.filter, table, context),
        keys: &keys,
    };
    let totals = table.totals();
    let is_small = totals.bytes.max(totals.packets) < u128::from(u64::MAX);
    match (keys.len(), is_small) {
        (..=1, true) => plan.groups::<u64, u64>(),
        (..=1, false) => plan.groups::<u64, u128>(),
        (_, true) => plan.groups::<(u64, u64), u64>(),
        (_, false) => plan.groups::<(u64, u64), u128>(),
    }
}

/// Everything that does not change from row to row.
struct Plan<'a> {
    table: &'a Table,
    context: &'a Context,
    query: &'a GroupQuery,
    predicate: Predicate,
    keys: &'a [Key<'a>],
}

impl Plan<'_> {
    /// Reads chunks one after the other, those that have rows to show.
    fn batches(&self, numbers: Range<usize>, mut take: impl FnMut(&Chunk, &Batch)) {
        for number in numbers {
            let chunk = Chunk::new(self.table, self.context, number);
            let shown = shown(&chunk, &self.query.rows, &self.predicate).shown;
            if !shown.is_empty() {
                take(&chunk, &Batch::read(&chunk, self.keys, shown));
            }
        }
    }

    fn groups<K: Grouped, N: Counter>(&self) -> Groups {
        let dense = match self.keys {
            [key] => key.dense().unwrap_or(0),
            _ => 0,
        };
        let shares = in_shares(self.table.chunks(), |numbers| {
            let (mut tallies, mut total) = (Tallies::<K, N>::new(dense), Tally::<N>::default());
            self.batches(numbers, |_, batch| {
                for place in batch.shown.places() {
                    let part = batch.part(place);
                    K::each(batch, place, |key, sender| {
                        tallies.at(key).add(&part, batch.sent(sender, place));
                    });
                    total.add(&part, usize::from(batch.sources[place]));
                }
            });
            (tallies, total)
        });
        let mut shares = shares.into_iter();
        let Some((mut tallies, mut total)) = shares.next() else {
            return self.answer(Vec::new(), 0, Tally::default());
        };
        for share in shares {
            tallies.merge(&share.0);
            total.merge(&share.1);
        }
        let all: Vec<(K, Tally<N>)> = tallies.into_groups().collect();
        let (all, same) = self.with_one_label(all);
        self.listed(all, &same, total.widened())
    }

    /// Puts together what has several numbers for one label, as services have.
    fn with_one_label<K: Grouped, N: Counter>(
        &self,
        all: Vec<(K, Tally<N>)>,
    ) -> (Vec<(K, Tally<N>)>, HashMap<K, K>) {
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

    /// Sorts the groups, and says the rest about those that are listed.
    fn listed<K: Grouped, N: Counter>(
        &self,
        all: Vec<(K, Tally<N>)>,
        same: &HashMap<K, K>,
        total: Tally<u128>,
    ) -> Groups {
        let count = all.len();
        let by_peers = self
            .query
            .order
            .measure
            .is_some_and(|measure| measure.name == "peers");
        let peers = if by_peers {
            let ranks = ranks(all.iter().map(|group| group.0), same);
            self.second::<K>(&ranks, count).0
        } else {
            Vec::new()
        };
        let best = self.best(&all, &peers, &total);
        let is_either = self.keys.iter().any(|key| key.by.is_either());
        let details = (self.query.details || by_peers).then(|| {
            let ranks = ranks(best.iter().map(|&place| all[place as usize].0), same);
            self.second::<K>(&ranks, best.len())
        });
        let mut sum = 0;
        let share_of = self.query.order.share_of().sum;
        let list = best.iter().enumerate().map(|(rank, &place)| {
            let (key, tally) = &all[place as usize];
            let tally = tally.widened();
            let of = |tally: &Tally<u128>| share_of.map_or(0, |share_of| share_of(tally));
            let added = match (&details, is_either) {
                (Some((_, added)), true) => added.get(rank).map(of),
                (None, true) => None,
                (_, false) => Some(of(&tally)),
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
                tally,
                running: added.map(|_| sum),
                peers: details
                    .as_ref()
                    .and_then(|details| details.0.get(rank).copied()),
            }
        });
        let list = list.collect();
        self.answer(list, count, total)
    }

    fn answer(&self, list: Vec<Group>, count: usize, total: Tally<u128>) -> Groups {
        Groups {
            by: self.query.by.clone(),
            order: self.query.order,
            list,
            count,
            total,
        }
    }

    /// The places of the groups to list, in order.
    fn best<K: Grouped, N: Counter>(
        &self,
        all: &[(K, Tally<N>)],
        peers: &[u64],
        total: &Tally<u128>,
    ) -> Vec<u32> {
        let Order {
            measure,
            descending,
        } = self.query.order;
        let limit = self.query.limit.min(all.len());
        let Some(measure) = measure else {
            return self.by_value(all, descending, limit);
        };
        let value = |place: usize| {
            let value = (measure.value)(&View {
                tally: &all[place].1.widened(),
                total,
                share_of: self.query.order.share_of(),
                running: None,
                peers: peers.get(place).copied(),
            });
            // what has no value goes last
            match value {
                Some(value) if descending => (false, -value),
                Some(value) => (false, value),
                None => (true, 0),
            }
        };
        let mut keyed: Vec<((bool, i128), [u64; 2], u32)> = (0..all.len())
            .map(|place| (value(place), all[place].0.parts(), place as u32))
            .collect();
        if limit < keyed.len() && limit > 0 {
            keyed.select_nth_unstable(limit - 1);
        }
        keyed.truncate(limit);
        keyed.sort_unstable();
        keyed.into_iter().map(|keyed| keyed.2).collect()
    }

    fn by_value<K: Grouped, N: Counter>(
        &self,
        all: &[(K, Tally<N>)],
        descending: bool,
        limit: usize,
    ) -> Vec<u32> {
        let values = |key: K| -> Vec<Value> {
            self.keys
                .iter()
                .zip(key.parts())
                .map(|(key, code)| key.value(code))
                .collect()
        };
        let mut valued: Vec<(Vec<Value>, u32)> = all
            .iter()
            .enumerate()
            .map(|(place, group)| (values(group.0), place as u32))
            .collect();
        valued.sort_by(|a, b| {
            let orders = a.0.iter().zip(&b.0).map(|(a, b)| a.order(b));
            let order = orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then);
            if descending { order.reverse() } else { order }
        });
        valued.truncate(limit);
        valued.into_iter().map(|valued| valued.1).collect()
    }

    /// Goes through the rows again: the peers of groups by their ranks, and what
    /// each group adds to those of a lower rank.
    fn second<K: Grouped>(&self, ranks: &HashMap<K, u32>, count: usize) -> Details {
        let shares = in_shares(self.table.chunks(), |numbers| {
            let (mut pairs, mut added) =
                (HashSet::<u64>::new(), vec![Tally::<u128>::default(); count]);
            self.batches(numbers, |chunk, batch| {
                let hosts = [false, true].map(|end| chunk.shown_end(EndKind::Host, end));
                for place in batch.shown.places() {
                    let mut best: Option<u32> = None;
                    K::each(batch, place, |key, sender| {
                        let Some(&rank) = ranks.get(&key) else {
                            return;
                        };
                        best = Some(best.map_or(rank, |best| best.min(rank)));
                        for end in self.peers(sender, batch.sources[place]) {
                            pairs.insert(u64::from(rank) << 32 | hosts[end][place]);
                        }
                    });
                    if let Some(best) = best {
                        added[best as usize]
                            .add(&batch.part(place), usize::from(batch.sources[place]));
                    }
                }
            });
            (pairs, added)
        });
        let (mut peers, mut added) = (vec![0; count], vec![Tally::<u128>::default(); count]);
        let mut seen = HashSet::new();
        for (pairs, more) in shares {
            added
                .iter_mut()
                .zip(&more)
                .for_each(|(own, more)| own.merge(more));
            seen.extend(pairs);
        }
        for pair in seen {
            peers[(pair >> 32) as usize] += 1;
        }
        (peers, added)
    }

    /// The ends of a row that are peers for a group about the end that sent.
    fn peers(&self, sender: Sender, source: Sender) -> Range<usize> {
        let is_directed = self
            .keys
            .first()
            .is_some_and(|key| key.by.grouping.directed);
        match sender {
            _ if !is_directed || sender == UNKNOWN_END => 0..2,
            sender if sender == source => 1..2,
            _ => 0..1,
        }
    }
}

/// Peers of groups, and what each adds to those before it.
type Details = (Vec<u64>, Vec<Tally<u128>>);

/// The place of each key, and of those that were put together with it.
fn ranks<K: Code>(keys: impl Iterator<Item = K>, same: &HashMap<K, K>) -> HashMap<K, u32> {
    let mut ranks: HashMap<K, u32> = keys.zip(0..).collect();
    for (own, one) in same {
        if let Some(&rank) = ranks.get(one) {
            ranks.insert(*own, rank);
        }
    }
    ranks
}
