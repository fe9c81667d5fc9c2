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

/// What else flows and packets are kept in, by how it begins, and what makes it readable.
const OTHERS: &[(&[u8], &str)] = &[
    (&[0xff, 0xd8, 0xff], "a JPEG image"),
    (
        b"\x0c\xa5",
        "an nfcapd file: nfdump -o json writes what is read here",
    ),
    (
        b"\xa5\x0c",
        "an nfcapd file: nfdump -o json writes what is read here",
    ),
    (b"\xfd7zXZ\0", "xz: pipe it through xz -dc"),
    (b"BZh", "bzip2: pipe it through bzip2 -dc"),
    (b"PK\x03\x04", "a zip archive: pipe it through unzip -p"),
    (b"\xd4\xc3\xb2\xa1", PACKETS),
    (b"\xa1\xb2\xc3\xd4", PACKETS),
    (b"\x4d\x3c\xb2\xa1", PACKETS),
    (b"\xa1\xb2\x3c\x4d", PACKETS),
    (b"\x0a\x0d\x0d\x0a", PACKETS),
];
const PACKETS: &str = "a packet capture: softflowd -r exports its flows to a collector";

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
    let text = String::from_utf8_lossy(&head[..whole_characters(head)]);
    let strange = text
        .chars()
        .filter(|&c| c == '\u{fffd}' || c.is_control() && !"\n\r\t".contains(c))
        .count();
    // a few broken characters make a line bad, many make it another kind of file
    if strange * 20 > text.chars().count() {
        let known = OTHERS.iter().find(|(magic, _)| head.starts_with(magic));
        return Err(known.map_or("neither gzip nor zstd nor text", |known| known.1));
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
    fn what_can_be_made_readable_is_told_how() {
        for (head, told) in [
            (&b"\xfd7zXZ\0\0\x04"[..], "xz -dc"),
            (b"BZh91AY&SY\x94\xa0\xe1\xf2\0\0", "bzip2 -dc"),
            (b"\x0c\xa5\x02\0", "nfdump -o json"),
            (b"\xd4\xc3\xb2\xa1\x02\0\x04\0", "packet capture"),
            (b"\x0a\x0d\x0d\x0a\x1c\0\0\0", "packet capture"),
        ] {
            let error = form(head).err().unwrap_or_default();
            assert!(error.contains(told), "{head:?}: {error}");
        }
        assert_eq!(form(b"BZh\n"), Ok(Form::Plain));
    }

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
