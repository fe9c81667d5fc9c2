//! From a group to its rows: the filter that they alone pass, of those that were
//! grouped. It is made of what the group says, so that it means the same whatever
//! has become of the table and of names since.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::by::By;
use super::groupings::Family;
use super::key::BETWEEN;
use crate::model::moment::{Exact, Moment};
use crate::model::value::Value;
use crate::query::facts::Context;
use crate::query::field::Kind;
use crate::query::language::cursor::Cursor;
use crate::query::language::expr::{Check, Comparison, Direction, Expr, Net, Subject, Test};
use crate::query::language::terms;
use crate::query::means::{means, shown};
use crate::table::verdict::Reason;

/// The filter of a value of a grouping. Names of hosts in the point of view do not matter.
pub fn drill(by: &By, value: &Value, context: &Context) -> Expr {
    let subject = by.subject();
    let meant = match (by.grouping.family, value) {
        (_, Value::Unknown) => subject.map(unknown),
        (Family::Pair, Value::Text(text)) => pair(text),
        (Family::Time(minutes), Value::Number(moment)) => {
            subject.and_then(|subject| time(subject, minutes, *moment, context))
        }
        (Family::Net, Value::Text(text)) => net(text).map(|net| address(by.direction, net)),
        // the address of a host without a name; no name reads like one
        (Family::Name, Value::Text(text)) if net(text).is_some() => {
            net(text).map(|net| address(by.direction, net))
        }
        _ => subject.and_then(|subject| means(subject, value, &context.services)),
    };
    // no row
    meant.unwrap_or_else(|| Expr::Test(Test::Any).negated(true))
}

/// A network as a group is called by it.
fn net(text: &str) -> Option<Net> {
    terms::net(&mut Cursor::new(text).ok()?).ok()
}

fn address(direction: Direction, net: Net) -> Expr {
    Expr::Test(Test::Address(direction, vec![net]))
}

fn pair(text: &str) -> Option<Expr> {
    let (one, other) = text.split_once(BETWEEN)?;
    let hosts = [net(one)?, net(other)?];
    let ends = match one == other {
        true => [Direction::Src, Direction::Dst],
        false => [Direction::Either; 2],
    };
    let terms = ends.into_iter().zip(hosts);
    let terms = terms.map(|(end, host)| address(end, host));
    Some(Expr::And(terms.collect()))
}

/// That nothing is known at a subject; for either end, at one of them.
fn unknown(subject: Subject) -> Expr {
    match subject {
        Subject::Ends {
            src,
            dst,
            direction: Direction::Either,
        } => {
            let at = |direction| Subject::Ends {
                src,
                dst,
                direction,
            };
            let ends = [Direction::Src, Direction::Dst];
            Expr::Or(ends.map(|end| unknown_at(at(end))).to_vec())
        }
        subject => unknown_at(subject),
    }
}

fn unknown_at(subject: Subject) -> Expr {
    let number = |check| Expr::Test(Test::Number(subject, check));
    let known = match subject.field().kind {
        // as the service of such rows is shown
        Kind::Protocol => return Expr::Test(Test::Service(vec!["?".to_owned()])),
        Kind::Reason => Expr::Test(Test::Reason(Reason::ALL.to_vec())),
        Kind::Match => Expr::Test(Test::Matched),
        Kind::Time => {
            let begin = Moment::Unix(0.0, Exact::Second);
            let both = [Comparison::AtLeast, Comparison::Less];
            Expr::Or(both.map(|it| number(Check::Moment(it, begin))).to_vec())
        }
        Kind::Number | Kind::Flags => number(Check::Compare(Comparison::AtLeast, 0)),
        Kind::Name | Kind::Address => Expr::Test(Test::Address(subject.direction(), everywhere())),
        _ => return Expr::Test(Test::Word(subject, String::new())),
    };
    known.negated(true)
}

fn everywhere() -> Vec<Net> {
    let all = |address| Net { address, length: 0 };
    vec![
        all(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        all(IpAddr::V6(Ipv6Addr::UNSPECIFIED)),
    ]
}

/// That the source's flow began in a minute, an hour or a day.
fn time(subject: Subject, minutes: i64, begin: i128, context: &Context) -> Option<Expr> {
    let begin = i64::try_from(begin).ok()?;
    let pattern = match minutes {
        1 => "%Y-%m-%dT%H:%M%:z",
        60 => "%Y-%m-%dT%H%:z",
        _ => "%Y-%m-%d",
    };
    let test = |comparison, moment| {
        let check = Check::Moment(comparison, moment);
        Expr::Test(Test::Number(subject, check))
    };
    if let Some(shown) = shown(begin, pattern, &context.zone) {
        return Some(test(Comparison::Equal, shown));
    }
    // where no calendar reaches, all steps are as long as most
    let second = |moment: i64| Moment::Unix(moment.div_euclid(1000) as f64, Exact::Second);
    let end = begin.saturating_add(minutes * 60_000);
    let from = test(Comparison::AtLeast, second(begin));
    let until = test(Comparison::Less, second(end));
    Some(Expr::And(vec![from, until]))
}
