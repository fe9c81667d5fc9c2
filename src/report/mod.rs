//! `flowpeek report`: rows in, bytes out. FORMATS is the catalogue; each format
//! is a file with a `write` function of one shape. Nothing is read or asked here.

pub mod analyzer;
pub mod csv;
pub mod json;
pub mod summary;
pub mod view;

use std::io::{self, Write};

use view::Report;

/// One row of the catalogue.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// Prints a report.
    pub write: fn(&Report, &mut dyn Write) -> io::Result<()>,
}

/// The catalogue; the first is the default.
pub const FORMATS: &[Format] = &[
    Format {
        name: "analyzer",
        write: analyzer::write_seed,
    },
    Format {
        name: "analyzer-0.12",
        write: analyzer::write_latest,
    },
    Format {
        name: "csv",
        write: csv::write,
    },
    Format {
        name: "json",
        write: json::write_document,
    },
    Format {
        name: "ndjson",
        write: json::write_lines,
    },
];
