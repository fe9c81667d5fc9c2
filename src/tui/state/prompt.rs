//! One line of text being edited: the filter line, the command line.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::model::text::clean_behind;

/// Bytes of a line. Lists of hosts are pasted, and they are long; a screen knows columns up to
/// 65,535.
pub const LIMIT: usize = 60_000;

/// A line of text with a cursor.
#[derive(Clone, Debug, Default)]
pub struct Prompt {
    text: String,
    /// Byte offset of the cursor.
    cursor: usize,
    /// The space before the cursor was put there for what may follow.
    spaced: bool,
}

/// What a key did to the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The text changed.
    Changed,
    /// Nothing but the cursor, if anything.
    Same,
    /// There is no room for all of what was to be inserted, so none of it was.
    Full,
    /// The user is done.
    Done,
    /// The user wants it undone.
    Cancelled,
    /// An older line is wanted, or a newer one.
    History(isize),
    /// The word before the cursor is to be completed, by the next or the previous offer.
    Complete(isize),
}

/// Whether a key with Alt is one of those of words.
pub fn is_of_words(key: &KeyEvent) -> bool {
    let is_known = matches!(
        key.code,
        KeyCode::Char('b' | 'f' | 'd') | KeyCode::Backspace
    );
    is_known && key.modifiers.contains(KeyModifiers::ALT)
}

impl Prompt {
    /// A line that begins with this text.
    pub fn new(text: &str) -> Self {
        Prompt {
            text: text.to_owned(),
            cursor: text.len(),
            spaced: false,
        }
    }

    /// A line that goes on behind this text, with a space between.
    pub fn behind(text: &str) -> Self {
        let mut prompt = Prompt::new(text);
        if !text.is_empty() {
            prompt.insert(" ");
            prompt.spaced = true;
        }
        prompt
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text before the cursor.
    pub fn before(&self) -> &str {
        &self.text[..self.cursor]
    }

    /// Puts another text in place of what stands between a byte and the cursor.
    pub fn replace(&mut self, start: usize, text: &str) {
        self.cut(start.min(self.cursor));
        self.insert(text);
    }

    /// Inserts text at the cursor, a space for each end of line and each tab, without what
    /// no terminal should see.
    pub fn insert(&mut self, text: &str) -> Edit {
        let line = text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ");
        let line = match std::mem::take(&mut self.spaced) {
            true => line.trim_start(),
            false => &line,
        };
        let line = clean_behind(self.before(), line);
        if self.text.len() + line.len() > LIMIT {
            return Edit::Full;
        }
        self.text.insert_str(self.cursor, &line);
        self.cursor += line.len();
        Edit::Changed
    }

    /// Takes a key as readline does.
    pub fn key(&mut self, key: &KeyEvent) -> Edit {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let wide = KeyModifiers::CONTROL | KeyModifiers::ALT;
        self.spaced &= matches!(key.code, KeyCode::Char(_)) && !key.modifiers.intersects(wide);
        if let Some(edit) = self.of_words(key) {
            return edit;
        }
        match (key.code, control) {
            (KeyCode::Enter, _) => return Edit::Done,
            (KeyCode::Esc, _) | (KeyCode::Char('c' | 'g'), true) => return Edit::Cancelled,
            (KeyCode::Up, _) | (KeyCode::Char('p'), true) => return Edit::History(-1),
            (KeyCode::Down, _) | (KeyCode::Char('n'), true) => return Edit::History(1),
            (KeyCode::Tab, _) => return Edit::Complete(1),
            (KeyCode::BackTab, _) => return Edit::Complete(-1),
            (KeyCode::Left, _) | (KeyCode::Char('b'), true) => self.cursor = self.left(),
            (KeyCode::Right, _) | (KeyCode::Char('f'), true) => self.cursor = self.right(),
            (KeyCode::Home, _) | (KeyCode::Char('a'), true) => self.cursor = 0,
            (KeyCode::End, _) | (KeyCode::Char('e'), true) => self.cursor = self.text.len(),
            (KeyCode::Backspace, _) | (KeyCode::Char('h'), true) => return self.cut(self.left()),
            (KeyCode::Delete, _) | (KeyCode::Char('d'), true) => return self.cut(self.right()),
            (KeyCode::Char('w'), true) => return self.cut(self.word()),
            (KeyCode::Char('u'), true) => return self.cut(0),
            (KeyCode::Char('k'), true) => return self.cut(self.text.len()),
            (KeyCode::Char(c), false) => return self.insert(c.encode_utf8(&mut [0; 4])),
            _ => {}
        }
        Edit::Same
    }

    /// Takes a key that moves by words, or cuts one.
    fn of_words(&mut self, key: &KeyEvent) -> Option<Edit> {
        let is_wide = key
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        match key.code {
            KeyCode::Left if is_wide => self.cursor = self.word(),
            KeyCode::Right if is_wide => self.cursor = self.word_end(),
            _ if !is_of_words(key) => return None,
            KeyCode::Char('b') => self.cursor = self.word(),
            KeyCode::Char('f') => self.cursor = self.word_end(),
            KeyCode::Char('d') => return Some(self.cut(self.word_end())),
            _ => return Some(self.cut(self.word())),
        }
        Some(Edit::Same)
    }

    fn left(&self) -> usize {
        let before = self.before().char_indices().next_back();
        before.map_or(0, |(at, _)| at)
    }

    fn right(&self) -> usize {
        let after = self.text[self.cursor..].chars().next();
        self.cursor + after.map_or(0, char::len_utf8)
    }

    /// Where the word before the cursor begins.
    fn word(&self) -> usize {
        let before = self.before().trim_end();
        before
            .char_indices()
            .rfind(|(_, c)| c.is_whitespace())
            .map_or(0, |(at, c)| at + c.len_utf8())
    }

    /// Where the word behind the cursor ends.
    fn word_end(&self) -> usize {
        let after = &self.text[self.cursor..];
        let blank = after.len() - after.trim_start().len();
        let end = after[blank..].find(char::is_whitespace);
        end.map_or(self.text.len(), |end| self.cursor + blank + end)
    }

    /// Removes the text between the cursor and `to`.
    fn cut(&mut self, to: usize) -> Edit {
        let (from, to) = (self.cursor.min(to), self.cursor.max(to));
        self.text.drain(from..to);
        self.cursor = from;
        Edit::Changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_as_readline_does() {
        let key = |code, modifiers| KeyEvent::new(code, modifiers);
        let control = |c| key(KeyCode::Char(c), KeyModifiers::CONTROL);
        let mut prompt = Prompt::new("host größe");
        assert_eq!(
            prompt.key(&key(KeyCode::Backspace, KeyModifiers::NONE)),
            Edit::Changed
        );
        prompt.key(&key(KeyCode::Left, KeyModifiers::NONE));
        prompt.key(&key(KeyCode::Left, KeyModifiers::NONE));
        prompt.insert("\u{1b}x");
        assert_eq!(prompt.text(), "host grxöß");
        prompt.key(&control('w'));
        assert_eq!((prompt.text(), prompt.before()), ("host öß", "host "));
        prompt.key(&control('k'));
        prompt.insert("port 53 or udp");
        let alt = |code| key(code, KeyModifiers::ALT);
        prompt.key(&key(KeyCode::Left, KeyModifiers::CONTROL));
        prompt.key(&alt(KeyCode::Char('b')));
        assert_eq!(prompt.before(), "host port 53 ");
        prompt.key(&alt(KeyCode::Backspace));
        prompt.key(&alt(KeyCode::Char('d')));
        prompt.key(&alt(KeyCode::Char('f')));
        assert_eq!(
            (prompt.text(), prompt.before()),
            ("host port  udp", "host port  udp")
        );
        prompt.key(&control('u'));
        assert_eq!(prompt.text(), "");
        assert_eq!(prompt.key(&control('h')), Edit::Changed);
        assert_eq!(prompt.key(&control('c')), Edit::Cancelled);
    }
}
