//! MEASURES, the catalogue of what is said of a group: one row is the column of
//! the report and of the terminal, the key in CSV and JSON, and what groups can
//! be sorted by.

use super::tally::Tally;
use crate::model::nearest::{named, nearest};
use crate::model::time::{Zone, rfc3339};
use crate::model::units;
use crate::model::value::Datum;

/// How a measure is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A count.
    Count,
    /// Octets.
    Bytes,
    /// Bits per second.
    Rate,
    /// Hundredths of a percent.
    Share,
    /// Unix milliseconds.
    Time,
}

/// A group as its measures see it.
pub struct View<'a> {
    /// Its sums.
    pub tally: &'a Tally<u128>,
    /// The sums of all rows.
    pub total: &'a Tally<u128>,
    /// What its share is of.
    pub share_of: &'static Measure,
    /// What it and the groups before it have together, each row counted once.
    pub running: Option<u128>,
    /// Different hosts at its other end.
    pub peers: Option<u64>,
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
    /// Its value.
    pub value: fn(&View) -> Option<i128>,
    /// For what a share can be of: the sum.
    pub sum: Option<fn(&Tally<u128>) -> u128>,
}

macro_rules! measures {
    ($($name:literal $aliases:tt $header:literal $width:literal $unit:ident $help:literal $sum:expr => $value:expr;)*) => {
        &[$(Measure {
            name: $name,
            aliases: &$aliases,
            header: $header,
            width: $width,
            unit: Unit::$unit,
            help: $help,
            value: $value,
            sum: $sum,
        }),*]
    };
}

/// The catalogue.
pub const MEASURES: &[Measure] = measures! {
    "connections" ["conns"] "Conns" 7 Count "rows with both directions"
        Some(|t| t.connections.into()) => |v| Some(v.tally.connections.into());
    "flows" [] "Flows" 7 Count "flows, two in a connection" Some(flows) => |v| Some(flows(v.tally) as i128);
    "bytes" ["octets"] "Bytes" 8 Bytes "octets in both directions" Some(bytes) => |v| Some(bytes(v.tally) as i128);
    "share" ["%"] "Share" 6 Share "part of all rows shown, of what is sorted by or of the octets" None => |v|
        v.share_of.sum.and_then(|sum| hundredths(sum(v.tally), sum(v.total)));
    "cumulative" ["cum"] "Cum" 6 Share "the same with all groups above, each row counted once" None => |v|
        v.share_of.sum.zip(v.running).and_then(|(sum, running)| hundredths(running, sum(v.total)));
    "sent" ["bytes_sent", "out", "src_bytes"] "Sent" 8 Bytes "octets sent by the group's end, else by sources"
        Some(|t| t.sent) => |v| Some(v.tally.sent as i128);
    "received" ["bytes_received", "in", "dst_bytes"] "Rcvd" 8 Bytes "octets sent to it" Some(|t| t.received) => |v|
        Some(v.tally.received as i128);
    "packets" ["pkts"] "Pkts" 6 Count "packets in both directions" Some(|t| t.packets) => |v|
        Some(v.tally.packets as i128);
    "bps" ["rate"] "bit/s" 6 Rate "bits per second between first and last" None => rate;
    "peers" ["hosts"] "Peers" 6 Count "different hosts at the other end, else at either" None => |v|
        v.peers.map(i128::from);
    "first" ["start"] "First" 14 Time "when its first flow began" None => |v| time(v, v.tally.first);
    "last" ["end"] "Last" 14 Time "when its last flow ended" None => |v| time(v, v.tally.last);
};

/// The measure that groups are sorted by unless told otherwise.
pub const BYTES: &Measure = &MEASURES[2];

fn flows(tally: &Tally<u128>) -> u128 {
    u128::from(tally.rows) + u128::from(tally.connections)
}

fn bytes(tally: &Tally<u128>) -> u128 {
    tally.sent + tally.received
}

fn time(view: &View, time: i64) -> Option<i128> {
    (view.tally.rows > 0).then(|| time.into())
}

fn hundredths(part: u128, whole: u128) -> Option<i128> {
    let part = part.checked_mul(10_000)?.checked_add(whole / 2)?;
    part.checked_div(whole).map(|share| share as i128)
}

fn rate(view: &View) -> Option<i128> {
    let milliseconds = view.tally.last.checked_sub(view.tally.first)?;
    let milliseconds = u128::try_from(milliseconds).ok()?;
    let bits = bytes(view.tally).checked_mul(8000)?;
    bits.checked_div(milliseconds).map(|rate| rate as i128)
}

/// An order of groups.
#[derive(Clone, Copy)]
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
    /// In words, with the nearest name.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, order) = text.split_once(':').unwrap_or((text, ""));
        let name = name.to_ascii_lowercase();
        let found = MEASURES
            .iter()
            .find(|it| it.name == name || it.aliases.contains(&&*name));
        if found.is_none() && name != "key" {
            let names = MEASURES.iter().map(|measure| measure.name).chain(["key"]);
            let all: Vec<&str> = names.clone().collect();
            let hint = nearest(&name, names);
            let hint = if hint.is_empty() {
                format!(" ({})", all.join(", "))
            } else {
                hint
            };
            return Err(format!("groups cannot be sorted by {}{hint}", named(&name)));
        }
        let descending = match order {
            "" => found.is_some(),
            "asc" => false,
            "desc" => true,
            _ => return Err(format!("the order is asc or desc, not {}", named(order))),
        };
        Ok(Order {
            measure: found,
            descending,
        })
    }

    /// What a share is of in this order. Where a row counts for both of its ends
    /// there is no sum of what was sent that shares could be of.
    pub fn share_of(&self, is_either: bool) -> &'static Measure {
        let one_way = |measure: &Measure| ["sent", "received"].contains(&measure.name);
        let shared = |measure: &&Measure| measure.sum.is_some() && !(is_either && one_way(measure));
        self.measure.filter(shared).unwrap_or(BYTES)
    }
}

impl PartialEq for Order {
    fn eq(&self, other: &Self) -> bool {
        let name = |order: &Order| order.measure.map(|measure| measure.name);
        name(self) == name(other) && self.descending == other.descending
    }
}

impl std::fmt::Debug for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(
            f,
            "{}:{}",
            self.measure.map_or("key", |measure| measure.name),
            self.descending
        )
    }
}

impl Measure {
    /// A value for people.
    pub fn shown(&self, value: Option<i128>, zone: &Zone) -> String {
        let Some(value) = value else {
            return String::new();
        };
        let number = u128::try_from(value).unwrap_or(0);
        match self.unit {
            Unit::Count | Unit::Rate => units::count(number),
            Unit::Bytes => units::bytes(number),
            Unit::Share => format!("{}.{}%", (value + 5) / 100, (value + 5) % 100 / 10),
            Unit::Time => zone.print(moment(value), "%m-%d %H:%M:%S"),
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
        let parsed = |text| Order::parse(text).map(|order| format!("{order:?}"));
        for (text, order) in [
            ("bytes", "bytes:true"),
            ("OCTETS:asc", "bytes:false"),
            ("share:desc", "share:true"),
            ("key", "key:false"),
            ("key:desc", "key:true"),
            ("key:asc", "key:false"),
        ] {
            assert_eq!(parsed(text), Ok(order.to_owned()));
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
            let shares = order.map(|order| [false, true].map(|it| order.share_of(it).name));
            assert_eq!(shares, Ok([of_ends, of_either]));
        }
    }
}
