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

/// The words of a text in lines of at most so many columns; a longer word is cut.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(cut(word, columns)),
        }
    }
    lines
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
    fn both_ends_of_an_address_stay() {
        assert_eq!(shorten("2001:db8:1:2:3:4:5:8bc7", 15), "2001:db8:…:8bc7");
        assert_eq!(
            shorten("2001:db8:1:2:3:4:5:8bc7", 20),
            "2001:db8:…:4:5:8bc7"
        );
        assert_eq!(shorten("2001:db8::1234:5678:8bc7", 15), "2001:db8:…:8bc7");
        assert_eq!(shorten("10.0.0.1", 15), "10.0.0.1");
        for columns in 0..30 {
            assert!(width(&shorten("2001:db8::日本語:5:8bc7", columns)) <= columns);
            assert!(width(&cut("日本語 text", columns)) <= columns);
        }
        assert_eq!(pad("7", 3, true), "  7");
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("one twothree", 5), ["one", "twot…"]);
        assert!(wrap("", 5).is_empty());
    }
}
