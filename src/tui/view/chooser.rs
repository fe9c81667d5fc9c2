//! The list of fields of which the columns are chosen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::query::field::FIELDS;
use crate::tui::app::App;
use crate::tui::theme;
use crate::tui::widget::fit::{cut, pad};

/// Columns of a header in the list.
const HEADER: usize = 18;

/// Draws the fields, scrolled so that the chosen line is in sight.
pub fn draw(app: &App, chosen: usize, frame: &mut Frame, area: Rect) {
    let (tab, width) = (app.tab(), usize::from(area.width));
    let title = format!("Columns of {}", tab.info.title());
    let mut lines = vec![Line::styled(title, theme::header())];
    let height = usize::from(area.height).saturating_sub(1);
    let first = (chosen + 1).saturating_sub(height);
    let fields = FIELDS.iter().enumerate().skip(first).take(height);
    lines.extend(fields.map(|(place, field)| {
        let mark = if tab.columns.has(field) { 'x' } else { ' ' };
        let header = pad(field.header, HEADER, false);
        let text = cut(&format!("[{mark}] {header}{}", field.help), width);
        match place == chosen {
            true => Line::styled(pad(&text, width, false), theme::selected()),
            false => Line::raw(text),
        }
    }));
    frame.render_widget(Paragraph::new(lines), area);
}
