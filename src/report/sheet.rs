//! `Sheet`, a plain table of groups or of steps of time that every format can
//! print, and its form for people: columns that line up, as nfdump's do.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::model::units;
use crate::model::value::Datum;

/// A column.
pub struct Column {
    /// Its name as data.
    pub name: String,
    /// Its head for people; empty where they do not see it.
    pub header: String,
    /// Set flush right.
    pub right: bool,
}

/// A cell.
pub struct Cell {
    /// For people.
    pub shown: String,
    /// As data; `None` when unknown.
    pub datum: Option<Datum>,
}

/// A table.
pub struct Sheet {
    /// What rows were put together by.
    pub by: String,
    /// What the list is called as data.
    pub list: &'static str,
    /// The first line for people.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The lines.
    pub rows: Vec<Vec<Cell>>,
    /// The sums of all rows, for the last columns.
    pub total: Vec<Cell>,
}

impl Sheet {
    /// At most so many of its lines; the sums stay those of all.
    pub fn limited(mut self, limit: usize) -> Sheet {
        if limit < self.rows.len() {
            self.rows.truncate(limit);
            self.title = format!("{} of {}", units::commas(limit as u64), self.title);
        }
        self
    }
}

/// Prints it for people.
pub fn write_text(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", sheet.title)?;
    let width = |place: usize| {
        let shown = sheet.rows.iter().map(|cells| cells[place].shown.width());
        shown
            .max()
            .unwrap_or(0)
            .max(sheet.columns[place].header.width())
    };
    let widths: Vec<usize> = (0..sheet.columns.len()).map(width).collect();
    let heads = sheet.columns.iter().map(|column| column.header.as_str());
    line(sheet, &widths, heads, out)?;
    sheet.rows.iter().try_for_each(|cells| {
        let shown = cells.iter().map(|cell| cell.shown.as_str());
        line(sheet, &widths, shown, out)
    })
}

fn line<'a>(
    sheet: &Sheet,
    widths: &[usize],
    texts: impl Iterator<Item = &'a str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut words = String::new();
    for ((column, &width), text) in sheet.columns.iter().zip(widths).zip(texts) {
        if column.header.is_empty() {
            continue;
        }
        let space = " ".repeat(width - text.width());
        match column.right {
            true => words.extend([&space, text, "  "]),
            false => words.extend([text, &space, "  "]),
        }
    }
    writeln!(out, "{}", words.trim_end())
}
