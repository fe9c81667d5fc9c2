//! The command line that prints what the view shows.

use ratatui::text::Line;

use crate::tui::app::App;
use crate::tui::theme;
use crate::tui::widget::fit::wrap;

/// The lines of the pane.
pub fn lines(app: &App, text: &str, columns: usize) -> Vec<Line<'static>> {
    let head = "The same from the command line (copied, OSC 52):";
    let head = wrap(head, columns).into_iter();
    let head = head.map(|line| Line::styled(line, theme::header()));
    let text = wrap(text, columns).into_iter().map(Line::raw);
    let mut lines: Vec<Line> = head.chain([Line::raw("")]).chain(text).collect();
    for difference in differences(app) {
        lines.push(Line::raw(""));
        let words = wrap(difference, columns).into_iter();
        lines.extend(words.map(|line| Line::styled(line, theme::warning())));
    }
    lines
}

/// What it prints beside what is shown: it reads all of the files anew.
fn differences(app: &App) -> impl Iterator<Item = &'static str> {
    let has_dropped = app.table.totals().dropped > 0;
    let told = [
        (
            app.following.stopped().is_some(),
            "It reads all of the input; here there was no room for the rest.",
        ),
        (
            has_dropped,
            "It reads what was dropped here, too (--keep, --memory).",
        ),
        (
            app.following.goes_on() && !has_dropped,
            "It reads the files as they are by then.",
        ),
    ];
    told.into_iter()
        .filter_map(|(holds, words)| holds.then_some(words))
}
