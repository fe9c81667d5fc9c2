//! The filter that a cell stands for: it passes the rows that tell the same as
//! this one. Keys make filters and searches of it.

use super::facts::Facts;
use super::field::{Field, Kind};
use super::language::expr::{Check, Comparison, Direction, Expr, Subject, Test};
use super::means::{means, shown, written};
use crate::model::moment::{Exact, Moment};
use crate::model::time::milliseconds;
use crate::model::value::Value;

/// That a row tells the same as this one in a field; `None` when this one tells
/// nothing, or what no filter can say.
pub fn equals(facts: &Facts, field: &'static Field) -> Option<Expr> {
    let subject = Subject::of(field);
    written(match (field.kind, field.value(facts)) {
        (Kind::Time, Value::Number(moment)) => second(facts, subject, moment.try_into().ok()?),
        (_, Value::Seconds(seconds)) => second(facts, subject, milliseconds(seconds)),
        (_, value) => means(subject, &value, &facts.context.services)?,
    })
}

/// That a time lies within the second that the clock shows.
fn second(facts: &Facts, subject: Subject, moment: i64) -> Expr {
    let shown = shown(moment, "%Y-%m-%dT%H:%M:%S", &facts.context.zone);
    let unix = Moment::Unix(moment.div_euclid(1000) as f64, Exact::Second);
    let check = Check::Moment(Comparison::Equal, shown.unwrap_or(unix));
    Expr::Test(Test::Number(subject, check))
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
        Expr::Test(Test::Number(Subject::Ends { src, dst, .. }, check)) => {
            let direction = Direction::Either;
            Expr::Test(Test::Number(
                Subject::Ends {
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
