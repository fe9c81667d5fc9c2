//! `report --top` and `--timeline`: what they print in each format, and what
//! they say to a wrong command line.

use crate::support;

use std::collections::HashSet;
use std::time::Duration;

use serde_json::{Value, json};
use support::{Run, flowpeek};

const SAMPLE: &str = "assets/sample.gz";

fn report(args: &[&str]) -> Run {
    flowpeek(&[&["report", "-n", "--utc"], args, &[SAMPLE]].concat())
}

#[test]
fn top_in_every_format_says_the_same() {
    let top = [
        "--top",
        "src_addr,service",
        "--limit",
        "7",
        "--sort",
        "packets",
        "--filter",
        "proto tcp",
    ];
    let with = |format: &str| report(&[&top[..], &["--format", format]].concat());
    let lines = with("ndjson").objects();
    assert_eq!(lines.len(), 7);
    let document: Value = serde_json::from_slice(&with("json").stdout).unwrap();
    assert_eq!(document["groups"], Value::Array(lines.clone()));
    assert_eq!(document["by"], "src_addr,service");
    let csv = with("csv");
    let mut rows = csv
        .text()
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>());
    let names = rows.next().unwrap();
    let rows: Vec<Vec<&str>> = rows.collect();
    assert_eq!(rows.len(), 7);
    for (object, row) in lines.iter().zip(&rows) {
        assert_eq!(object.as_object().unwrap().len(), names.len());
        for (name, cell) in names.iter().zip(row) {
            let plain = match &object[name] {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                // 8.80 is 8.8 for whoever reads numbers
                Value::Number(number) if cell.contains('.') => {
                    assert_eq!(number.as_f64(), cell.parse().ok());
                    continue;
                }
                value => value.to_string(),
            };
            assert_eq!(&plain, cell, "{name}");
        }
    }
    let text = with("analyzer");
    let heads: Vec<&str> = text
        .text()
        .lines()
        .nth(1)
        .unwrap()
        .split_whitespace()
        .collect();
    assert_eq!(heads[..5], ["Src", "Host", "Service", "Conns", "Flows"]);
    for (line, object) in text.text().lines().skip(2).zip(&lines) {
        let begin = [&object["src_addr"], &object["service"]].map(|value| value.as_str().unwrap());
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words[..2], begin, "{line}");
    }
    let packets: Vec<u64> = lines
        .iter()
        .map(|object| object["packets"].as_u64().unwrap())
        .collect();
    assert!(packets.is_sorted_by(|a, b| a >= b), "{packets:?}");
}

/// A lone flow, and two connections of which the second has more octets.
#[test]
fn a_group_is_told_with_all_its_measures() {
    let record = |ends: [&str; 2],
                  protocol: u8,
                  ports: [u16; 2],
                  counts: [u32; 2],
                  first: u32,
                  last: u32| {
        serde_json::json!({"IPV4_SRC_ADDR": ends[0], "IPV4_DST_ADDR": ends[1], "PROTOCOL": protocol,
            "L4_SRC_PORT": ports[0], "L4_DST_PORT": ports[1], "IN_BYTES": counts[0],
            "IN_PKTS": counts[1], "FIRST_SWITCHED": first, "LAST_SWITCHED": last})
    };
    let ends = |one, other| [format!("10.0.0.{one}"), format!("10.0.0.{other}")];
    let (there, back, two, owt) = (ends(7, 6), ends(6, 7), ends(8, 9), ends(9, 8));
    fn words(ends: &[String; 2]) -> [&str; 2] {
        ends.each_ref().map(String::as_str)
    }
    let flows = [
        record(["10.0.0.1", "10.0.0.2"], 6, [1, 2], [9, 9], 1, 2),
        record(words(&there), 17, [5001, 53], [300, 3], 20_000, 20_500),
        record(words(&back), 17, [53, 5001], [700, 4], 20_000, 21_000),
        record(words(&two), 253, [0, 0], [2000, 2], 10_000, 12_000),
        record(words(&owt), 253, [0, 0], [1000, 1], 10_000, 12_000),
    ];
    let header = serde_json::json!({"version": 9, "timestamp": 1_700_000_000, "uptime": 100_000});
    let packet = serde_json::json!({"client": ["192.0.2.1", 9], "header": header, "flows": flows});
    let line = serde_json::json!({"1700000000.5": packet}).to_string();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, line.as_bytes()).unwrap();
    let path = file.path().to_str().unwrap();
    for (by, groups) in [
        ("pair", ["10.0.0.8 <-> 10.0.0.9", "10.0.0.7 <-> 10.0.0.6"]),
        ("service", ["253", "domain"]),
    ] {
        let run = flowpeek(&[
            "report", "-n", "--utc", "-p", "0", "--top", by, "--format", "csv", path,
        ]);
        let expected = format!(
            "{by},connections,flows,bytes,share,cumulative,sent,received,packets,bps,peers,first,last\n\
            {},1,2,3000,75.00,75.00,2000,1000,3,12000,2,2023-11-14T22:11:50.000Z,2023-11-14T22:11:52.000Z\n\
            {},1,2,1000,25.00,100.00,700,300,7,8000,2,2023-11-14T22:12:00.000Z,2023-11-14T22:12:01.000Z\n",
            groups[0], groups[1]
        );
        assert_eq!(run.text().replace('\r', ""), expected);
    }
}

#[test]
fn ten_groups_unless_told_otherwise_and_sums_of_all() {
    assert_eq!(
        report(&["--top", "host", "--format", "ndjson"])
            .objects()
            .len(),
        10
    );
    let all = report(&[
        "--top", "pair", "--limit", "100000", "--format", "ndjson", "-p", "0",
    ])
    .objects();
    let summary = report(&["--show", "summary", "--format", "ndjson", "-p", "0"])
        .objects()
        .remove(0);
    let sum = |name: &str| {
        all.iter()
            .map(|group| group[name].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!(summary["connections"].as_u64(), Some(sum("connections")));
    let lone = report(&[
        "--top",
        "pair",
        "--limit",
        "100000",
        "--format",
        "ndjson",
        "-p",
        "0",
        "--show",
        "unmatched",
    ])
    .objects();
    let lone = |name: &str| {
        lone.iter()
            .map(|group| group[name].as_u64().unwrap())
            .sum::<u64>()
    };
    for name in ["flows", "bytes", "packets"] {
        assert_eq!(
            summary[name].as_u64(),
            Some(sum(name) + lone(name)),
            "{name}"
        );
    }
}

#[test]
fn a_timeline_has_every_step_and_adds_up() {
    let steps = report(&["--timeline", "5m", "--format", "ndjson"]).objects();
    let total = report(&["--top", "day", "--format", "ndjson"]).objects();
    for name in ["connections", "packets", "bytes", "sent", "received"] {
        let sum = |list: &[Value]| {
            list.iter()
                .map(|step| step[name].as_u64().unwrap())
                .sum::<u64>()
        };
        assert_eq!(sum(&steps), sum(&total), "{name}");
    }
    let starts: Vec<&str> = steps
        .iter()
        .map(|step| step["start"].as_str().unwrap())
        .collect();
    assert_eq!(
        (starts[0], starts[1]),
        ("2023-11-14T22:10:00.000Z", "2023-11-14T22:15:00.000Z")
    );
    let text = report(&["--timeline", "5m", "--sort", "packets"]);
    assert!(text.text().starts_with(&format!(
        "{} steps of 5m00s, bars are packets\n",
        steps.len()
    )));
    let longest = text
        .text()
        .lines()
        .map(|line| line.matches('#').count())
        .max();
    assert_eq!(longest, Some(40));
    // a step too short for anybody gets longer, and that is said
    let many = report(&["--timeline", "1ms", "--format", "csv"]);
    assert!(
        many.errors().contains("are too many: they last"),
        "{}",
        many.errors()
    );
    assert!(many.text().lines().count() <= 100_001);
}

#[test]
fn steps_count_from_midnight_even_where_no_day_is_a_multiple_of_them() {
    let steps = report(&["--utc", "--timeline", "7h", "--format", "ndjson"]).objects();
    assert_eq!(steps[0]["start"], "2023-11-14T21:00:00.000Z");
}

#[test]
fn no_two_steps_of_a_timeline_are_called_alike() {
    // 23 October 2026, two days before clocks go back
    let noon = 1_792_756_800;
    let lines = (0..10).map(|half: i64| {
        let start = noon + half * 43_200;
        let flow = json!({
            "sourceIPv4Address": "10.0.0.1", "destinationIPv4Address": "10.0.0.2", "protocolIdentifier": 6,
            "octetDeltaCount": 100, "packetDeltaCount": 1, "flowStartSeconds": start, "flowEndSeconds": start,
        });
        let client = ["192.0.2.1", "2055"];
        format!("{}\n", json!({ start.to_string(): { "client": client, "flows": [flow] } }))
    });
    let input: String = lines.collect();
    for (step, zone, first) in [
        ("1d", "UTC", "2026-10-23 "),
        ("1d", "Europe/Berlin", "2026-10-23 00:00:00 "),
        ("36h", "UTC", "2026-10-23 00:00:00 "),
        ("2d", "UTC", "2026-10-23 "),
    ] {
        let mut command = support::command();
        let args = [
            "report",
            "-n",
            "-p0",
            "--show",
            "unmatched",
            "--timeline",
            step,
        ];
        command.env("TZ", zone).args(args);
        let run = support::run(command, input.as_bytes(), Duration::from_secs(20));
        let starts: Vec<&str> = run
            .text()
            .lines()
            .skip(2)
            .map(|line| line.split_once(" #").unwrap().0)
            .collect();
        assert!(
            run.text().lines().nth(2).unwrap().starts_with(first),
            "{}",
            run.text()
        );
        let different: HashSet<&&str> = starts.iter().collect();
        assert!(
            starts.len() > 2 && starts.len() == different.len(),
            "{starts:?}"
        );
    }
}

#[test]
fn a_timeline_of_unmatched_flows_counts_flows() {
    let unmatched = |args: &[&str]| report(&[&["--show", "unmatched", "-p", "0"], args].concat());
    let steps = unmatched(&["--timeline", "5m", "--format", "ndjson"]).objects();
    let flows = unmatched(&["--format", "ndjson"]).objects().len() as u64;
    assert!(steps.iter().all(|step| step.get("connections").is_none()));
    let counted = steps.iter().map(|step| step["flows"].as_u64().unwrap());
    assert_eq!(counted.sum::<u64>(), flows);
    let by = ["--timeline", "5m", "--top", "protocol", "--format", "csv"];
    let csv = unmatched(&by);
    let head = csv.text().lines().next();
    assert_eq!(
        head,
        Some("start,protocol,flows,packets,bytes,sent,received")
    );
    for sort in ["flows", "connections"] {
        let run = unmatched(&["--timeline", "5m", "--sort", sort]);
        let mut lines = run.text().lines();
        assert!(lines.next().unwrap().ends_with(", bars are flows"));
        assert!(lines.any(|line| line.contains("Flows") && !line.contains("Conns")));
    }
    // connections are what they were
    let head = report(&["--timeline", "5m", "--format", "csv"]);
    let head = head.text().lines().next();
    assert_eq!(head, Some("start,connections,packets,bytes,sent,received"));
    let refused = report(&["--timeline", "5m", "--sort", "flows"]);
    assert_eq!(refused.status, Some(2));
}

#[test]
fn a_timeline_by_groups_has_a_line_for_each_and_one_for_the_others() {
    let args = ["--timeline", "10m", "--top", "src_addr", "--limit", "3"];
    let with = |format: &str| report(&[&args[..], &["--format", format]].concat());
    let lines = with("ndjson").objects();
    let plain = report(&["--timeline", "10m", "--format", "ndjson"]).objects();
    let top = report(&["--top", "src_addr", "--limit", "3", "--format", "ndjson"]).objects();
    assert_eq!(lines.len(), 4 * plain.len());
    let number = |line: &Value, name: &str| line[name].as_u64().unwrap();
    for (four, all) in lines.chunks(4).zip(&plain) {
        let hosts: Vec<&Value> = four.iter().map(|line| &line["src_addr"]).collect();
        let named = top.iter().map(|group| &group["src_addr"]);
        assert_eq!(hosts[..3], named.collect::<Vec<_>>());
        assert_eq!(hosts[3], "other");
        assert!(four.iter().all(|line| line["start"] == all["start"]));
        for name in ["connections", "packets", "bytes", "sent", "received"] {
            let sum: u64 = four.iter().map(|line| number(line, name)).sum();
            assert_eq!(sum, number(all, name), "{name} at {}", all["start"]);
        }
    }
    for (place, group) in top.iter().enumerate() {
        let of_group = lines.iter().skip(place).step_by(4);
        let sum: u64 = of_group.map(|line| number(line, "bytes")).sum();
        assert_eq!(sum, number(group, "bytes"));
    }
    let document: Value = serde_json::from_slice(&with("json").stdout).unwrap();
    assert_eq!(document["steps"], Value::Array(lines.clone()));
    let csv = with("csv");
    assert!(
        csv.text()
            .starts_with("start,src_addr,connections,packets,bytes,sent,received\n")
    );
    assert_eq!(csv.text().lines().count(), 1 + lines.len());
    let text = with("analyzer");
    let title = "7 steps of 10m00s by src_addr, bars are bytes\n";
    assert!(text.text().starts_with(title), "{}", text.text());
}

#[test]
fn the_name_of_what_groups_are_by_stands_for_their_key() {
    for (by, name) in [
        ("host", "host"),
        ("service", "service:desc"),
        ("src_addr,service", "service"),
        ("net/16", "net"),
    ] {
        let sorted = |order: &str| {
            let run = report(&["--top", by, "--sort", order, "--format", "csv"]);
            assert_eq!(run.status, Some(0), "{}", run.errors());
            run.text().to_owned()
        };
        let key = match name.split_once(':') {
            Some((_, order)) => format!("key:{order}"),
            None => "key".to_owned(),
        };
        assert_eq!(sorted(name), sorted(&key), "{by} {name}");
        assert_ne!(sorted(name), sorted("bytes"), "{by} {name}");
    }
}

#[test]
fn what_is_wrong_is_said_before_anything_is_read() {
    for (args, words) in [
        (&["--top", "hots"][..], "did you mean \"host\"?"),
        (&["--top", "servce"], "did you mean \"service\"?"),
        (&["--top", "bytes"], "bytes is no field to group by"),
        // nothing is offered that would be refused
        (
            &["--top", "ends"],
            "no field \"ends\" to group by: there are host",
        ),
        (&["--top", "host,port,hour"], "two fields at most"),
        (&["--top", "net/129"], "a number from 0 to 128"),
        (&["--top", "port/24"], "goes with net"),
        (&["--top", "host", "--sort", "peer"], "peers"),
        (
            &["--top", "host", "--sort", "start:up"],
            "the order is asc or desc",
        ),
        (
            &["--top", "host", "--show", "rejects"],
            "--show connections or --show unmatched",
        ),
        (
            &["--top", "host", "--timeline", "1h", "--sort", "peers"],
            "bytes, packets or connections",
        ),
        (
            &["--top", "host", "--timeline", "1h", "--limit", "101"],
            "--limit 100 at most",
        ),
        (&["--timeline", "0"], "expected a positive duration"),
        (
            &["--top", "service", "--sort", "host"],
            "groups cannot be sorted by \"host\"",
        ),
        (&["--sort", "host"], "no field \"host\" to sort by"),
        (
            &["--timeline", "1h", "--sort", "duration"],
            "bytes, packets or connections",
        ),
        (&["--sort", "peers"], "no field \"peers\" to sort by"),
    ] {
        let run = flowpeek(&[&["report"], args, &["/nowhere/to/be/found"]].concat());
        assert_eq!(run.status, Some(2), "{args:?}: {}", run.errors());
        assert!(run.errors().contains(words), "{args:?}: {}", run.errors());
        assert!(!run.errors().contains("/nowhere"), "{args:?}");
    }
}
