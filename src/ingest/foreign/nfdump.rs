//! What `nfdump -o json` and `-o ndjson` print. Times have no offset: they are in
//! the zone of the machine that nfdump ran on. What the other direction sent is in
//! records that nfdump made of both (`-b`) and in events of firewalls.

use super::draft::{Draft, Meaning, When};
use crate::model::attr::Attr;
use crate::model::instant::Unit;

/// Keys that no other form has.
pub const SIGNS: &[&str] = &["src4_addr", "src6_addr", "export_sysid"];

/// Keys of 1.6 to 1.7 and what they stand for.
pub const FIELDS: &[(&str, Meaning)] = &[
    ("src4_addr", Meaning::Address(0)),
    ("dst4_addr", Meaning::Address(1)),
    ("src6_addr", Meaning::Address(0)),
    ("dst6_addr", Meaning::Address(1)),
    ("src_port", Meaning::Port(0)),
    ("dst_port", Meaning::Port(1)),
    ("proto", Meaning::Protocol),
    ("in_bytes", Meaning::Count(0, Attr::Octets)),
    ("in_packets", Meaning::Count(0, Attr::Packets)),
    ("out_bytes", Meaning::Count(1, Attr::Octets)),
    ("out_packets", Meaning::Count(1, Attr::Packets)),
    ("tcp_flags", Meaning::FlagLetters(0)),
    ("icmp_type", Meaning::Icmp(0, 0)),
    ("icmp_code", Meaning::Icmp(0, 1)),
    ("src_tos", Meaning::Count(0, Attr::Tos)),
    ("dst_tos", Meaning::Count(1, Attr::Tos)),
    ("input_snmp", Meaning::Count(0, Attr::InputInterface)),
    ("output_snmp", Meaning::Count(0, Attr::OutputInterface)),
    ("src_as", Meaning::Count(0, Attr::SrcAs)),
    ("dst_as", Meaning::Count(0, Attr::DstAs)),
    ("src_mask", Meaning::Count(0, Attr::SrcMask)),
    ("dst_mask", Meaning::Count(0, Attr::DstMask)),
    ("src_vlan", Meaning::Count(0, Attr::SrcVlan)),
    ("dst_vlan", Meaning::Count(0, Attr::DstVlan)),
    ("first", Meaning::Moment(When::Start, Unit::Seconds)),
    ("t_first", Meaning::Moment(When::Start, Unit::Seconds)),
    ("last", Meaning::Moment(When::End, Unit::Seconds)),
    ("t_last", Meaning::Moment(When::End, Unit::Seconds)),
    ("received", Meaning::Moment(When::Received, Unit::Seconds)),
    ("t_received", Meaning::Moment(When::Received, Unit::Seconds)),
    ("ip4_router", Meaning::Exporter),
    ("ip6_router", Meaning::Exporter),
];

/// Nothing needs more than the table says.
pub fn finish(_: &mut Draft) -> bool {
    true
}
