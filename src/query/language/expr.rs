//! What a filter says, as a tree: no table, no names, no evaluation, so that
//! any back end can read it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;

pub use super::subject::{Direction, Subject};
use crate::model::moment::Moment;
use crate::query::field::Kind;
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
    /// The numbers that compare so with an interval, given by its first number and the one
    /// after its last: what is greater lies behind all of it.
    pub fn range(self, begin: i128, end: i128) -> RangeInclusive<i128> {
        let last = end.saturating_sub(1);
        match self {
            Comparison::Equal => begin..=last,
            Comparison::Greater => end..=i128::MAX,
            Comparison::AtLeast => begin..=i128::MAX,
            Comparison::Less => i128::MIN..=begin.saturating_sub(1),
            Comparison::AtMost => i128::MIN..=last,
        }
    }
}

/// What is asked of a number.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// It compares so.
    Compare(Comparison, i128),
    /// It is one of these.
    Among(Vec<i128>),
    /// Of these bits, just those are set.
    Bits {
        /// The bits that are looked at.
        mask: u64,
        /// Those that are set.
        set: u64,
    },
    /// As a time it compares so: `=` is within the interval, `>` after it.
    Moment(Comparison, Moment),
}

/// A network: the addresses that share the first `length` bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

    /// The network of this length that an address lies in.
    pub fn around(address: IpAddr, length: u8) -> Self {
        // a shift by the whole width leaves nothing
        let address = match address {
            IpAddr::V4(own) => {
                let mask = u32::MAX.checked_shl(32u32.saturating_sub(length.into()));
                Ipv4Addr::from_bits(own.to_bits() & mask.unwrap_or(0)).into()
            }
            IpAddr::V6(own) => {
                let mask = u128::MAX.checked_shl(128u32.saturating_sub(length.into()));
                Ipv6Addr::from_bits(own.to_bits() & mask.unwrap_or(0)).into()
            }
        };
        Net { address, length }
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
    /// A number is as it should be.
    Number(Subject, Check),
    /// An address lies in one of the networks.
    Address(Direction, Vec<Net>),
    /// A host's name is this or, unless `whole`, has this in it, whatever the case.
    Name {
        /// Which end's.
        direction: Direction,
        /// The whole name is meant.
        whole: bool,
        /// The name or a part of it.
        text: String,
    },
    /// The protocol is one of these.
    Protocol(Vec<i32>),
    /// The service has one of these names.
    Service(Vec<String>),
    /// The addresses are of IPv4 or IPv6.
    V6(bool),
    /// Both directions are there.
    Matched,
    /// Another flow was as near.
    Ambiguous,
    /// It repeats another row.
    Duplicate,
    /// The exporter's address lies in one of the networks.
    Exporter(Vec<Net>),
    /// The flow is unmatched for one of these reasons.
    Reason(Vec<Reason>),
    /// A field reads so, whatever the case.
    Word(Subject, String),
    /// Some text of the row contains this, whatever the case.
    Text(String),
}

impl Expr {
    /// That it does not hold, if `not`.
    pub fn negated(self, not: bool) -> Self {
        if not { Expr::Not(Box::new(self)) } else { self }
    }

    /// Whether any of its tests is so.
    pub fn has(&self, so: fn(&Test) -> bool) -> bool {
        match self {
            Expr::And(terms) | Expr::Or(terms) => terms.iter().any(|term| term.has(so)),
            Expr::Not(inner) => inner.has(so),
            Expr::Test(test) => so(test),
        }
    }

    /// Whether its answer waits for the names of all hosts.
    pub fn asks_names(&self) -> bool {
        self.has(|test| matches!(test, Test::Name { .. }))
    }

    /// Whether its answer may change as names become known.
    pub fn sees_names(&self) -> bool {
        self.has(|test| match test {
            Test::Word(place, _) => place.field().is_host(),
            test => matches!(test, Test::Name { .. } | Test::Text(_)),
        })
    }

    /// Whether it has a time of day without a day, which is that of the newest flow.
    pub fn has_time_of_day(&self) -> bool {
        self.has(|test| match test {
            Test::Number(_, Check::Moment(_, Moment::Shown { day, .. })) => day.is_none(),
            _ => false,
        })
    }

    /// Whether it asks for clients or servers, which unmatched flows have none of.
    pub fn asks_client(&self) -> bool {
        self.has(|test| {
            let direction = match test {
                Test::Number(place, _) | Test::Word(place, _) => place.direction(),
                Test::Address(direction, _) | Test::Name { direction, .. } => *direction,
                _ => Direction::Either,
            };
            matches!(direction, Direction::Client | Direction::Server)
        })
    }

    /// Whether it says itself what is to become of duplicates.
    pub fn asks_duplicates(&self) -> bool {
        self.has(|test| match test {
            Test::Word(place, _) => place.field().kind == Kind::Repeated,
            test => *test == Test::Duplicate,
        })
    }

    /// Whether it tells reports of the same flow apart: by whom, in which file or version.
    pub fn asks_where(&self) -> bool {
        self.has(|test| match test {
            Test::Number(place, _) | Test::Word(place, _) => place.field().tells_where(),
            test => matches!(test, Test::Exporter(_)),
        })
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    /// `start > 14:05` is behind that minute, `start <= 14:05` goes to its end.
    #[test]
    fn each_sign_holds_before_in_or_behind_an_interval() {
        for (comparison, holds) in [
            (Comparison::Equal, [false, true, true, false]),
            (Comparison::Greater, [false, false, false, true]),
            (Comparison::AtLeast, [false, true, true, true]),
            (Comparison::Less, [true, false, false, false]),
            (Comparison::AtMost, [true, true, true, false]),
        ] {
            let minute = comparison.range(60, 120);
            let held = [59, 60, 119, 120].map(|number| minute.contains(&number));
            assert_eq!(held, holds, "{comparison:?}");
        }
    }

    #[test]
    fn a_network_holds_the_addresses_that_begin_alike() {
        for (net, length, address, inside) in [
            ("10.1.2.3", 32, "10.1.2.3", true),
            ("10.1.2.3", 32, "10.1.2.2", false),
            ("10.1.2.0", 23, "10.1.3.255", true),
            ("10.1.2.0", 23, "10.1.4.0", false),
            ("10.1.2.0", 0, "200.0.0.1", true),
            ("2001:db8::", 32, "2001:db8:ffff::1", true),
            ("2001:db8::", 32, "2001:db9::", false),
            ("::1", 128, "::1", true),
            ("::1", 128, "::", false),
            ("::", 0, "ff02::1", true),
            ("::", 0, "10.1.2.3", false),
            ("0.0.0.0", 0, "::", false),
        ] {
            let [own, other] = [net, address].map(|text| text.parse::<IpAddr>());
            let (Ok(address), Ok(other)) = (own, other) else {
                panic!("{net} and {address} are addresses");
            };
            let net = Net { address, length };
            assert_eq!(net.contains(other), inside, "{other} in {net:?}");
            let same = Net::around(other, length) == Net::around(address, length);
            assert_eq!(same, inside, "{other} around {net:?}");
        }
    }
}
