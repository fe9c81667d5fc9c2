//! What is told of a file, an exporter and a loss: one row a column, from which
//! come the column of the list and the line of the pane.

use std::collections::BTreeSet;

use Width::{Fixed, Rest, Time, Words};

use super::cells::dated;
use crate::model::flow::Counted;
use crate::model::intake::{Damage, DomainIntake, ExporterIntake, FileIntake, Refused, Reject};
use crate::model::time::milliseconds;
use crate::model::units;
use crate::tui::app::App;
use crate::tui::state::time::Date;
use crate::tui::widget::fit::{cut_front, shorten};

/// A column of a list.
pub struct SourceColumn<T> {
    /// Its head in the list; empty when only the pane has it.
    pub header: &'static str,
    /// Its name in the pane.
    pub label: &'static str,
    /// Columns of the terminal it takes.
    pub width: Width,
    /// On a narrower screen it is left out.
    pub least: u16,
    /// Set flush right.
    pub right: bool,
    /// Its text for this many columns.
    pub text: fn(&App, &T, usize) -> String,
}

/// Columns of the terminal that a column of a list takes.
#[derive(Clone, Copy)]
pub enum Width {
    /// All that is left.
    Rest,
    /// On a narrow screen, and on a wide one.
    Fixed(u16, u16),
    /// On a narrow screen, and on a wide one of a hundred: the wider it is, the less is cut.
    Words(u16, u16),
    /// What a time takes, with its year where years matter.
    Time,
}

macro_rules! columns {
    ($($header:literal $label:literal $width:expr, $least:literal $right:literal => $text:expr;)*) => {
        &[$(SourceColumn {
            header: $header,
            label: $label,
            width: $width,
            least: $least,
            right: $right,
            text: $text,
        }),*]
    };
}

/// Of a file.
pub const FILES: &[SourceColumn<FileIntake>] = columns! {
    "Files" "File" Rest, 0 false => |_, file, room| cut_front(&file.name, room);
    "Lines" "Lines" Fixed(8, 10), 0 true => |_, file, room| count(file.lines, room);
    "Flows" "Flows" Fixed(8, 10), 0 true => |_, file, room| count(file.flows, room);
    "Rejects" "Rejected lines" Fixed(7, 8), 0 true => |_, file, room| count(file.rejected, room);
    "Damaged" "Damaged bytes" Fixed(8, 10), 0 true => |_, file, room| count(file.damaged, room);
    "Received" "Received from" Time, 72 false => |app, file, room| first(app, file.received, room);
    "Until" "Received until" Time, 72 false => |app, file, room| last(app, file.received, room);
    "" "Received within" Rest, 0 false => |_, file, _| covered(file.received);
    "" "Bytes read" Rest, 0 false => |_, file, _| {
        let read = units::commas(file.read);
        match file.size {
            Some(size) if size != file.read => format!("{read} of {}", units::commas(size)),
            _ => read,
        }
    };
};

/// Of what could not be read, in the columns of files.
pub const REFUSED: &[SourceColumn<Refused>] = columns! {
    "Files" "File" Rest, 0 false => |_, refused, room| cut_front(&refused.name, room);
    "" "Not read" Rest, 0 false => |_, refused, _| refused.reason.clone();
};

/// Of an exporter.
pub const EXPORTERS: &[SourceColumn<ExporterIntake>] = columns! {
    "Exporters" "Exporter" Rest, 0 false => |_, exporter, room| shorten(name(exporter), room);
    "Ver" "Versions" Fixed(4, 6), 0 true => |_, exporter, _| versions(exporter);
    "Flows" "Flows" Fixed(7, 10), 0 true => |_, exporter, room| count(exporter.flows, room);
    "Bytes" "Bytes" Fixed(8, 8), 0 true => |app, exporter, _| {
        units::bytes(exporter.octets(app.table.is_scaled()))
    };
    "Lost" "Lost exports" Words(10, 14), 0 true => |_, exporter, room| lost(&exporter.domains, room);
    "Sampled" "Sampling" Fixed(7, 7), 0 true => |_, exporter, _| sampling(exporter);
    "Received" "Received from" Time, 72 false => |app, exporter, room| first(app, exporter.seen, room);
    "Until" "Received until" Time, 72 false => |app, exporter, room| last(app, exporter.seen, room);
    "" "Received within" Rest, 0 false => |_, exporter, _| covered(exporter.seen);
    "" "Export packets" Rest, 0 false => |_, exporter, _| units::commas(exporter.packets);
};

/// Of a rejected line.
pub const REJECTS: &[SourceColumn<Reject>] = columns! {
    "Rejects" "Where" Fixed(16, 16), 0 false => |_, reject, _| reject.site();
    "File" "File" Words(16, 36), 72 false => |app, reject, room| file(app, reject.file, room);
    "Reason" "Reason" Rest, 0 false => |_, reject, _| reject.reason.clone();
    "" "Begins at byte" Rest, 0 false => |_, reject, _| units::commas(reject.offset);
};

/// Of a stretch that could not be inflated, in the columns of rejects.
pub const DAMAGE: &[SourceColumn<Damage>] = columns! {
    "Rejects" "Begins at byte" Fixed(16, 16), 0 false => |_, damage, _| format!("byte {}", units::commas(damage.offset));
    "File" "File" Words(16, 36), 72 false => |app, damage, room| file(app, damage.file, room);
    "Reason" "Reason" Rest, 0 false => |_, damage, _| {
        format!("{} bytes damaged: {}", units::commas(damage.bytes), damage.reason)
    };
};

/// With commas where there is room, else in short.
fn count(number: u64, room: usize) -> String {
    let long = units::commas(number);
    if long.len() > room {
        units::count(number.into())
    } else {
        long
    }
}

/// A moment in this many columns, `-` where there is none. Room for a date alone
/// is given where that has to have its year.
fn moment(app: &App, seconds: Option<f64>, room: usize) -> String {
    let date = match room {
        10..14 => Date::Year,
        _ => Date::No,
    };
    let text = |seconds| dated(&app.context.zone, milliseconds(seconds), room, date);
    seconds.map_or_else(|| "-".to_owned(), text)
}

fn first(app: &App, span: Option<(f64, f64)>, room: usize) -> String {
    moment(app, span.map(|span| span.0), room)
}

fn last(app: &App, span: Option<(f64, f64)>, room: usize) -> String {
    moment(app, span.map(|span| span.1), room)
}

fn covered(span: Option<(f64, f64)>) -> String {
    let length = |(first, last): (f64, f64)| units::duration(((last - first) * 1000.0) as i64);
    span.map_or_else(|| "-".to_owned(), length)
}

fn file(app: &App, number: u32, room: usize) -> String {
    let file = app.intake.files.get(number as usize);
    cut_front(file.map_or("?", |file| &file.name), room)
}

fn name(exporter: &ExporterIntake) -> &str {
    exporter.name.as_deref().unwrap_or("(unknown)")
}

fn versions(exporter: &ExporterIntake) -> String {
    let known = exporter.domains.iter().map(|domain| domain.version);
    let known: BTreeSet<Option<u16>> = known.collect();
    let words = known.iter().map(|&version| version_of(version));
    words.collect::<Vec<_>>().join(",")
}

/// An export version, as a number.
pub fn version_of(version: Option<u16>) -> String {
    version.map_or_else(|| "?".to_owned(), |version| version.to_string())
}

/// What a version's sequence numbers count: one of it and several, and both in short.
fn unit(version: Option<u16>) -> [&'static str; 4] {
    match Counted::by(version) {
        Counted::Packets => ["packet", "packets", "pkt", "pkts"],
        Counted::Records => ["record", "records", "rec", "recs"],
        Counted::Flows => ["flow", "flows", "flow", "flows"],
    }
}

/// What is missing, in words where there is room: `none`, `1 packet`, `23
/// records`; `-` where packets are not numbered.
pub fn lost(domains: &[DomainIntake], room: usize) -> String {
    let numbered = domains.iter().filter(|domain| domain.numbered);
    if numbered.clone().count() == 0 {
        return "-".to_owned();
    }
    let mut sums: Vec<(Option<u16>, u64)> = Vec::new();
    for domain in numbered.filter(|domain| domain.lost > 0) {
        match sums.iter_mut().find(|sum| sum.0 == domain.version) {
            Some(sum) => sum.1 += domain.lost,
            None => sums.push((domain.version, domain.lost)),
        }
    }
    if sums.is_empty() {
        return "none".to_owned();
    }
    let words = |short: bool| {
        let words = sums.iter().map(|&(version, lost)| {
            let units = unit(version);
            match (short, lost) {
                (false, 1) => format!("1 {}", units[0]),
                (false, _) => format!("{} {}", units::commas(lost), units[1]),
                (true, 1) => format!("1 {}", units[2]),
                (true, _) => format!("{} {}", units::count(lost.into()), units[3]),
            }
        });
        words.collect::<Vec<_>>().join(" + ")
    };
    let long = words(false);
    if long.len() > room { words(true) } else { long }
}

/// One of how many packets is looked at: `1:1000`, or `-` where nothing is said.
fn sampling(exporter: &ExporterIntake) -> String {
    let told = exporter.domains.iter().filter_map(|domain| domain.sampling);
    let told: BTreeSet<_> = told.collect();
    let words = told
        .iter()
        .map(|sampling| format!("1:{}", units::commas(sampling.interval)));
    let words = words.collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        "-".to_owned()
    } else {
        words
    }
}
