//! The line above the unmatched flows: how many there are for which reason, and
//! how much noise is hidden.

use ratatui::text::{Line, Span};

use crate::model::units;
use crate::tui::app::App;
use crate::tui::keys::action::Action;
use crate::tui::theme;
use crate::tui::widget::fit::width;

/// Columns between two counts.
const GAP: usize = 2;

/// The line: the most frequent reasons first, and what has no room as `others`.
pub fn line(app: &App, columns: u16) -> Line<'static> {
    let rows = &app.tab().list.rows;
    if !app.complete {
        return Line::styled(
            "Reasons are told when everything has been read.",
            theme::quiet(),
        );
    }
    let counts = rows.reasons.iter();
    let mut counts: Vec<(&str, u64)> = counts
        .map(|(reason, count)| (reason.name(), count))
        .filter(|count| count.1 > 0)
        .collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.1));
    let [long, short] = noise(app);
    let room = |noise: &str| usize::from(columns).saturating_sub(width(noise));
    let noise = if needed(&counts, 0) <= room(&long) {
        long
    } else {
        short
    };
    let mut left = 0;
    while needed(&counts, left) > room(&noise) && !counts.is_empty() {
        left += counts.pop().map_or(0, |count| count.1);
    }
    let others = (left > 0).then_some(("others", left));
    let spans = counts.into_iter().chain(others).flat_map(|(name, count)| {
        [
            Span::styled(format!("{name} "), theme::quiet()),
            Span::raw(format!("{}  ", units::commas(count))),
        ]
    });
    let mut line = Line::from(spans.collect::<Vec<_>>());
    line.push_span(Span::styled(noise, theme::quiet()));
    line
}

/// Columns of the counts, and of the others together.
fn needed(counts: &[(&str, u64)], others: u64) -> usize {
    let one = |name: &str, count: u64| width(name) + 1 + units::commas(count).len() + GAP;
    let known: usize = counts.iter().map(|&(name, count)| one(name, count)).sum();
    known + if others > 0 { one("others", others) } else { 0 }
}

/// The key that shows or hides the noise, and what it does now, in two lengths.
fn noise(app: &App) -> [String; 2] {
    let key = app.bindings.key(Action::Noise);
    let (long, short) = match app.tab().list.rows.below_threshold {
        _ if app.threshold == 0 => (format!("{key} hides the noise"), format!("{key}: less")),
        0 => (String::new(), String::new()),
        hidden => (
            format!("{key} shows {} more (noise)", units::commas(hidden)),
            format!("{key}: more"),
        ),
    };
    [long, short]
}
