//! Events of Suricata's eve.json: `flow`, which tells of both directions, and
//! `netflow`, which tells of one. All others are events that are no flows.

use super::draft::{Draft, Meaning, When};
use crate::model::attr::Attr;
use crate::model::instant::Unit;

/// Keys that no other form has.
pub const SIGNS: &[&str] = &["event_type"];

/// Keys of both kinds of events and what they stand for.
pub const FIELDS: &[(&str, Meaning)] = &[
    ("event_type", Meaning::Kind),
    ("host", Meaning::Exporter),
    ("src_ip", Meaning::Address(0)),
    ("dest_ip", Meaning::Address(1)),
    ("src_port", Meaning::Port(0)),
    ("dest_port", Meaning::Port(1)),
    ("proto", Meaning::Protocol),
    ("icmp_type", Meaning::Icmp(0, 0)),
    ("icmp_code", Meaning::Icmp(0, 1)),
    ("response_icmp_type", Meaning::Icmp(1, 0)),
    ("response_icmp_code", Meaning::Icmp(1, 1)),
    ("vlan", Meaning::Count(0, Attr::SrcVlan)),
    ("vlan", Meaning::Count(1, Attr::SrcVlan)),
    ("timestamp", Meaning::Moment(When::Received, Unit::Seconds)),
    ("flow.start", Meaning::Moment(When::Start, Unit::Seconds)),
    ("flow.end", Meaning::Moment(When::End, Unit::Seconds)),
    ("flow.bytes_toserver", Meaning::Count(0, Attr::Octets)),
    ("flow.pkts_toserver", Meaning::Count(0, Attr::Packets)),
    ("flow.bytes_toclient", Meaning::Count(1, Attr::Octets)),
    ("flow.pkts_toclient", Meaning::Count(1, Attr::Packets)),
    // of both directions in a flow, which has those of each too
    ("tcp.tcp_flags", Meaning::FlagDigits(0)),
    ("tcp.tcp_flags_ts", Meaning::FlagDigits(0)),
    ("tcp.tcp_flags_tc", Meaning::FlagDigits(1)),
    ("netflow.start", Meaning::Moment(When::Start, Unit::Seconds)),
    ("netflow.end", Meaning::Moment(When::End, Unit::Seconds)),
    ("netflow.bytes", Meaning::Count(0, Attr::Octets)),
    ("netflow.pkts", Meaning::Count(0, Attr::Packets)),
];

/// Whether it is a flow at all.
pub fn finish(draft: &mut Draft) -> bool {
    matches!(draft.kind.as_deref(), Some("flow" | "netflow"))
}
