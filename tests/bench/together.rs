//! Groups and timelines of a whole table; beside them DuckDB's GROUP BY on the
//! same flows, asked twice, of which the warm answer counts.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use flowpeek::load::Snapshot;
use flowpeek::model::time::Zone;
use flowpeek::names::services::Services;
use flowpeek::query::bins::Bins;
use flowpeek::query::by::By;
use flowpeek::query::expr::{Expr, Test};
use flowpeek::query::facts::{Context, Orient};
use flowpeek::query::group::{GroupQuery, groups};
use flowpeek::query::measure::{BYTES, Order};
use flowpeek::query::run::{Preset, Query};
use flowpeek::query::stack::stack;
use flowpeek::query::timeline::{Amount, TimeQuery, timeline};
use flowpeek::query::times::span;

use super::{median, print};

const GROUPINGS: [&str; 12] = [
    "host",
    "src_addr",
    "pair",
    "net/24",
    "src_net/24",
    "service",
    "dst_port",
    "protocol",
    "hour",
    "client",
    "src_addr,service",
    "src_as",
];

/// Groups and timelines of the connections of an export.
pub fn bench(file: &Path, snapshot: &Snapshot) {
    let context = Context::new(Arc::new(Services::system()), Zone::utc(), Orient::Bytes);
    let table = &snapshot.table;
    let rows = Query {
        preset: Preset::Connections,
        filter: Expr::Test(Test::Any),
        threshold: 0,
        sort: None,
        orient: Orient::Bytes,
    };
    let theirs = duckdb(file);
    println!(
        "\ngroups of {} rows: the first 1000, then with peers and cumulative shares",
        table.len()
    );
    for name in GROUPINGS {
        let ask = |details| GroupQuery {
            rows: rows.clone(),
            by: By::parse_some(name).unwrap(),
            order: Order::by(BYTES),
            limit: 1000,
            details,
        };
        let count = groups(table, &ask(false), &context).count;
        let time = median(|| drop(groups(table, &ask(false), &context)));
        let reference = theirs.get(name).map(|time| ("DuckDB, warm", *time));
        print(&format!("{name}: {count} groups"), time, reference);
        let time = median(|| drop(groups(table, &ask(true), &context)));
        print("  with details", time, None);
    }
    println!();
    let all = span(table, &rows, &context).unwrap();
    print(
        "the time that rows span",
        median(|| {
            std::hint::black_box(span(table, &rows, &context));
        }),
        None,
    );
    for amount in Amount::ALL {
        let query = TimeQuery {
            rows: rows.clone(),
            amount,
            bins: Bins::within(&all, 200, &context.zone),
        };
        let time = median(|| drop(timeline(table, &query, &context)));
        let reference = theirs.get("timeline").filter(|_| amount == Amount::Bytes);
        print(
            &format!("timeline of {}", amount.name()),
            time,
            reference.map(|time| ("DuckDB, warm", *time)),
        );
    }
    let query = TimeQuery {
        rows,
        amount: Amount::Bytes,
        bins: Bins::within(&all, 200, &context.zone),
    };
    for name in ["protocol", "host", "src_addr,service"] {
        let by = By::parse_some(name).unwrap();
        let time = median(|| drop(stack(table, &query, &by, 5, &context)));
        print(&format!("the same by five of {name}"), time, None);
    }
}

/// Milliseconds of DuckDB's warm answers, by grouping.
fn duckdb(file: &Path) -> HashMap<String, Duration> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/in_duckdb.py");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut command = Command::new("python3");
    let output = command
        .arg(script)
        .arg(file)
        .arg(threads.to_string())
        .arg("groups")
        .output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        println!("the PyPI package duckdb is not installed: not compared");
        return HashMap::new();
    };
    let text = String::from_utf8(output.stdout).unwrap();
    let timed = |line: &str| {
        let (name, time) = line.strip_prefix("group ")?.rsplit_once(' ')?;
        Some((
            name.to_owned(),
            Duration::from_secs_f64(time.parse::<f64>().ok()? / 1e3),
        ))
    };
    text.lines().filter_map(timed).collect()
}
