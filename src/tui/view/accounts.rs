//! What is told of a file, an exporter and a loss: one row a column, from which
//! come the column of the list and the line of the pane.

use std::collections::BTreeSet;

use Width::{Fixed, Rest, Time, Words};

use super::cells::dated;
use crate::model::flow::Counted;
use crate::model::intake::{Damage, DomainIntake, ExporterIntake, FileIntake, Refused, Reject};
use crate::model::time::milliseconds;
use crate::model::units;
use crate::query::sources::{self, Fact, ValueOf, known};
use crate::tui::app::App;
use crate::tui::state::time::Date;
use crate::tui::widget::fit::{cut_front, shorten};

/// A column of a list.
pub struct SourceColumn<T: 'static> {
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
    text: TextOf<T>,
}

/// Where the text of a column comes from.
enum TextOf<T: 'static> {
    /// A fact as it is.
    Fact(&'static Fact<T>),
    /// What is told here in other words than elsewhere, for this many columns.
    Own(fn(&App, &T, usize) -> String),
}

impl<T> SourceColumn<T> {
    /// A fact, under its own name.
    const fn of(fact: &'static Fact<T>, width: Width, least: u16) -> Self {
        SourceColumn {
            header: fact.header,
            label: fact.label,
            width,
            least,
            right: fact.value.is_number(),
            text: TextOf::Fact(fact),
        }
    }

    /// A fact that the list has no room for.
    const fn of_pane(fact: &'static Fact<T>) -> Self {
        SourceColumn {
            header: "",
            ..SourceColumn::of(fact, Rest, 0)
        }
    }

    /// Its text for this many columns.
    pub fn text(&self, app: &App, of: &T, room: usize) -> String {
        let fact = match self.text {
            TextOf::Fact(fact) => fact,
            TextOf::Own(text) => return text(app, of, room),
        };
        match fact.value {
            ValueOf::Text(value) => value(of).unwrap_or_else(|| "-".to_owned()),
            ValueOf::Moment(value) => moment(app, value(of), room),
            ValueOf::Count(value) => count(value(of), room),
            ValueOf::Octets(value) => units::bytes(value(of, app.table.is_scaled())),
        }
    }
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

macro_rules! own {
    ($header:literal $label:literal $width:expr, $least:literal $right:literal => $text:expr) => {
        SourceColumn {
            header: $header,
            label: $label,
            width: $width,
            least: $least,
            right: $right,
            text: TextOf::Own($text),
        }
    };
}

const fn of_file(name: &str, width: Width, least: u16) -> SourceColumn<FileIntake> {
    SourceColumn::of(known(sources::FILES, name), width, least)
}

const fn of_exporter(name: &str, width: Width, least: u16) -> SourceColumn<ExporterIntake> {
    SourceColumn::of(known(sources::EXPORTERS, name), width, least)
}

/// Of a file.
pub const FILES: &[SourceColumn<FileIntake>] = &[
    own!("Files" "File" Rest, 0 false => |_, file, room| cut_front(&file.name, room)),
    of_file("lines", Fixed(8, 10), 0),
    of_file("flows", Fixed(8, 10), 0),
    of_file("rejected_lines", Fixed(7, 8), 0),
    of_file("damaged_bytes", Fixed(8, 10), 0),
    of_file("received_first", Time, 72),
    of_file("received_last", Time, 72),
    own!("" "Received within" Rest, 0 false => |_, file, _| covered(file.received)),
    own!("" "Bytes read" Rest, 0 false => |_, file, _| {
        let read = units::commas(file.read);
        match file.size {
            Some(size) if size != file.read => format!("{read} of {}", units::commas(size)),
            _ => read,
        }
    }),
];

/// Of what could not be read, in the columns of files.
pub const REFUSED: &[SourceColumn<Refused>] = &[
    own!("Files" "File" Rest, 0 false => |_, refused, room| cut_front(&refused.name, room)),
    own!("" "Not read" Rest, 0 false => |_, refused, _| refused.reason.clone()),
];

/// Of an exporter.
pub const EXPORTERS: &[SourceColumn<ExporterIntake>] = &[
    own!("Exporters" "Exporter" Rest, 0 false => |_, exporter, room| shorten(name(exporter), room)),
    own!("Ver" "Versions" Fixed(4, 6), 0 true => |_, exporter, _| versions(exporter)),
    of_exporter("flows", Fixed(7, 10), 0),
    of_exporter("bytes", Fixed(8, 8), 0),
    own!("Lost" "Lost exports" Words(10, 14), 0 true => |_, exporter, room| lost(&exporter.domains, room)),
    own!("Sampled" "Sampling" Fixed(7, 7), 0 true => |_, exporter, _| sampling(exporter)),
    of_exporter("first", Time, 72),
    of_exporter("last", Time, 72),
    own!("" "Received within" Rest, 0 false => |_, exporter, _| covered(exporter.seen)),
    SourceColumn::of_pane(known(sources::EXPORTERS, "packets_exported")),
];

/// Of a rejected line.
pub const REJECTS: &[SourceColumn<Reject>] = &[
    own!("Rejects" "Where" Fixed(16, 16), 0 false => |_, reject, _| reject.site()),
    own!("File" "File" Words(16, 36), 72 false => |app, reject, room| file(app, reject.file, room)),
    own!("Reason" "Reason" Rest, 0 false => |_, reject, _| reject.reason.clone()),
    own!("" "Begins at byte" Rest, 0 false => |_, reject, _| units::commas(reject.offset)),
];

/// Of a stretch that could not be inflated, in the columns of rejects.
pub const DAMAGE: &[SourceColumn<Damage>] = &[
    own!("Rejects" "Begins at byte" Fixed(16, 16), 0 false => |_, damage, _| {
        format!("byte {}", units::commas(damage.offset))
    }),
    own!("File" "File" Words(16, 36), 72 false => |app, damage, room| file(app, damage.file, room)),
    own!("Reason" "Reason" Rest, 0 false => |_, damage, _| {
        format!("{} damaged: {}", units::many(damage.bytes, "bytes"), damage.reason)
    }),
];

/// With commas where there is room, else in short.
fn count(number: u128, room: usize) -> String {
    let long = units::commas(number);
    if long.len() > room {
        units::count(number)
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
