//! The panes that scroll: each gives its lines, and here they are drawn, from as far down as
//! one has gone.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::{command, detail, help, source};
use crate::tui::app::{App, Pane};

/// What a pane shows.
struct Content {
    /// What stays in sight.
    head: Vec<Line<'static>>,
    /// What scrolls below it.
    lines: Vec<Line<'static>>,
    /// Lines scrolled.
    scroll: u16,
}

/// What the pane shows, if it is one that scrolls.
fn content(app: &App, width: u16) -> Option<Content> {
    let columns = usize::from(width);
    let (head, lines, scroll) = match &app.pane {
        Pane::Table | Pane::Columns(_) => return None,
        Pane::Detail(open) => {
            let head = detail::ends(app, open, columns);
            (head, detail::lines(app, open, columns), open.scroll)
        }
        Pane::Source(open) => (vec![], source::lines(app, open, columns), open.scroll),
        Pane::Command(text, scroll) => (vec![], command::lines(app, text, columns), *scroll),
        Pane::Help(scroll) => (vec![], help::lines(&app.bindings, columns), *scroll),
    };
    Some(Content {
        head,
        lines,
        scroll,
    })
}

impl Content {
    /// Where both parts are; what stays leaves room for what scrolls.
    fn parts(&self, area: Rect) -> [Rect; 2] {
        let height = rows(&self.head).min(area.height / 2);
        Layout::vertical([Constraint::Length(height), Constraint::Min(0)]).areas(area)
    }

    /// How far it can be scrolled.
    fn last_scroll(&self, area: Rect) -> u16 {
        let [_, below] = self.parts(area);
        rows(&self.lines).saturating_sub(below.height)
    }
}

fn rows(lines: &[Line]) -> u16 {
    u16::try_from(lines.len()).unwrap_or(u16::MAX)
}

/// Draws the pane. The screen may have grown since it was scrolled.
pub fn draw(app: &App, frame: &mut Frame, area: Rect) {
    let Some(content) = content(app, area.width) else {
        return;
    };
    let [above, below] = content.parts(area);
    let scroll = content.scroll.min(content.last_scroll(area));
    frame.render_widget(Paragraph::new(content.head), above);
    frame.render_widget(Paragraph::new(content.lines).scroll((scroll, 0)), below);
}

/// How far the pane can be scrolled; not at all where there is none.
pub fn last_scroll(app: &App, area: Rect) -> u16 {
    content(app, area.width).map_or(0, |content| content.last_scroll(area))
}
