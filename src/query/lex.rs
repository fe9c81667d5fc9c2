//! A filter's text cut into words and signs, each with its place.

use std::ops::Range;

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// Letters, digits and whatever addresses and units are made of.
    Word(String),
    /// Text in quotes.
    Quoted(String),
    /// One of [`SIGNS`].
    Sign(&'static str),
}

/// A token and the bytes of the text it covers.
pub type Placed = (Token, Range<usize>);

/// All signs, longer ones before those they begin with.
pub const SIGNS: [&str; 15] = [
    "&&", "||", "==", "!=", ">=", "<=", "(", ")", "[", "]", ",", "!", "=", ">", "<",
];

/// Cuts a text into tokens.
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
        } else if c == '"' {
            let Some(end) = rest[1..].find('"') else {
                return Err((at..text.len(), "the closing quote is missing"));
            };
            (Token::Quoted(rest[1..=end].to_owned()), end + 2)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            let end = rest.find(ends_word).unwrap_or(rest.len());
            if end == 0 {
                return Err((at..at + c.len_utf8(), "this sign means nothing here"));
            }
            (Token::Word(rest[..end].to_owned()), end)
        };
        tokens.push((token, at..at + length));
        at += length;
    }
    Ok(tokens)
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || "()[],!=<>&|\"".contains(c)
}
