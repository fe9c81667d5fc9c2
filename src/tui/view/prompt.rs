//! The lines at the bottom while something is typed: the filter with what is
//! wrong with it or what Tab offers, or a command.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::query::language::cursor::FilterError;
use crate::tui::app::App;
use crate::tui::hosts;
use crate::tui::state::editor::{Editor, Offer};
use crate::tui::state::prompt::Prompt;
use crate::tui::state::typing::Typing;
use crate::tui::theme;
use crate::tui::widget::fit::width;

/// What helps while nothing is wrong.
const OF_FILTERS: &[&str] = &[
    "Enter keeps",
    "Esc restores",
    "Ctrl-u empties",
    "Tab completes",
    "Up Down history",
];
const OF_COMMANDS: &[&str] = &[
    "Enter does it",
    "Esc leaves",
    "Tab completes",
    "Up Down history",
];

const FULL: &str = "no room for that: 60,000 bytes at most; Esc leaves";

/// The filter being typed.
pub fn draw_filter(app: &App, typing: &Typing, frame: &mut Frame, area: Rect) {
    let [first, second] = lines(area);
    let prompt = &typing.editor.prompt;
    let text = marked(prompt.text(), typing.error.as_ref());
    let hidden = draw_prompt('/', (prompt, text), &hosts::pending(app), frame, first);
    let error = typing.error.as_ref();
    let error = error.map(|error| mistake(error, prompt.text(), hidden, second.width));
    draw_below(&typing.editor, error, OF_FILTERS, frame, second);
}

/// The command being typed.
pub fn draw_command(editor: &Editor, frame: &mut Frame, area: Rect) {
    let [first, second] = lines(area);
    let text = vec![Span::raw(editor.prompt.text())];
    draw_prompt(':', (&editor.prompt, text), "", frame, first);
    draw_below(editor, None, OF_COMMANDS, frame, second);
}

/// That of what is typed, and the one below it.
fn lines(area: Rect) -> [Rect; 2] {
    Layout::vertical([Constraint::Length(1), Constraint::Length(1)]).areas(area)
}

/// What Tab offers, else what did not fit or is wrong, else what helps.
fn draw_below(
    editor: &Editor,
    error: Option<Line<'static>>,
    help: &[&str],
    frame: &mut Frame,
    area: Rect,
) {
    let line = match &editor.offer {
        Some(offer) => offered(offer, area.width),
        None if editor.full => Line::styled(FULL, theme::warning()),
        None => error.unwrap_or_else(|| helpful(help, area.width)),
    };
    frame.render_widget(line, area);
}

/// As many of the words as there is room for.
fn helpful(words: &[&str], room: u16) -> Line<'static> {
    let lines = (1..=words.len()).rev().map(|end| words[..end].join("  "));
    let line = lines.into_iter().find(|line| width(line) <= room.into());
    Line::styled(line.unwrap_or_default(), theme::quiet())
}

/// A line with its cursor; a long one is scrolled so that the cursor stays in
/// sight. Returns how many columns are out of sight.
fn draw_prompt(
    sign: char,
    (prompt, text): (&Prompt, Vec<Span>),
    aside: &str,
    frame: &mut Frame,
    area: Rect,
) -> u16 {
    let sign = Span::styled(sign.to_string(), theme::accent());
    let aside = [Span::raw("  "), Span::styled(aside, theme::progress())];
    let spans = [sign].into_iter().chain(text).chain(aside);
    let line = Line::from(spans.collect::<Vec<_>>());
    let cursor = width(prompt.before()) as u16 + 1;
    let hidden = cursor.saturating_sub(area.width.saturating_sub(1));
    frame.render_widget(Paragraph::new(line).scroll((0, hidden)), area);
    frame.set_cursor_position((area.x + cursor - hidden, area.y));
    hidden
}

/// A text with its mistake marked: below it there is not always room for carets.
fn marked<'a>(text: &'a str, error: Option<&FilterError>) -> Vec<Span<'a>> {
    let parts = error.and_then(|error| {
        let (before, rest) = text.split_at_checked(error.span.start)?;
        let (wrong, after) = rest.split_at_checked(error.span.len())?;
        Some([before, wrong, after])
    });
    let Some([before, wrong, after]) = parts else {
        return vec![Span::raw(text)];
    };
    vec![
        Span::raw(before),
        Span::styled(wrong, theme::mistake()),
        Span::raw(after),
    ]
}

/// Carets under the mistake and what is wrong, beside them where there is room.
fn mistake(error: &FilterError, text: &str, hidden: u16, room: u16) -> Line<'static> {
    let columns = |end: usize| text.get(..end).map_or(0, width) as u16;
    // the sign before the text takes a column
    let begin = (columns(error.span.start) + 1)
        .saturating_sub(hidden)
        .min(room - 1);
    let end = (columns(error.span.end) + 1)
        .saturating_sub(hidden)
        .min(room);
    let carets = usize::from(end.saturating_sub(begin).max(1));
    let (begin, room) = (usize::from(begin), usize::from(room));
    let message = &error.message;
    let line = if begin + carets + 1 + width(message) <= room {
        format!("{}{} {message}", " ".repeat(begin), "^".repeat(carets))
    } else if width(message) < begin {
        let space = " ".repeat(begin - width(message) - 1);
        format!("{space}{message} {}", "^".repeat(carets))
    } else {
        shortest(message, room).to_owned()
    };
    Line::styled(line, theme::warning())
}

/// A message, or the word that was meant where there is no room for more.
fn shortest(message: &str, room: usize) -> &str {
    let meant = message
        .rfind("did you mean")
        .filter(|_| width(message) > room);
    meant.map_or(message, |begin| &message[begin..])
}

/// The offers, from a place that has the one in the line in sight.
fn offered(offer: &Offer, room: u16) -> Line<'static> {
    let items = &offer.completion.items;
    let mut first = offer.at;
    let mut used = items.get(first).map_or(0, |item| width(item) + 2);
    while first > 0 && used + width(&items[first - 1]) + 2 <= usize::from(room) {
        first -= 1;
        used += width(&items[first]) + 2;
    }
    let spans = items.iter().enumerate().skip(first).flat_map(|(at, item)| {
        let style = theme::item(at == offer.at);
        [Span::styled(item.clone(), style), Span::raw("  ")]
    });
    Line::from(spans.collect::<Vec<_>>())
}
