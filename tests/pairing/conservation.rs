//! Contract of the table: every flow stands in exactly one row, so sums over the rows are sums over the input.

use crate::flow;
use crate::made;
use crate::record;
use crate::support;

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

/// Each case runs the program once.
const CASES: u32 = 48;
const GENERATED_FLOWS: &str = "20000";

/// What is summed over the input, the rows and the summary.
#[derive(Debug, Default, PartialEq, Clone, Copy)]
struct Sums {
    flows: u64,
    bytes: u64,
    packets: u64,
}

impl Sums {
    fn add(&mut self, flows: u64, bytes: &Value, packets: &Value) {
        self.flows += flows;
        self.bytes += bytes.as_u64().expect("bytes are known");
        self.packets += packets.as_u64().expect("packets are known");
    }

    fn of_summary(summary: &Value) -> Self {
        let mut sums = Self::default();
        sums.add(
            summary["flows"].as_u64().unwrap(),
            &summary["bytes"],
            &summary["packets"],
        );
        sums
    }

    fn of_rows(document: &Value) -> Self {
        let mut sums = Self::default();
        for (rows, flows) in [("connections", 2), ("unmatched", 1)] {
            let rows = document[rows].as_array().expect("a list of rows");
            rows.iter()
                .for_each(|row| sums.add(flows, &row["bytes"], &row["packets"]));
        }
        sums
    }
}

fn document(path: &Path, tolerance: &str) -> Value {
    let path = path.to_str().unwrap();
    let run = support::flowpeek(&[
        "report",
        "-n",
        "-p",
        "0",
        "--format",
        "json",
        "--tolerance",
        tolerance,
        path,
    ]);
    assert_eq!(run.status, Some(0), "{}", run.errors());
    serde_json::from_slice(&run.stdout).expect("the report is JSON")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_made_export_loses_or_doubles_a_flow(
        packets in prop::collection::vec(made::packet(), 0..12),
        repeated in any::<bool>(),
        compressed in any::<bool>(),
        tolerance in prop::sample::select(vec!["0", "1ms", "1s", "1h"]),
    ) {
        let mut packets = packets;
        if repeated {
            packets.extend(packets.clone());
        }
        let mut input = Sums::default();
        for flow in packets.iter().flat_map(|packet| &packet.flows) {
            input.add(1, &json!(flow.bytes), &json!(flow.packets));
        }
        let lines: Vec<String> = packets.iter().map(made::Packet::line).chain(["\n".to_owned()]).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made");
        fs::write(&path, if compressed { made::members(&lines) } else { lines.concat().into_bytes() }).unwrap();
        let document = document(&path, tolerance);
        prop_assert_eq!(Sums::of_summary(&document["summary"]), input, "the summary");
        prop_assert_eq!(Sums::of_rows(&document), input, "the rows");
    }
}

#[test]
fn rows_of_real_exports_add_up() {
    let Some(folder) = support::exports() else {
        return;
    };
    let mut wrong = Vec::new();
    for name in support::json(&folder.join("stats.json"))
        .as_object()
        .unwrap()
        .keys()
    {
        let path = folder.join(name);
        let mut input = Sums::default();
        for flow in flow::flows(&record::packets(&support::inflated(&path))) {
            input.add(
                1,
                &json!(flow.bytes.unwrap_or(0)),
                &json!(flow.packets.unwrap_or(0)),
            );
        }
        let document = document(&path, "1s");
        let (summary, rows) = (
            Sums::of_summary(&document["summary"]),
            Sums::of_rows(&document),
        );
        if rows != input || summary != input {
            wrong.push(format!(
                "{name}: input {input:?}, rows {rows:?}, summary {summary:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The truth that the generator prints, or `None` (and why) where it cannot run.
#[test]
fn a_summary_spans_the_times_of_its_rows_with_headers_or_without() {
    let Some(folder) = support::exports() else {
        return;
    };
    for name in [
        "old-0.7.1-v9-dict.json",
        "old-0.8.0-v5-dict.json",
        "old-0.8.1-v9-noheader.gz",
        "softflowd-v9-mixed.gz",
        "pmacctd-v5.gz",
    ] {
        let document = document(&folder.join(name), "1s");
        let rows = ["connections", "unmatched"].map(|rows| document[rows].as_array().unwrap());
        let rows = || rows.iter().copied().flatten();
        let times = |key: &'static str| rows().filter_map(move |row| row[key].as_str());
        let summary = &document["summary"];
        assert_eq!(summary["first"].as_str(), times("start").min(), "{name}");
        assert_eq!(summary["last"].as_str(), times("end").max(), "{name}");
        assert!(summary["first"].is_string(), "{name}");
    }
}

#[test]
fn generated_exports_hold_their_truth() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("made.gz");
    for args in [
        &["--seed", "1"][..],
        &["--seed", "2", "--version", "5", "--exporters", "3"],
        &["--seed", "3", "--version", "10", "--exporters", "2"],
        &[
            "--seed",
            "4",
            "--wrap",
            "--icmp",
            "ports",
            "--single-member",
        ],
        &[
            "--seed", "5", "--bursts", "60", "--split", "40", "--scans", "80", "--plain",
        ],
    ] {
        let args = [&["--flows", GENERATED_FLOWS], args].concat();
        let Some(truth) = support::generated(&out, &args) else {
            return;
        };
        let summary = support::summary("0", &out);
        for key in [
            "lines",
            "flows",
            "connections",
            "unmatched",
            "bytes",
            "packets",
            "exporters",
        ] {
            assert_eq!(summary[key], truth[key], "{key} of make_export.py {args:?}");
        }
        assert_eq!(
            summary["skipped_records"], truth["option_records"],
            "{args:?}"
        );
    }
}
