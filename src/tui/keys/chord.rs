//! How keys are written: `j`, `Ctrl-n`, `Shift-Tab`, `PgDn`. The same words in
//! the configuration, in the help and in the footer.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::action::Chord;

/// Keys that have a name instead of a character.
const NAMES: &[(&str, KeyCode)] = &[
    ("Space", KeyCode::Char(' ')),
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("PgUp", KeyCode::PageUp),
    ("PgDn", KeyCode::PageDown),
    ("Insert", KeyCode::Insert),
    ("Delete", KeyCode::Delete),
    ("Backspace", KeyCode::Backspace),
];
/// The last of the function keys.
const LAST_FUNCTION: u8 = 12;
/// What terminals send for these is what they send for Tab, Enter and Esc.
const SAME: [(char, &str); 3] = [('i', "Tab"), ('m', "Enter"), ('[', "Esc")];

/// A key as it is written.
pub fn written((modifiers, code): Chord) -> String {
    let named = NAMES.iter().find(|row| row.1 == code);
    let name = match (named, code) {
        (Some((name, _)), _) => (*name).to_owned(),
        (None, KeyCode::BackTab) => return "Shift-Tab".to_owned(),
        (None, KeyCode::F(number)) => format!("F{number}"),
        (None, KeyCode::Char(c)) => c.to_string(),
        (None, other) => format!("{other:?}"),
    };
    let control = match modifiers.contains(KeyModifiers::CONTROL) {
        true => "Ctrl-",
        false => "",
    };
    format!("{control}{name}")
}

/// The key that is written so.
///
/// # Errors
/// In words, when there is no such key, or none that a terminal tells from another.
pub fn parse(text: &str) -> Result<Chord, String> {
    if text == "Shift-Tab" {
        return Ok((KeyModifiers::NONE, KeyCode::BackTab));
    }
    let (modifiers, name) = match text.strip_prefix("Ctrl-").filter(|rest| !rest.is_empty()) {
        Some(rest) => (KeyModifiers::CONTROL, rest),
        None => (KeyModifiers::NONE, text),
    };
    let is_control = !modifiers.is_empty();
    let mut characters = name.chars();
    let code = match (characters.next(), characters.next()) {
        (Some(c), None) if !c.is_control() => KeyCode::Char(match is_control {
            true => c.to_ascii_lowercase(),
            false => c,
        }),
        _ => named(name).ok_or_else(|| unknown(text))?,
    };
    let same = SAME.iter().find(|row| code == KeyCode::Char(row.0));
    match same.filter(|_| is_control) {
        Some((_, other)) => Err(format!("terminals do not tell {text} from {other}")),
        None => Ok((modifiers, code)),
    }
}

fn named(name: &str) -> Option<KeyCode> {
    let function = || {
        let number: u8 = name.strip_prefix('F')?.parse().ok()?;
        (1..=LAST_FUNCTION)
            .contains(&number)
            .then_some(KeyCode::F(number))
    };
    let row = NAMES.iter().find(|row| row.0 == name);
    row.map(|row| row.1).or_else(function)
}

fn unknown(text: &str) -> String {
    let names: Vec<&str> = NAMES.iter().map(|row| row.0).collect();
    format!(
        "no key is written \"{text}\"; there are characters such as j or +, Ctrl-n, Shift-Tab, \
         F1 to F{LAST_FUNCTION}, {}",
        names.join(", ")
    )
}

/// A key that was pressed, as the catalogue has it.
pub fn pressed(key: &KeyEvent) -> Chord {
    // a capital letter and Shift-Tab say already that Shift was held
    let modifiers = match key.code {
        KeyCode::Char(_) | KeyCode::BackTab => key.modifiers - KeyModifiers::SHIFT,
        _ => key.modifiers,
    };
    (modifiers, key.code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keys::action::KEYS;

    #[test]
    fn what_is_written_is_what_is_read() {
        for &(modifiers, code) in KEYS.iter().flat_map(|row| row.chords) {
            let read = parse(&written((modifiers, code)));
            assert_eq!(read, Ok(pressed(&KeyEvent::new(code, modifiers))));
        }
        assert_eq!(parse("-"), Ok((KeyModifiers::NONE, KeyCode::Char('-'))));
        assert_eq!(parse("F12"), Ok((KeyModifiers::NONE, KeyCode::F(12))));
        for wrong in [
            "",
            "jj",
            "F13",
            "F0",
            "Alt-x",
            "Ctrl-",
            "Ctrl-i",
            "\u{1b}",
            "Ctrl-Nope",
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
