//! What a value stands for as a filter: that a field of a row, or of one of its ends,
//! has it. Keys make such filters of cells and of groups.

use super::field::Kind;
use super::language::expr::{Check, Comparison, Expr, Net, Subject, Test};
use super::language::parse::parse;
use crate::model::moment::Moment;
use crate::model::protocol::WITH_PORTS;
use crate::model::time::Zone;
use crate::model::value::Value;
use crate::names::Services;
use crate::table::verdict::Reason;

/// That a subject is this; `None` where nothing is known, and for times,
/// which are shown in part.
pub fn means(subject: Subject, value: &Value, services: &Services) -> Option<Expr> {
    let (field, direction) = (subject.field(), subject.direction());
    Some(Expr::Test(match (field.kind, value) {
        (_, Value::Unknown | Value::Seconds(_)) => return None,
        (Kind::Service, Value::Text(text)) => return Some(service(text, services)),
        (Kind::Protocol, Value::Number(number)) => {
            Test::Protocol(vec![i32::try_from(*number).ok()?])
        }
        (Kind::Reason, Value::Text(text)) => {
            let mut all = Reason::ALL.into_iter();
            Test::Reason(vec![all.find(|reason| reason.name() == text)?])
        }
        (Kind::Exporter, Value::Text(text)) => match text.parse() {
            Ok(address) => Test::Exporter(vec![Net::host(address)]),
            Err(_) => Test::Word(subject, text.to_string()),
        },
        (Kind::Name, Value::Text(text)) => Test::Name {
            direction,
            whole: true,
            text: text.to_string(),
        },
        (_, Value::Address(address)) => Test::Address(direction, vec![Net::host(*address)]),
        (_, Value::Number(number)) => {
            Test::Number(subject, Check::Compare(Comparison::Equal, *number))
        }
        (_, Value::Text(text)) => Test::Word(subject, text.to_string()),
    }))
}

/// A service, without the ports that are only also called so.
fn service(label: &str, services: &Services) -> Expr {
    let number = label.parse::<u16>().ok();
    let of_number = |number| WITH_PORTS.map(|protocol| (protocol, number));
    let numbered = number.map(of_number).into_iter().flatten();
    let ports = services.ports_named(label).into_iter().chain(numbered);
    let mut others: Vec<String> = ports
        .filter_map(|(protocol, port)| services.name(protocol, port))
        .filter(|name| !name.eq_ignore_ascii_case(label))
        .map(str::to_owned)
        .collect();
    others.sort_unstable();
    others.dedup();
    let named = Expr::Test(Test::Service(vec![label.to_owned()]));
    match others.is_empty() {
        true => named,
        false => Expr::And(vec![named, Expr::Test(Test::Service(others)).negated(true)]),
    }
}

/// A moment as a clock shows it by a pattern, if that means it: not in the hour that
/// clocks show twice, nor where no calendar reaches.
pub fn shown(moment: i64, pattern: &str, zone: &Zone) -> Option<Moment> {
    let shown = Moment::parse(&zone.print(moment, pattern))?;
    match shown.intervals(zone, || moment)[..] {
        [(begin, end)] => (begin..end).contains(&moment).then_some(shown),
        _ => None,
    }
}

/// The filter, if it can be written down: a text with both kinds of quotes cannot.
pub fn written(expr: Expr) -> Option<Expr> {
    (parse(&expr.to_string()).as_ref() == Ok(&expr)).then_some(expr)
}
