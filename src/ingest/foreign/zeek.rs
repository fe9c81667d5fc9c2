//! Zeek's conn.log, as JSON lines or as columns under a line of their names:
//! connections with both directions, the originator's and the responder's. The
//! octets are those of IP packets, as in NetFlow, or else those of the payload.

use super::draft::{Draft, Meaning, When};
use crate::model::attr::{Attr, UNKNOWN};
use crate::model::instant::Unit;
use crate::model::protocol;

/// Keys that no other form has; shippers write the dots as underscores.
pub const SIGNS: &[&str] = &["id.orig_h", "id_orig_h", "_path"];

/// Columns and what they stand for; where `proto` names none, `ip_proto` has its number.
pub const FIELDS: &[(&str, Meaning)] = &[
    ("_path", Meaning::Kind),
    ("conn_state", Meaning::Sign),
    ("_system_name", Meaning::Exporter),
    ("id.orig_h", Meaning::Address(0)),
    ("id.resp_h", Meaning::Address(1)),
    ("id.orig_p", Meaning::Port(0)),
    ("id.resp_p", Meaning::Port(1)),
    ("id_orig_h", Meaning::Address(0)),
    ("id_resp_h", Meaning::Address(1)),
    ("id_orig_p", Meaning::Port(0)),
    ("id_resp_p", Meaning::Port(1)),
    ("proto", Meaning::Protocol),
    ("ip_proto", Meaning::Protocol),
    ("ts", Meaning::Moment(When::Start, Unit::Seconds)),
    ("_write_ts", Meaning::Moment(When::Received, Unit::Seconds)),
    ("duration", Meaning::Elapsed),
    ("orig_pkts", Meaning::Count(0, Attr::Packets)),
    ("resp_pkts", Meaning::Count(1, Attr::Packets)),
    ("orig_ip_bytes", Meaning::Count(0, Attr::Octets)),
    ("resp_ip_bytes", Meaning::Count(1, Attr::Octets)),
    ("orig_bytes", Meaning::StandIn(0, Attr::Octets)),
    ("resp_bytes", Meaning::StandIn(1, Attr::Octets)),
    ("history", Meaning::History),
    ("vlan", Meaning::Count(0, Attr::SrcVlan)),
    ("vlan", Meaning::Count(1, Attr::SrcVlan)),
];

/// Types of ICMP that are asked and answered: with these the responder's port is
/// the type of the answer, else it is the code.
const ANSWERS: [(u8, u8); 8] = [
    (8, 0),
    (13, 14),
    (15, 16),
    (17, 18),
    (10, 9),
    (128, 129),
    (133, 134),
    (135, 136),
];

/// Whether it is a connection and not from another log; what it calls the ports
/// of ICMP are types and codes.
pub fn finish(draft: &mut Draft) -> bool {
    let is_conn = match draft.kind.as_deref() {
        Some(path) => path == "conn",
        None => draft.signed || [0, 1].iter().any(|&side| draft.has_sent(side)),
    };
    if !is_conn {
        return false;
    }
    if draft.protocol != Some(protocol::TCP) {
        for attrs in &mut draft.attrs {
            attrs.set(Attr::TcpFlags, UNKNOWN);
        }
    }
    // the log says icmp of either family
    let is_six = draft.hosts.iter().flatten().any(|host| host.is_ipv6());
    if draft.protocol == Some(protocol::ICMP) && is_six {
        draft.protocol = Some(protocol::ICMPV6);
    }
    if !draft.protocol.is_some_and(protocol::is_icmp) {
        return true;
    }
    let numbers = std::mem::take(&mut draft.ports).map(|port| u8::try_from(port.unwrap_or(0)));
    let [Ok(kind), Ok(other)] = numbers else {
        draft.unreadable += numbers.iter().filter(|number| number.is_err()).count() as u64;
        return true;
    };
    let both = |kind: u8, code: u8| u16::from_be_bytes([kind, code]).into();
    let [asked, answered] = match ANSWERS.contains(&(kind, other)) {
        true => [both(kind, 0), both(other, 0)],
        false => [both(kind, other), UNKNOWN],
    };
    draft.attrs[0].set(Attr::IcmpTypeCode, asked);
    draft.attrs[1].set(Attr::IcmpTypeCode, answered);
    true
}
