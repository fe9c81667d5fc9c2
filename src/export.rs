//! What a view of the browser shows, written as the report writes it: the only
//! place that knows both.

use std::ffi::OsString;
use std::io::{self, Write};

use crate::cli::{NameSettings, Settings, word};
use crate::model::units::exact;
use crate::query::run::{Preset, Query, Rows, run};
use crate::report::sources;
use crate::report::view::{Report, Scope, Show};
use crate::report::{FORMATS, Format};
use crate::sums;
use crate::table::build::Pairing;
use crate::tui::state::saving::{Base, Export, FrozenView, What};

/// Ends of file names and the formats they stand for.
const ENDS: &[(&str, &str)] = &[
    ("csv", "csv"),
    ("json", "json"),
    ("ndjson", "ndjson"),
    ("jsonl", "ndjson"),
];

/// How views are written.
pub const EXPORT: Export = Export {
    formats: ENDS,
    write,
};

fn write(view: &FrozenView, format: &str, out: &mut dyn Write) -> io::Result<u64> {
    let known = FORMATS.iter().find(|row| row.name == format);
    let format = known.ok_or_else(|| io::Error::other(format!("no format is called {format}")))?;
    let sheet = match &view.what {
        What::Rows(query) => {
            let show = match query.preset {
                Preset::Connections => Show::Connections,
                Preset::Unmatched => Show::Unmatched,
            };
            return write_rows(view, Some(query), (format, show), out);
        }
        What::Rejects => return write_rows(view, None, (format, Show::Rejects), out),
        What::Files => sources::files(&view.intake),
        What::Exporters => sources::exporters(&view.intake, view.table.is_scaled()),
        What::Sum(rows, task) => sums::sheet(task, rows.clone(), &view.table, &view.context),
    };
    (format.sheet)(&sheet, out)?;
    Ok(sheet.rows.len() as u64)
}

fn write_rows(
    view: &FrozenView,
    query: Option<&Query>,
    (format, show): (&Format, Show),
    out: &mut dyn Write,
) -> io::Result<u64> {
    let scope = Scope {
        show,
        only: true,
        verbose: false,
        limit: usize::MAX,
    };
    let rows = |preset| match query {
        Some(query) if (format.prints)(scope, preset) => {
            let query = Query {
                preset,
                ..query.clone()
            };
            run(&view.table, &query, &view.context)
        }
        _ => Rows::default(),
    };
    let report = Report {
        table: &view.table,
        intake: &view.intake,
        connections: rows(Preset::Connections),
        unmatched: rows(Preset::Unmatched),
        context: view.context.clone(),
        threshold: query.map_or(0, |query| query.threshold),
        scope,
    };
    (format.write)(&report, out)?;
    let rows = match show {
        Show::Rejects => report.rejects().count(),
        show => report.rows(show).len(),
    };
    Ok(rows as u64)
}

/// What a command line has that the screen does not change.
pub fn base(settings: &Settings) -> Base {
    let mut words: Vec<OsString> = Vec::new();
    let mut say = |said: [&str; 2]| words.extend(said.map(OsString::from));
    match settings.pairing {
        Pairing::Strict { tolerance } => say(["--tolerance", &exact(tolerance)]),
        Pairing::Analyzer(rules) => {
            say(["--pairing", "analyzer"]);
            if let Some(host) = rules.match_host {
                say(["--match-host", &host.to_string()]);
            }
        }
    }
    let NameSettings { dns, files, .. } = &settings.names;
    for file in files {
        words.extend([OsString::from("--hosts"), OsString::from(file)]);
    }
    if settings.utc {
        words.push(OsString::from("--utc"));
    }
    Base {
        files: settings
            .files
            .iter()
            .map(|file| file.clone().into_os_string())
            .collect(),
        words,
        dns: word(dns),
    }
}
