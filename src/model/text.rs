//! Text from strangers, made fit for a terminal. Cleaned once where it enters,
//! so that no later layer has to remember to do it.

use unicode_width::UnicodeWidthChar;

/// Marks (accents, vowels) that may stand on one character; no language needs more.
const MARKS: usize = 3;

/// Whether a character may reach a terminal as it is. Not the controls (C0,
/// C1), and nothing that reorders, hides or joins what stands beside it:
/// bidirectional marks, letters that are written from right to left (a terminal
/// that knows of them turns round the numbers beside them too), zero-width
/// characters, separators, variation selectors and tags, private use and
/// noncharacters.
pub fn is_printable(c: char) -> bool {
    !(c.is_control()
        || matches!(u32::from(c),
            0x00ad | 0x034f | 0x061c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
            | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f
            | 0xfeff | 0xffa0 | 0xfff0..=0xffff | 0xe000..=0xf8ff | 0xe0000..=0x10ffff)
        || matches!(u32::from(c),
            0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefe | 0x1_0800..=0x1_0fff
            | 0x1_e800..=0x1_efff))
}

/// Goes through a text and tells of each character whether it may be printed there.
struct Printer {
    marks: usize,
}

impl Printer {
    /// A mark at the beginning would change what stands before the text.
    fn new() -> Self {
        Printer { marks: MARKS }
    }

    fn takes(&mut self, c: char) -> bool {
        self.marks = match c.width() {
            Some(0) => self.marks + 1,
            _ => 0,
        };
        is_printable(c) && self.marks <= MARKS
    }
}

/// Whether a text may reach a terminal as it is.
pub fn is_clean(text: &str) -> bool {
    let mut printer = Printer::new();
    text.chars().all(|c| printer.takes(c))
}

/// What of a text may reach a terminal behind another.
pub fn clean_behind(before: &str, text: &str) -> String {
    let mut printer = Printer::new();
    for c in before.chars() {
        printer.takes(c);
    }
    let fits = |c: &char| is_printable(*c) && printer.takes(*c);
    text.chars().filter(fits).collect()
}

/// Text that is being made fit, up to so many characters.
struct Cleaned {
    text: String,
    room: usize,
}

impl Cleaned {
    fn new(length: usize, limit: usize) -> Self {
        Cleaned {
            text: String::with_capacity(length.min(limit)),
            room: limit,
        }
    }

    /// Takes a piece whole; where there is no room for it, `…` ends the text and nothing more
    /// is to come.
    fn push(&mut self, piece: &str) -> bool {
        let left = self.room.checked_sub(piece.chars().count());
        self.text.push_str(left.map_or("…", |_| piece));
        self.room = left.unwrap_or(0);
        left.is_some()
    }

    fn push_clean(&mut self, text: &str) -> bool {
        let mut printer = Printer::new();
        text.chars().all(|c| match printer.takes(c) {
            true => self.push(c.encode_utf8(&mut [0; 4])),
            false => self.push(&format!("\\u{{{:x}}}", u32::from(c))),
        })
    }
}

/// The text with every other character written as `\u{1b}`, at most `limit` characters of that
/// long and then `…` where it was cut.
pub fn clean(text: &str, limit: usize) -> String {
    let mut out = Cleaned::new(text.len(), limit);
    out.push_clean(text);
    out.text
}

/// Several lines likewise, each for itself.
pub fn clean_lines(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| clean(line, usize::MAX))
        .collect();
    lines.join("\n")
}

/// Bytes that may be no text at all, likewise: what is not UTF-8 is written as `\x9f`.
pub fn clean_bytes(bytes: &[u8], limit: usize) -> String {
    let mut out = Cleaned::new(bytes.len(), limit);
    bytes.utf8_chunks().all(|chunk| {
        out.push_clean(chunk.valid())
            && (chunk.invalid().iter()).all(|byte| out.push(&format!("\\x{byte:02x}")))
    });
    out.text
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
        assert_eq!(clean_lines("a\u{7}\nb"), "a\\u{7}\nb");
        // of what comes out, and nothing written in other words is cut in half
        assert_eq!(clean("a\u{1b}b\u{1b}", 8), "a\\u{1b}b…");
        assert_eq!(clean(&"\u{1b}".repeat(999), 13).chars().count(), 13);
        assert_eq!(
            clean_bytes(b"a\xffb\x1b\xc3(\xc3\xa4", 99),
            "a\\xffb\\u{1b}\\xc3(ä"
        );
        assert_eq!(clean_bytes(b"abcdef", 3), "abc…");
        assert_eq!(clean_bytes(&[0xff; 9], 11), "\\xff\\xff…");
        assert_eq!(clean_bytes(&[0xff; 2], 8), "\\xff\\xff");
        assert_eq!(clean_bytes(b"abc\xff", 2), "ab…");
        assert_eq!(clean_bytes(b"ab\xffc", 2), "ab…");
        assert_eq!(clean_bytes(b"a\xffc", 5), "a\\xff…");
    }

    #[test]
    fn no_letter_turns_round_what_stands_beside_it() {
        // Hebrew, Arabic and its digits, Syriac, NKo, their other forms, Phoenician, Adlam
        let turning =
            "\u{5d0}\u{627}\u{661}\u{710}\u{7ca}\u{fb1d}\u{fdf2}\u{fe8d}\u{10900}\u{1e900}";
        assert!(!turning.chars().any(is_printable));
        assert_eq!(clean("443 \u{5d0} 10", 99), "443 \\u{5d0} 10");
    }

    #[test]
    fn a_character_has_room_for_so_many_marks() {
        let zalgo = format!("z{}a", "\u{315}".repeat(5));
        let shown = "z\u{315}\u{315}\u{315}\\u{315}\\u{315}a";
        assert_eq!(clean(&zalgo, 99), shown);
        assert!(is_clean(shown) && !is_clean(&zalgo));
        assert_eq!(clean("\u{301}a", 9), "\\u{301}a");
        // letters whose accents are characters of their own
        for text in ["Vie\u{323}\u{302}t", "ก็ที่", "한국"] {
            assert_eq!(clean(text, 99), text);
        }
    }
}
