//! A line while it is typed: edited, with the lines of the past at hand and offers to
//! complete a word. What its text means, others know: the filter, the command line.

use super::prompt::{Edit, Prompt};
use crate::query::language::complete::Completion;

/// Lines of the past that are remembered.
pub const PAST: usize = 500;

/// Remembers a line as the newest of the past; says whether anything changed.
pub fn remember(past: &mut Vec<String>, line: &str) -> bool {
    if line.is_empty() || past.last().is_some_and(|last| last == line) {
        return false;
    }
    past.retain(|old| old != line);
    past.push(line.to_owned());
    let surplus = past.len().saturating_sub(PAST);
    past.drain(..surplus);
    true
}

/// The offers for a word, one of which stands in the line.
pub struct Offer {
    /// All of them.
    pub completion: Completion,
    /// The one that stands there.
    pub at: usize,
}

/// The line.
pub struct Editor {
    /// Its text and the cursor.
    pub prompt: Prompt,
    /// What Tab offers.
    pub offer: Option<Offer>,
    /// What was typed or pasted last did not fit: the line is not all that was meant.
    pub full: bool,
    /// Lines of the past, the newest last, and behind them what is being typed.
    lines: Vec<String>,
    /// Which of them stands in the line.
    line: usize,
}

/// What came of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edited {
    /// Nothing but the cursor moved, if anything.
    Same,
    /// There is another text.
    Changed,
    /// The user is done.
    Done,
    /// The user wants it undone.
    Cancelled,
    /// The user wants offers to complete the word before the cursor.
    Wanted(isize),
}

impl Editor {
    /// A line that begins with a text.
    pub fn new(text: &str, past: &[String]) -> Self {
        // what stands in the line is most often the last one of the past
        let past = past.iter().filter(|line| *line != text);
        let mut lines: Vec<String> = past.cloned().collect();
        lines.push(text.to_owned());
        Editor {
            prompt: Prompt::new(text),
            offer: None,
            full: false,
            line: lines.len() - 1,
            lines,
        }
    }

    /// Edits the text. A line that something did not fit into is not done: that would be
    /// taken for all of it.
    pub fn edit(&mut self, edit: impl FnOnce(&mut Prompt) -> Edit) -> Edited {
        let edit = edit(&mut self.prompt);
        if !matches!(edit, Edit::Complete(_)) {
            self.offer = None;
        }
        self.full = match edit {
            Edit::Full => true,
            Edit::Same | Edit::Done => self.full,
            _ => false,
        };
        match edit {
            Edit::Changed => {
                self.line = self.lines.len() - 1;
                Edited::Changed
            }
            Edit::Same | Edit::Full => Edited::Same,
            Edit::Done if self.full => Edited::Same,
            Edit::Done => Edited::Done,
            Edit::Cancelled => Edited::Cancelled,
            Edit::History(step) => self.walk(step),
            Edit::Complete(step) => match self.offer.take() {
                Some(offer) => {
                    let count = offer.completion.items.len() as isize;
                    let at = (offer.at as isize + step).rem_euclid(count) as usize;
                    self.put(offer.completion, at)
                }
                None => Edited::Wanted(step),
            },
        }
    }

    /// Takes offers for the word before the cursor, and puts the first or the
    /// last of them into the line.
    pub fn take(&mut self, completion: Completion, step: isize) -> Edited {
        match completion.items.len() {
            0 => Edited::Same,
            count => self.put(completion, if step > 0 { 0 } else { count - 1 }),
        }
    }

    fn put(&mut self, completion: Completion, at: usize) -> Edited {
        self.prompt.replace(completion.start, &completion.items[at]);
        // a single offer is taken, and Tab goes on from there
        self.offer = (completion.items.len() > 1).then_some(Offer { completion, at });
        Edited::Changed
    }

    fn walk(&mut self, step: isize) -> Edited {
        let last = self.lines.len() - 1;
        let to = self.line.saturating_add_signed(step).min(last);
        if to == self.line {
            return Edited::Same;
        }
        if self.line == last {
            self.lines[last] = self.prompt.text().to_owned();
        }
        self.line = to;
        self.prompt = Prompt::new(&self.lines[to]);
        Edited::Changed
    }
}
