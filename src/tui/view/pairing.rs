//! Why a row's flows were paired, or why a flow has no peer and which come
//! nearest to being it; and where a flow was read.

use ratatui::text::Line;

use super::accounts::version_of;
use super::source::fact;
use crate::model::units;
use crate::query::facts::Facts;
use crate::table::nearest::{Candidate, Difference};
use crate::table::rows::Row;
use crate::table::store::Side;
use crate::table::verdict::{Evidence, Reason};
use crate::tui::app::App;
use crate::tui::state::detail::Detail;
use crate::tui::theme;

/// The lines about it.
pub fn lines(app: &App, detail: &Detail, facts: &Facts, columns: usize) -> Vec<Line<'static>> {
    let mut lines = peer(app, detail, facts, columns);
    let sides = [Side::First, Side::Mate].into_iter();
    let repeated = sides.filter_map(|side| repeated(app, facts.row, side));
    lines.extend(repeated.flat_map(|words| fact("Duplicate", &words, columns)));
    lines
}

/// That a flow repeats another one, and where that one was read.
fn repeated(app: &App, row: Row, side: Side) -> Option<String> {
    let (id, other) = row.repeats(side)?;
    let (packet, _) = app.table.row(id).record(other)?;
    let exporters = app.table.exporters();
    let exporter = exporters.get(packet.exporter as usize)?.as_deref();
    let own = row.record(side)?.0.exporter;
    let seen = match exporter {
        _ if packet.exporter == own => String::new(),
        Some(name) => format!(", seen by {name}"),
        None => ", seen by an unknown exporter".to_owned(),
    };
    Some(format!("of {}{seen}", at(app, app.table.row(id), other)))
}

fn peer(app: &App, detail: &Detail, facts: &Facts, columns: usize) -> Vec<Line<'static>> {
    let row = facts.row;
    if let Some(evidence) = row.evidence() {
        let words = paired(evidence, row.skew().unwrap_or(0));
        return fact("Paired", &words, columns);
    }
    let mut lines = fact("Unmatched", &unmatched(app, row), columns);
    match &detail.nearest {
        None => lines.push(Line::styled(
            "looking for what comes nearest ...",
            theme::progress(),
        )),
        Some(found) if found.is_empty() => {
            let words = "no flow goes the other way between these hosts";
            lines.extend(fact("Nearest", words, columns));
        }
        Some(found) => {
            let names = std::iter::once("Nearest").chain(std::iter::repeat(""));
            let told = found.iter().zip(names);
            lines.extend(told.flat_map(|(found, name)| fact(name, &near(app, found), columns)));
        }
    }
    lines
}

fn paired(evidence: Evidence, skew: i64) -> String {
    if evidence == Evidence::Biflow {
        return format!("{}: one record told of both directions", evidence.name());
    }
    let apart = match skew {
        0 => "both flows began at the same moment".to_owned(),
        _ => format!("the later flow of the file began {}", distance(skew)),
    };
    let doubt = match evidence {
        Evidence::Ambiguous => ", but another flow was as near",
        Evidence::Exact | Evidence::Skew | Evidence::Biflow => "",
    };
    format!("{}: {apart}{doubt}", evidence.name())
}

/// How much later or earlier; short distances exactly, as the tolerance is.
fn distance(later: i64) -> String {
    let length = match later.unsigned_abs() {
        short @ 0..60_000 => format!("{} ms", units::commas(short)),
        long => units::duration(i64::try_from(long).unwrap_or(i64::MAX)),
    };
    match later {
        0 => "at the same moment".to_owned(),
        1.. => format!("{length} later"),
        ..0 => format!("{length} earlier"),
    }
}

fn unmatched(app: &App, row: Row) -> String {
    let Some(reason) = row.reason() else {
        return match app.complete {
            true => "nobody knows why".to_owned(),
            false => "so far: its peer may still be read".to_owned(),
        };
    };
    let words = match reason {
        Reason::Multicast => "sent to a group or to everyone, and nobody answers as that address",
        Reason::NearMiss => "a flow goes the other way, but began further away than the tolerance",
        Reason::Scan => "TCP with SYN and nothing but SYN and RST",
        Reason::Ping => "an echo request without an answer",
        Reason::OneWay => "this exporter reports no flow in the other direction",
        Reason::Collision => "its peer was nearer to another flow",
        Reason::Overwritten => "the analyzer's pairing put a later flow in its place",
    };
    format!("{}: {words}", reason.name())
}

fn near(app: &App, found: &Candidate) -> String {
    let row = app.table.row(found.row);
    let began = format!("began {}", distance(found.later));
    let differs = match found.difference {
        Difference::Time => "",
        Difference::Exporter => ", another exporter",
        Difference::Ports => ", other ports",
    };
    let taken = if row.is_connection() {
        "paired with another flow"
    } else {
        "unmatched"
    };
    format!("{began}{differs}, {taken}; {}", at(app, row, found.side))
}

/// The line a flow was read from, and its file if there are several.
fn at(app: &App, row: Row, side: Side) -> String {
    let Some((packet, index)) = row.record(side) else {
        return "gone".to_owned();
    };
    let line = units::commas(packet.place.line);
    let file = match app.intake.files.get(packet.place.file as usize) {
        Some(file) if app.intake.files.len() > 1 => format!(" of {}", file.name),
        _ => String::new(),
    };
    format!("line {line}, record {}{file}", index + 1)
}

/// Who reported a flow, and where it was read.
pub fn place(app: &App, row: Row, side: Side) -> Vec<(&'static str, String)> {
    let Some((packet, index)) = row.record(side) else {
        return Vec::new();
    };
    let file = app.intake.files.get(packet.place.file as usize);
    let exporters = app.table.exporters();
    let exporter = exporters.get(packet.exporter as usize);
    let exporter = exporter.and_then(Option::as_deref).unwrap_or("unknown");
    let version = version_of(packet.version);
    let line = units::commas(packet.place.line);
    vec![
        ("Exporter", format!("{exporter}, version {version}")),
        ("File", file.map_or("?", |file| &file.name).to_owned()),
        ("Line", format!("{line}, record {}", index + 1)),
    ]
}
