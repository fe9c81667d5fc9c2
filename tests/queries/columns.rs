//! The fast way through the columns answers as a naive one does, row by row:
//! generated filters, thresholds and orders over real exports.

use std::sync::{Arc, OnceLock};

use flowpeek::load::{Inputs, load};
use flowpeek::model::attr::Attr;
use flowpeek::model::time::Zone;
use flowpeek::model::value::Value;
use flowpeek::names::services::Services;
use flowpeek::query::facts::{Context, Facts, Orient};
use flowpeek::query::field::FIELDS;
use flowpeek::query::filter::predicate::{Predicate, prepare};
use flowpeek::query::language::expr::Expr;
use flowpeek::query::language::parse::parse;
use flowpeek::query::memory::Memory;
use flowpeek::query::order::sort::Sort;
use flowpeek::query::run::{Preset, Query, Rows, answer, run};
use flowpeek::table::analyzer::Rules;
use flowpeek::table::build::Pairing;
use flowpeek::table::store::{RowId, Table};
use proptest::prelude::*;
use serde_json::json;

use crate::samples::{STRICT, samples, table_of_samples};

/// The sample many times over, so that there are several chunks.
fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| table_of_samples(40, STRICT))
}

fn context(orient: Orient) -> Context {
    static SERVICES: OnceLock<Arc<Services>> = OnceLock::new();
    let registry = include_str!("../../assets/services.tsv");
    let services = SERVICES.get_or_init(|| Arc::new(Services::from_texts(None, registry)));
    Context::new(services.clone(), Zone::utc(), orient)
}

fn passes(predicate: &Predicate, facts: &Facts) -> bool {
    match predicate {
        Predicate::All(terms) => terms.iter().all(|term| passes(term, facts)),
        Predicate::Any(terms) => terms.iter().any(|term| passes(term, facts)),
        Predicate::Not(inner) => !passes(inner, facts),
        Predicate::Test(test) => test.passes(facts),
    }
}

fn naive(table: &Table, query: &Query, context: &Context) -> (Vec<RowId>, u64, u64) {
    let predicate = prepare(&query.filter, table, context);
    let (mut ids, mut total, mut hidden) = (Vec::new(), 0, 0);
    for row in table.rows() {
        if row.is_connection() != (query.preset == Preset::Connections) {
            continue;
        }
        total += 1;
        if !passes(&predicate, &Facts { row, context }) {
            continue;
        }
        if row.sum(Attr::Packets) < u128::from(query.threshold) {
            hidden += 1;
        } else {
            ids.push(row.id);
        }
    }
    if let Some(sort) = query.sort {
        let value = |id: &RowId| {
            let row = table.row(*id);
            match sort.field.value(&Facts { row, context }) {
                // most exporters are addresses, and in the order of such
                Value::Text(text) if sort.field.name == "exporter" => {
                    text.parse().map_or(Value::Text(text), Value::Address)
                }
                value => value,
            }
        };
        let mut keyed: Vec<_> = ids.iter().map(|id| (value(id), *id)).collect();
        keyed.sort_by(|(a, _), (b, _)| {
            let order = a.order(b);
            let order = if sort.descending {
                order.reverse()
            } else {
                order
            };
            let unknown = |value: &Value| *value == Value::Unknown;
            unknown(a).cmp(&unknown(b)).then(order)
        });
        ids = keyed.into_iter().map(|keyed| keyed.1).collect();
    }
    (ids, total, hidden)
}

fn term() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "any",
            "ipv6",
            "matched",
            "ambiguous",
            "duplicate",
            "proto tcp",
            "proto 1",
            "service https",
            "service 8443",
            "service icmp",
            "htt",
            "43",
            "one-way",
            "tcp",
            "exporter 127.0.0.1",
            "reason scan",
            "server port 53",
            "client net 10.0.0.0/8",
            "bps > 10k",
            "pps < 5",
            "duration > 1s",
            "start > 2020-01-01",
            "end < 2021-01-01",
            "flags S",
            "version 9",
            "host 127.0.0.21",
            "net 10.0.0.0/8",
            "src ip 192.168.0.0/16",
            "port 53",
            "dst port 443",
            "port in [80 443]",
            "port < 1024",
            "client port > 40000",
            "bytes > 1k",
            "src bytes < 100",
            "packets = 2",
            "packets != 2",
            "duration > 1s",
            "bpp > 100",
            "reason scan",
            "dns",
            "exporter 127.0.0.1",
            "src as 0",
            "version 9",
            "server ip 10.0.0.0/8",
            "server port 53",
            "client bytes > 100",
            "service domain",
            "service icmp",
            "ambiguous",
        ])
        .prop_map(str::to_owned),
        (0u32..70_000).prop_map(|n| format!("bytes >= {n}")),
        (0u32..40).prop_map(|n| format!("packets <= {n}")),
    ]
}

fn filter() -> impl Strategy<Value = String> {
    term().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("not ({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) and ({b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a}) or ({b})")),
        ]
    })
}

prop_compose! {
    fn query()(
        text in filter(), unmatched: bool, threshold in 0u64..20, client: bool,
        sort in prop::option::of((0..FIELDS.len(), any::<bool>())),
    ) -> (String, Query, Orient) {
        let filter: Expr = parse(&text).unwrap();
        (text, Query {
            preset: if unmatched { Preset::Unmatched } else { Preset::Connections },
            filter,
            threshold,
            sort: sort.map(|(field, descending)| Sort { field: &FIELDS[field], descending }),
        }, if client { Orient::Client } else { Orient::Bytes })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, max_shrink_iters: 100, ..ProptestConfig::default() })]

    #[test]
    fn columns_answer_as_rows_do((text, query, orient) in query()) {
        let context = context(orient);
        let (ids, total, hidden) = naive(table(), &query, &context);
        let by = query.sort.map_or("", |sort| sort.field.name);
        let rows = run(table(), &query, &context);
        prop_assert_eq!(rows.total, total, "{}", text);
        prop_assert_eq!(rows.below_threshold, hidden, "{}", text);
        prop_assert_eq!(rows.shown, ids.len() as u64, "{}", text);
        prop_assert!(rows.ids == ids, "{} by {}", text, by);
    }
}

/// Pairs of the analyzer need not be each other's reverse, and some hosts have names.
#[test]
fn every_field_is_in_order_whatever_the_pairing() {
    let files = samples();
    let rules = Rules {
        is_0_12: false,
        match_host: None,
    };
    let inputs = Inputs::look_at(&files).unwrap();
    let table = load(inputs, Pairing::Analyzer(rules), 2, |_| true).table;
    let named = table.addresses().enumerate().filter(|(at, _)| at % 3 > 0);
    let names = named.map(|(at, &address)| {
        let name = if at % 7 == 0 {
            "Router".to_owned()
        } else {
            format!("host{}", at * 31 % 97)
        };
        (address, Some(name.into_boxed_str()))
    });
    let names = Arc::new(names.collect());
    for (field, orient) in FIELDS
        .iter()
        .flat_map(|field| [(field, Orient::Bytes), (field, Orient::Client)])
    {
        let context = Context {
            names: Arc::clone(&names),
            ..context(orient)
        };
        for descending in [false, true] {
            let query = Query {
                preset: Preset::Connections,
                filter: parse("any").unwrap(),
                threshold: 0,
                sort: Some(Sort { field, descending }),
            };
            let expected = naive(&table, &query, &context).0;
            let rows = run(&table, &query, &context);
            assert!(rows.ids == expected, "{} {orient:?}", field.name);
        }
    }
}

#[test]
fn octets_that_are_not_told_are_none_wherever_a_source_is_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    let record = |ends: [&str; 2], octets: Option<u64>| {
        let mut record = json!({"IPV4_SRC_ADDR": ends[0], "IPV4_DST_ADDR": ends[1], "PROTOCOL": 17,
            "L4_SRC_PORT": 9, "L4_DST_PORT": 9, "FIRST_SWITCHED": 5, "LAST_SWITCHED": 5});
        if let Some(octets) = octets {
            record["IN_BYTES"] = octets.into();
        }
        record
    };
    // the last ones do not fit 32 bits
    let all = [None, Some(0), Some(7), Some(1 << 40)];
    for wide in [false, true] {
        let mut lines = String::new();
        let known = &all[..3 + usize::from(wide)];
        for (place, (first, mate)) in known
            .iter()
            .flat_map(|first| known.iter().map(move |mate| (*first, *mate)))
            .enumerate()
        {
            let hosts = [format!("10.0.0.{place}"), format!("10.0.1.{place}")];
            let [one, other] = [&*hosts[0], &*hosts[1]];
            let flows = [record([one, other], first), record([other, one], mate)];
            let header = json!({"uptime": 9, "timestamp": 1_700_000_000});
            lines += &json!({"1700000000.5": {"header": header, "flows": flows}}).to_string();
            lines += "\n";
        }
        std::fs::write(&path, lines).unwrap();
        let inputs = Inputs::look_at(std::slice::from_ref(&path)).unwrap();
        let table = load(inputs, Pairing::Strict { tolerance: 0 }, 1, |_| true).table;
        let query = Query {
            preset: Preset::Connections,
            filter: parse("src net 10.0.0.0/24").unwrap(),
            threshold: 0,
            sort: Some(Sort::parse("src_addr").unwrap()),
        };
        let context = context(Orient::Bytes);
        let rows = run(&table, &query, &context);
        assert_eq!(rows.ids, naive(&table, &query, &context).0);
        // a connection with as many octets each way has the later flow's source
        let expected = if wide { 5 } else { 2 };
        assert_eq!(rows.ids.len(), expected);
    }
}

/// What comes of a question with a large answer. Its rest is wanted for as long as it
/// has been asked so often.
fn large(questions: usize) -> Vec<Rows> {
    let query = Query {
        preset: Preset::Unmatched,
        filter: parse("any").unwrap(),
        threshold: 0,
        sort: Some(Sort::parse("bytes").unwrap()),
    };
    let (mut answers, mut asked) = (Vec::new(), 0);
    answer(
        table(),
        &query,
        &context(Orient::Bytes),
        &mut Memory::default(),
        |rows| {
            asked += usize::from(rows.is_none());
            answers.extend(rows);
            asked < questions
        },
    );
    answers
}

#[test]
fn the_rest_of_a_large_answer_is_given_up_when_it_is_not_wanted_any_more() {
    let [first, _] = &large(usize::MAX)[..] else {
        panic!("no second answer");
    };
    for questions in 1..5 {
        assert_eq!(large(questions), std::slice::from_ref(first), "{questions}");
    }
}

#[test]
fn a_large_answer_comes_twice_and_begins_alike() {
    let answers = large(usize::MAX);
    let [first, all] = &answers[..] else {
        panic!("{} answers", answers.len());
    };
    assert_eq!(first.shown, all.ids.len() as u64);
    assert!(first.ids.len() < all.ids.len());
    assert_eq!(first.ids[..], all.ids[..first.ids.len()]);
}
