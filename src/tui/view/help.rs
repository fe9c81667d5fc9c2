//! The keys, the commands and the words of filters, from their catalogues.

use ratatui::text::{Line, Span};

use crate::query::language::words::WORDS;
use crate::tui::keys::action::KEYS;
use crate::tui::keys::bindings::Bindings;
use crate::tui::keys::command::COMMANDS;
use crate::tui::theme;
use crate::tui::widget::fit::{pad, width, wrap};

/// Columns of a key, and of a command or a word of filters.
const KEY: usize = 18;
const FORM: usize = 40;
/// With less room beside it, what a row says stands below, so far to the right.
const BESIDE: usize = 30;
const BELOW: usize = 4;

/// The lines of the pane.
pub fn lines(bindings: &Bindings, columns: usize) -> Vec<Line<'static>> {
    let head = |text: &str| {
        let text = wrap(text, columns).into_iter();
        let text = text.map(|line| Line::styled(line, theme::header()));
        std::iter::once(Line::raw(""))
            .chain(text)
            .collect::<Vec<_>>()
    };
    let mut lines = vec![Line::styled("Keys", theme::header())];
    let keys = KEYS.iter().enumerate();
    for (place, key) in keys.filter(|(_, key)| !key.label.is_empty()) {
        lines.extend(row(&bindings.label(place), KEY, key.help, columns));
    }
    lines.push(Line::raw(""));
    let example = "Filter: host 10.0.0.0/8 and dst port 443 and not proto udp and bytes > 1M";
    lines.extend(wrap(example, columns).into_iter().map(Line::raw));
    lines.extend(head(
        "Commands (Tab completes, Up and Down walk earlier ones)",
    ));
    for command in COMMANDS {
        let form = format!(":{}", command.form);
        lines.extend(row(&form, FORM, command.help, columns));
    }
    lines.extend(head("Words of filters (flowpeek help filter says more)"));
    for word in WORDS {
        lines.extend(row(&word.usage(), FORM, word.help, columns));
    }
    lines
}

/// A form and what it means, beside it where there is room for both, else below.
fn row(form: &str, indent: usize, help: &str, columns: usize) -> Vec<Line<'static>> {
    let beside = columns >= indent + BESIDE && width(form) < indent;
    let indent = if beside { indent } else { BELOW };
    let mut first = vec![Span::styled(pad(form, indent, false), theme::accent())];
    let mut help = wrap(help, columns.saturating_sub(indent)).into_iter();
    if beside {
        first.extend(help.next().map(Span::raw));
    }
    let rest = help.map(|line| Line::raw(format!("{}{line}", " ".repeat(indent))));
    std::iter::once(Line::from(first)).chain(rest).collect()
}
