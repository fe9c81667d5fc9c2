//! Words for a shell: quoted so that it reads what was meant, and so that no
//! control character of a name reaches the terminal that the words are shown on.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::model::text::is_printable;

/// Characters that mean themselves in every shell.
const PLAIN: &str = "_@%+=:,./-";

/// A word as it is typed.
pub fn quoted(word: &OsStr) -> String {
    let bytes = word.as_bytes();
    let Some(text) = word.to_str().filter(|text| text.chars().all(is_printable)) else {
        return format!("$'{}'", escaped(bytes));
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || PLAIN.contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// Every byte that is no letter or digit by its number, in octal, which unlike
/// hexadecimal ends after three digits in every shell.
fn escaped(bytes: &[u8]) -> String {
    let bytes = bytes.iter().map(|&byte| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b' ' | b'.' | b'/' | b'-' | b'_' => {
            char::from(byte).to_string()
        }
        byte => format!("\\{byte:03o}"),
    });
    bytes.collect()
}
