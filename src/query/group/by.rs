//! `By`, a grouping as it is written: `src_addr`, `client_port`, `net/16`, `hour`.

use super::groupings::{Family, GROUPINGS, Grouping, NUMBER};
use crate::model::typo::{NameError, nearest};
use crate::query::columns::vector::Vector;
use crate::query::field::{self, FIELDS, Field, Kind};
use crate::query::language::expr::{Direction, Subject};

/// What rows are grouped by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct By {
    /// Its row.
    pub grouping: &'static Grouping,
    /// Of which end.
    pub direction: Direction,
    /// Bits of an IPv4 network.
    pub length: u8,
    /// The length was said of IPv6.
    pub of_v6: bool,
    /// For numbers: the field of the source, or the only one, and that of the destination.
    pub fields: Option<[&'static Field; 2]>,
}

/// The usual networks: /24, and /64 of IPv6.
const USUAL: u8 = 24;

impl By {
    /// The names of all groupings, at either end and at each.
    pub fn names() -> Vec<String> {
        let at_ends = |row: &'static Grouping| {
            let ends = Direction::NAMED.into_iter();
            ends.filter_map(|end| Some(By::of_row(row.names[0], end)?.name()))
        };
        let directed = GROUPINGS.iter().filter(|row| row.directed);
        let names = GROUPINGS.iter().map(|row| row.names[0].to_owned());
        names.chain(directed.flat_map(at_ends)).collect()
    }

    /// One or two of them, with a comma between.
    ///
    /// # Errors
    /// When there is no such name, one stands there twice, or there are more than two.
    pub fn parse_some(text: &str) -> Result<Vec<By>, NameError> {
        let by: Vec<By> = text.split(',').map(By::parse).collect::<Result<_, _>>()?;
        match by.as_slice() {
            [_, _, _, ..] => Err(NameError::Wrong("two fields at most".to_owned())),
            [one, other] if one.is_like(other) && one.length == other.length => {
                let words = format!("{} is named twice", one.name());
                Err(NameError::Wrong(words))
            }
            _ => Ok(by),
        }
    }

    /// By its name: `host`, `src_addr`, `client`, `net/16`.
    ///
    /// # Errors
    /// When there is no such name, or its prefix length cannot be.
    pub fn parse(text: &str) -> Result<By, NameError> {
        let text = text.trim().to_ascii_lowercase();
        let (name, length) = match text.split_once('/') {
            Some((name, length)) => (name, Some(length)),
            None => (text.as_str(), None),
        };
        let name = if name.is_empty() && length.is_some() {
            "net"
        } else {
            name
        };
        let by = By::named(name).ok_or_else(|| unknown(name))?;
        let Some(length) = length else {
            return Ok(by);
        };
        let bits = length.parse().ok().filter(|&bits: &u8| bits <= 128);
        let length = match (by.grouping.family, bits) {
            (Family::Net, Some(bits)) => v4_length(bits),
            (Family::Net, None) => Err("the prefix length is a number from 0 to 128".to_owned()),
            _ => Err(format!(
                "a prefix length goes with net, not with {name}: net/24"
            )),
        };
        let of_v6 = bits.is_some_and(|bits| bits > 32);
        let with = |length| By {
            of_v6,
            ..by.with_length(length)
        };
        length.map(with).map_err(NameError::Wrong)
    }

    fn named(name: &str) -> Option<By> {
        if let Some(by) = By::of_row(name, Direction::Either) {
            return Some(by);
        }
        let end = match name {
            "source" => "src",
            "destination" => "dst",
            name => name,
        };
        if let Some(direction) = Direction::named(end) {
            return By::of_row("host", direction);
        }
        let field = field::find(name);
        if let Some(Vector::Name(end)) = field.and_then(Field::vector) {
            return By::of_row("name", Direction::of(end));
        }
        // sip, dport and the like are fields' other names
        let full = field.map_or(name, |field| field.name);
        let directed = Direction::NAMED.into_iter().find_map(|direction| {
            let rest = full.strip_prefix(direction.word())?;
            let rest = rest.strip_prefix(['_', ' '])?;
            By::of_row(rest, direction).filter(|by| by.grouping.directed)
        });
        directed
            .or_else(|| By::of_row(full, Direction::Either))
            .or_else(|| By::of_number(full))
    }

    fn of_row(name: &str, direction: Direction) -> Option<By> {
        let grouping = GROUPINGS.iter().find(|row| row.names.contains(&name))?;
        let fields = match grouping.family {
            Family::Number => field::ends(grouping.names[0]),
            _ => None,
        };
        Some(By {
            grouping,
            direction,
            length: USUAL,
            of_v6: false,
            fields,
        })
    }

    /// A number that has no ends.
    fn of_number(name: &str) -> Option<By> {
        let field = field::find(name).filter(|field| field.kind == Kind::Number)?;
        Some(By {
            grouping: &NUMBER,
            direction: Direction::Src,
            length: USUAL,
            of_v6: false,
            fields: Some([field, field]),
        })
    }

    /// The same with networks of this length of IPv4, 32 at most.
    pub fn with_length(self, length: u8) -> By {
        By {
            length,
            of_v6: false,
            ..self
        }
    }

    /// Whether it is the same, or of other networks.
    pub fn is_like(&self, other: &By) -> bool {
        By {
            length: self.length,
            of_v6: self.of_v6,
            ..*other
        } == *self
    }

    /// Bits of a network as they were said.
    fn said(&self) -> u8 {
        match self.of_v6 {
            true => v6_length(self.length),
            false => self.length,
        }
    }

    /// Bits of networks of IPv4 and IPv6.
    pub fn lengths(&self) -> (u8, u8) {
        (self.length, v6_length(self.length))
    }

    /// Its name: what [`By::parse`] reads.
    pub fn name(&self) -> String {
        let name = match (self.grouping.names[0], self.fields) {
            ("number", Some([field, _])) => field.name,
            (name, _) => name,
        };
        let end = match self.end() {
            "" => String::new(),
            word => format!("{word}_"),
        };
        match (self.grouping.family, self.direction) {
            (Family::Net, _) => format!("{end}{name}/{}", self.said()),
            (Family::Host, Direction::Client | Direction::Server) => {
                end.trim_end_matches('_').to_owned()
            }
            (Family::Host, Direction::Src | Direction::Dst) => format!("{end}addr"),
            (Family::Name, Direction::Src | Direction::Dst) => format!("{end}host"),
            _ => format!("{end}{name}"),
        }
    }

    /// The word for its end, where it is of one.
    fn end(&self) -> &'static str {
        match self.grouping.directed {
            true => self.direction.word(),
            false => "",
        }
    }

    /// The head of its column.
    pub fn header(&self) -> String {
        let header = match (self.grouping.header, self.fields) {
            ("", Some([field, _])) => field.header,
            (header, _) => header,
        };
        let net = if self.grouping.family == Family::Net {
            format!(" /{}", self.said())
        } else {
            String::new()
        };
        match self.end().split_at_checked(1) {
            Some((first, rest)) => {
                format!("{}{rest} {header}{net}", first.to_ascii_uppercase())
            }
            None => format!("{header}{net}"),
        }
    }

    /// The fields whose values it puts together, or what these have in common.
    pub fn subject(&self) -> Option<Subject> {
        if let Some([field, other]) = self.fields
            && field == other
        {
            return Some(Subject::Field(field));
        }
        let Grouping { family, word, .. } = *self.grouping;
        match self.grouping.directed || family == Family::Pair {
            true => Subject::ends(word, self.direction),
            false => field::find(word).map(Subject::Field),
        }
    }

    /// Whether groups depend on names of hosts.
    pub fn asks_names(&self) -> bool {
        self.grouping.family == Family::Name
    }

    /// Whether a row counts for both of its ends.
    pub fn is_either(&self) -> bool {
        self.grouping.directed && self.direction == Direction::Either
    }
}

/// Networks of IPv6 that go with those of IPv4: /8 with /32, /16 with /48, /24
/// with /64, and single hosts with single hosts.
fn v6_length(length: u8) -> u8 {
    match length {
        0..8 => 4 * length,
        8..24 => 16 + 2 * length,
        _ => (64 + 8 * (u16::from(length.min(32)) - 24)) as u8,
    }
}

/// The length of IPv4's networks that is meant: more than 32 is said of IPv6's.
fn v4_length(bits: u8) -> Result<u8, String> {
    if bits <= 32 {
        return Ok(bits);
    }
    let above = (0..=32).find(|&length| v6_length(length) >= bits);
    let above = above.unwrap_or(32);
    match v6_length(above) {
        exact if exact == bits => Ok(above),
        longer => Err(format!(
            "/{} and /{longer} of IPv6 have a length of IPv4 beside them, /{bits} has none",
            v6_length(above - 1)
        )),
    }
}

fn unknown(name: &str) -> NameError {
    let known: Vec<&str> = GROUPINGS.iter().map(|row| row.names[0]).collect();
    let known = format!("{}, and src_port, client_net and so on", known.join(", "));
    let rows = GROUPINGS.iter().flat_map(|row| row.names).copied();
    let fields = FIELDS.iter().map(|field| field.name);
    let fields = fields.filter(|name| By::named(name).is_some());
    let ends = Direction::NAMED.into_iter().map(Direction::word);
    let (words, near) = match field::find(name) {
        Some(field) => (
            format!("{} is no field to group by", field.name),
            String::new(),
        ),
        None => (
            format!("no field \"{name}\" to group by"),
            nearest(name, rows.chain(fields).chain(ends)),
        ),
    };
    NameError::Unknown { words, near, known }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_ipv6_is_the_one_that_was_said_or_a_mistake() {
        for bits in 0..=128 {
            let by = By::parse(&format!("net/{bits}")).map(|by| by.lengths());
            match by {
                Ok((four, six)) => assert_eq!(bits, if bits <= 32 { four } else { six }),
                Err(error) => {
                    let words = error.to_string();
                    assert!(bits > 32 && words.contains(&format!(", /{bits} has none")));
                }
            }
        }
        for (text, lengths) in [
            ("net", (24, 64)),
            ("src_net/48", (16, 48)),
            ("/128", (32, 128)),
        ] {
            assert_eq!(By::parse(text).map(|by| by.lengths()), Ok(lengths));
        }
        for (text, name, header) in [
            ("net/128", "net/128", "Network /128"),
            ("dst_net/48", "dst_net/48", "Dst Network /48"),
            ("net/16", "net/16", "Network /16"),
        ] {
            let told = By::parse(text).map(|by| (by.name(), by.header()));
            assert_eq!(told, Ok((name.to_owned(), header.to_owned())));
        }
        assert_eq!(
            By::parse("net/33").map(|by| by.length),
            Err(NameError::Wrong(
                "/32 and /34 of IPv6 have a length of IPv4 beside them, /33 has none".to_owned()
            ))
        );
    }
}
