//! What a filter says, as a tree: no table, no names, no evaluation, so that
//! any back end can read it.

use std::net::IpAddr;

use super::field::Field;
use crate::table::verdict::Reason;

/// A filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// All of them hold.
    And(Vec<Expr>),
    /// One of them holds.
    Or(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// A single test.
    Test(Test),
}

/// Which end a test is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Either end.
    Either,
    /// The source.
    Src,
    /// The destination.
    Dst,
    /// The client, where it is known.
    Client,
    /// The server, where it is known.
    Server,
}

/// How numbers are compared; `!=` is the negation of `=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `<`
    Less,
    /// `<=`
    AtMost,
}

impl Comparison {
    /// Whether two numbers compare so.
    pub fn holds<T: Ord>(self, number: T, wanted: T) -> bool {
        match self {
            Comparison::Equal => number == wanted,
            Comparison::Greater => number > wanted,
            Comparison::AtLeast => number >= wanted,
            Comparison::Less => number < wanted,
            Comparison::AtMost => number <= wanted,
        }
    }
}

/// The values a test looks at.
#[derive(Clone, Copy)]
pub enum Place {
    /// One field.
    Field(&'static Field),
    /// One field of each end.
    Ends {
        /// The source's.
        src: &'static Field,
        /// The destination's.
        dst: &'static Field,
        /// Which of them.
        direction: Direction,
    },
}

impl Place {
    fn names(&self) -> (&'static str, &'static str, Direction) {
        match self {
            Place::Field(field) => (field.name, field.name, Direction::Either),
            Place::Ends {
                src,
                dst,
                direction,
            } => (src.name, dst.name, *direction),
        }
    }
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{:?}", self.names())
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.names() == other.names()
    }
}

/// A network: the addresses that share the first `length` bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Net {
    /// An address within.
    pub address: IpAddr,
    /// How many bits count.
    pub length: u8,
}

impl Net {
    /// The network that is just this address.
    pub fn host(address: IpAddr) -> Self {
        Net {
            address,
            length: if address.is_ipv4() { 32 } else { 128 },
        }
    }

    /// Whether an address of the same family lies within.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (own, other, width) = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (
                u128::from(own.to_bits()),
                u128::from(other.to_bits()),
                32u32,
            ),
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits(), other.to_bits(), 128),
            _ => return false,
        };
        let ignored = width - u32::from(self.length).min(width);
        (own ^ other).checked_shr(ignored).unwrap_or(0) == 0
    }
}

/// A single test.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Always holds.
    Any,
    /// A number compares so.
    Number(Place, Comparison, i128),
    /// An address lies in one of the networks.
    Address(Direction, Vec<Net>),
    /// The protocol is this.
    Protocol(i32),
    /// The service has one of these names.
    Service(Vec<String>),
    /// The addresses are of IPv4 or IPv6.
    V6(bool),
    /// Both directions are there.
    Matched,
    /// Another flow was as near.
    Ambiguous,
    /// The exporter's address lies in the network.
    Exporter(Net),
    /// The flow is unmatched for this reason.
    Reason(Reason),
    /// Some text of the row contains this, whatever the case.
    Text(String),
}

impl Expr {
    /// The terms under `many`, or the only term itself.
    pub fn of(mut terms: Vec<Expr>, many: fn(Vec<Expr>) -> Expr) -> Expr {
        match terms.pop() {
            Some(term) if terms.is_empty() => term,
            Some(term) => {
                terms.push(term);
                many(terms)
            }
            None => many(terms),
        }
    }
}
