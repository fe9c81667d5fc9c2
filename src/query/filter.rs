//! An expression made ready for one table: networks become sets of host
//! numbers, services sets of ports, and what is left to do for a row is little.

use std::net::IpAddr;

use foldhash::HashSet;

use super::expr::{Comparison, Direction, Expr, Net, Place, Test};
use super::facts::{Context, Facts};
use super::field::Field;
use crate::model::value::Value;
use crate::table::store::{Side, Table};
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
    /// A field compares so.
    Number(Place, Comparison, i128),
    /// The protocol is this.
    Protocol(i32),
    /// The server's port, or the words for the service.
    Service(HashSet<(i32, u16)>, Vec<String>),
    /// The addresses are of IPv6.
    V6(bool),
    /// Both directions are there.
    Matched,
    /// Another flow was as near.
    Ambiguous,
    /// The exporter's number is in the list.
    Exporters(Vec<bool>),
    /// Unmatched for this reason.
    Reason(Reason),
    /// Some text has this in it; the hosts whose address has it are known.
    Text(String, HostSet),
}

/// A set of host numbers.
pub struct HostSet(Vec<u64>);

impl HostSet {
    /// The hosts whose address passes.
    fn of(table: &Table, passes: impl Fn(IpAddr) -> bool) -> Self {
        let mut words = Vec::new();
        for (number, &address) in table.addresses().enumerate() {
            if number % 64 == 0 {
                words.push(0);
            }
            if let (true, Some(word)) = (passes(address), words.last_mut()) {
                *word |= 1 << (number % 64);
            }
        }
        HostSet(words)
    }

    /// Whether a host is in it.
    pub fn has(&self, host: u32) -> bool {
        let word = self.0.get(host as usize / 64).copied().unwrap_or(0);
        word >> (host % 64) & 1 == 1
    }
}

/// Makes an expression ready for a table.
pub fn prepare(expr: &Expr, table: &Table, context: &Context) -> Predicate {
    let all = |terms: &[Expr]| terms.iter().map(|e| prepare(e, table, context)).collect();
    match expr {
        Expr::And(terms) => Predicate::All(all(terms)),
        Expr::Or(terms) => Predicate::Any(all(terms)),
        Expr::Not(inner) => Predicate::Not(Box::new(prepare(inner, table, context))),
        Expr::Test(test) => Predicate::Test(ready(test, table, context)),
    }
}

fn ready(test: &Test, table: &Table, context: &Context) -> Ready {
    match test {
        Test::Any => Ready::Always(true),
        Test::Number(place, comparison, value) => Ready::Number(*place, *comparison, *value),
        Test::Address(direction, nets) => {
            let within = |address| nets.iter().any(|net| net.contains(address));
            Ready::Hosts(*direction, HostSet::of(table, within))
        }
        Test::Protocol(number) => Ready::Protocol(*number),
        Test::Service(names) => {
            let ports = names
                .iter()
                .flat_map(|name| context.services.ports_named(name));
            let words = names.iter().map(|name| name.to_lowercase());
            Ready::Service(ports.collect(), words.collect())
        }
        Test::V6(v6) => Ready::V6(*v6),
        Test::Matched => Ready::Matched,
        Test::Ambiguous => Ready::Ambiguous,
        Test::Exporter(net) => Ready::Exporters(exporters(table, net)),
        Test::Reason(reason) => Ready::Reason(*reason),
        Test::Text(text) => {
            let text = text.to_lowercase();
            let hosts = HostSet::of(table, |address| address.to_string().contains(&text));
            Ready::Text(text, hosts)
        }
    }
}

fn exporters(table: &Table, net: &Net) -> Vec<bool> {
    let address = |name: &Option<String>| name.as_deref().and_then(|name| name.parse().ok());
    let names = table.exporters().iter();
    names
        .map(|name| address(name).is_some_and(|address| net.contains(address)))
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
                .any(|destination| set.has(facts.end(destination).host)),
            Ready::Number(place, comparison, wanted) => number(facts, *place, *comparison, *wanted),
            Ready::Protocol(wanted) => row.protocol() == Some(*wanted),
            Ready::Service(ports, words) => service(facts, ports, words),
            Ready::V6(v6) => facts
                .address(false)
                .is_some_and(|address| address.is_ipv6() == *v6),
            Ready::Matched => row.is_connection(),
            Ready::Ambiguous => row.evidence() == Some(Evidence::Ambiguous),
            Ready::Exporters(known) => known
                .get(row.exporter_number() as usize)
                .is_some_and(|&yes| yes),
            Ready::Reason(reason) => row.reason() == Some(*reason),
            Ready::Text(text, hosts) => {
                row.ends(Side::First).iter().any(|end| hosts.has(end.host)) || words(facts, text)
            }
        }
    }
}

/// The ends a direction means: false for the source, true for the destination.
fn ends(facts: &Facts, direction: Direction) -> [Option<bool>; 2] {
    let client_is_destination = || facts.client().map(|client| client != facts.source());
    match direction {
        Direction::Either => [Some(false), Some(true)],
        Direction::Src => [Some(false), None],
        Direction::Dst => [Some(true), None],
        Direction::Client => [client_is_destination(), None],
        Direction::Server => [client_is_destination().map(|it| !it), None],
    }
}

fn number(facts: &Facts, place: Place, comparison: Comparison, wanted: i128) -> bool {
    let compares = |field: &Field| match (field.value)(facts) {
        Value::Number(number) => comparison.holds(number, wanted),
        _ => false,
    };
    match place {
        Place::Field(field) => compares(field),
        Place::Ends {
            src,
            dst,
            direction,
        } => ends(facts, direction)
            .into_iter()
            .flatten()
            .any(|destination| compares(if destination { dst } else { src })),
    }
}

fn service(facts: &Facts, ports: &HashSet<(i32, u16)>, words: &[String]) -> bool {
    if let (Some(protocol), Some(port)) = (facts.row.protocol(), facts.server_port()) {
        return ports.contains(&(protocol, port))
            || words.iter().any(|word| word.parse() == Ok(port));
    }
    let service = facts.service();
    words.iter().any(|word| service.eq_ignore_ascii_case(word))
}

/// Whether a text of the row, other than its addresses, has `text` in it.
fn words(facts: &Facts, text: &str) -> bool {
    let has = |word: &str| word.to_lowercase().contains(text);
    has(&facts.service())
        || has(&facts.protocol_name())
        || facts.row.exporter().is_some_and(has)
        || facts.row.reason().is_some_and(|reason| has(reason.name()))
}
