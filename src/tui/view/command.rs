//! The command line that prints what the view shows.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::tui::theme;
use crate::tui::widget::fit::wrap;

/// Draws it.
pub fn draw(text: &str, scroll: u16, frame: &mut Frame, area: Rect) {
    let scroll = scroll.min(last_scroll(text, area));
    frame.render_widget(Paragraph::new(lines(text, area)).scroll((scroll, 0)), area);
}

/// How far it can be scrolled.
pub fn last_scroll(text: &str, area: Rect) -> u16 {
    (lines(text, area).len() as u16).saturating_sub(area.height)
}

fn lines(text: &str, area: Rect) -> Vec<Line<'static>> {
    let columns = usize::from(area.width);
    let head = "The same from the command line (copied, OSC 52):";
    let head = wrap(head, columns).into_iter();
    let head = head.map(|line| Line::styled(line, theme::header()));
    let text = wrap(text, columns).into_iter().map(Line::raw);
    head.chain([Line::raw("")]).chain(text).collect()
}
