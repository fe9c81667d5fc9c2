//! The view of time: a bar for each step, what sources sent below what
//! destinations sent, with a scale, an axis, the cursor and the brush.

use std::ops::Range;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};

use super::empty::{why_no_bar, why_no_sum};
use super::layers;
use crate::model::time::Zone;
use crate::model::units;
use crate::query::time::timeline::{Amount, Timeline};
use crate::tui::app::App;
use crate::tui::state::tabs::Body;
use crate::tui::state::time::{Date, SCALE, clock};
use crate::tui::theme;
use crate::tui::widget::grid::below;

/// Lines below the bars: the axis, its times.
const AXIS: u16 = 2;
/// Parts of a cell.
const EIGHTHS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// What sources sent, and what destinations sent.
const SENT: &str = EIGHTHS[7];
const RECEIVED: &str = "▒";

/// Draws the timeline, or why there is none.
pub fn draw(app: &App, frame: &mut Frame, area: Rect) {
    let Some(line) = app
        .together
        .time
        .course
        .line
        .as_ref()
        .filter(|line| line.bins.count > 0)
    else {
        let words = match app.answered == app.asked {
            true => why_no_sum(app, "spread over time"),
            false => "Spreading rows over time.".to_owned(),
        };
        frame.render_widget(Text::raw(words), below(area));
        return;
    };
    let mut words = vec![about(app, line)];
    if let Some(stack) = &app.together.time.course.stack {
        let amount = app.together.time.amount;
        let text = |number| told(amount, number);
        words.extend(layers::legend(app, stack, &marked(app), text));
    }
    let lines = words.len() as u16;
    frame.render_widget(Text::from(words), area);
    let bars = Rect {
        x: area.x + SCALE,
        y: area.y + lines,
        width: area.width.saturating_sub(SCALE),
        height: area.height.saturating_sub(AXIS + lines),
    };
    let most = line.sums().max().unwrap_or(0).max(1);
    axis(app, line, bars, frame.buffer_mut());
    if app.together.time.range.is_some() && line.sums().all(|sum| sum == 0) {
        frame.render_widget(Text::raw(why_no_bar(app)), bars);
        return;
    }
    scale(app.together.time.amount, most, bars, frame.buffer_mut());
    draw_bars(app, line, most, bars, frame.buffer_mut());
}

/// The steps under the brush, or under the cursor.
fn marked(app: &App) -> Range<usize> {
    let cursor = app.together.time.cursor();
    let brushed = app.together.time.brushed();
    brushed.unwrap_or(cursor..cursor + 1)
}

/// What the cursor or the brush is on.
fn about<'a>(app: &App, line: &Timeline) -> Line<'a> {
    let time = &app.together.time;
    let steps = marked(app);
    let within = |values: &[u128]| {
        values
            .get(steps.clone())
            .map_or(0, |values| values.iter().sum::<u128>())
    };
    let (sent, received) = (within(&line.sent), within(&line.received));
    let step = line.bins.step;
    let (begin, end) = (line.bins.start(steps.start), line.bins.start(steps.end));
    let zone = &app.context.zone;
    let from = clock(zone, begin, step, Date::Year);
    let to = clock(zone, end, step, day(zone, begin, end));
    let all = match time.amount {
        Amount::Connections => format!(
            "{} begun",
            units::many(sent + received, app.together.noun())
        ),
        amount => told(amount, sent + received),
    };
    let mark = if time.brushed().is_some() {
        "brush "
    } else {
        ""
    };
    let mut told = Line::from(vec![
        Span::styled(format!("{mark}{from} - {to}  "), theme::header()),
        Span::raw(all),
    ]);
    let bar = Line::styled(
        format!("  a bar is {}", units::duration(step)),
        theme::quiet(),
    );
    // what there is no room for is left out whole
    for part in [ways(app, sent, received), vec![bar]] {
        let left = usize::from(app.size.width).saturating_sub(told.width());
        let part = part.into_iter().find(|part| part.width() <= left);
        told.spans.extend(part.unwrap_or_default().spans);
    }
    told
}

/// The date that the end of a stretch is told with, which its beginning has whole.
fn day(zone: &Zone, begin: i64, end: i64) -> Date {
    Date::needed(begin, end, zone).min(Date::Day)
}

/// Which sign of the bars is whose, with what they sent where there is room, in
/// several lengths. Groups have a legend that tells more.
fn ways(app: &App, sent: u128, received: u128) -> Vec<Line<'static>> {
    let time = &app.together.time;
    if time.course.stack.is_some() || time.amount == Amount::Connections {
        return Vec::new();
    }
    let [sent, received] = [sent, received].map(|number| time.amount.shown(number));
    let words = [
        [
            " (",
            &format!(" {sent} by sources, "),
            &format!(" {received} by destinations)"),
        ],
        [
            " (",
            &format!(" {sent} sources, "),
            &format!(" {received} destinations)"),
        ],
        ["  ", " sources ", " destinations"],
        ["  ", " src ", " dst"],
    ];
    let line = |[before, sources, destinations]: [&str; 3]| {
        Line::from(vec![
            Span::raw(before.to_owned()),
            Span::styled(SENT, theme::accent()),
            Span::raw(sources.to_owned()),
            Span::styled(RECEIVED, theme::service()),
            Span::raw(destinations.to_owned()),
        ])
    };
    words.map(line).into()
}

fn told(amount: Amount, number: u128) -> String {
    match amount {
        Amount::Packets if number == 1 => units::many(number, "packets"),
        Amount::Packets => format!("{} packets", amount.shown(number)),
        Amount::Bytes | Amount::Connections => amount.shown(number),
    }
}

fn scale(amount: Amount, most: u128, bars: Rect, buffer: &mut Buffer) {
    let marks = [(bars.y, most), (bars.y + bars.height / 2, most / 2)];
    for (y, number) in marks {
        if y < bars.bottom() {
            buffer.set_string(
                bars.x - SCALE,
                y,
                format!("{:>8}", amount.shown(number)),
                theme::quiet(),
            );
        }
    }
}

fn draw_bars(app: &App, line: &Timeline, most: u128, bars: Rect, buffer: &mut Buffer) {
    let time = &app.together.time;
    let marked = marked(app);
    let cells = u128::from(bars.height) * 8;
    for (bin, (sent, received)) in line
        .sent
        .iter()
        .zip(&line.received)
        .enumerate()
        .take(usize::from(bars.width))
    {
        let x = bars.x + bin as u16;
        let eighths = |part: u128| (part * cells).div_ceil(most) as u16;
        let column = Rect {
            x,
            width: 1,
            ..bars
        };
        if let Some(stack) = &time.course.stack {
            layers::bar(stack, bin, column, eighths, buffer);
        } else {
            draw_ways(column, eighths(*sent), eighths(sent + received), buffer);
        }
        if marked.contains(&bin) {
            buffer.set_style(column, theme::selected());
        }
    }
}

/// A bar of both ways, so many eighths of a cell high below and in all.
fn draw_ways(bars: Rect, below: u16, all: u16, buffer: &mut Buffer) {
    for row in 0..bars.height {
        let y = bars.bottom() - 1 - row;
        let (full, from) = (all.saturating_sub(row * 8).min(8), row * 8);
        let (symbol, style) = match full {
            0 => (" ", Style::new()),
            // what destinations sent is told by another pattern too
            8 if below <= from + 4 => (RECEIVED, theme::service()),
            // which is that of sources in ASCII
            7 if below <= from => (RECEIVED, theme::service()),
            full if below <= from => (EIGHTHS[usize::from(full) - 1], theme::service()),
            full => (EIGHTHS[usize::from(full) - 1], theme::accent()),
        };
        buffer.set_string(bars.x, y, symbol, style);
    }
}

/// The line below the bars, and times under it, as many as there is room for.
fn axis(app: &App, line: &Timeline, bars: Rect, buffer: &mut Buffer) {
    let y = bars.bottom();
    let used = (line.bins.count as u16).min(bars.width);
    buffer.set_string(bars.x, y, "─".repeat(usize::from(used)), theme::quiet());
    let (zone, bins) = (&app.context.zone, line.bins);
    let date = day(zone, bins.begin, bins.start(bins.count) - 1);
    let text = |bin: u16| clock(zone, bins.start(usize::from(bin)), bins.step, date);
    let apart = (text(0).len() as u16 + 3).max(10);
    for bin in (0..used).step_by(usize::from(apart)) {
        let text = text(bin);
        let x = bars.x + bin;
        if x + text.len() as u16 <= bars.right() {
            buffer.set_string(x, y, "┴", theme::quiet());
            buffer.set_string(x, y + 1, text, theme::quiet());
        }
    }
}

/// The stretch that is shown, for the status line, unless it is all there is.
pub fn zoomed(app: &App, brief: bool) -> Option<String> {
    let time = &app.together.time;
    let is_here = app.tab().info.body == Body::Timeline;
    let range = time.range.as_ref().filter(|_| is_here)?;
    if brief {
        return Some("zoomed".to_owned());
    }
    let zone = &app.context.zone;
    let length = range.end.saturating_sub(range.start);
    let date = day(zone, range.start, range.end);
    let [from, to] = [range.start, range.end].map(|moment| clock(zone, moment, length / 10, date));
    Some(format!("zoomed {from} - {to}"))
}

/// What is spread over time, for the status line.
pub fn count(app: &App, brief: bool) -> String {
    let time = &app.together.time;
    let by = time.course.stack.as_ref().map_or(String::new(), |stack| {
        let names: Vec<String> = stack.groups.by.iter().map(|by| by.name()).collect();
        format!(" by {}", names.join(","))
    });
    let sum: u128 = time
        .course
        .line
        .as_ref()
        .map_or(0, |line| line.sums().sum());
    let noun = app.together.noun();
    match (time.amount, brief) {
        (Amount::Connections, true) => units::commas(sum),
        (Amount::Connections, false) => format!("{} over time{by}", units::many(sum, noun)),
        (amount, true) => told(amount, sum),
        (amount, false) => format!("{} of {noun} over time{by}", told(amount, sum)),
    }
}
