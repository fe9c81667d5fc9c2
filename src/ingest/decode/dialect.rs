//! SPELLINGS, the catalogue of names: what each export version calls the fields
//! that flowpeek understands. One row a spelling; versions do not contradict
//! each other, so one table serves all of them. v1 and v5 are named by the
//! collector, v9 after RFC 3954 and Cisco's own fields, IPFIX after IANA.

use foldhash::HashMap;
use foldhash::HashMapExt;

use super::slot::Slot;
use crate::model::attr::{self, Attr};
use crate::model::instant::Unit;

/// Where a plain whole number goes, and the largest that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// A place among a record's numbers.
    pub slot: usize,
    /// The largest number.
    pub max: u64,
}

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A whole number.
    Number(Room),
    /// A moment.
    Moment(Slot, Unit),
    /// Protocol number.
    Protocol,
    /// An address: 0 IPv4 source, 1 IPv4 destination, 2 IPv6 source, 3 IPv6 destination.
    Address(usize),
    /// A field that only options records have.
    Options,
    /// Such a field, about sampling.
    Sampling(Slot),
}

impl Meaning {
    /// Where a plain whole number goes; nowhere if it has to be looked at. What is behind
    /// an unknown key is passed over.
    pub fn room(meaning: Option<Meaning>) -> Option<Room> {
        match meaning {
            None => Some(room(Slot::Unheeded, u64::MAX)),
            Some(Meaning::Number(room)) => Some(room),
            Some(Meaning::Protocol) => Some(room(Slot::Protocol, i32::MAX as u64)),
            Some(_) => None,
        }
    }
}

const U8: u64 = u8::MAX as u64;
const U16: u64 = u16::MAX as u64;
const U32: u64 = u32::MAX as u64;
/// The largest of 64 bits stands for what is unknown.
const U64: u64 = attr::UNKNOWN - 1;

const fn stored(attr: Attr) -> Meaning {
    Meaning::Number(Room {
        slot: attr as usize,
        max: attr::ATTRS[attr as usize].max,
    })
}

const fn number(slot: Slot, max: u64) -> Meaning {
    Meaning::Number(room(slot, max))
}

const fn room(slot: Slot, max: u64) -> Room {
    Room {
        slot: slot as usize,
        max,
    }
}

const SPELLINGS: &[(&str, Meaning)] = &[
    ("IPV4_SRC_ADDR", Meaning::Address(0)),
    ("sourceIPv4Address", Meaning::Address(0)),
    ("IPV4_DST_ADDR", Meaning::Address(1)),
    ("destinationIPv4Address", Meaning::Address(1)),
    ("IPV6_SRC_ADDR", Meaning::Address(2)),
    ("sourceIPv6Address", Meaning::Address(2)),
    ("IPV6_DST_ADDR", Meaning::Address(3)),
    ("destinationIPv6Address", Meaning::Address(3)),
    ("SRC_PORT", number(Slot::SrcPort, U16)),
    ("L4_SRC_PORT", number(Slot::SrcPort, U16)),
    ("sourceTransportPort", number(Slot::SrcPort, U16)),
    ("udpSourcePort", number(Slot::SrcUdpPort, U16)),
    ("tcpSourcePort", number(Slot::SrcTcpPort, U16)),
    ("DST_PORT", number(Slot::DstPort, U16)),
    ("L4_DST_PORT", number(Slot::DstPort, U16)),
    ("destinationTransportPort", number(Slot::DstPort, U16)),
    ("udpDestinationPort", number(Slot::DstUdpPort, U16)),
    ("tcpDestinationPort", number(Slot::DstTcpPort, U16)),
    ("PROTO", Meaning::Protocol),
    ("PROTOCOL", Meaning::Protocol),
    ("protocolIdentifier", Meaning::Protocol),
    ("IP_PROTOCOL_VERSION", number(Slot::IpVersion, U64)),
    ("IN_OCTETS", stored(Attr::Octets)),
    ("IN_BYTES", stored(Attr::Octets)),
    ("octetDeltaCount", stored(Attr::Octets)),
    ("IN_PACKETS", stored(Attr::Packets)),
    ("IN_PKTS", stored(Attr::Packets)),
    ("packetDeltaCount", stored(Attr::Packets)),
    ("IN_PERMANENT_BYTES", number(Slot::OtherOctets, U64)),
    ("IN_PERMANENT_PKTS", number(Slot::OtherPackets, U64)),
    ("OUT_BYTES", number(Slot::PostOctets, U64)),
    ("OUT_PKTS", number(Slot::PostPackets, U64)),
    ("octetTotalCount", number(Slot::OtherOctets, U64)),
    ("packetTotalCount", number(Slot::OtherPackets, U64)),
    ("postOctetDeltaCount", number(Slot::PostOctets, U64)),
    ("postPacketDeltaCount", number(Slot::PostPackets, U64)),
    ("NF_F_FWD_FLOW_DELTA_BYTES", number(Slot::OtherOctets, U64)),
    ("initiatorOctets", number(Slot::OtherOctets, U64)),
    ("initiatorPackets", number(Slot::OtherPackets, U64)),
    ("TCP_FLAGS", stored(Attr::TcpFlags)),
    ("tcpControlBits", stored(Attr::TcpFlags)),
    ("TOS", stored(Attr::Tos)),
    ("SRC_TOS", stored(Attr::Tos)),
    ("ipClassOfService", stored(Attr::Tos)),
    ("ICMP_TYPE", stored(Attr::IcmpTypeCode)),
    ("icmpTypeCodeIPv4", stored(Attr::IcmpTypeCode)),
    ("icmpTypeCodeIPv6", number(Slot::Icmp6TypeCode, U16)),
    ("NF_F_ICMP_TYPE", number(Slot::IcmpType, 255)),
    ("NF_F_ICMP_CODE", number(Slot::IcmpCode, 255)),
    ("icmpTypeIPv4", number(Slot::IcmpType, 255)),
    ("icmpCodeIPv4", number(Slot::IcmpCode, 255)),
    ("NF_F_ICMP_TYPE_IPV6", number(Slot::Icmp6Type, 255)),
    ("NF_F_ICMP_CODE_IPV6", number(Slot::Icmp6Code, 255)),
    ("icmpTypeIPv6", number(Slot::Icmp6Type, 255)),
    ("icmpCodeIPv6", number(Slot::Icmp6Code, 255)),
    ("INPUT", stored(Attr::InputInterface)),
    ("INPUT_SNMP", stored(Attr::InputInterface)),
    ("ingressInterface", stored(Attr::InputInterface)),
    ("OUTPUT", stored(Attr::OutputInterface)),
    ("OUTPUT_SNMP", stored(Attr::OutputInterface)),
    ("egressInterface", stored(Attr::OutputInterface)),
    ("SRC_AS", stored(Attr::SrcAs)),
    ("bgpSourceAsNumber", stored(Attr::SrcAs)),
    ("DST_AS", stored(Attr::DstAs)),
    ("bgpDestinationAsNumber", stored(Attr::DstAs)),
    ("SRC_MASK", stored(Attr::SrcMask)),
    ("IPV6_SRC_MASK", number(Slot::SrcMask6, U8)),
    ("sourceIPv4PrefixLength", stored(Attr::SrcMask)),
    ("sourceIPv6PrefixLength", number(Slot::SrcMask6, U8)),
    ("DST_MASK", stored(Attr::DstMask)),
    ("IPV6_DST_MASK", number(Slot::DstMask6, U8)),
    ("destinationIPv4PrefixLength", stored(Attr::DstMask)),
    ("destinationIPv6PrefixLength", number(Slot::DstMask6, U8)),
    ("SRC_VLAN", stored(Attr::SrcVlan)),
    ("vlanId", stored(Attr::SrcVlan)),
    ("dot1qVlanId", number(Slot::SrcDot1qVlan, U16)),
    ("DST_VLAN", stored(Attr::DstVlan)),
    ("postVlanId", stored(Attr::DstVlan)),
    ("postDot1qVlanId", number(Slot::DstDot1qVlan, U16)),
    ("FIRST_SWITCHED", number(Slot::StartUptime, U32)),
    ("flowStartSysUpTime", number(Slot::StartUptime, U32)),
    ("LAST_SWITCHED", number(Slot::EndUptime, U32)),
    ("flowEndSysUpTime", number(Slot::EndUptime, U32)),
    (
        "flowStartSeconds",
        Meaning::Moment(Slot::CoarseStart, Unit::Seconds),
    ),
    (
        "flowStartMilliseconds",
        Meaning::Moment(Slot::Start, Unit::Milliseconds),
    ),
    (
        "flowStartMicroseconds",
        Meaning::Moment(Slot::FineStart, Unit::Microseconds),
    ),
    (
        "flowStartNanoseconds",
        Meaning::Moment(Slot::FineStart, Unit::Nanoseconds),
    ),
    (
        "NF_F_FLOW_CREATE_TIME_MSEC",
        Meaning::Moment(Slot::Start, Unit::Milliseconds),
    ),
    (
        "flowEndSeconds",
        Meaning::Moment(Slot::CoarseEnd, Unit::Seconds),
    ),
    (
        "flowEndMilliseconds",
        Meaning::Moment(Slot::End, Unit::Milliseconds),
    ),
    (
        "flowEndMicroseconds",
        Meaning::Moment(Slot::FineEnd, Unit::Microseconds),
    ),
    (
        "flowEndNanoseconds",
        Meaning::Moment(Slot::FineEnd, Unit::Nanoseconds),
    ),
    (
        "NF_F_FLOW_END_TIME_MSEC",
        Meaning::Moment(Slot::End, Unit::Milliseconds),
    ),
    (
        "NF_F_EVENT_TIME_MSEC",
        Meaning::Moment(Slot::Event, Unit::Milliseconds),
    ),
    (
        "observationTimeSeconds",
        Meaning::Moment(Slot::CoarseEvent, Unit::Seconds),
    ),
    (
        "observationTimeMilliseconds",
        Meaning::Moment(Slot::Event, Unit::Milliseconds),
    ),
    (
        "observationTimeMicroseconds",
        Meaning::Moment(Slot::FineEvent, Unit::Microseconds),
    ),
    (
        "observationTimeNanoseconds",
        Meaning::Moment(Slot::FineEvent, Unit::Nanoseconds),
    ),
    (
        "systemInitTimeMilliseconds",
        Meaning::Moment(Slot::Boot, Unit::Milliseconds),
    ),
    ("flowStartDeltaMicroseconds", number(Slot::StartDelta, U32)),
    ("flowEndDeltaMicroseconds", number(Slot::EndDelta, U32)),
    ("flowDurationMilliseconds", number(Slot::Duration, U32)),
    (
        "flowDurationMicroseconds",
        number(Slot::DurationMicroseconds, U32),
    ),
    ("UNKNOWN_FIELD_TYPE", number(Slot::Unnamed, U64)),
    ("meteringProcessId", Meaning::Options),
    ("exportingProcessId", Meaning::Options),
    ("selectorAlgorithm", Meaning::Options),
    ("samplingPacketInterval", Meaning::Sampling(Slot::Taken)),
    ("samplingPacketSpace", Meaning::Sampling(Slot::Passed)),
    ("samplingSize", Meaning::Sampling(Slot::Taken)),
    ("samplingPopulation", Meaning::Sampling(Slot::Population)),
    ("samplerRandomInterval", Meaning::Sampling(Slot::OneOf)),
    (
        "FLOW_SAMPLER_RANDOM_INTERVAL",
        Meaning::Sampling(Slot::OneOf),
    ),
    ("samplerName", Meaning::Options),
    ("SAMPLER_NAME", Meaning::Options),
    ("interfaceDescription", Meaning::Options),
    ("IF_NAME", Meaning::Options),
    ("IF_DESC", Meaning::Options),
    ("VRFname", Meaning::Options),
    ("applicationName", Meaning::Options),
    ("APPLICATION_NAME", Meaning::Options),
    ("applicationDescription", Meaning::Options),
    ("SAMPLING_INTERVAL", Meaning::Sampling(Slot::OneOf)),
    ("samplingInterval", Meaning::Sampling(Slot::OneOf)),
    ("TOTAL_BYTES_EXP", Meaning::Options),
    ("TOTAL_PKTS_EXP", Meaning::Options),
    ("TOTAL_FLOWS_EXP", Meaning::Options),
    ("templateId", Meaning::Options),
];

/// The catalogue, ready to be asked.
pub struct Dialect(HashMap<&'static str, Meaning>);

impl Default for Dialect {
    fn default() -> Self {
        let mut meanings = HashMap::with_capacity(SPELLINGS.len());
        meanings.extend(SPELLINGS.iter().copied());
        Dialect(meanings)
    }
}

impl Dialect {
    /// What a record's key stands for, if flowpeek knows it.
    pub fn meaning(&self, key: &str) -> Option<Meaning> {
        self.0.get(key).copied()
    }
}

/// The export version that spells a record this way, where no header tells.
pub fn version_of(key: &str) -> Option<u16> {
    match key {
        "IN_PKTS" | "IN_BYTES" | "PROTOCOL" | "L4_SRC_PORT" => Some(9),
        "SRC_AS" | "SRC_MASK" => Some(5),
        "IN_PACKETS" | "IN_OCTETS" | "PROTO" => Some(1),
        "octetDeltaCount" | "sourceIPv4Address" | "sourceIPv6Address" => Some(10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::known::KNOWN;

    #[test]
    fn what_is_read_of_flows_is_explained() {
        let is_of_flow =
            |meaning: &Meaning| !matches!(meaning, Meaning::Options | Meaning::Sampling(_));
        let read = SPELLINGS.iter().filter(|(_, meaning)| is_of_flow(meaning));
        let is_explained = |key| KNOWN.iter().any(|known| known.keys.contains(&key));
        let unknown = read.map(|row| row.0).filter(|&key| !is_explained(key));
        assert_eq!(unknown.collect::<Vec<_>>(), [""; 0]);
    }
}
