//! From a group to its rows: the filter that they alone pass, of those that
//! were grouped.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::groupings::Family;
use super::key::{Key, NONE};
use crate::model::moment::{Exact, Moment};
use crate::model::value::Value;
use crate::query::field;
use crate::query::language::expr::{Check, Comparison, Direction, Expr, Net, Place, Test};
use crate::table::column::unzigzag;
use crate::table::verdict::Reason;

/// The filter of a value of a grouping.
pub fn drill(key: &Key, code: u64) -> Expr {
    let direction = key.by.direction;
    match (key.by.grouping.family, code) {
        (Family::Host | Family::Net | Family::Name, NONE) => unknown_ends(direction, |direction| {
            Expr::Test(Test::Address(direction, everywhere()))
        }),
        (Family::Host, _) => host(key, direction, code),
        (Family::Name, _) => match key.named(code) {
            Some((_, Some(name))) => Expr::Test(Test::Name {
                direction,
                whole: true,
                text: name.to_owned(),
            }),
            Some((code, None)) => host(key, direction, code),
            None => never(),
        },
        (Family::Net, _) => {
            let net = key.nets.get(code as usize).copied();
            Expr::Test(Test::Address(direction, net.into_iter().collect()))
        }
        (Family::Pair, _) => match (code >> 32, code & 0xffff_ffff) {
            (one, other) if one == other => Expr::And(
                [Direction::Src, Direction::Dst]
                    .map(|end| host(key, end, one))
                    .to_vec(),
            ),
            (one, other) => Expr::And(
                [one, other]
                    .map(|code| host(key, Direction::Either, code))
                    .to_vec(),
            ),
        },
        (Family::Port | Family::Number, _) => number(key, direction, code),
        (Family::Service, _) => service(key, code),
        (Family::Protocol, NONE) => Expr::Test(Test::Protocol((0..=255).collect())).negated(true),
        (Family::Protocol, _) => Expr::Test(Test::Protocol(vec![unzigzag(code) as i32])),
        (Family::Exporter, _) => exporter(key, code),
        (Family::Reason, _) => match Reason::ALL.get(code as usize) {
            Some(&reason) => Expr::Test(Test::Reason(vec![reason])),
            None => Expr::Test(Test::Reason(Reason::ALL.to_vec())).negated(true),
        },
        (Family::Match, NONE) => Expr::Test(Test::Matched).negated(true),
        (Family::Match, _) => word("match", &key.value(code)),
        (Family::Time(minutes), _) => time(key, minutes, code),
    }
}

/// No row.
fn never() -> Expr {
    Expr::Test(Test::Any).negated(true)
}

fn everywhere() -> Vec<Net> {
    [
        IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    ]
    .map(|address| Net { address, length: 0 })
    .to_vec()
}

/// That an end has no value that `known` tests; for either end, one of them.
fn unknown_ends(direction: Direction, known: impl Fn(Direction) -> Expr) -> Expr {
    match direction {
        Direction::Either => Expr::Or(
            [Direction::Src, Direction::Dst]
                .map(|end| known(end).negated(true))
                .to_vec(),
        ),
        direction => known(direction).negated(true),
    }
}

fn host(key: &Key, direction: Direction, code: u64) -> Expr {
    let net = key.table.address(code as u32).map(Net::host);
    Expr::Test(Test::Address(direction, net.into_iter().collect()))
}

fn number(key: &Key, direction: Direction, code: u64) -> Expr {
    let fields = match key.by.grouping.family {
        Family::Port => field::find("src_port")
            .zip(field::find("dst_port"))
            .map(|(src, dst)| [src, dst]),
        _ => key.by.fields,
    };
    let Some([src, dst]) = fields else {
        return never();
    };
    let test = |direction, comparison, number: u64| {
        let place = match src.name == dst.name {
            true => Place::Field(src),
            false => Place::Ends {
                src,
                dst,
                direction,
            },
        };
        Expr::Test(Test::Number(
            place,
            Check::Compare(comparison, number.into()),
        ))
    };
    match code {
        NONE => unknown_ends(direction, |end| test(end, Comparison::AtLeast, 0)),
        code => test(direction, Comparison::Equal, code),
    }
}

/// A service, without the ports that are only also called so.
fn service(key: &Key, code: u64) -> Expr {
    let Value::Text(label) = key.value(code) else {
        return never();
    };
    let services = &key.context.services;
    let numbered = label.parse::<u16>().ok();
    let by_number = [6, 17, 33, 132, 136]
        .into_iter()
        .filter_map(|protocol| Some((protocol, numbered?)));
    let mut others: Vec<String> = services
        .ports_named(&label)
        .into_iter()
        .chain(by_number)
        .filter_map(|(protocol, port)| services.name(protocol, port))
        .filter(|name| !name.eq_ignore_ascii_case(&label))
        .map(str::to_owned)
        .collect();
    others.sort_unstable();
    others.dedup();
    let named = Expr::Test(Test::Service(vec![label.into_owned()]));
    match others.is_empty() {
        true => named,
        false => Expr::And(vec![named, Expr::Test(Test::Service(others)).negated(true)]),
    }
}

fn exporter(key: &Key, code: u64) -> Expr {
    let test = |name: &str| match name.parse() {
        Ok(address) => Expr::Test(Test::Exporter(vec![Net::host(address)])),
        Err(_) => word("exporter", &Value::word(name)),
    };
    let names = key.table.exporters();
    match names.get(code as usize).and_then(Option::as_deref) {
        Some(name) => test(name),
        None => match names
            .iter()
            .flatten()
            .map(|name| test(name))
            .collect::<Vec<_>>()
        {
            known if known.is_empty() => Expr::Test(Test::Any),
            known => Expr::of(known, Expr::Or).negated(true),
        },
    }
}

fn word(name: &str, value: &Value) -> Expr {
    match (field::find(name), value) {
        (Some(field), Value::Text(text)) => {
            Expr::Test(Test::Word(Place::Field(field), text.to_string()))
        }
        _ => never(),
    }
}

/// That the source's flow began in a minute, an hour or a day.
fn time(key: &Key, minutes: i64, code: u64) -> Expr {
    let Some(start) = field::find("start") else {
        return never();
    };
    let test = |comparison, moment| {
        Expr::Test(Test::Number(
            Place::Field(start),
            Check::Moment(comparison, moment),
        ))
    };
    if code == NONE {
        return test(Comparison::AtLeast, Moment::Unix(0.0, Exact::Second)).negated(true);
    }
    let pattern = match minutes {
        1 => "%Y-%m-%dT%H:%M%:z",
        60 => "%Y-%m-%dT%H%:z",
        _ => "%Y-%m-%d",
    };
    let shown = key.context.zone.print(unzigzag(code), pattern);
    Moment::parse(&shown).map_or_else(never, |moment| test(Comparison::Equal, moment))
}
