//! Groups as a sheet.

use super::sheet::{Cell, Column, Sheet};
use super::view::datum;
use crate::model::time::Zone;
use crate::model::units;
use crate::model::value::Value;
use crate::query::field::{Kind, for_people};
use crate::query::group::measure::{MEASURES, Measure};
use crate::query::group::{Group, Groups};

/// The groups that were asked for; `rows` is what their rows are called.
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
            units::commas(groups.count.unwrap_or(groups.list.len()) as u128),
            units::commas(groups.total.rows),
            units::bytes(groups.total.sent + groups.total.received),
            Measure::of(groups.share_of()).name,
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
    let mut cells = key_cells(groups, group, zone);
    cells.extend(measures(groups, group, zone));
    cells
}

/// The values that the rows of a group share.
pub fn key_cells(groups: &Groups, group: &Group, zone: &Zone) -> Vec<Cell> {
    let values = groups.by.iter().zip(&group.values);
    values
        .map(|(by, value)| key_cell(by.grouping.kind, value, zone))
        .collect()
}

fn measures(groups: &Groups, group: &Group, zone: &Zone) -> Vec<Cell> {
    let cell = |measure: &Measure| {
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

fn key_cell(kind: Kind, value: &Value, zone: &Zone) -> Cell {
    let pattern = match value {
        Value::Number(moment) if kind == Kind::Time && zone.shows_twice(*moment as i64) => {
            "%Y-%m-%d %H:%M %:z"
        }
        _ => "%Y-%m-%d %H:%M",
    };
    Cell {
        shown: for_people(kind, value, zone, pattern),
        datum: datum(kind, value),
    }
}
