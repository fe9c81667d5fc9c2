//! The flows of an export and when each started.
//!
//! Written from the contract, not from the program, and only for the spellings that the real exports have.
#![allow(
    dead_code,
    missing_docs,
    reason = "a part of several tests, of which some need less"
)]

use std::collections::HashMap;
use std::net::IpAddr;

use super::record::{Packet, Record};

const U32: i64 = 1 << 32;
/// The increase since the last record; else, of a flow that is exported once more, the total so far.
const BYTES: [&str; 5] = [
    "IN_BYTES",
    "IN_OCTETS",
    "octetDeltaCount",
    "IN_PERMANENT_BYTES",
    "octetTotalCount",
];
const PACKETS: [&str; 5] = [
    "IN_PKTS",
    "IN_PACKETS",
    "packetDeltaCount",
    "IN_PERMANENT_PKTS",
    "packetTotalCount",
];

/// One simplex record.
pub struct Flow {
    pub received: String,
    pub exporter: Option<String>,
    pub version: i64,
    pub protocol: Option<i64>,
    pub src: IpAddr,
    pub dst: IpAddr,
    pub src_port: Option<u64>,
    pub dst_port: Option<u64>,
    pub bytes: Option<u64>,
    pub packets: Option<u64>,
    /// Milliseconds of the exporter's own clock at the start.
    pub clock: Option<i64>,
    pub start: i64,
    pub approximate: bool,
    pub duration: Option<i64>,
}

/// The flows of an export in file order.
pub fn flows(packets: &[Packet]) -> Vec<Flow> {
    let mut boot_times = HashMap::new();
    let mut flows = Vec::new();
    for packet in packets {
        for boot in packet
            .records
            .iter()
            .filter_map(|r| r.integer(&["systemInitTimeMilliseconds"]))
        {
            boot_times.insert(packet.exporter.clone(), boot);
        }
        let boot = boot_times.get(&packet.exporter).copied();
        flows.extend(
            packet
                .records
                .iter()
                .filter_map(|record| flow(packet, record, boot)),
        );
    }
    flows
}

fn flow(packet: &Packet, record: &Record, boot: Option<i64>) -> Option<Flow> {
    let (src, dst) = record.addresses()?;
    if is_phantom(packet, record) {
        return None;
    }
    let first = record.integer(&["FIRST_SWITCHED", "flowStartSysUpTime"]);
    let last = record.integer(&["LAST_SWITCHED", "flowEndSysUpTime"]);
    let absolute = record.integer(&["flowStartMilliseconds", "NF_F_FLOW_CREATE_TIME_MSEC"]);
    let absolute = absolute.filter(|&moment| moment != 0);
    let (start, approximate) = start(packet, record, boot, absolute);
    let duration = match (first, last) {
        (Some(first), Some(last)) => Some(signed(last - first)),
        _ => absolute.and_then(|start| Some(absolute_end(record, start)? - start)),
    };
    Some(Flow {
        received: packet.received.clone(),
        exporter: packet.exporter.clone(),
        version: packet.version(record),
        protocol: record.integer(&["PROTOCOL", "PROTO", "protocolIdentifier"]),
        src,
        dst,
        src_port: record.unsigned(&["L4_SRC_PORT", "SRC_PORT", "sourceTransportPort"]),
        dst_port: record.unsigned(&["L4_DST_PORT", "DST_PORT", "destinationTransportPort"]),
        bytes: record.unsigned(&BYTES),
        packets: record.unsigned(&PACKETS),
        clock: first,
        start,
        approximate,
        duration: duration.map(|ms| ms.max(0)),
    })
}

/// The collector read past the end of a set: nonsense, shown by the version field and the count.
fn is_phantom(packet: &Packet, record: &Record) -> bool {
    let nonsense = record
        .integer(&["IP_PROTOCOL_VERSION"])
        .is_some_and(|version| version != 4 && version != 6);
    let count = packet.header.integer(&["count"]);
    nonsense && count.is_some_and(|count| packet.records.len() as i64 > count)
}

/// The absolute start in milliseconds, and whether it is only approximate.
fn start(
    packet: &Packet,
    record: &Record,
    boot: Option<i64>,
    absolute: Option<i64>,
) -> (i64, bool) {
    let header = |name| packet.header.integer(&[name]);
    let received = packet.received_ms();
    if let Some(first) = record.integer(&["FIRST_SWITCHED"]) {
        return match (header("timestamp"), header("uptime")) {
            (Some(seconds), Some(uptime)) => {
                let clock = seconds * 1000 + header("timestamp_nano").unwrap_or(0) / 1_000_000;
                (clock - (uptime - first).rem_euclid(U32), false)
            }
            _ => (
                received - (latest(packet).unwrap_or(first) - first).rem_euclid(U32),
                true,
            ),
        };
    }
    if let (Some(first), None) = (record.integer(&["flowStartSysUpTime"]), absolute) {
        let exported = header("export_uptime").map_or(received, |seconds| seconds * 1000);
        return boot.map_or((exported, true), |boot| (boot + first, false));
    }
    let event = record.integer(&["NF_F_EVENT_TIME_MSEC", "observationTimeMilliseconds"]);
    absolute.map_or((event.unwrap_or(received), true), |start| (start, false))
}

/// The collector has no name for the end that goes with NF_F_FLOW_CREATE_TIME_MSEC: it is the last unnamed field.
fn absolute_end(record: &Record, start: i64) -> Option<i64> {
    let unnamed = record.integer(&["UNKNOWN_FIELD_TYPE"]);
    let unnamed = unnamed.filter(|end| (0..U32).contains(&(end - start)));
    record.integer(&["flowEndMilliseconds"]).or(unnamed)
}

/// Without a header the latest end in the packet stands for the uptime at which it was sent.
fn latest(packet: &Packet) -> Option<i64> {
    packet
        .records
        .iter()
        .filter_map(|record| record.integer(&["LAST_SWITCHED", "FIRST_SWITCHED"]))
        .max()
}

/// A difference of two 32 bit clocks.
pub fn signed(difference: i64) -> i64 {
    (difference + U32 / 2).rem_euclid(U32) - U32 / 2
}
