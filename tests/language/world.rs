//! Real exports, made-up names for some of their hosts, and generated filters
//! about what is in them.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use flowpeek::model::end::End;
use flowpeek::model::time::{Zone, rfc3339};
use flowpeek::names::{Dns, Names, Reply, Services};
use flowpeek::query::facts::{Context, Facts, Orient};
use flowpeek::query::language::expr::Expr;
use flowpeek::query::run::{Preset, Query, run};
use flowpeek::table::store::{RowId, Side, Table};
use proptest::prelude::*;
use proptest::sample::select;

use crate::samples::{STRICT, table_of_samples};

pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| table_of_samples(0, STRICT))
}

/// Every third host has a name, as many have none.
pub fn name_of(address: IpAddr) -> Option<String> {
    let number = match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    };
    (number % 3 == 0).then(|| format!("Host{}.example.org", number % 7))
}

pub fn context(orient: Orient) -> Context {
    static SHARED: OnceLock<(Arc<Services>, Arc<flowpeek::names::Answers>)> = OnceLock::new();
    let (services, names) = SHARED.get_or_init(|| {
        let registry = include_str!("../../assets/services.tsv");
        let mut names = Names::new(Dns::System);
        for &address in table().addresses() {
            let found = name_of(address).map_or(Reply::Nameless, Reply::Named);
            names.learn(address, found, 0);
        }
        let services = Services::from_texts(None, registry);
        (Arc::new(services), names.snapshot())
    });
    let mut context = Context::new(services.clone(), Zone::utc(), orient);
    context.names = names.clone();
    context
}

/// Values that occur, so that tests hold for some rows.
struct Seen {
    hosts: Vec<IpAddr>,
    ports: Vec<u16>,
    times: Vec<String>,
    exporters: Vec<String>,
}

fn seen() -> &'static Seen {
    static SEEN: OnceLock<Seen> = OnceLock::new();
    SEEN.get_or_init(|| {
        let rows = table().rows().step_by(7);
        let context = context(Orient::Bytes);
        let mut seen = Seen {
            hosts: Vec::new(),
            ports: Vec::new(),
            times: Vec::new(),
            exporters: Vec::new(),
        };
        for row in rows {
            let facts = Facts {
                row,
                context: &context,
            };
            seen.hosts.extend(facts.address(End::Source));
            seen.ports.extend(facts.endpoint(End::Destination).port);
            seen.times
                .push(rfc3339(row.start(Side::First).unwrap().absolute));
            seen.exporters.extend(row.exporter().map(str::to_owned));
        }
        seen
    })
}

fn one<T: Clone + std::fmt::Debug + 'static>(list: &[T]) -> impl Strategy<Value = T> + use<T> {
    select(list.to_vec())
}

fn direction() -> impl Strategy<Value = &'static str> {
    select(vec!["", "", "src ", "dst ", "client ", "SERVER "])
}

fn comparison() -> impl Strategy<Value = &'static str> {
    select(vec!["=", "==", "!=", ">", ">=", "<", "<="])
}

fn address_test() -> BoxedStrategy<String> {
    let host = || one(&seen().hosts);
    let word = select(vec!["ip", "host", "net", "addr"]);
    let length = 0u8..=32;
    prop_oneof![
        (direction(), word.clone(), host()).prop_map(|(d, w, host)| format!("{d}{w} {host}")),
        (direction(), word, host(), length).prop_map(|(d, w, host, length)| {
            let length = if host.is_ipv6() { 3 * length } else { length };
            format!("{d}{w} {host}/{length}")
        }),
        (direction(), host(), host(), select(vec![" ", ", ", ","]))
            .prop_map(|(d, a, b, comma)| format!("{d}host in [{a}{comma}{b}/24]")),
        host().prop_map(|host| host.to_string()),
        (direction(), 0..7u8, comparison_of_names())
            .prop_map(|(d, n, sign)| format!("{d}name {sign} HOST{n}.example.org")),
        (direction(), 0..7u8).prop_map(|(d, n)| format!("{d}host host{n}.example.org")),
    ]
    .boxed()
}

fn comparison_of_names() -> impl Strategy<Value = &'static str> {
    select(vec!["=", "!=", "~", "!~", ""])
}

fn number_test() -> BoxedStrategy<String> {
    let port = || one(&seen().ports);
    let counters = select(vec!["bytes", "packets", "octets", "pkts"]);
    let amount = select(vec!["0", "1", "3", "60", "1k", "1.5K", "10Ki", "1M"]);
    let words = vec![
        "src_bytes",
        "dst_packets",
        "bps",
        "pps",
        "bpp",
        "version",
        "sport",
        "dport",
    ];
    let small = vec![
        "icmp-type",
        "icmp-code",
        "tos",
        "as",
        "if",
        "mask",
        "vlan",
        "src tos",
        "dst as",
        "in if",
        "out if",
        "dst mask",
    ];
    prop_oneof![
        (direction(), comparison(), port()).prop_map(|(d, c, n)| format!("{d}port {c} {n}")),
        (direction(), port(), port()).prop_map(|(d, a, b)| format!("{d}port in [{a} {b}]")),
        (select(vec!["and", "or"]), port()).prop_map(|(l, n)| format!("src {l} dst port {n}")),
        (direction(), counters, comparison(), amount.clone())
            .prop_map(|(d, w, c, n)| format!("{d}{w} {c}{n}")),
        (select(words), comparison(), 0..2000u16).prop_map(|(w, c, n)| format!("{w} {c} {n}")),
        (select(small), comparison(), 0..33u8).prop_map(|(w, c, n)| format!("{w} {c} {n}")),
        (comparison(), select(vec!["0", "5ms", "1s", "2.5s", "1m"]))
            .prop_map(|(c, d)| format!("duration {c} {d}")),
        (
            direction(),
            select(vec![
                "S", "SA", "A", "fa", "S/SA", "/R", "X", "18", "> 20", "!= 2", "= AS"
            ])
        )
            .prop_map(|(d, f)| format!("{d}flags {f}")),
    ]
    .boxed()
}

fn other_test() -> BoxedStrategy<String> {
    let cut = select(vec![4usize, 7, 10, 13, 16, 19, 23]);
    let plain = vec![
        "any",
        "ipv4",
        "ipv6",
        "inet6",
        "matched",
        "unmatched",
        "ambiguous",
        "duplicate",
        "proto tcp",
        "proto != udp",
        "protocol 17",
        "proto in [tcp, icmp]",
        "service https",
        "service != domain",
        "service in [domain http 443]",
        "reason scan",
        "reason in [one-way, near miss]",
        "reason near-miss",
        "match = exact",
        "client = src",
        "\"10.\"",
        "domain",
        "'EXAMPLE'",
        "443",
        "udp",
        "skew > 0",
        "start > -15m",
        "end >= -1h",
        "received < -10s",
        "exporter \"\"",
        "duplicate_of \"\"",
    ];
    prop_oneof![
        3 => select(plain).prop_map(str::to_owned),
        1 => one(&seen().exporters).prop_map(|exporter| format!("exporter {exporter}")),
        1 => (select(vec!["start", "end"]), comparison(), one(&seen().times), cut)
            .prop_map(|(w, c, time, cut)| format!("{w} {c} {}", &time[..cut])),
    ]
    .boxed()
}

/// A filter's text.
pub fn filter() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![address_test(), number_test(), other_test()];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let and = select(vec![" and ", " && ", " AND "]);
        let or = select(vec![" or ", " || ", "||"]);
        prop_oneof![
            (inner.clone(), and, inner.clone()).prop_map(|(a, and, b)| format!("{a}{and}{b}")),
            (inner.clone(), or, inner.clone()).prop_map(|(a, or, b)| format!("{a}{or}{b}")),
            inner.clone().prop_map(|inner| format!("({inner})")),
            (select(vec!["not ", "!", "NOT "]), inner.clone())
                .prop_map(|(not, inner)| format!("{not}({inner})")),
            (select(vec!["not ", "!"]), inner).prop_map(|(not, inner)| format!("{not}{inner}")),
        ]
    })
}

/// The rows of both views that pass.
pub fn passing(filter: &Expr, orient: Orient) -> Vec<RowId> {
    let context = context(orient);
    let ask = |preset| {
        let query = Query {
            preset,
            filter: filter.clone(),
            threshold: 0,
            sort: None,
        };
        run(table(), &query, &context).ids
    };
    let mut ids = [ask(Preset::Connections), ask(Preset::Unmatched)].concat();
    ids.sort_unstable();
    ids
}
