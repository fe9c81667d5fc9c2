//! A filter as text that parses to the same filter: for the history, for
//! filters put together by keys, and for what is told about one.

use std::fmt::{self, Display, Formatter, Write};

use super::expr::{Check, Comparison, Direction, Expr, Net, Subject, Test};
use crate::model::protocol;

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Expr::And(terms) => joined(f, terms, " and "),
            Expr::Or(terms) => joined(f, terms, " or "),
            Expr::Not(inner) => {
                f.write_str("not ")?;
                operand(f, inner)
            }
            Expr::Test(test) => test.fmt(f),
        }
    }
}

fn joined(f: &mut Formatter, terms: &[Expr], word: &str) -> fmt::Result {
    for (place, term) in terms.iter().enumerate() {
        if place > 0 {
            f.write_str(word)?;
        }
        operand(f, term)?;
    }
    Ok(())
}

/// In parentheses, if it is several.
fn operand(f: &mut Formatter, expr: &Expr) -> fmt::Result {
    match expr {
        Expr::And(_) | Expr::Or(_) => write!(f, "({expr})"),
        _ => expr.fmt(f),
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Test::Any => f.write_str("any"),
            Test::Number(place, check) => {
                place.fmt(f)?;
                number(f, check)
            }
            Test::Address(direction, nets) => write!(f, "{direction}ip {}", List(nets)),
            Test::Name {
                direction,
                whole,
                text,
            } => {
                let sign = if *whole { '=' } else { '~' };
                write!(f, "{direction}name {sign} {}", quoted(text))
            }
            Test::Protocol(numbers) => {
                let names = numbers.iter().map(|&number| match protocol::name(number) {
                    Some(name) => name.to_owned(),
                    None => number.to_string(),
                });
                write!(f, "proto {}", List(&names.collect::<Vec<_>>()))
            }
            Test::Service(names) => {
                let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
                write!(f, "service {}", List(&names))
            }
            Test::V6(true) => f.write_str("ipv6"),
            Test::V6(false) => f.write_str("ipv4"),
            Test::Matched => f.write_str("matched"),
            Test::Ambiguous => f.write_str("ambiguous"),
            Test::Duplicate => f.write_str("duplicate"),
            Test::Exporter(nets) => write!(f, "exporter {}", List(nets)),
            Test::Reason(reasons) => {
                let names: Vec<&str> = reasons.iter().map(|reason| reason.name()).collect();
                write!(f, "reason {}", List(&names))
            }
            Test::Word(place, text) => write!(f, "{place} = {}", quoted(text)),
            Test::Text(text) => f.write_str(&quoted(text)),
        }
    }
}

fn number(f: &mut Formatter, check: &Check) -> fmt::Result {
    match check {
        Check::Compare(comparison, number) => write!(f, " {comparison} {number}"),
        Check::Among(numbers) => write!(f, " in [{}]", List(numbers).items()),
        Check::Bits { mask, set } if mask == set => {
            write!(f, " {}", protocol::flag_letters(*set))
        }
        Check::Bits { mask, set } => write!(
            f,
            " {}/{}",
            protocol::flag_letters(*set),
            protocol::flag_letters(*mask)
        ),
        Check::Moment(comparison, moment) => write!(f, " {comparison} {moment}"),
    }
}

impl Display for Subject {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Subject::Field(field) => f.write_str(field.name),
            Subject::Ends { src, direction, .. } => {
                let word = src.end().map_or(src.name, |end| end.1);
                write!(f, "{direction}{word}")
            }
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(match self {
            Comparison::Equal => "=",
            Comparison::Greater => ">",
            Comparison::AtLeast => ">=",
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
        })
    }
}

impl Display for Direction {
    /// With the space behind it.
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self.word() {
            "" => Ok(()),
            word => write!(f, "{word} "),
        }
    }
}

impl Display for Net {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match *self == Net::host(self.address) {
            true => self.address.fmt(f),
            false => write!(f, "{}/{}", self.address, self.length),
        }
    }
}

/// One value, or several as a list behind `in`.
struct List<'a, T>(&'a [T]);

impl<T: Display> List<'_, T> {
    fn items(&self) -> String {
        let mut items = String::new();
        for item in self.0 {
            let separator = if items.is_empty() { "" } else { ", " };
            // writing to a String cannot fail
            let _ = write!(items, "{separator}{item}");
        }
        items
    }
}

impl<T: Display> Display for List<'_, T> {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self.0 {
            [single] => single.fmt(f),
            _ => write!(f, "in [{}]", self.items()),
        }
    }
}

/// A text in quotes that it does not have in it.
pub fn quoted(text: &str) -> String {
    let quote = if text.contains('"') { '\'' } else { '"' };
    format!("{quote}{text}{quote}")
}
