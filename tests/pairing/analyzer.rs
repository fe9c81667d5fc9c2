//! With `--pairing analyzer -n` the report equals what the original analyzers printed.
//!
//! Where the original stopped with an exception, it had printed each connection as it found it, so what it printed
//! is how the report must begin; the report goes on from there.

use crate::support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// One recorded run of an original.
struct Recorded {
    export: PathBuf,
    title: String,
    args: Vec<String>,
    /// It printed all that it had to print.
    finished: bool,
    printed: String,
}

impl Recorded {
    fn new(expected: &Path, name: &str, run: &Value) -> Self {
        let folder = expected.file_name().unwrap().to_string_lossy();
        let mut args: Vec<_> = run["args"]
            .as_array()
            .unwrap()
            .iter()
            .map(|arg| arg.as_str().unwrap().to_owned())
            .collect();
        if name.starts_with("latest.") {
            args.extend(["--format".to_owned(), "analyzer-0.12".to_owned()]);
        } else {
            // That version has no such option: it ran with every address resolving to itself.
            args.push("-n".to_owned());
        }
        Self {
            export: export_of(expected),
            title: format!("{folder}/{name}"),
            args,
            finished: run["exit"] == 0,
            printed: fs::read_to_string(expected.join(format!("{name}.txt"))).unwrap(),
        }
    }

    /// What is wrong with the program's output for the same arguments, if anything.
    fn complaint(&self) -> Option<String> {
        let mut args = ["report", "--pairing", "analyzer"]
            .map(str::to_owned)
            .to_vec();
        args.extend(self.args.clone());
        args.push(self.export.to_string_lossy().into_owned());
        let run = support::flowpeek(&args);
        let is_right = if self.finished {
            run.text() == self.printed
        } else {
            run.text().starts_with(&self.printed)
        };
        let what = match run.status {
            Some(0) if is_right => return None,
            Some(0) => first_difference(&self.printed, run.text()),
            status => format!("exit status {status:?}: {}", run.errors().trim_end()),
        };
        Some(format!(
            "{} (flowpeek {}): {what}",
            self.title,
            args.join(" ")
        ))
    }
}

/// `NAME.expected` belongs to the export `NAME.gz` or `NAME.json`.
fn export_of(expected: &Path) -> PathBuf {
    let export = ["gz", "json"]
        .map(|extension| expected.with_extension(extension))
        .into_iter()
        .find(|path| path.is_file());
    export.unwrap_or_else(|| panic!("no export belongs to {}", expected.display()))
}

fn first_difference(expected: &str, printed: &str) -> String {
    let (mut expected, mut printed) = (expected.split('\n'), printed.split('\n'));
    for number in 1.. {
        let (one, other) = (expected.next(), printed.next());
        if one != other || one.is_none() {
            return format!("line {number}\n    expected {one:?}\n    printed  {other:?}");
        }
    }
    unreachable!("texts end");
}

fn recorded(folder: &Path) -> Vec<Recorded> {
    let mut runs = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let expected = entry.unwrap().path();
        if expected
            .extension()
            .is_some_and(|extension| extension == "expected")
        {
            let status = support::json(&expected.join("status.json"));
            for (name, run) in status["runs"].as_object().unwrap() {
                runs.push(Recorded::new(&expected, name, run));
            }
        }
    }
    runs.sort_by(|a, b| a.title.cmp(&b.title));
    runs
}

fn complaints(which: impl Fn(&Recorded) -> bool) -> Option<Vec<String>> {
    let runs: Vec<_> = recorded(&support::exports()?)
        .into_iter()
        .filter(which)
        .collect();
    assert!(!runs.is_empty(), "there are such runs");
    Some(runs.iter().filter_map(Recorded::complaint).collect())
}

fn assert_none(complaints: Option<Vec<String>>) {
    let Some(complaints) = complaints else { return };
    assert!(
        complaints.is_empty(),
        "{} differ\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

#[test]
fn the_default_format_is_that_of_january_2020() {
    assert_none(complaints(|run| {
        run.finished && run.title.contains("/seed.")
    }));
}

#[test]
fn the_0_12_format_is_that_of_0_12_2() {
    assert_none(complaints(|run| {
        run.finished && run.title.contains("/latest.")
    }));
}

#[test]
fn where_an_original_stopped_with_an_exception_the_report_goes_on() {
    assert_none(complaints(|run| !run.finished));
}

/// A packet of two flows that belong together, between a host and 192.0.2.1.
fn packet(time: &str, version: u8, host: &str) -> String {
    let flow = |src: &str, dst: &str| {
        json!({"IPV4_SRC_ADDR": src, "IPV4_DST_ADDR": dst, "FIRST_SWITCHED": 1000, "LAST_SWITCHED": 1500,
            "IN_BYTES": 100, "IN_PKTS": 50, "L4_SRC_PORT": 443, "L4_DST_PORT": 443, "PROTOCOL": 6,
            "IP_PROTOCOL_VERSION": 4})
    };
    let flows = [flow(host, "192.0.2.1"), flow("192.0.2.1", host)];
    let header =
        json!({"version": version, "count": 2, "uptime": 2000, "timestamp": 1_700_000_000});
    let packet = json!({"client": ["192.0.2.254", 2055], "header": header, "flows": flows});
    json!({time: packet}).to_string() + "\n"
}

/// Four packets of two flows: one replaced by the next, one of another host, one of IPFIX.
fn four_packets(folder: &Path) -> String {
    let file = folder.join("four.json");
    let lines = [
        packet("1700000000.5", 9, "10.0.0.1"),
        packet("1700000000.5", 9, "10.0.0.1"),
        packet("1700000001.5", 9, "10.0.0.2"),
        packet("1700000002.5", 10, "10.0.0.1"),
    ];
    fs::write(&file, lines.concat()).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn flows_that_the_rules_leave_out_are_counted_and_not_called_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = four_packets(folder.path());
    let ask = |args: &[&str]| {
        let start = ["report", "-n", "-p", "0", "--pairing", "analyzer"];
        support::flowpeek(&[&start[..], args, &[&file]].concat())
    };
    // host 10.0.0.1 alone: of its three packets one is replaced
    for (args, connections, unmatched, left_out) in [
        (&[][..], 3, 2, 0),
        (&["--match-host", "10.0.0.1"], 2, 2, 2),
        (&["--match-host", "10.9.9.9"], 0, 0, 8),
    ] {
        let rows = ask(&[&["--format", "ndjson", "--show", "unmatched"], args].concat()).objects();
        assert_eq!(rows.len(), unmatched, "{args:?}: {rows:?}");
        assert!(rows.iter().all(|row| row["reason"] == "overwritten"));
        let run = ask(&[&["--format", "ndjson", "--show", "summary"], args].concat());
        let summary = &run.objects()[0];
        let counts = ["flows", "connections", "unmatched", "left_out_flows"];
        let expected = [
            2 * connections + unmatched,
            connections,
            unmatched,
            left_out,
        ];
        assert_eq!(
            counts.map(|name| summary[name].as_u64().unwrap() as usize),
            expected,
            "{args:?}"
        );
        assert_eq!(
            run.errors().contains("left out"),
            left_out > 0,
            "{}",
            run.errors()
        );
    }
    // version 0.12 passes over IPFIX
    let run = ask(&["--format", "analyzer-0.12", "--show", "summary"]);
    for (name, count) in [("flows", "6"), ("unmatched", "2"), ("left_out_flows", "2")] {
        let line = run
            .text()
            .lines()
            .find(|line| line.starts_with(&format!("{name} ")));
        assert_eq!(
            line.unwrap().split_whitespace().last(),
            Some(count),
            "{name}"
        );
    }
}

/// Templates that have addresses of both kinds leave those empty that do not matter. The first
/// analyzer goes by the IP version, and prints what is empty; the later one looks for peers there.
#[test]
fn empty_addresses_of_ipv4_stand_beside_those_of_ipv6() {
    let record = |ends: [&str; 2], ports: [u16; 2], octets: u32| {
        json!({"IPV4_SRC_ADDR": "0.0.0.0", "IPV4_DST_ADDR": "0.0.0.0", "IPV6_SRC_ADDR": ends[0],
            "IPV6_DST_ADDR": ends[1], "IP_PROTOCOL_VERSION": 6, "PROTOCOL": 6,
            "L4_SRC_PORT": ports[0], "L4_DST_PORT": ports[1],
            "FIRST_SWITCHED": 5, "LAST_SWITCHED": 5, "IN_BYTES": octets, "IN_PKTS": 10})
    };
    let flows = [
        record(["2001:db8::1", "2001:db8::2"], [1000, 80], 100),
        record(["2001:db8::3", "2001:db8::4"], [1001, 443], 200),
        record(["2001:db8::2", "2001:db8::1"], [80, 1000], 3000),
        record(["2001:db8::4", "2001:db8::3"], [443, 1001], 4000),
        record(["2001:db8::7", "2001:db8::8"], [1002, 53], 50),
    ];
    let has = |report: &str| ["2.93K", "3.91K", "200B"].map(|size| report.contains(size));
    let (first, later) = printed_of(&flows);
    assert_eq!(has(&first), [true, true, false], "{first}");
    assert!(
        first.contains("\n5 2001:db8::7 2001:db8::8 10\n"),
        "{first}"
    );
    assert_eq!(has(&later), [false, true, true], "{later}");
}

/// The first analyzer looks no service up where the source's port is above 10000, and
/// otherwise that of either port.
#[test]
fn a_service_is_told_by_ports_up_to_10000_of_the_source() {
    let record = |ends: [&str; 2], ports: [u16; 2], start: u32, octets: u32| {
        json!({"IPV4_SRC_ADDR": ends[0], "IPV4_DST_ADDR": ends[1], "IP_PROTOCOL_VERSION": 4,
            "PROTOCOL": 6, "L4_SRC_PORT": ports[0], "L4_DST_PORT": ports[1],
            "FIRST_SWITCHED": start, "LAST_SWITCHED": start, "IN_BYTES": octets, "IN_PKTS": 10})
    };
    let flows = [
        record(["10.0.0.1", "10.0.0.2"], [50_000, 443], 1, 900),
        record(["10.0.0.2", "10.0.0.1"], [40_000, 22], 1, 100),
        record(["10.0.0.3", "10.0.0.4"], [9876, 443], 2, 900),
        record(["10.0.0.4", "10.0.0.3"], [40_000, 11_371], 2, 100),
    ];
    let (first, later) = printed_of(&flows);
    let named = |report: &str| ["(50000 22)", "SSH", "HKP"].map(|name| report.contains(name));
    assert_eq!(named(&first), [true, false, true], "{first}");
    assert_eq!(named(&later), [false, true, true], "{later}");
}

/// Python knew no form of its own for IPv4 within IPv6 before 3.13.
#[test]
fn ipv4_within_ipv6_is_spelled_as_python_did() {
    let record = |ends: [&str; 2]| {
        json!({"IPV6_SRC_ADDR": ends[0], "IPV6_DST_ADDR": ends[1], "IP_PROTOCOL_VERSION": 6,
            "PROTOCOL": 17, "L4_SRC_PORT": 123, "L4_DST_PORT": 123,
            "FIRST_SWITCHED": 5, "LAST_SWITCHED": 5, "IN_BYTES": 96, "IN_PKTS": 10})
    };
    let ends = ["::ffff:102:304", "2001:db8::1"];
    let (first, later) = printed_of(&[record(ends), record([ends[1], ends[0]])]);
    for report in [first, later] {
        assert!(
            report.contains("::ffff:102:304 (::ffff:102:304)"),
            "{report}"
        );
    }
}

/// The reports in the formats of both analyzers.
fn printed_of(flows: &[Value]) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    let header = json!({"version": 9, "uptime": 9, "timestamp": 1_700_000_000});
    let line =
        json!({"1700000000.5": {"client": ["192.0.2.1", 9], "header": header, "flows": flows}});
    fs::write(&path, line.to_string()).unwrap();
    let path = path.to_str().unwrap();
    let run = |format| {
        let args = ["report", "-n", "--pairing", "analyzer", "--format", format];
        support::flowpeek(&[&args[..], &[path]].concat())
            .text()
            .to_owned()
    };
    (run("analyzer"), run("analyzer-0.12"))
}

#[test]
fn a_packet_without_flows_replaces_the_one_with_its_time_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("replaced.json");
    let empty = json!({"1700000000.5": {"client": ["192.0.2.254", 2055], "flows": [],
        "header": {"version": 9, "count": 1, "uptime": 2000, "timestamp": 1_700_000_000}}});
    let kept = packet("1700000001.5", 9, "10.0.0.2");
    let lines = [
        packet("1700000000.5", 9, "10.0.0.1"),
        format!("{empty}\n"),
        kept,
    ];
    fs::write(&file, lines.concat()).unwrap();
    let args = ["report", "-n", "--utc", "--pairing", "analyzer"];
    let run = support::flowpeek(&[&args[..], &[file.to_str().unwrap()]].concat());
    let expected = "2023-11-14 22:13.21: HTTPS          | 100B     | 0 sec     |   100 | \
        Between 192.0.2.1 (192.0.2.1) and 10.0.0.2 (10.0.0.2)\n";
    assert_eq!(run.text(), expected);
}
