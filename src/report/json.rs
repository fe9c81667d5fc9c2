//! JSON: one document of everything, or an object a line (`ndjson`). The keys
//! are the names of the first fields of the catalogue, in its order.

use std::io::{self, Write};

use super::summary::{Item, items};
use super::view::{Report, Show, datum};
use crate::query::facts::Facts;
use crate::query::field::{CONTRACT, FIELDS};
use crate::query::run::Rows;

/// One object a line, of what `--show` names.
pub fn write_lines(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    match report.show {
        Show::Summary => {
            write_summary(report, out)?;
            writeln!(out)
        }
        Show::Rejects => {
            for reject in &report.snapshot.intake.rejects {
                let file = &report.snapshot.intake.files[reject.file as usize].name;
                let (line, offset) = (reject.line, reject.offset);
                write!(out, "{{\"file\":")?;
                text(out, file)?;
                write!(out, ",\"line\":{line},\"offset\":{offset},\"reason\":")?;
                text(out, &reject.reason)?;
                writeln!(out, "}}")?;
            }
            Ok(())
        }
        Show::Connections | Show::Unmatched => {
            for facts in report.shown() {
                write_row(report, &facts, out)?;
                writeln!(out)?;
            }
            Ok(())
        }
    }
}

/// One document: summary, connections, unmatched flows.
pub fn write_document(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"summary\":")?;
    write_summary(report, out)?;
    write!(out, ",\"connections\":")?;
    write_rows(report, &report.connections, out)?;
    write!(out, ",\"unmatched\":")?;
    write_rows(report, &report.unmatched, out)?;
    writeln!(out, "}}")
}

fn write_rows(report: &Report, rows: &Rows, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "[")?;
    for (place, facts) in report.some(rows).enumerate() {
        write!(out, "{}", if place == 0 { "\n" } else { ",\n" })?;
        write_row(report, &facts, out)?;
    }
    write!(out, "]")
}

fn write_row(report: &Report, facts: &Facts, out: &mut dyn Write) -> io::Result<()> {
    // an unmatched flow also says why
    let fields = CONTRACT + usize::from(!facts.row.is_connection());
    for (place, field) in FIELDS.iter().take(fields).enumerate() {
        let before = if place == 0 { '{' } else { ',' };
        write!(out, "{before}\"{}\":", field.name)?;
        match datum(field.kind, &report.value(field, facts)) {
            Some((words, true)) => text(out, &words)?,
            Some((number, false)) => write!(out, "{number}")?,
            None => write!(out, "null")?,
        }
    }
    let approximate = facts
        .row
        .start(facts.source())
        .is_some_and(|start| start.approximate);
    write!(out, ",\"approximate\":{approximate}}}")
}

fn write_summary(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for (place, (name, item)) in items(report).iter().enumerate() {
        let before = if place == 0 { '{' } else { ',' };
        write!(out, "{before}\"{name}\":")?;
        match item {
            Item::Count(count) => write!(out, "{count}")?,
            Item::Text(Some(words)) => text(out, words)?,
            Item::Text(None) => write!(out, "null")?,
        }
    }
    write!(out, "}}")
}

fn text(out: &mut dyn Write, words: &str) -> io::Result<()> {
    serde_json::to_writer(out, words).map_err(io::Error::from)
}
