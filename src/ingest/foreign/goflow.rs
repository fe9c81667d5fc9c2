//! The JSON lines of goflow2, a flow each: NetFlow v5, v9, IPFIX and sFlow.

use super::draft::{Draft, Meaning, When};
use crate::model::attr::Attr;
use crate::model::instant::Unit;

/// Keys that no other form has.
pub const SIGNS: &[&str] = &["sampler_address", "time_received_ns", "time_received"];

/// Keys of its flow messages and what they stand for.
pub const FIELDS: &[(&str, Meaning)] = &[
    ("type", Meaning::Kind),
    ("sampler_address", Meaning::Exporter),
    ("sampling_rate", Meaning::Sampling),
    ("observation_domain_id", Meaning::Domain),
    ("src_addr", Meaning::Address(0)),
    ("dst_addr", Meaning::Address(1)),
    ("src_port", Meaning::Port(0)),
    ("dst_port", Meaning::Port(1)),
    ("proto", Meaning::Protocol),
    ("bytes", Meaning::Count(0, Attr::Octets)),
    ("packets", Meaning::Count(0, Attr::Packets)),
    ("tcp_flags", Meaning::Count(0, Attr::TcpFlags)),
    ("icmp_type", Meaning::Icmp(0, 0)),
    ("icmp_code", Meaning::Icmp(0, 1)),
    ("ip_tos", Meaning::Count(0, Attr::Tos)),
    ("in_if", Meaning::Count(0, Attr::InputInterface)),
    ("out_if", Meaning::Count(0, Attr::OutputInterface)),
    ("src_as", Meaning::Count(0, Attr::SrcAs)),
    ("dst_as", Meaning::Count(0, Attr::DstAs)),
    ("src_vlan", Meaning::Count(0, Attr::SrcVlan)),
    ("dst_vlan", Meaning::Count(0, Attr::DstVlan)),
    (
        "time_flow_start",
        Meaning::Moment(When::Start, Unit::Seconds),
    ),
    (
        "time_flow_start_ns",
        Meaning::Moment(When::Start, Unit::Nanoseconds),
    ),
    ("time_flow_end", Meaning::Moment(When::End, Unit::Seconds)),
    (
        "time_flow_end_ns",
        Meaning::Moment(When::End, Unit::Nanoseconds),
    ),
    (
        "time_received",
        Meaning::Moment(When::Received, Unit::Seconds),
    ),
    (
        "time_received_ns",
        Meaning::Moment(When::Received, Unit::Nanoseconds),
    ),
];

/// The version is in the type.
pub fn finish(draft: &mut Draft) -> bool {
    draft.version = match draft.kind.as_deref() {
        Some("NETFLOW_V5") => Some(5),
        Some("NETFLOW_V9") => Some(9),
        Some("IPFIX") => Some(10),
        _ => None,
    };
    true
}
