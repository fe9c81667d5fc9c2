//! The fast way down the columns answers as a naive reading of the filter does,
//! one row at a time: networks by their bits as text, times by their ISO text,
//! flags by their letters.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use flowpeek::model::end::End;
use flowpeek::model::protocol::tcp_flags;
use flowpeek::model::time::rfc3339;
use flowpeek::model::value::Value;
use flowpeek::query::facts::{Facts, Orient};
use flowpeek::query::field::Field;
use flowpeek::query::language::expr::{Check, Comparison, Direction, Expr, Net, Subject, Test};
use flowpeek::query::language::parse::parse;
use flowpeek::query::run::Rows;
use flowpeek::query::seek::{SearchRequest, seek};
use flowpeek::table::store::{RowId, Side};
use proptest::prelude::*;

use crate::world::{context, filter, name_of, passing, table};

fn holds(expr: &Expr, facts: &Facts) -> bool {
    match expr {
        Expr::And(terms) => terms.iter().all(|term| holds(term, facts)),
        Expr::Or(terms) => terms.iter().any(|term| holds(term, facts)),
        Expr::Not(inner) => !holds(inner, facts),
        Expr::Test(test) => passes(test, facts),
    }
}

/// The ends meant.
fn ends(direction: Direction, facts: &Facts) -> Vec<End> {
    let client = facts.client().map(|side| match side == facts.source() {
        true => End::Source,
        false => End::Destination,
    });
    match direction {
        Direction::Either => End::BOTH.to_vec(),
        Direction::Src => vec![End::Source],
        Direction::Dst => vec![End::Destination],
        Direction::Client => client.into_iter().collect(),
        Direction::Server => client.map(End::other).into_iter().collect(),
    }
}

fn addresses(direction: Direction, facts: &Facts) -> Vec<IpAddr> {
    let ends = ends(direction, facts).into_iter();
    ends.filter_map(|end| facts.address(end)).collect()
}

fn bits(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("4{:032b}", address.to_bits()),
        IpAddr::V6(address) => format!("6{:0128b}", address.to_bits()),
    }
}

fn within(net: &Net, address: IpAddr) -> bool {
    bits(address).starts_with(&bits(net.address)[..=usize::from(net.length)])
}

fn passes(test: &Test, facts: &Facts) -> bool {
    let service = facts.service().to_lowercase();
    match test {
        Test::Any => true,
        Test::Number(place, check) => {
            let values: Vec<Value> = match place {
                Subject::Field(field) => vec![field.value(facts)],
                Subject::Ends {
                    src,
                    dst,
                    direction,
                } => ends(*direction, facts)
                    .into_iter()
                    .map(|end| match end {
                        End::Source => src.value(facts),
                        End::Destination => dst.value(facts),
                    })
                    .collect(),
            };
            values
                .iter()
                .any(|value| checks(check, place.field(), value))
        }
        Test::Address(direction, nets) => addresses(*direction, facts)
            .iter()
            .any(|address| nets.iter().any(|net| within(net, *address))),
        Test::Name {
            direction,
            whole,
            text,
        } => addresses(*direction, facts)
            .into_iter()
            .filter_map(name_of)
            .any(|name| {
                let (name, text) = (name.to_lowercase(), text.to_lowercase());
                if *whole {
                    name == text
                } else {
                    name.contains(&text)
                }
            }),
        Test::Protocol(numbers) => numbers.iter().any(|n| facts.row.protocol() == Some(*n)),
        Test::Service(names) => names.iter().any(|name| {
            let port = facts.server_port().map(|port| port.to_string());
            service == name.to_lowercase() || port.as_deref() == Some(name)
        }),
        Test::V6(v6) => facts.address(End::Source).unwrap().is_ipv6() == *v6,
        Test::Matched => facts.row.elapsed(Side::Mate).is_some() || facts.row.is_connection(),
        Test::Ambiguous => facts
            .row
            .evidence()
            .is_some_and(|it| it.name() == "ambiguous"),
        Test::Duplicate => {
            let sides = [Side::First, Side::Mate].into_iter();
            let mut there = sides.filter(|&side| facts.row.start(side).is_some());
            there.all(|side| facts.row.repeats(side).is_some())
        }
        Test::Exporter(nets) => {
            let address = facts.row.exporter().and_then(|name| name.parse().ok());
            address.is_some_and(|address| nets.iter().any(|net| within(net, address)))
        }
        Test::Reason(reasons) => reasons
            .iter()
            .any(|reason| facts.row.reason() == Some(*reason)),
        Test::Word(place, text) => match place.field().value(facts) {
            Value::Text(value) => {
                let (value, text) = (value.to_lowercase(), text.to_lowercase());
                let is_path = place.field().name == "file";
                value == text || is_path && value.ends_with(&format!("/{text}"))
            }
            _ => text.is_empty(),
        },
        Test::Text(text) => {
            shown(facts)
                .iter()
                .any(|word| word.contains(&text.to_lowercase()))
                || facts
                    .row
                    .ends(Side::First)
                    .iter()
                    .any(|end| end.port.is_some_and(|port| port.to_string() == *text))
        }
    }
}

/// Every text of a row.
fn shown(facts: &Facts) -> Vec<String> {
    let mut words = vec![
        facts.service().to_lowercase(),
        facts.protocol_name().to_lowercase(),
    ];
    words.extend(facts.row.exporter().map(str::to_lowercase));
    words.extend(facts.row.reason().map(|reason| reason.name().to_owned()));
    for address in addresses(Direction::Either, facts) {
        words.push(address.to_string());
        words.extend(name_of(address).map(|name| name.to_lowercase()));
    }
    words
}

fn checks(check: &Check, field: &Field, value: &Value) -> bool {
    let number = match value {
        Value::Number(number) => *number,
        Value::Seconds(seconds) => (seconds * 1000.0).floor() as i128,
        _ => return false,
    };
    match check {
        Check::Compare(Comparison::Equal, wanted) => number == *wanted,
        Check::Compare(Comparison::Greater, wanted) => number > *wanted,
        Check::Compare(Comparison::AtLeast, wanted) => number >= *wanted,
        Check::Compare(Comparison::Less, wanted) => number < *wanted,
        Check::Compare(Comparison::AtMost, wanted) => number <= *wanted,
        Check::Among(numbers) => numbers.contains(&number),
        Check::Bits { mask, set } => {
            let letters = |bits: u64| tcp_flags(bits).replace('.', "");
            let shown = tcp_flags(u64::try_from(number).unwrap() & 0xff);
            let has = |letter: char| shown.contains(letter);
            letters(*set).chars().all(has) && !letters(mask & !set).chars().any(has)
        }
        Check::Moment(comparison, moment) => {
            let written = moment.to_string();
            let (then, prefix) = match written.strip_prefix('-') {
                Some(age) => {
                    let age: i128 = age.trim_end_matches("ms").parse().unwrap();
                    (
                        format!("{number:020}"),
                        format!("{:020}", newest(field.name) - age),
                    )
                }
                None => (rfc3339(number as i64), written),
            };
            let (within, before) = (then.starts_with(&prefix), then < prefix);
            match comparison {
                Comparison::Equal => within,
                Comparison::Greater => !within && !before,
                Comparison::AtLeast => !before,
                Comparison::Less => before,
                Comparison::AtMost => within || before,
            }
        }
    }
}

/// The newest of all flows' starts, ends or packets' times.
fn newest(name: &str) -> i128 {
    static NEWEST: std::sync::OnceLock<[i64; 3]> = std::sync::OnceLock::new();
    let all = NEWEST.get_or_init(|| {
        let mut newest = [i64::MIN; 3];
        for row in table().rows() {
            for side in [Side::First, Side::Mate] {
                let Some(start) = row.start(side) else {
                    continue;
                };
                newest[0] = newest[0].max(start.absolute);
                if let Some(elapsed) = row.elapsed(side) {
                    newest[1] = newest[1].max(start.absolute + elapsed.max(0));
                }
                let (packet, _) = row.record(side).unwrap();
                newest[2] = newest[2].max((packet.received * 1000.0).floor() as i64);
            }
        }
        newest
    });
    let place = ["start", "end", "received"]
        .iter()
        .position(|it| *it == name);
    all[place.unwrap()].into()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn fast_and_naive_agree_and_a_negation_is_the_rest(text in filter(), client: bool) {
        let orient = if client { Orient::Client } else { Orient::Bytes };
        let expr = parse(&text).expect(&text);
        let rows = passing(&expr, orient);
        let context = context(orient);
        let naive: Vec<RowId> = table()
            .rows()
            .filter(|&row| holds(&expr, &Facts { row, context: &context }))
            .map(|row| row.id)
            .collect();
        prop_assert!(rows == naive, "{}: {} rows, naively {}", text, rows.len(), naive.len());
        let mut all = passing(&parse(&format!("not ({text})")).unwrap(), orient);
        let rest = all.len();
        all.extend(rows.iter());
        all.sort_unstable();
        all.dedup();
        prop_assert_eq!((all.len(), rest + rows.len()), (table().len() as usize, table().len() as usize));
    }
}

/// The row that looking for a filter finds.
fn sought(
    expr: &Expr,
    orient: Orient,
    (from, forward, nth): (usize, bool, usize),
) -> Option<RowId> {
    let rows = Rows {
        ids: (0..table().len()).collect(),
        ..Rows::default()
    };
    let found = seek(&SearchRequest {
        number: 1,
        expr: expr.clone(),
        rows: Arc::new(rows),
        from,
        forward,
        nth,
        table: table().clone(),
        context: context(orient),
    });
    found.row
}

/// A search looks at one row after the other, a filter at columns.
fn assert_found(text: &str, orient: Orient, (from, nth): (usize, usize)) {
    let expr = parse(text).expect(text);
    let rows = passing(&expr, orient);
    let (before, after): (Vec<RowId>, Vec<RowId>) =
        rows.iter().partition(|&&row| (row as usize) < from);
    let after: Vec<RowId> = after
        .into_iter()
        .filter(|&row| row as usize > from)
        .collect();
    let forward = after.iter().take(nth).next_back().copied();
    let back = before.iter().rev().take(nth).next_back().copied();
    assert_eq!(sought(&expr, orient, (from, true, nth)), forward, "{text}");
    assert_eq!(sought(&expr, orient, (from, false, nth)), back, "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_search_finds_what_a_filter_shows(
        text in filter(), client: bool, from in 0..table().len() as usize, nth in 1usize..400,
    ) {
        let orient = if client { Orient::Client } else { Orient::Bytes };
        assert_found(&text, orient, (from, nth));
    }
}

/// What is seldom made by chance: the ends of roles, and rows that have no ports.
#[test]
fn a_search_knows_servers_and_services() {
    let context = context(Orient::Bytes);
    let facts = |row| Facts {
        row,
        context: &context,
    };
    let without = table().rows().map(facts);
    let without = without.filter(|facts| facts.server_port().is_none());
    let services: BTreeSet<String> = without
        .map(|facts| format!("service = \"{}\"", facts.service()))
        .collect();
    assert!(services.len() > 1, "{services:?}");
    let others = [
        "server port < 1024",
        "client port < 1024",
        "server bytes > 1000",
        "service https",
        "not service https",
    ];
    for text in services.iter().map(String::as_str).chain(others) {
        let rows = passing(&parse(text).expect(text), Orient::Bytes);
        assert!(!rows.is_empty(), "{text}");
        for orient in [Orient::Bytes, Orient::Client] {
            for (from, nth) in [(0, 1), (0, 40), (700, 7), (table().len() as usize, 1000)] {
                assert_found(text, orient, (from, nth));
            }
        }
    }
}

#[test]
fn every_kind_of_test_holds_for_some_rows_and_not_for_others() {
    for filter in [
        "flags S and not flags A",
        "flags S/SA",
        "flags = 2",
        "mask 24",
        "if > 0",
        "tos > 0",
        "name ~ host1",
        "name = host1.example.org",
        "host host1.example.org",
        "server name ~ example",
        "start > -15m",
        "end > -1h",
        "received > -1m",
        "icmp-type 8",
        "src and dst port > 1023",
        "client 10.0.0.0/8",
        "match = exact",
        "client = src",
        "version 10",
        "src mask > 0 and dst mask > 0",
        "bps > 1M",
        "pps < 10",
        "bpp > 500",
        "reason in [scan, near miss]",
        "proto in [icmp, 47]",
        "as > 0",
    ] {
        let rows = passing(&parse(filter).expect(filter), Orient::Bytes).len();
        assert!(
            0 < rows && rows < table().len() as usize,
            "{filter}: {rows}"
        );
    }
}
