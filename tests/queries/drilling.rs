//! The filter of a group, where exports and names are odd: it gives the group's rows
//! and no others, and its text means the same.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use flowpeek::load::{Inputs, load};
use flowpeek::model::time::Zone;
use flowpeek::model::value::Value;
use flowpeek::names::{Dns, Names, Reply, Services};
use flowpeek::query::facts::{Context, Orient};
use flowpeek::query::field::plain;
use flowpeek::query::group::by::By;
use flowpeek::query::group::measure::{MEASURES, Order};
use flowpeek::query::group::{Group, GroupQuery, filter_of, groups};
use flowpeek::query::language::expr::{Expr, Test};
use flowpeek::query::language::parse::parse;
use flowpeek::query::run::{Preset, Query, run};
use flowpeek::table::build::Pairing;
use flowpeek::table::store::{RowId, Table};
use serde_json::{Value as Json, json};

const BY: [&str; 26] = [
    "host",
    "src_host",
    "name",
    "src_addr",
    "pair",
    "net",
    "dst_net/8",
    "service",
    "port",
    "dst_port",
    "client_port",
    "protocol",
    "exporter",
    "as",
    "src_if",
    "vlan",
    "dst_vlan",
    "mask",
    "tos",
    "flags",
    "reason",
    "match",
    "minute",
    "hour",
    "day",
    "version",
];
const PAIRING: Pairing = Pairing::Strict { tolerance: 1000 };

fn loaded(lines: &[Json]) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.json");
    let lines: Vec<String> = lines.iter().map(Json::to_string).collect();
    fs::write(&path, lines.join("\n")).unwrap();
    load(Inputs::look_at(&[path]).unwrap(), PAIRING, 1, |_| true).table
}

/// A packet of version 9.
fn packet(client: &Json, time: i64, flows: Vec<Json>) -> Json {
    let header = json!({"version": 9, "count": flows.len(), "uptime": 100_000,
        "timestamp": time, "sequence": 1});
    let mut packet = json!({"header": header, "flows": flows});
    if !client.is_null() {
        packet["client"] = client.clone();
    }
    json!({format!("{time}.5"): packet})
}

/// A flow between hosts by their numbers, and what else is known of it.
fn flow(src: u32, dst: u32, more: &Json) -> Json {
    let address = |host: u32| format!("10.{}.0.{}", host / 3, host);
    let mut flow = json!({"IPV4_SRC_ADDR": address(src), "IPV4_DST_ADDR": address(dst),
        "IN_PKTS": 3 + src, "IN_BYTES": 100 + dst});
    let fields = more.as_object().unwrap().clone();
    flow.as_object_mut().unwrap().extend(fields);
    flow
}

/// Exports with what exporters should not send, but some do.
fn odd() -> Table {
    let known = [
        json!({}),
        json!({"PROTOCOL": 300}),
        json!({"PROTOCOL": -7}),
        json!({"PROTOCOL": 200}),
        json!({"PROTOCOL": 2_147_483_647}),
        json!({"PROTOCOL": 6, "L4_SRC_PORT": 40_000, "L4_DST_PORT": 300}),
        json!({"PROTOCOL": 6, "L4_SRC_PORT": 40_000, "L4_DST_PORT": 80, "TCP_FLAGS": 194}),
        json!({"PROTOCOL": 17, "L4_SRC_PORT": 40_001, "L4_DST_PORT": 80, "SRC_VLAN": 5000, "DST_VLAN": 65_535}),
        json!({"PROTOCOL": 6, "L4_SRC_PORT": 8080, "L4_DST_PORT": 40_000, "SRC_MASK": 255, "DST_MASK": 200}),
        json!({"PROTOCOL": 132, "L4_SRC_PORT": 7, "L4_DST_PORT": 200, "SRC_TOS": 255, "DST_TOS": 3}),
        json!({"PROTOCOL": 6}),
        json!({"PROTOCOL": 1, "ICMP_TYPE": 2048}),
        json!({"PROTOCOL": 58, "SRC_AS": 4_294_967_295_u32, "INPUT_SNMP": 4_294_967_295_u32}),
        json!({"PROTOCOL": 47, "FIRST_SWITCHED": 40_000, "LAST_SWITCHED": 50_000}),
    ];
    let clients = [
        Json::Null,
        json!(["192.0.2.1", 1]),
        json!(["2001:DB8::1", 1]),
        json!(["router's", 1]),
        json!("\u{1b}[2J"),
    ];
    let times = [1_700_000_000, 20, 1_700_003_600];
    let mut lines = Vec::new();
    for (place, client) in clients.iter().enumerate() {
        let flows = known.iter().enumerate().flat_map(|(at, more)| {
            let (src, dst) = ((at % 5) as u32, (at + place) as u32 % 7);
            [
                flow(src, dst, more),
                flow(dst, src, more),
                flow(src, src, more),
            ]
        });
        lines.push(packet(client, times[place % 3], flows.collect()));
    }
    // times before there was any, and where no calendar reaches
    for start in [5_000_u64, 300_000_000_000_123, 300_000_000_075_000] {
        let more = json!({"PROTOCOL": 17, "flowStartMilliseconds": start, "flowEndMilliseconds": start + 9});
        lines.push(packet(&clients[1], 1_700_000_000, vec![flow(1, 2, &more)]));
    }
    loaded(&lines)
}

/// Services of which some ports are only also called so.
fn services() -> Arc<Services> {
    let database = "http 80/tcp www\nalso 8080/tcp http\nwww 80/udp\n300 7/sctp\n";
    Arc::new(Services::from_texts(Some(database), ""))
}

/// Names of all hosts but every third; two of them are the same but for their case.
fn context(table: &Table, orient: Orient) -> Context {
    let mut names = Names::new(Dns::System);
    for (place, &address) in table.addresses().enumerate() {
        let name = ["", "One.example", "one.example", "", "a b\"'c", "two"][place % 6];
        let found = match name {
            "" => Reply::Nameless,
            name => Reply::Named(name.to_owned()),
        };
        names.learn(address, found, 0);
    }
    Context {
        names: names.snapshot(),
        ..Context::new(services(), Zone::utc(), orient)
    }
}

fn query(preset: Preset, filter: Expr) -> Query {
    Query {
        preset,
        filter,
        threshold: 0,
        sort: None,
    }
}

fn grouped(table: &Table, preset: Preset, by: &[By], context: &Context) -> Vec<Group> {
    let rows = query(preset, Expr::Test(Test::Any));
    let query = GroupQuery {
        rows,
        by: by.to_vec(),
        order: Order::by(&MEASURES[2]),
        limit: usize::MAX,
    };
    groups(table, &query, context).list
}

fn passing(table: &Table, preset: Preset, filter: &Expr, context: &Context) -> Vec<RowId> {
    run(table, &query(preset, filter.clone()), context).ids
}

#[test]
fn the_filter_of_a_group_gives_its_rows_alone_whatever_is_in_them() {
    let table = odd();
    for orient in [Orient::Bytes, Orient::Client] {
        let context = context(&table, orient);
        let apart = Context::new(services(), Zone::utc(), orient);
        let (mut unknown, mut known) = (BTreeSet::new(), BTreeSet::new());
        for preset in [Preset::Connections, Preset::Unmatched] {
            for name in BY {
                let by = [By::parse(name).unwrap()];
                for group in grouped(&table, preset, &by, &context) {
                    let filter = filter_of(&group, &by, &apart);
                    let rows = passing(&table, preset, &filter, &context);
                    let octets: u128 = rows
                        .iter()
                        .map(|&id| table.row(id).sum(flowpeek::model::attr::Attr::Octets))
                        .sum();
                    let tally = group.tally;
                    assert_eq!(
                        (rows.len(), octets),
                        (tally.rows as usize, tally.sent + tally.received),
                        "{name} {:?}: {filter}",
                        group.values
                    );
                    assert_eq!(parse(&filter.to_string()), Ok(filter.clone()), "{filter}");
                    match &group.values[0] {
                        Value::Unknown => unknown.insert(name.to_owned()),
                        value => known.insert(format!("{name} {}", plain(value))),
                    };
                }
            }
        }
        // what this is about was there
        for name in [
            "protocol", "exporter", "port", "vlan", "tos", "match", "reason",
        ] {
            assert!(unknown.contains(name), "{name}: {unknown:?}");
        }
        for value in [
            "minute 300000000060000",
            "day 299999980800000",
            "protocol 300",
            "protocol -7",
            "vlan 5000",
            "mask 255",
            "service ?",
            "service 300",
        ] {
            assert!(known.contains(value), "{value}: {known:?}");
        }
        for value in [
            "exporter 2001:db8::1",
            "exporter router's",
            "name one.example",
            "name 10.0.0.0",
        ] {
            let is_it = |known: &String| known.eq_ignore_ascii_case(value);
            assert!(known.iter().any(is_it), "{value}: {known:?}");
        }
    }
}

#[test]
fn odd_values_are_told_in_words_that_people_can_read() {
    let context = Context::new(services(), Zone::utc(), Orient::Bytes);
    for (by, value, filter) in [
        ("protocol", Value::Number(300), "proto 300"),
        ("protocol", Value::Unknown, "service \"?\""),
        ("exporter", Value::Unknown, "exporter = \"\""),
        ("src_host", Value::word("10.0.0.1"), "src ip 10.0.0.1"),
        (
            "src_host",
            Value::word("a.example"),
            "src name = \"a.example\"",
        ),
        (
            "pair",
            Value::word("::1 <-> ::1"),
            "src ip ::1 and dst ip ::1",
        ),
        (
            "service",
            Value::word("http"),
            "service \"http\" and not service \"also\"",
        ),
    ] {
        let by = [By::parse(by).unwrap()];
        let group = Group {
            values: vec![value],
            tally: Default::default(),
            running: None,
            peers: None,
        };
        assert_eq!(filter_of(&group, &by, &context).to_string(), filter);
    }
}
