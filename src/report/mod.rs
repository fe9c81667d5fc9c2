//! `flowpeek report`: rows in, bytes out. FORMATS is the catalogue; each format
//! is a file with a `write` function of one shape. Nothing is read or asked here.

pub mod analyzer;
pub mod csv;
pub mod groups;
pub mod human;
pub mod json;
pub mod losses;
pub mod plan;
pub mod sheet;
pub mod sources;
pub mod steps;
pub mod summary;
pub mod view;

use std::io::{self, Write};

use sheet::Sheet;
use view::{Report, Scope};

use crate::query::run::Preset;
use crate::table::store::RowId;

/// One row of the catalogue.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// It is the analyzer's: its leftovers are counted before the small ones are
    /// hidden, and whatever is asked for, the source is who sent more.
    pub is_analyzer: bool,
    /// No flows of IPFIX are paired for it, as its analyzer passes them over.
    pub skips_ipfix: bool,
    /// Whether it prints any of these rows: no names are asked for the others.
    pub prints: fn(Scope, Preset) -> bool,
    /// The rows it prints, of which the hosts' names are wanted.
    pub rows: fn(&Report) -> Vec<RowId>,
    /// Prints a report.
    pub write: fn(&Report, &mut dyn Write) -> io::Result<()>,
    /// Prints groups or steps of time.
    pub sheet: fn(&Sheet, &mut dyn Write) -> io::Result<()>,
}

/// The catalogue; the first is the default.
pub const FORMATS: &[Format] = &[
    Format {
        name: "analyzer",
        is_analyzer: true,
        skips_ipfix: false,
        prints: analyzer::seed_prints,
        rows: analyzer::rows_seed,
        write: analyzer::write_seed,
        sheet: sheet::write_text,
    },
    Format {
        name: "analyzer-0.12",
        is_analyzer: true,
        skips_ipfix: true,
        prints: analyzer::latest_prints,
        rows: analyzer::rows_latest,
        write: analyzer::write_latest,
        sheet: sheet::write_text,
    },
    Format {
        name: "csv",
        is_analyzer: false,
        skips_ipfix: false,
        prints: Scope::is_of,
        rows: |report| report.shown(),
        write: csv::write,
        sheet: csv::write_sheet,
    },
    Format {
        name: "json",
        is_analyzer: false,
        skips_ipfix: false,
        prints: json::document_prints,
        rows: json::rows_of_document,
        write: json::write_document,
        sheet: json::write_sheet,
    },
    Format {
        name: "ndjson",
        is_analyzer: false,
        skips_ipfix: false,
        prints: Scope::is_of,
        rows: |report| report.shown(),
        write: json::write_lines,
        sheet: json::write_sheet_lines,
    },
];
