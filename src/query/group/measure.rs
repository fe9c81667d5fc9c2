//! MEASURES, the catalogue of what is said of a group: one row is the column of
//! the report and of the terminal, the key in CSV and JSON, and what groups can
//! be sorted by.

use super::quantity::Quantity;
use super::tally::Tally;
use crate::model::time::{Zone, rfc3339};
use crate::model::typo::{NameError, named, nearest};
use crate::model::units;
use crate::model::value::Datum;
use crate::query::catalogue::{by_constant_name, by_name};
use crate::query::order::sort::descending;

/// How a measure is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A count.
    Count,
    /// Octets.
    Bytes,
    /// Hundredths of a percent.
    Share,
    /// Unix milliseconds.
    Time,
}

/// A group as its measures see it.
pub struct Measured<'a> {
    /// Its sums.
    pub tally: &'a Tally<u128>,
    /// The sums of all rows.
    pub total: &'a Tally<u128>,
    /// What its share is of.
    pub share_of: Quantity,
    /// What it and the groups before it have together, each row counted once.
    pub running: Option<u128>,
    /// Different hosts at its other end.
    pub peers: Option<u64>,
}

/// Where the value of a measure comes from.
#[derive(Clone, Copy)]
pub enum Origin {
    /// The sum of what rows have: shares can be of it.
    Sum(Quantity),
    /// The hosts at the other end, which take another pass over the rows.
    Peers,
    /// What is known of a group.
    Group(fn(&Measured) -> Option<i128>),
}

/// One row of the catalogue.
pub struct Measure {
    /// Its name in CSV, JSON and `--sort`.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// The head of its column.
    pub header: &'static str,
    /// Columns it needs on the screen.
    pub width: u16,
    /// How it is printed.
    pub unit: Unit,
    /// What it is, for the help.
    pub help: &'static str,
    /// Where its value comes from.
    pub origin: Origin,
}

macro_rules! measures {
    ($($name:literal $aliases:tt $header:literal $width:literal $unit:ident $help:literal $origin:expr;)*) => {
        &[$(Measure {
            name: $name,
            aliases: &$aliases,
            header: $header,
            width: $width,
            unit: Unit::$unit,
            help: $help,
            origin: $origin,
        }),*]
    };
}

/// The catalogue.
pub const MEASURES: &[Measure] = measures! {
    "connections" ["conns"] "Conns" 7 Count "rows with both directions" Origin::Sum(Quantity::Connections);
    "flows" [] "Flows" 7 Count "flows, two in a connection" Origin::Sum(Quantity::Flows);
    "bytes" ["octets"] "Bytes" 8 Bytes "octets in both directions" Origin::Sum(Quantity::Octets);
    "share" ["%"] "Share" 6 Share "part of all rows shown, of what is sorted by or of the octets"
        Origin::Group(|view| hundredths(view, view.share_of.sum(view.tally)));
    "cumulative" ["cum"] "Cum" 6 Share "the same with all groups above, each row counted once"
        Origin::Group(|view| hundredths(view, view.running?));
    "sent" ["bytes_sent", "out", "src_bytes"] "Sent" 8 Bytes "octets sent by the group's end, else by sources"
        Origin::Sum(Quantity::Sent);
    "received" ["bytes_received", "in", "dst_bytes"] "Rcvd" 8 Bytes "octets sent to it" Origin::Sum(Quantity::Received);
    "packets" ["pkts"] "Pkts" 6 Count "packets in both directions" Origin::Sum(Quantity::Packets);
    "bps" ["rate"] "bit/s" 6 Count "bits per second between first and last" Origin::Group(rate);
    "peers" ["hosts"] "Peers" 6 Count "different hosts at the other end, else at either" Origin::Peers;
    "first" ["start"] "First" 14 Time "when its first flow began" Origin::Group(|view| time(view, view.tally.first));
    "last" ["end"] "Last" 14 Time "when its last flow ended" Origin::Group(|view| time(view, view.tally.last));
};

/// The measure that groups are sorted by unless told otherwise.
pub const BYTES: &Measure = known("bytes");
/// The measure that a bar stands beside.
pub const SHARE: &Measure = known("share");

fn time(view: &Measured, time: i64) -> Option<i128> {
    (view.tally.rows > 0).then(|| time.into())
}

/// Hundredths of a percent that a part is of all rows.
fn hundredths(view: &Measured, part: u128) -> Option<i128> {
    let whole = view.share_of.sum(view.total);
    let part = part.checked_mul(10_000)?.checked_add(whole / 2)?;
    part.checked_div(whole).map(|share| share as i128)
}

fn rate(view: &Measured) -> Option<i128> {
    let milliseconds = view.tally.last.checked_sub(view.tally.first)?;
    let milliseconds = u128::try_from(milliseconds).ok()?;
    let bits = Quantity::Octets.sum(view.tally).checked_mul(8000)?;
    bits.checked_div(milliseconds).map(|rate| rate as i128)
}

/// An order of groups.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Order {
    /// By this measure; by the groups' values without one.
    pub measure: Option<&'static Measure>,
    /// Greatest first.
    pub descending: bool,
}

impl Order {
    /// The greatest first.
    pub const fn by(measure: &'static Measure) -> Self {
        Order {
            measure: Some(measure),
            descending: true,
        }
    }

    /// `MEASURE`, `MEASURE:asc` or `MEASURE:desc`; `key` for the groups' values.
    ///
    /// # Errors
    /// When there is no such measure or order.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let (name, order) = text.split_once(':').unwrap_or((text, ""));
        let name = name.to_ascii_lowercase();
        let found = MEASURES
            .iter()
            .find(|it| it.name == name || it.aliases.contains(&&*name));
        if found.is_none() && name != "key" {
            let names = MEASURES.iter().map(|measure| measure.name).chain(["key"]);
            return Err(NameError::Unknown {
                words: format!("groups cannot be sorted by {}", named(&name)),
                near: nearest(&name, names.clone()),
                known: names.collect::<Vec<_>>().join(", "),
            });
        }
        Ok(Order {
            measure: found,
            descending: descending(order)?.unwrap_or(found.is_some()),
        })
    }

    /// What a share is of in this order. Where a row counts for both of its ends
    /// there is no sum of what was sent that shares could be of.
    pub fn share_of(&self, is_either: bool) -> Quantity {
        let sum = self.measure.and_then(Measure::quantity);
        let sum = sum.filter(|sum| !(is_either && sum.is_one_way()));
        sum.unwrap_or(Quantity::Octets)
    }
}

by_name!(Measure, |measure| measure.name);
by_constant_name!(Measure, MEASURES);

impl Measure {
    /// The measure that is the sum of something.
    pub fn of(quantity: Quantity) -> &'static Measure {
        let found = MEASURES.iter().find(|it| it.quantity() == Some(quantity));
        found.unwrap_or(BYTES)
    }

    /// What it is the sum of, if it is one.
    pub fn quantity(&self) -> Option<Quantity> {
        match self.origin {
            Origin::Sum(quantity) => Some(quantity),
            Origin::Peers | Origin::Group(_) => None,
        }
    }

    /// Its value for a group.
    pub fn value(&self, view: &Measured) -> Option<i128> {
        match self.origin {
            Origin::Sum(quantity) => Some(quantity.sum(view.tally) as i128),
            Origin::Peers => view.peers.map(i128::from),
            Origin::Group(value) => value(view),
        }
    }

    /// A value for people, in reports: screens tell times as there is room for them.
    pub fn shown(&self, value: Option<i128>, zone: &Zone) -> String {
        let Some(value) = value else {
            return String::new();
        };
        let number = u128::try_from(value).unwrap_or(0);
        match self.unit {
            Unit::Count => units::count(number),
            Unit::Bytes => units::bytes(number),
            Unit::Share => format!("{}.{}%", (value + 5) / 100, (value + 5) % 100 / 10),
            Unit::Time => zone.print(moment(value), "%Y-%m-%d %H:%M:%S"),
        }
    }

    /// A value as data.
    pub fn datum(&self, value: i128) -> Datum {
        match self.unit {
            Unit::Share => Datum::Number(format!("{}.{:02}", value / 100, value % 100)),
            Unit::Time => Datum::Text(rfc3339(moment(value))),
            _ => Datum::Number(value.to_string()),
        }
    }
}

fn moment(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_and_are_the_same_by_measure_and_direction() {
        let name = |order: &Order| order.measure.map_or("key", |measure| measure.name);
        let parsed = |text| Order::parse(text).map(|order| (name(&order), order.descending));
        for (text, name, descending) in [
            ("bytes", "bytes", true),
            ("OCTETS:asc", "bytes", false),
            ("share:desc", "share", true),
            ("key", "key", false),
            ("key:desc", "key", true),
            ("key:asc", "key", false),
        ] {
            assert_eq!(parsed(text), Ok((name, descending)));
        }
        for mistake in ["bytes:up", "bites", ""] {
            assert!(parsed(mistake).is_err(), "{mistake}");
        }
        let orders = [
            "bytes:asc",
            "bytes",
            "flows:asc",
            "flows",
            "key",
            "key:desc",
        ];
        let orders = orders.map(Order::parse);
        for (at, one) in orders.iter().enumerate() {
            for (other, same) in orders.iter().enumerate() {
                assert_eq!(one == same, at == other, "{one:?} {same:?}");
            }
        }
    }

    #[test]
    fn shares_are_of_what_is_sorted_by_if_it_has_a_sum() {
        for (order, of_ends, of_either) in [
            ("flows", "flows", "flows"),
            ("bytes:asc", "bytes", "bytes"),
            ("sent", "sent", "bytes"),
            ("received", "received", "bytes"),
            ("bps", "bytes", "bytes"),
            ("key", "bytes", "bytes"),
        ] {
            let order = Order::parse(order);
            let shares =
                order.map(|order| [false, true].map(|it| Measure::of(order.share_of(it)).name));
            assert_eq!(shares, Ok([of_ends, of_either]));
        }
    }
}
