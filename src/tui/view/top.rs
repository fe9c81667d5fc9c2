//! The view of groups: a table of them with a bar beside the share.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Text;

use super::cells::{dated, host};
use super::empty::why_no_sum;
use crate::model::units;
use crate::model::value::{Datum, Value};
use crate::query::field::{Kind, for_people};
use crate::query::group::measure::{MEASURES, SHARE, Unit};
use crate::query::group::{Group, Groups};
use crate::tui::app::App;
use crate::tui::state::time::Date;
use crate::tui::theme;
use crate::tui::widget::fit::width;
use crate::tui::widget::grid::{self, Column, GAP, Line};

/// Columns of a time with all of its date.
const DATED: u16 = 19;
/// Columns of the bar.
const BAR: usize = 10;
/// The narrowest and the widest that the groups' values are shown.
const LEAST: usize = 15;
const MOST: usize = 45;

/// Times of groups with all there is to tell.
const YEARS: &str = "%Y-%m-%d %H:%M";

/// Draws the groups, or why there are none.
pub fn draw(app: &App, frame: &mut Frame, area: Rect) {
    let top = &app.together.top;
    let Some(groups) = &top.groups else {
        let below = grid::below(area);
        frame.render_widget(Text::raw("Putting rows together."), below);
        return;
    };
    let (lines, selected) = top.list.visible();
    let shown: Vec<&Group> = lines.iter().filter_map(|&line| top.group(line)).collect();
    let values: Vec<Vec<String>> = shown
        .iter()
        .map(|group| values(app, groups, group))
        .collect();
    let date = app.spark.date(&app.context.zone);
    let placed = place(groups, &values, date, top.column, area.width);
    let columns: Vec<Column> = placed.iter().map(|at| column(app, groups, at)).collect();
    let lines: Vec<Line> = shown
        .iter()
        .zip(&values)
        .enumerate()
        .map(|(place, (group, values))| Line {
            cells: placed
                .iter()
                .map(|at| (text(app, groups, group, values, at), Style::new()))
                .collect(),
            style: theme::item(place == selected),
        })
        .collect();
    grid::draw(frame.buffer_mut(), area, &columns, &lines);
    if shown.is_empty() {
        let below = grid::below(area);
        frame.render_widget(Text::raw(why_no_sum(app, "put together")), below);
    }
}

/// What a column shows, and how wide it is.
enum At {
    /// The values of a grouping.
    Value(usize, u16),
    /// A measure.
    Measure(usize, u16),
    /// The bar of the share.
    Bar,
}

impl At {
    fn width(&self) -> u16 {
        match self {
            At::Value(_, width) | At::Measure(_, width) => *width,
            At::Bar => BAR as u16,
        }
    }
}

/// A measure as a column; times have as much of their date as has to be told.
fn measured(place: usize, date: Date) -> At {
    let measure = &MEASURES[place];
    let width = match measure.unit {
        Unit::Time if date == Date::Year => DATED,
        _ => measure.width,
    };
    At::Measure(place, width.max(measure.header.len() as u16 + 1))
}

/// The columns that fit, that of the cursor among them; values come first and stay.
fn place(groups: &Groups, values: &[Vec<String>], date: Date, cursor: usize, room: u16) -> Vec<At> {
    let keys = groups.by.iter().enumerate().map(|(place, by)| {
        let longest = values
            .iter()
            .map(|values| width(&values[place]))
            .max()
            .unwrap_or(0);
        let most = if groups.by.len() > 1 { MOST / 2 } else { MOST };
        At::Value(
            place,
            longest.clamp(LEAST, most).max(width(&by.header()) + 1) as u16,
        )
    });
    let mut placed: Vec<At> = keys.collect();
    let mut left = room.saturating_sub(placed.iter().map(|at| at.width() + GAP).sum());
    let all = |from: usize| {
        (from..MEASURES.len()).flat_map(|place| {
            let bar = (&MEASURES[place] == SHARE).then_some(At::Bar);
            std::iter::once(measured(place, date)).chain(bar)
        })
    };
    // without a cursor on it, what groups are sorted by comes into sight
    let sorted = || {
        MEASURES
            .iter()
            .position(|it| groups.order.measure == Some(it))
    };
    let cursor = cursor.checked_sub(1).or_else(sorted).unwrap_or(0);
    let reaches = |from: &usize| {
        let until =
            all(*from).take_while(|at| !matches!(at, At::Measure(place, _) if *place > cursor));
        until.map(|at| at.width() + GAP).sum::<u16>() <= left + GAP
    };
    let from = (0..=cursor).find(reaches).unwrap_or(cursor);
    for at in all(from) {
        if at.width() > left {
            break;
        }
        left = left.saturating_sub(at.width() + GAP);
        placed.push(at);
    }
    placed
}

fn column(app: &App, groups: &Groups, at: &At) -> Column {
    let top = &app.together.top;
    let (name, is_cursor, is_order) = match at {
        At::Value(place, _) => (
            groups.by[*place].header(),
            *place == 0 && top.column == 0,
            *place == 0 && groups.order.measure.is_none(),
        ),
        At::Measure(place, _) => {
            let measure = &MEASURES[*place];
            let is_order = groups.order.measure.is_some_and(|order| order == measure);
            (measure.header.to_owned(), top.column == place + 1, is_order)
        }
        At::Bar => (String::new(), false, false),
    };
    let mark = match (is_order, groups.order.descending) {
        (false, _) => "",
        (true, true) => "v",
        (true, false) => "^",
    };
    Column {
        header: format!("{name}{mark}"),
        width: at.width(),
        right: matches!(at, At::Measure(..)),
        style: if is_cursor {
            theme::column()
        } else {
            theme::header()
        },
    }
}

fn text(app: &App, groups: &Groups, group: &Group, values: &[String], at: &At) -> String {
    match at {
        At::Value(place, _) => values[*place].clone(),
        At::Measure(place, width) => {
            let (measure, zone) = (&MEASURES[*place], &app.context.zone);
            match (measure.unit, groups.measure(group, measure)) {
                (Unit::Time, Some(value)) => {
                    let moment = i64::try_from(value).unwrap_or(i64::MAX);
                    dated(zone, moment, usize::from(*width), Date::Day)
                }
                (_, value) => measure.shown(value, zone),
            }
        }
        At::Bar => bar(groups, group),
    }
}

/// The share as a bar.
fn bar(groups: &Groups, group: &Group) -> String {
    let share = groups.measure(group, SHARE);
    let eighths = usize::try_from(share.unwrap_or(0)).unwrap_or(0).min(10_000) * BAR * 8 / 10_000;
    let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    format!("{}{part}", "█".repeat(eighths / 8))
}

/// The values of a group as they are shown.
pub fn values(app: &App, groups: &Groups, group: &Group) -> Vec<String> {
    let each = groups.by.iter().zip(&group.values);
    each.map(|(by, value)| shown(app, by.grouping.kind, value))
        .collect()
}

fn shown(app: &App, kind: Kind, value: &Value) -> String {
    let pattern = match app.spark.date(&app.context.zone) {
        Date::Year => YEARS,
        _ => "%m-%d %H:%M",
    };
    printed(app, kind, value, pattern)
}

/// A value with its time by a pattern, if it is one.
fn printed(app: &App, kind: Kind, value: &Value, pattern: &str) -> String {
    match value {
        Value::Address(address) => host(app, *address, usize::MAX),
        value => for_people(kind, value, &app.context.zone, pattern),
    }
}

/// What is said of the selected group, in full: its values, and each measure.
pub fn plain(app: &App) -> [Vec<String>; 2] {
    let top = &app.together.top;
    let Some((groups, group)) = top.groups.as_ref().zip(top.current()) else {
        return [const { Vec::new() }; 2];
    };
    let measures = MEASURES.iter().map(|measure| {
        let datum = groups
            .measure(group, measure)
            .map(|value| measure.datum(value));
        match datum {
            Some(Datum::Text(text) | Datum::Number(text)) => text,
            None => String::new(),
        }
    });
    let each = groups.by.iter().zip(&group.values);
    let values = each.map(|(by, value)| printed(app, by.grouping.kind, value, YEARS));
    [values.collect(), measures.collect()]
}

/// How many groups there are, for the status line, and of which rows.
pub fn count(app: &App, brief: bool, of_rows: bool) -> String {
    let Some(groups) = &app.together.top.groups else {
        return "groups".to_owned();
    };
    let names: Vec<String> = groups.by.iter().map(|by| by.name()).collect();
    let count = match groups.count {
        Some(count) => units::many(count as u128, "groups"),
        None => format!("{}+ groups", units::commas(groups.list.len() as u128)),
    };
    let rows = units::many(groups.total.rows, app.together.noun());
    let names = names.join(", ");
    match (brief, of_rows) {
        (true, _) => count,
        (false, false) => format!("{count} by {names}"),
        (false, true) => format!("{count} by {names} of {rows}"),
    }
}
