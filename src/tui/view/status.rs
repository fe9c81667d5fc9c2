//! The status line: how many rows are shown, and as chips in brackets what is in
//! force and makes them fewer or puts them in order.

use std::cmp::Reverse;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{badge, sources, timeline, top};
use crate::model::units;
use crate::query::facts::Orient;
use crate::tui::app::App;
use crate::tui::hosts;
use crate::tui::state::tabs::Body;
use crate::tui::theme;
use crate::tui::widget::fit::{cut, width};

/// How wordy the status line is: everything in full, groups without the rows that
/// they are of, without what is looked for, all in few words; then the threshold without
/// what it hides, in full and in few words, and the count without what is counted. Where
/// even that is too much, parts are left out by their worth.
const LEVELS: std::ops::Range<usize> = 0..7;
/// From here on without these.
const WITHOUT_ROWS: usize = 1;
const WITHOUT_SOUGHT: usize = 2;
const BRIEF: usize = 3;
/// What is hidden is told before anything is in many words: nobody misses rows that are not there.
const WITHOUT_HIDDEN: usize = 4;
const SHORT: usize = 6;
/// Columns of the filter for which other parts lose words, or give way.
const FILTER_WISH: usize = 30;
const FILTER_LEAST: usize = 9;
/// Between two parts, and where the second one has no brackets.
const SPACE: &str = " ";
const COMMA: &str = ", ";

/// A part of the line. What is worth less gives way first.
struct Part {
    text: String,
    style: Style,
    worth: Worth,
}

/// What a part is worth, the least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    Names,
    View,
    Loss,
    Damage,
    Order,
    Rejects,
    Always,
}

/// How many rows are shown, and of everything that makes them fewer. What is in
/// force is told on the narrowest screen, the filter if need be by its beginning.
pub fn draw(app: &App, frame: &mut Frame, area: Rect) {
    if app.tab().info.body == Body::Sources {
        frame.render_widget(sources::status(app, area.width), area);
        return;
    }
    let filter = app.filter.text.as_str();
    // without a filter the last gap may hang over
    let columns = usize::from(area.width) + if filter.is_empty() { SPACE.len() } else { 0 };
    let wanted = |level: usize| {
        let least = if is_brief(level) {
            FILTER_LEAST
        } else {
            FILTER_WISH
        };
        match filter {
            "" => 0,
            text => width(&filter_chip(text, level, usize::MAX)).min(least),
        }
    };
    let fits = |level: &usize| used(&parts(app, *level)) + wanted(*level) <= columns;
    let level = LEVELS.clone().find(fits).unwrap_or(LEVELS.end - 1);
    let parts = worthiest(parts(app, level), columns.saturating_sub(wanted(level)));
    let room = columns.saturating_sub(used(&parts));
    let mut spans: Vec<Span> = Vec::new();
    let mut before = None;
    for part in parts {
        let is_chip = part.is_chip();
        let gap = match (before, is_chip) {
            (None, _) => "",
            (Some(false), false) => COMMA,
            _ => SPACE,
        };
        spans.extend([Span::raw(gap), Span::styled(part.text, part.style)]);
        before = Some(is_chip);
    }
    if !filter.is_empty() {
        spans.push(Span::raw(SPACE));
        let chip = filter_chip(filter, level, room);
        spans.push(Span::styled(chip, theme::accent()));
    }
    frame.render_widget(Line::from(spans), area);
}

/// Columns that parts take.
fn used(parts: &[Part]) -> usize {
    parts.iter().map(Part::columns).sum()
}

impl Part {
    fn is_chip(&self) -> bool {
        self.text.starts_with('[')
    }

    /// The columns that it takes, with what stands before or behind it.
    fn columns(&self) -> usize {
        // nothing stands before the count
        let is_count = self.worth == Worth::Always;
        let gap = if self.is_chip() || is_count {
            SPACE
        } else {
            COMMA
        };
        width(&self.text) + gap.len()
    }
}

/// The parts that there is room for, in their order: what is worth more has its
/// place first, and nothing is left out that fits beside it.
fn worthiest(parts: Vec<Part>, columns: usize) -> Vec<Part> {
    let mut parts: Vec<(usize, Part)> = parts.into_iter().enumerate().collect();
    parts.sort_by_key(|(_, part)| Reverse(part.worth));
    let mut left = columns;
    parts.retain(|(_, part)| {
        let rest = left.checked_sub(part.columns());
        let stays = part.worth == Worth::Always;
        left = rest.unwrap_or(if stays { 0 } else { left });
        rest.is_some() || stays
    });
    parts.sort_by_key(|(place, _)| *place);
    parts.into_iter().map(|(_, part)| part).collect()
}

fn is_brief(level: usize) -> bool {
    level >= BRIEF && level != WITHOUT_HIDDEN
}

fn chip(text: &str) -> String {
    format!("[{text}]")
}

/// The filter, as much of it as there is room for; with its key in place of the
/// word where there is little.
fn filter_chip(text: &str, level: usize, room: usize) -> String {
    let word = if is_brief(level) { "/" } else { "filter" };
    chip(&cut(&format!("{word} {text}"), room.saturating_sub(2)))
}

/// Everything but the filter.
fn parts(app: &App, level: usize) -> Vec<Part> {
    let brief = is_brief(level);
    let part = |text, style, worth| Part { text, style, worth };
    let in_force = in_force(app, level).into_iter();
    let waiting = Some(hosts::pending(app)).filter(|text| !text.is_empty());
    let waiting = waiting.map(|text| part(text, theme::progress(), Worth::Names));
    let sampled = badge::sampled(app, brief);
    // what multiplies all numbers is told before what was lost
    let worth = if app.table.is_scaled() {
        Worth::Order
    } else {
        Worth::View
    };
    let sampled = sampled.map(|text| part(text, theme::warning(), worth));
    let losses = losses(app).map(|(text, short, count, worth)| {
        let text = match brief {
            true => format!("{short} {}", units::count(count.into())),
            false => format!("{text} {}", units::commas(count)),
        };
        part(text, theme::warning(), worth)
    });
    std::iter::once(part(count(app, level), theme::header(), Worth::Always))
        .chain(in_force.map(|(text, worth)| part(chip(&text), Style::new(), worth)))
        .chain(waiting)
        .chain(sampled)
        .chain(losses)
        .collect()
}

/// How many there are.
fn count(app: &App, level: usize) -> String {
    let tab = app.tab();
    let rows = &tab.list.rows;
    let short = level >= SHORT;
    match tab.info.body {
        Body::Top => top::count(app, short, level < WITHOUT_ROWS),
        Body::Timeline => timeline::count(app, short),
        _ => {
            let (shown, total) = (units::commas(rows.shown), units::commas(rows.total));
            let noun = if short { "" } else { tab.info.body.noun() };
            format!("{shown} of {total} {noun}").trim_end().to_owned()
        }
    }
}

/// What makes rows fewer or puts them in order.
fn in_force(app: &App, level: usize) -> Vec<(String, Worth)> {
    let brief = is_brief(level);
    let threshold = badge::threshold(app, level < WITHOUT_HIDDEN, brief);
    let sort = order(app).map(|(header, descending)| {
        let by = if brief { "" } else { "by " };
        let mark = if descending { "v" } else { "^" };
        format!("{by}{header}{mark}")
    });
    let client = (app.context.stance.orient == Orient::Client).then(|| {
        let words = if brief {
            "src=client"
        } else {
            "source is client"
        };
        words.to_owned()
    });
    let seek = app.seek.as_ref().filter(|_| level < WITHOUT_SOUGHT);
    let seek = seek.map(|seek| format!("find {}", seek.text));
    [
        (threshold, Worth::Always),
        (badge::duplicates(app, brief), Worth::Order),
        (timeline::zoomed(app, brief), Worth::Order),
        (sort, Worth::Order),
        (client, Worth::View),
        (seek, Worth::View),
    ]
    .into_iter()
    .filter_map(|(text, worth)| Some((text?, worth)))
    .collect()
}

/// By what the rows or groups on the screen are sorted, and whether the greatest come first.
fn order(app: &App) -> Option<(String, bool)> {
    let tab = app.tab();
    match tab.info.body {
        Body::Top => {
            let top = &app.together.top;
            let order = top.groups.as_ref().map_or(top.order, |groups| groups.order);
            let header = match order.measure {
                Some(measure) => measure.header.to_owned(),
                None => top.by.first()?.header(),
            };
            Some((header, order.descending))
        }
        Body::Rows(_) => {
            let sort = tab.sort?;
            Some((sort.field.header.to_owned(), sort.descending))
        }
        Body::Timeline | Body::Sources => None,
    }
}

/// What of the input could not be used, in two lengths.
fn losses(app: &App) -> impl Iterator<Item = (&'static str, &'static str, u64, Worth)> {
    let intake = &app.intake;
    let totals = app.table.totals();
    let (rejected, damaged) = (intake.rejected_lines, intake.damaged_bytes);
    let unreadable = intake.unreadable_values;
    let refused = intake.refused.len() as u64;
    let counts = [
        ("unread files", "unread", refused, Worth::Damage),
        ("rejected lines", "rejects", rejected, Worth::Rejects),
        ("damaged bytes", "damaged", damaged, Worth::Damage),
        ("unreadable values", "unreadable", unreadable, Worth::Loss),
        ("left out", "left out", totals.left_out, Worth::Loss),
        ("dropped flows", "dropped", totals.dropped, Worth::Loss),
    ];
    counts.into_iter().filter(|loss| loss.2 > 0)
}
