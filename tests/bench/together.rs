//! Groups and timelines of a whole table; beside them DuckDB's GROUP BY on the
//! same rows and nfdump's statistics, asked twice, of which the warm answer counts;
//! and nfdump's pairing beside loading, though it reads binary records. What DuckDB
//! says must be the same.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use flowpeek::load::Snapshot;
use flowpeek::model::time::Zone;
use flowpeek::names::services::Services;
use flowpeek::query::facts::{Context, Orient};
use flowpeek::query::group::by::By;
use flowpeek::query::group::measure::{BYTES, Order};
use flowpeek::query::group::{GroupQuery, first, groups};
use flowpeek::query::language::expr::{Expr, Test};
use flowpeek::query::run::{Preset, Query};
use flowpeek::query::stack::stack;
use flowpeek::query::time::bins::Bins;
use flowpeek::query::time::timeline::{Amount, TimeQuery, timeline};
use flowpeek::query::time::times::span;

use super::duckdb::Answers;
use super::{is_given, loaded, median, option, print};

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
    };
    let all = span(table, &rows, &context).unwrap();
    let bins = Bins::within(&all, 200, &context.zone);
    let theirs = Answers::ask(table, &context, bins.step).unwrap_or_else(|| {
        println!("the PyPI package duckdb is not installed: not compared");
        Answers::default()
    });
    let nfdump = nfdump(file);
    if let Some(&reference) = nfdump.get("pairing") {
        let time = median(|| drop(loaded(file, None)));
        print("load and pair", time, Some(("nfdump -b (IPv4)", reference)));
    }
    println!(
        "\ngroups of {} rows: the first 1000, then with peers and cumulative shares",
        table.len()
    );
    for name in GROUPINGS.into_iter().filter(|name| is_asked(name)) {
        let query = GroupQuery {
            rows: rows.clone(),
            by: By::parse_some(name).unwrap(),
            order: Order::by(BYTES),
            limit: 1000,
        };
        let whole = groups(table, &query, &context);
        theirs.check_groups(name, &whole);
        let time = median(|| drop(first(table, &query, &context)));
        let count = whole.count.unwrap();
        print(
            &format!("{name}: {count} groups"),
            time,
            theirs.time("group", name),
        );
        if let Some(reference) = theirs.time("text of", name) {
            print("  beside it where hosts are texts", time, Some(reference));
        }
        if let Some(&reference) = nfdump.get(name) {
            print("  beside nfdump", time, Some(("nfdump", reference)));
        }
        let time = median(|| drop(groups(table, &query, &context)));
        print(
            "  all that is told of them",
            time,
            theirs.time("all of", name),
        );
    }
    if !is_asked("timeline") {
        return;
    }
    println!();
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
            bins,
        };
        let reference = (amount == Amount::Bytes).then(|| {
            theirs.check_timeline(&timeline(table, &query, &context));
            theirs.time("group", "timeline")
        });
        let time = median(|| drop(timeline(table, &query, &context)));
        print(
            &format!("timeline of {}", amount.name()),
            time,
            reference.flatten(),
        );
    }
    let query = TimeQuery {
        rows,
        amount: Amount::Bytes,
        bins,
    };
    for name in ["protocol", "host", "src_addr,service"] {
        let by = By::parse_some(name).unwrap();
        let time = median(|| drop(stack(table, &query, &by, 5, &context)));
        print(&format!("the same by five of {name}"), time, None);
    }
}

/// Whether a grouping is asked for: `--only NAME` leaves out all others.
fn is_asked(name: &str) -> bool {
    option("--only").is_none_or(|only| only == name)
}

/// Milliseconds of nfdump's answers, by grouping; it reads its own file for each.
fn nfdump(file: &Path) -> HashMap<String, Duration> {
    let Some(answer) = asked("in_nfdump.py", file, &[]) else {
        println!("nfdump and nfcapd are not installed, or the export is no gzip: not compared");
        return HashMap::new();
    };
    let notes = answer.lines().filter_map(|line| line.strip_prefix("note "));
    notes.for_each(|note| println!("in_nfdump.py: {note}"));
    let groups = answer
        .lines()
        .filter_map(|line| line.strip_prefix("group "));
    groups.filter_map(timed).collect()
}

/// A name, and the milliseconds behind it.
pub fn timed(line: &str) -> Option<(String, Duration)> {
    let (name, time) = line.rsplit_once(' ')?;
    let time = Duration::from_secs_f64(time.parse::<f64>().ok()? / 1e3);
    Some((name.to_owned(), time))
}

/// What one of the scripts beside this says of a file.
pub fn asked(script: &str, file: &Path, args: &[String]) -> Option<String> {
    if is_given("--bare") {
        return Some(String::new());
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench");
    let mut command = Command::new("python3");
    let command = command.arg(folder.join(script)).arg(file).args(args);
    let output = command.output().ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    output.status.success().then_some(text)
}
