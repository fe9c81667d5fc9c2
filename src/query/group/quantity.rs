//! `Quantity`: what rows have that adds up, which is what a group's share can be of.

use super::tally::{Addend, Tally};
use crate::query::columns::counters::Counter;

/// What adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Octets of both ways.
    Octets,
    /// Those that the group's end sent.
    Sent,
    /// Those that it received.
    Received,
    /// Packets of both ways.
    Packets,
    /// Flows, two in a connection.
    Flows,
    /// Rows with both directions.
    Connections,
}

impl Quantity {
    /// Whether it is told by which end is the group's.
    pub fn is_one_way(self) -> bool {
        matches!(self, Quantity::Sent | Quantity::Received)
    }

    /// What the rows of a group have of it.
    pub fn sum(self, tally: &Tally<u128>) -> u128 {
        match self {
            Quantity::Octets => tally.sent + tally.received,
            Quantity::Sent => tally.sent,
            Quantity::Received => tally.received,
            Quantity::Packets => tally.packets,
            Quantity::Flows => u128::from(tally.rows) + u128::from(tally.connections),
            Quantity::Connections => tally.connections.into(),
        }
    }

    /// What a row has of it, whose first flow, 0, or its mate, 1, the group's end sent.
    /// All sums must have room in 64 bits.
    #[inline(always)]
    pub fn of<N: Counter>(self, part: &Addend<N>, sent: usize) -> u64 {
        match self {
            Quantity::Octets => part.octets[0] + part.octets[1],
            Quantity::Sent => part.octets[sent % 2],
            Quantity::Received => part.octets[1 - sent % 2],
            Quantity::Packets => part.packets.into() as u64,
            Quantity::Flows => 1 + u64::from(part.is_connection),
            Quantity::Connections => part.is_connection.into(),
        }
    }
}
