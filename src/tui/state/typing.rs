//! The filter while it is typed: applied at every key, undone by Esc, with the
//! lines of the past at hand and offers to complete a word.

use super::prompt::{Edit, Prompt};
use crate::query::language::complete::{Completion, is_begun};
use crate::query::language::cursor::FilterError;
use crate::query::language::written::Filter;

/// The offers for a word, one of which stands in the line.
pub struct Offer {
    /// All of them.
    pub completion: Completion,
    /// The one that stands there.
    pub at: usize,
}

/// The filter line while it is open.
pub struct Typing {
    /// The line.
    pub prompt: Prompt,
    /// The filter to go back to.
    pub before: Filter,
    /// What is wrong with the text.
    pub error: Option<FilterError>,
    /// What Tab offers.
    pub offer: Option<Offer>,
    /// The text's meaning, held back while its last word may become another.
    held: Option<Filter>,
    /// Lines of the past, the newest last, and behind them what is being typed.
    lines: Vec<String>,
    /// Which of them stands in the line.
    line: usize,
}

/// What came of an edit.
pub enum Outcome {
    /// Nothing but the line itself changed.
    Nothing,
    /// The text means this now.
    Applied(Filter),
    /// The user is content.
    Closed,
    /// The user is content with this, which was held back so far.
    Accepted(Filter),
    /// The user wants the old filter back.
    Restored(Filter),
    /// The user wants offers to complete the word before the cursor.
    Wanted(isize),
}

impl Typing {
    /// A line that begins with the filter in force.
    pub fn new(filter: &Filter, history: &[String]) -> Self {
        // the filter in force is most often the last line of the history
        let past = history.iter().filter(|line| **line != filter.text);
        let mut lines: Vec<String> = past.cloned().collect();
        lines.push(filter.text.clone());
        Typing {
            prompt: Prompt::new(&filter.text),
            before: filter.clone(),
            error: None,
            offer: None,
            held: None,
            line: lines.len() - 1,
            lines,
        }
    }

    /// Edits the text. While it is wrong, the last right filter stays in force
    /// and the line cannot be closed.
    pub fn edit(&mut self, edit: impl FnOnce(&mut Prompt) -> Edit) -> Outcome {
        let edit = edit(&mut self.prompt);
        if !matches!(edit, Edit::Complete(_)) {
            self.offer = None;
        }
        match edit {
            Edit::Changed => {
                self.line = self.lines.len() - 1;
                self.parsed()
            }
            Edit::Done if self.error.is_none() => match self.held.take() {
                Some(filter) => Outcome::Accepted(filter),
                None => Outcome::Closed,
            },
            Edit::Done | Edit::Same => Outcome::Nothing,
            Edit::Cancelled => Outcome::Restored(self.before.clone()),
            Edit::History(step) => self.walk(step),
            Edit::Complete(step) => match self.offer.take() {
                Some(offer) => {
                    let count = offer.completion.items.len() as isize;
                    let at = (offer.at as isize + step).rem_euclid(count) as usize;
                    self.put(offer.completion, at)
                }
                None => Outcome::Wanted(step),
            },
        }
    }

    /// Takes offers for the word before the cursor, and puts the first or the
    /// last of them into the line.
    pub fn take(&mut self, completion: Completion, step: isize) -> Outcome {
        match completion.items.len() {
            0 => Outcome::Nothing,
            count => self.put(completion, if step > 0 { 0 } else { count - 1 }),
        }
    }

    fn put(&mut self, completion: Completion, at: usize) -> Outcome {
        self.prompt.replace(completion.start, &completion.items[at]);
        // a single offer is taken, and Tab goes on from there
        self.offer = (completion.items.len() > 1).then_some(Offer { completion, at });
        self.parsed()
    }

    fn walk(&mut self, step: isize) -> Outcome {
        let last = self.lines.len() - 1;
        let to = self.line.saturating_add_signed(step).min(last);
        if to == self.line {
            return Outcome::Nothing;
        }
        if self.line == last {
            self.lines[last] = self.prompt.text().to_owned();
        }
        self.line = to;
        self.prompt = Prompt::new(&self.lines[to]);
        self.parsed()
    }

    fn parsed(&mut self) -> Outcome {
        self.held = None;
        self.error = None;
        match Filter::of(self.prompt.text()) {
            // "por" is no text to look for while "port" may be meant
            Ok(filter) if is_begun(self.prompt.text()) => {
                self.held = Some(filter);
                Outcome::Nothing
            }
            Ok(filter) => Outcome::Applied(filter),
            Err(error) => {
                self.error = Some(error);
                Outcome::Nothing
            }
        }
    }
}
