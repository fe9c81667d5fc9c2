//! What stands behind a filter's words: networks, protocols, services, numbers
//! with their units. Each function takes its part from the cursor.

use std::net::IpAddr;

use super::cursor::{Cursor, FilterError, Parsed, nearest};
use super::expr::{Comparison, Direction, Expr, Net, Place, Test};
use super::field::Kind;
use crate::model::{protocol, units};
use crate::table::verdict::Reason;

/// `ADDR`, `ADDR/LEN` or `in [...]` of them.
///
/// # Errors
/// When something else comes next.
pub fn networks(cursor: &mut Cursor, direction: Direction) -> Parsed<Test> {
    if cursor.keyword("in") {
        return Ok(Test::Address(direction, cursor.list(net)?));
    }
    Ok(Test::Address(direction, vec![net(cursor)?]))
}

/// An address or a network.
///
/// # Errors
/// When something else comes next.
pub fn net(cursor: &mut Cursor) -> Parsed<Net> {
    let Some(word) = cursor.word() else {
        return cursor.fail("expected an address or a network such as 10.0.0.0/8");
    };
    let (address, length) = match word.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (word.as_str(), None),
    };
    let Ok(address) = address.parse::<IpAddr>() else {
        return cursor.fail(format!("\"{address}\" is no address"));
    };
    let whole = Net::host(address);
    let length = match length.map(str::parse::<u8>) {
        None => whole.length,
        Some(Ok(length)) if length <= whole.length => length,
        Some(_) => {
            let most = whole.length;
            return cursor.fail(format!("the prefix length is a number from 0 to {most}"));
        }
    };
    cursor.advance();
    Ok(Net { address, length })
}

/// A protocol by name or number.
///
/// # Errors
/// When something else comes next.
pub fn protocol(cursor: &mut Cursor, _: Direction) -> Parsed<Test> {
    cursor.sign(&["=", "=="]);
    let Some(word) = cursor.word() else {
        return cursor.fail("expected a protocol such as tcp, udp or 47");
    };
    match protocol::number(&word).or_else(|| word.parse().ok()) {
        Some(number) => {
            cursor.advance();
            Ok(Test::Protocol(number))
        }
        None => cursor.fail(format!(
            "\"{word}\" is no protocol{}",
            nearest(&word, protocol::names())
        )),
    }
}

fn service_name(cursor: &mut Cursor) -> Parsed<String> {
    cursor.text("a service such as https or 8443")
}

/// A service, or `in [...]` of them.
///
/// # Errors
/// When something else comes next.
pub fn service(cursor: &mut Cursor, _: Direction) -> Parsed<Test> {
    cursor.sign(&["=", "=="]);
    if cursor.keyword("in") {
        return Ok(Test::Service(cursor.list(service_name)?));
    }
    Ok(Test::Service(vec![service_name(cursor)?]))
}

/// An exporter's address or network.
///
/// # Errors
/// When something else comes next.
pub fn exporter(cursor: &mut Cursor, _: Direction) -> Parsed<Test> {
    cursor.sign(&["=", "=="]);
    Ok(Test::Exporter(net(cursor)?))
}

/// A reason by name.
///
/// # Errors
/// When something else comes next.
pub fn reason(cursor: &mut Cursor, _: Direction) -> Parsed<Test> {
    cursor.sign(&["=", "=="]);
    let span = cursor.span();
    let word = cursor.text("a reason such as scan or multicast")?;
    // "near miss" is two words
    let word = match cursor.word() {
        Some(second) if word.eq_ignore_ascii_case("near") && second == "miss" => {
            cursor.advance();
            "near miss".to_owned()
        }
        _ => word.to_ascii_lowercase(),
    };
    let found = Reason::ALL.iter().find(|reason| reason.name() == word);
    found.copied().map(Test::Reason).ok_or_else(|| FilterError {
        span,
        message: format!(
            "\"{word}\" is no reason{}",
            nearest(&word, Reason::ALL.iter().map(|reason| reason.name()))
        ),
    })
}

/// A comparison, or `in [...]` for plain numbers.
///
/// # Errors
/// When something else comes next.
pub fn number(cursor: &mut Cursor, place: Place) -> Parsed<Expr> {
    let kind = match place {
        Place::Field(field) => field.kind,
        Place::Ends { src, .. } => src.kind,
    };
    if cursor.keyword("in") {
        let list = match kind {
            Kind::Number => cursor.list(plain_number)?,
            _ => return cursor.fail("a list is for ports and other plain numbers"),
        };
        let tests = list
            .into_iter()
            .map(|number| Expr::Test(Test::Number(place, Comparison::Equal, number)));
        return Ok(Expr::of(tests.collect(), Expr::Or));
    }
    let sign = cursor.sign(&["=", "==", "!=", ">", "<", ">=", "<="]);
    if sign.is_none() && !matches!(kind, Kind::Number) && !at_number(cursor) {
        return cursor.fail("expected =, !=, >, <, >= or <=");
    }
    let value = value(cursor, place, kind)?;
    let comparison = match sign {
        Some(">") => Comparison::Greater,
        Some(">=") => Comparison::AtLeast,
        Some("<") => Comparison::Less,
        Some("<=") => Comparison::AtMost,
        _ => Comparison::Equal,
    };
    let test = Expr::Test(Test::Number(place, comparison, value));
    Ok(match sign {
        Some("!=") => Expr::Not(Box::new(test)),
        _ => test,
    })
}

fn at_number(cursor: &Cursor) -> bool {
    cursor
        .word()
        .is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

fn plain_number(cursor: &mut Cursor) -> Parsed<i128> {
    let word = cursor.word().unwrap_or_default();
    match word.parse() {
        Ok(number) => {
            cursor.advance();
            Ok(number)
        }
        Err(_) => cursor.fail("expected a number"),
    }
}

fn value(cursor: &mut Cursor, place: Place, kind: Kind) -> Parsed<i128> {
    let word = cursor.word().unwrap_or_default();
    let (value, expected) = match kind {
        Kind::Duration => (
            units::parse_duration(&word).map(i128::from),
            "expected a duration such as 250ms, 5s or 2m",
        ),
        Kind::Number | Kind::Protocol => (word.parse().ok(), "expected a number"),
        _ => (
            units::parse_number(&word).and_then(|number| i128::try_from(number).ok()),
            "expected a number such as 100, 1.5M or 64Ki",
        ),
    };
    let is_port = matches!(place, Place::Ends { src, .. } if src.name == "src_port");
    match value {
        Some(port) if is_port && port > i128::from(u16::MAX) => {
            cursor.fail("a port is a number from 0 to 65535")
        }
        Some(value) => {
            cursor.advance();
            Ok(value)
        }
        None => cursor.fail(expected),
    }
}
