//! The numbers that are read of a record, each in its own place.

use crate::model::attr;

/// A number of a record that is kept until the whole packet is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Slot {
    /// Where the stored attributes begin; `Slot::Stored as usize + attr`.
    Stored = 0,
    /// Octets by a less good measure: a running total, or what the initiator sent.
    OtherOctets = attr::COUNT,
    /// Packets by a less good measure.
    OtherPackets,
    /// Octets as they left the device.
    PostOctets,
    /// Packets as they left it.
    PostPackets,
    /// Length of the source's IPv6 prefix.
    SrcMask6,
    /// Length of the destination's.
    DstMask6,
    /// VLAN that packets came in on, as 802.1Q has it.
    SrcDot1qVlan,
    /// VLAN that they left by.
    DstDot1qVlan,
    /// Source port.
    SrcPort,
    /// Destination port.
    DstPort,
    /// 4 or 6, else a record that is none.
    IpVersion,
    /// Start in milliseconds of uptime.
    StartUptime,
    /// End in milliseconds of uptime.
    EndUptime,
    /// Start as Unix milliseconds.
    Start,
    /// End as Unix milliseconds.
    End,
    /// Start told in microseconds or nanoseconds, as Unix milliseconds.
    FineStart,
    /// End told so.
    FineEnd,
    /// Start told in seconds, as Unix milliseconds.
    CoarseStart,
    /// End told so.
    CoarseEnd,
    /// Milliseconds between both.
    Duration,
    /// Microseconds between both.
    DurationMicroseconds,
    /// When the event was, of which the record tells, Unix milliseconds.
    Event,
    /// The same told in microseconds or nanoseconds.
    FineEvent,
    /// The same told in seconds.
    CoarseEvent,
    /// When the exporter was started, Unix milliseconds.
    Boot,
    /// Microseconds before the export at which the flow began.
    StartDelta,
    /// Microseconds before the export at which it ended.
    EndDelta,
    /// What the collector could not name; the end where the start is absolute.
    Unnamed,
    /// ICMP type alone.
    IcmpType,
    /// ICMP code alone.
    IcmpCode,
    /// ICMPv6 type and code.
    Icmp6TypeCode,
    /// ICMPv6 type alone.
    Icmp6Type,
    /// ICMPv6 code alone.
    Icmp6Code,
    /// Source port, if it is of UDP.
    SrcUdpPort,
    /// Source port, if it is of TCP.
    SrcTcpPort,
    /// Destination port, if it is of UDP.
    DstUdpPort,
    /// Destination port, if it is of TCP.
    DstTcpPort,
    /// Sampling: one of this many packets.
    OneOf,
    /// Sampling: this many packets are looked at,
    Taken,
    /// and then this many are passed over;
    Passed,
    /// or of this many packets in all.
    Population,
    /// Protocol number, any of 32 bits with a sign.
    Protocol,
    /// What nobody asks for.
    Unheeded,
}

/// How many numbers a record keeps.
pub const SLOTS: usize = Slot::Unheeded as usize + 1;
