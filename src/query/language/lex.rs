//! A filter's text cut into words and signs, each with its place.

use std::ops::Range;

use crate::model::text::clean;

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// Letters, digits and whatever addresses and units are made of.
    Word(String),
    /// Text in quotes, double or single; there is no escape.
    Quoted(String),
    /// One of [`SIGNS`].
    Sign(&'static str),
}

/// A token and the bytes of the text it covers.
pub type Placed = (Token, Range<usize>);

/// All signs, longer ones before those they begin with.
pub const SIGNS: [&str; 17] = [
    "&&", "||", "==", "!=", "!~", ">=", "<=", "(", ")", "[", "]", ",", "!", "=", "~", ">", "<",
];

/// Cuts a text into tokens; `#` hides the rest of a line.
///
/// # Errors
/// The place of a quote that is not closed, or of a lone sign.
pub fn tokens(text: &str) -> Result<Vec<Placed>, (Range<usize>, &'static str)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        } else if c == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        } else if is_quote(c) {
            let Some(end) = rest[1..].find(c) else {
                return Err((at..text.len(), "the closing quote is missing"));
            };
            (Token::Quoted(cleaned(&rest[1..=end])), end + 2)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            let end = rest.find(ends_word).unwrap_or(rest.len());
            if end == 0 {
                return Err((at..at + c.len_utf8(), lone(c)));
            }
            (Token::Word(cleaned(&rest[..end])), end)
        };
        tokens.push((token, at..at + length));
        at += length;
    }
    Ok(tokens)
}

/// As the text that it will be compared with.
fn cleaned(text: &str) -> String {
    clean(text, usize::MAX)
}

fn is_quote(c: char) -> bool {
    c == '"' || c == '\''
}

fn lone(c: char) -> &'static str {
    match c {
        '&' => "a single & means nothing: did you mean \"&&\"?",
        '|' => "a single | means nothing: did you mean \"||\"?",
        _ => "this sign means nothing here",
    }
}

/// Whether a character is no part of a word.
pub fn ends_word(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || "()[],!=~<>&|".contains(c)
}
