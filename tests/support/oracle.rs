//! Strict pairing the slow and obvious way.
//!
//! Written from the contract, not from the program. Each connection becomes one line of text with the exact
//! spelling of every value, so that two lists can be compared as multisets.
#![allow(missing_docs, reason = "a part of the tests")]

use super::flow::{Flow, signed};
use super::record::Record;
use super::services::Services;

/// TCP, UDP, DCCP, SCTP and UDP-Lite.
const PROTOCOLS_WITH_PORTS: [i64; 5] = [6, 17, 33, 132, 136];
/// How much further apart than the tolerance two absolute starts may be when the own clocks agree.
const REBOOT_MARGIN: i64 = 2000;

/// The keys of a connection that are compared: all but the names, which depend on the machine.
pub const KEYS: [&str; 20] = [
    "start",
    "end",
    "received",
    "duration_ms",
    "exporter",
    "version",
    "protocol",
    "src_addr",
    "src_port",
    "dst_addr",
    "dst_port",
    "src_bytes",
    "dst_bytes",
    "bytes",
    "src_packets",
    "dst_packets",
    "packets",
    "client",
    "match",
    "skew_ms",
];

/// Every connection as one line of text.
pub fn connections(flows: &[Flow], tolerance: i64, services: &Services) -> Vec<String> {
    let mut unpaired: Vec<&Flow> = Vec::new();
    let mut lines = Vec::new();
    for flow in flows {
        let candidates: Vec<(i64, usize)> = unpaired
            .iter()
            .enumerate()
            .filter(|(_, earlier)| are_reverse(earlier, flow))
            .filter_map(|(place, earlier)| Some((skew(earlier, flow, tolerance)?, place)))
            .collect();
        // Of equally near candidates `min_by_key` gives the first: the earliest in the file.
        let Some(&(nearest, place)) = candidates.iter().min_by_key(|(skew, _)| skew.abs()) else {
            unpaired.push(flow);
            continue;
        };
        let as_near = candidates
            .iter()
            .filter(|(skew, _)| skew.abs() == nearest.abs())
            .count();
        let evidence = if as_near > 1 {
            "ambiguous"
        } else if nearest == 0 {
            "exact"
        } else {
            "skew"
        };
        let earlier = unpaired.remove(place);
        lines.push(connection(earlier, flow, nearest, evidence, services));
    }
    lines
}

fn are_reverse(earlier: &Flow, later: &Flow) -> bool {
    later.src == earlier.dst
        && later.dst == earlier.src
        && later.protocol.is_some()
        && later.protocol == earlier.protocol
        && later.exporter == earlier.exporter
        && (!has_ports(later)
            || (later.src_port == earlier.dst_port && later.dst_port == earlier.src_port))
}

fn has_ports(flow: &Flow) -> bool {
    flow.protocol
        .is_some_and(|protocol| PROTOCOLS_WITH_PORTS.contains(&protocol))
}

/// By how many milliseconds the later flow of the file started after the earlier one, if that is near enough.
fn skew(earlier: &Flow, later: &Flow, tolerance: i64) -> Option<i64> {
    let apart = later.start - earlier.start;
    let skew = match (earlier.clock, later.clock) {
        (Some(one), Some(other)) => {
            let known = !earlier.approximate && !later.approximate;
            if known && apart.abs() > tolerance + REBOOT_MARGIN {
                return None;
            }
            signed(other - one)
        }
        _ => apart,
    };
    (skew.abs() <= tolerance).then_some(skew)
}

fn connection(
    earlier: &Flow,
    later: &Flow,
    skew: i64,
    evidence: &str,
    services: &Services,
) -> String {
    let earlier_sent_more = earlier.bytes.unwrap_or(0) > later.bytes.unwrap_or(0);
    let (src, dst) = if earlier_sent_more {
        (earlier, later)
    } else {
        (later, earlier)
    };
    let client = match skew {
        0 => client_by_port(src, services),
        _ => Some(if (skew > 0) == earlier_sent_more {
            "src"
        } else {
            "dst"
        }),
    };
    let sum = |a: Option<u64>, b: Option<u64>| {
        (u128::from(a.unwrap_or(0)) + u128::from(b.unwrap_or(0))).to_string()
    };
    let values = [
        text(Some(time(src.start))),
        text(src.duration.map(|ms| time(src.start + ms))),
        seconds(&later.received),
        number(src.duration),
        text(src.exporter.clone()),
        src.version.to_string(),
        number(src.protocol),
        text(Some(src.src.to_string())),
        number(src.src_port),
        text(Some(src.dst.to_string())),
        number(src.dst_port),
        number(src.bytes),
        number(dst.bytes),
        sum(src.bytes, dst.bytes),
        number(src.packets),
        number(dst.packets),
        sum(src.packets, dst.packets),
        text(client.map(str::to_owned)),
        text(Some(evidence.to_owned())),
        skew.to_string(),
    ];
    line(values)
}

fn client_by_port(src: &Flow, services: &Services) -> Option<&'static str> {
    if !has_ports(src) {
        return None;
    }
    let (ours, theirs) = (src.src_port?, src.dst_port?);
    let known = |port| services.knows(src.protocol, port);
    let ours_is_the_client = match (known(ours), known(theirs)) {
        (false, true) => true,
        (true, false) => false,
        _ if ours == theirs => return None,
        _ => ours > theirs,
    };
    Some(if ours_is_the_client { "src" } else { "dst" })
}

/// A connection the program printed, spelled as the oracle spells it.
pub fn printed(json: &str) -> String {
    let record = Record::parse(json);
    line(KEYS.map(|key| match (key, record.raw(key)) {
        (_, None) => "(missing)".to_owned(),
        ("received", Some(time)) => seconds(time),
        (_, Some(value)) => value.to_owned(),
    }))
}

/// Python and Rust may spell one number in two ways.
fn seconds(number: &str) -> String {
    number
        .parse::<f64>()
        .expect("a time is a number")
        .to_string()
}

fn line(values: [String; KEYS.len()]) -> String {
    KEYS.iter()
        .zip(values)
        .map(|(key, value)| format!("{key}={value}"))
        .collect::<Vec<_>>()
        .join(" ")
}

fn time(ms: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(ms).expect("the time is within the calendar");
    format!("{time:.3}")
}

fn text(value: Option<String>) -> String {
    serde_json::to_string(&value).expect("text can be written as JSON")
}

fn number(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "null".to_owned(), |number| number.to_string())
}
