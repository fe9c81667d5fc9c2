//! ATTRS, the catalogue of stored scalars: one row for each number that is kept
//! of a flow besides its key and its times. The table makes one column of each
//! row for either side of a connection, so a new stored attribute is one row
//! here and its spellings in `ingest/decode/dialect.rs`.

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

/// How many attributes, from the first on, may have more than 32 bits.
const WIDE: usize = 2;

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

/// The attributes of one flow. A thread reads them and another stores them, so
/// they take as little memory as they need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attrs {
    /// A bit for each that is known.
    known: u16,
    narrow: [u32; COUNT - WIDE],
    wide: [u64; WIDE],
}

impl Attrs {
    /// Those of which a bit says that they are known, each no greater than its field
    /// can hold. Nothing branches on which they are.
    pub fn of(known: u64, values: &[u64; COUNT]) -> Self {
        let value = |place: usize| values[place] & (known >> place & 1).wrapping_neg();
        Attrs {
            known: known as u16 & ((1 << COUNT) - 1),
            narrow: std::array::from_fn(|place| value(WIDE + place) as u32),
            wide: std::array::from_fn(value),
        }
    }

    /// The value, if the record had one that fits.
    pub fn get(&self, attr: Attr) -> Option<u64> {
        let is_known = self.known >> attr as usize & 1 == 1;
        is_known.then(|| self.at(attr as usize))
    }

    /// All that are known: the place in [`ATTRS`] and the value of each.
    pub fn known(&self) -> impl Iterator<Item = (usize, u64)> {
        let mut left = self.known;
        std::iter::from_fn(move || {
            let place = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            (place < COUNT).then(|| (place, self.at(place)))
        })
    }

    /// Stores a value, no greater than its field can hold, or [`UNKNOWN`]; the
    /// last one of a record wins, as in a JSON object.
    pub fn set(&mut self, attr: Attr, value: u64) {
        let place = attr as usize;
        let is_known = value != UNKNOWN;
        self.known = self.known & !(1 << place) | u16::from(is_known) << place;
        let value = if is_known { value } else { 0 };
        match place.checked_sub(WIDE) {
            Some(place) => self.narrow[place] = value as u32,
            None => self.wide[place] = value,
        }
    }

    fn at(&self, place: usize) -> u64 {
        match place.checked_sub(WIDE) {
            Some(place) => u64::from(self.narrow[place]),
            None => self.wide[place],
        }
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

    #[test]
    fn what_is_stored_is_had_back() {
        let mut attrs = Attrs::default();
        assert_eq!(attrs.known().next(), None);
        for row in ATTRS {
            attrs.set(row.attr, row.max);
            assert_eq!(attrs.get(row.attr), Some(row.max));
        }
        let all = ATTRS.iter().map(|row| row.max).enumerate();
        assert!(attrs.known().eq(all));
        for known in [0, 1 << COUNT, 0b1010_0110_0101, u64::MAX] {
            let values = std::array::from_fn(|place| ATTRS[place].max);
            let of = Attrs::of(known, &values);
            let is_known = |&(place, _): &(usize, u64)| known >> place & 1 == 1;
            assert!(of.known().eq(attrs.known().filter(is_known)));
            assert_eq!(of == attrs, known == u64::MAX);
            assert_eq!(of == Attrs::default(), known & ((1 << COUNT) - 1) == 0);
        }
        for row in ATTRS {
            attrs.set(row.attr, 0);
            assert_eq!(attrs.get(row.attr), Some(0));
            attrs.set(row.attr, UNKNOWN);
            assert_eq!(attrs.get(row.attr), None);
        }
        assert_eq!(attrs, Attrs::default());
    }
}
