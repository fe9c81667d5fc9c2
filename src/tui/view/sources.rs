//! The view of sources: files, exporters, and what could not be used, one under
//! the other in one list. Only the lines on the screen are made.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::accounts::{DAMAGE, EXPORTERS, FILES, REJECTS, SourceColumn, Width};
use super::columns::{WIDE, clock};
use super::listing::{Entry, Listing, section};
use crate::model::intake::Refused;
use crate::model::time::milliseconds;
use crate::model::units;
use crate::table::store::RowId;
use crate::tui::app::App;
use crate::tui::state::sources::Item;
use crate::tui::state::time::Date;
use crate::tui::theme;
use crate::tui::widget::fit::{cut, cut_front, pad};

/// What is said of a section without items, and while it may still come to have some.
const NONE: [[&str; 2]; 3] = [
    ["no file was read", "no file so far"],
    ["no exporter sent anything", "no exporter so far"],
    [
        "no line was rejected, and no byte is damaged",
        "no line was rejected so far",
    ],
];

/// What there is room for.
#[derive(Clone, Copy)]
struct Room {
    /// Columns of the screen.
    width: u16,
    /// Columns of a time.
    time: u16,
}

/// As much of the date as times of receipt have to tell: their days only where
/// there is room anyway.
fn date(app: &App) -> Date {
    let spans = app.intake.files.iter().filter_map(|file| file.received);
    let whole = spans.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
    let date = whole.map(|(first, last)| {
        let [first, last] = [first, last].map(milliseconds);
        Date::needed(first, last, &app.context.zone)
    });
    date.filter(|date| *date == Date::Year).unwrap_or(Date::No)
}

/// Draws the list, so that the selection is in sight and below the head of its section.
pub fn draw(app: &App, frame: &mut Frame, area: Rect) {
    let list = &app.tab().list;
    let selected = list.current();
    let listing = Listing::new(&list.rows.ids);
    let line = selected.map_or(0, |row| listing.line(row));
    let (height, all) = (usize::from(area.height), listing.lines());
    let last = all.saturating_sub(height);
    let top = line.saturating_sub(height / 2).min(last);
    let lines = top..all.min(top + height);
    let mut seen: Vec<Entry> = lines.map(|line| listing.entry(line)).collect();
    if let (true, Some(&Entry::Item(row))) = (top > 0, seen.first()) {
        seen[0] = Entry::Head(section(row));
    }
    let room = Room {
        width: area.width,
        time: clock(date(app), area.width),
    };
    let lines = seen.iter().map(|entry| {
        let is_selected = matches!(entry, Entry::Item(row) if Some(*row) == selected);
        shown(app, *entry, room).style(theme::item(is_selected))
    });
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), area);
}

fn shown(app: &App, entry: Entry, room: Room) -> Line<'static> {
    match entry {
        Entry::Blank => Line::raw(""),
        Entry::Words(number) => {
            let words = NONE[number][usize::from(!app.complete)];
            Line::styled(words, theme::quiet())
        }
        Entry::Head(0) => head(FILES, room),
        Entry::Head(1) => head(EXPORTERS, room),
        Entry::Head(_) => head(REJECTS, room),
        Entry::Item(row) => item(app, row, room).unwrap_or_default(),
    }
}

fn item(app: &App, row: RowId, room: Room) -> Option<Line<'static>> {
    let intake = &app.intake;
    Some(Line::raw(match Item::of(row)? {
        Item::File(place) => cells(app, FILES, intake.files.get(place)?, room),
        Item::Refused(place) => unread(intake.refused.get(place)?, room),
        Item::Exporter(place) => cells(app, EXPORTERS, intake.exporters.get(place)?, room),
        Item::Reject(place) => cells(app, REJECTS, intake.rejects.get(place)?, room),
        Item::Damage(place) => cells(app, DAMAGE, intake.damage.get(place)?, room),
    }))
}

/// What could not be read, with the reason in place of figures.
fn unread(refused: &Refused, room: Room) -> String {
    let width = placed(FILES, room).first().map_or(0, |column| column.1);
    let name = pad(&cut_front(&refused.name, width), width, false);
    let left = usize::from(room.width).saturating_sub(width + 1);
    format!("{name} {}", cut(&refused.reason, left))
}

/// The columns that a screen of this width has room for, and theirs.
fn placed<T>(
    columns: &'static [SourceColumn<T>],
    room: Room,
) -> Vec<(&'static SourceColumn<T>, usize)> {
    let width = room.width;
    let shown = |column: &&SourceColumn<T>| !column.header.is_empty() && width >= column.least;
    let wish = |column: &SourceColumn<T>| {
        usize::from(match column.width {
            Width::Rest => 0,
            Width::Time => room.time,
            Width::Fixed(narrow, _) | Width::Words(narrow, _) if width < WIDE => narrow,
            Width::Fixed(_, wide) => wide,
            Width::Words(_, share) => width * share / 100,
        })
    };
    let shown: Vec<_> = columns.iter().filter(shown).collect();
    let taken: usize = shown.iter().map(|column| wish(column) + 1).sum();
    let left = usize::from(width).saturating_sub(taken.saturating_sub(1));
    let place = |column: &'static SourceColumn<T>| match wish(column) {
        0 => (column, left),
        wish => (column, wish),
    };
    shown.into_iter().map(place).collect()
}

fn head<T>(columns: &'static [SourceColumn<T>], room: Room) -> Line<'static> {
    let cells = placed(columns, room).into_iter();
    let cells = cells.map(|(column, width)| pad(column.header, width, column.right));
    Line::styled(cells.collect::<Vec<_>>().join(" "), theme::header())
}

fn cells<T>(app: &App, columns: &'static [SourceColumn<T>], of: &T, room: Room) -> String {
    let cells = placed(columns, room).into_iter().map(|(column, width)| {
        let text = column.text(app, of, width);
        pad(&cut(&text, width), width, column.right)
    });
    cells.collect::<Vec<_>>().join(" ")
}

/// The line above the list: sums, in few words.
pub fn status(app: &App, width: u16) -> Line<'static> {
    let intake = &app.intake;
    let many = |count: usize, words| units::many(count as u64, words);
    let lost = intake
        .exporters
        .iter()
        .flat_map(|exporter| &exporter.domains);
    let gaps: u64 = lost.map(|domain| domain.gaps).sum();
    let mut parts = vec![
        (many(intake.files.len(), "files"), theme::header()),
        (many(intake.exporters.len(), "exporters"), theme::header()),
    ];
    let refused = intake.refused.len();
    if refused > 0 {
        parts.push((many(refused, "unread files"), theme::warning()));
    }
    let (rejected, damaged) = (intake.rejected_lines, intake.damaged_bytes);
    let losses = [
        (rejected, format!("{} rejected", units::commas(rejected))),
        (
            damaged,
            format!("{} damaged", units::many(damaged, "bytes")),
        ),
        (gaps, format!("{} in exports", units::many(gaps, "gaps"))),
    ];
    parts.extend(losses.into_iter().map(|(count, text)| match count {
        0 => (text, Style::new()),
        _ => (text, theme::warning()),
    }));
    let mut room = usize::from(width);
    let mut spans = Vec::new();
    for (text, style) in parts {
        if text.len() > room {
            break;
        }
        room = room.saturating_sub(text.len() + 2);
        spans.extend([Span::styled(text, style), Span::raw("  ")]);
    }
    Line::from(spans)
}
