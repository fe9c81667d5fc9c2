//! The status line: how many rows are shown, and as chips in brackets what is in
//! force and makes them fewer or puts them in order.

use std::cmp::Reverse;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::filter_chip::told;
use super::wording::{WORDINGS, Wording};
use super::{badge, sources, timeline, top};
use crate::model::units;
use crate::query::facts::Orient;
use crate::tui::app::App;
use crate::tui::hosts;
use crate::tui::state::tabs::Body;
use crate::tui::theme;
use crate::tui::widget::fit::width;

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
    /// It stands in brackets, which part it from what is beside it.
    is_chip: bool,
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
/// force is told on the narrowest screen, the filter if need be by a part of it.
pub fn draw(app: &App, frame: &mut Frame, area: Rect) {
    if app.tab().info.body == Body::Sources {
        frame.render_widget(sources::status(app, area.width), area);
        return;
    }
    let filter = &app.filter;
    // without a filter the last gap may hang over
    let columns = usize::from(area.width)
        + if filter.text.is_empty() {
            SPACE.len()
        } else {
            0
        };
    let wanted = |wording: Wording| {
        let least = if wording.brief {
            FILTER_LEAST
        } else {
            FILTER_WISH
        };
        match filter.text.is_empty() {
            true => 0,
            false => width(&chip(&told(filter, wording, usize::MAX))).min(least),
        }
    };
    let fits = |wording: &Wording| used(&parts(app, *wording)) + wanted(*wording) <= columns;
    let [.., least] = WORDINGS;
    let wording = WORDINGS.into_iter().find(fits).unwrap_or(least);
    let parts = worthiest(parts(app, wording), columns.saturating_sub(wanted(wording)));
    let room = columns.saturating_sub(used(&parts));
    let mut spans: Vec<Span> = Vec::new();
    let mut before = None;
    for part in parts {
        let gap = match (before, part.is_chip) {
            (None, _) => "",
            (Some(false), false) => COMMA,
            _ => SPACE,
        };
        spans.extend([Span::raw(gap), Span::styled(part.text, part.style)]);
        before = Some(part.is_chip);
    }
    if !filter.text.is_empty() {
        spans.push(Span::raw(SPACE));
        let chip = chip(&told(filter, wording, room.saturating_sub(2)));
        spans.push(Span::styled(chip, theme::accent()));
    }
    frame.render_widget(Line::from(spans), area);
}

/// Columns that parts take.
fn used(parts: &[Part]) -> usize {
    parts.iter().map(Part::columns).sum()
}

impl Part {
    /// The columns that it takes, with what stands before or behind it.
    fn columns(&self) -> usize {
        // nothing stands before the count
        let is_count = self.worth == Worth::Always;
        let gap = if self.is_chip || is_count {
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

fn chip(text: &str) -> String {
    format!("[{text}]")
}

/// Everything but the filter.
fn parts(app: &App, wording: Wording) -> Vec<Part> {
    let brief = wording.brief;
    let part = |text, style, worth| Part {
        text,
        style,
        worth,
        is_chip: false,
    };
    let chips = in_force(app, wording)
        .into_iter()
        .map(|(text, worth)| Part {
            is_chip: true,
            ..part(chip(&text), Style::new(), worth)
        });
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
    std::iter::once(part(count(app, wording), theme::header(), Worth::Always))
        .chain(chips)
        .chain(waiting)
        .chain(sampled)
        .chain(losses)
        .collect()
}

/// How many there are.
fn count(app: &App, wording: Wording) -> String {
    let tab = app.tab();
    let rows = &tab.list.rows;
    match tab.info.body {
        Body::Top => top::count(app, !wording.noun, wording.rows),
        Body::Timeline => timeline::count(app, !wording.noun),
        _ => {
            let (shown, total) = (units::commas(rows.shown), units::commas(rows.total));
            match wording.noun {
                true => format!("{shown} of {total} {}", tab.info.body.noun()),
                false => format!("{shown} of {total}"),
            }
        }
    }
}

/// What makes rows fewer or puts them in order.
fn in_force(app: &App, wording: Wording) -> Vec<(String, Worth)> {
    let brief = wording.brief;
    let threshold = badge::threshold(app, wording.hidden, brief);
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
    let seek = app.seek.as_ref().filter(|_| wording.sought);
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
