//! An expression made ready for one table: networks become sets of host
//! numbers, services sets of ports, and what is left to do for a row is little.

use std::net::IpAddr;

use super::newest::newest;
use super::sets::{HostSet, ServerSet, TextTest};
use super::wanted::Wanted;
use crate::model::end::End;
use crate::model::time::milliseconds;
use crate::model::value::Value;
use crate::query::facts::{Context, Facts};
use crate::query::field::{Field, Kind, plain};
use crate::query::language::expr::{Check, Direction, Expr, Net, Subject, Test};
use crate::table::store::Table;
use crate::table::verdict::Evidence;
use crate::table::verdict::Reason;

/// A filter over one table.
pub enum Predicate {
    /// All hold.
    All(Vec<Predicate>),
    /// One holds.
    Any(Vec<Predicate>),
    /// It does not hold.
    Not(Box<Predicate>),
    /// A test.
    Test(Ready),
}

/// A test that knows its table's numbers.
pub enum Ready {
    /// The same for every row.
    Always(bool),
    /// An end's host is in the set.
    Hosts(Direction, HostSet),
    /// A field's number is as it should be.
    Number(Subject, Wanted),
    /// The protocol is one of these.
    Protocol(Vec<i32>),
    /// The server is in the set, or the service has one of these words.
    Service(ServerSet, Vec<String>),
    /// Both directions are there.
    Matched,
    /// Another flow was as near.
    Ambiguous,
    /// It repeats another row.
    Duplicate,
    /// The exporter's number is in the list.
    Exporters(Vec<bool>),
    /// Unmatched for one of these reasons.
    Reason(Vec<Reason>),
    /// A field reads so.
    Word(Subject, String),
    /// Some text of the row has this in it.
    Text(TextTest),
}

/// A test of a number; of a time, one for each interval that it means.
fn numeric(subject: Subject, check: &Check, table: &Table, context: &Context) -> Predicate {
    let test = |wanted| Predicate::Test(Ready::Number(subject, wanted));
    let Check::Moment(comparison, moment) = check else {
        return Predicate::Any(Wanted::of(check).map(test).into_iter().collect());
    };
    let field = subject.field();
    let newest = || newest(table, field).unwrap_or(0);
    let intervals = moment.intervals(&context.zone, newest).into_iter();
    let ranges = intervals.map(|(begin, end)| comparison.range(begin.into(), end.into()));
    Predicate::Any(ranges.map(|range| test(Wanted::Within(range))).collect())
}

/// Makes an expression ready for a table.
pub fn prepare(expr: &Expr, table: &Table, context: &Context) -> Predicate {
    let all = |terms: &[Expr]| terms.iter().map(|e| prepare(e, table, context)).collect();
    match expr {
        Expr::And(terms) => Predicate::All(all(terms)),
        Expr::Or(terms) => Predicate::Any(all(terms)),
        Expr::Not(inner) => Predicate::Not(Box::new(prepare(inner, table, context))),
        Expr::Test(test) => ready(test, table, context),
    }
}

fn ready(test: &Test, table: &Table, context: &Context) -> Predicate {
    Predicate::Test(match test {
        Test::Number(subject, check) => return numeric(*subject, check, table, context),
        Test::Any => Ready::Always(true),
        Test::Address(direction, nets) => Ready::Hosts(
            *direction,
            HostSet::of(table, |address| within(nets, address)),
        ),
        Test::Name {
            direction,
            whole,
            text,
        } => {
            let text = text.to_lowercase();
            let fits = |name: &str| match whole {
                true => name.eq_ignore_ascii_case(&text),
                false => name.to_lowercase().contains(&text),
            };
            let hosts = HostSet::of(table, |address| context.host(address).is_some_and(fits));
            Ready::Hosts(*direction, hosts)
        }
        Test::Protocol(numbers) => Ready::Protocol(numbers.clone()),
        Test::Service(names) => {
            let words = names.iter().map(|name| name.to_lowercase());
            Ready::Service(ServerSet::named(names, context), words.collect())
        }
        Test::V6(v6) => Ready::Hosts(
            Direction::Src,
            HostSet::of(table, |address| address.is_ipv6() == *v6),
        ),
        Test::Matched => Ready::Matched,
        Test::Ambiguous => Ready::Ambiguous,
        Test::Duplicate => Ready::Duplicate,
        Test::Exporter(nets) => Ready::Exporters(exporters(table, nets)),
        Test::Reason(reasons) => Ready::Reason(reasons.clone()),
        Test::Word(place, text) => Ready::Word(*place, text.to_lowercase()),
        Test::Text(text) => Ready::Text(TextTest::new(text.to_lowercase(), table, context)),
    })
}

fn within(nets: &[Net], address: IpAddr) -> bool {
    nets.iter().any(|net| net.contains(address))
}

fn exporters(table: &Table, nets: &[Net]) -> Vec<bool> {
    let address = |name: &Option<String>| name.as_deref().and_then(|name| name.parse().ok());
    let names = table.exporters().iter();
    names
        .map(|name| address(name).is_some_and(|address| within(nets, address)))
        .collect()
}

impl Ready {
    /// Whether a row passes.
    pub fn passes(&self, facts: &Facts) -> bool {
        let row = facts.row;
        match self {
            Ready::Always(answer) => *answer,
            Ready::Hosts(direction, set) => ends(facts, *direction)
                .into_iter()
                .flatten()
                .any(|end| set.has(facts.endpoint(end).host)),
            Ready::Number(place, wanted) => number(facts, *place, wanted),
            Ready::Protocol(wanted) => row.protocol().is_some_and(|it| wanted.contains(&it)),
            Ready::Service(set, words) => service(facts, set, words),
            Ready::Matched => row.is_connection(),
            Ready::Ambiguous => row.evidence() == Some(Evidence::Ambiguous),
            Ready::Duplicate => row.is_duplicate(),
            Ready::Exporters(known) => known
                .get(row.exporter_number() as usize)
                .is_some_and(|&yes| yes),
            Ready::Reason(reasons) => row.reason().is_some_and(|it| reasons.contains(&it)),
            Ready::Word(place, text) => {
                // what is not known reads as nothing
                let value = place.field().value(facts);
                let word = plain(&value).to_lowercase();
                let rest = word.strip_suffix(text.as_str());
                rest.is_some_and(|rest| {
                    rest.is_empty() || place.field().kind == Kind::Path && rest.ends_with('/')
                })
            }
            Ready::Text(test) => test.passes(facts),
        }
    }
}

/// The ends a direction means.
fn ends(facts: &Facts, direction: Direction) -> [Option<End>; 2] {
    let client = || {
        let is_source = facts.client()? == facts.source();
        Some(if is_source {
            End::Source
        } else {
            End::Destination
        })
    };
    match direction {
        Direction::Either => End::BOTH.map(Some),
        Direction::Src => [Some(End::Source), None],
        Direction::Dst => [Some(End::Destination), None],
        Direction::Client => [client(), None],
        Direction::Server => [client().map(End::other), None],
    }
}

fn number(facts: &Facts, subject: Subject, wanted: &Wanted) -> bool {
    let compares = |field: &Field| match field.value(facts) {
        Value::Number(number) => wanted.holds(number),
        Value::Seconds(seconds) => wanted.holds(milliseconds(seconds).into()),
        _ => false,
    };
    match subject {
        Subject::Field(field) => compares(field),
        Subject::Ends {
            src,
            dst,
            direction,
        } => ends(facts, direction)
            .into_iter()
            .flatten()
            .any(|end| match end {
                End::Source => compares(src),
                End::Destination => compares(dst),
            }),
    }
}

fn service(facts: &Facts, set: &ServerSet, words: &[String]) -> bool {
    if let (Some(protocol), Some(port)) = (facts.row.protocol(), facts.server_port()) {
        return set.has((protocol, port));
    }
    let service = facts.service();
    words.iter().any(|word| service.eq_ignore_ascii_case(word))
}
