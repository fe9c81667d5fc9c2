//! nfdump's statistics (`-s`) and `flowpeek report --top` of the same flows: the
//! same groups with the same flows, packets and octets, in the same order.

use std::process::Command;

use super::nfdump::{Kept, is_missing, report};

/// nfdump's statistic and order, flowpeek's grouping and measure.
const BOTH: [(&str, &str, &str); 9] = [
    ("srcip/bytes", "src_addr", "bytes"),
    ("srcip/packets", "src_addr", "packets"),
    ("srcip/flows", "src_addr", "flows"),
    ("dstport/bytes", "dst_port", "bytes"),
    ("dstport/packets", "dst_port", "packets"),
    ("dstport/flows", "dst_port", "flows"),
    ("proto/bytes", "protocol", "bytes"),
    ("proto/packets", "protocol", "packets"),
    ("proto/flows", "protocol", "flows"),
];

/// A group: value, flows, packets, octets.
type Group = (String, u64, u64, u64);

fn nfdump(kept: &Kept, statistic: &str, filter: &str) -> Vec<Group> {
    let mut command = Command::new("nfdump");
    command.args([
        "-q", "-6", "-N", "-n", "0", "-o", "csv", "-s", statistic, "-R",
    ]);
    let out = command.arg(kept.by_nfcapd()).arg(filter).output().unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let text = String::from_utf8(out.stdout).unwrap();
    let mut lines = text.lines().filter(|line| line.contains(','));
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let place = |wanted: &[&str]| {
        names
            .iter()
            .position(|name| wanted.contains(name))
            .unwrap_or_else(|| panic!("{names:?}"))
    };
    let (value, flows) = (place(&["val", "value"]), place(&["fl", "flows"]));
    let (packets, bytes) = (
        place(&["pkt", "ipkt", "packets"]),
        place(&["byt", "ibyt", "bytes"]),
    );
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let number = |at: usize| cells[at].parse().unwrap_or_else(|_| panic!("{line}"));
        (
            cells[value].to_owned(),
            number(flows),
            number(packets),
            number(bytes),
        )
    };
    lines
        .take_while(|line| line.starts_with(|c: char| c.is_ascii_digit()))
        .map(row)
        .collect()
}

fn flowpeek(kept: &Kept, by: &str, order: &str, filter: &str) -> Vec<Group> {
    let args = ["--top", by, "--sort", order, "--filter", filter];
    let text = report(&kept.file(), &[&args[..], &["--limit", "1000"]].concat());
    let row = |line: &str| {
        let group: serde_json::Value = serde_json::from_str(line).unwrap();
        let number = |name: &str| group[name].as_u64().unwrap();
        let value = match &group[by] {
            serde_json::Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        (value, number("flows"), number("packets"), number("bytes"))
    };
    text.lines().map(row).collect()
}

/// nfdump names protocols, and calls port 0 what has none.
fn same(mut groups: Vec<Group>) -> Vec<Group> {
    for group in &mut groups {
        group.0 = match group.0.as_str() {
            "TCP" => "6".to_owned(),
            "UDP" => "17".to_owned(),
            "ICMP" => "1".to_owned(),
            "GRE" => "47".to_owned(),
            value => value.to_owned(),
        };
    }
    groups.sort();
    groups
}

#[test]
fn nfdump_and_flowpeek_make_the_same_groups() {
    if is_missing() {
        return;
    }
    let kept = Kept::new();
    // ICMP's destination port is its type and code for nfdump
    for (statistic, by, order) in BOTH {
        for filter in ["any", "proto tcp and bytes > 1k", "net 10.0.0.0/29"] {
            let filter = match by {
                "dst_port" => format!("({filter}) and not proto icmp"),
                _ => filter.to_owned(),
            };
            let (theirs, ours) = (
                nfdump(&kept, statistic, &filter),
                flowpeek(&kept, by, order, &filter),
            );
            let measure = |group: &Group| match order {
                "flows" => group.1,
                "packets" => group.2,
                _ => group.3,
            };
            let in_order = |groups: &[Group]| groups.iter().map(measure).collect::<Vec<u64>>();
            assert!(
                ours.len() >= if by == "protocol" { 1 } else { 4 },
                "{statistic}: {}",
                ours.len()
            );
            assert_eq!(
                in_order(&theirs),
                in_order(&ours),
                "{statistic} of {filter}"
            );
            assert_eq!(same(theirs), same(ours), "{statistic} of {filter}");
        }
    }
}
