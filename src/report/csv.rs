//! CSV, quoted as in RFC 4180 but with the line ends of Unix tools: a line of
//! names, then a line for each row; empty where the value is unknown. Text that
//! a spreadsheet would take for a formula has a `'` before it.

use std::io::{self, Write};

use super::sheet::Sheet;
use super::sources::rejects;
use super::summary::{Item, items};
use super::view::{Report, Show, datum};
use crate::model::value::Datum;
use crate::query::field::{CONTRACT, FIELDS};

/// Prints what `--show` names.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    match report.scope.show {
        Show::Summary => {
            let items = items(report);
            line(out, items.iter().map(|item| item.0.to_owned()))?;
            line(out, items.iter().map(|item| cell(&item.1)))
        }
        Show::Rejects => write_sheet(&rejects(report), out),
        // these are sheets
        Show::Files | Show::Exporters => Ok(()),
        Show::Connections | Show::Unmatched => rows(report, out),
    }
}

/// Prints groups or steps of time.
pub fn write_sheet(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    line(out, sheet.columns.iter().map(|column| column.name.clone()))?;
    sheet
        .rows
        .iter()
        .try_for_each(|cells| line(out, cells.iter().map(|cell| printed(cell.datum.as_ref()))))
}

fn rows(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let fields = CONTRACT + usize::from(report.scope.show == Show::Unmatched);
    let fields = &FIELDS[..fields];
    line(out, fields.iter().map(|field| field.name.to_owned()))?;
    for id in report.shown() {
        let facts = report.facts(id);
        let values = fields.iter().map(|field| {
            let value = field.value(&facts);
            printed(datum(field.kind, &value).as_ref())
        });
        line(out, values)?;
    }
    Ok(())
}

fn cell(item: &Item) -> String {
    match item {
        Item::Count(count) => count.to_string(),
        Item::Flag(flag) => flag.to_string(),
        Item::Text(text) => text.as_deref().map_or_else(String::new, harmless),
    }
}

/// What a datum is in a cell; a number may well begin with a minus.
fn printed(datum: Option<&Datum>) -> String {
    match datum {
        None => String::new(),
        Some(Datum::Text(text)) => harmless(text),
        Some(Datum::Number(number)) => number.clone(),
    }
}

/// The text with a `'` before every sign that may begin a formula: at its beginning, and
/// behind what separates cells where a country's spreadsheets separate by other signs.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        if begins && "=+-@＝＋－＠\t\r".contains(c) {
            out.push('\'');
        }
        out.push(c);
        begins = ";,|\t\r\n".contains(c) || begins && (c == '"' || c.is_whitespace());
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula_and_numbers_stay_numbers() {
        for (text, shown) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t'=1"),
            ("＝1", "'＝1"),
            ("x;=1", "x;'=1"),
            ("x,\" -1", "x,\" '-1"),
            ("\"=1", "\"'=1"),
            ("a-b=c", "a-b=c"),
            ("2023-11-14T22:13:20.000Z", "2023-11-14T22:13:20.000Z"),
            ("", ""),
        ] {
            assert_eq!(harmless(text), shown);
        }
        assert_eq!(printed(Some(&Datum::Number("-5".to_owned()))), "-5");
        assert_eq!(printed(Some(&Datum::Text("-5".to_owned()))), "'-5");
        assert_eq!(printed(None), "");
    }
}
