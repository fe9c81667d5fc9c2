//! What a stream is, told by its first bytes: no more of them than it takes,
//! because who pipes may be slow.

use std::io;

use super::frame;
use super::member::MAGIC;
use super::window::Window;

/// Buffers what comes first, and more only where it may still become compressed.
///
/// # Errors
/// What the stream answers.
pub fn fill(window: &mut Window) -> io::Result<()> {
    window.fill(1)?;
    while !window.ended() && is_undecided(window.ahead()) {
        window.fill(window.ahead().len() + 1)?;
    }
    Ok(())
}

/// Whether it takes more to tell.
pub fn is_undecided(head: &[u8]) -> bool {
    head.len() < MAGIC.len() && MAGIC.starts_with(head) || frame::may_begin(head)
}

/// How a stream is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Gzip members.
    Gzip,
    /// Zstandard frames.
    Zstd,
    /// As it is.
    Plain,
}

/// The form of a stream, by how it begins.
///
/// # Errors
/// When it is neither compressed nor text: what it is.
pub fn form(head: &[u8]) -> Result<Form, &'static str> {
    if head.starts_with(&MAGIC) {
        return Ok(Form::Gzip);
    }
    if frame::begins(head) {
        return Ok(Form::Zstd);
    }
    if head.starts_with(&MAGIC[..2]) {
        return Err("gzip of an unknown method");
    }
    if head.starts_with(&[0xff, 0xd8, 0xff]) {
        return Err("a JPEG image");
    }
    let text = String::from_utf8_lossy(&head[..whole_characters(head)]);
    let strange = text
        .chars()
        .filter(|&c| c == '\u{fffd}' || c.is_control() && !"\n\r\t".contains(c))
        .count();
    // a few broken characters make a line bad, many make it another kind of file
    if strange * 20 > text.chars().count() {
        return Err("neither gzip nor zstd nor text");
    }
    Ok(Form::Plain)
}

/// Bytes without a last character that the end cuts in two.
fn whole_characters(head: &[u8]) -> usize {
    let last = head[head.len().saturating_sub(4)..].utf8_chunks().last();
    let rest = last.map_or(&[][..], |chunk| chunk.invalid());
    let is_cut = str::from_utf8(rest).is_err_and(|error| error.error_len().is_none());
    head.len() - if is_cut { rest.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_beginning_of_a_text_is_text() {
        let text = "\u{feff}{\"größe\": \"日本 😀\"}";
        for end in 1..=text.len() {
            assert_eq!(form(&text.as_bytes()[..end]), Ok(Form::Plain), "{end}");
        }
        assert_eq!(
            form(b"\xf0\x9f"),
            Ok(Form::Plain),
            "it may become a character"
        );
        assert!(form(b"\x9f").is_err() && form(b"\xf0(").is_err());
    }
}
