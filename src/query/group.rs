//! `groups`: the rows that a query shows, put together by one or two groupings.
//! A grouping of either end counts a row for both of its ends, but once where
//! they are the same; a share is always of all rows, so such shares add up to
//! more than the whole, while the cumulative share counts every row once.

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::by::{By, Family};
use super::drill::drill;
use super::ends::Ends;
use super::expr::{Direction, Expr};
use super::facts::Context;
use super::filter::{Predicate, prepare};
use super::key::{Key, hosts};
use super::measure::{Measure, Order, View};
use super::run::{Query, shown};
use super::scan::{Bits, Chunk};
use super::tally::{Code, Counter, Part, Tallies, Tally};
use crate::model::attr::{Attr, UNKNOWN};
use crate::model::value::Value;
use crate::table::column::unzigzag;
use crate::table::scan::Source;
use crate::table::share::in_shares;
use crate::table::store::{Side, Table};

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
    /// Count their peers too.
    pub peers: bool,
}

/// A group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The values that its rows share, one for each grouping.
    pub values: Vec<Value<'static>>,
    /// The filter that its rows alone pass, of the rows that are grouped.
    pub filter: Expr,
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

/// Groups the rows of a query.
pub fn groups(table: &Table, query: &GroupQuery, context: &Context) -> Groups {
    let keys: Vec<Key> = query.by.iter().map(|&by| Key::new(by, table, context)).collect();
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

/// The numbers of a chunk's rows at the ends of a grouping.
type Codes = Vec<(Direction, Vec<u64>)>;

/// A chunk with all that is read of it.
struct Batch {
    shown: Bits,
    ends: Ends,
    codes: Vec<Codes>,
    octets: [Vec<u64>; 2],
    packets: [Vec<u64>; 2],
    starts: [Vec<u64>; 2],
    elapsed: [Vec<u64>; 2],
    evidence: Vec<u64>,
}

impl Batch {
    #[inline]
    fn part(&self, direction: Direction, place: usize) -> Part {
        let known = |value: u64| if value == UNKNOWN { 0 } else { value };
        let sender = self.ends.sender(direction, place).unwrap_or(self.ends.source[place]);
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for side in 0..2 {
            let (start, elapsed) = (self.starts[side][place], self.elapsed[side][place]);
            if start != UNKNOWN {
                let start = unzigzag(start);
                let elapsed = if elapsed == UNKNOWN { 0 } else { unzigzag(elapsed).max(0) };
                first = first.min(start);
                last = last.max(start.saturating_add(elapsed));
            }
        }
        Part {
            sent: known(self.octets[sender as usize][place]),
            received: known(self.octets[sender.other() as usize][place]),
            packets: [0, 1].map(|side: usize| known(self.packets[side][place])),
            first,
            last,
            is_connection: self.evidence[place] != UNKNOWN,
        }
    }
}

/// A key that can be made of the numbers of a row.
trait Grouped: Code {
    /// Every key of a row, once, with the direction of the end it is about.
    fn each(batch: &Batch, place: usize, take: impl FnMut(Self, Direction));
    fn parts(self) -> [u64; 2];
    fn of(parts: [u64; 2]) -> Self;
}

impl Grouped for u64 {
    #[inline]
    fn each(batch: &Batch, place: usize, mut take: impl FnMut(Self, Direction)) {
        let mut before = None;
        for (direction, codes) in &batch.codes[0] {
            let code = codes[place];
            if before != Some(code) {
                take(code, *direction);
            }
            before = Some(code);
        }
    }

    fn parts(self) -> [u64; 2] {
        [self, 0]
    }

    fn of(parts: [u64; 2]) -> Self {
        parts[0]
    }
}

impl Grouped for (u64, u64) {
    #[inline]
    fn each(batch: &Batch, place: usize, mut take: impl FnMut(Self, Direction)) {
        let mut outer = None;
        for (direction, one) in &batch.codes[0] {
            let mut inner = None;
            for (_, other) in &batch.codes[1] {
                let (one, other) = (one[place], other[place]);
                if outer != Some(one) && inner != Some(other) {
                    take((one, other), *direction);
                }
                inner = Some(other);
            }
            outer = Some(one[place]);
        }
    }

    fn parts(self) -> [u64; 2] {
        [self.0, self.1]
    }

    fn of(parts: [u64; 2]) -> Self {
        (parts[0], parts[1])
    }
}

impl Plan<'_> {
    fn batch(&self, number: usize) -> Option<Batch> {
        let chunk = Chunk::new(self.table, self.context, number);
        let shown = shown(&chunk, &self.query.rows, &self.predicate).shown;
        if shown.count() == 0 {
            return None;
        }
        let directions: Vec<Direction> = self.keys.iter().flat_map(Key::directions).copied().collect();
        let ends = Ends::read(&chunk, self.context, &directions);
        let codes = |key: &Key| {
            let at = |&direction: &Direction| (direction, key.codes(number, &chunk, &ends, direction));
            key.directions().iter().map(at).collect()
        };
        let read = |source: fn(Side) -> Source| [Side::First, Side::Mate].map(|side| chunk.read(source(side)));
        Some(Batch {
            codes: self.keys.iter().map(codes).collect(),
            octets: read(|side| Source::Attr(side, Attr::Octets)),
            packets: read(|side| Source::Attr(side, Attr::Packets)),
            starts: read(Source::Start),
            elapsed: read(Source::Elapsed),
            evidence: chunk.read(Source::Evidence),
            shown,
            ends,
        })
    }

    fn groups<K: Grouped, N: Counter>(&self) -> Groups {
        let dense = match self.keys {
            [key] => key.dense().unwrap_or(0),
            _ => 0,
        };
        let shares = in_shares(self.table.chunks(), |numbers| {
            let (mut tallies, mut total) = (Tallies::<K, N>::new(dense), Tally::<N>::default());
            for batch in numbers.filter_map(|number| self.batch(number)) {
                for place in batch.shown.places() {
                    K::each(&batch, place, |key, direction| tallies.at(key).add(&batch.part(direction, place)));
                    total.add(&batch.part(Direction::Src, place));
                }
            }
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
    fn with_one_label<K: Grouped, N: Counter>(&self, all: Vec<(K, Tally<N>)>) -> (Vec<(K, Tally<N>)>, HashMap<K, K>) {
        let mut same = HashMap::new();
        if !self.keys.iter().any(|key| key.by.grouping.family == Family::Service) {
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
            merged.entry(one).or_insert_with(|| {
                order.push(one);
                Tally::default()
            }).merge(&tally);
        }
        let all = order.into_iter().filter_map(|key| Some((key, *merged.get(&key)?)));
        (all.collect(), same)
    }

    /// Sorts the groups, and says the rest about those that are listed.
    fn listed<K: Grouped, N: Counter>(&self, all: Vec<(K, Tally<N>)>, same: &HashMap<K, K>, total: Tally<u128>) -> Groups {
        let count = all.len();
        let by_peers = self.query.order.measure.is_some_and(|measure| measure.name == "peers");
        let peers = if by_peers {
            let ranks = ranks(all.iter().map(|group| group.0), same);
            self.second::<K>(&ranks, count, true).0
        } else {
            Vec::new()
        };
        let best = self.best(&all, &peers, &total);
        let ranks = ranks(best.iter().map(|&place| all[place as usize].0), same);
        let is_either = self.keys.iter().any(|key| key.by.is_either());
        let (peers, running) = match (self.query.peers || by_peers, is_either) {
            (false, false) => (Vec::new(), Vec::new()),
            (with_peers, _) => self.second::<K>(&ranks, best.len(), with_peers),
        };
        let mut sum = 0;
        let share_of = self.query.order.share_of().sum;
        let list = best.iter().enumerate().map(|(rank, &place)| {
            let (key, tally) = &all[place as usize];
            let tally = tally.widened();
            let of = |tally: &Tally<u128>| share_of.map_or(0, |share_of| share_of(tally));
            sum += if is_either { running.get(rank).map_or(0, of) } else { of(&tally) };
            let parts = key.parts();
            let each = || self.keys.iter().zip(parts);
            Group {
                values: each().map(|(key, code)| key.value(code).into_owned()).collect(),
                filter: Expr::of(each().map(|(key, code)| drill(key, code)).collect(), Expr::And),
                tally,
                running: Some(sum),
                peers: peers.get(rank).copied(),
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
    fn best<K: Grouped, N: Counter>(&self, all: &[(K, Tally<N>)], peers: &[u64], total: &Tally<u128>) -> Vec<u32> {
        let Order { measure, descending } = self.query.order;
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

    fn by_value<K: Grouped, N: Counter>(&self, all: &[(K, Tally<N>)], descending: bool, limit: usize) -> Vec<u32> {
        let values = |key: K| -> Vec<Value> { self.keys.iter().zip(key.parts()).map(|(key, code)| key.value(code)).collect() };
        let mut valued: Vec<(Vec<Value>, u32)> =
            all.iter().enumerate().map(|(place, group)| (values(group.0), place as u32)).collect();
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
    fn second<K: Grouped>(&self, ranks: &HashMap<K, u32>, count: usize, with_peers: bool) -> (Vec<u64>, Vec<Tally<u128>>) {
        let shares = in_shares(self.table.chunks(), |numbers| {
            let (mut pairs, mut added) = (HashSet::<u64>::new(), vec![Tally::<u128>::default(); count]);
            for number in numbers {
                let Some(batch) = self.batch(number) else {
                    continue;
                };
                let hosts = if with_peers { self.hosts(number, &batch.ends) } else { Vec::new() };
                for place in batch.shown.places() {
                    let mut best: Option<u32> = None;
                    K::each(&batch, place, |key, direction| {
                        let Some(&rank) = ranks.get(&key) else {
                            return;
                        };
                        best = Some(best.map_or(rank, |best| best.min(rank)));
                        for (at, hosts) in &hosts {
                            if self.is_peer(direction, *at, &batch, place) {
                                pairs.insert(u64::from(rank) << 32 | hosts[place]);
                            }
                        }
                    });
                    if let Some(best) = best {
                        added[best as usize].add(&batch.part(Direction::Src, place));
                    }
                }
            }
            (pairs, added)
        });
        let (mut peers, mut added) = (vec![0; count], vec![Tally::<u128>::default(); count]);
        let mut seen = HashSet::new();
        for (pairs, more) in shares {
            added.iter_mut().zip(&more).for_each(|(own, more)| own.merge(more));
            seen.extend(pairs);
        }
        for pair in seen {
            peers[(pair >> 32) as usize] += u64::from(with_peers);
        }
        (peers, added)
    }

    /// The hosts of a chunk's rows: of the source, and of the destination.
    fn hosts(&self, number: usize, ends: &Ends) -> Vec<(Direction, Vec<u64>)> {
        let chunk = Chunk::new(self.table, self.context, number);
        let at = |direction| (direction, hosts(self.table, number, &chunk, ends, direction));
        [Direction::Src, Direction::Dst].map(at).to_vec()
    }

    /// Whether an end of a row is a peer for a group about the end of a direction.
    fn is_peer(&self, direction: Direction, at: Direction, batch: &Batch, place: usize) -> bool {
        let is_directed = self.keys.first().is_some_and(|key| key.by.grouping.directed);
        let sender = batch.ends.sender(direction, place).filter(|_| is_directed);
        sender.is_none_or(|sender| (sender != batch.ends.source[place]) == (at == Direction::Src))
    }
}

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
