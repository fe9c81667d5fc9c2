//! The keys, the commands and the words of filters, from their catalogues.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::query::words::WORDS;
use crate::tui::action::KEYS;
use crate::tui::command::COMMANDS;
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
    lines.extend(more());
    lines
}

/// Commands and the words of filters, from their catalogues.
fn more() -> Vec<Line<'static>> {
    let row = |form: String, help: &'static str| {
        Line::from(vec![
            Span::styled(pad(&form, 40, false), theme::accent()),
            Span::raw(help),
        ])
    };
    let head = |text| [Line::raw(""), Line::styled(text, theme::header())];
    let commands = COMMANDS
        .iter()
        .map(|command| row(format!(":{}", command.form), command.help));
    let words = WORDS.iter().map(|word| row(word.usage(), word.help));
    head("Commands")
        .into_iter()
        .chain(commands)
        .chain(head("Words of filters (flowpeek help filter says more)"))
        .chain(words)
        .collect()
}
