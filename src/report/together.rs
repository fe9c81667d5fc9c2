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

/// What the rows are.
pub const UNMATCHED: &str = "unmatched flows";
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
            groups.order.share_of().name,
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

/// Traffic over time: a timeline of each amount; bars show one of them.
pub fn over_time(timelines: &[Timeline; Amount::ALL.len()], bars: Amount, zone: &Zone) -> Sheet {
    let bins = timelines[0].bins;
    let named = |name: &str, header: &str, right| Column {
        name: name.to_owned(),
        header: header.to_owned(),
        right,
    };
    let sums = |timeline: &Timeline| timeline.sums().collect::<Vec<u128>>();
    let [bytes, packets, connections] = timelines.each_ref().map(sums);
    let barred = match bars {
        Amount::Bytes => &bytes,
        Amount::Packets => &packets,
        Amount::Connections => &connections,
    };
    let most = barred.iter().copied().max().unwrap_or(0).max(1);
    let (sent, received) = (&timelines[0].sent, &timelines[0].received);
    let pattern = match bins.step {
        ..1000 => "%Y-%m-%d %H:%M:%S.%3f",
        DAY.. => "%Y-%m-%d",
        _ => "%Y-%m-%d %H:%M:%S",
    };
    let numbers = |numbers: [u128; 5]| {
        let shown = [
            units::count(numbers[0]),
            units::count(numbers[1]),
            units::bytes(numbers[2]),
            units::bytes(numbers[3]),
            units::bytes(numbers[4]),
        ];
        let cells = shown.into_iter().zip(numbers);
        cells
            .map(|(shown, number)| Cell {
                shown,
                datum: Some((number.to_string(), false)),
            })
            .collect::<Vec<_>>()
    };
    let row = |bin: usize| {
        let start = bins.start(bin);
        let mut cells = vec![Cell {
            shown: zone.print(start, pattern),
            datum: Some((rfc3339(start), true)),
        }];
        cells.extend(numbers([
            connections[bin],
            packets[bin],
            bytes[bin],
            sent[bin],
            received[bin],
        ]));
        let length = (barred[bin] * BAR as u128).div_ceil(most);
        cells[0].shown.push_str("  ");
        let bar = format!("{:<BAR$}", "#".repeat(length as usize));
        cells[0].shown.push_str(&bar);
        cells
    };
    let sum = |of: &[u128]| of.iter().sum();
    Sheet {
        by: format!("{}ms", bins.step),
        list: "steps",
        title: format!(
            "{} steps of {}, bars are {}",
            units::commas(bins.count as u128),
            units::duration(bins.step),
            bars.name()
        ),
        columns: vec![
            named("start", "Start", false),
            named("connections", "Conns", true),
            named("packets", "Pkts", true),
            named("bytes", "Bytes", true),
            named("sent", "Sent", true),
            named("received", "Rcvd", true),
        ],
        rows: (0..bins.count).map(row).collect(),
        total: numbers([
            sum(&connections),
            sum(&packets),
            sum(&bytes),
            sum(sent),
            sum(received),
        ]),
    }
}
