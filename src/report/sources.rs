//! Files and exporters as sheets: what was read of each, and what was lost.

use super::sheet::{Cell, Column, Sheet};
use super::view::Show;
use crate::model::intake::{ExporterIntake, FileIntake, Intake};
use crate::model::time::{milliseconds, rfc3339};
use crate::model::units;
use crate::model::value::Datum;

/// Where a value of a row comes from.
enum ValueOf<T> {
    /// Words, or nothing.
    Text(fn(&T) -> Option<String>),
    /// A count, of which there is a sum.
    Count(fn(&T) -> u128),
    /// A count as exported, or times the sampling.
    Scaled(fn(&T, bool) -> u128),
}

use ValueOf::{Count, Scaled, Text};

/// A column: its name as data, its head, and its value.
type ColumnOf<T> = (&'static str, &'static str, ValueOf<T>);

/// Of a file; counts come last, and are summed up.
const FILES: &[ColumnOf<FileIntake>] = &[
    ("file", "File", Text(|file| Some(file.name.clone()))),
    (
        "received_first",
        "Received",
        Text(|file| Some(moment(file.received?.0))),
    ),
    (
        "received_last",
        "Until",
        Text(|file| Some(moment(file.received?.1))),
    ),
    ("bytes_read", "Bytes read", Count(|file| file.read.into())),
    ("lines", "Lines", Count(|file| file.lines.into())),
    ("flows", "Flows", Count(|file| file.flows.into())),
    (
        "rejected_lines",
        "Rejects",
        Count(|file| file.rejected.into()),
    ),
    (
        "damaged_bytes",
        "Damaged",
        Count(|file| file.damaged.into()),
    ),
];

/// Of an exporter.
const EXPORTERS: &[ColumnOf<ExporterIntake>] = &[
    (
        "exporter",
        "Exporter",
        Text(|exporter| exporter.name.clone()),
    ),
    (
        "versions",
        "Versions",
        Text(|exporter| words(exporter.domains.iter().filter_map(|it| it.version))),
    ),
    (
        "sampling",
        "Sampling",
        Text(|exporter| {
            let told = exporter.domains.iter().filter_map(|it| it.sampling);
            words(told.map(|sampling| sampling.interval))
        }),
    ),
    (
        "first",
        "Received",
        Text(|exporter| Some(moment(exporter.seen?.0))),
    ),
    (
        "last",
        "Until",
        Text(|exporter| Some(moment(exporter.seen?.1))),
    ),
    (
        "packets_exported",
        "Packets",
        Count(|exporter| exporter.packets.into()),
    ),
    ("flows", "Flows", Count(|exporter| exporter.flows.into())),
    ("bytes", "Bytes", Scaled(ExporterIntake::octets)),
    (
        "lost_packets",
        "Lost packets",
        Count(|exporter| lost(exporter, true)),
    ),
    (
        "lost_records",
        "Lost records",
        Count(|exporter| lost(exporter, false)),
    ),
    (
        "gaps",
        "Gaps",
        Count(|exporter| exporter.domains.iter().map(|it| u128::from(it.gaps)).sum()),
    ),
];

/// What is missing by sequence numbers that count packets, or by those that count records.
fn lost(exporter: &ExporterIntake, packets: bool) -> u128 {
    let domains = exporter.domains.iter();
    let counted = domains.filter(|domain| domain.numbers_packets() == packets);
    counted.map(|domain| u128::from(domain.lost)).sum()
}

fn moment(seconds: f64) -> String {
    rfc3339(milliseconds(seconds))
}

/// Different values, in their order.
fn words<T: Ord + ToString>(values: impl Iterator<Item = T>) -> Option<String> {
    let values: std::collections::BTreeSet<T> = values.collect();
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    (!values.is_empty()).then(|| values.join(" "))
}

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

fn listed<T>(list: &'static str, columns: &[ColumnOf<T>], rows: &[T], scaled: bool) -> Sheet {
    let sheet_column = |column: &ColumnOf<T>| Column {
        name: column.0.to_owned(),
        header: column.1.to_owned(),
        right: column.2.is_number(),
    };
    let sum = |column: &ColumnOf<T>| {
        let numbers = rows.iter().filter_map(|row| column.2.number(row, scaled));
        count(numbers.sum())
    };
    let numbers = columns.iter().filter(|column| column.2.is_number());
    let cells = |row: &T| {
        let cells = columns.iter().map(|column| column.2.cell(row, scaled));
        cells.collect()
    };
    Sheet {
        by: columns.first().map_or("", |column| column.0).to_owned(),
        list,
        title: units::many(rows.len() as u128, list),
        columns: columns.iter().map(sheet_column).collect(),
        rows: rows.iter().map(cells).collect(),
        total: numbers.map(sum).collect(),
    }
}

impl<T> ValueOf<T> {
    fn is_number(&self) -> bool {
        !matches!(self, Text(_))
    }

    fn number(&self, row: &T, scaled: bool) -> Option<u128> {
        match self {
            Text(_) => None,
            Count(value) => Some(value(row)),
            Scaled(value) => Some(value(row, scaled)),
        }
    }

    fn cell(&self, row: &T, scaled: bool) -> Cell {
        let text = match self {
            Text(value) => value(row),
            _ => None,
        };
        match self.number(row, scaled) {
            Some(number) => count(number),
            None => Cell {
                shown: text.clone().unwrap_or_else(|| "-".to_owned()),
                datum: text.map(Datum::Text),
            },
        }
    }
}

fn count(count: u128) -> Cell {
    Cell {
        shown: units::commas(count),
        datum: Some(Datum::Number(count.to_string())),
    }
}
