//! What stands behind a filter's words for things with names: networks, hosts,
//! protocols, services, exporters, reasons. Each function takes its part from
//! the cursor.

use std::net::IpAddr;

use super::cursor::{Cursor, FilterError, Parsed};
use super::expr::{Direction, Expr, Net, Subject, Test};
use super::lex::Token;
use crate::model::protocol as protocols;
use crate::model::typo::{named, nearest};
use crate::names::valid_name;
use crate::query::field::Field;
use crate::table::verdict::{Evidence, Reason};

/// An address, a network, a host's name, or `in [...]` of addresses and networks.
///
/// # Errors
/// When something else comes next.
pub fn hosts(cursor: &mut Cursor, direction: Direction) -> Parsed<Expr> {
    let not = cursor.unequal()?;
    let name = match cursor.peek() {
        Some(Token::Quoted(name)) => Some(name.clone()),
        Some(Token::Word(word))
            if !word.eq_ignore_ascii_case("in") && !word.contains([':', '/']) =>
        {
            valid_name(word)
        }
        _ => None,
    };
    match name {
        Some(text) => {
            cursor.advance();
            let test = Test::Name {
                direction,
                whole: true,
                text,
            };
            Ok(Expr::Test(test).negated(not))
        }
        None => Ok(networks(cursor, direction)?.negated(not)),
    }
}

/// An address, a network, or `in [...]` of them.
///
/// # Errors
/// When something else comes next.
pub fn networks(cursor: &mut Cursor, direction: Direction) -> Parsed<Expr> {
    let not = cursor.unequal()?;
    let nets = only_nets(cursor, "a name goes with \"host\" or \"name\"")?;
    Ok(Expr::Test(Test::Address(direction, nets)).negated(not))
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
    let begin = length.and_then(|_| padded(address));
    let Ok(address) = begin.as_deref().unwrap_or(address).parse::<IpAddr>() else {
        let hint = meant(address).unwrap_or_default();
        return cursor.fail(format!("{} is no address{hint}", named(address)));
    };
    let host = Net::host(address);
    let length = match length.map(str::parse::<u8>) {
        None => host.length,
        Some(Ok(length)) if length <= host.length => length,
        Some(_) => {
            let most = host.length;
            return cursor.fail(format!("the prefix length is a number from 0 to {most}"));
        }
    };
    cursor.advance();
    Ok(Net { address, length })
}

/// The beginning of an IPv4 address, as in `10/8`, with zeros for the rest.
fn padded(begin: &str) -> Option<String> {
    let parts = begin.split('.').count();
    let is_begin = parts < 4 && begin.split('.').all(|part| part.parse::<u8>().is_ok());
    is_begin.then(|| format!("{begin}{}", ".0".repeat(4 - parts)))
}

/// `: did you mean 10.0.0.0/8?` for `10`, `10.` and `10.*`.
pub fn meant(begin: &str) -> Option<String> {
    let begin = begin.trim_end_matches(['.', '*']);
    let length = 8 * begin.split('.').count();
    padded(begin).map(|whole| format!(": did you mean {whole}/{length}?"))
}

/// A network behind a word that takes no names; `other` says what does.
fn only_nets(cursor: &mut Cursor, other: &str) -> Parsed<Vec<Net>> {
    match cursor.peek() {
        Some(Token::Word(word))
            if !word.eq_ignore_ascii_case("in") && valid_name(word).is_some() =>
        {
            cursor.fail(format!("{} is no address: {other}", named(word)))
        }
        _ => cursor.one_or_list(net),
    }
}

/// A host's name: `= TEXT`, `~ TEXT` and the reverse of them.
///
/// # Errors
/// When something else comes next.
pub fn name(cursor: &mut Cursor, direction: Direction) -> Parsed<Expr> {
    let sign = cursor.sign(&["=", "==", "!=", "~", "!~"]).unwrap_or("=");
    let text = cursor.text("a name, as in name = www.example.org or name ~ example")?;
    let test = Test::Name {
        direction,
        whole: !sign.ends_with('~'),
        text,
    };
    Ok(Expr::Test(test).negated(sign.starts_with('!')))
}

/// A protocol by name or number, or `in [...]` of them.
///
/// # Errors
/// When something else comes next.
pub fn protocol(cursor: &mut Cursor, _: Direction) -> Parsed<Expr> {
    let not = cursor.unequal()?;
    let numbers = cursor.one_or_list(protocol_number)?;
    Ok(Expr::Test(Test::Protocol(numbers)).negated(not))
}

fn protocol_number(cursor: &mut Cursor) -> Parsed<i32> {
    let Some(word) = cursor.word() else {
        return cursor.fail("expected a protocol such as tcp, udp or 47");
    };
    // exports may have numbers that are none of a protocol
    let number = word.parse().ok();
    match number.or_else(|| protocols::number(&word)) {
        Some(number) => {
            cursor.advance();
            Ok(number)
        }
        None => cursor.fail(format!(
            "{} is no protocol{}",
            named(&word),
            nearest(&word, protocols::names())
        )),
    }
}

/// A service, or `in [...]` of them.
///
/// # Errors
/// When something else comes next.
pub fn service(cursor: &mut Cursor, _: Direction) -> Parsed<Expr> {
    let not = cursor.unequal()?;
    let names = cursor.one_or_list(|cursor| cursor.text("a service such as https or 8443"))?;
    Ok(Expr::Test(Test::Service(names)).negated(not))
}

/// An exporter's address or network, `in [...]` of them, or its text in quotes.
///
/// # Errors
/// When something else comes next.
pub fn exporter(cursor: &mut Cursor, field: &'static Field) -> Parsed<Expr> {
    // nfdump has a second word for it
    cursor.keyword("ip");
    let not = cursor.unequal()?;
    if let Some(Token::Quoted(_)) = cursor.peek() {
        return Ok(text(cursor, field)?.negated(not));
    }
    let nets = only_nets(cursor, "an exporter without one stands in quotes")?;
    Ok(Expr::Test(Test::Exporter(nets)).negated(not))
}

/// A reason by name, or `in [...]` of them.
///
/// # Errors
/// When something else comes next.
pub fn reason(cursor: &mut Cursor, _: Direction) -> Parsed<Expr> {
    let not = cursor.unequal()?;
    let reasons = cursor.one_or_list(one_reason)?;
    Ok(Expr::Test(Test::Reason(reasons)).negated(not))
}

fn one_reason(cursor: &mut Cursor) -> Parsed<Reason> {
    let span = cursor.span();
    let word = cursor.text("a reason such as scan or multicast")?;
    let mut word = word.to_ascii_lowercase().replace("near-miss", "near miss");
    // "near miss" is two words
    if word == "near" && cursor.keyword("miss") {
        word.push_str(" miss");
    }
    let found = Reason::ALL.iter().find(|reason| reason.name() == word);
    found.copied().ok_or_else(|| FilterError {
        span,
        message: format!(
            "{} is no reason{}",
            named(&word),
            nearest(&word, Reason::ALL.iter().map(|reason| reason.name()))
        ),
    })
}

/// How sure a pairing is, by name.
///
/// # Errors
/// When something else comes next.
pub fn evidence(cursor: &mut Cursor, field: &'static Field) -> Parsed<Expr> {
    let names = Evidence::ALL.map(Evidence::name);
    let all = ": it is exact, skew, ambiguous or biflow";
    one_of(cursor, field, &names, ("is no kind of match", all))
}

/// Which end is the client.
///
/// # Errors
/// When something else comes next.
pub fn client(cursor: &mut Cursor, field: &'static Field) -> Parsed<Expr> {
    let host = ": a host goes with \"client host\"";
    one_of(
        cursor,
        field,
        &["src", "dst"],
        ("is neither src nor dst", host),
    )
}

/// A field that reads as one of a few words. Another is said to be `none` of them, and `more`
/// where it is near none.
fn one_of(
    cursor: &mut Cursor,
    field: &'static Field,
    known: &[&str],
    (none, more): (&str, &str),
) -> Parsed<Expr> {
    let not = cursor.unequal()?;
    let span = cursor.span();
    let text = cursor.text("a word")?;
    if known.iter().any(|word| word.eq_ignore_ascii_case(&text)) {
        return Ok(Expr::Test(Test::Word(Subject::Field(field), text)).negated(not));
    }
    let near = nearest(&text, known.iter().copied());
    let more = if near.is_empty() { more } else { &near };
    let message = format!("{} {none}{more}", named(&text));
    Err(FilterError { span, message })
}

/// The text a field reads.
///
/// # Errors
/// When no text comes next.
pub fn text(cursor: &mut Cursor, field: &'static Field) -> Parsed<Expr> {
    let not = cursor.unequal()?;
    let text = cursor.text("a word")?;
    Ok(Expr::Test(Test::Word(Subject::Field(field), text)).negated(not))
}
