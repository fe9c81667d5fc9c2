//! `By`, a grouping as it is written: `src_addr`, `client_port`, `net/16`, `hour`.

use super::groupings::{Family, GROUPINGS, Grouping, NUMBER};
use super::lengths::Lengths;
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
    /// How long its networks are.
    pub lengths: Lengths,
    /// For numbers: the field of the source, or the only one, and that of the destination.
    pub fields: Option<[&'static Field; 2]>,
}

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
            [one, other] if one.is_like(other) && one.lengths.both() == other.lengths.both() => {
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
        let lengths = match by.grouping.family {
            Family::Net => Lengths::parse(length),
            _ => Err(format!(
                "a prefix length goes with net, not with {name}: net/24"
            )),
        };
        let with = |lengths| By { lengths, ..by };
        lengths.map(with).map_err(NameError::Wrong)
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
            lengths: Lengths::USUAL,
            fields,
        })
    }

    /// A number that has no ends.
    fn of_number(name: &str) -> Option<By> {
        let field = field::find(name).filter(|field| field.kind == Kind::Number)?;
        Some(By {
            grouping: &NUMBER,
            direction: Direction::Src,
            lengths: Lengths::USUAL,
            fields: Some([field, field]),
        })
    }

    /// Whether it is the same, or of other networks.
    pub fn is_like(&self, other: &By) -> bool {
        let lengths = self.lengths;
        By { lengths, ..*other } == *self
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
            (Family::Net, _) => format!("{end}{name}/{}", self.lengths.said()),
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
            format!(" /{}", self.lengths.said())
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

    /// Whether it tells reports of the same flow apart.
    pub fn asks_where(&self) -> bool {
        let is_where = |fields: [&Field; 2]| fields[0].tells_where();
        self.grouping.family == Family::Exporter || self.fields.is_some_and(is_where)
    }

    /// Whether a row counts for both of its ends.
    pub fn is_either(&self) -> bool {
        self.grouping.directed && self.direction == Direction::Either
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
    fn the_same_networks_are_no_two_fields() {
        for text in ["net/16,net/48", "net/24,net", "src_net,src_net/64"] {
            let words = By::parse_some(text).map_err(|error| error.to_string());
            assert!(
                words.is_err_and(|it| it.ends_with("is named twice")),
                "{text}"
            );
        }
        let others = ["net/16,net/24", "net,src_net", "src_net,dst_net"];
        assert!(others.iter().all(|text| By::parse_some(text).is_ok()));
    }

    #[test]
    fn networks_are_called_by_the_length_that_was_said() {
        for (text, lengths) in [
            ("net", (24, 64)),
            ("src_net/48", (16, 48)),
            ("/128", (32, 128)),
        ] {
            let said = By::parse(text).map(|by| by.lengths.both());
            assert_eq!(said, Ok(lengths));
        }
        for (text, name, header) in [
            ("net/128", "net/128", "Network /128"),
            ("dst_net/48", "dst_net/48", "Dst Network /48"),
            ("net/16", "net/16", "Network /16"),
        ] {
            let told = By::parse(text).map(|by| (by.name(), by.header()));
            assert_eq!(told, Ok((name.to_owned(), header.to_owned())));
        }
    }
}
