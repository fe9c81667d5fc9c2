//! Files and exporters as sheets: what was read of each, and what was lost.

use super::sheet::{Cell, Column, Sheet};
use super::view::{Report, Show};
use crate::model::intake::{Intake, Reject};
use crate::model::time::{milliseconds, rfc3339};
use crate::model::units;
use crate::model::value::Datum;
use crate::query::sources::{EXPORTERS, FILES, Fact, ValueOf};

/// The sheet of what is to be shown, if that is one of these.
pub fn sheet(show: Show, intake: &Intake, scaled: bool) -> Option<Sheet> {
    match show {
        Show::Files => Some(files(intake)),
        Show::Exporters => Some(exporters(intake, scaled)),
        _ => None,
    }
}

/// Input files.
pub fn files(intake: &Intake) -> Sheet {
    listed("files", FILES, &intake.files, false)
}

/// Exporters, with octets as exported or times the sampling.
pub fn exporters(intake: &Intake, scaled: bool) -> Sheet {
    listed("exporters", EXPORTERS, &intake.exporters, scaled)
}

/// Rejected lines, as many as are wanted and known.
pub fn rejects(report: &Report) -> Sheet {
    let columns = [
        ("file", "File"),
        ("line", "Line"),
        ("offset", "Offset"),
        ("reason", "Reason"),
    ];
    let columns = columns.map(|(name, header)| Column {
        name: name.to_owned(),
        header: header.to_owned(),
        right: matches!(name, "line" | "offset"),
    });
    let cells = |(file, reject): (&str, &Reject)| {
        let words = |words: &str| text(Some(words.to_owned()));
        let [line, offset] = [reject.line, reject.offset].map(|number| count(number.into()));
        vec![words(file), line, offset, words(&reject.reason)]
    };
    let rows: Vec<Vec<Cell>> = report.rejects().map(cells).collect();
    Sheet {
        by: "file".to_owned(),
        list: "rejects",
        title: units::many(rows.len() as u128, "rejects"),
        columns: columns.into(),
        rows,
        total: Vec::new(),
    }
}

fn listed<T>(list: &'static str, facts: &[Fact<T>], rows: &[T], scaled: bool) -> Sheet {
    let column = |fact: &Fact<T>| Column {
        name: fact.name.to_owned(),
        header: fact.header.to_owned(),
        right: fact.value.is_number(),
    };
    let sum = |fact: &Fact<T>| {
        let numbers = rows.iter().filter_map(|row| fact.value.number(row, scaled));
        count(numbers.sum())
    };
    let numbers = facts.iter().filter(|fact| fact.value.is_number());
    let cells = |row: &T| {
        let cells = facts.iter().map(|fact| cell(&fact.value, row, scaled));
        cells.collect()
    };
    Sheet {
        by: facts.first().map_or("", |fact| fact.name).to_owned(),
        list,
        title: units::many(rows.len() as u128, list),
        columns: facts.iter().map(column).collect(),
        rows: rows.iter().map(cells).collect(),
        total: numbers.map(sum).collect(),
    }
}

fn cell<T>(value: &ValueOf<T>, row: &T, scaled: bool) -> Cell {
    match value {
        ValueOf::Text(value) => text(value(row)),
        ValueOf::Moment(value) => text(value(row).map(|at| rfc3339(milliseconds(at)))),
        ValueOf::Count(value) => count(value(row)),
        ValueOf::Octets(value) => count(value(row, scaled)),
    }
}

fn text(text: Option<String>) -> Cell {
    Cell {
        shown: text.clone().unwrap_or_else(|| "-".to_owned()),
        datum: text.map(Datum::Text),
    }
}

fn count(count: u128) -> Cell {
    Cell {
        shown: units::commas(count),
        datum: Some(Datum::Number(count.to_string())),
    }
}
