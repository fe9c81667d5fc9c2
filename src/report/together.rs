//! Groups and steps of time as a sheet.

use super::sheet::{Cell, Column, Sheet};
use super::view::datum;
use crate::model::protocol;
use crate::model::time::{DAY, Zone, rfc3339};
use crate::model::units;
use crate::model::value::Value;
use crate::query::field::{Kind, plain};
use crate::query::group::{Group, Groups};
use crate::query::measure::MEASURES;
use crate::query::timeline::{Amount, Timeline};

/// The most characters of a bar.
const BAR: usize = 40;

/// Groups, the first of all.
pub fn top(groups: &Groups, rows: &str, zone: &Zone) -> Sheet {
    let names: Vec<String> = groups.by.iter().map(|by| by.name()).collect();
    let keys = groups.by.iter().map(|by| Column {
        name: by.name(),
        header: by.header(),
        right: false,
    });
    let measures = MEASURES.iter().map(|measure| Column {
        name: measure.name.to_owned(),
        header: measure.header.to_owned(),
        right: true,
    });
    let order = groups.order.measure.map_or("key", |measure| measure.name);
    Sheet {
        by: names.join(","),
        list: "groups",
        title: format!(
            "Top {} of {} groups by {order}, {} {rows}, {}; share of {}",
            units::commas(groups.list.len() as u128),
            units::commas(groups.count as u128),
            units::commas(groups.total.rows),
            units::bytes(groups.total.sent + groups.total.received),
            groups.share_of().name,
        ),
        columns: keys.chain(measures).collect(),
        rows: groups
            .list
            .iter()
            .map(|group| cells(groups, group, zone))
            .collect(),
        total: total(groups, zone),
    }
}

fn cells(groups: &Groups, group: &Group, zone: &Zone) -> Vec<Cell> {
    let values = groups.by.iter().zip(&group.values);
    let mut cells: Vec<Cell> = values
        .map(|(by, value)| key_cell(by.kind(), value, zone))
        .collect();
    cells.extend(measures(groups, group, zone));
    cells
}

fn measures(groups: &Groups, group: &Group, zone: &Zone) -> Vec<Cell> {
    let cell = |measure: &crate::query::measure::Measure| {
        let value = groups.measure(group, measure);
        Cell {
            shown: measure.shown(value, zone),
            datum: value.map(|value| measure.datum(value)),
        }
    };
    MEASURES.iter().map(cell).collect()
}

fn total(groups: &Groups, zone: &Zone) -> Vec<Cell> {
    measures(groups, &groups.of_all(), zone)
}

/// The value of a grouping for people.
pub fn shown(kind: Kind, value: &Value, zone: &Zone) -> String {
    match (kind, value) {
        (_, Value::Unknown) => "-".to_owned(),
        (Kind::Time, Value::Number(moment)) => {
            zone.print(i64::try_from(*moment).unwrap_or(0), "%Y-%m-%d %H:%M")
        }
        (Kind::Protocol, Value::Number(number)) => {
            let name = i32::try_from(*number).ok().and_then(protocol::name);
            name.map_or_else(|| number.to_string(), str::to_owned)
        }
        (Kind::Flags, Value::Number(flags)) => {
            protocol::tcp_flags(u64::try_from(*flags).unwrap_or(0))
        }
        (_, value) => plain(value).into_owned(),
    }
}

fn key_cell(kind: Kind, value: &Value, zone: &Zone) -> Cell {
    Cell {
        shown: shown(kind, value, zone),
        datum: datum(kind, value),
    }
}

/// The amounts of one step, or of all: connections, packets, octets, those that
/// sources sent, those that destinations sent.
type Numbers = [u128; 5];

/// Traffic over time: a timeline of each amount; bars show one of them.
pub fn over_time(timelines: &[Timeline; Amount::ALL.len()], bars: Amount, zone: &Zone) -> Sheet {
    let bins = timelines[0].bins;
    let sums = timelines
        .each_ref()
        .map(|line| line.sums().collect::<Vec<u128>>());
    let [bytes, packets, connections] = &sums;
    let (sent, received) = (&timelines[0].sent, &timelines[0].received);
    let barred = match bars {
        Amount::Bytes => bytes,
        Amount::Packets => packets,
        Amount::Connections => connections,
    };
    let most = barred.iter().copied().max().unwrap_or(0).max(1);
    let of = |bin: usize| {
        [
            connections[bin],
            packets[bin],
            bytes[bin],
            sent[bin],
            received[bin],
        ]
    };
    let row = |bin: usize| {
        let length = (barred[bin] * BAR as u128).div_ceil(most);
        let mut cells = vec![begin(bins.start(bin), bins.step, length as usize, zone)];
        cells.extend(amounts(of(bin)));
        cells
    };
    let sum = |of: &[u128]| of.iter().sum();
    let all = [connections, packets, bytes, sent, received].map(|of| sum(of));
    Sheet {
        by: format!("{}ms", bins.step),
        list: "steps",
        title: format!(
            "{} steps of {}, bars are {}",
            units::commas(bins.count as u128),
            units::duration(bins.step),
            bars.name()
        ),
        columns: columns_over_time(),
        rows: (0..bins.count).map(row).collect(),
        total: amounts(all),
    }
}

fn columns_over_time() -> Vec<Column> {
    let named = |(place, (name, header)): (usize, (&str, &str))| Column {
        name: name.to_owned(),
        header: header.to_owned(),
        right: place > 0,
    };
    let names = [
        "start",
        "connections",
        "packets",
        "bytes",
        "sent",
        "received",
    ];
    let headers = ["Start", "Conns", "Pkts", "Bytes", "Sent", "Rcvd"];
    names
        .into_iter()
        .zip(headers)
        .enumerate()
        .map(named)
        .collect()
}

/// When a step begins, and its bar.
fn begin(start: i64, step: i64, length: usize, zone: &Zone) -> Cell {
    let pattern = match step {
        ..1000 => "%Y-%m-%d %H:%M:%S.%3f",
        DAY.. => "%Y-%m-%d",
        _ => "%Y-%m-%d %H:%M:%S",
    };
    let bar = "#".repeat(length);
    Cell {
        shown: format!("{}  {bar:<BAR$}", zone.print(start, pattern)),
        datum: Some((rfc3339(start), true)),
    }
}

fn amounts(numbers: Numbers) -> Vec<Cell> {
    let shown = |place: usize, number: u128| match place {
        0 | 1 => units::count(number),
        _ => units::bytes(number),
    };
    let cell = |(place, number): (usize, u128)| Cell {
        shown: shown(place, number),
        datum: Some((number.to_string(), false)),
    };
    numbers.into_iter().enumerate().map(cell).collect()
}
