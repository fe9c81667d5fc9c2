//! ATTRS, the catalogue of stored scalars: one row for each number that is kept
//! of a flow besides its key and its times. The table makes one column of each
//! row for either side of a connection, so a new stored attribute is one row
//! here and its spellings in `ingest/dialect.rs`.

/// "Not in the record": the one value no attribute can hold.
pub const UNKNOWN: u64 = u64::MAX;

/// A stored scalar of one flow; the discriminant is its place in [`ATTRS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Attr {
    /// Octets of the flow (IPFIX `octetDeltaCount`).
    Octets,
    /// Packets of the flow (IPFIX `packetDeltaCount`).
    Packets,
    /// The OR of all TCP flags seen (IPFIX `tcpControlBits`).
    TcpFlags,
    /// Type of service, or DSCP and ECN (IPFIX `ipClassOfService`).
    Tos,
    /// ICMP type * 256 + code (IPFIX `icmpTypeCodeIPv4` and `IPv6`).
    IcmpTypeCode,
    /// SNMP index of the interface the packets came in on.
    InputInterface,
    /// SNMP index of the interface they left by.
    OutputInterface,
    /// BGP autonomous system of the source.
    SrcAs,
    /// BGP autonomous system of the destination.
    DstAs,
    /// Prefix length of the route to the source (IPFIX `sourceIPv4PrefixLength` and `IPv6`).
    SrcMask,
    /// Prefix length of the route to the destination.
    DstMask,
    /// VLAN the packets came in on (IPFIX `vlanId`).
    SrcVlan,
    /// VLAN they left by (IPFIX `postVlanId`).
    DstVlan,
}

/// One row of the catalogue.
pub struct AttrInfo {
    /// Which attribute the row describes.
    pub attr: Attr,
    /// The largest value the field can hold (RFC 7012 data type); a larger one is unreadable.
    pub max: u64,
}

/// How many attributes there are.
pub const COUNT: usize = ATTRS.len();

/// The catalogue, in the order of [`Attr`].
pub const ATTRS: &[AttrInfo] = &[
    row(Attr::Octets, u64::MAX - 1),
    row(Attr::Packets, u64::MAX - 1),
    row(Attr::TcpFlags, u16::MAX as u64),
    row(Attr::Tos, u8::MAX as u64),
    row(Attr::IcmpTypeCode, u16::MAX as u64),
    row(Attr::InputInterface, u32::MAX as u64),
    row(Attr::OutputInterface, u32::MAX as u64),
    row(Attr::SrcAs, u32::MAX as u64),
    row(Attr::DstAs, u32::MAX as u64),
    row(Attr::SrcMask, u8::MAX as u64),
    row(Attr::DstMask, u8::MAX as u64),
    row(Attr::SrcVlan, u16::MAX as u64),
    row(Attr::DstVlan, u16::MAX as u64),
];

const fn row(attr: Attr, max: u64) -> AttrInfo {
    AttrInfo { attr, max }
}

/// The attributes of one flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attrs([u64; COUNT]);

impl Default for Attrs {
    fn default() -> Self {
        Attrs([UNKNOWN; COUNT])
    }
}

impl Attrs {
    /// The value, if the record had one that fits.
    pub fn get(&self, attr: Attr) -> Option<u64> {
        Some(self.0[attr as usize]).filter(|&value| value != UNKNOWN)
    }

    /// The value, or [`UNKNOWN`].
    pub fn raw(&self, attr: Attr) -> u64 {
        self.0[attr as usize]
    }

    /// Stores a value; the last one of a record wins, as in a JSON object.
    pub fn set(&mut self, attr: Attr, value: u64) {
        self.0[attr as usize] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_enum() {
        for (place, row) in ATTRS.iter().enumerate() {
            assert_eq!(row.attr as usize, place);
        }
    }
}
