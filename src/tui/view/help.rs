//! The keys, from their catalogue.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::tui::action::KEYS;
use crate::tui::theme;
use crate::tui::widget::fit::pad;

/// Draws the keys.
pub fn draw(scroll: u16, frame: &mut Frame, area: Rect) {
    let scroll = scroll.min(last_scroll(area));
    frame.render_widget(Paragraph::new(lines()).scroll((scroll, 0)), area);
}

/// How far the keys can be scrolled.
pub fn last_scroll(area: Rect) -> u16 {
    (lines().len() as u16).saturating_sub(area.height)
}

fn lines() -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled("Keys", theme::header())];
    for key in KEYS.iter().filter(|key| !key.label.is_empty()) {
        lines.push(Line::from(vec![
            Span::styled(pad(key.label, 18, false), theme::accent()),
            Span::raw(key.help),
        ]));
    }
    lines.push(Line::raw(""));
    lines.push(Line::raw(
        "Filter: host 10.0.0.0/8 and dst port 443 and not proto udp and bytes > 1M",
    ));
    lines
}
