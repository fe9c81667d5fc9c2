//! KNOWN, the catalogue of record fields that have a readable name: one row a
//! meaning, with its decoder and what each export version calls it. The detail
//! pane shows them in this order; fields without a row are shown as they came.

use super::decode::{self as d, Decode};
use super::protocol::ICMP;

/// A meaning.
pub struct Known {
    /// Its name for a person.
    pub label: &'static str,
    /// Puts a value into words.
    pub decode: Decode,
    /// The protocols in whose flows it has a meaning; all where none is named.
    pub protocols: &'static [i32],
    /// What exporters call it.
    pub keys: &'static [&'static str],
}

/// Addresses that say nothing beside others.
const NOWHERE: [&str; 2] = ["0.0.0.0", "::"];
/// The row that tells the protocol.
const PROTOCOL: &str = "Protocol";

macro_rules! known {
    ($($label:literal $decode:path $([$($protocol:literal)*])?: $($key:literal)*;)*) => {
        &[$(Known {
            label: $label,
            decode: $decode,
            protocols: &[$($($protocol),*)?],
            keys: &[$($key),*],
        }),*]
    };
}

/// The catalogue.
pub const KNOWN: &[Known] = known! {
    "Source" d::v4: "IPV4_SRC_ADDR" "sourceIPv4Address";
    "Source" d::v6: "IPV6_SRC_ADDR" "sourceIPv6Address";
    "Source port" d::plain: "L4_SRC_PORT" "SRC_PORT" "sourceTransportPort" "tcpSourcePort" "udpSourcePort";
    "Destination" d::v4: "IPV4_DST_ADDR" "destinationIPv4Address";
    "Destination" d::v6: "IPV6_DST_ADDR" "destinationIPv6Address";
    "Destination port" d::plain: "L4_DST_PORT" "DST_PORT" "destinationTransportPort" "tcpDestinationPort"
        "udpDestinationPort";
    "Protocol" d::protocol: "PROTOCOL" "PROTO" "protocolIdentifier" "nextHeaderIPv6";
    "IP version" d::plain: "IP_PROTOCOL_VERSION" "ipVersion";
    "TCP flags" d::flags: "TCP_FLAGS" "tcpControlBits";
    "Type of service" d::service_class: "SRC_TOS" "TOS" "ipClassOfService";
    "ToS on leaving" d::service_class: "DST_TOS" "postIpClassOfService";
    "ICMP" d::icmp4 [1]: "ICMP_TYPE" "icmpTypeCodeIPv4";
    "ICMPv6" d::icmp6 [58]: "ICMP_TYPE" "icmpTypeCodeIPv6";
    "ICMP type" d::plain [1 58]: "NF_F_ICMP_TYPE" "icmpTypeIPv4" "icmpTypeIPv6" "NF_F_ICMP_TYPE_IPV6";
    "ICMP code" d::plain [1 58]: "NF_F_ICMP_CODE" "icmpCodeIPv4" "icmpCodeIPv6" "NF_F_ICMP_CODE_IPV6";
    "Bytes" d::octets: "IN_BYTES" "IN_OCTETS" "octetDeltaCount";
    "Packets" d::count: "IN_PKTS" "IN_PACKETS" "packetDeltaCount";
    "Bytes out" d::octets: "OUT_BYTES" "postOctetDeltaCount";
    "Packets out" d::count: "OUT_PKTS" "postPacketDeltaCount";
    "Bytes in all" d::octets: "IN_PERMANENT_BYTES" "octetTotalCount";
    "Packets in all" d::count: "IN_PERMANENT_PKTS" "packetTotalCount";
    "Initiator bytes" d::octets: "NF_F_FWD_FLOW_DELTA_BYTES" "initiatorOctets";
    "Initiator pkts" d::count: "initiatorPackets";
    "Bytes of answers" d::octets: "NF_F_REV_FLOW_DELTA_BYTES" "responderOctets";
    "Flows in one" d::count: "FLOWS" "deltaFlowCount";
    "Start" d::uptime: "FIRST_SWITCHED" "flowStartSysUpTime";
    "Start" d::milliseconds: "NF_F_FLOW_CREATE_TIME_MSEC" "flowStartMilliseconds";
    "Start" d::seconds: "flowStartSeconds";
    "Start" d::microseconds: "flowStartMicroseconds";
    "Start" d::nanoseconds: "flowStartNanoseconds";
    "Start" d::before_export: "flowStartDeltaMicroseconds";
    "End" d::uptime: "LAST_SWITCHED" "flowEndSysUpTime";
    "End" d::milliseconds: "flowEndMilliseconds" "NF_F_FLOW_END_TIME_MSEC";
    "End" d::seconds: "flowEndSeconds";
    "End" d::microseconds: "flowEndMicroseconds";
    "End" d::nanoseconds: "flowEndNanoseconds";
    "End" d::before_export: "flowEndDeltaMicroseconds";
    "Lasted" d::lasting: "flowDurationMilliseconds";
    "Lasted" d::lasting_microseconds: "flowDurationMicroseconds";
    "Event time" d::milliseconds: "NF_F_EVENT_TIME_MSEC" "observationTimeMilliseconds";
    "Event time" d::seconds: "observationTimeSeconds";
    "Event time" d::microseconds: "observationTimeMicroseconds";
    "Event time" d::nanoseconds: "observationTimeNanoseconds";
    "Exporter booted" d::milliseconds: "systemInitTimeMilliseconds";
    "End reason" d::end_reason: "flowEndReason" "FLOW_END_REASON";
    "Unnamed field" d::unnamed: "UNKNOWN_FIELD_TYPE";
    "Direction" d::direction: "DIRECTION" "flowDirection";
    "Interface in" d::interface: "INPUT_SNMP" "INPUT" "ingressInterface";
    "Interface out" d::interface: "OUTPUT_SNMP" "OUTPUT" "egressInterface";
    "Interface" d::words: "interfaceName" "IF_NAME";
    "Interface is" d::words: "interfaceDescription" "IF_DESC";
    "Source AS" d::system: "SRC_AS" "bgpSourceAsNumber";
    "Destination AS" d::system: "DST_AS" "bgpDestinationAsNumber";
    "Previous AS" d::system: "BGP_PREV_ADJACENT_AS" "bgpPrevAdjacentAsNumber";
    "Next AS" d::system: "bgpNextAdjacentAsNumber";
    "Source prefix" d::prefix: "SRC_MASK" "sourceIPv4PrefixLength" "sourceIPv6PrefixLength" "IPV6_SRC_MASK";
    "Dest. prefix" d::prefix: "DST_MASK" "destinationIPv4PrefixLength" "destinationIPv6PrefixLength" "IPV6_DST_MASK";
    "Next hop" d::v4: "NEXT_HOP" "IPV4_NEXT_HOP" "ipNextHopIPv4Address";
    "Next hop" d::v6: "IPV6_NEXT_HOP" "ipNextHopIPv6Address";
    "BGP next hop" d::v4: "BGP_IPV4_NEXT_HOP" "bgpNextHopIPv4Address";
    "BGP next hop" d::v6: "BPG_IPV6_NEXT_HOP" "BGP_IPV6_NEXT_HOP" "bgpNextHopIPv6Address";
    "VLAN" d::plain: "SRC_VLAN" "vlanId" "dot1qVlanId";
    "VLAN on leaving" d::plain: "DST_VLAN" "postVlanId" "postDot1qVlanId";
    "Customer VLAN" d::plain: "dot1qCustomerVlanId";
    "Source MAC" d::mac: "IN_SRC_MAC" "sourceMacAddress";
    "Destination MAC" d::mac: "IN_DST_MAC" "destinationMacAddress";
    "Source MAC out" d::mac: "OUT_SRC_MAC" "postSourceMacAddress";
    "Dest. MAC out" d::mac: "OUT_DST_MAC" "postDestinationMacAddress";
    "NAT source" d::v4: "NF_F_XLATE_SRC_ADDR_IPV4" "postNATSourceIPv4Address";
    "NAT source" d::v6: "NF_F_XLATE_SRC_ADDR_IPV6" "postNATSourceIPv6Address";
    "NAT source port" d::plain: "NF_F_XLATE_SRC_PORT" "postNAPTSourceTransportPort";
    "NAT destination" d::v4: "NF_F_XLATE_DST_ADDR_IPV4" "postNATDestinationIPv4Address";
    "NAT destination" d::v6: "NF_F_XLATE_DST_ADDR_IPV6" "postNATDestinationIPv6Address";
    "NAT dest. port" d::plain: "NF_F_XLATE_DST_PORT" "postNAPTDestinationTransportPort";
    "Firewall event" d::firewall: "NF_F_FW_EVENT" "firewallEvent";
    "Firewall detail" d::plain: "NF_F_FW_EXT_EVENT";
    "Connection id" d::plain: "NF_F_CONN_ID";
    "Forwarding" d::forwarding: "FORWARDING_STATUS" "forwardingStatus";
    "TTL" d::plain: "ipTTL";
    "Least TTL" d::plain: "MIN_TTL" "minimumTTL";
    "Greatest TTL" d::plain: "MAX_TTL" "maximumTTL";
    "Least length" d::count: "MIN_PKT_LNGTH" "minimumIpTotalLength";
    "Greatest length" d::count: "MAX_PKT_LNGTH" "maximumIpTotalLength";
    "IPv6 flow label" d::plain: "IPV6_FLOW_LABEL" "flowLabelIPv6";
    "Sampling" d::algorithm: "SAMPLING_ALGORITHM" "samplingAlgorithm";
    "Sampled 1 of" d::count: "SAMPLING_INTERVAL" "samplingInterval";
    "Application" d::application: "APPLICATION_TAG" "applicationId";
    "Application" d::words: "APPLICATION_NAME" "applicationName";
    "VRF in" d::plain: "ingressVRFID";
    "VRF out" d::plain: "egressVRFID";
    "VRF" d::words: "VRFname";
    "MPLS 1" d::mpls: "MPLS_LABEL_1" "mplsTopLabelStackSection";
    "MPLS 2" d::mpls: "MPLS_LABEL_2" "mplsLabelStackSection2";
    "MPLS 3" d::mpls: "MPLS_LABEL_3" "mplsLabelStackSection3";
    "MPLS address" d::v4: "MPLS_TOP_LABEL_IP_ADDR" "mplsTopLabelIPv4Address";
};

/// The fields of a record that have a readable name, in words, in the order of
/// the catalogue. Exporters fill fields of other protocols with zeros, which say
/// nothing; a record that names no protocol may be ICMP.
pub fn readable(record: &[(String, String)]) -> Vec<(&'static str, String)> {
    let protocol = KNOWN
        .iter()
        .find(|known| known.label == PROTOCOL)
        .and_then(|known| value(record, known)?.parse().ok())
        .unwrap_or(ICMP);
    let words = |known: &Known| {
        let means = known.protocols.is_empty() || known.protocols.contains(&protocol);
        let raw = value(record, known).filter(|_| means)?;
        Some((known.label, (known.decode)(raw)?))
    };
    let all: Vec<_> = KNOWN.iter().filter_map(words).collect();
    let mut told = all.clone();
    // templates of both families leave the addresses of the other one empty
    let is_empty = |row: &(&str, String)| NOWHERE.contains(&row.1.as_str());
    let is_told = |label| all.iter().any(|row| row.0 == label && !is_empty(row));
    told.retain(|row| !is_empty(row) || !is_told(row.0));
    told
}

fn value<'a>(record: &'a [(String, String)], known: &Known) -> Option<&'a str> {
    let mut fields = record.iter().rev();
    let field = fields.find(|(key, _)| known.keys.contains(&key.as_str()));
    field.map(|(_, raw)| raw.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_meanings() {
        for protocol in [1, 6, 17, 58] {
            let is_of =
                |known: &&Known| known.protocols.is_empty() || known.protocols.contains(&protocol);
            let rows = KNOWN.iter().filter(is_of);
            let keys: Vec<&str> = rows.flat_map(|known| known.keys).copied().collect();
            for (place, key) in keys.iter().enumerate() {
                assert!(!keys[..place].contains(key), "{key} stands twice");
            }
        }
        assert!(KNOWN.iter().all(|known| known.label.len() <= 16));
    }

    #[test]
    fn empty_addresses_of_the_other_family_are_left_out() {
        let said = |fields: &[(&str, &str)]| {
            let fields = fields.iter();
            let record = fields.map(|(key, raw)| ((*key).to_owned(), (*raw).to_owned()));
            readable(&record.collect::<Vec<_>>())
        };
        let both = [
            ("IPV4_SRC_ADDR", "\"10.0.0.1\""),
            ("IPV6_SRC_ADDR", "\"::\""),
        ];
        assert_eq!(said(&both), [("Source", "10.0.0.1".to_owned())]);
        // but one that is all there is, such as that of who has none yet
        let alone = [
            ("IPV6_SRC_ADDR", "\"::\""),
            ("IPV6_DST_ADDR", "\"ff02::1\""),
        ];
        assert_eq!(said(&alone)[0], ("Source", "::".to_owned()));
    }

    #[test]
    fn fields_of_icmp_are_read_by_the_protocol_of_their_record() {
        let said = |fields: &[(&str, &str)]| {
            let fields = fields.iter();
            let record: Vec<(String, String)> = fields
                .map(|(key, raw)| ((*key).to_owned(), (*raw).to_owned()))
                .collect();
            let mut words = readable(&record);
            words.retain(|(label, _)| *label != "Protocol");
            words
        };
        let zeros = [("icmpTypeCodeIPv4", "0"), ("NF_F_ICMP_TYPE", "0")];
        let of = |protocol| [&[("protocolIdentifier", protocol)], &zeros[..]].concat();
        assert_eq!(said(&of("17")), []);
        let reply = ("ICMP", "type 0, code 0 (echo reply)".to_owned());
        let kind = ("ICMP type", "0".to_owned());
        assert_eq!(said(&of("1")), [reply.clone(), kind.clone()]);
        assert_eq!(said(&zeros), [reply, kind]);
        let asked = "type 128, code 0 (echo)".to_owned();
        let version_6 = [("ICMP_TYPE", "32768"), ("PROTOCOL", "58")];
        assert_eq!(said(&version_6), [("ICMPv6", asked.clone())]);
        let both = [("icmpTypeCodeIPv4", "0"), ("icmpTypeCodeIPv6", "32768")];
        let of = |protocol| [&[("protocolIdentifier", protocol)], &both[..]].concat();
        assert_eq!(said(&of("58")), [("ICMPv6", asked)]);
        assert_eq!(
            said(&of("1")),
            [("ICMP", "type 0, code 0 (echo reply)".to_owned())]
        );
    }
}
