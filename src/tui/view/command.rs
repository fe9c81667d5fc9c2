//! The command line that prints what the view shows.

use ratatui::text::Line;

use crate::tui::theme;
use crate::tui::widget::fit::wrap;

/// The lines of the pane.
pub fn lines(text: &str, columns: usize) -> Vec<Line<'static>> {
    let head = "The same from the command line (copied, OSC 52):";
    let head = wrap(head, columns).into_iter();
    let head = head.map(|line| Line::styled(line, theme::header()));
    let text = wrap(text, columns).into_iter().map(Line::raw);
    head.chain([Line::raw("")]).chain(text).collect()
}
