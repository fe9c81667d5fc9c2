//! Groups and timelines over real exports: their sums are those of the rows,
//! the filter of a group gives its rows and no others, and what is said of
//! shares, peers and steps agrees with going through the rows one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use flowpeek::model::attr::Attr;
use flowpeek::model::end::End;
use flowpeek::model::time::Zone;
use flowpeek::model::value::Value;
use flowpeek::names::Answers;
use flowpeek::names::services::Services;
use flowpeek::query::facts::{Context, Facts, Orient};
use flowpeek::query::group::by::By;
use flowpeek::query::group::measure::{MEASURES, Order};
use flowpeek::query::group::{Group, GroupQuery, Groups, filter_of, groups, in_steps};
use flowpeek::query::language::expr::Expr;
use flowpeek::query::language::parse::parse;
use flowpeek::query::run::{Preset, Query, run};
use flowpeek::query::shown::below_threshold;
use flowpeek::query::stack::stack;
use flowpeek::query::time::bins::Bins;
use flowpeek::query::time::timeline::{Amount, TimeQuery, timeline};
use flowpeek::query::time::times::{extent, span};
use flowpeek::table::analyzer::Rules;
use flowpeek::table::build::Pairing;
use flowpeek::table::store::{RowId, Side, Table};
use proptest::prelude::*;
use proptest::sample::select;

use crate::samples::{STRICT, table_of_samples};

/// The sample many times over, so that there are several chunks; or paired as
/// the analyzer does, with rows whose flows are not each other's reverse.
fn table(analyzer: bool) -> &'static Table {
    static TABLES: [OnceLock<Table>; 2] = [OnceLock::new(), OnceLock::new()];
    TABLES[usize::from(analyzer)].get_or_init(|| {
        let rules = Rules {
            is_0_12: false,
            match_host: None,
        };
        match analyzer {
            false => table_of_samples(24, STRICT),
            true => table_of_samples(0, Pairing::Analyzer(rules)),
        }
    })
}

fn context(orient: Orient) -> Context {
    static SERVICES: OnceLock<Arc<Services>> = OnceLock::new();
    let registry = include_str!("../../assets/services.tsv");
    let database =
        "alias 80/tcp http www-alias\nhttps 443/tcp\nmydns 53/udp http domain\nHTTP 8080/tcp";
    let services =
        SERVICES.get_or_init(|| Arc::new(Services::from_texts(Some(database), registry)));
    static NAMES: OnceLock<Arc<Answers>> = OnceLock::new();
    // some hosts share a name, whatever its case, and some have none
    let names = NAMES.get_or_init(|| {
        let hosts = table(false).addresses().enumerate();
        let named = hosts.filter(|(at, _)| at % 3 > 0).map(|(at, &address)| {
            let name = ["alpha", "Alpha", "beta", "gamma.example"][at / 3 % 4];
            (address, Some(name.into()))
        });
        Arc::new(named.collect())
    });
    Context {
        names: names.clone(),
        ..Context::new(services.clone(), Zone::utc(), orient)
    }
}

/// The same without names: what a group says is enough to find its rows.
fn nameless(orient: Orient) -> Context {
    Context {
        names: Arc::default(),
        ..context(orient)
    }
}

const ONE_VALUE: [&str; 28] = [
    "src_host",
    "client_name",
    "src_addr",
    "dst_addr",
    "client",
    "server",
    "pair",
    "service",
    "src_port",
    "dport",
    "client_port",
    "server_port",
    "protocol",
    "exporter",
    "src_as",
    "dst_as",
    "src_if",
    "src_net/24",
    "server net/16",
    "dst_net/48",
    "reason",
    "match",
    "hour",
    "minute",
    "day",
    "version",
    "src_flags",
    "icmp_type",
];
const EITHER: [&str; 9] = [
    "host", "name", "port", "as", "if", "net", "net/8", "/27", "tos",
];

fn by(name: &str) -> By {
    By::parse(name).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[derive(Debug, Clone)]
struct Case {
    analyzer: bool,
    orient: Orient,
    query: Query,
}

fn case() -> impl Strategy<Value = Case> {
    let filters = vec![
        "any",
        "any",
        "ipv6",
        "proto tcp",
        "net 10.0.0.0/8",
        "bytes > 1k",
        "service http",
        "not port 53",
        "duration > 1s or proto udp",
        "src host 127.0.0.1",
    ];
    let preset = select(vec![Preset::Connections, Preset::Unmatched]);
    let orient = select(vec![Orient::Bytes, Orient::Client]);
    (
        any::<bool>(),
        orient,
        preset,
        select(filters),
        select(vec![0u64, 0, 2, 10]),
    )
        .prop_map(|(analyzer, orient, preset, filter, threshold)| Case {
            analyzer,
            orient,
            query: Query {
                preset,
                filter: parse(filter).unwrap(),
                threshold,
                sort: None,
            },
        })
}

impl Case {
    fn table(&self) -> &'static Table {
        table(self.analyzer)
    }

    fn groups(&self, by: &[By], order: Order) -> Groups {
        let query = GroupQuery {
            rows: self.query.clone(),
            by: by.to_vec(),
            order,
            limit: usize::MAX,
        };
        groups(self.table(), &query, &context(self.orient))
    }

    /// The rows that pass one more filter too.
    fn rows(&self, more: Option<Expr>) -> Vec<RowId> {
        let mut query = self.query.clone();
        query.filter = Expr::And([Some(query.filter), more].into_iter().flatten().collect());
        run(self.table(), &query, &context(self.orient)).ids
    }
}

/// Rows, connections, octets, packets, first start and last end.
type Sums = (u64, u64, u128, u128, i64, i64);

fn sums(table: &Table, rows: &[RowId]) -> Sums {
    let mut sums = (0, 0, 0, 0, i64::MAX, i64::MIN);
    for &id in rows {
        let row = table.row(id);
        sums.0 += 1;
        sums.1 += u64::from(row.is_connection());
        sums.2 += row.sum(Attr::Octets);
        sums.3 += row.sum(Attr::Packets);
        for side in [Side::First, Side::Mate] {
            if let Some(start) = row.start(side) {
                sums.4 = sums.4.min(start.absolute);
                sums.5 = sums
                    .5
                    .max(start.absolute + row.elapsed(side).unwrap_or(0).max(0));
            }
        }
    }
    sums
}

fn sums_of(group: &Group) -> Sums {
    let tally = group.tally;
    let octets = tally.sent + tally.received;
    (
        tally.rows.into(),
        tally.connections.into(),
        octets,
        tally.packets,
        tally.first,
        tally.last,
    )
}

fn added(groups: &Groups) -> Sums {
    groups
        .list
        .iter()
        .map(sums_of)
        .fold((0, 0, 0, 0, i64::MAX, i64::MIN), |a, b| {
            (
                a.0 + b.0,
                a.1 + b.1,
                a.2 + b.2,
                a.3 + b.3,
                a.4.min(b.4),
                a.5.max(b.5),
            )
        })
}

const BY_BYTES: Order = Order::by(&MEASURES[2]);

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, max_shrink_iters: 100, ..ProptestConfig::default() })]

    #[test]
    fn the_first_groups_are_those_of_the_whole_list(
        case in case(),
        names in select(vec![
            "pair", "host,port", "src_addr,dst_port", "net/24,name", "src_addr", "port", "dst_addr,dst_port",
            "client,server", "minute,dst_addr",
        ]),
        measure in select(vec!["bytes", "packets", "flows", "connections", "sent", "received", "last", "peers"]),
        descending: bool,
        limit in 1..9usize,
    ) {
        let order = Order { descending, ..Order::parse(measure).unwrap() };
        let mut query = GroupQuery {
            rows: case.query.clone(),
            by: By::parse_some(names).unwrap(),
            order,
            limit: usize::MAX,
        };
        let (table, context) = (case.table(), context(case.orient));
        let all = groups(table, &query, &context);
        query.limit = limit;
        let whole = groups(table, &query, &context);
        prop_assert_eq!((whole.count, whole.total), (all.count, all.total));
        prop_assert_eq!(&whole.list[..], &all.list[..limit.min(all.list.len())]);
    }

    #[test]
    fn what_is_told_first_is_the_same_as_far_as_it_is_known(
        case in case(),
        names in select(vec![
            "pair", "host,port", "src_addr,dst_port", "net/24,name", "pair,service", "host", "dst_addr,src_port",
            "client,server", "minute,dst_addr",
        ]),
        measure in select(vec!["bytes", "packets", "flows", "connections", "sent", "received", "peers"]),
        limit in 1..20usize,
        some in 1..9usize,
        ends in 0..4usize,
    ) {
        let query = GroupQuery {
            rows: case.query.clone(),
            by: By::parse_some(names).unwrap(),
            order: Order::parse(measure).unwrap(),
            limit,
        };
        let (table, context) = (case.table(), context(case.orient));
        let whole = groups(table, &query, &context);
        // as many rows as a table of them hides, for groups as for the course of time
        let hidden = run(table, &query.rows, &context).below_threshold;
        prop_assert_eq!(whole.below_threshold, hidden);
        prop_assert_eq!(below_threshold(table, &query.rows, &context), hidden);
        prop_assert_eq!(extent(table, &query.rows, &context).below_threshold, hidden);
        let sums = |groups: &Groups| -> Vec<_> {
            groups.list.iter().map(|group| (group.values.clone(), group.tally)).collect()
        };
        let is_same = |first: &Groups, listed: usize| {
            let listed = if first.count.is_some() { limit } else { limit.min(listed) };
            prop_assert_eq!(sums(first), &sums(&whole)[..listed.min(whole.list.len())]);
            prop_assert_eq!(first.total, whole.total);
            prop_assert_eq!(first.below_threshold, hidden);
            prop_assert!(first.count.is_none_or(|count| Some(count) == whole.count));
            prop_assert_eq!(first.has_more(), first.list.len() < whole.list.len() || whole.has_more());
            Ok(())
        };
        is_same(&flowpeek::query::group::first(table, &query, &context), limit)?;
        // it is over after so many steps
        let (mut steps, over) = (Vec::new(), AtomicBool::new(ends == 0));
        let mut take = |groups| {
            steps.push(groups);
            over.store(steps.len() == ends, Ordering::Relaxed);
        };
        in_steps(table, &query, &context, (Some(some), &over), &mut take);
        let all = if measure == "peers" { 1 } else { 2 };
        prop_assert_eq!(steps.len(), all.min(ends));
        if let Some(first) = steps.first() {
            is_same(first, some)?;
            prop_assert_eq!(first.whole, all == 1);
        }
        if ends >= all {
            prop_assert_eq!(steps.last(), Some(&whole));
        }
        // nothing first
        let mut steps = Vec::new();
        let over = AtomicBool::new(false);
        in_steps(table, &query, &context, (None, &over), &mut |groups| steps.push(groups));
        prop_assert_eq!(steps, [whole]);
    }

    #[test]
    fn the_groups_together_are_the_rows(case in case(), names in prop::collection::vec(select(ONE_VALUE.to_vec()), 1..3)) {
        let by: Vec<By> = names.iter().map(|name| by(name)).collect();
        let groups = case.groups(&by, BY_BYTES);
        let rows = sums(case.table(), &case.rows(None));
        prop_assert_eq!(added(&groups), rows);
        prop_assert_eq!(sums_of(&groups.of_all()), rows);
        prop_assert_eq!(Some(groups.list.len()), groups.count);
        // the last group's cumulative share is all there is
        if let Some(last) = groups.list.last() {
            prop_assert_eq!(last.running, Some(rows.2));
        }
    }

    #[test]
    fn the_filter_of_a_group_gives_its_rows_alone(
        case in case(), first in select([&ONE_VALUE[..], &EITHER[..]].concat()),
        second in proptest::option::of(select([&ONE_VALUE[..], &EITHER[..]].concat())), seed in any::<prop::sample::Index>(),
    ) {
        let by: Vec<By> = [Some(first), second].into_iter().flatten().map(by).collect();
        let groups = case.groups(&by, BY_BYTES);
        let most = groups.list.len();
        let picked: BTreeSet<usize> = (0..6).chain([seed.index(most.max(1)), most.saturating_sub(1)]).collect();
        for group in picked.into_iter().filter_map(|place| groups.list.get(place)) {
            let filter = filter_of(group, &by, &nameless(case.orient));
            let text = filter.to_string();
            let rows = case.rows(Some(filter));
            prop_assert_eq!(sums_of(group), sums(case.table(), &rows), "{:?}: {}", &group.values, &text);
            // what is written into the filter line means the same
            let read = parse(&text).map_err(|error| TestCaseError::fail(error.show(&text)))?;
            prop_assert_eq!(case.rows(Some(read)), rows, "{}", text);
        }
    }

    #[test]
    fn single_addresses_are_networks_of_full_length(case in case(), end in select(vec!["host", "src", "dst", "client", "server"])) {
        let tallies = |name: &str| {
            let groups = case.groups(&[by(name)], BY_BYTES);
            let named = groups.list.iter().map(|group| match &group.values[0] {
                Value::Address(address) => (address.to_string(), sums_of(group), group.peers, group.running),
                value => (flowpeek::query::field::plain(value).into_owned(), sums_of(group), group.peers, group.running),
            });
            named.collect::<Vec<_>>()
        };
        let net = format!("{end}_net/32");
        prop_assert_eq!(tallies(net.trim_start_matches("host_")), tallies(end));
    }

    #[test]
    fn two_groupings_nest_in_the_first(case in case(), a in select(ONE_VALUE.to_vec()), b in select(ONE_VALUE.to_vec())) {
        let mut nested: BTreeMap<String, (u32, u128)> = BTreeMap::new();
        // what is of no end is sent by sources, unless the other field is of one
        let is_of_end = by(a).grouping.directed || !by(b).grouping.directed;
        let counted = |group: &Group| match is_of_end {
            true => group.tally.sent,
            false => group.tally.sent + group.tally.received,
        };
        for group in &case.groups(&[by(a), by(b)], BY_BYTES).list {
            let sum = nested.entry(format!("{:?}", group.values[0])).or_default();
            sum.0 += group.tally.rows;
            sum.1 += counted(group);
        }
        let single = case.groups(&[by(a)], BY_BYTES).list;
        let single = single.iter().map(|group| (format!("{:?}", group.values[0]), (group.tally.rows, counted(group))));
        prop_assert_eq!(nested, single.collect::<BTreeMap<_, _>>());
    }

    /// Whichever of two fields it is of.
    #[test]
    fn what_a_group_sent_is_what_its_end_sent(
        case in case(), at in select(vec!["host", "src_addr", "dst_addr", "client", "port", "dst_net/24"]),
        other in select(vec!["hour", "protocol", "service", "pair", "exporter"]),
    ) {
        let told = |names: [&str; 2], end: usize| {
            let groups = case.groups(&names.map(by), BY_BYTES);
            let told = groups.list.iter().map(|group| {
                let values = [end, 1 - end].map(|place| format!("{:?}", group.values[place]));
                (values, (group.tally, group.peers))
            });
            (told.collect::<BTreeMap<_, _>>(), groups.total)
        };
        prop_assert_eq!(told([other, at], 1), told([at, other], 0));
    }

    #[test]
    fn hosts_are_as_going_through_the_rows_says(case in case()) {
        let context = context(case.orient);
        let mut hosts: BTreeMap<IpAddr, (u64, u128, BTreeSet<IpAddr>)> = BTreeMap::new();
        let ids = case.rows(None);
        let facts = |id: RowId| Facts { row: case.table().row(id), context: &context };
        let ends = |id: RowId| End::BOTH.map(|end| facts(id).address(end).unwrap());
        for &id in &ids {
            let [src, dst] = ends(id);
            let octets = End::BOTH.map(|end| {
                let side = facts(id).side(end);
                side.and_then(|side| facts(id).row.attr(side, Attr::Octets)).unwrap_or(0)
            });
            for (own, sent, peer) in [(src, octets[0], dst), (dst, octets[1], src)] {
                let host = hosts.entry(own).or_default();
                host.2.insert(peer);
                if own == dst && src == dst && host.0 > 0 && sent == octets[1] && peer == src {
                    continue;
                }
                host.0 += 1;
                host.1 += u128::from(sent);
            }
        }
        let groups = case.groups(&[by("host")], BY_BYTES);
        prop_assert_eq!(groups.count, Some(hosts.len()));
        let mut touched = BTreeSet::new();
        for (place, group) in groups.list.iter().enumerate() {
            let Value::Address(address) = group.values[0] else { panic!("{group:?}") };
            prop_assert_eq!(group.peers.unwrap(), hosts[&address].2.len() as u64, "{}", address);
            let of_host = ids.iter().filter(|&&id| ends(id).contains(&address));
            if place < 20 {
                touched.extend(of_host);
                let octets: u128 = touched.iter().map(|&id| facts(id).row.sum(Attr::Octets)).sum();
                prop_assert_eq!(group.running.unwrap(), octets, "cumulative up to {}", address);
            }
        }
    }

    #[test]
    fn hosts_within_a_network_are_peers_of_each_other(case in case()) {
        let hosts = case.groups(&[by("host")], BY_BYTES).list;
        let of_family = |is_v4: bool| {
            let is_of = |group: &&Group| matches!(group.values[0], Value::Address(it) if it.is_ipv4() == is_v4);
            hosts.iter().filter(is_of).count() as u64
        };
        let within: Vec<Group> = case.groups(&[by("net/0")], BY_BYTES).list;
        for group in &within {
            let Value::Text(net) = &group.values[0] else { panic!("{group:?}") };
            prop_assert_eq!(group.peers, Some(of_family(net.starts_with("0.0.0.0"))), "{}", net);
        }
        // each of them talks by some protocol
        let mut most: BTreeMap<String, u64> = BTreeMap::new();
        for group in case.groups(&[by("protocol"), by("net/0")], BY_BYTES).list {
            *most.entry(format!("{:?}", group.values[1])).or_default() += group.peers.unwrap();
        }
        for group in within {
            let sum = most[&format!("{:?}", group.values[0])];
            prop_assert!(group.peers.unwrap() <= sum, "{:?}: {}", group, sum);
        }
    }

    #[test]
    fn no_share_is_more_than_all(case in case(), name in select([&ONE_VALUE[..], &EITHER[..]].concat()), measure in 0..MEASURES.len()) {
        let order = Order { measure: Some(&MEASURES[measure]), descending: true };
        let groups = case.groups(&[by(name)], order);
        let of = |name: &str| MEASURES.iter().find(|measure| measure.name == name).unwrap();
        for group in &groups.list {
            for name in ["share", "cumulative"] {
                let share = groups.measure(group, of(name));
                prop_assert!(share.is_none_or(|share| (0..=10_000).contains(&share)), "{} {:?} of {:?}", name, share, group);
            }
        }
    }

    #[test]
    fn groups_are_in_order(case in case(), name in select(vec!["host", "service", "dst_port"]), measure in 0..MEASURES.len(), descending: bool) {
        let order = Order { measure: Some(&MEASURES[measure]), descending };
        let groups = case.groups(&[by(name)], order);
        let value = |group: &Group| groups.measure(group, &MEASURES[measure]);
        if MEASURES[measure].name != "cumulative" {
            for two in groups.list.windows(2) {
                let ordered = match (value(&two[0]), value(&two[1])) {
                    (Some(a), Some(b)) => if descending { a >= b } else { a <= b },
                    (a, b) => a.is_some() || b.is_none(),
                };
                prop_assert!(ordered, "{:?}", two);
            }
        }
        let query = GroupQuery { rows: case.query.clone(), by: groups.by.clone(), order, limit: 7 };
        let first = flowpeek::query::group::groups(case.table(), &query, &context(case.orient));
        prop_assert_eq!(&first.list[..], &groups.list[..groups.list.len().min(7)]);
        prop_assert_eq!(first.count, groups.count);
    }

    #[test]
    fn steps_of_time_add_up_to_the_rows(case in case(), amount in select(Amount::ALL.to_vec()), most in 1usize..300) {
        let context = context(case.orient);
        let ids = case.rows(None);
        let Some(span) = span(case.table(), &case.query, &context) else {
            prop_assert!(ids.is_empty());
            return Ok(());
        };
        let all = sums(case.table(), &ids);
        prop_assert_eq!((span.start, span.end), (all.4, all.5 + 1));
        let bins = Bins::within(&span, most, &context.zone);
        prop_assert!(bins.count <= most.max(2) && bins.begin <= span.start && bins.start(bins.count) >= span.end);
        let query = TimeQuery { rows: case.query.clone(), amount, bins };
        let whole = timeline(case.table(), &query, &context);
        let expected = match amount {
            Amount::Bytes => all.2,
            Amount::Packets => all.3,
            Amount::Connections => all.0.into(),
        };
        prop_assert_eq!(whole.sums().sum::<u128>(), expected);
        // each step has its part of every flow, within the last octet of each
        let parts = parts(&case, &ids, amount, &bins);
        for (bin, sum) in whole.sums().enumerate() {
            let (part, flows) = parts.get(&bin).copied().unwrap_or_default();
            prop_assert!((sum as f64 - part).abs() <= flows + part * 1e-9, "step {}: {} is not {}", bin, sum, part);
        }
        // a part of the steps is that part of all steps
        let (from, count) = (most % bins.count.max(1), bins.count / 2);
        let cut = Bins { begin: bins.start(from), count: count.min(bins.count - from), ..bins };
        let part = timeline(case.table(), &TimeQuery { bins: cut, ..query }, &context);
        prop_assert_eq!(&part.sent[..], &whole.sent[from..from + cut.count]);
        prop_assert_eq!(&part.received[..], &whole.received[from..from + cut.count]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, max_shrink_iters: 100, ..ProptestConfig::default() })]

    #[test]
    fn the_groups_of_a_step_add_up_to_it_and_those_of_all_steps_to_the_group(
        case in case(), amount in select(Amount::ALL.to_vec()), steps in 1usize..100, most in 0usize..12,
        first in select([&ONE_VALUE[..], &EITHER[..]].concat()), second in proptest::option::of(select(ONE_VALUE.to_vec())),
    ) {
        let context = context(case.orient);
        let by: Vec<By> = [Some(first), second].into_iter().flatten().map(by).collect();
        let Some(span) = span(case.table(), &case.query, &context) else {
            return Ok(());
        };
        let bins = Bins::filling(&span, steps);
        prop_assert!(bins.count <= steps && bins.begin == span.start && bins.start(bins.count) >= span.end);
        prop_assert!(bins.start(bins.count - 1) < span.end);
        let query = TimeQuery { rows: case.query.clone(), amount, bins };
        let whole = timeline(case.table(), &query, &context);
        let stack = stack(case.table(), &query, &by, most, &context);
        prop_assert_eq!(stack.layers.len(), stack.groups.list.len() + 1);
        let all = case.groups(&by, BY_BYTES).list.len();
        prop_assert_eq!(stack.groups.list.len(), all.min(most));
        prop_assert_eq!(stack.groups.has_more(), all > most);
        for (bin, sum) in whole.sums().enumerate() {
            let parts = stack.layers.iter().map(|layer| (layer.sent[bin], layer.received[bin]));
            let parts = parts.fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
            prop_assert_eq!(parts, (whole.sent[bin], whole.received[bin]));
            prop_assert_eq!(parts.0 + parts.1, sum);
        }
        // a layer has the rows of its group that are in none before it
        let mut before: BTreeSet<RowId> = BTreeSet::new();
        for (group, layer) in stack.groups.list.iter().zip(&stack.layers) {
            let rows = case.rows(Some(filter_of(group, &by, &context)));
            let own: Vec<RowId> = rows.into_iter().filter(|&row| before.insert(row)).collect();
            let sums = sums(case.table(), &own);
            let expected = match amount {
                Amount::Bytes => sums.2,
                Amount::Packets => sums.3,
                Amount::Connections => sums.0.into(),
            };
            prop_assert_eq!(layer.sums().sum::<u128>(), expected, "{:?}", group.values);
        }
    }
}

/// What lies in each step, and how many flows it comes from, in fractions.
fn parts(case: &Case, ids: &[RowId], amount: Amount, bins: &Bins) -> BTreeMap<usize, (f64, f64)> {
    let context = context(case.orient);
    let mut parts: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    let mut add = |bin: i64, part: f64| {
        let sum = parts.entry(bin as usize).or_default();
        *sum = (sum.0 + part, sum.1 + 1.0);
    };
    for &id in ids {
        let row = case.table().row(id);
        let source = Facts {
            row,
            context: &context,
        }
        .source();
        for side in [Side::First, Side::Mate] {
            let Some(start) = row.start(side).map(|start| start.absolute) else {
                continue;
            };
            let end = start + row.elapsed(side).unwrap_or(0).max(0);
            let bin = |moment: i64| (moment - bins.begin).div_euclid(bins.step);
            let attr = match amount {
                Amount::Bytes => Attr::Octets,
                Amount::Packets => Attr::Packets,
                Amount::Connections if side == source => {
                    add(bin(start), 1.0);
                    continue;
                }
                Amount::Connections => continue,
            };
            let sum = row.attr(side, attr).unwrap_or(0) as f64;
            for at in bin(start)..=bin(end) {
                let (begin, stop) = (
                    bins.start(at as usize).max(start),
                    bins.start(at as usize + 1).min(end),
                );
                let share = if start == end {
                    1.0
                } else {
                    (stop - begin).max(0) as f64 / (end - start) as f64
                };
                add(at, sum * share);
            }
        }
    }
    parts
}

#[test]
fn the_first_of_many_pairs_are_told_before_all_are_counted() {
    let query = |by: &str, measure: &str, limit| GroupQuery {
        rows: Query {
            preset: Preset::Connections,
            filter: parse("any").unwrap(),
            threshold: 0,
            sort: None,
        },
        by: By::parse_some(by).unwrap(),
        order: Order::parse(measure).unwrap(),
        limit,
    };
    let (table, context) = (table(false), context(Orient::Bytes));
    let first = |query| flowpeek::query::group::first(table, &query, &context);
    for measure in [
        "bytes",
        "sent",
        "received",
        "packets",
        "flows",
        "connections",
    ] {
        let groups = first(query("pair", measure, 5));
        assert_eq!((groups.count, groups.list.len()), (None, 5), "{measure}");
        assert!(groups.has_more());
    }
    // where that is no help, all are counted
    for (by, measure, limit) in [
        ("pair", "bytes:asc", 5),
        ("pair", "last", 5),
        ("pair", "bytes", 0),
        ("pair", "bytes", 10_000),
        ("protocol", "bytes", 1),
    ] {
        let query = query(by, measure, limit);
        let count = groups(table, &query, &context).count;
        assert_eq!(first(query).count, count, "{by} {measure} {limit}");
        assert!(count.is_some());
    }
}
