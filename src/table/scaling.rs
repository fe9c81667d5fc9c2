//! Sampled data: octets and packets as they were exported, or times the sampling.
//! The columns keep what was exported; a table that is scaled multiplies as it is
//! read, so that one can go back, and neither takes memory.

use super::rows::Row;
use super::store::{Edition, RowId, Side, Table, Totals};
use crate::model::attr::{Attr, UNKNOWN};
use crate::model::flow::Flow;

/// What is multiplied.
const SCALED: [Attr; 2] = [Attr::Octets, Attr::Packets];

impl Table {
    /// The same table with octets and packets times the sampling, or as exported.
    pub fn scaled(mut self, scaled: bool) -> Table {
        if self.is_scaled != scaled {
            self.is_scaled = scaled;
            self.edition = Edition::default();
        }
        self
    }

    /// Whether octets and packets are multiplied.
    pub fn is_scaled(&self) -> bool {
        self.is_scaled
    }

    /// Whether there is anything to multiply.
    pub fn is_sampled(&self) -> bool {
        self.totals.is_sampled
    }

    /// Sums over all flows.
    pub fn totals(&self) -> Totals {
        let [bytes, packets] = match self.is_scaled {
            true => self.totals.scaled,
            false => [self.totals.bytes, self.totals.packets],
        };
        Totals {
            bytes,
            packets,
            ..self.totals
        }
    }

    /// Whether any sum of octets or of packets has room in 64 bits.
    pub fn has_small_sums(&self) -> bool {
        let totals = self.totals();
        totals.bytes.max(totals.packets) < u128::from(u64::MAX)
    }

    pub(super) fn scales(&self, attr: Attr) -> bool {
        self.is_scaled && self.totals.is_sampled && SCALED.contains(&attr)
    }

    /// The factor of the packet of this number.
    fn factor(&self, packet: u64) -> u64 {
        let packet = u32::try_from(packet).ok().and_then(|it| self.packet(it));
        packet.map_or(1, |packet| packet.factor.into())
    }

    /// Adds what a flow of a packet counts to the sums over all flows.
    pub(super) fn count(&mut self, flow: &Flow, packet: u32) {
        let factor = self.factor(packet.into());
        let totals = &mut self.totals;
        totals.flows += 1;
        totals.is_sampled |= factor > 1;
        let sums = [&mut totals.bytes, &mut totals.packets];
        for (which, sum) in sums.into_iter().enumerate() {
            let count = flow.attrs.get(SCALED[which]).unwrap_or(0);
            *sum += u128::from(count);
            totals.scaled[which] += u128::from(times(count, factor));
        }
    }

    /// Octets and packets of a row times the sampling.
    pub(super) fn estimated(&self, id: RowId) -> [u128; 2] {
        let of_side = |side: Side, attr| {
            let packet = self.sides[side as usize].packet.raw(id);
            let count = self.row(id).exported(side, attr).unwrap_or(0);
            u128::from(times(count, self.factor(packet)))
        };
        SCALED.map(|attr| of_side(Side::First, attr) + of_side(Side::Mate, attr))
    }

    /// Multiplies the values of rows, if they are to be.
    pub(super) fn scale(&self, side: Side, attr: Attr, first: RowId, values: &mut [u64]) {
        if !self.scales(attr) {
            return;
        }
        let mut packets = Vec::new();
        let column = &self.sides[side as usize].packet;
        column.read(first, values.len(), UNKNOWN, &mut packets);
        for (value, packet) in values.iter_mut().zip(packets) {
            *value = times(*value, self.factor(packet));
        }
    }
}

impl Row<'_> {
    /// A stored attribute of one side; octets and packets as the table has them now.
    pub fn attr(&self, side: Side, attr: Attr) -> Option<u64> {
        let value = self.exported(side, attr)?;
        if !self.table.scales(attr) {
            return Some(value);
        }
        let packet = self.table.sides[side as usize].packet.raw(self.id);
        Some(times(value, self.table.factor(packet)))
    }
}

/// A count times a factor, as far as there are numbers for it.
fn times(count: u64, factor: u64) -> u64 {
    match count {
        UNKNOWN => UNKNOWN,
        count => count.saturating_mul(factor).min(UNKNOWN - 1),
    }
}
