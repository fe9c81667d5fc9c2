//! The traffic above a table, in one line, with brackets around the time that
//! the rows on the screen span.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::time::DAY;
use crate::query::time::timeline::Timeline;
use crate::tui::app::App;
use crate::tui::sparking::in_sight;
use crate::tui::state::spark::{LABEL, steps};
use crate::tui::state::time::LONG;
use crate::tui::theme;

/// Parts of a cell; what is not nothing is seen.
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// Shorter stretches are told in seconds, long ones in days with their years.
const SHORT: i64 = 600_000;

/// Draws it, if there is anything.
pub fn draw(app: &App, frame: &mut Frame, area: Rect) {
    let Some(line) = app.spark.line.as_ref().filter(|_| area.height > 0) else {
        return;
    };
    let bins = line.bins;
    let (begin, end) = (bins.begin, bins.start(bins.count));
    let [from, to] = labels(app, begin, end);
    let marks = marks(app, line, steps(area.width));
    let width = usize::from(LABEL);
    let left = Span::styled(format!("{from:>width$} "), theme::quiet());
    let right = Span::styled(format!(" {to}"), theme::quiet());
    let spans = [left].into_iter().chain(marks).chain([right]);
    frame.render_widget(Line::from(spans.collect::<Vec<_>>()), area);
}

/// The bars, with brackets where the rows on the screen are.
fn marks(app: &App, line: &Timeline, most: usize) -> Vec<Span<'static>> {
    let bins = line.bins;
    let top = line.sums().max().unwrap_or(0).max(1);
    let bar = |sum: u128| EIGHTHS[(sum * 8).div_ceil(top).min(8) as usize];
    let bars: Vec<&str> = line.sums().take(most).map(bar).collect();
    let text = |bars: &[&str]| bars.concat();
    let Some(sight) = in_sight(app).filter(|_| !bars.is_empty()) else {
        return vec![Span::styled(text(&bars), theme::quiet())];
    };
    let place = |moment: i64| {
        let bin = usize::try_from(bins.of(moment)).unwrap_or(0);
        bin.min(bars.len() - 1)
    };
    let (from, to) = (place(*sight.start()), place(*sight.end()) + 1);
    vec![
        Span::styled(text(&bars[..from]), theme::quiet()),
        Span::styled("[", theme::header()),
        Span::styled(text(&bars[from..to]), theme::accent()),
        Span::styled("]", theme::header()),
        Span::styled(text(&bars[to..]), theme::quiet()),
    ]
}

/// When all of it begins and ends, as closely as that matters; the day of the end
/// is told if it is another.
fn labels(app: &App, begin: i64, end: i64) -> [String; 2] {
    let print = |moment, pattern| app.context.zone.print(moment, pattern);
    if end - begin < SHORT {
        return [begin, end].map(|moment| print(moment, "%H:%M:%S"));
    }
    if end - begin > LONG {
        return [begin, end].map(|moment| print(moment, "%Y-%m-%d"));
    }
    let same_day = app.context.zone.floor(begin, DAY) == app.context.zone.floor(end, DAY);
    let pattern = if same_day { "%H:%M" } else { "%m-%d %H:%M" };
    [print(begin, "%m-%d %H:%M"), print(end, pattern)]
}
