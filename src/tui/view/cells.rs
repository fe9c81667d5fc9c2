//! A field's value as the text of a cell.

use std::net::IpAddr;

use crate::model::end::End;
use crate::model::protocol::tcp_flags;
use crate::model::time::{Zone, milliseconds};
use crate::model::units;
use crate::model::value::Value;
use crate::query::facts::Facts;
use crate::query::field::{Field, Kind, plain};
use crate::tui::app::{App, Hosts};
use crate::tui::hosts;
use crate::tui::state::time::Date;
use crate::tui::widget::fit::shorten;

/// The cell of a row, at most `width` columns wide where that can be done
/// without misleading.
pub fn cell(app: &App, facts: &Facts, field: &Field, width: u16) -> String {
    match (field.kind, field.end()) {
        (Kind::Reason, _) => reason(facts),
        (Kind::Service, _) => service(app, facts),
        (Kind::Name, Some((end, _))) => name(app, facts, end),
        (Kind::Protocol, _) => facts.protocol_name().into_owned(),
        _ => value(app, facts, field, usize::from(width)),
    }
}

/// All that a cell stands for, to be copied: numbers to the last digit, times
/// to the millisecond.
pub fn whole(app: &App, facts: &Facts, field: &Field) -> String {
    let value = field.value(facts);
    let print = |moment| app.context.zone.print(moment, "%Y-%m-%d %H:%M:%S.%3f");
    match (field.kind, &value) {
        (Kind::Time, Value::Number(moment)) => {
            i64::try_from(*moment).map_or_else(|_| plain(&value).into_owned(), print)
        }
        (_, Value::Seconds(seconds)) => print(milliseconds(*seconds)),
        (Kind::Bytes | Kind::Count | Kind::Duration | Kind::Difference, _) => {
            plain(&value).into_owned()
        }
        _ => cell(app, facts, field, u16::MAX),
    }
}

/// With the distance of a near miss.
fn reason(facts: &Facts) -> String {
    match (facts.row.reason(), facts.row.distance()) {
        (Some(reason), Some(distance)) => {
            let distance = i64::try_from(distance).unwrap_or(i64::MAX);
            // not as if it were within the tolerance
            let distance = match distance {
                1000..10_000 => format!("{}.{:03} s", distance / 1000, distance % 1000),
                _ => units::duration(distance),
            };
            format!("{} {distance}", reason.name())
        }
        (Some(reason), None) => reason.name().to_owned(),
        (None, _) => "…".to_owned(),
    }
}

fn service(app: &App, facts: &Facts) -> String {
    match facts.server_port() {
        Some(port) if app.show_ports => port.to_string(),
        _ => facts.service().into_owned(),
    }
}

fn name(app: &App, facts: &Facts, end: End) -> String {
    let address = facts.address(end);
    let name = address.and_then(|address| hosts::known(app, address));
    name.unwrap_or_default().to_owned()
}

fn value(app: &App, facts: &Facts, field: &Field, width: usize) -> String {
    let value = field.value(facts);
    match (field.kind, &value) {
        (_, Value::Unknown) => String::new(),
        (Kind::Time, Value::Number(milliseconds)) => {
            let moment = i64::try_from(*milliseconds).unwrap_or(i64::MAX);
            time(app, moment, width)
        }
        (Kind::Seconds, Value::Seconds(seconds)) => time(app, milliseconds(*seconds), width),
        (Kind::Duration | Kind::Difference, Value::Number(milliseconds)) => {
            units::duration(i64::try_from(*milliseconds).unwrap_or(i64::MAX))
        }
        (Kind::Bytes, Value::Number(octets)) => units::bytes(u128::try_from(*octets).unwrap_or(0)),
        (Kind::Count, Value::Number(count)) => units::count(u128::try_from(*count).unwrap_or(0)),
        (Kind::Flags, Value::Number(flags)) => tcp_flags(u64::try_from(*flags).unwrap_or(0)),
        (_, Value::Address(address)) => host(app, *address, width),
        _ => plain(&value).into_owned(),
    }
}

/// A host as it is to be shown. Beside its address a name may be cut.
pub fn host(app: &App, address: IpAddr, width: usize) -> String {
    match (hosts::shown(app, address), app.hosts) {
        (Some(name), Hosts::Both) => format!("{address} {name}"),
        (Some(name), _) => name.to_owned(),
        (None, _) => shorten(&address.to_string(), width),
    }
}

/// A moment as exactly as `width` columns of the terminal allow.
pub(super) fn time(app: &App, moment: i64, width: usize) -> String {
    let zone = &app.context.zone;
    dated(zone, moment, width, app.spark.date(zone))
}

/// The same, with as much of the date as has to be told.
pub(super) fn dated(zone: &Zone, moment: i64, width: usize, date: Date) -> String {
    let pattern = match (width, date) {
        (19.., _) => "%Y-%m-%d %H:%M:%S",
        (16.., Date::Year) => "%Y-%m-%d %H:%M",
        (10.., Date::Year) => "%Y-%m-%d",
        (14.., _) => "%m-%d %H:%M:%S",
        (11.., Date::Day) => "%m-%d %H:%M",
        _ => "%H:%M:%S",
    };
    zone.print(moment, pattern)
}
