//! JSON: one document of everything, or an object a line (`ndjson`). The keys
//! are the names of the first fields of the catalogue, in its order.

use std::io::{self, Write};

use super::sheet::{Cell, Sheet};
use super::sources::rejects;
use super::summary::{Item, items};
use super::view::{Report, Scope, Show, datum};
use crate::model::value::Datum;
use crate::query::field::{CONTRACT, FIELDS};
use crate::query::run::Preset;
use crate::table::store::RowId;

/// One object a line, of what `--show` names.
pub fn write_lines(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    match report.scope.show {
        Show::Summary => {
            write_summary(report, out)?;
            writeln!(out)
        }
        Show::Rejects => write_sheet_lines(&rejects(report), out),
        // these are sheets
        Show::Files | Show::Exporters => Ok(()),
        Show::Connections | Show::Unmatched => {
            for id in report.shown() {
                write_row(report, id, out)?;
                writeln!(out)?;
            }
            Ok(())
        }
    }
}

/// Groups or steps of time, one object a line.
pub fn write_sheet_lines(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    for cells in &sheet.rows {
        write_cells(sheet, cells, out)?;
        writeln!(out)?;
    }
    Ok(())
}

/// One document: what was put together, the sums of all rows, and the list.
pub fn write_sheet(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"by\":")?;
    text(out, &sheet.by)?;
    write!(out, ",\"total\":")?;
    write_cells(sheet, &sheet.total, out)?;
    write!(out, ",\"{}\":[", sheet.list)?;
    for (place, cells) in sheet.rows.iter().enumerate() {
        writeln!(out, "{}", if place == 0 { "" } else { "," })?;
        write_cells(sheet, cells, out)?;
    }
    writeln!(out, "\n]}}")
}

fn write_cells(sheet: &Sheet, cells: &[Cell], out: &mut dyn Write) -> io::Result<()> {
    // the total has no values to group by
    let columns = &sheet.columns[sheet.columns.len() - cells.len()..];
    for (place, (column, cell)) in columns.iter().zip(cells).enumerate() {
        write!(out, "{}", if place == 0 { '{' } else { ',' })?;
        text(out, &column.name)?;
        write!(out, ":")?;
        write_datum(cell.datum.as_ref(), out)?;
    }
    write!(out, "}}")
}

/// The lists of a document beside the summary.
fn lists(scope: Scope) -> &'static [(Show, &'static str)] {
    const LISTS: &[(Show, &str)] = &[
        (Show::Connections, "connections"),
        (Show::Unmatched, "unmatched"),
        (Show::Rejects, "rejects"),
    ];
    match (scope.only, scope.show) {
        (false, _) => &LISTS[..2],
        (true, Show::Connections) => &LISTS[..1],
        (true, Show::Unmatched) => &LISTS[1..2],
        (true, Show::Rejects) => &LISTS[2..],
        (true, _) => &[],
    }
}

/// Whether [`write_document`] prints of these rows.
pub fn document_prints(scope: Scope, preset: Preset) -> bool {
    let mut shows = lists(scope).iter().map(|(show, _)| *show);
    shows.any(|show| Scope { show, ..scope }.is_of(preset))
}

/// The rows of [`write_document`].
pub fn rows_of_document(report: &Report) -> Vec<RowId> {
    let lists = lists(report.scope).iter();
    lists.flat_map(|(show, _)| report.rows(*show)).collect()
}

/// One document: the summary, then connections and unmatched flows, or only what
/// was asked for.
pub fn write_document(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"summary\":")?;
    write_summary(report, out)?;
    for (show, name) in lists(report.scope) {
        write!(out, ",\"{name}\":[")?;
        let before = |place| if place == 0 { "\n" } else { ",\n" };
        for (place, id) in report.rows(*show).into_iter().enumerate() {
            write!(out, "{}", before(place))?;
            write_row(report, id, out)?;
        }
        if *show == Show::Rejects {
            let sheet = rejects(report);
            for (place, cells) in sheet.rows.iter().enumerate() {
                write!(out, "{}", before(place))?;
                write_cells(&sheet, cells, out)?;
            }
        }
        write!(out, "]")?;
    }
    writeln!(out, "}}")
}

fn write_row(report: &Report, id: RowId, out: &mut dyn Write) -> io::Result<()> {
    let facts = report.facts(id);
    // an unmatched flow also says why
    let fields = CONTRACT + usize::from(!facts.row.is_connection());
    for (place, field) in FIELDS.iter().take(fields).enumerate() {
        let before = if place == 0 { '{' } else { ',' };
        write!(out, "{before}\"{}\":", field.name)?;
        write_datum(datum(field.kind, &field.value(&facts)).as_ref(), out)?;
    }
    let approximate = facts
        .row
        .start(facts.source())
        .is_some_and(|start| start.approximate);
    write!(out, ",\"approximate\":{approximate}")?;
    write!(out, ",\"duplicate\":{}}}", facts.row.is_duplicate())
}

fn write_summary(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for (place, (name, item)) in items(report).iter().enumerate() {
        let before = if place == 0 { '{' } else { ',' };
        write!(out, "{before}\"{name}\":")?;
        match item {
            Item::Count(count) => write!(out, "{count}")?,
            Item::Flag(flag) => write!(out, "{flag}")?,
            Item::Text(Some(words)) => text(out, words)?,
            Item::Text(None) => write!(out, "null")?,
        }
    }
    write!(out, "}}")
}

fn write_datum(datum: Option<&Datum>, out: &mut dyn Write) -> io::Result<()> {
    match datum {
        Some(Datum::Text(words)) => text(out, words),
        Some(Datum::Number(number)) => write!(out, "{number}"),
        None => write!(out, "null"),
    }
}

fn text(out: &mut dyn Write, words: &str) -> io::Result<()> {
    serde_json::to_writer(out, words).map_err(io::Error::from)
}
