//! The connections of every real export are those of strict pairing.

use crate::flow;
use crate::made;
use crate::oracle;
use crate::record;
use crate::services;
use crate::support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use flowpeek::load::{Inputs, load};
use flowpeek::table::build::Pairing;
use flowpeek::table::store::{Side, Table};
use flowpeek::table::verdict::Reason;
use proptest::prelude::*;
use services::Services;

const TOLERANCES: [(&str, i64); 2] = [("0", 0), ("1s", 1000)];
/// Flows of one key.
const MANY: u32 = 4000;
/// Made exports; each runs the program once.
const CASES: u32 = 64;
/// How many lines of each difference are shown.
const SHOWN: usize = 3;

/// The export files and what is known of each.
fn files(folder: &Path) -> Vec<(String, serde_json::Value)> {
    let stats = support::json(&folder.join("stats.json"));
    let stats = stats.as_object().expect("stats.json is an object").clone();
    assert!(!stats.is_empty());
    stats.into_iter().collect()
}

#[test]
fn connections_are_those_of_strict_pairing() {
    let Some(folder) = support::exports() else {
        return;
    };
    let services = Services::load();
    let mut differences = String::new();
    for (name, _) in files(&folder) {
        let path = folder.join(&name);
        let flows = flow::flows(&record::packets(&support::inflated(&path)));
        for (tolerance, ms) in TOLERANCES {
            let printed = printed(&path, tolerance);
            let expected = oracle::connections(&flows, ms, &services);
            let title = format!("{name} with --tolerance {tolerance}");
            differences += &difference(&title, expected, printed);
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

fn printed(path: &Path, tolerance: &str) -> Vec<String> {
    let run = support::report("connections", tolerance, path);
    assert_eq!(run.status, Some(0), "{}: {}", path.display(), run.errors());
    run.text().lines().map(oracle::printed).collect()
}

/// What one multiset has more of than the other; nothing when they are equal.
fn difference(title: &str, expected: Vec<String>, printed: Vec<String>) -> String {
    let mut balance = BTreeMap::new();
    for (lines, sign) in [(expected, 1), (printed, -1)] {
        for line in lines {
            *balance.entry(line).or_insert(0) += sign;
        }
    }
    let mut text = String::new();
    for (what, sign) in [("missing", 1), ("not expected", -1)] {
        let lines: Vec<_> = balance
            .iter()
            .filter(|(_, count)| *count * sign > 0)
            .collect();
        if !lines.is_empty() {
            text += &format!("{title}: {} {what}, such as\n", lines.len());
            text.extend(
                lines
                    .iter()
                    .take(SHOWN)
                    .map(|(line, _)| format!("  {line}\n")),
            );
        }
    }
    text
}

#[test]
fn counts_are_those_of_the_exports_own_statistics() {
    let Some(folder) = support::exports() else {
        return;
    };
    let mut wrong = Vec::new();
    for (name, known) in files(&folder) {
        let summary = support::summary("0", &folder.join(&name));
        let count = |key: &str| {
            summary[key]
                .as_u64()
                .unwrap_or_else(|| panic!("{name}: {key} in {summary}"))
        };
        let expected = |key: &str| known[key].as_u64().expect("the statistics count");
        for (what, count, expected) in [
            ("lines", count("lines"), expected("lines")),
            (
                "connections",
                count("connections"),
                expected("connections_strict_same_exporter"),
            ),
            (
                "flows and skipped records",
                count("flows") + count("skipped_records"),
                expected("flows"),
            ),
            (
                "flows in rows",
                count("connections") * 2 + count("unmatched"),
                count("flows"),
            ),
        ] {
            if count != expected {
                wrong.push(format!("{name}: {count} {what}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_oracle_agrees_with_the_exports_own_statistics() {
    let Some(folder) = support::exports() else {
        return;
    };
    let services = Services::load();
    for (name, known) in files(&folder) {
        let flows = flow::flows(&record::packets(&support::inflated(&folder.join(&name))));
        let connections = oracle::connections(&flows, 0, &services).len();
        assert_eq!(
            known["connections_strict_same_exporter"], connections,
            "{name}"
        );
    }
}

/// All questions of two hosts come before all answers, as from a device that keeps the directions apart.
#[test]
fn however_many_flows_wait_each_is_found_by_its_answer() {
    let flow = |hosts, first| made::Flow {
        hosts,
        ports: (123, 123),
        protocol: 17,
        first,
        lasts: 0,
        bytes: 1,
        packets: 1,
    };
    let packet = |hosts| {
        let flows = (0..MANY).map(|first| flow(hosts, first)).collect();
        made::Packet {
            version: 9,
            exporter: 1,
            second: 0,
            flows,
        }
    };
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, packet((1, 2)).line() + &packet((2, 1)).line()).unwrap();
    assert_eq!(support::summary("0", file.path())["connections"], MANY);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    // Real exports hardly ever have two candidates for one flow; these do.
    #[test]
    fn made_exports_are_paired_strictly(
        packets in prop::collection::vec(made::packet(), 0..12),
        (tolerance, ms) in prop::sample::select(vec![("0", 0), ("1ms", 1), ("1s", 1000), ("1h", 3_600_000)]),
    ) {
        let lines: Vec<String> = packets.iter().map(made::Packet::line).chain(["\n".to_owned()]).collect();
        let text = lines.concat();
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, made::members(&lines)).unwrap();
        let expected = oracle::connections(&flow::flows(&record::packets(&text)), ms, &Services::load());
        let difference = difference(tolerance, expected, printed(file.path(), tolerance));
        prop_assert!(difference.is_empty(), "{difference}\n{text}");
    }
}

fn table(pairing: Pairing, lines: &[serde_json::Value]) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    fs::write(&path, lines.join("\n")).unwrap();
    load(Inputs::look_at(&[path]).unwrap(), pairing, 1, |_| true).table
}

/// An address of zeros is one like any other, also in the very first flow.
#[test]
fn flows_between_addresses_of_zeros_have_them() {
    let record = serde_json::json!({"IPV4_SRC_ADDR": "0.0.0.0", "IPV4_DST_ADDR": "0.0.0.0",
        "IN_BYTES": 40, "PROTOCOL": 6});
    let line = serde_json::json!({"1.5": {"flows": [record]}});
    let table = table(Pairing::Strict { tolerance: 0 }, &[line]);
    let row = table.row(0);
    let addresses = row.ends(Side::First).map(|end| row.address(end));
    assert_eq!(addresses, ["0.0.0.0"; 2].map(|zeros| zeros.parse().ok()));
}

/// What the collector read past the end of a set, in a packet that another replaced, the
/// analyzer never saw: it is left out. Flows there are overwritten.
#[test]
fn of_a_replaced_packet_flows_are_overwritten_and_what_is_none_is_left_out() {
    let record = |version: u8, port: u16| {
        serde_json::json!({"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2", "IN_BYTES": 40,
            "PROTOCOL": 6, "L4_SRC_PORT": port, "IP_PROTOCOL_VERSION": version,
            "FIRST_SWITCHED": port, "LAST_SWITCHED": port})
    };
    let packet = |flows: &[serde_json::Value]| {
        let header = serde_json::json!({"version": 9, "count": 1});
        serde_json::json!({"1.5": {"header": header, "flows": flows}})
    };
    let lines = [
        packet(&[record(4, 1), record(9, 2), record(0, 3)]),
        packet(&[record(4, 4)]),
    ];
    let table = table(Pairing::Analyzer(Default::default()), &lines);
    assert_eq!(table.totals().left_out, 2);
    let rows = table
        .rows()
        .map(|row| (row.ends(Side::First)[0].port, row.reason()));
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows[0].0, Some(4));
    assert_eq!(rows[1..], [(Some(1), Some(Reason::Overwritten))]);
}
