//! The filter that a cell stands for: it passes the rows that tell the same as
//! this one. Keys make filters and searches of it.

use super::facts::Facts;
use super::field::{self, Field};
use super::language::expr::{Check, Comparison, Direction, Expr, Net, Place, Test};
use super::language::parse::parse;
use crate::model::moment::{Exact, Moment};
use crate::model::time::milliseconds;
use crate::model::value::Value;

/// That a row tells the same as this one in a field; `None` when this one tells
/// nothing, or what no filter can say.
pub fn equals(facts: &Facts, field: &'static Field) -> Option<Expr> {
    let expr = Expr::Test(test(facts, field)?);
    // a text with both kinds of quotes cannot be written down
    (parse(&expr.to_string()).as_ref() == Ok(&expr)).then_some(expr)
}

fn test(facts: &Facts, field: &'static Field) -> Option<Test> {
    let place = place(field);
    Some(match (field.name, (field.value)(facts)) {
        (_, Value::Unknown) => return None,
        ("service", Value::Text(text)) => Test::Service(vec![text.into_owned()]),
        ("protocol", Value::Number(number)) => Test::Protocol(vec![i32::try_from(number).ok()?]),
        ("reason", _) => Test::Reason(vec![facts.row.reason()?]),
        ("exporter", Value::Text(text)) => match text.parse() {
            Ok(address) => Test::Exporter(vec![Net::host(address)]),
            Err(_) => Test::Word(place, text.into_owned()),
        },
        ("src_host" | "dst_host", Value::Text(text)) => Test::Name {
            direction: direction(field),
            whole: true,
            text: text.into_owned(),
        },
        ("start" | "end", Value::Number(moment)) => second(facts, place, moment.try_into().ok()?),
        (_, Value::Seconds(seconds)) => second(facts, place, milliseconds(seconds)),
        (_, Value::Address(address)) => Test::Address(direction(field), vec![Net::host(address)]),
        (_, Value::Number(number)) => {
            Test::Number(place, Check::Compare(Comparison::Equal, number))
        }
        (_, Value::Text(text)) => Test::Word(place, text.into_owned()),
    })
}

/// That a time lies within the second that the clock shows.
fn second(facts: &Facts, place: Place, moment: i64) -> Test {
    let zone = &facts.context.zone;
    let shown = Moment::parse(&zone.print(moment, "%Y-%m-%dT%H:%M:%S"));
    let means = |shown: &Moment| {
        let stretch = shown.resolve(zone, || moment);
        stretch.is_some_and(|(begin, end)| (begin..end).contains(&moment))
    };
    // in the hour that clocks show twice the reading does not tell which is meant
    let shown = shown.filter(means);
    let unix = Moment::Unix(moment.div_euclid(1000) as f64, Exact::Second);
    Test::Number(
        place,
        Check::Moment(Comparison::Equal, shown.unwrap_or(unix)),
    )
}

fn direction(field: &Field) -> Direction {
    match field.name.get(..4) {
        Some("src_") => Direction::Src,
        Some("dst_") => Direction::Dst,
        _ => Direction::Either,
    }
}

/// One end's field, or the field itself.
fn place(field: &'static Field) -> Place {
    let word = field.name.get(4..).unwrap_or("");
    let direction = direction(field);
    let end = |prefix: &str| field::find(&format!("{prefix}{word}"));
    match (direction, end("src_"), end("dst_")) {
        (Direction::Src | Direction::Dst, Some(src), Some(dst)) => Place::Ends {
            src,
            dst,
            direction,
        },
        _ => Place::Field(field),
    }
}

/// The same test of either end: who looks for an address wants it on both sides.
pub fn of_either_end(expr: Expr) -> Expr {
    match expr {
        Expr::Test(Test::Address(_, nets)) => Expr::Test(Test::Address(Direction::Either, nets)),
        Expr::Test(Test::Name { whole, text, .. }) => Expr::Test(Test::Name {
            direction: Direction::Either,
            whole,
            text,
        }),
        Expr::Test(Test::Number(Place::Ends { src, dst, .. }, check)) => {
            let direction = Direction::Either;
            Expr::Test(Test::Number(
                Place::Ends {
                    src,
                    dst,
                    direction,
                },
                check,
            ))
        }
        other => other,
    }
}
