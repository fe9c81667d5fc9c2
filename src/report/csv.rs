//! CSV, quoted as in RFC 4180 but with the line ends of Unix tools: a line of
//! names, then a line for each row; empty where the value is unknown.

use std::io::{self, Write};

use super::sheet::Sheet;
use super::summary::{Item, items};
use super::view::{Report, Show, datum};
use crate::query::field::{CONTRACT, FIELDS};

/// Prints what `--show` names.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    match report.show {
        Show::Summary => {
            let items = items(report);
            line(out, items.iter().map(|item| item.0.to_owned()))?;
            line(out, items.iter().map(|item| cell(&item.1)))
        }
        Show::Rejects => {
            let names = ["file", "line", "offset", "reason"];
            line(out, names.iter().map(|name| (*name).to_owned()))?;
            for (file, reject) in report.rejects() {
                let numbers = [reject.line.to_string(), reject.offset.to_string()];
                let cells = [file.to_owned()].into_iter().chain(numbers);
                line(out, cells.chain([reject.reason.clone()]))?;
            }
            Ok(())
        }
        Show::Connections | Show::Unmatched => rows(report, out),
    }
}

/// Prints groups or steps of time.
pub fn write_sheet(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    line(out, sheet.columns.iter().map(|column| column.name.clone()))?;
    sheet.rows.iter().try_for_each(|cells| {
        let data = cells.iter().map(|cell| cell.datum.as_ref());
        line(
            out,
            data.map(|datum| datum.map_or(String::new(), |datum| datum.0.clone())),
        )
    })
}

fn rows(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let fields = CONTRACT + usize::from(report.show == Show::Unmatched);
    let fields = &FIELDS[..fields];
    line(out, fields.iter().map(|field| field.name.to_owned()))?;
    for id in report.shown() {
        let facts = report.facts(id);
        let values = fields.iter().map(|field| {
            let value = (field.value)(&facts);
            datum(field.kind, &value).map_or(String::new(), |(text, _)| text)
        });
        line(out, values)?;
    }
    Ok(())
}

fn cell(item: &Item) -> String {
    match item {
        Item::Count(count) => count.to_string(),
        Item::Flag(flag) => flag.to_string(),
        Item::Text(text) => text.clone().unwrap_or_default(),
    }
}

fn line(out: &mut dyn Write, cells: impl Iterator<Item = String>) -> io::Result<()> {
    for (place, cell) in cells.enumerate() {
        let comma = if place == 0 { "" } else { "," };
        if cell.contains(['"', ',', '\n', '\r']) {
            write!(out, "{comma}\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            write!(out, "{comma}{cell}")?;
        }
    }
    writeln!(out)
}
