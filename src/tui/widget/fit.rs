//! Text made to fit so many columns of a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text, or its beginning and `…`.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = head(text, columns.saturating_sub(1)).to_owned();
    if columns > 0 {
        kept.push('…');
    }
    kept
}

/// The text, or `…` and its end: of a path the end matters.
pub fn cut_front(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let reversed: String = text.chars().rev().collect();
    cut(&reversed, columns).chars().rev().collect()
}

/// The text, or as many whole groups of its beginning and of its end as fit, with
/// `…` between: half a group of an address reads like another one.
pub fn shorten(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let colons: Vec<usize> = text.match_indices(':').map(|(at, _)| at).collect();
    let pairs = colons.iter().enumerate().flat_map(|(place, &head)| {
        let tails = colons[place..].iter();
        tails.map(move |&tail| (&text[..=head], &text[tail..]))
    });
    let long = |(head, tail): &(&str, &str)| (head.len() + tail.len(), head.len().min(tail.len()));
    let best = pairs
        .filter(|(head, tail)| width(head) + 1 + width(tail) <= columns)
        .max_by_key(long);
    match best {
        Some((head, tail)) => format!("{head}…{tail}"),
        None => cut(text, columns),
    }
}

/// The text in lines of this many columns, broken between words where that
/// leaves no line half empty; an empty text is one line.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    loop {
        let mut fits = head(rest, columns);
        if fits.len() == rest.len() {
            break;
        }
        if fits.is_empty() {
            // not even one character fits: it is shown all the same
            let first = rest.chars().next().map_or(rest.len(), char::len_utf8);
            fits = &rest[..first];
        }
        let space = fits.rfind(' ').filter(|&space| space >= fits.len() / 2);
        let end = if rest[fits.len()..].starts_with(' ') {
            fits.len()
        } else {
            space.unwrap_or(fits.len())
        };
        lines.push(rest[..end].to_owned());
        rest = rest[end..].strip_prefix(' ').unwrap_or(&rest[end..]);
    }
    lines.push(rest.to_owned());
    lines
}

/// As much of the beginning as fits.
fn head(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return &text[..at];
        }
    }
    text
}

/// Filled with spaces to so many columns, on the left or on the right.
pub fn pad(text: &str, columns: usize, right: bool) -> String {
    let fill = " ".repeat(columns.saturating_sub(width(text)));
    if right {
        format!("{fill}{text}")
    } else {
        format!("{text}{fill}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_where_lines_are_broken() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("", 7), [""]);
        for columns in 1..30 {
            let text = "2001:db8::日本語:5:8bc7 and some longwordwithoutanyspace";
            let lines = wrap(text, columns);
            assert!(lines.iter().all(|line| width(line) <= columns.max(2)));
            let plain = |text: &str| text.replace(' ', "");
            assert_eq!(plain(&lines.concat()), plain(text));
        }
    }
}
