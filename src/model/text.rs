//! Text from strangers, made fit for a terminal. Cleaned once where it enters,
//! so that no later layer has to remember to do it.

use std::fmt::Write;

/// Whether a character may reach a terminal as it is. Not the controls (C0,
/// C1), and nothing that reorders, hides or joins what stands beside it:
/// bidirectional marks, zero-width characters, separators, variation selectors
/// and tags, private use and noncharacters.
pub fn is_printable(c: char) -> bool {
    !(c.is_control()
        || matches!(u32::from(c),
            0x00ad | 0x034f | 0x061c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
            | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f
            | 0xfeff | 0xffa0 | 0xfff0..=0xffff | 0xe000..=0xf8ff | 0xe0000..=0x10ffff))
}

/// The text with every other character written as `\u{1b}`, at most `limit`
/// characters long (`…` at the end when it was cut).
pub fn clean(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit));
    for (count, c) in text.chars().enumerate() {
        if count == limit {
            out.push('…');
            break;
        }
        if is_printable(c) {
            out.push(c);
        } else {
            // writing to a String cannot fail
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
    }
    out
}

/// Bytes that may be no text at all, likewise: what is not UTF-8 is written as `\x9f`.
pub fn clean_bytes(bytes: &[u8], limit: usize) -> String {
    let mut out = String::new();
    let mut room = limit;
    for chunk in bytes.utf8_chunks() {
        out.push_str(&clean(chunk.valid(), room));
        room = room.saturating_sub(chunk.valid().chars().count());
        for byte in chunk.invalid() {
            if room == 0 {
                return out;
            }
            room -= 1;
            // writing to a String cannot fail
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_or_hides_passes() {
        let hostile = "a\u{1b}[2J\u{7}\u{9b}\u{202e}\u{200b}\u{2028}\u{e0041}\0\r\n\tz";
        let shown = clean(hostile, 1000);
        assert!(shown.chars().all(is_printable), "{shown}");
        assert!(shown.starts_with("a\\u{1b}[2J") && shown.ends_with('z'));
        assert_eq!(clean("größer 10 µs – 日本", 99), "größer 10 µs – 日本");
        assert_eq!(clean("abcdef", 3), "abc…");
        assert_eq!(
            clean_bytes(b"a\xffb\x1b\xc3(\xc3\xa4", 99),
            "a\\xffb\\u{1b}\\xc3(ä"
        );
        assert_eq!(clean_bytes(b"abcdef", 3), "abc…");
        assert_eq!(clean_bytes(&[0xff; 9], 2), "\\xff\\xff");
    }
}
